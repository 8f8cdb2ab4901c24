//! The memory of `docs/speed.md`: what one replicate takes, in bytes a resident.
//!
//! Run with `cargo bench --bench bytes`, or with sizes, as in `cargo bench --bench bytes -- 10000000`. The same counts on any
//! machine with as many threads.

mod living;

use groundswell::draws::Draws;
use groundswell::model::start::start;
use groundswell::network::by_rule;
use groundswell::network::ties::Rows;
use living::{Living, scenario, town};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let asked = living::sizes_asked();
    println!("\n| residents | ties a resident | bytes a resident, in weeks | while made |\n|---|---|---|---|");
    for &size in if asked.is_empty() { &living::SIZES[..] } else { &asked } {
        let scenario = scenario(size);
        let town = town(&scenario);
        // What all replicates share does not count.
        let shared = MEMORY.current_usage();
        let own = || MEMORY.peak_usage().saturating_sub(shared) as f64;
        MEMORY.reset_peak_usage();
        let draws = Draws::of_replicate(1, 0);
        let edges = by_rule(&scenario, &town.people, &town.geography, draws);
        let state = start(&town, &edges, draws);
        let made = own();
        drop(edges);
        let mut living = Living::with(town, draws, state);
        living.weeks(13);
        MEMORY.reset_peak_usage();
        living.weeks(100);
        let (n, lived) = (living.residents(), own());
        let ends = |rows: &Rows| rows.degrees().iter().map(|&degree| u64::from(degree)).sum::<u64>();
        let ties = living.state.blocks.iter().map(|block| ends(&block.ties)).sum::<u64>() as f64 / n;
        println!("| {n} | {ties:.1} | {:.0} | {:.0} |", lived / n, made / n);
    }
}
