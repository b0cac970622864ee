//! Who works in the firm: as many callers as its events need, with sellers and account managers.

use super::Size;
use crate::people::actions::{self, NewFirm, NewUser};
use crate::people::{Role, Roles, Viewer, session};
use crate::storage::{Act, Db};
use crate::values::*;

/// Events that a caller of the whole history stands for, with all that follows from their calls.
const EVENTS_A_CALLER: i64 = 28_000;
/// Callers to one seller, and to one account manager.
const CALLERS_A_SELLER: usize = 4;
const CALLERS_A_KEEPER: usize = 5;
/// People of a team.
const TEAM_MAX: usize = 12;

/// Somebody who works, with the team they stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Person {
    pub id: UserId,
    pub team: Option<TeamId>,
}

/// A founded firm.
pub(super) struct Firm {
    pub org: OrgId,
    pub owner: Viewer,
    pub payroll: Viewer,
    pub principal: UserId,
    pub callers: Vec<Person>,
    pub sellers: Vec<Person>,
    pub keepers: Vec<Person>,
}

/// Founds the firm and hires everybody.
pub(super) async fn found(db: &Db, size: Size, now: Instant) -> Outcome<Firm> {
    let new = NewFirm {
        name: "Мануфактура «Тысяча ступеней»",
        zone: "Europe/Moscow",
        currency: Currency::Rub,
        lang: Lang::Ru,
        country: Country::RU,
        is_demo: false,
    };
    let org = actions::found_firm(db, new, now).await?;
    let act = Act { db: db.clone(), org, actor: None, now, key: None };
    let callers = usize::try_from(size.events / EVENTS_A_CALLER).map_err(Error::failure)?.max(2);
    let owner = hire(&act, "owner", &[Role::Owner], None).await?;
    let payroll = hire(&act, "payroll", &[Role::Payroll], None).await?;
    hire(&act, "admin", &[Role::Administrator], None).await?;
    let principal = hire(&act, "principal", &[Role::Principal], None).await?.id;
    Ok(Firm {
        org,
        owner: viewer(&act, owner.id).await?,
        payroll: viewer(&act, payroll.id).await?,
        principal,
        callers: staff(&act, ("caller", Role::Caller, 1), callers).await?,
        sellers: staff(&act, ("seller", Role::Seller, 2), callers.div_ceil(CALLERS_A_SELLER))
            .await?,
        keepers: staff(&act, ("service", Role::Service, 3), callers.div_ceil(CALLERS_A_KEEPER))
            .await?,
    })
}

/// A tier's people in teams with a head each: `head1-1`, `caller1`, `caller2`…
async fn staff(
    act: &Act,
    (stem, role, tier): (&str, Role, i64),
    count: usize,
) -> Outcome<Vec<Person>> {
    let mut all = Vec::new();
    for team in 1..=count.div_ceil(TEAM_MAX) {
        let made = actions::add_team(act, &format!("{tier}-{team}"), tier).await?;
        let place = Some((made, tier));
        hire(act, &format!("head{tier}-{team}"), &[Role::Head], place).await?;
        while all.len() < (team * TEAM_MAX).min(count) {
            let login = format!("{stem}{}", all.len() + 1);
            all.push(hire(act, &login, &[role], place).await?);
        }
    }
    Ok(all)
}

async fn hire(
    act: &Act,
    login: &str,
    roles: &[Role],
    place: Option<(TeamId, i64)>,
) -> Outcome<Person> {
    let team = place.map(|(team, _)| team);
    let new = NewUser {
        login: login.to_owned(),
        name: login.to_owned(),
        alias: login.to_owned(),
        roles: Roles::of(roles),
        tier: place.map(|(_, tier)| tier),
        team,
        lang: Lang::Ru,
        password: None,
    };
    Ok(Person { id: actions::add_user(act, new).await?, team })
}

async fn viewer(act: &Act, id: UserId) -> Outcome<Viewer> {
    let mut tx = act.db.read().await?;
    session::viewer(&mut tx, act.org, id, None).await?.ok_or(Error::NotFound)
}
