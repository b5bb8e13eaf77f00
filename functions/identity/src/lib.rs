//! Confirming who one is: so far by an electronic signature (ACC-9).

pub mod signature;

#[cfg(test)]
mod tests;
