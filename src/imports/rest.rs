//! What rests goes on where it ended, unless that would end as before.

use super::{Import, ImportRefusal, ImportState};
use crate::people::Viewer;

impl Import {
    /// Where it stands once this person had it go on from where it was stopped; what is under way
    /// stands where it stood.
    pub fn go_on(&self, viewer: &Viewer) -> Result<ImportState, ImportRefusal> {
        self.repeats().map_or(Ok(()), Err)?;
        let next = match self.state {
            ImportState::Unchecked => ImportState::Checking,
            ImportState::Stopped => ImportState::Committing,
            ImportState::UndoStopped => ImportState::Undoing,
            state if state.is_under_way() => state,
            _ => return Err(ImportRefusal::NotStopped),
        };
        if self.is_of(viewer) { Ok(next) } else { Err(ImportRefusal::StopNotYours) }
    }

    /// Why it neither goes on nor is written, where more of its rows repeat others than can be
    /// remembered. Seldom that is seen in the midst of the writing alone: of rows that were kept
    /// out as they were checked, and are no more.
    pub fn repeats(&self) -> Option<ImportRefusal> {
        let (done, total) = (self.done_count, self.row_count);
        match self.state {
            _ if !self.forecast.is_too_repetitive => None,
            ImportState::Unchecked => Some(ImportRefusal::TooManyRepeats),
            ImportState::Stopped => Some(ImportRefusal::RepeatsMidway { done, total }),
            _ => None,
        }
    }
}
