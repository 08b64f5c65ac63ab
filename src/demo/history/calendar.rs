//! Days counted back from the opening, by the wall clock of the shop, and how much is bought on each.

use jiff::Span;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::dice::Dice;
use crate::base::Instant;
use crate::demo::journal::ARTICLES;

/// Eight weeks.
pub const DAYS: i64 = 56;
/// A week in which little was bought, in days before the opening.
const QUIET: std::ops::RangeInclusive<i64> = 28..=34;
/// Orders of a week at its usual, in hundredths, from Monday on: people buy when they are at home.
const WEEK: [i64; 7] = [265, 250, 265, 280, 325, 450, 465];
/// How often something is bought in each hour of the day.
const HOURS: [usize; 24] = [1, 0, 0, 0, 0, 0, 1, 3, 5, 6, 6, 7, 8, 7, 5, 5, 6, 8, 10, 13, 15, 14, 9, 4];

/// The days before the opening: 0 is the day of the opening itself, a negative number lies after it.
#[derive(Debug, Clone)]
pub struct Calendar {
    today: Date,
    zone: TimeZone,
}

impl Calendar {
    pub fn new(opening: Instant, zone: &str) -> Self {
        let today = opening.in_zone(zone);
        Self { today: today.date(), zone: today.time_zone().clone() }
    }

    fn date(&self, day: i64) -> Date {
        self.today.saturating_sub(Span::new().days(day))
    }

    /// So many seconds after a full hour of a day.
    pub fn at(&self, day: i64, hour: i64, seconds: i64) -> Instant {
        let hour = i8::try_from(hour.clamp(0, 23)).unwrap_or_default();
        let full = self.date(day).at(hour, 0, 0, 0).to_zoned(self.zone.clone());
        full.map_or(Instant::from_unix(0), |full| Instant::new(full.timestamp()).plus_seconds(seconds))
    }

    /// Some moment of a day on which people buy.
    pub fn moment(&self, day: i64, dice: &mut Dice) -> Instant {
        let hour = i64::try_from(dice.weighted(&HOURS)).unwrap_or_default();
        self.at(day, hour, dice.between(0, 3_599))
    }

    /// Some moment of a day between two full hours.
    pub fn between(&self, day: i64, from: i64, until: i64, dice: &mut Dice) -> Instant {
        self.at(day, from, dice.between(0, (until - from) * 3_600 - 1))
    }

    pub fn is_sunday(&self, day: i64) -> bool {
        self.date(day).weekday() == Weekday::Sunday
    }

    /// The `count`th working day after a day.
    pub fn working_day_after(&self, day: i64, count: i64) -> i64 {
        let is_free = |day: i64| matches!(self.date(day).weekday(), Weekday::Saturday | Weekday::Sunday);
        let (mut day, mut left) = (day, count);
        while left > 0 {
            day -= 1;
            left -= i64::from(!is_free(day));
        }
        day
    }

    /// Orders of a day in hundredths: by weekday, growing a little, quiet in one week, more once an article is out.
    fn usual(&self, day: i64) -> i64 {
        let weekday = usize::try_from(self.date(day).weekday().to_monday_zero_offset()).unwrap_or_default();
        let usual = WEEK[weekday] * (92 + (DAYS - day) * 16 / DAYS) / 100;
        let since_article = ARTICLES.iter().map(|article| article.days_before_opening - day).find(|since| (0..=2).contains(since));
        match since_article {
            _ if QUIET.contains(&day) => usual * 40 / 100,
            Some(0) => usual * 170 / 100,
            Some(_) => usual * 140 / 100,
            None => usual,
        }
    }

    /// Orders of each day, the oldest first; what does not make a whole order today makes one tomorrow.
    pub fn orders(&self, dice: &mut Dice) -> Vec<(i64, i64)> {
        let mut carried = 0;
        let of_day = |day| {
            let wanted = carried + self.usual(day) * dice.between(60, 140) / 100;
            carried = wanted % 100;
            (day, wanted / 100)
        };
        (0..=DAYS).rev().map(of_day).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn friday() -> Calendar {
        Calendar::new("2026-11-27T12:00:00Z".parse().expect("an instant"), "Europe/Dublin")
    }

    #[test]
    fn working_days_leave_out_the_weekend() {
        let calendar = friday();
        assert_eq!([1, 2, 3].map(|count| calendar.working_day_after(0, count)), [-3, -4, -5]);
        assert!(calendar.is_sunday(5) && !calendar.is_sunday(4));
        assert_eq!(calendar.at(34, 9, 60).to_string(), "2026-10-24T08:01:00Z", "in summer time");
        assert_eq!(calendar.at(32, 9, 60).to_string(), "2026-10-26T09:01:00Z");
    }

    #[test]
    fn people_buy_at_weekends_after_articles_and_little_in_one_week() {
        let calendar = friday();
        assert!(calendar.usual(6) > calendar.usual(10) * 3 / 2, "a Saturday beside a Tuesday");
        assert!(calendar.usual(41) > calendar.usual(48) * 3 / 2, "an article came out");
        assert!(calendar.usual(31) < calendar.usual(38) / 2);
    }
}
