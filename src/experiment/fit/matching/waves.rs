//! Waves: what to run next, given what has been run.
//!
//! ```text
//! let mut history = History::new(settings);
//! for wave in 0..waves {
//!     let points = history.next_points(&make);   // the caller runs the simulator at these
//!     runs.extend(...);                          // and records them, with their wave
//!     history.learn(&runs, &make)?;
//! }
//! let sets = history.candidates(300, &make);     // run these several times over and judge them
//! ```
//!
//! Everything is a pure function of the runs, the settings and the random numbers: learning from the same runs once more brings
//! a fit back to where it was.

use super::Uniform;
use super::design::{latin_hypercube, shuffled};
use super::emulator::{Emulator, FitError};
use super::implausible::{Layer, Region};
use super::plan::{Aside, Candidates, Learned, Run, Settings};
use super::sample::{Swarm, marginals};
use super::search::lowest;
use super::terms::Terms;
use rayon::prelude::*;

/// A fit under way.
#[derive(Clone, Debug)]
pub struct History {
    settings: Settings,
    layers: Vec<Layer>,
    learned: Vec<Learned>,
    aside: Vec<Aside>,
    /// All layers within `near` of their limits.
    wide: Option<Swarm>,
    /// All layers within their limits.
    swarm: Option<Swarm>,
}

/// Random numbers are keyed by wave, then by what they are for, then by particle.
fn key(wave: usize, purpose: u64, index: u64) -> u64 {
    (wave as u64) << 48 | purpose << 32 | index
}

impl History {
    /// A fit before any run.
    pub fn new(settings: Settings) -> Self {
        Self { settings, layers: vec![], learned: vec![], aside: vec![], wide: None, swarm: None }
    }

    /// What was learned from each wave.
    pub fn learned(&self) -> &[Learned] {
        &self.learned
    }

    /// Targets given up.
    pub fn aside(&self) -> &[Aside] {
        &self.aside
    }

    /// The points not ruled out.
    pub fn region(&self) -> Region<'_> {
        Region { targets: &self.settings.targets, layers: &self.layers }
    }

    /// The points of the next wave.
    pub fn next_points<U: Uniform>(&self, make: &impl Fn(u64) -> U) -> Vec<Vec<f64>> {
        let settings = &self.settings;
        let mut draws = make(key(self.layers.len(), 0, 0));
        let (Some(wide), Some(swarm)) = (&self.wide, &self.swarm) else {
            return latin_hypercube(settings.first, settings.inputs, 10, &mut draws);
        };
        let wider = (settings.wider * settings.later as f64).round() as usize;
        let mut points = some(&swarm.points(), settings.later.saturating_sub(wider), &mut draws);
        points.extend(some(&wide.points(), wider, &mut draws));
        points
    }

    /// Learns from the wave of the points last asked for; later runs among `runs` are left out.
    ///
    /// # Errors
    /// Where too few runs have an output.
    pub fn learn<U: Uniform + Send>(
        &mut self,
        runs: &[Run],
        make: &(impl Fn(u64) -> U + Sync),
    ) -> Result<(), FitError> {
        let wave = self.layers.len();
        let runs: Vec<&Run> =
            runs.iter().filter(|run| run.wave <= wave && run.outputs.iter().any(|y| y.is_finite())).collect();
        let chosen = self.nearby(&runs);
        let points: Vec<Vec<f64>> = chosen.iter().map(|(run, _)| run.point.clone()).collect();
        let outputs: Vec<Vec<f64>> = chosen.iter().map(|(run, _)| run.outputs.clone()).collect();
        let weights: Vec<f64> = chosen.iter().map(|&(_, weight)| weight).collect();
        let emulator = Emulator::fit(&points, &outputs, &weights)?;
        let quality = emulator.quality().to_vec();
        let mut limits = vec![self.settings.cutoff(wave); self.settings.targets.len()];
        self.aside.iter().for_each(|aside| limits[aside.output] = f64::INFINITY);
        self.layers.push(Layer { emulator, limits });
        self.drop_hopeless(wave, make);
        let swarm = self.narrow(wave, make);
        self.learned.push(Learned {
            runs: points.len(),
            quality,
            log_share: swarm.log_share,
            marginals: marginals(&swarm.points()),
        });
        self.swarm = Some(swarm);
        Ok(())
    }

    /// Refocusing: the runs not ruled out or nearly so, and at least 1.5 times as many as quadratic terms, with weights
    /// that fall outside.
    fn nearby<'a>(&self, runs: &[&'a Run]) -> Vec<(&'a Run, f64)> {
        let points: Vec<&[f64]> = runs.iter().map(|run| run.point.as_slice()).collect();
        let scores = self.region().scores(&points, f64::INFINITY);
        let enough = Terms::Quadratic.kinds(self.settings.inputs).len() * 3 / 2;
        let mut order: Vec<usize> = (0..runs.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        (order.iter().enumerate())
            .filter(|&(rank, &run)| rank < enough || scores[run] <= self.settings.near)
            .map(|(_, &run)| (runs[run], 1.0 / scores[run].max(1.0)))
            .collect()
    }

    /// Sets aside each target that no point meets even by itself.
    fn drop_hopeless<U: Uniform + Send>(&mut self, wave: usize, make: &(impl Fn(u64) -> U + Sync)) {
        let least: Vec<f64> = (0..self.settings.targets.len())
            .into_par_iter()
            .map(|output| {
                let alone = self.region_of(output);
                let region = Region { targets: &self.settings.targets, layers: &alone };
                let mut draws = make(key(wave, 1, output as u64));
                let score = |points: &[&[f64]]| region.scores(points, f64::INFINITY);
                lowest(self.settings.inputs, 200, 1.0, &score, &mut draws)
            })
            .collect();
        for (output, least) in least.into_iter().enumerate() {
            if least > 1.0 {
                self.set_aside(output, wave, least);
            }
        }
    }

    /// The layers as they would be with one target only.
    fn region_of(&self, output: usize) -> Vec<Layer> {
        let mut layers = self.layers.clone();
        for layer in &mut layers {
            for (other, limit) in layer.limits.iter_mut().enumerate() {
                if other != output {
                    *limit = f64::INFINITY;
                }
            }
        }
        layers
    }

    /// `least` is a ratio to the limit.
    fn set_aside(&mut self, output: usize, wave: usize, least: f64) {
        self.aside.push(Aside { output, wave, least: least * self.settings.cutoff(wave) });
        self.layers.iter_mut().for_each(|layer| layer.limits[output] = f64::INFINITY);
        self.wide = None;
    }

    /// Samples what is left, setting targets aside until something is.
    fn narrow<U: Uniform + Send>(&mut self, wave: usize, make: &(impl Fn(u64) -> U + Sync)) -> Swarm {
        for purpose in (2..).step_by(3) {
            let mut swarm = self.widely(key(wave, purpose, 0), make);
            self.wide = Some(swarm.clone());
            let score = |points: &[&[f64]], bound: f64| self.region().scores(points, bound);
            swarm.descend(&self.settings.ladder, 1.0, &score, |i| make(key(wave, purpose + 2, i)));
            if swarm.level <= 1.0 || self.aside.len() == self.settings.targets.len() {
                return swarm;
            }
            let (output, least) = self.blocking(&swarm);
            self.set_aside(output, wave, least);
        }
        unreachable!("with all targets aside every point scores 0")
    }

    /// All layers within `near` of their limits, or as near as they get: from the swarm of the wave before, or from the
    /// whole cube where a target was set aside since.
    fn widely<U: Uniform + Send>(&mut self, first: u64, make: &impl Fn(u64) -> U) -> Swarm {
        let (ladder, near) = (self.settings.ladder, self.settings.near);
        let draws = |i| make(first + (1 << 32) + i);
        if let Some(mut swarm) = self.wide.take() {
            swarm.descend(&ladder, near, &|points, bound| self.narrowing(points, bound), draws);
            return swarm;
        }
        let mut swarm = Swarm::spread(&ladder, self.settings.inputs, &mut make(first));
        swarm.descend(&ladder, near, &|points, bound| self.region().scores(points, bound), draws);
        swarm
    }

    /// Scores by the newest layer within what earlier layers leave nearly: the swarm of the wave before starts there.
    fn narrowing(&self, points: &[&[f64]], bound: f64) -> Vec<f64> {
        let (older, newest) = self.layers.split_at(self.layers.len() - 1);
        let region = |layers| Region { targets: &self.settings.targets, layers };
        let mut scores = region(newest).scores(points, bound);
        let left: Vec<usize> = (0..points.len()).filter(|&i| scores[i] <= bound).collect();
        let views: Vec<&[f64]> = left.iter().map(|&i| points[i]).collect();
        for (i, old) in left.into_iter().zip(region(older).scores(&views, self.settings.near)) {
            if old > self.settings.near {
                scores[i] = f64::INFINITY;
            }
        }
        scores
    }

    /// The target that holds the points up, and the smallest ratio of its implausibility to its limit among them.
    fn blocking(&self, swarm: &Swarm) -> (usize, f64) {
        let ratios: Vec<Vec<f64>> = swarm.points().iter().map(|point| self.region().ratios(point)).collect();
        let of = |output: usize| ratios.iter().map(move |ratios| ratios[output]);
        let worst =
            (0..self.settings.targets.len()).max_by(|&a, &b| of(a).sum::<f64>().total_cmp(&of(b).sum())).unwrap_or(0);
        (worst, of(worst).fold(f64::INFINITY, f64::min))
    }

    /// Points of the region left whose implausibility under the newest emulators is much smaller than ruling out asks:
    /// below [`Settings::last_cutoff`], or as far down as they get, each target by itself. None before any wave.
    pub fn candidates<U: Uniform + Send>(&self, count: usize, make: &(impl Fn(u64) -> U + Sync)) -> Option<Candidates> {
        let (mut swarm, wave) = (self.swarm.clone()?, self.layers.len());
        let mut end = self.clone();
        let share = self.settings.last_cutoff / self.settings.cutoff(wave - 1);
        end.layers[wave - 1].limits.iter_mut().for_each(|limit| *limit *= share);
        for attempt in 0..=self.settings.targets.len() as u64 {
            let score = |points: &[&[f64]], bound: f64| end.region().scores(points, bound);
            swarm.descend(&self.settings.ladder, 1.0, &score, |i| make(key(wave, 1000 + attempt, i)));
            if swarm.level <= 1.0 {
                break;
            }
            let (output, _) = end.blocking(&swarm);
            end.layers.iter_mut().for_each(|layer| layer.limits[output] *= 1.02 * swarm.level);
        }
        let points = some(&swarm.points(), count, &mut make(key(wave, 999, 0)));
        Some(Candidates { points, limits: end.layers[wave - 1].limits.clone(), log_share: swarm.log_share })
    }
}

/// So many of the points, all different, in random order; fewer if there are fewer.
fn some(points: &[Vec<f64>], count: usize, draws: &mut impl Uniform) -> Vec<Vec<f64>> {
    let mut chosen: Vec<Vec<f64>> = Vec::with_capacity(count);
    for i in shuffled(points.len(), draws) {
        if chosen.len() < count && !chosen.contains(&points[i]) {
            chosen.push(points[i].clone());
        }
    }
    chosen
}
