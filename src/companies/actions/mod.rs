//! What is done with companies. The `…_in` verbs are parts of other folders' transactions.

mod alike;
mod bans;
mod branches;
mod carriers;
mod checked;
mod editing;
mod erased;
mod filling;
mod freshness;
mod gone;
mod namesakes;
mod reading;
mod standing;
mod taking_back;

pub use alike::{Aside, Met, list_alike, list_known, list_met};
pub use bans::*;
pub use branches::{list_apart, list_sites, write_ties_in};
pub use carriers::{list_with_number, list_with_numbers, read_others};
pub use checked::*;
pub use editing::*;
pub use erased::*;
pub use filling::*;
pub use freshness::{FactSeen, list_facts};
pub use gone::list_removed_alike;
pub use namesakes::{list_of_namesakes, newcomer_targets};
pub use reading::{
    find_typed, list, list_complaints, list_seen_numbers, list_standing_seen, may_read_phones,
    open_phones, suppress_seen_in, write_note,
};
pub use standing::*;
pub use taking_back::*;

use std::collections::{BTreeMap, BTreeSet};

use super::search;
use super::store::{self, Stored};
use super::ties::Relative;
use super::*;
use crate::events::{Event, Kind};
use crate::people::{self, Reach, Scope};
use crate::storage::{Act, Tx, take_numbers};

/// A company of the firm; also one that was removed or merged away.
pub async fn find(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<Option<Company>> {
    store::find(tx, org, id).await
}

/// The same, held against others until the transaction ends.
pub async fn find_for_update(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<Option<Company>> {
    store::find_for_update(tx, org, id).await
}

/// The company, where the scope may know of it now: as its lead, their head, or by sight. A head
/// may know of what somebody of the team may know of.
pub async fn find_seen(
    tx: &mut Tx,
    scope: &Scope,
    id: CompanyId,
    now: Instant,
) -> Outcome<Option<Company>> {
    let found = store::find_seen(tx, scope, id, now).await?;
    if found.is_some() {
        return Ok(found);
    }
    for member in of_team(tx, scope).await? {
        let found = store::find_seen(tx, &member, id, now).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The scopes of those whom the head of a team leads; of nobody for anybody else.
async fn of_team(tx: &mut Tx, scope: &Scope) -> Outcome<Vec<Scope>> {
    let Some(team) = scope.team.filter(|_| scope.reach == Reach::Team) else {
        return Ok(Vec::new());
    };
    let users = people::actions::list_users(tx, scope.org).await?;
    let led = users.into_iter().filter(|user| user.team == Some(team) && user.id != scope.user);
    Ok(led.map(|user| Scope { user: user.id, reach: Reach::Own, ..*scope }).collect())
}

/// Those companies of a list that the scope may know of now: pages link to no others.
pub async fn list_seen(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[CompanyId],
    now: Instant,
) -> Outcome<BTreeSet<CompanyId>> {
    let mut seen: BTreeSet<CompanyId> =
        store::list_seen(tx, scope, ids, now).await?.into_iter().collect();
    if ids.iter().all(|id| seen.contains(id)) {
        return Ok(seen);
    }
    for member in of_team(tx, scope).await? {
        seen.extend(store::list_seen(tx, &member, ids, now).await?);
    }
    Ok(seen)
}

/// Companies by id, in no order.
pub async fn list_by_ids(tx: &mut Tx, org: OrgId, ids: &[CompanyId]) -> Outcome<Vec<Company>> {
    store::list_by_ids(tx, org, ids).await
}

/// Companies of a segment in order of id, behind `after`: ask again with the last one until the
/// answer is shorter than `limit`.
pub async fn list_segment(
    tx: &mut Tx,
    org: OrgId,
    segment: &Segment,
    after: Option<CompanyId>,
    limit: i64,
) -> Outcome<Vec<CompanyId>> {
    store::list_segment(tx, org, segment, after, limit).await
}

/// How many companies a segment has.
pub async fn count_segment(tx: &mut Tx, org: OrgId, segment: &Segment) -> Outcome<i64> {
    store::count_segment(tx, org, segment).await
}

/// Companies that this person may know of and that a typed text may mean: words, a piece of a
/// number, a tax number.
pub async fn search(
    tx: &mut Tx,
    scope: &Scope,
    text: &str,
    limit: i64,
    now: Instant,
) -> Outcome<Vec<Company>> {
    let beginnings = search::asked(text);
    store::list_found(tx, scope, &beginnings, limit, now).await
}

/// The numbers of a company, banned ones included.
pub async fn list_phones(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<CompanyPhone>> {
    store::list_phones(tx, org, company).await
}

/// The people of a company, decision makers first; those who left have `gone_at`.
pub async fn list_contacts(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Contact>> {
    store::list_contacts(tx, org, company).await
}

/// The records of people that merges joined to others, each with the one that stands for it.
pub async fn list_joined(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<(ContactId, Contact)>> {
    store::list_joined_of(tx, org, &[company]).await
}

/// The mail addresses of a company.
pub async fn list_emails(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<CompanyEmail>> {
    store::list_emails(tx, org, company).await
}

/// The same as records, also those that stand with what was merged into it.
pub async fn list_known_emails(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<KnownEmail>> {
    store::list_known_emails(tx, org, company).await
}

/// The newest notes about a company.
pub async fn list_notes(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    limit: i64,
) -> Outcome<Vec<Note>> {
    store::list_notes(tx, org, company, limit).await
}

/// What a company is to others: of one group, branch or head.
pub async fn list_relatives(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Relative>> {
    let ties = store::list_ties(tx, org, company).await?;
    let others =
        ties.iter().map(|tie| if tie.company == company { tie.other } else { tie.company });
    let others: Vec<CompanyId> = others.collect();
    let known = store::list_by_ids(tx, org, &others).await?;
    // A tie that waits with a merged record is nobody's.
    let stand = known.into_iter().filter(|one| one.merged_into.is_none());
    let stand: BTreeMap<CompanyId, Company> = stand.map(|one| (one.id, one)).collect();
    let stand = |id: CompanyId| stand.get(&id).cloned();
    let both = ties.into_iter().zip(others);
    Ok(both.filter_map(|(tie, other)| Some(Relative { tie, company: stand(other)? })).collect())
}

/// The same, as far as the scope may know of those others now: a tie says who they are.
pub async fn list_relatives_seen(
    tx: &mut Tx,
    scope: &Scope,
    company: CompanyId,
    now: Instant,
) -> Outcome<Vec<Relative>> {
    let mut tied = list_relatives(tx, scope.org, company).await?;
    let ids: Vec<CompanyId> = tied.iter().map(|one| one.company.id).collect();
    let seen = list_seen(tx, scope, &ids, now).await?;
    tied.retain(|one| seen.contains(&one.company.id));
    Ok(tied)
}

/// The records that were merged into a company, by number.
pub async fn list_aliases(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Company>> {
    let mut aliases = store::list_aliases(tx, org, &[company]).await?;
    aliases.sort_by_key(|alias| alias.number);
    Ok(aliases)
}

/// Holds the base of the firm until the transaction ends: who looks for a company and then adds it
/// does so alone, or two people with the same one would add it twice; and nobody is erased, merged
/// or parted between the look and what is written by it. Taken before any company is. The lock is
/// the row that counts the changes of the base.
pub async fn hold_base(tx: &mut Tx, org: OrgId) -> Outcome<()> {
    take_numbers(tx, org, "base-change", 1).await?;
    Ok(())
}

/// Adds a company with its numbers, addresses, people and ground for contact.
pub async fn add_in(tx: &mut Tx, act: &Act, new: NewCompany) -> Outcome<CompanyId> {
    new.check().into_result()?;
    refuse_erased(tx, act.org, None, &new).await?;
    let ids = add_many_in(tx, act, std::slice::from_ref(&new)).await?;
    let id = ids.first().copied().ok_or_else(|| Error::failure("no company was added"))?;
    Event::new(Kind::CompanyAdded, id).company(id).record(tx, act).await?;
    Ok(id)
}

/// Adds many companies at once, without an event for each: the import or the demo that brings
/// them has its own. Their parts were checked by whoever brings them.
pub async fn add_many_in(tx: &mut Tx, act: &Act, all: &[NewCompany]) -> Outcome<Vec<CompanyId>> {
    let ids = add_unfound_in(tx, act, all).await?;
    let terms = ids.iter().zip(all).flat_map(|(id, new)| {
        let terms = search::terms(new).into_iter();
        terms.map(|term| (*id, term)).collect::<Vec<_>>()
    });
    insert_terms_in(tx, act.org, terms.collect()).await?;
    Ok(ids)
}

/// The same, but search does not find them before [`make_found`].
pub async fn add_unfound_in(tx: &mut Tx, act: &Act, all: &[NewCompany]) -> Outcome<Vec<CompanyId>> {
    let how_many = i64::try_from(all.len()).map_err(Error::failure)?;
    if how_many == 0 {
        return Ok(Vec::new());
    }
    let first = take_numbers(tx, act.org, "company", how_many).await?;
    let stored: Vec<Stored<'_>> =
        all.iter().zip(first..).map(|(new, number)| decide(new, number, act.now)).collect();
    store::insert_many(tx, act.org, &stored, act.now).await?;
    let ids: Vec<CompanyId> = stored.iter().map(|s| s.id).collect();
    add_parts_in(tx, act, &ids, all).await?;
    Ok(ids)
}

/// Writes search terms in the order of their index, so that each of its pages is met once.
async fn insert_terms_in(
    tx: &mut Tx,
    org: OrgId,
    mut terms: Vec<(CompanyId, String)>,
) -> Outcome<()> {
    in_order(&mut terms);
    store::insert_terms(tx, org, &terms).await
}

fn in_order(terms: &mut [(CompanyId, String)]) {
    terms.sort_unstable_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
}

fn decide(new: &NewCompany, number: i64, now: Instant) -> Stored<'_> {
    let numbers = new.phones.iter().map(|p| p.phone.e164.as_str());
    Stored {
        id: CompanyId::fresh(now),
        number,
        new,
        name_key: name_key(&new.name),
        legal_form: linkage::normalise::name(new.full_name.as_deref().unwrap_or(&new.name)).form,
        zone: zones::guess(new.city.as_deref(), numbers, new.tax_id.as_deref()),
    }
}

async fn add_parts_in(
    tx: &mut Tx,
    act: &Act,
    ids: &[CompanyId],
    all: &[NewCompany],
) -> Outcome<()> {
    let (mut phones, mut emails, mut people, mut bases) = (vec![], vec![], vec![], vec![]);
    let mut notes = vec![];
    for (id, new) in ids.iter().copied().zip(all) {
        phones.extend(new.phones.iter().map(|p| (id, p, first_standing(p), new.import)));
        emails.extend(new.emails.iter().map(|e| (id, e.as_str(), new.import)));
        let fresh = || ContactId::fresh(act.now);
        people.extend(new.contacts.iter().map(|c| (fresh(), id, c, new.import)));
        bases.extend(new.basis.iter().map(|b| (id, b, new.import)));
        notes.extend(new.note.iter().map(|note| (id, note.as_str(), new.import)));
    }
    store::insert_phones(tx, act.org, &phones, act.now).await?;
    store::insert_emails(tx, act.org, &emails, act.now).await?;
    store::insert_contacts(tx, act.org, &people, act.now).await?;
    store::insert_bases(tx, act.org, &bases, act.now).await?;
    store::insert_notes(tx, act, &notes).await
}

fn first_standing(new: &NewPhone) -> Standing {
    if new.phone.is_dummy() { Standing::Dummy } else { Standing::Unknown }
}

/// Says who leads the company now, in which tier; `None` for nobody.
pub async fn set_lead_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    lead: Option<UserId>,
    tier: i64,
) -> Outcome<()> {
    let found = store::find_for_update(tx, act.org, company).await?.ok_or(Error::NotFound)?;
    if found.lead == lead && found.lead_tier == lead.map(|_| tier) {
        return Ok(());
    }
    let team = match lead {
        Some(user) => {
            let user = people::actions::find_user(tx, act.org, user).await?;
            user.ok_or(Error::NotFound)?.team
        }
        None => None,
    };
    let led = (lead, lead.map(|_| tier), team);
    store::update_lead(tx, act.org, company, led, act.now).await?;
    Event::new(Kind::ClientReassigned, company)
        .company(company)
        .person(lead)
        .tier(tier)
        .with("before", found.lead.map(|user| user.to_string()))
        .record(tx, act)
        .await?;
    tx.announce(format!("company:{company}"));
    Ok(())
}

/// Lends a company to a person: they see its card and, until then, its phones. A lease calls this
/// with its end, and again when it is prolonged.
pub async fn lend_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    user: UserId,
    until: Instant,
) -> Outcome<()> {
    store::insert_sight(tx, (act.org, company, user), Some(until), until).await
}

/// The person keeps seeing the card of a company they worked on and passed on, with masked phones.
pub async fn keep_in_sight_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    user: UserId,
) -> Outcome<()> {
    store::insert_sight(tx, (act.org, company, user), None, act.now).await
}

/// Takes a lent company back at once. What was kept in sight before stays so.
pub async fn take_back_in(tx: &mut Tx, act: &Act, company: CompanyId, user: UserId) -> Outcome<()> {
    let whose = (act.org, company, user);
    store::delete_sight(tx, whose).await?;
    store::update_phones_taken(tx, whose, act.now).await?;
    Ok(())
}

/// Writes a note about a company; its text stands in `notes`, the event only names it.
pub async fn note_in(tx: &mut Tx, act: &Act, company: CompanyId, text: &str) -> Outcome<AnyId> {
    let text = text.trim();
    let mut fields = Fields::default();
    if text.is_empty() {
        fields.note("note", "required");
    }
    if text.chars().count() > NOTE_MAX {
        fields.note_with("note", "too-long", vec![("max", NOTE_MAX.to_string())]);
    }
    fields.into_result()?;
    let note = Note {
        id: AnyId::fresh(act.now),
        author: act.actor,
        body: text.to_owned(),
        made_at: act.now,
    };
    store::insert_note(tx, act.org, company, &note).await?;
    Event::new(Kind::NoteWritten, company)
        .company(company)
        .person(act.actor)
        .with("note", note.id.to_string())
        .record(tx, act)
        .await?;
    tx.announce(format!("company:{company}"));
    Ok(note.id)
}
