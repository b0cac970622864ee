//! What happens later.

use crate::storage::Act;
use crate::values::*;

/// Looks at what has become due; called every few seconds and safe to repeat.
pub async fn sweep(_act: &Act) -> Outcome<()> {
    Ok(())
}
