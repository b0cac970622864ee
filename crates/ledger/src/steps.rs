//! Rate tables: a measure climbs through steps, each with its own rate.
//!
//! The same table gives different results in two readings, so the reading is chosen by the name
//! of the function and never by a default. *Marginal*: each rate falls on its own slice alone.
//! *Retroactive*: the rate of the step reached falls on everything.

use crate::amount::{Amount, AmountError};
use crate::rate::{Rate, Rounding, gcd};

/// One step of a table: its rate holds up to and including `up_to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The last measure of this step, in minor units (or whatever the measure counts), above 0.
    pub up_to: i64,
    /// The rate on this step.
    pub rate: Rate,
}

/// The part of a measure that lies on one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// How much of the measure lies here, above zero.
    pub part: Amount,
    /// The rate of this step.
    pub rate: Rate,
}

/// A table of steps with rising bounds and one rate above the last.
///
/// ```
/// use ledger::{Amount, Currency, Rate, Rounding, Step, Steps};
///
/// let eur = Currency::new("EUR")?;
/// let steps = Steps::new(
///     vec![
///         Step { up_to: 10_000_00, rate: Rate::basis_points(500) },
///         Step { up_to: 25_000_00, rate: Rate::basis_points(700) },
///     ],
///     Rate::basis_points(1_000),
/// )?;
/// let reached = Amount::new(30_000_00, eur);
/// assert_eq!(steps.marginal(reached, Rounding::HalfUp)?.minor, 2_050_00);
/// assert_eq!(steps.retroactive(reached, Rounding::HalfUp)?.minor, 3_000_00);
/// # Ok::<(), ledger::AmountError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    steps: Vec<Step>,
    above: Rate,
    /// A common denominator of all rates, so that a marginal sum is exact until its one rounding.
    denominator: i64,
}

impl Steps {
    /// A table of `steps` in rising order and the rate `above` the last; no step at all means one
    /// flat rate.
    ///
    /// # Errors
    /// [`AmountError::StepsOutOfOrder`] unless bounds are positive and strictly rising;
    /// [`AmountError::Overflow`] when the rates have no common denominator within 64 bits.
    pub fn new(steps: Vec<Step>, above: Rate) -> Result<Self, AmountError> {
        let mut denominator = i128::from(above.denominator());
        let mut floor = 0;
        for step in &steps {
            if step.up_to <= floor {
                return Err(AmountError::StepsOutOfOrder);
            }
            floor = step.up_to;
            let next = i128::from(step.rate.denominator());
            // Both factors stay below 64 bits, so the product fits before it is checked.
            denominator = denominator / gcd(denominator, next) * next;
            if denominator > i128::from(i64::MAX) {
                return Err(AmountError::Overflow);
            }
        }
        let denominator = i64::try_from(denominator).map_err(|_| AmountError::Overflow)?;
        Ok(Self { steps, above, denominator })
    }

    /// The steps in rising order, without the open one on top.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The rate above the last step.
    #[must_use]
    pub const fn above(&self) -> Rate {
        self.above
    }

    /// The rate of the step `measure` has reached. A bound belongs to the step it ends: with
    /// "5 % to 10,000", exactly 10,000 still has 5 %. The measure may count anything.
    #[must_use]
    pub fn reached(&self, measure: i64) -> Rate {
        self.steps.iter().find(|step| measure <= step.up_to).map_or(self.above, |step| step.rate)
    }

    /// The parts of `amount` on each step it touches, from the lowest; they sum to `amount`.
    ///
    /// # Errors
    /// [`AmountError::Negative`] when `amount` is below zero: what a fall below zero means is not
    /// for a table to say.
    pub fn slices(&self, amount: Amount) -> Result<Vec<Slice>, AmountError> {
        if amount.minor < 0 {
            return Err(AmountError::Negative { what: "the measure of a rate table" });
        }
        let ends = self.steps.iter().map(|step| (step.up_to, step.rate));
        let mut floor = 0;
        let mut slices = Vec::new();
        for (end, rate) in ends.chain([(i64::MAX, self.above)]) {
            let part = amount.minor.min(end) - floor;
            if part <= 0 {
                break;
            }
            slices.push(Slice { part: Amount::new(part, amount.currency), rate });
            floor = end;
        }
        Ok(slices)
    }

    /// Each rate on its own slice, summed exactly and rounded once. Never falls as the amount
    /// rises, provided no rate is below zero.
    ///
    /// # Errors
    /// [`AmountError::Negative`] when `amount` is below zero, [`AmountError::Overflow`] when the
    /// result or the exact sum does not fit.
    pub fn marginal(&self, amount: Amount, rounding: Rounding) -> Result<Amount, AmountError> {
        let under = i128::from(self.denominator);
        let mut over = 0_i128;
        for slice in self.slices(amount)? {
            let scale = under / i128::from(slice.rate.denominator());
            over = (i128::from(slice.part.minor) * i128::from(slice.rate.numerator()))
                .checked_mul(scale)
                .and_then(|share| over.checked_add(share))
                .ok_or(AmountError::Overflow)?;
        }
        Amount::from_wide(rounding.divide(over, under), amount.currency)
    }

    /// The rate of the step reached, on the whole amount. At a bound the result jumps, and falls
    /// where the next rate is lower.
    ///
    /// # Errors
    /// [`AmountError::Negative`] when `amount` is below zero, [`AmountError::Overflow`] when the
    /// result does not fit.
    pub fn retroactive(&self, amount: Amount, rounding: Rounding) -> Result<Amount, AmountError> {
        if amount.minor < 0 {
            return Err(AmountError::Negative { what: "the measure of a rate table" });
        }
        self.reached(amount.minor).of(amount, rounding)
    }
}
