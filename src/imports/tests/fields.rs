//! Lists in which a row is one field of a company.

use super::*;

const FIELDS: &str = "id;Фирма;Поле;Значение\n\
    1;Лён и нить;ИНН;7714239823\n1;Лён и нить;Телефон;8 495 963-76-77\n\
    1;Лён и нить;Телефон;8 495 963-76-78\n2;Шёлк;Телефон;8 495 963-76-79\n\
    2;Шёлк;Адрес;г. Тверь, ул. Льна, 1\n3;Вата;Цвет;белый\n";

both! {
    async fn a_list_of_fields_comes_in_as_its_companies(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", FIELDS).await;
        assert_eq!(import.reading.field_column, 3);
        assert_eq!((import.row_count, import.counts), (3, counts("new=3")));
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 10).await;
        let rows = rows.expect("reads");
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<i64>>(), [1, 4, 6]);
        let first = rows[0].company.expect("a company");
        let phones = companies::actions::list_phones(&mut tx, cast.org, first).await;
        assert_eq!(phones.expect("reads").len(), 2, "both numbers");
        let found = companies::actions::find(&mut tx, cast.org, first).await.expect("reads");
        let found = found.expect("there");
        let told = (found.name.as_str(), found.tax_id.as_deref());
        assert_eq!(told, ("Лён и нить", Some("7714239823")));
    }

    async fn a_list_that_goes_field_by_field_is_told_by_the_rows_below(t: TestDb) {
        let cast = Cast::gather(t).await;
        let names = (0..300).map(|n| format!("{n};Название;Фирма {n} Льна\n"));
        let phones = (0..300).map(|n| {
            format!("{n};Телефон;8 495 {:03}-{:02}-77\n", 200 + n / 100, n % 100)
        });
        let head = "id;Поле;Значение\n".to_owned();
        let text: String = std::iter::once(head).chain(names).chain(phones).collect();
        let id = actions::bring(&cast.act("anna", "one"), file(&text)).await.expect("brought");
        actions::check(&cast.act("anna", "look"), id).await.expect("checked");
        let seen = again(&cast, id).await;
        assert_eq!((seen.reading.field_column, seen.row_count), (2, 300));
        assert_eq!(seen.forecast.counts, counts("new=300"));
        assert_eq!(seen.forecast.rows[0].phones, "+7 495 200-00-77");
    }

    async fn how_a_row_is_meant_is_shown_and_overruled(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = actions::bring(&cast.act("anna", "one"), file(FIELDS)).await.expect("brought");
        actions::check(&cast.act("anna", "look"), id).await.expect("checked");
        let page = cast.client("anna").await.get(&format!("/imports/{id}")).await.body;
        assert!(page.contains("<option value=\"3\" selected>"), "{page}");
        let api = cast.api("anna").await;
        let path = format!("/api/v1/imports/{id}");
        let seen = api.get(&path).await.json()["data"].clone();
        assert_eq!(seen["reading"]["field_column"], 3, "{seen}");
        let meanings: Vec<&str> = vec!["ignore", "name", "ignore", "phones"];
        let asked = json!({
            "version": seen["version"], "encoding": "utf-8", "delimiter": ";",
            "has_header": true, "header_row": 1, "field_column": 0, "meanings": meanings,
        });
        let plain = api.post(&format!("{path}/reading"), &asked).await.json()["data"].clone();
        assert_eq!(plain["reading"]["field_column"], 0, "{plain}");
        assert_eq!(plain["row_count"], 6);
        let mut back = asked.clone();
        (back["version"], back["field_column"]) = (plain["version"].clone(), json!(3));
        let back = api.post(&format!("{path}/reading"), &back).await.json()["data"].clone();
        let told = (&back["row_count"], &back["forecast"]["new"]);
        assert_eq!(told, (&json!(3), &json!(3)), "{back}");
    }
}
