//! Forms of lines and of terms: what is typed is what is meant, is written back as it was typed,
//! and is kept when it is refused.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::actions;
use super::super::pages::assigning::AgreedForm;
use super::super::pages::whole::WholeForm;
use super::super::plan::{Assignment, Body};
use super::booking::refusal;
use super::door::paid;
use crate::both;
use crate::cast::Cast;
use crate::storage::testing::TestDb;
use crate::values::*;

/// The form of a line, with what is typed otherwise than usual.
fn line(changes: &Value) -> WholeForm {
    let mut form = json!({
        "name": "line", "trigger": "meeting", "measure": "count", "once": "subject",
        "period": "event", "kind": "each", "rate": "300", "by": "measure",
        "reading": "marginal", "silence": "passes", "per": "amount", "absent": "nobody"
    });
    for (name, value) in changes.as_object().expect("fields") {
        form[name.as_str()] = value.clone();
    }
    serde_json::from_value(form).expect("a form")
}

fn agreed(changes: &Value) -> AgreedForm {
    let mut form = json!({"quota_unit": "money", "other_unit": "money"});
    for (name, value) in changes.as_object().expect("fields") {
        form[name.as_str()] = value.clone();
    }
    serde_json::from_value(form).expect("a form")
}

#[test]
fn a_line_is_written_back_as_it_was_typed() {
    for changes in [
        json!({}),
        json!({"filter": "tier = 2", "once": "event", "last_day": "2027-06-30"}),
        json!({"filter": "tier = 1 or tier = 2", "once": "subject_in_month"}),
        json!({"filter": "amount >= 10000.00 RUB and tier = 2"}),
        json!({"trigger": "payment", "measure": "amount", "kind": "share", "rate": "7.5 %"}),
        json!({
            "trigger": "payment", "measure": "amount", "period": "month", "kind": "table",
            "rate": "", "rows": "0 – 10000: 5 %\n10000 – 25000.50: 7.5 %\n25000.50: 1 / 3"
        }),
        json!({
            "trigger": "payment", "measure": "amount", "period": "year", "kind": "table",
            "rate": "", "by": "attainment", "reading": "retroactive", "quota": "money",
            "rows": "0 % – 100 %: 5 %\n100 %: 8 %", "cliff": "50 %"
        }),
        json!({
            "period": "quarter", "kind": "table", "rate": "", "by": "count", "reading": "lump",
            "rows": "0 – 10: 0\n10: 5000"
        }),
        json!({"period": "month", "kind": "milestone", "reach": "10", "rate": "5000"}),
        json!({"period": "term", "kind": "one_time", "rate": "99.90"}),
        json!({
            "times_line": "line", "times_rows": "0 % – 80 %: 50 %\n80 %: 125 %",
            "times_unknown": "100 %", "also_line": "other", "also_rows": "0 %: 100 %",
            "also_unknown": "0 %"
        }),
        json!({"at_once": "30 %", "hours": "48", "silence": "fails", "clawback": "on"}),
        json!({"cap": "5000", "per": "quarter"}),
        json!({
            "cap": "5000", "per": "deal", "cap_also": "9000.50", "per_also": "month",
            "cap_third": "90000", "per_third": "component"
        }),
        json!({
            "times_line": "line", "times_rows": "0 %: 100 %", "times_unknown": "100 %",
            "score_on": "meeting.held", "score_value": "tier / 3",
            "score_rows": "0 % – 50 %: 80 %\n50 %: 120 %", "score_unknown": "90 %"
        }),
        json!({"head_part": "1 / 3", "head_beyond": "10 %", "absent": "others"}),
    ] {
        let form = line(&changes);
        let component = form.read(Currency::Rub).expect("it can be meant");
        assert_eq!(WholeForm::of(&component, Currency::Rub), Some(form), "{component:?}");
    }
}

#[test]
fn a_clawback_is_taken_only_where_it_is_ticked_and_there_is_a_later_stage() {
    let read = |changes: Value| line(&changes).read(Currency::Rub);
    assert!(!read(json!({"at_once": "30 %"})).expect("meant").clawback, "holdback is the rule");
    assert!(read(json!({"at_once": "30 %", "clawback": "on"})).expect("meant").clawback);
    let paid = json!({"trigger": "payment", "clawback": "on"});
    assert_eq!(refusal(read(paid)), "pay-no-stage");
    assert_eq!(refusal(read(json!({"times_rows": "0 %: 50 %"}))), "required");
    assert_eq!(refusal(read(json!({"score_rows": "0 %: 50 %"}))), "required");
    assert_eq!(refusal(read(json!({"score_on": "meeting.held"}))), "required");
    let of_nothing = json!({"score_on": "meeting.held", "score_value": "a lot of"});
    assert_eq!(refusal(read(of_nothing)), "pay-not-read");
    assert_eq!(refusal(read(json!({"cap_also": "5", "per_also": "life"}))), "unknown-choice");
    assert_eq!(refusal(read(json!({"head_part": "a half"}))), "pay-percent");
    assert_eq!(refusal(read(json!({"absent": "the owner"}))), "unknown-choice");
}

#[test]
fn a_bracket_of_a_condition_does_not_let_in_what_no_campaign_pays_for() {
    let read = |text: &str| line(&json!({"filter": text})).read(Currency::Rub);
    assert_eq!(refusal(read("tier = 2) or (tier = 1")), "pay-not-read");
    read("(tier = 2) or (tier = 1)").expect("its own brackets");
}

#[test]
fn a_line_that_says_more_than_the_form_holds_has_no_form() {
    let component = line(&json!({})).read(Currency::Rub).expect("meant");
    let stored = serde_json::to_value(&component).expect("a text");
    let score = json!({
        "figure": {"score": {"on": "meeting.held", "role": "person", "value": "80 %"}},
        "rows": [{"over": "0 %", "pays": "100 %"}], "unknown": "100 %"
    });
    let caps = ["amount", "month", "quarter", "year"];
    let caps = caps.map(|per| json!({"per": per, "most": "10.00 RUB"}));
    for (part, value) in [
        ("multipliers", json!([score.clone(), score])),
        ("caps", json!(caps)),
        ("filter", json!("tier = 2")),
        ("on", json!({"events": ["meeting.booked", "meeting.held"]})),
        ("on", json!({"component": "other"})),
    ] {
        let mut other = stored.clone();
        other[part] = value;
        let other = serde_json::from_value(other).expect("a component");
        assert_eq!(WholeForm::of(&other, Currency::Rub), None, "{part}");
    }
    for tier in 1..=3 {
        let body = Body::of_tier(tier, Currency::Rub).expect("a plan");
        for one in &body.components {
            let has_form = WholeForm::of(one, Currency::Rub).is_some();
            assert_eq!(has_form, one.code.as_str() != "month-0", "{}", one.code);
        }
    }
}

#[test]
fn terms_are_written_back_as_they_were_typed() {
    for changes in [
        json!({}),
        json!({"rates": "handoff-1: 250\npayment-2: 8 %"}),
        json!({
            "quota": "calls", "quota_unit": "count", "quota_target": "40",
            "quota_ramp": "30 %; 60 %", "quota_by_days": "on",
            "other": "money", "other_target": "10000"
        }),
        json!({
            "floor_kind": "advance", "floor": "1000", "floor_from": "2026-11-01",
            "floor_until": "2027-05-01", "recover_from": "2027-01-01",
            "recover_until": "2027-12-01", "floor_by_days": "on"
        }),
        json!({"floor_kind": "guarantee", "floor": "1000.50"}),
    ] {
        let form = agreed(&changes);
        let terms = form.terms(Currency::Rub).expect("they can be meant");
        assert_eq!(AgreedForm::of(&terms, Currency::Rub), Some(form), "{terms:?}");
    }
    for (changes, expected) in [
        (json!({"rates": "payment-2"}), "pay-not-read"),
        (json!({"rates": "payment-2: 8 %\npayment-2: 9 %"}), "pay-fault-twice"),
        (json!({"quota_target": "5"}), "required"),
        (json!({"quota": "calls", "quota_unit": "days", "quota_target": "5"}), "unknown-choice"),
        (json!({"floor": "1000"}), "required"),
        (json!({"floor_kind": "advance"}), "required"),
        (
            json!({"floor_kind": "guarantee", "floor": "1", "recover_from": "2027-01-01"}),
            "pay-not-owed-back",
        ),
    ] {
        assert_eq!(refusal(agreed(&changes).terms(Currency::Rub)), expected, "{changes}");
    }
}

pub(super) async fn plan(cast: &Cast, tier: usize) -> PlanId {
    let mut tx = cast.app.db.read().await.expect("reads");
    let (plans, _, _) = actions::list_plans(&mut tx, cast.org).await.expect("reads");
    plans[tier - 1].id
}

async fn assignments(cast: &Cast, login: &str) -> Vec<Assignment> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let (_, _, mut all) = actions::list_plans(&mut tx, cast.org).await.expect("reads");
    all.retain(|one| one.person == cast.id(login));
    all
}

/// A line for talks: times what was reached, clawed back, a part of it a head's.
const TALK: [(&str, &str); 20] = [
    ("name", "talk"),
    ("trigger", "meeting"),
    ("filter", ""),
    ("measure", "count"),
    ("once", "subject"),
    ("period", "month"),
    ("kind", "each"),
    ("rate", "300"),
    ("quota", "talks"),
    ("times_line", "talk"),
    ("times_rows", "0% – 80%: 50%\n80%: 125%"),
    ("times_unknown", ""),
    ("at_once", "30%"),
    ("clawback", "on"),
    ("cap", ""),
    ("per", "month"),
    ("last_day", ""),
    ("head_part", "10%"),
    ("head_beyond", ""),
    ("absent", "others"),
];

fn talk(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let changed = |(name, value): (&'static str, &'static str)| {
        let other = changes.iter().find(|(known, _)| *known == name);
        (name, other.map_or(value, |(_, value)| *value))
    };
    TALK.into_iter().map(changed).collect()
}

/// The same line for hand-offs, where a condition holds.
fn of_handoffs(filter: &str) -> Vec<(&str, &str)> {
    let mut form: Vec<(&str, &str)> = talk(&[("trigger", "handoff")]);
    for (name, value) in &mut form {
        if *name == "filter" {
            *value = filter;
        }
    }
    form
}

both! {
    async fn a_line_is_changed_in_the_form_it_was_typed_in(t: TestDb) {
        let cast = paid(t).await;
        let page = format!("/pay/plans/{}", plan(&cast, 2).await);
        let whole = format!("{page}/components/whole");
        let olga = cast.client("olga").await;
        assert_eq!(olga.get(&whole).await.status, StatusCode::CONFLICT, "there is no draft");
        let empty: [(&str, &str); 0] = [];
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        let blank = olga.get(&whole).await;
        assert_eq!(blank.status, StatusCode::OK, "{}", blank.body);
        assert!(!blank.body.contains("<details open"), "what is seldom used is folded");
        let put = olga.post(&whole, &talk(&[])).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        let shown = olga.get(&page).await.body;
        for sentence in [
            "Times a factor by the share of its quota that the line “talk” has reached.",
            "CLAW-BACK: what was owed already is taken back when a later stage fails.",
            "the head of whoever it counts for: 10%.",
        ] {
            assert!(shown.contains(sentence), "{sentence}: {shown}");
        }
        assert!(shown.contains(&format!("{whole}?component=talk")), "{shown}");
        let form = olga.get(&format!("{whole}?component=talk")).await.body;
        for kept in [
            r#"name="name" type="text" value="talk""#,
            r#"name="clawback" value="on" checked"#,
            ">0 % – 80 %: 50 %\n80 %: 125 %</textarea>",
            r#"name="head_part" type="text" value="10 %""#,
            r#"<option value="others" selected>"#,
            "<details open",
        ] {
            assert!(form.contains(kept), "{kept}: {form}");
        }
        assert!(!form.contains('⟦'), "{form}");
        let salary = olga.get(&format!("{whole}?component=month-0")).await.body;
        assert!(salary.contains("says more than the form holds"), "{salary}");
        let strange = olga.get(&format!("{whole}?component=nothing")).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
        assert_eq!(cast.client("pavel").await.get(&whole).await.status, StatusCode::OK);
        let boris = cast.client("boris").await;
        assert_eq!(boris.get(&whole).await.status, StatusCode::NOT_FOUND);
        assert_eq!(boris.post(&whole, &talk(&[])).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_line_has_several_caps_and_a_factor_by_a_score(t: TestDb) {
        let cast = paid(t).await;
        let page = format!("/pay/plans/{}", plan(&cast, 2).await);
        let whole = format!("{page}/components/whole");
        let olga = cast.client("olga").await;
        let empty: [(&str, &str); 0] = [];
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        let plain = [
            ("name", "more"),
            ("period", "event"),
            ("quota", ""),
            ("times_line", ""),
            ("times_rows", ""),
            ("cap", "1000"),
            ("per", "deal"),
        ];
        let more = |per_third: &'static str| {
            let mut form = talk(&plain);
            form.extend([
                ("cap_also", "5000"),
                ("per_also", "month"),
                ("cap_third", "90000"),
                ("per_third", per_third),
                ("score_on", "meeting.held"),
                ("score_value", "tier / 3"),
                ("score_rows", "0% – 50%: 80%\n50%: 120%"),
                ("score_unknown", ""),
            ]);
            form
        };
        let twice = olga.post(&whole, &more("month")).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.body);
        assert!(twice.body.contains(r#"id="cap-e">"#), "{}", twice.body);
        let put = olga.post(&whole, &more("component")).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        let shown = olga.get(&page).await.body;
        for sentence in [
            "At most ₽1,000.00 a contract. At most ₽5,000.00 a month.",
            "At most ₽90,000.00 in the whole time of the assignment.",
            "Times a factor by the latest score: the tier ÷ 3 of “Meeting held”.",
        ] {
            assert!(shown.contains(sentence), "{sentence}: {shown}");
        }
        let form = olga.get(&format!("{whole}?component=more")).await.body;
        for kept in [
            r#"name="cap_also" type="text" value="5000""#,
            r#"<option value="component" selected>"#,
            r#"<option value="meeting.held" selected>"#,
            r#"name="score_value" type="text" value="tier / 3""#,
            ">0 % – 50 %: 80 %\n50 %: 120 %</textarea>",
        ] {
            assert!(form.contains(kept), "{kept}: {form}");
        }
        assert!(!form.contains('⟦'), "{form}");
    }

    async fn a_condition_too_long_for_the_credit_window_is_told_beside_it(t: TestDb) {
        let cast = paid(t).await;
        let page = format!("/pay/plans/{}", plan(&cast, 2).await);
        let whole = format!("{page}/components/whole");
        let olga = cast.client("olga").await;
        let empty: [(&str, &str); 0] = [];
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        let long = format!("reason != \"{}\"", "x".repeat(1_960));
        let put = olga.post(&whole, &of_handoffs(&long)).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "it fits alone: {}", put.body);
        let put = olga.post(&whole, &of_handoffs("tier = 1")).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        let window = [("plan_cap", ""), ("guarantee", ""), ("window", "30")];
        let put = olga.post(&format!("{page}/limits"), &window).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        let refused = olga.post(&whole, &of_handoffs(&long)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let says = "The condition of the line “talk” and the credit window";
        for part in [says, r#"id="filter-e">"#] {
            assert!(refused.body.contains(part), "{part}: {}", refused.body);
        }
    }

    async fn what_was_typed_of_a_line_is_kept_when_it_is_refused(t: TestDb) {
        let cast = paid(t).await;
        let page = format!("/pay/plans/{}", plan(&cast, 2).await);
        let whole = format!("{page}/components/whole");
        let olga = cast.client("olga").await;
        let empty: [(&str, &str); 0] = [];
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        for (changes, field, says) in [
            (&[("times_rows", "a lot")][..], "times_rows", "This is not understood"),
            (&[("trigger", "payment"), ("at_once", "")], "clawback", "nothing to take back"),
            (&[("head_part", "150%")], "", "This has to be above nought"),
            (&[("times_line", "nobody")], "", "The plan has no line nobody."),
            (&[("times_rows", "10%: 50%")], "", "The first row has to begin at nought"),
            (&[("name", "")], "name", "Please fill this in"),
        ] {
            let reply = olga.post(&whole, &talk(changes)).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
            assert!(reply.body.contains(says), "{says}: {}", reply.body);
            let beside = format!(r#"id="{field}-e">"#);
            assert!(field.is_empty() || reply.body.contains(&beside), "{field}: {}", reply.body);
            let quota = r#"name="quota" type="text" value="talks""#;
            assert!(reply.body.contains(quota), "{changes:?}: {}", reply.body);
            let (name, typed) = changes[0];
            let is_kept = reply.body.contains(&format!(">{typed}</textarea>"))
                || reply.body.contains(&format!(r#"name="{name}" type="text" value="{typed}""#))
                || reply.body.contains(&format!(r#"<option value="{typed}" selected>"#));
            assert!(is_kept, "{name} {typed}: {}", reply.body);
        }
        let mut tx = cast.app.db.read().await.expect("reads");
        let (plans, _, _) = actions::list_plans(&mut tx, cast.org).await.expect("reads");
        let body = &plans[1].draft.as_ref().expect("a draft").body;
        let is_in = body.components.iter().any(|one| one.code.as_str() == "talk");
        assert!(!is_in, "nothing was put in");
    }

    async fn a_line_stays_while_another_follows_from_it(t: TestDb) {
        let cast = paid(t).await;
        let page = format!("/pay/plans/{}", plan(&cast, 2).await);
        let olga = cast.client("olga").await;
        let empty: [(&str, &str); 0] = [];
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        let other = [("name", "offers"), ("trigger", "handoff"), ("quota", "")];
        for form in [talk(&[]), talk(&other)] {
            let put = olga.post(&format!("{page}/components/whole"), &form).await;
            assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        }
        let removal = format!("{page}/components/removal");
        let refused = olga.post(&removal, &[("component", "talk")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        let says = "The line talk stays: the line offers follows from it.";
        assert!(refused.body.contains(says), "{}", refused.body);
        let address = format!("{page}/components/whole?component=talk");
        assert_eq!(olga.get(&address).await.status, StatusCode::OK, "it is in the draft");
        // Its own quota holds no line in the plan.
        for line in ["offers", "talk"] {
            let removed = olga.post(&removal, &[("component", line)]).await;
            assert_eq!(removed.status, StatusCode::SEE_OTHER, "{line}: {}", removed.body);
        }
        assert_eq!(olga.get(&address).await.status, StatusCode::NOT_FOUND);
    }

    async fn somebody_is_assigned_on_terms_that_read_aloud(t: TestDb) {
        assigned_on_terms(t).await;
    }

    async fn terms_are_agreed_anew_from_a_day_on(t: TestDb) {
        agreed_anew(t).await;
    }

    async fn terms_that_somebody_changed_meanwhile_are_looked_at_again(t: TestDb) {
        let cast = paid(t).await;
        let first = assignments(&cast, "sonya").await.remove(0);
        let terms = format!("/pay/assignments/{}/terms", first.id);
        let (olga, pavel) = (cast.client("olga").await, cast.client("pavel").await);
        let seen = r#"name="revision" value="1""#;
        assert!(olga.get(&terms).await.body.contains(seen));
        let agree = |salary: &'static str, rates: &'static str| {
            [("revision", "1"), ("day", "2026-10-01"), ("salary", salary), ("rates", rates)]
        };
        let put = pavel.post(&terms, &agree("60000", "")).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        let late = olga.post(&terms, &agree("50000", "payment-2: 9%")).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
        for kept in ["Somebody changed it meanwhile", ">payment-2: 9%</textarea>", seen] {
            assert!(late.body.contains(kept), "{kept}: {}", late.body);
        }
        let now = assignments(&cast, "sonya").await.remove(0);
        assert_eq!((now.salary.minor, now.revision), (60_000_00, 2), "nothing was written over");
        assert!(now.terms.rates.is_empty());
    }

    async fn the_api_replays_a_draft_as_the_page_does(t: TestDb) {
        let cast = paid(t).await;
        let base = format!("/api/v1/pay-plans/{}", plan(&cast, 1).await);
        let olga = cast.api("olga").await;
        let months = json!({"first": "2026-10", "last": "2026-11"});
        let replay = format!("{base}/what-if");
        assert_eq!(olga.post(&replay, &months).await.status, StatusCode::CONFLICT, "no draft");
        let begun = olga.post(&format!("{base}/draft"), &json!({})).await;
        assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
        let each = json!({"component": {
            "trigger": "meeting", "tier": 1, "measure": {"each": 40_000}, "cap": null
        }});
        let put = olga.post(&format!("{base}/components"), &each).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.body);
        let reply = olga.post(&replay, &months).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
        let (json, client) = (reply.json(), cast.client("olga").await);
        let told = &json["data"];
        assert_eq!(told["total"]["before"]["minor"], 350_00, "{told}");
        assert_eq!(told["total"]["difference"]["minor"], 50_00, "{told}");
        assert_eq!(told["people"][0]["person"], cast.id("boris").to_string(), "{told}");
        assert_eq!(told["components"][0]["component"], "meeting-1", "{told}");
        assert_eq!((&told["first"], &told["last"]), (&json!("2026-10"), &json!("2026-11")));
        let page = base.replace("/api/v1/pay-plans", "/pay/plans");
        let page = format!("{page}/what-if?first=2026-10&last=2026-11");
        assert!(client.get(&page).await.body.contains("₽50.00"), "{told}");
        let reversed = json!({"first": "2026-11", "last": "2026-10"});
        let reversed = olga.post(&replay, &reversed).await;
        assert_eq!(reversed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reversed.body);
        let boris = cast.api("boris").await.post(&replay, &months).await;
        assert_eq!(boris.status, StatusCode::NOT_FOUND, "{}", boris.body);
    }
}

async fn assigned_on_terms(t: TestDb) {
    let cast = paid(t).await;
    let page = format!("/pay/plans/{}", plan(&cast, 2).await);
    let olga = cast.client("olga").await;
    let semyon = cast.id("semyon").to_string();
    let form = |rates: &'static str, kind: &'static str| {
        [
            ("user", semyon.as_str()),
            ("day", "2026-11-03"),
            ("until", ""),
            ("salary", "50000"),
            ("rates", rates),
            ("floor_kind", kind),
            ("floor", "1000"),
        ]
    };
    for (rates, kind, says) in [
        ("payment-2: 8", "advance", "does not go with the line payment-2"),
        ("paymnt-2: 8%", "advance", "The plan has no line paymnt-2."),
        ("payment-2: 8%", "", "Please fill this in"),
    ] {
        let refused = olga.post(&format!("{page}/assignments"), &form(rates, kind)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{rates}: {}", refused.body);
        for kept in [says, &format!(">{rates}</textarea>"), r#"value="50000""#, "<details open"] {
            assert!(refused.body.contains(kept), "{kept}: {}", refused.body);
        }
        assert!(refused.body.contains(&format!(r#"<option value="{semyon}" selected>"#)));
    }
    assert!(assignments(&cast, "semyon").await.is_empty(), "nobody was assigned");
    let made = olga.post(&format!("{page}/assignments"), &form("payment-2: 8%", "advance")).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let said = "For “Share of payment”: 8% instead of the rate of the plan.";
    let owed = "A month that earns less than ₽1,000.00 is filled up to it by an advance";
    let own = cast.client("semyon").await.get(&page).await.body;
    for (body, whose) in [(olga.get(&page).await.body, "olga"), (own, "semyon")] {
        assert!(body.contains(said) && body.contains(owed), "{whose}: {body}");
        assert_eq!(body.contains("Agreed with you"), whose == "semyon", "{body}");
    }
    let sonya = cast.client("sonya").await.get(&page).await.body;
    assert!(!sonya.contains(said), "nobody reads the terms of another");
}

async fn agreed_anew(t: TestDb) {
    let cast = paid(t).await;
    let olga = cast.client("olga").await;
    let first = assignments(&cast, "sonya").await.remove(0);
    let terms = format!("/pay/assignments/{}/terms", first.id);
    let page = olga.get(&terms).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for kept in [r#"value="2026-10-01""#, r#"value="50000""#, "Salary: ₽50,000.00 a month."] {
        assert!(page.body.contains(kept), "{kept}: {}", page.body);
    }
    let agree = |day: &'static str, salary: &'static str, rates: &'static str| {
        [("day", day), ("salary", salary), ("rates", rates)]
    };
    for (day, rates, says) in [
        ("2026-09-30", "payment-2: 9%", "not one of the days of this assignment"),
        ("2026-10-01", "payment-2: nine", "A sum is wanted"),
    ] {
        let refused = olga.post(&terms, &agree(day, "60000", rates)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        for kept in [says, &format!(">{rates}</textarea>"), r#"value="60000""#] {
            assert!(refused.body.contains(kept), "{kept}: {}", refused.body);
        }
    }
    let other = [("day", "2026-10-01"), ("until", "2026-12-31")];
    let refused = olga.post(&terms, &other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "terms say no last day");
    let put_right = olga.post(&terms, &agree("2026-10-01", "60000", "payment-2: 9%")).await;
    assert_eq!(put_right.location.as_deref(), Some(terms.as_str()), "{}", put_right.body);
    let now = assignments(&cast, "sonya").await;
    assert_eq!(now.len(), 1);
    assert_eq!((now[0].id, now[0].salary.minor, now[0].revision), (first.id, 60_000_00, 2));
    let sent = json!({"day": "2026-12-01", "terms": {"rates": {"payment-2": "10 %"}}});
    let path = format!("/api/v1/pay-assignments/{}/terms", first.id);
    let boris = cast.api("boris").await.post(&path, &sent).await;
    assert_eq!(boris.status, StatusCode::NOT_FOUND, "{}", boris.body);
    let later = cast.api("olga").await.post(&path, &sent).await;
    assert_eq!(later.status, StatusCode::OK, "{}", later.body);
    let now = assignments(&cast, "sonya").await;
    let ids: Vec<String> = now.iter().map(|one| one.id.to_string()).collect();
    assert_eq!(later.json()["data"], ids[1], "another goes on");
    assert_eq!(now[0].ends_at, Some(now[1].starts_at), "without a gap");
    assert_eq!((now[1].ends_at, now[1].salary.minor), (None, 60_000_00), "what is not said stays");
    let next = format!("/pay/assignments/{}", ids[1]);
    let seen = olga.get(&format!("{next}/terms")).await.body;
    assert!(seen.contains(">payment-2: 10 %</textarea>"), "{seen}");
    let ended = olga.post(&format!("{next}/end"), &[("day", "2026-12-31")]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
    let seen = olga.get(&format!("{next}/terms")).await.body;
    assert!(!seen.contains(&format!("{next}/end")), "it has its last day: {seen}");
    for login in ["boris", "sonya"] {
        let status = cast.client(login).await.get(&terms).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{login}");
    }
}
