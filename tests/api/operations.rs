//! Every operation with an id, and what that is of.

use super::schema::Described;
use std::collections::BTreeSet;

/// What an id is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Of something that is somebody's: whether there is such a thing is not for others to know.
    Somebody,
    /// An office, a service, a file of all offices: everybody knows which there are, and rights are asked at them.
    Public,
    /// One's own, under a public name: nothing of anybody else can be asked for.
    Own,
}

/// An operation: method and path, what its id is of, and the role at the office that may not do it.
pub const OPERATIONS: [(&str, &str, Of, Option<&str>); 83] = [
    ("GET", "/v1/appointments/{id}", Of::Somebody, None),
    ("PATCH", "/v1/appointments/{id}", Of::Somebody, None),
    ("GET", "/v1/appointments/{id}/history", Of::Somebody, None),
    ("POST", "/v1/appointments/{id}/text-to-sign", Of::Somebody, None),
    ("POST", "/v1/appointments/{id}/reschedule", Of::Somebody, None),
    ("POST", "/v1/appointments/{id}/cancel", Of::Somebody, None),
    ("GET", "/v1/documents/{service}", Of::Own, None),
    ("PATCH", "/v1/documents/{service}", Of::Own, None),
    ("POST", "/v1/documents/{service}/files", Of::Own, None),
    ("POST", "/v1/documents/{service}/files/{file}/open", Of::Somebody, None),
    ("DELETE", "/v1/documents/{service}/files/{file}", Of::Somebody, None),
    ("POST", "/v1/me/contacts/{id}/code", Of::Somebody, None),
    ("POST", "/v1/me/contacts/{id}/complete", Of::Somebody, None),
    ("DELETE", "/v1/me/passkeys/{id}", Of::Somebody, None),
    ("POST", "/v1/me/identity/codes/{id}/code", Of::Somebody, None),
    ("POST", "/v1/me/identity/codes/{id}/complete", Of::Somebody, None),
    ("GET", "/v1/me/identity/devices/{id}", Of::Own, None),
    ("POST", "/v1/me/identity/signatures/{id}/complete", Of::Own, None),
    ("GET", "/v1/offers/{id}", Of::Somebody, None),
    ("POST", "/v1/offers/{id}/text-to-sign", Of::Somebody, None),
    ("POST", "/v1/offers/{id}/accept", Of::Somebody, None),
    ("POST", "/v1/offers/{id}/decline", Of::Somebody, None),
    ("DELETE", "/v1/sessions/{id}", Of::Somebody, None),
    // Last of all that a citizen ends: the session that asks was opened there.
    ("DELETE", "/v1/me/devices/{id}", Of::Somebody, None),
    ("GET", "/v1/waitlist/{service}", Of::Own, None),
    ("GET", "/v1/waitlist/{service}/history", Of::Own, None),
    ("POST", "/v1/waitlist/{service}/pause", Of::Own, None),
    ("POST", "/v1/waitlist/{service}/resume", Of::Own, None),
    ("POST", "/v1/waitlist/{service}/leave", Of::Own, None),
    ("GET", "/v1/staff/citizens/{id}/notes", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/citizens/{id}/notes", Of::Somebody, Some("administrator")),
    ("GET", "/v1/staff/citizens/{id}/block", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/citizens/{id}/block", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/citizens/{id}/unblock", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/citizens/{id}/sign-in-pause/end", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/citizens/{id}/code", Of::Somebody, Some("administrator")),
    // Before somebody is identified anew, otherwise than in person.
    ("POST", "/v1/staff/citizens/{id}/unlocks", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/citizens/{id}/identification", Of::Somebody, Some("administrator")),
    ("GET", "/v1/staff/checks/{id}", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/checks/{id}/take", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/checks/{id}/give-back", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/checks/{id}/decide", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/checks/policies/{id}/take", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/checks/policies/{id}/decide", Of::Somebody, Some("administrator")),
    ("POST", "/v1/me/representations/{id}/end", Of::Somebody, None),
    ("POST", "/v1/me/representatives/{id}/end", Of::Somebody, None),
    ("POST", "/v1/staff/representations/{id}/take", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/representations/{id}/decide", Of::Somebody, Some("administrator")),
    ("GET", "/v1/staff/citizens/{id}/representatives", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/representations/{id}/end", Of::Somebody, Some("administrator")),
    ("GET", "/v1/staff/offices/{id}/checks", Of::Public, Some("administrator")),
    ("GET", "/v1/staff/offices/{id}/unlocks", Of::Public, Some("administrator")),
    ("GET", "/v1/staff/unlocks/{id}", Of::Somebody, Some("administrator")),
    ("GET", "/v1/staff/unlock-requests/{id}", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/unlock-requests/{id}/decide", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/unlocks/{id}/decide", Of::Somebody, Some("administrator")),
    ("GET", "/v1/staff/members/{id}", Of::Somebody, Some("operator")),
    ("GET", "/v1/staff/members/{id}/history", Of::Somebody, Some("operator")),
    ("POST", "/v1/staff/members/{id}/grants", Of::Somebody, Some("operator")),
    ("POST", "/v1/staff/members/{id}/block", Of::Somebody, Some("operator")),
    ("POST", "/v1/staff/members/{id}/unblock", Of::Somebody, Some("operator")),
    ("GET", "/v1/staff/offices/{id}/agenda", Of::Public, None),
    ("GET", "/v1/staff/offices/{id}/changes", Of::Public, None),
    ("GET", "/v1/staff/offices/{id}/changes/{number}", Of::Public, None),
    ("GET", "/v1/staff/offices/{id}/demand", Of::Public, None),
    ("GET", "/v1/staff/offices/{id}/figures", Of::Public, None),
    ("GET", "/v1/staff/offices/{id}/file", Of::Public, None),
    ("POST", "/v1/staff/offices/{id}/file", Of::Public, Some("operator")),
    ("POST", "/v1/staff/offices/{id}/closings", Of::Public, Some("operator")),
    ("POST", "/v1/staff/offices/{id}/arrivals", Of::Public, Some("administrator")),
    ("POST", "/v1/staff/offices/{id}/windows/{window}/call-next", Of::Public, Some("operator")),
    ("GET", "/v1/staff/references/{name}", Of::Public, Some("administrator")),
    ("POST", "/v1/staff/references/{name}", Of::Public, Some("administrator")),
    ("GET", "/v1/staff/visits/{id}", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/visits/{id}/files/{file}/open", Of::Somebody, Some("administrator")),
    ("POST", "/v1/staff/visits/{id}/call", Of::Somebody, Some("operator")),
    ("POST", "/v1/staff/visits/{id}/receive", Of::Somebody, Some("operator")),
    ("POST", "/v1/staff/visits/{id}/close", Of::Somebody, Some("operator")),
    ("POST", "/v1/staff/visits/{id}/undo-no-show", Of::Somebody, Some("administrator")),
    // Public: no session is asked for.
    ("POST", "/v1/recoveries/{id}/complete", Of::Own, None),
    ("POST", "/v1/unlocks/{id}/complete", Of::Own, None),
    ("POST", "/v1/registrations/{id}/complete", Of::Own, None),
    ("GET", "/v1/offices/{id}/slots", Of::Own, None),
];

#[test]
fn every_operation_with_an_id_is_in_the_matrix() {
    let described = Described::new();
    let listed: BTreeSet<(String, &str)> =
        OPERATIONS.iter().map(|(method, path, ..)| ((*method).to_owned(), *path)).collect();
    assert_eq!(listed.len(), OPERATIONS.len(), "each is listed once");
    let mut there = BTreeSet::new();
    for (method, path, operation) in described.operations().filter(|(_, path, _)| path.contains('{')) {
        let asks = operation["security"].as_array().is_some_and(|one| !one.is_empty());
        if asks {
            assert!(listed.contains(&(method.clone(), path)), "{method} {path} is not in the matrix");
        }
        there.insert((method, path));
    }
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(gone.is_empty(), "no operations any more: {gone:?}");
}
