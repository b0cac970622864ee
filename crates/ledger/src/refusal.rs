//! Refusals: why a book does not take a line. A refused line changes nothing.

use thiserror::Error;

use crate::amount::Currency;
use crate::line::{AccountId, Kind, LineId};

/// Why a line was not taken. When several reasons hold, the first in this order is given.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The very same line is in the book: a second delivery. Safe to treat as done.
    #[error("line {id} is already in the book; nothing more is to be done")]
    AlreadyBooked {
        /// The line.
        id: LineId,
    },
    /// Another line has this id.
    #[error("another line already has the id {id}; give this one an id of its own")]
    IdTaken {
        /// The id.
        id: LineId,
    },
    /// A text that must say something says nothing: `id`, `debit`, `credit`, `period`, `reason`
    /// or `source`.
    #[error("a line needs a {field}; fill it in")]
    Blank {
        /// The field's name.
        field: &'static str,
    },
    /// The amount is zero or below.
    #[error("an amount of {minor} moves nothing forward; it must be one minor unit or more")]
    NotPositive {
        /// The amount in minor units.
        minor: i64,
    },
    /// Debit and credit are one account.
    #[error("{account} cannot be on both sides of a line; choose another account")]
    SameAccount {
        /// The account.
        account: AccountId,
    },
    /// A `Post`, `Void` or `Reversal` names no line.
    #[error("a {kind} must name the line it is about")]
    NamesNothing {
        /// The kind of the line.
        kind: Kind,
    },
    /// The period is closed for good.
    #[error("period {period} is closed; put the line into an open one")]
    PeriodClosed {
        /// The period.
        period: String,
    },
    /// The account is kept in another currency.
    #[error("{account} is kept in {expected}, not in {found}; use an account in {found}")]
    CurrencyDiffers {
        /// The account.
        account: AccountId,
        /// The account's currency.
        expected: Currency,
        /// The line's currency.
        found: Currency,
    },
    /// The line named in `corrects` is not in the book.
    #[error("there is no line {id} to refer to; book that line first")]
    NoSuchLine {
        /// The id named.
        id: LineId,
    },
    /// A `Post` or `Void` names a line that was never pending.
    #[error("line {id} was not pending, so it can be neither posted nor voided")]
    NotPending {
        /// The line named.
        id: LineId,
    },
    /// The pending line was posted or voided before.
    #[error("line {id} was already settled by {by}; a pending line is settled once")]
    AlreadySettled {
        /// The pending line.
        id: LineId,
        /// The `Post` or `Void` that settled it.
        by: LineId,
    },
    /// A `Reversal` names a line that does not count: a `Pending` (name the line that posted it)
    /// or a `Void`.
    #[error("line {id} does not count, so there is nothing to reverse; name the line that posted")]
    NotPosted {
        /// The line named.
        id: LineId,
    },
    /// A `Reversal` names a `Reversal`.
    #[error("line {id} is itself a reversal; book a new line instead of reversing it")]
    ReversesReversal {
        /// The line named.
        id: LineId,
    },
    /// The line was reversed before.
    #[error("line {id} was already reversed by {by}; a line is reversed once")]
    AlreadyReversed {
        /// The line named.
        id: LineId,
        /// Its reversal.
        by: LineId,
    },
    /// Accounts are not those of the line named (swapped, for a reversal).
    #[error("the accounts do not match those of line {id}")]
    AccountsDiffer {
        /// The line named.
        id: LineId,
    },
    /// The amount is not that of the line named.
    #[error("the amount does not match that of line {id}")]
    AmountDiffers {
        /// The line named.
        id: LineId,
    },
    /// A sum would leave the range of 64 bits.
    #[error("the sums of {account} or of its currency would no longer fit into 64 bits")]
    Overflow {
        /// The account that is debited or credited.
        account: AccountId,
    },
}
