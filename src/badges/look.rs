//! The stylesheet that is generated for one design: its measures, its page and the colours of categories.
//!
//! The content security policy allows no style on an element, so that everything that differs between two
//! events is a class of this sheet.

use super::fitting::Layout;
use super::model::{BadgeCategory, Design, Paper};
use super::sheets::{Grid, page_size};
use crate::events::colors::Accent;
use std::fmt::Write;

/// The stylesheet of a design. `is_preview` leaves the page's size alone.
#[must_use]
pub fn stylesheet(design: &Design, categories: &[BadgeCategory], is_preview: bool) -> String {
    let ((width, height), unit) = (design.millimetres(), Layout::of(design).unit);
    let mut sheet = format!(":root{{--badge-w:{width}mm;--badge-h:{height}mm;--u:{unit:.4}mm}}\n");
    if !is_preview {
        let ((page_width, page_height), grid) = (page_size(design), Grid::of(design));
        let _ = write!(
            sheet,
            "@page{{size:{page_width}mm {page_height}mm;margin:0}}\n.sheet{{--page-w:{page_width}mm;--page-h:{page_height}mm;\
             grid-template-columns:repeat({},{width}mm);grid-auto-rows:{height}mm}}\n",
            grid.columns
        );
    }
    for category in categories {
        let colors = Accent::of(&category.badge_color);
        let _ = writeln!(
            sheet,
            ".{}{{--category:{};--on-category:{}}}",
            class_of(category),
            colors.surface,
            colors.on_surface
        );
    }
    sheet
}

/// The class that colours the badges of a category.
#[must_use]
pub fn class_of(category: &BadgeCategory) -> String {
    format!("c-{}", category.id)
}

/// The parameters that name a design, for the address of its stylesheet and its preview.
#[must_use]
pub fn parameters(design: &Design) -> String {
    let (mut query, tick) =
        (url::form_urlencoded::Serializer::new(String::new()), |ticked| if ticked { "on" } else { "" });
    query
        .append_pair("size", design.size.as_str())
        .append_pair("width", &design.width.to_string())
        .append_pair("height", &design.height.to_string())
        .append_pair("paper", design.paper.as_str())
        .append_pair("cut_marks", tick(design.cut_marks && design.paper == Paper::Sheet))
        .append_pair("two_sided", tick(design.two_sided));
    query.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badges::model::SizeName;
    use crate::db::{CategoryId, Json};
    use crate::i18n::Localized;

    #[test]
    fn measures_and_colours_are_written_down() {
        let category = BadgeCategory {
            id: CategoryId::new(),
            code: "media".into(),
            name: Localized::new(),
            badge_color: "#ffd400".into(),
            zones: Json::default(),
        };
        let design = Design { size: SizeName::Card, ..Design::default() };
        let sheet = stylesheet(&design, std::slice::from_ref(&category), false);
        assert!(sheet.contains("@page{size:210mm 297mm;margin:0}") && sheet.contains("repeat(2,86mm)"), "{sheet}");
        assert!(sheet.contains("--category:#ffd400;--on-category:#000000"), "{sheet}");
        let single = stylesheet(&Design { paper: Paper::Single, ..design.clone() }, &[], false);
        assert!(single.contains("@page{size:86mm 54mm;margin:0}"), "{single}");
        assert!(!stylesheet(&design, &[], true).contains("@page"));
        let evil = BadgeCategory { badge_color: "red;}body{display:none".into(), ..category };
        assert!(!stylesheet(&design, &[evil], true).contains("display"));
    }
}
