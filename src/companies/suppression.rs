//! Who must not be contacted: facts by number, company or person, per channel, with a reason.
//!
//! A fact is never changed; it is lifted by another that names it. It covers targets, each kept
//! as a hash under the firm's secret: the hash says nothing to who reads the table, and meets the
//! same number or tax id when a later file brings it again, even after the record itself was
//! erased.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::values::*;

/// By which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Channel {
    /// By no way.
    #[default]
    All,
    /// Not by telephone.
    Call,
    /// Not by letter.
    Letter,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::All, Self::Call, Self::Letter];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Call => "call",
            Self::Letter => "letter",
        }
    }
}

impl FromStr for Channel {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|channel| channel.code() == code).ok_or(())
    }
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuppressReason {
    /// They asked not to be contacted.
    Asked,
    /// They complained.
    Complaint,
    /// A court or an authority.
    Law,
    /// A competitor, a partner, our own firm.
    OurChoice,
    /// The talk was abusive; our people are spared it.
    Abusive,
}

impl SuppressReason {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::Asked, Self::Complaint, Self::Law, Self::OurChoice, Self::Abusive];
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Complaint => "complaint",
            Self::Law => "law",
            Self::OurChoice => "our_choice",
            Self::Abusive => "abusive",
        }
    }
}

impl SuppressReason {
    /// False for what a court or an authority has ordered: nobody in the firm may take that back.
    pub fn may_be_lifted(self) -> bool {
        self != Self::Law
    }
}

impl FromStr for SuppressReason {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reason| reason.code() == code).ok_or(())
    }
}

/// What a fact is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// The whole company with its tax number and the numbers that are its own.
    Company(CompanyId),
    /// A person, with the numbers that are theirs.
    Contact(CompanyId, ContactId),
    /// One number, whoever carries it.
    Phone(Option<CompanyId>, Phone),
    /// A company that was added by hand and is called as the one of this ban: its record alone.
    Namesake(CompanyId, SuppressionId),
}

/// A fact to be stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppress {
    /// Whom it covers.
    pub whom: Whom,
    /// By which way they must not be contacted.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressReason,
    /// Until when; `None` for always.
    pub until: Option<Instant>,
}

/// Whom of a company a fact is to cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// One number.
    Phone(PhoneId),
    /// One person, with their numbers.
    Contact(ContactId),
}

/// A fact to be stated of a company, as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Whom it covers.
    pub part: Part,
    /// By which way they must not be contacted.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressReason,
    /// Until when; `None` for always.
    pub until: Option<Instant>,
}

#[cfg(test)]
impl Wanted {
    /// All of a company, without an end.
    pub fn whole(channel: Channel, reason: SuppressReason) -> Self {
        Self { part: Part::Whole, channel, reason, until: None }
    }
}

/// A company that complained, as it stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Complained {
    /// The company.
    pub company: CompanyId,
    /// When it did first in the time that was asked about.
    pub first_at: Instant,
    /// When it did last.
    pub last_at: Instant,
}

/// A fact in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Its id.
    pub id: SuppressionId,
    /// What it covers: `company`, `contact` or `phone`.
    pub kind: String,
    /// By which way.
    pub channel: Channel,
    /// Why.
    pub reason: SuppressReason,
    /// Until when.
    pub until: Option<Instant>,
    /// Who stated it.
    pub actor: Option<UserId>,
    /// When.
    pub made_at: Instant,
}

impl Suppression {
    /// The last moment at which it holds: people read the day, and the next one is none of it.
    pub fn last_moment(&self) -> Option<Instant> {
        self.until.map(|until| until.plus_ms(-1))
    }
}

/// What a fact can meet again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A record.
    Company(CompanyId),
    /// A person's record.
    Contact(ContactId),
    /// A number.
    Phone(String),
    /// A tax number.
    TaxId(String),
    /// The number of its registration.
    Registration(String),
    /// A name in a town, of a company without a tax number.
    Name(String, String),
    /// A name in a town, of a company with a tax number. It bars nobody who stands in the base:
    /// only who would come into it without a tax number is asked about it.
    RegisteredName(String, String),
}

impl Target {
    /// The hash under the firm's secret.
    pub fn hash(&self, secret: &Secret) -> String {
        let text = match self {
            Self::Company(id) => format!("company:{id}"),
            Self::Contact(id) => format!("contact:{id}"),
            Self::Phone(e164) => format!("phone:{e164}"),
            Self::TaxId(tax_id) => format!("tax:{tax_id}"),
            Self::Registration(ogrn) => format!("registration:{ogrn}"),
            Self::Name(name_key, town) => format!("name:{name_key}:{town}"),
            Self::RegisteredName(name_key, town) => format!("registered-name:{name_key}:{town}"),
        };
        secret.seal(&text)
    }
}

/// The firm's secret for these hashes.
#[derive(Clone)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// The hash of a text under it (HMAC with SHA-256).
    pub fn seal(&self, text: &str) -> String {
        let padded = |with: u8| -> Vec<u8> {
            let mut block = [with; 64];
            for (byte, key) in block.iter_mut().zip(&self.0) {
                *byte = key ^ with;
            }
            block.to_vec()
        };
        let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
        hex::encode(Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize())
    }
}
