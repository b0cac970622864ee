use super::*;

#[test]
fn roles_are_read_and_written_as_a_list() {
    let hunter = Roles::parse("caller,seller,service").expect("known roles");
    assert!(hunter.has(Role::Seller) && !hunter.has(Role::Owner));
    assert_eq!(hunter.text(), "caller,seller,service");
    assert_eq!(Roles::parse("caller,king"), None);
}

use crate::both;
use crate::cast::Cast;
use crate::events;
use crate::storage::Act;
use axum::http::StatusCode;
use serde_json::json;

mod grants;
mod keys;
mod teams;
mod tries;

both! {
    async fn a_person_signs_in_works_and_signs_out(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "password");
        actions::set_password(&act, cast.id("boris"), "correct horse".to_owned())
            .await
            .expect("a password");
        let wrong = [("login", "boris"), ("password", "wrong horse"), ("next", "")];
        let refused = cast.anonymous().post("/sign-in", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Login or password is wrong"), "{}", refused.body);
        let right = [("login", "boris"), ("password", "correct horse"), ("next", "//evil")];
        let entered = cast.anonymous().post("/sign-in", &right).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        assert_eq!(entered.location.as_deref(), Some("/"));
        let boris = cast.client("boris").await;
        assert_eq!(boris.get("/settings").await.status, StatusCode::OK);
        boris.post("/sign-out", &[]).await;
        let after = boris.get("/settings").await;
        assert_eq!(after.location.as_deref(), Some("/sign-in?next=%2Fsettings"));
    }

    async fn a_form_without_the_session_s_token_changes_nothing_and_gives_the_text_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        let fields = [("lang", "ru"), ("theme", "dark"), ("keys", "on"), ("_csrf", "forged")];
        let refused = boris.post("/settings", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(cast.viewer("boris").await.user.theme == "auto");
    }

    async fn a_sign_in_leads_to_our_own_pages_only(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "password");
        actions::set_password(&act, cast.id("boris"), "a long password".to_owned())
            .await
            .expect("a password");
        for (next, to) in [
            ("/tasks?view=late", "/tasks?view=late"),
            ("", "/"),
            ("tasks", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/\n/evil.example", "/"),
            ("\u{1}//evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
        ] {
            let sent = [("login", "boris"), ("password", "a long password"), ("next", next)];
            let reply = cast.anonymous().post("/sign-in", &sent).await;
            assert_eq!(reply.location.as_deref(), Some(to), "{next:?}: {}", reply.status);
            cast.clock.advance_ms(MINUTE_MS);
        }
    }

    async fn guessing_a_password_waits_after_ten_tries(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "password");
        actions::set_password(&act, cast.id("boris"), "a long password".to_owned())
            .await
            .expect("a password");
        let guess = async |login: &str, password: &str| {
            let sent = [("login", login), ("password", password), ("next", "")];
            cast.anonymous().post("/sign-in", &sent).await.status.as_u16()
        };
        for _ in 0..10 {
            assert_eq!(guess("boris", "a wrong one").await, 422);
        }
        assert_eq!(guess("boris", "a long password").await, 429, "the right one waits too");
        assert_eq!(guess(" boris ", "a long password").await, 429, "spaces are no way around");
        assert_eq!(guess("bella", "a wrong one").await, 422, "others go on");
        cast.clock.advance_ms(5 * MINUTE_MS);
        assert_eq!(guess("boris", "a long password").await, 303);
    }

    async fn a_sign_in_opens_a_session_of_its_own(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "password");
        actions::set_password(&act, cast.id("boris"), "a long password".to_owned())
            .await
            .expect("a password");
        // A session that somebody else chose for this browser.
        let fixed = "ab".repeat(32);
        let sent = [("login", "boris"), ("password", "a long password"), ("next", "")];
        let entered = cast.holder_of(fixed.clone()).post("/sign-in", &sent).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        let cookie = entered.headers["set-cookie"].to_str().expect("text");
        assert!(!cookie.contains(&fixed), "{cookie}");
        for flag in ["; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        let after = cast.holder_of(fixed).get("/settings").await;
        assert_eq!(after.location.as_deref(), Some("/sign-in?next=%2Fsettings"));
        let secure = crate::web::Settings { is_secure: true, ..cast.app.settings.as_ref().clone() };
        let app = crate::web::App::new(cast.app.db.clone(), cast.clock.clone(), secure);
        assert!(session::cookie(&app, "0").ends_with("; Secure"));
    }

    async fn a_person_shut_out_is_out_at_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        assert_eq!(boris.get("/settings").await.status, StatusCode::OK);
        actions::disable_user(&cast.act("alla", "out"), cast.id("boris")).await.expect("out");
        assert_eq!(boris.get("/settings").await.status, StatusCode::SEE_OTHER);
        let last = actions::disable_user(&cast.act("alla", "out2"), cast.id("alla")).await;
        assert!(matches!(last, Err(Error::Refused(_))), "{last:?}");
    }

    async fn the_same_key_acts_once_and_another_request_under_it_is_refused(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        let dark = [("lang", "en"), ("theme", "dark"), ("keys", "on")];
        let light = [("lang", "en"), ("theme", "light"), ("keys", "on")];
        for _ in 0..2 {
            let kept = boris.post_with_key("/settings", &dark, "k").await;
            assert_eq!(kept.status, StatusCode::SEE_OTHER);
        }
        let other = boris.post_with_key("/settings", &light, "k").await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(cast.viewer("boris").await.user.theme, "dark");
    }
}

/// What stands between two texts of a page.
fn between<'a>(body: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = body.split_once(before).expect("the text before");
    rest.split_once(after).expect("the text after").0
}

const VICTOR: [(&str, &str); 8] = [
    ("login", "victor"),
    ("name", "Victor of the cast"),
    ("alias", "Victor"),
    ("tier", "1"),
    ("team", ""),
    ("lang", "en"),
    ("role_caller", "true"),
    ("role_seller", "true"),
];

both! {
    async fn an_administrator_adds_a_person_who_enters_by_a_link_shown_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.client("alla").await;
        let added = alla.post("/people", &VICTOR).await;
        let place = added.location.expect("the page of the person");
        assert!(alla.get(&place).await.body.contains("Victor of the cast"));
        let link = alla.post(&format!("{place}/link"), &[]).await;
        let path = between(&link.body, "value=\"http://localhost", "\"").to_owned();
        assert!(!alla.get(&place).await.body.contains("/sign-in/"));
        let entered = cast.anonymous().post(&path, &[]).await;
        assert_eq!(entered.location.as_deref(), Some("/"));
        assert_eq!(cast.anonymous().get(&path).await.status, StatusCode::CONFLICT);
        let taken = alla.post("/people", &VICTOR).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.body.contains("This login is taken"), "{}", taken.body);
        assert!(taken.body.contains("value=\"Victor of the cast\""), "what was typed is kept");
    }

    async fn a_link_asked_for_twice_by_one_request_is_made_and_shown_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.client("alla").await;
        let path = format!("/people/{}/link", cast.id("boris"));
        let first = alla.post_with_key(&path, &[], "press").await;
        assert!(first.body.contains("/sign-in/"), "{}", first.body);
        let again = alla.post_with_key(&path, &[], "press").await;
        assert_eq!(again.status, StatusCode::OK);
        assert!(again.body.contains("This link was shown already"), "{}", again.body);
        assert!(!again.body.contains("value=\"http://localhost/sign-in/"), "{}", again.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let links = tx.all("select token_hash from sign_in_links", &[]).await.expect("reads");
        assert_eq!(links.len(), 1);
        let always = (Instant(0), Instant(i64::MAX));
        let told = events::list_of_kind(&mut tx, cast.org, events::Kind::LinkMade, always).await;
        assert_eq!(told.expect("reads").len(), 1);
    }

    async fn a_link_that_was_only_looked_at_is_not_used(t: TestDb) {
        let cast = Cast::gather(t).await;
        let made = actions::make_link(&cast.act("alla", "link"), cast.id("boris"), false).await;
        let path = format!("/sign-in/{}", made.expect("made").expect("a link").0);
        let stranger = cast.anonymous();
        for method in ["HEAD", "GET", "HEAD", "GET"] {
            let request = axum::http::Request::builder().method(method).uri(&path);
            let looked = cast.send(request.body(axum::body::Body::empty()).expect("one")).await;
            assert_eq!(looked.status, StatusCode::OK, "{method}");
            assert!(!looked.headers.contains_key("set-cookie"), "{method} opens no session");
        }
        let shown = stranger.get(&path).await.body;
        assert!(shown.contains(&format!("action=\"{path}\"")) && shown.contains("autofocus"));
        let forged = axum::http::Request::post(&path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .body(axum::body::Body::empty())
            .expect("a request");
        assert_eq!(cast.send(forged).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let entered = stranger.post(&path, &[]).await;
        assert_eq!(entered.location.as_deref(), Some("/"));
        let cookie = entered.headers["set-cookie"].to_str().expect("text");
        let secret = between(cookie, "troika_session=", ";").to_owned();
        assert_eq!(cast.holder_of(secret).get("/settings").await.status, StatusCode::OK);
        for spent in [stranger.post(&path, &[]).await, stranger.get(&path).await] {
            assert_eq!(spent.status, StatusCode::CONFLICT);
            assert!(!spent.headers.contains_key("set-cookie"));
            assert!(spent.body.contains("Ask your administrator"), "{}", spent.body);
            assert!(spent.body.contains("href=\"/sign-in\""), "{}", spent.body);
        }
    }

    async fn a_link_ends_after_half_an_hour_and_serves_once_of_two_presses(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "link");
        let secret = actions::make_link(&act, cast.id("boris"), false).await;
        let secret = secret.expect("made").expect("a link").0;
        let (now, db) = (cast.clock.now(), &cast.app.db);
        let late = actions::use_link(db, &secret, now.plus_minutes(30)).await;
        assert!(matches!(late, Err(Error::Refused(_))));
        assert!(!actions::is_live_link(db, &secret, now.plus_minutes(30)).await.expect("reads"));
        let (one, two) = tokio::join!(
            actions::use_link(db, &secret, now),
            actions::use_link(db, &secret, now),
        );
        assert_ne!(one.is_ok(), two.is_ok(), "one of two");
    }

    async fn a_person_without_a_name_or_role_or_with_a_stranger_s_team_is_not_added(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.client("alla").await;
        let nobody = [("login", "x"), ("name", " "), ("alias", "x"), ("tier", "9"), ("team", "")];
        let refused = alla.post("/people", &nobody).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for id in ["name-e", "roles-e", "tier-e"] {
            assert!(refused.body.contains(id), "{id}");
        }
        let team = TeamId::fresh(cast.clock.now()).to_string();
        let mut fields = VICTOR;
        fields[4] = ("team", &team);
        let refused = alla.post("/people", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("team-e"));
        assert_eq!(alla.post("/teams", &[("name", ""), ("tier", "1")]).await.status.as_u16(), 422);
        let made = alla.post("/teams", &[("name", "calls-c"), ("tier", "1")]).await;
        assert_eq!(made.location.as_deref(), Some("/people#teams"));
    }

    async fn only_the_owner_and_the_administrator_reach_the_people(t: TestDb) {
        let cast = Cast::gather(t).await;
        for (login, expected) in [("olga", 200), ("alla", 200), ("anna", 404), ("boris", 404)] {
            let client = cast.client(login).await;
            assert_eq!(client.get("/people").await.status.as_u16(), expected, "{login}");
            let path = format!("/people/{}", cast.id("boris"));
            assert_eq!(client.get(&path).await.status.as_u16(), expected, "{login}");
            let api = cast.api(login).await.get("/api/v1/people").await;
            assert_eq!(api.status.as_u16(), expected, "{login}");
        }
    }

    async fn the_last_administrator_stays_one(t: TestDb) {
        let cast = Cast::gather(t).await;
        let olga = cast.client("olga").await;
        let path = format!("/people/{}", cast.id("alla"));
        let fields =
            [("name", "Alla"), ("alias", "A"), ("tier", ""), ("team", ""), ("role_owner", "true")];
        let refused = olga.post(&path, &fields).await;
        assert!(refused.body.contains("last administrator"), "{}", refused.body);
        let refused = olga.post(&format!("{path}/disablement"), &[]).await;
        assert!(refused.body.contains("last administrator"), "{}", refused.body);
        let mut fields = fields.to_vec();
        fields.push(("role_administrator", "true"));
        assert_eq!(olga.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(cast.viewer("alla").await.user.alias, "A");
        let gone = olga.post(&format!("/people/{}/disablement", cast.id("boris")), &[]).await;
        assert_eq!(gone.location.as_deref(), Some("/people"));
    }

    async fn of_two_administrators_who_shut_each_other_out_one_stays(t: TestDb) {
        let mut cast = Cast::gather(t).await;
        cast.hire("asya", Role::Administrator, ("", 0)).await;
        let (alla, asya) = (cast.id("alla"), cast.id("asya"));
        let change = |name: &str| actions::UserChange {
            name: name.to_owned(),
            alias: name.to_owned(),
            roles: Roles::of(&[Role::Head]),
            tier: None,
            team: None,
        };
        for round in 0..20 {
            let (one, two) =
                (cast.act("alla", &format!("a{round}")), cast.act("asya", &format!("b{round}")));
            // Shut out by one, or lowered by the other: neither may take the last one away.
            let (first, second) = tokio::join!(
                tokio::spawn(async move { actions::disable_user(&one, asya).await }),
                tokio::spawn({
                    let change = change("alla");
                    async move { actions::change_user(&two, alla, change).await }
                }),
            );
            let (first, second) = (first.expect("ends"), second.expect("ends"));
            assert_ne!(first.is_ok(), second.is_ok(), "round {round}: {first:?} {second:?}");
            let mut tx = cast.app.db.begin().await.expect("begins");
            let role = "update users set disabled_at = null, role = 'administrator' where id = $1";
            for id in [alla, asya] {
                tx.run(role, crate::vals![id]).await.expect("is one again");
            }
            tx.commit().await.expect("is kept");
        }
    }

    async fn a_new_password_wants_the_old_one_and_ends_other_sessions(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (here, there) = (cast.client("boris").await, cast.client("boris").await);
        let first = [("password", "correct horse")];
        assert_eq!(here.post("/settings/password", &first).await.status, StatusCode::SEE_OTHER);
        assert_eq!(there.get("/settings").await.status, StatusCode::SEE_OTHER, "signed out");
        let wrong = [("old_password", "wrong"), ("password", "battery staple")];
        let refused = here.post("/settings/password", &wrong).await;
        assert!(refused.body.contains("The old password is wrong"), "{}", refused.body);
        assert!(!refused.body.contains("battery staple"), "a password is never printed");
        let right = [("old_password", "correct horse"), ("password", "battery staple")];
        assert_eq!(here.post("/settings/password", &right).await.status, StatusCode::SEE_OTHER);
        assert_eq!(here.get("/settings").await.status, StatusCode::OK);
        let short = [("old_password", "battery staple"), ("password", "short")];
        assert_eq!(here.post("/settings/password", &short).await.status.as_u16(), 422);
    }

    async fn a_token_is_shown_once_opens_its_scopes_and_ends_when_revoked(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.client("alla").await;
        let fields = [("name", "robot"), ("scopes", "people:read")];
        let made = alla.post_with_key("/settings/tokens", &fields, "one").await;
        let secret = between(&made.body, "value=\"troika_", "\"").to_owned();
        let again = alla.post_with_key("/settings/tokens", &fields, "one").await;
        assert!(again.body.contains("sent twice") && !again.body.contains("troika_"));
        let ask = |method: &str, path: &str| {
            axum::http::Request::builder()
                .method(method)
                .uri(path)
                .header("authorization", format!("Bearer troika_{secret}"))
                .header("idempotency-key", "k")
                .body(axum::body::Body::from(r#"{"name":"t","tier":1}"#))
                .expect("a request")
        };
        assert_eq!(cast.send(ask("GET", "/api/v1/me")).await.json()["data"]["login"], "alla");
        assert_eq!(cast.send(ask("POST", "/api/v1/teams")).await.status, StatusCode::NOT_FOUND);
        let page = alla.get("/settings").await.body;
        let path = between(&page, "action=\"/settings/tokens/", "\"").to_owned();
        let revoked = alla.post(&format!("/settings/tokens/{path}"), &[]).await;
        assert_eq!(revoked.location.as_deref(), Some("/settings#tokens"));
        assert_eq!(cast.send(ask("GET", "/api/v1/me")).await.status, StatusCode::UNAUTHORIZED);
        let odd = alla.post("/settings/tokens", &[("name", "x"), ("scopes", "everything")]).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_wrong_scope_is_named_with_those_there_are(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.client("alla").await;
        for (scopes, wrong) in
            [("people:read foo:bar", "foo:bar"), ("leeds:write", "leeds:write"), ("", "")]
        {
            let fields = [("name", "x"), ("scopes", scopes)];
            let told = alla.post("/settings/tokens", &fields).await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{scopes}");
            assert!(told.body.contains(&format!("“{wrong}” opens nothing")), "{}", told.body);
            assert!(told.body.contains("calls, campaigns"), "{}", told.body);
        }
        let fields = [("name", "x"), ("scopes", "companies:read calls:write *:read")];
        assert_eq!(alla.post("/settings/tokens", &fields).await.status, StatusCode::OK);
    }

    async fn who_calls_sells_or_serves_works_in_the_tier_of_that_role(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.api("alla").await;
        for (place, (roles, tier, is_taken)) in [
            (vec!["caller"], json!(null), false),
            (vec!["caller"], json!(2), false),
            (vec!["seller"], json!(1), false),
            (vec!["service", "head"], json!(1), false),
            (vec!["caller", "seller"], json!(3), false),
            (vec!["caller", "seller"], json!(2), true),
            (vec!["head"], json!(3), true),
            (vec!["administrator"], json!(null), true),
        ]
        .into_iter()
        .enumerate()
        {
            let login = format!("new{place}");
            let new = json!({ "login": login, "name": "N", "alias": "N", "roles": roles,
                "tier": tier, "team": null });
            let made = alla.post("/api/v1/people", &new).await;
            if is_taken {
                assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
            } else {
                let problem = &made.json()["error"]["fields"]["tier"];
                assert_eq!(problem["code"], "tier-of-roles", "{roles:?}: {}", made.body);
            }
        }
        let boris = format!("/api/v1/people/{}", cast.id("boris"));
        let change = json!({ "name": "B", "alias": "B", "roles": ["caller"], "tier": 2,
            "team": null });
        let told = alla.post(&boris, &change).await;
        let problem = &told.json()["error"]["fields"]["tier"];
        assert_eq!(problem["code"], "tier-of-roles", "{}", told.body);
    }

    async fn the_api_does_with_people_what_the_pages_do(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.api("alla").await;
        let team = alla.post("/api/v1/teams", &json!({ "name": "c", "tier": 1 })).await;
        let team = team.json()["data"]["id"].clone();
        let new = json!({ "login": "victor", "name": "Victor", "alias": "V",
            "roles": ["caller"], "tier": 1, "team": team });
        let made = alla.post("/api/v1/people", &new).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let path = format!("/api/v1/people/{}", made.json()["data"]["id"].as_str().expect("an id"));
        let change = json!({ "name": "Victor", "alias": "V", "roles": ["caller", "king"] });
        assert_eq!(alla.post(&path, &change).await.status.as_u16(), 422);
        let change = json!({ "name": "Victor", "alias": "V", "roles": ["seller"], "tier": 2 });
        assert_eq!(alla.post(&path, &change).await.status, StatusCode::OK);
        assert_eq!(alla.get(&path).await.json()["data"]["roles"], json!(["seller"]));
        let link = alla.post(&format!("{path}/link"), &json!({})).await;
        assert_eq!(link.status, StatusCode::CREATED);
        let out = alla.post(&format!("{path}/disablement"), &json!({})).await;
        assert_eq!(out.status, StatusCode::OK);
        let late = alla.post(&format!("{path}/link"), &json!({})).await;
        assert_eq!(late.status, StatusCode::NOT_FOUND, "{}", late.body);
        let first = alla.get("/api/v1/people?limit=10").await.json();
        let next = first["next"].as_str().expect("more people");
        let rest = alla.get(&format!("/api/v1/people?after={next}")).await.json();
        let count = |page: &serde_json::Value| page["data"].as_array().map_or(0, Vec::len);
        assert_eq!(count(&first) + count(&rest), cast.people.len() + 1);
    }

    async fn a_demo_is_removed_only_by_its_number_and_leaves_one_administrator(t: TestDb) {
        let cast = Cast::gather(t).await;
        let alla = cast.client("alla").await;
        assert_eq!(alla.get("/demo/removal").await.status, StatusCode::NOT_FOUND, "not a demo");
        let demo = found_demo(&cast).await;
        let typed = |count: &'static str| {
            [("firm", "Ours"), ("login", "anya"), ("name", "Anya A."),
                ("password", "correct horse"), ("count", count)]
        };
        let refused = demo.post("/demo/removal", &typed("3")).await;
        assert!(refused.body.contains("not the number shown"), "{}", refused.body);
        let gone = demo.post("/demo/removal", &typed("0")).await;
        assert_eq!(gone.location.as_deref(), Some("/people"), "{}", gone.body);
        assert_eq!(demo.get("/people").await.status, StatusCode::SEE_OTHER, "signed out");
        let enter = [("login", "anya"), ("password", "correct horse"), ("next", "")];
        let entered = cast.anonymous().post("/sign-in", &enter).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER);
        let mut tx = cast.app.db.read().await.expect("reads");
        let firms = tx.all("select id from organisations", &[]).await.expect("firms");
        let ours: Vec<OrgId> = firms.iter().map(|row| row.id("id").expect("an id")).collect();
        let ours = ours.into_iter().find(|id| *id != cast.org).expect("the firm that is founded");
        let (kind, always) = (crate::events::Kind::UserAdded, (Instant(0), Instant(i64::MAX)));
        let added = crate::events::list_of_kind(&mut tx, ours, kind, always).await.expect("reads");
        drop(tx);
        assert_eq!(added.len(), 1);
        let roles = Roles::of(&[Role::Owner, Role::Administrator]).text();
        assert_eq!(added[0].detail["roles"], json!(roles), "the place after it: {added:?}");
        // The other firm of the database has lost nothing, and its events are frozen again.
        assert_eq!(alla.get("/people").await.status, StatusCode::OK);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let firms = tx.all("select id from organisations", &[]).await.expect("firms");
        assert_eq!(firms.len(), 2);
        assert!(tx.run("delete from events", &[]).await.is_err(), "events are append-only");
    }

    async fn the_country_of_a_firm_is_changed_and_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        assert_eq!(actions::firm(&mut tx, cast.org).await.expect("reads").country, Country::RU);
        drop(tx);
        actions::set_country(&cast.act("alla", "gb"), Country::GB).await.expect("kept");
        assert_eq!(cast.viewer("anna").await.country, Country::GB);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let nobody = OrgId::fresh(cast.clock.now());
        let none = super::store::update_country(&mut tx, nobody, Country::RU).await;
        assert_eq!(none.expect("asked"), 0, "of no other firm");
        let always = (Instant(0), Instant(i64::MAX));
        let kind = crate::events::Kind::FirmChanged;
        let told = crate::events::list_of_kind(&mut tx, cast.org, kind, always).await;
        let told = told.expect("reads");
        let told: Vec<_> = told.iter().map(|one| (&one.detail["country"], one.actor)).collect();
        assert_eq!(told, [(&"GB".into(), Some(cast.id("alla")))]);
    }

    async fn a_real_firm_cannot_be_erased_and_a_demo_can(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        assert!(crate::storage::erase_firm(&mut tx, cast.org).await.is_err());
        tx.run("update organisations set is_demo = true", &[]).await.expect("now it is a demo");
        let rows = crate::storage::erase_firm(&mut tx, cast.org).await.expect("erased");
        assert!(rows > 10, "{rows}");
    }
}

/// A second firm that is a demo, and its administrator at a browser.
async fn found_demo(cast: &Cast) -> crate::cast::Client<'_> {
    let now = cast.clock.now();
    let firm = actions::NewFirm {
        name: "Demo",
        zone: "Europe/Moscow",
        currency: Currency::Rub,
        lang: Lang::En,
        country: Country::RU,
        is_demo: true,
    };
    let org = actions::found_firm(&cast.app.db, firm, now).await.expect("a demo");
    let act = Act::by_product(&cast.app.db, org, now, "first");
    let new = actions::NewUser {
        login: "dora".to_owned(),
        name: "Dora".to_owned(),
        alias: "Dora".to_owned(),
        roles: Roles::of(&[Role::Administrator]),
        tier: None,
        team: None,
        lang: Lang::En,
        password: None,
    };
    let user = actions::add_user(&act, new).await.expect("dora");
    let secret = actions::open_session(&cast.app.db, org, user, now).await.expect("a session");
    cast.holder_of(secret.0)
}
