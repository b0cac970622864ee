//! The kinds of mess that a row can have.

/// A kind of mess. A row is marked with those that have really changed what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Mess {
    /// A telephone of a switchboard, whose other firms have it too.
    Switchboard,
    /// A telephone of whoever registers firms by the thousand.
    Registrar,
    /// A telephone that belongs to another firm of the list.
    StrangersPhone,
    /// A telephone with one digit wrong.
    PhoneDigit,
    /// A telephone without its dialling code.
    LocalPhone,
    /// Several telephones in the cell.
    SeveralPhones,
    /// An extension behind a telephone.
    Extension,
    /// A row of a sister company: its elder's name with a tail, and its elder's telephone.
    Sister,
    /// A row of a branch: other town, other telephone, other KPP, the same tax number.
    Branch,
    /// Somebody else's tax number.
    StrangersTaxId,
    /// A tax number that lost the nought it began with.
    LostZero,
    /// A tax number with one digit wrong.
    TaxIdDigit,
    /// A tax number as a spreadsheet writes a quantity.
    DecimalTail,
    /// No legal form.
    NoForm,
    /// The legal form behind the name.
    FormBehind,
    /// Another legal form.
    OtherForm,
    /// The legal form in full words.
    FormInFull,
    /// A slip of the hand in the name.
    Misspelt,
    /// The name in Latin letters.
    Latin,
    /// Latin letters among Cyrillic ones that look the same.
    LookAlike,
    /// Typed in the other keyboard layout.
    OtherLayout,
    /// A word of the name shortened.
    Shortened,
    /// The words of the name joined or hyphenated.
    Joined,
    /// A first name and a father's as initials.
    Initials,
    /// The town behind the name.
    TownInName,
    /// Capitals only, or none.
    Case,
    /// No town though it is known.
    NoCity,
    /// No telephone.
    NoPhone,
    /// No tax number.
    NoTaxId,
    /// A slip of the hand in the mail address.
    MailMisspelt,
    /// The address in another order or with other shortenings.
    OtherAddress,
    /// The name cut short by a field of fixed width.
    Truncated,
    /// The words of the name in another order.
    Reordered,
    /// A trading name in place of the name or beside it, or what the firm deals in.
    Brand,
    /// The address and telephone it had before.
    Moved,
    /// What people call the town, or its region.
    Nickname,
    /// Values one column too far.
    Shifted,
    /// «нет» and its like where nothing is known.
    NotGiven,
    /// A second telephone told by its last two digits.
    SharedEnding,
}

impl Mess {
    /// Every kind.
    pub const ALL: [Self; 39] = [
        Self::Switchboard,
        Self::Registrar,
        Self::StrangersPhone,
        Self::PhoneDigit,
        Self::LocalPhone,
        Self::SeveralPhones,
        Self::Extension,
        Self::Sister,
        Self::Branch,
        Self::StrangersTaxId,
        Self::LostZero,
        Self::TaxIdDigit,
        Self::DecimalTail,
        Self::NoForm,
        Self::FormBehind,
        Self::OtherForm,
        Self::FormInFull,
        Self::Misspelt,
        Self::Latin,
        Self::LookAlike,
        Self::OtherLayout,
        Self::Shortened,
        Self::Joined,
        Self::Initials,
        Self::TownInName,
        Self::Case,
        Self::NoCity,
        Self::NoPhone,
        Self::NoTaxId,
        Self::MailMisspelt,
        Self::OtherAddress,
        Self::Truncated,
        Self::Reordered,
        Self::Brand,
        Self::Moved,
        Self::Nickname,
        Self::Shifted,
        Self::NotGiven,
        Self::SharedEnding,
    ];
}

/// The mess of one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Messes(u64);

impl Messes {
    /// Whether the row has this kind.
    pub fn has(self, mess: Mess) -> bool {
        self.0 & (1 << mess as u8) != 0
    }

    /// Marks the row when `is_so`, and says it again.
    pub(super) fn note(&mut self, mess: Mess, is_so: bool) -> bool {
        self.0 |= u64::from(is_so) << mess as u8;
        is_so
    }
}
