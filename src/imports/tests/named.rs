//! Lists whose names are hard to find, and what a person says of their columns.

use super::*;
use crate::imports::columns::Named;

/// Like the open lists of a town: numbers before the headings, a column that knows nothing.
fn of_a_town() -> String {
    let mut text = "0_Код;1_Название;1_Адрес;1_Телефон;0_Доп.компания;0_Вывеска\n".to_owned();
    for n in 1..=12 {
        let address = format!("127287, город Москва, улица Льна, дом {n}");
        let local = 10 + n;
        text.push_str(&format!("{n};ООО Лён {n} нить;{address};221-12-{local};"));
        text.push_str("нет информации;Лавка\n");
    }
    text
}

fn named(heading: &str, meaning: Meaning) -> Named {
    Named { heading: heading.to_owned(), meaning }
}

async fn foreseen(cast: &Cast, text: &str, said: &[Named]) -> Outcome<Import> {
    let said = (&Overruling::default(), said);
    actions::foresee_as(&cast.act("anna", "dry"), file(text), said).await
}

both! {
    async fn a_local_number_without_its_town_costs_the_number_and_not_the_row(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", of_a_town()).await;
        assert_eq!(import.counts, counts("new=12"));
        assert_eq!(import.forecast.same_name, None);
        let row = &import.forecast.rows[0];
        assert_eq!((row.name.as_str(), row.phones.as_str()), ("ООО Лён 1 нить", ""));
        assert!(row.remarks.iter().any(|remark| remark.code == "phone-no-area-code"));
        let told = &import.forecast.phones[0];
        assert_eq!((told.unread, told.why.as_str()), (12, "phone-no-area-code"));
        let second = bring_in(&cast, "two", of_a_town()).await;
        assert_eq!(second.counts, counts("in_base=12"));
    }

    async fn one_name_of_most_rows_is_told_on_the_page_and_over_the_api(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "one");
        let said = [named("0_Вывеска", Meaning::Name)];
        let said = (&Overruling::default(), said.as_slice());
        let id = actions::bring_as(&act, file(of_a_town()), said).await.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let import = again(&cast, id).await;
        assert_eq!(import.reading.meanings[5], Meaning::Name);
        assert_eq!(import.reading.meanings[1], Meaning::Ignore, "one column alone has the names");
        let same = import.forecast.same_name.expect("told");
        assert_eq!((same.alike, same.named), (12, 12));
        let page = cast.client("anna").await.get(&format!("/imports/{id}")).await.body;
        let sentence = "Column 6 “0_Вывеска”: 12 of 12 rows have one and the same name";
        assert!(page.contains(sentence), "{page}");
        let shown = cast.api("anna").await.get(&format!("/api/v1/imports/{id}")).await.body;
        assert!(shown.contains("names-alike"), "{shown}");
    }

    async fn what_a_person_says_of_a_column_goes_before_what_is_guessed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (list, skip) = (of_a_town(), named("4", Meaning::Ignore));
        let import = foreseen(&cast, &list, &[skip, named("название", Meaning::Note)]).await;
        let meanings = import.expect("foreseen").reading.meanings;
        assert_eq!((meanings[1], meanings[3]), (Meaning::Note, Meaning::Ignore));
        let wrong = foreseen(&cast, &list, &[named("Имя", Meaning::Name)]).await;
        let Err(Error::Invalid(fields)) = wrong else { panic!("{wrong:?}") };
        assert!(format!("{fields:?}").contains("column-unknown"), "{fields:?}");
        let said = [named("4", Meaning::Phones), named("1_телефон", Meaning::Note)];
        let Err(Error::Invalid(fields)) = foreseen(&cast, &list, &said).await else {
            panic!("the last of two must not win");
        };
        let told = format!("{fields:?}");
        assert!(told.contains("column-said-twice") && told.contains("1_Телефон"), "{told}");
        let twice = [named("1", Meaning::Name), named("2", Meaning::Name)];
        let twice = (&Overruling::default(), twice.as_slice());
        let twice = actions::bring_as(&cast.act("anna", "two"), file(&list), twice).await;
        assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = actions::list(&mut tx, cast.org, i64::MAX, 9).await.expect("reads");
        assert!(all.is_empty(), "nothing is kept of a file that was refused");
    }
}
