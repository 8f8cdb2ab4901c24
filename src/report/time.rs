//! The axis of time: calendar years where the scenario says when week 0 is, years from week 0 where it does not.

use super::chart::{Axis, round_step};

/// Days since 1 January 1970 of a date of the Gregorian calendar.
///
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a day since 1 January 1970, as (year, month, day).
///
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
pub fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// The same, for sentences.
const IN_FULL: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Weeks of a run, and how to name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The day of week 0, if the scenario gives it.
    start: Option<i64>,
}

impl Calendar {
    /// A calendar from the date of week 0, as `2025-04-07`; anything else counts as no date.
    pub fn new(start: Option<&str>) -> Self {
        let parse = |text: &str| {
            let mut parts = text.splitn(3, '-').map(|part| part.parse::<i64>().ok());
            let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
            let start = (1..=9999).contains(&year).then(|| days(year, month, day))?;
            ((1..=12).contains(&month) && date(start) == (year, month, day)).then_some(start)
        };
        Self { start: start.and_then(parse) }
    }

    /// A week in words: "7 Apr 2025" or "week 52".
    pub fn say(&self, week: i32) -> String {
        match self.start {
            None => format!("week {week}"),
            Some(start) => {
                let (year, month, day) = date(start + 7 * i64::from(week));
                format!("{day} {} {year}", MONTHS[(month - 1) as usize])
            }
        }
    }

    /// The month in which a week begins, in words: "April 2025", or "week 52".
    pub fn month(&self, week: i32) -> String {
        match self.start {
            None => format!("week {week}"),
            Some(start) => {
                let (year, month, _) = date(start + 7 * i64::from(week));
                format!("{} {year}", IN_FULL[(month - 1) as usize])
            }
        }
    }

    /// The year in which the financial year of a week begins, April to March; years counted from 1 without a date.
    pub fn financial_year(&self, week: i32) -> i32 {
        match self.start {
            None => week.div_euclid(52) + 1,
            Some(start) => {
                let (year, month, _) = date(start + 7 * i64::from(week));
                (year - i64::from(month < 4)) as i32
            }
        }
    }

    /// The axis of these weeks, with about `most` ticks.
    pub fn axis(&self, first: f64, last: f64, most: usize) -> Axis {
        if last <= first {
            let ticks = vec![(first, self.say(first as i32))];
            return Axis { low: first - 0.5, high: first + 0.5, ticks, title: String::new() };
        }
        let step = |length: f64| round_step(length / most as f64);
        match self.start {
            Some(start) => Self::dated(start, first, last, most),
            None if last - first >= 104.0 => {
                let step = step((last - first) / 52.0).max(0.5);
                Axis::stepped(first / 52.0, last / 52.0, step, "Years from week 0").scaled(52.0)
            }
            None => Axis::stepped(first, last, step(last - first).max(1.0), "Weeks from week 0"),
        }
    }

    /// An axis with its ticks at the first of a year or of a month.
    fn dated(start: i64, first: f64, last: f64, most: usize) -> Axis {
        let (year, month, _) = date(start + (first * 7.0) as i64);
        let months = ((last - first) / 4.35).ceil().max(1.0) as usize;
        let steps = [1, 2, 3, 6, 12, 24, 36, 48, 60, 120, 240, 600, 1200, 2400, 6000];
        let step =
            steps.into_iter().find(|step| months / step < most && (months <= 24 || *step >= 12)).unwrap_or(12_000)
                as i64;
        let mut ticks = Vec::new();
        let mut at = (year * 12 + month - 1).div_euclid(step) * step;
        loop {
            let (year, month) = (at.div_euclid(12), at.rem_euclid(12));
            let week = (days(year, month + 1, 1) - start) as f64 / 7.0;
            if week > last {
                break;
            }
            if week >= first {
                let name = MONTHS[month as usize];
                ticks.push((week, if step >= 12 { year.to_string() } else { format!("{name} {year}") }));
            }
            at += step;
        }
        if ticks.is_empty() {
            let (year, month, day) = date(start + (first * 7.0) as i64);
            ticks.push((first, format!("{day} {} {year}", MONTHS[(month - 1) as usize])));
            return Axis { low: first, high: last, ticks, title: String::new() };
        }
        let title = if step >= 12 { "Year, marked at 1 January" } else { "Month, marked at its first day" };
        Axis { low: first, high: last, ticks, title: title.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_go_back_and_forth() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2025, 4, 7), 20_185);
        assert!((-200_000..200_000).all(|day| {
            let (y, m, d) = date(day);
            days(y, m, d) == day
        }));
    }

    #[test]
    fn a_date_that_does_not_exist_counts_as_none() {
        for text in ["2025-02-30", "soon", "", "2025-13-01", "2025", "-5-1-1"] {
            assert_eq!(Calendar::new(Some(text)), Calendar { start: None }, "{text}");
        }
    }

    #[test]
    fn ten_dated_years_get_a_tick_at_each_new_year() {
        let axis = Calendar::new(Some("2025-04-07")).axis(0.0, 520.0, 12);
        assert_eq!(axis.ticks.first().map(|tick| tick.1.as_str()), Some("2026"));
        assert_eq!(axis.ticks.len(), 10);
    }

    #[test]
    fn financial_years_begin_in_april() {
        let calendar = Calendar::new(Some("2025-04-07"));
        // Week 51 begins on 30 March 2026, week 52 on 6 April.
        assert_eq!([0, 51, 52].map(|week| calendar.financial_year(week)), [2025, 2025, 2026]);
        assert_eq!([0, 51, 52].map(|week| Calendar::new(None).financial_year(week)), [1, 1, 2]);
    }

    #[test]
    fn a_single_week_has_an_axis_with_a_tick() {
        for start in [None, Some("2025-04-07")] {
            let axis = Calendar::new(start).axis(0.0, 0.0, 10);
            assert!(axis.low < axis.high && !axis.ticks.is_empty());
        }
    }
}
