# Announcements on team pages
organizer-nav-announcements = Announcements
live-announcements-title = Announcements
live-announcements-lead = What you announce here is on every public page and on the displays at the doors within a second. Nothing is released, and calendars stay as they are.
live-standing = Announced now
live-standing-none = Nothing is announced.
live-past = Earlier announcements
live-new = Announce something
live-kind = What it is
live-kind-notice = Notice
live-kind-delay = Delay
live-kind-full = Full
live-minutes = Minutes late
live-minutes-hint = For a delay. It counts from the times of the programme: a new delay for the same room takes the place of the one before.
live-room = Room
live-room-hint = A delay shifts the times shown for all later sessions of the room.
live-everywhere = Everywhere
live-session = Only for this session
live-session-hint = Begin to type a title or time and choose. Leave it empty to announce for the room.
live-body = Text
live-body-hint = Say why, or what to do. Delays and “full” have words of their own and need no text.
live-from = From
live-from-hint = Empty: from now on. Times of { $zone }.
live-until = Until
live-until-hint = Empty: to the end of the day; for one session until it is over; “full” until the session that is on or next is over.
live-announce-button = Announce it now
live-withdraw-button = Withdraw
live-withdrawn = withdrawn
live-from-until = { $from } – { $until }
live-notice-announced = It is announced
live-notice-withdrawn = The announcement is withdrawn
live-error-kind = Please choose what it is
live-error-gone = This room or session is not there any more
live-error-gone-help = Someone may have deleted it in the meantime. Go back and choose another.
live-error-order = The end must come after the beginning and after now
live-error-order-help = Go back and choose a later end.
live-error-session = There is no such session in the released programme; choose one from the list
live-error-where = Please say which room or session is full
live-error-moment = Please enter a date and time such as 2027-04-13 09:30
# On public pages
live-announcements = Announcements
live-late = { $minutes ->
    [one] 1 minute late
   *[other] { $minutes } minutes late
}
live-late-there = { $minutes ->
    [one] { $place }: about 1 minute late
   *[other] { $place }: about { $minutes } minutes late
}
live-late-everywhere = { $minutes ->
    [one] All sessions begin about 1 minute late
   *[other] All sessions begin about { $minutes } minutes late
}
live-full = Full
live-full-there = { $place }: full
live-planned = planned:
live-changed = The programme has changed.
live-show-change = Show it
live-now-title = Now and next
live-now = Now
live-next = Next
live-nothing-now = Nothing at the moment
live-nothing-next = Nothing more today
live-quiet-rooms = Nothing more today in
live-before = It begins on { $date }
live-before-help = On that day this page shows what is on in each room and what comes next.
live-over = The event is over
live-over-help = The programme stays here to be looked up.
live-today-over = That was all for today
live-today-over-help = The next session begins on { $date } at { $time }.
live-as-of = As of { $time }
live-rooms-title = Rooms
live-rooms-none = No rooms yet
live-rooms-none-help = They will be listed here with the programme.
live-building = Building
live-capacity = Places
live-channels = Can be heard in
live-room-today = Today
live-room-all = The whole event
live-room-empty = Nothing is planned in this room
live-room-nothing-today = Nothing today
live-room-calendar = Calendar of this room
live-room-screen = Display for the door
live-to-timetable = The whole timetable
live-screen-lost = No connection. This is as of { $time }.
live-begins-in = { $minutes ->
    [one] in 1 minute
   *[other] in { $minutes } minutes
}
live-none = Nothing is announced at the moment.
public-nav-now = Now
public-nav-rooms = Rooms
