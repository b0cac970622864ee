//! Demos of a few days, made on days that are not like others: whatever day it is, one can be made
//! and everybody finds something to do in it.

use super::firm::Firm;
use super::story::Story;
use super::*;
use crate::calls::results::CallForm;
use crate::campaigns;
use crate::companies::actions as companies;
use crate::events::{self, Kind};
use crate::handoffs::{Handoff, actions as handoffs};
use crate::leads::leasing;
use crate::leads::resting::{self, RestKind};
use crate::pay::actions as pay;
use crate::pay::period::{Period, PeriodState};
use crate::storage::Act;
use crate::storage::testing::{Engine, TestDb, fresh};
use crate::tasks::actions as tasks;
use crate::tasks::{View, Whose};
use crate::web::Cursor;

/// So little that it takes a second or two.
const FEW_DAYS: Extent = Extent { days: 8, companies: 400, has_doubles: false };
/// Enough for one of those who serve to have a client.
const WEEKS: Extent = Extent { days: 32, companies: 400, has_doubles: false };

/// Whoever finds nothing to do in a demo that has just been made.
async fn idle(t: &TestDb, firm: &Firm, now: Instant, extent: Extent) -> Vec<&'static str> {
    let mut idle = Vec::new();
    for login in ["caller1", "caller2", "caller3", "caller4", "hunter"] {
        let caller = firm.viewer(login).expect("a caller");
        let act = Act { db: t.db.clone(), org: firm.org, actor: Some(caller.id()), now, key: None };
        let mut tx = t.db.read().await.expect("reads");
        let seat = leasing::find_seat(&mut tx, firm.org, caller.id()).await.expect("reads");
        drop(tx);
        let grant = leasing::lease(&act, caller, seat.expect("a seat")).await.expect("leases");
        idle.extend(grant.is_none().then_some(login));
    }
    let mut tx = t.db.read().await.expect("reads");
    for login in ["seller1", "seller2"] {
        let seller = firm.viewer(login).expect("a seller");
        let all = handoffs::list_waiting(&mut tx, &seller.scope(), 50).await.expect("reads");
        let is_mine = |one: &Handoff| one.receiver.user == Some(seller.id());
        let has_work = all.iter().any(|one| is_mine(one) && one.due_at > now);
        idle.extend((!has_work).then_some(login));
    }
    let has_clients = extent != FEW_DAYS;
    let heads: &[&str] =
        if has_clients { &["head1", "head2", "head3"] } else { &["head1", "head2"] };
    for login in heads {
        let head = firm.viewer(login).expect("a head");
        let all = handoffs::list_contested(&mut tx, &head.scope(), 50).await.expect("reads");
        idle.extend(all.is_empty().then_some(*login));
    }
    let managers: &[&str] = if has_clients { &["service1", "hunter"] } else { &[] };
    for login in managers {
        let manager = firm.viewer(login).expect("a manager");
        let view = (View::Open, Whose::Mine);
        let due = tasks::list(&mut tx, manager, view, &Cursor::default(), now).await;
        idle.extend(due.expect("reads").rows.is_empty().then_some(*login));
    }
    let months = pay::list_periods(&mut tx, firm.org).await.expect("reads");
    let is_for_review = |one: &Period| one.state == PeriodState::Open && one.ends_at <= now;
    let has_ended = months.iter().any(|one| one.ends_at <= now);
    idle.extend((has_ended && !months.iter().any(is_for_review)).then_some("payroll"));
    idle
}

/// Makes a demo that ends at that moment of its firm, and asks who is idle.
async fn make(lang: Lang, until: &str, extent: Extent) {
    let t = fresh(Engine::Sqlite).await;
    let until = until.parse().expect("a moment");
    let until = Instant::from_local(until, &days::zone(lang));
    let mut weeks = Vec::new();
    let tell = |week| weeks.push(week);
    let firm = fill_telling(&t.db, (lang, 1), until, extent, tell).await.expect("is made");
    assert_eq!(weeks, (1..=extent.days / 7).collect::<Vec<_>>(), "each week is told once");
    let idle = idle(&t, &firm, until, extent).await;
    assert!(idle.is_empty(), "{idle:?} at {}", until.rfc3339());
    if extent == WEEKS {
        let mut tx = t.db.read().await.expect("reads");
        let always = (Instant(0), Instant(i64::MAX));
        let sent = events::list_of_kind(&mut tx, firm.org, Kind::LetterSent, always).await;
        let sent = sent.expect("reads").len();
        assert!((3..200).contains(&sent), "{sent} letters in some weeks");
    }
}

#[tokio::test]
async fn on_holidays_and_at_night_everybody_finds_something_to_do() {
    for (lang, until) in [
        (Lang::Ru, "2027-01-08T03:30"),
        (Lang::En, "2027-01-03T12:00"),
        (Lang::En, "2027-03-28T02:30"),
        (Lang::Ru, "2027-05-09T22:10"),
        (Lang::En, "2027-12-31T23:50"),
    ] {
        make(lang, until, FEW_DAYS).await;
    }
}

#[tokio::test]
async fn on_a_weekend_those_who_serve_find_something_to_do() {
    make(Lang::Ru, "2026-11-28T12:00", WEEKS).await;
}

#[tokio::test]
async fn a_demo_has_letters_and_nobody_is_written_to_once_too_often() {
    let t = fresh(Engine::Sqlite).await;
    let until =
        Instant::from_local("2026-11-26T14:00".parse().expect("a time"), &days::zone(Lang::Ru));
    let firm = fill(&t.db, Lang::Ru, 1, until, FEW_DAYS).await.expect("is made");
    // Eight days later nothing is left of what was called and written.
    let later = until.plus_days(8);
    let mut story = Story::new(t.db.clone(), Clock::standing(later), firm, (1, until, FEW_DAYS));
    let head = story.viewer("head1").expect("a head");
    let mut tx = t.db.read().await.expect("reads");
    let all = companies::list(&mut tx, &head, &Cursor::default(), later).await.expect("reads");
    drop(tx);
    let mut counts = Vec::new();
    for company in all.rows {
        let mut count = 0;
        for _ in 0..3 {
            let sent = story.write_one(&head, company.id, (later, false)).await.expect("decided");
            count += usize::from(sent);
        }
        counts.push(count);
    }
    assert_eq!(counts.iter().max(), Some(&2), "{counts:?}");
    let mut tx = t.db.read().await.expect("reads");
    let span = (later, Instant(i64::MAX));
    let sent = events::list_of_kind(&mut tx, head.org, Kind::LetterSent, span).await;
    assert_eq!(sent.expect("reads").len(), counts.iter().sum::<usize>());
    let asked = events::list_of_kind(&mut tx, head.org, Kind::LetterAsked, span).await;
    let asked = asked.expect("reads");
    assert!(asked.iter().any(|event| event.reason.as_deref() == Some("pressure")));
}

#[tokio::test]
async fn who_has_to_rest_calls_when_the_rest_is_over() {
    let t = fresh(Engine::Sqlite).await;
    let until =
        Instant::from_local("2026-11-26T14:00".parse().expect("a time"), &days::zone(Lang::Ru));
    let firm = fill(&t.db, Lang::Ru, 1, until, FEW_DAYS).await.expect("is made");
    let mut story = Story::new(t.db.clone(), Clock::standing(until), firm, (1, until, FEW_DAYS));
    let caller = story.viewer("caller1").expect("a caller");
    let act = story.act(&caller);
    let mut tx = t.db.read().await.expect("reads");
    let seat =
        leasing::find_seat(&mut tx, act.org, caller.id()).await.expect("reads").expect("a seat");
    let campaign = campaigns::actions::find(&mut tx, act.org, seat).await.expect("reads");
    drop(tx);
    let over = until.plus_ms(5 * 60_000);
    let mut tx = t.db.begin().await.expect("begins");
    let borne = (caller.id(), RestKind::Refusals, 8);
    resting::begin_in(&mut tx, &act, &campaign, borne, over).await.expect("rests");
    tx.commit().await.expect("commits");
    let talks = std::cell::RefCell::new(Vec::new());
    let talk = |story: &mut Story, _| {
        talks.borrow_mut().push(story.now());
        Ok(CallForm { outcome: "not_reached".to_owned(), ..CallForm::default() })
    };
    story.dial(&caller, seat, (2, talk)).await.expect("calls");
    let talks = talks.into_inner();
    assert!(talks.len() == 2 && talks.iter().all(|at| *at > over), "{talks:?}");
}
