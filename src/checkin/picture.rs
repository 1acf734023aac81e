//! Reading a QR code from a still picture, for devices whose browser can't.

use image::{ImageFormat, ImageReader, Limits};
use std::io::Cursor;
use tokio::sync::Semaphore;

/// Most bytes of a picture: a device scales it down before it sends it.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Longest edge, in pixels.
const LONGEST_EDGE: u32 = 4_096;
/// Edge to which a larger picture is brought before it is searched, in pixels.
const SEARCHED_EDGE: u32 = 1_280;
/// Most bytes that decoding may take.
const MOST_MEMORY: u64 = 64 * 1024 * 1024;
/// Pictures that are searched at the same time.
static SEARCHING: Semaphore = Semaphore::const_new(2);

/// Why no code was read from a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// It is no JPEG, PNG or WebP, or is broken or too large.
    #[error("this is no picture")]
    NoPicture,
    /// It shows no code.
    #[error("there is no code in the picture")]
    NoCode,
}

/// The text of the first QR code in a picture.
///
/// # Errors
/// Why there is none.
pub async fn read(bytes: actix_web::web::Bytes) -> Result<String, Unread> {
    // The semaphore is never closed.
    let _place = SEARCHING.acquire().await.map_err(|_| Unread::NoPicture)?;
    let searched = tokio::task::spawn_blocking(move || search(&bytes)).await;
    // A panic in a decoder is a picture that can't be read.
    searched.unwrap_or(Err(Unread::NoPicture))
}

fn search(bytes: &[u8]) -> Result<String, Unread> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Unread::NoPicture)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(Unread::NoPicture);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_EDGE);
    limits.max_image_height = Some(LONGEST_EDGE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| Unread::NoPicture)?;
    let is_large = picture.width().max(picture.height()) > SEARCHED_EDGE;
    let grey =
        if is_large { picture.thumbnail(SEARCHED_EDGE, SEARCHED_EDGE).into_luma8() } else { picture.into_luma8() };
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let raw = grey.into_raw();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| raw[y * width + x]);
    let found = prepared.detect_grids();
    found.iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text).ok_or(Unread::NoCode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registration::ticket::draw_png;

    #[test]
    fn a_drawn_ticket_is_read_again() {
        let text = "PT1:%69 VD92EX0";
        assert_eq!(search(&draw_png(text).expect("drawn")).as_deref(), Ok(text));
    }

    #[test]
    fn what_is_no_picture_or_shows_no_code_is_told_apart() {
        let mut white = Cursor::new(Vec::new());
        image::GrayImage::from_pixel(64, 64, image::Luma([255]))
            .write_to(&mut white, ImageFormat::Png)
            .expect("a picture");
        assert_eq!(search(white.get_ref()), Err(Unread::NoCode));
        for wrong in [&b""[..], b"MZ\x90\x00", b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(search(wrong), Err(Unread::NoPicture));
        }
    }
}
