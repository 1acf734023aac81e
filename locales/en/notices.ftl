organizer-nav-notices = Notices
notices-title = Notices
notices-one-title = Notice
notices-one = Notice about { $name }
notices-about =
    { $minutes ->
        [0] Whoever is concerned by a release is told at once.
        [one] Whoever is concerned by a release is told one minute later. A further release in that time changes what they read, and they still get one mail.
       *[other] Whoever is concerned by a release is told { $minutes } minutes later. A further release in that time changes what they read, and they still get one mail.
    }
notices-rules-link = Change the quiet time
notices-open =
    { $count ->
        [0] Nothing waits
        [one] One notice waits
       *[other] { $count } notices wait
    }
notices-choose = Choose
notices-choose-one = Choose the notice about { $name }
notices-to = About
notices-what = What changed
notices-leaves = Leaves
notices-leaves-at = Leaves at { $at }.
notices-speaker = Speaker
notices-attendee = Attendee
notices-more =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }
notices-nothing = Nothing differs any more, so nothing will be sent.
notices-reworded = In your words
notices-send = Send chosen now
notices-hold = Hold chosen
notices-resume = Let chosen go on
notices-skip = Skip chosen
notices-send-one = Send now
notices-hold-one = Hold
notices-resume-one = Let it go on
notices-skip-one = Skip
notices-skip-help = A skipped notice is not sent, and calendars stay as they were told before. The next release compares with that: what still differs is told then.
notices-empty = No notice waits
notices-empty-help = When a release moves, adds or cancels something for a speaker, or for attendees who starred it or have a seat, their notices wait here until they leave.
notices-settled = Left or skipped
notices-outcome = Outcome
notices-at = When
notices-mails = Mails
notices-mail-number = Mail { $number }
notices-state-waiting = Waits
notices-state-held = Held
notices-state-sent = Sent
notices-state-skipped = Skipped
notices-state-nothing = Nothing to say
notices-words = In your words
notices-field-subject = Subject
notices-field-subject-hint = The usual one where you leave it empty.
notices-field-introduction = First paragraph
notices-field-introduction-hint = It stands in every mail of this notice, whatever its language. The usual words where you leave it empty. An empty line begins a new paragraph.
notices-save-words = Save the words
notices-mail-to = Mail to { $recipient }
notices-as-text = As plain text
notices-what-moved = Moved
notices-what-room = Another room
notices-what-renamed = New title
notices-what-new = New
notices-what-cancelled = Cancelled
notices-notice-none-chosen = Nothing was chosen.
notices-notice-some-changed = Some notices had changed in the meantime and were left as they are. Please look at them again.
notices-notice-held = Held. They leave when you let them go on.
notices-notice-resumed = They leave when their time has come.
notices-notice-sent = Sent.
notices-notice-skipped = Skipped. Calendars stay as they were.
notices-notice-worded = The words are saved.
notices-error-stale = The notice has changed
notices-error-stale-help = It has left, or a release or someone else changed it in the meantime. Please look at it again.
notices-error-changed = A release or someone else changed this notice in the meantime. Below is what it says now; save once more to keep your words.
notices-error-decision = Please choose what to do
notices-error-decision-help = A notice can be sent, held, let go on or skipped.

notices-mail-greeting = Dear { $name },
notices-mail-slot-subject =
    { $more ->
        [0] { $event }: your timetable has changed ({ $title })
        [one] { $event }: your timetable has changed ({ $title } and one more)
       *[other] { $event }: your timetable has changed ({ $title } and { $more } more)
    }
notices-mail-slot-text = The programme of { $event } was published anew. This is what changed for you.
notices-mail-slot-text-about = The programme of { $event } was published anew. This is what changed for { $speaker }.
notices-mail-changes = What changed
notices-mail-before = Before: { $time }
notices-mail-now = Now: { $time }
notices-mail-own-time = On your clock: { $time }
notices-mail-timetable = The whole timetable, in the time of { $timezone }
notices-mail-no-timetable = There is no session left in the timetable.
notices-mail-slot-link = See it, and say whether it suits
notices-mail-calendar = The attached calendar entries replace the ones you have. If your calendar shows only the first, open the others one by one, or subscribe to the calendar on your page.
notices-mail-own-zone = “On your clock” means the time of { $timezone }.
notices-mail-contact = Questions? Write to { $email }.
notices-mail-change-subject =
    { $more ->
        [0] { $event }: { $title } has changed
        [one] { $event }: { $title } and one more have changed
       *[other] { $event }: { $title } and { $more } more have changed
    }
notices-mail-change-text = Sessions of { $event } in your agenda have changed.
notices-mail-agenda = Your agenda, in the time of { $timezone }
notices-mail-change-link = Open my programme
notices-mail-unsubscribe = Don't tell me of changes any more

notices-own-link = My programme
notices-own-title = My programme
notices-own-back = My registration
notices-own-about = Star what you want to see and book seats where they are needed. Your agenda and your calendar follow.
notices-own-none = No programme yet
notices-own-none-help = As soon as the programme is published, you can star sessions here.
notices-own-agenda = My agenda
notices-own-agenda-empty = Your agenda is empty. Star sessions or book a seat, and they stand here.
notices-own-zone = Times are those of the venue ({ $zone }).
notices-own-overlap = At the same time as { $titles }
notices-own-subscribe = Subscribe in my calendar
notices-own-feed = A calendar that subscribes to this address follows every change by itself. Keep the address to yourself: it opens your agenda.
notices-own-connect = Use this browser's stars
notices-own-disconnect = Forget this browser
notices-own-sessions = Sessions
notices-own-days = Days
notices-own-search = Search titles
notices-own-no-sessions = No session fits.
notices-own-star = Star { $title }
notices-own-unstar = Take the star off { $title }
notices-own-notices = When something changes
notices-own-wants = Write to me when a session in my agenda moves or is cancelled
notices-own-save = Save
notices-own-wanted = We will write to you when a session in your agenda changes.
notices-own-refused = We will not write to you about changes any more.
notices-unsubscribe-title = No more notices of changes
notices-unsubscribe-help = We write to you when a session in your agenda moves or is cancelled. Your registration stays as it is.
notices-unsubscribe-button = Don't write to me about changes
notices-unsubscribed = You will get no more notices of changes
notices-unsubscribed-help = Your registration stays as it is. You can change this in your programme.
