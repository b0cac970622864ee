//! Troika: acquisition, sales and service as three tiers with hand-offs between them.
//!
//! The modules in reading order: values, then the foundation (storage, events, jobs, web), then
//! the nouns of the business, then what names everyone. `ARCHITECTURE.md` is the map.

pub mod values;

pub mod jobs;
pub mod storage;

pub mod events;
