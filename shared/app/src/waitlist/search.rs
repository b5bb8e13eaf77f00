//! Looking through the lines for the one whom freed cells go to (WTL-2, WTL-5, WTL-7).

use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::appointment::Seat;
use domain::availability::grid;
use domain::catalogue::{Office, Service, Share, Window};
use domain::limits::CANDIDATES_MAX;
use domain::page::{CellSet, FreedMark, Page, PageKey};
use domain::schedule::{self, receives};
use domain::waitlist::{Bucket, EntryState, Passed, PassedOver};
use domain::{Moment, ServiceId};
use futures::future::try_join_all;
use planted::{Bug, planted};
use store::access::lines::{Head, Heads};
use store::keys;

/// Other services of a window whose lines are asked when nobody in the first one fits.
const OTHER_LINES_MAX: usize = 6;

/// Where cells were freed.
pub(super) struct Place<'a> {
    pub app: &'a App,
    pub office: &'a Office,
    pub window: &'a Window,
    pub key: &'a PageKey,
}

/// Seats for a service for which the same people wait.
pub(super) type Line<'a> = (&'a Service, Vec<Seat>);

/// Whom an offer goes to.
pub(super) struct Chosen {
    pub head: Head,
    pub entry: domain::waitlist::Entry,
    pub active: domain::active::Active,
    pub seat: Seat,
    pub service: ServiceId,
    pub until: DateTime<Utc>,
}

/// What came of looking through the lines.
pub(super) enum Search {
    Found(Box<Chosen>),
    Nobody,
    /// Too many were passed over: go on behind this row at the next tick.
    GoOn(String),
}

/// What came of looking at what is free on a page.
pub(super) enum Free {
    Offered,
    /// Nobody wants any of it; the page as it was.
    Nobody(Page),
}

impl<'a> Place<'a> {
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such window.
    pub fn of(app: &'a App, key: &'a PageKey) -> Result<Self, Refusal> {
        let office = app.office(&key.office)?;
        let window = office.windows.iter().find(|window| window.id == key.window);
        Ok(Self { app, office, window: window.ok_or(Refusal::NotFound)?, key })
    }

    /// The seats that the window has for a service on the page's date, starts still to come.
    pub fn slots(&self, service: &Service, now: DateTime<Utc>) -> Vec<Seat> {
        let slots = grid(&self.app.catalogue, self.office, self.window, service, self.key.on);
        slots
            .into_iter()
            .filter(|slot| slot.starts_at > now)
            .map(|slot| crate::seat::seat(self.office, slot))
            .collect()
    }

    /// What of the page is kept from those who wait: of what nobody has had they are offered only what anybody can have.
    pub fn kept(&self, now: DateTime<Utc>) -> CellSet {
        schedule::kept(
            &self.app.catalogue.calendar,
            self.office,
            self.window,
            self.key.on,
            Share::Public,
            now,
        )
    }

    pub fn buckets(&self, seat: &Seat) -> Vec<Bucket> {
        Bucket::of_start(&seat.office, seat.starts_at.with_timezone(&self.office.zone).naive_local())
    }

    /// The services that the window receives on the page's date.
    pub fn received(&self) -> impl Iterator<Item = &'a Service> + use<'_, 'a> {
        let catalogue = &self.app.catalogue;
        let offered = self.window.services.iter().map(|offered| &offered.service);
        offered
            .filter(|service| receives(&catalogue.calendar, self.window, service, self.key.on))
            .filter_map(|service| catalogue.services.get(service))
    }

    /// The seats for a service that suit, the earliest first; together those for which the same people wait, which are
    /// mostly all.
    pub fn by_line(
        &self,
        service: &Service,
        now: DateTime<Utc>,
        suits: impl Fn(&Seat) -> bool,
    ) -> Vec<Vec<Seat>> {
        let mut lines: Vec<(Vec<Bucket>, Vec<Seat>)> = Vec::new();
        for seat in self.slots(service, now).into_iter().filter(suits) {
            let buckets = self.buckets(&seat);
            match lines.iter_mut().find(|(line, _)| *line == buckets) {
                Some((_, seats)) => seats.push(seat),
                None => lines.push((buckets, vec![seat])),
            }
        }
        lines.into_iter().map(|(_, seats)| seats).collect()
    }

    /// Looks for the next person: the lines of the service given up first, then those of the window's other services, each
    /// time the one whose head stands longest.
    pub async fn search(
        &self,
        page: &Page,
        mark: &FreedMark,
        hinted: Option<Heads>,
        passed: &mut Vec<Passed>,
        moment: &Moment,
    ) -> Result<Search, Refusal> {
        // Lies in freed cells and uses some of the mark's.
        let fits = |seat: &Seat| seat.cells.overlaps(mark.cells) && page.freed.covers(seat.cells);
        let mut others: Vec<Line<'_>> = Vec::new();
        if let Some(service) = self.app.catalogue.services.get(&mark.service) {
            let mut lines = self.by_line(service, moment.now, fits).into_iter();
            if let Some(seats) = lines.next() {
                let at_mark = seats.first().is_some_and(|seat| seat.cells.from() == mark.cells.from());
                let at_hint = hinted.filter(|_| at_mark && mark.cursor.is_none());
                match self.walk(service, &seats, at_hint, mark.cursor.clone(), passed, moment).await? {
                    Search::Nobody => {}
                    found => return Ok(found),
                }
            }
            // Starts for which others wait, of the service given up still: before the window's other services.
            let rest = lines.map(|seats| (service, seats)).collect();
            if let Search::Found(chosen) = self.oldest_head_first(rest, passed, moment).await? {
                return Ok(Search::Found(chosen));
            }
        }
        for service in self.received().filter(|service| service.id != mark.service) {
            others.extend(self.by_line(service, moment.now, fits).into_iter().map(|seats| (service, seats)));
        }
        let neighbours = self.given_up_beside(page, mark, &others, moment.now);
        if let Search::Found(chosen) = self.oldest_head_first(neighbours, passed, moment).await? {
            return Ok(Search::Found(chosen));
        }
        others.truncate(OTHER_LINES_MAX);
        match self.oldest_head_first(others, passed, moment).await? {
            // A cursor belongs to the first line only; another line is looked at anew next time.
            Search::GoOn(_) => Ok(Search::Nobody),
            outcome => Ok(outcome),
        }
    }

    /// What others were given up beside a mark and would go with it to another service: the lines of theirs come first too.
    fn given_up_beside(
        &self,
        page: &Page,
        mark: &FreedMark,
        others: &[Line<'_>],
        now: DateTime<Utc>,
    ) -> Vec<Line<'a>> {
        let goes_too = |beside: &&FreedMark| {
            beside.cells != mark.cells
                && others.iter().flat_map(|(_, seats)| seats).any(|seat| seat.cells.overlaps(beside.cells))
        };
        let mut lines = Vec::new();
        for beside in page.marks.values().filter(goes_too) {
            let Some(service) = self.app.catalogue.services.get(&beside.service) else { continue };
            let fits = |seat: &Seat| seat.cells.overlaps(beside.cells) && page.freed.covers(seat.cells);
            lines.extend(self.by_line(service, now, fits).into_iter().map(|seats| (service, seats)));
        }
        lines
    }

    /// Goes down several lines, first down the one whose head stands longest.
    pub async fn oldest_head_first(
        &self,
        lines: Vec<Line<'_>>,
        passed: &mut Vec<Passed>,
        moment: &Moment,
    ) -> Result<Search, Refusal> {
        let asked = lines.iter().map(|(service, seats)| async {
            let buckets = seats.first().map(|seat| self.buckets(seat)).unwrap_or_default();
            self.app.store.heads(&service.id, &buckets, None).await
        });
        let heads = try_join_all(asked).await?;
        let mut lines: Vec<(Line<'_>, Heads)> = lines.into_iter().zip(heads).collect();
        lines.retain(|(_, heads)| !heads.heads.is_empty());
        lines.sort_by(|(_, a), (_, b)| a.heads[0].key.sk.cmp(&b.heads[0].key.sk));
        let mut rest = Search::Nobody;
        for ((service, seats), heads) in lines {
            match self.walk(service, &seats, Some(heads), None, passed, moment).await? {
                Search::Found(chosen) => return Ok(Search::Found(chosen)),
                Search::Nobody => {}
                go_on => rest = go_on,
            }
        }
        Ok(rest)
    }

    /// Goes down one line until somebody can take one of the seats: the first that they can.
    pub async fn walk(
        &self,
        service: &Service,
        seats: &[Seat],
        first: Option<Heads>,
        cursor: Option<String>,
        passed: &mut Vec<Passed>,
        moment: &Moment,
    ) -> Result<Search, Refusal> {
        let buckets = seats.first().map(|seat| self.buckets(seat)).unwrap_or_default();
        // Why not is said of the seat that is offered in the end.
        let mut passed_for: Vec<Vec<Passed>> = vec![Vec::new(); seats.len()];
        let mut looked = 0;
        let mut heads = match first {
            Some(heads) => heads,
            None => self.app.store.heads(&service.id, &buckets, cursor.as_deref()).await?,
        };
        let mut last_seen = cursor.unwrap_or_default();
        loop {
            for head in std::mem::take(&mut heads.heads) {
                if looked == CANDIDATES_MAX {
                    passed.extend(passed_for.into_iter().next().unwrap_or_default());
                    return Ok(Search::GoOn(last_seen));
                }
                looked += 1;
                last_seen.clone_from(&head.key.sk);
                if let Some((at, chosen)) =
                    self.consider(service, seats, head, &mut passed_for, moment).await?
                {
                    passed.append(&mut passed_for[at]);
                    return Ok(Search::Found(Box::new(chosen)));
                }
            }
            let Some(after) = heads.more_after.take() else {
                passed.extend(passed_for.into_iter().next().unwrap_or_default());
                return Ok(Search::Nobody);
            };
            heads = self.app.store.heads(&service.id, &buckets, Some(&after)).await?;
        }
    }

    /// Which of the seats the one at the head gets, if any; why not is recorded for each.
    async fn consider(
        &self,
        service: &Service,
        seats: &[Seat],
        head: Head,
        passed_for: &mut [Vec<Passed>],
        moment: &Moment,
    ) -> Result<Option<(usize, Chosen)>, Refusal> {
        let citizen = head.pointer.citizen;
        let batch = self.app.store.read(&[keys::entry(citizen, &service.id), keys::active(citizen)]).await?;
        let entry = batch.entry(citizen, &service.id)?;
        let live =
            entry.filter(|entry| entry.ticket == head.pointer.ticket && entry.epoch == head.pointer.epoch);
        let live = if planted(Bug::NotWaiting) { as_if_waiting(&batch, citizen, service)? } else { live };
        let Some(entry) = live else {
            // The row is void: its entry is elsewhere or over. It would be in everybody's way.
            self.app.store.drop_row(&head.key, head.pointer.epoch).await?;
            return Ok(None);
        };
        let mut active = batch.active(citizen)?;
        if planted(Bug::NotWaiting) && active.ticket(&service.id).is_none() {
            active.waiting.push((service.id.clone(), entry.ticket));
        }
        let mut refused = Vec::new();
        for (at, seat) in seats.iter().enumerate() {
            match entry.eligible(&active, seat, self.office.zone, moment.now) {
                Ok(eligible) => {
                    let (seat, service) = (seat.clone(), service.id.clone());
                    let chosen = Chosen { head, entry, active, seat, service, until: eligible.until };
                    return Ok(Some((at, chosen)));
                }
                Err(why) => refused.push(why),
            }
        }
        for (passed, why) in passed_for.iter_mut().zip(refused) {
            if why != PassedOver::NotWaiting {
                passed.push(Passed { citizen, service: service.id.clone(), ticket: entry.ticket, why });
            }
        }
        Ok(None)
    }
}

/// A place in line, whatever became of it: what nobody may be offered anything for.
fn as_if_waiting(
    batch: &store::access::batch::Batch,
    citizen: domain::CitizenId,
    service: &Service,
) -> Result<Option<domain::waitlist::Entry>, Refusal> {
    let entry = batch.entry(citizen, &service.id)?;
    Ok(entry.map(|entry| domain::waitlist::Entry { state: EntryState::Waiting, ..entry }))
}
