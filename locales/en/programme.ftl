programme-sessions-title = Sessions
programme-session-title = Session
programme-new-session-title = New session
programme-new-session = New session
programme-back = All sessions
programme-public-page = Public page
programme-read-only = You can look at this session. Changing it is for the organizers of its forum.
programme-search = Title or speaker
programme-any = Any
programme-none = None
programme-title = Title
programme-subtitle = Subtitle
programme-abstract = Abstract
programme-description = Description
programme-markdown-hint = You can use Markdown: **bold**, *italic*, lists, links.
programme-forum = Forum
programme-format = Format
programme-state = State
programme-access = How to get in
programme-language = Spoken language
programme-language-hint = A language code such as en, zh or fr
programme-interpreted = Interpreted into
programme-interpreted-hint = Language codes, such as zh, fr, ar
programme-capacity = Places
programme-capacity-hint = Only where they are fewer than the room's
programme-may-record = May be recorded
programme-people = Who takes part
programme-people-hint = Begin to type a name and choose from the list. Clear a line to take someone out.
programme-person = Person
programme-role = Role
programme-links = Links and materials
programme-link = Address
programme-link-title = Title
programme-link-kind = Kind
programme-link-link = Link
programme-link-attachment = Document
programme-when = When
programme-room = Room
programme-placed = Placed
programme-placed-yes = Has a time
programme-placed-no = Has no time
programme-count = { $count ->
    [one] 1 session
   *[other] { $count } sessions
}
programme-none-found = No session fits
programme-no-sessions = No sessions yet
programme-no-sessions-help = Make the first one here, or import a whole programme from a file.
programme-create = Create the session
programme-save = Save the session
programme-delete = Delete this session
programme-delete-help = The session, its times and its list of people are deleted from the draft. The public programme changes with the next release.
programme-delete-button = Delete the session
programme-notice-created = The session is created.
programme-notice-saved = The session is saved. The public sees it with the next release.
programme-notice-deleted = The session is deleted from the draft.
programme-notice-placed = The session is placed. The public sees it with the next release.
programme-notice-unplaced = The session has lost this time.
programme-state-draft = Draft
programme-state-proposed = Proposed
programme-state-accepted = Accepted
programme-state-confirmed = Confirmed
programme-state-rejected = Rejected
programme-state-withdrawn = Withdrawn
programme-state-cancelled = Cancelled
programme-placing = Time and room
programme-placing-hint = Times are local at the event ({ $zone }).
programme-not-placed = This session has no time yet.
programme-place-first = Place it
programme-place-again = Place it a second time
programme-place = Place the session
programme-move = Move it
programme-unplace = Take this time out
programme-day = Day
programme-start = Begins
programme-minutes = Minutes
programme-room-later = To be announced
programme-time-skipped = The clocks skip this time on that day. Choose an earlier or later one.
programme-time-twice = The clocks show this hour twice on that day. Say which one is meant.
programme-which-hour = Which of the two hours?
programme-hour-first = The first, before the clocks go back
programme-hour-second = The second, after the clocks have gone back
programme-unknown-format = Please choose a format from the list
programme-unknown-forum = Please choose a forum from the list
programme-unknown-language = Please enter language codes such as en, zh or pt-BR
programme-unknown-access = Please choose from the list
programme-unknown-state = Please choose a state from the list
programme-wrong-step = The session can't go from its present state to this one
programme-bad-link = Please enter an address that begins with http:// or https://
programme-person-twice = This person is named twice in this role
programme-unknown-person = Nobody of this name is in the list of speakers; add the speaker first
programme-not-your-forum = Please choose one of your forums
programme-error-step = This step is not possible
programme-error-step-help = Someone may have changed the session's state in the meantime. Nothing was changed. Open it again to see where it stands.
programme-forums-title = Forums
programme-forum-title = Forum
programme-forum-new-title = New forum
programme-forum-new-button = Add a forum
programme-forum-create-button = Add the forum
programme-forum-save-button = Save the forum
programme-forum-delete-link = Delete this forum
programme-forum-description = About
programme-forum-description-hint = One or two sentences for the home page.
programme-color = Colour
programme-color-hint = It marks the forum's sessions in the timetable.
programme-forums-empty = No forums yet
programme-forums-empty-help = Thematic strands of the programme will be listed here. Sessions can do without.
programme-formats-title = Formats
programme-format-title = Format
programme-format-new-title = New format
programme-format-new-button = Add a format
programme-format-create-button = Add the format
programme-format-save-button = Save the format
programme-format-delete-link = Delete this format
programme-minutes-hint = The usual length, offered when a session is placed.
programme-formats-empty = No formats yet
programme-formats-empty-help = Keynote, panel, workshop: kinds of sessions with their usual length will be listed here.
programme-name = Name
programme-code = Code
programme-code-hint = For addresses: small letters, digits and hyphens. Left empty, it is made from the name.
programme-position = Order
programme-position-hint = Small numbers come first. Left empty, a new one comes last.
programme-sessions = Sessions
programme-state-hint = Only accepted and confirmed sessions are released.
programme-code-taken = Another one has this code
programme-color-faint-on-white = This colour is hard to see on a white page. A darker one marks the sessions better.
programme-color-faint-on-dark = This colour is hard to see on a dark page. A lighter one marks the sessions better.
programme-notice-forum-created = The forum is added.
programme-notice-forum-saved = The forum is saved.
programme-notice-forum-faint-on-white = The forum is saved. Its colour is hard to see on a white page.
programme-notice-forum-faint-on-dark = The forum is saved. Its colour is hard to see on a dark page.
programme-notice-forum-deleted = The forum is deleted.
programme-forum-delete-title = Delete this forum?
programme-forum-delete-affects = { $sessions ->
    [0] No session belongs to it.
    [one] One session belongs to it. It stays and has no forum then.
   *[other] { $sessions } sessions belong to it. They stay and have no forum then.
} { $organizers ->
    [0] The public programme stays as it is until the next release.
    [one] One forum organizer can no longer edit these sessions. The public programme stays as it is until the next release.
   *[other] { $organizers } forum organizers can no longer edit these sessions. The public programme stays as it is until the next release.
}
programme-forum-delete-button = Delete the forum
programme-notice-format-created = The format is added.
programme-notice-format-saved = The format is saved.
programme-notice-format-deleted = The format is deleted.
programme-format-delete-title = Delete this format?
programme-format-delete-affects = { $sessions ->
    [0] No session has it. The public programme stays as it is until the next release.
    [one] One session has it. It stays and has no format then. The public programme stays as it is until the next release.
   *[other] { $sessions } sessions have it. They stay and have no format then. The public programme stays as it is until the next release.
}
programme-format-delete-button = Delete the format
programme-place-stale = Someone else has moved this in the meantime. Here is where it is now; nothing of yours was changed. Send it again to move it all the same.
programme-place-outside = This is outside the days of the event
