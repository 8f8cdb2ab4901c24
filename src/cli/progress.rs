//! Progress: a bar with the time left on a terminal, plain lines elsewhere, nothing when asked to be quiet.

use super::tell;
use crate::experiment::fit::Watcher;
use crate::experiment::sweep::schedule;
use crate::run::Observer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Set when Ctrl-C was pressed.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, or a request to end, stops a simulation at the end of the week instead of ending the program.
pub fn watch_for_interrupts() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        // Without the handler Ctrl-C still ends the program; a half-written folder is then cleared by the next run.
        let _ = ctrlc::set_handler(|| STOPPED.store(true, Ordering::Relaxed));
    });
}

/// Whether to go on: Ctrl-C was not pressed.
fn go_on() -> ControlFlow<()> {
    if STOPPED.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// A bar that is drawn on a terminal only, and whether plain lines are wanted in its place.
fn bar(template: &str, length: Option<u64>, quiet: bool) -> (ProgressBar, bool) {
    let terminal = std::io::stderr().is_terminal();
    let target = if quiet || !terminal { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    (ProgressBar::with_draw_target(length, target).with_style(style), !quiet && !terminal)
}

/// How far a run is.
pub struct Progress {
    bar: ProgressBar,
    lines: bool,
    name: String,
    weeks: u64,
    done: AtomicU64,
}

impl Progress {
    /// Progress over so many weeks in all.
    pub fn new(name: &str, weeks: u64, quiet: bool) -> Self {
        let (bar, lines) = bar("{msg} {wide_bar} {percent}% of {len} weeks, {eta} left", Some(weeks), quiet);
        bar.set_message(name.to_owned());
        Self { bar, lines, name: name.to_owned(), weeks, done: AtomicU64::new(0) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// That something goes on, for work of a length not known.
pub struct Steps {
    bar: ProgressBar,
}

impl Steps {
    /// Begins it.
    pub fn new(name: &str, quiet: bool) -> Self {
        let (bar, lines) = bar("{msg}: {pos} weeks, {elapsed}", None, quiet);
        if lines {
            tell(name);
        }
        Self { bar: bar.with_message(name.to_owned()) }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Steps {
    fn week_done(&self, _replicate: u32) -> ControlFlow<()> {
        self.bar.inc(1);
        go_on()
    }
}

/// How far a fit is: runs of the wave at hand.
pub struct FitProgress {
    bar: ProgressBar,
    lines: bool,
}

impl FitProgress {
    /// Nothing is done yet.
    pub fn new(quiet: bool) -> Self {
        let (bar, lines) = bar("{msg} {wide_bar} {pos} of {len} runs, {eta} left", None, quiet);
        Self { bar, lines }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for FitProgress {
    fn wave(&self, number: usize, runs: usize, done: usize) {
        let text = format!("wave {}: {runs} runs, {done} of them done", number + 1);
        if self.lines {
            tell(&text);
        }
        self.bar.set_message(text);
        self.bar.reset();
        self.bar.set_length((runs - done) as u64);
    }

    fn run_done(&self) {
        self.bar.inc(1);
    }

    fn learning(&self, number: usize) {
        self.bar.set_message(format!("wave {}: learning", number + 1));
    }
}

impl Observer for FitProgress {
    fn week_done(&self, _replicate: u32) -> ControlFlow<()> {
        go_on()
    }
}

/// How far a sweep is: runs, and how many could not be made.
pub struct SweepProgress {
    bar: ProgressBar,
    lines: bool,
    runs: u64,
    done: AtomicU64,
    failed: AtomicU64,
}

impl SweepProgress {
    /// So many runs of so many are done already; `each` is how many a point has.
    pub fn new(name: &str, (runs, each): (u64, f64), done: u64, quiet: bool) -> Self {
        let template = "{prefix} {wide_bar} {pos} of {len} runs, {pace}, {eta} left{msg}";
        let (bar, lines) = bar(template, Some(runs), quiet);
        let pace = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:.0} points a minute", state.per_sec() * 60.0 / each);
        };
        bar.set_style(bar.style().with_key("pace", pace));
        bar.set_prefix(name.to_owned());
        let bar = bar.with_position(done);
        bar.reset_eta();
        Self { bar, lines, runs, done: AtomicU64::new(done), failed: AtomicU64::new(0) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl schedule::Watcher for SweepProgress {
    fn run_done(&self, failed: bool) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let failures = self.failed.fetch_add(u64::from(failed), Ordering::Relaxed) + u64::from(failed);
        let failures = if failures > 0 { format!(", {failures} failed") } else { String::new() };
        self.bar.inc(1);
        let tenth = |runs: u64| runs * 10 / self.runs.max(1);
        if self.lines && tenth(done) > tenth(done - 1) {
            tell(&format!("{done} of {} runs{failures}", self.runs));
        }
        self.bar.set_message(failures);
    }
}

impl Observer for SweepProgress {
    fn week_done(&self, _replicate: u32) -> ControlFlow<()> {
        go_on()
    }
}

impl Observer for Progress {
    fn week_done(&self, _replicate: u32) -> ControlFlow<()> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_position(done);
        let tenth = |weeks: u64| weeks * 10 / self.weeks.max(1);
        if self.lines && tenth(done) > tenth(done - 1) {
            tell(&format!("{}: {} % of {} weeks", self.name, tenth(done) * 10, self.weeks));
        }
        go_on()
    }
}
