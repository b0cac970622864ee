//! The base over the API. The same actions as the pages.

mod change;
mod parts;

pub use change::*;
pub use parts::*;

use std::collections::BTreeSet;

use axum::extract::{Path, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Company, Contact, Suppression, actions, sight};
use crate::people::Viewer;
use crate::values::*;
use crate::web::json;
use crate::web::{Answer, App, Cursor, Query, Slice};

/// A company.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyShown {
    /// Its id.
    pub id: CompanyId,
    /// The number people read aloud.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// The name in full.
    pub full_name: Option<String>,
    /// The legal form in its official spelling.
    pub legal_form: Option<String>,
    /// INN, the tax number.
    pub tax_id: Option<String>,
    /// KPP: tells branches of one company apart.
    pub kpp: Option<String>,
    /// OGRN, the number of its registration.
    pub ogrn: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// IANA zone of its working day.
    pub zone: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Where the record came from.
    pub source: Option<String>,
    /// Who leads it.
    pub lead: Option<UserId>,
    /// The file it came with.
    pub import: Option<ImportId>,
    /// Grows with each change.
    pub version: i64,
    /// When it was added, RFC 3339.
    pub made_at: String,
}

/// A company with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyCard {
    /// The company.
    #[serde(flatten)]
    pub company: CompanyShown,
    /// Its numbers; masked for whoever does not work with it now.
    pub phones: Vec<PhoneShown>,
    /// Its mail addresses.
    pub emails: Vec<String>,
    /// Its people, decision makers first.
    pub contacts: Vec<ContactShown>,
    /// The grounds on which it may be contacted.
    pub bases: Vec<BasisShown>,
    /// The ban for which it may not be called, if there is one.
    pub suppression: Option<SuppressionShown>,
    /// Every ban in force over it, its numbers and its people, the oldest first.
    pub suppressions: Vec<SuppressionShown>,
    /// True where the asker may change it.
    pub may_change: bool,
}

/// A number.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhoneShown {
    /// Its id.
    pub id: PhoneId,
    /// The number as it is read; masked where it may not be.
    pub shown: String,
    /// `tel:` with what dials it; null where it is masked.
    pub tel: Option<String>,
    /// Its extension.
    pub extension: Option<String>,
    /// What it is called.
    pub label: String,
    /// `unknown`, `good`, `dummy`, `wrong` or `dead`.
    pub standing: String,
}

/// A person at a company.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactShown {
    /// Their id.
    pub id: ContactId,
    /// Their name.
    pub name: String,
    /// What they do there.
    pub role: Option<String>,
    /// True when they decide about a purchase.
    pub is_decision_maker: bool,
    /// Since when they no longer work there, RFC 3339.
    pub gone_at: Option<String>,
    /// Why.
    pub gone_reason: Option<String>,
    /// Grows with each change.
    pub version: i64,
}

/// A ground for contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct BasisShown {
    /// `public_source`, `legitimate_interest`, `consent` or `contract`.
    pub kind: String,
    /// Where it is documented.
    pub source: String,
    /// When it was noted, RFC 3339.
    pub at: String,
    /// Until when it holds, RFC 3339.
    pub until: Option<String>,
}

/// A ban.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuppressionShown {
    /// Its id.
    pub id: SuppressionId,
    /// `all`, `call` or `letter`.
    pub channel: String,
    /// `asked`, `complaint`, `law`, `our_choice` or `abusive`.
    pub reason: String,
    /// Until when, RFC 3339; null for always.
    pub until: Option<String>,
    /// True where it was stated of this company alone as it was added by hand, since it is called
    /// as one that must not be called: if it is another, a head or the owner lifts it here.
    pub is_by_name: bool,
}

impl SuppressionShown {
    fn of(ban: Suppression, of_namesakes: &BTreeSet<SuppressionId>) -> Self {
        Self {
            is_by_name: of_namesakes.contains(&ban.id),
            id: ban.id,
            channel: ban.channel.code().to_owned(),
            reason: ban.reason.code().to_owned(),
            until: ban.until.map(Instant::rfc3339),
        }
    }
}

fn shown(company: Company) -> CompanyShown {
    CompanyShown {
        id: company.id,
        number: company.number,
        name: company.name,
        full_name: company.full_name,
        legal_form: company.legal_form,
        tax_id: company.tax_id,
        kpp: company.kpp,
        ogrn: company.ogrn,
        city: company.city,
        zone: company.zone,
        address: company.address,
        website: company.website,
        industry: company.industry,
        source: company.source,
        lead: company.lead,
        import: company.import,
        version: company.version,
        made_at: company.made_at.rfc3339(),
    }
}

fn contact(contact: Contact) -> ContactShown {
    ContactShown {
        id: contact.id,
        name: contact.name,
        role: contact.role,
        is_decision_maker: contact.is_decision_maker,
        gone_at: contact.gone_at.map(Instant::rfc3339),
        gone_reason: contact.gone_reason,
        version: contact.version,
    }
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompanyListParams {
    /// Words, digits of a phone, a tax number; a search answers one page without `next`.
    q: Option<String>,
    /// Where the page starts.
    after: Option<String>,
    /// Rows wanted.
    limit: Option<i64>,
}

/// Companies one may know of in order of their names, or those a text may mean.
#[utoipa::path(get, path = "/api/v1/companies", tag = "companies",
    operation_id = "list_companies", params(CompanyListParams),
    responses((status = 200, body = json::Many<CompanyShown>)))]
pub async fn list(
    Web(app): Web<App>,
    viewer: Viewer,
    Query(query): Query<CompanyListParams>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let cursor = Cursor { after: query.after, limit: query.limit };
    let typed = query.q.unwrap_or_default();
    let slice = if typed.trim().is_empty() {
        actions::list(&mut tx, &viewer, &cursor, app.now()).await?
    } else {
        let limit = cursor.limit();
        let rows = actions::find_typed(&mut tx, &viewer, &typed, limit, app.now()).await?;
        Slice { rows, next: None }
    };
    json::many(Slice { rows: slice.rows.into_iter().map(shown).collect(), next: slice.next })
}

/// One company with its numbers, people, grounds and ban. Opening numbers is noted. Of a company
/// that was merged into another, that one is shown.
#[utoipa::path(get, path = "/api/v1/companies/{company}", tag = "companies",
    operation_id = "show_company", params(("company" = CompanyId, Path)),
    responses((status = 200, body = json::One<CompanyCard>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, Path(id): Path<CompanyId>) -> Answer {
    json::one(card(&app, &viewer, id).await?)
}

async fn card(app: &App, viewer: &Viewer, id: CompanyId) -> Outcome<CompanyCard> {
    let (mut tx, now) = (app.db.read().await?, app.now());
    let seen = actions::find_seen(&mut tx, &viewer.scope(), id, now).await?;
    let company = seen.ok_or(Error::NotFound)?;
    let id = company.id;
    let contacts = actions::list_contacts(&mut tx, viewer.org, id).await?;
    let emails = actions::list_emails(&mut tx, viewer.org, id).await?;
    let bases = actions::list_bases(&mut tx, viewer.org, id).await?;
    let all = actions::list_phones(&mut tx, viewer.org, id).await?;
    let ban = actions::find_suppression(&mut tx, viewer.org, id, &all, now).await?;
    let bans = actions::list_bans(&mut tx, viewer.org, id, now).await?;
    let of_namesakes = actions::list_of_namesakes(&mut tx, viewer.org, &bans).await?;
    let may_change =
        company.is_in_base() && actions::may_change(&mut tx, viewer, &company, now).await?;
    drop(tx);
    let phones = sight::open(&viewer.act(app, None), viewer, &company).await?;
    let told = |ban| SuppressionShown::of(ban, &of_namesakes);
    Ok(CompanyCard {
        company: shown(company),
        phones: phones
            .into_iter()
            .map(|phone| PhoneShown {
                id: phone.id,
                shown: phone.shown,
                tel: phone.tel,
                extension: phone.extension,
                label: phone.label,
                standing: phone.standing.code().to_owned(),
            })
            .collect(),
        emails: emails.into_iter().map(|email| email.address).collect(),
        contacts: contacts.into_iter().map(contact).collect(),
        bases: bases
            .into_iter()
            .map(|(basis, at)| BasisShown {
                kind: basis.kind.code().to_owned(),
                source: basis.source,
                at: at.rfc3339(),
                until: basis.until.map(Instant::rfc3339),
            })
            .collect(),
        suppression: ban.map(told),
        suppressions: bans.into_iter().map(told).collect(),
        may_change,
    })
}
