//! Gates: what of an amount is released, open or lost, by what is said about its subject.

use crate::credit::{Decider, State};
use crate::exact::Exact;
use crate::gate::{Gate, Stage, Verdict};
use crate::history::{Happening, History};
use crate::{Name, Share};

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// A part of an amount and what became of it.
#[derive(Debug, Clone)]
pub(super) struct Passage {
    /// The place of the stage; none for what is released at once.
    pub stage: Option<usize>,
    pub share: Share,
    pub state: State,
    pub by: Option<Decider>,
    pub at: Option<i64>,
}

/// What became of every part.
#[derive(Debug, Clone)]
pub(super) struct Passages {
    pub all: Vec<Passage>,
    /// The event, or the code of the stage that silence failed.
    pub failed: Option<Name>,
    pub clawed_back: bool,
    /// When silence will decide the stage that is open.
    pub due: Option<i64>,
}

impl Passages {
    /// How much is released, and how much would be if everything open were passed.
    pub fn shares(&self) -> Option<(Exact, Exact)> {
        let (mut released, mut open) = (Exact::ZERO, Exact::ZERO);
        for passage in &self.all {
            let share = Exact::from(passage.share.0);
            match passage.state {
                State::Released => {
                    released = released.plus(share)?;
                    open = open.plus(share)?;
                }
                State::Open => open = open.plus(share)?,
                State::Lost | State::ClawedBack => {}
            }
        }
        Some((released, open))
    }
}

/// What was decided about a stage.
enum Decision {
    Passed(Option<Decider>, i64),
    Failed(Decider, Name, i64),
    /// Until silence decides it, where that does.
    Open(Option<i64>),
}

/// The passage of one piece of news through a gate.
pub(super) fn pass(
    gate: &Gate,
    clawback: bool,
    news: &Happening<'_>,
    history: &History<'_>,
    as_of: i64,
) -> Passages {
    let mut all = vec![Passage {
        stage: None,
        share: gate.at_once,
        state: State::Released,
        by: None,
        at: Some(news.event.when.at),
    }];
    let (mut since, mut failed, mut is_open) = (news.event.when.at, None, false);
    let mut due = None;
    for (place, stage) in gate.stages.iter().enumerate() {
        let mut passage = Passage {
            stage: Some(place),
            share: stage.releases,
            state: if failed.is_some() { State::Lost } else { State::Open },
            by: None,
            at: None,
        };
        if failed.is_none() && !is_open {
            match decide(stage, since, news, history, as_of) {
                Decision::Passed(by, at) => {
                    since = at;
                    passage = Passage { state: State::Released, by, at: Some(at), ..passage };
                }
                Decision::Failed(by, who, at) => {
                    failed = Some(who);
                    passage = Passage { state: State::Lost, by: Some(by), at: Some(at), ..passage };
                }
                Decision::Open(end) => (is_open, due) = (true, end),
            }
        }
        all.push(passage);
    }
    let mut clawed_back = false;
    if clawback && failed.is_some() {
        for passage in all.iter_mut().filter(|passage| passage.state == State::Released) {
            if passage.share.0.numerator() != 0 {
                passage.state = State::ClawedBack;
                clawed_back = true;
            }
        }
    }
    Passages { all, failed, clawed_back, due }
}

/// The word that outweighs the others, or else silence.
fn decide(
    stage: &Stage,
    since: i64,
    news: &Happening<'_>,
    history: &History<'_>,
    as_of: i64,
) -> Decision {
    let limit = stage.limit.map(|limit| {
        (since.saturating_add(i64::from(limit.hours).saturating_mul(HOUR)), limit.silence)
    });
    let mut found: Option<(usize, &Happening<'_>)> = None;
    for said in history.about(&news.event.subject).filter(|said| said.gone.is_none()) {
        let is_late = limit.is_some_and(|(end, _)| said.event.when.at > end);
        // The last of the words that fit: what is named later outweighs.
        let fitting = stage.words.iter().enumerate().rev().find(|(_, word)| {
            word.on == said.event.kind
                && (!is_late || word.late)
                && word.filter.as_ref().is_none_or(|rule| rule.is_true(&said.facts) == Ok(true))
        });
        // News comes in order, so of one rank the latest stays.
        if let Some((rank, _)) = fitting
            && found.is_none_or(|(best, _)| best <= rank)
        {
            found = Some((rank, said));
        }
    }
    match (found, limit) {
        (Some((rank, said)), _) => {
            let by = Decider::Event(said.event.id.clone());
            match stage.words[rank].verdict {
                Verdict::Passes => Decision::Passed(Some(by), said.event.when.at),
                Verdict::Fails => Decision::Failed(by, said.event.id.clone(), said.event.when.at),
            }
        }
        (None, Some((end, silence))) if end <= as_of => match silence {
            Verdict::Passes => Decision::Passed(Some(Decider::Silence), end),
            Verdict::Fails => Decision::Failed(Decider::Silence, stage.code.clone(), end),
        },
        (None, limit) => Decision::Open(limit.map(|(end, _)| end)),
    }
}
