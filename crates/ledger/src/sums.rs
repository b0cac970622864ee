//! Sums: what lines add up to on the two sides of an account, pending apart from posted.

use crate::amount::{Amount, Currency};
use crate::line::Kind;

/// A side of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Debit,
    Credit,
}

/// Debits and credits in minor units. Over a whole book each is zero or more. Within one period
/// the pending ones may be below zero: a line announced in one period and settled in the next
/// leaves the second, so that the sums of the first stay as they were when it closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Sums {
    /// Debits announced and not yet settled.
    pub pending_debits: i64,
    /// Credits announced and not yet settled.
    pub pending_credits: i64,
    /// Debits that count.
    pub posted_debits: i64,
    /// Credits that count.
    pub posted_credits: i64,
}

impl Sums {
    /// Posted debits less posted credits: the balance of an account that grows by debits.
    #[must_use]
    pub const fn posted_net(&self) -> i64 {
        // Within range by construction: `plus` gives no sums whose nets are not.
        self.posted_debits - self.posted_credits
    }

    /// Pending debits less pending credits.
    #[must_use]
    pub const fn pending_net(&self) -> i64 {
        self.pending_debits - self.pending_credits
    }

    /// What a line of `kind` over `minor` adds on `side`.
    pub(crate) fn of(kind: Kind, side: Side, minor: i64) -> Self {
        let (pending, posted) = match kind {
            Kind::Pending => (minor, 0),
            Kind::Posted | Kind::Reversal => (0, minor),
            Kind::Post => (-minor, minor),
            Kind::Void => (-minor, 0),
        };
        let zero = Self::default();
        match side {
            Side::Debit => Self { pending_debits: pending, posted_debits: posted, ..zero },
            Side::Credit => Self { pending_credits: pending, posted_credits: posted, ..zero },
        }
    }

    /// Both together; none when a sum or a net would not fit, or a net has no opposite.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        let sums = Self {
            pending_debits: self.pending_debits.checked_add(other.pending_debits)?,
            pending_credits: self.pending_credits.checked_add(other.pending_credits)?,
            posted_debits: self.posted_debits.checked_add(other.posted_debits)?,
            posted_credits: self.posted_credits.checked_add(other.posted_credits)?,
        };
        // Posted sums are never below zero, so their net always fits; pending ones may be, in a
        // period that settles what an earlier one announced.
        sums.pending_debits.checked_sub(sums.pending_credits)?.checked_neg()?;
        Some(sums)
    }
}

/// The sums of one account over the whole book, in its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Balance {
    /// The account's currency, fixed by its first line.
    pub currency: Currency,
    /// Its debits and credits.
    pub sums: Sums,
}

impl Balance {
    /// What counts, as an account that grows by debits sees it; below zero when credits outweigh.
    #[must_use]
    pub const fn posted_debit(&self) -> Amount {
        Amount::new(self.sums.posted_net(), self.currency)
    }

    /// What counts, as an account that grows by credits sees it.
    #[must_use]
    pub const fn posted_credit(&self) -> Amount {
        Amount::new(-self.sums.posted_net(), self.currency)
    }

    /// What is announced, as an account that grows by debits sees it.
    #[must_use]
    pub const fn pending_debit(&self) -> Amount {
        Amount::new(self.sums.pending_net(), self.currency)
    }

    /// What is announced, as an account that grows by credits sees it.
    #[must_use]
    pub const fn pending_credit(&self) -> Amount {
        Amount::new(-self.sums.pending_net(), self.currency)
    }
}
