//! What a line tells, and what becomes of attempts when an engine breaks off.

use super::*;

both! {
    async fn news_that_no_database_takes_hold_up_no_call_for_long(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.note(News::Phone(UserId(uuid::Uuid::nil()), true));
        exchange.step().await.expect_err("nobody has this phone");
        cast.clock.advance_ms(10_000);
        exchange.step().await.expect_err("it is tried again");
        assert!(attempt(&floor, id).await.settled_at.is_none());
        assert!(exchange.line.heard.lock().expect("a line").orders.is_empty());
        cast.clock.advance_ms(20_000);
        exchange.step().await.expect("it is set aside");
        let late = attempt(&floor, id).await;
        assert_eq!(late.end.map(|end| end.cause), Some(EndCause::NotPlaced), "it was too late");
        floor.cast.clock.advance_ms(1_000);
        let grant = floor.lease("boris", "again").await.expect("the same company");
        rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        assert_eq!(exchange.line.heard.lock().expect("a line").orders.len(), 1);
    }

    async fn while_nothing_can_be_written_no_news_are_lost(t: TestDb) {
        let (floor, mut exchange, _) = at_work(t, 1).await;
        let cast = &floor.cast;
        let rename = async |text: &'static str| {
            let mut tx = cast.app.db.begin().await.expect("begins");
            tx.run(text, &[]).await.expect("renamed");
            tx.commit().await.expect("kept");
        };
        // Nothing of this run can be written, though everything can be read.
        rename("alter table exchanges rename to exchanges_away").await;
        exchange.note(News::Phone(UserId(uuid::Uuid::nil()), true));
        for _ in 0..4 {
            exchange.step().await.expect_err("it is tried again");
            cast.clock.advance_ms(20_000);
        }
        rename("alter table exchanges_away rename to exchanges").await;
        exchange.step().await.expect("only now it goes");
    }

    async fn what_comes_twice_late_or_in_disorder_settles_once(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        let mut events = rig::ended(cast, id, busy());
        events.reverse();
        keep(&floor, &events).await;
        keep(&floor, &events).await;
        let again = actions::keep(&rig::act(cast), &events[0], 30).await.expect("is known");
        assert_eq!(again, Taken::Known);
        // Another course under the same numbers is no course.
        let other = rig::ended(cast, id, failed());
        keep(&floor, &other).await;
        let over = attempt(&floor, id).await;
        let end = over.end.expect("an end");
        assert_eq!((end.cause, end.q850), (EndCause::Busy, Some(17)));
        assert_eq!(over.measured.ring_ms, Some(90));
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
        let strange = CallEvent { attempt: any_attempt(), ..events[0].clone() };
        let strange = actions::keep(&rig::act(cast), &strange, 30).await.expect("is nobody's");
        assert_eq!(strange, Taken::Known);
    }

    async fn an_order_that_is_old_is_not_dialled(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let id = rig::place(&floor.cast, "boris", grant).await.expect("is placed");
        floor.cast.clock.advance_ms(20_000);
        exchange.step().await.expect("a step");
        assert!(exchange.line.heard.lock().expect("a line").orders.is_empty());
        assert_eq!(attempt(&floor, id).await.end.map(|e| e.cause), Some(EndCause::NotPlaced));
    }

    async fn what_a_dead_engine_left_open_is_settled_once_and_never_dialled_again(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        let events = rig::answered(cast, id, "a.wav");
        keep(&floor, &events[..4]).await;
        assert_eq!(attempt(&floor, id).await.state, State::Answered);
        drop(exchange);
        // The place has one socket, so who listens there now says that the other is gone.
        let line = Played::default();
        let mut next = rig::connect(cast, line, &[]).await;
        next.step().await.expect("a step");
        let left = attempt(&floor, id).await;
        assert_eq!(left.end.map(|end| end.cause), Some(EndCause::Interrupted));
        assert_eq!(left.measured.answered_at, Some(events[3].at), "what was measured stays");
        assert!(next.line.heard.lock().expect("a line").orders.is_empty(), "nobody is redialled");
        assert!(floor.lead(grant.lead).await.awaits_result, "in doubt a person says how it went");
        // What the dead one had told and was late changes no settlement.
        keep(&floor, &events[4..]).await;
        let late = attempt(&floor, id).await;
        assert_eq!(late.end.map(|end| end.cause), Some(EndCause::Interrupted));
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
        actions::give_up(&rig::act(cast), id).await.expect("nothing is left to do");
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
    }

    async fn what_a_line_knows_nothing_of_is_not_dialled_but_settled(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let id = rig::place(&floor.cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        exchange.line.heard.lock().expect("a line").known.clear();
        exchange.step().await.expect("a step");
        assert!(attempt(&floor, id).await.settled_at.is_none(), "a line may be slow");
        floor.cast.clock.advance_ms(16_000);
        exchange.step().await.expect("a step");
        assert_eq!(attempt(&floor, id).await.end.map(|e| e.cause), Some(EndCause::Interrupted));
        assert_eq!(exchange.line.heard.lock().expect("a line").orders.len(), 1);
    }

    async fn an_engine_that_ends_settles_what_it_has(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        let news = Arc::clone(&exchange.line.news);
        for event in rig::answered(cast, id, "a.wav") {
            news.lock().expect("a line").push_back(News::Call(event));
        }
        exchange.end().await;
        assert_eq!(attempt(&floor, id).await.end.map(|e| e.cause), Some(EndCause::Answered));
        let mut tx = cast.app.db.read().await.expect("reads");
        let now = cast.clock.now();
        let since = (accounts::alive_since(now), now);
        let alive = lines::find_exchange(&mut tx, cast.org, since).await.expect("reads");
        assert_eq!(alive, None);
    }
}
