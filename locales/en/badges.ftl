organizer-nav-badges = Badges
badges-title = Badges
badges-printed = Printed before
badges-printed-not = Not printed yet
badges-printed-changed = Changed since it was printed
badges-printed-any = Whether printed or not
badges-delegation = Delegation
badges-delegation-any = Any delegation
badges-registered-since = Registered since
badges-approved-since = Approved since
badges-speakers = Speakers only
badges-order-name = By name
badges-order-category = By category
badges-order-country = By country
badges-order-delegation = By delegation
badges-summary-sheet = { $badges ->
    [one] One badge would print, on { $pages ->
        [one] one sheet.
       *[other] { $pages } pages.
    }
   *[other] { $badges } badges would print, on { $pages ->
        [one] one sheet.
       *[other] { $pages } pages of A4.
    }
}
badges-summary-single = { $badges ->
    [one] One badge would print.
   *[other] { $badges } badges would print, on { $pages } pages of their own size.
}
badges-too-many = A batch takes at most { $most } badges; the first of them are taken. Mark it as printed, then make the next.
badges-make = { $badges ->
    [one] Prepare this badge
   *[other] Prepare these { $badges } badges
}
badges-first-shown = The first { $shown } are shown.
badges-none-found = Nobody fits
badges-none-found-help = Confirmed registrations only have a badge. Choose something else, or show everybody.
badges-all-printed = Nothing to print
badges-all-printed-help = Everybody who is confirmed has a printed badge. To print one again, choose “Changed since it was printed” or “Whether printed or not” above, or open the person.
badges-batches = Prepared batches
badges-batch-made = Prepared
badges-batch-people = Badges
badges-batch-by = By
badges-batch-marked = Printed
badges-batch-open = Not marked yet
badges-batch-title = Batch of badges
badges-batch-heading = { $badges ->
    [one] One badge
   *[other] { $badges } badges
}
badges-batch-made-at = Prepared { $time }. Nothing is marked as printed yet.
badges-batch-marked-at = Marked as printed { $time }. You can print it once more.
badges-step-print = 1. Print
badges-open-print = Open the badges
badges-step-mark = 2. Mark as printed
badges-step-mark-help = A browser does not tell what came out of the printer. Say so here when the badges are on the table: each person’s log then holds it, and they are not offered again.
badges-mark = { $badges ->
    [one] Mark this badge as printed
   *[other] Mark these { $badges } as printed
}
badges-discard = Discard this batch
badges-discard-help = Did nothing come out? Discard the batch. Nobody’s badge is deleted; these people are offered again.
badges-notice-marked = Marked as printed.
badges-notice-discarded = The batch is discarded.
badges-notice-saved = The design is saved.
badges-error-nobody = Nobody is chosen
badges-error-nobody-help = In the meantime nobody fits any more. Go back and choose again.
badges-error-marked = This batch is marked as printed
badges-error-marked-help = Somebody has marked it already, and nothing was changed now.
badges-error-not-confirmed = This person has no badge
badges-error-not-confirmed-help = Only confirmed registrations have a ticket and a badge.
badges-error-note = Say why in a few words
badges-error-reason = Choose why it is printed again
badges-error-choose = Choose one of these
badges-error-too-small = At this size the code is too small to be scanned. Make it at least 53 × 75 mm upright, or 65 × 41 mm lying
badges-print-title = Print badges
badges-print-back = Back
badges-print-summary = { $badges ->
    [one] One badge
   *[other] { $badges } badges
} on { $pages ->
    [one] one page
   *[other] { $pages } pages
}
badges-print-change = Apply
badges-print-now = Print
badges-print-help = In the print dialogue leave margins at “None” or “Default” and scale at 100%; this bar is not printed. Two-sided: flip on the long edge.
badges-print-end = That is all.
badges-size = Size
badges-size-a6 = A6 ({ $width } × { $height } mm)
badges-size-card = Card ({ $width } × { $height } mm)
badges-size-label-62 = Label, 62 mm wide ({ $width } × { $height } mm)
badges-size-label-102 = Label, 102 mm wide ({ $width } × { $height } mm)
badges-size-own = Own size ({ $width } × { $height } mm)
badges-width = Width in mm
badges-height = Height in mm
badges-own-hint = Width and height count for “Own size” only.
badges-paper = Print on
badges-paper-sheet = Sheets of A4, to be cut
badges-paper-single = Single badges: the page is as large as the badge
badges-cut-marks = Show where to cut
badges-two-sided = Two-sided: the reverse shows the same
badges-two-sided-hint = On sheets each reverse stands exactly behind its front when the paper is flipped on its long edge.
badges-large = Which name is large
badges-large-latin = The name in Latin letters
badges-large-native = The name in its own script
badges-parts = What the badge shows
badges-parts-hint = Name, category and code are always there.
badges-part-event = Name of the event
badges-part-honorific = Honorific
badges-part-position = Position
badges-part-organisation = Organisation
badges-part-country = Country, with its two letters
badges-part-photo = Photo, where there is one
badges-part-zones = Zones, as letters
badges-part-number = Code of the registration, in small print
badges-design-title = Design
badges-design-save = Save the design
badges-design-try = Preview
badges-sample = Somebody made up
badges-real = A real person
badges-person = Preview with
badges-person-hint = A name or code; the first who fits is shown.
badges-zones = Letters of the zones
badges-prints-title = Printed badges
badges-prints-which = Which prints
badges-prints-all = All
badges-prints-again = Printed again
badges-prints-none = Nothing printed yet
badges-prints-none-help = Every badge stands here once it is marked as printed, with who printed it and why.
badges-reason = Reason
badges-reason-first = First badge
badges-reason-lost = Lost
badges-reason-wrong = Wrong or out of date
badges-reason-other = Another reason
badges-note = Note
badges-note-hint = Needed for another reason.
badges-renew = Make earlier codes invalid
badges-renew-hint = For a badge that somebody else may have found. The ticket in their mail stops counting too; their own page shows the new one at once.
badges-print-again = Print again
badges-print-again-button = Note and open the badge
badges-print-first = Print
badges-print-first-help = The badge is noted as printed and opens by itself.
badges-print-first-button = Open the badge
badges-person-title = Badge
badges-person-heading = Badge of
badges-person-back = Back to the registration
badges-person-link = Badge
badges-person-not-confirmed = This registration is not confirmed: there is no badge to print.
badges-person-out-of-date = The badge printed last shows something else than this.
badges-person-no-prints = No badge of this person was printed yet.
registration-history-badge-printed = Badge printed
badges-ticket-zones = Opens
badges-ticket-days = Valid on
badges-ticket-all-days = all days
badges-ticket-kept = This ticket is kept on this device and opens without network.
badges-person-printed = { $count ->
    [one] Printed { $time }
   *[other] Printed { $count } times, last { $time }
}
badges-person-not-printed = Not printed yet
badges-person-open = Print the badge
