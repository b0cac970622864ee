//! What happens between the preview and the commit, or in the midst of it.

use super::*;

async fn seen(cast: &Cast, key: &str, text: &str) -> Import {
    let act = cast.act("anna", key);
    let id = actions::bring(&act, file(text)).await.expect("brought");
    actions::check(&act, id).await.expect("checked");
    again(cast, id).await
}

const TWO: &str = "Название;ИНН;Телефон\nЛён;7714239823;8 495 963-76-77\nШёлк;;8 499 161-13-40\n";

both! {
    async fn a_mistyped_tax_number_keeps_no_company_out(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", "Название;ИНН\nЛён;7714239824\n").await;
        assert_eq!(import.counts, counts("new=1"));
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
        let row = rows.expect("reads").remove(0);
        assert_eq!(row.remarks[0].code, "tax-id-checksum");
        let id = row.company.expect("a company");
        let company = companies::actions::find(&mut tx, cast.org, id).await.expect("reads");
        assert_eq!(company.expect("there").tax_id, None);
    }

    async fn under_one_tax_number_and_two_names_both_telephones_are_kept(t: TestDb) {
        let cast = Cast::gather(t).await;
        let head = "Название;ИНН;Телефон;Почта\n";
        let one = "Лён и нить;7714239823;8 495 963-76-77;a@len.example\n";
        let other = "Бархат;7714239823;8 495 963-76-78;b@barhat.example\n";
        let third = "Сукно;7714239823;8 495 963-76-79;c@sukno.example\n";
        let first = bring_in(&cast, "one", format!("{head}{one}{other}")).await;
        assert_eq!(first.counts, counts("new=1 in_file=1"));
        let second = bring_in(&cast, "two", format!("{head}{third}")).await;
        assert_eq!(second.counts, counts("update=1"));
        let of_the_company = async || {
            let mut tx = cast.app.db.read().await.expect("reads");
            let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
            let id = rows.expect("reads").remove(0).company.expect("a company");
            let phones = companies::actions::list_phones(&mut tx, cast.org, id).await;
            let emails = companies::actions::list_emails(&mut tx, cast.org, id).await;
            (phones.expect("reads").len(), emails.expect("reads").len())
        };
        assert_eq!(of_the_company().await, (3, 1), "numbers, and nothing else");
        undo(&cast, "back", second.id).await;
        cast.settle().await;
        assert_eq!(of_the_company().await, (2, 1), "taken back");
    }

    async fn a_file_of_an_earlier_version_is_kept_whole_and_read_all_the_same(t: TestDb) {
        let cast = Cast::gather(t).await;
        let seen = seen(&cast, "one", MESSY).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let (org, file) = (cast.org, seen.file);
        for (text, values) in [
            ("delete from import_blocks where org_id = $1", crate::vals![org].to_vec()),
            ("delete from file_parts where file_id = $1", crate::vals![file].to_vec()),
            (
                "update files set content = $2 where id = $1",
                crate::vals![file, MESSY.as_bytes().to_vec()].to_vec(),
            ),
            (
                "update imports set found = replace(found, $2, '') where id = $1",
                crate::vals![seen.id, seen.found.blocks_sha256.clone()].to_vec(),
            ),
        ] {
            assert!(tx.run(text, &values).await.expect("as it was kept") > 0, "{text}");
        }
        tx.commit().await.expect("kept");
        actions::commit(&cast.act("anna", "commit"), seen.id, seen.version).await.expect("begun");
        cast.settle().await;
        let written = again(&cast, seen.id).await;
        assert_eq!(written.state, ImportState::Committed);
        assert_eq!(written.counts, seen.forecast.counts);
    }

    async fn what_came_into_the_base_after_the_preview_is_not_added_twice(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mine = seen(&cast, "mine", TWO).await;
        assert_eq!(mine.forecast.counts, counts("new=2"));
        let other = "Компания;ИНН;Тел.\nЛЁН ООО;7714239823;84959637677\n";
        import_as(&cast, "gleb", "other", other).await;
        actions::commit(&cast.act("anna", "go"), mine.id, mine.version).await.expect("begun");
        cast.settle().await;
        let done = again(&cast, mine.id).await;
        assert_eq!(done.counts, counts("new=1 in_base=1"));
        assert_eq!(companies_of(&cast).await, 2);
    }

    async fn who_asked_to_be_left_alone_after_the_preview_is(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mine = seen(&cast, "mine", TWO).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let ban = Suppress {
            whom: Whom::Phone(None, Phone::parse("8 499 161-13-40", "RU").expect("a number")),
            channel: Channel::All,
            reason: SuppressReason::Asked,
            until: None,
        };
        let act = cast.act("boris", "ban");
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("is banned");
        tx.commit().await.expect("kept");
        actions::commit(&cast.act("anna", "go"), mine.id, mine.version).await.expect("begun");
        cast.settle().await;
        assert_eq!(again(&cast, mine.id).await.counts, counts("new=1 suppressed=1"));
    }

    async fn a_wrong_delimiter_makes_a_list_nobody_can_commit_by_mistake(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mine = seen(&cast, "mine", TWO).await;
        let wanted = Reading { delimiter: '|', ..mine.reading.clone() };
        let act = cast.act("anna", "wrong");
        let read = actions::read_anew(&act, mine.id, mine.version, wanted, Origin::default()).await;
        read.expect("is read so");
        cast.settle().await;
        let wrong = again(&cast, mine.id).await;
        assert_eq!(wrong.reading.meanings.len(), 1, "everything is one column");
        let right = Reading { delimiter: ';', ..wrong.reading.clone() };
        let act = cast.act("anna", "right");
        let read = actions::read_anew(&act, mine.id, wrong.version, right, Origin::default()).await;
        read.expect("is read so");
        cast.settle().await;
        assert_eq!(again(&cast, mine.id).await.forecast.counts, counts("new=2"));
        assert_eq!(companies_of(&cast).await, 0);
    }
}

/// On SQLite the database itself can be told that there is no room to grow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_leaves_the_base_as_it_was_and_is_told() {
    use crate::storage::testing::{Engine, fresh};
    let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
    let mut text = "Название;Телефон\n".to_owned();
    for n in 0..900 {
        text.push_str(&format!("Фирма {n} Льна;8 495 {:03}-{:02}-77\n", 200 + n / 100, n % 100));
    }
    let mine = seen(&cast, "mine", &text).await;
    actions::commit(&cast.act("anna", "go"), mine.id, mine.version).await.expect("begun");
    let act = cast.act("anna", "work");
    actions::work_off_commit_to(&act, mine.id, 250).await.expect("a batch has room");
    let mut tx = cast.app.db.begin().await.expect("begins");
    // It takes the present size for the smallest there can be.
    tx.run("pragma max_page_count = 1", &[]).await.expect("is told");
    tx.commit().await.expect("kept");
    let full = actions::work_off_commit(&act, mine.id).await;
    let Err(Error::Full(cause)) = full else { panic!("it found room: {full:?}") };
    assert!(cause.contains("full"), "{cause}");
    let half = again(&cast, mine.id).await;
    let there = companies_of(&cast).await;
    assert_eq!((half.done_count, half.counts.total(), half.counts.new), (there, there, there));
    assert!(there < 900, "{there}");
    let mut tx = cast.app.db.begin().await.expect("a reader and a writer still come in");
    tx.run("pragma max_page_count = 1073741823", &[]).await.expect("there is room again");
    tx.commit().await.expect("kept");
    cast.settle().await;
    let whole = again(&cast, mine.id).await;
    assert_eq!((whole.state, whole.counts), (ImportState::Committed, counts("new=900")));
    assert_eq!(companies_of(&cast).await, 900);
}
