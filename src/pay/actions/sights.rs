//! Sights: what of whose pay somebody may see. A head sees the lines of days on which the person
//! was of their team, and what those add up to.

use ledger::Kind;

use super::super::entry::{Entry, PAYOUT};
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
    /// The sights of a viewer.
    pub(super) async fn of(tx: &mut Tx, viewer: &Viewer) -> Outcome<Self> {
        let reach = PayReach::of(viewer);
        let history = match reach {
            PayReach::Team(..) => people::actions::team_history(tx, viewer.org).await?,
            // Of no account: they see everything, or of others nothing.
            PayReach::All | PayReach::Own(_) => TeamHistory::default(),
        };
        Ok(Self { reach, history, zone: viewer.zone.clone() })
    }

    /// What may be seen of somebody's pay.
    pub(super) fn on(&self, person: UserId) -> Sight {
        self.reach.sight(person, &self.history)
    }

    /// True for a line that may be seen.
    pub(super) fn shows(&self, line: &Entry) -> bool {
        self.on(line.person).shows(line.counts_at(&self.zone))
    }

    /// The sums of somebody in a month out of the lines that may be seen, and what of them was
    /// handed over; nothing where there is no such line.
    pub(super) async fn sum(
        &self,
        tx: &mut Tx,
        org: OrgId,
        (whole, month): (Sum, Month),
    ) -> Outcome<Option<(Sum, i64)>> {
        let all = store::entries::list_until(tx, org, whole.person, month).await?;
        let currency = whole.posted.currency;
        let of_currency = all.iter().filter(|line| line.amount.currency == currency);
        let seen: Vec<&Entry> = of_currency.filter(|line| self.shows(line)).collect();
        if seen.is_empty() {
            return Ok(None);
        }
        let (now, before): (Vec<&Entry>, Vec<&Entry>) =
            seen.iter().copied().partition(|line| line.period == month);
        // Who does not see how it ended does not see it wait for ever.
        let waits = |line: &&&Entry| {
            line.kind == Kind::Pending && !all.iter().any(|later| ends(later, line))
        };
        let waiting = seen.iter().filter(waits);
        let is_shown = |line: &&&Entry| !now.iter().any(|begun| ends(line, begun));
        let paid_out = now.iter().filter(|line| line.component == PAYOUT);
        let sum = Sum {
            person: whole.person,
            posted: Money::new(now.iter().map(|line| line.posted()).sum(), currency),
            pending: waiting.map(|line| line.pending()).sum(),
            opening: before.iter().map(|line| line.posted()).sum(),
            lines: i64::try_from(now.iter().filter(is_shown).count()).map_err(Error::failure)?,
        };
        Ok(Some((sum, paid_out.map(|line| line.posted()).sum())))
    }
}

/// True for the end of what waited.
fn ends(line: &Entry, begun: &Entry) -> bool {
    matches!(line.kind, Kind::Post | Kind::Void)
        && begun.kind == Kind::Pending
        && line.corrects == Some(begun.id)
}

/// True where the viewer may see something of somebody's pay, be it of a time that is over.
pub async fn sees_some(tx: &mut Tx, viewer: &Viewer, person: UserId) -> Outcome<bool> {
    Ok(!Sights::of(tx, viewer).await?.on(person).is_empty())
}

/// Somebody of whose pay the viewer may see something, and what.
pub(super) async fn sighted(
    tx: &mut Tx,
    viewer: &Viewer,
    person: UserId,
) -> Outcome<(User, Sight)> {
    let found = people::actions::find_user(tx, viewer.org, person).await?;
    let user = found.ok_or(Error::NotFound)?;
    let sight = Sights::of(tx, viewer).await?.on(person);
    if sight.is_empty() { Err(Error::NotFound) } else { Ok((user, sight)) }
}
