use super::actions::write;
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::suppression::Whom;
use crate::companies::{
    Channel, NewCompany, NewContact, NewPhone, Suppress, SuppressReason, actions,
};
use crate::imports::actions::{self as imports, NewFile};
use crate::imports::spool::Content;
use crate::imports::{Origin, Verdict};
use crate::values::*;

async fn add(cast: &Cast, all: &[NewCompany]) -> Vec<CompanyId> {
    let act = cast.act("anna", "base");
    let mut tx = act.db.begin().await.expect("begins");
    let mut ids = Vec::new();
    for new in all {
        ids.push(actions::add_in(&mut tx, &act, new.clone()).await.expect("added"));
    }
    tx.commit().await.expect("kept");
    ids
}

fn base() -> Vec<NewCompany> {
    let phone =
        |text: &str| NewPhone { phone: Phone::parse(text, "RU").expect("one"), label: None };
    let person = |name: &str, is_decision_maker: bool| NewContact {
        name: name.to_owned(),
        role: is_decision_maker.then(|| "директор".to_owned()),
        is_decision_maker,
    };
    vec![
        NewCompany {
            name: "ООО «Лён; нить»".to_owned(),
            full_name: Some("Общество «Лён и нить»".to_owned()),
            tax_id: Some("7714239823".to_owned()),
            city: Some("Москва".to_owned()),
            website: Some("len.example".to_owned()),
            industry: Some("ткани".to_owned()),
            phones: vec![phone("8 495 223-45-67 доб. 12"), phone("8 916 223-45-68")],
            emails: vec!["a@len.example".to_owned(), "b@len.example".to_owned()],
            contacts: vec![person("Пётр Льнов", false), person("Анна Шёлкова", true)],
            ..NewCompany::default()
        },
        NewCompany {
            name: "=HYPERLINK(\"http://len.example\")".to_owned(),
            phones: vec![phone("8 499 161-13-40")],
            ..NewCompany::default()
        },
    ]
}

async fn exported(cast: &Cast, what: What, reader: Reader) -> (u64, String) {
    let mut out = Vec::new();
    let now = cast.clock.now();
    let done = write(&cast.app.db, cast.org, (what, reader), now, &mut out).await;
    (done.expect("written"), String::from_utf8(out).expect("text"))
}

async fn ban(cast: &Cast, company: CompanyId) {
    let act = cast.act("anna", "ban");
    let mut tx = act.db.begin().await.expect("begins");
    let ban = Suppress {
        whom: Whom::Company(company),
        channel: Channel::All,
        reason: SuppressReason::Asked,
        until: None,
    };
    actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
    tx.commit().await.expect("kept");
}

fn speaks_russian(cast: &Cast) -> impl Future<Output = ()> {
    let (db, org) = (cast.app.db.clone(), cast.org);
    async move {
        let mut tx = db.begin().await.expect("begins");
        let of = crate::vals![org];
        tx.run("update organisations set lang = 'ru' where id = $1", of).await.expect("set");
        tx.commit().await.expect("kept");
    }
}

both! {
    async fn an_exported_base_is_recognised_when_it_is_brought_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        add(&cast, &base()).await;
        for is_russian in [false, true] {
            if is_russian {
                speaks_russian(&cast).await;
            }
            let (rows, text) = exported(&cast, What::Companies, Reader::Office).await;
            assert_eq!(rows, 2, "{text}");
            assert!(text.starts_with('\u{feff}'), "{text}");
            let head = text.lines().next().expect("a heading");
            assert_eq!(head.contains(';'), is_russian, "{head}");
            let content = Content::of(text.as_bytes()).expect("kept");
            let file = NewFile { name: "a.csv".to_owned(), content, origin: Origin::default() };
            let seen = imports::foresee(&cast.act("anna", "again"), file).await.expect("read");
            assert_eq!(seen.forecast.counts.of(Verdict::InBase), 2, "{seen:#?}\n{text}");
        }
    }

    async fn no_cell_of_an_export_becomes_a_formula(t: TestDb) {
        let cast = Cast::gather(t).await;
        add(&cast, &base()).await;
        let (_, text) = exported(&cast, What::Companies, Reader::Program).await;
        assert!(text.contains(",\"'=HYPERLINK(\"\"http://len.example\"\")\","), "{text}");
        assert!(text.contains("+74991611340"), "{text}");
        assert!(!text.starts_with('\u{feff}'));
    }

    async fn who_must_not_be_called_is_marked_in_an_export(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ids = add(&cast, &base()).await;
        ban(&cast, ids[0]).await;
        let (_, text) = exported(&cast, What::Companies, Reader::Program).await;
        let marked: Vec<bool> = text.lines().skip(1).map(|line| line.ends_with(",yes")).collect();
        assert_eq!(marked, [true, false], "{text}");
    }

    async fn a_ban_of_what_was_merged_into_a_company_is_marked_in_an_export(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ids = add(&cast, &base()).await;
        ban(&cast, ids[0]).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let merged = crate::vals![ids[1], ids[0]];
        tx.run("update companies set merged_into = $1 where id = $2", merged).await.expect("set");
        tx.commit().await.expect("kept");
        let (rows, text) = exported(&cast, What::Companies, Reader::Program).await;
        assert_eq!(rows, 1, "{text}");
        assert!(text.trim_end().ends_with(",yes"), "{text}");
    }

    async fn leads_and_events_are_exported_to_the_last_one(t: TestDb) {
        let cast = Cast::gather(t).await;
        let campaign = {
            crate::leads::floor::add_companies(&cast, 3).await;
            crate::leads::floor::make_campaign(&cast, "flax", Default::default()).await
        };
        let anna = cast.viewer("anna").await;
        let act = cast.act("anna", "launch");
        crate::leads::actions::launch(&act, &anna, campaign).await.expect("launches");
        let (rows, text) = exported(&cast, What::Leads, Reader::Program).await;
        assert_eq!((rows, text.lines().count()), (3, 4), "{text}");
        let (rows, text) = exported(&cast, What::Events, Reader::Program).await;
        assert!(text.contains("campaign.turned") && text.contains("user.added"), "{text}");
        assert!(rows > 15, "everybody was hired: {text}");
    }

    async fn a_lead_that_rests_after_a_refusal_says_so_in_an_export(t: TestDb) {
        use crate::calls::{actions as calls, results::CallForm};
        let floor = crate::leads::floor::Floor::open(t, 3).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let boris = floor.cast.viewer("boris").await;
        let form = CallForm {
            generation: grant.generation,
            outcome: "refusal".to_owned(),
            reason: "too_expensive".to_owned(),
            ..CallForm::default()
        };
        let act = floor.cast.act("boris", "call");
        calls::record(&act, &boris, grant.lead, &form).await.expect("recorded");
        let (rows, text) = exported(&floor.cast, What::Leads, Reader::Program).await;
        assert_eq!(rows, 3, "{text}");
        let head = text.lines().next().expect("a heading");
        assert!(head.ends_with("changed at,last result,its reason,calls in all,not before"));
        let refused = text.lines().find(|line| line.contains(",refusal,")).expect("a refusal");
        let at = floor.lead(grant.lead).await.next_at.rfc3339();
        assert!(refused.ends_with(&format!(",refusal,too expensive,1,{at}")), "{refused}");
        let waiting = text.lines().filter(|line| line.contains(",,,0,")).count();
        assert_eq!(waiting, 2, "nobody called these: {text}");
    }
}
