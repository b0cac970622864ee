//! Addresses: `sip:user@host:port;parameters`, and the same with a name before it.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::message::split_outside;

/// The port of SIP over UDP when none is given.
pub const SIP_PORT: u16 = 5060;

/// A SIP address (RFC 3261 §19.1). Of parameters only the text is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// Before the `@`; empty where there is none.
    pub user: String,
    /// Name or number of a host; an IPv6 address keeps its brackets. Empty where a peer left it
    /// out.
    pub host: String,
    /// The port, where one is given.
    pub port: Option<u16>,
    /// Everything from the first `;` on, with it.
    pub parameters: String,
}

impl Uri {
    /// Reads `sip:…`. `None` for another scheme and for what has a space or a bracket in it.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let scheme = text.get(..4).filter(|s| s.eq_ignore_ascii_case("sip:"))?;
        let rest = &text[scheme.len()..];
        if rest.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c)) {
            return None;
        }
        // A user may carry `;` (RFC 3261 §19.1.1), so the `@` is looked for first.
        let (user, rest) = rest.rsplit_once('@').unwrap_or(("", rest));
        let end = rest.find([';', '?']).unwrap_or(rest.len());
        let (place, parameters) = rest.split_at(end);
        let (host, port) = split_port(place)?;
        let user = user.split(':').next().unwrap_or_default().to_owned();
        Some(Self { user, host: host.to_owned(), port, parameters: parameters.to_owned() })
    }

    /// An address of a user at a socket.
    pub fn at(user: &str, place: SocketAddr) -> Self {
        let host = match place.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let port = Some(place.port());
        Self { user: user.to_owned(), host, port, parameters: String::new() }
    }

    /// Where it is, if the host is a number. Names are not looked up.
    pub fn socket(&self) -> Option<SocketAddr> {
        let ip: IpAddr = self.host.trim_matches(['[', ']']).parse().ok()?;
        Some(SocketAddr::new(ip, self.port.unwrap_or(SIP_PORT)))
    }
}

fn split_port(place: &str) -> Option<(&str, Option<u16>)> {
    let colon = place.rfind(':').filter(|at| !place[*at..].contains(']'));
    let Some(colon) = colon else { return Some((place, None)) };
    let port = &place[colon + 1..];
    // `sip:a@host:` has been seen, and means no port.
    let port = if port.is_empty() { None } else { Some(port.parse().ok()?) };
    Some((&place[..colon], port))
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sip:")?;
        if !self.user.is_empty() {
            write!(f, "{}@", self.user)?;
        }
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.parameters)
    }
}

/// An address with its name and parameters, as in `From`, `To` and `Contact`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddress {
    /// The address itself.
    pub uri: Uri,
    /// Everything behind it, from the first `;` on.
    pub parameters: String,
}

impl NameAddress {
    /// Reads `"Name" <sip:…>;tag=…` or `sip:…;tag=…`. In the short form parameters are those of
    /// the header (RFC 3261 §20).
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut quoted = split_outside(text, ';');
        let first = quoted.next()?;
        if let Some(open) = last_outside_quotes(first, '<') {
            let close = first.rfind('>').filter(|close| *close > open)?;
            let uri = Uri::read(&first[open + 1..close])?;
            return Some(Self { uri, parameters: text[close + 1..].to_owned() });
        }
        let uri = Uri::read(first)?;
        Some(Self { uri, parameters: text[first.len()..].to_owned() })
    }

    /// The tag that says which end of a dialog this is.
    pub fn tag(&self) -> Option<&str> {
        parameter(&self.parameters, "tag").filter(|tag| !tag.is_empty())
    }

    /// A parameter by name, whatever its case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        parameter(&self.parameters, name)
    }
}

fn last_outside_quotes(text: &str, sign: char) -> Option<usize> {
    let mut is_quoted = false;
    let mut found = None;
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            c if c == sign && !is_quoted => found = Some(at),
            _ => {}
        }
    }
    found
}

/// The text of `;name=text` behind an address or a `Via`; empty for a parameter without one.
pub fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    split_outside(text, ';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
