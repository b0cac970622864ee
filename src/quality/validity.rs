//! How much of what a record says can be right. Pure: check digits, what needed a repair, and what
//! one part of the record says against another.

use linkage::normalise::{self, IdentifierProblem, OgrnKind, TaxId, TaxIdKind};

use super::score::mean;
use crate::companies::alike::Known;
use crate::companies::{Company, CompanyPhone, Standing, zones};

/// A number that is right once a lost nought or a letter is mended.
const REPAIRED: f64 = 0.7;
/// What another part of the record speaks against. No error: firms move, and one of the two may be
/// out of date.
const CONFLICT: f64 = 0.6;
/// A number such as +7 999 999-99-99.
const DUMMY: f64 = 0.3;

/// The mean over what is there.
pub fn of(known: &Known, is_mail_wrong: bool) -> f64 {
    let company = &known.company;
    let tax_id = company.tax_id.as_deref().map(normalise::tax_id);
    let ogrn = company.ogrn.as_deref().map(normalise::ogrn);
    let whose = tax_id.and_then(mended);
    let registered = ogrn.and_then(mended);
    let is_other_kind = whose.is_some_and(|id| is_other_kind(company, id));
    let is_other_entry = whose.zip(registered).is_some_and(|(id, entry)| {
        let is_trader = entry.kind() == OgrnKind::SoleTrader15;
        is_trader != (id.kind() == TaxIdKind::Person12) || entry.region() != id.region()
    });
    let mut shares = Vec::new();
    shares.extend(tax_id.map(|read| share(read) * unless(is_other_kind || is_other_entry)));
    shares.extend(ogrn.map(|read| share(read) * unless(is_other_entry)));
    let has_none = whose.is_some_and(|id| id.kind() == TaxIdKind::Person12);
    let kpp = company.kpp.as_deref().map(normalise::kpp);
    shares.extend(kpp.map(|read| share(read) * unless(has_none)));
    let site = company.website.as_deref();
    shares.extend(site.map(|text| is(normalise::web_domain(text).is_ok())));
    shares.extend(known.phones.iter().map(|phone| of_phone(phone, company)));
    shares.extend(
        known
            .emails
            .iter()
            .map(|email| is(!is_mail_wrong && normalise::email(&email.address).is_ok())),
    );
    mean(&shares)
}

fn is(is_right: bool) -> f64 {
    if is_right { 1.0 } else { 0.0 }
}

fn unless(is_spoken_against: bool) -> f64 {
    if is_spoken_against { CONFLICT } else { 1.0 }
}

fn share<T: Copy>(read: Result<T, IdentifierProblem<T>>) -> f64 {
    match read {
        Ok(_) => 1.0,
        Err(problem) if problem.repaired().is_some() => REPAIRED,
        Err(_) => 0.0,
    }
}

fn mended<T: Copy>(read: Result<T, IdentifierProblem<T>>) -> Option<T> {
    read.ok().or_else(|| read.err()?.repaired())
}

/// A sole trader has the number of a person, anybody else that of an organisation; a farm may have
/// either.
fn is_other_kind(company: &Company, id: TaxId) -> bool {
    let form = company.legal_form.as_deref().filter(|form| *form != "КФХ");
    form.is_some_and(|form| (form == "ИП") != (id.kind() == TaxIdKind::Person12))
}

fn of_phone(phone: &CompanyPhone, company: &Company) -> f64 {
    match phone.standing {
        Standing::Unknown | Standing::Good => unless(is_elsewhere(phone, company)),
        Standing::Dummy => DUMMY,
        Standing::Wrong | Standing::Dead => 0.0,
    }
}

/// True for a landline of another zone than the company's town. Nobody heard the number yet.
fn is_elsewhere(phone: &CompanyPhone, company: &Company) -> bool {
    let of_town = zones::guess(company.city.as_deref(), [], None);
    let of_line = zones::guess(None, [phone.phone.e164.as_str()], None);
    let is_heard = phone.standing == Standing::Good;
    !is_heard && of_town.zip(of_line).is_some_and(|(town, line)| town != line)
}
