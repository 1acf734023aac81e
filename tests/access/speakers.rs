//! Who may use the pages that look after speakers. A speaker's link is all that their own pages ask for.

use super::May::{self, Everyone, Holder};
use plenary::accounts::model::Permission as P;

pub(super) const TABLE: &[(&str, &str, May)] = &[
    ("GET", "/organizer/{event}/speakers/board", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/speakers/invite", Holder(P::EditProgramme, 200)),
    ("POST", "/organizer/{event}/speakers/invite", Holder(P::EditProgramme, 422)),
    ("GET", "/organizer/{event}/speakers/{speaker}/invitations", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/invitations", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/invitations/{invitation}", Holder(P::EditProgramme, 404)),
    ("GET", "/organizer/{event}/reminders", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/reminders", Holder(P::ManageEvent, 422)),
    ("GET", "/{event}/s/{token}/invitations/{invitation}", Everyone(404)),
    ("POST", "/{event}/s/{token}/invitations/{invitation}/accept", Everyone(404)),
    ("POST", "/{event}/s/{token}/invitations/{invitation}/decline", Everyone(404)),
];
