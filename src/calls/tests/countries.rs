//! The rules of a country hold beside the campaign's own, over all campaigns.

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
        let own = CallingPolicy { pressure_max: 9, gap_minutes: 0, ..CallingPolicy::default() };
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
}
