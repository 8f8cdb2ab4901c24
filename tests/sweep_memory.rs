//! What a sweep holds in memory hardly grows with its points. A test of its own, as it counts what the whole process allocates.

use groundswell::experiment::sweep::answers::answers;
use groundswell::experiment::sweep::journal::Done;
use groundswell::experiment::sweep::outcome::Outcome;
use groundswell::experiment::sweep::outline::{DesignKind, Kept, Outline, RunId};
use groundswell::experiment::sweep::points::Points;
use groundswell::report::sweep::{Source, draw};
use groundswell::results::sweep::Tables;
use groundswell::results::{Folder, Formats, Sink};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const REPLICATES: u32 = 2;

/// Forgets what is drawn.
struct Nowhere;

impl Sink for Nowhere {
    fn put(&mut self, _: &str, _: &[u8]) -> groundswell::results::Result<()> {
        Ok(())
    }
}

fn outline(rows: usize) -> Outline {
    let kept = |name: &str| Kept {
        name: name.to_owned(),
        measure: "engaged".to_owned(),
        unit: "people".to_owned(),
        first: 1,
        last: 5,
        by: "all".to_owned(),
        group: "all".to_owned(),
        effect: false,
    };
    let texts = |texts: [&str; 3]| texts.map(str::to_owned).to_vec();
    Outline {
        version: String::new(),
        name: "many".to_owned(),
        description: String::new(),
        base: String::new(),
        attribution: String::new(),
        sources: Vec::new(),
        seed: 1,
        replicates: REPLICATES,
        design: DesignKind::Spread,
        vary: texts(["model.a", "model.b", "model.c"]),
        levers: Vec::new(),
        choices: vec![Vec::new()],
        reference: false,
        kept: vec![kept("engaged"), kept("also")],
        rows,
        points: String::new(),
    }
}

/// A number that looks drawn.
fn drawn(i: usize) -> f64 {
    (i as f64 * 0.618_033_988_749_895).fract()
}

/// Makes all runs of a sweep of so many points, its indices, tables and page; the most memory that was held in each of these.
fn peaks(points: usize) -> [usize; 4] {
    MEMORY.reset_peak_usage();
    let outline = outline(points);
    let row = |i: usize| (0..3).map(move |input| Some(format!("{:.16}", drawn(3 * i + input))));
    let rows = Points::new((0..points).map(row)).unwrap();
    let mut outcome = Outcome::new(&outline, &rows).unwrap();
    for replicate in 0..REPLICATES {
        for item in 0..points as u32 {
            let value = drawn(3 * item as usize) + drawn(item as usize * 7 + replicate as usize);
            outcome.note(Done { run: RunId { replicate, item }, outcome: Ok(vec![value, value * value]) });
        }
    }
    assert_eq!(outcome.count(), points * REPLICATES as usize);
    let runs = peak();
    let (answers, silences) = answers(&outcome);
    assert!(silences.is_empty() && answers.len() == 2 * (2 * 3 + 1), "{silences:?}");
    let indices = peak();
    let place = tempfile::tempdir().unwrap();
    let mut folder = Folder::begin(&place.path().join("sweep"), false).unwrap();
    let tables = Tables::new(&outcome);
    folder.write_parts(tables.results(), Formats::BOTH).unwrap();
    folder.write_parts(tables.summary(), Formats::BOTH).unwrap();
    folder.write_parts(tables.design(), Formats::BOTH).unwrap();
    let written = peak();
    let source = Source { outcome: &outcome, answers: &answers, silences: &silences, seen: &outcome.seen() };
    draw(&mut Nowhere, &source, "").unwrap();
    outcome.check().unwrap();
    [runs, indices, written, peak()]
}

/// The most memory that was held since this was last asked.
fn peak() -> usize {
    let peak = MEMORY.peak_usage();
    MEMORY.reset_peak_usage();
    peak
}

#[test]
fn memory_hardly_grows_with_points() {
    // The first makes what is made once: fonts, threads.
    peaks(1000);
    let (few, many) = (40_000, 100_000);
    let [a, b] = [peaks(few), peaks(many)];
    let each = |place: usize| (b[place] as f64 - a[place] as f64) / (many - few) as f64;
    // A bit for each run.
    assert!(each(0) < 0.5, "runs: {} bytes a point, {a:?} {b:?}", each(0));
    // A column of eight bytes for each of three inputs, the measure and its ranks; of one at a time its ranks and their order.
    assert!(each(1) < 8.0 * (5.0 + 2.0), "indices: {} bytes a point, {a:?} {b:?}", each(1));
    // What Parquet notes of each part.
    assert!(each(2) < 5.0, "tables: {} bytes a point, {a:?} {b:?}", each(2));
    // Nothing, but pictures are drawn side by side, and how many at once decides on a fiftieth of their 60 MB.
    assert!(each(3) < 20.0, "page: {} bytes a point, {a:?} {b:?}", each(3));
}
