//! A form of the order page that came back: which one, what was typed, what is wrong with it.

use crate::base::{Currency, Money};
use crate::web::form::whole_number;
use crate::web::{Fields, Problems};

/// Longest reason or reference, in characters.
const SHORT: usize = 200;
/// Longest note, in characters.
const LONG: usize = 2_000;
/// Longest amount as typed: stays far below what an amount can hold.
const DIGITS: usize = 14;

/// The page has several forms; names of fields repeat among them, ids do not: `refund-reason`.
#[derive(Debug, Default)]
pub struct Typed {
    form: &'static str,
    fields: Fields,
    problems: Problems,
    /// The money that is about to move, and waits for a yes.
    asks: Option<Money>,
}

impl Typed {
    pub fn new(form: &'static str, fields: Fields) -> Self {
        Self { form, fields, ..Self::default() }
    }

    /// The same form, sound, with the question whether so much money shall move.
    #[must_use]
    pub fn asking(mut self, amount: Money) -> Self {
        self.asks = Some(amount);
        self
    }

    pub const fn asks(&self) -> Option<Money> {
        self.asks
    }

    /// Everything that was typed, to be sent again with the answer.
    pub fn again(&self) -> impl Iterator<Item = &(String, String)> {
        self.fields.0.iter().filter(|(name, _)| name != "sure")
    }

    /// Notes a fault of a field, or of the form as a whole (`form`).
    pub fn add(&mut self, name: &str, sentence: impl Into<String>) {
        self.problems.add(&format!("{}-{name}", self.form), sentence);
    }

    /// The same form with one fault.
    #[must_use]
    pub fn because(mut self, name: &str, sentence: impl Into<String>) -> Self {
        self.add(name, sentence);
        self
    }

    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.fields.has(name)
    }

    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    pub const fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Is this the form that came back?
    pub fn is(&self, form: &str) -> bool {
        self.form == form
    }

    /// What a field of a form shows: what was typed where the form came back, else `fresh`.
    pub fn value(&self, form: &str, name: &str, fresh: &str) -> String {
        if self.is(form) { self.get(name).to_owned() } else { fresh.to_owned() }
    }

    /// Is a box of a form ticked?
    pub fn is_ticked(&self, form: &str, name: &str) -> bool {
        self.is(form) && self.has(name)
    }

    pub fn problem(&self, form: &str, name: &str) -> &str {
        self.problems.of(&format!("{form}-{name}"))
    }

    /// A reason or reference; noted as missing where `is_required`.
    pub fn short(&mut self, name: &str, is_required: bool) -> String {
        let text = self.get(name).to_owned();
        if text.chars().count() > SHORT || text.chars().any(char::is_control) {
            self.add(name, format!("Please use one line of at most {SHORT} characters."));
        } else if is_required && text.is_empty() {
            self.add(name, "Please write a few words here. They are kept in the timeline.");
        }
        text
    }

    /// A note of several lines.
    pub fn long(&mut self, name: &str) -> String {
        let text = self.get(name).replace("\r\n", "\n");
        if text.is_empty() {
            self.add(name, "Please write the note first.");
        } else if text.chars().count() > LONG || text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.add(name, format!("Please use at most {LONG} characters."));
        }
        text
    }

    /// A number of pieces from 0 to `most`; nothing typed is none.
    pub fn pieces(&mut self, name: &str, most: i32) -> i32 {
        if self.get(name).is_empty() {
            return 0;
        }
        let typed = whole_number(self.get(name)).and_then(|qty| i32::try_from(qty).ok());
        match typed {
            Some(qty) if qty <= most => qty,
            _ => {
                self.add(name, format!("Please enter a whole number from 0 to {most}."));
                0
            }
        }
    }

    /// An amount in major units, not negative; `None` where nothing, or nothing sound, was typed.
    pub fn amount(&mut self, name: &str, currency: Currency) -> Option<Money> {
        let text = self.get(name).to_owned();
        if text.is_empty() {
            return None;
        }
        let amount = Money::typed(&text, currency).ok().filter(|amount| amount.minor() >= 0 && text.len() <= DIGITS);
        if amount.is_none() {
            let example = Money::new(1250, currency);
            self.add(name, format!("Please enter an amount in {currency}, such as {}.", example.plain()));
        }
        amount
    }

    /// Was the page that this form came from drawn when `now` such things existed? Sending a form twice says no.
    pub fn is_current(&self, now: usize) -> bool {
        let seen = self.get("seen");
        seen.is_empty() || seen == now.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(name: &str, value: &str) -> Typed {
        Typed::new("refund", Fields::default().with(name, value))
    }

    #[test]
    fn pieces_and_amounts_are_read_or_refused() {
        assert_eq!(typed("a", "2").pieces("a", 3), 2);
        assert_eq!(typed("a", "").pieces("a", 3), 0);
        for bad in ["4", "-1", "1.5", "x"] {
            let mut form = typed("a", bad);
            assert_eq!(form.pieces("a", 3), 0);
            assert!(form.problems().has("refund-a"), "{bad}");
        }
        assert_eq!(typed("a", "12.5").amount("a", Currency::EUR), Some(Money::new(1250, Currency::EUR)));
        for bad in ["-1", "1,500", "1.234", "99999999999999999"] {
            let mut form = typed("a", bad);
            assert_eq!(form.amount("a", Currency::EUR), None);
            assert!(!form.is_sound(), "{bad}");
        }
    }

    #[test]
    fn only_the_form_that_came_back_is_filled() {
        let form = typed("reason", "late");
        assert_eq!(form.value("refund", "reason", ""), "late");
        assert_eq!(form.value("cancel", "reason", "fresh"), "fresh");
    }
}
