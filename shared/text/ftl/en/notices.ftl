# Mails, SMS and inbox messages; the facts are those of the Russian file. The form .plain says the same when
# a fact is not there; in SMS also .reason (with the reason), .short (shorter), .brief (without the office but
# with the link) and .plainest (without facts).

greeting = Hello { $name },
    .plain = Hello,
signature = Okno, the appointment service. This message was sent automatically; you need not reply.
not-you = If this was not you, you need not do anything.

## Facts

fact-when = When
    .value = { $when }
fact-old-when = When
    .value = { $old-when }
fact-office = Where
    .value = { $office }
fact-old-office = Where
    .value = { $old-office }
fact-address = Address
    .value = { $address }
fact-phone = Office's phone
    .value = { $phone }
fact-document = Document
    .value = { $document }
fact-service = Service
    .value = { $service }
fact-specialist = Specialist
    .value = { $specialist }
fact-number = Appointment number
    .value = { $number }
fact-queue-number = Queue number
    .value = { $queue-number }
fact-code = Code
    .value = { $code }
fact-reason = Reason
    .value = { $reason }
fact-result = Result
    .value = { $result }
fact-note = What to know
    .value = { $reason }

## Documents

documents-heading = Please bring
lacking-heading = No files of these documents are here yet. Upload them in your cabinet before the visit, or bring the documents
document-original = { $text }: original
document-copy = { $text }: copy
document-both = { $text }: original and copy
document-any = { $text }
document-conditional = { $line } ({ $condition })

## About the appointment

appointment-what = Your appointment
appointment-button = Open the appointment in your cabinet
announcements-heading = From the office
come-early = Please come 10–15 minutes before the start and give the appointment number and the code. If you are more than 10 minutes late, the appointment may be marked as a no-show.
change-until = You can change or cancel the appointment yourself no later than this time: { $deadline }. After that, please call the office: { $phone }.
    .plain = If you cannot come, please call the office as early as you can.

## Waitlist

stop = To stop receiving these messages, open “My services” in your cabinet, then “Notice of a free slot”, and press “Stop waiting”.
stop-by-link = To stop receiving these messages, open the page linked below and press “Stop waiting”.
stop-button = Stop waiting
offer-what = The free slot
offer-what-past = The slot in question
offer-held = The slot is held for you alone and nobody else can take it. Please answer by this time: { $deadline }.
    .plain = While the offer lasts, the slot is held for you alone and nobody else can take it.
offer-swap = You already have an appointment: { $old-when }. If you accept, it moves to the new time and the old time is given up.
offer-button = Answer the offer
offer-press = Opening the link changes nothing by itself: you decide with a button on the page, “Accept” or “Decline”.
offer-decline = If you decline, you keep your place on the waitlist.

## Registration

registration-code-sms = Okno: your code is { $code }. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody.
    .plain = Okno: your code is { $code }. Tell it to nobody.
phone-already-registered-sms = Okno: this number already has a cabinet. Sign in or recover the password. If this was not you, do nothing.

email-link-subject = Confirm your e-mail address
email-link-lead = This address was given when registering with Okno, the appointment service. To receive messages about appointments, please confirm it.
email-link-button = Confirm the address
email-link-press = Opening the link changes nothing by itself: press “Confirm” on the page.
email-link-end = The link is valid until this time: { $deadline }.

email-already-registered-subject = You already have a cabinet
email-already-registered-lead = Somebody gave this address to Okno, the appointment service, but it already has a cabinet. If this was you, sign in to that cabinet, or recover the password if you have forgotten it.
email-already-registered-button = Sign in

## Booked

booked-subject = Your appointment is booked: { $when }
    .plain = Your appointment is booked
booked-lead = { $by ->
        [representative] Your representative has booked an appointment for you.
        [staff] A member of staff has booked an appointment for you.
        [office] The office has booked an appointment for you.
        [system] An appointment has been booked for you.
       *[citizen] You have booked an appointment.
    }
    .plain = An appointment has been booked for you.
booked-sms = Appointment booked: { $when-short }, { $office }. Number { $number }, code { $code }. Please come 10-15 minutes early.
    .plain = Appointment booked: { $when-short }. Number { $number }, code { $code }.
    .plainest = Your appointment is booked. See your cabinet for details.

## Moved

moved-subject = Your appointment has moved: { $when }
    .plain = Your appointment has moved
moved-lead = { $by ->
        [citizen] You have moved your appointment. The old time no longer holds.
        [representative] Your representative has moved your appointment. The old time no longer holds.
        [staff] A member of staff has moved your appointment. The old time no longer holds.
        [office] The office has moved your appointment. The old time no longer holds.
       *[system] Your appointment has moved. The old time no longer holds.
    }
    .plain = Your appointment has moved. The old time no longer holds.
moved-old = Before
moved-same-subject = A change to your appointment: { $when }
    .plain = A change to your appointment
moved-same-lead = { $by ->
        [citizen] You have changed your appointment. Time and office stay the same.
        [representative] Your representative has changed your appointment. Time and office stay the same.
       *[system] The window or the specialist of your appointment has changed. Time and office stay the same.
    }
    .plain = Your appointment has changed. Time and office stay the same.
moved-same-why = Why
moved-same-sms = Same time: { $when-short }, { $office }. The window or specialist has changed. Number { $number }, code { $code }.
    .plain = Same time: { $when-short }. The window or specialist has changed. Number { $number }, code { $code }.
    .plainest = The window or specialist of your appointment has changed, the time is the same. See your cabinet for details.
moved-sms = Appointment moved: { $when-short }, { $office }. Number { $number }, code { $code }.
    .plain = Appointment moved: { $when-short }. Number { $number }, code { $code }.
    .plainest = Your appointment has moved. See your cabinet for details.

## Cancelled

cancelled-subject = Your appointment is cancelled: { $when }
    .plain = Your appointment is cancelled
cancelled-lead = { $by ->
        [citizen] You have cancelled your appointment.
        [representative] Your representative has cancelled your appointment.
        [staff] A member of staff has cancelled your appointment.
        [office] The office has cancelled your appointment.
       *[system] Your appointment has been cancelled automatically.
    }
    .plain = Your appointment has been cancelled.
cancelled-what = What is cancelled
cancelled-next = You need not come. If you still need an appointment, please book another time.
cancelled-sms = Appointment { $number } cancelled { $by ->
        [citizen] by you
        [representative] by your representative
        [staff] by a member of staff
        [office] by the office
       *[system] automatically
    }: { $when-short }, { $office }.
    .reason = Appointment { $number } cancelled { $by ->
        [citizen] by you
        [representative] by your representative
        [staff] by a member of staff
        [office] by the office
       *[system] automatically
    }: { $when-short }, { $office }. Reason: { $reason }
    .plain = Appointment cancelled: { $when-short }. See your cabinet for details.
    .plainest = Your appointment is cancelled. See your cabinet for details.
displaced-subject = The office has cancelled your visit: { $when }
    .plain = The office has cancelled your visit
displaced-lead = We are sorry: the office cannot receive you at this time.
displaced-next = You need not come. We have put you first in the waiting line: free times are offered to you before anybody else, in a message of their own. You may book another time or leave the line whenever you like.
displaced-button = Choose another time
displaced-sms = Appointment { $number } on { $when } is cancelled by the office: please do not come. Other times are offered to you first. { $phone }
    .short = Appointment { $number } is cancelled by the office: please do not come. Other times are offered to you first.
    .plain = Your appointment is cancelled by the office: please do not come. Other times are offered to you first.

## Reminders

reminder-day-subject = Reminder of your appointment: { $when }
    .plain = Reminder of your appointment
reminder-day-lead = Your appointment is coming up. Please check the time and the documents.
reminder-day-sms = Reminder of your appointment: { $when-short }, { $office }. Number { $number }, code { $code }. Bring your documents.
    .plain = Reminder of your appointment: { $when-short }. Number { $number }, code { $code }.
    .plainest = Reminder of your appointment. See your cabinet for details.

reminder-hour-subject = Your appointment is soon: { $when }
    .plain = Your appointment is soon
reminder-hour-lead = Your appointment begins soon. Please check that you have the documents with you.
reminder-hour-sms = Your appointment is soon: { $when-short }, { $office }. Number { $number }, code { $code }.
    .plain = Your appointment is soon: { $when-short }. Number { $number }, code { $code }.
    .plainest = Your appointment is soon. See your cabinet for details.

## Offers

offer-made-subject = A slot has become free: { $when }
    .plain = A slot has become free
offer-made-lead = A slot has become free that fits your wishes. It is now offered to you alone.
offer-made-sms = A slot is free: { $when-short }, { $office }. Held for you until { $deadline-short }. Answer or stop waiting: { $link }
    .short = Free: { $when-short }, { $office }. Held until { $deadline-short }. Answer or stop waiting: { $link }
    .brief = Free: { $when-short }, held until { $deadline-short }. Answer or stop waiting: { $link }
    .plain = A free slot is held for you. Answer or stop waiting: in your cabinet, "My services".

offer-nudge-subject = The offer awaits your answer: { $when }
    .plain = The offer awaits your answer
offer-nudge-lead = We are still holding the slot for you. Please accept it, or decline it so that somebody else can have it.
offer-nudge-sms = Your offer awaits an answer: { $when-short }, { $office }. Held for you until { $deadline-short }. Answer or stop waiting: { $link }
    .short = Answer awaited: { $when-short }, { $office }. Held until { $deadline-short }. Answer or stop waiting: { $link }
    .brief = Answer awaited: { $when-short }, held until { $deadline-short }. Answer or stop waiting: { $link }
    .plain = Your offer awaits an answer. Answer or stop waiting: in your cabinet, "My services".

offer-lapsed-subject = The offer has ended: { $when }
    .plain = The offer has ended
offer-lapsed-lead = You did not answer the offer in time, and the slot has been released to others.
offer-lapsed-next = You keep your place on the waitlist. We will write when another suitable time becomes free. If the next offer goes unanswered too, we will pause your waiting.
offer-lapsed-sms = The offer for { $when-short } has ended. You keep your place on the waitlist. To stop waiting: in your cabinet, "My services".
    .plain = The offer has ended. You keep your place on the waitlist. To stop waiting: in your cabinet, "My services".

offer-lapsed-paused-subject = Your waiting is paused
offer-lapsed-paused-lead = The second offer in a row went unanswered, and the slot has been released to others. We have paused your waiting so as not to disturb you.
offer-lapsed-paused-next = There will be no new offers until you resume. To resume, open “My services” in your cabinet, then “Notice of a free slot”, and press “Resume waiting”.
offer-lapsed-paused-sms = Two offers went unanswered: your waiting is paused. To resume or to stop waiting: in your cabinet, "My services".

offer-withdrawn-subject = The offer is withdrawn: { $when }
    .plain = The offer is withdrawn
offer-withdrawn-lead = The slot that we held for you is no longer available. This offer can no longer be accepted.
offer-withdrawn-next = You keep your place on the waitlist. We will write when another suitable time becomes free.
offer-withdrawn-sms = The offer for { $when-short } is withdrawn. You keep your place on the waitlist. To stop waiting: in your cabinet, "My services".
    .plain = The offer is withdrawn. You keep your place on the waitlist. To stop waiting: in your cabinet, "My services".

## No-show

no-show-subject = Marked as a no-show: { $when }
    .plain = Marked as a no-show
no-show-lead = Ten minutes after the start there is no record that you had come. The appointment is closed as a no-show.
no-show-what = The appointment in question
no-show-meaning = The time is no longer reserved for you. You can book again at any free time.
no-show-object = If you did come or the mark is wrong, you can object: call the office, { $phone }, and give the appointment number.
    .plain = If you did come or the mark is wrong, you can object: contact the office and give the appointment number.
no-show-sms = Marked as a no-show: { $when-short }. If you did come, object by phone: { $phone }. Appointment number { $number }.
    .plain = Marked as a no-show. If you did come, you can object at the office.

no-show-undone-subject = No longer a no-show: { $when }
    .plain = No longer a no-show
no-show-undone-lead = The no-show is taken back: it is recorded that you came.
no-show-undone-next = If you have not been received yet, you will be received with this appointment.
no-show-undone-sms = No longer a no-show: { $when-short }. Appointment number { $number }.
    .plain = No longer a no-show: it is recorded that you came.

## Result of a visit

visit-closed-subject = The result of your visit: { $when }
    .plain = The result of your visit
visit-closed-lead = Your visit is over. This is its result.
visit-closed-what = The result of the visit
visit-closed-next = If you disagree or have questions, call the office, { $phone }, and give the appointment number.
    .plain = If you disagree or have questions, contact the office and give the appointment number.

## Invitation of staff

staff-invitation-subject = You are invited to work with Okno
staff-invitation-lead = Access for staff to Okno, the appointment service, is being set up for you. To accept the invitation, open the page by the link.
staff-invitation-button = Accept the invitation
staff-invitation-unexpected = If you did not expect this invitation, you need not do anything.
staff-invitation-next = You will need a phone with an app that shows one-time codes. On the page you will choose a password, add Okno to that app and receive recovery codes.

## The cabinet

recovery-code-subject = Code to recover your password
recovery-code-lead = You are recovering the password of your cabinet with Okno, the appointment service.
recovery-code-sms = Okno: your code to recover the password is { $code }. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody.
    .plain = Okno: your code to recover the password is { $code }. Tell it to nobody.
    .plainest = Okno: somebody is recovering the password of your cabinet.
contact-code-subject = Code to confirm your address
contact-code-lead = This address was given for a cabinet with Okno, the appointment service.
contact-code-sms = Okno: your code to change the phone is { $code }. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody.
    .plain = Okno: your code to change the phone is { $code }. Tell it to nobody.
    .plainest = Okno: this number was given for a cabinet.
caller-code-sms = Okno: code { $code }. Tell it to staff only if it is you who is calling them now.
    .brief = Okno: tell the code { $code } to staff only if it is you who is calling them.
    .plainest = Okno: a member of staff asks you to tell a code.
device-code-sms = Okno: your code to sign in on a new device is { $code }. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody.
    .plain = Okno: your code to sign in on a new device is { $code }. Tell it to nobody.
    .plainest = Okno: somebody is signing in to your cabinet on a new device.
code-is = Your code: { $code }. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody, not even to staff.
    .plain = Tell the code to nobody, not even to staff.
password-changed-subject = Your password was changed
password-changed-lead = The password of your cabinet was changed. Please sign in again on every device.
password-changed-sms = Okno: the password of your cabinet was changed. If this was not you, recover it and check the passkeys in the cabinet.
password-recovered-subject = Your password was recovered
password-recovered-lead = Your cabinet was given a new password by a code. Please sign in again on every device.
password-recovered-sms = Okno: your cabinet has a new password. If this was not you, recover it and check the passkeys in the cabinet.
phone-changed-subject = Your phone was changed
phone-changed-lead = Your cabinet now has another phone. Messages no longer go to the one before.
phone-changed-sms = Okno: your cabinet now has another phone. If this was not you, recover your password by e-mail.
email-changed-subject = Your e-mail address was changed
email-changed-lead = Your cabinet now has another e-mail address. Messages no longer go to the one before.
email-changed-sms = Okno: your cabinet now has another e-mail address. If this was not you, recover your password by phone.
second-factor-on-subject = The second step of signing in is on
second-factor-on-lead = Signing in to your cabinet now needs a code besides the password.
second-factor-on-sms = Okno: signing in now needs a code besides the password. If this was not you, go to an office.
second-factor-off-subject = The second step of signing in is off
second-factor-off-lead = Signing in to your cabinet no longer needs a code besides the password.
second-factor-off-sms = Okno: signing in no longer needs a code besides the password. If this was not you, change your password.
recovery-codes-renewed-subject = New recovery codes
recovery-codes-renewed-lead = New recovery codes were given out for signing in to your cabinet. Those before open nothing any more.
recovery-codes-renewed-sms = Okno: new recovery codes were given out for your cabinet. If this was not you, change your password.
new-device-subject = Signed in on a new device
new-device-lead = Somebody signed in to your cabinet on a device that was not used there before. You can see and remove devices in the cabinet.
new-device-sms = Okno: somebody signed in to your cabinet on a new device. If this was not you, recover your password at once.
factor-code-sms = Okno: code { $code } for the second step of signing in. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody.
    .plain = Okno: code { $code } for the second step of signing in. Tell it to nobody.
    .plainest = Okno: somebody is signing in to your cabinet, a code is needed.
device-removed-subject = A device was removed
device-removed-lead = A device was removed from your cabinet. The sessions on it are over, and signing in there needs a code again.
device-removed-sms = Okno: a device was removed from your cabinet, its sessions are over. If this was not you, change your password.
passkey-added-subject = A passkey was added
passkey-added-lead = From now on one can sign in to your cabinet with a passkey, without the password. You can see and remove passkeys in the cabinet.
passkey-added-sms = Okno: a passkey was added to your cabinet. If this was not you, remove it in the cabinet and change your password.
passkey-removed-subject = A passkey was removed
passkey-removed-lead = A passkey was removed from your cabinet. It opens nothing any more, and the sessions that it opened are over.
passkey-removed-sms = Okno: a passkey was removed from your cabinet. If this was not you, change your password.
passkey-copied-subject = A passkey may have been copied
passkey-copied-lead = Somebody tried to sign in with your passkey as if there were two of it. They were not let in. Remove this passkey in the cabinet and add a new one.
passkey-copied-sms = Okno: your passkey may have been copied; it did not open your cabinet. Remove it there and add a new one.
passkey-not-you = If this was not you, remove the passkey in the cabinet and change your password: a passkey opens without the password.
unlock-code-sms = Okno: code { $code } to get back into your cabinet. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody.
    .plain = Okno: code { $code } to get back into your cabinet. Tell it to nobody.
    .plainest = Okno: somebody is getting back into a cabinet by this phone.
unlock-approved-subject = Somebody asked to open your cabinet to another phone
unlock-approved-lead = At an office somebody showed a passport and asked to have your cabinet opened to another phone. In a day the new phone takes the place of yours, and all devices are signed out.
unlock-approved-sms = Okno: somebody asked to open your cabinet to another phone. If this was not you, sign in within a day and stop it.
unlock-approved-not-you = If this was not you, sign in within a day and stop it. If you cannot sign in, call the office.
unlock-promised-subject = The new phone was told when your cabinet opens
unlock-promised-lead = A message went to the new phone: with it your cabinet can be opened from { $deadline } on.
    .plain = A message went to the new phone: with it your cabinet can be opened in a day.
unlock-promised-sms = Okno: from { $deadline-short } on this phone can open your cabinet, for 7 days. Get a code here: { $link }
    .plain = Okno: in a day this phone can open your cabinet, for 7 days.
unlock-stopped-subject = Access by another phone was stopped
unlock-stopped-lead = In your cabinet it was stopped that another phone gets access. Nothing has changed.
unlock-stopped-sms = Okno: access to your cabinet by another phone was stopped, nothing has changed.
unlocked-subject = Your cabinet was opened to another phone
unlocked-lead = Your cabinet is now open to another phone. The former phone, address, password, devices and passkeys open it no longer.
unlocked-sms = Okno: your cabinet was opened to another phone, former ways in are closed. If this was not you, go to an office.
unlocked-not-you = If this was not you, go to any office with your passport at once.
identity-code-sms = Okno: code { $code } to confirm who you are. It is valid for { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }. Tell it to nobody.
    .plain = Okno: your code to confirm who you are is { $code }. Tell it to nobody.
    .plainest = Okno: somebody confirms who they are in your cabinet.
identity-confirmed-subject = Your identity is confirmed
identity-confirmed-lead = In your cabinet it was confirmed who you are. How and when is shown there.
identity-confirmed-sms = Okno: your identity was confirmed in your cabinet. If this was not you, change your password.
identity-ended-subject = Your identity is no longer confirmed
identity-ended-lead = Name, birth date or SNILS were changed in your profile, so your identity has to be confirmed anew.
identity-ended-sms = Okno: name, birth date or SNILS were changed, please confirm your identity anew. If this was not you, change your password.
    .plain = Okno: please confirm your identity anew. If you did not change your profile, change your password.
video-check-ready-subject = A member of staff waits for your video call
video-check-ready-lead = A member of staff is ready to confirm your identity by video. The link is in your cabinet. Have your passport at hand.
video-check-ready-sms = Okno: staff wait for your video call. The link is in your cabinet. Have your passport at hand.
video-check-refused-subject = Your identity was not confirmed by video
video-check-refused-lead = A member of staff could not confirm your identity by video. Why is said in your cabinet. You may ask for another check, or choose another way.
video-check-refused-sms = Okno: your identity was not confirmed by video. Why is said in your cabinet.
identity-button = Open the cabinet
phone-changed-not-you = If this was not you, recover your password by e-mail at once, or go to any office.
email-changed-not-you = If this was not you, recover your password by phone at once, or go to any office.
second-factor-on-not-you = If this was not you, go to any office: without a code of the second step the password cannot be recovered.
account-not-you = If this was not you, recover your password at once: press “Forgot your password?” on the sign-in page.
password-passkeys = If the cabinet has passkeys, they still open it without the password. Look whether all of them are yours, and remove those that are not.
account-button = Recover the password
file-refused-subject = A file was not accepted
file-refused-lead = The file that you uploaded for your appointment was not accepted.
file-refused-what = What was wrong
file-refused-next = Mend the file and upload it again. Your other documents are kept.
file-refused-button = My documents
cabinet-blocked-subject = Booking through your cabinet is closed
cabinet-blocked-lead = A member of staff has closed booking through your cabinet: for now you cannot book, move an appointment or be offered a place from the waiting list. You can sign in, see and cancel your appointments as before.
cabinet-blocked-what = Why
cabinet-blocked-next = If you disagree, call the office that closed it: its phone is in your cabinet. The office can open booking again.
cabinet-blocked-button = Open the cabinet
cabinet-blocked-sms = Okno: booking through your cabinet is closed. Why, and whom to call, is in your cabinet: { $link }
    .plain = Okno: booking through your cabinet is closed. Why, and whom to call, is in your cabinet.
cabinet-unblocked-subject = You can book through your cabinet again
cabinet-unblocked-lead = A member of staff has opened booking through your cabinet again.
cabinet-unblocked-next = If you had a place on a waiting list, you still have it.
cabinet-unblocked-sms = Okno: you can book through your cabinet again.
policy-void-subject = Your policy was not confirmed
policy-void-lead = The insurance policy in your profile was not confirmed: no such policy in your name is in force. Until then you cannot book services that ask for one.
policy-void-what = Why
policy-void-next = Check the number of the policy, your name and your birth date in the profile: as soon as you correct them, the policy is checked again. If all is right, turn to your insurer or show the policy at an office.
policy-void-button = Open the profile
policy-void-sms = Okno: your insurance policy was not confirmed. Check its number, your name and birth date in your profile.
policy-confirmed-subject = Your policy is confirmed
policy-confirmed-lead = A member of staff has checked the insurance policy in your profile and confirmed it.
policy-confirmed-what = What was found
eligibility-doubted-subject = Your right to the service was not confirmed
eligibility-doubted-lead = You are booked, and stay so, but the state's registry did not confirm that you are entitled to the service.
eligibility-doubted-what = What is known
eligibility-doubted-next = Bring the documents by which you are entitled to it: the specialist checks them on the spot. If the registry is wrong, turn to the office with these documents, or call it.
eligibility-doubted-sms = Okno: the registry did not confirm your right to the service. Appointment { $number } stays; bring documents that show it.
    .plain = Okno: the registry did not confirm your right to the service. Your appointment stays; bring documents that show it.

## Taking data away, and deleting a cabinet

export-taken-subject = Your data were downloaded
export-taken-lead = Somebody with your password downloaded all that is kept of you. On which device is shown in the cabinet.
export-taken-sms = Okno: all data of your cabinet were downloaded. If this was not you, recover your password at once.
deletion-asked-subject = Your cabinet will be deleted
deletion-asked-lead = You asked to have your cabinet deleted. It will be deleted on { $deadline }.
    .plain = You asked to have your cabinet deleted. It will be deleted in seven days.
deletion-asked-stop = Until then everything can stay as it is: sign in and cancel the deletion. As long as it is not cancelled you cannot book.
deletion-asked-button = Open the profile
deletion-asked-sms = Okno: your cabinet will be deleted on { $deadline-short }. To keep it, sign in and cancel the deletion.
    .plain = Okno: your cabinet will be deleted in seven days. To keep it, sign in and cancel the deletion.
deletion-stopped-subject = Your cabinet stays
deletion-stopped-lead = Your cabinet stays: its deletion was cancelled.
deletion-stopped-sms = Okno: the deletion of your cabinet was cancelled. If this was not you, change your password.
cabinet-deleted-subject = Your cabinet is deleted
cabinet-deleted-lead = Your cabinet is closed, nobody can sign in to it any more. Your data and files are being deleted; this is the last message.
cabinet-deleted-kept = By law it only stays where and when you were received and how that ended, and who of the staff read your data: without name, phone and e-mail. After five years that goes as well. You can register again at any time.
cabinet-deleted-sms = Okno: your cabinet is deleted, nobody can sign in to it any more. You can register again.

## Who acts for whom

behalf-lead = This message is about somebody for whom you act. Their name: { $behalf }.
behalf-sms = For: { $behalf }.
representative-next = If you do not want this, refuse it in your cabinet: that counts at once and at any time.
representative-button = Open your cabinet
representative-asked-subject = Somebody wants to act for you
representative-asked-lead = Somebody says that you let them make appointments for you. Staff will check the document. Who it is, and by which document, stands in your cabinet.
representative-asked-sms = Okno: somebody wants to make appointments for you. Who: see your cabinet. Refuse it there if you do not agree.
representative-approved-subject = Somebody may make appointments for you
representative-approved-lead = Staff have checked the document: your representative may now make appointments for you. You see in your cabinet everything that they do.
representative-approved-sms = Okno: your representative may make appointments for you. You can end that in your cabinet.
representation-approved-subject = You may make appointments for somebody
representation-approved-lead = Staff have checked the document: you may now make appointments for the one whom you represent. Bring the original document and your passport to the visit.
representation-approved-sms = Okno: the document is checked, you may make appointments for the one whom you represent. Bring the original.
representation-refused-subject = You may not act for somebody
representation-refused-lead = Staff have checked the application and did not confirm it. Correct the data and apply anew, or come to an office with the document.
representation-refused-what = Why
representation-refused-sms = Okno: your application to act for somebody is not confirmed. Why: see your cabinet.
representation-ended-subject = The right to act for somebody has ended
representation-ended-lead = The representative may no longer make appointments by this document. Appointments that are made stay.
representation-ended-what = What a member of the office wrote
representation-ended-sms = Okno: the representative may no longer make appointments by this document. Appointments that are made stay.
representation-ends-subject = The right to act for somebody ends soon
representation-ends-lead = In a week the representative may no longer make appointments by this document. If there is a new one, apply with it beforehand. Appointments that are made stay.
