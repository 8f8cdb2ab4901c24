//! The pages in a real browser: pictures show, what is to be touched works, nothing is fetched, phones and paper do.
//!
//! What is asked of a page stands in `browser/check.mjs`. It needs Node, its packages and Chromium; where they are missing the
//! test says so and passes, unless GROUNDSWELL_BROWSER=required is set.

mod common;

use common::Home;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names under which Chromium goes.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const HOW: &str = "To run it: install Node 20 or later and Chromium (Debian: apt-get install chromium), then \
                   npm ci --prefix tests/browser";

/// Where a program is.
fn program(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn browser() -> Result<PathBuf, String> {
    program("node").ok_or("Node is missing")?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/node_modules/playwright-core");
    if !folder.is_dir() {
        return Err("the packages of tests/browser are missing".to_owned());
    }
    BROWSERS.into_iter().find_map(program).ok_or_else(|| "Chromium is missing".to_owned())
}

/// A ward, staff cut in it, and a campaign whose description would run a script if it could.
fn ward() -> Home {
    let scenario = |name: &str, more: &str| {
        let ward = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/ward.toml");
        format!("extends = {:?}\n[scenario]\nname = \"{name}\"\n{more}", ward.display().to_string())
    };
    let cuts = "[interventions.cuts]\nstart = 0\nausterity = { staff_share = 0.5, over_weeks = 52 }\n";
    let doors = "description = \"</script><script>alert(1)</script>\"\n[interventions.doorstep]\nstart = 0\nend = 13\n\
                 outreach = { contacts_per_week = 2500 }\n";
    Home::with(&[
        ("ward.toml", &scenario("ward", "")),
        ("cuts.toml", &scenario("cuts", cuts)),
        ("doors.toml", &scenario("doors", doors)),
    ])
}

#[test]
fn a_brief_and_a_report_do_in_a_browser_all_they_should() {
    let browser = match browser() {
        Ok(browser) => browser,
        Err(missing) if std::env::var_os("GROUNDSWELL_BROWSER").is_some_and(|word| word == "required") => {
            panic!("{missing}. {HOW}")
        }
        Err(missing) => return eprintln!("not run: {missing}. {HOW}"),
    };
    let home = ward();
    let work = ["--replicates", "2", "--sets", "5", "--loop=2", "--weeks", "156", "--quiet"];
    home.run(&[&["compare", "ward.toml", "cuts.toml", "doors.toml"][..], &work].concat()).gives(0);
    for page in ["report.html", "runs/cuts/report.html"] {
        let page = home.path("outputs/compare-ward").join(page);
        let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check.mjs");
        let said = Command::new("node").arg(check).arg(&browser).arg(&page).output().expect("Node starts");
        assert!(said.status.success(), "{}:\n{}", page.display(), String::from_utf8_lossy(&said.stderr));
    }
}
