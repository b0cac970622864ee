//! What a row says and what is not taken of it is told, and what stands stays.

use super::*;
use crate::companies::alike::Remark;

const HEAD: &str = "Название;ИНН;КПП;Телефон;Город\n";

/// What is told of each row that was written of what it says and is not taken.
async fn told(cast: &Cast, id: ImportId) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let rows = actions::list_rows(&mut tx, cast.org, id, (None, 0), 9).await;
    rows.expect("reads").iter().map(|row| unlike(&row.remarks)).collect()
}

fn unlike(remarks: &[Remark]) -> String {
    let is_it = |remark: &&Remark| {
        let code = remark.code.as_str();
        code.starts_with("row-says-otherwise") || code == "row-not-taken"
    };
    let said = remarks.iter().filter(is_it).map(|remark| {
        let part = |name| remark.args.get(name).map(|value| format!(" {value}"));
        let parts: String = ["what", "value", "had"].into_iter().filter_map(part).collect();
        format!("{}{parts}", remark.code)
    });
    said.collect::<Vec<String>>().join("; ")
}

both! {
    async fn what_a_row_says_otherwise_than_the_base_is_told_with_both_values(t: TestDb) {
        let cast = Cast::gather(t).await;
        let row = "Лён и нить;7714239823;771401001;8 495 963-76-77;Тверь\n";
        let first = bring_in(&cast, "one", format!("{HEAD}{row}")).await;
        assert_eq!(told(&cast, first.id).await, [""]);
        let row = "Лён и нить;7714239823;690101001;8 495 963-76-77;Омск\n";
        let second = bring_in(&cast, "two", format!("{HEAD}{row}")).await;
        assert_eq!(second.counts, counts("in_base=1"));
        let wanted = "row-says-otherwise kpp 690101001 771401001; \
                      row-says-otherwise city Омск Тверь";
        assert_eq!(told(&cast, second.id).await, [wanted]);
        assert_eq!(unlike(&second.forecast.rows[0].remarks), wanted);
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, second.id, (None, 0), 9).await;
        let company = rows.expect("reads")[0].company.expect("a company");
        let found = companies::actions::find(&mut tx, cast.org, company).await.expect("reads");
        let found = found.expect("there");
        let stands = (found.kpp.as_deref(), found.city.as_deref());
        assert_eq!(stands, (Some("771401001"), Some("Тверь")));
        drop(tx);
        let said = "The file says otherwise: city “Омск”, the base “Тверь”.";
        let rows = cast.api("olga").await.get(&format!("/api/v1/imports/{}/rows", second.id)).await;
        assert!(rows.body.contains(said), "{}", rows.body);
        let rows = cast.client("olga").await.get(&format!("/imports/{}/rows.csv", second.id)).await;
        assert!(rows.body.contains(said), "{}", rows.body);
    }

    async fn what_is_not_taken_under_another_name_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let base = "Название;ИНН;Телефон\nЛён и нить;7714239823;8 495 963-76-77\n";
        bring_in(&cast, "one", base).await;
        let list = "Название;ИНН;Телефон;E-mail;Город;Директор\n\
                    Шёлк;7714239823;8 495 963-76-78;info@silk.example;Омск;Льнов Пётр\n";
        let import = bring_in(&cast, "two", list).await;
        assert_eq!(import.counts, counts("update=1"), "its number is taken");
        assert_eq!(told(&cast, import.id).await, ["row-not-taken city,emails,contacts"]);
    }

    async fn of_more_numbers_than_a_company_has_places_for_the_rest_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let list = |from: usize| {
            let numbers: String =
                (from..from + 30).map(|n| format!("8 495 963-76-{n:02}, ")).collect();
            format!("{HEAD}Лён и нить;7714239823;;{numbers};Тверь\n")
        };
        let first = bring_in(&cast, "one", list(0)).await;
        assert_eq!(told(&cast, first.id).await, [""]);
        for (key, from, expected) in [("two", 30, "update=1"), ("three", 60, "in_base=1")] {
            let import = bring_in(&cast, key, list(from)).await;
            assert_eq!([import.forecast.counts, import.counts], [counts(expected); 2], "{key}");
            assert_eq!(told(&cast, import.id).await, ["row-not-taken phones"], "{key}");
        }
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
        let company = rows.expect("reads")[0].company.expect("a company");
        let phones = companies::actions::list_phones(&mut tx, cast.org, company).await;
        assert_eq!(phones.expect("reads").len(), companies::PARTS_MAX);
    }

    async fn what_a_person_does_by_another_row_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let list = |role: &str| {
            let head = "Название;ИНН;Контактное лицо;Должность";
            format!("{head}\nЛён и нить;7714239823;Льнов Пётр;{role}\n")
        };
        bring_in(&cast, "one", list("бухгалтер")).await;
        let import = bring_in(&cast, "two", list("директор")).await;
        let told = told(&cast, import.id).await.remove(0).to_lowercase();
        assert_eq!(told, "row-says-otherwise role директор бухгалтер");
    }

    async fn what_a_repeated_row_says_otherwise_is_told_once_and_its_note_is_kept(t: TestDb) {
        let cast = Cast::gather(t).await;
        let row = |city: &str, note: &str| {
            format!("Лён и нить;7714239823;8 495 963-76-77;{city};{note}\n")
        };
        let below = row("Омск", "звонить вечером").repeat(2);
        let above = row("Тверь", "звонить утром");
        let text = format!("Название;ИНН;Телефон;Город;Примечание\n{above}{below}");
        let import = bring_in(&cast, "one", text).await;
        assert_eq!(import.counts, counts("new=1 in_file=2"));
        let wanted = ["", "row-says-otherwise city Омск Тверь", ""];
        assert_eq!(told(&cast, import.id).await, wanted);
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
        let company = rows.expect("reads")[0].company.expect("a company");
        let notes = companies::actions::list_notes(&mut tx, cast.org, company, 9).await;
        let mut notes: Vec<String> =
            notes.expect("reads").into_iter().map(|note| note.body).collect();
        notes.sort();
        assert_eq!(notes, ["звонить вечером", "звонить утром"]);
        drop(tx);
        undo(&cast, "undo", import.id).await;
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn of_two_rows_that_fill_one_gap_the_second_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        bring_in(&cast, "one", "Название;ИНН\nЛён и нить;7714239823\n").await;
        let rows = ["Тверь", "Омск", "г. Тверь"].map(|city| {
            format!("Лён и нить;7714239823;;;{city}\n")
        });
        let import = bring_in(&cast, "two", format!("{HEAD}{}", rows.concat())).await;
        let wanted = ["", "row-says-otherwise-above city Омск", ""];
        assert_eq!(told(&cast, import.id).await, wanted);
        let foreseen: Vec<String> =
            import.forecast.rows.iter().map(|row| unlike(&row.remarks)).collect();
        assert_eq!(foreseen, wanted);
    }
}
