//! The published tables: every column with its meaning, unit and range, said once.
//!
//! A column once published keeps its name and meaning; new ones are added at the end.

use super::error::{Error, Result};
use super::table::{Column, Table, Values};

/// What kind of values a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Int,
    /// Whole numbers, some absent.
    OptInt,
    /// Real numbers; missing where nothing was observed.
    Float,
    /// Words.
    Category,
}

impl Kind {
    fn of(values: &Values) -> Self {
        match values {
            Values::Int(_) => Self::Int,
            Values::OptInt(_) => Self::OptInt,
            Values::Float(_) => Self::Float,
            Values::Category { .. } => Self::Category,
        }
    }

    /// The kind in a word or two, for the dictionary.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Int => "whole number",
            Self::OptInt => "whole number or missing",
            Self::Float => "number or missing",
            Self::Category => "text",
        }
    }
}

/// A column as published, without values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSchema {
    /// Lower snake case.
    pub name: &'static str,
    /// What kind of values it holds.
    pub kind: Kind,
    /// What it is counted in.
    pub unit: &'static str,
    /// Which values can occur.
    pub range: &'static str,
    /// What a value says.
    pub meaning: &'static str,
}

/// A table as published, without rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The name, which is also the stem of its file.
    pub name: &'static str,
    /// What a row is.
    pub meaning: &'static str,
    /// The columns, in order.
    pub columns: &'static [ColumnSchema],
}

impl Schema {
    /// A table of this schema, from the values of its columns in published order.
    ///
    /// # Errors
    /// [`Error::Shape`] when number, kind or length of the columns does not fit.
    pub fn table(&self, values: Vec<Values>) -> Result<Table> {
        self.table_with(values, Vec::new())
    }

    /// The same with more columns after its own: those of values that a sweep varies.
    ///
    /// # Errors
    /// As [`Schema::table`].
    pub fn table_with(&self, values: Vec<Values>, more: Vec<Column>) -> Result<Table> {
        let wrong = |reason: String| Err(Error::Shape { table: self.name.into(), reason });
        if values.len() != self.columns.len() {
            return wrong(format!("it has {} columns, and {} were given", self.columns.len(), values.len()));
        }
        for (schema, values) in self.columns.iter().zip(&values) {
            if Kind::of(values) != schema.kind {
                let given = Kind::of(values);
                return wrong(format!("column {} is {:?}, and {given:?} was given", schema.name, schema.kind));
            }
        }
        let columns = self.columns.iter().zip(values).map(|(schema, values)| Column {
            name: schema.name.into(),
            meaning: schema.meaning,
            unit: schema.unit,
            range: schema.range,
            values,
        });
        Table::new(self.name, self.meaning, columns.chain(more).collect())
    }
}

/// Every published table, in the order of the dictionary.
pub const ALL: [&Schema; 8] = [&WEEKLY, &SERVICES, &LIFECYCLE, &RESIDENTS, &CURVES, &COSTS, &AREAS, &TIES];

/// The tables of a comparison, in the order of its dictionary.
pub const COMPARISON: [&Schema; 3] = [&EFFECTS, &MONEY, &LOOP];

/// The table of an experiment on restoring.
pub const RESTORING: [&Schema; 1] = [&RECOVERY];

/// The tables of a sweep, in the order of its dictionary. Those of points, results and summary have a column more for each value
/// that is varied, called by its path.
pub const SWEEP: [&Schema; 5] = [&RESULTS, &SUMMARY, &SENSITIVITY, &DESIGN, &FAILED];

/// The published table of this name.
pub fn named(name: &str) -> Option<&'static Schema> {
    ALL.into_iter().find(|schema| schema.name == name)
}

const fn int(name: &'static str, unit: &'static str, range: &'static str, meaning: &'static str) -> ColumnSchema {
    ColumnSchema { name, kind: Kind::Int, unit, range, meaning }
}

const fn maybe(name: &'static str, unit: &'static str, range: &'static str, meaning: &'static str) -> ColumnSchema {
    ColumnSchema { name, kind: Kind::OptInt, unit, range, meaning }
}

const fn real(name: &'static str, unit: &'static str, range: &'static str, meaning: &'static str) -> ColumnSchema {
    ColumnSchema { name, kind: Kind::Float, unit, range, meaning }
}

const fn text(name: &'static str, range: &'static str, meaning: &'static str) -> ColumnSchema {
    ColumnSchema { name, kind: Kind::Category, unit: "none", range, meaning }
}

const fn people(name: &'static str, meaning: &'static str) -> ColumnSchema {
    int(name, "people", "0 or more", meaning)
}

const fn share(name: &'static str, meaning: &'static str) -> ColumnSchema {
    real(name, "share", "0 to 1", meaning)
}

const REPLICATE: ColumnSchema = int("replicate", "number", "0 or more", "which repetition of the scenario, from 0");
const WEEK: ColumnSchema = int("week", "week", "0 or more", "the week, counted from the end of the spin-up");
const LEVELS: &str = "unaware, informed, consulted, involved, collaborating, lapsed";
const CLASSES: &str = "higher, intermediate, routine";
const AGES: &str = "16-29, 30-44, 45-64, 65+";

/// How people take part, week by week, for all residents and for groups of them.
pub const WEEKLY: Schema = Schema {
    name: "weekly",
    meaning: "A row per replicate, week, way of grouping and group: how far residents take part and what they have. \
              Rows stand in the order replicate, week, group_by, group. The six ladder columns are exclusive and sum \
              to residents.",
    columns: &[
        REPLICATE,
        WEEK,
        text("group_by", "all, class, age, sex, deprivation, area, ethnicity", "how residents are grouped"),
        text("group", "all, or a value of the grouping", "which group the row is about"),
        people("residents", "residents in the group"),
        people("unaware", "residents who know of no service near them"),
        people("informed", "residents who know of a service and no more"),
        people("consulted", "residents consulted within 52 weeks, and neither engaged nor lapsed"),
        people("involved", "residents who take part in a service without running it"),
        people("collaborating", "residents who help to run a service"),
        people("lapsed", "residents who took part, left within 104 weeks, and have not come back"),
        share("engaged_share", "share of residents who are involved or collaborating"),
        people("entries_spontaneous", "joinings of one's own accord since the group's row before"),
        people("entries_provider", "joinings because a service asked, since the group's row before"),
        people("entries_outreach", "joinings because of outreach, since the group's row before"),
        people("entries_friend", "joinings because a friend asked, since the group's row before"),
        people("exits", "leavings since the group's row before"),
        share("capability_mean", "mean capability: skills, confidence and means to take part"),
        share("influence_mean", "mean perceived influence over decisions"),
        share("influence_share", "share who feel able to influence decisions"),
        share("belonging_mean", "mean sense of belonging to the neighbourhood"),
        share("belonging_share", "share who feel they belong"),
        real("ties_mean", "ties per resident", "0 or more", "mean number of ties"),
        share("tie_strength_mean", "mean strength of the ties residents have"),
        share("bridging_share", "share of ties that cross between groups"),
        share("isolated_share", "share of residents without a tie"),
        real("hours", "hours a week", "0 or more", "hours given this week by taking part and by being consulted"),
        real("cost", "pounds", "0 or more", "money spent since the row before, at constant prices; missing for groups"),
        real("ties_lasting_mean", "ties per resident", "0 or more", "mean number of lasting ties: kin, old friends"),
        real("ties_neighbour_mean", "ties per resident", "0 or more", "mean number of ties to acquaintances nearby"),
        real("ties_made_mean", "ties per resident", "0 or more", "mean number of ties made in a service"),
        share("strength_lasting_mean", "mean strength of lasting ties"),
        share("strength_neighbour_mean", "mean strength of ties to acquaintances nearby"),
        share("strength_made_mean", "mean strength of ties made in a service"),
        share(
            "satisfaction_mean",
            "mean satisfaction, by construction: 0.5 + 0.6 (R - 0.5) + 0.15 e (2 R - 1), with R the perceived influence and e 1 for those \
             who take part",
        ),
    ],
};

/// Each service, week by week.
pub const SERVICES: Schema = Schema {
    name: "services",
    meaning: "A row per replicate, week and service: how far it is open, who carries it, and its money.",
    columns: &[
        REPLICATE,
        WEEK,
        text("service", "names of services", "the service"),
        text("kind", "public, civic", "public (council money and staff) or civic (clubs, faith, sport)"),
        share("opening", "share of its full hours that it is open"),
        real("hours", "hours a week", "0 or more", "hours of service delivered"),
        real("load", "ratio", "0.5 to 3", "hours asked of volunteers over hours they give; 1 is balance"),
        people("volunteers", "residents who help to run it"),
        people("members", "residents who take part in it, volunteers among them"),
        real("staff", "hours a week", "0 or more", "hours of paid staff"),
        real("income", "pounds a week", "0 or more", "income; the council's grant, which pays its staff"),
        real("cost", "pounds a week", "0 or more", "cost of running it"),
    ],
};

/// Every change of ladder level.
pub const LIFECYCLE: Schema = Schema {
    name: "lifecycle",
    meaning: "A row per change of ladder level of a resident; by default for replicate 0 only.",
    columns: &[
        REPLICATE,
        int("resident", "number", "0 or more", "the resident"),
        int("week", "week", "any", "the week of the change; negative in the spin-up"),
        text("from", LEVELS, "the level left"),
        text("to", LEVELS, "the level reached"),
        text("service", "names of services, or empty", "the service it happened in"),
        text("cause", "names of causes", "what brought it about"),
    ],
};

/// Each resident: fixed traits and state at the end.
pub const RESIDENTS: Schema = Schema {
    name: "residents",
    meaning: "A row per resident: fixed traits, and the state at the end of the run; by default for replicate 0 only.",
    columns: &[
        REPLICATE,
        int("resident", "number", "0 or more", "the resident"),
        text("area", "codes of areas", "the area of the home"),
        text("class", CLASSES, "occupational class"),
        text("age", AGES, "age band in years"),
        text("sex", "women, men", "sex"),
        text("ethnicity", "names of groups", "ethnic group"),
        int("deprivation", "tenth", "1 to 10", "deprivation tenth of the area; 1 is the most deprived"),
        share("time_available", "time free to take part"),
        share("capability_start", "capability before anything was learned"),
        share("influence_start", "perceived influence before anything was experienced"),
        text("level", LEVELS, "ladder level at the end"),
        text("service", "names of services, or empty", "own service at the end, or the last one"),
        share("capability", "capability at the end"),
        share("belonging", "sense of belonging at the end"),
        share("influence", "perceived influence at the end"),
        share("expectation", "influence hoped for after promises, at the end"),
        share("fatigue", "fatigue from volunteering, at the end"),
        share("relationship", "relationship to the own or last service, at the end"),
        int("ties", "ties", "0 or more", "number of ties at the end"),
        real("tie_strength", "summed strength", "0 or more", "summed strength of the ties at the end"),
        maybe("first_entry", "week", "any", "week of the first entry; negative in the spin-up, missing if never"),
        maybe("entry", "week", "any", "week of the latest entry; missing if never"),
        maybe("exit", "week", "any", "week of the latest exit; missing if never"),
    ],
};

/// Lifecycle curves: how many are engaged so long after first entry.
pub const CURVES: Schema = Schema {
    name: "curves",
    meaning: "A row per replicate, cohort and week since first entry: how many of those who entered are engaged.",
    columns: &[
        REPLICATE,
        int("cohort", "year", "any", "year of first entry: 0 holds weeks 0 to 51, negative ones lie in the spin-up"),
        int("week", "week", "0 or more", "weeks since first entry"),
        people("residents", "residents of the cohort observed that long"),
        share("engaged_share", "share of them who are engaged"),
    ],
};

/// What was spent, on what, by whom.
pub const COSTS: Schema = Schema {
    name: "costs",
    meaning: "A row per replicate, week, lever and body that pays.",
    columns: &[
        REPLICATE,
        WEEK,
        text("lever", "names of levers, or services", "what the money was spent on"),
        text("body", "names of bodies", "who pays"),
        real("pounds", "pounds a week", "0 or more", "money spent, at constant prices"),
    ],
};

/// The areas on the map.
pub const AREAS: Schema = Schema {
    name: "areas",
    meaning: "A row per area: where it lies and who lives there.",
    columns: &[
        text("area", "codes of areas", "the area, as in the weekly table's groups by area"),
        text("name", "names", "the name people know it by"),
        real("x_km", "kilometres", "any", "distance east of the map's origin"),
        real("y_km", "kilometres", "any", "distance north of the map's origin"),
        people("residents", "residents simulated there"),
        int("deprivation", "tenth", "1 to 10", "deprivation tenth; 1 is the most deprived"),
    ],
};

/// The network at the end, on request.
pub const TIES: Schema = Schema {
    name: "ties",
    meaning: "A row per tie at the end of replicate 0, the smaller resident number first.",
    columns: &[
        int("a", "number", "0 or more", "one resident"),
        int("b", "number", "0 or more", "the other resident"),
        share("strength", "strength of the tie"),
        text("kind", "lasting, neighbour, made", "how it lives: by itself, by meeting nearby, or in a service"),
        int("since", "week", "any", "week it began; negative in the spin-up"),
    ],
};

/// What scenarios change against a baseline.
pub const EFFECTS: Schema = Schema {
    name: "effects",
    meaning: "A row per measure, window, group and scenario: the difference from the baseline, run by run with the same \
              draws. Chance is the 95 % interval of the mean over replicates of the profile; plausible is the middle nine \
              tenths over plausible sets, one pair of runs each. People, hours and pounds are those of the place: where \
              `population.areas.scale` thins it, what was simulated is multiplied up.",
    columns: &[
        text(
            "measure",
            "engaged, a column of the weekly table, or hours_top_share",
            "what is measured; hours_top_share is the share of all hours that the most active 7 % of residents give",
        ),
        text("unit", "names of units", "its unit"),
        text("better", "higher, lower, none", "which way is better, if either"),
        int("week", "week", "0 or more", "the last week of the window"),
        text("window", "year N, all, goal", "the weeks over which it is taken; counts are summed, all else averaged"),
        text("group_by", "as in the weekly table, or deprivation_fifth", "how residents are grouped"),
        text("group", "all, or a value of the grouping", "which group the row is about; fifth 1 is the most deprived"),
        text("scenario", "names of scenarios", "the scenario that is compared with the baseline"),
        real("baseline_mean", "unit of the measure", "any", "mean of the baseline over replicates of the profile"),
        real("scenario_mean", "unit of the measure", "any", "mean of the scenario over the same"),
        real("difference", "unit of the measure", "any", "scenario less baseline, mean over the same"),
        real(
            "chance_low",
            "unit of the measure",
            "any",
            "lower end of the chance interval; missing with one replicate",
        ),
        real("chance_high", "unit of the measure", "any", "upper end of it"),
        real(
            "plausible_low",
            "unit of the measure",
            "any",
            "lower end of the plausible interval; missing without sets",
        ),
        real("plausible_high", "unit of the measure", "any", "upper end of it"),
        int("sets", "sets", "0 or more", "plausible sets in which it was observed"),
        share(
            "share_of_sets_better",
            "share of them in which the scenario is better; missing where there is no better",
        ),
        int("pairs", "replicates", "0 or more", "replicates of the profile"),
        real(
            "variance_reduction",
            "share",
            "1 or less",
            "by which share pairing lowered the variance of the difference",
        ),
        real("plausible_middle", "unit of the measure", "any", "difference in the middle one of the plausible sets"),
        text(
            "paired",
            "yes, no",
            "whether runs share their town and draws; if not, chance is Welch's interval and the difference holds what differs by chance",
        ),
    ],
};

/// What scenarios cost, year by year.
pub const MONEY: Schema = Schema {
    name: "money",
    meaning: "A row per scenario, purpose, body that pays and financial year (April to March; years counted from 1 where \
              week 0 has no date). Means over replicates of the profile, in constant prices, for the place: where \
              `population.areas.scale` thins it, what was simulated is multiplied up.",
    columns: &[
        text("scenario", "names of scenarios", "the scenario, the baseline among them"),
        text("lever", "names of levers, or services", "what the money was spent on"),
        text("body", "names of bodies", "who pays"),
        int("year", "year", "any", "the year in which the financial year begins"),
        real("pounds", "pounds", "0 or more", "money spent"),
        real("baseline_pounds", "pounds", "0 or more", "the same in the baseline"),
        real("difference", "pounds", "any", "money spent less that of the baseline"),
        real("discounted_difference", "pounds", "any", "the same at 3.5 % a year from week 0 on"),
        real(
            "cashable_saving",
            "pounds",
            "0 or more",
            "of what is saved, what leaves the budget as cash (`costs.cashable_share`)",
        ),
        real(
            "difference_with_bias",
            "pounds",
            "any",
            "the difference if spending comes out higher and saving lower by the optimism bias (`costs.optimism_bias`)",
        ),
    ],
};

/// What of an effect is direct, and what bonds carry.
pub const LOOP: Schema = Schema {
    name: "loop",
    meaning: "Only with --loop. A row per scenario, pair of runs and part of the difference that the scenario makes in the \
              goal's measure and window: what its levers do with all bonds as in the baseline, and what bonds carry; in towns \
              of 30,000 simulated residents or fewer also what of it is carried by joining through friends, staying because of \
              friends, and belonging.",
    columns: &[
        text("scenario", "names of scenarios", "the scenario that is compared with the baseline"),
        int("pair", "number", "0 or more", "number of the plausible set, or of the replicate where no sets were run"),
        text("part", "whole, direct, bonds, joining, staying, belonging, together", "which part"),
        text(
            "order",
            "first, last, or empty",
            "whether what bonds carry is added alone to what is direct, or last to all the rest; empty for other parts",
        ),
        text("unit", "names of units", "unit of the goal's measure"),
        real("difference", "unit of the measure", "any", "the part"),
    ],
};

/// What becomes of a difference once what made it has ended.
pub const RECOVERY: Schema = Schema {
    name: "recovery",
    meaning: "A row per rule for closed services, years that the first lasts, what is tried afterwards, and year after the end of \
              the first: the difference of all residents from the baseline in that week, with both intervals as in a comparison. \
              Shares are taken of the middle one of the plausible sets, or of the mean over replicates without sets.",
    columns: &[
        text(
            "rule",
            "closed services stay closed, closed services may reopen",
            "whether a closed service may open again; the base's own rule comes first",
        ),
        int("years", "years", "1 or more", "how many years the first lasts"),
        text("then", "names of scenarios, or nothing more", "what is tried once the first has ended"),
        int("years_after", "years", "0 or more", "years since the end of the first"),
        int("week", "week", "0 or more", "the week"),
        text("measure", "names of measures", "the goal's measure"),
        text("unit", "names of units", "its unit"),
        real("baseline_mean", "unit of the measure", "any", "mean of the baseline over replicates of the profile"),
        real("difference", "unit of the measure", "any", "mean paired difference over replicates of the profile"),
        real(
            "chance_low",
            "unit of the measure",
            "any",
            "lower end of the 95 % interval of that mean (Student's t); missing with one replicate",
        ),
        real("chance_high", "unit of the measure", "any", "upper end of it"),
        real(
            "plausible_middle",
            "unit of the measure",
            "any",
            "difference in the middle one of the plausible sets; missing without sets",
        ),
        real(
            "plausible_low",
            "unit of the measure",
            "any",
            "lower end of the middle nine tenths of the plausible sets; missing without sets",
        ),
        real("plausible_high", "unit of the measure", "any", "upper end of it"),
        int("sets", "sets", "0 or more", "plausible sets; fewer than five say nothing of how sure a difference is"),
        int("pairs", "replicates", "0 or more", "replicates of the profile"),
        real(
            "share_of_loss_made_good",
            "share",
            "any; above 1 where the baseline is passed, below 0 where the difference has grown",
            "1 less the difference over that at the end of the same first; missing where that may be nothing",
        ),
    ],
};

/// The points of a sweep.
pub const DESIGN: Schema = Schema {
    name: "design",
    meaning: "A row per point of a sweep; the further columns are the values that are varied, missing where the base's own \
              stands.",
    columns: &[
        int("point", "number", "1 or more", "number of the point"),
        int("row", "number", "1 or more", "number of the point of the design; levers are crossed with each"),
    ],
};

/// What the runs of a sweep gave.
pub const RESULTS: Schema = Schema {
    name: "results",
    meaning: "A row per point, replicate and measure of a sweep; the further columns are the values that are varied.",
    columns: &[
        int("point", "number", "1 or more", "number of the point"),
        int("replicate", "number", "0 or more", "the replicate"),
        text("measure", "names in the sweep file", "what is kept"),
        text("unit", "names of units", "its unit"),
        real(
            "value",
            "unit of the measure",
            "any",
            "its value, or its difference from the reference in the same replicate",
        ),
    ],
};

/// Points summed up over their replicates.
pub const SUMMARY: Schema = Schema {
    name: "summary",
    meaning: "A row per point and measure of a sweep, over its replicates; the further columns are the values that are varied.",
    columns: &[
        int("point", "number", "1 or more", "number of the point"),
        text("measure", "names in the sweep file", "what is kept"),
        text("unit", "names of units", "its unit"),
        int("replicates", "replicates", "0 or more", "replicates that gave a value"),
        real("mean", "unit of the measure", "any", "their mean"),
        real("sd", "unit of the measure", "0 or more", "their standard deviation"),
        real("low", "unit of the measure", "any", "lower end of the 95 % interval of the mean (Student's t)"),
        real("high", "unit of the measure", "any", "upper end of it"),
    ],
};

/// Indices of sensitivity.
pub const SENSITIVITY: Schema = Schema {
    name: "sensitivity",
    meaning: "A row per measure, choice of levers, input and index. Morris: mu_star, mu, sigma, and floor, the mu_star that \
              chance alone would show; Saltelli: first and total, shares of variance without that of replicates; other \
              designs: srrc and prcc on ranks, and r_squared of them together.",
    columns: &[
        text("measure", "names in the sweep file", "what is kept"),
        int("choice", "number", "1 or more", "number of the choice of levers, in the order of the table of points"),
        text("input", "paths, or all", "the value that is varied"),
        text("index", "mu_star, mu, sigma, floor, first, total, srrc, prcc, r_squared", "which index"),
        real("value", "unit of the measure over the whole range (Morris), else none", "any", "the index"),
        real("low", "the same", "any", "lower end of its 95 % interval by drawing rows anew, where there is one"),
        real("high", "the same", "any", "upper end of it"),
    ],
};

/// Runs that could not be made.
pub const FAILED: Schema = Schema {
    name: "failed",
    meaning: "A row per run of a sweep that could not be made.",
    columns: &[
        int("point", "number", "0 or more", "number of the point; 0 for a reference"),
        int("row", "number", "1 or more", "number of the point of the design"),
        int("replicate", "number", "0 or more", "the replicate"),
        text("reason", "words", "why"),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_says_its_meaning_unit_and_range_in_lower_snake_case() {
        for schema in ALL.into_iter().chain(COMPARISON).chain(RESTORING).chain(SWEEP) {
            assert!(schema.meaning.ends_with('.'), "{}", schema.name);
            for column in schema.columns {
                let place = format!("{}.{}", schema.name, column.name);
                assert!(column.name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{place}");
                assert!(!column.meaning.is_empty() && !column.unit.is_empty() && !column.range.is_empty(), "{place}");
            }
        }
    }

    #[test]
    fn the_wrong_kind_of_values_is_refused() {
        let values = vec![Values::Int(vec![]), Values::Int(vec![]), Values::Int(vec![]), Values::Int(vec![])];
        assert!(COSTS.table(values).is_err());
    }
}
