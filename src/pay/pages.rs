//! Pay on screen: one's own months, the team's, a statement, a line that explains itself.

pub(super) mod assigning;
mod claims;
mod draft;
mod editor;
mod groups;
mod payroll;
mod periods;
mod plans;
mod remittances;
mod statement;
mod typed;
mod what_if;
pub(super) mod whole;

pub use assigning::{assign, change_terms, end_assignment, show_terms};
pub use claims::{adjust, decide_adjustment, decide_dispute, dispute};
pub use draft::{approve_draft, publish, put_component, put_limits, remove_component, start_draft};
pub use editor::{put_whole, show_whole};
pub use payroll::{
    PAYROLL_COLUMNS, days_of, invoice_csv, payroll_csv, payroll_table, show_invoice,
};
pub use periods::{approve, close, index, review, show_period};
pub use plans::{make_plan, plans, show_plan, start_tier_plans};
pub use remittances::{
    correct_remittance, engage, engagement_of, remit, remit_file, remittances_csv,
    show_engagements, show_remittances,
};
pub use statement::{Told, me, show_line, show_statement, told};
pub(super) use what_if::span;
pub use what_if::what_if;

use std::collections::BTreeSet;

use super::wording::Names;
use crate::companies;
use crate::storage::Tx;
use crate::values::*;

/// Names of the companies that lines speak of.
pub async fn names_of(
    tx: &mut Tx,
    org: OrgId,
    ids: impl IntoIterator<Item = Option<CompanyId>>,
) -> Outcome<Names> {
    let ids: BTreeSet<CompanyId> = ids.into_iter().flatten().collect();
    let ids: Vec<CompanyId> = ids.into_iter().collect();
    let found = companies::actions::list_by_ids(tx, org, &ids).await?;
    Ok(found.into_iter().map(|company| (company.id, company.name)).collect())
}

/// The start of the reader's day.
pub(crate) fn day_start(now: Instant, zone: &Zone) -> Instant {
    midnight(now.day(zone), zone)
}

/// Reads a typed sum that may be taken away: `-350`, `−350,00`.
pub(super) fn signed_money(text: &str, currency: Currency) -> Outcome<Money> {
    let text = text.trim();
    let rest = text.strip_prefix('-').or_else(|| text.strip_prefix('−'));
    let read = Money::typed(rest.unwrap_or(text), currency)
        .map_err(|problem| Fields::one("amount", problem.code()))?;
    let minor = if rest.is_some() { -read.minor } else { read.minor };
    Ok(Money::new(minor, currency))
}

/// Reads a typed whole number.
pub(super) fn number(field: &'static str, text: &str) -> Outcome<i64> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits.parse().map_err(|_| Fields::one(field, "not-a-number"))
}

/// Reads a typed day.
pub(crate) fn day(field: &'static str, text: &str) -> Outcome<jiff::civil::Date> {
    text.trim().parse().map_err(|_| Fields::one(field, "not-a-date"))
}
