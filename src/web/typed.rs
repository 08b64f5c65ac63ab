//! Reading what staff typed: each reader gives the value, or notes a sentence beside the field.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::form::whole_number;
use super::limits;
use super::{Fields, Problems};
use crate::base::{Currency, Handle, Instant, Money};

/// The zone's wall clock as `datetime-local` fields write it.
pub fn local(at: Instant, zone: &str) -> String {
    at.in_zone(zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A line of text of at most [`limits::LINE`] characters.
pub fn line(fields: &Fields, name: &str, problems: &mut Problems) -> String {
    let text = fields.get(name);
    at_most(text, limits::LINE, name, problems);
    text.to_owned()
}

/// Notes a text that is too long, and how long it is.
pub fn at_most(text: &str, most: usize, name: &str, problems: &mut Problems) {
    let long = text.chars().count();
    if long > most {
        problems.add(name, format!("At most {most} characters; these are {long}."));
    }
}

/// A line that may be left out.
pub fn optional(fields: &Fields, name: &str, problems: &mut Problems) -> Option<String> {
    Some(line(fields, name, problems)).filter(|text| !text.is_empty())
}

/// A line that must be there.
pub fn required(fields: &Fields, name: &str, what: &str, problems: &mut Problems) -> String {
    let text = line(fields, name, problems);
    if text.is_empty() {
        problems.add(name, format!("Enter {what}."));
    }
    text
}

/// A long text.
pub fn text(fields: &Fields, name: &str, problems: &mut Problems) -> String {
    let text = fields.get(name);
    at_most(text, limits::TEXT, name, problems);
    text.to_owned()
}

/// A handle as typed; `None` where the field is blank.
pub fn handle(fields: &Fields, name: &str, problems: &mut Problems) -> Option<Handle> {
    let text = fields.get(name);
    let handle = Handle::parse(text);
    if handle.is_none() && !text.is_empty() {
        problems.add(name, "Use lower-case letters, digits and hyphens.");
    }
    handle
}

/// An amount; `None` where the field is blank.
pub fn amount(fields: &Fields, name: &str, currency: Currency, problems: &mut Problems) -> Option<i64> {
    let text = fields.get(name);
    if text.is_empty() {
        return None;
    }
    let written = |minor: i64| Money::new(minor, currency).plain();
    match Money::typed(text, currency) {
        Ok(amount) if amount.minor() < 0 => problems.add(name, "Enter an amount of nothing or more."),
        Ok(amount) if amount.minor() > MOST_MINOR => problems.add(name, format!("Enter at most {}.", written(MOST_MINOR))),
        Ok(amount) => return Some(amount.minor()),
        Err(_) => problems.add(name, format!("Enter an amount in {currency}, such as {}.", written(1250))),
    }
    None
}

/// The highest amount that staff may type, in minor units.
const MOST_MINOR: i64 = 99_999_999_999;

/// A whole number of at least zero; zero where the field is blank.
pub fn count(fields: &Fields, name: &str, problems: &mut Problems) -> i32 {
    match fields.get(name) {
        "" => 0,
        text => whole_number(text).and_then(|n| i32::try_from(n).ok()).unwrap_or_else(|| {
            problems.add(name, no_count(text));
            0
        }),
    }
}

/// What to say of a text that is no number we take.
fn no_count(text: &str) -> &'static str {
    let digits = text.trim_start_matches(['-', '+']);
    match (digits.len() > 9 && digits.bytes().all(|b| b.is_ascii_digit()), text.starts_with('-')) {
        (true, _) => "Enter a number of at most nine digits.",
        (_, true) => "Enter nothing, or a whole number without a sign.",
        _ => "Enter a whole number.",
    }
}

/// A whole number that may be negative; `None` where the field is blank or no number.
pub fn signed(fields: &Fields, name: &str, problems: &mut Problems) -> Option<i32> {
    let text = fields.get(name);
    if text.is_empty() {
        return None;
    }
    let digits = text.trim_start_matches(['-', '+']);
    let number = whole_number(digits).and_then(|n| i32::try_from(n).ok()).filter(|_| text.len() <= digits.len() + 1);
    if number.is_none() {
        problems.add(name, no_count(digits));
    }
    number.map(|n| if text.starts_with('-') { -n } else { n })
}

/// A moment on the zone's wall clock; `None` where the field is blank.
pub fn moment(fields: &Fields, name: &str, zone: &str, problems: &mut Problems) -> Option<Instant> {
    let text = fields.get(name);
    if text.is_empty() {
        return None;
    }
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let at = text.parse::<DateTime>().ok().filter(|at| (1970..=2200).contains(&at.year())).and_then(|at| at.to_zoned(zone).ok());
    if at.is_none() {
        problems.add(name, "Enter a date and a time.");
    }
    at.map(|at| Instant::new(at.timestamp()))
}

/// A path of the shop, which leads a browser nowhere else: one slash first (T35). `None` where the field is blank or leads away.
pub fn path(fields: &Fields, name: &str, problems: &mut Problems) -> Option<String> {
    let text = fields.get(name);
    let is_inside = text.starts_with('/')
        && !text.starts_with("//")
        && text.len() <= limits::LINE
        && !text.contains(['\\', ' '])
        && !text.chars().any(char::is_control);
    if !is_inside && !text.is_empty() {
        problems.add(name, "Enter a path of this shop, such as /collections/cups.");
    }
    is_inside.then(|| text.to_owned())
}

/// Words between commas, each once.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(value: &str) -> Fields {
        Fields::default().with("f", value)
    }

    #[test]
    fn numbers_with_a_sign_are_read() {
        let read = |text: &str| signed(&fields(text), "f", &mut Problems::default());
        assert_eq!([read("12"), read("+3"), read("-4"), read("")], [Some(12), Some(3), Some(-4), None]);
        let mut problems = Problems::default();
        assert_eq!(signed(&fields("--4"), "f", &mut problems), None);
        assert!(problems.has("f"));
    }

    #[test]
    fn moments_are_those_of_the_shop() {
        let at = moment(&fields("2026-07-01T20:00"), "f", "Europe/Berlin", &mut Problems::default());
        assert_eq!(at.map(|at| at.to_string()), Some("2026-07-01T18:00:00Z".to_owned()));
        assert_eq!(local(at.unwrap(), "Europe/Berlin"), "2026-07-01T20:00");
    }

    #[test]
    fn a_path_stays_inside_the_shop() {
        let read = |text: &str| path(&fields(text), "f", &mut Problems::default()).is_some();
        assert!(read("/") && read("/collections/cups?page=2"));
        for outside in ["", "//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/a\u{7}"] {
            assert!(!read(outside), "{outside:?}");
        }
    }

    #[test]
    fn words_are_kept_once() {
        assert_eq!(words(" tea, ,cups,tea "), ["tea", "cups"]);
    }
}
