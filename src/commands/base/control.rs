//! An import that is there already is stopped, goes on, or is taken back from the terminal.

use std::io::Write;

use clap::Args;

use super::{find_head, firm, run_to_quiet, say, tell_written};
use crate::commands::{Answer, told};
use crate::imports::ImportState;
use crate::imports::actions as imports;
use crate::people::Viewer;
use crate::people::session;
use crate::storage::{Act, Db};
use crate::values::*;

/// What is to become of an import that is there already.
#[derive(Debug, Args)]
#[group(id = "control", multiple = false, conflicts_with = "file", requires = "login")]
pub(super) struct Control {
    /// Stop that import after the batch in hand; what is written stays
    #[arg(long, value_name = "NUMBER")]
    stop: Option<i64>,
    /// Have that import go on where it was stopped
    #[arg(long, value_name = "NUMBER")]
    go_on: Option<i64>,
    /// Take that import back; one that is under way is stopped first
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
        let by = Hand { db, clock, viewer: viewer(db, org, login).await? };
        match (self.stop, self.go_on, self.take_back) {
            (Some(number), ..) => by.stop(number, out).await,
            (_, Some(number), _) => by.go_on(number, out).await,
            (.., Some(number)) => by.take_back(number, out).await,
            (None, None, None) => {
                Err("say which import: --stop, --go-on or --take-back".to_owned())
            }
        }
    }
}

async fn viewer(db: &Db, org: OrgId, login: &str) -> Result<Viewer, String> {
    let user = find_head(db, org, login, "stop or take back").await?;
    let mut tx = db.read().await.map_err(told)?;
    let viewer = session::viewer(&mut tx, org, user.id, None).await.map_err(told)?;
    viewer.ok_or_else(|| format!("--as: nobody has the login {login:?}"))
}

/// Who does it, and on what.
struct Hand<'a> {
    db: &'a Db,
    clock: &'a Clock,
    viewer: Viewer,
}

impl Hand<'_> {
    fn act(&self) -> Act {
        let actor = Some(self.viewer.id());
        Act { db: self.db.clone(), org: self.viewer.org, actor, now: self.clock.now(), key: None }
    }

    async fn find(&self, number: i64) -> Result<crate::imports::Import, String> {
        let mut tx = self.db.read().await.map_err(told)?;
        let found = imports::list(&mut tx, self.viewer.org, number.saturating_add(1), 1).await;
        let found = found.map_err(told)?.into_iter().find(|import| import.number == number);
        found.ok_or_else(|| format!("there is no import {number}; nothing was changed"))
    }

    async fn stop(&self, number: i64, out: &mut impl Write) -> Answer {
        let import = self.find(number).await?;
        imports::stop(&self.act(), &self.viewer, import.id).await.map_err(told)?;
        let import = self.find(number).await?;
        let (done, all) = (import.done_count, import.row_count);
        say(
            out,
            &format!(
                "Import {number} is stopped: {done} of {all} rows are done. `--go-on {number}` has \
                 it go on, `--take-back {number}` takes back what is written."
            ),
        )
    }

    async fn go_on(&self, number: i64, out: &mut impl Write) -> Answer {
        let import = self.find(number).await?;
        imports::go_on(&self.act(), &self.viewer, import.id).await.map_err(told)?;
        self.to_its_end(import.id, out).await
    }

    async fn take_back(&self, number: i64, out: &mut impl Write) -> Answer {
        let import = self.find(number).await?;
        let id = import.id;
        match import.state {
            ImportState::UndoStopped => {
                imports::go_on(&self.act(), &self.viewer, id).await.map_err(told)?;
            }
            state => {
                if state == ImportState::Committing {
                    imports::stop(&self.act(), &self.viewer, id).await.map_err(told)?;
                }
                imports::undo(&self.act(), &self.viewer, id).await.map_err(told)?;
            }
        }
        self.to_its_end(id, out).await
    }

    /// Waits until the import rests, and says what became of it.
    async fn to_its_end(&self, id: ImportId, out: &mut impl Write) -> Answer {
        let org = self.viewer.org;
        let done = run_to_quiet(self.db, self.clock, org, id).await?;
        let number = done.number;
        match done.state {
            ImportState::Committed => tell_written(self.db, org, &done, out).await,
            ImportState::Undone => {
                let mut tx = self.db.read().await.map_err(told)?;
                let stay = imports::list_stays(&mut tx, org, id, 1).await.map_err(told)?;
                let more = if stay.is_empty() {
                    String::new()
                } else {
                    format!(" What newer work stands on stayed; /imports/{id} lists it.")
                };
                say(out, &format!("Import {number} is taken back.{more}"))
            }
            ImportState::Checked => {
                say(out, &format!("Import {number} is checked and waits at /imports/{id}."))
            }
            _ => Err(format!(
                "import {number} was stopped again; /imports/{id} shows how far it got"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Cast;
    use crate::imports::actions::NewFile;
    use crate::imports::spool::Content;
    use crate::imports::{Import, Origin};
    use crate::storage::testing::{Engine, fresh};

    /// An import of so many companies, told to be written.
    async fn begun(cast: &Cast) -> Import {
        let mut text = "Название;Телефон\n".to_owned();
        for n in 0..900 {
            text.push_str(&format!("Фирма {n} Льна;8 495 2{:02}-{:02}-77\n", n / 100, n % 100));
        }
        let content = Content::of(text.as_bytes()).expect("kept");
        let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
        let id = imports::bring(&cast.act("anna", "list"), file).await.expect("brought");
        let (db, org) = (&cast.app.db, cast.org);
        let seen = run_to_quiet(db, &cast.clock, org, id).await.expect("checked");
        imports::commit(&cast.act("anna", "go"), id, seen.version).await.expect("begun");
        seen
    }

    async fn said(cast: &Cast, control: Control, login: &str) -> Result<String, String> {
        let mut out = Vec::new();
        control.run(&cast.app.db, &cast.clock, login, &mut out).await?;
        Ok(String::from_utf8(out).expect("letters"))
    }

    const NONE: Control = Control { stop: None, go_on: None, take_back: None };

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_import_is_stopped_goes_on_and_is_taken_back_from_a_terminal() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let seen = begun(&cast).await;
        let number = Some(seen.number);
        let stop = || Control { stop: number, ..NONE };
        let stopped = said(&cast, stop(), "anna").await.expect("stopped");
        assert!(stopped.contains("is stopped: 0 of 900 rows are done"), "{stopped}");
        let twice = said(&cast, stop(), "anna").await.expect_err("it rests");
        assert!(twice.contains("nothing to stop"), "{twice}");
        let gone_on =
            said(&cast, Control { go_on: number, ..NONE }, "anna").await.expect("goes on");
        assert!(gone_on.contains("900  in all"), "{gone_on}");
        assert!(gone_on.contains("is in the base"), "{gone_on}");
        let back = said(&cast, Control { take_back: number, ..NONE }, "anna").await.expect("back");
        assert_eq!(back, format!("Import {} is taken back.\n", seen.number));
        let mut tx = cast.app.db.read().await.expect("reads");
        let import = imports::find(&mut tx, cast.org, seen.id).await.expect("found").expect("one");
        assert_eq!((import.state, import.done_count), (ImportState::Undone, 900));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_under_way_is_stopped_before_it_is_taken_back_and_only_by_who_may() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let seen = begun(&cast).await;
        let back = || Control { take_back: Some(seen.number), ..NONE };
        let stranger = said(&cast, back(), "nobody").await.expect_err("nobody");
        assert!(stranger.contains("nobody has the login"), "{stranger}");
        let caller = said(&cast, back(), "boris").await.expect_err("a caller");
        assert!(caller.contains("may not stop or take back files"), "{caller}");
        let missing = Control { take_back: Some(77), ..NONE };
        let missing = said(&cast, missing, "anna").await.expect_err("no such");
        assert_eq!(missing, "there is no import 77; nothing was changed");
        let back = said(&cast, back(), "anna").await.expect("taken back");
        assert!(back.ends_with("is taken back.\n"), "{back}");
    }
}
