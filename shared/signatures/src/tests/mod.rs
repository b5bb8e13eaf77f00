//! Signatures by keys that are made here, against chains that are made here.

mod chains;
mod forms;
mod gost;
mod hostile;
mod keys;
mod openssl;
mod paper;
mod revocation;
mod signing;
