//! They are gone from wherever the product keeps anything, and neither a file, a hand, a program
//! nor a merge brings them back.

use super::*;
use crate::both;
use crate::companies::{NewCompany, NewContact, NewPhone};
use crate::events::Kind;
use crate::imports::Verdict;
use crate::leads::floor::Floor;
use crate::meetings::{self, NewMeeting};
use crate::merges;
use crate::tasks::{self, NewTask, Origin};
use crate::telephony::{self, rig};

/// Words about the person wherever people write them.
async fn plant(cast: &Cast, company: CompanyId) {
    let person = people(cast, company).await.remove(0);
    let act = cast.act("boris", "plant");
    let mut tx = act.db.begin().await.expect("begins");
    let note = "Маркелу Маркерову звонить на 8 916 700-77-11";
    companies::actions::note_in(&mut tx, &act, company, note).await.expect("noted");
    let meeting = NewMeeting {
        company,
        campaign: None,
        lead: None,
        contact: Some(person.id),
        booker: cast.id("boris"),
        host: None,
        starts_at: act.now.plus_days(1),
        minutes: 30,
        place: "у Маркерова, markerov@len.example".to_owned(),
    };
    meetings::actions::book_in(&mut tx, &act, meeting).await.expect("booked");
    let task = NewTask {
        person: cast.id("boris"),
        company: Some(company),
        what: "Маркеров ждёт".to_owned(),
        due_at: act.now,
        origin: Origin::Person,
        once: None,
    };
    tasks::actions::add_in(&mut tx, &act, task).await.expect("a task");
    let body = r#"{"note":"79167007711, Маркеров"}"#;
    let values = crate::vals![cast.org, cast.id("boris"), body];
    tx.run(
        "insert into drafts (org_id, user_id, scope, body, saved_at) \
         values ($1, $2, 'lead:7', $3, 0)",
        values,
    )
    .await
    .expect("a draft");
    let values = crate::vals![cast.org, company, person.id];
    tx.run(
        "insert into important_dates (id, org_id, company_id, contact_id, person_name, what, \
         month, day, days_ahead, made_at) \
         values ('01a2', $1, $2, $3, 'Маркеров Маркел', 'birthday', 5, 6, 3, 0)",
        values,
    )
    .await
    .expect("a date");
    let remarks = r#"[{"code":"row-corrected","args":{"value":"Маркеров Маркел"}}]"#;
    tx.run(
        "update import_rows set remarks = $3 where org_id = $1 and company_id = $2",
        crate::vals![cast.org, company, remarks],
    )
    .await
    .expect("a remark");
    tx.commit().await.expect("kept");
}

fn new_phone() -> NewPhone {
    NewPhone { phone: Phone::parse("8 916 700-77-11", "RU").expect("a number"), label: None }
}

fn named(name: &str) -> NewContact {
    NewContact { name: name.to_owned(), ..NewContact::default() }
}

async fn merge(cast: &Cast, key: &str, (loser, survivor): (CompanyId, CompanyId)) -> MergeId {
    let mut tx = cast.app.db.read().await.expect("reads");
    let mut versions = Vec::new();
    for id in [loser, survivor] {
        let found = companies::actions::find(&mut tx, cast.org, id).await.expect("reads");
        versions.push(found.expect("a company").version);
    }
    drop(tx);
    let merging = merges::actions::Merging {
        survivor: (survivor, versions[1]),
        loser: (loser, versions[0]),
        taken: Vec::new(),
        apart: Default::default(),
    };
    let olga = cast.viewer("olga").await;
    merges::actions::merge(&cast.act("olga", key), &olga, &merging).await.expect("merged")
}

both! {
    async fn nothing_of_an_erased_person_is_left(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        plant(&cast, company).await;
        let before = places(&cast).await;
        for place in [
            "contacts.name",
            "drafts.body",
            "emails.address",
            "import_rows.remarks",
            "important_dates.person_name",
            "meetings.place",
            "notes.body",
            "phones.e164",
            "search_terms.term",
            "tasks.what",
        ] {
            assert!(before.iter().any(|one| one == place), "{place} in {before:?}");
        }
        erase(&cast, "erase", company).await.expect("erased");
        assert_eq!(places(&cast).await, Vec::<String>::new());
        let mut tx = cast.app.db.read().await.expect("reads");
        let notes = companies::actions::list_notes(&mut tx, cast.org, company, 9).await;
        assert_eq!(notes.expect("reads")[0].body,
            "[erased, act No. 1] звонить на [erased, act No. 1]");
        let act = actions::list(&mut tx, &cast.viewer("olga").await, &Default::default()).await;
        let counts = act.expect("acts").rows.remove(0).counts;
        for (what, count) in [("contacts", 1), ("phones", 1), ("emails", 1), ("dates", 1),
            ("texts", 4), ("records", 1), ("files", 1)] {
            assert_eq!(counts.get(what), Some(&count), "{what} in {counts:?}");
        }
        // Nor can a name and a number be tried against what a row is known again by.
        let text = "select name from import_rows where digest <> '' order by line";
        let known = tx.all(text, &[]).await.expect("rows");
        let known: Vec<String> =
            known.iter().map(|row| row.text("name").expect("a name")).collect();
        assert_eq!(known, ["Клевер"]);
        drop(tx);
        // The records of the file are whole, without the person; the file itself is no more.
        let (act, anna) = (cast.act("anna", "bad"), cast.viewer("anna").await);
        let bad = imports::actions::list_bad_rows(&act, &anna, import.id, (0, 9));
        assert_eq!(bad.await.expect("the records are read").len(), 0);
        let mut tx = cast.app.db.read().await.expect("reads");
        for (table, bytes) in [("import_blocks", true), ("file_parts", false)] {
            let text: &'static str =
                Box::leak(format!("select content from {table}").into_boxed_str());
            let rows = tx.all(text, &[]).await.expect("rows");
            assert_eq!(!rows.is_empty(), bytes, "{table}");
            for row in rows {
                let packed = row.bytes("content").expect("bytes");
                let block = intake::blocks::Block { first: 1, count: 3, packed };
                let cells = block.records().expect("a whole block").into_iter();
                let cells: Vec<String> = cells.flat_map(|record| record.cells).collect();
                let said = cells.join("|");
                assert!(said.contains("Травкина"), "{said}");
                assert!(MARKS.iter().all(|mark| !said.contains(mark)), "{said}");
            }
        }
    }

    async fn who_decides_is_not_them(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "lease").await.expect("a company");
        let (act, olga) = (cast.act("olga", "contact"), cast.viewer("olga").await);
        let new = named("Маркел Маркеров");
        companies::actions::add_contact(&act, &olga, grant.company, new).await.expect("added");
        erase(cast, "erase", grant.company).await.expect("erased");
        let fields = [
            ("generation", "1"),
            ("outcome", "decision_maker_found"),
            ("decider_name", "Маркел Маркеров"),
            ("note", "это он и есть"),
        ];
        let boris = cast.client("boris").await;
        let refused = boris.post(&format!("/leads/{}/calls", grant.lead), &fields).await;
        assert_eq!(refused.status, 409);
        assert!(refused.body.contains("erased"), "{}", refused.body);
        assert!(refused.body.contains("это он и есть"), "what was typed is kept");
        assert_eq!(floor.events(Kind::DecisionMakerFound).await.len(), 0);
    }

    async fn nobody_hears_them_any_more(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let folder = tempfile::tempdir().expect("a folder");
        let line = rig::Played::recording(folder.path());
        let mut exchange = rig::connect(cast, line, &["boris"]).await;
        let grant = floor.lease("boris", "lease").await.expect("a company");
        let attempt = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("is dialled");
        for event in rig::answered(cast, attempt, "a.wav") {
            telephony::actions::keep(&rig::act(cast), &event, 30).await.expect("is kept");
        }
        let olga = cast.viewer("olga").await;
        let add = companies::actions::add_contact;
        add(&cast.act("olga", "contact"), &olga, grant.company, named("Маркел Маркеров"))
            .await
            .expect("added");
        let heard = async || {
            let mut tx = cast.app.db.read().await.expect("reads");
            let all = telephony::actions::list_of_lead(&mut tx, cast.org, grant.lead).await;
            let of = (grant.lead, &*all.expect("reads"));
            let heard = telephony::recordings::list_heard(&mut tx, &olga, of, cast.clock.now());
            heard.await.expect("reads").first().map(|one| one.id)
        };
        let path = format!("/recordings/{}", heard().await.expect("a recording"));
        erase(cast, "erase", grant.company).await.expect("erased");
        assert_eq!(heard().await, None);
        assert_eq!(cast.client("boris").await.get(&path).await.status, 404);
        let mut tx = cast.app.db.read().await.expect("reads");
        let act = actions::list(&mut tx, &olga, &Default::default()).await;
        assert_eq!(act.expect("acts").rows[0].counts.get("recordings"), Some(&1));
    }

    async fn the_same_file_does_not_bring_them_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &first, 0).await;
        erase(&cast, "erase", company).await.expect("erased");
        let again = bring(&cast, "two", LIST).await;
        assert_eq!((again.counts.suppressed, again.counts.in_base), (1, 1), "{:?}", again.counts);
        assert_eq!(people(&cast, company).await, []);
        let mut tx = cast.app.db.read().await.expect("reads");
        let of = (Some(Verdict::Suppressed), 0);
        let rows = imports::actions::list_rows(&mut tx, cast.org, again.id, of, 9).await;
        let remark = rows.expect("reads")[0].remarks[0].clone();
        assert_eq!((&*remark.code, &*remark.args["number"]), ("row-erased", "1"));
        drop(tx);
        // In other words and another order, and with something of the company that is news.
        let other = "Компания;Директор;Сотовый;Сайт;ИНН\n\
            ООО «Лён и нить»;Маркел Маркович Маркеров;+7 916 700 77 11;len.example;7714239823\n";
        let news = bring(&cast, "three", other).await;
        assert_eq!(news.counts.update, 1, "{:?}", news.counts);
        assert_eq!(people(&cast, company).await, []);
        let mut tx = cast.app.db.read().await.expect("reads");
        let phones = companies::actions::list_phones(&mut tx, cast.org, company).await;
        assert_eq!(phones.expect("reads").len(), 1);
        let found = companies::actions::find(&mut tx, cast.org, company).await.expect("reads");
        assert_eq!(found.expect("there").website.as_deref(), Some("len.example"));
        drop(tx);
        // A namesake of another company is somebody else.
        let clover = company_of(&cast, &first, 1).await;
        let namesake = "Компания;Контактное лицо\nОвёс;Маркеров Маркел\n";
        assert_eq!(bring(&cast, "four", namesake).await.counts.new, 1);
        assert_eq!(people(&cast, clover).await.len(), 1);
    }

    async fn neither_initials_nor_letters_that_look_the_same_bring_them_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        erase(&cast, "erase", company).await.expect("erased");
        let olga = cast.viewer("olga").await;
        for (place, name) in
            ["Маркеров М.", "М. М. Маркеров", "Mаркеpов Mаркел", "MAPKEPOB M."].iter().enumerate()
        {
            for (key, firm) in [("by number", ";7714239823"), ("by name", ";")] {
                let text = format!("Компания;ИНН;Директор\nООО «Лён и нить»{firm};{name}\n");
                bring(&cast, &format!("{key} {place}"), &text).await;
                assert_eq!(people(&cast, company).await, [], "{name} {key}");
            }
            let act = cast.act("olga", &format!("type {place}"));
            let typed = companies::actions::add_contact(&act, &olga, company, named(name)).await;
            assert_eq!(code_of(typed.expect_err("refused")), "company-erased", "{name}");
        }
        let act = cast.act("olga", "other");
        let other = companies::actions::add_contact(&act, &olga, company, named("Маркеров Иван"));
        other.await.expect("somebody else comes in");
    }

    async fn nobody_types_them_in_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let company = company_of(&cast, &import, 0).await;
        erase(&cast, "erase", company).await.expect("erased");
        let olga = cast.viewer("olga").await;
        let (act, phone) = (|key: &str| cast.act("olga", key), [new_phone()]);
        let email = ["MARKEROV@len.example".to_owned()];
        let person = named("Маркел Маркеров");
        for (what, done) in [
            ("phone", companies::actions::add_phones(&act("p"), &olga, company, &phone).await),
            ("email", companies::actions::add_emails(&act("e"), &olga, company, &email).await),
            ("person", companies::actions::add_contact(&act("c"), &olga, company, person.clone())
                .await.map(|_| ())),
        ] {
            let Err(Error::Refused(refusal)) = done else { panic!("{what} came back: {done:?}") };
            assert_eq!(refusal.code(), "company-erased");
            assert_eq!(refusal.args(), [("what", what.to_owned()), ("number", "1".to_owned())]);
        }
        let new = NewCompany {
            name: "ООО Лён и нить".to_owned(),
            tax_id: Some("7714239823".to_owned()),
            contacts: vec![person],
            ..NewCompany::default()
        };
        let added = companies::actions::add(&act("n"), &olga, new, true).await;
        assert_eq!(code_of(added.expect_err("refused")), "company-erased");
        let api = cast.api("olga").await;
        let path = format!("/api/v1/companies/{company}/phones");
        let sent = api.post(&path, &serde_json::json!({ "phones": ["8 916 700-77-11"] })).await;
        assert_eq!(sent.status, axum::http::StatusCode::CONFLICT, "{}", sent.body);
        assert!(sent.body.contains("act No. 1"), "{}", sent.body);
        let (client, name) = (cast.client("olga").await, ("name", "Маркеров Маркел"));
        let path = format!("/companies/{company}/contacts");
        let typed = client.post(&path, &[name, ("role", "")]).await;
        assert!(typed.body.contains("act No. 1"), "{}", typed.body);
        assert!(typed.body.contains("value=\"Маркеров Маркел\""), "what was typed is kept");
    }

    async fn whoever_a_merge_joined_goes_with_the_record_that_stays(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let (flax, clover) =
            (company_of(&cast, &import, 0).await, company_of(&cast, &import, 1).await);
        let olga = cast.viewer("olga").await;
        let act = cast.act("olga", "person");
        let known = named("Маркеров Маркел");
        companies::actions::add_contact(&act, &olga, clover, known).await.expect("a person");
        let before = merge(&cast, "before", (clover, flax)).await;
        let all = people(&cast, flax).await;
        assert_eq!(all.iter().filter(|one| one.name.contains("Маркел")).count(), 1, "{all:?}");
        erase(&cast, "erase", flax).await.expect("erased");
        merges::actions::undo(&cast.act("olga", "undo"), &olga, before).await.expect("undone");
        for company in [flax, clover] {
            let all = people(&cast, company).await;
            assert!(all.iter().all(|one| !one.name.contains("Маркел")), "{all:?}");
        }
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
    }

    async fn a_merge_and_its_undoing_do_not_bring_them_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring(&cast, "one", LIST).await;
        let (flax, clover) =
            (company_of(&cast, &import, 0).await, company_of(&cast, &import, 1).await);
        // The other record has the number, too, so that it waits with the alias.
        let olga = cast.viewer("olga").await;
        let act = cast.act("olga", "phone");
        let added = companies::actions::add_phones(&act, &olga, clover, &[new_phone()]).await;
        added.expect("a number");
        let before = merge(&cast, "before", (flax, clover)).await;
        let people_of = people(&cast, clover).await;
        let person = people_of.iter().find(|one| one.name.contains("Маркел")).expect("there");
        let mut tx = cast.app.db.read().await.expect("reads");
        let now = cast.clock.now();
        let subject = actions::find_subject(&mut tx, &olga, person.id, now).await.expect("them");
        drop(tx);
        let theirs = subject.reachable.iter().filter(|one| {
            one.value.contains("9167007711") || one.value.contains("markerov")
        });
        let form = ErasureForm {
            name: "маркеров маркел".to_owned(),
            ground: "withdrawn".to_owned(),
            document: String::new(),
            parts: theirs.map(|one| one.id.clone()).collect(),
            company: false,
        };
        let erasing = form.read().expect("is meant");
        let act = cast.act("olga", "erase");
        let done = actions::erase(&act, &olga, person.id, &erasing).await.expect("erased");
        let same = actions::erase(&act, &olga, person.id, &erasing).await.expect("answered");
        assert_eq!(done, same, "the same key erases once");
        assert_eq!(places(&cast).await, Vec::<String>::new());
        let act = cast.act("olga", "undo");
        merges::actions::undo(&act, &olga, before).await.expect("undone");
        assert_eq!(places(&cast).await, Vec::<String>::new());
        assert_eq!(people(&cast, flax).await, []);
        let after = merge(&cast, "after", (clover, flax)).await;
        merges::actions::undo(&cast.act("olga", "undo 2"), &olga, after).await.expect("undone");
        assert_eq!(places(&cast).await, Vec::<String>::new());
        let act = cast.act("olga", "again");
        let refused = companies::actions::add_contact(&act, &olga, flax, named("Маркеров Маркел"));
        assert_eq!(code_of(refused.await.expect_err("refused")), "company-erased");
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
        // Somebody who writes past the product is told of.
        let mut tx = cast.app.db.begin().await.expect("begins");
        let values = crate::vals![cast.org, flax];
        tx.run(
            "insert into phones (id, org_id, company_id, e164, extension, line, standing, \
             made_at) values ('x', $1, $2, '+79167007711', '', 'mobile', 'unknown', 0)",
            values,
        )
        .await
        .expect("written");
        tx.commit().await.expect("kept");
        let broken = crate::check::everything(&cast.app.db).await.expect("checked");
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].to_string().ends_with("phone, act 1"), "{}", broken[0]);
    }
}
