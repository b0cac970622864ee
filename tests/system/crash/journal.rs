//! What was asked for and what was acknowledged, kept outside the program.

use std::collections::VecDeque;

use serde_json::Value;

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Other colours.
    Theme(&'static str),
    /// The next company to call.
    Lease,
    /// How the call went; the answer holds the next company.
    Call { held: Held, meaning: &'static str },
    /// An offer is taken.
    Accept { handoff: String },
    /// An opportunity is won and its contract signed.
    Win { opportunity: String },
    /// Money came in.
    Pay { contract: String },
    /// A company is added.
    Add,
    /// A note about a company.
    Note { company: String },
}

/// A company in a caller's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub lead: String,
    pub company: String,
    pub generation: i64,
}

impl Held {
    /// The lease of an answer, if it has one.
    fn of(lease: &Value) -> Option<Self> {
        Some(Self {
            lead: text(&lease["lead"])?,
            company: text(&lease["company"])?,
            generation: lease["generation"].as_i64()?,
        })
    }
}

/// A write that was asked for: who asked, under which key, where and with which words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub who: usize,
    pub key: String,
    pub path: String,
    pub body: String,
    pub deed: Deed,
}

/// What somebody has in hand, by what they were told.
#[derive(Debug, Default, Clone)]
pub struct Hands {
    pub held: Option<Held>,
    pub to_win: VecDeque<String>,
    pub contracts: VecDeque<String>,
    pub companies: VecDeque<String>,
    pub theme: Option<&'static str>,
}

/// What is known outside the program.
#[derive(Debug)]
pub struct Journal {
    /// Answered as done, with the answer.
    pub done: Vec<(Wish, Value)>,
    /// Sent, with no answer.
    pub open: Vec<Wish>,
    /// Of each worker.
    pub hands: Vec<Hands>,
}

impl Journal {
    pub fn new(workers: usize) -> Self {
        Self { done: Vec::new(), open: Vec::new(), hands: vec![Hands::default(); workers] }
    }

    /// Notes an acknowledged write and what it put into somebody's hands.
    pub fn note(&mut self, wish: Wish, answer: Value) {
        let hands = &mut self.hands[wish.who];
        match &wish.deed {
            Deed::Theme(theme) => hands.theme = Some(theme),
            Deed::Lease => hands.held = Held::of(&answer),
            Deed::Call { .. } => hands.held = Held::of(&answer["next"]),
            Deed::Accept { .. } => hands.to_win.extend(text(&answer["opportunity"])),
            Deed::Win { .. } => {
                hands.to_win.pop_front();
                hands.contracts.extend(text(&answer["contract"]));
            }
            Deed::Add => hands.companies.extend(text(&answer["id"])),
            Deed::Note { .. } => drop(hands.companies.pop_front()),
            Deed::Pay { .. } => hands.contracts.rotate_left(1),
        }
        self.done.push((wish, answer));
    }

    /// Every lease that was granted.
    pub fn leases(&self) -> impl Iterator<Item = Held> {
        self.done.iter().filter_map(|(wish, answer)| match wish.deed {
            Deed::Lease => Held::of(answer),
            Deed::Call { .. } => Held::of(&answer["next"]),
            _ => None,
        })
    }

    /// How many writes of each sort were acknowledged.
    pub fn told(&self) -> String {
        let count = |is: fn(&Deed) -> bool| self.done.iter().filter(|(w, _)| is(&w.deed)).count();
        format!(
            "{} calls, {} offers taken, {} contracts, {} payments, {} companies, {} notes, \
             {} settings",
            count(|deed| matches!(deed, Deed::Call { .. })),
            count(|deed| matches!(deed, Deed::Accept { .. })),
            count(|deed| matches!(deed, Deed::Win { .. })),
            count(|deed| matches!(deed, Deed::Pay { .. })),
            count(|deed| matches!(deed, Deed::Add)),
            count(|deed| matches!(deed, Deed::Note { .. })),
            count(|deed| matches!(deed, Deed::Theme(_))),
        )
    }
}

/// A text of an answer.
pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
