use super::*;
use crate::both;
use crate::calls::passing::{self, PassForm};
use crate::campaigns;
use crate::companies::{self, Channel, Suppress, SuppressReason, suppression::Whom};
use crate::leads::floor::Floor;
use crate::leads::{Grant, SkipReason, leasing};
use crate::storage::testing::{MONDAY, TestDb};
use crate::telephony::rig::{self, Played};
use crate::tiers::Tier;

fn hand(awaits_result: bool, until: Instant) -> Hand {
    Hand {
        lead: LeadId::fresh(MONDAY),
        generation: 1,
        campaign: CampaignId::fresh(MONDAY),
        company: "Flax".to_owned(),
        owner: UserId::fresh(MONDAY),
        leased_at: Some(MONDAY),
        until,
        awaits_result,
        ended_at: awaits_result.then(|| MONDAY.plus_minutes(3)),
    }
}

#[test]
fn what_a_caller_does_is_told_by_what_is_known() {
    let now = MONDAY.plus_minutes(10);
    let here = Signs { is_signed_in: true, seen_at: Some(MONDAY), ..Signs::default() };
    let with = |awaits, until| Signs { hand: Some(hand(awaits, until)), ..here.clone() };
    let (soon, past) = (now.plus_minutes(1), now.plus_minutes(-1));
    let talk = Some((MONDAY, Some(MONDAY.plus_minutes(1))));
    let followed = |followed_at, answered_at, ended_at| Signs {
        link: Some(ByLink { followed_at, answered_at, ended_at }),
        ..with(true, soon)
    };
    let long_ago = now.plus_ms(-LINK_MS);
    use CallerState::*;
    for (signs, state, since) in [
        (Signs::default(), Away, None),
        (Signs { is_signed_in: true, ..Signs::default() }, Away, None),
        (here.clone(), Ready, Some(MONDAY)),
        (Signs { is_signed_in: false, ..here.clone() }, Away, Some(MONDAY)),
        (Signs { seen_at: Some(now.plus_minutes(-15)), ..here.clone() }, Away, None),
        (Signs { paused_at: Some(past), ..here.clone() }, Paused, Some(past)),
        (Signs { paused_at: Some(past), is_signed_in: false, ..here.clone() }, Away, Some(MONDAY)),
        (with(false, soon), InHand, Some(MONDAY)),
        (with(false, past), Ready, Some(MONDAY)),
        // Neither time nor a closed browser ends what waits for a result.
        (with(true, past), Filing, Some(MONDAY.plus_minutes(3))),
        (Signs { is_signed_in: false, ..with(true, past) }, Filing, Some(MONDAY.plus_minutes(3))),
        (Signs { call: Some((past, None)), ..with(true, soon) }, Dialling, Some(past)),
        (Signs { call: talk, ..with(true, soon) }, Talking, Some(MONDAY.plus_minutes(1))),
        // Of a telephone of one's own the click is known, and what its exchange tells.
        (followed(past, None, None), Dialling, Some(past)),
        (followed(past, Some(past), None), Talking, Some(past)),
        (followed(long_ago, Some(long_ago), None), Talking, Some(long_ago)),
        (followed(MONDAY, Some(MONDAY), Some(past)), Filing, Some(past)),
        (followed(long_ago, None, None), Filing, Some(MONDAY.plus_minutes(3))),
        (followed(now.plus_minutes(-240), Some(now.plus_minutes(-240)), None), Filing, None),
    ] {
        let (found, at) = signs.state(now);
        assert_eq!(found, state, "{signs:?}");
        assert!(since.is_none() || at == since, "{signs:?}: {at:?}");
    }
}

#[test]
fn a_figure_stands_against_its_target() {
    let told = |counts: Counts| {
        figures(&counts).map(|one| (one.value, one.target, one.stand.code())).to_vec()
    };
    let quiet = told(Counts::default());
    let none = (0, None, "open");
    assert_eq!(quiet, [none, none, none, (0, Some(0), "met"), (0, Some(0), "open")]);
    let day = Counts {
        dials: 400,
        answered: 39,
        meetings: 1,
        before: vec![0, 380, 401, 0, 0, 0, 419],
        callbacks: 2,
        present: 3,
        callers: 3,
    };
    assert_eq!(
        told(day.clone()),
        [
            (400, Some(400), "met"),
            (39, Some(40), "behind"),
            (1, Some(1), "met"),
            (2, Some(0), "behind"),
            (3, Some(3), "met"),
        ]
    );
    let few = told(Counts { dials: 19, answered: 0, ..day });
    assert_eq!(few[..2], [(19, Some(400), "behind"), (0, None, "open")]);
}

#[test]
fn work_left_is_what_is_due_by_the_pace() {
    let supply = |due, pace| Supply {
        campaign: CampaignId::fresh(MONDAY),
        name: String::new(),
        is_led: true,
        due,
        callers: 2,
        pace: pace / 2,
        pace_of_all: pace,
        talked: 100,
        abandoned: 3,
        heard: Complaints { calls: 1_000, complaints: 1 },
        policy: CallingPolicy::default(),
    };
    for (due, pace, left, is_dry) in [
        (90, 20, Some(45), false),
        (19, 20, Some(9), true),
        (0, 0, None, true),
        (5, 0, None, false),
    ] {
        let one = supply(due, pace);
        assert_eq!((one.tenths_left(), one.is_dry()), (left, is_dry), "{due} by {pace}");
        // At the limit is not over it.
        assert!(!one.is_abandoning() && !one.is_complained_of());
    }
    let heard = Complaints { calls: 1_000, complaints: 2 };
    let one = Supply { abandoned: 4, heard, callers: 0, ..supply(0, 0) };
    assert!(one.is_abandoning() && one.is_complained_of() && !one.is_dry());
    assert!(supply(DUE_MAX, 1).is_more());
}

async fn wall(floor: &Floor, login: &str) -> Wall {
    let viewer = floor.cast.viewer(login).await;
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    actions::read(&mut tx, &viewer, floor.cast.clock.now()).await.expect("a board")
}

fn state(wall: &Wall, name: &str) -> CallerState {
    let name = format!("{name} of the cast");
    wall.callers.iter().find(|one| one.name == name).expect("a caller").state
}

async fn at_work(t: TestDb) -> (Floor, Grant) {
    let floor = Floor::open(t, 4).await;
    floor.cast.client("boris").await;
    floor.cast.client("bella").await;
    let grant = floor.lease("boris", "first").await.expect("a company");
    (floor, grant)
}

both! {
    async fn the_board_follows_a_caller_through_a_call(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let board = wall(&floor, "anna").await;
        let names: Vec<&str> = board.callers.iter().map(|one| one.name.as_str()).collect();
        let there = ["boris of the cast", "bella of the cast"];
        assert_eq!(names, there, "who calls stands first, strangers nowhere");
        assert_eq!(state(&board, "boris"), CallerState::InHand);
        assert_eq!(state(&board, "bella"), CallerState::Away);
        assert_eq!(board.campaigns[0].due, 3);
        let mut exchange = rig::connect(cast, Played::default(), &["boris"]).await;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        assert_eq!(state(&wall(&floor, "anna").await, "boris"), CallerState::Dialling);
        for event in rig::answered(cast, id, "a.wav").into_iter().take(5) {
            exchange.note(crate::telephony::port::News::Call(event));
        }
        exchange.step().await.expect("a step");
        assert_eq!(state(&wall(&floor, "anna").await, "boris"), CallerState::Talking);
        for event in rig::answered(cast, id, "a.wav") {
            exchange.note(crate::telephony::port::News::Call(event));
        }
        exchange.step().await.expect("a step");
        let board = wall(&floor, "anna").await;
        assert_eq!((state(&board, "boris"), board.undisposed()), (CallerState::Filing, 1));
        assert_eq!((board.campaigns[0].talked, board.campaigns[0].abandoned), (1, 0));
        let fields = [("generation", "1"), ("outcome", "not_reached"), ("then", "pause")];
        let path = format!("/leads/{}/calls", grant.lead);
        let filed = cast.client("boris").await.post(&path, &fields).await;
        assert_eq!(filed.location.as_deref(), Some("/desk"), "{}", filed.body);
        let board = wall(&floor, "anna").await;
        assert_eq!((state(&board, "boris"), board.undisposed()), (CallerState::Paused, 0));
        assert_eq!((board.figures[0].value, board.campaigns[0].heard.calls), (1, 1));
        floor.lease("boris", "again").await.expect("another company");
        assert_eq!(state(&wall(&floor, "anna").await, "boris"), CallerState::InHand);
    }

    async fn who_called_by_link_files_nothing_before_the_call_is_over(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let boris = cast.client("boris").await;
        let generation = grant.generation.to_string();
        let fields = [("generation", generation.as_str()), ("by", "link")];
        let path = format!("/leads/{}/attempts", grant.lead);
        assert_eq!(boris.post(&path, &fields).await.status, 303);
        let board = wall(&floor, "anna").await;
        assert_eq!((state(&board, "boris"), board.undisposed()), (CallerState::Dialling, 0));
        let users = [cast.id("boris"), cast.id("bella")];
        let mut tx = cast.app.db.read().await.expect("reads");
        let links = store::list_links(&mut tx, cast.org, &users).await.expect("links");
        drop(tx);
        let clicked = ByLink {
            followed_at: cast.clock.now(),
            answered_at: None,
            ended_at: None,
        };
        assert_eq!(links, [(users[0], clicked)]);
        cast.clock.advance_ms(LINK_MS);
        let board = wall(&floor, "anna").await;
        assert_eq!((state(&board, "boris"), board.undisposed()), (CallerState::Filing, 1));
        let fields = [("generation", generation.as_str()), ("outcome", "not_reached"),
            ("then", "pause")];
        let filed = boris.post(&format!("/leads/{}/calls", grant.lead), &fields).await;
        assert_eq!(filed.location.as_deref(), Some("/desk"), "{}", filed.body);
        assert_eq!(state(&wall(&floor, "anna").await, "boris"), CallerState::Paused);
    }

    async fn nobody_sees_a_sibling_team(t: TestDb) {
        let (floor, _) = at_work(t).await;
        let gleb = wall(&floor, "gleb").await;
        let names: Vec<&str> = gleb.callers.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((names, gleb.campaigns.len()), (vec!["grisha of the cast"], 0));
        for login in ["olga", "alla"] {
            let all = wall(&floor, login).await;
            assert_eq!(all.callers.len(), 4, "{login} sees the whole firm");
            assert_eq!(all.campaigns[0].is_led, login == "olga");
        }
        for (login, expected) in [
            ("anna", 200), ("gleb", 200), ("olga", 200), ("alla", 200), ("sergei", 404),
            ("vadim", 404), ("boris", 404), ("pavel", 404), ("prokhor", 404),
        ] {
            let page = floor.cast.client(login).await.get("/wallboard").await;
            assert_eq!(page.status.as_u16(), expected, "{login}");
            let home = floor.cast.client(login).await.get("/settings").await.body;
            assert_eq!(home.contains("href=\"/wallboard\""), expected == 200, "{login}'s menu");
            let told = floor.cast.api(login).await.get("/api/v1/wallboard").await;
            assert_eq!(told.status.as_u16(), expected, "{login}: {}", told.body);
        }
        let page = floor.cast.client("gleb").await.get("/wallboard").await.body;
        assert!(!page.contains("boris") && !page.contains("Ромашка"), "{page}");
    }

    async fn the_page_and_the_api_tell_the_same(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let page = floor.cast.client("anna").await.get("/wallboard").await.body;
        let drawn = format!("data-drawn=\"{}\"", floor.cast.clock.now().ms());
        assert_eq!(page.matches(&drawn).count(), 3, "{page}");
        let topics = format!("/live?topics=campaign:{},beat", floor.campaign);
        assert!(page.contains(&topics) && page.contains(&grant.lead.to_string()));
        assert!(page.contains("promised calls due") && !page.contains("runs dry"));
        let told = floor.cast.api("anna").await.get("/api/v1/wallboard").await.body;
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let board = &told["data"];
        assert_eq!(board["figures"].as_array().map(Vec::len), Some(5));
        assert_eq!(board["figures"][4]["value"], 1);
        assert_eq!(board["callers"][0]["state"], "in_hand");
        assert_eq!(board["callers"][0]["hand"]["lead"], grant.lead.to_string());
        assert_eq!(board["campaigns"][0]["due"], 3);
    }

    async fn what_is_passed_on_the_board_is_passed(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let anna = floor.cast.client("anna").await;
        let bella = floor.cast.id("bella").to_string();
        let path = format!("/wallboard/leads/{}", grant.lead);
        let generation = grant.generation.to_string();
        let fields = [("to", bella.as_str()), ("generation", generation.as_str())];
        let done = anna.post(&path, &fields).await;
        assert_eq!(done.location.as_deref(), Some("/wallboard"), "{}", done.body);
        assert_eq!(state(&wall(&floor, "anna").await, "bella"), CallerState::InHand);
        let again = anna.post(&path, &fields).await;
        assert_eq!(again.status.as_u16(), 409, "the generation is another now");
        assert!(again.body.contains("has moved on"), "{}", again.body);
        for login in ["gleb", "alla", "boris"] {
            let reply = floor.cast.client(login).await.post(&path, &fields).await;
            assert_eq!(reply.status.as_u16(), 404, "{login}");
        }
    }

    async fn each_number_of_the_store_is_what_it_says(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let (org, now) = (cast.org, cast.clock.now());
        let boris = cast.viewer("boris").await;
        let act = cast.act("boris", "pause");
        let held = (grant.lead, grant.generation);
        leasing::release(&act, &boris, held, SkipReason::Pause).await.expect("given back");
        // Called and complained, and called by nobody and complained.
        for (company, key) in [(grant.company, "a"), (floor.companies[3], "b")] {
            let act = cast.act("anna", key);
            let mut tx = act.db.begin().await.expect("begins");
            let whom = Whom::Company(company);
            let reason = SuppressReason::Complaint;
            let ban = Suppress { whom, channel: Channel::All, reason, until: None };
            companies::actions::suppress_in(&mut tx, &act, ban).await.expect("is banned");
            tx.commit().await.expect("commits");
        }
        let users = [cast.id("boris"), cast.id("bella")];
        let (hour, later) = (now.plus_ms(-HOUR_MS), now.plus_ms(1));
        let campaigns = [floor.campaign];
        let mut tx = cast.app.db.read().await.expect("reads");
        let signs = store::list_signs(&mut tx, org, &users, now).await.expect("signs");
        let own = signs.iter().find(|(user, _)| *user == users[0]).expect("boris");
        assert_eq!((own.1.paused_at, own.1.is_signed_in), (Some(now), true));
        assert_eq!(store::list_hands(&mut tx, org, &users).await.expect("hands"), []);
        assert_eq!(store::count_today(&mut tx, org, &users, hour).await.expect("today"), []);
        let span = (hour, later);
        assert_eq!(store::count_between(&mut tx, org, &users, span).await.expect("calls"), 0);
        assert_eq!(store::count_pace(&mut tx, org, &campaigns, hour).await.expect("pace"), []);
        let due = store::count_due(&mut tx, org, &campaigns, now).await.expect("due");
        assert_eq!(due, [(floor.campaign, 4)]);
        assert_eq!(store::count_talked(&mut tx, org, &campaigns, hour).await.expect("talk"), []);
        let whose = store::Promises {
            campaign: floor.campaign,
            callers: &users,
            are_of_anyone: true,
            now,
        };
        let due = store::list_due(&mut tx, org, whose, 9).await.expect("due");
        assert_eq!(due, []);
    }

    async fn two_callers_are_told_apart_and_counted_to_the_last(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let _exchange = rig::connect(cast, Played::default(), &["boris"]).await;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        for event in rig::answered(cast, id, "a.wav") {
            crate::telephony::actions::keep(&rig::act(cast), &event, 30).await.expect("is kept");
        }
        let call = async |login: &str, grant: Grant, fields: &[(&str, &str)]| {
            let path = format!("/leads/{}/calls", grant.lead);
            let generation = grant.generation.to_string();
            let mut all = vec![("generation", generation.as_str()), ("then", "pause")];
            all.extend(fields);
            let done = cast.client(login).await.post(&path, &all).await;
            assert_eq!(done.location.as_deref(), Some("/desk"), "{}", done.body);
        };
        call("boris", grant, &[("outcome", "callback"), ("callback", "in 1 h")]).await;
        let other = floor.lease("bella", "hers").await.expect("a company");
        let anyone = [("outcome", "callback"), ("callback", "in 1 h"), ("callback_by", "anyone")];
        call("bella", other, &anyone).await;
        let third = floor.lease("bella", "another").await.expect("a company");
        call("bella", third, &[("outcome", "not_reached")]).await;
        let (users, org) = ([cast.id("boris"), cast.id("bella")], cast.org);
        let before = cast.clock.now();
        cast.clock.advance_ms(2 * HOUR_MS);
        let now = cast.clock.now();
        let mut tx = cast.app.db.read().await.expect("reads");
        let since = before.plus_ms(-HOUR_MS);
        let mut today = store::count_today(&mut tx, org, &users, since).await.expect("today");
        today.sort_by_key(|(user, _)| *user != users[0]);
        assert_eq!(today, [(users[0], [1, 1, 0]), (users[1], [2, 1, 0])]);
        let span = (since, now);
        assert_eq!(store::count_between(&mut tx, org, &users, span).await.expect("calls"), 3);
        assert_eq!(store::count_between(&mut tx, org, &users[..1], span).await.expect("his"), 1);
        let of = floor.campaign;
        let mut pace = store::count_pace(&mut tx, org, &[of], since).await.expect("pace");
        pace.sort_by_key(|(_, user, _)| *user != users[0]);
        assert_eq!(pace, [(of, users[0], 1), (of, users[1], 2)]);
        let talked = store::count_talked(&mut tx, org, &[of], since).await.expect("talk");
        assert_eq!(talked, [(of, 1, 0)]);
        let due = async |tx: &mut crate::storage::Tx, callers: &[UserId], are_of_anyone: bool| {
            let whose = store::Promises { campaign: of, callers, are_of_anyone, now };
            let due = store::list_due(tx, org, whose, 9).await.expect("due");
            due.into_iter().map(|one| one.lead).collect::<Vec<_>>()
        };
        assert_eq!(due(&mut tx, &users, true).await, [grant.lead, other.lead]);
        assert_eq!(due(&mut tx, &users[..1], false).await, [grant.lead]);
        assert_eq!(due(&mut tx, &users[1..], false).await, [], "nobody's is not hers");
        assert_eq!(due(&mut tx, &[], true).await, [other.lead]);
        drop(tx);
        // What may not be called now is nobody's fault: at nine in the evening nothing is late.
        cast.clock.advance_ms(9 * HOUR_MS);
        let viewer = cast.viewer("boris").await;
        let act = cast.act("boris", "evening");
        assert_eq!(leasing::lease(&act, &viewer, of).await.expect("asked"), None);
        assert_eq!(wall(&floor, "anna").await.figures[3].value, 0);
    }

    async fn a_promise_passes_as_it_was_seen_and_to_who_still_calls(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let anna = cast.client("anna").await;
        let path = format!("/wallboard/leads/{}", grant.lead);
        let fields = [("generation", "1"), ("outcome", "callback"), ("callback", "in 1 h"),
            ("then", "pause")];
        let calls = format!("/leads/{}/calls", grant.lead);
        let filed = cast.client("boris").await.post(&calls, &fields).await;
        assert_eq!(filed.location.as_deref(), Some("/desk"), "{}", filed.body);
        let bella = cast.id("bella").to_string();
        // Who saw a company in hand does not pass the promise that came of it.
        let stale = anna.post(&path, &[("to", &bella), ("generation", "1")]).await;
        assert_eq!(stale.status.as_u16(), 409, "{}", stale.body);
        cast.clock.advance_ms(2 * HOUR_MS);
        let page = anna.get("/wallboard").await.body;
        let version = floor.lead(grant.lead).await.version.to_string();
        assert!(page.contains(&format!("name=\"version\" value=\"{version}\"")), "{page}");
        let seen = [("to", bella.as_str()), ("generation", "1"), ("version", version.as_str())];
        let done = anna.post(&path, &seen).await;
        assert_eq!(done.location.as_deref(), Some("/wallboard"), "{}", done.body);
        let again = [("to", ""), ("generation", "1"), ("version", version.as_str())];
        assert_eq!(anna.post(&path, &again).await.status.as_u16(), 409, "it moved on");
        assert_eq!(floor.lead(grant.lead).await.callback_owner, Some(cast.id("bella")));
    }

    async fn a_shared_campaign_tells_a_head_of_own_callers_alone(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let anna = cast.viewer("anna").await;
        let member = campaigns::Member { user: cast.id("grisha"), tier: Tier::Acquisition };
        let act = cast.act("olga", "grisha");
        let olga = cast.viewer("olga").await;
        campaigns::actions::add_member(&act, &olga, floor.campaign, member).await.expect("added");
        let path = format!("/leads/{}/calls", grant.lead);
        let fields = [("generation", "1"), ("outcome", "callback"), ("callback", "in 1 h"),
            ("then", "pause")];
        cast.client("boris").await.post(&path, &fields).await;
        let gleb = wall(&floor, "gleb").await;
        let shared = &gleb.campaigns[0];
        assert_eq!((shared.pace, shared.pace_of_all, shared.heard.calls), (0, 1, 0));
        assert!(!shared.is_led);
        cast.clock.advance_ms(2 * HOUR_MS);
        assert_eq!(wall(&floor, "gleb").await.due, [], "the promise is another team's");
        assert_eq!(wall(&floor, "anna").await.due.len(), 1);
        // Nor does its head pass anything to who is not of the own team.
        let lead = floor.lead(grant.lead).await;
        let form = PassForm {
            to: cast.id("grisha").to_string(),
            generation: lead.generation,
            version: Some(lead.version),
        };
        let passed = passing::pass(&cast.act("anna", "pass"), &anna, grant.lead, &form).await;
        assert!(matches!(passed, Err(Error::Invalid(_))), "{passed:?}");
    }

    async fn a_complaint_counts_for_the_campaign_that_had_called(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let path = format!("/leads/{}/calls", grant.lead);
        let fields = [("generation", "1"), ("outcome", "callback"), ("callback", "in 2 h"),
            ("then", "pause")];
        let filed = cast.client("boris").await.post(&path, &fields).await;
        assert_eq!(filed.location.as_deref(), Some("/desk"), "{}", filed.body);
        cast.clock.advance_ms(3 * HOUR_MS);
        let board = wall(&floor, "anna").await;
        let due: Vec<LeadId> = board.due.iter().map(|one| one.lead).collect();
        assert_eq!((due, board.figures[3].value), (vec![grant.lead], 1));
        let act = cast.act("anna", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let (whom, reason) = (Whom::Company(grant.company), SuppressReason::Complaint);
        let ban = Suppress { whom, channel: Channel::All, reason, until: None };
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("is banned");
        tx.commit().await.expect("commits");
        let board = wall(&floor, "anna").await;
        let supply = &board.campaigns[0];
        assert_eq!((supply.heard.calls, supply.heard.complaints), (1, 1));
        assert!(!supply.is_complained_of(), "one complaint of one call is no rate");
        let strict = CallingPolicy { complaints_calls_min: 1, ..supply.policy };
        assert!(Supply { policy: strict, ..supply.clone() }.is_complained_of());
        assert_eq!(board.halted, []);
    }

    async fn the_usual_day_is_the_mean_of_the_days_before_by_this_hour(t: TestDb) {
        let (floor, grant) = at_work(t).await;
        let cast = &floor.cast;
        let path = format!("/leads/{}/calls", grant.lead);
        let fields = [("generation", "1"), ("outcome", "not_reached"), ("then", "pause")];
        cast.client("boris").await.post(&path, &fields).await;
        cast.clock.advance_ms(DAY_MS + MINUTE_MS);
        let board = wall(&floor, "anna").await;
        let [dials, ..] = board.figures;
        assert_eq!((dials.value, dials.target, dials.stand), (0, Some(1), Stand::Behind));
        // An hour earlier yesterday nobody had called.
        cast.clock.advance_ms(-HOUR_MS);
        assert_eq!(wall(&floor, "anna").await.figures[0].target, None);
    }
}

/// The board of one node hears what is done on another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_board_hears_of_another_node() {
    let t = crate::storage::testing::fresh(crate::storage::testing::Engine::Postgres).await;
    let other = t.another_node().await;
    let floor = Floor::open(t, 2).await;
    let mut heard = other.announcements();
    let grant = floor.lease("boris", "first").await.expect("a company");
    let topic = format!("campaign:{}", floor.campaign);
    let listening = async { while heard.recv().await.expect("goes on") != topic {} };
    let patience = std::time::Duration::from_secs(60);
    tokio::time::timeout(patience, listening).await.expect("is heard");
    let viewer = floor.cast.viewer("anna").await;
    let mut tx = other.read().await.expect("reads");
    let board = actions::read(&mut tx, &viewer, floor.cast.clock.now()).await.expect("a board");
    let hands = board.hands();
    assert_eq!(hands.first().map(|(_, hand)| hand.lead), Some(grant.lead));
    drop(tx);
    other.close().await;
}
