//! Brings a database to this version of the product, one numbered text after another.
//!
//! Each migration is one transaction. A database newer than the product is refused untouched.

use std::borrow::Cow;

use super::{Db, dialect};
use crate::vals;
use crate::values::{Clock, Error, Outcome};

/// The numbered texts, embedded. A frozen table is append-only by the database's own hand.
const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_foundation",
        text: include_str!("../../migrations/0001_foundation.sql"),
        frozen: &["events"],
    },
    Migration {
        name: "0002_people",
        text: include_str!("../../migrations/0002_people.sql"),
        frozen: &[],
    },
    Migration {
        name: "0003_companies",
        text: include_str!("../../migrations/0003_companies.sql"),
        frozen: &["suppressions", "suppression_targets", "verifications"],
    },
    Migration {
        name: "0004_imports",
        text: include_str!("../../migrations/0004_imports.sql"),
        frozen: &[],
    },
    Migration {
        name: "0005_campaigns",
        text: include_str!("../../migrations/0005_campaigns.sql"),
        frozen: &[],
    },
    Migration {
        name: "0006_meetings",
        text: include_str!("../../migrations/0006_meetings.sql"),
        frozen: &[],
    },
    Migration {
        name: "0007_leads",
        text: include_str!("../../migrations/0007_leads.sql"),
        frozen: &[],
    },
    Migration {
        name: "0008_handoffs",
        text: include_str!("../../migrations/0008_handoffs.sql"),
        frozen: &[],
    },
    Migration {
        name: "0009_opportunities",
        text: include_str!("../../migrations/0009_opportunities.sql"),
        frozen: &["opportunity_moves", "payments"],
    },
    Migration {
        name: "0010_clients",
        text: include_str!("../../migrations/0010_clients.sql"),
        frozen: &[],
    },
    Migration {
        name: "0011_pay",
        text: include_str!("../../migrations/0011_pay.sql"),
        frozen: &["entries", "plan_versions", "pay_closings"],
    },
    Migration {
        name: "0012_reports",
        text: include_str!("../../migrations/0012_reports.sql"),
        frozen: &[],
    },
    Migration {
        name: "0013_speed",
        text: include_str!("../../migrations/0013_speed.sql"),
        frozen: &[],
    },
    Migration {
        name: "0014_granted_sums",
        text: include_str!("../../migrations/0014_granted_sums.sql"),
        frozen: &[],
    },
    Migration {
        name: "0015_no_credit_days",
        text: include_str!("../../migrations/0015_no_credit_days.sql"),
        frozen: &[],
    },
    Migration {
        name: "0016_lead_order",
        text: include_str!("../../migrations/0016_lead_order.sql"),
        frozen: &[],
    },
    Migration {
        name: "0017_lifted_bans",
        text: include_str!("../../migrations/0017_lifted_bans.sql"),
        frozen: &[],
    },
    Migration {
        name: "0018_blocks",
        text: include_str!("../../migrations/0018_blocks.sql"),
        frozen: &[],
    },
    Migration {
        name: "0019_alive",
        text: include_str!("../../migrations/0019_alive.sql"),
        frozen: &["check_reversals"],
    },
    Migration {
        name: "0020_import_recall",
        text: include_str!("../../migrations/0020_import_recall.sql"),
        frozen: &[],
    },
    Migration {
        name: "0021_merges",
        text: include_str!("../../migrations/0021_merges.sql"),
        frozen: &[],
    },
    Migration {
        name: "0022_check_values",
        text: include_str!("../../migrations/0022_check_values.sql"),
        frozen: &[],
    },
    Migration {
        name: "0023_erasures",
        text: include_str!("../../migrations/0023_erasures.sql"),
        frozen: &["erasures", "erased_traces"],
    },
    Migration {
        name: "0024_imports",
        text: include_str!("../../migrations/0024_imports.sql"),
        frozen: &[],
    },
    Migration {
        name: "0025_score_order",
        text: include_str!("../../migrations/0025_score_order.sql"),
        frozen: &[],
    },
    Migration {
        name: "0026_joined_contacts",
        text: include_str!("../../migrations/0026_joined_contacts.sql"),
        frozen: &[],
    },
    Migration {
        name: "0027_lead_passports",
        text: include_str!("../../migrations/0027_lead_passports.sql"),
        frozen: &[],
    },
    Migration {
        name: "0028_presets",
        text: include_str!("../../migrations/0028_presets.sql"),
        frozen: &[],
    },
    Migration {
        name: "0029_nameless_events",
        text: include_str!("../../migrations/0029_nameless_events.sql"),
        frozen: &[],
    },
    Migration {
        name: "0030_telephony",
        text: include_str!("../../migrations/0030_telephony.sql"),
        frozen: &[],
    },
    Migration {
        name: "0031_country",
        text: include_str!("../../migrations/0031_country.sql"),
        frozen: &[],
    },
    Migration {
        name: "0032_wallboard",
        text: include_str!("../../migrations/0032_wallboard.sql"),
        frozen: &[],
    },
    Migration {
        name: "0033_decency",
        text: include_str!("../../migrations/0033_decency.sql"),
        frozen: &[],
    },
    Migration {
        name: "0034_callbacks",
        text: include_str!("../../migrations/0034_callbacks.sql"),
        frozen: &[],
    },
    Migration {
        name: "0035_queue_order",
        text: include_str!("../../migrations/0035_queue_order.sql"),
        frozen: &[],
    },
    Migration {
        name: "0036_webhooks",
        text: include_str!("../../migrations/0036_webhooks.sql"),
        frozen: &[],
    },
    Migration {
        name: "0037_slots",
        text: include_str!("../../migrations/0037_slots.sql"),
        frozen: &[],
    },
    Migration {
        name: "0038_rests",
        text: include_str!("../../migrations/0038_rests.sql"),
        frozen: &[],
    },
    Migration {
        name: "0039_branches",
        text: include_str!("../../migrations/0039_branches.sql"),
        frozen: &[],
    },
    Migration {
        name: "0040_practice",
        text: include_str!("../../migrations/0040_practice.sql"),
        frozen: &[],
    },
    Migration {
        name: "0041_keys",
        text: include_str!("../../migrations/0041_keys.sql"),
        frozen: &[],
    },
    Migration {
        name: "0042_first",
        text: include_str!("../../migrations/0042_first.sql"),
        frozen: &[],
    },
    Migration {
        name: "0043_calls",
        text: include_str!("../../migrations/0043_calls.sql"),
        frozen: &[],
    },
    Migration {
        name: "0044_resumes",
        text: include_str!("../../migrations/0044_resumes.sql"),
        frozen: &[],
    },
    Migration {
        name: "0045_offers",
        text: include_str!("../../migrations/0045_offers.sql"),
        frozen: &[],
    },
    Migration {
        name: "0046_held",
        text: include_str!("../../migrations/0046_held.sql"),
        frozen: &[],
    },
    Migration {
        name: "0047_terms",
        text: include_str!("../../migrations/0047_terms.sql"),
        frozen: &[],
    },
    Migration {
        name: "0048_letters",
        text: include_str!("../../migrations/0048_letters.sql"),
        frozen: &[],
    },
    Migration {
        name: "0049_payouts",
        text: include_str!("../../migrations/0049_payouts.sql"),
        frozen: &["pay_remittances"],
    },
    Migration {
        name: "0050_call_centre",
        text: include_str!("../../migrations/0050_call_centre.sql"),
        frozen: &[],
    },
    Migration {
        name: "0051_team_history",
        text: include_str!("../../migrations/0051_team_history.sql"),
        frozen: &["team_history"],
    },
    Migration {
        name: "0052_calls_in",
        text: include_str!("../../migrations/0052_calls_in.sql"),
        frozen: &[],
    },
    Migration {
        name: "0053_import_branches",
        text: include_str!("../../migrations/0053_import_branches.sql"),
        frozen: &[],
    },
    Migration {
        name: "0054_statements",
        text: include_str!("../../migrations/0054_statements.sql"),
        frozen: &[],
    },
    Migration {
        name: "0055_settled_calls",
        text: include_str!("../../migrations/0055_settled_calls.sql"),
        frozen: &[],
    },
];

/// Migrations that put right what append-only tables hold: by number, and which tables.
const THAWED: &[(i64, &[&str])] = &[(22, &["events", "verifications"]), (29, &["events"])];

struct Migration {
    name: &'static str,
    text: &'static str,
    frozen: &'static [&'static str],
}

/// The database was made by a newer version of the product.
#[derive(Debug, thiserror::Error)]
#[error(
    "the database is at version {found}, this program knows up to {known}; nothing was changed; \
     use the newer program"
)]
pub struct TooNew {
    found: i64,
    known: i64,
}

/// A database of something else.
#[derive(Debug, thiserror::Error)]
#[error("it holds tables that are not of this product, the first is {table}; nothing was changed")]
pub struct NotOurs {
    table: String,
}

/// What a migration run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// Version before.
    pub from: i64,
    /// Version now.
    pub to: i64,
}

/// Every table that is append-only.
pub(super) fn frozen() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().flat_map(|migration| migration.frozen.iter().copied())
}

/// The version this program brings a database to.
pub fn version() -> i64 {
    MIGRATIONS.len() as i64
}

/// Applies what is missing. Safe to run by several nodes at once and after a crash.
pub async fn migrate(db: &Db, clock: &Clock) -> Outcome<Migrated> {
    migrate_to(db, clock, version()).await
}

/// Brings a database to an earlier version, as for a backup of that version. One that is further
/// already stays where it is.
pub(super) async fn migrate_to(db: &Db, clock: &Clock, to: i64) -> Outcome<Migrated> {
    let from = found_version(db).await?;
    if from > version() {
        return Err(Error::failure(TooNew { found: from, known: version() }));
    }
    if from == 0 {
        let mut tx = db.begin().await?;
        let text = "create table if not exists migrations \
                    (number bigint primary key, name text not null, applied_at bigint not null)";
        tx.run_text(Cow::Borrowed(text), &[]).await?;
        tx.commit().await?;
    }
    for (number, migration) in (1..=to).zip(MIGRATIONS) {
        if number > from {
            apply(db, clock, number, migration).await?;
        }
    }
    Ok(Migrated { from, to: to.max(from) })
}

/// The version a database is at; nought when it is empty. Writes nothing; one that holds tables of
/// something else is refused.
pub async fn found_version(db: &Db) -> Outcome<i64> {
    let mut tx = db.read().await?;
    let kind = tx.kind();
    let mut tables = Vec::new();
    for row in tx.all(dialect::tables(kind), &[]).await? {
        tables.push(row.text("name")?);
    }
    if tables.iter().any(|name| name == "migrations") {
        let row = tx.one("select coalesce(max(number), 0) as number from migrations", &[]).await?;
        return row.int("number");
    }
    match tables.into_iter().next() {
        None => Ok(0),
        Some(table) => Err(Error::failure(NotOurs { table })),
    }
}

async fn apply(db: &Db, clock: &Clock, number: i64, migration: &Migration) -> Outcome<()> {
    let mut tx = db.begin().await?;
    let is_first = tx
        .run(
            "insert into migrations (number, name, applied_at) values ($1, $2, $3) \
             on conflict (number) do nothing",
            vals![number, migration.name, clock.now()],
        )
        .await?
        == 1;
    if !is_first {
        return Ok(());
    }
    let kind = tx.kind();
    let statements = dialect::migration(kind, migration.text);
    let thawed = THAWED.iter().find(|(one, _)| *one == number).map_or(&[][..], |(_, all)| all);
    let thaws = thawed.iter().flat_map(|table| dialect::unfreeze(kind, table));
    let frozen = migration.frozen.iter().chain(thawed);
    let freezes = frozen.flat_map(|table| dialect::freeze(kind, table));
    for statement in thaws.chain(statements).chain(freezes) {
        let head: String = statement.chars().take(80).collect();
        tx.run_text(Cow::Owned(statement), &[])
            .await
            .map_err(|cause| Error::failure(format!("{}: {head}…: {cause}", migration.name)))?;
    }
    tx.commit().await
}
