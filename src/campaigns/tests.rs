use axum::http::StatusCode;

use super::forms::CampaignForm;
use super::holidays::Calendar;
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, Channel, NewCompany, Suppress, SuppressReason, suppression::Whom};
use crate::leads::floor::{self, Floor};
use jiff::civil::datetime;

mod reasons;

fn moscow() -> Zone {
    Zone::named("Europe/Moscow")
}

/// A moment of November 2026 in Moscow. The 2nd is a Monday, the 4th a holiday.
fn on(day: i8, hour: i8, minute: i8) -> Instant {
    Instant::from_local(datetime(2026, 11, day, hour, minute, 0, 0), &moscow())
}

#[test]
fn a_campaign_turns_from_state_to_state_as_it_may() {
    use CampaignState::*;
    for (from, to, expected) in [
        (Draft, Running, true),
        (Running, Paused, true),
        (Paused, Running, true),
        (Running, Stopped, true),
        (Draft, Paused, false),
        (Stopped, Running, false),
        (Running, Running, false),
    ] {
        assert_eq!(from.may_turn(to), expected, "{from:?} → {to:?}");
    }
}

#[test]
fn working_minutes_pass_only_while_it_is_open() {
    let hours = hours::CallingHours::default();
    for (from, minutes, expected) in [
        (on(2, 10, 0), 60, on(2, 11, 0)),
        (on(2, 10, 0), 480, on(2, 18, 0)),
        (on(2, 17, 30), 60, on(3, 9, 30)),
        (on(3, 17, 0), 120, on(5, 10, 0)),
        (on(6, 17, 0), 120, on(9, 10, 0)),
        (on(7, 12, 0), 30, on(9, 9, 30)),
        (on(2, 10, 0), 0, on(2, 10, 0)),
    ] {
        assert_eq!(hours.after_working_minutes(from, minutes, &moscow()), expected, "{minutes}");
    }
    assert_eq!(hours.closes_at(on(2, 12, 0), &moscow()), Some(on(2, 18, 0)));
    assert_eq!(hours.closes_at(on(4, 12, 0), &moscow()), None);
}

#[test]
fn the_form_is_read_as_it_was_written() {
    let part_max = [Some(2), None, Some(0)];
    let policy = CallingPolicy { part_max, ..CallingPolicy::default() };
    let terms = floor::terms("spring", policy);
    let campaign = |terms: terms::CampaignTerms| Campaign {
        id: CampaignId(uuid::Uuid::nil()),
        number: 1,
        name: terms.name.clone(),
        team: None,
        principal: terms.principal,
        state: CampaignState::Draft,
        engagement: terms.engagement,
        purpose: terms.purpose,
        legal_basis: terms.legal_basis,
        segment: terms.segment,
        policy: terms.policy,
        passport: terms.passport,
        targets: terms.targets,
        version: 1,
        made_at: Instant(0),
        launched_at: None,
        complained_at: None,
        complaints_from: None,
    };
    let form = CampaignForm::of(&campaign(terms.clone()));
    assert_eq!(form.terms(), Ok(terms));
}

#[test]
fn absurd_terms_are_said_field_by_field() {
    let form = || CampaignForm::of_terms(&floor::terms("spring", CallingPolicy::default()));
    let rows: [(&str, fn(&mut CampaignForm)); 17] = [
        ("name", |f| f.name = "  ".to_owned()),
        ("name", |f| f.name = "о".repeat(121)),
        ("engagement", |f| f.engagement = "king".to_owned()),
        ("legal_basis", |f| f.purpose = "advertising".to_owned()),
        ("number_to", |f| {
            f.number_from = "10".to_owned();
            f.number_to = "9".to_owned();
        }),
        ("number_from", |f| f.number_from = "-1".to_owned()),
        ("open_from", |f| f.open_from = "25:00".to_owned()),
        ("open_to", |f| f.open_to = "08:00".to_owned()),
        ("attempts_max", |f| f.attempts_max = "0".to_owned()),
        ("gap_minutes", |f| f.gap_minutes = "99999999999999999999".to_owned()),
        ("lease_seconds", |f| f.lease_seconds = "1".to_owned()),
        ("midday_max", |f| f.midday_max = "51".to_owned()),
        ("afternoon_max", |f| f.afternoon_max = "few".to_owned()),
        ("morning_max", |f| {
            for part in [&mut f.morning_max, &mut f.midday_max, &mut f.afternoon_max] {
                *part = "0".to_owned();
            }
        }),
        ("principal", |f| f.principal = "nobody".to_owned()),
        ("pressure_days", |f| f.pressure_days = "366".to_owned()),
        ("days", |f| {
            for day in [&mut f.day1, &mut f.day2, &mut f.day3, &mut f.day4, &mut f.day5] {
                day.clear();
            }
        }),
    ];
    for (field, spoil) in rows {
        let mut spoilt = form();
        spoil(&mut spoilt);
        let wrong = spoilt.terms().expect_err(field);
        assert_eq!(wrong.0.keys().copied().collect::<Vec<_>>(), [field], "{spoilt:?}");
    }
}

both! {
    async fn a_person_works_in_one_tier_unless_the_policy_lets_them_keep_the_client(t: TestDb) {
        let cast = Cast::gather(t).await;
        let campaign = floor::make_campaign(&cast, "spring", CallingPolicy::default()).await;
        let anna = cast.viewer("anna").await;
        let add = async |login: &str, tier: Tier| {
            let fresh = AnyId::fresh(cast.clock.now());
            let act = cast.act("anna", &format!("{login} {tier:?} {fresh}"));
            let member = Member { user: cast.id(login), tier };
            let added = actions::add_member(&act, &anna, campaign, member).await;
            added.map_err(|error| error.to_string())
        };
        let refused = |code: &str| Err(format!("refused: {code}"));
        assert_eq!(add("hunter", Tier::Acquisition).await, Ok(()));
        assert_eq!(add("hunter", Tier::Sales).await, refused("campaign-one-tier-each"));
        assert_eq!(add("boris", Tier::Sales).await, refused("campaign-not-of-that-tier"));
        let terms = terms::CampaignTerms {
            engagement: EngagementPolicy::HunterKeeps,
            ..floor::terms("spring", CallingPolicy::default())
        };
        let act = cast.act("anna", "keeps");
        actions::change(&act, &anna, (campaign, 1), terms.clone()).await.expect("changes");
        assert_eq!(add("hunter", Tier::Sales).await, Ok(()));
        let act = cast.act("anna", "stale");
        let stale = actions::change(&act, &anna, (campaign, 1), terms).await;
        let Err(Error::Refused(stale)) = &stale else { panic!("{stale:?}") };
        assert_eq!(stale.code(), "campaign-changed-meanwhile");
        let act = cast.act("anna", "out");
        let member = Member { user: cast.id("hunter"), tier: Tier::Sales };
        actions::remove_member(&act, &anna, campaign, member).await.expect("is out");
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = actions::list_all_members(&mut tx, cast.org, campaign).await.expect("members");
        assert_eq!(all.len(), 4);
    }

    async fn a_segment_leaves_out_who_may_not_be_called(t: TestDb) {
        let cast = Cast::gather(t).await;
        let at = |city: &str, n| NewCompany { city: Some(city.to_owned()), ..floor::company(n) };
        let all = [
            at("Казань", 0),
            at("Москва", 1),
            NewCompany { phones: vec![], ..at("Казань", 2) },
            at("Казань", 3),
            NewCompany {
                industry: Some("молоко".to_owned()),
                source: Some("выставка".to_owned()),
                ..at("Казань", 4)
            },
        ];
        let ids = floor::add(&cast, &all).await;
        let act = cast.act("anna", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let ban = Suppress {
            whom: Whom::Company(ids[3]),
            channel: Channel::Call,
            reason: SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("bans");
        companies::actions::set_lead_in(&mut tx, &act, ids[1], Some(cast.id("sonya")), 2)
            .await
            .expect("is led");
        tx.commit().await.expect("commits");
        let kazan = Segment { city: Some("Казань".to_owned()), ..Segment::default() };
        let rows = [
            (Segment::default(), 2),
            (kazan.clone(), 2),
            (Segment { with_phoneless: true, ..kazan.clone() }, 3),
            (Segment { industry: Some("молоко".to_owned()), ..kazan.clone() }, 1),
            (Segment { source: Some("выставка".to_owned()), ..kazan.clone() }, 1),
            (Segment { number_from: Some(2), number_to: Some(4), ..Segment::default() }, 0),
            (Segment { number_to: Some(1), ..kazan.clone() }, 1),
            (Segment { city: Some("Тверь".to_owned()), ..kazan }, 0),
        ];
        let mut tx = cast.app.db.read().await.expect("reads");
        for (segment, expected) in rows {
            let now = cast.clock.now();
            let count = actions::count_segment(&mut tx, cast.org, &segment, None, now).await;
            assert_eq!(count.expect("counts"), expected, "{segment:?}");
            let grounds = [(LegalBasis::PublicSource, 0), (LegalBasis::Contract, expected)];
            for (ground, without) in grounds {
                let of = (&segment, ground);
                let count = actions::count_groundless(&mut tx, cast.org, of, None, now).await;
                assert_eq!(count.expect("counts"), without, "{segment:?} {ground:?}");
            }
        }
        let [cities, industries, sources] =
            actions::list_choices(&mut tx, cast.org).await.expect("choices");
        assert_eq!(cities[0], ("Казань".to_owned(), 4));
        assert_eq!((industries.len(), sources.len()), (1, 1));
        let source = Some("ВЫСТАВКА".to_owned());
        let typed = Segment { city: Some("Тверь".to_owned()), source, ..Segment::default() };
        let spelled = actions::spelled(&mut tx, cast.org, typed).await.expect("spelled");
        assert_eq!(spelled.source.as_deref(), Some("выставка"), "as the base spells it");
        assert_eq!(spelled.city.as_deref(), Some("Тверь"), "what is not there stays as typed");
    }

    async fn who_launches_is_warned_of_companies_without_a_ground(t: TestDb) {
        let cast = Cast::gather(t).await;
        floor::add_companies(&cast, 2).await;
        let campaign = floor::make_campaign(&cast, "spring", CallingPolicy::default()).await;
        let (anna, program) = (cast.client("anna").await, cast.api("anna").await);
        let page = format!("/campaigns/{campaign}");
        assert!(!anna.get(&page).await.body.contains("without the basis"));
        let groundless =
            crate::companies::NewCompany { basis: None, ..floor::company(7) };
        floor::add_one(&cast, &groundless).await;
        let shown = anna.get(&page).await.body;
        assert!(shown.contains("The launch takes 1 company without the basis"), "{shown}");
        let all = serde_json::json!({});
        let counted = program.post("/api/v1/segments/count", &all).await.json()["data"].clone();
        assert_eq!(counted, serde_json::json!({ "companies": 3, "groundless": null }));
        let asked = "/api/v1/segments/count?legal_basis=public_source";
        let counted = program.post(asked, &all).await.json()["data"].clone();
        assert_eq!(counted, serde_json::json!({ "companies": 3, "groundless": 1 }));
        floor::Floor { cast, campaign, companies: Vec::new() }.launch(campaign, "go").await;
    }

    async fn the_head_makes_staffs_and_launches_a_campaign_on_screen(t: TestDb) {
        let cast = Cast::gather(t).await;
        floor::add_companies(&cast, 3).await;
        let anna = cast.client("anna").await;
        assert_eq!(anna.get("/campaigns").await.status, StatusCode::OK);
        assert_eq!(anna.get("/campaigns/new").await.status, StatusCode::OK);
        let fresh = CampaignForm::fresh(Currency::Rub, Country::RU);
        let form = CampaignForm { script: "> Hello".to_owned(), ..fresh };
        let counted = anna.post("/campaigns", &pairs(&form, &[("act", "count")])).await;
        assert!(counted.body.contains("3 companies"), "{}", counted.body);
        let nameless = anna.post("/campaigns", &pairs(&form, &[("act", "save")])).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nameless.body.contains("Please fill this in"), "{}", nameless.body);
        let fields = pairs(&form, &[("act", "save"), ("name", "Spring")]);
        let made = anna.post("/campaigns", &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let page = made.location.expect("leads to the campaign");
        let nobody = anna.post(&format!("{page}/launch"), &[]).await;
        assert_eq!(nobody.status, StatusCode::CONFLICT);
        let (_, beside) = nobody.body.split_once("<h2>People</h2>").expect("the campaign's page");
        assert!(beside.starts_with("<p class=\"notice neg\" role=\"alert\">Nobody calls"));
        let boris = cast.id("boris").to_string();
        let wrong = anna.post(&format!("{page}/members"), &[("user", &boris), ("tier", "2")]).await;
        assert_eq!(wrong.status, StatusCode::CONFLICT);
        assert!(wrong.body.contains("does not work in that tier"), "{}", wrong.body);
        let added = anna.post(&format!("{page}/members"), &[("user", &boris), ("tier", "1")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
        let launched = anna.post(&format!("{page}/launch"), &[]).await;
        assert_eq!(launched.location.as_deref(), Some(format!("{page}/queue").as_str()));
        let queue = anna.get(&format!("{page}/queue")).await;
        assert!(queue.body.contains("3 leads"), "{}", queue.body);
        let empty = anna.post(&format!("{page}/scripts"), &[("script", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        anna.post(&format!("{page}/scripts"), &[("script", "> Hello again\n[ ] named")]).await;
        let shown = anna.get(&page).await;
        assert!(shown.body.contains("version 2") && shown.body.contains("Hello again"));
        let edit = anna.get(&format!("{page}/edit")).await;
        assert!(edit.body.contains("value=\"Spring\""), "{}", edit.body);
        let paused = anna.post(&format!("{page}/pause"), &[]).await;
        assert_eq!(paused.status, StatusCode::SEE_OTHER);
        assert_eq!(anna.post(&format!("{page}/stop"), &[]).await.status, StatusCode::SEE_OTHER);
        let over = anna.post(&format!("{page}/launch"), &[]).await;
        assert_eq!(over.status, StatusCode::CONFLICT);
        for (login, expected) in [("gleb", 404), ("olga", 200), ("boris", 404), ("prokhor", 404)] {
            let seen = cast.client(login).await.get(&page).await;
            assert_eq!(seen.status.as_u16(), expected, "{login}");
        }
    }

    async fn a_campaign_names_its_country_and_tells_where_its_rules_come_from(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let fresh = CampaignForm::fresh(Currency::Eur, Country::RU);
        let form = CampaignForm { script: "> Hello".to_owned(), ..fresh };
        let over = [("act", "save"), ("name", "Lyon"), ("preset", "fr")];
        let late: Vec<_> = over.into_iter().chain([("open_from", "20:30"), ("open_to", "21:00")])
            .collect();
        let never = anna.post("/campaigns", &pairs(&form, &late)).await;
        assert_eq!(never.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(never.body.contains("never meet"), "{}", never.body);
        let odd = [("act", "save"), ("name", "Lyon"), ("preset", "atlantis")];
        let odd = anna.post("/campaigns", &pairs(&form, &odd)).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = anna.post("/campaigns", &pairs(&form, &over)).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let page = anna.get(&made.location.expect("leads to the campaign")).await.body;
        for told in ["France", "13:00", "at most 4 in 30 d", "2022-1313", "no legal advice"] {
            assert!(page.contains(told), "{told}: {page}");
        }
    }

    async fn a_campaign_keeps_the_holidays_of_the_firm_s_country_or_those_it_names(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "gb");
        crate::people::actions::set_country(&act, Country::GB).await.expect("is British");
        let anna = cast.client("anna").await;
        let calendar = async |page: &str| {
            let id = page.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
            let mut tx = cast.app.db.read().await.expect("reads");
            let made = actions::find(&mut tx, cast.org, id).await.expect("a campaign");
            (made.policy.hours.holidays_off, made.policy.hours.calendar)
        };
        let new = anna.get("/campaigns/new").await.body;
        assert!(new.contains("<option value=\"gb\" selected>England and Wales"), "{new}");
        let fresh = CampaignForm::fresh(Currency::Gbp, Country::GB);
        let form = CampaignForm { script: "> Hello".to_owned(), ..fresh };
        let own = [("name", "Own"), ("preset", "own"), ("holidays_off", "on")];
        let made = anna.post("/campaigns", &pairs(&form, &own)).await;
        let page = made.location.expect("leads to the campaign");
        assert_eq!(calendar(&page).await, (true, Calendar::Gb), "left out, it is the firm's");
        let shown = anna.get(&page).await.body;
        assert!(shown.contains("public holidays off: England and Wales"), "{shown}");
        let french = [own[0], own[1], own[2], ("calendar", "fr")];
        let changed = anna.post(&page, &pairs(&form, &french)).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
        assert_eq!(calendar(&page).await, (true, Calendar::Fr));
        let odd = [own[0], own[1], ("calendar", "atlantis"), ("version", "2")];
        let odd = anna.post(&page, &pairs(&form, &odd)).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(odd.body.contains("calendar-e"), "{}", odd.body);
        // Of a country's rules the holidays are its own, whatever else was chosen.
        let told = [own[0], own[2], ("preset", "us"), ("calendar", "fr"), ("act", "rules")];
        let told = anna.post("/campaigns", &pairs(&form, &told)).await.body;
        assert!(!told.contains("public holidays off: France"), "{told}");
        let program = cast.api("anna").await;
        for (named, expected) in [(None, Calendar::Gb), (Some("eu"), Calendar::Eu)] {
            let mut sent = body();
            if let Some(named) = named {
                sent["policy"]["calendar"] = named.into();
            }
            let made = program.post("/api/v1/campaigns", &sent).await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
            let id = made.json()["data"]["id"].as_str().expect("an id").to_owned();
            assert_eq!(calendar(&id).await, (true, expected));
            let shown = program.get(&format!("/api/v1/campaigns/{id}")).await.json();
            assert_eq!(shown["data"]["policy"]["calendar"], expected.code());
        }
    }

    async fn a_campaign_says_how_often_each_part_of_the_day_is_tried(t: TestDb) {
        let cast = Cast::gather(t).await;
        let program = cast.api("anna").await;
        let mut sent = body();
        sent["policy"]["afternoon_max"] = 0.into();
        let made = program.post("/api/v1/campaigns", &sent).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let id = made.json()["data"]["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/campaigns/{id}");
        let policy = program.get(&path).await.json()["data"]["policy"].clone();
        assert_eq!(policy["afternoon_max"], 0);
        assert!(policy["midday_max"].is_null(), "{policy}");
        sent["policy"]["midday_max"] = 51.into();
        assert_eq!(program.post("/api/v1/campaigns", &sent).await.status.as_u16(), 422);
        let anna = cast.client("anna").await;
        let form = anna.get(&format!("/campaigns/{id}/edit")).await.body;
        let typed = "name=\"afternoon_max\" inputmode=\"numeric\" value=\"0\"";
        assert!(form.contains(typed), "{form}");
        let fresh = CampaignForm::fresh(Currency::Rub, Country::RU);
        let fresh = CampaignForm { script: "> Hello".to_owned(), ..fresh };
        let none = [("act", "save"), ("morning_max", "0"), ("midday_max", "0"),
            ("afternoon_max", "0")];
        let none = anna.post("/campaigns", &pairs(&fresh, &none)).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains("No part of the day is left"), "{}", none.body);
        let some = [("act", "save"), ("name", "parts"), ("morning_max", "2"), ("midday_max", "")];
        let some = anna.post("/campaigns", &pairs(&fresh, &some)).await;
        let id: CampaignId = some.location.expect("leads to the campaign").rsplit('/').next()
            .expect("an id").parse().expect("an id");
        let mut tx = cast.app.db.read().await.expect("reads");
        let made = actions::find(&mut tx, cast.org, id).await.expect("reads");
        assert_eq!(made.policy.part_max, [Some(2), None, None]);
    }

    async fn the_form_tells_the_rules_of_a_country_before_anything_is_saved(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let first = anna.get("/campaigns/new").await.body;
        assert!(first.contains("Hours that hold in the end") && first.contains("checked on"));
        let save = first.find("value=\"save\"").expect("a button");
        assert!(save < first.find("value=\"count\"").expect("a button"), "Enter saves");
        let script = "> Hello".to_owned();
        let form = CampaignForm { script, ..CampaignForm::fresh(Currency::Rub, Country::RU) };
        let ask = async |over: &[(&str, &str)]| {
            let told = anna.post("/campaigns", &pairs(&form, over)).await;
            assert_eq!(told.status, StatusCode::OK, "{}", told.body);
            assert!(!told.body.contains("aria-invalid"), "nothing is wrong yet: {}", told.body);
            told.body
        };
        let france = ask(&[("act", "rules"), ("name", ""), ("preset", "fr")]).await;
        for told in ["Mon Tue · 10:00–13:00; Mon Tue · 14:00–18:00", "at most 4 in 30 d",
            "2022-1313", "60 days of peace", "the stricter of campaign and country", "checked on"] {
            assert!(france.contains(told), "{told}: {france}");
        }
        let own = ask(&[("act", "rules"), ("name", ""), ("preset", "own")]).await;
        assert!(own.contains("<b>Mon Tue · 09:00–18:00</b>"), "{own}");
        assert!(!own.contains("the stricter of campaign and country"), "{own}");
        let never = ask(&[("act", "rules"), ("preset", "fr"), ("open_from", "20:30"),
            ("open_to", "21:00")]).await;
        assert!(never.contains("never meet"), "{never}");
        let all = anna.get("/campaigns").await.body;
        assert!(!all.contains("href=\"/campaigns/0"), "nothing was made: {all}");
        let entered = anna.post("/campaigns", &pairs(&form, &[("name", "Lyon")])).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    }

    async fn a_principal_sees_the_campaign_they_ordered_and_changes_nothing(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let anna = floor.cast.viewer("anna").await;
        let version = floor.campaign().await.version;
        let ordered = |who: &str| terms::CampaignTerms {
            principal: Some(floor.cast.id(who)),
            ..floor::terms("spring", CallingPolicy::default())
        };
        let act = floor.cast.act("anna", "wrong");
        let held = (floor.campaign, version);
        let wrong = actions::change(&act, &anna, held, ordered("boris")).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
        let act = floor.cast.act("anna", "ordered");
        actions::change(&act, &anna, held, ordered("prokhor")).await.expect("changes");
        let prokhor = floor.cast.client("prokhor").await;
        let page = format!("/campaigns/{}", floor.campaign);
        let seen = prokhor.get(&page).await;
        assert_eq!(seen.status, StatusCode::OK);
        assert!(!seen.body.contains("/pause"), "{}", seen.body);
        assert_eq!(prokhor.post(&format!("{page}/pause"), &[]).await.status, StatusCode::NOT_FOUND);
        let script = actions::list_scripts(
            &mut floor.cast.app.db.read().await.expect("reads"),
            floor.cast.org,
            floor.campaign,
        )
        .await
        .expect("scripts");
        assert_eq!(script.len(), 1);
    }
}

/// A form as a browser sends it, some fields typed over.
fn pairs<'a>(form: &'a CampaignForm, over: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<(&str, &str)> = vec![
        ("version", "1"),
        ("name", form.name.as_str()),
        ("engagement", &form.engagement),
        ("purpose", &form.purpose),
        ("legal_basis", &form.legal_basis),
        ("day1", "on"),
        ("day2", "on"),
        ("open_from", &form.open_from),
        ("open_to", &form.open_to),
        ("wants_who", "on"),
        ("pays_lead_accepted", "on"),
        ("script", &form.script),
    ];
    all.extend(form.figures());
    for (name, value) in over {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all
}

/// A campaign as a program sends it.
fn body() -> serde_json::Value {
    serde_json::json!({
        "name": "API", "engagement": "three_tiers", "purpose": "contract",
        "legal_basis": "public_source", "passport": ["need"], "targets": ["lead_accepted"],
        "policy": {
            "days": [1], "open_from": "09:00", "open_to": "18:00", "holidays_off": true,
            "attempts_max": 5, "attempts_per_day_max": 2, "gap_minutes": 120,
            "cool_down_days": 30, "pressure_max": 5, "pressure_days": 7, "lease_seconds": 300,
            "callback_grace_minutes": 10, "acceptance_minutes": 240,
        },
    })
}
