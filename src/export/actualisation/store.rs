//! Statements that read what a report holds.

use super::ReportOf;
use crate::people::Scope;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// Companies that a file brought, as far as the asker may know of them: $1 the firm, $2 the file,
/// $3 to $5 who asks.
macro_rules! brought {
    () => {
        "c.org_id = $1 and c.import_id = $2 and ($3 = 'all' or c.owner_id = $4 \
         or ($3 = 'team' and (c.owner_id is null or c.team_id = $5))) "
    };
}

/// Companies of a report behind an id, each with where its lead stands.
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
                "select c.id, coalesce(l.closed_reason, l.state) as place from leads l \
                 join companies c on c.id = l.company_id where l.org_id = $1 \
                 and l.campaign_id = $2 and c.id > $3 order by c.id limit $4",
                vals![org, id, after, limit],
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
        ReportOf::Round(id) => {
            tx.one(
                "select count(*) as n from leads where org_id = $1 and campaign_id = $2",
                vals![org, id],
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

pub(super) async fn list_checks(tx: &mut Tx, scope: &Scope, of: ReportOf) -> Outcome<Vec<Check>> {
    let org = scope.org;
    let rows = match of {
        ReportOf::Round(id) => {
            tx.all(
                "select c.number, c.name, v.field, v.result, v.source, x.note, x.old_value, \
                 x.new_value, v.actor_id, v.made_at from verifications v \
                 join companies c on c.id = v.company_id \
                 left join check_values x on x.verification_id = v.id \
                 where v.org_id = $1 and v.campaign_id = $2 and not exists (select 1 \
                   from check_reversals r where r.verification_id = v.id) \
                 order by v.made_at, v.id",
                vals![org, id],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, v.field, v.result, v.source, x.note, x.old_value, \
                     x.new_value, v.actor_id, v.made_at from companies c \
                     join verifications v on v.company_id = c.id and v.org_id = $1 \
                     left join check_values x on x.verification_id = v.id where ",
                    brought!(),
                    "and not exists (select 1 \
                       from check_reversals r where r.verification_id = v.id) \
                     order by v.made_at, v.id"
                ),
                vals![org, id, scope.reach(), scope.user, scope.team],
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

pub(super) async fn list_refused(
    tx: &mut Tx,
    scope: &Scope,
    of: ReportOf,
) -> Outcome<Vec<Refused>> {
    let org = scope.org;
    let rows = match of {
        ReportOf::Round(id) => {
            tx.all(
                "select c.number, c.name, k.meaning, k.reason, k.note, k.caller_id, k.at \
                 from calls k join companies c on c.id = k.company_id \
                 where k.org_id = $1 and k.campaign_id = $2 and k.reversed_at is null \
                 and k.meaning in ('refusal', 'do_not_call') order by k.at, k.id",
                vals![org, id],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, k.meaning, k.reason, k.note, k.caller_id, k.at \
                     from companies c join calls k on k.company_id = c.id and k.org_id = $1 where ",
                    brought!(),
                    "and k.reversed_at is null \
                     and k.meaning in ('refusal', 'do_not_call') order by k.at, k.id"
                ),
                vals![org, id, scope.reach(), scope.user, scope.team],
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

pub(super) async fn list_met(tx: &mut Tx, scope: &Scope, of: ReportOf) -> Outcome<Vec<Met>> {
    let org = scope.org;
    let rows = match of {
        ReportOf::Round(id) => {
            tx.all(
                "select c.number, c.name, m.starts_at, m.place, m.state, m.booker_id \
                 from meetings m join companies c on c.id = m.company_id \
                 where m.org_id = $1 and m.campaign_id = $2 order by m.starts_at, m.id",
                vals![org, id],
            )
            .await?
        }
        ReportOf::Import(id) => {
            tx.all(
                concat!(
                    "select c.number, c.name, m.starts_at, m.place, m.state, m.booker_id \
                     from companies c join meetings m on m.company_id = c.id and m.org_id = $1 \
                     where ",
                    brought!(),
                    "order by m.starts_at, m.id"
                ),
                vals![org, id, scope.reach(), scope.user, scope.team],
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
