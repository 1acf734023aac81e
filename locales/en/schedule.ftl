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
schedule-change-added = { $count } added
schedule-change-removed = { $count } removed
schedule-change-cancelled = { $count } cancelled
schedule-change-revived = { $count } taking place again
schedule-change-moved = { $count } moved
schedule-change-room-changed = { $count } in another room
schedule-change-slot-added = { $count } with a new time
schedule-change-slot-removed = { $count } with a time less
schedule-change-edited = { $count } edited
schedule-change-people-changed = { $count } with other people
schedule-change-retitled = { $count } with a new title
schedule-change-blocks = { $count } breaks and other blocks changed
schedule-change-speakers = { $count } speakers edited
schedule-change-frame = Names and texts of the event, rooms, forums or formats changed
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
schedule-blocked = Concerns block this release
schedule-blocked-help = Nothing was released. Solve them or mute them with a reason on the page of concerns, or release all the same on the page of releases.
