//! Offers of somebody who leaves pass on with all else.

use super::*;

both! {
    async fn offers_that_wait_pass_on_with_a_new_clock(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (served, _) = client(&cast, "Ромашка", "vera").await;
        let more = upsell(&cast, served, "vera", "hunter").await;
        let contract = signed(&cast, "hunter").await;
        let waiting = Held { sales_offers: 1, service_offers: 1, ..Held::default() };
        assert_eq!(held(&cast, "hunter").await, waiting);
        cast.clock.advance_ms(600_000);
        let now = cast.clock.now();
        let firm = {
            let mut tx = cast.app.db.read().await.expect("reads");
            people::actions::firm(&mut tx, cast.org).await.expect("a firm")
        };
        for (tier, to, id) in [(Tier::Sales, "sonya", more), (Tier::Service, "vera", contract)] {
            let before = handoff(&cast, id).await;
            assert_eq!(before.receiver.user, Some(cast.id("hunter")), "{tier:?}");
            hand_over(&cast, "olga", "hunter", (tier, to)).await;
            let after = handoff(&cast, id).await;
            let team = if tier == Tier::Sales { "sales" } else { "service" };
            assert_eq!(after.receiver.user, Some(cast.id(to)), "{tier:?}");
            assert_eq!(after.receiver.team, cast.teams.get(team).copied(), "{tier:?}");
            assert!(after.offered_at == now && before.offered_at < now, "{tier:?}");
            assert_eq!(after.due_at, handoffs::clock::due_at(None, &firm, now), "{tier:?}");
            let mut tx = cast.app.db.read().await.expect("reads");
            let story = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
            let told = story.expect("reads").pop().expect("an event");
            assert_eq!(told.kind, Kind::HandoffReassigned, "{tier:?}");
            assert_eq!(told.detail["before"], cast.id("hunter").to_string(), "{tier:?}");
            let whole = cast.id("hunter").to_string();
            let whole = events::list_for_subject(&mut tx, cast.org, &whole).await.expect("reads");
            let whole = whole.last().expect("an event");
            assert_eq!((whole.kind, &whole.detail["offers"]), (Kind::HoldingsPassed, &json!(1)));
        }
        assert!(held(&cast, "hunter").await.is_nothing());
    }

    async fn an_offer_goes_by_turn_where_the_new_person_gave_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (first, _) = client(&cast, "Ромашка", "hunter").await;
        let (second, _) = client(&cast, "Василёк", "hunter").await;
        let more = upsell(&cast, first, "hunter", "sonya").await;
        desk_task(&cast, "sonya").await;
        hand_over(&cast, "sergei", "sonya", (Tier::Sales, "hunter")).await;
        assert_eq!(handoff(&cast, more).await.receiver.user, Some(cast.id("semyon")));
        assert!(held(&cast, "sonya").await.is_nothing(), "the task of the desk goes too");
        assert_eq!(held(&cast, "hunter").await.tasks, 3);
        let act = cast.act("alla", "out");
        people::actions::disable_user(&act, cast.id("sonya")).await.expect("shut out");
        let more = upsell(&cast, second, "hunter", "semyon").await;
        hand_over(&cast, "sergei", "semyon", (Tier::Sales, "hunter")).await;
        let asked = handoff(&cast, more).await.receiver.user;
        assert_eq!(asked, Some(cast.id("sergei")), "nobody else sells: the head is asked");
    }
}
