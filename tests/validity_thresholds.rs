//! The rule `threshold`: the recursion of Granovetter (1978) and the cascade window of Watts (2002).

mod limits;

use groundswell::draws::Purpose;
use groundswell::maths::normal_quantile;
use limits::{CLUB, Still, all};

const RULE: &str = r#"model={ acceptance = "threshold", spontaneous_invitations = 1000.0 }"#;

/// Number engaged, week by week.
fn numbers(still: &Still) -> Vec<u64> {
    all(&still.record()).map(|row| row.sums.engaged()).collect()
}

/// How many take part week by week if each joins once the share of the others who do reaches a threshold of their own.
fn recursion(thresholds: &[f64], weeks: usize) -> Vec<u64> {
    let others = thresholds.len() as f64 - 1.0;
    let mut path = vec![0];
    for _ in 0..weeks {
        let share = *path.last().expect("a start") as f64 / others;
        path.push(thresholds.iter().filter(|&&threshold| threshold <= share).count() as u64);
    }
    path
}

/// Standard normal numbers that residents' thresholds are made of.
fn deviates(still: &Still) -> Vec<f64> {
    let town = still.town();
    let stream = town.people_draws.stream(Purpose::Threshold, 0);
    town.people.residents.key.iter().map(|&key| stream.normal(u64::from(key))).collect()
}

#[test]
fn joining_by_thresholds_in_a_crowd_is_granovetters_recursion() {
    for (residents, mean, spread) in
        [(400, 0.25, 0.10), (400, 0.25, 0.122), (400, 0.25, 0.2), (300, 0.5, 0.4), (200, 0.1, 0.05)]
    {
        let still = Still::new(residents, 60)
            .with(&[CLUB, RULE, "network={ complete = {} }"])
            .model(&[("threshold_mean", mean), ("threshold_spread", spread)]);
        let thresholds: Vec<f64> = deviates(&still).iter().map(|z| mean + spread * z).collect();
        assert_eq!(numbers(&still), recursion(&thresholds, 60), "mean {mean}, spread {spread}");
    }
}

#[test]
fn a_crowd_that_hardly_differs_acts_wholly_differently() {
    // A thousand thresholds at the quantiles of a normal of mean 25 %: with a spread of 12.2 about one in twenty takes
    // part, with one of 12.3 all do (Granovetter 1978, on a hundred people, where it depends on the sample).
    let crowd = 1000;
    let town = Still::new(40_000, 60).with(&[CLUB, RULE]).set("model.threshold_mean", 0.25);
    let mut deviates: Vec<(f64, u32)> = deviates(&town).into_iter().zip(0..).collect();
    deviates.sort_by(|a, b| a.0.total_cmp(&b.0));
    // For each quantile, in order, the resident next above it; forty candidates for each place.
    let mut left = deviates.into_iter();
    let members: Vec<(f64, u32)> = (0..crowd)
        .map(|place| normal_quantile((f64::from(place) + 0.5) / f64::from(crowd)))
        .map(|wanted| left.find(|(z, _)| *z >= wanted).expect("someone at each quantile"))
        .collect();
    let pairs = (0..members.len()).flat_map(|a| (a + 1..members.len()).map(move |b| (a, b)));
    let mut town = town.ties(pairs.map(|(a, b)| (members[a].1, members[b].1, 0.5, "lasting")));
    for (spread, share) in [(0.122, 0.05), (0.123, 1.0)] {
        town = town.set("model.threshold_spread", spread);
        let thresholds: Vec<f64> = members.iter().map(|(z, _)| 0.25 + spread * z).collect();
        let path = recursion(&thresholds, 60);
        assert!((path[60] as f64 / f64::from(crowd) - share).abs() < 0.005, "{} of {crowd} at {spread}", path[60]);
        // Those outside the crowd have no ties: they join only if their threshold is not above zero.
        let record = town.record();
        let residents = record.residents.as_ref().expect("residents are listed");
        let joined = members.iter().filter(|(_, who)| residents[*who as usize].entry != groundswell::units::NEVER);
        assert_eq!(joined.count() as u64, path[60], "spread {spread}");
    }
}

/// Whether one of many can set off a cascade on a random network of mean degree `z`: the condition of Watts (2002),
/// that residents whom a single engaged tie is enough for hang together. Sum over k up to 1/φ of k (k - 1) p_k > z.
fn cascades(phi: f64, z: f64) -> bool {
    let mut p = (-z).exp();
    let mut sum = 0.0;
    for k in 1..=(1.0 / phi + 1e-9) as u32 {
        p *= z / f64::from(k);
        sum += f64::from(k * (k - 1)) * p;
    }
    sum > z
}

/// Where the condition changes between two mean degrees.
fn edge(phi: f64, mut from: f64, mut to: f64) -> f64 {
    let first = cascades(phi, from);
    for _ in 0..60 {
        let middle = 0.5 * (from + to);
        if cascades(phi, middle) == first { from = middle } else { to = middle }
    }
    from
}

#[test]
fn cascades_are_possible_in_the_window_of_watts_and_not_outside() {
    // Lower and upper edge, worked out apart from this project's code.
    for (phi, window) in
        [(0.18, (1.021, 5.765)), (0.15, (1.004, 7.477)), (0.25, (1.114, 3.863)), (0.10, (1.000, 13.659))]
    {
        let edges = (edge(phi, 0.5, 2.0), edge(phi, 2.0, 20.0));
        assert!((edges.0 - window.0).abs() < 0.0005 && (edges.1 - window.1).abs() < 0.0005, "{phi}: {edges:?}");
    }
    // Mean degrees well within and well beyond the edges. A cascade within is possible, not certain: it needs one who begins
    // beside the connected vulnerable (degree at most 1 / phi), which one in these networks is with chance .57 to .995 (from
    // generating functions). Of 20 who begin on average none is, with chance exp(-20 x .57) = 1e-5 at most.
    for (phi, within, beyond) in [
        (0.18, [1.6, 4.5], [0.7, 7.5]),
        (0.15, [1.6, 6.0], [0.7, 9.5]),
        (0.25, [1.8, 3.0], [0.7, 5.5]),
        (0.10, [1.6, 9.0], [0.5, 0.8]),
    ] {
        for (z, possible) in within.map(|z| (z, true)).into_iter().chain(beyond.map(|z| (z, false))) {
            assert_eq!(cascades(phi, z), possible);
            let still =
                Still::new(5000, 100).with(&[CLUB, RULE]).model(&[("threshold_mean", phi), ("start_involved", 0.004)]);
            let still = still.set("network", format!("{{ erdos_renyi = {{ ties_mean = {z} }} }}"));
            // The largest connected part: its share s solves s = 1 - exp(-z s). A cascade takes most of it.
            let giant = (0..1000).fold(1.0, |s: f64, _| 1.0 - (-z * s).exp());
            for record in still.records(4) {
                let share = *limits::engaged(&record).last().expect("weeks");
                let fits = if possible { share > 0.8 * giant } else { share < 0.05 };
                assert!(fits, "threshold {phi}, {z} ties: {share} engaged, {giant} connected");
            }
        }
    }
}

#[test]
fn a_threshold_decides_of_joining_and_leaves_leaving_as_it_is() {
    // Everybody is asked every week. With a threshold of 0 who has left is back in the week after: x' = x (1 - m) + (1 - x),
    // which settles at 1 / (1 + m). With one of 1 it takes that all friends do, and it dies out.
    let leaving = 0.25f64;
    let rate = -(1.0 - leaving).ln();
    let settled = |threshold: f64| {
        let still = Still::new(2000, 60).with(&[CLUB, RULE, "network={ erdos_renyi = { ties_mean = 8.0 } }"]);
        let still = still.model(&[("threshold_mean", threshold), ("exit_involved", rate), ("start_involved", 0.5)]);
        limits::engaged(&still.record())[20..].to_vec()
    };
    // Weeks follow each other: the share of 40 of them has the spread of fewer, so one standard deviation of a week is allowed.
    let share = 1.0 / (1.0 + leaving);
    let weeks = settled(0.0);
    let mean = weeks.iter().sum::<f64>() / weeks.len() as f64;
    assert!((mean - share).abs() < (share * (1.0 - share) / 2000.0).sqrt(), "{mean} where {share} is expected");
    assert!(settled(1.0).iter().all(|&share| share < 0.01), "few have engaged friends alone");
}
