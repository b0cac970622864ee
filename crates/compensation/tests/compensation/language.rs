//! The rule language: what is written, what is refused and where, and that nothing panics.

use compensation::rule::{Computed, Expr, Failure, LIST_MAX, Limit, Problem, TEXT_MAX, Wanting};
use compensation::{Day, Facts, Money, Share, Type, Value};
use proptest::prelude::*;

use crate::cast::schema;
use crate::many;

fn facts(told: &[(&str, &str)]) -> Facts {
    told.iter().map(|(name, value)| ((*name).into(), value.parse().unwrap())).collect()
}

#[test]
fn a_rule_is_read_and_printed_in_one_spelling() {
    let check = |text: &str, wanted: &str| {
        let rule: Expr = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(rule.to_string(), wanted);
        assert_eq!(wanted.parse::<Expr>().unwrap(), rule, "{wanted}");
    };
    let whole = r#"term_months >= 12 and product in ("crm", "site")"#;
    check(whole, whole);
    check("units≥2 or (is_new and units<>3)", "units >= 2 or is_new and units != 3");
    check("(is_new or units = 1) and not (is_new and is_new)", {
        "(is_new or units = 1) and not (is_new and is_new)"
    });
    check("((units))+1-(2-3)", "units + 1 - (2 - 3)");
    check("amount*5%/2", "amount * 5 % / 2");
    check("amount * (1/3)", "amount * (1 / 3)");
    check("1/3 × amount", "1 / 3 * amount");
    check("5 / -2 % 3".split_once(" % 3").unwrap().0, "-250 %");
    check("amount - -5.5 RUB", "amount - -5.50 RUB");
    check("100 JPY >= 7 KWD", "100 JPY >= 7.000 KWD");
    check("held_on - booked_on <= 14", "held_on - booked_on <= 14");
    check("held_on > 2026-03-01", "held_on > 2026-03-01");
    check("2026-03-01 - 2026-02-01 = 28", "2026-03-01 - 2026-02-01 = 28");
    check("max(units, 1_000, min(2))", "max(units, 1000, min(2))");
    check("not has(units) or product not in (\"a\\\"b\\\\c\")", {
        "not has(units) or product not in (\"a\\\"b\\\\c\")"
    });
    check("discount = 12.50 %", "discount = 12.5 %");
    check("units = 9223372036854775807", "units = 9223372036854775807");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let check = |text: &str, at: usize, problem: Problem| {
        let error = text.parse::<Expr>().unwrap_err();
        assert_eq!((error.at, error.problem), (at, problem), "{text}");
    };
    check("", 0, Problem::Missing(Wanting::Operand));
    check("units >= ", 9, Problem::Missing(Wanting::Operand));
    check("units >= 1 1", 11, Problem::Beyond);
    check("units ; 1", 6, Problem::Character(';'));
    check("units = 1.5", 8, Problem::Number);
    check("amount > 1.234 RUB", 9, Problem::Number);
    check("amount > RUB 5", 9, Problem::NotMoney);
    check("amount > 5 RUBL", 11, Problem::NotMoney);
    check("held_on = 2026-02-29", 10, Problem::NotADay);
    check("product = \"crm", 10, Problem::Unclosed);
    check("units / 0", 8, Problem::Divisor);
    check("units / units", 8, Problem::Divisor);
    check("units in (1, \"a\")", 13, Problem::MixedList);
    check("units in (units)", 10, Problem::Missing(Wanting::Value));
    check("units in 1", 9, Problem::Missing(Wanting::Opening));
    check("units not 1", 10, Problem::Missing(Wanting::In));
    check("has(1)", 4, Problem::Missing(Wanting::Fact));
    check("(units", 6, Problem::Missing(Wanting::Closing));
    check("-units", 1, Problem::Missing(Wanting::Value));
    check("units = 99999999999999999999", 8, Problem::Number);
    check(&"(".repeat(40), 32, Problem::Limit(Limit::Depth));
    check(&format!("units{}", " + 1".repeat(40)), 0, Problem::Limit(Limit::Depth));
    check(&" ".repeat(TEXT_MAX + 1), TEXT_MAX, Problem::Limit(Limit::Text));
    check(&"a".repeat(61), 0, Problem::Limit(Limit::Name));
    let list = vec!["1"; LIST_MAX + 1].join(",");
    check(&format!("units in ({list})"), 10 + 2 * LIST_MAX, Problem::Limit(Limit::List));
    let many = vec!["a"; 300].join(" or ");
    assert!(many.parse::<Expr>().is_ok());
    let many = format!("max({})", vec!["a"; 450].join(","));
    check(&many, 4 + 2 * 400, Problem::Limit(Limit::Nodes));
    // Spaces that printing adds must not make a rule that cannot be read again.
    let tight = format!("a in ({})", vec!["\"aaaaaaaaaaaaaaaaa\""; 97].join(","));
    check(&tight, tight.len(), Problem::Limit(Limit::Text));
}

#[test]
fn types_are_checked_with_their_place() {
    let check = |text: &str, wanted: Result<Type, (usize, Problem)>| {
        let rule: Expr = text.parse().unwrap();
        let found = rule.kind(&schema()).map_err(|error| (error.at, error.problem));
        assert_eq!(found, wanted, "{text}");
    };
    check("units + 1", Ok(Type::Whole));
    check("units / 2", Ok(Type::Share));
    check("amount / 2", Ok(Type::Money));
    check("amount * units", Ok(Type::Money));
    check("5 % * amount", Ok(Type::Money));
    check("discount * 5 %", Ok(Type::Share));
    check("held_on - booked_on", Ok(Type::Whole));
    check("held_on + 3", Ok(Type::Day));
    check("min(held_on, booked_on)", Ok(Type::Day));
    check("is_new and units = 1", Ok(Type::Boolean));
    check("amount in (1 RUB)", Ok(Type::Boolean));
    let wanted = |wanted, found| Problem::Wanted(wanted, found);
    check("is_new and units", Err((11, wanted(Type::Boolean, Type::Whole))));
    check("units = 1 RUB", Err((8, wanted(Type::Whole, Type::Money))));
    check("not product", Err((4, wanted(Type::Boolean, Type::Text))));
    check("product < \"a\"", Err((0, Problem::Unfit(Type::Text))));
    check("units + 1 RUB", Err((0, Problem::Unlike(Type::Whole, Type::Money))));
    check("units * units", Err((0, Problem::Unlike(Type::Whole, Type::Whole))));
    check("held_on + booked_on", Err((0, Problem::Unfit(Type::Day))));
    check("product / 2", Err((0, Problem::Unfit(Type::Text))));
    check("units in (\"a\")", Err((0, Problem::Unlike(Type::Whole, Type::Text))));
    check("is_new or unknown = 1", Err((10, Problem::UnknownFact("unknown".into()))));
    check("min(1, 2 %)", Err((7, wanted(Type::Whole, Type::Share))));
    check("max(is_new)", Err((4, Problem::Unfit(Type::Boolean))));
}

#[test]
fn a_rule_answers_or_says_why_not() {
    let told = facts(&[
        ("units", "3"),
        ("amount", "100.00 RUB"),
        ("product", "\"crm\""),
        ("is_new", "true"),
        ("held_on", "2026-03-01"),
        ("booked_on", "2026-02-15"),
        ("discount", "1 / 3"),
    ]);
    let check = |text: &str, wanted: Result<bool, Failure>| {
        assert_eq!(text.parse::<Expr>().unwrap().is_true(&told), wanted, "{text}");
    };
    for text in [
        "units = 3 and units != 4 and units < 4 and units <= 3 and units > 2 and units >= 3",
        "amount * (1 / 3) * 3 = amount",
        "amount / 3 + amount / 3 + amount / 3 = 100 RUB",
        "discount < 34 % and discount > 33 %",
        "discount + 2 / 3 = 100 % and 100 % - discount = 2 / 3",
        "held_on - booked_on = 14 and booked_on + 14 = held_on and held_on - 14 = booked_on",
        "max(units, 5) = 5 and min(amount, 1 RUB) = 1 RUB and max(1, 3, 2) = 3",
        "product in (\"crm\", \"site\") and product not in (\"x\")",
        "units * 2.00 RUB = 6 RUB and 10 % * 50 % = 5 %",
        "not has(margin) and has(units) or margin > 1 RUB",
        "is_new = true and units - 5 = -2",
    ] {
        check(text, Ok(true));
    }
    check("has(margin) and margin > 1 RUB", Ok(false));
    check("margin > 1 RUB", Err(Failure::MissingFact("margin".into())));
    check("is_new or margin > 1 RUB", Ok(true));
    check("amount > 1 EUR", Err(Failure::Currencies("RUB".into(), "EUR".into())));
    check("units + 9223372036854775807 > 0", Err(Failure::Overflow));
    check("held_on + 9000000 > held_on", Err(Failure::Overflow));
    check("product", Err(Failure::FactOfOtherType("product".into())));
    let part: Expr = "amount / 3".parse().unwrap();
    let rub = "1 RUB".parse::<Money>().unwrap().currency();
    let third = compensation::Exact::new(10_000, 3).unwrap();
    assert_eq!(part.compute(&told), Ok(Computed::Money(third, rub)));
}

#[test]
fn days_are_those_of_the_calendar() {
    let mut day = Day::of(1, 1, 1).unwrap();
    let (mut year, mut month, mut of_month) = (1, 1_u8, 1_u8);
    loop {
        assert_eq!(day.parts(), (year, month, of_month));
        assert_eq!(Day::of(year, month, of_month), Ok(day));
        let Some(next) = day.plus(1) else { break };
        day = next;
        let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let length = [31, if is_leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        of_month += 1;
        if of_month > length[usize::from(month - 1)] {
            (month, of_month) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    assert_eq!(day.to_string(), "9999-12-31");
    assert_eq!(Day::of(1970, 1, 1).unwrap().count(), 0);
    assert_eq!(Day::of(2024, 2, 29).unwrap().to_string(), "2024-02-29");
    for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-01-32", "26-01-01", "0000-01-01"] {
        assert!(text.parse::<Day>().is_err(), "{text}");
    }
}

/// Texts of rules, right in their grammar and mostly in their types.
fn rule_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("units".to_owned()),
        Just("amount".to_owned()),
        Just("discount".to_owned()),
        Just("is_new".to_owned()),
        Just("held_on".to_owned()),
        Just("product".to_owned()),
        Just("has(margin)".to_owned()),
        any::<i64>().prop_filter("has an opposite", |n| *n != i64::MIN).prop_map(|n| n.to_string()),
        (-9_999..=9_999_i64).prop_map(|n| format!("{n}.5 RUB")),
        (-9_999..=9_999_i64, 1..=999_i64).prop_map(|(over, under)| format!("({over} / {under})")),
        (0..=99_999_i64).prop_map(|n| format!("{n}.25 %")),
        "[a-zé\"\\\\ ]{0,6}".prop_map(|text| Value::Text(text.as_str().into()).to_string()),
        Just("2026-03-01".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        let sign =
            prop::sample::select(vec!["and", "or", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*"]);
        prop_oneof![
            (pair.clone(), sign).prop_map(|((a, b), sign)| format!("({a}) {sign} ({b})")),
            (pair.clone(), prop::sample::select(vec!["and", "or", "+", "-", "*"]))
                .prop_map(|((a, b), sign)| format!("{a} {sign} {b}")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            (inner.clone(), 1..=9_i64).prop_map(|(a, by)| format!("({a}) / {by}")),
            pair.clone().prop_map(|(a, b)| format!("min({a}, {b})")),
            pair.prop_map(|(a, b)| format!("max({a}, {b}, {a})")),
            inner.prop_map(|a| format!("({a}) not in (1, 2, -3)")),
        ]
    })
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn what_is_printed_reads_back_as_the_same(text in rule_text()) {
        // A minus before what was put in brackets, and chains too deep, are refused.
        if let Ok(rule) = text.parse::<Expr>() {
            let printed = rule.to_string();
            let again: Expr = printed.parse().map_err(|e| TestCaseError::fail(format!("{e}")))?;
            prop_assert_eq!(&again, &rule);
            prop_assert_eq!(again.to_string(), printed);
            let json = serde_json::to_string(&rule).unwrap();
            prop_assert_eq!(serde_json::from_str::<Expr>(&json).unwrap(), rule);
        }
    }

    #[test]
    fn a_checked_rule_fails_only_for_facts_and_size(text in rule_text(), has in any::<u8>()) {
        let all = [
            ("units", "7"), ("amount", "12.34 RUB"), ("discount", "1 / 7"), ("is_new", "false"),
            ("held_on", "2026-05-05"), ("product", "\"x\""), ("margin", "1 RUB"),
        ];
        let some = all.iter().enumerate().filter(|(at, _)| has & (1 << at) != 0);
        let told = facts(&some.map(|(_, fact)| *fact).collect::<Vec<_>>());
        let Ok(rule) = text.parse::<Expr>() else { return Ok(()) };
        if let Ok(kind) = rule.kind(&schema()) {
            match rule.compute(&told) {
                Ok(found) => prop_assert_eq!(kind, match found {
                    Computed::Boolean(_) => Type::Boolean,
                    Computed::Whole(_) => Type::Whole,
                    Computed::Money(..) => Type::Money,
                    Computed::Share(_) => Type::Share,
                    Computed::Text(_) => Type::Text,
                    Computed::Day(_) => Type::Day,
                }),
                Err(Failure::MissingFact(_) | Failure::Overflow) => {}
                Err(other) => prop_assert!(false, "{text}: {other}"),
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ -~≤≥×−]{0,60}|[()andornt19.%/ \"a-f_RUB-]{0,80}") {
        if let Ok(rule) = text.parse::<Expr>() {
            prop_assert!(rule.to_string().parse::<Expr>().is_ok());
            // The outcome does not matter here, only that there is one.
            drop(rule.compute(&facts(&[("a", "1"), ("b", "1.00 RUB")])));
        }
    }

    #[test]
    fn values_read_back(minor: i64, over: i64, under in 1..=i64::MAX) {
        for code in ["RUB", "JPY", "KWD"] {
            let money = Money::new(minor, ledger::Currency::new(code).unwrap());
            let read = money.to_string().parse::<Money>();
            // The very smallest number has no opposite to be written as.
            prop_assert!(read == Ok(money) || minor == i64::MIN, "{money}");
        }
        let share = Share(ledger::Rate::new(over, under).unwrap());
        let read = share.to_string().parse::<Share>();
        prop_assert!(read == Ok(share) || over == i64::MIN, "{share}");
    }
}
