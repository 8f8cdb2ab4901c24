//! Tables turned into the series that pictures and page show.

use std::collections::BTreeMap;

use crate::experiment::summary::quantile;
use crate::results::{Result, Table};

/// One measure over time: its mean over replicates, and the middle eight in ten of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// In order of time.
    pub spots: Vec<Spot>,
}

/// A measure at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// When, in weeks.
    pub week: i32,
    /// Mean of those observed.
    pub mean: f64,
    /// A tenth of them lie below.
    pub low: f64,
    /// A tenth of them lie above.
    pub high: f64,
    /// How many were observed.
    pub seen: usize,
}

impl Series {
    /// A series from (week, value) pairs, many for a week; what is not a number counts as not observed.
    pub fn of(values: impl IntoIterator<Item = (i32, f64)>) -> Self {
        let mut weeks: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
        for (week, value) in values {
            let seen = weeks.entry(week).or_default();
            if value.is_finite() {
                seen.push(value);
            }
        }
        let spots = weeks.into_iter().map(|(week, mut values)| {
            values.sort_by(f64::total_cmp);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            Spot { week, mean, low: quantile(&values, 0.1), high: quantile(&values, 0.9), seen: values.len() }
        });
        Self { spots: spots.collect() }
    }

    /// Whether a band says more than the line.
    pub fn has_band(&self) -> bool {
        self.spots.iter().any(|spot| spot.seen > 1)
    }

    /// The first observed mean.
    pub fn first(&self) -> f64 {
        self.spots.iter().map(|spot| spot.mean).find(|mean| mean.is_finite()).unwrap_or(f64::NAN)
    }

    /// The last observed spot.
    pub fn last_spot(&self) -> Option<&Spot> {
        self.spots.iter().rev().find(|spot| spot.mean.is_finite())
    }

    /// The last observed mean.
    pub fn last(&self) -> f64 {
        self.last_spot().map_or(f64::NAN, |spot| spot.mean)
    }

    /// The mean over weeks of a range.
    pub fn mean_between(&self, from: i32, to: i32) -> f64 {
        mean(self.spots.iter().filter(|spot| (from..=to).contains(&spot.week)).map(|spot| spot.mean))
    }

    /// The largest value a picture of it must show.
    pub fn top(&self) -> f64 {
        self.spots.iter().flat_map(|spot| [spot.mean, spot.high]).filter(|top| top.is_finite()).fold(0.0, f64::max)
    }

    /// At most `most` spots, evenly picked, the last always among them.
    pub fn thinned(mut self, most: usize) -> Self {
        let step = self.spots.len().div_ceil(most.max(1)).max(1);
        let last = self.spots.len().saturating_sub(1);
        let mut place = 0;
        self.spots.retain(|_| {
            let keep = place == last || place % step == 0;
            place += 1;
            keep
        });
        self
    }
}

/// The mean of those that are numbers; NaN of none.
pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, seen) = values.into_iter().filter(|v| v.is_finite()).fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
    sum / seen
}

/// The weekly table, its rows found by group.
#[derive(Debug)]
pub struct Weekly<'a> {
    table: &'a Table,
    /// Replicate of each row.
    pub replicate: &'a [i32],
    /// Week of each row.
    pub week: &'a [i32],
    /// For each way of grouping its groups, in order of appearance, with their rows.
    groups: BTreeMap<&'a str, Vec<(&'a str, Vec<usize>)>>,
}

impl<'a> Weekly<'a> {
    /// Finds the rows of each group.
    ///
    /// # Errors
    /// When the table misses a column.
    pub fn new(table: &'a Table) -> Result<Self> {
        let (by, by_labels) = table.words("group_by")?;
        let (group, labels) = table.words("group")?;
        let mut places: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        let mut groups: BTreeMap<&str, Vec<(&str, Vec<usize>)>> = BTreeMap::new();
        for (row, (&by, &group)) in by.iter().zip(group).enumerate() {
            let found = groups.entry(&by_labels[by as usize]).or_default();
            let place = *places.entry((by, group)).or_insert_with(|| {
                found.push((&labels[group as usize], Vec::new()));
                found.len() - 1
            });
            found[place].1.push(row);
        }
        Ok(Self { table, replicate: table.ints("replicate")?, week: table.ints("week")?, groups })
    }

    /// The groups of a grouping, in order of appearance.
    pub fn groups(&self, by: &str) -> Vec<&'a str> {
        self.groups.get(by).map_or_else(Vec::new, |groups| groups.iter().map(|(group, _)| *group).collect())
    }

    /// The rows of a group.
    pub fn rows(&self, by: &str, group: &str) -> &[usize] {
        let found = self.groups.get(by).and_then(|groups| groups.iter().find(|(name, _)| *name == group));
        found.map_or(&[], |(_, rows)| rows)
    }

    /// The rows of all residents.
    pub fn all(&self) -> &[usize] {
        self.rows("all", "all")
    }

    /// A whole-number column.
    ///
    /// # Errors
    /// When the table misses it.
    pub fn ints(&self, name: &str) -> Result<&'a [i32]> {
        self.table.ints(name)
    }

    /// A column of all residents over time.
    ///
    /// # Errors
    /// When the table misses it.
    pub fn series(&self, name: &str) -> Result<Series> {
        let rows = self.all().iter();
        if let Ok(values) = self.table.ints(name) {
            return Ok(Series::of(rows.map(|&row| (self.week[row], f64::from(values[row])))));
        }
        let values = self.table.floats(name)?;
        Ok(Series::of(rows.map(|&row| (self.week[row], values[row]))))
    }

    /// Sum of whole-number columns over some groups, divided by their residents, over time.
    ///
    /// # Errors
    /// When the table misses a column.
    pub fn share(&self, columns: &[&str], by: &str, groups: &[&str]) -> Result<Series> {
        let residents = self.ints("residents")?;
        let columns = columns.iter().map(|name| self.ints(name)).collect::<Result<Vec<_>>>()?;
        let mut sums: BTreeMap<(i32, i32), (f64, f64)> = BTreeMap::new();
        for &row in groups.iter().flat_map(|group| self.rows(by, group)) {
            let sum = sums.entry((self.week[row], self.replicate[row])).or_default();
            sum.0 += columns.iter().map(|column| f64::from(column[row])).sum::<f64>();
            sum.1 += f64::from(residents[row]);
        }
        Ok(Series::of(sums.into_iter().map(|((week, _), (part, whole))| (week, part / whole))))
    }

    /// Share engaged over time in some groups taken together.
    ///
    /// # Errors
    /// When the table misses a column.
    pub fn engaged(&self, by: &str, groups: &[&str]) -> Result<Series> {
        self.share(&["involved", "collaborating"], by, groups)
    }

    /// How many residents some groups have together, at the last time they were counted.
    ///
    /// # Errors
    /// When the table misses a column.
    pub fn residents(&self, by: &str, groups: &[&str]) -> Result<f64> {
        let residents = self.ints("residents")?;
        let of = |group: &&str| {
            let rows = self.rows(by, group).iter();
            Series::of(rows.map(|&row| (self.week[row], f64::from(residents[row])))).last()
        };
        Ok(groups.iter().map(of).sum())
    }

    /// First and last week of the table.
    pub fn weeks(&self) -> (i32, i32) {
        let first = self.week.iter().copied().min().unwrap_or(0);
        (first, self.week.iter().copied().max().unwrap_or(0))
    }

    /// Groups to show, each with a name for people and the groups of the table it takes together. Tenths of
    /// deprivation become fifths; groups without residents are left out.
    ///
    /// # Errors
    /// When the table misses a column.
    pub fn shown(&self, by: &str) -> Result<Vec<(String, Vec<&'a str>)>> {
        let mut groups = self.groups(by);
        let mut seen = Vec::new();
        for group in groups.drain(..) {
            if self.residents(by, &[group])? > 0.0 {
                seen.push(group);
            }
        }
        let numbers: Option<Vec<u32>> = seen.iter().map(|group| group.parse().ok()).collect();
        let Some(numbers) = numbers.filter(|_| by == "deprivation") else {
            let name = |group: &str| group.strip_prefix("ethnic_").unwrap_or(group).replace('_', " ");
            return Ok(seen.into_iter().map(|group| (name(group), vec![group])).collect());
        };
        let mut shown: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        for (group, number) in seen.into_iter().zip(numbers) {
            shown.entry(number.div_ceil(2)).or_default().push(group);
        }
        let name = |number: u32| match number {
            1 => "most deprived".to_owned(),
            5 => "least deprived".to_owned(),
            number => format!("fifth {number}"),
        };
        Ok(shown.into_iter().map(|(number, groups)| (name(number), groups)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_band_holds_the_middle_eight_in_ten() {
        let series = Series::of((0..=10).map(|value| (0, f64::from(value))));
        assert_eq!(series.spots, [Spot { week: 0, mean: 5.0, low: 1.0, high: 9.0, seen: 11 }]);
    }

    #[test]
    fn what_was_not_observed_is_passed_over() {
        let series = Series::of([(0, 1.0), (1, f64::NAN), (2, 3.0), (3, f64::NAN)]);
        assert_eq!((series.first(), series.last(), series.top()), (1.0, 3.0, 3.0));
        assert!(Series::default().last().is_nan());
    }

    #[test]
    fn thinning_keeps_the_first_and_the_last() {
        let series = Series::of((0..1001).map(|week| (week, 1.0))).thinned(100);
        assert!(series.spots.len() <= 102);
        assert_eq!((series.spots[0].week, series.last_spot().unwrap().week), (0, 1000));
    }
}
