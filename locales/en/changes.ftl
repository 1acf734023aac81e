changes-title = Changes to the programme
changes-lead = What each release of the programme changed, the newest first.
changes-release = Programme version { $name }
changes-feed = Follow as a feed
changes-look = See this version
changes-feed-title = Changes to the programme of { $event }
changes-first = { $count ->
    [one] The first version of the programme, with 1 session.
   *[other] The first version of the programme, with { $count } sessions.
}
changes-none = No changes to the timetable.
changes-old-release = You are looking at an old version of the programme: { $name }, of { $at }.
changes-to-newest = See it as it is now
changes-moved-time = Moved from { $time }
changes-moved-room = Moved from { $room }
changes-moved-both = Moved from { $time }, { $room }
changes-moved = Moved from another room
