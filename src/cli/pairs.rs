//! The pairs of a comparison on the disk: found again when it goes on, kept as they are done.

use super::failure::Failure;
use super::{tell, unfinished};
use crate::experiment::compare::task::{Done, Pair, Stopped};
use crate::experiment::compare::windows::Summary;
use crate::results::pairs::{Found, PairsFolder};
use crate::results::{Error, Folder};
use crate::scenario::{Problems, Scenario};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The folder of pairs in a finished comparison.
const PAIRS: &str = "pairs";

/// The pairs of a comparison under some rules.
pub struct Kept {
    place: PathBuf,
    beside: PathBuf,
    /// What is being made.
    unfinished: PairsFolder,
    /// An older result that is going to be replaced: what it shares with the new one need not be made again.
    older: PairsFolder,
    count: AtomicUsize,
}

impl Kept {
    /// Pairs of a comparison that will stand at `place`; more of it in [`PairsFolder`].
    pub fn new(place: &Path, rules: &str, sources: &[String]) -> Self {
        let beside = unfinished::beside(place);
        Self {
            place: place.to_owned(),
            unfinished: PairsFolder::new(&beside, rules, sources.to_vec()),
            older: PairsFolder::new(&place.join(PAIRS), rules, sources.to_vec()),
            beside,
            count: AtomicUsize::new(0),
        }
    }

    /// Reads those of the wanted pairs that are there. A damaged one is told, to be made again; one of another comparison is
    /// refused, as somebody may want to go on with it.
    pub fn find(
        &self,
        wanted: &[Pair],
        of_pair: impl Fn(Pair) -> Result<Vec<Scenario>, Problems>,
    ) -> Result<Done, Failure> {
        let mut done = Done::new();
        for &pair in wanted {
            // What is not there needs no scenario to be read.
            if !self.unfinished.path(pair).exists() && !self.older.path(pair).exists() {
                continue;
            }
            let scenarios = of_pair(pair)?;
            let summaries = match self.unfinished.find(pair, &scenarios)? {
                Found::Whole(summaries) => Some(summaries),
                Found::Other => return Err(self.other()),
                Found::Damaged => {
                    let path = self.unfinished.path(pair);
                    tell(&format!("{} is damaged: that pair is made again", path.display()));
                    None
                }
                Found::Nothing => self.find_in_older(pair, &scenarios)?,
            };
            done.extend(summaries.map(|summaries| (pair, summaries)));
        }
        self.count.store(done.len(), Ordering::Relaxed);
        Ok(done)
    }

    fn find_in_older(&self, pair: Pair, scenarios: &[Scenario]) -> Result<Option<Vec<Summary>>, Failure> {
        let Found::Whole(summaries) = self.older.find(pair, scenarios)? else { return Ok(None) };
        let kept = self.unfinished.keep(pair, scenarios, &summaries);
        kept.map_err(Error::io("write", &self.unfinished.path(pair)))?;
        Ok(Some(summaries))
    }

    fn other(&self) -> Failure {
        Failure::Usage(format!(
            "{} holds the pairs of another comparison, or of this one before a scenario, its data or the program changed; \
             remove it to begin anew, or choose another place with --out",
            self.beside.display()
        ))
    }

    /// Keeps a pair.
    pub fn keep(&self, pair: Pair, scenarios: &[Scenario], summaries: &[Summary]) -> io::Result<()> {
        self.unfinished.keep(pair, scenarios, summaries)?;
        self.count.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// How many there are of so many, and where.
    pub fn stand(&self, wanted: usize) -> String {
        format!("{} of {wanted} pairs stand in {}", self.count.load(Ordering::Relaxed), self.beside.display())
    }

    /// Why a comparison of so many pairs ended early, and what there is of it.
    pub fn failure(&self, stopped: Stopped, wanted: usize) -> Failure {
        let some = self.count.load(Ordering::Relaxed) > 0;
        let goes_on = format!("{}, and the same command goes on", self.stand(wanted));
        match stopped {
            Stopped::Invalid(problems) => problems.into(),
            Stopped::Interrupted if some => Failure::Interrupted(format!("interrupted: {goes_on}")),
            Stopped::Interrupted => Failure::nothing_written(&self.place),
            Stopped::Unkept(error) => {
                tell(&goes_on);
                Failure::Results(Error::io("write", &self.beside)(error))
            }
        }
    }

    /// Copies pairs into the finished comparison, so that one with more of them need not make these again.
    pub fn copy_into(&self, folder: &mut Folder, pairs: impl Iterator<Item = Pair>) -> Result<(), Failure> {
        for pair in pairs {
            folder.copy_in(&format!("{PAIRS}/{}", self.unfinished.name(pair)), &self.unfinished.path(pair))?;
        }
        Ok(())
    }
}
