concern-room-taken = The room is taken by “{ $session }”
concern-room-taken-by-block = The room is taken: { $block }
concern-speaker-busy = { $speaker } is in “{ $session }” at that time
concern-forum-overlaps = Overlaps with “{ $session }”, and the sessions of { $forum } follow one another
concern-buffer-broken = { $minutes ->
    [one] Less than 1 minute of empty room between this and “{ $session }”
   *[other] Less than { $minutes } minutes of empty room between this and “{ $session }”
}
concern-buffer-broken-by-block = { $minutes ->
    [one] Less than 1 minute of empty room between this and: { $block }
   *[other] Less than { $minutes } minutes of empty room between this and: { $block }
}
concern-room-closed = { $room } is not available at that time
concern-outside-event = This is outside the days of the event
concern-too-far = { $minutes ->
    [one] { $speaker } has less than the 1 minute that the walk between this and “{ $session }” takes
   *[other] { $speaker } has less than the { $minutes } minutes that the walk between this and “{ $session }” takes
}
concern-speaker-away = { $speaker } is not available at that time
concern-declined = { $speaker } has declined this slot
concern-asked-for-another = { $speaker } has asked for another slot
concern-room-too-small-capacity = The session has { $wanted } places, { $room } has { $there }
concern-room-too-small-booked = { $wanted } seats are booked, { $room } has { $there }
concern-room-too-small-expected = { $wanted } people are expected, { $room } has { $there } places
concern-room-too-small-stars = { $wanted } people have starred the session, { $room } has { $there } places
concern-channel-missing = { $room } has no channel for: { $languages }
concern-booth-missing = Interpretation needs { $wanted ->
    [one] 1 booth
   *[other] { $wanted } booths
}, { $room } has { $there }
concern-languages-missing = Neither spoken in nor interpreted into: { $languages }
concern-shared-audience = { $people ->
    [one] 1 person has both this and “{ $session }” in the agenda, and they overlap
   *[other] { $people } people have both this and “{ $session }” in their agendas, and they overlap
}
concern-length-differs = The format usually takes { $usual } minutes, this takes { $actual }
concern-unconfirmed = Not all speakers have confirmed
concern-no-room = No room is set
concern-block-break = Break
concern-block-registration = Registration desk
concern-block-set-up = Set-up
concern-block-other = Block
concern-blocking = { $count ->
    [one] 1 concern blocks this release
   *[other] { $count } concerns block this release
}
concern-release-blocked = { $count ->
    [one] 1 concern blocks this release. Solve it, mute it with a reason, or release all the same.
   *[other] { $count } concerns block this release. Solve them, mute them with a reason, or release all the same.
}
concern-release-all-the-same = Release all the same
concern-release-all-the-same-help = { $count ->
    [one] The public sees the programme with 1 unsolved conflict, and speakers may be sent to it.
   *[other] The public sees the programme with { $count } unsolved conflicts, and speakers may be sent to them.
}
concern-page-title = What speaks against the draft
concern-page-lead = Each concern leads to its session. Mute one with a reason when it is all right as it is.
concern-page-empty = Nothing speaks against the draft
concern-page-empty-help = Every session fits its room, its time and its people.
concern-to-rules = Rules of the timetable
concern-group-blocks = { $count ->
    [one] 1 blocks a release
   *[other] { $count } block a release
}
concern-group-warns = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
}
concern-group-hint = { $count ->
    [one] 1 hint
   *[other] { $count } hints
}
concern-group-muted = { $count ->
    [one] 1 muted
   *[other] { $count } muted
}
concern-mute = Mute
concern-mute-reason = Reason
concern-mute-button = Mute with this reason
concern-unmute = Unmute
concern-muted-because = Muted: { $reason }
concern-muted-by = { $reason } ({ $name })
concern-no-longer = Not raised any more
concern-notice-muted = The concern is muted.
concern-notice-unmuted = The concern is no longer muted.
concern-gone = The concern is not there any more
concern-gone-help = Someone has changed the timetable in the meantime. Nothing of yours was changed. Go back and look again.
