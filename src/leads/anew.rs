//! Whom a rule denied is looked at anew as soon as something changes that may cure it: the rules of
//! the campaign, the company, what a file brought, a ban that was lifted. Nobody waits for the day
//! at which a denial that does not end by itself is looked at again.

use super::admission::Rule;
use super::store;
use super::store::anew;
use crate::begin;
use crate::campaigns;
use crate::events::Recorded;
use crate::people::Scope;
use crate::storage::{Act, Tx};
use crate::values::*;

/// A campaign has other rules: whom the old ones denied no longer waits until they would have let
/// go.
pub(super) async fn look_by_rules(act: &Act, changed: &Recorded) -> Outcome<()> {
    let Some(campaign) = changed.campaign else { return Ok(()) };
    let mut tx = begin!(act);
    if anew::update_looked_anew(&mut tx, act.org, campaign, act.now).await? > 0 {
        tx.announce(format!("campaign:{campaign}"));
    }
    tx.finish(()).await
}

/// A company was changed: it got a ground or a number, another town, nobody leads it any more, or
/// a letter to it is taken back.
pub(super) async fn look_at_company(act: &Act, changed: &Recorded) -> Outcome<()> {
    let Some(company) = changed.company else { return Ok(()) };
    let mut tx = begin!(act);
    if anew::update_company_anew(&mut tx, act.org, company, act.now).await? > 0 {
        for lead in store::list_for_company(&mut tx, act.org, company).await? {
            tx.announce(format!("campaign:{}", lead.campaign));
        }
    }
    tx.finish(()).await
}

/// A file is in the base, or what of it was written before somebody stopped it.
pub(super) async fn look_along(act: &Act, brought: &Recorded) -> Outcome<()> {
    let import = brought.subject.parse().map_err(Error::failure)?;
    let mut tx = begin!(act);
    if anew::update_import_anew(&mut tx, act.org, import, act.now).await? > 0 {
        announce_all(&mut tx, act.org).await?;
    }
    tx.finish(()).await
}

/// A ban was lifted. It may have been of a number that many companies have, so everybody who waits
/// for the end of a ban is looked at.
pub(super) async fn look_unbanned_in(tx: &mut Tx, act: &Act) -> Outcome<()> {
    let rule = Rule::Suppressed.code();
    if anew::update_rule_anew(tx, act.org, rule, act.now).await? > 0 {
        announce_all(tx, act.org).await?;
    }
    Ok(())
}

async fn announce_all(tx: &mut Tx, org: OrgId) -> Outcome<()> {
    for campaign in campaigns::actions::list(tx, &Scope::whole(org)).await? {
        tx.announce(format!("campaign:{}", campaign.id));
    }
    Ok(())
}
