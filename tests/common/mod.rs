//! The program as a user meets it: a folder to work in, what was said, and what is on the disk afterwards.
#![allow(dead_code, reason = "each test file uses a part of it")]

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_groundswell");

/// A town that is simulated in a moment.
pub const TINY: &str = "\
[scenario]
weeks = 5
spin_up = 5
[population.synthetic]
residents = 300
areas = 4
[services.civic]
kind = \"civic\"
each = \"area\"
[services.library]
kind = \"public\"
";

/// A small town; levers come with the scenarios that extend it.
pub const TOWN: &str = "\
[scenario]
name = \"town\"
weeks = 60
spin_up = 40
start = 2025-04-07
[population.synthetic]
residents = 400
areas = 4
imd_decile = 2
[services.civic]
kind = \"civic\"
each = \"area\"
[services.library]
kind = \"public\"
required_hours = 40
staff_hours = 24
";

/// [`TOWN`] with a campaign.
pub const DOORS: &str = "\
extends = \"town.toml\"
[scenario]
name = \"doors\"
[interventions.doorstep]
start = 4
end = 20
outreach = { contacts_per_week = 60 }
";

/// A row of a table: its cells by the names of their columns.
pub type Row = BTreeMap<String, String>;

/// A folder to work in.
pub struct Home(TempDir);

impl Home {
    /// A folder with these files in it.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            home.write(name, text);
        }
        home
    }

    /// The rows of a CSV table.
    pub fn table(&self, name: &str) -> Vec<Row> {
        let mut reader = csv::Reader::from_path(self.path(name)).expect("a table");
        reader.deserialize().map(|row| row.expect("a row of the table")).collect()
    }

    /// A folder with [`TINY`] as `tiny.toml`.
    pub fn tiny() -> Self {
        Self::with(&[("tiny.toml", TINY)])
    }

    /// The same with its finished result at `outputs/tiny`, as the program wrote it.
    pub fn finished() -> Self {
        static FILES: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
            let home = Home::tiny();
            home.run(&["run", "tiny.toml", "--quiet"]).gives(0);
            files(home.root(), |bytes| bytes)
        });
        let home = Self::with(&[]);
        FILES.iter().for_each(|(name, bytes)| home.write(name, bytes));
        home
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        self.0.path()
    }

    /// The path of something in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Writes a file, its folder made.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Reads a text.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs the program in this folder.
    pub fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(PROGRAM).args(arguments))
    }

    /// Runs a line of shell in this folder, with the program on the path.
    pub fn shell(&self, line: &str) -> Said {
        Said::of(self.command("sh").args(["-c", line]))
    }

    fn command(&self, program: &str) -> assert_cmd::Command {
        let folder = Path::new(PROGRAM).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path)));
        let mut command = assert_cmd::Command::new(program);
        command
            .current_dir(self.root())
            .env("PATH", path.unwrap())
            .env_remove("RUST_BACKTRACE")
            .timeout(Duration::from_secs(60));
        command
    }

    /// Starts the program in this folder and does not wait for it. What it says goes to the files `out` and `err`.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let file = |name| fs::File::create(self.path(name)).unwrap();
        let mut command = std::process::Command::new(PROGRAM);
        command.current_dir(self.root()).args(arguments).stdin(Stdio::null());
        command.stdout(file("out")).stderr(file("err")).spawn().unwrap()
    }

    /// SHA-256 of every file below a folder, hidden ones as well.
    pub fn hashes(&self, folder: &str) -> BTreeMap<String, String> {
        hashes(&self.path(folder))
    }

    /// Names in a folder, hidden ones as well; none if it is not there.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// What the program refuses with this exit code and these words, leaving every file as it is and adding none.
    #[track_caller]
    pub fn refuses(&self, arguments: &[&str], code: i32, words: &[&str]) -> Said {
        let before = self.hashes("");
        let said = self.run(arguments);
        said.gives(code).complains(words);
        let mut after = self.hashes("");
        after.retain(|name, hash| before.get(name) != Some(hash));
        assert!(after.is_empty(), "{arguments:?} left or changed {:#?}", after.keys());
        assert_eq!(self.hashes("").len(), before.len(), "{arguments:?} took files away");
        said
    }
}

/// SHA-256 of every file below a folder by its path in it.
pub fn hashes(folder: &Path) -> BTreeMap<String, String> {
    files(folder, |bytes| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn files<T>(folder: &Path, of: impl Fn(Vec<u8>) -> T) -> BTreeMap<String, T> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        let Ok(entries) = fs::read_dir(&inner) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, of(fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found
}

/// What the program said, and its exit code.
#[derive(Debug)]
pub struct Said {
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    fn of(command: &mut assert_cmd::Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// It ended with this code and did not panic.
    #[track_caller]
    pub fn gives(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "\nstdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// It said all this on standard output.
    #[track_caller]
    pub fn says(&self, words: &[&str]) -> &Self {
        for words in words {
            assert!(self.out.contains(words), "`{words}` is not in:\n{}", self.out);
        }
        self
    }

    /// It said all this on standard error.
    #[track_caller]
    pub fn complains(&self, words: &[&str]) -> &Self {
        for words in words {
            assert!(self.err.contains(words), "`{words}` is not in:\n{}", self.err);
        }
        self
    }
}

/// A folder on a disk of about 1 MB, to be filled; says so where there is none.
pub fn small_disk() -> Option<PathBuf> {
    let disk = std::env::var_os("GROUNDSWELL_FULL_DISK");
    if disk.is_none() {
        println!("not run: GROUNDSWELL_FULL_DISK does not name a folder on a disk of about 1 MB");
    }
    disk.map(PathBuf::from)
}

/// Writes a file that fills its disk but for about so many bytes.
pub fn fill(path: &Path, room: u64) {
    use std::io::Write;
    let mut file = fs::File::create(path).unwrap();
    let mut written = 0;
    while file.write_all(&[0x5a; 512]).is_ok() {
        written += 512;
        assert!(written < 64 << 20, "GROUNDSWELL_FULL_DISK should name a folder on a small disk");
    }
    file.set_len(fs::metadata(path).unwrap().len().saturating_sub(room)).unwrap();
}

/// Waits until something is so, for a minute at most.
#[track_caller]
pub fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !so() {
        assert!(since.elapsed() < Duration::from_secs(60), "waited a minute for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}
