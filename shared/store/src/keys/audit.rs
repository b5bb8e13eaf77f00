//! Where the chains of what staff did and read stand: one partition a chain.

use super::Key;

const CHAIN: &str = "AUDIT#";
pub fn audit_pk(chain: &str) -> String {
    format!("{CHAIN}{chain}")
}

/// How far a chain has come.
pub const AUDIT_HEAD: &str = "HEAD";
pub fn audit_head(chain: &str) -> Key {
    Key::new(audit_pk(chain), AUDIT_HEAD)
}

/// Entries by their place in the chain, from 1.
pub const AUDIT_ENTRY: &str = "ENTRY#";
pub fn audit_entry(chain: &str, seq: u64) -> Key {
    Key::new(audit_pk(chain), format!("{AUDIT_ENTRY}{seq:012}"))
}

/// Which entry a fact has: the same fact has one, however often the stream brings it.
pub const AUDIT_FACT: &str = "OF#";
pub fn audit_fact(chain: &str, fact: &str) -> Key {
    Key::new(audit_pk(chain), format!("{AUDIT_FACT}{fact}"))
}

/// Reads the name of the chain back.
pub fn read_audit(key: &Key) -> Option<&str> {
    key.pk.strip_prefix(CHAIN)
}
