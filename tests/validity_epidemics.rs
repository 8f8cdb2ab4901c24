//! Engagement that spreads by invitations alone: SIS on complete and on sparse networks, and Bass.
//!
//! Weekly chances: a resident leaves with chance μ = 1 - exp(-rate of leaving), and joins with chance 1 - exp(-hazard).

mod limits;

use groundswell::draws::{Draws, Purpose};
use groundswell::record::Record;
use limits::{ALLOWED, CLUB, Still, TieRow, all, assert_mean, engaged};
use rand::seq::SliceRandom;
use std::collections::BTreeSet;

/// The number engaged in a well-mixed town, when the hazard of joining is `p + q i` for a share engaged `i` and the
/// chance of leaving is `mu`.
#[derive(Clone, Copy)]
struct Mixed {
    residents: u32,
    p: f64,
    q: f64,
    mu: f64,
}

/// What is expected of the share engaged in a week.
#[derive(Clone, Copy, Debug)]
struct Expected {
    /// In a town without end.
    share: f64,
    /// What is added to it by the town being finite, to first order in one over residents.
    bias: f64,
    /// Variance, to the same order.
    variance: f64,
}

impl Mixed {
    fn next(self, i: f64) -> f64 {
        i * (1.0 - self.mu) + (1.0 - i) * self.joins(i)
    }

    fn joins(self, i: f64) -> f64 {
        1.0 - (-self.p - self.q * i).exp()
    }

    /// Week by week from a start drawn for each resident.
    ///
    /// The share is the recursion `i' = i (1 - mu) + (1 - i) (1 - exp(-p - q i))`. Numbers who stay and who join are
    /// binomial: an expansion of the chain about the recursion gives variance and bias.
    fn path(self, start: f64, weeks: u32) -> Vec<Expected> {
        let n = f64::from(self.residents);
        let mut path = vec![Expected { share: start, bias: 0.0, variance: start * (1.0 - start) / n }];
        for _ in 0..weeks {
            let Expected { share: i, bias, variance } = path[path.len() - 1];
            let step = 1e-4;
            let slope = (self.next(i + step) - self.next(i - step)) / (2.0 * step);
            let bend = (self.next(i + step) - 2.0 * self.next(i) + self.next(i - step)) / (step * step);
            let joins = self.joins(i);
            let noise = (i * self.mu * (1.0 - self.mu) + (1.0 - i) * joins * (1.0 - joins)) / n;
            path.push(Expected {
                share: self.next(i),
                bias: slope * bias + 0.5 * bend * variance,
                variance: slope * slope * variance + noise,
            });
        }
        path
    }

    /// The town in the model: everybody tied to everybody by ties of this strength.
    fn still(self, start: f64, strength: f64, weeks: u32) -> Still {
        Still::new(self.residents, weeks)
            .with(&[CLUB])
            .set("network", format!("{{ complete = {{ strength = {strength} }} }}"))
            .model(&[
                ("start_involved", start),
                ("spontaneous_invitations", self.p),
                ("tie_invitations", self.q / f64::from(self.residents) / strength),
                ("exit_involved", -(1.0 - self.mu).ln()),
            ])
    }

    /// Fails unless the means of replicates follow what is expected, and their scatter too; answers with their records.
    fn check(self, start: f64, strength: f64, weeks: u32, replicates: u32) -> Vec<Record> {
        let path = self.path(start, weeks);
        let records = self.still(start, strength, weeks).records(replicates);
        let lived: Vec<Vec<f64>> = records.iter().map(engaged).collect();
        let r = f64::from(replicates);
        for (week, expected) in path.iter().enumerate().step_by((weeks / 10) as usize) {
            let values: Vec<f64> = lived.iter().map(|shares| shares[week]).collect();
            let mean = values.iter().sum::<f64>() / r;
            // The next order of the expansion is taken to be below the first.
            let allowed = ALLOWED * (expected.variance / r).sqrt() + expected.bias.abs();
            let off = (mean - expected.share - expected.bias).abs();
            assert!(off <= allowed + 1e-9, "week {week}: {mean}, {expected:?} expected, {allowed} allowed");
            // A variance from r replicates has a relative standard error of sqrt(2 / (r - 1)).
            let scatter = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (r - 1.0);
            let most = 1.0 + ALLOWED * (2.0 / (r - 1.0)).sqrt();
            assert!(
                scatter <= most * expected.variance + 1e-9,
                "week {week}: variance {scatter}, {expected:?} expected"
            );
        }
        records
    }
}

/// The fixed point above zero of `i = i (1 - mu) + (1 - i) (1 - exp(-lambda i))`, by bisection; zero if there is none.
fn endemic(lambda: f64, mu: f64) -> f64 {
    let grows = |i: f64| (1.0 - i) * (1.0 - (-lambda * i).exp()) > mu * i;
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if grows(middle) { low = middle } else { high = middle }
    }
    low
}

#[test]
fn spreading_in_a_well_mixed_town_follows_the_recursion() {
    // Leaving, spreading, start, strength of ties: fast and slow, from below and from above.
    for (mu, q, start, strength) in [(0.3, 0.9, 0.1, 1.0), (0.05, 0.15, 0.1, 0.5), (0.1, 0.12, 0.6, 1.0)] {
        Mixed { residents: 300, p: 0.0, q, mu }.check(start, strength, 100, 24);
    }
}

#[test]
fn spreading_in_a_well_mixed_town_settles_at_the_fixed_point() {
    // The first two numbers were worked out apart from this project's code.
    for (lambda, mu, known) in [(0.02, 0.01, Some(0.4975)), (0.015, 0.01, Some(0.3317)), (0.5, 0.2, None)] {
        let rest = endemic(lambda, mu);
        assert!(known.is_none_or(|known: f64| (known - rest).abs() < 5e-5), "{rest}");
        let mixed = Mixed { residents: 160, p: 0.0, q: lambda, mu };
        // Deviations from rest fade at lambda - mu a week: six of those times.
        let weeks = (6.0 / (lambda - mu)) as u32;
        let expected = mixed.path(rest, weeks)[weeks as usize];
        // A value for each replicate: the mean over the last three quarters of the weeks.
        let means: Vec<f64> = mixed
            .still(rest, 1.0, weeks)
            .records(20)
            .iter()
            .map(|record| {
                let late = &engaged(record)[weeks as usize / 4..];
                late.iter().sum::<f64>() / late.len() as f64
            })
            .collect();
        assert_mean(&format!("engaged at lambda {lambda}, mu {mu}"), &means, rest + expected.bias, expected.bias.abs());
    }
}

#[test]
fn spreading_dies_out_below_the_threshold() {
    // Between the recursion and nobody lies less than one resident in fifty towns (the share decays by mu - lambda a
    // week).
    for (lambda, mu, weeks) in [(0.009, 0.01, 8000), (0.09, 0.1, 800)] {
        assert!(endemic(lambda, mu) < 1e-9);
        let mixed = Mixed { residents: 100, p: 0.0, q: lambda, mu };
        let left = mixed.path(0.1, weeks)[weeks as usize].share * 100.0;
        assert!(left < 0.02, "{left}");
        for record in mixed.still(0.1, 1.0, weeks).records(4) {
            assert_eq!(engaged(&record)[weeks as usize], 0.0, "lambda {lambda}, mu {mu}");
        }
    }
}

/// Ties of strength `strength` that give each resident as many as `degrees` says, but for a few: ends are paired by
/// chance, and ties to oneself and repeats left out.
fn paired(degrees: &[u32], strength: f64) -> Vec<TieRow> {
    let mut ends: Vec<u32> = (0u32..).zip(degrees).flat_map(|(who, &ties)| (0..ties).map(move |_| who)).collect();
    ends.shuffle(&mut Draws::of_people(1).stream(Purpose::NetworkRewire, 0).generator(0));
    let pairs: BTreeSet<(u32, u32)> =
        ends.as_chunks::<2>().0.iter().filter(|[a, b]| a != b).map(|&[a, b]| (a.min(b), a.max(b))).collect();
    pairs.into_iter().map(|(a, b)| (a, b, strength, "lasting")).collect()
}

/// Mean number of ties, and the mean of its square over it.
fn moments(residents: usize, rows: &[TieRow]) -> (f64, f64) {
    let mut degrees = vec![0.0f64; residents];
    for &(a, b, ..) in rows {
        degrees[a as usize] += 1.0;
        degrees[b as usize] += 1.0;
    }
    let n = residents as f64;
    let mean = degrees.iter().sum::<f64>() / n;
    (mean, degrees.iter().map(|k| k * k).sum::<f64>() / n / mean)
}

/// The share engaged at rest if residents were independent given their neighbours' chances: above the true one.
///
/// Source: the N-intertwined mean-field approximation (Van Mieghem, Omic and Kooij 2009), in weekly chances.
fn independent(residents: usize, rows: &[TieRow], lambda: f64, mu: f64) -> f64 {
    let mut chance = vec![0.5; residents];
    for _ in 0..2000 {
        let mut asked = vec![0.0; residents];
        for &(a, b, strength, _) in rows {
            asked[a as usize] += lambda * strength * chance[b as usize];
            asked[b as usize] += lambda * strength * chance[a as usize];
        }
        for (chance, asked) in chance.iter_mut().zip(asked) {
            *chance = *chance * (1.0 - mu) + (1.0 - *chance) * (1.0 - f64::exp(-asked));
        }
    }
    chance.iter().sum::<f64>() / residents as f64
}

#[test]
fn spreading_on_a_sparse_network_lives_above_the_threshold_and_dies_below() {
    let (mu, weeks) = (0.1, 500);
    let even = vec![8; 1200];
    // One in six has thirty ties, the others three: on average 7.5, but a tie leads to someone with 21.
    let uneven: Vec<u32> = (0..1200).map(|who| if who % 6 == 0 { 30 } else { 3 }).collect();
    for (degrees, strength) in [(&even, 0.5), (&uneven, 1.0)] {
        let rows = paired(degrees, strength);
        let (mean, squared) = moments(degrees.len(), &rows);
        let run = |times: f64| {
            // Threshold, approximately: lambda <w k^2> / <k> = mu.
            let lambda = times * mu / (strength * squared);
            let still = Still::new(1200, weeks).with(&[CLUB]).ties(rows.iter().copied()).model(&[
                ("start_involved", 0.2),
                ("tie_invitations", lambda),
                ("exit_involved", -(1.0 - mu).ln()),
            ]);
            let late = |record: &_| engaged(record)[250..].iter().sum::<f64>() / 251.0;
            (lambda, still.records(4).iter().map(late).collect::<Vec<f64>>())
        };
        // 250 weeks at a decay of at least .04 a week leave one in 22,000 of 240 people.
        let (_, below) = run(0.6);
        assert!(below.iter().all(|&share| share < 1e-4), "below the threshold: {below:?}");
        let (lambda, above) = run(1.8);
        let bound = independent(1200, &rows, lambda, mu);
        // Neighbours are engaged together, which wastes invitations: less than if independent, but most of it.
        assert!(above.iter().all(|&share| (0.6 * bound..bound).contains(&share)), "{above:?}, bound {bound}");
        if degrees == &uneven {
            assert!(lambda * strength * mean < mu, "by the mean number of ties alone it would die out");
        }
    }
}

#[test]
fn adoption_follows_bass_and_its_sources_their_hazards() {
    // Own accord, friends: a week's rates small enough for the curve in continuous time to be .01 off at most.
    for (p, q, weeks) in [(0.002, 0.02, 250), (0.001, 0.02, 300), (0.01, 0.0, 200)] {
        let mixed = Mixed { residents: 250, p, q, mu: 0.0 };
        let path = mixed.path(0.0, weeks);
        for (week, expected) in path.iter().enumerate() {
            let faded = (-(p + q) * week as f64).exp();
            let bass = (1.0 - faded) / (1.0 + q / p * faded);
            assert!((expected.share - bass).abs() < 0.01, "week {week}: {expected:?}, {bass}");
        }
        let records = mixed.check(0.0, 1.0, weeks, 24);
        // Of those who join in a week a share p / (p + q i) comes of its own accord, the others through friends.
        let ended = path.len() - 1;
        let own: f64 = path.windows(2).map(|week| (week[1].share - week[0].share) * p / (p + q * week[0].share)).sum();
        let rows = |record, source: usize| {
            all(record).map(|row| f64::from(row.flows.entries[source])).sum::<f64>() / f64::from(mixed.residents)
        };
        let counted: Vec<f64> = records.iter().map(|record| rows(record, 0)).collect();
        // The sum is that of a town without end. The first to join tell the pace: about one over residents times q / p.
        let bias = q / p / f64::from(mixed.residents);
        assert_mean(&format!("of their own accord at p {p}, q {q}"), &counted, own, bias);
        for record in &records {
            assert!((rows(record, 0) + rows(record, 3) - engaged(record)[ended]).abs() < 1e-9);
        }
    }
}
