//! Figures one can state: a firm at size, its pages, its scores, its rounds, its queue with many
//! agents, lists linked.
//!
//! Everything goes through the product's own door, in one process without a network, so a figure
//! is the product's work and nothing else. Medians and 95th percentiles, never a single run.

pub mod asked;
pub mod leases;
pub mod links;
pub mod load;
pub mod pages;
pub mod pay;
pub mod rounds;
pub mod scores;
mod store;
