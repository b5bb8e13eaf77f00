//! The order between lines (WTL-2): the line of the service given up comes first; then, of the other services that
//! the window receives that day and that fit, the one with the oldest head.
//!
//! Looked at only where it is beyond doubt: in the first line for the very slot that was given up; in another line
//! for its first slot in the freed cells, and only of somebody who stands before every row of the line that was
//! served (then that one's head was not the oldest).

use super::{Lines, Span};
use crate::decode::{CellSet, Mark, Offer, Page, PageKey};
use crate::eligible::Want;
use crate::plan::Slot;
use crate::report::Claim;
use crate::ruling::Ruling;

/// With more services than this a window's lines need not all be asked.
const SERVICES_MAX: usize = 7;

pub fn judge(lines: &Lines<'_, '_>, offer: &Offer, span: &Span, ruling: &mut Ruling) -> Vec<String> {
    let key = offer.seat.page();
    let page = lines.tape.pages.get(&key).and_then(|page| page.at(span.before()));
    let touched = |mark: &&Mark| CellSet::from(mark.cells).touches(&offer.seat.cells());
    let Some((page, mark)) = page.and_then(|page| Some((page, page.marks.iter().find(touched)?))) else {
        return Vec::new();
    };
    if offer.service == offer.given_up {
        return Vec::new();
    }
    let mut found = Vec::from_iter(given_up(lines, offer, &key, mark, span, ruling));
    found.extend(others(lines, offer, &key, page, mark, span, ruling));
    found
}

fn given_up(
    lines: &Lines<'_, '_>,
    offer: &Offer,
    key: &PageKey,
    mark: &Mark,
    span: &Span,
    ruling: &mut Ruling,
) -> Option<String> {
    let slot = lines.tape.plan.slot(&key.office, &key.window, &offer.given_up, key.on, mark.cells.from)?;
    let whole = slot.cells == mark.cells;
    let first = whole.then(|| first_in(lines, &offer.given_up, key, &slot, None, span, ruling)).flatten()?;
    Some(format!(
        "offer {} of {key} went to the line of {}, and in that of {}, which was given up, {first} was eligible",
        offer.id, offer.service, offer.given_up
    ))
}

fn others(
    lines: &Lines<'_, '_>,
    offer: &Offer,
    key: &PageKey,
    page: &Page,
    mark: &Mark,
    span: &Span,
    ruling: &mut Ruling,
) -> Vec<String> {
    let plan = &lines.tape.plan;
    let window = plan.offices.get(&key.office).and_then(|office| office.windows.get(&key.window));
    let services = window.map(|window| window.services_on(key.on)).unwrap_or_default();
    let served = (key.office.clone(), offer.service.clone());
    let head = lines.tape.lines.get(&served).and_then(|line| line.head(span.from, span.to));
    let Some(head) = head.filter(|_| services.len() <= SERVICES_MAX) else { return Vec::new() };
    let other = |service: &&String| **service != offer.service && **service != offer.given_up;
    let mut found = Vec::new();
    for service in services.iter().filter(other) {
        let fits = |slot: &Slot| {
            let cells = CellSet::from(slot.cells);
            cells.touches(&mark.cells.into()) && page.freed.covers(&cells)
        };
        let slots = plan.slots(&key.office, &key.window, service, key.on);
        let Some(slot) = slots.into_iter().find(fits) else { continue };
        if let Some(first) = first_in(lines, service, key, &slot, Some(head), span, ruling) {
            found.push(format!(
                "offer {} of {key} went to the line of {} (head {head}), and in that of {service} {first} was eligible and older",
                offer.id, offer.service
            ));
        }
    }
    found
}

/// Somebody in a line who was eligible for its slot all along; with a head, who stands before that.
fn first_in(
    lines: &Lines<'_, '_>,
    service: &str,
    key: &PageKey,
    slot: &Slot,
    before: Option<&str>,
    span: &Span,
    ruling: &mut Ruling,
) -> Option<String> {
    let want = Want { office: key.office.clone(), starts_at_s: slot.starts_at_s, ends_at_s: slot.ends_at_s };
    lines.line(service).iter().find_map(|place| {
        let entry = place.at(span.to)?;
        let (class, ticket) = entry.order();
        let first = before.is_none_or(|head| format!("{class}#{ticket}").as_str() < head);
        ruling.count(Claim::C7, "people in other lines", 1);
        (first && lines.eligible_throughout(place, &want, span))
            .then(|| format!("{} (ticket {ticket})", entry.citizen))
    })
}
