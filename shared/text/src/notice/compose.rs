//! What each kind of notice says, in which order.

use super::blocks::{Block, html, text};
use super::facts::{facts, safe_link};
use super::{Channel, DocumentLine, Notice, Rendered, channels, sms};
use crate::book::{File, say, say_or_plain};
use crate::{Args, Lang, clean};
use domain::notice::NoticeKind;

/// The notice for all its channels.
pub fn render(lang: Lang, notice: &Notice) -> Rendered {
    let writer = Writer { lang, facts: facts(lang, notice), notice };
    let takes = |channel| channels(notice.kind).contains(&channel);
    let (mail, inbox) = (takes(Channel::Mail), takes(Channel::Inbox));
    let name = notice.words();

    let mut rendered = Rendered {
        subject: String::new(),
        text: String::new(),
        html: String::new(),
        sms: takes(Channel::Sms).then(|| sms::render(lang, notice, &writer.facts)).flatten(),
        title: String::new(),
        body: String::new(),
    };
    let subject = writer.sentence(&format!("{name}-subject")).unwrap_or_default();
    let said: Vec<Block> = writer.behalf().into_iter().chain(writer.blocks()).collect();
    if inbox {
        rendered.title = subject.clone();
        rendered.body = text(&said);
    }
    if mail {
        let letter: Vec<Block> = writer
            .paragraph("greeting")
            .into_iter()
            .chain(said)
            .chain(writer.paragraph("signature"))
            .collect();
        rendered.text = text(&letter);
        rendered.html = html(lang, &subject, &letter);
        rendered.subject = subject;
    }
    rendered
}

struct Writer<'a> {
    lang: Lang,
    facts: Args,
    notice: &'a Notice<'a>,
}

impl Writer<'_> {
    /// Whose visit it is about, where that is not the reader's.
    fn behalf(&self) -> Option<Block> {
        self.notice.behalf.and_then(|_| self.paragraph("behalf-lead"))
    }

    /// Everything between greeting and signature.
    fn blocks(&self) -> Vec<Block> {
        use NoticeKind::*;
        let lead = format!("{}-lead", self.notice.words());
        let parts: Vec<Option<Block>> = match self.notice.kind {
            RegistrationCode
            | PhoneAlreadyRegistered
            | CallerCode
            | DeviceCode
            | IdentityCode
            | FactorCode
            | UnlockCode => {
                vec![]
            }
            EmailLink => vec![
                self.paragraph(&lead),
                self.link("email-link-button", self.notice.link),
                self.paragraph("email-link-press"),
                self.paragraph("email-link-end"),
                self.paragraph("not-you"),
            ],
            RecoveryCode | ContactCode => {
                vec![self.paragraph(&lead), self.paragraph("code-is"), self.paragraph("not-you")]
            }
            // What else opens stays, whoever gave the cabinet the password.
            PasswordChanged | PasswordRecovered => vec![
                self.paragraph(&lead),
                self.paragraph("password-passkeys"),
                self.paragraph("account-not-you"),
                self.link("account-button", self.notice.link),
            ],
            PhoneChanged | EmailChanged | SecondFactorOn | SecondFactorOff | RecoveryCodesRenewed
            | NewDevice | IdentityConfirmed | IdentityEnded | DeviceRemoved | PasskeyAdded
            | PasskeyRemoved | PasskeyCopied | UnlockApproved | UnlockPromised | UnlockStopped | Unlocked
            | ExportTaken | DeletionStopped => vec![
                self.paragraph(&lead),
                self.paragraph(match self.notice.kind {
                    PhoneChanged => "phone-changed-not-you",
                    EmailChanged => "email-changed-not-you",
                    // Whoever turned it on is needed to recover.
                    SecondFactorOn => "second-factor-on-not-you",
                    // It opens without the password.
                    PasskeyAdded | PasskeyCopied => "passkey-not-you",
                    UnlockApproved | UnlockPromised => "unlock-approved-not-you",
                    Unlocked => "unlocked-not-you",
                    _ => "account-not-you",
                }),
                self.link("account-button", self.notice.link),
            ],
            DeletionAsked => vec![
                self.paragraph(&lead),
                self.paragraph("deletion-asked-stop"),
                self.link("deletion-asked-button", self.notice.link),
                self.paragraph("account-not-you"),
            ],
            CabinetDeleted => vec![self.paragraph(&lead), self.paragraph("cabinet-deleted-kept")],
            VideoCheckReady | VideoCheckRefused => {
                vec![self.paragraph(&lead), self.link("identity-button", self.notice.link)]
            }
            StaffInvitation => vec![
                self.paragraph(&lead),
                self.link("staff-invitation-button", self.notice.link),
                self.paragraph("staff-invitation-next"),
                self.paragraph("email-link-end"),
                self.paragraph("staff-invitation-unexpected"),
            ],
            FileRefused => vec![
                self.paragraph(&lead),
                self.table("file-refused-what", &["document", "service", "reason"]),
                self.paragraph("file-refused-next"),
                self.link("file-refused-button", self.notice.link),
            ],
            PolicyVoid => vec![
                self.paragraph(&lead),
                self.table("policy-void-what", &["reason"]),
                self.paragraph("policy-void-next"),
                self.link("policy-void-button", self.notice.link),
            ],
            CabinetBlocked | CabinetUnblocked => vec![
                self.paragraph(&lead),
                self.table("cabinet-blocked-what", &["reason"]),
                self.paragraph(match self.notice.kind {
                    CabinetBlocked => "cabinet-blocked-next",
                    _ => "cabinet-unblocked-next",
                }),
                self.link("cabinet-blocked-button", self.notice.link),
            ],
            PolicyConfirmed => {
                vec![self.paragraph(&lead), self.table("policy-confirmed-what", &["reason"])]
            }
            RepresentativeAsked | RepresentativeApproved => vec![
                self.paragraph(&lead),
                self.paragraph("representative-next"),
                self.link("representative-button", self.notice.link),
            ],
            RepresentationApproved | RepresentationEnds => {
                vec![self.paragraph(&lead), self.link("representative-button", self.notice.link)]
            }
            RepresentationEnded => vec![
                self.paragraph(&lead),
                self.table("representation-ended-what", &["reason"]),
                self.link("representative-button", self.notice.link),
            ],
            RepresentationRefused => vec![
                self.paragraph(&lead),
                self.table("representation-refused-what", &["reason"]),
                self.link("representative-button", self.notice.link),
            ],
            EligibilityDoubted => vec![
                self.paragraph(&lead),
                self.table(
                    "eligibility-doubted-what",
                    &["reason", "when", "service", "office", "phone", "number"],
                ),
                self.papers("documents-heading", self.notice.documents),
                self.paragraph("eligibility-doubted-next"),
                self.link("appointment-button", self.notice.link),
            ],
            EmailAlreadyRegistered => vec![
                self.paragraph(&lead),
                self.link("email-already-registered-button", self.notice.link),
                self.paragraph("not-you"),
            ],
            Booked | ReminderDay | ReminderHour => vec![
                self.paragraph(&lead),
                self.details(),
                self.papers("documents-heading", self.notice.documents),
                self.papers("lacking-heading", self.notice.lacking),
                self.announcements(),
                self.paragraph("come-early"),
                self.paragraph("change-until"),
                self.link("appointment-button", self.notice.link),
            ],
            Moved => vec![
                self.paragraph(&lead),
                match self.notice.stays_at_its_time() {
                    true => self.table("moved-same-why", &["reason"]),
                    false => self.table("moved-old", &["old-when", "old-office", "reason"]),
                },
                self.details(),
                self.papers("documents-heading", self.notice.documents),
                self.announcements(),
                self.paragraph("come-early"),
                self.paragraph("change-until"),
                self.link("appointment-button", self.notice.link),
            ],
            Cancelled => vec![
                self.paragraph(&lead),
                self.table(
                    "cancelled-what",
                    &["when", "service", "office", "address", "phone", "number", "reason"],
                ),
                self.paragraph("cancelled-next"),
            ],
            Displaced => vec![
                self.paragraph(&lead),
                self.table(
                    "cancelled-what",
                    &["when", "service", "office", "address", "phone", "number", "reason"],
                ),
                self.paragraph("displaced-next"),
                self.link("displaced-button", self.notice.link),
            ],
            OfferMade | OfferNudge => vec![
                self.paragraph(&lead),
                self.table("offer-what", &["when", "service", "specialist", "office", "address", "phone"]),
                self.paragraph("offer-held"),
                self.paragraph("offer-swap"),
                self.link("offer-button", self.notice.link),
                self.paragraph("offer-press"),
                self.paragraph("offer-decline"),
                self.stop(),
                self.link("stop-button", self.notice.stop_link),
            ],
            OfferLapsed | OfferLapsedPaused | OfferWithdrawn => vec![
                self.paragraph(&lead),
                self.table("offer-what-past", &["when", "service", "office", "reason"]),
                self.paragraph(&format!("{}-next", self.notice.kind.name())),
                self.stop(),
                self.link("stop-button", self.notice.stop_link),
            ],
            NoShow => vec![
                self.paragraph(&lead),
                self.table("no-show-what", &["when", "service", "office", "address", "phone", "number"]),
                self.paragraph("no-show-meaning"),
                self.paragraph("no-show-object"),
            ],
            NoShowUndone => vec![
                self.paragraph(&lead),
                self.table("no-show-what", &["when", "service", "office", "phone", "number", "reason"]),
                self.paragraph("no-show-undone-next"),
            ],
            VisitClosed => vec![
                self.paragraph(&lead),
                self.table("visit-closed-what", &["result", "note", "when", "service", "office", "number"]),
                self.paragraph("visit-closed-next"),
                self.link("appointment-button", self.notice.link),
            ],
        };
        parts.into_iter().flatten().collect()
    }

    /// Where, when and with what to check in (BKG-4).
    fn details(&self) -> Option<Block> {
        self.table(
            "appointment-what",
            &[
                "when",
                "service",
                "specialist",
                "office",
                "address",
                "phone",
                "number",
                "queue-number",
                "code",
            ],
        )
    }

    /// How to stop: by the button below, or by the way through the cabinet.
    fn stop(&self) -> Option<Block> {
        match safe_link(self.notice.stop_link) {
            Some(_) => self.paragraph("stop-by-link"),
            None => self.paragraph("stop"),
        }
    }

    fn papers(&self, heading: &str, papers: &[DocumentLine<'_>]) -> Option<Block> {
        let items: Vec<String> = papers
            .iter()
            .filter_map(|document| {
                let form = match (document.original, document.copy) {
                    (true, true) => "document-both",
                    (true, false) => "document-original",
                    (false, true) => "document-copy",
                    (false, false) => "document-any",
                };
                let args = Args::new().with("text", document.text).maybe("condition", document.condition);
                self.say_with("document-conditional", &args.clone().maybe("line", self.say_with(form, &args)))
                    .or_else(|| self.say_with(form, &args))
            })
            .collect();
        let heading = self.sentence(heading)?;
        (!items.is_empty()).then_some(Block::List { heading, items })
    }

    fn announcements(&self) -> Option<Block> {
        let said = self.notice.announcements.iter().map(|text| clean::line(text));
        let items: Vec<String> = said.filter(|text| !text.is_empty()).collect();
        let heading = self.sentence("announcements-heading")?;
        (!items.is_empty()).then_some(Block::List { heading, items })
    }

    /// The named facts that are known, each under its own name.
    fn table(&self, heading: &str, names: &[&str]) -> Option<Block> {
        let rows: Vec<(String, String)> = names
            .iter()
            .filter_map(|name| {
                let id = format!("fact-{name}");
                let value = say(self.lang, File::Notices, &id, Some("value"), &self.facts)?;
                Some((self.sentence(&id)?, value))
            })
            .collect();
        let heading = self.sentence(heading)?;
        (!rows.is_empty()).then_some(Block::Facts { heading, rows })
    }

    fn link(&self, id: &str, url: Option<&str>) -> Option<Block> {
        let url = safe_link(url)?.to_owned();
        Some(Block::Link { words: self.sentence(id)?, url })
    }

    fn paragraph(&self, id: &str) -> Option<Block> {
        self.sentence(id).map(Block::Paragraph)
    }

    fn sentence(&self, id: &str) -> Option<String> {
        say_or_plain(self.lang, File::Notices, id, &self.facts)
    }

    fn say_with(&self, id: &str, args: &Args) -> Option<String> {
        say(self.lang, File::Notices, id, None, args)
    }
}
