//! Forms about disputes and sums by hand.

use axum::extract::{Path, State};
use serde::Deserialize;

use super::super::actions::{self, Claim, Decision};
use super::signed_money;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Submitted, go};

/// What is wrong with a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeForm {
    category: String,
    comment: String,
}

/// `POST /pay/lines/{entry}/dispute`
pub async fn dispute(
    State(app): State<App>,
    viewer: Viewer,
    Path(entry): Path<EntryId>,
    form: Submitted<DisputeForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let claim = Claim { category: form.fields.category, comment: form.fields.comment };
    actions::dispute(&act, &viewer, entry, claim).await?;
    go(format!("/pay/lines/{entry}"))
}

/// What is decided.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    outcome: String,
    amount: String,
    answer: String,
}

/// `POST /pay/disputes/{dispute}/decision`
pub async fn decide_dispute(
    State(app): State<App>,
    viewer: Viewer,
    Path(dispute): Path<DisputeId>,
    form: Submitted<DecisionForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let DecisionForm { outcome, amount, answer } = form.fields;
    let is_granted = match outcome.as_str() {
        "granted" => true,
        "declined" => false,
        _ => return Err(Fields::one("outcome", "unknown-choice").into()),
    };
    let amount = match amount.trim() {
        "" => None,
        text => Some(signed_money(text, viewer.currency)?),
    };
    let decision = Decision { is_granted, amount, answer };
    actions::decide_dispute(&act, &viewer, dispute, decision).await?;
    go("/pay")
}

/// A sum by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentForm {
    user: UserId,
    amount: String,
    reason: String,
}

/// `POST /pay/adjustments`
pub async fn adjust(
    State(app): State<App>,
    viewer: Viewer,
    form: Submitted<AdjustmentForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let AdjustmentForm { user, amount, reason } = form.fields;
    let amount = signed_money(&amount, viewer.currency)?;
    actions::adjust(&act, &viewer, user, amount, &reason).await?;
    go("/pay")
}

/// Whether a sum by hand is approved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalForm {
    outcome: String,
}

/// `POST /pay/adjustments/{adjustment}/decision`
pub async fn decide_adjustment(
    State(app): State<App>,
    viewer: Viewer,
    Path(adjustment): Path<AnyId>,
    form: Submitted<ApprovalForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let is_approved = match form.fields.outcome.as_str() {
        "approved" => true,
        "declined" => false,
        _ => return Err(Fields::one("outcome", "unknown-choice").into()),
    };
    actions::decide_adjustment(&act, &viewer, adjustment, is_approved).await?;
    go("/pay")
}
