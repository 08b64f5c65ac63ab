//! Tests of pictures: made here, so that each holds exactly what its test is about.

use super::*;
use image::{Rgb, RgbImage, Rgba, RgbaImage};
use std::time::{Duration, Instant};

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn plain(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_pixel(width, height, Rgb([200, 100, 50])).into()
}

/// A part of a PNG with its checksum (CRC-32 of ISO 3309).
fn png_part(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [name.as_slice(), data].concat();
    let mut crc = u32::MAX;
    for &byte in &named {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [length.as_slice(), &named, &(!crc).to_be_bytes()].concat()
}

/// An EXIF part for a JPEG: little-endian TIFF with the one entry Orientation (0x0112, SHORT).
fn exif(orientation: u8) -> Vec<u8> {
    let mut part = vec![0xff, 0xe1, 0, 34];
    part.extend_from_slice(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0");
    part.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    part
}

fn opened(file: &File) -> RgbImage {
    image::load_from_memory(&file.bytes).unwrap().into_rgb8()
}

fn close(pixel: &Rgb<u8>, wanted: [u8; 3]) -> bool {
    pixel.0.iter().zip(wanted).all(|(&is, should)| is.abs_diff(should) < 16)
}

#[test]
fn exif_turns_the_picture_and_is_gone() {
    // Red at the left, blue at the right; orientation 6 means: turn a quarter clockwise, so red comes to the top.
    let lying = RgbImage::from_fn(800, 400, |x, _| if x < 400 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
    let jpeg = encoded(&lying.into(), ImageFormat::Jpeg);
    let photo = [&jpeg[..2], &exif(6), &jpeg[2..]].concat();
    let inspected = inspect(&photo).unwrap();
    assert_eq!(inspected, Inspected { kind: Kind::Jpeg, width: 800, height: 400 });

    let derived = derive(&photo, &[Format::Webp]).unwrap();
    assert_eq!((derived.width, derived.height), (400, 800));
    assert_eq!(derived.files.iter().map(|f| (f.width, f.height)).collect::<Vec<_>>(), [(160, 320), (160, 320), (320, 640), (320, 640)]);
    for file in &derived.files[2..] {
        let picture = opened(file);
        assert_eq!(picture.dimensions(), (320, 640));
        assert!(close(picture.get_pixel(160, 100), [255, 0, 0]));
        assert!(close(picture.get_pixel(160, 540), [0, 0, 255]));
        assert!(!file.bytes.windows(4).any(|four| four == b"Exif" || four == b"EXIF"));
    }
    assert!(derived.average_colour[0].abs_diff(127) < 8 && derived.average_colour[1] < 8);
}

#[test]
fn every_width_up_to_the_original() {
    let original = encoded(&plain(1300, 650), ImageFormat::Png);
    let derived = derive(&original, &[Format::Avif, Format::Webp]).unwrap();
    let widths: Vec<u32> = derived.files.iter().filter(|f| f.format == Format::Jpeg).map(|f| f.width).collect();
    assert_eq!(widths, [160, 320, 640, 960, 1280]);
    assert_eq!(derived.files.len(), 15);
    assert_eq!(derived.average_colour, [200, 100, 50]);
    assert_eq!(derived.hash.len(), 16);
    assert_eq!(derived.hash, HEXLOWER.encode(&Sha256::digest(&original))[..16]);
    for file in &derived.files {
        match file.format {
            Format::Jpeg => assert_eq!(inspect(&file.bytes).unwrap().kind, Kind::Jpeg),
            Format::Webp => assert_eq!(inspect(&file.bytes).unwrap(), Inspected { kind: Kind::Webp, width: file.width, height: file.height }),
            Format::Avif => assert_eq!(&file.bytes[4..12], b"ftypavif"),
        }
    }
}

#[test]
fn small_and_thin_pictures_give_one_width() {
    let derived = derive(&encoded(&plain(90, 60), ImageFormat::Gif), &[]).unwrap();
    assert_eq!(derived.files.iter().map(|f| (f.width, f.height)).collect::<Vec<_>>(), [(90, 60)]);
    assert_eq!(sizes(20_000, 1).last(), Some(&(1600, 1)));
    assert_eq!(sizes(300, 200), [(160, 107), (300, 200)]);
    assert_eq!(sizes(400, 20_000), [(160, 8_000), (320, 16_000)]);
    assert_eq!(sizes(320, 20_000), [(160, 10_000), (262, 16_375)]);
    assert_eq!(sizes(1, 20_000), [(1, LONGEST_DERIVED_SIDE)]);
}

#[test]
fn transparency_becomes_white_in_jpeg_only() {
    let hole = RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([0, 0, 0, 0]) } else { Rgba([0, 128, 0, 255]) });
    let derived = derive(&encoded(&hole.into(), ImageFormat::Png), &[Format::Webp]).unwrap();
    let [jpeg, webp] = derived.files.as_slice() else { panic!("one of each") };
    let picture = opened(jpeg);
    assert!(close(picture.get_pixel(8, 32), [255, 255, 255]));
    assert!(close(picture.get_pixel(56, 32), [0, 128, 0]));
    assert_eq!(image::load_from_memory(&webp.bytes).unwrap().into_rgba8().get_pixel(8, 32).0[3], 0);
}

#[test]
fn other_files_are_refused_by_content() {
    let named = |bytes: &[u8]| match inspect(bytes) {
        Err(PictureError::Unsupported(what)) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "an SVG drawing");
    assert_eq!(named("\u{feff} <?xml version='1.0'?>\n<!-- x --><SVG onload='x'/>".as_bytes()), "an SVG drawing");
    assert_eq!(named(b"<!DOCTYPE html><p>hi"), "a web page");
    assert_eq!(named(b"\0\0\0\x1cftypavif\0\0\0\0"), "an AVIF picture");
    assert_eq!(named(b"\0\0\0\x1cftypheic\0\0\0\0"), "a HEIC picture, as some phones make them");
    assert_eq!(named(b""), "empty");
    assert_eq!(named(b"MZ\x90"), "not a picture that we know");
    assert_eq!(inspect(&vec![0; MOST_BYTES + 1]), Err(PictureError::TooManyBytes));
    for start in [b"\xff\xd8\xff".as_slice(), b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"] {
        assert_eq!(inspect(start), Err(PictureError::Broken), "{start:?}");
    }
    let whole = encoded(&plain(300, 300), ImageFormat::Png);
    assert_eq!(derive(&whole[..whole.len() / 2], &[]).unwrap_err(), PictureError::Broken);
}

#[test]
fn a_flood_of_pixels_is_refused_by_its_header() {
    let flood = |width: u32, height: u32| {
        let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        [b"\x89PNG\r\n\x1a\n".as_slice(), &png_part(b"IHDR", &header), &png_part(b"IDAT", &[0x78, 0x9c]), &png_part(b"IEND", &[])].concat()
    };
    let started = Instant::now();
    for (width, height) in [(20_000, 20_000), (20_001, 1), (1, 20_001), (50_001, 50_001), (10_000, 5_001), (2_147_483_647, 2_147_483_647)] {
        let refused = inspect(&flood(width, height)).unwrap_err();
        assert_eq!(refused, PictureError::TooManyPixels, "{width}x{height}");
        assert!(refused.to_string().contains("50 million"));
    }
    // The same claim in a GIF, a JPEG and a WebP.
    let mut gif = encoded(&plain(16, 16), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x20, 0x4e, 0x20, 0x4e]);
    assert_eq!(inspect(&gif), Err(PictureError::TooManyPixels));
    // Lossless WebP has 14 bits for each side less one: here 16,383 × 16,383.
    let mut webp = encoded(&plain(16, 16), ImageFormat::WebP);
    webp[21..25].copy_from_slice(&[0xfe, 0xbf, 0xff, 0x0f]);
    assert_eq!(inspect(&webp), Err(PictureError::TooManyPixels));
    let mut jpeg = encoded(&plain(16, 16), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x4e, 0x20, 0x4e, 0x20]);
    assert_eq!(inspect(&jpeg), Err(PictureError::TooManyPixels));
    assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
}

#[test]
fn packed_text_in_a_png_is_never_unpacked() {
    let original = encoded(&plain(40, 40), ImageFormat::Png);
    let bomb = {
        use std::io::Write;
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&vec![b'a'; 64 * 1024 * 1024]).unwrap();
        packer.finish().unwrap()
    };
    let text = png_part(b"zTXt", &[b"Comment\0\0".as_slice(), &bomb].concat());
    let profile = png_part(b"iCCP", &[b"p\0\0".as_slice(), &bomb].concat());
    let header_end = 8 + 25;
    let armed = [&original[..header_end], &text, &profile, &original[header_end..]].concat();
    let started = Instant::now();
    assert_eq!(safe_bytes(Kind::Png, &armed).unwrap(), safe_bytes(Kind::Png, &original).unwrap());
    assert_eq!(derive(&armed, &[]).unwrap().files.len(), 1);
    assert!(started.elapsed() < Duration::from_millis(500));
}

/// Prints how long a large photo takes; run by hand with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn time_of_a_large_photo() {
    let noise = RgbImage::from_fn(4000, 3000, |x, y| {
        let byte = |n: u32| u8::try_from((x / 7 * n + y / 5 * (n + 3)) % 256).unwrap();
        Rgb([byte(3), byte(5), byte(11)])
    });
    let photo = encoded(&noise.into(), ImageFormat::Jpeg);
    for formats in [&[][..], &[Format::Webp], &[Format::Avif]] {
        let started = Instant::now();
        let sizes: Vec<usize> = derive(&photo, formats).unwrap().files.iter().map(|f| f.bytes.len()).collect();
        println!("{formats:?}: {:?} {sizes:?}", started.elapsed());
    }
}
