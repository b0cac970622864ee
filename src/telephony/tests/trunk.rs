//! Ways out that fail, and numbers of ours that are blocked.

use super::*;
use crate::telephony::trunk::{self, ResumeForm};

async fn fail(floor: &Floor, grant: Grant, end: End) -> AttemptId {
    let id = rig::place(&floor.cast, "boris", grant).await.expect("is placed");
    keep(floor, &rig::ended(&floor.cast, id, end)).await;
    id
}

/// Says how the call went, so that the next may begin.
async fn file(floor: &Floor, grant: Grant) -> Grant {
    let form = crate::calls::results::CallForm {
        generation: grant.generation,
        outcome: "not_reached".to_owned(),
        ..Default::default()
    };
    let act = floor.cast.act("boris", &format!("{} {}", grant.lead, grant.generation));
    let boris = floor.cast.viewer("boris").await;
    let done = crate::calls::actions::record(&act, &boris, grant.lead, &form).await;
    done.expect("recorded").next.expect("the next company")
}

async fn troubles(floor: &Floor) -> Vec<trunk::Trouble> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let now = floor.cast.clock.now();
    trunk::list_troubles(&mut tx, floor.cast.org, now).await.expect("reads")
}

both! {
    async fn a_trunk_that_fails_again_and_again_gets_no_calls_for_a_while(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 3).await;
        let cast = &floor.cast;
        let account = End { status: Some(402), ..End::of(EndCause::Account, EndedBy::Far) };
        fail(&floor, grant, failed()).await;
        fail(&floor, grant, account).await;
        assert_eq!(troubles(&floor).await.len(), 1, "it is told at once");
        fail(&floor, grant, account).await;
        let [trouble] = troubles(&floor).await.try_into().expect("one trouble");
        let now = cast.clock.now();
        assert_eq!((trouble.cause, trouble.since), (EndCause::Account, now));
        assert_eq!(trouble.closed_until, Some(now.plus_ms(30_000)));
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "trunk-down");
        assert_eq!(floor.lead(grant.lead).await.attempts, 0, "nobody was tried");
        let wall = cast.client("anna").await.get("/wallboard").await.body;
        assert!(wall.contains("Calls come to nothing since"), "{wall}");
        let told = cast.api("anna").await.get("/api/v1/wallboard").await;
        assert_eq!(told.json()["data"]["trunks"][0]["cause"], "account");
        // After that one is a try; it fails and the trunk rests for twice as long.
        cast.clock.advance_ms(30_000);
        exchange.step().await.expect("a step");
        fail(&floor, grant, failed()).await;
        let [trouble] = troubles(&floor).await.try_into().expect("one trouble");
        assert_eq!(trouble.closed_until, Some(cast.clock.now().plus_ms(60_000)));
        assert_eq!(trouble.since, now);
        cast.clock.advance_ms(60_000);
        exchange.step().await.expect("a step");
        fail(&floor, grant, busy()).await;
        assert_eq!(troubles(&floor).await, [], "it reached a number");
        assert_eq!(floor.events(Kind::TrunkWorks).await.len(), 1);
        assert_eq!(floor.events(Kind::TrunkFails).await.len(), 4);
        let next = file(&floor, grant).await;
        fail(&floor, next, failed()).await;
        assert_eq!(troubles(&floor).await[0].closed_until, None, "it is counted anew");
    }

    async fn a_blocked_number_of_ours_pauses_and_not_the_company(t: TestDb) {
        let own: Vec<String> = ["+74950000001", "+74950000002"].map(str::to_owned).into();
        let line = Played { own: own.clone(), ..Played::default() };
        let (floor, mut exchange, grant) = over(t, 2, line).await;
        let cast = &floor.cast;
        let blocked = End { status: Some(608), ..End::of(EndCause::Blocked, EndedBy::Far) };
        let order = async |exchange: &mut exchange::Exchange<Played>| {
            exchange.step().await.expect("a step");
            let heard = exchange.line.heard.lock().expect("a line");
            heard.orders.last().cloned().expect("an order").own_number
        };
        let first = rig::place(cast, "boris", grant).await.expect("is placed");
        assert_eq!(order(&mut exchange).await.as_ref(), Some(&own[0]));
        let mut told = rig::ended(cast, first, blocked);
        let kind = CallEventKind::BlockedBy { contact: "<https://example.net>".to_owned() };
        told.insert(0, CallEvent { seq: 9, kind, ..told[0].clone() });
        keep(&floor, &told).await;
        let lead = floor.lead(grant.lead).await;
        assert!(!lead.awaits_result && lead.attempts == 0);
        let second = rig::place(cast, "boris", grant).await.expect("is placed");
        assert_eq!(order(&mut exchange).await.as_ref(), Some(&own[1]));
        assert_eq!(attempt(&floor, second).await.own_number.as_ref(), Some(&own[1]));
        keep(&floor, &rig::ended(cast, second, blocked)).await;
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "own-numbers-pause");
        assert_eq!(troubles(&floor).await, [], "the trunk is well");
        let page = cast.client("alla").await.get("/telephony").await.body;
        for words in [own[0].as_str(), own[1].as_str(), "https://example.net"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let form = ResumeForm { number: own[1].clone() };
        trunk::resume(&cast.act("alla", "go on"), &form).await.expect("goes on");
        trunk::resume(&cast.act("alla", "go on"), &form).await.expect("a repeat is the same");
        let gone = trunk::resume(&cast.act("alla", "again"), &form).await;
        assert!(matches!(gone, Err(Error::NotFound)));
        let third = rig::place(cast, "boris", grant).await.expect("is placed");
        assert_eq!(order(&mut exchange).await.as_ref(), Some(&own[1]));
        keep(&floor, &rig::ended(cast, third, blocked)).await;
        cast.clock.advance_ms(DAY_MS);
        let mut tx = cast.app.db.read().await.expect("reads");
        let paused = trunk::list_paused(&mut tx, cast.org, cast.clock.now()).await;
        assert_eq!(paused.expect("reads"), []);
        drop(tx);
        let again = cast.api("alla").await;
        let path = "/api/v1/own-numbers/resumption";
        let none = again.post(path, &json!({ "number": own[0] })).await;
        assert_eq!(none.json()["data"], json!([]), "{}", none.body);
    }
}
