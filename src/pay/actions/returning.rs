//! Firms that come back by somebody else's hand-off are noted.

use super::super::facts::AWAY;
use super::super::returns;
use super::booking::Chain;
use crate::begin;
use crate::events::{self, Event, Kind, Recorded};
use crate::people::teams::EVER;
use crate::storage::Act;
use crate::values::*;

/// The most events of a company that are looked at, the newest.
const EVENTS_MAX: i64 = 10_000;

/// Notes that a firm came back by a hand-off that was accepted, or, where a rejection was
/// overturned, that it had not gone. What is noted is an event of its own and pays by itself.
pub async fn note_return(act: &Act, event: &Recorded) -> Outcome<()> {
    let Some(company) = event.company else { return Ok(()) };
    let mut tx = begin!(act);
    // Of two hand-offs that are taken at once one is looked at after the other.
    let zone = Chain::hold(&mut tx, act.org).await?.firm.zone;
    let about = events::list_for_company(&mut tx, act.org, company, EVER.1, EVENTS_MAX).await?;
    let then = Act { now: event.at, ..act.clone() };
    let told = match event.kind {
        Kind::HandoffAccepted => returns::found(event, &about, &zone).map(|found| {
            Event::new(Kind::FirmReturned, AnyId::fresh(event.at))
                .company(company)
                .campaign(found.campaign)
                .person(found.giver)
                .tier(1)
                .target(found.is_target)
                .with(AWAY, found.away)
                .with("handoff", found.handoff)
                .with("by", event.subject.clone())
                .with("to_tier", found.to_tier)
        }),
        _ => returns::undone(event, &about).map(|before| {
            Event::new(Kind::ReturnUndone, &before.subject)
                .company(company)
                .campaign(before.campaign)
                .person(before.person)
                .tier(1)
        }),
    };
    if let Some(told) = told {
        told.record(&mut tx, &then).await?;
    }
    tx.finish(()).await
}
