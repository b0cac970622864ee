use super::*;
use crate::both;
use crate::cast::Cast;
use crate::events::{self, Kind};

#[test]
fn a_promise_is_answered_once_and_a_broken_one_says_why() {
    use PromiseState::*;
    let by = UserId::fresh(Instant(0));
    let promise = Promise {
        id: PromiseId::fresh(Instant(0)),
        number: 1,
        company: CompanyId::fresh(Instant(0)),
        campaign: None,
        words: "Send the offer".to_owned(),
        due_at: Instant(10),
        holder: by,
        holder_team: None,
        made_by: by,
        made_at: Instant(0),
        state: Open,
        note: String::new(),
        answered: None,
        version: 1,
    };
    for (from, to, note, expected) in [
        (Open, Kept, "", true),
        (Open, Released, "", true),
        (Open, Broken, " ", false),
        (Open, Broken, "The courier fell ill", true),
        (Open, Open, "", false),
        (Kept, Broken, "no", false),
        (Broken, Kept, "", false),
        (Released, Kept, "", false),
    ] {
        let before = Promise { state: from, ..promise.clone() };
        let answered = before.answer(by, to, note, Instant(20));
        assert_eq!(answered.is_ok(), expected, "{from:?} → {to:?}");
    }
    assert!(promise.is_overdue(Instant(11)) && !promise.is_overdue(Instant(10)));
}

#[test]
fn a_promise_has_words_and_a_day_that_can_come() {
    for (words, due_at, expected) in [
        ("Call on Tuesday", 1, vec![]),
        ("  ", 1, vec!["promise_words"]),
        ("Call", 0, vec!["promise_due"]),
        ("Call", 1_101 * DAY_MS, vec!["promise_due"]),
        (&"x".repeat(301), 0, vec!["promise_due", "promise_words"]),
    ] {
        let new = NewPromise {
            company: CompanyId::fresh(Instant(0)),
            campaign: None,
            words: words.to_owned(),
            due_at: Instant(due_at),
            holder: None,
        };
        let wrong: Vec<&str> = new.check(Instant(0)).0.into_keys().collect();
        assert_eq!(wrong, expected, "{words} {due_at}");
    }
}

/// Boris promises a company something for tomorrow.
async fn promise(cast: &Cast, company: CompanyId, words: &str) -> PromiseId {
    let act = cast.act("boris", words);
    let mut tx = act.db.begin().await.expect("begins");
    let due_at = act.now.plus_days(1);
    let new = NewPromise { company, campaign: None, words: words.to_owned(), due_at, holder: None };
    let id = actions::make_in(&mut tx, &act, new).await.expect("a promise");
    tx.commit().await.expect("kept");
    id
}

both! {
    async fn promises_travel_with_the_client_and_are_kept_by_who_leads_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let company = CompanyId::fresh(cast.clock.now());
        let first = promise(&cast, company, "Send the offer").await;
        let second = promise(&cast, company, "Bring a sample").await;
        let act = cast.act("boris", "pass");
        let mut tx = act.db.begin().await.expect("begins");
        let to = cast.id("sonya");
        assert_eq!(actions::pass_in(&mut tx, &act, company, to).await.expect("passed"), 2);
        assert_eq!(actions::pass_in(&mut tx, &act, company, to).await.expect("again"), 0);
        tx.commit().await.expect("kept");
        let (boris, sonya) = (cast.viewer("boris").await, cast.viewer("sonya").await);
        let kept = PromiseState::Kept;
        let late = actions::answer(&cast.act("boris", "late"), &boris, first, kept, "").await;
        assert!(matches!(late, Err(Error::NotFound)), "{late:?}");
        for _ in 0..2 {
            let act = cast.act("sonya", "kept");
            actions::answer(&act, &sonya, first, kept, "").await.expect("kept");
        }
        let again = actions::answer(&cast.act("sonya", "again"), &sonya, first, kept, "").await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let open = actions::list_open(&mut tx, cast.org, company).await.expect("reads");
        assert_eq!(open.iter().map(|p| (p.id, p.holder)).collect::<Vec<_>>(), [(second, to)]);
        let story = events::list_for_subject(&mut tx, cast.org, &first.to_string()).await;
        let told: Vec<_> = story.expect("it").iter().map(|e| (e.kind, e.person)).collect();
        let (boris, sonya) = (Some(cast.id("boris")), Some(to));
        assert_eq!(told, [(Kind::PromiseMade, boris), (Kind::PromiseKept, sonya)]);
    }
}
