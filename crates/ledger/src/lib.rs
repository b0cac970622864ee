//! An append-only double-entry ledger in integer minor units, with a hash chain.
//!
//! The library knows no business. It knows *accounts*, *amounts* and *lines*: a line moves an
//! amount from one account to another for a stated reason, is written once and is never changed.
//! Whoever uses it stores the lines, and can at any time read them back, check the chain and fold
//! them into a [`Book`] to see that every stored figure follows from them.
//!
//! # What holds, always
//!
//! - Money is an `i64` of minor units with its [`Currency`]; arithmetic is checked, exact, and
//!   rounded at most once, in a way the caller names ([`Rounding`]). There are no floats.
//! - Debits equal credits in every currency and in every period, because a [`Line`] has one of
//!   each. An account has one currency.
//! - Nothing is edited. A pending line is settled once by a `Post` or a `Void`; a line that
//!   counts is cancelled at most once by a `Reversal` of the same amount with swapped accounts.
//! - A closed [`Book`] period takes no line and its sums never change.
//! - A line refused changes nothing; a line delivered twice is told apart from a clash of ids.
//! - Each line is bound to all before it by SHA-256 ([`chain`]), in a documented, versioned
//!   encoding that another program can compute too.
//!
//! And what is absent: no input or output, no clock (instants are arguments), no randomness, no
//! global state, no `unsafe`, no conversion between currencies.
//!
//! # A line's life
//!
//! ```
//! use ledger::{chain, Amount, Book, Currency, Head, Kind, Line, Rate, Rounding, State, Written};
//!
//! let eur = Currency::new("EUR")?;
//! let fee = Rate::basis_points(250).of(Amount::new(19_999, eur), Rounding::HalfUp)?;
//! assert_eq!(fee.minor, 500); // 499.975, rounded once
//!
//! let written = |at_ms, period: &str, reason: &str| Written {
//!     at_ms,
//!     period: period.into(),
//!     reason: reason.into(),
//!     source: "event-17".into(),
//! };
//! let announced = Line {
//!     id: "line-1".into(),
//!     at_ms: 1_767_225_600_000,
//!     debit: "expense".into(),
//!     credit: "person-7".into(),
//!     amount: fee,
//!     kind: Kind::Pending,
//!     period: "2026-01".into(),
//!     reason: "2.5 % of 199.99".into(),
//!     source: "event-17".into(),
//!     corrects: None,
//! };
//! let posted = announced.post("line-2", written(1_767_312_000_000, "2026-01", "accepted"));
//! let reversed = posted.reversal("line-3", written(1_770_000_000_000, "2026-02", "refunded"));
//!
//! let mut book = Book::new();
//! book.apply(&announced)?;
//! assert_eq!(book.state("line-1"), Some(State::Pending));
//! book.apply(&posted)?;
//! assert_eq!(book.balance("person-7").map(|b| b.posted_credit().minor), Some(500));
//!
//! // The period closes; what is undone later falls into an open one.
//! book.close("2026-01")?;
//! assert!(book.apply(&posted.reversal("x", written(0, "2026-01", "late"))).is_err());
//! book.apply(&reversed)?;
//! assert_eq!(book.balance("person-7").map(|b| b.posted_credit().minor), Some(0));
//! assert!(book.apply(&reversed).is_err()); // a second delivery
//!
//! // Each line is stored with its hash; a change anywhere is found.
//! let start = Head::genesis("payables");
//! let mut head = start;
//! let mut links = Vec::new();
//! for line in book.lines() {
//!     let link = head.link(line.clone());
//!     head = head.after(&link);
//!     links.push(link);
//! }
//! chain::verify_up_to(start, &links, head)?;
//! links[1].line.amount.minor += 1;
//! assert_eq!(chain::verify(start, &links).map_err(|broken| broken.index), Err(1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Beside the book
//!
//! [`Steps`] computes rate tables in their two readings, [`split`] shares an amount out to the
//! last unit, [`Draw`] runs advances and their recovery. They make amounts; they write no lines.
//!
//! # Limits
//!
//! A book keeps every line in memory. A sum beyond 64 bits (over 92 quadrillion of a currency
//! with two decimals) is refused. Which events make which lines, and ids that stay the same when
//! an event comes twice, are the caller's.

#![warn(missing_docs)]

mod amount;
mod book;
pub mod chain;
mod draw;
mod line;
mod rate;
mod refusal;
mod split;
mod steps;
mod sums;

pub use amount::{Amount, AmountError, Currency};
pub use book::{Book, Closing, ClosingRefusal, Unplayable};
pub use chain::{Broken, Fault, Hash, Head, Link, NotAHash};
pub use draw::{Draw, Drawn, Recovery};
pub use line::{AccountId, Kind, Line, LineId, State, Written};
pub use rate::{Rate, Rounding};
pub use refusal::Refusal;
pub use split::split;
pub use steps::{Slice, Step, Steps};
pub use sums::{Balance, Sums};
