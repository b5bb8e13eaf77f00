//! One-time codes of whatever keeps a round (`rd`), when its code went out (`sa`), guesses of it (`tr`) and when it was right
//! (`vf`): each guess is counted in the write that reads, so that two hundred parallel guesses compare five.

use crate::access::done_unless_refused;
use crate::access::floods::counted;
use crate::commit::{Commit, Expression, Guard};
use crate::items::{ms, number};
use crate::{Item, Key, Store, StoreError, keys};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::ReturnValue;
use chrono::{DateTime, NaiveDate, Utc};
use domain::limits::{CODE_TRIES, CODES_A_DAY, SIGN_IN_STRETCH};

impl Store {
    /// Counts a code to a phone or an address. Refused ([`Guard::Limit`]) beyond ten a day.
    pub fn count_code(&self, commit: &mut Commit, hash: &str, on: NaiveDate) {
        let mut when = Expression::new();
        let (count, most) = (when.name("n"), when.value(number(CODES_A_DAY)));
        when.and(format!("(attribute_not_exists({count}) OR {count} < {most})"));
        let one = when.value(number(1));
        let ttl_at = on.and_time(chrono::NaiveTime::MIN).and_utc().timestamp() + 3 * 24 * 3600;
        let (ttl, ttl_at) = (when.name(keys::TTL), when.value(number(ttl_at)));
        let what = format!("SET {ttl} = {ttl_at} ADD {count} {one}");
        commit.update(self, Guard::Limit, &keys::code_limit(hash, on), what, when);
    }

    /// Counts a try to sign in, before it is looked at, and tells the how manieth it is; none beyond `most` in a stretch.
    pub async fn count_sign_in(
        &self,
        hash: &str,
        since: DateTime<Utc>,
        most: u32,
    ) -> Result<Option<u32>, StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::sign_in_tries(hash, since).item()))
            .update_expression("SET #ttl = :end ADD #n :one")
            .condition_expression("attribute_not_exists(#n) OR #n < :most")
            .expression_attribute_names("#n", "n")
            .expression_attribute_names("#ttl", keys::TTL)
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(most))
            .expression_attribute_values(":end", number((since + SIGN_IN_STRETCH).timestamp()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match answer {
            Ok(answer) => {
                let counted =
                    answer.attributes.as_ref().and_then(|item| item.get("n")?.as_n().ok()?.parse().ok());
                Ok(Some(counted.unwrap_or(most)))
            }
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
            Err(error) => Err(StoreError::unavailable(error)),
        }
    }

    /// How often somebody tried to sign in in a stretch.
    pub async fn sign_ins(&self, hash: &str, since: DateTime<Utc>) -> Result<u32, StoreError> {
        Ok(counted(self.get(&keys::sign_in_tries(hash, since)).await?.as_ref()))
    }

    /// Forgets the tries to sign in: whoever did it, or proved to be the owner otherwise, tries anew.
    pub async fn forget_sign_ins(&self, hash: &str, since: DateTime<Utc>) -> Result<(), StoreError> {
        let key = keys::sign_in_tries(hash, since);
        let delete = self.db.delete_item().table_name(&self.table).set_key(Some(key.item()));
        delete.send().await.map_err(StoreError::unavailable)?;
        Ok(())
    }

    /// Starts the next round: the codes before it are worth nothing from now on.
    pub fn next_round(&self, commit: &mut Commit, key: &Key, round: u32, at: DateTime<Utc>) {
        let mut when = Expression::new();
        when.equals("rd", number(round));
        let verified = when.name("vf");
        when.and(format!("attribute_not_exists({verified})"));
        let (round, next) = (when.name("rd"), when.value(number(round + 1)));
        let (sent, at) = (when.name("sa"), when.value(number(ms(at))));
        let (tries, none) = (when.name("tr"), when.value(number(0)));
        let what = format!("SET {round} = {next}, {sent} = {at}, {tries} = {none}");
        commit.update(self, Guard::Registration, key, what, when);
    }

    /// Counts a guess and answers the item as it then is; none when there is none, its code was right already, or all
    /// guesses of this code are used up.
    pub async fn count_guess(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.item()))
            .update_expression("ADD #tr :one")
            .condition_expression("attribute_exists(#pk) AND attribute_not_exists(#vf) AND #tr < :most")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#vf", "vf")
            .expression_attribute_names("#tr", "tr")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(CODE_TRIES))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match answer {
            Ok(answer) => {
                let mut item: Item = answer.attributes.unwrap_or_default();
                item.extend(key.item());
                Ok(Some(item))
            }
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
            Err(error) => Err(StoreError::unavailable(error)),
        }
    }

    /// Marks that the code was right, once. False when another round began or it was marked before.
    pub async fn mark_verified(&self, key: &Key, round: u32, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let update = self
            .db
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.item()))
            .update_expression("SET #vf = :at")
            .condition_expression("#rd = :rd AND attribute_not_exists(#vf)")
            .expression_attribute_names("#vf", "vf")
            .expression_attribute_names("#rd", "rd")
            .expression_attribute_values(":at", number(ms(at)))
            .expression_attribute_values(":rd", number(round));
        done_unless_refused(update.send().await)
    }
}
