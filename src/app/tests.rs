use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::both;
use crate::cast::Cast;
use crate::events::{self, Kind};
use crate::jobs;
use crate::values::*;

both! {
    async fn under_a_name_that_is_not_its_own_the_product_answers_421_and_nothing_else(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ask = async |method: &str, path: &str, hosts: &[&str]| {
            let mut request = Request::builder().method(method).uri(path);
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            let request = request.header(header::ACCEPT_LANGUAGE, "en");
            cast.send(request.body(Body::empty()).expect("a request")).await
        };
        for hosts in [&["evil.example"][..], &["localhost", "evil.example"], &["localhost.evil"]] {
            for path in ["/", "/sign-in", "/assets/nothing.css", "/healthz/x"] {
                let reply = ask("GET", path, hosts).await;
                assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST, "{path} {hosts:?}");
                assert!(reply.body.starts_with("Troika is not opened"), "{}", reply.body);
                assert!(reply.headers.contains_key("content-security-policy"));
            }
            let reply = ask("POST", "/api/v1/tasks", hosts).await;
            assert_eq!(reply.status, StatusCode::MISDIRECTED_REQUEST);
            assert_eq!(reply.json()["error"]["code"], "other-host");
            assert_eq!(ask("GET", "/healthz", hosts).await.status, StatusCode::OK);
        }
        let absolute = ask("GET", "http://evil.example/sign-in", &["localhost"]).await;
        assert_eq!(absolute.status, StatusCode::MISDIRECTED_REQUEST);
        for hosts in [&["localhost:8080"][..], &["127.0.0.1"], &["[::1]:80"], &[]] {
            assert_eq!(ask("GET", "/sign-in", hosts).await.status, StatusCode::OK, "{hosts:?}");
        }
    }

    async fn a_draft_is_of_a_known_kind_and_a_person_keeps_so_many(t: TestDb) {
        use crate::web::drafts::{self, DRAFTS_MAX};
        let cast = Cast::gather(t).await;
        let (anna, now) = (cast.client("anna").await, cast.clock.now());
        let id = LeadId::fresh(now);
        for (scope, status) in [
            (format!("lead:{id}"), StatusCode::OK),
            (format!("upsell:{id}"), StatusCode::OK),
            (format!("heap:{id}"), StatusCode::UNPROCESSABLE_ENTITY),
            ("lead:1".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
            (format!("lead:{id}:2"), StatusCode::UNPROCESSABLE_ENTITY),
            ("lead".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        ] {
            let sent = [("scope", scope.as_str()), ("body", r#"{"a":"b"}"#)];
            let reply = anna.post("/drafts", &sent).await;
            assert_eq!(reply.status, status, "{scope}");
        }
        let whose = (cast.org, cast.id("boris"));
        let scopes: Vec<String> =
            (0..=DRAFTS_MAX).map(|_| format!("lead:{}", LeadId::fresh(now))).collect();
        let mut tx = cast.app.db.begin().await.expect("begins");
        for (scope, at) in scopes.iter().zip(0..) {
            let body = r#"{"note":"kept"}"#;
            drafts::keep(&mut tx, whose, scope, body, now.plus_ms(at)).await.expect("keeps");
        }
        let [oldest, second] = [&scopes[0], &scopes[1]];
        for (scope, is_kept) in [(oldest, false), (second, true), (&scopes[scopes.len() - 1], true)]
        {
            let found = drafts::find(&mut tx, whose.0, whose.1, scope).await.expect("reads");
            assert_eq!(!found.is_empty(), is_kept, "the oldest goes");
        }
        let other = drafts::find(&mut tx, whose.0, cast.id("anna"), &format!("lead:{id}")).await;
        assert!(!other.expect("reads").is_empty(), "nobody else's goes");
    }

    async fn every_page_lights_one_entry_of_the_menu(t: TestDb) {
        let cast = Cast::gather(t).await;
        for (login, path, lit) in [
            ("olga", "/companies", "/companies"),
            ("olga", "/duplicates", "/companies"),
            ("olga", "/merges", "/companies"),
            ("olga", "/quality", "/companies"),
            ("olga", "/rounds", "/companies"),
            ("olga", "/rounds/new", "/companies"),
            ("olga", "/jobs", "/people"),
            ("olga", "/erasures", "/people"),
            ("olga", "/meetings", "/tasks"),
            ("sonya", "/opportunities", "/pipeline"),
            ("sonya", "/contracts", "/pipeline"),
            ("vera", "/contracts", "/clients"),
            ("anna", "/campaigns/new", "/campaigns"),
        ] {
            let page = cast.client(login).await.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{login} {path}");
            let menu = page.body.split("</nav>").next().expect("a menu");
            let at = format!("<a href=\"{lit}\" aria-current=\"page\"");
            assert!(menu.contains(&at), "{login} {path}: {menu}");
            assert_eq!(menu.matches("aria-current").count(), 1, "{login} {path}: {menu}");
        }
    }

    async fn who_looks_after_the_product_sees_what_failed_and_runs_it_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        cast.settle().await;
        let (db, now) = (&cast.app.db, cast.clock.now());
        let mut tx = db.begin().await.expect("begins");
        for kind in ["imports.commit", "quality.score"] {
            jobs::enqueue(&mut tx, cast.org, kind, "of a firm", now).await.expect("enqueued");
        }
        tx.commit().await.expect("kept");
        for _ in 0..2 {
            let job = jobs::claim(db, jobs::Share::All, now).await.expect("claims");
            let mut job = job.expect("a job is due");
            job.tries = 10;
            jobs::put_off(db, &job, now, "no room <left>").await.expect("puts off");
        }
        for login in ["anna", "boris", "pavel", "prokhor"] {
            let client = cast.client(login).await;
            assert_eq!(client.get("/jobs").await.status, StatusCode::NOT_FOUND, "{login}");
            let sent = client.post("/jobs/retrial", &[("job", "")]).await;
            assert_eq!(sent.status, StatusCode::NOT_FOUND, "{login}");
        }
        let alla = cast.client("alla").await;
        assert!(alla.get("/people").await.body.contains("href=\"/jobs\""));
        let page = alla.get("/jobs").await.body;
        for told in ["set aside", "no room &#60;left&#62;", "work through a file", "Run all 2"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let id = page.split("name=\"job\" value=\"").nth(1).expect("a button");
        let id = id.split('"').next().expect("an id");
        let done = alla.post("/jobs/retrial", &[("job", id)]).await;
        assert_eq!(done.location.as_deref(), Some("/jobs"), "{}", done.body);
        let mut tx = db.read().await.expect("reads");
        let left = jobs::list_failed(&mut tx, cast.org).await.expect("reads");
        assert_eq!(left.len(), 1, "{left:?}");
        drop(tx);
        let strange = alla.post("/jobs/retrial", &[("job", "no id")]).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
        alla.post("/jobs/retrial", &[("job", "")]).await;
        let mut tx = db.read().await.expect("reads");
        assert_eq!(jobs::list_failed(&mut tx, cast.org).await.expect("reads"), []);
        let always = (Instant(0), Instant(i64::MAX));
        let told = events::list_of_kind(&mut tx, cast.org, Kind::JobsRetried, always).await;
        assert_eq!(told.expect("reads").len(), 2, "each time it is told who did it");
    }
}
