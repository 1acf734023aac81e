//! The focal point's pages, behind a private link.

mod adding;
mod answers;
mod guest;
mod hand_over;
mod ordering;
mod overview;
mod person;
mod several;
mod telling;

use crate::web::RouteTable;

/// The routes below a focal point's link.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/d/{token}", overview::show);
    routes.get("/{event}/d/{token}/people.csv", overview::export);
    routes.get("/{event}/d/{token}/add", adding::show_form);
    routes.post("/{event}/d/{token}/add", adding::add);
    routes.get("/{event}/d/{token}/add-several", several::show_form);
    routes.post("/{event}/d/{token}/add-several", several::add);
    routes.post("/{event}/d/{token}/add-several/read", several::read);
    routes.get("/{event}/d/{token}/template.csv", several::show_template);
    routes.get("/{event}/d/{token}/people/{registration}", person::show_form);
    routes.post("/{event}/d/{token}/people/{registration}", person::save);
    routes.post("/{event}/d/{token}/people/{registration}/link", person::give_link);
    routes.get("/{event}/d/{token}/people/{registration}/withdraw", person::ask_withdraw);
    routes.post("/{event}/d/{token}/people/{registration}/withdraw", person::withdraw);
    routes.get("/{event}/d/{token}/people/{registration}/files/{file}", answers::show_file);
    routes.get("/{event}/d/{token}/people/{registration}/{form}", answers::show);
    routes.post("/{event}/d/{token}/people/{registration}/{form}", answers::save);
    routes.get("/{event}/d/{token}/order", ordering::show);
    routes.post("/{event}/d/{token}/order", ordering::save);
    routes.post("/{event}/d/{token}/links", telling::send_links);
    routes.post("/{event}/d/{token}/remind", telling::remind);
    routes.get("/{event}/d/{token}/message", telling::show_message);
    routes.post("/{event}/d/{token}/message", telling::send_message);
    routes.get("/{event}/d/{token}/hand-over", hand_over::show_form);
    routes.post("/{event}/d/{token}/hand-over", hand_over::hand_over);
}
