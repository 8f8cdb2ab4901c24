//! Options brought to one sum, so that what they do can be compared pound for pound.

use crate::model::levers::Audience;
use crate::model::town::Town;
use crate::scenario::{Action, Costs, Lever, Scenario};

/// What each option is multiplied by so that all are planned to cost the same.
#[derive(Clone, Debug, PartialEq)]
pub struct EqualCost {
    /// Pounds more than the baseline over all weeks.
    pub sum: f64,
    /// For the baseline and each option, how many times as large what money buys becomes.
    pub factors: Vec<f64>,
}

/// Pounds that a lever is planned to cost over a run: what its size buys, and the rest.
#[derive(Clone, Copy, Default)]
struct Planned {
    sized: f64,
    fixed: f64,
}

impl EqualCost {
    /// Brings options to a sum of pounds over all weeks, or to what the first of them is planned to cost.
    ///
    /// # Errors
    /// Which option cannot be brought there, why, and what to do.
    pub fn new(scenarios: &[Scenario], town: &Town, sum: Option<f64>) -> Result<Self, String> {
        let planned =
            (1..scenarios.len()).map(|option| planned(scenarios, option, town)).collect::<Result<Vec<_>, _>>()?;
        let sum = sum.or_else(|| planned.first().map(|first| first.sized + first.fixed)).unwrap_or(0.0);
        let mut factors = vec![1.0];
        for (option, planned) in scenarios[1..].iter().zip(planned) {
            let name = &option.about.name;
            let factor = (sum - planned.fixed) / planned.sized;
            if factor <= 0.0 || !factor.is_finite() {
                return Err(format!(
                    "{name} cannot be brought to £{sum:.0}: £{:.0} of its cost does not depend on its size",
                    planned.fixed
                ));
            }
            let own = option.levers.iter().filter(|lever| !scenarios[0].levers.contains(lever));
            for lever in own {
                possible(lever, factor, town)
                    .map_err(|why| format!("{name} cannot be brought to £{sum:.0}: `{}` {why}", lever.name))?;
            }
            factors.push(factor);
        }
        Ok(Self { sum, factors })
    }

    /// The scenarios, each with what it adds to the baseline so many times as large.
    pub fn apply(&self, scenarios: &mut [Scenario]) {
        let Some((baseline, options)) = scenarios.split_first_mut() else { return };
        for (option, &factor) in options.iter_mut().zip(&self.factors[1..]) {
            for lever in option.levers.iter_mut().filter(|lever| !baseline.levers.contains(lever)) {
                if let Some(action) = lever.action.times(factor) {
                    lever.action = action;
                }
            }
        }
    }
}

/// What an option is planned to cost more than the baseline.
fn planned(scenarios: &[Scenario], option: usize, town: &Town) -> Result<Planned, String> {
    let (baseline, option) = (&scenarios[0], &scenarios[option]);
    let name = &option.about.name;
    let mut all = Planned::default();
    for lever in option.levers.iter().filter(|lever| !baseline.levers.contains(lever)) {
        let one = of_lever(lever, &option.costs, option.about.weeks, town).map_err(|why| {
            format!("{name} cannot be brought to one sum: `{}` {why}; compare it without --equal-cost", lever.name)
        })?;
        (all.sized, all.fixed) = (all.sized + one.sized, all.fixed + one.fixed);
    }
    for lever in baseline.levers.iter().filter(|lever| !option.levers.contains(lever)) {
        let one = of_lever(lever, &baseline.costs, baseline.about.weeks, town)
            .map_err(|why| format!("{name} cannot be brought to one sum: the baseline's `{}` {why}", lever.name))?;
        all.fixed -= one.sized + one.fixed;
    }
    if all.sized > 0.0 {
        return Ok(all);
    }
    Err(format!(
        "{name} cannot be brought to one sum: nothing in it costs more the larger it is; give it contacts, a publicity with \
         `cost_per_week`, or training"
    ))
}

fn of_lever(lever: &Lever, costs: &Costs, weeks: u32, town: &Town) -> Result<Planned, &'static str> {
    let in_force = f64::from(lever.end.unwrap_or(weeks).min(weeks).saturating_sub(lever.start));
    let sized = match &lever.action {
        Action::Outreach(plan) => plan.contacts_per_week * plan.pounds_a_contact(costs) * in_force,
        Action::Publicity(plan) => plan.cost_per_week * in_force,
        Action::Training(plan) => plan.share * audience(lever, town) * plan.cost_per_head.unwrap_or(costs.training_day),
        Action::Austerity(_) => return Err("saves what staff cost, which no size of its own says"),
        Action::CouncilSupport(_) => return Err("changes what support costs, which no size of its own says"),
        Action::Issue(_) | Action::TieInvitationRate(_) => 0.0,
    };
    let once = if lever.start < weeks { lever.cost.once } else { 0.0 };
    Ok(Planned { sized, fixed: lever.cost.per_week * in_force + once })
}

/// Whether there are as many people as a lever would need.
fn possible(lever: &Lever, factor: f64, town: &Town) -> Result<(), String> {
    match &lever.action {
        Action::Outreach(plan) if plan.contacts_per_week * factor > audience(lever, town) => Err(format!(
            "would ask {:.0} people a week, and it touches {:.0}",
            plan.contacts_per_week * factor,
            audience(lever, town)
        )),
        Action::Training(plan) if plan.share * factor > 1.0 => {
            Err(format!("would train {:.1} times as many people as it touches", plan.share * factor))
        }
        _ => Ok(()),
    }
}

/// People of the place whom a lever touches.
fn audience(lever: &Lever, town: &Town) -> f64 {
    let audience = Audience::new(lever, town);
    (0..town.residents()).filter(|&resident| audience.has(town, resident)).count() as f64 / town.scale
}
