use super::*;
use crate::both;
use crate::cast::Cast;
use crate::contracts;
use crate::storage::testing::MONDAY;

/// An opportunity led by a person of the cast, in the first stage.
pub async fn opened(cast: &Cast, login: &str, need: &str) -> OpportunityId {
    let act = cast.act(login, &format!("open {need}"));
    let mut tx = act.db.begin().await.expect("begins");
    let owner = cast.viewer(login).await.user;
    let new = NewOpportunity {
        company: CompanyId::fresh(act.now),
        campaign: None,
        handoff: None,
        owner: owner.id,
        team: owner.team,
        is_upsell: false,
        need: need.to_owned(),
        passport: serde_json::json!({ "budget": "100 000" }),
    };
    let id = actions::open_in(&mut tx, &act, new).await.expect("opens");
    tx.commit().await.expect("commits");
    id
}

async fn seen(cast: &Cast, login: &str, id: OpportunityId) -> Option<Opportunity> {
    let scope = cast.viewer(login).await.scope();
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::find(&mut tx, &scope, id).await.expect("finds")
}

fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> &'static str {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.code(),
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

fn details(cast: &Cast) -> Details {
    Details {
        need: "10 signs".to_owned(),
        amount: Some(Money::new(12_000_000, Currency::Rub)),
        next_step: "send the offer".to_owned(),
        next_step_at: Some(cast.clock.now().plus_days(1)),
        expected_close_on: Some(cast.clock.now().plus_days(20)),
    }
}

both! {
    async fn an_opportunity_is_kept_moved_won_and_signed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let sonya = cast.viewer("sonya").await;
        let id = opened(&cast, "sonya", "signs").await;
        for (login, open) in [("sonya", 1), ("semyon", 0)] {
            let mut tx = cast.app.db.read().await.expect("reads");
            let count = actions::count_open(&mut tx, cast.org, cast.id(login)).await;
            assert_eq!(count.expect("reads"), open, "{login}");
        }
        let act = cast.act("sonya", "k");
        let kept = actions::keep_details(&act, &sonya, id, 1, details(&cast)).await;
        assert_eq!(kept.expect("kept"), 2);
        let moved = actions::advance(&cast.act("sonya", "m"), &sonya, id, 2, "offer").await;
        assert_eq!(moved.expect("moved"), 3);
        let stale = actions::advance(&cast.act("sonya", "m2"), &sonya, id, 2, "contract").await;
        assert_eq!(refusal(stale), "opportunity-stale");
        let undone = actions::undo_move(&cast.act("sonya", "u"), &sonya, id).await;
        assert_eq!(undone.expect("undone"), 4);
        let back = seen(&cast, "sonya", id).await.expect("seen");
        assert_eq!((back.stage.as_str(), back.stage_since), ("new", MONDAY));
        let win = actions::Win {
            value: Money::new(10_000_000, Currency::Rub),
            term_from: MONDAY,
            term_to: MONDAY.plus_days(365),
        };
        let act = cast.act("sonya", "w");
        let contract = actions::win(&act, &sonya, id, 4, win.clone()).await.expect("won");
        let again = actions::win(&act, &sonya, id, 4, win).await.expect("the same answer");
        assert_eq!(contract, again);
        let won = seen(&cast, "sonya", id).await.expect("seen");
        assert_eq!((won.state, won.contract), (State::Won, Some(contract)));
        let mut tx = cast.app.db.read().await.expect("reads");
        let signed = contracts::actions::find(&mut tx, &sonya.scope(), contract).await;
        let signed = signed.expect("finds").expect("there");
        assert_eq!((signed.value.minor, signed.paid.minor), (10_000_000, 0));
    }
}
