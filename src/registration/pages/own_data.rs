//! Everything that is held about somebody, for them to keep (GDPR, articles 15 and 20).

use super::own::find;
use crate::accreditation::operations as accreditation;
use crate::audit;
use crate::badges::operations as badges;
use crate::bookings::operations as bookings;
use crate::checkin::operations as checkin;
use crate::db::DbConnection;
use crate::mail::model::MessageFilter;
use crate::mail::outbox;
use crate::notices::starring;
use crate::registration::forms::answering;
use crate::registration::forms::model::Stage;
use crate::registration::forms::operations as forms;
use crate::registration::operations::Own;
use crate::site::model::Released;
use crate::web::error::PageResult;
use crate::web::{Failure, RouteTable, Visit, respond};
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};

/// The route of the download.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/data.json", download);
}

/// `GET /{event}/r/{token}/data.json`.
async fn download(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = find(&visit.app, &path.0, &path.1).await?;
    let name = format!("{}-{}.json", own.event.slug, own.registration.code);
    let snapshot = visit.app.site.snapshot();
    let data = visit
        .app
        .read(move |db| {
            let released = snapshot.event(&own.event.slug).and_then(|event| event.released.as_ref());
            Ok::<_, Failure>(everything(db, &own, released)?)
        })
        .await?;
    let body = serde_json::to_string_pretty(&data).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json; charset=utf-8")
        .insert_header(respond::attachment(&name))
        .insert_header(("cache-control", "no-store"))
        .body(body))
}

/// All of it but what officers note among themselves and secrets of links.
fn everything(db: &mut DbConnection, own: &Own, released: Option<&Released>) -> diesel::QueryResult<Value> {
    let id = own.registration.id;
    let session = |id| released.and_then(|released| released.session(id)).map(|session| session.code.clone());
    let mut stars: Vec<_> = starring::starred(db, id)?.0.into_iter().filter_map(session).collect();
    stars.sort_unstable();
    let seats = bookings::own_seats(db, own.event.id, id)?.bookings;
    let filter = MessageFilter { event: Some(own.event.id), registration: Some(id), ..MessageFilter::default() };
    let mails = outbox::list(db, &filter)?.0;
    let history = audit::of_subject(db, "registration", id.as_str())?;
    let dialogue = accreditation::own_standing(db, &own.registration)?;
    let scans = checkin::of_person(db, id)?;
    let printed = badges::of_person(db, own.event.id, id)?.map(|person| person.log).unwrap_or_default();
    Ok(json!({
        "event": { "slug": own.event.slug, "name": own.event.name },
        "registration": registration(own),
        "answers": answers(db, own)?,
        "starred_sessions": stars,
        "seats": seats.iter().map(|seat| json!({
            "session": session(seat.session_id), "state": seat.state, "since": seat.created_at,
        })).collect::<Vec<_>>(),
        "mails": mails.iter().map(|mail| json!({
            "kind": mail.kind, "to": mail.recipient_address, "subject": mail.subject, "state": mail.state,
            "queued_at": mail.created_at, "sent_at": mail.sent_at,
        })).collect::<Vec<_>>(),
        "accreditation": {
            "dialogue": dialogue.said.iter().map(|said| json!({
                "at": said.review.created_at, "kind": said.review.decision, "words": said.review.reason,
            })).collect::<Vec<_>>(),
            "rejected_because": dialogue.rejected_because,
        },
        "scans": scans.iter().map(|(at, gate, result)| json!({
            "at": at, "gate": gate, "result": result,
        })).collect::<Vec<_>>(),
        "badges": printed.iter().map(|print| json!({
            "printed_at": print.at, "reason": print.reason, "note": print.note,
        })).collect::<Vec<_>>(),
        "history": history.iter().map(|one| json!({
            "at": one.at, "by": one.actor_kind, "what": one.action,
        })).collect::<Vec<_>>(),
    }))
}

fn registration(own: &Own) -> Value {
    let one = &own.registration;
    json!({
        "number": one.code, "state": one.state, "category": own.category.code,
        "email": one.email, "given_name": one.given_name, "family_name": one.family_name,
        "native_name": one.native_name, "organisation": one.organisation, "position": one.position,
        "country": one.country, "honorific": one.honorific, "name_order": one.name_order, "nationality": one.nationality, "language": one.language,
        "privacy_accepted_at": one.privacy_accepted_at, "confirmed_at": one.confirmed_at,
        "ended_at": one.ended_at, "created_at": one.created_at, "updated_at": one.updated_at,
    })
}

/// Answers by the codes of their questions, those to questions that are no longer asked too.
fn answers(db: &mut DbConnection, own: &Own) -> diesel::QueryResult<Value> {
    let answered = answering::answered(db, &own.event, &own.registration, Stage::Apply)?.answers;
    let questions = forms::all_questions(db, own.event.id)?;
    let given = questions.iter().filter_map(|one| Some((one.code.clone(), json!(answered.of(one)?))));
    Ok(Value::Object(given.collect()))
}
