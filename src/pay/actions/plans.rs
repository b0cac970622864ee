//! Plans are written, approved and published; people are assigned to them.

use compensation::{Component, Name};
use jiff::civil::Date;

use super::super::facts::sum;
use super::super::jobs::RESETTLE;
use super::super::plan::{Assignment, Body, SALARY_MAX, Version};
use super::super::preset::Preset;
use super::super::rules::Rules;
use super::super::store::{self, plans::Draft, plans::Plan};
use super::super::terms::Terms;
use super::super::{PayRefusal, faults};
use super::booking::Chain;
use crate::begin;
use crate::events::{Event, Kind};
use crate::jobs;
use crate::people::{self, User, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::tiers::Tier;
use crate::tiers::doors::PAYING;
use crate::values::*;

/// How far ahead a day of a plan may lie.
const AHEAD_DAYS_MAX: i64 = 730;
/// How far back.
const BACK_DAYS_MAX: i64 = 3_660;

/// Makes a plan for a tier, with the tier's usual components as its first draft.
pub async fn make_plan(act: &Act, name: &str, tier: i64) -> Outcome<PlanId> {
    let mut fields = Fields::default();
    if name.trim().is_empty() {
        fields.note("name", "required");
    } else if name.chars().count() > 80 {
        fields.note_with("name", "too-long", vec![("max", "80".to_owned())]);
    }
    if Tier::of_rank(tier).is_none() {
        fields.note("tier", "unknown-choice");
    }
    fields.into_result()?;
    let mut tx = begin!(act);
    let id = insert(&mut tx, act, name.trim(), tier).await?.id;
    tx.finish(id).await
}

async fn insert(tx: &mut Tx, act: &Act, name: &str, tier: i64) -> Outcome<Plan> {
    let firm = people::actions::firm(tx, act.org).await?;
    let plan = Plan {
        id: PlanId::fresh(act.now),
        number: take_numbers(tx, act.org, "plan", 1).await?,
        tier,
        name: name.to_owned(),
        currency: firm.currency,
        draft: Some(Draft {
            body: Body::of_tier(tier, firm.currency)?,
            effective_from: None,
            author: act.actor,
            approved_by: None,
        }),
        revision: 1,
    };
    store::plans::insert_plan(tx, act.org, &plan, act.now).await?;
    Event::new(Kind::PlanMade, plan.id).tier(tier).with("name", name).record(tx, act).await?;
    Ok(plan)
}

/// Makes and publishes the usual plan of each tier, under the names given from tier 1 up.
pub async fn start_tier_plans(
    act: &Act,
    names: [&str; 3],
    effective_from: Instant,
) -> Outcome<Vec<PlanId>> {
    let mut tx = begin!(act);
    let chain = Chain::hold(&mut tx, act.org).await?;
    if chain.calendar.is_settled(effective_from, &chain.firm.zone) {
        return Err(PayRefusal::DayInClosedPeriod.into());
    }
    let mut ids = Vec::new();
    for (tier, name) in Tier::ALL.into_iter().zip(names) {
        let plan = insert(&mut tx, act, name, tier.rank()).await?;
        write_version(&mut tx, act, &plan, (1, effective_from)).await?;
        ids.push(plan.id);
    }
    tx.finish(ids).await
}

/// Makes the usual plan of each tier as a draft, for the owner to approve and publish.
pub async fn draft_tier_plans(act: &Act, names: [&str; 3]) -> Outcome<Vec<PlanId>> {
    let mut tx = begin!(act);
    let mut ids = Vec::new();
    for (tier, name) in Tier::ALL.into_iter().zip(names) {
        ids.push(insert(&mut tx, act, name, tier.rank()).await?.id);
    }
    tx.finish(ids).await
}

/// Begins the next version of a plan as a copy of the last.
pub async fn start_draft(act: &Act, id: PlanId) -> Outcome<()> {
    let mut tx = begin!(act);
    let plan = find(&mut tx, act, id).await?;
    if plan.draft.is_some() {
        return Err(PayRefusal::DraftExists.into());
    }
    let last = last_version(&mut tx, act, id).await?;
    let body = match last {
        Some(version) => version.body,
        None => Body::of_tier(plan.tier, plan.currency)?,
    };
    let draft = Draft { body, effective_from: None, author: act.actor, approved_by: None };
    keep(&mut tx, act, Plan { draft: Some(draft), ..plan }).await?;
    Event::new(Kind::PlanChanged, id).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// Puts a preset into the draft, in place of the one for the same trigger and tier.
pub async fn put_preset(act: &Act, id: PlanId, preset: Preset) -> Outcome<()> {
    change_draft(act, id, |plan, body| {
        preset.check(plan.tier)?;
        body.put(&preset, plan.currency)?;
        body.check(plan.tier, plan.currency)
    })
    .await
}

/// Puts a component into the draft, in place of the one of the same name.
pub async fn put_component(act: &Act, id: PlanId, component: Component) -> Outcome<()> {
    change_draft(act, id, |plan, body| {
        body.put_component(component);
        body.check(plan.tier, plan.currency)
    })
    .await
}

/// Says of all lines of the draft together the most that they earn somebody in a month, the least
/// that a month pays, and the credit window in days; what is not said does not hold.
pub async fn put_limits(
    act: &Act,
    id: PlanId,
    (cap, guarantee, window): (Option<Money>, Option<Money>, Option<i64>),
) -> Outcome<()> {
    change_draft(act, id, |plan, body| {
        body.cap = cap.map(sum).transpose()?;
        body.guarantee = guarantee.map(sum).transpose()?;
        body.window = window.filter(|days| *days != 0);
        body.check(plan.tier, plan.currency)
    })
    .await
}

/// Takes a component out of the draft, unless another follows from it.
pub async fn remove_component(act: &Act, id: PlanId, code: &str) -> Outcome<()> {
    change_draft(act, id, |_, body| {
        if let Some(other) = body.follower(code) {
            let args = vec![("what", code.to_owned()), ("line", other.code.to_string())];
            let mut fields = Fields::default();
            fields.note_with("component", "pay-line-followed", args);
            return Err(Error::Invalid(fields));
        }
        body.components.retain(|known| known.code.as_str() != code);
        Ok(())
    })
    .await
}

async fn change_draft(
    act: &Act,
    id: PlanId,
    change: impl FnOnce(&Plan, &mut Body) -> Outcome<()>,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let mut plan = find(&mut tx, act, id).await?;
    let mut draft = plan.draft.take().ok_or(PayRefusal::NoDraft)?;
    change(&plan, &mut draft.body)?;
    // What was approved is no longer what stands here.
    draft.approved_by = None;
    draft.author = act.actor;
    keep(&mut tx, act, Plan { draft: Some(draft), ..plan }).await?;
    Event::new(Kind::PlanChanged, id).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// Approves a draft from a day on, as it stood in the revision of the plan that was looked at.
pub async fn approve_draft(act: &Act, id: PlanId, from: Date, seen: i64) -> Outcome<()> {
    let mut tx = begin!(act);
    let chain = Chain::hold(&mut tx, act.org).await?;
    let effective_from = midnight(from, &chain.firm.zone);
    check_day("effective_from", effective_from, act.now)?;
    let mut plan = find(&mut tx, act, id).await?;
    let mut draft = plan.draft.take().ok_or(PayRefusal::NoDraft)?;
    if plan.revision != seen {
        return Err(PayRefusal::Stale.into());
    }
    draft.body.check(plan.tier, plan.currency)?;
    let last = last_version(&mut tx, act, id).await?;
    check_from(&chain, last.as_ref(), effective_from)?;
    draft.effective_from = Some(effective_from);
    draft.approved_by = act.actor;
    keep(&mut tx, act, Plan { draft: Some(draft), ..plan }).await?;
    let from = effective_from.rfc3339();
    Event::new(Kind::PlanApproved, id).with("from", from).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// Publishes an approved draft as the next version; `confirmed` is its number, as typed.
pub async fn publish(act: &Act, id: PlanId, confirmed: i64) -> Outcome<i64> {
    let mut tx = begin!(act);
    let chain = Chain::hold(&mut tx, act.org).await?;
    let plan = find(&mut tx, act, id).await?;
    let draft = plan.draft.as_ref().ok_or(PayRefusal::NoDraft)?;
    let (Some(from), Some(_)) = (draft.effective_from, draft.approved_by) else {
        return Err(PayRefusal::NotApproved.into());
    };
    draft.body.check(plan.tier, plan.currency)?;
    let last = last_version(&mut tx, act, id).await?;
    check_from(&chain, last.as_ref(), from)?;
    let number = last.map_or(1, |version| version.version + 1);
    if confirmed != number {
        return Err(PayRefusal::ConfirmationDiffers.into());
    }
    write_version(&mut tx, act, &plan, (number, from)).await?;
    tx.finish(number).await
}

async fn write_version(
    tx: &mut Tx,
    act: &Act,
    plan: &Plan,
    (number, effective_from): (i64, Instant),
) -> Outcome<()> {
    let draft = plan.draft.as_ref().ok_or(PayRefusal::NoDraft)?;
    draft.body.check(plan.tier, plan.currency)?;
    let version = Version {
        plan: plan.id,
        name: plan.name.clone(),
        tier: plan.tier,
        currency: plan.currency,
        version: number,
        effective_from,
        body: draft.body.clone(),
        author: draft.author,
        published_by: act.actor,
        published_at: act.now,
    };
    check_terms_of_all(tx, act, &version).await?;
    if store::plans::insert_version(tx, act.org, &version).await? == 0 {
        return Err(PayRefusal::Stale.into());
    }
    keep(tx, act, Plan { draft: None, ..plan.clone() }).await?;
    Event::new(Kind::PlanPublished, plan.id)
        .tier(plan.tier)
        .with("version", number)
        .record(tx, act)
        .await?;
    for assignment in store::plans::list_assignments(tx, act.org).await? {
        if assignment.plan == plan.id && assignment.ends_at.is_none_or(|end| end > effective_from) {
            count_again(tx, act, assignment.person, effective_from).await?;
        }
    }
    Ok(())
}

/// Somebody to be paid by a plan.
#[derive(Debug, Clone)]
pub struct NewAssignment {
    /// Who.
    pub person: UserId,
    /// By which plan.
    pub plan: PlanId,
    /// From this day.
    pub from: Date,
    /// Until and with this day.
    pub until: Option<Date>,
    /// Monthly salary, nought for none.
    pub salary: Money,
}

/// Assigns a person to a plan. What they did since that day is counted again.
pub async fn assign(act: &Act, new: NewAssignment) -> Outcome<AnyId> {
    assign_on(act, new, Terms::default()).await
}

/// Assigns a person to a plan on terms of their own.
pub async fn assign_on(act: &Act, new: NewAssignment, terms: Terms) -> Outcome<AnyId> {
    let mut tx = begin!(act);
    let chain = Chain::hold(&mut tx, act.org).await?;
    let zone = &chain.firm.zone;
    let starts_at = midnight(new.from, zone);
    let ends_at = new.until.map(|day| day.tomorrow()).transpose();
    let ends_at = ends_at.map_err(|_| Fields::one("until", "date-out-of-range"))?;
    let ends_at = ends_at.map(|day| midnight(day, zone));
    check_day("from", starts_at, act.now)?;
    if ends_at.is_some_and(|end| end <= starts_at) {
        return Err(Fields::one("until", "date-out-of-range"));
    }
    let plan = find(&mut tx, act, new.plan).await?;
    check_salary(new.salary, plan.currency)?;
    let found = people::actions::find_user(&mut tx, act.org, new.person).await?;
    let person = found.ok_or(Error::NotFound)?;
    if !works_in(&person, plan.tier) {
        return Err(PayRefusal::NotOfThatTier.into());
    }
    if last_version(&mut tx, act, plan.id).await?.is_none() {
        return Err(PayRefusal::PlanNotPublished.into());
    }
    if chain.calendar.is_settled(starts_at, zone) {
        return Err(PayRefusal::DayInClosedPeriod.into());
    }
    let others = store::plans::list_assignments_of(&mut tx, act.org, new.person).await?;
    if others.iter().any(|other| other.tier == plan.tier && other.meets(starts_at, ends_at)) {
        return Err(PayRefusal::AssignmentOverlaps.into());
    }
    let assignment = Assignment {
        id: AnyId::fresh(act.now),
        person: new.person,
        plan: plan.id,
        tier: plan.tier,
        starts_at,
        ends_at,
        salary: new.salary,
        terms,
        revision: 1,
    };
    check_terms(&mut tx, act, &assignment, zone).await?;
    store::plans::insert_assignment(&mut tx, (act.org, act.actor), &assignment, act.now).await?;
    tell(&mut tx, act, &assignment, "assigned").await?;
    tx.finish(assignment.id).await
}

/// Terms go with every version that pays from the day on.
pub(super) async fn check_terms(
    tx: &mut Tx,
    act: &Act,
    assignment: &Assignment,
    zone: &Zone,
) -> Outcome<()> {
    if assignment.terms == Terms::default() {
        return Ok(());
    }
    let mut versions = store::plans::list_versions(tx, act.org).await?;
    versions.retain(|version| version.plan == assignment.plan);
    let rules = Rules { assignments: vec![assignment.clone()], versions, heads: Vec::new() };
    faults::of_terms(&rules.faults(zone, act.now)?)?;
    check_named(&assignment.terms, &rules.versions)
}

/// What terms speak of stands in some version of the plan: a slip of the hand would say nothing.
fn check_named(terms: &Terms, versions: &[Version]) -> Outcome<()> {
    let mut fields = Fields::default();
    let components = || versions.iter().flat_map(|version| &version.body.components);
    for code in terms.rates.keys().filter(|code| components().all(|one| one.code != **code)) {
        let args = vec![("what", code.to_string())];
        fields.note_with("rates", "pay-fault-unknown-component", args);
    }
    let is_unknown = |quota: &&Name| components().all(|one| one.quota.as_ref() != Some(*quota));
    for quota in terms.quotas.keys().filter(is_unknown) {
        fields.note_with("quotas", "pay-fault-unknown-quota", vec![("what", quota.to_string())]);
    }
    fields.into_result()
}

/// What people have of their own goes with the next version of their plan, too.
async fn check_terms_of_all(tx: &mut Tx, act: &Act, version: &Version) -> Outcome<()> {
    let mut assignments = store::plans::list_assignments(tx, act.org).await?;
    assignments.retain(|one| one.plan == version.plan && one.terms != Terms::default());
    if assignments.is_empty() {
        return Ok(());
    }
    let mut versions = store::plans::list_versions(tx, act.org).await?;
    versions.retain(|one| one.plan == version.plan);
    versions.push(version.clone());
    let zone = people::actions::firm(tx, act.org).await?.zone;
    let rules = Rules { assignments, versions, heads: Vec::new() };
    faults::of_terms(&rules.faults(&zone, act.now)?)
}

/// Ends an assignment with a day, its last.
pub async fn end_assignment(act: &Act, id: AnyId, last_day: Date) -> Outcome<()> {
    let mut tx = begin!(act);
    let chain = Chain::hold(&mut tx, act.org).await?;
    let next = last_day.tomorrow().map_err(|_| Fields::one("until", "date-out-of-range"))?;
    let ends_at = midnight(next, &chain.firm.zone);
    check_day("until", ends_at, act.now)?;
    let all = store::plans::list_assignments(&mut tx, act.org).await?;
    let found = all.into_iter().find(|assignment| assignment.id == id).ok_or(Error::NotFound)?;
    if ends_at <= found.starts_at {
        return Err(Fields::one("until", "date-out-of-range"));
    }
    // A day already settled neither ends an assignment nor is given back to it.
    let before = found.ends_at.unwrap_or(ends_at).min(ends_at);
    if chain.calendar.is_settled(before, &chain.firm.zone) {
        return Err(PayRefusal::DayInClosedPeriod.into());
    }
    let ended = Assignment { ends_at: Some(ends_at), ..found };
    if store::plans::update_assignment_end(&mut tx, act.org, &ended).await? == 0 {
        return Err(PayRefusal::Stale.into());
    }
    let overlap = store::plans::list_assignments_of(&mut tx, act.org, ended.person)
        .await?
        .iter()
        .any(|other| {
            other.id != ended.id
                && other.tier == ended.tier
                && other.meets(ended.starts_at, ended.ends_at)
        });
    if overlap {
        return Err(PayRefusal::AssignmentOverlaps.into());
    }
    tell(&mut tx, act, &ended, "ended").await?;
    tx.finish(()).await
}

pub(super) async fn tell(
    tx: &mut Tx,
    act: &Act,
    assignment: &Assignment,
    reason: &str,
) -> Outcome<()> {
    Event::new(Kind::PlanAssigned, assignment.plan)
        .person(assignment.person)
        .tier(assignment.tier)
        .reason(reason.to_owned())
        .with("assignment", assignment.id.to_string())
        .with("starts_at", assignment.starts_at.rfc3339())
        .with("ends_at", assignment.ends_at.map(Instant::rfc3339))
        .with("salary", assignment.salary.minor)
        .record(tx, act)
        .await?;
    count_again(tx, act, assignment.person, assignment.starts_at).await
}

/// Leaves a job that counts a person's pay again; the future needs none.
async fn count_again(tx: &mut Tx, act: &Act, person: UserId, since: Instant) -> Outcome<()> {
    if since > act.now {
        return Ok(());
    }
    let subject = format!("{person}:{}", since.ms());
    jobs::enqueue(tx, act.org, RESETTLE, &subject, act.now).await?;
    Ok(())
}

/// True when somebody works in a tier: it is theirs, or they keep clients through it.
pub fn works_in(person: &User, tier: i64) -> bool {
    person.tier == Some(tier)
        || Tier::of_rank(tier).is_some_and(|tier| person.roles.has(tier.role()))
}

pub(super) fn check_salary(salary: Money, currency: Currency) -> Outcome<()> {
    if salary.currency != currency {
        return Err(Fields::one("salary", "pay-other-currency"));
    }
    if !(0..=SALARY_MAX).contains(&salary.minor) {
        return Err(Fields::one("salary", "money-too-large"));
    }
    Ok(())
}

/// True when a person may read a plan: it pays them, or they keep plans.
pub async fn may_read_plan(tx: &mut Tx, viewer: &Viewer, id: PlanId) -> Outcome<bool> {
    if viewer.is_any(PAYING) {
        return Ok(true);
    }
    let assignments = store::plans::list_assignments_of(tx, viewer.org, viewer.id()).await?;
    Ok(assignments.iter().any(|assignment| assignment.plan == id))
}

pub(super) fn check_day(field: &'static str, day: Instant, now: Instant) -> Outcome<()> {
    if day > now.plus_days(AHEAD_DAYS_MAX) || day < now.plus_days(-BACK_DAYS_MAX) {
        return Err(Fields::one(field, "date-out-of-range"));
    }
    Ok(())
}

fn check_from(chain: &Chain, last: Option<&Version>, from: Instant) -> Result<(), PayRefusal> {
    if chain.calendar.is_settled(from, &chain.firm.zone) {
        return Err(PayRefusal::DayInClosedPeriod);
    }
    if last.is_some_and(|version| from <= version.effective_from) {
        return Err(PayRefusal::NotAfterLastVersion);
    }
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, act: &Act, id: PlanId) -> Outcome<Plan> {
    store::plans::find_plan(tx, act.org, id).await?.ok_or(Error::NotFound)
}

async fn last_version(tx: &mut Tx, act: &Act, id: PlanId) -> Outcome<Option<Version>> {
    let versions = store::plans::list_versions(tx, act.org).await?;
    Ok(versions.into_iter().rfind(|version| version.plan == id))
}

async fn keep(tx: &mut Tx, act: &Act, plan: Plan) -> Outcome<()> {
    if store::plans::update_draft(tx, act.org, &plan).await? == 0 {
        return Err(PayRefusal::Stale.into());
    }
    Ok(())
}
