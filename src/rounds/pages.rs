//! Rounds on the screen of a head: the list, a new one, how far one is.

use askama::Template;
use axum::extract::{Path, State as Web};

use super::forms::{RoundForm, may_call};
use super::{Progress, Round, actions};
use crate::campaigns::{self, Campaign, CampaignState, LegalBasis};
use crate::leads::pages::{Place, places};
use crate::people::{self, Reach, Role, User, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Submitted, Ui, go, page, page_again};

/// A round with how far it is.
struct Line {
    campaign: Campaign,
    round: Round,
    done: i64,
    companies: i64,
}

#[derive(Template)]
#[template(path = "rounds/views/index.html")]
struct IndexPage {
    ui: Ui,
    rounds: Vec<Line>,
}

impl IndexPage {
    fn tone(&self, state: &CampaignState) -> &'static str {
        tone(*state)
    }
}

fn tone(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Running => "pos",
        CampaignState::Paused => "warn",
        CampaignState::Draft | CampaignState::Stopped => "",
    }
}

/// `GET /rounds`
pub async fn index(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let mut rounds = Vec::new();
    for (campaign, round) in actions::list(&mut tx, &viewer.scope()).await? {
        let progress = actions::progress(&mut tx, viewer.org, campaign.id, ui.now).await?;
        let (done, companies) = (progress.done(), progress.companies());
        rounds.push(Line { campaign, round, done, companies });
    }
    page(&IndexPage { ui, rounds })
}

/// What the form offers to choose from.
struct Choices {
    cities: Vec<(String, i64)>,
    industries: Vec<(String, i64)>,
    sources: Vec<(String, i64)>,
    imports: Vec<(ImportId, String)>,
    /// Teams and people that call: value, name.
    callers: Vec<(String, String)>,
    principals: Vec<User>,
}

#[derive(Template)]
#[template(path = "rounds/views/new.html")]
struct NewPage {
    ui: Ui,
    form: RoundForm,
    fields: Fields,
    refused: Option<String>,
    choices: Choices,
}

impl NewPage {
    fn bases(&self) -> &'static [LegalBasis] {
        LegalBasis::ALL
    }
    fn problem(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.fields, field)
    }
    fn is_chosen<T: ToString + ?Sized>(&self, chosen: &str, value: &T) -> bool {
        chosen == value.to_string()
    }
}

/// `GET /rounds/new`
pub async fn new(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    let (choices, _) = choices(&mut app.db.read().await?, &viewer, &ui).await?;
    let form = RoundForm::fresh(ui.t("round-script-first"));
    page(&NewPage { ui, form, fields: Fields::default(), refused: None, choices })
}

async fn choices(tx: &mut Tx, viewer: &Viewer, ui: &Ui) -> Outcome<(Choices, Vec<User>)> {
    let [cities, industries, sources] = campaigns::actions::list_choices(tx, viewer.org).await?;
    let imports = actions::list_imports(tx, viewer.org).await?;
    let users = people::actions::list_users(tx, viewer.org).await?;
    let is_free = viewer.scope().reach == Reach::All;
    let is_near = |user: &User| is_free || user.team == viewer.user.team;
    let principals = users.iter().filter(|user| user.roles.has(Role::Principal)).cloned().collect();
    let callers: Vec<User> =
        users.into_iter().filter(|user| may_call(user) && is_near(user)).collect();
    let teams = people::actions::list_teams(tx, viewer.org).await?;
    let named = teams
        .into_iter()
        .filter(|(id, _, _)| callers.iter().any(|user| user.is_in(id)))
        .map(|(id, name, _)| (id.to_string(), ui.ta("round-team", "name", name)));
    let people = callers.iter().map(|user| (user.id.to_string(), user.name.clone()));
    let offered = named.chain(people).collect();
    let choices = Choices { cities, industries, sources, imports, callers: offered, principals };
    Ok((choices, callers))
}

/// `POST /rounds`
pub async fn start(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    submitted: Submitted<RoundForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let (choices, callers) = choices(&mut app.db.read().await?, &viewer, &ui).await?;
    let done = match form.read(&callers, &viewer.zone, ui.now) {
        Ok(terms) => actions::start(&act, &viewer, terms, &form.script).await,
        Err(fields) => Err(Error::Invalid(fields)),
    };
    let (_, fields, refused) = match done {
        Ok(id) => return go(format!("/rounds/{id}")),
        Err(error) => form_again(ui.lang, error)?,
    };
    page_again(&NewPage { ui, form, fields, refused, choices })
}

#[derive(Template)]
#[template(path = "rounds/views/show.html")]
struct ShowPage {
    ui: Ui,
    campaign: Campaign,
    round: Round,
    progress: Progress,
    done: i64,
    companies: i64,
    places: Vec<Place>,
    people: Vec<(String, i64)>,
}

impl ShowPage {
    fn tone(&self) -> &'static str {
        tone(self.campaign.state)
    }
}

/// `GET /rounds/{round}`
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (campaign, round) = actions::find_seen(&mut tx, &viewer.scope(), id).await?;
    let progress = actions::progress(&mut tx, viewer.org, id, ui.now).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let name = |id: Option<UserId>| {
        users.iter().find(|user| Some(user.id) == id).map(|user| user.name.clone())
    };
    let people = progress.people.iter();
    page(&ShowPage {
        done: progress.done(),
        companies: progress.companies(),
        places: places(&ui, progress.places.clone()),
        people: people.map(|(id, count)| (name(*id).unwrap_or_default(), *count)).collect(),
        ui,
        campaign,
        round,
        progress,
    })
}
