//! Reading: what payroll takes over from a closed month.

use super::super::engagement::{self, Engagement};
use super::super::entry::{OPENING, PAYOUT};
use super::super::period::Period;
use super::super::store;
use super::statements::list_statements;
use crate::people::{User, Viewer};
use crate::storage::Tx;
use crate::values::*;

/// A line of the payroll file.
#[derive(Debug, Clone)]
pub struct PayrollRow {
    /// Who.
    pub person: User,
    /// How they are engaged in the month.
    pub engagement: Engagement,
    /// The component.
    pub component: String,
    /// What counts.
    pub gross: Money,
    /// What all rows of the person add up to in that currency: what their statement says is due.
    pub total: Money,
}

/// What payroll takes over from a closed month, in the order of its page: what was carried over and
/// each component. A person's rows add up to what is due to them; the pay-out is none of them.
pub async fn payroll(
    tx: &mut Tx,
    viewer: &Viewer,
    id: PeriodId,
) -> Outcome<(Period, Vec<PayrollRow>)> {
    let found = store::periods::find_period(tx, viewer.org, id).await?;
    let period = found.filter(|period| period.closed.is_some()).ok_or(Error::NotFound)?;
    let sums = store::entries::list_payroll(tx, viewer.org, period.month).await?;
    let noted = store::engagements::list_engagements(tx, viewer.org).await?;
    let mut rows = Vec::new();
    for due in list_statements(tx, viewer, period.month).await? {
        let is_due = |who: UserId, gross: Money| {
            who == due.person.id && gross.currency == due.opening.currency && gross.minor != 0
        };
        let engagement = engagement::in_month(&noted, due.person.id, period.month);
        let opening = (due.person.id, OPENING.to_owned(), due.opening);
        let earned = sums.iter().filter(|(_, component, _)| component != PAYOUT).cloned();
        let of_person = std::iter::once(opening).chain(earned);
        rows.extend(of_person.filter(|(who, _, gross)| is_due(*who, *gross)).map(
            |(_, component, gross)| PayrollRow {
                person: due.person.clone(),
                engagement: engagement.clone(),
                component,
                gross,
                total: due.due,
            },
        ));
    }
    Ok((period, rows))
}
