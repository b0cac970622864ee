//! Booking: how events become lines, and lines a chain.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{Book, Head, Kind};

use super::super::credit::{Credit, credits};
use super::super::entry::{Entry, What, Why, line_id, other_account, person_account};
use super::super::period::{Calendar, PeriodState, salary};
use super::super::plan::{Rules, paying, pays};
use super::super::settle::{missing, why};
use super::super::store;
use crate::begin;
use crate::events::{self, Recorded};
use crate::people::{self, Firm};
use crate::storage::{Act, Tx};
use crate::values::*;

/// A line about to be written.
pub(super) struct Draft {
    pub key: String,
    pub ordinal: i64,
    pub kind: Kind,
    pub person: UserId,
    pub amount: Money,
    /// True where the person is owed more by it.
    pub is_owed: bool,
    pub component: String,
    pub version: Option<(PlanId, i64)>,
    pub event: Option<EventId>,
    pub subject: String,
    pub company: Option<CompanyId>,
    pub why: Why,
    pub corrects: Option<EntryId>,
    /// The month it belongs to; a closed one sends it to the next that is open.
    pub month: Month,
}

/// The firm's chain while one transaction writes to it.
pub(super) struct Chain {
    pub firm: Firm,
    pub calendar: Calendar,
    head: Head,
    months: BTreeSet<Month>,
}

impl Chain {
    /// Takes the end of the chain; nobody else writes until the transaction ends.
    pub(super) async fn hold(tx: &mut Tx, org: OrgId) -> Outcome<Self> {
        let head = store::entries::find_head_for_update(tx, org).await?;
        let firm = people::actions::firm(tx, org).await?;
        let calendar = store::periods::find_calendar(tx, org).await?;
        Ok(Self { firm, calendar, head, months: BTreeSet::new() })
    }

    /// Where the chain ends now.
    pub(super) fn head(&self) -> Head {
        self.head
    }

    /// Binds a line to the chain, after the book of its credit has taken it.
    pub(super) async fn write(
        &mut self,
        tx: &mut Tx,
        act: &Act,
        book: &mut Book,
        draft: Draft,
    ) -> Outcome<Entry> {
        let period = self.calendar.open_from(draft.month);
        let late = (period != draft.month).then(|| draft.month.to_string());
        if self.months.insert(period) {
            store::periods::insert_period(tx, act.org, period, &self.firm.zone, act.now).await?;
        }
        let why = Why { late, ..draft.why };
        let person = person_account(draft.person, draft.amount.currency);
        let other = other_account(&draft.component, draft.amount.currency);
        let (debit, credit) = if draft.is_owed { (other, person) } else { (person, other) };
        let mut entry = Entry {
            id: line_id(act.org, &draft.key, draft.ordinal),
            seq: i64::try_from(self.head.count).map_err(Error::failure)?,
            at: act.now,
            period,
            kind: draft.kind,
            debit,
            credit,
            amount: draft.amount,
            person: draft.person,
            version: draft.version,
            component: draft.component,
            credit_key: draft.key,
            ordinal: draft.ordinal,
            event: draft.event,
            subject: draft.subject,
            company: draft.company,
            reason: serde_json::to_string(&why).map_err(Error::failure)?,
            why,
            corrects: draft.corrects,
            previous_hash: String::new(),
            hash: String::new(),
        };
        let line = entry.line()?;
        book.apply(&line).map_err(Error::failure)?;
        let link = self.head.link(line);
        entry.previous_hash = link.previous.to_string();
        entry.hash = link.hash.to_string();
        store::entries::insert_entry(tx, act.org, &entry).await?;
        self.head = self.head.after(&link);
        tx.announce(format!("user:{}", entry.person));
        Ok(entry)
    }

    /// Keeps where the chain ends.
    pub(super) async fn release(self, tx: &mut Tx, org: OrgId) -> Outcome<()> {
        store::entries::update_head(tx, org, self.head).await
    }

    /// A book of the lines of one credit, with the closed months closed.
    pub(super) fn book(&self, written: &[Entry]) -> Outcome<Book> {
        let mut book = Book::new();
        for entry in written {
            book.apply(&entry.line()?).map_err(Error::failure)?;
        }
        for month in &self.calendar.closed {
            book.close(&month.to_string()).map_err(Error::failure)?;
        }
        Ok(book)
    }

    /// Writes what is missing of one credit.
    pub(super) async fn settle(
        &mut self,
        tx: &mut Tx,
        act: &Act,
        written: &[Entry],
        wanted: Option<&Credit>,
    ) -> Outcome<()> {
        let lines = missing(written, wanted);
        if lines.is_empty() {
            return Ok(());
        }
        let mut book = self.book(written)?;
        for line in lines {
            let month = match &line.stage {
                Some(stage) => Month::of(stage.at, &self.firm.zone),
                None => written
                    .last()
                    .map_or_else(|| Month::of(act.now, &self.firm.zone), |entry| entry.period),
            };
            let draft = match (wanted, written.last()) {
                (Some(credit), _) => drafted(act.org, credit, &line, month),
                (None, Some(last)) => withdrawn(act.org, last, &line, month),
                // Nothing is written and nothing wanted: `missing` makes no line of that.
                (None, None) => continue,
            };
            self.write(tx, act, &mut book, draft).await?;
        }
        Ok(())
    }
}

fn drafted(
    org: OrgId,
    credit: &Credit,
    line: &super::super::settle::NewLine,
    month: Month,
) -> Draft {
    Draft {
        key: credit.key.clone(),
        ordinal: line.ordinal,
        kind: line.kind,
        person: credit.person,
        amount: line.amount,
        is_owed: line.kind != Kind::Reversal,
        component: credit.component.code(),
        version: Some((credit.version.plan, credit.version.version)),
        event: line.stage.as_ref().map(|stage| stage.event),
        subject: credit.subject.clone(),
        company: credit.company,
        why: why(line, credit),
        corrects: line.corrects.map(|ordinal| line_id(org, &credit.key, ordinal)),
        month,
    }
}

/// A line that takes back what no rule wants any more.
fn withdrawn(
    org: OrgId,
    last: &Entry,
    line: &super::super::settle::NewLine,
    month: Month,
) -> Draft {
    Draft {
        key: last.credit_key.clone(),
        ordinal: line.ordinal,
        kind: line.kind,
        person: last.person,
        amount: line.amount,
        is_owed: line.kind != Kind::Reversal,
        component: last.component.clone(),
        version: last.version,
        event: last.event,
        subject: last.subject.clone(),
        company: last.company,
        why: Why { what: line.what, reason: Some("rules".to_owned()), ..last.why.clone() },
        corrects: line.corrects.map(|ordinal| line_id(org, &last.credit_key, ordinal)),
        month,
    }
}

/// The rules by which some people are paid.
pub(super) async fn rules_of(
    tx: &mut Tx,
    org: OrgId,
    people: impl IntoIterator<Item = UserId>,
) -> Outcome<Rules> {
    let mut assignments = Vec::new();
    for person in people {
        assignments.extend(store::plans::list_assignments_of(tx, org, person).await?);
    }
    let versions = if assignments.is_empty() {
        Vec::new()
    } else {
        store::plans::list_versions(tx, org).await?
    };
    Ok(Rules { assignments, versions })
}

/// Books what an event pays. A second delivery finds nothing missing.
pub async fn follow_event(act: &Act, event: &Recorded) -> Outcome<()> {
    if !pays(event) {
        return Ok(());
    }
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    settle_subject(&mut tx, act, &mut chain, &event.subject).await?;
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

async fn settle_subject(tx: &mut Tx, act: &Act, chain: &mut Chain, subject: &str) -> Outcome<()> {
    let all = events::list_for_subject(tx, act.org, subject).await?;
    let about: Vec<Recorded> = all.into_iter().filter(pays).collect();
    let people: BTreeSet<UserId> = about.iter().filter_map(|event| event.person).collect();
    let rules = rules_of(tx, act.org, people).await?;
    let mut written: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in store::entries::list_for_subject(tx, act.org, subject).await? {
        written.entry(entry.credit_key.clone()).or_default().push(entry);
    }
    let zone = chain.firm.zone.clone();
    for credit in credits(&about, &rules, &zone) {
        let lines = written.remove(&credit.key).unwrap_or_default();
        chain.settle(tx, act, &lines, Some(&credit)).await?;
    }
    for lines in written.values() {
        chain.settle(tx, act, lines, None).await?;
    }
    Ok(())
}

/// Counts again what a person earned since an instant, after their plan or its rules changed, and
/// the salaries of the months under review.
pub async fn settle_person(act: &Act, person: UserId, since: Instant) -> Outcome<()> {
    let mut tx = begin!(act);
    let mut chain = Chain::hold(&mut tx, act.org).await?;
    let span = (since, Instant(i64::MAX));
    let events = events::list_for_person(&mut tx, act.org, person, &paying(), span).await?;
    let subjects: BTreeSet<&str> =
        events.iter().filter(|event| pays(event)).map(|event| event.subject.as_str()).collect();
    for subject in subjects {
        settle_subject(&mut tx, act, &mut chain, subject).await?;
    }
    let rules = rules_of(&mut tx, act.org, [person]).await?;
    for period in store::periods::list_periods(&mut tx, act.org).await? {
        if period.state == PeriodState::Review
            && let Some(review) = period.review_event
        {
            settle_salaries(&mut tx, act, &mut chain, &rules, (period.month, review)).await?;
        }
    }
    chain.release(&mut tx, act.org).await?;
    tx.finish(()).await
}

/// Books the salaries of a month for everybody in the rules.
pub(super) async fn settle_salaries(
    tx: &mut Tx,
    act: &Act,
    chain: &mut Chain,
    rules: &Rules,
    (month, review): (Month, EventId),
) -> Outcome<()> {
    let zone = chain.firm.zone.clone();
    for assignment in &rules.assignments {
        let wanted = salary(assignment, month, review, rules, &zone)?;
        let subject = super::super::period::salary_subject(assignment.id, month);
        let written = store::entries::list_for_subject(tx, act.org, &subject).await?;
        chain.settle(tx, act, &written, wanted.as_ref()).await?;
    }
    Ok(())
}

/// A line by hand: an adjustment, the outcome of a dispute, a pay-out. Its sign is its direction.
pub(super) fn by_hand(
    (person, component): (UserId, &str),
    (key, subject): (String, String),
    signed: Money,
    why: (What, Option<String>),
    month: Month,
) -> Draft {
    let (what, text) = why;
    Draft {
        key,
        ordinal: 0,
        kind: Kind::Posted,
        person,
        amount: Money::new(signed.minor.saturating_abs(), signed.currency),
        is_owed: signed.minor > 0,
        component: component.to_owned(),
        version: None,
        event: None,
        subject,
        company: None,
        why: Why { text, ..Why::of(what) },
        corrects: None,
        month,
    }
}
