//! The sections of a scenario file, but for the parameters of the model and the levers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use toml::value::Date;

use super::choices::{Degrees, Direction, Each, Outside, ServiceKind, TieKind};
use super::field::{kinds, section};
use super::value::Filter;

/// The columns that a table of areas may have.
pub const AREA_COLUMNS: &[&str] = &[
    "area",
    "name",
    "group",
    "x_km",
    "y_km",
    "people_16_29",
    "people_30_44",
    "people_45_64",
    "people_65_plus",
    "women_share",
    "class_higher",
    "class_intermediate",
    "class_routine",
    "employed_share",
    "full_time_share",
    "long_hours_share",
    "part_time_share",
    "tube_train_share",
    "imd_decile",
];

/// The columns that a table of residents may have.
pub const RESIDENT_COLUMNS: &[&str] = &[
    "id",
    "area",
    "class",
    "age",
    "sex",
    "ethnicity",
    "x_km",
    "y_km",
    "time_available",
    "capability",
    "influence",
    "imd_decile",
];

/// The columns that a table of ties may have.
pub const EDGE_COLUMNS: &[&str] = &["a", "b", "strength", "kind"];

/// What the keys of a GraphML file may hold.
pub const GRAPHML_COLUMNS: &[&str] = &["id", "strength", "kind"];

/// The weekly measures that a goal may speak of.
pub const MEASURES: &[&str] = &[
    "residents",
    "unaware",
    "informed",
    "consulted",
    "involved",
    "collaborating",
    "lapsed",
    "engaged_share",
    "entries_spontaneous",
    "entries_provider",
    "entries_outreach",
    "entries_friend",
    "exits",
    "capability_mean",
    "influence_mean",
    "influence_share",
    "belonging_mean",
    "belonging_share",
    "ties_mean",
    "tie_strength_mean",
    "bridging_share",
    "isolated_share",
    "hours",
    "cost",
    "ties_lasting_mean",
    "ties_neighbour_mean",
    "ties_made_mean",
    "strength_lasting_mean",
    "strength_neighbour_mean",
    "strength_made_mean",
    "satisfaction_mean",
];

section! {
    /// What is simulated, for how long and how often.
    pub struct About in "scenario" {
        /// The name, also of the folder of results; the name of the file if not said.
        name "name": String = String::new(), plain, "", "";
        /// What it is about, in a sentence or two.
        description "description": String = String::new(), any, "", "";
        /// Weeks simulated from week 0 on.
        weeks "weeks": u32 = 520, 1..=52_000, "weeks", "choice: ten years";
        /// Weeks simulated before week 0, so that the town has a past.
        spin_up "spin_up": u32 = 520, 0..=52_000, "weeks", "choice: ten years";
        /// The number from which all randomness follows.
        seed "seed": u64 = 1, 0.., "", "choice";
        /// How many times it is simulated, each with other draws.
        replicates "replicates": u32 = 1, 1..=100_000, "replicates", "choice";
        /// The day on which week 0 begins, so that pictures carry dates.
        start "start": Option<Date> = None, any, "", "";
        /// What the publishers of its data want to be told on every page, if anything.
        attribution "attribution": String = String::new(), any, "", "";
    }
}

kinds! {
    /// Where the residents come from.
    pub enum Population {
        /// Made from a table of small areas.
        Areas(AreasPlan) = "areas",
        /// Read one by one.
        Residents(ResidentsPlan) = "residents",
        /// Made up.
        Synthetic(SyntheticPlan) = "synthetic",
    }
}

section! {
    /// Residents made from a CSV table of small areas, a row each.
    pub struct AreasPlan in "population.areas" with required keys {
        /// The table (CSV).
        file "file": PathBuf = required, any, "", "";
        /// Residents made for each person counted; hours and staff of services, contacts, and all money follow it.
        scale "scale": f64 = 1.0, above(0.0, 1000.0), "residents per person", "choice";
        /// Areas to take, by code, name or group; all if empty.
        pick "pick": Vec<String> = vec![], any, "", "";
        /// Our names of columns and theirs; a column not listed has our name.
        columns "columns": BTreeMap<String, String> = BTreeMap::new(), names(AREA_COLUMNS), "", "";
        /// Columns with the shares of ethnic groups; all residents are of one group if empty.
        ethnic "ethnic": Vec<String> = vec![], any, "", "";
    }
}

section! {
    /// Residents read from a CSV table, a row each.
    pub struct ResidentsPlan in "population.residents" with required keys {
        /// The table (CSV).
        file "file": PathBuf = required, any, "", "";
        /// Our names of columns and theirs; a column not listed has our name.
        columns "columns": BTreeMap<String, String> = BTreeMap::new(), names(RESIDENT_COLUMNS), "", "";
        /// Rows to take: the file's name of a column and the values it may have. All rows if empty.
        r#where "where": Filter = Filter::default(), any, "", "";
        /// Codes for no answer: the file's name of a column and the values that count as empty there.
        missing "missing": Filter = Filter::default(), any, "", "";
    }
}

section! {
    /// Residents made up, spread evenly over areas on a square grid.
    pub struct SyntheticPlan in "population.synthetic" {
        /// How many.
        residents "residents": u32 = 1000, 1..=100_000_000, "residents", "choice";
        /// Over how many areas.
        areas "areas": u32 = 1, 1..=1_000_000, "areas", "choice";
        /// Side of the square in which the areas lie.
        side_km "side_km": f64 = 2.0, above(0.0, 1000.0), "kilometres", "choice";
        /// Share of the higher class.
        class_higher "class_higher": f64 = 0.35, 0.0..=1.0, "share", "assumption";
        /// Share of the intermediate class.
        class_intermediate "class_intermediate": f64 = 0.35, 0.0..=1.0, "share", "assumption";
        /// Share of the routine class.
        class_routine "class_routine": f64 = 0.30, 0.0..=1.0, "share", "assumption";
        /// Share of women.
        women_share "women_share": f64 = 0.5, 0.0..=1.0, "share", "assumption";
        /// Share of those aged 16 to 29.
        people_16_29 "people_16_29": f64 = 0.25, 0.0..=1.0, "share", "assumption";
        /// Share of those aged 30 to 44.
        people_30_44 "people_30_44": f64 = 0.27, 0.0..=1.0, "share", "assumption";
        /// Share of those aged 45 to 64.
        people_45_64 "people_45_64": f64 = 0.29, 0.0..=1.0, "share", "assumption";
        /// Share of those aged 65 and over.
        people_65_plus "people_65_plus": f64 = 0.19, 0.0..=1.0, "share", "assumption";
        /// Shares of the ethnic groups, as many as there are numbers.
        ethnic_shares "ethnic_shares": Vec<f64> = vec![0.6, 0.4], 0.0..=1.0, "shares", "assumption";
        /// Share in work among those under 65.
        employed_share "employed_share": f64 = 0.7, 0.0..=1.0, "share", "assumption";
        /// Share of those in work who work full time, up to 48 hours.
        full_time_share "full_time_share": f64 = 0.60, 0.0..=1.0, "share of those in work", "assumption";
        /// Share of those in work who work 49 hours or more.
        long_hours_share "long_hours_share": f64 = 0.15, 0.0..=1.0, "share of those in work", "assumption";
        /// Share of those in work who work part time.
        part_time_share "part_time_share": f64 = 0.25, 0.0..=1.0, "share of those in work", "assumption";
        /// Share of those in work who commute by tube or train.
        tube_train_share "tube_train_share": f64 = 0.1, 0.0..=1.0, "share of those in work", "assumption";
        /// Deprivation decile of the areas, 1 being the most deprived tenth.
        imd_decile "imd_decile": u32 = 5, 1..=10, "decile", "assumption";
    }
}

kinds! {
    /// Which ties there are at the start.
    pub enum Network {
        /// Made: more likely nearby and among like people.
        Spatial(Spatial) = "spatial",
        /// Made: a ring with short cuts.
        WattsStrogatz(WattsStrogatz) = "watts_strogatz",
        /// Made: every pair with the same chance.
        ErdosRenyi(ErdosRenyi) = "erdos_renyi",
        /// Made: those who have ties get more.
        BarabasiAlbert(BarabasiAlbert) = "barabasi_albert",
        /// Made: any distribution of ties, all else by chance.
        Configuration(Configuration) = "configuration",
        /// Made: everybody with everybody.
        Complete(Complete) = "complete",
        /// Read one by one from a table.
        Edges(Edges) = "edges",
        /// Read from a file of graph tools.
        GraphMl(GraphMl) = "graphml",
    }
}

section! {
    /// Ties more likely nearby and among like people (how much more is said in `[model]`).
    pub struct Spatial in "network.spatial" {
        /// Mean number of ties of a resident.
        ties_mean "ties_mean": f64 = 9.5, 0.0..=1000.0, "ties",
            "assumption: 9.3 in the village data of Banerjee and others (2013)";
        /// Share of them that last: kin, old friends, colleagues.
        lasting_share "lasting_share": f64 = 0.5, 0.0..=1.0, "share", "assumption";
        /// Share of lasting ties within the circle of those whom one keeps meeting.
        within_circle "within_circle": f64 = 0.9, 0.0..=1.0, "share", "assumption; foci as in Feld (1981)";
        /// Others in such a circle.
        circle "circle": u32 = 8, 2..=1000, "residents", "assumption";
        /// Share of the others within the area.
        within_area "within_area": f64 = 0.75, 0.0..=1.0, "share", "assumption";
        /// Scale of distance of the others.
        distance_km "distance_km": f64 = 1.5, above(0.0, 1000.0), "kilometres", "assumption";
        /// Share of acquaintances that close a triangle.
        closure "closure": f64 = 0.3, 0.0..=1.0, "share", "assumption";
    }
}

section! {
    /// A ring of near neighbours with some ties moved elsewhere at random (Watts and Strogatz 1998).
    pub struct WattsStrogatz in "network.watts_strogatz" {
        /// Neighbours on the ring, half on each side: an even number.
        neighbours "neighbours": u32 = 10, 2..=1000, "ties", "choice";
        /// Share of ties moved elsewhere.
        rewiring "rewiring": f64 = 0.1, 0.0..=1.0, "share", "choice";
        /// Strength of the ties.
        strength "strength": f64 = 0.7, above(0.0, 1.0), "strength", "assumption: about where a lasting tie settles";
        /// Kind of the ties.
        kind "kind": TieKind = TieKind::Lasting, any, "", "choice";
    }
}

section! {
    /// Ties between any two residents with the same chance (Erdős and Rényi 1959).
    pub struct ErdosRenyi in "network.erdos_renyi" {
        /// Mean number of ties of a resident.
        ties_mean "ties_mean": f64 = 9.5, 0.0..=1000.0, "ties", "choice";
        /// Strength of the ties.
        strength "strength": f64 = 0.7, above(0.0, 1.0), "strength", "assumption: about where a lasting tie settles";
        /// Kind of the ties.
        kind "kind": TieKind = TieKind::Lasting, any, "", "choice";
    }
}

section! {
    /// Residents come one by one and tie themselves to those who have many ties already (Barabási and Albert 1999).
    pub struct BarabasiAlbert in "network.barabasi_albert" {
        /// Ties that each newcomer brings; fewer than there are residents.
        ties_each "ties_each": u32 = 5, 1..=1000, "ties", "choice";
        /// Strength of the ties.
        strength "strength": f64 = 0.7, above(0.0, 1.0), "strength", "assumption: about where a lasting tie settles";
        /// Kind of the ties.
        kind "kind": TieKind = TieKind::Lasting, any, "", "choice";
    }
}

section! {
    /// A given distribution of ties over residents, and chance in who is tied to whom (erased configuration model).
    pub struct Configuration in "network.configuration" {
        /// The distribution: its other keys are those that its description names.
        distribution "distribution": Degrees = Degrees::NegativeBinomial, any, "", "choice";
        /// Mean number of ties of a resident, for `negative_binomial`.
        ties_mean "ties_mean": f64 = 9.5, 0.0..=1000.0, "ties", "choice";
        /// Variance over mean, for `negative_binomial`; 1 makes it a Poisson distribution.
        overdispersion "overdispersion": f64 = 4.0, 1.0..=1000.0, "", "assumption";
        /// Exponent for `power_law`: shares fall as ties to the power of minus this.
        exponent "exponent": f64 = 2.5, 0.0..=10.0, "", "choice: most networks that are called so have 2 to 3";
        /// Fewest ties, for `power_law`.
        ties_least "ties_least": u32 = 3, 1..=60_000, "ties", "choice";
        /// Most ties, for `power_law`; fewer than there are residents.
        ties_most "ties_most": u32 = 100, 1..=60_000, "ties", "choice";
        /// Numbers of ties, for `list`; each less than the number of residents.
        degrees "degrees": Vec<u32> = vec![], 0..=60_000, "ties", "";
        /// Shares of residents with them, in the same order, together 1.
        shares "shares": Vec<f64> = vec![], 0.0..=1.0, "shares", "";
        /// Strength of the ties.
        strength "strength": f64 = 0.7, above(0.0, 1.0), "strength", "assumption: about where a lasting tie settles";
        /// Kind of the ties.
        kind "kind": TieKind = TieKind::Lasting, any, "", "choice";
    }
}

section! {
    /// A tie between every two residents, for small towns and known answers.
    pub struct Complete in "network.complete" {
        /// Strength of the ties.
        strength "strength": f64 = 0.7, above(0.0, 1.0), "strength", "assumption: about where a lasting tie settles";
        /// Kind of the ties.
        kind "kind": TieKind = TieKind::Lasting, any, "", "choice";
    }
}

section! {
    /// Ties read from a CSV table, a row each.
    pub struct Edges in "network.edges" with required keys {
        /// The table (CSV).
        file "file": PathBuf = required, any, "", "";
        /// Our names of columns and theirs; a column not listed has our name.
        columns "columns": BTreeMap<String, String> = BTreeMap::new(), names(EDGE_COLUMNS), "", "";
        /// Rows to take: the file's name of a column and the values it may have. All rows if empty.
        r#where "where": Filter = Filter::default(), any, "", "";
        /// What becomes of ties to people who are not among the residents.
        outside "outside": Outside = Outside::Refuse, any, "", "choice";
        /// Strength of ties whose row does not say it.
        strength "strength": f64 = 0.7, above(0.0, 1.0), "strength", "assumption: about where a lasting tie settles";
        /// Kind of ties whose row does not say it.
        kind "kind": TieKind = TieKind::Lasting, any, "", "choice";
    }
}

section! {
    /// Ties read from a GraphML file. All graphs in it are read as one; directions and repeats are merged.
    pub struct GraphMl in "network.graphml" with required keys {
        /// The file (GraphML, UTF-8).
        file "file": PathBuf = required, any, "", "";
        /// Our names and the file's keys, by name or by id: `id` of nodes, `strength` and `kind` of edges. Without `id` a
        /// node stands for the resident whose id is the node's own.
        columns "columns": BTreeMap<String, String> = BTreeMap::new(), names(GRAPHML_COLUMNS), "", "";
        /// Edges to take: the file's key and the values it may have. All edges if empty.
        r#where "where": Filter = Filter::default(), any, "", "";
        /// What becomes of ties to people who are not among the residents.
        outside "outside": Outside = Outside::Refuse, any, "", "choice";
        /// Strength of ties that do not say it.
        strength "strength": f64 = 0.7, above(0.0, 1.0), "strength", "assumption: about where a lasting tie settles";
        /// Kind of ties that do not say it.
        kind "kind": TieKind = TieKind::Lasting, any, "", "choice";
    }
}

section! {
    /// A service, or one for every area or group of areas.
    pub struct ServicePlan in "services.NAME" under name with required keys {
        /// `public` (council money, staff, may close) or `civic` (clubs, faith, sport: always open).
        kind "kind": ServiceKind = required, any, "", "";
        /// Makes one for every `area` or every `group` of areas.
        each "each": Option<Each> = None, any, "", "";
        /// Hours needed to be fully open; public services only.
        required_hours "required_hours": f64 = 600.0, above(0.0, 1_000_000.0), "hours a week", "assumption";
        /// Hours of paid staff; public services only.
        staff_hours "staff_hours": f64 = 360.0, 0.0..=1_000_000.0, "hours a week", "assumption: about ten posts";
        /// Where it stands, to the east; the middle of its residents if not said.
        x_km "x_km": Option<f64> = None, -100_000.0..=100_000.0, "kilometres", "";
        /// Where it stands, to the north; the middle of its residents if not said.
        y_km "y_km": Option<f64> = None, -100_000.0..=100_000.0, "kilometres", "";
        /// What it is, in a few words.
        what "what": String = String::new(), any, "", "";
    }
}

section! {
    /// What things cost, in pounds of one year.
    pub struct Costs in "costs" {
        /// An hour of a service's staff.
        staff_hour "staff_hour": f64 = 20.0, 0.0..=1_000_000.0, "pounds", "assumption";
        /// An hour of someone who goes from door to door.
        door_hour "door_hour": f64 = 20.0, 0.0..=1_000_000.0, "pounds", "assumption";
        /// People met at the door in an hour.
        door_contacts_per_hour "door_contacts_per_hour": f64 = 8.0, above(0.0, 1000.0), "contacts an hour",
            "assumption: sources give 6 to 12";
        /// Reaching one person by telephone.
        phone_contact "phone_contact": f64 = 2.0, 0.0..=1_000_000.0, "pounds", "assumption";
        /// One leaflet delivered.
        leaflet "leaflet": f64 = 0.15, 0.0..=1_000_000.0, "pounds", "assumption";
        /// One letter.
        mail "mail": f64 = 0.60, 0.0..=1_000_000.0, "pounds", "assumption";
        /// One e-mail.
        email "email": f64 = 0.01, 0.0..=1_000_000.0, "pounds", "assumption";
        /// One event.
        event "event": f64 = 250.0, 0.0..=1_000_000.0, "pounds", "assumption";
        /// People asked at one event.
        event_contacts "event_contacts": f64 = 40.0, above(0.0, 1_000_000.0), "contacts an event", "assumption";
        /// A day of training for one person.
        training_day "training_day": f64 = 40.0, 0.0..=1_000_000.0, "pounds", "assumption";
        /// Support of one service for a year.
        support_year "support_year": f64 = 4000.0, 0.0..=100_000_000.0, "pounds a year", "assumption";
        /// Of what staff and support no longer cost, the share that leaves the budget as cash.
        cashable_share "cashable_share": f64 = 1.0, 0.0..=1.0, "share", "choice";
        /// By which share costs come out higher than planned, and savings lower.
        optimism_bias "optimism_bias": f64 = 0.0, 0.0..=5.0, "share", "choice";
        /// What an hour that residents give is worth; they are not valued if this is not said.
        volunteer_hour "volunteer_hour": Option<f64> = None, 0.0..=1_000_000.0, "pounds", "choice";
        /// The year whose prices these are.
        base_year "base_year": u32 = 2025, 1900..=2200, "", "choice";
    }
}

section! {
    /// The one question that the answer in one sentence speaks of.
    pub struct Goal in "goal" {
        /// A column of the weekly table.
        measure "measure": String = String::from("engaged_share"), names(MEASURES), "", "choice";
        /// The week at which it is read; the last week if neither this nor a window is said.
        week "week": Option<u32> = None, 0..=52_000, "week", "";
        /// The first and the last week over which it is averaged.
        window "window": Option<(u32, u32)> = None, 0..=52_000, "weeks", "";
        /// Which way it should go.
        direction "direction": Direction = Direction::Higher, any, "", "choice";
        /// The smallest difference that would matter.
        threshold "threshold": Option<f64> = None, any, "unit of the measure", "";
    }
}

section! {
    /// What is written down beside the yearly and weekly figures.
    pub struct RecordPlan in "record" {
        /// Weeks between two rows of groups other than `all`.
        groups_every "groups_every": u32 = 4, 1..=52_000, "weeks", "choice";
        /// Replicates whose every change of level is kept.
        lifecycle_replicates "lifecycle_replicates": u32 = 1, 0..=100_000, "replicates", "choice";
        /// Replicates whose residents are listed at the end.
        residents_replicates "residents_replicates": u32 = 1, 0..=100_000, "replicates", "choice";
        /// Residents whom the model's own survey asks in the last week; all if there are fewer.
        survey "survey": u32 = 1000, 1..=100_000_000, "residents", "choice";
        /// Whether the network at the end is kept.
        ties "ties": bool = false, any, "", "choice";
    }
}
