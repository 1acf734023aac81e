//! What the registration desk is asked to list, and how it hands lists out.

mod columns;
mod filter;
mod model;
mod sheet;
mod zip;

pub use columns::{Columns, FileFormat, FileNames, Known, ListFile};
pub use filter::{DeskFilter, SortBy, WantedAnswer};
pub use model::{ExportRow, SavedView, ViewChange};
pub use sheet::Sheet;

/// Cells that no spreadsheet takes for a formula.
pub use crate::web::tables::safe_cell;
