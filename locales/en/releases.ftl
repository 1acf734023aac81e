releases-publish = Publish
releases-when = When
releases-when-now = Now
releases-when-later = At a set time
releases-day = Day
releases-time-of-day = Time
releases-zone = On the clocks of { $zone }
releases-time-past = This time is over. Choose a later one, or publish now.
releases-note-hint = Shown in the public change log.
releases-plan-title = Planned release
releases-plan-cancel = Cancel the plan
releases-plan-help = The draft is published as it is at that time. To change the plan, change the form below and send it.
releases-plan-nothing = It was not published, because nothing in the draft is accepted or confirmed. Accept some sessions and plan it anew, or publish now.
releases-plan-blocked = { $count ->
    [one] It was not published, because 1 concern blocks it. Solve or mute it and plan it anew, or publish now.
   *[other] It was not published, because { $count } concerns block it. Solve or mute them and plan it anew, or publish now.
}
releases-plan-stale = Someone else has changed or cancelled the plan in the meantime. It is shown above; send the form again to replace it.
releases-plan-gone = The plan is not there any more
releases-plan-gone-help = Someone else has changed or cancelled it, or it was published in the meantime. Go back and look again.
releases-notice-planned = The release is planned.
releases-notice-plan-cancelled = The plan is cancelled. Nothing will be published by itself.
releases-impact-moved = { $count ->
    [one] Moves 1 session.
   *[other] Moves { $count } sessions.
}
releases-impact-cancelled = { $count ->
    [one] 1 session that is public does not take place any more.
   *[other] { $count } sessions that are public do not take place any more.
}
releases-impact-starred = { $count ->
    [one] 1 person has one of these in the agenda.
   *[other] { $count } people have one of these in their agendas.
}
releases-impact-clashing = { $count ->
    [one] 1 of them now has two sessions at once.
   *[other] { $count } of them now have two sessions at once.
}
releases-impact-away = { $count ->
    [one] 1 speaker would be outside the times that they gave.
   *[other] { $count } speakers would be outside the times that they gave.
}
releases-concerns-warns = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
}
releases-concerns-hint = { $count ->
    [one] 1 hint
   *[other] { $count } hints
}
releases-actions = Actions
releases-look = Look at it
releases-restore = Bring back
releases-brings-back = Brings back release { $number }
releases-restore-title = Bring back an earlier release
releases-restore-lead = “{ $name }” of { $at } is published again, as release { $next }.
releases-restore-changes = { $count ->
    [one] 1 change for the public
   *[other] { $count } changes for the public
}
releases-restore-no-changes = No changes for the public
releases-restore-button = Bring this release back
releases-restore-keep = Keep what is public
releases-restore-help = The draft stays as it is. Calendars follow as with every release.
releases-restore-stale = There is a newer release by now
releases-restore-stale-help = Someone else has released in the meantime. Nothing was changed. Go back and look again.
releases-frame = Event, rooms, forums and formats
releases-line = { $title }: { $change }
releases-place = { $day }, { $start }–{ $end }, { $room }
releases-time = { $day }, { $start }–{ $end }
releases-place-separator = { " · " }
releases-no-room = no room yet
releases-added = New: { $place }.
releases-added-unplaced = New, without a time yet.
releases-removed = Taken out of the programme; it was at { $place }.
releases-removed-unplaced = Taken out of the programme.
releases-cancelled = Cancelled; it would have been at { $place }.
releases-cancelled-unplaced = Cancelled.
releases-revived = Takes place again: { $place }.
releases-revived-unplaced = Takes place again, without a time yet.
releases-slot-added = Takes place at this time as well: { $place }.
releases-slot-removed = Does not take place at this time any more: { $place }.
releases-moved = Moved from { $from } to { $to }.
releases-room-changed = In another room: { $to } instead of { $from }.
releases-joined = Now with { $names }.
releases-left = No longer with { $names }.
releases-joined-and-left = Now with { $joined }, no longer with { $left }.
releases-retitled = Has a new title; it was “{ $title }”.
releases-edited = Details changed.
releases-told-title = Who will be told
releases-told = { $speakers ->
    [one] 1 speaker
   *[other] { $speakers } speakers
} and { $attendees ->
    [one] 1 attendee
   *[other] { $attendees } attendees
}.
releases-told-help = The mails leave after the quiet time and can be held or reworded until then.
releases-told-nobody = Nobody: no time or place that anybody was told changes.
releases-told-unreachable = No address is known of: { $names }
releases-told-speakers = { $count ->
    [one] The speaker
   *[other] The { $count } speakers
}
releases-told-speaker = Speaker
releases-told-recipients = The mail goes to
releases-told-changes = Changes
releases-told-parts = Calendar entries: { $names }
