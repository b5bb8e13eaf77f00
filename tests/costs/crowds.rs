//! What must not grow: a month of a large office, a clock tick beside many appointments.

use super::{bar, within};
use tests::World;

#[tokio::test]
async fn a_month_of_a_large_office_half_booked() {
    let world = World::new().await;
    world.half_book("2026-12").await;
    let (month, counts) =
        world.counted(world.get("/v1/offices/large/calendar?serviceId=talk&month=2026-12")).await;
    let month = month.expect(200);
    let free = month.body["days"].as_array().unwrap().iter().filter(|day| day["state"] == "free").count();
    assert!(free >= 25, "{}", month.raw);
    within("month calendar, 10 windows, half booked, 31 days", counts, bar(1, 0.0, 8.0));
}

#[tokio::test]
async fn an_idle_tick_beside_many_appointments() {
    let mut counted = Vec::new();
    for appointments in [1_000, 100_000] {
        let world = World::new().await;
        world.system.tick().await;
        world.starts("2027-01-15T10:00:00+03:00", appointments).await;
        world.system.advance_to(tests::time("2026-12-01T10:01:00+03:00")).await;
        let (_, counts) = world.counted(world.system.tick()).await;
        within(&format!("idle clock tick, {appointments} appointments"), counts, bar(2, 1.0, 9.0));
        counted.push(counts);
        // Each quarter of an hour cabinets are looked for too, and the watermark is written.
        world.system.advance_to(tests::time("2026-12-01T10:14:00+03:00")).await;
        let (_, counts) =
            world.counted(world.system.advance_to(tests::time("2026-12-01T10:15:00+03:00"))).await;
        within("idle clock tick of a quarter of an hour", counts, bar(3, 1.0, 10.0));
    }
    assert_eq!(counted[0], counted[1], "flat");
}
