//! The last shift of the telling: whoever opens the demo, at any hour of any day, finds work on
//! the first page of every role.
//!
//! Most clients may be called in office hours only, and a demo made on a Sunday would show empty
//! pages. So the firm has a line for those who agreed in writing to be called day and night. It is
//! worked up to the present moment; what comes of it waits for whoever looks.

use super::calling::CALLERS;
use super::story::Story;
use crate::handoffs::actions as handoffs;
use crate::handoffs::{Handoff, HandoffState};
use crate::pay::actions as pay;
use crate::people::Viewer;
use crate::values::*;

/// The campaign whose companies may be called at any hour.
pub(super) const LINE: &str = "line";
/// Dials of a caller in the last shift.
const DIALS: usize = 3;
/// Offers that are looked through for one to reject.
const OFFERS_MAX: i64 = 100;
/// A date of a client that is so near makes a task.
const NEAR_DAYS: i64 = 2;

impl Story {
    /// Begins the line that is open day and night.
    pub(super) async fn open_line(&mut self) -> Outcome<()> {
        let name = self.say("Дежурная линия: в любой час", "Duty line: at any hour").to_owned();
        self.start_campaign(LINE, name).await?;
        self.settle().await
    }

    /// The last shift.
    pub(super) async fn keep_duty(&mut self) -> Outcome<()> {
        let payroll = self.viewer("payroll")?;
        pay::ensure_months(&self.act(&payroll)).await?;
        let done = self.call_on_the_line().await;
        self.told("calling on the line", done)?;
        self.settle().await?;
        let done = self.leave_rejection().await;
        self.told("leaving a rejection", done)?;
        let done = self.leave_upsell().await;
        self.told("leaving an up-sell", done)?;
        let done = self.note_near_dates().await;
        self.told("noting dates", done)?;
        self.settle().await
    }

    /// Everybody who calls sits on the line; the first conversation of each is a good one.
    async fn call_on_the_line(&mut self) -> Outcome<()> {
        let Some(line) = self.campaigns.get(LINE).copied() else { return Ok(()) };
        let began = self.now();
        for (login, _, skill) in CALLERS {
            self.clock.set(began);
            let caller = self.viewer(login)?;
            let talk = |story: &mut Self, dial: usize| match dial {
                1 => story.agreement(),
                _ => story.talk(skill),
            };
            self.dial(&caller, line, (DIALS, talk)).await?;
        }
        Ok(())
    }

    /// A seller rejects an offer of the first tier and its caller contests that: the heads of both
    /// have something to decide.
    async fn leave_rejection(&mut self) -> Outcome<()> {
        let waiting = self.list_offered().await?;
        let first = waiting.iter().find(|handoff| {
            let giver = self.person(handoff.giver);
            let receiver = handoff.receiver.user.and_then(|user| self.person(user));
            tier_of(giver.as_ref()) == Some(1) && tier_of(receiver.as_ref()) == Some(2)
        });
        match first {
            Some(handoff) => self.leave_contested(handoff).await,
            None => Ok(()),
        }
    }

    /// The same with an up-sell of the third tier.
    async fn leave_upsell(&mut self) -> Outcome<()> {
        for login in ["service1", "service2"] {
            let manager = self.viewer(login)?;
            for client in self.list_served_by(manager.id()) {
                let Some(offered) = self.upsell(&manager, client).await? else { continue };
                let waiting = self.list_offered().await?;
                let found = waiting.iter().find(|handoff| handoff.id == offered);
                if let Some(handoff) = found {
                    return self.leave_contested(handoff).await;
                }
            }
        }
        Ok(())
    }

    async fn leave_contested(&mut self, handoff: &Handoff) -> Outcome<()> {
        let receiver = handoff.receiver.user.and_then(|user| self.person(user));
        let (Some(giver), Some(receiver)) = (self.person(handoff.giver), receiver) else {
            return Ok(());
        };
        self.reject(&receiver, handoff).await?;
        let words = self.say("Говорил с директором, запись есть", "I spoke to the director");
        handoffs::contest(&self.act(&giver), &giver, handoff.id, words).await
    }

    async fn list_offered(&self) -> Outcome<Vec<Handoff>> {
        let owner = self.viewer("owner")?;
        let offered = Some(HandoffState::Offered);
        let mut tx = self.db.read().await?;
        handoffs::list_seen(&mut tx, &owner.scope(), offered, i64::MAX, OFFERS_MAX).await
    }

    /// Whoever serves has a task: a date of a client that is near.
    async fn note_near_dates(&mut self) -> Outcome<()> {
        let day = self.now().plus_days(NEAR_DAYS).day(&super::days::zone(self.firm.lang));
        // What is kept on a day that three years of four do not have is kept the day before.
        let of_month = if day.month() == 2 { day.day().min(28) } else { day.day() };
        for login in ["service1", "service2", "hunter"] {
            let manager = self.viewer(login)?;
            if let Some(client) = self.list_served_by(manager.id()).first() {
                let (month, of_month) = (i64::from(day.month()), i64::from(of_month));
                self.note_date(&manager, *client, (month, of_month)).await?;
            }
        }
        Ok(())
    }
}

fn tier_of(person: Option<&Viewer>) -> Option<i64> {
    person.and_then(|person| person.user.tier)
}
