//! Effects as people are told them: what is counted, how finely, and what the figures rest on.

use super::words::{number, thousands};
use crate::experiment::compare::effects::{Effect, Interval};
use crate::experiment::compare::task::Compared;
use crate::experiment::measures::MEASURES;

/// What a share of people does, for measures that count people; the measure by which they are counted.
fn people_who(measure: &str) -> Option<&'static str> {
    Some(match measure {
        "engaged" | "engaged_share" => "take part in a service",
        "collaborating" => "help to run a service",
        "involved" => "take part in a service without running it",
        "influence_share" => "feel able to influence decisions",
        "belonging_share" => "feel they belong to the neighbourhood",
        "isolated_share" => "have no tie to anybody",
        "consulted" => "were consulted within a year and no more",
        "lapsed" => "left a service within two years",
        "unaware" => "know of no service near them",
        "informed" => "know of a service and no more",
        _ => return None,
    })
}

/// A measure as it is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subject {
    /// Its place in [`MEASURES`].
    pub measure: usize,
    /// What people do, if the measure counts people.
    pub who: Option<&'static str>,
    /// What a value is multiplied by to be told: residents for shares of people, a hundred for other shares.
    pub times: f64,
}

impl Subject {
    /// A measure in a place of so many people; where their number is not given, people are not counted.
    pub fn of(measure: usize, people: Option<f64>) -> Self {
        let counted = people.and_then(|people| Some((people, people_who(MEASURES[measure].name)?)));
        let who = counted.map(|(_, who)| who);
        let times = match (MEASURES[measure].unit, counted) {
            ("share", Some((people, _))) => people,
            ("share", None) => 100.0,
            _ => 1.0,
        };
        Self { measure, who, times }
    }

    /// What a figure that counts no people is told in.
    fn told_in(&self) -> &'static str {
        match MEASURES[self.measure].unit {
            "share" => "points of a hundred",
            unit => unit,
        }
    }

    /// What is counted, as the head of a table.
    pub fn head(&self) -> String {
        match self.who {
            Some(who) => format!("People who {who}"),
            None => format!("{}, {}", MEASURES[self.measure].name, self.told_in()),
        }
    }

    /// A difference as a sentence has it, a time to follow, and the word that leads on to what it is a difference from.
    pub fn differs(&self, value: f64, step: f64) -> (String, &'static str) {
        let about = self.more(value, step);
        let same = about == SAME;
        let text = match self.who {
            Some(who) if same => format!("about as many people {who}"),
            Some(who) => format!("about {about} people {who}"),
            None if same => format!("`{}` is about the same", MEASURES[self.measure].name),
            None => {
                let way = if value > 0.0 { "more" } else { "less" };
                format!(
                    "`{}` is about {}{} {way}",
                    MEASURES[self.measure].name,
                    rounded(value.abs(), step),
                    self.unit()
                )
            }
        };
        (text, if same { "as" } else { "than" })
    }

    /// What follows a figure that counts no people: a space and the unit.
    pub fn unit(&self) -> String {
        if self.who.is_some() { String::new() } else { format!(" {}", self.told_in()) }
    }

    /// "1,200 more", "300 fewer", "no difference".
    pub fn more(&self, value: f64, step: f64) -> String {
        let text = rounded(value.abs(), step);
        if value == 0.0 || text.chars().all(|c| c == '0' || c == '.') {
            SAME.to_owned()
        } else if value > 0.0 {
            format!("{text} more")
        } else {
            format!("{text} {}", if self.who.is_some() { "fewer" } else { "less" })
        }
    }

    /// An effect on it as it is told.
    pub fn tell(&self, effect: &Effect) -> Told {
        Told::new(effect, self.who.is_some(), self.times)
    }
}

/// A difference that is rounded to nothing.
const SAME: &str = "no difference";

/// An effect as it is told: people counted where the measure speaks of people, rounded to a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// Its middle.
    pub middle: f64,
    /// Between what it lies; none where that is not told.
    pub ends: Interval,
    /// To what it is rounded.
    pub step: f64,
}

impl Told {
    /// An effect, multiplied to be told.
    pub fn new(effect: &Effect, people: bool, times: f64) -> Self {
        let (middle, ends) = effect.told();
        let (middle, ends) = (middle * times, Interval { low: ends.low * times, high: ends.high * times });
        let step = if ends.low.is_finite() { step(ends) } else { step_of_baseline(middle.abs()) };
        Self { middle, ends, step: step.max(if people { 1.0 } else { 0.0 }) }
    }

    /// Its middle, with its sign.
    pub fn middle(&self) -> String {
        signed(self.middle, self.step)
    }

    /// From where to where it lies.
    pub fn between(&self) -> String {
        between(self.ends, self.step)
    }
}

/// "−90 to +30". An end that is rounded to nothing says on which side of it it is, where the interval leaves out zero.
pub fn between(ends: Interval, step: f64) -> String {
    let end = |value: f64| match signed(value, step) {
        zero if zero == "0" && !ends.may_be_zero() => {
            if value < 0.0 { "just below 0" } else { "just above 0" }.to_owned()
        }
        told => told,
    };
    format!("{} to {}", end(ends.low), end(ends.high))
}

/// The step to which figures are rounded: a power of ten no larger than half the half-width of their interval.
pub fn step(interval: Interval) -> f64 {
    let half = (interval.high - interval.low) / 2.0;
    if half > 0.0 { 10_f64.powf((half / 2.0).log10().floor()) } else { 0.0 }
}

/// A level is told to three figures.
pub fn step_of_baseline(value: f64) -> f64 {
    if value > 0.0 { 10_f64.powf(value.log10().floor() - 2.0) } else { 0.0 }
}

/// A figure rounded to a step, as text.
pub fn rounded(value: f64, step: f64) -> String {
    if step <= 0.0 {
        return thousands(value);
    }
    let value = (value / step).round() * step;
    if step >= 1.0 { thousands(value) } else { number(value, (-step.log10().round()).max(0.0) as usize) }
}

/// A figure with its sign, rounded.
pub fn signed(value: f64, step: f64) -> String {
    let text = rounded(value, step);
    let zero = text.chars().all(|c| !c.is_ascii_digit() || c == '0');
    if value > 0.0 && !zero {
        format!("+{text}")
    } else if zero {
        "0".to_owned()
    } else {
        text
    }
}

/// What to keep in mind of any difference.
pub const ABOUT_DIFFERENCES: [&str; 2] = [
    "Only differences between scenarios are results; the levels they differ from are those of surveys, fitted.",
    "An interval over plausible versions holds what is not known of the model's numbers, and the chance of one pair of runs in \
     each. It does not hold what no version of this model contains: see what is left out.",
];

/// What the figures of a comparison rest on.
pub fn rests_on(compared: &Compared) -> String {
    let (pairs, sets) = (&compared.pairs, compared.pairs.sets.len());
    let thinned = match compared.people_each() {
        1.0 => String::new(),
        each => format!(
            "People, hours and pounds are those of the place; one resident in {} was simulated. ",
            number(each, usize::from(each.fract() != 0.0))
        ),
    };
    if sets == 0 {
        return format!(
            "{thinned}These figures are means of {} pairs of runs of one version of the model. How much other plausible versions \
             differ is not known here.",
            pairs.profile.len()
        );
    }
    let few = if pairs.few() { " So few do not say how far others would differ." } else { "" };
    let draws = if pairs.paired { "with the same draws of chance" } else { "and not paired" };
    format!(
        "{thinned}The figures are the middle one of {sets} plausible versions of the model: sets of numbers that all meet what surveys \
         say, each run once with and once without, {draws}.{few}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_to_what_their_interval_supports() {
        // Half-width 1,900: half of it is 950, so hundreds.
        let step = step(Interval { low: -300.0, high: 3500.0 });
        assert_eq!(step, 100.0);
        assert_eq!(rounded(1234.0, step), "1,200");
        assert_eq!(signed(1234.0, step), "+1,200");
        assert_eq!(signed(-20.0, step), "0");
        assert_eq!(rounded(0.1234, 0.01), "0.12");
        assert_eq!(between(Interval { low: -2.13, high: -0.03 }, 0.1), "−2.1 to just below 0");
        assert_eq!(between(Interval { low: -2.13, high: 0.03 }, 0.1), "−2.1 to 0");
    }
}
