//! What people and programs type about a company, read into parts that are checked.

use linkage::cells::split_many;
use linkage::normalise::{self, IdentifierProblem};
use serde::{Deserialize, Serialize};

use super::{
    BasisKind, Company, Contact, Near, NewBasis, NewCompany, NewContact, NewPhone, PARTS_BYTES_MAX,
    PARTS_MAX, TEXT_MAX,
};
use crate::values::phone::{self, PhoneProblem};
use crate::values::*;
use crate::web::forms::tick;

/// The facts of a company as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Card {
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) tax_id: String,
    pub(super) kpp: String,
    pub(super) ogrn: String,
    pub(super) city: String,
    pub(super) address: String,
    pub(super) website: String,
    pub(super) industry: String,
    pub(super) source: String,
}

/// The facts of a company, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// What it is called.
    pub name: String,
    /// The name in full.
    pub full_name: Option<String>,
    /// The tax number.
    pub tax_id: Option<String>,
    /// КПП.
    pub kpp: Option<String>,
    /// ОГРН.
    pub ogrn: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Where the record came from.
    pub source: Option<String>,
}

impl Details {
    /// Those of a company.
    pub fn of(company: &Company) -> Self {
        Self {
            name: company.name.clone(),
            full_name: company.full_name.clone(),
            tax_id: company.tax_id.clone(),
            kpp: company.kpp.clone(),
            ogrn: company.ogrn.clone(),
            city: company.city.clone(),
            address: company.address.clone(),
            website: company.website.clone(),
            industry: company.industry.clone(),
            source: company.source.clone(),
        }
    }

    /// Codes of the facts that another record states otherwise.
    pub fn changed(&self, before: &Self) -> Vec<&'static str> {
        let all = [
            ("name", self.name != before.name),
            ("full_name", self.full_name != before.full_name),
            ("tax_id", self.tax_id != before.tax_id),
            ("kpp", self.kpp != before.kpp),
            ("ogrn", self.ogrn != before.ogrn),
            ("city", self.city != before.city),
            ("address", self.address != before.address),
            ("website", self.website != before.website),
            ("industry", self.industry != before.industry),
            ("source", self.source != before.source),
        ];
        all.into_iter().filter(|(_, is_changed)| *is_changed).map(|(code, _)| code).collect()
    }
}

impl From<Details> for NewCompany {
    fn from(details: Details) -> Self {
        Self {
            name: details.name,
            full_name: details.full_name,
            tax_id: details.tax_id,
            kpp: details.kpp,
            ogrn: details.ogrn,
            city: details.city,
            address: details.address,
            website: details.website,
            industry: details.industry,
            source: details.source,
            ..Self::default()
        }
    }
}

impl Card {
    /// As a company stands.
    pub(super) fn of(company: &Company) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            name: company.name.clone(),
            full_name: text(&company.full_name),
            tax_id: text(&company.tax_id),
            kpp: text(&company.kpp),
            ogrn: text(&company.ogrn),
            city: text(&company.city),
            address: text(&company.address),
            website: text(&company.website),
            industry: text(&company.industry),
            source: text(&company.source),
        }
    }

    /// Reads the facts; what is wrong is noted.
    pub(super) fn read(&self, wrong: &mut Fields) -> Details {
        if !self.name.chars().any(char::is_alphanumeric) {
            wrong.note("name", "required");
        }
        Details {
            name: read_text("name", &self.name, wrong).unwrap_or_default(),
            full_name: read_text("full_name", &self.full_name, wrong),
            tax_id: read_tax_id(&self.tax_id, wrong),
            kpp: tidy(&self.kpp).and_then(|text| match normalise::kpp(&text) {
                Ok(kpp) => Some(kpp.text()),
                Err(_) => noted(wrong, "kpp", "kpp"),
            }),
            ogrn: tidy(&self.ogrn).and_then(|text| match normalise::ogrn(&text) {
                Ok(ogrn) => Some(ogrn.digits()),
                Err(_) => noted(wrong, "ogrn", "ogrn"),
            }),
            city: read_text("city", &self.city, wrong),
            address: read_text("address", &self.address, wrong),
            website: tidy(&self.website).and_then(|text| match normalise::web_domain(&text) {
                Ok(domain) => Some(domain.host().to_owned()),
                Err(_) => noted(wrong, "website", "website"),
            }),
            industry: read_text("industry", &self.industry, wrong),
            source: read_text("source", &self.source, wrong),
        }
    }
}

fn noted<T>(wrong: &mut Fields, field: &'static str, code: &'static str) -> Option<T> {
    wrong.note(field, code);
    None
}

/// A text without blanks around and doubled within; `None` when it says nothing.
fn tidy(text: &str) -> Option<String> {
    let is_blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    let words: Vec<&str> = text.split(is_blank).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn read_text(field: &'static str, text: &str, wrong: &mut Fields) -> Option<String> {
    if text.chars().count() > TEXT_MAX {
        wrong.note_with(field, "too-long", vec![("max", TEXT_MAX.to_string())]);
        return None;
    }
    tidy(text)
}

/// Reads a Russian tax number into its digits, or notes what is wrong; `None` where there is none.
pub fn read_tax_id(text: &str, wrong: &mut Fields) -> Option<String> {
    let code = match normalise::tax_id(text) {
        Ok(tax_id) => return Some(tax_id.digits()),
        Err(IdentifierProblem::Empty) => return None,
        Err(IdentifierProblem::Repaired { value, .. }) => {
            // In a file it is taken with a remark; whoever types it can look once more.
            wrong.note_with("tax_id", "tax-id-repaired", vec![("value", value.digits())]);
            return None;
        }
        Err(IdentifierProblem::Damaged(_)) => "tax-id-damaged",
        Err(IdentifierProblem::Characters) => "tax-id-characters",
        Err(IdentifierProblem::Length { .. }) => "tax-id-length",
        Err(IdentifierProblem::AllZero) => "tax-id-all-zero",
        Err(IdentifierProblem::Lead) => "tax-id-lead",
        Err(IdentifierProblem::Checksum) => "tax-id-checksum",
    };
    noted(wrong, "tax_id", code)
}

/// Noted before anything of it is read: [`PARTS_MAX`] parts are never so long.
fn is_too_long(field: &'static str, text: &str, wrong: &mut Fields) -> bool {
    let is_long = text.len() > PARTS_BYTES_MAX;
    if is_long {
        wrong.note_with(field, "too-many", vec![("max", PARTS_MAX.to_string())]);
    }
    is_long
}

/// The numbers of a text, by the habits of a country and a town.
pub(super) fn read_phones(text: &str, near: Near<'_>, wrong: &mut Fields) -> Vec<NewPhone> {
    let mut phones: Vec<NewPhone> = Vec::new();
    if text.trim().is_empty() || is_too_long("phones", text, wrong) {
        return phones;
    }
    let country = near.country();
    for found in phone::read_cell_near(text, country.code(), near.area()) {
        match found.read {
            Ok(phone) if phones.iter().any(|known| known.phone == phone) => {}
            Ok(phone) => phones.push(NewPhone { phone, label: found.label }),
            Err(problem) => wrong.note("phones", problem.code()),
        }
    }
    if phones.len() > PARTS_MAX {
        wrong.note_with("phones", "too-many", vec![("max", PARTS_MAX.to_string())]);
    }
    phones
}

/// One number as a person typed it, by the habits of a country and a town; what is wrong with it is
/// a code.
pub fn read_phone(text: &str, near: Near<'_>) -> Result<Phone, &'static str> {
    let read = Phone::parse_near(text, near.country().code(), near.area());
    let phone = read.map_err(PhoneProblem::code)?;
    if phone.is_dummy() { Err("phone-of-nobody") } else { Ok(phone) }
}

/// A mail address as it is kept; `None` for what is none.
pub fn read_email(text: &str) -> Option<String> {
    normalise::email(text.trim()).ok().map(|email| email.address())
}

/// The mail addresses of a text.
pub(super) fn read_emails(text: &str, wrong: &mut Fields) -> Vec<String> {
    let mut emails: Vec<String> = Vec::new();
    if is_too_long("emails", text, wrong) {
        return emails;
    }
    for piece in split_many(text).into_iter().filter(|piece| !piece.trim().is_empty()) {
        match normalise::email(piece) {
            Ok(email) if emails.contains(&email.address()) => {}
            Ok(email) => emails.push(email.address()),
            Err(_) => wrong.note("emails", "email"),
        }
    }
    if emails.len() > PARTS_MAX {
        wrong.note_with("emails", "too-many", vec![("max", PARTS_MAX.to_string())]);
    }
    emails
}

/// A ground for contact; none where no kind is chosen.
pub(super) fn read_basis(kind: &str, source: &str, wrong: &mut Fields) -> Option<NewBasis> {
    let source = read_text("basis_source", source, wrong).unwrap_or_default();
    if kind.is_empty() {
        return None;
    }
    match kind.parse::<BasisKind>() {
        Ok(kind) => Some(NewBasis { kind, source, until: None }),
        Err(()) => noted(wrong, "basis_kind", "unknown-choice"),
    }
}

/// A person as typed; a box that is not ticked is empty.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContactForm {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) decides: String,
    pub(super) gone: String,
    pub(super) gone_reason: String,
}

/// A person of a company as they are to stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactChange {
    /// The version that was seen.
    pub version: i64,
    /// Name, role and whether they decide.
    pub as_new: NewContact,
    /// Why they no longer work there; `None` while they do.
    pub gone: Option<String>,
}

impl ContactForm {
    /// As a person stands.
    pub(super) fn of(contact: &Contact) -> Self {
        Self {
            version: contact.version,
            name: contact.name.clone(),
            role: contact.role.clone().unwrap_or_default(),
            decides: tick(contact.is_decision_maker),
            gone: tick(contact.gone_at.is_some()),
            gone_reason: contact.gone_reason.clone().unwrap_or_default(),
        }
    }

    /// Reads the person; what is wrong is noted under `person` and `role`.
    pub(super) fn read(&self, wrong: &mut Fields) -> ContactChange {
        ContactChange {
            version: self.version,
            as_new: NewContact {
                name: read_person_as("person", &self.name, wrong).unwrap_or_default(),
                role: read_text("role", &self.role, wrong),
                is_decision_maker: !self.decides.is_empty(),
            },
            gone: (!self.gone.is_empty())
                .then(|| read_text("gone_reason", &self.gone_reason, wrong).unwrap_or_default()),
        }
    }
}

/// What a person is called, as typed in that field.
pub fn read_person_as(field: &'static str, name: &str, wrong: &mut Fields) -> Option<String> {
    let read = read_text(field, name, wrong);
    if !name.chars().any(char::is_alphabetic) {
        wrong.note(field, "required");
        return None;
    }
    read
}

/// What a person does there, as typed in that field.
pub fn read_role_as(field: &'static str, role: &str, wrong: &mut Fields) -> Option<String> {
    read_text(field, role, wrong)
}

/// The form of a company to be added.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewForm {
    name: String,
    full_name: String,
    tax_id: String,
    kpp: String,
    ogrn: String,
    city: String,
    address: String,
    website: String,
    industry: String,
    source: String,
    pub(super) phones: String,
    pub(super) emails: String,
    pub(super) person: String,
    pub(super) role: String,
    pub(super) decides: String,
    pub(super) basis_kind: String,
    pub(super) basis_source: String,
    pub(super) anyway: String,
}

impl NewForm {
    /// The facts as typed.
    pub(super) fn card(&self) -> Card {
        let form = self.clone();
        Card {
            name: form.name,
            full_name: form.full_name,
            tax_id: form.tax_id,
            kpp: form.kpp,
            ogrn: form.ogrn,
            city: form.city,
            address: form.address,
            website: form.website,
            industry: form.industry,
            source: form.source,
        }
    }

    /// Reads the company, its numbers as those of a firm's country.
    pub(super) fn read(&self, home: Country) -> Outcome<NewCompany> {
        let mut wrong = Fields::default();
        let new = self.read_noting(home, &mut wrong);
        wrong.into_result()?;
        Ok(new)
    }

    /// Reads what is right of it already, while it is being typed.
    pub(super) fn read_so_far(&self, home: Country) -> NewCompany {
        self.read_noting(home, &mut Fields::default())
    }

    fn read_noting(&self, home: Country, wrong: &mut Fields) -> NewCompany {
        let details = self.card().read(wrong);
        let phones = read_phones(&self.phones, Near::of(home, details.city.as_deref()), wrong);
        let emails = read_emails(&self.emails, wrong);
        let mut contacts = Vec::new();
        if [&self.person, &self.role].iter().any(|text| !text.trim().is_empty()) {
            let form = ContactForm {
                name: self.person.clone(),
                role: self.role.clone(),
                decides: self.decides.clone(),
                ..ContactForm::default()
            };
            contacts.push(form.read(wrong).as_new);
        }
        let basis = read_basis(&self.basis_kind, &self.basis_source, wrong);
        NewCompany { phones, emails, contacts, basis, ..NewCompany::from(details) }
    }
}

/// The form of a company that stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardForm {
    pub(super) version: i64,
    name: String,
    full_name: String,
    tax_id: String,
    kpp: String,
    ogrn: String,
    city: String,
    address: String,
    website: String,
    industry: String,
    source: String,
}

impl CardForm {
    /// The facts as typed.
    pub(super) fn card(&self) -> Card {
        let form = self.clone();
        Card {
            name: form.name,
            full_name: form.full_name,
            tax_id: form.tax_id,
            kpp: form.kpp,
            ogrn: form.ogrn,
            city: form.city,
            address: form.address,
            website: form.website,
            industry: form.industry,
            source: form.source,
        }
    }
}
