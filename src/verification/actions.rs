//! What is done with checks.

use super::store;
use super::*;
use crate::begin;
use crate::campaigns::{self, TargetAction};
use crate::companies::{self, CompanyRefusal};
use crate::events::{Event, Kind};
use crate::leads;
use crate::people::Viewer;
use crate::storage::{Act, Tx};

/// The longest remark about a check.
const NOTE_MAX: usize = 1_000;

/// Records a check of a company that this person may change.
pub async fn record(act: &Act, viewer: &Viewer, verify: Verify) -> Outcome<VerificationId> {
    let mut tx = begin!(act);
    companies::actions::find_changeable(&mut tx, viewer, verify.company, act.now).await?;
    let id = verify_in(&mut tx, act, verify).await?;
    tx.finish(id).await
}

/// Records a check as part of another transaction. The event, and with it any pay, comes only
/// from a check that was needed (see [`counts`]).
pub async fn verify_in(tx: &mut Tx, act: &Act, verify: Verify) -> Outcome<VerificationId> {
    if verify.note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX) {
        let mut fields = Fields::default();
        fields.note_with("note", "too-long", vec![("max", NOTE_MAX.to_string())]);
        return Err(Error::Invalid(fields));
    }
    let found = companies::actions::find_for_update(tx, act.org, verify.company).await?;
    let company = found.ok_or(Error::NotFound)?;
    if !company.is_in_base() {
        return Err(CompanyRefusal::NotInBase.into());
    }
    let last = store::find_last(tx, act.org, company.id, verify.field).await?;
    let made = Verification {
        id: VerificationId::fresh(act.now),
        field: verify.field,
        finding: verify.finding,
        source: verify.source,
        note: verify.note.clone(),
        actor: act.actor,
        made_at: act.now,
    };
    store::insert(tx, act.org, &verify, &made).await?;
    if counts(last.as_ref(), verify.finding, act.now) {
        let campaign = find_campaign(tx, act, company.id).await?;
        let verified = TargetAction::CompanyVerified;
        Event::new(Kind::CompanyVerified, company.id)
            .company(company.id)
            .campaign(campaign)
            .target(campaigns::actions::is_target(tx, act.org, campaign, verified).await?)
            .person(act.actor)
            .tier(1)
            .with("field", verify.field.code())
            .with("result", verify.finding.code())
            .with("source", verify.source.code())
            .record(tx, act)
            .await?;
    }
    tx.announce(format!("company:{}", company.id));
    Ok(made.id)
}

/// The campaign for which whoever checks holds the company just now.
async fn find_campaign(tx: &mut Tx, act: &Act, company: CompanyId) -> Outcome<Option<CampaignId>> {
    let Some(caller) = act.actor else { return Ok(None) };
    let held = leads::actions::find_held(tx, act.org, caller).await?;
    Ok(held.filter(|lead| lead.company == company).map(|lead| lead.campaign))
}

/// The newest check of every field of a company that was ever checked.
pub async fn list_last(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Verification>> {
    store::list_last(tx, org, company).await
}

/// Checks of a company behind the one with that id, newest first.
pub async fn list(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    after: Option<VerificationId>,
    limit: i64,
) -> Outcome<Vec<Verification>> {
    let place = match after {
        Some(id) => store::find_place(tx, org, id).await?.map(|at| (at, id.to_string())),
        None => None,
    };
    let (at, id) = place.unwrap_or((Instant(i64::MAX), String::new()));
    store::list(tx, (org, company), (at, &id), limit).await
}
