//! What the machine has and has used.

use crate::report::time::date;
use crate::results::{Identity, Manifest, RunFacts};
use std::collections::BTreeMap;
use std::time::Instant;

/// Bytes of memory that programs can still have.
pub fn free_memory() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    system.available_memory()
}

/// The most memory that this process has held, where the system tells it.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Operating system and processor.
pub fn platform() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// A size for people: with two or three digits and its unit.
pub fn in_words(bytes: f64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if value < 9.95 && unit > 0 { format!("{value:.1} {}", UNITS[unit]) } else { format!("{value:.0} {}", UNITS[unit]) }
}

/// The manifest of a result that is finished now; its folder adds the files.
pub fn manifest(
    identity: Identity,
    run: RunFacts,
    (replicates, threads): (u32, usize),
    (started, clock): (String, Instant),
) -> Manifest {
    Manifest {
        program: String::new(),
        identity,
        commit: option_env!("GROUNDSWELL_COMMIT").map(str::to_owned),
        replicates,
        threads,
        platform: platform(),
        started,
        finished: now(),
        seconds: clock.elapsed().as_secs_f64(),
        peak_memory_bytes: peak_memory(),
        run,
        files: BTreeMap::new(),
    }
}

/// A time for people: seconds, minutes, hours or days.
pub fn time_in_words(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => format!("{:.0} s", s.max(1.0)),
        s if s < 5400.0 => format!("{:.0} minutes", s / 60.0),
        s if s < 48.0 * 3600.0 => format!("{:.0} hours", s / 3600.0),
        s => format!("{:.0} days", s / 86_400.0),
    }
}

/// The time now in Greenwich, as in 2025-04-07T12:00:00Z.
pub fn now() -> String {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}
