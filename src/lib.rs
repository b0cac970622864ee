//! Troika: acquisition, sales and service as three tiers with hand-offs between them.
//!
//! The modules in reading order: values, then the foundation (storage, events, jobs, web), then
//! the nouns of the business, then what names everyone. `ARCHITECTURE.md` is the map.

pub mod values;

pub mod storage;

pub mod jobs;

pub mod events;

pub mod web;

pub mod people;

pub mod tiers;

pub mod companies;

pub mod imports;

pub mod verification;

pub mod quality;

pub mod campaigns;

pub mod meetings;

pub mod leads;

pub mod telephony;

pub mod calls;

pub mod rounds;

pub mod letters;

pub mod promises;

pub mod contracts;

pub mod opportunities;

pub mod tasks;

pub mod clients;

pub mod handoffs;
pub mod holdings;

pub mod merges;

pub mod erasures;

pub mod pay;

pub mod story;

pub mod reports;

pub mod wallboard;

pub mod openapi;

pub mod routes;

pub mod schedule;

pub mod app;

pub mod check;

pub mod export;

pub mod bench;

pub mod commands;

pub mod demo;

#[cfg(test)]
pub mod cast;

#[cfg(test)]
mod rights;

#[cfg(test)]
mod scenarios;
