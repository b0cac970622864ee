//! Sights: what of whose pay somebody may see. A head sees the lines of days on which the person
//! was of their team, and what those add up to in a month; no balance, which tells of the others.

use std::collections::{BTreeSet, HashSet};

use ledger::Kind;

use super::super::entry::Entry;
use super::super::store::{self, entries::Sum};
use super::super::{PayReach, Sight};
use crate::people::teams::TeamHistory;
use crate::people::{self, User, Viewer};
use crate::storage::Tx;
use crate::values::*;

/// What a viewer may see of everybody's pay.
pub(super) struct Sights {
    reach: PayReach,
    history: TeamHistory,
    zone: Zone,
}

impl Sights {
    /// The sights of a viewer on everybody.
    pub(super) async fn of(tx: &mut Tx, viewer: &Viewer) -> Outcome<Self> {
        let reach = PayReach::of(viewer);
        let history = match reach {
            PayReach::Team(..) => people::actions::team_history(tx, viewer.org).await?,
            // Of no account: they see everything, or of others nothing.
            PayReach::All | PayReach::Own(_) => TeamHistory::default(),
        };
        Ok(Self { reach, history, zone: viewer.zone.clone() })
    }

    /// The sights of a viewer on one person; nothing is read of where others were.
    pub(super) async fn of_one(tx: &mut Tx, viewer: &Viewer, person: UserId) -> Outcome<Self> {
        let reach = PayReach::of(viewer);
        let history = match reach {
            PayReach::Team(own, _) if own != person => {
                let whose = BTreeSet::from([person]);
                people::actions::team_history_of(tx, viewer.org, &whose).await?
            }
            PayReach::All | PayReach::Own(_) | PayReach::Team(..) => TeamHistory::default(),
        };
        Ok(Self { reach, history, zone: viewer.zone.clone() })
    }

    /// What may be seen of somebody's pay.
    pub(super) fn on(&self, person: UserId) -> Sight {
        self.reach.sight(person, &self.history)
    }

    /// Of whose pay something may be seen; nothing where that is everybody.
    pub(super) fn whose(&self, users: &[User]) -> Option<BTreeSet<UserId>> {
        if self.reach == PayReach::All {
            return None;
        }
        let ids = users.iter().map(|user| user.id);
        Some(ids.filter(|id| !self.on(*id).is_empty()).collect())
    }

    /// True for a line that may be seen.
    pub(super) fn shows(&self, line: &Entry) -> bool {
        self.on(line.person).shows_line(line, &self.zone)
    }

    /// The sums of somebody in a month out of the lines that may be seen, where that is a part of
    /// them: nothing is carried over into it, and nothing is handed over of it. Nothing where there
    /// is no such line.
    pub(super) async fn sum(
        &self,
        tx: &mut Tx,
        org: OrgId,
        (whole, month): (Sum, Month),
    ) -> Outcome<Option<Sum>> {
        let (sight, currency) = (self.on(whole.person), whole.posted.currency);
        let mut lines = store::entries::list_for_person(tx, org, whole.person, month).await?;
        // Who does not see how it ended does not see it wait for ever.
        let ended: HashSet<EntryId> = lines.iter().filter_map(ended_by).collect();
        lines.retain(|line| line.amount.currency == currency && sight.shows_line(line, &self.zone));
        if lines.is_empty() {
            return Ok(None);
        }
        let begun = lines.iter().filter(|line| line.kind == Kind::Pending);
        let waiting = begun.clone().filter(|line| !ended.contains(&line.id));
        let pending = waiting.map(Entry::pending).sum();
        let begun: HashSet<EntryId> = begun.map(|line| line.id).collect();
        let is_shown = |line: &&Entry| ended_by(line).is_none_or(|id| !begun.contains(&id));
        Ok(Some(Sum {
            person: whole.person,
            posted: Money::new(lines.iter().map(Entry::posted).sum(), currency),
            pending,
            opening: 0,
            lines: i64::try_from(lines.iter().filter(is_shown).count()).map_err(Error::failure)?,
        }))
    }
}

/// The line that waited and was ended by this one.
fn ended_by(line: &Entry) -> Option<EntryId> {
    line.corrects.filter(|_| matches!(line.kind, Kind::Post | Kind::Void))
}

/// True where the viewer may see something of somebody's pay, be it of a time that is over.
pub async fn sees_some(tx: &mut Tx, viewer: &Viewer, person: UserId) -> Outcome<bool> {
    Ok(!Sights::of_one(tx, viewer, person).await?.on(person).is_empty())
}

/// Somebody of whose pay the viewer may see something, and what.
pub(super) async fn sighted(
    tx: &mut Tx,
    viewer: &Viewer,
    person: UserId,
) -> Outcome<(User, Sight)> {
    let found = people::actions::find_user(tx, viewer.org, person).await?;
    let user = found.ok_or(Error::NotFound)?;
    let sight = Sights::of_one(tx, viewer, person).await?.on(person);
    if sight.is_empty() { Err(Error::NotFound) } else { Ok((user, sight)) }
}
