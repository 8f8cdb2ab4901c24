//! Small towns made up for tests: tables as a run would write them.
#![allow(dead_code, reason = "each test file uses a part of it")]

use groundswell::report::Tables;
use groundswell::results::schemas::{AREAS, CURVES, RESIDENTS, SERVICES, WEEKLY};
use groundswell::results::{Drift, Identity, Kind, LeverFact, Manifest, RunFacts, Schema, Table, Values};

/// What the made-up town is like.
#[derive(Clone)]
pub struct Town {
    pub replicates: i32,
    pub weeks: i32,
    pub areas: usize,
    pub public: usize,
    pub civic: usize,
    pub engaged: f64,
    pub name: &'static str,
    pub start: Option<&'static str>,
}

impl Default for Town {
    fn default() -> Self {
        Self { replicates: 1, weeks: 520, areas: 30, public: 8, civic: 30, engaged: 0.25, name: "Area", start: None }
    }
}

/// A table under construction: one cell after the other, in the order of its schema.
struct Rows {
    schema: &'static Schema,
    cells: Vec<Vec<Cell>>,
}

#[derive(Clone)]
enum Cell {
    I(i32),
    O(Option<i32>),
    F(f64),
    W(String),
}

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Self::I(value)
    }
}
impl From<Option<i32>> for Cell {
    fn from(value: Option<i32>) -> Self {
        Self::O(value)
    }
}
impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::F(value)
    }
}
impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::W(value.into())
    }
}

macro_rules! row {
    ($rows:expr, $($cell:expr),* $(,)?) => { $rows.push(vec![$(Cell::from($cell)),*]) };
}

impl Rows {
    fn new(schema: &'static Schema) -> Self {
        Self { schema, cells: Vec::new() }
    }

    fn push(&mut self, row: Vec<Cell>) {
        assert_eq!(row.len(), self.schema.columns.len());
        self.cells.push(row);
    }

    fn table(self) -> Table {
        let column = |place: usize| self.cells.iter().map(move |row| &row[place]);
        let values = self.schema.columns.iter().enumerate().map(|(place, schema)| match schema.kind {
            Kind::Int => Values::Int(column(place).map(|c| if let Cell::I(v) = c { *v } else { panic!() }).collect()),
            Kind::OptInt => {
                Values::OptInt(column(place).map(|c| if let Cell::O(v) = c { *v } else { panic!() }).collect())
            }
            Kind::Float => {
                Values::Float(column(place).map(|c| if let Cell::F(v) = c { *v } else { panic!() }).collect())
            }
            Kind::Category => {
                Values::words(column(place).map(|c| if let Cell::W(v) = c { v.as_str() } else { panic!() }))
            }
        });
        self.schema.table(values.collect()).unwrap()
    }
}

/// No values of a kind.
pub fn none_of(kind: Kind) -> Values {
    match kind {
        Kind::Int => Values::Int(Vec::new()),
        Kind::OptInt => Values::OptInt(Vec::new()),
        Kind::Float => Values::Float(Vec::new()),
        Kind::Category => Values::words(Vec::<String>::new()),
    }
}

/// A number from 0 to 1 that looks drawn by lot.
fn noise(a: i32, b: i32, c: i32) -> f64 {
    let mut x = (a as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (b as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
    x ^= (c as u64).wrapping_mul(0x1656_67b1_9e37_79f9);
    x = (x ^ (x >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ (x >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
}

impl Town {
    fn area(&self, area: usize) -> String {
        format!("{} {}", self.name, area + 1)
    }

    fn groups(&self) -> Vec<(&'static str, String, i32, f64)> {
        let mut groups = vec![("all", "all".to_owned(), 160 * self.areas as i32, 1.0)];
        let per_area = 160;
        for (name, share, factor) in
            [("16-29", 0.25, 0.8), ("30-44", 0.27, 0.7), ("45-64", 0.29, 1.1), ("65+", 0.19, 1.5)]
        {
            groups.push(("age", name.into(), (f64::from(per_area * self.areas as i32) * share) as i32, factor));
        }
        for area in 0..self.areas {
            groups.push((
                "area",
                format!("E{area:04}"),
                80 + (160.0 * noise(area as i32, 1, 2)) as i32,
                0.6 + 0.8 * noise(area as i32, 3, 4),
            ));
        }
        for (name, factor) in [("higher", 1.35), ("intermediate", 1.0), ("routine", 0.7)] {
            groups.push(("class", name.into(), per_area * self.areas as i32 / 3, factor));
        }
        for tenth in 1..=10 {
            groups.push((
                "deprivation",
                tenth.to_string(),
                per_area * self.areas as i32 / 10,
                0.75 + 0.05 * f64::from(tenth),
            ));
        }
        for (name, factor) in [("ethnic_white", 1.05), ("ethnic_asian", 0.8), ("ethnic_black", 1.0)] {
            groups.push(("ethnicity", name.into(), per_area * self.areas as i32 / 3, factor));
        }
        for (name, factor) in [("men", 0.95), ("women", 1.05)] {
            groups.push(("sex", name.into(), per_area * self.areas as i32 / 2, factor));
        }
        groups
    }

    pub fn weekly(&self) -> Table {
        let mut rows = Rows::new(&WEEKLY);
        for replicate in 0..self.replicates {
            for week in 0..=self.weeks {
                for (place, (by, group, people, factor)) in self.groups().into_iter().enumerate() {
                    if by != "all" && week % 4 != 0 {
                        continue;
                    }
                    let t = f64::from(week) / 52.0;
                    let wave = 0.03 * (t / 1.7).sin() + 0.01 * (noise(replicate, week / 9, place as i32) - 0.5);
                    let run = 1.0 + 0.12 * (noise(replicate, 7, 7) - 0.5);
                    let boost = if week > 156 { 0.05 * (-(t - 3.0) / 3.0).exp() } else { 0.0 };
                    let engaged = ((self.engaged + if self.engaged > 0.0 { wave + boost } else { 0.0 }) * factor * run)
                        .clamp(0.0, 0.9);
                    let n = |share: f64| (f64::from(people) * share).round() as i32;
                    let (collaborating, involved) = (n(engaged * 0.3), n(engaged * 0.7));
                    let lapsed = n(engaged * 0.4);
                    let (consulted, informed) = (n(0.12), n(0.25));
                    let unaware = people - collaborating - involved - lapsed - consulted - informed;
                    let joins = |mean: f64, key: i32| {
                        if self.engaged == 0.0 {
                            0
                        } else {
                            (f64::from(people) * mean * (0.5 + noise(replicate * 1000 + week, key, place as i32)))
                                .round() as i32
                        }
                    };
                    let outreach = if (156..208).contains(&week) { 0.004 } else { 0.0 };
                    row!(
                        rows,
                        replicate,
                        week,
                        by,
                        group.as_str(),
                        people,
                        unaware,
                        informed,
                        consulted,
                        involved,
                        collaborating,
                        lapsed,
                        f64::from(collaborating + involved) / f64::from(people),
                        joins(0.0008, 1),
                        joins(0.0011, 2),
                        joins(outreach, 3),
                        joins(0.0035, 4),
                        joins(0.0052, 5),
                        0.5,
                        0.45,
                        0.38 - 0.02 * t / 10.0,
                        0.6,
                        0.71 + wave,
                        9.4 + 0.3 * wave * 10.0,
                        0.41,
                        0.2,
                        0.013,
                        if self.engaged == 0.0 { 0.0 } else { f64::from(people) * engaged * 2.3 },
                        12_000.0,
                        4.7,
                        3.9 - 0.02 * t,
                        0.8 + 3.0 * wave,
                        0.72,
                        0.08,
                        if self.engaged == 0.0 { f64::NAN } else { 0.33 + wave },
                        0.45
                    );
                }
            }
        }
        rows.table()
    }

    pub fn services(&self) -> Table {
        let mut rows = Rows::new(&SERVICES);
        for replicate in 0..self.replicates {
            for week in 0..=self.weeks {
                for service in 0..(self.public + self.civic) as i32 {
                    let public = service < self.public as i32;
                    let name = format!("{} {} {service}", self.name, if public { "library" } else { "club" });
                    let cut = if week > 156 {
                        0.35 * (noise(service, 1, 1) + 0.3) * (1.0 - (-f64::from(week - 156) / 80.0).exp())
                    } else {
                        0.0
                    };
                    let opening = if public { (1.0 - cut).clamp(0.0, 1.0) } else { 1.0 };
                    let load = if public { 1.0 + 1.2 * cut + 0.1 * noise(service, week / 5, replicate) } else { 1.0 };
                    let volunteers = 12
                        + (20.0 * noise(service, 3, replicate) - 8.0 * cut + 3.0 * noise(service, week / 7, 4)) as i32;
                    row!(
                        rows,
                        replicate,
                        week,
                        name.as_str(),
                        if public { "public" } else { "civic" },
                        opening,
                        600.0 * opening,
                        load,
                        volunteers,
                        volunteers * 4,
                        360.0,
                        7200.0,
                        7200.0
                    );
                }
            }
        }
        rows.table()
    }

    pub fn curves(&self) -> Table {
        let mut rows = Rows::new(&CURVES);
        for replicate in 0..self.replicates {
            for cohort in -10..(self.weeks / 52).max(1) {
                let seen = self.weeks - 52 * cohort;
                for week in 0..=seen.max(0) {
                    let t = f64::from(week) / 52.0;
                    let tail = 0.02 * (f64::from(cohort) / 2.0).sin() + 0.03 * (noise(replicate, cohort, 3) - 0.5);
                    let share = if self.engaged == 0.0 {
                        continue;
                    } else {
                        0.48 + 0.52 * (-t / 1.1).exp() + tail * (1.0 - (-t).exp())
                    };
                    row!(rows, replicate, cohort, week, 220, share);
                }
            }
        }
        rows.table()
    }

    pub fn areas(&self) -> Table {
        let mut rows = Rows::new(&AREAS);
        for area in 0..self.areas {
            let (column, line) = ((area % 12) as f64, (area / 12) as f64);
            let (x, y) = (column * 1.1 + 0.9 * noise(area as i32, 5, 5), line * 0.9 + 0.8 * noise(area as i32, 6, 6));
            let people = 80 + (160.0 * noise(area as i32, 1, 2)) as i32;
            row!(rows, format!("E{area:04}").as_str(), self.area(area).as_str(), x, y, people, 1 + (area % 10) as i32);
        }
        rows.table()
    }

    pub fn residents(&self) -> Table {
        let mut rows = Rows::new(&RESIDENTS);
        for resident in 0..160 * self.areas as i32 {
            let ever = self.engaged > 0.0 && noise(resident, 8, 8) < 0.6;
            row!(
                rows,
                0,
                resident,
                "E0000",
                "higher",
                "30-44",
                "women",
                "a",
                3,
                0.5,
                0.5,
                0.5,
                "informed",
                "",
                0.5,
                0.5,
                0.5,
                0.0,
                0.0,
                0.0,
                9,
                4.2,
                ever.then_some(-12),
                ever.then_some(40),
                None::<i32>
            );
        }
        rows.table()
    }

    pub fn tables(&self) -> Tables {
        Tables {
            weekly: self.weekly(),
            services: Some(self.services()),
            curves: Some(self.curves()),
            areas: Some(self.areas()),
            residents: Some(self.residents()),
        }
    }

    pub fn facts(&self) -> RunFacts {
        let drift = |measure: &str, unit: &str, per_year, level| Drift {
            measure: measure.into(),
            unit: unit.into(),
            per_year,
            level,
        };
        RunFacts {
            title: format!("{} borough: knocking on doors for a year", self.name),
            description: "A year of doorstep contacts in a borough whose libraries are being cut.".into(),
            weeks: self.weeks as u32,
            spin_up: 520,
            replicates: self.replicates as u32,
            residents: 160 * self.areas as u32,
            areas: self.areas as u32,
            services: (self.public + self.civic) as u32,
            ties: 22_800,
            start: self.start.map(Into::into),
            drift: vec![
                drift("engaged_share", "share", 0.002, 0.25),
                drift("influence_share", "share", -0.0001, 0.38),
                drift("belonging_share", "share", f64::NAN, 0.7),
                drift("ties_mean", "ties per resident", 0.04, 9.4),
                drift("hours", "hours a week", -14.0, 2700.0),
            ],
            levers: vec![
                LeverFact {
                    name: format!("{} doorstep", self.name),
                    sentence: "200 door contacts a week, at random, paid by the council.".into(),
                    start: 156,
                    end: Some(208),
                },
                LeverFact {
                    name: "cuts".into(),
                    sentence: "The council halves its staff over a year.".into(),
                    start: 160,
                    end: None,
                },
            ],
            caveats: vec![
                "How services shrink and close is assumed: there is no source for it.".into(),
                format!("Names such as {} are made up.", self.name),
            ],
            attribution: vec!["Contains National Statistics data © Crown copyright.".into()],
            public_services_note: "The public services stand for some 350 posts and £13.5m a year.".into(),
        }
    }

    pub fn identity(&self) -> Identity {
        Identity { version: "0.1.0".into(), scenario: "doorstep".into(), fingerprint: "ab".repeat(32), seeds: vec![1] }
    }

    pub fn manifest(&self) -> Manifest {
        Manifest {
            program: String::new(),
            identity: self.identity(),
            commit: None,
            replicates: self.replicates as u32,
            threads: 2,
            platform: "test".into(),
            started: "2025-04-07T10:00:00Z".into(),
            finished: "2025-04-07T10:00:03Z".into(),
            seconds: 0.1 + 0.2,
            peak_memory_bytes: None,
            run: self.facts(),
            files: Default::default(),
        }
    }
}
