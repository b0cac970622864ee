//! What the pages show of a hand-off, already named.

use std::collections::{BTreeMap, BTreeSet};

use super::{Handoff, HandoffState, Opened};
use crate::campaigns::passport::PassportField;
use crate::meetings::Meeting;
use crate::opportunities::{self, State};
use crate::people::{self, Role, Scope, User, Viewer};
use crate::promises::Promise;
use crate::storage::Tx;
use crate::tiers::doors::LEADING;
use crate::tiers::{self, Tier};
use crate::values::*;
use crate::{campaigns, companies, meetings, promises};

/// Names of people, teams, companies and campaigns by id.
#[derive(Debug, Default)]
pub(super) struct Names {
    people: BTreeMap<UserId, String>,
    teams: BTreeMap<TeamId, String>,
    companies: BTreeMap<CompanyId, (String, Option<String>)>,
    campaigns: BTreeMap<CampaignId, String>,
}

impl Names {
    /// The names that these hand-offs need.
    pub(super) async fn of(tx: &mut Tx, org: OrgId, all: &[Handoff]) -> Outcome<Self> {
        let users = people::actions::list_users(tx, org).await?;
        let teams = people::actions::list_teams(tx, org).await?;
        let ids: BTreeSet<CompanyId> = all.iter().map(|handoff| handoff.company).collect();
        let ids: Vec<CompanyId> = ids.into_iter().collect();
        let companies = companies::actions::list_by_ids(tx, org, &ids).await?;
        let wanted: BTreeSet<CampaignId> = all.iter().filter_map(|h| h.campaign).collect();
        let mut campaigns = BTreeMap::new();
        for id in wanted {
            campaigns.insert(id, campaigns::actions::find(tx, org, id).await?.name);
        }
        Ok(Self {
            people: users.into_iter().map(|user| (user.id, user.name)).collect(),
            teams: teams.into_iter().map(|(id, name, _)| (id, name)).collect(),
            companies: companies.into_iter().map(|c| (c.id, (c.name, c.city))).collect(),
            campaigns,
        })
    }
    /// A person's name.
    pub(super) fn person(&self, id: &Option<UserId>) -> &str {
        id.and_then(|id| self.people.get(&id)).map_or("", String::as_str)
    }
    /// A team's name.
    pub(super) fn team(&self, id: Option<TeamId>) -> &str {
        id.and_then(|id| self.teams.get(&id)).map_or("", String::as_str)
    }
    /// To whom something is offered: a person, or whoever of a team takes it.
    pub(super) fn receiver(&self, handoff: &Handoff) -> &str {
        match handoff.receiver.user {
            Some(_) => self.person(&handoff.receiver.user),
            None => self.team(handoff.receiver.team),
        }
    }
    /// Who offers.
    pub(super) fn giver(&self, handoff: &Handoff) -> &str {
        self.person(&Some(handoff.giver))
    }
    /// A company's name.
    pub(super) fn company(&self, id: &CompanyId) -> &str {
        self.companies.get(id).map_or("", |(name, _)| name.as_str())
    }
    fn city(&self, id: CompanyId) -> Option<&str> {
        self.companies.get(&id).and_then(|(_, city)| city.as_deref())
    }
    /// A campaign's name.
    pub(super) fn campaign(&self, id: Option<CampaignId>) -> &str {
        id.and_then(|id| self.campaigns.get(&id)).map_or("", String::as_str)
    }
}

/// A hand-off with everything its card says.
#[derive(Debug)]
pub(super) struct Card {
    pub handoff: Handoff,
    pub company: String,
    pub city: Option<String>,
    pub campaign: String,
    pub giver: String,
    pub receiver: String,
    pub answers: Vec<(PassportField, String)>,
    pub promises: Vec<Promise>,
    /// What was promised in a passport, while nobody has dated it or put it away.
    pub told: Vec<String>,
    /// True where something was promised and the company's own pages, where it is dated, open.
    pub sees_company: bool,
    pub meeting: Option<Meeting>,
    /// The talk of whoever would take it that falls into the same time.
    pub clash: Option<Meeting>,
}

impl Card {
    /// The card of a hand-off.
    pub(super) async fn of(
        tx: &mut Tx,
        (viewer, now): (&Viewer, Instant),
        handoff: Handoff,
        names: &Names,
    ) -> Outcome<Self> {
        let org = viewer.org;
        let answers = handoff.passport.iter().map(|(field, text)| (*field, text.clone()));
        let meeting = match handoff.meeting {
            Some(id) => meetings::actions::find(tx, org, id).await?,
            None => None,
        };
        let taker = handoff.receiver.user.unwrap_or(viewer.id());
        let clash = match &meeting {
            Some(meeting) if handoff.state == HandoffState::Offered => {
                meetings::booking::find_clash(tx, org, meeting, taker).await?
            }
            _ => None,
        };
        let told = opportunities::actions::list_told(tx, org, handoff.company).await?;
        let sees_company = !told.is_empty() && {
            let find = companies::actions::find_seen;
            find(tx, &viewer.scope(), handoff.company, now).await?.is_some()
        };
        Ok(Self {
            clash,
            company: names.company(&handoff.company).to_owned(),
            city: names.city(handoff.company).map(str::to_owned),
            campaign: names.campaign(handoff.campaign).to_owned(),
            giver: names.giver(&handoff).to_owned(),
            receiver: names.receiver(&handoff).to_owned(),
            answers: answers.collect(),
            told,
            sees_company,
            promises: promises::actions::list_open(tx, org, handoff.company).await?,
            meeting,
            handoff,
        })
    }
    /// `1 → 2`.
    pub(super) fn way(&self) -> String {
        way(&self.handoff)
    }
    /// True while it waits for an answer.
    pub(super) fn is_waiting(&self) -> bool {
        self.handoff.state == HandoffState::Offered
    }
}

/// `1 → 2`.
pub(super) fn way(handoff: &Handoff) -> String {
    format!("{}\u{a0}→\u{a0}{}", handoff.from().rank(), handoff.to().rank())
}

/// What became of a record after it was taken.
#[derive(Debug, Clone)]
pub(super) struct Became {
    pub path: String,
    /// `open`, `won`, `lost`; empty for a client.
    pub state: &'static str,
    pub loss: Option<&'static str>,
}

/// What became of what an acceptance opened. The giver learns it though the record is another's.
pub(super) async fn became(
    tx: &mut Tx,
    org: OrgId,
    opened: Option<Opened>,
) -> Outcome<Option<Became>> {
    let Some(opened) = opened else { return Ok(None) };
    let path = opened.path();
    let Opened::Opportunity(id) = opened else {
        return Ok(Some(Became { path, state: "", loss: None }));
    };
    let found = opportunities::actions::find(tx, &Scope::whole(org), id).await?;
    Ok(found.map(|found| {
        let loss = match found.state {
            State::Lost => found.loss_reason.map(|reason| reason.code()),
            State::Open | State::Won => None,
        };
        Became { path, state: found.state.code(), loss }
    }))
}

/// Who could take something in a tier, for a list to choose from.
pub(super) async fn choices(
    tx: &mut Tx,
    org: OrgId,
    tier: Tier,
    but: &[Option<UserId>],
) -> Outcome<Vec<(UserId, String)>> {
    let fits = |user: &User| tiers::may_take(user, tier) && !but.contains(&Some(user.id));
    let users = people::actions::list_users(tx, org).await?;
    Ok(users.into_iter().filter(fits).map(|user| (user.id, user.name)).collect())
}

/// What the lists of hand-offs show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What waits for me.
    Inbox,
    /// What became of mine.
    Given,
    /// Everything of my team, or of the firm.
    All,
    /// Contested rejections.
    Disputes,
    /// How offers fare.
    Rates,
}

impl View {
    /// Every view in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Inbox, Self::Given, Self::All, Self::Disputes, Self::Rates];
    /// The code in the address.
    pub fn code(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Given => "given",
            Self::All => "all",
            Self::Disputes => "disputes",
            Self::Rates => "rates",
        }
    }
    /// True when the tab is for this person.
    pub fn is_for(self, viewer: &Viewer) -> bool {
        let is_above = viewer.is_any(LEADING);
        match self {
            Self::Inbox => viewer.is(Role::Seller) || viewer.is(Role::Service) || is_above,
            Self::Given => {
                viewer.is(Role::Caller) || viewer.is(Role::Seller) || viewer.is(Role::Service)
            }
            Self::All | Self::Disputes => is_above,
            Self::Rates => true,
        }
    }
    /// The view asked for, or the first that is for this person.
    pub fn asked(code: Option<&str>, viewer: &Viewer) -> Self {
        let mut known = Self::ALL.into_iter().filter(|view| view.is_for(viewer));
        let first = known.clone().next().unwrap_or(Self::Rates);
        known.find(|view| Some(view.code()) == code).unwrap_or(first)
    }
}
