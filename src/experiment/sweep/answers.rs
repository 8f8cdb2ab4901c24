//! The indices of a sweep: what each measure hangs on.

use super::outcome::Outcome;
use super::outline::DesignKind;
use super::plan::structured;
use super::sensitivity::{Bootstrap, Estimate, Rows, SensitivityError, morris, rank, sobol};
use crate::draws::{Draws, Purpose};
use rayon::prelude::*;

/// How often rows are drawn anew for intervals.
const RESAMPLES: usize = 1000;
/// What intervals hold.
const LEVEL: f64 = 0.95;

/// An index of one input for one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Place of the measure in what is kept.
    pub kept: usize,
    /// Place of the choice of levers.
    pub choice: usize,
    /// Place of the input in `vary`; `None` for what is said of all together.
    pub input: Option<usize>,
    /// Which index: `mu`, `mu_star`, `sigma`, `floor` (what mu* chance alone shows), `first`, `total`, `srrc`, `prcc`, `r_squared`.
    pub index: &'static str,
    /// Its value and interval; the interval NaN where there is none.
    pub estimate: Estimate,
}

/// Why a measure has no indices.
#[derive(Clone, Debug, PartialEq)]
pub struct Silence {
    /// Place of the measure.
    pub kept: usize,
    /// Place of the choice of levers.
    pub choice: usize,
    /// Why.
    pub why: String,
}

/// All indices that the design of a sweep gives, and where there are none, why.
pub fn answers(outcome: &Outcome) -> (Vec<Answer>, Vec<Silence>) {
    if outcome.outline.vary.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let choices = outcome.outline.choices.len();
    let one = |place: usize| {
        let (kept, choice) = (place / choices, place % choices);
        let named = |(input, index, estimate)| Answer { kept, choice, input, index, estimate };
        let found = of(outcome, kept, choice).map(|found| found.into_iter().map(named).collect::<Vec<_>>());
        found.map_err(|error| Silence { kept, choice, why: error.to_string() })
    };
    let places = 0..outcome.outline.kept.len() * choices;
    // Ranks are soon found, and their columns take the more memory the more of them are held at once.
    let found: Vec<_> = match outcome.outline.design {
        DesignKind::Spread | DesignKind::Given => places.map(one).collect(),
        _ => places.into_par_iter().map(one).collect(),
    };
    let (mut answers, mut silences) = (Vec::new(), Vec::new());
    for found in found {
        match found {
            Ok(found) => answers.extend(found),
            Err(silence) => silences.push(silence),
        }
    }
    (answers, silences)
}

type Found = (Option<usize>, &'static str, Estimate);

fn of(outcome: &Outcome, kept: usize, choice: usize) -> Result<Vec<Found>, SensitivityError> {
    let outline = &outcome.outline;
    let inputs = outline.vary.len();
    // Draws of its own for each measure and choice.
    let key = (kept * outline.choices.len() + choice) as u32;
    let stream = Draws::of_people(outline.seed).stream(Purpose::SweepBootstrap, key);
    let bootstrap = Bootstrap { resamples: RESAMPLES, level: LEVEL, stream };
    let outputs = || Rows::outputs((0..outline.rows).map(|row| outcome.replicates(row, choice, kept)));
    match outline.design {
        DesignKind::Grid | DesignKind::OneAtATime => Ok(Vec::new()),
        DesignKind::Morris { .. } => {
            let design = structured(&outline.design, inputs, outline.seed)
                .map_err(|_| SensitivityError::TooFew("two trajectories"))?;
            let points = (0..design.points()).map(|index| design.point(index));
            let effects = morris::effects(points, &outputs()?, &bootstrap)?;
            let of_input = |(input, effect): (usize, morris::Effect)| {
                [
                    (Some(input), "mu_star", effect.mu_star),
                    (Some(input), "mu", alone(effect.mu)),
                    (Some(input), "sigma", alone(effect.sigma)),
                    (Some(input), "floor", alone(effect.floor())),
                ]
            };
            Ok(effects.into_iter().enumerate().flat_map(of_input).collect())
        }
        DesignKind::Saltelli { .. } => {
            let indices = sobol::indices(outputs()?, inputs, &bootstrap)?;
            let both = indices.first.into_iter().zip(indices.total).enumerate();
            Ok(both.flat_map(|(i, (first, total))| [(Some(i), "first", first), (Some(i), "total", total)]).collect())
        }
        DesignKind::Spread | DesignKind::Given => ranked(outcome, kept, choice),
    }
}

/// Rank regression, on the points that gave something and whose inputs are all numbers.
fn ranked(outcome: &Outcome, kept: usize, choice: usize) -> Result<Vec<Found>, SensitivityError> {
    let number = |value: &Option<String>| value.as_ref().and_then(|value| value.parse::<f64>().ok());
    let column = || Vec::with_capacity(outcome.outline.rows);
    let mut columns: Vec<Vec<f64>> = outcome.outline.vary.iter().map(|_| column()).collect();
    let mut outputs = column();
    for row in 0..outcome.outline.rows {
        let mean = outcome.mean(row, choice, kept).mean;
        let inputs: Option<Vec<f64>> = outcome.rows.row(row).iter().map(number).collect();
        if let (false, Some(inputs)) = (mean.is_nan(), inputs) {
            columns.iter_mut().zip(inputs).for_each(|(column, input)| column.push(input));
            outputs.push(mean);
        }
    }
    let found = rank::regression(columns, &outputs)?;
    let of_input = |(input, coefficients): (usize, Option<rank::RankCoefficients>)| {
        let coefficients = coefficients?;
        let prcc = coefficients.prcc.map_or(f64::NAN, |prcc| prcc);
        Some([(Some(input), "srrc", alone(coefficients.srrc)), (Some(input), "prcc", alone(prcc))])
    };
    let each = found.inputs.into_iter().enumerate().filter_map(of_input).flatten();
    Ok(each.chain([(None, "r_squared", alone(found.r_squared))]).collect())
}

/// A value without an interval.
fn alone(value: f64) -> Estimate {
    Estimate { value, low: f64::NAN, high: f64::NAN }
}
