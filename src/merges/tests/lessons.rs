//! What people decided teaches the search.

use std::collections::BTreeMap;

use super::*;
use crate::both;
use crate::merges::actions::Answer;
use crate::merges::evidence::cells;

async fn search(cast: &Cast, key: &str) {
    actions::start_scan(&cast.act("olga", key)).await.expect("starts");
    cast.settle().await;
}

/// Pairs that wait, by their companies.
async fn waiting(cast: &Cast) -> BTreeMap<(CompanyId, CompanyId), Pair> {
    let viewer = cast.viewer("olga").await;
    let mut tx = read(cast).await;
    let pairs = actions::list_waiting(&mut tx, &viewer, None, 100).await.expect("reads");
    pairs.into_iter().map(|pair| ((pair.left, pair.right), pair)).collect()
}

async fn decide(cast: &Cast, key: &str, pair: &Pair, answer: Answer) {
    let viewer = cast.viewer("olga").await;
    let act = cast.act("olga", key);
    actions::decide(&act, &viewer, pair.id, pair.version, &answer).await.expect(key);
}

const WORDS: [&str; 16] = [
    "Вектор",
    "Клевер",
    "Парус",
    "Гранит",
    "Берёзка",
    "Колосок",
    "Маяк",
    "Родник",
    "Орион",
    "Самоцвет",
    "Каравай",
    "Тополь",
    "Фрегат",
    "Ласточка",
    "Янтарь",
    "Скворец",
];

/// So many pairs that share a telephone: of one word a sister with a word more, of the next the
/// same with a slip of the pen, by turns.
async fn base(cast: &Cast) -> (Vec<(CompanyId, CompanyId)>, Vec<(CompanyId, CompanyId)>) {
    let (mut sisters, mut slips) = (Vec::new(), Vec::new());
    for (at, word) in WORDS.iter().enumerate() {
        let number = format!("8 495 3{at:02}-10-{at:02}");
        let new = |name: String| NewCompany {
            name,
            city: Some("Москва".to_owned()),
            phones: vec![phone(&number)],
            ..NewCompany::default()
        };
        let is_sister = at % 2 == 0;
        let slip = word.chars().enumerate().filter(|(place, _)| *place != 3);
        let slip: String = slip.map(|(_, letter)| letter).collect();
        let twin = if is_sister { format!("{word} Сервис Юг") } else { slip };
        let one = add(cast, &format!("one {at}"), new((*word).to_owned())).await;
        let other = add(cast, &format!("other {at}"), new(twin)).await;
        if is_sister { sisters.push((one, other)) } else { slips.push((one, other)) }
    }
    (sisters, slips)
}

/// A record's cells as the search compares them now.
async fn told(cast: &Cast, id: CompanyId) -> Vec<String> {
    let mut tx = read(cast).await;
    let known = companies::actions::list_known(&mut tx, cast.org, &[id]).await.expect("reads");
    let known = known.first().expect("a company");
    let phones = known.phones.iter().map(|phone| phone.phone.e164.as_str());
    let emails = known.emails.iter().map(|email| email.address.as_str());
    cells(&known.company, phones, emails).into()
}

both! {
    async fn decisions_move_what_is_asked_and_taken_back_they_teach_nothing(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (sisters, slips) = base(&cast).await;
        search(&cast, "first").await;
        let before = waiting(&cast).await;
        let likely = |all: &BTreeMap<_, Pair>, pair| {
            all.get(pair).map(|pair: &Pair| pair.probability)
        };
        let (sister, slip) = (sisters[7], slips[7]);
        assert!(likely(&before, &sister) > Some(REVIEW_FROM), "{before:?}");
        assert!(likely(&before, &slip) > Some(REVIEW_FROM), "{before:?}");
        for (at, pair) in sisters[..7].iter().enumerate() {
            let answer = Answer::Apart(PairState::Different);
            decide(&cast, &format!("sister {at}"), &before[pair], answer).await;
        }
        for (at, pair) in slips[..7].iter().enumerate() {
            let survivor = (pair.0, company(&cast, pair.0).await.version);
            let loser = (pair.1, company(&cast, pair.1).await.version);
            let taken = vec![Field::Name];
            let answer = Answer::Same(Merging { survivor, loser, taken, apart: BTreeSet::new() });
            decide(&cast, &format!("slip {at}"), &before[pair], answer).await;
        }
        search(&cast, "taught").await;
        let taught = waiting(&cast).await;
        let now = likely(&taught, &sister).unwrap_or(0);
        assert!(now < likely(&before, &sister).expect("it was") / 2, "{now}");
        let now = likely(&taught, &slip).expect("it is asked still");
        assert!(now > 8_000, "what such pairs turned out to be: {now}");
        search(&cast, "again").await;
        assert_eq!(likely(&waiting(&cast).await, &slip), Some(now), "the same again");
        let olga = cast.viewer("olga").await;
        for (at, pair) in sisters[..7].iter().chain(&slips[..7]).enumerate() {
            let act = cast.act("olga", &format!("back {at}"));
            actions::reopen(&act, &olga, before[pair].id).await.expect("taken back");
        }
        search(&cast, "forgotten").await;
        let after = waiting(&cast).await;
        for pair in sisters.iter().chain(&slips) {
            assert_eq!(likely(&after, pair), likely(&before, pair));
        }
    }

    async fn a_merge_teaches_by_the_records_as_they_were_before_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut first = flax("ООО «Лён и нить»", Some("7714239823"));
        first.phones.push(phone("8 495 300-10-01"));
        let second = NewCompany {
            emails: vec!["other@len.example".to_owned()],
            ..flax("Лен инить", None)
        };
        let third = NewCompany {
            phones: vec![phone("8 495 300-10-03")],
            ..flax("Лён & нить", None)
        };
        let one = add(&cast, "one", first).await;
        let two = add(&cast, "two", second).await;
        let three = add(&cast, "three", third).await;
        let alone = (told(&cast, one).await, told(&cast, two).await);
        merge(&cast, "merge", (two, one), &[Field::Name]).await.expect("merged");
        let united = (told(&cast, three).await, told(&cast, one).await);
        assert_ne!(united.1, alone.0);
        let last = merge(&cast, "again", (one, three), &[Field::TaxId]).await.expect("merged");
        let lessons = async || {
            let mut tx = read(&cast).await;
            actions::list_lessons(&mut tx, cast.org).await.expect("reads")
        };
        let found = lessons().await;
        assert!(found.iter().all(|lesson| lesson.same));
        let sides: Vec<_> = found.into_iter().map(|one| (one.left, one.right)).collect();
        // A number that both have stays with the record that was merged away.
        assert_eq!(sides, [alone.clone(), united]);
        undo(&cast, "undo", last).await.expect("undone");
        let sides: Vec<_> = lessons().await.into_iter().map(|one| (one.left, one.right)).collect();
        assert_eq!(sides, [alone]);
    }
}
