//! What is done with pay: plans and assignments, booking, periods, claims, payroll and what of it
//! was really paid.
//!
//! Everything that writes takes the end of the firm's chain first, so that one firm's pay is
//! written by one transaction at a time and the chain never forks.

mod booking;
mod claims;
mod engagements;
mod floors;
mod payroll;
mod periods;
mod plans;
mod remittances;
mod returning;
mod settling;
mod sights;
mod statements;
mod terms;
mod what_if;

pub use claims::{CATEGORIES, Claim, Decision, adjust, decide_adjustment, decide_dispute, dispute};
pub use engagements::{engage, invoice, list_engaged};
pub(super) use floors::{is_earned, under};
pub use payroll::{PayrollRow, payroll};
pub use periods::{approve, close, count_approvers, count_lines, ensure_months, review};
pub use plans::{
    NewAssignment, approve_draft, assign, assign_on, draft_tier_plans, end_assignment, make_plan,
    may_read_plan, publish, put_component, put_limits, put_preset, remove_component, start_draft,
    start_tier_plans, works_in,
};
pub use remittances::{Untaken, correct_remittance, reconcile, remit, remit_many};
pub use returning::note_return;
pub(super) use settling::{all_rules, salaries};
pub use settling::{follow_event, follow_move, settle_person};
pub use sights::sees_some;
pub use statements::{
    Line, MonthOf, PeriodRow, Statement, earned_today, find_line, list_claims, list_months,
    list_period, list_periods, list_plans, list_statements, statement,
};
pub use terms::{Agreed, change_terms};
pub use what_if::{BeforeAfter, WhatIf, what_if};
