//! Networks made by rule: one cited function for each family.

mod barabasi_albert;
mod configuration;
mod erdos_renyi;
mod spatial;
mod watts_strogatz;

use super::TIES_MOST;
use super::geography::Geography;
use super::ties::Edge;
use crate::draws::Draws;
use crate::population::Population;
use crate::scenario::diagnose::{Problem, Problems};
use crate::scenario::{Network, Parameters, Scenario, TieKind};
use crate::units::Strength;
use rayon::prelude::*;

/// Tries of one proposal before it is given up.
const TRIES: usize = 16;

/// Makes the network of a replicate by the rule of its scenario: ties with `a < b`, sorted, without repeats or ties to
/// oneself. A network from a file has no rule and no ties here.
pub fn by_rule(scenario: &Scenario, people: &Population, geography: &Geography, draws: Draws) -> Vec<Edge> {
    let n = people.residents.len() as u32;
    match &scenario.network {
        Network::Spatial(plan) => spatial::spatial(plan, &scenario.model, people, geography, draws),
        Network::WattsStrogatz(plan) => watts_strogatz::watts_strogatz(plan, n, draws),
        Network::ErdosRenyi(plan) => erdos_renyi::erdos_renyi(plan, n, draws),
        Network::BarabasiAlbert(plan) => barabasi_albert::barabasi_albert(plan, n, draws),
        Network::Configuration(plan) => configuration::configuration(plan, n, draws),
        Network::Complete(plan) => erdos_renyi::complete(plan, n),
        Network::Edges(_) | Network::GraphMl(_) => Vec::new(),
    }
}

/// How many ties a network will have, roughly: what memory must hold.
pub fn expected_ties(network: &Network, residents: usize) -> f64 {
    let n = residents as f64;
    match network {
        Network::Spatial(plan) => n * plan.ties_mean / 2.0,
        Network::WattsStrogatz(plan) => n * f64::from(plan.neighbours) / 2.0,
        Network::ErdosRenyi(plan) => n * plan.ties_mean / 2.0,
        Network::BarabasiAlbert(plan) => barabasi_albert::ties(plan, residents as u32) as f64,
        Network::Configuration(plan) => n * configuration::mean(plan, residents as u32) / 2.0,
        Network::Complete(_) => n * (n - 1.0) / 2.0,
        // Assumption: the file has not been read yet.
        Network::Edges(_) | Network::GraphMl(_) => n * 5.0,
    }
}

/// Refuses a rule that asks for more ties of a resident than there are others, or than a row can hold.
///
/// # Errors
/// The one problem, with the key that asks for too many.
pub fn fits(network: &Network, residents: usize) -> Result<(), Problems> {
    let others = residents.saturating_sub(1);
    let (key, wanted) = match network {
        Network::WattsStrogatz(plan) => ("watts_strogatz.neighbours", plan.neighbours),
        Network::BarabasiAlbert(plan) => ("barabasi_albert.ties_each", plan.ties_each),
        Network::Configuration(plan) => configuration::most(plan),
        _ => ("", 0),
    };
    if wanted as usize > others {
        let message = format!("`network.{key}` asks for {wanted} ties, and a resident has {others} others to tie to");
        return Err(Problem::general(message, "ask for fewer ties, or bring more residents").into());
    }
    let largest = match network {
        Network::BarabasiAlbert(plan) => barabasi_albert::largest(plan, residents),
        Network::Complete(_) => others as f64,
        _ => 0.0,
    };
    if largest > TIES_MOST as f64 {
        let message = format!("this network would give a resident {largest:.0} ties, where {TIES_MOST} can be kept");
        return Err(Problem::general(message, "ask for fewer ties, or for fewer residents").into());
    }
    Ok(())
}

/// Chance that a proposal between two residents is accepted: 1 within class and ethnic group, less across.
pub fn homophily(people: &Population, p: &Parameters, a: u32, b: u32) -> f32 {
    let (a, b) = (a as usize, b as usize);
    let across_class = if people.residents.class[a] == people.residents.class[b] { 1.0 } else { p.hom_c };
    let across_group = if people.residents.ethnicity[a] == people.residents.ethnicity[b] { 1.0 } else { p.hom_g };
    across_class * across_group
}

/// Ties of one strength and kind from pairs in any order, repeats taken out.
fn edges_of(mut pairs: Vec<u64>, strength: f64, kind: TieKind) -> Vec<Edge> {
    pairs.par_sort_unstable();
    pairs.dedup();
    let strength = Strength::from_share(strength as f32);
    pairs.into_iter().map(|pair| Edge { a: (pair >> 32) as u32, b: pair as u32, strength, kind }).collect()
}
