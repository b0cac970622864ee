//! Statements about search terms.

use std::collections::HashSet;

use crate::companies::search::ASKED_MAX;
use crate::companies::{Company, CompanyId};
use crate::people::{Reach, Scope};
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// Companies looked at for one question before they are put in order.
const LOOKED_AT_MAX: i64 = 400;

pub async fn insert_terms(tx: &mut Tx, org: OrgId, terms: &[(CompanyId, String)]) -> Outcome<()> {
    let rows: Vec<Vec<Val>> =
        terms.iter().map(|(company, term)| vals![org, term, *company].to_vec()).collect();
    tx.insert_many(
        "insert into search_terms (org_id, term, company_id) values",
        &rows,
        "on conflict (org_id, term, company_id) do nothing",
    )
    .await?;
    Ok(())
}

pub async fn delete_terms(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<u64> {
    tx.run("delete from search_terms where org_id = $1 and company_id = $2", vals![org, company])
        .await
}

/// How many places in the list of terms a beginning takes, counted no further than `most`.
async fn count_begun(tx: &mut Tx, org: OrgId, term: &str, most: i64) -> Outcome<i64> {
    tx.one(
        "select count(*) as n from (select 1 from search_terms \
         where org_id = $1 and term >= $2 and term < $3 limit $4) as few",
        vals![org, term, after(term), most],
    )
    .await?
    .int("n")
}

/// Companies that have a term for each of these beginnings, in order of their names.
///
/// The rarest beginning leads; the others are looked up for each company it gives.
pub async fn list_found(
    tx: &mut Tx,
    scope: &Scope,
    beginnings: &[String],
    limit: i64,
    now: Instant,
) -> Outcome<Vec<Company>> {
    let mut ranked = Vec::new();
    for term in beginnings.iter().take(ASKED_MAX) {
        ranked.push((count_begun(tx, scope.org, term, 5_000).await?, term.as_str()));
    }
    ranked.sort();
    let Some((_, first)) = ranked.first().copied() else { return Ok(Vec::new()) };
    let other = |place: usize| ranked.get(place).map_or("", |(_, term)| *term);
    let (second, third, fourth) = (other(1), other(2), other(3));
    let mut values = vec![Val::from(scope.org)];
    for term in [first, second, third, fourth] {
        values.push(Val::from(term));
        values.push(Val::from(after(term)));
    }
    let rows = if scope.reach == Reach::Own {
        values.extend_from_slice(vals![scope.user, now, limit]);
        list_own_found(tx, &values).await?
    } else {
        values.extend_from_slice(vals![
            scope.reach(),
            scope.user,
            scope.team,
            now,
            LOOKED_AT_MAX,
            limit
        ]);
        list_base_found(tx, &values).await?
    };
    rows.iter().map(super::read).collect()
}

/// In the whole base, or all of it but what other teams lead: from the rarest beginning to the
/// companies (`cross join` keeps that order).
async fn list_base_found(tx: &mut Tx, values: &[Val]) -> Outcome<Vec<Row>> {
    tx.all(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from (select distinct company_id from ( \
           select t.company_id from search_terms t \
           where t.org_id = $1 and t.term >= $2 and t.term < $3 \
           and ($4 = '' or exists (select 1 from search_terms o where o.org_id = $1 \
             and o.company_id = t.company_id and o.term >= $4 and o.term < $5)) \
           and ($6 = '' or exists (select 1 from search_terms o where o.org_id = $1 \
             and o.company_id = t.company_id and o.term >= $6 and o.term < $7)) \
           and ($8 = '' or exists (select 1 from search_terms o where o.org_id = $1 \
             and o.company_id = t.company_id and o.term >= $8 and o.term < $9)) \
           and ($10 = 'all' or exists (select 1 from companies v where v.id = t.company_id \
             and (v.owner_id = $11 or v.owner_id is null or v.team_id = $12)) \
             or exists (select 1 from sights s where s.org_id = $1 and s.user_id = $11 \
               and s.company_id = t.company_id and (s.seen_until is null or s.seen_until > $13))) \
           order by t.term, t.company_id limit $14) looked) found \
         cross join companies c \
         where c.id = found.company_id and c.removed_at is null and c.merged_into is null \
         order by c.name_key, c.id limit $15",
        values,
    )
    .await
}

/// Among a person's own companies, which are few: each is asked for the beginnings.
async fn list_own_found(tx: &mut Tx, values: &[Val]) -> Outcome<Vec<Row>> {
    tx.all(
        "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, address, \
         website, industry, source, owner_id, owner_tier, team_id, import_id, merged_into, \
         removed_at, version, made_at from (select o.id as own_id from companies o \
           where o.org_id = $1 and o.owner_id = $10 \
           union select s.company_id from sights s where s.org_id = $1 and s.user_id = $10 \
           and (s.seen_until is null or s.seen_until > $11)) own \
         cross join companies c \
         where c.id = own.own_id and c.removed_at is null and c.merged_into is null \
         and exists (select 1 from search_terms t where t.org_id = $1 \
           and t.company_id = c.id and t.term >= $2 and t.term < $3) \
         and ($4 = '' or exists (select 1 from search_terms t where t.org_id = $1 \
           and t.company_id = c.id and t.term >= $4 and t.term < $5)) \
         and ($6 = '' or exists (select 1 from search_terms t where t.org_id = $1 \
           and t.company_id = c.id and t.term >= $6 and t.term < $7)) \
         and ($8 = '' or exists (select 1 from search_terms t where t.org_id = $1 \
           and t.company_id = c.id and t.term >= $8 and t.term < $9)) \
         order by c.name_key, c.id limit $12",
        values,
    )
    .await
}

/// Companies whose phones are lent to a person now.
pub async fn list_lent(
    tx: &mut Tx,
    (org, user): (OrgId, UserId),
    now: Instant,
) -> Outcome<HashSet<CompanyId>> {
    tx.all(
        "select company_id from sights where org_id = $1 and user_id = $2 and phones_until > $3",
        vals![org, user, now],
    )
    .await?
    .iter()
    .map(|row| row.id("company_id"))
    .collect()
}

/// The end of the range of texts that begin so.
fn after(beginning: &str) -> String {
    format!("{beginning}\u{10ffff}")
}
