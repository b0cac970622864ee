use super::suppression::Whom;
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::people::Scope;

mod abroad;
mod alike;
mod bans;
mod editing;

fn phone(text: &str) -> NewPhone {
    NewPhone { phone: Phone::parse(text, "RU").expect("a number"), label: None }
}

fn flax() -> NewCompany {
    NewCompany {
        name: "ООО «Лён и нить»".to_owned(),
        tax_id: Some("7714239823".to_owned()),
        city: Some("Хабаровск".to_owned()),
        phones: vec![phone("8 (495) 223-45-67 доб. 12"), phone("8 916 223-45-68")],
        emails: vec!["info@len.example".to_owned()],
        contacts: vec![NewContact {
            name: "Пётр Льнов".to_owned(), ..NewContact::default()
        }],
        basis: Some(NewBasis {
            kind: BasisKind::PublicSource,
            source: "site".to_owned(),
            until: None,
        }),
        ..NewCompany::default()
    }
}

async fn add(cast: &Cast, key: &str, new: NewCompany) -> CompanyId {
    let act = cast.act("anna", key);
    let mut tx = act.db.begin().await.expect("begins");
    let id = actions::add_in(&mut tx, &act, new).await.expect("added");
    tx.commit().await.expect("kept");
    id
}

both! {
    async fn a_company_taken_back_with_its_import_says_so(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = crate::leads::floor::add(&cast, &[crate::leads::floor::company(1)]).await[0];
        let olga = cast.client("olga").await;
        let path = format!("/companies/{id}");
        assert!(!olga.get(&path).await.body.contains("in the base no more"));
        let act = cast.act("olga", "undo");
        let mut tx = act.db.begin().await.expect("begins");
        actions::remove_many_in(&mut tx, &act, &[id]).await.expect("is removed");
        tx.commit().await.expect("commits");
        assert!(olga.get(&path).await.body.contains("in the base no more"));
    }

    async fn a_name_of_very_many_that_were_removed_tells_of_none(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "many");
        let one = NewCompany {
            name: "Лён".to_owned(),
            tax_id: Some("7714239823".to_owned()),
            ..NewCompany::default()
        };
        let keys = (["7714239823".to_owned()], [name_key("Лён")]);
        let (none, both): ([String; 0], _) = ([], (&keys.0[..], &keys.1[..]));
        for (more, expected) in [(256, 256), (1, 0)] {
            let mut tx = act.db.begin().await.expect("begins");
            let all = vec![one.clone(); more];
            let ids = actions::add_many_in(&mut tx, &act, &all).await.expect("added");
            actions::remove_many_in(&mut tx, &act, &ids).await.expect("removed");
            for keys in [both, (both.0, &none[..]), (&none[..], both.1)] {
                let gone = store::list_removed(&mut tx, act.org, keys).await.expect("reads");
                assert_eq!(gone.len(), expected, "{keys:?}");
            }
            tx.commit().await.expect("commits");
        }
    }

    async fn an_added_company_comes_back_with_all_its_parts(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let found = actions::find(&mut tx, cast.org, id).await.expect("reads").expect("there");
        assert_eq!(found.name, "ООО «Лён и нить»");
        assert_eq!(found.legal_form.as_deref(), Some("ООО"));
        assert_eq!(found.zone.as_deref(), Some("Asia/Vladivostok"));
        assert_eq!(found.number, 1);
        let phones = actions::list_phones(&mut tx, cast.org, id).await.expect("reads");
        assert_eq!(phones[0].phone.e164, "+74952234567");
        assert_eq!(phones[0].phone.extension.as_deref(), Some("12"));
        assert_eq!(phones.len(), 2);
        let people = actions::list_contacts(&mut tx, cast.org, id).await.expect("reads");
        assert_eq!(people[0].name, "Пётр Льнов");
        let emails = actions::list_emails(&mut tx, cast.org, id).await.expect("reads");
        assert_eq!(emails[0].address, "info@len.example");
    }

    async fn a_banned_company_and_each_of_its_numbers_is_met_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let mut other = flax();
        other.name = "Другая".to_owned();
        other.tax_id = None;
        other.phones.truncate(1);
        let other = add(&cast, "other", other).await;
        let act = cast.act("boris", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let phones = actions::list_phones(&mut tx, cast.org, id).await.expect("reads");
        let before = actions::find_suppression(&mut tx, cast.org, id, &phones, act.now).await;
        assert_eq!(before.expect("reads"), None);
        let ban = Suppress {
            whom: Whom::Company(id),
            channel: Channel::All,
            reason: SuppressReason::Asked,
            until: None,
        };
        let fact = actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
        let found = actions::find_suppression(&mut tx, cast.org, id, &phones, act.now).await;
        assert_eq!(found.expect("reads").map(|f| f.id), Some(fact));
        let callable = actions::list_callable_phones(&mut tx, cast.org, id, act.now).await;
        assert!(callable.expect("reads").is_empty());
        let phones = actions::list_phones(&mut tx, cast.org, other).await.expect("reads");
        let by_number = actions::find_suppression(&mut tx, cast.org, other, &phones, act.now).await;
        let by_number = by_number.expect("reads").map(|f| f.id);
        assert_eq!(by_number, Some(fact), "its only number is banned");
    }

    async fn a_ban_ends_when_it_was_to_end(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let act = cast.act("boris", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let phones = actions::list_phones(&mut tx, cast.org, id).await.expect("reads");
        let ban = Suppress {
            whom: Whom::Phone(Some(id), phones[0].phone.clone()),
            channel: Channel::Call,
            reason: SuppressReason::Asked,
            until: Some(act.now.plus_days(30)),
        };
        actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
        for (days, count) in [(0, 1), (29, 1), (30, 2)] {
            let now = act.now.plus_days(days);
            let left = actions::list_callable_phones(&mut tx, cast.org, id, now).await;
            assert_eq!(left.expect("reads").len(), count, "after {days} days");
            let whole = actions::find_suppression(&mut tx, cast.org, id, &phones, now).await;
            assert_eq!(whole.expect("reads"), None, "one number is left");
        }
    }

    async fn a_company_is_seen_by_its_lead_and_by_whom_it_was_lent_to(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let act = cast.act("anna", "lend");
        let mut tx = act.db.begin().await.expect("begins");
        let sees = async |tx: &mut crate::storage::Tx, who: &str, now: Instant| {
            let scope: Scope = cast.viewer(who).await.scope();
            let is_seen = actions::find_seen(tx, &scope, id, now).await.expect("reads").is_some();
            let seen = actions::list_seen(tx, &scope, &[id], now).await.expect("reads");
            assert_eq!(seen.contains(&id), is_seen, "{who}: a page and a list say the same");
            is_seen
        };
        assert!(sees(&mut tx, "anna", act.now).await && sees(&mut tx, "olga", act.now).await);
        assert!(!sees(&mut tx, "boris", act.now).await);
        let until = act.now.plus_minutes(10);
        actions::lend_in(&mut tx, &act, id, cast.id("boris"), until).await.expect("lent");
        assert!(sees(&mut tx, "boris", act.now).await && !sees(&mut tx, "bella", act.now).await);
        assert!(!sees(&mut tx, "boris", until).await, "the lease is over");
        actions::keep_in_sight_in(&mut tx, &act, id, cast.id("boris")).await.expect("kept");
        assert!(sees(&mut tx, "boris", until.plus_days(300)).await);
        let lent = store::find_phones_until(&mut tx, (cast.org, id, cast.id("boris"))).await;
        assert_eq!(lent.expect("reads"), Some(act.now), "the card without its phones");
        actions::lend_in(&mut tx, &act, id, cast.id("boris"), until).await.expect("lent again");
        actions::take_back_in(&mut tx, &act, id, cast.id("boris")).await.expect("taken back");
        assert!(sees(&mut tx, "boris", until.plus_days(300)).await, "a lease takes nothing away");
        let lent = store::find_phones_until(&mut tx, (cast.org, id, cast.id("boris"))).await;
        assert_eq!(lent.expect("reads"), Some(act.now), "its phones are gone again");
        actions::lend_in(&mut tx, &act, id, cast.id("bella"), until).await.expect("lent");
        actions::take_back_in(&mut tx, &act, id, cast.id("bella")).await.expect("taken back");
        assert!(!sees(&mut tx, "bella", act.now).await);
        actions::set_lead_in(&mut tx, &act, id, Some(cast.id("sonya")), 2).await.expect("led");
        assert!(sees(&mut tx, "sonya", act.now).await && sees(&mut tx, "sergei", act.now).await);
        assert!(!sees(&mut tx, "semyon", act.now).await, "another of the same team");
        let (anna, sergei) = (cast.viewer("anna").await, cast.viewer("sergei").await);
        assert!(sees(&mut tx, "anna", act.now).await, "who leads Boris knows what he knows of");
        let led = actions::find(&mut tx, cast.org, id).await.expect("reads").expect("is there");
        for (head, may) in [(&anna, false), (&sergei, true)] {
            let reads = actions::may_read_phones(&mut tx, head, &led, act.now).await;
            assert_eq!(reads.expect("reads"), may, "{}: their team's alone", head.user.name);
        }
    }

    async fn companies_are_found_by_any_word_number_or_piece_of_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = add(&cast, "flax", flax()).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let whole = Scope::whole(cast.org);
        for (question, is_found) in [
            ("лен", true),
            ("нить лён", true),
            ("ЛЁН хаб", true),
            ("петр", true),
            ("77142", true),
            ("8 (495) 223", true),
            ("+7 495 223-45-67", true),
            ("223-45-67", true),
            ("4567", true),
            ("89162", true),
            ("лён шёлк", false),
            ("5678", false),
            ("", false),
        ] {
            let asked = search::asked(question);
            let found = store::list_found(&mut tx, &whole, &asked, 10, cast.clock.now()).await;
            let ids: Vec<CompanyId> = found.expect("reads").iter().map(|c| c.id).collect();
            assert_eq!(ids == [id], is_found, "{question}: {asked:?}");
        }
    }

    async fn a_segment_is_listed_page_by_page(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "many");
        let many: Vec<NewCompany> = (0..30)
            .map(|n| NewCompany {
                name: format!("Фирма {n}"),
                city: Some(if n % 3 == 0 { "Тверь" } else { "Пермь" }.to_owned()),
                ..NewCompany::default()
            })
            .collect();
        let mut tx = act.db.begin().await.expect("begins");
        actions::add_many_in(&mut tx, &act, &many).await.expect("added");
        let tver = Segment { city: Some("Тверь".to_owned()), ..Segment::default() };
        let count = actions::count_segment(&mut tx, cast.org, &tver).await;
        assert_eq!(count.expect("counts"), 10);
        let first = actions::list_segment(&mut tx, cast.org, &tver, None, 7).await.expect("lists");
        let rest = actions::list_segment(&mut tx, cast.org, &tver, first.last().copied(), 7).await;
        assert_eq!((first.len(), rest.expect("lists").len()), (7, 3));
        let reachable = Segment { has_phone: true, ..Segment::default() };
        let count = actions::count_segment(&mut tx, cast.org, &reachable).await;
        assert_eq!(count.expect("counts"), 0);
    }
}

both! {
    async fn the_base_is_listed_searched_and_opened_by_those_who_may(t: TestDb) {
        let cast = crate::cast::Cast::gather(t).await;
        let act = cast.act("anna", "base");
        let mut tx = cast.app.db.begin().await.expect("a transaction");
        let phone = Phone::parse("8 (495) 000-12-34", "RU").expect("a number");
        let new = NewCompany {
            name: "ООО «Лён»".to_owned(),
            phones: vec![NewPhone { phone, label: None }],
            ..NewCompany::default()
        };
        let id = actions::add_in(&mut tx, &act, new).await.expect("added");
        tx.commit().await.expect("committed");
        let anna = cast.client("anna").await;
        assert!(anna.get("/companies").await.body.contains("«Лён»"));
        assert!(anna.get("/search.json?q=%D0%BB%D1%91%D0%BD").await.body.contains("«Лён»"));
        assert!(anna.get("/search?q=0001234").await.body.contains("«Лён»"));
        let card = anna.get(&format!("/companies/{id}")).await;
        assert!(card.body.contains("+7 495 000-12-34"), "{}", card.body);
        let boris = cast.client("boris").await;
        assert_eq!(boris.get(&format!("/companies/{id}")).await.status.as_u16(), 404);
        assert!(!boris.get("/companies").await.body.contains("«Лён»"));
        let noted = anna.post(&format!("/companies/{id}/notes"), &[("text", "перезвонят")]).await;
        assert_eq!(noted.status.as_u16(), 303);
        let banned = [("channel", "all"), ("reason", "asked")];
        let path = format!("/companies/{id}/suppression");
        assert_eq!(boris.post(&path, &banned).await.status.as_u16(), 404);
        assert_eq!(anna.post(&path, &banned).await.status.as_u16(), 303);
        let after = anna.get(&format!("/companies/{id}")).await.body;
        assert!(after.contains("перезвонят") && after.contains("do not call"));
    }

    async fn the_list_goes_on_behind_its_last_row(t: TestDb) {
        let cast = crate::cast::Cast::gather(t).await;
        for name in ["Шёлк", "Лён", "Лён", "Хлопок"] {
            let new = NewCompany { name: name.to_owned(), ..NewCompany::default() };
            add(&cast, &AnyId::fresh(cast.clock.now()).to_string(), new).await;
        }
        let olga = cast.viewer("olga").await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let (mut names, mut after) = (Vec::new(), None);
        loop {
            let cursor = crate::web::Cursor { after, limit: Some(1) };
            let slice = actions::list(&mut tx, &olga, &cursor, cast.clock.now()).await;
            let slice = slice.expect("lists");
            names.extend(slice.rows.into_iter().map(|company| company.name));
            after = slice.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names, ["Лён", "Лён", "Хлопок", "Шёлк"]);
    }
}
