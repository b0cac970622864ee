//! Who takes no work any more, and who is busy when the talk is to be held.

use axum::http::StatusCode;

use super::setting::Setting;
use crate::both;
use crate::events::Kind;
use crate::handoffs::*;
use crate::meetings::{self, NewMeeting};
use crate::people::actions::{UserChange, change_user};
use crate::people::{Role, Roles};
use crate::tiers::EngagementPolicy::*;
use crate::tiers::Tier;
use crate::values::*;

/// A person of sales becomes an accountant.
async fn moves_to_payroll(s: &Setting, login: &str) {
    let change = UserChange {
        name: login.to_owned(),
        alias: login.to_owned(),
        roles: Roles::of(&[Role::Payroll]),
        tier: None,
        team: None,
    };
    let act = s.cast.act("olga", &format!("payroll {login}"));
    change_user(&act, s.cast.id(login), change).await.expect("changed");
    s.cast.settle().await;
}

/// Books a talk of a person at the time of the meetings of leads.
async fn busy(s: &Setting, login: &str, of: CompanyId) -> MeetingId {
    let act = s.cast.act("boris", &format!("busy {login}"));
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewMeeting {
        company: of,
        campaign: None,
        lead: None,
        contact: None,
        booker: s.cast.id("boris"),
        host: Some(s.cast.id(login)),
        starts_at: act.now.plus_days(1).plus_minutes(10),
        minutes: 30,
        place: String::new(),
    };
    let id = meetings::actions::book_in(&mut tx, &act, new).await.expect("booked");
    tx.commit().await.expect("kept");
    id
}

both! {
    async fn who_sells_no_more_is_given_nothing_and_what_waits_for_them_passes_on(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let taker = s.login(s.last().await.receiver.user).to_owned();
        let other = if taker == "sonya" { "semyon" } else { "sonya" };
        moves_to_payroll(&s, &taker).await;
        let offer = s.last().await;
        assert_eq!(s.login(offer.receiver.user), other, "the offer passed on");
        let kinds = s.kinds(offer.id).await;
        assert_eq!(kinds, [Kind::HandoffOffered, Kind::HandoffReassigned]);
        for name in ["School 6", "School 7"] {
            s.qualify("boris", name).await;
            assert_eq!(s.login(s.last().await.receiver.user), other, "{name}");
        }
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let members = crate::campaigns::actions::list_members;
        let left = members(&mut tx, s.cast.org, s.campaign, Tier::Sales).await.expect("reads");
        assert_eq!(left, [s.cast.id(other)], "nobody books a talk with them");
    }

    async fn who_holds_another_talk_then_is_chosen_for_no_lead(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let other = if taker == "sonya" { "semyon" } else { "sonya" };
        busy(&s, other, of.company).await;
        let head = s.cast.client("sergei").await;
        let path = format!("/handoffs/{}/receiver", offer.id);
        let refused = head.post(&path, &[("to", &s.cast.id(other).to_string())]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains("holds another meeting then"), "{}", refused.body);
        assert_eq!(s.last().await.receiver.user, offer.receiver.user);
        // By turn whoever is free is asked first, though they have more to do.
        s.qualify("boris", "School 6").await;
        assert_eq!(s.login(s.last().await.receiver.user), taker);
    }

    async fn a_lead_is_taken_by_who_is_busy_and_both_talks_are_marked(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let first = busy(&s, &taker, of.company).await;
        let seller = s.cast.client(&taker).await;
        let warned = seller.get(&format!("/handoffs/{}", offer.id)).await.body;
        assert!(warned.contains("holds another meeting then"), "{warned}");
        assert!(warned.contains("s clock (Moscow)"), "{warned}");
        let viewer = s.cast.viewer(&taker).await;
        let act = s.cast.act(&taker, "take");
        let opened = actions::accept(&act, &viewer, offer.id).await.expect("nothing is lost");
        let own = |id| format!("/meetings/{id}");
        for path in [own(first), own(of.meeting), opened.path()] {
            let body = seller.get(&path).await.body;
            assert!(body.contains("clash: another meeting at that time"), "{path}: {body}");
        }
        let list = seller.get("/meetings").await.body;
        assert_eq!(list.matches("clash: another").count(), 2, "{list}");
    }

    async fn an_opportunity_passes_to_nobody_who_is_busy_at_its_talk(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (id, seller) = s.taken("School 5").await;
        let other = if seller == "sonya" { "semyon" } else { "sonya" };
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let whole = crate::people::Scope::whole(s.cast.org);
        let found = crate::opportunities::actions::find(&mut tx, &whole, id).await;
        let company = found.expect("reads").expect("it").company;
        drop(tx);
        busy(&s, other, company).await;
        let head = s.cast.client("sergei").await;
        let path = format!("/opportunities/{id}/owner");
        let refused = head.post(&path, &[("to", &s.cast.id(other).to_string())]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains("holds another meeting then"), "{}", refused.body);
    }

    async fn the_talk_of_a_lead_that_was_sent_back_for_good_waits_for_nobody(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let viewer = s.cast.viewer(&taker).await;
        let reason = RejectionReason::NoNeed;
        let act = s.cast.act(&taker, "back");
        actions::reject(&act, &viewer, offer.id, reason, "").await.expect("back");
        let state = async || {
            let mut tx = s.cast.app.db.read().await.expect("reads");
            let found = meetings::actions::find(&mut tx, s.cast.org, of.meeting).await;
            found.expect("reads").expect("it").state
        };
        s.cast.clock.advance_ms(14 * DAY_MS);
        s.cast.settle().await;
        assert_eq!(state().await, meetings::MeetingState::Booked, "it may still be contested");
        s.cast.clock.advance_ms(1);
        s.cast.settle().await;
        assert_eq!(state().await, meetings::MeetingState::Dropped);
        let story = s.story(of.meeting).await;
        let last = story.last().expect("an event");
        assert_eq!((last.kind, last.reason.as_deref()), (Kind::MeetingMissed, Some("returned")));
        let page = s.cast.client("boris").await.get(&format!("/meetings/{}", of.meeting)).await;
        assert!(page.body.contains("not held: the lead was sent back"), "{}", page.body);
        assert!(!page.body.contains('⟦'), "{}", page.body);
    }

    async fn a_talk_whose_lead_nobody_answered_is_dropped_once_its_time_has_passed(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        s.cast.clock.set(offer.due_at.plus_ms(1));
        crate::schedule::sweep(&s.cast.app.db, &s.cast.clock).await.expect("sweeps");
        assert_eq!(s.last().await.state, HandoffState::Expired);
        let found = async || {
            let mut tx = s.cast.app.db.read().await.expect("reads");
            let found = meetings::actions::find(&mut tx, s.cast.org, of.meeting).await;
            found.expect("reads").expect("it")
        };
        s.cast.settle().await;
        assert_eq!(found().await.state, meetings::MeetingState::Booked, "it is still agreed");
        s.cast.clock.set(found().await.ends_at());
        s.cast.settle().await;
        assert_eq!(found().await.state, meetings::MeetingState::Dropped);
        let story = s.story(of.meeting).await;
        let last = story.last().expect("an event");
        assert_eq!((last.kind, last.reason.as_deref()), (Kind::MeetingMissed, Some("returned")));
    }

    async fn an_upheld_rejection_drops_the_talk_once_its_time_has_passed(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let viewer = s.cast.viewer(&taker).await;
        let act = s.cast.act(&taker, "back");
        let back = actions::reject(&act, &viewer, offer.id, RejectionReason::NoNeed, "").await;
        back.expect("back");
        let boris = s.cast.viewer("boris").await;
        let act = s.cast.act("boris", "contest");
        actions::contest(&act, &boris, offer.id, "They asked for it").await.expect("contested");
        let (olga, act) = (s.cast.viewer("olga").await, s.cast.act("olga", "decide"));
        let upheld = (Decision::Upheld, "They did not");
        actions::decide(&act, &olga, offer.id, upheld, None).await.expect("decided");
        for (after, expected) in [
            (0, meetings::MeetingState::Booked),
            (2 * DAY_MS, meetings::MeetingState::Dropped),
        ] {
            s.cast.clock.advance_ms(after);
            s.cast.settle().await;
            let mut tx = s.cast.app.db.read().await.expect("reads");
            let found = meetings::actions::find(&mut tx, s.cast.org, of.meeting).await;
            assert_eq!(found.expect("reads").expect("it").state, expected, "after {after}");
        }
    }
}
