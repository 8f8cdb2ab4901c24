//! Villages as field studies give them: the invented one that ships is what its rule makes, and runs; and the real ones of
//! the Korean study of 1973, where they lie on this machine.

mod common;
mod towns;

use common::Home;
use groundswell::experiment::ensemble;
use groundswell::network::measure::measure;
use groundswell::network::{Edge, Given};
use groundswell::scenario::{self, Scenario};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// SplitMix64 (Steele, Lea and Flood 2014), apart from the program so that the files never change with it.
struct Chance(u64);

impl Chance {
    /// A whole number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// People in each hamlet, and its place.
const HAMLETS: [(u64, &str, &str); 3] = [(48, "0.0", "0.0"), (36, "1.2", "0.4"), (30, "0.5", "1.6")];

/// The two files, as the README beside them says.
fn made() -> [(&'static str, String); 2] {
    let mut chance = Chance(7);
    let mut people = "person,hamlet,east_km,north_km,years,gender,choir\n".to_owned();
    let mut links = "from,to,relation,rank\n".to_owned();
    for (hamlet, (size, east, north)) in (1..).zip(HAMLETS) {
        for number in 1..=size {
            let years = match chance.below(12) {
                0 => String::new(),
                _ => (16 + chance.below(70)).to_string(),
            };
            let gender = ["women", "men"][chance.below(2) as usize];
            let choir = u64::from(chance.below(5) == 0);
            people += &format!("{hamlet}-{number},{hamlet},{east},{north},{years},{gender},{choir}\n");
        }
    }
    for (hamlet, (size, ..)) in (1..).zip(HAMLETS) {
        for own in 1..=size {
            for (relation, reach) in [("friend", 12), ("kin", 4), ("neighbour", 2), ("advice", 0)] {
                let mut named = BTreeSet::new();
                for rank in 1..=chance.below(4) {
                    let (place, other) = if relation == "advice" {
                        (hamlet, 1 + chance.below(6))
                    } else if relation == "friend" && chance.below(10) == 0 {
                        let place = 1 + chance.below(3);
                        (place, 1 + chance.below(HAMLETS[place as usize - 1].0))
                    } else {
                        // Round the lane, so that the last house is next to the first.
                        (hamlet, (own + size - reach + chance.below(2 * reach + 1) - 1) % size + 1)
                    };
                    if (place, other) != (hamlet, own) && named.insert((place, other)) {
                        links += &format!("{hamlet}-{own},{place}-{other},{relation},{rank}\n");
                    }
                }
            }
        }
    }
    [("people.csv", people), ("links.csv", links)]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/village")
}

#[test]
fn the_shipped_files_are_what_their_rule_makes() {
    for (name, text) in made() {
        let path = folder().join(name);
        if std::env::var_os("UPDATE_DATA").is_some() {
            std::fs::write(&path, &text).expect("data can be written");
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(there == text, "data/village/{name} is not what the rule makes: UPDATE_DATA=1 cargo test data_village");
    }
}

/// The cells of a file by the names of its columns.
fn cells(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the file");
    reader.deserialize().collect::<Result<_, _>>().expect("rows of equal length, in UTF-8")
}

/// The pairs that some relations name, in either direction.
fn pairs(links: &[BTreeMap<String, String>], relations: &[&str]) -> BTreeSet<[String; 2]> {
    let of = links.iter().filter(|link| relations.contains(&link["relation"].as_str()));
    of.map(|link| {
        let mut pair = [link["from"].clone(), link["to"].clone()];
        pair.sort();
        pair
    })
    .collect()
}

/// A town and its ties, as a run would read them.
fn read(scenario: &Scenario) -> (groundswell::model::town::Town, Given) {
    let town = towns::town(scenario);
    let given = ensemble::given_network(scenario, &town).unwrap_or_else(|problems| panic!("{problems}"));
    (town, given.expect("a network from a file"))
}

/// The ties of a town by the names of residents.
fn named(town: &groundswell::model::town::Town, edges: &[Edge]) -> BTreeSet<[String; 2]> {
    let names = town.people.names.as_ref().expect("names");
    let name = |end: u32| names[end as usize].clone();
    edges
        .iter()
        .map(|edge| {
            let mut pair = [name(edge.a), name(edge.b)];
            pair.sort();
            pair
        })
        .collect()
}

#[test]
fn the_shipped_village_has_its_people_and_the_ties_of_the_relations_chosen() {
    let (town, given) = read(&towns::load("village", &[]));
    let (people, links) = (cells(&folder().join("people.csv")), cells(&folder().join("links.csv")));
    assert_eq!((town.residents(), town.people.areas.len(), people.len()), (114, 3, 114));
    let residents = &town.people.residents;
    let names = town.people.names.as_ref().expect("names");
    for row in &people {
        let at = names.iter().position(|name| *name == row["person"]).expect("everybody is there");
        let band = row["years"].parse::<u32>().map_or(1, |y| u8::from(y >= 30) + u8::from(y >= 45) + u8::from(y >= 65));
        assert_eq!((residents.age[at], residents.sex[at]), (band, u8::from(row["gender"] == "men")), "{row:?}");
        let area = &town.people.areas[residents.area[at] as usize];
        let (x, y) =
            (row["east_km"].parse::<f64>().expect("a number"), row["north_km"].parse::<f64>().expect("a number"));
        assert!(area.code == row["hamlet"] && (area.x_km - x).abs() < 1e-9 && (area.y_km - y).abs() < 1e-9, "{row:?}");
    }
    let wanted = pairs(&links, &["friend", "kin", "neighbour"]);
    assert_eq!(named(&town, &given.edges), wanted);
    let advice = links.iter().filter(|link| link["relation"] == "advice").count();
    assert_eq!((given.left_out, given.dropped), (advice, 0));
    assert_eq!(given.merged, links.len() - advice - wanted.len());
    assert!(given.merged > 50 && measure(114, &given.edges).largest_component > 0.9);
}

#[test]
fn check_and_page_say_what_was_assumed_left_out_and_merged() {
    let home = Home::with(&[]);
    home.run(&["new", "ours", "--template", "village"]).gives(0);
    let unknown = cells(&folder().join("people.csv")).iter().filter(|row| row["years"].is_empty()).count();
    let ages = format!("`age` is not given in {unknown} of 114 rows: 30-44 is assumed");
    let class = "`class` is not given: intermediate is assumed";
    let words = [
        "rows of the list of ties were left out by `where`",
        "rows of the list of ties repeated another",
        &ages,
        class,
    ];
    home.run(&["check", "scenarios/ours.toml"]).gives(0).says(&words);
    home.run(&["run", "scenarios/ours.toml", "--quiet"]).gives(0);
    let page = home.read("outputs/ours/report.html").replace("&#x27;", "'").replace("&#39;", "'");
    for words in words {
        assert!(page.contains(words), "{words} is not on the page");
    }
    home.run(&["verify", "outputs/ours", "--again"]).gives(0);
}

#[test]
fn a_part_of_the_village_refuses_ties_to_the_rest_or_drops_and_counts_them() {
    let one = r#"population.residents.where={ hamlet = [1] }"#;
    let scenario = towns::load("village", &[one]);
    let town = towns::town(&scenario);
    assert_eq!(town.residents(), 48);
    let text = ensemble::given_network(&scenario, &town).expect_err("ties to others").to_string();
    let links = cells(&folder().join("links.csv"));
    let links: Vec<_> = links.iter().filter(|link| link["relation"] != "advice").collect();
    let inside = |end: &str| end.starts_with("1-");
    let strangers = links.iter().flat_map(|link| [&link["from"], &link["to"]]).filter(|end| !inside(end)).count();
    for words in [format!("{strangers} ends of ties in all name somebody"), "outside = \"drop\"".to_owned()] {
        assert!(text.contains(&words), "{words} is not in:\n{text}");
    }
    let (_, given) = read(&towns::load("village", &[one, r#"network.edges.outside="drop""#]));
    let outside = links.iter().filter(|link| !inside(&link["from"]) || !inside(&link["to"])).count();
    assert_eq!(given.dropped, outside);
    assert_eq!(given.edges.len() + given.merged, links.len() - outside);
}

/// The folder of the Korean villages; says so where it is not known.
fn korea() -> Option<PathBuf> {
    let folder = std::env::var_os("GROUNDSWELL_VILLAGES").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("GROUNDSWELL_VILLAGES is not set to the folder of the real villages: they were not tested");
    }
    folder
}

/// A scenario of the Korean villages, in a folder of its own: what residents and ties are taken, and which are refused.
fn korean(folder: &Path, home: &Home, rows: &str, outside: &str) -> Scenario {
    let file = |name: &str| format!("'{}'", folder.join(name).display());
    home.write(
        "korea.toml",
        format!(
            "[scenario]\nweeks = 104\nspin_up = 52\n\
             [population.residents]\nfile = {}\ncolumns = {{ id = \"node\", area = \"village\" }}\n\
             missing = {{ age = [0] }}\n{rows}\n\
             [network.edges]\nfile = {}\ncolumns = {{ a = \"from\", b = \"to\" }}\noutside = \"{outside}\"\n\
             where = {{ relation = [\"closest_neighbour_met_most\", \"talk_family_planning\"] }}\n\
             [services.club]\nkind = \"civic\"\neach = \"area\"\n",
            file("nodes.csv"),
            file("edges.csv")
        ),
    );
    scenario::load(&home.path("korea.toml"), &[], &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn the_korean_villages_are_read_whole_and_run() {
    let Some(folder) = korea() else { return };
    let home = Home::with(&[]);
    let (town, given) = read(&korean(&folder, &home, "", "refuse"));
    let links = cells(&folder.join("edges.csv"));
    let wanted = pairs(&links, &["closest_neighbour_met_most", "talk_family_planning"]);
    assert_eq!((town.residents(), town.people.areas.len()), (1047, 25));
    assert_eq!(named(&town, &given.edges), wanted);
    let measures = measure(1047, &given.edges);
    // As counted from the same files by another program.
    assert!(
        (measures.degree_mean - 5.78).abs() < 0.005 && (measures.transitivity - 0.34).abs() < 0.005,
        "{measures:?}"
    );
    home.run(&["check", "korea.toml"]).gives(0).says(&[
        "1047 residents in 25 areas",
        "`class` is not given: intermediate is assumed",
        "`age` is not given in 2 of 1047 rows: 30-44 is assumed",
    ]);
    home.run(&["run", "korea.toml", "--quiet"]).gives(0);
    home.run(&["verify", "outputs/korea"]).gives(0);
}

#[test]
fn two_korean_villages_can_be_taken_alone() {
    let Some(folder) = korea() else { return };
    let home = Home::with(&[]);
    let two = "where = { village = [1, 2] }";
    let people = cells(&folder.join("nodes.csv"));
    let ids: BTreeSet<&str> = people
        .iter()
        .filter(|row| ["1", "2"].contains(&row["village"].as_str()))
        .map(|row| row["node"].as_str())
        .collect();
    let (town, given) = read(&korean(&folder, &home, two, "drop"));
    assert_eq!((town.residents(), town.people.areas.len()), (ids.len(), 2));
    let links = cells(&folder.join("edges.csv"));
    let all = pairs(&links, &["closest_neighbour_met_most", "talk_family_planning"]);
    let inside: BTreeSet<_> = all.into_iter().filter(|pair| pair.iter().all(|id| ids.contains(id.as_str()))).collect();
    assert_eq!(named(&town, &given.edges), inside);
    let scenario = korean(&folder, &home, two, "refuse");
    let text = ensemble::given_network(&scenario, &towns::town(&scenario)).expect_err("ties of others").to_string();
    assert!(text.contains(&format!("{} ends of ties in all", 2 * given.dropped)), "no tie crosses villages:\n{text}");
}
