//! Sweep files: which values of a scenario are varied, over which points, and what is kept of each run.
//!
//! Read with the same tools as scenarios, so that what is wrong is pointed at in the same way. What a value does to its scenario
//! is found out by loading that: see [`SweepFile::try_values`].

pub mod sections;
mod spread;

use std::collections::BTreeMap;
use std::path::Path;

use super::diagnose::{Origin, Problem, Problems, quoted};
use super::field::{Kinds, Section};
use super::file::{self, Texts, Written};
use super::reader::{Findings, Reader};
use super::{Override, load};
pub use sections::{Design, Frame, MeasureFrame, Spread};
pub use spread::Values;

/// The measures that a sweep may keep: those that a goal may speak of, and `engaged`.
pub const MEASURES: &[&str] = &{
    let known = super::sections::MEASURES;
    let mut all = ["engaged"; super::sections::MEASURES.len() + 1];
    let mut i = 0;
    while i < known.len() {
        all[i + 1] = known[i];
        i += 1;
    }
    all
};

/// The groupings of the weekly table.
pub const GROUPINGS: &[&str] = &["all", "class", "age", "sex", "deprivation", "area", "ethnicity"];

/// A value that is varied.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its path in a scenario file.
    pub path: String,
    /// The values it may have.
    pub values: Values,
    /// Where it stands.
    origin: Origin,
}

/// What is kept of each run.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Its name.
    pub name: String,
    /// What it is.
    pub frame: MeasureFrame,
    /// Where it stands.
    origin: Origin,
}

impl Measure {
    /// A problem with it.
    pub fn problem(&self, message: String, help: String) -> Problem {
        Problem::at(&self.origin, message).with_help(help)
    }
}

/// A sweep, as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepFile {
    /// What is run over and over.
    pub frame: Frame,
    /// Where the points of `vary` lie.
    pub design: Design,
    /// What nobody knows, or what is tried: spread by the design.
    pub vary: Vec<Input>,
    /// What one chooses: every combination, at each point of the design.
    pub levers: Vec<Input>,
    /// What is kept of each run; what the base's goal says if empty.
    pub measures: Vec<Measure>,
    /// The text of the file.
    pub text: String,
}

/// Reads a sweep file.
///
/// # Errors
/// All problems at once: of reading, or of syntax, or else of meaning.
pub fn read(path: &Path) -> Result<SweepFile, Problems> {
    let mut problems = Vec::new();
    let (source, table) = file::read(path, &Texts::default(), &mut problems);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let wrong = |key: &Origin, message: &str, help: &str| Err(Problem::at(key, message).with_help(help).into());
    if let (None, Some(entry)) = (table.get("sweep"), table.get("scenario").or(table.get("extends"))) {
        let help = "`groundswell run` simulates it; a sweep file has a section [sweep] that names it as its base";
        return wrong(&entry.key, "this is a scenario, not a sweep", help);
    }
    if let Some(entry) = table.get("extends") {
        return wrong(&entry.key, "a sweep extends nothing", "name the scenario under [sweep]: base = \"base.toml\"");
    }
    let mut found = Findings::default();
    let mut reader = Reader::new(&table, Origin::new(&source, 0..0), &mut found);
    let sweep = sweep(&mut reader, &path.file_stem().unwrap_or_default().to_string_lossy(), &source.text);
    reader.point_at_unknown();
    match sweep {
        Some(sweep) if found.problems.is_empty() => Ok(sweep),
        _ => Err(found.problems.into()),
    }
}

fn sweep(reader: &mut Reader<'_>, stem: &str, text: &str) -> Option<SweepFile> {
    let frame = reader.inside("sweep", |reader| {
        let mut frame = Frame::read(reader)?;
        if frame.name.is_empty() {
            frame.name = stem.chars().map(|c| if super::field::is_plain(c) { c } else { '-' }).collect();
        }
        Some(frame)
    });
    let named = reader.inside("design", |reader| Some(reader.kind(|_, design: Design| Some(design))));
    let design = named.map(|design| design.unwrap_or(Design::Grid(sections::Grid {})));
    let stepped = matches!(design, Some(Design::Grid(_) | Design::OneAtATime(_)));
    let vary = reader.inside("vary", |reader| reader.each(|reader| input(reader, stepped)));
    let levers = reader.inside("levers", |reader| reader.each(|reader| input(reader, true)));
    let measures = reader.inside("measures", |reader| reader.each(measure));
    let (design, vary, levers) = (design?, vary?, levers?);
    let given = matches!(design, Design::Points(_) | Design::Plausible(_));
    if given && !vary.is_empty() {
        let help = "the design gives all points by itself: take [vary] out, or choose another design";
        return reader.complain(&["vary"], format!("[vary] cannot stand beside the design {}", design.kind()), help);
    }
    if !given && vary.is_empty() && levers.is_empty() {
        let help = "name what is varied, as in [vary.\"model.tie_invitations\"] with values = [0.004, 0.008]";
        return reader.complain(&["vary"], "nothing is varied", help);
    }
    if vary.is_empty() && !given && !matches!(design, Design::Grid(_)) {
        let help = "[levers] are always crossed with each other: take [design] out, or name inputs under [vary]";
        return reader.complain(&["design"], format!("the design {} has nothing to spread", design.kind()), help);
    }
    if let Design::Morris(plan) = &design
        && !plan.levels.is_multiple_of(2)
    {
        return reader.complain(&["design"], "`levels` of Morris must be even", "4 is usual");
    }
    Some(SweepFile { frame: frame?, design, vary, levers, measures: measures?, text: text.to_owned() })
}

fn input(reader: &mut Reader<'_>, stepped: bool) -> Option<Input> {
    let origin = reader.origin();
    let values = match reader.written("values") {
        Some(node) => {
            let (node, spread) = (node.clone(), reader.has_kind::<Spread>());
            if spread {
                return reader.complain(
                    &["values"],
                    "`values` cannot stand beside a range or distribution",
                    "keep one",
                );
            }
            Values::listed(&node).or_else(|(message, help)| reader.complain(&["values"], message, help).ok_or(()))
        }
        None => match reader.kind(|reader, spread: Spread| spread::checked(reader, spread, stepped)) {
            Some(values) => Ok(values.into()),
            None if reader.has_kind::<Spread>() => Err(()),
            None => {
                let help =
                    "write values = [...], or range = { from = 0, to = 1 }, or a distribution: normal, triangular";
                reader.complain(&[], format!("{} has no values", quoted(reader.name())), help).ok_or(())
            }
        },
    };
    Some(Input { path: reader.name().to_owned(), values: values.ok()?, origin })
}

fn measure(reader: &mut Reader<'_>) -> Option<Measure> {
    let frame = MeasureFrame::read(reader)?;
    if frame.week.is_some() && frame.window.is_some() {
        return reader.complain(&["window"], "`week` and `window` cannot stand together", "keep one of them");
    }
    if let Some((first, last)) = frame.window
        && first > last
    {
        return reader.complain(&["window"], "the window ends before it begins", "write window = [first, last]");
    }
    if (frame.by == "all") != (frame.group == "all") {
        let help = "write both, as in by = \"class\" and group = \"higher\"";
        return reader.complain(&["by", "group"], "`by` and `group` go together", help);
    }
    Some(Measure { name: reader.name().to_owned(), frame, origin: reader.origin() })
}

impl SweepFile {
    /// Loads the base with each value of each input, all others at their first, and points at those that it cannot have.
    ///
    /// # Errors
    /// A problem for each input that has such a value.
    pub fn try_values(&self, sets: &[String], overrides: &[Override]) -> Result<(), Problems> {
        let inputs: Vec<&Input> = self.vary.iter().chain(&self.levers).collect();
        let tried: Vec<Vec<String>> = inputs.iter().map(|input| input.values.tried()).collect();
        let mut refused: BTreeMap<usize, Problem> = BTreeMap::new();
        for (moved, values) in tried.iter().enumerate() {
            // The first values of all inputs are tried together once.
            for value in values.iter().skip(usize::from(moved > 0)) {
                let of = |(place, input): (usize, &&Input)| {
                    format!("{}={}", input.path, if place == moved { value } else { &tried[place][0] })
                };
                let sets: Vec<String> = sets.iter().cloned().chain(inputs.iter().enumerate().map(of)).collect();
                for problem in load(&self.frame.base, &sets, overrides).err().into_iter().flatten() {
                    let set = problem.argument().and_then(|set| sets.iter().rposition(|other| other == set));
                    let blamed = set.and_then(|set| set.checked_sub(sets.len() - inputs.len())).unwrap_or(moved);
                    let input = inputs[blamed];
                    let value = if blamed == moved { value } else { &tried[blamed][0] };
                    let message = format!("{} = {value} does not work in the base: {}", input.path, problem.message());
                    let problem = Problem::at(&input.origin, message).with_help(problem.help().unwrap_or_default());
                    refused.entry(blamed).or_insert(problem);
                }
            }
        }
        let mut problems = Problems::default();
        refused.into_values().for_each(|problem| problems.push(problem));
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// Whether a value changes nothing before week 0: levers, money, and what is asked and written down.
pub fn leaves_the_past(path: &str) -> bool {
    let section = path.split('.').next().unwrap_or_default();
    matches!(section, "interventions" | "costs" | "goal" | "record") || path == "scenario.weeks"
}

/// How a value is written in a scenario.
fn written(value: &Written) -> Option<String> {
    match value {
        Written::Bool(value) => Some(value.to_string()),
        Written::Whole(value) => Some(value.to_string()),
        Written::Number(value) => Some(format!("{value:?}")),
        Written::Text(text) => Some(toml::Value::from(text.as_str()).to_string()),
        Written::Date(_) | Written::List(_) | Written::Table(_) => None,
    }
}
