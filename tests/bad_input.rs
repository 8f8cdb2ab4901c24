//! Whatever is wrong with a scenario is pointed at where it stands, all of it at once.

use std::fs;
use std::path::{Path, PathBuf};

use groundswell::scenario::{self, Override, Problem, Problems, Scenario};
use proptest::prelude::*;
use tempfile::TempDir;

/// The least that a scenario must say: one line.
const LEAST: &str = "[population.synthetic]\n";

/// A folder with files in it.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(TempDir::new().unwrap());
        for (name, text) in files {
            fs::write(folder.path(name), text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn load(&self, name: &str, sets: &[&str]) -> Result<Scenario, Problems> {
        let sets: Vec<_> = sets.iter().map(ToString::to_string).collect();
        scenario::load(&self.path(name), &sets, &[])
    }

    fn problems(&self, name: &str, sets: &[&str]) -> Vec<Problem> {
        self.load(name, sets).expect_err("there should be a problem").into_iter().collect()
    }
}

/// The problems of a scenario of these lines after the least one.
fn problems(lines: &str) -> Vec<Problem> {
    Folder::with(&[("plan.toml", &format!("{LEAST}{lines}"))]).problems("plan.toml", &[])
}

fn lever(lines: &str) -> String {
    format!("[interventions.try]\nstart = 0\n{lines}")
}

/// The one problem there is: at this line and column, with this in its message and that in its way out.
#[track_caller]
fn expect(problems: &[Problem], line: u64, column: u64, message: &str, help: &str) {
    let [problem] = problems else { panic!("not one problem: {problems:#?}") };
    expect_one(problem, line, column, message, help);
}

#[track_caller]
fn expect_one(problem: &Problem, line: u64, column: u64, message: &str, help: &str) {
    assert_eq!((problem.line(), problem.column()), (Some(line), Some(column)), "{problem}");
    assert!(problem.message().contains(message), "{problem}");
    assert!(problem.help().unwrap_or_default().contains(help), "{problem}");
}

#[test]
fn the_least_scenario_is_valid_and_named_after_its_file() {
    let scenario = Folder::with(&[("my plan.toml", LEAST)]).load("my plan.toml", &[]).unwrap();
    assert_eq!((scenario.about.name.as_str(), scenario.about.weeks), ("my-plan", 520));
}

#[test]
fn a_typo_in_a_key_is_pointed_at() {
    expect(&problems("[scenario]\nwekes = 5\n"), 3, 1, "unknown key `wekes` in [scenario]", "did you mean `weeks`?");
}

#[test]
fn a_typo_in_a_section_is_pointed_at() {
    expect(&problems("[modle]\ntie_half_life = 5\n"), 2, 2, "unknown section `modle`", "did you mean `model`?");
    expect(&problems("[authorities.council]\nopenness = 0.5\n"), 2, 2, "unknown section", "authority_response");
}

#[test]
fn a_typo_in_a_word_is_pointed_at() {
    let text = lever("outreach = { channel = \"dor\" }");
    expect(&problems(&text), 4, 24, "`dor` is not known", "did you mean `door`?");
    expect(&problems("[goal]\nmeasure = \"engaged\"\n"), 3, 11, "`engaged` is not known", "engaged_share");
}

#[test]
fn a_wrong_type_is_pointed_at_with_the_right_way_to_write_it() {
    for (lines, message, help) in [
        ("[scenario]\nname = 5\n", "`scenario.name` must be a text; here stands a number", "in quotes: \"5\""),
        ("[scenario]\nseed = \"5\"\n", "must be a whole number; here stands a text", "without quotes: 5"),
        ("[scenario]\nseed = 5.5\n", "must be a whole number; here stands a number", "without a decimal point"),
        ("[record]\nties = \"yes\"\n", "must be true or false; here stands a text", "without quotes"),
        ("[scenario]\nstart = \"2025-04-07\"\n", "must be a date", "without quotes"),
        ("[scenario]\nstart = 2025-04-07T10:00:00\n", "must be a date", "2025-04-07"),
        ("[goal]\nwindow = 5\n", "must be a pair of weeks; here stands a number", "[0, 52]"),
        ("[model]\nforgetting = [1]\n", "must be a number; here stands a list", "0.5"),
    ] {
        let found = problems(lines);
        assert_eq!(found.len(), 1, "{lines}");
        assert_eq!(found[0].line(), Some(3));
        assert!(found[0].message().contains(message), "{}", found[0]);
        assert!(found[0].help().unwrap().contains(help), "{}", found[0]);
    }
    expect(&problems("scenario = 5\n"), 2, 1, "unknown key `scenario` in [population.synthetic]", "known");
    let found = Folder::with(&[("plan.toml", "scenario = 5\n[population.synthetic]\n")]).problems("plan.toml", &[]);
    expect(&found, 1, 12, "`scenario` must be a table; here stands a number", "[scenario]");
}

#[test]
fn a_key_outside_of_all_sections_is_pointed_at() {
    let found = Folder::with(&[("plan.toml", &format!("extend = \"base.toml\"\n{LEAST}"))]).problems("plan.toml", &[]);
    expect(&found, 1, 1, "unknown key `extend` outside of all sections", "did you mean `extends`?");
}

#[test]
fn a_value_out_of_range_is_pointed_at() {
    expect(&problems("[scenario]\nweeks = 0\n"), 3, 9, "must be from 1 to 52000; here stands 0", "");
    expect(&problems("[scenario]\nseed = -1\n"), 3, 8, "must be 0 or more; here stands -1", "");
    expect(&problems("[model]\ntie_gain = 1.5\n"), 3, 12, "must be from 0 to 1; here stands 1.5", "");
    let text = lever("segment = { deprivation = [1, 11] }\npublicity = {}\n");
    expect(&problems(&text), 4, 31, "must be from 1 to 10; here stands 11", "");
}

#[test]
fn numbers_that_are_none_or_without_end_are_refused() {
    for number in ["nan", "inf", "-inf", "+nan", "1e999", "99999999999999999999", "0xffffffffffffffffffffffffffffffff"]
    {
        let found = problems(&format!("[goal]\nthreshold = {number}\n[scenario]\nseed = {number}\n"));
        assert!(!found.is_empty() && found.iter().any(|problem| problem.line() == Some(5)), "{number}: {found:#?}");
    }
}

#[test]
fn a_missing_key_is_named_with_what_it_is_for() {
    let text = "[interventions.try]\npublicity = {}\n";
    expect(&problems(text), 2, 16, "`interventions.try.start` is missing", "add start = 52: The week it begins");
    expect(&problems("[services.hall]\n"), 2, 11, "`services.hall.kind` is missing", "kind = \"public\"");
}

#[test]
fn a_scenario_without_people_is_refused() {
    let found = Folder::with(&[("plan.toml", "[scenario]\n")]).problems("plan.toml", &[]);
    expect(&found, 1, 1, "does not say where its residents come from", "[population.synthetic]");
}

#[test]
fn two_kinds_at_once_are_refused() {
    let found = problems("[population.residents]\nfile = \".\"\n");
    expect(&found[..1], 2, 13, "`synthetic` and `residents` cannot stand together", "exactly one kind");
    expect(&problems("[network]\ncomplete = {}\nspatial = {}\n"), 4, 1, "cannot stand together", "exactly one kind");
    expect(&problems(&lever("publicity = {}\ntraining = {}\n")), 5, 1, "cannot stand together", "exactly one kind");
}

#[test]
fn a_lever_that_does_nothing_is_refused() {
    expect(&problems(&lever("")), 2, 16, "`try` does not say what it does", "outreach");
}

#[test]
fn a_lever_on_an_unknown_service_is_pointed_at() {
    let text = lever("services = [\"libary\"]\npublicity = {}\n[services.library]\nkind = \"public\"\n");
    expect(&problems(&text), 4, 13, "there is no service `libary`", "did you mean `library`?");
    let text = lever("services = [\"libary\"]\npublicity = {}\n");
    expect(&problems(&text), 4, 13, "there is no service `libary`", "[services.NAME]");
}

#[test]
fn a_window_that_never_opens_is_pointed_at() {
    expect(&problems(&lever("end = 0\npublicity = {}\n")), 4, 7, "the window never opens", "after the start");
    let text = "[interventions.try]\nstart = 520\npublicity = {}\n";
    expect(&problems(text), 3, 9, "the window never opens", "raise `scenario.weeks`");
    let off = "[interventions.try]\nstart = 520\npublicity = {}\nenabled = false\n";
    let scenario = Folder::with(&[("plan.toml", &format!("{LEAST}{off}"))]).load("plan.toml", &[]).unwrap();
    assert!(scenario.levers.is_empty());
}

#[test]
fn both_forms_of_austerity_at_once_are_refused_and_each_alone_makes_a_path() {
    let both = lever("austerity = { staff = [[0, 1.0]], staff_share = 0.5 }\n");
    expect(&problems(&both), 4, 49, "already says the whole path", "over_weeks");
    expect(&problems(&lever("austerity = {}\n")), 4, 1, "not said how much staff is kept", "staff_share");
    let backwards = lever("austerity = { staff = [[4, 1.0], [4, 0.5]] }\n");
    expect(&problems(&backwards), 4, 23, "each after the one before", "");
    let negative = lever("austerity = { staff = [[0, -0.1]] }\n");
    expect(&problems(&negative), 4, 28, "must be from 0 to 1000; here stands -0.1", "");
    for (form, path) in [
        ("staff = [[0, 1], [26, 0.25]]", vec![(0, 1.0), (26, 0.25)]),
        ("staff_share = 0.5, over_weeks = 52", vec![(0, 1.0), (52, 0.5)]),
        ("staff_share = 0.5", vec![(0, 0.5)]),
    ] {
        let text = format!("{LEAST}{}", lever(&format!("austerity = {{ {form} }}\n")));
        let scenario = Folder::with(&[("plan.toml", &text)]).load("plan.toml", &[]).unwrap();
        let scenario::Action::Austerity(austerity) = &scenario.levers[0].action else { panic!() };
        assert_eq!(austerity.staff, path);
    }
}

#[test]
fn outreach_to_a_segment_needs_one() {
    let text = lever("outreach = { targeting = \"segment\" }\n");
    expect(&problems(&text), 4, 12, "the segment to be asked is not said", "segment = {");
}

#[test]
fn shares_that_do_not_sum_to_one_are_pointed_at() {
    expect(&problems("class_higher = 0.5\n"), 2, 16, "come to 1.15, where 1 is needed", "class_routine = 0.3");
    expect(&problems("people_65_plus = 0.29\n"), 2, 18, "come to 1.1", "people_16_29 = 0.25");
    expect(&problems("part_time_share = 0\n"), 2, 19, "come to 0.75", "full_time_share = 0.6");
    expect(&problems("ethnic_shares = []\n"), 2, 17, "come to 0", "one share for each group");
    let text = "[model]\nstart_involved = 0.6\nstart_collaborating = 0.5\n";
    expect(&problems(text), 3, 18, "come to 1.1: more than all", "1 at most");
}

#[test]
fn more_areas_than_residents_and_an_odd_ring_are_refused() {
    expect(&problems("residents = 3\nareas = 4\n"), 3, 9, "4 areas are too many for 3 residents", "one resident");
    expect(&problems("[network.watts_strogatz]\nneighbours = 3\n"), 3, 14, "half on each side", "even");
}

#[test]
fn a_goal_outside_the_scenario_is_pointed_at() {
    expect(&problems("[goal]\nweek = 521\n"), 3, 8, "week 521", "raise");
    expect(&problems("[goal]\nwindow = [52, 52]\n"), 3, 10, "from week 52 to week 52", "a later one");
    expect(&problems("[goal]\nweek = 5\nwindow = [0, 52]\n"), 4, 10, "cannot stand together", "one of them");
}

#[test]
fn a_data_file_that_is_missing_is_pointed_at() {
    let folder = Folder::with(&[("plan.toml", "[population.areas]\nfile = \"gone.csv\"\n")]);
    expect(&folder.problems("plan.toml", &[]), 2, 8, "failed to open", "gone.csv");
    let folder = Folder::with(&[("plan.toml", "[population.areas]\nfile = \".\"\n")]);
    expect(&folder.problems("plan.toml", &[]), 2, 8, "it is a folder", "relative to the file");
}

#[test]
fn an_unknown_column_is_pointed_at() {
    let text = "[population.areas]\nfile = \"a.csv\"\ncolumns = { x_k = \"east\", y_km = 5 }\n";
    let found = Folder::with(&[("plan.toml", text), ("a.csv", "")]).problems("plan.toml", &[]);
    expect_one(&found[0], 3, 13, "unknown name `x_k`", "did you mean `x_km`?");
    expect_one(&found[1], 3, 34, "`population.areas.columns.y_km` must be a text", "in quotes");
}

#[test]
fn names_that_could_leave_the_folder_of_results_are_refused() {
    for name in ["", ".", "..", "a/b", "a\\\\b", "a b"] {
        let found = problems(&format!("[scenario]\nname = \"{name}\"\n"));
        expect(&found, 3, 8, "cannot be used as `scenario.name`", "letters, digits");
    }
    expect(&problems("[services.\"\"]\nkind = \"civic\"\n"), 2, 11, "cannot be used as a name", "");
}

#[test]
fn several_problems_are_reported_at_once_in_the_order_of_the_file() {
    let text = "[scenario]\nweeks = 0\nsead = 5\n[model]\ntie_gain = 2\n[services.hall]\n[goal]\nmeasure = 1\n";
    let lines: Vec<_> = problems(text).iter().map(Problem::line).collect();
    assert_eq!(lines, [Some(3), Some(4), Some(6), Some(7), Some(9)]);
    let all = Folder::with(&[("plan.toml", &format!("{LEAST}{text}"))]).load("plan.toml", &[]).unwrap_err();
    assert!(all.to_string().ends_with("\n5 problems; nothing was run"), "{all}");
}

#[test]
fn what_is_inherited_is_pointed_at_where_it_stands() {
    let folder = Folder::with(&[
        ("base.toml", "[population.synthetic]\n[scenario]\nweeks = 0\n"),
        ("plan.toml", "extends = \"base.toml\"\n[scenario]\nseed = 5\n"),
    ]);
    let found = folder.problems("plan.toml", &[]);
    expect(&found, 3, 9, "here stands 0", "");
    assert!(found[0].file().ends_with("base.toml"));
}

#[test]
fn a_table_is_inherited_key_by_key_through_a_chain() {
    let folder = Folder::with(&[
        ("a.toml", "[population.synthetic]\nresidents = 7\n[scenario]\nweeks = 10\nseed = 2\n"),
        ("b.toml", "extends = \"a.toml\"\n[scenario]\nweeks = 20\nreplicates = 3\n"),
        ("c.toml", "extends = \"b.toml\"\n[scenario]\nreplicates = 4\n"),
    ]);
    let about = folder.load("c.toml", &[]).unwrap().about;
    assert_eq!((about.name.as_str(), about.weeks, about.seed, about.replicates), ("c", 20, 2, 4));
}

#[test]
fn another_kind_replaces_the_inherited_one() {
    let base =
        "[population.areas]\nfile = \"gone.csv\"\n[interventions.try]\nstart = 3\nausterity = { staff = [[0, 1.0]] }\n";
    let folder = Folder::with(&[
        ("base.toml", base),
        ("door.toml", "extends = \"base.toml\"\n[population.synthetic]\n[interventions.try]\noutreach = {}\n"),
        (
            "half.toml",
            "extends = \"base.toml\"\npopulation.synthetic = {}\n[interventions.try.austerity]\nstaff_share = 0.5\n",
        ),
    ]);
    let lever = folder.load("door.toml", &[]).unwrap().levers.remove(0);
    assert!(lever.start == 3 && matches!(lever.action, scenario::Action::Outreach(_)));
    let lever = folder.load("half.toml", &[]).unwrap().levers.remove(0);
    assert_eq!(lever.action, scenario::Action::Austerity(scenario::Austerity { staff: vec![(0, 0.5)] }));
    let sets = ["population.synthetic.residents=5", "interventions.try.publicity.factor=3"];
    let lever = folder.load("base.toml", &sets).unwrap().levers.remove(0);
    assert!(matches!(lever.action, scenario::Action::Publicity(_)));
}

#[test]
fn a_scenario_that_extends_itself_is_refused_with_the_circle() {
    let folder = Folder::with(&[("a.toml", "extends = \"./a.toml\"\n")]);
    expect(&folder.problems("a.toml", &[]), 1, 11, "cannot extend itself", "out of the circle");
    let folder = Folder::with(&[
        ("a.toml", "extends = \"b.toml\"\n"),
        ("b.toml", "\nextends = \"c.toml\"\n"),
        ("c.toml", "extends = \"b.toml\"\n"),
    ]);
    let found = folder.problems("a.toml", &[]);
    expect(&found, 1, 11, "cannot extend itself", "");
    assert!(found[0].file().ends_with("c.toml") && !found[0].message().contains("a.toml"), "{}", found[0]);
    for part in ["b.toml -> ", "c.toml -> "] {
        assert!(found[0].message().contains(part), "{}", found[0]);
    }
}

#[test]
fn a_base_that_is_missing_is_pointed_at() {
    let folder = Folder::with(&[("a.toml", "extends = \"gone.toml\"\n")]);
    expect(&folder.problems("a.toml", &[]), 1, 11, "failed to read the base", "gone.toml");
    let folder = Folder::with(&[("a.toml", "extends = 5\n")]);
    expect(&folder.problems("a.toml", &[]), 1, 11, "`extends` must be a text", "extends = \"base.toml\"");
}

#[test]
fn an_argument_is_pointed_at_itself() {
    let folder = Folder::with(&[("plan.toml", LEAST)]);
    let found = folder.problems("plan.toml", &["scenario.weeks=5", "scenario.wekes = 5", "model.tie_gain= 7"]);
    assert_eq!(found.len(), 2);
    expect_one(&found[0], 1, 10, "unknown key `wekes`", "did you mean `weeks`?");
    expect_one(&found[1], 1, 17, "from 0 to 1; here stands 7", "");
    assert_eq!(found[0].file(), "argument --set");
    for (set, message) in [
        ("scenario.weeks", "there is no `=`"),
        ("=5", "not the path of a key"),
        ("a..b=5", "not the path of a key"),
        ("extends=x.toml", "stands in a file"),
        ("scenario.weeks=ten", "must be a whole number; here stands a text"),
    ] {
        let found = folder.problems("plan.toml", &[set]);
        assert!(found.len() == 1 && found[0].message().contains(message), "{set}: {found:#?}");
    }
}

#[test]
fn an_argument_sets_what_it_says_in_toml_or_as_a_bare_text() {
    let folder = Folder::with(&[("plan.toml", LEAST)]);
    let sets =
        ["scenario.name=other", "scenario.start=2025-04-07", "services.\"town hall\".kind=civic", "goal.window=[1, 9]"];
    let scenario = folder.load("plan.toml", &sets).unwrap();
    assert_eq!(scenario.about.name, "other");
    assert_eq!(scenario.about.start.unwrap().to_string(), "2025-04-07");
    assert_eq!((scenario.services[0].name.as_str(), scenario.goal.window), ("town hall", Some((1, 9))));
}

#[test]
fn an_option_is_pointed_at_itself() {
    let folder = Folder::with(&[("plan.toml", LEAST)]);
    let seed = |value: &str| Override { option: "--seed".into(), path: "scenario.seed".into(), value: value.into() };
    let found = scenario::load(&folder.path("plan.toml"), &["scenario.seed=3".into()], &[seed("-5")]).unwrap_err();
    expect(&found.iter().cloned().collect::<Vec<_>>(), 1, 8, "0 or more; here stands -5", "");
    assert_eq!(found.iter().next().unwrap().file(), "argument");
    let scenario = scenario::load(&folder.path("plan.toml"), &["scenario.seed=3".into()], &[seed("5")]).unwrap();
    assert_eq!(scenario.about.seed, 5);
}

#[test]
fn syntax_that_is_wrong_is_pointed_at_every_time() {
    let found = problems("[scenario]\nweeks = \nseed = 5\nseed = 6\nname = \"open\n");
    let lines: Vec<_> = found.iter().filter_map(Problem::line).collect();
    assert_eq!(lines, [3, 5, 6], "{found:#?}");
    assert!(found.iter().all(|problem| problem.message().starts_with("not valid TOML")));
}

#[test]
fn bytes_that_are_no_text_are_counted() {
    let folder = Folder::with(&[]);
    fs::write(folder.path("plan.toml"), b"[scenario]\nname = \"caf\xe9\"\n").unwrap();
    expect(&folder.problems("plan.toml", &[]), 2, 12, "byte 23 of this file is not UTF-8", "save the file as UTF-8");
}

#[test]
fn a_file_that_is_missing_or_a_folder_is_named() {
    let folder = Folder::with(&[]);
    let [problem] = &folder.problems("gone.toml", &[])[..] else { panic!() };
    assert!(problem.file().ends_with("gone.toml") && problem.message().contains("failed to read"), "{problem}");
    assert!(problem.line().is_none());
    let problems = scenario::load(Path::new("/"), &[], &[]).unwrap_err();
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_file_too_large_to_be_a_scenario_is_not_read() {
    let folder = Folder::with(&[]);
    fs::File::create(folder.path("plan.toml")).unwrap().set_len(5 << 20).unwrap();
    let [problem] = &folder.problems("plan.toml", &[])[..] else { panic!() };
    assert!(problem.message().contains("larger than 4 MB"), "{problem}");
}

#[test]
fn deep_nesting_is_refused_in_peace() {
    let key = vec!["a"; 70].join(".");
    let braces = format!("x = {}1{}\n", "{a.a.a.a.a.a.a = ".repeat(79), "}".repeat(79));
    let worst = format!("[{key}]\n{key} = {}1{}\n", format!("{{{key} = ").repeat(79), "}".repeat(79));
    for text in [
        format!("{} = 1\n", vec!["a"; 100_000].join(".")),
        format!("[{}]\n", vec!["a"; 100_000].join(".")),
        format!("x = {}\n", "[".repeat(100_000)),
        format!("x = {}\n", "{a=".repeat(100_000)),
        format!("x = {}1{}\n", "[".repeat(70), "]".repeat(70)),
        braces,
        worst,
    ] {
        let folder = Folder::with(&[("plan.toml", &text)]);
        let found = folder.load("plan.toml", &[]).unwrap_err();
        assert!(!found.to_string().is_empty());
        let set = text.replace(' ', "");
        assert!(Folder::with(&[("plan.toml", LEAST)]).load("plan.toml", &[set.trim()]).is_err());
    }
}

/// Texts near to a scenario: words of the format, signs of TOML and numbers, in any order.
fn near_scenario() -> impl Strategy<Value = String> {
    let words = [
        "scenario",
        "population",
        "synthetic",
        "areas",
        "network",
        "model",
        "services",
        "interventions",
        "austerity",
        "staff",
        "start",
        "weeks",
        "file",
        "extends",
        "x",
        "é",
        "=",
        "=",
        "=",
        ".",
        "[",
        "]",
        "{",
        "}",
        ",",
        "\n",
        "\n",
        "\r\n",
        " ",
        "\"",
        "'",
        "\"\"\"",
        "#",
        "1",
        "-5",
        "0.5",
        "1e999",
        "nan",
        "true",
        "2025-04-07",
        "\"a\"",
        "\u{0}",
        "\u{feff}",
    ];
    prop::collection::vec(prop::sample::select(words.to_vec()), 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let folder = Folder::with(&[]);
        fs::write(folder.path("plan.toml"), bytes).unwrap();
        if let Err(problems) = folder.load("plan.toml", &[]) {
            prop_assert!(!problems.is_empty() && !problems.to_string().is_empty());
        }
    }

    #[test]
    fn no_text_near_a_scenario_makes_it_panic(text in near_scenario()) {
        if let Err(problems) = Folder::with(&[("plan.toml", &text)]).load("plan.toml", &[]) {
            prop_assert!(!problems.is_empty() && !problems.to_string().is_empty());
        }
    }

    #[test]
    fn no_argument_makes_it_panic(text in ".*", near in near_scenario(), value in any::<f64>()) {
        let folder = Folder::with(&[("plan.toml", LEAST)]);
        let (number, texts) = (format!("goal.week={value}"), format!("{near}={text}"));
        for set in [&text, &near, &number, &texts, &format!("model.tie_gain={text}")] {
            if let Err(problems) = folder.load("plan.toml", &[set]) {
                prop_assert!(!problems.is_empty() && !problems.to_string().is_empty());
            }
        }
    }
}
