//! Statements about groups and branches, and about what came after a merge.

use super::*;

pub async fn find_tie(tx: &mut Tx, org: OrgId, id: TieId) -> Outcome<Option<Tie>> {
    tx.maybe(
        "select id, kind, company_id, other_id, made_at from company_ties \
         where org_id = $1 and id = $2 and ended_at is null",
        vals![org, id],
    )
    .await?
    .as_ref()
    .map(read_tie)
    .transpose()
}

pub async fn update_tie_ended(
    tx: &mut Tx,
    org: OrgId,
    tie: TieId,
    (by, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "update company_ties set ended_by = $3, ended_at = $4 \
         where org_id = $1 and id = $2 and ended_at is null",
        vals![org, tie, by, now],
    )
    .await
}

/// Which ends of a tie, the first or the other, stand for a record that was merged, and where they
/// are at home.
pub async fn list_lent(tx: &mut Tx, org: OrgId, tie: &Tie) -> Outcome<Vec<(bool, CompanyId)>> {
    let (one, other) = (format!("{} one", tie.id), format!("{} other", tie.id));
    tx.all(
        "select row_id, home_id from merge_moves where org_id = $1 and noun = 'ties' \
         and row_id in ($2, $3) and returned_at is null order by row_id",
        vals![org, &one, &other],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("row_id")? == one, row.id("home_id")?)))
    .collect()
}

pub async fn update_tie_ends(tx: &mut Tx, org: OrgId, tie: &Tie) -> Outcome<u64> {
    tx.run(
        "update company_ties set company_id = $3, other_id = $4 where org_id = $1 and id = $2",
        vals![org, tie.id, tie.company, tie.other],
    )
    .await
}

/// The loser's ties become the survivor's, but not one between the two.
pub async fn take_ties(
    tx: &mut Tx,
    (org, merge, now): (OrgId, MergeId, Instant),
    (loser, survivor): (CompanyId, CompanyId),
) -> Outcome<u64> {
    tx.run(
        "insert into merge_moves (org_id, merge_id, noun, row_id, home_id, moved_at) \
         select org_id, $3, 'ties', id || ' one', company_id, $5 from company_ties \
         where org_id = $1 and company_id = $2 and other_id <> $4 \
         on conflict (org_id, noun, row_id) where returned_at is null do nothing",
        vals![org, loser, merge, survivor, now],
    )
    .await?;
    tx.run(
        "insert into merge_moves (org_id, merge_id, noun, row_id, home_id, moved_at) \
         select org_id, $3, 'ties', id || ' other', other_id, $5 from company_ties \
         where org_id = $1 and other_id = $2 and company_id <> $4 \
         on conflict (org_id, noun, row_id) where returned_at is null do nothing",
        vals![org, loser, merge, survivor, now],
    )
    .await?;
    let one = tx
        .run(
            "update company_ties set company_id = $3 \
             where org_id = $1 and company_id = $2 and other_id <> $3",
            vals![org, loser, survivor],
        )
        .await?;
    let other = tx
        .run(
            "update company_ties set other_id = $3 \
             where org_id = $1 and other_id = $2 and company_id <> $3",
            vals![org, loser, survivor],
        )
        .await?;
    Ok(one + other)
}

/// The ties of a record that stands for itself again come back to it; one that waits behind it goes
/// on waiting there.
pub async fn give_ties(tx: &mut Tx, org: OrgId, home: CompanyId) -> Outcome<u64> {
    let one = tx
        .run(
            "update company_ties set company_id = $2 where org_id = $1 \
             and company_id not in (select c.id from companies c where c.org_id = $1 \
               and (c.id = $2 or c.merged_into = $2)) \
             and id || ' one' in (select m.row_id from merge_moves m \
               join companies h on h.id = m.home_id where m.org_id = $1 and m.noun = 'ties' \
               and m.returned_at is null and (h.id = $2 or h.merged_into = $2))",
            vals![org, home],
        )
        .await?;
    let other = tx
        .run(
            "update company_ties set other_id = $2 where org_id = $1 \
             and other_id not in (select c.id from companies c where c.org_id = $1 \
               and (c.id = $2 or c.merged_into = $2)) \
             and id || ' other' in (select m.row_id from merge_moves m \
               join companies h on h.id = m.home_id where m.org_id = $1 and m.noun = 'ties' \
               and m.returned_at is null and (h.id = $2 or h.merged_into = $2))",
            vals![org, home],
        )
        .await?;
    Ok(one + other)
}

/// What came to the survivor after the merge, belongs to no record of either, and so may be of
/// both: the newest last.
pub async fn list_after(
    tx: &mut Tx,
    org: OrgId,
    (survivor, since): (CompanyId, Instant),
) -> Outcome<Vec<Stray>> {
    tx.all(
        "select s.noun, s.id, s.at, s.what from ( \
         select 'contacts' as noun, id, made_at as at, name as what, org_id, company_id \
         from contacts union all \
         select 'phones', id, made_at, e164, org_id, company_id from phones \
         where contact_id is null union all \
         select 'emails', id, made_at, address, org_id, company_id from emails \
         where contact_id is null union all \
         select 'bases', id, at, source, org_id, company_id from bases union all \
         select 'notes', id, made_at, body, org_id, company_id from notes union all \
         select 'meetings', id, made_at, place, org_id, company_id from meetings \
         where lead_id is null union all \
         select 'promises', id, made_at, words, org_id, company_id from promises union all \
         select 'letters', id, made_at, subject, org_id, company_id from letters \
         where lead_id is null union all \
         select 'leads', id, made_at, cast(number as text), org_id, company_id from leads \
         union all \
         select 'opportunities', id, opened_at, need, org_id, company_id from opportunities \
         where handoff_id is null union all \
         select 'tasks', id, made_at, what, org_id, company_id from tasks union all \
         select 'important_dates', id, made_at, what, org_id, company_id from important_dates \
         where contact_id is null) s \
         where s.org_id = $1 and s.company_id = $2 and s.at > $3 \
         and not exists (select 1 from merge_moves m where m.org_id = $1 and m.noun = s.noun \
           and m.row_id = s.id and m.returned_at is null) order by s.at, s.id limit 500",
        vals![org, survivor, since],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Stray {
            noun: row.text("noun")?,
            row: row.text("id")?,
            made_at: row.at("at")?,
            text: row.text("what")?,
            placed: None,
        })
    })
    .collect()
}

pub async fn insert_strays(
    tx: &mut Tx,
    org: OrgId,
    merge: MergeId,
    strays: &[Stray],
) -> Outcome<u64> {
    let rows: Vec<Vec<Val>> =
        strays.iter().map(|stray| vals![org, merge, &stray.noun, &stray.row].to_vec()).collect();
    tx.insert_many(
        "insert into merge_strays (org_id, merge_id, noun, row_id) values",
        &rows,
        "on conflict (merge_id, noun, row_id) do nothing",
    )
    .await
}

/// What a person was asked to place, and where they placed it.
pub async fn list_strays(
    tx: &mut Tx,
    org: OrgId,
    merge: MergeId,
) -> Outcome<Vec<(String, String, Option<String>)>> {
    tx.all(
        "select noun, row_id, placed from merge_strays where org_id = $1 and merge_id = $2 \
         order by noun, row_id",
        vals![org, merge],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("noun")?, row.text("row_id")?, row.opt_text("placed")?)))
    .collect()
}

/// Nought rows when it was placed before.
pub async fn update_placed(
    tx: &mut Tx,
    (org, merge): (OrgId, MergeId),
    (noun, row): (&str, &str),
    placed: &str,
    (by, now): (Option<UserId>, Instant),
) -> Outcome<u64> {
    tx.run(
        "update merge_strays set placed = $5, placed_by = $6, placed_at = $7 \
         where org_id = $1 and merge_id = $2 and noun = $3 and row_id = $4 and placed is null",
        vals![org, merge, noun, row, placed, by, now],
    )
    .await
}

/// Where rows belong to a record that has gone home, they go with it.
pub async fn give_followers(
    tx: &mut Tx,
    org: OrgId,
    (survivor, home): (CompanyId, CompanyId),
) -> Outcome<u64> {
    let mut count = 0;
    for text in FOLLOWERS {
        count += tx.run(text, vals![org, survivor, home]).await?;
    }
    Ok(count)
}

/// What followed a record home is at home there, wherever a later merge took it for at home.
pub async fn update_followers_returned(
    tx: &mut Tx,
    org: OrgId,
    home: CompanyId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update merge_moves set home_id = $2, returned_at = $3 \
         where org_id = $1 and returned_at is null and home_id <> $2 \
         and home_id not in (select id from companies \
           where org_id = $1 and merged_into = $2) \
         and row_id in (select id from calls where org_id = $1 and company_id = $2 \
           union all select id from letters where org_id = $1 and company_id = $2 \
           union all select id from meetings where org_id = $1 and company_id = $2 \
           union all select id from handoffs where org_id = $1 and company_id = $2 \
           union all select id from opportunities where org_id = $1 and company_id = $2 \
           union all select id from contracts where org_id = $1 and company_id = $2 \
           union all select id from clients where org_id = $1 and company_id = $2 \
           union all select id from orders where org_id = $1 and company_id = $2 \
           union all select id from phones where org_id = $1 and company_id = $2 \
           union all select id from emails where org_id = $1 and company_id = $2 \
           union all select id from important_dates where org_id = $1 and company_id = $2)",
        vals![org, home, now],
    )
    .await
}

/// In this order: what follows a lead first, then what follows that. An order that a merge took
/// from a client stays with that one.
const FOLLOWERS: [&str; 13] = [
    "update calls set company_id = $3 where org_id = $1 and company_id = $2 \
     and lead_id in (select id from leads where org_id = $1 and company_id = $3)",
    "update letters set company_id = $3 where org_id = $1 and company_id = $2 \
     and lead_id in (select id from leads where org_id = $1 and company_id = $3)",
    "update meetings set company_id = $3 where org_id = $1 and company_id = $2 \
     and lead_id in (select id from leads where org_id = $1 and company_id = $3)",
    "update handoffs set company_id = $3 where org_id = $1 and company_id = $2 \
     and lead_id in (select id from leads where org_id = $1 and company_id = $3)",
    "update opportunities set company_id = $3 where org_id = $1 and company_id = $2 \
     and handoff_id in (select id from handoffs where org_id = $1 and company_id = $3)",
    "update contracts set company_id = $3 where org_id = $1 and company_id = $2 \
     and opportunity_id in (select id from opportunities where org_id = $1 and company_id = $3)",
    "update handoffs set company_id = $3 where org_id = $1 and company_id = $2 \
     and contract_id in (select id from contracts where org_id = $1 and company_id = $3)",
    "update clients set company_id = $3 where org_id = $1 and company_id = $2 \
     and handoff_id in (select id from handoffs where org_id = $1 and company_id = $3)",
    "update orders set company_id = $3 where org_id = $1 and company_id = $2 \
     and client_id in (select id from clients where org_id = $1 and company_id = $3) \
     and id not in (select x.row_id from merge_changes x join clients c on c.id = x.value_before \
       where x.org_id = $1 and x.noun = 'orders' and x.field = 'client' and c.company_id = $2)",
    "update handoffs set company_id = $3 where org_id = $1 and company_id = $2 \
     and client_id in (select id from clients where org_id = $1 and company_id = $3)",
    "update phones set company_id = $3 where org_id = $1 and company_id = $2 \
     and contact_id in (select id from contacts where org_id = $1 and company_id = $3) \
     and not exists (select 1 from phones x where x.org_id = $1 and x.company_id = $3 \
       and x.e164 = phones.e164 and x.extension = phones.extension)",
    "update emails set company_id = $3 where org_id = $1 and company_id = $2 \
     and contact_id in (select id from contacts where org_id = $1 and company_id = $3) \
     and not exists (select 1 from emails x where x.org_id = $1 and x.company_id = $3 \
       and x.address_key = emails.address_key)",
    "update important_dates set company_id = $3 where org_id = $1 and company_id = $2 \
     and contact_id in (select id from contacts where org_id = $1 and company_id = $3)",
];

fn read_tie(row: &Row) -> Outcome<Tie> {
    Ok(Tie {
        id: row.id("id")?,
        kind: row.id("kind")?,
        company: row.id("company_id")?,
        other: row.id("other_id")?,
        made_at: row.at("made_at")?,
    })
}
