//! What a call by the product itself asks of the lead in its caller's hands: may they be called
//! now, and the lease that then waits for a result.
//!
//! Admission is the function that fills the queue, asked in the transaction that starts the call.

use super::admission::{Rule, Verdict, admit};
use super::store::queue::{self, Ask};
use super::{Lead, LeadRefusal, store};
use crate::campaigns;
use crate::companies::{self, CompanyPhone};
use crate::people;
use crate::storage::{Act, Tx};
use crate::values::*;

/// A rule forbids the call, until a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The rule.
    pub rule: Rule,
    /// When to ask again.
    pub until: Instant,
    /// The firm's zone, in which that moment is told.
    pub zone: Zone,
}

impl Refusal for Denied {
    fn code(&self) -> &'static str {
        "call-denied"
    }
    fn args(&self) -> Vec<(&'static str, String)> {
        let until = self.until.local(&self.zone).strftime("%d.%m.%Y %H:%M").to_string();
        let rule = self.rule.code().to_owned();
        vec![("rule", rule), ("until", until), ("until_at", self.until.rfc3339())]
    }
}

/// The numbers that may be called for a lead in somebody's hands; refuses, with the rule, where
/// none may be now.
pub async fn admit_in(tx: &mut Tx, act: &Act, lead: &Lead) -> Outcome<Vec<CompanyPhone>> {
    let campaign = campaigns::actions::find(tx, act.org, lead.campaign).await?;
    if !campaign.is_running() {
        return Err(LeadRefusal::NotRunning.into());
    }
    let firm = people::actions::firm(tx, act.org).await?;
    let ask = Ask { org: act.org, campaign: &campaign, zone: firm.zone.clone(), now: act.now };
    let found = queue::find_leased(tx, &ask, (lead.id, lead.generation)).await?;
    let mut facts = found.ok_or(LeadRefusal::StaleLease)?.facts;
    let phones =
        companies::actions::list_callable_phones(tx, act.org, lead.company, act.now).await?;
    // A number may be banned by itself, whoever carries it: only its hash knows.
    facts.is_suppressed |= facts.has_phone && phones.is_empty();
    match admit(&campaign.policy, &facts, act.now) {
        Verdict::Allow => Ok(phones),
        Verdict::Deny { rule, until } => Err(Denied { rule, until, zone: firm.zone }.into()),
    }
}

/// From here on the lease waits for a result: neither time nor a skip ends it.
pub async fn await_result_in(tx: &mut Tx, act: &Act, grant: (LeadId, i64)) -> Outcome<()> {
    match store::update_awaits_result(tx, act.org, grant, true).await? {
        0 => Err(LeadRefusal::StaleLease.into()),
        _ => Ok(()),
    }
}

/// The call that was begun under this lease was none, so that nothing is to be said of it.
pub async fn await_nothing_in(tx: &mut Tx, act: &Act, grant: (LeadId, i64)) -> Outcome<()> {
    store::update_awaits_result(tx, act.org, grant, false).await.map(drop)
}
