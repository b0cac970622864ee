//! What people bring that is not as it should be, case by case: each is told with its row and
//! column, and the base is as before.

use sha2::{Digest, Sha256};

use super::stops::long_list;
use super::*;
use crate::storage::testing::{Engine, fresh, leave_room, limit_pages};

const THREE: &str = "Название;ИНН;Телефон\nЛён;7714239823;8 495 963-76-77\n\
    Шёлк;;8 499 161-13-40\nВата;;8 499 161-13-41\n";

/// Brings a file and answers where it is shown.
async fn shown(cast: &Cast, key: &str, text: &str) -> (ImportId, String) {
    let id = actions::bring(&cast.act("anna", key), file(text)).await.expect("brought");
    actions::check(&cast.act("anna", key), id).await.expect("checked");
    (id, format!("/imports/{id}"))
}

/// Says how a file is to be read, at its page; answers that page again.
async fn read_as(cast: &Cast, id: ImportId, changed: &[(&str, &str)]) -> (u16, String) {
    let import = again(cast, id).await;
    let path = format!("/imports/{id}");
    let (version, header) = (import.version.to_string(), import.reading.header_row.to_string());
    let delimiter = import.reading.delimiter.to_string();
    let names: Vec<String> =
        (0..import.reading.meanings.len()).map(|n| format!("column-{n}")).collect();
    let mut fields: Vec<(&str, &str)> = vec![
        ("version", &version),
        ("encoding", "utf-8"),
        ("delimiter", &delimiter),
        ("header", &header),
        ("fields", "0"),
    ];
    let meanings = names.iter().zip(&import.reading.meanings);
    fields.extend(meanings.map(|(name, meaning)| (name.as_str(), meaning.code())));
    for (name, value) in changed {
        fields.retain(|(had, _)| had != name);
        fields.push((name, value));
    }
    let anna = cast.client("anna").await;
    let sent = anna.post(&format!("{path}/reading"), &fields).await;
    match sent.status.as_u16() {
        303 => (303, anna.get(&path).await.body),
        status => (status, sent.body),
    }
}

both! {
    async fn a_wrong_delimiter_is_told_with_the_one_that_cuts(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (id, path) = shown(&cast, "one", THREE).await;
        let page = cast.client("anna").await.get(&path).await.body;
        assert!(!page.contains("has one column"), "{page}");
        let (status, page) = read_as(&cast, id, &[("delimiter", "|")]).await;
        assert_eq!(status, 303, "{page}");
        assert!(page.contains("Cut by “|” every row has one column"), "{page}");
        assert!(page.contains("cut by “;” the first row has 3"), "{page}");
        assert_eq!(companies_of(&cast).await, 0);
        let (_, page) = read_as(&cast, id, &[("delimiter", ";")]).await;
        assert!(!page.contains("every row has one column"), "{page}");
        assert_eq!(again(&cast, id).await.forecast.counts, counts("new=3"));
    }

    async fn cells_too_many_are_told_by_row_and_column(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = THREE.replace("Шёлк;;", "Шёлк;;;");
        let (id, path) = shown(&cast, "one", &text).await;
        assert_eq!(again(&cast, id).await.forecast.counts, counts("new=2 bad=1"));
        let page = cast.client("anna").await.get(&format!("{path}?verdict=bad")).await.body;
        assert!(page.contains("Column 4. Cells too many: 4 instead of 3."), "{page}");
        let bad = cast.client("anna").await.get(&format!("{path}/bad.csv")).await.body;
        assert!(bad.lines().any(|line| line.contains("Шёлк") && line.ends_with(";2")), "{bad}");
    }

    async fn a_company_taken_for_the_heading_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (_, bare) = THREE.split_once('\n').expect("a heading");
        let (id, _) = shown(&cast, "one", bare).await;
        let import = again(&cast, id).await;
        assert_eq!((import.reading.has_header, import.row_count), (false, 3));
        let (status, page) = read_as(&cast, id, &[("header", "1")]).await;
        assert_eq!(status, 303, "{page}");
        assert!(page.contains("Row 1 (“Лён”) is taken for the heading"), "{page}");
        let (_, page) = read_as(&cast, id, &[("header", "no")]).await;
        assert!(!page.contains("is taken for the heading"), "{page}");
        assert_eq!(again(&cast, id).await.row_count, 3);
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn a_heading_that_stands_twice_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = "Название;Телефон;Название\nЛён;8 495 963-76-77;Лён и нить\n\
            Название;Телефон;Название\nШёлк;8 499 161-13-40;Шёлк\n";
        let (id, path) = shown(&cast, "one", text).await;
        let page = cast.client("anna").await.get(&path).await.body;
        assert!(page.contains("Columns 1 and 3 have the same heading “Название”"), "{page}");
        assert!(page.contains("the heading once more"), "{page}");
        assert_eq!(again(&cast, id).await.forecast.counts, counts("new=2 bad=1"));
    }

    async fn one_meaning_for_two_columns_is_refused_with_both(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (id, _) = shown(&cast, "one", THREE).await;
        let before = again(&cast, id).await;
        let (status, page) = read_as(&cast, id, &[("column-2", "name")]).await;
        assert_eq!(status, 422, "{page}");
        assert!(page.contains("Columns 1 and 3 cannot mean the same"), "{page}");
        assert_eq!(again(&cast, id).await, before);
    }

    async fn one_tax_number_of_two_companies_in_a_file_is_told_with_its_column(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = "Название;ИНН;Телефон\nЛён;7714239823;8 495 963-76-77\n\
            Бархат;7714239823;8 499 161-13-40\n";
        let (id, path) = shown(&cast, "one", text).await;
        assert_eq!(again(&cast, id).await.forecast.counts, counts("new=1 in_file=1"));
        let page = cast.client("anna").await.get(&path).await.body;
        for told in ["company of row 1", "Column 2. The same tax number", "The names differ"] {
            assert!(page.contains(told), "{told}: {page}");
        }
    }

    async fn a_row_of_two_companies_of_the_base_is_taken_by_neither(t: TestDb) {
        let cast = Cast::gather(t).await;
        bring_in(&cast, "base", THREE).await;
        let base = base_of(&cast).await;
        let head = "Телефон;Название;ИНН\n";
        for (key, row) in [
            ("another name", "8 499 161-13-40;Сукно;7714239823\n"),
            ("the other's name", "8 499 161-13-40;Шёлк;7714239823\n"),
        ] {
            let import = bring_in(&cast, key, format!("{head}{row}")).await;
            assert_eq!(import.forecast.counts, counts("bad=1"), "{key}");
            assert_eq!(import.counts, counts("bad=1"), "{key}");
            let path = format!("/imports/{}", import.id);
            let page = cast.client("anna").await.get(&path).await.body;
            let told = "Column 3. The tax number is that of company No. 1 “Лён”";
            assert!(page.contains(told) && page.contains("No. 2 “Шёлк”"), "{key}: {page}");
            let bad = cast.client("anna").await.get(&format!("{path}/bad.csv")).await.body;
            assert!(bad.contains("Nothing of the row was taken"), "{key}: {bad}");
            let api = cast.api("anna").await;
            let listed = api.get(&format!("/api/v1{path}/bad-rows")).await.json();
            assert_eq!(listed["data"].as_array().map(Vec::len), Some(1), "{listed}");
        }
        assert_eq!(base_of(&cast).await, base, "the base is as before");
        let sure = bring_in(&cast, "sure", format!("{head}8 499 161-13-40;Лён;7714239823\n")).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, sure.id, (None, 0), 9).await;
        let row = rows.expect("reads").remove(0);
        let told = row.remarks.iter().find(|remark| remark.code == "row-phone-of-other");
        let told = told.expect("whose number it is besides");
        assert_eq!((&told.args["number"][..], &told.args["column"][..]), ("2", "1"));
    }

    async fn what_was_changed_between_preview_and_commit_is_not_written(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (id, path) = shown(&cast, "one", THREE).await;
        let seen = again(&cast, id).await.version.to_string();
        read_as(&cast, id, &[("column-1", "ignore")]).await;
        let anna = cast.client("anna").await;
        let stale = anna.post(&format!("{path}/commitment"), &[("version", &seen)]).await;
        assert_eq!(stale.status.as_u16(), 409, "{}", stale.body);
        assert!(stale.body.contains("changed in between"), "{}", stale.body);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let zip = crate::vals![vec![1, 2, 3]];
        tx.run("update import_blocks set content = $1", zip).await.expect("forged");
        tx.commit().await.expect("kept");
        let now = again(&cast, id).await.version.to_string();
        let forged = anna.post(&format!("{path}/commitment"), &[("version", &now)]).await;
        assert_eq!(forged.status.as_u16(), 409, "{}", forged.body);
        assert!(forged.body.contains("not the one that was shown"), "{}", forged.body);
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn two_people_with_one_file_at_once_bring_each_company_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, two) = tokio::join!(
            import_as(&cast, "anna", "one", THREE),
            import_as(&cast, "gleb", "two", THREE),
        );
        assert_eq!(one.counts.new + two.counts.new, 3, "{:?} {:?}", one.counts, two.counts);
        assert_eq!(one.counts.in_base + two.counts.in_base, 3, "the other hears that it is there");
        assert_eq!(companies_of(&cast).await, 3);
    }
}

/// Every company with its parts, as text.
async fn base_of(cast: &Cast) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::Segment::default();
    let ids = companies::actions::list_segment(&mut tx, cast.org, &all, None, 99).await;
    let known = companies::actions::list_known(&mut tx, cast.org, &ids.expect("reads")).await;
    known.expect("reads").iter().map(|known| format!("{known:?}")).collect()
}

/// A disk that is full once some of seven hundred rows are written: SQLite's file may grow by so
/// many pages, PostgreSQL says what it would say.
async fn fill_disk(cast: &Cast, engine: Engine) {
    if engine == Engine::Sqlite {
        limit_pages(&cast.app.db, Some(150)).await;
        return;
    }
    let mut tx = cast.app.db.begin().await.expect("begins");
    for text in [
        "create function full_disk() returns trigger as $$ begin raise exception using \
         errcode = '53100', message = 'на устройстве не осталось места'; end $$ language plpgsql",
        "create trigger full_disk before insert on import_rows for each row \
         when (new.line > 300) execute function full_disk()",
    ] {
        tx.run(text, &[]).await.expect("is told");
    }
    tx.commit().await.expect("kept");
}

/// There is room again.
async fn make_room(cast: &Cast, engine: Engine) {
    if engine == Engine::Sqlite {
        limit_pages(&cast.app.db, None).await;
        return;
    }
    let mut tx = cast.app.db.begin().await.expect("begins");
    tx.run("drop trigger full_disk on import_rows", &[]).await.expect("is told");
    tx.commit().await.expect("kept");
}

/// Brings seven hundred rows and has them written until the disk is full.
async fn half_written(cast: &Cast, engine: Engine) -> (Import, String) {
    let (id, path) = shown(cast, "one", &long_list(700)).await;
    fill_disk(cast, engine).await;
    let version = again(cast, id).await.version;
    actions::commit(&cast.act("anna", "commit"), id, version).await.expect("begun");
    cast.settle().await;
    let half = again(cast, id).await;
    assert_eq!(half.state, ImportState::Committing);
    assert!([250, 500].contains(&half.done_count), "whole batches: {}", half.done_count);
    (half, path)
}

async fn a_full_disk_in_the_midst(engine: Engine) {
    let cast = Cast::gather(fresh(engine).await).await;
    let anna = cast.client("anna").await;
    let (half, path) = half_written(&cast, engine).await;
    let (id, done) = (half.id, half.done_count);
    let told = (half.counts.new, half.counts.total(), companies_of(&cast).await);
    assert_eq!(told, (done, done, done));
    let page = anna.get(&path).await.body;
    let (rows, companies) = (format!("{done} of 700 rows"), format!("{done} new companies"));
    for told in ["disk is full", "goes on by itself", "Search finds"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(page.contains(&rows) && page.contains(&companies), "{page}");
    assert!(page.contains("/continuation") && page.contains("/undoing"), "{page}");
    make_room(&cast, engine).await;
    anna.post(&format!("{path}/stop"), &[]).await;
    anna.post(&format!("{path}/undoing"), &[]).await;
    cast.settle().await;
    assert_eq!(again(&cast, id).await.state, ImportState::Undone);
    assert_eq!(companies_of(&cast).await, 0, "the base is as before");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_in_the_midst_is_told_and_taken_back_on_sqlite() {
    a_full_disk_in_the_midst(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_in_the_midst_is_told_and_taken_back_on_postgres() {
    a_full_disk_in_the_midst(Engine::Postgres).await;
}

/// Nobody looks at it for days, and there is room at last.
async fn a_full_disk_that_is_emptied(engine: Engine) {
    let cast = Cast::gather(fresh(engine).await).await;
    let (half, _) = half_written(&cast, engine).await;
    for _ in 0..12 {
        cast.clock.advance_ms(HOUR_MS);
        cast.settle().await;
    }
    let waiting = again(&cast, half.id).await;
    assert_eq!(waiting.state, ImportState::Committing, "it is given up by nobody");
    make_room(&cast, engine).await;
    cast.clock.advance_ms(HOUR_MS);
    cast.settle().await;
    let whole = again(&cast, half.id).await;
    assert_eq!((whole.state, whole.counts), (ImportState::Committed, counts("new=700")));
    assert_eq!(companies_of(&cast).await, 700);
    for n in ["4952000077", "4952069977"] {
        assert_eq!(found_by(&cast, n).await.len(), 1, "{n}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_met_a_full_disk_goes_on_by_itself_once_there_is_room_on_sqlite() {
    a_full_disk_that_is_emptied(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_met_a_full_disk_goes_on_by_itself_once_there_is_room_on_postgres() {
    a_full_disk_that_is_emptied(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_on_the_disk_is_refused_before_anything_is_written() {
    let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
    let (id, path) = shown(&cast, "one", &long_list(700)).await;
    let seen = again(&cast, id).await;
    leave_room(&cast.app.db, Some(1 << 20));
    let (anna, version) = (cast.client("anna").await, seen.version.to_string());
    let fields: [(&str, &str); 1] = [("version", &version)];
    let refused = anna.post(&format!("{path}/commitment"), &fields).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
    for told in ["MB on the disk of the server", "MB are free", "Nothing was changed"] {
        assert!(refused.body.contains(told), "{told}: {}", refused.body);
    }
    cast.settle().await;
    assert_eq!(again(&cast, id).await, seen);
    assert_eq!(companies_of(&cast).await, 0);
    leave_room(&cast.app.db, None);
    let act = cast.act("anna", "go");
    actions::commit(&act, id, seen.version).await.expect("it fits");
    leave_room(&cast.app.db, Some(0));
    actions::commit(&act, id, seen.version).await.expect("it was begun under this key");
    // Others filled the disk in between: no row is written until there is room for all.
    cast.settle().await;
    let waiting = again(&cast, id).await;
    assert_eq!((waiting.state, waiting.done_count), (ImportState::Committing, 0));
    let page = anna.get(&path).await.body;
    assert!(page.contains("disk is full") && page.contains("0 of 700 rows"), "{page}");
    leave_room(&cast.app.db, None);
    cast.clock.advance_ms(HOUR_MS);
    cast.settle().await;
    assert_eq!(again(&cast, id).await.state, ImportState::Committed);
    assert_eq!(companies_of(&cast).await, 700);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_does_not_fit_on_the_disk_is_not_kept() {
    let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
    leave_room(&cast.app.db, Some(0));
    let empty = cast.app.db.free_room().await.expect("is asked").expect("a number");
    // What packs badly takes more than the empty pages of the database.
    let rows = 1_000 + usize::try_from(empty / 64).expect("few");
    let mut text = "Название;Телефон\n".to_owned();
    for n in 0..rows {
        let name = hex::encode(Sha256::digest(n.to_string()));
        text.push_str(&format!("{name};8 495 200-00-77\n"));
    }
    let act = cast.act("anna", "one");
    let refused = actions::bring(&act, file(&text)).await;
    let (needed, free) = (0, 0);
    assert!(is_refused(&refused, ImportRefusal::NoRoom { needed, free }), "{refused:?}");
    let mut tx = cast.app.db.read().await.expect("reads");
    assert_eq!(actions::list(&mut tx, cast.org, i64::MAX, 9).await.expect("reads"), []);
    drop(tx);
    leave_room(&cast.app.db, None);
    actions::bring(&act, file(&text)).await.expect("it is kept");
}
