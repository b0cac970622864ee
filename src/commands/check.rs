//! `troika check`.

use super::settings::Chosen;
use super::{Answer, firm, open_kept, told};
use crate::check;

/// Verifies every invariant; a list and status 1 when one is broken.
pub async fn run(chosen: &Chosen) -> Answer {
    let db = open_kept(&chosen.database).await?;
    firm(&db).await?;
    let broken = check::everything(&db).await.map_err(told)?;
    db.close().await;
    if broken.is_empty() {
        println!("Every invariant holds.");
        return Ok(());
    }
    for one in &broken {
        println!("{one}");
    }
    Err(format!("{} invariants are broken", broken.len()))
}
