//! A second implementation, naive on purpose: plain loops over everything, its own fractions, its
//! own types, no function or type of the engine. A made-up firm is rendered as JSON for the
//! engine, and what the two say is compared amount by amount.

pub mod dice;
pub mod fraction;
pub mod naive;
pub mod naive_pay;
pub mod render;

use std::collections::BTreeMap;

use fraction::F;

/// Hours of the made-up time; it begins with 2026.
pub const DAYS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

#[derive(Debug, Clone)]
pub struct Firm {
    pub versions: Vec<Version>,
    pub assignments: Vec<Assigned>,
    /// Person, head, from hour, until hour.
    pub heads: Vec<(String, String, i64, i64)>,
    pub events: Vec<Told>,
    /// The hour of asking.
    pub as_of: i64,
}

#[derive(Debug, Clone)]
pub struct Version {
    pub plan: String,
    pub number: usize,
    /// The hour from which it holds; far before the beginning for the first.
    pub from: i64,
    pub rounding: Rounds,
    pub cap: Option<i64>,
    pub components: Vec<Line>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounds {
    Up,
    Even,
    Down,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub code: String,
    pub from: From,
    pub filter: Option<Ask>,
    pub measure: Counts,
    pub span: Span,
    pub once: Once,
    pub rate: Pays,
    pub has_quota: bool,
    pub cliff: Option<Height>,
    pub factors: Vec<Times>,
    pub gate: Option<Door>,
    pub caps: Vec<(CapOver, i64)>,
    pub last_day: Option<i64>,
    pub by: Whom,
    pub split: Vec<(Whom, i64, i64)>,
    pub overlay: Vec<(Whom, i64, i64)>,
    pub others: bool,
    pub clawback: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    Events(Vec<String>),
    Result(String),
    Calendar,
}

/// A question to the facts.
#[derive(Debug, Clone)]
pub enum Ask {
    UnitsAtLeast(i64),
    AmountAbove(i64),
    ProductIn(Vec<String>),
    Has(String),
    HeldWithin(i64),
    QualityBelow(i64),
    Not(Box<Ask>),
    Both(Box<Ask>, Box<Ask>),
    Either(Box<Ask>, Box<Ask>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    One,
    Amount,
    /// Percent of the amount.
    PartOfAmount(i64),
    /// The amount, less the smaller of the margin and so much.
    AmountLess(i64),
    Units,
    /// Units, but so many at least.
    UnitsAtLeast(i64),
    Result,
    Days,
}

impl Counts {
    pub fn is_money(self) -> bool {
        matches!(self, Self::Amount | Self::PartOfAmount(_) | Self::AmountLess(_) | Self::Result)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    Single,
    Month,
    Quarter,
    Year,
    Term,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    Event,
    Subject,
    SubjectInMonth,
}

#[derive(Debug, Clone)]
pub enum Pays {
    Each(i64),
    /// Tenths of a percent.
    Share(i64),
    Table(TableBy, Read, Vec<(Option<i64>, Pay)>),
    Milestone(Height, i64),
    OneTime(i64),
    Salary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableBy {
    Measure,
    Count,
    Attainment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    Marginal,
    Retroactive,
    Lump,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pay {
    Money(i64),
    /// Tenths of a percent.
    Share(i64),
}

/// A height: a count, minor units, or percent of the quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Height {
    Count(i64),
    Money(i64),
    Percent(i64),
}

#[derive(Debug, Clone)]
pub struct Times {
    pub by: Figure,
    /// Upper ends in percent and factors in percent.
    pub rows: Vec<(Option<i64>, i64)>,
    pub unknown: i64,
}

#[derive(Debug, Clone)]
pub enum Figure {
    Attainment(String),
    Score,
}

#[derive(Debug, Clone)]
pub struct Door {
    /// Percent.
    pub at_once: i64,
    pub stages: Vec<StageOf>,
}

#[derive(Debug, Clone)]
pub struct StageOf {
    pub releases: i64,
    /// Kind, question, whether it passes, whether it is heard late.
    pub words: Vec<(String, Option<Ask>, bool, bool)>,
    /// Hours, and whether silence passes.
    pub limit: Option<(i64, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapOver {
    Amount,
    Deal,
    Month,
    Quarter,
    Year,
    Component,
}

/// A role, and whether its head is meant.
pub type Whom = (String, bool);

#[derive(Debug, Clone)]
pub struct Assigned {
    pub id: String,
    pub person: String,
    pub plan: String,
    /// Days from the first of 2026.
    pub from: i64,
    pub until: Option<i64>,
    pub salary: Option<i64>,
    pub rates: BTreeMap<String, Pay>,
    /// The target in minor units or pieces, whether it is money, the ramp in percent, prorated.
    pub quota: Option<(i64, bool, Vec<i64>, bool)>,
}

#[derive(Debug, Clone)]
pub struct Told {
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub deal: Option<String>,
    pub hour: i64,
    pub people: Vec<(String, String)>,
    pub facts: BTreeMap<String, Fact>,
    pub word: Word,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    Money(i64, &'static str),
    Whole(i64),
    Text(String),
    Percent(i64),
    Day(i64),
}

#[derive(Debug, Clone)]
pub enum Word {
    News,
    Cancels(String),
    Corrects(String),
    Reverses(String, i64),
}

/// Month from nought, of a day from nought.
pub fn month_of(day: i64) -> usize {
    let mut rest = day;
    for (month, days) in DAYS.iter().enumerate() {
        if rest < *days {
            return month;
        }
        rest -= days;
    }
    11
}

pub fn label(span: Span, month: usize) -> String {
    match span {
        Span::Month => format!("2026-{:02}", month + 1),
        Span::Quarter => format!("2026-Q{}", month / 3 + 1),
        Span::Year => "2026".to_owned(),
        Span::Single | Span::Term => String::new(),
    }
}

/// First day and first day after of a month.
pub fn days_of(month: usize) -> (i64, i64) {
    let before: i64 = DAYS[..month].iter().sum();
    (before, before + DAYS[month])
}

/// What a credit is called, and what is owed and waits.
pub type Amounts = BTreeMap<String, (i64, i64)>;

pub fn percent(percent: i64) -> F {
    F::new(percent, 100)
}
