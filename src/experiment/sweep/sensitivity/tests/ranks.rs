use super::super::SensitivityError;
use super::{regression, stream};
use crate::experiment::sweep::design::{Design, LatinHypercube};

fn points(count: usize, inputs: usize) -> Vec<Vec<f64>> {
    LatinHypercube::new(count, inputs, stream(11)).unwrap().all()
}

#[test]
fn any_monotone_function_of_one_input_is_followed_entirely() {
    let points = points(50, 2);
    let outputs: Vec<f64> = points.iter().map(|u| -libm::exp(20.0 * u[0])).collect();
    let found = regression(&points, &outputs).unwrap();
    let [Some(first), Some(second)] = found.inputs[..] else { panic!("{found:?}") };
    assert!((first.srrc + 1.0).abs() < 1e-9 && second.srrc.abs() < 1e-9 && (found.r_squared - 1.0).abs() < 1e-12);
    // Input 0 explains all that input 1 leaves; it leaves input 1 nothing.
    assert!(first.prcc.is_some_and(|prcc| (prcc + 1.0).abs() < 1e-9) && second.prcc.is_none());
}

#[test]
fn a_small_case_by_hand() {
    // Ranks of x 1, 2.5, 2.5, 4 and of y 1, 3, 2, 4: less 2.5, products 2.25 + 0 + 0 + 2.25 = 4.5; squares 4.5 and 5. The only
    // coefficient is the correlation 4.5 / sqrt(22.5) = sqrt(.9).
    let x: Vec<Vec<f64>> = [0.1, 0.3, 0.3, 0.9].iter().map(|&x| vec![x]).collect();
    let found = regression(&x, &[-5.0, 7.0, 6.0, 100.0]).unwrap();
    let one = found.inputs[0].unwrap();
    assert!((one.srrc - 0.9_f64.sqrt()).abs() < 1e-12 && (found.r_squared - 0.9).abs() < 1e-12);
    assert!((one.prcc.unwrap() - 0.9_f64.sqrt()).abs() < 1e-12);
}

#[test]
fn an_input_that_never_moves_has_no_coefficients_and_changes_no_others() {
    let points = points(40, 2);
    let outputs: Vec<f64> = points.iter().map(|u| u[0] + u[1] * u[1]).collect();
    let with: Vec<Vec<f64>> = points.iter().map(|u| vec![u[0], 0.3, u[1]]).collect();
    let (found, plain) = (regression(&with, &outputs).unwrap(), regression(&points, &outputs).unwrap());
    assert_eq!(found.inputs, [plain.inputs[0], None, plain.inputs[1]]);
    assert_eq!(found.r_squared, plain.r_squared);
}

#[test]
fn what_ranks_do_not_tell_is_refused() {
    let points = points(10, 2);
    let outputs: Vec<f64> = points.iter().map(|u| u[0]).collect();
    assert_eq!(regression(&points, &[1.0; 10]).unwrap_err(), SensitivityError::Constant);
    assert!(matches!(regression(&points, &outputs[..9]), Err(SensitivityError::Shape { outputs: 9, .. })));
    assert!(matches!(regression(&[], &[]), Err(SensitivityError::Shape { .. })));
    assert!(matches!(regression(&points[..3], &outputs[..3]), Err(SensitivityError::TooFew(_))));
    // The ranks of a square are those of its root.
    let twice: Vec<Vec<f64>> = points.iter().map(|u| vec![u[0], u[0] * u[0]]).collect();
    assert_eq!(regression(&twice, &outputs).unwrap_err(), SensitivityError::Collinear);
    let mut missing = outputs.clone();
    missing[4] = f64::NAN;
    assert_eq!(regression(&points, &missing).unwrap_err(), SensitivityError::Missing(4));
}
