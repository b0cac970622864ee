//! The list of companies in order of their names.

use super::*;

/// Companies behind a name and an id, where the scope may know of them. What is a person's own is
/// few: it is put together first (`cross join` keeps that order), rather than looked for in the
/// whole base.
pub async fn list_named(
    tx: &mut Tx,
    scope: &Scope,
    (name_key, id): (&str, &str),
    limit: i64,
    now: Instant,
) -> Outcome<Vec<Company>> {
    let rows = match scope.reach {
        Reach::All => {
            tx.all(
                "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, \
                 address, website, industry, source, owner_id, owner_tier, team_id, import_id, \
                 merged_into, removed_at, version, made_at from companies \
                 where org_id = $1 and (name_key, id) > ($2, $3) \
                 and removed_at is null and merged_into is null \
                 order by name_key, id limit $4",
                vals![scope.org, name_key, id, limit],
            )
            .await?
        }
        Reach::Team => {
            tx.all(
                "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, \
                 address, website, industry, source, owner_id, owner_tier, team_id, import_id, \
                 merged_into, removed_at, version, made_at from companies \
                 where org_id = $1 and (name_key, id) > ($2, $3) \
                 and removed_at is null and merged_into is null \
                 and (owner_id is null or owner_id = $4 or team_id = $5) \
                 order by name_key, id limit $6",
                vals![scope.org, name_key, id, scope.user, scope.team, limit],
            )
            .await?
        }
        Reach::Own => {
            tx.all(
                "select id, number, name, full_name, legal_form, tax_id, kpp, ogrn, city, zone, \
                 address, website, industry, source, owner_id, owner_tier, team_id, import_id, \
                 merged_into, removed_at, version, made_at \
                 from (select o.id as own_id from companies o \
                   where o.org_id = $1 and o.owner_id = $4 \
                   union select s.company_id from sights s \
                   where s.org_id = $1 and s.user_id = $4 \
                   and (s.seen_until is null or s.seen_until > $5)) own \
                 cross join companies c \
                 where c.id = own.own_id and (name_key, id) > ($2, $3) \
                 and removed_at is null and merged_into is null \
                 order by name_key, id limit $6",
                vals![scope.org, name_key, id, scope.user, now, limit],
            )
            .await?
        }
    };
    rows.iter().map(read).collect()
}

/// Where a company stands in the list.
pub async fn find_place(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<Option<String>> {
    tx.maybe("select name_key from companies where org_id = $1 and id = $2", vals![org, id])
        .await?
        .map(|row| row.text("name_key"))
        .transpose()
}
