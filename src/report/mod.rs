//! Pictures and page of a run, drawn from its tables alone, so that a finished folder can be drawn again.
//!
//! ```text
//! tables, facts -> data (series) -> plots (pictures with a paragraph each) -> page
//!                                      chart (axes, lines, labels) -> scene (marks) -> SVG, PNG
//! ```

pub mod brief;
pub mod chart;
mod circles;
pub mod data;
pub mod page;
pub mod plots;
mod policy;
pub mod restore;
pub mod scene;
pub mod sweep;
mod telling;
pub mod time;
pub mod words;

use rayon::prelude::*;
use std::path::Path;

use crate::results::redraw::{PAGE, PLOTS};
use crate::results::schemas::{AREAS, CURVES, RESIDENTS, SERVICES, WEEKLY};
use crate::results::{Error, Identity, Redraw, Result, Run, RunFacts, Schema, Sink, Table};

/// What the report is drawn from. A table the run was written without leaves out what would be drawn from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    /// How far people take part.
    pub weekly: Table,
    /// The services.
    pub services: Option<Table>,
    /// Lifecycle curves.
    pub curves: Option<Table>,
    /// The areas.
    pub areas: Option<Table>,
    /// The residents.
    pub residents: Option<Table>,
}

impl Tables {
    /// The tables that the report is drawn from, out of all that a run has made. A table that is not written to the
    /// folder is to be left out, or the page drawn again will differ.
    ///
    /// # Errors
    /// When there is no weekly table.
    pub fn pick(tables: Vec<Table>) -> Result<Self> {
        let mut tables: Vec<Option<Table>> = tables.into_iter().map(Some).collect();
        let mut take = |schema: &Schema| {
            let found = |table: &&mut Option<Table>| table.as_ref().is_some_and(|table| table.name() == schema.name);
            tables.iter_mut().find(found).and_then(Option::take)
        };
        let missing = || Error::Shape { table: WEEKLY.name.into(), reason: "it is missing".into() };
        Ok(Self {
            weekly: take(&WEEKLY).ok_or_else(missing)?,
            services: take(&SERVICES),
            curves: take(&CURVES),
            areas: take(&AREAS),
            residents: take(&RESIDENTS),
        })
    }

    /// The tables of a finished run folder.
    ///
    /// # Errors
    /// When one is missing that should be there, or is damaged.
    pub fn read(run: &Run) -> Result<Self> {
        let optional = |schema: &Schema| run.has(schema).then(|| run.table(schema)).transpose();
        Ok(Self {
            weekly: run.table(&WEEKLY)?,
            services: optional(&SERVICES)?,
            curves: optional(&CURVES)?,
            areas: optional(&AREAS)?,
            residents: optional(&RESIDENTS)?,
        })
    }
}

/// Draws every picture, as SVG and PNG, and the page.
///
/// # Errors
/// When a table misses a column or a file cannot be written.
pub fn draw(sink: &mut impl Sink, tables: &Tables, facts: &RunFacts, identity: &Identity) -> Result<()> {
    let source = plots::Source::new(tables, facts)?;
    let pictures = plots::all(&source)?;
    put_pictures(sink, pictures.iter())?;
    let figures = pictures.into_iter().map(page::Figure::of).collect::<Result<_>>()?;
    sink.put(PAGE, page::page(&source, identity, figures)?.as_bytes())
}

/// Draws pictures into files, as SVG and PNG.
fn put_pictures<'a>(sink: &mut impl Sink, pictures: impl Iterator<Item = &'a plots::Picture>) -> Result<()> {
    let pictures: Vec<_> = pictures.collect();
    let drawn = pictures.par_iter().map(|picture| {
        let scene = &picture.scene;
        Ok((scene.to_svg(&picture.description(), scene.below(0.0))?, scene.to_png()?))
    });
    let drawn: Vec<_> = drawn.collect::<Result<_>>()?;
    for (picture, (svg, png)) in pictures.into_iter().zip(drawn) {
        sink.put(&format!("{PLOTS}/{}.svg", picture.name), svg.as_bytes())?;
        sink.put(&format!("{PLOTS}/{}.png", picture.name), &png)?;
    }
    Ok(())
}

/// Draws pictures and page of a finished run folder again and replaces those it has, without simulating.
///
/// # Errors
/// When it is not a finished run folder, or cannot be read or written.
pub fn redraw(path: &Path) -> Result<()> {
    let mut redraw = Redraw::begin(path)?;
    let tables = Tables::read(redraw.run())?;
    let manifest = redraw.run().manifest().clone();
    draw(&mut redraw, &tables, &manifest.run, &manifest.identity)?;
    redraw.commit()
}
