//! Freed cells and those who wait: one exclusive offer after another, in strict and recorded order (WTL-2, WTL-5).
//!
//! A message only says where to look. What is done is decided from the page, the lines, the entries and the
//! guards as they stand, and conditioned on them: a message lost, late, doubled or out of order does no harm.

use super::change;
use super::due::{Rest, due_after, look_after, rest_after};
use super::gone::abandon;
use super::search::{Chosen, Free, Line, Place, Search};
use crate::{App, Refusal};
use chrono::{DateTime, TimeDelta, Utc};
use domain::appointment::By;
use domain::availability::horizon;
use domain::limits::{CANDIDATES_MAX, RELEASE_AFTER_S};
use domain::moment::Draw;
use domain::page::{CellSet, FreedMark, MarkChange, Page, PageKey};
use domain::waitlist::{EntryAction, Offer, OfferState, Passed};
use domain::{Moment, OfferId, OfficeId, ServiceId};
use store::access::lines::Heads;
use store::access::pages::Reading;
use store::tries::Tries;
use store::{Commit, Committed, keys};

/// Runs of freed cells handled in one go; the rest is due again at once.
const RUNS_MAX: usize = 8;

/// What a message hinted at: the mark's service and first cell, so that the heads of its lines are read together
/// with the page.
#[derive(Debug, Clone)]
pub struct Hint {
    pub service: ServiceId,
    pub from: u16,
}

/// What was done about a page's freed cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Served {
    pub offered: u32,
    pub released: u32,
    /// Nobody fits now: released later, at a random moment.
    pub put_off: u32,
}

/// Which of a page's freed runs are looked at.
enum Runs {
    /// The one that a message hinted at; then all that are ready.
    Hinted(Hint),
    /// Those that are neither put off nor done with.
    Ready,
    /// All behind this cell, also those put off: somebody may want now what nobody wanted before.
    Behind(Option<u16>),
}

/// Serves every freed run of a page that is ready.
///
/// # Errors
/// [`Refusal::Busy`] when others kept changing the page: the message is tried again, or the clock finds it.
pub async fn serve_page(app: &App, key: &PageKey, hint: Option<&Hint>) -> Result<Served, Refusal> {
    serve(app, key, hint.cloned().map_or(Runs::Ready, Runs::Hinted)).await
}

async fn serve(app: &App, key: &PageKey, mut runs: Runs) -> Result<Served, Refusal> {
    let mut app = app.clone();
    let seed = app.clock.moment();
    let mut tries = Tries::new(&seed);
    let mut served = Served::default();
    let mut round = 0;
    while round < RUNS_MAX {
        let moment = seed.nth(round as u64).at(app.clock.now());
        // Boxed: what is nested in here is deeper than the compiler likes to lay out.
        if Place::of(&app, key).is_err() {
            // Opened since, or taken away.
            app = app.current(&key.office, Reading::Decide).await?;
        }
        let place = match Place::of(&app, key) {
            Err(Refusal::NotFound) => return abandon(&app, key).await,
            place => place?,
        };
        let outcome = Box::pin(place.serve_one(&runs, &moment)).await?;
        match (&outcome, &mut runs) {
            (Outcome::PutOff(at, _), Runs::Behind(cell)) => *cell = Some(*at),
            (_, Runs::Behind(_)) => {}
            _ => runs = Runs::Ready,
        }
        let rest = match outcome {
            Outcome::Nothing => break,
            Outcome::Offered(rest) => {
                served.offered += 1;
                rest
            }
            Outcome::Released(rest) => {
                served.released += 1;
                rest
            }
            Outcome::PutOff(_, rest) => {
                served.put_off += 1;
                rest
            }
            Outcome::Changed if tries.reread() => continue,
            Outcome::Conflict if tries.again().await => continue,
            Outcome::Behind(plan) if tries.reread() => {
                app = app.at(&key.office, plan).await?;
                continue;
            }
            Outcome::Changed | Outcome::Conflict | Outcome::Behind(_) => return Err(Refusal::Busy),
        };
        if rest == Rest::Done && matches!(runs, Runs::Ready) {
            break;
        }
        round += 1;
    }
    Ok(served)
}

/// Serves the freed cells of an office's coming days: somebody joined who may want them.
///
/// # Errors
/// As [`serve_page`].
pub async fn serve_office(app: &App, id: &OfficeId) -> Result<Served, Refusal> {
    let office = app.office(id)?;
    let now = app.clock.now();
    let Some(furthest) = app.catalogue.services.values().max_by_key(|service| service.horizon_days) else {
        return Ok(Served::default());
    };
    let horizon = horizon(office, furthest, now);
    let mut served = Served::default();
    let mut months = vec![horizon.first_on];
    if keys::pages(id, horizon.last_on) != keys::pages(id, horizon.first_on) {
        months.push(horizon.last_on);
    }
    for month in months {
        let pages = app.store.pages(id, month, None, Reading::Decide).await?;
        for (key, _) in
            pages.iter().filter(|(key, page)| !page.freed.is_empty() && key.on >= horizon.first_on)
        {
            let done = serve(app, key, Runs::Behind(None)).await?;
            served.offered += done.offered;
            served.released += done.released;
            served.put_off += done.put_off;
        }
    }
    Ok(served)
}

/// Offers one of the starts on a page that are free to the public to whoever is first in their lines and can take it.
/// Whoever books it meanwhile has it.
///
/// `lines` says which starts they are at a moment; those that the page shows taken do not count.
///
/// # Errors
/// As [`serve_page`].
pub(super) async fn serve_free<'a>(
    place: &Place<'a>,
    lines: impl Fn(DateTime<Utc>) -> Vec<Line<'a>>,
) -> Result<Free, Refusal> {
    let app = place.app;
    let seed = app.clock.moment();
    let mut tries = Tries::new(&seed);
    loop {
        let page = app.store.read(&[keys::page(place.key)]).await?.page(place.key)?;
        let moment = seed.at(app.clock.now());
        let mut lines = lines(moment.now);
        let barred = page.taken.union(&place.kept(moment.now));
        for (_, seats) in &mut lines {
            seats.retain(|seat| !barred.touches(seat.cells));
        }
        lines.retain(|(_, seats)| !seats.is_empty());
        let mut passed = Vec::new();
        // Boxed: what is nested in here is deeper than the compiler likes to lay out.
        let found = Box::pin(place.oldest_head_first(lines, &mut passed, &moment)).await?;
        let Search::Found(chosen) = found else { return Ok(Free::Nobody(page)) };
        let mut commit = Commit::new();
        app.store.take(&mut commit, place.key, chosen.seat.cells, place.office.version);
        let given_up = chosen.service.clone();
        match place.offer(commit, &given_up, *chosen, passed, Rest::Done, &moment).await? {
            Outcome::Offered(_) => return Ok(Free::Offered),
            Outcome::Changed if tries.reread() => {}
            Outcome::Conflict if tries.again().await => {}
            _ => return Err(Refusal::Busy),
        }
    }
}

enum Outcome {
    Nothing,
    Offered(Rest),
    Released(Rest),
    /// Nobody wants the run that begins at this cell.
    PutOff(u16, Rest),
    /// A newer version of the office counts for this page.
    Behind(u64),
    /// The state was not as it was read.
    Changed,
    Conflict,
}

impl Place<'_> {
    /// Takes the first mark that needs something done and does it.
    async fn serve_one(&self, runs: &Runs, moment: &Moment) -> Result<Outcome, Refusal> {
        let hint = if let Runs::Hinted(hint) = runs { Some(hint) } else { None };
        let (page, version, hinted) = self.read(hint, moment).await?;
        if page.plan.max(version) > self.office.version {
            return Ok(Outcome::Behind(page.plan.max(version)));
        }
        let Some(mark) = self.next_mark(&page, runs, moment.now) else {
            return self.tidy(&page).await;
        };
        let mut passed = Vec::new();
        match self
            .search(
                &page,
                &mark,
                hint.filter(|hint| hint.service == mark.service).and(hinted),
                &mut passed,
                moment,
            )
            .await?
        {
            Search::Found(chosen) => self.offer_freed(&page, &mark, *chosen, passed, moment).await,
            Search::GoOn(cursor) => self.put_off(&page, &mark, Some(cursor), moment).await,
            Search::Nobody if mark.release_at.is_some_and(|at| at <= moment.now) => {
                self.release(&page, mark.cells).await
            }
            // The moment of its release stands: whoever joins and leaves must not put it off for the public.
            Search::Nobody if mark.release_at.is_some() => {
                Ok(Outcome::PutOff(mark.cells.from(), Rest::Waits))
            }
            Search::Nobody => self.put_off(&page, &mark, None, moment).await,
        }
    }

    /// The page and the office's number, and the heads of the hinted line beside them in the same round trip.
    async fn read(
        &self,
        hint: Option<&Hint>,
        moment: &Moment,
    ) -> Result<(Page, u64, Option<Heads>), Refusal> {
        let wanted = [keys::page(self.key), keys::office_now(&self.key.office)];
        let page = self.app.store.read(&wanted);
        let seat = hint.and_then(|hint| {
            let service = self.app.catalogue.services.get(&hint.service)?;
            self.slots(service, moment.now).into_iter().find(|seat| seat.cells.from() == hint.from)
        });
        let heads = async {
            match (hint, seat) {
                (Some(hint), Some(seat)) => {
                    let buckets = self.buckets(&seat);
                    self.app.store.heads(&hint.service, &buckets, None).await.map(Some)
                }
                _ => Ok(None),
            }
        };
        let (page, heads) = futures::join!(page, heads);
        let batch = page?;
        Ok((batch.page(self.key)?, batch.office_now(&self.key.office)?, heads?))
    }

    /// The next mark to look at: the hinted one if it is ready, else the first of those that are asked for.
    fn next_mark(&self, page: &Page, runs: &Runs, now: DateTime<Utc>) -> Option<FreedMark> {
        let ready = |mark: &&FreedMark| mark.release_at.is_none_or(|at| at <= now);
        let next = match runs {
            Runs::Behind(cell) => page.marks.iter().find(|(at, _)| cell.is_none_or(|cell| **at > cell)),
            Runs::Hinted(_) | Runs::Ready => page.marks.iter().find(|(_, mark)| ready(mark)),
        };
        let hinted = if let Runs::Hinted(hint) = runs { page.marks.get(&hint.from) } else { None };
        hinted.filter(ready).or(next.map(|(_, mark)| mark)).cloned()
    }

    /// Freed cells that no mark speaks of would wait for ever: they go to the public.
    async fn tidy(&self, page: &Page) -> Result<Outcome, Refusal> {
        let marked: CellSet = page.marks.values().flat_map(|mark| mark.cells.iter()).collect();
        match page.freed.minus(&marked).runs().first() {
            Some(stray) => self.release(page, *stray).await,
            None => Ok(Outcome::Nothing),
        }
    }

    /// Offers cells out of freed.
    async fn offer_freed(
        &self,
        page: &Page,
        mark: &FreedMark,
        chosen: Chosen,
        passed: Vec<Passed>,
        moment: &Moment,
    ) -> Result<Outcome, Refusal> {
        let cells = chosen.seat.cells;
        let marks = page.without_freed(cells);
        let mut commit = Commit::new();
        let due = due_after(page, &marks, moment.now);
        self.app.store.offer_cells(&mut commit, self.key, cells, &marks, due, self.office.version)?;
        let rest = rest_after(page, &marks, moment.now);
        self.offer(commit, &mark.service, chosen, passed, rest, moment).await
    }

    /// Makes the offer: the page's part, the offer, the entry and the person's guard in one write.
    async fn offer(
        &self,
        mut commit: Commit,
        given_up: &ServiceId,
        chosen: Chosen,
        mut passed: Vec<Passed>,
        rest: Rest,
        moment: &Moment,
    ) -> Result<Outcome, Refusal> {
        let Chosen { head, entry, active, seat, service, until } = chosen;
        passed.truncate(CANDIDATES_MAX);
        let offer = Offer {
            id: OfferId(moment.ulid(Draw::Offer)),
            citizen: head.pointer.citizen,
            service: service.clone(),
            ticket: entry.ticket,
            seat,
            made_at: moment.now,
            until,
            state: OfferState::Open,
            given_up: given_up.clone(),
            passed,
            silences: entry.silences,
            entry_version: entry.version + 1,
            version: 1,
        };
        let version = entry.version;
        let mut entry = entry;
        entry.version += 1;
        entry.offer = Some(offer.id);
        entry.count_offer(moment.now.with_timezone(&self.office.zone).date_naive());
        let spare = entry.declined.len().saturating_sub(domain::limits::DECLINED_KEPT);
        entry.declined.drain(..spare);
        entry.changes.push(change(EntryAction::Offered, By::SYSTEM, entry.version, Some(&offer), moment));
        let mut active = active.tidied(moment.now);
        active.offer = Some(domain::active::OpenOffer {
            id: offer.id,
            service,
            starts_at: offer.seat.starts_at,
            ends_at: offer.seat.ends_at,
        });
        let store = &self.app.store;
        store.put_offer(&mut commit, &offer)?;
        store.keep_entry(&mut commit, entry, Some(version), &[])?;
        store.keep_active(&mut commit, offer.citizen, &active)?;
        self.commit(commit, Outcome::Offered(rest)).await
    }

    /// Gives cells to the public.
    async fn release(&self, page: &Page, cells: domain::cells::CellRange) -> Result<Outcome, Refusal> {
        let marks = page.without_freed(cells);
        let mut commit = Commit::new();
        let now = self.app.clock.now();
        let look = page.free_beside(cells);
        let due = due_after(page, &marks, now).or(look.then(|| look_after(page, now)));
        self.app.store.release(&mut commit, self.key, cells, &marks, look, due)?;
        self.commit(commit, Outcome::Released(rest_after(page, &marks, now))).await
    }

    /// Nobody fits now, or too many were passed over: says when to look again.
    async fn put_off(
        &self,
        page: &Page,
        mark: &FreedMark,
        cursor: Option<String>,
        moment: &Moment,
    ) -> Result<Outcome, Refusal> {
        let (least, most) = RELEASE_AFTER_S;
        let seconds = least + moment.below(Draw::Release, most - least + 1);
        let mut after = mark.clone();
        let due = match &cursor {
            Some(_) => moment.now + TimeDelta::minutes(1),
            None => moment.now + TimeDelta::seconds(seconds as i64),
        };
        after.release_at = cursor.is_none().then_some(due);
        after.cursor = cursor;
        let at = mark.cells.from();
        let mut marks = MarkChange { freed: page.freed, remains: true, ..MarkChange::default() };
        marks.before.insert(at, mark.clone());
        marks.after.insert(at, after);
        let mut commit = Commit::new();
        let next = due_after(page, &marks, moment.now).map_or(due, |other| other.min(due));
        self.app.store.keep_marks(&mut commit, self.key, &marks, next)?;
        self.commit(commit, Outcome::PutOff(at, rest_after(page, &marks, moment.now))).await
    }

    async fn commit(&self, commit: Commit, done: Outcome) -> Result<Outcome, Refusal> {
        match self.app.store.commit(commit).await {
            Committed::Done => Ok(done),
            Committed::Refused(guards) => {
                tracing::debug!(?guards, "the page or the person changed meanwhile");
                Ok(Outcome::Changed)
            }
            Committed::Conflict => Ok(Outcome::Conflict),
            // It may have been written: reading again tells.
            Committed::Unknown(error) => {
                tracing::warn!(%error, "the fate of a transaction is unknown");
                Ok(Outcome::Conflict)
            }
        }
    }
}
