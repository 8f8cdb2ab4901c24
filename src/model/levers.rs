//! Levers: what an intervention changes, when, and for whom.
//!
//! At the start of each week the levers in force write into the week's [`Conditions`], each by one small function; the
//! week itself knows conditions only, never levers. A lever of size zero writes what stands there already.

use super::state::{Block, State};
use super::town::{NO_SERVICE, Town};
use crate::draws::name;
use crate::population::layout::Home;
use crate::population::{age, class, deprivation_third, sex};
use crate::scenario::{
    Action, Austerity, Channel, CouncilSupport, Issue, Lever, Outreach, Publicity, Segment, ServiceKind, Targeting,
    TieInvitationRate, Training,
};
use crate::units::NEVER;
use rayon::prelude::*;

/// What holds in one week. Shape of the columns: one entry per area or per service.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// Factor on invitations along ties.
    pub tie_invitations: f32,
    /// Factor on publicity, by area.
    pub publicity: Vec<f32>,
    /// Added to issue salience this week, by area.
    pub shocks: Vec<f32>,
    /// Share of usual staff, by service.
    pub staff: Vec<f32>,
    /// Factor on the effectiveness of volunteers, by service.
    pub effectiveness: Vec<f32>,
    /// Factor on the fatigue that volunteers gather, by service.
    pub fatigue: Vec<f32>,
    /// Campaigns that ask people.
    pub campaigns: Vec<Campaign>,
    /// Trainings that begin this week.
    pub trainings: Vec<Course>,
}

impl Conditions {
    /// A week without levers.
    pub fn usual(areas: usize, services: usize) -> Self {
        Self {
            tie_invitations: 1.0,
            publicity: vec![1.0; areas],
            shocks: vec![0.0; areas],
            staff: vec![1.0; services],
            effectiveness: vec![1.0; services],
            fatigue: vec![1.0; services],
            campaigns: Vec::new(),
            trainings: Vec::new(),
        }
    }
}

/// Whom a lever is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience {
    /// Whether an area belongs.
    areas: Vec<bool>,
    segment: Segment,
    ethnicity: Vec<bool>,
    /// Whether all belong.
    everybody: bool,
}

impl Audience {
    /// Those whom a lever touches.
    pub fn new(lever: &Lever, town: &Town) -> Self {
        Self {
            areas: areas(lever, town),
            everybody: lever.areas.is_empty() && lever.segment.is_everybody(),
            segment: lever.segment.clone(),
            ethnicity: town
                .people
                .ethnic_groups
                .iter()
                .map(|group| lever.segment.ethnicity.is_empty() || lever.segment.ethnicity.contains(group))
                .collect(),
        }
    }

    /// Whether a resident belongs.
    pub fn has(&self, town: &Town, resident: usize) -> bool {
        self.everybody || self.chose(town, resident)
    }

    fn chose(&self, town: &Town, resident: usize) -> bool {
        fn fits<T: PartialEq>(wanted: &[T], is: T) -> bool {
            wanted.is_empty() || wanted.contains(&is)
        }
        let people = &town.people.residents;
        let area = people.area[resident] as usize;
        self.areas[area]
            && fits(&self.segment.class, class(people.class[resident]))
            && fits(&self.segment.age, age(people.age[resident]))
            && fits(&self.segment.sex, sex(people.sex[resident]))
            && fits(&self.segment.deprivation, u32::from(town.people.areas[area].decile))
            && self.ethnicity[usize::from(people.ethnicity[resident])]
    }
}

/// A campaign in force: who is contacted with which chance, and what for.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Number of the lever in the scenario.
    pub lever: usize,
    /// Key of its name, by which contacts are drawn: other levers do not shift them.
    pub key: u64,
    /// Who may be contacted.
    pub audience: Audience,
    /// How the contacts are aimed.
    pub targeting: Targeting,
    /// Chance of a contact this week for a resident of weight 1.
    pub chance: f64,
    /// Invitations that a contact is worth.
    pub weight: f32,
    /// Whether a contact is enough to know of the service.
    pub in_person: bool,
    /// The service that it names, by area.
    pub service: Vec<u16>,
}

/// A training that begins this week.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Number of the lever in the scenario.
    pub lever: usize,
    /// Key of its name, by which those who take part are drawn.
    pub key: u64,
    /// Who may take part.
    pub audience: Audience,
    /// Share of them who do.
    pub share: f64,
    /// What it adds to capability, for good.
    pub amount: f32,
}

/// What one contact through a channel is worth, against one at the door.
///
/// Phone, leaflet, mail and e-mail: from contacts per vote of 14 (door), 35, 66, 177 and none (Green and Gerber as quoted in
/// 2006). Event: assumption.
fn against_door(channel: Channel) -> f32 {
    match channel {
        Channel::Event => 1.20,
        Channel::Door => 1.0,
        Channel::Phone => 0.40,
        Channel::Leaflet => 0.21,
        Channel::Mail => 0.08,
        Channel::Email => 0.0,
    }
}

/// Whether a lever is in force in a week after the spin-up.
pub fn in_force(lever: &Lever, week: u32) -> bool {
    lever.start <= week && lever.end.is_none_or(|end| week < end)
}

/// What holds in `week` (counted from week 0), given the levers and the state that campaigns aim by.
pub fn conditions(levers: &[Lever], week: u32, town: &Town, state: &State) -> Conditions {
    let mut now = Conditions::usual(town.people.areas.len(), town.services.len());
    for (number, lever) in levers.iter().enumerate().filter(|(_, lever)| in_force(lever, week)) {
        match &lever.action {
            Action::Outreach(plan) => outreach(plan, number, lever, town, state, &mut now),
            Action::Publicity(plan) => publicity(plan, lever, town, &mut now),
            Action::Austerity(plan) => austerity(plan, lever, week, town, &mut now),
            Action::CouncilSupport(plan) => council_support(plan, lever, town, &mut now),
            Action::Training(plan) => training(plan, number, lever, week, town, &mut now),
            Action::Issue(plan) => issue(plan, lever, week, town, &mut now),
            Action::TieInvitationRate(plan) => tie_invitation_rate(plan, &mut now),
        }
    }
    now
}

/// The areas of a lever: those named by code, name or group, or all.
fn areas(lever: &Lever, town: &Town) -> Vec<bool> {
    let named = |text: &String| lever.areas.contains(text);
    let all = lever.areas.is_empty();
    town.people.areas.iter().map(|a| all || named(&a.code) || named(&a.name) || named(&a.group)).collect()
}

/// The services of a lever: those named by their table or their own name, or all.
fn services(lever: &Lever, town: &Town) -> Vec<bool> {
    let named = |text: &String| lever.services.contains(text);
    let all = lever.services.is_empty();
    town.services.iter().map(|s| all || named(&s.plan) || named(&s.name)).collect()
}

fn multiply(column: &mut [f32], chosen: &[bool], factor: f32) {
    for (value, _) in column.iter_mut().zip(chosen).filter(|(_, chosen)| **chosen) {
        *value *= factor;
    }
}

fn outreach(plan: &Outreach, number: usize, lever: &Lever, town: &Town, state: &State, now: &mut Conditions) {
    let audience = Audience::new(lever, town);
    let chosen = services(lever, town);
    let named: Vec<u16> = (0..town.services.len()).filter(|&s| chosen[s]).map(|s| s as u16).collect();
    let service = (0..town.people.areas.len()).map(|area| named_service(lever, town, area, &named)).collect();
    let total: f64 = weights(&audience, plan.targeting, town, state);
    now.campaigns.push(Campaign {
        lever: number,
        key: name(&lever.name),
        audience,
        targeting: plan.targeting,
        chance: if total > 0.0 { plan.contacts_per_week * town.scale / total } else { 0.0 },
        weight: town.parameters.a_door * against_door(plan.channel),
        in_person: matches!(plan.channel, Channel::Event | Channel::Door | Channel::Phone),
        service,
    });
}

/// The service that a campaign names in an area: the nearest of those that the lever names, else the nearest public one.
fn named_service(lever: &Lever, town: &Town, area: usize, named: &[u16]) -> u16 {
    let near = &town.candidates[area];
    let nearest = if lever.services.is_empty() {
        near.nearest_public().or(near.service.first().copied())
    } else {
        let km = |&s: &u16| town.km(area, s);
        named.iter().copied().min_by(|a, b| km(a).total_cmp(&km(b)).then(a.cmp(b)))
    };
    nearest.unwrap_or(NO_SERVICE)
}

/// How much likelier than another one who is aimed at is to be contacted. Assumption.
const AIMED_AT: f64 = 4.0;

/// The most that [`aim`] can be.
pub fn most_aim(targeting: Targeting) -> f64 {
    match targeting {
        Targeting::Random | Targeting::Segment => 1.0,
        Targeting::List | Targeting::HardToReach => AIMED_AT,
    }
}

/// How much likelier than the least likely a resident is to be contacted.
///
/// A list holds people who have been engaged or consulted before; hard to reach are the routine class, the most deprived
/// third of areas and people with fewer than three ties.
pub fn aim(targeting: Targeting, town: &Town, block: &Block, resident: usize, row: usize) -> f64 {
    let aimed = match targeting {
        Targeting::Random | Targeting::Segment => false,
        Targeting::List => block.first_entry[row] != NEVER || block.consulted[row] != NEVER,
        Targeting::HardToReach => {
            let people = &town.people.residents;
            let third = deprivation_third(town.people.areas[people.area[resident] as usize].decile);
            people.class[resident] == 2 || third == 0 || block.ties.degree(row) < 3
        }
    };
    if aimed { AIMED_AT } else { 1.0 }
}

/// Sum of those weights over an audience. They are whole numbers, so the order of adding does not matter.
fn weights(audience: &Audience, targeting: Targeting, town: &Town, state: &State) -> f64 {
    if audience.everybody && most_aim(targeting) == 1.0 {
        return town.residents() as f64;
    }
    let homes = state.blocks.par_iter().zip(&town.layout.homes);
    let sum = |(block, home): (&Block, &Home)| {
        let residents = home.residents.clone().enumerate().filter(|&(_, resident)| audience.has(town, resident));
        residents.map(|(row, resident)| aim(targeting, town, block, resident, row)).sum::<f64>()
    };
    homes.map(sum).sum()
}

fn publicity(plan: &Publicity, lever: &Lever, town: &Town, now: &mut Conditions) {
    multiply(&mut now.publicity, &areas(lever, town), plan.factor as f32);
}

fn austerity(plan: &Austerity, lever: &Lever, week: u32, town: &Town, now: &mut Conditions) {
    multiply(&mut now.staff, &services(lever, town), staff_share(&plan.staff, week - lever.start) as f32);
}

/// The share of staff kept, so many weeks after the start: straight between the points of the path, level beyond them.
pub fn staff_share(path: &[(u32, f64)], weeks: u32) -> f64 {
    let after = path.partition_point(|&(at, _)| at <= weeks);
    match (after.checked_sub(1).map(|i| path[i]), path.get(after)) {
        (Some((from, a)), Some(&(to, b))) => a + (b - a) * f64::from(weeks - from) / f64::from(to - from),
        (Some((_, share)), None) | (None, Some(&(_, share))) => share,
        (None, None) => 1.0,
    }
}

fn council_support(plan: &CouncilSupport, lever: &Lever, town: &Town, now: &mut Conditions) {
    let mut chosen = services(lever, town);
    for (chosen, service) in chosen.iter_mut().zip(&town.services) {
        *chosen &= service.kind == ServiceKind::Public;
    }
    multiply(&mut now.effectiveness, &chosen, plan.effectiveness as f32);
    multiply(&mut now.fatigue, &chosen, plan.fatigue as f32);
}

fn training(plan: &Training, number: usize, lever: &Lever, week: u32, town: &Town, now: &mut Conditions) {
    if week == lever.start {
        let audience = Audience::new(lever, town);
        now.trainings.push(Course {
            lever: number,
            key: name(&lever.name),
            audience,
            share: plan.share,
            amount: plan.amount as f32,
        });
    }
}

fn issue(plan: &Issue, lever: &Lever, week: u32, town: &Town, now: &mut Conditions) {
    if week == lever.start {
        let size = plan.size.unwrap_or(plan.sign.usual_size());
        for (shock, chosen) in now.shocks.iter_mut().zip(areas(lever, town)) {
            *shock += if chosen { size as f32 } else { 0.0 };
        }
    }
}

fn tie_invitation_rate(plan: &TieInvitationRate, now: &mut Conditions) {
    now.tie_invitations *= plan.factor as f32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_staff_path_is_straight_between_its_points_and_level_beyond_them() {
        let path = [(0, 1.0), (52, 0.5), (104, 0.5)];
        for (week, share) in [(0, 1.0), (26, 0.75), (52, 0.5), (80, 0.5), (500, 0.5)] {
            assert!((staff_share(&path, week) - share).abs() < 1e-12, "week {week}");
        }
        assert!((staff_share(&[(10, 0.4)], 0) - 0.4).abs() < 1e-12);
    }
}
