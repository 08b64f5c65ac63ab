//! Areas of the EU that are not like their country: for tax, or for parcels.

use crate::base::Country;

/// Areas of EU countries outside the Union's VAT territory (Directive 2006/112/EC, Article 6) or with rates of their own
/// (Azores, Madeira): a parcel there needs customs papers or another rate. (Country, postcode prefix.)
const OUTSIDE_VAT: [(&str, &str); 11] = [
    ("ES", "35"),
    ("ES", "38"),
    ("ES", "51"),
    ("ES", "52"),
    ("FR", "97"),
    ("FI", "22"),
    ("DE", "27498"),
    ("DE", "78266"),
    ("IT", "23041"),
    ("GR", "63086"),
    ("PT", "9"),
];

/// [`OUTSIDE_VAT`] as areas of a zone.
pub fn outside_vat() -> Vec<(Country, String)> {
    areas(&OUTSIDE_VAT)
}

/// Areas of a zone, by country code and postcode prefix.
pub fn areas(list: &[(&str, &str)]) -> Vec<(Country, String)> {
    list.iter().filter_map(|(country, prefix)| Some((Country::parse(country)?, (*prefix).to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_area_is_in_a_country_of_the_union() {
        assert_eq!(outside_vat().len(), OUTSIDE_VAT.len());
        assert!(outside_vat().iter().all(|(country, _)| country.facts().eu));
    }
}
