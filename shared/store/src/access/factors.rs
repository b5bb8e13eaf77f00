//! Second factors: what opened once does not open again, and each wrong code is counted before it is said.

use crate::access::done_unless_refused;
use crate::commit::{Commit, Expression, Guard};
use crate::items::factor::{self, ASKED, BY, Factor, SECRET};
use crate::items::{ms, number, text};
use crate::{Key, Store, StoreError};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use domain::ProofId;
use domain::account::FactorBy;

impl Store {
    /// Uses up a code of the authenticator: it and those before it open nothing any more. Refused ([`Guard::Row`]) when it
    /// was used meanwhile.
    pub fn use_step(&self, commit: &mut Commit, key: &Key, step: u64) {
        let mut when = Expression::new();
        let (last, step) = (when.name("st"), when.value(number(step)));
        when.and(format!("{last} < {step}"));
        let what = format!("SET {last} = {step}{}", no_more_wrong(&mut when));
        commit.update(self, Guard::Row, key, what, when);
    }

    /// Leaves these recovery codes, and no code of the authenticator before the last one used, if both were as before.
    /// Refused ([`Guard::Row`]) otherwise.
    pub fn keep_recovery(
        &self,
        commit: &mut Commit,
        key: &Key,
        before: &Factor,
        after: &Factor,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        when.equals("rc", factor::recovery(before)?);
        when.equals("st", number(before.last_step));
        let (codes, left) = (when.name("rc"), when.value(factor::recovery(after)?));
        let (step, last) = (when.name("st"), when.value(number(after.last_step)));
        let what = format!("SET {codes} = {left}, {step} = {last}{}", no_more_wrong(&mut when));
        commit.update(self, Guard::Row, key, what, when);
        Ok(())
    }

    /// Puts a factor beside the password that was compared with, in place of the one that was read, if any was. Refused
    /// ([`Guard::Row`]) when either is another meanwhile, or a code was used.
    pub fn put_factor(
        &self,
        commit: &mut Commit,
        key: &Key,
        password: &str,
        before: Option<&Factor>,
        factor: &Factor,
    ) -> Result<(), StoreError> {
        let item = factor::to_item(key, factor)?;
        let mut when = Expression::new();
        when.equals("pw", text(password));
        match before {
            Some(before) => as_read(&mut when, before)?,
            None => {
                let secret = when.name(SECRET);
                when.and(format!("attribute_not_exists({secret})"));
            }
        }
        let what = when.set_known(&item, &factor::ALL);
        commit.update(self, Guard::Row, key, what, when);
        Ok(())
    }

    /// Takes a factor away that is as before. Refused ([`Guard::Row`]) when the password is another meanwhile, or a code was
    /// used.
    pub fn drop_factor(
        &self,
        commit: &mut Commit,
        key: &Key,
        password: &str,
        before: &Factor,
    ) -> Result<(), StoreError> {
        let mut when = Expression::new();
        when.equals("pw", text(password));
        as_read(&mut when, before)?;
        let names = factor::ALL.map(|name| when.name(name)).join(", ");
        commit.update(self, Guard::Row, key, format!("REMOVE {names}"), when);
        Ok(())
    }

    /// Says whose code went out last. Refused ([`Guard::Row`]) when codes do not come by SMS any more.
    pub fn ask_by_sms(&self, commit: &mut Commit, key: &Key, proof: ProofId) {
        let mut when = Expression::new();
        when.equals(BY, text(FactorBy::Sms.name()));
        let (asked, proof) = (when.name(ASKED), when.value(text(proof.to_string())));
        commit.update(self, Guard::Row, key, format!("SET {asked} = {proof}"), when);
    }

    /// Counts a code that was wrong, before it is said. False when another was counted meanwhile: then nothing is known of
    /// this one.
    pub async fn count_wrong(
        &self,
        key: &Key,
        before: &Factor,
        now: u32,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let same = match before.wrong_at {
            Some(_) => "#wr = :before AND #wa = :last",
            None => "#wr = :before AND attribute_not_exists(#wa)",
        };
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.item()))
            .update_expression("SET #wr = :now, #wa = :at")
            .condition_expression(same)
            .expression_attribute_names("#wr", "wr")
            .expression_attribute_names("#wa", "wa")
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":before", number(before.wrong))
            .expression_attribute_values(":at", number(ms(at)));
        let update = match before.wrong_at {
            Some(last) => update.expression_attribute_values(":last", number(ms(last))),
            None => update,
        };
        done_unless_refused(update.send().await)
    }
}

/// That it is the factor that was read, and nothing of it was used since.
fn as_read(when: &mut Expression, before: &Factor) -> Result<(), StoreError> {
    when.equals(SECRET, AttributeValue::B(Blob::new(before.secret.clone())));
    when.equals("st", number(before.last_step));
    when.equals("rc", factor::recovery(before)?);
    Ok(())
}

fn no_more_wrong(when: &mut Expression) -> String {
    let (wrong, none) = (when.name("wr"), when.value(number(0)));
    format!(", {wrong} = {none}")
}
