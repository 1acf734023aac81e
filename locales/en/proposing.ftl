# Proposed timetables
proposing-title = Proposed timetables
proposing-proposal-title = A proposed timetable
proposing-lead = The program looks for places that break no rule and suit everybody best. The draft changes only when you accept something.
proposing-to-schedule = Draft timetable
proposing-to-copies = Kept copies
proposing-made = Proposals so far
proposing-ask = Ask for a proposal
proposing-ask-again = Ask for another
proposing-asked-at = Asked for
proposing-scope = What
proposing-scope-question = What shall it do?
proposing-scope-unplaced = Place all sessions that have no place
proposing-scope-selected = Place certain sessions
proposing-scope-repair = Repair the draft with as few moves as possible
proposing-scope-missing = Please choose what it shall do.
proposing-state = State
proposing-state-queued = Waiting
proposing-state-running = Searching
proposing-state-done = Ready
proposing-state-stopped = Stopped
proposing-state-failed = Failed
proposing-progress = Result
proposing-progress-running = { $placed } of { $wanted } sessions have a place, after { $seconds } s
proposing-progress-ended = { $placed } of { $wanted } sessions have a place, found in { $seconds } s
proposing-choose-sessions = { $count ->
    [0] No session is without a place
    [one] Choose from 1 session without a place
   *[other] Choose from { $count } sessions without a place
}
proposing-sessions = Sessions without a place
proposing-no-session = Choose at least one session.
proposing-may-move = Sessions that have a place may get another one
proposing-may-move-hint = To make room. What is fixed stays where it is in any case, and so do sessions with several times.
proposing-undecided = Also place sessions that nobody has accepted yet
proposing-hours = Hours
proposing-hours-hint = Leave a day empty to place nothing on it. An end before the start is after midnight.
proposing-from = From
proposing-to = To
proposing-no-hours = Give at least one day some hours.
proposing-rooms = Rooms
proposing-no-room = Choose at least one room.
proposing-step = Starts every
proposing-step-minutes = { $count } minutes
proposing-seconds = Seconds to search
proposing-seconds-hint = More time makes it better, not longer than 120.
proposing-start = Look for a timetable
proposing-start-help = You see the result as a list of changes, and accept what you like.
proposing-open-help = This page brings itself up to date. You can leave it; the search goes on.
proposing-stop = Stop and take the best so far
proposing-stopping = It ends in a moment.
proposing-failed = No proposal could be made
proposing-failed-help = Nothing was changed. Ask again; if it fails again, tell whoever runs this site.
proposing-changes = { $count ->
    [one] 1 change
   *[other] { $count } changes
}
proposing-outdated = { $count ->
    [one] 1 of these can't be accepted any more. The draft has changed since the proposal was made.
   *[other] { $count } of these can't be accepted any more. The draft has changed since the proposal was made.
}
proposing-accept = Accept
proposing-session = Session
proposing-place-before = Now
proposing-place-after = Proposed
proposing-concerns = Concerns
proposing-concern-counts = { $before } now, { $after } then
proposing-kind-place = new place
proposing-kind-move = moved
proposing-kind-take-out = taken out
proposing-place = { $day } { $start }–{ $end } · { $room }
proposing-nowhere = No place
proposing-no-room-set = no room
proposing-standing-done = The draft is already like this.
proposing-standing-moved = Someone has moved the session since.
proposing-standing-taken = Something else has come into its way since.
proposing-standing-gone = The session or room is not there any more.
proposing-is-needed = Ticked for you: another one needs the place that this one leaves.
proposing-accept-button = Accept what is ticked
proposing-accept-help = This is one step in the editor and can be undone there.
proposing-incomplete = Some of these only work together with others. They are ticked now; look again and accept.
proposing-nothing-chosen = Nothing is ticked. Tick what you want to accept.
proposing-changed = The draft has changed since. Nothing was accepted.
proposing-changed-help = Look at the proposal again and accept what still fits.
proposing-wrong-state = This is not possible any more
proposing-wrong-state-help = The proposal has ended in the meantime. Nothing was changed.
proposing-too-many = Several proposals are under way already
proposing-too-many-help = Wait until one of them is ready, or stop one. Nothing was changed.
proposing-no-changes = Nothing to change
proposing-no-changes-help = The draft is as good as it could be made with what you asked for.
proposing-unplaced = { $count ->
    [one] 1 session has no place
   *[other] { $count } sessions have no place
}
proposing-unplaced-help = What speaks against the places that they could have had, the most frequent first.
proposing-to-session = To the session
proposing-somebody = Somebody who takes part
proposing-reason-too-long = { $places ->
    [one] 1 place: the hours of the day end too soon
   *[other] { $places } places: the hours of the day end too soon
}
proposing-reason-too-small = { $places ->
    [one] 1 place: the room is too small
   *[other] { $places } places: the room is too small
}
proposing-reason-no-interpretation = { $places ->
    [one] 1 place: the room has no channel or booth for the interpretation
   *[other] { $places } places: the room has no channel or booth for the interpretation
}
proposing-reason-speaker-away = { $places ->
    [one] 1 place: { $who } is not free
   *[other] { $places } places: { $who } or someone else is not free
}
proposing-reason-room-closed = { $places ->
    [one] 1 place: the room is not free
   *[other] { $places } places: the room is not free
}
proposing-reason-block = { $places ->
    [one] 1 place: a break or another block is in the room
   *[other] { $places } places: a break or another block is in the room
}
proposing-reason-speaker-busy = { $places ->
    [one] 1 place: { $who } is in another session or on the way
   *[other] { $places } places: { $who } or someone else is in another session or on the way
}
proposing-reason-forum-busy = { $places ->
    [one] 1 place: another session of the forum takes place
   *[other] { $places } places: another session of the forum takes place
}
proposing-reason-room-taken = { $places ->
    [one] 1 place: the room holds another session
   *[other] { $places } places: the room holds another session
}
proposing-reason-free = { $places ->
    [one] 1 place would be free; the search ended before it got there
   *[other] { $places } places would be free; the search ended before it got there
}
proposing-measures = What it is worth
proposing-measure = Less is better
proposing-in-draft = Draft
proposing-in-proposal = Proposal
proposing-measures-help = As it was when the proposal was made, with everything accepted. More sessions with a place bring more of the rest with them.
proposing-clashes = Pairs of sessions that can't both be where they are
proposing-measure-unplaced = Sessions without a place
proposing-measure-displaced = Sessions that lose their place
proposing-measure-lacking-seats = Expected people without a seat
proposing-measure-spare-seats = Seats that stay empty
proposing-measure-torn-people = People with two sessions of their agenda at the same time
proposing-measure-forum-room-changes = Changes of room within a forum
proposing-measure-forum-day-changes = Changes of day within a forum
proposing-measure-forum-overlaps = Overlaps within a forum
proposing-measure-forum-gaps = Minutes of pause within forums
proposing-measure-unmet-wishes = Speakers outside their preferred times
proposing-measure-day-excess = Minutes above an even share per day
proposing-measure-room-excess = Minutes above an even share per room
proposing-measure-moved-times = Sessions at another time
proposing-measure-moved-rooms = Sessions at the same time in another room
proposing-delete = Delete this proposal
proposing-delete-help = The draft stays as it is, with everything that was accepted.
proposing-notice-accepted = Accepted. The draft is changed, and the editor can undo it in one step.
proposing-notice-deleted = The proposal is deleted. The draft is as it was.
