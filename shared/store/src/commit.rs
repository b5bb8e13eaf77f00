//! One conditional transaction: what a use case decided, with every condition named.

use crate::{Item, Key, Store, StoreError};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update};
use planted::{Bug, planted};
use std::collections::HashMap;

/// Most actions in a transaction that every compatible table takes.
pub const ACTIONS_MAX: usize = 25;

/// Which condition stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// A cell was not as needed: taken, or no longer freed.
    Page,
    /// Something else about the person changed meanwhile.
    Active,
    Appointment,
    Offer,
    Entry,
    Login,
    Registration,
    Limit,
    /// A code went there a moment ago.
    Pause,
    /// A row that is only ever put once.
    Row,
    Citizen,
    Member,
    /// The member who does it changed meanwhile.
    Actor,
    Invitation,
    /// Who can do everything everywhere.
    Administrators,
    /// What goes on at a window changed meanwhile.
    Desk,
    /// An office's file was changed meanwhile.
    Office,
    /// The number is somebody else's, who showed who they are.
    Snils,
    /// A chain went on meanwhile.
    Chain,
    /// What one person may do for another changed meanwhile.
    Grant,
}

/// How a transaction ended.
#[derive(Debug)]
pub enum Committed {
    Done,
    /// Conditions failed: nothing was written, and this attempt never will be.
    Refused(Vec<Guard>),
    /// Somebody else was writing the same items: nothing was written.
    Conflict,
    /// Nobody knows: it may have been written, or may yet be.
    Unknown(StoreError),
}

/// Actions under way to one transaction.
#[derive(Debug, Default)]
pub struct Commit {
    actions: Vec<(Guard, TransactWriteItem)>,
}

impl Commit {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn len(&self) -> usize {
        self.actions.len()
    }

    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    pub(crate) fn put(&mut self, store: &Store, guard: Guard, item: Item, when: Expression) {
        let put = Put::builder()
            .table_name(&store.table)
            .set_item(Some(item))
            .set_condition_expression(when.text_if_any())
            .set_expression_attribute_names(when.names_if_any())
            .set_expression_attribute_values(when.values_if_any());
        // Building fails only without table or item, and both are set.
        self.actions
            .extend(put.build().ok().map(|put| (guard, TransactWriteItem::builder().put(put).build())));
    }

    pub(crate) fn put_new(&mut self, store: &Store, guard: Guard, item: Item) {
        self.put(store, guard, item, Expression::absent());
    }

    /// Writes nothing, and holds the whole to a condition.
    pub(crate) fn check(&mut self, store: &Store, guard: Guard, key: &Key, when: Expression) {
        let check = ConditionCheck::builder()
            .table_name(&store.table)
            .set_key(Some(key.item()))
            .set_condition_expression(when.text_if_any())
            .set_expression_attribute_names(when.names_if_any())
            .set_expression_attribute_values(when.values_if_any());
        let built =
            check.build().ok().map(|check| TransactWriteItem::builder().condition_check(check).build());
        self.actions.extend(built.map(|action| (guard, action)));
    }

    pub(crate) fn delete(&mut self, store: &Store, guard: Guard, key: &Key, when: Expression) {
        let delete = Delete::builder()
            .table_name(&store.table)
            .set_key(Some(key.item()))
            .set_condition_expression(when.text_if_any())
            .set_expression_attribute_names(when.names_if_any())
            .set_expression_attribute_values(when.values_if_any());
        let built = delete.build().ok().map(|delete| TransactWriteItem::builder().delete(delete).build());
        self.actions.extend(built.map(|action| (guard, action)));
    }

    pub(crate) fn update(&mut self, store: &Store, guard: Guard, key: &Key, what: String, when: Expression) {
        let update = Update::builder()
            .table_name(&store.table)
            .set_key(Some(key.item()))
            .update_expression(what)
            .set_condition_expression(when.text_if_any())
            .set_expression_attribute_names(when.names_if_any())
            .set_expression_attribute_values(when.values_if_any());
        let built = update.build().ok().map(|update| TransactWriteItem::builder().update(update).build());
        self.actions.extend(built.map(|action| (guard, action)));
    }
}

/// A condition with the names and values that it and the update beside it use.
#[derive(Debug, Default)]
pub(crate) struct Expression {
    text: Vec<String>,
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expression {
    pub fn new() -> Self {
        Self::default()
    }

    /// The item must not be there yet.
    pub fn absent() -> Self {
        let mut expression = Self::new();
        let pk = expression.name(crate::keys::PK);
        expression.and(format!("attribute_not_exists({pk})"));
        expression
    }

    /// A placeholder for an attribute's name: names are never written out, many are reserved.
    pub fn name(&mut self, attribute: &str) -> String {
        // A placeholder has letters, digits and `_` only; an attribute may be named after an office.
        let plain = attribute.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        let placeholder = format!("#{plain}");
        self.names.insert(placeholder.clone(), attribute.to_owned());
        placeholder
    }

    pub fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    pub fn and(&mut self, condition: String) {
        self.text.push(condition);
    }

    pub fn equals(&mut self, attribute: &str, value: AttributeValue) {
        let (name, value) = (self.name(attribute), self.value(value));
        self.and(format!("{name} = {value}"));
    }

    /// An attribute must be as it was read, absent or not.
    pub fn as_read(&mut self, attribute: &str, read: Option<&AttributeValue>) {
        match read {
            Some(read) => self.equals(attribute, read.clone()),
            None => {
                let absent = self.name(attribute);
                self.and(format!("attribute_not_exists({absent})"));
            }
        }
    }

    pub fn text_if_any(&self) -> Option<String> {
        (!self.text.is_empty()).then(|| self.text.join(" AND "))
    }

    pub fn names_if_any(&self) -> Option<HashMap<String, String>> {
        (!self.names.is_empty()).then(|| self.names.clone())
    }

    pub fn values_if_any(&self) -> Option<HashMap<String, AttributeValue>> {
        (!self.values.is_empty()).then(|| self.values.clone())
    }

    /// An update that makes the known attributes as in `item` and leaves unknown ones, which another version
    /// may have written, as they are.
    pub fn set_known(&mut self, item: &Item, known: &[&str]) -> String {
        let (mut set, mut remove) = (Vec::new(), Vec::new());
        for attribute in known {
            let name = self.name(attribute);
            match item.get(*attribute) {
                Some(value) => {
                    let value = self.value(value.clone());
                    set.push(format!("{name} = {value}"));
                }
                None => remove.push(name),
            }
        }
        let mut text = Vec::new();
        if !set.is_empty() {
            text.push(format!("SET {}", set.join(", ")));
        }
        if !remove.is_empty() {
            text.push(format!("REMOVE {}", remove.join(", ")));
        }
        text.join(" ")
    }
}

impl Store {
    /// Commits all or nothing.
    pub async fn commit(&self, commit: Commit) -> Committed {
        debug_assert!((1..=ACTIONS_MAX).contains(&commit.len()), "{} actions", commit.len());
        if planted(Bug::TwoWrites) || planted(Bug::MessageOutside) {
            return self.commit_in_parts(commit).await;
        }
        self.transact(commit).await
    }

    async fn transact(&self, commit: Commit) -> Committed {
        let (guards, actions): (Vec<Guard>, Vec<TransactWriteItem>) = commit.actions.into_iter().unzip();
        match self.db.transact_write_items().set_transact_items(Some(actions)).send().await {
            Ok(_) => Committed::Done,
            Err(error) => outcome(&guards, error),
        }
    }

    /// What [`Store::commit`] must never be: cells first and then what they are for, or the freeing of cells last and
    /// whether or not it comes about.
    async fn commit_in_parts(&self, commit: Commit) -> Committed {
        let freeing = |what: &TransactWriteItem| {
            what.update().is_some_and(|update| update.update_expression().contains("ADD #f "))
        };
        let cells_first = planted(Bug::TwoWrites);
        let (cells, rest) = commit
            .actions
            .into_iter()
            .partition::<Vec<_>, _>(|(guard, what)| *guard == Guard::Page && (cells_first || freeing(what)));
        let (first, second) = if cells_first { (cells, rest) } else { (rest, cells) };
        if first.is_empty() || second.is_empty() {
            return self.transact(Commit { actions: [first, second].concat() }).await;
        }
        let done = self.transact(Commit { actions: first }).await;
        if !matches!(done, Committed::Done) {
            return done;
        }
        let after = self.transact(Commit { actions: second }).await;
        if cells_first { after } else { done }
    }
}

fn outcome(guards: &[Guard], error: SdkError<TransactWriteItemsError>) -> Committed {
    if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() {
        let codes: Vec<&str> =
            cancelled.cancellation_reasons().iter().map(|r| r.code().unwrap_or("None")).collect();
        let refused: Vec<Guard> = guards
            .iter()
            .zip(&codes)
            .filter(|(_, code)| **code == "ConditionalCheckFailed")
            .map(|(guard, _)| *guard)
            .collect();
        let busy = [
            "TransactionConflict",
            "ThrottlingError",
            "ProvisionedThroughputExceeded",
            "TransactionInProgress",
        ];
        if !refused.is_empty() {
            return Committed::Refused(refused);
        }
        if codes.iter().any(|code| busy.contains(code)) {
            return Committed::Conflict;
        }
    }
    if no_effect(&error) { Committed::Conflict } else { Committed::Unknown(StoreError::unavailable(error)) }
}

/// Answers that promise that nothing was written and that a new try may pass.
fn no_effect<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    let code = error.as_service_error().and_then(|error| error.code()).unwrap_or_default();
    matches!(
        code,
        "ThrottlingException"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "TransactionInProgressException"
            | "TransactionConflictException"
    )
}
