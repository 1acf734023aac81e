//! Use cases of the door.

mod devices;
mod gates;
mod scanning;
mod watching;

pub use devices::{
    CODE_MINUTES, NewDevice, SignedIn, add_device, devices, renew_code, revoke, scanner, sign_in, stands_at,
};
pub use gates::{Leads, create, delete, find, leads, list, update};
pub use scanning::{By, Found, Outcome, Read, ScanRequest, record};
pub use watching::{
    Conflict, Exception, Exceptions, Figures, LoggedScan, adopt, conflicts, entries, exceptions, figures, log_of,
    of_person, see_conflict,
};

use crate::db::DbError;
use crate::db_failure;

/// Why something at the door was not done.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// There is no such gate, device or scan at this event.
    #[error("there is no such thing at this event")]
    NotFound,
    /// Another gate of the event has this code.
    #[error("another gate has this code")]
    CodeTaken,
    /// Someone else changed it since the form was opened.
    #[error("someone else changed it in the meantime")]
    Stale,
    /// The code of a device is wrong, used or too old.
    #[error("the code does not work")]
    WrongCode,
    /// Another device has used this id for a scan of its own.
    #[error("the scan belongs to another device")]
    OtherScan,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(DoorError);
