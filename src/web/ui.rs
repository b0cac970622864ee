//! What a view is given besides its own fields: words, formats, the frame of the page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::doors::Doors;
use super::errors::Failed;
use super::words::{self, Word};
use super::{assets, format};
use crate::values::*;

/// The frame of a page and the language of its reader.
#[derive(Debug, Clone)]
pub struct Ui {
    /// Language of the words.
    pub lang: Lang,
    /// Zone in which times are told.
    pub zone: Zone,
    /// Currency of the firm.
    pub currency: Currency,
    /// `auto`, `light` or `dark`.
    pub theme: String,
    /// True where the reader switched single-key shortcuts off.
    pub keys_off: bool,
    /// The keys that mean others, as the reader chose them; `data-keymap` of the page.
    pub keymap: String,
    /// Who reads; `None` before sign-in.
    pub person: Option<Person>,
    /// What the top bar offers.
    pub nav: Vec<NavLink>,
    /// True where the top bar offers the search.
    pub may_search: bool,
    /// Whether a link would open for the reader.
    pub doors: Doors,
    /// Today's pay for the top bar.
    pub earned_today: Option<Money>,
    /// Who calls the reader just now; nothing where they are told of no calls.
    pub calling: Option<Vec<Caller>>,
    /// What is late besides the tasks of this page.
    pub late: Vec<Late>,
    /// Path of this page.
    pub path: String,
    /// The session's token against forged forms.
    pub csrf: String,
    /// When the page was made.
    pub now: Instant,
    /// A short word about what just happened (its key), shown once.
    pub flash: Option<String>,
    /// True for a demo firm.
    pub is_demo: bool,
}

/// Who reads.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Key of the word for their role.
    pub role_key: &'static str,
}

/// Who calls the reader.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The call, as the reader was told of it.
    pub id: IncomingCallId,
    /// What the company is called.
    pub company: String,
    /// How the call stands, as a code.
    pub state: &'static str,
    /// When it began.
    pub at: Instant,
}

/// Things that are late, and where they are.
#[derive(Debug, Clone)]
pub struct Late {
    /// Where they are.
    pub href: &'static str,
    /// Key of the words with their count.
    pub key: &'static str,
    /// How many.
    pub count: i64,
}

/// A link of the top bar.
#[derive(Debug, Clone)]
pub struct NavLink {
    /// Where it leads.
    pub href: &'static str,
    /// Key of its word.
    pub key: &'static str,
    /// Tier it belongs to, for its mark; nought for none.
    pub tier: i64,
    /// Where else one is below it: pages that it leads to and that have no link of their own.
    pub below: &'static [&'static str],
}

impl Ui {
    /// A frame for somebody not signed in.
    pub fn anonymous(lang: Lang, now: Instant) -> Self {
        Self {
            lang,
            zone: Zone::utc(),
            currency: Currency::default(),
            theme: "auto".to_owned(),
            keys_off: false,
            keymap: String::new(),
            person: None,
            nav: Vec::new(),
            may_search: false,
            doors: Doors::default(),
            earned_today: None,
            calling: None,
            late: Vec::new(),
            path: "/".to_owned(),
            csrf: String::new(),
            now,
            flash: None,
            is_demo: false,
        }
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        words::say(self.lang, key, &[])
    }
    /// The text of a key made of a prefix and a code, as in `outcome-` + `busy`.
    pub fn tc(&self, prefix: &str, code: &str) -> String {
        words::say(self.lang, &format!("{prefix}{}", code.replace(['.', '_'], "-")), &[])
    }
    /// A zone as people call it: by its town, in their language where that is known.
    pub fn zone_name(&self, zone: &Zone) -> String {
        let slug = zone.name().to_lowercase().replace(['/', '_'], "-");
        let key = format!("zone-{slug}");
        if words::has(self.lang, &key) {
            return self.t(&key);
        }
        zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
    }
    /// The words of codes that a comma parts, in a row; a code without a word is left out.
    pub fn codes(&self, prefix: &str, codes: &str) -> String {
        let keys =
            codes.split(',').map(|code| format!("{prefix}{}", code.replace(['.', '_'], "-")));
        let known = keys.filter(|key| words::has(self.lang, key)).map(|key| self.t(&key));
        known.collect::<Vec<_>>().join(", ")
    }
    /// The text of a key with one argument.
    pub fn ta(&self, key: &str, name: &str, word: impl Into<Word>) -> String {
        words::say(self.lang, key, &[(name, word.into())])
    }
    /// The text of a key with two arguments.
    pub fn taa(
        &self,
        key: &str,
        name: &str,
        word: impl Into<Word>,
        name2: &str,
        word2: impl Into<Word>,
    ) -> String {
        words::say(self.lang, key, &[(name, word.into()), (name2, word2.into())])
    }
    /// The text of a key with a count, in the right plural form.
    pub fn n(&self, key: &str, count: impl Into<Word>) -> String {
        words::say(self.lang, key, &[("count", count.into())])
    }
    /// The sentence of a field's problem.
    pub fn problem(&self, problem: &Problem) -> String {
        let args: Vec<(&str, Word)> =
            problem.args.iter().map(|(n, v)| (*n, Word::Text(v.clone()))).collect();
        words::say(self.lang, &format!("invalid-{}", problem.code), &args)
    }
    /// The sentence about a field, or nothing; for views: `ui.wrong(fields, "name")`.
    pub fn wrong(&self, fields: &Fields, field: &str) -> Option<String> {
        fields.0.get(field).map(|problem| self.problem(problem))
    }
    /// A whole number.
    pub fn number(&self, value: &i64) -> String {
        format::number(self.lang, *value)
    }
    /// A sum of money.
    pub fn money(&self, value: &Money) -> String {
        format::money(self.lang, *value)
    }
    /// A share of the whole.
    pub fn percent(&self, part: &i64, whole: &i64) -> String {
        format::percent(self.lang, *part, *whole)
    }
    /// An exact fraction as a percentage, or as a fraction where it has no end.
    pub fn share(&self, part: &i64, whole: &i64) -> String {
        format::share(self.lang, *part, *whole)
    }
    /// A month in words, as in `November 2026`.
    pub fn month(&self, at: &Instant) -> String {
        format::month(self.lang, *at, &self.zone)
    }
    /// A day.
    pub fn day(&self, at: &Instant) -> String {
        format::day(self.lang, *at, &self.zone)
    }
    /// A day in words.
    pub fn long_day(&self, at: &Instant) -> String {
        format::long_day(self.lang, *at, &self.zone)
    }
    /// A time of day.
    pub fn time(&self, at: &Instant) -> String {
        format::time(*at, &self.zone)
    }
    /// A day and a time; today's and yesterday's days are told by those words.
    pub fn day_time(&self, at: &Instant) -> String {
        let today = self.now.day(&self.zone);
        let day = at.day(&self.zone);
        let time = format::time(*at, &self.zone);
        if day == today {
            self.ta("today-at", "time", time)
        } else if day.tomorrow().is_ok_and(|next| next == today) {
            self.ta("yesterday-at", "time", time)
        } else {
            format::day_time(self.lang, *at, &self.zone)
        }
    }
    /// A day and a time not far away: `завтра, 13:00`, `пт 27.11, 13:00`; with its year when it
    /// is half a year off or more.
    pub fn near_time(&self, at: &Instant) -> String {
        let today = self.now.day(&self.zone);
        let day = at.day(&self.zone);
        let time = format::time(*at, &self.zone);
        if today.tomorrow().is_ok_and(|next| next == day) {
            self.ta("tomorrow-at", "time", time)
        } else if day == today || day.tomorrow().is_ok_and(|next| next == today) {
            self.day_time(at)
        } else if (at.ms() - self.now.ms()).abs() > 180 * DAY_MS {
            format::day_time(self.lang, *at, &self.zone)
        } else {
            format!("{}, {time}", format::near_day(self.lang, *at, &self.zone))
        }
    }
    /// The value of an input of a day and a time.
    pub fn input_day_time(&self, at: &Instant) -> String {
        format::input_day_time(*at, &self.zone)
    }
    /// The value of an input of a day.
    pub fn input_day(&self, at: &Instant) -> String {
        format::input_day(*at, &self.zone)
    }
    /// The address of an embedded file.
    pub fn asset(&self, path: &str) -> String {
        assets::href(path)
    }
    /// A fresh idempotency key for a form.
    pub fn fresh_key(&self) -> String {
        AnyId::fresh(self.now).to_string()
    }
    /// True for the link of the top bar that the page belongs to: at most one.
    pub fn is_in(&self, link: &NavLink) -> bool {
        let mut links = self.nav.iter();
        let own = links
            .find(|one| self.is_at(one.href))
            .or_else(|| self.nav.iter().find(|one| one.below.iter().any(|path| self.is_at(path))));
        own.is_some_and(|own| own.href == link.href)
    }
    /// True when the page is at that address or below it.
    pub fn is_at(&self, href: &str) -> bool {
        self.path == href || self.path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ui {
    type Rejection = Failed;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        parts
            .extensions
            .get::<Ui>()
            .cloned()
            .ok_or_else(|| Failed(Error::failure("the page frame was not prepared")))
    }
}
