//! Comparable values made of what people typed.
//!
//! A value that is returned is right in form: lengths, alphabets and check digits hold. A value
//! that had to be mended comes back as a problem that carries the mended value, so nobody takes a
//! guess for a fact without saying so. No problem carries words for people, only a stable code.

mod address;
mod domain;
mod email;
mod forms;
mod identifiers;
mod kpp;
pub mod layout;
mod letters;
mod name;
mod ogrn;
mod tax_id;

pub use address::{Address, address, town};
pub use domain::{WebDomain, WebDomainProblem, is_free_mail, web_domain};
pub(crate) use domain::{host_of, registrable, trimmed};
pub(crate) use email::push_email_key;
pub use email::{Email, EmailProblem, email};
pub use identifiers::{IdentifierProblem, Repair};
pub use kpp::{Kpp, KppProblem, kpp};
pub use letters::{cyrillic_words, latin_key, skeleton};
pub(crate) use letters::{is_blank, push_joined, push_latin_key, push_lower, words};
pub use name::{CompanyName, name};
pub(crate) use name::{Words, parted};
pub use ogrn::{Ogrn, OgrnKind, OgrnProblem, ogrn};
pub use tax_id::{TaxId, TaxIdKind, TaxIdProblem, tax_id};

#[cfg(test)]
mod address_tests;
#[cfg(test)]
mod tests;
