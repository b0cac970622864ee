//! Plans on screen: versions read aloud, the draft, who is paid by them.

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::super::actions;
use super::super::plan::{Assignment, Body, SALARY, Version};
use super::super::store::plans::Plan;
use super::super::trigger::Trigger;
use super::super::{agreed, saying, wording};
use super::assigning::AgreedForm;
use super::groups::{self, Group};
use super::typed::sum_text;
use super::whole::WholeForm;
use super::{day, number};
use crate::people::{self, Role, User, Viewer};
use crate::tiers::doors::PAYING;
use crate::values::*;
use crate::web::errors::status;
use crate::web::{Answer, App, Submitted, Ui, go, page, page_as};

struct VersionShown {
    title: String,
    is_in_force: bool,
    sentences: Vec<String>,
}

struct PlanShown {
    href: String,
    name: String,
    tier: String,
    state: (&'static str, String),
    people: usize,
}

#[derive(Template)]
#[template(path = "pay/views/plans.html")]
struct PlansPage {
    ui: Ui,
    plans: Vec<PlanShown>,
    /// True for whoever may publish: they begin with the usual plans in force, others with drafts.
    may_publish: bool,
}

/// `GET /pay/plans`
pub async fn plans(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let now = app.now();
    let (plans, versions, assignments) = actions::list_plans(&mut tx, viewer.org).await?;
    let plans = plans
        .iter()
        .map(|plan| PlanShown {
            href: format!("/pay/plans/{}", plan.id),
            name: plan.name.clone(),
            tier: ui.tc("tier-", &plan.tier.to_string()),
            state: plan_state(&ui, plan, &versions),
            people: assignments.iter().filter(|a| a.plan == plan.id && a.covers(now)).count(),
        })
        .collect();
    page(&PlansPage { ui, plans, may_publish: viewer.is(Role::Owner) })
}

fn plan_state(ui: &Ui, plan: &Plan, versions: &[Version]) -> (&'static str, String) {
    let last = versions.iter().rfind(|version| version.plan == plan.id);
    match (&plan.draft, last) {
        (Some(draft), _) if draft.approved_by.is_some() => ("warn", ui.t("pay-plan-approved")),
        (Some(_), _) => ("act", ui.t("pay-plan-draft")),
        (None, Some(version)) => ("pos", version_title(ui, version)),
        (None, None) => ("act", ui.t("pay-plan-draft")),
    }
}

fn version_title(ui: &Ui, version: &Version) -> String {
    let day = ui.day(&version.effective_from);
    ui.taa("pay-version-since", "version", version.version.to_string(), "day", day)
}

struct ComponentShown {
    code: String,
    name: String,
    sentence: String,
    /// True where the form of every detail holds all of it.
    may_change: bool,
}

struct DraftShown {
    components: Vec<ComponentShown>,
    /// What it says of all lines together.
    whole: Vec<String>,
    /// Its cap, its guarantee and its credit window, as they are typed.
    cap: String,
    guarantee: String,
    window: String,
}

struct AssignmentShown {
    id: AnyId,
    who: String,
    days: String,
    salary: Money,
    /// What is agreed beside the plan and the salary.
    agreed: Vec<String>,
    is_mine: bool,
}

#[derive(Template)]
#[template(path = "pay/views/plan.html")]
struct PlanPage {
    ui: Ui,
    id: PlanId,
    name: String,
    tier: String,
    rank: String,
    versions: Vec<VersionShown>,
    draft: Option<DraftShown>,
    is_approved: bool,
    draft_from: Option<Instant>,
    /// The state of the draft that is shown.
    revision: i64,
    next: i64,
    triggers: Vec<&'static str>,
    assignments: Vec<AssignmentShown>,
    /// The form by which somebody is assigned.
    groups: Vec<Group>,
    problems: Vec<String>,
    /// True where the newest version pays a salary.
    has_salary: bool,
    may_write: bool,
    may_approve: bool,
}

/// `GET /pay/plans/{plan}`: everything for those who keep plans, the rules for those paid by it.
pub async fn show_plan(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PlanId>,
) -> Answer {
    page(&plan_page((&app, &viewer), ui, id, (&AgreedForm::blank(), &Fields::default())).await?)
}

/// The page again with the assignment that was refused.
pub(super) async fn assign_again(
    (app, viewer): (&App, &Viewer),
    ui: Ui,
    id: PlanId,
    (form, error): (&AgreedForm, Error),
) -> Answer {
    let status = status(&error);
    let (fields, mut problems) = groups::refused(&ui, error)?;
    let mut shown = plan_page((app, viewer), ui, id, (form, &fields)).await?;
    problems.append(&mut shown.problems);
    page_as(status, &PlanPage { problems, ..shown })
}

async fn plan_page(
    (app, viewer): (&App, &Viewer),
    ui: Ui,
    id: PlanId,
    (form, fields): (&AgreedForm, &Fields),
) -> Outcome<PlanPage> {
    let mut tx = app.db.read().await?;
    let (plans, versions, assignments) = actions::list_plans(&mut tx, viewer.org).await?;
    let plan = plans.into_iter().find(|plan| plan.id == id).ok_or(Error::NotFound)?;
    if !actions::may_read_plan(&mut tx, viewer, id).await? {
        return Err(Error::NotFound);
    }
    let may_write = viewer.is_any(PAYING);
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let versions: Vec<Version> = versions.into_iter().filter(|v| v.plan == id).collect();
    let now = app.now();
    let in_force = versions.iter().rfind(|v| v.effective_from <= now).map(|v| v.version);
    let assignments: Vec<AssignmentShown> = assignments
        .iter()
        .filter(|a| (may_write || a.person == viewer.id()) && a.plan == id)
        .map(|assignment| assigned(&ui, assignment, &users, viewer))
        .collect();
    let people: Vec<(String, String)> = users
        .into_iter()
        .filter(|user| user.disabled_at.is_none() && actions::works_in(user, plan.tier))
        .map(|user| (user.id.to_string(), user.name))
        .collect();
    let has_salary = versions.last().is_some_and(pays_salary);
    let mut groups = form.groups(&ui, Some(people), (versions.last(), has_salary));
    let problems = groups::tell(&ui, &mut groups, fields);
    Ok(PlanPage {
        id,
        name: plan.name.clone(),
        tier: ui.tc("tier-", &plan.tier.to_string()),
        rank: plan.tier.to_string(),
        next: versions.last().map_or(1, |version| version.version + 1),
        versions: versions.iter().rev().map(|v| version_shown(&ui, v, in_force)).collect(),
        draft: plan
            .draft
            .as_ref()
            .filter(|_| may_write)
            .map(|draft| draft_shown(&ui, &draft.body, plan.currency)),
        is_approved: plan.draft.as_ref().is_some_and(|draft| draft.approved_by.is_some()),
        draft_from: plan.draft.as_ref().and_then(|draft| draft.effective_from),
        revision: plan.revision,
        triggers: triggers_of(plan.tier),
        assignments,
        groups,
        problems,
        has_salary,
        may_write,
        may_approve: viewer.is(Role::Owner),
        ui,
    })
}

/// True where a version pays a salary.
pub(super) fn pays_salary(version: &Version) -> bool {
    version.body.components.iter().any(|component| component.code.as_str() == SALARY)
}

pub(super) fn triggers_of(tier: i64) -> Vec<&'static str> {
    let suits = |trigger: &Trigger| tier != 1 || trigger.suits_tier_one();
    Trigger::ALL.into_iter().filter(suits).map(Trigger::code).collect()
}

fn version_shown(ui: &Ui, version: &Version, in_force: Option<i64>) -> VersionShown {
    VersionShown {
        title: version_title(ui, version),
        is_in_force: in_force == Some(version.version),
        sentences: said(ui, &version.body, version.currency),
    }
}

/// A plan read aloud: each component, and what holds for all of them.
pub(super) fn said(ui: &Ui, body: &Body, currency: Currency) -> Vec<String> {
    let mut said = wording::rules(ui, body, currency);
    said.extend(saying::whole(ui, body, currency));
    said
}

fn draft_shown(ui: &Ui, body: &Body, currency: Currency) -> DraftShown {
    let text = |sum: Option<compensation::Money>| {
        sum.map_or(String::new(), |sum| sum_text(sum.minor(), currency))
    };
    DraftShown {
        components: components_shown(ui, body, currency),
        whole: saying::whole(ui, body, currency),
        cap: text(body.cap),
        guarantee: text(body.guarantee),
        window: body.window.map_or(String::new(), |days| days.to_string()),
    }
}

fn components_shown(ui: &Ui, body: &Body, currency: Currency) -> Vec<ComponentShown> {
    let said = wording::rules(ui, body, currency);
    let shown = |(component, sentence): (&compensation::Component, String)| ComponentShown {
        code: component.code.to_string(),
        name: wording::component(ui, &component.code),
        sentence,
        may_change: WholeForm::of(component, currency).is_some(),
    };
    body.components.iter().zip(said).map(shown).collect()
}

fn assigned(ui: &Ui, assignment: &Assignment, users: &[User], viewer: &Viewer) -> AssignmentShown {
    let user = users.iter().find(|user| user.id == assignment.person);
    AssignmentShown {
        id: assignment.id,
        who: user.map_or(String::new(), |user| user.name.clone()),
        days: days(ui, assignment),
        salary: assignment.salary,
        agreed: agreed::terms(ui, &assignment.terms),
        is_mine: assignment.person == viewer.id(),
    }
}

/// From which day to which.
pub(super) fn days(ui: &Ui, assignment: &Assignment) -> String {
    let from = ui.day(&assignment.starts_at);
    match assignment.ends_at {
        None => ui.ta("pay-since", "from", from),
        Some(end) => {
            // The end is the first instant no longer in it; a person reads the last day.
            let last = ui.day(&end.plus_ms(-1));
            ui.taa("pay-since-until", "from", from, "until", last)
        }
    }
}

/// A plan to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanForm {
    name: String,
    tier: String,
}

/// `POST /pay/plans`
pub async fn make_plan(
    State(app): State<App>,
    viewer: Viewer,
    form: Submitted<PlanForm>,
) -> Answer {
    let tier = number("tier", &form.fields.tier)?;
    let id = actions::make_plan(&viewer.act(&app, form.key), &form.fields.name, tier).await?;
    go(format!("/pay/plans/{id}"))
}

/// From when the usual plans are in force; whoever may not publish names no day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierPlansForm {
    #[serde(default)]
    day: String,
}

/// `POST /pay/plans/usual`: the usual plan of each tier, published by the owner; of an accountant a
/// draft, which the owner approves and publishes.
pub async fn start_tier_plans(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<TierPlansForm>,
) -> Answer {
    let names = ["tier-1", "tier-2", "tier-3"].map(|key| ui.t(key));
    let names = [names[0].as_str(), names[1].as_str(), names[2].as_str()];
    let act = viewer.act(&app, form.key);
    if viewer.is(Role::Owner) {
        let from = midnight(day("day", &form.fields.day)?, &viewer.zone);
        actions::start_tier_plans(&act, names, from).await?;
    } else {
        actions::draft_tier_plans(&act, names).await?;
    }
    go("/pay/plans")
}
