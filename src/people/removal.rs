//! A demo firm gives way to a real one: everything of it is erased, append-only tables included,
//! and a firm with one administrator stands in its place. Decision 0007 (removing the
//! demo) says why.

use super::actions::{PASSWORD_MAX, PASSWORD_MIN, Secret, check_text, placed};
use super::session::{self, SESSION_MS, digest, fresh_secret};
use super::teams::Membership;
use super::{PeopleRefusal, Role, Roles, User, Viewer, store};
use crate::events::{Event, Kind};
use crate::storage::{Act, Tx, count_of_firm, erase_firm, take_numbers};
use crate::values::*;

/// The firm that takes the place of a demo, with the one person it begins with.
#[derive(Debug, Clone)]
pub struct FreshStart {
    /// Its name.
    pub firm: String,
    /// What its administrator types to sign in.
    pub login: String,
    /// Their name.
    pub name: String,
    /// Their password.
    pub password: String,
    /// The number of companies shown, typed again.
    pub count: i64,
}

/// How many companies a demo firm has: the number to type before it is removed.
pub async fn count_demo_companies(tx: &mut Tx, viewer: &Viewer) -> Outcome<i64> {
    if !viewer.is_demo {
        return Err(Error::NotFound);
    }
    count_of_firm(tx, viewer.org, "companies").await
}

/// Erases a demo firm whole and founds a real one in its place, in one transaction. Its
/// administrator is signed in by the session returned. A repeat finds no session to repeat with.
pub async fn remove_demo(act: &Act, viewer: &Viewer, start: FreshStart) -> Outcome<Secret> {
    let user = first_administrator(&start, viewer.user.lang, act.now);
    let mut fields = Fields::default();
    check_text(&mut fields, "firm", &start.firm, 120);
    check_text(&mut fields, "login", &user.login, 60);
    check_text(&mut fields, "name", &user.name, 120);
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&start.password.chars().count()) {
        fields.note("password", "password-short");
    }
    fields.into_result()?;
    let hash = session::hash_password(start.password).await?;
    let secret = fresh_secret()?;
    let mut tx = act.db.begin().await?;
    if count_demo_companies(&mut tx, viewer).await? != start.count {
        return Err(PeopleRefusal::WrongCount.into());
    }
    let rows = erase_firm(&mut tx, viewer.org).await?;
    let id = OrgId::fresh(act.now);
    let (zone, lang) = (viewer.zone.name(), viewer.user.lang);
    let (name, currency, country) = (start.firm.trim(), viewer.currency, viewer.country);
    let org = store::NewOrg { id, name, zone, currency, lang, country, is_demo: false };
    store::insert_org(&mut tx, org, act.now).await?;
    let user = User { number: take_numbers(&mut tx, id, "user", 1).await?, ..user };
    store::insert_user(&mut tx, id, &user, Some(&hash), act.now).await?;
    store::teams::insert_membership(&mut tx, id, &Membership::of(&user, act.now)).await?;
    let ends_at = act.now.plus_ms(SESSION_MS);
    store::insert_session(&mut tx, &digest(&secret), (id, user.id), act.now, ends_at).await?;
    let fresh = Act { org: id, actor: Some(user.id), key: None, ..act.clone() };
    Event::new(Kind::DemoRemoved, viewer.org)
        .with("rows", i64::try_from(rows).unwrap_or(i64::MAX))
        .record(&mut tx, &fresh)
        .await?;
    placed(Event::new(Kind::UserAdded, user.id), &user).record(&mut tx, &fresh).await?;
    tx.commit().await?;
    Ok(Secret(secret))
}

fn first_administrator(start: &FreshStart, lang: Lang, now: Instant) -> User {
    let name = start.name.trim().to_owned();
    User {
        id: UserId::fresh(now),
        number: 0,
        login: start.login.trim().to_owned(),
        alias: name.chars().take(60).collect(),
        name,
        roles: Roles::of(&[Role::Owner, Role::Administrator]),
        tier: None,
        team: None,
        lang,
        theme: "auto".to_owned(),
        keys_off: false,
        practised_at: None,
        keymap: Default::default(),
        disabled_at: None,
    }
}
