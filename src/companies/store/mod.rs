//! Every statement about companies. What belongs to search and to bans has a file of its own.

mod checked;
mod editing;
mod erased;
mod filling;
mod freshness;
mod keys;
mod listing;
mod parts;
mod search;
mod suppressions;
mod ties;

pub(super) use checked::*;
pub(super) use editing::*;
pub use erased::Reachable;
pub(super) use erased::*;
pub(super) use filling::*;
pub(super) use freshness::*;
pub(super) use keys::*;
pub(super) use listing::*;
pub(super) use parts::*;
pub(super) use search::*;
pub(super) use suppressions::*;
pub(super) use ties::*;

use super::*;
use crate::people::{Reach, Scope};
use crate::storage::{Row, Tx, Val};
use crate::vals;

/// A company with everything the application decided about it, ready to be written.
pub(super) struct Stored<'a> {
    pub id: CompanyId,
    pub number: i64,
    pub new: &'a NewCompany,
    pub name_key: String,
    pub legal_form: Option<&'static str>,
    pub zone: Option<&'static str>,
}

pub(super) async fn insert_many(
    tx: &mut Tx,
    org: OrgId,
    all: &[Stored<'_>],
    now: Instant,
) -> Outcome<()> {
    let rows: Vec<Vec<Val>> = all
        .iter()
        .map(|stored| {
            let new = stored.new;
            vals![
                stored.id,
                org,
                stored.number,
                new.name.trim(),
                &new.full_name,
                &stored.name_key,
                stored.legal_form,
                &new.tax_id,
                &new.kpp,
                &new.ogrn,
                &new.city,
                stored.zone,
                &new.address,
                &new.website,
                &new.industry,
                &new.source,
                new.import,
                1,
                now,
                now,
            ]
            .to_vec()
        })
        .collect();
    tx.insert_many(
        "insert into companies (id, org_id, number, name, full_name, name_key, legal_form, tax_id, \
         kpp, ogrn, city, zone, address, website, industry, source, import_id, version, made_at, \
         changed_at) values",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<Option<Company>> {
    tx.maybe(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from companies where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The records that were merged into any of these companies.
pub(super) async fn list_aliases(
    tx: &mut Tx,
    org: OrgId,
    survivors: &[CompanyId],
) -> Outcome<Vec<Company>> {
    let among: Vec<Val> = survivors.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from companies \
         where org_id = $1 and merged_into in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// A company and the records that were merged into it.
pub(super) async fn list_with_aliases(
    tx: &mut Tx,
    org: OrgId,
    id: CompanyId,
) -> Outcome<Vec<Company>> {
    tx.all(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from companies \
         where org_id = $1 and (id = $2 or merged_into = $2)",
        vals![org, id],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The company, where this person may know of it; of one that was merged, its survivor.
pub(super) async fn find_seen(
    tx: &mut Tx,
    scope: &Scope,
    id: CompanyId,
    now: Instant,
) -> Outcome<Option<Company>> {
    tx.maybe(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from companies where org_id = $1 \
         and id = (select coalesce(a.merged_into, a.id) from companies a \
           where a.org_id = $1 and a.id = $2) \
         and ($3 = 'all' or owner_id = $4 \
           or ($3 = 'team' and (owner_id is null or team_id = $5)) \
           or exists (select 1 from sights s where s.org_id = $1 and s.user_id = $4 \
             and s.company_id = companies.id and (s.seen_until is null or s.seen_until > $6)))",
        vals![scope.org, id, scope.reach(), scope.user, scope.team, now],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Which company stands for this one: itself, or its survivor.
pub(super) async fn find_standing(
    tx: &mut Tx,
    org: OrgId,
    id: CompanyId,
) -> Outcome<Option<CompanyId>> {
    tx.maybe(
        "select coalesce(merged_into, id) as id from companies where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .map(|row| row.id("id"))
    .transpose()
}

/// Holds a company against whoever takes it for update; an alias that is written meanwhile, as a
/// further merge of its survivor does, waits for nobody.
pub(super) async fn hold(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<()> {
    tx.maybe(
        "select id from companies where org_id = $1 and id = $2 /*for key share*/",
        vals![org, id],
    )
    .await?;
    Ok(())
}

/// Those of them that the scope may know of now.
pub(super) async fn list_seen(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[CompanyId],
    now: Instant,
) -> Outcome<Vec<CompanyId>> {
    let among: Vec<Val> = ids.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id from companies where org_id = $1 and ($2 = 'all' or owner_id = $3 \
           or ($2 = 'team' and (owner_id is null or team_id = $4)) \
           or exists (select 1 from sights s where s.org_id = $1 and s.user_id = $3 \
             and s.company_id = companies.id and (s.seen_until is null or s.seen_until > $5))) \
         and id in (/*among*/)",
        vals![scope.org, scope.reach(), scope.user, scope.team, now],
        &among,
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

pub(super) async fn find_for_update(
    tx: &mut Tx,
    org: OrgId,
    id: CompanyId,
) -> Outcome<Option<Company>> {
    tx.maybe(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from companies where org_id = $1 and id = $2 /*for update*/",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

pub(super) async fn list_by_ids(
    tx: &mut Tx,
    org: OrgId,
    ids: &[CompanyId],
) -> Outcome<Vec<Company>> {
    let among: Vec<Val> = ids.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from companies where org_id = $1 and id in (/*among*/)",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Companies of a segment in order of id, behind `after`.
pub(super) async fn list_segment(
    tx: &mut Tx,
    org: OrgId,
    segment: &Segment,
    after: Option<CompanyId>,
    limit: i64,
) -> Outcome<Vec<CompanyId>> {
    tx.all(
        "select c.id from companies c where c.org_id = $1 and c.id > $2 \
         and c.removed_at is null and c.merged_into is null \
         and ($3 = '' or c.city = $3) and ($4 = '' or c.industry = $4) \
         and ($5 = '' or c.source = $5) and ($6 = '' or c.import_id = $6) \
         and ($7 = false or c.owner_id is null) \
         and ($8 = false or exists (select 1 from phones p \
           where p.org_id = $1 and p.company_id = c.id)) \
         order by c.id limit $9",
        vals![
            org,
            after.map(|id| id.to_string()).unwrap_or_default(),
            segment.city.as_deref().unwrap_or(""),
            segment.industry.as_deref().unwrap_or(""),
            segment.source.as_deref().unwrap_or(""),
            segment.import.map(|id| id.to_string()).unwrap_or_default(),
            segment.is_free,
            segment.has_phone,
            limit,
        ],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

pub(super) async fn count_segment(tx: &mut Tx, org: OrgId, segment: &Segment) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from companies c where c.org_id = $1 \
         and c.removed_at is null and c.merged_into is null \
         and ($2 = '' or c.city = $2) and ($3 = '' or c.industry = $3) \
         and ($4 = '' or c.source = $4) and ($5 = '' or c.import_id = $5) \
         and ($6 = false or c.owner_id is null) \
         and ($7 = false or exists (select 1 from phones p \
           where p.org_id = $1 and p.company_id = c.id))",
        vals![
            org,
            segment.city.as_deref().unwrap_or(""),
            segment.industry.as_deref().unwrap_or(""),
            segment.source.as_deref().unwrap_or(""),
            segment.import.map(|id| id.to_string()).unwrap_or_default(),
            segment.is_free,
            segment.has_phone,
        ],
    )
    .await?
    .int("n")
}

pub(super) async fn update_lead(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (lead, tier, team): (Option<UserId>, Option<i64>, Option<TeamId>),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update companies set owner_id = $3, owner_tier = $4, team_id = $5, \
         version = version + 1, changed_at = $6 where org_id = $1 and id = $2",
        vals![org, company, lead, tier, team, now],
    )
    .await
}

/// Who keeps a company in sight for good does not lose it by a lease of some minutes.
pub(super) async fn insert_sight(
    tx: &mut Tx,
    (org, company, user): (OrgId, CompanyId, UserId),
    seen_until: Option<Instant>,
    phones_until: Instant,
) -> Outcome<()> {
    tx.run(
        "insert into sights (org_id, company_id, user_id, seen_until, phones_until) \
         values ($1, $2, $3, $4, $5) on conflict (org_id, user_id, company_id) do update \
         set seen_until = case when sights.seen_until is null then null \
           else excluded.seen_until end, phones_until = excluded.phones_until",
        vals![org, company, user, seen_until, phones_until],
    )
    .await?;
    Ok(())
}

pub(super) async fn delete_sight(
    tx: &mut Tx,
    (org, company, user): (OrgId, CompanyId, UserId),
) -> Outcome<u64> {
    tx.run(
        "delete from sights where org_id = $1 and user_id = $3 and company_id = $2 \
         and seen_until is not null",
        vals![org, company, user],
    )
    .await
}

/// What was kept in sight stays so, without its phones.
pub(super) async fn update_phones_taken(
    tx: &mut Tx,
    (org, company, user): (OrgId, CompanyId, UserId),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update sights set phones_until = $4 where org_id = $1 and user_id = $3 \
         and company_id = $2 and seen_until is null and phones_until > $4",
        vals![org, company, user, now],
    )
    .await
}

/// Until when the company's phones are lent to this person.
pub(super) async fn find_phones_until(
    tx: &mut Tx,
    (org, company, user): (OrgId, CompanyId, UserId),
) -> Outcome<Option<Instant>> {
    tx.maybe(
        "select phones_until from sights where org_id = $1 and user_id = $3 and company_id = $2",
        vals![org, company, user],
    )
    .await?
    .map(|row| row.at("phones_until"))
    .transpose()
}

pub(super) fn read(row: &Row) -> Outcome<Company> {
    Ok(Company {
        id: row.id("id")?,
        number: row.int("number")?,
        name: row.text("name")?,
        full_name: row.opt_text("full_name")?,
        legal_form: row.opt_text("legal_form")?,
        tax_id: row.opt_text("tax_id")?,
        kpp: row.opt_text("kpp")?,
        ogrn: row.opt_text("ogrn")?,
        city: row.opt_text("city")?,
        zone: row.opt_text("zone")?,
        address: row.opt_text("address")?,
        website: row.opt_text("website")?,
        industry: row.opt_text("industry")?,
        source: row.opt_text("source")?,
        lead: row.opt_id("owner_id")?,
        lead_tier: row.opt_int("owner_tier")?,
        team: row.opt_id("team_id")?,
        import: row.opt_id("import_id")?,
        merged_into: row.opt_id("merged_into")?,
        removed_at: row.opt_at("removed_at")?,
        version: row.int("version")?,
        made_at: row.at("made_at")?,
    })
}
