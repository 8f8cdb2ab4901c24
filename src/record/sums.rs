//! Sums over residents, and the groups over which they are taken.
//!
//! Sums are integers (numbers between 0 and 1 in units of 2^-20), so a measure does not depend on the order of adding.

use crate::model::services::HOUR_UNITS;
use crate::model::state::{Rung, State};
use crate::model::town::Town;
use crate::network::ties::Census;
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

    fn ends(&mut self, census: &Census) {
        (self.ties, self.strengths, self.bridging) = (census.ties, census.strengths, census.bridging);
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
        sums.add(&of_block(town, state, number));
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
        sums[home.area].add(&of_block(town, state, number));
        for (row, resident) in home.residents.clone().enumerate() {
            sums[areas + cell(resident)].add(&of_resident(town, state, number, row));
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
#[inline(always)]
pub fn hours(town: &Town, state: &State, resident: usize, consulted: u16) -> u32 {
    let p = &town.parameters;
    let seen = state.seen[resident];
    let part = if seen.engaged() { town.hours(resident, seen.level) } else { 0.0 };
    let said = if u32::from(consulted) == state.tick { p.h_1 } else { 0.0 };
    ((part + said) * HOUR_UNITS) as i32 as u32
}

/// How satisfied a resident is, between 0.05 and 0.95: by construction, with the signs of surveys in deprived areas, where influence goes
/// with better outcomes and taking part without influence with worse (Ipsos MORI 2008). The numbers are assumptions.
#[inline(always)]
fn satisfaction(influence: f32, rung: u8) -> f32 {
    let beyond = influence - 0.5;
    0.5 + beyond * if Rung::takes_part(rung) { 0.9 } else { 0.6 }
}

/// The sums of a block, column by column.
fn of_block(town: &Town, state: &State, number: usize) -> Sums {
    let (home, block) = (town.layout.homes[number].residents.clone(), &state.blocks[number]);
    let n = home.len();
    let total = |column: &[f32]| u64::from(column[..n].iter().map(|&x| units(x)).sum::<u32>());
    let above = |column: &[f32]| u64::from(column[..n].iter().map(|&x| u32::from(x > 0.5)).sum::<u32>());
    // Rows beyond the last resident are unaware, like nobody.
    let on = |rung: usize| {
        let mut lanes = [0u8; 16];
        for rungs in block.rung.as_chunks::<16>().0 {
            lanes.iter_mut().zip(rungs).for_each(|(lane, &r)| *lane += u8::from(r == rung as u8));
        }
        lanes.iter().map(|&lane| u64::from(lane)).sum::<u64>()
    };
    let nobody = (block.rung.len() - n) as u64;
    let mut sums = Sums {
        residents: n as u64,
        rungs: std::array::from_fn(|rung| on(rung) - if rung == 0 { nobody } else { 0 }),
        capability: total(&block.capability),
        influence: total(&block.influence),
        belonging: total(&block.belonging),
        influential: above(&block.influence),
        belonging_strongly: above(&block.belonging),
        satisfaction: {
            let each = block.influence[..n].iter().zip(&block.rung[..n]);
            u64::from(each.map(|(&influence, &rung)| units(satisfaction(influence, rung))).sum::<u32>())
        },
        isolated: block.ties.degrees().iter().map(|&degree| u64::from(degree == 0)).sum(),
        hours: home.zip(&block.consulted).map(|(i, &consulted)| u64::from(hours(town, state, i, consulted))).sum(),
        ..Sums::default()
    };
    sums.ends(&block.ties.census());
    sums
}

/// The sums of a single resident.
#[inline(always)]
fn of_resident(town: &Town, state: &State, number: usize, row: usize) -> Sums {
    let (resident, block) = (town.layout.homes[number].residents.start + row, &state.blocks[number]);
    let mut sums = Sums {
        residents: 1,
        capability: u64::from(units(block.capability[row])),
        influence: u64::from(units(block.influence[row])),
        belonging: u64::from(units(block.belonging[row])),
        influential: u64::from(block.influence[row] > 0.5),
        belonging_strongly: u64::from(block.belonging[row] > 0.5),
        satisfaction: u64::from(units(satisfaction(block.influence[row], block.rung[row]))),
        isolated: u64::from(block.ties.degree(row) == 0),
        hours: u64::from(hours(town, state, resident, block.consulted[row])),
        ..Sums::default()
    };
    sums.rungs[usize::from(block.rung[row])] = 1;
    sums.ends(&block.ties.census_of(row));
    sums
}
