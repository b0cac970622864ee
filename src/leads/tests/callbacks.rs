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
    promise_to(floor, grant, (at, owner)).await;
    grant.lead
}

/// The same, and Bella stands in.
async fn promised_with_bella(floor: &Floor) -> LeadId {
    let grant = floor.lease("boris", "promise").await.expect("a company");
    let at = floor.cast.clock.now().plus_minutes(60);
    let owner = Some(floor.cast.id("boris"));
    let zone = Some("Asia/Yekaterinburg".to_owned());
    let said = Said { fallback: Some(floor.cast.id("bella")), zone };
    settle_to(floor, "boris", grant, Next::Callback { at, owner, said }).await;
    grant.lead
}

/// A caller is at their desk, and takes nothing.
async fn works(floor: &Floor, login: &str) {
    let act = floor.cast.act(login, "works");
    let mut tx = act.db.begin().await.expect("begins");
    resting::pause_in(&mut tx, &act, floor.cast.id(login)).await.expect("is seen");
    tx.commit().await.expect("kept");
}

/// What another of the campaign is given.
async fn lease_of(floor: &Floor, user: UserId, key: &str) -> Option<LeadId> {
    let cast = &floor.cast;
    let mut tx = cast.app.db.read().await.expect("reads");
    let viewer = session::viewer(&mut tx, cast.org, user, None).await.expect("reads");
    drop(tx);
    let act = Act { actor: Some(user), ..cast.act("olga", key) };
    let grant = leasing::lease(&act, &viewer.expect("a viewer"), floor.campaign).await;
    grant.expect("answers").map(|grant| grant.lead)
}

/// Nothing is broken, but that these promises were made in calls that are no records here.
async fn sound(floor: &Floor) {
    let mut broken = crate::check::everything(&floor.cast.app.db).await.expect("is checked");
    broken.retain(|one| one.rule != "a callback was promised in a call of its lead");
    assert!(broken.is_empty(), "{broken:?}");
}

both! {
    async fn a_call_for_their_own_call_leaves_the_time_that_was_agreed(t: TestDb) {
        let floor = Floor::with_policy(t, 1, CallingPolicy { gap_minutes: 30, ..policy() }).await;
        let boris = floor.cast.id("boris");
        for (turn, is_cancelled) in [("called", false), ("not called", true)] {
            let now = floor.cast.clock.now();
            let may = now.plus_days(91);
            let grant = floor.lease("boris", turn).await.expect("a company");
            settle_to(&floor, "boris", grant, Next::Nurture { until: may }).await;
            let act = floor.cast.act("boris", &format!("{turn} missed"));
            let mut tx = act.db.begin().await.expect("begins");
            keeping::owe_warm_in(&mut tx, &act, grant.lead, boris).await.expect("is owed");
            tx.commit().await.expect("kept");
            if is_cancelled {
                let mut tx = act.db.begin().await.expect("begins");
                let lead = floor.lead(grant.lead).await;
                let why = CancelReason::Offered;
                keeping::cancel_in(&mut tx, &act, &lead, why).await.expect("is cancelled");
                tx.commit().await.expect("kept");
            } else {
                let warm = floor.lease("boris", "warm").await.expect("it comes at once");
                let again = Next::Again { at: now.plus_minutes(30) };
                settle_to(&floor, "boris", warm, again).await;
            }
            let lead = floor.lead(grant.lead).await;
            assert_eq!((lead.next_at, lead.nurture_until), (may, Some(may)), "{turn}");
            floor.cast.clock.set(may.plus_minutes(1));
        }
    }

    async fn who_stands_in_calls_where_the_owner_is_away(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised_with_bella(&floor).await;
        let made = of(&floor, lead).await.remove(0);
        assert_eq!(made.fallback, Some(floor.cast.id("bella")));
        assert_eq!(made.zone.as_deref(), Some("Asia/Yekaterinburg"));
        assert_eq!(floor.lease("bella", "early").await, None, "it is not due");
        // Boris was not seen for an hour when it is due.
        floor.cast.clock.advance_ms(HOUR_MS);
        let taken = floor.lease("bella", "due").await.map(|grant| grant.lead);
        assert_eq!(taken, Some(lead));
        sound(&floor).await;
    }

    async fn who_stands_in_waits_while_the_owner_works_and_others_wait_longer(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised_with_bella(&floor).await;
        let grace = policy().callback_grace_minutes;
        floor.cast.clock.advance_ms(HOUR_MS);
        works(&floor, "boris").await;
        assert_eq!(floor.lease("bella", "due").await, None, "its owner is at work");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let (org, bella) = (floor.cast.org, floor.cast.id("bella"));
        let now = floor.cast.clock.now();
        let listed = actions::list_promised(&mut tx, org, (bella, now), 10).await.expect("lists");
        assert_eq!(listed.first().map(|lead| lead.id), Some(lead), "on her desk, too");
        drop(tx);
        floor.cast.clock.advance_ms(grace * MINUTE_MS);
        works(&floor, "boris").await;
        let other = floor::hire(&floor.cast, floor.campaign, 1).await[0];
        assert_eq!(lease_of(&floor, other, "third").await, None, "another waits twice as long");
        let taken = floor.lease("bella", "grace").await.map(|grant| grant.lead);
        assert_eq!(taken, Some(lead));
        sound(&floor).await;
    }

    async fn who_stands_in_gets_what_one_promised_who_was_shut_out(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised_with_bella(&floor).await;
        let (boris, bella) = (floor.cast.id("boris"), floor.cast.id("bella"));
        let act = floor.cast.act("alla", "leaves");
        people::actions::disable_user(&act, boris).await.expect("is shut out");
        floor.cast.settle().await;
        let open = of(&floor, lead).await.remove(0);
        assert_eq!((open.owner, open.fallback), (Some(bella), None));
        assert_eq!(floor.lead(lead).await.callback_owner, Some(bella));
        let told = floor.events(Kind::LeadReassigned).await;
        let from = boris.to_string();
        assert_eq!((told[0].person, &told[0].detail["from"]), (Some(bella), &from.into()));
        sound(&floor).await;
    }

    async fn nobody_stands_in_who_was_shut_out(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = promised_with_bella(&floor).await;
        let act = floor.cast.act("alla", "leaves");
        people::actions::disable_user(&act, floor.cast.id("bella")).await.expect("is shut out");
        floor.cast.settle().await;
        let open = of(&floor, lead).await.remove(0);
        assert_eq!((open.owner, open.fallback), (Some(floor.cast.id("boris")), None));
        sound(&floor).await;
    }

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
        promise_to(&floor, grant, (at, None)).await;
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
