//! Who is offered a record: who is free for the talk first, then the least loaded, in turn among
//! equals.

use crate::values::*;

/// Somebody who could take an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The person.
    pub user: UserId,
    /// Their team.
    pub team: Option<TeamId>,
    /// True where they hold another talk at the time of the one that was agreed.
    pub is_busy: bool,
    /// What they have open: offers that wait for them, and records they lead.
    pub open_load: i64,
    /// When something was offered to them last.
    pub offered_at: Option<Instant>,
}

/// Chooses among the members of a tier. `unwilling` has sent the record back before and is asked
/// again only when nobody else is there. `None` when nobody is there at all.
pub fn choose(candidates: &[Candidate], unwilling: Option<UserId>) -> Option<Candidate> {
    candidates
        .iter()
        .min_by_key(|candidate| {
            let was_unwilling = unwilling == Some(candidate.user);
            let load = (candidate.open_load, candidate.offered_at);
            (was_unwilling, candidate.is_busy, load, candidate.user)
        })
        .copied()
}
