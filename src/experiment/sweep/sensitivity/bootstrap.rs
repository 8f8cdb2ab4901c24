//! How sure an estimate is, by drawing its rows anew.

use super::Rows;
use crate::draws::Stream;
use crate::experiment::summary::quantile;

/// An estimate and the interval it comes with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end of its interval; NaN where there is none.
    pub low: f64,
    /// Upper end; NaN where there is none.
    pub high: f64,
}

/// How intervals are made: rows are drawn with replacement, the estimate made again, and the middle of what comes out taken.
///
/// Source: Efron (1979); the percentile interval of Efron and Tibshirani (1993), chapter 13, as Archer, Saltelli and Sobol'
/// (1997) use it for indices of variance. Rows of a Sobol sequence err less than independent ones, which drawing anew takes
/// them for: their intervals are on the wide side.
#[derive(Clone, Copy, Debug)]
pub struct Bootstrap {
    /// How often rows are drawn anew; a thousand for intervals of 95 %. 0 for no intervals.
    pub resamples: usize,
    /// Share of what comes out that an interval holds, in (0, 1).
    pub level: f64,
    /// The draws.
    pub stream: Stream,
}

impl Bootstrap {
    /// The estimates, which `finish` makes of the means of the columns of `rows`, each with its interval. None where `finish`
    /// makes none of the rows as they are. Where it makes none of some rows drawn anew, there are no intervals: they would
    /// leave out just the draws in which least is known.
    pub(super) fn estimates(&self, rows: &Rows, finish: impl Fn(&[f64]) -> Option<Vec<f64>>) -> Option<Vec<Estimate>> {
        let values = finish(&means(rows.iter()))?;
        let again: Option<Vec<Vec<f64>>> =
            (0..self.resamples).map(|resample| finish(&means(self.drawn(rows, resample)))).collect();
        let again = again.unwrap_or_default();
        let estimate = |(i, value)| {
            let mut others: Vec<f64> = again.iter().map(|values| values[i]).collect();
            others.sort_by(f64::total_cmp);
            let outside = (1.0 - self.level) / 2.0;
            Estimate { value, low: quantile(&others, outside), high: quantile(&others, 1.0 - outside) }
        };
        Some(values.into_iter().enumerate().map(estimate).collect())
    }

    /// As many rows as there are, drawn with replacement.
    fn drawn<'a>(&self, rows: &'a Rows, resample: usize) -> impl Iterator<Item = &'a [f64]> {
        let stream = self.stream.at(resample as u64);
        // No design has more rows than a u32 counts.
        let count = rows.count as u32;
        (0..u64::from(count)).map(move |place| rows.row(stream.below(place, count) as usize))
    }
}

/// The mean of each column of at least one row.
fn means<'a>(rows: impl Iterator<Item = &'a [f64]>) -> Vec<f64> {
    let (mut sums, mut count) = (vec![], 0.0);
    for row in rows {
        sums.resize(row.len(), 0.0);
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        count += 1.0;
    }
    sums.iter().map(|sum| sum / count).collect()
}
