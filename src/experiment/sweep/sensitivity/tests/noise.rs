use super::super::sobol::Indices;
use super::super::{SensitivityError, across};
use super::{assert_near, bootstrap, indices, single, standard_error, stream};
use crate::experiment::sweep::design::{Design, Saltelli};

const ROWS: usize = 2048;
const REPLICATES: usize = 4;
/// Of 2 u0 + u1, over two inputs and one that does nothing.
const SHARES: [f64; 3] = [0.8, 0.2, 0.0];
/// Its variance.
const VARIANCE: f64 = 5.0 / 12.0;

/// Outputs of 2 u0 + u1 with the noise of each point and replicate.
fn noisy(noise: impl Fn(&[f64], u64, u64) -> f64) -> Vec<Vec<f64>> {
    let points = Saltelli::new(ROWS, 3, Some(stream(3))).unwrap().all();
    let output = |(point, u): (u64, &Vec<f64>)| -> Vec<f64> {
        (0..REPLICATES as u64).map(|replicate| 2.0 * u[0] + u[1] + noise(u, point, replicate)).collect()
    };
    (0..).zip(&points).map(output).collect()
}

/// Noise of its own at each point and replicate, of standard deviation 1.
fn independent(_: &[f64], point: u64, replicate: u64) -> f64 {
    stream(4).at(replicate).normal(point)
}

fn found(outputs: &[Vec<f64>]) -> Indices {
    indices(outputs, 3, &bootstrap(300)).unwrap()
}

/// As if the means were without noise.
fn uncorrected(outputs: &[Vec<f64>]) -> Indices {
    found(&single(outputs.iter().map(|point| point.iter().sum::<f64>() / point.len() as f64)))
}

#[test]
fn products_of_different_replicates_are_the_mean_over_all_pairs() {
    let (a, b) = ([1.0, 2.0, 4.0], [3.0, -1.0, 5.0]);
    let pairs: Vec<f64> = (0..3).flat_map(|r| (0..3).filter(move |&s| s != r).map(move |s| a[r] * b[s])).collect();
    assert!((across(&a, &b) - pairs.iter().sum::<f64>() / 6.0).abs() < 1e-12);
    assert_eq!(across(&[3.0], &[5.0]), 15.0);
}

#[test]
fn independent_noise_is_taken_out_of_variance_and_total_indices() {
    let outputs = noisy(independent);
    let clean = found(&outputs);
    assert_near(&clean.first, &SHARES, 0.06);
    assert_near(&clean.total, &SHARES, 0.06);
    // The noise of a mean of four is 1/4. Its estimate from 4,096 points with 3 degrees of freedom each has standard error
    // 1/4 sqrt(2 / 3 / 4096) = .0032, the variance less; ten of them allow for both.
    assert!((clean.noise - 0.25).abs() < 0.032, "{}", clean.noise);
    assert!((clean.variance - VARIANCE).abs() < 0.032, "{}", clean.variance);
    // Uncorrected, T V is too large by the noise and V too: (T V + 1/4) / (V + 1/4), .375 for what does nothing.
    let plain = uncorrected(&outputs);
    for (total, share) in plain.total.iter().zip(SHARES) {
        let inflated = (share * VARIANCE + 0.25) / (VARIANCE + 0.25);
        assert!((total.value - inflated).abs() < 4.0 * standard_error(*total), "{total:?}, {inflated}");
    }
    assert!(plain.total[2].low > 0.3 && clean.total[2].low < 0.0 && clean.total[2].high < 0.06);
}

#[test]
fn noise_may_differ_from_point_to_point() {
    // Standard deviation 2 u1: of variance 4/3 on average.
    let clean = found(&noisy(|u, point, replicate| 2.0 * u[1] * independent(u, point, replicate)));
    assert_near(&clean.first, &SHARES, 0.08);
    assert_near(&clean.total, &SHARES, 0.08);
    assert!((clean.noise - 1.0 / 3.0).abs() < 0.05, "{}", clean.noise);
}

#[test]
fn chance_that_all_points_share_is_not_noise_of_the_indices() {
    // A large shift of each replicate, the same at all points: it cancels in every difference. Taking the variance within
    // points for noise, 25 a replicate, would leave nothing.
    let shared = found(&noisy(|_, _, replicate| 5.0 * stream(5).normal(replicate)));
    let without = found(&noisy(|_, _, _| 0.0));
    for (one, other) in shared.first.iter().chain(&shared.total).zip(without.first.iter().chain(&without.total)) {
        assert!((one.value - other.value).abs() < 1e-9, "{one:?} {other:?}");
    }
    assert!(shared.noise.abs() < 1e-9 && (shared.variance - VARIANCE).abs() < 0.01);
}

#[test]
fn chance_that_changes_an_effect_in_all_points_alike_is_taken_out_of_it() {
    // Replicate r has an effect of its own of input 0, at all points. What stands in for its square is the mean product q of two
    // different replicates, 4.5; the square of the mean effect is larger by the variance of a mean, 6.25.
    const EFFECTS: [f64; REPLICATES] = [6.0, 0.0, 1.0, 3.0];
    let q = 4.5;
    let clean = found(&noisy(|u, _, replicate| (EFFECTS[replicate as usize] - 2.0) * u[0]));
    let shares = [q / (q + 1.0), 1.0 / (q + 1.0), 0.0];
    assert_near(&clean.first, &shares, 0.06);
    assert_near(&clean.total, &shares, 0.06);
    assert!((clean.variance - (q + 1.0) / 12.0).abs() < 0.02 * q);
}

#[test]
fn what_is_noise_alone_does_not_vary_with_the_inputs() {
    // Without an effect, the variance left is about as often below 0 as above; where it is above, it is often so small that
    // rows drawn anew have none.
    let (mut refused, mut without_intervals) = (0, 0);
    for seed in 0..40 {
        let normal = |point: u64| (0..4).map(|replicate| stream(50 + seed).at(replicate).normal(point)).collect();
        match indices(&(0..320).map(normal).collect::<Vec<_>>(), 3, &bootstrap(200)) {
            Ok(found) => without_intervals += usize::from(found.first[0].low.is_nan() && found.total[2].high.is_nan()),
            Err(error) => {
                assert_eq!(error, SensitivityError::Constant);
                refused += 1;
            }
        }
    }
    // Half of 40 has standard deviation 3.2; four of them.
    assert!((8..=32).contains(&refused), "{refused} refused");
    assert_eq!(refused + without_intervals, 40);
}
