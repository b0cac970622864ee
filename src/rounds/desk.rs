//! The card of questions on the screen of a caller.

use askama::Template;
use axum::extract::{Path, State as Web};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::actions::{self, Answered};
use super::answers::{AnswerForm, Reach};
use super::card::Card;
use crate::calls;
use crate::campaigns::reasons::RefusalReason;
use crate::campaigns::script::Block;
use crate::companies;
use crate::leads::forms::NothingForm;
use crate::leads::{LeadRefusal, SkipReason};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::values::*;
use crate::verification::Field;
use crate::web::errors::sentence;
use crate::web::{Answer, App, Failed, Fragment, Query, Submitted, Ui, go, page, page_again};

/// The bar that offers to take the last card back.
struct Undo {
    call: CallId,
    company: String,
    meaning: String,
}

#[derive(Template)]
#[template(path = "rounds/views/card.html")]
struct CardPage {
    ui: Ui,
    card: Card,
    fields: Fields,
    undo: Option<Undo>,
    /// What stays as it is though a card was taken back.
    kept: String,
}

impl CardPage {
    fn problem(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.fields, field)
    }
    fn skips(&self) -> &'static [SkipReason] {
        SkipReason::ALL
    }
    fn label(&self, reason: &RefusalReason) -> String {
        reason.label(self.ui.lang).to_owned()
    }
    fn first_wrong(&self) -> &'static str {
        if self.fields.0.is_empty() { "#dial" } else { "[aria-invalid=true]" }
    }
}

/// `GET /checks/{check}`: the card for who holds it.
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    Query(query): Query<calls::cockpit::KeptQuery>,
) -> Answer {
    let mut tx = app.db.read().await?;
    match Card::of(&mut tx, &viewer, &ui, id).await? {
        Some(card) => {
            let undo = undo(&mut tx, &viewer, &ui).await?;
            let kept = calls::cockpit::told_kept(&ui, &query.kept.unwrap_or_default());
            page(&CardPage { ui, card, fields: Fields::default(), undo, kept })
        }
        None => {
            calls::actions::find_seen(&mut tx, &viewer, id).await?;
            go(format!("/leads/{id}"))
        }
    }
}

async fn undo(tx: &mut Tx, viewer: &Viewer, ui: &Ui) -> Outcome<Option<Undo>> {
    let last = calls::actions::find_last(tx, viewer.org, viewer.id(), ui.now).await?;
    let Some((call, true)) = last else { return Ok(None) };
    let company = companies::actions::find(tx, viewer.org, call.company).await?;
    Ok(Some(Undo {
        call: call.id,
        company: company.map(|company| company.name).unwrap_or_default(),
        meaning: calls::cockpit::told(ui, &call),
    }))
}

/// `POST /checks/{check}/answers`: records the card and answers with the next.
pub async fn answer(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    Fragment(is_fragment): Fragment,
    form: Submitted<AnswerForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::answer(&act, &viewer, id, &form.fields).await {
        Ok(Answered { next: Some(grant), .. }) if is_fragment => {
            next(&app, &viewer, ui, grant.lead).await
        }
        Ok(Answered { next: Some(grant), .. }) => go(format!("/checks/{}", grant.lead)),
        Ok(_) if form.fields.then == "pause" => go("/desk"),
        Ok(_) => go("/desk?dry=1"),
        Err(error) => again(&app, &viewer, ui, (id, form.fields), error).await,
    }
}

/// The next card in the same answer.
async fn next(app: &App, viewer: &Viewer, ui: Ui, id: LeadId) -> Answer {
    let path = format!("/checks/{id}");
    let mut tx = app.db.read().await?;
    let Some(card) = Card::of(&mut tx, viewer, &ui, id).await? else { return go(path) };
    let undo = undo(&mut tx, viewer, &ui).await?;
    let (fields, kept) = (Fields::default(), String::new());
    let mut answer = page(&CardPage { ui, card, fields, undo, kept })?;
    if let Ok(path) = HeaderValue::from_str(&path) {
        answer.headers_mut().insert("x-location", path);
    }
    Ok(answer)
}

#[derive(Template)]
#[template(path = "rounds/views/gone.html")]
struct GonePage {
    ui: Ui,
    refused: String,
    /// What was typed and could not be saved where it belongs.
    kept: Vec<(String, String)>,
}

/// The card with what was typed and what is wrong with it; what was typed, when the lease is gone.
async fn again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, form): (LeadId, AnswerForm),
    error: Error,
) -> Answer {
    match error {
        Error::Refused(ref refusal) if refusal.code() == LeadRefusal::StaleLease.code() => {
            let kept = [
                ("call-note", &form.note),
                ("company-gone-reason", &form.contact_why),
                ("check-decider-name", &form.decision_name),
                ("meaning-role", &form.decision_role),
                ("check-phone-new", &form.phone_new),
                ("check-email-new", &form.email_new),
                ("check-address-new", &form.address_new),
            ];
            let kept = kept
                .into_iter()
                .filter(|(_, text)| !text.trim().is_empty())
                .map(|(label, text)| (ui.t(label), text.clone()))
                .collect();
            let refused = sentence(ui.lang, &error);
            let shown: Response = page(&GonePage { refused, kept, ui })?;
            Ok((StatusCode::CONFLICT, shown).into_response())
        }
        Error::Invalid(fields) => {
            let mut tx = app.db.read().await?;
            let card = Card::of(&mut tx, viewer, &ui, id).await?.ok_or(Error::NotFound)?;
            let undo = undo(&mut tx, viewer, &ui).await?;
            let card = Card { form, ..card };
            page_again(&CardPage { ui, card, fields, undo, kept: String::new() })
        }
        error => Err(Failed(error)),
    }
}

/// `POST /calls/{call}/answers-reversal`: takes the last card back.
pub async fn take_back(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CallId>,
    form: Submitted<NothingForm>,
) -> Answer {
    let done = calls::reversal::reverse(&viewer.act(&app, form.key), &viewer, id).await?;
    match done.grant {
        Some(grant) => go(calls::cockpit::kept_address("checks", grant.lead, &done.kept.join(","))),
        None => go("/desk?returned=1"),
    }
}
