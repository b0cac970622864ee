//! Digest authentication with MD5 (RFC 2617, as RFC 3261 §22 uses it), both ends of it.
//!
//! As server: nonces are our own and run out, the count of a nonce only grows, and the count is
//! hashed as the text it came as (`0000000a` is not `10`). As client: one answer to one
//! challenge, `qop=auth` or none.

use std::collections::HashMap;

use md5::{Digest as _, Md5};

use super::message::split_outside;
use super::tokens::Tokens;

/// How long a nonce is good, in milliseconds. A phone that refreshes within it uses it again.
const NONCE_MS: u64 = 30 * 60 * 1_000;
/// Nonces in use that are remembered with their count. Each stands for a right password.
const COUNTS_MAX: usize = 10_000;

/// MD5 as 32 hexadecimal digits.
fn md5(text: &str) -> String {
    hex::encode(Md5::digest(text.as_bytes()))
}

/// `MD5(user:realm:password)`, what is kept instead of a password (RFC 2617 §3.2.2.2).
pub fn secret_of(user: &str, realm: &str, password: &str) -> String {
    md5(&format!("{user}:{realm}:{password}"))
}

/// The parameters behind `Digest`.
fn parameters(text: &str) -> Option<HashMap<String, String>> {
    let text = text.trim();
    let scheme = text.get(..7).filter(|s| s.eq_ignore_ascii_case("digest "))?;
    let mut all = HashMap::new();
    for part in split_outside(&text[scheme.len()..], ',') {
        let (name, value) = part.split_once('=')?;
        let value = value.trim();
        let bare = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
        // What stands twice is somebody's trick.
        if all.insert(name.trim().to_ascii_lowercase(), bare.to_owned()).is_some() {
            return None;
        }
    }
    Some(all)
}

/// What a peer says of itself in `Authorization`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// Who it says it is.
    pub user: String,
    /// Whose password was hashed.
    pub realm: String,
    /// The nonce it answers to.
    pub nonce: String,
    /// The address that was hashed.
    pub uri: String,
    /// The hash.
    pub response: String,
    /// Count and nonce of the client, as text, where `qop=auth` was used.
    pub counted: Option<(String, String)>,
}

impl Credentials {
    /// Reads the header. `None` for another scheme, another algorithm than MD5, another
    /// protection than `auth`, and for what lacks a part.
    pub fn read(text: &str) -> Option<Self> {
        let mut all = parameters(text)?;
        let is_md5 = all.get("algorithm").is_none_or(|name| name.eq_ignore_ascii_case("md5"));
        let counted = match all.get("qop").map(String::as_str) {
            None => None,
            Some("auth") => Some((all.remove("nc")?, all.remove("cnonce")?)),
            Some(_) => return None,
        };
        Some(Self {
            user: all.remove("username")?,
            realm: all.remove("realm")?,
            nonce: all.remove("nonce")?,
            uri: all.remove("uri")?,
            response: all.remove("response").filter(|_| is_md5)?,
            counted,
        })
    }

    /// True if the hash is the one that the secret (see [`secret_of`]) gives for a method.
    /// Takes as long for a wrong hash as for a right one.
    pub fn fits(&self, secret: &str, method: &str) -> bool {
        let expected = hash(secret, method, &self.uri, &self.nonce, self.counted.as_ref());
        is_same(expected.as_bytes(), self.response.as_bytes())
    }
}

fn hash(
    secret: &str,
    method: &str,
    uri: &str,
    nonce: &str,
    counted: Option<&(String, String)>,
) -> String {
    let asked = md5(&format!("{method}:{uri}"));
    match counted {
        Some((nc, cnonce)) => md5(&format!("{secret}:{nonce}:{nc}:{cnonce}:auth:{asked}")),
        None => md5(&format!("{secret}:{nonce}:{asked}")),
    }
}

/// Compares without saying by its time where the difference is.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// What a nonce is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Ours, in time, and its count is new.
    Good,
    /// Ours, but run out or used with this count before: ask again, `stale=true`.
    Stale,
    /// Not ours.
    Foreign,
}

/// The nonces of a registrar. A nonce carries its time and a seal, so that handing one out costs
/// no memory; a count is kept only for nonces that a right password came with.
#[derive(Debug, Default)]
pub struct Nonces {
    counts: HashMap<String, (u64, u32)>,
}

impl Nonces {
    /// A new nonce. `now` in milliseconds, of whatever beginning.
    pub fn issue(tokens: &mut Tokens, now: u64) -> String {
        let salt = &tokens.text()[..8];
        let head = format!("{now:016x}{salt}");
        let seal = tokens.sealed(head.as_bytes());
        format!("{head}{seal}")
    }

    /// What a nonce is worth with the count it came with. Nothing is remembered: whoever has no
    /// password must not use up a nonce.
    pub fn worth(&self, tokens: &Tokens, said: &Credentials, now: u64) -> Worth {
        let nonce = &said.nonce;
        let Some((head, seal)) = nonce.split_at_checked(24) else { return Worth::Foreign };
        if !is_same(tokens.sealed(head.as_bytes()).as_bytes(), seal.as_bytes()) {
            return Worth::Foreign;
        }
        let issued = head.get(..16).and_then(|text| u64::from_str_radix(text, 16).ok());
        let is_late = issued.is_none_or(|issued| now.saturating_sub(issued) > NONCE_MS);
        let last = self.counts.get(nonce).map_or(0, |(_, count)| *count);
        match count_of(said) {
            Some(count) if !is_late && count > last => Worth::Good,
            _ => Worth::Stale,
        }
    }

    /// Remembers the count of a nonce whose password was right.
    pub fn spend(&mut self, said: &Credentials, now: u64) {
        if self.counts.len() >= COUNTS_MAX {
            self.counts.retain(|_, (used, _)| now.saturating_sub(*used) <= NONCE_MS);
        }
        if let Some(count) = count_of(said) {
            self.counts.insert(said.nonce.clone(), (now, count));
        }
    }
}

/// The count as a number: eight hexadecimal digits (RFC 2617 §3.2.2). Without one a nonce is good
/// once, as if it had come with 1.
fn count_of(said: &Credentials) -> Option<u32> {
    match &said.counted {
        None => Some(1),
        Some((nc, _)) if nc.len() == 8 && nc.bytes().all(|c| c.is_ascii_hexdigit()) => {
            u32::from_str_radix(nc, 16).ok()
        }
        Some(_) => None,
    }
}

/// The header that asks for a password.
pub fn challenge(realm: &str, nonce: &str, is_stale: bool) -> String {
    let stale = if is_stale { ", stale=true" } else { "" };
    format!("Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm=MD5, qop=\"auth\"{stale}")
}

/// What a trunk wants to know before it takes a call: `401` or `407`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    has_auth: bool,
}

impl Challenge {
    /// Reads `WWW-Authenticate` or `Proxy-Authenticate`. `None` where neither MD5 nor a
    /// protection of ours is offered.
    pub fn read(text: &str) -> Option<Self> {
        let mut all = parameters(text)?;
        let is_md5 = all.get("algorithm").is_none_or(|name| name.eq_ignore_ascii_case("md5"));
        let has_auth = match all.get("qop") {
            None => false,
            Some(list) => Some(list.split(',').any(|one| one.trim() == "auth")).filter(|a| *a)?,
        };
        let realm = all.remove("realm").filter(|_| is_md5)?;
        Some(Self { realm, nonce: all.remove("nonce")?, opaque: all.remove("opaque"), has_auth })
    }

    /// The header that answers, for a method and an address.
    pub fn answer(
        &self,
        (user, password): (&str, &str),
        method: &str,
        uri: &str,
        cnonce: &str,
    ) -> String {
        let secret = secret_of(user, &self.realm, password);
        let counted = self.has_auth.then(|| ("00000001".to_owned(), cnonce.to_owned()));
        let response = hash(&secret, method, uri, &self.nonce, counted.as_ref());
        let (realm, nonce) = (&self.realm, &self.nonce);
        let mut text = format!(
            "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", algorithm=MD5"
        );
        if let Some((nc, cnonce)) = counted {
            text.push_str(&format!(", qop=auth, nc={nc}, cnonce=\"{cnonce}\""));
        }
        if let Some(opaque) = &self.opaque {
            text.push_str(&format!(", opaque=\"{opaque}\""));
        }
        text
    }
}

#[cfg(test)]
mod tests;
