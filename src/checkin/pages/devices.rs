//! `/organizer/{event}/devices`.

use crate::accounts::access::{Allowed, ManageEvent};
use crate::checkin::model::{Device, Gate};
use crate::checkin::operations::{self, CODE_MINUTES, NewDevice};
use crate::db::{DeviceId, UtcTime};
use crate::registration::ticket::draw_svg;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Page, PageContext, RouteTable, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of devices.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/devices", list_devices);
    routes.post("/organizer/{event}/devices", add_device);
    routes.post("/organizer/{event}/devices/{device}/code", renew_code);
    routes.post("/organizer/{event}/devices/{device}/revoke", revoke_device);
}

type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct DevicesPage {
    errors: Vec<ErrorLine>,
    name: Field,
    gate: Field,
    gates: Vec<Choice>,
    devices: Vec<Line>,
    fresh: Option<Fresh>,
    add_url: String,
    gates_url: String,
}

impl Page for DevicesPage {
    const TEMPLATE: &'static str = "organizer/devices.html";
}

/// A code, shown this once.
#[derive(Serialize)]
struct Fresh {
    code: String,
    url: String,
    qr: String,
    minutes: i64,
}

#[derive(Serialize)]
struct Line {
    name: String,
    gate: String,
    /// `waiting`, `active`, `idle` or `revoked`.
    state: &'static str,
    state_label: String,
    seen: String,
    code_url: String,
    revoke_url: String,
}

/// `GET /organizer/{event}/devices`.
async fn list_devices(team: Team) -> PageResult {
    show(&team, StatusCode::OK, &FormData::default(), &FieldErrors::default(), None).await
}

async fn show(
    team: &Team,
    status: StatusCode,
    form: &FormData,
    errors: &FieldErrors,
    code: Option<String>,
) -> PageResult {
    let event = team.event.id;
    let (devices, gates) = team.visit.app.read(move |db| Ok::<_, Failure>(operations::devices(db, event)?)).await?;
    let context = team.context("gates", "checkin-devices-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let word = |gate: &Gate| gate.name.text(context.lang, &team.event.languages).to_owned();
    let page = DevicesPage {
        errors: view.summary(),
        name: view.field("name"),
        gate: view.field("gate"),
        gates: view.choices("gate", gates.iter().map(|gate| (gate.id.to_string(), word(gate)))),
        devices: devices
            .iter()
            .map(|device| {
                let gate = gates.iter().find(|gate| Some(gate.id) == device.gate_id).map(word).unwrap_or_default();
                line(team, &context, device, gate)
            })
            .collect(),
        fresh: code.map(|code| fresh(team, &code)).transpose()?,
        add_url: devices_url(team),
        gates_url: format!("/organizer/{}/gates", team.event.slug),
    };
    team.visit.show_with_status(status, &context, &page)
}

fn fresh(team: &Team, code: &str) -> Result<Fresh, Failure> {
    let url = team.visit.absolute(&format!("/checkin/{}/sign-in?code={code}", team.event.slug));
    let qr = draw_svg(&url).map_err(Failure::unexpected)?;
    let code = format!("{} {}", &code[..4], &code[4..]);
    Ok(Fresh {
        code,
        url: team.visit.absolute(&format!("/checkin/{}/sign-in", team.event.slug)),
        qr,
        minutes: CODE_MINUTES,
    })
}

fn line(team: &Team, context: &PageContext, device: &Device, gate: String) -> Line {
    let now = team.visit.app.clock.now();
    let state = match device {
        Device { revoked_at: Some(_), .. } => "revoked",
        Device { token_hash: Some(_), .. } => "active",
        Device { code_until: Some(until), .. } if now < *until => "waiting",
        _ => "idle",
    };
    let at = |at: UtcTime| context.formatter().date_time(at.in_zone(team.event.zone()).naive_local());
    let base = format!("{}/{}", devices_url(team), device.id);
    Line {
        name: device.name.clone(),
        gate,
        state,
        state_label: team.visit.app.texts.text(context.lang, &format!("checkin-device-{state}"), &[]),
        seen: device.seen_at.map(at).unwrap_or_default(),
        code_url: format!("{base}/code"),
        revoke_url: format!("{base}/revoke"),
    }
}

fn devices_url(team: &Team) -> String {
    format!("/organizer/{}/devices", team.event.slug)
}

/// `POST /organizer/{event}/devices`: adds one and shows its code, which is shown only here.
async fn add_device(team: Team, form: FormData) -> PageResult {
    let mut checker = Checker::new(&form);
    let (name, gate) = (checker.required_line("name"), checker.optional_parsed("gate", "checkin-gate-wrong"));
    if let Err(errors) = checker.finish(()) {
        return show(&team, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors, None).await;
    }
    let code = NewDevice::new_code();
    let new = NewDevice { name, gate, code: NewDevice::hash(&code), by: team.user.id };
    let event = team.event.id;
    team.visit.app.write(move |db, now| operations::add_device(db, now, event, &new)).await?;
    show(&team, StatusCode::OK, &FormData::default(), &FieldErrors::default(), Some(code)).await
}

/// `POST /organizer/{event}/devices/{device}/code`.
async fn renew_code(team: Team, path: Path<(String, DeviceId)>) -> PageResult {
    let code = NewDevice::new_code();
    let (actor, key, hash) = (team.actor(), (team.event.id, path.1), NewDevice::hash(&code));
    team.visit.app.write(move |db, now| operations::renew_code(db, now, actor, key, &hash)).await?;
    show(&team, StatusCode::OK, &FormData::default(), &FieldErrors::default(), Some(code)).await
}

/// `POST /organizer/{event}/devices/{device}/revoke`.
async fn revoke_device(team: Team, path: Path<(String, DeviceId)>) -> PageResult {
    let (actor, key) = (team.actor(), (team.event.id, path.1));
    team.visit.app.write(move |db, now| operations::revoke(db, now, actor, key)).await?;
    Ok(respond::see_other_with_notice(devices_url(&team), "checkin-notice-device-revoked"))
}
