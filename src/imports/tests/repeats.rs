//! Files whose rows repeat each other, and how much of them is remembered.

use super::*;
use crate::jobs as queue;

/// As many mail addresses as a row may have, the first of them that of every row.
pub(super) fn addresses(row: usize) -> String {
    let own = (1..companies::PARTS_MAX).map(|one| format!("n{one}@f{row}.example"));
    let all = ["all@flax.example".to_owned()].into_iter().chain(own);
    all.collect::<Vec<String>>().join(", ")
}

/// A list of which every row may be the same company as any other, and none is.
fn repetitive() -> String {
    let rows = (0..1_000).map(|row| format!("Фирма {row} Льна,\"{}\"\n", addresses(row)));
    format!("Название,Почта\n{}", rows.collect::<String>())
}

both! {
    async fn a_file_with_more_repeats_than_can_be_remembered_rests_and_says_so(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = actions::bring(&cast.act("anna", "one"), file(repetitive())).await;
        let id = id.expect("brought");
        cast.settle().await;
        let resting = again(&cast, id).await;
        assert_eq!(resting.state, ImportState::Unchecked);
        let mut tx = cast.app.db.read().await.expect("reads");
        let left = queue::list(&mut tx, cast.org, cast.clock.now(), 99).await.expect("reads");
        drop(tx);
        assert!(left.iter().all(|job| job.kind != "imports.check"), "it is not looked at again");
        let path = format!("/imports/{id}");
        let page = cast.client("anna").await.get(&path).await.body;
        assert!(page.contains("So many rows of the file repeat others"), "{page}");
        assert!(!page.contains("/continuation") && page.contains("/reading"), "{page}");
        let shown = cast.api("anna").await.get(&format!("/api/v1{path}")).await.json();
        assert_eq!(shown["data"]["notices"][0]["code"], "too-many-repeats", "{shown}");
        let anna = cast.viewer("anna").await;
        let on = actions::go_on(&cast.act("anna", "on"), &anna, id).await;
        assert!(is_refused(&on, ImportRefusal::TooManyRepeats), "{on:?}");
        let written = actions::commit(&cast.act("anna", "go"), id, resting.version).await;
        assert!(is_refused(&written, ImportRefusal::TooManyRepeats), "{written:?}");
        let dry = actions::foresee(&cast.act("anna", "dry"), file(repetitive())).await;
        assert!(is_refused(&dry, ImportRefusal::TooManyRepeats), "{:?}", dry.is_ok());
        assert_eq!(companies_of(&cast).await, 0);
        // Without the column that makes them alike it is a list as any other.
        let meanings = vec![Meaning::Name, Meaning::Ignore];
        let wanted = Reading { meanings, ..resting.reading };
        let act = cast.act("anna", "read");
        actions::read_anew(&act, id, resting.version, wanted, Origin::default())
            .await
            .expect("is read");
        cast.settle().await;
        let checked = again(&cast, id).await;
        assert_eq!(checked.state, ImportState::Checked);
        assert_eq!(checked.forecast.counts, counts("new=1000"));
    }

    async fn one_row_again_and_again_is_remembered_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let row = format!("Лён,\"{}\"\n", addresses(0));
        let text = format!("Название,Почта\n{}", row.repeat(1_000));
        let dry = actions::foresee(&cast.act("anna", "dry"), file(text)).await;
        assert_eq!(dry.expect("foreseen").forecast.counts, counts("new=1 in_file=999"));
    }

    async fn a_later_file_knows_rows_that_say_the_same_by_the_first_of_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = format!("Название;Телефон\n{}", "Лён;8 495 963-76-77\n".repeat(400));
        for (key, expected) in [
            ("one", "new=1 in_file=399"),
            ("two", "in_base=400"),
            ("three", "in_base=400"),
        ] {
            let import = bring_in(&cast, key, &text).await;
            assert_eq!(import.counts, counts(expected), "{key}");
            let mut tx = cast.app.db.read().await.expect("reads");
            let text = "select line, digest from import_rows where import_id = $1 order by line";
            let rows = tx.all(text, crate::vals![import.id]).await.expect("rows");
            let known = rows.iter().filter(|row| !row.text("digest").expect("a digest").is_empty());
            let known: Vec<i64> = known.map(|row| row.int("line").expect("a line")).collect();
            assert_eq!((rows.len(), known), (400, vec![1]), "{key}");
            drop(tx);
            cast.clock.advance_ms(1_000);
        }
        assert_eq!(companies_of(&cast).await, 1);
    }
}
