//! What is done with checks.

use super::store;
use super::*;
use crate::begin;
use crate::campaigns::{self, TargetAction};
use crate::companies::{self, CompanyRefusal, Contact};
use crate::events::{self, Event, Kind, Recorded};
use crate::leads;
use crate::people::{self, Viewer};
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
    let campaign = find_campaign(tx, act, verify.company).await?;
    verify_for_in(tx, act, verify, campaign).await
}

/// The same for a campaign, when its lease has just ended.
pub async fn verify_for_in(
    tx: &mut Tx,
    act: &Act,
    verify: Verify,
    campaign: Option<CampaignId>,
) -> Outcome<VerificationId> {
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
    let ageing = find_ageing(tx, act.org).await?;
    let last = store::find_last(tx, act.org, company.id, verify.field).await?;
    let made = keep_in(tx, act, verify, campaign).await?;
    if counts(last.as_ref(), made.finding, &ageing, act.now) {
        let verified = TargetAction::CompanyVerified;
        Event::new(Kind::CompanyVerified, company.id)
            .company(company.id)
            .campaign(campaign)
            .target(campaigns::actions::is_target(tx, act.org, campaign, verified).await?)
            .person(act.actor)
            .tier(1)
            .with("check", made.id.to_string())
            .with("field", made.field.code())
            .with("result", made.finding.code())
            .with("source", made.source.code())
            .record(tx, act)
            .await?;
    }
    tx.announce(format!("company:{}", company.id));
    Ok(made.id)
}

/// Keeps a check, and beside it what it tells of.
async fn keep_in(
    tx: &mut Tx,
    act: &Act,
    verify: Verify,
    campaign: Option<CampaignId>,
) -> Outcome<Verification> {
    let Verify { company, call, change, .. } = verify;
    let made = Verification {
        id: VerificationId::fresh(act.now),
        field: verify.field,
        finding: verify.finding,
        source: verify.source,
        note: verify.note,
        actor: act.actor,
        made_at: act.now,
        about: verify.about,
    };
    store::insert(tx, act.org, (company, campaign, call), &made).await?;
    let change = change.as_ref().map(serde_json::to_string).transpose().map_err(Error::failure)?;
    let is_told = made.note.is_some() || made.about.old.is_some() || made.about.new.is_some();
    if is_told || change.is_some() {
        store::insert_values(tx, act.org, &made, change.as_deref()).await?;
    }
    Ok(made)
}

/// Notes what turned out right or wrong, as part of what found it. Nobody's work beside that: it
/// pays nothing.
pub async fn note_in(tx: &mut Tx, act: &Act, verify: Verify) -> Outcome<()> {
    let company = verify.company;
    keep_in(tx, act, verify, None).await?;
    tx.announce(format!("company:{company}"));
    Ok(())
}

/// Takes the checks of a call back, the last first, with what each changed on the card; those that
/// were taken back before are left. Answers the fields of which something stays as it is now,
/// because it was changed again since.
pub async fn take_back_of_call_in(tx: &mut Tx, act: &Act, call: CallId) -> Outcome<Vec<Field>> {
    let mut kept = Vec::new();
    for (company, check, change) in store::list_of_call(tx, act.org, call).await? {
        if !take_back_in(tx, act, check.id).await? {
            continue;
        }
        let Some(change) = change else { continue };
        let is_whole = match serde_json::from_str(&change) {
            Ok(change) => changes::restore_in(tx, act, (company, &check), change).await?,
            // An erasure has struck into it since: what it changed stays.
            Err(_) => false,
        };
        if !is_whole && !kept.contains(&check.field) {
            kept.push(check.field);
        }
    }
    Ok(kept)
}

/// Forgets what checks tell of a person: names, own numbers and addresses, remarks about them, the
/// role they had. The checks stay, and so does what they were of, by id. Part of erasing them.
pub async fn forget_contact_in(tx: &mut Tx, act: &Act, contact: &Contact) -> Outcome<u64> {
    for (id, change) in store::list_changes(tx, act.org, contact.id).await? {
        // What another erasure has struck into is read no more and keeps no role.
        let Ok(change) = serde_json::from_str::<Change>(&change) else { continue };
        if let Some(change) = change.wordless() {
            let change = serde_json::to_string(&change).map_err(Error::failure)?;
            store::update_change(tx, act.org, id, &change).await?;
        }
    }
    store::blank_values(tx, act.org, contact).await
}

/// Takes a check back as part of another transaction; what it earned goes with it, unless another
/// check of the company in the same month stands. Says whether it stood until now.
pub async fn take_back_in(tx: &mut Tx, act: &Act, id: VerificationId) -> Outcome<bool> {
    let (company, _) = store::find(tx, act.org, id).await?.ok_or(Error::NotFound)?;
    if store::insert_reversal(tx, act.org, id, (act.actor, act.now)).await? == 0 {
        return Ok(false);
    }
    let zone = people::actions::firm(tx, act.org).await?.zone;
    let told = events::list_for_subject(tx, act.org, &company.to_string()).await?;
    let of = |event: &Recorded| event.text("check").unwrap_or_default().to_owned();
    let mut standing: Vec<&Recorded> =
        told.iter().filter(|event| event.kind == Kind::CompanyVerified).collect();
    let Some(at) = standing.iter().position(|event| of(event) == id.to_string()) else {
        tx.announce(format!("company:{company}"));
        return Ok(true);
    };
    let counted = standing.remove(at);
    let gone: Vec<String> =
        told.iter().filter(|event| event.kind == Kind::CheckReversed).map(of).collect();
    let month = Month::of(counted.at, &zone);
    let is_left = standing
        .iter()
        .any(|event| Month::of(event.at, &zone) == month && !gone.contains(&of(event)));
    Event::new(Kind::CheckReversed, company)
        .company(company)
        .campaign(counted.campaign)
        .target(counted.is_target())
        .person(counted.person)
        .tier(1)
        .reason(if is_left { "others_stand" } else { "none_stands" }.to_owned())
        .with("check", id.to_string())
        .with("month", month.to_string())
        .record(tx, act)
        .await?;
    tx.announce(format!("company:{company}"));
    Ok(true)
}

/// What the newest check of a field that stands found, and of which value.
pub async fn find_last(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    field: Field,
) -> Outcome<Option<Verification>> {
    store::find_last(tx, org, company, field).await
}

/// How values age in this firm.
pub async fn find_ageing(tx: &mut Tx, org: OrgId) -> Outcome<Ageing> {
    let rules = store::list_rules(tx, org).await?;
    Ok(rules.into_iter().fold(Ageing::default(), |all, (field, rule)| all.with(field, rule)))
}

/// Sets how values age. Where they age so already nothing happened: no company is scored anew.
pub async fn set_ageing(act: &Act, ageing: &Ageing) -> Outcome<()> {
    let mut wrong = Fields::default();
    for field in Field::ALL {
        ageing.of(field).check(field, &mut wrong);
    }
    wrong.into_result()?;
    let mut tx = begin!(act);
    let before = find_ageing(&mut tx, act.org).await?;
    if before == *ageing {
        return tx.finish(()).await;
    }
    let mut event = Event::new(Kind::AgeingSet, act.org).person(act.actor);
    for field in Field::ALL.into_iter().filter(|field| before.of(*field) != ageing.of(*field)) {
        let rule = ageing.of(field);
        store::insert_rule(&mut tx, act.org, field, rule).await?;
        let told = format!("{} months, {} %", rule.half_life_months, rule.due_percent);
        event = event.with(field.code(), told);
    }
    event.record(&mut tx, act).await?;
    tx.finish(()).await
}

/// The campaign for which whoever checks holds the company just now.
async fn find_campaign(tx: &mut Tx, act: &Act, company: CompanyId) -> Outcome<Option<CampaignId>> {
    let Some(caller) = act.actor else { return Ok(None) };
    let held = leads::actions::find_held(tx, act.org, caller).await?;
    Ok(held.filter(|lead| lead.company == company).map(|lead| lead.campaign))
}

/// The newest check of every field of a company that was ever checked.
pub async fn list_last(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Verification>> {
    let last = list_last_of_many(tx, org, &[company]).await?;
    Ok(last.into_iter().map(|(_, check)| check).collect())
}

/// The same of many companies.
pub async fn list_last_of_many(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<(CompanyId, Verification)>> {
    let mut last = store::list_last(tx, org, companies).await?;
    // What was merged into a company was checked for it, too: of each field the newest counts.
    for (company, check) in store::list_of_aliases(tx, org, companies).await? {
        let known = last.iter_mut().find(|(id, one)| (*id, one.field) == (company, check.field));
        match known {
            Some((_, one)) if one.made_at < check.made_at => *one = check,
            Some(_) => {}
            None => last.push((company, check)),
        }
    }
    Ok(last)
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
