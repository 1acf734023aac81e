events-list-title = Events
events-is-over = is over
events-none = No event yet
events-none-help = You have no role at any event. Ask the people who organize it to invite you.
events-none-admin-help = Begin with the name and the dates; everything else can follow.
events-new-button = New event
events-new-title = New event
events-new-help = These few facts are enough to begin. All but the address can be changed later.
events-new-name-hint = In the event's main language. Other languages come later.
events-create-button = Make the event
events-name = Name
events-slug = Address
events-slug-hint = Small letters, digits and hyphens, such as summit-2027. The event's pages will be at { $site }/…
events-slug-malformed = Please use 2 to 60 small letters, digits and hyphens
events-slug-reserved = This address is taken by the program itself. Please choose another.
events-slug-taken = Another event has this address
events-starts-on = First day
events-ends-on = Last day
events-ends-before-start = The last day comes before the first
events-too-long = An event lasts at most 366 days
events-timezone = Time zone
events-timezone-hint = The zone of the venue, such as Asia/Shanghai. Type a town to find it.
events-timezone-change-hint = The zone of the venue, such as Asia/Shanghai. Sessions that are placed already keep their instant: in another zone they show another time of day.
events-timezone-wrong = Please enter a time zone from the list, such as Asia/Shanghai
events-languages = Languages
events-languages-hint = As tags, the main one first: en, zh. Every content field can be filled in in each of them.
events-languages-wrong = Please enter language tags such as en, zh or pt-BR, each once
events-settings-title = Settings
events-tagline = Theme
events-tagline-hint = One line below the name.
events-place = Place
events-place-hint = The venue or the town.
events-address = Postal address of the venue
events-description = Description
events-markdown-hint = You can use Markdown: **bold**, lists, links.
events-contact-email = Contact address
events-contact-email-hint = Where guests write to. It is shown to the public.
events-accent = Accent colour
events-accent-hint = Of buttons and links.
events-accent-adapted = Of buttons and links. This colour is hard to read on white, so links use a darker shade of it.
events-privacy-notice = Privacy notice
events-privacy-notice-hint = What people agree to when they register. You can use Markdown.
events-save-button = Save the settings
events-notice-created = The event is made. Here is what comes next.
events-notice-saved = The settings are saved.
events-error-stale = Someone else changed this in the meantime
events-error-stale-help = Nothing of yours was saved. Go back, reload the page and make your change again.
events-dashboard-title = Overview
events-needs = What needs you today
events-needs-nothing = Nothing waits for you.
events-numbers = In numbers
events-steps = Next steps
events-step-done = Done
events-step-describe = Describe the event and its place
events-step-rooms = Add the rooms
events-step-team = Invite the team
events-countdown = { $count ->
    [one] begins tomorrow
   *[other] begins in { $count } days
}
events-under-way = day { $count } of { $of }
events-over = { $count ->
    [one] ended yesterday
   *[other] ended { $count } days ago
}
events-need-mail-failed = { $count ->
    [one] One message could not be delivered
   *[other] { $count } messages could not be delivered
}
events-number-rooms = { $count ->
    [one] room
   *[other] rooms
}
events-number-team = { $count ->
    [one] person in the team
   *[other] people in the team
}
events-number-mail-queued = { $count ->
    [one] mail waits to be sent
   *[other] mails wait to be sent
}
events-need-asked = { $count ->
    [one] One speaker asks for another time
   *[other] { $count } speakers ask for another time
}
events-need-withdrew = { $count ->
    [one] One speaker has withdrawn from a session
   *[other] { $count } speakers have withdrawn from a session
}
events-need-concerns = { $count ->
    [one] One thing speaks against the draft of the programme
   *[other] { $count } things speak against the draft of the programme
}
events-number-releases = { $count ->
    [one] release
   *[other] releases
}
events-step-sessions = Collect the sessions, by hand or from a file
events-step-release = Release the programme to the public
events-need-applied = { $count ->
    [one] One application waits for a decision
   *[other] { $count } applications wait for a decision
}
events-step-categories = Set up the categories that people register in
