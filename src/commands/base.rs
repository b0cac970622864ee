//! `troika import` and `troika export`: the base in and out.

mod columns;
mod control;
mod progress;
mod reading;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use intake::Format;

use self::control::Control;
use self::progress::Telling;
use self::reading::Overrule;
use super::settings::Chosen;
use super::{Answer, firm, open_kept, told};
use crate::companies::alike::Remark;
use crate::companies::{BasisKind, words};
use crate::events;
use crate::export::actualisation::{self, Medium};
use crate::export::{self, Reader, What};
use crate::imports::actions::{self as imports, NewFile};
use crate::imports::columns::Named;
use crate::imports::spool::Content;
use crate::imports::text::FILE_BYTES_MAX;
use crate::imports::{Counts, ImportRefusal, ImportState, Origin, Verdict, notices};
use crate::people::actions as people;
use crate::people::{Roles, Scope, User};
use crate::schedule;
use crate::storage::{Act, Db};
use crate::tiers::doors::HEADS;
use crate::values::*;
use crate::web::Ui;

/// Unusable rows told one by one.
const TOLD_MAX: usize = 8;
/// How long one waits for a job that another worker holds before looking again.
const PAUSE: Duration = Duration::from_millis(500);
/// How often one looks without seeing any progress: longer than a dead worker keeps its job.
const LOOKS_MAX: u32 = 720;

/// What `import` takes.
#[derive(Debug, Args)]
pub struct Import {
    /// A list of companies: CSV, a workbook or contact cards, also as gz or zip
    #[arg(required_unless_present = "control")]
    file: Option<PathBuf>,
    #[command(flatten)]
    control: Control,
    /// Only say what would become of its rows; nothing is written, not even the file
    #[arg(long)]
    dry_run: bool,
    /// Login of the person who brings it; the product itself where nobody is named
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
    /// Where the list comes from
    #[arg(long, default_value = "")]
    source: String,
    /// On what ground its companies may be called: `public_source`, `legitimate_interest`,
    /// `consent`, `contract`
    #[arg(long, value_name = "GROUND")]
    basis: Option<String>,
    /// Where that ground is documented
    #[arg(long, default_value = "")]
    basis_source: String,
    /// What a column holds, by its heading or its number, as `1_Название=name`; once for each
    /// column that was taken for something else. `HEADING=skip` leaves it out
    #[arg(long = "column", value_name = "HEADING=MEANING", value_parser = columns::named)]
    columns: Vec<Named>,
    #[command(flatten)]
    overrule: Overrule,
}

/// What `export` takes.
#[derive(Debug, Args)]
pub struct Export {
    /// What to write
    #[arg(value_enum)]
    what: What,
    /// The file to write; it must not exist yet
    file: PathBuf,
    /// For a program: commas and no byte order mark
    #[arg(long)]
    plain: bool,
    /// Of which round, by number; for `actualisation`
    #[arg(long, value_name = "NUMBER")]
    round: Option<i64>,
    /// Of which import, by number; for `actualisation`
    #[arg(long, value_name = "NUMBER", conflicts_with = "round")]
    import: Option<i64>,
    /// Login of the person who takes it; the product itself where nobody is named
    #[arg(long = "as", value_name = "LOGIN")]
    login: Option<String>,
}

impl Import {
    /// Runs it.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        let mut out = std::io::stdout();
        let Some(path) = &self.file else {
            let db = open_kept(&chosen.database).await?;
            let login = self.login.as_deref().unwrap_or_default();
            let done = self.control.run(&db, &Clock::system(), login, &mut out).await;
            db.close().await;
            return done;
        };
        let content = self.content(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = NewFile { name, content, origin: self.origin()? };
        let db = open_kept(&chosen.database).await?;
        let done = self.bring(&db, path, file, &mut out).await;
        db.close().await;
        done
    }

    fn content(&self, file: &Path) -> Result<Content, String> {
        let mut source = File::open(file)
            .map_err(|cause| format!("{}: {cause}; nothing was changed", file.display()))?;
        let content = Content::of_source(&mut source, FILE_BYTES_MAX);
        let content = content.map_err(|error| refused(file, error))?;
        content.ok_or_else(|| refused(file, ImportRefusal::FileTooLarge.into()))
    }

    fn origin(&self) -> Result<Origin, String> {
        let basis_kind: Option<BasisKind> = match self.basis.as_deref() {
            None => None,
            Some(code) => Some(code.parse().map_err(|()| {
                let known = BasisKind::ALL.map(BasisKind::code).join(", ");
                format!("--basis: {code:?} is no ground; known: {known}")
            })?),
        };
        let (source, basis_source) = (self.source.clone(), self.basis_source.clone());
        Ok(Origin { source, basis_kind, basis_source })
    }

    async fn bring(&self, db: &Db, path: &Path, file: NewFile, out: &mut impl Write) -> Answer {
        let org = firm(db).await?;
        let clock = Clock::system();
        let actor = actor(db, org, self.login.as_deref(), "bring").await?;
        let act = Act { db: db.clone(), org, actor, now: clock.now(), key: None };
        let whole = if self.dry_run { "read and judged" } else { "read" };
        let telling = Telling::of_whole(format!("{} is {whole}", path.display()));
        let read_so = self.overrule.said(path, &file.content).await?;
        let said = (&read_so, self.columns.as_slice());
        if self.dry_run {
            let seen = imports::foresee_as(&act, file, said).await;
            drop(telling);
            let seen = seen.map_err(|error| refused(path, error))?;
            columns::tell(out, &seen)?;
            tell(out, &seen, &seen.forecast.counts, &bad_of_forecast(&seen))?;
            tell_forecast(out, &seen)?;
            return say(out, "Nothing was written.");
        }
        let id = imports::bring_as(&act, file, said).await;
        drop(telling);
        let id = id.map_err(|error| refused(path, error))?;
        let seen = run_to_quiet(db, &clock, org, id).await?;
        columns::tell(out, &seen)?;
        tell_forecast(out, &seen)?;
        imports::commit(&act, id, seen.version).await.map_err(|error| {
            let at = format!("it waits at /imports/{id}");
            format!("{}: {}; nothing is in the base, {at}", path.display(), told(error))
        })?;
        let done = run_to_quiet(db, &clock, org, id).await?;
        tell_written(db, org, &done, out).await
    }
}

fn refused(file: &Path, error: Error) -> String {
    let said = told(error);
    let is_told = said.contains("Nothing was changed");
    let more = if is_told { "" } else { "; nothing was changed" };
    format!("{}: {said}{more}", file.display())
}

/// Says what became of the rows of an import that is written.
async fn tell_written(
    db: &Db,
    org: OrgId,
    done: &crate::imports::Import,
    out: &mut impl Write,
) -> Answer {
    if let Some(refusal) = done.repeats() {
        return Err(told(refusal.into()));
    }
    let mut tx = db.read().await.map_err(told)?;
    let wanted = (Some(Verdict::Bad), 0);
    let rows = imports::list_rows(&mut tx, org, done.id, wanted, TOLD_MAX as i64).await;
    let rows = rows.map_err(told)?;
    let bad: Vec<(i64, Vec<Remark>)> =
        rows.into_iter().map(|row| (row.line, row.remarks)).collect();
    tell(out, done, &done.counts, &bad)?;
    let (number, id) = (done.number, done.id);
    say(
        out,
        &format!(
            "Import {number} is in the base; /imports/{id} takes it back within a day, or \
             `troika import --take-back {number} --as LOGIN`."
        ),
    )
}

/// Who does it; nobody where it is the product itself.
async fn actor(
    db: &Db,
    org: OrgId,
    login: Option<&str>,
    verb: &str,
) -> Result<Option<UserId>, String> {
    match login {
        None => Ok(None),
        Some(login) => Ok(Some(find_head(db, org, login, verb).await?.id)),
    }
}

/// Who may bring and take files, by login.
async fn find_head(db: &Db, org: OrgId, login: &str, verb: &str) -> Result<User, String> {
    let mut tx = db.read().await.map_err(told)?;
    let users = people::list_users(&mut tx, org).await.map_err(told)?;
    let user = users.into_iter().find(|user| user.login == login && user.disabled_at.is_none());
    let user = user.ok_or_else(|| format!("--as: nobody has the login {login:?}"))?;
    if !user.roles.meets(Roles::of(HEADS)) {
        return Err(format!(
            "--as: {login:?} may not {verb} files; a head, owner or administrator may"
        ));
    }
    Ok(user)
}

/// Runs jobs until the import rests; a running server may do them as well.
async fn run_to_quiet(
    db: &Db,
    clock: &Clock,
    org: OrgId,
    id: ImportId,
) -> Result<crate::imports::Import, String> {
    let _telling = Telling::of_import(db, org, id);
    let mut announcements = db.announcements();
    let (mut looks, mut before) = (0, -1);
    loop {
        let ran = schedule::run_due(db, clock).await;
        let mut tx = db.read().await.map_err(told)?;
        let found = imports::find(&mut tx, org, id).await.map_err(told)?;
        let import = found.ok_or("the import is gone")?;
        if !import.state.is_under_way() {
            return Ok(import);
        }
        let trouble = imports::find_trouble(&mut tx, org, &import).await.map_err(told)?;
        drop(tx);
        // Waiting mends no disk: whoever looks at the terminal is told at once.
        match (ran, trouble) {
            (Err(error), _) => return Err(held_up(&import, &error.to_string())),
            (_, Some(trouble)) => return Err(held_up(&import, &trouble.problem)),
            (Ok(_), None) => {}
        }
        looks = if import.done_count == before { looks + 1 } else { 0 };
        before = import.done_count;
        if looks > LOOKS_MAX {
            let state = if import.state == ImportState::Checking { "checked" } else { "written" };
            return Err(format!("it is still being {state}; /imports/{id} shows how far it got"));
        }
        // A notice, a lag of notices and a pause all mean the same: look again.
        let _ = tokio::time::timeout(PAUSE, announcements.recv()).await;
    }
}

/// What holds an import up, what is safe, and how it goes on.
fn held_up(import: &crate::imports::Import, problem: &str) -> String {
    let why = notices::told_of_trouble(&Ui::anonymous(Lang::En, Instant(0)), problem);
    let (done, all) = (import.done_count, import.row_count);
    let (number, id) = (import.number, import.id);
    format!(
        "{why} {done} of {all} rows are done ({problem}). Mend that; import {number} then goes on \
         where it ended, by itself while `troika serve` runs, or with `troika import --go-on \
         {number} --as LOGIN`. /imports/{id} or `--stop` stops it there, `--take-back` takes back \
         what is written: whoever brought it, a head of the first tier or the owner"
    )
}

fn bad_of_forecast(import: &crate::imports::Import) -> Vec<(i64, Vec<Remark>)> {
    let bad = import.forecast.rows.iter().filter(|row| row.verdict == Verdict::Bad);
    bad.map(|row| (row.line, row.remarks.clone())).collect()
}

/// Says how many rows became what, so that every row is accounted for.
fn tell(
    out: &mut impl Write,
    import: &crate::imports::Import,
    counts: &Counts,
    bad: &[(i64, Vec<Remark>)],
) -> Answer {
    let ui = Ui::anonymous(Lang::En, Instant(0));
    say(out, &format!("{}: {} rows, {}", import.file_name, import.row_count, read_as(import)))?;
    for verdict in Verdict::ALL {
        let word = ui.tc("verdict-", verdict.code());
        say(out, &format!("{:>10}  {word}", counts.of(verdict)))?;
    }
    say(out, &format!("{:>10}  in all", counts.total()))?;
    if counts.branches > 0 {
        say(out, &ui.n("import-branches-count", counts.branches))?;
    }
    for (line, remarks) in bad.iter().take(TOLD_MAX) {
        let why = words::said_all(&ui, remarks).join(" ");
        say(out, &format!("row {line}: {why}"))?;
    }
    if counts.total() == import.row_count {
        Ok(())
    } else {
        Err(format!("{} rows of {} are accounted for", counts.total(), import.row_count))
    }
}

/// As what a file was read.
fn read_as(import: &crate::imports::Import) -> String {
    let (reading, format) = (&import.reading, import.found.how.format);
    match (&reading.sheet, format) {
        (Some(sheet), _) => format!("{}, sheet {sheet:?}", format.code()),
        (None, Format::Vcard) => format!("contact cards, {}", reading.encoding),
        _ => format!("{}, parted by {:?}", reading.encoding, reading.delimiter),
    }
}

/// Says what is to be known before the rows are written.
fn tell_forecast(out: &mut impl Write, import: &crate::imports::Import) -> Answer {
    let ui = Ui::anonymous(Lang::En, Instant(0));
    notices::told_of_forecast(&ui, import).iter().try_for_each(|notice| say(out, notice))
}

fn say(out: &mut impl Write, line: &str) -> Answer {
    writeln!(out, "{line}").map_err(|cause| format!("nobody reads the output: {cause}"))
}

impl Export {
    /// Writes the file beside its name first, so that a broken run leaves no half export.
    pub async fn run(self, chosen: &Chosen) -> Answer {
        if self.file.exists() {
            return Err(format!("{} exists; choose another name", self.file.display()));
        }
        let db = open_kept(&chosen.database).await?;
        let org = firm(&db).await?;
        let actor = actor(&db, org, self.login.as_deref(), "take").await?;
        let act = Act { db: db.clone(), org, actor, now: Clock::system().now(), key: None };
        let partial = self.file.with_extension("partial");
        let rows = match self.write(&act, &partial).await {
            Ok(rows) => rows,
            Err(problem) => {
                // What was begun is of no use; that it cannot be taken away changes nothing.
                let _ = std::fs::remove_file(&partial);
                return Err(problem);
            }
        };
        db.close().await;
        std::fs::rename(&partial, &self.file).map_err(|cause| cause.to_string())?;
        println!("{rows} rows are in {}.", self.file.display());
        Ok(())
    }

    /// Writes the report of a round or of an import.
    async fn report(&self, act: &Act, partial: &Path) -> Result<u64, String> {
        let medium = match self.file.extension().and_then(|end| end.to_str()) {
            Some("xlsx") => Medium::Xlsx,
            Some("pdf") => Medium::Pdf,
            _ => return Err("a report is written as .xlsx or .pdf; name the file so".to_owned()),
        };
        let numbered = match (self.round, self.import) {
            (Some(number), _) => (true, number),
            (None, Some(number)) => (false, number),
            (None, None) => return Err("say of what: --round NUMBER or --import NUMBER".to_owned()),
        };
        let (org, now) = (act.org, act.now);
        let mut tx = act.db.read().await.map_err(told)?;
        let of = actualisation::actions::find_numbered(&mut tx, org, numbered).await;
        let of = of.map_err(told)?.ok_or("there is no such round or import")?;
        let firm = people::firm(&mut tx, org).await.map_err(told)?;
        let ui = Ui { zone: firm.zone, ..Ui::anonymous(firm.lang, now) };
        let scope = Scope::whole(org);
        let document = actualisation::actions::gather(&mut tx, &scope, of, &ui).await;
        let document = document.map_err(told)?;
        drop(tx);
        let bytes = document.write(medium, &ui.t("actualised-rest")).map_err(told)?;
        std::fs::write(partial, bytes)
            .map_err(|cause| format!("{}: {cause}", partial.display()))?;
        let rows = document.row_count();
        events::record_export(act, of.subject(), medium.code(), rows).await.map_err(told)?;
        u64::try_from(rows).map_err(|cause| cause.to_string())
    }

    async fn write(&self, act: &Act, partial: &Path) -> Result<u64, String> {
        if self.what == What::Actualisation {
            return self.report(act, partial).await;
        }
        let wrong = |cause: std::io::Error| format!("{}: {cause}", partial.display());
        let mut out = BufWriter::new(File::create(partial).map_err(wrong)?);
        let reader = if self.plain { Reader::Program } else { Reader::Office };
        let (org, what) = (act.org, (self.what, reader));
        let rows = export::actions::write(&act.db, org, what, act.now, &mut out).await;
        let rows = rows.map_err(told)?;
        let file = out.into_inner().map_err(|cause| cause.to_string())?;
        file.sync_all().map_err(wrong)?;
        // Before the file has its name: no export is left that the firm does not know of.
        let count = usize::try_from(rows).map_err(|cause| cause.to_string())?;
        events::record_export(act, org, self.what.code(), count).await.map_err(told)?;
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Cast;
    use crate::storage::testing::{Engine, fresh, limit_pages};

    /// A file of so many companies that Anna brought, checked.
    async fn brought(cast: &Cast, name: &str, text: &str) -> crate::imports::Import {
        let content = Content::of(text.as_bytes()).expect("kept");
        let file = NewFile { name: name.to_owned(), content, origin: Origin::default() };
        let id = imports::bring(&cast.act("anna", name), file).await.expect("brought");
        run_to_quiet(&cast.app.db, &cast.clock, cast.org, id).await.expect("checked")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_full_disk_ends_the_command_at_once_and_the_import_goes_on_when_there_is_room() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let mut text = "Название;Телефон\n".to_owned();
        for n in 0..900 {
            text.push_str(&format!("Фирма {n} Льна;8 495 2{:02}-{:02}-77\n", n / 100, n % 100));
        }
        let seen = brought(&cast, "list.csv", &text).await;
        let (db, org, id) = (&cast.app.db, cast.org, seen.id);
        imports::commit(&cast.act("anna", "go"), id, seen.version).await.expect("begun");
        // The file grows no more.
        limit_pages(db, Some(0)).await;
        let ending = run_to_quiet(db, &cast.clock, org, id);
        let ended = tokio::time::timeout(Duration::from_secs(20), ending).await.expect("at once");
        let told = ended.expect_err("there is no room");
        for words in ["disk is full", "accounted for", "of 900 rows", "goes on", "takes back"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        limit_pages(db, None).await;
        cast.clock.advance_ms(HOUR_MS);
        let done = run_to_quiet(db, &cast.clock, org, id).await.expect("written");
        assert_eq!((done.state, done.counts.new), (ImportState::Committed, 900));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_terminal_is_told_of_a_doubled_heading_and_of_no_delimiter_where_there_is_none() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let said = |import: &crate::imports::Import| {
            let mut out = Vec::new();
            tell(&mut out, import, &import.forecast.counts, &[]).expect("told");
            tell_forecast(&mut out, import).expect("told");
            String::from_utf8(out).expect("letters")
        };
        let list = "Name;Site;Site\nFlax;flax.example;silk.example\n";
        let list = said(&brought(&cast, "list.csv", list).await);
        assert!(list.contains("UTF-8, parted by ';'"), "{list}");
        assert!(list.contains("the same heading “Site”"), "{list}");
        let card = "BEGIN:VCARD\nFN:Jane Silk\nORG:flax.example\nEND:VCARD\n";
        let cards = said(&brought(&cast, "card.vcf", card).await);
        assert!(cards.contains("1 rows, contact cards, UTF-8"), "{cards}");
        assert!(!cards.contains("parted by"), "{cards}");
    }
}
