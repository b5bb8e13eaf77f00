//! Histories made by hand: good ones are accepted, and for each claim there are bad ones that are not.

mod expect;
mod good;
#[allow(dead_code, reason = "each binary that shares it uses a part")]
mod town;
