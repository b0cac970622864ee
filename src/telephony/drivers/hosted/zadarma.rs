//! Zadarma: a form with a `Signature`, the base64 of the hexadecimal HMAC-SHA1 of three of its
//! fields (two for a recording). Described at zadarma.com/en/support/api and in the provider's own
//! classes, github.com/zadarma/user-api-v1, `lib/Webhook`.
//!
//! Nothing in it says when it was sent: a repetition is known by having been kept, and what is
//! older than that is not taken. The name of the call is not signed, so a repetition is known
//! without it. Nor is the name of the event: its fields must be such as it has. Times are those of
//! the zone set in the provider's account, which its connector names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::telephony::drivers::cause_of;
use crate::telephony::hosted::SKEW_MS;

/// How much later than its beginning and its length the news of an end may come, so that it is
/// taken for the moment of the end.
const PROMPT_MS: i64 = 5 * MINUTE_MS;

/// Digits of a telephone number, and of an extension of the exchange.
const NUMBER: std::ops::RangeInclusive<usize> = 7..=15;
const EXTENSION: std::ops::RangeInclusive<usize> = 2..=6;
/// The length of a moment as it is written: shorter ones would leave digits to the field before.
const START_CHARS: usize = "2026-10-05 09:15:07".len();

pub(super) fn read(hook: &Hook<'_>, by: &Reading<'_>) -> Result<Vec<HostedEvent>, Rejected> {
    let fields = form(hook.body).ok_or(Rejected::Forged)?;
    let get = |name: &str| field(&fields, name);
    let signed: &[&str] = match get("event") {
        "NOTIFY_START" | "NOTIFY_INTERNAL" | "NOTIFY_END" | "NOTIFY_IVR" => {
            &["caller_id", "called_did", "call_start"]
        }
        "NOTIFY_ANSWER" => &["caller_id", "destination", "call_start"],
        "NOTIFY_OUT_START" | "NOTIFY_OUT_END" => &["internal", "destination", "call_start"],
        "NOTIFY_RECORD" => &["pbx_call_id", "call_id_with_rec"],
        _ => return Err(Rejected::Forged),
    };
    let parts: Vec<&str> = signed.iter().map(|name| get(name)).collect();
    let mac = signs::hmac_sha1(&by.known.secret, &parts).ok_or(Rejected::Forged)?;
    let wanted = STANDARD.encode(hex::encode(mac));
    let given = hook.header("signature").unwrap_or_default();
    if !signs::is_same(wanted.as_bytes(), given.as_bytes()) {
        return Err(Rejected::Forged);
    }
    if !fits(&get, by)? {
        return Err(Rejected::Forged);
    }
    event_of(&get, &parts, by).map(Vec::from_iter)
}

/// True where the signed fields are such as the event has. Its name is not signed, and the fields
/// are signed as one text without a mark between them: what was signed of one event must not pass
/// for another, nor with its fields cut elsewhere. The call's name, where it says its direction,
/// says the same; and nobody has talked for longer than since the beginning.
fn fits<'a>(get: &impl Fn(&str) -> &'a str, by: &Reading<'_>) -> Result<bool, Rejected> {
    let is_of = |text: &str, digits: std::ops::RangeInclusive<usize>| {
        let text = text.strip_prefix('+').unwrap_or(text);
        digits.contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit())
    };
    let (is_number, is_extension) =
        (|name: &str| is_of(get(name), NUMBER), |name: &str| is_of(get(name), EXTENSION));
    let (name, start) = (get("pbx_call_id"), get("call_start"));
    let is_from = |way: &str, other: &str| name.starts_with(way) || !name.starts_with(other);
    let is_whole = start.len() == START_CHARS;
    let event = get("event");
    let is_its = match event {
        "NOTIFY_RECORD" => {
            let is_file = |c: u8| c.is_ascii_digit() || c == b'.';
            let file = get("call_id_with_rec");
            return Ok(!name.is_empty() && !file.is_empty() && file.bytes().all(is_file));
        }
        "NOTIFY_OUT_START" | "NOTIFY_OUT_END" => {
            is_extension("internal") && is_number("destination") && is_from("out_", "in_")
        }
        // Who hides their number calls as well.
        _ => {
            let caller = get("caller_id");
            let is_hidden = !caller.is_empty() && caller.bytes().all(|c| c.is_ascii_alphabetic());
            let is_called = match event {
                "NOTIFY_ANSWER" => is_extension("destination") || is_number("destination"),
                _ => is_number("called_did"),
            };
            (is_number("caller_id") || is_hidden) && is_called && is_from("in_", "out_")
        }
    };
    let talked = get("duration").parse::<i64>().unwrap_or(0).max(0);
    let is_past = match is_its && is_whole {
        true => {
            let ended = began_at(start, by.zone)?.plus_ms(talked.min(7 * 86_400) * 1_000);
            talked == 0 || ended <= by.now.plus_ms(SKEW_MS)
        }
        false => false,
    };
    Ok(is_past)
}

fn event_of<'a>(
    get: &impl Fn(&str) -> &'a str,
    signed: &[&str],
    by: &Reading<'_>,
) -> Result<Option<HostedEvent>, Rejected> {
    let told = format!("{}|{}", signed.join("|"), get("internal"));
    let is_out = get("event").starts_with("NOTIFY_OUT");
    let number = if is_out { get("destination") } else { get("caller_id") };
    let kind = match get("event") {
        "NOTIFY_START" | "NOTIFY_OUT_START" => HostedKind::Started,
        "NOTIFY_INTERNAL" => HostedKind::Ringing,
        "NOTIFY_ANSWER" => HostedKind::Answered,
        "NOTIFY_END" | "NOTIFY_OUT_END" => HostedKind::Ended,
        "NOTIFY_RECORD" => HostedKind::Recording,
        _ => return Ok(None),
    };
    if kind == HostedKind::Recording {
        let event = HostedEvent {
            reference: get("pbx_call_id").to_owned(),
            kind,
            told,
            at: by.now,
            direction: None,
            number: None,
            extension: None,
            end: None,
        };
        return Ok(Some(event));
    }
    let began = began_at(get("call_start"), by.zone)?;
    let seconds = match get("duration") {
        "" => None,
        text => Some(text.parse::<i64>().map_err(|_| Rejected::Unreadable)?),
    };
    let least = began.plus_ms(seconds.unwrap_or(0).clamp(0, 7 * 86_400) * 1_000);
    let is_prompt = by.now <= least.plus_ms(PROMPT_MS);
    let at = match kind {
        HostedKind::Started => began,
        _ if is_prompt => by.now.max(began),
        _ => least,
    };
    Ok(Some(HostedEvent {
        reference: get("pbx_call_id").to_owned(),
        kind,
        told,
        at,
        direction: Some(if is_out { Direction::Out } else { Direction::In }),
        number: Some(number.to_owned()),
        extension: Some(get("internal").to_owned()),
        end: (kind == HostedKind::Ended).then(|| ending(get, seconds)),
    }))
}

fn ending<'a>(get: &impl Fn(&str) -> &'a str, seconds: Option<i64>) -> Ending {
    let q850 = get("status_code").parse::<u8>().ok().filter(|cause| *cause > 0);
    let cause = match get("disposition") {
        "answered" => EndCause::Answered,
        "busy" => EndCause::Busy,
        "cancel" => EndCause::Cancelled,
        "no answer" => EndCause::NoAnswer,
        "unallocated number" => EndCause::InvalidNumber,
        "no money" | "no limit" | "no day limit" | "line limit" | "no money, no limit" => {
            EndCause::Account
        }
        _ => cause_of(None, q850)
            .filter(|cause| *cause != EndCause::Answered)
            .unwrap_or(EndCause::TrunkFailure),
    };
    let talked = seconds.filter(|_| cause == EndCause::Answered);
    Ending { q850, ..Ending::of(Some(cause), talked) }
}

/// `2026-10-05 09:15:07`, in the zone of the account.
fn began_at(text: &str, zone: &Zone) -> Result<Instant, Rejected> {
    let local = text.parse().map_err(|_| Rejected::Unreadable)?;
    Ok(Instant::from_local(local, zone))
}
