//! Shopify's product file: rows of one handle, wherever they stand, become one product with its variants and images.
//! Rules: Shopify's help on product CSV files, and what real exports do besides.

mod image;
mod option;
mod variant;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::cells::Cells;
use super::column::{self, Columns};
use super::{Catalogue, Column, Counts, Dialect, Problem, ProblemKind, ProductDraft, ReadError, Row, Status, Table};
use crate::base::{Currency, Handle};

/// Variants of one product that are read; Shopify's own limit.
pub const MAX_VARIANTS: usize = 2048;

/// Images of one product that are read; Shopify's own limit.
pub const MAX_IMAGES: usize = 250;

/// Tells the dialect by the header alone; `None` where the table is no Shopify product file.
pub fn recognise(table: &Table) -> Option<Dialect> {
    column::recognise(table)
}

/// Reads every product that can be read; all else is in [`Catalogue::problems`]. Amounts are in `currency`, the shop's.
///
/// # Errors
/// When the header is not recognised or names one column twice.
pub fn read(table: &Table, currency: Currency) -> Result<Catalogue, ReadError> {
    let columns = Columns::of(table)?;
    let mut problems = Vec::new();
    let rows: Vec<Cells> = table.rows.iter().filter(|row| !is_blank(row)).map(|row| Cells { columns: &columns, row }).collect();
    let groups = group(&rows, &mut problems);
    let products: Vec<ProductDraft> = groups.iter().filter_map(|group| product(group, currency, &mut problems)).collect();
    variant::report_shared_skus(&products, &columns, &mut problems);
    problems.sort_by_key(|problem| problem.line);
    let counts = Counts {
        rows: rows.len(),
        products: products.len(),
        variants: products.iter().map(|product| product.variants.len()).sum(),
        images: products.iter().map(|product| product.images.len()).sum(),
    };
    Ok(Catalogue { dialect: columns.dialect, products, problems, counts, present: columns.present(), ignored_columns: columns.ignored })
}

/// The rows of one handle, in the order of the file.
struct Group<'a> {
    handle: String,
    rows: Vec<Cells<'a>>,
    has_lost_rows: bool,
}

/// Spreadsheets write lines of nothing but separators below the data.
fn is_blank(row: &Row) -> bool {
    row.cells.iter().all(|cell| cell.trim().is_empty())
}

fn group<'a>(rows: &[Cells<'a>], problems: &mut Vec<Problem>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut without_handle = Vec::new();
    for cells in rows {
        let ragged = ragged(cells);
        let is_lost = ragged.is_some();
        problems.extend(ragged);
        // Addresses are lower case, so two spellings of one handle are one product.
        let Some(handle) = cells.word(Column::Handle).map(str::to_lowercase) else {
            without_handle.extend((!is_lost).then_some(*cells));
            continue;
        };
        let at = *known.entry(handle.clone()).or_insert(groups.len());
        if at == groups.len() {
            groups.push(Group { handle, rows: Vec::new(), has_lost_rows: false });
        }
        let group = &mut groups[at];
        group.has_lost_rows |= is_lost;
        group.rows.extend((!is_lost).then_some(*cells));
    }
    // Only now, when every handle of the file is known, can a title be asked for one.
    for cells in without_handle {
        match handle_of_title(&cells) {
            Ok(handle) if !known.contains_key(&handle) => {
                known.insert(handle.clone(), groups.len());
                groups.push(Group { handle, rows: vec![cells], has_lost_rows: false });
            }
            Ok(handle) => {
                let message = format!("the row has no handle, and “{handle}”, made of its title, is another product's; left out");
                problems.push(cells.problem(Column::Title, ProblemKind::DuplicateHandle, message));
            }
            Err(problem) => problems.push(problem),
        }
    }
    groups.sort_by_key(|group| group.rows.first().map(|cells| cells.row.line));
    groups
}

/// A row that does not fit its header may be shifted, and a short one would blank what it does not mention.
fn ragged(cells: &Cells) -> Option<Problem> {
    let (width, found) = (cells.columns.width(), cells.row.cells.len());
    let has_text_beyond = cells.row.cells.iter().skip(width).any(|cell| !cell.trim().is_empty());
    (found < width || has_text_beyond).then(|| Problem {
        line: cells.row.line,
        column: String::new(),
        kind: ProblemKind::RaggedRow,
        message: format!("the row has {found} cells, the header {width}; left out"),
    })
}

fn handle_of_title(cells: &Cells) -> Result<String, Problem> {
    let title = cells.word(Column::Title);
    let handle = title.map(|title| Handle::of_title(title, &format!("product-{}", cells.row.line)).to_string());
    handle.ok_or_else(|| cells.problem(Column::Handle, ProblemKind::MissingHandle, "neither handle nor title; the row is left out".to_owned()))
}

fn product(group: &Group, currency: Currency, problems: &mut Vec<Problem>) -> Option<ProductDraft> {
    let first = group.rows.first()?;
    check_handle(group, first, problems)?;
    let Some(main) = group.rows.iter().find(|cells| !cells.is_blank(Column::Title)) else {
        let message = format!("“{}” has no title on any row; left out", group.handle);
        problems.push(first.problem(Column::Title, ProblemKind::MissingTitle, message));
        return None;
    };
    report_other_titles(group, main, problems);
    let options = option::read(&group.rows, problems)?;
    let (variants, has_all_variants) = variant::read(&group.rows, main, &options, currency, problems);
    if variants.is_empty() {
        let message = format!("no variant of “{}” could be read; the product is left out", group.handle);
        problems.push(main.problem(Column::OptionValue(1), ProblemKind::InvalidOption, message));
        return None;
    }
    let (images, has_all_images) = image::read(&group.rows, problems);
    let is_published = |problems: &mut Vec<Problem>| {
        main.choice(Column::Published, &[("true", true), ("false", false)], true, (false, "kept unpublished"), problems)
    };
    Some(ProductDraft {
        line: first.row.line,
        handle: group.handle.clone(),
        title: main.owned(Column::Title)?,
        description_html: main.text(Column::Description),
        vendor: main.owned(Column::Vendor),
        product_type: main.owned(Column::Type),
        category: main.owned(Column::Category),
        tags: main.list(Column::Tags),
        published: main.columns.has(Column::Published).then(|| is_published(problems)),
        status: status(main, problems),
        options: options.into_iter().map(|option| option.name).collect(),
        variants,
        images,
        seo_title: main.text(Column::SeoTitle),
        seo_description: main.text(Column::SeoDescription),
        gift_card: main.flag(Column::GiftCard, false, problems),
        is_incomplete: group.has_lost_rows || !has_all_variants || !has_all_images,
    })
}

fn check_handle(group: &Group, first: &Cells, problems: &mut Vec<Problem>) -> Option<()> {
    if Handle::parse(&group.handle).is_none() {
        let message = format!("“{}” cannot stand in an address (letters, digits and hyphens can); the product is left out", group.handle);
        problems.push(first.problem(Column::Handle, ProblemKind::InvalidHandle, message));
        return None;
    }
    let changed = group.rows.iter().find(|cells| cells.word(Column::Handle).is_some_and(|written| written != group.handle));
    problems.extend(changed.map(|cells| {
        let message = format!("handles are lower case; taken as “{}”", group.handle);
        cells.problem(Column::Handle, ProblemKind::ChangedHandle, message)
    }));
    Some(())
}

fn report_other_titles(group: &Group, main: &Cells, problems: &mut Vec<Problem>) {
    let title = main.word(Column::Title);
    let other = group.rows.iter().find(|cells| !cells.is_blank(Column::Title) && cells.word(Column::Title) != title);
    problems.extend(other.map(|cells| {
        let message = format!("“{}” has another title on line {}, which stands", group.handle, main.row.line);
        cells.problem(Column::Title, ProblemKind::Contradiction, message)
    }));
}

fn status(main: &Cells, problems: &mut Vec<Problem>) -> Option<Status> {
    let words = [("active", Some(Status::Active)), ("draft", Some(Status::Draft)), ("archived", Some(Status::Archived))];
    main.choice(Column::Status, &words, None, (Some(Status::Draft), "taken as draft"), problems)
}
