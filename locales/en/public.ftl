common-list-separator = {", "}
public-events-title = Events
public-events-none = No event yet
public-events-none-help = When the team has made an event, it will be shown here.
public-nav-home = Overview
public-nav-schedule = Timetable
public-nav-sessions = Sessions
public-nav-speakers = Speakers
public-register = Register
public-see-programme = See the programme
public-countdown = { $days ->
    [one] Tomorrow
   *[other] In { $days } days
}
public-today = Today
public-over = Has taken place
public-figure-sessions = { $count ->
    [one] session
   *[other] sessions
}
public-figure-speakers = { $count ->
    [one] speaker
   *[other] speakers
}
public-figure-forums = { $count ->
    [one] forum
   *[other] forums
}
public-figure-days = { $count ->
    [one] day
   *[other] days
}
public-now = On now
public-next = Next
public-highlights = Highlights
public-whole-programme = The whole programme
public-key-speakers = Speakers
public-all-speakers = All speakers
public-forums = Forums
public-where = Where it is
public-no-programme = The programme is being prepared
public-no-programme-help = It will be published here. Times and rooms follow as soon as they are settled.
public-days = Days
public-hours = { $start }–{ $end }
public-interpreted = { $spoken } (interpreted: { $others })
public-access-open = Open to all guests
public-access-open-help = Walk in while there are places.
public-access-seat = Booked seat
public-access-seat-help = You need a booked seat for this session.
public-access-invitation = By invitation
public-access-invitation-help = This session is closed-door. Only invited guests get in.
public-cancelled = Cancelled
public-cancelled-help = This session has been cancelled.
public-filters = Search and filter
public-filter-q = Title or speaker
public-filter-forum = Forum
public-filter-format = Format
public-filter-room = Room
public-filter-language = Spoken language
public-filter-interpreted = Can be heard in
public-filter-any = Any
public-filter-clear = Clear filters
public-none-found = Nothing fits
public-none-found-help = Try fewer filters or other words.
public-no-sessions = No sessions yet
public-no-sessions-help = They will be published here.
public-no-speakers = No speakers yet
public-no-speakers-help = They will be introduced here.
public-no-speaker-found = No speaker found
public-search-speakers = Name or organisation
public-session-count = { $count ->
    [one] 1 session
   *[other] { $count } sessions
}
public-speaker-count = { $count ->
    [one] 1 speaker
   *[other] { $count } speakers
}
public-zone-event = Local time: { $zone }
public-zone-other = Your time: { $zone }
public-seats = { $seats } seats
public-no-room = Room to be announced
public-unplaced = Time to be announced
public-feeds = Calendar and data:
public-release = Programme version { $name }
public-role-speaker = Speaker
public-role-moderator = Moderator
public-role-panellist = Panellist
public-role-chair = Chair
public-role-host = Host
public-when = When
public-room = Where
public-languages = Language
public-access = How to get in
public-recording = Recording
public-not-recorded = Not recorded
public-materials = Materials
public-people = Who
public-add-to-calendar = Add to calendar
public-next-in-room = Next in this room
public-parallel = At the same time
public-photo-of = Photo of { $name }
public-star = Star this session
