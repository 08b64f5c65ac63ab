//! Structured data as it stands in a page: JSON that cannot end its own script element.

use serde::Serialize;

/// One JSON-LD document.
#[derive(Debug, Clone)]
pub struct JsonLd(String);

impl JsonLd {
    /// Writes a value; `<` is escaped, so no text can close the element.
    pub fn new(value: &impl Serialize) -> Self {
        let text = serde_json::to_string(value).unwrap_or_else(|_| "{}".into());
        Self(text.replace('<', "\\u003c"))
    }
}

impl std::fmt::Display for JsonLd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
