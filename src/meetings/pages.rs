//! The calendar of meetings, one meeting, its file for other calendars, and the mark.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse};
use serde::Deserialize;

use super::lists::{PAGE_DAYS, Range, Side};
use super::{Mark, Meeting, MeetingState, actions, booking, calendar};
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Query, Submitted, Ui, go};
use crate::{companies, events};

/// Meetings of a page.
pub(super) const LIST_MAX: i64 = 200;

/// What the calendar is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    /// First day, as in `2026-11-23`.
    pub(super) day: Option<String>,
    /// `host` or `booker`.
    pub(super) side: Option<String>,
    /// How many days.
    pub(super) days: Option<i64>,
}

impl ListQuery {
    /// The range asked for; a day that is no day is today.
    pub(super) fn range(&self, zone: &Zone, now: Instant) -> Range {
        let day = self.day.as_deref().unwrap_or("");
        let first = Instant::typed_day(day, zone, now).unwrap_or(now);
        let side = self.side.as_deref().and_then(Side::from_code);
        let days = self.days.unwrap_or(PAGE_DAYS).clamp(1, 31);
        Range::days(first, days, side, zone)
    }
}

/// A meeting with the names beside it.
struct Row {
    meeting: Meeting,
    company: String,
    host: String,
    booker: String,
    can_mark: bool,
    /// Its host holds another talk at the same time.
    clashes: bool,
}

impl Row {
    fn tone(&self) -> &'static str {
        match self.meeting.state {
            MeetingState::Booked => "act",
            MeetingState::Held => "pos",
            MeetingState::MissedByClient => "warn",
            MeetingState::MissedBySeller | MeetingState::Dropped => "neg",
        }
    }
}

#[derive(Template)]
#[template(path = "meetings/views/index.html")]
struct ListPage {
    ui: Ui,
    range: Range,
    unmarked: Vec<Row>,
    /// The meetings of each day that has some.
    days: Vec<(Instant, Vec<Row>)>,
    before: String,
    after: String,
}

impl ListPage {
    fn is_side(&self, side: &Side) -> bool {
        self.range.side == Some(*side)
    }
    fn sides(&self) -> [Side; 2] {
        Side::ALL
    }
    fn side(&self) -> &'static str {
        self.range.side.map_or("", Side::code)
    }
    fn first_day(&self) -> String {
        self.ui.input_day(&self.range.from)
    }
}

#[derive(Template)]
#[template(path = "meetings/views/show.html")]
struct ShowPage {
    ui: Ui,
    row: Row,
    contact: Option<String>,
    history: Vec<(Instant, String, String)>,
    typed: MarkForm,
    problems: Fields,
    refused: Option<String>,
}

impl ShowPage {
    fn marks(&self) -> [Mark; 3] {
        Mark::ALL
    }
    fn wrong(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.problems, field)
    }
}

async fn rows(tx: &mut Tx, viewer: &Viewer, all: Vec<Meeting>, now: Instant) -> Outcome<Vec<Row>> {
    let ids: Vec<CompanyId> = all.iter().map(|meeting| meeting.company).collect();
    let companies = companies::actions::list_by_ids(tx, viewer.org, &ids).await?;
    let companies: BTreeMap<CompanyId, String> =
        companies.into_iter().map(|company| (company.id, company.name)).collect();
    let users = people::actions::list_users(tx, viewer.org).await?;
    let users: BTreeMap<UserId, String> = users.into_iter().map(|u| (u.id, u.name)).collect();
    let name = |id: Option<UserId>| id.and_then(|id| users.get(&id)).cloned().unwrap_or_default();
    let marker = actions::marker(viewer);
    let clashing = booking::list_clashing(tx, viewer.org, &all).await?;
    Ok(all
        .into_iter()
        .map(|meeting| Row {
            company: companies.get(&meeting.company).cloned().unwrap_or_default(),
            host: name(meeting.host),
            booker: name(Some(meeting.booker)),
            clashes: clashing.contains(&meeting.id),
            can_mark: meeting.state == MeetingState::Booked
                && meeting.starts_at <= now
                && meeting.may_mark(marker),
            meeting,
        })
        .collect())
}

/// `GET /meetings`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (scope, zone) = (viewer.scope(), viewer.zone.clone());
    let range = query.range(&zone, ui.now);
    let found = actions::list(&mut tx, &scope, &range, LIST_MAX).await?;
    let waiting = actions::list_unmarked(&mut tx, &scope, ui.now).await?;
    let mut days: Vec<(Instant, Vec<Row>)> = Vec::new();
    for row in rows(&mut tx, &viewer, found, ui.now).await? {
        let day = row.meeting.starts_at.day(&zone);
        match days.last_mut() {
            Some((first, rows)) if first.day(&zone) == day => rows.push(row),
            _ => days.push((row.meeting.starts_at, vec![row])),
        }
    }
    let unmarked = rows(&mut tx, &viewer, waiting, ui.now).await?;
    let unmarked = unmarked.into_iter().filter(|row| row.can_mark).collect();
    let before = ui.input_day(&range.before(&zone));
    let after = ui.input_day(&range.until);
    drawn(StatusCode::OK, &ListPage { ui, range, unmarked, days, before, after })
}

/// `GET /meetings/{meeting}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<MeetingId>,
) -> Answer {
    drawn(StatusCode::OK, &show_page(&app, &viewer, ui, id).await?)
}

async fn show_page(app: &App, viewer: &Viewer, ui: Ui, id: MeetingId) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let found = actions::find_seen(&mut tx, &viewer.scope(), id).await?;
    let meeting = found.ok_or(Error::NotFound)?;
    let contact = contact_name(&mut tx, &meeting, viewer.org).await?;
    let mut history = Vec::new();
    for event in events::list_for_subject(&mut tx, viewer.org, &id.to_string()).await? {
        let who = match event.actor {
            Some(actor) => people::actions::find_user(&mut tx, viewer.org, actor).await?,
            None => None,
        };
        let said = match event.reason.as_deref() {
            Some(reason) => ui.tc("meeting-missed-by-", reason),
            None => ui.tc("meeting-did-", event.kind.code()),
        };
        history.push((event.at, who.map(|user| user.name).unwrap_or_default(), said));
    }
    let row = rows(&mut tx, viewer, vec![meeting], ui.now).await?.pop().ok_or(Error::NotFound)?;
    let (typed, problems) = (MarkForm::default(), Fields::default());
    Ok(ShowPage { ui, row, contact, history, typed, problems, refused: None })
}

async fn contact_name(tx: &mut Tx, meeting: &Meeting, org: OrgId) -> Outcome<Option<String>> {
    let Some(id) = meeting.contact else { return Ok(None) };
    let all = companies::actions::list_contacts(tx, org, meeting.company).await?;
    Ok(all.into_iter().find(|contact| contact.id == id).map(|contact| contact.name))
}

/// `GET /meetings/{meeting}/calendar.ics`
pub async fn download(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<MeetingId>,
) -> Answer {
    let page = show_page(&app, &viewer, ui, id).await?;
    let meeting = &page.row.meeting;
    let title = page.ui.ta("meeting-with", "company", &page.row.company);
    let who = page.contact.clone().unwrap_or_default();
    let address = format!("{}/meetings/{id}", app.settings.origin);
    let notes = [who, address].into_iter().filter(|line| !line.is_empty());
    let notes = notes.collect::<Vec<_>>().join("\n");
    let text = calendar::file(meeting, &title, &notes, page.ui.now);
    let name = format!("attachment; filename=\"meeting-{}.ics\"", meeting.number);
    let kind = "text/calendar; charset=utf-8".to_owned();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

/// What became of a meeting.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkForm {
    #[serde(default)]
    mark: String,
    #[serde(default)]
    note: String,
}

/// `POST /meetings/{meeting}/mark`
pub async fn mark(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<MeetingId>,
    form: Submitted<MarkForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let marked = match typed.mark.parse() {
        Ok(mark) => actions::mark(&act, &viewer, id, mark, &typed.note).await,
        Err(()) => Err(Fields::one("mark", "required")),
    };
    let (status, problems, refused) = match marked {
        Ok(()) => return go(format!("/meetings/{id}")),
        Err(error) => form_again(ui.lang, error)?,
    };
    let page = show_page(&app, &viewer, ui, id).await?;
    drawn(status, &ShowPage { typed, problems, refused, ..page })
}

fn drawn(status: StatusCode, page: &impl Template) -> Answer {
    Ok((status, Html(page.render().map_err(Error::failure)?)).into_response())
}
