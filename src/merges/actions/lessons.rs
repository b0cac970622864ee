//! What people decided, as lessons for the search: pairs said to be two companies as they are, and
//! merged ones as the two records were before their merge.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linkage::link::Lesson;

use crate::companies::{self, Company};
use crate::merges::evidence::cells;
use crate::merges::fields::{self, Field};
use crate::merges::store::{self, Fact, Placed, Step};
use crate::storage::Tx;
use crate::values::*;

/// So many decisions of either sort are learned from, the newest.
const LESSONS_MAX: usize = 2_000;

/// What people decided, in an order that depends on nothing else.
pub async fn list_lessons(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Lesson>> {
    let mut lessons = list_same(tx, org).await?;
    lessons.extend(list_apart(tx, org).await?);
    Ok(lessons)
}

async fn list_apart(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Lesson>> {
    let limit = i64::try_from(LESSONS_MAX).map_err(Error::failure)?;
    let pairs = store::list_apart(tx, org, limit).await?;
    let ids: BTreeSet<CompanyId> = pairs.iter().flat_map(|(one, other)| [*one, *other]).collect();
    let ids: Vec<CompanyId> = ids.into_iter().collect();
    let known = companies::actions::list_known(tx, org, &ids).await?;
    let known: BTreeMap<CompanyId, _> =
        known.into_iter().map(|known| (known.company.id, known)).collect();
    let told = |id: &CompanyId| {
        let known = known.get(id)?;
        let phones = known.phones.iter().map(|phone| phone.phone.e164.as_str());
        let emails = known.emails.iter().map(|email| email.address.as_str());
        Some(cells(&known.company, phones, emails).into())
    };
    let apart = |(one, other): &(CompanyId, CompanyId)| {
        Some(Lesson { left: told(one)?, right: told(other)?, same: false })
    };
    Ok(pairs.iter().filter_map(apart).collect())
}

async fn list_same(tx: &mut Tx, org: OrgId) -> Outcome<Vec<Lesson>> {
    let steps = store::list_steps(tx, org).await?;
    let newest = &steps[steps.len().saturating_sub(LESSONS_MAX)..];
    let ids: BTreeSet<CompanyId> =
        newest.iter().flat_map(|step| [step.survivor, step.loser]).collect();
    let history = History::read(tx, org, &steps, ids).await?;
    let same = |step: &Step| {
        let left = history.before(step.survivor, step.number)?.into();
        Some(Lesson { left, right: history.before(step.loser, step.number)?.into(), same: true })
    };
    Ok(newest.iter().filter_map(same).collect())
}

/// What merges did, as far as it tells what a record said before one of them. What people changed
/// since is as it is now.
struct History {
    companies: HashMap<CompanyId, Company>,
    /// The merge in which a company was the loser, and its survivor.
    losses: HashMap<CompanyId, (i64, CompanyId)>,
    facts: HashMap<CompanyId, Vec<Fact>>,
    /// By the company that stands for them now.
    phones: HashMap<CompanyId, Vec<Placed>>,
    emails: HashMap<CompanyId, Vec<Placed>>,
}

impl History {
    async fn read(
        tx: &mut Tx,
        org: OrgId,
        steps: &[Step],
        ids: BTreeSet<CompanyId>,
    ) -> Outcome<Self> {
        let losses: HashMap<CompanyId, (i64, CompanyId)> =
            steps.iter().map(|step| (step.loser, (step.number, step.survivor))).collect();
        let stands = |mut id: CompanyId| {
            while let Some((_, survivor)) = losses.get(&id) {
                id = *survivor;
            }
            id
        };
        let now: Vec<CompanyId> = ids.iter().copied().map(stands).collect();
        let all: BTreeSet<CompanyId> = ids.into_iter().chain(now).collect();
        let all: Vec<CompanyId> = all.into_iter().collect();
        let known = companies::actions::list_by_ids(tx, org, &all).await?;
        let mut facts: HashMap<CompanyId, Vec<Fact>> = HashMap::new();
        for (company, fact) in store::list_facts(tx, org).await? {
            facts.entry(company).or_default().push(fact);
        }
        let together = |placed: Vec<Placed>| {
            let mut of: HashMap<CompanyId, Vec<Placed>> = HashMap::new();
            for one in placed {
                of.entry(stands(one.company)).or_default().push(one);
            }
            of
        };
        let phones = together(store::list_placed_phones(tx, org, &all).await?);
        let emails = together(store::list_placed_emails(tx, org, &all).await?);
        let companies = known.into_iter().map(|company| (company.id, company)).collect();
        Ok(Self { companies, facts, phones, emails, losses })
    }

    /// With whom something was before a merge that was at home with `id`.
    fn place_before(&self, mut id: CompanyId, number: i64) -> CompanyId {
        while let Some((_, survivor)) = self.losses.get(&id).filter(|(at, _)| *at < number) {
            id = *survivor;
        }
        id
    }

    /// What is compared of a record as it was before a merge.
    fn before(&self, id: CompanyId, number: i64) -> Option<[String; 7]> {
        let mut company = self.companies.get(&id)?.clone();
        // Of several merges that changed a fact the first from this one on found what stood then.
        for fact in self.facts.get(&id).into_iter().flatten().rev() {
            if let Some(field) = fact.field.parse::<Field>().ok().filter(|_| fact.number >= number)
            {
                fields::restore(&mut company, field, fact.before.clone());
            }
        }
        let now = self.place_before(id, i64::MAX);
        let of = |all: &'_ HashMap<CompanyId, Vec<Placed>>| -> Vec<String> {
            let placed = all.get(&now).into_iter().flatten();
            let mine = placed.filter(|one| self.place_before(one.home, number) == id);
            // What both had stays with the record that was merged away: it is said once.
            let mut texts: Vec<String> = Vec::new();
            for one in mine {
                if !texts.contains(&one.text) {
                    texts.push(one.text.clone());
                }
            }
            texts
        };
        let (phones, emails) = (of(&self.phones), of(&self.emails));
        let phones = phones.iter().map(String::as_str);
        Some(cells(&company, phones, emails.iter().map(String::as_str)))
    }
}
