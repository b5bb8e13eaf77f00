//! What is sent with each operation that has an id: such that whoever has business with it is served.

use serde_json::{Value, json};
use tests::Citizen;

/// The body for a path, of what is Anna's and of her office.
pub fn of(path: &str, home: &str, anna: &Citizen) -> Value {
    let why = json!({ "reason": "Проверка" });
    let last = path.rsplit('/').next().unwrap_or_default();
    match last {
        "reschedule" => {
            json!({ "officeId": "two", "startsAt": "2026-12-08T11:00:00+03:00", "reason": "x" })
        }
        "{id}" if path.contains("/appointments/") => json!({ "purpose": "Перерасчёт" }),
        "block" if path.contains("/citizens/") => {
            json!({ "officeId": home, "ground": "misuse", "reason": "Проверка" })
        }
        "unblock" if path.contains("/citizens/") => json!({ "officeId": home, "reason": "Проверка" }),
        "cancel" | "block" | "unblock" | "undo-no-show" => why,
        "{service}" => json!({ "applies": { "attorney": false } }),
        "files" => json!({ "document": "passport", "fileName": "p.pdf", "size": 9 }),
        "complete" if path.contains("/signatures/") => json!({ "signature": "MAA=" }),
        "decide" if path.contains("/representations/") => {
            json!({ "officeId": home, "result": "refused", "reason": "Проверка" })
        }
        "take" if path.contains("/representations/") => json!({ "officeId": home }),
        "end" if path.contains("/sign-in-pause/") => json!({ "officeId": home }),
        "end" if path.contains("/staff/") => json!({ "officeId": home, "reason": "Проверка" }),
        "decide" if path.contains("/policies/") => {
            json!({ "officeId": home, "result": "void", "reason": "Проверка" })
        }
        "take" if path.contains("/policies/") => json!({ "officeId": home }),
        "decide" if path.contains("/unlocks/") || path.contains("/unlock-requests/") => {
            json!({ "result": "refused", "reason": "Проверка" })
        }
        "unlocks" => json!({ "officeId": home, "phone": "+79995550022", "reason": "Проверка" }),
        "decide" => json!({ "result": "refused", "reason": "Проверка", "seen": 1 }),
        "take" => json!({ "room": "https://video.example.ru/room" }),
        "complete" => json!({ "code": "123456" }),
        "notes" => json!({ "officeId": home, "text": "Перезвонить" }),
        "code" if path.contains("/staff/") => json!({ "officeId": home }),
        "identification" => json!({
            "officeId": home, "method": "facts", "phone": anna.phone, "email": anna.email,
        }),
        "grants" => {
            json!({ "grants": [{ "role": "specialist", "officeId": home }], "reason": "Проверка" })
        }
        "file" | "{name}" => json!({ "version": 0, "file": "x = 1", "reason": "Проверка" }),
        "closings" => json!({
            "from": "2026-12-04", "note": { "ru": "x", "en": "x" }, "reason": "Проверка", "confirm": 9,
        }),
        "arrivals" => json!({ "number": "0000-0000-0" }),
        "close" => json!({ "result": "declined", "note": "Не положено" }),
        _ => json!({}),
    }
}
