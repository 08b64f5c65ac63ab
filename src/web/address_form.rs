//! The form of a postal address (`templates/kit/address.html`), the same in the address book and at checkout.

use fluent_bundle::FluentValue;

use super::form::{Fields, Problems};
use super::frame::Site;
use super::words;
use crate::base::{Address, AddressError, Country};

/// One text field of the form.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub name: &'static str,
    /// Key of its label.
    pub label: &'static str,
    /// Token of the browser's memory (HTML autofill).
    pub autocomplete: &'static str,
    /// Key of the hint, `""` for none.
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
    line("postcode", "address-form-postcode", "postal-code", ""),
    line("city", "address-form-city", "address-level2", ""),
    line("region", "address-form-region", "address-level1", ""),
    line("phone", "address-form-phone", "tel", "address-form-phone-hint"),
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
        let (field, sentence) = match fault {
            AddressError::Missing(field) => (*field, site.text("address-form-missing")),
            AddressError::TooLong(field) => (*field, site.text("address-form-too-long")),
            AddressError::Postcode { example } => {
                let args = [("what", FluentValue::from(*example)), ("name", FluentValue::from(country.name()))];
                ("postcode", words::text(site.language, "address-form-postcode-odd", &args))
            }
            AddressError::Phone => ("phone", site.text("address-form-phone-odd")),
        };
        problems.add(field, sentence);
    }
    faults.is_empty().then_some(address)
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

/// Countries by name, for the choice.
pub fn countries() -> Vec<Country> {
    let mut all = Country::all();
    all.sort_by_key(|country| country.name());
    all
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
