//! The text that is to be signed, made when it is asked for.

use super::{preferable, signs, whole_name};
use crate::correct::Correction;
use crate::{App, Caller, Refusal};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::appointment::{Application, Phase};
use domain::catalogue::{Office, Service};
use domain::moment::Draw;
use domain::signing::{Subject, TEXT_VALID};
use domain::{AppointmentId, ChallengeId, CitizenId, Moment, OfferId, OfficeId, ServiceId};
use store::access::batch::Batch;
use store::items::appointment as item;
use store::items::citizen as record;
use store::items::to_sign::ToSign;
use store::{Vault, keys};

/// What a text says.
pub struct Facts<'a> {
    pub id: ChallengeId,
    /// Who signs: surname, first name, patronymic.
    pub by: String,
    /// For whom, where that is not the signer.
    pub behalf: Option<String>,
    /// Whose agency it is handed in at, and by whose clock.
    pub office: &'a Office,
    pub service: &'a Service,
    pub application: &'a Application,
    pub asked_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// 256 bits of chance: no two texts are the same.
    pub nonce: String,
}

/// Makes a text of what it says.
pub type Words<'a> = dyn Fn(&Facts<'_>) -> String + Send + Sync + 'a;

/// What is to be signed, to the letter.
#[derive(Debug, Clone)]
pub struct Begun {
    pub id: ChallengeId,
    pub text: String,
    pub expires_at: DateTime<Utc>,
}

/// A text for booking a service, at whatever time, at an office of the same agency as this one.
///
/// # Errors
/// [`Refusal::SignatureNotNeeded`]; [`Refusal::SignedAtVisit`] for staff; [`Refusal::NotRepresented`]; [`Refusal::Fields`] of
/// preferred dates.
pub async fn for_booking(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    (office, service, application): (&OfficeId, &ServiceId, &Application),
    words: &Words<'_>,
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let batch = app.store.read(&caller.with([])).await?;
    caller.check(&batch, moment.now)?;
    caller.covers(&batch, service, moment.now)?;
    let (office, service) = (app.office(office)?, app.service(service)?);
    preferable(office, service, &application.preferred, moment.now)?;
    let what = (Subject::Booking(service.id.clone()), office, service, application);
    begin((app, vault), (caller, &batch), what, words, &moment).await
}

/// A text for accepting an offer of a service for which one holds no appointment.
///
/// # Errors
/// As [`for_booking`]; [`Refusal::NotFound`]; [`Refusal::OfferEnded`].
pub async fn for_offer(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    id: OfferId,
    application: &Application,
    words: &Words<'_>,
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let citizen = caller.citizen();
    let batch = app.store.read(&caller.with([keys::offer(citizen, id), keys::active(citizen)])).await?;
    caller.check(&batch, moment.now)?;
    let offer = batch.offer(citizen, id)?.ok_or(Refusal::NotFound)?;
    caller.sees(&batch, &offer.service, moment.now)?;
    if !offer.is_open(moment.now) {
        return Err(Refusal::OfferEnded);
    }
    // Of an appointment that only moves everything stays that was filled in, and signed.
    if batch.active(citizen)?.held(&offer.service, moment.now).is_some() {
        return Err(Refusal::SignatureNotNeeded);
    }
    let (office, service) = (app.office(&offer.seat.office)?, app.service(&offer.service)?);
    let what = (Subject::Offer(id), office, service, application);
    begin((app, vault), (caller, &batch), what, words, &moment).await
}

/// A text for correcting what was filled in for an appointment that was signed.
///
/// # Errors
/// As [`for_booking`]; what the correction refuses; [`Refusal::NotFound`]; [`Refusal::NotPlanned`].
pub async fn for_correction(
    app: &App,
    vault: &Vault,
    caller: &Caller,
    (id, correction): (AppointmentId, &impl Correction),
    words: &Words<'_>,
) -> Result<Begun, Refusal> {
    let moment = app.clock.moment();
    let key = keys::appointment(caller.citizen(), id);
    let batch = app.store.read(&caller.with([key.clone()])).await?;
    caller.check(&batch, moment.now)?;
    let before = item::from_item(batch.item(&key).ok_or(Refusal::NotFound)?, Some(vault))?;
    caller.sees(&batch, &before.service, moment.now)?;
    if before.phase != Phase::Planned {
        return Err(Refusal::NotPlanned);
    }
    let after = correction(&before)?;
    let (office, service) = (app.office(&before.seat.office)?, app.service(&before.service)?);
    if after.preferred != before.application.preferred {
        preferable(office, service, &after.preferred, moment.now)?;
    }
    if before.application.signed.is_none() || after == before.application {
        return Err(Refusal::SignatureNotNeeded);
    }
    let what = (Subject::Correction(id), office, service, &after);
    begin((app, vault), (caller, &batch), what, words, &moment).await
}

async fn begin(
    (app, vault): (&App, &Vault),
    (caller, batch): (&Caller, &Batch),
    (subject, office, service, application): (Subject, &Office, &Service, &Application),
    words: &Words<'_>,
    moment: &Moment,
) -> Result<Begun, Refusal> {
    let signer = caller.signer().ok_or(Refusal::SignedAtVisit)?;
    // What was signed before is signed when it is corrected, also where the service has since stopped asking for it.
    if !signs(caller, service) && !matches!(subject, Subject::Correction(_)) {
        return Err(Refusal::SignatureNotNeeded);
    }
    let citizen = caller.citizen();
    let name = |who: CitizenId| {
        let item = batch.item(&keys::me(who)).ok_or(Refusal::Unauthorized)?;
        Ok::<_, Refusal>(whole_name(&record::person(item, vault)?.name))
    };
    let facts = Facts {
        id: ChallengeId(moment.ulid(Draw::Operation)),
        by: name(signer)?,
        behalf: (signer != citizen).then(|| name(citizen)).transpose()?,
        office,
        service,
        application,
        asked_at: moment.now,
        expires_at: moment.now + TEXT_VALID,
        nonce: URL_SAFE_NO_PAD.encode(moment.bytes::<32>(Draw::Challenge)),
    };
    let asked = ToSign {
        id: facts.id,
        citizen,
        signer,
        subject,
        agency: office.agency.clone(),
        application: Application { signed: None, ..application.clone() },
        text: words(&facts),
        asked_at: facts.asked_at,
        expires_at: facts.expires_at,
        used_at: None,
    };
    app.store.begin_signing(&asked, vault, moment.nonce(1)).await?;
    Ok(Begun { id: asked.id, text: asked.text, expires_at: asked.expires_at })
}
