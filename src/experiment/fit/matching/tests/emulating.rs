use super::super::Uniform;
use super::super::design::latin_hypercube;
use super::super::emulator::{Emulator, FitError, Prediction};
use super::super::shrink::Design;
use super::super::space::{Input, Space, SpaceError};
use super::super::terms::Terms;
use super::at;

fn quadratic(x: &[f64]) -> f64 {
    1.0 + 2.0 * x[0] - x[1] + 3.0 * x[2] * x[2] + 4.0 * x[0] * x[1] - x[1] * x[2]
}

fn noisy(points: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut draws = at(3, 3);
    points.iter().map(|x| vec![quadratic(x) + draws.next(), (3.0 * x[0]).sin() + draws.next()]).collect()
}

#[test]
fn a_quadratic_is_followed_exactly() {
    let points = latin_hypercube(80, 3, 5, &mut at(1, 1));
    let mut outputs: Vec<Vec<f64>> = points.iter().map(|x| vec![quadratic(x), x[0]]).collect();
    outputs[5][0] = f64::NAN;
    let emulator = Emulator::fit(&points, &outputs, &vec![1.0; 80]).unwrap();
    assert_eq!((emulator.quality()[0].runs, emulator.quality()[1].runs), (79, 80));
    for x in latin_hypercube(50, 3, 1, &mut at(1, 2)) {
        let prediction = &emulator.predict(std::slice::from_ref(&x))[0];
        assert!((prediction.mean[0] - quadratic(&x)).abs() < 1e-6);
        assert!((prediction.mean[1] - x[0]).abs() < 1e-6);
        assert!(prediction.variance[0] < 1e-10);
    }
}

#[test]
fn errors_left_out_are_those_of_fits_without_the_run() {
    let points = latin_hypercube(40, 3, 5, &mut at(2, 1));
    let weights: Vec<f64> = (0..40).map(|i| 0.5 + f64::from(i % 3)).collect();
    let y: Vec<f64> = noisy(&points).iter().map(|outputs| outputs[0]).collect();
    let all = Design::new(Terms::Quadratic, &points);
    let fit = &all.best(&weights, std::slice::from_ref(&y)).unwrap()[0];
    let penalised = all.penalties(&weights, fit.choice);
    for run in 0..40 {
        let mut without = weights.clone();
        without[run] = 0.0;
        let coefficients = all.with_penalties(&without, &penalised, &y).unwrap();
        let terms = Terms::Quadratic.at(&[&points[run]]);
        let fitted: f64 = coefficients.iter().zip(&terms).map(|(c, z)| c * z[0]).sum();
        assert!((y[run] - fitted - fit.left_out[run]).abs() < 1e-9);
    }
}

#[test]
fn the_variance_is_honest_and_grows_away_from_the_runs() {
    let points = latin_hypercube(150, 3, 5, &mut at(4, 1));
    let emulator = Emulator::fit(&points, &noisy(&points), &[1.0; 150]).unwrap();
    let fresh = latin_hypercube(2000, 3, 1, &mut at(4, 2));
    let found = noisy(&fresh);
    for output in 0..2 {
        let standard = |(p, y): (&Prediction, &Vec<f64>)| (y[output] - p.mean[output]).powi(2) / p.variance[output];
        let mean = emulator.predict(&fresh).iter().zip(&found).map(standard).sum::<f64>() / 2000.0;
        assert!((0.8..1.25).contains(&mean), "{mean}");
    }
    let centre = emulator.predict(&[vec![0.5; 3]])[0].variance[0];
    assert!(emulator.predict(&[vec![1.0; 3]])[0].variance[0] > 1.05 * centre);
}

#[test]
fn a_regression_of_more_terms_than_runs_does_not_pass_through_them_all() {
    // 12 inputs have 91 terms; 70 runs could be met exactly, and would then seem to be known without error. The noise has a
    // standard deviation of .29.
    let points = latin_hypercube(70, 12, 5, &mut at(7, 1));
    let emulator = Emulator::fit(&points, &noisy(&points), &[1.0; 70]).unwrap();
    assert_eq!(emulator.terms(), Terms::Quadratic);
    let fresh = latin_hypercube(2000, 12, 1, &mut at(7, 2));
    let found = noisy(&fresh);
    for output in 0..2 {
        assert!(emulator.quality()[output].rmse > 0.25, "{:?}", emulator.quality()[output]);
        let standard = |(p, y): (&Prediction, &Vec<f64>)| (y[output] - p.mean[output]).powi(2) / p.variance[output];
        let mean = emulator.predict(&fresh).iter().zip(&found).map(standard).sum::<f64>() / 2000.0;
        assert!((0.5..2.0).contains(&mean), "{mean}");
    }
}

#[test]
fn few_runs_make_planes_and_fewer_none() {
    let points = latin_hypercube(100, 20, 1, &mut at(5, 1));
    let outputs: Vec<Vec<f64>> = points.iter().map(|x| vec![x[0] - x[7]]).collect();
    let emulator = Emulator::fit(&points, &outputs, &[1.0; 100]).unwrap();
    assert_eq!(emulator.terms(), Terms::Linear);
    assert!(emulator.quality()[0].r2 > 0.999);
    let few = Emulator::fit(&points[..40], &outputs[..40], &[1.0; 40]);
    assert_eq!(few.unwrap_err(), FitError::Few { output: 0, runs: 40 });
}

#[test]
fn natural_values_come_back() {
    let input = |low, high, log| Input { name: "x".into(), low, high, log };
    let space = Space::new(vec![input(-1.0, 3.0, false), input(0.01, 100.0, true)]).unwrap();
    let values = space.natural(&[0.25, 0.5]);
    assert!((values[0] - 0.0).abs() < 1e-12 && (values[1] - 1.0).abs() < 1e-12);
    assert!(space.unit(&values).iter().zip([0.25, 0.5]).all(|(a, b)| (a - b).abs() < 1e-12));
    assert_eq!(Space::new(vec![input(0.0, 1.0, true)]), Err(SpaceError::Range("x".into())));
    assert_eq!(Space::new(vec![]), Err(SpaceError::Empty));
}

#[test]
fn a_hypercube_has_a_point_in_each_slice() {
    let design = latin_hypercube(30, 4, 3, &mut at(6, 1));
    for input in 0..4 {
        let mut slices: Vec<usize> = design.iter().map(|x| (x[input] * 30.0) as usize).collect();
        slices.sort_unstable();
        assert_eq!(slices, (0..30).collect::<Vec<_>>());
    }
}
