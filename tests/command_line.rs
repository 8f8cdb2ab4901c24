//! Every command as it is typed: what it says, with which code it ends, and what is on the disk afterwards.

mod common;

use clap::Parser;
use common::{Home, PROGRAM, TINY};
use groundswell::cli::Arguments;
use std::fs;
use std::path::Path;

/// The project with its scenarios and its data.
fn project() -> Home {
    let home = Home::tiny();
    for folder in ["scenarios", "scenarios/experiments", "scenarios/sweeps", "data/haringey", "data/village"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            home.write(&format!("{folder}/{}", path.file_name().unwrap().display()), fs::read(&path).unwrap());
        }
    }
    home
}

/// Commands as `groundswell --help` lists them.
fn commands() -> Vec<String> {
    let help = Home::with(&[]).run(&["--help"]).gives(0).out.clone();
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = list.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|n| *n != "help").map(str::to_owned).collect()
}

/// The two examples that the help of a command ends with.
fn examples(command: &[&str]) -> [String; 2] {
    let arguments: Vec<_> = command.iter().chain(&["--help"]).copied().collect();
    let help = Home::with(&[]).run(&arguments).gives(0).out.clone();
    let (_, end) = help.rsplit_once("Examples:\n").unwrap_or_else(|| panic!("no examples in:\n{help}"));
    let lines: Vec<_> = end.trim_end().lines().map(|line| line.trim().to_owned()).collect();
    lines.try_into().unwrap_or_else(|lines| panic!("{command:?}: not two examples but {lines:#?}"))
}

/// Adds to a run what makes it small without changing what it is.
fn cheap(example: &str) -> String {
    match example.split_whitespace().nth(1) {
        Some("run") if example.contains("--weeks") => format!("{example} {LESS}"),
        Some("run") => format!("{example} {LESS} --weeks 5"),
        Some("compare") => format!("{example} {LESS} --weeks 5 --replicates 1"),
        Some("restore") => format!("{} {LESS} --weeks 260 --replicates 1 --sets 0", example.replace("--sets 20 ", "")),
        Some("sweep") => format!("{example} {LESS} --replicates 1"),
        _ => example.to_owned(),
    }
}

const LESS: &str = "--set scenario.spin_up=5 --set population.areas.scale=0.02";

// Help.

#[test]
fn the_help_of_every_command_ends_with_two_examples_of_it_whose_arguments_parse() {
    let commands = commands();
    for known in ["run", "check", "plot", "verify", "new", "schema"] {
        assert!(commands.iter().any(|command| command == known), "{known} is not in {commands:?}");
    }
    for command in commands {
        for example in examples(&[&command]) {
            let words = example.split_whitespace().take_while(|word| *word != ">");
            let begins: Vec<_> = words.clone().take(2).collect();
            assert_eq!(begins, ["groundswell", &command], "{example}");
            Arguments::try_parse_from(words).unwrap_or_else(|error| panic!("{example}: {error}"));
        }
    }
}

#[test]
fn the_examples_work_as_typed_from_the_project_root_one_after_the_other() {
    let home = project();
    for command in ["run", "compare", "restore", "sweep", "merge", "check", "plot", "verify", "new", "schema"] {
        if command == "merge" {
            // The other part, and a place that is free.
            home.shell(&cheap("groundswell sweep scenarios/sweeps/outreach-dose.toml --shard 2/2")).gives(0);
            fs::rename(home.path("outputs/sweep-outreach-dose"), home.path("outputs/whole")).unwrap();
        }
        if command == "plot" {
            // The whole borough takes too long for a test; the page of the ward stands in for it.
            for (name, bytes) in home.hashes("outputs/ward").keys().map(|name| (name, home.path("outputs/ward"))) {
                home.write(&format!("outputs/haringey/{name}"), fs::read(bytes.join(name)).unwrap());
            }
        }
        for example in examples(&[command]) {
            home.shell(&cheap(&example)).gives(0);
        }
    }
    let names = home.names("outputs");
    for name in [
        "compare-haringey",
        "cuts",
        "haringey",
        "joined",
        "restore-cut-and-restore",
        "short",
        "sweep-outreach-dose",
        "ward",
    ] {
        assert!(names.iter().any(|found| found == name), "{name} is not in {names:?}");
    }
    assert!(names.iter().all(|name| !name.starts_with('.') && !name.ends_with(".unfinished")), "{names:?}");
    // Joined parts are the whole, but for the text of the file, which parts do not carry.
    let mut whole = home.hashes("outputs/whole");
    let joined = home.hashes("outputs/joined");
    whole.retain(|name, _| !["manifest.json", "sweep.toml"].contains(&name.as_str()));
    assert!(whole.iter().all(|(name, hash)| joined.get(name) == Some(hash)));
    assert!(home.path("scenarios/mytown.toml").exists() && home.path("scenarios/cuts.toml").exists());
    let schema: serde_json::Value = serde_json::from_str(&home.read("scenario.schema.json")).unwrap();
    assert!(schema["properties"]["scenario"].is_object());
    let run = project();
    for example in examples(&[]) {
        run.shell(&cheap(&example)).gives(0);
    }
}

#[test]
fn the_version_is_told() {
    Home::with(&[]).run(&["--version"]).gives(0).says(&[concat!("groundswell ", env!("CARGO_PKG_VERSION"))]);
}

// Exit codes.

#[test]
fn a_run_gives_0_says_where_to_look_and_leaves_a_folder_that_verifies() {
    let home = Home::tiny();
    let said = home.run(&["run", "tiny.toml"]);
    said.gives(0).says(&["tiny: open outputs/tiny/report.html"]).complains(&["tiny: 100 % of 10 weeks"]);
    assert!(said.err.lines().count() == 10 && said.err.lines().all(|line| line.ends_with(" % of 10 weeks")));
    assert_eq!(home.names("outputs"), ["tiny"]);
    let names = home.names("outputs/tiny");
    for name in ["manifest.json", "report.html", "scenario.toml", "dictionary.md", "weekly.parquet", "plots"] {
        assert!(names.iter().any(|found| found == name), "{name} is not in {names:?}");
    }
    home.run(&["verify", "outputs/tiny"]).gives(0).says(&["files are as they were written"]);
    home.run(&["verify", "outputs/tiny", "--again", "--threads", "1"]).gives(0).says(&["have the same bytes"]);
}

#[test]
fn wrong_usage_gives_2_and_says_what_would_be_right() {
    let home = Home::tiny();
    home.refuses(&[], 2, &["Usage: groundswell <COMMAND>"]);
    for (arguments, words) in [
        (&["rum", "tiny.toml"][..], &["unrecognized subcommand 'rum'", "'run'"][..]),
        (&["run"], &["<SCENARIO>"]),
        (&["check"], &["<SCENARIO>"]),
        (&["verify"], &["<RUN>"]),
        (&["plot"], &["<RUN>"]),
        (&["new"], &["<NAME>"]),
        (&["run", "tiny.toml", "--week", "5"], &["unexpected argument '--week'", "'--weeks'"]),
        (
            &["run", "tiny.toml", "--format", "xls"],
            &["'xls' is not a format; accepted are parquet, csv and parquet,csv"],
        ),
        (&["run", "tiny.toml", "--format", ""], &["is not a format"]),
        (&["run", "tiny.toml", "--threads", "0"], &["0 is not in 1..=1024"]),
        (&["run", "tiny.toml", "--threads", "two"], &["invalid digit"]),
        (&["run", "tiny.toml", "--memory-limit", "much"], &["`much` is not a size; write 8G, 500M"]),
        (&["run", "tiny.toml", "--memory-limit", "-1"], &["-1"]),
        (&["run", "tiny.toml", "--memory-limit", "nan"], &["is not a size"]),
        (&["run", "tiny.toml", "--out", ""], &["--out"]),
        (&["run", "tiny.toml", "--out", "/"], &["failed to use / as a name"]),
        (&["run", "tiny.toml", "--out", "x/.."], &["failed to use x/.. as a name"]),
        (&["verify", "outputs/tiny", "--threads", "1"], &["--again"]),
        (&["new", "x", "--template", "twon"], &["town", "haringey", "ward", "austerity", "outreach"]),
        (&["schema", "scenario"], &["unexpected argument"]),
    ] {
        home.refuses(arguments, 2, words);
    }
}

#[test]
fn a_scenario_that_cannot_be_read_gives_3() {
    let home = Home::tiny();
    fs::create_dir(home.path("folder")).unwrap();
    for command in ["run", "check"] {
        let words = ["failed to read the scenario", "gone.toml", "1 problem; nothing was run"];
        home.refuses(&[command, "gone.toml"], 3, &words);
        home.refuses(&[command, "folder"], 3, &["failed to read the scenario", "folder"]);
        home.refuses(&[command, "tiny.toml/x"], 3, &["failed to read the scenario"]);
    }
}

#[cfg(unix)]
#[test]
fn a_scenario_that_may_not_be_read_gives_3() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::tiny();
    fs::set_permissions(home.path("tiny.toml"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(home.path("tiny.toml")).is_ok() {
        println!("not run: the superuser may read every file");
        return;
    }
    home.run(&["run", "tiny.toml"]).gives(3).complains(&["failed to read the scenario", "ermission denied"]);
    assert_eq!(home.names(""), ["tiny.toml"]);
}

#[test]
fn an_invalid_scenario_gives_3_and_nothing_is_written() {
    let lever = |lines: &str| format!("{TINY}[interventions.try]\n{lines}");
    for (text, words) in [
        ("extends = \"plan.toml\"\n".to_owned(), &["a scenario cannot extend itself: plan.toml -> plan.toml"][..]),
        (
            lever("start = 0\nservices = [\"libary\"]\npublicity = {}\n"),
            &["there is no service `libary`", "did you mean `library`?", "plan.toml:"],
        ),
        (lever("start = 3\nend = 3\npublicity = {}\n"), &["the window never opens: it starts in week 3"]),
        (lever("start = 5\npublicity = {}\n"), &["the window never opens", "raise `scenario.weeks`"]),
        (format!("{TINY}[scenario"), &["not valid TOML"]),
        ("[population.areas]\nfile = \"gone.csv\"\n".to_owned(), &["failed to open", "gone.csv"]),
        ("[population.areas]\nfile = \".\"\n".to_owned(), &["it is a folder"]),
    ] {
        let home = Home::with(&[("plan.toml", &text)]);
        home.refuses(&["run", "plan.toml"], 3, words);
        home.refuses(&["check", "plan.toml"], 3, words);
        home.refuses(&["run", "plan.toml", "--overwrite", "--quiet"], 3, words);
    }
    let home = Home::tiny();
    home.refuses(&["run", "tiny.toml", "--weeks", "ten"], 3, &["must be a whole number", "--weeks ten"]);
    home.refuses(&["run", "tiny.toml", "--set", "model.tie_halflife=5"], 3, &["did you mean `tie_half_life`?"]);
    let sets = ["run", "tiny.toml", "--set", "scenario.wekes=5", "--set", "services.libary.kind=publc"];
    home.refuses(&sets, 3, &["wekes", "publc", "2 problems; nothing was run"]);
}

#[test]
fn all_scenarios_of_a_command_are_read_before_any_is_run() {
    let home = Home::tiny();
    home.write("b.toml", "[scenario]\nweeks = 0\n[population.synthetic]\n");
    home.write("c.toml", "[scenario]\nseed = -1\n[population.synthetic]\n");
    let words = ["b.toml:2", "c.toml:2", "2 problems; nothing was run"];
    home.refuses(&["run", "tiny.toml", "b.toml", "c.toml"], 3, &words);
    assert_eq!(home.refuses(&["check", "tiny.toml", "b.toml", "c.toml"], 3, &words).out, "");
}

#[test]
fn the_data_of_all_scenarios_are_read_before_any_is_run() {
    let home = Home::tiny();
    home.write("people.csv", "id,sex\n1,women\n1,men\n");
    home.write("b.toml", "[population.residents]\nfile = \"people.csv\"\n");
    home.refuses(&["run", "tiny.toml", "b.toml"], 3, &["the id `1` is empty or stands twice"]);
}

#[test]
fn a_town_too_large_for_the_memory_that_may_be_used_gives_2_and_says_what_it_would_take() {
    let home = Home::tiny();
    let large = ["--set", "population.synthetic.residents=1000000"];
    let run = [&["run", "tiny.toml", "--memory-limit", "1M"], &large[..]].concat();
    let words = ["1000000 residents would take about", "MB of memory, and 1.0 MB may be used (--memory-limit)"];
    home.refuses(&run, 2, &words);
    home.run(&[&["check", "tiny.toml"], &large[..]].concat()).gives(0).says(&["memory", "MB"]);
    home.run(&["run", "tiny.toml", "--memory-limit", "1M", "--quiet"]).gives(0);
}

/// Runs a command on a hundred million residents with 400 MB of memory for all.
#[cfg(target_os = "linux")]
fn of_a_hundred_million(command: &str) -> common::Said {
    let home = Home::tiny();
    let said = home.shell(&format!(
        "ulimit -v 400000 && exec {PROGRAM} {command} tiny.toml --threads 2 --memory-limit 1M \
         --set population.synthetic.residents=100000000"
    ));
    assert_eq!(home.names(""), ["tiny.toml"]);
    said
}

#[cfg(target_os = "linux")]
#[test]
fn a_town_too_large_is_refused_before_anything_is_allocated() {
    of_a_hundred_million("run").gives(2).complains(&["100000000 residents would take about", "GB of memory"]);
}

#[cfg(target_os = "linux")]
#[test]
fn check_tells_what_a_town_too_large_would_take_without_taking_it() {
    let said = of_a_hundred_million("check");
    let told = format!("{}{}", said.out, said.err);
    assert!(matches!(said.code, Some(0 | 2)) && told.contains("100000000 residents"), "{said:#?}");
}

// What is in the way.

#[test]
fn a_finished_result_is_not_touched_unless_it_may_be_overwritten() {
    let home = Home::finished();
    let before = home.hashes("outputs/tiny");
    let words = ["failed to write", "outputs/tiny", "a finished result is already there", "--overwrite", "--out"];
    home.refuses(&["run", "tiny.toml", "--seed", "2"], 2, &words);
    home.run(&["run", "tiny.toml", "--seed", "2", "--overwrite", "--quiet"]).gives(0);
    assert_ne!(home.hashes("outputs/tiny")["weekly.parquet"], before["weekly.parquet"]);
    assert_eq!(home.names("outputs"), ["tiny"]);
    home.run(&["verify", "outputs/tiny"]).gives(0);
}

#[test]
fn what_is_no_result_is_never_replaced() {
    let home = Home::tiny();
    home.write("notes", "mine");
    home.write("thesis/chapter.md", "mine");
    home.write("other/manifest.json", "{\"program\": \"something else\"}");
    fs::create_dir(home.path("empty")).unwrap();
    for (out, what) in [("notes", "a file is there"), ("thesis", "a folder is there"), ("other", "a folder is there")] {
        for more in [&[][..], &["--overwrite"]] {
            let run = [&["run", "tiny.toml", "--out", out], more].concat();
            home.refuses(&run, 2, &[what, "not a result of groundswell", "never replaced", "--out"]);
        }
    }
    home.refuses(&["run", "tiny.toml", "--out", "."], 2, &["a folder is there"]);
    home.run(&["run", "tiny.toml", "--out", "empty", "--quiet"]).gives(0);
}

#[test]
fn an_impossible_place_gives_4_and_says_why() {
    let home = Home::tiny();
    home.write("notes", "mine");
    for out in ["notes/x", "notes/x/y"] {
        let words = ["failed to create", "notes", "a part of this path is a file, not a folder", "--out"];
        home.refuses(&["run", "tiny.toml", "--out", out], 4, &words);
    }
    home.refuses(&["run", "tiny.toml", "--out", &"n".repeat(300)], 4, &["failed to", "too long"]);
    if cfg!(target_os = "linux") {
        home.refuses(&["run", "tiny.toml", "--out", "/proc/groundswell/x"], 4, &["failed to create", "/proc"]);
    }
}

#[test]
fn two_scenarios_give_two_folders_and_never_the_same_one() {
    let home = Home::tiny();
    home.write("other.toml", "extends = \"tiny.toml\"\n[scenario]\nseed = 2\n");
    home.write("same.toml", "extends = \"tiny.toml\"\n[scenario]\nname = \"tiny\"\n");
    let words = ["tiny.toml and same.toml would both be written to outputs/tiny", "`scenario.name`"];
    home.refuses(&["run", "tiny.toml", "same.toml"], 2, &words);
    home.refuses(&["run", "tiny.toml", "./tiny.toml"], 2, &["would both be written to outputs/tiny"]);
    let words = ["would both be written to both/tiny"];
    home.refuses(&["run", "tiny.toml", "same.toml", "--out", "both", "--overwrite"], 2, &words);
    let said = home.run(&["run", "tiny.toml", "other.toml", "--out", "both"]);
    said.gives(0).says(&["tiny: open both/tiny/report.html", "other: open both/other/report.html"]);
    assert_eq!(home.names("both"), ["other", "tiny"]);
    for folder in ["both/tiny", "both/other"] {
        home.run(&["verify", folder]).gives(0);
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let Some(disk) = common::small_disk() else { return };
    let disk = disk.as_path();
    let home = Home::tiny();
    // An older result, and so little room that no new one can stand beside it.
    let older = disk.join("older");
    fs::create_dir_all(&older).unwrap();
    fs::write(older.join("manifest.json"), "{\"program\": \"groundswell\"}").unwrap();
    fs::write(older.join("weekly.csv"), "week\n0\n").unwrap();
    let filler = disk.join("filler");
    for room in [300_000, 100_000, 0] {
        common::fill(&filler, room);
        let before = common::hashes(disk);
        for (name, more) in [("new", &["--format", "parquet,csv"][..]), ("older", &["--overwrite"])] {
            let out = disk.join(name);
            let run = [&["run", "tiny.toml", "--quiet", "--out", out.to_str().unwrap()], more].concat();
            home.run(&run).gives(4).complains(&["failed to", "the disk is full", "--out"]);
            assert_eq!(common::hashes(disk), before, "{name} with {room} bytes");
            assert!(!disk.join("new").exists());
        }
    }
    let said = home.shell(&format!("cd '{}' && {PROGRAM} new mytown", disk.display()));
    said.gives(4).complains(&["failed to write", "the disk is full"]);
    let left = common::hashes(disk);
    assert!(left.keys().all(|name| name.starts_with("older/") || name == "filler"), "{:?}", left.keys());
    for name in ["older", "scenarios"] {
        let _ = fs::remove_dir_all(disk.join(name));
    }
    fs::remove_file(filler).unwrap();
}

// What is written and printed.

#[test]
fn tables_are_written_in_the_formats_asked_for_and_small_ones_in_both() {
    let home = Home::tiny();
    for (format, out, parquet, csv) in [("csv", "c", false, true), ("parquet,csv", "b", true, true)] {
        let run = ["run", "tiny.toml", "--format", format, "--out", out, "--quiet"];
        let said = home.run(&run);
        said.gives(0);
        assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""), "--quiet prints nothing");
        let files = home.hashes(out);
        for table in ["weekly", "services", "residents", "lifecycle"] {
            assert_eq!(files.contains_key(&format!("{table}.parquet")), parquet, "{table} of {format}");
            assert_eq!(files.contains_key(&format!("{table}.csv")), csv, "{table} of {format}");
        }
        for table in ["areas", "costs", "curves"] {
            assert!(files.contains_key(&format!("{table}.parquet")) && files.contains_key(&format!("{table}.csv")));
        }
        home.run(&["verify", out]).gives(0);
    }
    let plain = Home::finished().hashes("outputs/tiny");
    assert!(plain.contains_key("weekly.parquet") && !plain.contains_key("weekly.csv"));
    assert_eq!(plain["weekly.parquet"], home.hashes("b")["weekly.parquet"]);
    let weekly = home.read("c/weekly.csv");
    assert!(weekly.starts_with("replicate,week,group_by,group,residents,unaware"), "{}", &weekly[..80]);
    home.run(&["plot", "c"]).gives(0).says(&["drawn again: open c/report.html"]);
    home.run(&["verify", "c"]).gives(0);
}

#[test]
fn a_run_folder_holds_all_it_needs_wherever_it_is_moved() {
    let home = project();
    home.run(&["run", "scenarios/village.toml", "--quiet", "--weeks", "5"]).gives(0);
    let away = Home::with(&[]);
    fs::rename(home.path("outputs/village"), away.path("moved")).unwrap();
    drop(home);
    let files = away.hashes("moved");
    assert!(files.contains_key("inputs/people.csv") && files.contains_key("inputs/links.csv"));
    away.run(&["verify", "moved", "--again"]).gives(0).says(&["have the same bytes"]);
    assert_eq!(away.names(""), ["moved"]);
}

#[test]
fn check_describes_and_writes_nothing() {
    let home = project();
    let before = home.hashes("");
    let said = home.run(&["check", "scenarios/haringey.toml", "scenarios/austerity.toml", "tiny.toml"]);
    said.gives(0).says(&[
        "haringey\n",
        "austerity\n",
        "tiny\n",
        "212",
        "145 areas",
        "people",
        "ties",
        "memory",
        "takes",
    ]);
    said.says(&["`cuts`", "50% of usual, over 2 years"]);
    assert_eq!(home.hashes(""), before);
}

#[test]
fn the_schema_is_json() {
    let said = Home::with(&[]).run(&["schema"]);
    let schema: serde_json::Value = serde_json::from_str(&said.gives(0).out).unwrap();
    assert!(schema["$schema"].as_str().is_some_and(|name| name.contains("json-schema.org")));
    for section in ["scenario", "population", "network", "model", "services", "interventions", "costs", "goal"] {
        assert!(schema["properties"][section].is_object(), "{section}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_of_output_that_goes_away_is_no_failure() {
    let home = Home::tiny();
    for command in ["schema", "check tiny.toml"] {
        let said = home.shell(&format!("{{ groundswell {command}; echo $? >code; }} | head -c 1"));
        said.gives(0);
        assert_eq!(home.read("code"), "0\n", "{command}: {}", said.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_printed_gives_4() {
    let home = Home::tiny();
    for command in ["schema", "check tiny.toml"] {
        home.shell(&format!("groundswell {command} >/dev/full")).gives(4).complains(&["failed to print"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn messages_that_nobody_reads_do_not_stop_a_run() {
    let home = Home::tiny();
    home.shell("groundswell run tiny.toml --out full 2>/dev/full").gives(0);
    home.shell("groundswell run tiny.toml --out gone 2>&1 >/dev/null | head -n 1").gives(0);
    home.run(&["verify", "full"]).gives(0);
    home.run(&["verify", "gone"]).gives(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_failure_keeps_its_code_when_its_message_cannot_be_printed() {
    let home = Home::tiny();
    assert_eq!(home.shell("groundswell run gone.toml 2>/dev/full").code, Some(3));
    assert_eq!(home.shell("groundswell verify gone 2>/dev/full").code, Some(4));
}

// Finished folders.

#[test]
fn verify_finds_a_changed_byte_a_missing_file_and_an_added_one() {
    let home = Home::finished();
    let mut bytes = fs::read(home.path("outputs/tiny/weekly.parquet")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    home.write("outputs/tiny/weekly.parquet", &bytes);
    fs::remove_file(home.path("outputs/tiny/plots/ladder.svg")).unwrap();
    home.write("outputs/tiny/notes.md", "mine");
    let words = [
        "outputs/tiny is not as it was written",
        "weekly.parquet was changed: its SHA-256 is another",
        "plots/ladder.svg is missing",
        "notes.md was added",
    ];
    home.refuses(&["verify", "outputs/tiny"], 4, &words);
    home.refuses(&["verify", "outputs/tiny", "--again"], 4, &words);
}

#[test]
fn verify_again_finds_a_result_that_the_scenario_does_not_give() {
    // A folder whose hashes are all right and whose numbers are those of another seed.
    let (home, other) = (Home::finished(), Home::finished());
    other.run(&["run", "tiny.toml", "--seed", "2", "--overwrite", "--quiet"]).gives(0);
    home.write("outputs/tiny/weekly.parquet", fs::read(other.path("outputs/tiny/weekly.parquet")).unwrap());
    let [mut manifest, theirs]: [serde_json::Value; 2] =
        [&home, &other].map(|home| serde_json::from_str(&home.read("outputs/tiny/manifest.json")).unwrap());
    manifest["files"]["weekly.parquet"] = theirs["files"]["weekly.parquet"].clone();
    home.write("outputs/tiny/manifest.json", manifest.to_string());
    home.run(&["verify", "outputs/tiny"]).gives(0);
    let said = home.run(&["verify", "outputs/tiny", "--again"]);
    said.gives(4).complains(&["simulated anew, these files of outputs/tiny differ: weekly.parquet"]);
}

#[test]
fn what_is_no_run_folder_gives_4() {
    let home = Home::finished();
    home.write("empty/x", "");
    for command in ["verify", "plot"] {
        for folder in ["gone", "empty", "tiny.toml"] {
            home.refuses(&[command, folder], 4, &["failed to read", "manifest.json", "is this the right folder?"]);
        }
    }
    home.write("outputs/tiny/manifest.json", "{\"program\": \"groundswell\"");
    for command in ["verify", "plot"] {
        home.refuses(&[command, "outputs/tiny"], 4, &["it is not the manifest of a run"]);
    }
}

#[test]
fn plot_draws_lost_pictures_and_the_page_again_and_touches_nothing_else() {
    let home = Home::finished();
    let before = home.hashes("outputs/tiny");
    fs::remove_dir_all(home.path("outputs/tiny/plots")).unwrap();
    home.write("outputs/tiny/report.html", "scribbled over");
    home.run(&["verify", "outputs/tiny"])
        .gives(4)
        .complains(&["plots/ladder.png is missing", "report.html was changed"]);
    home.run(&["plot", "outputs/tiny"]).gives(0).says(&["drawn again: open outputs/tiny/report.html"]);
    assert_eq!(home.hashes("outputs/tiny"), before);
    home.run(&["verify", "outputs/tiny"]).gives(0);
}

#[test]
fn plot_of_a_damaged_table_gives_4_and_changes_nothing() {
    let home = Home::finished();
    home.write("outputs/tiny/weekly.parquet", "PAR1");
    home.refuses(&["plot", "outputs/tiny"], 4, &["failed to read", "weekly.parquet"]);
}

// New scenarios.

#[test]
fn new_writes_a_scenario_that_check_accepts_from_every_template() {
    for template in ["town", "haringey", "ward", "austerity", "outreach", "village"] {
        let home = Home::with(&[]);
        let new = ["new", "my-plan_2", "--template", template];
        let words = ["written: scenarios/my-plan_2.toml", "next: groundswell run scenarios/my-plan_2.toml"];
        home.run(&new).gives(0).says(&words);
        home.run(&["check", "scenarios/my-plan_2.toml"]).gives(0).says(&["my-plan_2\n"]);
        home.refuses(&new, 2, &["my-plan_2.toml is there already and is left as it is; choose another name"]);
    }
    let home = Home::with(&[]);
    home.run(&["new", "mytown.toml"]).gives(0);
    assert_eq!(home.names("scenarios"), ["mytown.toml"]);
}

#[test]
fn new_leaves_scenarios_and_data_that_are_there_as_they_are() {
    let home = project();
    home.write("scenarios/haringey.toml", home.read("scenarios/haringey.toml") + "# mine\n");
    let mut before = home.hashes("");
    home.run(&["new", "mine", "--template", "ward"]).gives(0).says(&["written: scenarios/mine.toml\n"]);
    let after = home.hashes("");
    before.insert("scenarios/mine.toml".to_owned(), after["scenarios/mine.toml"].clone());
    assert_eq!(after, before);
    home.run(&["check", "scenarios/mine.toml"]).gives(0);
}

#[test]
fn new_writes_nothing_outside_of_the_folder_it_is_called_in() {
    for template in ["town", "haringey", "ward", "village"] {
        let home = Home::with(&[("work/notes.md", "")]);
        home.shell(&format!("cd work && groundswell new mine --template {template}")).gives(0);
        assert_eq!(home.names(""), ["work"], "{template}");
    }
}

#[test]
fn a_new_scenario_whose_data_cannot_be_written_leaves_nothing_behind() {
    let home = Home::with(&[("data", "a file where the folder of data should be"), ("scenarios/README.md", "")]);
    home.refuses(&["new", "mine", "--template", "ward"], 4, &["failed to create", "data"]);
}

#[test]
fn new_does_not_name_a_scenario_like_the_one_it_extends() {
    for (name, template) in [("haringey", "ward"), ("haringey", "austerity"), ("haringey", "outreach")] {
        let home = Home::with(&[]);
        fs::create_dir(home.path("scenarios")).unwrap();
        let said = home.run(&["new", name, "--template", template]);
        if said.code == Some(0) {
            home.run(&["check", &format!("scenarios/{name}.toml")]).gives(0);
        } else {
            said.gives(2).complains(&[name]);
            assert_eq!(home.names("scenarios"), Vec::<String>::new());
        }
    }
}

#[test]
fn a_name_that_could_leave_its_folder_is_refused() {
    let home = Home::tiny();
    for name in ["", ".", "..", "../x", "a/b", "a b", "é", ".toml", "x.y", "a\\b", "a\nb", "<script>"] {
        home.refuses(&["new", name], 2, &["is not a name for a scenario: use letters, digits, - and _"]);
    }
}

// Words of the user's in the page.

/// Whether every tag of a picture is closed in order, quotes hold no `<`, and every `&` begins an entity.
fn is_well_formed(svg: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    for (at, _) in svg.match_indices('&') {
        let entity = svg[at + 1..].split(';').next().unwrap_or_default();
        let plain = entity.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
        if entity.is_empty() || entity.len() > 8 || !plain {
            return Err(format!("a bare & before `{}`", entity.chars().take(20).collect::<String>()));
        }
    }
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        let end = tag.find('>').ok_or("a tag that does not end")?;
        let (inside, after) = (&tag[..end], &tag[end + 1..]);
        if inside.contains('<') || inside.matches('"').count() % 2 == 1 {
            return Err(format!("odd tag <{inside}>"));
        }
        let name = inside.trim_start_matches('/').split(|c: char| c.is_whitespace() || c == '/').next();
        match name.unwrap_or_default() {
            name if name.starts_with(['?', '!']) => {}
            name if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == ':') || name.is_empty() => {
                return Err(format!("odd tag <{inside}>"));
            }
            name if inside.starts_with('/') && open.pop() != Some(name) => {
                return Err(format!("</{name}> is not open"));
            }
            name if !inside.starts_with('/') && !inside.ends_with('/') => open.push(name),
            _ => {}
        }
        rest = after;
    }
    if open.is_empty() { Ok(()) } else { Err(format!("never closed: {open:?}")) }
}

#[test]
fn markup_in_the_words_of_a_scenario_and_its_data_is_shown_and_not_obeyed() {
    let home = Home::with(&[]);
    let evil = |what: &str| format!("<script>alert('{what}')</script>\" onload=\"alert(1)\" & <b>{what}");
    let cell = |what: &str| format!("\"{}\"", evil(what).replace('"', "\"\""));
    let mut table = "area,name,group,x_km,y_km,people_16_29,people_30_44,people_45_64,people_65_plus,\
                     class_higher,class_intermediate,class_routine,"
        .to_owned();
    table += &format!("{},other\n", cell("people"));
    for (area, x) in [("north", 0), ("south", 1)] {
        let [code, name, group] = ["code", "name", "group"].map(|part| cell(&format!("{area} {part}")));
        table += &format!("{code},{name},{group},{x},0,40,40,40,40,0.3,0.3,0.4,0.5,0.5\n");
    }
    home.write("areas.csv", table);
    let text = |what: &str| format!("\"{}\"", evil(what).replace('"', "\\\""));
    home.write(
        "plan.toml",
        format!(
            "[scenario]\nweeks = 5\nspin_up = 5\ndescription = {}\nattribution = {}\n\
             [population.areas]\nfile = \"areas.csv\"\nethnic = [{}, \"other\"]\n\
             [services.{}]\nkind = \"public\"\nwhat = {}\n[services.club]\nkind = \"civic\"\neach = \"area\"\n\
             [interventions.{}]\nstart = 1\npublicity = {{ factor = 2.0 }}\n",
            text("description"),
            text("attribution"),
            text("people"),
            text("library"),
            text("what"),
            text("lever")
        ),
    );
    home.run(&["run", "plan.toml", "--quiet", "--format", "csv"]).gives(0);
    let page = home.read("outputs/plan/report.html");
    for what in ["description", "attribution", "lever"] {
        let shown = page.contains(&format!("&lt;script&gt;alert(&#x27;{what}&#x27;)"))
            || page.contains(&format!("&lt;script&gt;alert(&#39;{what}&#39;)"));
        assert!(shown, "the page does not show the {what} as it was written");
    }
    let mut pictures = 0;
    for name in home.hashes("outputs/plan").keys().filter(|name| name.ends_with(".svg") || name.ends_with(".html")) {
        let text = home.read(&format!("outputs/plan/{name}"));
        for bad in ["<script>alert", "\" onload=\"alert", "' onload='alert", "<b>"] {
            assert!(!text.contains(bad), "{bad} in {name}");
        }
        if name.ends_with(".svg") {
            pictures += 1;
            is_well_formed(&text).unwrap_or_else(|reason| panic!("{name}: {reason}"));
        }
    }
    assert!(pictures >= 5, "{pictures}");
    let mut areas = csv::Reader::from_path(home.path("outputs/plan/areas.csv")).unwrap();
    let areas: Vec<_> = areas.records().map(Result::unwrap).collect();
    assert!(areas.iter().any(|row| row.iter().any(|cell| cell == evil("north name"))), "names stay as they are");
    home.run(&["verify", "outputs/plan"]).gives(0);
}

#[test]
fn a_run_whose_services_and_levers_have_quotes_in_their_names_can_be_run_again() {
    let home = Home::tiny();
    let text = "extends = \"tiny.toml\"\n[services.'the \"Old\" hall']\nkind = \"civic\"\n\
                [interventions.\"it's \\\"new\\\"\"]\nstart = 1\npublicity = {}\n";
    home.write("quotes.toml", text);
    home.run(&["run", "quotes.toml", "--quiet"]).gives(0);
    home.run(&["check", "outputs/quotes/scenario.toml"]).gives(0).says(&["it's \"new\""]);
}

#[test]
fn control_characters_in_a_scenario_do_not_reach_the_terminal() {
    let home = Home::tiny();
    let said = home.run(&["check", "tiny.toml", "--set", "scenario.description=\"a\\u001b[31mred\\u0007\""]);
    assert!(!said.gives(0).out.contains(['\u{1b}', '\u{7}']), "{:?}", said.out);
}
