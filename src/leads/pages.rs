//! The queue of a campaign for its head: counts, who holds what, promised calls.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State as Web};

use super::forms::{GrantForm, LaunchForm, PriorityForm, ReassignForm};
use super::{Lead, actions, filling, leasing};
use crate::campaigns::{self, Campaign};
use crate::companies;
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::tiers::Tier;
use crate::values::*;
use crate::web::errors::{sentence, status};
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_as};

/// One line of the counts: its code, its words, how many.
pub struct Place {
    /// Its code.
    pub code: String,
    /// Its words.
    pub words: String,
    /// Its tone.
    pub tone: &'static str,
    /// How many leads stand there.
    pub count: i64,
}

/// Names of people and companies by id.
struct Names {
    people: BTreeMap<UserId, String>,
    companies: BTreeMap<CompanyId, String>,
}

impl Names {
    async fn of(tx: &mut Tx, org: OrgId, leads: &[Lead]) -> Outcome<Self> {
        let ids: Vec<CompanyId> = leads.iter().map(|lead| lead.company).collect();
        let companies = companies::actions::list_by_ids(tx, org, &ids).await?;
        let people = people::actions::list_users(tx, org).await?;
        Ok(Self {
            people: people.into_iter().map(|user| (user.id, user.name)).collect(),
            companies: companies.into_iter().map(|company| (company.id, company.name)).collect(),
        })
    }
    fn person(&self, id: Option<UserId>) -> &str {
        id.and_then(|id| self.people.get(&id)).map_or("", String::as_str)
    }
    fn company(&self, id: CompanyId) -> &str {
        self.companies.get(&id).map_or("", String::as_str)
    }
}

/// The counts as lines, those that stop calling marked.
pub fn places(ui: &Ui, counts: Vec<(String, i64)>) -> Vec<Place> {
    counts
        .into_iter()
        .map(|(code, count)| {
            let (kind, rest) = code.split_once(':').unwrap_or((code.as_str(), ""));
            let words = match kind {
                "closed" if !rest.is_empty() => ui.tc("closed-", rest),
                "rule" => ui.tc("rule-", rest),
                _ => ui.tc("place-", kind),
            };
            let tone = match kind {
                "due" => "pos",
                "rule" => "warn",
                "in_hand" | "callback" => "act",
                "offered" | "converted" => "vio",
                _ => "",
            };
            Place { words, tone, count, code: code.clone() }
        })
        .collect()
}

/// Why a promised call whose time has come cannot be made yet, and until when.
pub(crate) fn waits(ui: &Ui, lead: &Lead) -> Option<String> {
    let (rule, until) = lead.held_up(ui.now)?;
    let why = rule.map(|rule| ui.tc("rule-", rule.code()));
    let until = until.map(|at| ui.near_time(&at));
    Some(match (why, until) {
        (Some(why), Some(until)) => ui.taa("callback-waits", "why", why, "time", until),
        (None, Some(until)) => ui.ta("callback-rests", "time", until),
        (why, None) => why.unwrap_or_default(),
    })
}

#[derive(Template)]
#[template(path = "leads/views/queue.html")]
struct QueuePage {
    ui: Ui,
    campaign: Campaign,
    places: Vec<Place>,
    total: i64,
    next_at: Option<Instant>,
    watched: Vec<Lead>,
    names: Names,
    callers: Vec<(UserId, String)>,
    is_led: bool,
    refused: Option<String>,
}

impl QueuePage {
    fn person(&self, id: &Option<UserId>) -> String {
        self.names.person(*id).to_owned()
    }
    fn company(&self, lead: &Lead) -> String {
        self.names.company(lead.company).to_owned()
    }
    fn holder(&self, lead: &Lead) -> String {
        self.names.person(lead.lease.map(|lease| lease.owner)).to_owned()
    }
    fn until(&self, lead: &Lead) -> String {
        self.ui.time(&lead.lease.map_or(lead.next_at, |lease| lease.until))
    }
    fn is_overdue(&self, lead: &Lead) -> bool {
        let grace = self.campaign.policy.callback_grace_minutes;
        lead.callback_at.is_some_and(|at| at.plus_minutes(grace) <= self.ui.now)
    }
    fn waits(&self, lead: &Lead) -> Option<String> {
        waits(&self.ui, lead)
    }
    /// True when nobody can be called now, so that the rules are what the head looks for.
    fn is_dry(&self) -> bool {
        self.campaign.is_running() && !self.places.iter().any(|place| place.code == "due")
    }
}

/// `GET /campaigns/{campaign}/queue`
pub async fn queue(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
) -> Answer {
    page(&queue_page(&app, &viewer, ui, id).await?)
}

async fn queue_page(app: &App, viewer: &Viewer, ui: Ui, id: CampaignId) -> Outcome<QueuePage> {
    let mut tx = app.db.read().await?;
    let scope = viewer.scope();
    let campaign = campaigns::actions::find_seen(&mut tx, &scope, id).await?;
    let counts = actions::count_places(&mut tx, viewer.org, id, app.now()).await?;
    let watched = actions::list_watched(&mut tx, &scope, id).await?;
    let names = Names::of(&mut tx, viewer.org, &watched).await?;
    let members =
        campaigns::actions::list_members(&mut tx, viewer.org, id, Tier::Acquisition).await?;
    let callers =
        members.into_iter().map(|user| (user, names.person(Some(user)).to_owned())).collect();
    Ok(QueuePage {
        total: counts.iter().map(|(_, count)| count).sum(),
        places: places(&ui, counts),
        next_at: actions::find_next_at(&mut tx, viewer.org, id).await?,
        is_led: campaign.is_led_by(viewer),
        watched,
        names,
        callers,
        campaign,
        refused: None,
        ui,
    })
}

async fn queue_again(app: &App, viewer: &Viewer, ui: Ui, id: CampaignId, error: Error) -> Answer {
    match error {
        Error::Refused(_) | Error::Invalid(_) => {
            let refused = Some(sentence(ui.lang, &error));
            page_as(
                status(&error),
                &QueuePage { refused, ..queue_page(app, viewer, ui, id).await? },
            )
        }
        other => Err(Failed(other)),
    }
}

/// `POST /campaigns/{campaign}/launch`: makes leads of the segment and lets callers begin.
pub async fn launch(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
    form: Submitted<LaunchForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    if let Err(error) = actions::go_on(&act, &viewer, id, &form.fields.why).await {
        return campaigns::pages::show_again((&app, &viewer), ui, id, error, form.fields.why).await;
    }
    // The head looks at the queue next: it tells the rules and not what nobody has looked at yet.
    filling::top_up(&act, act.db.read().await?, id).await?;
    go(format!("/campaigns/{id}/queue"))
}

/// `POST /leads/{lead}/return`: the head takes a company out of a caller's hands.
pub async fn take_back(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    form: Submitted<GrantForm>,
) -> Answer {
    let lead = actions::find(&mut app.db.read().await?, viewer.org, id).await?;
    let grant = (id, form.fields.generation);
    match leasing::take_back(&viewer.act(&app, form.key), &viewer, grant).await {
        Ok(()) => go(format!("/campaigns/{}/queue", lead.campaign)),
        Err(error) => queue_again(&app, &viewer, ui, lead.campaign, error).await,
    }
}

/// `POST /leads/{lead}/reassignment`: a promised call passes to another caller.
pub async fn reassign(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    form: Submitted<ReassignForm>,
) -> Answer {
    let lead = actions::find(&mut app.db.read().await?, viewer.org, id).await?;
    let act = viewer.act(&app, form.key);
    let done = match form.fields.to() {
        Ok(to) => actions::reassign(&act, &viewer, id, (to, form.fields.version)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => go(format!("/campaigns/{}/queue", lead.campaign)),
        Err(error) => queue_again(&app, &viewer, ui, lead.campaign, error).await,
    }
}

/// `POST /leads/{lead}/priority`: a lead goes before or after the others of its queue.
pub async fn prioritise(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    form: Submitted<PriorityForm>,
) -> Answer {
    let put = form.fields.put()?;
    actions::prioritise(&viewer.act(&app, form.key), &viewer, id, put).await?;
    go(format!("/leads/{id}"))
}
