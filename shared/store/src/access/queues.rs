//! Queues that staff decide: a row follows what waits, is listed by a place, and is taken by one (OFC-6). It is a hint: what waits
//! says itself whether it does.

use super::Listed;
use crate::commit::{Commit, Expression, Guard};
use crate::items::queue::{self, Row};
use crate::items::{ms, number, text};
use crate::{Key, Store, StoreError, keys};
use chrono::{DateTime, Utc};
use domain::StaffId;
use domain::queue::{Queue, Taken};
use planted::{Bug, planted};

impl Store {
    /// Has the queue follow what waits, in the write that changes it: `was` and `is` are its row before and after, if it waits.
    /// Refused ([`Guard::Row`]) when a member decides who no longer has it for themselves.
    pub fn keep_queued(
        &self,
        commit: &mut Commit,
        was: Option<&Row>,
        is: Option<&Row>,
        decided_by: Option<StaffId>,
    ) -> Result<(), StoreError> {
        if was.map(Row::key) == is.map(Row::key) {
            return Ok(());
        }
        if let Some(was) = was {
            for key in was.keys() {
                let mut when = Expression::new();
                if let Some(member) = decided_by.filter(|_| !planted(Bug::DecidedTwice)) {
                    when.equals("m", text(member.to_string()));
                }
                commit.delete(self, Guard::Row, &key, when);
            }
        }
        if let Some(is) = is {
            commit.put(self, Guard::Row, queue::to_item(is)?, Expression::new());
        }
        Ok(())
    }

    /// A page of a queue, what is due first in front; `after` is the cursor of the page before.
    pub async fn queued(
        &self,
        of: &Queue,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Listed<Row>, StoreError> {
        let pk = keys::queue(of);
        let start = after.map(|after| Key { pk: pk.clone(), sk: after.to_owned() }.item());
        let asked = self
            .db
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_values(":pk", text(pk));
        let asked = asked.consistent_read(true).set_exclusive_start_key(start).limit(limit);
        let answer = asked.send().await.map_err(StoreError::unavailable)?;
        let next = answer.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        let items = answer.items.unwrap_or_default();
        Ok(Listed { items: items.iter().map(queue::from_item).collect::<Result<_, _>>()?, next })
    }

    /// Takes what waits for oneself. False when somebody else has it, or it is decided.
    pub async fn take_queued(&self, row: &Row, taken: Taken, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut when = Expression::new();
        let (since, member, over) = (when.name("at"), when.name("m"), when.name("til"));
        let (me, now) = (when.value(text(taken.by.to_string())), when.value(number(ms(now))));
        when.and(format!("attribute_exists({since})"));
        when.and(format!("(attribute_not_exists({member}) OR {member} = {me} OR {over} <= {now})"));
        let until = when.value(number(ms(taken.until)));
        let mut what = format!("SET {member} = {me}, {over} = {until}");
        if let Some(seen) = taken.seen {
            what.push_str(&format!(", {} = {}", when.name("see"), when.value(number(seen))));
        }
        self.update_alone(&row.key(), what, when).await
    }

    /// Who took it last, and what they were shown; none: nobody, or it is decided.
    pub async fn queued_taken(&self, row: &Row) -> Result<Option<Taken>, StoreError> {
        let found = self.get(&row.key()).await?;
        let found = found.as_ref().map(queue::from_item).transpose()?;
        Ok(found.and_then(|row| row.taken))
    }
}
