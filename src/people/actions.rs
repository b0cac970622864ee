//! What is done with people: sign in and out, add, shut out, tokens, settings.

mod tokens;

pub use tokens::*;

use std::collections::BTreeSet;

use super::keys::Keymap;
use super::session::{self, SESSION_MS, digest, fresh_secret};
use super::teams::{Headship, Membership, TeamHistory};
use super::{Firm, PeopleRefusal, Role, Roles, User, Viewer, may_grant, may_let_in, store};
use crate::begin;
use crate::events::{Event, Kind};
use crate::storage::{Act, Db, Tx, take_numbers};
use crate::values::*;

/// A firm to be founded.
#[derive(Debug, Clone)]
pub struct NewFirm<'a> {
    /// Its name.
    pub name: &'a str,
    /// IANA zone of its working day.
    pub zone: &'a str,
    /// Currency of its money.
    pub currency: Currency,
    /// Language of its letters.
    pub lang: Lang,
    /// The country by whose habits its numbers are read.
    pub country: Country,
    /// True for the demo.
    pub is_demo: bool,
}

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// What they type to sign in; unique in the firm.
    pub login: String,
    /// Their name.
    pub name: String,
    /// All that outsiders learn of it.
    pub alias: String,
    /// What they do.
    pub roles: Roles,
    /// The tier they work in.
    pub tier: Option<i64>,
    /// Their team.
    pub team: Option<TeamId>,
    /// Language of their screens.
    pub lang: Lang,
    /// A first password, if one is set for them.
    pub password: Option<String>,
}

/// The shortest password.
pub const PASSWORD_MIN: usize = 10;
/// The longest password; beyond it a text is a mistake or an attack.
pub const PASSWORD_MAX: usize = 200;

/// A secret shown once. It is never stored, so it has no way into a receipt.
#[derive(Clone)]
pub struct Secret(pub String);

/// Founds a firm.
pub async fn found_firm(db: &Db, firm: NewFirm<'_>, now: Instant) -> Outcome<OrgId> {
    let id = OrgId::fresh(now);
    let mut tx = db.begin().await?;
    let NewFirm { name, zone, currency, lang, country, is_demo } = firm;
    let org = store::NewOrg { id, name, zone, currency, lang, country, is_demo };
    store::insert_org(&mut tx, org, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Says in which country the firm's numbers are dialled. What was read before stays as it was read.
pub async fn set_country(act: &Act, country: Country) -> Outcome<()> {
    let mut tx = begin!(act);
    let before = store::find_org(&mut tx, act.org).await?.ok_or(Error::NotFound)?.country;
    store::update_country(&mut tx, act.org, country).await?;
    let event = Event::new(Kind::FirmChanged, act.org).person(act.actor);
    event
        .with("country", country.code())
        .with("before", before.code())
        .record(&mut tx, act)
        .await?;
    tx.finish(()).await
}

/// The firm of a database that holds one.
pub async fn first_firm(db: &Db) -> Outcome<Option<OrgId>> {
    store::find_first_org(&mut db.read().await?).await
}

/// Makes a team in a tier.
pub async fn add_team(act: &Act, name: &str, tier: i64) -> Outcome<TeamId> {
    let name = name.trim();
    let mut fields = Fields::default();
    check_text(&mut fields, "name", name, 60);
    check_tier(&mut fields, Some(tier));
    fields.into_result()?;
    let mut tx = begin!(act);
    let id = TeamId::fresh(act.now);
    store::insert_team(&mut tx, act.org, id, name, tier, act.now).await?;
    Event::new(Kind::TeamMade, id).tier(tier).record(&mut tx, act).await?;
    tx.finish(id).await
}

/// Adds a person.
pub async fn add_user(act: &Act, new: NewUser) -> Outcome<UserId> {
    check_user(&new)?;
    check_team(act, new.team).await?;
    let password_hash = match new.password.clone() {
        Some(password) => Some(session::hash_password(password).await?),
        None => None,
    };
    let mut tx = begin!(act);
    let before = Roles::default();
    check_actor(&mut tx, act, |by| may_grant(by, before, new.roles)).await?;
    let user = User {
        id: UserId::fresh(act.now),
        number: take_numbers(&mut tx, act.org, "user", 1).await?,
        login: new.login,
        name: new.name,
        alias: new.alias,
        roles: new.roles,
        tier: new.tier,
        team: new.team,
        lang: new.lang,
        theme: "auto".to_owned(),
        keys_off: false,
        practised_at: None,
        keymap: Keymap::default(),
        disabled_at: None,
    };
    let hash = password_hash.as_deref();
    if !store::insert_user(&mut tx, act.org, &user, hash, act.now).await? {
        return Err(PeopleRefusal::LoginTaken.into());
    }
    store::teams::insert_membership(&mut tx, act.org, &Membership::of(&user, act.now)).await?;
    placed(Event::new(Kind::UserAdded, user.id), &user).record(&mut tx, act).await?;
    tx.finish(user.id).await
}

/// An event of a person with the place they have after it.
pub(super) fn placed(event: Event, user: &User) -> Event {
    let team = user.team.map(|team| team.to_string());
    event.with("team", team).with("works_in", user.tier).with("roles", user.roles.text())
}

fn check_user(new: &NewUser) -> Outcome<()> {
    let mut fields = Fields::default();
    check_text(&mut fields, "login", &new.login, 60);
    check_person(&mut fields, (&new.name, &new.alias), new.roles, new.tier);
    if new.password.as_ref().is_some_and(|p| p.chars().count() < PASSWORD_MIN) {
        fields.note("password", "password-short");
    }
    fields.into_result()
}

fn check_person(fields: &mut Fields, (name, alias): (&str, &str), roles: Roles, tier: Option<i64>) {
    check_text(fields, "name", name, 120);
    check_text(fields, "alias", alias, 60);
    if roles.is_empty() {
        fields.note("roles", "required");
    }
    check_tier(fields, tier);
    check_place(fields, roles, tier);
}

/// Notes where these roles work in another tier: who is of no tier of theirs is given no work.
pub fn check_place(fields: &mut Fields, roles: Roles, tier: Option<i64>) {
    let tiers = roles.tiers();
    if !tiers.is_empty() && tier.is_none_or(|tier| !tiers.contains(&tier)) {
        let tiers = tiers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        fields.note_with("tier", "tier-of-roles", vec![("tiers", tiers)]);
    }
}

pub(super) fn check_text(fields: &mut Fields, field: &'static str, text: &str, max: usize) {
    if text.trim().is_empty() {
        fields.note(field, "required");
    } else if text.chars().count() > max {
        fields.note_with(field, "too-long", vec![("max", max.to_string())]);
    }
}

fn check_tier(fields: &mut Fields, tier: Option<i64>) {
    if tier.is_some_and(|tier| !(1..=3).contains(&tier)) {
        fields.note("tier", "unknown-choice");
    }
}

/// A team of another firm, or of none, is no choice.
async fn check_team(act: &Act, team: Option<TeamId>) -> Outcome<()> {
    let Some(team) = team else { return Ok(()) };
    let teams = store::list_teams(&mut act.db.read().await?, act.org).await?;
    let is_known = teams.iter().any(|(id, _, _)| *id == team);
    if is_known { Ok(()) } else { Err(Fields::one("team", "unknown-choice")) }
}

/// What may be changed about a person; the login stays.
#[derive(Debug, Clone)]
pub struct UserChange {
    /// Their name.
    pub name: String,
    /// All that outsiders learn of it.
    pub alias: String,
    /// What they do from now on.
    pub roles: Roles,
    /// The tier they work in.
    pub tier: Option<i64>,
    /// Their team.
    pub team: Option<TeamId>,
}

/// Changes what a person does, where, and what they are called.
pub async fn change_user(act: &Act, id: UserId, change: UserChange) -> Outcome<()> {
    let mut fields = Fields::default();
    let UserChange { name, alias, roles, tier, team } = &change;
    check_person(&mut fields, (name, alias), *roles, *tier);
    fields.into_result()?;
    check_team(act, *team).await?;
    let mut tx = begin!(act);
    let is_last = is_last_administrator(&mut tx, act.org, id).await?;
    let was = store::find_user(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    check_actor(&mut tx, act, |by| may_grant(by, was.roles, *roles)).await?;
    if is_last && was.roles.has(Role::Administrator) && !roles.has(Role::Administrator) {
        return Err(PeopleRefusal::LastAdministrator.into());
    }
    store::update_user(&mut tx, act.org, id, &change).await?;
    let user = User { roles: *roles, tier: *tier, team: *team, ..was.clone() };
    let place = Membership::of(&user, act.now);
    if place != Membership::of(&was, act.now) {
        store::teams::insert_membership(&mut tx, act.org, &place).await?;
    }
    placed(Event::new(Kind::UserChanged, id), &user)
        .with("roles_before", was.roles.text())
        .with("team_before", was.team.map(|team| team.to_string()))
        .with("works_in_before", was.tier)
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("user:{id}"));
    tx.finish(()).await
}

/// Asks a rule of the roles of who acts. At the machine itself nobody is signed in: whoever has
/// `troika user` has the database.
async fn check_actor(tx: &mut Tx, act: &Act, may: impl FnOnce(Roles) -> bool) -> Outcome<()> {
    let Some(actor) = act.actor else { return Ok(()) };
    let by = store::find_user(tx, act.org, actor).await?.ok_or(Error::NotFound)?;
    if may(by.roles) { Ok(()) } else { Err(PeopleRefusal::OwnersAlone.into()) }
}

/// Asks whether who acts may let this person in or shut them out.
async fn check_may_let_in(tx: &mut Tx, act: &Act, user: UserId) -> Outcome<()> {
    let whose = store::find_user(tx, act.org, user).await?.ok_or(Error::NotFound)?.roles;
    check_actor(tx, act, |by| may_let_in(by, whose)).await
}

/// True when nobody else administers the firm; stays so until the transaction ends.
async fn is_last_administrator(tx: &mut Tx, org: OrgId, id: UserId) -> Outcome<bool> {
    let all = store::list_administrators_for_update(tx, org).await?;
    Ok(all.iter().all(|administrator| *administrator == id))
}

/// Shuts a person out everywhere at once.
pub async fn disable_user(act: &Act, user: UserId) -> Outcome<()> {
    let mut tx = begin!(act);
    check_may_let_in(&mut tx, act, user).await?;
    if is_last_administrator(&mut tx, act.org, user).await? {
        return Err(PeopleRefusal::LastAdministrator.into());
    }
    if store::update_disabled(&mut tx, act.org, user, act.now).await? == 0 {
        return Err(Error::NotFound);
    }
    store::delete_access(&mut tx, act.org, user, act.now).await?;
    let gone = store::find_user(&mut tx, act.org, user).await?.ok_or(Error::NotFound)?;
    store::teams::insert_membership(&mut tx, act.org, &Membership::of(&gone, act.now)).await?;
    placed(Event::new(Kind::UserDisabled, user), &gone).record(&mut tx, act).await?;
    tx.announce(format!("user:{user}"));
    tx.finish(()).await
}

/// Signs in by login and password; the session's secret goes into the cookie.
pub async fn sign_in(db: &Db, login: &str, password: String, now: Instant) -> Outcome<Secret> {
    let found = store::find_login(&mut db.read().await?, login).await?;
    let stored = found.as_ref().and_then(|(_, _, hash)| hash.clone());
    let is_right = session::is_password(password, stored).await?;
    match found {
        Some((org, user, _)) if is_right => open_session(db, org, user, now).await,
        _ => Err(PeopleRefusal::WrongPassword.into()),
    }
}

/// Opens a session for a person who proved who they are.
pub async fn open_session(db: &Db, org: OrgId, user: UserId, now: Instant) -> Outcome<Secret> {
    let mut tx = db.begin().await?;
    let secret = open_session_in(&mut tx, org, user, now).await?;
    tx.commit().await?;
    Ok(secret)
}

async fn open_session_in(tx: &mut Tx, org: OrgId, user: UserId, now: Instant) -> Outcome<Secret> {
    let secret = fresh_secret()?;
    let ends_at = now.plus_ms(SESSION_MS);
    store::insert_session(tx, &digest(&secret), (org, user), now, ends_at).await?;
    Ok(Secret(secret))
}

/// Makes a link that signs a person in: once within 30 minutes, or for a month where it lasts.
/// `None` after a repeat of the request, which makes no other: the secret was shown the first time
/// and is known to nobody.
pub async fn make_link(act: &Act, user: UserId, is_lasting: bool) -> Outcome<Option<Secret>> {
    let secret = fresh_secret()?;
    let made = keep_link(act, user, &digest(&secret), is_lasting).await?;
    Ok((made == digest(&secret)).then_some(Secret(secret)))
}

/// Answers the digest of the link that was made, be it by the request that this one repeats.
async fn keep_link(act: &Act, user: UserId, hash: &str, is_lasting: bool) -> Outcome<String> {
    let mut tx = begin!(act);
    let found = store::find_user(&mut tx, act.org, user).await?;
    if found.is_none_or(|user| user.disabled_at.is_some()) {
        return Err(Error::NotFound);
    }
    check_may_let_in(&mut tx, act, user).await?;
    let ends_at = if is_lasting { act.now.plus_days(30) } else { act.now.plus_minutes(30) };
    store::insert_link(&mut tx, hash, (act.org, user), is_lasting, ends_at).await?;
    Event::new(Kind::LinkMade, user).record(&mut tx, act).await?;
    tx.finish(hash.to_owned()).await
}

/// True when a link would sign somebody in now. Looking uses nothing up.
pub async fn is_live_link(db: &Db, secret: &str, now: Instant) -> Outcome<bool> {
    store::is_link_live(&mut db.read().await?, &digest(secret), now).await
}

/// Signs in by a link: it is used and the session opened together or not at all.
pub async fn use_link(db: &Db, secret: &str, now: Instant) -> Outcome<Secret> {
    let mut tx = db.begin().await?;
    let used = store::update_link_used(&mut tx, &digest(secret), now).await?;
    let (org, user) = used.ok_or(PeopleRefusal::LinkSpent)?;
    let opened = open_session_in(&mut tx, org, user, now).await?;
    tx.commit().await?;
    Ok(opened)
}

/// Ends a session.
pub async fn sign_out(db: &Db, secret: &str) -> Outcome<()> {
    let mut tx = db.begin().await?;
    store::delete_session(&mut tx, &digest(secret)).await?;
    tx.commit().await
}

/// Sets a person's password.
pub async fn set_password(act: &Act, user: UserId, password: String) -> Outcome<()> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(Fields::one("password", "password-short"));
    }
    let hash = session::hash_password(password).await?;
    let mut tx = begin!(act);
    check_may_let_in(&mut tx, act, user).await?;
    if store::update_password(&mut tx, act.org, user, &hash).await? == 0 {
        return Err(Error::NotFound);
    }
    Event::new(Kind::PasswordChanged, user).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// Changes one's own password: the old one is wanted where there is one, every other session and
/// every sign-in link ends. `kept` is the secret of the session that asks.
pub async fn change_password(
    act: &Act,
    user: UserId,
    old: String,
    new: String,
    kept: &str,
) -> Outcome<()> {
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&new.chars().count()) {
        return Err(Fields::one("password", "password-short"));
    }
    let stored = store::find_password(&mut act.db.read().await?, act.org, user).await?;
    if stored.is_some() && !session::is_password(old, stored.clone()).await? {
        return Err(Fields::one("old_password", "password-wrong"));
    }
    let hash = session::hash_password(new).await?;
    let mut tx = begin!(act);
    // Compared again inside: of two changes at once, the second one's old password is old no more.
    if store::find_password(&mut tx, act.org, user).await? != stored {
        return Err(Fields::one("old_password", "password-wrong"));
    }
    store::update_password(&mut tx, act.org, user, &hash).await?;
    store::delete_other_access(&mut tx, act.org, user, &digest(kept)).await?;
    Event::new(Kind::PasswordChanged, user).record(&mut tx, act).await?;
    tx.finish(()).await
}

/// True when the person has a password, so that the old one is asked for.
pub async fn has_password(db: &Db, viewer: &Viewer) -> Outcome<bool> {
    let mut tx = db.read().await?;
    Ok(store::find_password(&mut tx, viewer.org, viewer.id()).await?.is_some())
}

/// Keeps how a person likes their screens.
pub async fn keep_settings(
    act: &Act,
    viewer: &Viewer,
    lang: Lang,
    theme: &str,
    keys_off: bool,
) -> Outcome<()> {
    if !matches!(theme, "auto" | "light" | "dark") {
        return Err(Fields::one("theme", "unknown-choice"));
    }
    let mut tx = begin!(act);
    store::update_settings(&mut tx, act.org, viewer.id(), (lang, theme, keys_off)).await?;
    tx.finish(()).await
}

/// A person has had all the made-up calls right; that stands once.
pub async fn note_practised_in(tx: &mut Tx, act: &Act, user: UserId) -> Outcome<()> {
    if store::update_practised(tx, act.org, user, act.now).await? > 0 {
        Event::new(Kind::UserPractised, user).person(user).record(tx, act).await?;
    }
    Ok(())
}

/// The firm itself, for the rooms above.
pub async fn firm(tx: &mut Tx, org: OrgId) -> Outcome<Firm> {
    store::find_org(tx, org).await?.ok_or_else(|| Error::failure("the firm is missing"))
}

/// A person of the firm, for the rooms above.
pub async fn find_user(tx: &mut Tx, org: OrgId, id: UserId) -> Outcome<Option<User>> {
    store::find_user(tx, org, id).await
}

/// Everybody of the firm, shut out or not, by tier and name.
pub async fn list_users(tx: &mut Tx, org: OrgId) -> Outcome<Vec<User>> {
    store::list_users(tx, org).await
}

/// Every team of the firm: id, name, tier.
pub async fn list_teams(tx: &mut Tx, org: OrgId) -> Outcome<Vec<(TeamId, String, i64)>> {
    store::list_teams(tx, org).await
}

/// Who belonged to which team, and when.
pub async fn team_history(tx: &mut Tx, org: OrgId) -> Outcome<TeamHistory> {
    Ok(TeamHistory::of(store::teams::list_memberships(tx, org).await?))
}

/// Who of these people belonged to which team, and when.
pub async fn team_history_of(
    tx: &mut Tx,
    org: OrgId,
    people: &BTreeSet<UserId>,
) -> Outcome<TeamHistory> {
    Ok(TeamHistory::of(store::teams::list_memberships_of(tx, org, people).await?))
}

/// Who headed one of these people or was headed by one, and when.
pub async fn list_headships_of(
    tx: &mut Tx,
    org: OrgId,
    people: &BTreeSet<UserId>,
) -> Outcome<Vec<Headship>> {
    // Both were of one team.
    let teammates = store::teams::list_teammates(tx, org, people).await?;
    let mut heads = team_history_of(tx, org, &teammates).await?.headships();
    heads.retain(|one| people.contains(&one.person) || people.contains(&one.head));
    Ok(heads)
}

/// Who headed whom, and when.
pub async fn list_headships(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Headship>> {
    Ok(team_history(tx, org).await?.headships())
}
