//! From a sweep file to what is run: the points, the runs, and their order.

use super::design;
use super::outline::{DesignKind, Kept, Outline, RunId};
use super::points::Points;
use crate::draws::{Draws, Purpose, Stream};
use crate::experiment::compare::share_a_past;
use crate::experiment::measures::{MEASURES, place};
use crate::experiment::plausible;
use crate::model::town::Town;
use crate::record::GroupBy;
use crate::scenario::diagnose::{Problem, Problems, listed, quoted};
use crate::scenario::sweep::{Design, Input, SweepFile, leaves_the_past};
use crate::scenario::{Override, Scenario, Texts, load_version};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::ops::Range;

/// A sweep, ready to be run.
pub struct Plan {
    /// Its outline.
    pub outline: Outline,
    /// The design: a value for each input of `vary` at each of its points.
    pub rows: Points,
    /// The base as it stands.
    pub base: Scenario,
    file: SweepFile,
    /// What is set in every run.
    sets: Vec<String>,
    overrides: Vec<Override>,
    /// The scenario files, as they were read first.
    texts: Texts,
    /// All items, those that share their past side by side, and where each such group begins.
    order: Vec<u32>,
    groups: Vec<u32>,
}

/// Items that share their past, in one replicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The replicate.
    pub replicate: u32,
    /// Where the items stand in the order of the plan.
    span: Range<usize>,
}

impl Plan {
    /// Makes a plan from a sweep file whose base has been loaded and whose town stands. `hash` gives the SHA-256 of a table of
    /// points.
    ///
    /// # Errors
    /// [`Unplanned`]: values, measures, groups or points that cannot be, or cannot be kept.
    pub fn new(
        file: SweepFile,
        (base, reference): (Scenario, Option<Scenario>),
        (sets, overrides, texts): (Vec<String>, Vec<Override>, Texts),
        town: &Town,
        sources: Vec<String>,
        hash: impl Fn(&Points) -> String,
    ) -> Result<Self, Unplanned> {
        file.try_values(&sets, &overrides)?;
        let kept = kept(&file, &base, town)?;
        let (vary, rows) = rows(&file, &base)?;
        let levers = Grid::new(&file.levers)?;
        let choices = (0..levers.size).map(|number| levers.at(number).map(str::to_owned).collect()).collect();
        let outline = Outline {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            name: file.frame.name.clone(),
            description: file.frame.description.clone(),
            base: format!("{}: {}", base.about.name, base.about.description),
            attribution: base.about.attribution.clone(),
            sources,
            seed: base.about.seed,
            replicates: file.frame.replicates,
            design: kind(&file.design),
            vary,
            levers: file.levers.iter().map(|input| input.path.clone()).collect(),
            choices,
            reference: kept.iter().any(|kept| kept.effect),
            kept,
            rows: rows.len(),
            points: hash(&rows),
        };
        let apart = reference.is_some_and(|reference| {
            !share_a_past(&[base.clone(), reference.clone()]) || !same_past(&base, &reference)
        });
        let (order, groups) = order(&outline, &rows, apart);
        rows.check()?;
        Ok(Self { outline, rows, base, file, sets, overrides, texts, order, groups })
    }

    /// The text of the sweep file.
    pub fn text(&self) -> &str {
        &self.file.text
    }

    /// Loads the scenario of an item. It counts only if its point could be read: see [`Points::check`].
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(&self, item: usize) -> Result<Scenario, Problems> {
        let (row, choice) = self.outline.place(item);
        let given = self.outline.vary.iter().zip(self.rows.row(row));
        let given = given.filter_map(|(path, value)| Some(format!("{path}={}", value?)));
        let (version, given): (Vec<String>, Vec<String>) = if matches!(self.file.design, Design::Plausible(_)) {
            (given.collect(), Vec::new())
        } else {
            (Vec::new(), given.collect())
        };
        let levers = choice.map_or(&[][..], |choice| &self.outline.choices[choice]);
        let levers = self.outline.levers.iter().zip(levers).map(|(path, value)| format!("{path}={value}"));
        let sets: Vec<String> = self.sets.iter().cloned().chain(given).chain(levers).collect();
        let frame = &self.file.frame;
        let path = if choice.is_some() { &frame.base } else { frame.against.as_ref().unwrap_or(&frame.base) };
        load_version(path, &sets, &self.overrides, &version, &self.texts).map(|scenario| self.lean(scenario))
    }

    /// A scenario that records no more than is kept, and ends with the last week that is.
    fn lean(&self, mut scenario: Scenario) -> Scenario {
        scenario.about.replicates = 1;
        let last = self.outline.kept.iter().map(|kept| kept.last).max();
        scenario.about.weeks = scenario.about.weeks.min(last.unwrap_or(u32::MAX)).max(1);
        scenario.record.lifecycle_replicates = 0;
        scenario.record.residents_replicates = 0;
        scenario.record.ties = false;
        if self.outline.kept.iter().all(|kept| kept.by == "all") {
            scenario.record.groups_every = u32::MAX;
        }
        scenario
    }

    /// The runs of part `part` of `parts` (from 1), in blocks that share their past. Replicate after replicate, so that what is
    /// done at any moment is nearly the same number of each point.
    pub fn blocks(&self, part: u64, parts: u64) -> impl Iterator<Item = Block> + use<'_> {
        let (runs, items) = (self.outline.runs(), self.order.len() as u64);
        let span = runs * (part - 1) / parts..runs * part / parts;
        (0..self.outline.replicates).flat_map(move |replicate| {
            let base = u64::from(replicate) * items;
            let [from, to] = [span.start, span.end].map(|end| end.clamp(base, base + items) - base);
            (0..self.groups.len()).filter_map(move |group| {
                let end = self.groups.get(group + 1).map_or(items, |&end| u64::from(end));
                let clamp = |place: u64| place.clamp(from, to) as usize;
                let block = Block { replicate, span: clamp(u64::from(self.groups[group]))..clamp(end) };
                (!block.span.is_empty()).then_some(block)
            })
        })
    }

    /// The runs of a block, in their order.
    pub fn runs(&self, block: &Block) -> impl Iterator<Item = RunId> + use<'_> {
        let replicate = block.replicate;
        self.order[block.span.clone()].iter().map(move |&item| RunId { replicate, item })
    }
}

/// Whether two scenarios live the same weeks before week 0.
pub fn same_past(a: &Scenario, b: &Scenario) -> bool {
    a.population == b.population
        && a.network == b.network
        && a.model == b.model
        && a.services == b.services
        && (a.about.spin_up, a.about.seed) == (b.about.spin_up, b.about.seed)
}

/// All items, those of one past side by side, in the order in which pasts first appear; and where each past begins.
fn order(outline: &Outline, rows: &Points, apart: bool) -> (Vec<u32>, Vec<u32>) {
    let shaping = |paths: &[String]| -> Vec<usize> {
        paths.iter().enumerate().filter(|(_, path)| !leaves_the_past(path)).map(|(place, _)| place).collect()
    };
    let (vary, levers) = (shaping(&outline.vary), shaping(&outline.levers));
    // What shapes the past of an item.
    let past = |item: u32| {
        let (row, choice) = outline.place(item as usize);
        let row = if vary.is_empty() { Vec::new() } else { rows.row(row) };
        let varied: Vec<Option<String>> = vary.iter().map(|&place| row[place].clone()).collect();
        let chosen: Vec<Option<&str>> =
            levers.iter().map(|&place| choice.map(|choice| outline.choices[choice][place].as_str())).collect();
        (varied, chosen, apart && choice.is_none())
    };
    let hash = |item: u32| {
        let mut hasher = DefaultHasher::new();
        past(item).hash(&mut hasher);
        hasher.finish()
    };
    // Same pasts have the same hash, and those of the same hash are looked at: then the first item of a past stands for it.
    let mut order: Vec<(u64, u32)> = (0..outline.items() as u32).map(|item| (hash(item), item)).collect();
    order.sort_unstable();
    let (mut first, mut before) = (0, None);
    for (key, item) in &mut order {
        if before != Some(*key) || past(first) != past(*item) {
            (first, before) = (*item, Some(*key));
        }
        *key = u64::from(first);
    }
    order.sort_unstable();
    let starts = (0..order.len()).filter(|&place| place == 0 || order[place].0 != order[place - 1].0);
    let starts = starts.map(|place| place as u32).collect();
    (order.into_iter().map(|(_, item)| item).collect(), starts)
}

/// Why a sweep cannot be planned.
#[derive(Debug)]
pub enum Unplanned {
    /// Something is wrong with its file, or with what it names.
    Invalid(Problems),
    /// Its points cannot be kept on the disk.
    Unkept(io::Error),
}

impl From<Problems> for Unplanned {
    fn from(problems: Problems) -> Self {
        Self::Invalid(problems)
    }
}

impl From<io::Error> for Unplanned {
    fn from(error: io::Error) -> Self {
        Self::Unkept(error)
    }
}

fn kind(design: &Design) -> DesignKind {
    match design {
        Design::Grid(_) => DesignKind::Grid,
        Design::OneAtATime(_) => DesignKind::OneAtATime,
        Design::Random(_) | Design::LatinHypercube(_) | Design::SobolSequence(_) => DesignKind::Spread,
        Design::Morris(plan) => {
            DesignKind::Morris { trajectories: plan.trajectories as usize, levels: plan.levels as usize }
        }
        Design::Saltelli(plan) => DesignKind::Saltelli { samples: plan.samples as usize },
        Design::Points(_) | Design::Plausible(_) => DesignKind::Given,
    }
}

/// The inputs of the design, and its points.
fn rows(file: &SweepFile, base: &Scenario) -> Result<(Vec<String>, Points), Unplanned> {
    let paths: Vec<String> = file.vary.iter().map(|input| input.path.clone()).collect();
    let refused = |error: design::DesignError| -> Problems {
        Problem::general(format!("the design cannot be made: {error}"), "change [design], or what is varied").into()
    };
    let rows = match &file.design {
        Design::Grid(_) => {
            let grid = Grid::new(&file.vary)?;
            Points::new((0..grid.size).map(|index| grid.at(index).map(Some)))
        }
        Design::OneAtATime(_) => one_at_a_time(&file.vary),
        Design::Points(plan) => return points(&plan.file),
        Design::Plausible(plan) => {
            let sets = plausible::spread_over(plausible::sets(base.model.profile), plan.sets);
            let Some(first) = sets.first() else {
                let profile = crate::scenario::Choice::name(base.model.profile);
                let message = format!("the profile {profile} has no plausible sets");
                return Err(Problems::from(Problem::general(message, "choose another design or profile")).into());
            };
            let split = |value: &String| value.split_once('=').map(|(path, value)| (path.to_owned(), value.to_owned()));
            let paths = first.values.iter().filter_map(split).map(|(path, _)| path).collect();
            let row = |set: &plausible::PlausibleSet| {
                let values: Vec<_> = set.values.iter().filter_map(split).map(|(_, value)| Some(value)).collect();
                values.into_iter()
            };
            return Ok((paths, Points::new(sets.iter().map(row))?));
        }
        cube => {
            let unit = unit_design(&kind(cube), cube, file.vary.len(), base.about.seed).map_err(refused)?;
            let row = |point: Vec<f64>| file.vary.iter().zip(point).map(|(input, u)| Some(input.values.at(u)));
            Points::new((0..unit.points()).map(|index| row(unit.point(index))))
        }
    };
    Ok((paths, rows?))
}

/// The chance of a design.
fn chance(seed: u64) -> Stream {
    Draws::of_people(seed).stream(Purpose::SweepDesign, 0)
}

/// The design in the unit cube of a sweep that spreads its points over one.
fn unit_design(
    kind: &DesignKind,
    design: &Design,
    inputs: usize,
    seed: u64,
) -> Result<Box<dyn design::Design>, design::DesignError> {
    let stream = chance(seed);
    Ok(match design {
        Design::Random(plan) => Box::new(design::Random::new(plan.points as usize, inputs, stream)?),
        Design::LatinHypercube(plan) => Box::new(design::LatinHypercube::new(plan.points as usize, inputs, stream)?),
        Design::SobolSequence(plan) => Box::new(design::Sobol::new(plan.points as usize, inputs, Some(stream))?),
        _ => return structured(kind, inputs, seed),
    })
}

/// The design in the unit cube that indices are worked out from: Morris or Saltelli.
///
/// # Errors
/// As the design has them; without points for other kinds.
pub fn structured(kind: &DesignKind, inputs: usize, seed: u64) -> Result<Box<dyn design::Design>, design::DesignError> {
    let stream = chance(seed);
    match *kind {
        DesignKind::Morris { trajectories, levels } => {
            Ok(Box::new(design::Morris::new(trajectories, inputs, levels, stream)?))
        }
        DesignKind::Saltelli { samples } => Ok(Box::new(design::Saltelli::new(samples, inputs, Some(stream))?)),
        _ => Err(design::DesignError::NoPoints),
    }
}

/// Most combinations of a grid.
const MOST: usize = 50_000_000;

/// Every combination of the values of some inputs, the last changing fastest.
struct Grid {
    steps: Vec<Vec<String>>,
    size: usize,
}

impl Grid {
    fn new(inputs: &[Input]) -> Result<Self, Problems> {
        let steps: Vec<Vec<String>> = inputs.iter().map(|input| input.values.steps()).collect();
        let size =
            steps.iter().try_fold(1_usize, |size, steps| size.checked_mul(steps.len()).filter(|&size| size <= MOST));
        size.map(|size| Self { steps, size }).ok_or_else(|| {
            let message = format!("the grid has more than {MOST} points");
            Problem::general(message, "vary fewer values, or take another design, such as sobol_sequence").into()
        })
    }

    /// A combination from its number.
    fn at(&self, number: usize) -> impl Iterator<Item = &str> {
        let mut block = self.size;
        self.steps.iter().map(move |steps| {
            block /= steps.len();
            steps[number / block % steps.len()].as_str()
        })
    }
}

fn one_at_a_time(inputs: &[Input]) -> io::Result<Points> {
    let steps: Vec<Vec<String>> = inputs.iter().map(|input| input.values.steps()).collect();
    let steps = &steps;
    let moved = steps.iter().enumerate().flat_map(|(place, steps)| (0..steps.len()).map(move |nth| Some((place, nth))));
    let row = |moved: Option<(usize, usize)>| {
        let value = move |input: usize| moved.filter(|(place, _)| *place == input).map(|(_, nth)| &steps[input][nth]);
        (0..steps.len()).map(value)
    };
    Points::new(std::iter::once(None).chain(moved).map(row))
}

/// Points from a CSV file: paths in the header, a row each; an empty cell leaves the base's own value.
fn points(path: &std::path::Path) -> Result<(Vec<String>, Points), Unplanned> {
    let refused = |line: u64, message: String| -> Problems {
        Problem::in_row(
            path,
            line,
            "",
            message,
            "the first line names paths, such as model.tie_invitations; each further one is a point",
        )
        .into()
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|error| refused(0, error.to_string()))?;
    let paths: Vec<String> =
        reader.headers().map_err(|error| refused(1, error.to_string()))?.iter().map(str::to_owned).collect();
    let mut refusal = None;
    let mut rows = 0;
    let read = reader.records().map_while(|row| match row {
        Ok(row) if row.iter().any(|cell| cell.contains('\0')) => {
            let line = row.position().map_or(0, csv::Position::line);
            refusal = Some(refused(line, "a value holds a zero byte".to_owned()));
            None
        }
        Ok(row) => {
            rows += 1;
            let cells: Vec<_> = row.iter().map(|cell| (!cell.is_empty()).then(|| cell.to_owned())).collect();
            Some(cells.into_iter())
        }
        Err(error) => {
            refusal = Some(refused(error.position().map_or(0, csv::Position::line), error.to_string()));
            None
        }
    });
    let points = Points::new(read)?;
    match refusal {
        Some(refusal) => Err(refusal.into()),
        None if paths.is_empty() || rows == 0 => Err(refused(0, "the table of points has no points".to_owned()).into()),
        None => Ok((paths, points)),
    }
}

/// What is kept, or what the base's goal asks where the file does not say.
fn kept(file: &SweepFile, base: &Scenario, town: &Town) -> Result<Vec<Kept>, Problems> {
    let unit = |measure: &str| place(measure).map_or("", |place| MEASURES[place].unit).to_owned();
    let weeks = base.about.weeks;
    if file.measures.is_empty() {
        let (first, last) = crate::experiment::compare::windows::goal_window(&base.goal, weeks);
        let measure = base.goal.measure.clone();
        return Ok(vec![Kept {
            name: measure.clone(),
            unit: unit(&measure),
            measure,
            first,
            last,
            by: "all".to_owned(),
            group: "all".to_owned(),
            effect: false,
        }]);
    }
    let mut problems = Problems::default();
    let mut all = Vec::new();
    for measure in &file.measures {
        let frame = &measure.frame;
        let (first, last) = frame.window.or(frame.week.map(|week| (week, week))).unwrap_or((weeks, weeks));
        if last > weeks {
            let message = format!("week {last} lies beyond the last week of the base, {weeks}");
            problems.push(measure.problem(message, "choose an earlier week, or simulate more weeks".to_owned()));
        }
        let by = GroupBy::ALL.into_iter().find(|by| by.name() == frame.by).unwrap_or(GroupBy::All);
        let groups = by.groups(town);
        if frame.by != "all" && !groups.contains(&frame.group) {
            let message = format!("there is no {} {}", frame.by, quoted(&frame.group));
            let known: Vec<&str> = groups.iter().map(String::as_str).collect();
            problems.push(measure.problem(message, format!("there are {}", listed(&known))));
        }
        all.push(Kept {
            name: measure.name.clone(),
            unit: unit(&frame.measure),
            measure: frame.measure.clone(),
            first,
            last,
            by: frame.by.clone(),
            group: frame.group.clone(),
            effect: frame.effect,
        });
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}
