//! The rush, small: as many rounds as make the winners give up more visits than one service allows (BKG-7).

use local::race::{Race, run};
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_few_slots_at_once_each_slot_has_one_winner_round_after_round() {
    let race = Race { people: 8, slots: 2, rounds: 5 };
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/template.yaml");
    let outcome = run(race, template).await.expect("a race");
    assert!(outcome.is_sound(race), "{outcome}");
}
