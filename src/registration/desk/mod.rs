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

/// A cell that a spreadsheet takes for text and never for a formula.
///
/// A leading apostrophe is what spreadsheets themselves use to say so (OWASP, CSV injection).
#[must_use]
pub fn safe_cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-1", "'-1"), ("Ada", "Ada"), ("", "")] {
            assert_eq!(safe_cell(text), cell);
        }
    }
}
