//! What happens later.

use crate::events::Recorded;
use crate::storage::Act;
use crate::values::*;

/// Acts upon an event of another folder.
pub async fn follow(_act: &Act, _event: &Recorded) -> Outcome<()> {
    Ok(())
}
