//! When a company is called again: after a refusal, at a promised time, and how often over all
//! campaigns, by their own budget and by the rules of their country.

use super::*;
use crate::campaigns::presets::PresetCode;
use crate::vals;

/// By which preset leads were denied last.
async fn denied_by(floor: &Floor) -> Vec<String> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let statement = "select denied_preset from leads where org_id = $1 and campaign_id = $2 \
                     and denied_rule is not null";
    let rows = tx.all(statement, vals![floor.cast.org, floor.campaign]).await.expect("reads");
    rows.iter().map(|row| row.text("denied_preset").expect("a preset")).collect()
}

both! {
    async fn a_country_counts_calls_of_every_campaign_and_every_decision_names_it(t: TestDb) {
        let own = CallingPolicy {
            pressure_max: 9,
            gap_minutes: 0,
            spreads: false,
            ..CallingPolicy::default()
        };
        let mut floor = Floor::with_policy(t, 1, own).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        record(&floor, grant, form("not_reached")).await.expect("recorded");
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "stop");
        campaigns::actions::stop(&act, &anna, floor.campaign).await.expect("stops");
        let bound = CallingPolicy { preset: PresetCode::Ru, attempts_per_day_max: 5, ..own };
        floor.campaign = floor::make_campaign(&floor.cast, "autumn", bound).await;
        assert_eq!(floor.launch(floor.campaign, "launch autumn").await, 1);
        assert_eq!(floor.lease("boris", "too soon").await, None);
        assert_eq!(floor.places().await, [("rule:cap_day".to_owned(), 1)]);
        assert_eq!(denied_by(&floor).await, ["ru@1"]);
        floor.cast.clock.set(MONDAY.plus_days(1));
        let grant = floor.lease("boris", "2").await.expect("a day later");
        record(&floor, grant, form("not_reached")).await.expect("recorded");
        floor.cast.clock.set(MONDAY.plus_days(2));
        assert_eq!(floor.lease("boris", "3").await, None);
        assert_eq!(floor.places().await, [("rule:cap_week".to_owned(), 1)]);
        floor.cast.clock.set(MONDAY.plus_days(7));
        assert!(floor.lease("boris", "4").await.is_some());
        let leased = floor.events(Kind::LeadLeased).await;
        let named = leased.iter().map(|event| event.detail["preset"].as_str());
        assert_eq!(named.collect::<Vec<_>>(), [Some("own"), Some("ru@1"), Some("ru@1")]);
    }

    async fn a_refused_company_rests_and_comes_back_with_all_attempts(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let refusal = CallForm { reason: "too_expensive".to_owned(), ..form("refusal") };
        record(&floor, grant, refusal).await.expect("recorded");
        assert_eq!(floor.lease("bella", "1").await, None);
        // Monday 1 February 2027, 91 days later.
        floor.cast.clock.set(MONDAY.plus_days(91));
        let again = floor.lease("bella", "2").await.expect("the company again");
        assert_eq!(again.lead, grant.lead);
        assert_eq!(floor.lead(grant.lead).await.attempts, 0);
        let page = floor.cast.client("bella").await.get(&format!("/leads/{}", grant.lead)).await;
        let said = "too expensive. Offer now: payment in parts or a smaller volume.";
        assert!(page.body.contains(said), "{}", page.body);
        let told = floor.events(Kind::LeadRefused).await;
        assert_eq!(told[0].reason.as_deref(), Some("too_expensive"));
    }

    async fn the_pressure_budget_counts_calls_of_every_campaign(t: TestDb) {
        let usual = CallingPolicy::default();
        let policy = CallingPolicy { pressure_max: 1, pressure_days: 7, ..usual };
        let mut floor = Floor::with_policy(t, 1, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        record(&floor, grant, form("not_reached")).await.expect("recorded");
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "stop");
        campaigns::actions::stop(&act, &anna, floor.campaign).await.expect("stops");
        let other = floor::make_campaign(&floor.cast, "autumn", policy).await;
        assert_eq!(floor.launch(other, "launch autumn").await, 1);
        floor.campaign = other;
        assert_eq!(floor.lease("bella", "1").await, None);
        assert_eq!(floor.places().await, [("rule:pressure".to_owned(), 1)]);
        floor.cast.clock.set(MONDAY.plus_days(7));
        assert!(floor.lease("bella", "2").await.is_some());
    }

    async fn a_program_reads_what_was_promised_and_what_became_of_it(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let in_an_hour = || CallForm { callback: "in 1 h".to_owned(), ..form("callback") };
        let first = record(&floor, grant, in_an_hour()).await.expect("recorded");
        floor.cast.clock.advance_ms(HOUR_MS);
        let boris = floor.cast.api("boris").await;
        let path = format!("/api/v1/leads/{}", grant.lead);
        let lead = boris.get(&path).await.json();
        assert_eq!(lead["data"]["lead"]["callback_state"], "due");
        let grant = floor.lease("boris", "2").await.expect("the promised one");
        let second = record(&floor, grant, in_an_hour()).await.expect("recorded");
        let path = format!("{path}/callbacks");
        let page = boris.get(&format!("{path}?limit=1")).await.json();
        let open = &page["data"][0];
        assert_eq!((&open["state"], &open["asked_in"]), (&"scheduled".into(),
            &second.call.to_string().into()));
        assert!(open["ended_at"].is_null() && open["kept_by"].is_null(), "{open}");
        let next = page["next"].as_str().expect("there is another");
        let page = boris.get(&format!("{path}?limit=1&after={next}")).await.json();
        let kept = &page["data"][0];
        assert_eq!((&kept["state"], &kept["asked_in"], &kept["kept_by"]), (&"done".into(),
            &first.call.to_string().into(), &second.call.to_string().into()));
        assert_eq!(kept["owner"], floor.cast.id("boris").to_string());
        assert!(page["next"].is_null(), "{page}");
        assert_eq!(boris.get(&format!("{path}?after=x")).await.status, 422);
        assert_eq!(floor.cast.api("sonya").await.get(&path).await.status, 404);
    }

    async fn a_promised_call_is_offered_at_its_time(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let form = CallForm { callback: "через 2 ч".to_owned(), ..form("callback") };
        record(&floor, grant, form).await.expect("recorded");
        assert_eq!(floor.lease("boris", "2").await, None);
        floor.cast.clock.advance_ms(2 * HOUR_MS);
        let kept = floor.lease("boris", "3").await.expect("the promised call, past the day's cap");
        assert_eq!(kept.lead, grant.lead);
        let told = floor.events(Kind::CallbackPromised).await;
        assert_eq!(told[0].person, Some(floor.cast.id("boris")));
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let boris = floor.cast.id("boris");
        let seat = leasing::find_seat(&mut tx, floor.cast.org, boris);
        assert_eq!(seat.await.expect("reads"), Some(floor.campaign));
    }
}
