//! Parts of a programme, made through the pages or, where a test is not about them, as rows.

use super::{Client, TestApp};
use diesel::prelude::*;
use plenary::db::schema::{formats, forums, speakers};
use plenary::db::{FormatId, ForumId, RoomId, SpeakerId};
use plenary::i18n::{Lang, Localized, search_key};

/// Adds a room to the event "summit"; more fields such as `("capacity", "30")`.
pub(crate) async fn room(organizer: &Client, app: &TestApp, name: &str, more: &[(&str, &str)]) -> RoomId {
    use plenary::db::schema::rooms;
    let mut fields = vec![("name.en", name)];
    fields.extend(more);
    organizer.post_form("/organizer/summit/rooms/new", &fields).await.redirect();
    let wanted = Localized::single(Lang::EN, name);
    app.read(move |db| rooms::table.filter(rooms::name.eq(wanted)).select(rooms::id).first(db)).await
}

/// Adds a forum to the event "summit".
pub(crate) async fn forum(app: &TestApp, code: &str) -> ForumId {
    let (event, code) = (app.event().await.id, code.to_owned());
    let id = ForumId::new();
    app.write(move |db, now| {
        diesel::insert_into(forums::table)
            .values((
                (forums::id.eq(id), forums::event_id.eq(event), forums::code.eq(&code)),
                forums::name.eq(Localized::single(Lang::EN, format!("Forum {code}"))),
                forums::description.eq(Localized::new()),
                (forums::color.eq("#1c7ed6"), forums::position.eq(1), forums::version.eq(1)),
                (forums::created_at.eq(now), forums::updated_at.eq(now)),
            ))
            .execute(db)
    })
    .await;
    id
}

/// Adds a format to the event "summit".
pub(crate) async fn format(app: &TestApp, code: &str, minutes: i32) -> FormatId {
    let (event, code) = (app.event().await.id, code.to_owned());
    let id = FormatId::new();
    app.write(move |db, now| {
        diesel::insert_into(formats::table)
            .values((
                (formats::id.eq(id), formats::event_id.eq(event), formats::code.eq(&code)),
                formats::name.eq(Localized::single(Lang::EN, format!("Format {code}"))),
                (formats::minutes.eq(minutes), formats::position.eq(1), formats::version.eq(1)),
                (formats::created_at.eq(now), formats::updated_at.eq(now)),
            ))
            .execute(db)
    })
    .await;
    id
}

/// Adds a speaker to the event "summit".
pub(crate) async fn speaker(app: &TestApp, code: &str, name: &str, native_name: Option<&str>) -> SpeakerId {
    let (event, code, name) = (app.event().await.id, code.to_owned(), name.to_owned());
    let native_name = native_name.map(str::to_owned);
    let id = SpeakerId::new();
    app.write(move |db, now| {
        diesel::insert_into(speakers::table)
            .values((
                (speakers::id.eq(id), speakers::event_id.eq(event), speakers::code.eq(&code)),
                (speakers::guid.eq(id.to_string()), speakers::name.eq(&name), speakers::native_name.eq(&native_name)),
                (speakers::position.eq(Localized::new()), speakers::organisation.eq(Localized::new())),
                (speakers::biography.eq(Localized::new()), speakers::search_key.eq(search_key([name.as_str()]))),
                (speakers::version.eq(1), speakers::created_at.eq(now), speakers::updated_at.eq(now)),
            ))
            .execute(db)
    })
    .await;
    id
}

/// Makes an accepted session of the event "summit"; returns the address of its page.
pub(crate) async fn session(organizer: &Client, title: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("title.en", title), ("state", "accepted"), ("access", "open")];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend(more);
    organizer.post_form("/organizer/summit/sessions/new", &fields).await.redirect().to_owned()
}

/// Places a session for an hour.
pub(crate) async fn place(organizer: &Client, session: &str, room: RoomId, day: &str, start: &str) {
    let (room, to) = (room.to_string(), format!("{session}/place"));
    let fields = [("room", room.as_str()), ("day", day), ("start", start), ("minutes", "60")];
    assert_eq!(organizer.post_form(&to, &fields).await.redirect(), format!("{session}#placing"));
}
