//! The home page, as the merchant arranges it.

use crate::catalog::Picture;

/// Kept under the settings key [`Home::KEY`]. Empty parts are not shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Home {
    pub title: String,
    pub line: String,
    /// The opening picture: the first that a visitor sees.
    pub picture: Option<Picture>,
    pub sections: Vec<Section>,
    /// Short facts that make buying here easy.
    pub facts: Vec<String>,
    /// The blog whose newest articles are shown.
    pub blog: String,
}

/// A picture with a few sentences beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Section {
    pub title: String,
    pub text: String,
    pub link: String,
    /// A path inside the shop.
    pub href: String,
    pub picture: Option<Picture>,
}

impl Home {
    pub const KEY: &str = "home";
    /// Sections of the editor.
    pub const SECTIONS: usize = 3;
}
