mail-any-kind = Any kind
mail-states = States
mail-search-hint = Name, address or words of the subject
mail-older = Older
mail-newest = Newest
mail-look-on = Look further back
mail-cut = So many messages have these words that only the newest were looked through. Go on for older ones, or add a word.
mail-cut-none = Many messages have these words, but none of the newest fits. Look further back, or add a word.
mail-leaves = leaves on { $at }
mail-pause = Pause sending
mail-resume = Let mail leave again
mail-paused-event = { $name } paused the mail of this event on { $since }. What somebody waits for, such as a confirmation of an address, leaves all the same.
mail-paused-event-nobody = The mail of this event is paused since { $since }. What somebody waits for, such as a confirmation of an address, leaves all the same.
mail-paused-installation = { $name } paused all mail of this installation on { $since }. Only an administrator can let it leave again.
mail-paused-installation-nobody = All mail of this installation is paused since { $since }. Only an administrator can let it leave again.
mail-notice-paused = Mail is paused. What is on its way in this moment still arrives.
mail-notice-resumed = Mail leaves again.
mail-trouble-stuck = No mail has left for { $minutes } minutes, and { $count ->
    [one] 1 message waits
   *[other] { $count } messages wait
}.
mail-trouble-failing = { $failed } of { $of } messages could not be delivered in the last hour.
mail-trouble-look = Look at the mail
mail-release-all = Release all of these
mail-discard-all = Discard all of these
mail-release = Release
mail-discard = Discard
mail-edit = Change the words
mail-cancel = Do not send it
mail-send-copy = Send it once more as a new message
mail-draft-help = This message waits for review. It leaves when somebody releases it, and never if it is discarded.
mail-copy-of = Copy of
mail-earlier-message = an earlier message
mail-copies = Sent once more
mail-copy-number = as message { $number }
mail-as-sent = The mail
mail-headers = Headers
mail-secrets-hint = Private links are shown without their secret part, so that reading a mail does not mean acting for its recipient.
mail-download = Download the mail as a file
mail-download-hint = The file holds the mail as it leaves, with working private links, except in mails that open an account of the team. Who downloads it is written down.
mail-back-drafts = Messages that wait for review
mail-notice-released = Released. What falls into quiet hours leaves when they end.
mail-notice-discarded = Discarded. Nothing of it will be sent.
mail-notice-cancelled = The message will not be sent.
mail-notice-copied = A copy is queued. This is the new message.
mail-notice-edited = The draft has its new words.
mail-notice-rules = The rules hold for all mail that is queued from now on.
mail-error-other-state = This message has gone on in the meantime
mail-error-other-state-help = Somebody else decided it, or it has left. Go back to the message to see where it stands.
mail-error-changed = Somebody else has changed this message
mail-error-changed-help = Go back to the message to see what it says now.
mail-error-rules-changed = Somebody else has changed these rules
mail-error-rules-changed-help = Open the page again to see them.
mail-error-decision = This request said nothing that can be done
mail-error-decision-help = Nothing was changed. Go back and press the button again.
mail-outcome-unreachable = The mail server could not be reached
mail-outcome-released = Released after review
mail-outcome-edited = Words changed
mail-outcome-discarded = Discarded
mail-outcome-cancelled = Taken back
mail-edit-title = Change a draft
mail-edit-hint = Markdown, as in the wording of mails. Everything is filled in already; signs such as •1• stand for the secret part of a private link and should stay where they are. Text and HTML are made anew from it.
mail-edit-parts = These stand for parts with a form of their own, such as the ticket, each in a paragraph by itself:
mail-edit-save = Keep these words
mail-edit-leave = Leave it as it is
mail-decide-title = Decide drafts
mail-decide-release = { $count ->
    [one] Release 1 message?
   *[other] Release { $count } messages?
}
mail-decide-discard = { $count ->
    [one] Discard 1 message?
   *[other] Discard { $count } messages?
}
mail-decide-more = There are still more; all of them are meant.
mail-decide-release-help = They leave at once, or when quiet hours end. What was queued for review after you opened the list waits on.
mail-decide-discard-help = They will never be sent, and this can’t be undone. What was queued for review after you opened the list waits on.
mail-decide-release-button = Release them
mail-decide-discard-button = Discard them
mail-rules-title = Review and quiet hours
mail-rules-lead = Which mails wait until somebody has looked at them, and when none leave.
mail-rules-held = Wait for review
mail-rules-held-hint = Mails of these kinds are kept as drafts. Somebody of the team reads, changes, releases or discards them. Think of deadlines: an offer of a place runs out whether its mail has left or not.
mail-rules-always = These always leave at once, because somebody waits for them:
mail-rules-quiet = Quiet hours
mail-rules-quiet-hint = Mail that falls into these hours waits until they end, on the recipient’s clock: that of their country where it has one time, else that of the event ({ $timezone }). Leave both empty for none. What somebody waits for leaves all the same.
mail-rules-quiet-from = From
mail-rules-quiet-until = Until
mail-rules-error-same = Both times are the same, so that mail would never be quiet or never leave
mail-rules-error-changed = Somebody else has changed these rules. Keep them once more to put yours in their place.
mail-rules-save = Keep the rules
mail-installation-title = Mail of all events
mail-installation-lead = How mail leaves from this installation, over all events.
mail-installation-now = Now
mail-pause-installation = Pause all mail
mail-pause-installation-hint = Nothing at all leaves then, password resets included, until an administrator lets it.
mail-waiting = In the queue
mail-waiting-due = Of these, due now
mail-oldest-due = the oldest since { $since }
mail-sent-last-hour = Sent in the last hour
mail-failed-last-hour = Given up in the last hour
mail-last-sent = Last sent
mail-never = Never
mail-paused-events = Events whose mail is paused
mail-per-minute = Messages a minute at most
mail-per-domain = Messages a minute to one domain at most
mail-no-limit = No limit
mail-spared-title = Domains that asked for fewer messages
mail-spared-help = The mail server answered for these domains that there were too many. Other messages to them wait without using up attempts; what somebody waits for is tried all the same.
mail-spared-domain = Domain
mail-spared-until = Waits until
mail-need-drafts = { $count ->
    [one] 1 message waits for review
   *[other] { $count } messages wait for review
}
