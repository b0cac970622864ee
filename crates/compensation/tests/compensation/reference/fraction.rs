//! Fractions by the school book, reduced at every step.

use std::cmp::Ordering;

use super::Rounds;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct F {
    over: i128,
    under: i128,
}

impl F {
    pub const NONE: F = F { over: 0, under: 1 };
    pub const ONE: F = F { over: 1, under: 1 };

    pub fn new(over: i64, under: i64) -> F {
        F::reduce(i128::from(over), i128::from(under))
    }
    pub fn whole(number: i64) -> F {
        F { over: i128::from(number), under: 1 }
    }
    fn reduce(over: i128, under: i128) -> F {
        let (mut a, mut b) = (over.abs(), under.abs());
        while b > 0 {
            (a, b) = (b, a % b);
        }
        let sign = if under < 0 { -1 } else { 1 };
        F { over: sign * over / a.max(1), under: sign * under / a.max(1) }
    }
    pub fn add(self, other: F) -> F {
        F::reduce(self.over * other.under + other.over * self.under, self.under * other.under)
    }
    pub fn sub(self, other: F) -> F {
        F::reduce(self.over * other.under - other.over * self.under, self.under * other.under)
    }
    pub fn mul(self, other: F) -> F {
        F::reduce(self.over * other.over, self.under * other.under)
    }
    pub fn div(self, other: F) -> F {
        F::reduce(self.over * other.under, self.under * other.over)
    }
    pub fn min(self, other: F) -> F {
        if self.cmp(other) == Ordering::Greater { other } else { self }
    }
    pub fn max(self, other: F) -> F {
        if self.cmp(other) == Ordering::Less { other } else { self }
    }
    pub fn cmp(self, other: F) -> Ordering {
        (self.over * other.under).cmp(&(other.over * self.under))
    }
    pub fn above(self, other: F) -> bool {
        self.cmp(other) == Ordering::Greater
    }
    pub fn below(self, other: F) -> bool {
        self.cmp(other) == Ordering::Less
    }
    pub fn is_none(self) -> bool {
        self.over == 0
    }

    pub fn round(self, rounds: Rounds) -> i64 {
        let mut floor = self.over / self.under;
        if floor * self.under > self.over {
            floor -= 1;
        }
        let twice = 2 * (self.over - floor * self.under);
        let is_up = match rounds {
            Rounds::Down => false,
            Rounds::Up if self.over >= 0 => twice >= self.under,
            Rounds::Up => twice > self.under,
            Rounds::Even => twice > self.under || (twice == self.under && floor % 2 != 0),
        };
        i64::try_from(if is_up { floor + 1 } else { floor }).unwrap()
    }
}

/// Parts of a whole by weights: rounded towards nought, and one more each where most was cut off.
pub fn share_out(whole: i64, weights: &[F]) -> Vec<i64> {
    let sum = weights.iter().fold(F::NONE, |sum, weight| sum.add(*weight));
    if sum.is_none() {
        return vec![0; weights.len()];
    }
    let size = F::whole(whole.abs());
    let exact: Vec<F> = weights.iter().map(|weight| size.mul(*weight).div(sum)).collect();
    let mut parts: Vec<i64> = exact.iter().map(|part| part.round(Rounds::Down)).collect();
    while parts.iter().sum::<i64>() < whole.abs() {
        let mut best = 0;
        for place in 1..parts.len() {
            let rest = |at: usize| exact[at].sub(F::whole(parts[at]));
            if rest(place).above(rest(best)) {
                best = place;
            }
        }
        parts[best] += 1;
    }
    parts.iter().map(|part| part * whole.signum()).collect()
}
