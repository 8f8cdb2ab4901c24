//! Shipped towns of any size, and their weeks.
#![allow(dead_code, reason = "each bench uses a part")]

use groundswell::draws::Draws;
use groundswell::experiment::ensemble;
use groundswell::model::bonds::Bonds;
use groundswell::model::levers::Conditions;
use groundswell::model::start::start;
use groundswell::model::state::State;
use groundswell::model::town::Town;
use groundswell::model::week;
use groundswell::network::by_rule;
use groundswell::population::read::Plan;
use groundswell::scenario::{self, Scenario};
use std::hint::black_box;
use std::path::Path;

/// Residents of the shipped Haringey and of the shipped ward.
pub const HARINGEY: f64 = 212_873.0;
pub const WARD: f64 = 4_997.0;
/// Sizes of the tables of `docs/speed.md`.
pub const SIZES: [f64; 3] = [1e4, 1e5, 1e6];

/// The sizes that the command line asks for.
pub fn sizes_asked() -> Vec<f64> {
    std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect()
}

/// A shipped town, thinned or multiplied to about so many residents.
pub fn scenario(residents: f64) -> Scenario {
    let (name, share) =
        if residents < 10_000.0 { ("ward", 0.275 * residents / WARD) } else { ("haringey", residents / HARINGEY) };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(format!("{name}.toml"));
    scenario::load(&path, &[format!("population.areas.scale={share}")], &[]).expect("a shipped scenario")
}

/// The town of a shipped scenario.
pub fn town(scenario: &Scenario) -> Town {
    ensemble::town(scenario, Plan::read(scenario).expect("a table")).expect("a town")
}

/// A town and its state, and what its weeks need.
pub struct Living {
    pub town: Town,
    bonds: Bonds,
    draws: Draws,
    usual: Conditions,
    pub state: State,
}

impl Living {
    /// A town of about so many residents at the start of a replicate.
    pub fn new(residents: f64, replicate: u32) -> Self {
        let scenario = scenario(residents);
        let town = town(&scenario);
        let draws = Draws::of_replicate(1, replicate);
        let edges = by_rule(&scenario, &town.people, &town.geography, draws);
        let state = start(&town, &edges, draws);
        Self::with(town, draws, state)
    }

    /// A town in a given state.
    pub fn with(town: Town, draws: Draws, state: State) -> Self {
        let usual = Conditions::usual(town.people.areas.len(), town.services.len());
        Self { bonds: Bonds::new(&town.parameters), draws, usual, state, town }
    }

    /// Lives through so many weeks without levers.
    pub fn weeks(&mut self, weeks: u32) {
        for _ in 0..weeks {
            black_box(week(&self.town, &self.bonds, self.draws, &self.usual, &mut self.state));
        }
    }

    /// How many residents there are.
    pub fn residents(&self) -> f64 {
        self.town.residents() as f64
    }
}
