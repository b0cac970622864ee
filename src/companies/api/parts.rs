//! What belongs to a company: numbers, addresses, people, grounds, notes, bans.

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CompanyCard, card};
use crate::companies::Near;
use crate::companies::forms::{ContactForm, read_basis, read_emails, read_phones};
use crate::companies::suppression::{Part, Wanted};
use crate::companies::{NewBasis, NewContact, Note, Standing, actions};
use crate::people::Viewer;
use crate::values::*;
use crate::web::forms::tick;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// Notes answered.
const NOTES: i64 = 100;

/// A note.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteShown {
    /// Its id.
    pub id: AnyId,
    /// Who wrote it.
    pub author: Option<UserId>,
    /// What it says.
    pub text: String,
    /// When, RFC 3339.
    pub made_at: String,
}

fn note(note: Note) -> NoteShown {
    NoteShown { id: note.id, author: note.author, text: note.body, made_at: note.made_at.rfc3339() }
}

/// The newest hundred notes about a company.
#[utoipa::path(get, path = "/api/v1/companies/{company}/notes", tag = "companies",
    operation_id = "list_notes", params(("company" = CompanyId, Path)),
    responses((status = 200, body = json::Many<NoteShown>),
        (status = 404, body = json::Problem)))]
pub async fn notes(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CompanyId>) -> Answer {
    let mut tx = app.db.read().await?;
    let seen = actions::find_seen(&mut tx, &viewer.scope(), id, app.now()).await?;
    let id = seen.ok_or(Error::NotFound)?.id;
    let notes = actions::list_notes(&mut tx, viewer.org, id, NOTES).await?;
    json::many(Slice { rows: notes.into_iter().map(note).collect(), next: None })
}

/// A note to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteSent {
    /// What it says.
    text: String,
}

/// A note that was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoteMade {
    /// Its id.
    id: AnyId,
}

/// Writes a note about a company.
#[utoipa::path(post, path = "/api/v1/companies/{company}/notes", tag = "companies",
    operation_id = "write_note", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = NoteSent,
    responses((status = 201, body = json::One<NoteMade>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn write_note(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<NoteSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    json::made(NoteMade { id: actions::write_note(&act, &viewer, id, &sent.body.text).await? })
}

/// A ban to be stated.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuppressionSent {
    /// `all`, `call` or `letter`.
    channel: String,
    /// `asked`, `complaint`, `law`, `our_choice` or `abusive`.
    reason: String,
    /// Empty for the company; `phone:` or `contact:` with an id for a number or a person of theirs.
    #[serde(default)]
    whom: String,
    /// The last day on which it holds, `2026-12-31`; empty for without an end.
    #[serde(default)]
    until: String,
}

impl SuppressionSent {
    /// What is asked for, understood.
    pub fn read(&self, zone: &Zone, now: Instant) -> Outcome<Wanted> {
        let unknown = |field| Fields::one(field, "unknown-choice");
        let part = match self.whom.split_once(':') {
            None if self.whom.is_empty() => Some(Part::Whole),
            Some(("phone", id)) => id.parse().ok().map(Part::Phone),
            Some(("contact", id)) => id.parse().ok().map(Part::Contact),
            _ => None,
        };
        let until = match self.until.trim() {
            "" => None,
            text => {
                let day = Instant::typed_day(text, zone, now);
                let day = day.map_err(|problem| Fields::one("until", problem.code()))?.day(zone);
                Some(midnight(day.tomorrow().unwrap_or(day), zone))
            }
        };
        Ok(Wanted {
            part: part.ok_or_else(|| unknown("whom"))?,
            channel: self.channel.parse().map_err(|()| unknown("channel"))?,
            reason: self.reason.parse().map_err(|()| unknown("reason"))?,
            until,
        })
    }
}

/// A ban that was stated.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuppressionMade {
    /// Its id.
    pub id: SuppressionId,
}

/// Why a ban is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftingSent {
    /// In a sentence, up to 500 characters.
    why: String,
}

/// Lifts a ban over a company, its numbers or its people; the ban stays on record. For heads and
/// the owner. What the law ordered is never lifted.
#[utoipa::path(post, path = "/api/v1/companies/{company}/suppressions/{suppression}/lifting",
    tag = "companies", operation_id = "lift_suppression", request_body = LiftingSent,
    params(("company" = CompanyId, Path), ("suppression" = SuppressionId, Path), json::KeyHeader),
    responses((status = 200, body = json::One<CompanyCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn lift(
    Web(app): Web<App>,
    viewer: Viewer,
    Path((id, ban)): Path<(CompanyId, SuppressionId)>,
    sent: Sent<LiftingSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    actions::lift(&act, &viewer, (id, ban), &sent.body.why).await?;
    json::one(card(&app, &viewer, id).await?)
}

/// Numbers to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhonesSent {
    /// The numbers, as people write them.
    phones: Vec<String>,
}

/// Adds numbers to a company.
#[utoipa::path(post, path = "/api/v1/companies/{company}/phones", tag = "companies",
    operation_id = "add_phones", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = PhonesSent,
    responses((status = 200, body = json::One<CompanyCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add_phones(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<PhonesSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let mut tx = app.db.read().await?;
    let city = actions::find_city(&mut tx, &viewer, id, app.now()).await?;
    drop(tx);
    let mut wrong = Fields::default();
    let near = Near::of(viewer.country, city.as_deref());
    let phones = read_phones(&sent.body.phones.join("; "), near, &mut wrong);
    if phones.is_empty() {
        wrong.note("phones", "required");
    }
    wrong.into_result()?;
    actions::add_phones(&act, &viewer, id, &phones).await?;
    json::one(card(&app, &viewer, id).await?)
}

/// What became of a number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StandingSent {
    /// `unknown`, `good`, `dummy`, `wrong` or `dead`.
    standing: String,
}

/// Says what became of a number.
#[utoipa::path(post, path = "/api/v1/phones/{phone}/standing", tag = "companies",
    operation_id = "set_phone_standing", params(("phone" = PhoneId, Path), json::KeyHeader),
    request_body = StandingSent,
    responses((status = 200, body = json::One<CompanyCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn set_standing(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<PhoneId>,
    sent: Sent<StandingSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let unknown = |()| Fields::one("standing", "unknown-choice");
    let standing: Standing = sent.body.standing.parse().map_err(unknown)?;
    let company = actions::set_standing(&act, &viewer, id, standing).await?;
    json::one(card(&app, &viewer, company).await?)
}

/// Mail addresses to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmailsSent {
    /// The addresses.
    emails: Vec<String>,
}

/// Adds mail addresses to a company.
#[utoipa::path(post, path = "/api/v1/companies/{company}/emails", tag = "companies",
    operation_id = "add_emails", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = EmailsSent,
    responses((status = 200, body = json::One<CompanyCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add_emails(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<EmailsSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let mut wrong = Fields::default();
    let emails = read_emails(&sent.body.emails.join("; "), &mut wrong);
    if emails.is_empty() {
        wrong.note("emails", "required");
    }
    wrong.into_result()?;
    actions::add_emails(&act, &viewer, id, &emails).await?;
    json::one(card(&app, &viewer, id).await?)
}

/// A person to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactSent {
    /// Their name.
    name: String,
    /// What they do there.
    role: Option<String>,
    /// True when they decide about a purchase.
    #[serde(default)]
    is_decision_maker: bool,
}

impl ContactSent {
    pub(super) fn read(self, wrong: &mut Fields) -> NewContact {
        let form = ContactForm {
            name: self.name,
            role: self.role.unwrap_or_default(),
            ..ContactForm::default()
        };
        let read = form.read(wrong).as_new;
        NewContact { is_decision_maker: self.is_decision_maker, ..read }
    }
}

/// A person that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactMade {
    /// Their id.
    id: ContactId,
}

/// Adds a person to a company.
#[utoipa::path(post, path = "/api/v1/companies/{company}/contacts", tag = "companies",
    operation_id = "add_contact", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = ContactSent,
    responses((status = 201, body = json::One<ContactMade>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add_contact(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<ContactSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let mut wrong = Fields::default();
    let new = sent.body.read(&mut wrong);
    wrong.into_result()?;
    json::made(ContactMade { id: actions::add_contact(&act, &viewer, id, new).await? })
}

/// A person as they are to stand; what is left out is taken away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactChangeSent {
    /// The version that was seen.
    version: i64,
    /// Their name.
    name: String,
    /// What they do there.
    role: Option<String>,
    /// True when they decide about a purchase.
    #[serde(default)]
    is_decision_maker: bool,
    /// True when they no longer work there.
    #[serde(default)]
    is_gone: bool,
    /// Where to and why.
    gone_reason: Option<String>,
}

/// Corrects a person: name, role, whether they decide, whether they still work there.
#[utoipa::path(post, path = "/api/v1/contacts/{contact}", tag = "companies",
    operation_id = "change_contact", params(("contact" = ContactId, Path), json::KeyHeader),
    request_body = ContactChangeSent,
    responses((status = 200, body = json::One<CompanyCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn change_contact(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<ContactId>,
    sent: Sent<ContactChangeSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let body = sent.body;
    let form = ContactForm {
        version: body.version,
        name: body.name,
        role: body.role.unwrap_or_default(),
        decides: tick(body.is_decision_maker),
        gone: tick(body.is_gone),
        gone_reason: body.gone_reason.unwrap_or_default(),
    };
    let mut wrong = Fields::default();
    let change = form.read(&mut wrong);
    wrong.into_result()?;
    let company = actions::change_contact(&act, &viewer, id, change).await?;
    json::one(card(&app, &viewer, company).await?)
}

/// A ground to be noted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BasisSent {
    /// `public_source`, `legitimate_interest`, `consent` or `contract`.
    kind: String,
    /// Where it is documented.
    source: Option<String>,
}

impl BasisSent {
    pub(super) fn read(self, wrong: &mut Fields) -> Option<NewBasis> {
        if self.kind.is_empty() {
            wrong.note("basis_kind", "required");
        }
        read_basis(&self.kind, &self.source.unwrap_or_default(), wrong)
    }
}

/// Notes a ground on which a company may be contacted.
#[utoipa::path(post, path = "/api/v1/companies/{company}/bases", tag = "companies",
    operation_id = "add_basis", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = BasisSent,
    responses((status = 200, body = json::One<CompanyCard>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn add_basis(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<BasisSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let mut wrong = Fields::default();
    let basis = sent.body.read(&mut wrong);
    wrong.into_result()?;
    let basis = basis.ok_or_else(|| Fields::one("basis_kind", "required"))?;
    actions::add_basis(&act, &viewer, id, basis).await?;
    json::one(card(&app, &viewer, id).await?)
}
