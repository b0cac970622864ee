//! A lead passes to another caller: the grant is raised, the loser is refused and told.

use super::*;
use crate::calls::passing::{PassForm, pass};
use crate::telephony::{self, rig};

fn to(to: Option<UserId>, generation: i64) -> PassForm {
    PassForm { to: to.map(|to| to.to_string()).unwrap_or_default(), generation, version: None }
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> &'static str {
    match outcome.expect_err("is refused") {
        Error::Refused(refusal) => refusal.code(),
        Error::NotFound => "not-found",
        Error::Invalid(_) => "invalid",
        other => panic!("{other}"),
    }
}

async fn passed(floor: &Floor, grant: Grant, login: &str, key: &str) -> Outcome<()> {
    let anna = floor.cast.viewer("anna").await;
    let wish = to(Some(floor.cast.id(login)), grant.generation);
    pass(&floor.cast.act("anna", key), &anna, grant.lead, &wish).await
}

both! {
    async fn a_company_in_hand_passes_once_and_its_loser_is_told(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let holding = format!("/leads/{}/holding", grant.lead);
        let boris = cast.client("boris").await;
        let before = boris.get(&holding).await.body;
        assert!(!before.contains("role=\"alert\""), "{before}");
        passed(&floor, grant, "bella", "pass").await.expect("passes");
        passed(&floor, grant, "bella", "pass").await.expect("a repeat is the first answer");
        let lead = floor.lead(grant.lead).await;
        let lease = lead.lease.expect("a lease");
        assert_eq!((lease.owner, lease.generation), (cast.id("bella"), grant.generation + 1));
        let events = floor.events(Kind::LeadReassigned).await;
        assert_eq!(events.len(), 1, "one event for one key");
        assert_eq!(events[0].person, Some(cast.id("bella")));
        assert_eq!(events[0].detail["from"], cast.id("boris").to_string());
        // What the loser still sends is refused, and kept.
        let late = CallForm { generation: grant.generation, note: "typed".to_owned(),
            ..form("not_reached") };
        let viewer = cast.viewer("boris").await;
        let act = cast.act("boris", "late");
        let late = actions::record(&act, &viewer, grant.lead, &late).await;
        assert_eq!(code(late), "lead-stale-lease");
        let told = boris.get(&holding).await.body;
        assert!(told.contains("passed on to bella") && told.contains("role=\"alert\""), "{told}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let scope = actions::draft_scope(grant.lead);
        let draft = drafts::find(&mut tx, cast.org, cast.id("boris"), &scope).await;
        assert_eq!(draft.expect("reads").get("note").map(String::as_str), Some("typed"));
        drop(tx);
        // The card is the taker's now.
        let company = format!("/companies/{}", grant.company);
        assert_eq!(cast.client("boris").await.get(&company).await.status.as_u16(), 404);
        assert_eq!(cast.client("bella").await.get(&company).await.status.as_u16(), 200);
        assert_eq!(cast.client("grisha").await.get(&holding).await.status.as_u16(), 404);
    }

    async fn nothing_passes_that_moved_on_or_to_whom_it_may_not(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let anna = cast.viewer("anna").await;
        let stale = to(Some(cast.id("bella")), grant.generation - 1);
        let stale = pass(&cast.act("anna", "stale"), &anna, grant.lead, &stale).await;
        assert_eq!(code(stale), "lead-not-from-this-state");
        for (login, key) in [("grisha", "a"), ("boris", "b"), ("sonya", "c")] {
            assert_eq!(code(passed(&floor, grant, login, key).await), "invalid", "{login}");
        }
        let gleb = cast.viewer("gleb").await;
        let wish = to(None, grant.generation);
        let foreign = pass(&cast.act("gleb", "x"), &gleb, grant.lead, &wish).await;
        assert_eq!(code(foreign), "not-found");
        floor.lease("bella", "1").await.expect("her own");
        let full = passed(&floor, grant, "bella", "full").await;
        assert_eq!(code(full), "lead-taker-holds-another");
        assert_eq!(floor.lead(grant.lead).await.lease.map(|l| l.owner), Some(cast.id("boris")));
        let back = to(None, grant.generation);
        pass(&cast.act("anna", "back"), &anna, grant.lead, &back).await.expect("goes back");
        let lead = floor.lead(grant.lead).await;
        assert!(lead.lease.is_none() && lead.state == LeadState::Queued);
        let holding = format!("/leads/{}/holding", grant.lead);
        let told = cast.client("boris").await.get(&holding).await.body;
        assert!(told.contains("anna of the cast took this company back"), "{told}");
    }

    async fn admission_is_asked_before_a_company_passes(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        // 21:00 in Moscow.
        floor.cast.clock.advance_ms(11 * HOUR_MS);
        assert_eq!(code(passed(&floor, grant, "bella", "late").await), "call-denied");
    }

    async fn a_call_without_a_result_passes_to_who_says_how_it_went(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let _exchange = rig::connect(cast, rig::Played::default(), &["boris"]).await;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        let talking = passed(&floor, grant, "bella", "talking").await;
        assert_eq!(code(talking), "attempt-talks-now");
        for event in rig::answered(cast, id, "a.wav") {
            telephony::actions::keep(&rig::act(cast), &event, 30).await.expect("is kept");
        }
        let anna = cast.viewer("anna").await;
        let back = to(None, grant.generation);
        let back = pass(&cast.act("anna", "back"), &anna, grant.lead, &back).await;
        assert_eq!(code(back), "lead-awaits-result", "nobody files it silently");
        // Not even the hours matter for a call that is over.
        cast.clock.advance_ms(11 * HOUR_MS);
        passed(&floor, grant, "bella", "over").await.expect("passes");
        let lead = floor.lead(grant.lead).await;
        assert!(lead.awaits_result, "it waits for its result all the same");
        let bella = cast.viewer("bella").await;
        let filed = CallForm { generation: lead.generation, then: "pause".to_owned(),
            ..form("not_reached") };
        let act = cast.act("bella", "file");
        let done = actions::record(&act, &bella, grant.lead, &filed).await.expect("is filed");
        let mut tx = cast.app.db.read().await.expect("reads");
        let attempt = telephony::actions::find(&mut tx, cast.org, id).await.expect("reads");
        let attempt = attempt.expect("the attempt");
        assert_eq!((attempt.call, attempt.caller), (Some(done.call), cast.id("boris")));
        let calls = actions::list_for_lead(&mut tx, cast.org, grant.lead).await.expect("reads");
        assert_eq!(calls[0].caller, cast.id("boris"), "it is the call of who made it");
        let told = floor.events(Kind::CallRecorded).await;
        let who = (told[0].person, told[0].actor);
        assert_eq!(who, (Some(cast.id("boris")), Some(cast.id("bella"))), "she files it");
        assert_eq!(attempt.generation, lead.generation);
    }

    async fn a_promised_call_passes_and_both_are_told(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let promised = CallForm { generation: grant.generation, callback: "in 2 h".to_owned(),
            then: "pause".to_owned(), ..form("callback") };
        let boris = cast.viewer("boris").await;
        let act = cast.act("boris", "call");
        actions::record(&act, &boris, grant.lead, &promised).await.expect("is recorded");
        let mut heard = cast.app.db.announcements();
        let anna = cast.viewer("anna").await;
        let version = Some(floor.lead(grant.lead).await.version);
        let seen = PassForm { version, ..to(Some(cast.id("bella")), grant.generation) };
        pass(&cast.act("anna", "pass"), &anna, grant.lead, &seen).await.expect("passes");
        assert_eq!(floor.lead(grant.lead).await.callback_owner, Some(cast.id("bella")));
        let mut waiting: Vec<String> =
            ["boris", "bella"].map(|login| format!("user:{}", cast.id(login))).to_vec();
        let listening = async {
            while !waiting.is_empty() {
                let topic = heard.recv().await.expect("goes on");
                waiting.retain(|one| *one != topic);
            }
        };
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, listening).await.expect("both are told");
        let version = Some(floor.lead(grant.lead).await.version);
        let anyone = PassForm { version, ..to(None, grant.generation) };
        pass(&cast.act("anna", "any"), &anna, grant.lead, &anyone).await.expect("for anyone");
        assert_eq!(floor.lead(grant.lead).await.callback_owner, None);
    }

    async fn two_heads_who_pass_at_once_pass_once(t: TestDb) {
        let floor = Floor::open(t, 4).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let other = leads::floor::hire(&floor.cast, floor.campaign, 1).await[0];
        let anna = floor.cast.viewer("anna").await;
        let (one, two) = (floor.cast.act("anna", "1"), floor.cast.act("anna", "2"));
        let (bella, other) = (to(Some(floor.cast.id("bella")), 1), to(Some(other), 1));
        let (first, second) = tokio::join!(
            pass(&one, &anna, grant.lead, &bella),
            pass(&two, &anna, grant.lead, &other),
        );
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert_eq!(floor.lead(grant.lead).await.generation, 2);
        assert_eq!(floor.events(Kind::LeadReassigned).await.len(), 1);
    }
}
