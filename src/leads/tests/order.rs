//! In which order companies are given to callers.

use super::*;
use crate::campaigns::{ListShare, Segment};
use crate::companies::NewCompany;
use crate::leads::forms::PriorityForm;
use crate::storage::testing::TestDb;
use crate::vals;

fn spread() -> CallingPolicy {
    CallingPolicy { spreads: true, ..policy() }
}

/// A company of a list, in a town.
fn listed(number: usize, source: &str, city: &str) -> NewCompany {
    NewCompany {
        source: Some(source.to_owned()),
        city: Some(city.to_owned()),
        ..floor::company(number)
    }
}

/// What a caller is given one after another, each not reached and called again a week later.
async fn given(floor: &Floor, how_many: usize) -> Vec<LeadId> {
    let mut leads = Vec::new();
    for n in 0..how_many {
        let grant = floor.lease("boris", &format!("given {n}")).await.expect("a company");
        let at = floor.cast.clock.now().plus_days(7);
        settle_to(floor, "boris", grant, Next::Again { at }).await;
        leads.push(grant.lead);
    }
    leads
}

async fn put(floor: &Floor, who: &str, lead: LeadId, priority: &str) -> Outcome<()> {
    let was = floor.lead(lead).await.priority.code().to_owned();
    let act = floor.cast.act(who, &format!("{priority} {lead} {was}"));
    let form = PriorityForm { priority: priority.to_owned(), was };
    let viewer = floor.cast.viewer(who).await;
    actions::prioritise(&act, &viewer, lead, form.put()?).await
}

async fn all(floor: &Floor) -> Vec<LeadId> {
    let mut all = Vec::new();
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    for company in &floor.companies {
        let leads = actions::list_for_company(&mut tx, floor.cast.org, *company).await;
        all.extend(leads.expect("reads").into_iter().map(|lead| lead.id));
    }
    all
}

/// Calls of the campaign as they stand in its past: so many in a part of the day, so many answered.
async fn past(floor: &Floor, part: &str, calls: usize, answered: usize) {
    let lead = all(floor).await[0];
    let mut tx = floor.cast.app.db.begin().await.expect("begins");
    for n in 0..calls {
        let at = floor.cast.clock.now().plus_days(-9);
        let mechanism = if n < answered { "answered" } else { "no_answer" };
        tx.run(
            "insert into calls (id, org_id, lead_id, campaign_id, company_id, caller_id, \
             lease_generation, at, mechanism, meaning, note, checkpoints, purpose, legal_basis, \
             lead_before, lead_version, part) \
             values ($1, $2, $3, $4, 'long gone', $5, $6, $7, $8, 'no_contact', '', '', '', '', \
             '{}', 1, $9)",
            vals![
                CallId::fresh(at),
                floor.cast.org,
                lead,
                floor.campaign,
                floor.cast.id("boris"),
                -i64::try_from(n * 3 + part.len() % 3).expect("few") - 1,
                at,
                mechanism,
                part,
            ],
        )
        .await
        .expect("a call");
    }
    tx.commit().await.expect("commits");
}

async fn over(t: TestDb, companies: &[NewCompany], segment: Segment) -> Floor {
    let cast = crate::cast::Cast::gather(t).await;
    let companies = floor::add(&cast, companies).await;
    let campaign = floor::make_campaign(&cast, "spring", policy()).await;
    let floor = Floor { cast, campaign, companies };
    change(&floor, "over", segment).await;
    floor.launch(floor.campaign, "begin").await;
    floor
}

async fn change(floor: &Floor, key: &str, segment: Segment) {
    let (anna, act) = (floor.cast.viewer("anna").await, floor.cast.act("anna", key));
    let version = floor.campaign().await.version;
    let terms = campaigns::terms::CampaignTerms { segment, ..floor::terms("spring", policy()) };
    let changed = campaigns::actions::change(&act, &anna, (floor.campaign, version), terms).await;
    changed.expect("changes");
}

both! {
    async fn what_a_head_puts_first_is_called_first_and_what_is_last_comes_last(t: TestDb) {
        let floor = Floor::with_policy(t, 4, policy()).await;
        let leads = all(&floor).await;
        put(&floor, "anna", leads[2], "first").await.expect("is put first");
        put(&floor, "anna", leads[0], "last").await.expect("is put last");
        assert_eq!(given(&floor, 4).await, [leads[2], leads[1], leads[3], leads[0]]);
        assert_eq!(floor.events(Kind::LeadPrioritised).await.len(), 2);
        let told = put(&floor, "bella", leads[1], "first").await;
        assert!(matches!(told, Err(Error::NotFound)), "{told:?}");
        let (act, anna) = (floor.cast.act("anna", "late"), floor.cast.viewer("anna").await);
        let late = (Priority::First, Priority::Usual);
        let late = actions::prioritise(&act, &anna, leads[0], late).await;
        let told = late.expect_err("it was put last since").to_string();
        assert!(told.contains("lead-put-elsewhere"), "{told}");
    }

    async fn of_two_who_put_a_lead_elsewhere_the_second_is_told_that_it_did_not_happen(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let lead = all(&floor).await[0];
        let (anna, api) = (floor.cast.client("anna").await, floor.cast.api("anna").await);
        let shown = anna.get(&format!("/leads/{lead}")).await.body;
        assert!(shown.contains("name=\"was\" value=\"usual\""), "{shown}");
        let path = format!("/leads/{lead}/priority");
        let first = serde_json::json!({ "priority": "first", "was": "usual" });
        assert_eq!(api.post(&format!("/api/v1{path}"), &first).await.status.as_u16(), 200);
        let late = anna.post(&path, &[("priority", "last"), ("was", "usual")]).await;
        assert_eq!(late.status.as_u16(), 409, "{}", late.body);
        let late = serde_json::json!({ "priority": "usual", "was": "last" });
        let late = api.post(&format!("/api/v1{path}"), &late).await;
        assert_eq!(late.status.as_u16(), 409);
        let unknown = serde_json::json!({ "priority": "usual", "was": "now" });
        let unknown = api.post(&format!("/api/v1{path}"), &unknown).await;
        assert_eq!(unknown.status.as_u16(), 422);
        assert_eq!(floor.lead(lead).await.priority, Priority::First);
        assert_eq!(floor.events(Kind::LeadPrioritised).await.len(), 1);
    }

    async fn what_is_put_first_comes_next_however_many_are_ready(t: TestDb) {
        let floor = Floor::with_policy(t, 150, policy()).await;
        given(&floor, 1).await;
        let last = *all(&floor).await.last().expect("a lead");
        put(&floor, "anna", last, "first").await.expect("is put first");
        let grant = floor.lease("boris", "after").await.expect("a company");
        assert_eq!(grant.lead, last);
    }

    async fn lists_are_called_in_their_shares_and_the_rest_has_what_is_left(t: TestDb) {
        let sources = ["Ярмарка", "Ярмарка", "Ярмарка", "Ярмарка", "Ярмарка", "Ярмарка", "Друзья",
            "Друзья", "Друзья", "Прочее", "Прочее"];
        let companies: Vec<NewCompany> =
            (0..).zip(sources).map(|(n, s)| listed(n, s, "Москва")).collect();
        let share = |source: &str, percent| ListShare { source: source.to_owned(), percent };
        let mix = vec![share("Друзья", 30), share("Ярмарка", 60)];
        let segment = Segment { mix, ..Segment::default() };
        let floor = over(t, &companies, segment).await;
        let leads = all(&floor).await;
        let order = given(&floor, 11).await;
        let list_of = |lead: &LeadId| sources[leads.iter().position(|l| l == lead).expect("its")];
        let told: Vec<&str> = order.iter().map(list_of).collect();
        // Of ten calls six, three and one, spread and not one list after another.
        let among_ten = |list: &str| told[..10].iter().filter(|of| **of == list).count();
        assert_eq!(["Ярмарка", "Друзья", "Прочее"].map(among_ten), [6, 3, 1], "{told:?}");
        assert_eq!(told[..3], ["Ярмарка", "Ярмарка", "Друзья"], "{told:?}");
        // Within a list they come by their numbers.
        let of_fair: Vec<&LeadId> = order.iter().filter(|l| list_of(l) == "Ярмарка").collect();
        assert_eq!(of_fair, leads[..6].iter().collect::<Vec<_>>());
    }

    async fn a_mix_that_changes_holds_from_the_next_launch(t: TestDb) {
        let companies: Vec<NewCompany> =
            (0..6).map(|n| listed(n, if n < 4 { "A" } else { "B" }, "Москва")).collect();
        let floor = over(t, &companies, Segment::default()).await;
        let leads = all(&floor).await;
        let mix = vec![ListShare { source: "B".to_owned(), percent: 100 }];
        change(&floor, "B alone", Segment { mix, ..Segment::default() }).await;
        let (anna, act) = (floor.cast.viewer("anna").await, floor.cast.act("anna", "pause"));
        campaigns::actions::pause(&act, &anna, floor.campaign).await.expect("pauses");
        floor.launch(floor.campaign, "again").await;
        assert_eq!(given(&floor, 3).await, [leads[4], leads[5], leads[0]]);
    }

    async fn who_was_not_there_in_the_morning_is_called_at_another_part_of_the_day(t: TestDb) {
        let floor = Floor::with_policy(t, 1, spread()).await;
        let morning = floor.cast.clock.now();
        let grant = floor.lease("boris", "1").await.expect("a company");
        settle_to(&floor, "boris", grant, Next::Again { at: morning.plus_minutes(180) }).await;
        // A day later at ten: the morning was tried, midday and afternoon were not.
        floor.cast.clock.set(morning.plus_days(1));
        assert_eq!(floor.lease("boris", "2").await, None);
        assert_eq!(floor.places().await, [("rule:day_part".to_owned(), 1)]);
        let lead = floor.lead(grant.lead).await;
        assert_eq!(lead.next_at, morning.plus_days(1).plus_minutes(120), "at noon");
        floor.cast.clock.set(lead.next_at);
        assert!(floor.lease("boris", "3").await.is_some());
        // It stays in hand into the afternoon, and may be dialled then, too.
        let held = floor.lead(grant.lead).await;
        assert_eq!(held.tries, campaigns::parts::Tries::unpack(1));
    }

    async fn attempts_are_not_spread_where_the_campaign_does_not_ask_for_it(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let morning = floor.cast.clock.now();
        let grant = floor.lease("boris", "1").await.expect("a company");
        settle_to(&floor, "boris", grant, Next::Again { at: morning.plus_minutes(180) }).await;
        floor.cast.clock.set(morning.plus_days(1));
        assert!(floor.lease("boris", "2").await.is_some());
    }

    async fn of_those_who_may_be_called_a_good_hour_comes_first(t: TestDb) {
        // At ten in Moscow it is the afternoon in Khabarovsk.
        let companies = [
            listed(0, "A", "Москва"),
            listed(1, "A", "Хабаровск"),
            listed(2, "A", "Москва"),
        ];
        let floor = over(t, &companies, Segment::default()).await;
        past(&floor, "morning", 200, 20).await;
        past(&floor, "afternoon", 200, 60).await;
        let leads = all(&floor).await;
        assert_eq!(given(&floor, 3).await, [leads[1], leads[0], leads[2]]);
    }
}
