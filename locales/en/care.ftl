care-board-title = Where speakers stand
care-board-lead = Everybody with what they have answered and filled in. The envelope above a column begins a mailing to those who still owe it.
care-forum-any = Any forum
care-attendance = Taking part
care-attendance-any = Any answer
care-attendance-not-invited = Not invited
care-attendance-invited = No answer yet
care-attendance-accepted = Accepted
care-attendance-declined = Declined
care-attendance-but = { $count ->
    [one] { $label }; declined one session
   *[other] { $label }; declined { $count } sessions
}
care-missing = Still missing
care-missing-any = Anything
care-item-answer = answer to the invitation
care-item-profile = profile
care-item-photo = photo
care-item-availability = availability
care-column-invited = Invited
care-column-opened = Opened page
care-column-profile = Profile
care-column-photo = Photo
care-column-availability = Availability
care-count-of = { $with } of { $of }
care-percent = { $percent } %
care-yes = yes
care-no = no
care-not-needed = not needed
care-unreachable = No address
care-write-missing = Write to those without: { $item }
care-write-unanswered = Write to those who have not answered
care-item-slides = slides
care-item-travel = travel
care-item-consent = consent to recording
care-column-travel = Travel
care-column-slides = Slides
care-column-consent = Recording
care-due = by { $day }
care-own-heading = { $count ->
    [one] One thing is still missing
   *[other] { $count } things are still missing
}
care-own-nothing = Everything is there, thank you
care-own-done = done
care-own-owed = still missing
care-own-profile = Profile
care-own-photo = Photo
care-own-slides = Slides
care-own-slides-more = { $count ->
    [one] Slides for one more session
   *[other] Slides for { $count } more sessions
}
care-own-travel = Travel
care-own-consent = Recording and publication
speaker-profile-title = Your profile
speaker-profile-lead = This is what the public programme shows of you. Changes appear with the next release of the programme.
speaker-profile-texts = Texts
speaker-profile-photo-most = At most { $megabytes } MB.
speaker-profile-preview = As the programme shows you
speaker-profile-preview-help = In each language of the event, from what stands in the fields above.
speaker-profile-preview-button = Look before saving
speaker-profile-notice-saved = Your profile is saved.
speaker-profile-notice-photo = Saved.
