//! Small values that cannot be wrong once they exist: ids, instants, money, phones, countries.
//!
//! Everything here is pure and knows no business rule. A value parses at the edge of the product
//! and is trusted inside. Time is never read here: an [`Instant`] is handed in, and only
//! [`clock`] knows where it comes from.
//!
//! Neighbours: every other room uses this one; it uses none.

pub mod clock;
mod codes;
pub mod country;
pub mod error;
pub mod ids;
pub mod lang;
pub mod money;
pub mod month;
pub mod phone;
pub mod text;

pub use clock::{Clock, DAY_MS, DayProblem, HOUR_MS, Instant, MINUTE_MS, Zone};
pub(crate) use codes::codes;
pub use country::Country;
pub use error::{Error, Fields, NO_ROOM, Outcome, Problem, Refusal};
pub use ids::*;
pub use lang::Lang;
pub use money::{Currency, Money};
pub use month::{Month, midnight};
pub use phone::Phone;
pub use text::{is_unseen, without_unseen};
