mod abuse;
mod again;
mod complaints;
mod dead;
mod decider;
mod doors;
mod histories;
mod load;
mod measured;
mod members;
mod passing;
mod practice;
mod reading;
mod scripts;
mod slots;
mod targets;

use super::actions::{self, Recorded};
use super::results::CallForm;
use super::*;
use crate::both;
use crate::campaigns::passport::PassportField;
use crate::campaigns::{self, CallingPolicy};
use crate::companies::suppression::Wanted;
use crate::companies::{self, Channel, SuppressReason};
use crate::events::Kind;
use crate::leads::floor::{self, Floor};
use crate::leads::{self, Grant, LeadState, leasing};
use crate::storage::testing::MONDAY;
use crate::web::drafts;

fn form(outcome: &str) -> CallForm {
    CallForm { outcome: outcome.to_owned(), ..CallForm::default() }
}

fn qualified() -> CallForm {
    CallForm {
        passport_who: "директор".to_owned(),
        passport_need: "перевозки".to_owned(),
        passport_next_step: "показ".to_owned(),
        ..form("qualified")
    }
}

fn found(name: &str) -> CallForm {
    CallForm { decider_name: name.to_owned(), ..form("decision_maker_found") }
}

/// Boris calls with what he leased.
async fn record(floor: &Floor, grant: Grant, form: CallForm) -> Outcome<Recorded> {
    let boris = floor.cast.viewer("boris").await;
    let act = floor.cast.act("boris", &format!("call {} {}", grant.lead, grant.generation));
    let form = CallForm { generation: grant.generation, ..form };
    actions::record(&act, &boris, grant.lead, &form).await
}

both! {
    async fn an_outcome_is_recorded_and_the_next_company_leased_at_once(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let (cp1, note) = ("on".to_owned(), " гудки ".to_owned());
        let form = CallForm { cp1, note, ..form("not_reached") };
        let done = record(&floor, grant, form.clone()).await.expect("recorded");
        let next = done.next.expect("the next company");
        assert_ne!(next.company, grant.company);
        let again = record(&floor, grant, form).await.expect("the same answer");
        assert_eq!(again, done, "a repeat under the same key does nothing twice");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let calls = actions::list_for_lead(&mut tx, floor.cast.org, grant.lead).await;
        let calls = calls.expect("calls");
        assert_eq!(calls.len(), 1);
        let call = &calls[0];
        assert_eq!((call.meaning, call.mechanism), (Meaning::NotReached, Mechanism::NoAnswer));
        assert_eq!((call.note.as_str(), call.script_version), ("гудки", Some(1)));
        assert_eq!((call.checkpoints.as_slice(), call.phone.is_some()), ([1].as_slice(), true));
        let own = actions::count_own(&mut tx, floor.cast.org, floor.cast.id("boris"), MONDAY).await;
        let own = own.expect("figures");
        assert_eq!((own.calls, own.answered), (1, 0));
        let (org, campaign) = (floor.cast.org, floor.campaign);
        let told = actions::count_in_campaign(&mut tx, org, campaign, MONDAY).await;
        assert_eq!(told.expect("counts"), [("not_reached".to_owned(), None, 1)]);
        let latest = actions::list_for_company(&mut tx, floor.cast.org, grant.company, 3).await;
        assert_eq!(latest.expect("calls").len(), 1);
        drop(tx);
        let lead = floor.lead(grant.lead).await;
        let boris = Some(floor.cast.id("boris"));
        assert_eq!((lead.attempts, lead.lease, lead.caller), (1, None, boris));
    }

    async fn a_stale_lease_is_refused_and_what_was_typed_is_kept(t: TestDb) {
        let policy = CallingPolicy { lease_seconds: 60, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 1, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        floor.cast.clock.advance_ms(61_000);
        let bella = floor.lease("bella", "1").await.expect("the same company");
        assert_eq!(bella.lead, grant.lead);
        let form = CallForm { note: "обещал подумать".to_owned(), ..form("gatekeeper") };
        let late = record(&floor, grant, form).await;
        let is_stale = matches!(&late, Err(Error::Refused(r)) if r.code() == "lead-stale-lease");
        assert!(is_stale, "{late:?}");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let scope = actions::draft_scope(grant.lead);
        let boris = floor.cast.id("boris");
        let kept = drafts::find(&mut tx, floor.cast.org, boris, &scope).await.expect("a draft");
        assert_eq!(kept.get("note").map(String::as_str), Some("обещал подумать"));
        let calls = actions::list_for_lead(&mut tx, floor.cast.org, grant.lead).await;
        let calls = calls.expect("calls");
        assert_eq!(calls, []);
        drop(tx);
        let lead = floor.lead(grant.lead).await;
        assert_eq!(lead.lease.map(|l| l.owner), Some(floor.cast.id("bella")));
    }

    async fn do_not_call_stands_even_when_the_lease_is_stale_and_nothing_overwrites_it(t: TestDb) {
        let policy = CallingPolicy { lease_seconds: 60, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 2, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let wrong = CallForm { note: "о".repeat(5_001), ..form("do_not_call") };
        let refused = record(&floor, grant, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        assert!(is_suppressed(&floor, grant.company).await, "it stands at once");
        // What was refused is rolled back a moment later; a sweep passes by what is held till then.
        let act = floor.cast.act("boris", "look");
        let mut tx = act.db.begin().await.expect("begins");
        let (asked, boris) = ((grant.lead, grant.generation), floor.cast.id("boris"));
        leasing::hold_in(&mut tx, &act, asked, boris).await.expect("still his");
        tx.commit().await.expect("lets go");
        floor.cast.clock.advance_ms(61_000);
        let other = floor.lease("bella", "1").await.expect("the other company");
        assert_ne!(other.company, grant.company, "nobody is offered it again");
        let late = record(&floor, grant, form("not_reached")).await;
        assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
        assert!(is_suppressed(&floor, grant.company).await);
        assert_eq!(floor.events(Kind::ContactSuppressed).await.len(), 1);
    }

    async fn a_lead_closed_by_a_slip_is_called_again_once_its_ban_is_lifted(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        record(&floor, grant, form("do_not_call")).await.expect("recorded");
        floor.cast.settle().await;
        assert_eq!(floor.lead(grant.lead).await.state, LeadState::Closed);
        let (org, company, now) = (floor.cast.org, grant.company, floor.cast.clock.now());
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let bans = companies::actions::list_bans(&mut tx, org, company, now).await.expect("bans");
        drop(tx);
        let [slip] = bans.as_slice() else { panic!("{bans:?}") };
        let anna = floor.cast.viewer("anna").await;
        let asked = Wanted::whole(Channel::All, SuppressReason::Complaint);
        let act = floor.cast.act("anna", "another ban");
        let other = crate::calls::complaints::suppress(&act, &anna, company, asked).await;
        let other = other.expect("banned");
        for (ban, key) in [(slip.id, "one"), (other, "two")] {
            assert_eq!(floor.lead(grant.lead).await.state, LeadState::Closed, "{key}");
            let act = floor.cast.act("anna", key);
            let lifted = companies::actions::lift(&act, &anna, (company, ban), "a slip").await;
            lifted.expect("lifted");
            floor.cast.settle().await;
        }
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.state, lead.closed_reason, lead.attempts), (LeadState::Queued, None, 1));
        let told = floor.events(Kind::LeadReopened).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].person, Some(floor.cast.id("anna")));
        floor.cast.clock.advance_ms(24 * 3_600_000);
        let again = floor.lease("bella", "2").await.expect("the company");
        assert_eq!(again.lead, grant.lead);
    }

    async fn a_lead_without_attempts_left_stays_closed_when_its_ban_is_lifted(t: TestDb) {
        let policy = CallingPolicy { attempts_max: 1, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 1, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        record(&floor, grant, form("do_not_call")).await.expect("recorded");
        let (org, company, now) = (floor.cast.org, grant.company, floor.cast.clock.now());
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let bans = companies::actions::list_bans(&mut tx, org, company, now).await.expect("bans");
        drop(tx);
        let (act, anna) = (floor.cast.act("anna", "lift"), floor.cast.viewer("anna").await);
        let lifted = companies::actions::lift(&act, &anna, (company, bans[0].id), "a slip").await;
        lifted.expect("lifted");
        floor.cast.settle().await;
        assert_eq!(floor.lead(grant.lead).await.state, LeadState::Closed);
        assert_eq!(floor.events(Kind::LeadReopened).await.len(), 0);
    }

    async fn a_lead_no_longer_held_is_suppressed_by_who_was_told_so(t: TestDb) {
        let policy = CallingPolicy { lease_seconds: 60, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 1, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        floor.cast.clock.advance_ms(61_000);
        floor.lease("bella", "1").await.expect("the same company");
        let late = record(&floor, grant, form("do_not_call")).await;
        assert!(matches!(&late, Err(Error::Refused(r)) if r.code() == "lead-stale-lease"));
        assert!(is_suppressed(&floor, grant.company).await);
        let grisha = floor.cast.viewer("grisha").await;
        let act = floor.cast.act("grisha", "stranger");
        let form = CallForm { generation: 1, ..form("do_not_call") };
        let stranger = actions::record(&act, &grisha, grant.lead, &form).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
    }

    async fn a_qualified_lead_books_its_meeting_and_says_so_with_its_passport(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let form = CallForm { meeting: "завтра 15:00".to_owned(), ..qualified() };
        let done = record(&floor, grant, form).await.expect("recorded");
        assert_eq!(done.next, None);
        let told = floor.events(Kind::LeadQualified).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].person, Some(floor.cast.id("boris")));
        assert_eq!(told[0].subject, grant.lead.to_string());
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let kept = crate::leads::actions::find_passport(&mut tx, floor.cast.org, grant.lead).await;
        drop(tx);
        assert_eq!(kept.expect("reads")[&PassportField::Who], "директор");
        assert_eq!(told[0].detail.get("passport"), None, "people it names can be erased");
        let meeting = done.meeting.expect("a meeting").to_string();
        assert_eq!(told[0].detail["meeting"].as_str(), Some(meeting.as_str()));
        assert_eq!(floor.events(Kind::MeetingBooked).await.len(), 1);
        assert_eq!(floor.lead(grant.lead).await.state, LeadState::Offered);
        let act = floor.cast.act("boris", "undo");
        let boris = floor.cast.viewer("boris").await;
        let undone = reversal::reverse(&act, &boris, done.call).await;
        assert!(matches!(&undone, Err(Error::Refused(r)) if r.code() == "call-others-depend"));
    }

    async fn the_decision_maker_is_found_once(t: TestDb) {
        let policy = CallingPolicy {
            gap_minutes: 0,
            attempts_per_day_max: 5,
            pressure_max: 9,
            ..CallingPolicy::default()
        };
        let floor = Floor::with_policy(t, 1, policy).await;
        for turn in ["1", "2"] {
            let grant = floor.lease("boris", turn).await.expect("the company");
            let form = CallForm { then: "pause".to_owned(), ..found("Пётр Зубов") };
            record(&floor, grant, form).await.expect("recorded");
        }
        assert_eq!(floor.events(Kind::DecisionMakerFound).await.len(), 1);
        assert_eq!(floor.events(Kind::CallRecorded).await.len(), 2);
    }

    async fn the_last_call_is_taken_back_within_ten_minutes(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let refusal = CallForm {
            reason: "too_expensive".to_owned(),
            note: "слишком дорого".to_owned(),
            ..form("refusal")
        };
        let done = record(&floor, grant, refusal.clone()).await.expect("recorded");
        let next = done.next.expect("the next company");
        let boris = floor.cast.viewer("boris").await;
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let now = floor.cast.clock.now();
        let last = actions::find_last(&mut tx, floor.cast.org, boris.id(), now).await;
        assert_eq!(last.expect("reads").map(|(call, may)| (call.id, may)), Some((done.call, true)));
        drop(tx);
        let bella = floor.cast.viewer("bella").await;
        let strange = reversal::reverse(&floor.cast.act("bella", "undo"), &bella, done.call).await;
        assert!(matches!(strange, Err(Error::NotFound)), "{strange:?}");
        let act = floor.cast.act("boris", "undo");
        let back = reversal::reverse(&act, &boris, done.call).await.expect("is taken back");
        let back = back.grant.expect("in hand again");
        assert_eq!((back.lead, back.generation), (grant.lead, grant.generation + 1));
        assert_eq!(floor.lead(next.lead).await.lease, None, "the other returned to the queue");
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.attempts, lead.state), (0, LeadState::Queued));
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let scope = actions::draft_scope(grant.lead);
        let kept = drafts::find(&mut tx, floor.cast.org, boris.id(), &scope).await;
        let kept = kept.expect("a draft");
        assert_eq!(kept.get("note").map(String::as_str), Some("слишком дорого"));
        assert_eq!(kept.get("mechanism").map(String::as_str), Some(""), "nobody chose it");
        drop(tx);
        let busy = CallForm { mechanism: "busy".to_owned(), ..form("not_reached") };
        let done = record(&floor, back, busy).await.expect("recorded anew");
        let act = floor.cast.act("boris", "undo again");
        let back = reversal::reverse(&act, &boris, done.call).await.expect("is taken back");
        let back = back.grant.expect("in hand again");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let kept = drafts::find(&mut tx, floor.cast.org, boris.id(), &scope).await;
        let kept = kept.expect("a draft");
        assert_eq!(kept.get("mechanism").map(String::as_str), Some("busy"), "this was chosen");
        drop(tx);
        let done = record(&floor, back, refusal).await.expect("recorded anew");
        floor.cast.clock.advance_ms(REVERSAL_MS + 1);
        let act = floor.cast.act("boris", "too late");
        let late = reversal::reverse(&act, &boris, done.call).await;
        assert!(matches!(&late, Err(Error::Refused(r)) if r.code() == "call-too-late"), "{late:?}");
        assert_eq!(floor.events(Kind::CallReversed).await.len(), 2);
    }
}

async fn is_suppressed(floor: &Floor, company: CompanyId) -> bool {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let (org, now) = (floor.cast.org, floor.cast.clock.now());
    let phones = companies::actions::list_phones(&mut tx, org, company).await.expect("phones");
    companies::actions::find_suppression(&mut tx, org, company, &phones, now)
        .await
        .expect("reads")
        .is_some()
}
