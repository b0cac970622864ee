use axum::http::StatusCode;
use serde_json::json;

use super::actions::{end, enter_payment, find, list, list_payments, reverse_payment, sign_in};
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::storage::testing::MONDAY;
use crate::web::Cursor;

/// Midnight of that Monday in Moscow: a day as forms read it.
const TODAY: Instant = Instant(MONDAY.0 - 10 * HOUR_MS);

fn roubles(major: i64) -> Money {
    Money::new(major * 100, Currency::Rub)
}

fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.code(),
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

fn wrong<T: std::fmt::Debug>(outcome: Outcome<T>) -> Vec<(&'static str, &'static str)> {
    match outcome {
        Err(Error::Invalid(fields)) => fields.0.iter().map(|(f, p)| (*f, p.code)).collect(),
        other => panic!("wrong fields were expected, not {other:?}"),
    }
}

/// A contract over 100 000 roubles sold by a person of the cast.
async fn signed(cast: &Cast, login: &str, name: &str) -> ContractId {
    let act = cast.act(login, &format!("sign {name}"));
    let mut tx = act.db.begin().await.expect("begins");
    let company = NewCompany { name: name.to_owned(), ..NewCompany::default() };
    let company = companies::actions::add_in(&mut tx, &act, company).await.expect("adds");
    let seller = cast.viewer(login).await.user;
    let new = NewContract {
        opportunity: OpportunityId::fresh(act.now),
        company,
        campaign: None,
        seller: seller.id,
        team: seller.team,
        value: roubles(100_000),
        term_from: MONDAY,
        term_to: MONDAY.plus_days(365),
    };
    let id = sign_in(&mut tx, &act, new.clone()).await.expect("signs");
    assert_eq!(refusal(sign_in(&mut tx, &act, new).await), "contract-already-signed");
    tx.commit().await.expect("commits");
    id
}

async fn seen(cast: &Cast, login: &str, id: ContractId) -> Option<Contract> {
    let scope = cast.viewer(login).await.scope();
    find(&mut cast.app.db.read().await.expect("reads"), &scope, id).await.expect("finds")
}

fn payment(amount: Money, paid_on: Instant) -> NewPayment {
    NewPayment { amount, paid_on, note: String::new() }
}

fn fresh() -> Contract {
    Contract {
        id: ContractId::fresh(MONDAY),
        number: 1,
        opportunity: OpportunityId::fresh(MONDAY),
        company: CompanyId::fresh(MONDAY),
        campaign: None,
        seller: UserId::fresh(MONDAY),
        team: None,
        value: roubles(100),
        term_from: MONDAY,
        term_to: MONDAY.plus_days(30),
        state: ContractState::Active,
        end_reason: None,
        end_note: None,
        ended_at: None,
        signed_at: MONDAY,
        paid: roubles(40),
        version: 1,
    }
}

#[test]
fn a_payment_is_what_came_when_it_came_and_never_more_than_is_owed() {
    let zone = Zone::named("Europe/Moscow");
    let euro = Money::new(100, Currency::Eur);
    let long = NewPayment { note: "щ".repeat(10_000), ..payment(roubles(1), MONDAY) };
    for (new, expected) in [
        (payment(roubles(0), MONDAY), ("amount", "sum-nought")),
        (payment(roubles(-5), MONDAY), ("amount", "sum-nought")),
        (payment(roubles(i64::MAX / 100), MONDAY), ("amount", "money-too-large")),
        (payment(euro, MONDAY), ("amount", "other-currency")),
        (payment(roubles(1), MONDAY.plus_days(1)), ("paid_on", "day-to-come")),
        (payment(roubles(1), MONDAY.plus_days(-400)), ("paid_on", "day-before-contract")),
        (long, ("note", "too-long")),
    ] {
        assert_eq!(wrong(fresh().check_payment(&new, &zone, MONDAY)), [expected]);
    }
    let check = |c: Contract, sum| c.check_payment(&payment(roubles(sum), MONDAY), &zone, MONDAY);
    check(fresh(), 60).expect("the rest may be paid");
    assert_eq!(refusal(check(fresh(), 61)), "payment-beyond-value");
    check(Contract { state: ContractState::Ended, ..fresh() }, 60).expect("late money is welcome");
    let cancelled = Contract { state: ContractState::Cancelled, ..fresh() };
    assert_eq!(refusal(check(cancelled, 1)), "contract-cancelled");
}

#[test]
fn a_contract_is_ended_or_cancelled_with_a_reason() {
    let over =
        |is_cancelled, reason, note: &str| NewEnd { is_cancelled, reason, note: note.to_owned() };
    let ended = fresh().end(1, &over(false, EndReason::Fulfilled, ""), MONDAY).expect("ends");
    assert_eq!((ended.state, ended.ended_at), (ContractState::Ended, Some(MONDAY)));
    let unpaid = Contract { paid: roubles(0), ..fresh() };
    let void = unpaid.end(1, &over(true, EndReason::Mistake, ""), MONDAY).expect("cancels");
    assert_eq!(void.state, ContractState::Cancelled);
    let why = over(true, EndReason::Mistake, "");
    assert_eq!(refusal(fresh().end(1, &why, MONDAY)), "contract-holds-money");
    assert_eq!(refusal(unpaid.end(2, &why, MONDAY)), "contract-stale");
    assert_eq!(refusal(ended.end(2, &why, MONDAY)), "contract-not-active");
    let silent = over(false, EndReason::Other, " ");
    assert_eq!(wrong(fresh().end(1, &silent, MONDAY)), [("end_note", "required")]);
    let endless = over(false, EndReason::Agreed, &"щ".repeat(10_000));
    assert_eq!(wrong(fresh().end(1, &endless, MONDAY)), [("end_note", "too-long")]);
}

both! {
    async fn payments_are_added_and_taken_back_by_lines_of_their_own(t: TestDb) {
        let cast = Cast::gather(t).await;
        let sonya = cast.viewer("sonya").await;
        let id = signed(&cast, "sonya", "Лён").await;
        let act = cast.act("sonya", "p1");
        let new = payment(roubles(30_000), TODAY);
        let first = enter_payment(&act, &sonya, id, new.clone()).await.expect("entered");
        let again = enter_payment(&act, &sonya, id, new).await.expect("the same answer");
        assert_eq!(first, again);
        let act = cast.act("sonya", "p2");
        let rest = enter_payment(&act, &sonya, id, payment(roubles(70_000), TODAY)).await;
        rest.expect("entered");
        let act = cast.act("sonya", "p3");
        let more = enter_payment(&act, &sonya, id, payment(roubles(1), TODAY)).await;
        assert_eq!(refusal(more), "payment-beyond-value");
        let act = cast.act("sonya", "r");
        let reversal = reverse_payment(&act, &sonya, first, ReversalReason::Bounced, "").await;
        let reversal = reversal.expect("reversed");
        let act = cast.act("sonya", "r2");
        let twice = reverse_payment(&act, &sonya, first, ReversalReason::Mistake, "").await;
        assert_eq!(refusal(twice), "payment-already-reversed");
        let act = cast.act("sonya", "r3");
        let back = reverse_payment(&act, &sonya, reversal, ReversalReason::Mistake, "").await;
        assert_eq!(refusal(back), "payment-is-reversal");
        assert_eq!(seen(&cast, "sonya", id).await.expect("seen").paid, roubles(70_000));
        let mut tx = cast.app.db.read().await.expect("reads");
        let lines = list_payments(&mut tx, cast.org, id).await.expect("lines");
        let told: Vec<(i64, bool)> =
            lines.iter().map(|line| (line.amount.minor / 100, line.is_reversed)).collect();
        assert_eq!(told, [(-30_000, false), (70_000, false), (30_000, true)]);
    }

    async fn two_who_pay_at_once_do_not_pay_more_than_the_value(t: TestDb) {
        let cast = Cast::gather(t).await;
        let sonya = cast.viewer("sonya").await;
        let id = signed(&cast, "sonya", "Лён").await;
        let acts: Vec<_> = (0..8).map(|n| cast.act("sonya", &format!("p{n}"))).collect();
        let entered = acts.iter().map(|act| {
            enter_payment(act, &sonya, id, payment(roubles(30_000), MONDAY))
        });
        let entered = futures_util::future::join_all(entered).await;
        assert_eq!(entered.iter().filter(|one| one.is_ok()).count(), 3);
        assert_eq!(seen(&cast, "sonya", id).await.expect("seen").paid, roubles(90_000));
    }

    async fn a_cancelled_contract_holds_no_money(t: TestDb) {
        let cast = Cast::gather(t).await;
        let sonya = cast.viewer("sonya").await;
        let id = signed(&cast, "sonya", "Лён").await;
        let act = cast.act("sonya", "p");
        let paid = enter_payment(&act, &sonya, id, payment(roubles(1), MONDAY)).await;
        let over = NewEnd { is_cancelled: true, reason: EndReason::Mistake, note: String::new() };
        let refused = end(&cast.act("sonya", "e"), &sonya, id, 1, over.clone()).await;
        assert_eq!(refusal(refused), "contract-holds-money");
        let (act, paid) = (cast.act("sonya", "r"), paid.expect("entered"));
        reverse_payment(&act, &sonya, paid, ReversalReason::Mistake, "").await.expect("reversed");
        end(&cast.act("sonya", "e2"), &sonya, id, 1, over).await.expect("cancelled");
        let late = payment(roubles(1), MONDAY);
        let late = enter_payment(&cast.act("sonya", "p2"), &sonya, id, late).await;
        assert_eq!(refusal(late), "contract-cancelled");
    }

    async fn contracts_are_seen_by_who_sold_them_and_by_who_serves_the_client(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = signed(&cast, "sonya", "Лён").await;
        signed(&cast, "semyon", "Мёд").await;
        let company = seen(&cast, "olga", id).await.expect("seen").company;
        assert!(seen(&cast, "vera", id).await.is_none());
        let act = cast.act("olga", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let lead = Some(cast.id("vera"));
        companies::actions::set_lead_in(&mut tx, &act, company, lead, 3).await.expect("leads");
        tx.commit().await.expect("commits");
        for (login, has_page, listed) in [
            ("sonya", true, 1),
            ("semyon", false, 1),
            ("sergei", true, 2),
            ("olga", true, 2),
            ("vera", true, 1),
            ("vadim", true, 1),
            ("anna", false, 0),
            ("hunter", false, 0),
        ] {
            assert_eq!(seen(&cast, login, id).await.is_some(), has_page, "{login}");
            let scope = cast.viewer(login).await.scope();
            let mut tx = cast.app.db.read().await.expect("reads");
            let slice = list(&mut tx, &scope, &Filter::default(), &Cursor::default()).await;
            assert_eq!(slice.expect("a list").rows.len(), listed, "{login}");
        }
        // Who serves the client looks on and changes nothing.
        let paid = [("amount", "5"), ("paid_on", "2026-11-02"), ("note", "")];
        for login in ["vera", "vadim", "semyon", "hunter", "boris", "pavel", "prokhor"] {
            let client = cast.client(login).await;
            let refused = client.post(&format!("/contracts/{id}/payments"), &paid).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{login}");
        }
        let page = cast.client("vera").await.get(&format!("/contracts/{id}")).await;
        assert!(page.body.contains("Лён") && !page.body.contains("Enter a payment"));
        assert_eq!(seen(&cast, "olga", id).await.expect("seen").paid, roubles(0));
    }

    async fn a_seller_enters_and_reverses_payments_on_the_page(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = signed(&cast, "sonya", "Лён").await;
        let sonya = cast.client("sonya").await;
        let page = format!("/contracts/{id}");
        let pay = async |amount: &str, day: &str| {
            let fields = [("amount", amount), ("paid_on", day), ("note", "invoice 7")];
            sonya.post(&format!("{page}/payments"), &fields).await
        };
        for (amount, day, status, sentence) in [
            ("много", "2026-11-02", StatusCode::UNPROCESSABLE_ENTITY, "1,234.50"),
            ("0", "2026-11-02", StatusCode::UNPROCESSABLE_ENTITY, "more than nought"),
            ("5", "1989-11-02", StatusCode::UNPROCESSABLE_ENTITY, "too far"),
            ("5", "2026-11-03", StatusCode::UNPROCESSABLE_ENTITY, "still to come"),
            ("100 000,01", "2026-11-02", StatusCode::CONFLICT, "more than is still to be paid"),
        ] {
            let refused = pay(amount, day).await;
            assert_eq!(refused.status, status, "{amount} {day}");
            assert!(refused.body.contains(sentence), "{amount} {day}: {}", refused.body);
            assert!(refused.body.contains("invoice 7"), "the typed note is kept");
        }
        assert_eq!(pay("25 000", "02.11.2026").await.status, StatusCode::SEE_OTHER);
        let shown = sonya.get(&page).await;
        assert!(shown.body.contains("25.0%") && shown.body.contains("₽75,000.00"));
        assert!(sonya.get("/contracts?owed=yes").await.body.contains("Лён"));
        assert!(!sonya.get("/contracts?state=ended").await.body.contains("Лён"));
        let mut tx = cast.app.db.read().await.expect("reads");
        let line = list_payments(&mut tx, cast.org, id).await.expect("lines").remove(0);
        drop(tx);
        let found = sonya.get(&format!("/payments/{}", line.id)).await;
        assert_eq!(found.location, Some(format!("{page}#p-{}", line.number)));
        let path = format!("/payments/{}/reversal", line.id);
        let unknown = sonya.post(&path, &[("reason", "weather"), ("note", "")]).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let reversed = sonya.post(&path, &[("reason", "refunded"), ("note", "")]).await;
        assert_eq!(reversed.status, StatusCode::SEE_OTHER);
        assert!(sonya.get(&page).await.body.contains("reverses payment No. 1"));
        let over = [("version", "1"), ("how", "ended"), ("end_reason", ""), ("end_note", "so")];
        let refused = sonya.post(&format!("{page}/end"), &over).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let over = [("version", "1"), ("how", "ended"), ("end_reason", "agreed"), ("end_note", "")];
        let ended = sonya.post(&format!("{page}/end"), &over).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.body);
        assert!(sonya.get(&page).await.body.contains("both sides agreed"));
    }

    async fn the_api_does_what_the_pages_do(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = signed(&cast, "sonya", "Лён").await;
        let api = cast.api("sonya").await;
        let path = format!("/api/v1/contracts/{id}");
        let pay = |minor: i64, day: &str| {
            json!({ "amount": { "minor": minor, "currency": "RUB" }, "paid_on": day })
        };
        let far = api.post(&format!("{path}/payments"), &pay(100, "1989-01-01")).await;
        assert_eq!(far.json()["error"]["fields"]["paid_on"]["code"], "date-out-of-range");
        let much = api.post(&format!("{path}/payments"), &pay(10_000_001, "2026-11-02")).await;
        assert_eq!(much.json()["error"]["code"], "payment-beyond-value");
        let body = pay(4_000_000, "2026-11-02");
        let paid = api.post_with_key(&format!("{path}/payments"), &body, "k").await;
        assert_eq!(paid.status, StatusCode::CREATED, "{}", paid.body);
        api.post_with_key(&format!("{path}/payments"), &body, "k").await;
        let shown = api.get(&path).await.json();
        assert_eq!(shown["data"]["paid"]["minor"], 4_000_000, "a retry has one effect");
        assert_eq!(shown["data"]["payments"].as_array().map(Vec::len), Some(1));
        let payment = paid.json()["data"]["payment"].as_str().expect("an id").to_owned();
        let back = json!({ "reason": "mistake" });
        let back = api.post(&format!("/api/v1/payments/{payment}/reversal"), &back).await;
        assert_eq!(back.status, StatusCode::CREATED, "{}", back.body);
        let over = json!({ "version": 1, "is_cancelled": true, "end_reason": "mistake" });
        let over = api.post(&format!("{path}/end"), &over).await;
        assert_eq!(over.json()["data"]["state"], "cancelled", "{}", over.body);
        let rows = api.get("/api/v1/contracts?state=cancelled").await.json();
        assert_eq!(rows["data"][0]["paid"]["minor"], 0);
    }
}
