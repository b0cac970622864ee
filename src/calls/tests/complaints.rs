//! Complaints stop a campaign, and what has it go on.

use axum::http::StatusCode;

use super::*;
use crate::calls::complaints::{count, suppress};
use crate::campaigns::CampaignState;
use crate::campaigns::complaints::Complaints;
use crate::companies::suppression::Wanted;
use crate::companies::{Channel, SuppressReason};

/// So many companies are called once each.
async fn call(floor: &Floor, how_many: usize) -> Vec<CompanyId> {
    let mut called = Vec::new();
    for index in 0..how_many {
        called.push(call_one(floor, &format!("call {index}")).await);
    }
    called
}

async fn call_one(floor: &Floor, key: &str) -> CompanyId {
    let grant = floor.lease("boris", key).await.expect("a company");
    record(floor, grant, form("not_reached")).await.expect("recorded");
    grant.company
}

/// Once a campaign is over there is nothing to decide about its complaints.
async fn is_over(floor: &Floor, page: &str) {
    let (act, viewer) = (floor.cast.act("anna", "over"), floor.cast.viewer("anna").await);
    campaigns::actions::stop(&act, &viewer, floor.campaign).await.expect("stops for good");
    let shown = floor.cast.client("anna").await.get(page).await.body;
    assert!(!shown.contains("name=\"why\""), "nothing to decide: {shown}");
}

/// A company complains; says under which ban.
async fn complain(floor: &Floor, company: CompanyId, key: &str) -> SuppressionId {
    let olga = floor.cast.viewer("olga").await;
    let act = floor.cast.act("olga", key);
    let how = Wanted::whole(Channel::All, SuppressReason::Complaint);
    suppress(&act, &olga, company, how).await.expect("is banned")
}

async fn heard(floor: &Floor) -> (i64, i64) {
    let campaign = floor.campaign().await;
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let now = floor.cast.clock.now();
    let Complaints { complaints, calls } =
        count(&mut tx, floor.cast.org, &campaign, now).await.expect("counts");
    (complaints, calls)
}

async fn is_halted(floor: &Floor) -> bool {
    let campaign = floor.campaign().await;
    let is_halted = campaign.complained_at.is_some();
    assert_eq!(is_halted, campaign.state == CampaignState::Paused);
    is_halted
}

both! {
    async fn complaints_over_the_limit_stop_a_campaign_and_words_have_it_go_on(t: TestDb) {
        let floor = Floor::open(t, 6).await;
        let called = call(&floor, 4).await;
        let uncalled = floor.companies.iter().find(|one| !called.contains(one));
        complain(&floor, *uncalled.expect("one that nobody called"), "uncalled").await;
        complain(&floor, called[0], "first").await;
        complain(&floor, called[0], "again").await;
        assert_eq!(heard(&floor).await, (1, 4), "a company complains once, and after a call");
        assert!(!is_halted(&floor).await, "one complaint of a few calls is no rate");
        complain(&floor, called[1], "second").await;
        assert!(is_halted(&floor).await);
        // The same request once more, and one more complaint, change nothing.
        complain(&floor, called[1], "second").await;
        complain(&floor, called[2], "third").await;
        let told = floor.events(Kind::CampaignHalted).await;
        let [told] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!((told.company, told.campaign), (Some(called[1]), Some(floor.campaign)));
        assert_eq!((&told.detail["complaints"], &told.detail["calls"]), (&2.into(), &4.into()));
        let boris = floor.cast.viewer("boris").await;
        let act = floor.cast.act("boris", "halted");
        let refused = leasing::lease(&act, &boris, floor.campaign).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "nobody is called: {refused:?}");
        let anna = floor.cast.client("anna").await;
        let page = format!("/campaigns/{}", floor.campaign);
        let shown = anna.get(&page).await.body;
        for told in ["Complaints stopped this campaign", "2 complaints of 4 calls, limit 0.1%",
            "name=\"why\""] {
            assert!(shown.contains(told), "{told}: {shown}");
        }
        let board = anna.get("/wallboard").await.body;
        assert!(board.contains("Complaints stopped this campaign"), "{board}");
        let program = floor.cast.api("anna").await;
        let path = format!("/api/v1{page}");
        let one = program.get(&path).await.json();
        assert!(one["data"]["complained_at"].is_string() && one["data"]["state"] == "paused");
        let halted = program.get("/api/v1/wallboard").await.json();
        assert_eq!(halted["data"]["halted"][0]["campaign"], floor.campaign.to_string());
        for why in ["", "  "] {
            let refused = anna.post(&format!("{page}/launch"), &[("why", why)]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
            assert!(refused.body.contains("Say why it goes on"), "{}", refused.body);
        }
        let long = serde_json::json!({ "why": "w".repeat(501) });
        let long = program.post(&format!("{path}/launch"), &long).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
        let why = serde_json::json!({ "why": "the list was stale, it is checked now" });
        let gone_on = program.post(&format!("{path}/launch"), &why).await;
        assert_eq!(gone_on.status, StatusCode::OK, "{}", gone_on.body);
        assert!(!is_halted(&floor).await);
        let decided = floor.events(Kind::CampaignHaltAnswered).await;
        assert_eq!(decided[0].person, Some(floor.cast.id("anna")));
        assert!(!format!("{:?}", decided[0].detail).contains("stale"), "no words in events");
        let shown = anna.get(&page).await.body;
        assert!(shown.contains("the list was stale, it is checked now"), "{shown}");
        assert!(!shown.contains("name=\"why\""), "{shown}");
        // What was answered counts no more: it takes two again.
        floor.cast.clock.advance_ms(MINUTE_MS);
        assert_eq!(heard(&floor).await, (0, 0));
        complain(&floor, called[3], "fourth").await;
        assert_eq!(heard(&floor).await, (1, 0));
        assert!(!is_halted(&floor).await);
        complain(&floor, called[2], "fifth").await;
        assert_eq!(heard(&floor).await, (1, 0), "that one was answered and not called since");
        let more = call_one(&floor, "one more").await;
        complain(&floor, more, "sixth").await;
        assert!(is_halted(&floor).await);
        is_over(&floor, &page).await;
    }

    async fn a_campaign_has_the_limit_that_was_set_and_lifted_complaints_are_none(t: TestDb) {
        let policy = CallingPolicy {
            complaints_max: 1_000,
            complaints_calls_min: 10,
            ..CallingPolicy::default()
        };
        let floor = Floor::with_policy(t, 3, policy).await;
        let called = call(&floor, 3).await;
        let ban = complain(&floor, called[0], "slip").await;
        assert!(!is_halted(&floor).await, "one of ten is a tenth, and not more");
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "lift");
        companies::actions::lift(&act, &anna, (called[0], ban), "a slip").await.expect("lifted");
        assert_eq!(heard(&floor).await, (0, 3));
        complain(&floor, called[1], "one").await;
        assert!(!is_halted(&floor).await);
        // What is older than thirty days is forgotten.
        floor.cast.clock.advance_ms(31 * DAY_MS);
        assert_eq!(heard(&floor).await, (0, 0));
    }

    async fn of_complaints_at_once_none_is_lost_and_the_campaign_stops_once(t: TestDb) {
        let floor = Floor::open(t, 4).await;
        let called = call(&floor, 4).await;
        let all = called.iter().zip(["a", "b", "c", "d"]);
        let all = all.map(|(company, key)| complain(&floor, *company, key));
        futures_util::future::join_all(all).await;
        assert!(is_halted(&floor).await);
        let told = floor.events(Kind::CampaignHalted).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].detail["complaints"], 2);
        assert_eq!(heard(&floor).await, (4, 4));
    }
}
