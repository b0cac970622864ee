//! The caller's desk and cockpit, and a lead for those who look at it afterwards.

mod held;
mod lead;
mod manual;

pub use held::holding;
use lead::lead_page;
pub use manual::lease_number;

use askama::Template;
use axum::extract::{Path, State as Web};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::actions::{self, OwnFigures, Recorded};
use super::cockpit::{Cockpit, KeptQuery, came_back, kept_address, told, told_kept, typed_texts};
use super::results::CallForm;
use super::reversal::{self, TakenBack};
use super::{Meaning, complaints};
use crate::campaigns::script::Block;
use crate::campaigns::{self, Campaign, hours};
use crate::companies::api::SuppressionSent;
use crate::companies::{self, Company};
use crate::leads::callbacks::CallbackState;
use crate::leads::forms::{GrantForm, NothingForm, ReleaseForm};
use crate::leads::pages::{Place, places};
use crate::leads::resting::{self, Rest, RestKind};
use crate::leads::{self, Lead, LeadRefusal, SkipReason, leasing};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::values::*;
use crate::web::errors::{form_again, sentence};
use crate::web::{Answer, App, Failed, Fragment, Query, Submitted, Ui, go, page, page_as};

/// A promised call on the desk.
struct Promised {
    lead: Lead,
    company: String,
}

/// Why the desk is shown, and what came of the last step.
#[derive(Debug, Default, Deserialize)]
pub struct DeskQuery {
    /// Set when there was nobody to call.
    dry: Option<String>,
    /// Set when a result was taken back and its company is its queue's.
    returned: Option<String>,
}

#[derive(Template)]
#[template(path = "calls/views/desk.html")]
struct DeskPage {
    ui: Ui,
    /// Where the caller sat last comes first; the key belongs to the first.
    campaigns: Vec<Campaign>,
    own: OwnFigures,
    promised: Vec<Promised>,
    /// Why no new company is given for some minutes.
    rest: Option<Rest>,
    /// Why nobody can be called, when nobody can.
    dry: Option<Vec<Place>>,
    next_at: Option<Instant>,
    refused: Option<String>,
    /// True where a result was just taken back and its company is its queue's.
    is_returned: bool,
    /// True for who has had all the made-up calls right.
    is_practised: bool,
    /// What was typed and could not be saved where it belongs.
    kept: Vec<(String, String)>,
    /// A number that was typed, and what is wrong with it.
    number: String,
    wrong: Option<String>,
    undo: Option<Undo>,
}

impl DeskPage {
    fn came_back(&self, reason: &str) -> String {
        came_back(&self.ui, reason)
    }
    /// What the seller sent back: it is owed a call, and none was promised.
    fn returned(&self) -> Vec<&Promised> {
        self.promised.iter().filter(|one| one.lead.returned_reason.is_some()).collect()
    }
    /// What was promised to a client.
    fn owed(&self) -> Vec<&Promised> {
        self.promised.iter().filter(|one| one.lead.returned_reason.is_none()).collect()
    }
    fn is_due(&self, promised: &Promised) -> bool {
        promised.lead.callback_state(self.ui.now) == Some(CallbackState::Due)
    }
    /// Why a call whose time has come cannot be made yet.
    fn waits(&self, promised: &Promised) -> Option<String> {
        leads::pages::waits(&self.ui, &promised.lead)
    }
    fn is_in_hand(&self, promised: &Promised) -> bool {
        promised.lead.lease.is_some()
    }
    /// True where a campaign gives a company now, or a call that was promised.
    fn gives(&self, campaign: &Campaign) -> bool {
        let Some(rest) = &self.rest else { return true };
        let is_other_work = campaign.is_round() && rest.kind != RestKind::Skipped;
        is_other_work
            || self.promised.iter().any(|one| {
                one.lead.campaign == campaign.id && self.is_due(one) && self.waits(one).is_none()
            })
    }
    fn rest_why(&self, rest: &Rest) -> String {
        let key = match rest.kind {
            RestKind::Refusals => "rest-why-refusals",
            RestKind::Minutes => "rest-why-minutes",
            RestKind::Skipped => "rest-why-skipped",
        };
        self.ui.n(key, rest.value)
    }
    /// True where a rest offers other work.
    fn has_other_work(&self) -> bool {
        self.campaigns.iter().any(|campaign| self.gives(campaign))
    }
}

/// The bar that says what the last call was, and offers to take it back where that may be done.
struct Undo {
    call: CallId,
    may_reverse: bool,
    is_ban: bool,
    company: String,
    meaning: String,
}

/// `GET /desk`: where the caller's day begins; who holds a company returns to it.
pub async fn desk(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<DeskQuery>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let held = leads::actions::find_held(&mut tx, viewer.org, viewer.id()).await?;
    drop(tx);
    if let Some(held) = held
        && held.is_held(app.now())
    {
        return go(format!("/leads/{}", held.id));
    }
    let shown = desk_page(&app, &viewer, ui, query.dry.is_some()).await?;
    page(&DeskPage { is_returned: query.returned.is_some(), ..shown })
}

async fn desk_page(app: &App, viewer: &Viewer, ui: Ui, is_dry: bool) -> Outcome<DeskPage> {
    let mut tx = app.db.read().await?;
    let seat = leasing::find_seat(&mut tx, viewer.org, viewer.id()).await?;
    let mut mine = Vec::new();
    for campaign in campaigns::actions::list(&mut tx, &viewer.scope()).await? {
        let is_theirs = campaigns::actions::is_caller(&mut tx, viewer, campaign.id).await?;
        if campaign.is_running() && is_theirs {
            mine.push(campaign);
        }
    }
    mine.sort_by_key(|campaign| seat != Some(campaign.id));
    let (mut dry, mut next_at) = (None, None);
    let rest = resting::find(&mut tx, viewer.org, viewer.id(), app.now()).await?;
    let is_theirs = |seat: &CampaignId| mine.iter().any(|campaign| campaign.id == *seat);
    if let Some(seat) = seat.filter(|seat| is_dry && rest.is_none() && is_theirs(seat)) {
        let counts = leads::actions::count_places(&mut tx, viewer.org, seat, app.now()).await?;
        dry = Some(places(&ui, counts));
        next_at = leads::actions::find_next_at(&mut tx, viewer.org, seat).await?;
    }
    let midnight = hours::at_minute(ui.now.day(&viewer.zone), 0, &viewer.zone);
    Ok(DeskPage {
        own: actions::count_own(&mut tx, viewer.org, viewer.id(), midnight).await?,
        promised: promised(&mut tx, viewer, ui.now).await?,
        undo: undo(&mut tx, viewer, &ui).await?,
        campaigns: mine,
        rest,
        dry,
        next_at,
        refused: None,
        is_returned: false,
        is_practised: viewer.user.practised_at.is_some(),
        kept: Vec::new(),
        number: String::new(),
        wrong: None,
        ui,
    })
}

async fn promised(tx: &mut Tx, viewer: &Viewer, now: Instant) -> Outcome<Vec<Promised>> {
    let all = leads::actions::list_promised(tx, viewer.org, (viewer.id(), now), 30).await?;
    let ids: Vec<CompanyId> = all.iter().map(|lead| lead.company).collect();
    let companies = companies::actions::list_by_ids(tx, viewer.org, &ids).await?;
    let name = |id| companies.iter().find(|c: &&Company| c.id == id).map(|c| c.name.clone());
    Ok(all
        .into_iter()
        .map(|lead| Promised { company: name(lead.company).unwrap_or_default(), lead })
        .collect())
}

async fn undo(tx: &mut Tx, viewer: &Viewer, ui: &Ui) -> Outcome<Option<Undo>> {
    let last = actions::find_last(tx, viewer.org, viewer.id(), ui.now).await?;
    let Some((call, may_reverse)) = last else { return Ok(None) };
    let company = companies::actions::find(tx, viewer.org, call.company).await?;
    Ok(Some(Undo {
        call: call.id,
        may_reverse,
        is_ban: call.meaning == Meaning::DoNotCall,
        company: company.map(|company| company.name).unwrap_or_default(),
        meaning: told(ui, &call),
    }))
}

#[derive(Template)]
#[template(path = "calls/views/cockpit.html")]
struct CockpitPage {
    ui: Ui,
    cockpit: Cockpit,
    fields: Fields,
    undo: Option<Undo>,
    /// What stays as it is though a call was taken back, or why a result was refused.
    kept: String,
}

impl CockpitPage {
    fn problem(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.fields, field)
    }
    fn wrong_decider(&self) -> Option<String> {
        self.problem("decider_name").or_else(|| self.problem("decider"))
    }
    fn came_back(&self, reason: &str) -> String {
        came_back(&self.ui, reason)
    }
    fn skips(&self) -> &'static [SkipReason] {
        SkipReason::ALL
    }
    fn label(&self, reason: &campaigns::reasons::RefusalReason) -> String {
        reason.label(self.ui.lang).to_owned()
    }
    fn first_wrong(&self) -> &'static str {
        if self.fields.0.is_empty() { "#dial" } else { "[aria-invalid=true]" }
    }
}

/// `POST /campaigns/{campaign}/lease`: the next company.
pub async fn lease(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
    form: Submitted<NothingForm>,
) -> Answer {
    match leasing::lease(&viewer.act(&app, form.key), &viewer, id).await {
        Ok(Some(grant)) => go(format!("/leads/{}", grant.lead)),
        Ok(None) => go("/desk?dry=1"),
        Err(error) => desk_again(&app, &viewer, ui, error, Vec::new()).await,
    }
}

/// The desk with what was refused and, where something was typed, the text.
async fn desk_again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    error: Error,
    kept: Vec<(String, String)>,
) -> Answer {
    if !matches!(error, Error::Refused(_)) {
        return Err(Failed(error));
    }
    let refused = Some(sentence(ui.lang, &error));
    let shown = DeskPage { refused, kept, ..desk_page(app, viewer, ui, false).await? };
    let answer = page(&shown)?;
    Ok(at_address((StatusCode::CONFLICT, answer).into_response(), "/desk"))
}

/// Tells a script that asked for a fragment which address the answer belongs to.
fn at_address(mut answer: Response, path: &str) -> Response {
    if let Ok(path) = HeaderValue::from_str(path) {
        answer.headers_mut().insert("x-location", path);
    }
    answer
}

/// `GET /leads/{lead}`: the cockpit for who holds it, its story for who may look.
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    Query(query): Query<KeptQuery>,
) -> Answer {
    let kept = query.kept.unwrap_or_default();
    let mut tx = app.db.read().await?;
    if let Some(mut cockpit) = Cockpit::of(&mut tx, &viewer, &ui, id).await? {
        cockpit.panel.put_first(query.phone);
        if cockpit.campaign.is_round() {
            return go(kept_address("checks", id, &kept));
        }
        let undo = undo(&mut tx, &viewer, &ui).await?;
        let (fields, kept) = (Fields::default(), told_kept(&ui, &kept));
        return page(&CockpitPage { ui, cockpit, fields, undo, kept });
    }
    page(&lead_page(&mut tx, &viewer, ui, id).await?)
}

/// `POST /leads/{lead}/calls`: records the call and answers with the next company's cockpit.
pub async fn record(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    Fragment(is_fragment): Fragment,
    form: Submitted<CallForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::record(&act, &viewer, id, &form.fields).await {
        Ok(done) if is_fragment => after(&app, &viewer, ui, &form.fields, done).await,
        Ok(Recorded { next: Some(grant), .. }) => go(format!("/leads/{}", grant.lead)),
        Ok(_) if form.fields.then == "pause" => go("/desk"),
        Ok(_) => go("/desk?dry=1"),
        Err(error) => record_again(&app, &viewer, ui, (id, form.fields), error).await,
    }
}

/// The next cockpit, or the desk, in the same answer.
async fn after(app: &App, viewer: &Viewer, ui: Ui, form: &CallForm, done: Recorded) -> Answer {
    if let Some(grant) = done.next {
        let mut tx = app.db.read().await?;
        if let Some(cockpit) = Cockpit::of(&mut tx, viewer, &ui, grant.lead).await? {
            let undo = undo(&mut tx, viewer, &ui).await?;
            let (fields, kept) = (Fields::default(), String::new());
            let answer = page(&CockpitPage { ui, cockpit, fields, undo, kept })?;
            return Ok(at_address(answer, &format!("/leads/{}", grant.lead)));
        }
    }
    let is_dry = form.then != "pause";
    let mut shown = desk_page(app, viewer, ui, is_dry).await?;
    shown.ui.path = "/desk".to_owned();
    Ok(at_address(page(&shown)?, "/desk"))
}

/// The cockpit with what was typed and what is wrong with it, or the desk when the lease is gone.
async fn record_again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, form): (LeadId, CallForm),
    error: Error,
) -> Answer {
    if let Error::Refused(refusal) = &error
        && refusal.code() == LeadRefusal::StaleLease.code()
    {
        let kept = typed_texts(&ui, &form);
        return desk_again(app, viewer, ui, error, kept).await;
    }
    let (status, fields, refused) = form_again(ui.lang, error)?;
    let mut tx = app.db.read().await?;
    let cockpit = Cockpit::of(&mut tx, viewer, &ui, id).await?.ok_or(Error::NotFound)?;
    let undo = undo(&mut tx, viewer, &ui).await?;
    let form = form.under_script(cockpit.script_version);
    let cockpit = Cockpit { form, ..cockpit };
    let kept = refused.unwrap_or_default();
    page_as(status, &CockpitPage { ui, cockpit, fields, undo, kept })
}

/// `POST /leads/{lead}/release`: gives the company back without a call.
pub async fn release(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    form: Submitted<ReleaseForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let grant = (id, form.fields.generation);
    match leasing::release(&act, &viewer, grant, form.fields.reason()?).await {
        Ok(()) => go("/desk"),
        Err(error) => desk_again(&app, &viewer, ui, error, Vec::new()).await,
    }
}

/// `POST /leads/{lead}/renewal`: makes the lease as long as a fresh one.
pub async fn renew(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    form: Submitted<GrantForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match leasing::renew(&act, &viewer, (id, form.fields.generation)).await {
        Ok(_) => go(format!("/leads/{id}")),
        Err(error) => desk_again(&app, &viewer, ui, error, Vec::new()).await,
    }
}

/// `POST /calls/{call}/reversal`: takes the last call back.
pub async fn reverse(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CallId>,
    form: Submitted<NothingForm>,
) -> Answer {
    match reversal::reverse(&viewer.act(&app, form.key), &viewer, id).await {
        Ok(TakenBack { grant: Some(grant), kept, .. }) => {
            go(kept_address("leads", grant.lead, &kept.join(",")))
        }
        Ok(_) => go("/desk?returned=1"),
        Err(error) => desk_again(&app, &viewer, ui, error, Vec::new()).await,
    }
}

/// `POST /companies/{company}/suppression`
pub async fn ban(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    form: Submitted<SuppressionSent>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let wanted = form.fields.read(&viewer.zone, act.now)?;
    complaints::suppress(&act, &viewer, id, wanted).await?;
    go(format!("/companies/{id}"))
}
