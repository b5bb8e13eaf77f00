# States, actions, reasons, words on pages, days and clocks: one line a key.

## Phase of an appointment (BKG-9)

phase-planned = Planned
phase-in-reception = In reception
phase-completed = Completed
phase-cancelled = Cancelled
phase-no-show = No-show
result-served = Service provided
result-documents-missing = Documents were missing
result-declined = Declined
result-referred = Referred elsewhere
result-left = The visitor left before being received

## Mark within “Planned”

mark-confirmed = Confirmed
mark-changed = Changed
mark-needs-check = Needs checking

## State on the waitlist

waiting-waiting = Waiting
waiting-offered = Slot offered
waiting-paused = Paused
waiting-left = Left the waitlist
waiting-served = Served

# What to expect of waiting
outlook = In the last { $days } days { $served ->
        [0] nobody got a time from this line
        [one] { $served } person got a time from this line
       *[other] { $served } people got a time from this line
    }.
outlook-expected = If that goes on, your turn comes in about { $expected } { $expected ->
        [one] day
       *[other] days
    }. We cannot promise it.
outlook-unknown = How long to wait cannot be said from that.

## Actions in the history

action-booked = Appointment booked
action-moved = Appointment moved
action-cancelled = Appointment cancelled
action-displaced = Cancelled by the office
action-checked-in = Checked in
action-no-show = Marked as a no-show
action-called = Called to the window
action-received = Visit begun
action-closed = Visit completed
action-no-show-undone = No-show taken back
action-eligibility-confirmed = Right to the service confirmed
action-eligibility-doubted = Right to the service not confirmed
action-corrected = Application corrected
action-joined = Joined the waitlist
action-paused = Waiting paused
action-resumed = Waiting resumed
action-left = Left the waitlist
action-offered = Slot offered
action-accepted = Offer accepted
action-declined = Offer declined
action-lapsed = Offer ended unanswered
action-paused-by-silence = Waiting paused: two offers in a row unanswered
action-withdrawn = Offer withdrawn
action-passed-over = Slot offered to somebody else
action-served = Served

## Why a slot was offered to somebody else (WTL-5)

passed-over-blocked = Booking through the cabinet was closed
passed-over-has-open-offer = Another offer was still open
passed-over-daily-cap = There had been three offers that day, the most we make
passed-over-overlaps = The time overlaps another appointment
passed-over-declined-before = This time was declined or left unanswered before
passed-over-cooling-down = This time had just been given up by the person waiting
passed-over-not-waiting = Waiting had ended or was paused
passed-over-too-close = The start was too close
passed-over-already-booked = There was already an appointment for this service
passed-over-outside-wish = Outside the wishes
passed-over-too-many = There were already as many appointments as one may have

## Who did it

actor-citizen = You
actor-citizen-to-staff = Citizen
actor-representative = Representative
actor-staff = Member of staff
actor-office = Office
actor-system = System

## Staff (OFC-8, OFC-11)

role-operator = Operator
role-specialist = Specialist
role-manager = Office manager
role-administrator = Administrator
place-everywhere = The whole system
staff-action-enrolled = Invitation accepted
staff-action-grants-changed = Rights changed
staff-action-blocked = Access closed
staff-action-unblocked = Access opened again
staff-action-password-changed = Password changed
staff-action-sessions-ended = All sessions ended

## What is needed before booking (ACC-8)

ground-resale = places are taken to be passed on to others
ground-impersonation = the cabinet is in the name of somebody else
ground-false-data = what is said in the cabinet is not so
ground-misuse = the rules of booking were broken
ground-owners-wish = its owner asked for it
readiness-ready = Ready to book
readiness-incomplete = Some data are missing
readiness-inactive = Inactive
readiness-phone-confirmed = confirm the phone with a code by SMS
readiness-email-confirmed = confirm the e-mail address by the link in the mail
readiness-name = give your name and surname
readiness-password = set a password
readiness-agreement = accept the user agreement
readiness-consent = consent to personal-data processing
readiness-birth-date = enter your date of birth
readiness-paper = enter your passport or another document
readiness-snils = enter your SNILS
readiness-address = enter your registered address
readiness-policy = enter your insurance policy, or why you have none

## Why no time is offered (AVL-5)

reason-no-window-for-service = This office does not receive visitors for this service
reason-closed = There is no reception on this day
reason-holiday = Public holiday
reason-closure = The office is closed on this day
reason-all-taken = No places left
reason-before-lead-time = The start is too soon
reason-beyond-horizon = Booking for this day is not open yet
reason-not-bookable = This service cannot be booked by oneself
reason-outside-hours = The office is not open at this time
reason-none-match-filter = Nothing matches your filters
reason-specialist-away = This specialist does not receive for this service then
reason-kept = What is left is kept for booking by phone and for emergencies for now
reason-too-many = You have as many appointments already as one can have at a time
reason-own-limit = Booking this service is paused for you: many cancellations

## Words on pages (RES-6)

ui-registration = Registration
ui-create-account = Create an account
ui-sign-in = Sign in
ui-forgot-password = Forgot the password?
ui-recover-password = Recover the password
ui-confirm = Confirm
ui-my-services = My services
ui-my-requests = My requests
ui-appointment = Appointment at an office
ui-territory = Territorial body
ui-agency = Agency
ui-find = Find
ui-book = Book
ui-go-to-service = Go to the service
ui-send = Send
ui-change = Change
ui-cancel-appointment = Cancel the appointment
ui-yes = Yes
ui-download-ticket = Download the ticket
ui-add-to-calendar = Add to calendar
ui-view-notice = View the notice
ui-resend-notice = Send the notice again
ui-waitlist = Notice of a free slot
ui-past-and-cancelled = Past and cancelled
ui-accept = Accept
ui-decline = Decline
ui-stop-waiting = Stop waiting
ui-resume-waiting = Resume waiting
ui-pause-waiting = Pause waiting

## The clocks of Russia

zone-kaliningrad = Kaliningrad time
zone-moscow = Moscow time
zone-samara = Samara time
zone-yekaterinburg = Yekaterinburg time
zone-omsk = Omsk time
zone-krasnoyarsk = Krasnoyarsk time
zone-irkutsk = Irkutsk time
zone-yakutsk = Yakutsk time
zone-vladivostok = Vladivostok time
zone-magadan = Magadan time
zone-kamchatka = Kamchatka time

## Days and months

weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

## How date and time are written

format-date = { $weekday } { $day } { $month } { $year }
format-when = { $date }, { $time } ({ $zone })
format-moment-short = { $day } { $month } { $time }
format-when-short = { $moment } ({ $offset })

## What happened to a cabinet
account-password-changed = Password changed
account-password-recovered = Password recovered by a code
account-phone-changed = Phone changed
account-email-changed = E-mail address changed
account-second-factor-on = Second step of signing in turned on
account-second-factor-off = Second step of signing in turned off
account-recovery-codes-renewed = New recovery codes given out
account-cabinet-blocked = Booking through the cabinet closed
account-cabinet-unblocked = Booking through the cabinet opened again
account-policy-void = Policy not confirmed
account-policy-confirmed = Policy confirmed
lack-unanswered = say whether you need it
lack-missing = not uploaded
lack-awaited = still being checked
lack-refused = the file was not accepted
lack-expired = no longer valid
file-awaited = Waiting for the file and checking it
file-accepted = Accepted
file-refused = Not accepted
account-new-device = Signed in on a new device
account-device-removed = A device was removed
account-passkey-added = A passkey was added
account-passkey-removed = A passkey was removed
account-passkey-copied = A passkey may have been copied, it did not open
account-unlock-approved = Somebody asked to open the cabinet to another phone
account-unlock-promised = The new phone was told when the cabinet opens
account-unlock-stopped = Access by another phone was stopped
account-unlocked = The cabinet was opened to another phone
account-identity-confirmed = Identity confirmed
account-identity-ended = Identity no longer confirmed: name, birth date or SNILS were changed

## How an identity was confirmed

means-phone-code = A code to the phone
means-another-device = Another device on which you are signed in
means-signature = An electronic signature
means-video = A video call with a member of staff
means-esia = ESIA (Gosuslugi)
elsewhere = Your address is now in another region, and you are booked at an office of the former one. The appointment stands. If the new region suits you better, move it to one of these offices.
elsewhere-nowhere = Your address is now in another region, and you are booked at an office of the former one. The appointment stands. The new region does not take bookings for this service yet.
identity-ended = You changed your name, birth date or SNILS, so your identity is no longer confirmed. Please confirm it anew.
identity-signature-text = Okno: I confirm that this cabinet is mine.

## Why a signature is not accepted

signature-too-large = The signature is too large.
signature-unreadable = This is no signature in CMS.
signature-attached = The signature must stand beside the text, not hold it.
signature-signers-not-one = One person must sign.
signature-algorithm = This algorithm is not accepted here.
signature-weak-key = The key is too short.
signature-gost-unavailable = Signatures by GOST are not checked here yet.
signature-attributes-missing = The signature has no signed attributes.
signature-attributes-wrong = The signed attributes are not well-formed.
signature-content-type = Another type of content was signed.
signature-data-changed = Another text was signed, or it was changed.
signature-signing-time = The time of signing does not fit: check your clock.
signature-signing-certificate = The signature names another certificate.
signature-signature-wrong = The signature is wrong.
signature-certificate-missing = The signature has no certificate with it.
signature-certificate-wrong = The certificate is not well-formed.
signature-not-yet-valid = The certificate is not valid yet.
signature-expired = The certificate has expired.
signature-purpose = The certificate is not for signing by a person.
signature-nameless = The certificate says no name.
signature-untrusted = The certificate is of an authority that is not trusted here.
signature-not-authority = The certificate was issued by somebody who may not.
signature-path-too-long = The chain of certificates is too long.
signature-link-wrong = The chain of certificates does not hold.
signature-critical = The certificate makes a demand that is not known here.
signature-name-constraints = The authority is constrained in names, which is not looked at here.
signature-revoked = The certificate is revoked.
signature-revocation-unknown = Whether the certificate is revoked cannot be known now.

## A video check

account-video-check-ready = Staff ready for the video call
account-video-check-refused = Identity not confirmed by video
check-waiting = Waits for a member of staff
check-taken = A member of staff waits for you
check-confirmed = Identity confirmed
check-refused = Identity not confirmed
check-withdrawn = You withdrew it

export-record = Who you are
export-profile = What you said of yourself
export-sign-in = How you sign in
export-session = Where you are signed in
export-event = What happened to your account
export-holding = What you hold now
export-appointment = Appointments
export-place = Waiting in line
export-offer = Offers of a time
export-history = History of changes
export-notice = Notices
export-files = Files
export-reading = Who read your data
export-call-note = Notes on calls
export-device = Your devices
export-passkey = Your passkeys
export-unlock = How you got back into your cabinet
export-challenge = How you confirmed who you are
export-check = Video check
export-question = What we ask of state registries

account-export-taken = All your data downloaded
account-deletion-asked = Deletion of the cabinet asked for
account-deletion-stopped = Deletion of the cabinet cancelled
account-cabinet-deleted = Cabinet deleted
hindrance-appointment = appointment
hindrance-offer = place offered
hindrance-waiting = waitlist
account-representative-asked = Somebody wants to act for you
account-representative-approved = A representative may act for you
account-representation-approved = You may act for somebody
account-representation-refused = Your application to act for somebody is not confirmed
account-representation-ended = The right to act for somebody has ended
account-representation-ends = The right to act for somebody ends soon
grant-kind-attorney = Power of attorney
grant-kind-parent = Parent of a child
grant-state-waiting = Being checked
grant-state-in-force = In force
grant-state-refused = Not confirmed
grant-state-ended = Ended
grant-bring-attorney = The representative shows the original power of attorney and their passport
grant-bring-parent = The parent shows the original certificate of birth and their passport
export-representation = Who may act for you
export-acting = For whom you asked to act

## An application that is signed electronically

statement-title = Application: { $value }
statement-to = To: { $value }
statement-by = From: { $value }
statement-behalf = For: { $value }
statement-service = Service: { $value }
statement-purpose = What for: { $value }
statement-field = { $name }: { $value }
statement-dates = When it suits to come: { $value }
statement-phone = Phone for this visit: { $value }
statement-email = E-mail for this visit: { $value }
statement-rules = Agreed to the rules of a visit, version: { $value }
statement-asked = Made: { $value }
statement-until = To be signed and sent by: { $value }
statement-nonce = Single-use mark: { $value }
signed-electronically = Signed electronically: { $name }, { $when }
sign-at-visit = You sign the application at the visit
export-to-sign = Texts that you asked for to be signed
export-signature = Electronic signatures of your applications
