//! Points drawn nearly evenly from a region, however small: sequential Monte Carlo down a ladder of shrinking levels (Del
//! Moral, Doucet and Jasra 2006; the volume as in nested sampling, Skilling 2006), each rung spread anew by differential
//! evolution Markov chains (ter Braak 2006).
//!
//! A region is given by scores: points with a score of at most the goal. Every particle has its own random numbers, and
//! moves only against the half of the particles at rest, so the outcome does not depend on threads.

use super::{Uniform, below};
use rayon::prelude::*;

/// How to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ladder {
    /// Particles; at least 20.
    pub particles: usize,
    /// Share of the particles each rung keeps, in (0, 1).
    pub keep: f64,
    /// Moves accepted a particle, on average, before the next rung.
    pub moves: f64,
    /// Most tries to move a particle at a rung.
    pub tries: usize,
    /// The ladder ends where the level falls by less than this share over five rungs.
    pub stall: f64,
}

impl Default for Ladder {
    fn default() -> Self {
        Self { particles: 1000, keep: 0.4, moves: 4.0, tries: 40, stall: 0.05 }
    }
}

/// A point on its way down.
#[derive(Clone, Debug)]
struct Particle {
    point: Vec<f64>,
    score: f64,
}

/// Particles spread evenly over the points that score at most `level`.
#[derive(Clone, Debug)]
pub struct Swarm {
    particles: Vec<Particle>,
    /// The level reached.
    pub level: f64,
    /// Share of the cube at or below the level, as its natural logarithm: an estimate.
    pub log_share: f64,
    /// Share of the moves of the last rung that were accepted.
    pub accepted: f64,
}

/// Where the points kept lie along one input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marginal {
    /// 5 % of the points lie below, on the unit scale.
    pub low: f64,
    /// 5 % of the points lie above.
    pub high: f64,
}

impl Marginal {
    /// Whether the targets say anything of this input by itself: the middle 90 % of the points fill less than four fifths
    /// of what they would without targets (0.9 of the range). Otherwise it is not identified.
    pub fn identified(&self) -> bool {
        self.high - self.low < 0.8 * 0.9
    }
}

/// The marginal of each input over points.
pub fn marginals(points: &[Vec<f64>]) -> Vec<Marginal> {
    let inputs = points.first().map_or(0, Vec::len);
    let marginal = |input: usize| {
        let mut values: Vec<f64> = points.iter().map(|point| point[input]).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        Marginal { low: at(0.05), high: at(0.95) }
    };
    (0..inputs).map(marginal).collect()
}

impl Swarm {
    /// Particles spread over the whole cube, all to be scored yet.
    pub fn spread(ladder: &Ladder, inputs: usize, draws: &mut impl Uniform) -> Self {
        let particles = (0..ladder.particles.max(20))
            .map(|_| Particle { point: (0..inputs).map(|_| draws.next()).collect(), score: f64::INFINITY })
            .collect();
        Self { particles, level: f64::INFINITY, log_share: 0.0, accepted: 1.0 }
    }

    /// The points.
    pub fn points(&self) -> Vec<Vec<f64>> {
        self.particles.iter().map(|particle| particle.point.clone()).collect()
    }

    /// Climbs down to the goal, or to where the ladder stalls: then [`Swarm::level`] stays above the goal. The score
    /// function takes a few points and a bound above which scores need not be right, and returns a score a point, never NaN;
    /// its region lies within that of any scores climbed down before. Random numbers of particle i are `make(i)`, those of
    /// the swarm `make(particles)`: others at each call.
    pub fn descend<U, S>(&mut self, ladder: &Ladder, goal: f64, score: &S, make: impl Fn(u64) -> U)
    where
        U: Uniform + Send,
        S: Fn(&[&[f64]], f64) -> Vec<f64> + Sync,
    {
        let mut draws: Vec<U> = (0..self.particles.len() as u64).map(&make).collect();
        let mut doubling = make(self.particles.len() as u64);
        self.rescore(score);
        let mut levels = vec![f64::INFINITY];
        loop {
            self.level = self.quantile(ladder.keep).max(goal);
            levels.push(self.level);
            self.double(&mut doubling);
            self.stir(&mut draws, ladder, score);
            if self.level <= goal || stalled(&levels, ladder.stall) {
                return;
            }
        }
    }

    fn rescore<S>(&mut self, score: &S)
    where
        S: Fn(&[&[f64]], f64) -> Vec<f64> + Sync,
    {
        self.particles.par_chunks_mut(CHUNK).for_each(|few| {
            let points: Vec<&[f64]> = few.iter().map(|particle| particle.point.as_slice()).collect();
            let scores = score(&points, f64::INFINITY);
            few.iter_mut().zip(scores).for_each(|(particle, score)| particle.score = score);
        });
    }

    fn quantile(&self, share: f64) -> f64 {
        let mut scores: Vec<f64> = self.particles.iter().map(|particle| particle.score).collect();
        scores.sort_unstable_by(f64::total_cmp);
        scores[(scores.len() as f64 * share) as usize]
    }

    /// Replaces the particles above the level by copies of others.
    fn double(&mut self, draws: &mut impl Uniform) {
        let (kept, lost): (Vec<usize>, Vec<usize>) =
            (0..self.particles.len()).partition(|&i| self.particles[i].score <= self.level);
        self.log_share += libm::log(kept.len() as f64 / self.particles.len() as f64);
        for i in lost {
            let from = kept[below(kept.len(), draws)];
            self.particles[i].point = self.particles[from].point.clone();
            self.particles[i].score = self.particles[from].score;
        }
    }

    /// Moves the particles about below the level.
    fn stir<U, S>(&mut self, draws: &mut [U], ladder: &Ladder, score: &S)
    where
        U: Uniform + Send,
        S: Fn(&[&[f64]], f64) -> Vec<f64> + Sync,
    {
        let count = self.particles.len();
        let (mut accepted, mut tries) = (0, 0);
        while tries < ladder.tries && (accepted as f64) < ladder.moves * count as f64 {
            let (left, right) = self.particles.split_at_mut(count / 2);
            let (left_draws, right_draws) = draws.split_at_mut(count / 2);
            accepted += step(left, left_draws, right, self.level, score);
            accepted += step(right, right_draws, left, self.level, score);
            tries += 1;
        }
        self.accepted = accepted as f64 / (tries.max(1) * count) as f64;
    }
}

/// Particles a task moves together.
const CHUNK: usize = 32;

fn stalled(levels: &[f64], share: f64) -> bool {
    levels.len() > 6 && levels[levels.len() - 1] > levels[levels.len() - 6] * (1.0 - share)
}

/// One try for each mover against the others at rest; how many were accepted.
fn step<U, S>(movers: &mut [Particle], draws: &mut [U], others: &[Particle], level: f64, score: &S) -> usize
where
    U: Uniform + Send,
    S: Fn(&[&[f64]], f64) -> Vec<f64> + Sync,
{
    let others: Vec<&[f64]> = others.iter().map(|particle| particle.point.as_slice()).collect();
    let try_few = |(few, draws): (&mut [Particle], &mut [U])| {
        let tried: Vec<Vec<f64>> =
            few.iter().zip(draws).map(|(mover, draws)| propose(&mover.point, &others, draws)).collect();
        let scores = score(&tried.iter().map(Vec::as_slice).collect::<Vec<_>>(), level);
        let mut accepted = 0;
        for ((mover, point), score) in few.iter_mut().zip(tried).zip(scores) {
            if score <= level {
                (mover.point, mover.score) = (point, score);
                accepted += 1;
            }
        }
        accepted
    };
    movers.par_chunks_mut(CHUNK).zip(draws.par_chunks_mut(CHUNK)).map(try_few).sum()
}

/// A step along the difference of two others, in all inputs or some, reflected at the faces: as likely as its reverse.
fn propose(from: &[f64], others: &[&[f64]], draws: &mut impl Uniform) -> Vec<f64> {
    let (a, b) = (others[below(others.len(), draws)], others[below(others.len(), draws)]);
    let chance = [0.15, 0.4, 1.0][below(3, draws)];
    let moved: Vec<bool> = a.iter().map(|_| draws.next() < chance).collect();
    let inputs = moved.iter().filter(|&&moved| moved).count().max(1) as f64;
    let whole = draws.next() < 0.05;
    let length = if whole { 1.0 } else { (0.4 + draws.next()) * 1.7 / (2.0 * inputs).sqrt() };
    (from.iter().zip(moved).zip(a.iter().zip(b)))
        .map(|((&x, moved), (a, b))| {
            let jitter = 1e-3 * (draws.next() - 0.5);
            if moved { reflect(x + length * (a - b) + jitter) } else { x }
        })
        .collect()
}

/// Folds a coordinate back into [0, 1].
fn reflect(x: f64) -> f64 {
    let folded = x.rem_euclid(2.0);
    if folded > 1.0 { 2.0 - folded } else { folded }
}
