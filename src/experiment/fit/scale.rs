//! The scales on which levels are emulated: shares by their logit, ratios by their logarithm.

use super::matching::implausible;
use crate::experiment::levels::Level;
use crate::experiment::targets::Target;

/// A scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// ln (x / (1 - x)), x kept a thousandth off its ends.
    Logit,
    /// ln x, x kept above a thousandth.
    Log,
    /// As it is.
    Plain,
}

impl Scale {
    /// The scale of a level.
    pub fn of(level: Level) -> Self {
        match level {
            Level::ClassRatio | Level::AgeRatio | Level::InfluenceRatio | Level::DegreeRatio => Self::Log,
            Level::Ties | Level::StrongTies => Self::Log,
            Level::Lapsed | Level::Never | Level::Gap | Level::Slope | Level::Assortativity | Level::Rest => {
                Self::Plain
            }
            _ => Self::Logit,
        }
    }

    /// From a level to its scale.
    pub fn forth(self, x: f64) -> f64 {
        match self {
            _ if x.is_nan() => x,
            Self::Logit => {
                let x = x.clamp(0.001, 0.999);
                libm::log(x / (1.0 - x))
            }
            Self::Log => libm::log(x.max(0.001)),
            Self::Plain => x,
        }
    }

    /// A target on its scale. Its tolerance is taken for two standard deviations of the observation.
    pub fn target(target: &Target) -> implausible::Target {
        let scale = Self::of(target.level);
        let (low, high) = target.ends();
        let width = scale.forth(high) - scale.forth(low);
        let value = scale.forth(target.value);
        implausible::Target {
            name: target.level.key().to_owned(),
            low: value,
            high: value,
            tolerance: width / 2.0,
            observation: width / 4.0,
            discrepancy: width / 2.0 * target.discrepancy / target.tolerance,
        }
    }
}
