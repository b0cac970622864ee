//! Every fault of a plan, of an assignment and of a calendar, each with its place.

use compensation::{
    Assignment, DrawTerms, Fault, Headship, Limits, Moment, Plan, Rules, RulesFault, Section, Wrong,
};
use ledger::Rate;
use serde_json::{Value, json};

use crate::cast::*;

fn sound() -> Value {
    json!({
        "plan": "p", "version": 1, "from": {"at": 0, "day": "2025-01-01"}, "currency": "RUB",
        "rounding": "half_up", "cap": "9000 RUB", "guarantee": "100 RUB",
        "components": [
            {
                "code": "a", "on": {"events": ["paid"]}, "filter": "units > 1",
                "measure": {"of": "amount"}, "period": "month", "quota": "q", "cliff": "10 RUB",
                "rate": {"table": {"by": "measure", "reading": "marginal", "rows": [
                    {"over": "0 RUB", "up_to": "100 RUB", "pays": "5 %"},
                    {"over": "100 RUB", "pays": "7 %"}]}},
                "multipliers": [{"figure": {"attainment": "a"}, "unknown": "100 %", "rows": [
                    {"over": "0 %", "up_to": "100 %", "pays": "90 %"},
                    {"over": "100 %", "pays": "110 %"}]}],
                "gate": {"at_once": "70 %", "stages": [{"code": "s", "releases": "30 %",
                    "words": [{"on": "left", "filter": "is_new", "verdict": "fails"}],
                    "limit": {"hours": 48, "silence": "passes"}}]},
                "caps": [{"per": "quarter", "most": "500 RUB"}],
                "payees": {"by": {"role": "seller"},
                    "split": [{"who": {"role": "seller"}, "share": "60 %"},
                        {"who": {"role": "finder"}, "share": "40 %"}],
                    "overlay": [{"who": {"head_of": "seller"}, "share": "10 %"}]}
            },
            {"code": "b", "on": {"component": "a"}, "measure": "result", "period": "month",
                "rate": {"share": "10 %"}},
            {"code": "c", "on": "calendar", "measure": "days", "period": "month",
                "rate": "salary"}
        ]
    })
}

fn faults(plan: Value) -> Vec<Fault> {
    let plan: Plan = serde_json::from_value(plan).unwrap();
    plan.check(&schema(), &Limits::default())
}

/// The sound plan with one part changed, and what is found wrong with it.
fn check(path: &str, part: Value, section: Section, wrong: Wrong) {
    let mut plan = sound();
    match path.rsplit_once('/') {
        Some((parent, name)) if plan.pointer(path).is_none() => {
            plan.pointer_mut(parent).unwrap()[name] = part.clone();
        }
        _ => *plan.pointer_mut(path).unwrap() = part.clone(),
    }
    let found = faults(plan);
    let is_found = found.iter().any(|fault| (fault.place.part, &fault.wrong) == (section, &wrong));
    assert!(is_found, "{path} = {part}: {found:?}");
    assert!(found.iter().all(|fault| !fault.to_string().is_empty()));
}

#[test]
fn a_sound_plan_has_no_fault() {
    assert_eq!(faults(sound()), []);
}

#[test]
fn every_fault_of_the_whole_is_found() {
    check("/plan", json!(" "), Section::Head, Wrong::Empty);
    check("/version", json!(0), Section::Head, Wrong::NotAVersion);
    check("/rounding", Value::Null, Section::Rounding, Wrong::NoRounding);
    check("/components", json!([]), Section::Head, Wrong::NoComponents);
    check("/cap", json!("99 RUB"), Section::Cap, Wrong::CapBelowGuarantee);
    check("/cap", json!("0 RUB"), Section::Cap, Wrong::NotPositive);
    check(
        "/guarantee",
        json!("1 EUR"),
        Section::Guarantee,
        Wrong::OtherCurrency("EUR".parse().unwrap()),
    );
    check("/components/1/code", json!("a"), Section::Head, Wrong::Twice("a".into()));
    let first = sound()["components"][0].clone();
    let mut twin = first.clone();
    twin["code"] = json!("d");
    check("/components", json!([first, twin]), Section::On, Wrong::PaidTwice("a".into()));
    let many = vec![sound()["components"][0].clone(); 41];
    check("/components", json!(many), Section::Head, Wrong::TooMany(40));
}

#[test]
fn circles_are_found_however_long() {
    let result = |code: &str, of: &str| {
        json!({"code": code, "on": {"component": of}, "measure": "result", "period": "month",
            "rate": {"share": "10 %"}})
    };
    let circle = |codes: &[&str]| Wrong::Cycle(codes.iter().map(|code| (*code).into()).collect());
    let on = Section::On;
    check("/components", json!([result("a", "a")]), on, circle(&["a", "a"]));
    let three = json!([result("a", "b"), result("b", "c"), result("c", "a")]);
    check("/components", three, on, circle(&["a", "b", "c", "a"]));
    // Round through the attainment of another.
    let mut second = sound()["components"][1].clone();
    second["quota"] = json!("q");
    let mut first = sound()["components"][0].clone();
    first["multipliers"][0]["figure"] = json!({"attainment": "b"});
    check("/components", json!([first, second]), on, circle(&["a", "b", "a"]));
}

#[test]
fn every_fault_of_what_triggers_and_counts_is_found() {
    let on = Section::On;
    check("/components/0/on", json!({"events": []}), on, Wrong::Empty);
    check("/components/0/on", json!({"events": ["x"]}), on, Wrong::UnknownEvent("x".into()));
    let twice = json!({"events": ["paid", "paid"]});
    check("/components/0/on", twice, on, Wrong::Twice("paid".into()));
    let unknown = json!({"component": "x"});
    check("/components/1/on", unknown, on, Wrong::UnknownComponent("x".into()));
    check("/components/1/on", json!({"component": "c"}), on, Wrong::Unfit);
    check("/components/1/period", json!("year"), Section::Period, Wrong::PeriodsDiffer);
    check("/components/1/filter", json!("is_new"), Section::Filter, Wrong::Unfit);
    check("/components/1/measure", json!("count"), Section::Measure, Wrong::Unfit);
    check("/components/2/period", json!("year"), Section::Period, Wrong::Unfit);
    check("/components/2/rate", json!({"each": "1 RUB"}), Section::Rate, Wrong::Unfit);
    check("/components/0/rate", json!("salary"), Section::Rate, Wrong::Unfit);
    let found = faults({
        let mut plan = sound();
        plan["components"][0]["filter"] = json!("units > 1 RUB");
        plan["components"][0]["measure"] = json!({"of": "product"});
        plan
    });
    assert!(found.iter().any(|f| matches!(&f.wrong, Wrong::Rule(error) if error.at == 8)));
    let text = compensation::Type::Text;
    assert!(found.iter().any(|f| f.wrong == Wrong::MeasureType(text)));
    let euro = Wrong::OtherCurrency("EUR".parse().unwrap());
    check("/components/0/filter", json!("amount > 1 EUR"), Section::Filter, euro.clone());
    check("/components/0/rate", json!({"each": "1 EUR"}), Section::Rate, euro);
}

#[test]
fn every_fault_of_a_rate_is_found() {
    let rate = Section::Rate;
    check("/components/0/rate", json!({"each": "10000000.01 RUB"}), rate, Wrong::Beyond);
    check("/components/0/rate", json!({"share": "100000000000 %"}), rate, Wrong::Beyond);
    check("/components/0/rate", json!({"share": "-1001 %"}), rate, Wrong::Beyond);
    check("/components/0/rate", json!({"share": "0 %"}), rate, Wrong::NotPositive);
    let mile = |reach: Value| json!({"milestone": {"reach": reach, "pays": "5 RUB"}});
    check("/components/0/rate", mile(json!(5)), rate, Wrong::LevelType);
    check("/components/0/rate", mile(json!("0 RUB")), rate, Wrong::NotPositive);
    check("/components/0/cliff", json!(3), Section::Cliff, Wrong::LevelType);
    check("/components/0/period", json!("event"), Section::Period, Wrong::NeedsPeriod);
    let rows = "/components/0/rate/table/rows";
    check(rows, json!([]), rate, Wrong::Empty);
    check(&format!("{rows}/1/over"), json!("101 RUB"), rate, Wrong::Gap);
    check(&format!("{rows}/1/over"), json!("99 RUB"), rate, Wrong::Overlap);
    check(&format!("{rows}/0/over"), json!("1 RUB"), rate, Wrong::NotFromNought);
    check(&format!("{rows}/0/up_to"), json!("0 RUB"), rate, Wrong::EmptyRow);
    check(&format!("{rows}/0/up_to"), Value::Null, rate, Wrong::OpenRow);
    check(&format!("{rows}/1/up_to"), json!("200 RUB"), rate, Wrong::OpenRow);
    check(&format!("{rows}/0/up_to"), json!(100), rate, Wrong::LevelType);
    check(&format!("{rows}/0/pays"), json!("1 EUR"), rate, {
        Wrong::OtherCurrency("EUR".parse().unwrap())
    });
    check("/components/0/rate/table/reading", json!("lump"), rate, Wrong::PayType);
    check("/components/0/measure", json!("count"), rate, Wrong::PayType);
    let attained = json!({"table": {"by": "attainment", "reading": "marginal", "rows": [
        {"over": "0 %", "pays": "5 %"}]}});
    let mut plan = sound();
    plan["components"][0]["rate"] = attained;
    plan["components"][0]["quota"] = Value::Null;
    assert!(faults(plan).iter().any(|fault| fault.wrong == Wrong::NoQuota));
    // The place says which row it is.
    let mut plan = sound();
    plan["components"][0]["rate"]["table"]["rows"][1]["over"] = json!("101 RUB");
    assert_eq!(faults(plan)[0].place.index, Some((0, 1)));
}

#[test]
fn every_fault_of_multipliers_gates_caps_and_payees_is_found() {
    let first = "/components/0/multipliers/0";
    let times = Section::Multiplier;
    check(&format!("{first}/figure"), json!({"attainment": "x"}), times, {
        Wrong::UnknownComponent("x".into())
    });
    check(&format!("{first}/figure"), json!({"attainment": "b"}), times, Wrong::NoQuota);
    check(&format!("{first}/rows/0/pays"), json!("-1 %"), times, Wrong::PayType);
    check(&format!("{first}/rows/0/pays"), json!("1 RUB"), times, Wrong::PayType);
    check(&format!("{first}/unknown"), json!("-1 %"), times, Wrong::Negative);
    let score = json!({"score": {"on": "scored", "role": "boss", "value": "quality"}});
    check(&format!("{first}/figure"), score, times, Wrong::UnknownRole("boss".into()));

    let (gate, path) = (Section::Gate, "/components/0/gate");
    let whole = Wrong::NotTheWhole(Rate::new(11, 10).unwrap());
    check(&format!("{path}/at_once"), json!("80 %"), gate, whole);
    check(&format!("{path}/at_once"), json!("-30 %"), gate, Wrong::Negative);
    check(&format!("{path}/stages"), json!([]), gate, Wrong::Empty);
    let stage = format!("{path}/stages/0");
    check(&format!("{stage}/limit/hours"), json!(0), gate, Wrong::Beyond);
    check(&format!("{stage}/words/0/on"), json!("x"), gate, Wrong::UnknownEvent("x".into()));
    let word = sound().pointer(&format!("{stage}/words/0")).unwrap().clone();
    check(&format!("{stage}/words"), json!([word, word]), gate, Wrong::Twice("left".into()));
    let mut silent = sound();
    silent["components"][0]["gate"]["stages"][0]["words"] = json!([]);
    assert_eq!(faults(silent.clone()), []);
    silent["components"][0]["gate"]["stages"][0]["limit"] = Value::Null;
    assert!(faults(silent).iter().any(|fault| fault.wrong == Wrong::Empty));

    let (cap, path) = (Section::Cap, "/components/0/caps/0");
    check(&format!("{path}/most"), json!("0 RUB"), cap, Wrong::NotPositive);
    check(&format!("{path}/per"), json!("deal"), cap, Wrong::CapTooNarrow);
    let same = sound().pointer(path).unwrap().clone();
    check("/components/0/caps", json!([same, same]), cap, Wrong::Twice("a".into()));
    let mut yearly = sound();
    yearly["components"][0]["period"] = json!("year");
    assert!(faults(yearly).iter().any(|fault| fault.wrong == Wrong::CapTooNarrow));

    let (paid, path) = (Section::Payees, "/components/0/payees");
    check(&format!("{path}/by"), json!({"role": "x"}), paid, Wrong::UnknownRole("x".into()));
    let whole = Wrong::NotTheWhole(Rate::new(9, 10).unwrap());
    check(&format!("{path}/split/0/share"), json!("50 %"), paid, whole);
    check(&format!("{path}/split/0/share"), json!("-60 %"), paid, Wrong::NotPositive);
    check(&format!("{path}/overlay/0/share"), json!("0 %"), paid, Wrong::NotPositive);
    let seller = json!({"role": "seller"});
    check(&format!("{path}/split/1/who"), seller, paid, Wrong::Twice("seller".into()));
    check("/components/0/payees", Value::Null, paid, Wrong::Empty);
}

#[test]
fn a_plan_takes_no_unknown_field_and_no_rule_of_another_shape() {
    for (path, part) in [
        ("/color", json!("red")),
        ("/components/0/color", json!("red")),
        ("/components/0/payees/color", json!("red")),
        ("/components/0/rate/table/color", json!("red")),
        ("/rounding", json!("up")),
        ("/currency", json!("roubles")),
        ("/components/0/filter", json!("units >")),
        ("/components/0/caps/0/most", json!("5")),
        ("/components/0/caps/0/most", json!(5)),
        ("/components/0/period", json!("week")),
        ("/components/0/rate", json!({"share": "1 RUB"})),
    ] {
        let mut plan = sound();
        let (parent, name) = path.rsplit_once('/').unwrap();
        plan.pointer_mut(parent).unwrap()[name] = part;
        assert!(serde_json::from_value::<Plan>(plan).is_err(), "{path}");
    }
}

fn rules_of(assignments: Vec<Assignment>) -> Result<Rules, Vec<RulesFault>> {
    let plan: Plan = serde_json::from_value(sound()).unwrap();
    let published = plan.publish(&schema(), &Limits::default()).unwrap();
    Rules::new(vec![published], assignments, vec![], months())
}

#[test]
fn every_fault_of_an_assignment_is_found() {
    let check = |change: fn(&mut Assignment), wanted: RulesFault| {
        let mut one = assigned("x", "anna", "p");
        change(&mut one);
        assert_eq!(rules_of(vec![one]).unwrap_err(), [wanted]);
    };
    let id = || "x".into();
    check(|one| one.until = Some(moment(0)), RulesFault::EndsBeforeItBegins { id: id() });
    check(|one| one.salary = "1 EUR".parse().ok(), RulesFault::Sum { id: id() });
    check(|one| one.salary = "-1 RUB".parse().ok(), RulesFault::Sum { id: id() });
    check(
        |one| {
            one.draw = Some(DrawTerms {
                floor: "9000.01 RUB".parse().unwrap(),
                recoverable: true,
                from: None,
                until: None,
                recover_from: None,
                recover_until: None,
                prorated: false,
            });
        },
        RulesFault::CapBelowGuarantee { id: id() },
    );
    let own = |one: &mut Assignment, pay: &str| {
        one.rates.insert("b".into(), serde_json::from_value(json!(pay)).unwrap());
    };
    let mut one = assigned("x", "anna", "p");
    own(&mut one, "1 RUB");
    let wanted = RulesFault::OwnRate { id: id(), component: "b".into() };
    assert_eq!(rules_of(vec![one.clone()]).unwrap_err(), [wanted]);
    own(&mut one, "1 %");
    assert!(rules_of(vec![one]).is_ok());
    for quota in [
        json!({"target": "0 RUB"}),
        json!({"target": 5}),
        json!({"target": "5 %"}),
        json!({"target": "5 EUR"}),
        json!({"target": "5 RUB", "ramp": ["50 %", "0 %"]}),
    ] {
        let mut one = assigned("x", "anna", "p");
        one.quotas.insert("q".into(), serde_json::from_value(quota).unwrap());
        let wanted = RulesFault::Target { id: id(), quota: "q".into() };
        assert!(rules_of(vec![one]).unwrap_err().contains(&wanted));
    }
    let two = vec![assigned("x", "anna", "p"), assigned("y", "anna", "p")];
    let overlap = RulesFault::Overlap { id: "y".into(), other: "x".into() };
    assert_eq!(rules_of(two).unwrap_err(), [overlap]);
    let two = vec![assigned("x", "anna", "p"), assigned("x", "boris", "p")];
    assert_eq!(rules_of(two).unwrap_err(), [RulesFault::AssignmentTwice { id: id() }]);
    // One after the other is fine.
    let (mut one, mut other) = (assigned("x", "anna", "p"), assigned("y", "anna", "p"));
    one.until = Some(moment(5 * DAY));
    other.from = moment(5 * DAY);
    assert!(rules_of(vec![one, other]).is_ok());
}

#[test]
fn every_fault_between_versions_and_in_the_calendar_is_found() {
    let publish = |change: fn(&mut Plan)| {
        let mut plan: Plan = serde_json::from_value(sound()).unwrap();
        change(&mut plan);
        plan.publish(&schema(), &Limits::default()).unwrap()
    };
    let rules = |plans| Rules::new(plans, vec![], vec![], months());
    let again = rules(vec![publish(|_| {}), publish(|_| {})]).unwrap_err();
    let out = RulesFault::VersionOutOfOrder { plan: "p".into(), version: 1 };
    assert_eq!(again, [out]);
    let back = |plan: &mut Plan| {
        plan.version = 2;
        plan.from = Moment { at: -1, ..plan.from };
    };
    let out = RulesFault::VersionOutOfOrder { plan: "p".into(), version: 2 };
    assert_eq!(rules(vec![publish(|_| {}), publish(back)]).unwrap_err(), [out]);
    let euro = |plan: &mut Plan| {
        let text = serde_json::to_string(&plan).unwrap().replace("RUB", "EUR");
        *plan = serde_json::from_str(&text).unwrap();
        plan.version = 2;
        plan.from = moment(0);
    };
    let two = RulesFault::TwoCurrencies { plan: "p".into() };
    assert_eq!(rules(vec![publish(|_| {}), publish(euro)]).unwrap_err(), [two]);

    let mut calendar = months();
    calendar.remove(3);
    let gap = RulesFault::Calendar { month: "2026-05".into() };
    assert_eq!(Rules::new(vec![], vec![], vec![], calendar).unwrap_err(), [gap]);
    let mut calendar = months();
    calendar[11].days = 0;
    assert!(Rules::new(vec![], vec![], vec![], calendar).is_err());
    let own = Headship { person: "a".into(), head: "a".into(), from: 0, until: None };
    let wanted = RulesFault::OwnHead { person: "a".into() };
    assert_eq!(Rules::new(vec![], vec![], vec![own], months()).unwrap_err(), [wanted]);
}
