//! Campaigns on the screen: list, one, make, change, script, people.

mod members;
mod reasons;

use askama::Template;
use axum::extract::{Path, State as Web};

use super::complaints::{Halt, OF};
use super::dictionary;
use super::forms::{CampaignForm, NothingForm, ScriptForm};
use super::holidays::Calendar;
use super::presets::PresetCode;
use super::reasons::RefusalReason;
use super::rules::{PresetShown, Rules, holidays_shown, hours_shown};
use super::script::{self, Block};
use super::terms::CampaignTerms;
use super::{Campaign, CampaignRefusal, CampaignState, LegalBasis, Purpose, Script, actions};
use crate::people::{self, Reach, Role, User, Viewer};
use crate::storage::Tx;
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Submitted, Ui, go, page, page_again, page_as};

pub use members::{add_member, remove_member};
pub use reasons::{add_reason, reasons, set_reason};

#[derive(Template)]
#[template(path = "campaigns/views/index.html")]
struct IndexPage {
    ui: Ui,
    campaigns: Vec<Campaign>,
    may_make: bool,
    keeps_reasons: bool,
}

/// `GET /campaigns`
pub async fn index(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    let campaigns = actions::list(&mut app.db.read().await?, &viewer.scope()).await?;
    let keeps_reasons = dictionary::check_keeps(&viewer).is_ok();
    page(&IndexPage { may_make: leads_any(&viewer), keeps_reasons, ui, campaigns })
}

fn leads_any(viewer: &Viewer) -> bool {
    viewer.scope().reach == Reach::All || viewer.is(Role::Head)
}

/// What the form offers to choose from.
struct Choices {
    cities: Vec<(String, i64)>,
    industries: Vec<(String, i64)>,
    sources: Vec<(String, i64)>,
    teams: Vec<(TeamId, String)>,
    principals: Vec<User>,
}

#[derive(Template)]
#[template(path = "campaigns/views/edit.html")]
struct EditPage {
    ui: Ui,
    /// The campaign that is changed; `None` for one to be made.
    id: Option<CampaignId>,
    form: CampaignForm,
    fields: Fields,
    refused: Option<String>,
    choices: Choices,
    count: Option<Counted>,
}

/// What a segment holds.
#[derive(Clone, Copy)]
struct Counted {
    /// Companies that may become leads.
    all: i64,
    /// Of them, those that nobody may call on the ground that the campaign names.
    groundless: i64,
}

impl EditPage {
    fn action(&self) -> String {
        self.id.map_or_else(|| "/campaigns".to_owned(), |id| format!("/campaigns/{id}"))
    }
    fn policies(&self) -> [EngagementPolicy; 3] {
        EngagementPolicy::ALL
    }
    fn purposes(&self) -> &'static [Purpose] {
        Purpose::ALL
    }
    fn bases(&self) -> &'static [LegalBasis] {
        LegalBasis::ALL
    }
    fn presets(&self) -> &'static [PresetCode] {
        PresetCode::ALL
    }
    fn calendars(&self) -> &'static [Calendar] {
        Calendar::ALL
    }
    fn rules(&self) -> Rules {
        Rules::of(&self.ui, &self.form.policy(&mut Fields::default()))
    }
    fn is_some_counted(&self) -> bool {
        self.count.is_some_and(|count| count.all > count.groundless)
    }
    fn problem(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.fields, field)
    }
}

/// `GET /campaigns/new`
pub async fn new(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    let choices = choices(&mut app.db.read().await?, &viewer).await?;
    let form = CampaignForm {
        script: ui.t("campaign-script-first"),
        ..CampaignForm::fresh(viewer.currency, viewer.country)
    };
    let fields = Fields::default();
    page(&EditPage { ui, id: None, form, fields, refused: None, choices, count: None })
}

/// `POST /campaigns`: makes one, or only counts its segment or tells the rules of its country.
pub async fn make(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<CampaignForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let form = form.fields.with_calendar_of(viewer.country);
    if form.act == "count" || form.act == "rules" {
        return ask(&app, &viewer, ui, (None, form)).await;
    }
    let made = match form.terms() {
        Ok(terms) => actions::make(&act, &viewer, terms, form.team(), &form.script).await,
        Err(fields) => Err(Error::Invalid(fields)),
    };
    match made {
        Ok(id) => go(format!("/campaigns/{id}")),
        Err(error) => again(&app, &viewer, ui, (None, form), error).await,
    }
}

/// `GET /campaigns/{campaign}/edit`
pub async fn edit(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let campaign = find_led(&mut tx, &viewer, id).await?;
    let (form, fields) = (CampaignForm::of(&campaign), Fields::default());
    let choices = choices(&mut tx, &viewer).await?;
    page(&EditPage { ui, id: Some(id), form, fields, refused: None, choices, count: None })
}

/// `POST /campaigns/{campaign}`: changes it, or only counts its segment or tells the rules of its
/// country.
pub async fn change(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
    form: Submitted<CampaignForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let form = form.fields.with_calendar_of(viewer.country);
    find_led(&mut app.db.read().await?, &viewer, id).await?;
    if form.act == "count" || form.act == "rules" {
        return ask(&app, &viewer, ui, (Some(id), form)).await;
    }
    let changed = match form.terms() {
        Ok(terms) => actions::change(&act, &viewer, (id, form.version), terms).await,
        Err(fields) => Err(Error::Invalid(fields)),
    };
    match changed {
        Ok(()) => go(format!("/campaigns/{id}")),
        Err(error) => again(&app, &viewer, ui, (Some(id), form), error).await,
    }
}

/// The form as it was typed, with the rules of the country it names and, where that is asked for,
/// with how many companies its segment holds.
async fn ask(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, form): (Option<CampaignId>, CampaignForm),
) -> Answer {
    let mut tx = app.db.read().await?;
    // A campaign without a name yet may count all the same.
    let named = CampaignForm { name: "?".to_owned(), ..form.clone() };
    let (mut fields, mut count) = (Fields::default(), None);
    match named.terms() {
        _ if form.act != "count" => {}
        Ok(CampaignTerms { segment, legal_basis, .. }) => {
            let (org, now) = (viewer.org, app.now());
            let segment = actions::spelled(&mut tx, org, segment).await?;
            let all = actions::count_segment(&mut tx, org, &segment, id, now).await?;
            let of = (&segment, legal_basis);
            let groundless = actions::count_groundless(&mut tx, org, of, id, now).await?;
            count = Some(Counted { all, groundless });
        }
        Err(wrong) => fields = wrong,
    }
    let choices = choices(&mut tx, viewer).await?;
    page(&EditPage { ui, id, form, fields, refused: None, choices, count })
}

async fn again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, form): (Option<CampaignId>, CampaignForm),
    error: Error,
) -> Answer {
    let (status, fields, refused) = form_again(ui.lang, error)?;
    let choices = choices(&mut app.db.read().await?, viewer).await?;
    page_as(status, &EditPage { ui, id, form, fields, refused, choices, count: None })
}

async fn choices(tx: &mut Tx, viewer: &Viewer) -> Outcome<Choices> {
    let [cities, industries, sources] = actions::list_choices(tx, viewer.org).await?;
    let teams = people::actions::list_teams(tx, viewer.org).await?;
    let users = people::actions::list_users(tx, viewer.org).await?;
    let is_free = viewer.scope().reach == Reach::All;
    Ok(Choices {
        cities,
        industries,
        sources,
        teams: teams
            .into_iter()
            .filter(|(_, _, tier)| is_free && *tier == 1)
            .map(|(id, name, _)| (id, name))
            .collect(),
        principals: users.into_iter().filter(|user| user.roles.has(Role::Principal)).collect(),
    })
}

/// A campaign the viewer leads, without locking it.
async fn find_led(tx: &mut Tx, viewer: &Viewer, id: CampaignId) -> Outcome<Campaign> {
    let campaign = actions::find(tx, viewer.org, id).await?;
    if campaign.is_led_by(viewer) { Ok(campaign) } else { Err(Error::NotFound) }
}

/// Somebody of a campaign, by name.
struct Worker {
    user: UserId,
    name: String,
    tier: Tier,
}

#[derive(Template)]
#[template(path = "campaigns/views/show.html")]
struct ShowPage {
    ui: Ui,
    campaign: Campaign,
    is_led: bool,
    script: Option<Script>,
    blocks: Vec<Block>,
    versions: Vec<Script>,
    workers: Vec<Worker>,
    free: Vec<User>,
    reasons: Vec<RefusalReason>,
    halts: Vec<HaltShown>,
    typed_script: Option<String>,
    fields: Fields,
    refused: Option<String>,
    /// What was typed of why it goes on in spite of complaints.
    typed_why: String,
    /// Companies that the launch would take and nobody could call, for want of the ground.
    groundless: i64,
    /// True where the refusal is about who calls, and so is told beside the people.
    is_of_people: bool,
}

/// A time that complaints stopped it.
struct HaltShown {
    halt: Halt,
    /// Who had it go on.
    who: String,
}

impl ShowPage {
    /// The halt that waits for a decision.
    fn halted(&self) -> Option<&HaltShown> {
        self.halts.first().filter(|_| self.campaign.complained_at.is_some() && self.may_stop())
    }
    fn tiers(&self) -> [Tier; 3] {
        Tier::ALL
    }
    fn hours(&self) -> String {
        hours_shown(&self.ui, self.campaign.policy.hours)
    }
    fn holidays(&self) -> Option<String> {
        holidays_shown(&self.ui, self.campaign.policy.bounded().hours)
    }
    fn preset(&self) -> Option<PresetShown> {
        PresetShown::of(&self.ui, self.campaign.policy.preset)
    }
    fn complaints_told(&self) -> String {
        let policy = &self.campaign.policy;
        let rate = self.ui.share(&policy.complaints_max, &OF);
        let calls = self.ui.number(&policy.complaints_calls_min);
        self.ui.taa("campaign-complaints-told", "rate", rate, "calls", calls)
    }
    fn halt_told(&self, shown: &HaltShown) -> String {
        let heard = shown.halt.heard;
        let of = self.ui.taa("campaign-halt-of", "count", heard.complaints, "calls", heard.calls);
        let limit = self.ui.share(&shown.halt.limit, &OF);
        let told = self.ui.taa("campaign-halt-told", "of", of, "limit", limit);
        format!("{} · {told}", self.ui.day_time(&shown.halt.at))
    }
    fn may_launch(&self) -> bool {
        self.campaign.complained_at.is_none()
            && self.campaign.state.may_turn(CampaignState::Running)
    }
    fn may_pause(&self) -> bool {
        self.campaign.state.may_turn(CampaignState::Paused)
    }
    fn may_stop(&self) -> bool {
        self.campaign.state.may_turn(CampaignState::Stopped)
    }
    fn state_tone(&self) -> &'static str {
        state_tone(self.campaign.state)
    }
    fn problem(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.fields, field)
    }
    fn reason(&self, reason: &RefusalReason) -> String {
        reason.label(self.ui.lang).to_owned()
    }
    fn offer(&self, reason: &RefusalReason) -> Option<String> {
        reason.offer(self.ui.lang).map(str::to_owned)
    }
    fn roles_of(&self, user: &User) -> String {
        let all: Vec<String> = user.roles.iter().map(|role| self.ui.t(role.key())).collect();
        all.join(", ")
    }
}

impl IndexPage {
    fn tone(&self, state: &CampaignState) -> &'static str {
        state_tone(*state)
    }
}

fn state_tone(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Running => "pos",
        CampaignState::Paused => "warn",
        CampaignState::Draft => "act",
        CampaignState::Stopped => "",
    }
}

/// `GET /campaigns/{campaign}`
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    page(&show_page(&app, &viewer, ui, id).await?)
}

async fn show_page(app: &App, viewer: &Viewer, ui: Ui, id: CampaignId) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let campaign = actions::find_seen(&mut tx, &viewer.scope(), id).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let members = actions::list_all_members(&mut tx, viewer.org, id).await?;
    let name = |id: UserId| users.iter().find(|user| user.id == id).map(|user| user.name.clone());
    let workers = members
        .iter()
        .map(|member| {
            let name = name(member.user).unwrap_or_default();
            Worker { user: member.user, name, tier: member.tier }
        })
        .collect();
    let works = |user: &User| Tier::ALL.iter().any(|tier| user.roles.has(tier.role()));
    let halts = actions::list_halts(&mut tx, viewer.org, id).await?.into_iter().map(|halt| {
        let who = halt.answer.as_ref().and_then(|(user, _, _)| name(*user));
        HaltShown { who: who.unwrap_or_default(), halt }
    });
    let halts = halts.collect();
    let script = actions::find_script(&mut tx, viewer.org, id).await?;
    let blocks = script.as_ref().map(|script| script::read(&script.body)).unwrap_or_default();
    let is_led = campaign.is_led_by(viewer);
    let mut groundless = 0;
    let may_launch =
        campaign.complained_at.is_none() && campaign.state.may_turn(CampaignState::Running);
    if is_led && may_launch {
        let of = (&campaign.segment, campaign.legal_basis);
        groundless =
            actions::count_groundless(&mut tx, viewer.org, of, Some(id), app.now()).await?;
    }
    Ok(ShowPage {
        groundless,
        is_led,
        blocks,
        script,
        versions: actions::list_scripts(&mut tx, viewer.org, id).await?,
        workers,
        halts,
        reasons: actions::list_reasons(&mut tx, viewer.org).await?,
        free: users
            .into_iter()
            .filter(|user| is_led && user.disabled_at.is_none() && works(user))
            .collect(),
        typed_script: None,
        fields: Fields::default(),
        refused: None,
        is_of_people: false,
        typed_why: String::new(),
        campaign,
        ui,
    })
}

/// The page again with what was refused.
pub async fn show_again(
    (app, viewer): (&App, &Viewer),
    ui: Ui,
    id: CampaignId,
    error: Error,
    typed_why: String,
) -> Answer {
    let nobody = CampaignRefusal::NobodyCalls.code();
    let is_of_people = matches!(&error, Error::Refused(refusal) if refusal.code() == nobody);
    let (status, fields, refused) = form_again(ui.lang, error)?;
    let shown = show_page(app, viewer, ui, id).await?;
    page_as(status, &ShowPage { fields, refused, is_of_people, typed_why, ..shown })
}

/// `POST /campaigns/{campaign}/scripts`
pub async fn write_script(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
    form: Submitted<ScriptForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::write_script(&act, &viewer, id, &form.fields.script).await {
        Ok(_) => go(format!("/campaigns/{id}")),
        Err(Error::Invalid(fields)) => {
            let typed_script = Some(form.fields.script);
            let shown = show_page(&app, &viewer, ui, id).await?;
            page_again(&ShowPage { fields, typed_script, ..shown })
        }
        Err(error) => show_again((&app, &viewer), ui, id, error, String::new()).await,
    }
}

/// `POST /campaigns/{campaign}/pause`
pub async fn pause(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
    form: Submitted<NothingForm>,
) -> Answer {
    match actions::pause(&viewer.act(&app, form.key), &viewer, id).await {
        Ok(()) => go(format!("/campaigns/{id}")),
        Err(error) => show_again((&app, &viewer), ui, id, error, String::new()).await,
    }
}

/// `POST /campaigns/{campaign}/stop`
pub async fn stop(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
    form: Submitted<NothingForm>,
) -> Answer {
    match actions::stop(&viewer.act(&app, form.key), &viewer, id).await {
        Ok(()) => go(format!("/campaigns/{id}")),
        Err(error) => show_again((&app, &viewer), ui, id, error, String::new()).await,
    }
}
