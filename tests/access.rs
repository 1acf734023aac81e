//! Who may use which address: one line for every route, one request for every role.
//!
//! A route that is missing here fails the first test. The number of each line is what someone gets
//! who may use the route, for a request without fields about a thing that does not exist:
//! mostly 200 for pages, 422 for forms, 404 for unknown things, 303 where there is nothing to fill in.
//! Who may not is answered the same everywhere: a visitor is sent to sign in (303), a signed-in
//! stranger to the event learns nothing (404), a role that does not suffice is told so (403).

use crate::on_both_databases;
use crate::support::{Role, TestApp};
use plenary::accounts::model::{Permission as P, TeamRole};
use std::collections::BTreeSet;

/// Who may use a route, and what they get.
#[derive(Clone, Copy)]
enum May {
    /// The public, signed in or not.
    Everyone(u16),
    /// The public; who is signed in gets something else.
    EveryoneBut { signed_in: u16, visitor: u16 },
    /// Any account.
    SignedIn(u16),
    /// Administrators of the installation.
    Administrator(u16),
    /// The team's first page; who only reviews goes on to the reviews.
    Entrance(u16),
    /// Who holds the permission at the event.
    Holder(P, u16),
}

mod attendance;
mod delegations;
mod speakers;

use May::{Administrator, Entrance, Everyone, EveryoneBut, Holder, SignedIn};

const TABLE: &[(&str, &str, May)] = &[
    ("GET", "/static/{path:.*}", Everyone(200)),
    ("GET", "/healthz", Everyone(200)),
    ("GET", "/readyz", Everyone(200)),
    // Accounts
    ("GET", "/setup/{token}", Everyone(410)),
    ("POST", "/setup/{token}", Everyone(422)),
    ("GET", "/login", EveryoneBut { visitor: 200, signed_in: 303 }),
    ("POST", "/login", Everyone(422)),
    ("GET", "/reset", Everyone(200)),
    ("POST", "/reset", Everyone(422)),
    ("GET", "/reset/{token}", Everyone(410)),
    ("POST", "/reset/{token}", Everyone(410)),
    ("GET", "/invitation/{token}", Everyone(410)),
    ("POST", "/invitation/{token}", Everyone(410)),
    ("GET", "/account", SignedIn(200)),
    ("POST", "/account", SignedIn(422)),
    ("POST", "/account/password", SignedIn(422)),
    ("POST", "/account/sign-ins/end-others", SignedIn(303)),
    ("POST", "/account/sign-ins/{sign_in}/end", SignedIn(404)),
    ("GET", "/organizer/accounts", Administrator(200)),
    ("POST", "/organizer/accounts", Administrator(422)),
    ("POST", "/organizer/accounts/{user}", Administrator(400)),
    ("GET", "/organizer/{event}/team", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/team", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/team/{user}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/team/{user}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/team/{user}/remove", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/team/{user}/invite-again", Holder(P::ManageEvent, 404)),
    // Demo
    ("GET", "/demo/inbox", Everyone(200)),
    ("GET", "/demo/inbox/{message}", Everyone(404)),
    ("GET", "/demo/inbox/{message}/html", Everyone(404)),
    ("GET", "/demo/inbox/{message}/parts/{number}", Everyone(404)),
    // Events
    ("GET", "/organizer/activity", Administrator(200)),
    ("GET", "/organizer/activity.csv", Administrator(200)),
    ("GET", "/organizer/mail", Administrator(200)),
    ("POST", "/organizer/mail", Administrator(400)),
    ("GET", "/organizer/new", Administrator(200)),
    ("POST", "/organizer/new", Administrator(422)),
    ("GET", "/organizer/{event}", Entrance(200)),
    ("GET", "/organizer/{event}/numbers", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/numbers.json", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/numbers/{table}", Holder(P::ViewEvent, 404)),
    ("GET", "/organizer/{event}/activity", Holder(P::ManageEvent, 200)),
    ("GET", "/organizer/{event}/activity.csv", Holder(P::ManageEvent, 200)),
    ("GET", "/organizer/{event}/import", Holder(P::ManageEvent, 200)),
    ("GET", "/organizer/{event}/import/template.csv", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/import", Holder(P::ManageEvent, 400)),
    ("POST", "/organizer/{event}/import/apply", Holder(P::ManageEvent, 410)),
    ("GET", "/organizer/{event}/settings", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/settings", Holder(P::ManageEvent, 422)),
    // Notices
    ("GET", "/organizer/{event}/notices", Holder(P::ViewEvent, 200)),
    ("POST", "/organizer/{event}/notices", Holder(P::ManageEvent, 400)),
    ("GET", "/organizer/{event}/notices/{notice}", Holder(P::ViewEvent, 404)),
    ("POST", "/organizer/{event}/notices/{notice}", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/notices/{notice}/html", Holder(P::ViewEvent, 404)),
    ("GET", "/{event}/r/{token}/programme", Everyone(404)),
    ("POST", "/{event}/r/{token}/stars", Everyone(404)),
    ("POST", "/{event}/r/{token}/seats", Everyone(404)),
    ("POST", "/{event}/r/{token}/offer", Everyone(404)),
    ("GET", "/{event}/find", Everyone(200)),
    ("GET", "/{event}/r/{token}/data.json", Everyone(404)),
    ("GET", "/{event}/r/{token}/files/{file}", Everyone(404)),
    ("GET", "/{event}/uploads/{token}", Everyone(404)),
    ("GET", "/{event}/r/{token}/transfer", Everyone(404)),
    ("POST", "/{event}/r/{token}/transfer", Everyone(404)),
    ("POST", "/{event}/r/{token}/transfer/take-back", Everyone(404)),
    ("GET", "/{event}/transfer/{token}", Everyone(404)),
    ("POST", "/{event}/transfer/{token}", Everyone(404)),
    ("POST", "/{event}/transfer/{token}/decline", Everyone(404)),
    ("GET", "/{event}/r/{token}/consents", Everyone(404)),
    ("POST", "/{event}/r/{token}/consents", Everyone(404)),
    ("GET", "/{event}/r/{token}/delete", Everyone(404)),
    ("POST", "/{event}/r/{token}/delete", Everyone(404)),
    ("POST", "/{event}/r/{token}/delete/take-back", Everyone(404)),
    ("POST", "/{event}/find", Everyone(422)),
    ("GET", "/{event}/r/{token}/answers", Everyone(404)),
    ("POST", "/{event}/r/{token}/answers", Everyone(404)),
    ("GET", "/{event}/r/{token}/second-form", Everyone(404)),
    ("POST", "/{event}/r/{token}/second-form", Everyone(404)),
    ("GET", "/{event}/seats", Everyone(404)),
    ("GET", "/{event}/seats.json", Everyone(404)),
    ("GET", "/{event}/r/{token}/agenda.ics", Everyone(404)),
    ("POST", "/{event}/r/{token}/notices", Everyone(404)),
    ("GET", "/{event}/r/{token}/unsubscribe", Everyone(404)),
    ("POST", "/{event}/r/{token}/unsubscribe", Everyone(404)),
    // Venue
    ("GET", "/organizer/{event}/rooms", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/rooms/new", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/rooms/new", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/rooms/{room}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/rooms/{room}", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/rooms/{room}/delete", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/rooms/{room}/delete", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/rooms/{room}/availability", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/rooms/{room}/availability", Holder(P::ManageEvent, 404)),
    // Speakers
    ("GET", "/organizer/{event}/speakers", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/speakers/new", Holder(P::EditProgramme, 200)),
    ("POST", "/organizer/{event}/speakers/new", Holder(P::EditProgramme, 422)),
    ("GET", "/organizer/{event}/speakers/{speaker}", Holder(P::ViewEvent, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/photo", Holder(P::EditProgramme, 404)),
    ("GET", "/organizer/{event}/speakers/{speaker}/delete", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/delete", Holder(P::EditProgramme, 404)),
    ("GET", "/media/{file}/{size}.jpg", Everyone(404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/send-link", Holder(P::EditProgramme, 404)),
    ("GET", "/organizer/{event}/speakers/{speaker}/assistants", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/assistants", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/assistants/{assistant}/remove", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/revoke-links", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/speakers/{speaker}/answer", Holder(P::EditProgramme, 404)),
    ("GET", "/organizer/{event}/answers", Holder(P::ViewEvent, 200)),
    ("GET", "/{event}/s/{token}", Everyone(404)),
    ("GET", "/{event}/s/{token}/calendar.ics", Everyone(404)),
    ("POST", "/{event}/s/{token}/accept", Everyone(404)),
    ("GET", "/{event}/s/{token}/ask", Everyone(404)),
    ("POST", "/{event}/s/{token}/ask", Everyone(404)),
    ("GET", "/{event}/s/{token}/withdraw", Everyone(404)),
    ("POST", "/{event}/s/{token}/withdraw", Everyone(404)),
    ("GET", "/{event}/s/{token}/availability", Everyone(404)),
    ("POST", "/{event}/s/{token}/availability", Everyone(404)),
    ("GET", "/{event}/s/{token}/assistants", Everyone(404)),
    ("POST", "/{event}/s/{token}/assistants", Everyone(404)),
    ("POST", "/{event}/s/{token}/assistants/{assistant}/remove", Everyone(404)),
    // Forums and formats
    ("GET", "/organizer/{event}/forums", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/forums/new", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/forums/new", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/forums/{forum}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/forums/{forum}", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/forums/{forum}/delete", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/forums/{forum}/delete", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/formats", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/formats/new", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/formats/new", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/formats/{format}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/formats/{format}", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/formats/{format}/delete", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/formats/{format}/delete", Holder(P::ManageEvent, 404)),
    // Mail
    ("GET", "/organizer/{event}/mail", Holder(P::ViewMail, 200)),
    ("GET", "/organizer/{event}/mail/addresses", Holder(P::ViewMail, 200)),
    ("POST", "/organizer/{event}/mail/addresses", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mail/pause", Holder(P::ManageEvent, 400)),
    ("GET", "/organizer/{event}/mail/rules", Holder(P::ViewMail, 200)),
    ("POST", "/organizer/{event}/mail/rules", Holder(P::ManageEvent, 400)),
    ("POST", "/organizer/{event}/mail/drafts", Holder(P::ManageEvent, 400)),
    ("GET", "/organizer/{event}/mail/{message}", Holder(P::ViewMail, 404)),
    ("GET", "/organizer/{event}/mail/{message}/html", Holder(P::ViewMail, 404)),
    ("GET", "/organizer/{event}/mail/{message}/message.eml", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/mail/{message}/parts/{number}", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/mail/{message}/edit", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mail/{message}/edit", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mail/{message}/decide", Holder(P::ManageEvent, 400)),
    ("POST", "/organizer/{event}/mail/{message}/cancel", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mail/{message}/copy", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mail/{message}/resend", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/mailings", Holder(P::ViewMail, 200)),
    ("GET", "/organizer/{event}/mailings/new", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/mailings/new", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/mailings/{mailing}", Holder(P::ViewMail, 404)),
    ("GET", "/organizer/{event}/mailings/{mailing}/preview/{language}", Holder(P::ViewMail, 404)),
    ("GET", "/organizer/{event}/mailings/{mailing}/edit", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mailings/{mailing}/edit", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mailings/{mailing}/send", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mailings/{mailing}/stop", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mailings/{mailing}/copy", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/mailings/{mailing}/delete", Holder(P::ManageEvent, 409)),
    ("POST", "/organizer/{event}/mailings/{mailing}/files", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/mailings/{mailing}/files/{file}", Holder(P::ViewMail, 404)),
    ("POST", "/organizer/{event}/mailings/{mailing}/files/{file}/delete", Holder(P::ManageEvent, 404)),
    ("GET", "/{event}/u/{token}", Everyone(404)),
    ("POST", "/{event}/u/{token}", Everyone(404)),
    ("GET", "/{event}/r/{token}/mails", Everyone(404)),
    ("POST", "/{event}/r/{token}/mails", Everyone(404)),
    ("GET", "/organizer/{event}/wording", Holder(P::ViewMail, 200)),
    ("GET", "/organizer/{event}/wording/{kind}/{language}", Holder(P::ViewMail, 404)),
    ("POST", "/organizer/{event}/wording/{kind}/{language}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/wording/{kind}/{language}/default", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/wording/{kind}/{language}/preview", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/wording/{kind}/{language}/test", Holder(P::ManageEvent, 404)),
    // Programme
    ("GET", "/organizer/{event}/sessions", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/sessions/new", Holder(P::EditProgramme, 200)),
    ("POST", "/organizer/{event}/sessions/new", Holder(P::EditProgramme, 422)),
    ("GET", "/organizer/{event}/sessions/{session}", Holder(P::ViewEvent, 404)),
    ("POST", "/organizer/{event}/sessions/{session}", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/sessions/{session}/delete", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/sessions/{session}/place", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/sessions/{session}/unplace", Holder(P::EditProgramme, 404)),
    ("POST", "/organizer/{event}/sessions/{session}/fix", Holder(P::EditProgramme, 404)),
    // The call for proposals
    ("GET", "/{event}/call", Everyone(200)),
    ("POST", "/{event}/call", Everyone(422)),
    ("GET", "/{event}/call/sent", Everyone(200)),
    ("GET", "/{event}/p/{token}", Everyone(404)),
    ("POST", "/{event}/p/{token}", Everyone(404)),
    ("GET", "/{event}/p/{token}/withdraw", Everyone(404)),
    ("POST", "/{event}/p/{token}/withdraw", Everyone(404)),
    ("GET", "/organizer/{event}/call", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/call", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/call/late", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/call/late", Holder(P::ManageEvent, 422)),
    ("POST", "/organizer/{event}/call/late/{link}/revoke", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/call/review", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/call/review", Holder(P::ManageEvent, 303)),
    ("GET", "/organizer/{event}/call/criteria/new", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/call/criteria/new", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/call/criteria/{criterion}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/call/criteria/{criterion}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/call/criteria/{criterion}/delete", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/reviews", Holder(P::ReviewProposals, 200)),
    ("GET", "/organizer/{event}/reviews/next", Holder(P::ReviewProposals, 303)),
    ("GET", "/organizer/{event}/reviews/{proposal}", Holder(P::ReviewProposals, 404)),
    ("POST", "/organizer/{event}/reviews/{proposal}", Holder(P::ReviewProposals, 404)),
    ("GET", "/organizer/{event}/proposals", Holder(P::EditProgramme, 200)),
    ("POST", "/organizer/{event}/proposals", Holder(P::EditProgramme, 303)),
    ("GET", "/organizer/{event}/proposals.csv", Holder(P::EditProgramme, 200)),
    ("GET", "/organizer/{event}/proposals.json", Holder(P::EditProgramme, 200)),
    ("GET", "/organizer/{event}/proposals/{proposal}", Holder(P::EditProgramme, 404)),
    ("GET", "/organizer/{event}/decisions", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/decisions", Holder(P::ManageEvent, 409)),
    ("POST", "/organizer/{event}/decisions/words", Holder(P::ManageEvent, 303)),
    // Schedule
    ("GET", "/organizer/{event}/schedule", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/schedule/draft.json", Holder(P::ViewEvent, 200)),
    ("GET", "/organizer/{event}/schedule/candidates", Holder(P::ViewEvent, 400)),
    ("POST", "/organizer/{event}/schedule/moves", Holder(P::EditProgramme, 400)),
    ("POST", "/organizer/{event}/schedule/undo", Holder(P::EditProgramme, 303)),
    ("POST", "/organizer/{event}/schedule/redo", Holder(P::EditProgramme, 303)),
    ("POST", "/organizer/{event}/schedule/blocks", Holder(P::ManageEvent, 422)),
    ("POST", "/organizer/{event}/schedule/blocks/{block}", Holder(P::ManageEvent, 422)),
    ("POST", "/organizer/{event}/schedule/blocks/{block}/copy", Holder(P::ManageEvent, 409)),
    ("POST", "/organizer/{event}/schedule/blocks/{block}/delete", Holder(P::ManageEvent, 409)),
    ("POST", "/organizer/{event}/schedule/several", Holder(P::EditProgramme, 422)),
    ("GET", "/organizer/{event}/schedule/events", Holder(P::ViewEvent, 400)),
    ("POST", "/organizer/{event}/schedule/presence", Holder(P::ViewEvent, 400)),
    ("GET", "/organizer/{event}/schedule/concerns", Holder(P::ViewEvent, 200)),
    ("POST", "/organizer/{event}/schedule/concerns/mute", Holder(P::EditProgramme, 422)),
    ("POST", "/organizer/{event}/schedule/concerns/unmute", Holder(P::EditProgramme, 409)),
    ("GET", "/organizer/{event}/schedule/rules", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/schedule/rules", Holder(P::ManageEvent, 422)),
    // Proposed timetables and kept copies
    ("GET", "/organizer/{event}/schedule/proposals", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/schedule/proposals", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/schedule/proposals/{proposal}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/schedule/proposals/{proposal}/stop", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/schedule/proposals/{proposal}/accept", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/schedule/proposals/{proposal}/delete", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/schedule/copies", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/schedule/copies", Holder(P::ManageEvent, 422)),
    ("GET", "/organizer/{event}/schedule/copies/compare", Holder(P::ManageEvent, 200)),
    ("GET", "/organizer/{event}/schedule/copies/{copy}", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/schedule/copies/{copy}/use", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/schedule/copies/{copy}/delete", Holder(P::ManageEvent, 404)),
    ("GET", "/organizer/{event}/releases", Holder(P::ViewEvent, 200)),
    ("POST", "/organizer/{event}/releases", Holder(P::ManageEvent, 409)),
    ("POST", "/organizer/{event}/releases/plan/cancel", Holder(P::ManageEvent, 409)),
    ("GET", "/organizer/{event}/releases/{number}/restore", Holder(P::ManageEvent, 404)),
    ("POST", "/organizer/{event}/releases/{number}/restore", Holder(P::ManageEvent, 409)),
    // Live
    ("GET", "/organizer/{event}/announcements", Holder(P::ManageEvent, 200)),
    ("POST", "/organizer/{event}/announcements", Holder(P::ManageEvent, 422)),
    ("POST", "/organizer/{event}/announcements/{announcement}/withdraw", Holder(P::ManageEvent, 404)),
    ("GET", "/{event}/live", Everyone(200)),
    // Registration
    ("GET", "/{event}/register", Everyone(200)),
    ("POST", "/{event}/register", Everyone(422)),
    ("GET", "/{event}/register/sent", Everyone(200)),
    ("GET", "/{event}/verify/{token}", Everyone(404)),
    ("POST", "/{event}/verify/{token}", Everyone(404)),
    ("GET", "/{event}/r/{token}", Everyone(404)),
    ("GET", "/{event}/r/{token}/calendar.ics", Everyone(404)),
    ("GET", "/{event}/r/{token}/ticket", Everyone(404)),
    ("GET", "/{event}/r/{token}/worker.js", Everyone(404)),
    ("GET", "/{event}/r/{token}/cancel", Everyone(404)),
    ("POST", "/{event}/r/{token}/cancel", Everyone(404)),
    ("GET", "/{event}/r/{token}/edit", Everyone(404)),
    ("POST", "/{event}/r/{token}/edit", Everyone(404)),
    ("GET", "/{event}/ticket-key", Everyone(200)),
    // Accreditation
    ("GET", "/{event}/r/{token}/accreditation", Everyone(404)),
    ("POST", "/{event}/r/{token}/accreditation", Everyone(404)),
    // The public site; the event has no release, so that there is no programme yet
    ("GET", "/", Everyone(303)),
    ("GET", "/robots.txt", Everyone(200)),
    ("GET", "/favicon.ico", Everyone(308)),
    ("GET", "/{event}", Everyone(200)),
    ("GET", "/{event}/theme.css", Everyone(200)),
    ("GET", "/{event}/schedule", Everyone(404)),
    ("GET", "/{event}/schedule.{kind}", Everyone(404)),
    ("GET", "/{event}/sessions", Everyone(404)),
    ("GET", "/{event}/sessions/{code}.ics", Everyone(404)),
    ("GET", "/{event}/sessions/{code}", Everyone(404)),
    ("GET", "/{event}/embed", Everyone(404)),
    ("GET", "/{event}/embed.js", Everyone(200)),
    ("GET", "/{event}/now", Everyone(404)),
    ("GET", "/{event}/announcements", Everyone(200)),
    ("GET", "/{event}/rooms", Everyone(404)),
    ("GET", "/{event}/changes", Everyone(404)),
    ("GET", "/{event}/changes.atom", Everyone(404)),
    ("GET", "/{event}/releases/{number}", Everyone(404)),
    ("GET", "/{event}/rooms/{code}.ics", Everyone(404)),
    ("GET", "/{event}/rooms/{code}/screen", Everyone(404)),
    ("GET", "/{event}/rooms/{code}", Everyone(404)),
    ("GET", "/{event}/speakers", Everyone(404)),
    ("GET", "/{event}/speakers/{code}.ics", Everyone(404)),
    ("GET", "/{event}/speakers/{code}", Everyone(404)),
    // What ends the sign-in that the others need
    ("POST", "/logout", Everyone(303)),
];

/// The lines of every area.
fn table() -> impl Iterator<Item = &'static (&'static str, &'static str, May)> {
    // The last line of the first table ends the sign-in.
    delegations::TABLE.iter().chain(attendance::TABLE).chain(speakers::TABLE).chain(TABLE)
}

/// `/organizer` by itself: who works for one event goes there, the others see a list.
fn organizer_start(role: Role) -> u16 {
    if matches!(role, Role::Stranger | Role::Administrator) { 200 } else { 303 }
}

/// The answer that a role should get.
fn expected(may: May, role: Role) -> u16 {
    let is_visitor = role == Role::Visitor;
    match may {
        Everyone(granted) => granted,
        EveryoneBut { visitor, signed_in } => {
            if is_visitor {
                visitor
            } else {
                signed_in
            }
        }
        _ if is_visitor => 303,
        SignedIn(granted) => granted,
        Administrator(granted) => {
            if role == Role::Administrator {
                granted
            } else {
                403
            }
        }
        Entrance(_) if role == Role::Reviewer => 303,
        Entrance(granted) => expected(Holder(P::Enter, granted), role),
        Holder(permission, granted) => match team_role(role) {
            _ if role == Role::Administrator => granted,
            None => 404,
            Some(held) if held.allows(permission) => granted,
            Some(_) => 403,
        },
    }
}

fn team_role(role: Role) -> Option<TeamRole> {
    match role {
        Role::Visitor | Role::Stranger | Role::Administrator => None,
        Role::Organizer => Some(TeamRole::Organizer),
        Role::ForumOrganizer => Some(TeamRole::ForumOrganizer),
        Role::Reviewer => Some(TeamRole::Reviewer),
        Role::AccreditationOfficer => Some(TeamRole::AccreditationOfficer),
        Role::CheckInStaff => Some(TeamRole::CheckInStaff),
        Role::Observer => Some(TeamRole::Observer),
        Role::ProtocolStaff => Some(TeamRole::ProtocolStaff),
    }
}

/// An address of the pattern: the event "summit", an asset that exists, otherwise things that don't.
fn address(pattern: &str) -> String {
    let mut address = pattern.replace("{event}", "summit").replace("{path:.*}", "app.css");
    address = address.replace("{token}", "unknown-token").replace("{code}", "unknown").replace("{number}", "1");
    while let (Some(start), Some(end)) = (address.find('{'), address.find('}')) {
        address.replace_range(start..=end, "00000000-0000-7000-8000-000000000000");
    }
    address
}

#[test]
fn every_route_stands_in_the_table_once() {
    let routes = plenary::app::routes(true);
    let routes: Vec<(String, &str)> = routes.listed().map(|(method, pattern)| (method.to_string(), pattern)).collect();
    let listed: Vec<(String, &str)> = table().map(|(method, pattern, _)| ((*method).to_owned(), *pattern)).collect();
    let own = [("GET".to_owned(), "/organizer")];
    let known: BTreeSet<_> = listed.iter().chain(&own).collect();
    assert_eq!(known.len(), listed.len() + own.len(), "a line stands twice");
    let all: BTreeSet<_> = routes.iter().collect();
    assert_eq!(all.len(), routes.len(), "a route is listed twice");
    let missing: Vec<_> = all.difference(&known).collect();
    assert!(missing.is_empty(), "no line in the access table for {missing:?}");
    let gone: Vec<_> = known.difference(&all).collect();
    assert!(gone.is_empty(), "no route any more for {gone:?}");
}

on_both_databases! {
    async fn every_role_gets_what_the_table_says(db: TestDatabase) {
        let app = TestApp::start_as_demo(db).await;
        app.event().await;
        let mut wrong = Vec::new();
        for role in Role::ALL {
            let client = app.signed_in_as(role).await;
            let start = client.get("/organizer").await.status;
            assert_eq!(start, organizer_start(role), "{role:?} at the start");
            for (method, pattern, may) in table() {
                let address = address(pattern);
                let status = match *method {
                    // Streams have no end to wait for.
                    "GET" => client.status(&address).await,
                    _ => client.post_form(&address, &[]).await.status,
                };
                let expected = expected(*may, role);
                if status != expected {
                    wrong.push(format!("{role:?} {method} {pattern}: {status} instead of {expected}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn a_visitor_is_sent_to_sign_in_and_back(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let answer = app.visitor().get("/organizer/summit/rooms?lang=zh").await;
        assert_eq!(answer.redirect(), "/login?next=%2Forganizer%2Fsummit%2Frooms%3Flang%3Dzh");
        let unknown = app.visitor().get("/organizer/no-such-event").await;
        assert_eq!(unknown.redirect(), "/login?next=%2Forganizer%2Fno-such-event", "which events exist is not told");
    }

    async fn posts_from_other_sites_are_refused(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let post = |name: &'static str, value: &str| {
            organizer.send(organizer.request(reqwest::Method::POST, "/organizer/summit/rooms/new").header(name, value.to_owned()))
        };
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example"), ("origin", "null")] {
            assert!(post(name, value).await.has_status(403).contains("sent from another site"), "{name}: {value}");
        }
        for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", app.url.as_str())] {
            post(name, value).await.has_status(422);
        }
    }
}
