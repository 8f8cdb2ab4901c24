//! A town as the week sees it: people, services and who has which service near. It does not change from week to week.

use super::state::{COLLABORATING, INVOLVED};
use crate::draws::{Draws, Purpose};
use crate::maths::bits_if;
use crate::network::geography::{Geography, Reach, distance_km};
use crate::population::Population;
use crate::population::layout::{BLOCK, Layout};
use crate::scenario::diagnose::{Problem, Problems};
use crate::scenario::{Each, Network, Parameters, Population as Plan, Scenario, ServiceKind, ServicePlan};
use crate::units::Span;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Candidate services of an area: at most this many, since awareness of them is kept in eight bits.
pub const CANDIDATES_MOST: usize = 8;

/// A place that residents can take part in.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Name, unique in the town: that of its table, and the area or group it serves where there is one each.
    pub name: String,
    /// Name of its table in the scenario.
    pub plan: String,
    /// Public (staffed, may close) or civic (always open).
    pub kind: ServiceKind,
    /// Place, kilometres east and north.
    pub place_km: (f64, f64),
    /// Full required hours a week (W*).
    pub full_hours: f32,
    /// Staff hours a week before any lever.
    pub staff_hours: f32,
    /// Members at which it takes nobody more; infinite if there is no such number.
    pub places: f32,
}

/// The services that a resident of an area may know of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidates {
    /// Index of each service.
    pub service: Vec<u16>,
    /// Distance to each, kilometres.
    pub km: Vec<f32>,
    /// Bits of those that are public.
    pub public: u8,
}

impl Candidates {
    /// The awareness bit of a service, zero if it is no candidate here.
    #[inline]
    pub fn bit(&self, service: u16) -> u8 {
        self.service.iter().position(|&s| s == service).map_or(0, |slot| 1 << slot)
    }

    /// The nearest public candidate.
    pub fn nearest_public(&self) -> Option<u16> {
        (0..self.service.len())
            .filter(|&slot| self.public & (1 << slot) != 0)
            .min_by(|&a, &b| self.km[a].total_cmp(&self.km[b]).then(a.cmp(&b)))
            .map(|slot| self.service[slot])
    }
}

/// A town: all that stays as it is through a replicate.
#[derive(Clone, Debug)]
pub struct Town {
    /// The people and their areas.
    pub people: Population,
    /// The blocks in which they stand.
    pub layout: Layout,
    /// Whether the key of each resident is the resident's index, as in towns made from an area table.
    keys_are_indices: bool,
    /// The services.
    pub services: Vec<Service>,
    /// Candidate services of each area.
    pub candidates: Vec<Candidates>,
    /// Where people look for new ties.
    pub geography: Geography,
    /// Own factor of each resident on the hours that people give: lognormal, of mean 1.
    pub giving: Vec<f32>,
    /// Own term of each resident in belonging, logits: normal, of mean 0.
    pub attachment: Vec<f32>,
    /// The numbers of the model.
    pub parameters: Parameters,
    /// Draws that people are made with.
    pub people_draws: Draws,
    /// Residents made for each person counted: hours, staff, contacts and money go with it.
    pub scale: f64,
}

impl Town {
    /// Puts the services of a scenario among its people.
    ///
    /// # Errors
    /// A town with more candidate services in an area, or more services in all, than can be kept.
    pub fn new(scenario: &Scenario, people: Population) -> Result<Self, Problems> {
        let scale = match &scenario.population {
            Plan::Areas(plan) => plan.scale,
            _ => 1.0,
        };
        let reach = match &scenario.network {
            Network::Spatial(plan) => Reach {
                within_circle: plan.within_circle,
                circle: plan.circle,
                within_area: plan.within_area,
                distance_km: plan.distance_km,
            },
            _ => Reach { within_circle: 0.0, circle: 0, within_area: 0.75, distance_km: 1.5 },
        };
        let mut services = Vec::new();
        let mut candidates = vec![Candidates::default(); people.areas.len()];
        for plan in &scenario.services {
            add(plan, scale, &people, &mut services, &mut candidates);
        }
        if scenario.services.len() > CANDIDATES_MOST {
            return Err(Problems::from(Problem::general(
                format!(
                    "{} kinds of service are given, at most {CANDIDATES_MOST} are possible",
                    scenario.services.len()
                ),
                "residents keep track of eight services each: join some kinds",
            )));
        }
        if services.len() >= usize::from(NO_SERVICE) {
            return Err(Problems::from(Problem::general(
                format!("{} services are given, at most {} are possible", services.len(), NO_SERVICE - 1),
                "give one service to each group of areas instead of to each area",
            )));
        }
        if scenario.model.places > 0.0 {
            limit(&mut services, &candidates, &people, scenario.model.places);
        }
        Ok(Self {
            geography: Geography::new(&people.areas, reach),
            scale,
            parameters: scenario.model.clone(),
            giving: giving(&people, &scenario.model, Draws::of_people(scenario.about.seed)),
            attachment: attachment(&people, &scenario.model, Draws::of_people(scenario.about.seed)),
            people_draws: Draws::of_people(scenario.about.seed),
            layout: Layout::new(&people.areas),
            keys_are_indices: people.residents.key.iter().copied().eq(0..people.residents.len() as u32),
            people,
            services,
            candidates,
        })
    }

    /// People of the place for each resident.
    pub fn people_each(&self) -> f64 {
        1.0 / self.scale
    }

    /// How many residents there are.
    pub fn residents(&self) -> usize {
        self.people.residents.len()
    }

    /// The key of a resident's draws: looked up only where it is not the resident's index.
    #[inline(always)]
    pub fn key(&self, resident: u32) -> u32 {
        if self.keys_are_indices { resident } else { self.people.residents.key[resident as usize] }
    }

    /// The keys of the residents of a block: looked up only where they are not their indices.
    #[inline(always)]
    pub fn keys(&self, residents: &Span) -> [u32; BLOCK] {
        if self.keys_are_indices {
            return std::array::from_fn(|row| (residents.start + row) as u32);
        }
        let mut keys = [0; BLOCK];
        keys[..residents.len()].copy_from_slice(&self.people.residents.key[residents.clone()]);
        keys
    }

    /// The block of a resident, and the row in it.
    #[inline]
    pub fn place(&self, resident: u32) -> (usize, usize) {
        self.layout.place(resident)
    }

    /// Distance from a resident's area to a service, kilometres.
    #[inline]
    pub fn km(&self, area: usize, service: u16) -> f32 {
        let near = &self.candidates[area];
        match near.service.iter().position(|&s| s == service) {
            Some(slot) => near.km[slot],
            None => {
                let (x, y) = self.services[usize::from(service)].place_km;
                distance_km(&self.people.areas[area], x, y) as f32
            }
        }
    }

    /// Hours a week that a resident gives at a level of taking part.
    #[inline(always)]
    pub fn hours(&self, resident: usize, level: u8) -> f32 {
        usual_hours(&self.parameters, level) * self.giving[resident]
    }

    /// Whether two residents are of different class or ethnic group.
    #[inline]
    pub fn bridges(&self, a: u32, b: u32) -> bool {
        let (people, a, b) = (&self.people.residents, a as usize, b as usize);
        people.class[a] != people.class[b] || people.ethnicity[a] != people.ethnicity[b]
    }
}

/// Hours a week that people usually give at a level of taking part, before their own factor. Without branches, for vector
/// units.
#[inline(always)]
pub fn usual_hours(p: &Parameters, level: u8) -> f32 {
    let of_those = bits_if(p.h_3, level == COLLABORATING) | bits_if(p.h_2, level == INVOLVED);
    f32::from_bits(of_those | bits_if(p.h_0, level < INVOLVED))
}

/// Own factor of each resident on the hours that people give: lognormal over people, of mean 1.
fn giving(people: &Population, p: &Parameters, draws: Draws) -> Vec<f32> {
    let (spread, stream) = (f64::from(p.h_3_spread), draws.stream(Purpose::HoursGiven, 0));
    let of = |&key: &u32| {
        let z = stream.normal(u64::from(key));
        libm::exp(spread * z - spread * spread / 2.0) as f32
    };
    people.residents.key.par_iter().map(of).collect()
}

/// Own term of each resident in belonging, logits.
fn attachment(people: &Population, p: &Parameters, draws: Draws) -> Vec<f32> {
    let (spread, stream) = (f64::from(p.b_sd), draws.stream(Purpose::Attachment, 0));
    people.residents.key.par_iter().map(|&key| (spread * stream.normal(u64::from(key))) as f32).collect()
}

/// Gives each service places for a share of those who have it near.
fn limit(services: &mut [Service], candidates: &[Candidates], people: &Population, share: f32) {
    let mut near = vec![0usize; services.len()];
    for (area, candidates) in people.areas.iter().zip(candidates) {
        candidates.service.iter().for_each(|&service| near[usize::from(service)] += area.residents.len());
    }
    services.iter_mut().zip(near).for_each(|(service, near)| service.places = share * near as f32);
}

/// The service number that stands for none.
pub const NO_SERVICE: u16 = u16::MAX;

/// Adds the services of one table, and each area's nearest of them to its candidates.
fn add(
    plan: &ServicePlan,
    scale: f64,
    people: &Population,
    services: &mut Vec<Service>,
    candidates: &mut [Candidates],
) {
    let mut served: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, area) in people.areas.iter().enumerate() {
        let unit = match plan.each {
            Some(Each::Area) => area.code.as_str(),
            Some(Each::Group) => area.group.as_str(),
            None => "",
        };
        served.entry(unit).or_default().push(index);
    }
    let first = services.len();
    for (unit, areas) in &served {
        let weight: f64 = areas.iter().map(|&a| people.areas[a].residents.len() as f64).sum();
        let centre = |along: &dyn Fn(usize) -> f64| {
            areas.iter().map(|&a| along(a) * people.areas[a].residents.len() as f64).sum::<f64>() / weight
        };
        services.push(Service {
            name: if unit.is_empty() { plan.name.clone() } else { format!("{} {unit}", plan.name) },
            plan: plan.name.clone(),
            kind: plan.kind,
            place_km: (
                plan.x_km.unwrap_or_else(|| centre(&|a| people.areas[a].x_km)),
                plan.y_km.unwrap_or_else(|| centre(&|a| people.areas[a].y_km)),
            ),
            full_hours: (plan.required_hours * scale) as f32,
            staff_hours: (plan.staff_hours * scale) as f32,
            places: f32::INFINITY,
        });
    }
    let own: BTreeMap<usize, usize> = match plan.each {
        Some(Each::Area) => served.values().zip(first..).map(|(areas, service)| (areas[0], service)).collect(),
        _ => BTreeMap::new(),
    };
    for (index, near) in candidates.iter_mut().enumerate().filter(|(_, near)| near.service.len() < CANDIDATES_MOST) {
        let km = |service: usize| {
            let (x, y) = services[service].place_km;
            distance_km(&people.areas[index], x, y)
        };
        let nearest = match own.get(&index) {
            Some(&service) => service,
            None => (first..services.len())
                .min_by(|&a, &b| km(a).total_cmp(&km(b)).then(a.cmp(&b)))
                .expect("a table of services makes at least one"),
        };
        if plan.kind == ServiceKind::Public {
            near.public |= 1 << near.service.len();
        }
        near.service.push(nearest as u16);
        near.km.push(km(nearest) as f32);
    }
}
