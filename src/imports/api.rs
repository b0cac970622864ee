//! Imports over the API. The same actions as the pages.

mod reading;

pub use reading::{ColumnShown, ReadingSent, ReadingShown};

use axum::body::Body;
use axum::extract::{FromRequest, Path, Request, State as Web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::actions::NewFile;
use super::spool::Content;
use super::text::FILE_BYTES_MAX;
use super::upload::{drain, origin};
use super::*;
use crate::companies::words;
use crate::people::Viewer;
use crate::storage::Key;
use crate::web::json::{self, Nothing, Sent};
use crate::web::{Answer, App, Cursor, Failed, Query, Slice, Ui};

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportShown {
    /// Its id.
    pub id: ImportId,
    /// The number people read aloud.
    pub number: i64,
    /// What the file was called.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// `checking`, `unchecked` where that was stopped, `checked`, `committing`, `stopped`,
    /// `committed`, `undoing`, `undo_stopped` or `undone`.
    pub state: String,
    /// How many rows it has.
    pub row_count: i64,
    /// Rows worked off by what is under way.
    pub done_count: i64,
    /// What its rows would become; complete from `checked` on.
    pub forecast: Counts,
    /// What its rows became.
    pub counts: Counts,
    /// How it is read.
    pub reading: ReadingShown,
    /// Where the list comes from.
    pub source: String,
    /// `public_source`, `legitimate_interest`, `consent`, `contract` or null.
    pub basis_kind: Option<String>,
    /// Where that ground is documented.
    pub basis_source: String,
    /// The number of the import whose columns were taken over.
    pub read_like: Option<i64>,
    /// Who brought it.
    pub made_by: Option<UserId>,
    /// When, RFC 3339.
    pub made_at: String,
    /// Who wrote it into the base.
    pub committed_by: Option<UserId>,
    /// When, RFC 3339.
    pub committed_at: Option<String>,
    /// Until when it can be taken back, RFC 3339.
    pub undo_until: Option<String>,
    /// When it was taken back, RFC 3339.
    pub undone_at: Option<String>,
    /// What the undo did.
    pub taken_back: TakenBack,
    /// What is to be told of the file, as its page says it. Empty in a list of several.
    pub notices: Vec<NoticeShown>,
    /// Grows with each change.
    pub version: i64,
}

/// Something to tell of a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeShown {
    /// `same-file`, `same-file-part`, `same-file-brought`, `trouble`, `trouble-disk`,
    /// `check-stopped`, `too-many-repeats`, `commit-stopped`, `undo-stopped`, `read-like`,
    /// `cut-otherwise`, `heading-is-row`, `heading-twice`, `names-alike`, `phones-left-out`,
    /// `phones-unread`, `no-basis`, `no-rows`, `no-names`, `nothing-new`, `above-header`,
    /// `blank-lines` or `damaged`.
    pub code: String,
    /// The same as a sentence in the asker's language.
    pub text: String,
}

fn shown(import: Import, now: Instant) -> ImportShown {
    let undo_until = import.undo_until(now).map(Instant::rfc3339);
    let Import { reading, origin, found, .. } = import;
    ImportShown {
        id: import.id,
        number: import.number,
        file_name: import.file_name,
        sha256: import.sha256,
        state: import.state.code().to_owned(),
        row_count: import.row_count,
        done_count: import.done_count,
        forecast: import.forecast.counts,
        counts: import.counts,
        reading: ReadingShown::of(reading, found.how, &import.header),
        source: origin.source,
        basis_kind: origin.basis_kind.map(|kind| kind.code().to_owned()),
        basis_source: origin.basis_source,
        read_like: import.read_like,
        made_by: import.made_by,
        made_at: import.made_at.rfc3339(),
        committed_by: import.committed_by,
        undo_until,
        committed_at: import.committed_at.map(Instant::rfc3339),
        undone_at: import.undone_at.map(Instant::rfc3339),
        taken_back: import.taken_back,
        notices: Vec::new(),
        version: import.version,
    }
}

/// One import with what is to be told of it.
async fn shown_whole(app: &App, viewer: &Viewer, ui: &Ui, id: ImportId) -> Outcome<ImportShown> {
    let mut tx = app.db.read().await?;
    let import = actions::find(&mut tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    let around = actions::find_around(&mut tx, viewer.org, &import).await?;
    let notices = notices::all(ui, &import, &around).into_iter();
    let notices = notices.map(|notice| NoticeShown { code: notice.code, text: notice.text });
    Ok(ImportShown { notices: notices.collect(), ..shown(import, ui.now) })
}

/// The imports, newest first.
#[utoipa::path(get, path = "/api/v1/imports", tag = "imports", operation_id = "list_imports",
    params(Cursor), responses((status = 200, body = json::Many<ImportShown>)))]
pub async fn list(Web(app): Web<App>, viewer: Viewer, Query(cursor): Query<Cursor>) -> Answer {
    let mut tx = app.db.read().await?;
    let (before, limit) = (cursor.after().parse().unwrap_or(i64::MAX), cursor.limit());
    let imports = actions::list(&mut tx, viewer.org, before, limit + 1).await?;
    let slice = Slice::cut(imports, limit, |import| import.number.to_string());
    let now = app.clock.now();
    let rows = slice.rows.into_iter().map(|import| shown(import, now)).collect();
    json::many(Slice { rows, next: slice.next })
}

/// One import with its counts.
#[utoipa::path(get, path = "/api/v1/imports/{import}", tag = "imports",
    operation_id = "show_import", params(("import" = ImportId, Path)),
    responses((status = 200, body = json::One<ImportShown>), (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer, ui: Ui, Path(id): Path<ImportId>) -> Answer {
    json::one(shown_whole(&app, &viewer, &ui, id).await?)
}

/// What is said about a file that is sent.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct FileParams {
    /// What it is called.
    name: String,
    /// Where the list comes from.
    source: String,
    /// `public_source`, `legitimate_interest`, `consent` or `contract`.
    basis_kind: String,
    /// Where that ground is documented.
    basis_source: String,
    /// `one` or `apart`, whether branches are told apart: rows with the tax number of a company and
    /// another KPP. As in the file like it, where it is left out; `one` where there is none.
    branches: String,
}

/// A file as the body of a request, with its key.
pub struct SentBytes {
    content: Content,
    key: Key,
}

impl<S: Send + Sync> FromRequest<S> for SentBytes {
    type Rejection = Failed;
    async fn from_request(request: Request, _: &S) -> Result<Self, Failed> {
        let (parts, body) = request.into_parts();
        let text = json::key_text(&parts.headers)?.to_owned();
        let content = read_body(body).await.map_err(Failed)?;
        let asked = parts.uri.path_and_query().map(|all| all.as_str()).unwrap_or_default();
        let key = Key::new(text, &[b"POST", asked.as_bytes(), content.sha256().as_bytes()]);
        Ok(Self { content, key })
    }
}

async fn read_body(body: Body) -> Outcome<Content> {
    use futures_util::StreamExt as _;
    let mut stream = body.into_data_stream();
    let broken = |_| Fields::one("body", "form-not-understood");
    let parts = stream.by_ref().map(|part| part.map_err(broken));
    match Content::of_stream(parts, FILE_BYTES_MAX).await? {
        Some(content) => Ok(content),
        None => {
            drain(stream).await;
            Err(ImportRefusal::FileTooLarge.into())
        }
    }
}

/// Brings a file; the body is the file itself, whatever its content type. A small one is checked
/// at once, a large one is `checking` for a while.
#[utoipa::path(post, path = "/api/v1/imports", tag = "imports", operation_id = "bring_file",
    params(FileParams, json::KeyHeader),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 201, body = json::One<ImportShown>), (status = 409, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn bring(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Query(said): Query<FileParams>,
    sent: SentBytes,
) -> Answer {
    let act = viewer.act(&app, Some(sent.key));
    let origin = origin(&said.source, &said.basis_kind, &said.basis_source)?;
    let file = NewFile { name: said.name, content: sent.content, origin };
    let branches: Option<Branches> = match said.branches.as_str() {
        "" => None,
        code => Some(code.parse().map_err(|()| Fields::one("branches", "unknown-choice"))?),
    };
    let overruling = Overruling { branches, ..Overruling::default() };
    let id = actions::bring_as(&act, file, (&overruling, &[])).await?;
    actions::check_at_once(&act, id).await?;
    json::made(shown_whole(&app, &viewer, &ui, id).await?)
}

/// Reads a file in another way. Another encoding, delimiter or heading has the meanings guessed
/// anew.
#[utoipa::path(post, path = "/api/v1/imports/{import}/reading", tag = "imports",
    operation_id = "read_import_anew", params(("import" = ImportId, Path), json::KeyHeader),
    request_body = ReadingSent,
    responses((status = 200, body = json::One<ImportShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn read_anew(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    sent: Sent<ReadingSent>,
) -> Answer {
    let act = viewer.act(&app, sent.key);
    let body = sent.body;
    let found = actions::find(&mut app.db.read().await?, viewer.org, id).await?;
    let found = found.ok_or(Error::NotFound)?;
    let (reading, origin) = (body.reading(&found.reading)?, body.origin(&found.origin)?);
    actions::read_anew(&act, id, body.version, reading, origin).await?;
    actions::check_at_once(&act, id).await?;
    json::one(shown_whole(&app, &viewer, &ui, id).await?)
}

/// Which forecast is committed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitmentSent {
    /// The version that was seen.
    version: i64,
}

/// Has the rows written into the base; the import is `committing` until they are.
#[utoipa::path(post, path = "/api/v1/imports/{import}/commitment", tag = "imports",
    operation_id = "commit_import", params(("import" = ImportId, Path), json::KeyHeader),
    request_body = CommitmentSent,
    responses((status = 200, body = json::One<ImportShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem), (status = 422, body = json::Problem)))]
pub async fn commit(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    sent: Sent<CommitmentSent>,
) -> Answer {
    actions::commit(&viewer.act(&app, sent.key), id, sent.body.version).await?;
    json::one(shown_whole(&app, &viewer, &ui, id).await?)
}

/// Has an import taken back; it is `undoing` until it is. One being written is stopped first.
#[utoipa::path(post, path = "/api/v1/imports/{import}/undoing", tag = "imports",
    operation_id = "undo_import", params(("import" = ImportId, Path), json::KeyHeader),
    request_body = Nothing,
    responses((status = 200, body = json::One<ImportShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn undo(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::undo(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(shown_whole(&app, &viewer, &ui, id).await?)
}

/// Stops the checking or the writing of a file. What was written stays, row by row accounted for.
#[utoipa::path(post, path = "/api/v1/imports/{import}/stop", tag = "imports",
    operation_id = "stop_import", params(("import" = ImportId, Path), json::KeyHeader),
    request_body = Nothing,
    responses((status = 200, body = json::One<ImportShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn stop(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::stop(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(shown_whole(&app, &viewer, &ui, id).await?)
}

/// Has a stopped import go on where it ended, and one that a trouble holds up go on at once.
#[utoipa::path(post, path = "/api/v1/imports/{import}/continuation", tag = "imports",
    operation_id = "go_on_import", params(("import" = ImportId, Path), json::KeyHeader),
    request_body = Nothing,
    responses((status = 200, body = json::One<ImportShown>), (status = 404, body = json::Problem),
        (status = 409, body = json::Problem)))]
pub async fn go_on(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    sent: Sent<Nothing>,
) -> Answer {
    actions::go_on(&viewer.act(&app, sent.key), &viewer, id).await?;
    json::one(shown_whole(&app, &viewer, &ui, id).await?)
}

/// A row with what became of it, or would.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportRow)]
pub struct RowShown {
    /// Its place among the rows, from 1.
    pub line: i64,
    /// `new`, `update`, `in_base`, `in_file`, `suppressed` or `bad`.
    pub verdict: String,
    /// The name it gives; empty where the asker may not know of its company.
    pub name: String,
    /// The company it is now, where the asker may know of it.
    pub company: Option<CompanyId>,
    /// Why, as sentences in the asker's language.
    pub why: Vec<String>,
}

/// Which rows are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct RowParams {
    /// `new`, `update`, `in_base`, `in_file`, `suppressed` or `bad`; all where it is left out.
    verdict: Option<String>,
    /// Where the page starts.
    after: Option<String>,
    /// Rows wanted.
    limit: Option<i64>,
}

/// The rows with their verdicts: all of them once they are written, before that a few of each
/// verdict.
#[utoipa::path(get, path = "/api/v1/imports/{import}/rows", tag = "imports",
    operation_id = "list_import_rows", params(("import" = ImportId, Path), RowParams),
    responses((status = 200, body = json::Many<RowShown>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn rows(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    Query(asked): Query<RowParams>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let import = actions::find(&mut tx, viewer.org, id).await?.ok_or(Error::NotFound)?;
    let unknown = |()| Fields::one("verdict", "unknown-choice");
    let verdict: Option<Verdict> =
        asked.verdict.as_deref().map(str::parse).transpose().map_err(unknown)?;
    if import.state.is_forecast() {
        let mut rows = import.forecast.rows;
        actions::veil_forecast(&mut tx, &viewer, &mut rows, ui.now).await?;
        rows.retain(|row| verdict.is_none_or(|verdict| verdict == row.verdict));
        rows.sort_by_key(|row| row.line);
        let rows = rows.into_iter().map(|row| RowShown {
            line: row.line,
            verdict: row.verdict.code().to_owned(),
            name: row.name,
            company: None,
            why: words::said_all(&ui, &row.remarks),
        });
        return json::many(Slice { rows: rows.collect(), next: None });
    }
    let cursor = Cursor { after: asked.after, limit: asked.limit };
    let (after, limit) = (cursor.after().parse().unwrap_or(0), cursor.limit());
    let (of, limits) = ((verdict, after), (limit + 1, ui.now));
    let rows = actions::list_rows_seen(&mut tx, &viewer, id, of, limits).await?;
    let slice = Slice::cut(rows, limit, |row| row.line.to_string());
    let rows = slice.rows.into_iter().map(|row| RowShown {
        line: row.line,
        verdict: row.verdict.code().to_owned(),
        name: row.name,
        company: row.company,
        why: words::said_all(&ui, &row.remarks),
    });
    json::many(Slice { rows: rows.collect(), next: slice.next })
}

/// A row that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct BadRowShown {
    /// Its place among the rows, from 1.
    pub line: i64,
    /// Its cells as they stand.
    pub cells: Vec<String>,
    /// Why, as sentences in the asker's language.
    pub why: Vec<String>,
}

/// The rows that cannot be used, cell by cell as they stand, to be mended and brought again.
#[utoipa::path(get, path = "/api/v1/imports/{import}/bad-rows", tag = "imports",
    operation_id = "list_bad_rows", params(("import" = ImportId, Path), Cursor),
    responses((status = 200, body = json::Many<BadRowShown>),
        (status = 404, body = json::Problem)))]
pub async fn bad_rows(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<ImportId>,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let (after, limit) = (cursor.after().parse().unwrap_or(0), cursor.limit());
    let asked = (after, usize::try_from(limit).unwrap_or(0) + 1);
    let rows = actions::list_bad_rows(&viewer.act(&app, None), &viewer, id, asked).await?;
    let slice = Slice::cut(rows, limit, |row| row.line.to_string());
    let rows = slice.rows.into_iter().map(|row| BadRowShown {
        line: row.line,
        cells: row.cells,
        why: words::said_all(&ui, &row.faults),
    });
    json::many(Slice { rows: rows.collect(), next: slice.next })
}
