//! The search of the whole base, decisions and what is remembered of them.

use super::*;
use crate::both;
use crate::merges::actions::Answer;

async fn search(cast: &Cast, key: &str) {
    actions::start_scan(&cast.act("olga", key)).await.expect("starts");
    cast.settle().await;
}

async fn waiting(cast: &Cast) -> Vec<Pair> {
    let viewer = cast.viewer("olga").await;
    let mut tx = read(cast).await;
    actions::list_waiting(&mut tx, &viewer, None, 50).await.expect("reads")
}

async fn decide(cast: &Cast, key: &str, pair: &Pair, answer: Answer) -> Outcome<()> {
    let viewer = cast.viewer("olga").await;
    actions::decide(&cast.act("olga", key), &viewer, pair.id, pair.version, &answer).await
}

/// A base in which two records are one company, and others are not.
async fn base(cast: &Cast) -> (CompanyId, CompanyId) {
    let one = add(cast, "one", flax("ООО «Лён и нить»", Some("7714239823"))).await;
    let other = add(cast, "other", flax("Лён и нить", None)).await;
    for (key, name, number) in [
        ("a", "Вектор", "8 495 300-10-01"),
        ("b", "Клевер и овёс", "8 812 300-10-02"),
        ("c", "Северный ветер", "8 383 300-10-03"),
        ("d", "Пятый элемент", "8 343 300-10-04"),
    ] {
        let new = NewCompany {
            name: name.to_owned(),
            phones: vec![phone(number)],
            ..NewCompany::default()
        };
        add(cast, key, new).await;
    }
    (one, other)
}

/// Something new speaks for a pair: one of the two turns out to have the number.
async fn learn_tax_id(cast: &Cast, id: CompanyId) {
    let olga = cast.viewer("olga").await;
    let before = company(cast, id).await;
    let mut details = companies::forms::Details::of(&before);
    details.tax_id = Some("7714239823".to_owned());
    let change = companies::actions::change;
    let changed = change(&cast.act("olga", "tax"), &olga, id, before.version, details).await;
    changed.expect("is kept");
}

both! {
    async fn a_search_finds_the_pair_and_says_why(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = base(&cast).await;
        search(&cast, "scan").await;
        let pairs = waiting(&cast).await;
        assert_eq!(pairs.len(), 1, "{pairs:?}");
        let pair = &pairs[0];
        assert_eq!((pair.left, pair.right), (one, other));
        for field in ["phone", "email", "name"] {
            let is_for = |reason: &Reason| reason.field == field && reason.is_for();
            assert!(pair.reasons.iter().any(is_for), "{field}: {:?}", pair.reasons);
        }
        let scan = actions::find_last_scan(&mut read(&cast).await, cast.org).await;
        let scan = scan.expect("reads").expect("a search");
        assert_eq!((scan.companies, scan.is_running(), scan.pairs >= 1), (6, false, true));
    }

    async fn companies_that_came_since_the_last_search_are_told_as_not_compared(t: TestDb) {
        let cast = Cast::gather(t).await;
        base(&cast).await;
        let olga = cast.client("olga").await;
        let never = olga.get("/duplicates").await.body;
        assert!(!never.contains("compared with none yet"), "{never}");
        search(&cast, "scan").await;
        let known = olga.get("/duplicates").await.body;
        assert!(!known.contains("compared with none yet"), "{known}");
        cast.clock.advance_ms(1_000);
        for (key, name) in [("late", "Ромашка"), ("later", "Сирень")] {
            let new = NewCompany { name: name.to_owned(), ..NewCompany::default() };
            add(&cast, key, new).await;
        }
        let told = olga.get("/duplicates").await.body;
        assert!(told.contains("Since then 2 companies came"), "{told}");
        cast.clock.advance_ms(1_000);
        search(&cast, "again").await;
        let known = olga.get("/duplicates").await.body;
        assert!(!known.contains("compared with none yet"), "{known}");
    }

    async fn only_one_search_runs_and_it_repeats_without_harm(t: TestDb) {
        let cast = Cast::gather(t).await;
        base(&cast).await;
        let first = actions::start_scan(&cast.act("olga", "first")).await.expect("starts");
        let second = actions::start_scan(&cast.act("olga", "second")).await;
        assert_eq!(code_of(second.expect_err("runs")), "scan-runs");
        // A worker died in the middle: the next one begins anew and comes to the same.
        let act = crate::storage::Act::by_product(
            &cast.app.db, cast.org, cast.clock.now(), "job:by hand");
        actions::scan(&act, first).await.expect("is searched");
        let before = waiting(&cast).await;
        cast.settle().await;
        assert_eq!(waiting(&cast).await, before);
    }

    async fn different_is_not_asked_again_until_something_new_speaks_for_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (_, other) = base(&cast).await;
        search(&cast, "scan").await;
        let pair = waiting(&cast).await.remove(0);
        decide(&cast, "different", &pair, Answer::Apart(PairState::Different)).await
            .expect("is decided");
        let twice = decide(&cast, "twice", &pair, Answer::Later).await;
        assert_eq!(code_of(twice.expect_err("decided")), "pair-decided");
        search(&cast, "again").await;
        assert_eq!(waiting(&cast).await, []);
        learn_tax_id(&cast, other).await;
        search(&cast, "new evidence").await;
        assert_eq!(waiting(&cast).await.len(), 1, "the tax number is new");
    }

    async fn two_that_are_tied_are_not_asked_about_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = base(&cast).await;
        search(&cast, "scan").await;
        let pair = waiting(&cast).await.remove(0);
        decide(&cast, "group", &pair, Answer::Apart(PairState::Group)).await.expect("decided");
        learn_tax_id(&cast, other).await;
        search(&cast, "new evidence").await;
        assert_eq!(waiting(&cast).await, [], "they are of one group whatever they share");
        let mut tx = read(&cast).await;
        let tied = companies::actions::list_relatives(&mut tx, cast.org, one).await;
        let tied = tied.expect("reads");
        drop(tx);
        assert_eq!(tied.len(), 1, "{tied:?}");
        let olga = cast.viewer("olga").await;
        actions::untie(&cast.act("olga", "untie"), &olga, tied[0].tie.id).await.expect("untied");
        search(&cast, "untied").await;
        assert_eq!(waiting(&cast).await.len(), 1, "the tax number is new, and nothing ties them");
    }

    async fn branches_of_one_head_are_told_by_their_kpp_and_not_asked_about(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (head, _) = base(&cast).await;
        let branch = |kpp: &str| NewCompany {
            kpp: Some(kpp.to_owned()), ..flax("Лён и нить", Some("7714239823"))
        };
        let one = add(&cast, "tver", branch("690143001")).await;
        let two = add(&cast, "omsk", branch("550143001")).await;
        let twin = add(&cast, "omsk again", branch("550143001")).await;
        let act = cast.act("anna", "ties");
        let ties = [one, two, twin].map(|company| Tie {
            id: TieId::fresh(act.now),
            kind: TieKind::Branch,
            company,
            other: head,
            made_at: act.now,
        });
        let mut tx = act.db.begin().await.expect("begins");
        companies::actions::write_ties_in(&mut tx, &act, &ties).await.expect("tied");
        tx.commit().await.expect("kept");
        search(&cast, "scan").await;
        let pairs = waiting(&cast).await;
        let is_asked = |one: CompanyId, other: CompanyId| {
            let (left, right) = (one.min(other), one.max(other));
            pairs.iter().any(|pair| (pair.left, pair.right) == (left, right))
        };
        for (left, right) in [(head, one), (head, two), (head, twin), (one, two), (one, twin)] {
            assert!(!is_asked(left, right), "{pairs:?}");
        }
        assert!(is_asked(two, twin), "one KPP under one head: {pairs:?}");
    }

    async fn a_search_that_broke_does_not_block_the_next(t: TestDb) {
        let cast = Cast::gather(t).await;
        base(&cast).await;
        let start = async |key: &str| actions::start_scan(&cast.act("olga", key)).await;
        let first = start("first").await.expect("starts");
        let refused = start("second").await.expect_err("one at a time");
        assert_eq!(code_of(refused), "scan-runs");
        let last = async || {
            let mut tx = read(&cast).await;
            actions::find_last_scan(&mut tx, cast.org).await.expect("reads").expect("a search")
        };
        let fail = async |times: usize| {
            for _ in 0..times {
                let now = cast.clock.now();
                let share = crate::jobs::Share::Only([actions::SCAN_JOB; 2]);
                let job = crate::jobs::claim(&cast.app.db, share, now).await;
                let job = job.expect("claims").expect("a job");
                crate::jobs::put_off(&cast.app.db, &job, now, "no memory").await.expect("kept");
                cast.clock.advance_ms(DAY_MS);
            }
        };
        fail(1).await;
        let shown = cast.client("olga").await.get("/duplicates").await.body;
        assert!(shown.contains("broke off") && shown.contains("tried again"), "{shown}");
        let second = start("third").await.expect("the broken one is given up");
        assert_ne!(first, second);
        cast.settle().await;
        assert_eq!((last().await.id, last().await.state), (second, ScanState::Done));
        start("fourth").await.expect("starts");
        fail(10).await;
        assert!(last().await.is_running());
        let by_itself = crate::storage::Act { key: None, actor: None, ..cast.act("olga", "x") };
        actions::scan_by_night(&by_itself).await.expect("looks");
        assert_eq!(last().await.state, ScanState::Failed, "nobody goes on with it");
        start("fifth").await.expect("starts");
    }

    async fn the_base_is_searched_by_itself_at_night_where_something_changed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let firm = crate::people::actions::firm(&mut read(&cast).await, cast.org).await;
        let zone = firm.expect("a firm").zone;
        let (one, _) = base(&cast).await;
        let olga = cast.viewer("olga").await;
        let named = async |name: &str| {
            let before = company(&cast, one).await;
            let mut details = companies::forms::Details::of(&before);
            details.name = name.to_owned();
            let change = companies::actions::change;
            change(&cast.act("olga", name), &olga, one, before.version, details).await
                .expect("is kept");
        };
        let night = async |days: i64, hour: i8| {
            let day = cast.clock.now().plus_days(days).day(&zone);
            cast.clock.set(Instant::from_local(day.at(hour, 5, 0, 0), &zone));
            let act = crate::storage::Act { key: None, actor: None, ..cast.act("olga", "x") };
            actions::scan_by_night(&act).await.expect("looks");
            cast.settle().await;
            let mut tx = read(&cast).await;
            let last = actions::find_last_scan(&mut tx, cast.org).await.expect("reads");
            last.map(|scan| scan.started_at == cast.clock.now())
        };
        named("Лён и хлопок").await;
        assert_eq!(night(1, 1).await, None, "not before two");
        assert_eq!(night(0, 2).await, Some(true));
        assert_eq!(waiting(&cast).await.len(), 1, "and it finds");
        named("Лён и шёлк").await;
        assert_eq!(night(0, 3).await, Some(false), "once a night");
        assert_eq!(night(0, 6).await, Some(false), "not after five");
        assert_eq!(night(1, 4).await, Some(true), "something changed");
        assert_eq!(night(1, 4).await, Some(false), "nothing changed");
    }

    async fn a_pair_that_shares_nothing_any_more_is_gone(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (_, other) = base(&cast).await;
        search(&cast, "scan").await;
        let olga = cast.viewer("olga").await;
        let before = company(&cast, other).await;
        let mut details = companies::forms::Details::of(&before);
        (details.name, details.tax_id) = ("Обратный отсчёт".to_owned(),
            Some("7709092420".to_owned()));
        let change = companies::actions::change;
        change(&cast.act("olga", "other"), &olga, other, before.version, details).await
            .expect("is kept");
        search(&cast, "again").await;
        assert_eq!(waiting(&cast).await, []);
    }

    async fn a_pair_is_decided_by_its_own_companies_only(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = base(&cast).await;
        search(&cast, "scan").await;
        let third = add(&cast, "third", flax("Третий лишний", None)).await;
        let pair = waiting(&cast).await.remove(0);
        for (survivor, loser) in [(one, third), (third, other), (one, one)] {
            let merging = Merging {
                survivor: (survivor, 1), loser: (loser, 1), taken: vec![],
                apart: BTreeSet::new(),
            };
            let said = decide(&cast, "else", &pair, Answer::Same(merging)).await;
            assert!(matches!(said, Err(Error::Invalid(_))), "{said:?}");
        }
        assert!(company(&cast, third).await.is_in_base());
        // A fact that is named twice is taken once.
        let taken = vec![Field::Name, Field::Name, Field::City];
        let apart = BTreeSet::new();
        let merging = Merging { survivor: (one, 1), loser: (other, 1), taken, apart };
        decide(&cast, "same", &pair, Answer::Same(merging)).await.expect("is one");
        assert_eq!(company(&cast, one).await.name, "Лён и нить");
    }

    async fn a_decision_is_taken_back_by_one_step(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = base(&cast).await;
        search(&cast, "scan").await;
        let olga = cast.viewer("olga").await;
        let taken = Merging {
            survivor: (one, 1), loser: (other, 1), taken: Vec::new(),
            apart: BTreeSet::new(),
        };
        for (key, answer) in [
            ("later", Answer::Later),
            ("group", Answer::Apart(PairState::Group)),
            ("branch", Answer::Apart(PairState::RightBranch)),
            ("same", Answer::Same(taken)),
        ] {
            let pair = waiting(&cast).await.remove(0);
            decide(&cast, key, &pair, answer).await.expect(key);
            let mut tx = read(&cast).await;
            let last = actions::find_last_decided(&mut tx, &olga).await.expect("reads");
            assert_eq!(last.map(|pair| pair.id), Some(pair.id), "{key}");
            let tied = companies::actions::list_relatives(&mut tx, cast.org, one).await;
            let codes: Vec<&str> = tied.expect("reads").iter().map(|one| one.code()).collect();
            let expected: &[&str] = match key {
                "group" => &["group"],
                "branch" => &["branch"],
                _ => &[],
            };
            assert_eq!(codes, expected, "{key}");
            drop(tx);
            let act = cast.act("olga", &format!("back {key}"));
            actions::reopen(&act, &olga, pair.id).await.expect(key);
            let mut tx = read(&cast).await;
            let tied = companies::actions::list_relatives(&mut tx, cast.org, one).await;
            assert!(tied.expect("reads").is_empty(), "{key}");
            drop(tx);
            assert_eq!(waiting(&cast).await.len(), 1, "{key}");
            assert!(company(&cast, other).await.is_in_base(), "{key}");
        }
    }

    async fn a_group_follows_a_merge_and_comes_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = base(&cast).await;
        let third = add(&cast, "third", flax("Торговый дом «Лён»", None)).await;
        let olga = cast.viewer("olga").await;
        let number = company(&cast, third).await.number;
        let name = actions::name_pair;
        let pair = name(&cast.act("olga", "name"), &olga, other, number).await.expect("named");
        let mut tx = read(&cast).await;
        let found = actions::find_pair(&mut tx, &olga, pair, cast.clock.now()).await;
        let found = found.expect("reads");
        drop(tx);
        decide(&cast, "group", &found, Answer::Apart(PairState::Group)).await.expect("decided");
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        let tied = async |id| {
            let mut tx = read(&cast).await;
            let tied = companies::actions::list_relatives(&mut tx, cast.org, id).await;
            tied.expect("reads").into_iter().map(|one| one.company.id).collect::<Vec<_>>()
        };
        assert_eq!((tied(one).await, tied(third).await), (vec![third], vec![one]));
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!((tied(one).await, tied(third).await), (vec![], vec![other]));
        let mut tx = read(&cast).await;
        let tie = companies::actions::list_relatives(&mut tx, cast.org, other).await;
        let tie = tie.expect("reads").remove(0).tie.id;
        drop(tx);
        actions::untie(&cast.act("olga", "untie"), &olga, tie).await.expect("untied");
        assert!(tied(other).await.is_empty());
    }
}
