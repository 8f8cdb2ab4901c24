//! Exponential, logistic and normal functions that give the same bits on every platform.
//!
//! `exp` is our own, made of sums and products only, so that compilers may use vector units without changing a bit; the
//! rarer functions come from `libm`, which is plain Rust.

const LOG2_E: f32 = std::f32::consts::LOG2_E;
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// 1.5 x 2^23: adding it rounds a small float to a whole number, which then stands in its lowest bits.
const ROUND: f32 = 12_582_912.0;

/// The exponential of `x`, to about two units in the last place; `x` is brought to -87..=88 first.
///
/// Source: reduction by multiples of ln 2 in two parts (Cody and Waite 1980), then the Taylor polynomial of degree 7 on
/// half a ln 2, whose remainder is below 1e-8.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let (r, power) = reduced(x);
    let polynomial = 1.0
        + r * (1.0
            + r * (0.5
                + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0)))))));
    polynomial * power
}

/// What is left of `x`, brought to -87..=88, when multiples of ln 2 are taken off, and the power of two that they stand for.
#[inline(always)]
fn reduced(x: f32) -> (f32, f32) {
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let power = (shifted.to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32);
    ((x - n * LN_2_HIGH) - n * LN_2_LOW, f32::from_bits(((power + 127) << 23) as u32))
}

/// The exponential of `x` to within a ten-thousandth, for bounds; `x` is brought to -87..=88 first.
///
/// Source: as for [`exp`], with the polynomial of degree 4, whose remainder is below 5e-5.
#[inline(always)]
pub fn exp_roughly(x: f32) -> f32 {
    let (r, power) = reduced(x);
    (1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0))))) * power
}

/// The bits of a number if something holds, else none: by a mask, which vector units can take where they could not branch.
#[inline(always)]
pub fn bits_if(number: f32, holds: bool) -> u32 {
    number.to_bits() & 0u32.wrapping_sub(u32::from(holds))
}

/// The logistic function 1 / (1 + exp(-x)).
#[inline(always)]
pub fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// Whether an event of hazard `hazard` happens in a week, given a uniform draw: `draw < 1 - exp(-hazard)`.
///
/// Most calls end at the first comparison, since 1 - exp(-h) is never above h.
#[inline(always)]
pub fn happens(draw: f64, hazard: f32) -> bool {
    let hazard = f64::from(hazard);
    draw < hazard && draw < -libm::expm1(-hazard)
}

/// The value that a standard normal variable stays below with probability `p`, to nine digits.
///
/// Source: Acklam's rational approximation, one Halley step with the complementary error function.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 5] =
        [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 4] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];
    let horner = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, &k| sum * x + k);
    let tail = |p: f64| {
        let q = libm::sqrt(-2.0 * libm::log(p));
        horner(&C, q) / (horner(&D, q) * q + 1.0)
    };
    let p = p.clamp(1e-16, 1.0 - 1e-16);
    let x = if p < 0.02425 {
        tail(p)
    } else if p > 1.0 - 0.02425 {
        -tail(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        horner(&A, r) * q / (horner(&B, r) * r + 1.0)
    };
    let error = 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2) - p;
    let step = error * libm::sqrt(2.0 * std::f64::consts::PI) * libm::exp(x * x / 2.0);
    x - step / (1.0 + x * step / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_agrees_with_the_library_to_two_units_in_the_last_place() {
        for i in -80_000..80_000 {
            let x = i as f32 * 1e-3;
            let truth = libm::exp(f64::from(x));
            let error = (f64::from(exp(x)) - truth).abs() / truth;
            assert!(error < 2.5e-7, "exp({x}) is off by {error:e}");
            let error = (f64::from(exp_roughly(x)) - truth).abs() / truth;
            assert!(error < 1e-4, "exp_roughly({x}) is off by {error:e}");
        }
    }

    #[test]
    fn an_event_happens_exactly_when_the_draw_is_below_its_chance() {
        for hazard in [0.0f32, 1e-6, 0.01, 0.5, 3.0, 50.0] {
            let chance = -libm::expm1(-f64::from(hazard));
            for i in 0..1000 {
                let draw = f64::from(i) / 1000.0;
                assert_eq!(happens(draw, hazard), draw < chance);
            }
        }
    }

    #[test]
    fn the_normal_quantile_inverts_the_normal_distribution() {
        // Source of the truths: tables of the standard normal distribution.
        for (p, z) in [(0.5, 0.0), (0.975, 1.959963984540054), (0.001, -3.090232306167813), (0.9999, 3.719016485455709)]
        {
            assert!((normal_quantile(p) - z).abs() < 1e-9, "quantile of {p}");
        }
    }
}
