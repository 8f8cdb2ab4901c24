//! What docs/your-place.md promises: a public table of small areas, with columns of its own names, becomes a run with a
//! map, and its figures are carried over.

mod common;

use common::{Home, Row};

/// Columns as a statistical office might call them.
const HEADER: &str = "Zone code,Zone,Ward,\"East, km\",\"North, km\",Age 16-29,Age 30-44,Age 45-64,Age 65+,\
                      Managers and professionals,\"Office, trades and care\",\"Sales, machines, elementary\",Born here,\
                      Born elsewhere,Note";

/// A scenario that maps them, as section 4 of the page has it.
const PLAN: &str = r#"
[scenario]
weeks = 26
spin_up = 26
[population.areas]
file = "data/fernby.csv"
ethnic = ["Born here", "Born elsewhere"]
[population.areas.columns]
area = "Zone code"
name = "Zone"
group = "Ward"
x_km = "East, km"
y_km = "North, km"
people_16_29 = "Age 16-29"
people_30_44 = "Age 30-44"
people_45_64 = "Age 45-64"
people_65_plus = "Age 65+"
class_higher = "Managers and professionals"
class_intermediate = "Office, trades and care"
class_routine = "Sales, machines, elementary"
[services.clubs]
kind = "civic"
each = "area"
[services.library]
kind = "public"
each = "group"
required_hours = 60
staff_hours = 36
"#;

/// A zone of the invented borough of Fernby.
struct Zone {
    code: String,
    name: String,
    place: [f64; 2],
    ages: [u32; 4],
    class: [f64; 3],
}

/// Its twelve zones.
fn zones() -> Vec<Zone> {
    let zone = |n: u32| {
        let higher = 0.2 + 0.03 * f64::from(n);
        let routine = ((0.55 - 0.02 * f64::from(n)) * 1e4).round() / 1e4;
        Zone {
            code: format!("F{:02}", n + 1),
            name: format!("Fernby {:03}{}", n / 3 + 1, ['A', 'B', 'C'][n as usize % 3]),
            place: [530.25 + 0.8 * f64::from(n % 4), 181.5 + 0.9 * f64::from(n / 4)],
            ages: [101 + 13 * n, 152 + 7 * n, 148 + n * n, 95 + 90 / (n + 1)],
            class: [higher, ((1.0 - higher - routine) * 1e4).round() / 1e4, routine],
        }
    };
    (0..12).map(zone).collect()
}

fn table() -> String {
    let mut text = format!("{HEADER}\n");
    for (n, Zone { code, name, place: [x, y], ages, class }) in zones().into_iter().enumerate() {
        let ages = ages.map(|people| people.to_string()).join(",");
        let class = class.map(|share| format!("{share:.4}")).join(",");
        text += &format!("{code},{name},Ward {},{x},{y},{ages},{class},0.7,0.3,\"made up, all of it\"\n", n / 3 + 1);
    }
    text
}

/// The rows of a table of the finished run, by the names of their columns.
fn rows(home: &Home, name: &str) -> Vec<Row> {
    home.table(&format!("outputs/fernby/{name}.csv"))
}

#[test]
fn a_borough_with_columns_of_its_own_names_becomes_a_run_with_a_map() {
    let home = Home::with(&[("fernby.toml", PLAN), ("data/fernby.csv", &table())]);
    let people: u32 = zones().iter().flat_map(|zone| zone.ages).sum();
    home.run(&["check", "fernby.toml"]).gives(0).says(&[
        &format!("{people} residents in 12 areas"),
        "people_16_29: at most 0.0 residents off in an area, 0.00000 of the town in all",
        "`women_share` is not given: 0.5 is assumed",
        "`imd_decile` is not given: 5 is assumed",
        "16, of 2 kinds",
    ]);
    home.run(&["run", "fernby.toml", "--quiet", "--format", "csv"]).gives(0);
    let (areas, residents) = (rows(&home, "areas"), rows(&home, "residents"));
    assert_eq!((areas.len(), residents.len() as u32), (12, people));
    for Zone { code, name, place, ages, class } in zones() {
        let area = areas.iter().find(|row| row["area"] == code).expect("every zone is there");
        assert_eq!((&area["name"], area["residents"].parse()), (&name, Ok(ages.iter().sum::<u32>())));
        let at = ["x_km", "y_km"].map(|column| area[column].parse::<f64>().expect("a number"));
        assert!(at.iter().zip(place).all(|(at, place)| (at - place).abs() < 1e-9), "{area:?}");
        let count = |column: &str, value: &str| {
            residents.iter().filter(|row| row["area"] == code && row[column] == value).count() as u32
        };
        assert_eq!(["16-29", "30-44", "45-64", "65+"].map(|age| count("age", age)), ages, "{code}");
        for (word, share) in ["higher", "intermediate", "routine"].iter().zip(class) {
            // Shares are dealt out by quota, to within one resident.
            let due = share * f64::from(ages.iter().sum::<u32>());
            assert!((f64::from(count("class", word)) - due).abs() <= 1.0, "{code} {word}");
        }
    }
    let page = home.read("outputs/fernby/report.html");
    assert!(page.contains("Where people take part") && page.contains("Of 12 areas, Fernby 0"), "no map on the page");
    let map = home.read("outputs/fernby/plots/map.svg");
    // A circle for each zone and two of the legend, each a disc and a rim; names of zones; a bar gives the scale.
    assert_eq!(map.matches("<circle").count(), 2 * (12 + 2));
    let line = |fits: &dyn Fn(&str) -> bool| map.lines().any(fits);
    assert!(line(&|text| text.starts_with("Fernby 00")), "no area is named");
    assert!(line(&|text| text.ends_with(" m") || text.ends_with(" km")), "no scale");
}

#[test]
fn the_usual_slips_with_a_public_table_are_met_with_a_way_out() {
    let refused = |from: &str, to: &str, words: &[&str]| {
        let table = table();
        assert!(table.contains(from));
        let home = Home::with(&[("fernby.toml", PLAN), ("data/fernby.csv", &table.replacen(from, to, 1))]);
        home.refuses(&["check", "fernby.toml"], 3, words);
    };
    refused(",530.25,", ",530250,", &["530250 is out of range", "column `East, km`", "divide metres by 1,000"]);
    refused(",101,152,", ",\"1,010\",152,", &["`1,010` is not a number", "column `Age 16-29`"]);
    refused(",0.2000,", ",20.0,", &["20.0 is out of range", "column `Managers and professionals`"]);
    refused("Age 65+", "Age 65 +", &["there is no column `Age 65+`; the nearest is `Age 65 +`"]);
}

#[test]
fn areas_that_all_lie_at_one_place_make_no_map() {
    let plan = "[scenario]\nweeks = 5\nspin_up = 5\n[population.residents]\nfile = \"people.csv\"\n\
                [services.hall]\nkind = \"civic\"\n";
    let home = Home::with(&[("plan.toml", plan), ("people.csv", "id,area\n1,a\n2,a\n3,b\n4,b\n")]);
    home.run(&["run", "plan.toml", "--quiet"]).gives(0);
    assert!(
        !home.path("outputs/plan/plots/map.svg").exists()
            && !home.read("outputs/plan/report.html").contains("Each circle")
    );
    home.write("people.csv", "id,area,x_km\n1,a,0\n2,a,0\n3,b,1\n4,b,1\n");
    home.run(&["run", "plan.toml", "--quiet", "--overwrite"]).gives(0);
    assert!(home.path("outputs/plan/plots/map.svg").exists());
}
