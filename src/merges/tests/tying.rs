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
