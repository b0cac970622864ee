//! What was really paid out beside what is due, and who is paid by an invoice.

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::super::actions::{self, Untaken};
use super::super::csv;
use super::super::engagement::Engagement;
use super::super::period::PeriodState;
use super::super::remittance::{NewRemittance, ROWS_MAX, Reconciled, Remittance, standing};
use super::payroll::file;
use super::statement::state_word;
use crate::events;
use crate::people::{self, User, Viewer};
use crate::values::*;
use crate::web::errors::sentence;
use crate::web::forms::NO_TEXT;
use crate::web::{Answer, App, Submitted, Ui, Uploaded, go, page};

/// A record as it is drawn.
struct RecordShown {
    id: AnyId,
    number: i64,
    day: String,
    /// The day as a field of a form has it.
    typed_day: String,
    typed_amount: String,
    amount: Money,
    reference: String,
    author: String,
    /// The number of the record it stands in the place of.
    corrects: Option<i64>,
    stands: bool,
}

struct RowShown {
    row: Reconciled,
    records: Vec<RecordShown>,
}

#[derive(Template)]
#[template(path = "pay/views/remittances.html")]
struct RemittancesPage {
    ui: Ui,
    id: PeriodId,
    month: String,
    state: (&'static str, String),
    is_closed: bool,
    /// True where too much was paid to somebody for the months before.
    has_opening: bool,
    rows: Vec<RowShown>,
    people: Vec<User>,
    today: String,
}

/// `GET /pay/periods/{period}/remittances`
pub async fn show_remittances(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(period): Path<PeriodId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (period, rows) = actions::reconcile(&mut tx, &viewer, period).await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    let has_opening = rows.iter().any(|row| row.opening.minor != 0);
    let rows = rows
        .into_iter()
        .map(|row| {
            let stand: Vec<AnyId> = standing(&row.remittances).iter().map(|one| one.id).collect();
            let drawn = |one: &Remittance| drawn(&ui, one, &row.remittances, &users, &stand);
            RowShown { records: row.remittances.iter().map(drawn).collect(), row }
        })
        .collect();
    page(&RemittancesPage {
        id: period.id,
        month: ui.month(&period.starts_at),
        state: state_word(&ui, period.state),
        is_closed: period.state == PeriodState::Closed,
        has_opening,
        rows,
        people: users.into_iter().filter(|user| user.tier.is_some()).collect(),
        today: ui.input_day(&app.now()),
        ui,
    })
}

/// `GET /pay/periods/{period}/remittances.csv`: the same, a row for each person and currency.
pub async fn remittances_csv(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(period): Path<PeriodId>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (period, rows) = actions::reconcile(&mut tx, &viewer, period).await?;
    drop(tx);
    let act = viewer.act(&app, None);
    events::record_export(&act, period.id, "remittances", rows.len()).await?;
    let heads = [
        "pay-number",
        "pay-person",
        "pay-login",
        "pay-overpaid",
        "pay-due",
        "pay-paid",
        "pay-left",
        "pay-currency",
    ];
    let mut table = vec![heads.map(|key| ui.t(key)).to_vec()];
    for row in &rows {
        let sums = [row.opening, row.due, row.paid, row.difference];
        let person = &row.person;
        let mut cells = vec![person.number.to_string(), person.name.clone(), person.login.clone()];
        cells.extend(sums.map(|sum| csv::sum(sum, ui.lang)));
        cells.push(row.due.currency.code().to_owned());
        table.push(cells);
    }
    file(&table, &format!("remittances-{}.csv", period.month))
}

fn drawn(
    ui: &Ui,
    one: &Remittance,
    all: &[Remittance],
    users: &[User],
    stand: &[AnyId],
) -> RecordShown {
    let author = users.iter().find(|user| Some(user.id) == one.author);
    let before = all.iter().find(|before| Some(before.id) == one.corrects);
    RecordShown {
        id: one.id,
        number: one.number,
        day: ui.day(&one.paid_on),
        typed_day: ui.input_day(&one.paid_on),
        typed_amount: one.amount.typed_text(),
        amount: one.amount,
        reference: one.reference.clone(),
        author: author.map_or(String::new(), |user| user.name.clone()),
        corrects: before.map(|before| before.number),
        stands: stand.contains(&one.id),
    }
}

/// What was paid, as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemittanceForm {
    user: UserId,
    amount: String,
    paid_on: String,
    reference: String,
    /// Ticked where it is another payment than one that is alike.
    #[serde(default)]
    anyway: String,
}

/// `POST /pay/periods/{period}/remittances`
pub async fn remit(
    State(app): State<App>,
    viewer: Viewer,
    Path(period): Path<PeriodId>,
    form: Submitted<RemittanceForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let RemittanceForm { user, amount, paid_on, reference, anyway } = form.fields;
    let (amount, paid_on) = read(&amount, &paid_on, (viewer.currency, &viewer.zone, app.now()))?;
    let anyway = !anyway.is_empty();
    let new = NewRemittance { person: user, amount, paid_on, reference, anyway };
    actions::remit(&act, &viewer, period, new).await?;
    go(format!("/pay/periods/{period}/remittances"))
}

/// Reads a typed sum and a typed day.
fn read(
    amount: &str,
    paid_on: &str,
    (currency, zone, now): (Currency, &Zone, Instant),
) -> Outcome<(Money, Instant)> {
    let mut fields = Fields::default();
    let amount = Money::typed(amount, currency)
        .map_err(|problem| fields.note("amount", problem.code()))
        .unwrap_or_default();
    let paid_on = Instant::typed_day(paid_on, zone, now)
        .map_err(|problem| fields.note("paid_on", problem.code()))
        .unwrap_or_default();
    fields.into_result()?;
    Ok((amount, paid_on))
}

/// What is said beside a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileForm {
    /// Ticked where its rows are other payments than those that are alike.
    #[serde(default)]
    anyway: String,
}

/// `POST /pay/periods/{period}/remittances/file`: rows of person, sum, day and, where there is one,
/// a reference. All of them are taken, or none.
pub async fn remit_file(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(period): Path<PeriodId>,
    form: Uploaded<FileForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let anyway = !form.fields.anyway.is_empty();
    let file = form.file.ok_or_else(|| Fields::one("file", "required"))?;
    let mut tx = app.db.read().await?;
    let users = people::actions::list_users(&mut tx, viewer.org).await?;
    drop(tx);
    let rows = rows_of(&file.bytes, &users, &viewer, app.now());
    let rows = rows.map_err(|why| told(&ui, why))?.into_iter();
    let rows = rows.map(|(row, new)| (row, NewRemittance { anyway, ..new })).collect();
    let taken = actions::remit_many(&act, &viewer, period, rows).await;
    taken.map_err(|why| told(&ui, why))?;
    go(format!("/pay/periods/{period}/remittances"))
}

/// Why a file is not taken, in the words of whoever sent it.
fn told(ui: &Ui, why: Untaken) -> Error {
    let Some(row) = why.row else { return why.error };
    let problem = match &why.error {
        Error::Invalid(fields) => {
            let first = fields.0.values().next();
            first.map_or(String::new(), |problem| ui.problem(problem))
        }
        Error::Refused(_) => sentence(ui.lang, &why.error),
        _ => return why.error,
    };
    let mut fields = Fields::default();
    let args = vec![("row", row.to_string()), ("problem", problem)];
    fields.note_with("file", "pay-file-row", args);
    Error::Invalid(fields)
}

/// The rows of a file, each with its number in it; a heading is passed over.
fn rows_of(
    bytes: &[u8],
    users: &[User],
    viewer: &Viewer,
    now: Instant,
) -> Result<Vec<(usize, NewRemittance)>, Untaken> {
    let unread = |_| Fields::one("file", "pay-file-not-read");
    let (text, _, _) = intake::encoding::of(bytes).map_err(unread)?.decode(bytes);
    if text.contains(NO_TEXT) {
        return Err(Fields::one("file", "pay-file-not-read").into());
    }
    let mut rows = Vec::new();
    let all = intake::csv::numbered_rows(&text, intake::csv::delimiter_of(&text));
    // One more than may be, and a heading: the action says that they are too many.
    for (place, (row, cells)) in all.take(ROWS_MAX + 2).enumerate() {
        let by = (viewer.currency, &viewer.zone, now);
        match row_of(&cells, users, by) {
            Ok(new) => rows.push((row, new)),
            // Where nothing of a first row is understood it says what the columns are.
            Err(_) if place == 0 && is_heading(&cells, by) => {}
            Err(error) => return Err(Untaken { row: Some(row), error }),
        }
    }
    Ok(rows)
}

fn is_heading(cells: &[String], (currency, zone, now): (Currency, &Zone, Instant)) -> bool {
    let is_sum = |cell: &String| Money::typed(cell, currency).is_ok();
    let is_day = |cell: &String| Instant::typed_day(cell, zone, now).is_ok();
    !cells.iter().any(|cell| is_sum(cell) || is_day(cell))
}

fn row_of(
    cells: &[String],
    users: &[User],
    by: (Currency, &Zone, Instant),
) -> Outcome<NewRemittance> {
    let (who, amount, paid_on, reference) = match cells {
        [who, amount, paid_on] => (who, amount, paid_on, ""),
        [who, amount, paid_on, reference] => (who, amount, paid_on, reference.as_str()),
        _ => return Err(Fields::one("file", "pay-file-columns")),
    };
    let who = who.trim();
    // A login may be made of digits; then it is no number.
    let named = users.iter().find(|user| user.login == who);
    let person = named.or_else(|| users.iter().find(|user| user.number.to_string() == who));
    let person = person.ok_or_else(|| Fields::one("person", "pay-nobody"))?;
    let (amount, paid_on) = read(amount, paid_on, by)?;
    let reference = reference.to_owned();
    Ok(NewRemittance { person: person.id, amount, paid_on, reference, anyway: false })
}

/// What is right, in the place of what was recorded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionForm {
    period: PeriodId,
    amount: String,
    paid_on: String,
    reference: String,
}

/// `POST /pay/remittances/{remittance}/correction`
pub async fn correct_remittance(
    State(app): State<App>,
    viewer: Viewer,
    Path(remittance): Path<AnyId>,
    form: Submitted<CorrectionForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let CorrectionForm { period, amount, paid_on, reference } = form.fields;
    let (amount, paid_on) = read(&amount, &paid_on, (viewer.currency, &viewer.zone, app.now()))?;
    let right = (amount.minor, paid_on, reference);
    actions::correct_remittance(&act, &viewer, remittance, right).await?;
    go(format!("/pay/periods/{period}/remittances"))
}

struct EngagedShown {
    who: String,
    kind: String,
    name: String,
    tax_id: String,
}

#[derive(Template)]
#[template(path = "pay/views/engagements.html")]
struct EngagementsPage {
    ui: Ui,
    rows: Vec<EngagedShown>,
    people: Vec<User>,
    month: String,
}

/// `GET /pay/engagements`: who is paid by payroll and who by an invoice.
pub async fn show_engagements(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    let mut tx = app.db.read().await?;
    let engaged = actions::list_engaged(&mut tx, &viewer, app.now()).await?;
    let rows = engaged
        .iter()
        .map(|(user, engagement)| {
            let (name, tax_id) = match engagement {
                Engagement::Employee => ("", ""),
                Engagement::Contractor { name, tax_id } => (name.as_str(), tax_id.as_str()),
            };
            EngagedShown {
                who: user.name.clone(),
                kind: ui.tc("pay-engaged-", engagement.code()),
                name: name.to_owned(),
                tax_id: tax_id.to_owned(),
            }
        })
        .collect();
    page(&EngagementsPage {
        rows,
        people: engaged.into_iter().map(|(user, _)| user).collect(),
        month: Month::of(app.now(), &viewer.zone).to_string(),
        ui,
    })
}

/// How somebody is engaged, as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngagementForm {
    user: UserId,
    month: String,
    kind: String,
    name: String,
    tax_id: String,
}

/// `POST /pay/engagements`
pub async fn engage(
    State(app): State<App>,
    viewer: Viewer,
    form: Submitted<EngagementForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let EngagementForm { user, month, kind, name, tax_id } = form.fields;
    let month = month.trim().parse::<Month>();
    let month = month.map_err(|()| Fields::one("month", "not-a-date"))?;
    let engagement = engagement_of(&kind, name, tax_id)?;
    actions::engage(&act, &viewer, (user, month), engagement).await?;
    go("/pay/engagements")
}

/// Reads how somebody is engaged: an employee has neither name nor number of their own.
pub fn engagement_of(kind: &str, name: String, tax_id: String) -> Outcome<Engagement> {
    match kind {
        "employee" => Ok(Engagement::Employee),
        "contractor" => Ok(Engagement::Contractor { name, tax_id }),
        _ => Err(Fields::one("kind", "unknown-choice")),
    }
}
