mod full;
mod giving_up;
mod migrated;

use std::io::{Read, Write as _};

use super::testing::{Engine, fresh};
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::vals;
use crate::values::*;

async fn count(db: &Db, noun: &str) -> Option<i64> {
    let mut tx = db.read().await.expect("reads");
    tx.maybe("select last from counters where noun = $1", vals![noun])
        .await
        .expect("reads")
        .map(|row| row.int("last").expect("a number"))
}

#[tokio::test]
async fn who_finds_another_program_writing_is_told_to_try_again() {
    use sqlx::{ConnectOptions as _, Executor as _};
    let folder = tempfile::tempdir().expect("a folder");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("shared.db"))
        .create_if_missing(true)
        .busy_timeout(std::time::Duration::ZERO);
    let mut other = options.connect().await.expect("opens");
    let mut own = options.connect().await.expect("opens");
    other.execute("begin immediate").await.expect("begins");
    let told = own.execute("begin immediate").await.map_err(dialect::failed).map(drop);
    assert!(matches!(told, Err(Error::Crossed(_))), "{told:?}");
    let wrong = own.execute("select none from nowhere").await.map_err(dialect::failed).map(drop);
    assert!(matches!(wrong, Err(Error::Failure(_))), "{wrong:?}");
}

both! {
    async fn numbers_are_counted_without_gaps_by_many_at_once(t: TestDb) {
        let org = OrgId::fresh(t.clock.now());
        let mut tasks = Vec::new();
        for _ in 0..40 {
            let db = t.db.clone();
            tasks.push(tokio::spawn(async move {
                let mut tx = db.begin().await.expect("a transaction");
                let number = take_numbers(&mut tx, org, "lead", 1).await.expect("a number");
                tx.commit().await.expect("committed");
                number
            }));
        }
        let mut numbers = Vec::new();
        for task in tasks {
            numbers.push(task.await.expect("a task"));
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<i64>>());
    }

    async fn of_two_that_wait_for_each_other_one_is_let_go_and_told_so(t: TestDb) {
        if t.db.kind() == dialect::Kind::Lite {
            return; // One writer waits for nobody.
        }
        let org = OrgId::fresh(t.clock.now());
        let mut both = Vec::new();
        for noun in ["one", "other"] {
            let mut tx = t.db.begin().await.expect("a transaction");
            take_numbers(&mut tx, org, noun, 1).await.expect("a number");
            tx.commit().await.expect("committed");
            let mut tx = t.db.begin().await.expect("a transaction");
            take_numbers(&mut tx, org, noun, 1).await.expect("a number");
            both.push(tx);
        }
        let (mut first, mut second) = (both.remove(0), both.remove(0));
        let (one, other) = tokio::join!(
            async { (take_numbers(&mut first, org, "other", 1).await, first).0 },
            async { (take_numbers(&mut second, org, "one", 1).await, second).0 },
        );
        let crossed = |told: &Outcome<i64>| matches!(told, Err(Error::Crossed(_)));
        assert!(crossed(&one) != crossed(&other), "{one:?} {other:?}");
    }

    async fn one_who_gives_up_takes_nobody_s_write_along(t: TestDb) {
        let org = OrgId::fresh(t.clock.now());
        let mut tasks = Vec::new();
        for i in 0..60 {
            let db = t.db.clone();
            tasks.push(tokio::spawn(async move {
                let is_large = i % 3 == 0;
                let tx = if is_large { db.begin_large().await } else { db.begin().await };
                let mut tx = tx.expect("a transaction");
                let noun = if i % 2 == 0 { "kept" } else { "dropped" };
                take_numbers(&mut tx, org, noun, 1).await.expect("a number");
                if i % 2 == 0 {
                    tx.commit().await.expect("committed");
                }
            }));
        }
        for task in tasks {
            task.await.expect("a task");
        }
        assert_eq!(count(&t.db, "kept").await, Some(30));
        assert_eq!(count(&t.db, "dropped").await, None);
    }

    async fn one_who_is_cut_off_in_line_leaves_the_others_acknowledged(t: TestDb) {
        let org = OrgId::fresh(t.clock.now());
        let held = t.db.begin().await.expect("a transaction");
        let mut kept = Vec::new();
        let mut cut = Vec::new();
        for i in 0..20 {
            let db = t.db.clone();
            let task = tokio::spawn(async move {
                let mut tx = db.begin().await.expect("a transaction");
                take_numbers(&mut tx, org, "n", 1).await.expect("a number");
                tx.commit().await.expect("committed");
            });
            if i % 3 == 0 { cut.push(task) } else { kept.push(task) }
        }
        tokio::task::yield_now().await;
        for task in &cut {
            task.abort();
        }
        drop(held);
        for task in kept {
            task.await.expect("everybody who stayed is told");
        }
        assert!(count(&t.db, "n").await >= Some(13));
    }

    async fn events_cannot_be_changed_or_deleted(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut tx = cast.app.db.begin().await.expect("a transaction");
        let changed = tx.run("update events set kind = 'x'", &[]).await;
        assert!(matches!(changed, Err(Error::Failure(_))), "{changed:?}");
        drop(tx);
        let mut tx = cast.app.db.begin().await.expect("a transaction");
        let deleted = tx.run("delete from events", &[]).await;
        assert!(matches!(deleted, Err(Error::Failure(_))), "{deleted:?}");
    }

    async fn a_newer_database_is_refused_untouched(t: TestDb) {
        let mut tx = t.db.begin().await.expect("a transaction");
        tx.run(
            "insert into migrations (number, name, applied_at) values (9999, 'future', 0)",
            &[],
        )
        .await
        .expect("written");
        tx.commit().await.expect("committed");
        let refused = migrations::migrate(&t.db, &t.clock).await;
        assert!(refused.is_err_and(|e| e.to_string().contains("9999")));
    }

    async fn an_announcement_is_heard_after_the_commit_only(t: TestDb) {
        let mut heard = t.db.announcements();
        let mut dropped = t.db.begin().await.expect("a transaction");
        dropped.announce("never");
        drop(dropped);
        let mut tx = t.db.begin().await.expect("a transaction");
        tx.announce("topic");
        tx.commit().await.expect("committed");
        assert_eq!(heard.recv().await.expect("heard"), "topic");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_hears_the_others_again_once_the_database_is_back() {
    let t = fresh(Engine::Postgres).await;
    let mut heard = t.db.announcements();
    let mut hears = async |wanted: &str| {
        let listening = async { while heard.recv().await.expect("goes on") != wanted {} };
        let patience = std::time::Duration::from_secs(60);
        tokio::time::timeout(patience, listening).await.expect("is heard");
    };
    t.shut().await;
    for _ in 0..20 {
        assert!(t.db.answer().await.is_err(), "the database is away");
    }
    t.let_in().await;
    hears(LOOK_AGAIN).await;
    let other = t.another_node().await;
    let mut tx = other.begin().await.expect("a transaction");
    tx.announce("topic");
    tx.commit().await.expect("committed");
    hears("topic").await;
    other.close().await;
}

async fn written(db: &Db) -> Vec<u8> {
    let mut bytes = Vec::new();
    backup::write(db, &mut bytes).await.expect("a backup");
    bytes
}

async fn restore(t: &testing::TestDb, bytes: &[u8]) -> Outcome<backup::Amounts> {
    let bytes = bytes.to_vec();
    let read = move || Ok(Box::new(std::io::Cursor::new(bytes.clone())) as Box<dyn Read + Send>);
    backup::restore(&t.db, &t.clock, read).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_restores_to_the_same_thing_on_either_database() {
    for from in [Engine::Sqlite, Engine::Postgres] {
        let cast = Cast::gather(fresh(from).await).await;
        let expected = dump_digest(&cast.app.db, &["migrations"]).await.expect("a digest");
        let bytes = written(&cast.app.db).await;
        for to in [Engine::Sqlite, Engine::Postgres] {
            let target = fresh(to).await;
            assert!(restore(&target, &bytes).await.expect("restored").rows > 30);
            let found = dump_digest(&target.db, &["migrations"]).await.expect("a digest");
            assert_eq!(found, expected, "{from:?} to {to:?}");
        }
    }
}

fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut text).ok().map(|_| text)
}

#[test]
fn what_is_no_backup_is_not_called_a_damaged_one() {
    let packed = |text: &str| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).expect("memory takes text");
        out.finish().expect("packed")
    };
    let backup = packed("{\"troika\":1,\"version\":3}\n{\"t\":\"users\",\"r\":[1]}\n");
    for (bytes, told) in [
        (b"SQLite format 3\0".to_vec(), "this is not a backup of Troika"),
        (Vec::new(), "this is not a backup of Troika"),
        (packed(""), "this is not a backup of Troika"),
        (packed("a;b\n1;2\n"), "this is not a backup of Troika"),
        (packed("{\"version\":3}\n"), "this is not a backup of Troika"),
        (backup.clone(), "the backup is damaged (it ends too early)"),
        (backup[..14].to_vec(), "the backup is damaged"),
    ] {
        let said = backup::verify(bytes.as_slice()).expect_err("refused").to_string();
        assert!(said.contains(told), "{told}: {said}");
        assert!(said.contains("nothing was changed"), "{said}");
    }
}

#[tokio::test]
async fn a_copy_notices_what_others_keep_and_nothing_else() {
    let t = fresh(Engine::Sqlite).await.put_aside().await.copy().await;
    let org = OrgId::fresh(t.clock.now());
    assert!(!t.may_have_changed().await, "nobody wrote");
    let mut tx = t.db.begin().await.expect("a transaction");
    take_numbers(&mut tx, org, "lead", 1).await.expect("a number");
    drop(tx);
    assert_eq!(count(&t.db, "lead").await, None);
    assert!(!t.may_have_changed().await, "what was dropped is no news");
    let mut tx = t.db.begin().await.expect("a transaction");
    take_numbers(&mut tx, org, "lead", 1).await.expect("a number");
    tx.commit().await.expect("committed");
    assert!(t.may_have_changed().await, "somebody wrote");
    assert!(!t.may_have_changed().await, "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_refused_and_never_half_restored() {
    let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
    let sound = written(&cast.app.db).await;
    let empty = dump_digest(&fresh(Engine::Sqlite).await.db, &["migrations"]).await.expect("one");
    let step = (sound.len() / 40).max(1);
    for at in (10..sound.len()).step_by(step) {
        let mut flipped = sound.clone();
        flipped[at] ^= 0x10;
        // A compressed stream ends with some bits that mean nothing; all others are noticed.
        let is_refused = backup::verify(flipped.as_slice()).is_err();
        assert!(is_refused || unpacked(&flipped) == unpacked(&sound), "a flipped bit at {at}");
        assert!(backup::verify(&sound[..at]).is_err(), "cut off at {at}");
    }
    for more in [vec![0; 4_000], b"more".to_vec(), sound.clone()] {
        let longer = [sound.clone(), more].concat();
        let said = backup::verify(longer.as_slice()).expect_err("refused").to_string();
        assert!(said.contains("something stands behind its end"), "{said}");
    }
    let target = fresh(Engine::Sqlite).await;
    assert!(restore(&target, &sound[..sound.len() / 2]).await.is_err());
    assert_eq!(dump_digest(&target.db, &["migrations"]).await.expect("a digest"), empty);
    let read = move || Ok(Box::new(std::io::Cursor::new(sound.clone())) as Box<dyn Read + Send>);
    let full = backup::restore(&cast.app.db, &cast.clock, read).await;
    assert!(full.is_err_and(|e| e.to_string().contains("not empty")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_an_earlier_version_is_restored_and_brought_to_this_one() {
    const BEFORE: i64 = 13;
    for from in [Engine::Sqlite, Engine::Postgres] {
        let old = testing::bare(from).await;
        migrations::migrate_to(&old.db, &old.clock, BEFORE).await.expect("migrates");
        let mut tx = old.db.begin().await.expect("begins");
        let sum = "insert into pay_adjustments (id, org_id, number, person_id, amount, currency, \
                   reason, author_id, made_at, is_alone) \
                   values ('sum', 'org', 1, 'anna', 4200, 'RUB', 'a bonus', 'boris', 7, false)";
        assert_eq!(tx.run(sum, &[]).await.expect("a sum by hand"), 1);
        tx.commit().await.expect("committed");
        let bytes = written(&old.db).await;
        assert_eq!(backup::verify(bytes.as_slice()).expect("sound").version, BEFORE);
        // What holds something is refused before it is touched.
        let newer = written(&fresh(from).await.db).await;
        assert!(restore(&old, &newer).await.is_err_and(|e| e.to_string().contains("not empty")));
        assert_eq!(migrations::found_version(&old.db).await.expect("a version"), BEFORE);
        for to in [Engine::Sqlite, Engine::Postgres] {
            let target = testing::bare(to).await;
            restore(&target, &bytes).await.expect("restored");
            let version = migrations::found_version(&target.db).await.expect("a version");
            assert_eq!(version, migrations::version());
            let mut tx = target.db.read().await.expect("reads");
            let text = "select amount, dispute_id from pay_adjustments";
            let row = tx.one(text, &[]).await.expect("the sum");
            assert_eq!(row.int("amount").expect("an amount"), 4_200);
            assert_eq!(row.opt_text("dispute_id").expect("came later"), None);
            drop(tx);
            let newer = restore(&fresh(to).await, &bytes).await;
            assert!(newer.is_err_and(|e| e.to_string().contains("a new database")), "{to:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_ours_is_left_as_it_is() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let t = testing::bare(engine).await;
        assert_eq!(migrations::found_version(&t.db).await.expect("nothing"), 0);
        assert_eq!(testing::tables_with(&t.db, "number").await, Vec::<String>::new(), "{engine:?}");
        let mut tx = t.db.begin().await.expect("begins");
        tx.run("create table wp_posts (number bigint)", &[]).await.expect("made");
        tx.commit().await.expect("kept");
        for refused in [
            migrations::found_version(&t.db).await.map(drop),
            migrations::migrate(&t.db, &t.clock).await.map(drop),
        ] {
            let told = refused.expect_err("is refused").to_string();
            assert!(told.contains("wp_posts") && told.contains("nothing was changed"), "{told}");
        }
        assert_eq!(testing::tables_with(&t.db, "number").await, ["wp_posts"], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_does_not_tell_what_is_no_news() {
    let t = fresh(Engine::Postgres).await;
    let mut tx = t.db.read().await.expect("reads");
    let told = tx.one("show client_min_messages", &[]).await.expect("reads");
    assert_eq!(told.text("client_min_messages").expect("a level"), "warning");
}
