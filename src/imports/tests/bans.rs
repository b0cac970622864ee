//! Who was banned and left the base comes back in a file under another number, with a tax number or
//! without.

use super::*;

const HEADING: &str = "Название;ИНН;Город;Телефон";

/// Brings a row, bans the company it becomes and takes it out of the base.
async fn banned(cast: &Cast, key: &str, row: &str) -> (CompanyId, SuppressionId) {
    let first = bring_in(cast, key, format!("{HEADING}\n{row}\n")).await;
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
    let content = file(format!("{HEADING}\n{row}\n"));
    let dry = actions::foresee(&cast.act("anna", "dry"), content).await.expect("foreseen");
    let forecast = dry.forecast;
    if forecast.counts == counts("new=1") {
        return None;
    }
    assert_eq!(forecast.counts, counts("suppressed=1"), "{row}");
    Some(forecast.rows[0].remarks[0].code.clone())
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
}
