seats-title = Seats
seats-how = For these sessions a seat is needed. Book on your own page: open the link in the mail that confirmed your registration and choose “My programme”.
seats-none = No session needs a seat
seats-none-help = Every session is open: just walk in.
seats-free = { $left ->
    [one] 1 seat left
   *[other] { $left } seats left
}
seats-filling = Filling: { $left ->
    [one] 1 seat left
   *[other] { $left } seats left
}
seats-full = Full
seats-full-waiting = Full, waiting list
seats-closed = By invitation
seats-opens = Seats from { $time }
seats-over = Booking is over
seats-book = Book a seat
seats-wait = Join the waiting list
seats-accept = Take the seat
seats-give-back = Give the seat back
seats-decline = Decline
seats-leave = Leave the waiting list
seats-own-title = Your seats
seats-own-booked = You have a seat
seats-own-offered = A seat is kept for you until { $time }
seats-own-waiting = You are in the waiting list
seats-own-waiting-rank = Waiting list, place { $rank }
seats-own-clash = At the same time as your seat in “{ $title }”
seats-own-gone = A session that is not in the programme now
seats-state-booked = Seat
seats-state-offered = Offered
seats-state-waiting = Waiting
seats-notice-booked = You have a seat.
seats-notice-waiting = You are in the waiting list. We write to you when a seat is free.
seats-notice-given-back = Given back. Thank you: somebody waits for it.
seats-notice-saved = The seats are saved.
seats-notice-added = Added, and told by mail.
seats-notice-changed = Changed.
seats-notice-invited = They are invited.
seats-notice-uninvited = The invitation is taken back.
seats-error-not-yet = Seats of this session can't be booked yet
seats-error-not-yet-help = Your own page says from when. Nothing was changed.
seats-error-over = Seats of this session can't be booked any more
seats-error-over-help = Nothing was changed. If you are nearby, ask at the door: seats that stay empty are given away.
seats-error-invited-only = This session is by invitation
seats-error-invited-only-help = You are not on its list. Nothing was changed.
seats-error-other-category = Your category can't book this session
seats-error-other-category-help = Nothing was changed. Ask the organizers if you think that you should be there.
seats-error-too-many = You have as many seats as one person may book: { $most }
seats-error-too-many-help = Give one back first. Nothing was changed.
seats-error-overlap = You have a seat elsewhere at this time
seats-error-overlap-help = Give that one back first. Nothing was changed.
seats-error-not-confirmed = Only confirmed people can have a seat
seats-error-not-confirmed-help = Nothing was changed.
seats-error-full = Every seat is taken
seats-error-full-help = Nothing was changed. Seats are given back from time to time: look again later.
seats-error-stale = It has changed in the meantime
seats-error-stale-help = Look at the page again; nothing was changed.
seats-error-below-taken = More seats are taken already
seats-error-below-taken-help = Nothing was changed. Take seats back first, or choose a higher number.
seats-error-unknown-number = Nobody confirmed has this number
seats-error-unknown-number-help = Nothing was changed. Compare it with the number on the ticket.
seats-error-unknown-numbers = Nobody confirmed has these numbers: { $numbers }
seats-error-unknown-numbers-help = The others are invited. Compare these with the tickets.
seats-team-title = Seats
seats-team-lead = Sessions that need a seat or an invitation. How a session is entered is set on its own page.
seats-team-none = Every session is open
seats-team-none-help = Set “needs a seat” or “by invitation” on a session's page, and it is listed here.
seats-team-taken = Taken
seats-team-waiting = Waiting
seats-team-not-set = Not set up: nobody can book
seats-team-free = Free
seats-team-filling = Filling
seats-team-full = Full
seats-team-session = The session's page
seats-team-settings = How seats are booked
seats-session-title = Seats of a session
seats-capacity = Seats
seats-capacity-hint = { $taken } are taken.
seats-opens-at = Booking opens
seats-closes-at = Booking closes
seats-closes-at-hint = At the latest when the session begins.
seats-categories = Who may book
seats-categories-hint = Nobody ticked means everybody who is confirmed.
seats-has-waiting-list = People may wait when every seat is taken
seats-shows-rank = They see their place in the waiting list
seats-offer-minutes = Minutes for which an offered seat is kept
seats-offer-minutes-hint = Then it goes to the next in line.
seats-save = Save
seats-people = { $count ->
    [one] 1 seat taken
   *[other] { $count } seats taken
}
seats-line = { $count ->
    [one] 1 waits
   *[other] { $count } wait
}
seats-line-hint = In the order in which seats will be offered: a higher priority first, then who waits longer.
seats-rank = Place
seats-priority = Priority
seats-set = Set
seats-since = Since or until
seats-actions = Actions
seats-nobody = Nobody yet.
seats-add-number = Number on the ticket
seats-add = Give a seat
seats-remove = Take away
seats-offer = Offer a seat now
seats-export = Download
seats-guests = { $count ->
    [0] Invited
    [one] 1 invited
   *[other] { $count } invited
}
seats-guests-hint = Who is invited may book whatever the category. Taking an invitation back keeps a seat that was booked.
seats-guests-numbers = Numbers on their tickets
seats-invite = Invite
seats-uninvite = Take back
seats-mail-booked-subject = You have a seat: { $session }
seats-mail-booked-text = You have a seat in this session at { $event }. Show your ticket at the door.
seats-mail-waiting-subject = Waiting list: { $session }
seats-mail-waiting-text = Every seat of this session at { $event } is taken. You are in the waiting list, and we write to you when a seat is free.
seats-mail-offered-subject = A seat for you: { $session }
seats-mail-offered-text = A seat in this session at { $event } has become free and is kept for you.
seats-mail-removed-subject = Your seat was taken back: { $session }
seats-mail-removed-text = The organizers of { $event } have taken your seat, or your place in the waiting list, in this session back.
seats-mail-lapsed-subject = The offered seat has gone on: { $session }
seats-mail-lapsed-text = The seat that was kept for you in this session at { $event } was not taken in time and goes to the next in line. If you still want to come, join the waiting list again.
seats-mail-deadline = Take it by { $time } ({ $zone }); then it goes to the next in line.
seats-mail-own = Open my programme
seats-mail-take = Take or decline the seat
seats-how-link = How to book a seat
