//! A company being worked in a campaign: queue, lease, attempts, recycling.

pub mod jobs;
