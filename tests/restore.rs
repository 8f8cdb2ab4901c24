//! Experiments on restoring: what is composed is what would be written by hand, and what is told is what the table holds.

mod common;

use common::{Home, Row, TOWN};

const CUTS: &str = "\
extends = \"town.toml\"
[scenario]
name = \"cuts\"
description = \"Staff away </h1><script>alert(1)</script>\"
[interventions.cuts]
start = 4
austerity = { staff_share = 0.0 }
";

/// A campaign in the weeks from 2 to 10, or asking so many.
fn doors(contacts: u32) -> String {
    format!(
        "extends = \"town.toml\"\n[scenario]\nname = \"doors\"\n[interventions.doorstep]\nstart = 2\nend = 10\n\
         outreach = {{ contacts_per_week = {contacts} }}\n"
    )
}

const EXPERIMENT: &str = "\
[restore]
base = \"town.toml\"
first = \"cuts.toml\"
then = [\"doors.toml\"]
years = [1, 2]
";

/// Four years, in which the library closes soon after it loses its staff: volunteers come nowhere near its hours.
fn home() -> Home {
    let staffed =
        TOWN.replace("required_hours = 40", "required_hours = 120").replace("staff_hours = 24", "staff_hours = 120");
    let town = staffed.replace("weeks = 60", "weeks = 212") + "[model]\nclose_weeks = 4\nclose_share = 0.9\n";
    Home::with(&[("town.toml", &town), ("cuts.toml", CUTS), ("doors.toml", &doors(60)), ("try.toml", EXPERIMENT)])
}

const RESTORE: &[&str] = &["restore", "try.toml", "--sets", "2", "--quiet"];

/// The columns that the tables of an experiment and of a comparison share.
const SHARED: [&str; 9] = [
    "baseline_mean",
    "difference",
    "chance_low",
    "chance_high",
    "plausible_middle",
    "plausible_low",
    "plausible_high",
    "sets",
    "pairs",
];

#[test]
fn a_course_is_what_it_would_be_if_it_were_written_by_hand() {
    let home = home();
    home.run(RESTORE).gives(0);
    let rows = home.table("outputs/restore-try/recovery.csv");
    // Two rules; one year leaves three more, two leave two; with nothing more and with a campaign.
    assert_eq!(rows.len(), 2 * 2 * (4 + 3));
    let cut = CUTS.replace("start = 4\n", "start = 4\nend = 104\n");
    home.write("cut-two.toml", cut.replace("\"cuts\"", "\"cut-two\""));
    let campaign = doors(60).replace("start = 2\nend = 10", "start = 106\nend = 114");
    let campaign = campaign.split_once("name = \"doors\"\n").expect("a campaign below its name").1;
    let both = cut.replace("\"cuts\"", "\"both\"") + campaign;
    home.write("both.toml", both);
    for (week, rule, set) in [
        ("104", "closed services stay closed", "model.services_reopen=false"),
        ("156", "closed services stay closed", "model.services_reopen=false"),
        ("208", "closed services may reopen", "model.services_reopen=true"),
    ] {
        let (goal, out) = (format!("goal.week={week}"), format!("by-hand-{week}"));
        let compare =
            ["compare", "town.toml", "cut-two.toml", "both.toml", "--replicates", "2", "--sets", "2", "--quiet"];
        home.run(&[&compare[..], &["--set", &goal, "--set", set, "--out", &out]].concat()).gives(0);
        let effects = home.table(&format!("{out}/effects.csv"));
        for (scenario, then) in [("cut-two", "nothing more"), ("both", "doors")] {
            let is =
                |row: &&Row| row["rule"] == rule && row["years"] == "2" && row["then"] == then && row["week"] == week;
            let row = rows.iter().find(is).unwrap_or_else(|| panic!("no row for {rule}, {then}, {week}"));
            let is = |row: &&Row| {
                row["scenario"] == scenario
                    && row["window"] == "goal"
                    && row["group_by"] == "all"
                    && row["measure"] == "engaged_share"
            };
            let effect = effects.iter().find(is).expect("an effect on the goal");
            for column in SHARED {
                assert_eq!(row[column], effect[column], "{column} in week {week}, {then}");
            }
            assert_ne!(row["difference"], "0", "the cut does nothing in week {week}");
        }
    }
    // The rules differ, and only once something has closed that could open again.
    let rule =
        |name: &str| rows.iter().filter(|row| row["rule"] == name).map(|row| &row["difference"]).collect::<Vec<_>>();
    assert_ne!(rule("closed services stay closed"), rule("closed services may reopen"));
    home.run(&["verify", "outputs/restore-try"]).gives(0);
}

#[test]
fn the_share_made_good_is_that_of_the_middle_version() {
    let home = home();
    home.run(RESTORE).gives(0);
    let rows = home.table("outputs/restore-try/recovery.csv");
    let number = |row: &Row, column: &str| row[column].parse::<f64>().unwrap_or(f64::NAN);
    let mut told = 0;
    for row in &rows {
        let end = rows.iter().find(|end| {
            ["rule", "years", "then"].iter().all(|column| end[*column] == row[*column]) && end["years_after"] == "0"
        });
        let end = number(end.expect("a row of the end"), "plausible_middle");
        let share = number(row, "share_of_loss_made_good");
        assert!(end != 0.0 || share.is_nan(), "{row:?}");
        if !share.is_nan() {
            assert!((share - (1.0 - number(row, "plausible_middle") / end)).abs() < 1e-9, "{row:?}");
            told += 1;
        }
    }
    assert!(told > 10, "{told} shares");
    // Two versions have a middle one and no interval worth telling.
    let page = home.read("outputs/restore-try/report.html");
    for word in ["nine tenths of versions", "NaN", "inf%", "<script"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("So few do not say how far others would differ"));
    assert!(page.contains("that is made good"), "no share is told");
    assert_eq!(page.matches("<svg").count(), 2);
}

#[test]
fn a_remedy_of_size_nought_is_nothing_more() {
    let home = home();
    home.write("doors.toml", doors(0));
    home.run(RESTORE).gives(0);
    let rows = home.table("outputs/restore-try/recovery.csv");
    let of = |then: &str| {
        let rows = rows.iter().filter(|row| row["then"] == then).cloned();
        rows.map(|mut row| row.insert("then".to_owned(), String::new()).map(|_| row)).collect::<Vec<_>>()
    };
    assert_eq!(of("doors"), of("nothing more"));
    assert!(!of("doors").is_empty());
}

#[test]
fn a_first_that_does_nothing_leaves_no_loss_and_no_share_is_told() {
    let home = home();
    home.write("cuts.toml", CUTS.replace("staff_share = 0.0", "staff_share = 1.0"));
    home.write("try.toml", EXPERIMENT.replace("then = [\"doors.toml\"]\n", ""));
    let said = home.run(&RESTORE[..4]).gives(0).out.clone();
    assert!(said.contains("There is no loss"), "{said}");
    for row in home.table("outputs/restore-try/recovery.csv") {
        for column in ["difference", "chance_low", "chance_high", "plausible_middle", "plausible_low", "plausible_high"]
        {
            assert_eq!(row[column].parse(), Ok(0.0), "{column} of {row:?}");
        }
        assert_eq!(row["share_of_loss_made_good"], "");
    }
    let page = home.read("outputs/restore-try/report.html");
    assert_eq!(page.matches("There is no loss").count(), 2);
    assert!(page.contains("All figures are the same to the last digit"));
    assert!(page.contains("In no case is a loss surely there"));
    assert!(!page.contains("that is made good") && !page.contains("back from year"));
}

#[test]
fn what_cannot_be_composed_is_pointed_at_with_a_way_out_and_nothing_is_written() {
    let home = home();
    let wrong = |from: &str, to: &str| {
        assert!(EXPERIMENT.contains(from), "{from}");
        home.write("try.toml", EXPERIMENT.replace(from, to));
    };
    for (from, to, words) in [
        ("years =", "yaers =", &["try.toml:5", "unknown key `yaers`", "did you mean `years`?"][..]),
        (
            "[1, 2]",
            "[1, 4]",
            &["try.toml:5:13", "end in week 208 and the run in week 212: no whole year is left", "--weeks 260"],
        ),
        ("[1, 2]", "[2, 1]", &["try.toml:5", "each longer than the one before"]),
        ("[1, 2]", "[]", &["try.toml:5", "one or more lengths of time"]),
        ("\"doors.toml\"", "\"bars.toml\"", &["try.toml:4", "failed to open", "bars.toml"]),
        ("[restore]", "[restored]", &["unknown section `restored`"]),
        ("first = \"cuts.toml\"", "first = \"town.toml\"", &["try.toml:3:9", "does nothing that town does not"]),
    ] {
        wrong(from, to);
        home.refuses(&["restore", "try.toml"], 3, words);
    }
    home.write("try.toml", EXPERIMENT);
    for (name, text, words) in [
        (
            "doors.toml",
            doors(60) + "[model]\nexit_involved = 0.05\n",
            &[
                "try.toml:4:9",
                "doors and town differ in more than levers: in numbers of the model",
                "let it extend the base",
            ][..],
        ),
        (
            "doors.toml",
            doors(60).replace("interventions.doorstep", "interventions.cuts"),
            &["try.toml:4:9", "cuts and doors both have a lever `cuts`", "another name"],
        ),
        (
            "doors.toml",
            doors(60).replace("start = 2\nend = 10", "start = 150"),
            &["try.toml:4:9", "would begin in week 254", "the run ends in week 212"],
        ),
        (
            "cuts.toml",
            CUTS.replace("start = 4", "start = 52"),
            &["try.toml:5:10", "no lever of cuts has begun by week 52", "begin it earlier"],
        ),
    ] {
        let before = home.read(name);
        home.write(name, text);
        home.refuses(&["restore", "try.toml"], 3, words);
        home.write(name, before);
    }
    home.refuses(&["restore", "town.toml"], 3, &["this is a scenario", "groundswell run"]);
    home.refuses(&["run", "try.toml"], 3, &["this is an experiment on restoring", "groundswell restore"]);
    home.refuses(
        &["restore", "try.toml", "--set", "goal.measure=exits"],
        3,
        &["`exits` counts what happens in a week"],
    );
    home.refuses(&["restore", "try.toml", "--replicates", "0"], 2, &["--replicates"]);
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let home = home();
    for threads in ["1", "2"] {
        home.run(&[RESTORE, &["--threads", threads, "--out", threads]].concat()).gives(0);
    }
    for file in ["recovery.csv", "recovery.parquet", "report.html", "plots/stay-closed.svg", "plots/may-reopen.png"] {
        let bytes = |threads: &str| std::fs::read(home.path(&format!("{threads}/{file}"))).expect("a file");
        assert!(bytes("1") == bytes("2"), "{file}");
    }
}

#[test]
fn it_goes_on_where_it_was_and_a_finished_result_is_not_replaced_unasked() {
    let home = home();
    home.run(RESTORE).gives(0);
    home.refuses(&["restore", "try.toml", "--sets", "1"], 2, &["--overwrite"]);
    home.refuses(&["plot", "outputs/restore-try"], 2, &["is an experiment on restoring"]);
    let table = home.read("outputs/restore-try/recovery.csv");
    // What one leaves that was killed under the second rule.
    let unfinished = home.path("outputs/restore-try.unfinished");
    std::fs::rename(home.path("outputs/restore-try/pairs"), &unfinished).unwrap();
    std::fs::remove_dir_all(home.path("outputs/restore-try")).unwrap();
    let pairs = home.names("outputs/restore-try.unfinished");
    let set = pairs.iter().find(|name| name.starts_with("reopening-set")).expect("a pair of a set");
    std::fs::remove_file(unfinished.join(set)).unwrap();
    let said = home.run(&RESTORE[..4]);
    said.gives(0).complains(&["4 of 4 pairs stand", "3 of 4 pairs stand"]);
    assert_eq!(home.read("outputs/restore-try/recovery.csv"), table);
    assert_eq!(home.names("outputs"), ["restore-try"]);
}
