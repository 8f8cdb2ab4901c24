//! Designs of the first wave: Latin hypercubes (McKay, Beckman and Conover 1979).

use super::{Uniform, below};

/// A Latin hypercube of so many points in the unit cube: each input has one point in each of `points` equal slices. The
/// best of `tries` (at least one) by the smallest distance between two points (maximin; Johnson, Moore and Ylvisaker 1990).
pub fn latin_hypercube(points: usize, inputs: usize, tries: usize, draws: &mut impl Uniform) -> Vec<Vec<f64>> {
    let mut best = hypercube(points, inputs, draws);
    let mut widest = closest(&best);
    for _ in 1..tries {
        let design = hypercube(points, inputs, draws);
        let distance = closest(&design);
        if distance > widest {
            (best, widest) = (design, distance);
        }
    }
    best
}

fn hypercube(points: usize, inputs: usize, draws: &mut impl Uniform) -> Vec<Vec<f64>> {
    let mut design = vec![vec![0.0; inputs]; points];
    for input in 0..inputs {
        for (point, slice) in design.iter_mut().zip(shuffled(points, draws)) {
            point[input] = (slice as f64 + draws.next()) / points as f64;
        }
    }
    design
}

/// The numbers below `count` in random order.
pub(super) fn shuffled(count: usize, draws: &mut impl Uniform) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for i in (1..count).rev() {
        order.swap(i, below(i + 1, draws));
    }
    order
}

/// The smallest squared distance between two points.
fn closest(design: &[Vec<f64>]) -> f64 {
    let mut smallest = f64::INFINITY;
    for (i, a) in design.iter().enumerate() {
        for b in &design[..i] {
            smallest = smallest.min(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum());
        }
    }
    smallest
}
