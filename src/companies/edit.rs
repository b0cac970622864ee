//! The base by hand on screen: a company is added, corrected, gets numbers, people and grounds.

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::actions::Offered;
use super::alike::{Alike, Strength};
use super::forms::{Card, CardForm, ContactForm, NewForm, read_basis, read_emails, read_phones};
use super::sight::{self, PhoneSeen};
use super::{AlikeRefusal, BasisKind, Company, Contact, Near, NewBasis, Standing, actions, words};
use crate::people::Viewer;
use crate::values::*;
use crate::web::errors::{sentence, status};
use crate::web::{Answer, App, Failed, Fragment, Submitted, Ui, go, page, page_again, page_as};

/// A company that may be the one being added, with the reasons in words.
struct OfferedRow {
    company: Company,
    strength: Strength,
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "companies/views/new.html")]
struct NewPage {
    ui: Ui,
    form: NewForm,
    card: Card,
    fields: Fields,
    offered: Vec<OfferedRow>,
    has_unseen: bool,
    asked: Option<Asking>,
}

/// Who asks which companies of the base a new one may be, before it is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    /// The person, by the button.
    Person,
    /// The script, as a field is left.
    Script,
}

impl NewPage {
    /// True where it was not added, since it seems to be there.
    fn is_refused(&self) -> bool {
        self.asked.is_none() && (self.has_unseen || !self.offered.is_empty())
    }
    /// True where the person asked and is to be answered though there is none.
    fn is_none_found(&self) -> bool {
        self.asked == Some(Asking::Person) && self.offered.is_empty()
    }
}

/// `GET /companies/new`
pub async fn new(ui: Ui) -> Answer {
    let (form, fields) = (NewForm::default(), Fields::default());
    let (offered, has_unseen) = (Vec::new(), false);
    page(&NewPage { ui, card: form.card(), form, fields, offered, has_unseen, asked: None })
}

/// `POST /companies/alike`: the form asks which companies of the base the new one may be, before it
/// is sent.
pub async fn ask(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Fragment(is_fragment): Fragment,
    submitted: Submitted<NewForm>,
) -> Answer {
    let form = submitted.fields;
    let new = form.read_so_far(viewer.country);
    let mut tx = app.db.read().await?;
    let seen = actions::list_alike_seen(&mut tx, &viewer, &new, app.now()).await?;
    let offered = seen.into_iter().map(|one| offered_row(&ui, one)).collect();
    let (fields, has_unseen) = (Fields::default(), false);
    let asked = Some(if is_fragment { Asking::Script } else { Asking::Person });
    page(&NewPage { ui, card: form.card(), form, fields, offered, has_unseen, asked })
}

/// `POST /companies`
pub async fn add(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    submitted: Submitted<NewForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let read = form.read(viewer.country);
    let done = match &read {
        Ok(new) => actions::add(&act, &viewer, new.clone(), !form.anyway.is_empty()).await,
        Err(Error::Invalid(fields)) => Err(Error::Invalid(fields.clone())),
        Err(other) => return Err(Failed(Error::failure(other))),
    };
    let (fields, offered) = match (done, read) {
        (Ok(id), _) => return go(format!("/companies/{id}")),
        (Err(Error::Invalid(fields)), _) => (fields, Offered::default()),
        (Err(Error::Refused(refusal)), Ok(new)) if refusal.code() == AlikeRefusal::CODE => {
            let mut tx = app.db.read().await?;
            let offered = actions::list_offered_to(&mut tx, &viewer, &new, app.now()).await?;
            (Fields::default(), offered)
        }
        (Err(error), _) => return Err(Failed(error)),
    };
    let Offered { seen, has_unseen } = offered;
    let offered = seen.into_iter().map(|one| offered_row(&ui, one)).collect();
    let (card, asked) = (form.card(), None);
    page_again(&NewPage { ui, card, form, fields, offered, has_unseen, asked })
}

fn offered_row(ui: &Ui, alike: Alike) -> OfferedRow {
    OfferedRow {
        why: words::said_all(ui, &alike.reasons),
        company: alike.known.company,
        strength: alike.strength,
    }
}

/// A person with the form that corrects them.
struct Person {
    contact: Contact,
    form: ContactForm,
}

#[derive(Template)]
#[template(path = "companies/views/edit.html")]
struct EditPage {
    ui: Ui,
    company: Company,
    card: Card,
    phones: Vec<PhoneSeen>,
    emails: Vec<String>,
    people: Vec<Person>,
    bases: Vec<(NewBasis, Instant)>,
    typed_phones: String,
    typed_emails: String,
    typed_person: ContactForm,
    typed_basis: BasisForm,
    fields: Fields,
    refused: Option<String>,
}

/// `GET /companies/{company}/edit`
pub async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
) -> Answer {
    let edit = edit_page(&app, &viewer, ui, id).await?;
    let phones = sight::open(&viewer.act(&app, None), &viewer, &edit.company).await?;
    page(&EditPage { phones, ..edit })
}

async fn edit_page(app: &App, viewer: &Viewer, ui: Ui, id: CompanyId) -> Outcome<EditPage> {
    let mut tx = app.db.read().await?;
    let seen = actions::find_seen(&mut tx, &viewer.scope(), id, app.now()).await?;
    let company = seen.filter(Company::is_in_base).ok_or(Error::NotFound)?;
    if !actions::may_change(&mut tx, viewer, &company, app.now()).await? {
        return Err(Error::NotFound);
    }
    let id = company.id;
    let emails = actions::list_emails(&mut tx, viewer.org, id).await?;
    let contacts = actions::list_contacts(&mut tx, viewer.org, id).await?;
    let bases = actions::list_bases(&mut tx, viewer.org, id).await?;
    let phones = sight::glance(&mut tx, viewer, &company).await?;
    let person = |contact| Person { form: ContactForm::of(&contact), contact };
    Ok(EditPage {
        ui,
        card: Card::of(&company),
        company,
        phones,
        emails: emails.into_iter().map(|email| email.address).collect(),
        people: contacts.into_iter().map(person).collect(),
        bases,
        typed_phones: String::new(),
        typed_emails: String::new(),
        typed_person: ContactForm::default(),
        typed_basis: BasisForm::default(),
        fields: Fields::default(),
        refused: None,
    })
}

/// The way on, or the page again with what is wrong and what was typed.
async fn answer(
    (app, viewer, ui): (&App, &Viewer, Ui),
    id: CompanyId,
    done: Outcome<()>,
    typed: impl FnOnce(&mut EditPage),
) -> Answer {
    let error = match done {
        Ok(()) => return go(format!("/companies/{id}/edit")),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => error,
        Err(error) => return Err(Failed(error)),
    };
    let mut again = edit_page(app, viewer, ui, id).await?;
    let status = status(&error);
    match error {
        Error::Invalid(fields) => again.fields = fields,
        error => again.refused = Some(sentence(again.ui.lang, &error)),
    }
    typed(&mut again);
    page_as(status, &again)
}

/// `POST /companies/{company}`
pub async fn change(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<CardForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let mut wrong = Fields::default();
    let details = form.card().read(&mut wrong);
    let done = match wrong.into_result() {
        Ok(()) => actions::change(&act, &viewer, id, form.version, details).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => go(format!("/companies/{id}")),
        Err(error) => {
            answer((&app, &viewer, ui), id, Err(error), |page| page.card = form.card()).await
        }
    }
}

/// Numbers as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhonesForm {
    phones: String,
}

/// `POST /companies/{company}/phones`
pub async fn add_phones(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<PhonesForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let mut tx = app.db.read().await?;
    let city = actions::find_city(&mut tx, &viewer, id, app.now()).await?;
    drop(tx);
    let mut wrong = Fields::default();
    let near = Near::of(viewer.country, city.as_deref());
    let phones = read_phones(&form.phones, near, &mut wrong);
    if phones.is_empty() {
        wrong.note("phones", "required");
    }
    let done = match wrong.into_result() {
        Ok(()) => actions::add_phones(&act, &viewer, id, &phones).await,
        Err(error) => Err(error),
    };
    answer((&app, &viewer, ui), id, done, |page| page.typed_phones = form.phones).await
}

/// What became of a number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingForm {
    standing: String,
}

/// `POST /phones/{phone}/standing`
pub async fn set_standing(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PhoneId>,
    submitted: Submitted<StandingForm>,
) -> Answer {
    let act = viewer.act(&app, submitted.key);
    let standing: Standing = submitted
        .fields
        .standing
        .parse()
        .map_err(|()| Fields::one("standing", "unknown-choice"))?;
    let company = actions::set_standing(&act, &viewer, id, standing).await?;
    go(format!("/companies/{company}/edit"))
}

/// Mail addresses as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailsForm {
    emails: String,
}

/// `POST /companies/{company}/emails`
pub async fn add_emails(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<EmailsForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let mut wrong = Fields::default();
    let emails = read_emails(&form.emails, &mut wrong);
    if emails.is_empty() {
        wrong.note("emails", "required");
    }
    let done = match wrong.into_result() {
        Ok(()) => actions::add_emails(&act, &viewer, id, &emails).await,
        Err(error) => Err(error),
    };
    answer((&app, &viewer, ui), id, done, |page| page.typed_emails = form.emails).await
}

/// `POST /companies/{company}/contacts`
pub async fn add_contact(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<ContactForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let mut wrong = Fields::default();
    let new = form.read(&mut wrong).as_new;
    let done = match wrong.into_result() {
        Ok(()) => actions::add_contact(&act, &viewer, id, new).await.map(|_| ()),
        Err(error) => Err(error),
    };
    answer((&app, &viewer, ui), id, done, |page| page.typed_person = form).await
}

/// `POST /contacts/{contact}`
pub async fn change_contact(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ContactId>,
    submitted: Submitted<ContactForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let found = actions::find_contact(&mut app.db.read().await?, viewer.org, id).await?;
    let company = found.ok_or(Error::NotFound)?.company;
    let mut wrong = Fields::default();
    let change = form.read(&mut wrong);
    let done = match wrong.into_result() {
        Ok(()) => actions::change_contact(&act, &viewer, id, change).await.map(|_| ()),
        Err(error) => Err(error),
    };
    let typed = |page: &mut EditPage| {
        if let Some(person) = page.people.iter_mut().find(|one| one.contact.id == id) {
            person.form = ContactForm { version: person.contact.version, ..form };
        }
        // The fields beside belong to somebody new.
        let wrong = std::mem::take(&mut page.fields);
        let told: Vec<String> = wrong.0.values().map(|problem| page.ui.problem(problem)).collect();
        page.refused = page.refused.take().or(Some(told.join(" ")));
    };
    answer((&app, &viewer, ui), company, done, typed).await
}

/// A ground as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasisForm {
    basis_kind: String,
    basis_source: String,
}

/// `POST /companies/{company}/bases`
pub async fn add_basis(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    submitted: Submitted<BasisForm>,
) -> Answer {
    let (act, form) = (viewer.act(&app, submitted.key), submitted.fields);
    let mut wrong = Fields::default();
    let basis = read_basis(&form.basis_kind, &form.basis_source, &mut wrong);
    let done = match (wrong.into_result(), basis) {
        (Err(error), _) => Err(error),
        (Ok(()), None) => Err(Fields::one("basis_kind", "required")),
        (Ok(()), Some(basis)) => actions::add_basis(&act, &viewer, id, basis).await,
    };
    answer((&app, &viewer, ui), id, done, |page| page.typed_basis = form).await
}
