//! The brief of a comparison: what changes, for whom, how sure, at what cost; the answer first, technical matter last.

mod answer;
mod apart;
mod behind;
mod lasting;
mod lives;
mod next;
mod picture;
mod places;
mod six;
mod tables;
mod worth;

use super::page::{STYLE, render};
use super::policy::{as_read, policy};
use super::telling::ABOUT_DIFFERENCES;
use super::time::Calendar;
use super::words::{list, span, thousands};
use crate::experiment::compare::apart::Parts;
use crate::experiment::compare::cannot_be_paired;
use crate::experiment::compare::effects::Effect;
use crate::experiment::compare::equal::EqualCost;
use crate::experiment::compare::task::Compared;
use crate::experiment::compare::windows::goal_measure;
use crate::results::redraw::PAGE;
use crate::results::{Result, RunFacts, Sink};
use crate::scenario::Scenario;
use serde::Serialize;

static TEMPLATE: &str = include_str!("../templates/brief.html");
/// What a brief looks like, on top of what all pages do.
pub(super) static LOOKS: &str = include_str!("../templates/brief.css");
/// What a reader can do with a brief that could not be done on paper.
static SCRIPT: &str = include_str!("../templates/brief.js");

/// What a brief is made from.
pub struct Brief<'a> {
    /// The baseline, then the options.
    pub scenarios: &'a [Scenario],
    /// What was simulated of each.
    pub facts: &'a [RunFacts],
    /// What came of it.
    pub compared: &'a Compared,
    /// What comes of it under other rules, if that was asked.
    pub variants: &'a [Underneath],
    /// What parts the effects of the options have, if that was asked: the number of each pair, and the parts by option.
    pub apart: &'a [(u32, Vec<Parts>)],
    /// The sum that options were brought to, if that was asked.
    pub equal: Option<&'a EqualCost>,
    /// How weeks are named.
    pub calendar: Calendar,
}

/// What options change in the goal under other rules of the model.
pub struct Underneath {
    what: String,
    /// The effect of each option, in its order.
    effects: Vec<Effect>,
}

/// What comes of a comparison under other rules.
pub fn underneath(what: String, scenarios: &[Scenario], compared: &Compared) -> Underneath {
    let goal = goal_measure(&scenarios[0].goal);
    let grid = &compared.grid;
    let effect = |option| Effect::of(&compared.pairs, grid, option, goal, grid.goal(), 0);
    Underneath { what, effects: (1..scenarios.len()).map(effect).collect() }
}

impl Brief<'_> {
    /// Names of the options with their places.
    fn options(&self) -> impl Iterator<Item = (usize, &str)> {
        self.scenarios.iter().enumerate().skip(1).map(|(place, scenario)| (place, scenario.about.name.as_str()))
    }

    fn baseline(&self) -> &Scenario {
        &self.scenarios[0]
    }

    /// Residents of the place.
    fn people(&self) -> f64 {
        (f64::from(self.facts[0].residents) * self.compared.people_each()).round()
    }

    fn paired(&self) -> bool {
        self.compared.pairs.paired
    }

    /// What every figure begins with where runs are not paired.
    fn mark(&self) -> &'static str {
        if self.paired() { "" } else { "Not paired. " }
    }
}

/// Everything the template shows, as text.
#[derive(Serialize)]
struct Page<'a> {
    title: String,
    policy: String,
    style: String,
    script: String,
    baseline: &'a str,
    mark: &'static str,
    unpaired: Option<String>,
    answers: Vec<String>,
    how_sure: String,
    options: answer::Options,
    flips: Vec<String>,
    next: Vec<String>,
    lasting: Option<lasting::Lasting>,
    apart: Option<apart::Apart>,
    watch: tables::Watch,
    variants: Vec<answer::Survives>,
    what: Vec<What<'a>>,
    figures: Vec<picture::Figure>,
    who: tables::Who,
    places: Option<places::Where>,
    characteristics: Vec<(&'static str, String)>,
    concentration: String,
    lives: lives::Lives,
    money: tables::Money,
    six: Vec<six::Row>,
    caveats: Vec<String>,
    attribution: &'a [String],
    technical: Vec<(&'static str, String)>,
    reduction: Vec<(String, String)>,
}

/// What is done in an option.
#[derive(Serialize)]
struct What<'a> {
    name: &'a str,
    description: &'a str,
    levers: Vec<(String, String, String)>,
}

/// Draws the pictures and the page; gives the answer in words.
///
/// # Errors
/// When something cannot be drawn or written.
pub fn draw(sink: &mut impl Sink, brief: &Brief) -> Result<String> {
    let pictures = picture::all(brief)?;
    let (maps, places) = places::places(brief)?;
    super::put_pictures(sink, pictures.iter().map(|(picture, _)| picture).chain(&maps))?;
    let figures = pictures.into_iter().map(|(_, figure)| figure).collect();
    let (script, style) = (as_read(SCRIPT), as_read(&(STYLE.to_owned() + LOOKS)));
    let answers = answer::sentences(brief);
    let names: Vec<String> = brief.options().map(|(_, name)| name.to_owned()).collect();
    let page = Page {
        title: format!("What changes: {} against {}", list(&names), brief.baseline().about.name),
        policy: policy(Some(&script), &style),
        style,
        script,
        baseline: &brief.baseline().about.name,
        mark: brief.mark(),
        unpaired: unpaired(brief),
        how_sure: answer::how_sure(brief),
        options: answer::options(brief),
        flips: answer::flips(brief),
        next: next::steps(brief),
        lasting: lasting::lasting(brief),
        apart: apart::apart(brief),
        watch: tables::watch(brief),
        variants: answer::variants(brief),
        what: what(brief),
        figures,
        who: tables::who(brief),
        places,
        characteristics: tables::characteristics(brief),
        concentration: six::concentration(brief),
        lives: lives::told(brief),
        money: tables::money(brief),
        six: six::six(brief),
        caveats: caveats(brief),
        attribution: &brief.facts[0].attribution,
        technical: tables::technical(brief),
        reduction: tables::reduction(brief),
        answers,
    };
    sink.put(PAGE, render("brief.html", TEMPLATE, &page)?.as_bytes())?;
    Ok(page.answers.join("\n"))
}

/// What it means that runs are not paired, if they are not.
fn unpaired(brief: &Brief) -> Option<String> {
    if brief.paired() {
        return None;
    }
    let differ = brief.options().filter_map(|(option, name)| {
        let what = cannot_be_paired(brief.baseline(), &brief.scenarios[option])?;
        Some(format!("{name} differs from {} in {what}", brief.baseline().about.name))
    });
    let towns = brief.facts.iter().map(|facts| {
        let residents = thousands(f64::from(facts.residents));
        format!("{} {residents}", facts.title)
    });
    Some(format!(
        "These runs are not paired: {}. Each scenario was run alone, so a difference holds what chance makes of both, and what else \
         differs between the towns beside the levers. Residents: {}. All were run for {}.",
        differ.collect::<Vec<_>>().join("; "),
        towns.collect::<Vec<_>>().join(", "),
        span(brief.baseline().about.weeks)
    ))
}

/// What is done, option by option.
fn what<'a>(brief: &'a Brief) -> Vec<What<'a>> {
    let each = |facts: &'a RunFacts| What {
        name: &facts.title,
        description: &facts.description,
        levers: facts
            .levers
            .iter()
            .map(|lever| {
                let from = brief.calendar.say(lever.start as i32);
                let to = lever.end.map_or("the end".to_owned(), |end| brief.calendar.say(end as i32));
                (lever.name.clone(), format!("from {from} to {to}"), lever.sentence.clone())
            })
            .collect(),
    };
    brief.facts.iter().map(each).collect()
}

/// What to keep in mind: of the model, and of comparing.
fn caveats(brief: &Brief) -> Vec<String> {
    let mut caveats: Vec<String> = ABOUT_DIFFERENCES.map(str::to_owned).to_vec();
    caveats.extend(brief.facts[0].caveats.iter().cloned());
    caveats
}
