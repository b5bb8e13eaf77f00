//! The link that confirms an address (ACC-2): derived, never kept.

use crate::{App, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::CitizenId;
use domain::limits::LINK_VALID;
use store::items::citizen as record;
use store::vault::{ClearKey, mac};
use store::{Commit, Committed, Vault, keys};
use subtle::ConstantTimeEq;

/// The secret of the link that confirms an address: bound to the person, the address, the last unlock and the link's end, so that
/// whoever has an old mailbox does not take back what an unlock took from it. `of` is a person with the epoch of their last unlock
/// ([`domain::citizen::Citizen::unlocked`]). Also tells the end.
pub fn email_token(
    links: &ClearKey,
    vault: &Vault,
    of: (CitizenId, u64),
    email: &str,
    asked_at: DateTime<Utc>,
) -> (String, DateTime<Utc>) {
    let expires_at = asked_at + LINK_VALID;
    let seconds = expires_at.timestamp();
    let mac = link_mac(links, vault, of, email, seconds);
    (format!("{}.{seconds}.{}", of.0, URL_SAFE_NO_PAD.encode(mac)), expires_at)
}

/// A link's secret as presented.
#[derive(Debug, PartialEq, Eq)]
struct Link {
    citizen: CitizenId,
    /// Its end, in seconds since 1970.
    seconds: i64,
    mac: Vec<u8>,
}

impl Link {
    fn parse(token: &str) -> Option<Self> {
        let mut parts = token.trim().split('.');
        let link = Self {
            citizen: parts.next()?.parse().ok()?,
            seconds: parts.next()?.parse().ok()?,
            mac: URL_SAFE_NO_PAD.decode(parts.next()?).ok()?,
        };
        parts.next().is_none().then_some(link)
    }
}

fn link_mac(
    links: &ClearKey,
    vault: &Vault,
    (citizen, unlocked): (CitizenId, u64),
    email: &str,
    seconds: i64,
) -> [u8; 32] {
    let address = vault.lookup("email", email);
    let (id, seconds, since) = (citizen.0.to_bytes(), seconds.to_be_bytes(), unlocked.to_be_bytes());
    let parts: [&[u8]; 5] = [b"email", &id, address.as_bytes(), &seconds, &since];
    // Of a cabinet that never was unlocked the links stay what they were: those on their way are good.
    mac(links, if unlocked == 0 { &parts[..4] } else { &parts })
}

/// Confirms an address by its link. Confirming twice is fine.
///
/// # Errors
/// [`Refusal::LinkExpired`] for every link that is not good: too old, for a former address, or forged;
/// [`Refusal::EmailOfAnother`] when somebody else with that mailbox was faster: another address is needed then; [`Refusal::Busy`].
pub async fn confirm_email(app: &App, vault: &Vault, links: &ClearKey, token: &str) -> Result<(), Refusal> {
    let moment = app.clock.moment();
    let Some(Link { citizen, seconds, mac }) = Link::parse(token) else { return Err(Refusal::LinkExpired) };
    let me = keys::me(citizen);
    let batch = app.store.read(std::slice::from_ref(&me)).await?;
    let (Some(item), Some(found)) = (batch.item(&me), batch.citizen(citizen)?) else {
        return Err(Refusal::LinkExpired);
    };
    let person = record::person(item, vault)?;
    let right =
        bool::from(mac.ct_eq(&link_mac(links, vault, (citizen, found.unlocked), &person.email, seconds)));
    if !right || moment.now.timestamp() >= seconds {
        return Err(Refusal::LinkExpired);
    }
    if found.email_confirmed_at.is_some() {
        return Ok(());
    }
    let mut commit = Commit::new();
    let hash = vault.lookup("email", &person.email);
    app.store.confirm_email(&mut commit, citizen, item, &hash, moment.now)?;
    match app.store.commit(commit).await {
        Committed::Done => Ok(()),
        Committed::Refused(_) => match app.store.login(&hash).await? {
            // Our own earlier try.
            Some(owner) if owner == citizen => Ok(()),
            // Something else changed meanwhile: asked again, one hears how things are.
            None => Err(Refusal::Busy),
            // Whoever has a good link has the mailbox.
            Some(_) => Err(Refusal::EmailOfAnother),
        },
        Committed::Conflict => Err(Refusal::Busy),
        Committed::Unknown(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn vault() -> Vault {
        Vault::new(ClearKey::new([1; 32]), ClearKey::new([2; 32]))
    }

    #[test]
    fn a_link_reads_back_and_ends_in_three_days() {
        let (links, vault) = (ClearKey::new([3; 32]), vault());
        let citizen = CitizenId(domain::Ulid::from(7_u128));
        let (token, expires_at) =
            email_token(&links, &vault, (citizen, 0), "anna@example.ru", DateTime::UNIX_EPOCH);
        assert_eq!(expires_at, DateTime::UNIX_EPOCH + LINK_VALID);
        let seconds = expires_at.timestamp();
        let mac = link_mac(&links, &vault, (citizen, 0), "anna@example.ru", seconds).to_vec();
        assert_eq!(Link::parse(&format!(" {token}\n")), Some(Link { citizen, seconds, mac }));
        assert!(!token.contains("anna"), "{token}");
    }

    #[test]
    fn a_link_is_of_its_citizen_unlock_address_and_end() {
        let vault = vault();
        let of = |key, of: (u128, u64), email, seconds| {
            let citizen = CitizenId(domain::Ulid::from(of.0));
            link_mac(&ClearKey::new([key; 32]), &vault, (citizen, of.1), email, seconds)
        };
        let mac = |key, citizen, email, seconds| of(key, (citizen, 0), email, seconds);
        let own = mac(3, 7, "anna@example.ru", 100);
        assert_eq!(own, mac(3, 7, "anna@example.ru", 100));
        assert_ne!(own, mac(4, 7, "anna@example.ru", 100));
        assert_ne!(own, mac(3, 8, "anna@example.ru", 100));
        assert_ne!(own, mac(3, 7, "former@example.ru", 100));
        assert_ne!(own, mac(3, 7, "anna@example.ru", 101));
        let unlocked = of(3, (7, 2), "anna@example.ru", 100);
        assert_ne!(own, unlocked);
        assert_ne!(unlocked, of(3, (7, 3), "anna@example.ru", 100));
    }

    proptest! {
        #[test]
        fn a_link_has_three_parts(text in r"\w{0,30}(\.\w{0,30})?|(\w{0,30}\.){3}\w{0,30}") {
            prop_assert_eq!(Link::parse(&text), None);
        }

        #[test]
        fn any_text_is_read_without_harm(text in any::<String>()) {
            let _ = Link::parse(&text);
        }
    }
}
