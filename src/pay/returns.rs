//! Returns: a firm that a caller's hand-off brought, that went nowhere, and that somebody else's
//! hand-off brings back.
//!
//! Whoever brought it first is credited for it, for as many days as the version of their plan says;
//! what the other one earns stays theirs. One hand-off comes back once. That it did is recorded
//! whatever any plan says, so that a draft with another window can be replayed over it.

use std::collections::BTreeMap;

use crate::events::{Kind, Recorded};
use crate::values::*;

/// The tier whose hand-offs bring firms.
const CALLING: i64 = 1;
/// The most days after which a firm is still said to have come back; no window is longer.
pub const DAYS_MAX: i64 = 365;

/// A firm came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// Who brought it first.
    pub giver: UserId,
    /// The hand-off they brought it by.
    pub handoff: String,
    /// Its campaign.
    pub campaign: Option<CampaignId>,
    /// The tier it went to.
    pub to_tier: Option<i64>,
    /// Whether its campaign paid for it.
    pub is_target: bool,
    /// Days of the firm's calendar from its end to the return.
    pub away: i64,
}

/// What came back by a hand-off that was accepted, out of everything told about the company.
pub fn found(accepted: &Recorded, about: &[Recorded], zone: &Zone) -> Option<Return> {
    let by = giver(accepted)?;
    let returned = || about.iter().filter(|one| one.kind == Kind::FirmReturned);
    let is_told = returned().any(|one| one.text("by") == Some(accepted.subject.as_str()));
    if accepted.tier != Some(CALLING) || is_told {
        return None;
    }
    let until = (accepted.at, accepted.id);
    let before: Vec<&Recorded> = about.iter().filter(|one| (one.at, one.id) < until).collect();
    let mut last: BTreeMap<UserId, &Recorded> = BTreeMap::new();
    let is_own =
        |one: &&Recorded| one.kind == Kind::HandoffOffered && one.subject == accepted.subject;
    // Whoever offered it later did not bring it first.
    let came = about.iter().find(is_own).map_or(until, |one| (one.at, one.id));
    let is_offer = |one: &&Recorded| {
        one.kind == Kind::HandoffOffered && one.tier == Some(CALLING) && (one.at, one.id) < came
    };
    for offered in before.iter().copied().filter(is_offer) {
        let Some(giver) = giver(offered).filter(|giver| *giver != by) else { continue };
        let known = last.entry(giver).or_insert(offered);
        if (known.at, known.id) < (offered.at, offered.id) {
            *known = offered;
        }
    }
    let ended = last.into_iter().filter_map(|(giver, offered)| {
        let is_back = |one: &Recorded| one.text("handoff") == Some(offered.subject.as_str());
        let at = ended(offered, &before).filter(|_| !returned().any(is_back))?;
        Some((at, giver, offered))
    });
    let (at, giver, offered) = ended.max_by_key(|(at, _, offered)| (*at, offered.id))?;
    let away = i64::from(at.day(zone).until(accepted.at.day(zone)).ok()?.get_days());
    (0..=DAYS_MAX).contains(&away).then(|| Return {
        giver,
        handoff: offered.subject.clone(),
        campaign: offered.campaign,
        to_tier: offered.detail.get("to_tier").and_then(serde_json::Value::as_i64),
        is_target: offered.is_target(),
        away,
    })
}

/// The return that never was: the hand-off it is of counts as accepted after all.
pub fn undone<'a>(decided: &Recorded, about: &'a [Recorded]) -> Option<&'a Recorded> {
    if !is_overturned(decided) {
        return None;
    }
    let is_of = |one: &Recorded| one.text("handoff") == Some(decided.subject.as_str());
    about.iter().find(|one| stands(one, about) && is_of(one))
}

/// True for a return that nothing undid.
fn stands(one: &Recorded, about: &[Recorded]) -> bool {
    let undoes =
        |other: &Recorded| other.kind == Kind::ReturnUndone && other.subject == one.subject;
    one.kind == Kind::FirmReturned && !about.iter().any(undoes)
}

/// When a hand-off had gone nowhere: it was sent back or not answered and nobody overturned that,
/// or what it opened was lost.
fn ended(offered: &Recorded, before: &[&Recorded]) -> Option<Instant> {
    let own: Vec<&&Recorded> = before.iter().filter(|one| one.subject == offered.subject).collect();
    if own.iter().any(|one| is_overturned(one)) {
        return None;
    }
    if own.iter().any(|one| one.kind == Kind::HandoffAccepted) {
        return lost(&offered.subject, before);
    }
    let is_no =
        |one: &&&&Recorded| matches!(one.kind, Kind::HandoffRejected | Kind::HandoffExpired);
    own.iter().filter(is_no).map(|one| one.at).max()
}

fn is_overturned(event: &Recorded) -> bool {
    event.kind == Kind::HandoffDecided && event.reason.as_deref() == Some("overturned")
}

/// When the opportunity of a hand-off was lost for good.
fn lost(handoff: &str, before: &[&Recorded]) -> Option<Instant> {
    let is_its = |one: &&&Recorded| {
        one.kind == Kind::OpportunityOpened && one.text("handoff") == Some(handoff)
    };
    let opened = before.iter().find(is_its)?;
    let is_turn = |one: &&&Recorded| {
        let kinds = [Kind::OpportunityLost, Kind::OpportunityReopened, Kind::OpportunityWon];
        one.subject == opened.subject && kinds.contains(&one.kind)
    };
    let last = before.iter().filter(is_turn).max_by_key(|one| (one.at, one.id))?;
    (last.kind == Kind::OpportunityLost).then_some(last.at)
}

/// Who gave it, also where it counts for nobody.
fn giver(event: &Recorded) -> Option<UserId> {
    let named = event.text("giver").and_then(|id| id.parse().ok());
    named.or(event.person)
}
