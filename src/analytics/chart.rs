//! Two weeks as bars: whole units of a drawing 560 wide and 140 high, so that the template only prints numbers.

use crate::base::{Currency, Instant, Money};

/// Days shown.
pub const DAYS: i64 = 14;
/// Units of the drawing: a day's width, the tallest bar, the line that bars stand on.
const STEP: i64 = 40;
const TALLEST: i64 = 110;
const GROUND: i64 = 120;

/// One day of the chart.
#[derive(Debug, PartialEq, Eq)]
pub struct Bar {
    /// "25 Nov"
    pub label: String,
    pub orders: i64,
    pub sum: Money,
    pub x: i64,
    pub y: i64,
    pub height: i64,
    /// Where the day's number is written.
    pub middle: i64,
    /// "25"
    pub day: String,
}

/// Midnight in the zone, `days` before the day of `now`; daylight saving is the zone's business.
pub fn midnight(now: Instant, zone: &str, days: i64) -> Instant {
    let today = now.in_zone(zone);
    let day = today.date().saturating_sub(jiff::Span::new().days(days));
    day.to_zoned(today.time_zone().clone()).map_or(now, |begin| Instant::new(begin.timestamp()))
}

/// The last [`DAYS`] days, today last, from what the database summed.
pub fn bars(now: Instant, zone: &str, currency: Currency, sums: &[(String, i64, i64)]) -> Vec<Bar> {
    let most = sums.iter().map(|(_, _, minor)| *minor).max().unwrap_or_default().max(1);
    let today = now.in_zone(zone).date();
    (0..DAYS)
        .map(|at| {
            let date = today.saturating_sub(jiff::Span::new().days(DAYS - 1 - at));
            let (orders, minor) = sums.iter().find(|(day, ..)| *day == date.to_string()).map_or((0, 0), |(_, orders, minor)| (*orders, *minor));
            // A day with sales is seen, however small beside the best one.
            let height =
                if minor == 0 { 0 } else { (i128::from(minor) * i128::from(TALLEST) / i128::from(most)).max(2).try_into().unwrap_or(TALLEST) };
            Bar {
                label: date.strftime("%-d %b").to_string(),
                day: date.strftime("%-d").to_string(),
                orders,
                sum: Money::new(minor, currency),
                x: at * STEP + 6,
                y: GROUND - height,
                height,
                middle: at * STEP + STEP / 2,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_the_shops_midnight_also_when_the_clocks_change() {
        let now: Instant = "2026-03-29T12:00:00Z".parse().expect("an instant");
        assert_eq!(midnight(now, "Europe/Dublin", 0).to_string(), "2026-03-29T00:00:00Z");
        assert_eq!(midnight(now.plus_days(1), "Europe/Dublin", 0).to_string(), "2026-03-29T23:00:00Z");
    }

    #[test]
    fn the_best_day_is_tallest_and_empty_days_stay() {
        let now: Instant = "2026-11-25T12:00:00Z".parse().expect("an instant");
        let bars = bars(now, "Europe/Dublin", Currency::EUR, &[("2026-11-25".into(), 2, 5000), ("2026-11-24".into(), 1, 1)]);
        assert_eq!(bars.len(), 14);
        assert_eq!((bars[13].height, bars[13].y, bars[12].height, bars[0].height), (110, 10, 2, 0));
    }
}
