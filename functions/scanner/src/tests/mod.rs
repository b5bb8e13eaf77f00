//! Hostile and honest files: those that a script makes with other programs, and those that chance makes of small ones.

mod chance;
mod corpus;
mod found;
mod made;
mod small;
