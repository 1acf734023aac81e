//! What the speakers of the demo have told the team: how they come, what they need, and some of their slides.

use crate::app::App;
use crate::audit::Actor;
use crate::db::{DbConnection, EventId, SpeakerId, UtcTime};
use crate::events::model::Event;
use crate::events::operations as events;
use crate::i18n::Lang;
use crate::speakers::documents::model::DocumentKind;
use crate::speakers::documents::operations::{self as documents, NewDocument};
use crate::speakers::documents::receiving::keep_bytes;
use crate::speakers::logistics::model::{Needs, Travel};
use crate::speakers::logistics::operations as logistics;
use crate::speakers::operations::list;
use crate::speakers::own::model::AnsweredBy;
use crate::web::Failure;
use actix_web::web::{Bytes, Data};
use anyhow::Context;
use chrono::TimeDelta;
use std::fmt::Write;

/// Trains and flights, with where they arrive and when.
const JOURNEYS: [(&str, &str, &str); 5] = [
    ("CZ 3551", "Yunting Lake Airport, T2", "14:35"),
    ("G7531", "Yunting East", "11:08"),
    ("LH 720", "Yunting Lake Airport, T1", "09:50"),
    ("QR 870", "Yunting Lake Airport, T1", "21:20"),
    ("G17", "Yunting East", "16:42"),
];
const HOTELS: [&str; 3] = ["Lotus Quay Hotel", "Grain Wharf House", "Hotel of the Nine Bridges"];
/// What some need on stage.
const EQUIPMENT: [&str; 4] = ["Sound from a video, 4 minutes", "A laptop of the house", "A seat near the stairs", ""];

/// Tells it for the event's speakers, as they would on their pages: some have said everything, some nothing.
pub(super) async fn tell(app: &Data<App>, id: EventId) -> anyhow::Result<()> {
    let event = app.read(move |db| Ok::<_, Failure>(events::by_id(db, id)?)).await.map_err(unexpected)?;
    let event = event.context("the demo's event")?;
    let everybody = app.read(move |db| Ok::<_, Failure>(list(db, id)?)).await.map_err(unexpected)?;
    let told: Vec<SpeakerId> =
        everybody.iter().filter(|(_, sessions)| *sessions > 0).map(|(one, _)| one.id).take(24).collect();
    let (of, some) = (event.clone(), told.clone());
    app.write(move |db, now| {
        for (index, speaker) in some.iter().enumerate().filter(|(index, _)| index % 3 != 2) {
            logistics::save_travel(db, now, Actor::Speaker(*speaker), &of, &travel(now, &of, (index, *speaker)))?;
            logistics::save_needs(db, now, Actor::Speaker(*speaker), &needs(now, &of, (index, *speaker)))?;
        }
        Ok::<_, logistics::LogisticsError>(())
    })
    .await?;
    for speaker in told.into_iter().step_by(4) {
        send_slides(app, &event, speaker).await?;
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unexpected(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("speakers of the demo: {failure:?}")
}

fn travel(now: UtcTime, event: &Event, (index, speaker): (usize, SpeakerId)) -> Travel {
    let (number, port, at) = JOURNEYS[index % JOURNEYS.len()];
    let (back, from, departs) = JOURNEYS[(index + 2) % JOURNEYS.len()];
    let before = i64::try_from(index % 2).unwrap_or_default();
    Travel {
        arrives_on: Some(event.starts_on - TimeDelta::days(before)),
        arrives_at: at.to_owned(),
        arrival_number: number.to_owned(),
        arrival_port: port.to_owned(),
        departs_on: Some(event.ends_on + TimeDelta::days(before)),
        departs_at: departs.to_owned(),
        departure_number: back.to_owned(),
        departure_port: from.to_owned(),
        hotel: HOTELS[index % HOTELS.len()].to_owned(),
        wants_transfer: index % 4 != 3,
        companions: i32::try_from(index % 3).unwrap_or_default(),
        ..Travel::empty(now, event.id, speaker)
    }
}

fn needs(now: UtcTime, event: &Event, (index, speaker): (usize, SpeakerId)) -> Needs {
    Needs {
        speaker_id: speaker,
        event_id: event.id,
        speaks: event.languages.get(index % event.languages.len().max(1)).copied(),
        wants_interpretation: index % 2 == 1,
        is_remote: index % 9 == 7,
        equipment: EQUIPMENT[index % EQUIPMENT.len()].to_owned(),
        notes: String::new(),
        version: 0,
        updated_at: now,
    }
}

/// Slides in two versions for a speaker's first session; interpreters get them.
async fn send_slides(app: &Data<App>, event: &Event, speaker: SpeakerId) -> anyhow::Result<()> {
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(documents::of_speaker(db, speaker)?.1);
    let sessions = app.read(read).await.map_err(unexpected)?;
    let Some((session, title)) = sessions.into_iter().next() else { return Ok(()) };
    let title = title.text(event.languages.first().copied().unwrap_or(Lang::EN), &event.languages).to_owned();
    for words in ["First thoughts", "As it will be shown"] {
        let bytes = Bytes::from(pdf(&[words]));
        let kept = keep_bytes(app, format!("{title}.pdf"), bytes).await.map_err(unexpected)?;
        let kept = kept.map_err(|message| anyhow::anyhow!("slides of the demo: {message:?}"))?;
        let new = NewDocument {
            event: event.id,
            session,
            speaker: Some(speaker),
            kind: DocumentKind::Slides,
            is_public: false,
            for_interpreters: true,
            by: AnsweredBy::Speaker,
            kept,
        };
        app.write(move |db, now| documents::add(db, now, Actor::Speaker(speaker), &new).map(drop)).await?;
    }
    Ok(())
}

/// A page with some lines of ASCII, in the oldest form that every reader knows (ISO 32000, PDF 1.4).
fn pdf(lines: &[&str]) -> Vec<u8> {
    let text: String = lines.iter().map(|line| format!("({line}) Tj T* ")).collect();
    let content = format!("BT /F1 32 Tf 40 TL 60 300 Td {text}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = file.len();
    let _ = write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        let _ = writeln!(file, "{offset:010} 00000 n ");
    }
    let _ = write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    file.into_bytes()
}
