//! A mean over independent replications and how far it may be off.

/// A mean with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The mean over the replications.
    pub mean: f64,
    /// Half the width of the 95 % confidence interval by Student's t; infinite with fewer than two
    /// replications.
    pub half_width: f64,
}

impl Interval {
    /// Whether a value lies within the interval.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        (value - self.mean).abs() <= self.half_width
    }

    /// The interval of independent, equally weighted outcomes.
    pub(crate) fn of(outcomes: &[f64]) -> Self {
        let count = outcomes.len() as f64;
        let mean = outcomes.iter().sum::<f64>() / count;
        if outcomes.len() < 2 {
            return Self { mean, half_width: f64::INFINITY };
        }
        let squares: f64 = outcomes.iter().map(|outcome| (outcome - mean).powi(2)).sum();
        let deviation = (squares / (count - 1.0)).sqrt();
        Self { mean, half_width: student_t(outcomes.len() - 1) * deviation / count.sqrt() }
    }
}

/// The two-sided 95 % quantile of Student's t, from the table up to 10 degrees of freedom and by
/// the expansion of Cornish and Fisher (error below 0.001) beyond.
fn student_t(freedom: usize) -> f64 {
    const TABLE: [f64; 10] =
        [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
    const NORMAL: f64 = 1.959_964;
    if let Some(quantile) = TABLE.get(freedom.wrapping_sub(1)) {
        return *quantile;
    }
    let freedom = freedom as f64;
    let z = NORMAL;
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / freedom + second / freedom.powi(2) + third / freedom.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_t_agrees_with_the_tables() {
        let check = |freedom, wanted: f64| assert!((student_t(freedom) - wanted).abs() < 2e-3);
        check(1, 12.706);
        check(10, 2.228);
        check(11, 2.201);
        check(19, 2.093);
        check(29, 2.045);
        check(120, 1.980);
    }

    #[test]
    fn an_interval_narrows_around_its_mean() {
        let found = Interval::of(&[1.0, 2.0, 3.0]);
        assert!((found.mean - 2.0).abs() < 1e-12);
        assert!((found.half_width - 4.303 / 3.0_f64.sqrt()).abs() < 1e-9);
        assert!(found.contains(4.0) && !found.contains(5.0));
        assert!(Interval::of(&[1.0]).half_width.is_infinite());
    }
}
