//! Closed months and frozen lines in a backup.

use super::{NOVEMBER, OCTOBER, Yard, payment};
use crate::both;
use crate::events::Kind;
use crate::storage::testing::{self, Engine};
use crate::storage::{backup, dump_digest};
use crate::values::*;

both! {
    async fn a_backup_brings_closed_months_back_as_closed(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let paid = PaymentId::fresh(OCTOBER);
        let event = payment(&yard, "seller", paid, Kind::PaymentEntered, 10_000_00);
        yard.tell(OCTOBER.plus_days(20), event).await;
        yard.clock.set(NOVEMBER.plus_ms(HOUR_MS));
        yard.close("2026-10").await;
        let mut bytes = Vec::new();
        backup::write(&t.db, &mut bytes).await.expect("a backup");
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let target = testing::fresh(engine).await;
            let bytes = bytes.clone();
            let read = move || Ok(Box::new(std::io::Cursor::new(bytes.clone())) as Box<_>);
            backup::restore(&target.db, &t.clock, read).await.expect("restored");
            assert_eq!(
                dump_digest(&target.db, &["migrations"]).await.expect("a digest"),
                dump_digest(&t.db, &["migrations"]).await.expect("a digest")
            );
            let mut tx = target.db.begin().await.expect("begins");
            let changed = tx.run("update entries set amount = 1", &[]).await;
            assert!(changed.is_err_and(|e| e.to_string().contains("append-only")), "{engine:?}");
        }
    }
}
