//! A run folder appears whole or not at all, says what is in it, and is read back as it was written.

mod support;

use std::fs;
use std::path::Path;

use groundswell::report::{self, Tables};
use groundswell::results::schemas::{CURVES, LIFECYCLE, RESIDENTS, WEEKLY};
use groundswell::results::{
    Complaint, Error, Folder, Formats, Identity, Manifest, Run, Table, Values, fingerprint, verify,
};
use proptest::prelude::*;
use support::Town;

fn small() -> Town {
    Town { weeks: 8, areas: 3, public: 1, civic: 1, ..Town::default() }
}

/// A finished run folder with its report.
fn finished(path: &Path, formats: Formats) {
    let town = small();
    let tables = Tables { residents: None, ..town.tables() };
    let mut folder = Folder::begin(path, false).unwrap();
    folder.write_text("scenario.toml", "[scenario]\n").unwrap();
    for table in [Some(&tables.weekly), tables.services.as_ref(), tables.curves.as_ref(), tables.areas.as_ref()] {
        folder.write_table(table.unwrap(), formats).unwrap();
    }
    let identity = Identity { fingerprint: fingerprint("[scenario]\n"), ..town.identity() };
    report::draw(&mut folder, &tables, &town.facts(), &identity).unwrap();
    folder.commit(town.manifest()).unwrap();
}

/// Names in a folder, hidden ones as well.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A name that a process which has ended can have left.
fn dead(name: &str, kind: &str) -> String {
    format!(".{name}.{kind}-999999999")
}

#[test]
fn a_finished_folder_holds_every_file_and_its_hash_and_nothing_hidden_stays() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("outputs/base");
    finished(&path, Formats::BOTH);
    assert_eq!(verify(&path).unwrap(), []);
    assert_eq!(names(&home.path().join("outputs")), ["base"]);
    let manifest = Manifest::read(&path).unwrap();
    assert_eq!(manifest.identity.fingerprint, fingerprint("[scenario]\n"));
    for file in ["weekly.csv", "weekly.parquet", "report.html", "plots/ladder.svg", "plots/map.png", "scenario.toml"] {
        assert!(manifest.files.contains_key(file), "{file}");
    }
    assert_eq!(manifest.seconds, small().manifest().seconds);
}

#[test]
fn what_is_dropped_before_it_is_committed_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut folder = Folder::begin(&home.path().join("base"), false).unwrap();
    folder.write_text("scenario.toml", "").unwrap();
    assert!(!home.path().join("base").exists());
    drop(folder);
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[test]
fn what_a_killed_run_left_never_looks_finished_and_is_cleared_by_the_next_one() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    let left = home.path().join(dead("base", "part"));
    fs::create_dir(&left).unwrap();
    fs::write(left.join("weekly.csv"), "half").unwrap();
    fs::write(home.path().join(".base.lock"), "").unwrap();
    // The neighbour of another result, whose name begins the same.
    let other = home.path().join(dead("base.part-1", "part"));
    fs::create_dir(&other).unwrap();
    assert!(matches!(verify(&path), Err(Error::Missing { .. })));
    finished(&path, Formats::PARQUET);
    assert!(!left.exists() && other.exists());
    assert_eq!(verify(&path).unwrap(), []);
}

#[test]
fn a_process_killed_in_the_middle_leaves_no_finished_looking_folder_and_no_lock() {
    const TELL: &str = "GROUNDSWELL_TEST_KILLED_AT";
    if let Some(path) = std::env::var_os(TELL) {
        // This is the process that dies: no destructor runs.
        let mut folder = Folder::begin(Path::new(&path), false).unwrap();
        folder.write_table(&small().weekly(), Formats::BOTH).unwrap();
        std::process::abort();
    }
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "a_process_killed_in_the_middle_leaves_no_finished_looking_folder_and_no_lock"]);
    let output = child.env(TELL, &path).output().unwrap();
    assert!(!output.status.success());
    assert!(names(home.path()).iter().any(|name| name.starts_with(".base.part-")), "it did write something");
    assert!(!path.exists());
    finished(&path, Formats::PARQUET);
    assert_eq!(verify(&path).unwrap(), []);
    assert_eq!(names(home.path()), ["base"]);
}

#[test]
fn a_result_moved_aside_by_a_killed_run_is_put_back() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    finished(&path, Formats::PARQUET);
    fs::rename(&path, home.path().join(dead("base", "old"))).unwrap();
    assert!(matches!(Folder::begin(&path, false), Err(Error::Exists { .. })));
    assert_eq!(verify(&path).unwrap(), []);
    assert_eq!(names(home.path()), ["base"]);
}

#[test]
fn a_finished_result_is_not_touched_unless_it_is_to_be_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    finished(&path, Formats::PARQUET);
    let error = Folder::begin(&path, false).unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("--overwrite"), "{error}");
    let mut folder = Folder::begin(&path, true).unwrap();
    folder.write_text("new.md", "new").unwrap();
    assert!(path.join("weekly.parquet").exists(), "the old one stays until the new one is whole");
    folder.commit(small().manifest()).unwrap();
    assert!(path.join("new.md").exists() && !path.join("weekly.parquet").exists());
    assert_eq!(names(home.path()), ["base"]);
}

#[test]
fn a_folder_of_something_else_is_never_replaced() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("thesis");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("chapter.md"), "years of work").unwrap();
    for manifest in [None, Some("{\"name\": \"a web page\"}")] {
        if let Some(text) = manifest {
            fs::write(path.join("manifest.json"), text).unwrap();
        }
        let error = Folder::begin(&path, true).unwrap_err();
        assert!(matches!(error, Error::InTheWay { .. }) && error.is_usage(), "{error}");
    }
    assert!(Folder::begin(&path.join("chapter.md"), true).is_err());
    assert_eq!(fs::read_to_string(path.join("chapter.md")).unwrap(), "years of work");
}

#[test]
fn two_runs_of_one_name_at_once_do_not_destroy_each_other() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    let mut first = Folder::begin(&path, false).unwrap();
    first.write_text("scenario.toml", "first").unwrap();
    let error = Folder::begin(&path, true).unwrap_err();
    assert!(matches!(error, Error::Busy { .. }) && error.to_string().contains("writing it now"), "{error}");
    first.commit(small().manifest()).unwrap();
    assert_eq!(fs::read_to_string(path.join("scenario.toml")).unwrap(), "first");
    assert!(Folder::begin(&path, true).is_ok());
}

#[test]
fn a_file_stays_inside_its_folder() {
    let home = tempfile::tempdir().unwrap();
    let mut folder = Folder::begin(&home.path().join("base"), false).unwrap();
    for name in ["../out.txt", "/tmp/out.txt", "", "inputs/../../out.txt", "manifest.json"] {
        assert!(matches!(folder.write_text(name, ""), Err(Error::BadName { .. })), "{name}");
    }
    assert!(Folder::begin(Path::new("/"), true).is_err());
}

#[test]
fn data_files_are_copied_in_and_a_missing_one_is_named() {
    let home = tempfile::tempdir().unwrap();
    let source = home.path().join("areas.csv");
    fs::write(&source, "area\nE1\n").unwrap();
    let path = home.path().join("base");
    let mut folder = Folder::begin(&path, false).unwrap();
    folder.copy_in("inputs/areas.csv", &source).unwrap();
    let error = folder.copy_in("inputs/b.csv", &home.path().join("b.csv")).unwrap_err();
    assert!(error.to_string().contains("b.csv") && !error.is_usage(), "{error}");
    folder.commit(small().manifest()).unwrap();
    assert_eq!(fs::read_to_string(path.join("inputs/areas.csv")).unwrap(), "area\nE1\n");
    assert_eq!(verify(&path).unwrap(), []);
}

#[test]
fn a_whole_result_can_be_made_inside_another() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("compare");
    let folder = Folder::begin(&path, false).unwrap();
    finished(&folder.path().join("base"), Formats::PARQUET);
    folder.commit(small().manifest()).unwrap();
    assert_eq!(verify(&path).unwrap(), []);
    assert_eq!(verify(&path.join("base")).unwrap(), []);
}

#[test]
fn verify_finds_a_changed_byte_a_missing_file_and_an_extra_one() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    finished(&path, Formats::PARQUET);
    let weekly = path.join("weekly.parquet");
    let mut bytes = fs::read(&weekly).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&weekly, &bytes).unwrap();
    fs::remove_file(path.join("plots/map.svg")).unwrap();
    fs::write(path.join("notes.md"), "mine").unwrap();
    fs::write(path.join(".DS_Store"), "clutter").unwrap();
    let mut complaints: Vec<String> = verify(&path).unwrap().iter().map(Complaint::to_string).collect();
    complaints.sort();
    assert_eq!(
        complaints,
        [
            "notes.md was added: the manifest does not name it",
            "plots/map.svg is missing",
            "weekly.parquet was changed: its SHA-256 is another",
        ]
    );
    bytes.truncate(100);
    fs::write(&weekly, &bytes).unwrap();
    let error = Run::open(&path).unwrap().table(&WEEKLY).unwrap_err().to_string();
    assert!(error.contains("100 bytes of"), "{error}");
}

#[test]
fn a_folder_without_a_manifest_is_not_a_run_folder() {
    let home = tempfile::tempdir().unwrap();
    assert!(matches!(verify(home.path()), Err(Error::Missing { .. })));
    assert!(matches!(verify(&home.path().join("nowhere")), Err(Error::Missing { .. })));
    assert!(matches!(report::redraw(&home.path().join("nowhere")), Err(Error::Missing { .. })));
    fs::write(home.path().join("manifest.json"), "{\"program\": \"groundswell\"").unwrap();
    assert!(matches!(verify(home.path()), Err(Error::Damaged { .. })));
}

#[test]
fn a_table_is_read_back_from_either_format_as_it_was_written() {
    let home = tempfile::tempdir().unwrap();
    let tables = small().tables();
    for (name, formats) in [("parquet", Formats::PARQUET), ("csv", Formats::CSV)] {
        let path = home.path().join(name);
        finished(&path, formats);
        let run = Run::open(&path).unwrap();
        assert!(run.has(&WEEKLY) && !run.has(&RESIDENTS));
        assert!(same(&run.table(&WEEKLY).unwrap(), &tables.weekly));
        assert!(same(&run.table(&CURVES).unwrap(), tables.curves.as_ref().unwrap()));
        assert!(matches!(run.table(&RESIDENTS), Err(Error::Missing { .. })));
    }
}

/// Whether two tables agree, what was not observed included.
fn same(a: &Table, b: &Table) -> bool {
    a.name() == b.name()
        && a.columns().iter().zip(b.columns()).all(|(a, b)| match (&a.values, &b.values) {
            (Values::Float(a), Values::Float(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b || a.is_nan() && b.is_nan())
            }
            (Values::Category { codes, labels }, Values::Category { codes: others, labels: other_labels }) => {
                let words = codes.iter().map(|code| &labels[*code as usize]);
                codes.len() == others.len() && words.eq(others.iter().map(|code| &other_labels[*code as usize]))
            }
            (a, b) => a == b,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn any_table_survives_both_formats(
        rows in prop::collection::vec((any::<i32>(), any::<i32>(), ".*", "[ -~]{0,9}", ".{0,5}", any::<i32>()), 0..30),
    ) {
        let table = LIFECYCLE.table(vec![
            Values::Int(rows.iter().map(|row| row.0).collect()),
            Values::Int(rows.iter().map(|row| row.1).collect()),
            Values::Int(rows.iter().map(|row| row.5).collect()),
            Values::words(rows.iter().map(|row| &row.2)),
            Values::words(rows.iter().map(|row| &row.3)),
            Values::words(rows.iter().map(|row| &row.4)),
            Values::words(rows.iter().map(|row| &row.3)),
        ]).unwrap();
        let home = tempfile::tempdir().unwrap();
        for (name, formats) in [("parquet", Formats::PARQUET), ("csv", Formats::CSV)] {
            let path = home.path().join(name);
            let mut folder = Folder::begin(&path, false).unwrap();
            folder.write_table(&table, formats).unwrap();
            folder.commit(small().manifest()).unwrap();
            prop_assert!(same(&Run::open(&path).unwrap().table(&LIFECYCLE).unwrap(), &table), "{}", name);
        }
    }
}

#[test]
fn drawing_again_replaces_pictures_and_page_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    finished(&path, Formats::CSV);
    let page = fs::read(path.join("report.html")).unwrap();
    let before = fs::read_to_string(path.join("manifest.json")).unwrap();
    fs::write(path.join("report.html"), "scribbled over").unwrap();
    fs::write(path.join("plots/old.svg"), "old").unwrap();
    fs::write(path.join("notes.md"), "mine").unwrap();
    fs::create_dir(path.join(".redraw-999999999")).unwrap();
    report::redraw(&path).unwrap();
    assert!(fs::read(path.join("report.html")).unwrap() == page);
    assert_eq!(fs::read_to_string(path.join("manifest.json")).unwrap(), before);
    assert_eq!(verify(&path).unwrap(), [Complaint::Extra { file: "notes.md".into() }]);
    assert_eq!(names(home.path()), ["base"]);
}

#[test]
fn a_damaged_table_is_not_drawn_and_the_old_pictures_stay() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("base");
    finished(&path, Formats::CSV);
    let page = fs::read(path.join("report.html")).unwrap();
    fs::write(path.join("weekly.csv"), "replicate,week\n0,0\n").unwrap();
    let error = report::redraw(&path).unwrap_err();
    assert!(error.to_string().contains("weekly.csv"), "{error}");
    assert!(fs::read(path.join("report.html")).unwrap() == page);
    assert!(names(&path).iter().all(|name| !name.starts_with('.')));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_plainly_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let mut folder = Folder::begin(&home.path().join("base"), false).unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("weekly.csv")).unwrap();
    let error = folder.write_table(&small().weekly(), Formats::CSV).unwrap_err();
    assert!(error.to_string().contains("the disk is full") && !error.is_usage(), "{error}");
    drop(folder);
    assert_eq!(names(home.path()), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn a_place_that_may_not_be_written_to_is_told_plainly() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let closed = home.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(closed.join("probe"), "").is_ok() {
        // The superuser may write anywhere; what it is told is the same sentence.
        let source = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = Error::Io { doing: "create", path: closed, source };
        assert!(error.to_string().contains("permission denied; choose a place you may write to"), "{error}");
        return;
    }
    let error = Folder::begin(&closed.join("base"), false).unwrap_err();
    assert!(error.to_string().contains("permission denied; choose a place you may write to"), "{error}");
    assert!(!error.is_usage());
}
