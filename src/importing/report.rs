//! The dry run in plain words: what was recognised, what an import would do, what is wrong and where.

use std::fmt::{Display, Formatter, Result};

use super::Catalogue;

/// Problems that are shown; the rest is counted.
const SHOWN: usize = 20;

/// What an import would do with one kind of thing; found by comparing with the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effects {
    pub created: usize,
    pub changed: usize,
    /// Already in the shop and left as they are.
    pub left: usize,
}

/// A report for people, in English, several lines long.
pub struct DryRun<'a> {
    pub catalogue: &'a Catalogue,
    pub products: Effects,
    pub variants: Effects,
    pub images: Effects,
}

impl Display for DryRun<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let catalogue = self.catalogue;
        let counts = catalogue.counts;
        writeln!(f, "Recognised: {}", catalogue.dialect)?;
        writeln!(f, "Read: {} rows, {} products, {} variants, {} images", counts.rows, counts.products, counts.variants, counts.images)?;
        for (name, effects) in [("Products", self.products), ("Variants", self.variants), ("Images", self.images)] {
            writeln!(f, "{name}: {} created, {} changed, {} left as they are", effects.created, effects.changed, effects.left)?;
        }
        if catalogue.ignored_columns.is_empty() {
            writeln!(f, "Ignored columns: none")?;
        } else {
            writeln!(f, "Ignored columns: {}", catalogue.ignored_columns.join(", "))?;
        }
        self.problems(f)
    }
}

impl DryRun<'_> {
    fn problems(&self, f: &mut Formatter<'_>) -> Result {
        let problems = &self.catalogue.problems;
        if problems.is_empty() {
            return writeln!(f, "Problems: none");
        }
        writeln!(f, "Problems: {}", problems.len())?;
        for problem in problems.iter().take(SHOWN) {
            let column = if problem.column.is_empty() { String::new() } else { format!(", {}", problem.column) };
            writeln!(f, "  line {}{column}: {}", problem.line, problem.message)?;
        }
        match problems.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "  and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Currency;
    use crate::importing::{Table, shopify};

    #[test]
    fn a_dry_run_says_what_would_happen_and_what_is_wrong() {
        let mut text = "Handle,Title,Variant Price,Colour\n".to_owned();
        (0..25).for_each(|n| text.push_str(&format!("h{n},T,,\n")));
        let table = Table::parse(text.as_bytes()).expect("a table");
        let catalogue = shopify::read(&table, Currency::EUR).expect("products");
        let products = Effects { created: 24, changed: 1, left: 0 };
        let report = DryRun { catalogue: &catalogue, products, variants: products, images: Effects::default() }.to_string();
        let lines: Vec<&str> = report.lines().collect();
        assert_eq!(lines[0], "Recognised: Shopify products, old column names");
        assert_eq!(lines[1], "Read: 25 rows, 25 products, 25 variants, 0 images");
        assert_eq!(lines[2], "Products: 24 created, 1 changed, 0 left as they are");
        assert_eq!(lines[5], "Ignored columns: Colour");
        assert_eq!(lines[6], "Problems: 25");
        assert_eq!(lines[7], "  line 2, Variant Price: no price; the variant is kept, but cannot be sold");
        assert_eq!((lines.len(), lines[27]), (28, "  and 5 more"));
    }
}
