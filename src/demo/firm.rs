//! The people of the demo: twelve in three tiers, and those above and beside them.

use std::collections::BTreeMap;

use crate::people::actions::{self, NewFirm, NewUser};
use crate::people::{Role, Roles, Viewer, session};
use crate::storage::{Act, Db};
use crate::values::*;

/// A founded firm.
#[derive(Debug)]
pub struct Firm {
    /// Its id.
    pub org: OrgId,
    /// Language of its people.
    pub lang: Lang,
    /// Everybody by login.
    pub people: BTreeMap<&'static str, Viewer>,
}

struct Hire {
    login: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
    roles: &'static [Role],
    tier: i64,
    team: usize,
}

const TEAMS: [(&str, &str, i64); 3] = [
    ("Группа привлечения", "Acquisition team", 1),
    ("Группа продаж", "Sales team", 2),
    ("Группа обслуживания", "Service team", 3),
];

const fn hire(
    login: &'static str,
    ru: (&'static str, &'static str),
    en: (&'static str, &'static str),
    roles: &'static [Role],
    tier: i64,
) -> Hire {
    Hire { login, ru, en, roles, tier, team: if tier > 0 { tier as usize - 1 } else { 9 } }
}

const HUNTER: &[Role] = &[Role::Caller, Role::Seller, Role::Service];

const PEOPLE: [Hire; 16] = [
    hire("head1", ("Ветрова Анна Сергеевна", "Анна"), ("Anna Gale", "Anna"), &[Role::Head], 1),
    hire(
        "caller1",
        ("Клёнов Борис Олегович", "Борис"),
        ("Boris Maple", "Boris"),
        &[Role::Caller],
        1,
    ),
    hire(
        "caller2",
        ("Рябинина Белла Юрьевна", "Белла"),
        ("Bella Rowan", "Bella"),
        &[Role::Caller],
        1,
    ),
    hire("caller3", ("Тополев Игнат Лукич", "Игнат"), ("Ian Poplar", "Ian"), &[Role::Caller], 1),
    hire(
        "caller4",
        ("Осинина Дарья Львовна", "Дарья"),
        ("Daria Aspen", "Daria"),
        &[Role::Caller],
        1,
    ),
    hire("head2", ("Дубов Сергей Ильич", "Сергей"), ("Sergei Oakes", "Sergei"), &[Role::Head], 2),
    hire(
        "seller1",
        ("Берёзова Софья Павловна", "Софья"),
        ("Sonya Birch", "Sonya"),
        &[Role::Seller],
        2,
    ),
    hire(
        "seller2",
        ("Ольхин Семён Андреевич", "Семён"),
        ("Simon Alder", "Simon"),
        &[Role::Seller],
        2,
    ),
    hire("hunter", ("Кедров Егор Матвеевич", "Егор"), ("Edgar Cedar", "Edgar"), HUNTER, 2),
    hire("head3", ("Липов Вадим Романович", "Вадим"), ("Walter Lind", "Walter"), &[Role::Head], 3),
    hire(
        "service1",
        ("Яблонева Вера Ивановна", "Вера"),
        ("Vera Orchard", "Vera"),
        &[Role::Service],
        3,
    ),
    hire(
        "service2",
        ("Грушина Нина Петровна", "Нина"),
        ("Nina Pearson", "Nina"),
        &[Role::Service],
        3,
    ),
    hire("owner", ("Лесов Олег Степанович", "Олег"), ("Olivia Woods", "Olivia"), &[Role::Owner], 0),
    hire(
        "payroll",
        ("Счётова Полина Кирилловна", "Полина"),
        ("Pauline Count", "Pauline"),
        &[Role::Payroll],
        0,
    ),
    hire(
        "admin",
        ("Ключников Артём Глебович", "Артём"),
        ("Arthur Keyes", "Arthur"),
        &[Role::Administrator],
        0,
    ),
    hire(
        "principal",
        ("Заказов Пётр Юльевич", "Пётр"),
        ("Peter Order", "Peter"),
        &[Role::Principal],
        0,
    ),
];

/// The role each sign-in link is printed for, with a person who has it.
pub const DOORS: [(&str, &str); 11] = [
    ("caller", "caller1"),
    ("seller", "seller1"),
    ("service", "service1"),
    ("head of acquisition", "head1"),
    ("head of sales", "head2"),
    ("head of service", "head3"),
    ("all three tiers", "hunter"),
    ("owner", "owner"),
    ("payroll", "payroll"),
    ("administrator", "admin"),
    ("principal", "principal"),
];

/// Founds the firm and hires everybody.
pub async fn found(db: &Db, lang: Lang, now: Instant) -> Outcome<Firm> {
    let new = match lang {
        Lang::Ru => NewFirm {
            name: "Мануфактура «Три ступени»",
            zone: "Europe/Moscow",
            currency: Currency::Rub,
            lang,
            country: Country::of_lang(lang),
            is_demo: true,
        },
        Lang::En => NewFirm {
            name: "Three Steps Works",
            zone: "Europe/London",
            currency: Currency::Gbp,
            lang,
            country: Country::of_lang(lang),
            is_demo: true,
        },
    };
    let org = actions::found_firm(db, new, now).await?;
    let act = Act { db: db.clone(), org, actor: None, now, key: None };
    let mut teams = Vec::new();
    for (ru, en, tier) in TEAMS {
        let name = if lang == Lang::Ru { ru } else { en };
        teams.push(actions::add_team(&act, name, tier).await?);
    }
    let mut people = BTreeMap::new();
    for one in &PEOPLE {
        let (name, alias) = if lang == Lang::Ru { one.ru } else { one.en };
        let new = NewUser {
            login: one.login.to_owned(),
            name: name.to_owned(),
            alias: alias.to_owned(),
            roles: Roles::of(one.roles),
            tier: (one.tier > 0).then_some(one.tier),
            team: teams.get(one.team).copied(),
            lang,
            password: None,
        };
        let id = actions::add_user(&act, new).await?;
        let mut tx = db.read().await?;
        let viewer = session::viewer(&mut tx, org, id, None).await?;
        people.insert(one.login, viewer.ok_or(Error::NotFound)?);
    }
    Ok(Firm { org, lang, people })
}

impl Firm {
    /// The person of a login.
    pub fn viewer(&self, login: &str) -> Outcome<&Viewer> {
        self.people.get(login).ok_or(Error::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_does_another_work_has_a_link_of_their_own() {
        let work = |one: &Hire| (Roles::of(one.roles), one.tier);
        let find = |login: &str| PEOPLE.iter().find(|one| one.login == login);
        let doors: Vec<_> = DOORS.iter().filter_map(|(_, login)| find(login)).map(work).collect();
        assert_eq!(doors.len(), DOORS.len(), "a link of nobody");
        for (at, one) in doors.iter().enumerate() {
            assert!(!doors[..at].contains(one), "two links for {one:?}");
        }
        for one in &PEOPLE {
            assert!(doors.contains(&work(one)), "{} has no link", one.login);
        }
    }
}
