//! A calling floor for tests: the cast with a running campaign over companies that may be called.

use crate::campaigns::terms::CampaignTerms;
use crate::campaigns::{
    self, CallingPolicy, Campaign, LegalBasis, Member, Purpose, Segment, TargetAction,
    passport::PassportField,
};
use crate::cast::Cast;
use crate::companies::{self, BasisKind, NewBasis, NewCompany, NewPhone};
use crate::people::{Role, Roles, actions::NewUser};
use crate::storage::testing::TestDb;
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;

use super::{Grant, Lead, actions, leasing};

/// What callers of the floor say.
pub const SCRIPT: &str = "# Opening\n> Good day, {contact}, this is {me}.\n[ ] Named the firm\n\
                          ? Too expensive\n> Compare it with an idle day.\n";

/// The cast at work.
pub struct Floor {
    /// The cast.
    pub cast: Cast,
    /// The campaign that runs.
    pub campaign: CampaignId,
    /// Its companies, in order of number.
    pub companies: Vec<CompanyId>,
}

impl Floor {
    /// A campaign over so many companies, with Boris, Bella and Hunter calling and Sonya selling.
    pub async fn open(t: TestDb, how_many: usize) -> Self {
        Self::with_policy(t, how_many, CallingPolicy::default()).await
    }

    /// The same under another policy.
    pub async fn with_policy(t: TestDb, how_many: usize, policy: CallingPolicy) -> Self {
        let cast = Cast::gather(t).await;
        let companies = add_companies(&cast, how_many).await;
        let campaign = make_campaign(&cast, "spring", policy).await;
        let floor = Self { cast, campaign, companies };
        floor.launch(campaign, "launch").await;
        floor
    }

    /// Launches a campaign.
    pub async fn launch(&self, campaign: CampaignId, key: &str) -> u64 {
        let viewer = self.cast.viewer("anna").await;
        actions::launch(&self.cast.act("anna", key), &viewer, campaign).await.expect("launches")
    }

    /// A person asks for the next company.
    pub async fn lease(&self, login: &str, key: &str) -> Option<Grant> {
        let viewer = self.cast.viewer(login).await;
        let act = self.cast.act(login, key);
        leasing::lease(&act, &viewer, self.campaign).await.expect("leases")
    }

    /// A lead as it stands.
    pub async fn lead(&self, id: LeadId) -> Lead {
        let mut tx = self.cast.app.db.read().await.expect("reads");
        actions::find(&mut tx, self.cast.org, id).await.expect("a lead")
    }

    /// The campaign as it stands.
    pub async fn campaign(&self) -> Campaign {
        let mut tx = self.cast.app.db.read().await.expect("reads");
        campaigns::actions::find(&mut tx, self.cast.org, self.campaign).await.expect("a campaign")
    }

    /// Everything that happened of a kind, oldest first.
    pub async fn events(&self, kind: crate::events::Kind) -> Vec<crate::events::Recorded> {
        let mut tx = self.cast.app.db.read().await.expect("reads");
        let always = (Instant(0), Instant(i64::MAX));
        crate::events::list_of_kind(&mut tx, self.cast.org, kind, always).await.expect("events")
    }

    /// Where the leads stand, as codes with counts.
    pub async fn places(&self) -> Vec<(String, i64)> {
        let mut tx = self.cast.app.db.read().await.expect("reads");
        let now = self.cast.clock.now();
        actions::count_places(&mut tx, self.cast.org, self.campaign, now).await.expect("counts")
    }
}

/// Terms of a campaign over the whole base.
pub fn terms(name: &str, policy: CallingPolicy) -> CampaignTerms {
    CampaignTerms {
        name: name.to_owned(),
        principal: None,
        engagement: EngagementPolicy::ThreeTiers,
        purpose: Purpose::Contract,
        legal_basis: LegalBasis::PublicSource,
        segment: Segment::default(),
        policy,
        passport: vec![PassportField::Who, PassportField::Need, PassportField::NextStep],
        targets: vec![TargetAction::LeadAccepted, TargetAction::MeetingHeld],
    }
}

/// A company that may be called: a number, a basis, Moscow.
pub fn company(number: usize) -> NewCompany {
    let text = format!("+7495{:07}", 1_000_000 + number);
    NewCompany {
        name: format!("ООО «Ромашка {number}»"),
        city: Some("Москва".to_owned()),
        phones: vec![NewPhone { phone: Phone::stored(text, None), label: None }],
        basis: Some(NewBasis {
            kind: BasisKind::PublicSource,
            source: "site".to_owned(),
            until: None,
        }),
        ..NewCompany::default()
    }
}

/// Adds so many companies that may be called.
pub async fn add_companies(cast: &Cast, how_many: usize) -> Vec<CompanyId> {
    let all: Vec<NewCompany> = (0..how_many).map(company).collect();
    add(cast, &all).await
}

/// Adds one company more.
pub async fn add_one(cast: &Cast, company: &NewCompany) -> CompanyId {
    add(cast, std::slice::from_ref(company)).await[0]
}

/// Adds companies.
pub async fn add(cast: &Cast, all: &[NewCompany]) -> Vec<CompanyId> {
    let act = cast.act("anna", "companies");
    let mut tx = act.db.begin().await.expect("begins");
    let ids = companies::actions::add_many_in(&mut tx, &act, all).await.expect("adds");
    tx.commit().await.expect("commits");
    ids
}

/// Makes a campaign with its script and people, in draft.
pub async fn make_campaign(cast: &Cast, name: &str, policy: CallingPolicy) -> CampaignId {
    let anna = cast.viewer("anna").await;
    let act = cast.act("anna", &format!("make {name}"));
    let campaign = campaigns::actions::make(&act, &anna, terms(name, policy), None, SCRIPT)
        .await
        .expect("a campaign");
    let people =
        [("boris", Tier::Acquisition), ("bella", Tier::Acquisition), ("sonya", Tier::Sales)];
    for (login, tier) in people {
        let act = cast.act("anna", &format!("{name} {login}"));
        let member = Member { user: cast.id(login), tier };
        campaigns::actions::add_member(&act, &anna, campaign, member).await.expect("a member");
    }
    campaign
}

/// Hires callers beyond the cast and lets them call for a campaign.
pub async fn hire(cast: &Cast, campaign: CampaignId, how_many: usize) -> Vec<UserId> {
    let anna = cast.viewer("anna").await;
    let mut hired = Vec::new();
    for n in 0..how_many {
        let new = NewUser {
            login: format!("caller{n}"),
            name: format!("caller {n}"),
            alias: format!("caller {n}"),
            roles: Roles::of(&[Role::Caller]),
            tier: Some(1),
            team: cast.teams.get("calls-a").copied(),
            lang: Lang::En,
            password: None,
        };
        let act = cast.act("alla", &format!("hire {n}"));
        let user = crate::people::actions::add_user(&act, new).await.expect("hired");
        let member = Member { user, tier: Tier::Acquisition };
        let act = cast.act("anna", &format!("add {n}"));
        campaigns::actions::add_member(&act, &anna, campaign, member).await.expect("a member");
        hired.push(user);
    }
    hired
}
