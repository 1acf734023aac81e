//! The project's own files.

use plenary::interchange::model::ImportedProgramme;

/// All made-up programmes that can be read.
pub(super) fn programmes() -> Vec<(String, ImportedProgramme)> {
    Vec::new()
}
