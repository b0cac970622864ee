//! How the card's values are written in JSON, as everywhere in the API.

use serde::{Serialize as _, Serializer};

use crate::contracts::api::Sum;
use crate::events::Kind;
use crate::values::*;

pub(super) fn at<S: Serializer>(at: &Instant, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.rfc3339())
}

pub(super) fn maybe_at<S: Serializer>(at: &Option<Instant>, to: S) -> Result<S::Ok, S::Error> {
    at.map(Instant::rfc3339).serialize(to)
}

pub(super) fn sum<S: Serializer>(sum: &Option<Money>, to: S) -> Result<S::Ok, S::Error> {
    sum.map(Sum::of).serialize(to)
}

pub(super) fn kind<S: Serializer>(kind: &Kind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.code())
}
