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
    delta: Option<Distance>,
}

/// How far ahead.
enum Distance {
    /// On the clock that never jumps: an hour is an hour on the night of a change, too.
    Minutes(i64),
    /// Over the calendar.
    Days(Span),
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
        let (distance, used) = delta(rest)?;
        heard.delta = Some(distance);
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
        let Distance::Days(span) = Unit::of(rest.first()?)?.times(1)? else { return None };
        heard.day = today.checked_add(span).ok();
        return heard.day.map(|_| 2);
    }
    if let Some(index) = weekday(first) {
        heard.day = Some(next_weekday(today, index)?);
        heard.is_weekday = true;
        return Some(1);
    }
    // Behind a day «10.10» is a time: nobody names two days.
    let is_time = heard.day.is_some() && heard.time.is_none();
    if is_time && let Some((time, used)) = clock_time(words) {
        heard.time = Some(time);
        return Some(used);
    }
    if heard.day.is_some() && calendar_day(words, today).is_some() {
        return None;
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
    if let Some(distance) = heard.delta {
        // «через 2 дня в 11» names the time; a distance in hours keeps its own.
        let (day, time) = match (distance, heard.time) {
            (Distance::Minutes(minutes), None) => return Some(now.plus_minutes(minutes)),
            (Distance::Minutes(minutes), Some(time)) => (now.plus_minutes(minutes).day(zone), time),
            (Distance::Days(span), time) => {
                let day = local.date().checked_add(span).ok()?;
                (day, time.unwrap_or(Time::constant(10, 0, 0, 0)))
            }
        };
        return Some(moment(day.to_datetime(time), zone));
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

fn delta(words: &[&str]) -> Option<(Distance, usize)> {
    let first = words.first()?;
    let word = |place: usize| words.get(place).copied();
    match *first {
        "час" => return Some((Distance::Minutes(60), 1)),
        "полчаса" => return Some((Distance::Minutes(30), 1)),
        "полгода" => return Some((Distance::Days(6.months()), 1)),
        "год" | "неделю" | "месяц" | "день" => {
            return Some((Unit::of(first)?.times(1)?, 1));
        }
        "half" => {
            let used = if matches!(word(1), Some("a" | "an")) { 3 } else { 2 };
            return Some((Unit::of(word(used - 1)?)?.halves(1)?, used));
        }
        "an" | "a" => return Some((Unit::of(word(1)?)?.times(1)?, 2)),
        "полтора" | "полторы" => return Some((Unit::of(word(1)?)?.halves(3)?, 2)),
        _ => {}
    }
    let digits: String = first.chars().take_while(char::is_ascii_digit).collect();
    let count: i64 = digits.parse().ok().filter(|n| (1..=1_000).contains(n))?;
    let tail = &first[digits.len()..];
    if tail.is_empty() {
        return Some((Unit::of(word(1)?)?.times(count)?, 2));
    }
    Some((Unit::of(tail)?.times(count)?, 1))
}

/// What a distance is counted in.
#[derive(Clone, Copy)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    fn of(word: &str) -> Option<Self> {
        let word = word.trim_end_matches('.');
        let starts = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
        Some(if starts(&["мес", "month"]) {
            Self::Month
        } else if starts(&["год", "лет", "year"]) {
            Self::Year
        } else if matches!(word, "м" | "m") || starts(&["мин", "min"]) {
            Self::Minute
        } else if matches!(word, "ч" | "h") || starts(&["час", "hour", "hr"]) {
            Self::Hour
        } else if matches!(word, "д" | "d") || starts(&["дн", "ден", "день", "сут", "day"])
        {
            Self::Day
        } else if matches!(word, "н" | "w") || starts(&["нед", "week"]) {
            Self::Week
        } else {
            return None;
        })
    }

    fn times(self, count: i64) -> Option<Distance> {
        Some(match self {
            Self::Minute => Distance::Minutes(count),
            Self::Hour => Distance::Minutes(60 * count),
            Self::Day => Distance::Days(count.days()),
            Self::Week => Distance::Days(count.weeks()),
            Self::Month => Distance::Days(count.months()),
            Self::Year => Distance::Days((12 * count).months()),
        })
    }

    /// So many halves of it; nothing where nobody means a moment by that.
    fn halves(self, count: i64) -> Option<Distance> {
        Some(match self {
            Self::Minute => return None,
            Self::Hour => Distance::Minutes(30 * count),
            Self::Day => Distance::Minutes(12 * 60 * count),
            Self::Week => Distance::Days((count * 7 / 2).days()),
            Self::Month => Distance::Days((count / 2).months().days(count % 2 * 15)),
            Self::Year => Distance::Days((6 * count).months()),
        })
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
        // Noon is 12 pm; twelve at night has one name in English.
        "am" if hour == 12 => 0,
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
mod tests;
