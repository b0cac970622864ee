//! A sole trader: the company is the person.

use axum::http::StatusCode;
use serde_json::json;

use super::*;
use crate::both;
use crate::companies::NewCompany;
use crate::merges::actions::{Merging, merge, undo};
use crate::merges::fields::Field;

/// A trader, a namesake of theirs who trades, too, and somebody who works for a trader.
const TRADERS: &str = "Название;ИНН;ОГРН;Телефон;Контактное лицо;Город;Адрес\n\
    ИП Маркеров Маркел Маркович;500100732259;304500116000157;8 916 700-77-11;\
    Маркеров Маркел;Казань;ул. Льняная, д. 5, кв. 7\n\
    ИП Маркеров Маркел Петрович;;;8 916 700-77-12;Маркеров Маркел;Казань;ул. Новая, 8\n\
    ООО «Клевер»;7714239823;;8 495 963-76-79;Травкина Анна;Москва;ул. Полевая, 1\n";

/// What of the trader stands nowhere once they are erased.
const THEIRS: [&str; 5] = ["Маркович", "маркович", "500100732259", "304500116000157", "Льняная"];

async fn places_of(cast: &Cast, marks: &[&str]) -> Vec<String> {
    let all = every_text(&cast.app.db).await;
    let has = |text: &str| marks.iter().any(|mark| text.contains(mark));
    all.into_iter().filter(|(_, text)| has(text)).map(|(place, _)| place).collect()
}

async fn erase_company(cast: &Cast, key: &str, company: CompanyId) -> Outcome<ErasureId> {
    let olga = cast.viewer("olga").await;
    let person = people(cast, company).await.remove(0);
    let form = ErasureForm {
        name: person.name,
        ground: "asked".to_owned(),
        company: true,
        ..ErasureForm::default()
    };
    actions::erase(&cast.act("olga", key), &olga, person.id, &form.read()?).await
}

async fn find(cast: &Cast, id: CompanyId) -> companies::Company {
    let mut tx = cast.app.db.read().await.expect("reads");
    companies::actions::find(&mut tx, cast.org, id).await.expect("reads").expect("a company")
}

/// Words about the company where people and the product write them.
async fn plant(cast: &Cast, company: CompanyId) {
    let act = cast.act("boris", "plant");
    let mut tx = act.db.begin().await.expect("begins");
    let note = "ИП Маркеров Маркел Маркович, ИНН 500100732259, ждёт на ул. Льняная, д. 5, кв. 7";
    companies::actions::note_in(&mut tx, &act, company, note).await.expect("noted");
    let values = crate::vals![cast.org, company, "ул. Льняная, 4"];
    for text in [
        "insert into verifications (id, org_id, company_id, field, result, source, made_at) \
         select 'v1', $1, $2, 'address', 'corrected', 'call', 7 where $3 <> ''",
        "insert into check_values (verification_id, org_id, old_value) \
         select 'v1', $1, $3 where $2 <> ''",
        "insert into import_changes (org_id, import_id, company_id, field, value) \
         select $1, i.id, $2, 'address', $3 from imports i where i.org_id = $1",
    ] {
        tx.run(text, values).await.expect(text);
    }
    tx.commit().await.expect("kept");
}

both! {
    async fn a_sole_trader_goes_with_the_company_that_is_their_name(t: TestDb) {
        let cast = Cast::gather(t).await;
        let file = ("one", "Маркеров Маркел.csv");
        let import = bring_as(&cast, file, TRADERS).await;
        let other = bring_as(&cast, ("two", "Травкина.csv"), LIST).await;
        let company = company_of(&cast, &import, 0).await;
        plant(&cast, company).await;
        assert!(!places_of(&cast, &THEIRS).await.is_empty());
        erase_company(&cast, "erase", company).await.expect("erased");
        assert_eq!(places_of(&cast, &THEIRS).await, Vec::<String>::new());
        let found = find(&cast, company).await;
        assert_eq!(found.name, "[erased, act No. 1]");
        let facts = [&found.full_name, &found.tax_id, &found.ogrn, &found.address];
        assert!(facts.into_iter().all(Option::is_none), "{found:?}");
        assert_eq!(found.city.as_deref(), Some("Казань"), "so does where it called from");
        assert_eq!(import_of(&cast, import.id).await.file_name, "[erased, act No. 1].csv");
        assert_eq!(import_of(&cast, other.id).await.file_name, "Травкина.csv");
        let mut tx = cast.app.db.read().await.expect("reads");
        let acts = actions::list(&mut tx, &cast.viewer("olga").await, &Default::default()).await;
        assert_eq!(acts.expect("acts").rows[0].counts.get("companies"), Some(&1));
        drop(tx);
        // A namesake who trades, too, is somebody else.
        let namesake = company_of(&cast, &import, 1).await;
        assert_eq!(find(&cast, namesake).await.name, "ИП Маркеров Маркел Петрович");
        assert_eq!(find(&cast, namesake).await.address.as_deref(), Some("ул. Новая, 8"));
        assert_eq!(people(&cast, namesake).await.len(), 1);
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
    }

    async fn neither_a_file_nor_a_hand_brings_the_company_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", TRADERS).await;
        let company = company_of(&cast, &import, 0).await;
        erase_company(&cast, "erase", company).await.expect("erased");
        let again = bring(&cast, "two", TRADERS).await;
        assert_eq!((again.counts.suppressed, again.counts.new), (1, 0), "{:?}", again.counts);
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = imports::actions::list_rows(&mut tx, cast.org, again.id, (None, 0), 9).await;
        let row = rows.expect("reads").remove(0);
        assert_eq!((row.name.as_str(), row.company), ("…", None));
        assert_eq!((&*row.remarks[0].code, &*row.remarks[0].args["number"]), ("row-erased", "1"));
        drop(tx);
        let new = NewCompany {
            name: "Маркеров".to_owned(),
            tax_id: Some("500100732259".to_owned()),
            ..NewCompany::default()
        };
        let olga = cast.viewer("olga").await;
        let added = companies::actions::add(&cast.act("olga", "n"), &olga, new, true).await;
        let Err(Error::Refused(refusal)) = added else { panic!("it came back: {added:?}") };
        assert_eq!(refusal.args()[0], ("what", "company".to_owned()));
        let api = cast.api("olga").await;
        let namesake = company_of(&cast, &import, 1).await;
        let facts = json!({ "name": "Клевер", "tax_id": "500100732259",
            "version": find(&cast, namesake).await.version });
        let sent = api.post(&format!("/api/v1/companies/{namesake}"), &facts).await;
        assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.body);
        assert!(sent.body.contains("act No. 1"), "{}", sent.body);
    }

    async fn no_undoing_of_a_merge_gives_the_name_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", TRADERS).await;
        let clover = company_of(&cast, &import, 2).await;
        let shop = "Название;Телефон;Город\nЛавка на углу;8 495 963-76-70;Казань\n";
        let shop = company_of(&cast, &bring(&cast, "two", shop).await, 0).await;
        let trader = company_of(&cast, &import, 0).await;
        let olga = cast.viewer("olga").await;
        let mut merges = Vec::new();
        for (key, loser) in [("clover", clover), ("trader", trader)] {
            let merging = Merging {
                survivor: (shop, find(&cast, shop).await.version),
                loser: (loser, find(&cast, loser).await.version),
                taken: vec![Field::Name, Field::Address, Field::TaxId],
                apart: Default::default(),
            };
            let act = cast.act("olga", key);
            merges.push(merge(&act, &olga, &merging).await.expect("merged"));
        }
        let all = people(&cast, shop).await;
        let person = all.into_iter().find(|one| one.name.contains("Маркел")).expect("there");
        let form = ErasureForm {
            name: person.name,
            ground: "asked".to_owned(),
            company: true,
            ..ErasureForm::default()
        };
        let (act, erasing) = (cast.act("olga", "erase"), form.read().expect("is meant"));
        actions::erase(&act, &olga, person.id, &erasing).await.expect("erased");
        assert_eq!(places_of(&cast, &THEIRS).await, Vec::<String>::new());
        for (key, merge) in ["parts 2", "parts 1"].into_iter().zip(merges.into_iter().rev()) {
            undo(&cast.act("olga", key), &olga, merge).await.expect("undone");
        }
        assert_eq!(places_of(&cast, &THEIRS).await, Vec::<String>::new());
        assert_eq!(find(&cast, trader).await.name, "[erased, act No. 1]");
        let other = find(&cast, clover).await;
        assert!(other.name.contains("Клевер"), "a company with people of its own: {other:?}");
        assert_eq!(other.tax_id.as_deref(), Some("7714239823"));
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
    }

    async fn who_only_works_somewhere_takes_no_company_along(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", TRADERS).await;
        let clover = company_of(&cast, &import, 2).await;
        let refused = erase_company(&cast, "erase", clover).await.expect_err("refused");
        let Error::Invalid(fields) = refused else { panic!("{refused:?}") };
        assert!(fields.0.contains_key("company"), "{fields:?}");
        assert_eq!(people(&cast, clover).await.len(), 1, "nothing was done");
        let client = cast.client("olga").await;
        for (place, is_asked) in [(0, true), (2, false)] {
            let person = people(&cast, company_of(&cast, &import, place).await).await.remove(0);
            let form = client.get(&format!("/contacts/{}/erasure", person.id)).await;
            assert_eq!(form.body.contains("name=\"company\""), is_asked, "{}", form.body);
            let api = cast.api("olga").await;
            let offered = api.get(&format!("/api/v1/contacts/{}/erasure", person.id)).await;
            assert_eq!(offered.json()["data"]["may_be_company"], is_asked);
        }
        let trader = company_of(&cast, &import, 0).await;
        let person = people(&cast, trader).await.remove(0);
        let typed = [("name", "Маркеров Маркел"), ("ground", "asked"), ("document", ""),
            ("company", "on")];
        let done = client.post(&format!("/contacts/{}/erasure", person.id), &typed).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let act = client.get(done.location.as_deref().expect("an act")).await;
        assert!(act.body.contains("Companies that were the person"), "{}", act.body);
    }
}

async fn import_of(cast: &Cast, id: ImportId) -> Import {
    let mut tx = cast.app.db.read().await.expect("reads");
    imports::actions::find(&mut tx, cast.org, id).await.expect("reads").expect("there")
}
