//! Statements about merges, the records they join, and what stands in their way.

use super::*;

pub async fn insert_merge(tx: &mut Tx, org: OrgId, merge: &Merge) -> Outcome<()> {
    tx.run(
        "insert into merges (id, org_id, number, survivor_id, loser_id, made_by, made_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        vals![
            merge.id,
            org,
            merge.number,
            merge.survivor,
            merge.loser,
            merge.made_by,
            merge.made_at,
        ],
    )
    .await?;
    Ok(())
}

pub async fn find_merge(tx: &mut Tx, org: OrgId, id: MergeId) -> Outcome<Option<Merge>> {
    tx.maybe(
        "select id, number, survivor_id, loser_id, made_by, made_at, undone_by, undone_at \
         from merges where org_id = $1 and id = $2",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_merge)
    .transpose()
}

/// Merges by number, the newest first, behind a number.
pub async fn list_merges(tx: &mut Tx, org: OrgId, before: i64, limit: i64) -> Outcome<Vec<Merge>> {
    tx.all(
        "select id, number, survivor_id, loser_id, made_by, made_at, undone_by, undone_at \
         from merges where org_id = $1 and number < $2 order by number desc limit $3",
        vals![org, before, limit],
    )
    .await?
    .iter()
    .map(read_merge)
    .collect()
}

/// The merges that stand under one survivor: by them each of its aliases came to it.
pub async fn list_edges(tx: &mut Tx, org: OrgId, survivor: CompanyId) -> Outcome<Vec<Merge>> {
    tx.all(
        "select m.id, m.number, m.survivor_id, m.loser_id, m.made_by, m.made_at, m.undone_by, \
         m.undone_at from merges m join companies c on c.id = m.loser_id \
         where m.org_id = $1 and m.undone_at is null and c.merged_into = $2",
        vals![org, survivor],
    )
    .await?
    .iter()
    .map(read_merge)
    .collect()
}

pub async fn update_undone(
    tx: &mut Tx,
    org: OrgId,
    merge: MergeId,
    (by, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "update merges set undone_by = $3, undone_at = $4 \
         where org_id = $1 and id = $2 and undone_at is null",
        vals![org, merge, by, now],
    )
    .await
}

/// The loser and all that was merged into it stand behind the survivor from now on.
pub async fn update_merged(
    tx: &mut Tx,
    org: OrgId,
    (loser, survivor): (CompanyId, CompanyId),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update companies set merged_into = $3, version = version + 1, changed_at = $4 \
         where org_id = $1 and (id = $2 or merged_into = $2)",
        vals![org, loser, survivor, now],
    )
    .await
}

/// A company stands behind another, or for itself.
pub async fn update_stands_behind(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (survivor, now): (Option<CompanyId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "update companies set merged_into = $3, version = version + 1, changed_at = $4 \
         where org_id = $1 and id = $2",
        vals![org, company, survivor, now],
    )
    .await
}

/// The version of a record grows: who looks at it looks anew.
pub async fn update_owner(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (owner, tier, team): (Option<UserId>, Option<i64>, Option<TeamId>),
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update companies set owner_id = $3, owner_tier = $4, team_id = $5, \
         version = version + 1, changed_at = $6 where org_id = $1 and id = $2",
        vals![org, company, owner, tier, team, now],
    )
    .await
}

/// Whoever led the loser goes on knowing of it; nought rows where they know of the survivor anyway.
pub async fn insert_sight(
    tx: &mut Tx,
    (org, company): (OrgId, CompanyId),
    user: UserId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "insert into sights (org_id, company_id, user_id, seen_until, phones_until) \
         values ($1, $2, $3, null, $4) on conflict (org_id, user_id, company_id) do nothing",
        vals![org, company, user, now],
    )
    .await
}

pub async fn delete_sight(tx: &mut Tx, (org, company): (OrgId, &str), user: &str) -> Outcome<u64> {
    tx.run(
        "delete from sights where org_id = $1 and company_id = $2 and user_id = $3",
        vals![org, company, user],
    )
    .await
}

/// Who has a lead of one of these companies on the phone.
pub async fn find_holder(
    tx: &mut Tx,
    org: OrgId,
    (one, other): (CompanyId, CompanyId),
) -> Outcome<Option<UserId>> {
    tx.maybe(
        "select lease_owner_id from leads where org_id = $1 and company_id in ($2, $3) \
         and lease_owner_id is not null order by lease_until desc limit 1",
        vals![org, one, other],
    )
    .await?
    .map(|row| row.id("lease_owner_id"))
    .transpose()
}

/// The leads that both companies have in one campaign, with the states of both.
pub struct SharedLead {
    pub campaign: CampaignId,
    pub campaign_name: String,
    pub lead: LeadId,
    pub loser_state: String,
    pub survivor_state: String,
}

pub async fn list_shared_leads(
    tx: &mut Tx,
    org: OrgId,
    (loser, survivor): (CompanyId, CompanyId),
) -> Outcome<Vec<SharedLead>> {
    tx.all(
        "select a.id, a.state as loser_state, b.state as survivor_state, c.id as campaign_id, \
         c.name from leads a join leads b on b.campaign_id = a.campaign_id and b.company_id = $3 \
         join campaigns c on c.id = a.campaign_id \
         where a.org_id = $1 and a.company_id = $2 order by c.number",
        vals![org, loser, survivor],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(SharedLead {
            campaign: row.id("campaign_id")?,
            campaign_name: row.text("name")?,
            lead: row.id("id")?,
            loser_state: row.text("loser_state")?,
            survivor_state: row.text("survivor_state")?,
        })
    })
    .collect()
}

/// What a company has that a person should know of before it is one with another.
pub struct Standing {
    pub open_opportunities: i64,
    pub active_clients: i64,
    pub bans: i64,
}

pub async fn count_standing(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<Standing> {
    let row = tx
        .one(
            "select (select count(*) from opportunities o where o.org_id = $1 \
             and o.company_id = $2 and o.state = 'open') as opportunities, \
             (select count(*) from clients c where c.org_id = $1 and c.company_id = $2 \
             and c.ended_at is null) as clients, \
             (select count(*) from suppressions s where s.org_id = $1 and s.company_id in \
               (select a.id from companies a where a.org_id = $1 \
               and (a.id = $2 or a.merged_into = $2)) \
             and s.ends_id is null and (s.until is null or s.until > $3) and not exists \
               (select 1 from suppressions e where e.org_id = $1 and e.ends_id = s.id)) as bans",
            vals![org, company, now],
        )
        .await?;
    Ok(Standing {
        open_opportunities: row.int("opportunities")?,
        active_clients: row.int("clients")?,
        bans: row.int("bans")?,
    })
}

/// When requisites and address were last found right, and when the record last changed.
pub async fn find_checks(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<(Option<Instant>, Option<Instant>, Instant)> {
    let row = tx
        .one(
            "select c.changed_at, (select max(v.made_at) from verifications v \
             where v.org_id = $1 and v.company_id = $2 and v.field = 'requisites' \
             and v.result in ('confirmed', 'corrected')) as requisites_at, \
             (select max(v.made_at) from verifications v \
             where v.org_id = $1 and v.company_id = $2 and v.field = 'address' \
             and v.result in ('confirmed', 'corrected')) as address_at \
             from companies c where c.org_id = $1 and c.id = $2",
            vals![org, company],
        )
        .await?;
    Ok((row.opt_at("requisites_at")?, row.opt_at("address_at")?, row.at("changed_at")?))
}

/// The company with that number.
pub async fn find_numbered(tx: &mut Tx, org: OrgId, number: i64) -> Outcome<Option<CompanyId>> {
    tx.maybe("select id from companies where org_id = $1 and number = $2", vals![org, number])
        .await?
        .map(|row| row.id("id"))
        .transpose()
}

fn read_merge(row: &Row) -> Outcome<Merge> {
    Ok(Merge {
        id: row.id("id")?,
        number: row.int("number")?,
        survivor: row.id("survivor_id")?,
        loser: row.id("loser_id")?,
        made_by: row.opt_id("made_by")?,
        made_at: row.at("made_at")?,
        undone_by: row.opt_id("undone_by")?,
        undone_at: row.opt_at("undone_at")?,
    })
}
