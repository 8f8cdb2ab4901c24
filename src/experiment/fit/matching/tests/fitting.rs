use super::super::emulator::Emulator;
use super::super::implausible::Target;
use super::super::plan::{Candidates, Run, Settings};
use super::super::sample::Ladder;
use super::super::step::towards;
use super::super::waves::History;
use super::at;
use super::toys::{INPUTS, Kind, Toy};

/// A ladder for tests: fewer particles.
const SHORT: Ladder = Ladder { particles: 500, keep: 0.4, moves: 3.0, tries: 25, stall: 0.05 };

/// Fits a toy in so many waves; 600 and 380 runs each.
fn fitted(toy: &Toy, waves: usize) -> (History, Candidates) {
    let make = |key: u64| at(1, key);
    let mut history = History::new(Settings { ladder: SHORT, ..Settings::new(INPUTS, toy.targets.clone()) });
    let mut runs: Vec<Run> = vec![];
    for wave in 0..waves {
        runs.extend(toy.run(&history.next_points(&make), wave));
        history.learn(&runs, &make).unwrap();
    }
    assert!(runs.len() <= 2500);
    let candidates = history.candidates(300, &make).unwrap();
    (history, candidates)
}

fn met(toy: &Toy, candidates: &Candidates, without: &[usize]) -> usize {
    candidates.points.iter().filter(|point| toy.meets(point, without)).count()
}

#[test]
fn logistic_responses_are_matched() {
    let toy = Toy::new(Kind::Logistic, 1);
    let (history, candidates) = fitted(&toy, 6);
    assert!(history.aside().is_empty());
    assert!(met(&toy, &candidates, &[]) >= 150);
    assert!(history.learned().windows(2).all(|pair| pair[1].log_share < pair[0].log_share));
}

#[test]
fn humps_and_ridges_are_matched_less_often() {
    let toy = Toy::new(Kind::Bumpy, 1);
    let (history, candidates) = fitted(&toy, 6);
    assert!(history.aside().is_empty());
    assert!(met(&toy, &candidates, &[]) >= 30);
}

#[test]
fn a_target_out_of_reach_is_set_aside_and_the_others_met() {
    let mut toy = Toy::new(Kind::Logistic, 2);
    (toy.targets[3].low, toy.targets[3].high) = (2.0, 2.2);
    let (history, candidates) = fitted(&toy, 6);
    let aside = history.aside();
    assert_eq!(aside.iter().map(|aside| aside.output).collect::<Vec<_>>(), [3]);
    assert!(aside[0].least > 2.0);
    assert_eq!(candidates.limits[3], f64::INFINITY);
    assert!(met(&toy, &candidates, &[3]) >= 100);
}

/// Two short waves, the first with a failed run and a missing output.
fn short(threads: usize) -> Vec<Vec<f64>> {
    let toy = Toy::new(Kind::Logistic, 3);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let ladder = Ladder { particles: 200, ..SHORT };
    let settings = Settings { first: 200, later: 100, ladder, ..Settings::new(INPUTS, toy.targets.clone()) };
    let make = |key: u64| at(5, key);
    let mut history = History::new(settings);
    let mut runs: Vec<Run> = vec![];
    for wave in 0..2 {
        let mut wave_runs = toy.run(&history.next_points(&make), wave);
        wave_runs[3].outputs.fill(f64::NAN);
        wave_runs[4].outputs[2] = f64::NAN;
        runs.extend(wave_runs);
        pool.install(|| history.learn(&runs, &make)).unwrap();
    }
    history.next_points(&make)
}

#[test]
fn plans_do_not_depend_on_threads() {
    assert_eq!(short(1), short(2));
}

#[test]
fn steps_lead_a_plane_to_its_target_by_the_inputs_that_matter() {
    // y = 2 u0 - u1 over three inputs; the run says that the emulator is .3 too low there.
    let mut draws = at(9, 0);
    let points: Vec<Vec<f64>> =
        (0..60).map(|_| (0..3).map(|_| super::super::Uniform::next(&mut draws)).collect()).collect();
    let plane = |u: &[f64]| 2.0 * u[0] - u[1];
    let outputs: Vec<Vec<f64>> = points.iter().map(|u| vec![plane(u), u[2]]).collect();
    let emulator = Emulator::fit(&points, &outputs, &vec![1.0; 60]).unwrap();
    let target = |at: f64| Target {
        name: String::new(),
        low: at,
        high: at,
        tolerance: 1e-3,
        observation: 0.0,
        discrepancy: 0.0,
    };
    let from = [0.4, 0.5, 0.6];
    let aim = plane(&from) + 0.55;
    let mut at = from.to_vec();
    for _ in 0..12 {
        let observed = plane(&at) + 0.3;
        at = towards(&emulator, &[target(aim), target(0.0)], &at, &[observed, f64::NAN]).unwrap();
    }
    assert!((plane(&at) + 0.3 - aim).abs() < 1e-3, "{at:?}");
    // The smallest change: half as far along the input that counts half as much, and nothing along the third.
    assert!((at[0] - 0.5).abs() < 1e-3 && (at[1] - 0.45).abs() < 1e-3 && (at[2] - 0.6).abs() < 1e-6, "{at:?}");
}
