//! Closing a cabinet: nobody gets in any more, its phone and its address are free, and its owner is told for the last time
//! before that can no longer be.

use crate::account::deletion::hindrances;
use crate::account::happened;
use crate::contact::Login;
use crate::{App, Refusal, called, identity};
use chrono::TimeDelta;
use domain::account::AccountEvent;
use domain::limits::{LAST_WORD_WAITS, RECONCILE_AFTER};
use store::items::check;
use store::items::citizen as record;
use store::items::keeping::{Closed, Standing};
use store::items::note::{Note, NoteState, NoticeId};
use store::tries::Tries;
use store::{Commit, Committed, Vault, keys};

/// When a cabinet in which something stands against all rules is looked at again.
const HINDERED_LOOK: TimeDelta = TimeDelta::days(1);

/// Closes a cabinet whose time is over, in one write with all by which it is found.
pub(super) async fn close(app: &App, vault: &Vault, standing: &Standing) -> Result<(), Refusal> {
    let citizen = standing.citizen;
    let moment = app.clock.moment();
    let wanted = [keys::me(citizen), keys::active(citizen), keys::profile(citizen), keys::check(citizen)];
    let mut tries = Tries::new(&moment);
    loop {
        let batch = app.store.read(&wanted).await?;
        let (Some(item), Some(found)) = (batch.item(&keys::me(citizen)), batch.citizen(citizen)?) else {
            return Ok(());
        };
        let standing = Standing { record: item.clone(), ..standing.clone() };
        if found.deletion_asked_at != standing.asked_at {
            return Ok(());
        }
        let active = batch.active(citizen)?;
        if !hindrances(&active, moment.now).is_empty() {
            // Nothing can be begun while a deletion runs. Should anything stand all the same, nobody loses it.
            tracing::error!("a cabinet is to be deleted in which something stands");
            app.store.look_at(&standing, moment.now + HINDERED_LOOK).await?;
            return Ok(());
        }
        let person = record::person(item, vault)?;
        let kept = batch.profile(citizen, vault)?;
        let event = happened(vault, &found, AccountEvent::CabinetDeleted, None, None, &moment)?;
        let closed = Closed { at: moment.now, word: event.id };
        let mut commit = Commit::new();
        app.store.close_cabinet(
            &mut commit,
            &standing,
            found.epoch,
            &closed,
            moment.now + RECONCILE_AFTER,
        )?;
        let Ok(phone) = person.phone.parse::<Login>();
        app.store.drop_login(&mut commit, &phone.hash(vault), citizen);
        // An address that was never confirmed leads nowhere, or to somebody else.
        if found.email_confirmed_at.is_some() {
            let Ok(email) = person.email.parse::<Login>();
            app.store.drop_login(&mut commit, &email.hash(vault), citizen);
        }
        app.store.drop_names(&mut commit, citizen, &called::hashes(&person.name, vault));
        if let (Some(_), Some(snils)) = (found.confirmed, &kept.profile.snils) {
            app.store.give_up_snils(&mut commit, citizen, &identity::claimed(vault, snils));
        }
        let check = batch.check(citizen)?.as_ref().and_then(check::queued);
        for row in [kept.queued(citizen), check].into_iter().flatten() {
            app.store.keep_queued(&mut commit, Some(&row), None, None)?;
        }
        app.store.drop_active(&mut commit, citizen, &active);
        app.store.put_happened(&mut commit, &event)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            Committed::Refused(_) if tries.reread() => {}
            Committed::Conflict | Committed::Unknown(_) if tries.again().await => {}
            Committed::Unknown(error) => return Err(error.into()),
            Committed::Refused(_) | Committed::Conflict => return Err(Refusal::Busy),
        }
    }
}

/// The cabinet once its last message is out, as that one's own row says, or was waited for long enough; until then the contacts
/// stay. Should the message about it be lost, it is put once more, as a notice that is planned.
pub(super) async fn told(
    app: &App,
    standing: Standing,
    closed: &Closed,
) -> Result<Option<Standing>, Refusal> {
    if standing.told {
        return Ok(Some(standing));
    }
    let now = app.clock.now();
    let id = NoticeId {
        at: closed.at,
        kind: AccountEvent::CabinetDeleted.notice(),
        subject: closed.word.0,
        version: 1,
    };
    let batch = app.store.read(&[keys::note(standing.citizen, &id.to_string())]).await?;
    let note = batch.note(standing.citizen, &id.to_string())?;
    let out = |note: &Note| matches!(note.state, NoteState::Sent | NoteState::Dropped | NoteState::Failed);
    if note.as_ref().is_some_and(out) || now >= closed.at + LAST_WORD_WAITS {
        return Ok(app.store.last_word_is_out(standing, now).await?);
    }
    if note.is_none() && now >= closed.at + RECONCILE_AFTER {
        let (citizen, state) = (standing.citizen, NoteState::Planned);
        app.store
            .put_note(&Note { citizen, id, state, due_at: None, sent: Vec::new(), about: None, of: None })
            .await?;
    }
    app.store.look_at(&standing, now + RECONCILE_AFTER).await?;
    Ok(None)
}
