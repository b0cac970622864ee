//! Companies added and corrected.

use std::collections::BTreeMap;

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parts::{BasisSent, ContactSent};
use super::{SuppressionShown, card};
use crate::companies::Near;
use crate::companies::alike::{Alike, Remark};
use crate::companies::forms::{Card, read_emails, read_phones};
use crate::companies::{NewCompany, actions};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json::{self, Sent};
use crate::web::{Answer, App, Slice};

/// A company to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanySent {
    /// What it is called.
    name: String,
    /// The name in full.
    full_name: Option<String>,
    /// INN, the tax number.
    tax_id: Option<String>,
    /// KPP: tells branches of one company apart.
    kpp: Option<String>,
    /// OGRN, the number of its registration.
    ogrn: Option<String>,
    /// Town.
    city: Option<String>,
    /// Postal address.
    address: Option<String>,
    /// Site.
    website: Option<String>,
    /// What it does.
    industry: Option<String>,
    /// Where the record comes from.
    source: Option<String>,
    /// Its numbers, as people write them.
    #[serde(default)]
    phones: Vec<String>,
    /// Its mail addresses.
    #[serde(default)]
    emails: Vec<String>,
    /// Its people.
    #[serde(default)]
    contacts: Vec<ContactSent>,
    /// The ground on which it may be contacted.
    basis: Option<BasisSent>,
    /// True to add it though the base seems to have it already.
    #[serde(default)]
    anyway: bool,
}

impl CompanySent {
    fn read(self, home: Country) -> Outcome<NewCompany> {
        let mut wrong = Fields::default();
        let text = Option::unwrap_or_default;
        let card = Card {
            name: self.name,
            full_name: text(self.full_name),
            tax_id: text(self.tax_id),
            kpp: text(self.kpp),
            ogrn: text(self.ogrn),
            city: text(self.city),
            address: text(self.address),
            website: text(self.website),
            industry: text(self.industry),
            source: text(self.source),
        };
        let details = card.read(&mut wrong);
        let near = Near::of(home, details.city.as_deref());
        let phones = read_phones(&self.phones.join("; "), near, &mut wrong);
        let emails = read_emails(&self.emails.join("; "), &mut wrong);
        let contacts = self.contacts.into_iter().map(|one| one.read(&mut wrong)).collect();
        let basis = self.basis.and_then(|one| one.read(&mut wrong));
        wrong.into_result()?;
        Ok(NewCompany { phones, emails, contacts, basis, ..NewCompany::from(details) })
    }
}

/// A company that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyMade {
    /// Its id.
    id: CompanyId,
    /// The bans in force over it, its numbers and its people, the oldest first.
    suppressions: Vec<SuppressionShown>,
}

/// Adds a company. Where the base seems to have it the answer is `company-alike` with the names of
/// those the asker may know of; `anyway` adds it all the same. One that is called as a company that
/// must not be called stands under a ban of its own, which `suppressions` tells.
#[utoipa::path(post, path = "/api/v1/companies", tag = "companies",
    operation_id = "add_company", params(json::KeyHeader), request_body = CompanySent,
    responses((status = 201, body = json::One<CompanyMade>), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn add(Web(app): Web<App>, viewer: Viewer, sent: Sent<CompanySent>) -> Answer {
    let act = viewer.act(&app, sent.key);
    let anyway = sent.body.anyway;
    let id = actions::add(&act, &viewer, sent.body.read(viewer.country)?, anyway).await?;
    let mut tx = app.db.read().await?;
    let bans = actions::list_bans(&mut tx, viewer.org, id, app.now()).await?;
    let of_namesakes = actions::list_of_namesakes(&mut tx, viewer.org, &bans).await?;
    let told = |ban| SuppressionShown::of(ban, &of_namesakes);
    json::made(CompanyMade { id, suppressions: bans.into_iter().map(told).collect() })
}

/// A company of the base that a new one may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlikeShown {
    /// Its id.
    id: CompanyId,
    /// The number people read aloud.
    number: i64,
    /// What it is called.
    name: String,
    /// INN, the tax number.
    tax_id: Option<String>,
    /// Town.
    city: Option<String>,
    /// How sure it is: `certain`, `likely` or `weak`.
    strength: String,
    /// Why.
    reasons: Vec<AlikeReason>,
}

impl AlikeShown {
    fn of(alike: Alike) -> Self {
        let company = alike.known.company;
        Self {
            id: company.id,
            number: company.number,
            name: company.name,
            tax_id: company.tax_id,
            city: company.city,
            strength: alike.strength.code().to_owned(),
            reasons: alike.reasons.into_iter().map(AlikeReason::of).collect(),
        }
    }
}

/// Why a company may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlikeReason {
    /// A stable code, as `same_tax_id` or `shared_phone`.
    code: String,
    /// What it is about, by name, as the `phone` that is shared.
    args: BTreeMap<String, String>,
}

impl AlikeReason {
    fn of(remark: Remark) -> Self {
        Self { code: remark.code, args: remark.args }
    }
}

/// Asks which companies of the base a new one may be: the body is that by which it would be added,
/// `anyway` says nothing here. Only those are told that the asker may know of. Changes nothing.
#[utoipa::path(post, path = "/api/v1/companies/alike", tag = "companies",
    operation_id = "list_alike_companies", params(json::KeyHeader), request_body = CompanySent,
    responses((status = 200, body = json::Many<AlikeShown>),
        (status = 422, body = json::Problem)))]
pub async fn ask(Web(app): Web<App>, viewer: Viewer, sent: Sent<CompanySent>) -> Answer {
    let new = sent.body.read(viewer.country)?;
    let mut tx = app.db.read().await?;
    let seen = actions::list_alike_seen(&mut tx, &viewer, &new, app.now()).await?;
    json::many(Slice { rows: seen.into_iter().map(AlikeShown::of).collect(), next: None })
}

/// The facts of a company as they are to stand; one that is left out is taken away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSent {
    /// The version that was seen.
    version: i64,
    /// What it is called.
    name: String,
    /// The name in full.
    full_name: Option<String>,
    /// INN, the tax number.
    tax_id: Option<String>,
    /// KPP: tells branches of one company apart.
    kpp: Option<String>,
    /// OGRN, the number of its registration.
    ogrn: Option<String>,
    /// Town.
    city: Option<String>,
    /// Postal address.
    address: Option<String>,
    /// Site.
    website: Option<String>,
    /// What it does.
    industry: Option<String>,
    /// Where the record came from.
    source: Option<String>,
}

/// Corrects the facts of a company.
#[utoipa::path(post, path = "/api/v1/companies/{company}", tag = "companies",
    operation_id = "change_company", params(("company" = CompanyId, Path), json::KeyHeader),
    request_body = ChangeSent,
    responses((status = 200, body = json::One<super::CompanyCard>),
        (status = 404, body = json::Problem), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn change(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CompanyId>,
    sent: Sent<ChangeSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let (body, text) = (sent.body, Option::unwrap_or_default);
    let typed = Card {
        name: body.name,
        full_name: text(body.full_name),
        tax_id: text(body.tax_id),
        kpp: text(body.kpp),
        ogrn: text(body.ogrn),
        city: text(body.city),
        address: text(body.address),
        website: text(body.website),
        industry: text(body.industry),
        source: text(body.source),
    };
    let mut wrong = Fields::default();
    let details = typed.read(&mut wrong);
    wrong.into_result()?;
    actions::change(&act, &viewer, id, body.version, details).await?;
    json::one(card(&app, &viewer, id).await?)
}
