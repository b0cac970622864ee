//! Statements that read what a report holds.

mod late;

pub(super) use late::*;

use std::collections::BTreeMap;

use super::ReportOf;
use crate::people::{Reach, Scope};
use crate::storage::{Row, Tx, Val};
use crate::vals;
use crate::values::*;

/// Companies that rows of a file are, whether it brought them or the base had them; of one that was
/// merged since it is the survivor. As far as the asker may know of them: $1 the firm, $2 the file,
/// $3 to $5 who asks.
macro_rules! brought {
    () => {
        "c.org_id = $1 and c.id in (select coalesce(a.merged_into, a.id) from import_rows r \
         join companies a on a.id = r.company_id where r.org_id = $1 and r.import_id = $2) \
         and ($3 = 'all' or c.owner_id = $4 \
         or ($3 = 'team' and (c.owner_id is null or c.team_id = $5))) "
    };
}

/// From when on something counts for a file: since its rows were written. What a company that was
/// merged into one of them had before is not the file's.
macro_rules! since {
    () => {
        "(select coalesce(i.committed_at, 0) from imports i where i.org_id = $1 and i.id = $2) "
    };
}

/// The work that is known to be about a file: rounds, and campaigns over this very file. What
/// another campaign hears of the same companies is other work.
macro_rules! about_file {
    () => {
        "(select g.id from campaigns g where g.org_id = $1 and (g.purpose = 'actualisation' \
         or g.segment like '%\"import\":\"' || $2 || '\"%')) "
    };
}

/// Checks of a round: $1 the firm, $2 the round.
macro_rules! checks_of_round {
    () => {
        "from verifications v join companies c on c.id = v.company_id \
         left join check_values x on x.verification_id = v.id \
         where v.org_id = $1 and v.campaign_id = $2 and not exists (select 1 \
           from check_reversals r where r.verification_id = v.id) "
    };
}

/// Checks of the companies of a file since it was brought, whoever made them.
macro_rules! checks_of_file {
    () => {
        concat!(
            "from companies c join companies own on own.org_id = $1 \
               and (own.id = c.id or own.merged_into = c.id) \
             join verifications v on v.company_id = own.id and v.org_id = $1 \
             left join check_values x on x.verification_id = v.id where ",
            brought!(),
            "and v.made_at >= ",
            since!(),
            "and not exists (select 1 from check_reversals r where r.verification_id = v.id) "
        )
    };
}

/// Refusals of a round.
macro_rules! refused_of_round {
    () => {
        "from calls k join companies c on c.id = k.company_id \
         where k.org_id = $1 and k.campaign_id = $2 and k.reversed_at is null \
         and k.meaning in ('refusal', 'do_not_call') "
    };
}

/// Refusals of the companies of a file.
macro_rules! refused_of_file {
    () => {
        concat!(
            "from companies c join calls k on k.company_id = c.id and k.org_id = $1 where ",
            brought!(),
            "and k.at >= ",
            since!(),
            "and k.campaign_id in ",
            about_file!(),
            "and k.reversed_at is null and k.meaning in ('refusal', 'do_not_call') "
        )
    };
}

/// Meetings of a round.
macro_rules! met_of_round {
    () => {
        "from meetings m join companies c on c.id = m.company_id \
         where m.org_id = $1 and m.campaign_id = $2 "
    };
}

/// Meetings of the companies of a file.
macro_rules! met_of_file {
    () => {
        concat!(
            "from companies c join meetings m on m.company_id = c.id and m.org_id = $1 where ",
            brought!(),
            "and m.made_at >= ",
            since!(),
            "and m.campaign_id in ",
            about_file!()
        )
    };
}

/// Of a round whoever ordered it is shown the companies that answered in it or that it checked:
/// what is known of the others is not the round's. $1 the firm, $2 the round, $3 who asks.
macro_rules! answered {
    () => {
        "and ($3 <> 'own' or exists (select 1 from calls k where k.org_id = $1 \
           and k.company_id = c.id and k.campaign_id = $2 and k.reversed_at is null \
           and k.meaning <> 'not_reached') or exists (select 1 from verifications v \
           where v.org_id = $1 and v.campaign_id = $2 and v.company_id in (select a.id \
             from companies a where a.org_id = $1 and (a.id = c.id or a.merged_into = c.id)) \
           and not exists (select 1 from check_reversals r where r.verification_id = v.id))) "
    };
}

/// Companies of a report behind an id, each with where its lead stands. A head is shown as they
/// stand today only those of the round that they may know of today; who ordered it, those that
/// answered in it.
pub(super) async fn list_companies(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    after: &str,
    limit: i64,
) -> Outcome<Vec<(CompanyId, String)>> {
    let org = scope.org;
    let rows = match of {
        ReportOf::Round(id) => {
            tx.all(
                concat!(
                    "select c.id, coalesce(l.closed_reason, l.state) as place from leads l \
                     join companies c on c.id = l.company_id where c.org_id = $1 \
                     and l.campaign_id = $2 and ($3 <> 'team' or c.owner_id is null \
                       or c.owner_id = $4 or c.team_id = $5) ",
                    answered!(),
                    "and l.company_id > $6 order by l.company_id limit $7"
                ),
                vals![org, id, scope.reach(), scope.user, scope.team, after, limit],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.all(
                concat!(
                    "select c.id, '' as place from companies c where ",
                    brought!(),
                    "and c.removed_at is null and c.merged_into is null \
                     and c.id > $6 order by c.id limit $7"
                ),
                vals![org, id, scope.reach(), scope.user, scope.team, after, limit],
            )
            .await?
        }
    };
    rows.iter().map(|row| Ok((row.id("id")?, row.text("place")?))).collect()
}

/// How many companies a report holds.
pub(super) async fn count_companies(tx: &mut Tx, scope: &Scope, of: ReportOf) -> Outcome<i64> {
    let org = scope.org;
    let row = match of {
        ReportOf::Round(id) if scope.reach != Reach::Own => {
            tx.one(
                "select count(*) as n from leads where org_id = $1 and campaign_id = $2",
                vals![org, id],
            )
            .await?
        }
        ReportOf::Round(id) => {
            tx.one(
                concat!(
                    "select count(*) as n from leads l join companies c on c.id = l.company_id \
                     where l.org_id = $1 and l.campaign_id = $2 ",
                    answered!()
                ),
                vals![org, id, scope.reach()],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.one(
                concat!(
                    "select count(*) as n from companies c where ",
                    brought!(),
                    "and c.removed_at is null and c.merged_into is null"
                ),
                vals![org, id, scope.reach(), scope.user, scope.team],
            )
            .await?
        }
    };
    row.int("n")
}

/// A check as a report tells it.
pub(super) struct Check {
    pub number: i64,
    pub company: String,
    pub field: String,
    pub finding: String,
    pub source: String,
    pub note: String,
    pub old: String,
    pub new: String,
    pub actor: Option<UserId>,
    pub at: Instant,
}

impl Check {
    /// True where the value is as we had it.
    pub fn is_confirmed(&self) -> bool {
        self.finding == "confirmed" && self.new.is_empty()
    }
}

/// The first checks of a report, at most so many.
pub(super) async fn list_checks(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    limit: i64,
) -> Outcome<Vec<Check>> {
    let rows = match of {
        ReportOf::Round(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, v.field, v.result, v.source, x.note, x.old_value, \
                     x.new_value, v.actor_id, v.made_at ",
                    checks_of_round!(),
                    "order by v.made_at, v.id limit $3"
                ),
                vals![scope.org, id, limit],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, v.field, v.result, v.source, x.note, x.old_value, \
                     x.new_value, v.actor_id, v.made_at ",
                    checks_of_file!(),
                    "order by v.made_at, v.id limit $6"
                ),
                vals![scope.org, id, scope.reach(), scope.user, scope.team, limit],
            )
            .await?
        }
    };
    rows.iter()
        .map(|row| {
            Ok(Check {
                number: row.int("number")?,
                company: row.text("name")?,
                field: row.text("field")?,
                finding: row.text("result")?,
                source: row.text("source")?,
                note: row.opt_text("note")?.unwrap_or_default(),
                old: row.opt_text("old_value")?.unwrap_or_default(),
                new: row.opt_text("new_value")?.unwrap_or_default(),
                actor: row.opt_id("actor_id")?,
                at: row.at("made_at")?,
            })
        })
        .collect()
}

/// When each of these companies was checked last; of a round within it.
pub(super) async fn list_last_checks(
    tx: &mut Tx,
    org: OrgId,
    of: ReportOf,
    companies: &[CompanyId],
) -> Outcome<BTreeMap<CompanyId, Instant>> {
    let round = match of {
        ReportOf::Round(id) => id.to_string(),
        ReportOf::Import(_) => String::new(),
    };
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select v.company_id, max(v.made_at) as at from verifications v \
         where v.org_id = $1 and ($2 = '' or v.campaign_id = $2) and not exists (select 1 \
           from check_reversals r where r.verification_id = v.id) \
         and v.company_id in (/*among*/) group by v.company_id",
        vals![org, round],
        &among,
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("company_id")?, row.at("at")?)))
    .collect()
}

/// A call that was refused, and why.
pub(super) struct Refused {
    pub number: i64,
    pub company: String,
    pub meaning: String,
    pub reason: String,
    pub note: String,
    pub caller: Option<UserId>,
    pub at: Instant,
}

/// The first refusals of a report, at most so many.
pub(super) async fn list_refused(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    limit: i64,
) -> Outcome<Vec<Refused>> {
    let rows = match of {
        ReportOf::Round(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, k.meaning, k.reason, k.note, k.caller_id, k.at ",
                    refused_of_round!(),
                    "order by k.at, k.id limit $3"
                ),
                vals![scope.org, id, limit],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, k.meaning, k.reason, k.note, k.caller_id, k.at ",
                    refused_of_file!(),
                    "order by k.at, k.id limit $6"
                ),
                vals![scope.org, id, scope.reach(), scope.user, scope.team, limit],
            )
            .await?
        }
    };
    rows.iter()
        .map(|row| {
            Ok(Refused {
                number: row.int("number")?,
                company: row.text("name")?,
                meaning: row.text("meaning")?,
                reason: row.opt_text("reason")?.unwrap_or_default(),
                note: row.text("note")?,
                caller: row.opt_id("caller_id")?,
                at: row.at("at")?,
            })
        })
        .collect()
}

/// A meeting that came of it.
pub(super) struct Met {
    pub number: i64,
    pub company: String,
    pub at: Instant,
    pub place: String,
    pub state: String,
    pub booker: Option<UserId>,
}

/// The first meetings of a report, at most so many.
pub(super) async fn list_met(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
    limit: i64,
) -> Outcome<Vec<Met>> {
    let rows = match of {
        ReportOf::Round(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, m.starts_at, m.place, m.state, m.booker_id ",
                    met_of_round!(),
                    "order by m.starts_at, m.id limit $3"
                ),
                vals![scope.org, id, limit],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, m.starts_at, m.place, m.state, m.booker_id ",
                    met_of_file!(),
                    "order by m.starts_at, m.id limit $6"
                ),
                vals![scope.org, id, scope.reach(), scope.user, scope.team, limit],
            )
            .await?
        }
    };
    rows.iter().map(read_met).collect()
}

fn read_met(row: &Row) -> Outcome<Met> {
    Ok(Met {
        number: row.int("number")?,
        company: row.text("name")?,
        at: row.at("starts_at")?,
        place: row.text("place")?,
        state: row.text("state")?,
        booker: row.opt_id("booker_id")?,
    })
}

/// How much a report holds, whatever of it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Extent {
    /// Checks by what they found.
    pub findings: BTreeMap<String, i64>,
    pub companies: i64,
    pub checked: i64,
    pub refused: i64,
    pub met: i64,
}

impl Extent {
    /// Rows in all.
    pub fn row_count(&self) -> i64 {
        self.findings.values().sum::<i64>() + self.companies + self.refused + self.met
    }
}

/// How much a report holds.
pub(super) async fn find_extent(tx: &mut Tx, scope: &Scope, of: ReportOf) -> Outcome<Extent> {
    let companies = count_companies(tx, scope, of).await?;
    let (texts, values) = match of {
        ReportOf::Round(id) => (
            [
                concat!("select count(distinct v.company_id) as n ", checks_of_round!()),
                concat!("select count(*) as n ", refused_of_round!()),
                concat!("select count(*) as n ", met_of_round!()),
                concat!("select v.result as k, count(*) as n ", checks_of_round!(), "group by 1"),
            ],
            vals![scope.org, id].to_vec(),
        ),
        ReportOf::Import(id) => (
            [
                concat!("select count(distinct v.company_id) as n ", checks_of_file!()),
                concat!("select count(*) as n ", refused_of_file!()),
                concat!("select count(*) as n ", met_of_file!()),
                concat!("select v.result as k, count(*) as n ", checks_of_file!(), "group by 1"),
            ],
            vals![scope.org, id, scope.reach(), scope.user, scope.team].to_vec(),
        ),
    };
    let [checked, refused, met, findings] = texts;
    let found = tx.all(findings, &values).await?;
    let findings = found.iter().map(|row| Ok((row.text("k")?, row.int("n")?)));
    Ok(Extent {
        findings: findings.collect::<Outcome<_>>()?,
        companies,
        checked: tx.one(checked, &values).await?.int("n")?,
        refused: tx.one(refused, &values).await?.int("n")?,
        met: tx.one(met, &values).await?.int("n")?,
    })
}

/// What a file is called.
pub(super) async fn find_import(tx: &mut Tx, org: OrgId, id: ImportId) -> Outcome<Option<String>> {
    tx.maybe("select file_name from imports where org_id = $1 and id = $2", vals![org, id])
        .await?
        .map(|row| row.text("file_name"))
        .transpose()
}

/// The round or the file of a number that people read aloud.
pub(super) async fn find_numbered(
    tx: &mut Tx,
    org: OrgId,
    (is_round, number): (bool, i64),
) -> Outcome<Option<ReportOf>> {
    if is_round {
        let row = tx
            .maybe(
                "select id from campaigns where org_id = $1 and number = $2 \
                 and purpose = 'actualisation'",
                vals![org, number],
            )
            .await?;
        return row.map(|row| row.id("id").map(ReportOf::Round)).transpose();
    }
    let row = tx
        .maybe("select id from imports where org_id = $1 and number = $2", vals![org, number])
        .await?;
    row.map(|row| row.id("id").map(ReportOf::Import)).transpose()
}
