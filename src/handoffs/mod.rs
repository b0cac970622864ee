//! An offer of one record from one tier to another, with its passport and its answer.

pub mod jobs;
