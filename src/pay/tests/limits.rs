//! The cap and the guarantee of a plan as a whole, on both databases and through the door.

use axum::http::StatusCode;
use jiff::civil::date;
use serde_json::json;

use super::super::actions;
use super::super::entry::GUARANTEE;
use super::booking::{day, refusal};
use super::door::{paid, seen};
use super::forms::plan;
use super::{DECEMBER, NOVEMBER, Yard, payment};
use crate::both;
use crate::events::Kind;
use crate::values::*;

/// What somebody is paid for in a closed month.
async fn rows(yard: &Yard, month: &str, login: &str) -> Vec<(String, i64)> {
    let (id, pavel) = (yard.period(month).await.id, yard.viewer("pavel").await);
    let mut tx = yard.db.read().await.expect("reads");
    let (_, rows) = actions::payroll(&mut tx, &pavel, id).await.expect("a closed month");
    let own = rows.into_iter().filter(|row| row.person.id == yard.id(login));
    own.map(|row| (row.component, row.gross.minor)).collect()
}

both! {
    async fn a_plan_caps_a_month_and_fills_it_up_as_a_whole(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (id, by) = (yard.plans[0], || yard.by("owner"));
        let rub = |minor| Some(Money::new(minor, Currency::Rub));
        let none = actions::put_limits(&by(), id, (rub(400_00), None, None)).await;
        assert_eq!(refusal(none), "pay-no-draft");
        actions::start_draft(&by(), id).await.expect("a draft");
        for (limits, code) in [
            ((rub(399_99), rub(400_00), None), "pay-fault-cap-below-guarantee"),
            ((rub(0), None, None), "pay-fault-not-positive"),
            ((None, rub(0), None), "pay-fault-not-positive"),
            ((None, Some(Money::new(1_00, Currency::Eur)), None), "pay-fault-currency"),
            ((rub(i64::MAX), None, None), "pay-fault-beyond"),
            ((None, None, Some(-1)), "pay-window-range"),
            ((None, None, Some(366)), "pay-window-range"),
        ] {
            assert_eq!(refusal(actions::put_limits(&by(), id, limits).await), code);
        }
        actions::put_limits(&by(), id, (rub(400_00), rub(400_00), None)).await.expect("said");
        yard.approve(id, date(2026, 10, 2)).await.expect("approved");
        actions::publish(&by(), id, 2).await.expect("published");
        yard.settle().await;
        yard.held("caller", day(3)).await;
        yard.clock.set(NOVEMBER.plus_days(2));
        yard.close("2026-10").await;
        let filled = [(GUARANTEE.to_owned(), 50_00), ("meeting-1".to_owned(), 350_00)];
        assert_eq!(rows(&yard, "2026-10", "caller").await, filled);
        for hour in [1, 2] {
            yard.held("caller", NOVEMBER.plus_minutes(60 * hour)).await;
        }
        yard.clock.set(DECEMBER.plus_days(2));
        yard.close("2026-11").await;
        let capped = [("meeting-1".to_owned(), 400_00)];
        assert_eq!(rows(&yard, "2026-11", "caller").await, capped);
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn the_cap_of_a_plan_leaves_the_salary_whole(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (id, by) = (yard.plans[1], || yard.by("owner"));
        let most = Some(Money::new(100_00, Currency::Rub));
        actions::start_draft(&by(), id).await.expect("a draft");
        actions::put_limits(&by(), id, (most, None, None)).await.expect("said");
        yard.approve(id, date(2026, 11, 1)).await.expect("approved");
        actions::publish(&by(), id, 2).await.expect("published");
        yard.settle().await;
        yard.clock.set(NOVEMBER.plus_days(2));
        yard.close("2026-10").await;
        let id = PaymentId::fresh(NOVEMBER);
        let entered = payment(&yard, "seller", id, Kind::PaymentEntered, 5_000_00);
        yard.tell(NOVEMBER.plus_days(1), entered).await;
        yard.clock.set(DECEMBER.plus_days(2));
        yard.close("2026-11").await;
        let expected = [("month-0".to_owned(), 60_000_00), ("payment-2".to_owned(), 100_00)];
        assert_eq!(rows(&yard, "2026-11", "seller").await, expected);
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_draft_that_is_approved_is_approved_anew_when_its_limits_change(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (id, by) = (yard.plans[0], || yard.by("owner"));
        let least = Some(Money::new(1_00, Currency::Rub));
        actions::start_draft(&by(), id).await.expect("a draft");
        yard.approve(id, date(2026, 10, 2)).await.expect("approved");
        actions::put_limits(&by(), id, (None, least, None)).await.expect("said");
        assert_eq!(refusal(actions::publish(&by(), id, 2).await), "pay-not-approved");
    }

    async fn a_draft_that_was_changed_since_it_was_looked_at_is_not_approved(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (id, by) = (yard.plans[0], || yard.by("owner"));
        let (least, from) = (Some(Money::new(1_00, Currency::Rub)), date(2026, 10, 2));
        actions::start_draft(&by(), id).await.expect("a draft");
        let looked_at = yard.revision(id).await;
        actions::put_limits(&yard.by("pavel"), id, (None, least, None)).await.expect("said");
        let late = actions::approve_draft(&by(), id, from, looked_at).await;
        assert_eq!(refusal(late), "pay-stale");
        assert_eq!(refusal(actions::publish(&by(), id, 2).await), "pay-not-approved");
        yard.approve(id, from).await.expect("looked at again");
        actions::publish(&by(), id, 2).await.expect("published");
    }

    async fn a_what_if_counts_the_floors_of_months_that_are_over(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.held("caller", day(3)).await;
        let (by, id) = (|| yard.by("owner"), yard.plans[0]);
        let month = |text: &str| text.parse::<Month>().expect("a month");
        let months = (month("2026-10"), month("2026-11"));
        let pavel = yard.viewer("pavel").await;
        actions::start_draft(&by(), id).await.expect("a draft");
        let least = Some(Money::new(1_000_00, Currency::Rub));
        actions::put_limits(&by(), id, (None, least, None)).await.expect("said");
        let mut tx = t.db.read().await.expect("reads");
        // November goes on: only October is filled up, 350 of the caller and the hunter's nothing.
        let now = NOVEMBER.plus_days(20);
        let found = actions::what_if(&mut tx, &pavel, id, months, now).await.expect("counted");
        let lines: Vec<(&str, i64, i64)> = found
            .components
            .iter()
            .map(|(code, sums)| (code.as_str(), sums.before.minor, sums.after.minor))
            .collect();
        assert_eq!(lines, [(GUARANTEE, 0, 650_00), ("meeting-1", 350_00, 350_00)]);
        assert_eq!(found.total.difference.minor, 650_00);
        let caller = found.people.iter().find(|(user, _)| user.id == yard.id("caller"));
        assert_eq!(caller.expect("the caller").1.after.minor, 1_000_00);
        drop(tx);
        assert_eq!(yard.stands("caller").await, (350_00, 0), "and nothing is written");
    }

    async fn the_limits_of_a_plan_are_typed_read_aloud_and_told_over_the_api(t: TestDb) {
        let cast = paid(t).await;
        let id = plan(&cast, 1).await;
        let (page, limits) = (format!("/pay/plans/{id}"), format!("/pay/plans/{id}/limits"));
        let programs = format!("/api/v1/pay-plans/{id}/limits");
        let (olga, pavel) = (cast.client("olga").await, cast.client("pavel").await);
        let boris = cast.client("boris").await;
        let empty: [(&str, &str); 0] = [];
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        let form = |cap, least| [("plan_cap", cap), ("guarantee", least), ("window", "30")];
        let put = pavel.post(&limits, &form("40000", "500,50")).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        assert_eq!(boris.post(&limits, &form("1", "")).await.status, StatusCode::NOT_FOUND);
        let most = "All lines together, the salary aside, earn at most ₽40,000.00 a month.";
        let shown = olga.get(&page).await.body;
        let least = "A month pays ₽500.50 at least.";
        let window = "comes back by another’s hand-off within 30 days";
        let typed = [r#"value="40000""#, r#"value="500.50""#, r#"value="30""#];
        for says in [most, least, window].into_iter().chain(typed) {
            assert!(shown.contains(says), "{says}: {shown}");
        }
        assert!(!shown.contains('⟦'), "{shown}");
        for (typed, says) in [
            (form("500", "500,50"), "The cap of the plan lies below the least that a month pays."),
            (form("500", "a lot"), "Guarantee of a month"),
        ] {
            let refused = olga.post(&limits, &typed).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
            let kept = r#"name="plan_cap" rows="2">500</textarea>"#;
            for part in [says, "Cap of all lines", kept] {
                assert!(refused.body.contains(part), "{part}: {}", refused.body);
            }
        }
        assert!(olga.get(&page).await.body.contains(most), "what was refused changed nothing");
        let api = cast.api("olga").await;
        let sum = |minor: i64| json!({"minor": minor, "currency": "RUB"});
        let low = api.post(&programs, &json!({"cap": sum(1_00), "guarantee": sum(2_00)})).await;
        let told = low.json();
        let code = &told["error"]["fields"]["cap"]["code"];
        assert_eq!(code, "pay-fault-cap-below-guarantee", "{told}");
        let put = api.post(&programs, &json!({"guarantee": sum(600_00), "window": 14})).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.body);
        assert!(!olga.get(&page).await.body.contains(most), "what is not said does not hold");
        let approval = json!({"day": "2026-12-01", "revision": 1});
        let path = format!("/api/v1/pay-plans/{id}/approval");
        let late = api.post(&path, &approval).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
        assert_eq!(late.json()["error"]["code"], "pay-stale");
        let form = [("day", "2026-12-01"), ("revision", "1")];
        let late = olga.post(&format!("{page}/approval"), &form).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
        assert!(late.body.contains("Somebody changed it meanwhile"), "{}", late.body);
        let seen = seen(&olga.get(&page).await.body);
        let replay = api.post(&format!("/api/v1/pay-plans/{id}/what-if"), &json!({})).await;
        assert_eq!(replay.json()["data"]["revision"].to_string(), seen, "{}", replay.body);
        let form = [("day", "2026-12-01"), ("revision", &*seen)];
        let approved = olga.post(&format!("{page}/approval"), &form).await;
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
        let published = olga.post(&format!("{page}/publication"), &[("confirm", "2")]).await;
        assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.body);
        let read = boris.get(&page).await.body;
        assert!(read.contains("A month pays ₽600.00 at least."), "whoever it pays: {read}");
        let all = api.get("/api/v1/pay-plans").await.json();
        let all = all["data"].as_array().expect("versions");
        let version = all.iter().find(|one| one["version"] == 2).expect("the second");
        assert_eq!(version["guarantee"], sum(600_00));
        assert_eq!(version["cap"], json!(null));
        assert_eq!(version["window"], 14);
    }
}
