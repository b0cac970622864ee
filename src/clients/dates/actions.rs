//! What is done with important dates: note, remove, turn into tasks.

use jiff::civil::Date;

use super::{ImportantDate, NewDate, store};
use crate::begin;
use crate::clients::{self, Client};
use crate::companies;
use crate::events::{Event, Kind};
use crate::people::{self, Firm, Viewer};
use crate::storage::{Act, Tx};
use crate::tasks::{self, NewTask, Origin};
use crate::values::*;
use crate::web::words;

/// The hour of its day at which the task of a date is due.
const DUE_HOUR: i8 = 10;

/// Notes a date of a person at a client; where it is near already its task is made at once.
pub async fn note(
    act: &Act,
    viewer: &Viewer,
    client: ClientId,
    new: NewDate,
) -> Outcome<ImportantDateId> {
    new.check(i64::from(act.now.day(&viewer.zone).year())).into_result()?;
    let mut tx = begin!(act);
    let client = clients::actions::find(&mut tx, &viewer.scope(), client).await?;
    let client = client.ok_or(Error::NotFound)?;
    let company = companies::actions::hold_standing(&mut tx, act.org, client.company).await?;
    let person_name = match new.contact {
        Some(contact) => contact_name(&mut tx, act.org, company, contact).await?,
        None => new.person_name.trim().to_owned(),
    };
    companies::actions::refuse_person(&mut tx, act.org, company, &person_name).await?;
    let date = ImportantDate {
        id: ImportantDateId::fresh(act.now),
        company,
        contact: new.contact,
        person_name,
        what: new.what.trim().to_owned(),
        month: new.month,
        day: new.day,
        year: new.year,
        days_ahead: new.days_ahead,
    };
    store::insert(&mut tx, act, &date).await?;
    Event::new(Kind::DateNoted, date.id)
        .company(date.company)
        .person(act.actor)
        .tier(3)
        .record(&mut tx, act)
        .await?;
    let firm = people::actions::firm(&mut tx, act.org).await?;
    remind_in(&mut tx, act, &firm, &date).await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish(date.id).await
}

/// Forgets a date of a client; says which client it was.
pub async fn remove(act: &Act, viewer: &Viewer, id: ImportantDateId) -> Outcome<ClientId> {
    let mut tx = begin!(act);
    let date = store::find(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    let client = clients::actions::find_active(&mut tx, act.org, date.company).await?;
    let client = client.filter(|c| viewer.scope().sees(Some(c.owner), c.team));
    let client = client.ok_or(Error::NotFound)?;
    if store::update_removed(&mut tx, act, date.company, id).await? == 0 {
        return Err(Error::NotFound);
    }
    Event::new(Kind::DateRemoved, id)
        .company(date.company)
        .person(act.actor)
        .tier(3)
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("user:{}", client.owner));
    tx.finish(client.id).await
}

/// The dates of a client's people through the year.
pub async fn list(tx: &mut Tx, client: &Client, org: OrgId) -> Outcome<Vec<ImportantDate>> {
    store::list(tx, org, client.company).await
}

/// Makes the tasks of every date that has come near; looked at once a day.
pub(in crate::clients) async fn remind(act: &Act, firm: &Firm) -> Outcome<()> {
    let today = act.now.day(&firm.zone);
    let month = i64::from(today.month());
    let months = [month, month % 12 + 1, (month + 1) % 12 + 1];
    let mut tx = act.db.read().await?;
    let dates = store::list_in_months(&mut tx, act.org, months).await?;
    drop(tx);
    for date in dates.into_iter().filter(|date| date.due(today).is_some()) {
        let mut tx = act.db.begin().await?;
        remind_in(&mut tx, act, firm, &date).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Leaves the task of a date that is near to whoever leads the client now.
async fn remind_in(tx: &mut Tx, act: &Act, firm: &Firm, date: &ImportantDate) -> Outcome<()> {
    let Some(next) = date.due(act.now.day(&firm.zone)) else { return Ok(()) };
    let company = companies::actions::hold_standing(tx, act.org, date.company).await?;
    let lead = match clients::actions::find_active(tx, act.org, company).await? {
        Some(client) => clients::actions::find_lead(tx, act.org, &client).await?,
        None => None,
    };
    let Some(lead) = lead else { return Ok(()) };
    let named = [
        ("person", (&date.person_name).into()),
        ("what", (&date.what).into()),
        ("day", day_of_month(lead.lang, next).into()),
    ];
    let new = NewTask {
        person: lead.id,
        company: Some(company),
        what: words::say(lead.lang, "task-important-date", &named),
        due_at: Instant::from_local(next.at(DUE_HOUR, 0, 0, 0), &firm.zone),
        origin: Origin::Date,
        once: Some(date.once(next)),
    };
    tasks::actions::add_in(tx, act, new).await?;
    Ok(())
}

/// A day without its year, as in "12 November".
pub fn day_of_month(lang: Lang, day: Date) -> String {
    let month = words::say(lang, &format!("month-of-{}", day.month()), &[]);
    let named = [("day", i64::from(day.day()).to_string().into()), ("month", month.into())];
    words::say(lang, "day-of-month", &named)
}

async fn contact_name(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    contact: ContactId,
) -> Outcome<String> {
    let all = companies::actions::list_contacts(tx, org, company).await?;
    let found = all.into_iter().find(|found| found.id == contact);
    found.map(|found| found.name).ok_or_else(|| Fields::one("contact", "unknown-choice"))
}
