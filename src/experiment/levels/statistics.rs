//! The statistics that some levels are.

/// How many residents have each value of a trait.
pub fn count(trait_: &[u8], values: usize) -> Vec<u64> {
    let mut counts = vec![0; values];
    trait_.iter().for_each(|&value| counts[usize::from(value)] += 1);
    counts
}

/// Attribute assortativity (Newman 2003) from the numbers of ends of ties that lead from one kind to another.
pub fn assortativity(ends: &[[u64; 2]; 2]) -> f64 {
    let all = ends.iter().flatten().sum::<u64>() as f64;
    let same = (ends[0][0] + ends[1][1]) as f64 / all;
    let by_chance: f64 = ends.iter().map(|of| (of.iter().sum::<u64>() as f64 / all).powi(2)).sum();
    (same - by_chance) / (1.0 - by_chance)
}

/// The slope of a logistic regression of a yes or no on a number, with a constant, by Newton's method.
pub fn logit_slope(of: &[(bool, f64)]) -> f64 {
    let (mut a, mut b) = (0.0, 0.0);
    for _ in 0..25 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for &(yes, x) in of {
            let p = 1.0 / (1.0 + libm::exp(-(a + b * x)));
            let (off, weight) = (f64::from(u8::from(yes)) - p, p * (1.0 - p));
            (ga, gb) = (ga + off, gb + off * x);
            (haa, hab, hbb) = (haa + weight, hab + weight * x, hbb + weight * x * x);
        }
        let determinant = haa * hbb - hab * hab;
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        (a, b) = (a + da, b + db);
        if da.abs() + db.abs() < 1e-10 {
            break;
        }
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_with_like_alone_is_an_assortativity_of_one_and_chance_of_none() {
        assert_eq!(assortativity(&[[10, 0], [0, 6]]), 1.0);
        assert!(assortativity(&[[9, 3], [3, 1]]).abs() < 1e-12);
        // Shares of ends 1/2 each, half of all ends lead to the like: none again; three quarters: one half.
        assert!((assortativity(&[[3, 1], [1, 3]]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn the_logit_slope_of_two_groups_is_the_difference_of_their_logits() {
        // Of those with x = 0 one in four, of those with x = 1 three in four: ln 3 - ln (1/3).
        let group = |x: f64, yes: usize| (0..4).map(move |i| (i < yes, x));
        let of: Vec<(bool, f64)> = group(0.0, 1).chain(group(1.0, 3)).collect();
        assert!((logit_slope(&of) - 2.0 * 3f64.ln()).abs() < 1e-9);
    }
}
