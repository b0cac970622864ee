//! Letters over the API. The same actions as the pages.

use axum::extract::{Path, State as Web};
use serde::Serialize;
use utoipa::ToSchema;

use super::forms::{LetterForm, LetterSent};
use super::{Address, Answered, Letter, Way, actions};
use crate::companies;
use crate::leads::admission::Rule;
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// A letter on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterShown {
    /// Its id.
    pub id: LetterId,
    /// The number people read aloud.
    pub number: i64,
    /// To whom.
    pub company: CompanyId,
    /// To which person of theirs.
    pub contact: Option<ContactId>,
    /// To which address: `mail:` or `phone:` with its id.
    pub address: Option<String>,
    /// For which campaign.
    pub campaign: Option<CampaignId>,
    /// For which lead of it.
    pub lead: Option<LeadId>,
    /// How it went.
    pub way: Way,
    /// What it was about.
    pub subject: String,
    /// What else is worth knowing.
    pub note: String,
    /// True where they asked for it: it counts in no budget.
    pub is_answer: bool,
    /// By which rules it was admitted, as in `ru@1`.
    pub preset: String,
    /// Who sent it.
    pub sender: UserId,
    /// When it was sent, RFC 3339.
    pub sent_at: String,
    /// When it was recorded, RFC 3339.
    pub made_at: String,
    /// When it was taken back, RFC 3339; null while it counts.
    pub taken_back_at: Option<String>,
}

impl LetterShown {
    fn of(letter: Letter) -> Self {
        Self {
            id: letter.id,
            number: letter.number,
            company: letter.company,
            contact: letter.contact,
            address: letter.address.map(Address::code),
            campaign: letter.campaign,
            lead: letter.lead,
            way: letter.way,
            subject: letter.subject,
            note: letter.note,
            is_answer: letter.is_answer,
            preset: letter.preset,
            sender: letter.sender,
            sent_at: letter.sent_at.rfc3339(),
            made_at: letter.made_at.rfc3339(),
            taken_back_at: letter.taken_back_at.map(Instant::rfc3339),
        }
    }
}

/// The id of a new letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterMade {
    /// Its id.
    pub letter: LetterId,
}

/// Whether a letter may be sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdmissionShown {
    /// True where it may.
    pub may_write: bool,
    /// The rule that forbids it.
    pub rule: Option<Rule>,
    /// When to ask again, RFC 3339.
    pub until: Option<String>,
    /// By which rules, as in `ru@1`.
    pub preset: String,
}

impl AdmissionShown {
    fn of(answered: Answered) -> Self {
        Self {
            may_write: answered.denied.is_none(),
            rule: answered.denied.map(|(rule, _)| rule),
            until: answered.denied.map(|(_, until)| until.rfc3339()),
            preset: answered.preset,
        }
    }
}

/// Letters to a company, the newest first; 200 at most.
#[utoipa::path(get, path = "/api/v1/companies/{company}/letters", tag = "letters",
    operation_id = "list_letters_of_company", params(("company" = CompanyId, Path)),
    responses((status = 200, body = json::Many<LetterShown>),
        (status = 404, body = json::Problem)))]
pub async fn of_company(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CompanyId>) -> Answer {
    let mut tx = app.db.read().await?;
    let seen = companies::actions::find_seen(&mut tx, &viewer.scope(), id, app.now()).await?;
    let id = seen.ok_or(Error::NotFound)?.id;
    let found = actions::list_of_company(&mut tx, viewer.org, id).await?;
    json::many(Slice { rows: found.into_iter().map(LetterShown::of).collect(), next: None })
}

/// Asks whether a letter may be sent, before it is; the answer is on record.
#[utoipa::path(post, path = "/api/v1/companies/{company}/letters/admission", tag = "letters",
    operation_id = "ask_for_letter", request_body = LetterSent,
    params(("company" = CompanyId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<AdmissionShown>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn ask(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<LetterSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let new = LetterForm::from(sent.body).read(&viewer.zone, act.now)?;
    json::one(AdmissionShown::of(actions::ask(&act, &viewer, id, &new).await?))
}

/// Records a letter that was sent. What admission forbids is refused with its rule.
#[utoipa::path(post, path = "/api/v1/companies/{company}/letters", tag = "letters",
    operation_id = "record_letter", request_body = LetterSent,
    params(("company" = CompanyId, Path), json::KeyHeader),
    responses((status = 201, body = json::One<LetterMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn record(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<LetterSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let new = LetterForm::from(sent.body).read(&viewer.zone, act.now)?;
    json::made(LetterMade { letter: actions::record(&act, &viewer, id, &new).await? })
}

/// Takes a letter back that was recorded by mistake, within ten minutes.
#[utoipa::path(post, path = "/api/v1/companies/{company}/letters/{letter}/reversal",
    tag = "letters", operation_id = "take_letter_back", request_body = json::Nothing,
    params(("company" = CompanyId, Path), ("letter" = LetterId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<LetterMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn take_back(
    Web(app): Web<App>,
    viewer: Viewer,
    Path((company, letter)): Path<(CompanyId, LetterId)>,
    sent: Sent<json::Nothing>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::take_back(&act, &viewer, (company, letter)).await?;
    json::one(LetterMade { letter })
}
