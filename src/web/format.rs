//! How numbers, money, days and times look to a person. Nothing is formatted anywhere else.

use crate::values::{Instant, Lang, Money, Zone};

const NBSP: char = '\u{a0}';
const MINUS: char = '\u{2212}';
const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS_RU: [&str; 7] = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// `1 234 567` in Russian, `1,234,567` in English.
pub fn number(lang: Lang, value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mark = match lang {
        Lang::Ru => NBSP,
        Lang::En => ',',
    };
    let mut text = String::new();
    if value < 0 {
        text.push(MINUS);
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// `−1 234,50 ₽` in Russian, `−₽1,234.50` in English; always two decimals.
pub fn money(lang: Lang, money: Money) -> String {
    let major = i64::try_from(money.minor.unsigned_abs() / 100).unwrap_or(i64::MAX);
    let cents = money.minor.unsigned_abs() % 100;
    let minus = if money.minor < 0 { MINUS.to_string() } else { String::new() };
    let whole = number(lang, major);
    let sign = money.currency.sign();
    match lang {
        Lang::Ru => format!("{minus}{whole},{cents:02}{NBSP}{sign}"),
        Lang::En => format!("{minus}{sign}{whole}.{cents:02}"),
    }
}

/// A share of the whole: `12,3 %` in Russian, `12.3%` in English; a dash when there is no whole.
pub fn percent(lang: Lang, part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (i128::from(part) * 1000 + i128::from(whole) / 2) / i128::from(whole);
    match lang {
        Lang::Ru => format!("{},{}{NBSP}%", tenths / 10, tenths % 10),
        Lang::En => format!("{}.{}%", tenths / 10, tenths % 10),
    }
}

/// An exact fraction as a percentage where that has at most six decimals, or as a fraction:
/// `7,5 %` in Russian, `7.5%` in English, `3/70` in both.
pub fn share(lang: Lang, part: i64, whole: i64) -> String {
    const FINE: i128 = 1_000_000;
    let scaled = i128::from(part) * 100 * FINE;
    if whole < 1 || scaled % i128::from(whole) != 0 {
        return format!("{part}/{whole}");
    }
    let exact = scaled / i128::from(whole);
    let units = number(lang, i64::try_from(exact / FINE).unwrap_or(i64::MAX));
    let rest = format!("{:06}", (exact % FINE).abs());
    let rest = rest.trim_end_matches('0');
    let (mark, space) = match lang {
        Lang::Ru => (',', NBSP.to_string()),
        Lang::En => ('.', String::new()),
    };
    let decimals = if rest.is_empty() { String::new() } else { format!("{mark}{rest}") };
    format!("{units}{decimals}{space}%")
}

/// `23.11.2026` in Russian, `23 Nov 2026` in English.
pub fn day(lang: Lang, at: Instant, zone: &Zone) -> String {
    let d = at.day(zone);
    match lang {
        Lang::Ru => format!("{:02}.{:02}.{}", d.day(), d.month(), d.year()),
        Lang::En => format!("{} {} {}", d.day(), &month_en(d.month())[..3], d.year()),
    }
}

/// `23 ноября 2026 г.` in Russian, `23 November 2026` in English.
pub fn long_day(lang: Lang, at: Instant, zone: &Zone) -> String {
    let d = at.day(zone);
    match lang {
        Lang::Ru => {
            let month = MONTHS_RU.get(index(d.month())).copied().unwrap_or_default();
            format!("{} {month} {} г.", d.day(), d.year())
        }
        Lang::En => format!("{} {} {}", d.day(), month_en(d.month()), d.year()),
    }
}

/// `ноябрь 2026 г.` in Russian, `November 2026` in English.
pub fn month(lang: Lang, at: Instant, zone: &Zone) -> String {
    const NAMES_RU: [&str; 12] = [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ];
    let d = at.day(zone);
    match lang {
        Lang::Ru => {
            let name = NAMES_RU.get(index(d.month())).copied().unwrap_or_default();
            format!("{name} {} г.", d.year())
        }
        Lang::En => format!("{} {}", month_en(d.month()), d.year()),
    }
}

/// `14:05`.
pub fn time(at: Instant, zone: &Zone) -> String {
    let t = at.local(zone);
    format!("{:02}:{:02}", t.hour(), t.minute())
}

/// `23.11.2026, 14:05`.
pub fn day_time(lang: Lang, at: Instant, zone: &Zone) -> String {
    format!("{}, {}", day(lang, at, zone), time(at, zone))
}

/// `пт 27.11` in Russian, `Fri 27 Nov` in English: for days near enough to need no year.
pub fn near_day(lang: Lang, at: Instant, zone: &Zone) -> String {
    let d = at.day(zone);
    let weekday = usize::try_from(d.weekday().to_monday_zero_offset()).unwrap_or(0);
    match lang {
        Lang::Ru => {
            let name = WEEKDAYS_RU.get(weekday).copied().unwrap_or_default();
            format!("{name} {:02}.{:02}", d.day(), d.month())
        }
        Lang::En => {
            let name = WEEKDAYS_EN.get(weekday).copied().unwrap_or_default();
            format!("{name} {} {}", d.day(), &month_en(d.month())[..3])
        }
    }
}

/// The value of `<input type="datetime-local">`.
pub fn input_day_time(at: Instant, zone: &Zone) -> String {
    let t = at.local(zone);
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", t.year(), t.month(), t.day(), t.hour(), t.minute())
}

/// The value of `<input type="date">`.
pub fn input_day(at: Instant, zone: &Zone) -> String {
    let d = at.day(zone);
    format!("{:04}-{:02}-{:02}", d.year(), d.month(), d.day())
}

fn index(month: i8) -> usize {
    usize::try_from(month - 1).unwrap_or(0)
}

fn month_en(month: i8) -> &'static str {
    MONTHS_EN.get(index(month)).copied().unwrap_or("January")
}

/// «москва» as «Москва».
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Currency;

    #[test]
    fn figures_look_as_each_language_writes_them() {
        let sum = Money::new(-123_450, Currency::Rub);
        assert_eq!(money(Lang::Ru, sum), "−1\u{a0}234,50\u{a0}₽");
        assert_eq!(money(Lang::En, sum), "−₽1,234.50");
        assert_eq!(number(Lang::Ru, 1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(number(Lang::En, 999), "999");
        assert_eq!(percent(Lang::En, 1, 3), "33.3%");
        assert_eq!(percent(Lang::Ru, 1, 0), "—");
        assert_eq!(share(Lang::Ru, 1, 20), "5\u{a0}%");
        assert_eq!(share(Lang::En, 3, 40), "7.5%");
        assert_eq!(share(Lang::Ru, 3, 70), "3/70");
    }

    #[test]
    fn days_and_times_are_told_in_a_zone() {
        let at = Instant(1_793_602_800_000);
        let moscow = Zone::named("Europe/Moscow");
        assert_eq!(day_time(Lang::Ru, at, &moscow), "02.11.2026, 10:00");
        assert_eq!(long_day(Lang::Ru, at, &moscow), "2 ноября 2026 г.");
        assert_eq!(day(Lang::En, at, &moscow), "2 Nov 2026");
        assert_eq!(near_day(Lang::Ru, at, &moscow), "пн 02.11");
        assert_eq!(near_day(Lang::En, at.plus_days(6), &moscow), "Sun 8 Nov");
        assert_eq!(month(Lang::Ru, at, &moscow), "ноябрь 2026 г.");
        assert_eq!(month(Lang::En, at, &moscow), "November 2026");
        assert_eq!(input_day_time(at, &moscow), "2026-11-02T10:00");
    }
}
