//! How an engine is set up. Everything has a default that harms nobody: it listens on loopback,
//! has no extension, no trunk and may dial nothing.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;

use crate::sip::digest::secret_of;

/// A phone that may register.
#[derive(Clone, PartialEq, Eq)]
pub struct Extension {
    /// Its name, the user of its address.
    pub name: String,
    /// `MD5(name:realm:password)` in hexadecimal (RFC 2617 §3.2.2.2). As good as the password:
    /// keep it as one.
    pub secret: String,
}

impl Extension {
    /// An extension with a password, in a realm.
    pub fn with_password(name: &str, realm: &str, password: &str) -> Self {
        Self { name: name.to_owned(), secret: secret_of(name, realm, password) }
    }
}

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// One of them.
    pub address: IpAddr,
    /// How many leading bits they share.
    pub bits: u8,
}

impl Network {
    /// True for an address of it.
    pub fn has(&self, address: IpAddr) -> bool {
        let (own, other, width) = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (u128::from(own.to_bits()), u128::from(other.to_bits()), 32_u32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            _ => return false,
        };
        let shift = width.saturating_sub(u32::from(self.bits));
        // A shift by the whole width is no shift to Rust, and everything to us.
        own.checked_shr(shift).unwrap_or(0) == other.checked_shr(shift).unwrap_or(0)
    }
}

/// A way out to far ends.
#[derive(Clone, PartialEq, Eq)]
pub struct Trunk {
    /// What dials and events call it.
    pub name: String,
    /// Where its requests go to. Names are not looked up.
    pub address: SocketAddr,
    /// User and password it asks for, if it does.
    pub credentials: Option<(String, String)>,
    /// Where its sound may come from and go to, beside its own address.
    pub media: Vec<Network>,
    /// How often it is asked whether it is there, in milliseconds; 0 for never, and then it
    /// counts as being there.
    pub ping_ms: u64,
}

impl Trunk {
    /// A trunk without a password, asked every 30 s.
    pub fn at(name: &str, address: SocketAddr) -> Self {
        let (credentials, media) = (None, Vec::new());
        Self { name: name.to_owned(), address, credentials, media, ping_ms: 30_000 }
    }
}

/// The deadlines of legs, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long an agent's phone may ring.
    pub agent_ring_ms: u64,
    /// How long an INVITE that was taken back may stay unanswered (RFC 3261 §9.1 allows 64·T1).
    pub cancel_ms: u64,
    /// How long a call that comes in may wait to be taken.
    pub offer_ms: u64,
    /// How long a far leg may last.
    pub call_ms: u64,
    /// How long an agent leg may last: more than a shift.
    pub session_ms: u64,
    /// How long a bridged far end may send no sound.
    pub silence_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            agent_ring_ms: 30_000,
            cancel_ms: crate::sip::PATIENCE_MS,
            offer_ms: 90_000,
            call_ms: 4 * 3_600_000,
            session_ms: 16 * 3_600_000,
            silence_ms: 60_000,
        }
    }
}

/// How an engine is set up.
#[derive(Clone)]
pub struct Settings {
    /// Where it listens for SIP. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The address that peers are told, where it is not the one it listens on. It must be told
    /// where that is an unspecified one.
    pub public: Option<IpAddr>,
    /// The name that our Call-IDs end in.
    pub host: String,
    /// The realm that passwords are for.
    pub realm: String,
    /// The phones that may register.
    pub extensions: Vec<Extension>,
    /// The ways out.
    pub trunks: Vec<Trunk>,
    /// What a number must begin with to be dialled, in digits. None: nothing is dialled.
    pub prefixes: Vec<String>,
    /// The ports for sound; any free ones if none are named. A leg takes one.
    pub ports: Option<RangeInclusive<u16>>,
    /// True where calls of a trunk are offered (see [`crate::events::Kind::Offered`]); otherwise
    /// each is refused at once, and told of.
    pub takes_calls: bool,
    /// What a trunk that calls in is answered then: busy, or not available.
    pub is_busy_to_callers: bool,
    /// The deadlines of legs.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 5060),
            public: None,
            host: "localhost".to_owned(),
            realm: "telephony".to_owned(),
            extensions: Vec::new(),
            trunks: Vec::new(),
            prefixes: Vec::new(),
            ports: None,
            takes_calls: false,
            is_busy_to_callers: false,
            limits: Limits::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_what_begins_like_it() {
        let network = |text: &str, bits| Network { address: text.parse().expect("one"), bits };
        let has = |network: Network, text: &str| network.has(text.parse().expect("one"));
        assert!(has(network("10.1.2.3", 24), "10.1.2.255"));
        assert!(!has(network("10.1.2.3", 24), "10.1.3.3"));
        assert!(has(network("10.1.2.3", 0), "192.168.0.1"));
        assert!(!has(network("10.1.2.3", 0), "::1"));
        assert!(!has(network("10.1.2.3", 32), "10.1.2.4"));
        assert!(has(network("fd00::", 8), "fdff::1"));
        assert!(has(network("10.1.2.3", 99), "10.1.2.3"));
    }

    #[test]
    fn by_default_nobody_outside_is_heard_and_nothing_dialled() {
        let settings = Settings::default();
        assert!(settings.listen.ip().is_loopback());
        assert!(settings.prefixes.is_empty() && settings.trunks.is_empty());
    }
}
