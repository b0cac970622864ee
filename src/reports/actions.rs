//! What is read for a report: sight, figures, records.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::Passed;
use super::records::{self, PairWanted, Record, SaidWanted};
use super::scripts::{self, Part, Tally};
use super::{Cut, Filter, Period, Sight, Step, Sums, cube, store};
use crate::people::{Role, User, Viewer};
use crate::storage::Tx;
use crate::tiers::EngagementPolicy;
use crate::values::*;
use crate::web::{Cursor, Slice};

/// A campaign the viewer may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// Its engagement policy.
    pub policy: EngagementPolicy,
}

/// What a report is made of besides its figures.
pub struct Ground {
    /// How far the viewer sees.
    pub sight: Sight,
    /// The campaigns within sight.
    pub campaigns: Vec<Campaign>,
    /// The people within sight; nobody for a principal.
    pub people: Vec<User>,
    /// The other side of a hand-off by name, as its page shows it; nobody for a principal.
    pub sides: BTreeMap<UserId, String>,
    /// The firm's words for its refusal reasons, Russian and English.
    pub refusals: BTreeMap<String, (String, String)>,
}

impl Ground {
    /// The steps whose figures the viewer is told. A head is not told those of tiers in which
    /// nobody of theirs works: nought would say that there is nothing, where there is nothing of
    /// theirs. What their people did in another tier is told.
    pub fn steps<'a>(&'a self, sums: &'a Sums) -> impl Iterator<Item = Step> + 'a {
        let is_theirs = |tier| self.people.iter().any(|user| user.tier == Some(tier));
        Step::ALL.iter().copied().filter(move |step| {
            !matches!(self.sight, Sight::People(_))
                || is_theirs(step.tier())
                || sums.get(step).is_some_and(|sum| sum.count > 0)
        })
    }
}

/// Who and what the viewer may see figures of. Each report leaves out most filters there are, so
/// its statements are planned for what is asked.
pub async fn ground(tx: &mut Tx, viewer: &Viewer) -> Outcome<Ground> {
    tx.plan_for_values().await?;
    let all = store::list_campaigns(tx, viewer.org).await?;
    let users = crate::people::actions::list_users(tx, viewer.org).await?;
    let sight = if viewer.is(Role::Owner) {
        Sight::All
    } else if viewer.is(Role::Head) {
        let is_theirs = |user: &&User| {
            user.id == viewer.id() || viewer.user.team.is_some() && user.team == viewer.user.team
        };
        Sight::People(users.iter().filter(is_theirs).map(|user| user.id).collect())
    } else {
        let own = all.iter().filter(|c| c.principal == Some(viewer.id()));
        Sight::Campaigns(own.map(|campaign| campaign.id).collect())
    };
    let mut sides = BTreeMap::new();
    if !matches!(sight, Sight::Campaigns(_)) {
        sides.extend(users.iter().map(|user| (user.id, user.name.clone())));
    }
    let people = users
        .into_iter()
        .filter(|user| match &sight {
            Sight::All => user.tier.is_some(),
            Sight::People(ids) => ids.contains(&user.id),
            Sight::Campaigns(_) => false,
        })
        .collect();
    let campaigns = all
        .into_iter()
        .filter(|campaign| match &sight {
            Sight::Campaigns(ids) => ids.contains(&campaign.id),
            _ => true,
        })
        .map(|c| Campaign { id: c.id, name: c.name, policy: c.policy })
        .collect();
    let refusals = store::list_refusal_labels(tx, viewer.org).await?;
    Ok(Ground { sight, campaigns, people, sides, refusals })
}

/// A cut of the figures, and one without any filter but the viewer's sight.
pub async fn cut(
    tx: &mut Tx,
    viewer: &Viewer,
    ground: &Ground,
    (period, filter): (&Period, &Filter),
    now: Instant,
) -> Outcome<(Cut, BTreeSet<String>)> {
    let days = cube::figures(tx, viewer.org, (period, &viewer.zone), now).await?;
    let policies: BTreeMap<CampaignId, EngagementPolicy> =
        ground.campaigns.iter().map(|campaign| (campaign.id, campaign.policy)).collect();
    let figures = days.iter().flat_map(|day| day.iter());
    let sources = figures
        .clone()
        .filter(|figure| ground.sight.sees(figure))
        .map(|figure| figure.source.clone())
        .collect();
    Ok((Cut::of(figures, filter, &ground.sight, &policies), sources))
}

/// The records that a number counts.
pub async fn list_records(
    tx: &mut Tx,
    viewer: &Viewer,
    ground: &Ground,
    number: (Step, &Period, &Filter),
    cursor: &Cursor,
) -> Outcome<Slice<Record>> {
    records::list(tx, viewer, &ground.sight, number, cursor).await
}

/// The hand-offs offered in a period, by giver and receiver.
pub async fn list_passed(tx: &mut Tx, viewer: &Viewer, period: &Period) -> Outcome<Vec<Passed>> {
    store::list_passed(tx, viewer.org, (period.from, period.until)).await
}

/// The hand-offs that a number of the matrix counts.
pub(super) async fn list_pair(
    tx: &mut Tx,
    viewer: &Viewer,
    ground: &Ground,
    number: (&PairWanted, &Period, &Filter),
    cursor: &Cursor,
) -> Outcome<Slice<Record>> {
    records::list_pair(tx, viewer, &ground.sight, number, cursor).await
}

/// What calls of a period came to, by version and branch of the script, within the viewer's sight.
pub(super) async fn list_scripts(
    tx: &mut Tx,
    viewer: &Viewer,
    ground: &Ground,
    (period, filter): (&Period, &Filter),
) -> Outcome<BTreeMap<Part, Tally>> {
    let span = (period.from, period.until);
    let said = store::list_said_figures(tx, viewer.org, filter.campaign, span).await?;
    Ok(scripts::fold(&said, (&ground.sight, filter)))
}

/// The names of the branches of these campaigns, by version.
pub(super) async fn list_branches(
    tx: &mut Tx,
    org: OrgId,
    parts: &BTreeMap<Part, Tally>,
) -> Outcome<BTreeMap<(CampaignId, i64), Vec<String>>> {
    let campaigns: BTreeSet<CampaignId> = parts.keys().map(|(campaign, _, _)| *campaign).collect();
    let mut named = BTreeMap::new();
    for campaign in campaigns {
        for (version, body) in store::list_script_bodies(tx, org, campaign).await? {
            named.insert((campaign, version), crate::campaigns::script::branches(&body));
        }
    }
    Ok(named)
}

/// The calls that a number of the report of scripts counts.
pub(super) async fn list_said(
    tx: &mut Tx,
    viewer: &Viewer,
    ground: &Ground,
    number: (&SaidWanted, &Period, &Filter),
    cursor: &Cursor,
) -> Outcome<Slice<Record>> {
    records::list_said(tx, viewer, &ground.sight, number, cursor).await
}
