//! Tables of areas, residents and ties with something wrong: said with file, line and column, and nothing is written.

mod common;

use common::{Home, PROGRAM, Said, TINY};
use groundswell::experiment::ensemble;
use groundswell::network;
use groundswell::population::read::Plan;
use groundswell::scenario::{self, Problems, Scenario, TieKind};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use std::path::Path;

const HEADER: &str = "area,name,group,x_km,y_km,people_16_29,people_30_44,people_45_64,people_65_plus,\
                      class_higher,class_intermediate,class_routine";
const NORTH: &str = "N1,North,G1,0.0,0.0,40,50,60,30,0.3,0.3,0.4";
const SOUTH: &str = "S1,South,G1,1.0,0.0,20,30,40,20,0.2,0.4,0.4";

const OF_AREAS: &str = "[scenario]\nweeks = 5\nspin_up = 5\n[population.areas]\nfile = \"data.csv\"\n\
                        [services.hall]\nkind = \"public\"\n";
const OF_RESIDENTS: &str = "[scenario]\nweeks = 5\nspin_up = 5\n[population.residents]\nfile = \"data.csv\"\n\
                            [services.hall]\nkind = \"civic\"\n";
const OF_TIES: &str = "[scenario]\nweeks = 5\nspin_up = 5\n[population.residents]\nfile = \"people.csv\"\n\
                       [services.hall]\nkind = \"civic\"\n[network.edges]\nfile = \"data.csv\"\n";
const PEOPLE: &str = "id,area,age,sex\nann,a,34,women\nbob,a,70,men\ncat,b,16-29,women\ndan,b,50,men\n";

fn home(scenario: &str, data: &[u8]) -> Home {
    let home = Home::with(&[("plan.toml", scenario), ("people.csv", PEOPLE)]);
    home.write("data.csv", data);
    home
}

/// `run` and `check` both refuse the data with these words.
#[track_caller]
fn refused(scenario: &str, data: &[u8], words: &[&str]) -> Said {
    let home = home(scenario, data);
    home.refuses(&["check", "plan.toml"], 3, words);
    home.refuses(&["run", "plan.toml"], 3, words)
}

/// A table of areas with one cell of the second row replaced.
fn with_cell(column: &str, cell: &str) -> String {
    let place = HEADER.split(',').position(|name| name == column).unwrap();
    let mut cells: Vec<_> = SOUTH.split(',').collect();
    cells[place] = cell;
    format!("{HEADER}\n{NORTH}\n{}\n", cells.join(","))
}

#[track_caller]
fn refused_cell(column: &str, cell: &str, message: &str) {
    let column_note = format!("column `{column}`");
    refused(OF_AREAS, with_cell(column, cell).as_bytes(), &[message, "data.csv:3", &column_note, "1 problem;"]);
}

// Tables of areas.

#[test]
fn sound_tables_are_accepted() {
    let table = format!("{HEADER}\r\n{NORTH}\r\n{SOUTH}\r\n");
    home(OF_AREAS, table.as_bytes()).run(&["check", "plan.toml"]).gives(0).says(&["290 residents in 2 areas"]);
    let marked = format!("\u{feff}{HEADER}\n{NORTH}\n\n{SOUTH}");
    home(OF_AREAS, marked.as_bytes()).run(&["check", "plan.toml"]).gives(0).says(&["290 residents in 2 areas"]);
    home(OF_RESIDENTS, PEOPLE.as_bytes()).run(&["check", "plan.toml"]).gives(0).says(&["4 residents in 2 areas"]);
}

#[test]
fn a_row_that_was_cut_off_is_named_with_its_line() {
    let table = format!("{HEADER}\n{NORTH}\n{}", &SOUTH[..20]);
    refused(OF_AREAS, table.as_bytes(), &["cells, the header 12", "data.csv:3", "was the file cut off", "1 problem;"]);
    let table = format!("{HEADER}\n{NORTH},7\n{SOUTH}\n");
    refused(OF_AREAS, table.as_bytes(), &["this row has 13 cells, the header 12", "data.csv:2"]);
}

#[test]
fn a_table_that_is_no_utf_8_is_named_with_its_line() {
    let table = with_cell("name", "Caf\u{1}").replace('\u{1}', "?");
    let mut bytes = table.into_bytes();
    let place = bytes.iter().position(|byte| *byte == b'?').unwrap();
    bytes[place] = 0xe9;
    refused(OF_AREAS, &bytes, &["this row is not valid UTF-8", "data.csv:3", "save the file as UTF-8"]);
    bytes[0] = 0xff;
    refused(OF_AREAS, &bytes, &["the header is not valid UTF-8", "data.csv:1"]);
    let wide: Vec<u8> = format!("{HEADER}\n{NORTH}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(OF_AREAS, &wide, &["data.csv:1"]);
}

#[test]
fn a_cell_that_holds_no_sensible_number_is_named_with_its_column() {
    refused_cell("people_30_44", "3O", "`3O` is not a number");
    refused_cell("people_30_44", "", "the cell is empty");
    refused_cell("people_30_44", "-5", "-5 is out of range");
    refused_cell("people_30_44", "1e12", "1e12 is out of range");
    refused_cell("people_30_44", "1e999", "1e999 is out of range");
    refused_cell("people_30_44", "2.5", "2.5 is not a whole number");
    refused_cell("people_30_44", "NaN", "NaN is out of range");
    refused_cell("people_30_44", "\"1,200\"", "`1,200` is not a number");
    refused_cell("x_km", "inf", "inf is out of range");
    refused_cell("x_km", "529176", "529176 is out of range");
    refused_cell("class_higher", "0.7", "these shares sum to 1.500, not to 1");
    refused_cell("area", "N1", "this area stands twice");
    refused_cell("area", " ", "the area has no code");
}

#[test]
fn shares_given_per_cent_are_refused() {
    let table = format!("{HEADER}\nN1,North,G1,0,0,40,50,60,30,30,30,40\n");
    refused(OF_AREAS, table.as_bytes(), &["30 is out of range", "a number from 0 to 1 is expected", "data.csv:2"]);
}

#[test]
fn an_area_without_residents_is_refused() {
    let table = format!("{HEADER}\n{NORTH}\nS1,South,G1,1,0,0,0,0,0,0.2,0.4,0.4\n");
    let words = ["area `S1` has no residents", "data.csv:3", "leave the area out with `pick`"];
    refused(OF_AREAS, table.as_bytes(), &words);
    let home = home(OF_AREAS, table.as_bytes());
    home.run(&["check", "plan.toml", "--set", "population.areas.pick=[\"North\"]"]).gives(0);
    let none = ["run", "plan.toml", "--set", "population.areas.pick=[\"Nroth\"]"];
    home.refuses(&none, 3, &["no area has the code, name or group `Nroth` that `pick` asks for"]);
}

#[test]
fn a_scale_that_leaves_an_area_empty_is_refused() {
    let home = home(OF_AREAS, format!("{HEADER}\n{NORTH}\n{SOUTH}\n").as_bytes());
    let words = ["no resident is left in area", "multiplied by 0.0001", "population.areas.scale"];
    for command in ["check", "run"] {
        home.refuses(&[command, "plan.toml", "--set", "population.areas.scale=0.0001"], 3, &words);
    }
}

#[test]
fn a_table_without_rows_is_refused() {
    refused(OF_AREAS, format!("{HEADER}\n").as_bytes(), &["the file has no rows", "a header and at least one row"]);
    refused(OF_AREAS, HEADER.as_bytes(), &["the file has no rows"]);
    refused(OF_AREAS, b"", &["the file has no rows"]);
    refused(OF_RESIDENTS, b"id\n", &["the file has no rows"]);
    refused(OF_RESIDENTS, b"", &["the file has no rows"]);
}

#[test]
fn a_missing_column_is_named_with_the_nearest_one_there_is() {
    let table = format!("{HEADER}\n{NORTH}\n").replace("people_45_64", "people_45-64");
    let words = ["there is no column `people_45_64`; the nearest is `people_45-64`", "columns = { people_45_64 ="];
    refused(OF_AREAS, table.as_bytes(), &words);
    let renamed = format!("{OF_AREAS}[population.areas.columns]\nwomen_share = \"womn\"\n");
    let table = format!("{HEADER},women\n{NORTH},0.5\n");
    refused(&renamed, table.as_bytes(), &["there is no column `womn`; the nearest is `women`"]);
    let ethnic = OF_AREAS.replace("[services", "ethnic = [\"white\", \"blakc\"]\n[services");
    let table = format!("{HEADER},white,black\n{NORTH},0.5,0.5\n");
    refused(&ethnic, table.as_bytes(), &["there is no column `blakc`; the nearest is `black`"]);
    refused(OF_RESIDENTS, b"ID,sex\n1,women\n", &["there is no column `id`; the nearest is `ID`"]);
}

#[test]
fn a_column_that_stands_twice_is_refused() {
    let table = format!("{HEADER},x_km\n{NORTH},3\n");
    refused(OF_AREAS, table.as_bytes(), &["this column stands twice", "column `x_km`", "data.csv:1"]);
}

/// The lines of the table that a message names, in its order.
fn lines_named(err: &str) -> Vec<u32> {
    err.lines().filter_map(|line| line.split("data.csv:").nth(1)?.parse().ok()).collect()
}

#[test]
fn all_problems_of_a_table_are_told_at_once_in_order_and_only_so_many() {
    let bad = "S1,South,G1,1,0,x,-1,1,1,0.9,0.9,0.9\nS2,South,G1,1,0,0,0,0,0,1,0,0\nN1,,,0,0,1,1,1,1,1,0,0\n";
    let words = ["`x` is not a number", "-1 is out of range", "sum to 2.700", "`S2` has no residents", "stands twice"];
    let err = refused(OF_AREAS, format!("{HEADER}\n{NORTH}\n{bad}").as_bytes(), &words).err;
    assert_eq!(lines_named(&err), [3, 3, 3, 4, 5], "{err}");
    let rows: String = (0..150).map(|area| format!("A{area},,,0,0,one,1,1,1,1,0,0\n")).collect();
    refused(OF_AREAS, format!("{HEADER}\n{rows}").as_bytes(), &["... and 50 more", "150 problems; nothing was run"]);
}

#[test]
fn a_row_that_was_cut_off_does_not_hide_what_is_wrong_with_the_others() {
    let table = with_cell("people_30_44", "x") + "T1,Third\nU1,,,0,0,-1,1,1,1,1,0,0\n";
    let err = refused(OF_AREAS, table.as_bytes(), &["has 2 cells, the header 12"]).err;
    assert_eq!(lines_named(&err), [3, 4, 5], "{err}");
    let err = refused(OF_RESIDENTS, b"id,sex\n1,w\n2\n3,m\n", &["this row has 1 cells, the header 2"]).err;
    assert_eq!(lines_named(&err), [2, 3, 4], "{err}");
}

#[test]
fn a_cell_that_swallows_the_rest_of_the_file_is_not_printed_whole() {
    let many: String = (0..20_000).map(|area| format!("A{area},,,0,0,1,1,1,1,1,0,0\n")).collect();
    let open = format!("{HEADER}\n{NORTH}\n{}\"0.4\n{many}", SOUTH.strip_suffix("0.4").unwrap());
    let err = refused(OF_AREAS, open.as_bytes(), &["is not a number", "data.csv:3"]).err;
    assert!(err.len() < 4000, "{} bytes were printed: {}...", err.len(), &err[..300]);
}

#[test]
fn control_characters_of_a_table_do_not_reach_the_terminal() {
    let table = with_cell("people_30_44", "\u{1b}]0;mine\u{7}\u{1b}[31mred");
    let err = refused(OF_AREAS, table.as_bytes(), &["is not a number"]).err;
    assert!(!err.contains(['\u{1b}', '\u{7}']), "{err:?}");
}

// How many.

#[test]
fn counts_that_together_are_beyond_the_memory_give_2() {
    let rows: String = (0..20).map(|area| format!("A{area},,,0,0,1000000,1000000,1000000,1000000,1,0,0\n")).collect();
    let home = home(OF_AREAS, format!("{HEADER}\n{rows}").as_bytes());
    let words =
        ["80000000 residents would take about", "GB of memory, and 1.0 GB may be used", "population.areas.scale"];
    home.refuses(&["run", "plan.toml", "--memory-limit", "1000M"], 2, &[words[0], words[2]]);
}

/// Every cell may be right, and the town impossible all the same.
#[cfg(target_os = "linux")]
#[test]
fn counts_that_together_are_beyond_any_town_do_not_bring_the_program_down() {
    let rows: String =
        (0..100).map(|area| format!("A{area},,,0,0,100000000,100000000,100000000,100000000,1,0,0\n")).collect();
    let home = home(OF_AREAS, format!("{HEADER}\n{rows}").as_bytes());
    for (command, codes) in [
        ("run plan.toml", &[2, 3][..]),
        ("run plan.toml --memory-limit 1000T", &[2, 3]),
        ("check plan.toml", &[0, 2, 3]),
    ] {
        let said = home.shell(&format!("ulimit -v 400000 && exec {PROGRAM} {command} --threads 2"));
        assert!(said.code.is_some_and(|code| codes.contains(&code)), "{command}: {said:#?}");
        assert!(!said.err.contains("memory allocation"), "{command}: {}", said.err);
    }
}

// Tables of residents.

#[track_caller]
fn refused_resident(header: &str, cells: &str, words: &[&str]) {
    let table = format!("id,{header}\n1,{}\n2,{cells}\n", header.split(',').map(|_| "").collect::<Vec<_>>().join(","));
    let home = home(OF_RESIDENTS, table.as_bytes());
    home.refuses(&["check", "plan.toml"], 3, words);
}

#[test]
fn what_is_wrong_with_a_resident_is_named() {
    refused_resident(
        "class",
        "hihger",
        &["`hihger` is not known here", "data.csv:3", "accepted: higher, intermediate"],
    );
    refused_resident("sex", "w", &["`w` is not known here", "accepted: women, men"]);
    refused_resident("age", "old", &["`old` is not an age", "years from 16 to 120, or one of 16-29"]);
    let share = |name: &str| format!("id,{name}\n1,0.5\n2,1.5\n3,\n4,half\n");
    for name in ["capability", "influence", "time_available"] {
        let words = ["1.5 is out of range", "the cell is empty", "`half` is not a number", "3 problems;"];
        refused(OF_RESIDENTS, share(name).as_bytes(), &words);
    }
    refused(OF_RESIDENTS, b"id,imd_decile\n1,0\n2,11\n", &["0 is out of range", "11 is out of range", "2 problems"]);
    refused(OF_RESIDENTS, b"id\n1\n2\n1\n", &["the id `1` is empty or stands twice", "data.csv:4"]);
    refused(OF_RESIDENTS, b"id,sex\n,men\n", &["the id `` is empty or stands twice", "data.csv:2"]);
    let groups: String = (0..70).map(|n| format!("{n},group {n}\n")).collect();
    refused(OF_RESIDENTS, format!("id,ethnicity\n{groups}").as_bytes(), &["70 ethnic groups, at most 64"]);
    refused(OF_RESIDENTS, b"id,sex\n1,men\n2\n", &["this row has 1 cells, the header 2", "data.csv:3"]);
    refused(OF_RESIDENTS, b"id,area\n1,a\n2,\xe9\n", &["this row is not valid UTF-8", "data.csv:3"]);
}

#[test]
fn an_age_that_nobody_has_is_refused() {
    for age in ["-5", "nan", "inf", "1e300", "999"] {
        refused_resident("age", age, &["data.csv:3", "column `age`"]);
    }
}

// Lists of ties.

/// `run` refuses a list of ties with these words.
#[track_caller]
fn refused_ties(data: &[u8], words: &[&str]) {
    home(OF_TIES, data).refuses(&["run", "plan.toml"], 3, words);
}

#[test]
fn what_is_wrong_with_a_tie_is_named() {
    refused_ties(b"a,b\nann,bob\nann,eve\n", &["there is no resident `eve`", "data.csv:3", "column `b`"]);
    refused_ties(b"a,b\nann,bob\nann,\n", &["there is no resident ``", "data.csv:3"]);
    refused_ties(b"a,b\nann,bob\ncat,cat\n", &["a tie of `cat` to itself", "data.csv:3"]);
    for strength in ["strong", "-0.1", "1.01", "nan", "inf", "1e999"] {
        let list = format!("a,b,strength\nann,bob,{strength}\n");
        refused_ties(list.as_bytes(), &[strength, "data.csv:2", "column `strength`", "a number from 0 to 1"]);
    }
    refused_ties(b"a,b,kind\nann,bob,friend\n", &["`friend` is not known here", "lasting, neighbour, made"]);
    refused_ties(b"a,b\nann,bob\nann\n", &["data.csv:3", "was the file cut off?"]);
    refused_ties(b"a,b\nann,bob\nann,b\xf6b\n", &["data.csv:3", "UTF-8"]);
    refused_ties(b"a,b\xff\nann,bob\n", &["the header is not valid UTF-8"]);
    refused_ties(b"from,b\nann,bob\n", &["there is no column `a`", "columns = { a = \"their name\" }"]);
    refused_ties(b"", &["the file has no rows"]);
    let all = b"a,b,strength,kind\nann,eve,2,friend\nbob,bob,,\n";
    refused_ties(all, &["`eve`", "2 is out of range", "`friend`", "`bob` to itself", "4 problems; nothing was run"]);
}

#[test]
fn check_finds_what_is_wrong_with_a_list_of_ties() {
    home(OF_TIES, b"a,b\nann,eve\n").refuses(&["check", "plan.toml"], 3, &["there is no resident `eve`"]);
}

#[test]
fn a_column_of_ties_that_stands_twice_is_refused() {
    refused_ties(b"a,b,a\nann,bob,cat\n", &["this column stands twice"]);
}

#[test]
fn a_column_of_ties_that_the_scenario_names_and_the_file_lacks_is_refused() {
    let named = format!("{OF_TIES}columns = {{ strength = \"wieght\" }}\n");
    let home = home(&named, b"a,b,weight\nann,bob,0.9\n");
    home.refuses(&["run", "plan.toml"], 3, &["there is no column `wieght`; the nearest is `weight`"]);
}

#[test]
fn repeats_and_directions_of_ties_are_merged_and_the_report_says_how_many() {
    let home = home(OF_TIES, b"a,b\nann,bob\nbob,ann\nann,bob\ncat,dan\ndan,cat\nann,cat\n");
    home.run(&["run", "plan.toml", "--quiet"]).gives(0);
    let words = "3 rows of the list of ties repeated another, in either direction, and were merged";
    assert!(home.read("outputs/plan/report.html").contains(words));
    let manifest: serde_json::Value = serde_json::from_str(&home.read("outputs/plan/manifest.json")).unwrap();
    assert_eq!(manifest["run"]["ties"], 3);
}

#[test]
fn of_repeated_ties_the_strongest_counts() {
    let list = b"a,b,strength,kind\nann,bob,0.25,lasting\nbob,ann,0.75,made\nann,bob,0.5,neighbour\ncat,dan,,\n";
    let made = ties(&load(&home(OF_TIES, list))).unwrap();
    assert_eq!(made.merged, 2);
    let found: Vec<_> = made.edges.iter().map(|edge| (edge.a, edge.b, edge.strength.share(), edge.kind)).collect();
    assert_eq!(found, [(0, 1, 0.75, TieKind::Made), (2, 3, found[1].2, TieKind::Lasting)]);
    assert!((found[1].2 - 0.7).abs() < 1e-4);
}

#[test]
fn ties_of_made_up_people_go_by_their_numbers() {
    let scenario = format!("{TINY}[network.edges]\nfile = \"data.csv\"\n");
    let home = home(&scenario, b"a,b\n0,299\n0,300\n");
    home.refuses(&["run", "plan.toml"], 3, &["there is no resident `300`", "data.csv:3", "1 problem;"]);
}

// Anything at all.

fn load(home: &Home) -> Scenario {
    scenario::load(&home.path("plan.toml"), &[], &[]).unwrap()
}

fn ties(scenario: &Scenario) -> Result<network::Given, Problems> {
    let town = ensemble::town(scenario, Plan::read(scenario)?)?;
    ensemble::given_network(scenario, &town).map(Option::unwrap_or_default)
}

/// Reads people and ties as a run would, unless there are too many people for a test.
fn read(scenario: &Scenario) -> Result<(), Problems> {
    if Plan::read(scenario)?.size().residents < 10_000 { ties(scenario).map(drop) } else { Ok(()) }
}

/// Texts near to a table with these columns: rows of cells that could stand there, some of them spoilt.
fn near_table(columns: &'static [&'static str], cells: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let header = prop::sample::subsequence(columns, columns.len().saturating_sub(1)..=columns.len()).prop_shuffle();
    let row = prop::collection::vec(prop::sample::select(cells), columns.len() - 1..=columns.len());
    let rows = prop::collection::vec(row, 0..8);
    let whole = prop_oneof![8 => Just(None), 1 => any::<(prop::sample::Index, u8)>().prop_map(Some)];
    (header, rows, whole).prop_map(|(header, rows, spoilt)| {
        let rows: String = rows.iter().map(|row| format!("{}\n", row.join(","))).collect();
        let mut bytes = format!("{}\n{rows}", header.join(",")).into_bytes();
        if let Some((place, byte)) = spoilt {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes
    })
}

const AREA_COLUMNS: &[&str] = &[
    "area",
    "x_km",
    "y_km",
    "people_16_29",
    "people_30_44",
    "people_45_64",
    "people_65_plus",
    "class_higher",
    "class_intermediate",
    "class_routine",
];
const AREA_CELLS: &[&str] =
    &["0", "1", "1", "1", "0", "7", "0.5", "-1", "", " ", "x", "nan", "1e9", "é", "\"", "\"1\""];
const RESIDENT_COLUMNS: &[&str] = &["id", "area", "age", "sex", "class", "capability", "x_km", "ethnicity"];
const RESIDENT_CELLS: &[&str] =
    &["1", "2", "3", "0", "0.5", "", "women", "higher", "16-29", "-1", "nan", "é", "\"", "5"];
const TIE_COLUMNS: &[&str] = &["a", "b", "strength", "kind"];
const TIE_CELLS: &[&str] = &["ann", "bob", "cat", "dan", "eve", "", "0.5", "lasting", "nan", "-1", "\"", "é"];

/// Whatever the bytes, the library answers with problems that can be shown, or with a town.
fn never_panics(scenario: &str, data: &[u8]) -> Result<(), TestCaseError> {
    let home = home(scenario, data);
    if let Err(problems) = read(&load(&home)) {
        prop_assert!(!problems.is_empty() && !problems.to_string().is_empty());
    }
    Ok(())
}

/// The same of the program itself.
fn program_never_panics(scenario: &str, data: &[u8]) -> Result<(), TestCaseError> {
    let home = home(scenario, data);
    let said = home.run(&["check", "plan.toml"]);
    prop_assert!(matches!(said.code, Some(0 | 3)), "{:?}: {}", said.code, said.err);
    prop_assert!(!said.err.contains("panicked") && said.err.is_empty() == (said.code == Some(0)), "{}", said.err);
    Ok(())
}

fn cases(cases: u32) -> ProptestConfig {
    let kept = FileFailurePersistence::WithSource("regressions");
    ProptestConfig { cases, failure_persistence: Some(Box::new(kept)), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn no_bytes_as_data_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for scenario in [OF_AREAS, OF_RESIDENTS, OF_TIES] {
            never_panics(scenario, &bytes)?;
        }
    }

    #[test]
    fn no_rows_of_bytes_under_a_sound_header_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for (scenario, header) in [(OF_AREAS, HEADER), (OF_RESIDENTS, "id,area,age"), (OF_TIES, "a,b,strength")] {
            never_panics(scenario, &[header.as_bytes(), b"\n", &bytes].concat())?;
        }
    }

    #[test]
    fn nothing_near_a_table_of_areas_makes_it_panic(bytes in near_table(AREA_COLUMNS, AREA_CELLS)) {
        never_panics(OF_AREAS, &bytes)?;
    }

    #[test]
    fn nothing_near_a_table_of_residents_makes_it_panic(bytes in near_table(RESIDENT_COLUMNS, RESIDENT_CELLS)) {
        never_panics(OF_RESIDENTS, &bytes)?;
    }

    #[test]
    fn nothing_near_a_list_of_ties_makes_it_panic(bytes in near_table(TIE_COLUMNS, TIE_CELLS)) {
        never_panics(OF_TIES, &bytes)?;
    }

    #[test]
    fn one_cell_of_a_table_of_areas_may_be_anything(
        column in prop::sample::select(AREA_COLUMNS),
        cell in prop_oneof![
            any::<f64>().prop_map(|number| number.to_string()),
            "[ -~]{0,12}",
            any::<i64>().prop_map(|number| number.to_string()),
        ],
    ) {
        let cell = format!("\"{}\"", cell.replace('"', "\"\""));
        never_panics(OF_AREAS, with_cell(column, &cell).as_bytes())?;
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn the_program_answers_any_bytes_with_0_or_3(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        areas in near_table(AREA_COLUMNS, AREA_CELLS),
        residents in near_table(RESIDENT_COLUMNS, RESIDENT_CELLS),
    ) {
        program_never_panics(OF_AREAS, &bytes)?;
        program_never_panics(OF_RESIDENTS, &bytes)?;
        program_never_panics(OF_AREAS, &areas)?;
        program_never_panics(OF_RESIDENTS, &residents)?;
    }
}

#[test]
fn the_shipped_data_are_sound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let areas = root.join("data/haringey/areas.csv");
    let home = Home::with(&[("plan.toml", &OF_AREAS.replace("data.csv", areas.to_str().unwrap()))]);
    assert_eq!(Plan::read(&load(&home)).unwrap().size().areas, 145);
}
