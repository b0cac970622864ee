//! Every statement about pay, by table: plans and assignments, entries, periods, claims,
//! engagements, remittances.

pub(super) mod claims;
pub(super) mod engagements;
pub(super) mod entries;
pub(super) mod periods;
pub(super) mod plans;
pub(super) mod remittances;
