//! Times as a caller types them while talking: «завтра 10», «чт после обеда», «через 2 ч»,
//! "tomorrow at 3pm", "in 30 min", `25.11 14:00`, `2026-11-25T14:00`.
//!
//! Read in the client's own zone, in both languages at once. A day without a time means ten in the
//! morning; a small hour without minutes («в 3») means the afternoon, for nobody calls at night.

use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, ToSpan as _};

use crate::campaigns::hours::weekday_index;
use crate::values::*;

/// Further ahead is a slip of the tongue.
const DAYS_AHEAD_MAX: i64 = 400;
/// Longer texts are not a time.
const CHARS_MAX: usize = 60;

/// Why a phrase is not a time to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhraseProblem {
    /// Nothing in it says when.
    NotUnderstood,
    /// It has passed.
    InThePast,
    /// It is more than a year away.
    TooFar,
}

impl PhraseProblem {
    /// The code of the sentence that says so.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotUnderstood => "phrase-not-understood",
            Self::InThePast => "phrase-in-the-past",
            Self::TooFar => "phrase-too-far",
        }
    }
}

/// Reads a phrase said at `now` to somebody in `zone`.
pub fn read(text: &str, now: Instant, zone: &Zone) -> Result<Instant, PhraseProblem> {
    if text.chars().count() > CHARS_MAX {
        return Err(PhraseProblem::NotUnderstood);
    }
    let text = text.trim().to_lowercase().replace('ё', "е").replace(',', " ");
    let said = match iso(&text, zone) {
        Some(at) => at,
        None => words(&text, now, zone).ok_or(PhraseProblem::NotUnderstood)?,
    };
    if said <= now {
        return Err(PhraseProblem::InThePast);
    }
    if said > now.plus_days(DAYS_AHEAD_MAX) {
        return Err(PhraseProblem::TooFar);
    }
    Ok(said)
}

/// What an input of a day and a time sends.
fn iso(text: &str, zone: &Zone) -> Option<Instant> {
    let (day, time) = text.split_once(['t', ' ']).unwrap_or((text, "10:00"));
    let day: Date = (day.len() == 10 && day.as_bytes().get(4) == Some(&b'-'))
        .then(|| day.parse().ok())
        .flatten()?;
    let time: Time = time.trim().parse().ok()?;
    Some(moment(day.to_datetime(time), zone))
}

/// The moment a wall clock shows. The last year there is has no end in every zone: it is far ahead.
fn moment(local: DateTime, zone: &Zone) -> Instant {
    if local.year() < DateTime::MAX.year() {
        Instant::from_local(local, zone)
    } else {
        Instant(i64::MAX)
    }
}

/// What has been understood so far.
#[derive(Default)]
struct Heard {
    day: Option<Date>,
    is_weekday: bool,
    time: Option<Time>,
    delta: Option<Span>,
}

fn words(text: &str, now: Instant, zone: &Zone) -> Option<Instant> {
    let tokens: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !matches!(*word, "в" | "во" | "на" | "к" | "at" | "on" | "the" | "около"))
        .collect();
    let today = now.day(zone);
    let mut heard = Heard::default();
    let mut at = 0;
    while at < tokens.len() {
        at += hear(&mut heard, &tokens[at..], today)?;
    }
    said(heard, now, zone)
}

/// Takes what the first words mean and says how many they were; `None` when they mean nothing.
fn hear(heard: &mut Heard, words: &[&str], today: Date) -> Option<usize> {
    let (first, rest) = words.split_first()?;
    if matches!(*first, "через" | "in") {
        let (span, used) = delta(rest)?;
        heard.delta = Some(span);
        return Some(used + 1);
    }
    if let Some((time, used)) = part_of_day(words) {
        heard.time.get_or_insert(time);
        return Some(used);
    }
    if let Some(day) = near_day(first, today) {
        heard.day = Some(day);
        return Some(1);
    }
    if matches!(*first, "next" | "следующий" | "следующую" | "следующей" | "следующем")
    {
        let (span, used) = unit(rest.first()?, 1).map(|span| (span, 2))?;
        heard.day = today.checked_add(span).ok();
        return heard.day.map(|_| used);
    }
    if let Some(index) = weekday(first) {
        heard.day = Some(next_weekday(today, index)?);
        heard.is_weekday = true;
        return Some(1);
    }
    if let Some((day, used)) = calendar_day(words, today) {
        heard.day = Some(day);
        return Some(used);
    }
    let (time, used) = clock_time(words)?;
    heard.time = Some(time);
    Some(used)
}

/// Puts day, time and distance together.
fn said(heard: Heard, now: Instant, zone: &Zone) -> Option<Instant> {
    let local = now.local(zone);
    if let Some(span) = heard.delta {
        let moved = local.checked_add(span).ok()?;
        // «через 2 дня в 11» names the time; a distance in hours keeps its own.
        let is_days = span.get_hours() == 0 && span.get_minutes() == 0;
        return Some(match (heard.time, is_days) {
            (Some(time), _) => moment(moved.date().to_datetime(time), zone),
            (None, true) => moment(moved.date().at(10, 0, 0, 0), zone),
            (None, false) => moment(moved, zone),
        });
    }
    let time = match (heard.day, heard.time) {
        (None, None) => return None,
        (_, time) => time.unwrap_or(Time::constant(10, 0, 0, 0)),
    };
    let day = heard.day.unwrap_or(local.date());
    let at = moment(day.to_datetime(time), zone);
    if at > now {
        return Some(at);
    }
    // A bare time that has passed is tomorrow's; a weekday that is today is next week's.
    let later = match (heard.day, heard.is_weekday) {
        (None, _) => day.tomorrow().ok()?,
        (Some(_), true) => day.checked_add(7.days()).ok()?,
        (Some(_), false) => return Some(at),
    };
    Some(moment(later.to_datetime(time), zone))
}

fn delta(words: &[&str]) -> Option<(Span, usize)> {
    let first = words.first()?;
    match *first {
        "час" => return Some((1.hours(), 1)),
        "полчаса" => return Some((30.minutes(), 1)),
        "неделю" => return Some((1.weeks(), 1)),
        "месяц" => return Some((1.months(), 1)),
        "день" => return Some((1.days(), 1)),
        "half" => return Some((30.minutes(), words.len().min(3))),
        "an" | "a" => return Some((unit(words.get(1)?, 1)?, 2)),
        "полтора" => return Some((90.minutes(), 2)),
        _ => {}
    }
    let digits: String = first.chars().take_while(char::is_ascii_digit).collect();
    let count: i64 = digits.parse().ok().filter(|n| (1..=1_000).contains(n))?;
    let tail = &first[digits.len()..];
    if tail.is_empty() {
        return Some((unit(words.get(1)?, count)?, 2));
    }
    Some((unit(tail, count)?, 1))
}

fn unit(word: &str, count: i64) -> Option<Span> {
    let word = word.trim_end_matches('.');
    let starts = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    if starts(&["мес", "month"]) {
        Some(count.months())
    } else if matches!(word, "м" | "m") || starts(&["мин", "min"]) {
        Some(count.minutes())
    } else if matches!(word, "ч" | "h") || starts(&["час", "hour", "hr"]) {
        Some(count.hours())
    } else if matches!(word, "д" | "d") || starts(&["дн", "ден", "day"]) {
        Some(count.days())
    } else if matches!(word, "н" | "w") || starts(&["нед", "week"]) {
        Some(count.weeks())
    } else {
        None
    }
}

fn part_of_day(words: &[&str]) -> Option<(Time, usize)> {
    let time = |hour| Time::new(hour, 0, 0, 0).ok();
    let second = words.get(1).copied().unwrap_or("");
    match (*words.first()?, second) {
        ("после" | "after", "обеда" | "lunch") => Some((time(14)?, 2)),
        ("до" | "before", "обеда" | "lunch") => Some((time(11)?, 2)),
        ("конец" | "конце" | "end", _) => {
            let is_day = |word: &&str| matches!(*word, "дня" | "day");
            let used = words.iter().take(3).position(is_day)? + 1;
            Some((time(17)?, used))
        }
        ("утром" | "утро" | "morning", _) => Some((time(10)?, 1)),
        ("обед" | "днем" | "noon", _) => Some((time(13)?, 1)),
        ("afternoon", _) => Some((time(14)?, 1)),
        ("вечером" | "вечер" | "evening", _) => Some((time(17)?, 1)),
        _ => None,
    }
}

fn near_day(word: &str, today: Date) -> Option<Date> {
    let days: i64 = match word {
        "сегодня" | "today" => 0,
        "завтра" | "tomorrow" | "tmrw" => 1,
        "послезавтра" => 2,
        "вчера" | "yesterday" => -1,
        "позавчера" => -2,
        _ => return None,
    };
    today.checked_add(days.days()).ok()
}

fn weekday(word: &str) -> Option<i64> {
    const STEMS: [[&str; 3]; 7] = [
        ["пн", "понед", "mon"],
        ["вт", "вторн", "tue"],
        ["ср", "сред", "wed"],
        ["чт", "четв", "thu"],
        ["пт", "пятн", "fri"],
        ["сб", "субб", "sat"],
        ["вс", "воскр", "sun"],
    ];
    let word = word.trim_end_matches('.');
    let index = STEMS.iter().position(|[short, stem, english]| {
        word == *short || word.starts_with(stem) || word.starts_with(english)
    })?;
    i64::try_from(index).ok()
}

fn next_weekday(today: Date, index: i64) -> Option<Date> {
    let ahead = (index - weekday_index(today)).rem_euclid(7);
    today.checked_add(ahead.days()).ok()
}

/// `25.11`, `25.11.2026`, «25 ноября», "nov 25", «в мае» (its first day).
fn calendar_day(words: &[&str], today: Date) -> Option<(Date, usize)> {
    let first = words.first()?;
    let parts: Vec<&str> = first.split('.').filter(|part| !part.is_empty()).collect();
    if let [day, month, year @ ..] = parts.as_slice()
        && first.matches('.').count() >= parts.len() - 1
        && month.len() == 2
    {
        let (day, month) = (day.parse().ok()?, month.parse().ok()?);
        return Some((dated(day, month, year.first().copied(), today)?, 1));
    }
    let second = words.get(1).copied().unwrap_or("");
    if let Ok(day) = first.parse::<i8>()
        && let Some(month) = month(second)
    {
        return Some((dated(day, month, None, today)?, 2));
    }
    let month = month(first)?;
    match second.parse::<i8>() {
        Ok(day) => Some((dated(day, month, None, today)?, 2)),
        Err(_) => Some((dated(1, month, None, today)?, 1)),
    }
}

/// That day of this year, or of the next when it has passed.
fn dated(day: i8, month: i8, year: Option<&str>, today: Date) -> Option<Date> {
    if let Some(year) = year {
        let year: i16 = year.parse().ok()?;
        return Date::new(if year < 100 { year + 2_000 } else { year }, month, day).ok();
    }
    let this = Date::new(today.year(), month, day).ok()?;
    if this >= today { Some(this) } else { Date::new(today.year() + 1, month, day).ok() }
}

fn month(word: &str) -> Option<i8> {
    const STEMS: [(&str, &str); 12] = [
        ("янв", "jan"),
        ("фев", "feb"),
        ("мар", "mar"),
        ("апр", "apr"),
        ("ма", "may"),
        ("июн", "jun"),
        ("июл", "jul"),
        ("авг", "aug"),
        ("сен", "sep"),
        ("окт", "oct"),
        ("ноя", "nov"),
        ("дек", "dec"),
    ];
    let index = STEMS.iter().position(|(ru, en)| word.starts_with(ru) || word.starts_with(en))?;
    i8::try_from(index + 1).ok()
}

/// `10`, `10:30`, `10.30`, `15ч`, `3pm`, `3 pm`, «10 часов», «10 утра».
fn clock_time(words: &[&str]) -> Option<(Time, usize)> {
    let first = words.first()?;
    let end = first.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.' && c != '-');
    let (figures, tail) = first.split_at(end.unwrap_or(first.len()));
    let (hour, minute) = figures
        .split_once([':', '.', '-'])
        .map_or((figures, None), |(hour, minute)| (hour, Some(minute)));
    let has_zero = hour.len() == 2 && hour.starts_with('0');
    let hour: i8 = (hour.len() <= 2).then(|| hour.parse().ok()).flatten()?;
    let minute: i8 = match minute {
        Some(minute) if minute.len() == 2 => minute.parse().ok()?,
        Some(_) => return None,
        None => 0,
    };
    let second = words.get(1).copied().unwrap_or("");
    let (mark, used) = if tail.is_empty() && is_mark(second) { (second, 2) } else { (tail, 1) };
    let hour = match mark {
        "pm" | "вечера" | "дня" if hour < 12 => hour + 12,
        "pm" | "am" | "утра" | "вечера" | "дня" => hour,
        "" | "ч" | "час" | "часа" | "часов" | "h" | "o'clock" => {
            if (1..=7).contains(&hour) && !has_zero { hour + 12 } else { hour }
        }
        _ => return None,
    };
    Time::new(hour, minute, 0, 0).ok().map(|time| (time, used))
}

fn is_mark(word: &str) -> bool {
    matches!(word, "pm" | "am" | "утра" | "вечера" | "дня" | "ч" | "час" | "часа" | "часов" | "h")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    /// Monday 2 November 2026, 10:00 in Moscow; 14:00 in Novosibirsk.
    const NOW: Instant = Instant(1_793_602_800_000);

    fn check(zone: &str, rows: &[(&str, (i8, i8, i8, i8))]) {
        let zone = Zone::named(zone);
        for (text, (month, day, hour, minute)) in rows {
            let year = if *month < 11 { 2027 } else { 2026 };
            let expected =
                Instant::from_local(datetime(year, *month, *day, *hour, *minute, 0, 0), &zone);
            let found = read(text, NOW, &zone);
            let told = found.map(|at| at.local(&zone));
            assert_eq!(found, Ok(expected), "{text:?} was read as {told:?}");
        }
    }

    #[test]
    fn russian_phrases_are_read_as_they_are_meant() {
        check(
            "Europe/Moscow",
            &[
                ("завтра 10", (11, 3, 10, 0)),
                ("Завтра в 10:30", (11, 3, 10, 30)),
                ("завтра", (11, 3, 10, 0)),
                ("завтра в 3", (11, 3, 15, 0)),
                ("завтра 15ч", (11, 3, 15, 0)),
                ("послезавтра утром", (11, 4, 10, 0)),
                ("сегодня 17-30", (11, 2, 17, 30)),
                ("чт после обеда", (11, 5, 14, 0)),
                ("в четверг до обеда", (11, 5, 11, 0)),
                ("пн", (11, 9, 10, 0)),
                ("пн 15", (11, 2, 15, 0)),
                ("в пятницу в конце дня", (11, 6, 17, 0)),
                ("через 2 ч", (11, 2, 12, 0)),
                ("через 30 мин", (11, 2, 10, 30)),
                ("через 2ч", (11, 2, 12, 0)),
                ("через час", (11, 2, 11, 0)),
                ("через полчаса", (11, 2, 10, 30)),
                ("через полтора часа", (11, 2, 11, 30)),
                ("через 3 дня в 11", (11, 5, 11, 0)),
                ("через неделю", (11, 9, 10, 0)),
                ("через 2 месяца", (1, 2, 10, 0)),
                ("25.11 14:00", (11, 25, 14, 0)),
                ("25.11.2026 в 9", (11, 25, 9, 0)),
                ("25 ноября 16:15", (11, 25, 16, 15)),
                ("в мае", (5, 1, 10, 0)),
                ("15 марта", (3, 15, 10, 0)),
                ("в 16", (11, 2, 16, 0)),
                ("9 утра", (11, 3, 9, 0)),
                ("5 вечера", (11, 2, 17, 0)),
                ("на следующей неделе", (11, 9, 10, 0)),
                ("после обеда", (11, 2, 14, 0)),
            ],
        );
    }

    #[test]
    fn english_phrases_and_dates_are_read_as_they_are_meant() {
        check(
            "Europe/Moscow",
            &[
                ("tomorrow 10", (11, 3, 10, 0)),
                ("tomorrow at 3pm", (11, 3, 15, 0)),
                ("tomorrow 9:30 am", (11, 3, 9, 30)),
                ("in 2 h", (11, 2, 12, 0)),
                ("in 45 minutes", (11, 2, 10, 45)),
                ("in an hour", (11, 2, 11, 0)),
                ("in half an hour", (11, 2, 10, 30)),
                ("thu afternoon", (11, 5, 14, 0)),
                ("Friday after lunch", (11, 6, 14, 0)),
                ("next week", (11, 9, 10, 0)),
                ("nov 25 14:00", (11, 25, 14, 0)),
                ("25 november", (11, 25, 10, 0)),
                ("2026-11-25T14:00", (11, 25, 14, 0)),
                ("2026-11-25 08:05", (11, 25, 8, 5)),
            ],
        );
    }

    #[test]
    fn a_phrase_is_told_in_the_clients_zone() {
        check(
            "Asia/Novosibirsk",
            &[("завтра 10", (11, 3, 10, 0)), ("в 16", (11, 2, 16, 0)), ("13:00", (11, 3, 13, 0))],
        );
    }

    #[test]
    fn what_is_no_time_says_why() {
        let zone = Zone::named("Europe/Moscow");
        for (text, expected) in [
            ("", PhraseProblem::NotUnderstood),
            ("когда-нибудь", PhraseProblem::NotUnderstood),
            ("завтра 25:00", PhraseProblem::NotUnderstood),
            ("32.01", PhraseProblem::NotUnderstood),
            ("30 февраля", PhraseProblem::NotUnderstood),
            ("через 0 ч", PhraseProblem::NotUnderstood),
            ("через 99999999999 ч", PhraseProblem::NotUnderstood),
            ("😀", PhraseProblem::NotUnderstood),
            ("сегодня 9", PhraseProblem::InThePast),
            ("01.11.2026 12:00", PhraseProblem::InThePast),
            ("2020-01-01T10:00", PhraseProblem::InThePast),
            ("вчера 10", PhraseProblem::InThePast),
            ("вчера", PhraseProblem::InThePast),
            ("позавчера в 15", PhraseProblem::InThePast),
            ("yesterday at 3pm", PhraseProblem::InThePast),
            ("01.01.2090", PhraseProblem::TooFar),
            ("9999-12-31", PhraseProblem::TooFar),
            ("31.12.9999", PhraseProblem::TooFar),
        ] {
            assert_eq!(read(text, NOW, &zone), Err(expected), "{text:?}");
        }
        assert_eq!(read(&"завтра ".repeat(99), NOW, &zone), Err(PhraseProblem::NotUnderstood));
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,70}") {
            // Whatever is typed, the answer lies ahead and within the limit, or says why not.
            if let Ok(at) = read(&text, NOW, &Zone::named("Europe/Moscow")) {
                proptest::prop_assert!(at > NOW && at <= NOW.plus_days(DAYS_AHEAD_MAX));
            }
        }
    }
}
