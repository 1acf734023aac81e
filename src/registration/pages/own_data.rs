//! Everything that is held about somebody, for them to keep (GDPR, articles 15 and 20).

use super::own::find;
use crate::accreditation::operations as accreditation;
use crate::audit;
use crate::badges::operations as badges;
use crate::bookings::operations as bookings;
use crate::checkin::operations as checkin;
use crate::db::DbConnection;
use crate::delegations::operations as delegations;
use crate::mail::model::{MessageFilter, MessageSummary};
use crate::mail::outbox;
use crate::notices::starring;
use crate::registration::forms::answering;
use crate::registration::forms::files::operations as files;
use crate::registration::forms::model::Stage;
use crate::registration::forms::operations as forms;
use crate::registration::forms::sealed::operations as sealed;
use crate::registration::operations::{self, Own};
use crate::registration::privacy::operations as privacy;
use crate::registration::transfers::operations as transfers;
use crate::sealing::SealingKeys;
use crate::site::model::Released;
use crate::web::error::PageResult;
use crate::web::{Failure, RouteTable, Visit, respond};
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The route of the download.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/data.json", download);
}

/// `GET /{event}/r/{token}/data.json`.
async fn download(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = find(&visit.app, &path.0, &path.1).await?;
    let name = format!("{}-{}.json", own.event.slug, own.registration.code);
    let (snapshot, app) = (visit.app.site.snapshot(), visit.app.clone());
    let data = visit
        .app
        .read(move |db| {
            let released = snapshot.event(&own.event.slug).and_then(|event| event.released.as_ref());
            let mut data = everything(db, &own, released)?;
            let (given, files) = answers(db, &app.sealing, &own)?;
            (data["answers"], data["files"]) = (given, files);
            data["merged_registrations"] = merged(db, &app.sealing, &own)?;
            Ok::<_, Failure>(data)
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
    let mails = mails(db, own)?;
    let consents = privacy::consents(db, &own.event, &own.registration)?;
    let transfers = transfers::offers_of(db, id)?;
    let history = audit::of_subject(db, "registration", id.as_str())?;
    let dialogue = accreditation::own_standing(db, &own.registration)?;
    let scans = checkin::of_person(db, id)?;
    let printed = badges::prints_of(db, own.event.id, id)?;
    let delegation = delegations::of_registration(db, id)?.map(|(_, name)| name);
    Ok(json!({
        "event": { "slug": own.event.slug, "name": own.event.name },
        "registration": registration(own),
        "delegation": delegation,
        "starred_sessions": stars,
        "seats": seats.iter().map(|seat| json!({
            "session": session(seat.session_id), "state": seat.state, "since": seat.created_at,
        })).collect::<Vec<_>>(),
        "mails": mails.iter().map(|mail| json!({
            "kind": mail.kind, "to": mail.recipient_address, "subject": mail.subject, "state": mail.state,
            "queued_at": mail.created_at, "sent_at": mail.sent_at,
        })).collect::<Vec<_>>(),
        "consents": consents.iter().map(|one| json!({
            "question": one.question.code, "version": one.number, "text": one.text,
            "given_at": one.given_at, "withdrawn_at": one.withdrawn_at,
        })).collect::<Vec<_>>(),
        "transfers": transfers.iter().map(|one| json!({
            "offered_at": one.created_at, "until": one.until, "to": one.email, "outcome": one.outcome,
            "ended_at": one.ended_at,
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

/// Other registrations of the same person that the team put together with this one.
fn merged(db: &mut DbConnection, keys: &SealingKeys, own: &Own) -> diesel::QueryResult<Value> {
    let mut all = Vec::new();
    for one in privacy::merged(db, &own.registration)? {
        let Some((one, category)) = operations::of_event(db, own.event.id, one.id)? else { continue };
        let other = Own { registration: one, category, ..own.clone() };
        let mut held = registration(&other);
        let (given, files) = answers(db, keys, &other)?;
        (held["answers"], held["files"]) = (given, files);
        all.push(held);
    }
    Ok(json!(all))
}

/// Every mail, however many there are.
fn mails(db: &mut DbConnection, own: &Own) -> diesel::QueryResult<Vec<MessageSummary>> {
    let mut filter = MessageFilter {
        event: Some(own.event.id),
        registration: Some(own.registration.id),
        ..MessageFilter::default()
    };
    let mut mails = Vec::new();
    loop {
        let page = outbox::list(db, &filter)?;
        filter.before = page.next;
        mails.extend(page.messages);
        if filter.before.is_none() {
            return Ok(mails);
        }
    }
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

/// Answers by the codes of their questions, those to questions that are no longer asked too, and what is known of
/// files. Sealed answers are opened for the person whose they are, where nobody else may hold the link.
fn answers(db: &mut DbConnection, keys: &SealingKeys, own: &Own) -> diesel::QueryResult<(Value, Value)> {
    let answered = answering::answered(db, &own.event, &own.registration, Stage::Apply)?.answers;
    let questions = forms::all_questions(db, own.event.id)?;
    let sealed = sealed::of_registration(db, own.registration.id)?;
    let mut names = HashMap::new();
    let mut given = serde_json::Map::new();
    for question in &questions {
        let row = sealed.iter().find(|row| row.question_id == question.id);
        let opened = row.filter(|_| own.opens_sealed).and_then(|row| row.open(keys).ok());
        if let Some(secret) = opened.as_ref().and_then(|content| content.file.as_ref()) {
            names.insert(question.id, secret.name.clone());
        }
        let answer = opened.map(|content| content.answer).or_else(|| answered.of(question).cloned());
        match (answer, row) {
            (Some(answer), _) => drop(given.insert(question.code.clone(), json!(answer))),
            (None, Some(_)) => drop(given.insert(question.code.clone(), Value::Null)),
            (None, None) => {}
        }
    }
    let code = |id| questions.iter().find(|question| Some(question.id) == id).map(|question| question.code.clone());
    let files = files::of_registration(db, own.registration.id)?;
    let files = files.iter().map(|file| {
        let name = file.question_id.and_then(|id| names.get(&id)).unwrap_or(&file.name);
        json!({
            "id": file.id, "question": code(file.question_id), "name": name, "media_type": file.media_type,
            "bytes": file.bytes, "uploaded_at": file.created_at,
        })
    });
    let files = files.collect::<Vec<_>>();
    Ok((Value::Object(given), json!(files)))
}
