//! Figures that sum up many runs: their mean with its error, and where most of them lie.

/// Mean and variance of some values (the variance NaN for a single value).
pub fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// Mean of some values, and its standard error (NaN for a single value).
pub fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let (mean, variance) = mean_and_variance(values);
    (mean, (variance / values.len() as f64).sqrt())
}

/// A quantile of sorted values, straight between neighbours; NaN of none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

/// The middle nine tenths of some values, by the nearest of them; NaN if there are none.
pub fn middle(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at =
        |share: f64| values.get(((values.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN);
    (at(0.05), at(0.95))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_a_mean_is_that_of_the_values_over_the_root_of_their_number() {
        // Deviations -3, -1, 1, 3: variance 20/3, error sqrt(20/3/4).
        let (mean, error) = mean_and_error(&[1.0, 3.0, 5.0, 7.0]);
        assert_eq!(mean, 4.0);
        assert!((error - (5.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(mean_and_error(&[1.0]).1.is_nan());
    }

    #[test]
    fn the_middle_leaves_a_twentieth_out_at_each_end() {
        assert_eq!(middle((0..=100).rev().map(f64::from).collect()), (5.0, 95.0));
    }
}
