//! `troika firm`: what holds of the firm, and in which country its telephone numbers are dialled.

use clap::Args;

use super::settings::Chosen;
use super::{Answer, firm, open_kept, told};
use crate::people::{self, actions};
use crate::storage::{Act, Db};
use crate::values::*;

/// What `firm` takes.
#[derive(Debug, Args)]
pub struct Firm {
    /// Read telephone numbers by the habits of this country from now on: two letters, as in GB
    #[arg(long)]
    country: Option<String>,
}

impl Firm {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let country = self.country.as_deref().map(country_of).transpose()?;
        let db = open_kept(&chosen.database).await?;
        let done = tell(&db, country).await;
        db.close().await;
        done
    }
}

async fn tell(db: &Db, country: Option<Country>) -> Answer {
    let org = firm(db).await?;
    if let Some(country) = country {
        let act = Act { db: db.clone(), org, actor: None, now: Clock::system().now(), key: None };
        actions::set_country(&act, country).await.map_err(told)?;
    }
    let firm = facts(db, org).await?;
    println!("{}", firm.name);
    println!("{}", told_of(&firm));
    Ok(())
}

/// The country of a code that was typed.
pub fn country_of(code: &str) -> Result<Country, String> {
    Country::from_code(code).ok_or_else(|| {
        format!("--country: {code:?} is no country; say two letters, as in GB or RU")
    })
}

/// What is kept of the firm.
pub async fn facts(db: &Db, org: OrgId) -> Result<people::Firm, String> {
    let mut tx = db.read().await.map_err(told)?;
    actions::firm(&mut tx, org).await.map_err(told)
}

/// The same as a sentence.
pub fn told_of(firm: &people::Firm) -> String {
    format!(
        "Its letters are in {}, its money is {}, its day runs in {}, telephone numbers without a \
         country code are read as those of {} ({}).",
        match firm.lang {
            Lang::Ru => "Russian",
            Lang::En => "English",
        },
        firm.currency.code(),
        firm.zone.name(),
        firm.country,
        firm.country.dialling_code(),
    )
}
