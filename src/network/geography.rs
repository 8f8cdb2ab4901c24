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

/// For each area, the other areas in its reach and a table to draw one.
#[derive(Clone, Debug)]
pub struct Geography {
    within: f64,
    others: Vec<Option<(Vec<u32>, WeightedAliasIndex<f32>)>>,
    residents: Vec<(u32, u32)>,
}

impl Geography {
    /// Prepares the draws for a share `within` that stays in the area, and weights residents x exp(-distance / scale).
    pub fn new(areas: &[Area], within: f64, scale_km: f64) -> Self {
        let others = areas.par_iter().enumerate().map(|(own, area)| {
            let mut by_distance: Vec<(f64, u32)> = areas
                .iter()
                .enumerate()
                .filter(|&(other, there)| other != own && !there.residents.is_empty())
                .map(|(other, there)| (distance_km(area, there.x_km, there.y_km), other as u32))
                .collect();
            by_distance.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let reach = by_distance.partition_point(|&(d, _)| d <= REACH * scale_km).max(NEAREST);
            by_distance.truncate(reach);
            let nearest = by_distance.first()?.0;
            let weights = by_distance.iter().map(|&(d, other)| {
                (areas[other as usize].residents.len() as f64 * libm::exp((nearest - d) / scale_km)) as f32
            });
            let table = WeightedAliasIndex::new(weights.collect()).ok()?;
            Some((by_distance.into_iter().map(|(_, other)| other).collect(), table))
        });
        Self {
            within,
            others: others.collect(),
            residents: areas.iter().map(|a| (a.residents.start as u32, a.residents.end as u32)).collect(),
        }
    }

    /// Draws a resident for someone of `area`; it may be that person.
    pub fn draw(&self, area: u32, generator: &mut Generator) -> u32 {
        let stays = generator.random::<f64>() < self.within;
        let from = match &self.others[area as usize] {
            Some((others, table)) if !stays => others[table.sample(generator)],
            _ => area,
        };
        let (first, last) = self.residents[from as usize];
        generator.random_range(first..last)
    }
}

/// Distance from the centroid of an area to a place, in kilometres.
pub fn distance_km(area: &Area, x_km: f64, y_km: f64) -> f64 {
    libm::hypot(area.x_km - x_km, area.y_km - y_km)
}
