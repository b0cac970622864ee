//! Promised calls as records: how each ends, and what is made of them at a migration.

use super::*;
use crate::leads::callbacks::{Callback, CallbackEnd, CallbackOrigin, CallbackState, CancelReason};
use crate::leads::keeping;
use crate::web::Cursor;

async fn of(floor: &Floor, lead: LeadId) -> Vec<Callback> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let newest = Cursor::default();
    keeping::list_of_lead(&mut tx, floor.cast.org, lead, &newest).await.expect("reads").rows
}

/// Where the newest callback of a lead stands, and why it was cancelled.
async fn stands(floor: &Floor, lead: LeadId) -> (CallbackState, Option<CancelReason>) {
    let last = of(floor, lead).await.into_iter().next().expect("a callback");
    let why = match last.ended.map(|ended| ended.how) {
        Some(CallbackEnd::Cancelled(why)) => Some(why),
        _ => None,
    };
    (last.state(&floor.lead(lead).await, floor.cast.clock.now()), why)
}

/// A lead to which Boris has promised a call in an hour.
async fn promised(floor: &Floor) -> LeadId {
    let grant = floor.lease("boris", "promise").await.expect("a company");
    let at = floor.cast.clock.now().plus_minutes(60);
    let owner = Some(floor.cast.id("boris"));
    settle_to(floor, "boris", grant, Next::Callback { at, owner }).await;
    grant.lead
}

both! {
    async fn a_promised_call_goes_from_scheduled_to_done_and_a_lost_lease_gives_it_back(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised(&floor).await;
        assert_eq!(stands(&floor, lead).await, (CallbackState::Scheduled, None));
        floor.cast.clock.advance_ms(HOUR_MS);
        assert_eq!(stands(&floor, lead).await, (CallbackState::Due, None));
        floor.lease("boris", "kept").await.expect("the promised one");
        assert_eq!(stands(&floor, lead).await, (CallbackState::InHand, None));
        floor.cast.clock.advance_ms(HOUR_MS);
        let act = floor.cast.act("boris", "sweep");
        jobs::sweep(&act).await.expect("sweeps");
        assert_eq!(stands(&floor, lead).await, (CallbackState::Due, None), "the lease ran out");
        let grant = floor.lease("boris", "again").await.expect("the promised one");
        let at = floor.cast.clock.now().plus_days(1);
        settle_to(&floor, "boris", grant, Next::Callback { at, owner: None }).await;
        assert_eq!(stands(&floor, lead).await, (CallbackState::Scheduled, None));
        let all = of(&floor, lead).await;
        let done = all.iter().filter(|one| matches!(one.ended.map(|e| e.how),
            Some(CallbackEnd::Done(_))));
        assert_eq!((all.len(), done.count()), (2, 1), "the first is done, the second open");
        assert_eq!(floor.events(Kind::CallbackDone).await.len(), 1);
    }

    async fn a_ban_a_stopped_campaign_and_a_second_offer_cancel_with_their_reason(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised(&floor).await;
        let act = floor.cast.act("anna", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let ban = Suppress { whom: Whom::Company(floor.companies[0]), channel: Channel::All,
            reason: SuppressReason::Asked, until: None };
        let ban = companies::actions::suppress_in(&mut tx, &act, ban).await.expect("bans");
        tx.commit().await.expect("kept");
        floor.cast.settle().await;
        let banned = (CallbackState::Cancelled, Some(CancelReason::Suppressed));
        assert_eq!(stands(&floor, lead).await, banned);
        assert_eq!(floor.lead(lead).await.callback_at, None);
        let told = floor.events(Kind::CallbackCancelled).await;
        assert_eq!(told[0].reason.as_deref(), Some("suppressed"));
        let olga = floor.cast.viewer("olga").await;
        let of_ban = (floor.companies[0], ban);
        let act = floor.cast.act("olga", "lift");
        companies::actions::lift(&act, &olga, of_ban, "a slip").await.expect("lifts");
        floor.cast.clock.advance_ms(DAY_MS);
        let grant = floor.lease("boris", "next").await.expect("the company again");
        settle_to(&floor, "boris", grant, Next::Offered).await;
        let act = floor.cast.act("sonya", "no");
        let mut tx = act.db.begin().await.expect("begins");
        actions::return_in(&mut tx, &act, lead, "no_need").await.expect("returns");
        tx.commit().await.expect("kept");
        assert_eq!(stands(&floor, lead).await, (CallbackState::Due, None));
        assert_eq!(of(&floor, lead).await[0].origin, CallbackOrigin::Return);
        let mut tx = act.db.begin().await.expect("begins");
        actions::offer_in(&mut tx, &act, lead).await.expect("offers");
        tx.commit().await.expect("kept");
        let offered = (CallbackState::Cancelled, Some(CancelReason::Offered));
        assert_eq!(stands(&floor, lead).await, offered);
        let mut tx = act.db.begin().await.expect("begins");
        actions::return_in(&mut tx, &act, lead, "no_need").await.expect("returns");
        tx.commit().await.expect("kept");
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "stop");
        campaigns::actions::stop(&act, &anna, floor.campaign).await.expect("stops");
        floor.cast.settle().await;
        let stopped = (CallbackState::Cancelled, Some(CancelReason::CampaignStopped));
        assert_eq!(stands(&floor, lead).await, stopped);
    }

    async fn what_a_caller_promised_who_left_is_anyone_s(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised(&floor).await;
        let boris = floor.cast.id("boris");
        let act = floor.cast.act("alla", "leaves");
        people::actions::disable_user(&act, boris).await.expect("is shut out");
        floor.cast.settle().await;
        assert_eq!(floor.lead(lead).await.callback_owner, None);
        assert_eq!(of(&floor, lead).await[0].owner, None);
        assert_eq!(stands(&floor, lead).await, (CallbackState::Scheduled, None));
        let told = floor.events(Kind::LeadReassigned).await;
        assert_eq!((told[0].person, &told[0].detail["from"]), (None, &boris.to_string().into()));
        floor.cast.clock.advance_ms(HOUR_MS);
        assert_eq!(floor.lease("bella", "1").await.map(|grant| grant.lead), Some(lead));
    }

    async fn a_promise_to_who_left_the_base_is_cancelled_when_it_is_due(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised(&floor).await;
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        let removed = "update companies set removed_at = changed_at where id = $1";
        tx.run(removed, crate::vals![floor.companies[0]]).await.expect("removed");
        tx.commit().await.expect("kept");
        floor.cast.clock.advance_ms(HOUR_MS);
        assert_eq!(floor.lease("boris", "due").await, None);
        let gone = (CallbackState::Cancelled, Some(CancelReason::NotInBase));
        assert_eq!(stands(&floor, lead).await, gone);
    }
}
