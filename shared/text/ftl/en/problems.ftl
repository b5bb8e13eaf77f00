# Refusals: what happened and, in .detail, the way out. The form .plain-detail says the same when facts are missing.

## Request

invalid-request = Please check the marked fields
    .detail = Some fields are missing or wrong. Mend them and send again; the rest is kept.
malformed-json = The request could not be read
    .detail = The body of the request must be one object in well-formed JSON.
body-too-large = The request is too large
    .detail = At most { $max-kb } KB are allowed. Shorten the text and send again.
    .plain-detail = Shorten the text and send again.
not-found = Nothing found
    .detail = There is no such page or record, or it is not open to you. Check the address.
method-not-allowed = That cannot be done here
    .detail = This address does not offer that action.
not-so = This cannot be done with the appointment now
    .detail = Its state: { $phase }. Refresh the list of visitors.
    .plain-detail = Refresh the list of visitors.
not-today = The appointment is on another day
    .detail = Visitors are checked in on the day itself: { $from }.
    .plain-detail = Visitors are checked in on the day itself.
not-here = The visitor has not checked in
    .detail = Check them in first.
not-received = The visit has not begun
    .detail = Begin it first. If the visitor left, give that as the result.
undo-too-late = The no-show can no longer be taken back
    .detail = It can be within seven days after the start.
window-busy = The window is busy
    .detail = First complete the visit that is under way at this window.
nobody-waits = Nobody waits
    .detail = Nobody has come to this window. Those can be called who have checked in.
not-identified = Identify the citizen first
    .detail = Make sure who is there or on the line: by two facts of the profile, a document, or the visit under way. It holds for half an hour.
facts-wrong = The facts do not match
    .detail = Ask again. Which of them does not match is not said.
cursor-invalid = The list could not be continued
    .detail = The pointer to the next page does not fit. Open the list from its beginning.
idempotency-key-needed = The retry key is missing
    .detail = Add the header Idempotency-Key: a new one for each new action, the same one for a retry.
service-paused = Booking this service is paused
    .detail = You cancelled more than three appointments for it within a week. You can book again after { $until }. If you need a time sooner, call the office: { $phone }. Moving an appointment is always possible.
    .plain-detail = You cancelled more than three appointments for it within a week. You can book again in a few days. If you need a time sooner, call the office. Moving an appointment is always possible.
refused-before = This request has been refused already
    .detail = It may be possible now: do it anew, with a new Idempotency-Key.
idempotency-mismatch = The retry key has been used
    .detail = This Idempotency-Key belongs to another action. Take a new key for a new action.

## Signing in

unauthorized = Please sign in
    .detail = You are not signed in, or your session has ended. Sign in and repeat the action.
forbidden = This action is not open to you
    .detail = If you need it, contact the office.
wrong-credentials = Login or password do not match
    .detail = Check the phone or e-mail and the password. If you have forgotten it, press “Forgot the password?”.
account-inactive = The cabinet is inactive
    .detail = Booking through it is closed: { $reason }. If you disagree, or have put it right, call the office “{ $office }” at { $phone }: it opens booking again.
    .plain-detail = Booking through it is closed now. Why is said in the cabinet; to have it opened again, contact the office.
closed-already = Booking through this cabinet is closed already
    .detail = It was closed for another reason, or by another office. Look why before you change it.
not-ready = Some data are missing
    .detail = Before you can book, there remains: { $list }.
    .plain-detail = Complete your data in the cabinet.
not-eligible = By the registry you are not entitled to this service
    .detail = The reason: { $reason }. If this is not so, turn to the office with your documents, by phone { $phone }: it will book you and help to set the registry right.
    .plain-detail = If this is not so, turn to the office with your documents: it will book you and help to set the registry right.
file-needed = This file is needed for your appointment
    .detail = You are booked for a service that requires it. To replace it, upload another first and wait until that is accepted. To take it back for good, cancel the appointment first.
entitlement-untold = The registry does not confirm that you are entitled to this service
    .detail = To learn why, confirm who you are in your cabinet and book again: until then we do not say what the registry has. Or turn to the office with your documents, by phone { $phone }: it will book you and help to set the registry right.
    .plain-detail = To learn why, confirm who you are in your cabinet and book again. Or turn to the office with your documents: it will book you.
files-lacking = Upload the documents
    .detail = To book this service, documents are lacking. { $list }.
    .plain-detail = To book this service, upload the documents of its list.

## Load and failures

too-many-requests = Too many attempts
    .detail = Wait { $seconds } { $seconds ->
            [one] second
           *[other] seconds
        } and try again.
    .plain-detail = Wait a little and try again.
overloaded = There are too many requests just now
    .detail = Repeat the same action in { $seconds } { $seconds ->
            [one] second
           *[other] seconds
        }.
    .plain-detail = Repeat the same action a little later.
unavailable = The service is unavailable for the moment
    .detail = Repeat the same action in a few minutes.
internal = Something went wrong
    .detail = The mistake is ours. Repeat the same action a little later.

## Appointments

slot-taken = This time is already taken
    .detail = Somebody else has just taken it. Choose another time.
slot-not-offered = This time cannot be booked
    .detail = It is not in the schedule, it starts too soon, or that day is not open for booking yet. Choose a time from the calendar.
too-late = It is too late to change or cancel this yourself
    .detail = This was possible no later than this time: { $deadline }. Please call the office: { $phone }.
    .plain-detail = Less than 24 hours remain before the appointment. Please call the office.
already-booked = You already have an appointment for this service
    .detail = One service allows one active appointment. You can move it to another time.
overlapping = You already have an appointment at this time
    .detail = Two appointments cannot overlap. Choose another time or move the earlier appointment.
too-many-corrections = This appointment was corrected too often
    .detail = You can correct an appointment { $max } times yourself. It stays yours. Tell the office what else to correct: { $phone }.
    .plain-detail = It stays yours. Tell the office what else to correct.
too-many-appointments = Too many active appointments
    .detail = You can have at most { $max } { $max ->
            [one] appointment
           *[other] appointments
        } at once. Cancel one that you do not need, or wait until one has taken place.
    .plain-detail = Cancel one that you do not need, or wait until one has taken place.
cooling-down = You have just given up this time
    .detail = You can take it again: { $until }. Until then it is offered to those who are waiting. Choose another time.
    .plain-detail = Choose another time: this one is being offered to those who are waiting.
not-planned = This appointment can no longer be changed
    .detail = It is cancelled, completed or has begun. If you still need one, please book again.
same-slot = You already have this time
    .detail = The new time is the same as the old one. Choose another.
service-not-bookable = You cannot book this service yourself
    .detail = Contact the office: its address and phone are on the office's page.

## Waitlist

nothing-to-wait-for = Nobody is received at these times
    .detail = These offices do not receive for this service on the days and hours you chose, so nothing will come free. Change the days, the part of the day or the offices.
wish-too-wide = The wishes are too wide
    .detail = Narrow them. The most allowed: { $max }.
    .plain-detail = Choose a shorter period or fewer offices.
already-waiting = You are already on the waitlist for this service
    .detail = You need not join twice. To change your wishes, leave and join again, but then your place in line will be a new one.
not-waiting = You are not on the waitlist for this service
    .detail = You can join it on the page of the service.
slots-are-free = There is free time
    .detail = Free time that fits your wishes is there already; you need not wait. Choose it in the calendar.
offer-ended = The offer has ended
    .detail = It has been answered before, or its time has run out. Check your appointments and the waitlist in “My services”.
held-too-soon = Your appointment is soon
    .detail = You can wait for an earlier time if your appointment is more than 24 hours away.
offer-open = A place is held for you
    .detail = First accept the place you were offered or decline it.
too-many-entries = You are waiting for too many services
    .detail = You can wait for at most { $max } at a time. Leave one waitlist and try again.
    .plain-detail = Leave one waitlist and try again.

## Codes and links

code-wrong = The code does not match
    .detail = { $left ->
            [0] No attempts are left. Ask for a new code.
            [one] Check the code. { $left } attempt is left.
           *[other] Check the code. { $left } attempts are left.
        }
    .plain-detail = Check the code or ask for a new one.
code-expired = The code has expired
    .detail = Ask for a new code.
code-spent = The code is no longer valid
    .detail = It has been used, or no attempts are left. Ask for a new code.
code-limit = Too many codes in one day
    .detail = You can ask for a new code tomorrow.
effort-needed = We need to check that you are not a robot
    .detail = The check runs by itself and takes some seconds. If it does not, wait { $seconds } { $seconds ->
            [one] second
           *[other] seconds
        } and try again.
    .plain-detail = The check runs by itself and takes some seconds. If it does not, wait a little and try again.
too-many-codes = A code cannot be sent now
    .detail = Too many codes were asked for in a short time. Try again in { $minutes } { $minutes ->
            [one] minute
           *[other] minutes
        } or call the office.
    .plain-detail = Too many codes were asked for in a short time. Try again later or call the office.
resend-too-early = A new code cannot be sent yet
    .detail = You can ask for it in { $seconds } { $seconds ->
            [one] second
           *[other] seconds
        }.
    .plain-detail = Wait a minute and try again.
link-expired = The link is no longer valid
    .detail = It has been used, or its time has run out. Ask for a new one in the cabinet.
email-of-another = Another cabinet has confirmed this address
    .detail = An address can be of one cabinet only. Sign in and give another address in the cabinet.
registration-spent = This registration is already finished
    .detail = Sign in, or begin a new registration.
phone-confirmed = The number is already confirmed
    .detail = No new code is needed. Fill in the form to finish the registration.
proof-spent = This request is already over
    .detail = If you have not got what you wanted, begin again.
nothing-to-confirm = Data are missing to confirm who you are
    .detail = In your profile there remains: { $list }. Fill that in and begin anew.
    .plain-detail = Fill in birth date, identity document and SNILS in your profile and begin anew.
way-closed = Identity cannot be confirmed this way here
    .detail = Choose another way: those that there are stand on the page of your identity.
same-session = Another device must confirm
    .detail = Open your cabinet on your phone, sign in and point its camera at the code: a device does not confirm itself.
signature-refused = The signature is not accepted
    .detail = { $reason } Sign the text once more, or choose another way.
    .plain-detail = Sign the text once more, or choose another way.
other-person = The data are not those of your profile
    .detail = What differs is said beside each field. Correct your profile, or confirm your identity in another way.
check-open = You asked for a video check already
    .detail = Wait for the member of staff, or withdraw it and ask for another time.
check-taken = Another member of staff has this check
    .detail = Look at the list again and take another one.
check-not-taken = Nobody has taken this check yet
    .detail = Take it first.
check-over = This check is over
    .detail = Look at the list again and take another one.
check-changed = The person changed the profile while you looked
    .detail = Open the check again, compare the data with the document and decide once more.
esia-unavailable = ESIA does not answer now
    .detail = Try again in some minutes, or choose another way.
esia-not-believed = The answer of ESIA did not stand the check
    .detail = Begin anew. Should it happen again, choose another way.
snils-taken = This SNILS is confirmed in another cabinet
    .detail = Check the number in your profile. If it is yours, sign in to your former cabinet or recover its password; if you cannot, come to an office with your passport and SNILS.
second-factor-needed = A code of your authenticator is needed
    .detail = Enter the code that your authenticator shows, or one of your recovery codes.
second-factor-sent = We have sent you a code by SMS
    .detail = Enter the code of the SMS, or one of your recovery codes.
second-factor-other = A recovery code is needed
    .detail = You have shown to have the phone already, and something else is needed. Enter a recovery code, or recover the password by e-mail.
passkey-wrong = The passkey does not open
    .detail = Begin to sign in anew, or sign in with your password.
too-many-passkeys = Too many passkeys
    .detail = A cabinet has at most { $max } { $max ->
            [one] passkey
           *[other] passkeys
        }. Remove one that you do not use.
    .plain-detail = Remove a passkey that you do not use.
unlock-open = This cabinet is being unlocked already
    .detail = Decide the one before, or wait until it is over.
unlock-own = Somebody else decides
    .detail = You opened this yourself. Ask a colleague to check and decide.
unlock-differs = What was said is not that of one cabinet
    .detail = Login, name and SNILS must be those of one cabinet. Refuse this request and ask the person to come to the office with a document.
visit-shut = The visitor's data are open no more
    .detail = They are while the visit is ahead or under way, and two weeks after it; a week after a no-show. If you need the person again, ask them to book.
unlock-over = This was decided already
    .detail = If access is still needed, begin anew.
unlock-phone-taken = This number is taken
    .detail = Another cabinet has it, or is about to be opened by it. Refuse this one and begin anew with another number.
phone-has-cabinet = Another cabinet has this number
    .detail = Access cannot be given back by this number. Please go to an office and give a number that has no cabinet. If the cabinet with this number is yours, sign in to it.
second-factor-is-on = The second step of signing in is on already
    .detail = To set it up anew, turn it off first, or change to the other way.
version-consent-old = The text of the agreement has changed
    .detail = Read and accept the current version: { $version }.
    .plain-detail = Read and accept the current version.

## Check-in

check-in-too-early = It is too early to check in
    .detail = You can check in from this time: { $from }.
    .plain-detail = Check in shortly before the appointment.
check-in-too-late = It is too late to check in
    .detail = More than 10 minutes have passed since the start. Please speak to a member of staff.
check-in-wrong = The appointment number or the code does not match
    .detail = Check them on the ticket or in the SMS. If they are right, please speak to a member of staff.

## Staff

wrong-staff-credentials = E-mail, password or code do not match
    .detail = Check the e-mail and the password and enter a new code from the app: each code works once. After five wrong codes a new one works in a quarter of an hour, a recovery code at once.
second-factor-wrong = The code does not match
    .detail = Enter the code that the app shows now. If that does not match either, check the time on your phone.
beyond-your-rights = You have no right to do this
    .detail = Ask the manager of the office or an administrator.
not-yourself = You cannot do this to yourself
    .detail = Your rights and your access are changed by somebody else: ask an administrator.
last-administrator = This is the last administrator
    .detail = First appoint another administrator with rights to the whole system.
policy-not-taken = You are not the one who checks this policy
    .detail = Take it first. If a colleague has it already, take the next one of the list.
invitation-over = The invitation is no longer good
    .detail = If you have accepted it already, sign in with your password and a code from the app and get new recovery codes. If not, ask for a new one.
office-file-wrong = The file has mistakes
    .detail = Nothing was changed. Mend each mistake of the list: each has its place and its line.
office-file-too-large = The file is too large
    .detail = Nothing was changed. Remove what is no longer needed, such as days of the past, so that it has at most { $max } bytes.
    .plain-detail = Nothing was changed. Remove what is no longer needed, such as days of the past.
office-changed = Somebody else has changed the office meanwhile
    .detail = Nothing was changed. Read the file again and make your change in the new version.
references-changed = Somebody else has changed the reference files meanwhile
    .detail = Nothing was changed. Read the file again and make your change in the new version.
references-under-way = The last change of the reference files has not reached every office yet
    .detail = Nothing was changed. Send the request again in a minute.
touches-appointments = The change touches people who have appointments
    .detail = Appointments that no longer fit: { $count }. See whom it touches, and send the request again with this number in «confirm».
    .plain-detail = See whom it touches, and send the request again with a confirmation.
already-staff = There is such a member of staff
    .detail = Somebody works here with this address. Find them in the list of staff or give another address.

## Fields

field-invalid = Check this field.
field-required = Fill in this field.
field-not-a-passkey = This is no answer of a passkey. Please begin anew.
field-phone-of-another = Another cabinet has this phone. Please give another number.
field-phone-of-another-unlock = Another cabinet is about to be opened by this phone. Please give another number.
field-phone-own = This is your number already. Please give another one.
field-email-own = This is your address already, and it is confirmed. Please give another one.
field-passkey-refused = The passkey was not accepted: it is of another site, did not verify you, or was added already. Please begin anew.
field-unknown-field = There is no such field; remove it.
field-given-twice = The parameter is given twice; leave one.
field-wrong-type = The value is not of the right type.
field-too-short = Too short: at least { $min } { $min ->
        [one] character
       *[other] characters
    }.
    .plain = Too short.
field-too-long = Too long: at most { $max } { $max ->
        [one] character
       *[other] characters
    }.
    .plain = Too long.
field-not-a-phone = This does not look like a phone number. Example: +7 912 345-67-89.
field-country-not-served = We do not send SMS to numbers of this country. Give a Russian number.
field-not-a-mobile = SMS do not reach this number. Give a mobile one. Example: +7 912 345-67-89.
field-not-an-email = This does not look like an e-mail address. Example: anna@example.ru.
field-mailbox-not-latin = Before the @ there can only be Latin letters, digits and signs: mail is not delivered to other addresses.
field-password-too-short = The password is too short: at least { $min } { $min ->
        [one] character
       *[other] characters
    }.
    .plain = The password is too short.
field-password-too-long = The password is too long: at most { $max } { $max ->
        [one] character
       *[other] characters
    }.
    .plain = The password is too long.
field-password-needs-digit = Add a digit to the password.
field-password-needs-lower = Add a small letter to the password.
field-password-needs-upper = Add a capital letter to the password.
field-password-common = This password is too easy to guess. Think of another.
field-password-wrong = The password is wrong. If you forgot it, recover it on the sign-in page.
field-must-accept = You cannot go on without accepting this.
field-old-version = The text has changed. Read and accept the current version: { $version }.
    .plain = The text has changed. Read and accept the current version.
field-not-an-id = This does not look like an identifier. Take it from the list.
field-unknown-office = There is no such office. Choose from the list.
field-unknown-service = There is no such service. Choose from the list.
field-unknown-window = The office has no such window. Choose one of the list.
field-unknown-specialist = The office has no such specialist. Choose one of the list on the office’s page.
field-receives-nowhere = This specialist receives nowhere on these days. Check the dates.
field-instead-of = Give either this or { $other }, not both.
    .plain = One field too many.
field-not-hours = These are not hours. Example: 09:00-13:00, in steps of five minutes.
field-unknown-region = There is no such region. Choose from the list.
field-unknown-town = There is no such town. Begin to type its name and choose from the suggestions.
field-unknown-place = Give one of these: an office, a region or the whole system.
field-not-a-date = This is not a date. Example: 2026-12-01.
field-not-a-time = This is not a time. Example: 09:30.
field-past = This time has passed.
field-out-of-range = Allowed: from { $min } to { $max }.
    .plain = The value is outside the allowed range.
field-not-a-choice = Choose one of the values offered.
field-in-future = This date is still ahead.
field-too-young = You need to be 14 or older. A parent books for a child in their own cabinet.
field-too-long-ago = Check the year: nobody is that old.
field-snils-digits = A SNILS has 11 digits. Example: 112-233-445 95.
field-snils-check = Check your SNILS: its last two digits do not fit the others.
field-inn-digits = A person’s INN has 12 digits. Example: 500100732259.
field-inn-check = Check your INN: its last two digits do not fit the others.
field-passport-series = A passport’s series has four digits. Example: 45 12.
field-passport-number = A passport’s number has six digits. Example: 345678.
field-no-series = This document has no series. Write it with the number.
field-paper-number = A document’s number has up to 30 letters, digits and hyphens.
field-issued-before-fourteen = A passport is given from the age of 14. Check its date and your date of birth.
field-issued-before-birth = The date of issue is before the date of birth. Check both.
field-differs-in-registry = The state's registry has it otherwise. Compare with your document and correct the profile; if that is right, turn to an office.
field-passport-expired = This passport is no longer valid: it is renewed at 20 and at 45. Enter the new one.
field-policy-compulsory-number = The number of a compulsory policy has 16 digits. It is printed on the policy.
field-check-too-soon = Choose a time at least { $min } minutes from now.
    .plain = Choose a later time.
field-check-too-far = Choose a time at most { $max } days from now.
    .plain = Choose a nearer time.
field-check-shut = Nobody is at the office at that time. Look at its hours and choose another.
field-not-a-room = This is no link. It begins with https:// and has at most 500 characters.
field-said-otherwise = Something else is said there. Compare your profile with your document.
field-not-said-there = It is not said there, and without it nobody can tell that it is you. Choose another way.
field-signature-format = A detached signature in Base64 is needed here, of at most 40 KB.
field-policy-voluntary-number = The number of a voluntary policy has 4 to 30 letters and digits, as on the policy.
field-too-many = Too many: at most { $max }.
    .plain = Too many.
field-too-few = Too few: at least { $min }.
    .plain = Too few.
field-from-after-to = The beginning is after the end. Swap them.
field-code-format = The code has six digits.
field-no-letters = There should be letters here.
field-not-a-key = The key for retries is 1 to { $max } Latin letters, digits and signs without spaces.
    .plain = The key for retries is Latin letters, digits and signs without spaces.
field-bad-characters = There are characters here that are not allowed. Remove them.
field-document-not-asked = This document is not uploaded for this service. Choose one from the list.
field-name-too-long = The file name is longer than { $max } characters. Shorten it.
    .plain = The file name is too long. Shorten it.
field-name-character = The file name has the character “{ $found }”. Use Latin letters, digits and underscores. Example: passport_1.pdf.
    .plain = A file name has Latin letters, digits and underscores. Example: passport_1.pdf.
field-name-space = The file name has a space. Use an underscore instead. Example: passport_1.pdf.
field-name-dots = A file name has one dot, before the extension. Example: passport_1.pdf.
field-name-no-stem = There is no name before the dot. Example: passport_1.pdf.
field-name-extension = Such a file is not accepted. PDF, JPG and PNG are, and DOC and DOCX for certificates in text.
field-format-not-allowed = This document needs a scan or a photo: PDF, JPG or PNG.
field-file-empty = The file is empty. Choose another.
field-file-too-large = The file is larger than 5 MB. Make it smaller or split it.
field-files-too-large = All files for one service together may have 20 MB. { $left-kb } KB are left: make this file smaller or remove another.
    .plain = All files for one service together may have 20 MB. Make this file smaller or remove another.
field-too-many-files = No more than { $max } files can be added. Remove some or put the pages into one PDF.
    .plain = There are too many files. Remove some or put the pages into one PDF.
field-paper-too-old = This document is valid for { $days } { $days ->
        [one] day
       *[other] days
    } after its issue. Get a new one.
    .plain = This document is no longer valid. Get a new one.
field-signature-not-seen = Make sure that the signature can be seen in the file, and confirm it.
field-no-condition = Everybody needs this document. There is nothing to answer about it.
field-file-wrong-content = The name says { $named }, but { $found } is inside. Save the document anew in the right form.
    .plain = What is in the file is not what its name says. Save the document anew as PDF, JPG or PNG.
field-file-format-not-allowed = This document needs a scan or a photo: PDF, JPG or PNG.
field-file-damaged = The file is damaged or cut off. Save the document anew and upload it again.
field-file-trailing-data = Something stands in the file after the end of the document. Save the document anew.
field-file-too-complex = The file is too complex to be checked. Scan the document anew.
field-file-encrypted = The file is locked with a password. Save it without one.
field-file-script = There is a program (a script) in the file. Save or scan the document anew.
field-file-launches = The file tries to start a program. Scan the document anew.
field-file-acts-on-opening = The file does something by itself when it is opened. Scan the document anew.
field-file-embedded-file = There is another file inside the file. Upload them one by one.
field-file-media = There is sound, video or a three-dimensional picture in the file. Scan the document anew.
field-file-active-form = There is a form in the file that exchanges data. Print it to PDF or scan it.
field-file-macros = The document has macros. Save it without macros or as PDF.
field-file-external-reference = The document takes something from outside: a template, a picture or another file. Save it as PDF.
field-file-pictures = There are pictures in the text document. Upload a scan as PDF, JPG or PNG.
field-file-unknown-encoding = A part of the file is written in an unknown way. Save the document anew.
field-file-animated = This is a moving picture. Upload an ordinary photo.
field-file-too-many-pixels = The picture is too large: more than 40 million dots. Make it smaller.
field-file-too-coarse = The scan has { $dpi } dots per inch, and { $needed } are needed. Scan the document in better quality or take the photo closer.
    .plain = The scan is too small. Scan the document in better quality (300 dots per inch) or take the photo closer.
field-file-blank-page = Page { $page } is blank. Remove it or scan it anew.
    .plain = One of the pages is blank. Remove it or scan it anew.
field-file-not-colour = Page { $page } is no colour scan, and one is needed here: the signature has to be seen. Scan the document in colour.
    .plain = A colour scan is needed here: the signature has to be seen.
field-file-too-many-pages = Pages in the file: { $pages }, and no more than { $max } are needed. Keep only those that matter.
    .plain = The file has too many pages. Keep only those that matter.
field-file-not-looked-at = The file could not be checked for a day. It is not your fault: upload it again.

## Deleting a cabinet

deletion-hindered = First end what you have begun
    .detail = The cabinet cannot be deleted yet: { $list }. Cancel the appointment (within a day of it, call the office), decline the place you were offered, leave the waitlist, and try again.
    .plain-detail = Cancel your appointments (within a day of them, call the office), decline the place you were offered, leave the waitlists, and try again.
deletion-under-way = The cabinet will be deleted
    .detail = Its deletion is set for { $until }, so you cannot book. Cancel the deletion in the profile and book again.
    .plain-detail = You cannot book while a deletion is set. Cancel it in the profile and book again.

## Who acts for whom

not-represented = You may not act for this person
    .detail = To make appointments for somebody, apply with a power of attorney or the child's certificate of birth and wait until it is checked. If the document has expired, or is for other services, apply anew.
identity-needed = Confirm who you are first
    .detail = You may act for somebody once it is confirmed who you are: by a code to your phone, by video, by an electronic signature or through ESIA. You do that in your cabinet.
own-only = This can be done for oneself only
    .detail = Repeat the request without the header Acting-For.
grant-open = An application for this person is being checked
    .detail = Wait for the decision, or withdraw it and apply anew.
too-many-grants = Too many applications
    .detail = Wait for a decision on those that you made, or withdraw those that you do not need.
grant-not-taken = You have not taken this application
    .detail = Take it first. If somebody else has it, take the next one of the list.
grant-over = This application is closed
    .detail = It was decided or withdrawn, or the document has expired. Refresh the list.
grant-differs = The data differ from the person's own cabinet
    .detail = Each field says what differs. Refuse the application and write what is to be corrected.
grant-moved = This SNILS is confirmed in a cabinet by now
    .detail = Refuse, and ask to apply anew: then the owner of that cabinet hears of it.
grant-no-paper = Whoever asks has not entered a document
    .detail = There is nothing to compare. Refuse, and ask them to enter a document in the profile and to apply again.
grant-changed = Whoever asks has changed their data
    .detail = Take the application again, compare the data with the document and decide once more.
field-own-snils = This is your own SNILS. Give that of the one for whom you act.
field-of-age = This person is 18 already: they make appointments themselves, or give a power of attorney.
field-attorney-too-young = Powers of attorney are given from 14 years on. For a child the parent acts: choose that.
field-certificate-series = The series has Roman digits, a hyphen and two Russian letters.
field-certificate-number = The number of a certificate of birth has 6 digits.
field-attorney-over = The power of attorney has expired. Give one that is in force.
field-not-of-kind = This document has no such field. Leave it out.
field-differs-from-cabinet = The person's own cabinet says otherwise.
signing-closed = Applications cannot be signed here yet
    .detail = Electronic signatures are not accepted now. Call the office: they make the appointment, and you sign at the visit.
signature-not-needed = No signature is needed here
    .detail = Send the request without a signature.
signed-at-visit = The application is signed at the visit
    .detail = Where staff book no electronic signature is needed. Tell the visitor that they sign the application at the visit.
field-signature-needed = This application is signed electronically: ask for the text, sign it and send the signature. If you have none, call the office: they make the appointment, and you sign at the visit.
field-signature-over = This text was used, replaced by a newer one, or half an hour has passed. Ask for a new one and sign it.
field-signature-not-needed = No signature is needed here. Leave it out.
field-signed-otherwise = The signed text says otherwise. Put it back, or ask for a new text and sign that.
field-date-too-far = Booking is not open that far ahead. The last day: { $max }.
    .plain = Booking is not open that far ahead. Choose a nearer date.
