//! Writes the pixels of a picture in the formats that pages are given.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};

use super::PictureError;

const JPEG_QUALITY: u8 = 82;
const WEBP_QUALITY: f32 = 80.0;
const AVIF_QUALITY: f32 = 60.0;
const AVIF_SPEED: u8 = 8;

/// The picture without transparency, as it looks on a white page.
pub(super) fn on_white(picture: &DynamicImage) -> RgbImage {
    let DynamicImage::ImageRgba8(transparent) = picture else { return picture.to_rgb8() };
    RgbImage::from_fn(transparent.width(), transparent.height(), |x, y| {
        let [red, green, blue, alpha] = transparent.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        image::Rgb([red, green, blue].map(|colour| {
            let mixed = (u32::from(colour) * alpha + 255 * (255 - alpha) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        }))
    })
}

/// Mean of red, green and blue.
pub(super) fn mean(picture: &RgbImage) -> [u8; 3] {
    let count = u64::from(picture.width()) * u64::from(picture.height());
    [0, 1, 2].map(|channel| {
        let sum: u64 = picture.pixels().map(|pixel| u64::from(pixel.0[channel])).sum();
        u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)
    })
}

/// Each encoder writes pixels only: no metadata gets through.
pub(super) fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(picture).map_err(|_| PictureError::Broken)?;
    Ok(bytes)
}

pub(super) fn webp(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let encoder = webp::Encoder::from_image(picture).map_err(|_| PictureError::Broken)?;
    Ok(encoder.encode_simple(false, WEBP_QUALITY).map_err(|_| PictureError::Broken)?.to_vec())
}

pub(super) fn avif(picture: &DynamicImage) -> Result<Vec<u8>, PictureError> {
    let pixels: Vec<ravif::RGBA8> = picture.to_rgba8().pixels().map(|&image::Rgba([r, g, b, a])| ravif::RGBA8::new(r, g, b, a)).collect();
    let sides = usize::try_from(picture.width()).ok().zip(usize::try_from(picture.height()).ok());
    let (width, height) = sides.ok_or(PictureError::Broken)?;
    // One thread: visitors' pages need the other cores.
    let encoder = ravif::Encoder::new().with_quality(AVIF_QUALITY).with_speed(AVIF_SPEED).with_num_threads(Some(1));
    Ok(encoder.encode_rgba(ravif::Img::new(&pixels, width, height)).map_err(|_| PictureError::Broken)?.avif_file)
}
