//! The times of `docs/speed.md`: a week against the plain loop of a simpler model, threads, recording, sizes.
//!
//! Run with `cargo bench --bench figures`, or with sizes for the last table, as in `cargo bench --bench figures -- 10000000`.
//! Times are the shortest of several; both loops of a ratio take turns. Only ratios of one run can be compared. Memory is counted by
//! a bench of its own, `bytes`: counting it here would have threads wait for each other wherever they ask for memory.

mod living;
mod toy;

use groundswell::draws::Draws;
use groundswell::model::start::start;
use groundswell::network::by_rule;
use living::{HARINGEY, Living, WARD, scenario, town};
use std::hint::black_box;
use std::time::Instant;
use toy::Toy;

fn seconds(what: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    what();
    begin.elapsed().as_secs_f64()
}

/// The shortest time of each of two things that take turns.
fn shortest(turns: u32, mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    (0..turns).fold((f64::MAX, f64::MAX), |best, _| (best.0.min(seconds(&mut one)), best.1.min(seconds(&mut other))))
}

fn threads<T: Send>(count: usize, what: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("threads can be had").install(what)
}

/// Weeks that take a few tenths of a second.
fn some_weeks(residents: f64) -> u32 {
    (1e6 / residents).max(2.0) as u32
}

fn against_the_plain_loop() {
    println!("\n| residents | full week, M resident-weeks a second | plain loop of a simpler model | ratio |");
    println!("|---|---|---|---|");
    for size in [WARD, HARINGEY, 1e6] {
        let mut living = Living::new(size, 0);
        let (n, weeks) = (living.residents(), some_weeks(size));
        let mut toy = Toy::new(n as u32);
        living.weeks(if n < 5e5 { 104 } else { 20 });
        (0..20).for_each(|_| toy.week());
        let (full, plain) = shortest(20, || living.weeks(weeks), || (0..weeks).for_each(|_| toy.week()));
        let speed = |seconds: f64| n * f64::from(weeks) / seconds / 1e6;
        println!("| {n} | {:.1} | {:.1} | {:.2} |", speed(full), speed(plain), plain / full);
    }
}

fn the_second_thread() {
    for size in [WARD, HARINGEY] {
        let mut living = Living::new(size, 0);
        let weeks = 4 * some_weeks(size);
        living.weeks(52);
        let (mut alone, mut both) = (f64::MAX, f64::MAX);
        for _ in 0..10 {
            alone = alone.min(threads(1, || seconds(|| living.weeks(weeks))));
            both = both.min(threads(2, || seconds(|| living.weeks(weeks))));
        }
        println!(
            "\n{} residents, weeks shared by two threads: {:.2} times as fast as on one",
            living.residents(),
            alone / both
        );
    }
    let (mut left, mut right) = (Living::new(WARD, 0), Living::new(WARD, 1));
    let (n, weeks) = (left.residents(), 4 * some_weeks(WARD));
    let replicates = side_by_side(|| left.weeks(weeks), || right.weeks(weeks));
    let sums = side_by_side(sums, sums);
    println!(
        "\n{n} residents, two replicates side by side: {replicates:.2} times as fast as one after the other; \
         sums and products that ask nothing of memory: {sums:.2} times"
    );
}

/// How many times as fast two pieces of work are side by side as one after the other.
fn side_by_side(mut left: impl FnMut() + Send, mut right: impl FnMut() + Send) -> f64 {
    let (mut apart, mut both) = (f64::MAX, f64::MAX);
    for _ in 0..10 {
        apart = apart.min(seconds(|| threads(1, &mut left)) + seconds(|| threads(1, &mut right)));
        both = both.min(seconds(|| {
            std::thread::scope(|scope| {
                scope.spawn(|| threads(1, &mut left));
                scope.spawn(|| threads(1, &mut right));
            });
        }));
    }
    apart / both
}

/// As long a piece of work as some weeks of a ward, in registers alone.
fn sums() {
    let mut numbers: [u64; 8] = std::array::from_fn(|nth| black_box(nth as u64));
    for _ in 0..50_000_000 {
        numbers = numbers.map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1));
    }
    black_box(numbers);
}

fn recording() {
    const WEEKS: u32 = 104;
    let mut scenario = scenario(HARINGEY);
    (scenario.about.spin_up, scenario.about.weeks) = (0, WEEKS);
    let (recorded, bare) = shortest(
        3,
        || {
            let town = town(&scenario);
            black_box(groundswell::run::replicate(&scenario, &town, None, 0, &()));
        },
        || Living::new(HARINGEY, 0).weeks(WEEKS),
    );
    println!(
        "\nrecording {WEEKS} weeks of Haringey at the default rate: {:.3} of the time of making and living them",
        recorded / bare - 1.0
    );
}

fn sizes(sizes: &[f64]) {
    println!(
        "\n| residents | people, s | network, s | start, s | week, ms | ns a resident-week |\n|---|---|---|---|---|---|"
    );
    for &size in sizes {
        let scenario = scenario(size);
        let begin = Instant::now();
        let town = town(&scenario);
        let people = begin.elapsed().as_secs_f64();
        let draws = Draws::of_replicate(1, 0);
        let begin = Instant::now();
        let edges = by_rule(&scenario, &town.people, &town.geography, draws);
        let network = begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        let state = start(&town, &edges, draws);
        let started = begin.elapsed().as_secs_f64();
        drop(edges);
        let mut living = Living::with(town, draws, state);
        living.weeks(13);
        let (n, weeks) = (living.residents(), some_weeks(size));
        let time = (0..5).map(|_| seconds(|| living.weeks(weeks))).fold(f64::MAX, f64::min) / f64::from(weeks);
        let (week, each) = (time * 1e3, time / n * 1e9);
        println!("| {n} | {people:.3} | {network:.3} | {started:.3} | {week:.2} | {each:.1} |");
    }
}

fn main() {
    let asked = living::sizes_asked();
    if asked.is_empty() {
        // As in a run, the weeks begin on a thread of the pool.
        threads(std::thread::available_parallelism().map_or(1, usize::from), against_the_plain_loop);
        the_second_thread();
        recording();
    }
    sizes(if asked.is_empty() { &living::SIZES } else { &asked });
}
