//! Histories made by hand: good ones are accepted, and for each claim there are bad ones that are not.

mod c10_record;
mod c11_gone;
mod c12_blocks;
mod c12_decided;
mod c12_files;
mod c1_pages;
mod c2_kept;
mod c3_ghosts;
mod c4_taken;
mod c5_served;
mod c6_holds;
mod c7_order;
mod c8_times;
mod c9_notices;
mod closing;
mod expect;
mod good;
mod kept;
mod recording;
mod rights;
mod specialists;
#[allow(dead_code, reason = "each binary that shares it uses a part")]
mod town;
