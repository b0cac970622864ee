//! What pages and the API read of companies, each under the viewer's scope.

use std::collections::BTreeSet;

use crate::begin;
use crate::companies::suppression::{Complained, Part, Suppress, Wanted, Whom};
use crate::companies::{Company, CompanyPhone, search, store};
use crate::events::{Event, Kind};
use crate::people::{Reach, Scope, Viewer};
use crate::storage::{Act, Tx};
use crate::tiers::doors::LEADING;
use crate::values::*;
use crate::web::{Cursor, Slice};

/// The companies a person may know of in order of their names.
pub async fn list(
    tx: &mut Tx,
    viewer: &Viewer,
    cursor: &Cursor,
    now: Instant,
) -> Outcome<Slice<Company>> {
    let place = match cursor.after().parse::<CompanyId>() {
        Ok(id) => store::find_place(tx, viewer.org, id).await?.map(|key| (key, id.to_string())),
        Err(_) => None,
    };
    let (name_key, id) = place.unwrap_or_default();
    let limit = cursor.limit();
    let rows = store::list_named(tx, &viewer.scope(), (&name_key, &id), limit + 1, now).await?;
    Ok(Slice::cut(rows, limit, |company| company.id.to_string()))
}

/// Those of them that the scope may know of now; of one that was merged it is the survivor that is
/// asked for, as [`super::find_seen`] answers it.
pub async fn list_standing_seen(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[CompanyId],
    now: Instant,
) -> Outcome<BTreeSet<CompanyId>> {
    let all = store::list_by_ids(tx, scope.org, ids).await?;
    let standing = |company: &Company| company.merged_into.unwrap_or(company.id);
    let survivors: Vec<CompanyId> = all.iter().map(standing).collect();
    let seen = super::list_seen(tx, scope, &survivors, now).await?;
    let is_seen = |company: &Company| seen.contains(&standing(company));
    Ok(all.into_iter().filter(is_seen).map(|company| company.id).collect())
}

/// Those of these numbers of companies that the scope may know of now; one that was merged is its
/// survivor.
pub async fn list_seen_numbers(
    tx: &mut Tx,
    scope: &Scope,
    numbers: &[i64],
    now: Instant,
) -> Outcome<BTreeSet<i64>> {
    let all = store::list_numbered(tx, scope.org, numbers).await?;
    let ids: Vec<CompanyId> = all.iter().map(|(_, id)| *id).collect();
    let seen = super::list_seen(tx, scope, &ids, now).await?;
    Ok(all.into_iter().filter(|(_, id)| seen.contains(id)).map(|(number, _)| number).collect())
}

/// Companies found by digits before those are put aside whose numbers the person may not read. Cut
/// sooner, the rest would tell of them by its absence.
const FOUND_BY_DIGITS_MAX: i64 = 10_000;

/// Companies by what a person typed: words, a tax number, digits of a phone. A phone only finds
/// those whose numbers the person may read: else it could be guessed digit by digit.
pub async fn find_typed(
    tx: &mut Tx,
    viewer: &Viewer,
    typed: &str,
    limit: i64,
    now: Instant,
) -> Outcome<Vec<Company>> {
    let beginnings = search::asked(typed);
    if beginnings.is_empty() {
        return Ok(Vec::new());
    }
    let scope = viewer.scope();
    let digits: Vec<&String> =
        beginnings.iter().filter(|beginning| search::is_digits(beginning)).collect();
    if digits.is_empty() || viewer.is_any(LEADING) {
        let mut found = store::list_found(tx, &scope, &beginnings, limit, now).await?;
        found.retain(|company| {
            is_above(viewer, company) || digits.iter().all(|one| search::is_in_sight(company, one))
        });
        return Ok(found);
    }
    let mut found = store::list_found(tx, &scope, &beginnings, FOUND_BY_DIGITS_MAX, now).await?;
    let lent = store::list_lent(tx, (viewer.org, viewer.id()), now).await?;
    found.retain(|company| {
        company.lead == Some(viewer.id())
            || lent.contains(&company.id)
            || digits.iter().all(|beginning| search::is_in_sight(company, beginning))
    });
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// True for those above whoever leads the company: a head is above their own team, and above nobody
/// where nobody leads it.
fn is_above(viewer: &Viewer, company: &Company) -> bool {
    let is_teams =
        company.lead.is_none() || viewer.user.team.is_some_and(|team| company.team == Some(team));
    viewer.is_any(LEADING) && (is_teams || viewer.scope().reach == Reach::All)
}

/// True when the person may read the company's numbers now: they lead it, hold its lease, or are
/// above those who do.
pub async fn may_read_phones(
    tx: &mut Tx,
    viewer: &Viewer,
    company: &Company,
    now: Instant,
) -> Outcome<bool> {
    if is_above(viewer, company) || company.lead == Some(viewer.id()) {
        return Ok(true);
    }
    let until = store::find_phones_until(tx, (viewer.org, company.id, viewer.id())).await?;
    Ok(until.is_some_and(|until| until > now))
}

/// The numbers of a company as this person may read them; who opens numbers of a company they do
/// not lead is noted.
pub async fn open_phones(
    act: &Act,
    viewer: &Viewer,
    company: &Company,
) -> Outcome<(bool, Vec<CompanyPhone>)> {
    let mut tx = act.db.read().await?;
    let may_read = may_read_phones(&mut tx, viewer, company, act.now).await?;
    let phones = store::list_phones(&mut tx, act.org, company.id).await?;
    drop(tx);
    let is_own = company.lead == Some(viewer.id());
    if may_read && !is_own && !phones.is_empty() {
        let mut tx = act.db.begin().await?;
        let event = Event::new(Kind::PhonesOpened, company.id).company(company.id);
        event.person(viewer.id()).record(&mut tx, act).await?;
        tx.commit().await?;
    }
    Ok((may_read, phones))
}

/// Writes a note about a company the person may know of.
pub async fn write_note(
    act: &Act,
    viewer: &Viewer,
    company: CompanyId,
    text: &str,
) -> Outcome<AnyId> {
    let mut tx = begin!(act);
    let found = super::find_seen_held(&mut tx, &viewer.scope(), company, act.now).await?;
    let company = found.ok_or(Error::NotFound)?.id;
    let note = super::note_in(&mut tx, act, company, text).await?;
    tx.finish(note).await
}

/// States that a company the person may know of, or a part of it, must not be contacted, as part of
/// another transaction; says which company that is, and under which ban.
pub async fn suppress_seen_in(
    tx: &mut Tx,
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    wanted: Wanted,
) -> Outcome<(CompanyId, SuppressionId)> {
    let found = super::find_seen_held(tx, &viewer.scope(), id, act.now).await?;
    let id = found.ok_or(Error::NotFound)?.id;
    if wanted.until.is_some_and(|until| until <= act.now) {
        return Err(Fields::one("until", "day-in-the-past"));
    }
    let unknown = || Fields::one("whom", "unknown-choice");
    let whom = match wanted.part {
        Part::Whole => Whom::Company(id),
        Part::Phone(phone) => {
            let phones = store::list_phones(tx, act.org, id).await?;
            let found = phones.into_iter().find(|one| one.id == phone).ok_or_else(unknown)?;
            Whom::Phone(Some(id), found.phone)
        }
        Part::Contact(contact) => {
            let all = store::list_contacts(tx, act.org, id).await?;
            all.iter().find(|one| one.id == contact).ok_or_else(unknown)?;
            Whom::Contact(id, contact)
        }
    };
    let Wanted { channel, reason, until, .. } = wanted;
    let suppress = Suppress { whom, channel, reason, until };
    Ok((id, super::suppress_in(tx, act, suppress).await?))
}

/// Companies that complained since then, as they stand now. What was lifted was no complaint.
pub async fn list_complaints(tx: &mut Tx, org: OrgId, since: Instant) -> Outcome<Vec<Complained>> {
    store::list_complaints(tx, org, since).await
}
