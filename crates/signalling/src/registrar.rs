//! Where extensions are: the registrar of the agents' phones (RFC 3261 §10).
//!
//! Invariants: a binding is made by a right password alone; an extension has one binding, the
//! newest; who guessed too often at an extension from an address is not listened to about it for a
//! while, whatever they say, but others behind that address are, and so is a phone that is
//! registered from the very place; a stale nonce is told as such only to who had the right
//! password. A name that nobody has is treated as one that somebody has.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use crate::sip::digest::{Credentials, Nonces, Worth, challenge};
use crate::sip::{NameAddress, Request, Response, Tokens};

/// The shortest registration in seconds that is taken.
const EXPIRES_MIN: u64 = 10;
/// The longest one, and what a phone gets that names none.
const EXPIRES_MAX: u64 = 3_600;
/// Wrong passwords for one name from one address until it is shut out.
const FAILURES_MAX: u32 = 10;
/// How long it is shut out, and how long a failure counts, in milliseconds.
const SHUT_OUT_MS: u64 = 5 * 60 * 1_000;
/// Pairs of an address and a name that are remembered. The oldest give way, those that are shut
/// out last.
const SOURCES_MAX: usize = 10_000;
/// Characters of a name that are remembered; longer ones are told apart by no more.
const NAME_CHARS_MAX: usize = 64;

/// Where an extension is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The address to call it by.
    pub contact: String,
    /// Where its registration came from, and where calls for it are sent: a phone behind another
    /// address than it knows is reached all the same.
    pub source: SocketAddr,
    /// When it is over, in milliseconds.
    pub expires: u64,
}

/// What a registration changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An extension is there that was not, or at another place.
    Here(String),
    /// An extension signed itself off.
    Gone(String),
    /// An address has guessed too often at one name.
    ShutOut(IpAddr),
}

/// Who guesses, and at whom.
type Source = (IpAddr, String);

#[derive(Default)]
struct Failures {
    count: u32,
    last: u64,
}

/// The registrar of one realm.
pub struct Registrar {
    realm: String,
    secrets: HashMap<String, String>,
    bindings: HashMap<String, Binding>,
    nonces: Nonces,
    sources: HashMap<Source, Failures>,
}

/// Why a request is not let through: what is answered, and what it changed.
type Stop = (Response, Option<Change>);

impl Registrar {
    /// A registrar of extensions by name with their secrets (see
    /// [`crate::sip::digest::secret_of`]).
    pub fn new(realm: String, secrets: HashMap<String, String>) -> Self {
        let (bindings, sources) = (HashMap::new(), HashMap::new());
        Self { realm, secrets, bindings, nonces: Nonces::default(), sources }
    }

    /// The extensions that there are from now on. Gives those that were here and are none now.
    pub fn replace(&mut self, secrets: HashMap<String, String>) -> Vec<String> {
        self.secrets = secrets;
        let is_none = |name: &&String| !self.secrets.contains_key(*name);
        let gone: Vec<String> = self.bindings.keys().filter(is_none).cloned().collect();
        self.bindings.retain(|name, _| !gone.contains(name));
        gone
    }

    /// Where an extension is, if it is anywhere.
    pub fn binding(&self, extension: &str) -> Option<&Binding> {
        self.bindings.get(extension)
    }

    /// True for an address that a phone registered from.
    pub fn is_source(&self, from: SocketAddr) -> bool {
        self.bindings.values().any(|binding| binding.source == from)
    }

    /// The extensions whose registration has run out; they are forgotten.
    pub fn expire(&mut self, now: u64) -> Vec<String> {
        let is_over = |(_, binding): &(&String, &Binding)| binding.expires <= now;
        let over: Vec<String> =
            self.bindings.iter().filter(is_over).map(|(name, _)| name.clone()).collect();
        self.bindings.retain(|name, _| !over.contains(name));
        over
    }

    /// When the next registration runs out.
    pub fn next(&self) -> Option<u64> {
        self.bindings.values().map(|binding| binding.expires).min()
    }

    /// Answers a REGISTER that came from `from`. `now` in milliseconds.
    pub fn register(
        &mut self,
        tokens: &mut Tokens,
        now: u64,
        from: SocketAddr,
        request: &Request,
    ) -> (Response, Option<Change>) {
        let tag = tokens.text();
        let extension = match self.admit(tokens, now, (from, &tag), request) {
            Ok(extension) => extension,
            Err(stop) => return stop,
        };
        let contacts: Vec<&str> = request.headers.all("Contact").collect();
        if contacts.is_empty() {
            return (self.listed(now, request, &tag, &extension), None);
        }
        let Some(expires) = asked_for(request) else {
            return (request.answer(400, &tag), None);
        };
        if expires == 0 {
            let change = self.bindings.remove(&extension).map(|_| Change::Gone(extension.clone()));
            return (self.listed(now, request, &tag, &extension), change);
        }
        if expires < EXPIRES_MIN {
            let mut brief = request.answer(423, &tag);
            brief.headers.push("Min-Expires", EXPIRES_MIN.to_string());
            return (brief, None);
        }
        let Some(contact) = request.headers.address("Contact") else {
            return (request.answer(400, &tag), None);
        };
        let expires = now + expires.min(EXPIRES_MAX) * 1_000;
        let made = Binding { contact: contact.uri.to_string(), source: from, expires };
        let (contact, source) = (made.contact.clone(), made.source);
        let before = self.bindings.insert(extension.clone(), made);
        let is_same = before.is_some_and(|b| b.contact == contact && b.source == source);
        let change = (!is_same).then(|| Change::Here(extension.clone()));
        (self.listed(now, request, &tag, &extension), change)
    }

    /// Who asks, if the password is right and the nonce good.
    fn admit(
        &mut self,
        tokens: &mut Tokens,
        now: u64,
        (from, tag): (SocketAddr, &str),
        request: &Request,
    ) -> Result<String, Stop> {
        let claimed = request.headers.address("To").map(|to| to.uri.user).unwrap_or_default();
        let source: Source = (from.ip(), claimed.chars().take(NAME_CHARS_MAX).collect());
        // Whoever is registered from this place has proven who they are.
        let is_here = self.bindings.get(&claimed).is_some_and(|one| one.source == from);
        if !is_here && self.is_shut_out(now, &source) {
            return Err((request.answer(403, tag), None));
        }
        let Some(text) = request.headers.first("Authorization") else {
            return Err((self.asked(tokens, now, request, tag, false), None));
        };
        let said = Credentials::read(text).filter(|said| {
            said.realm == self.realm && said.user == claimed && said.uri == request.uri
        });
        // An extension that does not exist takes as long as a wrong password.
        let secret = self.secrets.get(&claimed);
        let is_right = said.as_ref().is_some_and(|said| {
            said.fits(secret.map_or("", String::as_str), "REGISTER") && secret.is_some()
        });
        let Some(said) = said.filter(|_| is_right) else {
            let change = self.fail(now, source).then_some(Change::ShutOut(from.ip()));
            return Err((self.asked(tokens, now, request, tag, false), change));
        };
        match self.nonces.worth(tokens, &said, now) {
            Worth::Good => {
                self.nonces.spend(&said, now);
                Ok(claimed)
            }
            _ => Err((self.asked(tokens, now, request, tag, true), None)),
        }
    }

    fn asked(
        &self,
        tokens: &mut Tokens,
        now: u64,
        request: &Request,
        tag: &str,
        is_stale: bool,
    ) -> Response {
        let mut response = request.answer(401, tag);
        let nonce = Nonces::issue(tokens, now);
        response.headers.push("WWW-Authenticate", challenge(&self.realm, &nonce, is_stale));
        response
    }

    fn listed(&self, now: u64, request: &Request, tag: &str, extension: &str) -> Response {
        let mut response = request.answer(200, tag);
        if let Some(binding) = self.bindings.get(extension) {
            let seconds = binding.expires.saturating_sub(now) / 1_000;
            let contact = format!("<{}>;expires={seconds}", binding.contact);
            response.headers.push("Contact", contact);
        }
        response
    }

    fn is_shut_out(&self, now: u64, source: &Source) -> bool {
        self.sources.get(source).is_some_and(|failures| {
            failures.count >= FAILURES_MAX && now.saturating_sub(failures.last) < SHUT_OUT_MS
        })
    }

    /// Notes a wrong password. True if it is the one too many.
    fn fail(&mut self, now: u64, source: Source) -> bool {
        if self.sources.len() >= SOURCES_MAX {
            self.sources.retain(|_, f| now.saturating_sub(f.last) < SHUT_OUT_MS);
            // Who is shut out gives way last: other names would be a way back.
            let all = self.sources.iter();
            let least = all.min_by_key(|(_, f)| (f.count >= FAILURES_MAX, f.last));
            let oldest = least.map(|(one, _)| one.clone());
            if let Some(one) = oldest.filter(|_| self.sources.len() >= SOURCES_MAX) {
                self.sources.remove(&one);
            }
        }
        let failures = self.sources.entry(source).or_default();
        if now.saturating_sub(failures.last) >= SHUT_OUT_MS {
            failures.count = 0;
        }
        failures.count += 1;
        failures.last = now;
        failures.count == FAILURES_MAX
    }
}

/// The seconds a registration is to last: of the contact, of the message, or the longest.
fn asked_for(request: &Request) -> Option<u64> {
    let text = request.headers.first("Contact")?;
    let whole = request.headers.first("Expires");
    if text.trim() == "*" {
        // All contacts can only be struck (RFC 3261 §10.2.2).
        return whole.filter(|seconds| seconds.trim() == "0").map(|_| 0);
    }
    let contact = NameAddress::read(text)?;
    match contact.parameter("expires").or(whole) {
        Some(seconds) => seconds.trim().parse().ok(),
        None => Some(EXPIRES_MAX),
    }
}

#[cfg(test)]
mod tests;
