//! Every statement about pay, by table: plans and assignments, entries, periods, claims.

pub(super) mod claims;
pub(super) mod entries;
pub(super) mod periods;
pub(super) mod plans;
