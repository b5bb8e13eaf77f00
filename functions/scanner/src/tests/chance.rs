//! What chance makes of honest files.
