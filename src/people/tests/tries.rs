//! Passwords that are guessed, from where.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};

use super::*;
use crate::web::limits;

#[test]
fn a_network_of_many_addresses_counts_as_one() {
    let whence = |text: &str| limits::whence(text.parse::<IpAddr>().ok());
    assert_eq!(whence("2001:db8::1"), whence("2001:db8::ffff:2"));
    assert_ne!(whence("2001:db8::1"), whence("2001:db8:0:1::1"));
    assert_eq!(whence("::ffff:192.0.2.1"), whence("192.0.2.1"));
    assert_ne!(whence("192.0.2.1"), whence("192.0.2.2"));
}

async fn guess(cast: &Cast, from: &str, password: &str) -> u16 {
    guess_through(cast, (from, None), password).await
}

async fn guess_through(cast: &Cast, (from, said): (&str, Option<&str>), password: &str) -> u16 {
    let from: SocketAddr = from.parse().expect("an address");
    let fields = [("login", "boris"), ("password", password), ("next", ""), ("_csrf", "")];
    let mut request = Request::builder()
        .method("POST")
        .uri("/sign-in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .extension(ConnectInfo(from))
        .body(Body::from(serde_urlencoded::to_string(fields).expect("a form")))
        .expect("a request");
    if let Some(said) = said {
        request.headers_mut().insert("x-forwarded-for", said.parse().expect("a header"));
    }
    cast.send(request).await.status.as_u16()
}

both! {
    async fn behind_a_named_proxy_each_guesser_is_counted_for_itself(t: TestDb) {
        let mut cast = Cast::gather(t).await;
        let proxies = vec!["10.0.0.1".parse().expect("a proxy")];
        let settings = crate::web::Settings { proxies, ..cast.app.settings.as_ref().clone() };
        cast.app = crate::web::App::new(cast.app.db.clone(), cast.clock.clone(), settings);
        let act = cast.act("alla", "password");
        let right = "a long password";
        actions::set_password(&act, cast.id("boris"), right.to_owned()).await.expect("a password");
        for _ in 0..10 {
            let from = ("10.0.0.1:1", Some("192.0.2.1"));
            assert_eq!(guess_through(&cast, from, "a wrong one").await, 422);
        }
        for (from, said, expected) in [
            ("10.0.0.1:1", Some("192.0.2.9, 192.0.2.1"), 429),
            ("192.0.2.1:1", Some("192.0.2.2"), 429),
            ("10.0.0.1:1", Some("192.0.2.2"), 303),
        ] {
            assert_eq!(guess_through(&cast, (from, said), right).await, expected, "{said:?}");
        }
    }

    async fn a_guesser_locks_nobody_out_who_sits_elsewhere(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("alla", "password");
        let right = "a long password";
        actions::set_password(&act, cast.id("boris"), right.to_owned()).await.expect("a password");
        for _ in 0..10 {
            assert_eq!(guess(&cast, "192.0.2.1:1", "a wrong one").await, 422);
        }
        assert_eq!(guess(&cast, "192.0.2.1:2", right).await, 429, "there even the right one waits");
        assert_eq!(guess(&cast, "192.0.2.2:1", right).await, 303);
        // Ten wrong ones and a right one were counted.
        let (counted, now) = (session::digest("boris"), cast.clock.now());
        let count = || cast.app.limits.count("sign-in-of-all", &counted, 100, 300_000, now);
        let left = (0..100).take_while(|_| count().is_ok()).count();
        assert_eq!(left, 89, "what was refused at the first address is not among them");
        assert_eq!(guess(&cast, "192.0.2.3:1", right).await, 429, "from everywhere: they wait");
    }
}
