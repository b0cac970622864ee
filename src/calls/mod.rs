//! Attempts and their two results, callbacks, the caller's cockpit.

pub mod phrase;
