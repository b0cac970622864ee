//! What becomes of offers, on both databases.

use super::setting::Setting;
use crate::both;
use crate::companies;
use crate::events::Kind;
use crate::handoffs::*;
use crate::leads::{self, LeadState};
use crate::meetings;
use crate::opportunities;
use crate::pay::actions as pay;
use crate::people::{Scope, Viewer};
use crate::promises;
use crate::schedule;
use crate::storage::testing::MONDAY;
use crate::tiers::EngagementPolicy::*;
use crate::values::*;

async fn lead_state(s: &Setting, id: LeadId) -> (LeadState, Option<String>) {
    let mut tx = s.cast.app.db.read().await.expect("reads");
    let lead = leads::actions::find(&mut tx, s.cast.org, id).await.expect("a lead");
    (lead.state, lead.returned_reason)
}

fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.code(),
        other => panic!("not refused: {other:?}"),
    }
}

async fn reads_phones(s: &Setting, viewer: &Viewer, company: &companies::Company) -> bool {
    let mut tx = s.cast.app.db.read().await.expect("reads");
    companies::actions::may_read_phones(&mut tx, viewer, company, MONDAY).await.expect("reads")
}

both! {
    async fn a_qualified_lead_is_offered_taken_and_led_by_the_seller(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        assert_eq!(offer.due_at, offer.offered_at.plus_minutes(240), "four working hours");
        let viewer = s.cast.viewer(&taker).await;
        let act = s.cast.act(&taker, "take");
        let opened = actions::accept(&act, &viewer, offer.id).await.expect("taken");
        assert_eq!(actions::accept(&act, &viewer, offer.id).await.expect("the same"), opened);
        let again = actions::accept(&s.cast.act(&taker, "twice"), &viewer, offer.id).await;
        assert_eq!(refusal(again), "handoff-already-accepted");
        assert_eq!(lead_state(&s, of.lead).await.0, LeadState::Converted);
        assert_eq!(s.kinds(offer.id).await, [Kind::HandoffOffered, Kind::HandoffAccepted]);
        assert!(s.story(offer.id).await.iter().all(|e| e.person == Some(s.cast.id("boris"))));
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let org = s.cast.org;
        let company = companies::actions::find(&mut tx, org, of.company).await.expect("reads");
        assert_eq!(company.expect("it").lead, offer.receiver.user);
        let open = promises::actions::list_open(&mut tx, org, of.company).await.expect("reads");
        assert_eq!(open.iter().map(|p| Some(p.holder)).collect::<Vec<_>>(), [offer.receiver.user]);
        let meeting = meetings::actions::find(&mut tx, org, of.meeting).await.expect("reads");
        assert_eq!(meeting.expect("it").host, offer.receiver.user);
        let Opened::Opportunity(id) = opened else { panic!("{opened:?}") };
        let whole = Scope::whole(org);
        let found = opportunities::actions::find(&mut tx, &whole, id).await.expect("reads");
        let found = found.expect("an opportunity");
        assert_eq!(found.need, "New chairs for two halls");
        let first = (found.next_step.as_str(), found.next_step_at);
        assert_eq!(first, ("Show samples on Tuesday", Some(s.cast.clock.now().plus_days(1))));
        assert_eq!((Some(found.owner), found.handoff), (offer.receiver.user, Some(offer.id)));
    }

    async fn leads_go_round_among_the_sellers(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        for name in ["School 1", "School 2", "School 3", "School 4"] {
            s.qualify("boris", name).await;
            s.cast.clock.advance_ms(1_000);
        }
        let all = s.all().await;
        let takers: Vec<&str> = all.iter().map(|offer| s.login(offer.receiver.user)).collect();
        assert_eq!(takers.iter().filter(|login| **login == "sonya").count(), 2, "{takers:?}");
        assert_ne!(takers[0], takers[1]);
    }

    async fn a_rejected_lead_goes_back_to_its_caller_with_the_reason(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let viewer = s.cast.viewer(&taker).await;
        let reason = RejectionReason::ClientNotExpecting;
        let act = s.cast.act(&taker, "back");
        let back = actions::reject(&act, &viewer, offer.id, reason, "They were surprised").await;
        back.expect("back");
        let state = lead_state(&s, of.lead).await;
        assert_eq!(state, (LeadState::Queued, Some("client_not_expecting".to_owned())));
        let late = actions::accept(&s.cast.act(&taker, "late"), &viewer, offer.id).await;
        assert_eq!(refusal(late), "handoff-already-rejected");
        let story = s.story(offer.id).await;
        let last = story.last().expect("an event");
        assert_eq!(last.kind, Kind::HandoffRejected);
        assert_eq!(last.reason.as_deref(), Some("client_not_expecting"));
    }

    async fn an_unanswered_lead_goes_back_when_its_clock_runs_out(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        s.cast.clock.set(offer.due_at);
        schedule::sweep(&s.cast.app.db, &s.cast.clock).await.expect("sweeps");
        assert_eq!(s.last().await.state, HandoffState::Offered, "not yet");
        s.cast.clock.advance_ms(1);
        for _ in 0..2 {
            schedule::sweep(&s.cast.app.db, &s.cast.clock).await.expect("sweeps");
        }
        let expired = s.last().await;
        assert_eq!(expired.state, HandoffState::Expired);
        assert_eq!(expired.answered.map(|a| (a.by, a.delay_minutes)), Some((None, 240)));
        let state = lead_state(&s, of.lead).await;
        assert_eq!(state, (LeadState::Queued, Some("expired".to_owned())));
        assert_eq!(s.kinds(offer.id).await, [Kind::HandoffOffered, Kind::HandoffExpired]);
        let taker = s.login(offer.receiver.user).to_owned();
        let viewer = s.cast.viewer(&taker).await;
        let late = actions::accept(&s.cast.act(&taker, "late"), &viewer, offer.id).await;
        assert_eq!(refusal(late), "handoff-past-due");
    }

    async fn an_overturned_rejection_counts_once_and_is_offered_to_somebody_else(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let viewer = s.cast.viewer(&taker).await;
        let act = s.cast.act(&taker, "back");
        actions::reject(&act, &viewer, offer.id, RejectionReason::NoNeed, "").await.expect("back");
        let boris = s.cast.viewer("boris").await;
        let act = s.cast.act("boris", "contest");
        actions::contest(&act, &boris, offer.id, "They asked for 40 chairs").await.expect("it");
        let decision = (Decision::Overturned, "The need stands in the passport");
        let act = s.cast.act(&taker, "own");
        let own = actions::decide(&act, &viewer, offer.id, decision, None).await;
        assert_eq!(refusal(own), "handoff-not-a-third-person");
        let gleb = s.cast.viewer("gleb").await;
        let act = s.cast.act("gleb", "foreign");
        let foreign = actions::decide(&act, &gleb, offer.id, decision, None).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
        let anna = s.cast.viewer("anna").await;
        let act = s.cast.act("anna", "decide");
        let again = actions::decide(&act, &anna, offer.id, decision, None).await.expect("decided");
        let again_offer = s.last().await;
        assert_eq!((again, again_offer.again_of), (Some(again_offer.id), Some(offer.id)));
        assert_ne!(again_offer.receiver.user, offer.receiver.user);
        assert_eq!(lead_state(&s, of.lead).await.0, LeadState::Offered);
        let other = s.login(again_offer.receiver.user).to_owned();
        let act = s.cast.act(&other, "take");
        let viewer = s.cast.viewer(&other).await;
        actions::accept(&act, &viewer, again_offer.id).await.expect("taken");
        let paid: Vec<_> = s.story(again_offer.id).await.iter().map(|e| e.person).collect();
        assert_eq!(paid, [None, None], "the first offer has counted for Boris already");
        let decided = s.story(offer.id).await;
        let last = decided.last().expect("an event");
        assert_eq!((last.kind, last.person), (Kind::HandoffDecided, Some(s.cast.id("boris"))));
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let pairs = actions::list_pairs(&mut tx, s.cast.org, s.cast.clock.now()).await;
        let overturned = rates::total(&pairs.expect("reads"), |p| p.overturned > 0);
        assert_eq!((overturned.rejected, overturned.overturned), (1, 1));
    }

    async fn an_upheld_rejection_stands_and_a_lead_offered_anew_ends_the_contest(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let first = s.last().await;
        let taker = s.login(first.receiver.user).to_owned();
        let viewer = s.cast.viewer(&taker).await;
        let boris = s.cast.viewer("boris").await;
        let reason = RejectionReason::PassportIncomplete;
        let act = s.cast.act(&taker, "back");
        actions::reject(&act, &viewer, first.id, reason, "").await.expect("back");
        let act = s.cast.act("boris", "contest");
        actions::contest(&act, &boris, first.id, "All is there").await.expect("contested");
        // He calls them once more and they qualify anew.
        let mut tx = s.cast.app.db.begin().await.expect("begins");
        let act = s.cast.act("boris", "offer");
        leads::actions::offer_in(&mut tx, &act, of.lead).await.expect("offered");
        s.tell_qualified(&mut tx, "boris", of).await;
        tx.commit().await.expect("kept");
        s.cast.settle().await;
        let second = s.last().await;
        assert_ne!(second.id, first.id);
        assert!(second.counts_for_giver);
        let ended = s.all().await.remove(0);
        let decided = ended.dispute.and_then(|d| d.decided).expect("ended by itself");
        assert_eq!((decided.decision, decided.by), (Decision::Upheld, None));
        let anna = s.cast.viewer("anna").await;
        let decision = (Decision::Overturned, "Good");
        let act = s.cast.act("anna", "late");
        let late = actions::decide(&act, &anna, first.id, decision, None).await;
        assert_eq!(refusal(late), "handoff-nothing-to-decide");
        let taker = s.login(second.receiver.user).to_owned();
        let viewer = s.cast.viewer(&taker).await;
        let act = s.cast.act(&taker, "back again");
        actions::reject(&act, &viewer, second.id, reason, "").await.expect("back");
        let act = s.cast.act("boris", "contest again");
        actions::contest(&act, &boris, second.id, "All is there now").await.expect("contested");
        let act = s.cast.act("anna", "upheld");
        let decision = (Decision::Upheld, "The need is missing");
        let again = actions::decide(&act, &anna, second.id, decision, None).await.expect("decided");
        assert_eq!((again, s.all().await.len()), (None, 2));
    }

    async fn whoever_keeps_the_client_leaves_the_same_records_and_events(t: TestDb) {
        let s = Setting::new(t, HunterKeeps).await;
        let of = s.qualify("hunter", "School 5").await;
        let offer = s.last().await;
        let hunter = Some(s.cast.id("hunter"));
        assert_eq!((Some(offer.giver), offer.receiver.user), (hunter, hunter));
        assert_eq!(offer.state, HandoffState::Accepted);
        assert_eq!(s.kinds(offer.id).await, [Kind::HandoffOffered, Kind::HandoffAccepted]);
        assert!(s.story(offer.id).await.iter().all(|event| event.person == hunter));
        assert_eq!(lead_state(&s, of.lead).await.0, LeadState::Converted);
        let Some(Opened::Opportunity(opportunity)) = offer.opened else { panic!("{offer:?}") };
        let contract = s.sign("hunter", opportunity).await;
        let served = s.last().await;
        assert_eq!(served.offered, Offered::Contract(contract));
        assert_eq!((served.state, served.receiver.user), (HandoffState::Accepted, hunter));
        assert!(matches!(served.opened, Some(Opened::Client(_))), "{served:?}");
        assert_eq!(served.passport, offer.passport, "the client never repeats themselves");
    }

    async fn a_signed_contract_is_offered_to_service_and_never_lost(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (opportunity, seller) = s.taken("School 5").await;
        s.sign(&seller, opportunity).await;
        let offer = s.last().await;
        assert_eq!(s.login(offer.receiver.user), "vera");
        s.cast.clock.set(offer.due_at.plus_ms(1));
        schedule::sweep(&s.cast.app.db, &s.cast.clock).await.expect("sweeps");
        let to_head = s.last().await;
        assert_eq!(s.login(to_head.receiver.user), "vadim", "a head is asked next");
        let vadim = s.cast.viewer("vadim").await;
        let act = s.cast.act("vadim", "pass on");
        actions::reassign(&act, &vadim, to_head.id, s.cast.id("vera")).await.expect("passed on");
        let wrong = s.cast.id("sonya");
        let wrong = actions::reassign(&s.cast.act("vadim", "w"), &vadim, to_head.id, wrong).await;
        assert_eq!(refusal(wrong), "handoff-not-in-that-tier");
        let vera = s.cast.viewer("vera").await;
        let reason = RejectionReason::PassportIncomplete;
        let act = s.cast.act("vera", "back");
        actions::reject(&act, &vera, to_head.id, reason, "Where to deliver?").await.expect("back");
        let viewer = s.cast.viewer(&seller).await;
        let (act, none) = (s.cast.act(&seller, "blank"), Passport::new());
        let blank = actions::offer_again(&act, &viewer, to_head.id, none, None).await;
        assert!(matches!(blank, Err(Error::Invalid(_))), "{blank:?}");
        let (act, told) = (s.cast.act(&seller, "again"), offer.passport.clone());
        let again = actions::offer_again(&act, &viewer, to_head.id, told, None).await;
        let again = again.expect("offered again");
        let act = s.cast.act("vera", "take");
        let opened = actions::accept(&act, &vera, again).await.expect("taken");
        assert!(matches!(opened, Opened::Client(_)), "{opened:?}");
        let led = s.last().await;
        assert_eq!((led.id, led.receiver.user), (again, Some(s.cast.id("vera"))));
    }

    async fn a_client_goes_back_to_the_seller_they_know_for_more(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (opportunity, seller) = s.taken("School 5").await;
        s.sign(&seller, opportunity).await;
        let vera = s.cast.viewer("vera").await;
        let offer = s.last().await;
        let opened = actions::accept(&s.cast.act("vera", "take"), &vera, offer.id).await;
        let Ok(Opened::Client(client)) = opened else { panic!("{opened:?}") };
        let answers = offer.passport.clone();
        let act = s.cast.act("vera", "more");
        let more = actions::offer_upsell(&act, &vera, client, answers.clone(), None).await;
        let more = more.expect("offered");
        let twice = s.cast.act("vera", "twice");
        let twice = actions::offer_upsell(&twice, &vera, client, answers.clone(), None).await;
        assert_eq!(refusal(twice), "handoff-already-offered");
        let upsell = s.last().await;
        assert_eq!(s.login(upsell.receiver.user), seller, "the client is not passed around");
        let viewer = s.cast.viewer(&seller).await;
        let act = s.cast.act(&seller, "take more");
        let opened = actions::accept(&act, &viewer, more).await.expect("taken");
        let Opened::Opportunity(id) = opened else { panic!("{opened:?}") };
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let whole = Scope::whole(s.cast.org);
        let found = opportunities::actions::find(&mut tx, &whole, id).await.expect("reads");
        assert!(found.expect("an opportunity").is_upsell);
        let company = companies::actions::find(&mut tx, s.cast.org, upsell.company).await;
        let company = company.expect("reads").expect("a company");
        assert_eq!(company.lead, Some(s.cast.id("vera")), "service leads on");
        drop(tx);
        assert!(reads_phones(&s, &viewer, &company).await, "who sells more may call them");
        let contract = s.sign(&seller, id).await;
        assert!(!reads_phones(&s, &viewer, &company).await, "no longer, once it is sold");
        let served = s.last().await;
        assert_eq!(served.offered, Offered::Contract(contract));
        assert_eq!(s.login(served.receiver.user), "vera", "who leads the client is asked first");
    }

    async fn two_sellers_who_take_at_once_take_one(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        // Nobody in particular: the offer stands open to the whole team.
        let open = Handoff { receiver: Side { user: None, ..offer.receiver }, ..offer.clone() };
        let mut tx = s.cast.app.db.begin().await.expect("begins");
        assert_eq!(store::update_receiver(&mut tx, s.cast.org, &open).await.expect("open"), 1);
        tx.commit().await.expect("kept");
        let mut tries = Vec::new();
        for login in ["sonya", "semyon"].repeat(4) {
            let act = s.cast.act(login, &AnyId::fresh(s.cast.clock.now()).to_string());
            let (viewer, id) = (s.cast.viewer(login).await, offer.id);
            tries.push(tokio::spawn(async move { actions::accept(&act, &viewer, id).await }));
        }
        let mut taken = 0;
        for attempt in tries {
            match attempt.await.expect("ends") {
                Ok(_) => taken += 1,
                // Who did not take it no longer sees it.
                Err(Error::NotFound) => {}
                other => assert_eq!(refusal(other), "handoff-already-accepted"),
            }
        }
        assert_eq!(taken, 1);
        let kinds = s.kinds(offer.id).await;
        assert_eq!(kinds.iter().filter(|kind| **kind == Kind::HandoffAccepted).count(), 1);
    }

    async fn what_was_offered_to_somebody_shut_out_goes_to_another(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let before = s.last().await;
        let gone = before.receiver.user.expect("a receiver");
        let act = s.cast.act("alla", "out");
        crate::people::actions::disable_user(&act, gone).await.expect("out");
        s.cast.settle().await;
        let after = s.last().await;
        assert_eq!((after.id, after.state), (before.id, HandoffState::Offered));
        assert_ne!(after.receiver.user, Some(gone));
        assert_eq!(s.kinds(after.id).await, [Kind::HandoffOffered, Kind::HandoffReassigned]);
    }

    async fn an_up_sell_to_oneself_earns_nothing_and_waits_for_the_last_one(t: TestDb) {
        let s = Setting::new(t, HunterKeeps).await;
        s.qualify("hunter", "School 5").await;
        let Some(Opened::Opportunity(first)) = s.last().await.opened else { panic!("unopened") };
        s.sign("hunter", first).await;
        let served = s.last().await;
        let Some(Opened::Client(client)) = served.opened else { panic!("{served:?}") };
        let hunter = s.cast.viewer("hunter").await;
        let offer = async |key: &str| {
            let act = s.cast.act("hunter", key);
            actions::offer_upsell(&act, &hunter, client, served.passport.clone(), None).await
        };
        let more = offer("more").await.expect("offered and taken");
        assert_eq!(s.kinds(more).await, [Kind::HandoffOffered, Kind::HandoffAccepted]);
        assert!(s.story(more).await.iter().all(|e| e.person.is_none()), "it counts for nobody");
        assert_eq!(refusal(offer("more again").await), "handoff-upsell-is-open");
        let Some(Opened::Opportunity(sold)) = s.last().await.opened else { panic!("unopened") };
        let lost = (opportunities::LossReason::NoBudget, "Next year");
        let act = s.cast.act("hunter", "lost");
        opportunities::actions::lose(&act, &hunter, sold, 1, lost).await.expect("lost");
        let later = offer("later").await.expect("another need, once the last is closed");
        assert!(s.story(later).await.iter().all(|e| e.person.is_none()));
    }

    async fn nobody_takes_what_they_give_but_under_a_policy_that_keeps(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (opportunity, seller) = s.taken("School 5").await;
        s.sign(&seller, opportunity).await;
        let offer = s.last().await;
        let (vadim, hunter) = (s.cast.viewer("vadim").await, s.cast.viewer("hunter").await);
        let act = s.cast.act("vadim", "pass on");
        actions::reassign(&act, &vadim, offer.id, hunter.id()).await.expect("passed on");
        let opened = actions::accept(&s.cast.act("hunter", "take"), &hunter, offer.id).await;
        let Ok(Opened::Client(client)) = opened else { panic!("{opened:?}") };
        let told = || offer.passport.clone();
        let own = Some(hunter.id());
        let act = s.cast.act("hunter", "own");
        let named = actions::offer_upsell(&act, &hunter, client, told(), own).await;
        assert_eq!(refusal(named), "handoff-giver-is-receiver");
        let act = s.cast.act("hunter", "by turn");
        let more = actions::offer_upsell(&act, &hunter, client, told(), None).await;
        let more = more.expect("offered");
        let viewer = s.cast.viewer(&seller).await;
        let act = s.cast.act(&seller, "back");
        actions::reject(&act, &viewer, more, RejectionReason::NoNeed, "").await.expect("back");
        let act = s.cast.act("hunter", "again");
        let again = actions::offer_again(&act, &hunter, more, told(), own).await;
        assert_eq!(refusal(again), "handoff-giver-is-receiver");
        // Offered to the whole team of tier 2, in which the giver stands too.
        let act = s.cast.act("hunter", "team");
        let more = actions::offer_again(&act, &hunter, more, told(), None).await.expect("again");
        let mut tx = s.cast.app.db.begin().await.expect("begins");
        let of_team = Side { user: None, team: Some(s.cast.teams["sales"]) };
        let open = Handoff { receiver: of_team, ..s.last().await };
        assert_eq!(store::update_receiver(&mut tx, s.cast.org, &open).await.expect("open"), 1);
        tx.commit().await.expect("kept");
        let taken = actions::accept(&s.cast.act("hunter", "mine"), &hunter, more).await;
        assert_eq!(refusal(taken), "handoff-giver-is-receiver");
    }

    async fn in_a_firm_of_one_person_nothing_is_lost_and_nothing_counts(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let olga = s.cast.id("olga");
        let mut tx = s.cast.app.db.begin().await.expect("begins");
        let alone = "update users set disabled_at = $1 where id <> $2";
        tx.run(alone, crate::vals![s.cast.clock.now(), olga]).await.expect("alone");
        tx.commit().await.expect("kept");
        s.qualify("olga", "School 5").await;
        let offer = s.last().await;
        assert_eq!((offer.giver, offer.receiver.user), (olga, Some(olga)));
        let viewer = s.cast.viewer("olga").await;
        let act = s.cast.act("olga", "take");
        actions::accept(&act, &viewer, offer.id).await.expect("taken");
        assert!(s.story(offer.id).await.iter().all(|event| event.person.is_none()));
    }

    async fn an_offer_that_cannot_be_ended_does_not_stop_the_months_of_pay(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (act, since) = (s.cast.act("olga", "plans"), s.cast.clock.now().plus_days(-1));
        let plans = pay::start_tier_plans(&act, ["Calls", "Sales", "Service"], since);
        let new = pay::NewAssignment {
            person: s.cast.id("boris"),
            plan: plans.await.expect("plans")[0],
            from: jiff::civil::date(2026, 11, 2),
            until: None,
            salary: Money::new(0, Currency::Rub),
        };
        pay::assign(&s.cast.act("olga", "assign"), new).await.expect("assigned");
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let mut tx = s.cast.app.db.begin().await.expect("begins");
        let nowhere = CampaignId::fresh(s.cast.clock.now());
        tx.run("update handoffs set campaign_id = $1", crate::vals![nowhere]).await.expect("odd");
        tx.commit().await.expect("kept");
        s.cast.clock.set(offer.due_at.plus_days(40));
        let swept = schedule::sweep(&s.cast.app.db, &s.cast.clock).await;
        assert!(swept.is_err(), "what failed is told");
        assert_eq!(s.last().await.state, HandoffState::Offered);
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let months = pay::list_periods(&mut tx, s.cast.org).await.expect("reads");
        let months: Vec<String> = months.iter().map(|period| period.month.to_string()).collect();
        assert_eq!(months, ["2026-12", "2026-11"]);
    }
}
