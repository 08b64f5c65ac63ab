//! A language of the shop, as a BCP 47 tag (`en`, `de-CH`).

use super::money::text_column;

/// A BCP 47 tag of at most eleven characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language {
    tag: [u8; 11],
    len: u8,
}

impl Language {
    pub fn parse(tag: &str) -> Option<Self> {
        let bytes = tag.as_bytes();
        let fits = (2..=11).contains(&bytes.len()) && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-') && bytes[0].is_ascii_lowercase();
        if !fits {
            return None;
        }
        let mut stored = [0; 11];
        stored[..bytes.len()].copy_from_slice(bytes);
        Some(Self { tag: stored, len: u8::try_from(bytes.len()).ok()? })
    }

    pub fn english() -> Self {
        Self::parse("en").expect("`en` is a tag")
    }

    pub fn tag(&self) -> &str {
        std::str::from_utf8(&self.tag[..usize::from(self.len)]).unwrap_or("en")
    }

    /// `ltr` or `rtl`, by the script that the language is commonly written in (CLDR).
    pub fn direction(&self) -> &'static str {
        match self.tag().split('-').next() {
            Some("ar" | "he" | "fa" | "ur" | "ps" | "ckb" | "dv" | "yi") => "rtl",
            _ => "ltr",
        }
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.tag())
    }
}

text_column!(Language, |text| Language::parse(text), |this| this.tag());
