//! Puts the card together as one person may see it.

use super::telling::Names;
use super::{Acquaintance, Promised, Story, Told, store};
use crate::companies::{self, Company, CompanyPhone};
use crate::events::Kind;
use crate::opportunities;
use crate::people::{self, Viewer};
use crate::promises::{self, PromiseState};
use crate::storage::Tx;
use crate::tiers::doors;
use crate::values::*;
use crate::web::{Cursor, Slice};

/// Promises that are over, at most.
const ANSWERED_MAX: usize = 8;

/// The company, where the viewer may know of it.
pub async fn find_company(
    tx: &mut Tx,
    viewer: &Viewer,
    id: CompanyId,
    now: Instant,
) -> Outcome<Company> {
    let seen = companies::actions::find_seen(tx, &viewer.scope(), id, now).await?;
    seen.ok_or(Error::NotFound)
}

/// The card of a company and a page of its timeline.
pub async fn find(
    tx: &mut Tx,
    viewer: &Viewer,
    id: CompanyId,
    cursor: &Cursor,
    now: Instant,
) -> Outcome<(Story, Slice<Told>)> {
    let company = find_company(tx, viewer, id, now).await?;
    let id = company.id;
    let opens = store::list_opens(tx, &viewer.scope(), id).await?;
    let sight = Sight { viewer, opens, company: id };
    let numbers = companies::actions::list_phones(tx, viewer.org, id).await?;
    let (people, phones) = acquaintances(tx, viewer, &company, &numbers).await?;
    let ban = companies::actions::find_suppression(tx, viewer.org, id, &numbers, now).await?;
    let emails = companies::actions::list_emails(tx, viewer.org, id).await?;
    let mut told = told(tx, &sight, cursor).await?;
    name_companies(tx, viewer, &mut told.rows, now).await?;
    word(tx, viewer.org, &mut told.rows).await?;
    let mut story = Story {
        company: id,
        number: company.number,
        name: company.name,
        full_name: company.full_name,
        tax_id: company.tax_id,
        city: company.city,
        address: company.address,
        zone: company.zone,
        industry: company.industry,
        website: company.website,
        lead: company.lead,
        lead_tier: company.lead_tier,
        people,
        phones,
        emails: emails.into_iter().map(|email| email.address).collect(),
        passport: store::find_passed(tx, viewer.org, id).await?,
        promises: promised(tx, viewer.org, id, now).await?,
        told: opportunities::actions::list_told(tx, viewer.org, id).await?,
        coming: Vec::new(),
        opportunities: Vec::new(),
        contracts: Vec::new(),
        orders: Vec::new(),
        dates: store::list_dated(tx, viewer.org, id).await?,
        noes: store::list_noes(tx, viewer.org, id).await?,
        bans: store::list_bans(tx, viewer.org, id, now).await?,
        is_banned: ban.is_some(),
    };
    add_records(tx, &sight, &mut story).await?;
    let today = now.day(&viewer.zone);
    let (month, day) = (i64::from(today.month()), i64::from(today.day()));
    story.dates.sort_by_key(|date| ((date.month, date.day) < (month, day), date.month, date.day));
    Ok((story, told))
}

/// What a person may open and read.
struct Sight<'a> {
    viewer: &'a Viewer,
    opens: store::Opens,
    company: CompanyId,
}

impl Sight<'_> {
    /// Sums are for those whose roles open contracts.
    fn sees_sums(&self) -> bool {
        doors::may_enter(self.viewer, "/contracts")
    }
    fn sum(&self, sum: Option<Money>) -> Option<Money> {
        sum.filter(|_| self.sees_sums())
    }
    /// The page of a record, where this person may open it: their role and the record's scope.
    fn path(&self, subject: &str) -> Option<String> {
        let (noun, record) = self.opens.get(subject)?;
        let folder = match noun.as_str() {
            "meeting" => "meetings",
            "handoff" => "handoffs",
            "opportunity" => "opportunities",
            "contract" => "contracts",
            "payment" => "payments",
            "client" => "clients",
            "lead" => "leads",
            _ => return None,
        };
        let path = format!("/{folder}/{record}");
        doors::may_enter(self.viewer, &path).then_some(path)
    }
    fn event_path(&self, told: &Told) -> Option<String> {
        if told.kind.code().starts_with("promise.") {
            let is_open = doors::may_enter(self.viewer, "/promises");
            return is_open.then(|| format!("/companies/{}/promises", self.company));
        }
        if told.kind.code().starts_with("letter.") {
            let is_open = self.viewer.is_any(doors::WORKING);
            return is_open.then(|| format!("/companies/{}/letters", self.company));
        }
        self.path(&told.subject)
    }
}

/// The people of a company with their numbers, and the numbers that are nobody's: in full for who
/// leads it, masked for everybody else.
async fn acquaintances(
    tx: &mut Tx,
    viewer: &Viewer,
    company: &Company,
    numbers: &[CompanyPhone],
) -> Outcome<(Vec<Acquaintance>, Vec<String>)> {
    let is_own = company.lead == Some(viewer.id());
    let of = |contact: Option<ContactId>| -> Vec<String> {
        numbers
            .iter()
            .filter(|one| one.contact == contact)
            .map(|one| if is_own { one.phone.shown() } else { one.phone.masked() })
            .collect()
    };
    let mut contacts = companies::actions::list_contacts(tx, viewer.org, company.id).await?;
    contacts.sort_by_key(|contact| (contact.gone_at.is_some(), !contact.is_decision_maker));
    let people = contacts.into_iter().map(|contact| Acquaintance {
        phones: of(Some(contact.id)),
        name: contact.name,
        role: contact.role,
        is_decision_maker: contact.is_decision_maker,
        is_gone: contact.gone_at.is_some(),
    });
    Ok((people.collect(), of(None)))
}

async fn promised(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    now: Instant,
) -> Outcome<Vec<Promised>> {
    let all = promises::actions::list_of_company(tx, org, company).await?;
    let (mut open, mut over): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|promise| promise.state == PromiseState::Open);
    open.sort_by_key(|promise| promise.due_at);
    over.sort_by_key(|promise| std::cmp::Reverse(promise.answered.map(|(_, at)| at)));
    over.truncate(ANSWERED_MAX);
    let shown = |promise: promises::Promise| Promised {
        is_overdue: promise.is_overdue(now),
        words: promise.words,
        due_at: promise.due_at,
        holder: promise.holder,
        state: promise.state.code().to_owned(),
        note: promise.note,
    };
    Ok(open.into_iter().chain(over).map(shown).collect())
}

/// What is to come, what was sold and what is being made, each opening where it may be opened.
async fn add_records(tx: &mut Tx, sight: &Sight<'_>, story: &mut Story) -> Outcome<()> {
    let (org, company) = (sight.viewer.org, sight.company);
    for (id, mut coming) in store::list_coming(tx, org, company).await? {
        coming.path = sight.path(&id);
        story.coming.push(coming);
    }
    for (id, mut chance) in store::list_chances(tx, org, company).await? {
        chance.path = sight.path(&id);
        chance.amount = sight.sum(chance.amount);
        story.opportunities.push(chance);
    }
    for (id, mut agreed) in store::list_agreed(tx, org, company).await? {
        agreed.path = sight.path(&id);
        (agreed.value, agreed.paid) = (sight.sum(agreed.value), sight.sum(agreed.paid));
        agreed.paid_on = agreed.paid_on.filter(|_| sight.sees_sums());
        story.contracts.push(agreed);
    }
    for (id, mut ordered) in store::list_ordered(tx, org, company).await? {
        ordered.path = sight.path(&id);
        story.orders.push(ordered);
    }
    if let Some(passed) = &mut story.passport {
        passed.path = sight.path(&passed.handoff.to_string());
    }
    Ok(())
}

/// A page of the timeline, from behind the event that the cursor names, `milliseconds.id`.
async fn told(tx: &mut Tx, sight: &Sight<'_>, cursor: &Cursor) -> Outcome<Slice<Told>> {
    let limit = cursor.limit();
    let org = sight.viewer.org;
    let mut rows = store::list_told(tx, org, sight.company, cursor.before()?, limit + 1).await?;
    for row in &mut rows {
        row.path = sight.event_path(row);
        row.amount = sight.sum(row.amount);
    }
    Ok(Slice::cut(rows, limit, |row| format!("{}.{}", row.at.ms(), row.id)))
}

/// The promises that an event passed, in their words: it names them by id, for words may be struck.
async fn word(tx: &mut Tx, org: OrgId, rows: &mut [Told]) -> Outcome<()> {
    let ids: Vec<String> = rows.iter().flat_map(passed).collect();
    let promised = store::list_promised(tx, org, &ids).await?;
    for row in rows.iter_mut().filter(|row| row.kind == Kind::PromisesPassed) {
        let words = passed(row).filter_map(|id| promised.get(&id).map(String::as_str));
        row.words = words.collect::<Vec<_>>().join("; ");
    }
    Ok(())
}

/// The promises that an event passed.
fn passed(row: &Told) -> impl Iterator<Item = String> {
    let all = row.detail.get("promises").and_then(serde_json::Value::as_array);
    let ids = all.into_iter().flatten().filter_map(|one| one.get("promise")?.as_str());
    ids.map(str::to_owned)
}

/// Events name companies by id; what they are called stands with them. A tie to a company that the
/// reader may not know of does not say which, nor does a merge of two that were parted again.
async fn name_companies(
    tx: &mut Tx,
    viewer: &Viewer,
    rows: &mut [Told],
    now: Instant,
) -> Outcome<()> {
    let named = |row: &Told, part: &Named| -> Option<CompanyId> {
        row.detail.get(part.id)?.as_str()?.parse().ok()
    };
    let all: Vec<CompanyId> = rows
        .iter()
        .flat_map(|row| named_by(row.kind).iter().filter_map(|part| named(row, part)))
        .collect();
    let seen = companies::actions::list_standing_seen(tx, &viewer.scope(), &all, now).await?;
    let seen: Vec<CompanyId> = seen.into_iter().collect();
    let known = companies::actions::list_by_ids(tx, viewer.org, &seen).await?;
    for row in rows {
        for part in named_by(row.kind) {
            let id = named(row, part);
            let Some(detail) = row.detail.as_object_mut() else { continue };
            if let Some(company) = known.iter().find(|company| Some(company.id) == id) {
                detail.insert(part.name.to_owned(), company.name.as_str().into());
            } else {
                let told = [Some(part.id), Some(part.name), part.number];
                detail.retain(|field, _| !told.contains(&Some(field.as_str())));
            }
        }
    }
    Ok(())
}

/// A company that an event names: which field says which, which its number and, where it is shown,
/// its name.
struct Named {
    id: &'static str,
    number: Option<&'static str>,
    name: &'static str,
}

/// The companies that an event of a kind names in its detail.
fn named_by(kind: Kind) -> &'static [Named] {
    match kind {
        Kind::CompanyTied | Kind::CompanyUntied => {
            &[Named { id: "other", number: None, name: "name" }]
        }
        Kind::CompanyMerged | Kind::MergeUndone => &[
            Named { id: "survivor", number: Some("number"), name: "name" },
            Named { id: "loser", number: Some("other_number"), name: "other_name" },
        ],
        _ => &[],
    }
}

/// The names of the firm's people, stages and reasons.
pub(super) async fn names(tx: &mut Tx, viewer: &Viewer) -> Outcome<Names> {
    let users = people::actions::list_users(tx, viewer.org).await?;
    Ok(Names {
        users: users.into_iter().map(|user| (user.id, user.name)).collect(),
        labels: store::list_labels(tx, viewer.org).await?,
    })
}
