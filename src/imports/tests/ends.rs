//! The end of a file, and rows whose company came to its end before it.

use super::*;

/// Three hundred companies, and behind them the first once more with another number.
fn repeated() -> String {
    let mut text = "Название;ИНН;Телефон\nЛён;7714239823;8 495 963-76-77\n".to_owned();
    for n in 0..299 {
        text.push_str(&format!("Фирма {n} Льна;;8 495 {:03}-{:02}-77\n", 200 + n / 100, n % 100));
    }
    text + "Лён;7714239823;8 495 963-76-78\n"
}

/// Writes a batch of the file, does something to its first company, and writes the rest.
async fn interrupted(cast: &Cast, text: &'static str, other: Option<CompanyId>) -> Import {
    let act = cast.act("anna", "file");
    let id = actions::bring(&act.part("bring"), file(repeated())).await.expect("brought");
    actions::check(&act, id).await.expect("checked");
    let version = again(cast, id).await.version;
    actions::commit(&act.part("commit"), id, version).await.expect("begun");
    actions::work_off_commit_to(&act, id, 250).await.expect("a batch");
    let mut tx = cast.app.db.begin().await.expect("begins");
    let other = other.map(|id| id.to_string());
    tx.run(text, crate::vals![cast.org, "7714239823", other]).await.expect("gone");
    tx.commit().await.expect("kept");
    actions::work_off_commit(&act, id).await.expect("written");
    again(cast, id).await
}

/// Whether the second number of the first company stands anywhere, and how its row was returned.
async fn returned(cast: &Cast, import: &Import) -> (usize, WrittenRow, Vec<BadRow>) {
    let mut tx = cast.app.db.read().await.expect("reads");
    let text = "select id from phones where org_id = $1 and e164 = $2";
    let found = tx.all(text, crate::vals![cast.org, "+74959637678"]).await.expect("reads").len();
    let rows = actions::list_rows(&mut tx, cast.org, import.id, (Some(Verdict::Bad), 0), 9).await;
    let row = rows.expect("reads").remove(0);
    let (act, anna) = (cast.act("anna", "bad"), cast.viewer("anna").await);
    let bad = actions::list_bad_rows(&act, &anna, import.id, (0, 9)).await;
    (found, row, bad.expect("reads"))
}

both! {
    async fn a_row_whose_company_was_merged_meanwhile_is_returned(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "other", "Название\nПарусина\n").await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
        let other = rows.expect("reads").remove(0).company;
        drop(tx);
        let merged = "update companies set merged_into = $3 where org_id = $1 and tax_id = $2";
        let import = interrupted(&cast, merged, other).await;
        assert_eq!(import.counts, counts("new=300 bad=1"));
        let (found, row, bad) = returned(&cast, &import).await;
        assert_eq!((found, row.company, row.line), (0, None, 301));
        assert_eq!(row.remarks[0].code, "row-company-merged");
        assert_eq!(row.remarks[0].args["other"], "1");
        assert_eq!(bad.iter().map(|row| row.line).collect::<Vec<i64>>(), [301]);
        assert_eq!(bad[0].cells[2], "8 495 963-76-78");
    }

    async fn a_row_whose_company_left_the_base_meanwhile_is_returned(t: TestDb) {
        let cast = Cast::gather(t).await;
        let removed = "update companies set removed_at = changed_at \
            where org_id = $1 and tax_id = $2 and $3 is null";
        let import = interrupted(&cast, removed, None).await;
        assert_eq!(import.counts, counts("new=300 bad=1"));
        let (found, row, bad) = returned(&cast, &import).await;
        assert_eq!((found, row.company, row.line), (0, None, 301));
        assert_eq!(row.remarks[0].code, "row-company-left");
        assert_eq!(bad.len(), 1);
    }

    async fn nothing_is_written_to_a_company_that_is_gone(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", "Название;ИНН\nЛён;7714239823\n").await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
        let company = rows.expect("reads").remove(0).company.expect("a company");
        let removed = "update companies set removed_at = changed_at where id = $1";
        tx.run(removed, crate::vals![company]).await.expect("gone");
        let act = cast.act("anna", "fill");
        let missing = companies::filling::Missing {
            fields: vec![(companies::filling::Fillable::City, "Тверь".to_owned())],
            emails: vec!["len@len.example".to_owned()],
            ..Default::default()
        };
        let fill = companies::actions::fill_many_in;
        let gone = fill(&mut tx, &act, &[(company, missing)], None).await.expect("answered");
        assert_eq!(gone.into_iter().collect::<Vec<_>>(), [company]);
        let emails = companies::actions::list_emails(&mut tx, cast.org, company).await;
        assert_eq!(emails.expect("reads").len(), 0);
    }

    async fn a_file_whose_rows_are_not_all_there_comes_to_no_end(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "file");
        let text = "Название;ИНН\nЛён;7714239823\nШёлк;\n";
        let one = actions::bring(&act.part("one"), file(text)).await.expect("brought");
        let other = actions::bring(&act.part("other"), file(text)).await.expect("brought");
        actions::check(&act, one).await.expect("checked");
        let version = again(&cast, one).await.version;
        actions::commit(&act.part("commit"), one, version).await.expect("begun");
        let mut tx = cast.app.db.begin().await.expect("begins");
        tx.run("update imports set row_count = 3", &[]).await.expect("one row is lost");
        tx.commit().await.expect("kept");
        let missing = |done: Outcome<()>| {
            let Err(Error::Failure(cause)) = done else { panic!("none is missing: {done:?}") };
            assert!(cause.contains("2 of 3"), "{cause}");
        };
        missing(actions::work_off_commit(&act, one).await);
        missing(actions::check(&act, other).await);
        assert_eq!(again(&cast, one).await.state, ImportState::Committing);
        assert_eq!(again(&cast, other).await.state, ImportState::Checking);
        assert_eq!(companies_of(&cast).await, 0);
    }
}
