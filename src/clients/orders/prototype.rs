//! A prototype: one version of what an order will be, and what the client says about it.

use std::str::FromStr;

use super::{Order, OrderRefusal, note_long, note_text};
use crate::values::*;

/// The longest description of a version.
pub const DESCRIPTION_CHARS_MAX: usize = 2_000;
/// The longest comment of a client.
pub const COMMENT_CHARS_MAX: usize = 4_000;
/// The longest name a client signs with.
pub const NAME_CHARS_MAX: usize = 120;

/// What is wrong with the description of a version.
pub fn check_description(description: &str) -> Outcome<()> {
    let mut fields = Fields::default();
    note_text(&mut fields, "description", description, DESCRIPTION_CHARS_MAX);
    fields.into_result()
}

/// What the client said about a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It is right.
    Approved,
    /// Something is to be changed.
    Commented,
}

impl Answer {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Commented => "commented",
        }
    }
}

impl FromStr for Answer {
    type Err = ();
    fn from_str(code: &str) -> Result<Self, ()> {
        [Self::Approved, Self::Commented].into_iter().find(|answer| answer.code() == code).ok_or(())
    }
}

/// What a client sends back about a version.
#[derive(Debug, Clone)]
pub struct NewAnswer {
    /// What they say.
    pub answer: Answer,
    /// Who says it, if they sign.
    pub name: String,
    /// In their words.
    pub comment: String,
}

impl NewAnswer {
    /// What is wrong with it. A comment without words says nothing.
    pub fn check(&self) -> Fields {
        let mut fields = Fields::default();
        if self.answer == Answer::Commented {
            note_text(&mut fields, "comment", &self.comment, COMMENT_CHARS_MAX);
        } else {
            note_long(&mut fields, "comment", &self.comment, COMMENT_CHARS_MAX);
        }
        note_long(&mut fields, "name", &self.name, NAME_CHARS_MAX);
        fields
    }
}

/// A version of what an order will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prototype {
    /// Its id.
    pub id: PrototypeId,
    /// Whose version.
    pub order: OrderId,
    /// First, second, third.
    pub position: i64,
    /// What is to be seen.
    pub description: String,
    /// The file with its name and size.
    pub file: Option<StoredFile>,
    /// When it was made.
    pub made_at: Instant,
    /// When its link was made last.
    pub sent_at: Option<Instant>,
    /// What the client said.
    pub answer: Option<Answer>,
    /// Who signed the answer.
    pub answer_name: String,
    /// In the client's words.
    pub answer_comment: String,
    /// When they answered.
    pub answered_at: Option<Instant>,
}

/// A stored file as pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its id.
    pub id: FileId,
    /// What it is called.
    pub name: String,
    /// How large it is.
    pub byte_count: i64,
}

impl Prototype {
    /// May a link be made? Not once the client answered.
    pub fn check_send(&self, order: &Order) -> Result<(), OrderRefusal> {
        order.still_open()?;
        if self.answer.is_some() { Err(OrderRefusal::Answered) } else { Ok(()) }
    }
    /// May the client answer? Once, while the order is open, and about the newest version sent.
    pub fn check_answer(&self, order: &Order, newest_sent: i64) -> Result<(), OrderRefusal> {
        if self.answer.is_some() {
            return Err(OrderRefusal::Answered);
        }
        order.still_open()?;
        if self.position < newest_sent { Err(OrderRefusal::Superseded) } else { Ok(()) }
    }
}
