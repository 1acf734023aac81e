desk-export-as = Export
desk-export = Export as { $format }
desk-more-filters = More filters
desk-any = Any
desk-delegation = Delegation
desk-delegation-any = Any delegation
desk-source = Came by
desk-source-any = Any way
desk-source-form = The public form
desk-source-desk = The desk
desk-source-code = An invitation code
desk-source-delegation = A delegation
desk-source-import = An imported list
desk-source-speaker = The programme
desk-batch = Batch of codes
desk-batch-any = Any batch
desk-came = Let in
desk-came-yes = Has been let in
desk-came-no = Has not come yet
desk-photo = Photo
desk-photo-yes = With a photo
desk-photo-no = Without a photo
desk-answer = Answer
desk-from = Registered from
desk-until = Registered until
desk-watched = On a watch-list
desk-views = Saved views
desk-view-all = Everybody
desk-view-name = Name of the view
desk-view-save = Save this view
desk-view-save-button = Save view
desk-view-shared = The whole team sees it
desk-view-is-shared = Shared with the team
desk-view-is-default = Open the list with it
desk-view-default = Open the list with this view
desk-view-no-default = Open the list with everybody again
desk-view-delete = Delete this view
desk-view-delete-confirm = Delete the view “{ $name }”? The people in it stay.
desk-notice-view-saved = The view is saved.
desk-notice-view-changed = Done.
desk-error-many-views = You have saved 50 views
desk-error-many-views-help = Nothing was saved. Delete one that you don’t need any more, then save this one again.
desk-column-code = Code
desk-column-state = State
desk-column-category = Category
desk-column-given-name = Given name
desk-column-family-name = Family name
desk-column-native-name = Name in its own script
desk-column-email = Email address
desk-column-organisation = Organisation
desk-column-position = Position
desk-column-country = Country
desk-column-language = Language of mails
desk-column-created-at = Registered
desk-column-confirmed-at = Confirmed
desk-column-ended-at = Ended
desk-column-honorific = Honorific
desk-column-name-order = Order of names
desk-column-nationality = Nationality
desk-column-delegation = Delegation
desk-column-source = Came by
desk-column-arrived-at = Let in first
desk-order-given-first = Given name first
desk-order-family-first = Family name first
desk-bulk-title = Change several at once
desk-bulk-tick = Tick
desk-bulk-tick-all = Tick everybody on this page
desk-bulk-tick-one = Tick { $name }
desk-bulk-legend = Change several at once
desk-bulk-whom-ticked = Those I have ticked
desk-bulk-whom-all = { $count ->
    [one] The one person in this list
   *[other] All { $count } people in this list
}
desk-bulk-to = New category
desk-bulk-to-none = Choose a category
desk-bulk-category = Change category …
desk-bulk-priority-label = Priority in the waiting list
desk-bulk-priority = Set priority …
desk-bulk-resend = Send links again …
desk-bulk-cancel = Cancel registrations …
desk-bulk-hint = You see whom it concerns, and which mails leave, before anything happens.
desk-bulk-changes = Changes so far
desk-bulk-changes-empty = No changes yet
desk-bulk-changes-empty-help = Whenever several registrations are changed at once, it is listed here with what came of it.
desk-bulk-back = Back to the list
desk-bulk-leave = Back without changing anything
desk-bulk-heading-category = { $count ->
    [one] Move one person to { $category }
   *[other] Move { $count } people to { $category }
}
desk-bulk-heading-cancel = { $count ->
    [one] Cancel one registration
   *[other] Cancel { $count } registrations
}
desk-bulk-heading-resend = { $count ->
    [one] Send one person their link again
   *[other] Send { $count } people their link again
}
desk-bulk-heading-priority = { $count ->
    [one] Give one person who waits priority { $priority }
   *[other] Give { $count } people who wait priority { $priority }
}
desk-bulk-category-gone = a category that is deleted
desk-bulk-not-yet = Nothing has happened yet.
desk-bulk-nobody-able = Nothing can be done to anybody in this selection. Below is why.
desk-bulk-list-changed = The list has changed since you saw it. Nothing was done; please look at it once more.
desk-bulk-mails-category = { $count ->
    [0] Nobody gets a mail: nobody among them has a ticket.
    [one] One mail leaves, with the new ticket. The old one stops counting.
   *[other] { $count } mails leave to those who are confirmed, with their new tickets. The old ones stop counting.
}
desk-bulk-mails-cancel = { $count ->
    [0] Nobody gets a mail: none of them has an address.
    [one] One mail leaves that says so. The place becomes free at once.
   *[other] { $count } mails leave that say so. Their places become free at once.
}
desk-bulk-mails-resend = { $count ->
    [0] Nobody gets a mail.
    [one] One mail leaves: the ticket for who is confirmed, a private link for anybody else.
   *[other] { $count } mails leave: tickets to those who are confirmed, private links to the others.
}
desk-bulk-mails-priority = Nobody gets a mail. Those with a higher number are offered places first.
desk-bulk-left-out = Left out
desk-bulk-left-out-because = Left out: { $words }
desk-bulk-more = { $count ->
    [one] And one more person.
   *[other] And { $count } more people.
}
desk-bulk-outcome = Outcome
desk-bulk-outcome-done = Done
desk-bulk-outcome-unchanged = In that category already
desk-bulk-outcome-ended = The registration has ended
desk-bulk-outcome-full = No place was left
desk-bulk-outcome-stale = Somebody else changed the registration at the same moment; please try again
desk-bulk-outcome-no-address = There is no address to write to
desk-bulk-outcome-not-waiting = Does not wait for a place
desk-bulk-outcome-no-waiting-list = Waits for a place, and that category has no waiting list
desk-bulk-outcome-failed = It could not be done; the program’s log says why
desk-bulk-lead = Done: { $done } of { $people }.
desk-bulk-goes-on = The rest is being done, whether this page stays open or not.
desk-bulk-reload = See how far it is
desk-bulk-refused = Left out
desk-bulk-done = Done
desk-bulk-why = Why
desk-bulk-none-done = Nothing is done yet.
desk-bulk-none-refused = Nobody was left out.
desk-bulk-what = Change
desk-bulk-when = Begun
desk-bulk-finished = Finished
desk-bulk-running = Being done
desk-bulk-error-nobody = Nobody is ticked. Tick somebody in the list, or choose everybody in it.
desk-bulk-error-category = Choose the category into which they move.
desk-bulk-error-priority = The priority must be a whole number from -100 to 100.
