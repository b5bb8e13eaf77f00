//! Looking through the lines for the one whom freed cells go to (WTL-2, WTL-5, WTL-7).

use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::appointment::Seat;
use domain::availability::grid;
use domain::catalogue::{Office, Service, Window};
use domain::limits::CANDIDATES_MAX;
use domain::page::{FreedMark, Page, PageKey};
use domain::schedule::receives;
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

impl Place<'_> {
    /// The seats that the window has for a service on the page's date, starts still to come.
    pub fn slots(&self, service: &Service, now: DateTime<Utc>) -> Vec<Seat> {
        let slots = grid(&self.app.catalogue, self.office, self.window, service, self.key.on);
        slots
            .into_iter()
            .filter(|slot| slot.starts_at > now)
            .map(|slot| crate::seat::seat(self.office, slot))
            .collect()
    }

    pub fn buckets(&self, seat: &Seat) -> Vec<Bucket> {
        Bucket::of_start(&seat.office, seat.starts_at.with_timezone(&self.office.zone).naive_local())
    }

    /// The first seat for a service that lies in freed cells and uses some of the mark's.
    fn fitting(&self, page: &Page, mark: &FreedMark, service: &Service, now: DateTime<Utc>) -> Option<Seat> {
        let fits = |seat: &Seat| seat.cells.overlaps(mark.cells) && page.freed.covers(seat.cells);
        self.slots(service, now).into_iter().find(fits)
    }

    /// Looks for the next person: the line of the service given up first, then those of the window's other
    /// services by their oldest head.
    pub async fn search(
        &self,
        page: &Page,
        mark: &FreedMark,
        hinted: Option<Heads>,
        passed: &mut Vec<Passed>,
        moment: &Moment,
    ) -> Result<Search, Refusal> {
        let catalogue = &self.app.catalogue;
        if let Some(service) = catalogue.services.get(&mark.service)
            && let Some(seat) = self.fitting(page, mark, service, moment.now)
        {
            let at_hint = hinted.filter(|_| seat.cells.from() == mark.cells.from() && mark.cursor.is_none());
            match self.walk(service, seat, at_hint, mark.cursor.clone(), passed, moment).await? {
                Search::Nobody => {}
                found => return Ok(found),
            }
        }
        let others: Vec<(&Service, Seat)> = self
            .window
            .services
            .iter()
            .filter(|offered| offered.service != mark.service)
            .filter(|offered| receives(&catalogue.calendar, self.window, &offered.service, self.key.on))
            .filter_map(|offered| catalogue.services.get(&offered.service))
            .filter_map(|service| Some((service, self.fitting(page, mark, service, moment.now)?)))
            .take(OTHER_LINES_MAX)
            .collect();
        let asked = others.iter().map(|(service, seat)| async {
            self.app.store.heads(&service.id, &self.buckets(seat), None).await
        });
        let heads = try_join_all(asked).await?;
        let mut lines: Vec<((&Service, Seat), Heads)> = others.into_iter().zip(heads).collect();
        lines.retain(|(_, heads)| !heads.heads.is_empty());
        lines.sort_by(|(_, a), (_, b)| a.heads[0].key.sk.cmp(&b.heads[0].key.sk));
        for ((service, seat), heads) in lines {
            match self.walk(service, seat, Some(heads), None, passed, moment).await? {
                Search::Found(chosen) => return Ok(Search::Found(chosen)),
                // A cursor belongs to the first line only; another line is looked at anew next time.
                Search::Nobody | Search::GoOn(_) => {}
            }
        }
        Ok(Search::Nobody)
    }

    /// Goes down one line until somebody is eligible.
    pub async fn walk(
        &self,
        service: &Service,
        seat: Seat,
        first: Option<Heads>,
        cursor: Option<String>,
        passed: &mut Vec<Passed>,
        moment: &Moment,
    ) -> Result<Search, Refusal> {
        let buckets = self.buckets(&seat);
        let mut looked = 0;
        let mut heads = match first {
            Some(heads) => heads,
            None => self.app.store.heads(&service.id, &buckets, cursor.as_deref()).await?,
        };
        let mut last_seen = cursor.unwrap_or_default();
        loop {
            for head in std::mem::take(&mut heads.heads) {
                if looked == CANDIDATES_MAX {
                    return Ok(Search::GoOn(last_seen));
                }
                looked += 1;
                last_seen.clone_from(&head.key.sk);
                if let Some(chosen) = self.consider(service, &seat, head, passed, moment).await? {
                    return Ok(Search::Found(Box::new(chosen)));
                }
            }
            let Some(after) = heads.more_after.take() else { return Ok(Search::Nobody) };
            heads = self.app.store.heads(&service.id, &buckets, Some(&after)).await?;
        }
    }

    /// Whether the one at the head gets the seat; why not is recorded.
    async fn consider(
        &self,
        service: &Service,
        seat: &Seat,
        head: Head,
        passed: &mut Vec<Passed>,
        moment: &Moment,
    ) -> Result<Option<Chosen>, Refusal> {
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
        match entry.eligible(&active, seat, self.office.zone, moment.now) {
            Ok(eligible) => Ok(Some(Chosen {
                head,
                entry,
                active,
                seat: seat.clone(),
                service: service.id.clone(),
                until: eligible.until,
            })),
            Err(why) => {
                if why != PassedOver::NotWaiting {
                    passed.push(Passed { citizen, service: service.id.clone(), ticket: entry.ticket, why });
                }
                Ok(None)
            }
        }
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
