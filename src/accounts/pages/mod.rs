//! Sign-in, account, team pages.

use crate::web::RouteTable;

/// The routes of this area.
pub fn routes(_routes: &mut RouteTable) {}
