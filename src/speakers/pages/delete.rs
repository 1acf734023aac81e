//! Deleting a speaker, after asking once.

use super::{Editor, find_to_change, may_delete, speakers_url, version};
use crate::db::SpeakerId;
use crate::speakers::model::{Part, Speaker};
use crate::speakers::operations;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, FormData, Page, respond};
use actix_web::web::Path;
use serde::Serialize;
use std::collections::HashSet;

#[derive(Serialize)]
struct DeletePage {
    heading: String,
    name: Text,
    consequence: String,
    button: String,
    version: i32,
    back_url: String,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "organizer/delete.html";
}

async fn find_to_delete(team: &Editor, id: SpeakerId) -> Result<(Speaker, Vec<Part>), Failure> {
    let (speaker, parts) = find_to_change(team, id).await?;
    if may_delete(team, &parts) { Ok((speaker, parts)) } else { Err(Failure::Forbidden) }
}

/// `GET /organizer/{event}/speakers/{speaker}/delete`: says what deleting would do.
pub(super) async fn ask_to_delete(team: Editor, path: Path<(String, SpeakerId)>) -> PageResult {
    let (speaker, parts) = find_to_delete(&team, path.1).await?;
    let sessions = parts.iter().map(|part| part.session).collect::<HashSet<_>>().len();
    let context = team.context("speakers", "speakers-delete-title");
    let texts = &team.visit.app.texts;
    let page = DeletePage {
        heading: texts.text(context.lang, "speakers-delete-title", &[]),
        // A name belongs to no language.
        name: Text { text: speaker.name.clone(), lang: String::new(), dir: "auto" },
        consequence: texts.text(context.lang, "speakers-delete-affects", &[("sessions", sessions.into())]),
        button: texts.text(context.lang, "speakers-delete-button", &[]),
        version: speaker.version,
        back_url: format!("{}/{}", speakers_url(&team), speaker.id),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/speakers/{speaker}/delete`.
pub(super) async fn delete_speaker(team: Editor, path: Path<(String, SpeakerId)>, form: FormData) -> PageResult {
    let (speaker, _) = find_to_delete(&team, path.1).await?;
    let (actor, key) = (team.actor(), (team.event.id, speaker.id, version(&form)));
    let photo = team.visit.app.write(move |db, now| operations::delete(db, now, actor, key)).await?;
    if let Some(photo) = photo {
        team.visit.app.files.remove(photo).await;
    }
    Ok(respond::see_other_with_notice(speakers_url(&team), "speakers-notice-deleted"))
}
