//! The part of an address that names a thing: lower-case letters, digits and hyphens.

use super::money::text_column;

/// A handle: 1 to 255 characters of `a-z 0-9 -` (imported ones may hold other letters and `_`, `.`), never only digits' worth of meaning.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Handle(String);

impl Handle {
    /// Takes a handle as it stands in an address. Letters of any script are kept, so that imported links go on working.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty()
            && text.len() <= 255
            && text.chars().all(|c| (c.is_alphanumeric() && !c.is_uppercase()) || matches!(c, '-' | '_' | '.'))
            && !text.starts_with('.');
        fits.then(|| Self(text.to_owned()))
    }

    /// Makes a handle of a title; `fallback` where nothing is left of it (a title in a script without a table).
    pub fn of_title(title: &str, fallback: &str) -> Self {
        let slug = slug::slugify(title.replace('&', " and "));
        let cut: String = slug.chars().take(100).collect();
        let cut = cut.trim_matches('-');
        Self(if cut.is_empty() { fallback.to_owned() } else { cut.to_owned() })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

text_column!(Handle, |text| Handle::parse(text), |this| this.as_str());
