//! Orders and prototypes on the page of their client.

use axum::extract::{Path, State};
use axum::response::IntoResponse;
use serde::Deserialize;

use super::{CancelReason, NewOrder, actions};
use crate::clients::pages::{Nothing, Pairs, Typed, pairs_of, show_again};
use crate::people::Viewer;
use crate::people::session::{digest, fresh_secret};
use crate::values::*;
use crate::web::upload::{SentFile, as_download};
use crate::web::{Answer, App, Failed, Submitted, Ui, Uploaded, go, once};

/// An order as typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderForm {
    title: String,
    amount: String,
    due: String,
}

impl OrderForm {
    fn read(&self, viewer: &Viewer, now: Instant) -> Outcome<NewOrder> {
        let mut fields = Fields::default();
        let amount = Money::typed(&self.amount, viewer.currency)
            .map_err(|problem| fields.note("amount", problem.code()))
            .unwrap_or(Money::new(0, viewer.currency));
        let due_at = Instant::typed_day(&self.due, &viewer.zone, now)
            .map_err(|problem| fields.note("due", problem.code()))
            .unwrap_or(now);
        let new = NewOrder { title: self.title.clone(), amount, due_at };
        // What cannot be read and what may not be are told together.
        let today = Instant::from_local(now.day(&viewer.zone).at(0, 0, 0, 0), &viewer.zone);
        for (field, problem) in new.check(today).0 {
            fields.note_with(field, problem.code, problem.args);
        }
        fields.into_result().map(|()| new)
    }
    fn pairs(&self) -> Pairs {
        pairs_of(&[("title", &self.title), ("amount", &self.amount), ("due", &self.due)])
    }
}

/// `POST /clients/{client}/orders`
pub async fn open(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ClientId>,
    form: Submitted<OrderForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let opened = match form.fields.read(&viewer, act.now) {
        Ok(new) => actions::open(&act, &viewer, id, new).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(order) => go(format!("/clients/{id}#order-{order}")),
        Err(error) => {
            let typed = Typed::of(&ui, "order", &form.fields.pairs(), error).map_err(Failed)?;
            show_again(&app, &viewer, ui, id, typed).await
        }
    }
}

/// `POST /orders/{order}/delivery`
pub async fn deliver(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<OrderId>,
    form: Submitted<Nothing>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let client = actions::deliver(&act, &viewer, id).await?;
    go(format!("/clients/{client}#order-{id}"))
}

/// An order to be cancelled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelForm {
    reason: String,
    note: String,
}

/// `POST /orders/{order}/cancellation`
pub async fn cancel(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OrderId>,
    form: Submitted<CancelForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let CancelForm { reason, note } = form.fields;
    let cancelled = match reason.parse::<CancelReason>() {
        Ok(reason) => actions::cancel(&act, &viewer, id, reason, &note).await,
        Err(()) => Err(Fields::one("reason", "unknown-choice")),
    };
    match cancelled {
        Ok(client) => go(format!("/clients/{client}#order-{id}")),
        Err(error) => {
            let pairs = pairs_of(&[("reason", &reason), ("note", &note)]);
            let typed = Typed::of(&ui, format!("cancel-{id}"), &pairs, error).map_err(Failed)?;
            let client = client_of(&app, &viewer, id).await?;
            show_again(&app, &viewer, ui, client, typed).await
        }
    }
}

/// A version as typed; its file comes beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrototypeForm {
    description: String,
}

/// `POST /orders/{order}/prototypes`
pub async fn add_prototype(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OrderId>,
    form: Uploaded<PrototypeForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let description = form.fields.description;
    match actions::add_prototype(&act, &viewer, id, &description, form.file).await {
        Ok((_, client)) => go(format!("/clients/{client}#order-{id}")),
        Err(error) => {
            let pairs = pairs_of(&[("description", &description)]);
            let typed = Typed::of(&ui, format!("prototype-{id}"), &pairs, error).map_err(Failed)?;
            let client = client_of(&app, &viewer, id).await?;
            show_again(&app, &viewer, ui, client, typed).await
        }
    }
}

/// `POST /prototypes/{prototype}/link`
pub async fn send(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PrototypeId>,
    form: Submitted<Nothing>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let secret = fresh_secret()?;
    let (kept, client) = actions::send(&act, &viewer, id, &secret).await?;
    // A repeat of the request found the first one's digest: that secret was shown then.
    if kept == digest(&secret) {
        once::carry(&app, &format!("/clients/{client}"), &secret)
    } else {
        go(format!("/clients/{client}?link=before"))
    }
}

/// The address under which a client sees a version.
pub fn link(app: &App, secret: &str) -> String {
    format!("{}/approval/{secret}", app.settings.origin)
}

/// The link that a secret makes, where it leads to a version of this client's.
pub async fn link_to_show(
    app: &App,
    secret: Option<&str>,
    client: ClientId,
) -> Outcome<Option<String>> {
    let Some(secret) = secret else { return Ok(None) };
    let is_theirs = actions::is_link_of(&mut app.db.read().await?, secret, client).await?;
    Ok(is_theirs.then(|| link(app, secret)))
}

/// `GET /prototypes/{prototype}/file`
pub async fn download(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<PrototypeId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let file = actions::find_file(&mut tx, &viewer, id).await?;
    served(file.ok_or(Error::NotFound)?)
}

/// A file as a download, whatever it holds.
pub fn served(file: SentFile) -> Answer {
    Ok((as_download(&file.name), file.bytes).into_response())
}

async fn client_of(app: &App, viewer: &Viewer, id: OrderId) -> Outcome<ClientId> {
    let mut tx = app.db.read().await?;
    let order = actions::find(&mut tx, &viewer.scope(), id).await?;
    order.map(|order| order.client).ok_or(Error::NotFound)
}
