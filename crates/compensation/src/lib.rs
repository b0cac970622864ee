//! Pay plans as data, and what every credit should stand at by them, with the reason.
//!
//! The library is a pure function. In go *events* (what happened, named and typed by whoever uses
//! it), *versions* of plans, *assignments* of people to plans, who leads whom, a calendar, and an
//! instant. Out come *credits*: for each person, component and thing (an event, a subject or a
//! period) what is owed, what waits, and an explanation as data. What must be written in a ledger
//! to get there is not said here: whoever keeps it compares, and posts the difference.
//!
//! # What holds, always
//!
//! - The order in which events arrive and how often one is delivered change nothing.
//! - Amounts are exact fractions of 128 bits until the one rounding that the version names. There
//!   are no floats. What does not fit is an answer with a reason ([`Unpaid::TooLarge`]).
//! - Parts of a split sum to the whole, to the last minor unit; parts that stages release sum to
//!   the amount; the salaries of stretches of a month sum to the salary.
//! - The version in force when something happened pays for it to the end. A new version begins
//!   with its own tables, quotas and caps.
//! - An event that was cancelled, or whose money went back whole, is as if it never was. One that
//!   was corrected counts as corrected, in the period in which it happened.
//! - Nothing is paid twice for one event by one component, nor for one subject where the component
//!   says so. What pays nothing says why.
//! - Holdback is the rule: what a failed stage still held is lost, what was released stays.
//!   Claw-back is a flag, off by default, and labelled.
//! - A plan that a check refuses cannot be evaluated: [`Rules`] are built from [`Published`].
//!
//! And what is absent: no input or output, no clock, no random source, no zone, no `unsafe`, no
//! conversion of currencies, no word of any business.
//!
//! # A worked example
//!
//! Sellers have 5 % of what clients pay up to their quota of the month and 8 % beyond it. For a
//! meeting they booked they have 300 roubles, 100 of it when it is held and 200 when it is
//! accepted; two days of silence accept it. A head has a tenth of that on top.
//!
//! ```
//! use compensation::{
//!     Assignment, Day, Event, Headship, Labels, Limits, Moment, Month, Plan, Rules, Schema,
//!     Standing, Type, credits, say,
//! };
//!
//! // What the user of the library can tell.
//! let schema = Schema {
//!     kinds: ["paid", "booked", "held", "accepted", "rejected"].map(Into::into).into(),
//!     roles: ["seller"].map(Into::into).into(),
//!     facts: [("amount".into(), Type::Money), ("product".into(), Type::Text)].into(),
//! };
//!
//! // A version of a plan, as it is stored.
//! let plan: Plan = serde_json::from_str(r#"{
//!   "plan": "sellers", "version": 1, "from": {"at": 0, "day": "2026-01-01"},
//!   "currency": "RUB", "rounding": "half_up",
//!   "components": [
//!     {"code": "share", "on": {"events": ["paid"]},
//!      "filter": "product in (\"crm\", \"site\")",
//!      "measure": {"of": "amount"}, "period": "month", "quota": "money",
//!      "rate": {"table": {"by": "attainment", "reading": "marginal", "rows": [
//!        {"over": "0 %", "up_to": "100 %", "pays": "5 %"},
//!        {"over": "100 %", "pays": "8 %"}]}},
//!      "payees": {"by": {"role": "seller"},
//!                 "split": [{"who": {"role": "seller"}, "share": "100 %"}]}},
//!     {"code": "meeting", "on": {"events": ["booked"]}, "once": "subject",
//!      "measure": "count", "period": "event", "rate": {"each": "300.00 RUB"},
//!      "gate": {"at_once": "0 %", "stages": [
//!        {"code": "held", "releases": "1 / 3",
//!         "words": [{"on": "held", "verdict": "passes"}]},
//!        {"code": "accepted", "releases": "2 / 3",
//!         "words": [{"on": "accepted", "verdict": "passes"},
//!                   {"on": "rejected", "verdict": "fails"}],
//!         "limit": {"hours": 48, "silence": "passes"}}]},
//!      "payees": {"by": {"role": "seller"},
//!                 "split": [{"who": {"role": "seller"}, "share": "100 %"}],
//!                 "overlay": [{"who": {"head_of": "seller"}, "share": "10 %"}]}}
//!   ]}"#)?;
//! assert_eq!(plan.check(&schema, &Limits::default()), []);
//! assert_eq!(say(&plan).len(), 30); // clauses to read it aloud by
//! let published = plan.publish(&schema, &Limits::default()).expect("it has no fault");
//!
//! // Who is paid by it, under whom, and which days are March.
//! let moment = |day: i64| Moment {
//!     at: day * 86_400_000,
//!     day: Day::new(20_513 + day as i32).expect("a day of the calendar"), // 2026-03-01
//! };
//! let labels = Labels {
//!     month: "2026-03".into(),
//!     quarter: "2026-Q1".into(),
//!     year: "2026".into(),
//! };
//! let anna: Assignment = serde_json::from_str(r#"{
//!   "id": "a-1", "person": "anna", "plan": "sellers",
//!   "from": {"at": 0, "day": "2026-03-01"},
//!   "quotas": {"money": {"target": "10000.00 RUB"}}}"#)?;
//! let head = Headship { person: "anna".into(), head: "vera".into(), from: 0, until: None };
//! let march = Month {
//!     labels: labels.clone(),
//!     first: moment(0).day,
//!     days: 31,
//!     ends_at: moment(31).at,
//! };
//! let rules = Rules::new(vec![published], vec![anna], vec![head], vec![march])
//!     .expect("everything fits together");
//!
//! // What happened, in the order in which it happened to arrive.
//! let event = |id: &str, kind: &str, subject: &str, day| Event {
//!     id: id.into(),
//!     kind: kind.into(),
//!     subject: subject.into(),
//!     deal: None,
//!     when: moment(day),
//!     labels: labels.clone(),
//!     people: vec![("seller".into(), "anna".into())],
//!     facts: Default::default(),
//!     word: Default::default(),
//! };
//! let mut paid = event("e-1", "paid", "invoice-7", 3);
//! paid.facts.set("amount".into(), "12000.00 RUB".parse()?);
//! paid.facts.set("product".into(), "\"crm\"".parse()?);
//! let booked = event("e-2", "booked", "meeting-4", 2);
//! let held = event("e-3", "held", "meeting-4", 5);
//! let events = [held, paid.clone(), booked, paid];
//!
//! // On the sixth day the meeting is held and not yet accepted.
//! let found = credits(&events, &rules, moment(6).at);
//! let told: Vec<_> = found
//!     .iter()
//!     .map(|one| (&*one.key.person, &*one.key.component, one.posted, one.pending))
//!     .collect();
//! assert_eq!(told, [
//!     ("anna", "share", 660_00, 0), // 5 % of 10,000 and 8 % of 2,000
//!     ("anna", "meeting", 100_00, 200_00),
//!     ("vera", "meeting", 10_00, 20_00),
//! ]);
//! assert_eq!(found[0].why.slices.len(), 2);
//! assert_eq!(found[0].standing(), Standing::Posted);
//!
//! // Two days after it was held nobody has said a word: that accepts it.
//! let later = credits(&events, &rules, moment(7).at);
//! assert_eq!((later[1].posted, later[1].pending), (300_00, 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The parts
//!
//! A [`Plan`] has [`Component`]s, and each clause of a component is a type: what triggers it
//! ([`Source`]), which of it ([`rule`]), what is counted ([`Measure`]), what counts once
//! ([`Once`]), over what it is added up ([`Period`]), how much is paid ([`Rate`], [`Table`]),
//! against which quota, times what ([`Multiplier`]), through which [`Gate`], under which [`Cap`]s,
//! to whom ([`Payees`]). [`Plan::check`] finds every [`Fault`] with its place; [`say`] tells the
//! plan as clauses; [`draws`] makes advances and guarantees of credits; [`again`] says what one
//! event reaches; [`compare`] holds two runs beside each other.
//!
//! How an amount is made: what was counted climbs through the rate, times the multipliers, is
//! rounded once, goes through the gate, under the caps of the component in their order, under the
//! cap of the plan, and is split among people. Where things are added up over a period, the shares
//! of people and of stages are taken of what is *counted*, before the rate.
//!
//! Each amount is computed twice: with only what is released (what is *posted*), and as if every
//! open stage were passed; what lies between is *pending*, and may be below nought where a rate
//! falls.
//!
//! # Limits
//!
//! Events and credits stand in memory. A plan has at most 40 components and a table 40 rows unless
//! [`Limits`] say otherwise; a rule has the sizes of [`rule`]. A fact that is not money is not
//! reversed in part; correct it. Credits of a quarter or a year count in its last month.

#![warn(missing_docs)]

mod again;
mod check;
mod compare;
mod credit;
mod day;
mod draw;
mod evaluate;
mod event;
mod exact;
mod gate;
mod hash;
mod history;
mod name;
mod plan;
mod rate;
pub mod rule;
mod rules;
mod say;
mod share;
mod value;

pub use again::{Again, again};
pub use check::{Fault, Limits, Place, Published, RulesFault, Section, Wrong};
pub use compare::{Change, Comparison, Totals, compare};
pub use credit::{
    Credit, Cut, Decider, Factor, Idle, Input, Key, LeftOut, Of, Part, PartOf, Slice, Standing,
    State, Tranche, Unpaid, Why,
};
pub use day::{Day, NotADay};
pub use draw::{Drawing, Floor, draws, floor};
pub use evaluate::{Evaluation, credits, evaluate};
pub use event::{Event, Facts, Word};
pub use exact::Exact;
pub use gate::{Gate, Limit, Stage, StageWord, Verdict};
pub use name::{Labels, Moment, Name, Period};
pub use plan::{
    Absent, Cap, Component, Measure, Once, Part as PayeePart, Payees, Per, Plan, Source, Who,
};
pub use rate::{By, Figure, Level, Multiplier, Pay, Rate, Reading, Row, Table};
pub use rule::Schema;
pub use rules::{Assignment, DrawTerms, Headship, Month, Quota, Rules};
pub use say::{Clause, Said, say, say_component};
pub use value::{Money, Share, Type, Value, decimals};
