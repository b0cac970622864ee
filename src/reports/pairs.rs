//! Hand-offs by giver and receiver: who gives what to whom, and what becomes of it.
//!
//! Counted by the day of the offer and by where the offer stands now, so that each row adds up.

use std::collections::BTreeMap;

use super::actions::Ground;
use super::board::{Cell, side_word};
use super::pages::Asked;
use super::records::PairWanted;
use super::{Filter, NONE, Sight};
use crate::tiers::EngagementPolicy;
use crate::values::*;
use crate::web::Ui;

/// Where an offer can stand, in the order of the columns.
pub const STANDINGS: [&str; 5] = ["all", "accepted", "rejected", "expired", "offered"];

/// Hand-offs of one giver to one receiver that stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Who gave.
    pub giver: UserId,
    /// To whom; nobody where the offer waits for any of a team.
    pub receiver: Option<UserId>,
    /// The giver's tier.
    pub tier: i64,
    /// In which campaign.
    pub campaign: Option<CampaignId>,
    /// Where the company came from.
    pub source: String,
    /// Where they stand.
    pub standing: String,
    /// How many.
    pub count: i64,
    /// How many of them have an answer whose delay is known.
    pub answered: i64,
    /// Working minutes those answers took together.
    pub minutes: i64,
}

impl Passed {
    fn is_within(
        &self,
        (sight, filter): (&Sight, &Filter),
        policy: Option<EngagementPolicy>,
    ) -> bool {
        let is_seen = match sight {
            Sight::All => true,
            Sight::People(ids) => {
                ids.contains(&self.giver) || self.receiver.is_some_and(|id| ids.contains(&id))
            }
            // A principal is told no names, and here is nothing else.
            Sight::Campaigns(_) => false,
        };
        let is_person = filter
            .person
            .is_none_or(|person| self.giver == person || self.receiver == Some(person));
        is_seen
            && is_person
            && (filter.campaign.is_none() || filter.campaign == self.campaign)
            && filter.source.as_ref().is_none_or(|source| *source == self.source)
            && (filter.policy.is_none() || filter.policy == policy)
    }
}

/// A row of the matrix.
pub struct Pair {
    /// Who gave.
    pub giver: String,
    /// To whom.
    pub receiver: String,
    /// From which tier.
    pub tier: i64,
    /// All, accepted, sent back, expired, waiting.
    pub cells: Vec<Cell>,
    /// Share of the answered that were accepted.
    pub accepted: String,
    /// Working minutes an answer took, on average.
    pub minutes: String,
}

#[derive(Default)]
struct Tally {
    standings: BTreeMap<String, i64>,
    answered: i64,
    minutes: i64,
}

/// Draws the matrix of what the filter and the viewer's sight let through.
pub fn draw(
    ui: &Ui,
    ground: &Ground,
    (asked, filter): (&Asked, &Filter),
    passed: &[Passed],
) -> Vec<Pair> {
    let mut rows: BTreeMap<(i64, UserId, Option<UserId>), Tally> = BTreeMap::new();
    for one in passed {
        let policy = ground.campaigns.iter().find(|c| Some(c.id) == one.campaign).map(|c| c.policy);
        if one.is_within((&ground.sight, filter), policy) {
            let tally = rows.entry((one.tier, one.giver, one.receiver)).or_default();
            for standing in ["all", one.standing.as_str()] {
                *tally.standings.entry(standing.to_owned()).or_default() += one.count;
            }
            tally.answered += one.answered;
            tally.minutes += one.minutes;
        }
    }
    let mut pairs: Vec<Pair> = rows
        .into_iter()
        .map(|((tier, giver, receiver), tally)| {
            pair(ui, ground, asked, ((tier, giver, receiver), &tally))
        })
        .collect();
    pairs.sort_by(|a, b| (a.tier, &a.giver, &a.receiver).cmp(&(b.tier, &b.giver, &b.receiver)));
    pairs
}

fn pair(
    ui: &Ui,
    ground: &Ground,
    asked: &Asked,
    ((tier, giver, receiver), tally): ((i64, UserId, Option<UserId>), &Tally),
) -> Pair {
    let count = |standing: &str| tally.standings.get(standing).copied().unwrap_or(0);
    let cells = STANDINGS.iter().map(|standing| {
        let asked = Asked {
            giver: giver.to_string(),
            receiver: receiver.map_or_else(|| NONE.to_owned(), |id| id.to_string()),
            tier: tier.to_string(),
            standing: (*standing).to_owned(),
            ..asked.clone()
        };
        Cell {
            label: ui.tc("report-standing-", standing),
            count: count(standing),
            shown: ui.number(&count(standing)),
            money: None,
            href: asked.href("/reports/handoffs"),
        }
    });
    let answers = count("accepted") + count("rejected");
    let side = |id| side_word(ui, ground, id);
    Pair {
        giver: side(giver),
        receiver: receiver.map_or_else(|| ui.t("report-any-of-team"), side),
        tier,
        cells: cells.collect(),
        accepted: ui.percent(&count("accepted"), &answers),
        minutes: match tally.answered {
            0 => "—".to_owned(),
            n => ui.number(&(tally.minutes / n)),
        },
    }
}

/// How many hand-offs a number of the matrix counts.
pub(super) fn count(
    ground: &Ground,
    (filter, pair): (&Filter, &PairWanted),
    passed: &[Passed],
) -> i64 {
    let is_meant = |one: &&Passed| {
        let policy = ground.campaigns.iter().find(|c| Some(c.id) == one.campaign).map(|c| c.policy);
        let receiver = one.receiver.map_or_else(|| NONE.to_owned(), |id| id.to_string());
        one.is_within((&ground.sight, filter), policy)
            && (pair.giver.is_empty() || pair.giver == one.giver.to_string())
            && (pair.receiver.is_empty() || pair.receiver == receiver)
            && (pair.standing == "all" || pair.standing == one.standing)
            && (pair.tier == 0 || pair.tier == one.tier)
    };
    passed.iter().filter(is_meant).map(|one| one.count).sum()
}
