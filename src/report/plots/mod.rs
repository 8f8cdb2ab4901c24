//! The pictures of a run, each with a paragraph that says how to read it and what it shows.

mod entries;
mod groups;
mod ladder;
mod lifecycle;
mod map;
mod services;
mod ties;

use super::Tables;
use super::data::Weekly;
use super::scene::Scene;
use super::time::Calendar;
use crate::results::{Result, RunFacts};

/// Spots drawn per line at most; more would not be seen.
pub const MOST_SPOTS: usize = 600;

/// A drawn picture.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Stem of its files.
    pub name: String,
    /// Its heading in the report.
    pub title: String,
    /// How to read it, and what it shows in figures.
    pub reading: String,
    /// The drawing.
    pub scene: Scene,
}

impl Picture {
    /// What it says to those who do not see it.
    pub fn description(&self) -> String {
        format!("{}. {}", self.title, self.reading)
    }
}

/// What pictures are made from.
#[derive(Debug)]
pub struct Source<'a> {
    /// The tables.
    pub tables: &'a Tables,
    /// The weekly table by group.
    pub weekly: Weekly<'a>,
    /// What was simulated.
    pub facts: &'a RunFacts,
    /// How weeks are named.
    pub calendar: Calendar,
}

impl<'a> Source<'a> {
    /// Prepares the tables for drawing.
    ///
    /// # Errors
    /// When the weekly table misses a column.
    pub fn new(tables: &'a Tables, facts: &'a RunFacts) -> Result<Self> {
        let weekly = Weekly::new(&tables.weekly)?;
        Ok(Self { tables, weekly, facts, calendar: Calendar::new(facts.start.as_deref()) })
    }

    /// The weeks of the run as an axis.
    fn axis(&self, most: usize) -> super::chart::Axis {
        let (first, last) = self.weekly.weeks();
        self.calendar.axis(f64::from(first), f64::from(last), most)
    }

    /// A sentence about the band, where there is one.
    fn about_band(&self) -> String {
        match self.facts.replicates {
            0 | 1 => String::new(),
            runs => format!(" Mean of {runs} runs; the band holds the middle eight in ten of them."),
        }
    }
}

/// Every picture the tables have the data for, in the order of the report.
///
/// # Errors
/// When a table misses a column.
pub fn all(source: &Source) -> Result<Vec<Picture>> {
    let drawn = [
        ladder::draw(source)?,
        entries::draw(source)?,
        groups::draw(source)?,
        ties::draw(source)?,
        services::draw(source)?,
        lifecycle::draw(source)?,
        map::draw(source)?,
    ];
    Ok(drawn.into_iter().flatten().collect())
}
