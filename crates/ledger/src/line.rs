//! Lines: the only thing a ledger is made of. A line is written once and never changed.
//!
//! What happens to a line later is another line that names it in `corrects`: a `Post` or a `Void`
//! settles a `Pending` one, a `Reversal` cancels one that counts. This is the two-phase transfer
//! known from ledger databases such as TigerBeetle, written as plain rows. `Book` checks that the
//! names make sense; `chain` turns lines into bytes and hashes.

use std::borrow::Borrow;
use std::fmt;

use crate::amount::Amount;

/// A named text: an owned string that maps may look up by `&str`.
macro_rules! name {
    ($(#[$meaning:meta])* $name:ident) => {
        $(#[$meaning])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is. `Book` refuses blank ones.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

name! {
    /// Names one side of a line: any text that is not blank. Its currency is that of its first
    /// line. Two accounts are the same when their bytes are.
    AccountId
}

name! {
    /// Names a line within its book. Made by whoever writes it; one derived from the event and
    /// the rule makes a second delivery of the same event visible as the same line.
    LineId
}

/// What a line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Announces an amount that does not count yet. `corrects` may refer to any earlier line.
    Pending,
    /// Counts at once. `corrects` may refer to any earlier line, for instance one whose amount it
    /// adjusts by a difference.
    Posted,
    /// Makes the pending line in `corrects` count, with the same accounts and amount.
    Post,
    /// Drops the pending line in `corrects`, with the same accounts and amount.
    Void,
    /// Cancels the posted line in `corrects`: the same amount with the accounts swapped.
    Reversal,
}

impl Kind {
    /// Every kind, in the order of its byte in the canonical encoding.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Posted, Self::Post, Self::Void, Self::Reversal];

    /// A stable word for storage: `pending`, `posted`, `post`, `void`, `reversal`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Post => "post",
            Self::Void => "void",
            Self::Reversal => "reversal",
        }
    }

    /// The kind a stored word names, if any.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether a line of this kind must name another in `corrects`.
    #[must_use]
    pub const fn names_another(self) -> bool {
        matches!(self, Self::Post | Self::Void | Self::Reversal)
    }

    /// Whether a line of this kind counts in posted balances.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Posted | Self::Post | Self::Reversal)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What has become of a line, computed from the lines after it and never stored in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Announced; waits for a `Post` or a `Void`.
    Pending,
    /// Counts, or made a pending line count. A reversed line stays posted: both lines count and
    /// sum to zero.
    Posted,
    /// Dropped before it counted, or the line that dropped it.
    Voided,
}

impl State {
    /// A stable word: `pending`, `posted`, `voided`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Posted => "posted",
            Self::Voided => "voided",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One immutable line: an amount from one account to another, with the reason and the source.
///
/// Double entry is in the shape: a line has exactly one debit and one credit of one amount, so
/// no set of lines can be out of balance.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Line {
    /// Unique within the book.
    pub id: LineId,
    /// When it was written: milliseconds since 1970-01-01 UTC. Kept as evidence; no rule depends
    /// on it, because clocks may run backwards.
    pub at_ms: i64,
    /// The account debited.
    pub debit: AccountId,
    /// The account credited; not the one debited.
    pub credit: AccountId,
    /// One minor unit or more. The direction is in the accounts, never in the sign.
    pub amount: Amount,
    /// What the line does.
    pub kind: Kind,
    /// The period it falls into: any text, such as `2026-03`. Open when the line is written.
    pub period: String,
    /// Why it was written, for a reader.
    pub reason: String,
    /// The event it came from; opaque here.
    pub source: String,
    /// The line this one settles, reverses or refers to. Must be there for `Post`, `Void` and
    /// `Reversal`, may be there for the others.
    pub corrects: Option<LineId>,
}

impl Line {
    /// The `Post` that makes this pending line count. The caller gives what is new about it;
    /// accounts and amount are this line's.
    #[must_use]
    pub fn post(&self, id: impl Into<LineId>, written: Written) -> Self {
        self.following(id.into(), Kind::Post, written)
    }

    /// The `Void` that drops this pending line.
    #[must_use]
    pub fn void(&self, id: impl Into<LineId>, written: Written) -> Self {
        self.following(id.into(), Kind::Void, written)
    }

    /// The `Reversal` that cancels this posted line: the same amount with the accounts swapped.
    #[must_use]
    pub fn reversal(&self, id: impl Into<LineId>, written: Written) -> Self {
        let straight = self.following(id.into(), Kind::Reversal, written);
        Self { debit: straight.credit, credit: straight.debit, ..straight }
    }

    fn following(&self, id: LineId, kind: Kind, written: Written) -> Self {
        Self {
            id,
            at_ms: written.at_ms,
            debit: self.debit.clone(),
            credit: self.credit.clone(),
            amount: self.amount,
            kind,
            period: written.period,
            reason: written.reason,
            source: written.source,
            corrects: Some(self.id.clone()),
        }
    }
}

/// What is new about a line that follows another: when, into which period, why, from what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Written {
    /// As [`Line::at_ms`].
    pub at_ms: i64,
    /// As [`Line::period`]; the following line falls into an open period, not into that of the
    /// line it follows.
    pub period: String,
    /// As [`Line::reason`].
    pub reason: String,
    /// As [`Line::source`].
    pub source: String,
}
