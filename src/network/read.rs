//! Networks read from files.

use super::generate::Made;
use super::ties::Edge;
use crate::population::Population;
use crate::scenario::diagnose::{Problem, Problems};
use crate::scenario::{Edges, TieKind};
use crate::units::Strength;
use std::collections::BTreeMap;

/// Reads an edge list: two columns of resident ids, optional strength and kind.
///
/// Directions and repeats are merged (the strongest wins, then the first); the count of merged rows is told.
///
/// # Errors
/// All rows with an unknown resident, a tie to oneself, a strength outside 0 to 1 or an unknown kind.
pub fn edges(plan: &Edges, people: &Population) -> Result<Made, Problems> {
    let path = &plan.file;
    let mut problems = Problems::default();
    let general = |message: String, help: &str| Problems::from(Problem::in_row(path, 0, "", message, help));
    let mut reader = csv::Reader::from_path(path)
        .map_err(|e| general(format!("cannot be read: {e}"), "check the path and its permissions"))?;
    let header = reader
        .headers()
        .map_err(|e| general(format!("the header cannot be read: {e}"), "save the file as UTF-8, a header first"))?
        .clone();
    let find = |ours: &str| {
        let theirs = plan.columns.get(ours).map_or(ours, String::as_str);
        header.iter().position(|name| name.trim() == theirs)
    };
    let (a, b, strength, kind) = (find("a"), find("b"), find("strength"), find("kind"));
    let (Some(a), Some(b)) = (a, b) else {
        let message =
            format!("columns `a` and `b` are needed; the file has {}", header.iter().collect::<Vec<_>>().join(", "));
        return Err(general(message, "name them: `columns = { a = \"from\", b = \"to\" }`"));
    };
    let numbers: BTreeMap<String, u32> = match &people.names {
        Some(names) => names.iter().zip(0..).map(|(name, i)| (name.clone(), i)).collect(),
        None => (0..people.residents.len() as u32).map(|i| (i.to_string(), i)).collect(),
    };
    let mut found: BTreeMap<(u32, u32), Edge> = BTreeMap::new();
    let mut merged = 0;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(Problem::in_row(path, line, "", error.to_string(), "was the file cut off?"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| record.get(column).unwrap_or("").trim();
        let mut ends = [0; 2];
        let mut good = true;
        for (end, column) in ends.iter_mut().zip([a, b]) {
            match numbers.get(cell(column)) {
                Some(&index) => *end = index,
                None => {
                    good = false;
                    let message = format!("there is no resident `{}`", cell(column));
                    let help = "each end of a tie must be the id of a resident";
                    problems.push(Problem::in_row(path, line, &header[column], message, help));
                }
            }
        }
        let share = match strength.map(cell).filter(|text| !text.is_empty()) {
            None => plan.strength,
            Some(text) => text.parse().ok().filter(|s| (0.0..=1.0).contains(s)).unwrap_or_else(|| {
                let message = format!("`{text}` is not a strength");
                let name = &header[strength.unwrap_or(0)];
                problems.push(Problem::in_row(path, line, name, message, "a number from 0 to 1 is expected"));
                0.0
            }),
        };
        let kind = match kind.map(cell).unwrap_or("") {
            "" => plan.kind,
            "lasting" => TieKind::Lasting,
            "neighbour" => TieKind::Neighbour,
            "made" => TieKind::Made,
            other => {
                let message = format!("`{other}` is not a kind of tie");
                let name = &header[kind.unwrap_or(0)];
                problems.push(Problem::in_row(path, line, name, message, "accepted: lasting, neighbour, made"));
                plan.kind
            }
        };
        if good && ends[0] == ends[1] {
            let message = format!("a tie of `{}` to itself", cell(a));
            problems.push(Problem::in_row(path, line, &header[a], message, "take the row out"));
            good = false;
        }
        if good {
            let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            let edge = Edge { a: low, b: high, strength: Strength::from_share(share as f32), kind };
            match found.entry((low, high)) {
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(edge);
                }
                std::collections::btree_map::Entry::Occupied(mut place) => {
                    merged += 1;
                    if place.get().strength < edge.strength {
                        place.insert(edge);
                    }
                }
            }
        }
    }
    if problems.is_empty() { Ok(Made { edges: found.into_values().collect(), merged }) } else { Err(problems) }
}
