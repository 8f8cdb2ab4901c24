//! What money buys of a lever: sizing it by a sum, and by how many times.

use super::choices::Channel;
use super::field::Kinds;
use super::levers::{Action, Outreach};
use super::sections::Costs;

impl Outreach {
    /// What one contact costs, in pounds.
    pub fn pounds_a_contact(&self, costs: &Costs) -> f64 {
        self.cost_per_contact.unwrap_or(match self.channel {
            Channel::Event => costs.event / costs.event_contacts,
            Channel::Door => costs.door_hour / costs.door_contacts_per_hour,
            Channel::Phone => costs.phone_contact,
            Channel::Leaflet => costs.leaflet,
            Channel::Mail => costs.mail,
            Channel::Email => costs.email,
        })
    }
}

impl Action {
    /// What is done, sized by pounds a week.
    ///
    /// # Errors
    /// Why money does not size it, and what to do about it.
    pub fn sized_by(self, pounds_a_week: f64, costs: &Costs) -> Result<Self, (String, &'static str)> {
        let price = match &self {
            Self::Outreach(plan) if plan.pounds_a_contact(costs) > 0.0 => {
                let contacts_per_week = pounds_a_week / plan.pounds_a_contact(costs);
                return Ok(Self::Outreach(Outreach { contacts_per_week, ..plan.clone() }));
            }
            Self::Publicity(plan) => plan.cost_per_week,
            Self::Outreach(_) => 0.0,
            Self::Training(_) => {
                let why = "a training happens once, in its first week: a sum for each year does not size it";
                return Err((why.to_owned(), "give its `share`, or let compare --equal-cost size it"));
            }
            other => return Err((format!("`{}` is not sized by money", other.kind()), "take `budget` out")),
        };
        if price > 0.0 {
            Ok(self.times(pounds_a_week / price).expect("publicity has a size"))
        } else {
            Err(("what it does costs nothing, so a sum does not size it".to_owned(), "say what it costs"))
        }
    }

    /// The same so many times as large: contacts, the rise of publicity (taken to be in proportion to what it costs: an
    /// assumption), the share that is trained. `None` where money does not size it.
    pub fn times(&self, factor: f64) -> Option<Self> {
        let mut same = self.clone();
        match &mut same {
            Self::Outreach(plan) => plan.contacts_per_week *= factor,
            Self::Publicity(plan) => {
                plan.factor = (1.0 + (plan.factor - 1.0) * factor).max(0.0);
                plan.cost_per_week *= factor;
            }
            Self::Training(plan) => plan.share *= factor,
            Self::Austerity(_) | Self::CouncilSupport(_) | Self::Issue(_) | Self::TieInvitationRate(_) => return None,
        }
        Some(same)
    }
}
