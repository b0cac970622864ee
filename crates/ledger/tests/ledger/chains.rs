//! The hash chain: fixed vectors another program computed, and every way of tampering.

use ledger::chain::{canonical, genesis, hash, verify, verify_up_to};
use ledger::{Amount, Broken, Currency, Fault, Hash, Head, Kind, Line, Link, NotAHash};
use proptest::prelude::*;

use crate::{line, many};

/// Two lines of a chain called `payables`; their hashes were computed by a separate script in
/// Python from the description of the encoding alone. They may change only with the version.
fn known() -> [Line; 2] {
    let rub = Currency::new("RUB").unwrap();
    let first = Line {
        id: "line-1".into(),
        at_ms: -5,
        debit: "cost".into(),
        credit: "анна".into(),
        amount: Amount::new(205_000, rub),
        kind: Kind::Pending,
        period: "2026-03".into(),
        reason: "7 % of 1".into(),
        source: "e1".into(),
        corrects: None,
    };
    let second = Line {
        id: "line-2".into(),
        at_ms: 1_767_225_600_000,
        kind: Kind::Post,
        period: "2026-04".into(),
        reason: "accepted".into(),
        source: "e2".into(),
        corrects: Some("line-1".into()),
        ..first.clone()
    };
    [first, second]
}

#[test]
fn hashes_are_those_of_the_written_format() {
    let [first, second] = known();
    let start = genesis("payables");
    let after_first = hash(start, &first);
    let told = [start, after_first, hash(after_first, &second)].map(|hash| hash.to_string());
    assert_eq!(
        told,
        [
            "7d5cada754753e0916bf867055b2ee6c246eab0e6d1a4a54867e995b6062436c",
            "3080b955515d53a9a266629d28afc19480cb121dedd236ba2fc311d63c947e3a",
            "fbbbd07355879a329d3d724b5e909ad3032488df6e80c220f13c6e933e921b67",
        ]
    );
    assert_eq!(canonical(&first).len(), 105);
}

#[test]
fn every_kind_has_a_byte_of_its_own() {
    let at = canonical(&line("a", Kind::Pending)).len()
        - [8 + 2, 8 + 7, 8 + 5, 1].iter().sum::<usize>()
        - 1;
    for (byte, kind) in (0..).zip(Kind::ALL) {
        assert_eq!(canonical(&line("a", kind))[at], byte, "{kind}");
    }
}

#[test]
fn a_hash_has_one_spelling() {
    let text = "7d5cada754753e0916bf867055b2ee6c246eab0e6d1a4a54867e995b6062436c";
    assert_eq!(text.parse::<Hash>().unwrap().to_string(), text);
    let odd = &text[1..];
    let short = &text[2..];
    let long = format!("{text}00");
    let capitals = text.to_uppercase();
    let strange = text.replace('7', "g");
    for wrong in ["", odd, short, &long, &capitals, &strange] {
        assert_eq!(wrong.parse::<Hash>(), Err(NotAHash), "{wrong}");
    }
}

#[test]
fn chains_of_different_names_share_nothing() {
    let chain = chain_of(&known());
    assert_ne!(genesis("a"), genesis("b"));
    let broken = verify(Head::genesis("other"), &chain).unwrap_err();
    assert_eq!(broken.index, 0);
    assert!(matches!(broken.what, Fault::Previous { .. }));
}

#[test]
fn a_chain_goes_on_from_a_trusted_head() {
    let chain = chain_of(&known());
    let start = Head::genesis("payables");
    let middle = verify(start, &chain[..1]).unwrap();
    assert_eq!(middle, Head { count: 1, hash: chain[0].hash });
    let end = verify(middle, &chain[1..]).unwrap();
    assert_eq!(end, Head { count: 2, hash: chain[1].hash });
    assert_eq!(verify(start, &chain), Ok(end));
    assert_eq!(verify(start, Vec::<Link>::new()), Ok(start));
    // A break is counted from the genesis, not from where the check began.
    assert_eq!(verify(middle, &chain[..1]).unwrap_err().index, 1);
}

#[test]
fn lines_cut_off_at_the_end_are_noticed_by_a_kept_head() {
    let chain = chain_of(&known());
    let start = Head::genesis("payables");
    let end = verify(start, &chain).unwrap();
    assert_eq!(verify_up_to(start, &chain, end), Ok(()));
    let what = Fault::End { expected: chain[1].hash, found: chain[0].hash };
    let broken = Broken { index: 1, what };
    assert_eq!(verify_up_to(start, &chain[..1], end), Err(broken));
    assert!(broken.to_string().starts_with("the chain is broken at line 1: the chain ends in"));
    // The same hash at another count is no proof either.
    assert!(verify_up_to(start, &chain, Head { count: 3, ..end }).is_err());
}

fn chain_of(lines: &[Line]) -> Vec<Link> {
    let mut head = Head::genesis("payables");
    let links = lines.iter().map(|line| {
        let link = head.link(line.clone());
        head = head.after(&link);
        link
    });
    links.collect()
}

fn any_line() -> impl Strategy<Value = Line> {
    let text = || "[a-zа-я]{0,6}";
    let texts = (text(), text(), text(), text(), text(), text());
    let rest = (any::<i64>(), any::<i64>(), 0..5_usize, prop::option::of(text()));
    (texts, rest).prop_map(|(texts, (at_ms, minor, kind, corrects))| Line {
        id: texts.0.into(),
        at_ms,
        debit: texts.1.into(),
        credit: texts.2.into(),
        amount: Amount::new(minor, Currency::new("EUR").unwrap()),
        kind: Kind::ALL[kind],
        period: texts.3,
        reason: texts.4,
        source: texts.5,
        corrects: corrects.map(Into::into),
    })
}

fn any_chain() -> impl Strategy<Value = Vec<Link>> {
    prop::collection::vec(any_line(), 2..6).prop_map(|lines| chain_of(&lines))
}

/// Flips one bit of a text so that it is still a text, or gives it a first letter.
fn flip_text(text: &str, place: usize, bit: u32) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let place = place % letters.len().max(1);
    match letters.get_mut(place) {
        Some(letter) => *letter = char::from_u32(u32::from(*letter) ^ (1 << (bit % 7))).unwrap(),
        None => letters.push('a'),
    }
    letters.into_iter().collect()
}

/// Flips one bit of one of the thirteen stored fields of a link.
fn flip(link: &mut Link, field: usize, place: usize, bit: u32) {
    let line = &mut link.line;
    match field {
        0 => line.id = flip_text(line.id.as_str(), place, bit).into(),
        1 => line.at_ms ^= 1 << (bit % 64),
        2 => line.debit = flip_text(line.debit.as_str(), place, bit).into(),
        3 => line.credit = flip_text(line.credit.as_str(), place, bit).into(),
        4 => line.amount.minor ^= 1 << (bit % 64),
        5 => line.amount.currency = Currency::new(["DUR", "ETR", "EUS"][place % 3]).unwrap(),
        6 => line.kind = Kind::ALL[(line.kind as usize + 1 + place % 4) % 5],
        7 => line.period = flip_text(&line.period, place, bit),
        8 => line.reason = flip_text(&line.reason, place, bit),
        9 => line.source = flip_text(&line.source, place, bit),
        10 => {
            line.corrects = match &line.corrects {
                None => Some("".into()),
                Some(id) if place.is_multiple_of(3) && id.as_str().is_empty() => None,
                Some(id) => Some(flip_text(id.as_str(), place, bit).into()),
            };
        }
        11 => link.previous.0[place % 32] ^= 1 << (bit % 8),
        _ => link.hash.0[place % 32] ^= 1 << (bit % 8),
    }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn any_single_change_is_found_where_it_is(
        chain in any_chain(), at: prop::sample::Index,
        field in 0..13_usize, place in 0..64_usize, bit in 0..64_u32,
    ) {
        let at = at.index(chain.len());
        let mut changed = chain.clone();
        flip(&mut changed[at], field, place, bit);
        prop_assert_ne!(&changed, &chain);
        let start = Head::genesis("payables");
        prop_assert!(verify(start, &chain).is_ok());
        prop_assert_eq!(verify(start, &changed).unwrap_err().index, u64::try_from(at).unwrap());
        // Whoever also recomputes the changed link's hash breaks the next one, or the kept head.
        let end = verify(start, &chain).unwrap();
        changed[at].hash = hash(changed[at].previous, &changed[at].line);
        if field != 12 {
            prop_assert!(verify_up_to(start, &changed, end).is_err());
        }
    }

    #[test]
    fn a_removed_line_is_found(chain in any_chain(), at: prop::sample::Index) {
        let start = Head::genesis("payables");
        let end = verify(start, &chain).unwrap();
        let at = at.index(chain.len());
        let mut short = chain.clone();
        short.remove(at);
        prop_assert_eq!(
            verify_up_to(start, &short, end).unwrap_err().index, u64::try_from(at).unwrap()
        );
        if at + 1 < chain.len() {
            prop_assert!(verify(start, &short).is_err());
        }
    }

    #[test]
    fn swapped_repeated_and_inserted_lines_are_found(
        chain in any_chain(), a: prop::sample::Index, b: prop::sample::Index, new in any_line(),
    ) {
        let start = Head::genesis("payables");
        let (a, b) = (a.index(chain.len()), b.index(chain.len()));
        let mut repeated = chain.clone();
        repeated.insert(a, chain[b].clone());
        prop_assert!(verify(start, &repeated).is_err());
        let mut inserted = chain.clone();
        let before = if a == 0 { start.hash } else { chain[a - 1].hash };
        let head = Head { count: 0, hash: before };
        inserted.insert(a, head.link(new));
        prop_assert!(verify(start, &inserted).is_err());
        let b = if a == b { (a + 1) % chain.len() } else { b };
        let mut swapped = chain.clone();
        swapped.swap(a, b);
        let first = u64::try_from(a.min(b)).unwrap();
        prop_assert_eq!(verify(start, &swapped).unwrap_err().index, first);
    }

    #[test]
    fn different_lines_have_different_bytes(a in any_line(), b in any_line(), c in 0..20_usize) {
        prop_assert_eq!(a == b, canonical(&a) == canonical(&b));
        // Text moved from one field to the next must show, though the joined text is the same.
        let mut moved = a.clone();
        let joined = format!("{}{}", a.reason, a.source);
        let cut = joined.char_indices().map(|(at, _)| at).nth(c).unwrap_or(joined.len());
        moved.reason = joined[..cut].to_owned();
        moved.source = joined[cut..].to_owned();
        prop_assert_eq!(a == moved, canonical(&a) == canonical(&moved));
    }

    #[test]
    fn a_hash_is_read_as_it_is_written(bytes: [u8; 32]) {
        prop_assert_eq!(Hash(bytes).to_string().parse::<Hash>(), Ok(Hash(bytes)));
    }
}
