//! Trials: made-up lists whose truth is known, and how well a list was linked.
//!
//! A list that is kinder than real ones flatters whoever links it. [`Companies`] is as lists of
//! sales departments are: common names in several towns, sister companies on one telephone,
//! switchboards and registrars, strangers' tax numbers, lost noughts, three habits of writing
//! Russian in Latin letters, and the rest of [`Mess`]; the tests count each kind. [`Persons`] is
//! as FEBRL makes records of persons (Christen 2005, 2009).
//!
//! Words, digits and their combinations are drawn: no row means anybody, and a number that exists
//! is a chance. The lists spell by their own rules, not by those of [`crate::normalise`], so a
//! mistake there is not made twice and so hidden.

mod catalogue;
mod companies;
mod dice;
mod firms;
mod habits;
mod mess;
mod persons;
mod rows;
mod score;
mod spell;
#[cfg(test)]
mod tests;
mod words;

pub use companies::{Companies, Row};
pub use habits::Origin;
pub use mess::{Mess, Messes};
pub use persons::{PersonRow, Persons};
pub use score::{Score, of_clusters, of_pairs};
