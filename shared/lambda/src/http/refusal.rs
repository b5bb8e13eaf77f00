//! Every refusal of a use case as a problem: the one place where status, sentence and members are chosen.

use super::problem::{FieldProblem, Problem};
use super::utc;
use super::views::{alternatives, local, said};
use super::{block, deletion};
use crate::Edge;
use app::Refusal;
use app::effort::WAIT;
use app::refusal::{Needed, WrongField};
use chrono::{DateTime, Utc};
use domain::OfficeId;
use domain::availability::NothingFree;
use domain::limits::{APPOINTMENTS_MAX, CORRECTIONS_MAX, ENTRIES_MAX, PASSKEYS_MAX, ROWS_MAX};
use serde_json::{Value, json};
use text::{Args, Lang};

/// Seconds after which a busy system is worth another try.
const BUSY_AGAIN_S: u32 = 2;

impl Problem {
    /// Words a refusal.
    pub fn of(edge: &Edge, lang: Lang, refusal: Refusal) -> Self {
        let catalogue = &edge.app().catalogue;
        let say = |at: DateTime<Utc>, office: &OfficeId| match catalogue.offices.get(office) {
            Some(office) => (text::when(lang, at, office.zone), local(at, office.zone), office.phone.clone()),
            None => (text::when(lang, at, chrono_tz::UTC), local(at, chrono_tz::UTC), String::new()),
        };
        let problem = |code| Problem::new(lang, code);
        match refusal {
            Refusal::Unauthorized => problem("unauthorized"),
            Refusal::WrongCredentials => problem("wrong-credentials"),
            Refusal::NotFound => problem("not-found"),
            Refusal::UnknownOffice => Self::one_field(lang, "officeId", "unknown-office"),
            Refusal::UnknownService => Self::one_field(lang, "serviceId", "unknown-service"),
            Refusal::Fields(fields) => Self::with_fields(problem("invalid-request"), lang, fields),
            Refusal::NotReady(missing) => {
                let names: Vec<&str> = missing.iter().map(|condition| condition.name()).collect();
                let labels: Vec<String> =
                    names.iter().map(|name| text::label(lang, &format!("readiness-{name}"))).collect();
                problem("not-ready").arg("list", labels.join("; ")).member("missing", names)
            }
            Refusal::FilesLacking { service, lacking } => {
                let said: Vec<(String, String)> = lacking
                    .iter()
                    .map(|one| {
                        let why = text::label(lang, &format!("lack-{}", one.why.name()));
                        (said(&one.name, lang).to_owned(), why)
                    })
                    .collect();
                let list: Vec<String> = said.iter().map(|(name, why)| format!("{name}: {why}")).collect();
                let documents: Vec<Value> = lacking
                    .iter()
                    .zip(said)
                    .map(|(one, (name, text))| {
                        json!({ "document": one.document.as_str(), "name": name, "lack": one.why.name(), "text": text })
                    })
                    .collect();
                problem("files-lacking")
                    .arg("list", list.join("; "))
                    .member("serviceId", service.as_str())
                    .member("documents", documents)
            }
            Refusal::FileNeeded { appointment } => {
                problem("file-needed").member("appointmentId", appointment.to_string())
            }
            Refusal::NothingToConfirm(missing) => {
                let names: Vec<&str> = missing.iter().map(|condition| condition.name()).collect();
                let labels: Vec<String> =
                    names.iter().map(|name| text::label(lang, &format!("readiness-{name}"))).collect();
                problem("nothing-to-confirm").arg("list", labels.join("; ")).member("missing", names)
            }
            Refusal::WayClosed => problem("way-closed"),
            Refusal::SameSession => problem("same-session"),
            Refusal::SignatureRefused(reason) => {
                let text = text::label(lang, &format!("signature-{reason}"));
                problem("signature-refused").arg("reason", text).member("reason", reason)
            }
            Refusal::SigningClosed => problem("signing-closed"),
            Refusal::SignatureNotNeeded => problem("signature-not-needed"),
            Refusal::SignedAtVisit => problem("signed-at-visit"),
            Refusal::OtherPerson(fields) => Self::with_fields(problem("other-person"), lang, fields),
            Refusal::CheckOpen => problem("check-open"),
            Refusal::CheckTaken => problem("check-taken"),
            Refusal::CheckNotTaken => problem("check-not-taken"),
            Refusal::CheckOver => problem("check-over"),
            Refusal::CheckChanged => problem("check-changed"),
            Refusal::EsiaUnavailable => problem("esia-unavailable").retry_after(BUSY_AGAIN_S),
            Refusal::EsiaNotBelieved => problem("esia-not-believed"),
            Refusal::SnilsTaken => problem("snils-taken"),
            Refusal::NotEligible { reason, office } => {
                let phone =
                    catalogue.offices.get(&office).map(|office| office.phone.clone()).unwrap_or_default();
                problem("not-eligible")
                    .arg("reason", reason.clone())
                    .arg("phone", phone.clone())
                    .member("reason", reason)
                    .member("phone", phone)
            }
            Refusal::EntitlementUntold { office } => {
                let phone =
                    catalogue.offices.get(&office).map(|office| office.phone.clone()).unwrap_or_default();
                problem("entitlement-untold")
                    .arg("phone", phone.clone())
                    .member("phone", phone)
                    .member("confirmAt", "/v1/me/identity")
            }
            Refusal::Inactive(blocked) => {
                let office = catalogue.offices.get(&blocked.office);
                let phone = office.map(|office| office.phone.clone()).unwrap_or_default();
                problem("account-inactive")
                    .arg("reason", block::ground(lang, &blocked))
                    .arg(
                        "office",
                        office.map(|office| said(&office.name, lang).to_owned()).unwrap_or_default(),
                    )
                    .arg("phone", phone.clone())
                    .member("ground", blocked.ground.name())
                    .member("officeId", blocked.office.as_str())
                    .member("phone", phone)
            }
            Refusal::ClosedAlready => problem("closed-already"),
            Refusal::NotOffered(NothingFree::NotBookable) => problem("service-not-bookable"),
            Refusal::NotOffered(why) => {
                let reason = text::label(lang, &format!("reason-{}", why.name()));
                problem("slot-not-offered")
                    .arg("reason", reason.clone())
                    .member("reason", why.name())
                    .member("reasonText", reason)
            }
            Refusal::SlotTaken { alternatives: found } => {
                problem("slot-taken").member("alternatives", alternatives(edge, lang, &found))
            }
            Refusal::SlotsAreFree { alternatives: found } => {
                problem("slots-are-free").member("alternatives", alternatives(edge, lang, &found))
            }
            Refusal::TooLate { deadline, office } => {
                let (said, exact, phone) = say(deadline, &office);
                problem("too-late")
                    .arg("deadline", said)
                    .arg("phone", phone.clone())
                    .member("deadline", exact)
                    .member("phone", phone)
            }
            Refusal::NotPlanned => problem("not-planned"),
            Refusal::TooManyCorrections { office } => {
                let phone =
                    catalogue.offices.get(&office).map(|office| office.phone.clone()).unwrap_or_default();
                problem("too-many-corrections")
                    .arg("max", i64::from(CORRECTIONS_MAX))
                    .arg("phone", phone.clone())
                    .member("phone", phone)
            }
            Refusal::SameSlot => problem("same-slot"),
            Refusal::AlreadyBooked { appointment } => {
                problem("already-booked").member("appointmentId", appointment.to_string())
            }
            Refusal::Overlapping { appointment } => {
                problem("overlapping").member("appointmentId", appointment.to_string())
            }
            Refusal::OfferOpen { offer } => problem("offer-open").member("offerId", offer.to_string()),
            Refusal::TooManyAppointments => {
                problem("too-many-appointments").arg("max", APPOINTMENTS_MAX as i64)
            }
            Refusal::CoolingDown { until, office } => {
                let (said, exact, _) = say(until, &office);
                problem("cooling-down").arg("until", said).member("until", exact)
            }
            Refusal::ServicePaused { until, office } => {
                let (said, exact, phone) = say(until, &office);
                problem("service-paused")
                    .arg("until", said)
                    .arg("phone", phone.clone())
                    .member("until", exact)
                    .member("phone", phone)
            }
            Refusal::IdempotencyMismatch => problem("idempotency-mismatch"),
            Refusal::RefusedBefore => problem("refused-before"),
            Refusal::WishTooWide { rows } => {
                problem("wish-too-wide").arg("max", ROWS_MAX as i64).member("lines", rows as u64)
            }
            Refusal::NothingToWaitFor => problem("nothing-to-wait-for"),
            Refusal::AlreadyWaiting => problem("already-waiting"),
            Refusal::TooManyEntries => problem("too-many-entries").arg("max", ENTRIES_MAX as i64),
            Refusal::NotWaiting => problem("not-waiting"),
            Refusal::HeldTooSoon => problem("held-too-soon"),
            Refusal::OfferEnded => problem("offer-ended"),
            Refusal::CodeWrong { left } => {
                problem("code-wrong").arg("left", i64::from(left)).member("left", left)
            }
            Refusal::CodeSpent => problem("code-spent"),
            Refusal::CodeExpired => problem("code-expired"),
            Refusal::ResendTooEarly { seconds } => problem("resend-too-early")
                .arg("seconds", seconds)
                .retry_after(u32::try_from(seconds).unwrap_or(60)),
            Refusal::CodeLimit => problem("code-limit"),
            Refusal::EffortNeeded(demand) => {
                let seconds = WAIT.num_seconds();
                problem("effort-needed")
                    .arg("seconds", seconds)
                    .member("challenge", serde_json::to_value(&demand.challenge).unwrap_or_default())
                    .member("wait", serde_json::json!({ "token": demand.wait, "seconds": seconds }))
                    .retry_after(u32::try_from(seconds).unwrap_or(60))
            }
            Refusal::TooManyCodes { seconds } => problem("too-many-codes")
                .arg("minutes", seconds.div_euclid(60) + 1)
                .retry_after(u32::try_from(seconds).unwrap_or(3600)),
            Refusal::RegistrationSpent => problem("registration-spent"),
            Refusal::PhoneConfirmed => problem("phone-confirmed"),
            Refusal::LinkExpired => problem("link-expired"),
            Refusal::EmailOfAnother => problem("email-of-another"),
            Refusal::CheckInTooEarly { from, office } => {
                let (said, exact, _) = say(from, &office);
                problem("check-in-too-early").arg("from", said).member("from", exact)
            }
            Refusal::CheckInTooLate { office } => {
                let phone =
                    catalogue.offices.get(&office).map(|office| office.phone.clone()).unwrap_or_default();
                problem("check-in-too-late").arg("phone", phone)
            }
            Refusal::CheckInWrong => problem("check-in-wrong"),
            Refusal::WrongStaffCredentials => problem("wrong-staff-credentials"),
            Refusal::SecondFactorWrong => problem("second-factor-wrong"),
            Refusal::TooManyTries { seconds } => problem("too-many-requests")
                .arg("seconds", seconds)
                .retry_after(u32::try_from(seconds).unwrap_or(BUSY_AGAIN_S)),
            Refusal::BeyondRights => problem("beyond-your-rights"),
            Refusal::NotYourself => problem("not-yourself"),
            Refusal::LastAdministrator => problem("last-administrator"),
            Refusal::InvitationOver => problem("invitation-over"),
            Refusal::AlreadyStaff => problem("already-staff"),
            Refusal::NotSo { phase } => problem("not-so")
                .arg("phase", text::label(lang, &format!("phase-{}", phase.name())))
                .member("phase", phase.name()),
            Refusal::NotToday { starts_at, office } => {
                let (said, exact, _) = say(starts_at, &office);
                problem("not-today").arg("from", said).member("startsAt", exact)
            }
            Refusal::NotHere => problem("not-here"),
            Refusal::NotReceived => problem("not-received"),
            Refusal::UndoTooLate => problem("undo-too-late"),
            Refusal::WindowBusy => problem("window-busy"),
            Refusal::NobodyWaits => problem("nobody-waits"),
            Refusal::NotIdentified => problem("not-identified"),
            Refusal::FactsWrong => problem("facts-wrong"),
            Refusal::OfficeFile(errors) => {
                errors.as_slice().iter().fold(problem("office-file-wrong"), |problem, wrong| {
                    let line = wrong.line.map(|line| format!("{line}: ")).unwrap_or_default();
                    problem.error(FieldProblem {
                        field: if wrong.path.is_empty() { "file".to_owned() } else { wrong.path.clone() },
                        code: "office-file".to_owned(),
                        message: format!("{line}{}", wrong.problem),
                    })
                })
            }
            Refusal::OfficeFileTooLarge { max } => problem("office-file-too-large").arg("max", max as i64),
            Refusal::OfficeChanged { version } => problem("office-changed").member("version", version),
            Refusal::ProofSpent => problem("proof-spent"),
            Refusal::SecondFactorNeeded(Needed::Authenticator) => problem("second-factor-needed"),
            Refusal::SecondFactorNeeded(Needed::Sms { resend_at }) => {
                problem("second-factor-sent").member("resendAt", local(resend_at, chrono_tz::UTC))
            }
            Refusal::SecondFactorNeeded(Needed::Recovery) => problem("second-factor-other"),
            Refusal::UnlockOpen => problem("unlock-open"),
            Refusal::UnlockOwn => problem("unlock-own"),
            Refusal::UnlockOver => problem("unlock-over"),
            Refusal::VisitShut => problem("visit-shut"),
            Refusal::UnlockPhoneTaken => problem("unlock-phone-taken"),
            Refusal::PhoneHasCabinet => problem("phone-has-cabinet"),
            Refusal::UnlockDiffers => problem("unlock-differs"),
            Refusal::PasskeyWrong => problem("passkey-wrong"),
            Refusal::TooManyPasskeys => problem("too-many-passkeys").arg("max", PASSKEYS_MAX as i64),
            Refusal::SecondFactorIsOn => problem("second-factor-is-on"),
            Refusal::ReferencesChanged { version } => {
                problem("references-changed").member("version", version)
            }
            Refusal::ReferencesUnderWay => problem("references-under-way").retry_after(BUSY_AGAIN_S),
            Refusal::Touches(touches) => problem("touches-appointments")
                .arg("count", i64::from(touches.appointments))
                .member("appointments", touches.appointments)
                .member("arrived", touches.arrived)
                .member("toCall", touches.to_call),
            Refusal::PolicyNotTaken => problem("policy-not-taken"),
            Refusal::DeletionHindered(hindrances) => deletion::hindered(edge, lang, &hindrances),
            Refusal::DeletionUnderWay { goes_at } => problem("deletion-under-way")
                .arg("until", text::when(lang, goes_at, chrono_tz::Europe::Moscow))
                .member("deletionAt", utc(goes_at)),
            Refusal::NotRepresented => problem("not-represented"),
            Refusal::IdentityNeeded => problem("identity-needed"),
            Refusal::GrantOpen => problem("grant-open"),
            Refusal::TooManyGrants { max } => problem("too-many-grants").member("max", max as u64),
            Refusal::GrantNotTaken => problem("grant-not-taken"),
            Refusal::GrantOver => problem("grant-over"),
            Refusal::GrantDiffers(fields) => Self::with_fields(problem("grant-differs"), lang, fields),
            Refusal::GrantMoved => problem("grant-moved"),
            Refusal::GrantNoPaper => problem("grant-no-paper"),
            Refusal::GrantChanged => problem("grant-changed"),
            Refusal::CursorInvalid => problem("cursor-invalid"),
            Refusal::Busy => {
                problem("overloaded").arg("seconds", i64::from(BUSY_AGAIN_S)).retry_after(BUSY_AGAIN_S)
            }
            Refusal::Unavailable(error) => {
                tracing::error!(error = %crate::batch::chain(&error), "a request failed");
                problem("unavailable").retry_after(BUSY_AGAIN_S)
            }
        }
    }

    /// A problem with every field that it names.
    fn with_fields(problem: Self, lang: Lang, fields: Vec<WrongField>) -> Self {
        fields.into_iter().fold(problem, |problem, wrong| {
            let args =
                wrong.facts.iter().fold(Args::new(), |args, (name, value)| match value.parse::<i64>() {
                    Ok(number) => args.with(name, number),
                    Err(_) => args.with(name, value.as_str()),
                });
            let message = text::field_error(lang, wrong.code, &args);
            problem.error(FieldProblem { field: wrong.field, code: wrong.code.to_owned(), message })
        })
    }

    fn one_field(lang: Lang, field: &str, code: &str) -> Self {
        let message = text::field_error(lang, code, &Args::new());
        Problem::new(lang, "invalid-request").error(FieldProblem {
            field: field.to_owned(),
            code: code.to_owned(),
            message,
        })
    }
}
