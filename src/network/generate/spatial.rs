//! The homophilous spatial network.

use super::{TRIES, homophily};
use crate::draws::{Draws, Generator, Purpose};
use crate::network::geography::Geography;
use crate::network::ties::Edge;
use crate::population::Population;
use crate::scenario::{Parameters, Spatial, TieKind};
use crate::units::Strength;
use rand::RngExt;
use rayon::prelude::*;

/// Rounds in which missing ties are proposed again, and the share of missing ties that is good enough.
const ROUNDS: u32 = 8;
const ENOUGH: f64 = 0.002;
/// Proposals of one resident are drawn together; residents are worked on in chunks of this size.
const CHUNK: usize = 4096;

/// The homophilous spatial network: lasting ties within circles, acquaintances that fall off with distance and close triangles;
/// both prefer the same class and group.
///
/// Source: circles are foci (Feld 1981), preference for similar others as in biased nets (Skvoretz 1990), distance as in spatial interaction models,
/// closure as in Kossinets and Watts (2006); shares and scales are assumptions.
pub(super) fn spatial(
    plan: &Spatial,
    p: &Parameters,
    people: &Population,
    geography: &Geography,
    draws: Draws,
) -> Vec<Edge> {
    let n = people.residents.len();
    let area = |own: u32| people.residents.area[own as usize];
    let likes =
        |own: u32, other: u32, generator: &mut Generator| generator.random::<f32>() < homophily(people, p, own, other);
    let all = plan.ties_mean * n as f64 / 2.0;
    let lasting = all * plan.lasting_share;
    let mut pairs = Vec::new();
    fill(&mut pairs, lasting, n, draws, Purpose::NetworkLasting, |own, generator| {
        geography.look((own, area(own)), generator, TRIES, |other, generator| likes(own, other, generator))
    });
    let kin = pairs.clone();
    fill(&mut pairs, all - (all - lasting) * plan.closure, n, draws, Purpose::NetworkSpatial, |own, generator| {
        (0..TRIES).find_map(|_| {
            let other = geography.draw(area(own), generator);
            (other != own && likes(own, other, generator)).then_some(other)
        })
    });
    let neighbours = Neighbours::new(n, &pairs);
    fill(&mut pairs, all, n, draws, Purpose::NetworkClosure, |own, generator| {
        (0..TRIES).find_map(|_| {
            let friend = neighbours.draw(own, generator)?;
            let other = neighbours.draw(friend, generator)?;
            (other != own && likes(own, other, generator)).then_some(other)
        })
    });
    let tie = |pair: u64| {
        let (share, kind) = if kin.binary_search(&pair).is_ok() {
            (1.0 - p.w_minus, TieKind::Lasting)
        } else {
            (p.w0_neighbour, TieKind::Neighbour)
        };
        Edge { a: (pair >> 32) as u32, b: pair as u32, strength: Strength::from_share(share), kind }
    };
    pairs.into_par_iter().map(tie).collect()
}

/// Adds proposed pairs until `wanted` stand in `pairs`, which stays sorted and without repeats.
fn fill(
    pairs: &mut Vec<u64>,
    wanted: f64,
    residents: usize,
    draws: Draws,
    purpose: Purpose,
    propose: impl Fn(u32, &mut Generator) -> Option<u32> + Sync,
) {
    for round in 0..ROUNDS {
        let missing = wanted - pairs.len() as f64;
        if missing <= wanted * ENOUGH || residents < 2 {
            break;
        }
        let each = missing / residents as f64;
        let stream = draws.stream(purpose, round);
        let fresh: Vec<Vec<u64>> = (0..residents.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let own = chunk * CHUNK..((chunk + 1) * CHUNK).min(residents);
                let mut found = Vec::with_capacity((each * CHUNK as f64) as usize + 1);
                for own in own.map(|own| own as u32) {
                    let mut generator = stream.generator(u64::from(own));
                    let proposals = (each + generator.random::<f64>()) as usize;
                    for _ in 0..proposals {
                        if let Some(other) = propose(own, &mut generator) {
                            found.push(crate::draws::pair(own, other));
                        }
                    }
                }
                found
            })
            .collect();
        for chunk in fresh {
            pairs.extend(chunk);
        }
        pairs.par_sort_unstable();
        pairs.dedup();
    }
}

/// Neighbours of each resident, in rows one after the other.
struct Neighbours {
    start: Vec<u32>,
    other: Vec<u32>,
}

impl Neighbours {
    fn new(residents: usize, pairs: &[u64]) -> Self {
        let mut start = vec![0u32; residents + 1];
        for &pair in pairs {
            start[(pair >> 32) as usize + 1] += 1;
            start[pair as u32 as usize + 1] += 1;
        }
        for i in 0..residents {
            start[i + 1] += start[i];
        }
        let mut next = start.clone();
        let mut other = vec![0; pairs.len() * 2];
        for &pair in pairs {
            let (a, b) = ((pair >> 32) as u32, pair as u32);
            for (from, to) in [(a, b), (b, a)] {
                other[next[from as usize] as usize] = to;
                next[from as usize] += 1;
            }
        }
        Self { start, other }
    }

    fn draw(&self, own: u32, generator: &mut Generator) -> Option<u32> {
        let row = &self.other[self.start[own as usize] as usize..self.start[own as usize + 1] as usize];
        (!row.is_empty()).then(|| row[generator.random_range(0..row.len())])
    }
}
