//! Remarks as they are read by somebody who may not know of every company they speak of.
//!
//! They say the same then, without number, name or value: those are the company's, not the row's.

use crate::companies::alike::Remark;

/// Stands where a value stood.
const VEILED: &str = "…";
/// What holds a value of the row or of the company it is.
const VALUES: [&str; 11] = [
    "value", "had", "meant", "tax_id", "phone", "email", "domain", "city", "left", "right",
    "carriers",
];
/// The remarks that name a company, each with what it says where that company stays unnamed.
const NAMING: [(&str, &str); 7] = [
    (OWN, "row-is-company-unseen"),
    ("row-phone-of-other", "row-phone-of-unseen"),
    ("row-is-branch", "row-is-branch-unseen"),
    ("row-was-removed", "row-was-removed-unseen"),
    ("row-like-company", "row-like-company-unseen"),
    (super::actions::LEFT, "row-company-left-unseen"),
    (super::actions::MERGED, "row-company-left-unseen"),
];
/// The remark that says which company a row is.
const OWN: &str = "row-is-company";
/// The remark that names two: the one of the tax number and the one of the name or a phone.
pub(super) const COLLISION: &str = "row-ids-collide";

/// The numbers of the companies that remarks name.
pub(super) fn numbers(remarks: &[Remark]) -> impl Iterator<Item = i64> {
    remarks
        .iter()
        .flat_map(|remark| ["number", "other"].map(|which| number(remark, which)))
        .flatten()
}

/// The number of a company that a remark names.
fn number(remark: &Remark, which: &str) -> Option<i64> {
    let code = remark.code.as_str();
    let is_naming = code == COLLISION || NAMING.iter().any(|(naming, _)| *naming == code);
    remark.args.get(which).filter(|_| is_naming)?.parse().ok()
}

/// The remarks of a row, where `knows` tells of which companies the reader knows. Of a row that is
/// `veiled`, or is a company they may not know of, they hold no value at all; it answers whether
/// the row is one.
pub(super) fn veil(remarks: &mut [Remark], is_veiled: bool, knows: impl Fn(i64) -> bool) -> bool {
    let hides = |remark: &Remark, which| number(remark, which).is_some_and(|one| !knows(one));
    let is_own = |remark: &Remark| remark.code == OWN && hides(remark, "number");
    let is_veiled = is_veiled || remarks.iter().any(is_own);
    for remark in remarks {
        let hidden = (hides(remark, "number"), hides(remark, "other"));
        if hidden != (false, false) {
            remark.code = unseen(&remark.code, hidden).to_owned();
            let (first, second) = hidden;
            let names: [(bool, &[&str]); 2] =
                [(first, &["number", "name", "phone"]), (second, &["other", "called"])];
            for (_, names) in names.iter().filter(|(is_hidden, _)| *is_hidden) {
                remark.args.retain(|name, _| !names.contains(&name.as_str()));
            }
        }
        if is_veiled {
            let values = remark.args.iter_mut().filter(|(name, _)| VALUES.contains(&name.as_str()));
            values.for_each(|(_, value)| VEILED.clone_into(value));
        }
    }
    is_veiled
}

/// What a remark says where one of its companies, or both, stay unnamed.
fn unseen(code: &str, (first, second): (bool, bool)) -> &'static str {
    if code != COLLISION {
        return NAMING.iter().find(|(naming, _)| *naming == code).map_or(OWN, |(_, told)| *told);
    }
    match (first, second) {
        (true, true) => "row-ids-collide-unseen",
        (false, true) => "row-ids-collide-other-unseen",
        _ => "row-ids-collide-first-unseen",
    }
}
