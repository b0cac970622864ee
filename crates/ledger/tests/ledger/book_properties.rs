//! Properties of the book over generated histories that break no rule.

use ledger::{Book, Closing, Kind, Line, Refusal, Sums, Written};
use proptest::prelude::*;

use crate::{eur, many, usd};

/// One thing that happens in a generated history.
#[derive(Debug, Clone)]
enum Event {
    New { pending: bool, from: usize, to: usize, minor: i64, period: usize },
    Settle { which: prop::sample::Index, post: bool, period: usize },
    Reverse { which: prop::sample::Index, period: usize },
}

fn event() -> impl Strategy<Value = Event> {
    let minor = prop_oneof![1..=9_i64, 1..=1_000_000_000_i64];
    let new = (any::<bool>(), 0..4_usize, 1..4_usize, minor, 0..3_usize);
    let settle = (any::<prop::sample::Index>(), any::<bool>(), 0..3_usize);
    let reverse = (any::<prop::sample::Index>(), 0..3_usize);
    prop_oneof![
        3 => new.prop_map(|(pending, from, step, minor, period)| {
            Event::New { pending, from, to: (from + step) % 4, minor, period }
        }),
        2 => settle.prop_map(|(which, post, period)| Event::Settle { which, post, period }),
        1 => reverse.prop_map(|(which, period)| Event::Reverse { which, period }),
    ]
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(event(), 1..20)
}

fn written(period: usize) -> Written {
    let (reason, source) = ("because".into(), "event".into());
    Written { at_ms: 0, period: format!("p{period}"), reason, source }
}

/// Lines for the events that are possible; accounts 0 to 3 in EUR, and the same names with `usd`
/// in front for odd amounts in USD.
fn history(events: &[Event]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let id = format!("line {number}");
        let follows = |kind: Kind, line: &&Line| {
            let named =
                |other: &Line| other.kind == kind && other.corrects == Some(line.id.clone());
            lines.iter().any(named)
        };
        let pick = |which: &prop::sample::Index, open: Vec<&Line>| {
            (!open.is_empty()).then(|| open[which.index(open.len())].clone())
        };
        let next = match event {
            Event::New { pending, from, to, minor, period } => {
                Some(new_line(&id, *pending, (*from, *to), *minor, *period))
            }
            Event::Settle { which, post, period } => {
                let open = lines.iter().filter(|line| {
                    line.kind == Kind::Pending
                        && !follows(Kind::Post, line)
                        && !follows(Kind::Void, line)
                });
                pick(which, open.collect()).map(|line| match post {
                    true => line.post(id, written(*period)),
                    false => line.void(id, written(*period)),
                })
            }
            Event::Reverse { which, period } => {
                let open = lines.iter().filter(|line| {
                    matches!(line.kind, Kind::Posted | Kind::Post) && !follows(Kind::Reversal, line)
                });
                pick(which, open.collect()).map(|line| line.reversal(id, written(*period)))
            }
        };
        lines.extend(next);
    }
    lines
}

fn new_line(id: &str, pending: bool, ends: (usize, usize), minor: i64, period: usize) -> Line {
    let prefix = if minor % 2 == 0 { "" } else { "usd" };
    let Written { at_ms, period, reason, source } = written(period);
    Line {
        id: id.into(),
        at_ms,
        debit: format!("{prefix}{}", ends.0).into(),
        credit: format!("{prefix}{}", ends.1).into(),
        amount: if minor % 2 == 0 { eur(minor) } else { usd(minor) },
        kind: if pending { Kind::Pending } else { Kind::Posted },
        period,
        reason,
        source,
        corrects: None,
    }
}

/// Lines that name no other, in two orders.
fn independent() -> impl Strategy<Value = (Vec<Line>, Vec<Line>)> {
    let row = (any::<bool>(), 0..4_usize, 1..4_usize, 1..99_i64, 0..3_usize);
    let lines = prop::collection::vec(row, 1..15).prop_map(|rows| {
        let lines = rows.into_iter().zip(0..).map(|(row, number)| {
            let (pending, from, step, minor, period) = row;
            new_line(&format!("line {number}"), pending, (from, (from + step) % 4), minor, period)
        });
        lines.collect::<Vec<_>>()
    });
    lines.prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle()))
}

fn booked(lines: &[Line]) -> Book {
    Book::replay(lines, &[]).unwrap()
}

fn balanced(sums: Sums) -> bool {
    sums.pending_debits == sums.pending_credits && sums.posted_debits == sums.posted_credits
}

/// Balances and period sums as one comparable value, without the order of lines.
fn figures(book: &Book) -> Vec<(String, Sums, Vec<Sums>)> {
    let sums = book.balances().map(|(account, balance)| {
        let periods =
            (0..3).map(|period| book.period_sums(&format!("p{period}"), account.as_str()));
        (account.to_string(), balance.sums, periods.collect())
    });
    sums.collect()
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn debits_equal_credits(events in events()) {
        let book = booked(&history(&events));
        for currency in [eur(0).currency, usd(0).currency] {
            prop_assert!(balanced(book.total(currency)));
            let balances = book.balances().filter(|(_, balance)| balance.currency == currency);
            let nets = balances.map(|(_, balance)| {
                (balance.posted_debit().minor, balance.pending_debit().minor)
            });
            let net = nets.fold((0, 0), |sum, net| (sum.0 + net.0, sum.1 + net.1));
            prop_assert_eq!(net, (0, 0));
            for period in 0..3 {
                let total = book.period_total(&format!("p{period}"), currency);
                prop_assert!(balanced(total));
            }
        }
    }

    #[test]
    fn a_balance_is_the_sum_of_its_lines_and_of_its_periods(events in events()) {
        let book = booked(&history(&events));
        for (account, balance) in book.balances() {
            let counted = book.lines().filter(|line| line.kind.counts()).map(|line| {
                let sign = i64::from(line.debit == *account) - i64::from(line.credit == *account);
                sign * line.amount.minor
            });
            prop_assert_eq!(counted.sum::<i64>(), balance.posted_debit().minor);
            let periods = (0..3).map(|p| book.period_sums(&format!("p{p}"), account.as_str()));
            let sum = periods.fold((0, 0), |sum, period| {
                (sum.0 + period.posted_net(), sum.1 + period.pending_net())
            });
            prop_assert_eq!(sum, (balance.posted_debit().minor, balance.pending_debit().minor));
        }
    }

    #[test]
    fn an_event_and_its_reversal_are_nothing(events in events(), minor in 1..=i64::MAX / 4) {
        let mut book = booked(&history(&events));
        let nets = |book: &Book| -> Vec<(String, i64, i64)> {
            let nets = book.balances().map(|(account, balance)| {
                (account.to_string(), balance.posted_debit().minor, balance.pending_debit().minor)
            });
            nets.filter(|(_, posted, pending)| (*posted, *pending) != (0, 0)).collect()
        };
        let before = nets(&book);
        let pending = new_line("event", true, (0, 1), minor, 0);
        let post = pending.post("post", written(1));
        let steps = [pending, post.clone(), post.reversal("reversal", written(2))];
        for line in &steps {
            book.apply(line).unwrap();
        }
        prop_assert_eq!(nets(&book), before);
    }

    #[test]
    fn the_order_of_independent_lines_does_not_matter(
        (lines, shuffled) in independent(),
    ) {
        prop_assert_eq!(figures(&booked(&lines)), figures(&booked(&shuffled)));
    }

    #[test]
    fn a_late_line_may_come_in_any_order_its_names_allow(
        events in events(), keys in prop::collection::vec(any::<u32>(), 20),
    ) {
        let lines = history(&events);
        let mut waiting: Vec<(u32, &Line)> = keys.iter().copied().zip(&lines).collect();
        waiting.sort_by_key(|(key, _)| *key);
        let mut book = Book::new();
        // Deliver again and again until nothing is left: what came too early is refused, and
        // taken the next time round.
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|(_, line)| match book.apply(line) {
                Ok(()) => false,
                Err(refusal) => {
                    assert!(matches!(refusal, Refusal::NoSuchLine { .. }), "{refusal}");
                    true
                }
            });
            prop_assert!(waiting.len() < before);
        }
        prop_assert_eq!(figures(&book), figures(&booked(&lines)));
    }

    #[test]
    fn a_second_delivery_is_refused_and_changes_nothing(events in events()) {
        let lines = history(&events);
        let mut book = booked(&lines);
        let before = book.clone();
        for line in &lines {
            let id = line.id.clone();
            prop_assert_eq!(book.apply(line), Err(Refusal::AlreadyBooked { id: id.clone() }));
            let clash = Line { reason: "another".into(), ..line.clone() };
            prop_assert_eq!(book.apply(&clash), Err(Refusal::IdTaken { id }));
        }
        prop_assert_eq!(book, before);
    }

    #[test]
    fn a_closed_period_never_changes(events in events(), more in events(), period in 0..3_usize) {
        let all = history(&[events.clone(), more].concat());
        let first = history(&events);
        prop_assert_eq!(&all[..first.len()], &first[..]);
        let mut book = booked(&first);
        let name = format!("p{period}");
        let closing = book.close(&name).unwrap();
        let sums = |book: &Book| -> Vec<Sums> {
            let accounts = ["0", "1", "2", "3", "usd0", "usd1", "usd2", "usd3"];
            accounts.map(|account| book.period_sums(&name, account)).to_vec()
        };
        let (kept, total) = (sums(&book), book.period_total(&name, eur(0).currency));
        for line in &all[first.len()..] {
            let answer = book.apply(line);
            if line.period == name {
                prop_assert_eq!(answer, Err(Refusal::PeriodClosed { period: name.clone() }));
            }
        }
        prop_assert_eq!(sums(&book), kept);
        prop_assert_eq!(book.period_total(&name, eur(0).currency), total);
        let lines: Vec<Line> = book.lines().cloned().collect();
        let again = Book::replay(&lines, &[Closing { period: name, after: closing.after }]);
        prop_assert_eq!(again.unwrap(), book);
    }
}
