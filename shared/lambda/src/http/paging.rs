//! Lists page by page: what is asked for, and the pages of lists that stand in memory.

use super::{Fields, Language, Params, Problem};
use crate::Edge;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use domain::limits::LIST_MAX;
use serde::Deserialize;
use text::Lang;
use utoipa::IntoParams;

/// Items on a page unless something else is asked for.
const LIMIT: i32 = 20;

/// Which page of a list is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// 1 to 50; 20 by default.
    limit: Option<String>,
}

/// A page: behind what it begins and how long it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    pub cursor: Option<String>,
    pub limit: i32,
}

impl Page {
    /// Reads the two parameters among others.
    pub fn read(fields: &mut Fields, cursor: Option<String>, limit: Option<String>) -> Self {
        let most = i32::try_from(LIST_MAX).unwrap_or(i32::MAX);
        Self { cursor, limit: fields.limit("limit", limit, LIMIT, most) }
    }

    /// The page of a list that stands in memory, and the cursor of the next: how many were shown.
    ///
    /// # Errors
    /// `cursor-invalid`.
    pub fn of<T>(&self, lang: Lang, items: Vec<T>) -> Result<(Vec<T>, Option<String>), Problem> {
        let shown = self.cursor.as_deref().map_or(Ok(0), str::parse::<usize>);
        let shown = shown.map_err(|_| Problem::new(lang, "cursor-invalid"))?;
        let end = shown.saturating_add(usize::try_from(self.limit).unwrap_or(1));
        let next = (end < items.len()).then(|| end.to_string());
        Ok((items.into_iter().take(end).skip(shown).collect(), next))
    }
}

/// Where a list is of numbered changes, the latest first.
impl Page {
    /// The number behind which it begins.
    ///
    /// # Errors
    /// `cursor-invalid`.
    pub fn before(&self, lang: Lang) -> Result<Option<u64>, Problem> {
        let read = self.cursor.as_deref().map(str::parse).transpose();
        read.map_err(|_| Problem::new(lang, "cursor-invalid"))
    }

    /// The cursor of the next page, if there is one: nothing comes before the first change.
    pub fn older(&self, shown: usize, last: Option<u64>) -> Option<String> {
        let full = i32::try_from(shown).is_ok_and(|length| length == self.limit);
        last.filter(|number| full && *number > 1).map(|number| number.to_string())
    }
}

/// Where a list has no parameters but these.
impl<S: Send + Sync> FromRequestParts<S> for Page
where
    Edge: FromRef<S>,
{
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(Language(lang)) = Language::from_request_parts(parts, state).await;
        let Params(Paging { cursor, limit }) = Params::from_request_parts(parts, state).await?;
        let mut fields = Fields::new();
        let page = Self::read(&mut fields, cursor, limit);
        fields.finish().map_err(|refusal| Problem::of(&Edge::from_ref(state), lang, refusal))?;
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(cursor: Option<&str>) -> Result<(Vec<u8>, Option<String>), Problem> {
        Page { cursor: cursor.map(str::to_owned), limit: 2 }.of(Lang::Ru, vec![1, 2, 3, 4, 5])
    }

    #[test]
    fn page_after_page_shows_everything_once() {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let (items, next) = page(cursor.as_deref()).unwrap();
            seen.extend(items);
            let Some(next) = next else { break };
            cursor = Some(next);
        }
        assert_eq!(seen, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_cursor_beyond_the_end_or_of_nothing_does_no_harm() {
        assert_eq!(page(Some("99")).unwrap(), (vec![], None));
        assert_eq!(page(Some(&usize::MAX.to_string())).unwrap(), (vec![], None));
        assert!(page(Some("-1")).is_err() && page(Some("x")).is_err());
    }
}
