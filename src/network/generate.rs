//! Networks made by rule: one cited function for each family.

use super::geography::Geography;
use super::ties::Edge;
use crate::draws::{Draws, Generator, Purpose};
use crate::population::Population;
use crate::scenario::{Complete, ErdosRenyi, Network, Parameters, Scenario, Spatial, TieKind, WattsStrogatz};
use crate::units::Strength;
use rand::RngExt;
use rayon::prelude::*;

/// Tries of one proposal before it is given up.
const TRIES: usize = 16;
/// Rounds in which missing ties are proposed again, and the share of missing ties that is good enough.
const ROUNDS: u32 = 8;
const ENOUGH: f64 = 0.002;
/// Proposals of one resident are drawn together; residents are worked on in chunks of this size.
const CHUNK: usize = 4096;

/// Makes the network of a replicate by the rule of its scenario: ties with `a < b`, sorted, without repeats or ties to
/// oneself. A network from a file has no rule and no ties here.
pub fn by_rule(scenario: &Scenario, people: &Population, geography: &Geography, draws: Draws) -> Vec<Edge> {
    let n = people.residents.len() as u32;
    match &scenario.network {
        Network::Spatial(plan) => spatial(plan, &scenario.model, people, geography, draws),
        Network::WattsStrogatz(plan) => watts_strogatz(plan, n, draws),
        Network::ErdosRenyi(plan) => erdos_renyi(plan, n, draws),
        Network::Complete(plan) => complete(plan, n),
        Network::Edges(_) => Vec::new(),
    }
}

/// How many ties a network will have, roughly: what memory must hold.
pub fn expected_ties(network: &Network, residents: usize) -> f64 {
    let n = residents as f64;
    match network {
        Network::Spatial(plan) => n * plan.ties_mean / 2.0,
        Network::WattsStrogatz(plan) => n * f64::from(plan.neighbours) / 2.0,
        Network::ErdosRenyi(plan) => n * plan.ties_mean / 2.0,
        Network::Complete(_) => n * (n - 1.0) / 2.0,
        Network::Edges(_) => n * 5.0,
    }
}

/// Chance that a proposal between two residents is accepted: 1 within class and ethnic group, less across.
pub fn homophily(people: &Population, p: &Parameters, a: u32, b: u32) -> f32 {
    let (a, b) = (a as usize, b as usize);
    let across_class = if people.residents.class[a] == people.residents.class[b] { 1.0 } else { p.hom_c };
    let across_group = if people.residents.ethnicity[a] == people.residents.ethnicity[b] { 1.0 } else { p.hom_g };
    across_class * across_group
}

/// The homophilous spatial network: ties fall off with distance, prefer the same class and group, and close triangles.
///
/// Source: preference for similar others as in biased nets (Skvoretz 1990), distance as in spatial interaction models,
/// closure as in Kossinets and Watts (2006); shares and scales are assumptions.
fn spatial(plan: &Spatial, p: &Parameters, people: &Population, geography: &Geography, draws: Draws) -> Vec<Edge> {
    let n = people.residents.len();
    let all = plan.ties_mean * n as f64 / 2.0;
    let mut pairs = Vec::new();
    fill(&mut pairs, all * (1.0 - plan.closure), n, draws, Purpose::NetworkBase, |own, generator| {
        (0..TRIES).find_map(|_| {
            let other = geography.draw(people.residents.area[own as usize], generator);
            (other != own && generator.random::<f32>() < homophily(people, p, own, other)).then_some(other)
        })
    });
    let neighbours = Neighbours::new(n, &pairs);
    fill(&mut pairs, all, n, draws, Purpose::NetworkClosure, |own, generator| {
        (0..TRIES).find_map(|_| {
            let friend = neighbours.draw(own, generator)?;
            let other = neighbours.draw(friend, generator)?;
            (other != own && generator.random::<f32>() < homophily(people, p, own, other)).then_some(other)
        })
    });
    let kind = draws.stream(Purpose::NetworkKind, 0);
    let tie = |pair: u64| {
        let (share, kind) = if kind.unit(pair) < plan.lasting_share {
            (1.0 - p.w_minus, TieKind::Lasting)
        } else {
            (p.w0_neighbour, TieKind::Neighbour)
        };
        Edge { a: (pair >> 32) as u32, b: pair as u32, strength: Strength::from_share(share), kind }
    };
    pairs.into_iter().map(tie).collect()
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

fn edges_of(mut pairs: Vec<u64>, strength: f64, kind: TieKind) -> Vec<Edge> {
    pairs.par_sort_unstable();
    pairs.dedup();
    let strength = Strength::from_share(strength as f32);
    pairs.into_iter().map(|pair| Edge { a: (pair >> 32) as u32, b: pair as u32, strength, kind }).collect()
}

/// A ring on which each resident is tied to the nearest, each tie then rewired with a given chance.
///
/// Source: Watts and Strogatz (1998).
fn watts_strogatz(plan: &WattsStrogatz, n: u32, draws: Draws) -> Vec<Edge> {
    let half = (plan.neighbours / 2).min(n.saturating_sub(1) / 2);
    let ring =
        |own: u32, step: u32| crate::draws::pair(own, ((u64::from(own) + u64::from(step)) % u64::from(n)) as u32);
    let mut taken: std::collections::BTreeSet<u64> =
        (0..n).flat_map(|own| (1..=half).map(move |step| (own, step))).map(|(own, step)| ring(own, step)).collect();
    for step in 1..=half {
        let stream = draws.stream(Purpose::NetworkRewire, step);
        for own in 0..n {
            let mut generator = stream.generator(u64::from(own));
            if generator.random::<f64>() < plan.rewiring {
                let fresh = (0..TRIES)
                    .map(|_| (generator.random_range(0..n), own))
                    .find(|&(other, own)| other != own && !taken.contains(&crate::draws::pair(own, other)));
                if let Some((other, own)) = fresh {
                    taken.remove(&ring(own, step));
                    taken.insert(crate::draws::pair(own, other));
                }
            }
        }
    }
    edges_of(taken.into_iter().collect(), plan.strength, plan.kind)
}

/// Each pair is tied with the same chance, so that residents have `ties_mean` ties on average.
///
/// Source: Gilbert (1959); drawn by skips in linear time (Batagelj and Brandes 2005).
fn erdos_renyi(plan: &ErdosRenyi, n: u32, draws: Draws) -> Vec<Edge> {
    let chance = (plan.ties_mean / f64::from(n.saturating_sub(1).max(1))).min(1.0);
    if chance >= 1.0 {
        return complete(&Complete { strength: plan.strength, kind: plan.kind }, n);
    }
    let mut pairs = Vec::with_capacity((f64::from(n) * plan.ties_mean / 2.0 * 1.1) as usize);
    let mut generator = draws.stream(Purpose::NetworkBase, 0).generator(0);
    let log_none = libm::log1p(-chance);
    let (mut high, mut low) = (1u64, -1i64);
    while chance > 0.0 && high < u64::from(n) {
        let skip = libm::log(1.0 - generator.random::<f64>()) / log_none;
        low += 1 + skip.min(1e15) as i64;
        while low >= high as i64 && high < u64::from(n) {
            low -= high as i64;
            high += 1;
        }
        if high < u64::from(n) {
            pairs.push(crate::draws::pair(low as u32, high as u32));
        }
    }
    edges_of(pairs, plan.strength, plan.kind)
}

/// Everyone is tied to everyone.
fn complete(plan: &Complete, n: u32) -> Vec<Edge> {
    let strength = Strength::from_share(plan.strength as f32);
    (0..n).flat_map(|a| (a + 1..n).map(move |b| Edge { a, b, strength, kind: plan.kind })).collect()
}
