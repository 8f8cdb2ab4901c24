//! The levers: what an intervention is called in a scenario file, and the numbers it takes.
//!
//! Here is data only; what a lever does in a week is said in the model. A new lever is a `section!` of its keys and a
//! row of [`Action`]; its reading, its checks, its place in the schema and in the documentation follow.

use super::choices::{AgeBand, Channel, Class, Sex, Sign, Targeting};
use super::field::{Field, KindSpec, Kinds, Pair, Section, kinds, section};
use super::reader::Reader;

/// A lever of a scenario: what is done, when, where, for whom, and who pays.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// Its name in the scenario file.
    pub name: String,
    /// The week it begins.
    pub start: u32,
    /// The first week in which it is over; the end of the run if none.
    pub end: Option<u32>,
    /// The services it touches; all if empty.
    pub services: Vec<String>,
    /// The areas it touches; all if empty.
    pub areas: Vec<String>,
    /// The residents it touches.
    pub segment: Segment,
    /// Who pays.
    pub body: String,
    /// Pounds beside the costs of its action.
    pub cost: LeverCost,
    /// What is done.
    pub action: Action,
}

section! {
    /// A lever: when, where, for whom, who pays. Beside these keys stands the table of exactly one kind of lever.
    pub struct LeverFrame in "interventions.NAME" with required keys {
        /// `false` switches it off.
        enabled "enabled": bool = true, any, "", "";
        /// The week it begins.
        start "start": u32 = required, 0..=52_000, "week", "";
        /// The first week in which it is over; the end of the run if not said.
        end "end": Option<u32> = None, 0..=52_000, "week", "";
        /// Names of the services it touches; all if empty.
        services "services": Vec<String> = vec![], any, "", "";
        /// Codes of the areas it touches; all if empty.
        areas "areas": Vec<String> = vec![], any, "", "";
        /// Pounds a year while it is in force: sizes what it does, in place of the number given there; what stands in its own table
        /// of costs is part of the sum. Written out as that number once loaded.
        budget "budget": Option<f64> = None, 0.0..=1_000_000_000.0, "pounds a year", "";
        /// Who pays.
        body "body": String = String::from("council"), any, "", "choice";
    }
}

section! {
    /// The residents that a lever touches: those for whom each list that is not empty names their own value.
    pub struct Segment in "interventions.NAME.segment" {
        /// Classes.
        class "class": Vec<Class> = vec![], any, "", "";
        /// Age bands.
        age "age": Vec<AgeBand> = vec![], any, "", "";
        /// Sexes.
        sex "sex": Vec<Sex> = vec![], any, "", "";
        /// Ethnic groups, as the population names them.
        ethnicity "ethnicity": Vec<String> = vec![], any, "", "";
        /// Deprivation deciles of the area, 1 being the most deprived tenth.
        deprivation "deprivation": Vec<u32> = vec![], 1..=10, "decile", "";
    }
}

impl Segment {
    /// Whether it names everybody.
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }
}

section! {
    /// Pounds that a lever costs beside what its action does.
    pub struct LeverCost in "interventions.NAME.cost" {
        /// Every week in which it is in force.
        per_week "per_week": f64 = 0.0, 0.0..=1_000_000_000.0, "pounds a week", "";
        /// In its first week.
        once "once": f64 = 0.0, 0.0..=1_000_000_000.0, "pounds", "";
    }
}

kinds! {
    /// What a lever does.
    pub enum Action {
        /// Asks people in person.
        Outreach(Outreach) = "outreach",
        /// Makes services better known.
        Publicity(Publicity) = "publicity",
        /// Takes staff away from services.
        Austerity(Austerity) = "austerity",
        /// Withdraws, or strengthens, the council's support of volunteers.
        CouncilSupport(CouncilSupport) = "council_support",
        /// Raises capability.
        Training(Training) = "training",
        /// Raises the salience of local matters.
        Issue(Issue) = "issue",
        /// Changes how much friends invite.
        TieInvitationRate(TieInvitationRate) = "tie_invitation_rate",
    }
}

/// All kinds of levers, with their keys.
pub fn specs() -> Vec<KindSpec> {
    Action::specs()
}

section! {
    /// Asks residents to take part.
    pub struct Outreach in "interventions.NAME.outreach" {
        /// How people are asked.
        channel "channel": Channel = Channel::Door, any, "", "choice";
        /// Who is asked.
        targeting "targeting": Targeting = Targeting::Random, any, "", "choice";
        /// People asked in a week; nobody more than once in the same week.
        contacts_per_week "contacts_per_week": f64 = 100.0, 0.0..=100_000_000.0, "contacts a week", "choice";
        /// Pounds a contact; from `[costs]` if not said.
        cost_per_contact "cost_per_contact": Option<f64> = None, 0.0..=1_000_000.0, "pounds", "";
    }
}

section! {
    /// Makes services better known: awareness from publicity is multiplied.
    pub struct Publicity in "interventions.NAME.publicity" {
        /// The factor.
        factor "factor": f64 = 2.0, 0.0..=1000.0, "factor", "choice";
        /// What it costs.
        cost_per_week "cost_per_week": f64 = 0.0, 0.0..=1_000_000_000.0, "pounds a week",
            "assumption: say it where it is known";
    }
}

/// Takes staff away from services.
#[derive(Debug, Clone, PartialEq)]
pub struct Austerity {
    /// Weeks since the lever began, each after the one before, and the share of staff kept: straight between two
    /// points, level before the first and after the last.
    pub staff: Vec<(u32, f64)>,
}

section! {
    /// Takes staff away: by a path of the share of staff kept, or by one share reached evenly over some weeks.
    pub struct AusterityKeys in "interventions.NAME.austerity" {
        /// Weeks since the lever began and the share of staff kept; straight between two points.
        staff "staff": Vec<(u32, f64)> = vec![], 0.0..=1000.0, "week, share", "";
        /// In place of a path: the share of staff kept in the end.
        staff_share "staff_share": Option<f64> = None, 0.0..=1000.0, "share", "";
        /// Weeks until that share is reached; at once if not said.
        over_weeks "over_weeks": Option<u32> = None, 1..=52_000, "weeks", "";
    }
}

impl Section for Austerity {
    const TABLE: &'static str = AusterityKeys::TABLE;
    const WHAT: &'static str = AusterityKeys::WHAT;

    fn fields() -> Vec<Field> {
        AusterityKeys::fields()
    }

    /// Either form makes a path.
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let AusterityKeys { staff, staff_share, over_weeks } = AusterityKeys::read(reader)?;
        let help = "give staff = [[0, 1.0], [52, 0.5]], or staff_share = 0.5 with over_weeks = 52";
        let staff = match (reader.has("staff"), staff_share, over_weeks) {
            (true, None, None) if staff.is_empty() || !staff.is_sorted_by(|(a, _), (b, _)| a < b) => {
                return reader.complain(&["staff"], "`staff` needs one or more weeks, each after the one before", help);
            }
            (true, None, None) => staff,
            (true, ..) => {
                return reader.complain(&["staff_share", "over_weeks"], "`staff` already says the whole path", help);
            }
            (false, Some(share), Some(weeks)) => vec![(0, 1.0), (weeks, share)],
            (false, Some(share), None) => vec![(0, share)],
            (false, None, _) => return reader.complain(&[], "it is not said how much staff is kept", help),
        };
        Some(Self { staff })
    }

    fn values(&self) -> Vec<Pair> {
        AusterityKeys { staff: self.staff.clone(), ..AusterityKeys::default() }.values()
    }
}

section! {
    /// Changes how well the council supports volunteers; the defaults are those of support withdrawn.
    pub struct CouncilSupport in "interventions.NAME.council_support" {
        /// Factor on the effectiveness of volunteers.
        effectiveness "effectiveness": f64 = 0.7, 0.0..=1000.0, "factor", "assumption";
        /// Factor on the fatigue of volunteers.
        fatigue "fatigue": f64 = 1.4, 0.0..=1000.0, "factor", "assumption";
    }
}

section! {
    /// Raises the capability that residents return to.
    pub struct Training in "interventions.NAME.training" {
        /// Share of those it touches who are trained.
        share "share": f64 = 1.0, 0.0..=1.0, "share", "choice";
        /// The rise of capability.
        amount "amount": f64 = 0.1, -1.0..=1.0, "share", "assumption";
        /// Pounds a head; the cost of a training day if not said.
        cost_per_head "cost_per_head": Option<f64> = None, 0.0..=1_000_000.0, "pounds", "";
    }
}

section! {
    /// Something happens that people care about: the salience of local matters rises.
    pub struct Issue in "interventions.NAME.issue" with required keys {
        /// What it is like for those who live there.
        sign "sign": Sign = required, any, "", "";
        /// The rise of salience; 1.5, or 0.5 for a positive issue, if not said. Once loaded it is always there.
        size "size": Option<f64> = None, 0.0..=20.0, "log factor", "assumption";
    }
}

section! {
    /// Multiplies the invitations by engaged friends.
    pub struct TieInvitationRate in "interventions.NAME.tie_invitation_rate" {
        /// The factor; 0 silences friends.
        factor "factor": f64 = 0.0, 0.0..=1000.0, "factor", "choice";
    }
}
