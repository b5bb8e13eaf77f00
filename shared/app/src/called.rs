//! What people are called, as it is compared and looked up: however it is written.

use crate::find::folded;
use domain::citizen::Name;
use store::Vault;

/// Without case, dots of ё and spaces that mean nothing.
pub fn plain(text: &str) -> String {
    folded(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Surname, first name and, where there is one, patronymic.
pub fn full(name: &Name) -> String {
    let parts = [Some(&name.surname), Some(&name.given), name.patronymic.as_ref()];
    plain(&parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" "))
}

/// Under what a name that was said is looked up.
pub fn hash(said: &str, vault: &Vault) -> String {
    vault.lookup("name", &plain(said))
}

/// Under what somebody is found: with the patronymic and without it.
pub fn hashes(name: &Name, vault: &Vault) -> Vec<String> {
    let short = Name { patronymic: None, ..name.clone() };
    let mut ways = vec![full(&short), full(name)];
    ways.dedup();
    ways.iter().map(|way| hash(way, vault)).collect()
}

/// Parts of what is hashed as one text in which they cannot run into each other.
pub(crate) fn joined(parts: &[impl AsRef<str>]) -> String {
    parts.iter().map(AsRef::as_ref).map(|part| format!("{}:{part}", part.len())).collect()
}
