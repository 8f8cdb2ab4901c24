//! Networks read from files.

use super::TIES_MOST;
use super::ties::Edge;
use crate::population::Population;
use crate::population::sheet::Sheet;
use crate::scenario::diagnose::{Problem, Problems, quoted};
use crate::scenario::{Choice, Edges, Outside, TieKind};
use crate::units::Strength;
use std::collections::BTreeMap;
use std::path::Path;

/// Ends of ties to strangers that are told one by one; of more, only the number.
const STRANGERS_SHOWN: usize = 20;

/// A network as read from a file.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Ties with `a < b`, sorted, without repeats or ties to oneself.
    pub edges: Vec<Edge>,
    /// Repeats that were merged.
    pub merged: usize,
    /// Ties to people who are not among the residents, dropped as the scenario asked.
    pub dropped: usize,
    /// Ties that the scenario's `where` did not take.
    pub left_out: usize,
}

impl Given {
    /// What a reader should know of how the ties were read.
    pub fn notes(&self) -> Vec<String> {
        let rows = |n: usize| if n == 1 { "1 row".to_owned() } else { format!("{n} rows") };
        let were = |n: usize| if n == 1 { "was" } else { "were" };
        let mut notes = Vec::new();
        if self.left_out > 0 {
            let (n, were) = (rows(self.left_out), were(self.left_out));
            notes.push(format!("{n} of the list of ties {were} left out by `where`."));
        }
        if self.dropped > 0 {
            let (n, were) = (rows(self.dropped), were(self.dropped));
            notes.push(format!(
                "{n} of the list of ties named somebody who is not among the residents, and {were} dropped."
            ));
        }
        if self.merged > 0 {
            let (n, were) = (rows(self.merged), were(self.merged));
            notes.push(format!("{n} of the list of ties repeated another, in either direction, and {were} merged."));
        }
        notes
    }
}

/// The residents by the ids that a file of ties may name: those of their own file, or their numbers.
pub(super) fn numbers(people: &Population) -> BTreeMap<String, u32> {
    match &people.names {
        Some(names) => names.iter().cloned().zip(0..).collect(),
        None => (0..people.residents.len() as u32).map(|i| (i.to_string(), i)).collect(),
    }
}

/// The ties of a file while it is read, and those that name strangers.
pub(super) struct Gathering<'a> {
    path: &'a Path,
    outside: Outside,
    found: Vec<Edge>,
    dropped: usize,
    strangers: usize,
}

impl<'a> Gathering<'a> {
    /// Nothing has been read yet.
    pub fn new(path: &'a Path, outside: Outside) -> Self {
        Self { path, outside, found: Vec::new(), dropped: 0, strangers: 0 }
    }

    /// Whether a tie between these is dropped: one of them is a stranger, and the scenario wants it so.
    pub fn drops(&mut self, ends: [Option<u32>; 2]) -> bool {
        let drops = self.outside == Outside::Drop && ends.contains(&None);
        self.dropped += usize::from(drops);
        drops
    }

    /// Counts a stranger at an end of a tie that is not dropped; whether that one is to be told.
    pub fn tells(&mut self) -> bool {
        self.strangers += 1;
        self.strangers <= STRANGERS_SHOWN
    }

    /// Takes a tie, the ends in any order.
    pub fn take(&mut self, a: u32, b: u32, share: f64, kind: TieKind) {
        self.found.push(Edge { a: a.min(b), b: a.max(b), strength: Strength::from_share(share as f32), kind });
    }

    /// That there are more ends of ties to strangers than were told, if there are.
    pub fn untold(&self) -> Option<Problem> {
        let message = format!("{} ends of ties in all name somebody who is not among the residents", self.strangers);
        let help = "bring those residents too, or say outside = \"drop\" to drop their ties";
        (self.strangers > STRANGERS_SHOWN).then(|| Problem::in_file(self.path, message, help))
    }

    /// Merges directions and repeats: the strongest wins, then the kind that is listed first in the documents, so that the
    /// order of a file does not matter.
    ///
    /// # Errors
    /// If no tie is left after some were dropped, or a resident has more ties than can be kept.
    pub fn merge(self, left_out: usize) -> Result<Given, Problems> {
        let Self { path, found: mut edges, dropped, .. } = self;
        let read = edges.len();
        if read == 0 && dropped > 0 {
            let message = format!("no tie is left: all {dropped} name somebody who is not among the residents");
            let help = "do the residents have the ids that the ties name? See `columns`";
            return Err(Problem::in_file(path, message, help).into());
        }
        edges.sort_by_key(|edge| (edge.a, edge.b, std::cmp::Reverse(edge.strength), edge.kind));
        edges.dedup_by_key(|edge| (edge.a, edge.b));
        let mut ties: BTreeMap<u32, usize> = BTreeMap::new();
        edges.iter().flat_map(|edge| [edge.a, edge.b]).for_each(|end| *ties.entry(end).or_default() += 1);
        if let Some(most) = ties.into_values().max().filter(|&most| most > TIES_MOST) {
            let message = format!("a resident has {most} ties, where {TIES_MOST} can be kept");
            return Err(Problem::in_file(path, message, "is there somebody to whom all are tied? Take them out").into());
        }
        Ok(Given { merged: read - edges.len(), edges, dropped, left_out })
    }
}

/// Reads an edge list: two columns of resident ids, optional strength and kind.
///
/// # Errors
/// All rows with an unknown resident (unless the scenario drops such ties), a tie to oneself, a strength outside 0 to 1 or
/// an unknown kind; or a file that leaves no tie, or more ties of one resident than can be kept.
pub fn edges(plan: &Edges, people: &Population) -> Result<Given, Problems> {
    let mut sheet = Sheet::open(&plan.file, &plan.columns)?.only(&plan.r#where);
    let ends = ["a", "b"].map(|ours| sheet.require(ours));
    let [strength, kind] = ["strength", "kind"].map(|ours| sheet.optional(ours));
    if sheet.lacks_columns() {
        return Err(sheet.problems);
    }
    let numbers = numbers(people);
    let mut gathering = Gathering::new(&plan.file, plan.outside);
    while let Some(row) = sheet.next_row() {
        let [a, b] = ends.map(|column| numbers.get(row.text(column)).copied());
        if ends.iter().all(|&c| !row.text(c).is_empty()) && gathering.drops([a, b]) {
            continue;
        }
        for (column, _) in ends.iter().zip([a, b]).filter(|(_, number)| number.is_none()) {
            if gathering.tells() {
                let message = format!("there is no resident {}", quoted(row.text(*column)));
                let help =
                    "each end of a tie must be the id of a resident; with outside = \"drop\" other ties are dropped";
                sheet.problem(&row, *column, message, help);
            }
        }
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
        gathering.take(a, b, share, kind);
    }
    if let Some(problem) = gathering.untold() {
        sheet.problems.push(problem);
    }
    let left_out = sheet.left_out();
    sheet.finish(gathering)?.merge(left_out)
}
