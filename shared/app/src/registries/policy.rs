//! Whether a policy is good: asked of insurers until they say something clear, or often enough; then people decide (ACC-12).

use super::Inquiry;
use crate::called::joined;
use crate::{App, Refusal};
use domain::account::AccountEvent;
use domain::citizen::{Citizen, Person};
use domain::moment::Draw;
use domain::profile::{Checked, Policy};
use domain::registry::{Asking, PolicyQuestion, PolicySaid};
use domain::{AccountEventId, CitizenId, Moment};
use store::access::identities::CONFIRMED;
use store::access::profiles::RecordChange;
use store::items::account::Happened;
use store::items::citizen as record;
use store::items::profile::Kept;
use store::items::registry::Said;
use store::tries::Tries;
use store::{Commit, Committed, Item, Vault, keys};

/// Somebody as the table has them.
pub(super) struct Known {
    pub citizen: Citizen,
    pub person: Person,
    pub kept: Kept,
    record: Item,
}

pub(super) async fn known(app: &App, vault: &Vault, citizen: CitizenId) -> Result<Option<Known>, Refusal> {
    let me = keys::me(citizen);
    let batch = app.store.read(&[me.clone(), keys::profile(citizen)]).await?;
    let (Some(of), Some(item)) = (batch.citizen(citizen)?, batch.item(&me)) else { return Ok(None) };
    let (person, kept) = (record::person(item, vault)?, batch.profile(citizen, vault)?);
    Ok(Some(Known { citizen: of, person, kept, record: item.clone() }))
}

/// The question that stands open, with how far asking has come.
fn open(vault: &Vault, known: &Known, moment: &Moment) -> Option<(PolicyQuestion, Asking)> {
    let Some(Policy::Insured(insurance, Checked::Pending)) = &known.kept.profile.policy else { return None };
    let (birth_on, asking) = (known.kept.profile.birth_on?, known.kept.asking?);
    let name = known.person.name.clone();
    let (born, issued, today) =
        (birth_on.to_string(), insurance.issued_on.to_string(), moment.now.date_naive().to_string());
    let parts = [
        &*name.surname,
        &name.given,
        name.patronymic.as_deref().unwrap_or_default(),
        &born,
        insurance.kind.name(),
        &insurance.number,
        &issued,
        &today,
    ];
    let request = vault.lookup("policy", &joined(&parts));
    Some((PolicyQuestion { request, name, birth_on, insurance: insurance.clone() }, asking))
}

/// Whether a citizen's policy is to be asked about now, and what.
///
/// # Errors
/// The table's own.
pub async fn due(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
) -> Result<Inquiry<PolicyQuestion, PolicySaid>, Refusal> {
    let moment = app.clock.moment();
    let Some(known) = known(app, vault, citizen).await? else { return Ok(Inquiry::Nothing) };
    let Some((question, asking)) = open(vault, &known, &moment) else { return Ok(Inquiry::Nothing) };
    if asking.next_at > moment.now {
        return Ok(Inquiry::Nothing);
    }
    match app.store.registry_answer(&question.request, vault, &moment).await? {
        Some(Said::Policy(said)) => Ok(Inquiry::Said(Box::new(question), said)),
        _ => Ok(Inquiry::Ask(Box::new(question))),
    }
}

/// Keeps a clear answer for a day.
///
/// # Errors
/// The table's own.
pub async fn keep(app: &App, vault: &Vault, asked: &PolicyQuestion, said: PolicySaid) -> Result<(), Refusal> {
    let said = Said::Policy(said);
    Ok(app.store.keep_registry_answer(&asked.request, &said, vault, &app.clock.moment()).await?)
}

/// Writes down what was said; none is no answer. What is no longer the question changes nothing.
///
/// # Errors
/// [`Refusal::Busy`] when others were faster all the time, or the person changed what was asked about: it is to be asked
/// again.
pub async fn settle(
    app: &App,
    vault: &Vault,
    citizen: CitizenId,
    asked: &PolicyQuestion,
    said: Option<PolicySaid>,
) -> Result<(), Refusal> {
    let mut tries = Tries::new(&app.clock.moment());
    loop {
        let moment = app.clock.moment();
        let Some(known) = known(app, vault, citizen).await? else { return Ok(()) };
        let Some((question, asking)) = open(vault, &known, &moment) else { return Ok(()) };
        if (&question.name, question.birth_on, &question.insurance)
            != (&asked.name, asked.birth_on, &asked.insurance)
        {
            return Err(Refusal::Busy);
        }
        let checked = match (said, asking.again(moment.now)) {
            (Some(said), _) => said.checked(),
            (None, Some(_)) => Checked::Pending,
            (None, None) => Checked::Unclear,
        };
        let again = asking.again(moment.now).filter(|_| checked == Checked::Pending);
        let event =
            (checked == Checked::Refused).then(|| happened(citizen, AccountEvent::PolicyVoid, &moment));
        let commit = written(app, vault, &known, checked, again, event, &moment)?;
        match app.store.commit(commit).await {
            Committed::Done => return Ok(()),
            Committed::Refused(_) | Committed::Conflict | Committed::Unknown(_) => {}
        }
        if !tries.again().await {
            return Err(Refusal::Busy);
        }
    }
}

pub(super) fn happened(citizen: CitizenId, event: AccountEvent, moment: &Moment) -> Happened {
    let id = AccountEventId(moment.ulid(Draw::AccountEvent));
    Happened {
        id,
        citizen,
        event,
        at: moment.now,
        former: None,
        former_email: None,
        device: None,
        means: None,
        why: None,
        member: None,
    }
}

/// What is thought of the policy, in the profile and in the record, and that it happened: one write.
fn written(
    app: &App,
    vault: &Vault,
    known: &Known,
    checked: Checked,
    again: Option<Asking>,
    event: Option<Happened>,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    let after = thought(&known.kept, checked, again, moment);
    let mut commit = Commit::new();
    let id = known.citizen.id;
    let decided_by = event.as_ref().and_then(|event| event.member);
    app.store.put_asked(&mut commit, id, (&known.kept, &after), decided_by, vault, moment)?;
    if again.is_none() {
        // Whoever showed who they are stays so.
        let confirmed = known.record.get(CONFIRMED).cloned();
        let change = RecordChange { met: after.profile.meets(), confirmed, ..RecordChange::default() };
        app.store.change_record(&mut commit, id, known.citizen.epoch, &change)?;
    }
    if let Some(event) = event {
        app.store.put_happened(&mut commit, &event)?;
    }
    Ok(commit)
}

fn thought(kept: &Kept, checked: Checked, again: Option<Asking>, moment: &Moment) -> Kept {
    let mut profile = kept.profile.clone();
    if let Some(Policy::Insured(_, was)) = &mut profile.policy {
        *was = checked;
    }
    let mut after = kept.changed(&profile, moment.now);
    after.asking = match checked {
        Checked::Pending => again,
        // The question is as old as it was.
        Checked::Unclear => kept.asking,
        Checked::Valid | Checked::Refused => None,
    };
    after
}

/// What staff decided, on the profile as it was read.
pub(super) fn decided(
    app: &App,
    vault: &Vault,
    known: &Known,
    event: Happened,
    moment: &Moment,
) -> Result<Commit, Refusal> {
    let checked =
        if event.event == AccountEvent::PolicyConfirmed { Checked::Valid } else { Checked::Refused };
    written(app, vault, known, checked, None, Some(event), moment)
}
