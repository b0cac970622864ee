//! Teams over time: who belonged to which, and who headed whom, at any instant.
//!
//! What holds of a person holds until the next row of theirs, and the first speaks for all before
//! it. Nobody heads a team before the row that says so, nor once they have left the firm; who left
//! still belongs to the team they left: what comes late of theirs is its head's to see.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::{Role, Roles, User};
use crate::values::*;

/// A time: from an instant until another, which is no longer in it.
pub type Span = (Instant, Instant);

/// All of time.
pub const EVER: Span = (Instant(i64::MIN), Instant(i64::MAX));

/// What holds of a person from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: UserId,
    /// Their team.
    pub team: Option<TeamId>,
    /// The tier they work in.
    pub tier: Option<i64>,
    /// What they do.
    pub roles: Roles,
    /// True once they were shut out.
    pub has_left: bool,
    /// Since when.
    pub starts_at: Instant,
}

impl Membership {
    /// What holds of a person as they are, from an instant on.
    pub fn of(user: &User, starts_at: Instant) -> Self {
        Self {
            person: user.id,
            team: user.team,
            tier: user.tier,
            roles: user.roles,
            has_left: user.disabled_at.is_some(),
            starts_at,
        }
    }
}

/// Somebody led somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headship {
    /// Who was led.
    pub person: UserId,
    /// By whom.
    pub head: UserId,
    /// When.
    pub span: Span,
}

/// The memberships of a firm, each with the time in which it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamHistory {
    rows: Vec<(Membership, Span)>,
    /// Where the rows of a person stand.
    places: HashMap<UserId, Range<usize>>,
}

impl TeamHistory {
    /// The history of these, of each person the oldest first.
    pub fn of(rows: Vec<Membership>) -> Self {
        let person = |place: usize| rows.get(place).map(|row| row.person);
        let mut spans = Vec::new();
        let mut places: HashMap<UserId, Range<usize>> = HashMap::new();
        for (place, row) in rows.iter().enumerate() {
            places.entry(row.person).or_insert(place..place).end = place + 1;
            let is_first = place == 0 || person(place - 1) != Some(row.person);
            let from = if is_first { EVER.0 } else { row.starts_at };
            let next = rows.get(place + 1).filter(|next| next.person == row.person);
            spans.push((from, next.map_or(EVER.1, |next| next.starts_at)));
        }
        Self { rows: rows.into_iter().zip(spans).collect(), places }
    }

    /// When a person belonged to a team, in order.
    pub fn times_in(&self, person: UserId, team: TeamId) -> Vec<Span> {
        let mut times: Vec<Span> = Vec::new();
        let own = self.places.get(&person).map_or(&[][..], |places| &self.rows[places.clone()]);
        for (_, span) in own.iter().filter(|(row, _)| row.team == Some(team)) {
            match times.last_mut() {
                Some(last) if last.1 == span.0 => last.1 = span.1,
                _ => times.push(*span),
            }
        }
        times
    }

    /// Who headed whom. Who heads a team is headed by nobody in it.
    pub fn headships(&self) -> Vec<Headship> {
        let mut heads: BTreeMap<TeamId, Vec<(UserId, Span)>> = BTreeMap::new();
        for (row, span) in &self.rows {
            if let Some(team) = row.team
                && row.roles.has(Role::Head)
                && !row.has_left
            {
                let since = (row.starts_at, span.1);
                heads.entry(team).or_default().push((row.person, since));
            }
        }
        let mut found = Vec::new();
        for (row, span) in self.rows.iter().filter(|(row, _)| !row.roles.has(Role::Head)) {
            let of_team = row.team.and_then(|team| heads.get(&team));
            for (head, since) in of_team.into_iter().flatten() {
                let span = (span.0.max(since.0), span.1.min(since.1));
                if *head != row.person && span.0 < span.1 {
                    found.push(Headship { person: row.person, head: *head, span });
                }
            }
        }
        found
    }
}
