//! What is done with clients: open, tick off onboarding, end.

use super::{Client, FIRST_STEPS, Month, NewClient, store};
use crate::events::{Event, Kind};
use crate::people;
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;
use crate::web::words;

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
        kept_through: Month::of(act.now, &firm.zone).previous(),
        ended_at: None,
        version: 1,
    };
    if !store::insert(tx, act.org, &client, new.handoff).await? {
        let found = store::find_active_for_update(tx, act.org, new.company).await?;
        let found = found.ok_or_else(|| Error::failure("an active client is missing"))?;
        return join_in(tx, act, found, &new).await;
    }
    store::insert_contract(tx, act, client.id, new.contract).await?;
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

/// A client that may be seen.
pub async fn find(tx: &mut Tx, scope: &people::Scope, id: ClientId) -> Outcome<Option<Client>> {
    store::find(tx, scope, id).await
}

/// How many clients a person leads.
pub async fn count_led(tx: &mut Tx, org: OrgId, owner: UserId) -> Outcome<i64> {
    store::count_led(tx, org, owner).await
}

async fn join_in(tx: &mut Tx, act: &Act, client: Client, new: &NewClient) -> Outcome<ClientId> {
    store::insert_contract(tx, act, client.id, new.contract).await?;
    if (client.owner, client.team) != (new.owner, new.team) {
        let led = Client { owner: new.owner, team: new.team, ..client.clone() };
        store::update_owner(tx, act.org, &led).await?;
        tx.announce(format!("user:{}", client.owner));
    }
    tx.announce(format!("user:{}", new.owner));
    Ok(client.id)
}
