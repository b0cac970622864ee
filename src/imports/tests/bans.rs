//! Who was banned comes back in a file under another number, with a tax number or without.

use super::*;

const HEADING: &str = "Название;ИНН;Город;Телефон";

/// Brings a row and bans the company it becomes.
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
    tx.commit().await.expect("kept");
    (company, ban)
}

/// Whether a row would be kept out of the base.
async fn is_kept_out(cast: &Cast, row: &str) -> bool {
    let content = file(format!("{HEADING}\n{row}\n"));
    let dry = actions::foresee(&cast.act("anna", "dry"), content).await.expect("foreseen");
    assert_eq!(dry.forecast.counts.total(), 1, "{row}");
    dry.forecast.counts.of(Verdict::Suppressed) == 1
}

both! {
    async fn who_was_banned_with_a_tax_number_does_not_come_back_without_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let of = banned(&cast, "one", "Лён и нить;7714239823;Тверь;8 495 963-76-77").await;
        for (row, is_out) in [
            ("Новое имя;7714239823;Казань;8 495 100-20-30", true),
            ("Лён и нить;;Тверь;8 495 100-20-30", true),
            ("ООО «Лён и Нить»;;ТВЕРЬ;8 495 100-20-30", true),
            ("Лён и нить;7709092420;Тверь;8 495 100-20-30", false),
            ("Лён и нить;;Казань;8 495 100-20-30", false),
            ("Лён;;Тверь;8 495 100-20-30", false),
        ] {
            assert_eq!(is_kept_out(&cast, row).await, is_out, "{row}");
        }
        let olga = cast.viewer("olga").await;
        companies::actions::lift(&cast.act("olga", "lift"), &olga, of, "a slip")
            .await
            .expect("lifted");
        for row in [
            "Новое имя;7714239823;Казань;8 495 100-20-30",
            "Лён и нить;;Тверь;8 495 100-20-30",
        ] {
            assert!(!is_kept_out(&cast, row).await, "lifted with all it covered: {row}");
        }
    }

    async fn who_was_banned_without_a_tax_number_does_not_come_back_with_one(t: TestDb) {
        let cast = Cast::gather(t).await;
        let of = banned(&cast, "one", "Марля;;Тверь;8 495 200-30-40").await;
        for (row, is_out) in [
            ("Марля;;Тверь;8 495 100-20-31", true),
            ("Марля;7709092420;Тверь;8 495 100-20-31", true),
            ("Марля;7709092420;Казань;8 495 100-20-31", false),
            ("Кисея;7709092420;Тверь;8 495 100-20-31", false),
        ] {
            assert_eq!(is_kept_out(&cast, row).await, is_out, "{row}");
        }
        let olga = cast.viewer("olga").await;
        companies::actions::lift(&cast.act("olga", "lift"), &olga, of, "a slip")
            .await
            .expect("lifted");
        assert!(!is_kept_out(&cast, "Марля;7709092420;Тверь;8 495 100-20-31").await);
    }

    async fn the_row_of_a_banned_company_is_not_written_under_a_new_number(t: TestDb) {
        let cast = Cast::gather(t).await;
        banned(&cast, "one", "Лён и нить;7714239823;Тверь;8 495 963-76-77").await;
        let text = format!("{HEADING}\nЛён и нить;;Тверь;8 495 100-20-30\n");
        let import = bring_in(&cast, "two", text).await;
        assert_eq!(import.counts, counts("suppressed=1"));
        assert_eq!(companies_of(&cast).await, 1);
    }
}
