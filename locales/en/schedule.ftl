schedule-title = Draft timetable
schedule-lead = Only the team sees the draft. Visitors see what you have released.
schedule-concerns = { $count ->
    [one] 1 concern
   *[other] { $count } concerns
}
schedule-empty-day = Nothing is placed on this day
schedule-empty-day-help = Open a session and give it a time and a room, or import a programme from a file.
schedule-import = Import a programme
schedule-unplaced = { $count ->
    [one] 1 session without a time
   *[other] { $count } sessions without a time
}
schedule-releases-title = Releases
schedule-nothing-to-release = There is nothing to release yet
schedule-nothing-to-release-help = A release holds accepted and confirmed sessions. Accept some first. Nothing was changed.
schedule-to-draft = To the draft
schedule-first-release = The first release
schedule-changes = { $count ->
    [one] 1 change since the last release
   *[other] { $count } changes since the last release
}
schedule-no-changes = No changes since the last release
schedule-left-out = { $count ->
    [one] 1 session stays out, because it is neither accepted nor confirmed.
   *[other] { $count } sessions stay out, because they are neither accepted nor confirmed.
}
schedule-serious = { $count ->
    [one] 1 serious concern in the draft
   *[other] { $count } serious concerns in the draft
}
schedule-change-added = { $count } added
schedule-change-removed = { $count } removed
schedule-change-cancelled = { $count } cancelled
schedule-change-revived = { $count } taking place again
schedule-change-moved = { $count } moved
schedule-change-room-changed = { $count } in another room
schedule-change-slot-added = { $count } with a new time
schedule-change-slot-removed = { $count } with a time less
schedule-change-edited = { $count } edited
schedule-more = and { $count } more
schedule-release-name = Name
schedule-release-note = What changed
schedule-release-button = Release the programme
schedule-release-help = The public pages, feeds and calendars change at once.
schedule-past = Past releases
schedule-number = No.
schedule-at = When
schedule-notice-released = The programme is released. The public sees it now.
schedule-gone = The session or room is not there any more
schedule-gone-help = Someone else has changed the timetable in the meantime. Nothing of yours was changed. Go back and look again.
schedule-ends-before-start = The end is not later than the start
schedule-ends-before-start-help = Nothing was changed. Go back and enter a longer time.
schedule-release-link = Look at the release
schedule-empty = Nothing to schedule yet
schedule-empty-help = Sessions appear here as soon as they exist, and are placed into rooms and times.
schedule-days = Days
schedule-times-in = Times in { $zone }
schedule-time = Time
schedule-room = Room
schedule-no-room = No room yet
schedule-session = Session
schedule-day = Day
schedule-day-empty = Nothing is placed on this day.
schedule-start = Start
schedule-minutes = Minutes
schedule-minutes-hint = How long it lasts.
schedule-all-placed = Every session has its place.
schedule-no-concerns = Nothing speaks against this draft.
schedule-no-concerns-here = Nothing speaks against this place.
schedule-concerns-allowed = You can place it all the same.
schedule-place-title = Place this session
schedule-move-title = Move this session
schedule-place-link = Place this session
schedule-place-again = Place it once more
schedule-place-button = Place the session
schedule-move-button = Move the session
schedule-check-button = Check first
schedule-remove-button = Take it out of the schedule
schedule-neighbours = In this room that day
schedule-neighbours-none = Nothing else so far.
schedule-releases-empty = Nothing is published yet
schedule-releases-empty-help = The public sees a programme as soon as you release the draft. Before that, you see what will change.
schedule-release-title = Release the programme
schedule-release-first = This is the first release. It publishes { $sessions }.
schedule-release-lead = This is what changes for the public since version { $before }.
schedule-release-same = Nothing has changed since version { $before }.
schedule-release-name-hint = Left empty, it is the next number.
schedule-release-note-hint = For the team and for people who follow the programme.
schedule-release-published = Published
schedule-release-current = Public now
schedule-release-not-yet = Not yet
schedule-release-left-out = Placed, but not released
schedule-release-left-out-help = These sessions have a time but are not accepted.
schedule-release-concerns-help = They don't keep you from releasing.
schedule-exports = Files
schedule-exports-help = The newest release, for apps, signs and other programs.
