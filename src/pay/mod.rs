//! Pay: plans, credits, entries, statements, periods, disputes. Every rouble explains itself.
//!
//! Invariants:
//! - a published version of a plan is never edited; a change is the next version with a date;
//! - tier 1 is paid for actions, never for a sale; one event pays one time per component;
//! - a firm that went and comes back by another's hand-off is credited to whoever brought it first,
//!   for as many days as the version says; where it says none, not at all;
//! - an entry is never changed or deleted; a correction is a new line that names the old one and
//!   falls into an open period; a closed period takes nothing, by the database's own hand;
//! - recomputing from events and versions gives the written lines to the kopeck, whatever the
//!   order in which events arrived and however often ([`check`] looks);
//! - what was really paid out stands beside what is due; a record of it is put right by a new one;
//! - nobody sees another person's pay but their head, the accountant and the owner; a head sees
//!   what is of days on which the person was of their team.
//!
//! Neighbours: reads `events` and notes there that a firm came back; reads `people`, `tiers`,
//! names of `companies`; pays by the plans of `crates/compensation`, counts with `crates/ledger`
//! and reads files of payments with `crates/intake`. Nobody depends on it: what pays is known here
//! alone.

pub mod actions;
mod agreed;
pub mod api;
pub mod check;
pub mod credit;
pub mod csv;
pub mod engagement;
pub mod entry;
pub mod facts;
mod faults;
pub mod jobs;
pub mod pages;
pub mod period;
pub mod plan;
pub mod preset;
mod reach;
pub mod remittance;
pub mod returns;
pub mod rules;
mod saying;
pub mod settle;
mod store;
pub mod terms;
#[cfg(test)]
pub mod tests;
pub mod trigger;
pub mod unpaid;
mod wording;

pub use check::check;

use crate::people::teams::{EVER, Span, TeamHistory};
use crate::people::{Role, User, Viewer};
use crate::tiers::doors::PAYING;
use crate::values::*;

/// Whose pay somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayReach {
    /// Their own.
    Own(UserId),
    /// Their own and their team's.
    Team(UserId, TeamId),
    /// Everybody's.
    All,
}

impl PayReach {
    /// The reach of a viewer. An administrator of rights and backups sees nobody's pay.
    pub fn of(viewer: &Viewer) -> Self {
        if viewer.is_any(PAYING) {
            return Self::All;
        }
        match viewer.user.team {
            Some(team) if viewer.is(Role::Head) => Self::Team(viewer.id(), team),
            _ => Self::Own(viewer.id()),
        }
    }
    /// True when that person's pay may be seen as of today.
    pub fn sees(self, person: &User) -> bool {
        match self {
            Self::All => true,
            Self::Team(user, team) => person.id == user || person.team == Some(team),
            Self::Own(user) => person.id == user,
        }
    }
    /// What of a person's pay may be seen.
    pub fn sight(self, person: UserId, history: &TeamHistory) -> Sight {
        Sight::of(match self {
            Self::All => vec![EVER],
            Self::Own(user) | Self::Team(user, _) if person == user => vec![EVER],
            Self::Team(_, team) => history.times_in(person, team),
            Self::Own(_) => Vec::new(),
        })
    }
}

/// The times of which somebody's pay may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight(Vec<Span>);

impl Sight {
    /// These times, in order and apart, so that an instant is looked up in one of them.
    fn of(mut times: Vec<Span>) -> Self {
        times.retain(|(from, until)| from < until);
        times.sort_unstable();
        let mut apart: Vec<Span> = Vec::new();
        for (from, until) in times {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => apart.push((from, until)),
            }
        }
        Self(apart)
    }
    /// True where nothing of it may be seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// True where all of it may be seen.
    pub fn is_whole(&self) -> bool {
        self.0.contains(&EVER)
    }
    /// True where that instant may be seen.
    pub fn shows(&self, at: Instant) -> bool {
        let begun = self.0.partition_point(|span| span.0 <= at);
        self.0[..begun].last().is_some_and(|span| at < span.1)
    }
    /// True where some of a time may be seen.
    pub fn meets(&self, (from, until): Span) -> bool {
        self.0.iter().any(|span| span.0 < until && from < span.1)
    }
    /// True for a line that may be seen. What settles a balance is for whoever sees all of the
    /// pay: the lines that one may not see could be reckoned from it.
    pub fn shows_line(&self, line: &entry::Entry, zone: &Zone) -> bool {
        self.is_whole() || (!line.settles() && self.shows(line.counts_at(zone)))
    }
}

/// Why pay cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayRefusal {
    /// A component would pay tier 1 for a sale.
    TierOnePaidForSale,
    /// A rate, a sum or a cap lies outside what can be meant.
    RateOutOfRange,
    /// A plan pays for nothing, or for too many things.
    NoComponents,
    /// Two components pay for the same in the same tier.
    ComponentTwice,
    /// There is no draft.
    NoDraft,
    /// A draft is being written already.
    DraftExists,
    /// Nobody has approved it.
    NotApproved,
    /// The day lies in a closed period.
    DayInClosedPeriod,
    /// A version begins after the one before it.
    NotAfterLastVersion,
    /// Nothing of the plan is published.
    PlanNotPublished,
    /// The person is paid by a plan of that tier on those days.
    AssignmentOverlaps,
    /// The person does not work in the tier of the plan.
    NotOfThatTier,
    /// Somebody changed it meanwhile.
    Stale,
    /// The month is not over.
    PeriodNotOver,
    /// The period has not come to that yet, or is past it.
    NotInThatState,
    /// It was closed before.
    AlreadyClosed,
    /// An earlier period is still open.
    EarlierPeriodOpen,
    /// Lines came since the approval.
    LinesCameSince,
    /// Whoever approved does not close.
    ApproverCloses,
    /// The number typed is not the number shown.
    ConfirmationDiffers,
    /// The line is contested already.
    DisputeOpen,
    /// The dispute or the adjustment was decided before.
    AlreadyDecided,
    /// Nobody decides about their own pay.
    OwnPay,
    /// The author of an adjustment does not approve it.
    AuthorApproves,
    /// The month owes the person nothing.
    NothingDue,
    /// Far more than is due would have been paid.
    RemittanceAbsurd,
    /// The same was recorded before.
    RemittanceTwice,
    /// The same stands under another month.
    RemittanceElsewhere,
    /// It was put right before.
    RemittanceCorrected,
    /// A correction says what the record says.
    RemittanceSame,
}

impl Refusal for PayRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::TierOnePaidForSale => "pay-tier-one-sale",
            Self::RateOutOfRange => "pay-rate-out-of-range",
            Self::NoComponents => "pay-no-components",
            Self::ComponentTwice => "pay-component-twice",
            Self::NoDraft => "pay-no-draft",
            Self::DraftExists => "pay-draft-exists",
            Self::NotApproved => "pay-not-approved",
            Self::DayInClosedPeriod => "pay-day-in-closed-period",
            Self::NotAfterLastVersion => "pay-not-after-last-version",
            Self::PlanNotPublished => "pay-plan-not-published",
            Self::AssignmentOverlaps => "pay-assignment-overlaps",
            Self::NotOfThatTier => "pay-not-of-that-tier",
            Self::Stale => "pay-stale",
            Self::PeriodNotOver => "pay-period-not-over",
            Self::NotInThatState => "pay-not-in-that-state",
            Self::AlreadyClosed => "pay-already-closed",
            Self::EarlierPeriodOpen => "pay-earlier-period-open",
            Self::LinesCameSince => "pay-lines-came-since",
            Self::ApproverCloses => "pay-approver-closes",
            Self::ConfirmationDiffers => "pay-confirmation-differs",
            Self::DisputeOpen => "pay-dispute-open",
            Self::AlreadyDecided => "pay-already-decided",
            Self::OwnPay => "pay-own-pay",
            Self::AuthorApproves => "pay-author-approves",
            Self::NothingDue => "pay-nothing-due",
            Self::RemittanceAbsurd => "pay-remittance-absurd",
            Self::RemittanceTwice => "pay-remittance-twice",
            Self::RemittanceElsewhere => "pay-remittance-elsewhere",
            Self::RemittanceCorrected => "pay-remittance-corrected",
            Self::RemittanceSame => "pay-remittance-same",
        }
    }
}
