//! Terms: what somebody has of their own beside the plan – rates, quotas with their ramp, an
//! advance or a guarantee under a month.

use std::collections::BTreeMap;

use compensation::{DrawTerms, Name, Pay, Quota};
use serde::{Deserialize, Serialize};

use crate::values::*;

/// What an assignment says beyond plan, days and salary.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Rates of their own, by component.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rates: BTreeMap<Name, Pay>,
    /// Quotas by name, as the plan calls them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub quotas: BTreeMap<Name, Quota>,
    /// What is advanced in a month that earns less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw: Option<DrawTerms>,
}

impl Terms {
    /// Reads them as they are stored.
    pub fn read(text: Option<String>) -> Outcome<Self> {
        text.map_or(Ok(Self::default()), |text| serde_json::from_str(&text).map_err(Error::failure))
    }

    /// As they are stored; nothing where nothing is said.
    pub fn text(&self) -> Outcome<Option<String>> {
        if *self == Self::default() {
            return Ok(None);
        }
        serde_json::to_string(self).map(Some).map_err(Error::failure)
    }
}
