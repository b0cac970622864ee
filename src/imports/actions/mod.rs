//! What is done with imports: a file is brought, read, checked; then written and taken back.

mod bad;
mod branches;
mod census;
mod check;
mod commit;
mod kept;
mod left;
mod named;
mod recall;
mod rows;
mod stop;
mod strike;
mod turns;
mod undo;

pub use bad::{BadRows, find_bad_rows, list_bad_rows};
use census::take_census;
use check::judge_all;
pub use check::{check, check_at_once};
pub(super) use left::{LEFT, MERGED};
pub use rows::{list_rows, list_rows_seen, veil_forecast};
pub use stop::{go_on, stop};
pub use strike::{Strike, strike_in};
pub use turns::{SMALL, Work};
use turns::{enqueue, enqueue_anew, kinds};

#[cfg(test)]
pub(super) use commit::work_off_commit_to;
pub use commit::{commit, work_off_commit};
#[cfg(test)]
pub(super) use undo::work_off_undo_to;
pub use undo::{undo, work_off_undo};

use std::sync::Arc;

use super::aside::Ahead;
use super::columns::Named;
use super::draft::Draft;
use super::judge::{Judge, Judged};
use super::notices::{Around, Held};
use super::reader::{self, Taken};
use super::reading::{self, Looked, Opened, Said};
use super::spool::{Content, Spool};
use super::text::FILE_BYTES_MAX;
use super::*;
use crate::begin;
use crate::events::{Event, Kind};
use crate::jobs;
use crate::people::{self, session};
use crate::storage::{Act, Tx, take_numbers};

/// A file of at most so many rows is checked while its sender waits.
const CHECKED_AT_ONCE_MAX: i64 = 20_000;
/// Rows judged at once.
const BATCH: usize = if cfg!(test) { 250 } else { 500 };
/// Rows of each verdict shown in the forecast.
const SHOWN_MAX: i64 = 8;
/// The longest name of a file or a source.
const NAME_MAX: usize = 200;

/// Written rows read at once.
const READ_AT_ONCE: i64 = 10_000;

/// A file as it arrives.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// What it is called.
    pub name: String,
    /// What it holds.
    pub content: Content,
    /// Where its companies come from.
    pub origin: Origin,
}

/// Stores a file and guesses how it is to be read. Its rows are looked at next: by
/// [`check`] at once, or by the job that is left behind.
pub async fn bring(act: &Act, file: NewFile) -> Outcome<ImportId> {
    bring_as(act, file, (&Overruling::default(), &[])).await
}

/// The same, where a person said how the file is to be read and what some of its columns mean.
pub async fn bring_as(
    act: &Act,
    file: NewFile,
    said: (&Overruling, &[Named]),
) -> Outcome<ImportId> {
    let content = file.content.clone();
    let (read, spool) = read_file(act, file, said).await?;
    let byte_count = content.byte_count();
    let parts = apart(move || content.parts()).await??;
    let free = act.db.free_room().await?;
    let mut tx = begin!(act);
    room::check(room::of_file(parts.byte_count() + spool.byte_count()), free)?;
    let number = take_numbers(&mut tx, act.org, "import", 1).await?;
    let import = Import { number, ..read };
    let (id, sha256) = (import.file, import.sha256.as_str());
    let stored = store::NewFile { id, name: &import.file_name, byte_count, sha256 };
    store::insert_file(&mut tx, act.org, stored, act.now).await?;
    store::insert_parts(&mut tx, act.org, id, &parts).await?;
    store::insert(&mut tx, act.org, &import).await?;
    store::insert_blocks(&mut tx, act.org, import.id, &spool).await?;
    enqueue(&mut tx, act, Work::Check, &import).await?;
    told(Kind::ImportBrought, &import, act).record(&mut tx, act).await?;
    tx.finish(import.id).await
}

/// What would become of the rows of a file that is not even stored.
pub async fn foresee(act: &Act, file: NewFile) -> Outcome<Import> {
    foresee_as(act, file, (&Overruling::default(), &[])).await
}

/// The same, where a person said how the file is to be read and what some of its columns mean.
pub async fn foresee_as(
    act: &Act,
    file: NewFile,
    said: (&Overruling, &[Named]),
) -> Outcome<Import> {
    let (import, spool) = read_file(act, file, said).await?;
    let opened = Arc::new(Opened::of(spool, &import));
    let forecast = judge_all(act, &import, opened).await?.unwrap_or_default();
    Ok(Import { forecast, state: ImportState::Checked, ..import })
}

/// What stands in a file that is read so; nothing is kept of it.
pub async fn look_into(content: &Content, said: &intake::Said) -> Outcome<intake::How> {
    Ok(reader::read(content, said.clone()).await?.how)
}

/// A file as an import that has no number yet.
async fn read_file(
    act: &Act,
    file: NewFile,
    (said, named): (&Overruling, &[Named]),
) -> Outcome<(Import, Spool)> {
    check_origin(&file.origin)?;
    if file.content.byte_count() > FILE_BYTES_MAX as u64 {
        return Err(ImportRefusal::FileTooLarge.into());
    }
    let content = file.content;
    let taken = reader::read(&content, said.file.clone()).await?;
    let read = look(act, taken, Said::overruling(said)).await?;
    let sha256 = content.sha256().to_owned();
    let is_guessed = Overruling { branches: None, ..said.clone() } == Overruling::default();
    let like = (file.origin.source.as_str(), is_guessed);
    let (read, read_like) = recall::recall(act, &content, read, like).await?;
    let (mut looked, spool) = read;
    let is_said = named::take(&mut looked, named)?;
    looked.reading.branches = said.branches.unwrap_or(looked.reading.branches);
    let name: String = file.name.chars().filter(|c| !is_unseen(*c)).take(NAME_MAX).collect();
    let import = Import {
        id: ImportId::fresh(act.now),
        number: 0,
        file: FileId::fresh(act.now),
        file_name: if name.trim().is_empty() { "file.csv".to_owned() } else { name },
        sha256,
        state: ImportState::Checking,
        reading: looked.reading,
        found: looked.found,
        header: looked.header,
        sample: looked.sample,
        row_count: looked.row_count,
        forecast: Forecast::default(),
        counts: Counts::default(),
        done_count: 0,
        origin: file.origin,
        read_like: read_like.filter(|_| !is_said),
        made_by: act.actor,
        made_at: act.now,
        committed_by: None,
        undone_by: None,
        committed_at: None,
        written_at: None,
        undone_at: None,
        taken_back: TakenBack::default(),
        version: 1,
    };
    Ok((import, spool))
}

/// What is to be seen of a file that was read.
async fn look(act: &Act, taken: Taken, said: Said) -> Outcome<(Looked, Spool)> {
    let country = country(act).await?;
    apart(move || Ok((reading::look(&taken, said, country)?, taken.spool))).await?
}

/// The country by whose habits the numbers of a new file are read; it is kept with the file.
async fn country(act: &Act) -> Outcome<Country> {
    Ok(people::actions::firm(&mut act.db.read().await?, act.org).await?.country)
}

fn check_origin(origin: &Origin) -> Outcome<()> {
    let mut fields = Fields::default();
    for (field, text) in [("source", &origin.source), ("basis_source", &origin.basis_source)] {
        if text.chars().count() > NAME_MAX {
            fields.note_with(field, "too-long", vec![("max", NAME_MAX.to_string())]);
        }
    }
    fields.into_result()
}

/// Corrects how a file is read, and has its rows looked at again. Another encoding, delimiter or
/// heading makes other columns, so their meanings are guessed anew.
pub async fn read_anew(
    act: &Act,
    id: ImportId,
    version: i64,
    wanted: Reading,
    origin: Origin,
) -> Outcome<()> {
    check_meanings(&wanted.meanings)?;
    let import = find_to_change(act, id).await?;
    let is_same_file = import.reading.is_same_file(&wanted);
    let said = Said::anew(&import.reading, wanted);
    keep_reading(act, import, version, (said, is_same_file), origin).await
}

/// Forgets what was chosen and what was taken over from an earlier file: everything is guessed.
pub async fn guess_anew(act: &Act, id: ImportId, version: i64, origin: Origin) -> Outcome<()> {
    let import = find_to_change(act, id).await?;
    keep_reading(act, import, version, (Said::default(), false), origin).await
}

async fn keep_reading(
    act: &Act,
    import: Import,
    version: i64,
    (said, is_same_file): (Said, bool),
    origin: Origin,
) -> Outcome<()> {
    check_origin(&origin)?;
    let id = import.id;
    let is_guess = said.has_header.is_none();
    let taken = if is_same_file {
        let how = import.found.how.clone();
        Taken { how, spool: kept::records(act, &import).await? }
    } else {
        let content = kept::content(act, &import).await?;
        reader::read(&content, said.file.clone()).await?
    };
    let (looked, spool) = look(act, taken, said).await?;
    let is_as_proposed = looked.reading == import.reading;
    let mut tx = begin!(act);
    let import = store::find_for_update(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    may_change(&mut tx, act, &import).await?;
    import.read_anew(version)?;
    let read = Import {
        reading: looked.reading,
        found: looked.found,
        header: looked.header,
        sample: looked.sample,
        row_count: looked.row_count,
        read_like: import.read_like.filter(|_| is_as_proposed && !is_guess),
        forecast: Forecast::default(),
        origin,
        ..import
    };
    if store::update_reading(&mut tx, act.org, &read).await? == 0 {
        return Err(ImportRefusal::Stale.into());
    }
    if !is_same_file {
        store::delete_blocks(&mut tx, act.org, id).await?;
        store::insert_blocks(&mut tx, act.org, id, &spool).await?;
    }
    enqueue_anew(&mut tx, act, Work::Check, &read).await?;
    let corrected = told(Kind::ImportReadAnew, &read, act);
    corrected.with("is_guess", is_guess).record(&mut tx, act).await?;
    tx.announce(topic(id));
    tx.finish(()).await
}

/// An import that this person may change: nothing of its file is read for anybody else.
async fn find_to_change(act: &Act, id: ImportId) -> Outcome<Import> {
    let mut tx = act.db.read().await?;
    let import = find(&mut tx, act.org, id).await?.ok_or(Error::NotFound)?;
    may_change(&mut tx, act, &import).await?;
    Ok(import)
}

/// Refuses what a person may not do with somebody else's import. The product itself may, as where a
/// command brings a list and names nobody.
async fn may_change(tx: &mut Tx, act: &Act, import: &Import) -> Outcome<()> {
    let Some(actor) = act.actor else { return Ok(()) };
    let viewer = session::viewer(tx, act.org, actor, None).await?.ok_or(Error::NotFound)?;
    Ok(import.change(&viewer)?)
}

/// What a person does with an import. Not the name of the file, which may be anybody's.
fn told(kind: Kind, import: &Import, act: &Act) -> Event {
    Event::new(kind, import.id)
        .person(act.actor)
        .with("number", import.number)
        .with("rows", import.row_count)
}

fn check_meanings(meanings: &[Meaning]) -> Outcome<()> {
    let Some((first, second)) = columns::doubled(meanings) else { return Ok(()) };
    let mut fields = Fields::default();
    let places = [("first", first), ("second", second)];
    let args = places.map(|(name, place)| (name, (place + 1).to_string()));
    fields.note_with("columns", "column-twice", args.to_vec());
    fields.into_result()
}

/// An import of the firm.
pub async fn find(tx: &mut Tx, org: OrgId, id: ImportId) -> Outcome<Option<Import>> {
    store::find(tx, org, id).await
}

/// What went wrong with the job that works on an import now, where it did.
pub async fn find_trouble(
    tx: &mut Tx,
    org: OrgId,
    import: &Import,
) -> Outcome<Option<jobs::Trouble>> {
    let Some(work) = Work::in_state(import.state) else { return Ok(None) };
    for kind in kinds(work) {
        let found = jobs::find_trouble(tx, org, (&kind, &import.id.to_string())).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// What is known of an import besides itself.
pub(super) async fn find_around(tx: &mut Tx, org: OrgId, import: &Import) -> Outcome<Around> {
    let same_file = store::find_same_file(tx, org, import).await?;
    let trouble = find_trouble(tx, org, import).await?;
    let held = match trouble {
        Some(_) if import.state == ImportState::Committing => Some(Held {
            done: import.done_count,
            total: import.row_count,
            companies: import.counts.new,
            found: store::find_found_count(tx, org, import.id).await?,
        }),
        _ => None,
    };
    Ok(Around { same_file, trouble, held })
}

/// The newest imports, those with a smaller number than `before`.
pub async fn list(tx: &mut Tx, org: OrgId, before: i64, limit: i64) -> Outcome<Vec<Import>> {
    store::list(tx, org, before, limit).await
}

/// Companies that rows of an import behind a line became or added to, each with its line.
pub async fn list_row_companies(
    tx: &mut Tx,
    org: OrgId,
    id: ImportId,
    after: i64,
    limit: i64,
) -> Outcome<Vec<(i64, CompanyId)>> {
    store::list_row_companies(tx, org, id, after, limit).await
}

/// What stayed when the import was undone.
pub async fn list_stays(tx: &mut Tx, org: OrgId, id: ImportId, limit: i64) -> Outcome<Vec<Stay>> {
    store::list_stays(tx, org, id, limit).await
}

/// The import with its records, checked against their digest.
async fn load(act: &Act, id: ImportId) -> Outcome<(Import, Arc<Opened>)> {
    let import = find(&mut act.db.read().await?, act.org, id).await?.ok_or(Error::NotFound)?;
    let opened = Opened::of(kept::records(act, &import).await?, &import);
    Ok((import, Arc::new(opened)))
}

/// Fails where a file came to its end and not each of its rows was gone through.
fn all_accounted_for(import: &Import, count: i64) -> Outcome<()> {
    if count == import.row_count {
        return Ok(());
    }
    let rows = import.row_count;
    Err(Error::failure(format!("rows of a file are missing: {count} of {rows} were read")))
}

/// Does long work on a thread of its own, so that nobody else waits for it.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::failure)
}

/// What live pages listen to.
pub fn topic(id: ImportId) -> String {
    format!("import:{id}")
}
