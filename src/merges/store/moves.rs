//! Which tables have a company, and how the rows of each follow it.
//!
//! A test reads the schema: a table with a `company_id` that is neither here nor on the test's list
//! of those that stay, each with its reason, fails it.

use super::*;

/// A table whose rows belong to the survivor after a merge, and go home when it is undone.
pub struct Moved {
    /// The table.
    pub noun: &'static str,
    /// Notes where the rows of $2 are at home, unless it is noted already.
    log: &'static str,
    /// Gives the rows of $2 to $3.
    take: &'static str,
    /// Gives those rows to $2 that are at home with it or with what was merged into it. What is
    /// with one of these already stays: there it waits until its place is free.
    give: &'static str,
    /// Gives the row $4 of $2 to $3.
    place: &'static str,
}

/// The statements of a table in which a company's rows are all moved.
macro_rules! moved {
    ($table:literal) => {
        Moved {
            noun: $table,
            log: concat!(
                "insert into merge_moves (org_id, merge_id, noun, row_id, home_id, moved_at) \
                 select org_id, $3, '",
                $table,
                "', id, company_id, $5 from ",
                $table,
                " where org_id = $1 and company_id = $2 and company_id <> $4 \
                 on conflict (org_id, noun, row_id) where returned_at is null do nothing"
            ),
            take: concat!(
                "update ",
                $table,
                " set company_id = $3 where org_id = $1 and company_id = $2"
            ),
            give: concat!(
                "update ",
                $table,
                " set company_id = $2 where org_id = $1 and company_id not in (select id \
                 from companies where org_id = $1 and (id = $2 or merged_into = $2)) and id in \
                 (select m.row_id from merge_moves m join companies h on h.id = m.home_id \
                 where m.org_id = $1 and m.noun = '",
                $table,
                "' and m.returned_at is null and (h.id = $2 or h.merged_into = $2))"
            ),
            place: concat!(
                "update ",
                $table,
                " set company_id = $3 where org_id = $1 and company_id = $2 and id = $4"
            ),
        }
    };
}

/// What is moved, in the order in which it moves: who writes something beside a lead, a hand-off,
/// an opportunity, a client or an order holds that first, and what they wrote moves after it. Where
/// both companies have the same number, mail address or lead of a campaign, the loser's stays where
/// it is.
pub const MOVED: &[Moved] = &[
    moved!("contacts"),
    Moved {
        noun: "phones",
        log: "insert into merge_moves (org_id, merge_id, noun, row_id, home_id, moved_at) select \
               org_id, $3, 'phones', id, company_id, $5 from phones where org_id = $1 and \
               company_id = $2 and not exists (select 1 from phones x where x.org_id = $1 and \
               x.company_id = $4 and x.e164 = phones.e164 and x.extension = phones.extension) on \
               conflict (org_id, noun, row_id) where returned_at is null do nothing",
        take: "update phones set company_id = $3 where org_id = $1 and company_id = $2 and not \
               exists (select 1 from phones x where x.org_id = $1 and x.company_id = $3 and \
               x.e164 = phones.e164 and x.extension = phones.extension)",
        give: "update phones set company_id = $2 where org_id = $1 and company_id not in (select \
               id from companies where org_id = $1 and (id = $2 or merged_into = $2)) and not \
               exists (select 1 from phones x where x.org_id = $1 and x.company_id = $2 and \
               x.e164 = phones.e164 and x.extension = phones.extension) and id in (select \
               m.row_id from merge_moves m join companies h on h.id = m.home_id where m.org_id = \
               $1 and m.noun = 'phones' and m.returned_at is null and (h.id = $2 or h.merged_into \
               = $2))",
        place: "update phones set company_id = $3 where org_id = $1 and company_id = $2 and id = \
                $4 and not exists (select 1 from phones x where x.org_id = $1 and x.company_id = \
                $3 and x.e164 = phones.e164 and x.extension = phones.extension)",
    },
    Moved {
        noun: "emails",
        log: "insert into merge_moves (org_id, merge_id, noun, row_id, home_id, moved_at) select \
               org_id, $3, 'emails', id, company_id, $5 from emails where org_id = $1 and \
               company_id = $2 and not exists (select 1 from emails x where x.org_id = $1 and \
               x.company_id = $4 and x.address_key = emails.address_key) on conflict (org_id, \
               noun, row_id) where returned_at is null do nothing",
        take: "update emails set company_id = $3 where org_id = $1 and company_id = $2 and not \
               exists (select 1 from emails x where x.org_id = $1 and x.company_id = $3 and \
               x.address_key = emails.address_key)",
        give: "update emails set company_id = $2 where org_id = $1 and company_id not in (select \
               id from companies where org_id = $1 and (id = $2 or merged_into = $2)) and not \
               exists (select 1 from emails x where x.org_id = $1 and x.company_id = $2 and \
               x.address_key = emails.address_key) and id in (select m.row_id from merge_moves m \
               join companies h on h.id = m.home_id where m.org_id = $1 and m.noun = 'emails' and \
               m.returned_at is null and (h.id = $2 or h.merged_into = $2))",
        place: "update emails set company_id = $3 where org_id = $1 and company_id = $2 and id = \
                $4 and not exists (select 1 from emails x where x.org_id = $1 and x.company_id = \
                $3 and x.address_key = emails.address_key)",
    },
    moved!("bases"),
    Moved {
        noun: "leads",
        log: "insert into merge_moves (org_id, merge_id, noun, row_id, home_id, moved_at) select \
               org_id, $3, 'leads', id, company_id, $5 from leads where org_id = $1 and \
               company_id = $2 and not exists (select 1 from leads x where x.org_id = $1 and \
               x.company_id = $4 and x.campaign_id = leads.campaign_id) on conflict (org_id, \
               noun, row_id) where returned_at is null do nothing",
        take: "update leads set company_id = $3 where org_id = $1 and company_id = $2 and not \
               exists (select 1 from leads x where x.org_id = $1 and x.company_id = $3 and \
               x.campaign_id = leads.campaign_id)",
        give: "update leads set company_id = $2 where org_id = $1 and company_id not in (select \
               id from companies where org_id = $1 and (id = $2 or merged_into = $2)) and not \
               exists (select 1 from leads x where x.org_id = $1 and x.company_id = $2 and \
               x.campaign_id = leads.campaign_id) and id in (select m.row_id from merge_moves m \
               join companies h on h.id = m.home_id where m.org_id = $1 and m.noun = 'leads' and \
               m.returned_at is null and (h.id = $2 or h.merged_into = $2))",
        place: "update leads set company_id = $3 where org_id = $1 and company_id = $2 and id = \
                $4 and not exists (select 1 from leads x where x.org_id = $1 and x.company_id = \
                $3 and x.campaign_id = leads.campaign_id)",
    },
    moved!("handoffs"),
    moved!("opportunities"),
    moved!("contracts"),
    moved!("clients"),
    moved!("orders"),
    moved!("notes"),
    moved!("meetings"),
    moved!("promises"),
    moved!("calls"),
    moved!("letters"),
    moved!("attempts"),
    moved!("incoming_calls"),
    moved!("campaign_halts"),
    moved!("tasks"),
    moved!("important_dates"),
];

/// Moves the rows of one table; says how many.
pub async fn take(
    tx: &mut Tx,
    moved: &Moved,
    (org, merge, now): (OrgId, MergeId, Instant),
    (loser, survivor): (CompanyId, CompanyId),
) -> Outcome<u64> {
    tx.run(moved.log, vals![org, loser, merge, survivor, now]).await?;
    tx.run(moved.take, vals![org, loser, survivor]).await
}

impl Moved {
    /// True where a row stays with the loser while the survivor has the same.
    pub fn may_wait(&self) -> bool {
        matches!(self.noun, "phones" | "emails")
    }
}

/// Gives rows of one table back to a company that stands for itself again; says how many.
pub async fn give(tx: &mut Tx, moved: &Moved, org: OrgId, home: CompanyId) -> Outcome<u64> {
    tx.run(moved.give, vals![org, home]).await
}

/// Gives one row to the other company; nought when it is there already.
pub async fn place(
    tx: &mut Tx,
    moved: &Moved,
    org: OrgId,
    (from, to): (CompanyId, CompanyId),
    row: &str,
) -> Outcome<u64> {
    tx.run(moved.place, vals![org, from, to, row]).await
}

/// The cards that people were shown move to the survivor, unless they know of it anyway.
pub async fn take_sights(
    tx: &mut Tx,
    (org, merge, now): (OrgId, MergeId, Instant),
    (loser, survivor): (CompanyId, CompanyId),
) -> Outcome<u64> {
    tx.run(
        "insert into merge_moves (org_id, merge_id, noun, row_id, home_id, moved_at) \
         select org_id, $3, 'sights', user_id || ' ' || company_id, company_id, $5 from sights \
         where org_id = $1 and company_id = $2 and not exists (select 1 from sights x \
           where x.org_id = $1 and x.company_id = $4 and x.user_id = sights.user_id) \
         and not exists (select 1 from merge_moves m join companies h on h.id = m.home_id \
           where m.org_id = $1 and m.noun = 'sights' and m.returned_at is null \
           and substr(m.row_id, 1, 36) = sights.user_id and h.merged_into = $2) \
         on conflict (org_id, noun, row_id) where returned_at is null do nothing",
        vals![org, loser, merge, survivor, now],
    )
    .await?;
    tx.run(
        "update sights set company_id = $3 where org_id = $1 and company_id = $2 \
         and not exists (select 1 from sights x where x.org_id = $1 and x.company_id = $3 \
           and x.user_id = sights.user_id)",
        vals![org, loser, survivor],
    )
    .await
}

pub async fn give_sights(
    tx: &mut Tx,
    org: OrgId,
    (survivor, home): (CompanyId, CompanyId),
) -> Outcome<u64> {
    tx.run(
        "update sights set company_id = $2 where org_id = $1 and company_id <> $2 \
         and not exists (select 1 from sights x where x.org_id = $1 and x.company_id = $2 \
           and x.user_id = sights.user_id) \
         and user_id in (select substr(m.row_id, 1, 36) from merge_moves m \
           join companies h on h.id = m.home_id where m.org_id = $1 and m.noun = 'sights' \
           and m.returned_at is null and (h.id = $2 or h.merged_into = $2)) \
         and company_id = $3",
        vals![org, home, survivor],
    )
    .await
}

/// Rows that are home again are at home there, whatever is merged later.
pub async fn update_returned(
    tx: &mut Tx,
    org: OrgId,
    home: CompanyId,
    now: Instant,
) -> Outcome<u64> {
    tx.run(
        "update merge_moves set returned_at = $3 \
         where org_id = $1 and home_id = $2 and returned_at is null",
        vals![org, home, now],
    )
    .await
}

/// How many rows of each kind a merge moved.
pub async fn count_moves(tx: &mut Tx, org: OrgId, merge: MergeId) -> Outcome<Vec<(String, i64)>> {
    tx.all(
        "select noun, count(*) as n from merge_moves where org_id = $1 and merge_id = $2 \
         group by noun order by noun",
        vals![org, merge],
    )
    .await?
    .iter()
    .map(|row| Ok((row.text("noun")?, row.int("n")?)))
    .collect()
}
