//! How people are engaged, and the invoice of a contractor.

use super::super::PayRefusal;
use super::super::engagement::{Engagement, Invoice, NAME_MAX, Noted, TAX_ID_MAX, in_month};
use super::super::store;
use super::booking::Chain;
use super::claims::visible;
use super::payroll::payroll;
use super::sights::sighted;
use crate::begin;
use crate::companies::forms::read_tax_id;
use crate::events::{Event, Kind};
use crate::people::{self, User, Viewer};
use crate::storage::{Act, Tx};
use crate::values::*;

/// How far ahead somebody's engagement may be noted.
const AHEAD_DAYS_MAX: i64 = 366;

/// Notes how somebody else is engaged from a month on. What was closed stays as it was.
pub async fn engage(
    act: &Act,
    viewer: &Viewer,
    (person, from): (UserId, Month),
    engagement: Engagement,
) -> Outcome<AnyId> {
    let engagement = checked(viewer, engagement)?;
    let mut tx = begin!(act);
    let chain = Chain::hold(&mut tx, act.org).await?;
    let person = visible(&mut tx, act.org, viewer, person).await?;
    if person.id == viewer.id() {
        return Err(PayRefusal::OwnPay.into());
    }
    let zone = &chain.firm.zone;
    if from > Month::of(act.now.plus_days(AHEAD_DAYS_MAX), zone) {
        return Err(Fields::one("month", "date-out-of-range"));
    }
    if chain.calendar.is_settled(from.starts_at(zone), zone) {
        return Err(PayRefusal::DayInClosedPeriod.into());
    }
    let noted = Noted { id: AnyId::fresh(act.now), person: person.id, from, engagement };
    let by = (act.org, act.actor);
    store::engagements::insert_engagement(&mut tx, by, &noted, act.now).await?;
    Event::new(Kind::PayEngaged, noted.id)
        .person(person.id)
        .reason(noted.engagement.code().to_owned())
        .with("month", from.to_string())
        .record(&mut tx, act)
        .await?;
    tx.finish(noted.id).await
}

/// A contractor has a name and a tax number; a Russian one has digits that agree.
fn checked(viewer: &Viewer, engagement: Engagement) -> Outcome<Engagement> {
    let Engagement::Contractor { name, tax_id } = engagement else {
        return Ok(Engagement::Employee);
    };
    let (name, typed) = (without_unseen(name.trim()), without_unseen(tax_id.trim()));
    let mut fields = Fields::default();
    if name.is_empty() {
        fields.note("name", "required");
    } else if name.chars().count() > NAME_MAX {
        fields.note_with("name", "too-long", vec![("max", NAME_MAX.to_string())]);
    }
    let tax_id = if viewer.country == Country::RU {
        read_tax_id(&typed, &mut fields)
    } else {
        (!typed.is_empty()).then_some(typed)
    };
    match &tax_id {
        None => fields.note("tax_id", "required"),
        Some(text) if text.chars().count() > TAX_ID_MAX => {
            fields.note_with("tax_id", "too-long", vec![("max", TAX_ID_MAX.to_string())]);
        }
        Some(_) => {}
    }
    fields.into_result()?;
    Ok(Engagement::Contractor { name, tax_id: tax_id.unwrap_or_default() })
}

/// Everybody who is paid or could be, and how they are engaged in the month of an instant.
pub async fn list_engaged(
    tx: &mut Tx,
    viewer: &Viewer,
    now: Instant,
) -> Outcome<Vec<(User, Engagement)>> {
    let noted = store::engagements::list_engagements(tx, viewer.org).await?;
    let month = Month::of(now, &viewer.zone);
    let users = people::actions::list_users(tx, viewer.org).await?.into_iter();
    let paid = users.filter(|user| user.tier.is_some() && user.disabled_at.is_none());
    let engaged = |user: User| {
        let engagement = in_month(&noted, user.id, month);
        (user, engagement)
    };
    Ok(paid.map(engaged).collect())
}

/// How a person is engaged in a month.
pub(super) async fn engaged_in(
    tx: &mut Tx,
    org: OrgId,
    person: UserId,
    month: Month,
) -> Outcome<Engagement> {
    let noted = store::engagements::list_engagements_of(tx, org, person, month).await?;
    Ok(in_month(&noted, person, month))
}

/// The invoice of a contractor for a closed month, for whoever may see all of their pay: what was
/// carried over is of other months. It asks for what their statement says was handed over.
pub async fn invoice(
    tx: &mut Tx,
    viewer: &Viewer,
    period: PeriodId,
    person: UserId,
) -> Outcome<Invoice> {
    let (person, sight) = sighted(tx, viewer, person).await?;
    if !sight.is_whole() {
        return Err(Error::NotFound);
    }
    let (period, rows) = payroll(tx, viewer, period).await?;
    let engagement = engaged_in(tx, viewer.org, person.id, period.month).await?;
    let Engagement::Contractor { name, tax_id } = engagement else { return Err(Error::NotFound) };
    let lines: Vec<(String, Money)> = rows
        .into_iter()
        .filter(|row| row.person.id == person.id && row.gross.currency == viewer.currency)
        .map(|row| (row.component, row.gross))
        .collect();
    let total: i64 = lines.iter().map(|(_, sum)| sum.minor).sum();
    if total < 1 {
        return Err(PayRefusal::NothingDue.into());
    }
    Ok(Invoice {
        number: format!("{}/{}", period.month, person.number),
        name,
        tax_id,
        firm: people::actions::firm(tx, viewer.org).await?.name,
        period,
        lines,
        total: Money::new(total, viewer.currency),
        person,
    })
}
