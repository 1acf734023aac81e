organizer-nav-numbers = Numbers
numbers-title = Numbers
numbers-explained = Days are those of the event’s clocks ({ $zone }). Registrations are counted by when they were made, visits to the form and scans by when they happened; places, seats and waiting lists are as they are now.
numbers-explained-seats = You see the seats in sessions of your forums.
numbers-json = Everything as JSON
numbers-category = Category
numbers-category-any = All categories
numbers-from = From
numbers-to = To
numbers-spans = Time
numbers-span-all = All time
numbers-span-week = Last 7 days
numbers-span-month = Last 30 days
numbers-span-event = During the event
numbers-nobody = Nobody has registered yet
numbers-nobody-help = As soon as somebody opens the registration form, how many do and how far they come stands here.
numbers-nobody-filtered = Nobody has registered in this category and time
numbers-nobody-filtered-help = Choose another category or a longer time.
numbers-over-time = Over time
numbers-ways = From the form to the door
numbers-who = Who comes
numbers-door = At the door
numbers-door-nobody = Nobody has been let in yet. Once tickets are scanned, hours, gates and days stand here.
numbers-seats-heading = Seats in sessions
numbers-seats-none = No session has seats that can be booked yet.
numbers-seats-free = { $count ->
    [one] Nobody has booked the one seat that there is yet.
   *[other] Nobody has booked any of the { $number } seats yet.
}
numbers-table = Show the table
numbers-csv = Download as CSV
numbers-not-said = Not said
numbers-total = Total
numbers-of-registered = { $percent } % of those registered
numbers-of-confirmed = { $percent } % of those confirmed
numbers-of = { $number } of { $limit }
numbers-of-waiting = { $number } of { $limit }, { $waiting } wait
numbers-registered = Registered
numbers-standing = Not given up
numbers-confirmed = Confirmed
numbers-waiting = Waiting
numbers-came = Came
numbers-ended = Ended
numbers-held = Places held
numbers-day = Day
numbers-count = How many
numbers-week = Week from { $day }
numbers-month = Month from { $day }
numbers-by-day = New registrations by day
numbers-by-week = New registrations by week
numbers-by-month = New registrations by month
numbers-made = { $count ->
    [one] One registration in all
   *[other] { $number } registrations in all
}
numbers-made-on = { $count ->
    [one] one registration
   *[other] { $number } registrations
}
numbers-held-title = Places held
numbers-held-of = { $number } of { $capacity } places are held
numbers-held-of-limited = { $number } of { $capacity } places are held; categories without a limit aside
numbers-held-now = { $count ->
    [one] One place is held; no category has a limit
   *[other] { $number } places are held; no category has a limit
}
numbers-places = { $count ->
    [one] one place
   *[other] { $number } places
}
numbers-alt-nothing = Nothing to show.
numbers-alt-rows = { $count ->
    [one] One row: { $first }, { $number }.
   *[other] { $count } rows. The most: { $first }, { $number }.
}
numbers-alt-days = { $number } registrations in all; the most at once: { $day }, { $most }.
numbers-alt-hours = The busiest hour: { $most }
numbers-funnel = How far people come
numbers-funnel-lead = Of those who opened the form. The percentage is of the step before.
numbers-funnel-lead-one = Of those who registered by the form. It is one form for all categories, so how often it was opened is counted for all together. The percentage is of the step before.
numbers-step = Step
numbers-of-before = Percent of the step before
numbers-step-value = { $number } · { $percent } %
numbers-step-opened = Opened the form
numbers-step-registered = Registered or applied
numbers-step-verified = Confirmed their address
numbers-step-confirmed = Have a place and a ticket
numbers-step-came = Came
numbers-openings-title = Where the form was opened from
numbers-openings-lead = Words of links such as ?from=newsletter. Nothing of the person is kept.
numbers-opened-from = From
numbers-openings = Opened
numbers-opened-direct = Directly, from a mail or an app
numbers-opened-site = A page of this site
numbers-opened-embed = The timetable on another site
numbers-opened-elsewhere = Another site
numbers-opened-other = Other words
numbers-opened-word = “{ $word }”
numbers-categories = Places by category
numbers-categories-lead = Places taken, reserved ones too
numbers-categories-waiting = { $count ->
    [one] Places taken, reserved ones too; one person waits
   *[other] Places taken, reserved ones too; { $number } people wait
}
numbers-capacity = Places
numbers-taken = Taken
numbers-countries = Countries
numbers-country = Country
numbers-countries-lead = { $count ->
    [one] One country
   *[other] { $number } countries
}
numbers-other-countries = { $count ->
    [one] One more
   *[other] { $number } more together
}
numbers-organisations = Organisations
numbers-organisation = Organisation
numbers-organisations-lead = { $count ->
    [one] One name, as people wrote it
   *[other] { $number } names, as people wrote them
}
numbers-other-organisations = { $count ->
    [one] One more
   *[other] { $number } more together
}
numbers-sources = How registrations come to be
numbers-source = Way
numbers-sources-lead = Those that were not given up
numbers-source-form = Public form
numbers-source-code = Invitation code
numbers-source-delegation = Delegation
numbers-source-desk = Added at the desk
numbers-source-import = Imported list
numbers-source-speaker = Speakers, with the programme
numbers-languages = Languages
numbers-language = Language
numbers-languages-lead = The language of people’s mails
numbers-came-title = People by day
numbers-came-lead = Each person once a day, at whatever gate
numbers-people = People
numbers-entries = Entries
numbers-hours = Let in by hour
numbers-hour = Hour
numbers-entered = Let in
numbers-refused = Turned away
numbers-inside = Inside now
numbers-entered-in = { $number } let in
numbers-inside-now = { $count ->
    [one] One person is inside now
   *[other] { $number } people are inside now
}
numbers-gates = Gates
numbers-gate = Gate
numbers-gates-lead = How often each gate let somebody in
numbers-gate-deleted = Gates deleted since
numbers-session = Session
numbers-seats = Seats
numbers-seats-title = How full sessions are
numbers-fullest = Fullest sessions
numbers-emptiest = Emptiest sessions
numbers-seats-lead = { $number } of { $limit } seats are taken in all sessions together
numbers-need-conflicts = { $count ->
    [one] One person was let in who should not have been
   *[other] { $number } people were let in who should not have been
}
numbers-need-oldest = the oldest since { $day }
numbers-need-watched = { $count ->
    [one] One name is like one on a watch-list
   *[other] { $number } names are like ones on a watch-list
}
numbers-need-offers = { $count ->
    [one] One offered place runs out within a day
   *[other] { $number } offered places run out within a day
}
numbers-need-first-end = the first on { $day }, { $time }
numbers-need-waiting = { $count ->
    [one] One person waits for a place
   *[other] { $number } people wait for a place
}
numbers-need-none-free = no place is free for them
numbers-need-free = { $count ->
    [one] one place is free for them
   *[other] { $number } places are free for them
}
numbers-need-delegations = { $count ->
    [one] One delegation with free places closes within a week
   *[other] { $number } delegations with free places close within a week
}
numbers-need-blocking = { $count ->
    [one] one blocks the release
   *[other] { $number } block the release
}
numbers-need-held = { $count ->
    [one] One notice is held back until you decide
   *[other] { $number } notices are held back until you decide
}
numbers-need-notices = { $count ->
    [one] One notice can be read before it leaves
   *[other] { $number } notices can be read before they leave
}
numbers-need-leaves = the first leaves on { $day }, { $time }
numbers-need-silent = { $count ->
    [one] One speaker has not answered yet
   *[other] { $number } speakers have not answered yet
}
numbers-goal-of = of { $limit }
numbers-goal-places = Places taken
numbers-goal-waiting = { $count ->
    [one] one person waits
   *[other] { $number } people wait
}
numbers-goal-unlimited = { $count ->
    [one] one more where there is no limit
   *[other] { $number } more where there is no limit
}
numbers-goal-week = New in the last 7 days
numbers-goal-week-before = { $number } in the 7 days before
numbers-goal-confirmed = Confirmed registrations
numbers-goal-unverified = { $count ->
    [one] one address is not confirmed yet
   *[other] { $number } addresses are not confirmed yet
}
numbers-goal-came = People who came
numbers-goal-seats = Seats booked
numbers-goal-sessions = Sessions with a time
numbers-goal-speakers = Speakers who have answered
numbers-goal-speakers-known = Speakers
numbers-all = All numbers
