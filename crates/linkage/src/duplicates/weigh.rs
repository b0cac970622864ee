//! What a comparison is worth, and which band it falls into.
//!
//! Weights are hundredths of a bit, the logarithm to base two of how much more often a level occurs
//! between records of one organisation than between others. These are the shipped defaults, set by
//! judgement and checked on generated lists; fitted ones can take their place here.

use super::compare::{CityLevel, Comparison, ContactLevel, NameLevel, TaxIdLevel};
use super::keys::Prepared;
use super::{Match, Reason, Strength};

const TAX_ID_SAME: i32 = 1600;
const TAX_ID_SAME_REPAIRED: i32 = 900;
const TAX_ID_DIFFERENT_REPAIRED: i32 = -600;
const NAME_SAME: i32 = 800;
/// A name of one word is more often shared by chance.
const NAME_SAME_ONE_WORD: i32 = 600;
const NAME_SPELT_DIFFERENTLY: i32 = -100;
const NAME_NEAR: i32 = 450;
const NAME_WITHIN: i32 = 250;
const NAME_OVERLAPPING: i32 = 100;
const NAME_DIFFERENT: i32 = -400;
const FORMS_DIFFERENT: i32 = -200;
const PHONE_SHARED: i32 = 900;
const EMAIL_SHARED: i32 = 900;
const DOMAIN_SHARED: i32 = 600;
const CONTACT_NONE_SHARED: i32 = -100;
const CITY_SAME: i32 = 150;
const CITY_DIFFERENT: i32 = -300;

const CERTAIN_FROM: i32 = 1500;
const LIKELY_FROM: i32 = 800;
const WEAK_FROM: i32 = 400;

/// A contact that more records carry than this is a switchboard, a registrar or a mistake.
const OWN_CONTACT_CARRIERS_MAX: usize = 8;

/// The weight of a pair, or `None` when a veto rules it out.
pub(super) fn weight(comparison: &Comparison) -> Option<i32> {
    if comparison.is_vetoed() {
        return None;
    }
    let tax_id = match comparison.tax_id {
        TaxIdLevel::Same { carriers, .. } => rarer(TAX_ID_SAME, 100, carriers),
        TaxIdLevel::SameRepaired { .. } => TAX_ID_SAME_REPAIRED,
        TaxIdLevel::DifferentRepaired => TAX_ID_DIFFERENT_REPAIRED,
        TaxIdLevel::Missing | TaxIdLevel::Different | TaxIdLevel::OtherBranch => 0,
    };
    let form = if comparison.forms.is_some() { FORMS_DIFFERENT } else { 0 };
    let city = match comparison.city {
        CityLevel::Missing => 0,
        CityLevel::Same => CITY_SAME,
        CityLevel::Different => CITY_DIFFERENT,
    };
    let email = contact_weight(&comparison.email, EMAIL_SHARED);
    // A mail address in common is the reason for the domain in common, so it counts once.
    let domain = match comparison.email {
        ContactLevel::Shared { .. } => 0,
        _ => contact_weight(&comparison.domain, DOMAIN_SHARED),
    };
    let phone = contact_weight(&comparison.phone, PHONE_SHARED);
    Some(tax_id + name_weight(comparison) + form + phone + email + domain + city)
}

fn name_weight(comparison: &Comparison) -> i32 {
    let whole = if comparison.name_words > 1 { NAME_SAME } else { NAME_SAME_ONE_WORD };
    let same = rarer(whole, 100, comparison.name_carriers);
    match comparison.name {
        NameLevel::Missing => 0,
        NameLevel::Same => same,
        NameLevel::Spacing | NameLevel::Transliterated => same + NAME_SPELT_DIFFERENTLY,
        NameLevel::Near => NAME_NEAR,
        NameLevel::Within => NAME_WITHIN,
        NameLevel::Overlapping => NAME_OVERLAPPING,
        NameLevel::Different => NAME_DIFFERENT,
    }
}

fn contact_weight(level: &ContactLevel, full: i32) -> i32 {
    match level {
        ContactLevel::Missing => 0,
        ContactLevel::NoneShared => CONTACT_NONE_SHARED,
        ContactLevel::Shared { carriers, .. } => rarer(full, 150, *carriers),
    }
}

/// A weight that loses `step` with every doubling of the others who carry the value, down to 0.
fn rarer(full: i32, step: i32, carriers: usize) -> i32 {
    let others = carriers.saturating_sub(1).max(1);
    // Whole doublings and the share of the next one, in integers: the same on every machine.
    let doublings = others.ilog2();
    let beyond = (others - (1 << doublings)) * 100 / (1 << doublings);
    let lost = i64::from(doublings) * 100 + beyond as i64;
    (i64::from(full) - i64::from(step) * lost / 100).max(0) as i32
}

/// The band of a pair that was not vetoed; `None` below the weakest.
pub(super) fn strength(comparison: &Comparison, weight: i32) -> Option<Strength> {
    let by_weight = match weight {
        CERTAIN_FROM.. => Strength::Certain,
        LIKELY_FROM.. => Strength::Likely,
        WEAK_FROM.. => Strength::Weak,
        _ => return None,
    };
    Some(by_weight.min(limit(comparison)))
}

/// The best band that the kind of evidence allows, however much of it there is.
fn limit(comparison: &Comparison) -> Strength {
    let contacts = own_contacts(comparison);
    let same_id = matches!(comparison.tax_id, TaxIdLevel::Same { .. });
    match comparison.name {
        // Somebody else's tax id pasted in: for a person to look at.
        NameLevel::Different | NameLevel::Overlapping if same_id && contacts == 0 => {
            Strength::Likely
        }
        _ if same_id => Strength::Certain,
        // A contact in common never joins two names.
        NameLevel::Different => Strength::Weak,
        NameLevel::Same | NameLevel::Spacing | NameLevel::Transliterated if contacts > 0 => {
            Strength::Certain
        }
        NameLevel::Near if contacts > 1 => Strength::Certain,
        // «Вектор» and «Вектор Плюс» on one telephone are as often sisters as the same.
        _ => Strength::Likely,
    }
}

/// How many kinds of contact in common are not shared with a crowd.
fn own_contacts(comparison: &Comparison) -> usize {
    let email_or_domain = is_own(&comparison.email) || is_own(&comparison.domain);
    usize::from(is_own(&comparison.phone)) + usize::from(email_or_domain)
}

fn is_own(level: &ContactLevel) -> bool {
    match level {
        ContactLevel::Shared { carriers, .. } => *carriers <= OWN_CONTACT_CARRIERS_MAX,
        ContactLevel::Missing | ContactLevel::NoneShared => false,
    }
}

/// The match of a comparison, explained; `None` when it is vetoed or too weak.
pub(super) fn explained(
    left: &Prepared,
    right: &Prepared,
    comparison: Comparison,
) -> Option<Match> {
    let weight = weight(&comparison)?;
    let strength = strength(&comparison, weight)?;
    Some(Match {
        a: left.id,
        b: right.id,
        strength,
        weight,
        reasons: reasons(left, right, comparison),
    })
}

fn reasons(left: &Prepared, right: &Prepared, comparison: Comparison) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match comparison.tax_id {
        TaxIdLevel::Same { tax_id, carriers } => {
            reasons.push(Reason::SameTaxId { tax_id, carriers });
        }
        TaxIdLevel::SameRepaired { tax_id } => reasons.push(Reason::SameRepairedTaxId { tax_id }),
        TaxIdLevel::DifferentRepaired => reasons.push(Reason::DifferentRepairedTaxIds),
        TaxIdLevel::Missing | TaxIdLevel::Different | TaxIdLevel::OtherBranch => {}
    }
    if comparison.name != NameLevel::Missing {
        let (level, carriers) = (comparison.name, comparison.name_carriers);
        reasons.push(Reason::Name { level, carriers });
    }
    if let Some((left, right)) = comparison.forms {
        reasons.push(Reason::DifferentForms { left, right });
    }
    if let ContactLevel::Shared { value, carriers } = comparison.phone {
        reasons.push(Reason::SharedPhone { phone: value, carriers });
    }
    if let ContactLevel::Shared { value, carriers } = comparison.email {
        reasons.push(Reason::SharedEmail { email: value, carriers });
    } else if let ContactLevel::Shared { value, carriers } = comparison.domain {
        reasons.push(Reason::SharedDomain { domain: value, carriers });
    }
    if let (Some(left), Some(right)) = (&left.city, &right.city) {
        reasons.push(if left == right {
            Reason::SameCity { city: left.clone() }
        } else {
            Reason::DifferentCities { left: left.clone(), right: right.clone() }
        });
    }
    reasons
}
