//! A letter as it is typed or sent over the API, and as it is read.

use std::str::FromStr;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{NewLetter, Way};
use crate::values::*;
use crate::web::forms::tick;

/// A letter as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterForm {
    pub(super) way: String,
    #[serde(default)]
    pub(super) contact: String,
    #[serde(default)]
    pub(super) address: String,
    #[serde(default)]
    pub(super) campaign: String,
    #[serde(default)]
    pub(super) sent_at: String,
    #[serde(default)]
    pub(super) subject: String,
    #[serde(default)]
    pub(super) note: String,
    #[serde(default)]
    pub(super) is_answer: String,
}

/// A letter to be recorded, or asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterSent {
    /// `mail`, `post` or `messenger`.
    pub way: String,
    /// The id of a person of the company; empty for nobody in particular.
    #[serde(default)]
    pub contact: String,
    /// A mail address of the company as its card has it, or `mail:` with its id, as an earlier
    /// letter to it has it; `phone:` with the id of a number, as the card has it; empty for none of
    /// these.
    #[serde(default)]
    pub address: String,
    /// A campaign of which the company is a lead; empty for that of the lead in hand, if any.
    #[serde(default)]
    pub campaign: String,
    /// When it was sent, RFC 3339; empty for now. No more than three days ago.
    #[serde(default)]
    pub sent_at: String,
    /// What it is about, up to 200 characters; a question needs none.
    #[serde(default)]
    pub subject: String,
    /// What else is worth knowing, up to 2000 characters.
    #[serde(default)]
    pub note: String,
    /// They asked for it: an answer, or what a contract owes them.
    #[serde(default)]
    pub is_answer: bool,
}

impl From<LetterSent> for LetterForm {
    fn from(sent: LetterSent) -> Self {
        Self {
            way: sent.way,
            contact: sent.contact,
            address: sent.address,
            campaign: sent.campaign,
            sent_at: sent.sent_at,
            subject: sent.subject,
            note: sent.note,
            is_answer: tick(sent.is_answer),
        }
    }
}

impl LetterForm {
    /// An empty form: a mail that was sent now.
    pub(super) fn fresh(zone: &Zone, now: Instant) -> Self {
        let sent_at = now.local(zone).strftime("%Y-%m-%dT%H:%M").to_string();
        Self { way: Way::Mail.code().to_owned(), sent_at, ..Self::default() }
    }

    /// What is meant, or every field that cannot be read.
    pub fn read(&self, zone: &Zone, now: Instant) -> Outcome<NewLetter> {
        let mut fields = Fields::default();
        let way = chosen("way", &self.way, &mut fields);
        let contact = chosen("contact", &self.contact, &mut fields);
        let address = chosen("address", &self.address, &mut fields);
        let campaign = chosen("campaign", &self.campaign, &mut fields);
        if self.way.is_empty() {
            fields.note("way", "required");
        }
        let text = self.sent_at.trim();
        let typed = match Instant::from_rfc3339(text) {
            Some(at) => Ok(at),
            None if text.is_empty() => Ok(now),
            None => Instant::typed_day_time(text, zone, now),
        };
        let sent_at = typed.unwrap_or_else(|problem| {
            fields.note("sent_at", problem.code());
            now
        });
        fields.into_result()?;
        Ok(NewLetter {
            contact,
            address,
            campaign,
            way: way.unwrap_or(Way::Mail),
            subject: self.subject.clone(),
            note: self.note.clone(),
            is_answer: !self.is_answer.is_empty(),
            sent_at,
        })
    }
}

/// A choice by its code or id; nothing where none was made.
fn chosen<T: FromStr>(name: &'static str, text: &str, fields: &mut Fields) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let read: Option<T> = text.parse().ok();
    if read.is_none() {
        fields.note(name, "unknown-choice");
    }
    read
}
