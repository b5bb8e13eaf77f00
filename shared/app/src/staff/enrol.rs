//! Becoming a member by the link of an invitation: a password, an authenticator proved by its code, recovery codes.

use super::{SignedIn, login_hash, new_session};
use crate::{App, Refusal, factor, password};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::account::FactorBy;
use domain::moment::Draw;
use domain::staff::{Grant, Member, StaffAction, unrestricted};
use domain::{InvitationId, StaffId};
use store::access::staff::Unrestricted;
use store::items::factor::{Factor, seal_secret};
use store::items::invitation::{self as record, Invitation};
use store::items::staff::{Identity, StaffAuth, StaffChange};
use store::tries::Tries;
use store::vault::{ClearKey, mac};
use store::{Commit, Committed, Guard, Vault, keys};
use subtle::ConstantTimeEq;

/// The secret of an invitation's link: derived, never kept.
pub fn token(links: &ClearKey, invitation: &Invitation) -> String {
    let mac = link_mac(links, invitation.id, invitation.expires_at);
    format!("{}.{}", invitation.id, URL_SAFE_NO_PAD.encode(mac))
}

fn link_mac(links: &ClearKey, id: InvitationId, expires_at: DateTime<Utc>) -> [u8; 32] {
    mac(links, &[b"invitation", &id.0.to_bytes(), &expires_at.timestamp().to_be_bytes()])
}

/// What the invited one is shown: who they are here, and what to put into the authenticator. Not for logs.
#[derive(Clone)]
pub struct Enrolment {
    pub who: Identity,
    pub grants: Vec<Grant>,
    pub expires_at: DateTime<Utc>,
    /// What was drawn for this opening: whoever accepts gives it back, so that the authenticator is that of this opening.
    pub setup: String,
    /// In Base32, as authenticators take it.
    pub secret: String,
    /// The same as an `otpauth` address.
    pub address: String,
}

/// Opens an invitation's link.
///
/// # Errors
/// [`Refusal::InvitationOver`] for every link that is not good: too old, used, forged, or given by somebody who was changed
/// or blocked since.
pub async fn look(app: &App, vault: &Vault, links: &ClearKey, token: &str) -> Result<Enrolment, Refusal> {
    let Found { invitation, who, .. } = find(app, vault, links, token).await?;
    let drawn: [u8; 16] = app.clock.moment().bytes(Draw::Nonce);
    let secret = factor::secret_of(links, invitation.id.0, &drawn);
    // Without an address the secret can be typed all the same.
    let address = factor::address(&secret, &who.email).unwrap_or_default();
    let (grants, expires_at) = (invitation.grants, invitation.expires_at);
    Ok(Enrolment { who, grants, expires_at, setup: URL_SAFE_NO_PAD.encode(drawn), secret, address })
}

/// An invitation that is good.
struct Found {
    invitation: Invitation,
    who: Identity,
    /// Who gives it, as they are.
    giver: Option<Member>,
}

async fn find(app: &App, vault: &Vault, links: &ClearKey, token: &str) -> Result<Found, Refusal> {
    let parsed = token
        .trim()
        .split_once('.')
        .and_then(|(id, mac)| Some((id.parse::<InvitationId>().ok()?, URL_SAFE_NO_PAD.decode(mac).ok()?)));
    let (id, mac) = parsed.ok_or(Refusal::InvitationOver)?;
    let key = keys::invitation(id);
    let batch = app.store.read(std::slice::from_ref(&key)).await?;
    let (Some(item), Some(invitation)) = (batch.item(&key), batch.invitation(id)?) else {
        return Err(Refusal::InvitationOver);
    };
    let right = bool::from(mac.ct_eq(&link_mac(links, id, invitation.expires_at)));
    if !right || app.clock.now() >= invitation.expires_at || invitation.member.is_some() {
        return Err(Refusal::InvitationOver);
    }
    let giver = match invitation.by {
        None => None,
        Some((by, epoch)) => {
            let giver = app.store.read(&[keys::member(by)]).await?.member(by)?;
            let gives = |giver: &Member| {
                giver.epoch == epoch
                    && invitation.grants.iter().all(|grant| giver.may_give(grant, &app.catalogue))
            };
            Some(giver.filter(gives).ok_or(Refusal::InvitationOver)?)
        }
    };
    let who = record::identity(item, vault)?;
    Ok(Found { invitation, who, giver })
}

/// A new member in their first session. Not for logs.
#[derive(Clone)]
pub struct Enrolled {
    pub signed_in: SignedIn,
    /// Shown this once.
    pub recovery_codes: Vec<String>,
}

/// What the invited one gives.
#[derive(Clone)]
pub struct Accepting {
    pub token: String,
    pub password: String,
    /// [`Enrolment::setup`].
    pub setup: String,
    pub code: String,
}

/// Makes a member of the invited one.
///
/// # Errors
/// As [`look`]; [`Refusal::Fields`] for a password that is not good; [`Refusal::SecondFactorWrong`] when the code is not
/// the authenticator's; [`Refusal::AlreadyStaff`] when somebody works here under this address.
pub async fn complete(
    app: &App,
    vault: &Vault,
    links: &ClearKey,
    accepting: Accepting,
) -> Result<Enrolled, Refusal> {
    let Accepting { token, password, setup, code } = accepting;
    let moment = app.clock.moment();
    let Found { invitation, who, giver } = find(app, vault, links, &token).await?;
    let mailbox = who.email.split('@').next().unwrap_or_default();
    let wrong = password::check("password", &password, &[mailbox]);
    if !wrong.is_empty() {
        return Err(Refusal::Fields(wrong));
    }
    let drawn = URL_SAFE_NO_PAD.decode(&setup).map_err(|_| Refusal::SecondFactorWrong)?;
    let secret = factor::secret_of(links, invitation.id.0, &drawn);
    let step = factor::step_of(&secret, &code, moment.now).ok_or(Refusal::SecondFactorWrong)?;
    // Without a hash nobody could ever sign in.
    let hash = password::hash(password, moment.bytes(Draw::Salt)).await.ok_or(Refusal::Busy)?;
    let member = Member {
        id: StaffId(moment.ulid(Draw::Staff)),
        language: invitation.language.clone(),
        grants: invitation.grants.clone(),
        blocked: false,
        epoch: 1,
        version: 1,
        created_at: moment.now,
    };
    let recovery_codes = factor::recovery_codes(&moment);
    let auth = StaffAuth {
        password_hash: hash,
        factor: Factor::new(
            FactorBy::Authenticator,
            // The fields of the record are sealed under the nonces before this one.
            seal_secret(vault, &keys::staff_auth(member.id), &secret, moment.nonce(4))?,
            step,
            factor::hashes(vault, &recovery_codes),
        ),
    };
    let change = StaffChange {
        version: member.version,
        by: giver.as_ref().map(|giver| giver.id),
        action: StaffAction::Enrolled,
        at: moment.now,
        reason: None,
        former: Vec::new(),
        grants: member.grants.clone(),
    };
    let counted = match (unrestricted(&member.grants), &giver, invitation.forced) {
        (true, None, false) => Unrestricted::First,
        (true, ..) => Unrestricted::Joins,
        (false, ..) => Unrestricted::AsBefore,
    };
    let (signed_in, session_hash, session) = new_session(member.id, member.epoch, &moment);
    let login = login_hash(vault, &who.email);
    let mut tries = Tries::new(&moment);
    loop {
        let mut commit = Commit::new();
        app.store.put_member(&mut commit, &member, &who, &auth, &login, vault, &moment)?;
        app.store.end_invitation(&mut commit, invitation.id, member.id);
        app.store.put_staff_change(&mut commit, member.id, &change)?;
        app.store.count_administrator(&mut commit, member.id, counted);
        app.store.put_staff_session(&mut commit, member.id, &session_hash, &session)?;
        if let Some(giver) = &giver {
            app.store.still(&mut commit, giver);
        }
        match app.store.commit(commit).await {
            Committed::Done => return Ok(Enrolled { signed_in, recovery_codes }),
            Committed::Refused(guards) => {
                // By an earlier try of our own, or by another: the invitation tells whom it made.
                let batch = app.store.read(&[keys::invitation(invitation.id)]).await?;
                let made = batch.invitation(invitation.id)?.and_then(|found| found.member);
                return match made {
                    Some(made) if made == member.id => Ok(Enrolled { signed_in, recovery_codes }),
                    Some(_) => Err(Refusal::InvitationOver),
                    None if guards.contains(&Guard::Login) => Err(Refusal::AlreadyStaff),
                    None => Err(Refusal::InvitationOver),
                };
            }
            Committed::Conflict | Committed::Unknown(_) if tries.again().await => {}
            Committed::Conflict => return Err(Refusal::Busy),
            Committed::Unknown(error) => return Err(error.into()),
        }
    }
}
