//! Held against SALib and scipy on the same samples: `fixtures/README.md` beside the module tells how they were made.

use super::{bootstrap, effects, indices, ishigami, regression, single};
use crate::experiment::sweep::design::{Design, Saltelli};
use serde_json::Value;

fn figures() -> Value {
    serde_json::from_str(include_str!("../../fixtures/salib.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn points(value: &Value) -> Vec<Vec<f64>> {
    value["points"].as_array().unwrap().iter().map(numbers).collect()
}

fn assert_equal(ours: impl IntoIterator<Item = f64>, theirs: &Value) {
    let (ours, theirs) = (Vec::from_iter(ours), numbers(theirs));
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert!((ours - theirs).abs() < 1e-9, "{ours} {theirs}");
    }
}

#[test]
fn the_sample_of_saltelli_is_salibs() {
    assert_eq!(Saltelli::new(64, 3, None).unwrap().all(), points(&figures()["sobol"]));
}

#[test]
fn indices_of_variance_are_salibs() {
    // The same estimators. SALib scales outputs by their standard deviation first, which cancels; its intervals are normal
    // ones from its own draws and are not compared.
    let theirs = &figures()["sobol"];
    let outputs = numbers(&theirs["outputs"]);
    assert_equal(points(theirs).iter().map(|u| 20.0 + ishigami(u)), &theirs["outputs"]);
    let ours = indices(&single(outputs), 3, &bootstrap(0)).unwrap();
    assert_equal(ours.first.iter().map(|index| index.value), &theirs["S1"]);
    assert_equal(ours.total.iter().map(|index| index.value), &theirs["ST"]);
}

#[test]
fn elementary_effects_are_salibs() {
    let theirs = &figures()["morris"];
    let ours = effects(&points(theirs), &single(numbers(&theirs["outputs"])), &bootstrap(0)).unwrap();
    assert_equal(ours.iter().map(|effect| effect.mu), &theirs["mu"]);
    assert_equal(ours.iter().map(|effect| effect.mu_star.value), &theirs["mu_star"]);
    assert_equal(ours.iter().map(|effect| effect.sigma), &theirs["sigma"]);
}

#[test]
fn rank_coefficients_are_those_of_residuals() {
    let theirs = &figures()["ranks"];
    let ours = regression(&points(theirs), &numbers(&theirs["outputs"])).unwrap();
    let coefficients: Vec<_> = ours.inputs.iter().map(|input| input.unwrap()).collect();
    assert_equal(coefficients.iter().map(|one| one.srrc), &theirs["srrc"]);
    assert_equal(coefficients.iter().map(|one| one.prcc.unwrap()), &theirs["prcc"]);
    assert!((ours.r_squared - theirs["r_squared"].as_f64().unwrap()).abs() < 1e-9);
}
