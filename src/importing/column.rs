//! The columns of Shopify's product file under both sets of names, matched in any order and without regard to case.

use std::collections::{BTreeMap, BTreeSet};

use super::{ReadError, Table};

/// Which set of column names a file uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `Title, URL handle, Description, …`: Shopify's present help page and template.
    New,
    /// `Handle, Title, Body (HTML), …`: real exports and nearly every other tool.
    Legacy,
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New => "Shopify products, new column names",
            Self::Legacy => "Shopify products, old column names",
        })
    }
}

/// A column that is read. Options are numbered from 1 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    Handle,
    Title,
    Description,
    Vendor,
    Category,
    Type,
    Tags,
    Published,
    Status,
    GiftCard,
    SeoTitle,
    SeoDescription,
    OptionName(u8),
    OptionValue(u8),
    Sku,
    Barcode,
    Price,
    CompareAt,
    Cost,
    Taxable,
    Tracker,
    Quantity,
    ContinueSelling,
    Grams,
    RequiresShipping,
    VariantImage,
    HsCode,
    CountryOfOrigin,
    ImageUrl,
    ImagePosition,
    ImageAlt,
}

/// Column, new name, old name; in lower case.
const NAMES: [(Column, &str, &str); 35] = [
    (Column::Handle, "url handle", "handle"),
    (Column::Title, "title", "title"),
    (Column::Description, "description", "body (html)"),
    (Column::Vendor, "vendor", "vendor"),
    (Column::Category, "product category", "product category"),
    (Column::Type, "type", "type"),
    (Column::Tags, "tags", "tags"),
    (Column::Published, "published on online store", "published"),
    (Column::Status, "status", "status"),
    (Column::GiftCard, "gift card", "gift card"),
    (Column::SeoTitle, "seo title", "seo title"),
    (Column::SeoDescription, "seo description", "seo description"),
    (Column::OptionName(1), "option1 name", "option1 name"),
    (Column::OptionName(2), "option2 name", "option2 name"),
    (Column::OptionName(3), "option3 name", "option3 name"),
    (Column::OptionValue(1), "option1 value", "option1 value"),
    (Column::OptionValue(2), "option2 value", "option2 value"),
    (Column::OptionValue(3), "option3 value", "option3 value"),
    (Column::Sku, "sku", "variant sku"),
    (Column::Barcode, "barcode", "variant barcode"),
    (Column::Price, "price", "variant price"),
    (Column::CompareAt, "compare-at price", "variant compare at price"),
    (Column::Cost, "cost per item", "cost per item"),
    (Column::Taxable, "charge tax", "variant taxable"),
    (Column::Tracker, "inventory tracker", "variant inventory tracker"),
    (Column::Quantity, "inventory quantity", "variant inventory qty"),
    (Column::ContinueSelling, "continue selling when out of stock", "variant inventory policy"),
    (Column::Grams, "weight value (grams)", "variant grams"),
    (Column::RequiresShipping, "requires shipping", "variant requires shipping"),
    (Column::VariantImage, "variant image url", "variant image"),
    (Column::HsCode, "hs code", "hs code"),
    (Column::CountryOfOrigin, "country of origin", "coo"),
    (Column::ImageUrl, "product image url", "image src"),
    (Column::ImagePosition, "image position", "image position"),
    (Column::ImageAlt, "image alt text", "image alt text"),
];

/// Names that no other known format shares.
const UNMISTAKABLE: [(&str, Dialect); 16] = [
    ("url handle", Dialect::New),
    ("published on online store", Dialect::New),
    ("compare-at price", Dialect::New),
    ("charge tax", Dialect::New),
    ("inventory tracker", Dialect::New),
    ("continue selling when out of stock", Dialect::New),
    ("weight value (grams)", Dialect::New),
    ("product image url", Dialect::New),
    ("body (html)", Dialect::Legacy),
    ("variant price", Dialect::Legacy),
    ("variant sku", Dialect::Legacy),
    ("variant grams", Dialect::Legacy),
    ("variant inventory qty", Dialect::Legacy),
    ("variant inventory policy", Dialect::Legacy),
    ("variant compare at price", Dialect::Legacy),
    ("image src", Dialect::Legacy),
];

/// Where each known column stands.
pub(super) struct Columns {
    pub dialect: Dialect,
    at: BTreeMap<Column, usize>,
    header: Vec<String>,
    pub ignored: Vec<String>,
}

impl Columns {
    pub fn of(table: &Table) -> Result<Self, ReadError> {
        let dialect = recognise(table).ok_or(ReadError::NotRecognised)?;
        let names = lowered(table);
        let mut at: BTreeMap<Column, usize> = BTreeMap::new();
        let other = if dialect == Dialect::New { Dialect::Legacy } else { Dialect::New };
        // The file's own dialect has the first say: an old file may well hold a foreign column called "Price".
        for pass in [dialect, other] {
            let mut found: BTreeMap<Column, usize> = BTreeMap::new();
            for (index, name) in names.iter().enumerate() {
                let Some(column) = column_named(name, pass).filter(|column| !at.contains_key(column)) else { continue };
                if let Some(first) = found.insert(column, index) {
                    return Err(ReadError::ColumnTwice { first: table.header[first].clone(), second: table.header[index].clone() });
                }
            }
            at.extend(found);
        }
        let read: BTreeSet<usize> = at.values().copied().collect();
        let ignored = table.header.iter().enumerate().filter(|(index, name)| !read.contains(index) && !name.trim().is_empty());
        Ok(Self { dialect, ignored: ignored.map(|(_, name)| name.trim().to_owned()).collect(), at, header: table.header.clone() })
    }

    pub fn index(&self, column: Column) -> Option<usize> {
        self.at.get(&column).copied()
    }

    pub fn has(&self, column: Column) -> bool {
        self.at.contains_key(&column)
    }

    /// The header as the file writes it.
    pub fn name(&self, column: Column) -> String {
        self.index(column).map_or_else(String::new, |index| self.header[index].trim().to_owned())
    }

    pub fn width(&self) -> usize {
        self.header.len()
    }

    pub fn present(&self) -> BTreeSet<Column> {
        self.at.keys().copied().collect()
    }
}

/// Tells the dialect by the header; `None` for every other kind of file, Shopify's own inventory and order files among them.
pub(super) fn recognise(table: &Table) -> Option<Dialect> {
    let names = lowered(table);
    let has = |name: &str| names.iter().any(|n| n == name);
    let count = |dialect| UNMISTAKABLE.iter().filter(|(name, of)| *of == dialect && has(name)).count();
    let (new, legacy) = (count(Dialect::New), count(Dialect::Legacy));
    let is_inventory = has("location") && (has("on hand") || has("available"));
    let is_known = |name: &String| column_named(name, Dialect::New).or(column_named(name, Dialect::Legacy)).is_some();
    // A short file for updates (`Handle, Title, Tags`) has no unmistakable name, but no foreign one either.
    let is_short_update = has("handle") && names.iter().all(is_known);
    if !has("title") || is_inventory || (new + legacy == 0 && !is_short_update) {
        return None;
    }
    match (has("url handle"), has("handle")) {
        (true, false) => Some(Dialect::New),
        (false, true) => Some(Dialect::Legacy),
        _ if new >= legacy => Some(Dialect::New),
        _ => Some(Dialect::Legacy),
    }
}

fn column_named(name: &str, dialect: Dialect) -> Option<Column> {
    let of = |(_, new, old): &&(Column, &str, &str)| name == if dialect == Dialect::New { *new } else { *old };
    NAMES.iter().find(of).map(|(column, _, _)| *column)
}

fn lowered(table: &Table) -> Vec<String> {
    table.header.iter().map(|name| name.trim().to_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Option<Dialect> {
        recognise(&Table::parse(header.as_bytes()).expect("a table"))
    }

    #[test]
    fn both_dialects_are_known_in_any_order_and_case() {
        assert_eq!(of("PRICE,Url Handle,title\n"), Some(Dialect::New));
        assert_eq!(of(" Variant Price ,Title,HANDLE\n"), Some(Dialect::Legacy));
        assert_eq!(of("Title,Product image URL\n"), Some(Dialect::New));
        assert_eq!(of("Handle,Title,Tags\n"), Some(Dialect::Legacy));
    }

    #[test]
    fn other_files_are_not_taken_for_products() {
        assert_eq!(of("Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,Available,On hand\n"), None);
        assert_eq!(of("ID,Type,SKU,Name,Published,Visibility in catalog\n"), None);
        assert_eq!(of("id,title,description,link,price\n"), None);
        assert_eq!(of("Name,Email,Financial Status,Lineitem sku\n"), None);
    }

    #[test]
    fn unknown_columns_are_named_and_a_foreign_price_does_not_replace_the_own() {
        let table = Table::parse(b"Handle,Title,Price,Variant Price,Price / International,Option1 Linked To\n").expect("a table");
        let columns = Columns::of(&table).expect("columns");
        assert_eq!(columns.index(Column::Price), Some(3));
        assert_eq!(columns.ignored, ["Price", "Price / International", "Option1 Linked To"]);
    }

    #[test]
    fn one_column_twice_is_refused() {
        let table = Table::parse(b"Handle,Title,Variant SKU,variant sku\n").expect("a table");
        let twice = ReadError::ColumnTwice { first: "Variant SKU".into(), second: "variant sku".into() };
        assert_eq!(Columns::of(&table).err(), Some(twice));
    }
}
