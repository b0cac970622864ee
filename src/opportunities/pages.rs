//! The board and the table.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as Web};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::forms::{MoveForm, UndoForm};
use super::lists::{Card, Column, Filter, Mark, Range, Who};
use super::show::again_after_move;
use super::{Stage, State, actions, show};
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::sentence;
use crate::web::{Answer, App, Cursor, Failed, Query, Submitted, Ui, go, page};

/// What the board is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct BoardQuery {
    who: Option<String>,
    undo: Option<String>,
}

#[derive(Template)]
#[template(path = "opportunities/views/board.html")]
struct BoardPage {
    ui: Ui,
    who: Who,
    choices: Vec<Who>,
    topic: String,
    columns: Vec<Column>,
    owners: Owners,
    toast: Option<Toast>,
    refused: Vec<String>,
    refused_at: String,
}

impl BoardPage {
    fn name(&self, stage: &Stage) -> String {
        stage.name(self.ui.lang).to_owned()
    }
    fn marks(&self, card: &Card) -> Vec<Mark> {
        card.marks(self.ui.now)
    }
    fn days(&self, card: &Card) -> i64 {
        card.days_in_stage(self.ui.now)
    }
    fn count(&self) -> i64 {
        self.columns.iter().map(|column| column.count).sum()
    }
    fn sums(&self) -> Vec<Money> {
        total(self.columns.iter().flat_map(|column| column.sums.iter().copied()))
    }
}

/// The bar that offers to take a move back.
pub(super) struct Toast {
    pub action: String,
    pub text: String,
    pub who: Option<&'static str>,
}

/// Names of people by id.
pub(super) struct Owners(BTreeMap<UserId, String>);

impl Owners {
    pub(super) async fn of(tx: &mut Tx, org: OrgId) -> Outcome<Self> {
        let users = people::actions::list_users(tx, org).await?;
        Ok(Self(users.into_iter().map(|user| (user.id, user.name)).collect()))
    }
    pub(super) fn name(&self, id: &UserId) -> &str {
        self.0.get(id).map_or("", String::as_str)
    }
}

/// Sums by currency.
fn total(sums: impl Iterator<Item = Money>) -> Vec<Money> {
    let mut all: Vec<Money> = Vec::new();
    for sum in sums {
        match all.iter_mut().find(|one| one.currency == sum.currency) {
            Some(one) => one.minor = one.minor.saturating_add(sum.minor),
            None => all.push(sum),
        }
    }
    all
}

/// `GET /pipeline`
pub async fn board(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<BoardQuery>,
) -> Answer {
    let who = query.who.unwrap_or_default();
    let undo = query.undo.and_then(|id| id.parse().ok());
    page(&board_page(&app, &viewer, ui, &who, undo).await?)
}

async fn board_page(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    who: &str,
    undo: Option<OpportunityId>,
) -> Outcome<BoardPage> {
    let scope = viewer.scope();
    let who = Who::asked(who, &scope);
    let range = Range::of(&scope, who);
    let mut tx = app.db.read().await?;
    let toast = match undo {
        Some(id) => show::undo_toast(&mut tx, viewer, &ui, id, Some(who.code())).await?,
        None => None,
    };
    Ok(BoardPage {
        who,
        choices: Who::choices(&scope),
        topic: range.topic(),
        columns: actions::board(&mut tx, viewer.org, &range).await?,
        owners: Owners::of(&mut tx, viewer.org).await?,
        toast,
        refused: Vec::new(),
        refused_at: String::new(),
        ui,
    })
}

/// `POST /opportunities/{opportunity}/stage`: from the board or from its own page.
pub async fn advance(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<MoveForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let MoveForm { stage, version, who } = form.fields;
    let moved = actions::advance(&act, &viewer, id, version, &stage).await;
    match (moved, who) {
        (Ok(_), Some(who)) => go(format!("/pipeline?who={}&undo={id}", known(&who))),
        (Ok(_), None) => go(format!("/opportunities/{id}?undo=1")),
        (Err(error), Some(who)) => board_again(&app, &viewer, ui, (&who, id), error).await,
        (Err(error), None) => again_after_move(&app, &viewer, ui, id, error).await,
    }
}

/// `POST /opportunities/{opportunity}/stage-reversal`
pub async fn undo_move(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<UndoForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let undone = actions::undo_move(&act, &viewer, id).await;
    match (undone, form.fields.who) {
        (Ok(_), Some(who)) => go(format!("/pipeline?who={}", known(&who))),
        (Ok(_), None) => go(format!("/opportunities/{id}")),
        (Err(error), Some(who)) => board_again(&app, &viewer, ui, (&who, id), error).await,
        (Err(error), None) => again_after_move(&app, &viewer, ui, id, error).await,
    }
}

/// Only a word of ours goes back into an address.
fn known(who: &str) -> &'static str {
    who.parse().unwrap_or(Who::Mine).code()
}

/// The board as it is, with what stood in the way of the move.
async fn board_again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (who, id): (&str, OpportunityId),
    error: Error,
) -> Answer {
    let (status, refused) = told(&ui, error)?;
    let mut page = board_page(app, viewer, ui, who, None).await?;
    page.refused = refused;
    page.refused_at = format!("/opportunities/{id}");
    drawn(status, &page)
}

/// What a person is told about an error of theirs; anything else goes on to the edge.
pub(super) fn told(ui: &Ui, error: Error) -> Result<(StatusCode, Vec<String>), Failed> {
    match error {
        Error::Refused(_) => Ok((StatusCode::CONFLICT, vec![sentence(ui.lang, &error)])),
        Error::Invalid(fields) => {
            let all = fields.0.values().map(|problem| ui.problem(problem)).collect();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, all))
        }
        error => Err(Failed(error)),
    }
}

/// A page under a status of its own.
pub(super) fn drawn(status: StatusCode, template: &impl Template) -> Answer {
    let page: Response = page(template)?;
    Ok((status, page).into_response())
}

/// What the table is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    who: Option<String>,
    state: Option<String>,
    stage: Option<String>,
    mark: Option<String>,
    after: Option<String>,
    limit: Option<i64>,
}

impl ListQuery {
    /// Unknown words fall back to the widest list, as an old address should still open.
    pub(super) fn filter(&self, viewer: &Viewer, stages: &[Stage]) -> (Who, Filter) {
        let scope = viewer.scope();
        let who = Who::asked(self.who.as_deref().unwrap_or_default(), &scope);
        let stage = self.stage.clone().unwrap_or_default();
        let is_known = stages.iter().any(|one| one.code == stage);
        let filter = Filter {
            range: Range::of(&scope, who),
            state: asked(self.state.as_deref()).unwrap_or(State::Open),
            stage: if is_known { stage } else { String::new() },
            mark: asked(self.mark.as_deref()),
        };
        (who, filter)
    }
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { after: self.after.clone(), limit: self.limit }
    }
}

fn asked<T: std::str::FromStr>(text: Option<&str>) -> Option<T> {
    text.and_then(|text| text.parse().ok())
}

#[derive(Template)]
#[template(path = "opportunities/views/index.html")]
struct ListPage {
    ui: Ui,
    who: Who,
    choices: Vec<Who>,
    filter: Filter,
    stages: Vec<Stage>,
    rows: Vec<Card>,
    owners: Owners,
    next: Option<String>,
}

impl ListPage {
    fn name(&self, stage: &Stage) -> String {
        stage.name(self.ui.lang).to_owned()
    }
    fn marks(&self, card: &Card) -> Vec<Mark> {
        card.marks(self.ui.now)
    }
    fn days(&self, card: &Card) -> i64 {
        card.days_in_stage(self.ui.now)
    }
    fn stage_name(&self, code: &str) -> String {
        let found = self.stages.iter().find(|stage| stage.code == code);
        found.map_or_else(|| code.to_owned(), |stage| stage.name(self.ui.lang).to_owned())
    }
    fn has_mark(&self, mark: &Mark) -> bool {
        self.filter.mark == Some(*mark)
    }
}

/// `GET /opportunities`
pub async fn index(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let stages = actions::list_stages(&mut tx, viewer.org).await?;
    let (who, filter) = query.filter(&viewer, &stages);
    let slice = actions::list(&mut tx, viewer.org, &filter, &query.cursor(), app.now()).await?;
    let next = match &slice.next {
        Some(after) => Some(next_address(&query, after)?),
        None => None,
    };
    page(&ListPage {
        who,
        choices: Who::choices(&viewer.scope()),
        filter,
        stages,
        rows: slice.rows,
        owners: Owners::of(&mut tx, viewer.org).await?,
        next,
        ui,
    })
}

fn next_address(query: &ListQuery, after: &str) -> Outcome<String> {
    let kept = [
        ("who", query.who.as_deref()),
        ("state", query.state.as_deref()),
        ("stage", query.stage.as_deref()),
        ("mark", query.mark.as_deref()),
        ("after", Some(after)),
    ];
    let pairs: Vec<(&str, &str)> = kept.into_iter().filter_map(|(n, v)| Some((n, v?))).collect();
    let text = serde_urlencoded::to_string(pairs).map_err(Error::failure)?;
    Ok(format!("/opportunities?{text}"))
}
