//! A postal address, checked by the rules of its country (libaddressinput's data).

use regex::Regex;

use super::country::Country;

/// Where a parcel or an invoice goes. Fields hold what was typed, trimmed; an empty one is "".
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Address {
    pub name: String,
    #[serde(default)]
    pub company: String,
    pub line1: String,
    #[serde(default)]
    pub line2: String,
    #[serde(default)]
    pub postcode: String,
    #[serde(default)]
    pub city: String,
    #[serde(default)]
    pub region: String,
    pub country: Country,
    #[serde(default)]
    pub phone: String,
}

/// What is wrong with one field; the field names are those of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressError {
    Missing(&'static str),
    TooLong(&'static str),
    /// The postcode does not have the form of this country; the example does.
    Postcode {
        example: &'static str,
    },
    Phone,
}

/// Longest text of one address field, in characters: what labels and customs forms still print.
pub const FIELD_LIMIT: usize = 100;

impl Address {
    /// Every fault at once, in the order of the form.
    pub fn faults(&self) -> Vec<AddressError> {
        let facts = self.country.facts();
        let must = |letter: char| facts.required.contains(letter);
        let fields: [(&'static str, &str, bool); 8] = [
            ("name", &self.name, true),
            ("company", &self.company, false),
            ("line1", &self.line1, must('A')),
            ("line2", &self.line2, false),
            ("postcode", &self.postcode, must('Z')),
            ("city", &self.city, must('C')),
            ("region", &self.region, must('S')),
            ("phone", &self.phone, false),
        ];
        let mut faults = Vec::new();
        for (field, text, required) in fields {
            if required && text.trim().is_empty() {
                faults.push(AddressError::Missing(field));
            } else if text.chars().count() > FIELD_LIMIT || text.chars().any(char::is_control) {
                faults.push(AddressError::TooLong(field));
            } else if field == "postcode" && !text.trim().is_empty() && !self.postcode_fits() {
                faults.push(AddressError::Postcode { example: &facts.postcode_example });
            } else if field == "phone" && !text.is_empty() && !phone_is_plausible(text) {
                faults.push(AddressError::Phone);
            }
        }
        faults
    }

    fn postcode_fits(&self) -> bool {
        let pattern = &self.country.facts().postcode;
        pattern.is_empty() || Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|rule| rule.is_match(&self.postcode.trim().to_uppercase()))
    }

    /// The lines of a label, in the order of the destination country, the country's name last.
    pub fn lines(&self) -> Vec<String> {
        let facts = self.country.facts();
        let mut lines = Vec::new();
        for template in facts.format.split("%n") {
            let mut line = String::new();
            let mut letters = template.chars();
            while let Some(c) = letters.next() {
                if c == '%' {
                    line.push_str(&self.field(letters.next(), &facts.upper));
                } else {
                    line.push(c);
                }
            }
            lines.extend(line.split('\n').map(|part| part.trim_matches([' ', ',', '-']).to_owned()).filter(|part| !part.is_empty()));
        }
        lines.push(facts.name.to_uppercase());
        lines
    }

    fn field(&self, letter: Option<char>, upper: &str) -> String {
        let text = match letter {
            Some('N') => self.name.clone(),
            Some('O') => self.company.clone(),
            Some('A') => format!("{}\n{}", self.line1, self.line2),
            Some('C') => self.city.clone(),
            Some('S') => self.region.clone(),
            Some('Z') => self.postcode.clone(),
            _ => String::new(),
        };
        if letter.is_some_and(|l| upper.contains(l)) { text.to_uppercase() } else { text }
    }
}

/// 6 to 15 digits (E.164's limit) with the marks people write between them.
fn phone_is_plausible(phone: &str) -> bool {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    (6..=15).contains(&digits) && phone.chars().all(|c| c.is_ascii_digit() || "+ ()-./".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn munich() -> Address {
        Address {
            name: "Ada Kern".into(),
            company: String::new(),
            line1: "Lindenstr. 4".into(),
            line2: String::new(),
            postcode: "80331".into(),
            city: "München".into(),
            region: String::new(),
            country: Country::parse("DE").expect("a country"),
            phone: String::new(),
        }
    }

    #[test]
    fn a_label_follows_the_country() {
        assert_eq!(munich().lines(), ["Ada Kern", "Lindenstr. 4", "80331 MÜNCHEN", "GERMANY"]);
    }

    #[test]
    fn each_missing_or_odd_field_is_named() {
        let address = Address { city: " ".into(), postcode: "8033".into(), ..munich() };
        assert_eq!(address.faults(), [AddressError::Postcode { example: "26133" }, AddressError::Missing("city")]);
        assert_eq!(munich().faults(), []);
    }
}
