//! Companies to call and the terms of a campaign that calls them at any hour.

use troika::campaigns::hours::CallingHours;
use troika::campaigns::passport::PassportField;
use troika::campaigns::terms::CampaignTerms;
use troika::campaigns::{self, CallingPolicy, LegalBasis, Member, Purpose, Segment, TargetAction};
use troika::companies::{self, BasisKind, NewBasis, NewCompany, NewPhone};
use troika::leads;
use troika::people::session;
use troika::storage::{Act, Db};
use troika::tiers::{EngagementPolicy, Tier};
use troika::values::{CampaignId, Clock, OrgId, Phone};

use crate::server::Person;

/// One of many, each with a number of its own.
pub fn company(n: usize) -> NewCompany {
    let phone = Phone::stored(format!("+7495{:07}", 2_000_000 + n), None);
    NewCompany {
        name: format!("Мастерская {n}"),
        phones: vec![NewPhone { phone, label: None }],
        basis: Some(NewBasis {
            kind: BasisKind::PublicSource,
            source: "реестр".to_owned(),
            until: None,
        }),
        ..NewCompany::default()
    }
}

/// Open day and night, so that a test holds whenever it runs.
pub fn terms() -> CampaignTerms {
    let hours = CallingHours {
        days: 127,
        from_minute: 0,
        to_minute: 1_440,
        holidays_off: false,
        ..CallingHours::default()
    };
    CampaignTerms {
        name: "Печать".to_owned(),
        principal: None,
        engagement: EngagementPolicy::ThreeTiers,
        purpose: Purpose::Contract,
        legal_basis: LegalBasis::PublicSource,
        segment: Segment::default(),
        policy: CallingPolicy { hours, ..CallingPolicy::default() },
        passport: vec![PassportField::Who],
        targets: TargetAction::ALL.to_vec(),
    }
}

/// Starts a campaign of the caller's over so many companies, by the product's own actions.
pub async fn begin(db: &Db, org: OrgId, people: &[Person], companies: usize) -> CampaignId {
    let owner = person(people, "owner").id;
    let now = Clock::system().now();
    let act = Act { db: db.clone(), org, actor: Some(owner), now, key: None };
    let mut tx = db.begin().await.expect("begins");
    let all: Vec<NewCompany> = (0..companies).map(company).collect();
    companies::actions::add_many_in(&mut tx, &act, &all).await.expect("companies");
    tx.commit().await.expect("commits");
    let mut tx = db.read().await.expect("reads");
    let viewer =
        session::viewer(&mut tx, org, owner, None).await.expect("reads").expect("an owner");
    drop(tx);
    let id = campaigns::actions::make(&act, &viewer, terms(), None, "> Добрый день").await;
    let id = id.expect("a campaign");
    let member = Member { user: person(people, "caller").id, tier: Tier::Acquisition };
    campaigns::actions::add_member(&act, &viewer, id, member).await.expect("a member");
    leads::actions::launch(&act, &viewer, id).await.expect("launches");
    id
}

/// Somebody of the firm by their login.
pub fn person<'p>(people: &'p [Person], login: &str) -> &'p Person {
    people.iter().find(|person| person.login == login).expect("they work here")
}
