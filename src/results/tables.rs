//! From what was recorded to the published tables.

use super::error::Result;
use super::schemas::{AREAS, COSTS, CURVES, LIFECYCLE, RESIDENTS, SERVICES, TIES, WEEKLY};
use super::table::{Table, Values};
use crate::model::events::Cause;
use crate::model::services::HOUR_UNITS;
use crate::model::state::Rung;
use crate::model::town::{NO_SERVICE, Town};
use crate::record::{GroupBy, Record, Sums, WeeklyRow};
use crate::scenario::{Choice, ServiceKind, TieKind};
use crate::units::{NEVER, Strength};
use std::collections::BTreeMap;

/// All tables of a run. `spin_up` turns ticks into weeks.
///
/// # Errors
/// Only if a column does not fit its schema: a fault of the program.
pub fn all(town: &Town, records: &[Record], spin_up: u32) -> Result<Vec<Table>> {
    let mut tables = vec![weekly(town, records)?, services(town, records)?];
    if records.iter().any(|record| record.changes.is_some()) {
        tables.push(lifecycle(town, records, spin_up)?);
    }
    if records.iter().any(|record| record.residents.is_some()) {
        tables.push(residents(town, records, spin_up)?);
    }
    tables.extend([curves(records)?, costs(records)?, areas(town)?]);
    if let Some(ties) = ties(records, spin_up)? {
        tables.push(ties);
    }
    Ok(tables)
}

/// Tables that are small and always written as CSV too.
pub const SMALL: [&str; 3] = ["curves", "costs", "areas"];

fn ints<'a, T: 'a>(rows: impl Iterator<Item = &'a T>, of: impl Fn(&T) -> i32) -> Values {
    Values::Int(rows.map(of).collect())
}

fn week_of(tick: u16, spin_up: u32) -> Option<i32> {
    (tick != NEVER).then(|| i32::from(tick) - spin_up as i32)
}

/// Each replicate's rows, with the number of the replicate.
fn rows<'a, T>(records: &'a [Record], of: impl Fn(&'a Record) -> &'a [T]) -> Vec<(u32, &'a T)> {
    records.iter().flat_map(|record| of(record).iter().map(move |row| (record.replicate, row))).collect()
}

fn weekly(town: &Town, records: &[Record]) -> Result<Table> {
    let rows = rows(records, |record| record.weekly.as_slice());
    let int = |of: fn(&WeeklyRow) -> u64| Values::Int(rows.iter().map(|(_, row)| of(row) as i32).collect());
    let float = |of: fn(&Sums) -> f64| Values::Float(rows.iter().map(|(_, row)| of(&row.sums)).collect());
    let all: fn(&[u64; 3]) -> u64 = |kinds| kinds.iter().sum();
    let (groups, codes) = group_labels(town, &rows);
    let mut values = vec![
        Values::Int(rows.iter().map(|(replicate, _)| *replicate as i32).collect()),
        int(|row| row.week.into()),
        Values::words(rows.iter().map(|(_, row)| row.group_by.name())),
        Values::Category { codes, labels: groups },
        int(|row| row.sums.residents),
        int(|row| row.sums.rungs[Rung::Unaware as usize]),
        int(|row| row.sums.rungs[Rung::Informed as usize]),
        int(|row| row.sums.rungs[Rung::Consulted as usize]),
        int(|row| row.sums.rungs[Rung::Involved as usize]),
        int(|row| row.sums.rungs[Rung::Collaborating as usize]),
        int(|row| row.sums.rungs[Rung::Lapsed as usize]),
        float(|sums| sums.share(sums.engaged())),
        int(|row| row.flows.entries[0].into()),
        int(|row| row.flows.entries[1].into()),
        int(|row| row.flows.entries[2].into()),
        int(|row| row.flows.entries[3].into()),
        int(|row| row.flows.exits.into()),
        float(|sums| sums.mean(sums.capability)),
        float(|sums| sums.mean(sums.influence)),
        float(|sums| sums.share(sums.influential)),
        float(|sums| sums.mean(sums.belonging)),
        float(|sums| sums.share(sums.belonging_strongly)),
    ];
    let strength = |sum: u64, ends: u64| sum as f64 / f64::from(Strength::ONE) / ends as f64;
    values.push(Values::Float(rows.iter().map(|(_, row)| row.sums.share(all(&row.sums.ties))).collect()));
    let strengths = rows.iter().map(|(_, row)| strength(all(&row.sums.strengths), all(&row.sums.ties)));
    values.push(Values::Float(strengths.collect()));
    let bridging = rows.iter().map(|(_, row)| row.sums.bridging as f64 / all(&row.sums.ties) as f64);
    values.push(Values::Float(bridging.collect()));
    values.push(float(|sums| sums.share(sums.isolated)));
    values.push(float(|sums| sums.hours as f64 / f64::from(HOUR_UNITS)));
    values.push(Values::Float(rows.iter().map(|(_, row)| row.cost.unwrap_or(f64::NAN)).collect()));
    for kind in 0..3 {
        values.push(Values::Float(rows.iter().map(|(_, row)| row.sums.share(row.sums.ties[kind])).collect()));
    }
    for kind in 0..3 {
        let mean = |row: &WeeklyRow| strength(row.sums.strengths[kind], row.sums.ties[kind]);
        values.push(Values::Float(rows.iter().map(|(_, row)| mean(row)).collect()));
    }
    values.push(Values::Float(rows.iter().map(|(_, row)| row.sums.mean(row.sums.satisfaction)).collect()));
    WEEKLY.table(values)
}

/// Labels of all groups, and the code of each row.
fn group_labels(town: &Town, rows: &[(u32, &WeeklyRow)]) -> (Vec<String>, Vec<u32>) {
    let mut labels: Vec<String> = Vec::new();
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let codes: BTreeMap<GroupBy, Vec<u32>> = GroupBy::ALL
        .into_iter()
        .map(|by| {
            let codes = by.groups(town).into_iter().map(|name| {
                *known.entry(name.clone()).or_insert_with(|| {
                    labels.push(name);
                    labels.len() as u32 - 1
                })
            });
            (by, codes.collect())
        })
        .collect();
    let of_rows = rows.iter().map(|(_, row)| codes[&row.group_by][row.group as usize]).collect();
    (labels, of_rows)
}

fn services(town: &Town, records: &[Record]) -> Result<Table> {
    let rows = rows(records, |record| record.services.as_slice());
    let kind = |service: u16| match town.services[usize::from(service)].kind {
        ServiceKind::Public => 0,
        ServiceKind::Civic => 1,
    };
    let float =
        |of: fn(&crate::record::ServiceRow) -> f64| Values::Float(rows.iter().map(|(_, row)| of(row)).collect());
    SERVICES.table(vec![
        ints(rows.iter(), |(replicate, _)| *replicate as i32),
        ints(rows.iter(), |(_, row)| row.week as i32),
        Values::Category {
            codes: rows.iter().map(|(_, row)| u32::from(row.service)).collect(),
            labels: town.services.iter().map(|service| service.name.clone()).collect(),
        },
        Values::Category {
            codes: rows.iter().map(|(_, row)| kind(row.service)).collect(),
            labels: vec!["public".to_owned(), "civic".to_owned()],
        },
        float(|row| row.opening.into()),
        float(|row| row.delivered.into()),
        float(|row| row.load.into()),
        ints(rows.iter(), |(_, row)| row.volunteers as i32),
        ints(rows.iter(), |(_, row)| row.members as i32),
        float(|row| row.staff.into()),
        float(|row| row.cost),
        float(|row| row.cost),
    ])
}

/// Names of services with an empty one last, and the code of a service or of none.
fn service_labels(town: &Town) -> (Vec<String>, impl Fn(u16) -> u32) {
    let mut labels: Vec<String> = town.services.iter().map(|service| service.name.clone()).collect();
    let none = labels.len() as u32;
    labels.push(String::new());
    (labels, move |service| if service == NO_SERVICE { none } else { u32::from(service) })
}

fn words(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn lifecycle(town: &Town, records: &[Record], spin_up: u32) -> Result<Table> {
    let rows = rows(records, |record| record.changes.as_deref().unwrap_or_default());
    let (services, code) = service_labels(town);
    LIFECYCLE.table(vec![
        ints(rows.iter(), |(replicate, _)| *replicate as i32),
        ints(rows.iter(), |(_, row)| row.resident as i32),
        ints(rows.iter(), |(_, row)| row.tick as i32 - spin_up as i32),
        Values::Category { codes: rows.iter().map(|(_, row)| row.from.into()).collect(), labels: words(&Rung::NAMES) },
        Values::Category { codes: rows.iter().map(|(_, row)| row.to.into()).collect(), labels: words(&Rung::NAMES) },
        Values::Category { codes: rows.iter().map(|(_, row)| code(row.service)).collect(), labels: services },
        Values::Category {
            codes: rows.iter().map(|(_, row)| row.cause as u32).collect(),
            labels: words(&Cause::NAMES),
        },
    ])
}

fn residents(town: &Town, records: &[Record], spin_up: u32) -> Result<Table> {
    let rows: Vec<(u32, usize, &crate::record::FinalResident)> = records
        .iter()
        .filter_map(|record| record.residents.as_ref().map(|residents| (record.replicate, residents)))
        .flat_map(|(replicate, residents)| residents.iter().enumerate().map(move |(i, row)| (replicate, i, row)))
        .collect();
    let people = &town.people.residents;
    let category = |of: &dyn Fn(usize) -> u32, labels: Vec<String>| Values::Category {
        codes: rows.iter().map(|&(_, i, _)| of(i)).collect(),
        labels,
    };
    let fixed = |of: &[f32]| Values::Float(rows.iter().map(|&(_, i, _)| of[i].into()).collect());
    let end = |of: fn(&crate::record::FinalResident) -> f32| {
        Values::Float(rows.iter().map(|(_, _, row)| of(row).into()).collect())
    };
    let week = |of: fn(&crate::record::FinalResident) -> u16| {
        Values::OptInt(rows.iter().map(|(_, _, row)| week_of(of(row), spin_up)).collect())
    };
    let (services, code) = service_labels(town);
    RESIDENTS.table(vec![
        ints(rows.iter(), |(replicate, _, _)| *replicate as i32),
        ints(rows.iter(), |(_, i, _)| *i as i32),
        category(&|i| people.area[i], town.people.areas.iter().map(|area| area.code.clone()).collect()),
        category(&|i| people.class[i].into(), GroupBy::Class.groups(town)),
        category(&|i| people.age[i].into(), GroupBy::Age.groups(town)),
        category(&|i| people.sex[i].into(), GroupBy::Sex.groups(town)),
        category(&|i| people.ethnicity[i].into(), GroupBy::Ethnicity.groups(town)),
        ints(rows.iter(), |&(_, i, _)| town.people.areas[people.area[i] as usize].decile.into()),
        fixed(&people.time),
        fixed(&people.capability),
        fixed(&people.influence),
        Values::Category {
            codes: rows.iter().map(|(_, _, row)| row.rung.into()).collect(),
            labels: words(&Rung::NAMES),
        },
        Values::Category { codes: rows.iter().map(|(_, _, row)| code(row.service)).collect(), labels: services },
        end(|row| row.capability),
        end(|row| row.belonging),
        end(|row| row.influence),
        end(|row| row.expectation),
        end(|row| row.fatigue),
        end(|row| row.relationship),
        ints(rows.iter(), |(_, _, row)| row.ties as i32),
        end(|row| row.tie_strength),
        week(|row| row.first_entry),
        week(|row| row.entry),
        week(|row| row.exit),
    ])
}

fn curves(records: &[Record]) -> Result<Table> {
    let rows: Vec<_> = records
        .iter()
        .flat_map(|record| record.curves.points().into_iter().map(move |point| (record.replicate, point)))
        .collect();
    CURVES.table(vec![
        ints(rows.iter(), |(replicate, _)| *replicate as i32),
        ints(rows.iter(), |(_, point)| point.cohort),
        ints(rows.iter(), |(_, point)| point.since as i32),
        ints(rows.iter(), |(_, point)| point.residents as i32),
        Values::Float(rows.iter().map(|(_, point)| point.engaged_share).collect()),
    ])
}

fn costs(records: &[Record]) -> Result<Table> {
    let rows = rows(records, |record| record.costs.as_slice());
    COSTS.table(vec![
        ints(rows.iter(), |(replicate, _)| *replicate as i32),
        ints(rows.iter(), |(_, row)| row.week as i32),
        Values::words(rows.iter().map(|(_, row)| row.what.as_str())),
        Values::words(rows.iter().map(|(_, row)| row.body.as_str())),
        Values::Float(rows.iter().map(|(_, row)| row.pounds).collect()),
    ])
}

fn areas(town: &Town) -> Result<Table> {
    let areas = &town.people.areas;
    AREAS.table(vec![
        Values::words(areas.iter().map(|area| area.code.as_str())),
        Values::words(areas.iter().map(|area| area.name.as_str())),
        Values::Float(areas.iter().map(|area| area.x_km).collect()),
        Values::Float(areas.iter().map(|area| area.y_km).collect()),
        ints(areas.iter(), |area| area.residents.len() as i32),
        ints(areas.iter(), |area| area.decile.into()),
    ])
}

fn ties(records: &[Record], spin_up: u32) -> Result<Option<Table>> {
    let Some(ties) = records.iter().find_map(|record| record.ties.as_ref()) else { return Ok(None) };
    TIES.table(vec![
        ints(ties.iter(), |(own, _)| *own as i32),
        ints(ties.iter(), |(_, tie)| tie.other as i32),
        Values::Float(ties.iter().map(|(_, tie)| tie.strength.share().into()).collect()),
        Values::Category {
            codes: ties.iter().map(|(_, tie)| tie.kind().into()).collect(),
            labels: TieKind::NAMES.iter().map(|&name| name.to_owned()).collect(),
        },
        ints(ties.iter(), |(_, tie)| i32::from(tie.since) - spin_up as i32),
    ])
    .map(Some)
}
