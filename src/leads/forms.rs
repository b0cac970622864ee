//! What people type about a lead.

use serde::Deserialize;

use super::{Priority, SkipReason};
use crate::values::*;

/// A company given back.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseForm {
    /// The grant that is given back.
    pub generation: i64,
    /// `pause`, `bad_record`, `known_personally`, `language`, `other`.
    pub reason: String,
}

impl ReleaseForm {
    /// The reason, where there is such a one.
    pub fn reason(&self) -> Outcome<SkipReason> {
        self.reason.parse().map_err(|()| Fields::one("reason", "unknown-choice"))
    }
}

/// A lease as it was seen, to be made longer or taken out of its caller's hands.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantForm {
    /// Which grant it is: what was granted anew meanwhile stays as it is.
    pub generation: i64,
}

/// A promised call given to somebody else.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReassignForm {
    /// The caller's id; empty for anyone.
    #[serde(default)]
    pub to: String,
    /// The version of the lead that was seen last: where it changed meanwhile, nothing passes.
    pub version: i64,
}

impl ReassignForm {
    /// The caller; `None` for anyone.
    pub fn to(&self) -> Outcome<Option<UserId>> {
        if self.to.is_empty() {
            return Ok(None);
        }
        self.to.parse().map(Some).map_err(|_| Fields::one("to", "unknown-choice"))
    }
}

/// A lead put before or after the others of its queue.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityForm {
    /// `first`, `usual` or `last`.
    pub priority: String,
    /// Where it was seen to stand, by the same codes: where somebody put it elsewhere meanwhile,
    /// nothing happens.
    pub was: String,
}

impl PriorityForm {
    /// Where it stood, and where it goes.
    pub fn put(&self) -> Outcome<(Priority, Priority)> {
        let read =
            |field, text: &str| text.parse().map_err(|()| Fields::one(field, "unknown-choice"));
        Ok((read("was", &self.was)?, read("priority", &self.priority)?))
    }
}

/// A campaign starts or goes on.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchForm {
    /// Why it goes on, where complaints stopped it; up to 500 characters.
    #[serde(default)]
    pub why: String,
}

/// A change that needs no words.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NothingForm {}
