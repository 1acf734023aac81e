places-admission = How people are let in
places-approval = An officer approves each application
places-two-officers = Two different officers have to approve
places-has-waiting-list = People may wait when every place is taken
places-shows-rank = They see their place in the waiting list
places-offer-hours = Hours for which an offered place is kept
places-offer-hours-hint = Then it goes to the next in line.
places-offers-until = Last offers
places-address-rules = Only these addresses
places-address-rules-hint = Addresses or domains such as @example.org, one a line. Empty: everybody.
places-quotas-hint = Limits that several categories share:
places-quotas-title = Quotas
places-quotas-lead = Places that several categories share, such as all on site or a hotel. A person counts against their category and each of its quotas.
places-quotas-none = No quotas yet
places-quotas-none-help = Each category has its own limit. A quota limits several together.
places-quota-new = New quota
places-quota-title = Quota
places-quota-name = Name
places-quota-capacity = Places
places-quota-categories = Categories
places-quota-categories-hint = Whoever has a place in one of these counts, whenever they registered; so do places that invitation codes keep.
places-quota-save = Save
places-quota-delete = Delete this quota
places-notice-quota-saved = The quota is saved.
places-notice-quota-deleted = The quota is deleted.
places-waiting-title = Waiting lists
places-waiting-lead = What becomes free is offered in this order by itself, for a limited time, and then to the next.
places-waiting-none = No category has a waiting list
places-waiting-none-help = Switch it on in a category; whoever finds it full may then wait.
places-free = { $count ->
    [one] 1 place is free
   *[other] { $count } places are free
}
places-no-offers = Nothing is offered any more
places-offered = { $count ->
    [one] 1 is offered a place
   *[other] { $count } are offered a place
}
places-until = until { $time }
places-line = { $count ->
    [one] 1 waits
   *[other] { $count } wait
}
places-since = Since
places-next = Next
places-lacks-category = No place of this category is free
places-lacks-quota = Passed over: “{ $name }” is full
places-lacks-choice = Passed over: the choice “{ $name }” is full
places-lacks-delegation = Passed over: the delegation’s places in this category are used
places-not-offered = No place was offered. { $reason }
places-not-offered-help = Nothing has changed: they keep their place in the list. Raise what is full, or offer the place to somebody else.
places-offer-now = Offer a place now
places-nobody-waits = Nobody waits.
places-notice-changed = Changed.
places-may-wait = Full: you can join the waiting list
places-needs-approval = Your application is looked at before it is confirmed.
places-own-rank = You are number { $rank } on the waiting list.
places-own-until = A place is kept for you until { $time }.
places-accept = Take the place
places-decline = Decline
places-notice-accepted = The place is yours.
places-mail-applied-subject = Your application has arrived: { $event }
places-mail-applied-text = Thank you. Your application for { $event } ({ $category }) has arrived and will be looked at. We write to you when it is decided.
places-mail-waits-subject = You are on the waiting list: { $event }
places-mail-waits-text = Every place for { $event } ({ $category }) is taken at the moment. You are on the waiting list, and we write to you when one becomes free.
places-mail-offered-subject = A place is free for you: { $event }
places-mail-offered-text = A place for { $event } ({ $category }) has become free and is kept for you.
places-mail-deadline = Take it by { $time } ({ $zone }); then it goes to the next in line.
places-mail-own = See where it stands
places-mail-take = Take or decline the place
