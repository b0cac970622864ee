//! Draws: a floor under what leaves each period, advanced against later periods.
//!
//! When a period earns less than the draw, the gap is advanced; when it earns more, the surplus
//! above the draw first recovers what is due. Two equations always hold, and the tests check them:
//! `disbursed = earned + advanced − recovered`, and, unless the advance is forgiven,
//! `due = due before + advanced − recovered`. The series in the example is the one in Oracle's
//! guide to recoverable draws.

use crate::amount::{Amount, AmountError};

/// What becomes of an advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recovery {
    /// The advance is due, and a surplus above the draw recovers it.
    Running,
    /// The advance is due, but nothing is recovered yet.
    Waiting,
    /// The advance is a guarantee and never due; what was due before stays as it is.
    Forgiven,
}

/// The terms of one period. A draw that has ended is a `floor` of zero with recovery running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// The least that leaves in a period, zero or more.
    pub floor: Amount,
    /// What becomes of the gap that was advanced.
    pub recovery: Recovery,
}

/// One period under a draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drawn {
    /// What the period earned; below zero when reversals outweigh it.
    pub earned: Amount,
    /// What was added to reach the floor, zero or more.
    pub advanced: Amount,
    /// What was held back against the amount due, zero or more.
    pub recovered: Amount,
    /// What leaves: earned, plus advanced, less recovered. Never below the floor.
    pub disbursed: Amount,
    /// What is due after the period, zero or more.
    pub due: Amount,
}

impl Draw {
    /// One period: `due` from before it, `earned` in it.
    ///
    /// # Errors
    /// [`AmountError::Negative`] when the floor or `due` is below zero,
    /// [`AmountError::CurrenciesDiffer`], or [`AmountError::Overflow`].
    pub fn settle(self, due: Amount, earned: Amount) -> Result<Drawn, AmountError> {
        let zero = Amount::zero(self.floor.currency);
        if self.floor.minor < 0 {
            return Err(AmountError::Negative { what: "a draw" });
        }
        if due.minor < 0 {
            return Err(AmountError::Negative { what: "the amount due on a draw" });
        }
        zero.same_currency(due)?;
        let surplus = earned.minus(self.floor)?;
        let gap = if surplus.minor < 0 { surplus.negated()? } else { zero };
        let recovered = match self.recovery {
            Recovery::Running => {
                Amount::new(surplus.minor.clamp(0, due.minor), self.floor.currency)
            }
            Recovery::Waiting | Recovery::Forgiven => zero,
        };
        let owed = if self.recovery == Recovery::Forgiven { zero } else { gap };
        Ok(Drawn {
            earned,
            advanced: gap,
            recovered,
            disbursed: earned.plus(gap)?.minus(recovered)?,
            due: due.plus(owed)?.minus(recovered)?,
        })
    }

    /// Period after period on the same terms, each due handed to the next.
    ///
    /// ```
    /// use ledger::{Amount, Currency, Draw, Recovery};
    ///
    /// let eur = Currency::new("EUR")?;
    /// let draw = Draw { floor: Amount::new(1_000, eur), recovery: Recovery::Running };
    /// let earned = [500, 700, 400].map(|minor| Amount::new(minor, eur));
    /// let series = draw.series(Amount::zero(eur), &earned)?;
    /// assert!(series.iter().all(|period| period.disbursed.minor == 1_000));
    /// let due: Vec<i64> = series.iter().map(|period| period.due.minor).collect();
    /// assert_eq!(due, [500, 800, 1_400]);
    /// # Ok::<(), ledger::AmountError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Draw::settle`], at the first period that has no answer.
    pub fn series(self, due: Amount, earned: &[Amount]) -> Result<Vec<Drawn>, AmountError> {
        let mut due = due;
        let mut series = Vec::with_capacity(earned.len());
        for earned in earned {
            let period = self.settle(due, *earned)?;
            due = period.due;
            series.push(period);
        }
        Ok(series)
    }
}
