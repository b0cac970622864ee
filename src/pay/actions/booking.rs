//! Booking: how lines become a chain, each bound to all before it.

use std::collections::BTreeSet;

use ledger::{Book, Head, Kind};

use super::super::credit::Credit;
use super::super::entry::{Entry, What, Why, line_id, other_account, person_account};
use super::super::period::Calendar;
use super::super::settle::{self, NewLine, missing, why};
use super::super::store;
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
        let zone = self.firm.zone.clone();
        let today = || Month::of(act.now, &zone);
        for line in lines {
            let draft = match (wanted, written.last()) {
                (Some(credit), _) => {
                    let month = settle::month(credit, &zone).unwrap_or_else(today);
                    drafted(act.org, credit, &line, month)
                }
                (None, Some(last)) => withdrawn(act.org, last, &line, last.period),
                // Nothing is written and nothing wanted: `missing` makes no line of that.
                (None, None) => continue,
            };
            self.write(tx, act, &mut book, draft).await?;
        }
        Ok(())
    }
}

fn drafted(org: OrgId, credit: &Credit, line: &NewLine, month: Month) -> Draft {
    Draft {
        key: credit.key.clone(),
        ordinal: line.ordinal,
        kind: line.kind,
        person: credit.person,
        amount: line.amount,
        is_owed: line.is_owed,
        component: credit.component.clone(),
        version: Some((credit.version.plan, credit.version.version)),
        event: credit.cause.as_ref().and_then(|cause| cause.event),
        subject: credit.subject.clone(),
        company: credit.company,
        why: why(line, credit),
        corrects: line.corrects.map(|ordinal| line_id(org, &credit.key, ordinal)),
        month,
    }
}

/// A line that takes back what no rule wants any more.
fn withdrawn(org: OrgId, last: &Entry, line: &NewLine, month: Month) -> Draft {
    Draft {
        key: last.credit_key.clone(),
        ordinal: line.ordinal,
        kind: line.kind,
        person: last.person,
        amount: line.amount,
        is_owed: line.is_owed,
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
