//! How long towns take to make, and weeks to live through, beside weeks of a much simpler model.
//!
//! Run with `cargo bench --bench week`; figures are comparable within one run only.

mod toy;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use groundswell::draws::Draws;
use groundswell::experiment::ensemble::town;
use groundswell::model::bonds::Bonds;
use groundswell::model::levers::Conditions;
use groundswell::model::start::start;
use groundswell::model::week;
use groundswell::network::by_rule;
use groundswell::population::read::Plan;
use groundswell::scenario::{self, Scenario};
use std::path::Path;

/// Haringey, thinned or multiplied to about so many residents.
fn haringey(residents: f64) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/haringey.toml");
    let scale = format!("population.areas.scale={}", residents / 212_873.0);
    scenario::load(&path, &[scale], &[]).expect("a shipped scenario")
}

fn weeks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("week");
    group.sample_size(20);
    for residents in [5_000.0, 212_873.0] {
        let scenario = haringey(residents);
        let town = town(&scenario, Plan::read(&scenario).expect("a table")).expect("a town");
        let draws = Draws::of_replicate(1, 0);
        let edges = by_rule(&scenario, &town.people, &town.geography, draws);
        let bonds = Bonds::new(&town.parameters);
        let usual = Conditions::usual(town.people.areas.len(), town.services.len());
        let mut state = start(&town, &edges, draws);
        // A year in, the town has groups and ties of its own making.
        for _ in 0..52 {
            week(&town, &bonds, draws, &usual, &mut state);
        }
        group.throughput(Throughput::Elements(town.residents() as u64));
        group.bench_function(BenchmarkId::from_parameter(town.residents()), |bencher| {
            bencher.iter(|| week(&town, &bonds, draws, &usual, &mut state));
        });
        let mut toy = toy::Toy::new(town.residents() as u32);
        (0..52).for_each(|_| toy.week());
        group
            .bench_function(BenchmarkId::new("simpler model", town.residents()), |bencher| bencher.iter(|| toy.week()));
    }
    group.finish();
}

fn generate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generate");
    group.sample_size(10);
    for residents in [5_000.0, 212_873.0] {
        let scenario = haringey(residents);
        group.throughput(Throughput::Elements(residents as u64));
        group.bench_function(BenchmarkId::from_parameter(residents), |bencher| {
            bencher.iter(|| {
                let town = town(&scenario, Plan::read(&scenario).expect("a table")).expect("a town");
                by_rule(&scenario, &town.people, &town.geography, Draws::of_replicate(1, 0)).len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, generate, weeks);
criterion_main!(benches);
