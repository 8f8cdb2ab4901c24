//! `report.html`: one page that explains itself, works offline and prints.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chart::BELOW_TITLE;
use super::data::{Series, Spot};
use super::plots::{Picture, Source};
use super::words::{NOT_OBSERVED, capital, count, number, percent, signed, span, thousands};
use crate::results::{Drift, Error, Identity, Result};

static TEMPLATE: &str = include_str!("templates/report.html");
/// What all pages look like.
pub const STYLE: &str = include_str!("templates/style.css");
/// What several pages include.
const PARTS: [(&str, &str); 4] = [
    ("style.css", STYLE),
    ("head.html", include_str!("templates/head.html")),
    ("caveats.html", include_str!("templates/caveats.html")),
    ("sources.html", include_str!("templates/sources.html")),
];
/// Services told one by one at most.
const MOST_SERVICES: usize = 12;
/// Weeks in a year, for first and last year.
const YEAR: i32 = 52;

/// A picture as the page shows it.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// Stem of its files.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// How to read it, and what it shows.
    pub reading: String,
    /// The drawing.
    pub svg: String,
}

impl Figure {
    /// A picture without its title, which the page has as a heading.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn of(picture: Picture) -> Result<Self> {
        let svg = picture.scene.to_svg(&picture.description(), picture.scene.below(BELOW_TITLE))?;
        Ok(Self { name: picture.name, title: picture.title, reading: picture.reading, svg })
    }
}

/// Everything the template shows, as text.
#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    summary: [String; 2],
    description: &'a str,
    headline: Vec<Headline>,
    runs: String,
    from: String,
    to: String,
    ever: Option<String>,
    levers: Vec<Lever>,
    figures: Vec<Figure>,
    who: Vec<Grouping>,
    who_from: String,
    who_to: String,
    services: String,
    service_rows: Vec<Service>,
    service_more: String,
    note: &'a str,
    caveats: &'a [String],
    attribution: &'a [String],
    technical: Vec<(&'static str, String)>,
    scenario: &'a str,
}

/// A row of the table of headline numbers.
#[derive(Serialize)]
struct Headline {
    name: &'static str,
    start: String,
    end: String,
    between: String,
    change: String,
    drift: String,
}

#[derive(Serialize)]
struct Lever {
    name: String,
    sentence: String,
    when: String,
}

#[derive(Serialize)]
struct Grouping {
    name: &'static str,
    rows: Vec<Group>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    residents: String,
    first: String,
    last: String,
    change: String,
}

#[derive(Serialize)]
struct Service {
    name: String,
    start: String,
    end: String,
    load: String,
    volunteers: String,
}

/// How a measure is written.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    /// Per cent of residents.
    Share,
    /// Per cent of residents, with the number of people.
    People,
    /// A plain number with so many decimals.
    Number(usize),
}

impl Unit {
    fn write(self, value: f64, people: f64) -> String {
        match self {
            Self::Share => percent(value, 1),
            Self::People if value.is_finite() => format!("{} ({})", thousands(value * people), percent(value, 1)),
            Self::People => NOT_OBSERVED.into(),
            Self::Number(0) => thousands(value),
            Self::Number(decimals) => number(value, decimals),
        }
    }

    fn change(self, change: f64) -> String {
        match self {
            _ if !change.is_finite() => NOT_OBSERVED.into(),
            Self::Share | Self::People => signed(change * 100.0, 1) + " points",
            Self::Number(0) if change.round() > 0.0 => "+".to_owned() + &thousands(change),
            Self::Number(0) => thousands(change),
            Self::Number(decimals) => signed(change, decimals),
        }
    }
}

/// The page as HTML.
///
/// # Errors
/// When a table misses a column, or the template has a fault.
pub fn page(source: &Source, identity: &Identity, figures: Vec<Figure>) -> Result<String> {
    let (weekly, facts) = (&source.weekly, source.facts);
    let (first, last) = weekly.weeks();
    let (services, service_rows, service_more) = services(source)?;
    let years = last - first >= 2 * YEAR;
    let page = Page {
        title: &facts.title,
        summary: summary(source)?,
        description: &facts.description,
        headline: headline(source)?,
        runs: match facts.replicates {
            0 | 1 => "One run. Another roll of the dice would give somewhat different figures.".into(),
            runs => format!(
                "Means of {runs} runs that differ only in chance; the small figures hold the middle eight in ten of \
                 them.",
            ),
        },
        from: capital(&source.calendar.say(first)),
        to: capital(&source.calendar.say(last)),
        ever: ever(source)?,
        levers: facts
            .levers
            .iter()
            .map(|lever| {
                let from = source.calendar.say(lever.start as i32);
                let when = match lever.end {
                    Some(end) => format!("from {from} to {}", source.calendar.say(end as i32)),
                    None => format!("from {from} to the end"),
                };
                Lever { name: lever.name.clone(), sentence: lever.sentence.clone(), when }
            })
            .collect(),
        figures,
        who: who(source, years)?,
        who_from: if years { "first year" } else { "at the start" }.into(),
        who_to: if years { "last year" } else { "at the end" }.into(),
        services,
        service_rows,
        service_more,
        note: &facts.public_services_note,
        caveats: &facts.caveats,
        attribution: &facts.attribution,
        technical: technical(source, identity),
        scenario: &identity.scenario,
    };
    render("report.html", TEMPLATE, &page)
}

/// A page from its template; all text in it is escaped.
///
/// # Errors
/// When the template has a fault.
pub fn render(name: &'static str, template: &'static str, page: &impl Serialize) -> Result<String> {
    let fault = |error: minijinja::Error| Error::Drawing { what: name.into(), reason: error.to_string() };
    let mut templates = minijinja::Environment::new();
    templates.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    templates.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let syntax = minijinja::syntax::SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    templates.set_syntax(syntax.map_err(fault)?);
    for (name, part) in PARTS {
        templates.add_template(name, part).map_err(fault)?;
    }
    templates.add_template(name, template).map_err(fault)?;
    let template = templates.get_template(name).map_err(fault)?;
    template.render(minijinja::value::Serde(page)).map_err(fault)
}

/// What was simulated, and what became of it.
fn summary(source: &Source) -> Result<[String; 2]> {
    let (facts, weekly) = (source.facts, &source.weekly);
    let settled = match facts.spin_up {
        0 => String::new(),
        weeks => format!(", after {} in which the town settles", span(weeks)),
    };
    let what = format!(
        "A simulated town of {} in {}, with {} and {} between people, is followed week by week for {}{settled}.",
        count(facts.residents, "resident", "residents"),
        count(facts.areas, "area", "areas"),
        if facts.services == 0 { "no services".into() } else { count(facts.services, "service", "services") },
        count(facts.ties as f64, "tie", "ties"),
        span(facts.weeks),
    );
    let engaged = weekly.engaged("all", &["all"])?;
    let people = weekly.residents("all", &["all"])?;
    let (first, last) = (engaged.first(), engaged.last());
    let became = if first.is_finite() {
        format!(
            "{} people take part in a service at the start, {} of every 100; at the end it is {}, {} of every 100.",
            thousands(first * people),
            number(first * 100.0, 0),
            thousands(last * people),
            number(last * 100.0, 0),
        )
    } else {
        "How many people take part was not observed.".into()
    };
    Ok([what, became])
}

/// The numbers of the first screen.
fn headline(source: &Source) -> Result<Vec<Headline>> {
    let weekly = &source.weekly;
    let people = weekly.residents("all", &["all"])?;
    let rows: [(&str, &str, Series, Unit); 6] = [
        ("People who take part", "engaged_share", weekly.engaged("all", &["all"])?, Unit::People),
        (
            "of them, people who help to run a service",
            "collaborating",
            weekly.share(&["collaborating"], "all", &["all"])?,
            Unit::People,
        ),
        ("Feel able to influence decisions", "influence_share", weekly.series("influence_share")?, Unit::Share),
        ("Feel they belong to the neighbourhood", "belonging_share", weekly.series("belonging_share")?, Unit::Share),
        ("Ties a resident has", "ties_mean", weekly.series("ties_mean")?, Unit::Number(1)),
        ("Hours given in a week, by all together", "hours", weekly.series("hours")?, Unit::Number(0)),
    ];
    let row = |(name, measure, series, unit): (&'static str, &str, Series, Unit)| {
        let several = series.last_spot().filter(|spot| spot.seen > 1);
        let short = if unit == Unit::People { Unit::Share } else { unit };
        let between = |spot: &Spot| format!("{} to {}", short.write(spot.low, people), short.write(spot.high, people));
        Headline {
            name,
            start: unit.write(series.first(), people),
            end: unit.write(series.last(), people),
            between: several.map_or_else(String::new, between),
            change: unit.change(series.last() - series.first()),
            drift: drift(source.facts.drift.iter().find(|drift| drift.measure == measure)),
        }
    };
    Ok(rows.into_iter().map(row).collect())
}

/// What a measure did of itself before week 0, in words.
fn drift(drift: Option<&Drift>) -> String {
    let Some(drift) = drift.filter(|drift| drift.per_year.is_finite()) else {
        return "not measured".into();
    };
    let share = drift.unit == "share";
    let steady = if share { 0.0005 } else { 0.002 * drift.level.abs() };
    let size = drift.per_year.abs();
    let moved = if share {
        format!("{} points a year", number(size * 100.0, 1))
    } else {
        let decimals = if size >= 10.0 {
            0
        } else if size >= 0.1 {
            1
        } else {
            2
        };
        format!("{} a year", if decimals == 0 { thousands(size) } else { number(size, decimals) })
    };
    // A level that is not a number cannot make a drift steady.
    if size < steady {
        "steady".into()
    } else if drift.per_year > 0.0 {
        format!("rising by {moved}")
    } else {
        format!("falling by {moved}")
    }
}

/// How many had taken part at some time, where residents were recorded.
fn ever(source: &Source) -> Result<Option<String>> {
    let Some(residents) = &source.tables.residents else {
        return Ok(None);
    };
    let replicate = residents.ints("replicate")?;
    let entries = residents.opt_ints("first_entry")?.iter().zip(replicate).filter(|(_, run)| **run == 0);
    let (all, ever) = entries.fold((0, 0), |(all, ever), (entry, _)| (all + 1, ever + i32::from(entry.is_some())));
    if all == 0 {
        return Ok(None);
    }
    let share = percent(f64::from(ever) / f64::from(all), 0);
    Ok(Some(format!("By the end {share} of residents had taken part at some time, the spin-up counted.")))
}

/// Who takes part: groups, and how large a share of them in the first and the last year.
fn who(source: &Source, years: bool) -> Result<Vec<Grouping>> {
    let groupings = [
        ("class", "Occupational class"),
        ("age", "Age"),
        ("deprivation", "Deprivation of the area"),
        ("ethnicity", "Ethnic group"),
    ];
    let weekly = &source.weekly;
    let (start, end) = weekly.weeks();
    let mut found = Vec::new();
    for (by, name) in groupings {
        let mut rows = Vec::new();
        for (group, parts) in weekly.shown(by)? {
            let engaged = weekly.engaged(by, &parts)?;
            let (first, last) = if years {
                (engaged.mean_between(start, start + YEAR - 1), engaged.mean_between(end - YEAR + 1, end))
            } else {
                (engaged.first(), engaged.last())
            };
            rows.push(Group {
                name: capital(&group),
                residents: thousands(weekly.residents(by, &parts)?),
                first: percent(first, 1),
                last: percent(last, 1),
                change: Unit::Share.change(last - first),
            });
        }
        if !rows.is_empty() {
            found.push(Grouping { name, rows });
        }
    }
    Ok(found)
}

/// The services in a sentence, those least open one by one, and what was left out.
fn services(source: &Source) -> Result<(String, Vec<Service>, String)> {
    let none = "There are no services in this scenario.";
    let Some(table) = source.tables.services.as_ref().filter(|table| table.rows() > 0) else {
        let unknown = "The services were not recorded in this run.";
        let sentence = if source.facts.services == 0 { none } else { unknown };
        return Ok((sentence.into(), Vec::new(), String::new()));
    };
    let (codes, labels) = table.words("service")?;
    let (kinds, kind_labels) = table.words("kind")?;
    let (week, volunteers) = (table.ints("week")?, table.ints("volunteers")?);
    let (opening, load) = (table.floats("opening")?, table.floats("load")?);
    let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, &code) in codes.iter().enumerate() {
        rows.entry(code).or_default().push(row);
    }
    let is_public = |rows: &[usize]| rows.first().is_some_and(|&row| kind_labels[kinds[row] as usize] == "public");
    let (public, civic): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, rows)| is_public(rows));
    let mut told = Vec::new();
    for (code, rows) in &public {
        let series = |value: &dyn Fn(usize) -> f64| Series::of(rows.iter().map(|&row| (week[row], value(row))));
        let open = series(&|row| opening[row]);
        let service = Service {
            name: labels[*code as usize].clone(),
            start: percent(open.first(), 0),
            end: percent(open.last(), 0),
            load: number(series(&|row| load[row]).last(), 2),
            volunteers: number(series(&|row| f64::from(volunteers[row])).last(), 1),
        };
        told.push((open.last(), service));
    }
    let closed = told.iter().filter(|(open, _)| *open == 0.0).count();
    let mut sentence = format!(
        "There are {} and {}.",
        count(public.len() as f64, "public service", "public services"),
        count(civic.len() as f64, "civic one (clubs, faith, sport)", "civic ones (clubs, faith, sport)"),
    );
    if !public.is_empty() {
        sentence += &match closed {
            0 => " No public service is closed at the end.".to_owned(),
            1 => " One public service is closed at the end.".to_owned(),
            closed => format!(" {closed} public services are closed at the end."),
        };
    }
    told.sort_by(|a, b| a.0.total_cmp(&b.0));
    let left_out = told.len().saturating_sub(MOST_SERVICES);
    let more = match left_out {
        0 => String::new(),
        left_out => {
            format!("The {MOST_SERVICES} least open at the end; the other {left_out} are in the table services.")
        }
    };
    Ok((sentence, told.into_iter().take(MOST_SERVICES).map(|(_, service)| service).collect(), more))
}

/// What reproduces the run.
fn technical(source: &Source, identity: &Identity) -> Vec<(&'static str, String)> {
    let facts = source.facts;
    let seeds: Vec<String> = identity.seeds.iter().map(u64::to_string).collect();
    let spin_up = match facts.spin_up {
        0 => "no spin-up".into(),
        weeks => format!("{} of spin-up before week 0", count(weeks, "week", "weeks")),
    };
    vec![
        ("Scenario", identity.scenario.clone()),
        ("Weeks", format!("{}, {spin_up}", thousands(f64::from(facts.weeks)))),
        ("Repetitions", thousands(f64::from(facts.replicates))),
        (if seeds.len() == 1 { "Seed" } else { "Seeds" }, seeds.join(", ")),
        ("Program", format!("groundswell {}", identity.version)),
        ("Fingerprint of scenario.toml (SHA-256)", identity.fingerprint.clone()),
    ]
}
