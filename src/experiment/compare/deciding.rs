//! When the direction of an option is settled, if plausible sets are looked at again and again until it is.
//!
//! After each batch the share of versions in which an option is better has an exact interval: C. J. Clopper and E. S. Pearson, The
//! use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26 (1934). The direction is settled once
//! the interval leaves out one half. Whoever looks often sees chance pass for a finding sooner or later, so the error allowed is
//! shared out evenly over all looks that are possible, and over options (Bonferroni). Sets are taken from a finite list, each once,
//! for which the interval is too wide and never too narrow.

use statrs::distribution::{Binomial, DiscreteCDF};

/// Plausible sets between two looks, whatever the number of threads.
pub const BATCH: u32 = 10;
/// In how many comparisons, at most, an open direction of any option is called settled.
pub const WRONGLY: f64 = 0.05;

/// The looks that were taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// How many.
    pub taken: usize,
    /// How many there could have been.
    pub possible: usize,
    /// Whether the direction of each option was settled at the last one.
    pub settled: Vec<bool>,
}

impl Looks {
    /// A look, from 1, at the differences of each option from the baseline.
    pub fn at(taken: usize, possible: usize, options: &[Vec<f64>]) -> Self {
        let error = WRONGLY / (possible * options.len()) as f64;
        Self { taken, possible, settled: options.iter().map(|differences| is_settled(differences, error)).collect() }
    }

    /// Whether nothing is left to decide.
    pub fn all_settled(&self) -> bool {
        self.settled.iter().all(|&settled| settled)
    }
}

/// Whether the interval of the share above zero, or of that below, lies above one half; `error` is that of an interval of two
/// sides. Its lower end lies above one half just if a fair coin gives so many heads with less than half that chance.
fn is_settled(differences: &[f64], error: f64) -> bool {
    let more = differences.iter().filter(|&&difference| difference > 0.0).count();
    let less = differences.iter().filter(|&&difference| difference < 0.0).count();
    so_many_heads(differences.len(), more.max(less)) < error / 2.0
}

/// The chance of so many heads or more in some tosses of a fair coin.
fn so_many_heads(tosses: usize, heads: usize) -> f64 {
    let coin = Binomial::new(0.5, tosses as u64).expect("one half is a chance");
    heads.checked_sub(1).map_or(1.0, |fewer| coin.sf(fewer as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Purpose};

    /// The last look at 100 versions in batches of ten, each better with a chance of `share`, and whether more are better.
    fn last_look(share: f64, key: u64) -> (Looks, bool) {
        let stream = Draws::of_people(5).stream(Purpose::Fit, 0);
        let version = |i| if stream.unit(key * 100 + i) < share { 1.0 } else { -1.0 };
        let versions: Vec<f64> = (0..100).map(version).collect();
        let look = |taken: usize| Looks::at(taken, 10, &[versions[..taken * 10].to_vec()]);
        let taken = (1..10).find(|&taken| look(taken).all_settled()).unwrap_or(10);
        (look(taken), versions[..taken * 10].iter().sum::<f64>() > 0.0)
    }

    #[test]
    fn the_chance_of_heads_is_that_of_counting() {
        assert!((so_many_heads(10, 10) - 1.0 / 1024.0).abs() < 1e-12);
        assert!((so_many_heads(10, 9) - 11.0 / 1024.0).abs() < 1e-12);
        assert_eq!(so_many_heads(10, 0), 1.0);
    }

    #[test]
    fn a_direction_is_wrongly_called_settled_no_more_often_than_is_said() {
        for share in [0.5, 0.48, 0.45, 0.4, 0.3] {
            let wrong = |key| {
                let (looks, more) = last_look(share, key);
                looks.all_settled() && (more || share == 0.5)
            };
            let wrong = (0..4000).filter(|&key| wrong(key)).count() as f64 / 4000.0;
            assert!(wrong <= WRONGLY, "share {share}: {wrong}");
        }
    }

    #[test]
    fn a_clear_direction_is_settled_after_a_few_looks() {
        let soon = (0..1000).filter(|&key| last_look(0.9, key).0.taken <= 4).count();
        assert!(soon > 900, "{soon} of 1000");
    }

    #[test]
    fn what_makes_no_difference_is_never_settled() {
        assert!(!Looks::at(1, 1, &[vec![0.0; 100]]).all_settled());
    }
}
