//! The contest of a rejection: the giver says why, a third person decides.

use super::{Handoff, HandoffRefusal, HandoffState, check_words};
use crate::values::*;

/// Days in which a rejection may be contested.
pub const CONTEST_DAYS: i64 = 14;

codes! {
    /// What was decided about a contested rejection.
    Decision {
        /// The rejection stands.
        Upheld = "upheld",
        /// The offer was good: it counts as accepted for its giver and is offered again.
        Overturned = "overturned",
    }
}

/// The contest of a rejection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Why the giver contests.
    pub words: String,
    /// Since when.
    pub at: Instant,
    /// How it ended; `None` while it is open.
    pub decided: Option<Decided>,
}

/// The end of a contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// Who decided; nobody where the record was offered anew meanwhile.
    pub by: Option<UserId>,
    /// When.
    pub at: Instant,
    /// Why.
    pub words: String,
}

/// Who decides a contest.
#[derive(Debug, Clone, Copy)]
pub struct Judge {
    /// The person.
    pub user: UserId,
    /// The team they head.
    pub heads: Option<TeamId>,
    /// True for the owner, who stands above every team.
    pub is_above: bool,
}

impl Handoff {
    /// True when the person heads the giver's or the receiver's team, or stands above both.
    pub fn is_headed_by(&self, judge: Judge) -> bool {
        let heads = judge.heads.is_some()
            && (judge.heads == self.giver_team || judge.heads == self.receiver.team);
        heads || judge.is_above
    }

    /// True when a rejection can be changed by nobody any more: it was upheld, or not contested in
    /// its time.
    pub fn is_rejected_for_good(&self, now: Instant) -> bool {
        let (HandoffState::Rejected, Some(answered)) = (self.state, &self.answered) else {
            return false;
        };
        match &self.dispute {
            None => now > answered.at.plus_days(CONTEST_DAYS),
            Some(dispute) => {
                let decided = dispute.decided.as_ref();
                decided.is_some_and(|decided| decided.decision == Decision::Upheld)
            }
        }
    }

    /// May this person contest now?
    pub fn check_contest(&self, by: UserId, now: Instant) -> Result<(), HandoffRefusal> {
        if by != self.giver {
            return Err(HandoffRefusal::NotYoursToContest);
        }
        if self.dispute.is_some() {
            return Err(HandoffRefusal::AlreadyContested);
        }
        match (self.state, &self.answered) {
            (HandoffState::Rejected, Some(a)) if now > a.at.plus_days(CONTEST_DAYS) => {
                Err(HandoffRefusal::TooLateToContest)
            }
            (HandoffState::Rejected, Some(_)) => Ok(()),
            _ => Err(HandoffRefusal::NotRejected),
        }
    }

    /// The hand-off with its rejection contested.
    pub fn contest(&self, by: UserId, words: &str, now: Instant) -> Outcome<Self> {
        self.check_contest(by, now)?;
        let words = reasoned("words", words)?;
        let dispute = Some(Dispute { words, at: now, decided: None });
        Ok(Self { dispute, ..self.clone() })
    }

    /// May this person decide the contest?
    pub fn check_decision(&self, judge: Judge) -> Result<(), HandoffRefusal> {
        if !self.is_contested() {
            return Err(HandoffRefusal::NothingToDecide);
        }
        let answered_by = self.answered.as_ref().and_then(|answered| answered.by);
        let is_party = judge.user == self.giver
            || self.receiver.user == Some(judge.user)
            || answered_by == Some(judge.user);
        if is_party {
            return Err(HandoffRefusal::NotAThirdPerson);
        }
        if self.is_headed_by(judge) { Ok(()) } else { Err(HandoffRefusal::NotTheHead) }
    }

    /// The hand-off with its contest decided.
    pub fn decide(
        &self,
        judge: Judge,
        decision: Decision,
        words: &str,
        now: Instant,
    ) -> Outcome<Self> {
        self.check_decision(judge)?;
        let words = reasoned("words", words)?;
        Ok(self.with_decision(Decided { decision, by: Some(judge.user), at: now, words }))
    }

    /// The hand-off whose contest ends by itself, for the record was offered anew: the rejection
    /// stands, and the new offer speaks for the giver.
    pub fn lay_down(&self, now: Instant) -> Self {
        let words = String::new();
        self.with_decision(Decided { decision: Decision::Upheld, by: None, at: now, words })
    }

    /// True while somebody must decide its contest.
    pub fn is_contested(&self) -> bool {
        self.dispute.as_ref().is_some_and(|dispute| dispute.decided.is_none())
    }

    /// True when its rejection was overturned.
    pub fn is_overturned(&self) -> bool {
        let decided = self.dispute.as_ref().and_then(|dispute| dispute.decided.as_ref());
        decided.is_some_and(|decided| decided.decision == Decision::Overturned)
    }

    fn with_decision(&self, decided: Decided) -> Self {
        let decided = Some(decided);
        let dispute = self.dispute.clone().map(|dispute| Dispute { decided, ..dispute });
        Self { dispute, ..self.clone() }
    }
}

fn reasoned(field: &'static str, words: &str) -> Outcome<String> {
    let words = words.trim();
    if words.is_empty() {
        return Err(Fields::one(field, "required"));
    }
    check_words(field, words)?;
    Ok(words.to_owned())
}
