//! A ban is lifted with a reason, by whoever is above.

use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::companies::forms::Details;
use crate::companies::suppression::Secret;
use crate::events::{self, Kind};

/// Boris bans a company by a slip of a key.
async fn banned(cast: &Cast, company: CompanyId, reason: SuppressReason) -> SuppressionId {
    let (act, anna) = (cast.act("anna", &format!("ban {reason:?}")), cast.viewer("anna").await);
    let wanted = crate::companies::suppression::Wanted::whole(Channel::All, reason);
    let ban = crate::calls::complaints::suppress(&act, &anna, company, wanted).await;
    ban.expect("banned")
}

async fn callable(cast: &Cast, company: CompanyId) -> usize {
    let mut tx = cast.app.db.read().await.expect("reads");
    let now = cast.clock.now();
    actions::list_callable_phones(&mut tx, cast.org, company, now).await.expect("reads").len()
}

/// A company called as [`flax`] in the same town.
fn namesake(number: &str, tax_id: Option<&str>) -> NewCompany {
    NewCompany { tax_id: tax_id.map(str::to_owned), phones: vec![phone(number)], ..flax() }
}

/// Bans a company and takes it out of the base.
async fn banned_and_gone(cast: &Cast, new: NewCompany) -> (CompanyId, SuppressionId) {
    let id = add(cast, "gone", new).await;
    let ban = banned(cast, id, SuppressReason::Asked).await;
    let act = cast.act("olga", "remove");
    let mut tx = act.db.begin().await.expect("begins");
    actions::remove_many_in(&mut tx, &act, &[id]).await.expect("is removed");
    tx.commit().await.expect("commits");
    (id, ban)
}

/// Types the town of a company on its card.
async fn place(cast: &Cast, key: &str, id: CompanyId, city: Option<&str>) {
    let mut tx = cast.app.db.read().await.expect("reads");
    let before = actions::find(&mut tx, cast.org, id).await.expect("reads").expect("there");
    drop(tx);
    let city = city.map(str::to_owned);
    let details = Details { city, ..Details::of(&before) };
    let (act, anna) = (cast.act("anna", key), cast.viewer("anna").await);
    actions::change(&act, &anna, id, before.version, details).await.expect("changed");
}

async fn bans_of(cast: &Cast, company: CompanyId) -> Vec<Suppression> {
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::list_bans(&mut tx, cast.org, company, cast.clock.now()).await.expect("reads")
}

both! {
    async fn a_number_or_a_person_is_banned_alone_and_until_a_day(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let other = add(&cast, "hemp", NewCompany { name: "Пенька".to_owned(), ..flax() }).await;
        let numbers = async |company: CompanyId| {
            let mut tx = cast.app.db.read().await.expect("reads");
            actions::list_phones(&mut tx, cast.org, company).await.expect("reads")
        };
        let (own, strange) = (numbers(id).await, numbers(other).await);
        let anna = cast.api("anna").await;
        let path = format!("/api/v1/companies/{id}/suppression");
        let ban = |whom: String, until: &str| {
            json!({ "channel": "call", "reason": "asked", "whom": whom, "until": until })
        };
        let phone = |of: &CompanyPhone| format!("phone:{}", of.id);
        for (wrong, field) in [
            (ban(phone(&strange[0]), ""), "whom"),
            (ban("phone:x".to_owned(), ""), "whom"),
            (ban("everybody".to_owned(), ""), "whom"),
            (ban(phone(&own[0]), "2026-10-30"), "until"),
            (ban(phone(&own[0]), "soon"), "until"),
        ] {
            let refused = anna.post(&path, &wrong).await;
            assert_eq!(refused.status.as_u16(), 422, "{wrong}: {}", refused.body);
            assert!(refused.json()["error"]["fields"][field].is_object(), "{}", refused.body);
        }
        let made = anna.post(&path, &ban(phone(&own[0]), "2026-11-05")).await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.body);
        assert_eq!(callable(&cast, id).await, own.len() - 1, "the others are called still");
        let page = cast.client("anna").await.get(&format!("/companies/{id}")).await.body;
        assert!(page.contains("until 5 Nov 2026"), "{page}");
        // The fifth is the last day on which it holds.
        cast.clock.set(Instant::from_rfc3339("2026-11-05T20:59:59Z").expect("an instant"));
        assert_eq!(callable(&cast, id).await, own.len() - 1);
        cast.clock.advance_ms(1_000);
        assert_eq!(callable(&cast, id).await, own.len());
    }

    async fn a_head_lifts_a_ban_with_a_reason_and_it_stays_on_record(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let ban = banned(&cast, id, SuppressReason::Asked).await;
        assert_eq!(callable(&cast, id).await, 0);
        let path = format!("/companies/{id}/suppressions/{ban}/lifting");
        let anna = cast.client("anna").await;
        let card = anna.get(&format!("/companies/{id}")).await.body;
        assert!(card.contains(&path) && card.contains("they asked"), "{card}");
        let why = [("why", "a slip of the key")];
        for login in ["boris", "sonya", "alla", "vera"] {
            let refused = cast.client(login).await.post(&path, &why).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{login}");
        }
        let bare = anna.post(&path, &[("why", " ")]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.body);
        let long = "so ".repeat(200);
        let long = anna.post(&path, &[("why", &long)]).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", long.body);
        assert!(long.body.contains("so so so"), "what was typed is there still");
        for _ in 0..2 {
            let lifted = anna.post_with_key(&path, &why, "k").await;
            assert_eq!(lifted.status, StatusCode::SEE_OTHER, "{}", lifted.body);
        }
        let again = anna.post(&path, &why).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
        assert_eq!(callable(&cast, id).await, 2);
        let card = cast.api("anna").await.get(&format!("/api/v1/companies/{id}")).await.json();
        assert_eq!(card["data"]["suppressions"], json!([]));
        let mut tx = cast.app.db.read().await.expect("reads");
        let told = events::list_for_subject(&mut tx, cast.org, &ban.to_string()).await;
        let told = told.expect("reads");
        let kinds: Vec<Kind> = told.iter().map(|event| event.kind).collect();
        assert_eq!(kinds, [Kind::ContactSuppressed, Kind::SuppressionLifted]);
        assert_eq!(told[1].actor, Some(cast.id("anna")));
        assert_eq!(told[1].detail["why"], json!(null), "what was written stands beside the event");
        let notes = actions::list_notes(&mut tx, cast.org, id, 9).await.expect("reads");
        assert_eq!(told[1].detail["note"], json!(notes[0].id));
        assert_eq!(notes[0].body, "a slip of the key");
        drop(tx);
        let story = anna.get(&format!("/companies/{id}/story")).await.body;
        assert!(story.contains("Ban lifted") && story.contains("a slip of the key"), "{story}");
        assert!(story.contains("no longer in force"), "the ban is there still: {story}");
        banned(&cast, id, SuppressReason::Complaint).await;
        assert_eq!(callable(&cast, id).await, 0, "the next ban holds");
    }

    async fn what_the_law_ordered_is_never_lifted(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let ban = banned(&cast, id, SuppressReason::Law).await;
        let path = format!("/companies/{id}/suppressions/{ban}/lifting");
        let olga = cast.api("olga").await;
        let why = json!({ "why": "we would like to" });
        let refused = olga.post(&format!("/api/v1{path}"), &why).await;
        assert_eq!(refused.json()["error"]["code"], "company-never-lifted", "{}", refused.body);
        let card = cast.client("olga").await.get(&format!("/companies/{id}")).await.body;
        assert!(card.contains("Ordered by law") && !card.contains(&path), "{card}");
        let made_up = format!("/api/v1/companies/{id}/suppressions/{id}/lifting");
        assert_eq!(olga.post(&made_up, &why).await.status, StatusCode::NOT_FOUND);
        assert_eq!(callable(&cast, id).await, 0);
    }

    async fn a_ban_met_at_another_company_is_lifted_there_for_both(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let twin = add(&cast, "twin", flax()).await;
        let ban = banned(&cast, id, SuppressReason::OurChoice).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let bans = actions::list_bans(&mut tx, cast.org, twin, cast.clock.now()).await;
        assert_eq!(bans.expect("reads").iter().map(|fact| fact.id).collect::<Vec<_>>(), [ban]);
        drop(tx);
        let olga = cast.viewer("olga").await;
        let act = cast.act("olga", "lift");
        actions::lift(&act, &olga, (twin, ban), "they are partners now").await.expect("lifted");
        assert_eq!((callable(&cast, id).await, callable(&cast, twin).await), (2, 2));
    }

    async fn of_two_who_lift_a_ban_at_once_one_does(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let ban = banned(&cast, id, SuppressReason::Abusive).await;
        let (olga, anna) = (cast.viewer("olga").await, cast.viewer("anna").await);
        let (one, other) = (cast.act("olga", "lift"), cast.act("anna", "lift"));
        let (one, other) = tokio::join!(
            actions::lift(&one, &olga, (id, ban), "sorted out"),
            actions::lift(&other, &anna, (id, ban), "sorted out"),
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
    }

    async fn a_ban_bars_no_namesake_that_stands_in_the_base(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let bare = add(&cast, "bare", namesake("8 495 223-45-71", None)).await;
        let other = add(&cast, "other", namesake("8 495 223-45-72", Some("7709092420"))).await;
        let reach = async || {
            [callable(&cast, id).await, callable(&cast, bare).await, callable(&cast, other).await]
        };
        assert_eq!(reach().await, [2, 1, 1]);
        let ban = banned(&cast, id, SuppressReason::Asked).await;
        assert_eq!(reach().await, [0, 1, 1]);
        let (mut tx, now) = (cast.app.db.read().await.expect("reads"), cast.clock.now());
        for (company, count) in [(id, 1), (bare, 0), (other, 0)] {
            let own = actions::list_bans_of_itself(&mut tx, cast.org, company, now).await;
            let all = actions::list_bans(&mut tx, cast.org, company, now).await;
            assert_eq!([own.expect("reads").len(), all.expect("reads").len()], [count; 2]);
        }
        let known = actions::list_known(&mut tx, cast.org, &[id, bare, other]).await;
        let silenced =
            actions::list_silenced(&mut tx, cast.org, &known.expect("reads"), now).await;
        assert_eq!(silenced.expect("reads").companies.into_iter().collect::<Vec<_>>(), [id]);
        let told = events::list_for_subject(&mut tx, cast.org, &ban.to_string()).await;
        assert_eq!(told.expect("reads")[0].detail["others"], json!([]), "it touches nobody else");
    }

    async fn who_is_added_under_the_name_of_a_banned_company_is_barred_alone(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (old, ground) = banned_and_gone(&cast, flax()).await;
        let (anna, api) = (cast.client("anna").await, cast.api("anna").await);
        let typed =
            [("name", "Лён и Нить"), ("city", "Хабаровск"), ("phones", "8 495 223-45-71")];
        let made = anna.post("/companies", &typed).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let path = made.location.expect("its card");
        let id: CompanyId = path.trim_start_matches("/companies/").parse().expect("an id");
        let card = anna.get(&path).await.body;
        assert!(card.contains("A company called so in the same town must not be called"), "{card}");
        let story = anna.get(&format!("{path}/story")).await.body;
        assert!(story.contains("called as a company that must not be called"), "{story}");
        let bans = bans_of(&cast, id).await;
        assert_eq!((bans.len(), callable(&cast, id).await), (1, 0));
        let mut tx = cast.app.db.read().await.expect("reads");
        let told = events::list_for_subject(&mut tx, cast.org, &bans[0].id.to_string()).await;
        let told = told.expect("reads").remove(0);
        drop(tx);
        assert_eq!(told.detail["ground"], json!(ground.to_string()));
        assert_eq!((told.company, &told.detail["others"]), (Some(id), &json!([])));
        let sent = json!({ "name": "Лён и нить", "city": "Хабаровск", "anyway": true,
            "phones": ["8 495 223-45-72"] });
        let twin = api.post("/api/v1/companies", &sent).await;
        assert_eq!(twin.status, StatusCode::CREATED, "{}", twin.body);
        assert_eq!(twin.json()["data"]["suppressions"][0]["is_by_name"], true, "{}", twin.body);
        let sent = json!({ "name": "Лён и нить", "city": "Хабаровск", "anyway": true,
            "phones": ["8 495 223-45-73"], "tax_id": "7709092420" });
        let other = api.post("/api/v1/companies", &sent).await;
        assert_eq!(other.json()["data"]["suppressions"], json!([]), "another tax number");
        let lifting = format!("{path}/suppressions/{}/lifting", bans[0].id);
        let lifted = anna.post(&lifting, &[("why", "another company")]).await;
        assert_eq!(lifted.status, StatusCode::SEE_OTHER, "{}", lifted.body);
        assert_eq!(callable(&cast, id).await, 1);
        let twin: CompanyId =
            twin.json()["data"]["id"].as_str().expect("an id").parse().expect("an id");
        assert_eq!(callable(&cast, twin).await, 0, "it was lifted of the one alone");
        let left: Vec<SuppressionId> = bans_of(&cast, old).await.iter().map(|ban| ban.id).collect();
        assert_eq!(left, [ground], "the ban of the other stays");
    }

    async fn who_gets_the_town_of_a_banned_company_called_so_is_barred_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        banned_and_gone(&cast, flax()).await;
        let (anna, olga) = (cast.viewer("anna").await, cast.viewer("olga").await);
        let new = NewCompany { city: None, ..namesake("8 495 223-45-71", None) };
        let id = actions::add(&cast.act("anna", "new"), &anna, new, true).await.expect("added");
        assert_eq!(bans_of(&cast, id).await, [], "nobody knows where it is");
        place(&cast, "placed", id, Some("г. Хабаровск")).await;
        let bans = bans_of(&cast, id).await;
        assert_eq!((bans.len(), callable(&cast, id).await), (1, 0));
        let act = cast.act("olga", "lift");
        actions::lift(&act, &olga, (id, bans[0].id), "another company").await.expect("lifted");
        place(&cast, "nowhere", id, None).await;
        place(&cast, "again", id, Some("Хабаровск")).await;
        assert_eq!((bans_of(&cast, id).await, callable(&cast, id).await), (Vec::new(), 1));
    }

    async fn a_ban_of_an_earlier_version_is_met_by_its_town_as_it_was_spelled(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (secret, made_at) = (Secret([7; 32]), cast.clock.now());
        let spelled = secret.seal(&format!("name:{}:спб", name_key("Марля")));
        let fact = Suppression {
            id: SuppressionId::fresh(made_at), kind: "company".to_owned(), channel: Channel::All,
            reason: SuppressReason::Asked, until: None, actor: None, made_at,
        };
        let mut tx = cast.app.db.begin().await.expect("begins");
        store::insert_secret(&mut tx, cast.org, &secret).await.expect("kept");
        let new = store::NewSuppression { fact: &fact, company: None, contact: None };
        store::insert_suppression(&mut tx, cast.org, new, &[spelled]).await.expect("kept");
        tx.commit().await.expect("kept");
        let anna = cast.viewer("anna").await;
        let (name, city) = ("Марля".to_owned(), Some("СПб".to_owned()));
        let new = NewCompany { name, city, ..namesake("8 495 223-45-71", Some("7709092420")) };
        let id = actions::add(&cast.act("anna", "new"), &anna, new, true).await.expect("added");
        let mut tx = cast.app.db.read().await.expect("reads");
        let stated = store::list_stated(&mut tx, cast.org, id).await.expect("reads");
        drop(tx);
        let bans: Vec<SuppressionId> = bans_of(&cast, id).await.iter().map(|ban| ban.id).collect();
        assert_eq!((stated.len(), stated), (1, bans));
    }

    async fn a_ban_is_met_by_the_number_of_the_registration_alone(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ogrn = || Some("1027700132195".to_owned());
        let id = add(&cast, "flax", NewCompany { ogrn: ogrn(), ..flax() }).await;
        let (name, city) = ("Пенька".to_owned(), None);
        let twin = namesake("8 495 223-45-71", None);
        let twin = add(&cast, "twin", NewCompany { name, city, ogrn: ogrn(), ..twin }).await;
        assert_eq!(callable(&cast, twin).await, 1);
        let ban = banned(&cast, id, SuppressReason::Asked).await;
        assert_eq!(callable(&cast, twin).await, 0);
        let mut tx = cast.app.db.read().await.expect("reads");
        let known = actions::list_known(&mut tx, cast.org, &[twin]).await.expect("reads");
        let silenced = actions::list_silenced(&mut tx, cast.org, &known, cast.clock.now()).await;
        assert!(silenced.expect("reads").companies.contains(&twin));
        let told = events::list_for_subject(&mut tx, cast.org, &ban.to_string()).await;
        assert_eq!(told.expect("reads")[0].detail["others"], json!([twin.to_string()]));
        let registered = store::list_registered(&mut tx, cast.org, &[ogrn().expect("one")]).await;
        assert_eq!(registered.expect("reads").len(), 2);
    }

    async fn a_name_bars_no_newcomer_once_its_ban_is_lifted_or_over(t: TestDb) {
        let cast = Cast::gather(t).await;
        let bare = NewCompany { tax_id: None, ..flax() };
        let (old, ban) = banned_and_gone(&cast, bare).await;
        let (anna, olga) = (cast.viewer("anna").await, cast.viewer("olga").await);
        let add = async |key: &str, number: &str| {
            let (act, new) = (cast.act("anna", key), namesake(number, Some("7709092420")));
            let id = actions::add(&act, &anna, new, true).await.expect("added");
            bans_of(&cast, id).await.len()
        };
        assert_eq!(add("one", "8 495 223-45-71").await, 1, "the banned one has no tax number");
        let act = cast.act("olga", "lift");
        actions::lift(&act, &olga, (old, ban), "a slip").await.expect("lifted");
        assert_eq!(add("two", "8 495 223-45-72").await, 0);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let act = cast.act("olga", "for a month");
        let until = Some(act.now.plus_days(30));
        let (whom, reason) = (Whom::Company(old), SuppressReason::Asked);
        let month = Suppress { whom, channel: Channel::Call, reason, until };
        actions::suppress_in(&mut tx, &act, month).await.expect("banned");
        tx.commit().await.expect("kept");
        assert_eq!(add("three", "8 495 223-45-73").await, 1);
        cast.clock.advance_ms(30 * 86_400_000);
        assert_eq!(add("four", "8 495 223-45-74").await, 0);
    }
}
