//! Whoever answers for an office, and a cabinet that they have closed to booking.

use super::{FOUNDED, Founding};
use serde_json::json;
use tests::time;

impl Founding {
    /// Galina manages office one, and has closed Maya's cabinet.
    pub(super) async fn closed_out(&mut self, by: &str) {
        self.stage.at(time(FOUNDED));
        let galina = self.colleague("galina", by, "galina@example.ru", "manager", "one").await;
        let maya = self.ids["maya"].split('.').next().unwrap_or_default();
        let path = format!("/v1/staff/citizens/{maya}/block");
        let why = json!({ "officeId": "one", "ground": "resale", "reason": "Записи переданы другим" });
        self.stage.post("maya-closed", &path, &galina, why).await;
        self.stage.settle().await;
    }
}
