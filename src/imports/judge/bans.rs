//! What keeps a row out: bans of the company by number and by name, and of each of its telephones.

use std::collections::HashMap;

use crate::companies::alike::Remark;
use crate::companies::suppression::{Suppression, Target};
use crate::companies::{self, NewCompany};

/// All by which a ban may meet a row.
pub(super) fn targets_of(new: &NewCompany) -> Vec<Target> {
    let numbers = new.phones.iter().map(|p| Target::Phone(p.phone.e164.clone()));
    // A row below, or above, may say whether it has a tax number.
    let as_new = [true, false].map(|has| companies::actions::newcomer_targets(new, has));
    whole_targets(new).into_iter().chain(as_new.into_iter().flatten()).chain(numbers).collect()
}

fn whole_targets(new: &NewCompany) -> Vec<Target> {
    companies::actions::company_targets(&new.name, (&new.tax_id, &new.ogrn), &new.city)
}

/// Why a row must not be brought in: the company is banned, or each of its numbers.
pub(super) fn ban(new: &NewCompany, banned: &HashMap<Target, Suppression>) -> Option<Remark> {
    // Most batches meet none: their names are not read once more for it.
    if banned.is_empty() {
        return None;
    }
    let whole = whole_targets(new);
    let of_whole = whole.iter().find_map(|target| banned.get(target));
    let mut numbers = new.phones.iter().map(|p| banned.get(&Target::Phone(p.phone.e164.clone())));
    let of_numbers = || {
        let first = numbers.next().flatten();
        first.filter(|_| numbers.all(|ban| ban.is_some()))
    };
    let fact = of_whole.or_else(of_numbers)?;
    let code = if of_whole.is_some() { "row-company-banned" } else { "row-numbers-banned" };
    Some(Remark::new(code).with("reason", fact.reason.code()))
}

/// Why a row must not become a new company: one that is banned is called so in its town, and either
/// has no tax number by which they could be told apart.
pub(super) fn ban_by_name(
    new: &NewCompany,
    has_tax_id: bool,
    banned: &HashMap<Target, Suppression>,
) -> Option<Remark> {
    if banned.is_empty() {
        return None;
    }
    let targets = companies::actions::newcomer_targets(new, has_tax_id);
    let fact = targets.iter().find_map(|target| banned.get(target))?;
    let why = match has_tax_id {
        true => Remark::new("row-name-banned-unnumbered"),
        false => Remark::new("row-name-banned"),
    };
    Some(why.with("reason", fact.reason.code()))
}
