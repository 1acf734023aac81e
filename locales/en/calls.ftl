calls-title = Call for proposals
calls-heading = Propose a session
calls-open = Proposals are welcome.
calls-open-until = Proposals are taken until { $time } ({ $zone }).
calls-open-late = This link lets you hand in until { $time } ({ $zone }), although the call is over for others.
calls-opens = Proposals can be handed in from { $time } ({ $zone }).
calls-over = The call closed on { $time } ({ $zone }).
calls-never = No proposals are taken at present.
calls-line-open = { $name }: until { $time }
calls-line-open-always = { $name }: open
calls-line-not-yet = { $name }: from { $time }
calls-line-over = { $name }: closed since { $time }
calls-line-never = { $name }: no proposals are taken
calls-most-per-person = Each person may send in { $most ->
    [one] one proposal
   *[other] { $most } proposals
  }.
calls-how = Begin here, even if not everything is ready: we send you a link by which you go on, change it and send it in.
calls-about-session = The session
calls-about-you = About you
calls-people = Who takes part
calls-people-hint = Speakers, moderators, panellists. If you take part yourself, write yourself down here too. Leave fields empty that you don’t need.
calls-person = Person { $number }
calls-person-name = Name
calls-person-email = E-mail address
calls-person-organisation = Organisation
calls-person-position = Position
calls-person-country = Country or region
calls-person-biography = Short biography
calls-add-person = Another person
calls-questions = More about it
calls-field-email = E-mail address
calls-field-name = Your name
calls-field-title = Title
calls-field-abstract = Abstract
calls-field-description = Description
calls-field-written-in = Language of these texts
calls-field-format = Format
calls-field-forum = Forum
calls-field-spoken = Language spoken in the session
calls-field-people = Who takes part
calls-field-notes = Notes to the organizers
calls-field-speaker-name = Person { $number }, name
calls-field-speaker-email = Person { $number }, e-mail address
calls-field-speaker-organisation = Person { $number }, organisation
calls-field-speaker-position = Person { $number }, position
calls-field-speaker-country = Person { $number }, country or region
calls-field-speaker-biography = Person { $number }, biography
calls-most = At most { $most } characters.
calls-count = { $used } of { $most } characters
calls-abstract-hint = What the audience will read in the programme. At most { $most } characters.
calls-description-hint = For those who decide: the course of the session, what it is based on, what people take home. At most { $most } characters.
calls-written-in-hint = Title, abstract and description are in this language.
calls-notes-hint = What only the organizers should know, such as days on which you can’t come. Never published, not shown to reviewers.
calls-email-hint = We send the link to your proposal here, and later the decision.
calls-begin = Save the draft and send me the link
calls-begin-hint = Nothing is handed in yet. The mail has the link by which you send it in.
calls-privacy-default = What you write is used to choose the sessions of this event. Texts, names, organisations and biographies are published if the session takes place; addresses never are.
calls-sent-title = Draft saved
calls-sent-heading = Check your inbox
calls-sent-text = Your draft is saved. We have sent you a mail with the link by which you go on and send it in.
calls-sent-help = No mail after a few minutes? Look in the spam folder.
calls-sent-again = Begin again
calls-own-title = Your proposal
calls-own-until = It can be changed until { $time } ({ $zone }).
calls-own-email = We write to { $email }.
calls-own-draft = A draft. Nobody but you sees it until you send it in.
calls-own-draft-closed = This draft was not sent in, and the call is closed for such proposals. You can read it here, but not change it any more.
calls-own-proposed = It is handed in. We write to you when it is decided; until the call closes you can still change it.
calls-own-proposed-closed = It is handed in and under review. We write to you when it is decided.
calls-own-accepted = It will take place. We write to you with time and room as soon as they are known.
calls-own-rejected = It was not chosen this time.
calls-own-withdrawn = It was withdrawn. Write to us if this was a mistake.
calls-own-cancelled = The session was cancelled.
calls-own-keep = Keep the link to this page for yourself: whoever has it can change the proposal.
calls-state-draft = Draft
calls-state-proposed = Handed in
calls-state-accepted = Accepted
calls-state-rejected = Not chosen
calls-state-withdrawn = Withdrawn
calls-state-cancelled = Cancelled
calls-send = Send it in
calls-send-hint = It can be changed after sending it in, too, as long as the call is open.
calls-save = Save the draft
calls-save-changes = Save the changes
calls-withdraw = Withdraw the proposal
calls-withdraw-title = Withdraw the proposal
calls-withdraw-heading = Withdraw this proposal?
calls-withdraw-draft = The draft is closed and can’t be sent in any more.
calls-withdraw-sent = The organizers see that you have withdrawn it, and it is no longer considered. You can’t undo this here.
calls-withdraw-keep = Keep it
calls-notice-saved = The draft is saved. It is not handed in yet.
calls-notice-sent-in = Your proposal is handed in. A mail confirms it.
calls-notice-changed = The changes are saved.
calls-notice-withdrawn = The proposal is withdrawn.
calls-notice-settings = The call is saved.
calls-notice-late-revoked = The link does not work any more.
calls-error-choice = Please choose from the list
calls-error-over = The call for this closed on { $time } ({ $zone }). What you typed is still here.
calls-error-not-yet = The call for this opens on { $time } ({ $zone })
calls-error-never = No proposals are taken for this
calls-error-too-long = This has { $count } characters; at most { $most } are possible
calls-error-same-address = Another person above has this address
calls-error-nobody = Please name at least one person who takes part
calls-error-stale = Someone else changed it in the meantime
calls-error-stale-help = Open the page again to see how it is now.
calls-error-stale-form = It was changed in another window in the meantime. What you typed is below; save again, and it replaces what was saved there.
calls-error-ended = It can’t be changed any more
calls-error-ended-help = It is decided or withdrawn, or the call has closed. Write to the organizers if it matters.
calls-error-ended-form = It can’t be changed any more: it is decided or withdrawn, or the call has closed. What you typed is below, so that you can copy it.
calls-error-too-many = This address has sent in as many proposals as it may
calls-error-too-many-help = Withdraw one of them to send in another.
calls-error-too-many-form = You have sent in { $most ->
    [one] one proposal
   *[other] { $most } proposals
  } already, which is as many as one person may. This draft stays saved; withdraw another proposal to send it in.
calls-error-window-twice = There is another line for the same format and forum
calls-error-window-about = Please choose a format or a forum for these dates
calls-error-closes-first = The end must come after the beginning
calls-error-late-past = Please choose a time to come
calls-error-stale-settings = Someone else saved the call in the meantime. What you typed is below; saving again replaces what they saved.
calls-settings-title = Call for proposals
calls-settings-look = See the public page
calls-settings-open = The call is open; the last date is { $time }.
calls-settings-open-without-end = The call is open, without an end.
calls-settings-not-yet = The call opens on { $time }.
calls-settings-over = The call is over since { $time }.
calls-settings-never = The call is closed. Give it an opening date, and the public form opens then.
calls-opens-at = Opens
calls-opens-at-hint = In the event’s time zone, { $zone }. Without it nothing can be handed in.
calls-closes-at = Closes
calls-closes-at-hint = Without it, there is no end.
calls-introduction = Introduction
calls-introduction-hint = What you look for, how you choose, when you decide. In Markdown.
calls-limits = Limits
calls-title-length = Characters of a title
calls-abstract-length = Characters of an abstract
calls-description-length = Characters of a description
calls-per-person = Proposals per person
calls-per-person-hint = Counted by the address that hands in; withdrawn ones don’t count. Empty for no limit.
calls-windows = Other dates
calls-windows-hint = For formats and forums that open or close at other times. The most exact line decides: format and forum together, then the format, then the forum. A date left empty is the one above.
calls-window = Other dates, line { $number }
calls-window-any-format = Any format
calls-window-any-forum = Any forum
calls-window-offered = Proposals
calls-window-offered-yes = Are taken
calls-window-offered-no = Are not taken
calls-settings-save = Save the call
calls-questions-title = Questions
calls-questions-hint = Asked below the texts of a proposal. Made in the form builder, to be asked “With a proposal of a session”.
calls-late-title = Late links
calls-late-help = A late link opens the form after the call has closed, for whoever has it. What is begun by it can be changed until the link’s own end.
calls-late-fresh = The link is made
calls-late-fresh-help = Copy it now: it is not shown again. Whoever has it can hand in.
calls-late-new = Make a link
calls-late-name = For whom
calls-late-name-hint = Only you see this.
calls-late-until = Works until
calls-late-state = State
calls-late-works = Works
calls-late-over = Over
calls-late-revoked = Taken back
calls-late-revoke = Take back
calls-late-make = Make the link
calls-mail-greeting = Dear { $name },
calls-mail-draft-subject = Your draft: { $title }
calls-mail-draft-text = you have begun a proposal for { $event }. This link opens it:
calls-mail-draft-button = Go on with the proposal
calls-mail-draft-not-sent = It is not handed in yet: open it, fill in what is missing, and send it in.
calls-mail-deadline = This is possible until { $time } ({ $zone }).
calls-mail-keep = Keep this mail. Whoever has the link can change the proposal.
calls-mail-not-you = You have not begun anything? Then ignore this mail; nothing happens.
calls-mail-contact = Questions? Write to { $email }.
calls-mail-received-subject = Handed in: { $title }
calls-mail-received-text = your proposal for { $event } has arrived. Thank you.
calls-mail-received-next = We write to you as soon as it is decided.
calls-mail-received-edit = You can still change it until { $time } ({ $zone }).
calls-mail-received-button = Look at the proposal
calls-review-title = Review
calls-is-blind = Review without knowing who hands in
calls-is-blind-hint = Reviewers see neither names nor organisations nor addresses nor notes; where the texts mention them word for word, they are hidden there, too. Other hints, such as “our ministry”, can’t be found by a program.
calls-hides-scores = A reviewer sees what others gave only after giving theirs
calls-hides-scores-hint = So that nobody follows the first.
calls-sends-comments = Send authors what reviewers wrote for them
calls-sends-comments-hint = In the mail of the decision, without the reviewers’ names.
calls-review-save = Save
calls-criteria = Criteria
calls-criteria-empty = No criteria yet
calls-criteria-empty-help = Say what reviewers score: relevance, news value, the people. Each has a weight and a scale.
calls-criterion-new = Add a criterion
calls-criterion-title = Criterion
calls-criterion-name = Name
calls-criterion-help = What it means
calls-criterion-help-hint = Shown to reviewers below the name.
calls-criterion-weight = Weight
calls-criterion-weight-hint = Weights count by their proportion: 3 beside 1 makes three quarters of the total. The scale can’t be changed once somebody has scored by it.
calls-criterion-scale = Scale
calls-criterion-lowest = Lowest score
calls-criterion-highest = Highest score
calls-criterion-save = Save the criterion
calls-criterion-delete = Delete the criterion
calls-criterion-delete-hint = Scores that were given by it count no longer.
calls-reviewers = Who reviews
calls-reviewers-hint = Organizers review everything, forum organizers their forums, reviewers the forums they are given, or all.
calls-reviewers-team = To the team
calls-reviews-given = Reviews given
calls-all-forums = All forums
calls-error-scale = The highest score must be above the lowest
calls-error-scored = Scores were given on this scale already; delete the criterion and make another instead
calls-error-scored-page = Scores were given on this scale already
calls-error-scored-page-help = Delete the criterion and make another instead.
calls-error-score = Please choose a score
calls-notice-criterion = The criterion is saved.
calls-notice-criterion-deleted = The criterion is deleted.
calls-reviews-title = Reviews
calls-review-one-title = Review
calls-review-next = Next to review
calls-review-skip = Skip
calls-walk = From proposal to proposal
calls-reviews-waiting = { $count ->
    [0] Nothing waits for your review.
    [one] One proposal waits for your review.
   *[other] { $count } proposals wait for your review.
  }
calls-reviews-done = { $count ->
    [0] You have reviewed none so far.
    [one] You have reviewed one.
   *[other] You have reviewed { $count }.
  }
calls-blind-note = You review without knowing who hands in: names and organisations are hidden, in the texts too where they stand word for word.
calls-reviews-empty = Nothing to review yet
calls-reviews-empty-help = Proposals of your forums stand here as soon as they are handed in.
calls-reviews = Reviews
calls-own-review = Your review
calls-standing-waiting = Waits for you
calls-standing-scored = Scored
calls-standing-abstained = Abstained
calls-standing-conflict = Conflict of interest
calls-standing-part = You take part
calls-standing-decided = Decided
calls-review-part = You are the author or one of the people of this proposal, so others review it.
calls-review-decided = This proposal is decided or withdrawn; it can’t be reviewed any more.
calls-weight = weight { $weight }
calls-lowest = Weak
calls-highest = Strong
calls-no-criteria = There are no criteria; write what you think.
calls-to-team = To the organizers
calls-to-team-hint = Only organizers read this.
calls-to-author = To the author
calls-to-author-hint = Organizers read this, and may send it to the author without your name.
calls-review-keep = Save and go on
calls-abstain = I can’t judge this
calls-conflict = I have a conflict of interest
calls-abstain-hint = Neither counts as a score. You can change your mind until it is decided.
calls-others = What all gave
calls-others-hidden = { $count ->
    [0] Nobody has scored it yet.
    [one] One reviewer has scored it; you see how once you have given your review.
   *[other] { $count } reviewers have scored it; you see how once you have given your review.
  }
calls-nobody-scored = Nobody has scored it yet.
calls-notice-reviewed = Your review is saved. This is the next one.
calls-notice-all-reviewed = Nothing waits for your review any more. Thank you.
calls-spoken-in = in { $language }
calls-sent-at = handed in { $time }
calls-score-of = Score
calls-mean = Mean
calls-median = Median
calls-spread = Spread
calls-total = Total
calls-total-scale = of 100
calls-proposals-title = Proposals
calls-proposal-title = Proposal
calls-proposals-search = Search titles and people
calls-proposals-count = { $count ->
    [one] One proposal.
   *[other] { $count } proposals.
  }
calls-reviews-count = { $count ->
    [one] One review with scores.
   *[other] { $count } reviews with scores.
  }
calls-drafts-count = { $count ->
    [0] No draft is being written.
    [one] One draft is still being written.
   *[other] { $count } drafts are still being written.
  }
calls-proposals-empty = No proposals yet
calls-proposals-empty-help = What authors send in will stand here, ranked by the scores of the reviewers.
calls-csv = CSV
calls-json = JSON
calls-sort = Order
calls-sort-score = Best first
calls-sort-fewest = Fewest reviews first
calls-sort-spread = Least agreed first
calls-sort-newest = Newest first
calls-rank = Place
calls-rank-is = Place { $rank } by total
calls-choose = Choose
calls-choose-one = Choose “{ $title }”
calls-not-scored = { $abstained } abstained, { $conflicts } in conflict
calls-in-reserve = In reserve
calls-pending = Noted
calls-pending-is = Noted: { $decision }
calls-bulk = Those chosen:
calls-bulk-hint = Decisions are noted first. Nobody is told until they are applied.
calls-decision = Decision
calls-decision-accept = Accept
calls-decision-reject = Reject
calls-decision-reserve = Keep in reserve
calls-decision-none = Take back
calls-no-decision = There is nothing to decide here: it is withdrawn, cancelled or confirmed.
calls-own-part = You take part in this proposal: others decide on it, and its reviews are not shown to you.
calls-decided-at = Decided { $time }
calls-scores = Scores
calls-author = Author
calls-to-session = To the session
calls-notice-noted = Noted. Nobody is told until decisions are applied.
calls-notice-taken-back = The noted decisions are taken back.
calls-notice-some-noted = Some of those chosen can’t be decided that way, because of where they stand or because you take part in them; the others are noted.
calls-notice-none-chosen = Nothing was chosen.
calls-notice-applied = The decisions are applied, and the mails are on their way.
calls-notice-words = The words are saved.
calls-decisions-title = Apply decisions
calls-decisions-link = { $count ->
    [0] Apply decisions
    [one] Apply one decision
   *[other] Apply { $count } decisions
  }
calls-decisions-stale = Something changed since the page was shown, so nothing was applied. This is how it is now.
calls-decisions-mails = mails
calls-decisions-apply = { $count ->
    [0] Apply
    [one] Apply and send one mail
   *[other] Apply and send { $count } mails
  }
calls-decisions-hint = Sessions become accepted or rejected, and each author gets the mail below in their language. What stays in reserve stays handed in; nobody is told.
calls-decisions-empty = Nothing is noted
calls-decisions-empty-help = Choose proposals in the list and note what is decided; then apply it here in one step.
calls-words = Words of yours
calls-words-hint = Said in every mail of that kind, besides what it says anyway.
calls-words-comments = What reviewers wrote for the author follows.
calls-accepted-words = To those accepted
calls-rejected-words = To those not chosen
calls-words-save = Save and see the mails
calls-mails = The mails
calls-mails-hint = Exactly as they leave; only the secret at the end of each link is made when they do.
calls-mail-accepted-subject = Accepted: { $title }
calls-mail-accepted-text = we are glad to tell you that your proposal for { $event } is accepted.
calls-mail-accepted-next = We write to you again with time and room as soon as they are known.
calls-mail-rejected-subject = Your proposal: { $title }
calls-mail-rejected-text = thank you for your proposal for { $event }. There were more good ones than places, and this one was not chosen.
calls-mail-rejected-next = We would be glad to hear from you again.
calls-mail-comments = What the reviewers wrote for you:
