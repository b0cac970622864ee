//! Rules of the book as tables: each refusal with its situation, and what balances show.

use ledger::{Book, Closing, ClosingRefusal, Kind, Line, Refusal, State, Sums, Unplayable};

use crate::{eur, line, usd, written};

/// Books `before`, then expects `refusal` for `line` and an unchanged book.
fn refused(before: &[&Line], line: &Line, refusal: &Refusal) {
    let mut book = book(before);
    let unchanged = book.clone();
    assert_eq!(book.check(line).as_ref(), Err(refusal));
    assert_eq!(book.apply(line).as_ref(), Err(refusal));
    assert_eq!(book, unchanged, "a refused line changed the book");
}

fn book(lines: &[&Line]) -> Book {
    Book::replay(lines.iter().copied(), &[]).unwrap()
}

#[test]
fn a_line_must_say_everything() {
    type Change = fn(&mut Line);
    let rows: [(&'static str, Change); 6] = [
        ("id", |line| line.id = " ".into()),
        ("debit", |line| line.debit = "".into()),
        ("credit", |line| line.credit = "\t".into()),
        ("period", |line| line.period = String::new()),
        ("reason", |line| line.reason = " \n".into()),
        ("source", |line| line.source = String::new()),
    ];
    for (field, change) in rows {
        let mut blank = line("a", Kind::Posted);
        change(&mut blank);
        refused(&[], &blank, &Refusal::Blank { field });
    }
}

#[test]
fn an_amount_is_one_unit_or_more() {
    for minor in [0, -1, i64::MIN] {
        let none = Line { amount: eur(minor), ..line("a", Kind::Posted) };
        refused(&[], &none, &Refusal::NotPositive { minor });
    }
    let one = Line { amount: eur(1), ..line("a", Kind::Posted) };
    assert_eq!(Book::new().apply(&one), Ok(()));
}

#[test]
fn a_line_has_two_accounts_of_one_currency() {
    let same = Line { credit: "cost".into(), ..line("a", Kind::Posted) };
    refused(&[], &same, &Refusal::SameAccount { account: "cost".into() });
    let first = line("a", Kind::Posted);
    for (debit, credit, account) in [("cost", "bob", "cost"), ("other", "anna", "anna")] {
        let (debit, credit) = (debit.into(), credit.into());
        let foreign = Line { debit, credit, amount: usd(1), ..line("b", Kind::Posted) };
        let (expected, found) = (eur(0).currency, usd(0).currency);
        let account = account.into();
        refused(&[&first], &foreign, &Refusal::CurrencyDiffers { account, expected, found });
    }
}

#[test]
fn a_second_delivery_is_told_apart_from_a_clash_of_ids() {
    let first = line("a", Kind::Posted);
    refused(&[&first], &first, &Refusal::AlreadyBooked { id: "a".into() });
    let other = Line { at_ms: 1_001, ..first.clone() };
    refused(&[&first], &other, &Refusal::IdTaken { id: "a".into() });
}

#[test]
fn a_pending_line_is_settled_once() {
    let pending = line("a", Kind::Pending);
    let (post, void) = (pending.post("b", written("p1")), pending.void("c", written("p1")));
    for settled in [&post, &void] {
        for again in [pending.post("x", written("p2")), pending.void("y", written("p2"))] {
            let (id, by) = ("a".into(), settled.id.clone());
            refused(&[&pending, settled], &again, &Refusal::AlreadySettled { id, by });
        }
    }
}

#[test]
fn only_a_pending_line_is_settled() {
    let pending = line("a", Kind::Pending);
    let post = pending.post("b", written("p1"));
    let reversal = post.reversal("c", written("p1"));
    let posted = line("d", Kind::Posted);
    for wrong in [&post, &reversal, &posted] {
        let id = wrong.id.clone();
        let refusal = Refusal::NotPending { id };
        let before = [&pending, &post, &reversal, &posted];
        refused(&before, &wrong.post("x", written("p1")), &refusal);
        refused(&before, &wrong.void("x", written("p1")), &refusal);
    }
}

#[test]
fn a_line_is_reversed_once() {
    let posted = line("a", Kind::Posted);
    let pending = line("b", Kind::Pending);
    let post = pending.post("c", written("p1"));
    for counted in [&posted, &post] {
        let reversal = counted.reversal("r", written("p2"));
        let again = Line { id: "s".into(), ..reversal.clone() };
        let (id, by) = (counted.id.clone(), "r".into());
        let before = [&posted, &pending, &post, &reversal];
        refused(&before, &again, &Refusal::AlreadyReversed { id, by });
    }
}

#[test]
fn only_what_counts_is_reversed() {
    let pending = line("a", Kind::Pending);
    let not_posted = |id: &str| Refusal::NotPosted { id: id.into() };
    refused(&[&pending], &pending.reversal("r", written("p1")), &not_posted("a"));
    // Not even once it was posted: the line that posted it counts, so nothing is reversed twice.
    let post = pending.post("b", written("p1"));
    refused(&[&pending, &post], &pending.reversal("r", written("p1")), &not_posted("a"));
    let void = pending.void("b", written("p1"));
    refused(&[&pending, &void], &void.reversal("r", written("p1")), &not_posted("b"));
    let reversal = post.reversal("c", written("p1"));
    let back = reversal.reversal("r", written("p1"));
    let refusal = Refusal::ReversesReversal { id: "c".into() };
    refused(&[&pending, &post, &reversal], &back, &refusal);
}

#[test]
fn a_line_that_follows_matches_the_one_it_names() {
    let pending = line("a", Kind::Pending);
    let posted = line("b", Kind::Posted);
    let good = [
        pending.post("x", written("p1")),
        pending.void("x", written("p1")),
        posted.reversal("x", written("p1")),
    ];
    for good in good {
        let id = good.corrects.clone().unwrap();
        for minor in [99, 101] {
            let wrong = Line { amount: eur(minor), ..good.clone() };
            refused(&[&pending, &posted], &wrong, &Refusal::AmountDiffers { id: id.clone() });
        }
        let (debit, credit) = (good.credit.clone(), good.debit.clone());
        let swapped = Line { debit, credit, ..good.clone() };
        let debited = Line { debit: "other".into(), ..good.clone() };
        let credited = Line { credit: "other".into(), ..good.clone() };
        for wrong in [swapped, debited, credited] {
            refused(&[&pending, &posted], &wrong, &Refusal::AccountsDiffer { id: id.clone() });
        }
        assert_eq!(book(&[&pending, &posted]).apply(&good), Ok(()));
    }
}

#[test]
fn a_line_that_follows_names_a_line_that_is_there() {
    for kind in [Kind::Post, Kind::Void, Kind::Reversal] {
        refused(&[], &line("a", kind), &Refusal::NamesNothing { kind });
    }
    for kind in Kind::ALL {
        let lost = Line { corrects: Some("lost".into()), ..line("a", kind) };
        refused(&[], &lost, &Refusal::NoSuchLine { id: "lost".into() });
        let itself = Line { corrects: Some("a".into()), ..line("a", kind) };
        refused(&[], &itself, &Refusal::NoSuchLine { id: "a".into() });
    }
    // A line that counts at once may refer to any other and still differ from it.
    let first = line("a", Kind::Posted);
    let difference = Line { corrects: Some("a".into()), amount: eur(7), ..line("b", Kind::Posted) };
    let book = book(&[&first, &difference]);
    assert_eq!(book.reversed_by("a"), None);
    assert_eq!(book.balance("anna").unwrap().posted_credit(), eur(107));
}

#[test]
fn a_closed_period_takes_nothing_more() {
    let first = line("a", Kind::Pending);
    let mut book = book(&[&first]);
    assert_eq!(book.close("p1"), Ok(Closing { period: "p1".into(), after: 1 }));
    let refusal = Refusal::PeriodClosed { period: "p1".into() };
    assert_eq!(book.apply(&line("b", Kind::Posted)), Err(refusal.clone()));
    assert_eq!(book.apply(&first.post("b", written("p1"))), Err(refusal));
    // A redelivered line is still known as such.
    assert_eq!(book.apply(&first), Err(Refusal::AlreadyBooked { id: "a".into() }));
    assert_eq!(book.apply(&first.post("b", written("p2"))), Ok(()));
    let again = ClosingRefusal::AlreadyClosed { period: "p1".into() };
    assert_eq!(book.close("p1"), Err(again));
    assert_eq!(book.close(" "), Err(ClosingRefusal::Blank));
    assert_eq!(book.close("p3").unwrap().after, 2);
    assert!(book.is_closed("p3") && !book.is_closed("p2"));
    let periods: Vec<_> = book.periods().collect();
    assert_eq!(periods, [("p1", true), ("p2", false), ("p3", true)]);
}

#[test]
fn balances_follow_a_line_through_its_life() {
    let pending = line("a", Kind::Pending);
    let post = pending.post("b", written("p2"));
    let reversal = post.reversal("c", written("p3"));
    let mut book = Book::new();
    let mut told = Vec::new();
    for line in [&pending, &post, &reversal] {
        book.apply(line).unwrap();
        let balance = book.balance("anna").unwrap();
        told.push((balance.pending_credit().minor, balance.posted_credit().minor));
        assert_eq!(book.balance("cost").unwrap().pending_debit(), balance.pending_credit());
        assert_eq!(book.balance("cost").unwrap().posted_debit(), balance.posted_credit());
    }
    assert_eq!(told, [(100, 0), (0, 100), (0, 0)]);
    // Each period keeps what its own lines did.
    let credit = |pending_credits, posted_credits| Sums {
        pending_credits,
        posted_credits,
        ..Sums::default()
    };
    assert_eq!(book.period_sums("p1", "anna"), credit(100, 0));
    assert_eq!(book.period_sums("p2", "anna"), credit(-100, 100));
    let undone = Sums { posted_debits: 100, ..Sums::default() };
    assert_eq!(book.period_sums("p3", "anna"), undone);
    let total = book.total(eur(0).currency);
    assert_eq!((total.posted_debits, total.posted_credits), (200, 200));
    assert_eq!(book.period_total("p2", eur(0).currency).posted_debits, 100);
    assert_eq!(book.period_total("p2", usd(0).currency), Sums::default());
    assert_eq!(book.state("a"), Some(State::Posted));
    assert_eq!(book.state("c"), Some(State::Posted));
    assert_eq!(book.settled_by("a"), Some(&post));
    assert_eq!(book.reversed_by("b"), Some(&reversal));
    assert_eq!((book.settled_by("b"), book.reversed_by("a")), (None, None));
}

#[test]
fn a_voided_line_never_counts() {
    let pending = line("a", Kind::Pending);
    let void = pending.void("b", written("p1"));
    let book = book(&[&pending, &void]);
    assert_eq!(book.state("a"), Some(State::Voided));
    assert_eq!(book.state("b"), Some(State::Voided));
    assert_eq!(book.state("c"), None);
    assert_eq!(book.balance("anna").unwrap().sums, Sums::default());
    assert_eq!(book.balance("nobody"), None);
    assert_eq!(book.count(), 2);
    assert_eq!(book.line("b"), Some(&void));
    assert_eq!(book.balances().count(), 2);
}

#[test]
fn a_sum_beyond_the_range_is_refused() {
    let most = Line { amount: eur(i64::MAX), ..line("a", Kind::Posted) };
    let more = Line { amount: eur(1), ..line("b", Kind::Posted) };
    refused(&[&most], &more, &Refusal::Overflow { account: "cost".into() });
    let on_credit = Line { debit: "other".into(), ..more.clone() };
    refused(&[&most], &on_credit, &Refusal::Overflow { account: "anna".into() });
    // Neither account is full here, but the currency is.
    let elsewhere = Line { credit: "bob".into(), ..on_credit };
    refused(&[&most], &elsewhere, &Refusal::Overflow { account: "other".into() });
    // Pending sums are apart from posted ones.
    let pending = Line { kind: Kind::Pending, ..more };
    assert_eq!(book(&[&most]).apply(&pending), Ok(()));
}

#[test]
fn stored_lines_are_judged_again() {
    let lines = [line("a", Kind::Posted), line("b", Kind::Posted)];
    let closing = |period: &str, after| Closing { period: period.into(), after };
    let late = Refusal::PeriodClosed { period: "p1".into() };
    assert_eq!(
        Book::replay(&lines, &[closing("p1", 1)]),
        Err(Unplayable::Line { index: 1, refusal: late })
    );
    let book = Book::replay(&lines, &[closing("p0", 0), closing("p1", 2)]).unwrap();
    assert!(book.is_closed("p0") && book.is_closed("p1"));
    let unfit = |period: &str, after| Err(Unplayable::Closing { period: period.into(), after });
    assert_eq!(Book::replay(&lines, &[closing("p1", 3)]), unfit("p1", 3));
    let disordered = [closing("p2", 2), closing("p3", 1)];
    assert_eq!(Book::replay(&lines, &disordered), unfit("p3", 1));
    let twice = [closing("p2", 1), closing("p2", 2)];
    assert_eq!(Book::replay(&lines, &twice), unfit("p2", 2));
}

#[test]
fn kinds_and_states_have_stable_words() {
    let words = Kind::ALL.map(Kind::code);
    assert_eq!(words, ["pending", "posted", "post", "void", "reversal"]);
    for kind in Kind::ALL {
        assert_eq!(Kind::from_code(kind.code()), Some(kind));
    }
    assert_eq!(Kind::from_code("Pending"), None);
    let words = [State::Pending, State::Posted, State::Voided].map(State::code);
    assert_eq!(words, ["pending", "posted", "voided"]);
}

#[test]
fn a_refusal_is_a_sentence_that_says_what_to_do() {
    let sentence = Refusal::PeriodClosed { period: "2026-03".into() }.to_string();
    assert_eq!(sentence, "period 2026-03 is closed; put the line into an open one");
}
