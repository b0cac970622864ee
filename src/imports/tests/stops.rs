//! What is stopped, goes on, is taken back in time and by whom.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::jobs::{self as queue, Job, Share, Standing};

/// A list of so many companies of which no two are alike.
pub(super) fn long_list(rows: usize) -> String {
    let mut text = "Название;Телефон\n".to_owned();
    for n in 0..rows {
        text.push_str(&format!("Фирма {n} Льна;8 495 {:03}-{:02}-77\n", 200 + n / 100, n % 100));
    }
    text
}

/// The number of a company of that list, as it is searched for.
fn number_of(n: usize) -> String {
    format!("495{:03}{:02}77", 200 + n / 100, n % 100)
}

async fn begun(cast: &Cast, text: &str) -> ImportId {
    let act = cast.act("anna", "one");
    let id = actions::bring(&act, file(text)).await.expect("brought");
    actions::check(&act, id).await.expect("checked");
    let version = again(cast, id).await.version;
    actions::commit(&cast.act("anna", "commit"), id, version).await.expect("begun");
    id
}

/// A worker takes the job that writes.
async fn taken(cast: &Cast) -> Job {
    let share = Share::Only(["imports.commit"; 2]);
    let job = queue::claim(&cast.app.db, share, cast.clock.now()).await;
    job.expect("claims").expect("a job is due")
}

/// What is no lack of room.
const BROKEN: &str = "a disk that broke";

/// The same goes wrong whenever a worker writes.
async fn fail(cast: &Cast, problem: &str, times: usize) {
    for _ in 0..times {
        let (job, now) = (taken(cast).await, cast.clock.now());
        queue::put_off(&cast.app.db, &job, now, problem).await.expect("kept");
        cast.clock.advance_ms(DAY_MS);
    }
}

/// How the jobs that write stand.
async fn writing(cast: &Cast) -> Vec<(Standing, Option<String>)> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = queue::list(&mut tx, cast.org, cast.clock.now(), 99).await.expect("reads");
    let writing = all.into_iter().filter(|one| one.kind == "imports.commit");
    writing.map(|one| (one.standing, one.problem)).collect()
}

/// Somebody works on the company of the first row, so that it stays when its import goes.
async fn work_on_first(cast: &Cast, id: ImportId) -> CompanyId {
    cast.clock.advance_ms(1_000);
    let mut tx = cast.app.db.begin().await.expect("begins");
    let rows = actions::list_row_companies(&mut tx, cast.org, id, 0, 1).await.expect("reads");
    let act = cast.act("anna", "note");
    companies::actions::note_in(&mut tx, &act, rows[0].1, "called").await.expect("noted");
    tx.commit().await.expect("kept");
    rows[0].1
}

/// How often something was told of any import.
async fn told_of(cast: &Cast, kind: Kind) -> usize {
    let mut tx = cast.app.db.read().await.expect("reads");
    let always = (Instant(0), Instant(i64::MAX));
    events::list_of_kind(&mut tx, cast.org, kind, always).await.expect("reads").len()
}

/// The rest is done: every row is in the base and no job is left.
async fn ends_whole(cast: &Cast, id: ImportId, rows: i64) {
    cast.settle().await;
    let whole = again(cast, id).await;
    assert_eq!((whole.state, whole.counts.total()), (ImportState::Committed, rows));
    assert_eq!(companies_of(cast).await, whole.counts.total());
    assert_eq!(writing(cast).await, []);
}

both! {
    async fn a_stopped_import_keeps_what_was_written_and_goes_on(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (act, gleb) = (cast.act("anna", "work"), cast.viewer("gleb").await);
        let id = begun(&cast, &long_list(700)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        actions::stop(&cast.act("gleb", "stop"), &gleb, id).await.expect("stopped");
        cast.settle().await;
        let stopped = again(&cast, id).await;
        assert_eq!((stopped.state, stopped.done_count), (ImportState::Stopped, 250));
        assert_eq!(stopped.counts, counts("new=250"), "every written row is accounted for");
        assert_eq!(companies_of(&cast).await, 250);
        let page = cast.client("anna").await.get(&format!("/imports/{id}")).await.body;
        assert!(page.contains("/continuation") && page.contains("/undoing"), "{page}");
        let twice = actions::stop(&cast.act("gleb", "stop2"), &gleb, id).await;
        assert!(is_refused(&twice, ImportRefusal::NothingToStop), "{twice:?}");
        actions::go_on(&cast.act("anna", "on"), &gleb, id).await.expect("goes on");
        cast.settle().await;
        let whole = again(&cast, id).await;
        assert_eq!((whole.state, whole.counts.total()), (ImportState::Committed, 700));
        assert_eq!(whole.counts, whole.forecast.counts);
        assert_eq!(companies_of(&cast).await, 700);
    }

    async fn what_failed_was_stopped_and_goes_on_tells_no_old_trouble_and_is_one_job(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (act, anna) = (cast.act("anna", "work"), cast.viewer("anna").await);
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        let page = async || cast.client("anna").await.get(&format!("/imports/{id}")).await.body;
        fail(&cast, NO_ROOM, 1).await;
        let shown = page().await;
        assert!(shown.contains("disk is full") && shown.contains("goes on by itself"), "{shown}");
        for told in [
            "250 of 600 rows are written",
            "250 new companies came into the base",
            "Search finds them once the writing goes on",
        ] {
            assert!(shown.contains(told), "{told}: {shown}");
        }
        let listed = cast.api("anna").await.get(&format!("/api/v1/imports/{id}")).await.json();
        let notice = &listed["data"]["notices"][0];
        assert_eq!(notice["code"], "trouble-disk", "{listed}");
        assert!(notice["text"].as_str().is_some_and(|text| shown.contains(text)), "{listed}");
        let held = taken(&cast).await;
        let shown = page().await;
        assert!(!shown.contains("disk is full"), "it is written now: {shown}");
        queue::give_back(&cast.app.db, &held).await.expect("gives back");
        fail(&cast, BROKEN, 10).await;
        let shown = page().await;
        assert!(shown.contains("work broke off") && shown.contains("any more"), "{shown}");
        assert_eq!(writing(&cast).await, [(Standing::Failed, Some(BROKEN.to_owned()))]);
        actions::stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
        actions::go_on(&cast.act("anna", "on"), &anna, id).await.expect("goes on");
        let shown = page().await;
        assert!(!shown.contains("work broke off"), "{shown}");
        assert_eq!(writing(&cast).await, [(Standing::Waiting, None)]);
        ends_whole(&cast, id, 600).await;
    }

    async fn what_is_stopped_and_gone_on_with_at_once_is_written_by_one_job(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (act, anna) = (cast.act("anna", "work"), cast.viewer("anna").await);
        let id = begun(&cast, &long_list(600)).await;
        let held = taken(&cast).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        for key in ["one", "two"] {
            let (stop, on) = (format!("stop {key}"), format!("on {key}"));
            actions::stop(&cast.act("anna", &stop), &anna, id).await.expect("stopped");
            actions::go_on(&cast.act("anna", &on), &anna, id).await.expect("goes on");
            assert_eq!(writing(&cast).await, [(Standing::Running, None)]);
        }
        // It saw that it was stopped, and not that it goes on.
        queue::complete(&cast.app.db, &held).await.expect("ends");
        assert_eq!(writing(&cast).await, [(Standing::Waiting, None)]);
        ends_whole(&cast, id, 600).await;
    }

    async fn what_was_given_up_is_taken_up_again_in_one_step(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "work");
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        let (anna, path) = (cast.client("anna").await, format!("/imports/{id}"));
        let page = anna.get(&path).await.body;
        assert!(!page.contains("/continuation"), "nothing holds it up: {page}");
        let early = anna.post(&format!("{path}/continuation"), &[]).await;
        assert_eq!(early.status.as_u16(), 303, "{}", early.body);
        assert_eq!(told_of(&cast, Kind::ImportGoneOn).await, 0, "it goes on already");
        fail(&cast, BROKEN, 10).await;
        assert_eq!(writing(&cast).await, [(Standing::Failed, Some(BROKEN.to_owned()))]);
        let page = cast.client("anna").await.get(&path).await.body;
        assert!(page.contains("/continuation"), "{page}");
        let sergei = cast.viewer("sergei").await;
        let others = actions::go_on(&cast.act("sergei", "on"), &sergei, id).await;
        assert!(is_refused(&others, ImportRefusal::StopNotYours), "{others:?}");
        let api = cast.api("anna").await;
        let up = api.post(&format!("/api/v1{path}/continuation"), &json!({})).await;
        assert_eq!(up.status.as_u16(), 200, "{}", up.body);
        assert_eq!(writing(&cast).await, [(Standing::Waiting, None)]);
        assert_eq!(told_of(&cast, Kind::ImportGoneOn).await, 1);
        assert_eq!(told_of(&cast, Kind::ImportStopped).await, 0);
        ends_whole(&cast, id, 600).await;
    }

    async fn what_is_being_written_is_taken_back_in_one_step(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "work");
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        let path = format!("/imports/{id}");
        let vadim = cast.client("vadim").await;
        assert!(!vadim.get(&path).await.body.contains("/undoing"));
        let refused = vadim.post(&format!("{path}/undoing"), &[]).await;
        assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
        assert_eq!(again(&cast, id).await.state, ImportState::Committing, "it stays under way");
        let anna = cast.client("anna").await;
        let page = anna.get(&path).await.body;
        assert!(page.contains("/undoing") && page.contains("/stop"), "{page}");
        let undone = anna.post(&format!("{path}/undoing"), &[]).await;
        assert_eq!(undone.status.as_u16(), 303, "{}", undone.body);
        assert_eq!(told_of(&cast, Kind::ImportStopped).await, 1);
        assert_eq!(told_of(&cast, Kind::ImportUndoBegun).await, 1);
        cast.settle().await;
        let back = again(&cast, id).await;
        assert_eq!((back.state, back.taken_back.removed), (ImportState::Undone, 250));
        assert_eq!(companies_of(&cast).await, 0);
        assert_eq!(writing(&cast).await, []);
    }

    async fn a_stopped_check_leaves_no_job_behind(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.viewer("anna").await;
        let id = actions::bring(&cast.act("anna", "one"), file(long_list(30))).await;
        let id = id.expect("brought");
        actions::stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
        let checking = async || {
            let mut tx = cast.app.db.read().await.expect("reads");
            queue::list_waiting(&mut tx, cast.org, "imports.small.check").await.expect("reads")
        };
        assert_eq!(checking().await, Vec::<String>::new());
        actions::go_on(&cast.act("anna", "on"), &anna, id).await.expect("goes on");
        assert_eq!(checking().await, [id.to_string()]);
        cast.settle().await;
        assert_eq!(again(&cast, id).await.state, ImportState::Checked);
    }

    async fn a_stopped_import_is_taken_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "work");
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        let anna = cast.viewer("anna").await;
        actions::stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
        undo(&cast, "undo", id).await;
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 0);
        assert_eq!(again(&cast, id).await.taken_back.removed, 250);
    }

    async fn a_stopped_check_writes_nothing_and_begins_anew(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let text = long_list(30);
        let id = actions::bring(&cast.act("anna", "one"), file(&text)).await.expect("brought");
        let path = format!("/imports/{id}");
        assert!(anna.get(&path).await.body.contains("/stop"));
        let stopped = anna.post(&format!("{path}/stop"), &[]).await;
        assert_eq!(stopped.status.as_u16(), 303, "{}", stopped.body);
        cast.settle().await;
        let halted = again(&cast, id).await;
        assert_eq!(halted.state, ImportState::Unchecked, "the job that waited changes nothing");
        let refused = actions::commit(&cast.act("anna", "c"), id, halted.version).await;
        assert!(is_refused(&refused, ImportRefusal::StillChecking), "{refused:?}");
        let gone_on = anna.post(&format!("{path}/continuation"), &[]).await;
        assert_eq!(gone_on.status.as_u16(), 303, "{}", gone_on.body);
        cast.settle().await;
        let seen = again(&cast, id).await;
        assert_eq!(seen.state, ImportState::Checked);
        assert_eq!(seen.forecast.counts, counts("new=30"));
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn a_long_check_says_how_far_it_got_and_stops_midway(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = actions::bring(&cast.act("anna", "one"), file(long_list(6_000))).await;
        let (id, gleb) = (id.expect("brought"), cast.viewer("gleb").await);
        let stops_when_told = async {
            while again(&cast, id).await.done_count < 500 {
                tokio::task::yield_now().await;
            }
            actions::stop(&cast.act("gleb", "stop"), &gleb, id).await.expect("stopped");
        };
        let check = cast.act("anna", "look");
        let looks = actions::check(&check, id);
        let (checked, ()) = futures_util::future::join(looks, stops_when_told).await;
        checked.expect("looked at");
        let halted = again(&cast, id).await;
        assert_eq!((halted.state, halted.forecast.counts.total()), (ImportState::Unchecked, 0));
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn an_import_is_taken_back_within_a_day_and_not_later(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", MESSY).await;
        cast.clock.advance_ms(UNDO_MS);
        let anna = cast.viewer("anna").await;
        let late = actions::undo(&cast.act("anna", "late"), &anna, import.id).await;
        assert!(is_refused(&late, ImportRefusal::UndoTooLate), "{late:?}");
        let page = cast.client("anna").await.get(&format!("/imports/{}", import.id)).await.body;
        assert!(!page.contains("/undoing"), "{page}");
        assert_eq!(companies_of(&cast).await, 4);
        cast.clock.advance_ms(-1);
        undo(&cast, "in time", import.id).await;
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn who_wrote_it_or_heads_the_first_tier_or_owns_the_firm_takes_it_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        for (writer, other, may) in [
            ("alla", "alla", true),
            ("alla", "sergei", false),
            ("anna", "vadim", false),
            ("alla", "gleb", true),
            ("sergei", "olga", true),
        ] {
            let key = format!("{writer} {other}");
            let import = import_as(&cast, writer, &key, MESSY).await;
            let path = format!("/imports/{}", import.id);
            let reader = cast.client(other).await;
            let page = reader.get(&path).await.body;
            assert_eq!(page.contains("/undoing"), may, "{key}");
            let answer = reader.post(&format!("{path}/undoing"), &[]).await;
            assert_eq!(answer.status.as_u16(), if may { 303 } else { 409 }, "{key}");
            cast.settle().await;
            if !may {
                assert!(answer.body.contains("head of the first tier"), "{}", answer.body);
                undo(&cast, &key, import.id).await;
                cast.settle().await;
            }
            assert_eq!(companies_of(&cast).await, 0, "{key}");
        }
    }

    async fn the_day_to_take_an_import_back_begins_with_its_last_rows(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (act, anna) = (cast.act("anna", "work"), cast.viewer("anna").await);
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        actions::stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
        cast.settle().await;
        cast.clock.advance_ms(UNDO_MS - 1);
        actions::go_on(&cast.act("anna", "on"), &anna, id).await.expect("goes on");
        cast.settle().await;
        assert_eq!(again(&cast, id).await.state, ImportState::Committed);
        cast.clock.advance_ms(UNDO_MS - 1);
        undo(&cast, "in time", id).await;
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn what_is_under_way_for_days_is_taken_back_though_nothing_was_written_lately(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "work");
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        cast.clock.advance_ms(3 * UNDO_MS);
        let page = cast.client("anna").await.get(&format!("/imports/{id}")).await.body;
        assert!(page.contains("/undoing"), "{page}");
        undo(&cast, "under way", id).await;
        cast.settle().await;
        assert_eq!(again(&cast, id).await.state, ImportState::Undone);
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn who_may_not_take_it_back_may_neither_stop_it_nor_have_it_go_on(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = actions::bring(&cast.act("alla", "one"), file(MESSY)).await.expect("brought");
        let path = format!("/imports/{id}");
        let vadim = cast.client("vadim").await;
        assert!(!vadim.get(&path).await.body.contains("/stop"));
        let refused = vadim.post(&format!("{path}/stop"), &[]).await;
        assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
        assert!(refused.body.contains("head of the first tier"), "{}", refused.body);
        let alla = cast.client("alla").await;
        assert_eq!(alla.post(&format!("{path}/stop"), &[]).await.status.as_u16(), 303);
        assert!(!vadim.get(&path).await.body.contains("/continuation"));
        let refused = vadim.post(&format!("{path}/continuation"), &[]).await;
        assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
        let gone_on = alla.post(&format!("{path}/continuation"), &[]).await;
        assert_eq!(gone_on.status.as_u16(), 303, "{}", gone_on.body);
    }

    async fn an_undo_is_stopped_and_gone_on_with(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", &long_list(600)).await;
        undo(&cast, "undo", import.id).await;
        let path = format!("/imports/{}", import.id);
        let anna = cast.client("anna").await;
        assert!(anna.get(&path).await.body.contains("/stop"));
        let act = cast.act("anna", "work");
        actions::work_off_undo_to(&act, import.id, 250).await.expect("a batch");
        anna.post(&format!("{path}/stop"), &[]).await;
        cast.settle().await;
        let half = again(&cast, import.id).await;
        assert_eq!((half.state, half.done_count), (ImportState::UndoStopped, 250));
        assert_eq!((half.taken_back.removed, companies_of(&cast).await), (250, 350));
        let page = anna.get(&path).await.body;
        assert!(page.contains("Undoing stopped at row 250 of 600"), "{page}");
        assert!(!page.contains("/undoing"), "it is begun already: {page}");
        anna.post(&format!("{path}/continuation"), &[]).await;
        cast.settle().await;
        let whole = again(&cast, import.id).await;
        assert_eq!((whole.state, whole.taken_back.removed), (ImportState::Undone, 600));
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn search_finds_every_company_of_a_long_list_also_after_it_broke_off(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = begun(&cast, &long_list(1_100)).await;
        let act = cast.act("anna", "work");
        actions::work_off_commit_to(&act, id, 700).await.expect("three batches");
        let found = async |n: usize| found_by(&cast, &number_of(n)).await.len();
        assert_eq!(found(1).await, 1, "those of the first batches are found meanwhile");
        assert_eq!(found(740).await, 0, "those of the third are not yet");
        cast.settle().await;
        assert_eq!(again(&cast, id).await.state, ImportState::Committed);
        for n in [0, 260, 510, 740, 760, 1_099] {
            assert_eq!(found(n).await, 1, "{n}");
        }
    }

    async fn search_finds_what_stays_of_an_import_taken_back_after_it_broke_off(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (act, anna) = (cast.act("anna", "work"), cast.viewer("anna").await);
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        assert_eq!(found_by(&cast, &number_of(0)).await.len(), 0, "it broke off before that");
        let kept = work_on_first(&cast, id).await;
        actions::stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
        undo(&cast, "undo", id).await;
        cast.settle().await;
        let undone = again(&cast, id).await;
        assert_eq!(undone.state, ImportState::Undone);
        assert_eq!(undone.taken_back, TakenBack { removed: 249, restored: 0, stayed: 1 });
        let found = found_by(&cast, &number_of(0)).await;
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [kept]);
        assert_eq!(found_by(&cast, &number_of(1)).await.len(), 0, "it left the base");
    }

    async fn search_finds_what_was_stopped_though_its_records_are_damaged(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (act, anna) = (cast.act("anna", "work"), cast.viewer("anna").await);
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        actions::stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
        let mut tx = cast.app.db.begin().await.expect("begins");
        let spoilt = crate::vals![vec![1, 2, 3]];
        tx.run("update import_blocks set content = $1", spoilt).await.expect("spoilt");
        tx.commit().await.expect("kept");
        cast.settle().await;
        assert_eq!(found_by(&cast, &number_of(0)).await.len(), 1);
        assert_eq!(writing(&cast).await, []);
    }

    async fn what_is_taken_back_while_it_is_written_ends_its_writing_and_is_found(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.viewer("anna").await;
        let id = begun(&cast, &long_list(2_000)).await;
        let held = taken(&cast).await;
        let is_over = AtomicBool::new(false);
        let taken_back_when_told = async {
            while again(&cast, id).await.done_count < 250 {
                assert!(!is_over.load(Ordering::Relaxed), "it ended before its first batch");
                tokio::task::yield_now().await;
            }
            let kept = work_on_first(&cast, id).await;
            let act = cast.act("anna", "undo");
            actions::undo(&act, &anna, id).await.expect("is being undone");
            kept
        };
        let act = cast.act("anna", "work");
        let writes = async {
            let written = actions::work_off_commit(&act, id).await;
            is_over.store(true, Ordering::Relaxed);
            written
        };
        let (written, kept) = futures_util::future::join(writes, taken_back_when_told).await;
        written.expect("it was stopped, which is no failure");
        let counts = again(&cast, id).await.counts;
        assert!(counts.total() < 2_000, "it was written to its end: {counts:?}");
        queue::complete(&cast.app.db, &held).await.expect("ends");
        cast.settle().await;
        let undone = again(&cast, id).await;
        assert_eq!((undone.state, undone.taken_back.stayed), (ImportState::Undone, 1));
        assert_eq!(undone.taken_back.removed, counts.total() - 1);
        let found = found_by(&cast, &number_of(0)).await;
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [kept]);
    }

    async fn search_finds_what_was_written_until_it_was_stopped(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (act, anna) = (cast.act("anna", "work"), cast.viewer("anna").await);
        let id = begun(&cast, &long_list(600)).await;
        actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
        actions::stop(&cast.act("anna", "stop"), &anna, id).await.expect("stopped");
        cast.settle().await;
        for n in [0, 249] {
            assert_eq!(found_by(&cast, &number_of(n)).await.len(), 1, "{n}");
        }
    }
}
