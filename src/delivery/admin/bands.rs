//! The rows of a method's prices by weight, as staff fill them in: up to so many grams, so much; and a price for anything heavier.

use crate::base::{Currency, Money};
use crate::delivery::table::Band;
use crate::web::form::{Fields, Problems, whole_number};
use crate::web::typed;

/// Rows of a method at most.
const MOST: usize = 50;
/// Empty rows that a form offers below those in use.
const SPARE: usize = 3;
/// The field of the price for any weight above the last row.
const ABOVE: &str = "above";

/// A row of the form: the names of its two fields.
pub(super) struct Row {
    pub up_to: String,
    pub price: String,
    /// Counted from one.
    pub number: usize,
}

fn row(at: usize) -> Row {
    Row { up_to: format!("up_to-{at}"), price: format!("price-{at}"), number: at + 1 }
}

/// The rows that a form shows: as many as came back, or those in use and a few more.
pub(super) fn rows(fields: &Fields) -> Vec<Row> {
    let used = (0..MOST).take_while(|at| fields.0.iter().any(|(name, _)| *name == row(*at).up_to)).count();
    let is_full = used > 0 && fields.has(&row(used - 1).up_to);
    (0..if is_full { used + SPARE } else { used.max(SPARE) }.min(MOST)).map(row).collect()
}

/// Bands as the form shows them.
pub(super) fn written(mut fields: Fields, bands: &[Band], currency: Currency) -> Fields {
    let mut at = 0;
    for Band(grams, minor) in bands {
        let amount = Money::new(*minor, currency).plain();
        match grams {
            Some(grams) => {
                fields = fields.with(&row(at).up_to, grams.to_string()).with(&row(at).price, amount);
                at += 1;
            }
            None => fields = fields.with(ABOVE, amount),
        }
    }
    fields
}

/// Reads what was filled in; empty rows are none. What is wrong is noted beside its field.
pub(super) fn read(fields: &Fields, currency: Currency, problems: &mut Problems) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    let mut lightest = 0;
    for row in (0..MOST).map(row).filter(|row| fields.has(&row.up_to) || fields.has(&row.price)) {
        let place = format!("Row {}", row.number);
        let grams = whole_number(fields.get(&row.up_to)).filter(|grams| *grams > 0);
        let mut beside = Problems::default();
        match grams {
            None => beside.add(&row.up_to, "Enter a weight in whole grams, such as 2000 for 2 kg."),
            Some(grams) if grams <= lightest => beside.add(&row.up_to, format!("Enter more than the {lightest} g of the row above.")),
            Some(grams) => lightest = grams,
        }
        if !fields.has(&row.price) {
            beside.add(&row.price, "Enter the price up to this weight; 0 where it is free.");
        }
        let amount = typed::amount(fields, &row.price, currency, &mut beside);
        problems.take(beside, |_| place.clone());
        if let (Some(grams), Some(amount)) = (grams, amount) {
            bands.push(Band(Some(grams), amount));
        }
    }
    if let Some(above) = typed::amount(fields, ABOVE, currency, problems) {
        bands.push(Band(None, above));
    }
    if bands.is_empty() && problems.is_empty() {
        problems.add(ABOVE, "Enter at least one price: here, if it is the same for any weight.");
    }
    bands
}

/// Bands in words, for the log.
pub(super) fn told(bands: &[Band], currency: Currency) -> String {
    let line = |band: &Band| {
        let amount = Money::new(band.1, currency).plain();
        band.0.map_or_else(|| format!("above: {amount}"), |grams| format!("up to {grams} g: {amount}"))
    };
    bands.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().fold(Fields::default(), |fields, (name, value)| fields.with(name, *value))
    }

    #[test]
    fn bands_are_read_as_they_are_written() {
        let bands = vec![Band(Some(500), 495), Band(Some(2000), 890), Band(None, 1500)];
        let fields = written(Fields::default(), &bands, Currency::EUR);
        let mut problems = Problems::default();
        assert_eq!(read(&fields, Currency::EUR, &mut problems), bands);
        assert!(problems.is_empty());
        assert_eq!(rows(&fields).len(), 5, "and room for more");
    }

    #[test]
    fn a_number_alone_is_never_taken_for_the_other() {
        for (typed, field) in [
            (vec![("up_to-0", "2000")], "price-0"),
            (vec![("price-0", "4.95")], "up_to-0"),
            (vec![("up_to-0", "2 kg"), ("price-0", "4.95")], "up_to-0"),
            (vec![("up_to-0", "500"), ("price-0", "4.95"), ("up_to-1", "500"), ("price-1", "5.95")], "up_to-1"),
            (vec![("up_to-0", "500"), ("price-0", "-1")], "price-0"),
            (vec![], "above"),
        ] {
            let mut problems = Problems::default();
            read(&form(&typed), Currency::EUR, &mut problems);
            assert!(problems.has(field), "{typed:?}");
        }
    }
}
