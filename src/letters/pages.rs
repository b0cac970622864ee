//! The letters to a company on screen, with the form that asks and records.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};

use super::forms::LetterForm;
use super::{Address, Answered, Letter, LetterRefusal, Way, actions};
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::{form_again, sentence};
use crate::web::json::Nothing;
use crate::web::{Answer, App, Submitted, Ui, go, page, page_as};
use crate::{campaigns, companies, leads};

/// A letter with the names beside it.
struct Row {
    letter: Letter,
    contact: String,
    address: String,
    sender: String,
    may_take_back: bool,
}

/// What admission answered, in words.
struct Said {
    text: String,
    is_allowed: bool,
}

/// What a letter may be sent to, or for: each by its code, with its words.
#[derive(Default)]
struct Choices {
    contacts: Vec<(String, String)>,
    addresses: Vec<(String, String)>,
    campaigns: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "letters/views/index.html")]
struct LettersPage {
    ui: Ui,
    company: CompanyId,
    name: String,
    rows: Vec<Row>,
    may_write: bool,
    choices: Choices,
    form: LetterForm,
    problems: Fields,
    refused: Option<String>,
    said: Option<Said>,
}

impl LettersPage {
    fn wrong(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.problems, field)
    }
    /// The latest moment that can be typed.
    fn latest(&self) -> String {
        LetterForm::fresh(&self.ui.zone, self.ui.now).sent_at
    }
}

/// `GET /companies/{company}/letters`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
) -> Answer {
    page(&letters_page(&app, &viewer, ui, id).await?)
}

async fn letters_page(app: &App, viewer: &Viewer, ui: Ui, id: CompanyId) -> Outcome<LettersPage> {
    let mut tx = app.db.read().await?;
    let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, ui.now).await?;
    let company = seen.ok_or(Error::NotFound)?;
    let may_write = actions::may_write(&mut tx, viewer, &company, ui.now).await?;
    Ok(LettersPage {
        rows: rows(&mut tx, viewer, company.id, ui.now).await?,
        choices: match may_write {
            true => choices(&mut tx, viewer, company.id).await?,
            false => Choices::default(),
        },
        form: LetterForm::fresh(&ui.zone, ui.now),
        company: company.id,
        name: company.name,
        problems: Fields::default(),
        refused: None,
        said: None,
        may_write,
        ui,
    })
}

/// The addresses of a company by their codes; numbers are masked, for nobody opens them here.
async fn addresses(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<(String, String)>> {
    let emails = companies::actions::list_known_emails(tx, org, company).await?;
    let phones = companies::actions::list_phones(tx, org, company).await?;
    let emails = emails.into_iter().map(|one| (Address::Mail(one.id).code(), one.email.address));
    let phones = phones.iter().map(|one| (Address::Phone(one.id).code(), one.phone.masked()));
    Ok(emails.chain(phones).collect())
}

async fn rows(tx: &mut Tx, viewer: &Viewer, company: CompanyId, now: Instant) -> Outcome<Vec<Row>> {
    let all = actions::list_of_company(tx, viewer.org, company).await?;
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let contacts = companies::actions::list_contacts(tx, viewer.org, company).await?;
    let contacts: BTreeMap<ContactId, String> =
        contacts.into_iter().map(|contact| (contact.id, contact.name)).collect();
    let addresses = addresses(tx, viewer.org, company).await?;
    let addresses: BTreeMap<String, String> = addresses.into_iter().collect();
    let users = people::actions::list_users(tx, viewer.org).await?;
    let users: BTreeMap<UserId, String> = users.into_iter().map(|u| (u.id, u.name)).collect();
    let row = |letter: Letter| Row {
        contact: letter.contact.and_then(|id| contacts.get(&id).cloned()).unwrap_or_default(),
        address: letter
            .address
            .and_then(|address| addresses.get(&address.code()).cloned())
            .unwrap_or_default(),
        sender: users.get(&letter.sender).cloned().unwrap_or_default(),
        may_take_back: letter.sender == viewer.id() && letter.may_be_taken_back(now),
        letter,
    };
    Ok(all.into_iter().map(row).collect())
}

async fn choices(tx: &mut Tx, viewer: &Viewer, company: CompanyId) -> Outcome<Choices> {
    let contacts = companies::actions::list_contacts(tx, viewer.org, company).await?;
    let present = contacts.into_iter().filter(|contact| contact.gone_at.is_none());
    let leads = leads::actions::list_for_company(tx, viewer.org, company).await?;
    let seen = campaigns::actions::list(tx, &viewer.scope()).await?;
    let is_of = |id: CampaignId| leads.iter().any(|lead| lead.campaign == id);
    let running = seen.into_iter().filter(|one| one.is_running() && is_of(one.id));
    let mut addresses = addresses(tx, viewer.org, company).await?;
    let mut met = Vec::new();
    addresses.retain(|(_, text)| {
        let is_new = !met.contains(text);
        met.push(text.clone());
        is_new
    });
    Ok(Choices {
        contacts: present.map(|contact| (contact.id.to_string(), contact.name)).collect(),
        addresses,
        campaigns: running.map(|one| (one.id.to_string(), one.name)).collect(),
    })
}

/// `POST /companies/{company}/letters`
pub async fn record(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<LetterForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let done = match form.read(&viewer.zone, act.now) {
        Ok(new) => actions::record(&act, &viewer, id, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => go(format!("/companies/{id}/letters")),
        Err(error) => again(&app, &viewer, ui, (id, form), error).await,
    }
}

/// `POST /companies/{company}/letters/admission`: the same form asks whether it may be sent.
pub async fn ask(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<LetterForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let done = match form.read(&viewer.zone, act.now) {
        Ok(new) => actions::ask(&act, &viewer, id, &new).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(answered) => {
            let said = Some(said(&ui, &viewer, answered));
            let shown = letters_page(&app, &viewer, ui, id).await?;
            page(&LettersPage { form, said, ..shown })
        }
        Err(error) => again(&app, &viewer, ui, (id, form), error).await,
    }
}

fn said(ui: &Ui, viewer: &Viewer, answered: Answered) -> Said {
    match answered.denied {
        None => Said { text: ui.t("letter-may"), is_allowed: true },
        Some((rule, until)) => {
            let denied = LetterRefusal::Denied { rule, until, zone: viewer.zone.clone() };
            Said { text: sentence(ui.lang, &denied.into()), is_allowed: false }
        }
    }
}

/// The page with what was typed and what stood in the way.
async fn again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, form): (CompanyId, LetterForm),
    error: Error,
) -> Answer {
    let (status, problems, refused) = form_again(ui.lang, error)?;
    let shown = letters_page(app, viewer, ui, id).await?;
    page_as(status, &LettersPage { form, problems, refused, ..shown })
}

/// `POST /companies/{company}/letters/{letter}/reversal`
pub async fn take_back(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path((company, letter)): Path<(CompanyId, LetterId)>,
    submitted: Submitted<Nothing>,
) -> Answer {
    let act = viewer.act(&app, submitted.key);
    match actions::take_back(&act, &viewer, (company, letter)).await {
        Ok(()) => go(format!("/companies/{company}/letters")),
        Err(error) => {
            let form = LetterForm::fresh(&ui.zone, ui.now);
            again(&app, &viewer, ui, (company, form), error).await
        }
    }
}
