//! What stands in the way of deleting a cabinet, said so that one can end it (PRV-3).

use super::problem::Problem;
use super::views::{local, said};
use crate::Edge;
use app::account::deletion::Hindrance;
use domain::ServiceId;
use serde_json::{Value, json};
use text::Lang;

/// Names each, and what it is.
pub(super) fn hindered(edge: &Edge, lang: Lang, hindrances: &[Hindrance]) -> Problem {
    let services = &edge.app().catalogue.services;
    let service =
        |id: &ServiceId| services.get(id).map_or(id.as_str(), |one| said(&one.name, lang)).to_owned();
    let label = |kind: &str| text::label(lang, &format!("hindrance-{kind}"));
    let mut list = Vec::new();
    let mut members = Vec::new();
    for hindrance in hindrances {
        let (words, member) = match hindrance {
            Hindrance::Appointment(held) => appointment(edge, lang, held, &service(&held.service)),
            Hindrance::Offer(id, of) => {
                let member = json!({ "kind": "offer", "id": id.to_string(), "serviceId": of.as_str() });
                (format!("{} «{}»", label("offer"), service(of)), member)
            }
            Hindrance::Waiting(of) => {
                let member = json!({ "kind": "waiting", "serviceId": of.as_str() });
                (format!("{} «{}»", label("waiting"), service(of)), member)
            }
        };
        list.push(words);
        members.push(member);
    }
    Problem::new(lang, "deletion-hindered").arg("list", list.join("; ")).member("hindrances", members)
}

fn appointment(edge: &Edge, lang: Lang, held: &domain::active::Held, service: &str) -> (String, Value) {
    let zone =
        edge.app().catalogue.offices.get(&held.seat.office).map_or(chrono_tz::UTC, |office| office.zone);
    let words = text::label(lang, "hindrance-appointment");
    let when = text::when(lang, held.seat.starts_at, zone);
    let member = json!({
        "kind": "appointment", "id": held.id.to_string(), "serviceId": held.service.as_str(),
        "officeId": held.seat.office.as_str(), "startsAt": local(held.seat.starts_at, zone),
    });
    (format!("{words} «{service}», {when}"), member)
}
