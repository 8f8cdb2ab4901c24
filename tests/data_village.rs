//! The invented village is well formed: sixty residents, ties said once between residents who exist.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn rows(file: &str, columns: &[&str]) -> Vec<csv::StringRecord> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/village").join(file);
    let mut reader = csv::Reader::from_path(path).expect("the file");
    assert_eq!(reader.headers().expect("a header row"), &csv::StringRecord::from(columns.to_vec()));
    reader.records().collect::<Result<_, _>>().expect("rows of equal length, in UTF-8")
}

fn residents() -> Vec<csv::StringRecord> {
    rows("residents.csv", &["id", "area", "class", "age", "sex", "ethnicity"])
}

fn ties() -> Vec<csv::StringRecord> {
    rows("ties.csv", &["a", "b", "strength", "kind"])
}

#[test]
fn sixty_residents_have_known_traits() {
    let residents = residents();
    assert_eq!(residents.len(), 60);
    for (at, row) in residents.iter().enumerate() {
        assert_eq!(row[0], (at + 1).to_string());
        assert!(["Green", "Mill", "Station"].contains(&&row[1]), "{row:?}");
        assert!(["higher", "intermediate", "routine"].contains(&&row[2]), "{row:?}");
        assert!(["16-29", "30-44", "45-64", "65+"].contains(&&row[3]), "{row:?}");
        assert!(["women", "men"].contains(&&row[4]), "{row:?}");
        assert!(["white", "asian", "black"].contains(&&row[5]), "{row:?}");
    }
}

#[test]
fn a_tie_joins_two_residents_and_is_said_once() {
    let known: BTreeSet<u32> = residents().iter().map(|row| row[0].parse().expect("a number")).collect();
    let mut seen = BTreeSet::new();
    for row in &ties() {
        let [a, b] = [&row[0], &row[1]].map(|id| id.parse::<u32>().expect("a number"));
        assert!(known.contains(&a) && known.contains(&b) && a < b, "{row:?}");
        assert!(seen.insert((a, b)), "{row:?} stands there twice");
    }
    assert_eq!(seen.len(), 212);
}

#[test]
fn strengths_lie_in_range_and_kinds_are_known() {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for row in &ties() {
        let strength: f64 = row[2].parse().expect("a number");
        assert!(strength > 0.0 && strength <= 1.0, "{row:?}");
        *kinds.entry(row[3].to_string()).or_default() += 1;
    }
    let expected = [("lasting", 93), ("made", 36), ("neighbour", 83)];
    assert_eq!(kinds, expected.map(|(kind, ties)| (kind.to_string(), ties)).into());
}

#[test]
fn everybody_can_be_reached_from_everybody() {
    let mut reached = BTreeSet::from([1_u32]);
    let pairs: Vec<[u32; 2]> =
        ties().iter().map(|row| [&row[0], &row[1]].map(|id| id.parse().expect("a number"))).collect();
    loop {
        let before = reached.len();
        for [a, b] in &pairs {
            if reached.contains(a) || reached.contains(b) {
                reached.extend([*a, *b]);
            }
        }
        if reached.len() == before {
            break;
        }
    }
    assert_eq!(reached.len(), 60);
}
