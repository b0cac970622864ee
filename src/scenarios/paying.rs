//! Pay: plans, the month's way from open to closed, statements; and the owner's funnel.

use super::people::Person;
use super::screens::Page;

/// The month of the story.
pub const NOVEMBER: &str = "November 2026";

impl Person<'_> {
    /// Publishes the usual plan of each tier from a day on.
    pub async fn publishes_the_usual_plans(&self, day: &str) {
        self.fills("/pay/plans", "/pay/plans/usual", &[("day", day)]).await;
    }
    /// Pays somebody by the plan of a tier, with a salary where there is one.
    pub async fn pays(&self, login: &str, tier: usize, salary: &str) {
        let plan = self.opens("/pay/plans").await;
        let plan = plan.row(["", "Acquisition", "Sales", "Service"][tier]);
        let plan = plan.links_to("/pay/plans/").remove(0);
        let typed = [("user", &*self.firm.id(login)), ("day", "2026-11-01"), ("salary", salary)];
        self.fills(&plan, &format!("{plan}/assignments"), &typed).await;
    }
    /// The address of a month.
    pub async fn month(&self, name: &str) -> String {
        self.opens("/pay").await.link(name)
    }
    /// One's own statement of a month.
    pub async fn statement(&self, month: &str) -> Page {
        let statement = self.opens("/pay/me").await.link(month);
        self.opens(&statement).await
    }
}

/// Who pays sends the month to review, the owner approves it.
pub async fn november_is_reviewed(payroll: &Person<'_>, owner: &Person<'_>) -> Page {
    let month = payroll.month(NOVEMBER).await;
    payroll.fills(&month, &format!("{month}/review"), &[]).await;
    owner.fills(&month, &format!("{month}/approval"), &[]).await
}

/// Who pays closes the month for good, with the number of its lines typed again.
pub async fn november_is_closed(payroll: &Person<'_>, lines: &str) {
    let month = payroll.month(NOVEMBER).await;
    let closed = payroll.fills(&month, &format!("{month}/closing"), &[("confirm", lines)]).await;
    closed.says("closed");
}

/// Every line of a statement says why it is there, and leads to what earned it.
pub async fn every_line_opens(person: &Person<'_>, statement: &Page, lines: usize) {
    let found = statement.links_to("/pay/lines/");
    assert_eq!(found.len(), lines, "{}", statement.text());
    for line in found {
        let page = person.opens(&line).await;
        if page.text().contains("Salary") {
            continue;
        }
        let facts = page.links();
        let records = ["/handoffs/", "/meetings/", "/leads/", "/contracts/", "/clients/"];
        let record = facts.iter().find(|href| records.iter().any(|noun| href.starts_with(noun)));
        let record = record.unwrap_or_else(|| panic!("{line} leads nowhere: {}", page.text()));
        person.opens(record).await;
    }
}

/// Every number of the report opens exactly the records it counts.
pub async fn every_number_opens(owner: &Person<'_>, report: &Page) {
    let numbers = report.links_to("/reports/records");
    assert!(numbers.len() > 20, "only {} numbers open", numbers.len());
    for number in &numbers {
        let records = owner.opens(number).await;
        let count = records.rows();
        let said = records.text();
        assert!(count > 0 || said.contains(" 0 · "), "{number}: {said}");
        assert!(said.contains(&format!(" {count} · ")), "{number} shows {count} rows: {said}");
    }
}
