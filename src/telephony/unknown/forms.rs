//! Whose a call was, as it is typed or sent over the API.

use serde::Deserialize;
use utoipa::ToSchema;

use super::Whose;
use crate::values::*;
use crate::web::forms::tick;

/// Whose a call was, as it was typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhoseForm {
    /// The company's id; empty for a new one.
    #[serde(default)]
    pub company: String,
    /// What the new company is called.
    #[serde(default)]
    pub name: String,
    /// It is added though the base seems to have it already.
    #[serde(default)]
    pub anyway: String,
}

/// Whose a call was: a company of the base, or one that is added with its number.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhoseSent {
    /// The company's id; empty for a new one.
    #[serde(default)]
    pub company: String,
    /// What the new company is called.
    #[serde(default)]
    pub name: String,
    /// Adds it though the base seems to have it already.
    #[serde(default)]
    pub anyway: bool,
}

impl From<WhoseSent> for WhoseForm {
    fn from(sent: WhoseSent) -> Self {
        Self { company: sent.company, name: sent.name, anyway: tick(sent.anyway) }
    }
}

impl WhoseForm {
    /// What is meant; one of both must be said, and not both.
    pub fn read(&self) -> Outcome<Whose> {
        let name = self.name.trim();
        // The address of a card is as good as the id at its end.
        let id = self.company.trim().rsplit('/').next().unwrap_or_default();
        match (id.is_empty(), name.is_empty()) {
            (true, true) | (false, false) => Err(Fields::one("company", "unknown-call-whose")),
            (true, false) if !name.chars().any(char::is_alphanumeric) => {
                Err(Fields::one("name", "required"))
            }
            (true, false) => Ok(Whose::New(name.to_owned(), !self.anyway.is_empty())),
            (false, true) => {
                let id = id.parse().map_err(|_| Fields::one("company", "unknown-choice"))?;
                Ok(Whose::Known(id))
            }
        }
    }
}
