//! Where people look for new ties: mostly in their own area, else in another, the nearer and larger the likelier.

use crate::draws::Generator;
use crate::population::Area;
use rand::RngExt;
use rand::distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;
use rayon::prelude::*;

/// Distance scales beyond which an area is left out: a share of (1 + 6) exp(-6), under 2 %, of the ties that leave an area
/// on an even plane.
const REACH: f64 = 6.0;
/// Areas kept however far they are.
const NEAREST: usize = 8;

/// How people look for others: shares of the looks, and how large a circle and how far a distance is.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Of looks for a lasting tie, the share that stay in the circle.
    pub within_circle: f64,
    /// Others in a circle.
    pub circle: u32,
    /// Of all other looks, the share that stay in the area.
    pub within_area: f64,
    /// Scale of the distance of the rest, kilometres.
    pub distance_km: f64,
}

/// For each area, the other areas in its reach and a table to draw one.
///
/// A circle stands for those whom one keeps meeting, through household, street, school or work (foci: Feld 1981): residents of
/// an area stand around a ring in the order of their numbers, which no trait decides in a town made from an area table, and the circle of each are those next to it on
/// both sides.
#[derive(Clone, Debug)]
pub struct Geography {
    reach: Reach,
    others: Vec<Option<(Vec<u32>, WeightedAliasIndex<f32>)>>,
    residents: Vec<(u32, u32)>,
}

impl Geography {
    /// Prepares the draws, those of other areas by weights residents x exp(-distance / scale).
    pub fn new(areas: &[Area], reach: Reach) -> Self {
        let scale_km = reach.distance_km;
        let others = areas.par_iter().enumerate().map(|(own, area)| {
            let mut by_distance: Vec<(f64, u32)> = areas
                .iter()
                .enumerate()
                .filter(|&(other, there)| other != own && !there.residents.is_empty())
                .map(|(other, there)| (distance_km(area, there.x_km, there.y_km), other as u32))
                .collect();
            by_distance.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let near = by_distance.partition_point(|&(d, _)| d <= REACH * scale_km).max(NEAREST);
            by_distance.truncate(near);
            let nearest = by_distance.first()?.0;
            let weights = by_distance.iter().map(|&(d, other)| {
                (areas[other as usize].residents.len() as f64 * libm::exp((nearest - d) / scale_km)) as f32
            });
            let table = WeightedAliasIndex::new(weights.collect()).ok()?;
            Some((by_distance.into_iter().map(|(_, other)| other).collect(), table))
        });
        Self {
            reach,
            others: others.collect(),
            residents: areas.iter().map(|a| (a.residents.start as u32, a.residents.end as u32)).collect(),
        }
    }

    /// Draws a resident for someone of `area`; it may be that person.
    pub fn draw(&self, area: u32, generator: &mut Generator) -> u32 {
        let stays = generator.random::<f64>() < self.reach.within_area;
        let from = match &self.others[area as usize] {
            Some((others, table)) if !stays => others[table.sample(generator)],
            _ => area,
        };
        let (first, last) = self.residents[from as usize];
        generator.random_range(first..last)
    }

    /// Looks for somebody who may become a lasting tie of `own`, of `area`: where is drawn once, then so many `tries` there.
    pub fn look(
        &self,
        (own, area): (u32, u32),
        generator: &mut Generator,
        tries: usize,
        mut suits: impl FnMut(u32, &mut Generator) -> bool,
    ) -> Option<u32> {
        let (first, last) = self.residents[area as usize];
        let (n, half) = (last - first, self.reach.circle / 2);
        let in_circle = generator.random::<f64>() < self.reach.within_circle && n > 2 * half;
        (0..tries).find_map(|_| {
            let other = if in_circle {
                let steps = generator.random_range(1..=half);
                let ahead = if generator.random::<bool>() { steps } else { n - steps };
                first + (own - first + ahead) % n
            } else {
                self.draw(area, generator)
            };
            (other != own && suits(other, generator)).then_some(other)
        })
    }
}

/// Distance from the centroid of an area to a place, in kilometres.
pub fn distance_km(area: &Area, x_km: f64, y_km: f64) -> f64 {
    libm::hypot(area.x_km - x_km, area.y_km - y_km)
}
