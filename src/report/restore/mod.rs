//! The page of an experiment on restoring: what is lost in the end, what of it comes back, and with what.

mod picture;
mod sentences;

use super::brief::LOOKS;
use super::page::{Figure, STYLE, render};
use super::plots::Picture;
use super::policy::{as_read, policy};
use super::telling::{ABOUT_DIFFERENCES, Subject, rests_on};
use super::time::Calendar;
use super::words::{capital, count, list, percent, span, thousands};
use crate::experiment::compare::effects::{Effect, FEW};
use crate::experiment::compare::first_lever;
use crate::experiment::compare::restore::{Course, Deed, Experiment, LEFT, Under, on_its_way};
use crate::experiment::measures::MEASURES;
use crate::results::redraw::PAGE;
use crate::results::{LeverFact, Result, RunFacts, Sink};
use crate::scenario::{Choice, Scenario};
use serde::Serialize;

static TEMPLATE: &str = include_str!("../templates/restore.html");

/// What is said where both rules come to the same.
const SAME: &str = "All figures are the same to the last digit: in these runs it makes no difference whether a closed service may reopen.";

/// What the page is made from.
pub struct Source<'a> {
    /// What is done, what is tried afterwards, and for how many years.
    pub experiment: &'a Experiment,
    /// What the experiment says of itself.
    pub description: &'a str,
    /// The baseline and every course.
    pub scenarios: &'a [Scenario],
    /// What was simulated of the baseline.
    pub facts: &'a RunFacts,
    /// What the levers of the first do, then those of what is tried afterwards.
    pub levers: &'a [Vec<LeverFact>],
    /// What came of it under each rule for closed services, the base's own first.
    pub rules: &'a [Under],
    /// Place of the goal's measure.
    pub measure: usize,
    /// How weeks are named.
    pub calendar: Calendar,
}

impl Source<'_> {
    fn base(&self) -> &Scenario {
        &self.scenarios[0]
    }

    fn subject(&self) -> Subject {
        Subject::of(self.measure, Some(f64::from(self.facts.residents) * self.rules[0].compared.people_each()))
    }

    /// Courses of so many years with their places in the comparison, that with nothing more first.
    fn courses(&self, years: u32) -> impl Iterator<Item = (usize, Course)> {
        (1..).zip(self.experiment.courses()).filter(move |(_, course)| course.years == years)
    }

    /// What a course changes at the end of the first and each year after it.
    fn yearly(&self, under: &Under, (option, course): (usize, Course)) -> Vec<Effect> {
        self.experiment.year_by_year(&under.compared, option, course, self.measure)
    }

    /// What is done afterwards, to follow a difference: "with nothing more done", "with outreach".
    fn with(&self, course: Course) -> String {
        match course.then {
            None => "with nothing more done".to_owned(),
            Some(_) => format!("with {}", self.experiment.then_of(course)),
        }
    }

    /// The length of the first, and what it is: "2 years of austerity".
    fn so_long(&self, years: u32) -> String {
        format!("{} of {}", self::years(years), self.experiment.first.name)
    }
}

/// "1 year", "2 years".
fn years(number: u32) -> String {
    count(number, "year", "years")
}

/// Everything the template shows, as text.
#[derive(Serialize)]
struct Page<'a> {
    title: String,
    policy: String,
    style: String,
    description: &'a str,
    how_sure: String,
    back: String,
    rules: Vec<Rule>,
    what: Vec<What<'a>>,
    caveats: Vec<String>,
    attribution: &'a [String],
    technical: Vec<(&'static str, String)>,
}

/// What is told under a rule for closed services.
#[derive(Serialize)]
struct Rule {
    name: String,
    /// Whether it has a picture and a table of its own on the page.
    shown: bool,
    answers: Vec<String>,
    restored: Vec<String>,
    table: sentences::Table,
    figure: Figure,
}

/// What a scenario does that the base does not.
#[derive(Serialize)]
struct What<'a> {
    head: String,
    description: &'a str,
    /// Name, weeks and action of each lever.
    levers: Vec<(&'a str, String, &'a str)>,
    notes: Vec<String>,
}

/// Draws the pictures and the page; gives the answer in words.
///
/// # Errors
/// When something cannot be drawn or written.
pub fn draw(sink: &mut impl Sink, source: &Source) -> Result<String> {
    let pictures = picture::all(source);
    super::put_pictures(sink, pictures.iter())?;
    let rule = |(under, picture): (&Under, Picture)| {
        let same = under.reopens != source.rules[0].reopens && sentences::are_the_same(source, under);
        Ok(Rule {
            name: under_name(under),
            shown: !same,
            answers: if same { vec![SAME.to_owned()] } else { sentences::answers(source, under) },
            restored: if same { Vec::new() } else { sentences::restored(source, under) },
            table: sentences::table(source, under),
            figure: Figure::of(picture)?,
        })
    };
    let rules: Vec<Rule> = source.rules.iter().zip(pictures).map(rule).collect::<Result<_>>()?;
    let style = as_read(&(STYLE.to_owned() + LOOKS));
    let said = rules.iter().flat_map(|rule| {
        let head = format!("{}:", rule.name);
        std::iter::once(head).chain(rule.answers.iter().chain(&rule.restored).map(|line| format!("  {line}")))
    });
    let said: Vec<String> = said.collect();
    let page = Page {
        title: format!("What brings {} back after {}?", source.base().about.name, source.experiment.first.name),
        policy: policy(None, &style),
        style,
        description: source.description,
        how_sure: rests_on(&source.rules[0].compared),
        back: format!(
            "Back means: what is left is no more than {} of the difference at the end of {}, in the middle version, and stays so to \
             the end of the run. Where the baseline is passed it counts as back too. The share is a choice.",
            percent(LEFT, 0),
            source.experiment.first.name
        ),
        rules,
        what: what(source),
        caveats: caveats(source),
        attribution: &source.facts.attribution,
        technical: technical(source),
    };
    sink.put(PAGE, render("restore.html", TEMPLATE, &page)?.as_bytes())?;
    Ok(said.join("\n"))
}

fn under_name(under: &Under) -> String {
    format!("Where {}", under.name())
}

/// What is done first, and what is tried afterwards.
fn what<'a>(source: &'a Source) -> Vec<What<'a>> {
    let experiment = source.experiment;
    let first = |lever: &LeverFact| {
        let from = source.calendar.say(lever.start as i32);
        let to = lever.end.map_or(String::new(), |end| format!("{} or ", source.calendar.say(end as i32)));
        format!("from {from} to {to}the end of those years")
    };
    let then = |lever: &LeverFact| {
        let from = match lever.start {
            0 => "from then on".to_owned(),
            weeks => format!("from {} later on", span(weeks)),
        };
        let long = lever.end.map_or(String::new(), |end| format!(", for {}", span(end - lever.start)));
        from + &long
    };
    let each = |place: usize, head: String, deed: &'a Deed, when: &dyn Fn(&LeverFact) -> String, notes| What {
        head,
        description: &deed.description,
        levers: source.levers[place]
            .iter()
            .map(|lever| (lever.name.as_str(), when(lever), lever.sentence.as_str()))
            .collect(),
        notes,
    };
    let all: Vec<String> = experiment.years.iter().map(|&number| years(number)).collect();
    let head = format!("First, for {}: {}", list(&all), experiment.first.name);
    let mut what = vec![each(0, head, &experiment.first, &first, on_the_way(experiment))];
    for (i, deed) in experiment.then.iter().enumerate() {
        what.push(each(i + 1, format!("Once that has ended: {}", deed.name), deed, &then, Vec::new()));
    }
    what
}

/// Where a cut is ended before it has come to its aim.
fn on_the_way(experiment: &Experiment) -> Vec<String> {
    let notes = experiment.years.iter().flat_map(|&number| {
        experiment.first.levers.iter().filter_map(move |lever| {
            let (share, aim) = on_its_way(lever, number)?;
            Some(format!(
                "After {} `{}` has come to {} of usual staff, on its way to {}: a shorter cut is a smaller one too.",
                years(number),
                lever.name,
                percent(share, 0),
                percent(aim, 0)
            ))
        })
    });
    notes.collect()
}

/// What to keep in mind: of the model, and of what is asked here.
fn caveats(source: &Source) -> Vec<String> {
    let mut caveats: Vec<String> = ABOUT_DIFFERENCES.map(str::to_owned).to_vec();
    caveats.push(
        "A lever that has ended acts no more from one week to the next: staff who were cut are back at once, as if posts could be \
         filled overnight."
            .to_owned(),
    );
    caveats.push(
        "Whether a closed service opens again is a rule of the model without a source, so both are told. Where it may, it opens once \
         its staff alone have covered enough of its hours for as many weeks as it took to close."
            .to_owned(),
    );
    caveats.push(
        "A share of a small difference says little: look at the difference too. Shares are of the middle version's differences, which \
         need not be of the same version in each year."
            .to_owned(),
    );
    caveats.extend(source.facts.caveats.iter().cloned());
    caveats
}

/// How it was done.
fn technical(source: &Source) -> Vec<(&'static str, String)> {
    let (about, compared) = (&source.base().about, &source.rules[0].compared);
    let sets: Vec<String> = compared.sets.iter().map(u32::to_string).collect();
    let measure = &MEASURES[source.measure];
    let branch = first_lever(source.scenarios);
    vec![
        ("Program", format!("groundswell {}", env!("CARGO_PKG_VERSION"))),
        ("Profile", source.base().model.profile.name().to_owned()),
        ("Seed", about.seed.to_string()),
        ("Residents, areas, services", {
            let facts = source.facts;
            format!("{}, {}, {}", thousands(f64::from(facts.residents)), facts.areas, facts.services)
        }),
        ("Weeks", format!("{} after a spin-up of {}", about.weeks, about.spin_up)),
        ("Measure", format!("{}, {}: all residents, in the week", measure.name, measure.unit)),
        ("Courses under each rule", (source.scenarios.len() - 1).to_string()),
        ("Replicates of the profile", compared.pairs.profile.len().to_string()),
        ("Plausible sets, one pair each", if sets.is_empty() { "none".to_owned() } else { list(&sets) }),
        (
            "Common past",
            format!(
                "baseline and courses are simulated once and branched in week {branch}, the first in which a lever is in force; each \
                 rule for closed services has a past of its own, with the same draws"
            ),
        ),
        (
            "Plausible interval",
            match &compared.pairs {
                pairs if pairs.sets.is_empty() => "not asked for".to_owned(),
                pairs if pairs.few() => format!("not told: fewer than {FEW} plausible sets say nothing of it"),
                _ => "the middle nine tenths over plausible sets; they hold the chance of a single pair too".to_owned(),
            },
        ),
        ("Rule of the base", capital(source.rules[0].name())),
    ]
}
