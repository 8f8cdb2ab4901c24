//! The tables of a sweep file: which keys there are.

use std::path::PathBuf;

use crate::scenario::field::{kinds, section};

section! {
    /// What is run over and over.
    pub struct Frame in "sweep" with required keys {
        /// The name, also of the folder of results; the name of the file if not said.
        name "name": String = String::new(), plain, "", "";
        /// What it asks, in a sentence or two.
        description "description": String = String::new(), any, "", "";
        /// The scenario in which values are varied.
        base "base": PathBuf = required, any, "", "";
        /// The scenario from which effects are taken, with the same values in `[vary]`; the base as it stands if not said.
        against "against": Option<PathBuf> = None, any, "", "";
        /// Replicates of each point.
        replicates "replicates": u32 = 5, 1..=100_000, "replicates", "choice";
    }
}

section! {
    /// Every combination of all values.
    pub struct Grid in "design.grid" {}
}

section! {
    /// The base, then each value of each input with all others as in the base.
    pub struct OneAtATime in "design.one_at_a_time" {}
}

section! {
    /// Points drawn independently.
    pub struct Random in "design.random" with required keys {
        /// How many.
        points "points": u32 = required, 1..=10_000_000, "points", "";
    }
}

section! {
    /// A Latin hypercube (McKay, Beckman and Conover 1979): each input has one point in each of so many equal slices.
    pub struct LatinHypercube in "design.latin_hypercube" with required keys {
        /// How many.
        points "points": u32 = required, 2..=10_000_000, "points", "";
    }
}

section! {
    /// The first points of a Sobol sequence; best a power of two.
    pub struct SobolSequence in "design.sobol_sequence" with required keys {
        /// How many.
        points "points": u32 = required, 2..=10_000_000, "points", "";
    }
}

section! {
    /// Trajectories that change one input at a time (Morris 1991): a cheap screening of many inputs.
    pub struct Morris in "design.morris" with required keys {
        /// How many trajectories; each takes a point more than there are inputs.
        trajectories "trajectories": u32 = required, 2..=100_000, "trajectories", "10 to 50 are usual (Saltelli 2008)";
        /// Levels of each input, an even number.
        levels "levels": u32 = 4, 2..=1_000, "levels", "Morris (1991)";
    }
}

section! {
    /// Two samples and their mixtures (Saltelli 2010), for first and total order indices of Sobol.
    pub struct Saltelli in "design.saltelli" with required keys {
        /// Rows of a sample; it takes so many times two more than there are inputs. Best a power of two.
        samples "samples": u32 = required, 2..=1_000_000, "rows", "";
    }
}

section! {
    /// Points from a CSV file: a column for each path, a row for each point.
    pub struct Points in "design.points" with required keys {
        /// The file.
        file "file": PathBuf = required, any, "", "";
    }
}

section! {
    /// The plausible sets of the base's profile.
    pub struct Plausible in "design.plausible" {
        /// How many, spread evenly from the nearest to the targets to the farthest; all if there are no more.
        sets "sets": u32 = 20, 1..=100_000, "sets", "choice";
    }
}

kinds! {
    /// Where the points of `[vary]` lie.
    pub enum Design {
        /// Every combination of all values.
        Grid(Grid) = "grid",
        /// The base, then each value of each input with all others as in the base.
        OneAtATime(OneAtATime) = "one_at_a_time",
        /// Points drawn independently.
        Random(Random) = "random",
        /// A Latin hypercube.
        LatinHypercube(LatinHypercube) = "latin_hypercube",
        /// The first points of a Sobol sequence.
        SobolSequence(SobolSequence) = "sobol_sequence",
        /// Trajectories that change one input at a time.
        Morris(Morris) = "morris",
        /// Two samples and their mixtures.
        Saltelli(Saltelli) = "saltelli",
        /// Points from a CSV file.
        Points(Points) = "points",
        /// The plausible sets of the base's profile.
        Plausible(Plausible) = "plausible",
    }
}

section! {
    /// Numbers between two ends.
    pub struct Range in "vary.PATH.range" with required keys {
        /// The first.
        from "from": f64 = required, any, "", "";
        /// The last, which is always hit.
        to "to": f64 = required, any, "", "";
        /// From one number of a grid to the next; it must lead from the first to the last.
        step "step": Option<f64> = None, above(0.0, f64::INFINITY), "", "";
        /// Numbers of a grid, both ends included.
        count "count": Option<u32> = None, 2..=1_000_000, "", "";
        /// Whether ratios are equal rather than differences.
        log "log": bool = false, any, "", "";
        /// Whether only whole numbers are meant.
        whole "whole": bool = false, any, "", "";
    }
}

section! {
    /// A normal distribution, cut off at `low` and `high`.
    pub struct Normal in "vary.PATH.normal" with required keys {
        /// Its mean.
        mean "mean": f64 = required, any, "", "";
        /// Its standard deviation.
        sd "sd": f64 = required, above(0.0, f64::INFINITY), "", "";
        /// Least number.
        low "low": Option<f64> = None, any, "", "";
        /// Greatest number.
        high "high": Option<f64> = None, any, "", "";
    }
}

section! {
    /// A triangular distribution.
    pub struct Triangular in "vary.PATH.triangular" with required keys {
        /// Least number.
        low "low": f64 = required, any, "", "";
        /// Likeliest number.
        mode "mode": f64 = required, any, "", "";
        /// Greatest number.
        high "high": f64 = required, any, "", "";
    }
}

kinds! {
    /// Which numbers an input may have; or `values = [...]`, a list of what may stand in a scenario.
    pub enum Spread {
        /// Numbers between two ends.
        Range(Range) = "range",
        /// A normal distribution.
        Normal(Normal) = "normal",
        /// A triangular distribution.
        Triangular(Triangular) = "triangular",
    }
}

section! {
    /// What is kept of each run.
    pub struct MeasureFrame in "measures.NAME" with required keys {
        /// A measure of the weekly table, or `engaged`: people who take part.
        measure "measure": String = required, names(super::MEASURES), "", "";
        /// The week in which it is taken.
        week "week": Option<u32> = None, 0..=52_000, "week", "";
        /// First and last week over which it is taken: the mean, or the sum of what is counted as it happens. The last week if
        /// neither is said.
        window "window": Option<(u32, u32)> = None, 0..=52_000, "weeks", "";
        /// Whether the difference from `against` is taken, replicate by replicate.
        effect "effect": bool = false, any, "", "";
        /// A grouping of the weekly table.
        by "by": String = String::from("all"), names(super::GROUPINGS), "", "";
        /// The group.
        group "group": String = String::from("all"), any, "", "";
    }
}
