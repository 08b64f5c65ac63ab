//! What a file says, before the shop decides what to do with it: drafts, counts and problems.

use std::collections::BTreeSet;

use super::{Column, Dialect};
use crate::base::Money;

/// A file of products, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    pub dialect: Dialect,
    /// In the order in which their handles first appear.
    pub products: Vec<ProductDraft>,
    /// In the order of the file.
    pub problems: Vec<Problem>,
    /// Header names that were not read, in the order of the file.
    pub ignored_columns: Vec<String>,
    pub counts: Counts,
    /// The columns that the file has. When an existing product is overwritten, a column that is present and blank
    /// blanks the value, a column that is absent leaves the value alone (Shopify's rule).
    pub present: BTreeSet<Column>,
}

/// How much was read; products, variants and images count what is in the drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub rows: usize,
    pub products: usize,
    pub variants: usize,
    pub images: usize,
}

/// A product as the file states it. Texts are `None` where the cell is blank or the column is absent:
/// [`Catalogue::present`] tells which. HTML is raw: it must be cleaned before it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductDraft {
    /// Where the product begins in the file.
    pub line: u64,
    /// Passes [`crate::base::Handle::parse`] and is unique in the file.
    pub handle: String,
    pub title: String,
    pub description_html: Option<String>,
    pub vendor: Option<String>,
    pub product_type: Option<String>,
    pub category: Option<String>,
    pub tags: Vec<String>,
    /// `None` where the file has no such column; a blank cell publishes.
    pub published: Option<bool>,
    pub status: Option<Status>,
    /// Names of the options; empty for a product of one variant without options (`Title` / `Default Title`).
    pub options: Vec<String>,
    /// At least one; in a file without any column about variants, one that states nothing.
    pub variants: Vec<VariantDraft>,
    /// By position; no address twice.
    pub images: Vec<ImageDraft>,
    pub seo_title: Option<String>,
    pub seo_description: Option<String>,
    pub gift_card: bool,
    /// Rows of this product were left out (see the problems), so a variant or image missing here proves nothing.
    pub is_incomplete: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    Active,
    Draft,
    Archived,
}

/// A variant as the file states it; defaults stand where a cell is blank.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantDraft {
    pub line: u64,
    /// One for each of the product's options; unique within the product.
    pub option_values: Vec<String>,
    /// May be shared by several variants: a key only where it is unique.
    pub sku: Option<String>,
    pub barcode: Option<String>,
    /// `None` where blank or unreadable: such a variant cannot be sold.
    pub price: Option<Money>,
    /// The former price; zero means none.
    pub compare_at: Option<Money>,
    pub cost: Option<Money>,
    /// True where blank.
    pub taxable: bool,
    /// Whether stock is counted. Without a tracker it is not, even where a quantity is given.
    pub tracked: bool,
    /// Pieces; may be negative.
    pub quantity: Option<i64>,
    pub continue_selling: bool,
    /// Whole grams, whatever unit the file displays; a fraction of a gram is rounded, half up.
    pub weight_grams: Option<i64>,
    /// True where blank.
    pub requires_shipping: bool,
    /// Usually, but not always, one of the product's images.
    pub image_url: Option<String>,
    pub hs_code: Option<String>,
    /// As written; mostly ISO 3166-1 alpha-2.
    pub country_of_origin: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageDraft {
    /// Begins with `http://` or `https://`; nothing else is known of it.
    pub url: String,
    /// From 1; as given, or after the highest before it. May repeat.
    pub position: u32,
    pub alt: Option<String>,
}

/// Something that the merchant should know about one cell or row. `column` is the file's own header, empty for a whole row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub line: u64,
    pub column: String,
    pub kind: ProblemKind,
    /// A sentence that says what was found and what was done.
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// More or fewer cells than the header: the row is left out.
    RaggedRow,
    /// No handle and no title: the row is left out.
    MissingHandle,
    /// The handle cannot stand in an address: the product is left out.
    InvalidHandle,
    /// The handle was written with capitals.
    ChangedHandle,
    /// A product without handle whose title makes a handle that is taken: the row is left out.
    DuplicateHandle,
    /// No row of the handle has a title: the product is left out.
    MissingTitle,
    /// A later row says otherwise; the first stands.
    Contradiction,
    /// Values of an option without name, or one name twice: the product is left out.
    InvalidOption,
    /// A variant lacks the value of one of the product's options and is left out.
    MissingOptionValue,
    /// The same option values again: the later variant is left out.
    DuplicateOptions,
    /// A SKU that an earlier variant, or one of the shop, has; both variants are kept.
    DuplicateSku,
    /// The variant is kept without price.
    MissingPrice,
    /// Not an amount, negative, or too many decimals: read as blank.
    InvalidAmount,
    /// Not a number of the kind expected: read as blank.
    InvalidNumber,
    /// Not one of the words expected; the message says what was taken.
    UnknownValue,
    /// Not a web address: left out.
    InvalidUrl,
    /// The shop cannot do this; the message says what was done instead.
    NotSupported,
    /// The shop or its database said no: the product is left out.
    Refused,
    /// More images or variants than a product may have: the rest is left out.
    TooMany,
}

/// Why a table cannot be read as products at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the header is not that of a Shopify product file")]
    NotRecognised,
    #[error("the columns “{first}” and “{second}” mean the same; remove one of them")]
    ColumnTwice { first: String, second: String },
}
