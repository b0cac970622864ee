//! Mango Office: a form with `vpbx_api_key`, `json` and `sign`, the hexadecimal SHA-256 of key,
//! json and salt in a row. Described in the provider's "API of the virtual exchange", version 1.9;
//! the salt is the secret, the key is not. The exchange adds the name of the event to the address
//! it was told: `…/events/call`.
//!
//! A call is an entry (`entry_id`) of legs (`call_id`). Of a call of ours the leg's end is the end;
//! of one that comes in many phones ring and stop, and only the summary says that it is over.

use super::*;

pub(super) fn read(hook: &Hook<'_>, by: &Reading<'_>) -> Result<Vec<HostedEvent>, Rejected> {
    // With nothing in its hands the exchange tries whether the address answers.
    if hook.body.is_empty() {
        return Err(Rejected::Tried);
    }
    let fields = form(hook.body).ok_or(Rejected::Forged)?;
    let (key, json) = (field(&fields, "vpbx_api_key"), field(&fields, "json"));
    let wanted = hex::encode(signs::sha256(&[key, json, &by.known.secret]));
    let is_known = signs::is_same(key.as_bytes(), by.known.account.as_bytes());
    let is_signed = signs::is_same(wanted.as_bytes(), field(&fields, "sign").as_bytes());
    if !(is_known && is_signed) {
        return Err(Rejected::Forged);
    }
    let event = match hook.rest.trim_matches('/') {
        "events/call" => call_of(&members(json.as_bytes())?)?,
        "events/summary" => summary_of(&members(json.as_bytes())?)?,
        "events/record/added" => recording_of(&members(json.as_bytes())?)?,
        _ => None,
    };
    Ok(event.into_iter().collect())
}

/// An end of a call: an extension of ours, or a number.
struct Side {
    extension: Option<String>,
    number: Option<String>,
}

fn side(value: &Value) -> Result<Side, Rejected> {
    let extension = text_of(&value["extension"])?;
    Ok(Side { extension, number: text_of(&value["number"])? })
}

/// Who calls whom, the other end and ours; nothing for calls among ourselves.
fn ends(value: &Value) -> Result<Option<(Direction, Option<String>, Option<String>)>, Rejected> {
    let (from, to) = (side(&value["from"])?, side(&value["to"])?);
    Ok(match (from.extension, to.extension) {
        (Some(_), Some(_)) => None,
        (Some(ours), None) => Some((Direction::Out, to.number, Some(ours))),
        (None, ours) => Some((Direction::In, from.number, ours)),
    })
}

fn call_of(value: &Value) -> Result<Option<HostedEvent>, Rejected> {
    let Some((direction, number, extension)) = ends(value)? else { return Ok(None) };
    let seconds = whole_of(&value["timestamp"])?.ok_or(Rejected::Unreadable)?;
    let state = text_of(&value["call_state"])?.unwrap_or_default();
    let is_ringing = direction == Direction::In && extension.is_some();
    let kind = match state.as_str() {
        "Appeared" if is_ringing => HostedKind::Ringing,
        "Appeared" => HostedKind::Started,
        // A machine that answers who calls in is nobody of ours.
        "Connected" if direction == Direction::In && extension.is_none() => return Ok(None),
        "Connected" => HostedKind::Answered,
        "Disconnected" if direction == Direction::Out => HostedKind::Ended,
        _ => return Ok(None),
    };
    let name = |name: &str| text_of(&value[name]).map(Option::unwrap_or_default);
    let told = format!("{}|{}|{}", name("entry_id")?, name("call_id")?, name("seq")?);
    let end = match kind {
        HostedKind::Ended => Some(leg_end(value)?),
        _ => None,
    };
    Ok(Some(HostedEvent {
        reference: name("entry_id")?,
        kind,
        told: format!("{told}|{seconds}"),
        at: since_1970(seconds)?,
        direction: Some(direction),
        number,
        extension,
        end,
    }))
}

/// The end of a leg of ours. Whether it was answered the reason does not say.
fn leg_end(value: &Value) -> Result<Ending, Rejected> {
    let reason = whole_of(&value["disconnect_reason"])?;
    let by = by_of(reason);
    Ok(Ending { by, ..Ending::of(reason.and_then(unanswered_cause), None) })
}

pub(super) fn summary_of(value: &Value) -> Result<Option<HostedEvent>, Rejected> {
    let Some((direction, number, extension)) = ends(value)? else { return Ok(None) };
    let whole = |name: &str| whole_of(&value[name]);
    let ended = whole("end_time")?.ok_or(Rejected::Unreadable)?;
    let talked_from = whole("talk_time")?.filter(|from| *from > 0);
    let is_answered = whole("entry_result")? == Some(1) && talked_from.is_some();
    let reason = whole("disconnect_reason")?;
    let seconds = talked_from.filter(|_| is_answered).map(|from| ended.saturating_sub(from).max(0));
    let cause = match is_answered {
        true => EndCause::Answered,
        false => reason.and_then(unanswered_cause).unwrap_or(match reason {
            Some(1110) => EndCause::Cancelled,
            _ => EndCause::NoAnswer,
        }),
    };
    let reference = text_of(&value["entry_id"])?.unwrap_or_default();
    Ok(Some(HostedEvent {
        told: format!("{reference}|summary|{ended}"),
        reference,
        kind: HostedKind::Ended,
        at: since_1970(ended)?,
        direction: Some(direction),
        number,
        extension,
        end: Some(Ending { by: by_of(reason), ..Ending::of(Some(cause), seconds) }),
    }))
}

fn recording_of(value: &Value) -> Result<Option<HostedEvent>, Rejected> {
    let seconds = whole_of(&value["timestamp"])?.ok_or(Rejected::Unreadable)?;
    let name = |name: &str| text_of(&value[name]).map(Option::unwrap_or_default);
    Ok(Some(HostedEvent {
        reference: name("entry_id")?,
        kind: HostedKind::Recording,
        told: format!("{}|{}", name("entry_id")?, name("recording_id")?),
        at: since_1970(seconds)?,
        direction: None,
        number: None,
        extension: None,
        end: None,
    }))
}

/// Who hung up.
fn by_of(reason: Option<i64>) -> Option<EndedBy> {
    match reason? {
        1110 => Some(EndedBy::Caller),
        1120..=1123 => Some(EndedBy::Far),
        _ => None,
    }
}

/// What a reason says of a call that nobody answered; nothing where it says that of none.
fn unanswered_cause(reason: i64) -> Option<EndCause> {
    Some(match reason {
        1111 => EndCause::NoAnswer,
        1121 => EndCause::Busy,
        1122 | 1123 => EndCause::Rejected,
        1124 | 1131 => EndCause::NoAnswer,
        1130 | 1140 => EndCause::Forbidden,
        1132 | 1133 => EndCause::InvalidNumber,
        1134 => EndCause::TrunkFailure,
        1150..=1152 => EndCause::Blocked,
        _ => return None,
    })
}
