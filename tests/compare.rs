//! Comparing: what is paired is what would be simulated alone, what does not differ differs by nothing, and what is told adds up.

mod common;
mod limits;

use common::{DOORS, Home, Row, TOWN};
use groundswell::experiment::compare::effects::Effect;
use groundswell::experiment::compare::task::{Done, Task};
use groundswell::experiment::measures::place;
use groundswell::experiment::plausible::PlausibleSet;
use groundswell::scenario::{Problems, Scenario};
use limits::{CLUB, Still};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const CUTS: &str = "\
extends = \"town.toml\"
[scenario]
name = \"cuts\"
description = \"Staff away </h1><script>alert(1)</script>\"
[interventions.cuts]
start = 10
austerity = { staff_share = 0.2, over_weeks = 10 }
";

fn home() -> Home {
    let same = "extends = \"town.toml\"\n[scenario]\nname = \"same\"\n";
    Home::with(&[("town.toml", TOWN), ("cuts.toml", CUTS), ("doors.toml", DOORS), ("same.toml", same)])
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

const COMPARE: &[&str] =
    &["compare", "town.toml", "cuts.toml", "doors.toml", "--replicates", "3", "--sets", "2", "--quiet"];

#[test]
fn each_scenario_of_a_comparison_is_what_it_would_be_alone() {
    let home = home();
    home.run(COMPARE).gives(0);
    for name in ["town", "cuts", "doors"] {
        home.run(&["run", &format!("{name}.toml"), "--quiet", "--out", &format!("alone/{name}")]).gives(0);
        let (paired, alone) = (format!("outputs/compare-town/runs/{name}"), format!("alone/{name}"));
        for file in ["weekly", "services", "lifecycle", "residents", "costs", "curves"] {
            let of = |folder: &str| fs::read(home.path(&format!("{folder}/{file}.parquet"))).expect("a table");
            assert!(of(&paired) == of(&alone), "{name}: {file} differs from a run alone");
        }
    }
    home.run(&["verify", "outputs/compare-town"]).gives(0);
    home.run(&["verify", "outputs/compare-town/runs/cuts", "--again"]).gives(0);
}

#[test]
fn a_comparison_has_the_same_bytes_on_one_thread_and_on_three() {
    let home = home();
    for threads in ["1", "3"] {
        let more = ["--threads", threads, "--out", threads];
        home.run(&[COMPARE, &more].concat()).gives(0);
    }
    for file in ["effects.parquet", "effects.csv", "money.csv", "report.html", "plots/engaged.svg", "dictionary.md"] {
        assert!(
            fs::read(home.path(&format!("1/{file}"))).expect("a file")
                == fs::read(home.path(&format!("3/{file}"))).expect("a file"),
            "{file}"
        );
    }
}

#[test]
fn scenarios_that_do_the_same_differ_by_exactly_nothing() {
    let home = home();
    let said =
        home.run(&["compare", "town.toml", "same.toml", "--replicates", "3", "--sets", "3"]).gives(0).out.clone();
    assert!(said.contains("no difference at all"), "{said}");
    let rows = home.table("outputs/compare-town/effects.csv");
    assert!(rows.len() > 300, "{} rows", rows.len());
    for row in &rows {
        for column in ["difference", "chance_low", "chance_high", "plausible_low", "plausible_high"] {
            assert_eq!(number(row, column), 0.0, "{column} of {row:?}");
        }
    }
}

#[test]
fn effects_hold_what_the_runs_hold() {
    let home = home();
    home.run(COMPARE).gives(0);
    let rows = home.table("outputs/compare-town/effects.csv");
    let find = |measure: &str, window: &str, scenario: &str| {
        let is = |row: &&Row| {
            row["measure"] == measure
                && row["window"] == window
                && row["scenario"] == scenario
                && row["group_by"] == "all"
        };
        rows.iter().find(is).unwrap_or_else(|| panic!("no row for {measure}, {window}, {scenario}"))
    };
    // The same means from runs of their own: replicates 0 to 2 of each scenario.
    let mean = |name: &str, column: &str, first: u32, last: u32| {
        let out = format!("alone/{name}");
        let arguments =
            ["run", &format!("{name}.toml"), "--quiet", "--replicates", "3", "--format", "csv", "--out", &out];
        if !home.path(&out).exists() {
            home.run(&arguments).gives(0);
        }
        let weekly = home.table(&format!("{out}/weekly.csv"));
        let within =
            |row: &&Row| row["group_by"] == "all" && (first..=last).contains(&row["week"].parse().expect("a week"));
        let values: Vec<f64> = weekly.iter().filter(within).map(|row| number(row, column)).collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    for (window, first, last) in [("year 1", 1, 52), ("all", 1, 60), ("goal", 60, 60)] {
        let row = find("engaged_share", window, "doors");
        let (base, option) = (mean("town", "engaged_share", first, last), mean("doors", "engaged_share", first, last));
        assert!((number(row, "baseline_mean") - base).abs() < 1e-9, "{window}: {row:?} against {base}");
        assert!((number(row, "scenario_mean") - option).abs() < 1e-9, "{window}: {row:?} against {option}");
        assert!((number(row, "difference") - (option - base)).abs() < 1e-9);
    }
    // What happens before a lever is in force is common to all.
    assert!(number(find("engaged", "year 1", "doors"), "difference") > 0.0, "a campaign brings nobody in");
    // Fifths of deprivation hold all residents: the town lies in the second decile, so in the first fifth.
    let fifth = rows.iter().find(|row| row["group_by"] == "deprivation_fifth" && row["measure"] == "residents");
    assert_eq!(fifth.map(|row| (row["group"].as_str(), number(row, "baseline_mean"))), Some(("1", 400.0)));
}

#[test]
fn costs_add_up_to_the_penny() {
    let home = home();
    home.run(COMPARE).gives(0);
    let money = home.table("outputs/compare-town/money.csv");
    let effects = home.table("outputs/compare-town/effects.csv");
    for name in ["cuts", "doors"] {
        let difference: f64 =
            money.iter().filter(|row| row["scenario"] == name).map(|row| number(row, "difference")).sum();
        let effect = effects.iter().find(|row| {
            row["measure"] == "cost" && row["window"] == "all" && row["scenario"] == name && row["group_by"] == "all"
        });
        let effect = number(effect.expect("a row of costs"), "difference");
        assert!((difference - effect).abs() < 0.005, "{name}: {difference} by purpose, {effect} in all");
        assert!(difference.abs() > 100.0, "{name} costs the same as the baseline");
    }
    let years: Vec<&str> = money.iter().map(|row| row["year"].as_str()).collect();
    assert!(years.contains(&"2025") && years.contains(&"2026") && !years.contains(&"2024"), "{years:?}");
}

#[test]
fn a_script_in_a_scenario_does_not_run_in_the_brief() {
    let home = home();
    home.run(COMPARE).gives(0);
    let page = home.read("outputs/compare-town/report.html");
    assert!(page.contains("&lt;script"), "a description stands in the page as it was written");
    // Scripts begin with what the program wrote: one that works the page, and one with the figures of each picture.
    let scripts: Vec<&str> = page.split("<script").skip(1).collect();
    let own =
        |script: &&&str| script.starts_with(">\"use strict\";") || script.starts_with(" type=\"application/json\">{");
    assert_eq!(scripts.iter().filter(own).count(), scripts.len(), "a script of somebody else's");
    assert_eq!(scripts.len(), 1 + page.matches("<section class=\"picture\"").count());
    assert_eq!(page.matches("</script").count(), scripts.len(), "a script ends where it should not");
    let page = page.replace("http://www.w3.org/", "");
    for fetched in ["http://", "https://", "src=", "url("] {
        assert!(!page.contains(fetched), "the page fetches something: {fetched}");
    }
}

#[test]
fn the_table_behind_a_picture_tells_what_the_runs_hold() {
    let home = home();
    let one = ["--replicates", "1", "--sets", "0", "--format", "csv", "--quiet"];
    home.run(&[&["compare", "town.toml", "doors.toml"][..], &one].concat()).gives(0);
    let share = |name: &str| {
        let rows = home.table(&format!("outputs/compare-town/runs/{name}/weekly.csv"));
        let row = rows.iter().find(|row| row["group_by"] == "all" && row["week"] == "52").expect("a week");
        100.0 * (number(row, "involved") + number(row, "collaborating")) / number(row, "residents")
    };
    let (base, option) = (share("town"), share("doors"));
    // The first picture is of the share who take part, and week 52 of a run from 7 April 2025 begins on 6 April 2026.
    let page = home.read("outputs/compare-town/report.html");
    let row = page.split("<th scope=\"row\">6 Apr 2026</th>").nth(1).and_then(|rest| rest.lines().next());
    let words = row.expect("a row of the first year").split(['<', '>']).map(|word| word.replace('−', "-"));
    let told: Vec<f64> = words.filter_map(|word| word.trim_end_matches('%').parse().ok()).collect();
    for (told, held) in told.iter().zip([base, option, option - base]) {
        assert!((told - held).abs() < 0.0501, "{told} where the runs hold {held}");
    }
    assert_eq!(told.len(), 3, "{row:?}");
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_reason_and_nothing_is_written() {
    let home = home();
    home.write("other.toml", TOWN.replace("residents = 400", "residents = 401").replace("\"town\"", "\"other\""));
    home.write("longer.toml", "extends = \"town.toml\"\n[scenario]\nname = \"longer\"\nweeks = 61\n");
    for (arguments, reason, code) in [
        (&["compare", "town.toml", "other.toml"][..], "their people", 3),
        (&["compare", "town.toml", "longer.toml"], "the weeks that they run", 3),
        (&["compare", "town.toml"], "at least one scenario to compare", 2),
        (&["compare", "town.toml", "town.toml"], "two scenarios are called town", 2),
    ] {
        home.refuses(arguments, code, &[reason]);
    }
}

#[test]
fn a_finished_comparison_is_not_replaced_unasked() {
    let home = home();
    home.run(&["compare", "town.toml", "same.toml", "--replicates", "1", "--sets", "0", "--quiet"]).gives(0);
    home.refuses(&["compare", "town.toml", "doors.toml", "--replicates", "1", "--sets", "0"], 2, &["--overwrite"]);
}

#[test]
fn what_is_done_with_one_run_is_refused_for_a_comparison_with_a_way_out() {
    let home = home();
    home.run(&["compare", "town.toml", "same.toml", "--replicates", "1", "--sets", "0", "--quiet"]).gives(0);
    home.refuses(&["plot", "outputs/compare-town"], 2, &["is a comparison", "outputs/compare-town/runs"]);
    home.refuses(&["verify", "outputs/compare-town", "--again"], 2, &["is a comparison", "outputs/compare-town/runs"]);
    home.run(&["plot", "outputs/compare-town/runs/same"]).gives(0);
}

#[test]
fn other_rules_of_the_model_are_told_below_the_answer() {
    let home = home();
    let weeks = ["--replicates", "1", "--sets", "2", "--quiet", "--variants"];
    home.run(&[&["compare", "town.toml", "doors.toml"][..], &weeks].concat()).gives(0);
    let page = home.read("outputs/compare-town/report.html");
    assert!(page.contains("Closed services may reopen"), "the brief says nothing of the variant");
}

#[test]
fn a_few_plausible_versions_are_not_told_as_if_they_said_how_sure_the_sign_is() {
    let home = home();
    let said = home.run(&COMPARE[..COMPARE.len() - 1]).gives(0).out.clone();
    assert!(said.contains("So few versions tell nothing of how sure the direction is"), "{said}");
    let page = home.read("outputs/compare-town/report.html");
    for word in
        ["nine tenths of versions", "agree on the direction", "turns the direction", "data-part=\"band\"", "NaN"]
    {
        assert!(!page.contains(word), "{word} where two versions were run");
    }
    home.run(&[&COMPARE[..COMPARE.len() - 3], &["--sets", "6", "--quiet", "--overwrite"]].concat()).gives(0);
    let page = home.read("outputs/compare-town/report.html");
    assert!(page.contains("of 6 plausible versions of the model agree") || page.contains("of the 6 agree"));
}

#[test]
fn sets_are_taken_until_the_direction_is_settled_and_no_further() {
    let home = home();
    let work = ["compare", "town.toml", "doors.toml", "--replicates", "1", "--set", "goal.week=20", "--quiet"];
    for threads in ["1", "3"] {
        home.run(&[&work[..], &["--until-decided", "--threads", threads, "--out", threads]].concat()).gives(0);
    }
    let page = home.read("1/report.html");
    assert!(page.contains("They were looked at once, after every 10; at the last it was settled for every option"));
    assert_eq!(page, home.read("3/report.html"));
    // The same sets as if ten had been asked for.
    home.run(&[&work[..], &["--sets", "10", "--out", "ten"]].concat()).gives(0);
    assert_eq!(home.read("1/effects.csv"), home.read("ten/effects.csv"));
    // What makes no difference is not settled by any number of sets.
    let same = ["compare", "town.toml", "same.toml", "--replicates", "1", "--quiet", "--until-decided", "--sets", "12"];
    home.run(&[&same[..], &["--out", "same"]].concat()).gives(0);
    let page = home.read("same/report.html");
    assert!(page.contains("looked at 2 times, after every 10; all that were allowed were run"));
    home.refuses(&[&same[..7], &["--sets", "0", "--out", "none"]].concat(), 2, &["there are none"]);
}

#[test]
fn how_long_an_effect_lasts_is_told_as_the_runs_have_it() {
    let home = home();
    let one = ["--replicates", "1", "--sets", "0", "--format", "csv", "--quiet", "--weeks", "130"];
    home.run(&[&["compare", "town.toml", "cuts.toml", "doors.toml"][..], &one].concat()).gives(0);
    let engaged = |name: &str, week: &str| {
        let rows = home.table(&format!("outputs/compare-town/runs/{name}/weekly.csv"));
        let row = rows.iter().find(|row| row["group_by"] == "all" && row["week"] == week).expect("a week");
        number(row, "involved") + number(row, "collaborating")
    };
    let difference = |week: &str| 100.0 * (engaged("doors", week) - engaged("town", week)) / 400.0;
    let page = home.read("outputs/compare-town/report.html");
    let lasting =
        page.split("How long it lasts").nth(2).and_then(|rest| rest.split("</table>").next()).expect("a table");
    assert!(!lasting.contains(">cuts<"), "cuts have no end");
    let cells: Vec<&str> = lasting.split("<td>").skip(2).map(|cell| cell.split(['<', ',']).next().unwrap()).collect();
    let told = |cell: &str| cell.replace('−', "-").replace('+', "").parse::<f64>().expect("a difference");
    for (cell, week) in cells.iter().zip(["20", "72", "124"]) {
        assert!((told(cell) - difference(week)).abs() < 0.0501, "{cell} in week {week}: {}", difference(week));
    }
    assert_eq!(cells[3..5], ["not simulated"; 2]);
}

/// What a run holds of a resident: changes of taking part as (week, verb), and weeks of taking part.
fn life(home: &Home, run: &str, resident: &str) -> (Vec<(u32, &'static str)>, u32) {
    let rows = home.table(&format!("outputs/compare-town/runs/{run}/lifecycle.csv"));
    let residents = home.table(&format!("outputs/compare-town/runs/{run}/residents.csv"));
    let end = residents.iter().find(|row| row["resident"] == resident).expect("everybody is listed");
    let mine = || rows.iter().filter(|row| row["resident"] == resident);
    let part = |rung: &str| ["involved", "collaborating"].contains(&rung);
    let first = mine().next().map_or(end["level"].as_str(), |row| row["from"].as_str());
    let (mut since, mut rung, mut weeks, mut verbs) = (0, first, 0, Vec::new());
    for row in mine() {
        let week: u32 = row["week"].parse().expect("a week");
        weeks += if part(rung) { week - since } else { 0 };
        match row["cause"].as_str() {
            "spontaneous" | "provider" | "outreach" | "friend" => verbs.push((week, "joins")),
            "stepped up" => verbs.push((week, "helps")),
            "left" => verbs.push((week, "leaves")),
            _ => {}
        }
        (since, rung) = (week, row["to"].as_str());
    }
    (verbs, weeks + if part(rung) { 60 - since } else { 0 })
}

#[test]
fn single_lives_are_told_as_the_runs_hold_them_and_as_illustrations() {
    let home = home();
    // Without a date weeks are told by their numbers.
    home.write("town.toml", TOWN.replace("start = 2025-04-07\n", ""));
    let one = ["--replicates", "1", "--sets", "0", "--format", "csv", "--quiet", "--overwrite"];
    let section = |more: &[&str]| {
        home.run(&[&["compare", "town.toml"], more, &one[..]].concat()).gives(0);
        let page = home.read("outputs/compare-town/report.html");
        let section = page.split("<section id=\"lives\">").nth(1).and_then(|rest| rest.split("</section>").next());
        section.expect("the brief tells of lives").to_owned()
    };
    let told = section(&["same.toml", "doors.toml"]);
    assert!(told.contains("Illustrations, not results"), "{told}");
    let (same, doors) = told.split_once("<h3>Doors</h3>").expect("both options");
    assert!(same.contains("No life differs") && !same.contains("<h4>"), "{same}");
    let verbs = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is = |place: usize| ["joins", "helps", "leaves"].into_iter().find(|verb| *verb == words[place]);
        let at = |place: usize| words[..place].ends_with(&["she"]) || words[..place].ends_with(&["he"]);
        let of = |place: usize| Some((words[place - 2].parse().ok()?, is(place).filter(|_| at(place))?));
        (2..words.len()).filter_map(of).filter(|(week, _)| *week > 0).collect::<Vec<(u32, &str)>>()
    };
    let mut told_of = BTreeSet::new();
    for story in doors.split("<h4>").skip(1) {
        let resident = story.split("(resident ").nth(1).and_then(|rest| rest.split(')').next());
        let resident = resident.unwrap_or_else(|| panic!("nobody in {story}"));
        let part = |head: &str| {
            let part = story.split(&format!("<dt>{head}</dt><dd>")).nth(1).and_then(|rest| rest.split("</dd>").next());
            part.unwrap_or_default()
        };
        let (without, with) = (life(&home, "town", resident), life(&home, "doors", resident));
        let both = part("In both");
        assert_eq!([verbs(both), verbs(part("In town"))].concat(), without.0, "{story}");
        assert_eq!([verbs(both), verbs(part("In doors"))].concat(), with.0, "{story}");
        match story.split('<').next() {
            Some("Someone who takes part in more weeks") => assert!(with.1 > without.1, "{story}"),
            Some("Someone who takes part in fewer weeks") => assert!(with.1 < without.1, "{story}"),
            Some("Someone who takes part in the same weeks") => assert!(with == without && with.1 > 0, "{story}"),
            other => panic!("{other:?}"),
        }
        told_of.insert(resident.to_owned());
    }
    assert_eq!(told_of.len(), 3, "three are told of, each once");
    let none = section(&["doors.toml", "--set", "record.lifecycle_replicates=0"]);
    assert!(none.contains("None are told") && !none.contains("<h4>"), "{none}");
}

#[test]
fn a_contrast_with_a_known_answer_is_found() {
    // Without friends, taking part is a chain of two states: its share is h / (h + mu) with h = 1 - exp(-rate). In a week the
    // share of 1,000 residents has variance p (1 - p) / 1000, at most .00025; a mean over a year is at least as sure. If pairs
    // shared nothing, the mean difference of 16 would have a standard error of at most sqrt(2 x .00025 / 16) = .0056.
    let chain = |rate: f64| {
        Still::new(1000, 520)
            .with(&[CLUB])
            .model(&[("spontaneous_invitations", rate), ("exit_involved", 0.02)])
            .scenario()
    };
    let scenarios = [chain(0.02), chain(0.03)];
    let on = |_: &PlausibleSet| -> Result<Vec<Scenario>, Problems> { unreachable!("no set is asked for") };
    let task =
        Task { scenarios: &scenarios, on, replicates: 16, sets: 0, until_decided: false, threads: 2, memory: 1e9 };
    let compared = task.run(Done::new(), &(), |_, _, _| Ok(())).expect("nobody stops it");
    let (grid, measure) = (&compared.grid, place("engaged_share").expect("a measure"));
    let effect = Effect::of(&compared.pairs, grid, 1, measure, grid.last_year().expect("ten years"), 0);
    let chance = |rate: f64| 1.0 - (-rate).exp();
    let share = |rate: f64| chance(rate) / (chance(rate) + chance(0.02));
    let known = share(0.03) - share(0.02);
    assert!((effect.difference - known).abs() < 5.0 * 0.0056, "{} where {known} is known", effect.difference);
    // Student's t with 15 degrees of freedom: 2.13 standard errors on each side; the error itself is known to a fifth.
    let half = (effect.chance.high - effect.chance.low) / 2.0;
    assert!(half > 0.0 && half < 2.13 * 0.0056 * 2.0, "half-width {half}");
}

#[test]
fn scenarios_that_cannot_be_paired_are_compared_when_that_is_asked_and_every_figure_says_so() {
    let home = home();
    home.write(
        "crowd.toml",
        TOWN.replace("name = \"town\"", "name = \"crowd\"").replace("residents = 400", "residents = 500"),
    );
    home.write("brief.toml", DOORS.replace("name = \"doors\"", "name = \"brief\"\nweeks = 55"));
    let compare = ["compare", "town.toml", "crowd.toml", "brief.toml", "--replicates", "6", "--sets", "0", "--quiet"];
    let refused = home.run(&compare);
    refused.gives(3);
    assert!(refused.err.contains("ask for --unpaired"), "{}", refused.err);
    home.run(&[&compare[..], &["--unpaired"]].concat()).gives(0);

    let rows = home.table("outputs/compare-town/effects.csv");
    assert!(rows.iter().all(|row| row["paired"] == "no" && row["variance_reduction"].is_empty()));
    assert!(rows.iter().all(|row| row["window"] != "all" || row["week"] == "55"), "all end with the first to end");
    // Each is what it is alone; chance works on both, so the interval is Welch's of the two.
    let alone = |file: &str, out: &str| {
        home.run(&["run", file, "--weeks", "55", "--replicates", "6", "--format", "csv", "--quiet", "--out", out])
            .gives(0);
        let weekly = home.table(&format!("{out}/weekly.csv"));
        let last = weekly.iter().filter(|row| row["week"] == "55" && row["group_by"] == "all");
        last.map(|row| number(row, "engaged_share")).collect::<Vec<f64>>()
    };
    let (town, crowd) = (alone("town.toml", "alone-town"), alone("crowd.toml", "alone-crowd"));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let variance = |values: &[f64]| values.iter().map(|v| (v - mean(values)).powi(2)).sum::<f64>() / 5.0;
    let row = rows
        .iter()
        .find(|row| {
            row["scenario"] == "crowd"
                && row["measure"] == "engaged_share"
                && row["window"] == "goal"
                && row["group"] == "all"
        })
        .expect("the goal's row");
    assert!((number(row, "difference") - (mean(&crowd) - mean(&town))).abs() < 1e-9, "{row:?}");
    let half = (number(row, "chance_high") - number(row, "chance_low")) / 2.0;
    let error = ((variance(&town) + variance(&crowd)) / 6.0).sqrt();
    // Student's t at 97.5 %: 2.23 for ten degrees of freedom, 2.57 for five, between which Satterthwaite's lie.
    assert!((2.22..2.58).contains(&(half / error)), "{half} against {error}");

    let page = home.read("outputs/compare-town/report.html");
    let captions = page.matches("<caption>").count();
    assert!(captions > 8 && page.matches("<caption>Not paired. ").count() == captions, "{captions} tables");
    assert!(home.read("outputs/compare-town/plots/engaged.svg").contains("Not paired."));
    assert!(page.contains("crowd differs from town in their people"));
    // Towns of other sizes: shares are told, not people.
    assert!(page.contains("points of a hundred") && page.contains("Crowd: `engaged_share` is about"), "{page}");
    home.run(&["verify", "outputs/compare-town/runs/brief", "--again"]).gives(0);
}

#[test]
fn the_six_es_say_what_the_runs_hold() {
    let home = home();
    // Everybody is asked, so a survey finds what is true.
    let more = ["--replicates", "1", "--sets", "0", "--format", "csv", "--quiet", "--set", "record.survey=100000"];
    home.run(&[&["compare", "town.toml", "doors.toml", "same.toml"], &more[..]].concat()).gives(0);
    let page = home.read("outputs/compare-town/report.html");
    let section = page.split("<section id=\"six\">").nth(1).and_then(|rest| rest.split("</section>").next());
    let section = section.expect("the brief has the six E's");
    for letter in ["Economy", "Efficiency", "Effectiveness", "Equity", "Empowerment", "Evaluation"] {
        assert!(section.contains(&format!("<strong>{letter}:</strong>")), "{letter}");
    }
    let near = section.split("How near a survey comes").nth(1).expect("evaluation");
    assert!(near.starts_with("<small>") && near.contains("400 residents are asked"), "{near}");
    assert!(near.contains("<td>1.000</td><td>1.000</td><td>1.000</td>"), "{near}");
    // Everybody lives in the second decile: there is no least deprived third.
    assert!(section.contains("<td>cannot be said</td>"), "{section}");

    // Satisfaction, from what each resident is at the end.
    let run = "outputs/compare-town/runs/doors";
    let residents = home.table(&format!("{run}/residents.csv"));
    let satisfied = |row: &Row| {
        let (r, part) = (number(row, "influence"), ["involved", "collaborating"].contains(&row["level"].as_str()));
        0.5 + 0.6 * (r - 0.5) + if part { 0.15 * (2.0 * r - 1.0) } else { 0.0 }
    };
    let expected = residents.iter().map(satisfied).sum::<f64>() / residents.len() as f64;
    let weekly = home.table(&format!("{run}/weekly.csv"));
    let last = weekly.iter().find(|row| row["week"] == "60" && row["group_by"] == "all").expect("the last week");
    assert!((number(last, "satisfaction_mean") - expected).abs() < 1e-5, "{last:?} against {expected}");

    // On whom hours rest is told of the last full year.
    let rows = home.table("outputs/compare-town/effects.csv");
    let of =
        |name: &str| rows.iter().find(|row| row["measure"] == "hours_top_share" && row["scenario"] == name).unwrap();
    let (doors, same) = (of("doors"), of("same"));
    assert_eq!((doors["window"].as_str(), doors["week"].as_str(), number(same, "difference")), ("year 1", "52", 0.0));
    assert!((0.07..1.0).contains(&number(doors, "baseline_mean")) && number(doors, "difference") != 0.0, "{doors:?}");
}

#[test]
fn a_thinned_place_is_told_in_people_and_pounds_of_the_whole() {
    let home = home();
    let place = |scale: &str, out: &str| {
        let haringey = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/haringey.toml");
        let outreach = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/outreach.toml");
        let set = format!("population.areas.scale={scale}");
        let less =
            ["--weeks", "13", "--replicates", "1", "--sets", "0", "--quiet", "--set", "scenario.spin_up=5", "--set"];
        home.run(&[&["compare", haringey, outreach, "--out", out], &less[..], &[&set]].concat()).gives(0);
        let rows = home.table(&format!("{out}/effects.csv"));
        let row =
            rows.iter().find(|row| row["measure"] == "residents" && row["window"] == "goal" && row["group"] == "all");
        let money = home.table(&format!("{out}/money.csv"));
        let spent =
            money.iter().filter(|row| row["scenario"] == "outreach").map(|row| number(row, "difference")).sum::<f64>();
        (number(row.expect("residents"), "baseline_mean"), spent)
    };
    for scale in ["0.02", "0.04"] {
        let (residents, spent) = place(scale, scale);
        // Two contacts for each of 212,873 people at 2.50 pounds, drawn one by one: 425,750 of them, of which a fiftieth is simulated
        // with a standard error of 1.1 %.
        assert!((residents / 212_873.0 - 1.0).abs() < 0.001, "{residents}");
        assert!((spent / (32_750.0 * 13.0 * 2.5) - 1.0).abs() < 0.05, "{spent}");
    }
}

#[test]
fn where_it_changes_is_told_by_larger_units_as_their_areas_have_it() {
    let ward = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/ward.toml");
    let doors = DOORS.replace("town.toml", ward).replace("= 60", "= 400");
    let home = Home::with(&[("doors.toml", &doors)]);
    let less = ["--weeks", "52", "--replicates", "1", "--sets", "0", "--set", "scenario.spin_up=26", "--format", "csv"];
    home.run(&[&["compare", ward, "doors.toml", "--quiet", "--out", "it"], &less[..]].concat()).gives(0);

    let areas: BTreeMap<String, Row> =
        home.table("it/runs/ward/areas.csv").into_iter().map(|row| (row["area"].clone(), row)).collect();
    // Mean over residents by what stands before the letter of each area's name.
    let mut means: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for row in home.table("it/effects.csv") {
        if row["group_by"] == "area" && row["measure"] == "engaged_share" && row["window"] == "year 1" {
            let area = &areas[&row["group"]];
            let name = area["name"].trim_end_matches(char::is_alphabetic).to_owned();
            let (sums, residents) = (means.entry(name).or_default(), number(area, "residents"));
            for (sum, value) in sums.iter_mut().zip([1.0, number(&row, "baseline_mean"), number(&row, "difference")]) {
                *sum += residents * value;
            }
        }
    }
    assert_eq!(means.len(), 4, "twelve areas in four larger units");
    let page = home.read("it/report.html");
    let (_, table) = page.split_once("<section id=\"where\">").expect("a section");
    for (name, [residents, baseline, difference]) in means {
        let (_, row) = table.split_once(&format!("<th scope=\"row\">{name}</th>")).expect("a row");
        let told: Vec<f64> = row
            .split("data-value=\"")
            .skip(1)
            .take(2)
            .map(|cell| cell.split('"').next())
            .map(|value| value.and_then(|value| value.parse().ok()).expect("a value"))
            .collect();
        for (told, held) in told.iter().zip([baseline / residents, difference / residents]) {
            assert!((told - held).abs() < 1e-6, "{name}: {told} where the areas hold {held}");
        }
    }
    assert!(home.path("it/plots/where-1.svg").exists());
}
