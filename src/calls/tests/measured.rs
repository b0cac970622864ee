//! How the network says that a call ended is proposed, kept and overruled; what it meant is the
//! person's to say.

use super::*;
use crate::calls::measured::{self, Proposal};
use crate::storage::testing::TestDb;
use crate::telephony::rig::{self, Played};
use crate::telephony::{End, EndCause, EndedBy};

fn end(cause: EndCause, status: u16, rang: bool) -> End {
    End { status: Some(status), rang, ..End::of(cause, EndedBy::Far) }
}

#[test]
fn the_network_s_end_is_told_in_the_words_of_a_result() {
    use {EndCause as Ended, Meaning::*, Mechanism as How};
    let dead = |how, meaning| Some((how, Some(meaning)));
    for (end, told) in [
        (end(Ended::Busy, 486, false), dead(How::Busy, NotReached)),
        (end(Ended::NoAnswer, 487, true), dead(How::NoAnswer, NotReached)),
        (end(Ended::NoAnswer, 480, true), dead(How::NoAnswer, NotReached)),
        (end(Ended::NoAnswer, 480, false), dead(How::Unreachable, NotReached)),
        (
            End { q850: Some(19), ..end(Ended::NoAnswer, 480, false) },
            dead(How::NoAnswer, NotReached),
        ),
        (
            End { q850: Some(20), ..end(Ended::NoAnswer, 480, true) },
            dead(How::Unreachable, NotReached),
        ),
        (end(Ended::Rejected, 603, true), dead(How::Rejected, NotReached)),
        (end(Ended::Unwanted, 607, true), dead(How::Rejected, DoNotCall)),
        (end(Ended::InvalidNumber, 404, false), dead(How::InvalidNumber, NotReached)),
        (end(Ended::Cancelled, 487, true), dead(How::NoAnswer, NotReached)),
        (end(Ended::Answered, 200, true), Some((How::Answered, None))),
        // Nobody knows, or it was nothing of theirs.
        (end(Ended::Cancelled, 487, false), None),
        (end(Ended::Interrupted, 0, true), None),
        (end(Ended::Abandoned, 200, true), None),
        (end(Ended::Blocked, 608, false), None),
        (end(Ended::TrunkFailure, 503, false), None),
        (end(Ended::Forbidden, 403, false), None),
    ] {
        let proposed = measured::mechanism(&end).map(|how| (how, measured::meaning(&end)));
        assert_eq!(proposed, told, "{end:?}");
    }
}

#[test]
fn a_proposal_is_always_a_result_that_can_be_filed() {
    for cause in EndCause::ALL {
        for (status, rang) in [(480, false), (487, true)] {
            let end = end(*cause, status, rang);
            let (Some(how), Some(meaning)) = (measured::mechanism(&end), measured::meaning(&end))
            else {
                continue;
            };
            assert!(meaning.mechanisms().contains(&how), "{cause:?}: {meaning:?} of {how:?}");
            assert!(end.is_counted() && cause.is_dead(), "{cause:?}");
        }
    }
}

#[test]
fn who_says_how_a_call_ended_is_told_apart() {
    use Mechanism::*;
    for (meaning, measured, said, comes) in [
        (Meaning::NotReached, Some(Busy), None, (Busy, false)),
        (Meaning::NotReached, Some(Busy), Some(Busy), (Busy, false)),
        (Meaning::NotReached, Some(Busy), Some(Voicemail), (Voicemail, true)),
        // They spoke all the same: the network was wrong.
        (Meaning::Callback, Some(Busy), None, (Answered, true)),
        (Meaning::Callback, Some(Answered), None, (Answered, false)),
        (Meaning::NotReached, Some(Answered), None, (Voicemail, true)),
        (Meaning::BadNumber, Some(NoAnswer), None, (InvalidNumber, true)),
        (Meaning::NotReached, None, None, (NoAnswer, true)),
        (Meaning::NotReached, None, Some(Busy), (Busy, true)),
    ] {
        assert_eq!(measured::settle(meaning, measured, said), comes, "{meaning:?} {measured:?}");
    }
}

/// A call of Boris that ended so, before its result.
async fn over(t: TestDb, end: End) -> (Floor, Grant) {
    let floor = Floor::open(t, 3).await;
    let _exchange = rig::connect(&floor.cast, Played::default(), &["boris"]).await;
    let grant = floor.lease("boris", "1").await.expect("a company");
    let id = rig::place(&floor.cast, "boris", grant).await.expect("is placed");
    for event in rig::ended(&floor.cast, id, end) {
        let act = rig::act(&floor.cast);
        crate::telephony::actions::keep(&act, &event, 30).await.expect("is kept");
    }
    (floor, grant)
}

async fn last_call(floor: &Floor, lead: LeadId) -> Call {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let calls = actions::list_for_lead(&mut tx, floor.cast.org, lead).await.expect("calls");
    calls.into_iter().next().expect("a call")
}

both! {
    async fn a_dead_call_costs_its_proposed_meaning_alone(t: TestDb) {
        let (floor, grant) = over(t, end(EndCause::Busy, 486, false)).await;
        let page = floor.cast.client("boris").await.get(&format!("/leads/{}", grant.lead)).await;
        assert!(page.body.contains("data-proposes=\"not_reached\""), "{}", page.body);
        let chosen = "value=\"not_reached\" checked";
        assert!(page.body.contains(chosen), "it stands chosen without script");
        let api = floor.cast.api("boris").await;
        let shown = api.get(&format!("/api/v1/leads/{}", grant.lead)).await;
        assert_eq!(shown.json()["data"]["proposal"]["mechanism"], "busy");
        // What Enter sends: the outcome that is chosen, and nothing of how it ended.
        record(&floor, grant, form("not_reached")).await.expect("recorded");
        let call = last_call(&floor, grant.lead).await;
        assert_eq!((call.mechanism, call.measured), (Mechanism::Busy, Some(Mechanism::Busy)));
        assert_eq!(call.mechanism_by, None, "nobody said it");
        let lead = floor.lead(grant.lead).await;
        assert_eq!(lead.next_at, MONDAY.plus_minutes(30), "a busy line is tried again soon");
        let told = &floor.events(Kind::CallRecorded).await[0].detail;
        assert_eq!((&told["measured"], &told["attested"]), (&"busy".into(), &false.into()));
    }

    async fn a_person_overrules_the_network_and_both_are_kept(t: TestDb) {
        let (floor, grant) = over(t, end(EndCause::Rejected, 603, true)).await;
        let spoke = CallForm { callback: "завтра 10".to_owned(), ..form("callback") };
        record(&floor, grant, spoke).await.expect("recorded");
        let call = last_call(&floor, grant.lead).await;
        let boris = floor.cast.id("boris");
        assert_eq!((call.mechanism, call.mechanism_by), (Mechanism::Answered, Some(boris)));
        assert_eq!(call.measured, Some(Mechanism::Rejected));
        let broken = crate::check::everything(&floor.cast.app.db).await.expect("is checked");
        assert!(broken.is_empty(), "{broken:?}");
    }

    async fn what_nobody_knows_is_proposed_by_nobody(t: TestDb) {
        let (floor, grant) = over(t, End::of(EndCause::Interrupted, EndedBy::Engine)).await;
        let page = floor.cast.client("boris").await.get(&format!("/leads/{}", grant.lead)).await;
        assert!(!page.body.contains("data-mechanism"));
        assert!(!page.body.contains("\" checked required"));
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let (lead, boris) = (floor.lead(grant.lead).await, floor.cast.viewer("boris").await);
        let panel = (&[][..], true);
        let now = floor.cast.clock.now();
        let panel = crate::telephony::panel::Panel::of(&mut tx, &boris, &lead, panel, now).await;
        let panel = panel.expect("a panel");
        assert_eq!((Proposal::of(&panel), panel.awaits_word()), (None, true));
        drop(tx);
        record(&floor, grant, form("not_reached")).await.expect("recorded");
        let call = last_call(&floor, grant.lead).await;
        assert_eq!((call.measured, call.mechanism), (None, Mechanism::NoAnswer));
        assert_eq!(call.mechanism_by, Some(boris.id()), "it is their word");
    }
}
