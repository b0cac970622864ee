use super::*;
use crate::both;
use crate::cast::Cast;

pub(super) fn new_client(cast: &Cast, company: CompanyId, owner: &str) -> NewClient {
    let now = cast.clock.now();
    NewClient {
        company,
        contract: ContractId::fresh(now),
        campaign: None,
        handoff: None,
        owner: cast.id(owner),
        team: cast.teams.get("service").copied(),
    }
}

both! {
    async fn a_second_contract_joins_the_same_client(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("vera", "open");
        let company = CompanyId::fresh(act.now);
        let mut tx = act.db.begin().await.expect("begins");
        let new = new_client(&cast, company, "vera");
        let first = actions::open_in(&mut tx, &act, new).await.expect("opens");
        let new = new_client(&cast, company, "hunter");
        let second = actions::open_in(&mut tx, &act, new).await.expect("joins");
        assert_eq!(first, second);
        let found = store::find_active_for_update(&mut tx, act.org, company).await.expect("reads");
        assert_eq!(found.map(|client| client.owner), Some(cast.id("hunter")));
        for (login, sees, leads) in [("vera", false, 0), ("hunter", true, 1), ("vadim", true, 0)] {
            let scope = cast.viewer(login).await.scope();
            let found = actions::find(&mut tx, &scope, first).await.expect("reads");
            assert_eq!(found.is_some(), sees, "{login}");
            let count = actions::count_led(&mut tx, cast.org, cast.id(login)).await.expect("reads");
            assert_eq!(count, leads, "{login}");
        }
    }
}
