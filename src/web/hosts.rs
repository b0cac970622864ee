//! Under which names the product answers. A page of a stranger whose name is made to lead here (DNS
//! rebinding) is of one origin with the product, for all the browser knows; but the browser says
//! under which name it asks, and another one is answered with 421 and nothing else.
//!
//! Known are the host of the origin people open, the address the product listens on, and the
//! loopback of this machine; which port is of no matter. Where nobody named an origin and it
//! listens on all addresses, any address is known, for only names can be made to lead elsewhere.
//! A request that names no host at all was sent by no browser, and is answered. So is a watchdog
//! that asks `/healthz` under whatever name.

use std::net::{IpAddr, SocketAddr};

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use serde_json::json;

use super::{App, words};

/// What a watchdog asks for.
const HEALTH: &str = "/healthz";

/// The names under which the product is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    own: Option<Host>,
    listens: IpAddr,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Host {
    Name(String),
    Address(IpAddr),
}

impl Hosts {
    /// Those of a product that is opened at an origin and listens on an address.
    pub fn of(origin: &str, listens: SocketAddr) -> Self {
        let after = origin.split_once("://").map_or(origin, |(_, after)| after);
        let own = after.split('/').next().and_then(Host::read);
        Self { own, listens: listens.ip().to_canonical() }
    }

    /// True for a host, with or without a port, that is known.
    pub fn knows(&self, text: &str) -> bool {
        let Some(host) = Host::read(text) else { return false };
        if self.own.as_ref() == Some(&host) {
            return true;
        }
        match host {
            Host::Name(name) => name == "localhost",
            Host::Address(address) => {
                let any = Host::Address(self.listens);
                let is_any = self.listens.is_unspecified() && self.own == Some(any);
                is_any || address.is_loopback() || address == self.listens
            }
        }
    }
}

impl Host {
    fn read(text: &str) -> Option<Self> {
        let authority =
            text.parse::<Authority>().ok().filter(|said| !said.as_str().contains('@'))?;
        let host = authority.host();
        // Behind a colon stands a port and nothing else.
        if host != authority.as_str() && authority.port_u16().is_none() {
            return None;
        }
        let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Ok(address) = inner.unwrap_or(host).parse::<IpAddr>() {
            return Some(Self::Address(address.to_canonical()));
        }
        let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        Some(name).filter(|name| !name.is_empty()).map(Self::Name)
    }
}

/// Answers 421 to who asks under a name that is not known.
pub async fn check(Extension(app): Extension<App>, request: Request, next: Next) -> Response {
    let hosts = &app.settings.hosts;
    let is_asked_at = request.uri().authority().is_none_or(|said| hosts.knows(said.as_str()));
    let mut said = request.headers().get_all(header::HOST).iter();
    let is_said = said.all(|host| host.to_str().is_ok_and(|host| hosts.knows(host)));
    if is_asked_at && is_said || request.uri().path() == HEALTH {
        return next.run(request).await;
    }
    let message = words::say(words::wanted(request.headers()), "error-other-host", &[]);
    let status = StatusCode::MISDIRECTED_REQUEST;
    if request.uri().path().starts_with("/api/") {
        let error = json!({ "code": "other-host", "message": message, "fields": {} });
        return (status, Json(json!({ "error": error }))).into_response();
    }
    (status, message).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_when_the_product_was_given_it() {
        let all = [
            "crm.example:443",
            "CRM.example.",
            "evil.example",
            "localhost:8080",
            "127.0.0.1",
            "[::1]:8080",
            "10.0.0.2:8080",
            "10.0.0.3",
            "crm.example.evil.example",
            "evil@crm.example",
            "127.0.0.1:8080.evil.example",
            "",
        ];
        let named = &all[..2];
        let here = &all[3..6];
        let cases = [
            ("https://crm.example", "127.0.0.1:8080", [named, here].concat()),
            ("https://crm.example", "0.0.0.0:8080", [named, here].concat()),
            ("https://crm.example/", "10.0.0.2:8080", [named, here, &all[6..7]].concat()),
            ("http://127.0.0.1:8080", "127.0.0.1:8080", here.to_vec()),
            ("http://10.0.0.2:8080", "10.0.0.2:8080", [here, &all[6..7]].concat()),
            ("http://10.0.0.2:8080", "0.0.0.0:8080", [here, &all[6..7]].concat()),
            ("http://0.0.0.0:8080", "0.0.0.0:8080", [here, &all[6..8]].concat()),
            ("http://[::]:8080", "[::]:8080", [here, &all[6..8]].concat()),
        ];
        for (origin, listens, expected) in cases {
            let hosts = Hosts::of(origin, listens.parse().expect("an address"));
            let known: Vec<&str> = all.into_iter().filter(|host| hosts.knows(host)).collect();
            assert_eq!(known, expected, "{origin} {listens}");
        }
    }
}
