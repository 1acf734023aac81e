rules-title = Rules of the timetable
rules-lead = What the editor holds sessions to, and when people hear of changes.
rules-back = Draft timetable
rules-to-concerns = See what speaks against the draft
rules-to-rooms = Rooms and their buildings
rules-grid = Step of the grid
rules-grid-hint = Sessions snap to this step when they are dragged. Other times can still be typed.
rules-grid-wrong = Choose 5, 10, 15 or 30 minutes
rules-minutes = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}
rules-walks = Walks between buildings
rules-walk-minutes = Usual walk in minutes
rules-walk-minutes-hint = Between two buildings, where nothing else is said below. Speakers need this long to get from one session to the next.
rules-walk-between = { $from } – { $to }, in minutes
rules-no-buildings = Walks can be set as soon as rooms are in different buildings.
rules-wants-all-languages = Every session in every language of the event
rules-wants-all-languages-hint = Warns where a session is neither spoken in nor interpreted into one of: { $languages }
rules-shared-audience = Shared audience
rules-shared-audience-hint = From how many people who have both sessions in their agendas (a star or a seat) to say that they overlap. 0 switches it off.
rules-quiet-minutes = Quiet time after a release, in minutes
rules-quiet-minutes-hint = Speakers are told after this time. A second release within it replaces what has not left yet.
rules-moved-hours = Say where a session was, in hours
rules-moved-hours-hint = For how long after a release public pages say “moved from …”. 0 switches it off.
rules-save = Save the rules
rules-notice-saved = The rules are saved.
