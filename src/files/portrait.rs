//! Identity photos: a square that the person chose, drawn anew.

use super::photos::{DECODING, PhotoProblem, QUALITY, SIZES, decode, on_white, problem};
use bytes::Bytes;
use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;

/// A square of a picture as people see it, upright, in its own pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crop {
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from the top.
    pub y: u32,
    /// The edge of the square.
    pub size: u32,
}

impl Crop {
    /// The square where nobody chose one: in the middle, and nearer to the top of a tall picture, because
    /// that is where faces are.
    #[must_use]
    pub const fn usual(width: u32, height: u32) -> Self {
        let size = if width < height { width } else { height };
        Self { x: (width - size) / 2, y: (height - size) / 3, size }
    }

    /// The same square within a picture, with at least `least` pixels or as many as there are.
    #[must_use]
    pub fn within(self, (width, height): (u32, u32), least: u32) -> Self {
        let most = width.min(height);
        let size = self.size.clamp(least.min(most), most);
        // A square that has to grow does so around its middle.
        let place = |from: u32, all: u32| {
            let middle = u64::from(from) + u64::from(self.size) / 2;
            let from = middle.saturating_sub(u64::from(size) / 2);
            u32::try_from(from).unwrap_or(u32::MAX).min(all - size)
        };
        Self { x: place(self.x, width), y: place(self.y, height), size }
    }

    /// The same square in the pixels of the file, which is turned by `orientation` to be upright. Cutting
    /// before turning keeps no second copy of a large picture.
    fn in_file(self, (width, height): (u32, u32), orientation: Orientation) -> Self {
        let Self { x, y, size } = self;
        let right = |from: u32| width.saturating_sub(from + size);
        let below = |from: u32| height.saturating_sub(from + size);
        let (x, y) = match orientation {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (right(x), y),
            Orientation::FlipVertical => (x, below(y)),
            Orientation::Rotate180 => (right(x), below(y)),
            Orientation::Rotate90 => (y, below(x)),
            Orientation::Rotate270 => (right(y), x),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate270FlipH => (right(y), below(x)),
        };
        Self { x, y, size }
    }
}

const fn turns(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
    )
}

/// An identity photo as it is kept: our own JPEG in two sizes, without anything else that the file held.
#[derive(Clone, Debug)]
pub struct Portrait {
    /// The larger square.
    pub large: Bytes,
    /// The smaller square.
    pub small: Bytes,
}

impl Portrait {
    /// Makes a portrait from an uploaded file, off the async threads. Its shorter edge must have `least` pixels.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub async fn of(file: Bytes, crop: Option<Crop>, least: u32) -> Result<Self, PhotoProblem> {
        // The semaphore is never closed.
        let _permit = DECODING.acquire().await.map_err(|_| PhotoProblem::NoPicture)?;
        // A decoder that panics has met a file that is no picture either.
        let made = tokio::task::spawn_blocking(move || Self::decoded(&file, crop, least)).await;
        made.unwrap_or(Err(PhotoProblem::NoPicture))
    }

    fn decoded(file: &[u8], crop: Option<Crop>, least: u32) -> Result<Self, PhotoProblem> {
        let [large, small] = SIZES;
        let (image, orientation) = decode(file, least)?;
        let stored = (image.width(), image.height());
        let upright = if turns(orientation) { (stored.1, stored.0) } else { stored };
        let crop = crop.map_or_else(|| Crop::usual(upright.0, upright.1), |crop| crop.within(upright, least));
        let cut = crop.in_file(stored, orientation);
        let chosen = image.crop_imm(cut.x, cut.y, cut.size, cut.size);
        drop(image);
        let mut square = chosen.resize_exact(large, large, FilterType::Lanczos3);
        square.apply_orientation(orientation);
        let square = DynamicImage::ImageRgb8(on_white(&square));
        let written = |square: &DynamicImage| {
            let mut bytes = Vec::new();
            square.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).map_err(problem)?;
            Ok(Bytes::from(bytes))
        };
        let smaller = square.resize_exact(small, small, FilterType::Lanczos3);
        Ok(Self { large: written(&square)?, small: written(&smaller)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb, RgbImage};
    use std::io::Cursor;

    const ALL: [Orientation; 8] = [
        Orientation::NoTransforms,
        Orientation::Rotate90,
        Orientation::Rotate180,
        Orientation::Rotate270,
        Orientation::FlipHorizontal,
        Orientation::FlipVertical,
        Orientation::Rotate90FlipH,
        Orientation::Rotate270FlipH,
    ];

    #[test]
    fn cutting_and_turning_change_places() {
        let picture = RgbImage::from_fn(7, 5, |x, y| Rgb([x as u8, y as u8, 0]));
        for orientation in ALL {
            let mut turned = DynamicImage::ImageRgb8(picture.clone());
            turned.apply_orientation(orientation);
            let crop = Crop { x: 1, y: 2, size: 3 };
            let expected = turned.crop_imm(crop.x, crop.y, crop.size, crop.size);
            let cut = crop.in_file((7, 5), orientation);
            let mut made = DynamicImage::ImageRgb8(picture.clone()).crop_imm(cut.x, cut.y, cut.size, cut.size);
            made.apply_orientation(orientation);
            assert_eq!(made.to_rgb8(), expected.to_rgb8(), "{orientation:?}");
        }
    }

    #[test]
    fn a_square_stays_within_the_picture_and_is_never_too_small() {
        let crop = |x, y, size| Crop { x, y, size };
        for (chosen, kept) in [
            (crop(10, 20, 340), crop(10, 20, 340)),
            (crop(900, 900, 400), crop(600, 400, 400)),
            (crop(100, 100, 0), crop(0, 0, 320)),
            (crop(500, 400, 100), crop(390, 290, 320)),
            (crop(0, 0, u32::MAX), crop(200, 0, 800)),
            (crop(u32::MAX, u32::MAX, u32::MAX), crop(200, 0, 800)),
        ] {
            assert_eq!(chosen.within((1000, 800), 320), kept, "{chosen:?}");
        }
        assert_eq!(Crop::usual(400, 1000), crop(0, 200, 400));
        assert_eq!(Crop::usual(1000, 400), crop(300, 0, 400));
    }

    #[test]
    fn the_chosen_square_is_what_is_kept() {
        let picture = RgbImage::from_fn(1200, 800, |x, _| if x < 800 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
        let mut file = Vec::new();
        DynamicImage::ImageRgb8(picture).write_to(&mut Cursor::new(&mut file), ImageFormat::Png).expect("a png");
        let color = |crop| {
            let portrait = Portrait::decoded(&file, crop, 320).expect("a portrait");
            let small = image::load_from_memory(&portrait.small).expect("a jpeg").to_rgb8();
            assert_eq!(small.dimensions(), (160, 160));
            let large = image::load_from_memory(&portrait.large).expect("a jpeg").to_rgb8();
            assert_eq!(large.dimensions(), (640, 640));
            large.get_pixel(320, 320).0
        };
        assert!(color(Some(Crop { x: 800, y: 100, size: 400 }))[2] > 200);
        assert!(color(Some(Crop { x: 0, y: 100, size: 400 }))[0] > 200);
        assert!(color(None)[0] > 200);
        assert_eq!(Portrait::decoded(&file, None, 801).err(), Some(PhotoProblem::TooSmall));
    }
}
