//! Who must not be contacted.

use std::collections::{BTreeSet, HashMap};

use super::{carriers, namesakes};
use crate::begin;
use crate::companies::alike::Known;
use crate::companies::store::{self, NewSuppression};
use crate::companies::suppression::{Secret, Target, Whom};
use crate::companies::*;
use crate::events::{Event, Kind};
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::tiers::doors::LEADING;

/// A number carried by more companies than this is a switchboard: banning one of them does not
/// ban the number.
const OWN_NUMBER_CARRIERS_MAX: i64 = 3;
/// The longest reason for lifting a ban, in characters.
const WHY_MAX: usize = 500;

/// States that somebody must not be contacted. In force at once, everywhere.
pub async fn suppress_in(tx: &mut Tx, act: &Act, suppress: Suppress) -> Outcome<SuppressionId> {
    let secret = take_secret(tx, act.org).await?;
    let (kind, company, contact) = match &suppress.whom {
        Whom::Company(company) | Whom::Namesake(company, _) => ("company", Some(*company), None),
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
    let new = NewSuppression { fact: &fact, company, contact };
    store::insert_suppression(tx, act.org, new, &hashes).await?;
    let others = carriers::others(tx, act.org, company, &targets).await?;
    let mut event = Event::new(Kind::ContactSuppressed, fact.id)
        .company(company)
        .person(act.actor)
        .reason(suppress.reason.code().to_owned())
        .with("kind", kind)
        .with("channel", suppress.channel.code())
        .with("others", others);
    if let Whom::Namesake(_, ground) = &suppress.whom {
        event = event.with(namesakes::GROUND, ground.to_string());
    }
    event.record(tx, act).await?;
    if let Some(company) = company {
        tx.announce(format!("company:{company}"));
    }
    Ok(fact.id)
}

/// True for what forbids to call.
pub(super) fn bars_calls(fact: &Suppression) -> bool {
    fact.channel != Channel::Letter
}

/// Every ban in force over a company, its numbers and its people, the oldest first.
pub async fn list_bans(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<Vec<Suppression>> {
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(Vec::new()) };
    let phones = store::list_phones(tx, org, company).await?;
    let contacts = store::list_contacts(tx, org, company).await?;
    let joined = store::list_joined_of(tx, org, &[company]).await?;
    let people = contacts.into_iter().chain(joined.into_iter().map(|(_, one)| one));
    let targets = identities(tx, org, company)
        .await?
        .into_iter()
        .chain(phones.into_iter().map(|phone| Target::Phone(phone.phone.e164)))
        .chain(people.map(|contact| Target::Contact(contact.id)));
    let hashes: Vec<String> = targets.map(|target| target.hash(&secret)).collect();
    list_over(tx, org, &hashes, now).await
}

/// Each ban in force once, however many of these it covers.
async fn list_over(
    tx: &mut Tx,
    org: OrgId,
    hashes: &[String],
    now: Instant,
) -> Outcome<Vec<Suppression>> {
    let mut bans: Vec<Suppression> = Vec::new();
    for (_, fact) in store::list_suppressions(tx, org, hashes, now).await? {
        if bans.iter().all(|known| known.id != fact.id) {
            bans.push(fact);
        }
    }
    Ok(bans)
}

/// The bans that name a company itself, or what was merged into it, and not only a number or a
/// person of theirs; those that stand.
pub async fn list_bans_of_itself(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<Vec<Suppression>> {
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(Vec::new()) };
    let targets = identities(tx, org, company).await?;
    let hashes: Vec<String> = targets.into_iter().map(|target| target.hash(&secret)).collect();
    let mut bans = list_over(tx, org, &hashes, now).await?;
    bans.retain(|fact| fact.kind == "company");
    Ok(bans)
}

/// Lifts a ban that was stated by mistake or is no longer meant, with a reason; for a head or the
/// owner who may know of the company. The ban stays on record.
pub async fn lift(
    act: &Act,
    viewer: &Viewer,
    (company, ban): (CompanyId, SuppressionId),
    why: &str,
) -> Outcome<()> {
    let mut tx = begin!(act);
    let seen = super::find_seen_held(&mut tx, &viewer.scope(), company, act.now).await?;
    let company = seen.filter(|_| may_lift(viewer)).ok_or(Error::NotFound)?.id;
    store::find_suppression(&mut tx, act.org, ban).await?.ok_or(Error::NotFound)?;
    let why = why.trim();
    if why.is_empty() {
        return Err(Fields::one("why", "required"));
    }
    if why.chars().count() > WHY_MAX {
        let mut fields = Fields::default();
        fields.note_with("why", "too-long", vec![("max", WHY_MAX.to_string())]);
        return Err(Error::Invalid(fields));
    }
    let bans = list_bans(&mut tx, act.org, company, act.now).await?;
    let found = bans.into_iter().find(|fact| fact.id == ban);
    let found = found.ok_or(CompanyRefusal::NotSuppressed)?;
    if !found.reason.may_be_lifted() {
        return Err(CompanyRefusal::NeverLifted.into());
    }
    // What somebody wrote may name a person: it stands where it can be struck, beside the event.
    let (id, body) = (AnyId::fresh(act.now), why.to_owned());
    let note = Note { id, author: act.actor, body, made_at: act.now };
    store::insert_note(&mut tx, act.org, company, &note).await?;
    if !lift_in(&mut tx, act, company, &found, ("note", note.id.to_string().into())).await? {
        return Err(CompanyRefusal::NotSuppressed.into());
    }
    tx.finish(()).await
}

/// A ban that a call raised ends with the call, which its caller takes back; one that was lifted
/// meanwhile needs no end.
pub async fn take_ban_back_in(
    tx: &mut Tx,
    act: &Act,
    (company, ban): (CompanyId, SuppressionId),
) -> Outcome<()> {
    let company = super::hold_standing(tx, act.org, company).await?;
    let bans = list_bans(tx, act.org, company, act.now).await?;
    let Some(found) = bans.into_iter().find(|fact| fact.id == ban) else { return Ok(()) };
    lift_in(tx, act, company, &found, ("taken_back", true.into())).await.map(drop)
}

/// Ends a ban that stands, and tells why; false where somebody ended it meanwhile.
async fn lift_in(
    tx: &mut Tx,
    act: &Act,
    company: CompanyId,
    ban: &Suppression,
    (name, why): (&str, serde_json::Value),
) -> Outcome<bool> {
    let id = SuppressionId::fresh(act.now);
    let lifting = Suppression { id, actor: act.actor, made_at: act.now, ..ban.clone() };
    if store::insert_lifting(tx, act.org, (company, ban.id), &lifting).await? == 0 {
        return Ok(false);
    }
    let covered = carriers::list_covered(tx, act.org, company, ban.id).await?;
    let others = carriers::others(tx, act.org, Some(company), &covered).await?;
    Event::new(Kind::SuppressionLifted, ban.id)
        .company(company)
        .person(act.actor)
        .reason(ban.reason.code().to_owned())
        .with("kind", ban.kind.clone())
        .with("channel", ban.channel.code())
        .with("others", others)
        .with(name, why)
        .record(tx, act)
        .await?;
    tx.announce(format!("company:{company}"));
    Ok(true)
}

/// True for those who may lift bans.
pub fn may_lift(viewer: &Viewer) -> bool {
    viewer.is_any(LEADING)
}

async fn targets_of(tx: &mut Tx, org: OrgId, whom: &Whom) -> Outcome<Vec<Target>> {
    match whom {
        Whom::Namesake(company, _) => Ok(vec![Target::Company(*company)]),
        Whom::Phone(_, phone) => Ok(vec![Target::Phone(phone.e164.clone())]),
        Whom::Contact(company, contact) => {
            let phones = store::list_phones(tx, org, *company).await?;
            let theirs = phones.into_iter().filter(|p| p.contact == Some(*contact));
            let numbers = theirs.map(|p| Target::Phone(p.phone.e164));
            Ok(std::iter::once(Target::Contact(*contact)).chain(numbers).collect())
        }
        Whom::Company(id) => {
            let records = records_of(tx, org, *id).await?;
            let own = store::list_own_numbers(tx, org, *id, OWN_NUMBER_CARRIERS_MAX).await?;
            let mut targets: Vec<Target> = own.into_iter().map(Target::Phone).collect();
            targets.extend(records.iter().flat_map(recognised_by));
            targets.extend(records.iter().filter_map(namesakes::registered_name));
            Ok(targets)
        }
    }
}

/// What a company and all that was merged into it are recognised by: a ban of one holds for all.
pub(super) async fn identities(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
) -> Outcome<Vec<Target>> {
    let records = records_of(tx, org, company).await?;
    Ok(records.iter().flat_map(recognised_by).collect())
}

/// The record of a company and those that were merged into it.
async fn records_of(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Company>> {
    let records = store::list_with_aliases(tx, org, company).await?;
    if records.iter().all(|record| record.id != company) {
        return Err(Error::NotFound);
    }
    Ok(records)
}

/// What a ban of a company covers of this record, besides its numbers and its people.
pub(super) fn recognised_by(company: &Company) -> impl Iterator<Item = Target> {
    let numbers = (&company.tax_id, &company.ogrn);
    let met = company_targets(&company.name, numbers, &company.city);
    std::iter::once(Target::Company(company.id)).chain(met)
}

/// What a company met in a file is recognised by, besides its numbers.
pub fn company_targets(
    name: &str,
    (tax_id, ogrn): (&Option<String>, &Option<String>),
    city: &Option<String>,
) -> Vec<Target> {
    let mut targets: Vec<Target> = ogrn.iter().cloned().map(Target::Registration).collect();
    match (tax_id, city) {
        (Some(tax_id), _) => targets.push(Target::TaxId(tax_id.clone())),
        (None, Some(city)) => targets.extend(namesakes::names(name, city)),
        (None, None) => {}
    }
    targets
}

pub(super) async fn take_secret(tx: &mut Tx, org: OrgId) -> Outcome<Secret> {
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

/// What forbade writing to a company at a moment, and to a person or a number of theirs where the
/// letter names one: a ban of letters, or of everything.
pub async fn find_ban_of_letters(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    (contact, number): (Option<ContactId>, Option<String>),
    at: Instant,
) -> Outcome<Option<Suppression>> {
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(None) };
    let mut targets = identities(tx, org, company).await?;
    targets.extend(number.map(Target::Phone));
    if let Some(contact) = contact {
        let joined = store::list_joined_of(tx, org, &[company]).await?;
        let others = joined.into_iter().filter(|(stands, _)| *stands == contact);
        targets.extend(others.map(|(_, one)| Target::Contact(one.id)));
        targets.push(Target::Contact(contact));
    }
    let hashes: Vec<String> = targets.iter().map(|target| target.hash(&secret)).collect();
    let facts = store::list_suppressions(tx, org, &hashes, at).await?;
    let mut facts = facts.into_iter().map(|(_, fact)| fact);
    Ok(facts.find(|fact| fact.channel != Channel::Call && fact.made_at <= at))
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
    phones.retain(|phone| phone.may_be_dialled(now));
    if phones.iter().any(|phone| phone.contact.is_some()) {
        let people = store::list_contacts(tx, org, company).await?;
        phones.retain(|phone| !phone.went_with(&people));
    }
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
    let identities = identities(tx, org, company).await?;
    let whole: Vec<String> = identities.iter().map(|target| target.hash(secret)).collect();
    let joined = list_records(tx, org, &[company], phones.iter()).await?;
    let targets: Vec<Target> = phones.iter().flat_map(|phone| reached(phone, &joined)).collect();
    let numbers = targets.iter().map(|target| target.hash(secret));
    let hashes: Vec<String> = whole.iter().cloned().chain(numbers).collect();
    let facts = store::list_suppressions(tx, org, &hashes, now).await?;
    let mut banned = Banned { whole: None, by_target: HashMap::new(), joined };
    for (target, fact) in facts.into_iter().filter(|(_, fact)| bars_calls(fact)) {
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
    joined: Records,
}

/// The records that merges joined to others, by the one that stands for them.
type Records = HashMap<ContactId, Vec<ContactId>>;

async fn list_records(
    tx: &mut Tx,
    org: OrgId,
    companies: &[CompanyId],
    mut phones: impl Iterator<Item = &CompanyPhone>,
) -> Outcome<Records> {
    let mut records = Records::new();
    if phones.all(|phone| phone.contact.is_none()) {
        return Ok(records);
    }
    for (stands, one) in store::list_joined_of(tx, org, companies).await? {
        records.entry(stands).or_default().push(one.id);
    }
    Ok(records)
}

/// What a ban of a number may be of: the number, and whoever answers it, under whatever record.
fn reached(phone: &CompanyPhone, joined: &Records) -> Vec<Target> {
    let mut targets = vec![Target::Phone(phone.phone.e164.clone())];
    if let Some(contact) = phone.contact {
        let others = joined.get(&contact).into_iter().flatten();
        targets.extend(std::iter::once(&contact).chain(others).map(|id| Target::Contact(*id)));
    }
    targets
}

fn ban_of<'a>(
    banned: &'a Banned,
    secret: &Secret,
    phone: &CompanyPhone,
) -> Option<&'a Suppression> {
    let targets = reached(phone, &banned.joined);
    targets.iter().find_map(|target| banned.by_target.get(&target.hash(secret)))
}

/// Whom no call may reach.
#[derive(Debug, Default)]
pub struct Silenced {
    /// Companies that are banned as a whole.
    pub companies: BTreeSet<CompanyId>,
    /// Single numbers, banned by themselves or with the person whose they are.
    pub phones: BTreeSet<PhoneId>,
}

/// Whom of these companies a ban of calls covers; by the same rule as [`list_callable_phones`], for
/// many at once.
pub async fn list_silenced(
    tx: &mut Tx,
    org: OrgId,
    all: &[Known],
    now: Instant,
) -> Outcome<Silenced> {
    let mut silenced = Silenced::default();
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(silenced) };
    let ids: Vec<CompanyId> = all.iter().map(|known| known.company.id).collect();
    let aliases = store::list_aliases(tx, org, &ids).await?;
    let aliases = aliases.iter().filter_map(|one| Some((one.merged_into?, one)));
    let own = all.iter().map(|known| (known.company.id, &known.company));
    let mut companies: HashMap<String, Vec<CompanyId>> = HashMap::new();
    for (id, record) in own.chain(aliases) {
        for target in recognised_by(record) {
            companies.entry(target.hash(&secret)).or_default().push(id);
        }
    }
    let mut phones: HashMap<String, Vec<PhoneId>> = HashMap::new();
    let numbers = || all.iter().flat_map(|known| &known.phones);
    let joined = list_records(tx, org, &ids, numbers()).await?;
    for phone in numbers() {
        for target in reached(phone, &joined) {
            phones.entry(target.hash(&secret)).or_default().push(phone.id);
        }
    }
    let hashes: Vec<String> = companies.keys().chain(phones.keys()).cloned().collect();
    let facts = store::list_suppressions(tx, org, &hashes, now).await?;
    for (target, _) in facts.iter().filter(|(_, fact)| bars_calls(fact)) {
        silenced.companies.extend(companies.get(target).into_iter().flatten());
        silenced.phones.extend(phones.get(target).into_iter().flatten());
    }
    Ok(silenced)
}

/// Which of many targets a ban of calls covers; for files, whose rows have no records yet.
pub async fn list_banned_targets(
    tx: &mut Tx,
    org: OrgId,
    targets: &[Target],
    now: Instant,
) -> Outcome<HashMap<Target, Suppression>> {
    let Some(secret) = store::find_secret(tx, org).await? else { return Ok(HashMap::new()) };
    // Rows of a file share towns and numbers, and a name may stand in a town twice.
    let distinct: BTreeSet<&Target> = targets.iter().collect();
    let by_hash: HashMap<String, &Target> =
        distinct.into_iter().map(|target| (target.hash(&secret), target)).collect();
    let hashes: Vec<String> = by_hash.keys().cloned().collect();
    let facts = store::list_suppressions(tx, org, &hashes, now).await?;
    let mut banned = HashMap::new();
    for (hash, fact) in facts.into_iter().filter(|(_, fact)| bars_calls(fact)) {
        if let Some(target) = by_hash.get(&hash) {
            banned.insert((*target).clone(), fact);
        }
    }
    Ok(banned)
}
