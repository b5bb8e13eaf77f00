//! Names that stand in the table, in addresses and in labels: whoever renames one breaks what is written already.

use crate::account::{AccountEvent, FactorBy, Purpose};
use crate::appointment::{Action, Actor, Mark, Phase};
use crate::availability::NothingFree;
use crate::catalogue::{FilesBy, Reference};
use crate::check::CheckState;
use crate::citizen::{Accepted, Blocked, Cabinet, Citizen, Ground, Missing, Reach, Readiness};
use crate::document::Lack;
use crate::identity::Means;
use crate::notice::NoticeKind;
use crate::profile::{Checked, Demand, PaperKind, PolicyKind};
use crate::unlock::UnlockState;
use crate::visit::VisitResult;
use crate::waitlist::{Bucket, Class, EntryAction, EntryState, OfferState, Part, PassedOver, When};
use crate::{AgencyId, OfficeId, ServiceId};
use chrono::{DateTime, NaiveDate, Weekday};

fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> String {
    all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(" ")
}

#[test]
fn names_stay() {
    assert_eq!(names(&Phase::ALL, Phase::name), "planned in-reception completed cancelled no-show");
    assert_eq!(names(&Mark::ALL, Mark::name), "confirmed changed needs-check");
    assert_eq!(names(&Actor::ALL, Actor::name), "citizen representative staff system");
    assert_eq!(
        names(&Action::ALL, Action::name),
        "booked accepted moved cancelled displaced checked-in called received closed no-show no-show-undone eligibility-confirmed eligibility-doubted corrected"
    );
    assert_eq!(
        names(&VisitResult::ALL, VisitResult::name),
        "served documents-missing declined referred left"
    );
    assert_eq!(names(&EntryState::ALL, EntryState::name), "waiting paused left served");
    assert_eq!(names(&OfferState::ALL, OfferState::name), "open accepted declined lapsed");
    assert_eq!(names(&Class::ALL, Class::name), "urgent displaced privileged ordinary");
    assert_eq!(Class::ALL.map(Class::digit), ['1', '2', '3', '5']);
    assert_eq!(
        names(&Missing::ALL, Missing::name),
        "email-confirmed name agreement consent birth-date paper snils address policy"
    );
    assert_eq!(names(&Reach::ALL, Reach::name), "both mail sms");
    assert_eq!(
        names(&PaperKind::ALL, PaperKind::name),
        "passport temporary-card foreign-passport residence-permit refugee-card"
    );
    assert_eq!(names(&PolicyKind::ALL, PolicyKind::name), "compulsory voluntary");
    assert_eq!(names(&Checked::ALL, Checked::name), "pending valid refused unclear");
    assert_eq!(names(&Part::ALL, Part::name), "morning day evening");
    assert_eq!(
        names(&EntryAction::ALL, EntryAction::name),
        "joined paused resumed left offered accepted declined lapsed paused-by-silence booked passed-over"
    );
    assert_eq!(
        names(&PassedOver::ALL, PassedOver::name),
        "not-waiting blocked has-open-offer daily-cap outside-wish declined-before cooling-down already-booked overlaps \
         too-many too-close"
    );
    assert_eq!(
        names(&NothingFree::ALL, NothingFree::name),
        "not-bookable no-window-for-service holiday closed before-lead-time beyond-horizon all-taken \
         none-match-filter specialist-away kept own-limit too-many"
    );
    assert_eq!(
        names(&NoticeKind::ALL, NoticeKind::name),
        "registration-code phone-already-registered email-link email-already-registered booked moved cancelled displaced \
         reminder-day reminder-hour offer-made offer-nudge offer-lapsed offer-lapsed-paused offer-withdrawn no-show \
         no-show-undone visit-closed staff-invitation recovery-code contact-code caller-code password-changed password-recovered \
         phone-changed email-changed second-factor-on second-factor-off \
         recovery-codes-renewed file-refused device-code new-device identity-code identity-confirmed identity-ended \
         video-check-ready video-check-refused policy-void policy-confirmed cabinet-blocked cabinet-unblocked eligibility-doubted factor-code \
         device-removed passkey-added passkey-removed passkey-copied unlock-code unlock-approved unlock-promised unlock-stopped \
         unlocked export-taken \
         deletion-asked deletion-stopped cabinet-deleted representative-asked \
         representative-approved representation-approved representation-refused representation-ended representation-ends"
    );
    assert_eq!(names(&Lack::ALL, Lack::name), "unanswered missing awaited refused expired");
    assert_eq!(names(&FilesBy::ALL, FilesBy::name), "booking visit never");
    assert_eq!(
        names(&AccountEvent::ALL, AccountEvent::name),
        "password-changed password-recovered phone-changed email-changed second-factor-on second-factor-off \
         recovery-codes-renewed new-device identity-confirmed identity-ended video-check-ready video-check-refused \
         policy-void policy-confirmed cabinet-blocked cabinet-unblocked device-removed passkey-added passkey-removed passkey-copied \
         unlock-approved unlock-promised unlock-stopped unlocked export-taken deletion-asked deletion-stopped cabinet-deleted representative-asked \
         representative-approved representation-approved representation-refused representation-ended representation-ends"
    );
    assert_eq!(names(&Purpose::ALL, Purpose::name), "recovery change caller device identity factor unlock");
    assert_eq!(names(&UnlockState::ALL, UnlockState::name), "waiting refused approved stopped done");
    assert_eq!(names(&FactorBy::ALL, FactorBy::name), "authenticator sms");
    assert_eq!(names(&Means::ALL, Means::name), "phone-code another-device signature video esia");
    assert_eq!(names(&CheckState::ALL, CheckState::name), "waiting taken confirmed refused withdrawn");
    assert_eq!(names(&Reference::ALL, Reference::name), "regions agencies services holidays");
    for kind in NoticeKind::ALL {
        let event = AccountEvent::ALL.into_iter().find(|event| event.notice() == kind);
        assert_eq!(AccountEvent::of(kind), event, "{kind:?}");
    }
}

#[test]
fn a_notice_reads_back_by_its_name() {
    for kind in NoticeKind::ALL {
        assert_eq!(NoticeKind::parse(kind.name()), Some(kind));
    }
    assert_eq!(NoticeKind::parse("nothing"), None);
}

#[test]
fn what_can_wait_waits_for_the_morning() {
    let waits: Vec<&str> =
        NoticeKind::ALL.into_iter().filter(|kind| kind.waits_for_morning()).map(NoticeKind::name).collect();
    let expected = [
        "reminder-day",
        "offer-made",
        "offer-nudge",
        "offer-lapsed",
        "offer-lapsed-paused",
        "offer-withdrawn",
        "eligibility-doubted",
    ];
    assert_eq!(waits, expected);
}

#[test]
fn a_day_has_three_parts() {
    let parts = (0..24).map(|hour| Part::of_hour(hour).name()).collect::<Vec<_>>();
    assert!(parts[..12].iter().all(|part| *part == "morning"));
    assert!(parts[12..17].iter().all(|part| *part == "day"));
    assert!(parts[17..].iter().all(|part| *part == "evening"));
}

#[test]
fn a_line_has_a_code_of_its_own() {
    let whens = [
        When::Any,
        When::Part(Part::Morning),
        When::Day(Weekday::Wed),
        When::Both(Weekday::Sun, Part::Evening),
    ];
    assert_eq!(whens.map(When::code), ["any", "m", "3", "7e"]);
    let bucket = |week| Bucket { office: "one".parse().unwrap(), when: When::Any, week };
    assert_eq!(bucket(None).code(), "any#any");
    assert_eq!(bucket(NaiveDate::from_ymd_opt(2026, 12, 28)).code(), "any#53");
    assert_eq!(bucket(NaiveDate::from_ymd_opt(2027, 1, 4)).code(), "any#1");
}

#[test]
fn a_slug_has_one_to_twenty_four_plain_characters() {
    for good in ["a", "msk-taganka", "RU-MOW", &"x".repeat(24)] {
        assert_eq!(good.parse::<OfficeId>().unwrap().as_str(), good);
        assert_eq!(good.parse::<AgencyId>().unwrap().to_string(), good);
    }
    for bad in ["", "a b", "a#b", "окно", "a_b", &"x".repeat(25)] {
        assert!(bad.parse::<ServiceId>().is_err(), "{bad}");
    }
}

#[test]
fn whoever_lacks_something_is_told_what_and_whoever_is_blocked_why() {
    let accepted = || Some(Accepted { version: "1".to_owned(), at: DateTime::UNIX_EPOCH });
    let whole = Citizen {
        id: super::id(1),
        email_confirmed_at: Some(DateTime::UNIX_EPOCH),
        named: true,
        agreement: accepted(),
        consent: accepted(),
        language: "ru".to_owned(),
        reach: Reach::Both,
        met: Missing::ALL.to_vec(),
        confirmed: None,
        class: Class::default(),
        blocked: None,
        cabinet: Cabinet::Own,
        representatives: Vec::new(),
        epoch: 1,
        unlocked: 0,
        created_at: DateTime::UNIX_EPOCH,
        deletion_asked_at: None,
    };
    assert_eq!(whole.readiness(Demand::Asked), Readiness::Ready);
    let lacking = |change: fn(&mut Citizen)| {
        let mut citizen = whole.clone();
        change(&mut citizen);
        citizen.readiness(Demand::Asked)
    };
    let one = |missing| Readiness::Incomplete(vec![missing]);
    assert_eq!(lacking(|citizen| citizen.email_confirmed_at = None), one(Missing::EmailConfirmed));
    assert_eq!(lacking(|citizen| citizen.named = false), one(Missing::Name));
    assert_eq!(lacking(|citizen| citizen.agreement = None), one(Missing::Agreement));
    assert_eq!(lacking(|citizen| citizen.consent = None), one(Missing::Consent));
    fn why() -> Blocked {
        let office = "one".parse().expect("an id");
        Blocked { ground: Ground::Resale, at: DateTime::UNIX_EPOCH, office }
    }
    let blocked = lacking(|citizen| {
        citizen.named = false;
        citizen.blocked = Some(why());
    });
    assert_eq!(blocked, Readiness::Inactive(why()));
    assert_eq!(names(&Ground::ALL, Ground::name), "resale impersonation false-data misuse owners-wish");
}
