//! The smallest honest file of each format, made here.
