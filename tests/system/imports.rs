//! A list that is being written while the program is killed: nothing is lost, nothing comes twice.

use std::time::{Duration, Instant};

use troika::imports::actions::{self, NewFile};
use troika::imports::spool::Content;
use troika::imports::{Import, ImportState, Origin};
use troika::storage::{Act, Db, Key};
use troika::vals;
use troika::values::{Clock, ImportId, OrgId};

use super::server::{Home, Server, found, run};

const ROWS: i64 = 6_000;
const KILLS: usize = 3;
/// How long the whole may take on a busy machine.
const SECONDS_MAX: u64 = 300;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_on_after_each_kill_on_sqlite() {
    kill_in_the_midst(Home::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_on_after_each_kill_on_postgresql() {
    kill_in_the_midst(Home::postgres("import_kill").await).await;
}

fn list() -> String {
    let mut text = "Название;Телефон\n".to_owned();
    for n in 0..ROWS {
        let (middle, end) = (200 + n / 100, n % 100);
        text.push_str(&format!("Фирма {n} Льна;8 495 {middle:03}-{end:02}-77\n"));
    }
    text
}

async fn again(db: &Db, org: OrgId, id: ImportId) -> Import {
    let mut tx = db.read().await.expect("the database is read");
    actions::find(&mut tx, org, id).await.expect("is read").expect("an import")
}

/// Brings the list and asks for its writing; the program does it.
async fn asked(db: &Db, org: OrgId) -> ImportId {
    let act = |key: &str| {
        let key = Some(Key::new(key, &[]));
        Act { db: db.clone(), org, actor: None, now: Clock::system().now(), key }
    };
    let content = Content::of(list().as_bytes()).expect("kept");
    let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
    let id = actions::bring(&act("bring"), file).await.expect("brought");
    actions::check(&act("check"), id).await.expect("checked");
    let version = again(db, org, id).await.version;
    actions::commit(&act("commit"), id, version).await.expect("begun");
    id
}

async fn kill_in_the_midst(home: Home) {
    let db = home.open().await;
    let (org, _) = found(&db).await;
    let id = asked(&db, org).await;
    let began = Instant::now();
    let wait_for = async |is_so: &dyn Fn(&Import) -> bool| loop {
        let import = again(&db, org, id).await;
        if is_so(&import) {
            return import;
        }
        assert!(began.elapsed() < Duration::from_secs(SECONDS_MAX), "{import:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let mut done = Vec::new();
    for kill in 1..=KILLS as i64 {
        let server = Server::start(&home.database);
        let half = wait_for(&|import| import.done_count >= kill * ROWS / 6).await;
        assert_eq!(half.state, ImportState::Committing, "killed too late: {}", half.done_count);
        server.kill();
        done.push(again(&db, org, id).await.done_count);
        // The dead worker holds its job until its time is over; nobody waits for that here.
        let mut tx = db.begin().await.expect("begins");
        tx.run("update jobs set leased_until = 0 where org_id = $1", vals![org])
            .await
            .expect("set");
        tx.commit().await.expect("kept");
    }
    let server = Server::start(&home.database);
    let whole = wait_for(&|import| import.state == ImportState::Committed).await;
    server.kill();
    assert_eq!((whole.counts.new, whole.counts.total()), (ROWS, ROWS), "killed at {done:?}");
    let mut tx = db.read().await.expect("is read");
    for (what, text) in [
        ("companies", "select count(*) as n from companies where org_id = $1"),
        ("numbers", "select count(distinct e164) as n from phones where org_id = $1"),
        ("rows", "select count(distinct line) as n from import_rows where org_id = $1"),
    ] {
        let count = tx.one(text, vals![org]).await.expect("is counted").int("n").expect("a count");
        assert_eq!(count, ROWS, "{what}");
    }
    drop(tx);
    let (is_well, said) = run(&["check", "--database", &home.database]);
    assert!(is_well, "troika check: {said}");
    println!("killed at {done:?} of {ROWS} rows; every row is there once");
    db.close().await;
}
