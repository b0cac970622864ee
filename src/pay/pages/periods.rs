//! Months: who earned what, and the way of a month from open to closed.

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::super::actions::{self, PeriodRow};
use super::super::period::{Period, PeriodState};
use super::super::store::claims::{Adjustment, Dispute};
use super::super::{PayReach, PayRefusal};
use super::number;
use super::statement::state_word;
use crate::people::{self, Role, User, Viewer};
use crate::tiers::doors::PAYING;
use crate::values::*;
use crate::web::errors::{sentence, status};
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_as};

struct PeriodShown {
    href: String,
    month: String,
    state: (&'static str, String),
}

struct Waiting {
    number: i64,
    who: String,
    what: String,
    href: Option<String>,
    amount: Option<Money>,
    action: Option<String>,
    /// Who proposed it and when.
    proposed: String,
    /// True where somebody else has to decide: the viewer proposed it, or it is their own pay.
    is_of_viewer: bool,
}

#[derive(Template)]
#[template(path = "pay/views/index.html")]
struct IndexPage {
    ui: Ui,
    periods: Vec<PeriodShown>,
    disputes: Vec<Waiting>,
    adjustments: Vec<Waiting>,
    people: Vec<User>,
    may_plan: bool,
    is_paid: bool,
}

/// `GET /pay`: one's own pay, or for those who look after others' the months and what waits.
pub async fn index(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    if matches!(PayReach::of(&viewer), PayReach::Own(_)) {
        return go("/pay/me");
    }
    let mut tx = app.db.read().await?;
    let reach = PayReach::of(&viewer);
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let name = |id: UserId| {
        users.iter().find(|user| user.id == id).map_or(String::new(), |user| user.name.clone())
    };
    let (disputes, adjustments) = actions::list_claims(&mut tx, &viewer).await?;
    let may_decide = viewer.is_any(PAYING);
    let is_alone = actions::count_approvers(&mut tx, viewer.org).await? < 2;
    let adjustments = adjustments
        .iter()
        .filter(|adjustment| adjustment.outcome.is_none())
        .map(|adjustment| {
            let dispute = disputes.iter().find(|dispute| Some(dispute.id) == adjustment.dispute);
            let href = dispute.map(|dispute| format!("/pay/lines/{}", dispute.entry));
            let is_own = adjustment.person == viewer.id();
            let is_of_viewer = is_own || (adjustment.author == viewer.id() && !is_alone);
            let (who, author) = (name(adjustment.person), name(adjustment.author));
            let shown = waiting_adjustment(&ui, adjustment, (who, author));
            let action = shown.action.filter(|_| may_decide && !is_of_viewer);
            Waiting { href, action, is_of_viewer, ..shown }
        })
        .collect();
    let disputes = disputes
        .iter()
        .filter(|dispute| dispute.outcome.is_none())
        .map(|dispute| waiting_dispute(&ui, dispute, name(dispute.person)))
        .collect();
    let periods = actions::list_periods(&mut tx, viewer.org).await?;
    let periods = periods
        .into_iter()
        .map(|period| PeriodShown {
            href: format!("/pay/periods/{}", period.id),
            month: ui.month(&period.starts_at),
            state: state_word(&ui, period.state),
        })
        .collect();
    let (_, _, assignments) = actions::list_plans(&mut tx, viewer.org).await?;
    let people = users
        .into_iter()
        .filter(|user| user.id != viewer.id() && user.disabled_at.is_none() && reach.sees(user))
        .filter(|user| user.tier.is_some())
        .collect();
    page(&IndexPage {
        periods,
        disputes,
        adjustments,
        people,
        may_plan: may_decide,
        is_paid: assignments.iter().any(|assignment| assignment.person == viewer.id()),
        ui,
    })
}

fn waiting_dispute(ui: &Ui, dispute: &Dispute, who: String) -> Waiting {
    Waiting {
        number: dispute.number,
        who,
        what: format!("{}: {}", ui.tc("pay-category-", &dispute.category), dispute.comment),
        href: Some(format!("/pay/lines/{}", dispute.entry)),
        amount: None,
        action: None,
        proposed: String::new(),
        is_of_viewer: false,
    }
}

fn waiting_adjustment(
    ui: &Ui,
    adjustment: &Adjustment,
    (who, author): (String, String),
) -> Waiting {
    Waiting {
        number: adjustment.number,
        who,
        what: adjustment.reason.clone(),
        href: None,
        amount: Some(adjustment.amount),
        action: Some(format!("/pay/adjustments/{}/decision", adjustment.id)),
        proposed: ui.taa(
            "pay-proposed-by",
            "name",
            author,
            "day",
            ui.day_time(&adjustment.made_at),
        ),
        is_of_viewer: false,
    }
}

#[derive(Template)]
#[template(path = "pay/views/period.html")]
struct PeriodPage {
    ui: Ui,
    id: PeriodId,
    month: String,
    state: (&'static str, String),
    steps: Vec<String>,
    rows: Vec<PeriodRow>,
    total: Money,
    lines: i64,
    may_review: bool,
    may_approve: bool,
    may_close: bool,
    is_closed: bool,
    may_export: bool,
    /// When the month can be sent to review, while it is not over.
    review_on: Option<Instant>,
    /// The number typed to close the month, and why it did not close.
    typed: String,
    problem: Option<String>,
}

/// `GET /pay/periods/{period}`
pub async fn show_period(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(period): Path<PeriodId>,
) -> Answer {
    page(&period_page(&app, &viewer, ui, period).await?)
}

async fn period_page(app: &App, viewer: &Viewer, ui: Ui, id: PeriodId) -> Outcome<PeriodPage> {
    let mut tx = app.db.read().await?;
    let (period, rows) = actions::list_period(&mut tx, viewer, id).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let is_accountant = viewer.is_any(PAYING);
    let sum = rows.iter().filter(|row| row.due.currency == viewer.currency);
    let total = sum.map(|row| row.due.minor.max(0)).sum();
    let is_over = app.now() >= period.ends_at;
    let (entries, lines) = actions::count_lines(&mut tx, viewer.org, period.month).await?;
    let is_approved = period.approved.is_some_and(|(_, _, then)| then == entries);
    Ok(PeriodPage {
        id: period.id,
        month: ui.month(&period.starts_at),
        state: state_word(&ui, period.state),
        steps: steps(&ui, &period, &users),
        total: Money::new(total, viewer.currency),
        lines,
        rows,
        may_review: is_accountant && is_over && period.state == PeriodState::Open,
        may_approve: viewer.is(Role::Owner) && period.state == PeriodState::Review && !is_approved,
        may_close: is_accountant && period.state == PeriodState::Review && is_approved,
        is_closed: period.state == PeriodState::Closed,
        may_export: is_accountant,
        review_on: (!is_over && period.state == PeriodState::Open).then_some(period.ends_at),
        typed: String::new(),
        problem: None,
        ui,
    })
}

/// Who did what with the month, in order.
fn steps(ui: &Ui, period: &Period, users: &[User]) -> Vec<String> {
    let by = |key: &str, id: UserId, at: Instant| {
        let name = users.iter().find(|user| user.id == id).map_or("", |user| user.name.as_str());
        ui.taa(key, "name", name, "day", ui.day_time(&at))
    };
    let mut steps = Vec::new();
    if let Some((id, at)) = period.reviewed {
        steps.push(by("pay-step-reviewed", id, at));
    }
    if let Some((id, at, _)) = period.approved {
        steps.push(by("pay-step-approved", id, at));
    }
    if let Some((id, at)) = period.closed {
        steps.push(by("pay-step-closed", id, at));
    }
    if period.is_alone {
        steps.push(ui.t("pay-step-alone"));
    }
    steps
}

/// A form with nothing in it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bare {}

/// `POST /pay/periods/{period}/review`
pub async fn review(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
    form: Submitted<Bare>,
) -> Answer {
    actions::review(&viewer.act(&app, form.key), period).await?;
    go(format!("/pay/periods/{period}"))
}

/// `POST /pay/periods/{period}/approval`
pub async fn approve(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
    form: Submitted<Bare>,
) -> Answer {
    actions::approve(&viewer.act(&app, form.key), period).await?;
    go(format!("/pay/periods/{period}"))
}

/// The number of lines, typed again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosingForm {
    confirm: String,
}

/// `POST /pay/periods/{period}/closing`
pub async fn close(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(period): Path<PeriodId>,
    form: Submitted<ClosingForm>,
) -> Answer {
    let typed = form.fields.confirm;
    let closed = match number("confirm", &typed) {
        Ok(confirmed) => actions::close(&viewer.act(&app, form.key), period, confirmed).await,
        Err(error) => Err(error),
    };
    match closed {
        Ok(()) => go(format!("/pay/periods/{period}")),
        Err(error) => close_again(period_page(&app, &viewer, ui, period).await?, typed, error),
    }
}

/// The month's page again: the number that was typed, and which one is wanted.
fn close_again(shown: PeriodPage, typed: String, error: Error) -> Answer {
    let differs = PayRefusal::ConfirmationDiffers.code();
    let problem = match &error {
        Error::Refused(refusal) if refusal.code() != differs => sentence(shown.ui.lang, &error),
        Error::Refused(_) | Error::Invalid(_) => shown.ui.n("pay-close-wanted", shown.lines),
        _ => return Err(Failed(error)),
    };
    page_as(status(&error), &PeriodPage { typed, problem: Some(problem), ..shown })
}
