//! The invented customers: who they are, and who of them comes back.

use std::collections::HashSet;

use super::dice::Dice;
use super::places::{LANDS, Land, Town};
use crate::base::{Address, Country, Email, Instant};

/// Customers of a hundred who were here before.
const RETURNING: usize = 30;
/// New customers of a hundred who open an account first.
const WITH_ACCOUNT: usize = 20;
/// Guests of a hundred who open one when they come back.
const ACCOUNT_LATER: usize = 25;
/// Where mail never arrives (RFC 2606).
const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

#[derive(Debug, Clone)]
pub struct Person {
    pub address: Address,
    pub email: Email,
    pub is_islander: bool,
    /// When they opened an account, if they did.
    pub account_since: Option<Instant>,
}

#[derive(Debug, Default)]
pub struct Crowd {
    pub people: Vec<Person>,
    emails: HashSet<String>,
}

impl Crowd {
    /// Who buys at a moment: somebody new or somebody known, by their place in the crowd.
    pub fn buyer(&mut self, at: Instant, dice: &mut Dice) -> Option<usize> {
        let shortly_before = at.plus_seconds(-dice.between(300, 900));
        if self.people.len() > 10 && dice.percent(RETURNING) {
            let known = dice.below(self.people.len());
            let wants_account = dice.percent(ACCOUNT_LATER);
            let person = self.people.get_mut(known)?;
            if wants_account && person.account_since.is_none() {
                person.account_since = Some(shortly_before);
            }
            return Some(known);
        }
        let mut person = self.somebody(dice)?;
        person.account_since = dice.percent(WITH_ACCOUNT).then_some(shortly_before);
        self.people.push(person);
        Some(self.people.len() - 1)
    }

    /// Somebody whose address of e-mail nobody else has.
    fn somebody(&mut self, dice: &mut Dice) -> Option<Person> {
        let land = &LANDS[dice.weighted(&LANDS.map(|land| land.weight))];
        let town = dice.pick(land.towns);
        let (first, last) = (dice.pick(land.first_names), dice.pick(land.last_names));
        let domain = dice.pick(&DOMAINS);
        let local = slug::slugify(format!("{first} {last}")).replace('-', ".");
        let mut email = format!("{local}@{domain}");
        while !self.emails.insert(email.clone()) {
            email = format!("{local}.{}@{domain}", dice.between(2, 99));
        }
        let address = address(land, town, format!("{first} {last}"), dice)?;
        Some(Person { address, email: Email::parse(&email)?, is_islander: town.is_island, account_since: None })
    }
}

fn address(land: &Land, town: Town, name: String, dice: &mut Dice) -> Option<Address> {
    let (street, number) = (dice.pick(town.streets), dice.between(2, 78));
    Some(Address {
        name,
        company: String::new(),
        line1: if land.number_first { format!("{number} {street}") } else { format!("{street} {number}") },
        line2: String::new(),
        postcode: town.postcode.to_owned(),
        city: town.city.to_owned(),
        region: town.region.to_owned(),
        country: Country::parse(land.code)?,
        phone: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_town_can_be_written_on_a_parcel() {
        let mut dice = Dice::new(1);
        for land in &LANDS {
            for town in land.towns {
                let address = address(land, *town, "Ada Kern".into(), &mut dice).expect("a country");
                assert_eq!(address.faults(), [], "{town:?}");
                assert!(address.country.facts().eu, "{}", land.code);
            }
        }
    }

    #[test]
    fn nobody_shares_an_address_and_mail_never_arrives() {
        let (mut crowd, mut dice) = (Crowd::default(), Dice::new(5));
        for _ in 0..400 {
            crowd.buyer(Instant::from_unix(0), &mut dice).expect("a buyer");
        }
        let emails: HashSet<_> = crowd.people.iter().map(|person| person.email.key()).collect();
        assert_eq!(emails.len(), crowd.people.len());
        assert!(emails.iter().all(|email| DOMAINS.iter().any(|domain| email.ends_with(&format!("@{domain}")))));
        assert!((240..330).contains(&crowd.people.len()), "{}", crowd.people.len());
    }
}
