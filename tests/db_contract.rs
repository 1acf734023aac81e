//! What the enum connection can do on both databases, pinned.

use crate::on_both_databases;
use diesel::prelude::*;
use plenary::db::schema::{events, idempotency_keys, users};
use plenary::db::{DbConnection, DbError, EventId, Json, UserId, UtcTime};
use plenary::each_backend;
use plenary::i18n::{Lang, Localized};

fn instant(text: &str) -> UtcTime {
    chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc().into()
}

/// Adds an account and returns its id.
fn insert_user(db: &mut DbConnection, email: &str, admin: bool, disabled: Option<UtcTime>) -> QueryResult<UserId> {
    let now = instant("2026-11-23T10:00:00.123456Z");
    diesel::insert_into(users::table)
        .values((
            users::id.eq(UserId::new()),
            users::email.eq(email),
            users::email_key.eq(email),
            users::name.eq("李 小龙"),
            users::is_admin.eq(admin),
            users::language.eq(Lang::ZH),
            users::created_at.eq(now),
            users::updated_at.eq(now),
            users::disabled_at.eq(disabled),
        ))
        .returning(users::id)
        .get_result(db)
}

on_both_databases! {
    async fn rows_are_added_changed_and_given_back(db: TestDatabase) {
        let db = db.open();
        let at = instant("2026-11-23T10:00:00.123456Z");
        let id = db.write(|db| Ok::<_, DbError>(insert_user(db, "a@example.org", true, None)?)).await.expect("added");
        let changed: Vec<UserId> = db
            .write(move |db| {
                Ok::<_, DbError>(
                    diesel::update(users::table.filter(users::id.eq_any([id])))
                        .set((users::disabled_at.eq(at), users::is_admin.eq(false)))
                        .returning(users::id)
                        .get_results(db)?,
                )
            })
            .await
            .expect("changed");
        assert_eq!(changed, [id]);
        let row: (bool, Lang, UtcTime, Option<UtcTime>, Option<String>) = db
            .read(move |db| {
                Ok::<_, DbError>(
                    users::table
                        .find(id)
                        .select((users::is_admin, users::language, users::created_at, users::disabled_at, users::password_hash))
                        .first(db)?,
                )
            })
            .await
            .expect("read");
        assert_eq!(row, (false, Lang::ZH, at, Some(at), None));
    }

    async fn dates_content_and_lists_survive(db: TestDatabase) {
        let db = db.open();
        let name = Localized::single(Lang::EN, "Summit").with(Lang::ZH, "峰会");
        let day = chrono::NaiveDate::from_ymd_opt(2027, 4, 13).expect("a day");
        let (id, now, kept) = (EventId::new(), instant("2026-11-23T10:00:00Z"), name.clone());
        db.write(move |db| {
            let nothing = Localized::new();
            diesel::insert_into(events::table)
                .values((
                    (events::id.eq(id), events::slug.eq("s"), events::name.eq(&name), events::tagline.eq(&nothing), events::description.eq(&nothing)),
                    (events::place.eq(&nothing), events::address.eq(&nothing), events::starts_on.eq(day), events::ends_on.eq(day), events::timezone.eq("Asia/Shanghai")),
                    (events::languages.eq(Json::new(vec![Lang::EN]).expect("a list")), events::accent.eq("#000000"), events::privacy_notice.eq(&nothing)),
                    (events::draft_version.eq(i64::MAX), events::public_version.eq(0_i64), events::version.eq(1), events::created_at.eq(now), events::updated_at.eq(now)),
                ))
                .execute(db)?;
            Ok::<_, DbError>(())
        })
        .await
        .expect("added");
        let row: (Localized, chrono::NaiveDate, Json<Vec<Lang>>, i64) = db
            .read(move |db| Ok::<_, DbError>(events::table.find(id).select((events::name, events::starts_on, events::languages, events::draft_version)).first(db)?))
            .await
            .expect("read");
        assert_eq!(row, (kept, day, Json::new(vec![Lang::EN]).expect("a list"), i64::MAX));
    }

    async fn upserts_and_many_rows_go_by_each_backend(db: TestDatabase) {
        let db = db.open();
        let now = instant("2026-11-23T10:00:00Z");
        let added = db
            .write(move |db| {
                let rows: Vec<_> = ["a", "b", "a"]
                    .into_iter()
                    .map(|key| {
                        (
                            idempotency_keys::scope.eq("test"),
                            idempotency_keys::idempotency_key.eq(key),
                            idempotency_keys::answer.eq("{}"),
                            idempotency_keys::created_at.eq(now),
                        )
                    })
                    .collect();
                Ok::<_, DbError>(each_backend!(db, db => {
                    diesel::insert_into(idempotency_keys::table).values(&rows).on_conflict_do_nothing().execute(db)?
                }))
            })
            .await
            .expect("added");
        assert_eq!(added, 2);
    }

    async fn readers_can_not_write(db: TestDatabase) {
        let db = db.open();
        let outcome = db.read(|db| Ok::<_, DbError>(insert_user(db, "a@example.org", false, None)?)).await;
        assert!(outcome.is_err());
    }
}
