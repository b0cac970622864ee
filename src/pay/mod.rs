//! Plans, credits, entries, statements, periods, disputes. Reads events; nobody depends on it.

pub mod jobs;
