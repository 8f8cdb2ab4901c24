//! What must not matter: someone who lives apart, the order in which residents are stored, the numbers that they bear.
//!
//! All mechanisms are on. Residents and ties come from files, so that they can be written in another way.

mod limits;

use groundswell::model::town::Town;
use groundswell::record::{FinalResident, GroupBy, Record, WeeklyRow};
use groundswell::scenario;
use limits::{ALLOWED, towns};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Areas, and residents of each.
const AREAS: u32 = 12;
const EACH: u32 = 60;

/// A resident of the town as a row of its file, but for the code of the area.
struct Row {
    id: String,
    area: u32,
    traits: String,
}

/// Everybody, in the order of areas. Traits are made by small steps that have no common period.
fn rows() -> Vec<Row> {
    let one = |number: u32| {
        let area = number / EACH;
        let at = f64::from(area);
        let class = ["higher", "intermediate", "routine"][(number % 3) as usize];
        let part = |step: u32| f64::from(number * step % 101) / 100.0;
        let traits = format!(
            "{class},{},{},{},{},{},{:.2},{:.2},{:.2}",
            16 + number * 7 % 70,
            ["women", "men"][(number % 2) as usize],
            ["first", "second"][(number * 5 % 7 / 4) as usize],
            // No two areas are as far from a third.
            1.1 * at + 0.013 * at * at,
            0.7 * (at * 1.3).sin(),
            0.2 + 0.6 * part(13),
            0.3 + 0.5 * part(29),
            0.3 + 0.4 * part(41),
        );
        Row { id: format!("p{number}"), area, traits }
    };
    (0..AREAS * EACH).map(one).collect()
}

const HEADER: &str = "id,area,class,age,sex,ethnicity,x_km,y_km,time_available,capability,influence\n";

/// Each knows the next three of the area, and one of another.
fn ties() -> String {
    let mut text = String::from("a,b,strength,kind\n");
    let all = AREAS * EACH;
    for own in 0..all {
        let home = own / EACH * EACH;
        let near =
            (1..=3).map(|step| (home + (own - home + step) % EACH, if step == 1 { "lasting" } else { "neighbour" }));
        for (other, kind) in near.chain([((own * 17 + 5) % all, "lasting")]).filter(|(other, _)| *other != own) {
            let strength = if kind == "lasting" { 0.7 } else { 0.1 };
            writeln!(text, "p{own},p{other},{strength},{kind}").expect("a text can be written to");
        }
    }
    text
}

/// A town of these residents, in this order, with area `n` called `code(n)`, lived through with levers of all kinds.
struct Lived {
    town: Town,
    records: Vec<Record>,
}

fn live(rows: &[Row], code: impl Fn(u32) -> String, replicates: u32, weeks: u32) -> Lived {
    live_with(rows, &ties(), code, replicates, weeks)
}

fn live_with(rows: &[Row], ties: &str, code: impl Fn(u32) -> String, replicates: u32, weeks: u32) -> Lived {
    let folder = tempfile::tempdir().expect("a folder");
    let mut people = String::from(HEADER);
    for row in rows {
        writeln!(people, "{},{},{}", row.id, code(row.area), row.traits).expect("a text can be written to");
    }
    std::fs::write(folder.path().join("people.csv"), people).expect("a file");
    std::fs::write(folder.path().join("ties.csv"), ties).expect("a file");
    // Areas of the town, so that who lives apart is in no denominator.
    let town: Vec<String> = (0..AREAS).map(|area| format!("{:?}", code(area))).collect();
    let areas = town.join(", ");
    let text = format!(
        r#"
        [scenario]
        weeks = {weeks}
        spin_up = 0
        replicates = {replicates}
        [population.residents]
        file = "people.csv"
        [network.edges]
        file = "ties.csv"
        [services.civic]
        kind = "civic"
        each = "area"
        [services.public]
        kind = "public"
        each = "area"
        required_hours = 40.0
        staff_hours = 24.0
        [model]
        tie_gain = 0.06
        churn_lasting = 0.01
        churn_other = 0.02
        propose_local = 0.05
        propose_closure = 0.05
        exit_involved = 0.10
        exit_collaborating = 0.08
        spontaneous_invitations = 0.2
        group_size = 3
        [record]
        groups_every = 1
        lifecycle_replicates = 1
        residents_replicates = {replicates}
        ties = true
        [interventions.ask]
        start = 10
        areas = [{areas}]
        outreach = {{ contacts_per_week = 40.0, targeting = "list" }}
        [interventions.train]
        start = 20
        areas = [{areas}]
        training = {{ share = 0.5, amount = 0.2 }}
        [interventions.news]
        start = 30
        areas = [{areas}]
        issue = {{ sign = "negative" }}
        [interventions.cuts]
        start = 40
        austerity = {{ staff_share = 0.2, over_weeks = 20 }}
        "#
    );
    std::fs::write(folder.path().join("apart.toml"), text).expect("a file");
    let scenario = scenario::load(&folder.path().join("apart.toml"), &[], &[]).unwrap_or_else(|p| panic!("{p}"));
    Lived { town: towns::town(&scenario), records: towns::records(&scenario, 2, 1) }
}

impl Lived {
    fn name(&self, resident: u32) -> String {
        self.town.people.names.as_ref().expect("residents have names")[resident as usize].clone()
    }

    /// Residents at the end by name, their services by the name of the table.
    fn residents(&self) -> BTreeMap<String, (FinalResident, String)> {
        let residents = self.records[0].residents.iter().flatten();
        residents
            .zip(0..)
            .map(|(one, number)| {
                let service = self.town.services.get(usize::from(one.service)).map_or("", |service| &service.plan);
                (self.name(number), (FinalResident { service: 0, ..one.clone() }, service.to_owned()))
            })
            .collect()
    }

    /// Ties at the end by the names of their ends.
    fn ties(&self) -> BTreeMap<[String; 2], (u16, u8, u16, u16)> {
        let ties = self.records[0].ties.iter().flatten();
        ties.map(|(own, tie)| {
            let mut ends = [self.name(*own), self.name(tie.other)];
            ends.sort();
            (ends, (tie.strength.0, tie.kind, tie.since, tie.end))
        })
        .collect()
    }

    /// Changes of rung by tick and name.
    fn changes(&self) -> BTreeMap<(u32, String), (u8, u8, String)> {
        let changes = self.records[0].changes.iter().flatten();
        changes
            .map(|change| {
                let cause = format!("{:?}", change.cause);
                ((change.tick, self.name(change.resident)), (change.from, change.to, cause))
            })
            .collect()
    }

    /// Weekly rows of an area, but for the number of the area.
    fn weekly(&self, code: &str) -> Vec<WeeklyRow> {
        let number = self.town.people.areas.iter().position(|area| area.code == code).expect("an area");
        let rows = self.records[0].weekly.iter();
        rows.filter(|row| row.group_by == GroupBy::Area && row.group == number as u32)
            .map(|row| WeeklyRow { group: 0, ..row.clone() })
            .collect()
    }
}

/// Fails at the first difference between two maps, telling of it.
fn assert_alike<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) {
    let first = a.iter().find(|(key, value)| b.get(key) != Some(value));
    assert!(first.is_none(), "{first:?} is elsewhere {:?}", first.and_then(|(key, _)| b.get(key)));
    assert_eq!(a.len(), b.len());
}

fn forward(area: u32) -> String {
    format!("area-{area:02}")
}

#[test]
fn someone_who_lives_apart_shifts_nobodys_draws() {
    let town = live(&rows(), forward, 1, 150);
    let mut more = rows();
    let mut far: Vec<&str> = more[0].traits.split(',').collect();
    (far[4], far[5]) = ("15000.0", "15000.0");
    more.push(Row { id: "z-hermit".to_owned(), area: 99, traits: far.join(",") });
    let with = live(&more, forward, 1, 150);
    assert!(town.changes().len() > 1000, "something must happen");
    let without = |name: &str| name != "z-hermit";
    let mut changes = with.changes();
    changes.retain(|(_, name), _| without(name));
    assert_alike(&town.changes(), &changes);
    let mut residents = with.residents();
    residents.retain(|name, _| without(name));
    assert_alike(&town.residents(), &residents);
    assert_alike(&town.ties(), &with.ties());
    for area in 0..AREAS {
        assert!(town.weekly(&forward(area)) == with.weekly(&forward(area)), "area {area}");
    }
}

#[test]
fn the_order_in_which_residents_are_stored_does_not_matter() {
    // Areas are stored in the order of their codes; residents keep their place among the ids, which is their key.
    let backward = |area: u32| format!("area-{:02}", 98 - area);
    let (one, other) = (live(&rows(), forward, 1, 150), live(&rows(), backward, 1, 150));
    assert_ne!(one.town.people.residents.key, other.town.people.residents.key, "the order must differ");
    assert_alike(&one.changes(), &other.changes());
    assert_alike(&one.residents(), &other.residents());
    assert_alike(&one.ties(), &other.ties());
    for area in 0..AREAS {
        assert!(one.weekly(&forward(area)) == other.weekly(&backward(area)), "area {area}");
    }
}

#[test]
fn other_keys_give_the_same_distribution() {
    // A key is a place among the ids: the last id becomes the first.
    let turn = |name: &str| format!("p{}", 5000 - name[1..].parse::<u32>().expect("a number after the letter"));
    let turned: Vec<Row> = rows().into_iter().map(|row| Row { id: turn(&row.id), ..row }).collect();
    let turned_ties: Vec<String> = ties()
        .lines()
        .map(|line| match line.splitn(3, ',').collect::<Vec<_>>()[..] {
            [a, b, rest] if a.starts_with('p') => format!("{},{},{rest}", turn(a), turn(b)),
            _ => line.to_owned(),
        })
        .collect();
    let one = live(&rows(), forward, 24, 60);
    let other = live_with(&turned, &turned_ties.join("\n"), forward, 24, 60);
    let keys = |lived: &Lived| {
        let residents = &lived.town.people.residents;
        residents.key.iter().zip(0..).map(|(&key, number)| (lived.name(number), key)).collect::<BTreeMap<_, _>>()
    };
    let (keys_one, keys_other) = (keys(&one), keys(&other));
    assert!(keys_one.iter().all(|(name, key)| keys_other[&turn(name)] != *key), "everybody must have another key");
    type Measure = fn(&WeeklyRow) -> f64;
    let measures: [(&str, Measure); 4] = [
        ("engaged share", |row| row.sums.share(row.sums.engaged())),
        ("mean influence", |row| row.sums.mean(row.sums.influence)),
        ("ties of a resident", |row| row.sums.ties.iter().sum::<u64>() as f64 / row.sums.residents as f64),
        ("knowing no service", |row| row.sums.share(row.sums.rungs[0])),
    ];
    for (what, measure) in measures {
        let at = |lived: &Lived, week: usize| {
            let values: Vec<f64> = lived
                .records
                .iter()
                .map(|record| measure(limits::all(record).nth(week).expect("a row for each week")))
                .collect();
            limits::mean_and_error(&values)
        };
        for week in [1, 15, 60] {
            let ((a, a_error), (b, b_error)) = (at(&one, week), at(&other, week));
            let error = a_error.hypot(b_error);
            assert!((a - b).abs() <= ALLOWED * error, "{what} in week {week}: {a} against {b}, standard error {error}");
        }
    }
}
