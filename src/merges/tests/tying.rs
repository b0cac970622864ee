//! Branches and groups that somebody names by number.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::*;
use crate::both;
use crate::events::{self, Kind};
use crate::merges::actions::Answer;
use crate::vals;

async fn two(cast: &Cast) -> (CompanyId, CompanyId) {
    let one = add(cast, "one", flax("Лён", Some("7714239823"))).await;
    (one, add(cast, "other", flax("Клевер", Some("7709092420"))).await)
}

async fn ends(cast: &Cast, id: CompanyId) -> Vec<(String, CompanyId)> {
    let mut tx = read(cast).await;
    let tied = companies::actions::list_relatives(&mut tx, cast.org, id).await.expect("reads");
    tied.into_iter().map(|one| (one.code().to_owned(), one.company.id)).collect()
}

async fn tie(
    cast: &Cast,
    (login, key): (&str, &str),
    one: CompanyId,
    (end, other): (TieEnd, CompanyId),
) -> Outcome<TieId> {
    let number = company(cast, other).await.number;
    let viewer = cast.viewer(login).await;
    actions::tie(&cast.act(login, key), &viewer, one, (end, number)).await
}

async fn found(cast: &Cast, id: PairId) -> Pair {
    let olga = cast.viewer("olga").await;
    let mut tx = read(cast).await;
    actions::find_pair(&mut tx, &olga, id, cast.clock.now()).await.expect("a pair")
}

/// The pair of two companies, named so that it waits.
async fn named(cast: &Cast, key: &str, (one, other): (CompanyId, CompanyId)) -> Pair {
    let (olga, number) = (cast.viewer("olga").await, company(cast, other).await.number);
    let pair = actions::name_pair(&cast.act("olga", key), &olga, one, number).await;
    found(cast, pair.expect("named")).await
}

async fn decide(cast: &Cast, key: &str, pair: &Pair, answer: Answer) -> Outcome<()> {
    let viewer = cast.viewer("olga").await;
    actions::decide(&cast.act("olga", key), &viewer, pair.id, pair.version, &answer).await
}

async fn count(cast: &Cast, kind: Kind) -> usize {
    let always = (Instant(0), Instant(i64::MAX));
    let mut tx = read(cast).await;
    events::list_of_kind(&mut tx, cast.org, kind, always).await.expect("reads").len()
}

both! {
    async fn a_company_is_named_as_branch_head_or_of_one_group(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let olga = cast.viewer("olga").await;
        for (end, back) in [
            (TieEnd::Head, "branch"), (TieEnd::Branch, "head"), (TieEnd::Group, "group"),
        ] {
            let key = end.code();
            let made = tie(&cast, ("olga", key), one, (end, other)).await.expect("tied");
            assert_eq!(ends(&cast, one).await, [(key.to_owned(), other)]);
            assert_eq!(ends(&cast, other).await, [(back.to_owned(), one)]);
            let again = tie(&cast, ("olga", key), one, (end, other)).await.expect("answered");
            assert_eq!(again, made, "the same key ties once");
            let twice = tie(&cast, ("olga", "twice"), one, (TieEnd::Group, other)).await;
            let code = if end == TieEnd::Group { "tied-group" } else { "tied-branch" };
            assert_eq!(code_of(twice.expect_err("tied already")), code);
            let end = format!("end {key}");
            actions::untie(&cast.act("olga", &end), &olga, made).await.expect("untied");
            assert_eq!(ends(&cast, one).await, []);
            cast.clock.advance_ms(1_000);
        }
        let always = (Instant(0), Instant(i64::MAX));
        let mut tx = read(&cast).await;
        let told = events::list_of_kind(&mut tx, cast.org, Kind::CompanyTied, always).await;
        assert_eq!(told.expect("reads").len(), 6, "an event for each of the two");
    }

    async fn nobody_is_asked_any_more_whether_they_are_the_same(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let olga = cast.viewer("olga").await;
        let number = company(&cast, other).await.number;
        let act = cast.act("olga", "named");
        let pair = actions::name_pair(&act, &olga, one, number).await.expect("named");
        let now = cast.clock.now();
        tie(&cast, ("olga", "tie"), one, (TieEnd::Head, other)).await.expect("tied");
        let mut tx = read(&cast).await;
        let found = actions::find_pair(&mut tx, &olga, pair, now).await.expect("reads");
        assert_eq!(found.state, PairState::LeftBranch);
        let waiting = actions::list_waiting(&mut tx, &olga, None, 9).await.expect("reads");
        assert!(waiting.is_empty(), "{waiting:?}");
        drop(tx);
        actions::reopen(&cast.act("olga", "back"), &olga, pair).await.expect("taken back");
        assert_eq!(ends(&cast, one).await, [], "the tie goes with the decision");
    }

    async fn two_that_are_named_as_the_same_are_tied_no_more(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let (olga, number) = (cast.viewer("olga").await, company(&cast, other).await.number);
        for (key, this, (end, that)) in [
            ("group", one, (TieEnd::Group, other)), ("turned", other, (TieEnd::Group, one)),
            ("head", one, (TieEnd::Head, other)),
        ] {
            tie(&cast, ("olga", key), this, (end, that)).await.expect("tied");
            let act = cast.act("olga", &format!("named {key}"));
            let pair = actions::name_pair(&act, &olga, one, number).await.expect("named");
            assert_eq!(ends(&cast, one).await, [], "{key}");
            let open = found(&cast, pair).await;
            assert_eq!((open.state, open.decided_at), (PairState::Open, None), "{key}");
            // Taken back, the decision takes the tie with it, whichever of the two was named.
            let tied = format!("tied {key}");
            tie(&cast, ("olga", &tied), this, (end, that)).await.expect("tied");
            let act = cast.act("olga", &format!("back {key}"));
            actions::reopen(&act, &olga, pair).await.expect("taken back");
            assert_eq!(ends(&cast, one).await, [], "{key}");
            let group = Answer::Apart(PairState::Group);
            let open = found(&cast, pair).await;
            decide(&cast, &format!("one {key}"), &open, group).await.expect("decided");
            assert_eq!(ends(&cast, one).await, [("group".to_owned(), other)], "{key}: one tie");
            let act = cast.act("olga", &format!("again {key}"));
            actions::name_pair(&act, &olga, one, number).await.expect("named");
            let different = Answer::Apart(PairState::Different);
            let open = found(&cast, pair).await;
            decide(&cast, &format!("two {key}"), &open, different).await.expect("decided");
            assert_eq!(ends(&cast, one).await, [], "{key}: of no group");
            cast.clock.advance_ms(1_000);
        }
    }

    async fn what_is_decided_of_two_that_are_tied_keeps_or_ends_the_tie(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let olga = cast.viewer("olga").await;
        tie(&cast, ("olga", "tie"), other, (TieEnd::Group, one)).await.expect("tied");
        for (key, state, expected, (tied, untied)) in [
            ("group", PairState::Group, Some("group"), (2, 0)),
            ("branch", PairState::LeftBranch, Some("head"), (4, 2)),
            ("turned", PairState::RightBranch, Some("branch"), (6, 4)),
            ("different", PairState::Different, None, (6, 6)),
        ] {
            // A search of an earlier version asked about the two again and left the tie.
            let mut tx = cast.app.db.begin().await.expect("begins");
            let text = "update duplicate_pairs set state = 'open' where org_id = $1";
            assert_eq!(tx.run(text, vals![cast.org]).await.expect("asked again"), 1);
            tx.commit().await.expect("kept");
            let mut tx = read(&cast).await;
            let waiting = actions::list_waiting(&mut tx, &olga, None, 9).await.expect("reads");
            drop(tx);
            decide(&cast, key, &waiting[0], Answer::Apart(state)).await.expect("decided");
            let expected: Vec<_> =
                expected.into_iter().map(|code| (code.to_owned(), other)).collect();
            assert_eq!(ends(&cast, one).await, expected, "{key}");
            let told = (count(&cast, Kind::CompanyTied).await,
                count(&cast, Kind::CompanyUntied).await);
            assert_eq!(told, (tied, untied), "{key}: an event for each of the two");
            cast.clock.advance_ms(1_000);
        }
    }

    async fn a_tie_that_a_merged_record_lent_is_as_it_was_once_they_part(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let third = add(&cast, "third", flax("Нить", None)).await;
        let pair = named(&cast, "pair", (one, other)).await;
        decide(&cast, "group", &pair, Answer::Apart(PairState::Group)).await.expect("decided");
        for (key, state, expected) in [
            ("different", PairState::Different, vec![]),
            ("branch", PairState::RightBranch, vec![("branch".to_owned(), third)]),
        ] {
            let merged = merge(&cast, key, (other, third), &[]).await.expect("merged");
            assert_eq!(ends(&cast, one).await[0].1, third, "{key}: it is lent");
            let lent = named(&cast, &format!("named {key}"), (one, third)).await;
            let decided = format!("decided {key}");
            decide(&cast, &decided, &lent, Answer::Apart(state)).await.expect("decided");
            assert_eq!(ends(&cast, one).await, expected, "{key}: the last word");
            undo(&cast, &format!("undo {key}"), merged).await.expect("undone");
            let mut both = vec![("group".to_owned(), other)];
            both.extend(expected);
            let mut found_ends = ends(&cast, one).await;
            found_ends.sort_by_key(|(code, _)| code == "branch");
            assert_eq!(found_ends, both, "{key}: as before the merge");
            assert_eq!(ends(&cast, other).await, [("group".to_owned(), one)], "{key}");
            assert_eq!(found(&cast, pair.id).await.state, PairState::Group, "{key}");
            assert_eq!(found(&cast, lent.id).await.state, state, "{key}");
            cast.clock.advance_ms(1_000);
        }
    }

    async fn a_lent_tie_ended_on_the_card_of_the_survivor_goes_back_once_they_part(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let third = add(&cast, "third", flax("Нить", None)).await;
        let made = tie(&cast, ("olga", "tie"), one, (TieEnd::Group, other)).await.expect("tied");
        let merged = merge(&cast, "merge", (other, third), &[]).await.expect("merged");
        assert_eq!(ends(&cast, one).await, [("group".to_owned(), third)], "it is lent");
        let olga = cast.viewer("olga").await;
        actions::untie(&cast.act("olga", "untie"), &olga, made).await.expect("untied");
        assert_eq!(ends(&cast, one).await, []);
        assert_eq!(ends(&cast, third).await, []);
        let again = actions::untie(&cast.act("olga", "again"), &olga, made).await;
        assert!(matches!(again, Err(Error::NotFound)), "it waits and is nobody's: {again:?}");
        assert_eq!(count(&cast, Kind::CompanyUntied).await, 2, "an event for each of the two");
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(ends(&cast, one).await, [("group".to_owned(), other)], "as before");
    }

    async fn a_tie_waits_with_the_record_it_was_decided_for_in_whatever_order_they_part(t: TestDb) {
        let cast = Cast::gather(t).await;
        // Of three that were merged one into the next: decided for the first or the second
        // survivor, parted first the inner ones or the outer ones.
        for (key, is_early, is_inner_first, at) in [
            ("late inner", false, true, Some(1)),
            ("late outer", false, false, Some(2)),
            ("early inner", true, true, Some(1)),
            ("early outer", true, false, None),
        ] {
            let mut all = Vec::new();
            for name in ["Лён", "Клевер", "Нить", "Пряжа"] {
                all.push(add(&cast, &format!("{name} {key}"), flax(name, None)).await);
            }
            let group = |at: usize| vec![("group".to_owned(), all[at])];
            let tied = format!("tie {key}");
            tie(&cast, ("olga", &tied), all[0], (TieEnd::Group, all[1])).await.expect("tied");
            let part = async |survivor: usize| {
                let text = format!("named {key}");
                let lent = named(&cast, &text, (all[0], all[survivor])).await;
                let different = Answer::Apart(PairState::Different);
                let text = format!("different {key}");
                decide(&cast, &text, &lent, different).await.expect("decided");
                assert_eq!(ends(&cast, all[0]).await, [], "{key}: of no group");
            };
            let inner = format!("inner {key}");
            let inner = merge(&cast, &inner, (all[1], all[2]), &[]).await.expect("merged");
            if is_early {
                part(2).await;
            }
            let outer = format!("outer {key}");
            let outer = merge(&cast, &outer, (all[2], all[3]), &[]).await.expect("merged");
            if !is_early {
                part(3).await;
            }
            let (first, last) = if is_inner_first { (inner, outer) } else { (outer, inner) };
            undo(&cast, &format!("first {key}"), first).await.expect("undone");
            assert_eq!(ends(&cast, all[0]).await, at.map(group).unwrap_or_default(), "{key}");
            undo(&cast, &format!("last {key}"), last).await.expect("undone");
            assert_eq!(ends(&cast, all[0]).await, group(1), "{key}: as before");
            cast.clock.advance_ms(1_000);
        }
    }

    async fn a_pair_that_waits_is_named_again_without_an_event(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let (olga, number) = (cast.viewer("olga").await, company(&cast, other).await.number);
        let name = async |key: &str| {
            let act = cast.act("olga", key);
            actions::name_pair(&act, &olga, one, number).await.expect("named")
        };
        let pair = name("new").await;
        assert_eq!(count(&cast, Kind::PairReopened).await, 1, "the two are scored anew");
        assert_eq!(name("known").await, pair);
        assert_eq!(count(&cast, Kind::PairReopened).await, 1, "nothing happened");
        let seen = found(&cast, pair).await;
        decide(&cast, "later", &seen, Answer::Later).await.expect("put off");
        let late = decide(&cast, "late", &seen, Answer::Later).await;
        assert_eq!(code_of(late.expect_err("another version")), "merge-changed");
        let seen = found(&cast, pair).await;
        let different = Answer::Apart(PairState::Different);
        decide(&cast, "different", &seen, different).await.expect("decided");
        let late = decide(&cast, "twice", &seen, Answer::Later).await;
        assert_eq!(code_of(late.expect_err("decided")), "pair-decided");
        assert_eq!(name("anew").await, pair);
        assert_eq!(count(&cast, Kind::PairReopened).await, 2, "it waits again");
        assert_eq!(found(&cast, pair).await.state, PairState::Open);
    }

    async fn a_number_of_nobody_and_one_that_is_not_theirs_to_know_are_told_alike(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let whose = Some(cast.id("sonya"));
        companies::actions::set_lead_in(&mut tx, &act, other, whose, 2).await.expect("led");
        tx.commit().await.expect("kept");
        let gleb = cast.viewer("gleb").await;
        let hidden = tie(&cast, ("gleb", "hidden"), one, (TieEnd::Head, other)).await;
        let nobody =
            actions::tie(&cast.act("gleb", "nobody"), &gleb, one, (TieEnd::Head, 999)).await;
        let told = code_of(hidden.expect_err("not theirs"));
        assert!(told.contains("unknown-company"), "{told}");
        assert_eq!(told, code_of(nobody.expect_err("nobody's")));
        let unseen = tie(&cast, ("gleb", "unseen"), other, (TieEnd::Head, one)).await;
        assert_eq!(code_of(unseen.expect_err("not theirs")), "not-found");
        let itself = tie(&cast, ("olga", "itself"), one, (TieEnd::Head, one)).await;
        assert_eq!(code_of(itself.expect_err("itself")), "merge-itself");
    }

    async fn the_card_takes_a_number_and_shows_the_tie(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let number = format!("№ {}", company(&cast, other).await.number);
        let client = cast.client("olga").await;
        let (path, card) = (format!("/companies/{one}/ties"), format!("/companies/{one}"));
        let form = client.get(&card).await;
        assert!(form.body.contains(&format!("action=\"{path}\"")), "{}", form.body);
        for (end, number) in [("head", "999"), ("head", ""), ("cousin", number.as_str())] {
            let sent = [("is", end), ("number", number)];
            let refused = client.post(&path, &sent).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{end} {number}");
        }
        let sent = [("is", "head"), ("number", number.as_str())];
        let done = client.post(&path, &sent).await;
        assert_eq!(done.location, Some(card.clone()), "{}", done.body);
        let shown = client.get(&card).await;
        assert!(shown.body.contains("Head company: <a"), "{}", shown.body);
        let story = client.get(&format!("{card}/story")).await;
        assert!(story.body.contains("branch and head company"), "{}", story.body);
        assert_eq!(cast.client("boris").await.post(&path, &sent).await.status,
            StatusCode::NOT_FOUND, "a caller ties nothing");
    }

    async fn the_same_over_the_api(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let api = cast.api("olga").await;
        let path = format!("/api/v1/companies/{one}/ties");
        let unknown = api.post(&path, &json!({ "is": "head", "number": 999 })).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
        let number = company(&cast, other).await.number;
        let made = api.post(&path, &json!({ "is": "branch", "number": number })).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let made: Value = serde_json::from_str(&made.body).expect("JSON");
        assert_eq!(made["data"]["is"], "branch");
        assert_eq!(made["data"]["company"], json!(other));
        let twice = api.post(&path, &json!({ "is": "group", "number": number })).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.body);
        let tie = made["data"]["tie"].as_str().expect("an id");
        let ended = api.post(&format!("/api/v1/ties/{tie}/ending"), &json!({})).await;
        assert_eq!(ended.status, StatusCode::OK, "{}", ended.body);
        assert_eq!(ends(&cast, one).await, []);
    }
}
