//! Services: hours delivered by staff and volunteers, load, shrinking hours, closing.

use super::levers::Conditions;
use super::town::Town;
use crate::scenario::{Parameters, ServiceKind};

/// Units of an hour in sums over volunteers: integers, so that the order of adding cannot matter.
pub const HOUR_UNITS: f32 = 1024.0;

/// The changing state of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceState {
    /// Residents who take part (E >= 2).
    pub members: u32,
    /// Residents who collaborate (E = 3).
    pub volunteers: u32,
    /// Hours a week that they give, in units of 1/1,024 hour.
    pub hours_units: u64,
    /// Required hours a week (W), between a least share of full hours and full hours.
    pub required: f32,
    /// Opening (O), from 0 to 1.
    pub opening: f32,
    /// Load on volunteers (ell), from .5 to 3.
    pub load: f32,
    /// Staff hours this week.
    pub staff: f32,
    /// Hours delivered this week: staff, and volunteers times their effectiveness, up to full hours.
    pub delivered: f32,
    /// Weeks on end in which too few hours were covered; of a closed service, weeks until it may open again.
    pub weeks_below: u32,
    /// Whether it has closed.
    pub closed: bool,
}

impl ServiceState {
    /// A service that nobody has joined yet, fully open.
    pub fn new(full_hours: f32) -> Self {
        Self {
            members: 0,
            volunteers: 0,
            hours_units: 0,
            required: full_hours,
            opening: 1.0,
            load: 1.0,
            staff: 0.0,
            delivered: 0.0,
            weeks_below: 0,
            closed: false,
        }
    }

    /// Hours a week that volunteers give.
    pub fn hours(&self) -> f32 {
        self.hours_units as f32 / HOUR_UNITS
    }

    /// Share of joinings that it has room for, of so many places.
    pub fn room(&self, places: f32) -> f32 {
        (1.0 - self.members as f32 / places).max(0.0)
    }

    /// Whether it has closed and has members who do not know yet.
    pub fn sends_away(&self) -> bool {
        self.closed && self.members > 0
    }
}

/// Step 2 of the week: each service covers what it can with its staff and last week's volunteers.
///
/// v = eff x hours; O = min(1, (s + v) / W*); load = (W - s) / v within .5 and 3. Above a load of 1.2 the required hours
/// shrink, below it they grow back at a quarter of the speed: opening hours give before people do. A service that covers
/// less than `close_share` of its full hours for `close_weeks` on end closes. Where services may reopen, it opens again once its
/// staff alone have covered that share for as many weeks on end.
pub fn run(town: &Town, conditions: &Conditions, services: &mut [ServiceState]) {
    for (index, (service, state)) in town.services.iter().zip(services).enumerate() {
        if service.kind == ServiceKind::Civic {
            state.delivered = state.hours();
            continue;
        }
        state.staff = service.staff_hours * conditions.staff[index];
        let v = town.parameters.eff * conditions.effectiveness[index] * state.hours();
        cover(&town.parameters, service.full_hours, v, state);
    }
}

fn cover(p: &Parameters, full: f32, v: f32, state: &mut ServiceState) {
    if state.closed {
        if p.reopens {
            let enough = state.staff >= p.close_share * full;
            state.weeks_below = if enough { state.weeks_below.saturating_sub(1) } else { p.close_weeks };
            state.closed = state.weeks_below > 0;
        }
        (state.opening, state.load, state.delivered, state.staff) = (0.0, 1.0, 0.0, 0.0);
        return;
    }
    let covered = state.staff + v;
    state.opening = if full > 0.0 { (covered / full).min(1.0) } else { 1.0 };
    state.delivered = covered.min(full);
    // Of full hours of 600, one: a thinned town has thinned services.
    let least = full / 600.0;
    state.load = ((state.required - state.staff) / v.max(least).max(f32::MIN_POSITIVE)).clamp(0.5, 3.0);
    state.required = if state.load > 1.2 {
        (state.required * (1.0 - p.shrink)).max(p.w_low * full)
    } else {
        (state.required * (1.0 + p.shrink / 4.0)).min(full)
    };
    state.weeks_below = if covered < p.close_share * full { state.weeks_below + 1 } else { 0 };
    if state.weeks_below >= p.close_weeks {
        state.closed = true;
        (state.opening, state.delivered) = (0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_without_staff_and_volunteers_closes_after_thirteen_weeks_and_not_before() {
        let p = Parameters::default();
        let mut state = ServiceState::new(600.0);
        for week in 1..=13 {
            assert!(!state.closed, "closed too early, in week {week}");
            cover(&p, 600.0, 0.0, &mut state);
        }
        assert!(state.closed);
        cover(&p, 600.0, 0.0, &mut state);
        assert_eq!(state.opening, 0.0);
    }

    #[test]
    fn overload_shrinks_hours_to_no_less_than_a_quarter() {
        let p = Parameters::default();
        let mut state = ServiceState::new(600.0);
        state.staff = 150.0;
        for _ in 0..500 {
            cover(&p, 600.0, 10.0, &mut state);
        }
        assert!(state.required >= 150.0 && state.required < 175.0);
    }
}
