//! How a list came about: how often each mess is made, and which words firms are called by.

use super::catalogue;
use super::words::{EVERYWHERE, TAILS};

/// Where a list comes from, and so what it is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Kept by salespeople over years. [`crate::link`] was made while looking at such lists.
    #[default]
    Sales,
    /// Put together from catalogues, cards of a fair and an export of the bookkeeping: other
    /// proportions, other words, and kinds of mess that the first has not. It is there to judge
    /// by, not to be looked at while levels or limits are chosen.
    Catalogue,
}

impl Origin {
    /// A stable machine code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Catalogue => "catalogue",
        }
    }

    pub(super) fn habits(self) -> &'static Habits {
        match self {
            Self::Sales => &SALES,
            Self::Catalogue => &CATALOGUE,
        }
    }
}

/// Shares of a thousand, except where it is said otherwise.
#[derive(Debug)]
pub(super) struct Habits {
    /// Of a hundred firms, how many have one row, two, up to eight.
    pub rows_of_a_firm: [usize; 8],
    pub everywhere: &'static [&'static str],
    pub tails: &'static [&'static str],
    pub sole: u32,
    pub sister: u32,
    pub branch: u32,
    pub in_a_centre: u32,
    /// Of a hundred names: common ones alone, common with a trade, Latin, after a long word, rare
    /// with a trade; the rest are rare ones alone.
    pub names: [usize; 5],
    /// Of a hundred firms: a domain of its own, free mail, a bookkeeper's.
    pub mails: [usize; 3],
    pub misspelt: u32,
    pub latin: u32,
    pub other_layout: u32,
    pub look_alike: u32,
    pub joined: u32,
    pub other_form: u32,
    /// Of a hundred rows.
    pub no_form: usize,
    pub no_tax_id: u32,
    pub strangers_tax_id: usize,
    pub tax_id_digit: usize,
    pub lost_zero: usize,
    pub decimal_tail: usize,
    pub no_phone: u32,
    pub strangers_phone: u32,
    pub registrar: u32,
    pub local_phone: u32,
    pub phone_digit: u32,
    pub mail: u32,
    pub mail_misspelt: u32,
    pub no_city: u32,
    pub address: u32,
    // What only the second list has.
    pub truncated: u32,
    pub reordered: u32,
    pub brand: u32,
    pub moved: u32,
    pub nickname: u32,
    pub shifted: u32,
    pub not_given: u32,
    pub shared_ending: u32,
}

const SALES: Habits = Habits {
    rows_of_a_firm: [40, 30, 18, 8, 4, 0, 0, 0],
    everywhere: &EVERYWHERE,
    tails: &TAILS,
    sole: 100,
    sister: 600,
    branch: 40,
    in_a_centre: 80,
    names: [10, 18, 6, 16, 20],
    mails: [45, 33, 2],
    misspelt: 80,
    latin: 60,
    other_layout: 10,
    look_alike: 40,
    joined: 100,
    other_form: 30,
    no_form: 18,
    no_tax_id: 380,
    strangers_tax_id: 16,
    tax_id_digit: 24,
    lost_zero: 400,
    decimal_tail: 12,
    no_phone: 120,
    strangers_phone: 10,
    registrar: 30,
    local_phone: 25,
    phone_digit: 15,
    mail: 550,
    mail_misspelt: 15,
    no_city: 230,
    address: 550,
    truncated: 0,
    reordered: 0,
    brand: 0,
    moved: 0,
    nickname: 0,
    shifted: 0,
    not_given: 0,
    shared_ending: 0,
};

const CATALOGUE: Habits = Habits {
    rows_of_a_firm: [52, 20, 10, 6, 4, 3, 3, 2],
    everywhere: &catalogue::EVERYWHERE,
    tails: &catalogue::TAILS,
    sole: 220,
    sister: 450,
    branch: 60,
    in_a_centre: 120,
    names: [14, 10, 10, 8, 14],
    mails: [35, 40, 4],
    misspelt: 55,
    latin: 90,
    other_layout: 4,
    look_alike: 70,
    joined: 60,
    other_form: 55,
    no_form: 34,
    no_tax_id: 560,
    strangers_tax_id: 24,
    tax_id_digit: 40,
    lost_zero: 500,
    decimal_tail: 40,
    no_phone: 80,
    strangers_phone: 16,
    registrar: 15,
    local_phone: 60,
    phone_digit: 25,
    mail: 400,
    mail_misspelt: 25,
    no_city: 120,
    address: 700,
    truncated: 60,
    reordered: 70,
    brand: 60,
    moved: 60,
    nickname: 80,
    shifted: 15,
    not_given: 70,
    shared_ending: 30,
};
