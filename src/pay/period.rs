//! Periods: a month of pay is open, goes to review, is approved and closed for good.
//!
//! Whoever approved does not close, unless the firm has nobody else; then the period says so.
//! Lines that fall into a period after its approval take the approval back.

use std::collections::BTreeSet;

use ledger::{Amount, Rate, Rounding};

use super::credit::{Credit, Stage, Standing, key};
use super::plan::{Assignment, Rules, Trigger};
use super::{PayRefusal, plan::Component};
use crate::events::Kind;
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

/// The part of a monthly salary that falls on days `from..until` of `of`, whole minor units.
///
/// Counted as the difference of two rounded sums from the first of the month, so that however a
/// month is cut into stretches their parts add up to the salary.
pub fn salary_part(salary: Money, (from, until, of): (i64, i64, i64)) -> Outcome<Money> {
    let unit = ledger::Currency::new(salary.currency.code()).map_err(Error::failure)?;
    let until_day = |day: i64| {
        Rate::new(day, of)
            .and_then(|rate| rate.of(Amount::new(salary.minor, unit), Rounding::HalfUp))
            .map(|amount| amount.minor)
            .map_err(Error::failure)
    };
    Ok(Money::new(until_day(until)? - until_day(from)?, salary.currency))
}

/// The subject under which the salary of an assignment for a month is booked.
pub fn salary_subject(assignment: AnyId, month: Month) -> String {
    format!("{assignment}:{month}")
}

/// What the salary of an assignment for a month should be; `None` where nothing is due. The
/// version in force on its first paid day of the month says whether the plan pays a salary.
pub fn salary(
    assignment: &Assignment,
    month: Month,
    review: EventId,
    rules: &Rules,
    zone: &Zone,
) -> Outcome<Option<Credit>> {
    let of = month.days();
    let from = month.days_before(assignment.starts_at, zone);
    let until = assignment.ends_at.map_or(of, |end| month.days_before(end, zone));
    let first = assignment.starts_at.max(month.starts_at(zone));
    let component: Option<(Component, _)> = rules.version(assignment.plan, first).and_then(|v| {
        let found = v.body.components.iter().find(|c| c.trigger == Trigger::Month)?;
        Some((*found, v.clone()))
    });
    let Some((component, version)) = component.filter(|_| from < until) else { return Ok(None) };
    let part = salary_part(assignment.salary, (from, until, of))?;
    let Ok(amount) = component.amount(Some(part), assignment.salary.currency) else {
        return Ok(None);
    };
    let subject = salary_subject(assignment.id, month);
    Ok(Some(Credit {
        key: key(assignment.person, assignment.plan, &component.code(), &subject),
        person: assignment.person,
        component,
        version,
        group: subject.clone(),
        subject,
        company: None,
        path: vec![Stage {
            event: review,
            at: month.starts_at(zone),
            kind: Kind::PeriodTurned,
            reason: None,
            standing: Standing::Posted(amount),
            base: Some(assignment.salary),
        }],
        days: Some((from, until, of)),
        unpaid: None,
    }))
}
