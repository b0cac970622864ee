//! Short numbers that people read aloud, counted per noun and firm.

use super::Tx;
use crate::vals;
use crate::values::{OrgId, Outcome};

/// Takes `how_many` numbers in a row for a noun and returns the first.
pub async fn take_numbers(tx: &mut Tx, org: OrgId, noun: &str, how_many: i64) -> Outcome<i64> {
    let row = tx
        .one(
            "insert into counters (org_id, noun, last) values ($1, $2, $3) \
             on conflict (org_id, noun) do update set last = counters.last + excluded.last \
             returning last",
            vals![org, noun, how_many],
        )
        .await?;
    Ok(row.int("last")? - how_many + 1)
}
