mod heads;
mod pairs;
mod scripts;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::Value;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies;
use crate::events::{Event, Kind};
use crate::storage::testing::MONDAY;
use crate::vals;

#[test]
fn a_period_is_whole_days_of_the_firm_s_zone() {
    let moscow = Zone::named("Europe/Moscow");
    let day = |text: &str| Instant::typed_day(text, &moscow, MONDAY).expect("a day");
    for (code, from, until, expected) in [
        ("", "", "", Ok(("2026-11-01", "2026-11-03"))),
        ("month", "x", "y", Ok(("2026-11-01", "2026-11-03"))),
        ("last_month", "", "", Ok(("2026-10-01", "2026-11-01"))),
        ("90_days", "", "", Ok(("2026-08-05", "2026-11-03"))),
        ("custom", "2026-10-05", "05.10.2026", Ok(("2026-10-05", "2026-10-06"))),
        ("custom", "2026-10-05", "2026-10-04", Err(("until", "period-backwards"))),
        ("custom", "2020-10-05", "2026-10-04", Err(("until", "period-too-long"))),
        ("custom", "", "2026-10-04", Err(("from", "not-a-date"))),
        ("custom", "2026-02-30", "2026-10-04", Err(("from", "not-a-date"))),
        ("custom", "2026-10-01", "9999-10-04", Err(("until", "date-out-of-range"))),
        ("yesterday", "", "", Err(("period", "unknown-choice"))),
    ] {
        let read = Period::read(code, (from, until), &moscow, MONDAY);
        match (read, expected) {
            (Ok(period), Ok((from, until))) => {
                assert_eq!((period.from, period.until), (day(from), day(until)), "{code}");
            }
            (Err(Error::Invalid(fields)), Err((field, problem))) => {
                assert_eq!(fields.0.get(field).map(|p| p.code), Some(problem), "{code} {from}");
            }
            (read, expected) => panic!("{code} {from} {until}: {read:?}, not {expected:?}"),
        }
    }
}

#[test]
fn days_of_a_period_meet_at_midnight_also_when_clocks_change() {
    let berlin = Zone::named("Europe/Berlin");
    let period = Period::read("custom", ("2026-10-24", "2026-10-26"), &berlin, MONDAY);
    let days = period.expect("a period").days(&berlin);
    let hours: Vec<i64> =
        days.iter().map(|(from, until)| (until.ms() - from.ms()) / HOUR_MS).collect();
    assert_eq!(hours, [24, 25, 24]);
    assert!(days.windows(2).all(|pair| pair[0].1 == pair[1].0));
}

#[test]
fn every_step_has_its_words_and_each_event_is_one_step() {
    for step in Step::ALL {
        for lang in [Lang::Ru, Lang::En] {
            for prefix in ["step-", "step-what-"] {
                let key = format!("{prefix}{}", step.code().replace('_', "-"));
                assert!(crate::web::words::has(lang, &key), "{key}");
            }
        }
        assert_eq!(step.code().parse(), Ok(*step));
    }
    let handoff = |tier| Step::of_event(Kind::HandoffAccepted, tier);
    assert_eq!(handoff(Some(1)), Some(Step::Accepted1));
    assert_eq!(handoff(Some(3)), Some(Step::Accepted3));
    assert_eq!(handoff(None), None);
    assert_eq!(Step::of_event(Kind::NoteWritten, None), None);
}

#[test]
fn a_cut_adds_up_however_it_is_sliced() {
    let campaign = CampaignId::fresh(MONDAY);
    let figure = |step, source: &str, count| Figure {
        step,
        campaign: Some(campaign),
        person: None,
        source: source.to_owned(),
        reason: NONE.to_owned(),
        count,
        amount: count * 100,
    };
    let figures = [
        figure(Step::Dials, "fair", 3),
        figure(Step::Dials, NONE, 4),
        figure(Step::Refused, "fair", 2),
    ];
    let policies = BTreeMap::from([(campaign, EngagementPolicy::HunterKeeps)]);
    let filter = Filter::default();
    let cut = Cut::of(figures.iter(), &filter, &Sight::All, &policies);
    assert_eq!(cut.steps[&Step::Dials], Sum { count: 7, amount: 700 });
    assert_eq!(cut.sources["fair"][&Step::Dials].count, 3);
    assert_eq!(cut.reasons[&(Step::Refused, NONE.to_owned())].count, 2);
    assert_eq!(cut.policies["hunter_keeps"][&Step::Dials].count, 7);
    let nobody = Sight::Campaigns(BTreeSet::new());
    assert!(Cut::of(figures.iter(), &filter, &nobody, &policies).steps.is_empty());
}

/// A firm at work: two campaigns under two policies, one of them Prokhor's; work of two teams.
struct Floor {
    cast: Cast,
    campaigns: [CampaignId; 2],
    companies: [CompanyId; 2],
}

impl Floor {
    async fn build(t: crate::storage::testing::TestDb) -> Self {
        let cast = Cast::gather(t).await;
        let now = cast.clock.now();
        let campaigns = [CampaignId::fresh(now), CampaignId::fresh(now)];
        let companies = [CompanyId::fresh(now), CompanyId::fresh(now)];
        let mut tx = cast.app.db.begin().await.expect("begins");
        let rows = [("three_tiers", Some(cast.id("prokhor"))), ("hunter_keeps", None)];
        for (i, (policy, principal)) in (0_i64..).zip(rows) {
            let id = campaigns[usize::try_from(i).expect("small")];
            tx.run(
                "insert into campaigns (id, org_id, number, name, principal_id, state, engagement, \
                 purpose, legal_basis, segment, open_days, open_from, open_to, holidays_off, \
                 attempts_max, attempts_per_day_max, gap_minutes, cool_down_days, pressure_max, \
                 pressure_days, lease_seconds, callback_grace_minutes, acceptance_minutes, \
                 passport_fields, target_actions, version, made_at) \
                 values ($1, $2, $3, $4, $5, 'running', $6, '', '', '{}', 31, 0, 1440, false, \
                 1, 1, 1, 1, 1, 1, 1, 1, 1, '[]', '[]', 1, $7)",
                vals![id, cast.org, i + 1, format!("campaign {i}"), principal, policy, now],
            )
            .await
            .expect("a campaign");
        }
        for (i, source) in (0_i64..).zip([Some("fair"), None]) {
            let id = companies[usize::try_from(i).expect("small")];
            tx.run(
                "insert into companies (id, org_id, number, name, name_key, source, version, \
                 made_at, changed_at) values ($1, $2, $3, $4, 'x', $5, 1, $6, $6)",
                vals![id, cast.org, i + 1, format!("Company {i}"), source, now],
            )
            .await
            .expect("a company");
        }
        tx.commit().await.expect("kept");
        Self { cast, campaigns, companies }
    }

    /// Something that happened in a campaign as the work of a person.
    fn event(&self, kind: Kind, login: &str, place: usize) -> Event {
        let subject = AnyId::fresh(self.cast.clock.now());
        Event::new(kind, subject)
            .campaign(self.campaigns[place])
            .company(self.companies[place])
            .person(self.cast.id(login))
    }

    async fn record(&self, event: Event) {
        let key = AnyId::fresh(self.cast.clock.now()).to_string();
        let act = self.cast.act("alla", &key);
        let mut tx = self.cast.app.db.begin().await.expect("begins");
        event.record(&mut tx, &act).await.expect("recorded");
        tx.commit().await.expect("kept");
    }

    /// A call of a person in a campaign with its two results.
    async fn call(&self, login: &str, place: usize, results: (&str, &str)) -> (CallId, LeadId) {
        let now = self.cast.clock.now();
        let (id, lead) = (CallId::fresh(now), LeadId::fresh(now));
        let company = CompanyId::fresh(now);
        let mut tx = self.cast.app.db.begin().await.expect("begins");
        tx.run(
            "insert into leads (id, org_id, number, campaign_id, company_id, state, \
             attempts, next_at, is_ready, lease_generation, version, made_at, changed_at) \
             values ($1, $2, 1, $3, $4, 'queued', 0, 0, false, 1, 1, 0, 0)",
            vals![lead, self.cast.org, self.campaigns[place], company],
        )
        .await
        .expect("a lead");
        tx.run(
            "insert into calls (id, org_id, lead_id, campaign_id, company_id, caller_id, \
             lease_generation, at, mechanism, meaning, note, checkpoints, purpose, legal_basis, \
             lead_before, lead_version) \
             values ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9, '', '[]', '', '', '{}', 1)",
            vals![
                id,
                self.cast.org,
                lead,
                self.campaigns[place],
                self.companies[place],
                self.cast.id(login),
                now,
                results.0,
                results.1,
            ],
        )
        .await
        .expect("a call");
        tx.commit().await.expect("kept");
        (id, lead)
    }

    /// A hand-off from one person to another, where it stands, and how long the answer took.
    async fn handoff(
        &self,
        (giver, receiver): (&str, Option<&str>),
        state: &str,
        minutes: Option<i64>,
    ) {
        let now = self.cast.clock.now();
        let mut tx = self.cast.app.db.begin().await.expect("begins");
        tx.run(
            "insert into handoffs (id, org_id, number, from_tier, to_tier, company_id, \
             campaign_id, giver_id, receiver_id, passport, counts_for_giver, state, offered_at, \
             due_at, delay_minutes, comment, version) \
             values ($1, $2, 1, 1, 2, $3, $4, $5, $6, '{}', true, $7, $8, $8, $9, '', 1)",
            vals![
                HandoffId::fresh(now),
                self.cast.org,
                self.companies[0],
                self.campaigns[0],
                self.cast.id(giver),
                receiver.map(|login| self.cast.id(login)),
                state,
                now,
                minutes,
            ],
        )
        .await
        .expect("a hand-off");
        tx.commit().await.expect("kept");
    }

    /// A day of work: Boris and Grisha call in the first campaign, Hunter in the second.
    async fn work(&self) {
        for _ in 0..3 {
            self.call("boris", 0, ("no_answer", "not_reached")).await;
        }
        self.call("boris", 0, ("answered", "refusal")).await;
        self.call("grisha", 0, ("answered", "bad_number")).await;
        self.call("hunter", 1, ("answered", "qualified")).await;
        let refused = |login| self.event(Kind::LeadRefused, login, 0).tier(1);
        self.record(refused("boris").reason(Some("too_dear".to_owned()))).await;
        self.record(refused("grisha").reason(Some("no_need".to_owned()))).await;
        for (login, place) in [("boris", 0), ("hunter", 1)] {
            for kind in [Kind::LeadQualified, Kind::HandoffOffered, Kind::HandoffAccepted] {
                self.record(self.event(kind, login, place).tier(1)).await;
            }
        }
        for (login, place, minor) in [("sonya", 0, 1_000), ("hunter", 1, 250)] {
            let amount = Money::new(minor, Currency::Rub);
            let signed = self.event(Kind::ContractSigned, login, place).tier(2);
            self.record(signed.amount(amount)).await;
            let paid = self.event(Kind::PaymentEntered, login, place).tier(2);
            self.record(paid.amount(amount)).await;
        }
        self.record(self.event(Kind::ClientKept, "vera", 0).tier(3)).await;
    }

    async fn ask(&self, login: &str, path: &str) -> Value {
        let reply = self.cast.api(login).await.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{login} {path}: {}", reply.body);
        reply.json()["data"].clone()
    }

    async fn funnel(&self, login: &str, query: &str) -> Value {
        self.ask(login, &format!("/api/v1/reports/funnel?{query}")).await["steps"].clone()
    }

    async fn count(&self, login: &str, query: &str, step: Step) -> i64 {
        step_of(&self.funnel(login, query).await, step, "count")
    }

    /// Every record behind a number, page by page.
    async fn records(&self, login: &str, query: &str, step: Step) -> Vec<Value> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let path =
                format!("/api/v1/reports/records?{query}&step={}&after={after}", step.code());
            let reply = self.cast.api(login).await.get(&path).await.json();
            all.extend(reply["data"].as_array().expect("rows").iter().cloned());
            match reply["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => return all,
            }
        }
    }
}

fn step_of(steps: &Value, step: Step, what: &str) -> i64 {
    let all = steps.as_array().expect("steps");
    let found = all.iter().find(|one| one["step"] == step.code());
    found.map_or(0, |found| found[what].as_i64().expect("a number"))
}

both! {
    async fn every_number_leads_to_exactly_its_records(t: TestDb) {
        let floor = Floor::build(t).await;
        floor.work().await;
        let campaign = format!("campaign={}", floor.campaigns[0]);
        let person = format!("person={}", floor.cast.id("boris"));
        let queries = ["", "period=90_days", "source=fair", "source=-", "policy=hunter_keeps",
            "reason=too_dear", "reason=-", &campaign, &person];
        for login in ["olga", "anna", "gleb", "sergei", "prokhor"] {
            for query in queries {
                let report = floor.funnel(login, query).await;
                for step in Step::ALL {
                    let count = step_of(&report, *step, "count");
                    let records = floor.records(login, query, *step).await;
                    let length = i64::try_from(records.len()).expect("few");
                    assert_eq!(count, length, "{login} {query} {}", step.code());
                }
            }
        }
        let counted = [(Step::Dials, 6), (Step::Connects, 3), (Step::Conversations, 2),
            (Step::Refused, 2), (Step::Qualified, 2), (Step::Contracts, 2), (Step::Kept, 1)];
        for (step, expected) in counted {
            assert_eq!(floor.count("olga", "", step).await, expected, "{}", step.code());
        }
        let report = floor.ask("olga", "/api/v1/reports/funnel").await;
        assert_eq!(step_of(&report["steps"], Step::Paid, "amount"), 1_250);
    }

    async fn records_page_by_page_never_repeat_or_skip(t: TestDb) {
        let floor = Floor::build(t).await;
        for _ in 0..123 {
            floor.record(floor.event(Kind::LeadQualified, "boris", 0).tier(1)).await;
        }
        let records = floor.records("olga", "", Step::Qualified).await;
        let ids: BTreeSet<&str> = records.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!((records.len(), ids.len()), (123, 123));
    }

    async fn a_head_sees_their_team_and_a_principal_their_campaign_without_names(t: TestDb) {
        let floor = Floor::build(t).await;
        floor.work().await;
        let dials = |login| floor.count(login, "", Step::Dials);
        assert_eq!(dials("olga").await, 6);
        assert_eq!(dials("anna").await, 4, "Boris is hers, Grisha is not");
        assert_eq!(dials("gleb").await, 1);
        assert_eq!(dials("prokhor").await, 5, "the first campaign is his");
        let foreign = format!("person={}", floor.cast.id("grisha"));
        assert_eq!(floor.count("anna", &foreign, Step::Dials).await, 0);
        assert!(floor.records("anna", &foreign, Step::Dials).await.is_empty());
        let seen = floor.records("prokhor", "", Step::Dials).await;
        assert!(seen.iter().all(|row| row["person"].is_null()));
        let report = floor.ask("prokhor", "/api/v1/reports/funnel").await;
        assert_eq!(report["people"], serde_json::json!([]));
        let page = floor.cast.client("prokhor").await.get("/reports").await.body;
        assert!(!page.contains("boris of the cast"), "{page}");
        for login in ["boris", "sonya", "pavel", "alla"] {
            let client = floor.cast.client(login).await;
            assert_eq!(client.get("/reports").await.status, StatusCode::NOT_FOUND, "{login}");
        }
    }

    async fn the_pages_show_numbers_reasons_and_policies_side_by_side(t: TestDb) {
        let floor = Floor::build(t).await;
        floor.work().await;
        let olga = floor.cast.client("olga").await;
        let page = olga.get("/reports?period=month").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("/reports/records?period=month&amp;step=dials")
            || page.body.contains("/reports/records?period=month&#38;step=dials"), "{}", page.body);
        for text in ["too_dear", "Policies side by side", "₽12.50", "By campaign", "fair"] {
            assert!(page.body.contains(text), "{text}");
        }
        let records = olga.get("/reports/records?step=contracts").await;
        assert!(records.body.contains("Company 0") && records.body.contains("₽10.00"));
        let none = olga.get("/reports/records?step=delivered").await;
        assert!(none.body.contains("No records"), "{}", none.body);
    }

    async fn a_bad_address_is_told_and_nothing_breaks(t: TestDb) {
        let floor = Floor::build(t).await;
        let olga = floor.cast.client("olga").await;
        for (path, expected) in [
            ("/reports?period=custom&from=2026-02-30&until=2026-03-01", 422),
            ("/reports?period=custom&from=2026-03-02&until=2026-03-01", 422),
            ("/reports?period=custom&from=0001-01-01&until=99999-01-01", 422),
            ("/reports?period=fortnight", 422),
            ("/reports?campaign=7", 422),
            ("/reports/records?step=riches", 422),
            ("/reports/records", 404),
            ("/reports/records?step=dials&after=nonsense", 422),
        ] {
            assert_eq!(olga.get(path).await.status.as_u16(), expected, "{path}");
        }
    }

    async fn a_step_that_is_none_is_answered_with_those_that_are(t: TestDb) {
        let floor = Floor::build(t).await;
        let olga = floor.cast.api("olga").await;
        for asked in ["", "?step=riches"] {
            let reply = olga.get(&format!("/api/v1/reports/records{asked}")).await;
            assert_eq!(reply.status.as_u16(), 422, "{asked}");
            let told = reply.json()["error"]["fields"]["step"]["message"].to_string();
            for step in Step::ALL {
                assert!(told.contains(step.code()), "{asked}: {told}");
            }
        }
        let description = olga.get("/api/v1/openapi.json").await.json();
        let asked = &description["paths"]["/api/v1/reports/records"]["get"]["parameters"];
        let asked = asked.as_array().expect("parameters");
        let step = asked.iter().find(|one| one["name"] == "step").expect("a step");
        let codes: Vec<&str> = Step::ALL.iter().map(|step| step.code()).collect();
        assert_eq!(step["schema"]["enum"], serde_json::json!(codes));
        assert_eq!(step["required"], false);
    }

    async fn hours_of_today_that_are_kept_and_those_that_are_not_add_up(t: TestDb) {
        let floor = Floor::build(t).await;
        for hour in 1..6 {
            floor.call("boris", 0, ("answered", "refusal")).await;
            assert_eq!(floor.count("olga", "", Step::Dials).await, hour);
            floor.cast.clock.advance_ms(HOUR_MS);
            assert_eq!(floor.count("olga", "", Step::Dials).await, hour);
        }
        floor.cast.clock.advance_ms(2 * DAY_MS);
        assert_eq!(floor.count("olga", "", Step::Dials).await, 5);
        assert_eq!(floor.records("olga", "", Step::Dials).await.len(), 5);
    }

    async fn a_day_that_is_over_is_counted_anew_when_a_call_of_it_is_taken_back(t: TestDb) {
        let floor = Floor::build(t).await;
        let (call, lead) = floor.call("boris", 0, ("answered", "refusal")).await;
        let refused = Event::new(Kind::LeadRefused, lead).campaign(floor.campaigns[0]).tier(1);
        floor.record(refused).await;
        floor.cast.clock.advance_ms(2 * DAY_MS);
        for step in [Step::Dials, Step::Refused] {
            assert_eq!(floor.count("olga", "", step).await, 1);
        }
        floor.cast.clock.advance_ms(MINUTE_MS);
        let now = floor.cast.clock.now();
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        tx.run("update calls set reversed_at = $2 where id = $1", vals![call, now])
            .await
            .expect("taken back");
        tx.run(
            "insert into events (id, org_id, at, kind, subject_id, detail) \
             values ($1, $2, $3, 'call.reversed', $4, '{}')",
            vals![EventId::fresh(now), floor.cast.org, now, call],
        )
        .await
        .expect("recorded");
        tx.commit().await.expect("kept");
        for step in [Step::Dials, Step::Refused] {
            assert_eq!(floor.count("olga", "", step).await, 0);
            assert!(floor.records("olga", "", step).await.is_empty());
        }
    }

    async fn a_day_that_is_over_is_counted_anew_when_a_company_gets_another_source(t: TestDb) {
        let floor = Floor::build(t).await;
        floor.record(floor.event(Kind::LeadQualified, "boris", 0).tier(1)).await;
        floor.cast.clock.advance_ms(2 * DAY_MS);
        assert_eq!(floor.count("olga", "source=fair", Step::Qualified).await, 1);
        floor.cast.clock.advance_ms(MINUTE_MS);
        let olga = floor.cast.viewer("olga").await;
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let now = floor.cast.clock.now();
        let (scope, id) = (olga.scope(), floor.companies[0]);
        let before = companies::actions::find_seen(&mut tx, &scope, id, now).await.expect("reads");
        let before = before.expect("seen");
        drop(tx);
        let mut details = companies::forms::Details::of(&before);
        (details.source, details.city) = (Some("web".to_owned()), Some("Омск".to_owned()));
        let (act, version) = (floor.cast.act("olga", "edit"), before.version);
        companies::actions::change(&act, &olga, before.id, version, details).await.expect("kept");
        assert_eq!(floor.count("olga", "source=fair", Step::Qualified).await, 0);
        assert_eq!(floor.count("olga", "source=web", Step::Qualified).await, 1);
    }

    async fn a_day_that_is_over_is_counted_anew_when_a_client_is_kept_in_it_late(t: TestDb) {
        let floor = Floor::build(t).await;
        let query = "period=last_month";
        assert_eq!(floor.count("olga", query, Step::Kept).await, 0);
        let zone = Zone::named("Europe/Moscow");
        let month = Month::of(floor.cast.clock.now(), &zone).before();
        let act = floor.cast.act("alla", "late");
        let then = crate::storage::Act { now: month.ends_at(&zone).plus_ms(-1), ..act };
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        let kept = floor.event(Kind::ClientKept, "vera", 0).tier(3);
        kept.record(&mut tx, &then).await.expect("recorded");
        tx.commit().await.expect("kept");
        assert_eq!(floor.count("olga", query, Step::Kept).await, 1);
        assert_eq!(floor.records("olga", query, Step::Kept).await.len(), 1);
    }
}
