use super::super::SensitivityError;
use super::{assert_near, bootstrap, indices, ishigami, of_function, single, stream};
use crate::experiment::sweep::design::{Design, Random};

#[test]
fn ishigamis_function_has_its_known_indices() {
    // Analytical: V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225 (Ishigami and Homma 1990; Saltelli et al.
    // 2000).
    let (a, b, pi) = (7.0, 0.1, std::f64::consts::PI);
    let (v1, v2, v13) = ((1.0 + b * pi.powi(4) / 5.0).powi(2) / 2.0, a * a / 8.0, 8.0 * b * b * pi.powi(8) / 225.0);
    let v = v1 + v2 + v13;
    let found = of_function(4096, 3, ishigami);
    assert_near(&found.first, &[v1 / v, v2 / v, 0.0], 0.025);
    assert_near(&found.total, &[(v1 + v13) / v, v2 / v, v13 / v], 0.025);
    assert!((found.variance / v - 1.0).abs() < 0.02 && (found.mean - a / 2.0).abs() < 0.02);
    assert!(found.noise.is_nan());
}

#[test]
fn sobols_g_function_has_its_known_indices() {
    // Analytical: V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1, T_i V = V_i prod over others (1 + V_j) (Saltelli and
    // Sobol' 1995).
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    let parts: Vec<f64> = a.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
    let all: f64 = parts.iter().map(|part| 1.0 + part).product();
    let first: Vec<f64> = parts.iter().map(|part| part / (all - 1.0)).collect();
    let total: Vec<f64> = parts.iter().map(|part| part * all / (1.0 + part) / (all - 1.0)).collect();
    let found =
        of_function(4096, 8, |u| u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product());
    assert_near(&found.first, &first, 0.025);
    assert_near(&found.total, &total, 0.025);
    assert!((found.mean - 1.0).abs() < 0.01);
}

#[test]
fn a_small_case_by_hand() {
    // Rows A, C, B: 0, 2, 4 and 6, 10, 2. Less the mean 4 of all: -4, -2, 0 and 2, 6, -2. B (C - A): 0 and -8, on average -4. (C -
    // A)^2 / 2: 2 and 8, on average 5. A and B: -4, 0, 2, -2, mean -1, mean square 6, variance 5.
    let found = indices(&single([0.0, 2.0, 4.0, 6.0, 10.0, 2.0]), 1, &bootstrap(0)).unwrap();
    let figures = [found.first[0].value, found.total[0].value, found.variance, found.mean];
    for (figure, expected) in figures.into_iter().zip([-0.8, 1.0, 5.0, 3.0]) {
        assert!((figure - expected).abs() < 1e-12, "{found:?}");
    }
}

#[test]
fn a_linear_function_shares_its_variance_by_squared_coefficients() {
    let found = of_function(1024, 4, |u| 50.0 + 1.0 * u[0] - 2.0 * u[1] + 3.0 * u[2]);
    let shares = [1.0 / 14.0, 4.0 / 14.0, 9.0 / 14.0, 0.0];
    assert_near(&found.first, &shares, 0.03);
    assert_near(&found.total, &shares, 0.03);
    // What does nothing has indices of exactly 0, as its points are those of A over again.
    assert_eq!((found.first[3].value, found.total[3].value, found.total[3].high), (0.0, 0.0, 0.0));
    assert!((found.variance - 14.0 / 12.0).abs() < 0.02);
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    // Independent rows, since those of a Sobol sequence err less than their intervals say. 300 experiments of 4 intervals of 95
    // %: were all independent, the share had standard error .0063; those of one experiment are not, so twice that; five of
    // them below. Above, .99 would be intervals too wide to be of 95 %.
    let truth = 4.0 / 5.0;
    let mut held = 0;
    for experiment in 0..300 {
        let rows = Random::new(200, 4, stream(100 + experiment)).unwrap();
        let f = |x: f64, y: f64| 2.0 * x + y;
        let outputs = rows.all().into_iter().flat_map(|u| [f(u[0], u[1]), f(u[2], u[1]), f(u[0], u[3]), f(u[2], u[3])]);
        let mut intervals = bootstrap(200);
        intervals.stream = stream(1000 + experiment);
        let found = indices(&single(outputs), 2, &intervals).unwrap();
        let holds = |estimates: &[super::Estimate]| {
            estimates
                .iter()
                .zip([truth, 1.0 - truth])
                .filter(|(one, truth)| one.low <= *truth && *truth <= one.high)
                .count()
        };
        held += holds(&found.first) + holds(&found.total);
    }
    let share = held as f64 / 1200.0;
    assert!((0.95 - 5.0 * 0.0126..0.99).contains(&share), "{share}");
}

#[test]
fn the_same_stream_draws_the_same_intervals_and_none_draws_none() {
    let outputs = single((0..40).map(|i| f64::from(i * i % 17)));
    let once = indices(&outputs, 2, &bootstrap(50)).unwrap();
    let again = indices(&outputs, 2, &bootstrap(50)).unwrap();
    assert_eq!((&once.first, &once.total), (&again.first, &again.total));
    let plain = indices(&outputs, 2, &bootstrap(0)).unwrap();
    assert_eq!(plain.first[0].value, once.first[0].value);
    assert!(plain.first[0].low.is_nan() && once.first[0].low < once.first[0].high);
}

#[test]
fn what_cannot_be_analysed_is_refused() {
    let refused = |outputs: &[Vec<f64>]| indices(outputs, 2, &bootstrap(10)).unwrap_err();
    assert!(matches!(refused(&single(vec![1.0; 7])), SensitivityError::Shape { outputs: 7, .. }));
    assert_eq!(refused(&single(vec![1.0; 4])), SensitivityError::TooFew("two rows"));
    assert_eq!(refused(&[]), SensitivityError::TooFew("two rows"));
    // The same at all points, with chance that all share. No float is these numbers: their means are rounded, and what is left
    // of them is no variance.
    for i in 0..100 {
        let replicates: Vec<f64> = (0..3).map(|r| f64::from(i) / 7.0 + f64::from(r) / 3.0).collect();
        assert_eq!(refused(&vec![replicates; 28]), SensitivityError::Constant, "{i}/7");
    }
    let mut outputs = single((0..8).map(f64::from));
    outputs[5] = vec![f64::NAN];
    assert_eq!(refused(&outputs), SensitivityError::Missing(5));
    outputs[3] = vec![1.0, 2.0];
    assert_eq!(refused(&outputs), SensitivityError::Replicates(3));
    assert_eq!(refused(&vec![vec![]; 8]), SensitivityError::Replicates(0));
}
