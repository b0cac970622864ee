//! Twilio: a form with `X-Twilio-Signature`, the base64 of the HMAC-SHA1 of the address and of the
//! fields, sorted by name, each name followed by its value. Described at
//! twilio.com/docs/usage/security; the secret is the token of the account.
//!
//! A call from somebody's phone (`client:` or `sip:`) is two calls there: one from the phone to the
//! account, which is answered at once, and its child, which rings at the other end. The child says
//! what happened, and its parent whose phone it is. So it is with a call that comes in: the account
//! answers it, and its children ring at our phones.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::telephony::drivers::cause_of;

pub(super) fn read(hook: &Hook<'_>, by: &Reading<'_>) -> Result<Vec<HostedEvent>, Rejected> {
    let mut fields = form(hook.body).ok_or(Rejected::Forged)?;
    fields.sort();
    let mut parts = vec![hook.url];
    parts.extend(fields.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
    let mac = signs::hmac_sha1(&by.known.secret, &parts).ok_or(Rejected::Forged)?;
    let given = hook.header("x-twilio-signature").unwrap_or_default();
    if !signs::is_same(STANDARD.encode(mac).as_bytes(), given.as_bytes()) {
        return Err(Rejected::Forged);
    }
    event_of(&|name| field(&fields, name), by.now).map(Vec::from_iter)
}

/// The name of a phone of ours: `client:boris` and `sip:boris@firm.sip.twilio.com` are `boris`.
fn phone(text: &str) -> Option<&str> {
    let name = text.strip_prefix("client:").or_else(|| text.strip_prefix("sip:"))?;
    name.split(['@', ';']).next()
}

fn event_of<'a>(
    get: &impl Fn(&str) -> &'a str,
    now: Instant,
) -> Result<Option<HostedEvent>, Rejected> {
    let (call, parent) = (get("CallSid"), get("ParentCallSid"));
    let reference = if parent.is_empty() { call } else { parent }.to_owned();
    let at = match get("Timestamp") {
        "" => now,
        text => jiff::fmt::rfc2822::parse(text)
            .map(|at| Instant(at.timestamp().as_millisecond()))
            .map_err(|_| Rejected::Unreadable)?,
    };
    let status = get("CallStatus");
    let told = format!("{call}|{status}|{}|{}", get("SequenceNumber"), get("Timestamp"));
    if get("RecordingStatus") == "completed" {
        let told = format!("{call}|{}", get("RecordingSid"));
        return Ok(Some(HostedEvent {
            reference,
            kind: HostedKind::Recording,
            told,
            at,
            direction: None,
            number: None,
            extension: None,
            end: None,
        }));
    }
    let (from, to) = (phone(get("From")), phone(get("To")));
    let is_own_leg = parent.is_empty() && (from.is_some() || get("Direction") == "inbound");
    let kind = match status {
        "queued" | "initiated" => HostedKind::Started,
        "ringing" if is_own_leg => HostedKind::Started,
        // It is the account that answers, and nobody else.
        "in-progress" | "answered" if is_own_leg => return Ok(None),
        "ringing" => HostedKind::Ringing,
        "in-progress" | "answered" => HostedKind::Answered,
        "completed" | "busy" | "no-answer" | "failed" | "canceled" => HostedKind::Ended,
        _ => return Ok(None),
    };
    let is_out = from.is_some() || to.is_none() && get("Direction").starts_with("outbound");
    let (number, extension) = match is_out {
        true => (get("To"), from),
        false => (get("From"), to),
    };
    Ok(Some(HostedEvent {
        reference,
        kind,
        told,
        at,
        direction: Some(if is_out { Direction::Out } else { Direction::In }),
        number: Some(number.to_owned()).filter(|number| phone(number).is_none()),
        extension: extension.map(str::to_owned),
        end: match kind {
            HostedKind::Ended if is_own_leg => Some(Ending::of(None, None)),
            HostedKind::Ended => Some(ending(get, status)?),
            _ => None,
        },
    }))
}

fn ending<'a>(get: &impl Fn(&str) -> &'a str, status: &str) -> Result<Ending, Rejected> {
    let sip = get("SipResponseCode").parse::<u16>().ok();
    let seconds = match get("CallDuration") {
        "" => None,
        text => Some(text.parse::<i64>().map_err(|_| Rejected::Unreadable)?),
    };
    let said = cause_of(sip, None).filter(|cause| *cause != EndCause::Answered);
    let cause = match status {
        "completed" => EndCause::Answered,
        "busy" => EndCause::Busy,
        "no-answer" => EndCause::NoAnswer,
        "canceled" => EndCause::Cancelled,
        _ => said.unwrap_or(EndCause::TrunkFailure),
    };
    let talked = seconds.filter(|_| cause == EndCause::Answered);
    Ok(Ending { status: sip, ..Ending::of(Some(cause), talked) })
}
