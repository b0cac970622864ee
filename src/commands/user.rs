//! `troika user`: the first person of a new firm, and help when somebody is locked out.

use clap::{Args, Subcommand};

use super::settings::Chosen;
use super::{Answer, firm, open, told};
use crate::people::actions::{self, NewFirm, NewUser, Secret};
use crate::people::{Roles, session};
use crate::storage::{Act, Db};
use crate::values::*;

/// What `user` takes.
#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a person; in an empty database this founds the firm
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
        /// Scopes, as in "companies:read leads:write" or "*:read *:write"
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
    /// Roles: caller, seller, service, head, owner, payroll, administrator, principal
    #[arg(long, default_value = "administrator")]
    roles: String,
    /// The tier they work in: 1, 2 or 3
    #[arg(long)]
    tier: Option<i64>,
    /// Name of the team; it is made when it is new
    #[arg(long)]
    team: Option<String>,
    /// Language of their screens: ru or en
    #[arg(long, default_value = "ru")]
    lang: String,
    /// Name of the firm, when this founds it
    #[arg(long, default_value = "Troika")]
    firm: String,
    /// Zone of the firm, when this founds it
    #[arg(long, default_value = "Europe/Moscow")]
    zone: String,
}

impl User {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let db = open(&chosen.database).await?;
        let done = self.command.run(&db, chosen).await;
        db.close().await;
        done
    }
}

impl Verb {
    async fn run(self, db: &Db, chosen: &Chosen) -> Answer {
        match self {
            Self::Add(add) => add.run(db, chosen).await,
            Self::List => list(db).await,
            Self::Disable { login } => {
                let (act, user) = find(db, &login).await?;
                actions::disable_user(&act, user).await.map_err(told)?;
                println!("{login} is shut out; sessions, links and tokens are gone.");
                Ok(())
            }
            Self::Link { login } => {
                let (act, user) = find(db, &login).await?;
                let link = actions::make_link(&act, user, false).await.map_err(told)?;
                println!("{}", chosen.link(&format!("/sign-in/{}", link.0)));
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
    async fn run(self, db: &Db, chosen: &Chosen) -> Answer {
        let now = Clock::system().now();
        let lang = Lang::from_code(&self.lang).ok_or("--lang is ru or en")?;
        let roles = Roles::parse(&self.roles).ok_or("--roles: unknown role")?;
        if !Zone::is_known(&self.zone) {
            return Err(format!("--zone: {:?} is not a time zone", self.zone));
        }
        let found = actions::first_firm(db).await.map_err(told)?;
        let org = match found {
            Some(org) => org,
            None => {
                let firm = NewFirm {
                    name: &self.firm,
                    zone: &self.zone,
                    currency: Currency::Rub,
                    lang,
                    is_demo: false,
                };
                actions::found_firm(db, firm, now).await.map_err(told)?
            }
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
        let link = actions::make_link(&act, user, false).await.map_err(told)?;
        let link = chosen.link(&format!("/sign-in/{}", link.0));
        println!("{} is added. Sign-in link for 30 minutes: {link}", self.login);
        Ok(())
    }
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
    for user in actions::list_users(&mut tx, org).await.map_err(told)? {
        let out = if user.disabled_at.is_some() { "  shut out" } else { "" };
        println!("{:<16} {:<40} {}{out}", user.login, user.name, user.roles.text());
    }
    Ok(())
}
