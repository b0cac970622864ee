//! The lists of hand-offs, and the answers to an offer.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use serde::Deserialize;

use super::cards::{Became, Card, Names, View, became, way};
use super::rates::{Pair, Rates, total};
use super::{Handoff, HandoffState, Offered, RejectionReason, actions};
use crate::people::{Reach, Viewer};
use crate::promises::Promise;
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Query, Submitted, Ui, go};

/// Rows of a page of a list.
const LIST_MAX: i64 = 50;

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    view: Option<String>,
    state: Option<String>,
    before: Option<i64>,
    taken: Option<String>,
}

/// A row of what was given, or of everything.
#[derive(Debug)]
struct Given {
    handoff: Handoff,
    became: Option<Became>,
}

/// A row of the rates.
#[derive(Debug)]
struct RateRow {
    name: String,
    /// Key of the column's name, and the figure.
    cells: Vec<(&'static str, String)>,
}

impl RateRow {
    fn of(ui: &Ui, name: &str, rates: Rates) -> Self {
        let share =
            |count: i64, of: i64| format!("{} · {}", ui.number(&count), ui.percent(&count, &of));
        let ended = rates.ended();
        let cells = vec![
            ("handoff-offered", ui.number(&rates.offered)),
            ("handoff-accepted", share(rates.accepted, ended)),
            ("handoff-rejected", share(rates.rejected, ended)),
            ("handoff-overturned-of", share(rates.overturned, rates.rejected)),
            ("handoff-expired", share(rates.expired, ended)),
            ("handoff-delay", mean(ui, &rates)),
        ];
        Self { name: name.to_owned(), cells }
    }
}

/// How long offers waited on average.
pub(super) fn mean(ui: &Ui, rates: &Rates) -> String {
    rates.delay_minutes_mean().map_or_else(|| "—".to_owned(), |mean| delay(ui, mean))
}

#[derive(Template)]
#[template(path = "handoffs/views/index.html")]
struct ListPage {
    ui: Ui,
    view: View,
    tabs: Vec<View>,
    topics: String,
    state: Option<HandoffState>,
    cards: Vec<Card>,
    rows: Vec<Given>,
    rates: Vec<(&'static str, Vec<RateRow>)>,
    names: Names,
    next: Option<i64>,
    taken: Option<(String, String)>,
    typed: Typed,
    refused: Option<String>,
}

/// What somebody typed into an answer that cannot be taken so.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub at: Option<HandoffId>,
    pub reason: String,
    pub comment: String,
    pub problems: Fields,
}

impl ListPage {
    fn way(&self, handoff: &Handoff) -> String {
        way(handoff)
    }
    fn tone(&self, handoff: &Handoff) -> &'static str {
        tone(handoff.state)
    }
    fn count(&self) -> i64 {
        i64::try_from(self.cards.len()).unwrap_or(0)
    }
    fn reasons(&self) -> &'static [RejectionReason] {
        RejectionReason::ALL
    }
    fn states(&self) -> &'static [HandoffState] {
        HandoffState::ALL
    }
    fn can_answer(&self, card: &Card) -> bool {
        self.view == View::Inbox && card.handoff.is_open(self.ui.now)
    }
    fn is_typed(&self, card: &Card) -> bool {
        self.typed.at == Some(card.handoff.id)
    }
    fn wrong(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.typed.problems, field)
    }
    fn is_overdue(&self, promise: &Promise) -> bool {
        promise.is_overdue(self.ui.now)
    }
    fn is_chosen(&self, state: &HandoffState) -> bool {
        self.state == Some(*state)
    }
}

/// `2 h 15 min` of working time.
pub(super) fn delay(ui: &Ui, minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => ui.ta("handoff-minutes", "minutes", minutes),
        (hours, minutes) => ui.taa("handoff-hours", "hours", hours, "minutes", minutes),
    }
}

/// How a state looks.
pub(super) fn tone(state: HandoffState) -> &'static str {
    match state {
        HandoffState::Offered => "warn",
        HandoffState::Accepted => "pos",
        HandoffState::Rejected | HandoffState::Expired => "neg",
    }
}

/// `GET /handoffs`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    drawn(StatusCode::OK, &list_page(&app, &viewer, ui, query).await?)
}

async fn list_page(app: &App, viewer: &Viewer, ui: Ui, query: ListQuery) -> Outcome<ListPage> {
    let mut tx = app.db.read().await?;
    let (scope, before) = (viewer.scope(), query.before.unwrap_or(i64::MAX));
    let view = View::asked(query.view.as_deref(), viewer);
    let state = query.state.as_deref().and_then(|code| code.parse().ok());
    let limit = LIST_MAX + 1;
    let mut all = match view {
        View::Inbox => actions::list_waiting(&mut tx, &scope, LIST_MAX).await?,
        View::Given => actions::list_given(&mut tx, &scope, before, limit).await?,
        View::All => actions::list_seen(&mut tx, &scope, state, before, limit).await?,
        View::Disputes => actions::list_contested(&mut tx, &scope, LIST_MAX).await?,
        View::Rates => Vec::new(),
    };
    let has_more = i64::try_from(all.len()).is_ok_and(|count| count > LIST_MAX);
    all.truncate(usize::try_from(LIST_MAX).unwrap_or(0));
    let next = all.last().map(|last| last.number).filter(|_| has_more);
    let taken = match query.taken.and_then(|id| id.parse().ok()) {
        Some(id) => actions::find(&mut tx, &scope, id).await?,
        None => None,
    };
    let named: Vec<Handoff> = all.iter().cloned().chain(taken.clone()).collect();
    let names = Names::of(&mut tx, viewer.org, &named).await?;
    let (mut cards, mut rows) = (Vec::new(), Vec::new());
    for handoff in all {
        if matches!(view, View::Inbox | View::Disputes) {
            cards.push(Card::of(&mut tx, (viewer, ui.now), handoff, &names).await?);
        } else {
            let became = became(&mut tx, viewer.org, handoff.opened).await?;
            rows.push(Given { handoff, became });
        }
    }
    let rates = match view {
        View::Rates => rate_rows(&mut tx, viewer, &ui, &names).await?,
        _ => Vec::new(),
    };
    let taken = taken.and_then(|handoff| {
        let company = names.company(&handoff.company);
        // Who takes a chance of another sale from service does not take the client with it.
        let is_upsell = matches!(handoff.offered, Offered::Client(_));
        let key = if is_upsell { "handoff-taken-upsell" } else { "handoff-taken" };
        Some((ui.ta(key, "company", company), handoff.opened?.path()))
    });
    Ok(ListPage {
        tabs: View::ALL.into_iter().filter(|view| view.is_for(viewer)).collect(),
        topics: topics(viewer),
        ui,
        view,
        state,
        cards,
        rows,
        rates,
        names,
        next,
        taken,
        typed: Typed::default(),
        refused: None,
    })
}

/// What the lists of a person listen to.
fn topics(viewer: &Viewer) -> String {
    match viewer.user.team {
        Some(team) => format!("user:{},team:{team}", viewer.id()),
        None => format!("user:{}", viewer.id()),
    }
}

/// How offers fare for whom the viewer may see by name: themselves, and of others only whole
/// teams; a head sees the people of their team, the owner everybody.
async fn rate_rows(
    tx: &mut Tx,
    viewer: &Viewer,
    ui: &Ui,
    names: &Names,
) -> Outcome<Vec<(&'static str, Vec<RateRow>)>> {
    let pairs = actions::list_pairs(tx, viewer.org, ui.now).await?;
    let scope = viewer.scope();
    let sees = |user: Option<UserId>, team: Option<TeamId>| match scope.reach {
        Reach::All => user.is_some(),
        Reach::Team => user.is_some() && team.is_some() && team == scope.team,
        Reach::Own => user == Some(scope.user),
    };
    let side = |of: &dyn Fn(&Pair) -> (Option<UserId>, Option<TeamId>)| {
        let mut rows: Vec<RateRow> = Vec::new();
        let mut add = |name: &str, rates: Rates| rows.push(RateRow::of(ui, name, rates));
        let mut people: Vec<_> = pairs.iter().map(of).filter(|(u, t)| sees(*u, *t)).collect();
        let mut teams: Vec<_> = pairs.iter().filter_map(|pair| of(pair).1).collect();
        people.sort_by_key(|(user, _)| names.person(user).to_owned());
        people.dedup_by_key(|(user, _)| *user);
        teams.sort_by_key(|team| names.team(Some(*team)).to_owned());
        teams.dedup();
        for (user, _) in people {
            add(names.person(&user), total(&pairs, |pair| of(pair).0 == user));
        }
        for team in teams {
            let name = ui.ta("handoff-whole-team", "team", names.team(Some(team)));
            add(&name, total(&pairs, |pair| of(pair).1 == Some(team)));
        }
        rows
    };
    let givers = side(&|pair| (Some(pair.giver), pair.giver_team));
    let takers = side(&|pair| (pair.receiver, pair.receiver_team));
    Ok(vec![("handoff-rates-givers", givers), ("handoff-rates-takers", takers)])
}

/// A button without fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoFields {}

/// A rejection.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectionForm {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    comment: String,
}

/// `POST /handoffs/{handoff}/acceptance`
pub async fn accept(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<HandoffId>,
    form: Submitted<NoFields>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::accept(&act, &viewer, id).await {
        Ok(_) => go(format!("/handoffs?view=inbox&taken={id}")),
        Err(error) => again(&app, &viewer, ui, error, Typed::default()).await,
    }
}

/// `POST /handoffs/{handoff}/rejection`
pub async fn reject(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<HandoffId>,
    form: Submitted<RejectionForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let RejectionForm { reason, comment } = form.fields;
    let rejected = match reason.parse() {
        Ok(reason) => actions::reject(&act, &viewer, id, reason, &comment).await,
        Err(()) => Err(Fields::one("reason", "rejection-reason")),
    };
    match rejected {
        Ok(()) => go("/handoffs?view=inbox"),
        Err(error) => {
            let typed = Typed { at: Some(id), reason, comment, problems: Fields::default() };
            again(&app, &viewer, ui, error, typed).await
        }
    }
}

/// The inbox once more, with what is wrong and what was typed.
async fn again(app: &App, viewer: &Viewer, ui: Ui, error: Error, typed: Typed) -> Answer {
    let (status, problems, refused) = form_again(ui.lang, error)?;
    let typed = Typed { problems, ..typed };
    let query = ListQuery { view: Some(View::Inbox.code().to_owned()), ..ListQuery::default() };
    let page = list_page(app, viewer, ui, query).await?;
    drawn(status, &ListPage { typed, refused, ..page })
}

/// A page with a status.
pub(super) fn drawn(status: StatusCode, page: &impl Template) -> Answer {
    Ok((status, Html(page.render().map_err(Error::failure)?)).into_response())
}
