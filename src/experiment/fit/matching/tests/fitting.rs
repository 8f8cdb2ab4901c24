use super::super::implausible::misses;
use super::super::plan::{Candidates, Run, Settings};
use super::super::sample::Ladder;
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
    let met = candidates.points.iter().filter(|point| toy.meets(point, without)).count();
    println!("{met} of {}", candidates.points.len());
    met
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
fn uptake_over_time_is_matched() {
    let toy = Toy::new(Kind::Uptake, 1);
    let (history, candidates) = fitted(&toy, 6);
    assert!(history.aside().is_empty());
    assert!(met(&toy, &candidates, &[]) >= 150);
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
fn short(threads: usize) -> (Vec<Run>, Settings, Vec<Vec<f64>>) {
    let toy = Toy::new(Kind::Logistic, 3);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let ladder = Ladder { particles: 200, ..SHORT };
    let settings = Settings { first: 200, later: 100, ladder, ..Settings::new(INPUTS, toy.targets.clone()) };
    let make = |key: u64| at(5, key);
    let mut history = History::new(settings.clone());
    let mut runs: Vec<Run> = vec![];
    for wave in 0..2 {
        let mut wave_runs = toy.run(&history.next_points(&make), wave);
        wave_runs[3].outputs.fill(f64::NAN);
        wave_runs[4].outputs[2] = f64::NAN;
        runs.extend(wave_runs);
        pool.install(|| history.learn(&runs, &make)).unwrap();
    }
    (runs, settings, history.next_points(&make))
}

#[test]
fn plans_do_not_depend_on_threads_and_come_back_on_replay() {
    let (runs, settings, points) = short(1);
    assert_eq!(points, short(2).2);
    let make = |key: u64| at(5, key);
    assert_eq!(points, History::replay(settings, &runs, &make).unwrap().next_points(&make));
}

#[test]
fn means_of_replicates_are_judged_against_the_tolerance() {
    let targets = &Toy::new(Kind::Logistic, 1).targets[..2];
    let off = |k: usize, share: f64| targets[k].high + share * targets[k].tolerance;
    let replicates = [vec![off(0, 3.0), off(1, 0.5)], vec![off(0, 0.0), off(1, 0.7)], vec![off(0, 1.0), f64::NAN]];
    assert_eq!(misses(targets, &replicates), [true, false]);
    assert_eq!(misses(targets, &[]), [true, true]);
}
