//! A row of a list: what somebody once wrote of a firm.

use super::catalogue;
use super::companies::Row;
use super::dice::Dice;
use super::firms::{Firm, Site, World};
use super::mess::{Mess, Messes};
use super::spell;
use super::words::{FORMS, LONG_WORDS, SHORTENED};

const ROW: u64 = 11;
const OTHERWISE: u64 = 12;
const MOST_COPIES: u64 = 64;
/// Telephones under which thousands of firms are registered.
const REGISTRARS: [&str; 5] =
    ["4957770010", "4952330077", "8124480033", "4993900900", "8005550100"];

/// Writes rows of firms.
pub(super) struct Writer<'a> {
    world: World,
    dice: Dice,
    /// For what only some lists do, so that the others stay as they are.
    aside: Dice,
    firm: &'a Firm,
    site: &'a Site,
    mess: Messes,
}

/// The row that the `copy`-th list has of a firm.
pub(super) fn row(world: World, number: u64, copy: u8) -> Row {
    let firm = world.firm(number);
    let mut dice = Dice::of(world.seed, ROW + u64::from(copy), number);
    let mut mess = Messes::default();
    let away = firm.branch.as_ref().filter(|_| copy > 0 && dice.thousandths(500));
    mess.note(Mess::Branch, away.is_some());
    mess.note(Mess::Sister, firm.is_sister);
    let mut aside = Dice::of(world.seed, OTHERWISE, number * MOST_COPIES + u64::from(copy));
    let before = firm.before.as_ref().filter(|_| aside.thousandths(world.habits.moved));
    let before = before.filter(|_| away.is_none());
    mess.note(Mess::Moved, before.is_some());
    let site = away.or(before).unwrap_or(&firm.head);
    let mut writer = Writer { world, dice, aside, firm: &firm, site, mess };
    let name = writer.name();
    let (tax_id, kpp, ogrn) = writer.identifiers();
    let (phone, mail, site) = (writer.phones(), writer.mail(), writer.site());
    let (city, address, person) = (writer.city(), writer.address(), writer.person());
    let mut cells = [name, tax_id, kpp, ogrn, phone, mail, site, city, address, person];
    writer.spoil(&mut cells);
    Row { cells, truth: number as u32, mess: writer.mess }
}

impl Writer<'_> {
    /// Draws whether the row has this mess, so many of a thousand, and marks it.
    fn draw(&mut self, mess: Mess, share: u32) -> bool {
        let is_so = self.dice.thousandths(share);
        self.mess.note(mess, is_so)
    }

    /// The new text, marked as messy when it differs.
    fn changed(&mut self, mess: Mess, old: String, new: String) -> String {
        self.mess.note(mess, old != new);
        new
    }

    fn name(&mut self) -> String {
        let habits = self.world.habits;
        let mut core = if self.firm.is_sole { self.sole() } else { self.core() };
        if self.dice.thousandths(habits.misspelt) {
            let new = spell::misspelt(&mut self.dice, &core);
            core = self.changed(Mess::Misspelt, core, new);
        }
        if self.mess.has(Mess::Branch) && self.dice.thousandths(600) {
            core = format!("{core} (филиал в г. {})", self.site.city.name);
        } else if self.dice.thousandths(30) {
            self.mess.note(Mess::TownInName, true);
            core = format!("{core} ({})", self.site.city.name);
        }
        let is_cyrillic = core.chars().any(|letter| ('а'..='я').contains(&letter));
        let written = if is_cyrillic && self.draw(Mess::Latin, habits.latin) {
            let habit = self.dice.below(3);
            self.with_form(&spell::latin(&core, habit), true)
        } else if is_cyrillic && self.draw(Mess::OtherLayout, habits.other_layout) {
            let whole = self.with_form(&core, false);
            spell::other_layout(&whole)
        } else if is_cyrillic && self.dice.thousandths(habits.look_alike) {
            let new = spell::looking_alike(&mut self.dice, &core);
            let core = self.changed(Mess::LookAlike, core, new);
            self.with_form(&core, false)
        } else {
            self.with_form(&core, false)
        };
        let cased = match self.dice.below(100) {
            0..10 => written.to_uppercase(),
            10..14 => written.to_lowercase(),
            _ => written.clone(),
        };
        self.changed(Mess::Case, written, cased)
    }

    /// A company's name without its form.
    fn core(&mut self) -> String {
        let mut core = self.firm.name.clone();
        if self.dice.thousandths(350)
            && let Some((long, short)) = LONG_WORDS.iter().find(|(long, _)| core.starts_with(long))
        {
            let new = core.replacen(long, short, 1);
            core = self.changed(Mess::Shortened, core, new);
        }
        if self.dice.thousandths(60)
            && let Some((long, short)) = SHORTENED.iter().find(|(long, _)| core.contains(long))
        {
            let new = core.replacen(long, short, 1);
            core = self.changed(Mess::Shortened, core, new);
        }
        if self.dice.thousandths(self.world.habits.joined) {
            let joint = if self.dice.thousandths(500) { "-" } else { "" };
            let new = core.replace(' ', joint);
            core = self.changed(Mess::Joined, core, new);
        }
        self.otherwise(core)
    }

    /// What a catalogue makes of a company's name.
    fn otherwise(&mut self, mut core: String) -> String {
        let habits = self.world.habits;
        if self.aside.thousandths(habits.reordered) {
            let new = catalogue::reordered(&core);
            core = self.changed(Mess::Reordered, core, new);
        }
        if self.aside.thousandths(habits.brand) {
            let new = catalogue::branded(&mut self.aside, &core, &self.firm.brand);
            core = self.changed(Mess::Brand, core, new);
        }
        core
    }

    /// What happened to the whole row when lists were put together.
    fn spoil(&mut self, cells: &mut [String; 10]) {
        let habits = self.world.habits;
        if self.aside.thousandths(habits.truncated) {
            let new = catalogue::truncated(&cells[0]);
            cells[0] = self.changed(Mess::Truncated, cells[0].clone(), new);
        }
        if self.aside.thousandths(habits.shifted) {
            self.mess.note(Mess::Shifted, true);
            cells[4..].rotate_right(1);
        }
        for cell in &mut cells[1..] {
            if cell.is_empty() && self.aside.thousandths(habits.not_given) {
                self.mess.note(Mess::NotGiven, true);
                *cell = catalogue::nothing(&mut self.aside);
            }
        }
    }

    /// A sole trader's name.
    fn sole(&mut self) -> String {
        let name = self.firm.name.clone();
        if self.dice.thousandths(350) {
            let space = if self.dice.thousandths(500) { " " } else { "" };
            let new = initials(&name, space);
            return self.changed(Mess::Initials, name, new);
        }
        name
    }

    /// The name with its form before it, behind it, in full, another one, or none.
    fn with_form(&mut self, core: &str, is_latin: bool) -> String {
        let mut form = self.firm.form;
        if !self.firm.is_sole && self.dice.thousandths(self.world.habits.other_form) {
            let other = *self.dice.one_of(&FORMS);
            self.mess.note(Mess::OtherForm, other.0 != form.0);
            form = other;
        }
        let (open, close) = match self.dice.below(10) {
            _ if self.firm.is_sole => ("", ""),
            0..4 => ("«", "»"),
            4..7 => ("\"", "\""),
            7 => ("“", "”"),
            _ => ("", ""),
        };
        let no_form = self.world.habits.no_form;
        let word = match self.dice.below(100) {
            drawn if drawn < no_form => {
                self.mess.note(Mess::NoForm, true);
                return core.to_owned();
            }
            drawn if drawn < no_form + 6 && !is_latin => {
                self.mess.note(Mess::FormInFull, true);
                form.1
            }
            _ if is_latin => form.2,
            _ => form.0,
        };
        if self.draw(Mess::FormBehind, 110) {
            let comma = if self.dice.thousandths(400) { "," } else { "" };
            return format!("{open}{core}{close}{comma} {word}");
        }
        format!("{word} {open}{core}{close}")
    }

    fn identifiers(&mut self) -> (String, String, String) {
        let habits = self.world.habits;
        let has_kpp = !self.firm.is_sole && self.dice.thousandths(300);
        let kpp = if has_kpp { self.site.kpp.clone() } else { String::new() };
        let has_ogrn = self.dice.thousandths(200);
        let ogrn = if has_ogrn { self.firm.ogrn.clone() } else { String::new() };
        // A branch is told by its tax number: little else of it is the firm's.
        let missing = if self.mess.has(Mess::Branch) { 80 } else { habits.no_tax_id };
        if self.draw(Mess::NoTaxId, missing) {
            return (String::new(), kpp, ogrn);
        }
        let own = self.firm.tax_id.clone();
        let wrong = habits.strangers_tax_id + habits.tax_id_digit;
        let lost = wrong + habits.lost_zero;
        let written = match self.dice.below(1000) {
            drawn if drawn < habits.strangers_tax_id => {
                let stranger = self.stranger();
                self.changed(Mess::StrangersTaxId, own, stranger.tax_id)
            }
            drawn if drawn < wrong => {
                let new = spell::one_digit_wrong(&mut self.dice, &own);
                self.changed(Mess::TaxIdDigit, own, new)
            }
            drawn if drawn < lost && own.starts_with('0') => {
                self.mess.note(Mess::LostZero, true);
                own[1..].to_owned()
            }
            drawn if (lost..lost + habits.decimal_tail).contains(&drawn) => {
                self.mess.note(Mess::DecimalTail, true);
                format!("{own}.0")
            }
            _ => own,
        };
        (written, kpp, ogrn)
    }

    /// Any firm of the list but this.
    fn stranger(&mut self) -> Firm {
        let number = self.dice.below(self.world.firms as usize) as u64;
        self.world.firm(number)
    }

    fn phones(&mut self) -> String {
        if self.draw(Mess::NoPhone, self.world.habits.no_phone) {
            return String::new();
        }
        let main = (self.site.phone.clone(), self.site.city.code.len(), true);
        let mobile = (self.firm.mobile.clone(), 3, false);
        let mut numbers = match self.dice.below(100) {
            0..58 => vec![main],
            58..78 => vec![mobile],
            _ => vec![main, mobile],
        };
        if self.dice.thousandths(self.world.habits.strangers_phone) {
            let stranger = self.stranger();
            self.mess.note(Mess::StrangersPhone, true);
            numbers[0] = (stranger.head.phone, stranger.head.city.code.len(), false);
        }
        if self.draw(Mess::Registrar, self.world.habits.registrar) {
            numbers.push(((*self.dice.skewed(&REGISTRARS)).to_owned(), 3, false));
        }
        self.mess.note(Mess::SeveralPhones, numbers.len() > 1);
        let written: Vec<String> = numbers.into_iter().map(|number| self.phone(number)).collect();
        written.join(self.dice.one_of::<&str>(&[", ", "; ", " / ", "\n"]))
    }

    fn phone(&mut self, (number, code, is_main): (String, usize, bool)) -> String {
        let is_shared = is_main && self.site.is_shared;
        self.mess.note(Mess::Switchboard, is_shared);
        if is_main && self.draw(Mess::LocalPhone, self.world.habits.local_phone) {
            let local = &number[code..];
            let (a, b) = local.split_at(local.len() - 4);
            return format!("{a}-{}-{}", &b[..2], &b[2..]);
        }
        let right = number.clone();
        let digits = if self.dice.thousandths(self.world.habits.phone_digit) {
            let new = spell::one_digit_wrong(&mut self.dice, &number[code..]);
            self.changed(Mess::PhoneDigit, right, format!("{}{new}", &number[..code]))
        } else {
            right
        };
        let written = spell::phone(&mut self.dice, &digits, code);
        let own = self.firm.extension.filter(|_| is_shared);
        let extension = match own {
            Some(extension) if self.dice.thousandths(700) => Some(extension),
            None if is_main && self.dice.thousandths(40) => Some(100 + self.dice.below(100)),
            _ => None,
        };
        let Some(extension) = extension else {
            if is_main && self.aside.thousandths(self.world.habits.shared_ending) {
                self.mess.note(Mess::SharedEnding, true);
                return catalogue::with_ending(&mut self.aside, &written);
            }
            return written;
        };
        self.mess.note(Mess::Extension, true);
        let word = self.dice.one_of(&["доб.", "доб. ", "вн. ", "ext. ", "#"]);
        format!("{written} {word}{extension}")
    }

    fn mail(&mut self) -> String {
        let mail = self.firm.mail.clone();
        if mail.is_empty() || !self.dice.thousandths(self.world.habits.mail) {
            return String::new();
        }
        if self.dice.thousandths(self.world.habits.mail_misspelt)
            && let Some((name, rest)) = mail.split_once('@')
        {
            let new = format!("{}@{rest}", spell::misspelt(&mut self.dice, name));
            return self.changed(Mess::MailMisspelt, mail, new);
        }
        if self.dice.thousandths(60) { mail.to_uppercase() } else { mail }
    }

    fn site(&mut self) -> String {
        let domain = &self.firm.domain;
        match self.dice.below(100) {
            _ if domain.is_empty() => String::new(),
            0..20 => domain.clone(),
            20..30 => format!("www.{domain}"),
            30..40 => format!("https://{domain}/"),
            40..45 => format!("http://www.{domain}/contacts.html"),
            _ => String::new(),
        }
    }

    fn city(&mut self) -> String {
        if self.draw(Mess::NoCity, self.world.habits.no_city) {
            return String::new();
        }
        let city = self.site.city.name;
        if self.aside.thousandths(self.world.habits.nickname) {
            return self.changed(Mess::Nickname, city.to_owned(), catalogue::nickname(city));
        }
        match self.dice.below(10) {
            0 => format!("г. {city}"),
            1 if city == "Санкт-Петербург" => "СПб".to_owned(),
            1 if city == "Нижний Новгород" => "Н. Новгород".to_owned(),
            2 => city.replace('ё', "е"),
            3 => city.to_uppercase(),
            _ => city.to_owned(),
        }
    }

    fn address(&mut self) -> String {
        if !self.dice.thousandths(self.world.habits.address) {
            return String::new();
        }
        let Site { city, street, house, office, .. } = self.site;
        let usual = format!("{}, ул. {street}, д. {house}, оф. {office}", city.name);
        let new = match self.dice.below(8) {
            0 => format!("ул. {street}, {house}"),
            1 => format!("{street} {house}-{office}"),
            2 => format!("{street} ул., дом {house}, офис {office}, г. {}", city.name),
            3 => format!("г.{},ул.{street},д.{house}", city.name),
            4 => format!("{}, {street} улица, {house}, комн. {office}", city.name.to_uppercase()),
            5 => format!("Россия, {}, {street} ул, {house}", city.name),
            _ => usual.clone(),
        };
        self.changed(Mess::OtherAddress, usual, new)
    }

    fn person(&mut self) -> String {
        let person = &self.firm.person;
        match self.dice.below(100) {
            0..15 => person.clone(),
            15..25 => initials(person, ""),
            _ => String::new(),
        }
    }
}

/// «Попов Пётр Ильич» as «Попов П.И.».
fn initials(person: &str, space: &str) -> String {
    let mut words = person.split(' ');
    let family = words.next().unwrap_or_default();
    let letters: Vec<String> =
        words.filter_map(|word| word.chars().next()).map(|first| format!("{first}.")).collect();
    format!("{family} {}", letters.join(space))
}
