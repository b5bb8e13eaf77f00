//! The claims, one file each; each takes the tape and says what it looked at and what it found.

pub mod c10_record;
pub mod c11_gone;
pub mod c12_decided;
pub mod c1_pages;
pub mod c2_kept;
pub mod c3_ghosts;
pub mod c4_taken;
pub mod c5_served;
pub mod c6_holds;
pub mod c7_order;
pub mod c8_times;
pub mod c9_notices;
