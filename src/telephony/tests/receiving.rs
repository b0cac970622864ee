//! Calls that come in and are taken: for whom they are, what is kept of them, and what is owed.

use super::*;
use crate::check;
use crate::leads::callbacks::{Callback, CallbackOrigin, CallbackState};
use crate::leads::{actions as of_leads, keeping};
use crate::telephony::port::Receive;
use crate::telephony::receiving::{self, OwnNumber};
use crate::web::Cursor;

const OURS: &str = "74950000000";
/// The number of the first company of the floor.
const THEIRS: &str = "+74951000000";

/// A line that takes the calls of one number, for a team or for whom they concern.
fn taking(team: Option<&str>) -> Played {
    let own = OwnNumber { digits: OURS.to_owned(), team: team.map(str::to_owned) };
    Played { numbers: vec![own], ..Played::default() }
}

async fn calls(exchange: &mut exchange::Exchange<Played>, name: &str, from: &str) {
    let (name, from) = (name.to_owned(), from.to_owned());
    exchange.note(News::Offered(name, from, OURS.to_owned()));
    exchange.step().await.expect("a step");
}

async fn told(exchange: &mut exchange::Exchange<Played>, news: News) {
    exchange.note(news);
    exchange.step().await.expect("a step");
}

fn rung(exchange: &exchange::Exchange<Played>) -> Vec<Receive> {
    exchange.line.heard.lock().expect("a line").received.clone()
}

fn turned_away(exchange: &exchange::Exchange<Played>) -> Vec<(String, bool)> {
    exchange.line.heard.lock().expect("a line").turned_away.clone()
}

/// How the companies that called stand on a person's pages.
async fn hears(floor: &Floor, login: &str) -> Vec<String> {
    let all = floor.cast.api(login).await.get("/api/v1/incoming-calls").await;
    let rows = all.json()["data"].as_array().expect("rows").clone();
    rows.iter().map(|row| row["state"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The unknown calls that a person sees: number and state.
async fn unknown(floor: &Floor, login: &str) -> Vec<(Option<String>, String)> {
    let all = floor.cast.api(login).await.get("/api/v1/unknown-calls").await;
    let rows = all.json()["data"].as_array().expect("rows").clone();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().map(str::to_owned);
    let read = |row| (text(row, "number"), text(row, "state").expect("a state"));
    rows.iter().map(read).collect()
}

async fn callbacks(floor: &Floor, lead: LeadId) -> Vec<Callback> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let all = keeping::list_of_lead(&mut tx, floor.cast.org, lead, &Cursor::default()).await;
    all.expect("callbacks").rows
}

async fn is_sound(floor: &Floor) {
    let broken = check::everything(&floor.cast.app.db).await.expect("is checked");
    assert!(broken.is_empty(), "{broken:?}");
}

/// Boris called the first company, reached nobody, and puts the next one down.
async fn called_before(floor: &Floor) -> LeadId {
    let grant = floor.lease("boris", "before").await.expect("a company");
    let cast = &floor.cast;
    let id = rig::place(cast, "boris", grant).await.expect("is placed");
    keep(floor, &rig::ended(cast, id, busy())).await;
    let path = format!("/leads/{}/calls", grant.lead);
    let generation = grant.generation.to_string();
    let fields =
        [("generation", generation.as_str()), ("outcome", "not_reached"), ("then", "pause")];
    let filed = cast.client("boris").await.post(&path, &fields).await;
    assert_eq!(filed.status, 303, "{}", filed.body);
    // He is back from his pause, and has nobody in hand.
    let act = cast.act("boris", "back");
    let mut tx = act.db.begin().await.expect("begins");
    let boris = cast.id("boris");
    leasing::sit_in(&mut tx, &act, boris, floor.campaign).await.expect("sits");
    tx.commit().await.expect("kept");
    grant.lead
}

#[test]
fn a_number_of_the_firm_is_known_as_trunks_write_it() {
    let own = OwnNumber { digits: OURS.to_owned(), team: None };
    for called in ["74950000000", "+74950000000", "84950000000", "4950000000"] {
        assert!(own.is_called(called), "{called}");
    }
    for other in ["", "0", "0000000", "74950000001", "4950000001", "x", "+1 495 000 00 01"] {
        assert!(!own.is_called(other), "{other}");
    }
}

both! {
    async fn who_has_the_company_in_hand_is_rung_and_the_call_is_measured(t: TestDb) {
        let (floor, mut exchange, grant) = over(t, 2, taking(None)).await;
        let cast = &floor.cast;
        calls(&mut exchange, "i1", THEIRS).await;
        let all = rung(&exchange);
        let [one] = all.as_slice() else { panic!("one is rung: {all:?}") };
        assert_eq!((one.taker, one.offered.as_str()), (cast.id("boris"), "i1"));
        let id = one.attempt.expect("a lead's call is an attempt");
        assert_eq!(hears(&floor, "boris").await, ["rings"]);
        // Meanwhile they call nobody: they have one call at a time, whoever began it.
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "attempt-under-way");
        told(&mut exchange, News::Received("i1".to_owned())).await;
        for event in rig::answered(cast, id, "in.wav") {
            exchange.note(News::Call(event));
        }
        exchange.step().await.expect("a step");
        assert_eq!(hears(&floor, "boris").await, ["over"]);
        let over = attempt(&floor, id).await;
        assert_eq!((over.origin, over.state), (Origin::In, State::Ended));
        assert_eq!((over.measured.talk_ms, over.attested_at), (Some(65_000), None));
        assert!(!floor.lead(grant.lead).await.awaits_result, "it waits for no result");
        let ended = &floor.events(Kind::AttemptEnded).await[0];
        assert_eq!(ended.detail["counted"], false, "whoever calls us is not called too often");
        // The next call of their own goes on as ever, and its result is its alone.
        rig::place(cast, "boris", grant).await.expect("is placed");
        let mut tx = cast.app.db.read().await.expect("reads");
        let under = (grant.lead, grant.generation);
        let own = actions::list_of_lease(&mut tx, cast.org, under).await.expect("reads");
        assert_eq!(own.len(), 1, "a call that came in is none of the lease's");
        drop(tx);
        let page = cast.client("anna").await.get(&format!("/leads/{}", grant.lead)).await;
        assert!(page.body.contains("Called us"), "{}", page.body);
        is_sound(&floor).await;
    }

    async fn of_who_is_busy_or_does_not_pick_up_the_team_is_rung_next(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, taking(Some("calls-a")), &["boris", "bella"]).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let own = rig::place(cast, "boris", grant).await.expect("is placed");
        calls(&mut exchange, "i1", THEIRS).await;
        let all = rung(&exchange);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].taker, cast.id("bella"), "who talks is rung for nothing");
        let first = all[0].attempt.expect("an attempt");
        let card = format!("/companies/{}", grant.company);
        assert_eq!(cast.client("bella").await.get(&card).await.status, 200, "she sees who it is");
        keep(&floor, &rig::ended(cast, own, busy())).await;
        // She does not pick up; he owes a result, and so is not free either.
        let away = CallEventKind::Refused { end: End::of(EndCause::PhoneAway, EndedBy::Caller) };
        let at = cast.clock.now();
        let away = CallEvent { attempt: first, seq: 1, at, kind: away };
        exchange.note(News::Call(away));
        told(&mut exchange, News::Missed("i1".to_owned())).await;
        assert_eq!(rung(&exchange).len(), 1);
        assert_eq!(turned_away(&exchange), [("i1".to_owned(), false)], "they were rung in vain");
        assert!(callbacks(&floor, grant.lead).await.is_empty(), "who has it in hand is told");
        assert_eq!(hears(&floor, "boris").await, ["missed"]);
        assert!(hears(&floor, "bella").await.is_empty(), "it was none of hers");
        assert_eq!(cast.client("bella").await.get(&card).await.status, 404, "nor is the card");
        is_sound(&floor).await;
    }

    async fn who_pauses_is_rung_for_nothing(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, taking(Some("calls-a")), &["boris", "bella"]).await;
        floor.lease("boris", "1").await.expect("a company");
        let act = cast.act("boris", "pauses");
        let mut tx = act.db.begin().await.expect("begins");
        resting::pause_in(&mut tx, &act, cast.id("boris")).await.expect("pauses");
        tx.commit().await.expect("kept");
        calls(&mut exchange, "i1", THEIRS).await;
        let takers: Vec<UserId> = rung(&exchange).iter().map(|one| one.taker).collect();
        assert_eq!(takers, [cast.id("bella")]);
        cast.clock.advance_ms(13 * HOUR_MS);
        let mut exchange = rig::connect(cast, taking(Some("calls-a")), &["boris"]).await;
        calls(&mut exchange, "i2", THEIRS).await;
        assert_eq!(rung(&exchange)[0].taker, cast.id("boris"), "a pause of yesterday is over");
    }

    async fn a_stranger_is_for_the_team_and_on_record_for_who_leads_it(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, taking(Some("calls-a")), &["boris", "bella"]).await;
        calls(&mut exchange, "i1", "+79990000001").await;
        told(&mut exchange, News::Missed("i1".to_owned())).await;
        let all = rung(&exchange);
        let takers: std::collections::BTreeSet<UserId> = all.iter().map(|one| one.taker).collect();
        assert_eq!(takers, [cast.id("boris"), cast.id("bella")].into());
        assert!(all.iter().all(|one| one.attempt.is_none()));
        told(&mut exchange, News::Missed("i1".to_owned())).await;
        assert_eq!(turned_away(&exchange), [("i1".to_owned(), false)]);
        assert!(floor.events(Kind::CallCameIn).await.is_empty());
        // Who hides their number, and who calls a number that is none of ours.
        for (name, from) in [("i2", "anonymous"), ("i3", ""), ("i4", "'; drop table leads; --")] {
            cast.clock.advance_ms(1_000);
            calls(&mut exchange, name, from).await;
            told(&mut exchange, News::Received(name.to_owned())).await;
        }
        assert_eq!(rung(&exchange).len(), 5);
        told(&mut exchange, News::Over("i2".to_owned())).await;
        let all = unknown(&floor, "anna").await;
        let states: Vec<&str> = all.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!(states, ["talks", "talks", "over", "missed"], "the newest first");
        let numbers = all.iter().filter_map(|(number, _)| number.as_deref());
        assert_eq!(numbers.collect::<Vec<_>>(), ["+79990000001"], "what is none is not kept");
        assert_eq!(unknown(&floor, "gleb").await, [], "they called another team");
        let own = unknown(&floor, "boris").await.len() + unknown(&floor, "bella").await.len();
        assert_eq!(own, 4, "each sees what they were rung for last");
        assert_eq!(floor.events(Kind::UnknownCame).await.len(), 4);
        let other = News::Offered("i5".to_owned(), THEIRS.to_owned(), "79001234567".to_owned());
        told(&mut exchange, other).await;
        assert_eq!(turned_away(&exchange).len(), 2);
        is_sound(&floor).await;
    }

    async fn a_call_of_a_company_without_a_lead_stands_as_it_went(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let own = crate::leads::floor::company(700);
        let number = own.phones[0].phone.e164.clone();
        let company = crate::leads::floor::add_one(cast, &own).await;
        let act = cast.act("olga", "led");
        let mut tx = act.db.begin().await.expect("begins");
        let sonya = Some(cast.id("sonya"));
        companies::actions::set_lead_in(&mut tx, &act, company, sonya, 2).await.expect("is led");
        tx.commit().await.expect("commits");
        let mut exchange = rig::connect(cast, taking(Some("calls-a")), &["sonya", "boris"]).await;
        calls(&mut exchange, "i1", &number).await;
        assert_eq!(rung(&exchange)[0].attempt, None, "there is no lead to be attempted");
        assert_eq!(hears(&floor, "sonya").await, ["rings"]);
        told(&mut exchange, News::Received("i1".to_owned())).await;
        cast.clock.advance_ms(3 * MINUTE_MS);
        assert_eq!(hears(&floor, "sonya").await, ["talks"]);
        told(&mut exchange, News::Over("i1".to_owned())).await;
        assert_eq!(hears(&floor, "sonya").await, ["over"]);
        // She does not take the next one, and who is rung after her does.
        calls(&mut exchange, "i2", &number).await;
        assert_eq!(hears(&floor, "sonya").await, ["rings", "over"]);
        told(&mut exchange, News::Missed("i2".to_owned())).await;
        assert_eq!(rung(&exchange).last().map(|one| one.taker), Some(cast.id("boris")));
        assert_eq!(hears(&floor, "boris").await, ["rings"]);
        let card = format!("/companies/{company}");
        assert_eq!(cast.client("boris").await.get(&card).await.status, 200, "he sees who it is");
        told(&mut exchange, News::Received("i2".to_owned())).await;
        assert_eq!(hears(&floor, "sonya").await, ["missed", "over"]);
        assert_eq!(hears(&floor, "boris").await, ["talks"]);
        told(&mut exchange, News::Over("i2".to_owned())).await;
        assert_eq!(hears(&floor, "boris").await, ["over"], "and what he took he may look at");
        // Of the last one nobody hears any more once the caller gives up.
        cast.clock.advance_ms(MINUTE_MS);
        exchange.step().await.expect("a step");
        calls(&mut exchange, "i3", &number).await;
        told(&mut exchange, News::Missed("i3".to_owned())).await;
        assert_eq!(hears(&floor, "boris").await, ["rings", "over"]);
        told(&mut exchange, News::Withdrawn("i3".to_owned())).await;
        assert_eq!(hears(&floor, "sonya").await, ["missed", "missed", "over"]);
        assert_eq!(cast.client("boris").await.get(&card).await.status, 404, "he did not take it");
        is_sound(&floor).await;
    }

    async fn a_call_whose_end_was_not_heard_is_rung_for_no_more(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, taking(Some("calls-a")), &["boris", "bella"]).await;
        calls(&mut exchange, "i1", "+79990000001").await;
        assert_eq!(rung(&exchange).len(), 1);
        cast.clock.advance_ms(5 * MINUTE_MS);
        exchange.step().await.expect("a step");
        told(&mut exchange, News::Missed("i1".to_owned())).await;
        assert_eq!(rung(&exchange).len(), 1);
    }

    async fn a_call_that_concerns_nobody_is_on_record(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let mut exchange = rig::connect(&floor.cast, taking(None), &["boris"]).await;
        // The base has the number, and nobody has ever worked with its company.
        calls(&mut exchange, "i1", THEIRS).await;
        assert_eq!(turned_away(&exchange), [("i1".to_owned(), true)]);
        let expected = (Some(THEIRS.to_owned()), "missed".to_owned());
        assert_eq!(unknown(&floor, "olga").await, [expected]);
        assert_eq!(unknown(&floor, "boris").await, []);
    }

    async fn whom_nobody_took_is_called_back_by_who_called_last_at_an_hour_of_theirs(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let _first = rig::connect(cast, taking(None), &["boris"]).await;
        let lead = called_before(&floor).await;
        // Nobody's phone is here any more, and it is nine in the evening there.
        cast.clock.advance_ms(11 * HOUR_MS);
        let mut exchange = rig::connect(cast, taking(None), &[]).await;
        calls(&mut exchange, "i1", THEIRS).await;
        assert_eq!(turned_away(&exchange), [("i1".to_owned(), true)]);
        let all = callbacks(&floor, lead).await;
        let [warm] = all.as_slice() else { panic!("one: {all:?}") };
        assert_eq!((warm.origin, warm.owner), (CallbackOrigin::Incoming, Some(cast.id("boris"))));
        let morning = MONDAY.plus_ms(23 * HOUR_MS);
        assert_eq!(warm.at, morning, "they are called when they may be: at nine");
        assert_eq!(hears(&floor, "boris").await, ["missed"]);
        // Another call of theirs promises nothing twice, and a withdrawn one is owed as well.
        calls(&mut exchange, "i2", THEIRS).await;
        assert_eq!(callbacks(&floor, lead).await.len(), 1);
        cast.clock.set(morning);
        let back = floor.lease("boris", "back").await.expect("the promised one");
        assert_eq!(back.lead, lead, "it comes before others");
        assert_eq!(callbacks(&floor, lead).await[0].state(&floor.lead(lead).await, morning),
            CallbackState::InHand);
        is_sound(&floor).await;
    }

    async fn who_asked_not_to_be_called_is_not_called_back(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let _first = rig::connect(cast, taking(None), &["boris"]).await;
        let lead = called_before(&floor).await;
        let company = floor.lead(lead).await.company;
        let anna = cast.act("anna", "ban");
        let mut tx = anna.db.begin().await.expect("begins");
        let ban = companies::Suppress {
            whom: companies::suppression::Whom::Company(company),
            channel: companies::Channel::All,
            reason: companies::SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &anna, ban).await.expect("is banned");
        tx.commit().await.expect("commits");
        let offer = receiving::Offer {
            name: "i1".to_owned(),
            from: THEIRS.to_owned(),
            team: None,
            tried: Vec::new(),
            came_at: cast.clock.now(),
        };
        receiving::miss(&rig::act(cast), &offer).await.expect("is told");
        let now = cast.clock.now();
        for one in callbacks(&floor, lead).await {
            let state = one.state(&floor.lead(lead).await, now);
            assert_eq!(state, CallbackState::Cancelled, "{one:?}");
        }
        is_sound(&floor).await;
    }

    async fn who_gives_up_while_it_rings_is_owed_a_call_and_nobody_is_held_up(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, taking(None), &["boris"]).await;
        let lead = called_before(&floor).await;
        calls(&mut exchange, "i1", THEIRS).await;
        let id = rung(&exchange)[0].attempt.expect("an attempt");
        let gone = End { rang: true, ..End::of(EndCause::Cancelled, EndedBy::Far) };
        let at = cast.clock.now();
        let kind = CallEventKind::Refused { end: gone };
        let gone = CallEvent { attempt: id, seq: 1, at, kind };
        exchange.note(News::Call(gone));
        told(&mut exchange, News::Withdrawn("i1".to_owned())).await;
        told(&mut exchange, News::Missed("i1".to_owned())).await;
        assert_eq!(attempt(&floor, id).await.end.map(|end| end.cause), Some(EndCause::Cancelled));
        assert_eq!(rung(&exchange).len(), 1, "nobody else is rung for who is gone");
        assert_eq!(callbacks(&floor, lead).await.len(), 1);
        let mut tx = cast.app.db.read().await.expect("reads");
        let open = actions::find_under_way(&mut tx, cast.org, cast.id("boris")).await;
        assert!(open.expect("reads").is_none(), "he is free");
        let held = of_leads::find_held(&mut tx, cast.org, cast.id("boris")).await.expect("reads");
        assert!(held.is_none());
        drop(tx);
        is_sound(&floor).await;
    }
}
