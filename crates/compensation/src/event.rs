//! Events: what happened, as whoever uses the library tells it.

use serde::{Deserialize, Serialize};

use crate::{Labels, Moment, Money, Name, Value};

/// Facts of an event by name, each told once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "std::collections::BTreeMap<Name, Value>")]
#[serde(into = "std::collections::BTreeMap<Name, Value>")]
pub struct Facts(Vec<(Name, Value)>);

impl Facts {
    /// The value of a fact.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let place = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Tells a fact, in place of what was told before.
    pub fn set(&mut self, name: Name, value: Value) {
        match self.0.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (name, value)),
        }
    }

    /// Every fact, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl FromIterator<(Name, Value)> for Facts {
    fn from_iter<I: IntoIterator<Item = (Name, Value)>>(facts: I) -> Self {
        let mut all = Self::default();
        facts.into_iter().for_each(|(name, value)| all.set(name, value));
        all
    }
}

impl From<std::collections::BTreeMap<Name, Value>> for Facts {
    fn from(facts: std::collections::BTreeMap<Name, Value>) -> Self {
        Self(facts.into_iter().collect())
    }
}

impl From<Facts> for std::collections::BTreeMap<Name, Value> {
    fn from(facts: Facts) -> Self {
        facts.0.into_iter().collect()
    }
}

/// Something that happened. Delivered twice, it is one event: its id says so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Its own for ever. Of two with one id and different contents the lesser counts, by the
    /// order of the fields, so that arrival decides nothing.
    pub id: Name,
    /// What kind of thing happened.
    pub kind: Name,
    /// To what: a meeting, a payment, a record.
    pub subject: Name,
    /// The larger thing it belongs to, such as the contract of a payment; the subject by itself
    /// where nothing is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal: Option<Name>,
    /// When.
    pub when: Moment,
    /// In which month, quarter and year.
    pub labels: Labels,
    /// Roles and the people who had them; of several with one role the first by name counts.
    pub people: Vec<(Name, Name)>,
    /// What is known of it.
    #[serde(default)]
    pub facts: Facts,
    /// What it says of another event, where it does.
    #[serde(default, skip_serializing_if = "Word::is_news")]
    pub word: Word,
}

impl Event {
    /// Who had a role.
    #[must_use]
    pub fn person(&self, role: &str) -> Option<&Name> {
        let named = self.people.iter().filter(|(known, _)| known.as_str() == role);
        named.map(|(_, person)| person).min()
    }

    /// The larger thing it belongs to, or its subject.
    #[must_use]
    pub fn group(&self) -> &Name {
        self.deal.as_ref().unwrap_or(&self.subject)
    }
}

/// What an event says of another. Only news can trigger a component or pass a gate; the other
/// words change what the named news says, whichever arrives first. A word about an event that is
/// not there waits for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Word {
    /// It is news by itself.
    #[default]
    News,
    /// The event named never was: news, a correction or a reversal. A cancellation is not
    /// cancelled; whoever wants that tells the news anew.
    Cancels {
        /// The event.
        event: Name,
    },
    /// The news named is to be read with the facts and people told here in place of its own. Of
    /// several the later wins, fact by fact.
    Corrects {
        /// The event.
        event: Name,
    },
    /// A part of the money in a fact of the news named went back, once corrections are read. Money
    /// that went back whole, or more, leaves the news as if it never was.
    Reverses {
        /// The event.
        event: Name,
        /// The fact, of type money.
        fact: Name,
        /// How much, above nought, in the currency of the fact.
        by: Money,
    },
}

impl Word {
    /// True for news.
    #[must_use]
    pub const fn is_news(&self) -> bool {
        matches!(self, Self::News)
    }

    /// The event it is about.
    #[must_use]
    pub const fn about(&self) -> Option<&Name> {
        match self {
            Self::News => None,
            Self::Cancels { event } | Self::Corrects { event } | Self::Reverses { event, .. } => {
                Some(event)
            }
        }
    }
}
