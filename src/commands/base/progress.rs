//! How far a file is, told beside the output while somebody waits: on a terminal one line that is
//! written over, in a log a line now and then. A file that is done before that tells nothing.

use std::io::{IsTerminal, Write, stderr};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::imports::ImportState;
use crate::imports::actions as imports;
use crate::storage::Db;
use crate::values::*;

/// How often a terminal is told.
const GLANCE: Duration = Duration::from_secs(1);
/// How often a log is told.
const LINE: Duration = Duration::from_secs(10);
/// Begins the line of a terminal anew.
const OVER: &str = "\r\x1b[2K";

/// Tells it until it is dropped.
pub(super) struct Telling(JoinHandle<()>);

impl Telling {
    /// While a file is read as a whole, into which nobody sees.
    pub(super) fn of_whole(what: String) -> Self {
        let pause = if stderr().is_terminal() { GLANCE } else { LINE };
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                say(&what);
            }
        }))
    }

    /// While an import is worked on.
    pub(super) fn of_import(db: &Db, org: OrgId, id: ImportId) -> Self {
        let pause = if stderr().is_terminal() { GLANCE } else { LINE };
        let db = db.clone();
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                // What cannot be seen just now is told the next time.
                if let Ok(Some(line)) = look(&db, org, id).await {
                    say(&line);
                }
            }
        }))
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        self.0.abort();
        if stderr().is_terminal() {
            // Nobody has to look at it.
            let _ = write!(stderr(), "{OVER}");
        }
    }
}

fn say(line: &str) {
    let mut out = stderr();
    let line = if out.is_terminal() { format!("{OVER}{line}") } else { format!("{line}\n") };
    // Nobody has to look at it.
    let _ = out.write_all(line.as_bytes());
}

async fn look(db: &Db, org: OrgId, id: ImportId) -> Outcome<Option<String>> {
    let found = imports::find(&mut db.read().await?, org, id).await?;
    Ok(found.and_then(|import| line(import.state, import.done_count, import.row_count)))
}

/// How far it is; `None` where it rests.
fn line(state: ImportState, done: i64, all: i64) -> Option<String> {
    match state {
        ImportState::Checking => Some(format!("{all} rows are read, {done} of them judged")),
        ImportState::Committing => Some(format!("{done} of {all} rows are written")),
        ImportState::Undoing => Some(format!("{done} of {all} rows are taken back")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::Cast;
    use crate::imports::Origin;
    use crate::imports::actions::NewFile;
    use crate::imports::spool::Content;
    use crate::storage::testing::{Engine, fresh};

    #[test]
    fn rows_are_read_judged_written_and_taken_back() {
        for (state, expected) in [
            (ImportState::Checking, Some("900 rows are read, 250 of them judged")),
            (ImportState::Checked, None),
            (ImportState::Committing, Some("250 of 900 rows are written")),
            (ImportState::Committed, None),
            (ImportState::Undoing, Some("250 of 900 rows are taken back")),
        ] {
            assert_eq!(line(state, 250, 900).as_deref(), expected, "{state:?}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_import_is_looked_at_until_it_rests() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let list = "Название;Телефон\nЛён;8 495 223-45-67\nШёлк;8 495 223-45-68\n";
        let content = Content::of(list.as_bytes()).expect("kept");
        let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
        let act = cast.act("anna", "list");
        let id = imports::bring(&act, file).await.expect("brought");
        let seen = look(&cast.app.db, cast.org, id).await.expect("reads");
        assert_eq!(seen.as_deref(), Some("2 rows are read, 0 of them judged"));
        imports::check(&act, id).await.expect("checked");
        assert_eq!(look(&cast.app.db, cast.org, id).await.expect("reads"), None);
    }
}
