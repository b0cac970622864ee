use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::both;
use crate::cast::Cast;

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
}
