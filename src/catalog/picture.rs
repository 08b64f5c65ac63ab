//! Pictures as merchants upload them: looked at before they are decoded, then made into the sizes that pages show.

mod encode;

use std::io::Cursor;

use data_encoding::HEXLOWER;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};

/// The widths in pixels that pages ask for, smallest first.
pub const WIDTHS: [u32; 6] = [160, 320, 640, 960, 1280, 1600];
/// Largest file that is taken.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// Most pixels (width × height) that are decoded.
pub const MOST_PIXELS: u64 = 50_000_000;
/// Longest side in pixels.
pub const LONGEST_SIDE: u32 = 20_000;

/// Memory that one decoder may take: the most pixels at 8 bytes (16 bits in four channels), and a little for its tables.
const MOST_MEMORY: u64 = MOST_PIXELS * 8 + 32 * 1024 * 1024;
/// WebP cannot hold a longer side.
const LONGEST_DERIVED_SIDE: u32 = 16_383;

/// What a picture is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Jpeg,
    Png,
    Gif,
    Webp,
}

impl Kind {
    fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::Gif => ImageFormat::Gif,
            Self::Webp => ImageFormat::WebP,
        }
    }
}

/// What the header of a picture says: width and height in pixels as stored, before any turn that EXIF asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspected {
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
}

/// A format that pages are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    Jpeg,
    Webp,
    Avif,
}

impl Format {
    /// Ending of file names, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }
}

/// One picture for pages, without metadata.
#[derive(Debug, Clone)]
pub struct File {
    pub width: u32,
    pub height: u32,
    pub format: Format,
    pub bytes: Vec<u8>,
}

/// A picture in all its sizes.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Width of the original in pixels, turned as EXIF asks.
    pub width: u32,
    /// Height of the original in pixels, turned as EXIF asks.
    pub height: u32,
    /// First 16 hexadecimal digits of the SHA-256 of the original: the part of addresses that changes with the content.
    pub hash: String,
    /// Mean of red, green and blue on white, to fill the place until the picture is there.
    pub average_colour: [u8; 3],
    /// Smallest width first.
    pub files: Vec<File>,
}

/// Why a picture is not taken; each sentence is for the merchant who uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    #[error("This file is {0}. Please upload a JPEG, PNG, GIF or WebP picture.")]
    Unsupported(&'static str),
    #[error("This file is larger than {} MB. Please upload a smaller one.", MOST_BYTES / (1024 * 1024))]
    TooManyBytes,
    #[error(
        "This picture is too large: at most {} million pixels, and {LONGEST_SIDE} on its longer side. Please upload a smaller one.",
        MOST_PIXELS / 1_000_000
    )]
    TooManyPixels,
    #[error("This picture is damaged and cannot be opened. Please save it again and upload the new file.")]
    Broken,
}

/// Looks at a picture without decoding it: what it is by its content (never by its name), and whether its size can be taken.
pub fn inspect(bytes: &[u8]) -> Result<Inspected, PictureError> {
    if bytes.len() > MOST_BYTES {
        return Err(PictureError::TooManyBytes);
    }
    let kind = kind_of(bytes)?;
    let (width, height) = decoder(kind, &safe_bytes(kind, bytes)?)?.dimensions();
    Ok(Inspected { kind, width, height })
}

/// Makes the sizes of a picture: every one of [`WIDTHS`] that is not above the original's (a smaller original keeps its own), as JPEG
/// on white and in the other formats asked for. Of an animation the first frame. Takes seconds and up to some 500 MB for the largest
/// pictures: call it where blocking is allowed.
pub fn derive(bytes: &[u8], formats: &[Format]) -> Result<Derived, PictureError> {
    let kind = inspect(bytes)?.kind;
    let safe = safe_bytes(kind, bytes)?;
    let mut decoder = decoder(kind, &safe)?;
    // Unreadable EXIF is no reason to refuse a picture that can be shown.
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| told(&error))?;
    let decoded = if decoded.color().has_alpha() { decoded.into_rgba8().into() } else { DynamicImage::from(decoded.into_rgb8()) };

    let turned_sideways = matches!(orientation.to_exif(), 5..=8);
    let (width, height) = if turned_sideways { (decoded.height(), decoded.width()) } else { (decoded.width(), decoded.height()) };
    let targets = sizes(width, height);
    let &(largest_width, largest_height) = targets.last().expect("sizes are never empty");

    // Turning after shrinking spares a second copy of the full picture.
    let mut resizer = Resizer::new();
    let mut largest = if turned_sideways {
        resized(&mut resizer, decoded, largest_height, largest_width)?
    } else {
        resized(&mut resizer, decoded, largest_width, largest_height)?
    };
    largest.apply_orientation(orientation);

    let mut files = Vec::new();
    let mut average_colour = [0; 3];
    for (index, &(width, height)) in targets.iter().enumerate() {
        let picture = resized(&mut resizer, largest.clone(), width, height)?;
        let on_white = encode::on_white(&picture);
        if index == 0 {
            average_colour = encode::mean(&on_white);
        }
        files.push(File { width, height, format: Format::Jpeg, bytes: encode::jpeg(&on_white)? });
        for format in [Format::Webp, Format::Avif].into_iter().filter(|format| formats.contains(format)) {
            let bytes = if format == Format::Webp { encode::webp(&picture)? } else { encode::avif(&picture)? };
            files.push(File { width, height, format, bytes });
        }
    }
    Ok(Derived { width, height, hash: hash(bytes), average_colour, files })
}

/// One file of a picture: a width of [`widths`] in one format. `None` for another width.
pub fn derive_one(bytes: &[u8], width: u32, format: Format) -> Result<Option<Vec<u8>>, PictureError> {
    let kind = inspect(bytes)?.kind;
    let safe = safe_bytes(kind, bytes)?;
    let mut decoder = decoder(kind, &safe)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut decoded = DynamicImage::from_decoder(decoder).map_err(|error| told(&error))?;
    decoded.apply_orientation(orientation);
    let decoded = if decoded.color().has_alpha() { decoded.into_rgba8().into() } else { DynamicImage::from(decoded.into_rgb8()) };
    let Some((width, height)) = sizes(decoded.width(), decoded.height()).into_iter().find(|(known, _)| *known == width) else { return Ok(None) };
    let picture = resized(&mut Resizer::new(), decoded, width, height)?;
    Ok(Some(match format {
        Format::Jpeg => encode::jpeg(&encode::on_white(&picture))?,
        Format::Webp => encode::webp(&picture)?,
        Format::Avif => encode::avif(&picture)?,
    }))
}

/// The hash that addresses of a picture's files carry: it follows from the original.
pub fn hash(original: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(original)).chars().take(16).collect()
}

/// The widths that a picture of this size is made in, smallest first.
pub fn widths(width: u32, height: u32) -> Vec<u32> {
    sizes(width, height).into_iter().map(|(width, _)| width).collect()
}

/// What a file is, by its first bytes.
fn kind_of(bytes: &[u8]) -> Result<Kind, PictureError> {
    let unsupported = |what| Err(PictureError::Unsupported(what));
    match bytes {
        [] => unsupported("empty"),
        [0xff, 0xd8, 0xff, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Ok(Kind::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Kind::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Kind::Webp),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => unsupported("an AVIF picture"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', ..] => unsupported("a HEIC picture, as some phones make them"),
        [b'B', b'M', ..] => unsupported("a BMP picture"),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => unsupported("a TIFF picture"),
        [b'%', b'P', b'D', b'F', ..] => unsupported("a PDF document"),
        _ => unsupported(kind_of_text(bytes)),
    }
}

fn kind_of_text(bytes: &[u8]) -> &'static str {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let start = start.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    match start {
        _ if start.starts_with('<') && start.contains("<svg") => "an SVG drawing",
        _ if start.starts_with("<!doctype html") || start.starts_with("<html") => "a web page",
        _ if start.starts_with('<') => "a text with markup",
        _ => "not a picture that we know",
    }
}

/// The bytes to decode. Of a PNG only the parts that make the picture: its text and colour parts can unpack to any size,
/// outside the limits of the decoder.
fn safe_bytes(kind: Kind, bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    if kind != Kind::Png {
        return Ok(bytes.to_vec());
    }
    let (signature, mut rest) = bytes.split_at_checked(8).ok_or(PictureError::Broken)?;
    let mut kept = Vec::with_capacity(bytes.len());
    kept.extend_from_slice(signature);
    // Each part: length of its data, four letters, the data, a checksum.
    while let Some((&length, _)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| PictureError::Broken)?;
        let whole = length.checked_add(12).ok_or(PictureError::Broken)?;
        let (part, after) = rest.split_at_checked(whole).ok_or(PictureError::Broken)?;
        let name = &part[4..8];
        if matches!(name, b"IHDR" | b"PLTE" | b"tRNS" | b"eXIf" | b"IDAT" | b"IEND") {
            kept.extend_from_slice(part);
        }
        if name == b"IEND" {
            return Ok(kept);
        }
        rest = after;
    }
    Err(PictureError::Broken)
}

/// A decoder that has read the header and found the size within the limits.
fn decoder(kind: Kind, bytes: &[u8]) -> Result<impl ImageDecoder, PictureError> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), kind.format());
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| told(&error))?;
    match decoder.dimensions() {
        (0, _) | (_, 0) => Err(PictureError::Broken),
        (width, height) if width > LONGEST_SIDE || height > LONGEST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS => {
            Err(PictureError::TooManyPixels)
        }
        _ => Ok(decoder),
    }
}

fn told(error: &ImageError) -> PictureError {
    match error {
        ImageError::Limits(_) => PictureError::TooManyPixels,
        _ => PictureError::Broken,
    }
}

/// Width and height of each size to make, smallest first, at least one.
fn sizes(width: u32, height: u32) -> Vec<(u32, u32)> {
    // width × limit / height, at least 1; both factors fit 32 bits.
    let scaled = |side: u32, by: u32, of: u32| {
        let exact = (u64::from(side) * u64::from(by) + u64::from(of) / 2) / u64::from(of);
        u32::try_from(exact).unwrap_or(LONGEST_DERIVED_SIDE).clamp(1, LONGEST_DERIVED_SIDE)
    };
    let widest = if height > LONGEST_DERIVED_SIDE { scaled(width, LONGEST_DERIVED_SIDE, height) } else { width };
    let mut widths: Vec<u32> = WIDTHS.into_iter().filter(|&wanted| wanted <= widest).collect();
    // A small original keeps its own width: 160 pixels are for thumbnails only.
    if widest < WIDTHS[1] && widths.last() != Some(&widest) {
        widths.push(widest);
    }
    widths.into_iter().map(|wanted| (wanted, scaled(height, wanted, width))).collect()
}

/// A picture in another size, with transparency only if it had some. The resizer is built for four channels of 8 bits alone, a tenth
/// of the code of all kinds of pixels.
fn resized(resizer: &mut Resizer, picture: DynamicImage, width: u32, height: u32) -> Result<DynamicImage, PictureError> {
    if (picture.width(), picture.height()) == (width, height) {
        return Ok(picture);
    }
    let transparent = picture.color().has_alpha();
    let picture = DynamicImage::from(picture.into_rgba8());
    let mut smaller = DynamicImage::new(width, height, picture.color());
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(transparent);
    resizer.resize(&picture, &mut smaller, &options).map_err(|_| PictureError::Broken)?;
    Ok(if transparent { smaller } else { smaller.into_rgb8().into() })
}

#[cfg(test)]
mod tests;
