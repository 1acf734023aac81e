//! What a badge shows, at which size, and what is kept of its prints.

use crate::db::schema::{badge_batches, badge_prints, registrations};
use crate::db::{BatchId, CategoryId, EventId, Json, PrintId, RegistrationId, UserId, UtcTime};
use crate::i18n::Localized;
use crate::registration::model::RegistrationState;
use crate::registration::names::{NameOrder, full_name};
use crate::text_enum;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

text_enum! {
    /// The size of a badge.
    pub enum SizeName {
        /// 105 × 148 mm.
        A6 = "a6",
        /// 86 × 54 mm: a plastic card.
        Card = "card",
        /// 62 × 100 mm: labels of small printers.
        Label62 = "label-62",
        /// 102 × 152 mm: labels of large printers.
        Label102 = "label-102",
        /// In millimetres of one's own.
        Own = "own",
    }
}

text_enum! {
    /// What badges are printed on.
    pub enum Paper {
        /// Sheets of A4 that are cut.
        Sheet = "sheet",
        /// One badge a page.
        Single = "single",
    }
}

text_enum! {
    /// Which of the two names is written large.
    pub enum LargeName {
        /// The name in Latin letters.
        Latin = "latin",
        /// The name in its own script.
        Native = "native",
    }
}

text_enum! {
    /// What a badge may show beside name, category and code.
    pub enum Part {
        /// The event's name.
        Event = "event",
        /// Dr, H.E.
        Honorific = "honorific",
        /// Office or job.
        Position = "position",
        /// Ministry, company, university.
        Organisation = "organisation",
        /// Code and name of the country.
        Country = "country",
        /// The photo, where there is one.
        Photo = "photo",
        /// The zones that the category includes.
        Zones = "zones",
        /// The registration's code in small print.
        Number = "number",
    }
}

/// What the badges of an event look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Design {
    /// The size.
    pub size: SizeName,
    /// The width in millimetres, for [`SizeName::Own`].
    pub width: u16,
    /// The height in millimetres, for [`SizeName::Own`].
    pub height: u16,
    /// What they are printed on.
    pub paper: Paper,
    /// Whether sheets show where to cut.
    pub cut_marks: bool,
    /// Whether the reverse shows the same.
    pub two_sided: bool,
    /// Which of the names is large.
    pub large: LargeName,
    /// What is shown.
    pub parts: Vec<Part>,
}

impl Default for Design {
    fn default() -> Self {
        Self {
            size: SizeName::A6,
            width: 90,
            height: 130,
            paper: Paper::Sheet,
            cut_marks: true,
            two_sided: false,
            large: LargeName::Latin,
            parts: Part::ALL.to_vec(),
        }
    }
}

/// Shortest and longest edge of a badge, in millimetres; the longest is that of A4.
pub const EDGES: std::ops::RangeInclusive<i32> = 40..=297;
/// Widest badge, in millimetres: that of A4.
pub const WIDEST: i32 = 210;
/// Smallest code, in millimetres, that scanners read from a printed label without trouble.
const SMALLEST_CODE: f64 = 17.0;

impl Design {
    /// Width and height in millimetres.
    #[must_use]
    pub const fn millimetres(&self) -> (u16, u16) {
        match self.size {
            SizeName::A6 => (105, 148),
            SizeName::Card => (86, 54),
            SizeName::Label62 => (62, 100),
            SizeName::Label102 => (102, 152),
            SizeName::Own => (self.width, self.height),
        }
    }

    /// Whether a part is shown.
    #[must_use]
    pub fn shows(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    /// Whether the code is large enough to be scanned.
    #[must_use]
    pub fn can_be_scanned(&self) -> bool {
        super::fitting::Layout::of(self).code_side() >= SMALLEST_CODE
    }
}

/// A design as its row holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptDesign {
    /// The design.
    pub design: Design,
    /// Counts changes; 0 while none is kept.
    pub version: i32,
}

/// What a badge needs to know of a person.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Bearer {
    /// The registration.
    pub id: RegistrationId,
    /// The category.
    pub category_id: CategoryId,
    /// What people read out.
    pub code: String,
    /// Where it stands.
    pub state: RegistrationState,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The whole name in its own script; may be empty.
    pub native_name: String,
    /// Which name stands first.
    pub name_order: NameOrder,
    /// Dr, H.E.; may be empty.
    pub honorific: String,
    /// Ministry, company, university; may be empty.
    pub organisation: String,
    /// Office or job; may be empty.
    pub position: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The photo, where there is one.
    pub photo_id: Option<String>,
    /// The number of the ticket that counts.
    pub ticket_serial: i32,
}

impl Bearer {
    /// Somebody made up in this category, with enough to look for what does not fit.
    #[must_use]
    pub fn sample(category: Option<&BadgeCategory>) -> Self {
        Self {
            id: RegistrationId::new(),
            category_id: category.map_or_else(CategoryId::new, |category| category.id),
            code: "SAMPLE22".into(),
            state: RegistrationState::Confirmed,
            given_name: "Xiaolong".into(),
            family_name: "Ouyang".into(),
            native_name: "欧阳小龙".into(),
            name_order: NameOrder::FamilyFirst,
            honorific: "Prof. Dr.".into(),
            organisation: "Academy of Digital Cooperation".into(),
            position: "Vice President for International Affairs".into(),
            country: Some("CN".into()),
            photo_id: None,
            ticket_serial: 0,
        }
    }

    /// Given and family name in the order that their owner uses.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.given_name, &self.family_name, self.name_order)
    }

    /// A hash of all that a badge may show of the person: another one means that a printed badge is out of date.
    #[must_use]
    pub fn content(&self) -> String {
        let serial = self.ticket_serial.to_string();
        let facts = [
            self.honorific.as_str(),
            &self.given_name,
            &self.family_name,
            &self.native_name,
            self.name_order.as_str(),
            &self.position,
            &self.organisation,
            self.country.as_deref().unwrap_or_default(),
            self.category_id.as_str(),
            self.photo_id.as_deref().unwrap_or_default(),
            &serial,
        ];
        URL_SAFE_NO_PAD.encode(&Sha256::digest(facts.join("\u{1f}").as_bytes())[..16])
    }
}

/// What a badge shows of a category.
#[derive(Clone, Debug, Queryable)]
pub struct BadgeCategory {
    /// The category.
    pub id: CategoryId,
    /// Its code, as tickets hold it.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// `#rrggbb`.
    pub badge_color: String,
    /// The zones that it includes, by id or code.
    pub zones: Json<Vec<String>>,
}

text_enum! {
    /// Why a badge was printed.
    pub enum PrintReason {
        /// The first one.
        First = "first",
        /// The one before is lost.
        Lost = "lost",
        /// The one before is wrong or out of date.
        Wrong = "wrong",
        /// For another reason, which is noted.
        Other = "other",
    }
}

/// One print as its row holds it.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = badge_prints)]
pub struct BadgePrint {
    /// The print.
    pub id: PrintId,
    /// The event.
    pub event_id: EventId,
    /// Whose badge.
    pub registration_id: RegistrationId,
    /// Who printed it.
    pub printed_by: Option<UserId>,
    /// Why.
    pub reason: PrintReason,
    /// When.
    pub created_at: UtcTime,
    /// The other reason; may be empty.
    pub note: String,
    /// A hash of what it showed.
    pub content: String,
}

/// One line of the log of prints.
#[derive(Clone, Debug)]
pub struct PrintLine {
    /// The print.
    pub id: PrintId,
    /// When.
    pub at: UtcTime,
    /// Who printed it, by name.
    pub by: Option<String>,
    /// Why.
    pub reason: PrintReason,
    /// The other reason.
    pub note: String,
    /// A hash of what it showed.
    pub content: String,
    /// Whose badge.
    pub registration: RegistrationId,
    /// Their name.
    pub name: String,
    /// Their code.
    pub code: String,
}

/// People whose badges are printed together, as the row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = badge_batches)]
pub struct Batch {
    /// The batch.
    pub id: BatchId,
    /// The event.
    pub event_id: EventId,
    /// How many people.
    pub people: i32,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: UtcTime,
    /// When it was marked as printed.
    pub marked_at: Option<UtcTime>,
}

#[cfg(test)]
pub(in crate::badges) use tests::bearer;

#[cfg(test)]
mod tests {
    use super::*;

    /// Somebody with this name.
    pub(in crate::badges) fn bearer(given: &str, family: &str, native: &str) -> Bearer {
        Bearer {
            id: RegistrationId::new(),
            category_id: CategoryId::new(),
            code: "K7QX2M9P".into(),
            state: RegistrationState::Confirmed,
            given_name: given.into(),
            family_name: family.into(),
            native_name: native.into(),
            name_order: NameOrder::GivenFirst,
            honorific: String::new(),
            organisation: String::new(),
            position: String::new(),
            country: None,
            photo_id: None,
            ticket_serial: 0,
        }
    }

    #[test]
    fn what_a_badge_shows_changes_its_hash_and_nothing_else_does() {
        let one = bearer("Ada", "Lovelace", "");
        let hash = one.content();
        assert_eq!(Bearer { code: "OTHER".into(), ..one.clone() }.content(), hash);
        for other in [
            Bearer { given_name: "Augusta".into(), ..one.clone() },
            Bearer { given_name: String::new(), family_name: "AdaLovelace".into(), ..one.clone() },
            Bearer { country: Some("GB".into()), ..one.clone() },
            Bearer { ticket_serial: 1, ..one.clone() },
            Bearer { category_id: CategoryId::new(), ..one.clone() },
        ] {
            assert_ne!(other.content(), hash, "{other:?}");
        }
    }

    #[test]
    fn a_badge_is_never_so_small_that_its_code_can_not_be_scanned() {
        let own = |width, height| Design { size: SizeName::Own, width, height, ..Design::default() };
        for size in SizeName::ALL {
            assert!(Design { size: *size, ..Design::default() }.can_be_scanned(), "{size}");
        }
        for (width, height, can) in
            [(40, 40, false), (50, 80, false), (54, 86, true), (86, 40, false), (148, 105, true)]
        {
            assert_eq!(own(width, height).can_be_scanned(), can, "{width} × {height}");
        }
    }

    #[test]
    fn a_design_that_was_kept_before_a_part_was_known_still_reads() {
        let design: Design = serde_json::from_str(r#"{"size":"card","parts":["photo"]}"#).expect("a design");
        assert_eq!((design.size, design.paper, design.shows(Part::Country)), (SizeName::Card, Paper::Sheet, false));
    }
}
