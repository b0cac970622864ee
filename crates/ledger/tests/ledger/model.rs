//! A second, naive book that predicts each reply of the real one.
//!
//! The model keeps nothing but the lines it took and the periods that are closed, and computes
//! everything anew from them with loops over all lines and sums in 128 bits. It was written from
//! the rules, shares no code with `Book`, and must give the same reply to the letter.

use ledger::{AccountId, Book, Currency, Kind, Line, LineId, Refusal, State, Sums};
use proptest::prelude::*;

use crate::{eur, many, usd, written};

#[derive(Default)]
struct Model {
    lines: Vec<Line>,
    closed: Vec<String>,
}

/// Pending debits, pending credits, posted debits, posted credits.
type Wide = [i128; 4];

impl Model {
    fn find(&self, id: &LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == *id)
    }

    fn following(&self, id: &LineId, kinds: &[Kind]) -> Option<&Line> {
        let names = |line: &&Line| line.corrects.as_ref() == Some(id) && kinds.contains(&line.kind);
        self.lines.iter().find(names)
    }

    fn wide<'a>(
        lines: impl Iterator<Item = &'a Line>,
        debited: impl Fn(&Line) -> bool,
        credited: impl Fn(&Line) -> bool,
    ) -> Wide {
        let mut sums = [0; 4];
        for line in lines {
            let minor = i128::from(line.amount.minor);
            let pending = match line.kind {
                Kind::Pending => minor,
                Kind::Post | Kind::Void => -minor,
                Kind::Posted | Kind::Reversal => 0,
            };
            let posted = match line.kind {
                Kind::Pending | Kind::Void => 0,
                Kind::Post | Kind::Posted | Kind::Reversal => minor,
            };
            if debited(line) {
                sums[0] += pending;
                sums[2] += posted;
            }
            if credited(line) {
                sums[1] += pending;
                sums[3] += posted;
            }
        }
        sums
    }

    fn account(&self, account: &AccountId, period: Option<&str>, more: Option<&Line>) -> Wide {
        let lines = self.lines.iter().chain(more);
        let lines = lines.filter(|line| period.is_none_or(|period| line.period == period));
        Self::wide(lines, |line| line.debit == *account, |line| line.credit == *account)
    }

    fn total(&self, currency: Currency, period: Option<&str>, more: Option<&Line>) -> Wide {
        let lines = self.lines.iter().chain(more);
        let lines = lines.filter(|line| period.is_none_or(|period| line.period == period));
        let lines = lines.filter(|line| line.amount.currency == currency);
        Self::wide(lines, |_| true, |_| true)
    }

    fn predict(&self, line: &Line) -> Result<(), Refusal> {
        let id = line.id.clone();
        if self.lines.contains(line) {
            return Err(Refusal::AlreadyBooked { id });
        }
        if self.find(&id).is_some() {
            return Err(Refusal::IdTaken { id });
        }
        if line.reason.trim().is_empty() {
            return Err(Refusal::Blank { field: "reason" });
        }
        if line.amount.minor <= 0 {
            return Err(Refusal::NotPositive { minor: line.amount.minor });
        }
        if line.debit == line.credit {
            return Err(Refusal::SameAccount { account: line.debit.clone() });
        }
        let follows = [Kind::Post, Kind::Void, Kind::Reversal].contains(&line.kind);
        if follows && line.corrects.is_none() {
            return Err(Refusal::NamesNothing { kind: line.kind });
        }
        if self.closed.contains(&line.period) {
            return Err(Refusal::PeriodClosed { period: line.period.clone() });
        }
        self.predict_currency(line)?;
        self.predict_names(line)?;
        self.predict_range(line)
    }

    fn predict_currency(&self, line: &Line) -> Result<(), Refusal> {
        for account in [&line.debit, &line.credit] {
            let uses = |known: &&Line| known.debit == *account || known.credit == *account;
            let expected = self.lines.iter().find(uses).map(|known| known.amount.currency);
            let found = line.amount.currency;
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                let account = account.clone();
                return Err(Refusal::CurrencyDiffers { account, expected, found });
            }
        }
        Ok(())
    }

    fn predict_names(&self, line: &Line) -> Result<(), Refusal> {
        let Some(id) = line.corrects.clone() else { return Ok(()) };
        let Some(named) = self.find(&id) else { return Err(Refusal::NoSuchLine { id }) };
        let mut expected = named.clone();
        match line.kind {
            Kind::Pending | Kind::Posted => return Ok(()),
            Kind::Post | Kind::Void => {
                if named.kind != Kind::Pending {
                    return Err(Refusal::NotPending { id });
                }
                if let Some(by) = self.following(&id, &[Kind::Post, Kind::Void]) {
                    return Err(Refusal::AlreadySettled { id, by: by.id.clone() });
                }
            }
            Kind::Reversal => {
                match named.kind {
                    Kind::Pending | Kind::Void => return Err(Refusal::NotPosted { id }),
                    Kind::Reversal => return Err(Refusal::ReversesReversal { id }),
                    Kind::Posted | Kind::Post => {}
                }
                if let Some(by) = self.following(&id, &[Kind::Reversal]) {
                    return Err(Refusal::AlreadyReversed { id, by: by.id.clone() });
                }
                std::mem::swap(&mut expected.debit, &mut expected.credit);
            }
        }
        if line.debit != expected.debit || line.credit != expected.credit {
            return Err(Refusal::AccountsDiffer { id });
        }
        if line.amount.minor != expected.amount.minor {
            return Err(Refusal::AmountDiffers { id });
        }
        Ok(())
    }

    fn predict_range(&self, line: &Line) -> Result<(), Refusal> {
        let fits = |sums: Wide| {
            let range = i128::from(i64::MIN)..=i128::from(i64::MAX);
            let net = -i128::from(i64::MAX)..=i128::from(i64::MAX);
            sums.iter().all(|sum| range.contains(sum))
                && net.contains(&(sums[0] - sums[1]))
                && net.contains(&(sums[2] - sums[3]))
        };
        let overflow = |account: &AccountId| Err(Refusal::Overflow { account: account.clone() });
        let currency = line.amount.currency;
        for period in [None, Some(line.period.as_str())] {
            for account in [&line.debit, &line.credit] {
                if !fits(self.account(account, period, Some(line))) {
                    return overflow(account);
                }
            }
            if !fits(self.total(currency, period, Some(line))) {
                return overflow(&line.debit);
            }
        }
        Ok(())
    }

    fn state(&self, line: &Line) -> State {
        match line.kind {
            Kind::Void => State::Voided,
            Kind::Posted | Kind::Post | Kind::Reversal => State::Posted,
            Kind::Pending if self.following(&line.id, &[Kind::Post]).is_some() => State::Posted,
            Kind::Pending if self.following(&line.id, &[Kind::Void]).is_some() => State::Voided,
            Kind::Pending => State::Pending,
        }
    }
}

/// What is tried on both books: lines made up, lines that follow one tried before (right, or
/// wrong in one way), lines delivered again, and closings.
#[derive(Debug, Clone)]
enum Try {
    New(Line),
    Follow { which: prop::sample::Index, kind: Kind, id: usize, period: usize, wrong: usize },
    Again { which: prop::sample::Index },
    Close { period: usize },
}

const ACCOUNTS: [&str; 4] = ["a", "b", "c", "d"];
const PERIODS: [&str; 3] = ["p0", "p1", "p2"];

fn made_up() -> impl Strategy<Value = Line> {
    let minor = prop_oneof![
        12 => 1..=5_i64,
        1 => Just(0),
        1 => Just(-3),
        2 => Just(i64::MAX / 2),
        1 => Just(i64::MAX),
    ];
    let kind = prop_oneof![4 => 0..2_usize, 1 => 2..5_usize];
    let corrects = prop_oneof![5 => Just(None), 1 => (0..25_usize).prop_map(Some)];
    let words = prop_oneof![15 => Just("because"), 1 => Just(" ")];
    let ends = (0..4_usize, 0..4_usize, prop_oneof![9 => Just(false), 1 => Just(true)]);
    (0..25_usize, ends, minor, kind, 0..3_usize, corrects, words).prop_map(
        |(id, (debit, credit, dollars), minor, kind, period, corrects, words)| Line {
            id: format!("{id}").into(),
            at_ms: 0,
            debit: ACCOUNTS[debit].into(),
            credit: ACCOUNTS[credit].into(),
            amount: if dollars { usd(minor) } else { eur(minor) },
            kind: Kind::ALL[kind],
            period: PERIODS[period].into(),
            reason: words.into(),
            source: "event".into(),
            corrects: corrects.map(|id| format!("{id}").into()),
        },
    )
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let follow = (any::<prop::sample::Index>(), 2..5_usize, 0..25_usize, 0..3_usize, 0..20_usize);
    let one = prop_oneof![
        6 => made_up().prop_map(Try::New),
        7 => follow.prop_map(|(which, kind, id, period, wrong)| {
            Try::Follow { which, kind: Kind::ALL[kind], id, period, wrong }
        }),
        1 => any::<prop::sample::Index>().prop_map(|which| Try::Again { which }),
        1 => (0..3_usize).prop_map(|period| Try::Close { period }),
    ];
    prop::collection::vec(one, 1..30)
}

/// A line that follows `line`; `wrong` from 0 to 3 spoils it in one way.
fn follow(line: &Line, kind: Kind, id: usize, period: usize, wrong: usize) -> Line {
    let (id, written) = (format!("{id}"), written(PERIODS[period]));
    let mut next = match kind {
        Kind::Void => line.void(id, written),
        Kind::Reversal => line.reversal(id, written),
        _ => line.post(id, written),
    };
    match wrong {
        0 => next.amount.minor = next.amount.minor.saturating_add(1),
        1 => std::mem::swap(&mut next.debit, &mut next.credit),
        2 => next.credit = ACCOUNTS[3].into(),
        3 => next.corrects = None,
        _ => {}
    }
    next
}

fn wide(sums: Sums) -> Wide {
    [sums.pending_debits, sums.pending_credits, sums.posted_debits, sums.posted_credits]
        .map(i128::from)
}

/// Every figure the book gives must be what the model computes anew.
fn compare(book: &Book, model: &Model) {
    assert!(book.lines().eq(&model.lines));
    for line in &model.lines {
        let id = line.id.as_str();
        assert_eq!(book.state(id), Some(model.state(line)), "state of {id}");
        let settled = model.following(&line.id, &[Kind::Post, Kind::Void]);
        assert_eq!(book.settled_by(id), settled, "settled {id}");
        let reversed = model.following(&line.id, &[Kind::Reversal]);
        assert_eq!(book.reversed_by(id), reversed, "reversed {id}");
    }
    for account in ACCOUNTS {
        let key = AccountId::from(account);
        let used = model.lines.iter().any(|line| line.debit == key || line.credit == key);
        let sums = book.balance(account).map(|balance| wide(balance.sums));
        assert_eq!(sums, used.then(|| model.account(&key, None, None)), "balance of {account}");
        for period in PERIODS {
            let sums = wide(book.period_sums(period, account));
            assert_eq!(sums, model.account(&key, Some(period), None), "{account} in {period}");
        }
    }
    for currency in [eur(0).currency, usd(0).currency] {
        assert_eq!(wide(book.total(currency)), model.total(currency, None, None));
        for period in PERIODS {
            let total = wide(book.period_total(period, currency));
            assert_eq!(total, model.total(currency, Some(period), None));
        }
    }
}

fn run(tries: &[Try]) -> Vec<Result<(), Refusal>> {
    let mut book = Book::new();
    let mut model = Model::default();
    let mut tried: Vec<Line> = Vec::new();
    let mut replies = Vec::new();
    for one in tries {
        let line = match one {
            Try::New(line) => line.clone(),
            Try::Close { period } => {
                let period = PERIODS[*period].to_owned();
                assert_eq!(book.close(&period).is_ok(), !model.closed.contains(&period));
                model.closed.push(period);
                continue;
            }
            Try::Follow { .. } | Try::Again { .. } if tried.is_empty() => continue,
            Try::Follow { which, kind, id, period, wrong } => {
                follow(&tried[which.index(tried.len())], *kind, *id, *period, *wrong)
            }
            Try::Again { which } => tried[which.index(tried.len())].clone(),
        };
        let predicted = model.predict(&line);
        assert_eq!(book.check(&line), predicted, "before {line:?}");
        assert_eq!(book.apply(&line), predicted, "for {line:?}");
        if predicted.is_ok() {
            model.lines.push(line.clone());
        }
        tried.push(line);
        replies.push(predicted);
    }
    compare(&book, &model);
    replies
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn the_model_predicts_every_reply(tries in tries()) {
        run(&tries);
    }
}

/// A model test that never meets a rule proves nothing about it: over a fixed run of cases, each
/// reply there is must have come up.
#[test]
fn the_model_meets_every_rule() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut met = std::collections::BTreeSet::new();
    for _ in 0..3_000 {
        for reply in run(&tries().new_tree(&mut runner).unwrap().current()) {
            let told = format!("{reply:?}");
            let name = told.trim_start_matches("Err(").split([' ', '(']).next().unwrap_or_default();
            met.insert(name.to_owned());
        }
    }
    let every = [
        "AccountsDiffer",
        "AlreadyBooked",
        "AlreadyReversed",
        "AlreadySettled",
        "AmountDiffers",
        "Blank",
        "CurrencyDiffers",
        "IdTaken",
        "NamesNothing",
        "NoSuchLine",
        "NotPending",
        "NotPositive",
        "NotPosted",
        "Ok",
        "Overflow",
        "PeriodClosed",
        "ReversesReversal",
        "SameAccount",
    ];
    assert_eq!(met.iter().map(String::as_str).collect::<Vec<_>>(), every);
}
