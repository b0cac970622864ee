//! Tier 3: onboarding, orders and prototypes, important dates, renewals.

pub mod jobs;
