//! Erasure over the API. The same actions as the pages.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions;
use super::forms::ErasureForm;
use super::{Erasure, Ground};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Cursor, Query, Slice};

/// An act of destruction. It names nobody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureShown {
    /// Its id.
    pub id: ErasureId,
    /// The number people read aloud.
    pub number: i64,
    /// At which company.
    pub company: CompanyId,
    /// Whose record went.
    pub contact: ContactId,
    /// On what ground.
    pub ground: Ground,
    /// The letter or order that it follows.
    pub document: String,
    /// How much was destroyed: `companies`, `contacts`, `phones`, `emails`, `dates`, `texts`,
    /// `records` and `files`.
    pub counts: BTreeMap<String, i64>,
    /// Who did it.
    pub made_by: Option<UserId>,
    /// When, RFC 3339.
    pub made_at: String,
}

impl From<Erasure> for ErasureShown {
    fn from(act: Erasure) -> Self {
        Self {
            id: act.id,
            number: act.number,
            company: act.company,
            contact: act.contact,
            ground: act.ground,
            document: act.document,
            counts: act.counts,
            made_by: act.made_by,
            made_at: act.made_at.rfc3339(),
        }
    }
}

/// Whom and why to erase.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ErasureSent {
    /// The name of the person, to show that they are meant.
    name: String,
    /// `asked`, `withdrawn`, `ordered` or `done`.
    ground: String,
    /// The letter or order that it follows; it must not name the person.
    document: Option<String>,
    /// Numbers and addresses of the company that are the person's, by id; those that are said to
    /// be theirs go anyway. `GET` lists them.
    #[serde(default)]
    parts: Vec<String>,
    /// True where the company is the person, a sole trader: what it is called, its numbers and
    /// where it is goes, too. Only where `GET` says that it may be.
    #[serde(default)]
    company: bool,
}

/// A number or an address that may be the person's.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasurePart {
    /// Its id.
    id: String,
    /// `phone` or `email`.
    what: String,
    /// The number or the address.
    value: String,
    /// True where it is said to be the person's own: it goes with them.
    is_own: bool,
    /// How many cards of companies it stands on; it is taken out of all of them.
    carriers: i64,
}

/// What an erasure would be about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureOffered {
    /// The name to be sent.
    name: String,
    /// At which company.
    company: CompanyId,
    /// True where the company may be the person: a sole trader, or one called by their name.
    may_be_company: bool,
    /// What may be theirs.
    parts: Vec<ErasurePart>,
}

/// What would be asked before a person is erased.
#[utoipa::path(get, path = "/api/v1/contacts/{contact}/erasure", tag = "erasures",
    operation_id = "offer_erasure", params(("contact" = ContactId, Path)),
    responses((status = 200, body = json::One<ErasureOffered>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn offer(State(app): State<App>, viewer: Viewer, Path(id): Path<ContactId>) -> Answer {
    let mut tx = app.db.read().await?;
    let subject = actions::find_subject(&mut tx, &viewer, id, app.now()).await?;
    let parts = subject.reachable.iter().map(|one| ErasurePart {
        id: one.id.clone(),
        what: one.what.to_owned(),
        value: one.value.clone(),
        is_own: subject.owns(one),
        carriers: one.carriers,
    });
    json::one(ErasureOffered {
        name: subject.contact.name.clone(),
        company: subject.company.id,
        may_be_company: subject.may_be_company(),
        parts: parts.collect(),
    })
}

/// Erases a person: out of the cards, the texts and the files that brought them, for good.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}/erasure", tag = "erasures",
    operation_id = "erase_contact", params(("contact" = ContactId, Path), json::KeyHeader),
    request_body = ErasureSent,
    responses((status = 201, body = json::One<ErasureShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn erase(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ContactId>,
    sent: Sent<ErasureSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let ErasureSent { name, ground, document, parts, company } = sent.body;
    let (document, parts) = (document.unwrap_or_default(), parts.into_iter().collect());
    let form = ErasureForm { name, ground, document, parts, company };
    let done = actions::erase(&act, &viewer, id, &form.read()?).await?;
    let mut tx = app.db.read().await?;
    json::made(ErasureShown::from(actions::find(&mut tx, &viewer, done).await?))
}

/// Acts of destruction, the newest first.
#[utoipa::path(get, path = "/api/v1/erasures", tag = "erasures", operation_id = "list_erasures",
    params(Cursor), responses((status = 200, body = json::Many<ErasureShown>)))]
pub async fn list(State(app): State<App>, viewer: Viewer, Query(cursor): Query<Cursor>) -> Answer {
    let mut tx = app.db.read().await?;
    let slice = actions::list(&mut tx, &viewer, &cursor).await?;
    let rows = slice.rows.into_iter().map(ErasureShown::from).collect();
    json::many(Slice { rows, next: slice.next })
}

/// An act of destruction.
#[utoipa::path(get, path = "/api/v1/erasures/{erasure}", tag = "erasures",
    operation_id = "show_erasure", params(("erasure" = ErasureId, Path)),
    responses((status = 200, body = json::One<ErasureShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<ErasureId>) -> Answer {
    let mut tx = app.db.read().await?;
    json::one(ErasureShown::from(actions::find(&mut tx, &viewer, id).await?))
}
