//! Entries: the immutable lines of pay. Each says in itself what it was made of, and is bound to
//! all before it by its hash.

use compensation::{Cut, Factor, Part, PartOf, Slice, Tranche};
use ledger::{Amount, Kind, Line};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::preset::Measure;
use super::trigger::Trigger;
use crate::values::*;

/// What a line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Announced; waits for its gate.
    Announced,
    /// Earned at once.
    Earned,
    /// Announced before and earned now.
    Confirmed,
    /// Announced before and not earned.
    Voided,
    /// Announced before and announced anew: a part of it is earned, or it is another sum.
    Replaced,
    /// Void or taken back before, and earned after all.
    Restored,
    /// Earned before and taken back.
    TakenBack,
    /// Added to a month that earned less than its floor, and owed back.
    Advanced,
    /// Held back for what was advanced before.
    Recovered,
    /// Added to a month that earned less than its floor, for good.
    Guaranteed,
    /// Added or taken by hand, or by the decision of a dispute.
    Adjusted,
    /// Handed over to payroll at the close of a period.
    PaidOut,
}

impl What {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Earned => "earned",
            Self::Confirmed => "confirmed",
            Self::Voided => "voided",
            Self::Replaced => "replaced",
            Self::Restored => "restored",
            Self::TakenBack => "taken_back",
            Self::Advanced => "advanced",
            Self::Recovered => "recovered",
            Self::Guaranteed => "guaranteed",
            Self::Adjusted => "adjusted",
            Self::PaidOut => "paid_out",
        }
    }
}

/// What a line under the floor of a month follows from, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// The least that leaves in the month.
    pub floor: i64,
    /// What the month earned.
    pub earned: i64,
    /// What is due after it.
    pub due: i64,
}

/// How the engine of plans came to what a credit stands at: rates and what they paid on, the quota,
/// caps, shares, and what became of each stage. The events behind it are computed again.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Made {
    /// What the whole credit stands at, in minor units; the line may be a part of it.
    pub posted: i64,
    /// What of the whole credit waits.
    pub pending: i64,
    /// What was counted in all.
    pub counted: Part,
    /// The target it was held against, and the share of it that was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<(Part, Part)>,
    /// Rows that paid, each with what it paid on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slices: Vec<Slice>,
    /// Factors on the result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<Factor>,
    /// What the rate came to, rounded; before caps and splits.
    pub earned: i64,
    /// What caps cut off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<Cut>,
    /// The shares of the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartOf>,
    /// Stages, each with what it released or holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Tranche>,
    /// True when claw-back took back what a stage had released.
    #[serde(default)]
    pub clawed_back: bool,
}

impl Made {
    /// What the engine says, less its inputs.
    pub fn of(credit: &compensation::Credit) -> Self {
        let why = &credit.why;
        Self {
            posted: credit.posted,
            pending: credit.pending,
            counted: why.counted,
            quota: why.quota,
            slices: why.slices.clone(),
            factors: why.factors.clone(),
            earned: why.earned,
            cuts: why.cuts.clone(),
            parts: why.parts.clone(),
            stages: why.tranches.clone(),
            clawed_back: why.clawed_back,
        }
    }
}

/// The inputs of a line, as they are stored in it and hashed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// What the line tells.
    pub what: What,
    /// How the engine came to it; nothing for a line by hand, a pay-out, or one from before there
    /// was an engine of plans, which has trigger, tier, measure, cap and base instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// What made the component pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Trigger>,
    /// The component's tier filter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<i64>,
    /// The plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanId>,
    /// Its name then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// The version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// In force from this midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// How much the component pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// The most that one event may pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// The money the amount was taken of: what was received, or the monthly salary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Money>,
    /// The floor under the month, for an advance or a guarantee.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Floor>,
    /// First day paid and first day no longer paid, from nought, of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<(i64, i64, i64)>,
    /// The kind of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The event's coded reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When that happened which the line follows from; nothing for what is of a whole month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<Instant>,
    /// The month the event belongs to, where that was closed and the line fell into a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<String>,
    /// What somebody wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Why {
    /// A line of which only the word is known.
    pub fn of(what: What) -> Self {
        Self {
            what,
            made: None,
            trigger: None,
            tier: None,
            plan: None,
            plan_name: None,
            version: None,
            since: None,
            measure: None,
            cap: None,
            base: None,
            floor: None,
            days: None,
            event: None,
            reason: None,
            happened_at: None,
            late: None,
            text: None,
        }
    }
}

/// Component of what was added by hand.
pub const ADJUSTMENT: &str = "adjustment";
/// Component of what is advanced against later months, and recovered of it.
pub const DRAW: &str = "draw";
/// Component of what is added to a month up to its guarantee.
pub const GUARANTEE: &str = "guarantee";
/// Component of what was handed over to payroll.
pub const PAYOUT: &str = "payout";
/// What the payroll file calls the sum carried over from before the month; no line has it.
pub const OPENING: &str = "opening";

/// One immutable line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id; follows from the credit and its place in it.
    pub id: EntryId,
    /// Its place in the firm's chain, from nought.
    pub seq: i64,
    /// When it was written.
    pub at: Instant,
    /// The period it falls into.
    pub period: Month,
    /// What it does in the ledger.
    pub kind: Kind,
    /// The account debited.
    pub debit: String,
    /// The account credited.
    pub credit: String,
    /// One minor unit or more.
    pub amount: Money,
    /// Whose pay it is.
    pub person: UserId,
    /// The version of the plan that made it.
    pub version: Option<(PlanId, i64)>,
    /// The component.
    pub component: String,
    /// The credit it belongs to.
    pub credit_key: String,
    /// Its place in the credit, from nought.
    pub ordinal: i64,
    /// The event it came from.
    pub event: Option<EventId>,
    /// The id of what happened to.
    pub subject: String,
    /// The company it concerns.
    pub company: Option<CompanyId>,
    /// Its inputs.
    pub why: Why,
    /// The inputs as they are stored and hashed.
    pub reason: String,
    /// The line it settles, reverses or refers to.
    pub corrects: Option<EntryId>,
    /// Hash of the line before.
    pub previous_hash: String,
    /// Its own.
    pub hash: String,
}

/// The account of what is owed to a person in a currency.
pub fn person_account(person: UserId, currency: Currency) -> String {
    format!("person:{person}:{}", currency.code())
}

/// The account on the other side of a component.
pub fn other_account(component: &str, currency: Currency) -> String {
    format!("{component}:{}", currency.code())
}

/// The id of a line: the same credit and place give the same id, so that two deliveries of one
/// event cannot become two lines.
pub fn line_id(org: OrgId, credit_key: &str, ordinal: i64) -> EntryId {
    let digest = Sha256::digest(format!("troika entry 1\n{org}\n{credit_key}\n{ordinal}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    EntryId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

impl Entry {
    /// What it adds to what the person is owed, in minor units.
    pub fn posted(&self) -> i64 {
        if self.kind.counts() { self.signed() } else { 0 }
    }
    /// What it adds to what the person waits for, in minor units.
    pub fn pending(&self) -> i64 {
        match self.kind {
            Kind::Pending => self.signed(),
            Kind::Post | Kind::Void => -self.signed(),
            Kind::Posted | Kind::Reversal => 0,
        }
    }
    /// True for what settles a balance as a whole, be it by handing it over, by filling it up or by
    /// bringing it in from before.
    pub fn settles(&self) -> bool {
        [PAYOUT, DRAW, GUARANTEE, OPENING].contains(&self.component.as_str())
    }
    /// The instant it counts as of, for whoever may see only some of a person's pay: when that
    /// happened which it follows from, else when it was written, within its month.
    pub fn counts_at(&self, zone: &Zone) -> Instant {
        let written = || self.at.min(self.period.ends_at(zone).plus_ms(-1));
        self.why.happened_at.unwrap_or_else(written)
    }
    /// The amount, below nought where the person owes it.
    pub fn signed(&self) -> i64 {
        let is_owed = self.credit == person_account(self.person, self.amount.currency);
        if is_owed { self.amount.minor } else { -self.amount.minor }
    }
    /// The line as the ledger knows it.
    pub fn line(&self) -> Outcome<Line> {
        let currency =
            ledger::Currency::new(self.amount.currency.code()).map_err(Error::failure)?;
        Ok(Line {
            id: self.id.to_string().into(),
            at_ms: self.at.ms(),
            debit: self.debit.as_str().into(),
            credit: self.credit.as_str().into(),
            amount: Amount::new(self.amount.minor, currency),
            kind: self.kind,
            period: self.period.to_string(),
            reason: self.reason.clone(),
            source: self.source(),
            corrects: self.corrects.map(|id| id.to_string().into()),
        })
    }
    /// What it came from: the event, or what was decided by hand.
    pub fn source(&self) -> String {
        self.event.map_or_else(|| self.subject.clone(), |event| event.to_string())
    }
}
