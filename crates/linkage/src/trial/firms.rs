//! Firms as they truly are, each made from the seed and its number alone.

use super::dice::Dice;
use super::habits::Habits;
use super::spell;
use super::words::{
    CITIES, City, FAMILIES, FAMILY_ENDS, FATHERS, FORMS, FREE_MAIL, GIVEN, LATIN, LONG_WORDS, SOLE,
    STREETS, SYLLABLES, TRADES,
};

const PLAIN: u64 = 1;
const SISTER: u64 = 2;
const BOARD: u64 = 3;
const ASIDE: u64 = 4;
/// Firms stand in eights; the last two of an eight may be sisters of its first.
const EIGHT: u64 = 8;

/// Where one may be found.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub city: &'static City,
    pub street: &'static str,
    pub house: usize,
    pub office: usize,
    /// Ten digits without the trunk digit.
    pub phone: String,
    pub kpp: String,
    /// Whether other firms have the telephone too.
    pub is_shared: bool,
}

/// A firm as it truly is.
#[derive(Clone, Debug)]
pub(super) struct Firm {
    /// Legal form: short, in full, Latin.
    pub form: (&'static str, &'static str, &'static str),
    /// Name without its form.
    pub name: String,
    pub is_sole: bool,
    /// In one holding with another: its telephone, another tail to the name.
    pub is_sister: bool,
    pub tax_id: String,
    pub ogrn: String,
    pub head: Site,
    /// Of a branch, under the same tax number.
    pub branch: Option<Site>,
    pub mobile: String,
    /// Behind a switchboard that other firms have too.
    pub extension: Option<usize>,
    pub mail: String,
    pub domain: String,
    pub person: String,
    /// Where it was before; only in lists that still say so.
    pub before: Option<Site>,
    /// What it trades under; only in lists that say so.
    pub brand: String,
}

/// All the firms of a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct World {
    pub seed: u64,
    pub firms: u64,
    pub habits: &'static Habits,
}

impl World {
    /// The firm of a number.
    pub fn firm(self, number: u64) -> Firm {
        let mut firm = self.plain(number);
        let place = number % EIGHT;
        let mut dice = Dice::of(self.seed, SISTER, number);
        if place < EIGHT - 2 || firm.is_sole || !dice.thousandths(self.habits.sister) {
            return firm;
        }
        let elder = self.plain(number - place);
        if elder.is_sole {
            return firm;
        }
        // The two sisters of one firm never get the same tail.
        let tails = self.habits.tails;
        let tail = tails[dice.below(tails.len() / 2) * 2 + (place % 2) as usize];
        firm.name = format!("{} {tail}", elder.name);
        firm.form = elder.form;
        firm.head = Site { kpp: firm.head.kpp, ..elder.head };
        firm.tax_id = tax_id(&mut dice, firm.head.city.region, false);
        firm.extension = None;
        firm.is_sister = true;
        if dice.thousandths(500) {
            firm.domain = elder.domain;
            firm.mail = elder.mail;
        }
        firm
    }

    fn plain(self, number: u64) -> Firm {
        let mut dice = Dice::of(self.seed, PLAIN, number);
        let dice = &mut dice;
        let is_sole = dice.thousandths(self.habits.sole);
        let person = person(dice);
        let name = if is_sole { person.clone() } else { self.name(dice) };
        let form = if is_sole { SOLE } else { *dice.skewed(&FORMS) };
        let city = dice.skewed(&CITIES);
        let tax_id = tax_id(dice, city.region, is_sole);
        let ogrn = ogrn(dice, city.region, is_sole);
        let mut head = site(dice, city, "01");
        let mut extension = None;
        if dice.thousandths(self.habits.in_a_centre) {
            // Of a business centre: address and switchboard are its other tenants' too.
            let centre = self.centre(dice, city);
            head = Site { kpp: head.kpp, office: head.office, is_shared: true, ..centre };
            extension = dice.thousandths(500).then(|| 100 + dice.below(900));
        }
        let branch = (!is_sole && dice.thousandths(self.habits.branch)).then(|| {
            let away = dice.one_of(&CITIES);
            site(dice, away, "43")
        });
        let (mail, domain) = self.addresses(dice, &name, number);
        let mobile = format!("9{}{}", dice.below(90) + 10, dice.digits(7));
        let (before, brand) = self.aside(number, city);
        Firm {
            form,
            name,
            is_sole,
            is_sister: false,
            tax_id,
            ogrn,
            head,
            branch,
            mobile,
            extension,
            mail,
            domain,
            person,
            before,
            brand,
        }
    }

    /// What only some lists say of a firm; by dice of its own, so that the other lists stay.
    fn aside(self, number: u64, city: &'static City) -> (Option<Site>, String) {
        let mut dice = Dice::of(self.seed, ASIDE, number);
        let dice = &mut dice;
        let before = (self.habits.moved > 0).then(|| site(dice, city, "01"));
        let brand = if self.habits.brand > 0 { rare(dice) } else { String::new() };
        (before, brand)
    }

    fn name(self, dice: &mut Dice) -> String {
        let [common, with_trade, latin, long, rare_with_trade] = self.habits.names;
        let mut drawn = dice.below(100);
        let mut falls = |share: usize| {
            let is_in = drawn < share;
            drawn = drawn.wrapping_sub(share);
            is_in
        };
        // Names that stand in every town, and beside one another in the same town.
        if falls(common) {
            (*dice.skewed(self.habits.everywhere)).to_owned()
        } else if falls(with_trade) {
            format!("{} {}", dice.skewed(self.habits.everywhere), dice.skewed(&TRADES))
        } else if falls(latin) {
            format!("{} {}", dice.one_of(&LATIN), dice.one_of(&LATIN))
        } else if falls(long) {
            format!("{} {}", dice.one_of(&LONG_WORDS).0, rare(dice))
        } else if falls(rare_with_trade) {
            format!("{} {}", rare(dice), dice.skewed(&TRADES))
        } else {
            rare(dice)
        }
    }

    /// One of a city's business centres; there is one for each four thousand firms, and the first
    /// are the fullest.
    fn centre(self, dice: &mut Dice, city: &'static City) -> Site {
        let centres = (self.firms / 4_000).max(1);
        let which = dice.skewed_below(centres as usize) as u64;
        let mut dice = Dice::of(self.seed, BOARD, which * 100 + u64::from(city.region));
        site(&mut dice, city, "01")
    }

    fn addresses(self, dice: &mut Dice, name: &str, number: u64) -> (String, String) {
        let latin: String = spell::latin(name, 0).to_lowercase();
        let latin: String = latin.chars().filter(char::is_ascii_alphanumeric).take(14).collect();
        let [own, free, keeper] = self.habits.mails;
        match dice.below(100) {
            drawn if drawn < own => {
                let ends = ["", "-msk", "24", "-rf", "-group"];
                let domain = format!("{latin}{}{number}.ru", dice.one_of(&ends));
                let box_name = dice.one_of(&["info", "office", "sale", "mail", "zakaz"]);
                (format!("{box_name}@{domain}"), domain)
            }
            drawn if drawn < own + free => {
                let short: String = latin.chars().take(8).collect();
                (format!("{short}.{number}@{}", dice.skewed(&FREE_MAIL)), String::new())
            }
            // Of a bookkeeper who keeps the books of many.
            drawn if drawn < own + free + keeper => {
                let keeper = dice.below((self.firms / 1_000).max(1) as usize);
                (format!("buh{keeper}@mail.ru"), String::new())
            }
            _ => (String::new(), String::new()),
        }
    }
}

fn rare(dice: &mut Dice) -> String {
    let count = 2 + dice.below(3);
    let word: String = (0..count).map(|_| *dice.one_of::<&str>(&SYLLABLES)).collect();
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn person(dice: &mut Dice) -> String {
    let family = format!("{}{}", dice.skewed(&FAMILIES), dice.skewed(&FAMILY_ENDS));
    format!("{family} {} {}", dice.skewed(&GIVEN), dice.skewed(&FATHERS))
}

fn site(dice: &mut Dice, city: &'static City, office_kind: &str) -> Site {
    let local = 10 - city.code.len();
    // A local number begins with neither nought, one nor eight.
    let first = [2, 3, 4, 5, 6, 7, 9][dice.below(7)];
    Site {
        city,
        street: dice.skewed::<&str>(&STREETS),
        house: 1 + dice.skewed_below(140),
        office: 1 + dice.below(400),
        phone: format!("{}{first}{}", city.code, dice.digits(local - 1)),
        kpp: format!("{:02}{}{office_kind}001", city.region, dice.digits(2)),
        is_shared: false,
    }
}

fn check_digit(digits: &str, weights: &[u32]) -> u32 {
    let sum: u32 = digits.bytes().zip(weights).map(|(d, w)| u32::from(d - b'0') * w).sum();
    sum % 11 % 10
}

/// A tax number of a region, ten digits or twelve for a sole trader, with its check digits.
fn tax_id(dice: &mut Dice, region: u8, is_sole: bool) -> String {
    let count = if is_sole { 8 } else { 7 };
    let mut digits = format!("{region:02}{}", dice.digits(count));
    if is_sole {
        digits += &check_digit(&digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]).to_string();
        digits += &check_digit(&digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]).to_string();
    } else {
        digits += &check_digit(&digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8]).to_string();
    }
    digits
}

/// A register number, thirteen digits or fifteen for a sole trader, with its check digit.
fn ogrn(dice: &mut Dice, region: u8, is_sole: bool) -> String {
    let (first, rest, divisor) = if is_sole { (3, 9, 13) } else { (1, 7, 11) };
    let digits = format!("{first}{:02}{region:02}{}", 2 + dice.below(22), dice.digits(rest));
    let number: u64 = digits.bytes().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    format!("{digits}{}", number % divisor % 10)
}
