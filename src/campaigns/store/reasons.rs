//! Every statement about the dictionary of reasons, but for what callers choose from.

use super::read_reason;
use crate::campaigns::reasons::RefusalReason;
use crate::storage::{Row, Tx};
use crate::vals;
use crate::values::*;

/// The columns of a reason before the rest of a statement.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "select code, label_ru, label_en, reentry_days, offer_ru, offer_en, position, \
             retired_at from refusal_reasons where org_id = $1 ",
            $rest
        )
    };
}

fn read(row: &Row) -> Outcome<(RefusalReason, bool)> {
    Ok((read_reason(row)?, row.opt_at("retired_at")?.is_some()))
}

/// Every reason, and whether it is chosen no more.
pub(in crate::campaigns) async fn list_all(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<Vec<(RefusalReason, bool)>> {
    tx.all(select!("order by position, code"), vals![org]).await?.iter().map(read).collect()
}

/// The same, held until the transaction ends.
pub(in crate::campaigns) async fn list_all_for_update(
    tx: &mut Tx,
    org: OrgId,
) -> Outcome<Vec<(RefusalReason, bool)>> {
    let text = select!("order by position, code /*for update*/");
    tx.all(text, vals![org]).await?.iter().map(read).collect()
}

/// Sets a reason; nought rows where it stands so already.
pub(in crate::campaigns) async fn update_reason(
    tx: &mut Tx,
    org: OrgId,
    reason: &RefusalReason,
    retired_at: Option<Instant>,
) -> Outcome<u64> {
    tx.run(
        "update refusal_reasons set label_ru = $3, label_en = $4, reentry_days = $5, \
         offer_ru = $6, offer_en = $7, \
         retired_at = case when $8 is null then null else coalesce(retired_at, $8) end \
         where org_id = $1 and code = $2 and (label_ru <> $3 or label_en <> $4 \
           or coalesce(reentry_days, 0) <> coalesce($5, 0) or offer_ru <> $6 or offer_en <> $7 \
           or (retired_at is null) <> ($8 is null))",
        vals![
            org,
            &reason.code,
            &reason.label_ru,
            &reason.label_en,
            reason.reentry_days,
            &reason.offer_ru,
            &reason.offer_en,
            retired_at,
        ],
    )
    .await
}
