//! Pictures and page: valid for every run however small, true to the tables, and safe whatever names say.

mod support;

use std::collections::BTreeMap;

use groundswell::report::{Tables, draw};
use groundswell::results::{Result, Sink};
use support::Town;

/// Drawn files kept in memory.
#[derive(Default)]
struct Kept(BTreeMap<String, Vec<u8>>);

impl Sink for Kept {
    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.0.insert(name.to_owned(), bytes.to_vec());
        Ok(())
    }
}

impl Kept {
    fn text(&self, name: &str) -> &str {
        std::str::from_utf8(&self.0[name]).unwrap()
    }
}

fn drawn(town: &Town, tables: &Tables) -> Kept {
    let mut kept = Kept::default();
    draw(&mut kept, tables, &town.facts(), &town.identity()).unwrap();
    for (name, bytes) in &kept.0 {
        if name.ends_with(".png") {
            assert!(bytes.starts_with(b"\x89PNG"), "{name}");
            continue;
        }
        let text = kept.text(name);
        for word in ["NaN", "inf<", "inf%", "-0.0", "None", "Some("] {
            assert!(!text.contains(word), "{name} shows {word}");
        }
        if name.ends_with(".svg") {
            assert_eq!(text.matches("<svg ").count(), 1, "{name}");
            assert!(text.contains("role=\"img\" aria-label=\"") && !text.contains(" id="), "{name}");
        }
    }
    kept
}

#[test]
fn every_picture_comes_as_svg_and_png_and_stands_in_the_page() {
    let town = Town { weeks: 60, replicates: 3, areas: 6, start: Some("2025-04-07"), ..Town::default() };
    let kept = drawn(&town, &town.tables());
    let page = kept.text("report.html");
    for name in ["ladder", "entries", "groups", "ties", "services", "lifecycle", "map"] {
        assert!(kept.0.contains_key(&format!("plots/{name}.svg")) && kept.0.contains_key(&format!("plots/{name}.png")));
        assert_eq!(page.matches(&format!("id=\"{name}\"")).count(), 1, "{name}");
    }
    assert!(page.contains("<html lang=\"en-GB\">") && !page.contains("<script") && !page.contains("<?xml"));
    assert!(!page.contains("src=") && !page.contains("url("), "the page asks for nothing from elsewhere");
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let town = Town { weeks: 12, replicates: 2, areas: 4, ..Town::default() };
    let tables = town.tables();
    assert_eq!(drawn(&town, &tables).0, drawn(&town, &tables).0);
}

#[test]
fn the_first_screen_tells_the_numbers_of_the_table() {
    let town = Town { weeks: 0, areas: 10, ..Town::default() };
    let tables = town.tables();
    let (involved, collaborating) =
        (tables.weekly.ints("involved").unwrap()[0], tables.weekly.ints("collaborating").unwrap()[0]);
    let engaged = involved + collaborating;
    let kept = drawn(&town, &tables);
    let page = kept.text("report.html");
    assert!(page.contains(&format!("{engaged} people take part in a service at the start")), "{engaged}");
    assert!(page.contains("A simulated town of 1,600 residents in 10 areas"));
    for drift in ["rising by 0.2 points a year", "steady", "not measured", "falling by 14 a year"] {
        assert!(page.contains(drift), "{drift}");
    }
}

#[test]
fn markup_in_names_is_shown_and_not_obeyed() {
    let town = Town {
        weeks: 8,
        areas: 3,
        public: 2,
        civic: 1,
        name: "<script>alert('x')</script> & \"q\"",
        ..Town::default()
    };
    let kept = drawn(&town, &town.tables());
    for (name, _) in kept.0.iter().filter(|(name, _)| !name.ends_with(".png")) {
        assert!(!kept.text(name).contains("<script"), "{name}");
    }
    assert!(kept.text("report.html").contains("&lt;script&gt;"));
    assert!(kept.text("plots/map.svg").contains("&lt;script&gt;"));
}

#[test]
fn runs_of_one_week_one_area_no_service_or_nobody_engaged_give_a_page() {
    let odd = [
        Town { weeks: 0, areas: 1, public: 1, civic: 0, ..Town::default() },
        Town { weeks: 0, replicates: 2, areas: 2, start: Some("2025-04-07"), ..Town::default() },
        Town { weeks: 1, areas: 1, public: 0, civic: 1, ..Town::default() },
        Town { weeks: 30, areas: 2, public: 0, civic: 0, engaged: 0.0, ..Town::default() },
        Town { weeks: 3, areas: 2, start: Some("not a date"), ..Town::default() },
    ];
    for town in odd {
        let kept = drawn(&town, &town.tables());
        let page = kept.text("report.html");
        assert_eq!(kept.0.contains_key("plots/services.png"), town.public > 0);
        if town.public + town.civic == 0 {
            assert!(page.contains("There are no services in this scenario."));
        }
        if town.engaged == 0.0 {
            assert!(page.contains("Nobody started to take part") && !kept.0.contains_key("plots/lifecycle.svg"));
        }
    }
}

#[test]
fn tables_the_run_was_written_without_leave_out_what_is_drawn_from_them() {
    let town = Town { weeks: 4, areas: 2, ..Town::default() };
    let weekly = town.weekly();
    let kept = drawn(&town, &Tables { weekly, services: None, curves: None, areas: None, residents: None });
    assert!(!kept.0.contains_key("plots/map.svg") && kept.0.contains_key("plots/ladder.svg"));
    assert!(kept.text("report.html").contains("The services were not recorded in this run."));
}

#[test]
fn a_weekly_table_without_rows_gives_a_page_that_says_so() {
    let town = Town::default();
    let empty = |schema: &groundswell::results::Schema| {
        let values = schema.columns.iter().map(|column| support::none_of(column.kind)).collect();
        schema.table(values).unwrap()
    };
    use groundswell::results::schemas::{AREAS, CURVES, RESIDENTS, SERVICES, WEEKLY};
    let tables = Tables {
        weekly: empty(&WEEKLY),
        services: Some(empty(&SERVICES)),
        curves: Some(empty(&CURVES)),
        areas: Some(empty(&AREAS)),
        residents: Some(empty(&RESIDENTS)),
    };
    let kept = drawn(&town, &tables);
    assert!(kept.text("report.html").contains("not observed"));
}

#[test]
fn many_weeks_and_areas_are_drawn_without_growing_out_of_hand() {
    let town = Town { weeks: 2000, areas: 40, public: 2, civic: 2, ..Town::default() };
    let kept = drawn(&town, &town.tables());
    assert!(kept.0["report.html"].len() < 900_000, "{}", kept.0["report.html"].len());
}
