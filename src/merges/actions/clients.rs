//! Two companies that tier 3 serves both: the survivor's client goes on for both, with the one who
//! leads it; when the merge is undone each has its own again.

use crate::events::{Event, Kind};
use crate::merges::store::{self, Change, Served};
use crate::merges::*;
use crate::people;
use crate::storage::{Act, Tx};
use crate::tasks::{self, NewTask, Origin};
use crate::web::words::{self, Word};

/// By when whoever is told of it should have talked with the other.
const TOLD_DAYS: i64 = 3;

/// The clients of both, where both are served.
pub(super) async fn find_both_served(
    tx: &mut Tx,
    org: OrgId,
    (loser, survivor): (CompanyId, CompanyId),
) -> Outcome<Option<(Served, Served)>> {
    let gone = store::find_served(tx, org, loser).await?;
    let kept = store::find_served(tx, org, survivor).await?;
    Ok(gone.zip(kept))
}

/// The loser's client ends in the survivor's, which gets its orders and contracts. Who led it is
/// told who leads both now.
pub(super) async fn join(tx: &mut Tx, act: &Act, merge: &Merge) -> Outcome<()> {
    let both = find_both_served(tx, act.org, (merge.loser, merge.survivor)).await?;
    let Some((gone, kept)) = both else { return Ok(()) };
    for (noun, row) in store::list_of_client(tx, act.org, gone.id).await? {
        let values = (Some(gone.id.to_string()), Some(kept.id.to_string()));
        store::insert_change(tx, act.org, merge.id, (&noun, &row, "client"), values).await?;
    }
    store::take_of_client(tx, act.org, (gone.id, kept.id)).await?;
    if store::update_client_joined(tx, act.org, gone.id, act.now).await? == 0 {
        return Err(MergeRefusal::Changed.into());
    }
    let row = gone.id.to_string();
    let values = (Some("served".to_owned()), Some(kept.id.to_string()));
    store::insert_change(tx, act.org, merge.id, ("clients", &row, "served"), values).await?;
    Event::new(Kind::ClientsJoined, gone.id)
        .company(merge.survivor)
        .person(gone.owner)
        .tier(3)
        .with("into", kept.id.to_string())
        .with("number", kept.number)
        .record(tx, act)
        .await?;
    tell(tx, act, "merge-task-joined", (merge.survivor, gone.owner, kept.owner)).await
}

/// Clients that are no longer with the one they were joined to have their own service again, with
/// what was theirs: those of the company that stands for itself, and those of the one it left.
pub(super) async fn part(tx: &mut Tx, act: &Act, companies: [CompanyId; 2]) -> Outcome<()> {
    for company in companies {
        for change in store::list_parted_clients(tx, act.org, company).await? {
            part_one(tx, act, company, &change).await?;
        }
    }
    Ok(())
}

async fn part_one(tx: &mut Tx, act: &Act, company: CompanyId, change: &Change) -> Outcome<()> {
    let is_parted = store::update_client_parted(tx, act.org, change).await? > 0;
    let served = store::find_served(tx, act.org, company).await?;
    let Some(own) = served else { return Ok(()) };
    store::give_of_client(tx, act.org, &change.row, own.id).await?;
    if is_parted {
        store::update_change_returned(tx, act.org, change, act.now).await?;
        Event::new(Kind::ClientsParted, own.id)
            .company(company)
            .person(own.owner)
            .tier(3)
            .with("number", own.number)
            .record(tx, act)
            .await?;
        return tell(tx, act, "merge-task-parted", (company, own.owner, own.owner)).await;
    }
    // Another that was joined with it serves their company by now: it goes on for both.
    store::update_after(tx, act.org, change, own.id).await?;
    let client: ClientId = change.row.parse().map_err(Error::failure)?;
    Event::new(Kind::ClientsJoined, client)
        .company(company)
        .tier(3)
        .with("into", own.id.to_string())
        .with("number", own.number)
        .record(tx, act)
        .await?;
    Ok(())
}

/// A task for whoever led the client: somebody else does now, or they do again.
async fn tell(
    tx: &mut Tx,
    act: &Act,
    key: &str,
    (company, told, leads): (CompanyId, UserId, UserId),
) -> Outcome<()> {
    if key == "merge-task-joined" && told == leads {
        return Ok(());
    }
    let user = people::actions::find_user(tx, act.org, told).await?;
    if user.is_none_or(|user| user.disabled_at.is_some()) {
        return Ok(());
    }
    let firm = people::actions::firm(tx, act.org).await?;
    let name = super::name_of(tx, act.org, leads).await?;
    let what = words::say(firm.lang, key, &[("who", Word::Text(name))]);
    let due_at = act.now.plus_days(TOLD_DAYS);
    let task = NewTask {
        person: told,
        company: Some(company),
        what,
        due_at,
        origin: Origin::Person,
        once: None,
    };
    tasks::actions::add_in(tx, act, task).await?;
    Ok(())
}
