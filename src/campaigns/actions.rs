//! What is done with campaigns: make, change, staff, script, pause, stop. Launching fills the
//! queue, so it is a verb of `leads`.

use super::complaints::{Complaints, Halt};
use super::reasons::{FIRST, RefusalReason};
use super::terms::CampaignTerms;
use super::{
    Campaign, CampaignRefusal, CampaignState, LegalBasis, Member, Script, Segment, TargetAction,
    script, store,
};
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::{self, Role, Scope, User, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::tiers::Tier;
use crate::values::*;

/// The longest reason for going on, in characters.
const WHY_CHARS_MAX: usize = 500;

/// Makes a campaign in draft, with its first script when one is given.
pub async fn make(
    act: &Act,
    viewer: &Viewer,
    terms: CampaignTerms,
    team: Option<TeamId>,
    body: &str,
) -> Outcome<CampaignId> {
    let mut fields = terms.check();
    if !body.trim().is_empty() {
        for (field, problem) in script::check(body).0 {
            fields.0.entry(field).or_insert(problem);
        }
    }
    fields.into_result()?;
    let mut tx = begin!(act);
    let campaign = make_in(&mut tx, act, viewer, terms, team).await?;
    if !body.trim().is_empty() {
        write_script_in(&mut tx, act, campaign.id, body).await?;
    }
    tx.finish(campaign.id).await
}

/// Makes a campaign in draft, as part of another transaction; its terms were checked.
pub async fn make_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    terms: CampaignTerms,
    team: Option<TeamId>,
) -> Outcome<Campaign> {
    let team = if viewer.scope().reach == people::Reach::All { team } else { viewer.user.team };
    let campaign = Campaign {
        id: CampaignId::fresh(act.now),
        number: take_numbers(tx, act.org, "campaign", 1).await?,
        name: without_unseen(terms.name.trim()),
        team,
        principal: terms.principal,
        state: CampaignState::Draft,
        engagement: terms.engagement,
        purpose: terms.purpose,
        legal_basis: terms.legal_basis,
        segment: spelled(tx, act.org, terms.segment).await?,
        policy: terms.policy,
        passport: terms.passport,
        targets: terms.targets,
        version: 1,
        made_at: act.now,
        launched_at: None,
        complained_at: None,
        complaints_from: None,
    };
    check_principal(tx, act.org, campaign.principal).await?;
    store::insert_campaign(tx, act.org, &campaign).await?;
    seed_reasons(tx, act.org).await?;
    Event::new(Kind::CampaignMade, campaign.id).campaign(campaign.id).record(tx, act).await?;
    Ok(campaign)
}

/// Sets new terms over those of `version`.
pub async fn change(
    act: &Act,
    viewer: &Viewer,
    (id, version): (CampaignId, i64),
    terms: CampaignTerms,
) -> Outcome<()> {
    terms.check().into_result()?;
    let mut tx = begin!(act);
    let campaign = find_led(&mut tx, viewer, id).await?;
    if campaign.state == CampaignState::Stopped {
        return Err(CampaignRefusal::NotFromThisState.into());
    }
    check_principal(&mut tx, act.org, terms.principal).await?;
    let segment = spelled(&mut tx, act.org, terms.segment).await?;
    let terms = CampaignTerms { segment, ..terms };
    if store::update_terms(&mut tx, act.org, (id, version), &terms).await? == 0 {
        return Err(CampaignRefusal::ChangedMeanwhile.into());
    }
    let is_other = (&campaign.policy, campaign.legal_basis) != (&terms.policy, terms.legal_basis);
    changed(id, "terms").with("rules", is_other).record(&mut tx, act).await?;
    tx.announce(format!("campaign:{id}"));
    tx.finish(()).await
}

/// Adds a person to a tier of a campaign.
pub async fn add_member(act: &Act, viewer: &Viewer, id: CampaignId, member: Member) -> Outcome<()> {
    let mut tx = begin!(act);
    let campaign = find_led(&mut tx, viewer, id).await?;
    add_member_in(&mut tx, act, &campaign, member).await?;
    tx.finish(()).await
}

/// Adds a person to a tier of a campaign, as part of another transaction.
pub async fn add_member_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    member: Member,
) -> Outcome<()> {
    let user = people::actions::find_user(tx, act.org, member.user).await?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or(Error::NotFound)?;
    let present = store::list_all_members(tx, act.org, campaign.id).await?;
    check_member(campaign, &user, member, &present)?;
    store::insert_member(tx, act.org, campaign.id, member, act.now).await?;
    tell(tx, act, campaign.id, "members").await
}

/// The rule: roles of that tier, and one tier each unless the policy lets a person keep clients.
pub fn check_member(
    campaign: &Campaign,
    user: &User,
    member: Member,
    present: &[Member],
) -> Result<(), CampaignRefusal> {
    if !user.roles.has(member.tier.role()) {
        return Err(CampaignRefusal::NotOfThatTier);
    }
    let is_apart = present
        .iter()
        .filter(|other| other.user == member.user)
        .any(|other| !campaign.engagement.may_hold_both(other.tier, member.tier));
    if is_apart { Err(CampaignRefusal::OneTierEach) } else { Ok(()) }
}

/// Takes a person out of a tier of a campaign. What they hold stays theirs until it ends.
pub async fn remove_member(
    act: &Act,
    viewer: &Viewer,
    id: CampaignId,
    member: Member,
) -> Outcome<()> {
    let mut tx = begin!(act);
    find_led(&mut tx, viewer, id).await?;
    if store::delete_member(&mut tx, act.org, id, member).await? == 0 {
        return Err(Error::NotFound);
    }
    tell(&mut tx, act, id, "members").await?;
    tx.finish(()).await
}

/// Writes a new version of the script; what was said before stays readable.
pub async fn write_script(
    act: &Act,
    viewer: &Viewer,
    id: CampaignId,
    body: &str,
) -> Outcome<ScriptId> {
    script::check(body).into_result()?;
    let mut tx = begin!(act);
    find_led(&mut tx, viewer, id).await?;
    let script = write_script_in(&mut tx, act, id, body).await?;
    tell(&mut tx, act, id, "script").await?;
    tx.finish(script).await
}

/// Pauses a running campaign.
pub async fn pause(act: &Act, viewer: &Viewer, id: CampaignId) -> Outcome<()> {
    turn(act, viewer, id, CampaignState::Paused).await
}

/// Stops a campaign for good.
pub async fn stop(act: &Act, viewer: &Viewer, id: CampaignId) -> Outcome<()> {
    turn(act, viewer, id, CampaignState::Stopped).await
}

async fn turn(act: &Act, viewer: &Viewer, id: CampaignId, to: CampaignState) -> Outcome<()> {
    let mut tx = begin!(act);
    let campaign = find_led(&mut tx, viewer, id).await?;
    turn_in(&mut tx, act, &campaign, to).await?;
    tx.finish(()).await
}

/// Turns a campaign to another state, as part of somebody else's transaction.
pub async fn turn_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    to: CampaignState,
) -> Outcome<()> {
    let (from, id) = (campaign.state, campaign.id);
    if to == CampaignState::Running && campaign.complained_at.is_some() {
        return Err(CampaignRefusal::Complained.into());
    }
    if !from.may_turn(to) || store::update_state(tx, act.org, id, (from, to), act.now).await? == 0 {
        return Err(CampaignRefusal::NotFromThisState.into());
    }
    Event::new(Kind::CampaignTurned, id)
        .campaign(id)
        .reason(to.code().to_owned())
        .record(tx, act)
        .await?;
    tx.announce(format!("campaign:{id}"));
    Ok(())
}

/// More complained than the campaign allows: nobody calls for it until its head decides. `company`
/// complained last.
pub async fn halt_in(
    tx: &mut Tx,
    act: &Act,
    campaign: &Campaign,
    (company, heard): (CompanyId, Complaints),
) -> Outcome<()> {
    let (id, limit) = (campaign.id, campaign.policy.complaints_max);
    if campaign.is_running() {
        turn_in(tx, act, campaign, CampaignState::Paused).await?;
    }
    let from = campaign.complaints_from;
    store::update_complained(tx, act.org, id, (Some(act.now), from)).await?;
    let halt = Halt { at: act.now, heard, limit, answer: None };
    store::insert_halt(tx, act.org, (id, company), &halt).await?;
    Event::new(Kind::CampaignHalted, id)
        .campaign(id)
        .company(company)
        .with("complaints", heard.complaints)
        .with("calls", heard.calls)
        .with("limit", limit)
        .record(tx, act)
        .await?;
    tx.announce(format!("campaign:{id}"));
    Ok(())
}

/// Who leads a campaign that complaints stopped says why it goes on; complaints count anew.
pub async fn answer_in(tx: &mut Tx, act: &Act, campaign: &Campaign, why: &str) -> Outcome<()> {
    let (id, why) = (campaign.id, why.trim());
    if why.is_empty() {
        return Err(CampaignRefusal::Complained.into());
    }
    if why.chars().count() > WHY_CHARS_MAX {
        let mut fields = Fields::default();
        fields.note_with("why", "too-long", vec![("max", WHY_CHARS_MAX.to_string())]);
        return Err(Error::Invalid(fields));
    }
    // What was heard up to this moment was answered.
    let from = Some(act.now.plus_ms(1));
    store::update_complained(tx, act.org, id, (None, from)).await?;
    store::update_answered(tx, act.org, id, (act.actor, why), act.now).await?;
    let answered = Event::new(Kind::CampaignHaltAnswered, id).campaign(id).person(act.actor);
    answered.record(tx, act).await?;
    Ok(())
}

/// Every time that complaints stopped a campaign, the latest first.
pub async fn list_halts(tx: &mut Tx, org: OrgId, id: CampaignId) -> Outcome<Vec<Halt>> {
    store::list_halts(tx, org, id).await
}

/// A campaign of the firm, kept from others until the transaction ends.
pub async fn hold(tx: &mut Tx, org: OrgId, id: CampaignId) -> Outcome<Campaign> {
    store::find_campaign_for_update(tx, org, id).await?.ok_or(Error::NotFound)
}

/// A campaign of the firm, for the rooms above.
pub async fn find(tx: &mut Tx, org: OrgId, id: CampaignId) -> Outcome<Campaign> {
    store::find_campaign(tx, org, id).await?.ok_or(Error::NotFound)
}

/// True when tier 1 is paid for something: its campaign pays for it, or it belongs to none.
pub async fn is_target(
    tx: &mut Tx,
    org: OrgId,
    id: Option<CampaignId>,
    action: TargetAction,
) -> Outcome<bool> {
    let Some(id) = id else { return Ok(true) };
    let found = store::find_campaign(tx, org, id).await?;
    Ok(found.is_none_or(|campaign| campaign.is_target(action)))
}

/// A campaign the viewer may know of.
pub async fn find_seen(tx: &mut Tx, scope: &Scope, id: CampaignId) -> Outcome<Campaign> {
    let seen = store::list_campaigns(tx, scope).await?;
    seen.into_iter().find(|campaign| campaign.id == id).ok_or(Error::NotFound)
}

/// A campaign the viewer leads, locked: their team's, or any where they see the whole firm.
pub async fn find_led(tx: &mut Tx, viewer: &Viewer, id: CampaignId) -> Outcome<Campaign> {
    let found = store::find_campaign_for_update(tx, viewer.org, id).await?;
    found.filter(|campaign| campaign.is_led_by(viewer)).ok_or(Error::NotFound)
}

/// The campaigns the viewer may know of, the running ones first.
pub async fn list(tx: &mut Tx, scope: &Scope) -> Outcome<Vec<Campaign>> {
    store::list_campaigns(tx, scope).await
}

/// Who works in a tier of a campaign, in the order they joined. The shut out are left out, and so
/// is who has the role of the tier no more: no work is given to them.
pub async fn list_members(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
    tier: Tier,
) -> Outcome<Vec<UserId>> {
    store::list_members(tx, org, campaign, tier).await
}

/// Who works in a tier of each campaign, in one look.
pub async fn list_working(
    tx: &mut Tx,
    org: OrgId,
    tier: Tier,
) -> Outcome<Vec<(CampaignId, UserId)>> {
    store::list_working(tx, org, tier).await
}

/// True for who calls for a campaign.
pub async fn is_caller(tx: &mut Tx, viewer: &Viewer, id: CampaignId) -> Outcome<bool> {
    let callers = list_members(tx, viewer.org, id, Tier::Acquisition).await?;
    Ok(callers.contains(&viewer.id()))
}

/// Everybody who works in a campaign, by tier.
pub async fn list_all_members(
    tx: &mut Tx,
    org: OrgId,
    campaign: CampaignId,
) -> Outcome<Vec<Member>> {
    store::list_all_members(tx, org, campaign).await
}

/// What callers say now.
pub async fn find_script(tx: &mut Tx, org: OrgId, id: CampaignId) -> Outcome<Option<Script>> {
    store::find_script(tx, org, id).await
}

/// What callers said by a version of the script; nothing where the campaign never had it.
pub async fn find_script_of(
    tx: &mut Tx,
    org: OrgId,
    (id, version): (CampaignId, i64),
) -> Outcome<Option<Script>> {
    store::find_script_of(tx, org, id, version).await
}

/// Every version of what callers said, newest first.
pub async fn list_scripts(tx: &mut Tx, org: OrgId, id: CampaignId) -> Outcome<Vec<Script>> {
    store::list_scripts(tx, org, id).await
}

/// Why companies of this firm refuse, as callers choose from it; `dictionary` has those too that
/// are chosen no more.
pub async fn list_reasons(tx: &mut Tx, org: OrgId) -> Outcome<Vec<RefusalReason>> {
    store::list_reasons(tx, org).await
}

/// How many companies of a segment may still become leads of a campaign.
pub async fn count_segment(
    tx: &mut Tx,
    org: OrgId,
    segment: &Segment,
    campaign: Option<CampaignId>,
    now: Instant,
) -> Outcome<i64> {
    store::count_segment(tx, org, segment, campaign, now).await
}

/// How many of those have no record of the ground the campaign names: nobody calls them.
pub async fn count_groundless(
    tx: &mut Tx,
    org: OrgId,
    (segment, ground): (&Segment, LegalBasis),
    campaign: Option<CampaignId>,
    now: Instant,
) -> Outcome<i64> {
    store::count_groundless(tx, org, (segment, ground.code()), campaign, now).await
}

/// The commonest towns, industries and sources of the base, each with its count.
pub async fn list_choices(tx: &mut Tx, org: OrgId) -> Outcome<[Vec<(String, i64)>; 3]> {
    Ok([
        store::list_cities(tx, org).await?,
        store::list_industries(tx, org).await?,
        store::list_sources(tx, org).await?,
    ])
}

/// A part of the base as the base spells it: a town, an industry or a source that was typed in
/// other case is the one that stands there.
pub async fn spelled(tx: &mut Tx, org: OrgId, segment: Segment) -> Outcome<Segment> {
    let typed = [&segment.city, &segment.industry, &segment.source];
    if typed.iter().all(|choice| choice.is_none()) && segment.mix.is_empty() {
        return Ok(segment);
    }
    let known = list_choices(tx, org).await?;
    let mut settled = segment;
    let choices = [&mut settled.city, &mut settled.industry, &mut settled.source];
    for (choice, known) in choices.into_iter().zip(&known) {
        let Some(typed) = choice else { continue };
        let folded = typed.to_lowercase();
        let is_there = known.iter().any(|(name, _)| name == typed);
        let same = known.iter().find(|(name, _)| !is_there && name.to_lowercase() == folded);
        if let Some((name, _)) = same {
            *choice = Some(name.clone());
        }
    }
    let sources = known.last().map_or(&[][..], |sources| sources);
    for share in &mut settled.mix {
        let (typed, folded) = (share.source.trim(), share.source.trim().to_lowercase());
        let is_there = sources.iter().any(|(name, _)| name == typed);
        let same = sources.iter().find(|(name, _)| !is_there && name.to_lowercase() == folded);
        share.source = same.map_or_else(|| share.source.trim().to_owned(), |one| one.0.clone());
    }
    Ok(settled)
}

/// Writes a version of the script, checked, as part of another transaction.
pub async fn write_script_in(
    tx: &mut Tx,
    act: &Act,
    id: CampaignId,
    body: &str,
) -> Outcome<ScriptId> {
    let last = store::find_script(tx, act.org, id).await?.map_or(0, |script| script.version);
    let script = Script {
        id: ScriptId::fresh(act.now),
        version: last + 1,
        body: body.trim().replace('\r', ""),
        made_at: act.now,
    };
    store::insert_script(tx, act.org, id, &script, act.actor).await?;
    Ok(script.id)
}

async fn seed_reasons(tx: &mut Tx, org: OrgId) -> Outcome<()> {
    for (position, first) in (1..).zip(FIRST) {
        let ([label_ru, label_en], [offer_ru, offer_en]) =
            (first.label.map(str::to_owned), first.offer.map(str::to_owned));
        let (code, reentry_days) = (first.code.to_owned(), first.reentry_days);
        let reason =
            RefusalReason { code, label_ru, label_en, reentry_days, offer_ru, offer_en, position };
        store::insert_reason(tx, org, &reason).await?;
    }
    Ok(())
}

async fn check_principal(tx: &mut Tx, org: OrgId, principal: Option<UserId>) -> Outcome<()> {
    let Some(id) = principal else { return Ok(()) };
    let user = people::actions::find_user(tx, org, id).await?;
    match user {
        Some(user) if user.roles.has(Role::Principal) => Ok(()),
        _ => Err(Fields::one("principal", "unknown-choice")),
    }
}

fn changed(id: CampaignId, what: &str) -> Event {
    Event::new(Kind::CampaignChanged, id).campaign(id).with("what", what)
}

async fn tell(tx: &mut Tx, act: &Act, id: CampaignId, what: &str) -> Outcome<()> {
    changed(id, what).record(tx, act).await?;
    tx.announce(format!("campaign:{id}"));
    Ok(())
}
