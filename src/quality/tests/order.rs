//! In which order the base is scored, and that a merge and a ban are seen.

use std::collections::BTreeMap;

use super::*;
use crate::companies::NewPhone;
use crate::companies::suppression::{Channel, Suppress, SuppressReason, Whom};
use crate::imports::actions::{self as imports, NewFile};
use crate::merges;
use crate::storage::Act;

fn by_itself(cast: &Cast) -> Act {
    Act { actor: None, key: None, ..cast.act("anna", "step") }
}

/// Takes a file in to its end, and tells who follows.
pub(super) async fn import(cast: &Cast, key: &str, text: &str) -> ImportId {
    let act = cast.act("anna", key);
    let content = crate::imports::spool::Content::of(text.as_bytes()).expect("kept");
    let file = NewFile { name: format!("{key}.csv"), content, origin: Default::default() };
    let id = imports::bring(&act.part("bring"), file).await.expect("brought");
    imports::check(&act, id).await.expect("checked");
    let mut tx = cast.app.db.read().await.expect("reads");
    let version = imports::find(&mut tx, cast.org, id).await.expect("reads").expect("it").version;
    drop(tx);
    imports::commit(&act.part("commit"), id, version).await.expect("begun");
    cast.settle().await;
    id
}

/// When each of these was scored.
async fn scored(cast: &Cast, ids: &[CompanyId]) -> Vec<Option<Instant>> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let mut all = Vec::new();
    for id in ids {
        let found = actions::find_score(&mut tx, cast.org, *id).await.expect("reads");
        all.push(found.map(|(_, at)| at));
    }
    all
}

/// Companies of a file by the line they stand in.
async fn rows(cast: &Cast, import: ImportId) -> BTreeMap<i64, CompanyId> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let rows = imports::list_row_companies(&mut tx, cast.org, import, -1, 100).await;
    rows.expect("reads").into_iter().collect()
}

async fn parts(cast: &Cast, id: CompanyId) -> [i64; PARTS] {
    score_all(cast).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::find_score(&mut tx, cast.org, id).await.expect("reads").expect("a score").0.parts
}

fn new_phones(phone: &Phone) -> Vec<NewPhone> {
    vec![NewPhone { phone: phone.clone(), label: None }]
}

async fn ban(cast: &Cast, key: &str, whom: Whom) {
    let act = cast.act("anna", key);
    let mut tx = act.db.begin().await.expect("begins");
    let (channel, reason) = (Channel::Call, SuppressReason::Asked);
    let ban = Suppress { whom, channel, reason, until: None };
    companies::actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
    tx.commit().await.expect("kept");
}

both! {
    async fn what_a_file_touched_comes_first_and_the_pass_goes_on_where_it_was(t: TestDb) {
        let cast = Cast::gather(t).await;
        let all: Vec<NewCompany> = (0..7)
            .map(|number| {
                let name = format!("ООО «Лён {number}»");
                NewCompany { name, ..floor::company(number) }
            })
            .collect();
        let ids = floor::add(&cast, &all).await;
        cast.clock.advance_ms(10_000);
        assert!(actions::step_by(&by_itself(&cast), 2).await.expect("a step"));
        let is_scored = async || -> Vec<bool> {
            scored(&cast, &ids).await.iter().map(Option::is_some).collect()
        };
        assert_eq!(is_scored().await, [true, true, false, false, false, false, false]);
        let file = "Компания;Телефон;Город;Сайт\n\
                    ООО «Лён 6»;+7 495 100-00-06;Москва;len.example\n\
                    ООО «Хлопок»;+7 812 200-00-01;Санкт-Петербург;\n\
                    ООО «Шёлк»;+7 812 200-00-02;Санкт-Петербург;\n";
        let import = import(&cast, "list", file).await;
        let touched: Vec<CompanyId> = rows(&cast, import).await.into_values().collect();
        assert_eq!(touched.len(), 3);
        assert_eq!(touched[0], ids[6], "the first row adds to one of the base");
        actions::step_by(&by_itself(&cast), 2).await.expect("a step");
        assert_eq!(is_scored().await, [true, true, false, false, false, false, true]);
        assert!(scored(&cast, &touched).await[1].is_some());
        assert_eq!(scored(&cast, &touched).await[2], None, "two at a time");
        actions::step_by(&by_itself(&cast), 2).await.expect("a step");
        assert!(scored(&cast, &touched).await[2].is_some());
        actions::step_by(&by_itself(&cast), 2).await.expect("the end of the file");
        actions::step_by(&by_itself(&cast), 2).await.expect("a step");
        assert_eq!(is_scored().await, [true, true, true, true, false, false, true], "not anew");
    }

    async fn a_pass_comes_to_its_end_whatever_is_asked_meanwhile_and_another_follows(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ids = floor::add_companies(&cast, 7).await;
        cast.clock.advance_ms(10_000);
        let first = cast.clock.now();
        let mut steps = 0;
        while scored(&cast, &ids).await.contains(&None) {
            assert!(actions::step_by(&by_itself(&cast), 2).await.expect("a step"));
            actions::begin_anew(&cast.act("olga", &format!("anew {steps}")), None).await
                .expect("asked");
            steps += 1;
            assert!(steps <= 4, "each asking began it again");
        }
        actions::step_by(&by_itself(&cast), 2).await.expect("the end");
        let days = cast.api("olga").await.get("/api/v1/quality").await.json();
        assert_eq!(days["data"][0]["companies"], 7, "summed up at the end of the pass: {days}");
        assert!(actions::is_behind(&by_itself(&cast)).await.expect("looks"), "it was asked anew");
        cast.clock.advance_ms(MINUTE_MS);
        let mut more = 0;
        while actions::step_by(&by_itself(&cast), 2).await.expect("a step") {
            more += 1;
        }
        assert_eq!(more, 4, "one more pass, whoever asked how often");
        assert!(scored(&cast, &ids).await.iter().all(|at| *at > Some(first)));
        assert!(!actions::is_behind(&by_itself(&cast)).await.expect("looks"));
    }

    async fn a_file_taken_back_is_scored_first_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = import(&cast, "list", "Компания;Телефон\nООО «Шёлк»;+7 812 200-00-02\n").await;
        let touched: Vec<CompanyId> = rows(&cast, id).await.into_values().collect();
        score_all(&cast).await;
        assert!(scored(&cast, &touched).await[0].is_some());
        let anna = cast.viewer("anna").await;
        imports::undo(&cast.act("anna", "undo"), &anna, id).await.expect("is being undone");
        cast.settle().await;
        actions::step_by(&by_itself(&cast), 1).await.expect("a step");
        assert_eq!(scored(&cast, &touched).await, [None], "it left the base");
    }

    async fn numbers_banned_one_by_one_are_no_channels(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut new = floor::company(1);
        new.phones.extend(floor::company(2).phones);
        let id = floor::add_one(&cast, &new).await;
        let reach = async || parts(&cast, id).await[Part::Contactability as usize];
        assert_eq!(reach().await, 438, "two landlines");
        let whom = |number: usize| Whom::Phone(Some(id), new.phones[number].phone.clone());
        ban(&cast, "one", whom(0)).await;
        assert_eq!(reach().await, 250, "one is left");
        ban(&cast, "other", whom(1)).await;
        assert_eq!(reach().await, 0);
        let mut tx = cast.app.db.read().await.expect("reads");
        let score = actions::find_score(&mut tx, cast.org, id).await.expect("reads");
        let cap = score.expect("a score").0.cap;
        assert!(cap.is_none_or(|cap| cap == Cap::Unreachable), "{cap:?}");
    }

    async fn a_ban_of_a_number_and_its_lifting_score_every_company_that_carries_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut new: Vec<NewCompany> = (0..5).map(floor::company).collect();
        let shared = new[0].phones[0].phone.clone();
        for one in &mut new[1..3] {
            one.phones = new_phones(&shared);
        }
        let ids = floor::add(&cast, &new).await;
        let reach = async || -> Vec<bool> {
            let mut all = Vec::new();
            for id in &ids {
                all.push(parts(&cast, *id).await[Part::Contactability as usize] > 0);
            }
            all
        };
        let olga = cast.viewer("olga").await;
        let lift = async |key: &str, company: CompanyId| {
            let mut tx = cast.app.db.read().await.expect("reads");
            let now = cast.clock.now();
            let bans = companies::actions::list_bans(&mut tx, cast.org, company, now).await;
            let ban = bans.expect("reads")[0].id;
            drop(tx);
            let act = cast.act("olga", key);
            let of = (company, ban);
            companies::actions::lift(&act, &olga, of, "a slip").await.expect("lifted");
        };
        assert_eq!(reach().await, [true; 5]);
        ban(&cast, "of one", Whom::Phone(Some(ids[0]), shared.clone())).await;
        assert_eq!(reach().await, [false, false, false, true, true]);
        lift("lift", ids[1]).await;
        assert_eq!(reach().await, [true; 5]);
        ban(&cast, "of nobody", Whom::Phone(None, shared.clone())).await;
        assert_eq!(reach().await, [false, false, false, true, true]);
        lift("lift again", ids[2]).await;
        assert_eq!(reach().await, [true; 5]);
        ban(&cast, "of the company", Whom::Company(ids[0])).await;
        assert_eq!(reach().await, [false, false, false, true, true], "with its own number");
        lift("lift it", ids[0]).await;
        assert_eq!(reach().await, [true; 5]);
        // More than an event names: the base is gone through.
        let more: Vec<NewCompany> = (5..8)
            .map(|number| NewCompany { phones: new_phones(&shared), ..floor::company(number) })
            .collect();
        let more = floor::add(&cast, &more).await;
        score_all(&cast).await;
        ban(&cast, "of many", Whom::Phone(None, shared.clone())).await;
        assert_eq!(reach().await, [false, false, false, true, true]);
        for id in more {
            assert_eq!(parts(&cast, id).await[Part::Contactability as usize], 0);
        }
    }

    async fn a_survivor_has_the_checks_and_the_bans_of_its_aliases(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ids = floor::add_companies(&cast, 2).await;
        let api = cast.api("olga").await;
        let sent = json!({ "field": "phone", "finding": "confirmed", "source": "website" });
        let checks = format!("/api/v1/companies/{}/checks", ids[1]);
        assert_eq!(api.post(&checks, &sent).await.status.as_u16(), 201);
        ban(&cast, "ban", Whom::Company(ids[1])).await;
        assert!(parts(&cast, ids[0]).await[Part::Contactability as usize] > 0);
        let olga = cast.viewer("olga").await;
        let merging = merges::actions::Merging {
            survivor: (ids[0], 1), loser: (ids[1], 1), taken: Vec::new(),
            apart: Default::default(),
        };
        cast.clock.advance_ms(MINUTE_MS);
        let merged = merges::actions::merge(&cast.act("olga", "merge"), &olga, &merging).await;
        let merged = merged.expect("merged");
        let seen = async |id: CompanyId| {
            let parts = parts(&cast, id).await;
            let mut tx = cast.app.db.read().await.expect("reads");
            let known = (&[][..], cast.clock.now());
            let list = companies::actions::list_facts;
            let (_, facts) = list(&mut tx, cast.org, id, known).await.expect("reads");
            let phone = facts.into_iter().find(|fact| fact.field == "phone").expect("a number");
            (parts[Part::Contactability as usize], phone.checked.is_some())
        };
        assert_eq!(seen(ids[0]).await, (0, true), "what was known of either");
        merges::actions::undo(&cast.act("olga", "undo"), &olga, merged).await.expect("undone");
        let (reach, is_checked) = seen(ids[0]).await;
        assert!(reach > 0 && !is_checked, "parted again");
        assert_eq!(seen(ids[1]).await, (0, true));
    }
}
