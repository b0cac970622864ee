//! A number that a caller types at the desk.

use axum::extract::State as Web;
use axum::response::IntoResponse;
use serde::Deserialize;

use super::{DeskPage, at_address, desk_page};
use crate::leads::manual::{self, NumberForm};
use crate::people::Viewer;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Submitted, Ui, go, page};

/// A number, and the campaign it is called for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskNumberForm {
    campaign: CampaignId,
    number: String,
}

/// `POST /desk/number`: the company that has it comes into the caller's hands.
pub async fn lease_number(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<DeskNumberForm>,
) -> Answer {
    let DeskNumberForm { campaign, number } = form.fields;
    let typed = NumberForm { number };
    let error = match manual::lease(&viewer.act(&app, form.key), &viewer, campaign, &typed).await {
        Ok(found) => return go(format!("/leads/{}?phone={}", found.grant.lead, found.phone)),
        Err(error) => error,
    };
    let (status, fields, refused) = form_again(ui.lang, error)?;
    let wrong = ui.wrong(&fields, "number");
    let shown = desk_page(&app, &viewer, ui, false).await?;
    let answer = page(&DeskPage { refused, number: typed.number, wrong, ..shown })?;
    Ok(at_address((status, answer).into_response(), "/desk"))
}
