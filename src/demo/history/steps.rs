//! From what becomes of an order to what is done when: paid, packed the next working day, on the way for days.

use super::calendar::Calendar;
use super::dice::Dice;
use super::people::Person;
use super::plan::{Fate, Plan, Sale};
use crate::base::Instant;

/// Days on which the kiln is opened, before the opening of the demo: every ten days.
pub const FIRINGS: [i64; 6] = [57, 47, 37, 27, 17, 7];
/// The country of the workshop.
const HOME: &str = "IE";
/// A bench takes four weeks.
const BENCH_DAYS: i64 = 28;
/// Minutes after which a payment page that was left is over.
const PAGE_MINUTES: i64 = 31;
/// Parcels of a hundred whose arrival nobody noted.
const UNHEARD: usize = 4;
/// Orders of a hundred that wait a working day longer.
const SLOW: usize = 12;
/// The same of the last days: the bench in the packing room is full.
const SLOW_LATELY: usize = 50;
/// Days that a late parcel is late.
const LATE_DAYS: i64 = 6;
/// Orders of a hundred with a note by staff.
const NOTED: usize = 9;

/// Something that is done. Numbers are places in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Somebody opens an account and confirms it.
    SignUp(usize),
    /// Somebody asks for the newsletter, and confirms or does not.
    Subscribe {
        person: usize,
        confirms: bool,
    },
    /// A cart is filled and left.
    Fill(usize),
    /// An order is placed and, by card, paid.
    Buy(usize),
    /// The card is declined.
    Decline(usize),
    /// An order waits for a payment that does not come …
    Leave(usize),
    /// … and ends.
    Expire(usize),
    /// A transfer arrived.
    Book {
        sale: usize,
        is_short: bool,
    },
    Ship {
        sale: usize,
        what: Packed,
    },
    /// The parcel of this number arrived.
    Deliver {
        sale: usize,
        parcel: usize,
    },
    Cancel(usize),
    Refund(usize),
    Note {
        sale: usize,
        text: &'static str,
    },
    /// Goods come from the workshop.
    Receive {
        ware: usize,
        qty: i32,
    },
    /// A bench is finished.
    Finish {
        ware: usize,
    },
    /// Pieces that came back are not good enough for the shelf.
    SortOut {
        ware: usize,
        qty: i32,
    },
}

/// What goes into a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packed {
    FirstLine,
    /// Everything that is still there.
    Rest,
}

const NOTES: [&str; 7] = [
    "Rang to ask whether the glaze is food safe. It is.",
    "Packed twice: this address had a broken bowl last year.",
    "Asked for the parcel after four in the afternoon. Told the carrier.",
    "Wants to know when the celadon teapot is back. Next firing but one.",
    "Paper instead of air cushions, as asked.",
    "Put a card in, it is a present.",
    "Neighbour at number 12 takes parcels.",
];

struct Book<'a> {
    calendar: &'a Calendar,
    dice: &'a mut Dice,
    steps: Vec<(Instant, Step)>,
}

/// Everything that is done, before and after the opening, in no order.
pub fn all(plan: &Plan, calendar: &Calendar, dice: &mut Dice) -> Vec<(Instant, Step)> {
    let mut book = Book { calendar, dice, steps: Vec::new() };
    for (number, person) in plan.people.iter().enumerate() {
        book.steps.extend(person.account_since.map(|at| (at, Step::SignUp(number))));
    }
    for (number, sale) in plan.sales.iter().enumerate() {
        book.sale(number, sale, &plan.people[sale.buyer]);
    }
    // Every ninth order brings somebody to the newsletter; the last two have not looked into their mailbox yet.
    let readers: Vec<&Sale> = plan.sales.iter().filter(|sale| sale.day > 0).step_by(9).collect();
    for (number, sale) in readers.iter().enumerate() {
        let step = Step::Subscribe { person: sale.buyer, confirms: number + 2 < readers.len() };
        book.steps.push((sale.at.plus_seconds(240), step));
    }
    book.steps
}

impl Book<'_> {
    fn put(&mut self, at: Instant, step: Step) {
        self.steps.push((at, step));
    }

    fn sale(&mut self, number: usize, sale: &Sale, buyer: &Person) {
        let (at, day) = (sale.at, sale.day);
        if sale.fate == Fate::Abandoned {
            self.put(at, Step::Leave(number));
            self.put(at.plus_minutes(PAGE_MINUTES), Step::Expire(number));
            return;
        }
        if sale.fate == Fate::DeclinedFirst {
            self.put(at.plus_seconds(-200), Step::Decline(number));
        }
        self.put(at, Step::Buy(number));
        match sale.fate {
            Fate::OpenTransfer => {}
            Fate::NeverPaid => {
                let morning = self.calendar.between(day - 9, 9, 11, self.dice);
                self.put(morning, Step::Cancel(number));
            }
            Fate::ChangedMind => {
                let minutes = self.dice.between(12, 55);
                self.put(at.plus_minutes(minutes), Step::Cancel(number));
            }
            Fate::ShortTransfer => {
                self.transferred(number, day, 2, true);
            }
            Fate::Transfer => {
                let working_days = self.dice.between(1, 3);
                let booked = self.transferred(number, day, working_days, false);
                self.send(number, booked, sale, buyer);
            }
            Fate::InParts => {
                let left = self.parcel(number, day, Packed::FirstLine, 0, sale, buyer).0;
                let rest = self.calendar.working_day_after(left, 4);
                self.parcel(number, rest, Packed::Rest, 1, sale, buyer);
            }
            Fate::MadeToOrder => {
                let made = self.calendar.working_day_after(day - BENCH_DAYS, 1);
                let morning = self.calendar.between(made, 8, 9, self.dice);
                self.put(morning, Step::Finish { ware: sale.basket[0].0 });
                self.parcel(number, made + 1, Packed::Rest, 0, sale, buyer);
            }
            Fate::Returned | Fate::OneBack | Fate::Broken | Fate::Late => {
                let arrived = self.send(number, day, sale, buyer);
                let wait = if matches!(sale.fate, Fate::Broken | Fate::Late) { self.dice.between(1, 2) } else { self.dice.between(5, 7) };
                let back = self.calendar.between(self.calendar.working_day_after(arrived, wait), 11, 16, self.dice);
                self.put(back, Step::Refund(number));
            }
            Fate::Plain | Fate::DeclinedFirst | Fate::Abandoned => {
                self.send(number, day, sale, buyer);
            }
        }
    }

    /// A transfer arrives so many working days later; gives the day.
    fn transferred(&mut self, number: usize, day: i64, working_days: i64, is_short: bool) -> i64 {
        let booked = self.calendar.working_day_after(day, working_days);
        let morning = self.calendar.between(booked, 9, 10, self.dice);
        self.put(morning, Step::Book { sale: number, is_short });
        booked
    }

    /// One parcel with everything; gives the day on which it arrives.
    fn send(&mut self, number: usize, paid: i64, sale: &Sale, buyer: &Person) -> i64 {
        let slow = if sale.day <= 3 { SLOW_LATELY } else { SLOW };
        let paid = if self.dice.percent(slow) { self.calendar.working_day_after(paid, 1) } else { paid };
        let (left, arrived) = self.parcel(number, paid, Packed::Rest, 0, sale, buyer);
        if self.dice.percent(NOTED) {
            let before = self.calendar.between(left, 9, 10, self.dice);
            let text = self.dice.pick(&NOTES);
            self.put(before, Step::Note { sale: number, text });
        }
        arrived
    }

    /// A parcel leaves on the next working day; gives the days on which it leaves and arrives.
    fn parcel(&mut self, number: usize, paid: i64, what: Packed, parcel: usize, sale: &Sale, buyer: &Person) -> (i64, i64) {
        let left = self.calendar.working_day_after(paid, 1);
        let afternoon = self.calendar.between(left, 11, 16, self.dice);
        self.put(afternoon, Step::Ship { sale: number, what });
        let (least, most) = match () {
            () if sale.is_express => (1, 2),
            () if buyer.address.country.code() == HOME => (1, 3),
            () if buyer.is_islander => (5, 8),
            () => (3, 6),
        };
        let mut arrived = left - self.dice.between(least, most);
        if sale.fate == Fate::Late {
            arrived -= LATE_DAYS;
        }
        if self.calendar.is_sunday(arrived) {
            arrived -= 1;
        }
        if !self.dice.percent(UNHEARD) || sale.fate != Fate::Plain {
            let day = self.calendar.between(arrived, 9, 18, self.dice);
            self.put(day, Step::Deliver { sale: number, parcel });
        }
        (left, arrived)
    }
}
