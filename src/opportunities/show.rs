//! The page of one opportunity and what is done on it.

use askama::Template;
use axum::extract::{Path, State as Web};
use axum::http::StatusCode;
use serde::Deserialize;

use super::around::{self, Around};
use super::forms::{DetailsForm, Frame, LossForm, PromiseForm, ReopenForm, Typed, WinForm};
use super::pages::{Owners, Toast, drawn, told};
use super::{
    Criterion, LossReason, Opportunity, Stage, State, UNDO_MS, actions, draft_of_details,
    draft_of_loss, owner,
};
use crate::companies::{self, sight::PhoneSeen};
use crate::events::{self, Recorded};
use crate::meetings::Meeting;
use crate::people::Viewer;
use crate::promises::{self, Promise};
use crate::storage::Tx;
use crate::tiers::{self, Tier};
use crate::values::*;
use crate::web::{Answer, App, Query, Submitted, Ui, drafts, go};

/// What the page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ShowQuery {
    undo: Option<String>,
}

#[derive(Template)]
#[template(path = "opportunities/views/show.html")]
struct ShowPage {
    ui: Ui,
    o: Opportunity,
    company: String,
    sees_company: bool,
    owners: Owners,
    stages: Vec<Stage>,
    passport: Vec<(String, String)>,
    promises: Vec<Promise>,
    around: Around,
    history: Vec<Recorded>,
    typed: Typed,
    problems: Fields,
    refused: Vec<String>,
    toast: Option<Toast>,
    /// Who else may lead it, where the viewer may say so.
    takers: Vec<(UserId, String)>,
}

impl ShowPage {
    fn meeting_tone(&self, meeting: &Meeting) -> &'static str {
        around::tone(meeting.state)
    }
    fn is_dialled(&self, phone: &PhoneSeen) -> bool {
        self.around.dialled() == Some(phone.id)
    }
    fn name(&self, stage: &Stage) -> String {
        stage.name(self.ui.lang).to_owned()
    }
    fn is_overdue(&self, promise: &Promise) -> bool {
        promise.is_overdue(self.ui.now)
    }
    fn stage_name(&self, code: &str) -> String {
        let found = self.stages.iter().find(|stage| stage.code == code);
        found.map_or_else(|| code.to_owned(), |stage| stage.name(self.ui.lang).to_owned())
    }
    /// The stage after this one.
    fn next_stage(&self) -> Option<&Stage> {
        let at = self.stages.iter().position(|stage| stage.code == self.o.stage)?;
        self.stages.get(at + 1)
    }
    /// What its stage asks for before it is left, and whether it is there.
    fn criteria(&self) -> Vec<(Criterion, bool)> {
        let stage = self.stages.iter().find(|stage| stage.code == self.o.stage);
        let wanted = stage.map(|stage| stage.criteria.clone()).unwrap_or_default();
        wanted.into_iter().map(|criterion| (criterion, self.o.meets(criterion))).collect()
    }
    fn is_open(&self) -> bool {
        self.o.state == State::Open
    }
    fn is_stuck(&self) -> bool {
        self.is_open() && self.o.stuck_at <= self.ui.now
    }
    fn is_late(&self) -> bool {
        self.is_open() && self.o.next_step_at.is_some_and(|at| at < self.ui.now)
    }
    fn days_in_stage(&self) -> i64 {
        (self.ui.now.ms() - self.o.stage_since.ms()).max(0) / DAY_MS
    }
    fn reasons(&self) -> &'static [LossReason] {
        LossReason::ALL
    }
    /// True when something is wrong in the form that has these fields.
    fn is_wrong(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| self.problems.0.contains_key(field))
    }
    fn wrong(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.problems, field)
    }
    /// What happened, in a sentence.
    fn told(&self, event: &Recorded) -> String {
        let key = format!("sales-did-{}", event.kind.code().replace(['.', '_'], "-"));
        let stage = event.reason.as_deref().map(|code| self.stage_name(code));
        let fields = event.text("fields").unwrap_or_default();
        let fields = self.ui.codes("story-field-", fields);
        let text = self.ui.taa(&key, "stage", stage.unwrap_or_default(), "fields", fields);
        text.trim_end_matches([':', ' ']).to_owned()
    }
}

/// `GET /opportunities/{opportunity}`
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    Query(query): Query<ShowQuery>,
) -> Answer {
    let mut page = show_page(&app, &viewer, ui, id).await?;
    if query.undo.is_some() {
        let mut tx = app.db.read().await?;
        page.toast = undo_toast(&mut tx, &viewer, &page.ui, id, None).await?;
    }
    drawn(StatusCode::OK, &page)
}

async fn show_page(app: &App, viewer: &Viewer, ui: Ui, id: OpportunityId) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, &viewer.scope(), id).await?;
    let o = found.ok_or(Error::NotFound)?;
    let company = companies::actions::find(&mut tx, viewer.org, o.company).await?;
    let scope = viewer.scope();
    let seen = companies::actions::find_seen(&mut tx, &scope, o.company, ui.now).await?;
    Ok(ShowPage {
        sees_company: seen.is_some(),
        owners: Owners::of(&mut tx, viewer.org).await?,
        stages: actions::list_stages(&mut tx, viewer.org).await?,
        passport: answers(&ui, &o),
        around: Around::of(&mut tx, viewer, (&o, company.as_ref()), ui.now).await?,
        promises: promises::actions::list_open(&mut tx, viewer.org, o.company).await?,
        history: events::list_for_subject(&mut tx, viewer.org, &id.to_string()).await?,
        typed: typed(&mut tx, viewer, &o, &frame(app, viewer)).await?,
        problems: Fields::default(),
        refused: Vec::new(),
        toast: None,
        takers: takers(&mut tx, viewer, &o).await?,
        company: company.map(|company| company.name).unwrap_or_default(),
        ui,
        o,
    })
}

async fn takers(tx: &mut Tx, viewer: &Viewer, o: &Opportunity) -> Outcome<Vec<(UserId, String)>> {
    if o.state != State::Open || !tiers::may_hand_over(viewer, o.owner, o.team) {
        return Ok(Vec::new());
    }
    tiers::actions::list_takers(tx, viewer, Tier::Sales, o.owner).await
}

/// Who leads it from now on, as typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerForm {
    to: String,
}

/// `POST /opportunities/{opportunity}/owner`
pub async fn reassign(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<OwnerForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let done = match tiers::actions::read_taker(&form.fields.to) {
        Ok(to) => owner::reassign(&act, &viewer, id, to).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => go(format!("/opportunities/{id}")),
        Err(error) => {
            again(&app, &viewer, ui, (id, error), |typed| Typed { to: form.fields.to, ..typed })
                .await
        }
    }
}

/// What stands in the fields: the record's own, and over it what was being typed.
async fn typed(tx: &mut Tx, viewer: &Viewer, o: &Opportunity, frame: &Frame) -> Outcome<Typed> {
    let own = Typed::of(o, frame);
    if o.state != State::Open {
        return Ok(own);
    }
    let (org, me) = (viewer.org, viewer.id());
    let details = drafts::find(tx, org, me, &draft_of_details(o.id)).await?;
    let loss = drafts::find(tx, org, me, &draft_of_loss(o.id)).await?;
    Ok(own.with_drafts(&details, &loss, o.version))
}

/// The answers of the passport with their names; an answer without a known name keeps its code.
fn answers(ui: &Ui, o: &Opportunity) -> Vec<(String, String)> {
    let serde_json::Value::Object(map) = &o.passport else { return Vec::new() };
    let known = ["who", "need", "budget", "timing", "promises", "next_step"];
    let asked =
        known.iter().filter_map(|code| Some((ui.tc("sales-answer-", code), map.get(*code)?)));
    let others = map.iter().filter(|(code, _)| !known.contains(&code.as_str()));
    asked
        .chain(others.map(|(code, answer)| (code.clone(), answer)))
        .filter_map(|(name, answer)| {
            let text = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
            (!text.is_empty() && !answer.is_null()).then_some((name, text))
        })
        .collect()
}

/// The bar that offers to take the last move back: for the one who made it, while it may be.
pub(super) async fn undo_toast(
    tx: &mut Tx,
    viewer: &Viewer,
    ui: &Ui,
    id: OpportunityId,
    who: Option<&'static str>,
) -> Outcome<Option<Toast>> {
    let Some(o) = actions::find(tx, &viewer.scope(), id).await? else { return Ok(None) };
    let Some(last) = actions::find_last_move(tx, viewer.org, id).await? else { return Ok(None) };
    let is_mine = last.by == Some(viewer.id()) && last.version == o.version;
    if !is_mine || last.is_reversal || ui.now > last.at.plus_ms(UNDO_MS) {
        return Ok(None);
    }
    let stages = actions::list_stages(tx, viewer.org).await?;
    let stage = stages.iter().find(|stage| stage.code == o.stage);
    let name = stage.map_or("", |stage| stage.name(ui.lang));
    let company = companies::actions::find(tx, viewer.org, o.company).await?;
    let company = company.map(|company| company.name).unwrap_or_default();
    let text = ui.taa("sales-opportunity-moved", "company", company, "stage", name);
    Ok(Some(Toast { action: format!("/opportunities/{id}/stage-reversal"), text, who }))
}

fn frame(app: &App, viewer: &Viewer) -> Frame {
    Frame { currency: viewer.currency, zone: viewer.zone.clone(), now: app.now() }
}

/// `POST /opportunities/{opportunity}/details`
pub async fn keep_details(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<DetailsForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let kept = match typed.read(&frame(&app, &viewer)) {
        Ok(details) => actions::keep_details(&act, &viewer, id, typed.version, details).await,
        Err(error) => Err(error),
    };
    match kept {
        Ok(_) => go(format!("/opportunities/{id}")),
        Err(error) => again(&app, &viewer, ui, (id, error), |t| t.with_details(typed)).await,
    }
}

/// `POST /opportunities/{opportunity}/promises`
pub async fn promise(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<PromiseForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let made = match typed.read(&frame(&app, &viewer)) {
        Ok((words, due_at)) => actions::promise(&act, &viewer, id, words, due_at).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(_) => go(format!("/opportunities/{id}")),
        Err(error) => again(&app, &viewer, ui, (id, error), |t| t.with_promise(typed)).await,
    }
}

/// `POST /opportunities/{opportunity}/loss`
pub async fn lose(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<LossForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let lost = match typed.read() {
        Ok((reason, note)) => {
            actions::lose(&act, &viewer, id, typed.version, (reason, &note)).await
        }
        Err(error) => Err(error),
    };
    match lost {
        Ok(_) => go(format!("/opportunities/{id}")),
        Err(error) => again(&app, &viewer, ui, (id, error), |t| t.with_loss(typed)).await,
    }
}

/// `POST /opportunities/{opportunity}/win`: on to the contract.
pub async fn win(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<WinForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = form.fields;
    let won = match typed.read(&frame(&app, &viewer)) {
        Ok(terms) => actions::win(&act, &viewer, id, typed.version, terms).await,
        Err(error) => Err(error),
    };
    match won {
        Ok(contract) => go(format!("/contracts/{contract}")),
        Err(error) => again(&app, &viewer, ui, (id, error), |t| t.with_win(typed)).await,
    }
}

/// `POST /opportunities/{opportunity}/reopening`
pub async fn reopen(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<OpportunityId>,
    form: Submitted<ReopenForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::reopen(&act, &viewer, id, form.fields.version).await {
        Ok(_) => go(format!("/opportunities/{id}")),
        Err(error) => again(&app, &viewer, ui, (id, error), |typed| typed).await,
    }
}

/// The page with what stood in the way of a move.
pub(super) async fn again_after_move(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    id: OpportunityId,
    error: Error,
) -> Answer {
    again(app, viewer, ui, (id, error), |typed| typed).await
}

/// The page as it is now, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, error): (OpportunityId, Error),
    retype: impl FnOnce(Typed) -> Typed,
) -> Answer {
    let problems = match &error {
        Error::Invalid(fields) => fields.clone(),
        _ => Fields::default(),
    };
    let (status, refused) = told(&ui, error)?;
    let mut page = show_page(app, viewer, ui, id).await?;
    if problems.0.is_empty() {
        page.refused = refused;
    }
    page.typed = retype(page.typed);
    page.problems = of_the_day(problems, &page.typed);
    drawn(status, &page)
}

/// What a next step lacks that stands in the form already, be it unsaved, is its day.
fn of_the_day(mut problems: Fields, typed: &Typed) -> Fields {
    let wants_step =
        problems.0.get("next_step").is_some_and(|one| one.code == Criterion::NextStep.problem());
    let is_undated = !typed.next_step.trim().is_empty() && typed.next_step_at.trim().is_empty();
    if wants_step && is_undated {
        problems.0.remove("next_step");
        problems.note("next_step_at", "stage-wants-next-day");
    }
    problems
}
