//! The records behind a number.

use super::scripts::ScriptCount;
use super::steps::{Basis, Reached};
use super::{Filter, NONE, Period, Sight, Step, store};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::values::*;
use crate::web::{Cursor, Slice};

/// One of the things counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Id of the call or of the event.
    pub id: String,
    /// When it happened.
    pub at: Instant,
    /// Id of what it happened to; the step says of which noun.
    pub subject: String,
    /// The lead of a call.
    pub lead: Option<LeadId>,
    /// The company.
    pub company: Option<CompanyId>,
    /// Its name.
    pub company_name: Option<String>,
    /// Whose work it is.
    pub person_name: Option<String>,
    /// In which campaign.
    pub campaign_name: Option<String>,
    /// Why, or what a call meant.
    pub reason: Option<String>,
    /// What money it moved.
    pub amount: Option<Money>,
}

/// A filter as a statement takes it: empty where anything will do.
pub(super) struct Wanted {
    pub org: OrgId,
    pub from: Instant,
    pub until: Instant,
    pub campaign: String,
    pub person: String,
    pub source: String,
    pub reason: String,
    pub policy: &'static str,
    pub sight: &'static str,
    pub viewer: UserId,
    pub team: String,
    pub before: Instant,
    pub before_id: String,
    pub limit: i64,
}

/// Which number of the matrix of hand-offs.
pub(super) struct PairWanted {
    pub giver: String,
    pub receiver: String,
    pub standing: String,
    pub tier: i64,
}

/// Which number of the report of scripts.
pub(super) struct SaidWanted {
    pub version: i64,
    /// No branch stands for all of a version.
    pub branch: Option<i64>,
    pub count: ScriptCount,
}

impl Wanted {
    fn new(viewer: &Viewer, sight: &Sight, period: &Period, filter: &Filter) -> Self {
        let text = |id: Option<String>| id.unwrap_or_default();
        Self {
            org: viewer.org,
            from: period.from,
            until: period.until,
            campaign: text(filter.campaign.map(|id| id.to_string())),
            person: text(filter.person.map(|id| id.to_string())),
            source: text(filter.source.clone()),
            reason: text(filter.reason.clone()),
            policy: filter.policy.map_or("", |policy| policy.code()),
            sight: match sight {
                Sight::All => "all",
                Sight::People(_) => "people",
                Sight::Campaigns(_) => "campaigns",
            },
            viewer: viewer.id(),
            team: viewer.user.team.map_or_else(|| NONE.to_owned(), |team| team.to_string()),
            before: period.until,
            before_id: String::new(),
            limit: 0,
        }
    }

    /// From behind the row that a cursor names, `milliseconds.id`.
    fn page(mut self, cursor: &Cursor) -> Outcome<Self> {
        let (before, id) = cursor.before()?;
        (self.before, self.before_id) = (before, id.to_owned());
        self.limit = cursor.limit() + 1;
        Ok(self)
    }
}

/// The records that a number of a step counts, newest first.
pub(super) async fn list(
    tx: &mut Tx,
    viewer: &Viewer,
    sight: &Sight,
    (step, period, filter): (Step, &Period, &Filter),
    cursor: &Cursor,
) -> Outcome<Slice<Record>> {
    let wanted = Wanted::new(viewer, sight, period, filter).page(cursor)?;
    let rows = match step.basis() {
        Basis::Calls(Reached::Line) => store::list_calls(tx, &wanted, (false, false)).await?,
        Basis::Calls(Reached::Voice) => store::list_calls(tx, &wanted, (true, false)).await?,
        Basis::Calls(Reached::Talk) => store::list_calls(tx, &wanted, (true, true)).await?,
        Basis::Events(kind) => store::list_events(tx, &wanted, (kind, None)).await?,
        Basis::EventsOf(kind, tier) => store::list_events(tx, &wanted, (kind, Some(tier))).await?,
    };
    Ok(Slice::cut(rows, cursor.limit(), |row| format!("{}.{}", row.at.ms(), row.id)))
}

/// The hand-offs that a number of the matrix counts, newest first.
pub(super) async fn list_pair(
    tx: &mut Tx,
    viewer: &Viewer,
    sight: &Sight,
    (pair, period, filter): (&PairWanted, &Period, &Filter),
    cursor: &Cursor,
) -> Outcome<Slice<Record>> {
    let wanted = Wanted::new(viewer, sight, period, filter).page(cursor)?;
    let rows = store::list_handoffs(tx, &wanted, pair).await?;
    Ok(Slice::cut(rows, cursor.limit(), |row| format!("{}.{}", row.at.ms(), row.id)))
}

/// The calls that a number of the report of scripts counts, newest first.
pub(super) async fn list_said(
    tx: &mut Tx,
    viewer: &Viewer,
    sight: &Sight,
    (said, period, filter): (&SaidWanted, &Period, &Filter),
    cursor: &Cursor,
) -> Outcome<Slice<Record>> {
    let wanted = Wanted::new(viewer, sight, period, filter).page(cursor)?;
    let rows = store::list_said(tx, &wanted, said).await?;
    Ok(Slice::cut(rows, cursor.limit(), |row| format!("{}.{}", row.at.ms(), row.id)))
}
