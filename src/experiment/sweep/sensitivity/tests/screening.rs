use super::super::SensitivityError;
use super::{bootstrap, effects, single, stream};
use crate::experiment::sweep::design::{Design, Morris};

fn trajectories(count: usize, inputs: usize) -> Vec<Vec<f64>> {
    Morris::new(count, inputs, 4, stream(9)).unwrap().all()
}

#[test]
fn a_linear_function_has_its_coefficients_as_effects_and_no_spread() {
    let points = trajectories(8, 3);
    let outputs = single(points.iter().map(|u| 7.0 + 4.0 * u[0] - 0.5 * u[1]));
    let found = effects(&points, &outputs, &bootstrap(100)).unwrap();
    for (effect, coefficient) in found.iter().zip([4.0, -0.5, 0.0_f64]) {
        assert!((effect.mu - coefficient).abs() < 1e-12 && effect.sigma < 1e-12);
        let star = effect.mu_star;
        for figure in [star.value, star.low, star.high] {
            assert!((figure - coefficient.abs()).abs() < 1e-12, "{star:?}");
        }
        assert!(effect.noise.is_nan() && effect.floor().is_nan());
    }
}

#[test]
fn effects_that_change_their_sign_show_in_mu_star_and_sigma_alone() {
    // The effect of input 0 is u1 - 1/2: on the four levels 0, 1/3, 2/3, 1 it is -1/2, -1/6, 1/6, 1/2, each in a quarter of
    // trajectories. Mean 0, mean size 1/3, variance 5/36. 2,000 trajectories: errors of .0083 and .0037; five of them.
    let points = trajectories(2000, 2);
    let outputs = single(points.iter().map(|u| u[0] * (u[1] - 0.5)));
    let found = &effects(&points, &outputs, &bootstrap(200)).unwrap()[0];
    assert!(found.mu.abs() < 5.0 * 0.0083, "{}", found.mu);
    assert!((found.mu_star.value - 1.0 / 3.0).abs() < 5.0 * 0.0037, "{:?}", found.mu_star);
    assert!((found.sigma - (5.0_f64 / 36.0).sqrt()).abs() < 0.02, "{}", found.sigma);
    // An interval of 95 % is 2 x 1.96 standard errors wide; by 200 resamples known to about a tenth.
    let width = (found.mu_star.high - found.mu_star.low) / (2.0 * 1.96 * 0.0037);
    assert!((width - 1.0).abs() < 0.3, "{width}");
}

#[test]
fn noise_is_told_beside_the_effects() {
    // Four replicates with independent noise of standard deviation 1: an effect over delta = 2/3 has noise sqrt(2 / 4) / (2/3)
    // = 1.06. Input 2 does nothing: its mu* is the floor, and its sigma the noise. 1,000 trajectories: the mean size of a
    // normal has standard error 1.06 x .6 / sqrt(1000) = .02; five of them.
    let points = trajectories(1000, 3);
    let noisy = |(point, u): (u64, &Vec<f64>)| -> Vec<f64> {
        (0..4).map(|replicate| 5.0 * u[0] + stream(10).at(replicate).normal(point)).collect()
    };
    let outputs: Vec<Vec<f64>> = (0..).zip(&points).map(noisy).collect();
    let found = effects(&points, &outputs, &bootstrap(0)).unwrap();
    let noise = 0.5_f64.sqrt() * 1.5;
    for effect in &found {
        assert!((effect.noise - noise).abs() < 0.05, "{effect:?}");
        assert!((effect.floor() - 0.797_884_560_8 * effect.noise).abs() < 1e-9);
    }
    assert!((found[2].mu_star.value - found[2].floor()).abs() < 0.1 && (found[2].sigma - noise).abs() < 0.12);
    assert!(found[0].mu_star.value > 4.5);
}

#[test]
fn chance_that_all_points_share_is_no_noise_of_an_effect() {
    let points = trajectories(5, 2);
    let shared = |u: &Vec<f64>| vec![u[0] + 10.0, u[0] - 3.0, u[0]];
    let found = effects(&points, &points.iter().map(shared).collect::<Vec<_>>(), &bootstrap(0)).unwrap();
    assert!((found[0].mu - 1.0).abs() < 1e-12 && found[0].noise < 1e-12);
}

#[test]
fn points_that_are_no_trajectories_are_refused() {
    let points = trajectories(3, 2);
    let outputs = single(vec![1.0; 9]);
    let refused = |points: &[Vec<f64>], outputs: &[Vec<f64>]| effects(points, outputs, &bootstrap(0)).unwrap_err();
    assert!(matches!(refused(&points, &outputs[..8]), SensitivityError::Shape { outputs: 8, .. }));
    assert!(matches!(refused(&points[..8], &outputs[..8]), SensitivityError::Shape { .. }));
    assert_eq!(refused(&points[..3], &outputs[..3]), SensitivityError::TooFew("two trajectories"));
    assert_eq!(refused(&[], &[]), SensitivityError::TooFew("two trajectories"));
    let mut still = points.clone();
    still[4] = still[3].clone();
    assert_eq!(refused(&still, &outputs), SensitivityError::NoTrajectory(4));
    let mut both = points.clone();
    both[4] = both[3].iter().map(|u| u + 0.1).collect();
    assert_eq!(refused(&both, &outputs), SensitivityError::NoTrajectory(4));
    both[4].pop();
    assert_eq!(refused(&both, &outputs), SensitivityError::NoTrajectory(4));
    // Back to where the trajectory began: the same input moves twice.
    let mut twice = points.clone();
    twice[5] = twice[3].clone();
    assert_eq!(refused(&twice, &outputs), SensitivityError::NoTrajectory(5));
    let mut missing = outputs.clone();
    missing[2] = vec![f64::INFINITY];
    assert_eq!(refused(&points, &missing), SensitivityError::Missing(2));
}
