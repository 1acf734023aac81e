accreditation-title = Accreditation
accreditation-one-title = Application
accreditation-waiting-for = What applications wait for
accreditation-waiting-any = All open
accreditation-waiting-first = First officer
accreditation-waiting-second = Second officer
accreditation-waiting-asked = Asked for more
accreditation-waiting-flagged = On a watch-list
accreditation-waiting-form = Second form
accreditation-delegation = Delegation
accreditation-delegation-any = Any delegation
accreditation-age = Waiting
accreditation-age-any = However long
accreditation-age-days = { $days ->
    [one] One day or longer
   *[other] { $days } days or longer
}
accreditation-standing = Standing
accreditation-since = Since
accreditation-select = Select
accreditation-select-one = Select { $name }
accreditation-mark-watched = On a watch-list
accreditation-mark-unscreened = Not compared yet
accreditation-mark-asked = Waits for the applicant
accreditation-mark-answered = Answered
accreditation-mark-first-approval = Approved by one officer
accreditation-mark-own-approval = You approved
accreditation-empty = Nobody waits
accreditation-empty-help = Applications are listed here, the oldest first, as soon as a category that needs approval has some.
accreditation-walk = Other applications
accreditation-back = Back to the queue
accreditation-previous = Previous
accreditation-next = Next
accreditation-desk-link = Registration and mails
accreditation-approvals = { $given } of { $needed } approvals
accreditation-hits = Watch-lists know a name like this
accreditation-hit-likeness = { $percent }% alike
accreditation-hit-born = born { $date }
accreditation-births-same = same date of birth
accreditation-births-differ = another date of birth
accreditation-births-unknown = dates of birth not compared
accreditation-clear = It is somebody else
accreditation-clear-why = Why it is somebody else, for colleagues
accreditation-facts = Side by side
accreditation-fact = Fact
accreditation-this-one = This application
accreditation-same = the same
accreditation-honorific = Honorific
accreditation-nationality = Nationality
accreditation-duplicates = Perhaps the same person
accreditation-like-document = The same identity document
accreditation-like-name-and-birth = A like name and the same date of birth
accreditation-like-name = A like name
accreditation-like-domain = The same organisation’s mail address
accreditation-put-beside = Put beside
accreditation-history = History
accreditation-history-empty = Nothing has been decided or written yet.
accreditation-said-approve = Approved
accreditation-said-ask = Asked for more
accreditation-said-reject = Rejected
accreditation-said-note = Note
accreditation-said-cleared = Found nothing on watch-lists
accreditation-said-answer = Answered
accreditation-said-changed = Name, document or photo changed
accreditation-said-completed = Second form filled in
accreditation-said-reminded = Reminded of the second form
accreditation-decide = Decide
accreditation-decision = Decision
accreditation-decision-approve = Approve
accreditation-decision-ask = Ask for more
accreditation-decision-reject = Reject
accreditation-own-approval-hint = You have approved already; the second approval is another officer’s.
accreditation-template = Prepared reason
accreditation-template-none = None
accreditation-template-hint = Used in { $language }, unless you write something yourself.
accreditation-reason = What the applicant reads
accreditation-reason-hint = The applicant reads { $language }.
accreditation-note = Note for colleagues
accreditation-note-hint = The applicant never sees it.
accreditation-note-only = Another note for colleagues
accreditation-note-button = Keep note
accreditation-decide-button = Decide and go on
accreditation-not-open = Nothing to decide
accreditation-not-open-help = Only applications that wait for approval can be decided.
accreditation-error-no-decision = Choose a decision
accreditation-error-no-reason = Say what is missing or why, or choose a prepared reason
accreditation-error-stale = This application has changed in the meantime
accreditation-error-stale-help = Nothing was decided by you. Look at it again and then decide.
accreditation-error-same-officer = The second approval must be another officer’s
accreditation-error-same-officer-help = You have approved this application already.
accreditation-error-reason-stale = Somebody else changed this reason in the meantime
accreditation-error-reason-stale-help = Look at it again and then save.
accreditation-error-long-note = The note is too long
accreditation-error-long-note-help = Go back and shorten it; what you typed is still there.
accreditation-error-decided = Your application is decided
accreditation-error-decided-help = Your answer was not sent. Write to the organizers if it matters.
accreditation-error-nobody = Select at least one application
accreditation-notice-approved = Approved. The ticket is on its way.
accreditation-notice-awaits-second = Approved by you. Another officer must approve as well.
accreditation-notice-asked = The applicant is asked for more.
accreditation-notice-rejected = Rejected. The applicant is told why.
accreditation-notice-noted = The note is kept.
accreditation-notice-cleared = The flag is taken away.
accreditation-notice-answered = Your answer is with the officers.
accreditation-notice-reminded = The reminders are on their way.
accreditation-notice-reason-saved = The reason is saved.
accreditation-notice-reason-deleted = The reason is deleted.
accreditation-notice-list-added = The list is kept. Everybody is compared with it within a minute.
accreditation-notice-list-deleted = The list is deleted.
accreditation-bulk-title = Decide on several
accreditation-bulk-legend = Decide on the selected
accreditation-bulk-approve = Approve selected
accreditation-bulk-ask = Ask selected for more
accreditation-bulk-reject = Reject selected
accreditation-bulk-hint = You see whom it concerns before anything is decided.
accreditation-bulk-lead = { $decision }: { $count ->
    [one] one application.
   *[other] { $count } applications.
} Nothing is decided yet.
accreditation-bulk-done = { $count ->
    [one] Decided: one application.
   *[other] Decided: { $count } applications.
}
accreditation-bulk-outcome = Outcome
accreditation-bulk-left-out = Left out:
accreditation-bulk-decided = not open any more
accreditation-bulk-watched = on a watch-list or not compared yet; look at it by itself
accreditation-bulk-own = you have approved it already
accreditation-bulk-confirm = { $count ->
    [one] Decide on one application and send the mail
   *[other] Decide on { $count } applications and send the mails
}
accreditation-bulk-back = Back without deciding
accreditation-remind = Remind all of them
accreditation-remind-confirm = Everybody who owes the second form gets a mail.
accreditation-reasons-title = Prepared reasons
accreditation-reasons-empty = No prepared reasons yet
accreditation-reasons-empty-help = Write what you tell applicants again and again once, in each language; officers then only choose it.
accreditation-reason-new = New reason
accreditation-reason-title = Prepared reason
accreditation-reason-decision = For
accreditation-reason-name = Name
accreditation-reason-name-hint = Officers choose it by this name; applicants never see it.
accreditation-reason-body = What the applicant reads
accreditation-reason-body-hint = Each applicant reads it in their language where there is one.
accreditation-reason-save = Save reason
accreditation-reason-delete = Delete reason
accreditation-reason-delete-confirm = What was told with this reason stays as it is.
accreditation-lists-title = Watch-lists
accreditation-lists-lead = Everybody who registers is compared with these names, in any script, order and spelling. A hit only asks for a look; nobody is refused by it.
accreditation-list-name = Name of the list
accreditation-list-unnamed = Watch-list
accreditation-list-entries = Names
accreditation-list-created = Uploaded
accreditation-list-delete = Delete
accreditation-list-delete-one = Delete { $name }
accreditation-list-delete-confirm = The list and its names are deleted, and flags that came from it are taken away.
accreditation-list-add = Upload a list
accreditation-list-file = File
accreditation-list-file-hint = CSV or XLSX up to { $limit }, with the columns name (or given_name and family_name), birth_date, country, note.
accreditation-list-look = Look at the file
accreditation-list-template = Table to fill in
accreditation-preview-title = Look at the list
accreditation-preview-found = { $found ->
    [one] { $file } holds one name that can be watched.
   *[other] { $file } holds { $found } names that can be watched.
}
accreditation-preview-left-out = { $count ->
    [one] One row is left out
   *[other] { $count } rows are left out
}
accreditation-preview-more = and { $count } more
accreditation-preview-sample = The first names
accreditation-preview-keep = { $count ->
    [one] Keep one name
   *[other] Keep { $count } names
}
accreditation-preview-back = Back without keeping
accreditation-row-no-name = Row { $row }: there is no name
accreditation-row-no-letters = Row { $row }: “{ $value }” holds no letters
accreditation-row-bad-date = Row { $row }: the date of birth “{ $value }” can’t be read; write for example 1980-02-29
accreditation-row-bad-country = Row { $row }: “{ $value }” is no country code of two letters
accreditation-error-too-many-rows = A list holds at most { $most } names. Please split the file.
accreditation-error-no-names = There is no column called name, nor one called family_name
accreditation-error-empty-list = The file holds no rows
accreditation-own-title = Your application
accreditation-own-asked-heading = We need to know more
accreditation-own-asked = Please answer the question below; your application waits for it.
accreditation-own-waits = Your application is being looked at. There is nothing you need to do now.
accreditation-own-approved = Your application is approved.
accreditation-own-over = Your application is decided.
accreditation-own-they = The organizers
accreditation-own-you = You
accreditation-own-answer = Your answer
accreditation-own-send = Send answer
accreditation-own-answer-link = Read and answer
accreditation-own-dialogue-link = Questions and answers
accreditation-own-reason-heading = What the organizers wrote
accreditation-own-form-heading = One more form
accreditation-own-form-text = You are approved. Please fill in this form as well, so that we can prepare your stay.
accreditation-own-form-link = Fill in the form
accreditation-mail-more-subject = We need to know more: { $event }
accreditation-mail-more-text = we are looking at your application for { $event } ({ $category }) and need to know more:
accreditation-mail-more-next = Please answer on your page; your application waits for it.
accreditation-mail-more-link = Answer
accreditation-mail-approved-subject = You are approved: { $event }
accreditation-mail-approved-text = your application for { $event } ({ $category }) is approved. Please show the code in this mail at the entrance.
accreditation-mail-approved-form = There is one more form to fill in; you find it on your page.
accreditation-mail-rejected-subject = Your application: { $event }
accreditation-mail-rejected-text = we are sorry that we can’t accept your application for { $event } ({ $category }):
accreditation-mail-form-subject = One more form: { $event }
accreditation-mail-form-text = you are approved for { $event }. Please fill in one more form, so that we can prepare your stay:
accreditation-mail-form-link = Fill in the form
