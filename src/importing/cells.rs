//! One row's cells as values: blank or not, words, amounts, numbers; what cannot be read becomes a problem.

use std::borrow::Cow;
use std::collections::HashSet;

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::column::Columns;
use super::{Column, Problem, ProblemKind, Row};
use crate::base::money::AmountError;
use crate::base::{Currency, Money};

/// Blanks at the ends of a cell. U+00A0 and U+2028 are text and stay.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// No amount of a real shop is larger, and sums of this many minor units stay far below 2^63.
const MAX_MINOR: i64 = 10_000_000_000_000;

/// Guards a cell against being run as a formula by a spreadsheet; the reader takes the apostrophe away again.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest.trim_start_matches('\''))).unwrap_or(text)
}

/// What spreadsheets run, or look behind for something to run (OWASP, CSV injection).
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The row under its columns. Absent columns read as blank.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub columns: &'a Columns,
    pub row: &'a Row,
}

impl<'a> Cells<'a> {
    fn raw(&self, column: Column) -> &'a str {
        self.columns.index(column).and_then(|index| self.row.cells.get(index)).map_or("", String::as_str)
    }

    pub fn is_blank(&self, column: Column) -> bool {
        self.word(column).is_none()
    }

    /// The text as written, without a formula guard.
    pub fn text(&self, column: Column) -> Option<String> {
        self.word(column)?;
        Some(unguarded(self.raw(column)).to_owned())
    }

    /// A single line's worth of text: without blanks at its ends.
    pub fn word(&self, column: Column) -> Option<&'a str> {
        Some(unguarded(self.raw(column).trim_matches(BLANKS)).trim_matches(BLANKS)).filter(|word| !word.is_empty())
    }

    pub fn owned(&self, column: Column) -> Option<String> {
        self.word(column).map(str::to_owned)
    }

    /// A code such as a SKU, which exports guard with an apostrophe when it begins with a digit.
    pub fn code(&self, column: Column) -> Option<String> {
        let word = self.word(column)?;
        let code = word.strip_prefix('\'').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(word);
        Some(code.to_owned())
    }

    /// A comma list; empty and repeated entries are dropped.
    pub fn list(&self, column: Column) -> Vec<String> {
        let entries = self.word(column).unwrap_or_default().split(',').map(|entry| entry.trim_matches(BLANKS));
        // A set beside the list: one cell may hold a whole file of entries.
        let mut known = HashSet::new();
        entries.filter(|entry| !entry.is_empty() && known.insert(*entry)).map(str::to_owned).collect()
    }

    /// One of the words; `blank` where the cell is blank, `unknown` with a problem where it says something else.
    pub fn choice<T: Copy>(&self, column: Column, words: &[(&str, T)], blank: T, unknown: (T, &str), problems: &mut Vec<Problem>) -> T {
        let Some(word) = self.word(column) else { return blank };
        let known = words.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, value)| *value);
        known.unwrap_or_else(|| {
            problems.push(self.problem(column, ProblemKind::UnknownValue, format!("“{word}” is not known here; {}", unknown.1)));
            unknown.0
        })
    }

    pub fn flag(&self, column: Column, blank: bool, problems: &mut Vec<Problem>) -> bool {
        let taken = if blank { "taken as TRUE" } else { "taken as FALSE" };
        self.choice(column, &[("true", true), ("false", false)], blank, (blank, taken), problems)
    }

    /// An amount in the shop's currency, never rounded and never negative.
    pub fn amount(&self, column: Column, currency: Currency, problems: &mut Vec<Problem>) -> Option<Money> {
        let word = self.number(column)?;
        // Only zeros are dropped, and only where the currency has no decimals: "1.000" of euros may be a thousand.
        let plain =
            word.split_once('.').filter(|(_, zeros)| currency.exponent() == 0 && matches!(*zeros, "0" | "00")).map_or(word, |(whole, _)| whole);
        let reason = match Money::parse(plain, currency) {
            Ok(amount) if amount.minor() < 0 => "is negative".to_owned(),
            Ok(amount) if amount.minor() > MAX_MINOR => "is too large".to_owned(),
            Ok(amount) => return Some(amount),
            Err(AmountError::TooManyDecimals) => format!("has too many decimals for {currency}"),
            Err(AmountError::Syntax) => "is not an amount (digits and a point, without currency sign)".to_owned(),
        };
        problems.push(self.problem(column, ProblemKind::InvalidAmount, format!("“{word}” {reason}; read as blank")));
        None
    }

    pub fn whole(&self, column: Column, problems: &mut Vec<Problem>) -> Option<i64> {
        let word = self.number(column)?;
        let whole = decimal(word).filter(Decimal::is_integer).and_then(|number| number.to_i64());
        whole.or_else(|| self.no_number(column, word, "a whole number", problems))
    }

    /// Grams; the file writes `0.0` and, converted from pounds, fractions.
    pub fn grams(&self, column: Column, problems: &mut Vec<Problem>) -> Option<i64> {
        let word = self.number(column)?;
        let rounded = decimal(word).map(|number| number.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
        let grams = rounded.and_then(|number| number.to_i64()).filter(|grams| *grams >= 0);
        grams.or_else(|| self.no_number(column, word, "a weight in grams", problems))
    }

    pub fn url(&self, column: Column, problems: &mut Vec<Problem>) -> Option<String> {
        let word = self.word(column)?;
        let scheme = word.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        if matches!(scheme.as_deref(), Some("http" | "https")) && !word.contains(char::is_whitespace) {
            return Some(word.to_owned());
        }
        problems.push(self.problem(column, ProblemKind::InvalidUrl, format!("“{word}” is not a web address; left out")));
        None
    }

    pub fn problem(&self, column: Column, kind: ProblemKind, message: String) -> Problem {
        Problem { line: self.row.line, column: self.columns.name(column), kind, message }
    }

    fn number(&self, column: Column) -> Option<&'a str> {
        self.word(column).map(|word| word.strip_prefix('\'').unwrap_or(word))
    }

    fn no_number(&self, column: Column, word: &str, wanted: &str, problems: &mut Vec<Problem>) -> Option<i64> {
        problems.push(self.problem(column, ProblemKind::InvalidNumber, format!("“{word}” is not {wanted}; read as blank")));
        None
    }
}

/// Digits, one point, a minus: `Decimal` alone would also take `1_000`.
fn decimal(word: &str) -> Option<Decimal> {
    word.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')).then(|| word.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_looks_like_a_formula_is_guarded() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("'tis"), "'tis");
        assert_eq!(unguarded("'tis"), "'tis");
        assert_eq!(unguarded("'@home"), "@home");
    }

    proptest! {
        #[test]
        fn a_guard_can_be_undone(text in "['=+@a\t\r-]{0,6}") {
            let written = guarded(&text);
            prop_assert_eq!(unguarded(&written), text.as_str());
        }
    }
}
