//! What a person is typing, kept on the server every two seconds, so that no crash loses it.

use std::collections::BTreeMap;

use crate::storage::Tx;
use crate::vals;
use crate::values::*;

/// What is drafted, as the head of a scope; behind it stands whose it is, by id.
const KINDS: [&str; 7] = ["lead", "opportunity", "loss", "promise", "meeting", "handoff", "upsell"];
/// So many drafts of a person are kept; the oldest goes.
pub const DRAFTS_MAX: i64 = 100;
/// The longest draft kept.
pub const DRAFT_BYTES_MAX: usize = 200_000;

/// A draft's fields by name.
pub type Draft = BTreeMap<String, String>;

/// Keeps a draft in place of the one before.
pub async fn keep(
    tx: &mut Tx,
    (org, user): (OrgId, UserId),
    scope: &str,
    body: &str,
    now: Instant,
) -> Outcome<()> {
    let named = scope.split_once(':').filter(|(kind, _)| KINDS.contains(kind));
    if named.is_none_or(|(_, id)| id.parse::<AnyId>().is_err()) {
        return Err(Fields::one("scope", "unknown-choice"));
    }
    if body.len() > DRAFT_BYTES_MAX {
        return Err(Fields::one("body", "form-too-large"));
    }
    serde_json::from_str::<Draft>(body).map_err(|_| Fields::one("body", "form-not-understood"))?;
    tx.run(
        "insert into drafts (org_id, user_id, scope, body, saved_at) values ($1, $2, $3, $4, $5) \
         on conflict (org_id, user_id, scope) do update \
         set body = excluded.body, saved_at = excluded.saved_at",
        vals![org, user, scope, body, now],
    )
    .await?;
    tx.run(
        "delete from drafts where org_id = $1 and user_id = $2 and scope not in \
         (select scope from drafts where org_id = $1 and user_id = $2 \
         order by saved_at desc, scope limit $3)",
        vals![org, user, DRAFTS_MAX],
    )
    .await?;
    Ok(())
}

/// The draft of that scope; empty when there is none.
pub async fn find(tx: &mut Tx, org: OrgId, user: UserId, scope: &str) -> Outcome<Draft> {
    let row = tx
        .maybe(
            "select body from drafts where org_id = $1 and user_id = $2 and scope = $3",
            vals![org, user, scope],
        )
        .await?;
    Ok(match row {
        Some(row) => serde_json::from_str(&row.text("body")?).unwrap_or_default(),
        None => Draft::new(),
    })
}

/// Forgets a draft once its text was saved for good.
pub async fn forget(tx: &mut Tx, org: OrgId, user: UserId, scope: &str) -> Outcome<()> {
    tx.run(
        "delete from drafts where org_id = $1 and user_id = $2 and scope = $3",
        vals![org, user, scope],
    )
    .await?;
    Ok(())
}
