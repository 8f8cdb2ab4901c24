//! The shipped Haringey table is what its README says: sums, ranges and totals.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const COLUMNS: [&str; 25] = [
    "area",
    "name",
    "group",
    "x_km",
    "y_km",
    "people_16_29",
    "people_30_44",
    "people_45_64",
    "people_65_plus",
    "women_share",
    "class_higher",
    "class_intermediate",
    "class_routine",
    "employed_share",
    "full_time_share",
    "long_hours_share",
    "part_time_share",
    "tube_train_share",
    "retired_share",
    "ethnic_white",
    "ethnic_mixed",
    "ethnic_asian",
    "ethnic_black",
    "ethnic_other",
    "imd_decile",
];

const AGES: [&str; 4] = ["people_16_29", "people_30_44", "people_45_64", "people_65_plus"];

/// The families of shares that are exactly 1 together.
const FAMILIES: [&[&str]; 3] = [
    &["class_higher", "class_intermediate", "class_routine"],
    &["full_time_share", "long_hours_share", "part_time_share"],
    &["ethnic_white", "ethnic_mixed", "ethnic_asian", "ethnic_black", "ethnic_other"],
];

/// Lowest and highest of each share, in ten-thousandths, as the README states them.
const RANGES: [(&str, u32, u32); 15] = [
    ("women_share", 4261, 5595),
    ("class_higher", 1962, 8089),
    ("class_intermediate", 1232, 3942),
    ("class_routine", 487, 4536),
    ("employed_share", 4593, 8756),
    ("full_time_share", 4060, 6636),
    ("long_hours_share", 385, 2842),
    ("part_time_share", 1511, 5313),
    ("tube_train_share", 2022, 6009),
    ("retired_share", 256, 1243),
    ("ethnic_white", 3283, 8843),
    ("ethnic_mixed", 306, 1040),
    ("ethnic_asian", 294, 2166),
    ("ethnic_black", 107, 5059),
    ("ethnic_other", 65, 1218),
];

const WARD: [&str; 12] = [
    "Haringey 011B",
    "Haringey 011C",
    "Haringey 011D",
    "Haringey 012B",
    "Haringey 012C",
    "Haringey 012D",
    "Haringey 017A",
    "Haringey 017B",
    "Haringey 017D",
    "Haringey 021A",
    "Haringey 021B",
    "Haringey 021C",
];

const WARD_SCALE: f64 = 0.275;

struct Table {
    rows: Vec<csv::StringRecord>,
}

impl Table {
    fn text<'a>(&self, row: &'a csv::StringRecord, column: &str) -> &'a str {
        let at = COLUMNS.iter().position(|name| *name == column).expect("a known column");
        &row[at]
    }

    fn count(&self, row: &csv::StringRecord, column: &str) -> u32 {
        let text = self.text(row, column);
        text.parse().unwrap_or_else(|_| panic!("{} {column}: {text} is not a whole number", &row[0]))
    }

    /// A share in ten-thousandths, read from its four printed decimals, so that sums are exact.
    fn share(&self, row: &csv::StringRecord, column: &str) -> u32 {
        let text = self.text(row, column);
        let decimals = text.strip_prefix("0.").filter(|digits| digits.len() == 4);
        let decimals = decimals.unwrap_or_else(|| panic!("{} {column}: {text} is not 0.dddd", &row[0]));
        decimals.parse().expect("four digits")
    }

    fn adults(&self, row: &csv::StringRecord) -> u32 {
        AGES.iter().map(|age| self.count(row, age)).sum()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/haringey")
}

fn readme() -> String {
    std::fs::read_to_string(folder().join("README.md")).expect("the README of the table")
}

fn table() -> Table {
    let mut reader = csv::Reader::from_path(folder().join("areas.csv")).expect("the table");
    assert_eq!(reader.headers().expect("a header row"), &csv::StringRecord::from(COLUMNS.to_vec()));
    Table { rows: reader.records().collect::<Result<_, _>>().expect("rows of equal length, in UTF-8") }
}

/// 212873 as `212,873`.
fn with_comma(number: u32) -> String {
    if number < 1000 { number.to_string() } else { format!("{},{:03}", number / 1000, number % 1000) }
}

#[test]
fn every_area_stands_there_once_sorted_by_its_code() {
    let table = table();
    let codes: Vec<&str> = table.rows.iter().map(|row| table.text(row, "area")).collect();
    assert_eq!(codes.len(), 145);
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "sorted, without doubles");
    assert!(codes.iter().all(|code| code.len() == 9 && code.starts_with("E01")));
    let names: BTreeSet<&str> = table.rows.iter().map(|row| table.text(row, "name")).collect();
    assert_eq!(names.len(), 145);
    assert!(names.iter().all(|name| name.starts_with("Haringey 0")));
    let groups: BTreeSet<&str> = table.rows.iter().map(|row| table.text(row, "group")).collect();
    assert_eq!(groups.len(), 36);
    assert!(groups.iter().all(|code| code.len() == 9 && code.starts_with("E02")));
}

#[test]
fn the_people_add_up_to_the_totals_in_the_readme() {
    let (table, readme) = (table(), readme());
    let total = |column: &str| table.rows.iter().map(|row| table.count(row, column)).sum::<u32>();
    assert_eq!(AGES.map(total), [49_406, 70_470, 64_379, 28_618]);
    let adults: Vec<u32> = table.rows.iter().map(|row| table.adults(row)).collect();
    assert_eq!(adults.iter().sum::<u32>(), 212_873);
    assert_eq!((adults.iter().min(), adults.iter().max()), (Some(&954), Some(&3_260)));
    for age in AGES {
        let said = format!("| {} |", with_comma(total(age)));
        assert!(readme.contains(&said), "the README does not say {said}");
    }
    assert!(readme.contains("| residents of 16 and over | 212,873 |"));
}

#[test]
fn shares_that_belong_together_are_exactly_one() {
    let table = table();
    for row in &table.rows {
        for family in FAMILIES {
            let sum: u32 = family.iter().map(|column| table.share(row, column)).sum();
            assert_eq!(sum, 10_000, "{}: {family:?}", &row[0]);
        }
    }
}

#[test]
fn each_share_spans_the_range_in_the_readme() {
    let (table, readme) = (table(), readme());
    for (column, lowest, highest) in RANGES {
        let shares: Vec<u32> = table.rows.iter().map(|row| table.share(row, column)).collect();
        assert_eq!((shares.iter().min(), shares.iter().max()), (Some(&lowest), Some(&highest)), "{column}");
        let said = format!("| `{column}` | .{lowest:04} | .{highest:04} |");
        assert!(readme.contains(&said), "the README does not say {said}");
    }
}

#[test]
fn areas_lie_within_the_borough_in_kilometres() {
    let table = table();
    let mut places = BTreeSet::new();
    for row in &table.rows {
        let [x, y] = ["x_km", "y_km"].map(|column| table.text(row, column));
        assert!(places.insert((x, y)), "{}: two areas at one place", &row[0]);
        let [x, y] = [x, y].map(|text| text.parse::<f64>().expect("a number"));
        assert!((527.0..536.0).contains(&x) && (187.0..192.0).contains(&y), "{}: {x}, {y}", &row[0]);
    }
}

#[test]
fn deprivation_runs_from_decile_1_to_9_and_falls_with_class() {
    let table = table();
    let mut areas = [0_u32; 10];
    let mut higher = [0_u32; 10];
    for row in &table.rows {
        let decile = table.count(row, "imd_decile");
        assert!((1..=10).contains(&decile), "{}: decile {decile}", &row[0]);
        areas[decile as usize - 1] += 1;
        higher[decile as usize - 1] += table.share(row, "class_higher");
    }
    assert_eq!(areas, [14, 34, 27, 22, 13, 14, 7, 9, 5, 0]);
    let mean = |deciles: std::ops::Range<usize>| {
        f64::from(higher[deciles.clone()].iter().sum::<u32>()) / f64::from(areas[deciles].iter().sum::<u32>())
    };
    assert!(mean(0..2) < mean(2..5) && mean(2..5) < mean(5..10), "decile 1 is the most deprived");
}

#[test]
fn the_ward_of_twelve_areas_has_about_5000_people_at_its_scale() {
    let (table, readme) = (table(), readme());
    let ward: Vec<_> = table.rows.iter().filter(|row| WARD.contains(&table.text(row, "name"))).collect();
    assert_eq!(ward.len(), WARD.len());
    let adults: u32 = ward.iter().map(|row| table.adults(row)).sum();
    assert_eq!(adults, 18_170);
    assert!((f64::from(adults) * WARD_SCALE - 5_000.0).abs() < 10.0);
    let groups: BTreeSet<&str> = ward.iter().map(|row| table.text(row, "group")).collect();
    assert_eq!(groups.len(), 4);
    for name in WARD {
        assert!(readme.contains(&format!("\"{name}\"")), "the README does not name {name}");
    }
    assert!(readme.contains("| residents of 16 and over | 18,170 |"));
    assert!(readme.contains("scale = 0.275"));
}
