//! What the workshop brings to the shelf, so that everything that is sold was there, and exactly what the demo promises
//! is left at its opening.

use super::calendar::Calendar;
use super::plan::{Fate, Plan};
use super::steps::{FIRINGS, Step};
use crate::base::Instant;

/// The steps of a plan together with the goods that come from the workshop.
pub fn supplied(plan: &Plan, calendar: &Calendar, end: Instant) -> Vec<(Instant, Step)> {
    let firings: Vec<Instant> = FIRINGS.iter().map(|day| calendar.at(*day, 8, 1_200)).collect();
    let taken = taken(plan);
    let mut steps: Vec<(Instant, Step)> = Vec::new();
    for (ware, taken) in taken.iter().enumerate().filter(|(ware, _)| !plan.wares[*ware].made_to_order) {
        steps.extend(supply(ware, plan.wares[ware].stock, taken, &firings, end));
    }
    // Goods of a moment come before what is sold in it.
    steps.extend(plan.steps.iter().copied());
    steps.sort_by_key(|(at, _)| *at);
    steps
}

/// Per ware: when how many pieces were promised, or (negative) given back.
fn taken(plan: &Plan) -> Vec<Vec<(Instant, i32)>> {
    let mut taken = vec![Vec::new(); plan.wares.len()];
    for (at, step) in &plan.steps {
        let (sale, sign) = match step {
            Step::Buy(sale) | Step::Leave(sale) => (*sale, 1),
            Step::Expire(sale) | Step::Cancel(sale) => (*sale, -1),
            Step::Refund(sale) if plan.sales[*sale].fate == Fate::Returned => (*sale, -1),
            Step::Refund(sale) if plan.sales[*sale].fate == Fate::OneBack => {
                taken[plan.sales[*sale].basket[0].0].push((*at, -1));
                continue;
            }
            _ => continue,
        };
        for (ware, qty) in &plan.sales[sale].basket {
            taken[*ware].push((*at, qty * sign));
        }
    }
    taken
}

/// Each firing brings what is sold until the next one; what is over at the end is sorted out.
fn supply(ware: usize, stock: i32, taken: &[(Instant, i32)], firings: &[Instant], end: Instant) -> Vec<(Instant, Step)> {
    let (mut there, mut steps) = (stock, Vec::new());
    for (place, firing) in firings.iter().enumerate() {
        let next = firings.get(place + 1).copied().unwrap_or(end);
        let (mut sum, mut most) = (0, 0);
        for (_, qty) in taken.iter().filter(|(at, _)| (*firing..next).contains(at)) {
            sum += qty;
            most = most.max(sum);
        }
        let missing = (stock + sum).max(most) - there;
        if missing > 0 {
            steps.push((*firing, Step::Receive { ware, qty: missing }));
            there += missing;
        }
        there -= sum;
    }
    if there > stock {
        steps.push((end, Step::SortOut { ware, qty: there - stock }));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is on the shelf after each step.
    fn levels(stock: i32, taken: &[(i64, i32)]) -> Vec<i32> {
        let moment = |seconds| Instant::from_unix(seconds);
        let taken: Vec<(Instant, i32)> = taken.iter().map(|(at, qty)| (moment(*at), *qty)).collect();
        let mut moves: Vec<(Instant, i32)> = supply(0, stock, &taken, &[moment(0), moment(10), moment(20)], moment(30))
            .into_iter()
            .map(|(at, step)| match step {
                Step::Receive { qty, .. } => (at, qty),
                Step::SortOut { qty, .. } => (at, -qty),
                other => panic!("{other:?} is no supply"),
            })
            .collect();
        moves.extend(taken.iter().map(|(at, qty)| (*at, -qty)));
        moves.sort_by_key(|(at, _)| *at);
        let mut level = stock;
        moves
            .iter()
            .map(|(_, qty)| {
                level += qty;
                level
            })
            .collect()
    }

    #[test]
    fn everything_sold_was_there_and_the_promised_is_left() {
        let cases: [(i32, &[(i64, i32)]); 5] = [
            (5, &[(1, 2), (12, 3), (25, 4)]),
            (0, &[(1, 2), (3, 1), (15, 1)]),
            (0, &[(1, 2), (3, -2), (15, 1), (16, -1)]),
            (2, &[(9, 4), (11, -4)]),
            (3, &[(22, 9), (23, -9), (24, 1)]),
        ];
        for (stock, taken) in cases {
            let levels = levels(stock, taken);
            assert!(levels.iter().all(|level| *level >= 0), "{taken:?}: {levels:?}");
            assert_eq!(levels.last(), Some(&stock), "{taken:?}: {levels:?}");
        }
    }
}
