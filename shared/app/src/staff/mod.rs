//! Those who work here: invited, enrolled with a second factor, changed and blocked by whoever may (OFC-8, OFC-11).

pub mod enrol;
pub mod invite;
pub mod members;
pub mod own;
pub mod queue;
pub mod sign_in;

use crate::{App, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::limits::STAFF_SESSION_VALID;
use domain::moment::Draw;
use domain::staff::Member;
use domain::{Moment, StaffId};
use store::access::batch::Batch;
use store::items::session::Session;
use store::vault::hash_text;
use store::{Key, keys};

/// What a member's token begins with: no citizen's does.
const TOKEN: char = 'S';

/// A member's token as presented: `S<member>.<256-bit secret>`, of which only a hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffBearer {
    pub member: StaffId,
    pub hash: String,
}

impl StaffBearer {
    /// Reads a token; one that cannot be one is no session.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`].
    pub fn parse(token: &str) -> Result<Self, Refusal> {
        let read = || {
            let (member, secret) = token.strip_prefix(TOKEN)?.split_once('.')?;
            Some(Self { member: member.parse().ok()?, hash: hash_text(secret.as_bytes()) })
        };
        read().ok_or(Refusal::Unauthorized)
    }

    /// The keys to read in the first batch: the session check costs no round trip of its own.
    pub fn keys(&self) -> [Key; 2] {
        [keys::staff_session(self.member, &self.hash), keys::member(self.member)]
    }

    /// The member, if the session lives: known, not expired, not of an ended epoch, and the member not blocked.
    ///
    /// # Errors
    /// [`Refusal::Unauthorized`].
    pub fn check(&self, batch: &Batch, now: DateTime<Utc>) -> Result<Member, Refusal> {
        let session = batch.staff_session(self.member, &self.hash)?.ok_or(Refusal::Unauthorized)?;
        let member = batch.member(self.member)?.ok_or(Refusal::Unauthorized)?;
        let live = session.expires_at > now && session.epoch == member.epoch && !member.blocked;
        if live { Ok(member) } else { Err(Refusal::Unauthorized) }
    }
}

/// Who asks, when nothing else is read with it.
///
/// # Errors
/// [`Refusal::Unauthorized`].
pub async fn signed_in(app: &App, bearer: &StaffBearer) -> Result<Member, Refusal> {
    let batch = app.store.read(&bearer.keys()).await?;
    bearer.check(&batch, app.clock.now())
}

/// What whoever asks for what there cannot be hears: that it is not there, and without a live session no more than about what is.
pub async fn absent(app: &App, bearer: &StaffBearer) -> Refusal {
    signed_in(app, bearer).await.err().unwrap_or(Refusal::NotFound)
}

/// A member's new session. Not for logs: whoever has the token is the member.
#[derive(Clone)]
pub struct SignedIn {
    pub member: StaffId,
    pub token: String,
    pub expires_at: DateTime<Utc>,
}

/// The token for its owner; hash and session for the table.
fn new_session(member: StaffId, epoch: u64, moment: &Moment) -> (SignedIn, String, Session) {
    let secret = URL_SAFE_NO_PAD.encode(moment.bytes::<32>(Draw::Session));
    let expires_at = moment.now + STAFF_SESSION_VALID;
    let session =
        Session { created_at: moment.now, expires_at, epoch, device: None, on: None, passkey: None };
    let token = format!("{TOKEN}{member}.{secret}");
    (SignedIn { member, token, expires_at: session.expires_at }, hash_text(secret.as_bytes()), session)
}

/// The keyed hash under which a member's address is found: a citizen with the same address is another login.
fn login_hash(vault: &store::Vault, email: &str) -> String {
    vault.lookup("staff", email)
}
