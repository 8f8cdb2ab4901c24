//! The journal of a sweep: a line for each run that is done, so that a sweep that was stopped, killed or cut off goes on.
//!
//! A line ends with a checksum of what stands before it. A line that is cut off or damaged is passed over: that run is made
//! again, and no other.

use super::outline::RunId;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The name of the journal in its folder.
pub const FILE: &str = "runs.journal";

/// Most that a power cut may take.
const SYNCED_EVERY: Duration = Duration::from_secs(1);

/// A run that is done.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// Which.
    pub run: RunId,
    /// What it kept, NaN where nothing was observed; or why it could not be run.
    pub outcome: Result<Vec<f64>, String>,
}

/// A journal, open for more.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Locked as long as it is open.
    file: File,
    synced: Instant,
}

/// Why a journal cannot be used.
#[derive(Debug)]
pub enum Failed {
    /// Reading or writing.
    Io(io::Error),
    /// It is the journal of another sweep, or of the same with another file, base or program.
    Other,
    /// Another process writes it now.
    Busy,
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Journal {
    /// Opens the journal in a folder, or begins one. `fingerprint` says which sweep it is of. Tells of each run that stands in
    /// it, in the order in which they were made, and answers with the number of damaged lines, which are passed over.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn open(folder: &Path, fingerprint: &str, tell: impl FnMut(Done)) -> Result<(Self, usize), Failed> {
        fs::create_dir_all(folder)?;
        let path = folder.join(FILE);
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
        file.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => Failed::Busy,
            fs::TryLockError::Error(error) => Failed::Io(error),
        })?;
        let head = head(fingerprint);
        let damaged = match begins_with(&mut BufReader::new(&file), &head)? {
            Beginning::Head(lines) => {
                let read = read_lines(lines, tell)?;
                file.set_len(head.len() as u64 + read.whole)?;
                read.damaged
            }
            // New, or cut off while it was begun.
            Beginning::CutOff => {
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(head.as_bytes())?;
                0
            }
            Beginning::Other => return Err(Failed::Other),
        };
        file.seek(SeekFrom::End(0))?;
        file.sync_all()?;
        Ok((Self { path, file, synced: Instant::now() }, damaged))
    }

    /// Writes down a run. It survives the end of this process at once, and that of the machine a second later.
    ///
    /// # Errors
    /// Of writing.
    pub fn add(&mut self, done: &Done) -> io::Result<()> {
        self.file.write_all(line(done).as_bytes())?;
        if self.synced.elapsed() >= SYNCED_EVERY {
            self.sync()?;
        }
        Ok(())
    }

    /// Waits until all of it is on the disk.
    ///
    /// # Errors
    /// Of writing.
    pub fn sync(&mut self) -> io::Result<()> {
        self.synced = Instant::now();
        self.file.sync_data()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Reads the journal in a folder, without changing it; otherwise as [`Journal::open`].
///
/// # Errors
/// [`Failed`].
pub fn read(folder: &Path, fingerprint: &str, tell: impl FnMut(Done)) -> Result<usize, Failed> {
    match begins_with(&mut BufReader::new(File::open(folder.join(FILE))?), &head(fingerprint))? {
        Beginning::Head(lines) => Ok(read_lines(lines, tell)?.damaged),
        _ => Err(Failed::Other),
    }
}

fn head(fingerprint: &str) -> String {
    format!("groundswell sweep journal 1 {fingerprint}\n")
}

/// How a journal begins.
enum Beginning<'a, R> {
    /// As it should; what follows are its lines.
    Head(&'a mut R),
    /// As it should, but it ends amid that.
    CutOff,
    /// Otherwise.
    Other,
}

fn begins_with<'a, R: BufRead>(journal: &'a mut R, head: &str) -> io::Result<Beginning<'a, R>> {
    let mut begins = Vec::new();
    journal.take(head.len() as u64).read_to_end(&mut begins)?;
    Ok(if begins == head.as_bytes() {
        Beginning::Head(journal)
    } else if head.as_bytes().starts_with(&begins) {
        Beginning::CutOff
    } else {
        Beginning::Other
    })
}

/// What lines were found.
struct Found {
    /// Bytes up to the end of the last whole line.
    whole: u64,
    /// Lines that are damaged or cut off.
    damaged: usize,
}

fn read_lines(journal: &mut impl BufRead, mut tell: impl FnMut(Done)) -> io::Result<Found> {
    let (mut found, mut bytes) = (Found { whole: 0, damaged: 0 }, Vec::new());
    while journal.read_until(b'\n', &mut bytes)? > 0 {
        let Some(line) = bytes.strip_suffix(b"\n") else {
            found.damaged += 1;
            break;
        };
        match std::str::from_utf8(line).ok().and_then(read_line) {
            Some(done) => tell(done),
            None => found.damaged += usize::from(!line.is_empty()),
        }
        found.whole += bytes.len() as u64;
        bytes.clear();
    }
    Ok(found)
}

fn line(done: &Done) -> String {
    let RunId { replicate, item } = done.run;
    let outcome = match &done.outcome {
        // The shortest digits that read back as the same number.
        Ok(values) => values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(" "),
        Err(reason) => format!("failed {}", serde_json::Value::from(reason.as_str())),
    };
    let text = format!("{replicate} {item} {outcome}");
    format!("{text} #{:08x}\n", crc32fast::hash(text.as_bytes()))
}

fn read_line(line: &str) -> Option<Done> {
    let (text, sum) = line.rsplit_once(" #")?;
    (u32::from_str_radix(sum, 16).ok()? == crc32fast::hash(text.as_bytes())).then_some(())?;
    let mut words = text.splitn(3, ' ');
    let run = RunId { replicate: words.next()?.parse().ok()?, item: words.next()?.parse().ok()? };
    let rest = words.next()?;
    let outcome = match rest.strip_prefix("failed ") {
        Some(reason) => Err(serde_json::from_str(reason).ok()?),
        None => Ok(rest.split_whitespace().map(|value| value.parse().ok()).collect::<Option<_>>()?),
    };
    Some(Done { run, outcome })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(item: u32) -> Done {
        let odd = Err("line\nbreak and \"quotes\"".to_owned());
        let run = RunId { replicate: 1, item };
        Done { run, outcome: if item == 2 { odd } else { Ok(vec![f64::from(item) / 3.0, f64::NAN]) } }
    }

    fn open(folder: &Path) -> (Journal, Vec<Done>, usize) {
        let mut done = Vec::new();
        let (journal, damaged) = Journal::open(folder, "a", |run| done.push(run)).unwrap();
        (journal, done, damaged)
    }

    fn written(folder: &Path) -> Vec<u8> {
        let (mut journal, found, damaged) = open(folder);
        assert_eq!((found, damaged), (Vec::new(), 0));
        (0..5).for_each(|item| journal.add(&done(item)).unwrap());
        drop(journal);
        fs::read(folder.join(FILE)).unwrap()
    }

    fn same(a: &Done, b: &Done) -> bool {
        format!("{a:?}") == format!("{b:?}")
    }

    #[test]
    fn cut_off_at_any_byte_it_keeps_every_whole_line_and_can_be_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = written(folder.path());
        for length in 0..bytes.len() {
            fs::write(folder.path().join(FILE), &bytes[..length]).unwrap();
            let (mut journal, found, _) = open(folder.path());
            let whole = bytes[..length].iter().filter(|&&byte| byte == b'\n').count().saturating_sub(1);
            assert_eq!(found.len(), whole, "cut at {length}");
            (whole..5).for_each(|item| journal.add(&done(item as u32)).unwrap());
            drop(journal);
            assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), bytes, "cut at {length}");
        }
    }

    #[test]
    fn a_changed_byte_costs_one_run_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = written(folder.path());
        let head = head("a").len();
        for place in head..bytes.len() - 1 {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            fs::write(folder.path().join(FILE), &damaged).unwrap();
            let (_, found, damaged) = open(folder.path());
            assert!(damaged >= 1, "the change at {place} was not seen");
            assert!(found.len() >= 3, "the change at {place} cost more than its line and the next");
            let known = |one: &Done| (0..5).any(|item| same(one, &done(item)));
            assert!(found.iter().all(known), "the change at {place} became a result");
        }
    }

    #[test]
    fn the_journal_of_another_sweep_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = written(folder.path());
        assert!(matches!(Journal::open(folder.path(), "b", |_| ()), Err(Failed::Other)));
        assert_eq!(fs::read(folder.path().join(FILE)).unwrap(), bytes);
    }

    #[test]
    fn two_processes_do_not_write_the_same_journal() {
        let folder = tempfile::tempdir().unwrap();
        let _first = open(folder.path());
        assert!(matches!(Journal::open(folder.path(), "a", |_| ()), Err(Failed::Busy)));
    }
}
