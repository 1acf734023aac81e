merge-find-title = Another registration of this person
merge-find-lead = If { $name } is registered twice, put both side by side and decide what is kept.
merge-with = Number or e-mail address of the other registration
merge-with-hint = The number stands on the ticket and on the page of the registration.
merge-compare = Put side by side
merge-title = Two registrations of one person
merge-lead = One registration is kept; the other one ends and leads to it. Choose what is kept of both.
merge-kept = Is kept
merge-other = Ends
merge-swap = Keep the other one instead
merge-facts = The person
merge-facts-help = On the left what the kept registration says, on the right what the other one says.
merge-same = the same in both
merge-nothing = nothing
merge-answers = Answers
merge-answers-help = Those that the other registration has and that differ. Sealed answers stay sealed; the one that you choose is moved without anybody reading it.
merge-not-shown = Answered; the desk does not see it
merge-what = What happens
merge-conflict-place = The place of the other registration ({ $words }) is given back.
merge-conflict-delegation = Both belong to a delegation. Unless you choose { $words } above, the person’s place there is given back.
merge-conflict-seat = Both have booked “{ $words }”: the seat is kept once, the second becomes free.
merge-conflict-wait = Both wait for “{ $words }”: the person waits once from now on.
merge-moves-seats = { $count ->
    [one] One booking moves: { $words }
   *[other] { $count } bookings move: { $words }
}
merge-moves-scans = { $count ->
    [one] One scan at a gate moves.
   *[other] { $count } scans at gates move.
}
merge-moves-prints = { $count ->
    [one] One print of a badge moves.
   *[other] { $count } prints of badges move.
}
merge-moves-remark = The remarks of both are kept.
merge-moves-mails = Mails to the other registration are shown with the kept one.
merge-what-ends = Registration { $code } is cancelled; at the gates its ticket counts as revoked. No mail says that it was cancelled.
merge-what-link = Its private links say that it was joined with the kept one, and where that one’s link is sent.
merge-tells = Send the person the link and ticket of the kept registration
merge-tells-hint = To the address that is kept.
merge-do = Put together for good
merge-leave = Leave both as they are
merge-notice-done = The two registrations are one now.
merge-stale = Somebody changed one of the two meanwhile
merge-stale-help = Nothing was done. Below stands how both are now, with what you had chosen. Look once more, then put them together.
merge-error-unknown = No registration has this number or address.
merge-error-full = The delegation, or a choice in the answers, has no place left. Nothing was done. Choose otherwise, or raise the limit.
merge-error-unopened = No key opens this sealed answer, so it can’t be moved. Keep the other one.
merge-barred-same = This is the same registration. Name another one.
merge-barred-kept-ended = The registration that is to be kept has come to its end. Nothing can be added to it.
merge-barred-other-ended = The other registration has come to its end already. There is nothing to put together.
merge-barred-behind = The other registration has come further than the one that is to be kept. Keep the other one instead.
merge-barred-speakers = They belong to two different speakers of the programme. Put the speakers together first.
merge-barred-erasing = One of both is to be deleted because the person asked for it. Wait until that is done or taken back.

registration-history-merged = Another registration of the same person was joined with this one
registration-history-merged-into = Joined with another registration of the same person
registration-history-remark = Remark of the desk changed
registration-tie-merged-into = Joined with { $code }, { $name }, which counts now
registration-tie-merged = { $code }, { $name }, was joined with this registration
registration-tie-passed-on = The place was passed on to { $name }, { $code }
registration-tie-taken-over = The place was taken over from { $name }, { $code }
registration-link-merged-heading = Your registrations are one now
registration-link-merged-text = You were registered twice, and the organizers have joined both. This link belonged to the one that ended, and so does its ticket. Ask for the link of the one that counts; it is sent to the address that you gave there.
registration-link-find = Ask for my link
registration-remark = Remark of the desk
registration-remark-hint = Only the team sees it.
registration-remark-save = Keep
registration-remark-kept = Kept at present:
registration-remark-stale = Somebody changed this registration meanwhile
registration-remark-stale-help = Your remark was not kept yet. It still stands in its field, beside what is kept now; keep it once more if it is still right.
registration-priority-hint = From -100 to 100. Who waits with a higher number is offered a place first.
registration-notice-remark = The remark is kept.
registration-seats = Seats
registration-came-at = came { $time }
registration-scans = At the gates
registration-scan-gate = Gate
registration-scan-result = Result
