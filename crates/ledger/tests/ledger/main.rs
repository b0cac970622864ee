//! The ledger from outside: rule tables, properties, and a model that predicts every reply.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its situation should stop there")]

mod amounts;
mod arithmetic_properties;
mod book_properties;
mod books;
mod chains;
mod model;

use ledger::{Amount, Currency, Kind, Line, Written};
use proptest::test_runner::Config;

/// At least ten thousand cases each; `PROPTEST_CASES` asks for more, as the nightly run does.
fn many() -> Config {
    let asked = Config::default();
    Config { cases: asked.cases.max(10_000), failure_persistence: None, ..asked }
}

fn eur(minor: i64) -> Amount {
    Amount::new(minor, Currency::new("EUR").unwrap())
}

fn usd(minor: i64) -> Amount {
    Amount::new(minor, Currency::new("USD").unwrap())
}

/// A line that breaks no rule: 100 from `cost` to `anna` in period `p1`.
fn line(id: &str, kind: Kind) -> Line {
    Line {
        id: id.into(),
        at_ms: 1_000,
        debit: "cost".into(),
        credit: "anna".into(),
        amount: eur(100),
        kind,
        period: "p1".into(),
        reason: "because".into(),
        source: "event".into(),
        corrects: None,
    }
}

fn written(period: &str) -> Written {
    Written {
        at_ms: 2_000,
        period: period.into(),
        reason: "afterwards".into(),
        source: "later event".into(),
    }
}
