//! From where a request comes when a proxy stands before the product: the address the proxy says
//! in `X-Forwarded-For`. Only named proxies are believed, for a stranger can say anything; the list
//! is read from its end, where our own proxy wrote, back to the first address that is no proxy's.
//! What comes from elsewhere, or says nothing that can be read, comes from where it comes.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::Extension;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;

use super::App;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// An address, or a network of them as in `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither an address nor a network, as in 10.0.0.0/8");
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text.trim(), None),
        };
        let address = address.parse::<IpAddr>().map_err(|_| wrong())?.to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse::<u32>().map_err(|_| wrong())?,
            None => most,
        };
        if prefix > most { Err(wrong()) } else { Ok(Self { address, prefix }) }
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        let alike = match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros()
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        alike >= self.prefix
    }
}

/// Whence a request comes that was sent from `peer`.
fn whence(proxies: &[Network], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
    let mut from = peer;
    let said = headers.get_all(FORWARDED_FOR);
    let mut said = said.iter().rev().flat_map(|line| line.to_str().unwrap_or("?").rsplit(','));
    while is_proxy(from) {
        let Some(before) = said.next().and_then(read) else { break };
        from = before;
    }
    from
}

/// An address as proxies write it; some add the port.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse::<IpAddr>().ok().or_else(with_port)
}

/// Has everything below see the address the request comes from.
pub async fn see_through(
    Extension(app): Extension<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().copied();
    if let Some(ConnectInfo(mut from)) = peer {
        from.set_ip(whence(&app.settings.proxies, from.ip(), request.headers()));
        request.extensions_mut().insert(ConnectInfo(from));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_named_proxy_says_is_believed() {
        let proxies: Vec<Network> = ["127.0.0.1", "10.1.0.0/16", "fd00::/8"]
            .map(|text| text.parse().expect("a network"))
            .to_vec();
        let cases: [(&str, &[&str], &str); 14] = [
            ("192.0.2.1", &[], "192.0.2.1"),
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("::ffff:127.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["203.0.113.9", "198.51.100.7"], "198.51.100.7"),
            ("127.0.0.1", &["198.51.100.7, 10.1.2.3"], "198.51.100.7"),
            ("10.1.255.255", &["198.51.100.7:4711"], "198.51.100.7"),
            ("10.2.0.0", &["198.51.100.7"], "10.2.0.0"),
            ("fd12::1", &["[2001:db8::1]"], "2001:db8::1"),
            ("fd12::1", &["[2001:db8::1]:443"], "2001:db8::1"),
            ("127.0.0.1", &["198.51.100.7, unknown"], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.7,"], "127.0.0.1"),
        ];
        for (peer, said, expected) in cases {
            let mut headers = HeaderMap::new();
            for line in said {
                headers.append(FORWARDED_FOR, line.parse().expect("a header"));
            }
            let found = whence(&proxies, peer.parse().expect("an address"), &headers);
            assert_eq!(found.to_string(), expected, "{peer} {said:?}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.1:80", "/8"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        let all: Network = "0.0.0.0/0".parse().expect("all there is");
        assert!(all.holds("192.0.2.1".parse().expect("an address")));
        assert!(!all.holds("2001:db8::1".parse().expect("an address")));
    }
}
