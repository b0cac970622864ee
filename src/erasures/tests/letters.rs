//! What was written to somebody who is erased.

use super::*;
use crate::both;
use crate::letters::forms::{LetterForm, LetterSent};

async fn in_letters(cast: &Cast) -> Vec<String> {
    places(cast).await.into_iter().filter(|place| place.starts_with("letters.")).collect()
}

both! {
    async fn a_letter_names_them_no_more_and_stays_on_record(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        let person = people(&cast, company).await.remove(0);
        let olga = cast.viewer("olga").await;
        let sent = LetterSent {
            way: "mail".to_owned(),
            contact: person.id.to_string(),
            subject: "Маркерову Маркелу: цены".to_owned(),
            note: "Ушло на markerov@len.example".to_owned(),
            is_answer: true,
            ..LetterSent::default()
        };
        let act = cast.act("olga", "letter");
        let new = LetterForm::from(sent).read(&olga.zone, act.now).expect("is meant");
        let write = crate::letters::actions::record;
        let letter = write(&act, &olga, company, &new).await.expect("recorded");
        assert_eq!(in_letters(&cast).await, ["letters.note", "letters.subject"]);
        erase(&cast, "erase", company).await.expect("erased");
        assert_eq!(in_letters(&cast).await, Vec::<String>::new());
        let mut tx = cast.app.db.read().await.expect("reads");
        let list = crate::letters::actions::list_of_company;
        let all = list(&mut tx, cast.org, company).await.expect("reads");
        assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [letter]);
        drop(tx);
        let page = cast.client("olga").await.get(&format!("/companies/{company}/letters")).await;
        assert!(page.body.contains("цены") && !page.body.contains("аркеров"), "{}", page.body);
    }
}
