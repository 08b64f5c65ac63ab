//! The form of a postal address in the address book (`templates/kit/address.html`), and the words of addresses, which are the
//! checkout's as well.

use fluent_bundle::FluentValue;

use super::form::{Fields, Problems};
use super::frame::Site;
use super::words;
use crate::base::{Address, AddressError, Country, Language};

/// One text field of the form.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub name: &'static str,
    /// Key of its label.
    pub label: &'static str,
    /// Token of the browser's memory (HTML autofill).
    pub autocomplete: &'static str,
    /// Key of the words that say when it is not needed; `""` where it always is.
    pub hint: &'static str,
}

const fn line(name: &'static str, label: &'static str, autocomplete: &'static str, hint: &'static str) -> Line {
    Line { name, label, autocomplete, hint }
}

/// The text fields in their order; the country stands above them.
pub const LINES: [Line; 8] = [
    line("name", "address-form-name", "name", ""),
    line("company", "address-form-company", "organization", "address-form-optional"),
    line("line1", "address-form-line1", "address-line1", ""),
    line("line2", "address-form-line2", "address-line2", "address-form-optional"),
    line("postcode", "address-form-postcode", "postal-code", "address-form-by-country"),
    line("city", "address-form-city", "address-level2", "address-form-by-country"),
    line("region", "address-form-region", "address-level1", "address-form-by-country"),
    line("phone", "address-form-phone", "tel", "address-form-optional"),
];

/// The address in a form's fields (`name company line1 line2 postcode city region country phone`). Faults go to
/// `problems`, in the reader's language; `None` where there are any.
pub fn address(fields: &Fields, site: &Site, problems: &mut Problems) -> Option<Address> {
    let Some(country) = Country::parse(fields.get("country")) else {
        problems.add("country", site.text("address-form-country-missing"));
        return None;
    };
    let text = |name: &str| fields.get(name).to_owned();
    let address = Address {
        name: text("name"),
        company: text("company"),
        line1: text("line1"),
        line2: text("line2"),
        postcode: text("postcode"),
        city: text("city"),
        region: text("region"),
        country,
        phone: text("phone"),
    };
    let faults = address.faults();
    for fault in &faults {
        let (field, sentence) = told(fault, country, site.language);
        problems.add(field, sentence);
    }
    faults.is_empty().then_some(address)
}

/// The field that a fault of an address is in, and what it says there.
pub fn told(fault: &AddressError, country: Country, language: Language) -> (&'static str, String) {
    let text = |key: &str| words::text(language, key, &[]);
    match fault {
        AddressError::Missing(field) => (field, text(&format!("address-form-missing-{field}"))),
        AddressError::TooLong(field) => (field, text("address-form-too-long")),
        AddressError::Postcode { example } => {
            let args = [("what", FluentValue::from(*example)), ("name", FluentValue::from(country.name()))];
            ("postcode", words::text(language, "address-form-postcode-odd", &args))
        }
        AddressError::Phone => ("phone", text("address-form-phone-odd")),
    }
}

/// The fields that show a known address.
pub fn fields_of(address: &Address) -> Fields {
    Fields::default()
        .with("name", &address.name)
        .with("company", &address.company)
        .with("line1", &address.line1)
        .with("line2", &address.line2)
        .with("postcode", &address.postcode)
        .with("city", &address.city)
        .with("region", &address.region)
        .with("country", address.country.code())
        .with("phone", &address.phone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::frame::tests_site;

    #[test]
    fn what_is_shown_can_be_saved_and_faults_are_sentences() {
        let fields = Fields::default()
            .with("name", "Ada Kern")
            .with("line1", "Lindenstr. 4")
            .with("postcode", "80331")
            .with("city", "München")
            .with("country", "DE");
        let mut problems = Problems::default();
        let known = address(&fields, &tests_site(), &mut problems).expect("an address");
        assert_eq!(address(&fields_of(&known), &tests_site(), &mut problems), Some(known));
        assert_eq!(address(&fields.with("postcode", "1"), &tests_site(), &mut problems), None);
        assert!(problems.of("postcode").contains("26133"), "{}", problems.of("postcode"));
    }
}
