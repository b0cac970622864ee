//! What the caller sees of telephony beside the company in their hands: their phone, the call that
//! is under way or was, the keys to call and to hang up.

use super::accounts::{self, Phone};
use super::hosted::{self, HostedCall};
use super::{Attempt, End, Origin, State, actions, links};
use crate::companies::CompanyPhone;
use crate::leads::Lead;
use crate::people::Viewer;
use crate::storage::Tx;
use crate::values::*;

/// See the module.
pub struct Panel {
    /// The lead in hand.
    pub lead: LeadId,
    /// The grant it is held by.
    pub generation: i64,
    /// Whose screen it is.
    pub user: UserId,
    /// Their phone.
    pub phone: Phone,
    /// The numbers that may be called.
    pub numbers: Vec<CompanyPhone>,
    /// The attempts under this lease, oldest first.
    pub attempts: Vec<Attempt>,
    /// True while the company may be called by its clock.
    pub is_open: bool,
    /// True while the call that was made has no result.
    pub awaits_result: bool,
    /// What the exchange of the caller's own telephone tells of a call to this company that has no
    /// result yet.
    pub told: Option<HostedCall>,
    /// True where such an exchange tells of calls.
    pub is_told: bool,
    /// Why the last wish was refused.
    pub refused: Option<String>,
}

impl Panel {
    /// The panel of a lead in the viewer's hands.
    pub async fn of(
        tx: &mut Tx,
        viewer: &Viewer,
        lead: &Lead,
        (numbers, is_open): (&[CompanyPhone], bool),
        now: Instant,
    ) -> Outcome<Self> {
        let grant = (lead.id, lead.generation);
        let phone = accounts::find(tx, viewer.org, viewer.id(), now).await?;
        let mut attempts = match phone.name.is_some() || lead.awaits_result {
            true => actions::list_of_lease(tx, viewer.org, grant).await?,
            false => Vec::new(),
        };
        let open = actions::find_under_way(tx, viewer.org, viewer.id()).await?;
        attempts.extend(open.filter(|one| one.origin == Origin::In && one.lead == lead.id));
        let is_told = hosted::actions::is_told(tx, viewer.org).await?;
        let told = match is_told {
            true => hosted::actions::find_open(tx, viewer, numbers, now).await?,
            false => None,
        };
        Ok(Self {
            lead: lead.id,
            generation: lead.generation,
            user: viewer.id(),
            phone,
            numbers: numbers.to_vec(),
            attempts,
            is_open,
            awaits_result: lead.awaits_result,
            told,
            is_told,
            refused: None,
        })
    }

    /// Puts a number before the others.
    pub fn put_first(&mut self, phone: Option<PhoneId>) {
        self.numbers.sort_by_key(|one| Some(one.id) != phone);
    }
    /// True where the product places calls for this person.
    pub fn is_on(&self) -> bool {
        self.phone.is_on()
    }
    /// True where the panel changes by what is told of a call.
    pub fn listens(&self) -> bool {
        self.is_on() || self.is_told
    }
    /// True where the keys of this panel stand instead of links.
    pub fn has_keys(&self) -> bool {
        self.phone.is_here() && self.phone.is_trunk_up() || self.awaits_result
    }
    /// True where a call may be wished for now.
    pub fn may_call(&self) -> bool {
        self.has_keys() && self.is_open && !self.awaits_result && self.under_way().is_none()
    }
    /// True for the number that stands as the one that was dialled: the chosen one, else the first.
    pub fn is_dialled(&self, phone: &CompanyPhone, index: &usize, chosen: &str) -> bool {
        if chosen.is_empty() { *index == 0 } else { phone.id.to_string() == chosen }
    }
    /// The attempt that is under way.
    pub fn under_way(&self) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.settled_at.is_none())
    }
    /// The last attempt that is over.
    pub fn last(&self) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.end.is_some())
    }
    /// How the call ended that waits for its result; nothing while it lasts, or where none is
    /// known.
    pub fn measured(&self) -> Option<End> {
        let told = self.told.as_ref().and_then(|call| call.end);
        let own = actions::end_of(&self.attempts).filter(|_| self.under_way().is_none());
        own.or(told.filter(|_| links::are_all(&self.attempts))).filter(End::is_counted)
    }
    /// The call by link that waits for its result, and its number.
    pub fn by_link(&self) -> Option<(&Attempt, Option<&CompanyPhone>)> {
        let waiting = links::waiting(&self.attempts)?;
        Some((waiting, self.numbers.iter().find(|phone| Some(phone.id) == waiting.phone)))
    }
    /// True where the call that was made has no result, and the network said none by itself.
    pub fn awaits_word(&self) -> bool {
        self.awaits_result && !self.measured().is_some_and(|end| end.cause.is_dead())
    }
    /// The tone of an attempt that is under way.
    pub fn tone(&self, attempt: &Attempt) -> &'static str {
        if attempt.state == State::Answered { "pos" } else { "act" }
    }
    /// Since when its state lasts.
    pub fn since(&self, attempt: &Attempt) -> i64 {
        let measured = attempt.measured;
        let from = measured.answered_at.or(measured.rang_at).or(measured.dialled_at);
        from.unwrap_or(attempt.made_at).ms()
    }
}

/// A length of time as people read it: `1:05`.
pub fn length(ms: &i64) -> String {
    let seconds = ms / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
