//! The journal of a fit: every run that is done, so that a fit that was stopped goes on where it was.

use crate::experiment::levels::{Level, Levels};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A run of the simulator that is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The wave, from 0.
    pub wave: usize,
    /// The point of the wave.
    pub point: usize,
    /// The replicate.
    pub replicate: u32,
    /// Levels; NaN where there was nothing to measure.
    pub levels: Levels,
}

/// A journal, open for more.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// What it holds.
    pub done: Vec<Done>,
}

impl Journal {
    /// Opens the journal of a fit in a folder, or begins one. A line that was cut off at the end is dropped.
    ///
    /// # Errors
    /// Of reading or writing; `InvalidData` where another fit stands there, with other inputs or another town.
    pub fn open(folder: &Path, fingerprint: &str) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join("runs.csv");
        let head = format!("# {fingerprint}\nwave,point,replicate,{}\n", keys().join(","));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let lines = match whole.strip_prefix(&head) {
            Some(lines) => lines,
            None if head.starts_with(whole) => "",
            None => return Err(io::Error::new(io::ErrorKind::InvalidData, "it holds the runs of another fit")),
        };
        let mut done = Vec::new();
        let mut kept = head.len();
        for line in lines.lines() {
            let Some(row) = read(line) else { break };
            done.push(row);
            kept += line.len() + 1;
        }
        if text.len() < head.len() {
            fs::write(&path, &head)?;
        }
        let file = OpenOptions::new().append(true).open(&path)?;
        // What was cut off is taken away; what is whole is not written again.
        file.set_len(kept as u64)?;
        Ok(Self { path, file, done })
    }

    /// Writes down runs that are done; they are on the disk when this returns.
    ///
    /// # Errors
    /// Of writing.
    pub fn add(&mut self, runs: Vec<Done>) -> io::Result<()> {
        let text: String = runs.iter().map(line).collect();
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()?;
        self.done.extend(runs);
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The runs of a wave, by point and replicate.
    pub fn of(&self, wave: usize) -> Vec<&Done> {
        let mut runs: Vec<&Done> = self.done.iter().filter(|run| run.wave == wave).collect();
        runs.sort_by_key(|run| (run.point, run.replicate));
        runs
    }
}

fn keys() -> Vec<&'static str> {
    Level::ALL.iter().map(|level| level.key()).collect()
}

fn line(done: &Done) -> String {
    let levels: Vec<String> = done.levels.0.iter().map(f64::to_string).collect();
    format!("{},{},{},{}\n", done.wave, done.point, done.replicate, levels.join(","))
}

fn read(line: &str) -> Option<Done> {
    let cells: Vec<&str> = line.split(',').collect();
    let (numbers, levels) = cells.split_at_checked(3)?;
    let levels: Vec<f64> = levels.iter().map(|cell| cell.parse().ok()).collect::<Option<_>>()?;
    (levels.len() == Level::ALL.len()).then_some(())?;
    Some(Done {
        wave: numbers[0].parse().ok()?,
        point: numbers[1].parse().ok()?,
        replicate: numbers[2].parse().ok()?,
        levels: Levels(levels),
    })
}
