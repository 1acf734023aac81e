//! Files and photos that answer questions.

use super::forms::{FORMS, asks, organizer};
use super::{FORM, SENT, facts, filled, given_category, with};
use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use plenary::db::RegistrationId;
use plenary::db::schema::{answer_files, registrations};
use plenary::registration::forms::files::jobs::sweep;
use std::io::Cursor;
use std::path::Path;

/// A file in the part of a form.
pub(super) type Part<'a> = (&'a str, &'a str, Vec<u8>);

/// Sends a form with files.
pub(super) async fn sends(client: &Client, path: &str, fields: &[(&str, &str)], files: Vec<Part<'_>>) -> Answer {
    let mut form = reqwest::multipart::Form::new();
    for (name, value) in fields {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    for (field, name, content) in files {
        let part = reqwest::multipart::Part::bytes(content).file_name(name.to_owned());
        form = form.part(field.to_owned(), part);
    }
    client.send(client.request(reqwest::Method::POST, path).multipart(form)).await
}

/// A picture of which the left part is red and the rest blue.
pub(super) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let picture =
        RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) });
    let mut bytes = Vec::new();
    DynamicImage::ImageRgb8(picture).write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
    bytes
}

pub(super) fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{words}\n%%EOF\n").into_bytes()
}

/// A small file that says to hold a picture of this many pixels on each side.
fn bomb(edge: u32) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        [&(data.len() as u32).to_be_bytes(), kind, data, &crc.sum().to_be_bytes()].concat()
    };
    let head = [edge.to_be_bytes().as_slice(), &edge.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &[]), chunk(b"IEND", &[])].concat()
}

/// Confirms the last registration of an address; the own page.
pub(super) async fn confirms(app: &TestApp, email: &str) -> String {
    let link = app.mail_to(email).await.last().expect("a mail").link("/summit/verify/");
    app.visitor().post_form(&link, &[]).await.redirect().to_owned()
}

pub(super) async fn only_registration(app: &TestApp) -> RegistrationId {
    app.read(|db| registrations::table.select(registrations::id).first(db)).await
}

/// The address of the first file that a page leads to.
fn file_link(page: &Answer, below: &str) -> String {
    let rest = page.ok().split(&format!("href=\"{below}/files/")).nth(1).expect("a link to a file");
    format!("{below}/files/{}", rest.split('"').next().unwrap_or_default())
}

/// How many files of answers are kept.
fn kept_files(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("files/answers")).map_or(0, Iterator::count)
}

/// State and photo of the only registration.
async fn standing(app: &TestApp) -> (String, Option<String>) {
    app.read(|db| registrations::table.select((registrations::state, registrations::photo_id)).first(db)).await
}

async fn rows(app: &TestApp) -> i64 {
    app.read(|db| answer_files::table.count().get_result(db)).await
}

on_both_databases! {
    async fn a_file_and_a_photo_come_with_the_form_and_are_seen_by_those_who_may(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        assert!(!app.visitor().get(FORM).await.ok().contains("multipart"), "a form without files is sent as before");
        asks(&organizer, "photo", "Photo", &[("is_required", "on"), ("seen_by", "desk"), ("seen_by", "checkin")]).await;
        asks(&organizer, "file", "Letter", &[("file_types", "pdf"), ("seen_by", "desk")]).await;
        let visitor = app.visitor();
        let form = visitor.get(FORM).await;
        assert!(form.ok().contains("enctype=\"multipart/form-data\"") && form.says("name=\"q-photo.file\""));
        let files = vec![
            ("q-photo.file", "C:\\me.png", picture(700, 900, ImageFormat::Png)),
            ("q-letter.file", "邀请函.pdf.exe", pdf("Dear organizers")),
        ];
        assert_eq!(sends(&visitor, FORM, &filled("guest", "ada@example.org"), files).await.redirect(), SENT);
        let own = confirms(&app, "ada@example.org").await;
        let page = visitor.get(&own).await;
        assert!(page.ok().contains("邀请函.pdf.pdf"), "the name ends as what the file is");
        let photo: String = app.read(|db| registrations::table.select(registrations::photo_id.assume_not_null()).first(db)).await;
        let shown = visitor.get(&format!("{own}/files/{photo}")).await;
        shown.ok();
        assert_eq!((shown.header("content-type"), shown.header("cache-control"), shown.header("x-content-type-options")), ("image/jpeg", "no-store", "nosniff"));
        assert_eq!(image::load_from_memory(&shown.bytes).expect("a jpeg").width(), 640);
        let small = visitor.get(&format!("{own}/files/{photo}?size=small")).await;
        assert_eq!(image::load_from_memory(&small.bytes).expect("a jpeg").width(), 160);
        let letter: String = app
            .read(|db| answer_files::table.filter(answer_files::media_type.eq("application/pdf")).select(answer_files::id).first::<plenary::db::AnswerFileId>(db))
            .await
            .to_string();
        let download = visitor.get(&format!("{own}/files/{letter}")).await;
        assert_eq!(download.ok(), String::from_utf8(pdf("Dear organizers")).expect("a text"));
        assert!(download.header("content-disposition").starts_with("attachment"));
        assert!(download.header("content-security-policy").contains("sandbox"));
        // Nobody else: another person's link, the public address of photos, officers who may not see it.
        sends(&visitor, FORM, &filled("guest", "bo@example.org"), vec![("q-photo.file", "me.jpg", picture(400, 400, ImageFormat::Jpeg))]).await.redirect();
        let other = confirms(&app, "bo@example.org").await;
        visitor.get(&format!("{other}/files/{letter}")).await.has_status(404);
        visitor.get(&format!("/media/{photo}/640.jpg")).await.has_status(404);
        let id: RegistrationId = app.read(|db| registrations::table.filter(registrations::email_key.eq("ada@example.org")).select(registrations::id).first(db)).await;
        let desk = format!("/organizer/summit/registrations/{id}");
        assert!(organizer.get(&desk).await.ok().contains(&format!("{desk}/files/{photo}?size=small")));
        organizer.get(&format!("{desk}/files/{letter}")).await.ok();
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        officer.get(&format!("/organizer/summit/accreditation/{id}/files/{letter}")).await.has_status(404);
        let door = app.signed_in_as(Role::CheckInStaff).await;
        assert_eq!(door.get(&format!("/checkin/summit/files/{id}/{photo}")).await.header("content-type"), "image/jpeg");
        door.get(&format!("/checkin/summit/files/{id}/{letter}")).await.has_status(404);
    }

    async fn a_bad_file_is_named_at_its_field_and_everything_else_is_kept(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        asks(&organizer, "photo", "Photo", &[("is_required", "on"), ("pixels", "400")]).await;
        asks(&organizer, "file", "Letter", &[("is_required", "on"), ("file_types", "pdf"), ("megabytes", "1")]).await;
        let visitor = app.visitor();
        let photo = picture(600, 600, ImageFormat::Jpeg);
        let cut = photo[..photo.len() - 40].to_vec();
        let fields = filled("guest", "ada@example.org");
        let mut kept = String::new();
        for (field, name, content, words) in [
            ("q-photo.file", "big.jpg", vec![0xff; 10 * 1024 * 1024 + 1], "This file is too large"),
            ("q-photo.file", "face.jpg", b"MZ\x90\0 This program cannot be run in DOS mode".to_vec(), "whatever its name says"),
            ("q-photo.file", "face.jpg", cut, "broken or incomplete"),
            ("q-photo.file", "face.png", bomb(60_000), "too many pixels"),
            ("q-photo.file", "face.png", picture(399, 900, ImageFormat::Png), "at least 400 pixels"),
            ("q-photo.file", "face.jpg", Vec::new(), "whatever its name says"),
            ("q-photo.file", "face.jpg", pdf("no photo"), "whatever its name says"),
        ] {
            let mut files = vec![(field, name, content)];
            let mut typed = fields.clone();
            if kept.is_empty() {
                files.push(("q-letter.file", "letter.pdf", pdf("Dear organizers")));
            } else {
                typed.push(("q-letter", kept.as_str()));
            }
            let again = sends(&visitor, FORM, &typed, files).await;
            assert!(again.has_status(422).contains(words), "{name}: {words}: {}", again.body);
            assert!(again.says("href=\"#q-photo\"") && again.says("letter.pdf"), "{}", again.body);
            assert_eq!((again.input("given_name").as_str(), again.input("email").as_str()), ("Ada", "ada@example.org"));
            assert!(!again.input("idempotency_key").is_empty());
            kept = again.input("q-letter");
        }
        assert_eq!(rows(&app).await, 1, "the letter waits, once");
        for (content, words) in [(pdf(&"x".repeat(1024 * 1024)), "This file is too large"), (photo.clone(), "Choose one of: PDF"), (b"%PDF-1.7 cut".to_vec(), "broken")] {
            let again = sends(&visitor, FORM, &fields, vec![("q-letter.file", "letter.pdf", content), ("q-photo.file", "me.jpg", photo.clone())]).await;
            assert!(again.has_status(422).contains(words), "{words}: {}", again.body);
        }
        // A photo that waits is shown to whoever holds its token.
        let again = sends(&visitor, FORM, &fields, vec![("q-photo.file", "me.jpg", photo.clone())]).await;
        assert!(again.has_status(422).contains("Choose a file"));
        let token = again.input("q-photo");
        visitor.get(&format!("/summit/uploads/{token}")).await.ok();
        // What was kept is sent without any file; sent twice it is still one registration.
        let right = with(fields.clone(), &[("q-photo", token.as_str()), ("q-letter", kept.as_str()), ("idempotency_key", "once")]);
        assert_eq!(sends(&visitor, FORM, &right, vec![]).await.redirect(), SENT);
        assert_eq!(sends(&visitor, FORM, &right, vec![]).await.redirect(), SENT);
        assert_eq!(app.mail_to("ada@example.org").await.len(), 1);
        visitor.get(&format!("/summit/uploads/{token}")).await.has_status(404);
        // Another person can't send the same files.
        let other = with(right, &[("email", "bo@example.org"), ("idempotency_key", "other")]);
        assert!(sends(&visitor, FORM, &other, vec![]).await.has_status(422).contains("choose it again"));
        sends(&visitor, FORM, &with(fields, &[("q-photo", "made-up-token-of-32-characters-ab")]), vec![]).await.has_status(422);
    }

    async fn files_whose_form_is_never_sent_are_forgotten_after_a_day(db: TestDatabase) {
        let app = TestApp::start(db.clone()).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        asks(&organizer, "file", "Letter", &[]).await;
        let visitor = app.visitor();
        let wrong = with(filled("guest", "ada@example.org"), &[("email", "")]);
        let token = sends(&visitor, FORM, &wrong, vec![("q-letter.file", "a.pdf", pdf("a"))]).await.input("q-letter");
        sends(&visitor, FORM, &filled("guest", "bo@example.org"), vec![("q-letter.file", "b.pdf", pdf("b"))]).await.redirect();
        sweep(&app.app).await.expect("swept");
        assert_eq!((rows(&app).await, kept_files(db.folder())), (2, 2), "neither is a day old");
        app.clock.advance(TimeDelta::hours(25));
        // Bytes that no row names go too.
        std::fs::write(db.folder().join("files/answers/0198b0a0-0000-7000-8000-000000000001.whole"), "left behind").expect("written");
        sweep(&app.app).await.expect("swept");
        sweep(&app.app).await.expect("swept twice");
        assert_eq!((rows(&app).await, kept_files(db.folder())), (1, 1), "the answer stays");
        let late = with(filled("guest", "ada@example.org"), &[("q-letter", token.as_str())]);
        assert!(sends(&visitor, FORM, &late, vec![]).await.has_status(422).contains("not kept any more"));
        let left: Option<String> = app.read(|db| answer_files::table.select(answer_files::token_hash).first(db)).await;
        assert_eq!(left, None, "nobody sends that form again");
    }

    async fn files_are_changed_later_and_another_identity_photo_asks_for_approval_again(db: TestDatabase) {
        let app = TestApp::start(db.clone()).await;
        let mut guarded = facts("Press");
        guarded.admission.needs_approval = true;
        given_category(&app, "press", guarded).await;
        let organizer = organizer(&app).await;
        organizer.post_form(&format!("{FORMS}/blocks"), &[("block", "photo")]).await.redirect();
        asks(&organizer, "file", "Visa", &[("stage", "after_approval"), ("is_required", "on")]).await;
        let visitor = app.visitor();
        let photo = vec![("q-photo-of-you.file", "me.jpg", picture(640, 480, ImageFormat::Jpeg))];
        sends(&visitor, FORM, &filled("press", "ada@example.org"), photo).await.redirect();
        let own = confirms(&app, "ada@example.org").await;
        let id = only_registration(&app).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let page = format!("/organizer/summit/accreditation/{id}");
        let shown = officer.get(&page).await;
        assert!(shown.ok().contains("class=\"face\""), "officers see the photo beside the name");
        officer.get(&file_link(&shown, &page)).await.ok();
        officer.post_form(&page, &[("version", shown.input("version").as_str()), ("decision", "approve")]).await.redirect();
        // The second form takes a file, and keeps one when something else is missing.
        let second = format!("{own}/second-form");
        let form = visitor.get(&second).await;
        let version = form.input("version");
        let sent = sends(&visitor, &second, &[("version", version.as_str())], vec![("q-visa.file", "visa.pdf", pdf("visa"))]).await;
        assert_eq!(sent.redirect(), own);
        assert!(visitor.get(&own).await.ok().contains("visa.pdf"));
        // Saved as it is, nothing changes: the photo is the same and needs no approval.
        let answers = format!("{own}/answers");
        let form = visitor.get(&answers).await;
        let (version, before) = (form.input("version"), form.input("q-photo-of-you"));
        assert!(form.says("needs approval again"));
        sends(&visitor, &answers, &[("version", version.as_str()), ("q-photo-of-you", &before)], vec![]).await.redirect();
        assert_eq!(standing(&app).await, ("confirmed".to_owned(), Some(before.clone())));
        let version = visitor.get(&answers).await.input("version");
        let other = vec![("q-photo-of-you.file", "newer.jpg", picture(500, 500, ImageFormat::Jpeg))];
        sends(&visitor, &answers, &[("version", version.as_str()), ("q-photo-of-you", &before)], other).await.redirect();
        let (state, after) = standing(&app).await;
        assert_eq!(state, "applied", "another photo, another look");
        assert_ne!(after, Some(before.clone()));
        visitor.get(&format!("{own}/files/{before}")).await.has_status(404);
        assert_eq!((rows(&app).await, kept_files(db.folder())), (2, 3), "the photo before is gone, its bytes too");
    }

    async fn the_chosen_part_of_a_photo_is_kept(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        asks(&organizer, "photo", "Photo", &[]).await;
        let visitor = app.visitor();
        for (email, square, is_blue) in [
            ("a@example.org", Some(("600", "0", "400")), true),
            ("b@example.org", Some(("0", "0", "400")), false),
            ("c@example.org", Some(("999999999", "7", "10")), true),
            ("d@example.org", Some(("-1", "nonsense", "")), false),
        ] {
            let mut fields = filled("guest", email);
            if let Some((x, y, size)) = square {
                fields.extend([("q-photo.x", x), ("q-photo.y", y), ("q-photo.size", size)]);
            }
            sends(&visitor, FORM, &fields, vec![("q-photo.file", "me.png", picture(1000, 400, ImageFormat::Png))]).await.redirect();
            let own = confirms(&app, email).await;
            let page = visitor.get(&own).await;
            let photo = visitor.get(&file_link(&page, &own)).await;
            let color = image::load_from_memory(&photo.bytes).expect("a jpeg").to_rgb8().get_pixel(200, 320).0;
            assert_eq!(color[2] > 150, is_blue, "{email}: {color:?}");
        }
    }

    async fn what_a_question_asks_of_files_is_set_and_shown_again(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        let letter = asks(&organizer, "file", "Letter", &[("file_types", "pdf"), ("file_types", "docx"), ("megabytes", "3")]).await;
        let page = organizer.get(&letter).await;
        assert_eq!(page.input("megabytes"), "3");
        for (kind, is_ticked) in [("pdf", true), ("docx", true), ("png", false)] {
            assert_eq!(page.ok().contains(&format!("value=\"{kind}\" checked")), is_ticked, "{kind}");
        }
        let photo = asks(&organizer, "photo", "Photo", &[("pixels", "600")]).await;
        assert_eq!(organizer.get(&photo).await.input("pixels"), "600");
        let form = app.visitor().get(FORM).await;
        assert!(form.ok().contains("PDF, DOCX; up to 3 MB.") && form.says("600 pixels or more"));
        assert!(organizer.get(FORMS).await.ok().contains("600 pixels or more"), "the preview says it too");
        let wrong = [("kind", "photo"), ("label.en", "Tiny"), ("stage", "apply"), ("pixels", "10")];
        organizer.post_form(&format!("{FORMS}/new"), &wrong).await.has_status(422);
        let proposed = [("kind", "file"), ("label.en", "Slides"), ("stage", "proposal")];
        organizer.post_form(&format!("{FORMS}/new"), &proposed).await.has_status(422);
        // A photo is never sealed, whatever is sent.
        let sealed = [("kind", "photo"), ("label.en", "Sealed"), ("stage", "apply"), ("is_sealed", "on")];
        organizer.post_form(&format!("{FORMS}/new"), &sealed).await.has_status(422);
    }
}
