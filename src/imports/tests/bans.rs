//! Who was banned and left the base comes back in a file under another number, with a tax number or
//! without.

use super::*;

const HEADING: &str = "Название;ИНН;Город;Телефон";

/// Brings a row, bans the company it becomes and takes it out of the base.
async fn banned(cast: &Cast, key: &str, row: &str) -> (CompanyId, SuppressionId) {
    banned_of(cast, key, format!("{HEADING}\n{row}\n")).await
}

async fn banned_of(cast: &Cast, key: &str, text: String) -> (CompanyId, SuppressionId) {
    let first = bring_in(cast, key, text).await;
    let mut tx = cast.app.db.begin().await.expect("begins");
    let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
    let company = rows.expect("reads").remove(0).company.expect("a company");
    let ban = Suppress {
        whom: Whom::Company(company),
        channel: Channel::All,
        reason: SuppressReason::Asked,
        until: None,
    };
    let act = cast.act("boris", &format!("ban {key}"));
    let ban = companies::actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
    companies::actions::remove_many_in(&mut tx, &act, &[company]).await.expect("removed");
    tx.commit().await.expect("kept");
    (company, ban)
}

async fn lift(cast: &Cast, of: (CompanyId, SuppressionId)) {
    let (olga, act) = (cast.viewer("olga").await, cast.act("olga", "lift"));
    companies::actions::lift(&act, &olga, of, "a slip").await.expect("lifted");
}

/// Why a row would be kept out of the base; nothing where it would be a new company.
async fn kept_out(cast: &Cast, row: &str) -> Option<String> {
    kept_out_of(cast, format!("{HEADING}\n{row}\n")).await
}

async fn kept_out_of(cast: &Cast, text: String) -> Option<String> {
    let forecast = foreseen(cast, &text).await;
    if forecast.counts == counts("new=1") {
        return None;
    }
    assert_eq!(forecast.counts, counts("suppressed=1"), "{text}");
    Some(forecast.rows[0].remarks[0].code.clone())
}

async fn foreseen(cast: &Cast, text: &str) -> Forecast {
    let dry = actions::foresee(&cast.act("anna", "dry"), file(text)).await;
    dry.expect("foreseen").forecast
}

/// Companies of one number, of which any may be the same as any other.
fn of_one_number(rows: usize) -> String {
    let row = |row: usize| {
        format!("Фирма {row} Льна,8 495 963-76-77,\"{}\"\n", super::repeats::addresses(row))
    };
    format!("Название,Телефон,Почта\n{}", (0..rows).map(row).collect::<String>())
}

both! {
    async fn who_was_banned_with_a_tax_number_does_not_come_back_without_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let of = banned(&cast, "one", "Лён и нить;7714239823;Тверь;8 495 963-76-77").await;
        for (row, why) in [
            ("Новое имя;7714239823;Казань;8 495 100-20-30", Some("row-company-banned")),
            ("Лён и нить;;Тверь;8 495 100-20-30", Some("row-name-banned")),
            ("ООО «Лён и Нить»;;ТВЕРЬ;8 495 100-20-30", Some("row-name-banned")),
            ("Лён и нить;7709092420;Тверь;8 495 100-20-30", None),
            ("Лён и нить;;Казань;8 495 100-20-30", None),
            ("Лён;;Тверь;8 495 100-20-30", None),
        ] {
            assert_eq!(kept_out(&cast, row).await.as_deref(), why, "{row}");
        }
        banned(&cast, "two", "Сукно;7709092420;Орёл;8 495 200-30-41").await;
        let why = kept_out(&cast, "Сукно;;Орел;8 495 100-20-31").await;
        assert_eq!(why.as_deref(), Some("row-name-banned"), "the same town");
        lift(&cast, of).await;
        for row in [
            "Новое имя;7714239823;Казань;8 495 100-20-30",
            "Лён и нить;;Тверь;8 495 100-20-30",
        ] {
            assert_eq!(kept_out(&cast, row).await, None, "lifted with all it covered: {row}");
        }
    }

    async fn who_was_banned_without_a_tax_number_does_not_come_back_with_one(t: TestDb) {
        let cast = Cast::gather(t).await;
        let of = banned(&cast, "one", "Марля;;Тверь;8 495 200-30-40").await;
        for (row, why) in [
            ("Марля;;Тверь;8 495 100-20-31", Some("row-company-banned")),
            ("Марля;7709092420;Тверь;8 495 100-20-31", Some("row-name-banned-unnumbered")),
            ("Марля;7709092420;Казань;8 495 100-20-31", None),
            ("Кисея;7709092420;Тверь;8 495 100-20-31", None),
        ] {
            assert_eq!(kept_out(&cast, row).await.as_deref(), why, "{row}");
        }
        lift(&cast, of).await;
        assert_eq!(kept_out(&cast, "Марля;7709092420;Тверь;8 495 100-20-31").await, None);
    }

    async fn who_was_banned_does_not_come_back_by_the_number_of_its_registration(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = |row: &str| format!("Название;ИНН;ОГРН;Телефон\n{row}\n");
        let row = "Лён и нить;7714239823;1027700132195;8 495 963-76-77";
        let of = banned_of(&cast, "one", text(row)).await;
        for (row, why) in [
            ("Новое имя;;1027700132195;8 495 100-20-30", Some("row-company-banned")),
            ("Новое имя;7709092420;1027700132195;8 495 100-20-30", Some("row-company-banned")),
            ("Новое имя;;1027739609391;8 495 100-20-30", None),
        ] {
            assert_eq!(kept_out_of(&cast, text(row)).await.as_deref(), why, "{row}");
        }
        lift(&cast, of).await;
        let row = "Новое имя;;1027700132195;8 495 100-20-30";
        assert_eq!(kept_out_of(&cast, text(row)).await, None, "lifted with all it covered");
    }

    async fn a_town_of_who_was_banned_is_met_however_it_is_spelled(t: TestDb) {
        let cast = Cast::gather(t).await;
        banned(&cast, "one", "Лён и нить;7714239823;СПб;8 495 963-76-77").await;
        banned(&cast, "two", "Марля;;СПб;8 495 200-30-40").await;
        for (row, why) in [
            ("Лён и нить;;Санкт-Петербург;8 495 100-20-30", Some("row-name-banned")),
            ("Марля;;г. С.-Петербург;8 495 100-20-31", Some("row-company-banned")),
            ("Марля;7709092420;ПИТЕР;8 495 100-20-31", Some("row-name-banned-unnumbered")),
            ("Марля;;Петергоф;8 495 100-20-31", None),
        ] {
            assert_eq!(kept_out(&cast, row).await.as_deref(), why, "{row}");
        }
    }

    async fn no_row_brings_a_row_above_the_town_of_a_banned_company_called_so(t: TestDb) {
        let cast = Cast::gather(t).await;
        banned(&cast, "one", "Марля;;Тверь;8 495 200-30-40").await;
        let bare = "Марля;7709092420;;8 495 100-20-31";
        let placed = |town: &str, end: &str| format!("Марля;7709092420;{town};8 495 100-20-{end}");
        let text = |rows: &[&str]| format!("{HEADING}\n{bare}\n{}\n", rows.join("\n"));
        let other = [placed("Казань", "31"), placed("Тверь", "31")];
        let other = foreseen(&cast, &text(&[&other[0], &other[1]])).await;
        assert_eq!(other.counts, counts("new=1 in_file=2"), "it has another town by then");
        let twice = text(&[&placed("Тверь", "31, 8 495 100-20-32")]);
        let import = bring_in(&cast, "two", &twice).await;
        assert_eq!(import.forecast.counts, import.counts);
        assert_eq!(import.counts, counts("new=1 suppressed=1"));
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
        let rows = rows.expect("reads");
        assert_eq!(rows[1].remarks[0].code, "row-name-banned-unnumbered");
        assert_eq!(rows[1].company, None, "nothing of it is taken");
        let company = rows[0].company.expect("a company");
        let found = companies::actions::find(&mut tx, cast.org, company).await.expect("reads");
        assert_eq!(found.expect("there").city, None);
    }

    async fn no_row_under_the_name_of_a_banned_company_is_written(t: TestDb) {
        let cast = Cast::gather(t).await;
        banned(&cast, "one", "Лён и нить;7714239823;Тверь;8 495 963-76-77").await;
        let text = format!(
            "{HEADING}\nЛён и нить;;Тверь;8 495 100-20-30\nЛён и нить;;ТВЕРЬ;8 495 100-20-31\n\
             Лён и нить;7709092420;Тверь;8 495 100-20-32\n"
        );
        let import = bring_in(&cast, "two", text).await;
        assert_eq!(import.counts, counts("new=1 suppressed=2"));
        assert_eq!(companies_of(&cast).await, 1, "another tax number is another company");
    }

    async fn a_row_about_a_company_of_the_base_is_taken_whatever_its_name(t: TestDb) {
        let cast = Cast::gather(t).await;
        banned(&cast, "one", "Лён и нить;7714239823;Тверь;8 495 963-76-77").await;
        let known = format!("{HEADING}\nЛён и нить;7709092420;Тверь;8 495 200-30-40\n");
        assert_eq!(bring_in(&cast, "two", known).await.counts, counts("new=1"));
        let more = format!("{HEADING}\nЛён и нить;;Тверь;8 495 200-30-40, 8 495 200-30-41\n");
        assert_eq!(bring_in(&cast, "three", more).await.counts, counts("update=1"));
    }

    async fn a_file_that_is_banned_no_more_takes_no_more_memory_than_it_may(t: TestDb) {
        let cast = Cast::gather(t).await;
        let of = banned(&cast, "one", "Лён и нить;7714239823;Тверь;8 495 963-76-77").await;
        let id = actions::bring(&cast.act("anna", "many"), file(of_one_number(1_250))).await;
        let id = id.expect("brought");
        actions::check(&cast.act("anna", "check"), id).await.expect("what is banned is forgotten");
        let checked = again(&cast, id).await;
        assert_eq!(checked.forecast.counts, counts("suppressed=1250"));
        lift(&cast, of).await;
        let act = cast.act("anna", "commit");
        actions::commit(&act, id, checked.version).await.expect("begun");
        actions::work_off_commit(&act, id).await.expect("it rests");
        let broken_off = again(&cast, id).await;
        assert_eq!(broken_off.state, ImportState::Stopped);
        assert_eq!(broken_off.done_count, broken_off.counts.total());
        assert!((250..1_250).contains(&broken_off.done_count), "{}", broken_off.done_count);
        cast.settle().await;
        assert_eq!(again(&cast, id).await, broken_off, "nobody goes on with it");
        assert_eq!(found_by(&cast, "Фирма 0 Льна").await.len(), 1, "what is written is found");
        let (anna, path) = (cast.client("anna").await, format!("/imports/{id}"));
        let page = anna.get(&path).await.body;
        let told = format!("Writing ended at row {} of 1250", broken_off.done_count);
        assert!(page.contains(&told), "{page}");
        assert!(!page.contains("Nothing was changed"), "something was: {page}");
        assert!(page.contains("/undoing") && !page.contains("/continuation"), "{page}");
        let (viewer, act) = (cast.viewer("anna").await, cast.act("anna", "on"));
        let on = actions::go_on(&act, &viewer, id).await;
        let (done, total) = (0, 0);
        assert!(is_refused(&on, ImportRefusal::RepeatsMidway { done, total }), "{on:?}");
        undo(&cast, "undo", id).await;
        cast.settle().await;
        assert_eq!(again(&cast, id).await.state, ImportState::Undone);
        assert_eq!(companies_of(&cast).await, 0);
    }
}
