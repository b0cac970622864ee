use std::collections::{BTreeMap, BTreeSet};

use super::floor::{self, Floor};
use super::*;
use crate::both;
use crate::campaigns::parts::DayPart;
use crate::campaigns::{self, CallingPolicy};
use crate::companies::{self, Channel, Suppress, SuppressReason, suppression::Whom};
use crate::events::Kind;
use crate::people::{self, Viewer, session};
use crate::storage::{Act, Db, Key};

mod callbacks;
mod cures;
mod grants;
mod manual;
mod numbers;
mod order;
mod races;
mod rules;

fn policy() -> CallingPolicy {
    CallingPolicy { lease_seconds: 600, spreads: false, ..CallingPolicy::default() }
}

/// One who calls without a browser.
struct Agent {
    viewer: Viewer,
    act: Act,
}

async fn agent(db: &Db, org: OrgId, user: UserId, now: Instant) -> Agent {
    let mut tx = db.read().await.expect("reads");
    let viewer = session::viewer(&mut tx, org, user, None).await.expect("reads").expect("a person");
    let act = Act { db: db.clone(), org, actor: Some(user), now, key: None };
    Agent { viewer, act }
}

impl Agent {
    fn keyed(&self, key: String) -> Act {
        Act { key: Some(Key::new(key, &[])), ..self.act.clone() }
    }
}

both! {
    async fn two_callers_in_parallel_never_see_the_same_company(t: TestDb) {
        let floor = Floor::open(t, 6).await;
        let boris = floor.lease("boris", "1").await.expect("a company");
        let bella = floor.lease("bella", "1").await.expect("a company");
        assert_ne!(boris.company, bella.company);
        assert_eq!((boris.generation, bella.generation), (1, 1));
        let again = floor.lease("boris", "2").await.expect("the same company");
        assert_eq!(again.lead, boris.lead, "who holds a company returns to it");
    }

    async fn a_company_of_two_campaigns_is_held_by_one_caller(t: TestDb) {
        let mut floor = Floor::open(t, 1).await;
        let held = floor.lease("boris", "1").await.expect("a company");
        let shared = campaigns::Segment { with_shared: true, ..campaigns::Segment::default() };
        let other = floor::make_campaign(&floor.cast, "autumn", policy()).await;
        let terms = campaigns::terms::CampaignTerms {
            segment: shared,
            ..floor::terms("autumn", policy())
        };
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "share");
        campaigns::actions::change(&act, &anna, (other, 1), terms).await.expect("changes");
        assert_eq!(floor.launch(other, "launch autumn").await, 1);
        floor.campaign = other;
        assert_eq!(floor.lease("bella", "1").await, None, "Boris holds {:?}", held.company);
    }

    async fn sixty_four_callers_lease_two_thousand_companies_without_a_double(t: TestDb) {
        let floor = Floor::with_policy(t, 2_000, policy()).await;
        let callers = floor::hire(&floor.cast, floor.campaign, 64).await;
        let (db, org, now) = (floor.cast.app.db.clone(), floor.cast.org, floor.cast.clock.now());
        db.refresh_statistics().await.expect("looks at the tables");
        let mut tasks = Vec::new();
        for caller in callers {
            let (db, campaign) = (db.clone(), floor.campaign);
            tasks.push(tokio::spawn(async move {
                let agent = agent(&db, org, caller, now).await;
                let mut held = Vec::new();
                loop {
                    let act = agent.keyed(format!("lease {}", held.len()));
                    let leased = leasing::lease(&act, &agent.viewer, campaign).await;
                    let Some(grant) = leased.expect("leases") else { break held };
                    settle(&agent, grant, now.plus_days(9)).await;
                    held.push(grant);
                }
            }));
        }
        let mut grants = Vec::new();
        for task in tasks {
            grants.extend(task.await.expect("a caller ends the day"));
        }
        let leads: BTreeSet<LeadId> = grants.iter().map(|grant| grant.lead).collect();
        assert_eq!((grants.len(), leads.len()), (2_000, 2_000));
        let events = floor.events(Kind::LeadLeased).await;
        let mut last = BTreeMap::new();
        for event in &events {
            let generation = event.detail["generation"].as_i64().expect("a generation");
            let before = last.insert(event.subject.clone(), generation).unwrap_or(0);
            assert!(generation > before, "{event:?}");
        }
        assert_eq!(events.len(), 2_000);
    }

    async fn callers_who_crowd_one_company_are_granted_it_one_after_another(t: TestDb) {
        let floor = Floor::with_policy(t, 1, CallingPolicy { gap_minutes: 0, ..policy() }).await;
        let callers = floor::hire(&floor.cast, floor.campaign, 16).await;
        let (db, org, now) = (floor.cast.app.db.clone(), floor.cast.org, floor.cast.clock.now());
        let mut tasks = Vec::new();
        for caller in callers {
            let (db, campaign) = (db.clone(), floor.campaign);
            tasks.push(tokio::spawn(async move {
                let agent = agent(&db, org, caller, now).await;
                let mut generations = Vec::new();
                for turn in 0..8 {
                    let act = agent.keyed(format!("lease {turn}"));
                    let leased = leasing::lease(&act, &agent.viewer, campaign).await;
                    if let Some(grant) = leased.expect("leases") {
                        generations.push(grant.generation);
                        let act = agent.keyed(format!("release {turn}"));
                        let held = (grant.lead, grant.generation);
                        let reason = SkipReason::Pause;
                        leasing::release(&act, &agent.viewer, held, reason).await.expect("gives");
                    }
                }
                generations
            }));
        }
        let mut all = Vec::new();
        for task in tasks {
            let own = task.await.expect("a caller ends the day");
            assert!(own.is_sorted(), "{own:?}");
            all.extend(own);
        }
        all.sort_unstable();
        let expected: Vec<i64> = (1..=i64::try_from(all.len()).expect("few")).collect();
        assert_eq!(all, expected, "every grant has a generation of its own");
        assert!(!all.is_empty());
    }

    async fn the_same_caller_twice_at_once_holds_one_company(t: TestDb) {
        let floor = Floor::open(t, 20).await;
        let (db, org, now) = (floor.cast.app.db.clone(), floor.cast.org, floor.cast.clock.now());
        let boris = floor.cast.id("boris");
        let mut tasks = Vec::new();
        for tab in 0..8 {
            let (db, campaign) = (db.clone(), floor.campaign);
            tasks.push(tokio::spawn(async move {
                let agent = agent(&db, org, boris, now).await;
                let act = agent.keyed(format!("tab {tab}"));
                leasing::lease(&act, &agent.viewer, campaign).await.expect("leases")
            }));
        }
        let mut leads = BTreeSet::new();
        for task in tasks {
            leads.insert(task.await.expect("a tab answers").expect("a company").lead);
        }
        assert_eq!(leads.len(), 1);
    }

    async fn a_dead_caller_s_company_returns_and_their_late_write_is_refused(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let dead = floor.lease("boris", "1").await.expect("a company");
        assert_eq!(floor.lease("bella", "1").await, None);
        floor.cast.clock.advance_ms(600_000);
        let act = Act { actor: None, key: None, ..floor.cast.act("boris", "sweep") };
        jobs::sweep(&act).await.expect("sweeps");
        let expired = floor.events(Kind::LeaseExpired).await;
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0].person, Some(floor.cast.id("boris")));
        let next = floor.lease("bella", "2").await.expect("the company again");
        assert_eq!((next.lead, next.generation), (dead.lead, dead.generation + 1));
        let boris = floor.cast.viewer("boris").await;
        let held = (dead.lead, dead.generation);
        let act = floor.cast.act("boris", "late");
        let late = leasing::renew(&act, &boris, held).await;
        let is_stale = matches!(&late, Err(Error::Refused(r)) if r.code() == "lead-stale-lease");
        assert!(is_stale, "{late:?}");
    }

    async fn a_lapsed_lease_is_also_noticed_by_the_next_who_asks(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let dead = floor.lease("boris", "1").await.expect("a company");
        floor.cast.clock.advance_ms(600_001);
        let next = floor.lease("bella", "1").await.expect("the company again");
        assert_eq!((next.lead, next.generation), (dead.lead, 2));
        assert_eq!(floor.events(Kind::LeaseExpired).await.len(), 1);
    }

    async fn a_lease_is_prolonged_given_back_and_taken_back(t: TestDb) {
        let floor = Floor::with_policy(t, 2, policy()).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let boris = floor.cast.viewer("boris").await;
        floor.cast.clock.advance_ms(300_000);
        let held = (grant.lead, grant.generation);
        let act = floor.cast.act("boris", "renew");
        let until = leasing::renew(&act, &boris, held).await.expect("renews");
        assert_eq!(until, grant.until.plus_ms(300_000));
        let act = floor.cast.act("boris", "skip");
        let reason = SkipReason::BadRecord;
        leasing::release(&act, &boris, held, reason).await.expect("gives back");
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.lease, lead.attempts), (None, 0));
        assert_eq!(lead.next_at, floor.cast.clock.now().plus_days(1), "a bad record rests");
        let other = floor.lease("boris", "2").await.expect("the other company");
        assert_ne!(other.lead, grant.lead);
        let gleb = floor.cast.viewer("gleb").await;
        let seen = (other.lead, other.generation);
        let strange = leasing::take_back(&floor.cast.act("gleb", "take"), &gleb, seen).await;
        assert!(matches!(strange, Err(Error::NotFound)), "{strange:?}");
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "stale");
        let stale = leasing::take_back(&act, &anna, (other.lead, other.generation - 1)).await;
        assert!(matches!(stale, Err(Error::Refused(_))), "of another grant: {stale:?}");
        let act = floor.cast.act("anna", "take");
        leasing::take_back(&act, &anna, seen).await.expect("takes");
        assert_eq!(floor.lead(other.lead).await.lease, None);
        let reasons: Vec<_> =
            floor.events(Kind::LeadReleased).await.into_iter().filter_map(|e| e.reason).collect();
        assert_eq!(reasons, ["bad_record", "taken_back"]);
    }

    async fn who_may_not_be_called_is_not_offered_and_the_panel_says_why(t: TestDb) {
        let cast = crate::cast::Cast::gather(t).await;
        let far = |city: &str, n| companies::NewCompany {
            city: Some(city.to_owned()),
            ..floor::company(n)
        };
        let all = [
            floor::company(0),
            far("Владивосток", 1),
            companies::NewCompany { basis: None, ..floor::company(2) },
            floor::company(3),
            floor::company(4),
        ];
        let ids = floor::add(&cast, &all).await;
        let campaign = floor::make_campaign(&cast, "spring", policy()).await;
        let floor = Floor { cast, campaign, companies: ids.clone() };
        assert_eq!(floor.launch(campaign, "launch").await, 5);
        let act = floor.cast.act("anna", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        for whom in [Whom::Company(ids[3]), Whom::Phone(None, all[4].phones[0].phone.clone())] {
            let (channel, reason) = (Channel::All, SuppressReason::Asked);
            let ban = Suppress { whom, channel, reason, until: None };
            companies::actions::suppress_in(&mut tx, &act, ban).await.expect("bans");
        }
        tx.commit().await.expect("commits");
        // Monday 12:00 in Moscow is 19:00 in Vladivostok.
        floor.cast.clock.advance_ms(2 * HOUR_MS);
        let one = floor.lease("boris", "1").await.expect("a company");
        assert_eq!(one.company, ids[0]);
        assert_eq!(floor.lease("bella", "1").await, None);
        let places = floor.places().await;
        let expected =
            [("in_hand", 1), ("rule:hours", 1), ("rule:no_basis", 1), ("rule:suppressed", 2)];
        assert_eq!(places, expected.map(|(place, n)| (place.to_owned(), n)));
        let before = floor.lead(one.lead).await.version;
        assert_eq!(floor.lease("bella", "2").await, None, "nothing spins");
        assert_eq!(floor.lead(one.lead).await.version, before);
    }

    async fn the_queue_promises_nobody_whose_rule_does_not_end_by_itself(t: TestDb) {
        let cast = crate::cast::Cast::gather(t).await;
        let groundless = companies::NewCompany { basis: None, ..floor::company(0) };
        floor::add(&cast, &[groundless]).await;
        let campaign = floor::make_campaign(&cast, "spring", policy()).await;
        let anna = cast.client("anna").await;
        let queue = format!("/campaigns/{campaign}/queue");
        let launched = anna.post(&format!("/campaigns/{campaign}/launch"), &[]).await;
        assert_eq!(launched.location.as_ref(), Some(&queue));
        let body = anna.get(&queue).await.body;
        assert!(body.contains("not called: no legal basis"), "{body}");
        let promises = ["may be called now", "The next may be called"];
        assert_eq!(promises.map(|words| body.contains(words)), [false; 2], "{body}");
    }

    async fn a_promised_call_jumps_the_queue_for_its_caller_then_for_anyone(t: TestDb) {
        let floor = Floor::with_policy(t, 4, policy()).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let promised = floor.cast.clock.now().plus_minutes(90);
        let owner = Some(floor.cast.id("boris"));
        promise_to(&floor, grant, (promised, owner)).await;
        let other = floor.lease("bella", "1").await.expect("another company");
        let away = Next::Again { at: promised.plus_days(3) };
        settle_to(&floor, "bella", other, away).await;
        floor.cast.clock.set(promised.plus_minutes(5));
        let bella = floor.lease("bella", "2").await.expect("a company");
        assert_ne!(bella.lead, grant.lead, "Boris has promised it");
        let own = floor.lease("boris", "2").await.expect("the promised one");
        assert_eq!(own.lead, grant.lead);
        let at = promised.plus_minutes(30);
        promise_to(&floor, own, (at, owner)).await;
        settle_to(&floor, "bella", bella, away_from(promised)).await;
        floor.cast.clock.set(promised.plus_minutes(30 + 60));
        let fallback = floor.lease("bella", "3").await.expect("the overdue one");
        assert_eq!(fallback.lead, grant.lead, "after its grace anyone may keep the promise");
        let mine = {
            let mut tx = floor.cast.app.db.read().await.expect("reads");
            let (boris, now) = (floor.cast.id("boris"), floor.cast.clock.now());
            actions::list_promised(&mut tx, floor.cast.org, (boris, now), 10).await.expect("lists")
        };
        assert_eq!(mine.len(), 1);
    }

    async fn the_head_reassigns_a_promised_call_and_sees_who_holds_what(t: TestDb) {
        let floor = Floor::with_policy(t, 3, policy()).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let at = floor.cast.clock.now().plus_minutes(60);
        let owner = Some(floor.cast.id("boris"));
        promise_to(&floor, grant, (at, owner)).await;
        floor.lease("bella", "1").await.expect("a company");
        let anna = floor.cast.viewer("anna").await;
        let to = |login: &str| Some(floor.cast.id(login));
        let act = floor.cast.act("anna", "to sonya");
        let seen = floor.lead(grant.lead).await.version;
        let wrong = actions::reassign(&act, &anna, grant.lead, (to("sonya"), seen)).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "Sonya does not call: {wrong:?}");
        let act = floor.cast.act("anna", "to bella");
        actions::reassign(&act, &anna, grant.lead, (to("bella"), seen)).await.expect("reassigns");
        let act = floor.cast.act("anna", "by an old page");
        let stale = actions::reassign(&act, &anna, grant.lead, (None, seen)).await;
        let Err(Error::Refused(refused)) = stale else {
            panic!("somebody passed it since: {stale:?}");
        };
        assert!(refused.code().contains("this-state"), "{}", refused.code());
        assert_eq!(floor.lead(grant.lead).await.callback_owner, to("bella"));
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let seen = [("anna", 2), ("olga", 2), ("gleb", 0), ("boris", 0), ("bella", 2)];
        for (login, expected) in seen {
            let scope = floor.cast.viewer(login).await.scope();
            let seen = actions::list_watched(&mut tx, &scope, floor.campaign).await.expect("lists");
            assert_eq!(seen.len(), expected, "{login}");
        }
        let next = actions::find_next_at(&mut tx, floor.cast.org, floor.campaign).await;
        let next = next.expect("reads").expect("somebody waits");
        let firm = people::actions::firm(&mut tx, floor.cast.org).await.expect("reads");
        assert!(policy().hours.is_open(next, &firm.zone), "{next:?} is within the hours");
        let seat = leasing::find_seat(&mut tx, floor.cast.org, floor.cast.id("bella")).await;
        assert_eq!(seat.expect("reads"), Some(floor.campaign));
    }

    async fn an_offered_lead_is_converted_or_comes_back_to_its_caller(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        settle_to(&floor, "boris", grant, Next::Offered).await;
        let act = floor.cast.act("sonya", "answer");
        let mut tx = act.db.begin().await.expect("begins");
        actions::return_in(&mut tx, &act, grant.lead, "no_need").await.expect("returns");
        let twice = actions::return_in(&mut tx, &act, grant.lead, "no_need").await;
        assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
        tx.commit().await.expect("commits");
        let lead = floor.lead(grant.lead).await;
        let why = lead.returned_reason.as_deref();
        assert_eq!((lead.state, why), (LeadState::Queued, Some("no_need")));
        assert_eq!(lead.callback_owner, Some(floor.cast.id("boris")));
        let again = floor.lease("boris", "2").await.expect("its own lead");
        assert_eq!(again.lead, grant.lead);
        let boris = floor.cast.viewer("boris").await;
        let held = (again.lead, again.generation);
        let act = floor.cast.act("boris", "pause");
        leasing::release(&act, &boris, held, SkipReason::Pause).await.expect("gives back");
        let mut tx = act.db.begin().await.expect("begins");
        actions::offer_in(&mut tx, &act, grant.lead).await.expect("is offered again");
        actions::convert_in(&mut tx, &act, grant.lead).await.expect("converts");
        tx.commit().await.expect("commits");
        assert_eq!(floor.lead(grant.lead).await.state, LeadState::Converted);
    }

    async fn a_call_taken_back_puts_the_lead_where_it_was(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let before = floor.lead(grant.lead).await.snapshot();
        settle_to(&floor, "boris", grant, Next::Closed { reason: "refused".to_owned() }).await;
        let closed = floor.lead(grant.lead).await;
        assert_eq!((closed.state, closed.attempts), (LeadState::Closed, 1));
        let act = floor.cast.act("boris", "undo");
        let mut tx = act.db.begin().await.expect("begins");
        let stale = (grant.lead, closed.version - 1);
        let was = (CallId::fresh(act.now), &before);
        let late = actions::restore_in(&mut tx, &act, stale, was).await;
        assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
        let held = (grant.lead, closed.version);
        actions::restore_in(&mut tx, &act, held, was).await.expect("restores");
        let (campaign, boris) = (floor.campaign().await, floor.cast.viewer("boris").await);
        let granted = leasing::regrant_in(&mut tx, &act, &campaign, (grant.lead, &boris)).await;
        assert_eq!(granted.expect("grants").map(|g| g.generation), Some(2));
        tx.commit().await.expect("commits");
        assert_eq!(floor.lead(grant.lead).await.snapshot(), before);
    }

    async fn launching_makes_leads_once_and_needs_words_and_people(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let anna = floor.cast.viewer("anna").await;
        let again = actions::launch(&floor.cast.act("anna", "again"), &anna, floor.campaign).await;
        let Err(Error::Refused(again)) = &again else { panic!("{again:?}") };
        assert_eq!(again.code(), "campaign-not-from-this-state");
        let act = floor.cast.act("anna", "bare");
        let terms = floor::terms("bare", policy());
        let bare = campaigns::actions::make(&act, &anna, terms, None, "").await.expect("a draft");
        let wordless = actions::launch(&floor.cast.act("anna", "bare go"), &anna, bare).await;
        assert!(matches!(&wordless, Err(Error::Refused(r)) if r.code() == "campaign-no-script"));
        let act = floor.cast.act("anna", "words");
        campaigns::actions::write_script(&act, &anna, bare, "> Hello").await.expect("written");
        let empty = actions::launch(&floor.cast.act("anna", "bare go 2"), &anna, bare).await;
        assert!(matches!(&empty, Err(Error::Refused(r)) if r.code() == "campaign-nobody-calls"));
        let other = floor::make_campaign(&floor.cast, "other", policy()).await;
        let taken = actions::launch(&floor.cast.act("anna", "other go"), &anna, other).await;
        assert!(matches!(&taken, Err(Error::Refused(r)) if r.code() == "campaign-empty-segment"));
        let act = floor.cast.act("anna", "pause");
        campaigns::actions::pause(&act, &anna, floor.campaign).await.expect("pauses");
        let boris = floor.cast.viewer("boris").await;
        let act = floor.cast.act("boris", "while paused");
        let paused = leasing::lease(&act, &boris, floor.campaign).await;
        assert!(matches!(&paused, Err(Error::Refused(r)) if r.code() == "lead-not-running"));
        let more = floor::company(9);
        floor::add_one(&floor.cast, &more).await;
        assert_eq!(floor.launch(floor.campaign, "go on").await, 1, "only the new company");
        let sonya = floor.cast.viewer("sonya").await;
        let act = floor.cast.act("sonya", "calls");
        let stranger = leasing::lease(&act, &sonya, floor.campaign).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
    }

    async fn a_hundred_thousand_leads_are_made_in_seconds(t: TestDb) {
        // The time is told by the bench; here only that one statement makes them all.
        let floor = Floor::open(t, 1_000).await;
        let mut numbers = BTreeSet::new();
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        for company in &floor.companies {
            let mut found = actions::list_for_company(&mut tx, floor.cast.org, *company)
                .await
                .expect("lists");
            numbers.insert(found.remove(0).number);
        }
        assert_eq!(numbers.len(), 1_000);
        assert_eq!((numbers.first(), numbers.last()), (Some(&1), Some(&1_000)));
    }

    async fn who_never_held_a_lead_does_not_learn_of_it_and_who_did_is_told(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let held = floor.lease("boris", "1").await.expect("a company");
        let mut answers = Vec::new();
        for login in ["bella", "grisha"] {
            let (viewer, act) = (floor.cast.viewer(login).await, floor.cast.act(login, "renew"));
            let grant = (held.lead, held.generation);
            answers.push(leasing::renew(&act, &viewer, grant).await.expect_err("is not theirs"));
        }
        assert!(matches!(answers[..], [Error::NotFound, Error::NotFound]), "{answers:?}");
        let (act, boris) = (floor.cast.act("boris", "back"), floor.cast.viewer("boris").await);
        let grant = (held.lead, held.generation);
        leasing::release(&act, &boris, grant, SkipReason::Other).await.expect("gives back");
        let act = floor.cast.act("boris", "renew");
        let Err(Error::Refused(late)) = leasing::renew(&act, &boris, grant).await else {
            panic!("he held it before")
        };
        assert_eq!(late.code(), "lead-stale-lease");
    }
}

fn away_from(at: Instant) -> Next {
    Next::Again { at: at.plus_days(4) }
}

async fn settle(agent: &Agent, grant: Grant, at: Instant) {
    let act = agent.keyed(format!("settle {}", grant.lead));
    let mut tx = act.db.begin().await.expect("begins");
    let held = (grant.lead, grant.generation);
    let caller = agent.viewer.id();
    let lead = leasing::hold_in(&mut tx, &act, held, caller).await.expect("is held");
    let (settled, again) = ((&lead, CallId::fresh(act.now)), Next::Again { at });
    leasing::settle_in(&mut tx, &act, settled, (&again, Some(DayPart::Morning)))
        .await
        .expect("settles");
    tx.commit().await.expect("commits");
}

/// Boris promises a call, and says nothing else of it.
async fn promise_to(floor: &Floor, grant: Grant, (at, owner): (Instant, Option<UserId>)) {
    let said = Said::default();
    settle_to(floor, "boris", grant, Next::Callback { at, owner, said }).await;
}

async fn settle_to(floor: &Floor, login: &str, grant: Grant, next: Next) {
    let act = floor.cast.act(login, &format!("settle {} {}", grant.lead, grant.generation));
    let mut tx = act.db.begin().await.expect("begins");
    let held = (grant.lead, grant.generation);
    let caller = floor.cast.id(login);
    let lead = leasing::hold_in(&mut tx, &act, held, caller).await.expect("is held");
    let settled = (&lead, CallId::fresh(act.now));
    let missed = matches!(next, Next::Again { .. }).then_some(DayPart::Morning);
    leasing::settle_in(&mut tx, &act, settled, (&next, missed)).await.expect("settles");
    tx.commit().await.expect("commits");
}
