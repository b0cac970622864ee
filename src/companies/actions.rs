//! What is done with companies. The `…_in` verbs are parts of other folders' transactions.

use std::collections::HashMap;

use super::search;
use super::store::{self, NewSuppression, Stored};
use super::suppression::{Secret, Target, Whom};
use super::*;
use crate::events::{Event, Kind};
use crate::people;
use crate::storage::{Act, Tx, take_numbers};

/// A number carried by more companies than this is a switchboard: banning one of them does not
/// ban the number.
const OWN_NUMBER_CARRIERS_MAX: i64 = 3;

/// A company of the firm; also one that was removed or merged away.
pub async fn find(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<Option<Company>> {
    store::find(tx, org, id).await
}

/// The same, held against others until the transaction ends.
pub async fn find_for_update(tx: &mut Tx, org: OrgId, id: CompanyId) -> Outcome<Option<Company>> {
    store::find_for_update(tx, org, id).await
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

/// The mail addresses of a company.
pub async fn list_emails(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<CompanyEmail>> {
    store::list_emails(tx, org, company).await
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

/// Adds a company with its numbers, addresses, people and ground for contact.
pub async fn add_in(tx: &mut Tx, act: &Act, new: NewCompany) -> Outcome<CompanyId> {
    new.check().into_result()?;
    let ids = add_many_in(tx, act, std::slice::from_ref(&new)).await?;
    let id = ids.first().copied().ok_or_else(|| Error::failure("no company was added"))?;
    Event::new(Kind::CompanyAdded, id).company(id).record(tx, act).await?;
    Ok(id)
}

/// Adds many companies at once, without an event for each: the import or the demo that brings
/// them has its own. Their parts were checked by whoever brings them.
pub async fn add_many_in(tx: &mut Tx, act: &Act, all: &[NewCompany]) -> Outcome<Vec<CompanyId>> {
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
    let terms: Vec<(CompanyId, String)> = stored
        .iter()
        .flat_map(|s| search::terms(s.new).into_iter().map(|term| (s.id, term)))
        .collect();
    store::insert_terms(tx, act.org, &terms).await?;
    Ok(ids)
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
    for (id, new) in ids.iter().copied().zip(all) {
        phones.extend(new.phones.iter().map(|p| (id, p, first_standing(p), new.import)));
        emails.extend(new.emails.iter().map(|e| (id, e.as_str(), new.import)));
        let fresh = || ContactId::fresh(act.now);
        people.extend(new.contacts.iter().map(|c| (fresh(), id, c, new.import)));
        bases.extend(new.basis.iter().map(|b| (id, b, new.import)));
    }
    store::insert_phones(tx, act.org, &phones, act.now).await?;
    store::insert_emails(tx, act.org, &emails, act.now).await?;
    store::insert_contacts(tx, act.org, &people, act.now).await?;
    store::insert_bases(tx, act.org, &bases, act.now).await
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

/// Takes a lent company back at once.
pub async fn take_back_in(tx: &mut Tx, act: &Act, company: CompanyId, user: UserId) -> Outcome<()> {
    store::delete_sight(tx, (act.org, company, user)).await?;
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

/// States that somebody must not be contacted. In force at once, everywhere.
pub async fn suppress_in(tx: &mut Tx, act: &Act, suppress: Suppress) -> Outcome<SuppressionId> {
    let secret = take_secret(tx, act.org).await?;
    let (kind, company, contact) = match &suppress.whom {
        Whom::Company(company) => ("company", Some(*company), None),
        Whom::Contact(company, contact) => ("contact", Some(*company), Some(*contact)),
        Whom::Phone(company, _) => ("phone", *company, None),
    };
    let targets = targets_of(tx, act.org, &suppress.whom).await?;
    let fact = Suppression {
        id: SuppressionId::fresh(act.now),
        kind: kind.to_owned(),
        channel: suppress.channel,
        reason: suppress.reason,
        until: suppress.until,
        actor: act.actor,
        made_at: act.now,
    };
    let hashes: Vec<String> = targets.iter().map(|target| target.hash(&secret)).collect();
    let new = NewSuppression { fact: &fact, company, contact, ends: None };
    store::insert_suppression(tx, act.org, new, &hashes).await?;
    Event::new(Kind::ContactSuppressed, fact.id)
        .company(company)
        .person(act.actor)
        .reason(suppress.reason.code().to_owned())
        .with("kind", kind)
        .with("channel", suppress.channel.code())
        .record(tx, act)
        .await?;
    if let Some(company) = company {
        tx.announce(format!("company:{company}"));
    }
    Ok(fact.id)
}

async fn targets_of(tx: &mut Tx, org: OrgId, whom: &Whom) -> Outcome<Vec<Target>> {
    match whom {
        Whom::Phone(_, phone) => Ok(vec![Target::Phone(phone.e164.clone())]),
        Whom::Contact(company, contact) => {
            let phones = store::list_phones(tx, org, *company).await?;
            let theirs = phones.into_iter().filter(|p| p.contact == Some(*contact));
            let numbers = theirs.map(|p| Target::Phone(p.phone.e164));
            Ok(std::iter::once(Target::Contact(*contact)).chain(numbers).collect())
        }
        Whom::Company(id) => {
            let company = store::find(tx, org, *id).await?.ok_or(Error::NotFound)?;
            let own = store::list_own_numbers(tx, org, *id, OWN_NUMBER_CARRIERS_MAX).await?;
            let mut targets = vec![Target::Company(*id)];
            targets.extend(own.into_iter().map(Target::Phone));
            targets.extend(company_targets(&company.name, &company.tax_id, &company.city));
            Ok(targets)
        }
    }
}

/// What a company met in a file is recognised by, besides its numbers.
pub fn company_targets(
    name: &str,
    tax_id: &Option<String>,
    city: &Option<String>,
) -> Option<Target> {
    match (tax_id, city) {
        (Some(tax_id), _) => Some(Target::TaxId(tax_id.clone())),
        (None, Some(city)) => Some(Target::Name(name_key(name), city.clone())),
        (None, None) => None,
    }
}

async fn take_secret(tx: &mut Tx, org: OrgId) -> Outcome<Secret> {
    if let Some(secret) = store::find_secret(tx, org).await? {
        return Ok(secret);
    }
    let mut fresh = [0; 32];
    getrandom::fill(&mut fresh).map_err(Error::failure)?;
    store::insert_secret(tx, org, &Secret(fresh)).await?;
    store::find_secret(tx, org).await?.ok_or_else(|| Error::failure("the secret was not kept"))
}

/// What forbids calling a company at all: a ban of the company, or of every number given. One
/// banned number among others forbids only itself; see [`list_callable_phones`].
pub async fn find_suppression(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    phones: &[CompanyPhone],
    now: Instant,
) -> Outcome<Option<Suppression>> {
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(None) };
    let banned = list_banned(tx, org, &secret, company, phones, now).await?;
    if banned.whole.is_some() {
        return Ok(banned.whole);
    }
    let facts: Vec<Option<&Suppression>> =
        phones.iter().map(|phone| ban_of(&banned, &secret, phone)).collect();
    let is_every = !facts.is_empty() && facts.iter().all(Option::is_some);
    Ok(if is_every { facts[0].cloned() } else { None })
}

/// The numbers of a company that may be dialled now: not banned, not known to be wrong or dead.
/// Empty while the company itself is banned.
pub async fn list_callable_phones(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<Vec<CompanyPhone>> {
    let mut phones = store::list_phones(tx, org, company).await?;
    phones.retain(|phone| phone.standing.is_worth_dialling());
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(phones) };
    let banned = list_banned(tx, org, &secret, company, &phones, now).await?;
    if banned.whole.is_some() {
        return Ok(Vec::new());
    }
    phones.retain(|phone| ban_of(&banned, &secret, phone).is_none());
    Ok(phones)
}

/// Bans of calls that are in force over a company, its people and these numbers, by target.
async fn list_banned(
    tx: &mut Tx,
    org: OrgId,
    secret: &Secret,
    company: CompanyId,
    phones: &[CompanyPhone],
    now: Instant,
) -> Outcome<Banned> {
    let found = store::find(tx, org, company).await?.ok_or(Error::NotFound)?;
    let by_identity = company_targets(&found.name, &found.tax_id, &found.city);
    let whole: Vec<String> = [Some(Target::Company(company)), by_identity]
        .into_iter()
        .flatten()
        .map(|target| target.hash(secret))
        .collect();
    let mut targets = Vec::new();
    for phone in phones {
        targets.push(Target::Phone(phone.phone.e164.clone()));
        targets.extend(phone.contact.map(Target::Contact));
    }
    let numbers = targets.iter().map(|target| target.hash(secret));
    let hashes: Vec<String> = whole.iter().cloned().chain(numbers).collect();
    let facts = store::list_suppressions(tx, org, &hashes, now).await?;
    let mut banned = Banned { whole: None, by_target: HashMap::new() };
    for (target, fact) in facts.into_iter().filter(|(_, fact)| fact.channel != Channel::Letter) {
        if whole.contains(&target) {
            banned.whole.get_or_insert(fact);
        } else {
            banned.by_target.insert(target, fact);
        }
    }
    Ok(banned)
}

/// Bans of calls in force over one company.
struct Banned {
    whole: Option<Suppression>,
    by_target: HashMap<String, Suppression>,
}

fn ban_of<'a>(
    banned: &'a Banned,
    secret: &Secret,
    phone: &CompanyPhone,
) -> Option<&'a Suppression> {
    let by_target = &banned.by_target;
    let by_number = by_target.get(&Target::Phone(phone.phone.e164.clone()).hash(secret));
    by_number.or_else(|| by_target.get(&Target::Contact(phone.contact?).hash(secret)))
}
