//! The book: lines folded one after another, each checked against all before it.
//!
//! A book holds no truth of its own. It is computed from lines and can be thrown away; the same
//! lines in the same order always make an equal book. It takes a line whole or refuses it and
//! stays as it was. Closing a period is not a line: whoever keeps the lines keeps beside them
//! after how many a period was closed, and [`Book::replay`] does the same again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use thiserror::Error;

use crate::amount::Currency;
use crate::line::{AccountId, Kind, Line, LineId, State};
use crate::refusal::Refusal;
use crate::sums::{Balance, Side, Sums};

/// A line taken, with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    line: Line,
    /// The place and the state given by the `Post` or `Void`, for a pending line.
    settled: Option<(usize, State)>,
    /// The place of the `Reversal`.
    reversed: Option<usize>,
}

/// The sums of one period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Period {
    accounts: BTreeMap<AccountId, Sums>,
    totals: BTreeMap<Currency, Sums>,
}

/// All lines so far and what they add up to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    entries: Vec<Entry>,
    places: HashMap<LineId, usize>,
    accounts: BTreeMap<AccountId, Balance>,
    totals: BTreeMap<Currency, Sums>,
    periods: BTreeMap<String, Period>,
    closed: BTreeSet<String>,
}

/// That a period was closed, and when in the sequence of lines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Closing {
    /// The period.
    pub period: String,
    /// How many lines the book had; [`Book::count`] at the moment of closing.
    pub after: usize,
}

/// A period cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClosingRefusal {
    /// It was closed before; a period closes once and never opens again.
    #[error("period {period} is already closed")]
    AlreadyClosed {
        /// The period.
        period: String,
    },
    /// Its name says nothing.
    #[error("a period needs a name")]
    Blank,
}

/// Stored lines do not make a book.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unplayable {
    /// A stored line breaks a rule.
    #[error("line {index} cannot be booked: {refusal}")]
    Line {
        /// Its place, from zero.
        index: usize,
        /// Why.
        refusal: Refusal,
    },
    /// A stored closing breaks a rule, or stands out of order or after the last line.
    #[error("the closing of period {period} after {after} lines does not fit the lines")]
    Closing {
        /// The period.
        period: String,
        /// Where it stands.
        after: usize,
    },
}

/// The new sums one line leads to, computed before anything is changed.
struct Change {
    debit: Sums,
    credit: Sums,
    total: Sums,
    period_debit: Sums,
    period_credit: Sums,
    period_total: Sums,
}

impl Book {
    /// An empty book.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds a book from stored lines and closings, both in the order they were written.
    ///
    /// # Errors
    /// [`Unplayable`] at the first line or closing that breaks a rule.
    pub fn replay<'a>(
        lines: impl IntoIterator<Item = &'a Line>,
        closings: &[Closing],
    ) -> Result<Self, Unplayable> {
        let mut book = Self::new();
        let mut closings = closings.iter().peekable();
        for (index, line) in lines.into_iter().enumerate() {
            while let Some(closing) = closings.next_if(|closing| closing.after <= index) {
                book.close_again(closing)?;
            }
            book.apply(line).map_err(|refusal| Unplayable::Line { index, refusal })?;
        }
        closings.try_for_each(|closing| book.close_again(closing))?;
        Ok(book)
    }

    fn close_again(&mut self, closing: &Closing) -> Result<(), Unplayable> {
        let unplayable =
            || Unplayable::Closing { period: closing.period.clone(), after: closing.after };
        if closing.after != self.count() {
            return Err(unplayable());
        }
        self.close(&closing.period).map(drop).map_err(|_| unplayable())
    }

    /// Takes a line whole, or refuses it and stays as it was.
    ///
    /// # Errors
    /// A [`Refusal`]; [`Refusal::AlreadyBooked`] when this very line was taken before.
    pub fn apply(&mut self, line: &Line) -> Result<(), Refusal> {
        let change = self.judge(line)?;
        self.take(line, &change);
        Ok(())
    }

    /// What [`Book::apply`] would answer, without taking the line.
    ///
    /// # Errors
    /// As [`Book::apply`].
    pub fn check(&self, line: &Line) -> Result<(), Refusal> {
        self.judge(line).map(drop)
    }

    /// Closes a period for good: no later line may fall into it, and its sums stay. A period
    /// without lines may be closed too.
    ///
    /// # Errors
    /// [`ClosingRefusal`] when it is closed already or has a blank name.
    pub fn close(&mut self, period: &str) -> Result<Closing, ClosingRefusal> {
        if period.trim().is_empty() {
            return Err(ClosingRefusal::Blank);
        }
        if !self.closed.insert(period.to_owned()) {
            return Err(ClosingRefusal::AlreadyClosed { period: period.to_owned() });
        }
        Ok(Closing { period: period.to_owned(), after: self.count() })
    }

    /// How many lines were taken.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// The lines in the order they were taken.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        self.entries.iter().map(|entry| &entry.line)
    }

    /// The line of that id.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.entry(id).map(|entry| &entry.line)
    }

    /// What has become of a line. A `Post` and a `Reversal` are posted, a `Void` is voided.
    #[must_use]
    pub fn state(&self, id: &str) -> Option<State> {
        let entry = self.entry(id)?;
        Some(match (entry.line.kind, entry.settled) {
            (_, Some((_, state))) => state,
            (Kind::Pending, None) => State::Pending,
            (Kind::Posted | Kind::Post | Kind::Reversal, None) => State::Posted,
            (Kind::Void, None) => State::Voided,
        })
    }

    /// The `Post` or `Void` that settled a pending line.
    #[must_use]
    pub fn settled_by(&self, id: &str) -> Option<&Line> {
        let (place, _) = self.entry(id)?.settled?;
        self.entries.get(place).map(|entry| &entry.line)
    }

    /// The `Reversal` of a line. A pending line that was posted is reversed through its `Post`.
    #[must_use]
    pub fn reversed_by(&self, id: &str) -> Option<&Line> {
        let place = self.entry(id)?.reversed?;
        self.entries.get(place).map(|entry| &entry.line)
    }

    /// The balance of an account; none when no line ever named it.
    #[must_use]
    pub fn balance(&self, account: &str) -> Option<Balance> {
        self.accounts.get(account).copied()
    }

    /// Every account with its balance, by name.
    pub fn balances(&self) -> impl Iterator<Item = (&AccountId, &Balance)> {
        self.accounts.iter()
    }

    /// The sums of all accounts of a currency. Debits equal credits, always.
    #[must_use]
    pub fn total(&self, currency: Currency) -> Sums {
        self.totals.get(&currency).copied().unwrap_or_default()
    }

    /// The periods that have lines or are closed, by name, each with whether it is closed.
    pub fn periods(&self) -> impl Iterator<Item = (&str, bool)> {
        let names: BTreeSet<&String> = self.periods.keys().chain(&self.closed).collect();
        names.into_iter().map(|name| (name.as_str(), self.closed.contains(name)))
    }

    /// Whether a period is closed.
    #[must_use]
    pub fn is_closed(&self, period: &str) -> bool {
        self.closed.contains(period)
    }

    /// What the lines of one period add to an account. Over all periods these sum to its balance.
    #[must_use]
    pub fn period_sums(&self, period: &str, account: &str) -> Sums {
        let period = self.periods.get(period);
        period.and_then(|period| period.accounts.get(account)).copied().unwrap_or_default()
    }

    /// What the lines of one period add over all accounts of a currency. Debits equal credits.
    #[must_use]
    pub fn period_total(&self, period: &str, currency: Currency) -> Sums {
        let period = self.periods.get(period);
        period.and_then(|period| period.totals.get(&currency)).copied().unwrap_or_default()
    }

    fn entry(&self, id: &str) -> Option<&Entry> {
        self.places.get(id).and_then(|place| self.entries.get(*place))
    }

    /// Every rule, in the order the variants of `Refusal` stand.
    fn judge(&self, line: &Line) -> Result<Change, Refusal> {
        if let Some(known) = self.entry(line.id.as_str()) {
            let id = line.id.clone();
            return Err(if known.line == *line {
                Refusal::AlreadyBooked { id }
            } else {
                Refusal::IdTaken { id }
            });
        }
        judge_form(line)?;
        if self.is_closed(&line.period) {
            return Err(Refusal::PeriodClosed { period: line.period.clone() });
        }
        self.judge_currency(line, &line.debit)?;
        self.judge_currency(line, &line.credit)?;
        if let Some(id) = &line.corrects {
            let named =
                self.entry(id.as_str()).ok_or_else(|| Refusal::NoSuchLine { id: id.clone() })?;
            self.judge_named(line, named)?;
        }
        self.change(line)
    }

    fn judge_currency(&self, line: &Line, account: &AccountId) -> Result<(), Refusal> {
        match self.accounts.get(account) {
            Some(balance) if balance.currency != line.amount.currency => {
                Err(Refusal::CurrencyDiffers {
                    account: account.clone(),
                    expected: balance.currency,
                    found: line.amount.currency,
                })
            }
            _ => Ok(()),
        }
    }

    /// The rules about the line that `line` names.
    fn judge_named(&self, line: &Line, named: &Entry) -> Result<(), Refusal> {
        let id = named.line.id.clone();
        let by = |place: usize| self.entries[place].line.id.clone();
        let swapped = match line.kind {
            // These may refer to any line, and nothing has to match.
            Kind::Pending | Kind::Posted => return Ok(()),
            Kind::Post | Kind::Void => {
                if named.line.kind != Kind::Pending {
                    return Err(Refusal::NotPending { id });
                }
                if let Some((place, _)) = named.settled {
                    return Err(Refusal::AlreadySettled { id, by: by(place) });
                }
                false
            }
            Kind::Reversal => {
                if !named.line.kind.counts() {
                    return Err(Refusal::NotPosted { id });
                }
                if named.line.kind == Kind::Reversal {
                    return Err(Refusal::ReversesReversal { id });
                }
                if let Some(place) = named.reversed {
                    return Err(Refusal::AlreadyReversed { id, by: by(place) });
                }
                true
            }
        };
        let sides = if swapped { (&line.credit, &line.debit) } else { (&line.debit, &line.credit) };
        if sides != (&named.line.debit, &named.line.credit) {
            return Err(Refusal::AccountsDiffer { id });
        }
        if line.amount != named.line.amount {
            return Err(Refusal::AmountDiffers { id });
        }
        Ok(())
    }

    /// The sums after the line, refused when one does not fit.
    fn change(&self, line: &Line) -> Result<Change, Refusal> {
        let currency = line.amount.currency;
        let debit = Sums::of(line.kind, Side::Debit, line.amount.minor);
        let credit = Sums::of(line.kind, Side::Credit, line.amount.minor);
        let overflow = |account: &AccountId| Refusal::Overflow { account: account.clone() };
        let add = |before: Sums, more: &Sums, account: &AccountId| {
            before.plus(more).ok_or_else(|| overflow(account))
        };
        let both = |before: Sums| {
            let total = before.plus(&debit).and_then(|sums| sums.plus(&credit));
            total.ok_or_else(|| overflow(&line.debit))
        };
        let sums = |account: &AccountId| {
            self.accounts.get(account).map(|balance| balance.sums).unwrap_or_default()
        };
        let period = |account: &AccountId| self.period_sums(&line.period, account.as_str());
        Ok(Change {
            debit: add(sums(&line.debit), &debit, &line.debit)?,
            credit: add(sums(&line.credit), &credit, &line.credit)?,
            total: both(self.total(currency))?,
            period_debit: add(period(&line.debit), &debit, &line.debit)?,
            period_credit: add(period(&line.credit), &credit, &line.credit)?,
            period_total: both(self.period_total(&line.period, currency))?,
        })
    }

    /// Writes what `judge` allowed. Nothing here can fail, so a line is never half taken.
    fn take(&mut self, line: &Line, change: &Change) {
        let place = self.entries.len();
        let currency = line.amount.currency;
        let balance = |sums| Balance { currency, sums };
        self.accounts.insert(line.debit.clone(), balance(change.debit));
        self.accounts.insert(line.credit.clone(), balance(change.credit));
        self.totals.insert(currency, change.total);
        let period = self.periods.entry(line.period.clone()).or_default();
        period.accounts.insert(line.debit.clone(), change.period_debit);
        period.accounts.insert(line.credit.clone(), change.period_credit);
        period.totals.insert(currency, change.period_total);

        let named = line.corrects.as_ref().and_then(|id| self.places.get(id)).copied();
        if let Some(named) = named.and_then(|place| self.entries.get_mut(place)) {
            match line.kind {
                Kind::Post => named.settled = Some((place, State::Posted)),
                Kind::Void => named.settled = Some((place, State::Voided)),
                Kind::Reversal => named.reversed = Some(place),
                Kind::Pending | Kind::Posted => {}
            }
        }
        self.places.insert(line.id.clone(), place);
        self.entries.push(Entry { line: line.clone(), settled: None, reversed: None });
    }
}

/// The rules a line keeps or breaks on its own, whatever is in the book.
fn judge_form(line: &Line) -> Result<(), Refusal> {
    let texts = [
        ("id", line.id.as_str()),
        ("debit", line.debit.as_str()),
        ("credit", line.credit.as_str()),
        ("period", &line.period),
        ("reason", &line.reason),
        ("source", &line.source),
    ];
    if let Some((field, _)) = texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(Refusal::Blank { field });
    }
    if line.amount.minor < 1 {
        return Err(Refusal::NotPositive { minor: line.amount.minor });
    }
    if line.debit == line.credit {
        return Err(Refusal::SameAccount { account: line.debit.clone() });
    }
    if line.kind.names_another() && line.corrects.is_none() {
        return Err(Refusal::NamesNothing { kind: line.kind });
    }
    Ok(())
}
