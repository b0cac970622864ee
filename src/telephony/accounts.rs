//! Phones of people: accounts by which they register with the engine, and where that is.

use super::port::Account;
use super::store::lines;
pub use super::store::lines::Exchange;
use super::{drivers, trunk};
use crate::begin;
use crate::events::{Event, Kind};
use crate::people::actions::Secret;
use crate::people::{self, session};
use crate::storage::{Act, Tx};
use crate::values::*;

/// How long a running engine may be silent before it is taken for gone.
pub const SILENCE_MS: i64 = 30_000;
/// Phones are called by the number of their person above this one.
const NAMES_FROM: i64 = 1_000;

/// Since when an engine must have been heard of.
pub fn alive_since(now: Instant) -> Instant {
    now.plus_ms(-SILENCE_MS)
}

/// Gives a person a phone account, or their account another password; the old one ends. The
/// password is shown once: `None` for a repeated request, which made nothing.
pub async fn make(act: &Act, user: UserId) -> Outcome<Option<Secret>> {
    let password: String = session::fresh_secret()?.chars().take(24).collect();
    let name = make_with(act, user, &password).await?;
    let proof = drivers::proof_of(&name, &password);
    let accounts = lines::list_accounts(&mut act.db.read().await?, act.org).await?;
    let is_fresh = accounts.iter().any(|one| one.user == user && one.proof == proof);
    Ok(is_fresh.then_some(Secret(password)))
}

async fn make_with(act: &Act, user: UserId, password: &str) -> Outcome<String> {
    let mut tx = begin!(act);
    let found = people::actions::find_user(&mut tx, act.org, user).await?;
    let found = found.filter(|user| user.disabled_at.is_none()).ok_or(Error::NotFound)?;
    let name = (NAMES_FROM + found.number).to_string();
    let proof = drivers::proof_of(&name, password);
    let account = Account { user, name: name.clone(), proof };
    lines::insert_account(&mut tx, act.org, &account, (act.actor, act.now)).await?;
    Event::new(Kind::PhoneAccountMade, user).person(user).record(&mut tx, act).await?;
    tx.announce(super::actions::TOPIC);
    tx.announce(format!("user:{user}"));
    tx.finish(name).await
}

/// Takes a person's phone account away.
pub async fn remove(act: &Act, user: UserId) -> Outcome<()> {
    let mut tx = begin!(act);
    if lines::delete_account(&mut tx, act.org, user).await? == 0 {
        return Err(Error::NotFound);
    }
    Event::new(Kind::PhoneAccountRemoved, user).person(user).record(&mut tx, act).await?;
    tx.announce(super::actions::TOPIC);
    tx.announce(format!("user:{user}"));
    tx.finish(()).await
}

/// A person's phone as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// The name it registers by; `None` without an account.
    pub name: Option<String>,
    /// When its password was made.
    pub made_at: Option<Instant>,
    /// The engine that runs, wherever the phone is.
    pub running: Option<Exchange>,
    /// The engine that it is registered with.
    pub exchange: Option<Exchange>,
}

impl Phone {
    /// True where calls are placed by the product: it has an account and an engine runs.
    pub fn is_on(&self) -> bool {
        self.name.is_some() && self.running.is_some()
    }
    /// True while it is registered.
    pub fn is_here(&self) -> bool {
        self.name.is_some() && self.exchange.is_some()
    }
    /// True while calls go out.
    pub fn is_trunk_up(&self) -> bool {
        self.exchange.as_ref().is_some_and(|exchange| exchange.is_trunk_up)
    }
}

/// A person's phone.
pub async fn find(tx: &mut Tx, org: OrgId, user: UserId, now: Instant) -> Outcome<Phone> {
    let account = lines::find_account(tx, org, user).await?;
    let alive = (alive_since(now), now);
    let Some((name, made_at)) = account else {
        let running = lines::find_exchange(tx, org, alive).await?;
        return Ok(Phone { name: None, made_at: None, running, exchange: None });
    };
    let mut exchange = lines::find_exchange_of(tx, org, user, alive).await?;
    if let Some(line) = &mut exchange {
        // Who may call from no number calls by the link.
        line.is_trunk_up =
            line.is_trunk_up && trunk::may_call_from(tx, org, &line.own_numbers, now).await?;
    }
    let running = lines::find_exchange(tx, org, alive).await?;
    Ok(Phone { name: Some(name), made_at: Some(made_at), running, exchange })
}

/// The phones that may register: those of people who are not shut out.
pub async fn list_live(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Account>> {
    let users = people::actions::list_users(tx, org).await?;
    let is_live = |account: &Account| {
        users.iter().any(|user| user.id == account.user && user.disabled_at.is_none())
    };
    let mut all = lines::list_accounts(tx, org).await?;
    all.retain(is_live);
    Ok(all)
}
