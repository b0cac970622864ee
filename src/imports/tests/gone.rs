//! What was removed or merged neither blocks nor comes back by itself.

use super::*;

async fn company_of(cast: &Cast, import: &Import, place: usize) -> CompanyId {
    let mut tx = cast.app.db.read().await.expect("reads");
    let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 99).await;
    rows.expect("reads")[place].company.expect("a company")
}

both! {
    async fn a_removed_company_is_told_of_and_stays_removed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", MESSY).await;
        let gone = company_of(&cast, &first, 0).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let act = cast.act("anna", "remove");
        companies::actions::remove_many_in(&mut tx, &act, &[gone]).await.expect("removed");
        tx.commit().await.expect("kept");
        let text = "Название;ИНН;Телефон\nЛён и нить;7714239823;8 495 963-76-77\n";
        let dry = actions::foresee(&cast.act("anna", "dry"), file(text)).await.expect("foreseen");
        assert_eq!(dry.forecast.counts, counts("new=1"));
        assert_eq!(dry.forecast.rows[0].remarks[0].code, "row-was-removed");
        let second = bring_in(&cast, "two", text).await;
        let brought = company_of(&cast, &second, 0).await;
        assert_ne!(brought, gone);
        let mut tx = cast.app.db.read().await.expect("reads");
        let old = companies::actions::find(&mut tx, cast.org, gone).await.expect("reads");
        assert!(old.is_some_and(|company| company.removed_at.is_some()));
    }

    async fn what_an_undone_import_removed_is_no_news(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", MESSY).await;
        undo(&cast, "undo", first.id).await;
        cast.settle().await;
        let dry = actions::foresee(&cast.act("anna", "dry"), file(MESSY)).await.expect("foreseen");
        let mut told = dry.forecast.rows.iter().flat_map(|row| &row.remarks);
        assert!(told.all(|remark| remark.code != "row-was-removed"), "{:?}", dry.forecast.rows);
    }

    async fn a_row_that_was_brought_goes_to_the_survivor_of_its_company(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", MESSY).await;
        let (loser, survivor) =
            (company_of(&cast, &first, 2).await, company_of(&cast, &first, 0).await);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let merged = crate::vals![survivor, loser];
        tx.run("update companies set merged_into = $1 where id = $2", merged).await.expect("set");
        tx.commit().await.expect("kept");
        let again = bring_in(&cast, "two", MESSY).await;
        assert_eq!(again.counts, counts("in_base=6 bad=5"));
        assert_eq!(company_of(&cast, &again, 2).await, survivor);
    }

    async fn an_undo_lists_those_that_were_merged_into_others(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", MESSY).await;
        let (loser, survivor) =
            (company_of(&cast, &first, 2).await, company_of(&cast, &first, 0).await);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let merged = crate::vals![survivor, loser];
        tx.run("update companies set merged_into = $1 where id = $2", merged).await.expect("set");
        tx.commit().await.expect("kept");
        undo(&cast, "undo", first.id).await;
        cast.settle().await;
        let undone = again(&cast, first.id).await;
        assert_eq!(undone.taken_back, TakenBack { removed: 3, restored: 0, stayed: 1 });
        let mut tx = cast.app.db.read().await.expect("reads");
        let stays = actions::list_stays(&mut tx, cast.org, first.id, 9).await.expect("reads");
        assert_eq!(stays, [Stay { company: loser, reason: "merged".to_owned() }]);
        let page = cast.client("anna").await.get(&format!("/imports/{}", first.id)).await.body;
        assert!(page.contains("it was merged into another company"), "{page}");
    }

    async fn an_undo_leaves_what_a_newer_file_confirmed_or_added_to(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", MESSY).await;
        cast.clock.advance_ms(1_000);
        let again_brought = bring_in(&cast, "two", MESSY).await;
        assert_eq!(again_brought.counts.update, 0, "it has nothing new");
        undo(&cast, "undo", first.id).await;
        cast.settle().await;
        let undone = again(&cast, first.id).await;
        assert_eq!(undone.taken_back, TakenBack { removed: 0, restored: 0, stayed: 4 });
        assert_eq!(companies_of(&cast).await, 4, "the newer file has them, too");
        let page = cast.client("anna").await.get(&format!("/imports/{}", first.id)).await.body;
        assert!(page.contains("a newer file has it, too"), "{page}");
        // They are the newer one's now, and go with it.
        undo(&cast, "undo both", again_brought.id).await;
        cast.settle().await;
        let undone = again(&cast, again_brought.id).await;
        assert_eq!(undone.taken_back, TakenBack { removed: 4, restored: 0, stayed: 0 });
        assert_eq!(companies_of(&cast).await, 0, "no file has them any more");
    }

    async fn a_company_stays_while_any_file_that_has_it_does(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut files = Vec::new();
        for key in ["one", "two", "three"] {
            let text = "Name;Phone\nFlax;8 495 223-45-67\n";
            files.push(bring_in(&cast, key, text).await.id);
            cast.clock.advance_ms(1_000);
        }
        for (place, there) in [(0, 1), (2, 1), (1, 0)] {
            undo(&cast, &format!("undo {place}"), files[place]).await;
            cast.settle().await;
            assert_eq!(companies_of(&cast).await, there, "{place}");
        }
    }

    async fn whoever_only_looked_at_a_company_keeps_no_undo_from_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", MESSY).await;
        cast.clock.advance_ms(1_000);
        let company = company_of(&cast, &first, 0).await;
        let olga = cast.client("olga").await;
        assert_eq!(olga.get(&format!("/companies/{company}")).await.status, 200);
        let mut tx = cast.app.db.read().await.expect("reads");
        let ever = Instant(i64::MAX);
        let told = crate::events::list_for_company(&mut tx, cast.org, company, ever, 9).await;
        let looked = |event: &crate::events::Recorded| {
            event.kind == crate::events::Kind::PhonesOpened
        };
        assert!(told.expect("reads").iter().any(looked), "that is on record");
        drop(tx);
        undo(&cast, "undo", first.id).await;
        cast.settle().await;
        let undone = again(&cast, first.id).await;
        assert_eq!(undone.taken_back, TakenBack { removed: 4, restored: 0, stayed: 0 });
    }

    async fn what_a_file_filled_in_goes_though_a_newer_one_names_the_company(t: TestDb) {
        let cast = Cast::gather(t).await;
        bring_in(&cast, "base", "Name;Phone\nFlax;8 495 223-45-67\n").await;
        cast.clock.advance_ms(1_000);
        let wrong = "Name;Phone;Mail\nFlax;8 495 223-45-67;other@firm.example\n";
        let wrong = bring_in(&cast, "wrong", wrong).await;
        assert_eq!(wrong.counts.update, 1);
        cast.clock.advance_ms(1_000);
        bring_in(&cast, "right", "Name;Phone\nFlax;8 495 223-45-67\n").await;
        undo(&cast, "undo", wrong.id).await;
        cast.settle().await;
        let undone = again(&cast, wrong.id).await;
        assert_eq!(undone.taken_back, TakenBack { removed: 0, restored: 1, stayed: 0 });
    }

    async fn an_undo_leaves_what_a_newer_file_gave_a_ground(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = "Name;Phone\nFlax;8 495 223-45-67\nSilk;8 495 223-45-68\n";
        let first = bring_in(&cast, "one", text).await;
        cast.clock.advance_ms(1_000);
        let act = cast.act("anna", "grounded");
        let origin = Origin {
            source: "Fair".to_owned(),
            basis_kind: Some(companies::BasisKind::PublicSource),
            ..Origin::default()
        };
        let id = actions::bring(&act.part("bring"), NewFile { origin, ..file(text) }).await;
        let id = id.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let version = again(&cast, id).await.version;
        actions::commit(&act.part("commit"), id, version).await.expect("begun");
        actions::work_off_commit(&act, id).await.expect("written");
        assert_eq!(again(&cast, id).await.counts, counts("update=2"));
        undo(&cast, "undo", first.id).await;
        cast.settle().await;
        let undone = again(&cast, first.id).await;
        assert_eq!(undone.taken_back, TakenBack { removed: 0, restored: 0, stayed: 2 });
        let mut tx = cast.app.db.read().await.expect("reads");
        let stays = actions::list_stays(&mut tx, cast.org, first.id, 9).await.expect("reads");
        assert!(stays.iter().all(|stay| stay.reason == "added-to"), "{stays:?}");
    }

    async fn a_file_is_called_without_marks_that_turn_its_name(t: TestDb) {
        let cast = Cast::gather(t).await;
        let name = "list\u{202e}vsc.exe".to_owned();
        let new = NewFile { name, ..file("Name;Phone\nFlax;8 495 223-45-67\n") };
        let id = actions::bring(&cast.act("anna", "turned"), new).await.expect("brought");
        assert_eq!(again(&cast, id).await.file_name, "listvsc.exe");
    }
}
