//! Rounds over the API. The same actions as the pages.

use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::AnswerForm;
use super::card::Card;
use super::{Progress, Round, RoundTerms, actions};
use crate::calls;
use crate::campaigns::{Campaign, LegalBasis, Segment};
use crate::people::Viewer;
use crate::values::*;
use crate::verification::Field;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice, Ui};

/// A round of checks.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundShown {
    /// Its id, which is its campaign's.
    pub id: CampaignId,
    /// The number people read aloud.
    pub number: i64,
    /// What it is called by.
    pub name: String,
    /// `running`, `paused` or `stopped`.
    pub state: String,
    /// What it asks about.
    pub fields: Vec<String>,
    /// When it ends by itself, RFC 3339.
    pub until: Option<String>,
    /// When the base was looked through for it last, RFC 3339; null while that goes on.
    pub enlisted_at: Option<String>,
    /// Companies in it.
    pub companies: i64,
    /// Companies that are through.
    pub done: i64,
    /// Checks by field and finding.
    pub checks: Vec<CheckCount>,
}

/// How many checks of a field found that.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckCount {
    /// The field.
    pub field: String,
    /// `confirmed`, `corrected` or `wrong`.
    pub finding: String,
    /// How many.
    pub count: i64,
}

fn shown((campaign, round): (Campaign, Round), progress: Progress) -> RoundShown {
    RoundShown {
        id: campaign.id,
        number: campaign.number,
        name: campaign.name,
        state: campaign.state.code().to_owned(),
        fields: round.fields.iter().map(|field| field.code().to_owned()).collect(),
        until: round.until.map(Instant::rfc3339),
        enlisted_at: round.enlisted_at.map(Instant::rfc3339),
        companies: progress.companies(),
        done: progress.done(),
        checks: progress
            .checks
            .into_iter()
            .map(|(field, finding, count)| CheckCount { field, finding, count })
            .collect(),
    }
}

/// The rounds the asker may know of, the newest first.
#[utoipa::path(get, path = "/api/v1/rounds", tag = "rounds", operation_id = "list_rounds",
    responses((status = 200, body = json::Many<RoundShown>)))]
pub async fn list(State(app): State<App>, viewer: Viewer) -> Answer {
    let (mut tx, now) = (app.db.read().await?, app.now());
    let mut rows = Vec::new();
    for found in actions::list(&mut tx, &viewer.scope()).await? {
        let progress = actions::progress(&mut tx, viewer.org, found.0.id, now).await?;
        rows.push(shown(found, progress));
    }
    json::many(Slice { rows, next: None })
}

/// A round.
#[utoipa::path(get, path = "/api/v1/rounds/{round}", tag = "rounds", operation_id = "show_round",
    params(("round" = CampaignId, Path)),
    responses((status = 200, body = json::One<RoundShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<CampaignId>) -> Answer {
    let (mut tx, now) = (app.db.read().await?, app.now());
    let found = actions::find_seen(&mut tx, &viewer.scope(), id).await?;
    let progress = actions::progress(&mut tx, viewer.org, id, now).await?;
    json::one(shown(found, progress))
}

/// A round to be started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundSent {
    /// What it is called by.
    pub name: String,
    /// Over which part of the base.
    #[serde(default)]
    pub segment: Segment,
    /// What it asks about: `phone`, `contact`, `decision_maker`, `email`, `address`.
    pub fields: Vec<String>,
    /// Who calls.
    pub callers: Vec<UserId>,
    /// When it ends by itself, RFC 3339.
    pub until: Option<String>,
    /// Why we may call.
    pub legal_basis: LegalBasis,
    /// The principal who ordered it.
    pub principal: Option<UserId>,
    /// True when a needed check pays its caller.
    pub is_paid: bool,
    /// What callers say, in the markup of scripts.
    pub script: String,
}

impl RoundSent {
    fn terms(&self) -> Outcome<RoundTerms> {
        let fields: Result<Vec<Field>, ()> = self.fields.iter().map(|code| code.parse()).collect();
        let until = match self.until.as_deref() {
            None => None,
            Some(text) => {
                let at = Instant::from_rfc3339(text);
                Some(at.ok_or_else(|| Fields::one("until", "unknown-choice"))?)
            }
        };
        Ok(RoundTerms {
            name: self.name.trim().to_owned(),
            segment: self.segment.clone(),
            fields: fields.map_err(|()| Fields::one("fields", "unknown-choice"))?,
            callers: self.callers.clone(),
            until,
            legal_basis: self.legal_basis,
            principal: self.principal,
            is_paid: self.is_paid,
        })
    }
}

/// A round that was started.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundMade {
    /// Its id.
    pub id: CampaignId,
}

/// Starts a round; its companies follow within seconds.
#[utoipa::path(post, path = "/api/v1/rounds", tag = "rounds", operation_id = "start_round",
    params(json::KeyHeader), request_body = RoundSent,
    responses((status = 201, body = json::One<RoundMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn start(State(app): State<App>, viewer: Viewer, sent: Sent<RoundSent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let terms = sent.body.terms()?;
    let id = actions::start(&act, &viewer, terms, &sent.body.script).await?;
    json::made(RoundMade { id })
}

/// A company to be asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardShown {
    /// The lead.
    pub lead: LeadId,
    /// The company.
    pub company: CompanyId,
    /// Its name.
    pub name: String,
    /// The grant of the lease; answers name it.
    pub generation: i64,
    /// Until when it is held, RFC 3339.
    pub until: String,
    /// What is to be asked.
    pub fields: Vec<String>,
    /// The numbers that may be dialled, by id and as they are dialled.
    pub phones: Vec<DialShown>,
    /// The person asked about.
    pub contact: Option<AskedPersonShown>,
    /// Who is said to decide.
    pub decider: Option<AskedPersonShown>,
    /// The mail address asked about, to be named as `email_asked`; null where none is asked.
    pub email: Option<String>,
    /// The postal address asked about; null where none is asked.
    pub address: Option<String>,
}

/// A number to be dialled.
#[derive(Debug, Serialize, ToSchema)]
pub struct DialShown {
    /// Its id.
    pub id: PhoneId,
    /// The number in E.164.
    pub e164: String,
    /// Its extension.
    pub extension: Option<String>,
}

/// A person asked about.
#[derive(Debug, Serialize, ToSchema)]
pub struct AskedPersonShown {
    /// Their id.
    pub id: ContactId,
    /// Their name.
    pub name: String,
}

/// What is to be asked of the company in the caller's hands.
#[utoipa::path(get, path = "/api/v1/checks/{check}", tag = "rounds",
    operation_id = "show_check", params(("check" = LeadId, Path)),
    responses((status = 200, body = json::One<CardShown>),
        (status = 404, body = json::Problem)))]
pub async fn card(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let card = Card::of(&mut tx, &viewer, &ui, id).await?.ok_or(Error::NotFound)?;
    let email = card.asked_email().map(str::to_owned);
    let address = card.asked_address().map(str::to_owned);
    let phones = card.phones.into_iter().map(|one| DialShown {
        id: one.id,
        e164: one.phone.e164,
        extension: one.phone.extension,
    });
    json::one(CardShown {
        lead: id,
        company: card.company.id,
        name: card.company.name,
        generation: card.lease.generation,
        until: card.lease.until.rfc3339(),
        fields: card.questions.iter().map(|one| one.field.code().to_owned()).collect(),
        phones: phones.collect(),
        contact: card.person.map(|one| AskedPersonShown { id: one.id, name: one.name }),
        decider: card.decider.map(|one| AskedPersonShown { id: one.id, name: one.name }),
        email,
        address,
    })
}

/// A card that was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnsweredShown {
    /// The call.
    pub call: CallId,
    /// The next company, leased in the same transaction; null when nobody may be called now.
    pub next: Option<LeadId>,
    /// Where a card was taken back: fields of which something stays as it is, because it was
    /// changed again since.
    pub kept: Vec<String>,
}

/// Records what a company said and leases the next.
#[utoipa::path(post, path = "/api/v1/checks/{check}/answers", tag = "rounds",
    operation_id = "answer_check", params(("check" = LeadId, Path), json::KeyHeader),
    request_body = AnswerForm,
    responses((status = 201, body = json::One<AnsweredShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn answer(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<LeadId>,
    sent: Sent<AnswerForm>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let done = actions::answer(&act, &viewer, id, &sent.body).await?;
    let (call, next) = (done.call, done.next.map(|grant| grant.lead));
    json::made(AnsweredShown { call, next, kept: Vec::new() })
}

/// Takes the caller's last card back: call, checks and what they corrected.
#[utoipa::path(post, path = "/api/v1/calls/{call}/answers-reversal", tag = "rounds",
    operation_id = "take_answers_back", params(("call" = CallId, Path), json::KeyHeader),
    request_body = json::Nothing,
    responses((status = 200, body = json::One<AnsweredShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem)))]
pub async fn take_back(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CallId>,
    sent: Sent<json::Nothing>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let done = calls::reversal::reverse(&act, &viewer, id).await?;
    let next = done.grant.map(|grant| grant.lead);
    json::one(AnsweredShown { call: id, next, kept: done.kept })
}
