//! Two records side by side, each part put into a level.

use super::keys::{Field, Key, Prepared};
use crate::normalise::TaxId;
use crate::similar::{damerau_levenshtein, token_overlap};

/// How two tax ids compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxIdLevel {
    /// One side has none.
    Missing,
    /// Equal, and both were valid as written.
    Same {
        /// The number.
        tax_id: TaxId,
        /// Records with this number.
        carriers: usize,
    },
    /// Equal and both valid, of two branches that the caller tells apart.
    OtherBranch,
    /// Equal, but one was valid only after a repair.
    SameRepaired {
        /// The number.
        tax_id: TaxId,
    },
    /// Different, but one was valid only after a repair.
    DifferentRepaired,
    /// Different and both valid: two legal entities, whatever else agrees.
    Different,
}

/// How two names compare, legal forms left aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameLevel {
    /// One side has none.
    Missing,
    /// The same words in any order.
    Same,
    /// The same letters, parted differently.
    Spacing,
    /// The same sounds in another alphabet or transliteration.
    Transliterated,
    /// One letter apart, or two in a long name, and no difference in numbers.
    Near,
    /// All words of one are in the other.
    Within,
    /// At least half of all words in common.
    Overlapping,
    /// Less in common, or different numbers («школа 5», «школа 6»).
    Different,
}

impl NameLevel {
    /// A stable machine code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "name_missing",
            Self::Same => "name_same",
            Self::Spacing => "name_spacing",
            Self::Transliterated => "name_transliterated",
            Self::Near => "name_near",
            Self::Within => "name_within",
            Self::Overlapping => "name_overlapping",
            Self::Different => "name_different",
        }
    }
}

/// How two sets of telephones, mail addresses or domains compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactLevel {
    /// One side has none.
    Missing,
    /// Both have some, none in common.
    NoneShared,
    /// At least one in common.
    Shared {
        /// The rarest in common.
        value: String,
        /// Records with this value.
        carriers: usize,
    },
}

/// How two towns compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CityLevel {
    /// One side has none.
    Missing,
    /// Equal.
    Same,
    /// Different.
    Different,
}

/// Two records compared part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The tax ids.
    pub tax_id: TaxIdLevel,
    /// The names without their forms.
    pub name: NameLevel,
    /// Records with the name of the left side.
    pub name_carriers: usize,
    /// How many words the left name has.
    pub name_words: usize,
    /// The legal forms, where both have one and they differ.
    pub forms: Option<(&'static str, &'static str)>,
    /// The telephones.
    pub phone: ContactLevel,
    /// The mail addresses.
    pub email: ContactLevel,
    /// The web and mail domains of their own.
    pub domain: ContactLevel,
    /// The towns.
    pub city: CityLevel,
}

impl Comparison {
    /// Whether two different valid tax ids, or two branches of one that are told apart, rule out
    /// that they are the same.
    #[must_use]
    pub fn is_vetoed(&self) -> bool {
        matches!(self.tax_id, TaxIdLevel::Different | TaxIdLevel::OtherBranch)
    }
}

/// Compares two records. `carriers` says how many records have a key, both sides counted.
pub(super) fn compare(
    left: &Prepared,
    right: &Prepared,
    carriers: impl Fn(&Key) -> usize,
) -> Comparison {
    let contact = |field, left: &[String], right: &[String]| {
        contact_level(left, right, |value| carriers(&Key::new(field, value)))
    };
    Comparison {
        tax_id: tax_id_level(left, right, &carriers),
        name: name_level(left, right),
        name_carriers: carriers(&Key::new(Field::Name, &left.latin)),
        name_words: left.words.len(),
        forms: left.form.zip(right.form).filter(|(left, right)| left != right),
        phone: contact(Field::Phone, &left.phones, &right.phones),
        email: contact(Field::Email, &left.emails, &right.emails),
        domain: contact(Field::Domain, &left.domains, &right.domains),
        city: match (&left.city, &right.city) {
            (Some(left), Some(right)) if left == right => CityLevel::Same,
            (Some(_), Some(_)) => CityLevel::Different,
            _ => CityLevel::Missing,
        },
    }
}

fn tax_id_level(
    left: &Prepared,
    right: &Prepared,
    carriers: &impl Fn(&Key) -> usize,
) -> TaxIdLevel {
    let (Some(tax_id), Some(other)) = (left.tax_id, right.tax_id) else {
        return TaxIdLevel::Missing;
    };
    match (tax_id == other, left.tax_id_repaired || right.tax_id_repaired) {
        (true, true) => TaxIdLevel::SameRepaired { tax_id },
        (true, false) if is_other_branch(left, right) => TaxIdLevel::OtherBranch,
        (true, false) => {
            let carriers = carriers(&Key::new(Field::TaxId, &tax_id.digits()));
            TaxIdLevel::Same { tax_id, carriers }
        }
        (false, true) => TaxIdLevel::DifferentRepaired,
        (false, false) => TaxIdLevel::Different,
    }
}

fn is_other_branch(left: &Prepared, right: &Prepared) -> bool {
    left.branch.zip(right.branch).is_some_and(|(left, right)| left != right)
}

fn name_level(left: &Prepared, right: &Prepared) -> NameLevel {
    if left.words.is_empty() || right.words.is_empty() {
        return NameLevel::Missing;
    }
    if left.words == right.words {
        return NameLevel::Same;
    }
    if left.compact == right.compact {
        return NameLevel::Spacing;
    }
    let one_has_no_number = left.numbers.is_empty() || right.numbers.is_empty();
    let same_numbers = left.numbers == right.numbers;
    if !same_numbers && !one_has_no_number {
        return NameLevel::Different;
    }
    if same_numbers && left.latin == right.latin {
        return NameLevel::Transliterated;
    }
    if same_numbers && is_near(&left.latin, &right.latin) {
        return NameLevel::Near;
    }
    let overlap = token_overlap(&left.latin_words, &right.latin_words);
    // A shared word of one or two letters says nothing.
    let says_something = left
        .latin_words
        .iter()
        .any(|word| word.chars().count() >= 3 && right.latin_words.contains(word));
    if says_something && overlap.shared == overlap.smaller {
        NameLevel::Within
    } else if says_something && overlap.jaccard() >= 0.5 {
        NameLevel::Overlapping
    } else {
        NameLevel::Different
    }
}

/// One letter apart from five letters on, two from ten on.
fn is_near(left: &str, right: &str) -> bool {
    let (left_len, right_len) = (left.chars().count(), right.chars().count());
    let allowed = match left_len.max(right_len) {
        0..=4 => return false,
        5..=9 => 1,
        _ => 2,
    };
    left_len.abs_diff(right_len) <= allowed && damerau_levenshtein(left, right) <= allowed
}

fn contact_level(
    left: &[String],
    right: &[String],
    carriers: impl Fn(&str) -> usize,
) -> ContactLevel {
    if left.is_empty() || right.is_empty() {
        return ContactLevel::Missing;
    }
    let shared = left.iter().filter(|value| right.binary_search(value).is_ok());
    shared.map(|value| (carriers(value), value)).min().map_or(
        ContactLevel::NoneShared,
        |(carriers, value)| ContactLevel::Shared { value: value.clone(), carriers },
    )
}
