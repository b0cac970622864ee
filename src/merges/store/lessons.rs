//! Statements about what people decided, for the search to learn from.

use super::*;

/// A merge that stands.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub number: i64,
    pub survivor: CompanyId,
    pub loser: CompanyId,
}

/// Every merge that stands, in the order in which they were made.
pub async fn list_steps(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Step>> {
    tx.all(
        "select number, survivor_id, loser_id from merges \
         where org_id = $1 and undone_at is null order by number",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        let (survivor, loser) = (row.id("survivor_id")?, row.id("loser_id")?);
        Ok(Step { number: row.int("number")?, survivor, loser })
    })
    .collect()
}

/// A fact that a merge changed.
#[derive(Debug, Clone)]
pub struct Fact {
    pub number: i64,
    pub field: String,
    pub before: Option<String>,
}

/// The facts that merges which stand changed in companies, in the order of the merges.
pub async fn list_facts(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(CompanyId, Fact)>> {
    tx.all(
        "select x.row_id, x.field, x.value_before, m.number from merge_changes x \
         join merges m on m.id = x.merge_id where x.org_id = $1 and x.noun = 'companies' \
         and x.field <> 'owner' and x.returned_at is null and m.undone_at is null \
         order by m.number, x.field",
        vals![org],
    )
    .await?
    .iter()
    .map(|row| {
        let before = row.opt_text("value_before")?;
        let fact = Fact { number: row.int("number")?, field: row.text("field")?, before };
        Ok((row.id("row_id")?, fact))
    })
    .collect()
}

/// A number or a mail address, and with which company it was before any merge.
#[derive(Debug, Clone)]
pub struct Placed {
    pub company: CompanyId,
    pub home: CompanyId,
    pub text: String,
}

fn read_placed(row: &Row) -> Outcome<Placed> {
    let company = row.id("company_id")?;
    let home = row.opt_id("home_id")?.unwrap_or(company);
    Ok(Placed { company, home, text: row.text("text")? })
}

/// The numbers of these companies.
pub async fn list_placed_phones(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Placed>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select p.company_id, h.home_id, p.e164 as text from phones p \
         left join merge_moves h on h.org_id = $1 and h.noun = 'phones' and h.row_id = p.id \
         and h.returned_at is null where p.org_id = $1 and p.company_id in (/*among*/) \
         order by p.id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read_placed)
    .collect()
}

/// The mail addresses of these companies.
pub async fn list_placed_emails(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
) -> Outcome<Vec<Placed>> {
    let among: Vec<Val> = companies.iter().map(|id| Val::from(*id)).collect();
    tx.all_among(
        "select e.company_id, h.home_id, e.address as text from emails e \
         left join merge_moves h on h.org_id = $1 and h.noun = 'emails' and h.row_id = e.id \
         and h.returned_at is null where e.org_id = $1 and e.company_id in (/*among*/) \
         order by e.id",
        vals![org],
        &among,
    )
    .await?
    .iter()
    .map(read_placed)
    .collect()
}

/// Pairs that people said to be two companies, the newest first.
pub async fn list_apart(
    tx: &mut Tx,
    org: OrgId,
    limit: i64,
) -> Outcome<Vec<(CompanyId, CompanyId)>> {
    tx.all(
        "select left_id, right_id from duplicate_pairs where org_id = $1 \
         and decided_at is not null \
         and state in ('different', 'group', 'right_branch', 'left_branch') \
         order by decided_at desc, id desc limit $2",
        vals![org, limit],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("left_id")?, row.id("right_id")?)))
    .collect()
}
