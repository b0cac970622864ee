use axum::http::StatusCode;

use super::*;
use crate::both;
use crate::cast::{Cast, Client, Reply};
use crate::clients::tests::{client, find, tasks_of};
use crate::events::{self, Kind};
use crate::people::Scope;

fn new_order() -> NewOrder {
    NewOrder {
        title: "Stand for the fair".to_owned(),
        amount: Money::new(12_000_000, Currency::Rub),
        due_at: crate::storage::testing::MONDAY.plus_days(20),
    }
}

/// An order of a client that Vera leads.
async fn order(cast: &Cast, client: ClientId) -> OrderId {
    let vera = cast.viewer("vera").await;
    let act = cast.act("vera", &format!("order:{client}"));
    actions::open(&act, &vera, client, new_order()).await.expect("an order")
}

/// A version of an order, sent; its link.
async fn sent(cast: &Cast, order: OrderId, what: &str) -> (PrototypeId, String) {
    let vera = cast.viewer("vera").await;
    let act = cast.act("vera", &format!("prototype:{order}:{what}"));
    let added = actions::add_prototype(&act, &vera, order, what, None).await.expect("a version");
    let secret = crate::people::session::fresh_secret().expect("a secret");
    let act = cast.act("vera", &format!("send:{}", added.0));
    actions::send(&act, &vera, added.0, &secret).await.expect("sends");
    (added.0, secret)
}

async fn kinds_of(cast: &Cast, subject: impl ToString) -> Vec<Kind> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = events::list_for_subject(&mut tx, cast.org, &subject.to_string()).await;
    all.expect("reads").iter().map(|event| event.kind).collect()
}

async fn shown(cast: &Cast, client: ClientId) -> Vec<(Order, Vec<Prototype>)> {
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::list(&mut tx, &Scope::whole(cast.org), client).await.expect("lists")
}

fn approving<'a>() -> [(&'a str, &'a str); 3] {
    [("answer", "approved"), ("name", "Maria"), ("comment", "")]
}

#[test]
fn an_order_is_open_until_it_is_delivered_or_cancelled() {
    let now = Instant(0);
    let open = Order {
        id: OrderId::fresh(now),
        number: 1,
        client: ClientId::fresh(now),
        company: CompanyId::fresh(now),
        title: String::new(),
        amount: Money::new(0, Currency::Rub),
        due_at: now,
        state: OrderState::Open,
        opened_at: now,
        closed_at: None,
        cancel_reason: None,
        cancel_note: String::new(),
        version: 1,
    };
    let delivered = open.deliver(now).expect("delivers");
    let cancelled = open.cancel(CancelReason::Mistake, "", now).expect("cancels");
    for closed in [&delivered, &cancelled] {
        assert_eq!(closed.deliver(now).err(), Some(OrderRefusal::Closed));
        let again = closed.cancel(CancelReason::Mistake, "", now);
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    }
    let wordless = open.cancel(CancelReason::Other, "  ", now);
    assert!(matches!(wordless, Err(Error::Invalid(_))), "{wordless:?}");
    assert!(!open.is_late(now.plus_ms(DAY_MS - 1)) && open.is_late(now.plus_ms(DAY_MS)));
    assert!(!delivered.is_late(now.plus_days(9)));
}

#[test]
fn an_absurd_order_is_not_taken() {
    let today = crate::storage::testing::MONDAY;
    let rub = |minor| Money::new(minor, Currency::Rub);
    for (order, field) in [
        (new_order(), None),
        (NewOrder { title: " ".to_owned(), ..new_order() }, Some("title")),
        (NewOrder { title: "я".repeat(201), ..new_order() }, Some("title")),
        (NewOrder { amount: rub(-1), ..new_order() }, Some("amount")),
        (NewOrder { amount: rub(i64::MAX), ..new_order() }, Some("amount")),
        (NewOrder { due_at: today.plus_ms(-1), ..new_order() }, Some("due")),
        (NewOrder { due_at: today.plus_days(2_000), ..new_order() }, Some("due")),
        (NewOrder { due_at: Instant(i64::MAX), ..new_order() }, Some("due")),
    ] {
        assert_eq!(order.check(today).0.keys().next().copied(), field, "{order:?}");
    }
}

both! {
    async fn an_order_goes_from_open_to_delivered_with_its_events(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.viewer("vera").await;
        let first = order(&cast, id).await;
        assert_eq!(order(&cast, id).await, first, "a repeat is the same order");
        let act = cast.act("vera", "deliver");
        assert_eq!(actions::deliver(&act, &vera, first).await.expect("delivers"), id);
        assert_eq!(actions::deliver(&act, &vera, first).await.expect("a repeat"), id);
        let act = cast.act("vera", "x");
        let late = actions::cancel(&act, &vera, first, CancelReason::Mistake, "").await;
        assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
        assert_eq!(kinds_of(&cast, first).await, [Kind::OrderOpened, Kind::OrderDelivered]);
        let act = cast.act("vera", "second");
        let second = actions::open(&act, &vera, id, new_order()).await.expect("opens");
        let reason = CancelReason::Other;
        let act = cast.act("vera", "cancel");
        actions::cancel(&act, &vera, second, reason, "merged with No 1").await.expect("cancels");
        let orders = shown(&cast, id).await;
        assert_eq!(orders[0].0.cancel_note, "merged with No 1");
        assert_eq!((orders[0].0.number, orders[1].0.number), (2, 1));
    }

    async fn only_who_leads_the_client_and_their_head_touch_its_orders(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let first = order(&cast, id).await;
        let (prototype, _) = sent(&cast, first, "sketch").await;
        for login in ["sonya", "sergei", "boris", "anna"] {
            let viewer = cast.viewer(login).await;
            let open = actions::open(&cast.act(login, "a"), &viewer, id, new_order()).await.err();
            let deliver = actions::deliver(&cast.act(login, "b"), &viewer, first).await.err();
            let send = actions::send(&cast.act(login, "c"), &viewer, prototype, "s").await.err();
            let act = cast.act(login, "d");
            let added = actions::add_prototype(&act, &viewer, first, "x", None).await.err();
            for error in [open, deliver, send, added] {
                assert!(matches!(error, Some(Error::NotFound)), "{login}: {error:?}");
            }
            let mut tx = cast.app.db.read().await.expect("reads");
            let file = actions::find_file(&mut tx, &viewer, prototype).await.expect("reads");
            assert_eq!(file, None);
            assert!(actions::list(&mut tx, &viewer.scope(), id).await.expect("reads").is_empty());
            assert!(actions::find(&mut tx, &viewer.scope(), first).await.expect("reads").is_none());
        }
        let vadim = cast.viewer("vadim").await;
        actions::deliver(&cast.act("vadim", "b"), &vadim, first).await.expect("the head may");
    }

    async fn a_client_approves_a_version_once_through_their_link(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let (prototype, secret) = sent(&cast, order(&cast, id).await, "Sketch of the stand").await;
        let path = format!("/approval/{secret}");
        let anonymous = cast.anonymous();
        let page = anonymous.get(&path).await;
        assert_eq!(page.status, StatusCode::OK);
        for text in ["Лён и сыновья", "Stand for the fair", "Sketch of the stand", "vera"] {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        assert!(!page.body.contains("vera of the cast"), "only the alias is shown outside");
        assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
        let russian = anonymous.get(&format!("{path}?lang=ru")).await.body;
        assert!(russian.contains("Одобряю") && russian.contains("?lang=ru\" class"), "{russian}");
        let first = anonymous.post_with_key(&path, &approving(), "k").await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        assert!(first.body.contains("The version is approved"), "{}", first.body);
        // The browser tries again, then the client changes their mind.
        let again = anonymous.post_with_key(&path, &approving(), "k").await;
        assert_eq!(again.status, StatusCode::OK);
        let comment = [("answer", "commented"), ("name", ""), ("comment", "make it blue")];
        let later = anonymous.post(&path, &comment).await;
        assert_eq!(later.status, StatusCode::CONFLICT);
        assert!(later.body.contains("One answer is taken per version"), "{}", later.body);
        let kinds = kinds_of(&cast, prototype).await;
        assert_eq!(kinds, [Kind::PrototypeAdded, Kind::PrototypeSent, Kind::PrototypeApproved]);
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = events::list_for_subject(&mut tx, cast.org, &prototype.to_string()).await;
        let approved = all.expect("reads").pop().expect("an event");
        assert_eq!((approved.actor, approved.person), (None, Some(cast.id("vera"))));
        let tasks = tasks_of(&cast, "vera").await;
        assert_eq!(tasks.len(), 1);
        assert_eq!(tasks[0].what, "Prototype approved: order No. 1 “Stand for the fair”");
    }

    async fn two_answers_at_once_are_one(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let (prototype, secret) = sent(&cast, order(&cast, id).await, "sketch").await;
        let path = format!("/approval/{secret}");
        let (one, other) = (cast.anonymous(), cast.anonymous());
        let comment = [("answer", "commented"), ("name", ""), ("comment", "make it blue")];
        let approve = approving();
        let (a, b) = tokio::join!(one.post(&path, &approve), other.post(&path, &comment));
        let mut answers = [a.status, b.status];
        answers.sort();
        assert_eq!(answers, [StatusCode::OK, StatusCode::CONFLICT]);
        assert_eq!(kinds_of(&cast, prototype).await.len(), 3);
    }

    async fn only_the_newest_version_sent_is_answered(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let order = order(&cast, id).await;
        let (_, first) = sent(&cast, order, "first").await;
        let (_, second) = sent(&cast, order, "second").await;
        let old = cast.anonymous().post(&format!("/approval/{first}"), &approving()).await;
        assert_eq!(old.status, StatusCode::CONFLICT);
        assert!(old.body.contains("There is a newer version"), "{}", old.body);
        let new = cast.anonymous().post(&format!("/approval/{second}"), &approving()).await;
        assert_eq!(new.status, StatusCode::OK);
        let versions: Vec<i64> = shown(&cast, id).await[0].1.iter().map(|p| p.position).collect();
        assert_eq!(versions, [2, 1]);
    }

    async fn a_new_link_ends_the_old_one_and_an_answered_version_gets_none(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let (prototype, old) = sent(&cast, order(&cast, id).await, "sketch").await;
        let vera = cast.client("vera").await;
        let path = format!("/prototypes/{prototype}/link");
        let made = vera.post_with_key(&path, &[], "again").await;
        assert_eq!(made.location.as_deref(), Some(format!("/clients/{id}").as_str()));
        let other = client(&cast, "Лютик", "vera").await;
        let elsewhere = vera.get(&format!("/clients/{other}")).await.body;
        assert!(!elsewhere.contains("/approval/"), "only the page of its client shows it");
        let made = vera.post_with_key(&path, &[], "anew").await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let page = made.location.expect("the page of the client");
        let secret = link_of(&vera.get(&page).await);
        let once = vera.get(&page).await.body;
        assert!(!once.contains("/approval/"), "it is shown once: {once}");
        assert_eq!(cast.anonymous().get(&format!("/approval/{old}")).await.status, 404);
        assert_eq!(cast.anonymous().get(&format!("/approval/{secret}")).await.status, 200);
        // The same request again: the first link stays the one that works, and no other is shown.
        let repeat = vera.post_with_key(&path, &[], "anew").await;
        let repeat = vera.get(&repeat.location.expect("the page of the client")).await;
        assert!(!repeat.body.contains("http://localhost/approval/"), "{}", repeat.body);
        assert!(repeat.body.contains("This link was shown already"), "{}", repeat.body);
        assert_eq!(cast.anonymous().get(&format!("/approval/{secret}")).await.status, 200);
        cast.anonymous().post(&format!("/approval/{secret}"), &approving()).await;
        assert_eq!(vera.post(&path, &[]).await.status, StatusCode::CONFLICT);
        // Only a digest is stored.
        let mut tx = cast.app.db.read().await.expect("reads");
        let found = store::find_by_link(&mut tx, &secret).await.expect("reads");
        assert!(found.is_none());
    }

    async fn a_wrong_link_is_a_page_that_does_not_exist(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let (_, secret) = sent(&cast, order(&cast, id).await, "sketch").await;
        let anonymous = cast.anonymous();
        let nowhere = anonymous.get("/no-such-page").await;
        let mut flipped = secret.clone();
        let last = if flipped.ends_with('0') { '1' } else { '0' };
        flipped.pop();
        flipped.push(last);
        let upper = secret.to_uppercase();
        for wrong in [flipped.as_str(), &upper, &secret[1..], "x", "%00", "' or 1=1 --", "%F0%9F"] {
            let path = format!("/approval/{}", wrong.replace(' ', "%20"));
            let page = anonymous.get(&path).await;
            let is_same = page.body.len().abs_diff(nowhere.body.len()) < 400;
            assert!(page.status.is_client_error(), "{wrong}: {}", page.status);
            assert!(!page.body.contains("sketch"), "{wrong}");
            if page.status == StatusCode::NOT_FOUND {
                assert!(is_same, "{wrong}: {} and {}", page.body.len(), nowhere.body.len());
            }
            let file = anonymous.get(&format!("{path}/file")).await;
            assert!(file.status.is_client_error(), "{wrong}: {}", file.status);
            let posted = anonymous.post(&path, &approving()).await;
            assert!(posted.status.is_client_error(), "{wrong}: {}", posted.status);
        }
        assert_eq!(shown(&cast, id).await[0].1[0].answer, None);
    }

    async fn what_a_client_sends_is_bounded_kept_and_never_runs(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let (_, secret) = sent(&cast, order(&cast, id).await, "sketch").await;
        let path = format!("/approval/{secret}");
        let anonymous = cast.anonymous();
        let huge = "x".repeat(10 << 20);
        let refused = comment(&anonymous, &path, &huge).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("at most 1 MB"), "{}", refused.body.len());
        let long = format!("typed with care {}", "я".repeat(4_000));
        let refused = comment(&anonymous, &path, &long).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("typed with care"), "what was typed is given back");
        let unreadable = comment(&anonymous, &path, "a\0b").await;
        assert_eq!(unreadable.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unreadable.body);
        let empty = comment(&anonymous, &path, " ").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (answer, extra) in [("maybe", None), ("approved", Some(("owner", "me")))] {
            let mut fields = vec![("answer", answer), ("name", ""), ("comment", "")];
            fields.extend(extra);
            let refused = anonymous.post(&path, &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        }
        assert_eq!(shown(&cast, id).await[0].1[0].answer, None);
        let script = "<script>alert(1)</script><img src=x onerror=alert(1)>";
        let taken = comment(&anonymous, &path, script).await;
        assert_eq!(taken.status, StatusCode::OK);
        let vera = cast.client("vera").await;
        let page = vera.get(&format!("/clients/{id}")).await;
        for body in [taken.body, page.body] {
            assert!(!body.contains("<script>alert") && !body.contains("<img src=x"), "{body}");
            assert!(body.contains("&#60;script&#62;alert(1)"), "{body}");
        }
    }

    async fn a_link_is_not_hammered(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let (_, secret) = sent(&cast, order(&cast, id).await, "sketch").await;
        let path = format!("/approval/{secret}");
        let anonymous = cast.anonymous();
        let mut last = StatusCode::OK;
        for _ in 0..61 {
            last = anonymous.get(&path).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        cast.clock.advance_ms(5 * MINUTE_MS);
        assert_eq!(anonymous.get(&path).await.status, StatusCode::OK);
    }

    async fn a_key_of_the_product_s_own_cannot_be_taken_through_a_link(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let (_, secret) = sent(&cast, order(&cast, id).await, "sketch").await;
        // The firm's teams were made under keys like this one, by nobody.
        let path = format!("/approval/{secret}");
        let taken = cast.anonymous().post_with_key(&path, &approving(), "team:sales").await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.body);
        assert!(taken.body.contains("The version is approved"));
    }

    async fn a_file_goes_out_only_as_a_download(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let order = order(&cast, id).await;
        let vera = cast.client("vera").await;
        let path = format!("/orders/{order}/prototypes");
        let script = b"<html><script>alert(1)</script>";
        let fields = [("description", "A page")];
        let file = ("file", "../../mockup \u{444}.html", script.as_slice());
        let added = vera.upload(&path, &fields, file).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
        let prototype = shown(&cast, id).await[0].1[0].clone();
        let file = prototype.file.expect("a file");
        assert_eq!((file.name.as_str(), file.byte_count), ("mockup \u{444}.html", 31));
        let sent = vera.post(&format!("/prototypes/{}/link", prototype.id), &[]).await;
        let secret = link_of(&vera.get(&sent.location.expect("the client's page")).await);
        let own = vera.get(&format!("/prototypes/{}/file", prototype.id)).await;
        let theirs = cast.anonymous().get(&format!("/approval/{secret}/file")).await;
        for reply in [own, theirs] {
            assert_eq!(reply.status, StatusCode::OK);
            assert_eq!(reply.body.as_bytes(), script);
            assert_eq!(reply.headers["content-type"], "application/octet-stream");
            assert_eq!(reply.headers["x-content-type-options"], "nosniff");
            let place = reply.headers["content-disposition"].to_str().expect("ascii");
            assert!(place.starts_with("attachment; filename=\"mockup"), "{place}");
        }
        for login in ["sonya", "boris", "pavel"] {
            let stranger = cast.client(login).await;
            let reply = stranger.get(&format!("/prototypes/{}/file", prototype.id)).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{login}");
        }
        let blank = vera.upload(&path, &[("description", "no file")], ("file", "", b"")).await;
        assert_eq!(blank.status, StatusCode::SEE_OTHER, "a file field may stay empty");
        let empty = vera.upload(&path, &[("description", "x")], ("file", "a.txt", b"")).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let huge = vec![0; (32 << 20) + 1];
        let large = vera.upload(&path, &[("description", "x")], ("file", "a.bin", &huge)).await;
        assert_eq!(large.status, StatusCode::UNPROCESSABLE_ENTITY);
        let long = "я".repeat(2_001);
        let kept = vera.upload(&path, &[("description", &long)], ("file", "", b"")).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(kept.body.contains(&long), "what was typed is given back");
        assert_eq!(shown(&cast, id).await[0].1.len(), 2);
    }

    async fn the_page_of_a_client_takes_orders_and_gives_back_what_is_wrong(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = client(&cast, "Ромашка", "vera").await;
        let vera = cast.client("vera").await;
        let path = format!("/clients/{id}/orders");
        let good = [("title", "Stand"), ("amount", "120 000,50"), ("due", "2026-11-20")];
        let opened = vera.post(&path, &good).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
        assert_eq!(shown(&cast, id).await[0].0.amount.minor, 12_000_050);
        for (fields, sentence) in [
            ([("title", ""), ("amount", "1"), ("due", "2026-11-20")], "Please fill this in"),
            ([("title", "x"), ("amount", "lots"), ("due", "2026-11-20")], "A sum is wanted"),
            ([("title", "x"), ("amount", "1"), ("due", "2026-02-30")], "no such date"),
            ([("title", "x"), ("amount", "1"), ("due", "2026-11-01")], "That day has passed"),
            ([("title", "x"), ("amount", "99999999999999"), ("due", "2026-11-20")], "too large"),
            ([("title", "x"), ("amount", "-1"), ("due", "2026-11-20")], "cannot be negative"),
        ] {
            let refused = vera.post(&path, &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            assert!(refused.body.contains(sentence), "{fields:?}: {}", refused.body);
        }
        assert_eq!(shown(&cast, id).await.len(), 1);
        let gone = [("reason", "price"), ("note", "")];
        vera.post(&format!("/clients/{id}/end"), &gone).await;
        assert!(!find(&cast, id).await.is_active());
        let refused = vera.post(&path, &good).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("The client has left"), "{}", refused.body);
    }
}

async fn comment(client: &Client<'_>, path: &str, text: &str) -> Reply {
    let fields = [("answer", "commented"), ("name", ""), ("comment", text)];
    client.post(path, &fields).await
}

/// The secret of the link that a page shows.
fn link_of(page: &Reply) -> String {
    let (_, rest) = page.body.split_once("http://localhost/approval/").expect("a link");
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}
