//! Every limit in one place: what a setting may change later has its default here.

use chrono::TimeDelta;

/// The latest moment before the start at which citizens change or cancel themselves (CHG-1, CHG-2).
pub const CUT_OFF: TimeDelta = TimeDelta::hours(24);
/// The latest moment before the start at which staff change or cancel for somebody (CHG-3): a write that is under way
/// must find the start still ahead, since from then on cells stay with who had them.
pub const STAFF_CUT_OFF: TimeDelta = TimeDelta::minutes(5);
/// Appointments that one beneficiary may hold at a time (BKG-2).
pub const APPOINTMENTS_MAX: usize = 5;
/// Finished operations remembered for retries (BKG-5).
pub const OPERATIONS_KEPT: usize = 8;
/// Refused operations remembered, so that no other try of theirs comes true (BKG-5).
pub const REFUSALS_KEPT: usize = 4;
/// Corrections of one appointment that its holder, or whoever acts for them, makes without a call to the office (CHG-6). A form has
/// half a dozen answers, so this is each of them three times; every correction is a row of history that is kept for years, and
/// a program that corrects in a loop shall not fill it.
pub const CORRECTIONS_MAX: u32 = 20;
/// Changes that ride on the appointment itself; older ones are rows of their own.
pub const CHANGES_KEPT: usize = 4;
/// After this long past the start, absence is a no-show (VIS-2).
pub const NO_SHOW_AFTER: TimeDelta = TimeDelta::minutes(10);
/// How soon the clock looks again at somebody absent whose window runs late.
pub const LATE_LOOK_AGAIN: TimeDelta = TimeDelta::minutes(5);
/// How long after a visit whoever received it may read who came and what they brought: until then its result is worked on (DOC-7).
pub const OPEN_AFTER: TimeDelta = TimeDelta::days(14);
/// How long after the start a no-show can be undone (VIS-5).
pub const UNDO_WITHIN: TimeDelta = TimeDelta::days(7);
/// How long before the start one may check in.
pub const CHECK_IN_EARLY: TimeDelta = TimeDelta::minutes(60);

/// Offices in one wish (WTL-1).
pub const WISH_OFFICES_MAX: usize = 3;
/// Days from the first to the last date of a wish.
pub const WISH_DAYS_MAX: i64 = 60;
/// Rows that one wish may take in the lines; a transaction holds them all.
pub const ROWS_MAX: usize = 20;
/// Services for which one person may wait at a time.
pub const ENTRIES_MAX: usize = 5;
/// People looked at for one freed slot before the work is put off to the next tick.
pub const CANDIDATES_MAX: usize = 20;
/// Rows read from the head of each line bucket at a time.
pub const HEADS_READ: i32 = 5;
/// Offers that one entry gets a day.
pub const OFFERS_A_DAY: u8 = 3;
/// Starts that an entry declined or let lapse and that are not offered to it again.
pub const DECLINED_KEPT: usize = 10;

/// The longest an offer is held, in allowed time.
pub const OFFER_LONGEST: TimeDelta = TimeDelta::hours(2);
/// The least allowed time that makes an offer worth sending.
pub const OFFER_SHORTEST: TimeDelta = TimeDelta::minutes(15);
/// An offer ends at the latest this long before the start.
pub const OFFER_BEFORE_START: TimeDelta = TimeDelta::hours(3);
/// Local hours in which people may be written to and offers' clocks run (WTL-3).
pub const AWAKE_FROM_HOUR: u32 = 8;
pub const AWAKE_TO_HOUR: u32 = 21;

/// Public release is at a random moment between these many seconds after nobody was found.
pub const RELEASE_AFTER_S: (u64, u64) = (60, 420);
/// How long the one who gave up a start cannot take it back, in minutes, at random between these.
pub const COOL_DOWN_MIN: (u64, u64) = (20, 60);
/// Within this long, more cancellations of one's own than [`CANCELLED_FREELY`] pause a service for oneself (BKG-7).
pub const CANCELLED_WITHIN: TimeDelta = TimeDelta::days(7);
/// Cancellations of appointments for one service that have no consequence; moving never has.
pub const CANCELLED_FREELY: usize = 3;
/// How long a service is paused for whoever cancelled too often.
pub const PAUSED_FOR: TimeDelta = TimeDelta::days(3);
/// Cancellations kept on a person: those of a week, of the services that one can hold at a time.
pub const CANCELLED_KEPT: usize = 20;
/// Cool-downs kept on a person.
pub const COOL_DOWNS_KEPT: usize = 5;
/// How soon the clock looks again at a page with freed cells, should every message about it be lost.
pub const RECONCILE_AFTER: TimeDelta = TimeDelta::minutes(4);

/// A new code may be asked for after this long (ACC-1).
pub const CODE_RESEND_AFTER: TimeDelta = TimeDelta::seconds(60);
/// How long a code is good for.
pub const CODE_VALID: TimeDelta = TimeDelta::minutes(10);
/// Guesses of one code.
pub const CODE_TRIES: u32 = 5;
/// Codes a day to one phone.
pub const CODES_A_DAY: u32 = 10;
/// How long a link in a mail is good for.
pub const LINK_VALID: TimeDelta = TimeDelta::days(3);
/// How long a registration may take from its first code to the cabinet.
pub const REGISTRATION_VALID: TimeDelta = TimeDelta::hours(24);
/// How long, and how often, the end of a registration is answered again to whoever ended it.
pub const COMPLETE_AGAIN: TimeDelta = TimeDelta::minutes(10);
pub const COMPLETE_TRIES: u32 = 5;
/// Days ahead that a service's calendar may open at most.
pub const HORIZON_DAYS_MAX: u16 = 90;
/// How long somebody may take to recover a cabinet or to change its contact, from the first code.
pub const PROOF_VALID: TimeDelta = TimeDelta::hours(1);
/// Tries to sign in with one phone or address, in each stretch of time of such length, before nothing is tried until it is
/// over; recovering the password ends that, too (ACC-5).
pub const SIGN_IN_TRIES: u32 = 20;
/// Those of them that may be had for the asking; for each one more an effort is shown.
pub const SIGN_IN_FREE: u32 = 5;
pub const SIGN_IN_STRETCH: TimeDelta = TimeDelta::minutes(15);
/// Wrong passwords of whoever is signed in, in a row, and how long nothing is tried after them.
pub const PASSWORD_TRIES: u32 = 5;
pub const PASSWORD_PAUSE: TimeDelta = TimeDelta::minutes(15);
/// Characters of what a device calls itself.
pub const DEVICE_MAX: usize = 200;
/// How long a device is known after it was last used (ACC-14).
pub const DEVICE_VALID: TimeDelta = TimeDelta::days(180);
/// How exactly it is kept when that was.
pub const DEVICE_USED_WITHIN: TimeDelta = TimeDelta::days(1);
/// How long a session lives.
pub const SESSION_VALID: TimeDelta = TimeDelta::days(30);

/// Characters of names.
pub const NAME_MAX: usize = 100;
/// Characters of an e-mail address (RFC 5321, 4.5.3.1.3).
pub const EMAIL_MAX: usize = 254;
/// Characters of a password: the least of ACC-1, and a bound on hashing.
pub const PASSWORD_MIN: usize = 8;
pub const PASSWORD_MAX: usize = 128;
/// Characters of an address, and of who gave out a paper.
pub const ADDRESS_MAX: usize = 300;
pub const ISSUER_MAX: usize = 200;
/// Characters of a reason or a purpose.
pub const REASON_MAX: usize = 300;
/// Items on one page of a list.
pub const LIST_MAX: usize = 50;

/// How long an invitation to work here is good for.
pub const INVITATION_VALID: TimeDelta = TimeDelta::days(7);
/// How long a session of staff lives: a working day.
pub const STAFF_SESSION_VALID: TimeDelta = TimeDelta::hours(12);
/// Roles that one person may have in different places.
pub const GRANTS_MAX: usize = 20;
/// Characters of what is typed as a second factor, however it is spaced.
pub const FACTOR_MAX: usize = 40;
/// Wrong codes of the second factor in a row, and how long nothing is tried after them.
pub const SECOND_FACTOR_TRIES: u32 = 5;
pub const SECOND_FACTOR_PAUSE: TimeDelta = TimeDelta::minutes(15);
/// Recovery codes given out at a time; each opens once.
pub const RECOVERY_CODES: usize = 10;
/// Characters of a note on a call.
pub const CALL_NOTE_MAX: usize = 1_000;
/// How long a member may act for a citizen whom they identified (OFC-9).
pub const IDENTIFIED_FOR: TimeDelta = TimeDelta::minutes(30);
/// Facts that a member may get wrong about one citizen in a day.
pub const FACTS_TRIES: u32 = 5;
/// Passkeys of one cabinet (ACC-14).
pub const PASSKEYS_MAX: usize = 10;
/// Characters of what a passkey is called.
pub const PASSKEY_NAME_MAX: usize = 60;
/// How long a passkey may take to answer.
pub const CEREMONY_VALID: TimeDelta = TimeDelta::minutes(5);

/// How long a cabinet whose deletion was asked for can still be had back (PRV-3). Federal law 152-FZ, article 21, part 5, has
/// personal data destroyed within thirty days after consent was withdrawn: this, and all that follows, is well within them.
pub const DELETION_GRACE: TimeDelta = TimeDelta::days(7);
/// How long contacts wait for the last message to have gone out: longer than a bad day of everybody who carries it.
pub const LAST_WORD_WAITS: TimeDelta = TimeDelta::days(3);
/// How long somebody without a cabinet is kept for whom nobody may act any more: long enough for a new paper. What law keeps of
/// their appointments stays without words, as of any cabinet.
pub const UNREPRESENTED_KEPT: TimeDelta = TimeDelta::days(90);
/// When a place from which a cabinet was taken is looked at once more: whatever was on its way then has come by now.
pub const STRAYS_AFTER: TimeDelta = TimeDelta::days(1);
/// How often it is looked whether anything in a cabinet has had its term.
pub const KEPT_LOOK_EVERY: TimeDelta = TimeDelta::days(30);

// Terms of keeping (PRV-3). These are defaults: the controller of the data sets them, by the law that it goes by. Federal law
// 152-FZ, article 5, part 7: no longer than the purpose asks for, unless a law or a contract does.

/// Facts of receptions (what, where, when, how they ended), who read whose data, and what staff did: the list of typical
/// records of administration (Rosarkhiv, order 236 of 20 December 2019, item 154) has what concerns citizens' requests kept for
/// five years.
pub const RECORDS_KEPT: TimeDelta = TimeDelta::days(5 * 366);
/// What was said for a visit or on the phone: purpose, contacts for the visit, reasons, texts of notes.
pub const SAID_KEPT: TimeDelta = TimeDelta::days(2 * 366);
/// Files, after they were brought and after the last visit for which they count.
pub const FILES_KEPT: TimeDelta = TimeDelta::days(2 * 366);
/// What happened to a cabinet.
pub const EVENTS_KEPT: TimeDelta = TimeDelta::days(2 * 366);
/// What one was told; offers that have ended, places in line that were given up, and what became of them; video checks and
/// questions to registries that were decided.
pub const NEWS_KEPT: TimeDelta = TimeDelta::days(366);
/// Whom a change of an office's file touched, after the start that was touched: long enough to call whoever is to be called, and
/// to answer a complaint.
pub const TOUCHED_KEPT: TimeDelta = TimeDelta::days(90);
/// A challenge to show who one is, after it is good for nothing.
pub const CHALLENGES_KEPT: TimeDelta = TimeDelta::days(1);
