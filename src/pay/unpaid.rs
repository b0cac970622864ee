//! Unpaid: why something that a plan looks at pays nothing.

use compensation::Unpaid as Why;
use compensation::rule::Failure;

use crate::events::{Kind, Recorded};

/// Why an event pays nothing although a component looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unpaid {
    /// It moved money in another currency than the plan pays in.
    OtherCurrency,
    /// It carries no sum to take a share of.
    NoAmount,
    /// The share rounds to nothing.
    Nothing,
    /// The result does not fit.
    TooLarge,
    /// Its campaign did not pay for it.
    NotTarget,
    /// The firm came back when the credit window was over.
    PastWindow,
    /// Nobody's plan was in force for the person on that day.
    NoPlan,
    /// It came after the last day of the component.
    PastLastDay,
    /// Less was reached than the threshold.
    BelowThreshold,
    /// The milestone is not reached yet.
    NotReached,
    /// The person has no quota that the component is held against.
    NoQuota,
    /// The caps were reached before.
    CapReached,
}

impl Unpaid {
    /// The code of the sentence that says so.
    pub fn code(self) -> &'static str {
        match self {
            Self::OtherCurrency => "other-currency",
            Self::NoAmount => "no-amount",
            Self::Nothing => "nothing",
            Self::TooLarge => "too-large",
            Self::NotTarget => "not-target",
            Self::PastWindow => "past-window",
            Self::NoPlan => "no-plan",
            Self::PastLastDay => "past-last-day",
            Self::BelowThreshold => "below-threshold",
            Self::NotReached => "not-reached",
            Self::NoQuota => "no-quota",
            Self::CapReached => "cap-reached",
        }
    }

    /// What the engine says of an event; `None` where there is nothing to tell: another component
    /// pays for it, it was told before, or the lines of the ledger tell how it ended.
    pub fn of(why: &Why, event: Option<&Recorded>) -> Option<Self> {
        match why {
            Why::Filtered => {
                let is_target = event.is_none_or(Recorded::is_target);
                let is_return = event.is_some_and(|event| event.kind == Kind::FirmReturned);
                match (is_target, is_return) {
                    (false, _) => Some(Self::NotTarget),
                    (true, true) => Some(Self::PastWindow),
                    (true, false) => None,
                }
            }
            Why::NoAnswer(Failure::MissingFact(_)) => Some(Self::NoAmount),
            Why::NoAnswer(Failure::Currencies(..)) | Why::OtherCurrency(_) => {
                Some(Self::OtherCurrency)
            }
            Why::NoAnswer(_) | Why::TooLarge => Some(Self::TooLarge),
            Why::PastLastDay => Some(Self::PastLastDay),
            Why::BelowCliff => Some(Self::BelowThreshold),
            Why::NotReached => Some(Self::NotReached),
            Why::NoQuota => Some(Self::NoQuota),
            Why::CapReached => Some(Self::CapReached),
            Why::Nothing => Some(Self::Nothing),
            Why::Gone(_) | Why::ToldBefore(_) | Why::Failed(_) | Why::Nobody => None,
        }
    }
}
