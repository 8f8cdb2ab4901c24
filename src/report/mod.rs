//! Pictures and page of a run, drawn from its tables alone, so that a finished folder can be drawn again.
//!
//! ```text
//! tables, facts -> data (series) -> plots (pictures with a paragraph each) -> page
//!                                      chart (axes, lines, labels) -> scene (marks) -> SVG, PNG
//! ```

pub mod brief;
pub mod chart;
pub mod data;
pub mod page;
pub mod plots;
pub mod scene;
pub mod sweep;
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
    let figures = put_pictures(sink, plots::all(&source)?)?;
    sink.put(PAGE, page::page(&source, identity, figures)?.as_bytes())
}

/// Draws pictures as SVG and PNG, and gives them as a page shows them.
fn put_pictures(sink: &mut impl Sink, pictures: Vec<plots::Picture>) -> Result<Vec<page::Figure>> {
    let drawn = pictures.par_iter().map(|picture| {
        let description = format!("{}. {}", picture.title, picture.reading);
        let svg = |top| picture.scene.to_svg(&description, top);
        Ok((svg(0.0)?, picture.scene.to_png()?, svg(chart::BELOW_TITLE)?))
    });
    let drawn: Vec<_> = drawn.collect::<Result<_>>()?;
    let mut figures = Vec::new();
    for (picture, (svg, png, below_title)) in pictures.into_iter().zip(drawn) {
        sink.put(&format!("{PLOTS}/{}.svg", picture.name), svg.as_bytes())?;
        sink.put(&format!("{PLOTS}/{}.png", picture.name), &png)?;
        let (name, title, reading) = (picture.name, picture.title, picture.reading);
        figures.push(page::Figure { name, title, reading, svg: below_title });
    }
    Ok(figures)
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
