//! What a file would bring back of people who were erased: it is left out of the row, and told.

use std::collections::HashMap;

use super::draft::Draft;
use crate::companies::actions;
use crate::companies::alike::Remark;
use crate::companies::erased::{Trace, met_at, met_in};
use crate::companies::{NewCompany, NewContact};
use crate::storage::Tx;
use crate::values::*;

/// What a row is called whose company was a person who was erased.
const NOBODY: &str = "…";
/// The code of such a company.
const COMPANY: &str = "company";

/// True where the company of a row was erased: nothing of it is brought.
pub(super) fn is_nobody(left_out: Option<&Vec<Remark>>) -> bool {
    let is_company = |remark: &Remark| remark.args.get("what").is_some_and(|what| what == COMPANY);
    left_out.is_some_and(|remarks| remarks.iter().any(is_company))
}

/// Takes out of the rows what belongs to people who were erased; says of which lines, and why.
pub(super) async fn leave_out(
    tx: &mut Tx,
    org: OrgId,
    drafts: &mut [Draft],
) -> Outcome<HashMap<i64, Vec<Remark>>> {
    let traces = || drafts.iter().flat_map(|draft| traces_of(&draft.company)).collect();
    let found = actions::list_erased(tx, org, traces).await?;
    let mut told: HashMap<i64, Vec<Remark>> = HashMap::new();
    if found.is_empty() {
        return Ok(told);
    }
    for draft in drafts {
        let company = &mut draft.company;
        let acts = company_acts(company, &found);
        if acts.iter().any(|(what, _)| *what == COMPANY) {
            *company = NewCompany { name: NOBODY.to_owned(), ..NewCompany::default() };
        }
        company.phones.retain(|one| !found.contains_key(&Trace::phone(&one.phone.e164)));
        company.emails.retain(|address| !found.contains_key(&Trace::email(address)));
        let (name, tax_id) = (company.name.clone(), company.tax_id.clone());
        company.contacts.retain(|one| {
            let met = met_at(&one.name, &name, tax_id.as_deref());
            met.iter().all(|trace| !found.contains_key(trace))
        });
        if !acts.is_empty() {
            told.insert(draft.line, acts.into_iter().map(remark).collect());
        }
    }
    Ok(told)
}

/// People who were erased at a company of the base, among those that rows bring to it.
pub(super) async fn list_people(
    tx: &mut Tx,
    org: OrgId,
    brought: &[(CompanyId, &[NewContact])],
) -> Outcome<HashMap<Trace, i64>> {
    let met = |(company, people): &(CompanyId, &[NewContact])| {
        let of = |one: &NewContact| met_in(&one.name, *company);
        people.iter().flat_map(of).collect::<Vec<Trace>>()
    };
    let traces = || brought.iter().flat_map(met).collect();
    actions::list_erased(tx, org, traces).await
}

/// Takes those of them out of what a row brings to the company.
pub(super) fn leave_out_of(
    company: CompanyId,
    people: &mut Vec<NewContact>,
    erased: &HashMap<Trace, i64>,
) -> Vec<Remark> {
    let mut acts = Vec::new();
    let act_of = |one: &NewContact| {
        met_in(&one.name, company).iter().find_map(|trace| erased.get(trace)).copied()
    };
    people.retain(|one| match act_of(one) {
        Some(act) => {
            acts.push(("person", act));
            false
        }
        None => true,
    });
    acts.into_iter().map(remark).collect()
}

fn remark((what, act): (&'static str, i64)) -> Remark {
    Remark::new("row-erased").with("what", what).with("number", act.to_string())
}

fn traces_of(new: &NewCompany) -> Vec<Trace> {
    let numbers = new.phones.iter().map(|one| Trace::phone(&one.phone.e164));
    let addresses = new.emails.iter().map(|address| Trace::email(address));
    let people =
        new.contacts.iter().flat_map(|one| met_at(&one.name, &new.name, new.tax_id.as_deref()));
    let own = [&new.tax_id, &new.ogrn].into_iter().flatten();
    let companies = own.map(|number| Trace::company(number));
    numbers.chain(addresses).chain(companies).chain(people).collect()
}

/// What of a row was erased, each kind once, with the act.
fn company_acts(new: &NewCompany, found: &HashMap<Trace, i64>) -> Vec<(&'static str, i64)> {
    let mut acts: Vec<(&'static str, i64)> = traces_of(new)
        .into_iter()
        .filter_map(|trace| Some((trace.code(), *found.get(&trace)?)))
        .collect();
    acts.sort_unstable();
    acts.dedup();
    acts
}
