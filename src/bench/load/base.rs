//! The base and its campaigns, by the same actions that an import and a head use.

use super::firm::Firm;
use super::store;
use super::world::{Lead, World};
use crate::campaigns::actions as campaigns;
use crate::campaigns::passport::PassportField;
use crate::campaigns::terms::CampaignTerms;
use crate::campaigns::{CallingPolicy, LegalBasis, Member, Purpose, Segment, TargetAction};
use crate::companies::actions as companies;
use crate::companies::{BasisKind, NewBasis, NewCompany, NewContact, NewPhone};
use crate::demo::names;
use crate::leads::{LeadState, actions as leads};
use crate::storage::Act;
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::phone;
use crate::values::*;

/// How many campaigns there are, where there are callers for as many.
const CAMPAIGNS: usize = 3;
/// Companies added in one transaction.
const BATCH: usize = 2_000;
/// Where the lists came from.
const SOURCES: [&str; 4] = ["2ГИС", "Выставка", "Реестр", "Сайт"];

impl World {
    pub(super) async fn bring_base(&mut self, count: usize) -> Outcome<()> {
        let act = self.act(None, self.opening);
        let mut number = 0;
        while number < count {
            let until = (number + BATCH).min(count);
            let some: Vec<NewCompany> = (number..until).map(|n| self.company(n)).collect();
            let mut tx = self.db.begin().await?;
            companies::add_many_in(&mut tx, &act, &some).await?;
            tx.commit().await?;
            number = until;
        }
        // As after the commit of an import: what starts a campaign is planned by these figures.
        self.db.refresh_statistics().await
    }

    fn company(&mut self, number: usize) -> NewCompany {
        let one = names::company(&mut self.rng, Lang::Ru, number);
        let phones = phone::read_cell(&one.phones, "RU")
            .into_iter()
            .filter_map(|(_, read)| read.ok())
            .map(|phone| NewPhone { phone, label: None })
            .collect();
        let contact = NewContact { name: one.person, role: None, is_decision_maker: false };
        let source = SOURCES[number % SOURCES.len()];
        NewCompany {
            name: one.name,
            tax_id: Some(one.tax_id),
            city: Some(one.city.to_owned()),
            address: Some(one.address),
            industry: Some(one.industry.to_owned()),
            source: Some(source.to_owned()),
            phones,
            emails: vec![one.email],
            contacts: vec![contact],
            basis: Some(NewBasis {
                kind: BasisKind::PublicSource,
                source: source.to_owned(),
                until: None,
            }),
            ..NewCompany::default()
        }
    }

    /// Makes the campaigns, each over its part of the base, and starts them.
    pub(super) async fn start_campaigns(&mut self, companies: usize) -> Outcome<()> {
        let owner = self.firm.owner.clone();
        let act = self.act(Some(owner.id()), self.opening);
        let count = CAMPAIGNS.min(self.firm.callers.len());
        let share = companies.div_ceil(count);
        for place in 0..count {
            let terms = terms((&self.firm, &self.policy), place, share)?;
            let script = "> Добрый день!\n\n[ ] Назвать компанию\n[ ] Узнать, кто решает\n";
            let id = campaigns::make(&act, &owner, terms, None, script).await?;
            for member in members(&self.firm, place, count) {
                campaigns::add_member(&act, &owner, id, member).await?;
            }
            leads::launch(&act, &owner, id).await?;
            self.campaigns.push(id);
            self.take_leads(&act, place, id).await?;
        }
        Ok(())
    }

    async fn take_leads(&mut self, act: &Act, place: usize, id: CampaignId) -> Outcome<()> {
        let mut tx = self.db.read().await?;
        for (id, company, email) in store::list_leads(&mut tx, act.org, id).await? {
            self.leads.push(Lead {
                id,
                company,
                email,
                campaign: place,
                state: LeadState::Queued,
                attempts: 0,
                generation: 0,
                version: 1,
                next_at: act.now,
                callback_at: None,
                callback_owner: None,
                returned_reason: None,
                caller: None,
                changed_at: act.now,
                is_decider_known: false,
                is_checked: false,
                contacts: Vec::new(),
                refused_at: None,
            });
            self.wait(self.leads.len() - 1);
        }
        Ok(())
    }
}

/// Every caller works in one campaign; sellers and account managers in all.
fn members(firm: &Firm, place: usize, count: usize) -> Vec<Member> {
    let of = |tier| move |person: &super::firm::Person| Member { user: person.id, tier };
    let callers = firm.callers.iter().skip(place).step_by(count).map(of(Tier::Acquisition));
    callers
        .chain(firm.sellers.iter().map(of(Tier::Sales)))
        .chain(firm.keepers.iter().map(of(Tier::Service)))
        .collect()
}

fn terms(
    (firm, policy): (&Firm, &CallingPolicy),
    place: usize,
    share: usize,
) -> Outcome<CampaignTerms> {
    let number = |n: usize| i64::try_from(n).map_err(Error::failure);
    let segment = Segment {
        number_from: Some(number(place * share + 1)?),
        number_to: Some(number((place + 1) * share)?),
        ..Segment::default()
    };
    Ok(CampaignTerms {
        name: format!("Печать {}", place + 1),
        principal: (place == 0).then_some(firm.principal),
        engagement: EngagementPolicy::ThreeTiers,
        purpose: Purpose::Contract,
        legal_basis: LegalBasis::PublicSource,
        segment,
        policy: *policy,
        passport: vec![PassportField::Who, PassportField::Need, PassportField::NextStep],
        targets: TargetAction::ALL.to_vec(),
    })
}
