reminders-title = Reminders
reminders-lead = These leave by themselves, in each person’s language, and never twice to the same person about the same thing.
reminders-on = These reminders leave
reminders-steps-days-after = Days after it was sent
reminders-steps-days-before = Days before
reminders-steps-hours-before = Hours before
reminders-steps-hint = Numbers between commas, such as 4, 8, 12.
reminders-until = Last day
reminders-until-hint = After this day none leaves. The end of the event is always an end.
reminders-sent = { $count ->
    [0] None has left yet.
    [one] One has left so far.
   *[other] { $count } have left so far.
}
reminders-save = Save the reminders
reminders-notice-saved = Saved. The reminders follow these rules from now on.
reminders-stale = Somebody else changed the reminders since you opened the page. What you typed stands below and was not saved; save it again to put it in place.
reminders-error-steps = Please give up to { $most } whole numbers between 1 and 365
reminders-invitation = Invitation without an answer
reminders-invitation-text = To speakers and those who help them. They stop when the invitation is answered or taken back, and where mail to the address comes back.
