//! Numbers that the network says do not exist. It may be wrong, as where a line is down or a number
//! moves between carriers; so such a number waits for the next day, and a month once that was said
//! on three days. The company stays in its queue. That a number is not theirs is a person's word.

use super::{Call, Mechanism, store};
use crate::campaigns::hours::at_minute;
use crate::companies;
use crate::people::Viewer;
use crate::storage::{Act, Tx};
use crate::values::*;

/// On so many days it must be said in a row.
const DAYS_MIN: usize = 3;
/// How long a number then waits.
const QUARANTINE_DAYS: i64 = 30;

/// Until when a number waits by how its calls ended, the latest first: those that say that it does
/// not exist, back to one that does not.
fn held_until(ends: &[(Instant, Mechanism)], zone: &Zone) -> Option<Instant> {
    let is_dead = |(_, mechanism): &&(Instant, Mechanism)| *mechanism == Mechanism::InvalidNumber;
    let said: Vec<Instant> = ends.iter().take_while(is_dead).map(|(at, _)| *at).collect();
    let last = *said.first()?;
    let mut days: Vec<_> = said.iter().map(|at| at.day(zone)).collect();
    days.dedup();
    let day = last.day(zone);
    Some(match days.len() < DAYS_MIN {
        true => at_minute(day.tomorrow().unwrap_or(day), 0, zone),
        false => last.plus_days(QUARANTINE_DAYS),
    })
}

/// Looks anew at the number of a call that was filed, or taken back.
pub(super) async fn review_in(tx: &mut Tx, act: &Act, call: &Call, viewer: &Viewer) -> Outcome<()> {
    let Some(phone) = call.phone else { return Ok(()) };
    if call.mechanism != Mechanism::InvalidNumber {
        return Ok(());
    }
    let company = companies::actions::find(tx, act.org, call.company).await?;
    let zone = company.ok_or(Error::NotFound)?.zone_or(&viewer.zone);
    let ends = store::list_ends_of_number(tx, act.org, (call.company, phone)).await?;
    let until = held_until(&ends, &zone).filter(|until| *until > act.now);
    companies::actions::hold_phone_in(tx, act, phone, until).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::testing::MONDAY;

    #[test]
    fn it_waits_a_day_and_a_month_once_it_was_said_on_three_days() {
        let zone = Zone::named("Europe/Moscow");
        let dead = |days: i64, hours: i64| {
            (MONDAY.plus_days(days).plus_ms(hours * HOUR_MS), Mechanism::InvalidNumber)
        };
        let waits = |ends: &[_]| held_until(ends, &zone).map(|until| until.0 - ends[0].0.0);
        assert_eq!(waits(&[]), None);
        assert_eq!(waits(&[(MONDAY, Mechanism::NoAnswer), dead(-1, 0)]), None);
        let one = held_until(&[dead(0, 0)], &zone).expect("it waits");
        assert_eq!(one.day(&zone), MONDAY.plus_days(1).day(&zone));
        assert_eq!(one.local(&zone).strftime("%H:%M").to_string(), "00:00");
        // Often on one day is one day.
        let often = [dead(1, 3), dead(1, 2), dead(1, 1), dead(0, 0)];
        assert_eq!(held_until(&often, &zone), held_until(&[dead(1, 0)], &zone));
        let thrice = [dead(4, 0), dead(1, 0), dead(0, 0)];
        assert_eq!(waits(&thrice), Some(30 * DAY_MS));
        let answered = [dead(4, 0), (MONDAY.plus_days(2), Mechanism::Busy), dead(1, 0), dead(0, 0)];
        assert!(waits(&answered).expect("it waits") < 30 * DAY_MS);
    }
}
