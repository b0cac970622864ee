//! Which pages are timed, who asks for them, and over which records.

use super::store::{self, Target};
use crate::storage::Tx;
use crate::values::*;

/// A page: who asks, and the addresses they ask for in turn.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What it is.
    pub what: &'static str,
    /// Login of who asks.
    pub login: &'static str,
    /// Addresses; each request takes the next.
    pub paths: Vec<String>,
}

fn one(what: &'static str, login: &'static str, path: &str) -> Asked {
    Asked { what, login, paths: vec![path.to_owned()] }
}

/// Every page, over the records of this firm.
pub async fn pages(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<Vec<Asked>> {
    let mut all = companies(tx, org).await?;
    all.extend(calling_and_selling(tx, org).await?);
    all.extend(pay(tx, org, now).await?);
    all.extend(reports());
    all.extend(quality());
    Ok(all)
}

async fn companies(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Asked>> {
    let served = store::list_targets(tx, org, Target::ServedCompany).await?;
    let deep = store::list_targets(tx, org, Target::DeepCompany).await?;
    let numbers = store::list_targets(tx, org, Target::Number).await?;
    let each = |what, login, head: &str, ids: &[String], tail: &str| Asked {
        what,
        login,
        paths: ids.iter().map(|id| format!("{head}{id}{tail}")).collect(),
    };
    let tails: Vec<String> =
        numbers.iter().map(|e164| e164[e164.len().saturating_sub(4)..].to_owned()).collect();
    let search =
        |what, login, words: [&str; 3]| Asked { what, login, paths: words.map(found).to_vec() };
    Ok(vec![
        one("company list", "owner", "/companies"),
        one("company list, a head's", "head1-1", "/companies"),
        one("company list, a seller's", "seller1", "/companies"),
        each("company list, deep", "owner", "/companies?after=", &deep, ""),
        each("company list, deep, a head's", "head1-1", "/companies?after=", &deep, ""),
        search("search, a frequent word", "owner", ["Северный", "Невский", "Москва"]),
        search("search, two words", "owner", ["Речной -31", "Южный -17", "Белый -54"]),
        search("search, a frequent word, a seller's", "seller1", ["Северный", "Невский", "Москва"]),
        each("search, last four digits", "owner", "/search?q=", &tails, ""),
        each("search, a whole number", "owner", "/search?q=%2B", &digits(&numbers), ""),
        each("company card", "owner", "/companies/", &served, ""),
        each("story card", "owner", "/companies/", &served, "/story"),
        each("company promises", "owner", "/companies/", &served, "/promises"),
    ])
}

fn found(word: &str) -> String {
    let query = serde_urlencoded::to_string([("q", word)]).unwrap_or_default();
    format!("/search?{query}")
}

fn digits(numbers: &[String]) -> Vec<String> {
    numbers.iter().map(|e164| e164.trim_start_matches('+').to_owned()).collect()
}

async fn calling_and_selling(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Asked>> {
    let open = store::list_targets(tx, org, Target::OpenOpportunity).await?;
    let clients = store::list_targets(tx, org, Target::Client).await?;
    let contracts = store::list_targets(tx, org, Target::Contract).await?;
    let campaigns = store::list_targets(tx, org, Target::Campaign).await?;
    let each = |what, login, head: &str, ids: &[String], tail: &str| Asked {
        what,
        login,
        paths: ids.iter().map(|id| format!("{head}{id}{tail}")).collect(),
    };
    Ok(vec![
        one("desk", "caller1", "/desk"),
        one("wallboard", "owner", "/wallboard"),
        one("wallboard, a head's", "head1-1", "/wallboard"),
        each("campaign", "owner", "/campaigns/", &campaigns, ""),
        each("queue of a campaign", "owner", "/campaigns/", &campaigns, "/queue"),
        one("hand-off inbox", "seller1", "/handoffs"),
        one("hand-off inbox, a head's", "head2-1", "/handoffs"),
        one("meetings", "seller1", "/meetings"),
        one("board", "seller1", "/pipeline"),
        one("board, a head's", "head2-1", "/pipeline"),
        one("board, the firm's", "owner", "/pipeline"),
        one("opportunities", "owner", "/opportunities"),
        each("opportunity", "owner", "/opportunities/", &open, ""),
        one("contracts", "owner", "/contracts"),
        each("contract", "owner", "/contracts/", &contracts, ""),
        one("client list", "service1", "/clients"),
        one("client list, the firm's", "owner", "/clients"),
        each("client", "owner", "/clients/", &clients, ""),
        one("tasks", "service1", "/tasks"),
        one("promises", "seller1", "/promises"),
    ])
}

fn quality() -> Vec<Asked> {
    vec![
        one("quality of the base", "owner", "/quality"),
        one("quality of the base, a head's", "head1-1", "/quality"),
        one("records behind a score", "owner", "/quality/records"),
        one("records behind a part", "owner", "/quality/records?part=freshness"),
        one("records behind a part, a head's", "head1-1", "/quality/records?part=uniqueness"),
        one("duplicates", "owner", "/duplicates"),
    ]
}

async fn pay(tx: &mut Tx, org: OrgId, now: Instant) -> Outcome<Vec<Asked>> {
    let periods = store::list_latest_periods(tx, org, now).await?;
    let callers = store::list_targets(tx, org, Target::Caller).await?;
    let sellers = store::list_targets(tx, org, Target::Seller).await?;
    let statements = |what, people: &[String]| {
        let of_period = |period: &String| {
            people.iter().map(|id| format!("/pay/statements/{period}/{id}")).collect::<Vec<_>>()
        };
        Asked { what, login: "payroll", paths: periods.iter().flat_map(of_period).collect() }
    };
    let months = periods.iter().map(|period| format!("/pay/periods/{period}")).collect();
    Ok(vec![
        one("pay", "payroll", "/pay"),
        one("own pay", "caller1", "/pay/me"),
        statements("statement of a caller", &callers),
        statements("statement of a seller", &sellers),
        Asked { what: "pay of a month", login: "payroll", paths: months },
    ])
}

fn reports() -> Vec<Asked> {
    let records = |what, step: &str, period: &str| {
        one(what, "owner", &format!("/reports/records?step={step}&period={period}"))
    };
    vec![
        one("funnel, this month", "owner", "/reports"),
        one("funnel, last month", "owner", "/reports?period=last_month"),
        one("funnel, 90 days", "owner", "/reports?period=90_days"),
        one("funnel, a head's", "head1-1", "/reports"),
        one("funnel, a principal's", "principal", "/reports"),
        one("hand-offs by pair, 90 days", "owner", "/reports/handoffs?period=90_days"),
        records("records behind dials", "dials", "90_days"),
        records("records behind refusals", "refused", "90_days"),
        records("records behind payments", "paid", "90_days"),
    ]
}
