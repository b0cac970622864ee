//! `troika user`: the first person of a new firm, and help when somebody is locked out.

use clap::{Args, Subcommand};

use super::firm::{country_of, facts, told_of};
use super::settings::{Chosen, Place};
use super::{Answer, firm, open, told};
use crate::people::actions::{self, NewFirm, NewUser, Secret};
use crate::people::{Role, Roles, User as PersonOfFirm, session};
use crate::storage::{Act, Db};
use crate::values::*;

/// What `user` takes.
#[derive(Debug, Args)]
pub struct User {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a person; in an empty database this founds the firm, with them as its administrator
    Add(Add),
    /// Shut a person out everywhere at once
    Disable {
        /// Their login
        login: String,
    },
    /// Print a link that signs a person in once within 30 minutes
    Link {
        /// Their login
        login: String,
    },
    /// Print a fresh API token of a person
    Token {
        /// Their login
        login: String,
        /// Scopes, as in "companies:read calls:write" or "*:read *:write"; a wrong one is told with
        /// all there are
        #[arg(long, default_value = "*:read *:write")]
        scopes: String,
    },
    /// List everybody
    List,
}

#[derive(Debug, Args)]
struct Add {
    /// What they type to sign in
    login: String,
    /// Their name
    #[arg(long)]
    name: String,
    /// Roles, with commas between: caller, seller, service, head, owner, payroll, administrator,
    /// principal; only the first person of a firm is an administrator without being told so
    #[arg(long)]
    roles: Option<String>,
    /// The tier they work in: 1 for callers, 2 for sellers, 3 for service; of a head the tier of
    /// the team
    #[arg(long)]
    tier: Option<i64>,
    /// Name of the team; it is made when it is new
    #[arg(long)]
    team: Option<String>,
    /// Language of their screens: ru or en [default: the firm's]; to be said when this founds the
    /// firm, whose letters it is the language of
    #[arg(long)]
    lang: Option<String>,
    /// Name of the firm, when this founds it [default: Troika]
    #[arg(long)]
    firm: Option<String>,
    /// Country by whose habits telephone numbers are read, when this founds the firm: two letters,
    /// as in GB [default: RU with --lang ru, GB with --lang en]; `troika firm` changes it later
    #[arg(long)]
    country: Option<String>,
    /// Currency of the firm, when this founds it: RUB, EUR, USD, GBP or KZT [default: that of the
    /// country]
    #[arg(long)]
    currency: Option<String>,
    /// Zone of the firm, when this founds it, as in Europe/London [default: the country's]
    #[arg(long)]
    zone: Option<String>,
}

impl User {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let db = open(&chosen.database).await?;
        let done = self.command.run(&db, &chosen.place(&self.place)).await;
        db.close().await;
        done
    }
}

impl Verb {
    async fn run(self, db: &Db, place: &Place) -> Answer {
        match self {
            Self::Add(add) => add.run(db, place).await,
            Self::List => list(db).await,
            Self::Disable { login } => {
                let (act, user) = find(db, &login).await?;
                actions::disable_user(&act, user).await.map_err(told)?;
                println!("{login} is shut out; sessions, links and tokens are gone.");
                Ok(())
            }
            Self::Link { login } => {
                let (act, user) = find(db, &login).await?;
                println!("{}", sign_in(place, &link(&act, user).await?));
                Ok(())
            }
            Self::Token { login, scopes } => {
                let (act, user) = find(db, &login).await?;
                let secret = Secret(format!("troika_{}", session::fresh_secret().map_err(told)?));
                let made = actions::make_token(&act, user, "command line", &scopes, &secret);
                made.await.map_err(told)?;
                println!("{}", secret.0);
                Ok(())
            }
        }
    }
}

impl Add {
    async fn run(self, db: &Db, place: &Place) -> Answer {
        let now = Clock::system().now();
        let said =
            self.lang.as_deref().map(|code| Lang::from_code(code).ok_or("--lang is ru or en"));
        let said = said.transpose()?;
        let found = actions::first_firm(db).await.map_err(told)?;
        let roles = self.roles(db, found).await?;
        let mut fields = Fields::default();
        actions::check_place(&mut fields, roles, self.tier);
        fields.into_result().map_err(told)?;
        let org = match found {
            Some(org) => self.check_firm(db, org).await?,
            None => self.found(db, said, now).await?,
        };
        let lang = match said {
            Some(lang) => lang,
            None => facts(db, org).await?.lang,
        };
        let act = Act { db: db.clone(), org, actor: None, now, key: None };
        let team = match &self.team {
            Some(name) => Some(team_named(&act, name, self.tier).await?),
            None => None,
        };
        let new = NewUser {
            login: self.login.clone(),
            name: self.name.clone(),
            alias: self.name.clone(),
            roles,
            tier: self.tier,
            team,
            lang,
            password: None,
        };
        let user = actions::add_user(&act, new).await.map_err(told)?;
        let link = link(&act, user).await?;
        let roles = roles.text().replace(',', ", ");
        println!("{} is added as {roles}. For 30 minutes: {}", self.login, sign_in(place, &link));
        Ok(())
    }

    /// The roles named; the first person of a firm looks after it.
    async fn roles(&self, db: &Db, found: Option<OrgId>) -> Result<Roles, String> {
        let unknown = |text: &String| format!("--roles: there is no role {text:?}; see --help");
        if let Some(text) = &self.roles {
            return Roles::parse(text).ok_or_else(|| unknown(text));
        }
        let Some(org) = found else { return Ok(Roles::of(&[Role::Administrator])) };
        let mut tx = db.read().await.map_err(told)?;
        if actions::list_users(&mut tx, org).await.map_err(told)?.is_empty() {
            return Ok(Roles::of(&[Role::Administrator]));
        }
        let all: Vec<&str> = Role::ALL.into_iter().map(Role::code).collect();
        Err(format!(
            "--roles is missing: say what {} does ({}); nothing was changed",
            self.login,
            all.join(", ")
        ))
    }

    /// The firm that stands, unless another is meant.
    async fn check_firm(&self, db: &Db, org: OrgId) -> Result<OrgId, String> {
        let firm = facts(db, org).await?;
        for (flag, said, kept) in [
            ("--firm", &self.firm, firm.name.as_str()),
            ("--zone", &self.zone, firm.zone.name()),
            ("--currency", &self.currency, firm.currency.code()),
            ("--country", &self.country, firm.country.code()),
        ] {
            if said.as_ref().is_some_and(|said| said != kept) {
                return Err(format!(
                    "{flag}: the firm of this database stands already, with {kept:?}; nothing was \
                     changed; leave {flag} out, or name another --database"
                ));
            }
        }
        Ok(org)
    }

    async fn found(&self, db: &Db, lang: Option<Lang>, now: Instant) -> Result<OrgId, String> {
        let lang = lang.ok_or(
            "--lang is missing: this founds the firm. Say --lang en (unless told otherwise pounds, \
             London time and British telephone numbers) or --lang ru (roubles, Moscow time and \
             Russian numbers); --currency, --zone and --country say otherwise. Nothing was changed",
        )?;
        let firm = self.firm(lang)?;
        let name = firm.name;
        let org = actions::found_firm(db, firm, now).await.map_err(told)?;
        println!("The firm {name:?} is founded.");
        println!("{}", told_of(&facts(db, org).await?));
        println!("Only the country can be changed later: `troika firm --country`.");
        Ok(org)
    }

    /// The firm that is to be founded: what is not said follows from its country.
    fn firm(&self, lang: Lang) -> Result<NewFirm<'_>, String> {
        let country = match &self.country {
            None => Country::of_lang(lang),
            Some(code) => country_of(code)?,
        };
        let currency = match &self.currency {
            None => country.currency(),
            Some(code) => Currency::from_code(code),
        };
        let known = || Currency::ALL.map(Currency::code).join(", ");
        let currency = currency.ok_or_else(|| format!("--currency: say one of {}", known()))?;
        let zone = self.zone.as_deref().or(country.zone());
        let zone = zone.ok_or("--zone: say the firm's, as in Europe/London")?;
        if !Zone::is_known(zone) {
            return Err(format!("--zone: {zone:?} is not a time zone"));
        }
        let name = self.firm.as_deref().unwrap_or("Troika");
        Ok(NewFirm { name, zone, currency, lang, country, is_demo: false })
    }
}

/// A fresh link; the command line repeats no request.
async fn link(act: &Act, user: UserId) -> Result<Secret, String> {
    let made = actions::make_link(act, user, false).await.map_err(told)?;
    made.ok_or_else(|| "the link was made before".to_owned())
}

/// Where a person signs in: a link, or what to do where nobody said where the product serves.
fn sign_in(place: &Place, link: &Secret) -> String {
    let path = format!("/sign-in/{}", link.0);
    place.link(&path).unwrap_or_else(|| {
        format!("open where `troika serve` says it serves (--origin makes a link of it): {path}")
    })
}

async fn team_named(act: &Act, name: &str, tier: Option<i64>) -> Result<TeamId, String> {
    let mut tx = act.db.read().await.map_err(told)?;
    let teams = actions::list_teams(&mut tx, act.org).await.map_err(told)?;
    drop(tx);
    if let Some((id, _, _)) = teams.into_iter().find(|(_, known, _)| known == name) {
        return Ok(id);
    }
    let tier = tier.ok_or("--team is new: say its --tier")?;
    actions::add_team(act, name, tier).await.map_err(told)
}

async fn find(db: &Db, login: &str) -> Result<(Act, UserId), String> {
    let org = firm(db).await?;
    let mut tx = db.read().await.map_err(told)?;
    let users = actions::list_users(&mut tx, org).await.map_err(told)?;
    let user = users.into_iter().find(|user| user.login == login);
    let user = user.ok_or_else(|| format!("nobody has the login {login:?}"))?;
    let act = Act { db: db.clone(), org, actor: None, now: Clock::system().now(), key: None };
    Ok((act, user.id))
}

async fn list(db: &Db) -> Answer {
    let org = firm(db).await?;
    let mut tx = db.read().await.map_err(told)?;
    let teams = actions::list_teams(&mut tx, org).await.map_err(told)?;
    for user in actions::list_users(&mut tx, org).await.map_err(told)? {
        println!("{}", listed(&user, &teams));
    }
    Ok(())
}

/// A person on a line: login, name, tier, team, roles.
fn listed(user: &PersonOfFirm, teams: &[(TeamId, String, i64)]) -> String {
    let tier = user.tier.map_or_else(|| "-".to_owned(), |tier| format!("tier {tier}"));
    let team = teams.iter().find(|(id, _, _)| Some(*id) == user.team);
    let team = team.map_or("-", |(_, name, _)| name.as_str());
    let out = if user.disabled_at.is_some() { "  shut out" } else { "" };
    let roles = user.roles.text();
    format!("{:<16} {:<32} {tier:<7} {team:<20} {roles}{out}", user.login, user.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both;
    use crate::cast::Cast;

    both! {
        async fn the_list_says_tier_and_team_of_everybody(t: TestDb) {
            let cast = Cast::gather(t).await;
            let mut tx = cast.app.db.read().await.expect("reads");
            let teams = actions::list_teams(&mut tx, cast.org).await.expect("teams");
            let users = actions::list_users(&mut tx, cast.org).await.expect("people");
            let of = |login: &str| {
                let user = users.iter().find(|user| user.login == login).expect("is there");
                let line = listed(user, &teams);
                line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ")
            };
            assert_eq!(of("boris"), "boris boris of the cast tier 1 calls-a caller");
            assert_eq!(of("olga"), "olga olga of the cast - - owner");
        }
    }
}
