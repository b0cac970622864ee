//! Statements about what a merge changes in rows, and about what came after it.

use super::*;

/// A value that a merge changed.
#[derive(Debug, Clone)]
pub struct Change {
    pub merge: MergeId,
    pub noun: String,
    pub row: String,
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

pub async fn insert_change(
    tx: &mut Tx,
    org: OrgId,
    merge: MergeId,
    (noun, row, field): (&str, &str, &str),
    (before, after): (Option<String>, Option<String>),
) -> Outcome<()> {
    tx.run(
        "insert into merge_changes (org_id, merge_id, noun, row_id, field, value_before, \
         value_after) values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (merge_id, noun, row_id, field) do update set \
         value_before = excluded.value_before, value_after = excluded.value_after, \
         returned_at = null",
        vals![org, merge, noun, row, field, before, after],
    )
    .await?;
    Ok(())
}

/// What a merge changed and nobody has given back.
pub async fn list_changes(tx: &mut Tx, org: OrgId, merge: MergeId) -> Outcome<Vec<Change>> {
    tx.all(
        "select merge_id, noun, row_id, field, value_before, value_after from merge_changes \
         where org_id = $1 and merge_id = $2 and returned_at is null \
         order by noun, row_id, field",
        vals![org, merge],
    )
    .await?
    .iter()
    .map(read_change)
    .collect()
}

/// The leads that merges closed and that are with this company.
pub async fn list_closed_leads(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Change>> {
    tx.all(
        "select x.merge_id, x.noun, x.row_id, x.field, x.value_before, x.value_after \
         from merge_changes x join leads l on l.id = x.row_id \
         where x.org_id = $1 and x.noun = 'leads' and x.returned_at is null \
         and l.company_id = $2 order by x.row_id",
        vals![org, company],
    )
    .await?
    .iter()
    .map(read_change)
    .collect()
}

/// The next later change of the same value that stands: the value before it is what is behind it
/// once this one is gone.
pub async fn find_later_change(
    tx: &mut Tx,
    org: OrgId,
    change: &Change,
) -> Outcome<Option<Change>> {
    tx.maybe(
        "select x.merge_id, x.noun, x.row_id, x.field, x.value_before, x.value_after \
         from merge_changes x join merges m on m.id = x.merge_id \
         join merges this on this.id = $2 \
         where x.org_id = $1 and x.noun = $3 and x.row_id = $4 and x.field = $5 \
         and x.returned_at is null and m.number > this.number order by m.number limit 1",
        vals![org, change.merge, &change.noun, &change.row, &change.field],
    )
    .await?
    .as_ref()
    .map(read_change)
    .transpose()
}

pub async fn update_before(
    tx: &mut Tx,
    org: OrgId,
    later: &Change,
    before: &Option<String>,
) -> Outcome<u64> {
    tx.run(
        "update merge_changes set value_before = $6 where org_id = $1 and merge_id = $2 \
         and noun = $3 and row_id = $4 and field = $5",
        vals![org, later.merge, &later.noun, &later.row, &later.field, before],
    )
    .await
}

pub async fn update_change_returned(
    tx: &mut Tx,
    org: OrgId,
    change: &Change,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update merge_changes set returned_at = $6 where org_id = $1 and merge_id = $2 \
         and noun = $3 and row_id = $4 and field = $5",
        vals![org, change.merge, &change.noun, &change.row, &change.field, now],
    )
    .await
}

/// The loser's numbers that the survivor has too, where the loser knows more of them: what became
/// of them, and who answers.
pub async fn list_better_phones(
    tx: &mut Tx,
    org: OrgId,
    (loser, survivor): (CompanyId, CompanyId),
) -> Outcome<Vec<(PhoneId, String, String, Option<ContactId>, Option<ContactId>)>> {
    tx.all(
        "select s.id, s.standing as had, l.standing as known, s.contact_id as had_contact, \
         l.contact_id as known_contact from phones l \
         join phones s on s.org_id = $1 and s.company_id = $3 and s.e164 = l.e164 \
         and s.extension = l.extension where l.org_id = $1 and l.company_id = $2 order by s.id",
        vals![org, loser, survivor],
    )
    .await?
    .iter()
    .map(|row| {
        Ok((
            row.id("id")?,
            row.text("had")?,
            row.text("known")?,
            row.opt_id("had_contact")?,
            row.opt_id("known_contact")?,
        ))
    })
    .collect()
}

/// Nought rows when the number stands otherwise by now.
pub async fn update_phone_standing(
    tx: &mut Tx,
    org: OrgId,
    phone: &str,
    (from, to): (&str, &str),
) -> Outcome<u64> {
    tx.run(
        "update phones set standing = $4 where org_id = $1 and id = $2 and standing = $3",
        vals![org, phone, from, to],
    )
    .await
}

/// Nought rows when somebody else answers it by now.
pub async fn update_phone_contact(
    tx: &mut Tx,
    org: OrgId,
    phone: &str,
    (from, to): (&str, &Option<String>),
) -> Outcome<u64> {
    tx.run(
        "update phones set contact_id = $4 \
         where org_id = $1 and id = $2 and coalesce(contact_id, '') = $3",
        vals![org, phone, from, to],
    )
    .await
}

/// Where a lead stands, as a merge finds it; the record of a promised call is with `leads`.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct LeadPlace {
    pub is_ready: bool,
    pub callback_at: Option<Instant>,
    pub callback_owner: Option<UserId>,
    pub nurture_until: Option<i64>,
    pub denied_rule: Option<String>,
}

pub async fn find_lead_place(tx: &mut Tx, org: OrgId, lead: LeadId) -> Outcome<LeadPlace> {
    let row = tx
        .one(
            "select is_ready, callback_at, callback_owner_id, nurture_until, denied_rule \
             from leads where org_id = $1 and id = $2",
            vals![org, lead],
        )
        .await?;
    Ok(LeadPlace {
        is_ready: row.flag("is_ready")?,
        callback_at: row.opt_at("callback_at")?,
        callback_owner: row.opt_id("callback_owner_id")?,
        nurture_until: row.opt_int("nurture_until")?,
        denied_rule: row.opt_text("denied_rule")?,
    })
}

pub async fn update_lead_closed(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'closed', closed_reason = 'merged', is_ready = false, \
         nurture_until = null, denied_rule = null, version = version + 1, changed_at = $3 \
         where org_id = $1 and id = $2 \
         and state = 'queued' and lease_owner_id is null",
        vals![org, lead, now],
    )
    .await
}

/// Puts a lead that a merge closed back into the queue as it stood there.
pub async fn update_lead_queued(
    tx: &mut Tx,
    org: OrgId,
    lead: LeadId,
    place: &LeadPlace,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update leads set state = 'queued', closed_reason = null, is_ready = $3, \
         nurture_until = $4, denied_rule = $5, version = version + 1, changed_at = $6 \
         where org_id = $1 and id = $2 \
         and state = 'closed' and closed_reason = 'merged'",
        vals![org, lead, place.is_ready, place.nurture_until, &place.denied_rule, now,],
    )
    .await
}

pub(super) fn read_change(row: &Row) -> Outcome<Change> {
    Ok(Change {
        merge: row.id("merge_id")?,
        noun: row.text("noun")?,
        row: row.text("row_id")?,
        field: row.text("field")?,
        before: row.opt_text("value_before")?,
        after: row.opt_text("value_after")?,
    })
}
