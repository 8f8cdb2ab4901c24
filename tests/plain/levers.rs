//! Step 0 and the outreach of step 4: contacts by campaigns, and trainings.

use super::{Happened, PlainTown, Resident, Week};
use groundswell::draws::Purpose;
use groundswell::model::levers::{Audience, Conditions};
use groundswell::model::town::{NO_SERVICE, Town};
use groundswell::scenario::Targeting;

/// An invitation by a campaign: what it weighs and the service that it names.
pub struct Ask {
    pub weight: f32,
    pub service: usize,
}

/// The tallies of a week before anything has happened.
pub fn nothing_happened(conditions: &Conditions) -> Happened {
    Happened {
        contacts: conditions.campaigns.iter().map(|campaign| (campaign.lever, 0)).collect(),
        trained: conditions.trainings.iter().map(|course| (course.lever, 0)).collect(),
        ..Happened::default()
    }
}

/// How much likelier than another a resident is to be contacted: four times, where aimed at.
fn aim(targeting: Targeting, town: &Town, i: usize, resident: &Resident) -> f64 {
    let people = &town.people.residents;
    let aimed = match targeting {
        Targeting::Random | Targeting::Segment => false,
        Targeting::List => resident.first_entry.is_some() || resident.consulted.is_some(),
        Targeting::HardToReach => {
            let routine = people.class[i] == 2;
            let deprived = town.people.areas[people.area[i] as usize].decile <= 3;
            routine || deprived || resident.ties.len() < 3
        }
    };
    if aimed { 4.0 } else { 1.0 }
}

/// The chance of a contact for a resident of weight 1, so that on average `contacts` are made in the town.
pub fn chance(contacts: f64, audience: &Audience, targeting: Targeting, town: &Town, last: &PlainTown) -> f64 {
    let mut total = 0.0;
    for (i, resident) in last.residents.iter().enumerate() {
        if audience.has(town, i) {
            total += aim(targeting, town, i, resident);
        }
    }
    if total > 0.0 { contacts / total } else { 0.0 }
}

/// The contacts of a resident by campaigns this week; a contact in person makes the service known.
pub fn contact(week: &Week, i: usize, resident: &mut Resident, happened: &mut Happened) -> Vec<Ask> {
    let mut asks = Vec::new();
    for (number, campaign) in week.conditions.campaigns.iter().enumerate() {
        let chance = campaign.chance * aim(campaign.targeting, week.town, i, &week.last.residents[i]);
        let draw = week.draw(Purpose::Contact).at(campaign.key).unit(week.key(i));
        if !campaign.audience.has(week.town, i) || draw >= chance {
            continue;
        }
        happened.contacts[number].1 += 1;
        let service = campaign.service[week.area(i)];
        if service != NO_SERVICE {
            let service = usize::from(service);
            if campaign.in_person {
                week.learn(i, &mut resident.knows, service);
            }
            asks.push(Ask { weight: campaign.weight, service });
        }
    }
    asks
}

/// The trainings of a resident: they raise what capability returns to.
pub fn train(week: &Week, i: usize, resident: &mut Resident, happened: &mut Happened) {
    for (number, course) in week.conditions.trainings.iter().enumerate() {
        let draw = week.draw(Purpose::Trained).at(course.key).unit(week.key(i));
        if course.audience.has(week.town, i) && draw < course.share {
            happened.trained[number].1 += 1;
            resident.capability_base = (resident.capability_base + course.amount).clamp(0.0, 1.0);
        }
    }
}
