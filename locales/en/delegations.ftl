delegations-title = Delegations
delegations-one = Delegation
delegations-lead = A ministry or a company registers its people through one focal point, who needs no account: a private link is enough.
delegations-none = No delegations yet
delegations-none-help = Make one, give it places in some categories, and send its focal point the link. Many at once come from a table.
delegations-new = New delegation
delegations-edit = Change the delegation
delegations-edit-link = Change
delegations-edit-stale = Somebody else changed the delegation meanwhile. What you typed stands here; saving once more keeps it.
delegations-save = Save
delegations-delete = Delete the delegation
delegations-delete-hint = Only a delegation in which nobody is registered any more can be deleted.
delegations-name = Name
delegations-name-hint = In the languages that you have it in; one is enough.
delegations-contact = Focal point
delegations-contact-hint = Whoever registers the people, such as an assistant. They need not come themselves.
delegations-contact-name = Name
delegations-contact-email = E-mail address
delegations-contact-language = Language of mails
delegations-places = Places
delegations-places-hint = How many people may come in each category. The category’s own places and quotas count as well.
delegations-no-places = No places have been given to you yet. Write to the conference office.
delegations-no-places-team = It has no places yet, so that nobody can be added. Give it some by “Change”.
delegations-no-places-short = None
delegations-closes-at = Open until
delegations-closes-hint = After it the focal point can only look. Empty means always. Clock of { $zone }.
delegations-closes = Until { $time }
delegations-closed = Closed since { $time }
delegations-is-closed = Closed
delegations-note = Note
delegations-note-hint = For the team alone.
delegations-progress = Progress
delegations-people = { $count ->
    [one] 1 person
   *[other] { $count } people
}
delegations-confirmed = { $count } confirmed
delegations-applied = { $count ->
    [one] 1 waits for approval
   *[other] { $count } wait for approval
}
delegations-complete = { $count } complete
delegations-owing = { $count ->
    [one] 1 still owes something
   *[other] { $count } still owe something
}
delegations-access = Link
delegations-access-never = Not sent
delegations-access-revoked = Ended
delegations-access-sent = Sent
delegations-access-used = In use
delegations-access-never-text = No link has been sent yet.
delegations-access-revoked-text = Every link has ended.
delegations-access-sent-text = Sent { $time }, not used yet.
delegations-access-used-text = In use since { $time }.
delegations-unsent = { $count ->
    [one] 1 focal point has got no link yet.
   *[other] { $count } focal points have got no link yet.
}
delegations-send-all = Send the links
delegations-link-send = Send the link
delegations-link-renew = Send a new link, end the others
delegations-link-revoke = End every link
delegations-link-hint = Each mail carries a link of its own. All of them work until they are ended.
delegations-hand-over = Hand over to somebody else
delegations-hand-over-title = Hand over
delegations-hand-over-heading = Somebody else takes over?
delegations-hand-over-help = Your link ends, and the other person gets one of their own by mail.
delegations-hand-over-lead = Whoever you name gets a link by mail and runs the delegation from then on. Your own link ends at once.
delegations-hand-over-team = { $name } ({ $email }) runs the delegation now. Every link that went out ends at once; the new focal point gets one by mail, and the old one is told.
delegations-hand-over-button = Hand over
delegations-handed-over = Handed over
delegations-handed-over-lead = { $name } ({ $email }) runs { $delegation } from now on and gets a link by mail. This page is closed to you; you can leave it.
delegations-tell-contacts = Write to focal points
delegations-tell-members = Write to its people
delegations-to = To the focal points of
delegations-send-contacts = Send
delegations-subject = Subject
delegations-body = Message
delegations-reached = { $count ->
    [one] It goes to 1 person, by mail.
   *[other] It goes to { $count } people, by mail.
}
delegations-unreached = { $count ->
    [one] 1 more has no address.
   *[other] { $count } more have no address.
}
delegations-send-message = { $count ->
    [one] Send 1 message
   *[other] Send { $count } messages
}
delegations-nobody-team = Nobody has been added yet.
delegations-import = Import delegations
delegations-import-lead = A table (CSV or XLSX) with one delegation a row. You see what was read before anything is kept.
delegations-import-columns = Columns: name (or name_en, name_zh), country, contact, address, language, closes_at, note, and a number of places for each category:
delegations-template = Example table
delegations-file = Table (CSV or XLSX)
delegations-read = Look through
delegations-preview = What the table holds
delegations-preview-found = { $count ->
    [one] { $file } holds 1 delegation that can be made.
   *[other] { $file } holds { $count } delegations that can be made.
}
delegations-preview-wrong = { $count ->
    [one] 1 row is left out
   *[other] { $count } rows are left out
}
delegations-preview-keep = { $count ->
    [one] Make 1 delegation
   *[other] Make { $count } delegations
}
delegations-preview-back = Choose another table
delegations-wrong-row = Row { $row } – { $words }
delegations-column-name = name
delegations-column-country = country
delegations-column-contact-name = contact
delegations-column-contact-email = address
delegations-column-language = language
delegations-column-closes-at = closes_at
delegations-column-note = note
delegations-column-places = places
delegations-own-title = Your delegation
delegations-own-lead = { $contact }, here you register the people of your delegation and see what is still missing.
delegations-open-until = You can change everything until { $time } ({ $zone }).
delegations-closed-at = Closed since { $time } ({ $zone }).
delegations-closed-help = You can look at everything and change nothing any more.
delegations-people-title = People
delegations-number = No.
delegations-number-of = Place of { $name }
delegations-missing = Still missing
delegations-owes-more = and { $count } more
delegations-owes-nothing = Complete
delegations-is-asked = Officers ask for more
delegations-no-address = No e-mail address
delegations-head = Head of delegation
delegations-nobody = Nobody yet
delegations-nobody-help = Add people one by one, several in rows, or a table that you have already.
delegations-withdrawn = { $count ->
    [one] 1 person who does not come any more
   *[other] { $count } people who do not come any more
}
delegations-add = Add a person
delegations-add-several = Add several
delegations-add-title = Add a person
delegations-add-lead = Questions of the form come next; they can be answered later or by the person.
delegations-add-button = Add
delegations-category-left = { $category } – { $left ->
    [one] 1 place left
   *[other] { $left } places left
}
delegations-email-hint = Where ticket and news go. Without one, you print or pass on the person’s link.
delegations-language = Language of mails
delegations-native-name = Name in their own script
delegations-native-name-hint = As the person writes it, for the badge.
delegations-honorific-hint = Such as Dr, Prof. or H.E.
delegations-name-order = Order of the names
delegations-more-fields = Language, title, nationality
delegations-sends = Send each person their own link at once
delegations-sends-hint = By it they see their ticket and complete their details. You can also send it later.
delegations-privacy = By adding people you confirm that they know of it and agree to the event’s privacy notice.
delegations-order = Order and head of delegation
delegations-order-title = Order of seniority
delegations-order-lead = Type the place that somebody is to have, or move them by one. Officials are placed and listed in this order.
delegations-order-save = Save the order
delegations-order-done = Done
delegations-move = Move
delegations-up = Up
delegations-down = Down
delegations-leads = Leads
delegations-no-head = Nobody leads the delegation
delegations-export = Download
delegations-tell = Tell your people
delegations-unlinked = { $count ->
    [one] 1 person has an address and got no link yet.
   *[other] { $count } people have an address and got no link yet.
}
delegations-send-links = Send their links
delegations-remind-help = { $count ->
    [one] 1 person still owes something. Whoever has an address can be reminded, once a day.
   *[other] { $count } people still owe something. Those who have an address can be reminded, once a day.
}
delegations-next-reminder = The next reminder may go out { $time }.
delegations-remind = Remind them
delegations-message = Write to everybody
delegations-message-help = Something that all of your people should know.
delegations-message-title = Write to your people
delegations-next-message = You have sent several messages. The next may go out { $time }.
delegations-several-title = Add several people
delegations-several-lead = Fill in rows, or hand in a table of up to { $most } people. You see what was read before anybody is added.
delegations-by-rows = Row by row
delegations-by-table = From a table
delegations-by-table-help = Columns: given_name, family_name, native_name, email, category, organisation, position, country, language, honorific, nationality; Chinese names of columns are known, too.
delegations-by-table-questions = What the form asks may stand in columns, too. Files, photos, consents and identity documents are given by the people themselves, by their own link. Columns:
delegations-pasted = Paste from a spreadsheet
delegations-pasted-hint = Select the cells there, copy, and paste them here. The line with the names of the columns may be left out if they stand in the order above.
delegations-cell-choices = Several with ; between: { $choices }
delegations-answers-fields = What the form asks
delegations-check = Look through
delegations-check-again = Look through again
delegations-row = Person { $number }
delegations-rows-wrong = { $count ->
    [one] 1 row needs a look; nobody of it was added
   *[other] { $count } rows need a look; nobody of them was added
}
delegations-rows-wrong-help = Everything that you typed is below. Correct the rows, or add the others without them.
delegations-rows-right = { $count ->
    [one] 1 person can be added. Nothing is kept yet.
   *[other] { $count } people can be added. Nothing is kept yet.
}
delegations-rows-good = { $count ->
    [one] 1 row is right
   *[other] { $count } rows are right
}
delegations-add-all-corrected = Add all
delegations-add-all = { $count ->
    [one] Add 1 person
   *[other] Add all { $count } people
}
delegations-add-good = { $count ->
    [one] Add only the 1 that is right
   *[other] Add only the { $count } that are right
}
delegations-add-possible = Add those for whom there are places
delegations-all-hint = “Add all” adds everybody or nobody.
delegations-added-some = { $count ->
    [one] 1 person was added. The others are below.
   *[other] { $count } people were added. The others are below.
}
delegations-back = Back to the delegation
delegations-person-title = Person
delegations-person-back = Back to the person
delegations-person-stale = Somebody else changed this registration meanwhile. What you typed stands here; saving once more keeps it.
delegations-details = Details
delegations-asks-approval = This person is approved. Another name needs approval again.
delegations-asked-help = The officers have asked this person for more. They answer by their own link.
delegations-owes-these = { $count ->
    [one] One answer is still missing:
   *[other] { $count } answers are still missing:
}
delegations-answers = Answer the questions
delegations-answers-lead = What the event asks of { $name }.
delegations-second-form = Questions after approval
delegations-second-form-lead = What the event asks of { $name } now that they are confirmed.
delegations-own-link = Their own link
delegations-own-link-help = It opens the person’s own page: ticket, details, answers.
delegations-linked = Last sent or shown { $time }.
delegations-send-link = Send it by mail
delegations-show-link = Show it, to print or pass on
delegations-link-shown-title = Private link
delegations-link-shown-lead = This link opens the page of { $name }. Pass it on to nobody else.
delegations-link-code = The link as a code
delegations-link-address = The link
delegations-link-shown-help = It is shown once. You can have another at any time; those before keep working.
delegations-withdraw = Does not come?
delegations-withdraw-title = Withdraw
delegations-withdraw-help = The place becomes free for somebody else of your delegation. The ticket ends.
delegations-withdraw-button = Withdraw
delegations-withdraw-tells = Tell the person by mail
delegations-withdraw-keep = Keep
delegations-notice-created = The delegation is made. Send its focal point the link.
delegations-notice-saved = Saved.
delegations-notice-other-contact = Saved. The new focal point needs a link: use “Send a new link, end the others”.
delegations-notice-deleted = The delegation is deleted.
delegations-notice-imported = The delegations are made. Send their focal points the links.
delegations-notice-links-sent-contacts = The links are on their way.
delegations-notice-link-sent = The link is on its way.
delegations-notice-link-renewed = A new link is on its way; the others have ended.
delegations-notice-link-revoked = Every link has ended.
delegations-notice-handed-over = Handed over. The new focal point gets a link by mail.
delegations-notice-told = The messages are on their way.
delegations-notice-added = Added.
delegations-notice-all-added = Everybody is added.
delegations-notice-withdrawn = Withdrawn. The place is free again.
delegations-notice-ordered = The order is saved.
delegations-notice-links-sent = The links are on their way.
delegations-notice-reminded = The reminders are on their way.
delegations-refused-known = Somebody is registered with this address already
delegations-refused-again = Somebody with exactly these details is in your delegation already
delegations-refused-delegation-full = { $category }: all { $capacity } places of your delegation are taken
delegations-refused-category-full = { $category }: every place of this category at the event is taken
delegations-refused-quota-full = { $category }: a quota that this category shares has no place left
delegations-error-category = Choose a category in which your delegation has places
delegations-error-language = Choose a language from the list
delegations-error-twice = This address stands in row { $row }, too
delegations-error-no-rows = There is nobody in it yet
delegations-error-too-many-rows = At most { $most } rows at once. Hand the others in afterwards.
delegations-error-nobody = Choose at least one delegation
delegations-error-stale = Somebody else changed this meanwhile
delegations-error-stale-help = Nothing was changed. Open the page again to see how it stands now.
delegations-error-below-taken-page = More people come in this category already
delegations-error-below-taken-page-help = Nothing was changed. Withdraw people first, or allow more.
delegations-error-not-empty = People are registered in this delegation
delegations-error-not-empty-help = Nothing was deleted. Withdraw them first.
delegations-error-closed = This delegation is closed
delegations-error-closed-help = Its closing time is over, so that nothing can be changed. If something is wrong, write to { $contact }.
delegations-error-closed-meanwhile = The delegation has just closed
delegations-error-closed-meanwhile-help = Nothing was changed. The closing time has passed while the page was open.
delegations-error-revoked = This link has ended
delegations-error-revoked-help = Somebody else runs the delegation now, or a newer link was sent. If that should not be so, write to { $contact }.
delegations-error-revoked-meanwhile = This link has just ended
delegations-error-revoked-meanwhile-help = Nothing was changed. Somebody else runs the delegation now, or a newer link was sent.
delegations-error-unknown = This link opens nothing
delegations-error-unknown-help = Perhaps a part of it is missing. Open it from the mail once more, or write to { $contact }.
delegations-error-known-page = Another registration has this address
delegations-error-known-page-help = Nothing was changed.
delegations-error-too-soon = The last one went out a short time ago
delegations-error-too-soon-help = Nothing was sent. Wait until the time that the page names.
delegations-history-created = Made
delegations-history-changed = Changed
delegations-history-deleted = Deleted
delegations-history-link-sent = Link sent
delegations-history-link-renewed = New link sent, the others ended
delegations-history-link-revoked = Links ended
delegations-history-handed-over = Handed over
delegations-history-added = People added
delegations-history-withdrawn = Somebody withdrawn
delegations-history-ordered = Order changed
delegations-history-reminded = People reminded
delegations-history-told = People written to
delegations-history-contact-told = Focal point written to
delegations-mail-link-subject = Register your delegation: { $event }
delegations-mail-link-text = You are the focal point of { $delegation } at { $event }. By your private link you register its people and follow what is still missing.
delegations-mail-passed-on = { $before } has handed { $delegation } at { $event } over to you. By your private link you register its people and follow what is still missing.
delegations-mail-link-button = Open the delegation’s page
delegations-mail-deadline = You can change everything until { $time } ({ $zone }).
delegations-mail-link-keep = Whoever has this link can register and withdraw people. Keep it to yourself.
delegations-mail-passed-subject = You have handed over: { $delegation }, { $event }
delegations-mail-passed-text = { $contact } runs { $delegation } at { $event } from now on. Your link has ended.
delegations-mail-passed-wrong = If you know nothing of this, tell the conference office at once.
delegations-mail-member-subject = You are registered: { $event }
delegations-mail-member-text = { $contact } has registered you for { $event } as a member of { $delegation }, in the category { $category }.
delegations-mail-member-ticket = Your ticket and a calendar entry come with this mail.
delegations-mail-member-applied = Your application is looked at; we write to you once it is decided.
delegations-mail-member-button = Your page: details, questions, ticket
delegations-mail-member-keep = The link is yours alone. Please look whether your name is right and answer what is asked.
delegations-mail-reminder-subject = Something is still missing: { $event }
delegations-mail-reminder-text = { $contact } asks you to complete your registration as a member of { $delegation } at { $event }.
delegations-mail-reminder-button = Complete it
registration-actor-focal-point = The focal point
registration-history-address = E-mail address or language changed
registration-history-link-shown = Link shown to the focal point
