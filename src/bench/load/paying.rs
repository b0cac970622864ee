//! Pay, by the same actions that the worker and the accountant use: plans, lines, closed months.

use super::world::World;
use crate::pay::actions as pay;
use crate::pay::period::PeriodState;
use crate::storage::Act;
use crate::values::*;

/// Monthly salaries by tier, in minor units.
const SALARIES: [i64; 3] = [45_000_00, 60_000_00, 70_000_00];

impl World {
    /// Publishes the plan of each tier and assigns everybody.
    pub(super) async fn start_pay(&mut self) -> Outcome<()> {
        let payroll = self.firm.payroll.clone();
        let act = self.act(Some(payroll.id()), self.opening);
        let from = self.opening.day(&payroll.zone).first_of_month();
        let effective_from = Instant::from_local(from.at(0, 0, 0, 0), &payroll.zone);
        let names = ["Привлечение", "Продажи", "Обслуживание"];
        let plans = pay::start_tier_plans(&act, names, effective_from).await?;
        let tiers = [&self.firm.callers, &self.firm.sellers, &self.firm.keepers];
        for ((plan, people), salary) in plans.into_iter().zip(tiers).zip(SALARIES) {
            for person in people {
                let salary = Money::new(salary, payroll.currency);
                let new = pay::NewAssignment { person: person.id, plan, from, until: None, salary };
                pay::assign(&act, new).await?;
            }
        }
        Ok(())
    }

    /// Books what everybody's events since the last time pay.
    pub(super) async fn pay(&mut self, now: Instant) -> Outcome<()> {
        let act = self.act(None, now);
        let since = std::mem::replace(&mut self.paid_since, now);
        let firm = &self.firm;
        for person in firm.callers.iter().chain(&firm.sellers).chain(&firm.keepers) {
            pay::settle_person(&act, person.id, since).await?;
        }
        Ok(())
    }

    /// Reviews, approves and closes every month that is over.
    pub(super) async fn close_months(&mut self, now: Instant) -> Outcome<()> {
        let (payroll, owner) = (self.firm.payroll.id(), self.firm.owner.id());
        let accountant = self.act(Some(payroll), now);
        pay::ensure_months(&accountant).await?;
        for (id, month, ends_at) in self.list_open(&accountant).await? {
            if ends_at > now {
                continue;
            }
            pay::review(&accountant, id).await?;
            pay::approve(&self.act(Some(owner), now), id).await?;
            let mut tx = self.db.read().await?;
            let (_, lines) = pay::count_lines(&mut tx, self.firm.org, month).await?;
            drop(tx);
            pay::close(&accountant, id, lines).await?;
        }
        Ok(())
    }

    async fn list_open(&self, act: &Act) -> Outcome<Vec<(PeriodId, Month, Instant)>> {
        let mut tx = self.db.read().await?;
        let all = pay::list_periods(&mut tx, act.org).await?;
        let open = all.into_iter().filter(|period| period.state == PeriodState::Open);
        Ok(open.map(|period| (period.id, period.month, period.ends_at)).collect())
    }
}
