//! Eight weeks as bars: whole units of a drawing that is stretched to the width of the page, so that the template only
//! prints numbers and nothing is written inside the drawing that could be stretched with it.

use crate::base::{Currency, Instant, Money};

/// Days shown.
pub const DAYS: i64 = 56;
/// Units of the drawing: a day's width, a bar's, and the height of the whole.
const STEP: i64 = 10;
const BAR: i64 = 7;
const TALLEST: i64 = 100;
/// Days between two words below the drawing.
const WORD_EVERY: i64 = 14;

/// One day of the chart.
#[derive(Debug, PartialEq, Eq)]
pub struct Bar {
    /// "Wed 25 Nov"
    pub label: String,
    pub orders: i64,
    pub sum: Money,
    /// Where the day's share of the width begins, and where its bar does.
    pub left: i64,
    pub x: i64,
    pub y: i64,
    pub height: i64,
}

/// The drawing and what is said beside it.
#[derive(Debug, PartialEq, Eq)]
pub struct Chart {
    pub bars: Vec<Bar>,
    pub width: i64,
    pub step: i64,
    pub bar: i64,
    pub tallest: i64,
    /// What the upper line stands for, a round amount; the lower one is half of it.
    pub top: Money,
    pub half: Money,
    pub orders: i64,
    pub sum: Money,
    /// Days below the drawing, from its left end.
    pub words: Vec<String>,
}

impl Chart {
    /// The best day; the first of equals.
    pub fn best(&self) -> Option<&Bar> {
        self.bars.iter().rev().max_by_key(|bar| bar.sum.minor())
    }
}

/// Midnight in the zone, `days` before the day of `now`; daylight saving is the zone's business.
pub fn midnight(now: Instant, zone: &str, days: i64) -> Instant {
    let today = now.in_zone(zone);
    let day = today.date().saturating_sub(jiff::Span::new().days(days));
    day.to_zoned(today.time_zone().clone()).map_or(now, |begin| Instant::new(begin.timestamp()))
}

/// The same hour by the shop's clock, a week before.
pub fn week_before(now: Instant, zone: &str) -> Instant {
    now.in_zone(zone).checked_sub(jiff::Span::new().days(7)).map_or(now, |then| Instant::new(then.timestamp()))
}

/// The last [`DAYS`] days, today last, from what the database summed.
pub fn chart(now: Instant, zone: &str, currency: Currency, sums: &[(String, i64, i64)]) -> Chart {
    let top = round_up(sums.iter().map(|(_, _, minor)| *minor).max().unwrap_or_default());
    let today = now.in_zone(zone).date();
    let day = |at: i64| today.saturating_sub(jiff::Span::new().days(DAYS - 1 - at));
    let bars: Vec<Bar> = (0..DAYS)
        .map(|at| {
            let date = day(at).to_string();
            let (orders, minor) = sums.iter().find(|(day, ..)| *day == date).map_or((0, 0), |(_, orders, minor)| (*orders, *minor));
            let height = tall(minor, top);
            let left = at * STEP;
            let label = day(at).strftime("%a %-d %b").to_string();
            Bar { label, orders, sum: Money::new(minor, currency), left, x: left + (STEP - BAR) / 2, y: TALLEST - height, height }
        })
        .collect();
    Chart {
        width: DAYS * STEP,
        step: STEP,
        bar: BAR,
        tallest: TALLEST,
        top: Money::new(top, currency),
        half: Money::new(top / 2, currency),
        orders: bars.iter().map(|bar| bar.orders).sum(),
        sum: Money::new(bars.iter().map(|bar| bar.sum.minor()).fold(0, i64::saturating_add), currency),
        words: (0..DAYS / WORD_EVERY).map(|word| day(word * WORD_EVERY).strftime("%-d %b").to_string()).collect(),
        bars,
    }
}

/// A day with sales is seen, however small beside the best one.
fn tall(minor: i64, top: i64) -> i64 {
    if minor <= 0 {
        return 0;
    }
    (i128::from(minor) * i128::from(TALLEST) / i128::from(top.max(1))).max(2).try_into().unwrap_or(TALLEST)
}

/// The least round amount that is not less; half of it is round as well.
fn round_up(minor: i64) -> i64 {
    let mut power: i64 = 1;
    loop {
        for step in [12, 16, 20, 30, 40, 50, 60, 80, 100] {
            match power.checked_mul(step) {
                Some(round) if round >= minor => return round,
                Some(_) => {}
                None => return minor,
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_the_shops_midnight_also_when_the_clocks_change() {
        let now: Instant = "2026-03-29T12:00:00Z".parse().expect("an instant");
        assert_eq!(midnight(now, "Europe/Dublin", 0).to_string(), "2026-03-29T00:00:00Z");
        assert_eq!(midnight(now.plus_days(1), "Europe/Dublin", 0).to_string(), "2026-03-29T23:00:00Z");
        assert_eq!(week_before(now.plus_days(1), "Europe/Dublin").to_string(), "2026-03-23T13:00:00Z", "one o'clock is one o'clock");
    }

    #[test]
    fn the_best_day_is_tallest_and_empty_days_stay() {
        let now: Instant = "2026-11-25T12:00:00Z".parse().expect("an instant");
        let sums = [("2026-11-25".into(), 2, 5_000), ("2026-11-24".into(), 1, 1), ("2026-11-20".into(), 1, 10_000)];
        let chart = chart(now, "Europe/Dublin", Currency::EUR, &sums);
        assert_eq!((chart.bars.len(), chart.orders, chart.sum.minor(), chart.top.minor()), (56, 4, 15_001, 10_000));
        assert_eq!((chart.bars[55].height, chart.bars[55].y, chart.bars[54].height, chart.bars[0].height), (50, 50, 2, 0));
        assert_eq!(chart.best().map(|bar| bar.label.as_str()), Some("Fri 20 Nov"));
        assert_eq!(chart.words, ["1 Oct", "15 Oct", "29 Oct", "12 Nov"]);
    }

    #[test]
    fn the_upper_line_is_a_round_amount() {
        assert_eq!([0, 13, 99, 4_001, 10_000, 10_001, 123_456].map(round_up), [12, 16, 100, 5_000, 10_000, 12_000, 160_000]);
        assert_eq!(round_up(i64::MAX), i64::MAX);
    }
}
