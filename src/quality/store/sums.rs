//! Statements about what scores add up to: the records behind a figure, sums, their history.

use std::collections::BTreeMap;

use super::read_parts;
use crate::people::Scope;
use crate::quality::{Part, ScopeKind, Total};
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// A record behind a figure.
#[derive(Debug, Clone)]
pub struct Behind {
    /// The company.
    pub company: CompanyId,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its town.
    pub city: Option<String>,
    /// Where it came from.
    pub source: String,
    /// Its score, in thousandths.
    pub score: i64,
    /// The part asked for, in thousandths.
    pub part: i64,
}

/// The records of a scope by a part, the worst first: $1 the firm, $2 and $3 the place behind which
/// they stand, $4 and $5 the source and the file (empty for any), $6 the campaign (empty for any),
/// $7 to $9 who asks, $10 how many.
macro_rules! behind {
    ($part:literal) => {
        concat!(
            "select s.company_id, c.number, c.name, c.city, s.source, s.score, s.",
            $part,
            " as part from company_scores s join companies c on c.id = s.company_id \
             where s.org_id = $1 and (s.",
            $part,
            ", s.company_id) > ($2, $3) and ($4 = '' or s.source = $4) \
             and ($5 = '' or s.import_id = $5) and ($6 = '' or exists (select 1 from leads l \
               where l.org_id = $1 and l.campaign_id = $6 and l.company_id = s.company_id)) \
             and ($7 = 'all' or c.owner_id is null or c.owner_id = $8 or c.team_id = $9) \
             and c.removed_at is null and c.merged_into is null order by s.",
            $part,
            ", s.company_id limit $10"
        )
    };
}

pub async fn list_behind(
    tx: &mut Tx,
    scope: &Scope,
    (part, kind, key): (Option<Part>, ScopeKind, &str),
    (value, after): (i64, &str),
    limit: i64,
) -> Outcome<Vec<Behind>> {
    let text = match part {
        None => behind!("score"),
        Some(Part::Completeness) => behind!("completeness"),
        Some(Part::Validity) => behind!("validity"),
        Some(Part::Uniqueness) => behind!("uniqueness"),
        Some(Part::Freshness) => behind!("freshness"),
        Some(Part::Contactability) => behind!("contactability"),
        Some(Part::DecisionMaker) => behind!("decision_maker"),
    };
    let only = |wanted: ScopeKind| if kind == wanted { key } else { "" };
    let values = vals![
        scope.org,
        value,
        after,
        only(ScopeKind::Source),
        only(ScopeKind::Import),
        only(ScopeKind::Campaign),
        scope.reach(),
        scope.user,
        scope.team,
        limit,
    ];
    tx.all(text, values)
        .await?
        .iter()
        .map(|row| {
            Ok(Behind {
                company: row.id("company_id")?,
                number: row.int("number")?,
                name: row.text("name")?,
                city: row.opt_text("city")?,
                source: row.text("source")?,
                score: row.int("score")?,
                part: row.int("part")?,
            })
        })
        .collect()
}

/// What a sum is made of.
macro_rules! sums {
    () => {
        "count(*) as companies, cast(sum(s.score) as bigint) as score, \
         cast(sum(s.completeness) as bigint) as completeness, \
         cast(sum(s.validity) as bigint) as validity, \
         cast(sum(s.uniqueness) as bigint) as uniqueness, \
         cast(sum(s.freshness) as bigint) as freshness, \
         cast(sum(s.contactability) as bigint) as contactability, \
         cast(sum(s.decision_maker) as bigint) as decision_maker from company_scores s "
    };
}

/// The sums over the base and everything in it, computed now. The base is read once: what came
/// from one source by one file is added up by itself, and these sums are added.
pub async fn list_sums(tx: &mut Tx, org: OrgId, day: &str) -> Outcome<Vec<Total>> {
    let text = concat!(
        "select s.source, s.import_id, '' as scope_key, ",
        sums!(),
        "where s.org_id = $1 group by s.source, s.import_id"
    );
    let mut all: BTreeMap<(&str, String), Total> = BTreeMap::new();
    for row in tx.all(text, vals![org]).await? {
        let part = read_total(&row, ScopeKind::Base, (day.to_owned(), String::new()))?;
        let (source, import) = (row.text("source")?, row.text("import_id")?);
        let scopes = [(ScopeKind::Source, source), (ScopeKind::Import, import)];
        let scopes = scopes.into_iter().filter(|(_, key)| !key.is_empty());
        for (kind, key) in scopes.chain([(ScopeKind::Base, String::new())]) {
            let part = Total { kind, key: key.clone(), ..part.clone() };
            let sum = all.entry((kind.code(), key));
            sum.and_modify(|sum| sum.add(&part)).or_insert(part);
        }
    }
    let mut all: Vec<Total> = all.into_values().collect();
    let text = concat!(
        "select l.campaign_id as scope_key, ",
        sums!(),
        "join leads l on l.company_id = s.company_id \
         where s.org_id = $1 and l.org_id = $1 group by l.campaign_id"
    );
    for row in tx.all(text, vals![org]).await? {
        all.push(read_total(&row, ScopeKind::Campaign, (day.to_owned(), String::new()))?);
    }
    Ok(all)
}

fn read_total(row: &Row, kind: ScopeKind, (day, label): (String, String)) -> Outcome<Total> {
    Ok(Total {
        kind,
        key: row.text("scope_key")?,
        label,
        day,
        companies: row.int("companies")?,
        score: row.int("score")?,
        parts: read_parts(row)?,
    })
}

/// Keeps the sums of a day in place of those kept before.
pub async fn insert_days(tx: &mut Tx, org: OrgId, day: &str, totals: &[Total]) -> Outcome<()> {
    tx.run("delete from score_days where org_id = $1 and day = $2", vals![org, day]).await?;
    let rows: Vec<Vec<Val>> = totals
        .iter()
        .map(|total| {
            let (kind, key) = (total.kind.code(), &total.key);
            let mut row = vals![org, kind, key, day, total.companies, total.score].to_vec();
            row.extend(total.parts.map(Val::from));
            row
        })
        .collect();
    tx.insert_many(
        "insert into score_days (org_id, scope, scope_key, day, companies, score, completeness, \
         validity, uniqueness, freshness, contactability, decision_maker) values",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

/// The last day that has sums.
pub async fn find_last_day(tx: &mut Tx, org: OrgId) -> Outcome<Option<String>> {
    tx.maybe(
        "select day from score_days where org_id = $1 and scope = 'base' and scope_key = '' \
         order by day desc limit 1",
        vals![org],
    )
    .await?
    .map(|row| row.text("day"))
    .transpose()
}

/// The sums of a day over everything of a kind, the largest first.
pub async fn list_totals(
    tx: &mut Tx,
    org: OrgId,
    (kind, day): (ScopeKind, &str),
    limit: i64,
) -> Outcome<Vec<Total>> {
    tx.all(
        "select d.scope_key, d.companies, d.score, d.completeness, d.validity, d.uniqueness, \
         d.freshness, d.contactability, d.decision_maker, \
         coalesce(g.name, i.file_name, d.scope_key) as label from score_days d \
         left join campaigns g on d.scope = 'campaign' and g.id = d.scope_key \
         left join imports i on d.scope = 'import' and i.id = d.scope_key \
         where d.org_id = $1 and d.scope = $2 and d.day = $3 \
         order by d.companies desc, d.scope_key limit $4",
        vals![org, kind.code(), day, limit],
    )
    .await?
    .iter()
    .map(|row| read_total(row, kind, (day.to_owned(), row.text("label")?)))
    .collect()
}

/// The newest days of a scope, oldest first.
pub async fn list_days(
    tx: &mut Tx,
    org: OrgId,
    (kind, key): (ScopeKind, &str),
    limit: i64,
) -> Outcome<Vec<Total>> {
    let mut days: Vec<Total> = tx
        .all(
            "select scope_key, day, companies, score, completeness, validity, uniqueness, \
             freshness, contactability, decision_maker from score_days where org_id = $1 \
             and scope = $2 and scope_key = $3 order by day desc limit $4",
            vals![org, kind.code(), key, limit],
        )
        .await?
        .iter()
        .map(|row| read_total(row, kind, (row.text("day")?, String::new())))
        .collect::<Outcome<_>>()?;
    days.reverse();
    Ok(days)
}
