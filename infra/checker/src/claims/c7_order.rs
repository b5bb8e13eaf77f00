//! C7, fair order: nobody continuously eligible from the worker's first read to its commit is overtaken by someone
//! later in (class, ticket) in the same line (office, service); between lines the order is that of WTL-2; an
//! operator's overtake carries its reason.
//!
//! The worker's first read is no earlier than the offer's own time says (less the clocks' error); where the search
//! went on from a cursor, no earlier than an invocation before the cursor was first written. «Continuously» is
//! looked at in every state from there to the commit, and at both ends of that time.

mod between;
mod standing;

use crate::decode::{Entry, Offer};
use crate::eligible::{Want, WhyNot, eligible, suits};
use crate::report::Claim;
use crate::ruling::Ruling;
use crate::tape::{Tape, Track};
use std::collections::{BTreeSet, HashMap};

/// A place in line with everything that ever happened to it.
type Place = Track<(String, String), Entry>;

/// People whom one offer names as passed over: beyond so many it need not name them.
const NAMED_MAX: usize = 20;

pub fn check(tape: &Tape<'_>, ruling: &mut Ruling) {
    let mut lines: HashMap<&str, Vec<&Place>> = HashMap::new();
    for place in &tape.entries.tracks {
        lines.entry(&place.key.1).or_default().push(place);
    }
    let lines = Lines { tape, lines };
    for track in &tape.offers.tracks {
        let Some(made) = track.versions.first() else { continue };
        let Some(offer) = made.item.as_ref().filter(|offer| offer.is_open()) else { continue };
        ruling.count(Claim::C7, "offers", 1);
        let span = lines.span(offer, made.step, made.at_us);
        for text in lines.judge(offer, &span, ruling) {
            ruling.violation(Claim::C7, made.step, (span.from, made.step), text);
        }
    }
    standing::check(tape, ruling);
}

/// From the worker's first read to its commit.
struct Span {
    from_us: i64,
    /// The last commit before the first read.
    from: u64,
    to: u64,
    to_us: i64,
    /// Whether the search began in an earlier run.
    resumed: bool,
}

impl Span {
    /// The last step before the commit.
    fn before(&self) -> u64 {
        self.to.saturating_sub(1)
    }
}

struct Lines<'t, 'h> {
    tape: &'t Tape<'h>,
    lines: HashMap<&'t str, Vec<&'t Place>>,
}

impl<'t> Lines<'t, '_> {
    fn span(&self, offer: &Offer, step: u64, at_us: i64) -> Span {
        let limits = &self.tape.plan.limits;
        let mut from_us = offer.made_at_ms * 1000 - limits.clock_error_us;
        let mut resumed = false;
        let page = self.tape.pages.get(&offer.seat.page());
        let before = page.map(|page| &page.versions[..page.versions.partition_point(|v| v.step < step)]);
        for version in before.unwrap_or_default().iter().rev() {
            let cells = offer.seat.cells();
            let marks = version.item.as_ref().map(|page| page.marks.as_slice()).unwrap_or_default();
            if !marks.iter().any(|mark| mark.has_cursor && cells.touches(&mark.cells.into())) {
                break;
            }
            resumed = true;
            from_us = from_us.min(version.at_us - limits.invocation_us);
        }
        let commits = self.tape.commits.partition_point(|commit| commit.at_us < from_us);
        let from = self.tape.commits[..commits].last().map_or(0, |commit| commit.step);
        Span { from_us, from, to: step, to_us: at_us, resumed }
    }

    fn judge(&self, offer: &Offer, span: &Span, ruling: &mut Ruling) -> Vec<String> {
        let seat = &offer.seat;
        let want =
            Want { office: seat.office.clone(), starts_at_s: seat.starts_at_s, ends_at_s: seat.ends_at_s };
        let mut found = Vec::new();
        let line = self.line(&offer.service);
        let Some(own) = line.iter().find_map(|place| of(place, offer, span.to)) else {
            return vec![format!(
                "offer {} went to {} who has no such place in line",
                offer.id, offer.citizen
            )];
        };
        let before = line.iter().find_map(|place| of(place, offer, span.before()));
        if let Some(why) = before.and_then(|before| self.not_for(before, &want, span)) {
            found.push(format!("offer {} went to {}, who is not eligible: {why:?}", offer.id, offer.citizen));
        }
        for place in line {
            let Some(other) = place.at(span.to).filter(|other| other.order() < own.order()) else { continue };
            ruling.count(Claim::C7, "people before them", 1);
            // Not only since their place is another one.
            if self.throughout(place, &want, span, |entry| entry.order() < own.order()) {
                found.push(format!(
                    "offer {} of {} cells {}..{} went to {} (ticket {}), and {} (ticket {}) stood before them, eligible from {} µs on",
                    offer.id, offer.seat.page(), offer.seat.from, offer.seat.to, offer.citizen, offer.ticket,
                    other.citizen, other.ticket, span.from_us
                ));
            } else if self.unrecorded(place, other, own, offer, &want, span) {
                found.push(format!(
                    "{} (ticket {}) was passed over for offer {} without a record",
                    other.citizen, other.ticket, offer.id
                ));
            }
        }
        found.extend(between::judge(self, offer, span, ruling));
        found
    }

    fn line(&self, service: &str) -> &[&'t Place] {
        self.lines.get(service).map(Vec::as_slice).unwrap_or_default()
    }

    /// Why a slot was not for somebody at the time of the offer, in the state that the offer found.
    fn not_for(&self, entry: &Entry, want: &Want, span: &Span) -> Option<WhyNot> {
        let active = self.tape.actives.get(&entry.citizen).and_then(|track| track.at(span.before()));
        let at = |at_us| eligible(&self.tape.plan, entry, active, want, at_us).err();
        // Either end will do: what time alone makes wrong may have been right when it was decided.
        at(span.to_us).and_then(|why| at(span.from_us.max(0)).and(Some(why)))
    }

    fn eligible_throughout(&self, place: &Place, want: &Want, span: &Span) -> bool {
        self.throughout(place, want, span, |_| true)
    }

    /// Whether somebody was eligible all along, and stood as is said.
    fn throughout(&self, place: &Place, want: &Want, span: &Span, stood: impl Fn(&Entry) -> bool) -> bool {
        let Some(guard) = self.tape.actives.get(&place.key.0) else { return false };
        let until = span.before();
        let steps = place.within(span.from, until).iter().map(|version| version.step);
        let guards = guard.within(span.from, until).iter().map(|version| version.step);
        let mut states: BTreeSet<u64> = steps.chain(guards).collect();
        states.insert(span.from);
        states.iter().all(|step| {
            let (entry, active) = (place.at(*step), guard.at(*step));
            entry.filter(|entry| stood(entry)).is_some_and(|entry| {
                let at = |at_us| eligible(&self.tape.plan, entry, active, want, at_us).is_ok();
                at(span.from_us) && at(span.to_us)
            })
        })
    }

    /// Somebody in the line of that very start, all along and without the offer's saying why it was not them
    /// (WTL-5).
    fn unrecorded(
        &self,
        place: &Place,
        other: &Entry,
        own: &Entry,
        offer: &Offer,
        want: &Want,
        span: &Span,
    ) -> bool {
        let Some(office) = self.tape.plan.offices.get(&want.office) else { return false };
        let local = office.zone.local(want.starts_at_s * 1_000_000);
        let stood = place.at(span.from).into_iter();
        let later = place.within(span.from, span.to).iter().filter_map(|version| version.item.as_ref());
        let guard = self.tape.actives.get(&place.key.0).and_then(|guard| guard.at(span.to));
        let known = guard.is_some_and(|guard| guard.waits(&other.service, &other.ticket));
        let waited = place.at(span.from).is_some()
            && stood.chain(later).all(|entry| {
                entry.is_waiting() && entry.ticket == other.ticket && entry.order() < own.order()
            });
        let named = offer.passed.iter().any(|passed| passed.ticket == other.ticket);
        let bound = span.resumed || offer.passed.len() >= NAMED_MAX;
        waited && known && suits(other, &want.office, local) && !named && !bound
    }
}

fn of<'t>(place: &&'t Place, offer: &Offer, until: u64) -> Option<&'t Entry> {
    place.at(until).filter(|entry| (&entry.citizen, &entry.ticket) == (&offer.citizen, &offer.ticket))
}
