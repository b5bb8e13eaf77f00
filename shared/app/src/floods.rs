//! Codes are counted before they are sent: by phone, by the numbers about it, by network address and all together (ACC-1, ACC-5).
//!
//! What is counted does not depend on whether anybody has that phone: no answer tells that.

use crate::contact::Login;
use crate::effort::{self, Effort};
use crate::{App, Refusal};
use chrono::{DateTime, Utc};
use domain::floods::{self, Bucket, Lane};
use domain::limits::{CODE_RESEND_AFTER, CODES_A_DAY};
use domain::moment::Draw;
use domain::{Moment, OfficeId, Ulid};
use phonenumber::country::Id;
use store::access::batch::Batch;
use store::access::floods::{Counter, counted, sent_at};
use store::{Commit, Key, Vault, keys};

/// What the operator of the service sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floods {
    countries: Vec<Id>,
    codes_an_hour: u32,
}

impl Floods {
    /// Countries whose phones get codes, by ISO 3166-1 (`RU`): each one more invites SMS pumping; and how many SMS with codes go
    /// out in an hour at most.
    ///
    /// # Errors
    /// Names the country that is none; none at all is an error too.
    pub fn new(countries: &str, codes_an_hour: u32) -> Result<Self, String> {
        let read = |code: &str| code.parse::<Id>().map_err(|_| code.to_owned());
        let codes = countries.split(',').map(str::trim).filter(|code| !code.is_empty());
        let countries = codes.map(read).collect::<Result<Vec<_>, _>>()?;
        if countries.is_empty() { Err(String::new()) } else { Ok(Self { countries, codes_an_hour }) }
    }

    /// Whether phones of this country get codes.
    pub fn serve(&self, country: Id) -> bool {
        self.countries.contains(&country)
    }
}

/// Whence somebody asks.
#[derive(Clone, Copy, Default)]
pub struct Whence<'a> {
    /// The network address, if it is known: a whole IPv4 one, or the half of an IPv6 one that names the subscriber.
    pub network: Option<&'a str>,
    /// Where a stranger may be asked for one: at the first code for something, not at the next ones.
    pub effort: Option<Effort<'a>>,
}

/// A code that somebody asks for.
pub(crate) struct Sending<'a> {
    pub contact: &'a Login,
    /// Under what those of a day are counted.
    pub day: &'a str,
    pub lane: Lane,
    pub whence: Whence<'a>,
}

/// A code that was counted, and may be sent once this is written with what asks for it.
pub(crate) struct Admitted {
    pause: Key,
    day: String,
}

impl Admitted {
    /// Refused at the very end when another code was faster: `Guard::Pause`, `Guard::Limit`.
    pub fn write(&self, app: &App, commit: &mut Commit, now: DateTime<Utc>) {
        app.store.pause_codes(commit, &self.pause, now);
        app.store.count_code(commit, &self.day, now.date_naive());
    }
}

/// Counts a code before it is sent. Whatever is refused is not counted: whoever goes on asking takes nothing from others.
///
/// # Errors
/// [`Refusal::ResendTooEarly`] within a minute of the last code to that phone or address, whatever that was for;
/// [`Refusal::CodeLimit`] beyond ten a day to it; [`Refusal::TooManyCodes`] when a bucket is full; to a stranger before that
/// [`Refusal::EffortNeeded`].
pub(crate) async fn admit(
    app: &App,
    vault: &Vault,
    sending: Sending<'_>,
    moment: &Moment,
) -> Result<Admitted, Refusal> {
    let now = moment.now;
    let pause = keys::code_pause(&vault.lookup("pause", &sending.contact.hash(vault)));
    let day = keys::code_limit(sending.day, now.date_naive());
    let counters = counters(app, vault, &sending, moment);
    let mut wanted = vec![pause.clone(), day.clone()];
    wanted.extend(counters.iter().map(|counter| counter.key.clone()));
    let seen = app.store.read(&wanted).await?;
    if let Some(again_at) = sent_at(seen.item(&pause)).map(|sent| sent + CODE_RESEND_AFTER)
        && now < again_at
    {
        return Err(Refusal::ResendTooEarly { seconds: (again_at - now).num_seconds().max(1) });
    }
    if counted(seen.item(&day)) >= CODES_A_DAY {
        return Err(Refusal::CodeLimit);
    }
    let full = |counter: &&Counter| counted(seen.item(&counter.key)) >= counter.most;
    if let Some(until) = counters.iter().filter(full).map(|counter| counter.until).max() {
        return Err(too_many(until, now));
    }
    if let Some(effort) = sending.whence.effort.filter(|_| sending.lane == Lane::Stranger)
        && abnormal(&counters, &seen)
        && !effort::shown(app, effort, sending.day, now).await?
    {
        return Err(effort::demand(effort, sending.day, moment));
    }
    let counting = futures::future::join_all(counters.iter().map(|counter| app.store.count_in(counter)));
    for (counter, counted) in counters.iter().zip(counting.await) {
        if !counted? {
            return Err(too_many(counter.until, now));
        }
    }
    Ok(Admitted { pause, day: sending.day.to_owned() })
}

fn too_many(until: DateTime<Utc>, now: DateTime<Utc>) -> Refusal {
    Refusal::TooManyCodes { seconds: (until - now).num_seconds().max(1) }
}

/// Everything that this code counts against. Mail costs nobody anything and has no ranges.
fn counters(app: &App, vault: &Vault, sending: &Sending<'_>, moment: &Moment) -> Vec<Counter> {
    let lane = sending.lane.name();
    let counter = |bucket: Bucket, of: &str| {
        counter(bucket, &vault.lookup("flood", &format!("{lane}/{of}")), moment.now)
    };
    let mut counters = Vec::new();
    if let Login::Phone(phone) = sending.contact {
        let (near, wide) = (floods::near(phone), floods::wide(phone));
        let shard = moment.below(Draw::Shard, floods::SHARDS.into());
        counters.push(counter(floods::NEAR_HOUR, near));
        counters.push(counter(floods::NEAR_DAY, near));
        counters.push(counter(floods::WIDE_HOUR, wide));
        counters.push(counter(floods::everywhere(app.floods.codes_an_hour), &shard.to_string()));
    }
    if let Some(network) = sending.whence.network {
        counters.push(counter(floods::NETWORK_HOUR, network));
    }
    counters
}

/// Where wrong passwords are counted that come from there; and all.
pub(crate) fn wrong(vault: &Vault, network: Option<&str>, moment: &Moment) -> Vec<Counter> {
    let counter = |bucket: Bucket, of: &str| counter(bucket, &vault.lookup("wrong", of), moment.now);
    let shard = moment.below(Draw::Shard, floods::SHARDS.into()).to_string();
    let all = [counter(floods::WRONG_ALL, &shard)];
    all.into_iter().chain(network.map(|network| counter(floods::WRONG_NETWORK, network))).collect()
}

/// Where requests from afar to open a cabinet are counted.
pub(crate) fn unlocks(
    vault: &Vault,
    office: &OfficeId,
    network: Option<&str>,
    moment: &Moment,
) -> Vec<Counter> {
    let counter = |bucket: Bucket, of: &str| counter(bucket, &vault.lookup("unlock-flood", of), moment.now);
    let here = counter(floods::UNLOCK_OFFICE, office.as_str());
    network.map(|network| counter(floods::UNLOCK_NETWORK, network)).into_iter().chain([here]).collect()
}

/// Where challenges for passkeys to a network address are counted.
pub(crate) fn passkeys(vault: &Vault, network: &str, moment: &Moment) -> Counter {
    counter(floods::PASSKEY_NETWORK, &vault.lookup("passkey-flood", network), moment.now)
}

/// Counts one more of what a bucket bounds. `of` names nobody: a cabinet, an appointment.
///
/// # Errors
/// [`Refusal::TooManyTries`] beyond what there may be.
pub(crate) async fn within(app: &App, bucket: Bucket, of: Ulid, now: DateTime<Utc>) -> Result<(), Refusal> {
    let counter = counter(bucket, &of.to_string(), now);
    match app.store.count_in(&counter).await? {
        true => Ok(()),
        false => Err(Refusal::TooManyTries { seconds: (counter.until - now).num_seconds().max(1) }),
    }
}

fn counter(bucket: Bucket, hash: &str, now: DateTime<Utc>) -> Counter {
    let since = bucket.since(now);
    let key = keys::flood(hash, bucket.name, since);
    Counter { key, most: bucket.most, free: bucket.free, until: since + bucket.stretch }
}

/// Whether more went wrong than people make.
pub(crate) fn abnormal(counters: &[Counter], seen: &Batch) -> bool {
    counters.iter().any(|counter| counted(seen.item(&counter.key)) >= counter.free)
}

/// Counts in all of them.
pub(crate) async fn count(app: &App, counters: &[Counter]) -> Result<(), Refusal> {
    for counted in futures::future::join_all(counters.iter().map(|one| app.store.count_in(one))).await {
        counted?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_named_by_their_codes() {
        let floods = Floods::new("RU, KZ", 100).expect("two countries");
        assert!(floods.serve(Id::RU) && floods.serve(Id::KZ) && !floods.serve(Id::GB));
        assert_eq!(Floods::new("RU,XX", 100), Err("XX".to_owned()));
        assert_eq!(Floods::new(" , ", 100), Err(String::new()));
    }
}
