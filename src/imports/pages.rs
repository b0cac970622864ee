//! Files in: the list with its drop zone, and one import from its columns to its undo.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use serde::Deserialize;

use super::columns::Meaning;
use super::notices::{Around, Notice};
use super::text::{DELIMITERS, ENCODINGS};
use super::typed::Typed;
use super::upload::Upload;
use super::*;
use crate::companies::{self, Company, words};
use crate::people::Viewer;
use crate::web::{Answer, App, Query, Submitted, Ui, errors, go, page, page_again};

/// Imports of a page.
const LIST_ROWS: i64 = 30;
/// Written rows of a page.
const ROWS: i64 = 50;
/// Companies that stayed, shown at most.
const STAYS: i64 = 100;
/// Values shown beside a column.
const EXAMPLES: usize = 3;

/// Where the list starts.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "imports/views/index.html")]
struct IndexPage {
    ui: Ui,
    imports: Vec<Import>,
    next: Option<i64>,
    problem: Option<String>,
}

/// `GET /imports`
pub async fn index(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Query(query): Query<ListQuery>,
) -> Answer {
    page(&index_page(&app, &viewer, ui, query.before, None).await?)
}

async fn index_page(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    before: Option<i64>,
    problem: Option<String>,
) -> Outcome<IndexPage> {
    let mut tx = app.db.read().await?;
    let before = before.unwrap_or(i64::MAX);
    let mut imports = actions::list(&mut tx, viewer.org, before, LIST_ROWS + 1).await?;
    let shown = usize::try_from(LIST_ROWS).unwrap_or(0);
    let has_more = imports.len() > shown;
    imports.truncate(shown);
    let next = imports.last().map(|import| import.number).filter(|_| has_more);
    Ok(IndexPage { ui, imports, next, problem })
}

/// `POST /imports`
pub async fn bring(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    upload: Result<Upload, crate::web::Failed>,
) -> Answer {
    let brought = match upload {
        Ok(upload) => bring_and_check(&app, &viewer, upload).await,
        Err(failed) => Err(failed.0),
    };
    match brought {
        Ok(id) => go(format!("/imports/{id}")),
        Err(Error::Invalid(fields)) => {
            let problems: Vec<String> = fields.0.values().map(|p| ui.problem(p)).collect();
            let problem = Some(problems.join(" "));
            page_again(&index_page(&app, &viewer, ui, None, problem).await?)
        }
        Err(error @ Error::Refused(_)) => {
            let problem = Some(errors::sentence(ui.lang, &error));
            page_again(&index_page(&app, &viewer, ui, None, problem).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn bring_and_check(app: &App, viewer: &Viewer, upload: Upload) -> Outcome<ImportId> {
    let act = viewer.act(app, upload.key);
    let id = actions::bring(&act, upload.file).await?;
    actions::check_at_once(&act, id).await?;
    Ok(id)
}

/// Which of the written rows are asked for.
#[derive(Debug, Default, Deserialize)]
pub struct ShowQuery {
    verdict: Option<String>,
    after: Option<i64>,
}

/// A column with the choice of its meaning.
struct Column {
    place: usize,
    heading: String,
    examples: String,
    meaning: Meaning,
}

/// A row with its reasons in words.
struct Told {
    line: i64,
    verdict: Verdict,
    name: String,
    phones: String,
    tax_id: String,
    company: Option<CompanyId>,
    why: Vec<String>,
}

#[derive(Template)]
#[template(path = "imports/views/show.html")]
struct ShowPage {
    ui: Ui,
    import: Import,
    columns: Vec<Column>,
    rows: Vec<Told>,
    seen: BTreeSet<CompanyId>,
    verdict: Option<Verdict>,
    next: Option<i64>,
    stays: Vec<(Company, String)>,
    around: Around,
    /// Until when this reader may take it back; `None` where they may not.
    undo_until: Option<String>,
    /// Whether this reader may have it read in another way, or written.
    can_change: bool,
    /// Whether this reader may stop it, or have it go on.
    can_stop: bool,
    can_go_on: bool,
    problem: Option<String>,
}

impl ShowPage {
    fn counts(&self) -> Counts {
        let import = &self.import;
        if import.state.is_forecast() { import.forecast.counts } else { import.counts }
    }
    /// The company of a row, where the reader may know of it.
    fn opens(&self, row: &Told) -> Option<CompanyId> {
        row.company.filter(|id| self.seen.contains(id))
    }
    fn is_written(&self) -> bool {
        !self.import.state.is_forecast()
    }
    /// How many rows there are, where a forecast shows fewer.
    fn hidden_of(&self) -> Option<i64> {
        let counts = self.counts();
        let total = self.verdict.map_or(counts.total(), |verdict| counts.of(verdict));
        let shown = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        (self.import.state.is_forecast() && shown < total).then_some(total)
    }
    /// What stands above everything else.
    fn above(&self) -> Vec<Notice> {
        notices::of_file(&self.ui, &self.around)
    }
    fn of_reading(&self) -> Vec<Notice> {
        let mut all = notices::of_reading(&self.ui, &self.import);
        all.extend(notices::of_forecast(&self.ui, &self.import));
        all
    }
    fn of_rows(&self) -> Option<Notice> {
        notices::of_rows(&self.ui, &self.import)
    }
    /// True where the reader only looks on, and is told who does more.
    fn is_others(&self) -> bool {
        !self.can_change && self.import.state.is_forecast()
    }
    fn can_commit(&self) -> bool {
        let counts = self.counts();
        let is_any = counts.new + counts.update > 0;
        self.can_change && self.import.state == ImportState::Checked && is_any
    }
    fn encodings(&self) -> Vec<String> {
        let mut all: Vec<String> = ENCODINGS.map(str::to_owned).to_vec();
        let own = &self.import.reading.encoding;
        if !all.contains(own) {
            all.push(own.clone());
        }
        all
    }
    /// True where an encoding is chosen: a workbook has none.
    fn is_text(&self) -> bool {
        !self.import.reading.encoding.is_empty()
    }
    /// True where a sign parts the cells.
    fn is_csv(&self) -> bool {
        self.import.found.how.format == intake::Format::Csv
    }
    /// True where a row may name the columns, rather than the format.
    fn has_header_choice(&self) -> bool {
        self.import.found.how.headings.is_empty()
    }
    /// The first records with their places, and whether that one names the columns.
    fn tops(&self) -> Vec<(i64, &str, bool)> {
        let reading = &self.import.reading;
        let is_chosen = |row| reading.has_header && reading.header_row == row;
        let tops = self.import.found.tops.iter();
        (1..).zip(tops).map(|(row, top)| (row, top.as_str(), is_chosen(row))).collect()
    }
    /// What a row may be: a company, or a field of one that a column names, with that column.
    fn layouts(&self) -> Vec<(i64, String)> {
        let found = &self.import.found;
        let called = |column: usize| match found.named.get(column).map(|name| name.trim()) {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => self.ui.ta("import-column-number", "number", (column + 1).to_string()),
        };
        let fields = (1_i64..).zip(0..found.width.saturating_sub(1)).skip(1);
        let fields = fields.map(|(number, column)| {
            let (field, value) = (called(column), called(column + 1));
            (number, self.ui.taa("import-row-is-field", "field", field, "value", value))
        });
        let company = [(0, self.ui.t("import-row-is-company"))];
        company.into_iter().chain(fields).collect()
    }
    /// What of the file makes no row.
    fn notes(&self) -> Vec<Notice> {
        notices::of_records(&self.ui, &self.import)
    }
    fn delimiters(&self) -> [(char, &'static str); 4] {
        let names = ["semicolon", "comma", "tab", "bar"];
        std::array::from_fn(|place| (DELIMITERS[place], names[place]))
    }
}

/// `GET /imports/{import}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(import): Path<ImportId>,
    Query(query): Query<ShowQuery>,
) -> Answer {
    page(&show_page(&app, &viewer, ui, import, query).await?)
}

async fn show_page(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    id: ImportId,
    query: ShowQuery,
) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let mut import = actions::find(&mut tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    let verdict = match query.verdict.as_deref().unwrap_or("") {
        "" => None,
        code => Some(code.parse().map_err(|()| Error::NotFound)?),
    };
    let after = query.after.unwrap_or(0);
    let (rows, next) = if import.state.is_forecast() {
        actions::veil_forecast(&mut tx, viewer, &mut import.forecast.rows, ui.now).await?;
        (forecast_rows(&ui, &import, verdict), None)
    } else {
        let (wanted, limits) = ((verdict, after), (ROWS + 1, ui.now));
        let mut rows = actions::list_rows_seen(&mut tx, viewer, id, wanted, limits).await?;
        let shown = usize::try_from(ROWS).unwrap_or(0);
        let has_more = rows.len() > shown;
        rows.truncate(shown);
        let next = rows.last().map(|row| row.line).filter(|_| has_more);
        (rows.into_iter().map(|row| written_row(&ui, row)).collect(), next)
    };
    let stays = actions::list_stays(&mut tx, viewer.org, id, STAYS).await?;
    let ids: Vec<CompanyId> = stays.iter().map(|stay| stay.company).collect();
    let shown: Vec<CompanyId> = rows.iter().filter_map(|row: &Told| row.company).collect();
    let all = [ids.as_slice(), shown.as_slice()].concat();
    let seen = companies::actions::list_seen(&mut tx, &viewer.scope(), &all, ui.now).await?;
    let named = companies::actions::list_by_ids(&mut tx, viewer.org, &ids).await?;
    let stays = stays
        .into_iter()
        .filter_map(|stay| {
            let company = named.iter().find(|company| company.id == stay.company)?;
            Some((company.clone(), ui.tc("import-stay-", &stay.reason)))
        })
        .collect();
    let around = actions::find_around(&mut tx, viewer.org, &import).await?;
    let columns = columns(&import);
    let until = import.undo_until(ui.now).filter(|_| import.undo(viewer, ui.now).is_ok());
    let undo_until = until.map(|at| ui.day_time(&at));
    let problem = None;
    let can_change = import.change(viewer).is_ok();
    let waits = !import.state.is_under_way() || around.trouble.is_some();
    let can_go_on = waits && import.go_on(viewer).is_ok();
    let can_stop = import.stop(viewer).is_ok();
    let page = ShowPage {
        ui,
        import,
        columns,
        rows,
        seen,
        verdict,
        next,
        stays,
        around,
        undo_until,
        can_change,
        can_stop,
        can_go_on,
        problem,
    };
    Ok(page)
}

fn columns(import: &Import) -> Vec<Column> {
    let meanings = import.reading.meanings.iter().copied().enumerate();
    meanings
        .map(|(place, meaning)| {
            let values = import.sample.iter().filter_map(|row| row.get(place));
            let examples: Vec<&str> =
                values.map(String::as_str).filter(|v| !v.is_empty()).take(EXAMPLES).collect();
            Column {
                place,
                heading: import.header.get(place).cloned().unwrap_or_default(),
                examples: examples.join(" · "),
                meaning,
            }
        })
        .collect()
}

fn forecast_rows(ui: &Ui, import: &Import, verdict: Option<Verdict>) -> Vec<Told> {
    let mut rows: Vec<&ForecastRow> = import
        .forecast
        .rows
        .iter()
        .filter(|row| verdict.is_none_or(|v| v == row.verdict))
        .collect();
    rows.sort_by_key(|row| row.line);
    rows.into_iter()
        .map(|row| Told {
            line: row.line,
            verdict: row.verdict,
            name: row.name.clone(),
            phones: row.phones.clone(),
            tax_id: row.tax_id.clone(),
            company: None,
            why: words::said_all(ui, &row.remarks),
        })
        .collect()
}

fn written_row(ui: &Ui, row: WrittenRow) -> Told {
    Told {
        line: row.line,
        verdict: row.verdict,
        name: row.name,
        phones: String::new(),
        tax_id: String::new(),
        company: row.company,
        why: words::said_all(ui, &row.remarks),
    }
}

/// `POST /imports/{import}/reading`
pub async fn read_anew(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    form: Submitted<Vec<(String, String)>>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let typed = Typed::of(&form.fields)?;
    let Typed { version, reading, origin, .. } = typed.clone();
    let done = if typed.is_guess_wanted {
        actions::guess_anew(&act, id, version, origin).await
    } else {
        actions::read_anew(&act, id, version, reading, origin).await
    };
    match done {
        Ok(()) => {
            actions::check_at_once(&act, id).await?;
            go(format!("/imports/{id}"))
        }
        Err(Error::Invalid(fields)) => {
            let problems: Vec<String> = fields.0.values().map(|p| ui.problem(p)).collect();
            let mut shown = show_page(&app, &viewer, ui, id, ShowQuery::default()).await?;
            // What was chosen stands in the form again, to be mended.
            shown.import = Import { reading: typed.reading, origin: typed.origin, ..shown.import };
            shown.columns = columns(&shown.import);
            page_again(&ShowPage { problem: Some(problems.join(" ")), ..shown })
        }
        Err(error) => Err(error.into()),
    }
}

/// Which forecast is committed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitForm {
    version: i64,
}

/// `POST /imports/{import}/commitment`
pub async fn commit(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ImportId>,
    form: Submitted<CommitForm>,
) -> Answer {
    actions::commit(&viewer.act(&app, form.key), id, form.fields.version).await?;
    go(format!("/imports/{id}"))
}

/// Nothing but the key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bare {}

/// `POST /imports/{import}/undoing`
pub async fn undo(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ImportId>,
    form: Submitted<Bare>,
) -> Answer {
    let Bare {} = form.fields;
    actions::undo(&viewer.act(&app, form.key), &viewer, id).await?;
    go(format!("/imports/{id}"))
}

/// `POST /imports/{import}/stop`
pub async fn stop(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ImportId>,
    form: Submitted<Bare>,
) -> Answer {
    let Bare {} = form.fields;
    actions::stop(&viewer.act(&app, form.key), &viewer, id).await?;
    go(format!("/imports/{id}"))
}

/// `POST /imports/{import}/continuation`
pub async fn go_on(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ImportId>,
    form: Submitted<Bare>,
) -> Answer {
    let Bare {} = form.fields;
    actions::go_on(&viewer.act(&app, form.key), &viewer, id).await?;
    go(format!("/imports/{id}"))
}
