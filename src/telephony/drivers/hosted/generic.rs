//! The form of this product, for an exchange that can be taught one: JSON with two headers,
//! `X-Troika-Timestamp`, whole seconds since 1970, and `X-Troika-Signature`, `sha256=` and the
//! hexadecimal HMAC-SHA256 of the timestamp, a full stop and the body. Described in
//! `docs/telephony.md`.

use super::*;
use crate::telephony::drivers::cause_of;

/// How far the clock of a sender may be off, and how long a message is taken.
const WINDOW_MS: i64 = 5 * MINUTE_MS;

pub(super) fn read(hook: &Hook<'_>, by: &Reading<'_>) -> Result<Vec<HostedEvent>, Rejected> {
    let stamp = hook.header("x-troika-timestamp").ok_or(Rejected::Forged)?;
    let parts = [stamp.as_bytes(), b".", hook.body];
    let mac = signs::hmac_sha256(&by.known.secret, &parts).ok_or(Rejected::Forged)?;
    let wanted = format!("sha256={}", hex::encode(mac));
    let given = hook.header("x-troika-signature").unwrap_or_default();
    if !signs::is_same(wanted.as_bytes(), given.as_bytes()) {
        return Err(Rejected::Forged);
    }
    let sent = stamp.parse().ok().and_then(|seconds| since_1970(seconds).ok());
    let is_fresh = sent.is_some_and(|sent| {
        sent.plus_ms(-WINDOW_MS) <= by.now && by.now <= sent.plus_ms(WINDOW_MS)
    });
    if !is_fresh {
        return Err(Rejected::Forged);
    }
    event_of(&members(hook.body)?).map(|event| vec![event])
}

fn event_of(value: &Value) -> Result<HostedEvent, Rejected> {
    let text = |name: &str| text_of(&value[name]);
    let named = |name: &str| text(name)?.ok_or(Rejected::Unreadable);
    let kind: HostedKind = named("event")?.parse().map_err(|()| Rejected::Unreadable)?;
    let direction = named("direction")?.parse().map_err(|()| Rejected::Unreadable)?;
    let told = named("at")?;
    let at = Instant::from_rfc3339(&told).ok_or(Rejected::Unreadable)?;
    let (reference, extension) = (named("call")?, text("extension")?);
    let end = match kind {
        HostedKind::Ended => Some(ending(value)?),
        _ => None,
    };
    Ok(HostedEvent {
        told: format!("{reference}|{told}|{}", extension.as_deref().unwrap_or_default()),
        reference,
        kind,
        at,
        direction: Some(direction),
        number: text("number")?,
        extension,
        end,
    })
}

fn ending(value: &Value) -> Result<Ending, Rejected> {
    let code = |name: &str| whole_of(&value[name]);
    let status = code("status")?.map(u16::try_from).transpose();
    let q850 = code("q850")?.map(u8::try_from).transpose();
    let status = status.map_err(|_| Rejected::Unreadable)?;
    let q850 = q850.map_err(|_| Rejected::Unreadable)?;
    let seconds = code("seconds")?;
    if seconds.is_some_and(|seconds| !is_length(seconds)) {
        return Err(Rejected::Unreadable);
    }
    let cause = match text_of(&value["cause"])? {
        Some(text) => text.parse().map_err(|()| Rejected::Unreadable)?,
        None => cause_of(status, q850).unwrap_or(match seconds {
            Some(seconds) if seconds > 0 => EndCause::Answered,
            _ => EndCause::NoAnswer,
        }),
    };
    let talked = seconds.filter(|_| cause == EndCause::Answered);
    Ok(Ending { status, q850, ..Ending::of(Some(cause), talked) })
}
