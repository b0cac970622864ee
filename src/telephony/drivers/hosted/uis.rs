//! UIS and CoMagic: the customer writes the body of each notification, with the provider's
//! variables in it, and nothing is signed. So the secret stands in the address, and the bodies are
//! those of `docs/telephony.md`:
//!
//! `{"event":"ringing","call":{{call_session_id}},"at":{{notification_timestamp}},
//!   "direction":{{direction}},"number":{{contact_phone_number}},"employee":{{employee_id}},
//!   "seconds":{{talk_time_duration}}}`
//!
//! The provider puts JSON values for its variables: a number with or without quotes, or null.

use super::*;

pub(super) fn read(hook: &Hook<'_>, by: &Reading<'_>) -> Result<Vec<HostedEvent>, Rejected> {
    let given = hook.rest.trim_matches('/');
    if !signs::is_same(given.as_bytes(), by.known.secret.as_bytes()) {
        return Err(Rejected::Forged);
    }
    let value = members(hook.body)?;
    let name = |name: &str| text_of(&value[name]).map(Option::unwrap_or_default);
    let event = name("event")?;
    let seconds = whole_of(&value["seconds"])?;
    let kind = match event.as_str() {
        "lost" => HostedKind::Ended,
        other => other.parse().map_err(|()| Rejected::Unreadable)?,
    };
    let direction = match name("direction")?.as_str() {
        "" if event == "lost" => Some(Direction::In),
        "" => None,
        text => Some(text.parse().map_err(|()| Rejected::Unreadable)?),
    };
    let cause = match seconds {
        _ if event == "lost" => EndCause::NoAnswer,
        Some(seconds) if seconds > 0 => EndCause::Answered,
        _ => EndCause::NoAnswer,
    };
    let at = whole_of(&value["at"])?.ok_or(Rejected::Unreadable)?;
    let (reference, employee) = (name("call")?, text_of(&value["employee"])?);
    let told = format!("{reference}|{at}|{}", employee.as_deref().unwrap_or_default());
    let talked = seconds.filter(|_| cause == EndCause::Answered);
    Ok(vec![HostedEvent {
        reference,
        kind,
        told,
        at: since_1970(at)?,
        direction,
        number: text_of(&value["number"])?,
        extension: employee,
        end: (kind == HostedKind::Ended).then(|| Ending::of(Some(cause), talked)),
    }])
}
