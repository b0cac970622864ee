//! Erasure on screen: the form that asks for the name, the acts.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse as _;

use super::actions::{self, Subject};
use super::forms::ErasureForm;
use super::{Erasure, Ground};
use crate::companies::actions::Reachable;
use crate::companies::{self, Company};
use crate::events;
use crate::imports::cells::{MARK, OFFICE, write_row};
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Cursor, Query, Submitted, Ui, go, page};

#[derive(Template)]
#[template(path = "erasures/views/new.html")]
struct NewPage {
    ui: Ui,
    subject: Subject,
    typed: ErasureForm,
    wrong: Fields,
    refused: Option<String>,
}

impl NewPage {
    fn is_ticked(&self, one: &Reachable) -> bool {
        self.typed.parts.contains(&one.id)
    }
    fn shown(&self, one: &Reachable) -> String {
        match one.what {
            "phone" => Phone::stored(one.value.clone(), None).shown(),
            _ => one.value.clone(),
        }
    }
    /// On how many other cards it stands.
    fn elsewhere(&self, one: &Reachable) -> i64 {
        one.carriers - 1
    }
}

/// `GET /contacts/{contact}/erasure`
pub async fn new(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ContactId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    if let Some(done) = actions::find_of_contact(&mut tx, &viewer, id).await? {
        return go(format!("/erasures/{}", done.id));
    }
    let subject = actions::find_subject(&mut tx, &viewer, id, app.now()).await?;
    let (typed, wrong) = (ErasureForm::default(), Fields::default());
    page(&NewPage { ui, subject, typed, wrong, refused: None })
}

/// `POST /contacts/{contact}/erasure`
pub async fn erase(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ContactId>,
    form: Submitted<BTreeMap<String, String>>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = ErasureForm::of(form.fields)?;
    let done = match typed.read() {
        Ok(erasing) => actions::erase(&act, &viewer, id, &erasing).await,
        Err(error) => Err(error),
    };
    let (status, wrong, refused) = match done {
        Ok(done) => return go(format!("/erasures/{done}")),
        Err(error) => form_again(ui.lang, error)?,
    };
    let mut tx = app.db.read().await?;
    let subject = actions::find_subject(&mut tx, &viewer, id, app.now()).await?;
    let mut reply = page(&NewPage { ui, subject, typed, wrong, refused })?;
    *reply.status_mut() = status;
    Ok(reply)
}

/// An act as it is read.
struct Row {
    act: Erasure,
    company: String,
    by: String,
}

#[derive(Template)]
#[template(path = "erasures/views/index.html")]
struct IndexPage {
    ui: Ui,
    rows: Vec<Row>,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "erasures/views/show.html")]
struct ShowPage {
    ui: Ui,
    row: Row,
    firm: String,
}

/// `GET /erasures`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let slice = actions::list(&mut tx, &viewer, &cursor).await?;
    let rows = read(&mut tx, (&viewer, &ui), slice.rows).await?;
    let next = slice.next.map(|after| format!("/erasures?after={after}"));
    page(&IndexPage { ui, rows, next })
}

/// `GET /erasures/{erasure}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ErasureId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let act = actions::find(&mut tx, &viewer, id).await?;
    let row = read(&mut tx, (&viewer, &ui), vec![act]).await?.pop().ok_or(Error::NotFound)?;
    let firm = people::actions::firm(&mut tx, viewer.org).await?.name;
    page(&ShowPage { ui, row, firm })
}

async fn read(tx: &mut Tx, (viewer, ui): (&Viewer, &Ui), acts: Vec<Erasure>) -> Outcome<Vec<Row>> {
    let users = people::actions::list_users(tx, viewer.org).await?;
    let ids: Vec<CompanyId> = acts.iter().map(|act| act.company).collect();
    let companies = companies::actions::list_by_ids(tx, viewer.org, &ids).await?;
    let sign = ui.t("number-sign");
    let named = |company: &Company| format!("{sign} {} {}", company.number, company.name);
    let rows = acts.into_iter().map(|act| {
        let company = companies.iter().find(|one| one.id == act.company).map(named);
        let by = users.iter().find(|one| Some(one.id) == act.made_by);
        let by = by.map(|one| one.name.clone()).unwrap_or_default();
        Row { act, company: company.unwrap_or_default(), by }
    });
    Ok(rows.collect())
}

/// Acts read from the database at once.
const ROWS: i64 = 200;

/// `GET /erasures/acts.csv`: every act.
pub async fn csv(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let heads = ["number", "when", "who", "company", "ground", "document", "what"];
    let heads = heads.map(|part| ui.tc("erasure-head-", part));
    let mut text = format!("{MARK}{}", write_row(&heads, OFFICE));
    let (mut after, mut row_count) = (None, 0);
    loop {
        let cursor = Cursor { after, limit: Some(ROWS) };
        let slice = actions::list(&mut tx, &viewer, &cursor).await?;
        for Row { act, company, by } in read(&mut tx, (&viewer, &ui), slice.rows).await? {
            row_count += 1;
            let cells = [
                act.number.to_string(),
                ui.day_time(&act.made_at),
                by,
                company,
                ui.tc("erasure-ground-", act.ground.code()),
                act.document.clone(),
                told(&ui, &act),
            ];
            text.push_str(&write_row(&cells, OFFICE));
        }
        after = slice.next;
        if after.is_none() {
            break;
        }
    }
    drop(tx);
    let act = viewer.act(&app, None);
    events::record_export(&act, viewer.org, "erasures", row_count).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"acts.csv\""),
    ];
    Ok((headers, text).into_response())
}

/// What was destroyed, in words.
fn told(ui: &Ui, act: &Erasure) -> String {
    let parts = act
        .counts
        .iter()
        .map(|(what, count)| format!("{}: {}", ui.tc("erasure-count-", what), ui.number(count)));
    parts.collect::<Vec<_>>().join("; ")
}
