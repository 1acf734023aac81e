mailings-title = Mailings
mailings-one-title = Mailing
mailings-new = Write a mailing
mailings-edit-title = Edit the mailing
mailings-edit = Edit
mailings-none = No mailing yet
mailings-none-help = Write to attendees or speakers chosen by what you know of them, each in their own language.
mailings-no-subject = (no subject)
mailings-leaves = Leaves
mailings-reached = Sent to
mailings-words = What it says
mailings-who = Who gets it
mailings-whom = Write to
mailings-whom-registrations = Attendees
mailings-whom-speakers = Speakers
mailings-filters-hint = Whoever fits everything chosen below gets it, each address once. What is left empty lets everyone through.
mailings-of-attendees = Which attendees
mailings-of-speakers = Which speakers
mailings-category = Category
mailings-delegation = Delegation (several with Ctrl or ⌘)
mailings-together = Write to the speakers of a session together
mailings-together-hint = One mail for each session: each speaker gets one in their language, with the addresses of the others as copies, so that an answer to all reaches everybody.
mailings-session-state = The session is
mailings-files = Files
mailings-file = Another file
mailings-file-add = Add the file
mailings-file-remove = Take it off
mailings-files-hint = { $types }; up to { $files } files, together at most { $megabytes } MB
mailings-files-hint-unlimited = { $types }; up to { $files } files
mailings-notice-file-added = The file goes out with every mail of this mailing.
mailings-notice-file-removed = The file does not go out any more.
mailings-error-file-too-large = This file is larger than { $megabytes } MB, which all files of a mailing may have together. Nothing was added. Put it where people can download it, and write the link.
mailings-error-files-large = With this file all together would be larger than { $megabytes } MB. Nothing was added. Take another one off first, or write a link.
mailings-error-files-many = A mailing brings no more files than it has already. Nothing was added.
mailings-country = Country (several with Ctrl or ⌘)
mailings-came = At the event
mailings-came-yes = came
mailings-came-no = has not come yet
mailings-any = Makes no difference
mailings-booked = Has a seat in
mailings-answer = Gave the answer
mailings-answer-yes = yes
mailings-answer-no = no
mailings-forum = Forum
mailings-room = Room
mailings-day = Day
mailings-missing = Still owes
mailings-missing-photo = a photo
mailings-missing-biography = a biography
mailings-missing-answer = an answer to a slot
mailings-missing-invitation = an answer to an invitation
mailings-missing-profile = facts of the profile
mailings-missing-availability = when they are free
mailings-missing-slides = slides
mailings-missing-travel = travel
mailings-missing-consent = consent to recording
mailings-when = It leaves
mailings-when-now = as soon as I send it
mailings-when-at = at this day and time
mailings-when-before-event = some days before the event begins
mailings-when-before-session = some hours before each of the person’s sessions (seats of attendees, parts of speakers)
mailings-at-day = Day
mailings-at-time = Time ({ $zone })
mailings-days-before = Days before the event
mailings-hours-before = Hours before the session
mailings-leaves-now = as soon as it is sent
mailings-leaves-at = { $time }
mailings-leaves-before = { $hours ->
    [one] one hour before each session
   *[other] { $hours } hours before each session
}
mailings-save = Save and see who gets it
mailings-send = { $count ->
    [one] Send one message
   *[other] Send { $count } messages
}
mailings-send-each = { $count ->
    [0] Send before each session
    [one] Send one message, before its session
   *[other] Send { $count } messages, each before its session
}
mailings-subject-assistant = For { $speaker }: { $subject }
mailings-stop = Stop it
mailings-copy = Write another like it
mailings-delete = Delete the draft
mailings-names = Names and addresses
mailings-address = Address
mailings-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
mailings-nobody = Nobody fits what was chosen. Choose less, or wait until somebody does.
mailings-in-language = { $count ->
    [one] { $language }: one person
   *[other] { $language }: { $count } people
}
mailings-instead = { $count ->
    [one] (one of them would rather read another language, in which there are no words)
   *[other] ({ $count } of them would rather read another language, in which there are no words)
}
mailings-refused-count = { $count ->
    [one] One address wants no mailings and is left out.
   *[other] { $count } addresses want no mailings and are left out.
}
mailings-unreachable-count = { $count ->
    [one] One person who fits has no address, nor anybody with one who helps them, and is left out.
   *[other] { $count } people who fit have no address, nor anybody with one who helps them, and are left out.
}
mailings-preview = As it arrives: { $language }
mailings-state-draft = Draft
mailings-state-planned = Planned
mailings-state-leaving = Leaving
mailings-state-left = Sent
mailings-state-stopped = Stopped
mailings-notice-sent = The mailing leaves at its time. It can be stopped until then.
mailings-notice-stopped = Stopped. What has not left stays here.
mailings-notice-deleted = The draft is deleted.
mailings-error-changed = Someone else has changed this mailing, or it has begun to leave
mailings-error-changed-help = Nothing of yours was kept. Open it again to see how it stands.
mailings-error-nobody = Nobody would get this mailing
mailings-error-nobody-help = Nothing was sent. Choose less under who gets it.
mailings-error-time = The clocks skip that time on that day
mailings-error-past = This day and time are past. Choose a later one, or let it leave as soon as you send it.
mailings-error-no-words = Write subject and text in at least one language.
mailings-own-page = Open your page
mailings-no-more = No more such mails
mailings-refuse-title = No more such mails?
mailings-refuse-button = No more such mails
mailings-refused = Done
