//! What was typed at checkout, checked: every fault at once, each beside its field.

use crate::base::{Address, Country, Email, MethodId};
use crate::markets::Market;
use crate::payments::Method;
use crate::web::{Fields, Frame, Problems, address_form};

/// Sound input of the whole page.
#[derive(Debug, Clone)]
pub struct Checked {
    pub email: Email,
    pub shipping: Address,
    pub billing: Address,
    pub method: Option<MethodId>,
    pub payment: Method,
    pub expected_total: i64,
    pub wants_news: bool,
    pub note: String,
}

/// Reads an address from fields that begin with `prefix` (`""` or `billing_`).
pub fn address(fields: &Fields, prefix: &str, fallback: Country) -> Address {
    let get = |name: &str| fields.get(&format!("{prefix}{name}")).to_owned();
    Address {
        name: get("name"),
        company: get("company"),
        line1: get("line1"),
        line2: get("line2"),
        postcode: get("postcode"),
        city: get("city"),
        region: get("region"),
        country: Country::parse(&get("country")).unwrap_or(fallback),
        phone: get("phone"),
    }
}

fn address_problems(address: &Address, prefix: &str, frame: &Frame, problems: &mut Problems) {
    for fault in address.faults() {
        let (field, sentence) = address_form::told(&fault, address.country, frame.site.language);
        problems.add(&format!("{prefix}{field}"), sentence);
    }
}

/// Was an invoice address typed, another than that of the parcel, and not asked for? Neither taking nor leaving it would be safe.
pub fn has_loose_billing(fields: &Fields) -> bool {
    let is_other = |name: &str| {
        let typed = fields.get(&format!("billing_{name}"));
        !typed.is_empty() && typed != fields.get(name)
    };
    !fields.has("billing_differs") && ["name", "company", "line1", "postcode", "city"].into_iter().any(is_other)
}

/// Everything that is wrong, or the sound input.
pub fn check(fields: &Fields, frame: &Frame, market: &Market, offered: &[Method]) -> Result<Checked, Problems> {
    let mut problems = Problems::default();
    let email = Email::parse(fields.get("email"));
    if email.is_none() {
        problems.add("email", frame.text("checkout-email"));
    }
    if Country::parse(fields.get("country")).is_none_or(|country| !market.sells_to(country)) {
        problems.add("country", frame.text("checkout-country"));
    }
    let shipping = address(fields, "", market.display_country);
    address_problems(&shipping, "", frame, &mut problems);
    if has_loose_billing(fields) {
        problems.add("billing_differs", frame.text("checkout-billing-unsure"));
    }
    let billing = if fields.has("billing_differs") { address(fields, "billing_", market.display_country) } else { shipping.clone() };
    if fields.has("billing_differs") {
        address_problems(&billing, "billing_", frame, &mut problems);
    }
    let payment = Method::parse(fields.get("payment")).filter(|method| offered.contains(method));
    if payment.is_none() {
        problems.add("payment", frame.text("checkout-payment-missing"));
    }
    if fields.get("note").chars().count() > 1_000 {
        problems.add("note", frame.text("checkout-note-long"));
    }
    if !fields.has("terms") {
        problems.add("terms", frame.text("checkout-terms-missing"));
    }
    match (email, payment) {
        (Some(email), Some(payment)) if problems.is_empty() => Ok(Checked {
            email,
            shipping,
            billing,
            method: fields.get("method").parse().ok(),
            payment,
            expected_total: fields.get("expected_total").parse().unwrap_or(-1),
            wants_news: fields.has("news"),
            note: fields.get("note").to_owned(),
        }),
        _ => Err(problems),
    }
}
