//! Pay in the demo: plans published before the first call, every past month reviewed and closed.

use jiff::civil::Date;

use super::days;
use super::story::Story;
use crate::pay::actions as pay;
use crate::pay::period::PeriodState;
use crate::values::*;

/// Who works in which tiers, and for which monthly salary in major units of roubles: only the plan
/// of service has one.
const SALARIES: [(&str, &[usize], i64); 9] = [
    ("caller1", &[0], 0),
    ("caller2", &[0], 0),
    ("caller3", &[0], 0),
    ("caller4", &[0], 0),
    ("seller1", &[1], 0),
    ("seller2", &[1], 0),
    ("hunter", &[0, 1, 2], 0),
    ("service1", &[2], 70_000),
    ("service2", &[2], 70_000),
];

impl Story {
    /// Publishes the plan of each tier and assigns everybody.
    pub(super) async fn start_pay(&mut self) -> Outcome<()> {
        let payroll = self.viewer("payroll")?;
        let zone = payroll.zone.clone();
        let from = self.now().day(&zone).first_of_month();
        let effective_from = Instant::from_local(from.at(0, 0, 0, 0), &zone);
        let names = match self.firm.lang {
            Lang::Ru => ["Привлечение", "Продажи", "Обслуживание"],
            Lang::En => ["Acquisition", "Sales", "Service"],
        };
        let made = pay::start_tier_plans(&self.act(&payroll), names, effective_from).await?;
        for (login, tiers, salary) in SALARIES {
            let person = self.viewer(login)?.id();
            for tier in tiers {
                let Some(plan) = made.get(*tier).copied() else { continue };
                self.assign(person, plan, from, salary).await?;
            }
        }
        Ok(())
    }

    async fn assign(
        &mut self,
        person: UserId,
        plan: PlanId,
        from: Date,
        salary: i64,
    ) -> Outcome<()> {
        let payroll = self.viewer("payroll")?;
        let scale = if payroll.currency == Currency::Rub { 1 } else { 25 };
        let salary = Money::new(salary * 100 / scale, payroll.currency);
        let new = pay::NewAssignment { person, plan, from, until: None, salary };
        pay::assign(&self.act(&payroll), new).await.map(|_| ())
    }

    /// Reviews, approves and closes every month that has ended, but the last one: that is left for
    /// whoever looks at the demo.
    pub(super) async fn close_months(&mut self) -> Outcome<()> {
        let (payroll, owner) = (self.viewer("payroll")?, self.viewer("owner")?);
        pay::ensure_months(&self.act(&payroll)).await?;
        let mut tx = self.db.read().await?;
        let all = pay::list_periods(&mut tx, self.firm.org).await?;
        drop(tx);
        let present = days::present_month(self.firm.lang, self.until);
        for period in all {
            let is_over = period.ends_at <= self.now() && period.ends_at < present;
            if period.state != PeriodState::Open || !is_over {
                continue;
            }
            pay::review(&self.act(&payroll), period.id).await?;
            self.pass_minutes(10, 30);
            pay::approve(&self.act(&owner), period.id).await?;
            self.pass_minutes(5, 10);
            let mut tx = self.db.read().await?;
            let (_, lines) = pay::count_lines(&mut tx, self.firm.org, period.month).await?;
            drop(tx);
            pay::close(&self.act(&payroll), period.id, lines).await?;
        }
        Ok(())
    }
}
