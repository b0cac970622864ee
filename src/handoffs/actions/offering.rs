//! How an offer is made and taken, as parts of the transactions of others.

use std::collections::{BTreeSet, HashMap};

use super::{announce, keep_answer, keep_dispute};
use crate::campaigns::passport::{self, Passport, PassportField};
use crate::campaigns::{self, Campaign, TargetAction};
use crate::clients::NewClient;
use crate::events::{Event, Kind};
use crate::handoffs::assignment::{Candidate, choose};
use crate::handoffs::{
    Answerer, Decision, Handoff, HandoffRefusal, HandoffState, Offered, Opened, Side, clock, store,
};
use crate::meetings::MeetingState;
use crate::opportunities::NewOpportunity;
use crate::people::{Role, User};
use crate::storage::{Act, Tx, take_numbers};
use crate::tiers::{self, Tier};
use crate::values::*;
use crate::web::words;
use crate::{clients, companies, leads, meetings, opportunities, people, promises};

/// A record to be offered.
pub struct NewOffer {
    /// What is offered.
    pub offered: Offered,
    /// Whose company it is.
    pub company: CompanyId,
    /// The campaign it came from.
    pub campaign: Option<CampaignId>,
    /// The meeting booked for it.
    pub meeting: Option<MeetingId>,
    /// The offer that this one repeats.
    pub again_of: Option<HandoffId>,
    /// Who offers.
    pub giver: UserId,
    /// To whom.
    pub receiver: Side,
    /// What must be known to go on.
    pub passport: Passport,
}

impl NewOffer {
    /// The same record to the same receiver once more.
    pub fn again(before: &Handoff) -> Self {
        Self {
            offered: before.offered,
            company: before.company,
            campaign: before.campaign,
            meeting: before.meeting,
            again_of: Some(before.id),
            giver: before.giver,
            receiver: before.receiver,
            passport: before.passport.clone(),
        }
    }
}

/// Offers a record; `None` when the same record is on offer already. Whoever gives takes their own
/// offer only where the policy of the campaign lets them keep the client, or the firm has nobody
/// else to ask.
pub async fn offer_in(
    tx: &mut Tx,
    act: &Act,
    new: NewOffer,
    campaign: Option<&Campaign>,
) -> Outcome<Option<Handoff>> {
    let firm = people::actions::firm(tx, act.org).await?;
    let giver = people::actions::find_user(tx, act.org, new.giver).await?;
    let before = store::list_of_record(tx, act.org, new.offered).await?;
    let (from, to) = new.offered.tiers();
    let is_own = new.receiver.user == Some(new.giver);
    let keeps = campaign.is_some_and(|campaign| campaign.engagement.keeps(from, to));
    if is_own && !keeps && is_anybody_else_there(tx, act.org, to, new.giver).await? {
        return Err(HandoffRefusal::GiverIsReceiver.into());
    }
    let earns = !is_own || new.offered.earns_when_kept(keeps);
    let handoff = Handoff {
        id: HandoffId::fresh(act.now),
        number: take_numbers(tx, act.org, "handoff", 1).await?,
        offered: new.offered,
        company: new.company,
        campaign: new.campaign,
        meeting: new.meeting,
        again_of: new.again_of,
        giver: new.giver,
        giver_team: giver.ok_or(Error::NotFound)?.team,
        receiver: new.receiver,
        passport: new.passport,
        counts_for_giver: earns && still_counts(new.offered, &before),
        state: HandoffState::Offered,
        offered_at: act.now,
        due_at: clock::due_at(campaign, &firm, act.now),
        answered: None,
        opened: None,
        dispute: None,
        version: 1,
    };
    if !store::insert(tx, act.org, &handoff).await? {
        return Ok(None);
    }
    for contested in before.iter().filter(|before| before.is_contested()) {
        let laid_down = contested.lay_down(act.now);
        keep_dispute(tx, act, &laid_down).await?;
        told(Kind::HandoffDecided, &laid_down)
            .reason(Decision::Upheld.code().to_owned())
            .with("offered_anew", true)
            .record(tx, act)
            .await?;
    }
    let is_accepted_lead_paid =
        campaign.is_none_or(|campaign| campaign.is_target(TargetAction::LeadAccepted));
    told(Kind::HandoffOffered, &handoff)
        .with("due_at", handoff.due_at.rfc3339())
        .target(is_accepted_lead_paid || !matches!(handoff.offered, Offered::Lead(_)))
        .record(tx, act)
        .await?;
    announce(tx, &handoff);
    Ok(Some(handoff))
}

/// True unless the giver's work on this record has counted already. A client may be offered for
/// more again and again, each time for another need; only a repeat of the same offer is the same.
fn still_counts(offered: Offered, before: &[Handoff]) -> bool {
    let has_counted =
        |handoff: &Handoff| handoff.state == HandoffState::Accepted || handoff.is_overturned();
    match offered {
        Offered::Lead(_) | Offered::Contract(_) => !before.iter().any(has_counted),
        Offered::Client(_) => before.last().is_none_or(|last| {
            last.state == HandoffState::Accepted || (last.counts_for_giver && !last.is_overturned())
        }),
    }
}

/// Takes an offer: what was offered is opened in its new tier, and the client passes to whoever
/// took it with every open promise.
pub async fn accept_in(tx: &mut Tx, act: &Act, handoff: &Handoff, by: Answerer) -> Outcome<Opened> {
    let accepted = handoff.accept(by, act.now)?;
    let opened = match accepted.offered {
        Offered::Lead(lead) => {
            let state = leads::actions::find(tx, act.org, lead).await?.state;
            if state != leads::LeadState::Offered {
                return Err(HandoffRefusal::LeadGone.into());
            }
            leads::actions::convert_in(tx, act, lead).await?;
            take_client_in(tx, act, &accepted, by.user).await?;
            if let Some(meeting) = accepted.meeting {
                meetings::actions::set_host_in(tx, act, meeting, by.user).await?;
            }
            open_opportunity_in(tx, act, &accepted, by).await?
        }
        Offered::Contract(contract) => {
            take_client_in(tx, act, &accepted, by.user).await?;
            let new = NewClient {
                company: accepted.company,
                contract,
                campaign: accepted.campaign,
                handoff: Some(accepted.id),
                owner: by.user,
                team: by.team,
            };
            Opened::Client(clients::actions::open_in(tx, act, new).await?)
        }
        // Service goes on leading the client; the seller only has more to sell them.
        Offered::Client(_) => open_opportunity_in(tx, act, &accepted, by).await?,
    };
    let accepted = Handoff { opened: Some(opened), ..accepted };
    keep_answer(tx, act, &accepted).await?;
    told(Kind::HandoffAccepted, &accepted).record(tx, act).await?;
    announce(tx, &accepted);
    Ok(opened)
}

async fn take_client_in(tx: &mut Tx, act: &Act, handoff: &Handoff, to: UserId) -> Outcome<()> {
    let rank = handoff.to().rank();
    companies::actions::set_lead_in(tx, act, handoff.company, Some(to), rank).await?;
    if handoff.giver != to {
        companies::actions::keep_in_sight_in(tx, act, handoff.company, handoff.giver).await?;
    }
    promises::actions::pass_in(tx, act, handoff.company, to).await?;
    Ok(())
}

async fn open_opportunity_in(
    tx: &mut Tx,
    act: &Act,
    handoff: &Handoff,
    by: Answerer,
) -> Outcome<Opened> {
    let need = handoff.passport.get(&PassportField::Need).cloned().unwrap_or_default();
    let new = NewOpportunity {
        company: handoff.company,
        campaign: handoff.campaign,
        handoff: Some(handoff.id),
        owner: by.user,
        team: by.team,
        is_upsell: matches!(handoff.offered, Offered::Client(_)),
        need,
        passport: passport::to_json(&handoff.passport),
        next: first_step_in(tx, act, handoff).await?,
    };
    Ok(Opened::Opportunity(opportunities::actions::open_in(tx, act, new).await?))
}

/// The meeting that is booked is what comes first, in the words of the passport.
async fn first_step_in(
    tx: &mut Tx,
    act: &Act,
    handoff: &Handoff,
) -> Outcome<Option<(String, Instant)>> {
    let Some(id) = handoff.meeting else { return Ok(None) };
    let Some(meeting) = meetings::actions::find(tx, act.org, id).await? else { return Ok(None) };
    let is_ahead = meeting.state == MeetingState::Booked && meeting.starts_at > act.now;
    if !is_ahead {
        return Ok(None);
    }
    let lang = people::actions::firm(tx, act.org).await?.lang;
    let said = handoff.passport.get(&PassportField::NextStep).filter(|said| !said.is_empty());
    let step = said.cloned().unwrap_or_else(|| words::say(lang, "handoff-meeting", &[]));
    Ok(Some((step, meeting.starts_at)))
}

/// What is known of who should be asked to take a record, and who not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes {
    /// Leads the client already, or is booked for the talk, and is asked first.
    pub known: Option<UserId>,
    /// Has sent it back before.
    pub unwilling: Option<UserId>,
    /// The talk that was agreed: who is busy then is asked after those who are free.
    pub meeting: Option<MeetingId>,
}

/// Chooses to whom a record is offered. Where a campaign has nobody in the tier, the offer is open
/// to the whole team of that tier, then to a head, then to the owner.
pub async fn assign_in(
    tx: &mut Tx,
    org: OrgId,
    offered: Offered,
    campaign: Option<&Campaign>,
    giver: UserId,
    Wishes { known, unwilling, meeting }: Wishes,
) -> Outcome<Side> {
    let (_, to) = offered.tiers();
    let users = people::actions::list_users(tx, org).await?;
    let is_there = |user: &User| user.disabled_at.is_none() && user.id != giver;
    let working = users.iter().filter(|user| is_there(user) && user.roles.has(to.role()));
    let known = working.clone().find(|user| known == Some(user.id) && unwilling != known);
    if let Some(user) = known {
        return Ok(Side { user: Some(user.id), team: user.team });
    }
    let members: BTreeSet<UserId> = match campaign {
        Some(campaign) => campaigns::actions::list_members(tx, org, campaign.id, to).await?,
        None => working.clone().map(|user| user.id).collect(),
    }
    .into_iter()
    .collect();
    let there = users.iter().filter(|user| is_there(user) && members.contains(&user.id));
    let candidates = candidates(tx, org, (to, meeting), &there.collect::<Vec<_>>()).await?;
    if let Some(chosen) = choose(&candidates, unwilling) {
        return Ok(Side { user: Some(chosen.user), team: chosen.team });
    }
    let open_team = working
        .clone()
        .filter(|user| user.tier == Some(to.rank()) && unwilling != Some(user.id))
        .find_map(|user| user.team);
    if let Some(team) = open_team {
        return Ok(Side { user: None, team: Some(team) });
    }
    let nobody = Side::default();
    let above_all = match above(tx, org, to, nobody, Some(giver)).await? {
        // In a firm of one person there is nobody but whoever gives.
        None => above(tx, org, to, nobody, None).await?,
        found => found,
    };
    above_all.ok_or_else(|| HandoffRefusal::NobodyThere.into())
}

/// True when somebody but the giver can take a record in a tier: who works there, a head of it,
/// the owner.
async fn is_anybody_else_there(tx: &mut Tx, org: OrgId, to: Tier, giver: UserId) -> Outcome<bool> {
    let users = people::actions::list_users(tx, org).await?;
    Ok(users.iter().filter(|user| user.disabled_at.is_none() && user.id != giver).any(|user| {
        let is_head = user.roles.has(Role::Head) && user.tier == Some(to.rank());
        user.roles.has(to.role()) || is_head || user.roles.has(Role::Owner)
    }))
}

async fn candidates(
    tx: &mut Tx,
    org: OrgId,
    (to, meeting): (Tier, Option<MeetingId>),
    there: &[&User],
) -> Outcome<Vec<Candidate>> {
    let meeting = match meeting {
        Some(id) => meetings::actions::find(tx, org, id).await?,
        None => None,
    };
    let offers = store::counts::list_loads(tx, org, to.rank()).await?;
    let offers: HashMap<UserId, (i64, Option<Instant>)> =
        offers.into_iter().map(|(user, waiting, at)| (user, (waiting, at))).collect();
    let mut all = Vec::new();
    for user in there {
        let (waiting, offered_at) = offers.get(&user.id).copied().unwrap_or_default();
        let led = match to {
            Tier::Service => clients::actions::count_led(tx, org, user.id).await?,
            Tier::Acquisition | Tier::Sales => {
                opportunities::actions::count_open(tx, org, user.id).await?
            }
        };
        let (user, team) = (user.id, user.team);
        let is_busy = match &meeting {
            Some(meeting) => meetings::booking::find_clash(tx, org, meeting, user).await?.is_some(),
            None => false,
        };
        all.push(Candidate { user, team, is_busy, open_load: waiting + led, offered_at });
    }
    Ok(all)
}

/// Who stands above a receiver in a tier: the head of their team, a head of the tier, the owner;
/// never whoever gives.
pub async fn above(
    tx: &mut Tx,
    org: OrgId,
    tier: Tier,
    receiver: Side,
    giver: Option<UserId>,
) -> Outcome<Option<Side>> {
    let users = people::actions::list_users(tx, org).await?;
    let is_other = |user: &&User| {
        let id = Some(user.id);
        user.disabled_at.is_none() && receiver.user != id && giver != id
    };
    let was_head =
        users.iter().any(|user| receiver.user == Some(user.id) && user.roles.has(Role::Head));
    let head = |own_team: bool| {
        users.iter().filter(is_other).find(|user| {
            let is_near = if own_team {
                user.team.is_some() && user.team == receiver.team
            } else {
                user.tier == Some(tier.rank())
            };
            !was_head && user.roles.has(Role::Head) && is_near
        })
    };
    let owner = || users.iter().filter(is_other).find(|user| user.roles.has(Role::Owner));
    let was_owner =
        users.iter().any(|user| receiver.user == Some(user.id) && user.roles.has(Role::Owner));
    let found = head(true).or_else(|| head(false)).or_else(owner).filter(|_| !was_owner);
    Ok(found.map(|user| Side { user: Some(user.id), team: user.team }))
}

/// True while what is offered to a person may stay with them: they work in that tier, or stand
/// above those who do.
pub fn may_answer(user: &User, tier: Tier) -> bool {
    let roles = user.roles;
    let is_above = roles.has(Role::Head) || roles.has(Role::Owner);
    user.disabled_at.is_none() && (is_above || roles.has(tier.role()))
}

/// A named person as a receiver in a tier: who works there, or the head of it.
pub async fn side_of(tx: &mut Tx, org: OrgId, user: UserId, tier: Tier) -> Outcome<Side> {
    let found = people::actions::find_user(tx, org, user).await?;
    let user = found.filter(|user| user.disabled_at.is_none()).ok_or(Error::NotFound)?;
    if !tiers::may_take(&user, tier) {
        return Err(HandoffRefusal::NotInThatTier.into());
    }
    Ok(Side { user: Some(user.id), team: user.team })
}

/// The campaign of a record, if it came from one.
pub async fn campaign_of(
    tx: &mut Tx,
    org: OrgId,
    id: Option<CampaignId>,
) -> Outcome<Option<Campaign>> {
    match id {
        Some(id) => campaigns::actions::find(tx, org, id).await.map(Some),
        None => Ok(None),
    }
}

/// The event about a hand-off: it counts as the work of its giver, in the giver's tier, unless an
/// earlier offer of the same record has counted already.
pub fn told(kind: Kind, handoff: &Handoff) -> Event {
    let event = Event::new(kind, handoff.id)
        .company(handoff.company)
        .campaign(handoff.campaign)
        .person(handoff.counts_for_giver.then_some(handoff.giver))
        .tier(handoff.from().rank())
        .with("giver", handoff.giver.to_string())
        .with("to_tier", handoff.to().rank())
        .with("receiver", handoff.receiver.user.map(|user| user.to_string()))
        .with("again_of", handoff.again_of.map(|id| id.to_string()));
    match handoff.offered {
        Offered::Lead(id) => event.with("lead", id.to_string()),
        Offered::Contract(id) => event.with("contract", id.to_string()),
        Offered::Client(id) => event.with("client", id.to_string()),
    }
}
