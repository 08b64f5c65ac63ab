//! Eight weeks, decided before anything is written: who buys what when, and what becomes of it. Pure, so that the same
//! day of opening is always the same history.

use super::calendar::Calendar;
use super::dice::Dice;
use super::people::{Crowd, Person};
use super::shelf;
use super::steps::{self, Step};
use super::wares::{self, Basket, Ware};
use crate::base::Instant;

const SEED: u64 = 20_261_125;
/// The last minutes before the opening stay empty, so that nothing of the past ends after it.
const REST_MINUTES: i64 = 5;

/// A ware with so many pieces has room for some that come back.
const ROOM: i32 = 8;

/// What becomes of an order, beside being packed and sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Plain,
    /// One line leaves at once, the others days later.
    InParts,
    /// Paid by transfer.
    Transfer,
    /// The transfer has not arrived yet.
    OpenTransfer,
    /// The transfer was a few euros short: part paid, and waiting for a decision.
    ShortTransfer,
    /// The transfer never came: cancelled.
    NeverPaid,
    /// Cancelled within the hour.
    ChangedMind,
    /// All of it came back.
    Returned,
    /// One piece broke on the way.
    Broken,
    /// One piece came back whole.
    OneBack,
    /// Some money given back for a late parcel.
    Late,
    /// The card was declined first.
    DeclinedFirst,
    /// The payment page was left.
    Abandoned,
    /// A bench, made when it was ordered.
    MadeToOrder,
}

/// Fates that are wanted, each with the day before the opening from which an order for it is looked for.
const FATES: [(i64, Fate); 47] = [
    (54, Fate::Transfer),
    (53, Fate::MadeToOrder),
    (51, Fate::Transfer),
    (50, Fate::DeclinedFirst),
    (49, Fate::Broken),
    (48, Fate::Transfer),
    (47, Fate::Abandoned),
    (46, Fate::Returned),
    (45, Fate::MadeToOrder),
    (44, Fate::InParts),
    (43, Fate::ChangedMind),
    (42, Fate::Transfer),
    (40, Fate::OneBack),
    (39, Fate::Abandoned),
    (38, Fate::MadeToOrder),
    (37, Fate::Transfer),
    (36, Fate::Broken),
    (35, Fate::Late),
    (34, Fate::DeclinedFirst),
    (33, Fate::Returned),
    (31, Fate::Transfer),
    (29, Fate::Abandoned),
    (27, Fate::Transfer),
    (25, Fate::NeverPaid),
    (23, Fate::InParts),
    (22, Fate::Transfer),
    (21, Fate::Broken),
    (20, Fate::DeclinedFirst),
    (19, Fate::Late),
    (18, Fate::Transfer),
    (17, Fate::Abandoned),
    (15, Fate::Transfer),
    (14, Fate::Broken),
    (13, Fate::InParts),
    (12, Fate::ChangedMind),
    (11, Fate::Transfer),
    (10, Fate::Transfer),
    (9, Fate::DeclinedFirst),
    (8, Fate::Transfer),
    (7, Fate::Transfer),
    (6, Fate::Abandoned),
    (5, Fate::ShortTransfer),
    (4, Fate::InParts),
    (3, Fate::OpenTransfer),
    (3, Fate::Abandoned),
    (2, Fate::OpenTransfer),
    (1, Fate::OpenTransfer),
];

impl Fate {
    /// Goods come back on the shelf, so their ware must have room on it.
    const fn gives_back(self) -> bool {
        matches!(self, Self::NeverPaid | Self::ChangedMind | Self::Returned | Self::OneBack | Self::Abandoned | Self::DeclinedFirst)
    }

    pub const fn is_transfer(self) -> bool {
        matches!(self, Self::Transfer | Self::OpenTransfer | Self::ShortTransfer | Self::NeverPaid)
    }
}

/// An order that is tried to be placed.
#[derive(Debug, Clone)]
pub struct Sale {
    pub at: Instant,
    /// Days before the opening.
    pub day: i64,
    pub buyer: usize,
    pub basket: Basket,
    pub is_express: bool,
    pub fate: Fate,
    /// What the shopper wrote beside it.
    pub words: &'static str,
}

/// Words of shoppers, and how many orders of a hundred carry some.
const WORDS: [&str; 6] = [
    "It is a present, please no prices in the box.",
    "Please leave it with the bakery downstairs if nobody answers.",
    "We break things. Could you pack it twice?",
    "The bell does not work, please knock.",
    "For a wedding on Saturday two weeks from now, no hurry before that.",
    "Second order this month. The first mugs are lovely.",
];
const WITH_WORDS: usize = 8;
const EXPRESS: usize = 14;

#[derive(Debug)]
pub struct Plan {
    pub wares: Vec<Ware>,
    pub people: Vec<Person>,
    pub sales: Vec<Sale>,
    /// Carts that were filled and left.
    pub left: Vec<(usize, Basket)>,
    /// Everything that happens before the opening, in its order.
    pub steps: Vec<(Instant, Step)>,
}

impl Plan {
    /// The history of a shop that opens at a moment, by the wall clock of its zone.
    pub fn before(opening: Instant, zone: &str) -> Self {
        let (calendar, mut dice) = (Calendar::new(opening, zone), Dice::new(SEED));
        let mut plan = Self { wares: wares::all(), people: Vec::new(), sales: Vec::new(), left: Vec::new(), steps: Vec::new() };
        let mut crowd = Crowd::default();
        for (day, orders) in calendar.orders(&mut dice) {
            let mut moments: Vec<Instant> = (0..orders).map(|_| calendar.moment(day, &mut dice)).collect();
            if day == 0 {
                // Whenever the demo is opened, something was bought today.
                moments.extend([calendar.between(0, 0, 1, &mut dice), calendar.between(0, 6, 8, &mut dice)]);
            }
            moments.sort_unstable();
            for at in moments {
                plan.sales.extend(sale(&plan.wares, &mut crowd, day, at, &mut dice));
            }
        }
        plan.decide(&mut dice);
        for day in [6, 4, 3, 1, 1, 0] {
            let at = calendar.moment(day, &mut dice);
            if let Some(buyer) = crowd.buyer(at, &mut dice) {
                plan.left.push((buyer, wares::basket(&plan.wares, day, &mut dice)));
                plan.steps.push((at, Step::Fill(plan.left.len() - 1)));
            }
        }
        plan.people = crowd.people;
        let mut steps = steps::all(&plan, &calendar, &mut dice);
        plan.steps.append(&mut steps);
        let end = opening.plus_minutes(-REST_MINUTES);
        plan.steps.retain(|(at, _)| *at < end);
        plan.steps.sort_by_key(|(at, _)| *at);
        plan.steps = shelf::supplied(&plan, &calendar, end);
        plan
    }

    /// Gives the wanted fates to orders that can have them.
    fn decide(&mut self, dice: &mut Dice) {
        for (day, fate) in FATES {
            let fits = |sale: &Sale| {
                sale.fate == Fate::Plain
                    && (fate != Fate::Broken || self.wares[sale.basket[0].0].breaks)
                    && (!fate.gives_back() || sale.basket.iter().all(|(ware, _)| self.wares[*ware].stock >= ROOM))
            };
            // From that day on; where nothing fits, before it. The last days have to stay within their days.
            let later = self.sales.iter().position(|sale| sale.day <= day && sale.day > 0 && fits(sale));
            let Some(found) = later.or_else(|| self.sales.iter().rposition(|sale| sale.day > day && fits(sale))) else { continue };
            self.sales[found].fate = fate;
            let sold = self.sales[found].basket[0].0;
            let wares = 0..self.wares.len();
            let basket = &mut self.sales[found].basket;
            match fate {
                Fate::MadeToOrder => {
                    let benches: Vec<usize> = wares.filter(|ware| self.wares[*ware].made_to_order).collect();
                    *basket = vec![(dice.pick(&benches), 1)];
                }
                Fate::InParts if basket.len() == 1 => {
                    let others: Vec<usize> = wares.filter(|ware| *ware != sold && self.wares[*ware].stock >= ROOM).collect();
                    basket.push((dice.pick(&others), 1));
                }
                _ => {}
            }
        }
    }
}

fn sale(wares: &[Ware], crowd: &mut Crowd, day: i64, at: Instant, dice: &mut Dice) -> Option<Sale> {
    let buyer = crowd.buyer(at, dice)?;
    let words = if dice.percent(WITH_WORDS) { dice.pick(&WORDS) } else { "" };
    let is_express = dice.percent(EXPRESS) && !crowd.people.get(buyer)?.is_islander;
    Some(Sale { at, day, buyer, basket: wares::basket(wares, day, dice), is_express, fate: Fate::Plain, words })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::calendar::DAYS;
    use super::*;

    /// Openings at different hours of every weekday, over a year.
    fn openings() -> impl Iterator<Item = Instant> {
        (0..366).step_by(3).map(|day| Instant::from_unix(1_795_780_800).plus_days(day).plus_seconds(day * 3_733 % 86_400))
    }

    const fn before(opening: Instant) -> (Instant, &'static str) {
        (opening, "Europe/Dublin")
    }

    #[test]
    fn the_same_day_is_the_same_history() {
        let noon: Instant = "2026-11-25T12:00:00Z".parse().expect("an instant");
        let told = |opening| {
            let (opening, zone) = before(opening);
            format!("{:?}", Plan::before(opening, zone).steps)
        };
        assert_eq!(told(noon), told(noon));
        let [early, late] = [noon, noon.plus_minutes(600)].map(|opening| Plan::before(opening, "Europe/Dublin"));
        assert_eq!(format!("{:?}", early.sales), format!("{:?}", late.sales), "the hour only says how much of the day is over");
        assert!(early.steps.len() < late.steps.len());
    }

    #[test]
    fn whenever_it_opens_the_weeks_before_were_busy() {
        for opening in openings() {
            let plan = Plan::before(opening, "Europe/Dublin");
            let bought = plan.steps.iter().filter(|(_, step)| matches!(step, Step::Buy(_))).count();
            assert!((150..=220).contains(&bought), "{opening}: {bought}");
            assert!(plan.steps.iter().all(|(at, _)| *at < opening && *at > opening.plus_days(-DAYS - 2)), "{opening}");
            let fates: HashSet<String> = plan.sales.iter().map(|sale| format!("{:?}", sale.fate)).collect();
            assert_eq!(fates.len(), 14, "{opening}: {fates:?}");
            let has = |wanted: fn(&Step) -> bool| plan.steps.iter().any(|(_, step)| wanted(step));
            assert!(has(|step| matches!(step, Step::Book { is_short: true, .. })), "{opening}: a short transfer");
            let count = |sale: usize, wanted: fn(&Step) -> Option<usize>| plan.steps.iter().filter(|(_, step)| wanted(step) == Some(sale)).count();
            let parcels = |sale| count(sale, |step| if let Step::Ship { sale, .. } = step { Some(*sale) } else { None });
            let is_paid = |sale| count(sale, |step| if let Step::Buy(sale) = step { Some(*sale) } else { None }) == 1;
            let in_parts = (0..plan.sales.len()).filter(|sale| plan.sales[*sale].fate == Fate::InParts && parcels(*sale) == 1).count();
            assert!(in_parts >= 1, "{opening}: nothing has left in part");
            let waiting = (0..plan.sales.len()).filter(|sale| plan.sales[*sale].fate == Fate::Plain && is_paid(*sale) && parcels(*sale) == 0).count();
            assert!((2..=20).contains(&waiting), "{opening}: {waiting} wait to be packed");
            let open = plan.sales.iter().filter(|sale| sale.fate == Fate::OpenTransfer && sale.at < opening).count();
            assert!(open >= 2, "{opening}: {open} transfers are awaited");
        }
    }
}
