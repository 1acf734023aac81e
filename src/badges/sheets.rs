//! Badges on sheets: how many fit on A4, and in which order their reverses stand.

use super::model::{Design, Paper};

/// Width and height of A4, in millimetres.
const A4: (u16, u16) = (210, 297);

/// Columns and rows of badges on one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Badges beside each other.
    pub columns: usize,
    /// Badges below each other.
    pub rows: usize,
}

impl Grid {
    /// What a page of this design holds.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        let (width, height) = design.millimetres();
        match design.paper {
            Paper::Single => Self { columns: 1, rows: 1 },
            Paper::Sheet => Self {
                columns: usize::from(A4.0 / width.max(1)).max(1),
                rows: usize::from(A4.1 / height.max(1)).max(1),
            },
        }
    }

    /// Badges on a page.
    #[must_use]
    pub const fn on_page(&self) -> usize {
        self.columns * self.rows
    }

    /// Pages for so many badges.
    #[must_use]
    pub const fn pages(&self, badges: usize, is_two_sided: bool) -> usize {
        badges.div_ceil(self.on_page()) * if is_two_sided { 2 } else { 1 }
    }
}

/// The size of a page, in millimetres.
#[must_use]
pub const fn page_size(design: &Design) -> (u16, u16) {
    match design.paper {
        Paper::Single => design.millimetres(),
        Paper::Sheet => A4,
    }
}

/// A sheet's places from the top, row by row; `None` stays empty.
pub type Places<T> = Vec<Option<T>>;

/// The front of one sheet, and its reverse where there is one. Paper is turned over its long edge, so
/// that each row of the reverse runs the other way.
#[must_use]
pub fn lay_out<T: Clone>(badges: Vec<T>, grid: Grid, is_two_sided: bool) -> Vec<Places<T>> {
    let mut front: Places<T> = badges.into_iter().map(Some).collect();
    if !is_two_sided {
        return vec![front];
    }
    front.resize(grid.on_page(), None);
    let mirrored = front.chunks(grid.columns).flat_map(|row| row.iter().rev().cloned()).collect();
    vec![front, mirrored]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badges::model::SizeName;

    #[test]
    fn as_many_badges_as_fit_stand_on_a_sheet() {
        for (size, on_page) in
            [(SizeName::A6, 4), (SizeName::Card, 10), (SizeName::Label62, 6), (SizeName::Label102, 2)]
        {
            let sheet = Design { size, ..Design::default() };
            assert_eq!(Grid::of(&sheet).on_page(), on_page, "{size}");
            assert_eq!(page_size(&sheet), (210, 297));
            let single = Design { paper: Paper::Single, ..sheet };
            assert_eq!((Grid::of(&single).on_page(), page_size(&single)), (1, single.millimetres()));
        }
        let whole = Design { size: SizeName::Own, width: 210, height: 297, ..Design::default() };
        assert_eq!(Grid::of(&whole).on_page(), 1);
        assert_eq!(Grid { columns: 2, rows: 2 }.pages(9, true), 6);
    }

    #[test]
    fn behind_each_badge_stands_its_own_reverse() {
        let grid = Grid { columns: 2, rows: 2 };
        assert_eq!(lay_out(vec![1, 2, 3], grid, false), [[Some(1), Some(2), Some(3)]]);
        let sides = lay_out(vec![1, 2, 3], grid, true);
        assert_eq!(sides[0], [Some(1), Some(2), Some(3), None]);
        assert_eq!(sides[1], [Some(2), Some(1), None, Some(3)]);
    }
}
