//! On what ground a company may be contacted.

use std::str::FromStr;

use crate::values::Instant;

/// The kind of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BasisKind {
    /// The company itself asked or agreed.
    Consent,
    /// It is a client.
    Contract,
    /// It publishes its business contacts, and the offer concerns its business.
    PublicSource,
    /// A weighed interest of the firm, documented elsewhere.
    LegitimateInterest,
}

impl BasisKind {
    /// Every kind.
    pub const ALL: [Self; 4] =
        [Self::PublicSource, Self::LegitimateInterest, Self::Consent, Self::Contract];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Contract => "contract",
            Self::PublicSource => "public_source",
            Self::LegitimateInterest => "legitimate_interest",
        }
    }
}

impl FromStr for BasisKind {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.code() == code).ok_or(())
    }
}

/// A ground to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBasis {
    /// Its kind.
    pub kind: BasisKind,
    /// Where it is documented.
    pub source: String,
    /// Until when it holds.
    pub until: Option<Instant>,
}
