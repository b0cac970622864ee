//! Periods: a month of pay is open, goes to review, is approved and closed for good.
//!
//! Whoever approved does not close, unless the firm has nobody else; then the period says so.
//! Lines that fall into a period after its approval take the approval back.

use std::collections::BTreeSet;

use super::PayRefusal;
use crate::values::*;

/// How far a period has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodState {
    /// Events fall into it.
    Open,
    /// The accountant looks at it; salaries are booked.
    Review,
    /// Nothing may enter it any more.
    Closed,
}

impl PeriodState {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Review => "review",
            Self::Closed => "closed",
        }
    }
}

impl std::str::FromStr for PeriodState {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Open, Self::Review, Self::Closed]
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or(())
    }
}

/// A month of pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its id.
    pub id: PeriodId,
    /// The month.
    pub month: Month,
    /// Its first instant.
    pub starts_at: Instant,
    /// The first instant after it.
    pub ends_at: Instant,
    /// How far it has come.
    pub state: PeriodState,
    /// Who sent it to review, and when.
    pub reviewed: Option<(UserId, Instant)>,
    /// The event of the review; salaries stem from it.
    pub review_event: Option<EventId>,
    /// Who approved it, when, and how many lines it had.
    pub approved: Option<(UserId, Instant, i64)>,
    /// Who closed it, and when.
    pub closed: Option<(UserId, Instant)>,
    /// True where one person approved and closed it, for the firm had nobody else.
    pub is_alone: bool,
    /// Counts its changes.
    pub revision: i64,
}

impl Period {
    /// The period under review.
    pub fn review(&self, by: UserId, event: EventId, now: Instant) -> Result<Self, PayRefusal> {
        if self.state != PeriodState::Open {
            return Err(PayRefusal::NotInThatState);
        }
        if now < self.ends_at {
            return Err(PayRefusal::PeriodNotOver);
        }
        let reviewed = Some((by, now));
        let state = PeriodState::Review;
        Ok(Self { state, reviewed, review_event: Some(event), ..self.clone() })
    }

    /// The period approved with the lines it has.
    pub fn approve(&self, by: UserId, lines: i64, now: Instant) -> Result<Self, PayRefusal> {
        if self.state != PeriodState::Review {
            return Err(PayRefusal::NotInThatState);
        }
        Ok(Self { approved: Some((by, now, lines)), ..self.clone() })
    }

    /// The period closed.
    pub fn close(
        &self,
        by: UserId,
        lines: i64,
        is_alone: bool,
        now: Instant,
    ) -> Result<Self, PayRefusal> {
        if self.state == PeriodState::Closed {
            return Err(PayRefusal::AlreadyClosed);
        }
        let Some((approver, _, approved_lines)) = self.approved else {
            return Err(PayRefusal::NotApproved);
        };
        if self.state != PeriodState::Review {
            return Err(PayRefusal::NotInThatState);
        }
        if approved_lines != lines {
            return Err(PayRefusal::LinesCameSince);
        }
        if approver == by && !is_alone {
            return Err(PayRefusal::ApproverCloses);
        }
        let closed = Some((by, now));
        let is_alone = approver == by;
        Ok(Self { state: PeriodState::Closed, closed, is_alone, ..self.clone() })
    }
}

/// Which months are closed, and so where a line falls.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    /// Closed for good.
    pub closed: BTreeSet<Month>,
}

impl Calendar {
    /// The month itself while it takes lines, or else the first after it that does.
    pub fn open_from(&self, month: Month) -> Month {
        let mut month = month;
        while self.closed.contains(&month) {
            month = month.next();
        }
        month
    }
    /// True when an instant lies in a closed month or before one.
    pub fn is_settled(&self, at: Instant, zone: &Zone) -> bool {
        self.closed.last().is_some_and(|last| Month::of(at, zone) <= *last)
    }
}

/// The subject under which the salary of an assignment for a month is booked.
pub fn salary_subject(assignment: AnyId, month: Month) -> String {
    format!("{assignment}:{month}")
}
