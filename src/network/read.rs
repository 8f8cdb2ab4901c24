//! Networks read from files.

use super::ties::Edge;
use crate::population::Population;
use crate::population::sheet::Sheet;
use crate::scenario::diagnose::{Problems, quoted};
use crate::scenario::{Choice, Edges, TieKind};
use crate::units::Strength;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A network as read from a file.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Ties with `a < b`, sorted, without repeats or ties to oneself.
    pub edges: Vec<Edge>,
    /// Repeats that were merged.
    pub merged: usize,
}

/// Reads an edge list: two columns of resident ids, optional strength and kind.
///
/// Directions and repeats are merged (the strongest wins, then the first); the count of merged rows is told.
///
/// # Errors
/// All rows with an unknown resident, a tie to oneself, a strength outside 0 to 1 or an unknown kind.
pub fn edges(plan: &Edges, people: &Population) -> Result<Given, Problems> {
    let mut sheet = Sheet::open(&plan.file, &plan.columns)?;
    let ends = ["a", "b"].map(|ours| sheet.require(ours));
    let [strength, kind] = ["strength", "kind"].map(|ours| sheet.optional(ours));
    if sheet.lacks_columns() {
        return Err(sheet.problems);
    }
    let numbers: BTreeMap<String, u32> = match &people.names {
        Some(names) => names.iter().cloned().zip(0..).collect(),
        None => (0..people.residents.len() as u32).map(|i| (i.to_string(), i)).collect(),
    };
    let mut found: BTreeMap<(u32, u32), Edge> = BTreeMap::new();
    let mut merged = 0;
    while let Some(row) = sheet.next_row() {
        let [a, b] = ends.map(|column| {
            let number = numbers.get(row.text(column)).copied();
            if number.is_none() {
                let message = format!("there is no resident {}", quoted(row.text(column)));
                sheet.problem(&row, column, message, "each end of a tie must be the id of a resident");
            }
            number
        });
        let share = match row.text(strength) {
            "" => plan.strength,
            _ => sheet.number(&row, strength, 0.0, 1.0, plan.strength),
        };
        let kind = match sheet.word(&row, kind, TieKind::NAMES) {
            Some(number) => [TieKind::Lasting, TieKind::Neighbour, TieKind::Made][number],
            None => plan.kind,
        };
        let (Some(a), Some(b)) = (a, b) else { continue };
        if a == b {
            let message = format!("a tie of {} to itself", quoted(row.text(ends[0])));
            sheet.problem(&row, ends[0], message, "take the row out");
            continue;
        }
        let edge = Edge { a: a.min(b), b: a.max(b), strength: Strength::from_share(share as f32), kind };
        match found.entry((edge.a, edge.b)) {
            Entry::Vacant(place) => {
                place.insert(edge);
            }
            Entry::Occupied(mut place) => {
                merged += 1;
                if place.get().strength < edge.strength {
                    place.insert(edge);
                }
            }
        }
    }
    sheet.finish(Given { edges: found.into_values().collect(), merged })
}
