//! An erasure beside others who write: nobody brings back what it takes away.

use super::*;
use crate::both;
use crate::companies::filling::Missing;
use crate::companies::{NewContact, NewPhone};
use crate::storage::testing::until_held_up;
use crate::vals;

/// The erasure of the only person of a company, with all numbers and addresses or none, begun.
async fn begun(
    cast: &Cast,
    company: CompanyId,
    has_parts: bool,
) -> tokio::task::JoinHandle<Outcome<ErasureId>> {
    let olga = cast.viewer("olga").await;
    let person = people(cast, company).await.remove(0);
    let mut tx = cast.app.db.read().await.expect("reads");
    let now = cast.clock.now();
    let subject = actions::find_subject(&mut tx, &olga, person.id, now).await.expect("there");
    let theirs = subject.reachable.iter().filter(|one| one.value != "office@len.example");
    let form = ErasureForm {
        name: person.name,
        ground: "asked".to_owned(),
        document: "letter 44".to_owned(),
        parts: theirs.filter(|_| has_parts).map(|one| one.id.clone()).collect(),
        company: false,
    };
    let (act, erasing) = (cast.act("olga", "erase"), form.read().expect("a form"));
    tokio::spawn(async move { actions::erase(&act, &olga, person.id, &erasing).await })
}

both! {
    async fn nobody_comes_back_with_a_batch_that_was_being_written(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "list", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        let act = cast.act("anna", "batch");
        let mut batch = act.db.begin().await.expect("begins");
        companies::actions::hold_base(&mut batch, cast.org).await.expect("held");
        let erasing = begun(&cast, company, true).await;
        until_held_up(&act.db, &erasing).await;
        let phone = Phone::parse("8 916 700-77-11", "RU").expect("a number");
        let missing = Missing {
            phones: vec![NewPhone { phone, label: None }],
            contacts: vec![NewContact {
                name: "Маркеров Маркел".to_owned(), ..NewContact::default()
            }],
            ..Missing::default()
        };
        let fill = companies::actions::fill_many_in;
        fill(&mut batch, &act, &[(company, missing)], Some(import.id)).await.expect("written");
        batch.commit().await.expect("kept");
        erasing.await.expect("it ends").expect("erased");
        assert_eq!(places(&cast).await, Vec::<String>::new());
    }

    async fn a_number_that_was_noted_as_theirs_just_now_goes_with_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "list", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        let person = people(&cast, company).await.remove(0);
        let mut noting = cast.app.db.begin().await.expect("begins");
        companies::actions::find_for_update(&mut noting, cast.org, company).await.expect("held");
        let erasing = begun(&cast, company, false).await;
        until_held_up(&cast.app.db, &erasing).await;
        let values = vals![cast.org, company, person.id, "+79167007711"];
        let text = "update phones set contact_id = $3 \
            where org_id = $1 and company_id = $2 and e164 = $4";
        assert_eq!(noting.run(text, values).await.expect("noted"), 1);
        noting.commit().await.expect("kept");
        erasing.await.expect("it ends").expect("erased");
        let mut tx = cast.app.db.read().await.expect("reads");
        let phones = companies::actions::list_phones(&mut tx, cast.org, company).await;
        let left: Vec<String> = phones.expect("reads").into_iter().map(|p| p.phone.e164).collect();
        assert_eq!(left, ["+74959637677"]);
    }
}
