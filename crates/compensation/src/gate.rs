//! Gates: what must happen before an amount is owed, stage after stage.
//!
//! The holdback is the rule: a stage that fails loses what was still held back. Taking back what
//! was released already is claw-back, a flag of the component that is off.

use serde::{Deserialize, Serialize};

use crate::rule::Expr;
use crate::{Name, Share};

/// Stages in order; the shares released at once and by the stages sum to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// What is owed as soon as the event happens.
    pub at_once: Share,
    /// One after the other: a stage waits for the one before it.
    pub stages: Vec<Stage>,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its name within the gate.
    pub code: Name,
    /// The share that passing it releases; may be nought.
    pub releases: Share,
    /// What decides it. Of several that were said the one named last here outweighs, and of one
    /// naming the latest: so clocks that lie change nothing.
    pub words: Vec<StageWord>,
    /// What happens when nobody says anything; without a limit it waits for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
}

/// An event about the same subject that decides a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageWord {
    /// Its kind.
    pub on: Name,
    /// Which of that kind. A word whose facts do not answer is not heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expr>,
    /// What it says.
    pub verdict: Verdict,
    /// True when it is heard after the limit too.
    #[serde(default, skip_serializing_if = "is_off")]
    pub late: bool,
}

/// What is said of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is passed.
    Passes,
    /// It is not, and nothing behind it will be.
    Fails,
}

/// How long a stage waits, and what silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Hours from the event, or from passing the stage before; one or more.
    pub hours: u32,
    /// What silence until then says.
    pub silence: Verdict,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_off(flag: &bool) -> bool {
    !flag
}
