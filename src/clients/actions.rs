//! What is done with clients: open, tick off onboarding, end, keep for a month, renew.

use super::{
    Client, ClientRefusal, EndReason, FIRST_STEPS, Filter, Held, Listed, NewClient, Step,
    answers_for, owner, store,
};
use crate::begin;
use crate::events::{Event, Kind, Recorded};
use crate::people::{self, Firm, Scope, User, Viewer};
use crate::storage::{Act, Tx, take_numbers};
use crate::tasks::{self, NewTask, Origin};
use crate::values::*;
use crate::web::{Cursor, Slice, words};
use crate::{companies, contracts};

/// How many days before a contract ends its renewal becomes a task.
const RENEWAL_DAYS: i64 = 30;
/// How many clients one transaction of the sweep keeps.
const KEPT_AT_ONCE: i64 = 100;

/// Tier 3 leads the company now: opens the client with its onboarding checklist. A company that
/// is a client already stays the same client; the contract joins it and the new owner leads it.
pub async fn open_in(tx: &mut Tx, act: &Act, new: NewClient) -> Outcome<ClientId> {
    if let Some(found) = store::find_active_for_update(tx, act.org, new.company).await? {
        return join_in(tx, act, found, &new).await;
    }
    let firm = people::actions::firm(tx, act.org).await?;
    let client = Client {
        id: ClientId::fresh(act.now),
        number: take_numbers(tx, act.org, "client", 1).await?,
        company: new.company,
        campaign: new.campaign,
        owner: new.owner,
        team: new.team,
        opened_at: act.now,
        kept_through: Month::of(act.now, &firm.zone).before(),
        ended_at: None,
        version: 1,
    };
    if !store::insert(tx, act.org, &client, new.handoff).await? {
        let found = store::find_active_for_update(tx, act.org, new.company).await?;
        let found = found.ok_or_else(|| Error::failure("an active client is missing"))?;
        return join_in(tx, act, found, &new).await;
    }
    hold_in(tx, act, client.id, new.contract).await?;
    for (position, key) in (1..).zip(FIRST_STEPS) {
        let what = words::say(firm.lang, key, &[]);
        store::insert_step(tx, act.org, client.id, position, &what).await?;
    }
    Event::new(Kind::ClientOpened, client.id)
        .company(client.company)
        .campaign(client.campaign)
        .person(client.owner)
        .tier(3)
        .with("contract", new.contract.to_string())
        .record(tx, act)
        .await?;
    tx.announce(format!("user:{}", client.owner));
    Ok(client.id)
}

/// A client that the scope sees, left ones included.
pub async fn find(tx: &mut Tx, scope: &Scope, id: ClientId) -> Outcome<Option<Client>> {
    store::find(tx, scope, id).await
}

/// The same, kept from others until the transaction ends: its company first, as merges do.
pub async fn find_for_update(tx: &mut Tx, scope: &Scope, id: ClientId) -> Outcome<Option<Client>> {
    let Some(seen) = store::find(tx, scope, id).await? else { return Ok(None) };
    companies::actions::find_standing_for_update(tx, scope.org, seen.company).await?;
    store::find_for_update(tx, scope, id).await
}

/// How many clients a person leads.
pub async fn count_led(tx: &mut Tx, org: OrgId, owner: UserId) -> Outcome<i64> {
    store::count_led(tx, org, owner).await
}

async fn join_in(tx: &mut Tx, act: &Act, client: Client, new: &NewClient) -> Outcome<ClientId> {
    hold_in(tx, act, client.id, new.contract).await?;
    Event::new(Kind::ClientExtended, client.id)
        .company(client.company)
        .campaign(new.campaign)
        .person(new.owner)
        .tier(3)
        .with("contract", new.contract.to_string())
        .record(tx, act)
        .await?;
    owner::take_in(tx, act, &client, (new.owner, new.team)).await?;
    tx.announce(format!("user:{}", new.owner));
    Ok(client.id)
}

async fn hold_in(tx: &mut Tx, act: &Act, client: ClientId, contract: ContractId) -> Outcome<()> {
    let found = contracts::actions::find(tx, &Scope::whole(act.org), contract).await?;
    let ends_at = found.map(|contract| contract.term_to.plus_days(1));
    store::insert_contract(tx, act, Held { client, contract, ends_at }).await?;
    Ok(())
}

/// A step of onboarding is done, or was ticked by mistake.
pub async fn set_step(
    act: &Act,
    viewer: &Viewer,
    id: ClientId,
    position: i64,
    is_done: bool,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let client = locked(&mut tx, viewer, id).await?;
    if !client.is_active() {
        return Err(ClientRefusal::Ended.into());
    }
    let found = store::list_steps(&mut tx, act.org, id).await?;
    let step = found.into_iter().find(|step| step.position == position).ok_or(Error::NotFound)?;
    if step.done_at.is_some() != is_done {
        store::update_step(&mut tx, act, id, position, is_done).await?;
        let kind = if is_done { Kind::OnboardingStepDone } else { Kind::OnboardingStepUndone };
        Event::new(kind, id)
            .company(client.company)
            .campaign(client.campaign)
            .person(client.owner)
            .tier(3)
            .with("step", step.what)
            .record(&mut tx, act)
            .await?;
        tx.announce(format!("user:{}", client.owner));
    }
    tx.finish(()).await
}

/// The client left.
pub async fn end(
    act: &Act,
    viewer: &Viewer,
    id: ClientId,
    reason: EndReason,
    note: &str,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let ended = locked(&mut tx, viewer, id).await?.end(reason, note, act.now)?;
    if store::update_ended(&mut tx, act.org, &ended, (reason, note.trim())).await? == 0 {
        return Err(ClientRefusal::Stale.into());
    }
    Event::new(Kind::ClientEnded, id)
        .company(ended.company)
        .campaign(ended.campaign)
        .person(ended.owner)
        .tier(3)
        .reason(reason.code().to_owned())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("user:{}", ended.owner));
    tx.finish(()).await
}

/// Whoever leads the company in tier 3 now owns the client, and the client's tasks pass to them.
pub(super) async fn follow_lead(act: &Act, event: &Recorded) -> Outcome<()> {
    let (Some(company), Some(lead), Some(3)) = (event.company, event.person, event.tier) else {
        return Ok(());
    };
    let mut tx = begin!(act);
    // It may have been merged since.
    let find = companies::actions::find_standing_for_update;
    let company_now = find(&mut tx, act.org, company).await?.ok_or(Error::NotFound)?;
    let company = company_now.id;
    // The event may be an old one told again: only the lead of this moment counts.
    let is_current = company_now.lead == Some(lead);
    let client = store::find_active_for_update(&mut tx, act.org, company).await?;
    let user = people::actions::find_user(&mut tx, act.org, lead).await?;
    let user = user.filter(|user| user.disabled_at.is_none());
    if let (true, Some(client), Some(user)) = (is_current, client, user) {
        if client.owner != lead {
            owner::lead_in(&mut tx, act, &client, (lead, user.team)).await?;
        }
        tasks::actions::pass_in(&mut tx, act, company, lead).await?;
        tx.announce(format!("user:{lead}"));
    }
    tx.finish(()).await
}

/// Records every month that is over as kept, for every active client, once per client and month.
/// The event is of the month's last moment, so that it counts in the pay of that month.
pub(super) async fn keep_months(act: &Act, firm: &Firm) -> Outcome<()> {
    let last_over = Month::of(act.now, &firm.zone).before();
    loop {
        let mut tx = act.db.read().await?;
        let due = store::list_to_keep(&mut tx, act.org, last_over, KEPT_AT_ONCE).await?;
        drop(tx);
        if due.is_empty() {
            return Ok(());
        }
        let mut tx = act.db.begin().await?;
        for client in &due {
            keep_in(&mut tx, act, firm, client).await?;
        }
        tx.commit().await?;
    }
}

async fn keep_in(tx: &mut Tx, act: &Act, firm: &Firm, client: &Client) -> Outcome<()> {
    let Some(month) = client.month_over(&firm.zone, act.now) else { return Ok(()) };
    if store::update_kept(tx, act.org, client, month).await? == 0 {
        // Somebody else recorded it, or the client left in between.
        return Ok(());
    }
    let then = Act { now: month.ends_at(&firm.zone).plus_ms(-1), ..act.clone() };
    Event::new(Kind::ClientKept, client.id)
        .company(client.company)
        .campaign(client.campaign)
        .person(client.owner)
        .tier(3)
        .with("month", month.to_string())
        .record(tx, &then)
        .await?;
    Ok(())
}

/// Leaves a task about every contract of an active client that ends soon; looked at once a day.
pub(super) async fn remind_of_renewals(act: &Act, firm: &Firm) -> Outcome<()> {
    let until = act.now.plus_days(RENEWAL_DAYS);
    let mut tx = act.db.read().await?;
    let ending = store::list_ending(&mut tx, act.org, (act.now, until)).await?;
    drop(tx);
    for held in ending {
        let mut tx = act.db.begin().await?;
        remind_of_renewal(&mut tx, act, firm, held).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn remind_of_renewal(tx: &mut Tx, act: &Act, firm: &Firm, held: Held) -> Outcome<()> {
    let found = contracts::actions::find(tx, &Scope::whole(act.org), held.contract).await?;
    let signed = found.filter(|contract| contract.ended_at.is_none());
    let client = find(tx, &Scope::whole(act.org), held.client).await?;
    if let (Some(contract), Some(client)) = (signed, client)
        && let Some(lead) = find_lead(tx, act.org, &client).await?
    {
        let hold = companies::actions::hold_standing;
        let company = hold(tx, act.org, client.company).await?;
        let last_day = crate::web::format::day(lead.lang, contract.term_to, &firm.zone);
        let named = [("number", contract.number.into()), ("day", last_day.into())];
        let new = NewTask {
            person: lead.id,
            company: Some(company),
            what: words::say(lead.lang, "task-renewal", &named),
            due_at: act.now.plus_days(3),
            origin: Origin::Renewal,
            once: Some(format!("renewal:{}", contract.id)),
        };
        tasks::actions::add_in(tx, act, new).await?;
        store::update_renewal(tx, act, held).await?;
    }
    Ok(())
}

/// Who answers for the client now and can be given work; `None` only in a firm without an owner.
pub async fn find_lead(tx: &mut Tx, org: OrgId, client: &Client) -> Outcome<Option<User>> {
    let company = companies::actions::find(tx, org, client.company).await?;
    let users = people::actions::list_users(tx, org).await?;
    Ok(answers_for(client, company.and_then(|company| company.lead), &users).cloned())
}

/// The company's active client, for the rooms above.
pub async fn find_active(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Option<Client>> {
    store::find_active(tx, org, company).await
}

/// A page of the clients the viewer may see, newest first.
pub async fn list(
    tx: &mut Tx,
    viewer: &Viewer,
    filter: Filter,
    cursor: &Cursor,
    now: Instant,
) -> Outcome<Slice<Listed>> {
    let scope = filter.whose.scope(viewer);
    let limit = cursor.limit();
    let below = cursor.after().parse().unwrap_or(i64::MAX);
    let today = Instant::from_local(now.day(&viewer.zone).at(0, 0, 0, 0), &viewer.zone);
    let rows = store::list(tx, &scope, filter, (today, below), limit + 1).await?;
    Ok(Slice::cut(rows, limit, |listed| listed.client.number.to_string()))
}

/// The onboarding of a client that was found before.
pub async fn list_steps(tx: &mut Tx, org: OrgId, id: ClientId) -> Outcome<Vec<Step>> {
    store::list_steps(tx, org, id).await
}

/// The contracts of a client that was found before.
pub async fn list_contracts(tx: &mut Tx, org: OrgId, id: ClientId) -> Outcome<Vec<Held>> {
    store::list_contracts(tx, org, id).await
}

/// The client as the viewer may change it, kept from others until the transaction ends.
pub(super) async fn locked(tx: &mut Tx, viewer: &Viewer, id: ClientId) -> Outcome<Client> {
    find_for_update(tx, &viewer.scope(), id).await?.ok_or(Error::NotFound)
}
