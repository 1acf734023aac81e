//! Photos that the public sees.
//!
//! Whatever is uploaded is decoded under limits and drawn anew: what is kept and served is our own
//! JPEG, a square in two sizes, without anything else that the file held.

use super::FileStore;
use crate::db::FileId;
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage};
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};
use std::io::{Cursor, Error};
use tokio::sync::Semaphore;

/// Edges of the squares that are kept, in pixels, the largest first.
pub const SIZES: [u32; 2] = [640, 160];
/// Shortest edge of a photo that is accepted, in pixels.
pub const SMALLEST_EDGE: u32 = 320;
/// Longest edge of a photo that is accepted, in pixels.
pub const LONGEST_EDGE: u32 = 12_000;
/// Most bytes that decoding may take.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// Photos that are decoded at the same time, so that uploads can't take all the memory together.
pub(super) static DECODING: Semaphore = Semaphore::const_new(2);
pub(super) const QUALITY: u8 = 85;

impl FileStore {
    /// Keeps a photo in all its sizes; when that fails, nothing of it is kept.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub async fn keep(&self, id: FileId, photo: &Photo) -> Result<(), Error> {
        for (size, bytes) in &photo.squares {
            if let Err(error) = self.store.put(&place(id, *size), PutPayload::from(bytes.clone())).await {
                self.remove(id).await;
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// The JPEG of a photo in one of [`SIZES`], or nothing when there is none.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn read(&self, id: FileId, size: u32) -> Result<Option<Bytes>, Error> {
        match self.store.get(&place(id, size)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a photo that no row names any more. A file that can't be removed only takes room.
    pub async fn remove(&self, id: FileId) {
        for size in SIZES {
            match self.store.delete(&place(id, size)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => tracing::warn!(file = %id, %error, "a file could not be removed"),
            }
        }
    }
}

fn place(id: FileId, size: u32) -> Path {
    Path::from(format!("{id}/{size}.jpg"))
}

/// Why a file is no photo that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoProblem {
    /// It is no JPEG, PNG or WebP, or it is broken.
    #[error("the file is no picture that can be read")]
    NoPicture,
    /// It has more pixels than we decode.
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// It has too few pixels to be shown.
    #[error("the picture is too small")]
    TooSmall,
}

/// A photo as it is kept: squares with the middle of what was uploaded, the largest first.
pub struct Photo {
    squares: Vec<(u32, Bytes)>,
}

impl Photo {
    /// Makes the squares from an uploaded file, off the async threads.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub async fn of(file: Bytes) -> Result<Self, PhotoProblem> {
        // The semaphore is never closed.
        let _permit = DECODING.acquire().await.map_err(|_| PhotoProblem::NoPicture)?;
        // A decoder that panics has met a file that is no picture either.
        tokio::task::spawn_blocking(move || Self::decoded(&file)).await.unwrap_or(Err(PhotoProblem::NoPicture))
    }

    /// A photo whose square was chosen.
    #[must_use]
    pub fn of_portrait(portrait: super::portrait::Portrait) -> Self {
        let [large, small] = SIZES;
        Self { squares: vec![(large, portrait.large), (small, portrait.small)] }
    }

    /// The largest square.
    #[must_use]
    pub fn largest(&self) -> &Bytes {
        static NOTHING: Bytes = Bytes::new();
        self.squares.first().map_or(&NOTHING, |(_, bytes)| bytes)
    }

    fn decoded(file: &[u8]) -> Result<Self, PhotoProblem> {
        let (mut image, orientation) = decode(file, SMALLEST_EDGE)?;
        let [largest, ..] = SIZES;
        image = image.resize_to_fill(largest, largest, FilterType::Lanczos3);
        // A square stays one however it is turned, and turning a small one is cheap.
        image.apply_orientation(orientation);
        let opaque = DynamicImage::ImageRgb8(on_white(&image));
        let squares = SIZES.iter().map(|size| {
            let square =
                if *size == largest { opaque.clone() } else { opaque.resize_exact(*size, *size, FilterType::Lanczos3) };
            let mut bytes = Vec::new();
            square.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY)).map_err(problem)?;
            Ok((*size, Bytes::from(bytes)))
        });
        Ok(Self { squares: squares.collect::<Result<_, _>>()? })
    }
}

/// Decodes by content, whatever the file's name says. The shorter edge must have `least` pixels.
pub(super) fn decode(file: &[u8], least: u32) -> Result<(DynamicImage, Orientation), PhotoProblem> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| PhotoProblem::NoPicture)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(PhotoProblem::NoPicture);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(problem)?;
    let (width, height) = decoder.dimensions();
    // Not every decoder minds the limits by itself.
    if width.max(height) > LONGEST_EDGE || decoder.total_bytes() > MOST_MEMORY {
        return Err(PhotoProblem::TooManyPixels);
    }
    if width.min(height) < least {
        return Err(PhotoProblem::TooSmall);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok((DynamicImage::from_decoder(decoder).map_err(problem)?, orientation))
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(super) fn problem(error: ImageError) -> PhotoProblem {
    match error {
        ImageError::Limits(_) => PhotoProblem::TooManyPixels,
        _ => PhotoProblem::NoPicture,
    }
}

/// JPEG knows no transparency: what shows through is white, as on the page.
pub(super) fn on_white(image: &DynamicImage) -> RgbImage {
    let image = image.to_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |channel: u8| {
            let mixed = (u32::from(channel) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Left half red, right half blue, as a JPEG that says it has to be turned.
    fn jpeg_with_orientation(value: u8) -> Vec<u8> {
        let picture = RgbImage::from_fn(400, 400, |x, _| image::Rgb(if x < 200 { [255, 0, 0] } else { [0, 0, 255] }));
        let mut encoder_output = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut encoder_output, 95);
        let exif =
            [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[value], b"\0\0\0\0\0\0".as_slice()];
        image::ImageEncoder::set_exif_metadata(&mut encoder, exif.concat()).expect("exif is written");
        picture.write_with_encoder(encoder).expect("a jpeg");
        encoder_output
    }

    #[test]
    fn a_photo_is_turned_upright_and_loses_its_metadata() {
        let file = jpeg_with_orientation(6);
        assert!(file.windows(4).any(|bytes| bytes == b"Exif"));
        let photo = Photo::decoded(&file).expect("a photo");
        assert!(!photo.largest().windows(4).any(|bytes| bytes == b"Exif"), "metadata is gone");
        let square = image::load_from_memory(photo.largest()).expect("a jpeg").to_rgb8();
        assert_eq!(square.dimensions(), (640, 640));
        let [top, bottom] = [square.get_pixel(320, 100).0, square.get_pixel(320, 540).0];
        assert!(top[0] > 200 && top[2] < 60, "turned by a quarter, left is on top: {top:?}");
        assert!(bottom[2] > 200 && bottom[0] < 60, "{bottom:?}");
    }

    #[test]
    fn files_that_are_no_photos_are_refused_with_a_reason() {
        let png = |width, height| {
            let mut bytes = Vec::new();
            let picture = DynamicImage::new_luma8(width, height);
            picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a png");
            bytes
        };
        let mut cut = png(400, 400);
        cut.truncate(60);
        for (file, expected) in [
            (b"no picture at all".to_vec(), PhotoProblem::NoPicture),
            (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), PhotoProblem::NoPicture),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), PhotoProblem::NoPicture),
            (cut, PhotoProblem::NoPicture),
            (png(319, 900), PhotoProblem::TooSmall),
            (png(LONGEST_EDGE + 1, 400), PhotoProblem::TooManyPixels),
        ] {
            assert_eq!(Photo::decoded(&file).err(), Some(expected));
        }
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let mut bytes = Vec::new();
        DynamicImage::new_rgba8(400, 500).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a png");
        let photo = Photo::decoded(&bytes).expect("a photo");
        let square = image::load_from_memory(photo.largest()).expect("a jpeg").to_rgb8();
        assert!(square.get_pixel(320, 320).0.iter().all(|channel| *channel > 250));
    }
}
