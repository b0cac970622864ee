//! A component typed whole, on a page of its own: tables of rates, multipliers, holdback, quotas,
//! caps, shares of a head, a last day.

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::super::actions;
use super::super::store::plans::{Draft, Plan};
use super::super::trigger::paying;
use super::super::{PayRefusal, wording};
use super::groups::{self, Control, Group};
use super::plans::triggers_of;
use super::whole::WholeForm;
use crate::people::Viewer;
use crate::values::*;
use crate::web::errors::status;
use crate::web::{Answer, App, Query, Submitted, Ui, go, page, page_as};

#[derive(Template)]
#[template(path = "pay/views/whole.html")]
struct WholePage {
    ui: Ui,
    id: PlanId,
    name: String,
    /// Nothing where the line says more than the form holds.
    groups: Vec<Group>,
    problems: Vec<String>,
    /// How the line reads that is changed.
    reads: Option<String>,
}

/// Which line is changed; a new one where nothing is said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    component: Option<String>,
}

/// `GET /pay/plans/{plan}/components/whole`
pub async fn show_whole(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PlanId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (plan, draft) = drafted(&app, &viewer, id).await?;
    let Some(code) = asked.component else {
        let form = WholeForm::blank();
        let groups = groups_of(&ui, &plan, &draft, &form);
        let (name, problems) = (plan.name, Vec::new());
        return page(&WholePage { ui, id, name, groups, problems, reads: None });
    };
    let place = draft.body.components.iter().position(|one| one.code.as_str() == code);
    let place = place.ok_or(Error::NotFound)?;
    let form = WholeForm::of(&draft.body.components[place], viewer.currency);
    let groups = form.map(|form| groups_of(&ui, &plan, &draft, &form)).unwrap_or_default();
    let reads = wording::rules(&ui, &draft.body, plan.currency).into_iter().nth(place);
    page(&WholePage { ui, id, name: plan.name, groups, problems: Vec::new(), reads })
}

/// The plan and the version that is being written.
async fn drafted(app: &App, viewer: &Viewer, id: PlanId) -> Outcome<(Plan, Draft)> {
    let mut tx = app.db.read().await?;
    let (plans, _, _) = actions::list_plans(&mut tx, viewer.org).await?;
    let mut plan = plans.into_iter().find(|plan| plan.id == id).ok_or(Error::NotFound)?;
    let draft = plan.draft.take().ok_or(PayRefusal::NoDraft)?;
    Ok((plan, draft))
}

/// `POST /pay/plans/{plan}/components/whole`
pub async fn put_whole(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<PlanId>,
    form: Submitted<WholeForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let put = match form.fields.read(viewer.currency) {
        Ok(component) => actions::put_component(&act, id, component).await,
        Err(error) => Err(error),
    };
    let Err(error) = put else { return go(format!("/pay/plans/{id}")) };
    let status = status(&error);
    let (fields, mut problems) = groups::refused(&ui, error)?;
    let (plan, draft) = drafted(&app, &viewer, id).await?;
    let mut groups = groups_of(&ui, &plan, &draft, &form.fields);
    problems.extend(groups::tell(&ui, &mut groups, &fields));
    page_as(status, &WholePage { ui, id, name: plan.name, groups, problems, reads: None })
}

/// Every control with what stands in it.
fn groups_of(ui: &Ui, plan: &Plan, draft: &Draft, form: &WholeForm) -> Vec<Group> {
    let head = Group::open(ui.t("pay-whole-what"), basics(ui, plan, form));
    let which = vec![
        Control::line("filter", ui.t("pay-whole-filter"), &form.filter)
            .hinted(ui.t("pay-whole-filter-hint"))
            .telling(&["window"]),
        choice(ui, ("once", "pay-whole-once"), &form.once, "pay-once-"),
        Control::day("last_day", ui.t("pay-whole-last-day"), &form.last_day),
    ];
    let held = vec![
        Control::line("at_once", ui.t("pay-whole-at-once"), &form.at_once)
            .hinted(ui.t("pay-whole-at-once-hint")),
        Control::line("hours", ui.t("pay-whole-hours"), &form.hours),
        choice(ui, ("silence", "pay-whole-silence"), &form.silence, "pay-silence-"),
        Control::tick("clawback", ui.t("pay-whole-clawback"), &form.clawback)
            .hinted(ui.t("pay-whole-clawback-hint")),
    ];
    let most = vec![
        Control::line("cap", ui.t("pay-whole-cap"), &form.cap),
        choice(ui, ("per", "pay-whole-per"), &form.per, "pay-per-"),
        Control::line("cap_also", ui.t("pay-whole-cap-also"), &form.cap_also),
        choice(ui, ("per_also", "pay-whole-per-also"), &form.per_also, "pay-per-"),
        Control::line("cap_third", ui.t("pay-whole-cap-third"), &form.cap_third),
        choice(ui, ("per_third", "pay-whole-per-third"), &form.per_third, "pay-per-"),
    ];
    let times = [factors(ui, draft, form), scores(ui, form)].concat();
    let shares = vec![
        Control::line("head_part", ui.t("pay-whole-head-part"), &form.head_part)
            .hinted(ui.t("pay-whole-head-part-hint")),
        Control::line("head_beyond", ui.t("pay-whole-head-beyond"), &form.head_beyond)
            .hinted(ui.t("pay-whole-head-beyond-hint")),
        choice(ui, ("absent", "pay-whole-absent"), &form.absent, "pay-absent-"),
    ];
    vec![
        head,
        Group::folded(ui.t("pay-whole-which"), "", which),
        Group::folded(ui.t("pay-whole-steps"), "", steps(ui, form)),
        Group::folded(ui.t("pay-whole-times"), "multipliers", times)
            .hinted(ui.t("pay-whole-times-hint")),
        Group::folded(ui.t("pay-whole-held"), "gate", held),
        Group::folded(ui.t("pay-whole-most"), "", most).hinted(ui.t("pay-whole-most-hint")),
        Group::folded(ui.t("pay-whole-shares"), "payees", shares)
            .hinted(ui.t("pay-whole-shares-hint")),
    ]
}

fn basics(ui: &Ui, plan: &Plan, form: &WholeForm) -> Vec<Control> {
    let triggers = triggers_of(plan.tier).into_iter().filter(|code| *code != "month");
    let triggers = triggers.map(|code| (code, ui.tc("pay-component-", code))).collect();
    let rate = Control::line("rate", ui.t("pay-rate"), &form.rate);
    // What is wrong with the rates of a table is told beside its rows.
    let rate = if form.kind == "table" { rate.silent() } else { rate };
    vec![
        Control::line("name", ui.t("pay-whole-name"), &form.name)
            .hinted(ui.t("pay-whole-name-hint"))
            .telling(&["component"])
            .needed(),
        Control::choice("trigger", ui.t("pay-component"), &form.trigger, triggers),
        choice(ui, ("measure", "pay-whole-measure"), &form.measure, "pay-measure-"),
        choice(ui, ("period", "pay-whole-period"), &form.period, "pay-say-over-"),
        choice(ui, ("kind", "pay-whole-kind"), &form.kind, "pay-kind-"),
        rate,
    ]
}

fn steps(ui: &Ui, form: &WholeForm) -> Vec<Control> {
    let rows = Control::rows("rows", ui.t("pay-whole-rows"), &form.rows)
        .hinted(ui.t("pay-whole-rows-hint"))
        .telling(&["rate"]);
    vec![
        choice(ui, ("by", "pay-whole-by"), &form.by, "pay-say-by-"),
        choice(ui, ("reading", "pay-whole-reading"), &form.reading, "pay-say-"),
        rows,
        Control::line("reach", ui.t("pay-whole-reach"), &form.reach),
        Control::line("quota", ui.t("pay-whole-quota"), &form.quota),
        Control::line("cliff", ui.t("pay-whole-cliff"), &form.cliff),
    ]
}

fn factors(ui: &Ui, draft: &Draft, form: &WholeForm) -> Vec<Control> {
    let lines: Vec<&str> = draft
        .body
        .components
        .iter()
        .filter(|one| one.quota.is_some())
        .map(|one| one.code.as_str())
        .collect();
    let lines = if lines.is_empty() { "—".to_owned() } else { lines.join(", ") };
    let lines = ui.ta("pay-whole-times-lines", "lines", lines);
    let one = |names: [&'static str; 3], [line, rows, unknown]: [&str; 3]| {
        [
            Control::line(names[0], ui.t("pay-whole-times-line"), line).hinted(lines.clone()),
            Control::rows(names[1], ui.t("pay-whole-times-rows"), rows)
                .hinted(ui.t("pay-whole-times-rows-hint")),
            Control::line(names[2], ui.t("pay-whole-times-unknown"), unknown)
                .hinted(ui.t("pay-whole-times-unknown-hint")),
        ]
    };
    let first = one(
        ["times_line", "times_rows", "times_unknown"],
        [&form.times_line, &form.times_rows, &form.times_unknown],
    );
    let second = one(
        ["also_line", "also_rows", "also_unknown"],
        [&form.also_line, &form.also_rows, &form.also_unknown],
    );
    first.into_iter().chain(second).collect()
}

/// A factor by the latest score that an event tells of the person.
fn scores(ui: &Ui, form: &WholeForm) -> Vec<Control> {
    let kinds = paying().into_iter().map(|kind| (kind.code(), ui.tc("pay-event-", kind.code())));
    let kinds = [("", ui.t("pay-whole-score-none"))].into_iter().chain(kinds).collect();
    vec![
        Control::choice("score_on", ui.t("pay-whole-score-on"), &form.score_on, kinds),
        Control::line("score_value", ui.t("pay-whole-score-value"), &form.score_value)
            .hinted(ui.t("pay-whole-score-value-hint")),
        Control::rows("score_rows", ui.t("pay-whole-score-rows"), &form.score_rows)
            .hinted(ui.t("pay-whole-score-rows-hint")),
        Control::line("score_unknown", ui.t("pay-whole-score-unknown"), &form.score_unknown)
            .hinted(ui.t("pay-whole-times-unknown-hint")),
    ]
}

/// A choice among the codes of a field, each with its word.
fn choice(
    ui: &Ui,
    (name, label): (&'static str, &str),
    value: &str,
    prefix: &'static str,
) -> Control {
    let codes: &[&'static str] = match name {
        "measure" => &["count", "amount"],
        "once" => &["subject", "subject_in_month", "event"],
        "period" => &["event", "month", "quarter", "year", "term"],
        "kind" => &["each", "share", "table", "milestone", "one_time"],
        "by" => &["measure", "count", "attainment"],
        "reading" => &["marginal", "retroactive", "lump"],
        "silence" => &["passes", "fails"],
        "per" | "per_also" | "per_third" => {
            &["amount", "deal", "month", "quarter", "year", "component"]
        }
        _ => &["nobody", "others"],
    };
    let choices = codes.iter().map(|code| (*code, ui.tc(prefix, code))).collect();
    Control::choice(name, ui.t(label), value, choices)
}
