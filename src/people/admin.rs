//! Administration of people: who works here, in which roles, tier and team; their way in.

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::account::Bare;
use super::actions::{self, NewUser, UserChange};
use super::{Role, Roles, User, Viewer, may_let_in};
use crate::values::*;
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_again};

type Team = (TeamId, String, i64);

/// What is typed about a person, as it is typed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonForm {
    #[serde(default)]
    login: String,
    name: String,
    alias: String,
    tier: String,
    team: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    role_caller: bool,
    #[serde(default)]
    role_seller: bool,
    #[serde(default)]
    role_service: bool,
    #[serde(default)]
    role_head: bool,
    #[serde(default)]
    role_owner: bool,
    #[serde(default)]
    role_payroll: bool,
    #[serde(default)]
    role_administrator: bool,
    #[serde(default)]
    role_principal: bool,
}

/// A team to be made.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamForm {
    name: String,
    tier: String,
}

#[derive(Template)]
#[template(path = "people/views/index.html")]
struct PeoplePage {
    ui: Ui,
    people: Vec<User>,
    teams: Vec<Team>,
    form: PersonForm,
    team_name: String,
    team_tier: String,
    problem: Option<String>,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "people/views/show.html")]
struct PersonPage {
    ui: Ui,
    user: User,
    teams: Vec<Team>,
    /// True where the viewer may hand over what the person holds.
    may_hand_over: bool,
    /// True where the viewer may let the person in or shut them out.
    may_let_in: bool,
    form: PersonForm,
    link: Option<String>,
    problem: Option<String>,
    fields: Fields,
}

impl PersonForm {
    fn of(user: &User) -> Self {
        let has = |role| user.roles.has(role);
        Self {
            login: user.login.clone(),
            name: user.name.clone(),
            alias: user.alias.clone(),
            tier: user.tier.map(|tier| tier.to_string()).unwrap_or_default(),
            team: user.team.map(|team| team.to_string()).unwrap_or_default(),
            lang: user.lang.code().to_owned(),
            role_caller: has(Role::Caller),
            role_seller: has(Role::Seller),
            role_service: has(Role::Service),
            role_head: has(Role::Head),
            role_owner: has(Role::Owner),
            role_payroll: has(Role::Payroll),
            role_administrator: has(Role::Administrator),
            role_principal: has(Role::Principal),
        }
    }

    /// The boxes in the order of the roles, for the view.
    fn boxes(&self) -> [(Role, bool); 8] {
        [
            (Role::Caller, self.role_caller),
            (Role::Seller, self.role_seller),
            (Role::Service, self.role_service),
            (Role::Head, self.role_head),
            (Role::Owner, self.role_owner),
            (Role::Payroll, self.role_payroll),
            (Role::Administrator, self.role_administrator),
            (Role::Principal, self.role_principal),
        ]
    }

    fn roles(&self) -> Roles {
        let ticked: Vec<Role> =
            self.boxes().into_iter().filter(|(_, is)| *is).map(|(role, _)| role).collect();
        Roles::of(&ticked)
    }

    fn change(&self) -> Outcome<UserChange> {
        Ok(UserChange {
            name: self.name.clone(),
            alias: self.alias.clone(),
            roles: self.roles(),
            tier: read_choice(&self.tier, "tier")?,
            team: read_choice(&self.team, "team")?,
        })
    }
}

fn read_choice<T: std::str::FromStr>(text: &str, field: &'static str) -> Outcome<Option<T>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Fields::one(field, "unknown-choice"))
}

async fn people_page(app: &App, viewer: &Viewer, ui: Ui) -> Outcome<PeoplePage> {
    let mut tx = app.db.read().await?;
    let lang = ui.lang.code().to_owned();
    Ok(PeoplePage {
        ui,
        people: actions::list_users(&mut tx, viewer.org).await?,
        teams: actions::list_teams(&mut tx, viewer.org).await?,
        form: PersonForm { lang, ..PersonForm::default() },
        team_name: String::new(),
        team_tier: String::new(),
        problem: None,
        fields: Fields::default(),
    })
}

async fn person_page(app: &App, viewer: &Viewer, id: UserId, ui: Ui) -> Outcome<PersonPage> {
    let mut tx = app.db.read().await?;
    let user = actions::find_user(&mut tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    let teams = actions::list_teams(&mut tx, viewer.org).await?;
    drop(tx);
    Ok(PersonPage {
        may_hand_over: ui.doors.open(&format!("/holdings/{id}")).await?,
        may_let_in: may_let_in(viewer.user.roles, user.roles),
        ui,
        teams,
        form: PersonForm::of(&user),
        user,
        link: None,
        problem: None,
        fields: Fields::default(),
    })
}

/// `GET /people`
pub async fn index(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    page(&people_page(&app, &viewer, ui).await?)
}

/// `POST /people`
pub async fn add(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<PersonForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let form = form.fields;
    let added = match form.change() {
        Ok(UserChange { name, alias, roles, tier, team }) => {
            let login = form.login.trim().to_owned();
            let lang = Lang::from_code(&form.lang).unwrap_or(ui.lang);
            let new = NewUser { login, name, alias, roles, tier, team, lang, password: None };
            actions::add_user(&act, new).await
        }
        Err(error) => Err(error),
    };
    let (problem, fields) = match added {
        Ok(id) => return go(format!("/people/{id}")),
        Err(error) => told(&ui, error)?,
    };
    let shown = people_page(&app, &viewer, ui).await?;
    page_again(&PeoplePage { form, problem, fields, ..shown })
}

/// `POST /teams`
pub async fn add_team(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<TeamForm>,
) -> Answer {
    let TeamForm { name: team_name, tier: team_tier } = form.fields;
    let tier = team_tier.parse().unwrap_or(0);
    let (problem, fields) =
        match actions::add_team(&viewer.act(&app, form.key), &team_name, tier).await {
            Ok(_) => return go("/people#teams"),
            Err(error) => told(&ui, error)?,
        };
    // The fields of the two forms share a page, so those of a team go by names of their own.
    let fields = Fields(
        fields
            .0
            .into_iter()
            .map(|(name, p)| (if name == "name" { "team_name" } else { "team_tier" }, p))
            .collect(),
    );
    let shown = people_page(&app, &viewer, ui).await?;
    page_again(&PeoplePage { team_name, team_tier, problem, fields, ..shown })
}

/// `GET /people/{user}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    ui: Ui,
) -> Answer {
    page(&person_page(&app, &viewer, user, ui).await?)
}

/// `POST /people/{user}`
pub async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    ui: Ui,
    form: Submitted<PersonForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let form = form.fields;
    let changed = match form.change() {
        Ok(change) => actions::change_user(&act, user, change).await,
        Err(error) => Err(error),
    };
    let (problem, fields) = match changed {
        Ok(()) => return go(format!("/people/{user}")),
        Err(error) => told(&ui, error)?,
    };
    let shown = person_page(&app, &viewer, user, ui).await?;
    page_again(&PersonPage { form, problem, fields, ..shown })
}

/// `POST /people/{user}/link`: a link that signs the person in, shown this once.
pub async fn make_link(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    ui: Ui,
    form: Submitted<Bare>,
) -> Answer {
    let shown = person_page(&app, &viewer, user, ui).await?;
    if shown.user.disabled_at.is_some() {
        return Err(Failed(Error::NotFound));
    }
    let secret = actions::make_link(&viewer.act(&app, form.key), user, false).await?;
    // A repeat made none: the link was shown the first time.
    let problem = secret.is_none().then(|| shown.ui.t("link-shown-already"));
    let link = secret.map(|secret| format!("{}/sign-in/{}", app.settings.origin, secret.0));
    page(&PersonPage { link, problem, ..shown })
}

/// `POST /people/{user}/disablement`
pub async fn disable(
    State(app): State<App>,
    viewer: Viewer,
    Path(user): Path<UserId>,
    ui: Ui,
    form: Submitted<Bare>,
) -> Answer {
    let (problem, fields) = match actions::disable_user(&viewer.act(&app, form.key), user).await {
        Ok(()) => return go("/people"),
        Err(error) => told(&ui, error)?,
    };
    let shown = person_page(&app, &viewer, user, ui).await?;
    page_again(&PersonPage { problem, fields, ..shown })
}

/// A refusal as its sentence and wrong fields as they are; any other error goes on.
fn told(ui: &Ui, error: Error) -> Outcome<(Option<String>, Fields)> {
    match error {
        Error::Refused(refusal) => {
            Ok((Some(ui.t(&format!("refusal-{}", refusal.code()))), Fields::default()))
        }
        Error::Invalid(fields) => Ok((None, fields)),
        other => Err(other),
    }
}
