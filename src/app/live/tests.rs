use std::time::Duration;

use axum::http::{HeaderValue, header};
use futures_util::StreamExt as _;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::rights::records;

/// A wait that only a stream which hangs outlasts.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether a person hears a topic.
async fn hears(cast: &Cast, login: &str, topic: &str) -> bool {
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    may_hear(&mut tx, &viewer, topic, cast.clock.now()).await.expect("reads")
}

async fn announce(cast: &Cast, topics: &[String]) {
    let mut tx = cast.app.db.begin().await.expect("begins");
    for topic in topics {
        tx.announce(topic.clone());
    }
    tx.commit().await.expect("is kept");
}

both! {
    async fn a_person_is_heard_by_who_sees_their_work_or_their_pay(t: TestDb) {
        let cast = Cast::gather(t).await;
        let user = |login: &str| format!("user:{}", cast.id(login));
        let team = |name: &str| format!("team:{}", cast.teams[name]);
        for (login, topic, expected) in [
            ("boris", user("boris"), true),
            ("boris", user("bella"), false),
            ("boris", user("anna"), false),
            ("anna", user("boris"), true),
            ("anna", user("grisha"), false),
            ("anna", user("sonya"), false),
            ("olga", user("sonya"), true),
            ("pavel", user("sonya"), true),
            ("prokhor", user("boris"), false),
            ("boris", team("calls-a"), true),
            ("boris", team("calls-b"), false),
            ("anna", team("sales"), false),
            ("pavel", team("sales"), false),
            ("olga", team("sales"), true),
            ("olga", format!("user:{}", UserId::fresh(cast.clock.now())), false),
            ("olga", format!("team:{}", TeamId::fresh(cast.clock.now())), false),
            ("olga", "user:".to_owned(), false),
            ("olga", "jobs".to_owned(), false),
            ("olga", "*".to_owned(), false),
            ("olga", String::new(), false),
        ] {
            assert_eq!(hears(&cast, login, &topic).await, expected, "{login}: {topic}");
        }
    }

    async fn who_moved_on_is_heard_by_the_head_of_both_teams_and_no_other(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = format!("user:{}", cast.id("boris"));
        cast.clock.advance_ms(DAY_MS);
        let change = people::actions::UserChange {
            name: "boris".to_owned(),
            alias: "boris".to_owned(),
            roles: people::Roles::of(&[Role::Caller]),
            tier: Some(1),
            team: Some(cast.teams["calls-b"]),
        };
        let act = cast.act("alla", "moves");
        people::actions::change_user(&act, cast.id("boris"), change).await.expect("moves");
        for (login, expected) in [("anna", true), ("gleb", true), ("sergei", false)] {
            assert_eq!(hears(&cast, login, &boris).await, expected, "{login}");
        }
        let grisha = format!("user:{}", cast.id("grisha"));
        assert!(!hears(&cast, "anna", &grisha).await, "he never was of her team");
    }

    async fn a_board_is_heard_by_who_may_open_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let own = format!("pipeline:{}", cast.id("sonya"));
        let team = format!("pipeline:{}", cast.teams["sales"]);
        let firm = format!("pipeline:{}", cast.org);
        for (login, heard) in [
            ("sonya", [true, false, false]),
            ("semyon", [false, false, false]),
            ("sergei", [false, true, false]),
            ("anna", [false, false, false]),
            ("olga", [false, false, true]),
        ] {
            for (topic, expected) in [&own, &team, &firm].into_iter().zip(heard) {
                assert_eq!(hears(&cast, login, topic).await, expected, "{login}: {topic}");
            }
        }
    }

    async fn a_record_is_heard_by_who_may_open_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let made = records::make(&cast).await;
        let logins: Vec<&'static str> = cast.people.keys().copied().collect();
        for (noun, place) in [
            ("company", "/companies/{company}"),
            ("campaign", "/campaigns/{campaign}/queue"),
            ("handoff", "/handoffs/{handoff}"),
            ("contract", "/contracts/{contract}"),
            ("import", "/imports/{import}"),
        ] {
            let (mut open, mut shut) = (0, 0);
            for login in &logins {
                let page = cast.client(login).await.get(&records::fill(place, &made)).await;
                let topic = format!("{noun}:{}", made[noun]);
                let is_heard = hears(&cast, login, &topic).await;
                match page.status.as_u16() {
                    200 => assert!(is_heard, "{login} sees {topic} and hears nothing of it"),
                    // Who sees the whole firm hears of it where their role has no page either.
                    _ if cast.viewer(login).await.scope().reach == Reach::All => {}
                    _ => assert!(!is_heard, "{login} does not see {topic} and hears of it"),
                }
                if is_heard { open += 1 } else { shut += 1 }
            }
            assert!(open > 0 && shut > 0, "{noun}: {open} hear, {shut} do not");
        }
    }

    async fn a_stream_is_silent_about_others_and_ends_when_its_reader_is_shut_out(t: TestDb) {
        let cast = Cast::gather(t).await;
        let boris = cast.client("boris").await;
        let (own, other) =
            (format!("user:{}", cast.id("boris")), format!("user:{}", cast.id("sonya")));
        let mut told = boris.listen(&format!("/live?topics={other},{own}")).await;
        let mut next = async || {
            let said = tokio::time::timeout(PATIENCE, told.next()).await.expect("no hanging");
            said.map(|said| String::from_utf8(said.expect("bytes").to_vec()).expect("text"))
        };
        assert!(next().await.expect("a beat").contains("beat"));
        announce(&cast, &[other.clone(), own.clone()]).await;
        let said = next().await.expect("a notice");
        assert!(said.contains(&own), "{said}");
        let out = people::actions::disable_user(&cast.act("alla", "out"), cast.id("boris")).await;
        out.expect("is shut out");
        while let Some(said) = next().await {
            assert!(!said.contains(&other), "{said}");
        }
        let headers = HeaderMap::from_iter([(
            header::COOKIE,
            HeaderValue::from_static("troika_session=0"),
        )]);
        let nobody = heard(cast.app.clone(), headers, vec![own]).await.expect("reads");
        assert_eq!(nobody, None);
    }
}
