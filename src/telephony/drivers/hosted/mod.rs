//! Exchanges of others that tell of their calls: bytes, headers and a secret in, events of calls
//! out. Pure: no database, no network, time is an argument.
//!
//! Each provider has its file with where its form and its signature are described; what was proven
//! against what stands in `docs/telephony.md`. A body is read only when its signature fits, and
//! what a provider tells besides calls is no event and no error.

mod generic;
mod mango;
mod signs;
#[cfg(test)]
mod tests;
mod twilio;
mod uis;
mod zadarma;

use axum::http::HeaderMap;
use serde_json::Value;

use crate::telephony::{EndCause, EndedBy};
use crate::values::*;

codes! {
    /// Whose exchange it is.
    Provider {
        /// Zadarma.
        Zadarma = "zadarma",
        /// Mango Office.
        Mango = "mango",
        /// UIS and CoMagic.
        Uis = "uis",
        /// Twilio.
        Twilio = "twilio",
        /// Anything that sends the form of this product.
        Generic = "generic",
    }
}

impl Provider {
    /// True where the secret is the provider's, and typed here; otherwise it is made here.
    pub fn gives_secret(self) -> bool {
        matches!(self, Self::Zadarma | Self::Mango | Self::Twilio)
    }
    /// True where a key that is no secret belongs to it.
    pub fn has_account(self) -> bool {
        self == Self::Mango
    }
    /// True where its times are told without a zone.
    pub fn has_local_times(self) -> bool {
        self == Self::Zadarma
    }
    /// True where the secret stands in the address, for nothing is signed.
    pub fn has_secret_address(self) -> bool {
        self == Self::Uis
    }
}

codes! {
    /// What happened to a call.
    HostedKind {
        /// It began.
        Started = "started",
        /// It rings.
        Ringing = "ringing",
        /// It was answered.
        Answered = "answered",
        /// It is over, or a leg of it is.
        Ended = "ended",
        /// The provider has its sound.
        Recording = "recording",
    }
}

codes! {
    /// Who calls whom.
    Direction {
        /// Somebody calls us.
        In = "in",
        /// One of us calls.
        Out = "out",
    }
}

/// How a call ended, as far as the provider says.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Ending {
    /// The cause; nothing where only a leg of it is over.
    pub cause: Option<EndCause>,
    /// How long was talked.
    pub seconds: Option<i64>,
    /// Who ended it.
    pub by: Option<EndedBy>,
    /// The final status of SIP.
    pub status: Option<u16>,
    /// The cause of Q.850.
    pub q850: Option<u8>,
}

impl Ending {
    /// An end with a cause and nothing else.
    pub fn of(cause: Option<EndCause>, seconds: Option<i64>) -> Self {
        Self { cause, seconds, by: None, status: None, q850: None }
    }
}

/// Something that a provider tells of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedEvent {
    /// The provider's name of the call.
    pub reference: String,
    /// What.
    pub kind: HostedKind,
    /// By what a repetition is known: the provider's own moment, and what else tells one from
    /// another.
    pub told: String,
    /// When, by the provider's clock where it says so.
    pub at: Instant,
    /// Who calls whom.
    pub direction: Option<Direction>,
    /// The number of the other end, as it was told.
    pub number: Option<String>,
    /// The extension of ours.
    pub extension: Option<String>,
    /// How it ended; with [`HostedKind::Ended`] alone.
    pub end: Option<Ending>,
}

/// What came in at the address of a connector.
#[derive(Debug, Clone, Copy)]
pub struct Hook<'a> {
    /// The address that the provider called, as it was told to.
    pub url: &'a str,
    /// What stands in the address behind the connector.
    pub rest: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

impl Hook<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// What a provider is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// A key that is no secret, where there is one.
    pub account: String,
    /// The secret.
    pub secret: String,
}

/// Why nothing was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejected {
    /// The signature does not fit, or there is none.
    Forged,
    /// Nothing is in it, and nobody signed it: the exchange tries whether the address answers.
    Tried,
    /// It is signed, and nobody understands it.
    Unreadable,
}

/// By what a body is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// What the provider is known by.
    pub known: &'a Credentials,
    /// The zone of times that are told without one.
    pub zone: &'a Zone,
    /// When it came.
    pub now: Instant,
}

/// What a hook tells, where its signature fits.
pub fn read(
    provider: Provider,
    hook: &Hook<'_>,
    by: &Reading<'_>,
) -> Result<Vec<HostedEvent>, Rejected> {
    // An empty secret would sign for anybody.
    if by.known.secret.is_empty() {
        return Err(Rejected::Forged);
    }
    let mut events = match provider {
        Provider::Zadarma => zadarma::read(hook, by),
        Provider::Mango => mango::read(hook, by),
        Provider::Uis => uis::read(hook, by),
        Provider::Twilio => twilio::read(hook, by),
        Provider::Generic => generic::read(hook, by),
    }?;
    for event in &mut events {
        check(event)?;
        // It may hold a number, which has its own place and its own time.
        let told = signs::hmac_sha256(&by.known.secret, &[event.told.as_bytes()]);
        event.told = hex::encode(told.ok_or(Rejected::Unreadable)?);
    }
    Ok(events)
}

/// What Zadarma asks back when an address is typed in at its site.
pub fn echo(provider: Provider, query: &str) -> Option<String> {
    let asked = form(query.as_bytes())?.into_iter().find(|(name, _)| name == "zd_echo")?.1;
    let is_plain = (1..=64).contains(&asked.len()) && asked.chars().all(char::is_alphanumeric);
    (provider == Provider::Zadarma && is_plain).then_some(asked)
}

/// The longest name of a call or an extension, and the longest number.
const NAME_MAX: usize = 200;

/// Texts that are kept are short and hold nothing that no database takes; empty ones are none.
fn check(event: &mut HostedEvent) -> Result<(), Rejected> {
    for text in [&mut event.number, &mut event.extension] {
        *text = text.take().map(|one| one.trim().to_owned()).filter(|one| !one.is_empty());
    }
    let is_fit = |text: &String| text.len() <= NAME_MAX && !text.contains('\0');
    let mut texts = [&event.reference].into_iter().chain(&event.number).chain(&event.extension);
    let is_timed = event.end.is_none_or(|end| end.seconds.is_none_or(is_length));
    match texts.all(is_fit) && is_timed && !event.reference.is_empty() {
        true => Ok(()),
        false => Err(Rejected::Unreadable),
    }
}

/// No call lasts longer than a week.
fn is_length(seconds: i64) -> bool {
    (0..=7 * 86_400).contains(&seconds)
}

/// The fields of a form, in order; nothing where it is none.
fn form(body: &[u8]) -> Option<Vec<(String, String)>> {
    std::str::from_utf8(body).ok()?;
    serde_urlencoded::from_bytes(body).ok()
}

/// A field of a form, empty where it is not there.
fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// A JSON object.
fn members(text: &[u8]) -> Result<Value, Rejected> {
    let value: Value = serde_json::from_slice(text).map_err(|_| Rejected::Unreadable)?;
    if value.is_object() { Ok(value) } else { Err(Rejected::Unreadable) }
}

/// A text or a number of JSON as text; nothing for null and what is empty. Anything else is not
/// understood.
fn text_of(value: &Value) -> Result<Option<String>, Rejected> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(Rejected::Unreadable),
    }
}

/// A whole number of JSON, also where it is written as text.
fn whole_of(value: &Value) -> Result<Option<i64>, Rejected> {
    let text = text_of(value)?;
    text.map(|text| text.parse().map_err(|_| Rejected::Unreadable)).transpose()
}

/// An instant of whole seconds since 1970.
fn since_1970(seconds: i64) -> Result<Instant, Rejected> {
    seconds.checked_mul(1_000).map(Instant).ok_or(Rejected::Unreadable)
}
