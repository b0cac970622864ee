//! Who holds what, and the hand-over of all of it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use serde::Deserialize;

use super::Held;
use super::actions::{self, Holdings};
use crate::companies;
use crate::people::{User, Viewer};
use crate::storage::Tx;
use crate::tiers::{self, Tier};
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Submitted, Ui, go, page};

#[derive(Template)]
#[template(path = "holdings/views/index.html")]
struct IndexPage {
    ui: Ui,
    rows: Vec<(User, Held)>,
}

/// `GET /holdings`
pub async fn index(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let rows = actions::list(&mut tx, &viewer).await?;
    page(&IndexPage { ui, rows })
}

/// A record of the person: its number, the company's name, and its address where the viewer may
/// open it.
struct Record {
    number: i64,
    name: String,
    path: Option<String>,
}

/// A tier in which holdings can be handed over, and to whom.
struct Way {
    tier: Tier,
    takers: Vec<(UserId, String)>,
}

#[derive(Template)]
#[template(path = "holdings/views/show.html")]
struct ShowPage {
    ui: Ui,
    user: User,
    held: Held,
    records: Vec<Record>,
    ways: Vec<Way>,
    typed: HandOverForm,
    problems: Fields,
    refused: Option<String>,
}

impl ShowPage {
    fn is_to(&self, way: &Way, id: &UserId) -> bool {
        self.typed.tier == way.tier.rank().to_string() && self.typed.to == id.to_string()
    }
    fn wrong(&self, way: &Way) -> Option<String> {
        let is_it = self.typed.tier == way.tier.rank().to_string();
        if is_it { self.ui.wrong(&self.problems, "to") } else { None }
    }
}

/// To whom, of which tier, as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOverForm {
    tier: String,
    to: String,
}

/// `GET /holdings/{holder}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(user): Path<UserId>,
) -> Answer {
    page(&show_page(&app, &viewer, ui, user).await?)
}

async fn show_page(app: &App, viewer: &Viewer, ui: Ui, user: UserId) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, viewer, user).await?;
    let records = records(&mut tx, viewer, &found).await?;
    let mut ways = Vec::new();
    for tier in found.held.ways(&found.user) {
        let takers = tiers::actions::list_takers(&mut tx, viewer, tier, user).await?;
        ways.push(Way { tier, takers });
    }
    let Holdings { user, held, .. } = found;
    let (typed, problems) = (HandOverForm::default(), Fields::default());
    Ok(ShowPage { ui, user, held, records, ways, typed, problems, refused: None })
}

async fn records(tx: &mut Tx, viewer: &Viewer, found: &Holdings) -> Outcome<Vec<Record>> {
    let (opportunities, clients) = (&found.opportunities, &found.clients);
    let mut ids: Vec<CompanyId> = opportunities.iter().map(|o| o.company).collect();
    ids.extend(clients.iter().map(|client| client.company));
    let companies = companies::actions::list_by_ids(tx, viewer.org, &ids).await?;
    let names: BTreeMap<CompanyId, String> =
        companies.into_iter().map(|company| (company.id, company.name)).collect();
    let scope = viewer.scope();
    let record = |path: String, team, company: CompanyId, number| {
        let name = names.get(&company).cloned().unwrap_or_default();
        let path = scope.sees(Some(found.user.id), team).then_some(path);
        Record { number, name, path }
    };
    let opportunities = opportunities
        .iter()
        .map(|o| record(format!("/opportunities/{}", o.id), o.team, o.company, o.number));
    let clients =
        clients.iter().map(|c| record(format!("/clients/{}", c.id), c.team, c.company, c.number));
    Ok(opportunities.chain(clients).collect())
}

/// `POST /holdings/{holder}/reassignment`
pub async fn hand_over(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(user): Path<UserId>,
    form: Submitted<HandOverForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let error = match typed.read() {
        Ok(choice) => match actions::hand_over(&act, &viewer, user, choice).await {
            Ok(()) => return go(format!("/holdings/{user}")),
            Err(error) => error,
        },
        Err(error) => error,
    };
    let (status, problems, refused) = form_again(ui.lang, error)?;
    let shown = show_page(&app, &viewer, ui, user).await?;
    let mut reply = page(&ShowPage { typed, problems, refused, ..shown })?.into_response();
    *reply.status_mut() = status;
    Ok(reply)
}

impl HandOverForm {
    fn read(&self) -> Outcome<(Tier, UserId)> {
        let tier = self.tier.parse().ok().and_then(Tier::of_rank);
        let tier = tier.ok_or_else(|| Fields::one("tier", "unknown-choice"))?;
        Ok((tier, tiers::actions::read_taker(&self.to)?))
    }
}
