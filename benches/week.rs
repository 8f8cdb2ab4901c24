//! How long towns take to make, and weeks to live through, beside weeks of a much simpler model.
//!
//! Run with `cargo bench --bench week`; figures are comparable within one run only.

mod living;
mod toy;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use groundswell::draws::Draws;
use groundswell::network::by_rule;
use living::{HARINGEY, Living, WARD, scenario, town};

fn weeks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("week");
    group.sample_size(20);
    for residents in [WARD, HARINGEY] {
        let mut living = Living::new(residents, 0);
        // A year in, the town has groups and ties of its own making.
        living.weeks(52);
        group.throughput(Throughput::Elements(living.residents() as u64));
        group.bench_function(BenchmarkId::from_parameter(living.residents()), |bencher| {
            bencher.iter(|| living.weeks(1));
        });
        let mut toy = toy::Toy::new(living.residents() as u32);
        (0..52).for_each(|_| toy.week());
        group.bench_function(BenchmarkId::new("simpler model", living.residents()), |bencher| {
            bencher.iter(|| toy.week())
        });
    }
    group.finish();
}

fn generate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generate");
    group.sample_size(10);
    for residents in [WARD, HARINGEY] {
        let scenario = scenario(residents);
        group.throughput(Throughput::Elements(residents as u64));
        group.bench_function(BenchmarkId::from_parameter(residents), |bencher| {
            bencher.iter(|| {
                let town = town(&scenario);
                by_rule(&scenario, &town.people, &town.geography, Draws::of_replicate(1, 0)).len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, generate, weeks);
criterion_main!(benches);
