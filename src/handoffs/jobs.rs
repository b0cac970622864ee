//! What happens later: offers follow what other folders recorded, clocks run out.

use super::actions::{self, offering::*};
use super::{Answerer, Handoff, Offered, Side, store};
use crate::begin;
use crate::campaigns::passport::{self, Passport};
use crate::events::{Kind, Recorded};
use crate::people::Scope;
use crate::storage::{Act, Tx};
use crate::values::*;
use crate::{companies, leads, meetings, opportunities, people};

/// The job that looks what became of the talk of a lead that was sent back; its subject is the
/// hand-off.
pub const UNHELD: &str = "handoffs.unheld";

/// Clocks looked at in one sweep.
const SWEEP_MAX: i64 = 200;

/// Acts upon an event of another folder.
pub async fn follow(act: &Act, event: &Recorded) -> Outcome<()> {
    match event.kind {
        Kind::LeadQualified => {
            let meeting = event.text("meeting").and_then(|id| id.parse().ok());
            let lead = Offered::Lead(event.subject.parse().map_err(Error::failure)?);
            offer(act, event, lead, meeting).await
        }
        Kind::ContractSigned => {
            let contract = Offered::Contract(event.subject.parse().map_err(Error::failure)?);
            offer(act, event, contract, None).await
        }
        Kind::UserDisabled | Kind::UserChanged => {
            let user = event.subject.parse().map_err(Error::failure)?;
            actions::pass_on_all(act, user).await
        }
        _ => Ok(()),
    }
}

/// Offers a record to the next tier. Where the policy of the campaign lets the giver keep the
/// client, the same record is offered to them and accepted in the same transaction.
async fn offer(
    act: &Act,
    event: &Recorded,
    offered: Offered,
    meeting: Option<MeetingId>,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let company = event.company.ok_or_else(|| Error::failure("an event without a company"))?;
    // It may have been merged since.
    let find = companies::actions::find_standing_for_update;
    let company = find(&mut tx, act.org, company).await?.ok_or(Error::NotFound)?.id;
    // Read once the company is held: an erasure that was waited for has struck names in it.
    let passport = match offered {
        Offered::Lead(lead) => leads::actions::find_passport(&mut tx, act.org, lead).await?,
        _ => sold_passport(&mut tx, event).await?,
    };
    let giver = event.person.ok_or_else(|| Error::failure("an event without a person"))?;
    let campaign = campaign_of(&mut tx, act.org, event.campaign).await?;
    let (from, to) = offered.tiers();
    let user = people::actions::find_user(&mut tx, act.org, giver).await?.ok_or(Error::NotFound)?;
    let keeps = user.disabled_at.is_none()
        && campaign.as_ref().is_some_and(|campaign| campaign.engagement.keeps(from, to));
    let receiver = if keeps {
        Side { user: Some(giver), team: user.team }
    } else {
        let known = match offered {
            // Whoever is booked for the talk that was agreed is asked first.
            Offered::Lead(_) => booked_host(&mut tx, act.org, meeting).await?,
            _ => store::find_last_taker(&mut tx, act.org, company, to).await?,
        };
        let wishes = Wishes { known, meeting, ..Wishes::default() };
        assign_in(&mut tx, act.org, offered, campaign.as_ref(), giver, wishes).await?
    };
    let new = NewOffer {
        offered,
        company,
        campaign: event.campaign,
        meeting,
        again_of: None,
        giver,
        receiver,
        passport,
    };
    let made = offer_in(&mut tx, act, new, campaign.as_ref()).await?;
    if let Some(handoff) = made.filter(|_| keeps) {
        let by = Answerer { user: giver, team: user.team, delay_minutes: 0 };
        accept_in(&mut tx, act, &handoff, by).await?;
    }
    tx.finish(()).await
}

async fn booked_host(
    tx: &mut Tx,
    org: OrgId,
    meeting: Option<MeetingId>,
) -> Outcome<Option<UserId>> {
    let Some(id) = meeting else { return Ok(None) };
    Ok(meetings::actions::find(tx, org, id).await?.and_then(|meeting| meeting.host))
}

/// What service must know of a signed contract: what sales was told when it took the lead.
async fn sold_passport(tx: &mut Tx, event: &Recorded) -> Outcome<Passport> {
    let opportunity = event.text("opportunity").and_then(|id| id.parse().ok());
    let Some(opportunity) = opportunity else { return Ok(Passport::new()) };
    if let Some(before) = store::find_by_opportunity(tx, event.org, opportunity).await? {
        return Ok(before.passport);
    }
    let whole = Scope::whole(event.org);
    let found = opportunities::actions::find(tx, &whole, opportunity).await?;
    Ok(found.map(|found| passport::from_json(&found.passport)).unwrap_or_default())
}

/// Looks at what has become due; called every few seconds and safe to repeat. One offer that
/// cannot be ended does not hold up the others.
pub async fn sweep(act: &Act) -> Outcome<()> {
    let due = store::list_past_due(&mut act.db.read().await?, act.org, act.now, SWEEP_MAX).await?;
    let mut failed = Ok(());
    for id in due {
        let key = format!("handoff-expiry:{id}:{}", act.now.ms());
        let part = Act::by_product(&act.db, act.org, act.now, key);
        if let Err(error) = actions::expire(&part, id).await {
            tracing::error!(handoff.id = %id, %error, "an offer whose clock ran out stays open");
            failed = Err(error);
        }
    }
    failed
}

/// Leaves the job behind that drops the talk of a lead that was rejected or that nobody answered:
/// not before its time has passed, and not while the rejection may still be overturned.
pub(super) async fn drop_later_in(
    tx: &mut Tx,
    act: &Act,
    handoff: &Handoff,
    final_at: Instant,
) -> Outcome<()> {
    let Some(id) = handoff.meeting else { return Ok(()) };
    let Some(meeting) = meetings::actions::find(tx, act.org, id).await? else { return Ok(()) };
    let at = final_at.max(meeting.ends_at());
    crate::jobs::enqueue(tx, act.org, UNHELD, &handoff.id.to_string(), at).await?;
    Ok(())
}

/// Drops the talk of a lead that was sent back for good, unless the lead was offered with it again.
pub async fn run(act: &Act, subject: &str) -> Outcome<()> {
    let id = subject.parse().map_err(Error::failure)?;
    actions::drop_meeting(act, id).await
}
