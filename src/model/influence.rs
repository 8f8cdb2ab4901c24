//! Perceived influence: hopes raised by taking part, and what becomes of them.

use super::Week;

/// Weeks for which taking part or being consulted leaves an input that waits for an answer.
pub const WAITING_WEEKS: u32 = 8;

/// Perceived influence (R) and raised expectation (X) of a resident.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hopes {
    /// Perceived influence (R).
    pub influence: f32,
    /// Raised expectation (X).
    pub expectation: f32,
}

/// Step 8, influence: an input that waits is handled or stays silent.
///
/// Handled: an answer Y is perceived; one at or above what was hoped for lifts R towards it, one below lowers R in proportion
/// to R itself, and hopes come down to it. Silent: R falls with the hope that is left unanswered. R always returns slowly to
/// where it began.
#[inline]
pub fn update(week: &Week, resident: usize, waiting: bool, capability: f32, hopes: Hopes) -> Hopes {
    let p = &week.town.parameters;
    let Hopes { influence: mut r, expectation: mut x } = hopes;
    if waiting {
        let key = u64::from(week.town.people.residents.key[resident]);
        if week.draw.handled.unit(key) < f64::from(p.fb_0 * p.eta) {
            let noise = p.y_noise * week.draw.response.normal(key) as f32;
            let answer = (p.y_a + p.gamma_k * (capability - 0.5) + noise).clamp(0.0, 1.0);
            let hoped = r.max(x);
            r += if answer >= hoped { p.e_p * (answer - r) } else { -p.e_m * r * (hoped - answer) / hoped };
            x = x.min(answer);
        } else {
            r -= p.e_0 * x * r;
        }
    }
    r += p.r_r * (week.town.people.residents.influence[resident] - r);
    Hopes { influence: r.clamp(0.0, 1.0), expectation: x }
}

/// Expectation after a week: raised to a promise made this week, else fading.
#[inline]
pub fn expect(week: &Week, expectation: f32, promised: f32) -> f32 {
    let p = &week.town.parameters;
    if promised > 0.0 { expectation.max((promised * p.promise).min(1.0)) } else { expectation * (1.0 - p.x_fading) }
}
