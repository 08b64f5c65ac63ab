//! A page with holes as gzip, compressed once: between its parts stands, uncompressed, what the holes hold for one visitor.
//!
//! Deflate (RFC 1951) is a row of blocks. Each part of the page is a row of its own that ends at a byte (a full flush) and
//! refers to nothing outside itself, a hole is a stored block, and the checksum of the whole follows from those of the parts
//! (RFC 1952). So a visitor with a cart costs a copy, and the length of the answer tells nothing of how a secret in it
//! compresses.

use axum::body::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};

/// Bytes of the longest stored block.
const LONGEST_BLOCK: usize = 0xffff;
/// Magic, deflate, no flags, no time, best compression, unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff];
/// The last block: stored and empty.
const END: [u8; 5] = [1, 0, 0, 0xff, 0xff];

struct Part {
    deflated: Vec<u8>,
    crc: Crc,
}

/// The parts of a page between its holes.
pub struct Spliced {
    parts: Vec<Part>,
    size: usize,
}

impl Spliced {
    pub fn new<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let parts: Vec<Part> = parts.into_iter().map(|text| deflated(text.as_bytes())).collect();
        let size = parts.iter().map(|part| part.deflated.len()).sum();
        Self { parts, size }
    }

    /// The whole with what the holes hold, in their order: one fewer than there are parts.
    pub fn with<'a>(&self, holes: impl IntoIterator<Item = &'a str>) -> Bytes {
        let mut out = Vec::with_capacity(self.size + 1_024);
        out.extend_from_slice(&HEAD);
        let (mut crc, mut holes) = (Crc::new(), holes.into_iter());
        for part in &self.parts {
            out.extend_from_slice(&part.deflated);
            crc.combine(&part.crc);
            for block in holes.next().unwrap_or_default().as_bytes().chunks(LONGEST_BLOCK) {
                let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
                out.push(0);
                out.extend_from_slice(&length.to_le_bytes());
                out.extend_from_slice(&(!length).to_le_bytes());
                out.extend_from_slice(block);
                crc.update(block);
            }
        }
        out.extend_from_slice(&END);
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&crc.amount().to_le_bytes());
        out.into()
    }

    /// Bytes in memory.
    pub const fn size(&self) -> usize {
        self.size
    }
}

/// Raw deflate that ends at a byte and is not the end of the stream.
fn deflated(bytes: &[u8]) -> Part {
    let mut crc = Crc::new();
    crc.update(bytes);
    let mut compress = Compress::new(Compression::new(6), false);
    let mut deflated = Vec::with_capacity(bytes.len() / 2 + 64);
    loop {
        let taken = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        let room = deflated.capacity() - deflated.len();
        compress.compress_vec(bytes.get(taken..).unwrap_or_default(), &mut deflated, FlushCompress::Full).expect("memory takes every byte");
        // Room that is left means that everything, the flush included, has been written.
        if compress.total_in() == bytes.len() as u64 && deflated.capacity() > deflated.len() && room > 0 {
            break;
        }
        deflated.reserve(bytes.len() / 4 + 64);
    }
    Part { deflated, crc }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes).read_to_string(&mut text).expect("sound gzip");
        text
    }

    #[test]
    fn what_comes_out_is_the_page_with_its_holes_filled() {
        let long = "shelf ".repeat(30_000);
        let page = Spliced::new(["<html>", &long, "", "</html>"]);
        let name = "Ada ".repeat(40_000);
        assert_eq!(read(&page.with(["<b>3</b>", &name, ""])), format!("<html><b>3</b>{long}{name}</html>"));
        assert_eq!(read(&page.with(["", "", ""])), format!("<html>{long}</html>"), "the same parts again");
        assert_eq!(read(&Spliced::new(["all"]).with([])), "all");
        assert!(page.size() < long.len() / 50, "{}", page.size());
    }

    proptest! {
        #[test]
        fn any_text_comes_back(parts in prop::collection::vec(".{0,400}", 1..6), holes in prop::collection::vec(".{0,80}", 5)) {
            let page = Spliced::new(parts.iter().map(String::as_str));
            let between = &holes[..parts.len() - 1];
            let mut whole = String::new();
            for (at, part) in parts.iter().enumerate() {
                whole.push_str(part);
                whole.push_str(between.get(at).map_or("", String::as_str));
            }
            prop_assert_eq!(read(&page.with(between.iter().map(String::as_str))), whole);
        }
    }
}
