//! Linking rows of any table: which of them stand for the same thing, how surely, and why.
//!
//! A table has fields of known kinds and cells of text. The stages are kept apart: `parts` makes
//! comparable values of cells, `block` says which rows are worth comparing, `compare` puts a pair
//! into levels, `weigh` estimates what the levels are worth (Fellegi and Sunter 1969; m and u by
//! EM, u from random pairs as well), `cluster` groups without chaining.
//!
//! Invariants:
//! - The same tables and settings give the same answer, whatever the number of threads.
//! - No pair is reported twice; in one table `a < b`, across two `a` is of the first, `b` of the
//!   second.
//! - A lesson changes what patterns are worth, never which rows are compared or how common a value
//!   is.
//! - Every cluster is a set of rows of which no two are vetoed; a row alone is a cluster of one.

mod atoms;
mod block;
mod cluster;
mod compare;
mod crowd;
mod dictionary;
mod doubt;
mod explain;
mod firm;
mod learn;
mod lists;
mod near;
mod numbers;
mod pairs;
mod parts;
mod place;
mod read;
mod run;
mod source;
mod table;
mod threads;
mod ties;
mod weigh;

#[cfg(test)]
mod tests;

pub use compare::FIELDS_MAX;
pub use explain::{Explanation, Reason};
pub use run::{Cells, Linker, link, read_only};
pub use table::Table;

/// What a column holds, and so how two of its cells are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An organisation's name, with its legal form.
    CompanyName,
    /// A person's name or a part of one.
    PersonName,
    /// Words in any order, as of a product or a note.
    Text,
    /// Street and house.
    Address,
    /// A town.
    City,
    /// A postal code.
    Postcode,
    /// Telephone numbers, in any spelling; several in a cell.
    Phone,
    /// Mail addresses; several in a cell.
    Email,
    /// A web site or its domain.
    Domain,
    /// A number given to one person or organisation by an authority.
    TaxId,
    /// A day.
    Date,
    /// A quantity.
    Number,
    /// One of a few words.
    Category,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its heading, for explanations.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// Two rows that somebody decided, as they stood then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The cells of the one, a cell for each field.
    pub left: Vec<String>,
    /// The cells of the other.
    pub right: Vec<String>,
    /// Whether they are the same.
    pub same: bool,
}

/// How the work is done.
#[derive(Clone, Debug)]
pub struct Settings {
    /// From which probability on two rows are put into one cluster, 0 to 1; chosen from labels or
    /// by default where it is not given.
    pub threshold: Option<f64>,
    /// Pairs that somebody has decided: rows numbered through all tables, and whether they are the
    /// same.
    pub labels: Vec<(u32, u32, bool)>,
    /// Pairs that somebody decided and whose rows are in no table, or stand there otherwise by now.
    /// They teach what agreement is worth; they are linked with nothing and make nothing common.
    pub lessons: Vec<Lesson>,
    /// Pairs of a smaller probability are not reported.
    pub report_from: f64,
    /// Seed of the sample of random pairs.
    pub seed: u64,
    /// Threads to work with; at least one.
    pub threads: usize,
    /// Across two tables, each row is at most one row of the other.
    pub one_to_one: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            threshold: None,
            labels: Vec::new(),
            lessons: Vec::new(),
            report_from: 0.5,
            seed: 1,
            threads: 1,
            one_to_one: false,
        }
    }
}

/// Two rows that may be the same. Rows are numbered through all tables.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The one.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// How likely they are the same, 0 to 1.
    pub probability: f64,
}

/// What linking found.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// Pairs from [`Settings::report_from`] on, the surest first.
    pub pairs: Vec<Pair>,
    /// The cluster of each row, numbered from nought in the order of their first rows.
    pub clusters: Vec<u32>,
    /// Pairs that were compared.
    pub compared: u64,
    /// The threshold used.
    pub threshold: f64,
    /// From which probability on pairs may be taken without a look: those from it on are right in
    /// 998 of 1,000 by their own probabilities, none below 0.95. `None` where nothing tells how
    /// right the probabilities are: neither numbers with check digits nor enough decisions.
    pub auto_from: Option<f64>,
    /// Keys that more rows share than are compared each with each; they were parted.
    pub crowded_keys: u64,
    /// Pairs that only a crowded key brings together and that were not compared, at most.
    pub narrowed: u64,
}
