//! What is asked of registries about people, and what follows from what they say (BKG-3, ACC-12, OFC-6).
//!
//! Nobody is asked from here: a use case says what there is to ask, its caller asks, and another writes down what came of it.

pub mod eligibility;
pub mod policy;
pub mod queue;

/// What is to be done about a question.
pub enum Inquiry<Q, A> {
    /// Nobody needs to know, or not yet.
    Nothing,
    /// To be asked now.
    Ask(Box<Q>),
    /// It was answered within the last day.
    Said(Box<Q>, A),
}
