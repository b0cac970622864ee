//! A call by the caller's own telephone, which a link opens. The product admits it and from then on
//! waits for its result; how the call goes it does not see, but for what the exchange of that
//! telephone tells.
//!
//! Such an attempt is settled as it begins, since nobody will tell of its end. That it took place
//! is attested by the result that is filed for it; until then its caller may say that it was none.

use super::actions::{self, made};
use super::store;
use super::{Attempt, EndCause, EndedBy, Measured, Origin, State, TelephonyRefusal};
use crate::leads::{Lead, dialling};
use crate::storage::{Act, Tx};
use crate::values::*;

/// The attempt by link under a lease that waits for its result.
pub fn waiting(attempts: &[Attempt]) -> Option<&Attempt> {
    attempts.iter().rev().find(|attempt| attempt.waits_by_link())
}

/// True where nothing but links was followed under a lease, so that only the exchange of the
/// caller's own telephone can know how a call went.
pub fn are_all(attempts: &[Attempt]) -> bool {
    attempts.iter().all(|attempt| attempt.origin == Origin::Link)
}

/// Begins a call to a number that was admitted.
pub(super) async fn begin_in(
    tx: &mut Tx,
    act: &Act,
    lead: &Lead,
    phone: PhoneId,
) -> Outcome<Attempt> {
    let attempt = Attempt {
        phone: Some(phone),
        state: State::Ended,
        measured: Measured { asked_at: Some(act.now), ..Measured::default() },
        settled_at: Some(act.now),
        ..made(act, Origin::Link, (lead.id, lead.generation), (lead.company, lead.campaign))
    };
    store::insert_attempt(tx, act.org, &attempt).await?;
    Ok(attempt)
}

/// Its caller says that it was none, so that nothing is to be said of it.
pub(super) async fn withdraw_in(tx: &mut Tx, act: &Act, attempt: &Attempt) -> Outcome<()> {
    if !attempt.waits_by_link() {
        return Err(TelephonyRefusal::OverAlready.into());
    }
    let end = super::End::of(EndCause::Cancelled, EndedBy::Caller);
    store::update_withdrawn_link(tx, act.org, attempt.id, end).await?;
    dialling::await_nothing_in(tx, act, (attempt.lead, attempt.generation)).await?;
    actions::tell_end_in(tx, act, attempt, (end, false)).await
}
