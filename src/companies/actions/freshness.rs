//! How far the facts on a card can be trusted, for the card itself.

use crate::companies::store;
use crate::people::User;
use crate::storage::Tx;
use crate::values::*;

/// A fact on the card: when it was checked last, by whom, against what, and whether it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactSeen {
    /// Which, as its stored code.
    pub field: String,
    /// When it was checked last, by whom, against what; `None` for never.
    pub checked: Option<(Instant, String, String)>,
    /// True where the last check found it wrong.
    pub is_wrong: bool,
    /// True when it is to be checked now.
    pub is_due: bool,
}

/// The score of a company out of a hundred, once it has one, and how far its facts can be trusted.
pub async fn list_facts(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (users, now): (&[User], Instant),
) -> Outcome<(Option<i64>, Vec<FactSeen>)> {
    let checked = store::list_checked(tx, org, company).await?;
    let Some((score, due)) = store::find_due(tx, org, company).await? else {
        return Ok((None, Vec::new()));
    };
    let name = |id: Option<UserId>| {
        users.iter().find(|user| Some(user.id) == id).map(|user| user.name.clone())
    };
    let facts = due.into_iter().map(|(field, at)| {
        let last = checked.iter().find(|known| known.field == field);
        FactSeen {
            field: field.to_owned(),
            checked: last.map(|known| {
                let who = name(known.actor).unwrap_or_default();
                (known.checked_at, who, known.source.clone())
            }),
            is_wrong: last.is_some_and(|known| known.finding == "wrong"),
            is_due: at <= now,
        }
    });
    Ok((Some((score + 5) / 10), facts.collect()))
}
