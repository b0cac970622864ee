//! An import that is there already is stopped, goes on, or is taken back from the terminal.

use std::io::Write;

use clap::Args;

use super::{find_head, firm, run_to_quiet, say, tell_written};
use crate::commands::{Answer, told};
use crate::imports::actions as imports;
use crate::imports::{Import, ImportState};
use crate::people::Viewer;
use crate::people::session;
use crate::storage::{Act, Db};
use crate::values::*;

/// What is to become of an import that is there already.
#[derive(Debug, Args)]
#[group(
    id = "control",
    multiple = false,
    requires = "login",
    conflicts_with_all = [
        "file", "dry_run", "columns", "source", "basis", "basis_source", "encoding", "delimiter",
        "file_in_archive", "sheet", "header", "field_column", "branches"
    ]
)]
pub(super) struct Control {
    /// Stop that import after the batch in hand; what is written stays
    #[arg(long, value_name = "NUMBER")]
    stop: Option<i64>,
    /// Have that import go on where it was stopped, or where a command ended too early
    #[arg(long, value_name = "NUMBER")]
    go_on: Option<i64>,
    /// Write the rows of that import, which is checked
    #[arg(long, value_name = "NUMBER")]
    commit: Option<i64>,
    /// Take that import back; one that is being written is stopped first
    #[arg(long, value_name = "NUMBER")]
    take_back: Option<i64>,
}

impl Control {
    /// Does it as that person, to its end.
    pub(super) async fn run(
        &self,
        db: &Db,
        clock: &Clock,
        login: &str,
        out: &mut impl Write,
    ) -> Answer {
        let org = firm(db).await?;
        let by = Hand { db, clock, login, viewer: viewer(db, org, login).await? };
        match (self.stop, self.go_on, self.commit, self.take_back) {
            (Some(number), ..) => by.stop(number, out).await,
            (_, Some(number), ..) => by.go_on(number, out).await,
            (_, _, Some(number), _) => by.commit(number, out).await,
            (.., Some(number)) => by.take_back(number, out).await,
            (None, None, None, None) => Err("say which import, by its number".to_owned()),
        }
    }
}

async fn viewer(db: &Db, org: OrgId, login: &str) -> Result<Viewer, String> {
    let user = find_head(db, org, login, "stop, write or take back").await?;
    let mut tx = db.read().await.map_err(told)?;
    let viewer = session::viewer(&mut tx, org, user.id, None).await.map_err(told)?;
    viewer.ok_or_else(|| format!("--as: nobody has the login {login:?}"))
}

/// Who does it, and on what.
struct Hand<'a> {
    db: &'a Db,
    clock: &'a Clock,
    login: &'a str,
    viewer: Viewer,
}

impl Hand<'_> {
    fn act(&self) -> Act {
        let actor = Some(self.viewer.id());
        Act { db: self.db.clone(), org: self.viewer.org, actor, now: self.clock.now(), key: None }
    }

    async fn find(&self, number: i64) -> Result<Import, String> {
        let mut tx = self.db.read().await.map_err(told)?;
        let found = imports::list(&mut tx, self.viewer.org, number.saturating_add(1), 1).await;
        let found = found.map_err(told)?.into_iter().find(|import| import.number == number);
        found.ok_or_else(|| format!("there is no import {number}; nothing was changed"))
    }

    async fn stop(&self, number: i64, out: &mut impl Write) -> Answer {
        let import = self.find(number).await?;
        imports::stop(&self.act(), &self.viewer, import.id).await.map_err(told)?;
        let import = self.find(number).await?;
        let (done, all, login) = (import.done_count, import.row_count, self.login);
        let next = match import.state {
            ImportState::Unchecked => "nothing of it is in the base. `--go-on` checks it anew",
            ImportState::UndoStopped => "`--go-on` takes back the rest",
            _ => "`--go-on` writes the rest, `--take-back` takes back what is written",
        };
        let told = format!(
            "Import {number} is stopped, {done} of {all} rows are done: {next} \
             (`troika import --go-on {number} --as {login}`)."
        );
        say(out, &told)
    }

    /// One that is under way is waited for: a command before may have ended too early.
    async fn go_on(&self, number: i64, out: &mut impl Write) -> Answer {
        let import = self.find(number).await?;
        imports::go_on(&self.act(), &self.viewer, import.id).await.map_err(told)?;
        self.to_its_end(import.id, out).await
    }

    async fn commit(&self, number: i64, out: &mut impl Write) -> Answer {
        let import = self.find(number).await?;
        imports::commit(&self.act(), import.id, import.version).await.map_err(told)?;
        self.to_its_end(import.id, out).await
    }

    async fn take_back(&self, number: i64, out: &mut impl Write) -> Answer {
        let import = self.find(number).await?;
        let id = import.id;
        let done = match import.state {
            ImportState::Undoing | ImportState::UndoStopped => {
                imports::go_on(&self.act(), &self.viewer, id).await
            }
            _ => imports::undo(&self.act(), &self.viewer, id).await,
        };
        done.map_err(told)?;
        self.to_its_end(id, out).await
    }

    /// Waits until the import rests, and says what became of it.
    async fn to_its_end(&self, id: ImportId, out: &mut impl Write) -> Answer {
        let org = self.viewer.org;
        let done = run_to_quiet(self.db, self.clock, org, id).await?;
        let (number, login) = (done.number, self.login);
        match done.state {
            ImportState::Committed => tell_written(self.db, org, &done, out).await,
            ImportState::Undone => {
                let back = done.taken_back;
                say(out, &format!("Import {number} is taken back."))?;
                say(out, &format!("{:>10}  companies removed", back.removed))?;
                say(out, &format!("{:>10}  companies as they were before", back.restored))?;
                say(
                    out,
                    &format!("{:>10}  stay, for newer work; /imports/{id} lists them", back.stayed),
                )
            }
            ImportState::Checked => {
                let how = format!("`troika import --commit {number} --as {login}` writes it");
                say(out, &format!("Import {number} is checked; {how}."))
            }
            _ => Err(done.repeats().map_or_else(
                || format!("import {number} was stopped; /imports/{id} shows how far it got"),
                |refusal| told(refusal.into()),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cast::Cast;
    use crate::commands::base::Import as Arguments;
    use crate::companies::PARTS_MAX;
    use crate::imports::Origin;
    use crate::imports::actions::NewFile;
    use crate::imports::spool::Content;
    use crate::storage::testing::{Engine, fresh, limit_pages};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        import: Arguments,
    }

    #[test]
    fn what_is_there_already_is_named_alone_and_by_somebody() {
        for (line, is_one) in [
            ("list.csv", true),
            ("list.csv --dry-run --source Fair", true),
            ("--stop 5 --as anna", true),
            ("--take-back 5 --as anna", true),
            ("", false),
            ("--take-back 5", false),
            ("--take-back 5 --as anna --dry-run", false),
            ("--take-back 5 --as anna --column Name=name", false),
            ("--go-on 5 --as anna --basis consent", false),
            ("--go-on 5 --as anna --source Fair", false),
            ("--go-on 5 --as anna --sheet 2", false),
            ("--go-on 5 --as anna --file-in-archive 2", false),
            ("--go-on 5 --as anna --header 2", false),
            ("--go-on 5 --as anna --field-column 2", false),
            ("list.zip --file-in-archive list.csv --header 3 --field-column 0", true),
            ("list.csv --header 12", true),
            ("list.csv --header 13", false),
            ("list.csv --header top", false),
            ("list.csv --field-column third", false),
            ("list.csv --encoding cp1251 --delimiter tab --sheet 2", true),
            ("list.csv --encoding klingon", false),
            ("list.csv --delimiter dash", false),
            ("list.csv --branches apart", true),
            ("list.csv --branches both", false),
            ("--go-on 5 --as anna --branches apart", false),
            ("--commit 5 --stop 5 --as anna", false),
            ("list.csv --stop 5 --as anna", false),
        ] {
            let words = ["import"].into_iter().chain(line.split_whitespace());
            assert_eq!(Line::try_parse_from(words).is_ok(), is_one, "{line}");
        }
    }

    /// An import of so many companies, checked.
    async fn checked(cast: &Cast) -> Import {
        let mut text = "Название;Телефон\n".to_owned();
        for n in 0..900 {
            text.push_str(&format!("Фирма {n} Льна;8 495 2{:02}-{:02}-77\n", n / 100, n % 100));
        }
        let content = Content::of(text.as_bytes()).expect("kept");
        let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
        let id = imports::bring(&cast.act("anna", "list"), file).await.expect("brought");
        run_to_quiet(&cast.app.db, &cast.clock, cast.org, id).await.expect("checked")
    }

    async fn said(cast: &Cast, control: Control, login: &str) -> Result<String, String> {
        let mut out = Vec::new();
        control.run(&cast.app.db, &cast.clock, login, &mut out).await?;
        Ok(String::from_utf8(out).expect("letters"))
    }

    async fn again(cast: &Cast, id: ImportId) -> Import {
        let mut tx = cast.app.db.read().await.expect("reads");
        imports::find(&mut tx, cast.org, id).await.expect("found").expect("one")
    }

    const NONE: Control = Control { stop: None, go_on: None, commit: None, take_back: None };

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_import_is_stopped_goes_on_and_is_taken_back_from_a_terminal() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let seen = checked(&cast).await;
        let number = Some(seen.number);
        imports::commit(&cast.act("anna", "go"), seen.id, seen.version).await.expect("begun");
        let stop = || Control { stop: number, ..NONE };
        let stopped = said(&cast, stop(), "anna").await.expect("stopped");
        assert!(stopped.contains("is stopped, 0 of 900 rows are done"), "{stopped}");
        let twice = said(&cast, stop(), "anna").await.expect_err("it rests");
        assert!(twice.contains("nothing to stop"), "{twice}");
        let gone_on =
            said(&cast, Control { go_on: number, ..NONE }, "anna").await.expect("goes on");
        for words in ["900  in all", "is in the base", "--take-back 1 --as LOGIN"] {
            assert!(gone_on.contains(words), "{words}: {gone_on}");
        }
        let back = said(&cast, Control { take_back: number, ..NONE }, "anna").await.expect("back");
        assert!(back.starts_with("Import 1 is taken back.\n"), "{back}");
        assert!(back.contains(" 900  companies removed"), "{back}");
        let import = again(&cast, seen.id).await;
        assert_eq!((import.state, import.done_count), (ImportState::Undone, 900));
        let twice = said(&cast, Control { take_back: number, ..NONE }, "anna").await;
        assert!(twice.is_err(), "{twice:?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_a_full_disk_left_half_written_goes_on_from_a_terminal() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let seen = checked(&cast).await;
        let number = Some(seen.number);
        limit_pages(&cast.app.db, Some(150)).await;
        let full = said(&cast, Control { commit: number, ..NONE }, "anna").await;
        let full = full.expect_err("no room");
        assert!(full.contains("disk is full"), "{full}");
        let half = again(&cast, seen.id).await;
        assert_eq!(half.state, ImportState::Committing);
        assert!((1..900).contains(&half.done_count), "{}", half.done_count);
        limit_pages(&cast.app.db, None).await;
        // No hour has passed: the job itself would wait.
        let on = said(&cast, Control { go_on: number, ..NONE }, "anna").await.expect("goes on");
        assert!(on.contains("900  in all"), "{on}");
        let back = said(&cast, Control { take_back: number, ..NONE }, "anna").await.expect("back");
        assert!(back.contains("900  companies removed"), "{back}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_whose_rows_repeat_too_often_says_so_where_it_is_looked_at_again() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let own = |row: usize| (1..PARTS_MAX).map(move |one| format!("n{one}@f{row}.example"));
        let mails = |row: usize| own(row).collect::<Vec<String>>().join(", ");
        let mut text = "Название,Почта\n".to_owned();
        for row in 0..1_000 {
            let mails = mails(row);
            text.push_str(&format!("Фирма {row} Льна,\"all@flax.example, {mails}\"\n"));
        }
        let content = Content::of(text.as_bytes()).expect("kept");
        let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
        imports::bring(&cast.act("anna", "list"), file).await.expect("brought");
        said(&cast, Control { stop: Some(1), ..NONE }, "anna").await.expect("stopped");
        let on = || Control { go_on: Some(1), ..NONE };
        for again in ["looked at", "resting"] {
            let told = said(&cast, on(), "anna").await.expect_err(again);
            assert!(told.contains("So many rows of the file repeat others"), "{again}: {told}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_may_not_be_taken_back_stays_as_it_is() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let seen = checked(&cast).await;
        imports::commit(&cast.act("anna", "go"), seen.id, seen.version).await.expect("begun");
        let back = || Control { take_back: Some(seen.number), ..NONE };
        let stranger = said(&cast, back(), "nobody").await.expect_err("nobody");
        assert!(stranger.contains("nobody has the login"), "{stranger}");
        let caller = said(&cast, back(), "boris").await.expect_err("a caller");
        assert!(caller.contains("may not stop, write or take back files"), "{caller}");
        let missing = Control { take_back: Some(77), ..NONE };
        let missing = said(&cast, missing, "anna").await.expect_err("no such");
        assert_eq!(missing, "there is no import 77; nothing was changed");
        let others = said(&cast, back(), "sergei").await.expect_err("a head of sales");
        assert!(others.contains("owner"), "{others}");
        assert_eq!(again(&cast, seen.id).await.state, ImportState::Committing);
        cast.settle().await;
        cast.clock.advance_ms(25 * HOUR_MS);
        let late = said(&cast, back(), "anna").await.expect_err("a day is over");
        assert!(late.contains("24"), "{late}");
        assert_eq!(again(&cast, seen.id).await.state, ImportState::Committed);
    }
}
