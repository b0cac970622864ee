//! What of a row is taken for the company it is, and what is told of the rest: nothing that stands
//! is overwritten, and nothing that a row says is dropped without a word.

use super::row::quoted;
use crate::companies::NewCompany;
use crate::companies::alike::{Known, Remark};
use crate::companies::filling::{Fillable, Missing, otherwise};

/// What a company lacks of a row that is taken, and what is told of what is not. Under the same tax
/// number but another name only its numbers are taken: for the rest somebody should look. Whose
/// mail and which people are left is read in the row itself.
pub(super) fn sort(known: &Known, new: &NewCompany, is_sure: bool) -> (Missing, Vec<Remark>) {
    let mut missing = Missing::of(known, new);
    let over = missing.fit(known);
    let (mut told, mut left) = (Vec::new(), Vec::new());
    for one in otherwise(known, new) {
        if !one.stands.is_empty() {
            let remark = Remark::new("row-says-otherwise").with("what", one.what);
            told.push(remark.with("value", quoted(&one.said)).with("had", quoted(&one.stands)));
        } else if !left.contains(&one.what) {
            left.push(one.what);
        }
    }
    if !is_sure {
        left.extend(missing.codes_beside_numbers());
    }
    for code in over {
        if !left.contains(&code) {
            left.push(code);
        }
    }
    if !left.is_empty() {
        told.push(Remark::new("row-not-taken").with("what", left.join(",")));
    }
    (if is_sure { missing } else { missing.numbers() }, told)
}

/// What is told of a field of which a row above brings another value.
pub(super) fn than_above((field, value): (Fillable, String)) -> Remark {
    let remark = Remark::new("row-says-otherwise-above").with("what", field.code());
    remark.with("value", quoted(&value))
}
