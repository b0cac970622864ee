//! Calls from the cockpit, phones of people, recordings.

use askama::Template;
use axum::extract::{Path, State as Web};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::accounts::{self, Phone};
use super::actions::{self, AttemptForm};
use super::panel::Panel;
use super::recordings;
use crate::campaigns;
use crate::companies;
use crate::leads::forms::NothingForm;
use crate::leads::{self, dialling};
use crate::people::{self, User, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::sentence;
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page};

#[derive(Template)]
#[template(path = "telephony/views/line.html")]
struct LinePage {
    ui: Ui,
    panel: Panel,
}

/// `POST /leads/{lead}/attempts`: calls a number of the company in hand.
pub async fn place(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    form: Submitted<AttemptForm>,
) -> Answer {
    match actions::place(&viewer.act(&app, form.key), &viewer, id, &form.fields).await {
        Ok(_) => go(format!("/leads/{id}")),
        Err(error) => refused(&app, &viewer, ui, id, error).await,
    }
}

/// `POST /attempts/{attempt}/hang-up`
pub async fn hang_up(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<AttemptId>,
    form: Submitted<NothingForm>,
) -> Answer {
    match actions::hang_up(&viewer.act(&app, form.key), &viewer, id).await {
        Ok(lead) => go(format!("/leads/{lead}")),
        Err(error) => {
            let found = actions::find(&mut app.db.read().await?, viewer.org, id).await?;
            let own = found.filter(|attempt| attempt.caller == viewer.id());
            let lead = own.ok_or(Error::NotFound)?.lead;
            refused(&app, &viewer, ui, lead, error).await
        }
    }
}

/// The panel with why it was refused; where the lead is in other hands, the refusal alone.
async fn refused(app: &App, viewer: &Viewer, ui: Ui, id: LeadId, error: Error) -> Answer {
    if !matches!(error, Error::Refused(_)) {
        return Err(Failed(error));
    }
    let mut tx = app.db.read().await?;
    let Some(panel) = panel(&mut tx, viewer, id, ui.now).await? else {
        return Err(Failed(error));
    };
    let panel = Panel { refused: Some(sentence(ui.lang, &error)), ..panel };
    Ok((StatusCode::CONFLICT, page(&LinePage { ui, panel })?).into_response())
}

async fn panel(tx: &mut Tx, viewer: &Viewer, id: LeadId, now: Instant) -> Outcome<Option<Panel>> {
    let lead = leads::actions::find(tx, viewer.org, id).await?;
    if lead.lease.is_none_or(|lease| lease.owner != viewer.id()) {
        return Ok(None);
    }
    let campaign = campaigns::actions::find(tx, viewer.org, lead.campaign).await?;
    let company = companies::actions::find(tx, viewer.org, lead.company).await?;
    let zone = company.ok_or(Error::NotFound)?.zone_or(&viewer.zone);
    let numbers = dialling::list_free(tx, viewer.org, &lead, now).await?;
    let is_open = campaign.policy.closes_at(now, &zone).is_some();
    Panel::of(tx, viewer, &lead, (&numbers, is_open), now).await.map(Some)
}

/// `GET /recordings/{recording}`: the sound, for who may hear it.
pub async fn listen(Web(app): Web<App>, viewer: Viewer, Path(id): Path<RecordingId>) -> Answer {
    sound(recordings::hear(&viewer.act(&app, None), &viewer, id).await?)
}

/// Sound as a file that nobody keeps on the way.
pub(super) fn sound(bytes: Vec<u8>) -> Result<Response, Failed> {
    let headers: [(HeaderName, &str); 2] =
        [(header::CONTENT_TYPE, "audio/wav"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, bytes).into_response())
}

#[derive(Template)]
#[template(path = "telephony/views/account.html")]
struct AccountPage {
    ui: Ui,
    user: User,
    phone: Phone,
    secret: Option<String>,
    problem: Option<String>,
}

async fn account_page(app: &App, viewer: &Viewer, ui: Ui, id: UserId) -> Outcome<AccountPage> {
    let mut tx = app.db.read().await?;
    let user = people::actions::find_user(&mut tx, viewer.org, id).await?;
    let user = user.ok_or(Error::NotFound)?;
    let phone = accounts::find(&mut tx, viewer.org, id, ui.now).await?;
    Ok(AccountPage { ui, user, phone, secret: None, problem: None })
}

/// `GET /people/{user}/phone`
pub async fn account(Web(app): Web<App>, viewer: Viewer, ui: Ui, Path(id): Path<UserId>) -> Answer {
    page(&account_page(&app, &viewer, ui, id).await?)
}

/// `POST /people/{user}/phone`: an account, or another password; shown this once.
pub async fn make_account(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<UserId>,
    form: Submitted<NothingForm>,
) -> Answer {
    let secret = accounts::make(&viewer.act(&app, form.key), id).await?;
    let shown = account_page(&app, &viewer, ui, id).await?;
    // A repeat made none: the password was shown the first time.
    let problem = secret.is_none().then(|| shown.ui.t("phone-shown-already"));
    page(&AccountPage { secret: secret.map(|secret| secret.0), problem, ..shown })
}

/// `POST /people/{user}/phone/removal`
pub async fn remove_account(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<UserId>,
    form: Submitted<NothingForm>,
) -> Answer {
    accounts::remove(&viewer.act(&app, form.key), id).await?;
    go(format!("/people/{id}/phone"))
}
