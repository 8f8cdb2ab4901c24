//! The tables below the first screen: what to watch, who, money, and how it was done.

use super::answer::{amount, goal, mean_cost, of_goal, pounds};
use super::{Brief, worth};
use crate::experiment::compare::deciding::{BATCH, WRONGLY};
use crate::experiment::compare::effects::{Effect, FEW, Interval};
use crate::experiment::compare::money::{self, Balance, DISCOUNT, Pounds};
use crate::experiment::compare::six::hours_given;
use crate::experiment::compare::windows::{FIFTH, Summary};
use crate::experiment::compare::{first_lever, share_a_past};
use crate::experiment::measures::{MEASURES, place};
use crate::report::telling::{between, rounded, signed, step};
use crate::report::words::{NOT_OBSERVED, capital, list, percent, span, thousands};
use crate::scenario::Choice;
use serde::Serialize;
use std::collections::BTreeMap;

/// Weeks after which the first look is due: six months.
const HALF_YEAR: u32 = 26;

/// What to watch in the first six months.
#[derive(Serialize)]
pub struct Watch {
    when: String,
    heads: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

/// What can be seen of each option six months after the first lever: levels, and what has happened since then.
pub fn watch(brief: &Brief) -> Watch {
    let (grid, pairs) = (&brief.compared.grid, &brief.compared.pairs);
    // Before the first lever nothing differs.
    let first = if share_a_past(brief.scenarios) { first_lever(brief.scenarios) } else { 0 };
    let last = brief.baseline().about.weeks.min(first + HALF_YEAR);
    let at = |column: &'static str| {
        let measure = place(column).unwrap_or(0);
        move |summary: &Summary| summary.week(grid, measure, last)
    };
    let since = |columns: &'static [&'static str]| {
        move |summary: &Summary| {
            let measures = columns.iter().filter_map(|column| place(column));
            measures
                .map(|measure| (first + 1..=last).map(|week| summary.week(grid, measure, week)).sum::<f64>())
                .sum::<f64>()
        }
    };
    const ENTRIES: &[&str] = &["entries_spontaneous", "entries_provider", "entries_outreach", "entries_friend"];
    type Value<'a> = Box<dyn Fn(&Summary) -> f64 + 'a>;
    let watched: [(&str, Value); 5] = [
        ("People who take part", Box::new(at("engaged"))),
        ("of them, people who help to run a service", Box::new(at("collaborating"))),
        ("Joined since the levers began", Box::new(since(ENTRIES))),
        ("Left since the levers began", Box::new(since(&["exits"]))),
        ("Hours given in the week", Box::new(at("hours"))),
    ];
    let row = |(name, value): &(&str, Value)| {
        let base = pairs.profile.iter().map(|pair| value(&pair[0])).sum::<f64>() / pairs.profile.len() as f64;
        let mut cells =
            vec![rounded(base, if base > 0.0 { 10_f64.powf(base.log10().floor() - 2.0).max(1.0) } else { 1.0 })];
        for (option, _) in brief.options() {
            let (middle, ends) = pairs.spread(option, value);
            let step = if pairs.few() { 1.0 } else { step(ends).max(1.0) };
            let range = if pairs.told().len() > 1 && !pairs.few() {
                format!(" ({})", between(ends, step))
            } else {
                String::new()
            };
            cells.push(format!("{}{range}", signed(middle, step)));
        }
        ((*name).to_owned(), cells)
    };
    let heads = std::iter::once(brief.baseline().about.name.clone());
    Watch {
        when: brief.calendar.say(last as i32),
        heads: heads.chain(brief.options().map(|(_, name)| format!("{name}, difference"))).collect(),
        rows: watched.iter().map(row).collect(),
    }
}

/// The name of a group for people.
fn for_people(name: &str) -> String {
    name.strip_prefix("ethnic_").map_or_else(|| name.to_owned(), |rest| rest.replace('_', " "))
}

/// A cell of a table that can be sorted: what it says, and its value; none is sorted last.
#[derive(Serialize)]
struct Sorted {
    text: String,
    value: String,
}

impl Sorted {
    fn new(text: String, value: f64) -> Self {
        Self { text, value: if value.is_finite() { format!("{value:.6}") } else { String::new() } }
    }
}

/// Effects by group.
#[derive(Serialize)]
pub struct Who {
    window: String,
    interval: &'static str,
    heads: Vec<String>,
    groupings: Vec<(&'static str, Vec<Group>)>,
}

/// A group: the baseline's share of it, and what each option adds.
#[derive(Serialize)]
pub(super) struct Group {
    name: String,
    baseline: Sorted,
    changes: Vec<Sorted>,
}

/// Groupings told, and their names for people.
const GROUPINGS: [(&str, &str); 5] = [
    ("class", "Occupational class"),
    ("age", "Age"),
    ("sex", "Sex"),
    (FIFTH, "Deprivation of the area, in fifths of the country (1 is the most deprived)"),
    ("ethnicity", "Ethnic group (composition only)"),
];

/// The window in which groups are told: the last full year, or all weeks if there is none.
pub(super) fn window(brief: &Brief) -> usize {
    let grid = &brief.compared.grid;
    grid.last_year().unwrap_or(grid.all_weeks())
}

/// A window as a sentence has it.
pub(super) fn in_words(brief: &Brief, window: usize) -> String {
    brief.compared.grid.windows[window].name.replace("all", "all weeks")
}

/// Who gains and who loses: the share of each group that takes part.
pub fn who(brief: &Brief) -> Who {
    let grid = &brief.compared.grid;
    let window = window(brief);
    let rows = |by: &str| {
        let groups =
            grid.groups.iter().enumerate().filter(|(place, group)| group.by == by && brief.compared.inhabited[*place]);
        groups.map(|(place, group)| row(brief, window, place, &group.name)).collect::<Vec<_>>()
    };
    Who {
        window: in_words(brief, window),
        interval: match &brief.compared.pairs {
            pairs if pairs.few() => ", in the middle one of a few plausible versions",
            pairs if pairs.sets.is_empty() => ", with the interval of chance where there is one",
            _ => ", with the middle nine tenths of plausible versions",
        },
        heads: brief.options().map(|(_, name)| name.to_owned()).collect(),
        groupings: GROUPINGS.iter().map(|(by, name)| (*name, rows(by))).filter(|(_, rows)| rows.len() > 1).collect(),
    }
}

fn of_share(brief: &Brief, option: usize, window: usize, group: usize) -> Effect {
    let measure = place("engaged_share").unwrap_or(0);
    Effect::of(&brief.compared.pairs, &brief.compared.grid, option, measure, window, group)
}

/// A difference in points of a hundred with its interval.
pub(super) fn in_points(effect: &Effect) -> String {
    let (middle, ends) = effect.told();
    let ends = Interval { low: 100.0 * ends.low, high: 100.0 * ends.high };
    let step = step(ends).max(0.1);
    let range = if ends.low.is_finite() { format!(" ({})", between(ends, step)) } else { String::new() };
    if middle.is_finite() { format!("{}{range}", signed(100.0 * middle, step)) } else { NOT_OBSERVED.to_owned() }
}

fn row(brief: &Brief, window: usize, group: usize, name: &str) -> Group {
    let effects: Vec<Effect> = brief.options().map(|(option, _)| of_share(brief, option, window, group)).collect();
    Group::new(&for_people(name), &effects.iter().collect::<Vec<_>>())
}

impl Group {
    /// A group by what each option changes in the share of it that takes part.
    pub(super) fn new(name: &str, effects: &[&Effect]) -> Self {
        let baseline = effects.first().map_or(f64::NAN, |effect| effect.baseline);
        Self {
            name: name.to_owned(),
            baseline: Sorted::new(percent(baseline, 1), baseline),
            changes: effects.iter().map(|effect| Sorted::new(in_points(effect), effect.told().0)).collect(),
        }
    }
}

/// The nine protected characteristics of the Equality Act 2010, and what can be said of each.
pub fn characteristics(brief: &Brief) -> Vec<(&'static str, String)> {
    let grid = &brief.compared.grid;
    let window = window(brief);
    let by = |grouping: &str| {
        let of_option = |(option, name): (usize, &str)| {
            let groups = grid.groups.iter().enumerate();
            let groups = groups.filter(|(place, group)| group.by == grouping && brief.compared.inhabited[*place]);
            let told = groups.map(|(place, group)| {
                format!("{} {}", for_people(&group.name), in_points(&of_share(brief, option, window, place)))
            });
            format!("{name}: {}", told.collect::<Vec<_>>().join("; "))
        };
        let options: Vec<String> = brief.options().map(of_option).collect();
        format!("Change in the share who take part, in points of a hundred. {}.", options.join(". "))
    };
    let ask = || "Not modelled: ask locally.".to_owned();
    vec![
        ("Age", by("age")),
        ("Disability", ask()),
        ("Gender reassignment", ask()),
        ("Marriage and civil partnership", ask()),
        ("Pregnancy and maternity", ask()),
        (
            "Race",
            format!(
                "Composition only: ethnic group enters no decision in the model, and acts through the choice of ties alone; who lives \
                 where and has which job is composition. {}",
                by("ethnicity")
            ),
        ),
        ("Religion or belief", ask()),
        (
            "Sex",
            format!(
                "Composition only: sex enters no decision in the model, and acts through age and class alone. {}",
                by("sex")
            ),
        ),
        ("Sexual orientation", ask()),
    ]
}

/// What it costs.
#[derive(Serialize)]
pub struct Money {
    prices: String,
    heads: Vec<String>,
    items: Vec<(String, Vec<Sorted>)>,
    totals: Vec<(String, Vec<Sorted>)>,
    years: Vec<(String, Vec<Sorted>)>,
    worth: Vec<(&'static str, Vec<String>)>,
}

/// Costs by purpose and by year.
pub fn money(brief: &Brief) -> Money {
    let dated = brief.baseline().about.start.is_some();
    let items = money::by_item(&brief.compared.pairs, |week| brief.calendar.financial_year(week as i32));
    let (mut by_purpose, mut by_year): (BTreeMap<String, Vec<Pounds>>, BTreeMap<i32, Vec<Pounds>>) = Default::default();
    let none = || vec![Pounds::default(); brief.scenarios.len()];
    let mut all = none();
    for ((what, body, year), pounds) in &items {
        add(by_purpose.entry(format!("{what}, paid by the {body}")).or_insert_with(none), pounds);
        add(by_year.entry(*year).or_insert_with(none), pounds);
        add(&mut all, pounds);
    }
    let cells = |pounds: &[Pounds], of: fn(&Pounds) -> f64| {
        let base = of(&pounds[0]);
        let baseline = if base < 0.5 { "nothing".to_owned() } else { amount(base) };
        let option = |one: &Pounds| Sorted::new(self::pounds(of(one) - base), of(one) - base);
        std::iter::once(Sorted::new(baseline, base)).chain(pounds[1..].iter().map(option)).collect::<Vec<_>>()
    };
    let of_plain: fn(&Pounds) -> f64 = |pounds| pounds.plain;
    let mut totals = vec![(format!("All, over {}", span(brief.baseline().about.weeks)), cells(&all, of_plain))];
    let costs = &brief.baseline().costs;
    let mut balances = vec![Balance::default(); brief.scenarios.len()];
    for pounds in items.values() {
        for (balance, one) in balances.iter_mut().zip(pounds) {
            balance.add(Balance::of(one.plain - pounds[0].plain, costs));
        }
    }
    let parts = |of: fn(&Balance) -> f64, say: fn(f64) -> String| {
        let option = |balance: &Balance| Sorted::new(say(of(balance)), of(balance));
        let none = Sorted::new("–".to_owned(), f64::NAN);
        std::iter::once(none).chain(balances[1..].iter().map(option)).collect::<Vec<_>>()
    };
    totals.extend([
        ("of it spent more".to_owned(), parts(|balance| balance.spent, amount)),
        ("of it saved".to_owned(), parts(|balance| balance.saved, amount)),
        (
            format!("of that saved in cash ({} of it is taken to be)", percent(costs.cashable_share, 0)),
            parts(|balance| balance.cash, amount),
        ),
    ]);
    totals.push(match costs.optimism_bias {
        0.0 => (
            "All, with no optimism bias set (costs.optimism_bias)".to_owned(),
            parts(|balance| balance.with_bias, pounds),
        ),
        bias => (
            format!("All, if spending comes out {} higher and saving as much lower", percent(bias, 0)),
            parts(|balance| balance.with_bias, pounds),
        ),
    });
    totals
        .push((format!("All, discounted at {} a year", percent(DISCOUNT, 1)), cells(&all, |pounds| pounds.discounted)));
    if let Some(hour) = costs.volunteer_hour {
        totals.push((
            format!("Hours that residents give, at £{hour} each: worth, and no cash"),
            given_hours(brief, hour),
        ));
    }
    let year = |year: i32| {
        if dated { format!("April {year} to March {}", year + 1) } else { format!("Year {year}") }
    };
    Money {
        prices: format!("pounds at prices of {}", brief.baseline().costs.base_year),
        heads: std::iter::once(brief.baseline().about.name.clone())
            .chain(brief.options().map(|(_, name)| format!("{name}, against it")))
            .collect(),
        items: by_purpose.iter().map(|(name, pounds)| (capital(name), cells(pounds, of_plain))).collect(),
        totals,
        years: by_year.iter().map(|(&y, pounds)| (year(y), cells(pounds, of_plain))).collect(),
        worth: worth::table(brief),
    }
}

/// What the hours that residents give over all weeks are worth: in the baseline, and by how much more in each option.
fn given_hours(brief: &Brief, hour: f64) -> Vec<Sorted> {
    let worth = |scenario: usize| {
        let profile = &brief.compared.pairs.profile;
        let of = |pair: &Vec<Summary>| {
            hours_given(&pair[scenario], &brief.compared.grid, brief.baseline().about.weeks) * hour
        };
        profile.iter().map(of).sum::<f64>() / profile.len() as f64
    };
    let base = worth(0);
    let option = |(option, _)| Sorted::new(pounds(worth(option) - base), worth(option) - base);
    std::iter::once(Sorted::new(amount(base), base)).chain(brief.options().map(option)).collect()
}

fn add(to: &mut [Pounds], more: &[Pounds]) {
    for (to, more) in to.iter_mut().zip(more) {
        to.plain += more.plain;
        to.discounted += more.discounted;
    }
}

/// By which rule plausible sets were taken until they settled the direction.
fn looks(brief: &Brief) -> String {
    let Some(looks) = &brief.compared.looks else { return "one, at all of them".to_owned() };
    format!(
        "{} of at most {}, one after every {BATCH} sets. At each it is settled that most sets share a direction if the exact \
         (Clopper-Pearson) interval of the \
         share of sets in which the option is better leaves out one half; the error allowed, {}, is shared out over all possible looks \
         and options (Bonferroni), so that it is wrongly called settled in no more comparisons than that",
        looks.taken,
        looks.possible,
        percent(WRONGLY, 0)
    )
}

/// What options were brought to, and how.
fn equal_cost(brief: &Brief) -> String {
    let Some(equal) = brief.equal else { return "no (--equal-cost)".to_owned() };
    let factors = brief.options().map(|(option, name)| format!("{name} {:.3} times as large", equal.factors[option]));
    format!("{} planned over all weeks: {}", amount(equal.sum), factors.collect::<Vec<_>>().join("; "))
}

/// How it was done.
pub fn technical(brief: &Brief) -> Vec<(&'static str, String)> {
    let compared = brief.compared;
    let about = &brief.baseline().about;
    let past = if !brief.paired() {
        "none: the runs are not paired".to_owned()
    } else if share_a_past(brief.scenarios) {
        format!(
            "simulated once and branched in week {}, the first in which a lever is in force: {} and {} of them",
            first_lever(brief.scenarios),
            span(about.spin_up),
            span(first_lever(brief.scenarios))
        )
    } else {
        "none: scenarios differ in numbers of the model or in services, so each has its own spin-up, with the same draws".to_owned()
    };
    let sets: Vec<String> = compared.sets.iter().map(u32::to_string).collect();
    let costs: Vec<String> = brief
        .options()
        .map(|(option, name)| format!("{name} {}", pounds(mean_cost(brief, option, about.weeks))))
        .collect();
    vec![
        ("Program", format!("groundswell {}", env!("CARGO_PKG_VERSION"))),
        ("Profile", brief.baseline().model.profile.name().to_owned()),
        ("Seed", about.seed.to_string()),
        ("Residents simulated, areas, services", {
            let facts = &brief.facts[0];
            format!("{}, {}, {}", thousands(f64::from(facts.residents)), facts.areas, facts.services)
        }),
        ("Weeks", format!("{} after a spin-up of {}", about.weeks, about.spin_up)),
        ("Replicates of the profile", compared.pairs.profile.len().to_string()),
        ("Plausible sets, one pair each", if sets.is_empty() { "none".to_owned() } else { list(&sets) }),
        ("Looks at the plausible sets", looks(brief)),
        ("Common past", past),
        (
            "Chance interval",
            match brief.paired() {
                true => "95 % of the mean over replicates of the profile (Student's t), in effects.csv",
                false => {
                    "95 % of the difference of two means over replicates of the profile (Welch's t), in effects.csv"
                }
            }
            .to_owned(),
        ),
        (
            "Plausible interval",
            match &compared.pairs {
                pairs if pairs.few() => format!("not told: fewer than {FEW} plausible sets say nothing of it"),
                _ => "the middle nine tenths over plausible sets; they hold the chance of a single pair too".to_owned(),
            },
        ),
        ("The profile itself", of_profile(brief)),
        ("Cost over all weeks, against the baseline", costs.join("; ")),
        ("Options brought to one sum", equal_cost(brief)),
    ]
}

/// What each option changes in the goal by the numbers of the profile alone, which need not lie in the middle of the plausible sets.
fn of_profile(brief: &Brief) -> String {
    let goal = goal(brief);
    let each = brief.options().map(|(option, name)| {
        // Its own interval is that of chance.
        let told = goal.subject.tell(&Effect { sets: 0, ..of_goal(brief, option, 0) });
        let between = if told.ends.low.is_finite() { format!(" ({})", told.between()) } else { String::new() };
        format!("{name} {}{between}", told.middle())
    });
    let each: Vec<String> = each.collect();
    format!(
        "{}, {}, with the interval of chance: column difference of effects.csv. The answer above is column plausible_middle",
        goal.subject.head(),
        each.join("; ")
    )
}

/// By how much pairing has lowered the variance of differences, measure by measure, in the year before the end.
pub fn reduction(brief: &Brief) -> Vec<(String, String)> {
    let grid = &brief.compared.grid;
    let window = window(brief);
    let told = ["engaged_share", "influence_share", "belonging_share", "hours"];
    let rows = told.iter().flat_map(|column| {
        let measure = place(column).unwrap_or(0);
        brief.options().map(move |(option, name)| {
            let effect = Effect::of(&brief.compared.pairs, grid, option, measure, window, 0);
            let share = effect.variance_reduction;
            let text = match share {
                _ if !brief.paired() => "not paired".to_owned(),
                share if share.is_finite() => percent(share, 0),
                _ => "nothing varies".to_owned(),
            };
            (format!("{}, {name}", MEASURES[measure].name), text)
        })
    });
    rows.collect()
}
