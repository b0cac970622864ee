//! Companies to call and the terms of a campaign that calls them at any hour.

use troika::campaigns::hours::CallingHours;
use troika::campaigns::passport::PassportField;
use troika::campaigns::terms::CampaignTerms;
use troika::campaigns::{CallingPolicy, LegalBasis, Purpose, Segment, TargetAction};
use troika::companies::{BasisKind, NewBasis, NewCompany, NewPhone};
use troika::tiers::EngagementPolicy;
use troika::values::Phone;

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
