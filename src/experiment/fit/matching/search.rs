//! The lowest point of a score on the unit cube, by differential evolution (Storn and Price 1997, rand-to-best/1/bin).

use super::terms::LANES;
use super::{Uniform, below};

const MEMBERS: usize = 6 * LANES;

/// A low score of so many generations, or the first at or below `enough`.
pub(super) fn lowest(
    inputs: usize,
    generations: usize,
    enough: f64,
    score: &impl Fn(&[&[f64]]) -> Vec<f64>,
    draws: &mut impl Uniform,
) -> f64 {
    let mut members: Vec<Vec<f64>> = (0..MEMBERS).map(|_| (0..inputs).map(|_| draws.next()).collect()).collect();
    let mut scores = score(&views(&members));
    for _ in 0..generations {
        let best = (0..MEMBERS).min_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
        if scores[best] <= enough {
            break;
        }
        let tried: Vec<Vec<f64>> = (0..MEMBERS).map(|member| child(&members, member, best, draws)).collect();
        for (member, (point, found)) in tried.iter().zip(score(&views(&tried))).enumerate() {
            if found <= scores[member] {
                members[member].clone_from(point);
                scores[member] = found;
            }
        }
    }
    scores.into_iter().fold(f64::INFINITY, f64::min)
}

fn views(points: &[Vec<f64>]) -> Vec<&[f64]> {
    points.iter().map(Vec::as_slice).collect()
}

fn child(members: &[Vec<f64>], member: usize, best: usize, draws: &mut impl Uniform) -> Vec<f64> {
    let (a, b) = (&members[below(MEMBERS, draws)], &members[below(MEMBERS, draws)]);
    let pull = draws.next();
    (members[member].iter().zip(&members[best]).zip(a.iter().zip(b)))
        .map(|((&x, &best), (a, b))| {
            let moved = x + pull * (best - x) + 0.6 * (a - b);
            if draws.next() < 0.7 { moved.clamp(0.0, 1.0) } else { x }
        })
        .collect()
}
