//! A client is offered back to tier 2: the form, and what is sent with it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::actions;
use super::cards::choices;
use super::pages::drawn;
use super::show::{OfferForm, chosen};
use crate::campaigns::passport::{self, Passport, PassportField};
use crate::people::{Scope, Viewer};
use crate::storage::Tx;
use crate::tiers::Tier;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Submitted, Ui, go};
use crate::{clients, companies, contracts, opportunities};

#[derive(Template)]
#[template(path = "handoffs/views/upsell.html")]
struct UpsellPage {
    ui: Ui,
    client: ClientId,
    company: String,
    choices: Vec<(UserId, String)>,
    answers: Passport,
    to: String,
    problems: Fields,
    refused: Option<String>,
}

impl UpsellPage {
    fn fields(&self) -> &'static [PassportField] {
        PassportField::ALL
    }
    fn answer(&self, field: &PassportField) -> &str {
        self.answers.get(field).map_or("", String::as_str)
    }
    fn is_to(&self, id: &UserId) -> bool {
        self.to == id.to_string()
    }
    fn wrong(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.problems, field)
    }
}

/// `GET /clients/{client}/upsell`
pub async fn form(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ClientId>,
) -> Answer {
    drawn(StatusCode::OK, &upsell_page(&app, &viewer, ui, id).await?)
}

async fn upsell_page(app: &App, viewer: &Viewer, ui: Ui, id: ClientId) -> Outcome<UpsellPage> {
    let mut tx = app.db.read().await?;
    let client = clients::actions::find(&mut tx, &viewer.scope(), id).await?;
    let client = client.filter(|client| client.is_active()).ok_or(Error::NotFound)?;
    let company = companies::actions::find(&mut tx, viewer.org, client.company).await?;
    Ok(UpsellPage {
        ui,
        client: id,
        company: company.map(|company| company.name).unwrap_or_default(),
        choices: choices(&mut tx, viewer.org, Tier::Sales, &[Some(client.owner)]).await?,
        answers: known(&mut tx, viewer.org, id).await?,
        to: String::new(),
        problems: Fields::default(),
        refused: None,
    })
}

/// What the client told before: who decides, and how they buy. What they need now, what comes next
/// and what was promised is of this offer.
async fn known(tx: &mut Tx, org: OrgId, client: ClientId) -> Outcome<Passport> {
    let whole = Scope::whole(org);
    let mut answers = Passport::new();
    for held in clients::actions::list_contracts(tx, org, client).await? {
        let Some(contract) = contracts::actions::find(tx, &whole, held.contract).await? else {
            continue;
        };
        let sold = opportunities::actions::find(tx, &whole, contract.opportunity).await?;
        answers.extend(sold.map(|sold| passport::from_json(&sold.passport)).unwrap_or_default());
    }
    let kept = [PassportField::Who, PassportField::Budget, PassportField::Timing];
    answers.retain(|field, _| kept.contains(field));
    Ok(answers)
}

/// `POST /clients/{client}/upsell`
pub async fn offer(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ClientId>,
    form: Submitted<OfferForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let (answers, to) = (form.fields.answers(), form.fields.to);
    let offered = match chosen(&to) {
        Ok(to) => actions::offer_upsell(&act, &viewer, id, answers.clone(), to).await,
        Err(error) => Err(error),
    };
    let (status, problems, refused) = match offered {
        Ok(handoff) => return go(format!("/handoffs/{handoff}")),
        Err(error) => form_again(ui.lang, error)?,
    };
    let page = upsell_page(&app, &viewer, ui, id).await?;
    drawn(status, &UpsellPage { answers, to, refused, problems, ..page })
}
