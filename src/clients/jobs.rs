//! What happens later.

use crate::events::Recorded;
use crate::storage::Act;
use crate::values::*;

/// Acts upon an event of another folder.
pub async fn follow(_act: &Act, _event: &Recorded) -> Outcome<()> {
    Ok(())
}

/// Looks at what has become due; called every few seconds and safe to repeat.
pub async fn sweep(_act: &Act) -> Outcome<()> {
    Ok(())
}
