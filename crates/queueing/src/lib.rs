//! Queues of people who wait for people: the Erlang formulas, staffing, and a simulation that
//! checks them and goes where they cannot.
//!
//! - [`erlang`]: closed forms for a queue with Poisson arrivals and exponential service times,
//!   with nobody waiting (B), everybody waiting for ever (C), or waiting with limited patience (A).
//! - [`staffing`]: how many agents a target needs, and how many positions those agents need.
//! - [`simulation`]: the same queue event by event, from a seed, with confidence intervals.
//!
//! Invariants: no input or output, no clock, no random source but the seed given. All times are in
//! seconds, all shares within 0 to 1, all loads in erlangs (mean number of busy agents that the
//! arrivals would need). Arguments outside their range are refused, never bent.

#![warn(missing_docs)]

pub mod erlang;
mod estimate;
pub mod simulation;
pub mod staffing;

pub use erlang::{
    ErlangA, Traffic, asa_seconds, erlang_a, erlang_b, erlang_c, occupancy, queue_length_mean,
    service_level, wait_quantile_seconds,
};
pub use estimate::Interval;
pub use simulation::{Estimates, Replications, Scenario, simulate};
pub use staffing::{Target, agents_for, positions_for};

/// An argument outside the range in which the question makes sense.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {value}, which is outside its range")]
pub struct OutOfRange {
    /// Which argument.
    pub name: &'static str,
    /// What was given.
    pub value: f64,
}

/// Refuses what is not a finite number of at least zero.
fn not_negative(name: &'static str, value: f64) -> Result<f64, OutOfRange> {
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(OutOfRange { name, value }) }
}

/// Refuses what is not a finite number above zero.
fn positive(name: &'static str, value: f64) -> Result<f64, OutOfRange> {
    if value.is_finite() && value > 0.0 { Ok(value) } else { Err(OutOfRange { name, value }) }
}

/// Refuses what is not within 0 (included) and 1 (excluded).
fn share_below_one(name: &'static str, value: f64) -> Result<f64, OutOfRange> {
    if (0.0..1.0).contains(&value) { Ok(value) } else { Err(OutOfRange { name, value }) }
}
