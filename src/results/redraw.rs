//! Replacing the pictures and the page of a finished run folder, and nothing else.
//!
//! The manifest first lets go of the old files, then they are exchanged, then it names the new ones: at no moment does
//! it name a file that is not as it says.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::folder::{Lock, Place, Sink, inside, seal, sync_folder, write_synced};
use super::manifest::MANIFEST;
use super::read::Run;

/// The folder of pictures in a run folder.
pub const PLOTS: &str = "plots";
/// The page of a run folder.
pub const PAGE: &str = "report.html";
/// Hidden folder in the run folder where new files wait.
const STAGE: &str = ".redraw-";

/// New pictures and page for a finished run folder. Dropped before [`Redraw::commit`], it changes nothing.
#[derive(Debug)]
pub struct Redraw {
    run: Run,
    target: PathBuf,
    stage: PathBuf,
    /// Keeps others from replacing the folder meanwhile.
    _lock: Lock,
}

impl Redraw {
    /// Opens a finished run folder to draw it again.
    ///
    /// # Errors
    /// When it is not a finished run folder, or another process writes it.
    pub fn begin(path: &Path) -> Result<Self> {
        let place = Place::of(path)?;
        let lock = Lock::take(&place)?;
        place.clear_left_overs(&lock)?;
        Run::open(&place.target)?;
        let target = place.target.clone();
        for entry in fs::read_dir(&target).map_err(Error::io("list", &target))? {
            let entry = entry.map_err(Error::io("list", &target))?;
            if entry.file_name().as_encoded_bytes().starts_with(STAGE.as_bytes()) {
                fs::remove_dir_all(entry.path()).map_err(Error::io("remove", &entry.path()))?;
            }
        }
        let run = Run::open(&target)?;
        let stage = target.join(format!("{STAGE}{}", std::process::id()));
        fs::create_dir(&stage).map_err(Error::io("create", &stage))?;
        Ok(Self { run, target, stage, _lock: lock })
    }

    /// The folder as it is.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Exchanges the old pictures and page for the new ones.
    ///
    /// # Errors
    /// When they cannot be written or moved; drawing once more then sets it right.
    pub fn commit(self) -> Result<()> {
        let mut manifest = self.run.manifest().clone();
        let drawn = seal(&self.stage)?;
        manifest.files.retain(|name, _| name != PAGE && !name.starts_with(&format!("{PLOTS}/")));
        self.replace(MANIFEST, manifest.to_json()?.as_bytes())?;
        let (plots, old) = (self.target.join(PLOTS), self.stage.join("old"));
        if plots.exists() {
            fs::rename(&plots, &old).map_err(Error::io("move aside", &plots))?;
        }
        for name in [PLOTS, PAGE] {
            let (from, to) = (self.stage.join(name), self.target.join(name));
            if from.exists() {
                fs::rename(&from, &to).map_err(Error::io("move into place", &to))?;
            } else if to.is_file() {
                fs::remove_file(&to).map_err(Error::io("remove", &to))?;
            }
        }
        sync_folder(&self.target)?;
        manifest.files.extend(drawn);
        self.replace(MANIFEST, manifest.to_json()?.as_bytes())
    }

    /// Replaces one file of the folder in one step.
    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (new, to) = (self.stage.join("new"), self.target.join(name));
        write_synced(&new, bytes)?;
        fs::rename(&new, &to).map_err(Error::io("move into place", &to))?;
        sync_folder(&self.target)
    }
}

impl Sink for Redraw {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = inside(&self.stage, name)?;
        if name != PAGE && !name.starts_with(&format!("{PLOTS}/")) {
            return Err(Error::BadName { path, reason: "only pictures and the page are drawn again" });
        }
        fs::write(&path, bytes).map_err(Error::io("write", &path))
    }
}

impl Drop for Redraw {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.stage);
    }
}
