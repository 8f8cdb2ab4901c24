//! Sums over residents, and the groups over which they are taken.
//!
//! Sums are integers (numbers between 0 and 1 in units of 2^-20), so a measure does not depend on the order of adding.

use crate::maths::bits_if;
use crate::model::services::HOUR_UNITS;
use crate::model::state::{Block, Column, INVOLVED, Rung, Seen, State};
use crate::model::town::{Town, usual_hours};
use crate::network::ties::Census;
use crate::population::layout::BLOCK;
use crate::prefetch::prefetch;
use crate::scenario::Parameters;
use crate::units::nearest;
use rayon::prelude::*;

/// Units in which numbers between 0 and 1 are summed.
const UNITS: f32 = 1_048_576.0;

/// The ways in which residents are grouped, in the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is named after the trait")]
pub enum GroupBy {
    All,
    Class,
    Age,
    Sex,
    Deprivation,
    Area,
    Ethnicity,
}

impl GroupBy {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::All, Self::Class, Self::Age, Self::Sex, Self::Deprivation, Self::Area, Self::Ethnicity];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Class => "class",
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Deprivation => "deprivation",
            Self::Area => "area",
            Self::Ethnicity => "ethnicity",
        }
    }

    /// Names of its groups.
    pub fn groups(self, town: &Town) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        match self {
            Self::All => words(&["all"]),
            Self::Class => words(&["higher", "intermediate", "routine"]),
            Self::Age => words(&["16-29", "30-44", "45-64", "65+"]),
            Self::Sex => words(&["women", "men"]),
            Self::Deprivation => (1..=10).map(|decile| decile.to_string()).collect(),
            Self::Area => town.people.areas.iter().map(|area| area.code.clone()).collect(),
            Self::Ethnicity => town.people.ethnic_groups.clone(),
        }
    }

    #[inline]
    pub(super) fn of(self, town: &Town, resident: usize) -> usize {
        let people = &town.people.residents;
        match self {
            Self::All => 0,
            Self::Class => usize::from(people.class[resident]),
            Self::Age => usize::from(people.age[resident]),
            Self::Sex => usize::from(people.sex[resident]),
            Self::Deprivation => usize::from(town.people.areas[people.area[resident] as usize].decile) - 1,
            Self::Area => people.area[resident] as usize,
            Self::Ethnicity => usize::from(people.ethnicity[resident]),
        }
    }
}

/// Sums over the residents of a group at the end of a week.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// Residents.
    pub residents: u64,
    /// Residents on each rung, in the order of [`Rung`].
    pub rungs: [u64; 6],
    /// Capability, influence, belonging, in units of 2^-20.
    pub capability: u64,
    /// Perceived influence.
    pub influence: u64,
    /// Belonging.
    pub belonging: u64,
    /// Residents with influence above one half.
    pub influential: u64,
    /// Residents with belonging above one half.
    pub belonging_strongly: u64,
    /// Ends of ties, by kind.
    pub ties: [u64; 3],
    /// Their strengths, in units of 2^-16, by kind.
    pub strengths: [u64; 3],
    /// Ends of ties that lead to another class or ethnic group.
    pub bridging: u64,
    /// Residents without a tie.
    pub isolated: u64,
    /// Satisfaction, in units of 2^-20.
    pub satisfaction: u64,
    /// Hours given this week by taking part and by being consulted, in units of 1/1,024 hour.
    pub hours: u64,
}

impl Sums {
    /// Adds the sums of other residents.
    pub fn add(&mut self, o: &Sums) {
        self.residents += o.residents;
        self.capability += o.capability;
        self.influence += o.influence;
        self.belonging += o.belonging;
        self.influential += o.influential;
        self.belonging_strongly += o.belonging_strongly;
        self.bridging += o.bridging;
        self.isolated += o.isolated;
        self.hours += o.hours;
        self.satisfaction += o.satisfaction;
        self.rungs.iter_mut().zip(o.rungs).for_each(|(a, b)| *a += b);
        self.ties.iter_mut().zip(o.ties).for_each(|(a, b)| *a += b);
        self.strengths.iter_mut().zip(o.strengths).for_each(|(a, b)| *a += b);
    }

    /// Adds a resident of a block.
    #[inline(always)]
    fn add_resident(&mut self, block: &Block, parts: &Parts, row: usize) {
        self.residents += 1;
        self.rungs[usize::from(block.rung[row])] += 1;
        self.capability += u64::from(parts.capability[row]);
        self.influence += u64::from(parts.influence[row]);
        self.belonging += u64::from(parts.belonging[row]);
        self.influential += u64::from(block.influence[row] > 0.5);
        self.belonging_strongly += u64::from(block.belonging[row] > 0.5);
        let census = block.ties.census_of(row);
        self.ties.iter_mut().zip(census.ties).for_each(|(a, b)| *a += b);
        self.strengths.iter_mut().zip(census.strengths).for_each(|(a, b)| *a += b);
        self.bridging += census.bridging;
        self.isolated += u64::from(block.ties.degree(row) == 0);
        self.satisfaction += u64::from(parts.satisfaction[row]);
        self.hours += u64::from(parts.hours[row]);
    }

    /// Residents who take part.
    pub fn engaged(&self) -> u64 {
        self.rungs[Rung::Involved as usize] + self.rungs[Rung::Collaborating as usize]
    }

    /// Mean over residents of a sum in units of 2^-20; NaN where there are none.
    pub fn mean(&self, sum: u64) -> f64 {
        sum as f64 / f64::from(UNITS) / self.residents as f64
    }

    /// Share of residents; NaN where there are none.
    pub fn share(&self, count: u64) -> f64 {
        count as f64 / self.residents as f64
    }
}

/// Blocks that are summed by one thread at least.
const BLOCKS: usize = 32;

/// Sums over all residents.
pub fn all(town: &Town, state: &State) -> Sums {
    let block = |mut sums: Sums, number: usize| {
        sums.add(&block(town, state, number));
        sums
    };
    let merge = |mut a: Sums, b: Sums| {
        a.add(&b);
        a
    };
    let numbers = (0..state.blocks.len()).into_par_iter().with_min_len(BLOCKS);
    numbers.fold(Sums::default, block).reduce(Sums::default, merge)
}

/// Sums of every group of every grouping, in the order of [`GroupBy::ALL`].
///
/// Residents are summed twice only: by area, a block at a time, and by class, age, sex and ethnic group crossed; from these
/// all groupings are put together.
pub fn groups(town: &Town, state: &State) -> Vec<Vec<Sums>> {
    let areas = town.people.areas.len();
    let crossed = [3, 4, 2, town.people.ethnic_groups.len()];
    let people = &town.people.residents;
    let cell = |i: usize| {
        let of = [people.class[i], people.age[i], people.sex[i], people.ethnicity[i]];
        of.iter().zip(crossed).fold(0, |cell, (&value, values)| cell * values + usize::from(value))
    };
    let none = || vec![Sums::default(); areas + crossed.iter().product::<usize>()];
    let block = |mut sums: Vec<Sums>, number: usize| {
        let home = &town.layout.homes[number];
        sums[home.area].add(&block(town, state, number));
        let parts = Parts::of(town, state, number);
        for (row, resident) in home.residents.clone().enumerate() {
            sums[areas + cell(resident)].add_resident(&state.blocks[number], &parts, row);
        }
        sums
    };
    let merge = |mut a: Vec<Sums>, b: Vec<Sums>| {
        a.iter_mut().zip(&b).for_each(|(a, b)| a.add(b));
        a
    };
    let numbers = (0..state.blocks.len()).into_par_iter().with_min_len(BLOCKS);
    let sums = numbers.fold(none, block).reduce(none, merge);
    let (by_area, by_cell) = sums.split_at(areas);
    let roll_up = |by: GroupBy| {
        let mut groups = vec![Sums::default(); by.groups(town).len()];
        let from_cells = |axis: usize, groups: &mut [Sums]| {
            let below: usize = crossed[axis + 1..].iter().product();
            for (cell, sums) in by_cell.iter().enumerate() {
                groups[cell / below % crossed[axis]].add(sums);
            }
        };
        match by {
            GroupBy::All => by_area.iter().for_each(|sums| groups[0].add(sums)),
            GroupBy::Area => groups.clone_from_slice(by_area),
            GroupBy::Deprivation => {
                for (area, sums) in town.people.areas.iter().zip(by_area) {
                    groups[usize::from(area.decile) - 1].add(sums);
                }
            }
            GroupBy::Class => from_cells(0, &mut groups),
            GroupBy::Age => from_cells(1, &mut groups),
            GroupBy::Sex => from_cells(2, &mut groups),
            GroupBy::Ethnicity => from_cells(3, &mut groups),
        }
        groups
    };
    GroupBy::ALL.into_iter().map(roll_up).collect()
}

/// A number between 0 and 1 in units of 2^-20, rounded to the nearest.
#[inline(always)]
fn units(x: f32) -> u32 {
    nearest(x * UNITS)
}

/// Hours that a resident has given this week, by taking part and by being consulted, in units of 1/1,024 hour.
pub fn hours(town: &Town, state: &State, resident: usize, consulted: u16) -> u32 {
    let level = state.seen[resident].level;
    hours_of(&town.parameters, level, town.giving[resident], u32::from(consulted) == state.tick)
}

/// The same from a level of taking part, a person's own factor and whether they were consulted. Written without branches, for
/// vector units.
#[inline(always)]
fn hours_of(p: &Parameters, level: u8, giving: f32, consulted: bool) -> u32 {
    let part = f32::from_bits(bits_if(usual_hours(p, level), level >= INVOLVED)) * giving;
    let said = f32::from_bits(bits_if(p.h_1, consulted));
    nearest((part + said) * HOUR_UNITS)
}

/// How satisfied a resident is, between 0.05 and 0.95: by construction, with the signs of surveys in deprived areas, where influence goes
/// with better outcomes and taking part without influence with worse (Ipsos MORI 2008). The numbers are assumptions.
#[inline(always)]
fn satisfaction(influence: f32, rung: u8) -> f32 {
    let beyond = influence - 0.5;
    0.5 + beyond * if Rung::takes_part(rung) { 0.9 } else { 0.6 }
}

/// What each resident of a block adds to sums, a column each.
struct Parts {
    capability: Column<u32>,
    influence: Column<u32>,
    belonging: Column<u32>,
    satisfaction: Column<u32>,
    hours: Column<u32>,
}

impl Parts {
    fn of(town: &Town, state: &State, number: usize) -> Self {
        let block = &state.blocks[number];
        let mut satisfied = [0; BLOCK];
        let feels = block.influence.iter().zip(&block.rung).map(|(&influence, &rung)| satisfaction(influence, rung));
        satisfied.iter_mut().zip(feels).for_each(|(units_of, feels)| *units_of = units(feels));
        Self {
            capability: block.capability.map(units),
            influence: block.influence.map(units),
            belonging: block.belonging.map(units),
            satisfaction: satisfied,
            hours: given_hours(town, state, number),
        }
    }
}

/// Hours that the residents of a block have given this week; none in rows beyond.
#[inline(always)]
fn given_hours(town: &Town, state: &State, number: usize) -> Column<u32> {
    let home = town.layout.homes[number].residents.clone();
    let consulted = &state.blocks[number].consulted;
    let (mut levels, mut giving, mut hours) = ([0; BLOCK], [0.0; BLOCK], [0; BLOCK]);
    levels.iter_mut().zip(&state.seen[home.clone()]).for_each(|(level, seen)| *level = Seen::level_of(seen.bits()));
    giving[..home.len()].copy_from_slice(&town.giving[home.clone()]);
    for row in 0..BLOCK {
        let consulted = u32::from(consulted[row]) == state.tick;
        hours[row] = hours_of(&town.parameters, levels[row], giving[row], consulted);
    }
    hours
}

/// What the residents of a block add to sums together.
fn block(town: &Town, state: &State, number: usize) -> Sums {
    if let (Some(home), Some(next)) = (town.layout.homes.get(number + 1), state.blocks.get(number + 1)) {
        next.prefetch_observed();
        prefetch(&state.seen[home.residents.clone()]);
    }
    let block = &state.blocks[number];
    // Rows beyond the last resident have no capability, influence or belonging, and are unaware.
    let nobody = BLOCK - block.residents();
    let total = |column: &Column<f32>| u64::from(column.iter().map(|&x| units(x)).sum::<u32>());
    let above = |column: &Column<f32>| u64::from(column.iter().map(|&x| u32::from(x > 0.5)).sum::<u32>());
    // A block is small enough to be counted in eight bits.
    let on = |rung: usize| u64::from(block.rung.iter().map(|&own| u8::from(own == rung as u8)).sum::<u8>());
    let feels = block.influence.iter().zip(&block.rung).map(|(&influence, &rung)| satisfaction(influence, rung));
    let satisfied = feels.map(units).sum::<u32>() - nobody as u32 * units(satisfaction(0.0, Rung::Unaware as u8));
    let Census { ties, strengths, bridging } = block.ties.census();
    Sums {
        residents: block.residents() as u64,
        rungs: std::array::from_fn(|rung| on(rung) - if rung == 0 { nobody as u64 } else { 0 }),
        capability: total(&block.capability),
        influence: total(&block.influence),
        belonging: total(&block.belonging),
        influential: above(&block.influence),
        belonging_strongly: above(&block.belonging),
        ties,
        strengths,
        bridging,
        isolated: block.ties.degrees().iter().map(|&degree| u64::from(degree == 0)).sum(),
        satisfaction: u64::from(satisfied),
        hours: given_hours(town, state, number).iter().map(|&hours| u64::from(hours)).sum(),
    }
}
