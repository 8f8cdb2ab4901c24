//! Any distribution of ties over residents, and chance in all else.

use super::edges_of;
use crate::draws::{Draws, Purpose, pair};
use crate::network::TIES_MOST;
use crate::network::ties::Edge;
use crate::scenario::{Configuration, Degrees};
use rand::seq::SliceRandom;

/// Residents are given numbers of ties, so that each number comes as often as the distribution asks for (to within one
/// resident) and chance says to whom; then loose ends are paired in a drawn order. A pair of one resident's own ends, a
/// pair that stands already and an end that is left over are dropped: the erased configuration model.
///
/// About v / 2 + v² / 4 ties are dropped, however many residents there are, where v is the mean of k (k - 1) over the mean
/// of k and k is the number asked for; that holds where the most ties of a resident are few against the square root of all
/// ties, otherwise more are dropped, most of them from those with many ties.
///
/// Source: Molloy and Reed (1995); erased as in Britton, Deijfen and Martin-Löf (2006); how many are dropped, van der
/// Hofstad (2017, chapter 7).
pub(super) fn configuration(plan: &Configuration, n: u32, draws: Draws) -> Vec<Edge> {
    let mut degrees = sequence(&shares(plan, n), n);
    degrees.shuffle(&mut draws.stream(Purpose::NetworkDegree, 0).generator(0));
    let mut ends: Vec<u32> =
        (0..n).zip(&degrees).flat_map(|(resident, &ties)| std::iter::repeat_n(resident, ties as usize)).collect();
    ends.shuffle(&mut draws.stream(Purpose::NetworkStub, 0).generator(0));
    let ties = ends.chunks_exact(2).filter(|tie| tie[0] != tie[1]).map(|tie| pair(tie[0], tie[1]));
    edges_of(ties.collect(), plan.strength, plan.kind)
}

/// Mean ties of a resident, before any are dropped.
pub(super) fn mean(plan: &Configuration, n: u32) -> f64 {
    let shares = shares(plan, n);
    let all: f64 = shares.iter().map(|(_, share)| share).sum();
    shares.iter().map(|&(ties, share)| f64::from(ties) * share).sum::<f64>() / all
}

/// The most ties that are asked for by name, and the key that does.
pub(super) fn most(plan: &Configuration) -> (&'static str, u32) {
    match plan.distribution {
        Degrees::NegativeBinomial => ("configuration.ties_mean", plan.ties_mean.ceil() as u32),
        Degrees::PowerLaw => ("configuration.ties_most", plan.ties_most),
        Degrees::List => ("configuration.degrees", plan.degrees.iter().copied().max().unwrap_or(0)),
    }
}

/// Numbers of ties and their shares, up to a factor; nobody has more ties than there are others.
fn shares(plan: &Configuration, n: u32) -> Vec<(u32, f64)> {
    let most = n.saturating_sub(1).min(TIES_MOST as u32);
    match plan.distribution {
        Degrees::NegativeBinomial => {
            let of = negative_binomial(plan.ties_mean, plan.overdispersion);
            (0..=most).map(|ties| (ties, of(ties))).collect()
        }
        Degrees::PowerLaw => (plan.ties_least.min(most)..=plan.ties_most.min(most))
            .map(|ties| (ties, libm::pow(f64::from(ties), -plan.exponent)))
            .collect(),
        Degrees::List => plan.degrees.iter().map(|&ties| ties.min(most)).zip(plan.shares.iter().copied()).collect(),
    }
}

/// The negative binomial distribution by its mean and its variance over its mean; Poisson where that is 1.
fn negative_binomial(mean: f64, overdispersion: f64) -> impl Fn(u32) -> f64 {
    let failures = mean / (overdispersion - 1.0);
    move |ties| {
        let k = f64::from(ties);
        let log = if mean == 0.0 {
            if ties == 0 { 0.0 } else { f64::NEG_INFINITY }
        } else if overdispersion == 1.0 {
            k * libm::log(mean) - mean - libm::lgamma(k + 1.0)
        } else {
            libm::lgamma(k + failures)
                - libm::lgamma(failures)
                - libm::lgamma(k + 1.0)
                - failures * libm::log(overdispersion)
                + k * libm::log(1.0 - 1.0 / overdispersion)
        };
        libm::exp(log)
    }
}

/// A number of ties for each of `n` residents, ascending: resident i has the one at (i + 1/2) / n of the distribution.
fn sequence(shares: &[(u32, f64)], n: u32) -> Vec<u32> {
    let all: f64 = shares.iter().map(|(_, share)| share).sum();
    let (mut place, mut up_to) = (0, shares[0].1);
    let at = |resident: u32| (f64::from(resident) + 0.5) / f64::from(n) * all;
    (0..n)
        .map(|resident| {
            while up_to < at(resident) && place + 1 < shares.len() {
                place += 1;
                up_to += shares[place].1;
            }
            shares[place].0
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_negative_binomial_has_its_mean_and_variance() {
        for (mean, overdispersion) in [(9.5, 4.0), (9.5, 1.0), (0.3, 1.5), (900.0, 50.0)] {
            let of = negative_binomial(mean, overdispersion);
            let sum = |power: i32| (0..40_000).map(|k| of(k) * f64::from(k).powi(power)).sum::<f64>();
            assert!((sum(0) - 1.0).abs() < 1e-9, "{mean} {overdispersion}: {}", sum(0));
            assert!((sum(1) / mean - 1.0).abs() < 1e-8);
            assert!(((sum(2) - mean * mean) / (mean * overdispersion) - 1.0).abs() < 1e-6);
        }
    }
}
