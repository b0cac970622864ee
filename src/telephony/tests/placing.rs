//! How calls are placed, hung up and filed, under lease and admission.

use super::*;

both! {
    async fn a_call_is_placed_measured_and_filed(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        assert_eq!(attempt(&floor, id).await.state, State::Asked);
        exchange.step().await.expect("a step");
        exchange.step().await.expect("a step");
        let orders = exchange.line.heard.lock().expect("a line").orders.clone();
        assert_eq!(orders.len(), 1, "an order is dialled once: {orders:?}");
        assert!(orders[0].number.starts_with("+7495") && orders[0].attempt == id);
        assert_eq!(attempt(&floor, id).await.state, State::Taken);
        for event in rig::answered(cast, id, "a.wav") {
            exchange.note(News::Call(event));
        }
        exchange.step().await.expect("a step");
        let over = attempt(&floor, id).await;
        let end = over.end.expect("an end");
        assert_eq!((over.state, end.by), (State::Ended, EndedBy::Far));
        assert_eq!(end.cause, EndCause::Answered);
        assert_eq!((end.status, end.q850), (Some(200), Some(16)));
        assert_eq!((over.measured.talk_ms, over.attested_at), (Some(65_000), None));
        assert!(floor.lead(grant.lead).await.awaits_result);
        // Time and another wish change nothing: the company stays, and no other comes.
        cast.clock.advance_ms(DAY_MS);
        cast.settle().await;
        crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        let again = floor.lease("boris", "2").await.expect("the same company");
        assert_eq!((again.lead, again.generation), (grant.lead, grant.generation));
        let boris = cast.viewer("boris").await;
        let held = (grant.lead, grant.generation);
        let act = cast.act("boris", "skip");
        let skipped = leasing::release(&act, &boris, held, SkipReason::Other).await;
        assert_eq!(refused(skipped), "lead-awaits-result");
        let anna = cast.viewer("anna").await;
        let taken = leasing::take_back(&cast.act("anna", "take"), &anna, held).await;
        assert_eq!(refused(taken), "lead-awaits-result");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "lead-awaits-result");
        assert_eq!(floor.events(Kind::AttemptBegun).await.len(), 1);
        assert_eq!(floor.events(Kind::AttemptEnded).await.len(), 1);
    }

    async fn a_long_talk_is_no_break(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let since = async || {
            let mut tx = cast.app.db.read().await.expect("reads");
            let of = cast.id("boris");
            resting::find_working_since(&mut tx, cast.org, of).await.expect("reads")
        };
        let began = since().await.expect("he works");
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        keep(&floor, &rig::answered(cast, id, "a.wav")).await;
        cast.clock.advance_ms(50 * MINUTE_MS);
        floor.lease("boris", "2").await.expect("the same company");
        assert_eq!(since().await, Some(began), "he talked for fifty minutes");
        let path = format!("/leads/{}/calls", grant.lead);
        let generation = grant.generation.to_string();
        let fields =
            [("generation", generation.as_str()), ("outcome", "not_now"), ("then", "pause"),
                ("nurture", "in 2 months")];
        assert_eq!(cast.client("boris").await.post(&path, &fields).await.status, 303);
        cast.clock.advance_ms(50 * MINUTE_MS);
        floor.lease("boris", "3").await.expect("the next");
        assert!(since().await > Some(began), "and then was away");
    }

    async fn who_was_shut_out_leaves_no_company_behind_for_ever(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        keep(&floor, &rig::answered(cast, id, "a.wav")).await;
        let out = cast.act("alla", "out");
        crate::people::actions::disable_user(&out, cast.id("boris")).await.expect("is out");
        let anna = cast.viewer("anna").await;
        let act = cast.act("anna", "take");
        let seen = (grant.lead, grant.generation);
        leasing::take_back(&act, &anna, seen).await.expect("is taken back");
        let lead = floor.lead(grant.lead).await;
        assert!(!lead.awaits_result && lead.lease.is_none());
    }

    async fn admission_is_asked_again_when_a_call_begins(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        // 21:00 in Moscow; the lease was renewed meanwhile.
        cast.clock.advance_ms(11 * HOUR_MS);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let gone = lines::list_gone(&mut tx, cast.org, cast.clock.now()).await.expect("reads");
        assert!(gone.is_empty(), "nothing is open");
        drop(tx);
        let _again = rig::connect(cast, Played::default(), &["boris"]).await;
        let denied = rig::place(cast, "boris", grant).await.expect_err("is denied");
        let Error::Refused(refusal) = denied else { panic!("{denied}") };
        assert_eq!(refusal.code(), "call-denied");
        let args: std::collections::BTreeMap<_, _> = refusal.args().into_iter().collect();
        assert_eq!((args["rule"].as_str(), args["until"].as_str()), ("hours", "03.11.2026 09:00"));
        assert_eq!(args["until_at"], "2026-11-03T06:00:00Z");
        assert!(floor.events(Kind::AttemptBegun).await.is_empty(), "nothing was begun");
        assert!(!floor.lead(grant.lead).await.awaits_result);
        let told = floor.events(Kind::CallDenied).await;
        let told: Vec<_> = told.iter().map(|one| (one.company, one.reason.as_deref())).collect();
        assert_eq!(told, [(Some(grant.company), Some("hours"))], "that it was refused is kept");
        // A ban in between is seen as well.
        cast.clock.set(MONDAY.plus_days(1));
        let _again = rig::connect(cast, Played::default(), &["boris"]).await;
        let anna = cast.act("anna", "ban");
        let mut tx = anna.db.begin().await.expect("begins");
        let ban = companies::Suppress {
            whom: companies::suppression::Whom::Company(grant.company),
            channel: companies::Channel::All,
            reason: companies::SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &anna, ban).await.expect("is banned");
        tx.commit().await.expect("commits");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "call-denied");
    }

    async fn a_ban_after_the_click_keeps_the_line_from_dialling(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        let anna = cast.act("anna", "ban");
        let mut tx = anna.db.begin().await.expect("begins");
        let ban = companies::Suppress {
            whom: companies::suppression::Whom::Company(grant.company),
            channel: companies::Channel::All,
            reason: companies::SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &anna, ban).await.expect("is banned");
        tx.commit().await.expect("commits");
        exchange.step().await.expect("a step");
        assert!(exchange.line.heard.lock().expect("a line").orders.is_empty(), "nobody is called");
        let end = attempt(&floor, id).await.end.map(|end| (end.cause, end.by));
        assert_eq!(end, Some((EndCause::NumberNotAllowed, EndedBy::Engine)));
        assert!(!floor.lead(grant.lead).await.awaits_result, "there is nothing to say of it");
        let page = cast.client("boris").await.get(&format!("/leads/{}", grant.lead)).await;
        assert_eq!(page.status, 200, "{}", page.body);
        // Whoever still sees the card learns why, by the engine and by the link.
        let again = rig::place(cast, "boris", grant).await.expect_err("is denied");
        let Error::Refused(refusal) = again else { panic!("{again}") };
        let args: std::collections::BTreeMap<_, _> = refusal.args().into_iter().collect();
        assert_eq!((refusal.code(), args["rule"].as_str()), ("call-denied", "suppressed"));
        let path = format!("/leads/{}/attempts", grant.lead);
        let generation = grant.generation.to_string();
        let fields = [("generation", generation.as_str()), ("by", "link")];
        let denied = cast.client("boris").await.post(&path, &fields).await;
        assert_eq!(denied.status, 409);
        assert!(denied.body.contains("is banned"), "{}", denied.body);
    }

    async fn a_number_that_was_corrected_after_the_click_is_not_dialled(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        let phone = attempt(&floor, id).await.phone.expect("a number");
        let (boris, act) = (cast.viewer("boris").await, cast.act("boris", "wrong"));
        let wrong = companies::Standing::Wrong;
        companies::actions::set_standing(&act, &boris, phone, wrong).await.expect("is said");
        exchange.step().await.expect("a step");
        assert!(exchange.line.heard.lock().expect("a line").orders.is_empty());
        let end = attempt(&floor, id).await.end.map(|end| end.cause);
        assert_eq!(end, Some(EndCause::NumberNotAllowed));
    }

    async fn lease_and_generation_are_checked_and_a_key_places_once(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let stale = Grant { generation: grant.generation + 1, ..grant };
        assert_eq!(refused(rig::place(cast, "boris", stale).await), "lead-stale-lease");
        for login in ["bella", "grisha"] {
            let told = rig::place(cast, login, grant).await.expect_err("knows nothing of it");
            assert!(matches!(told, Error::NotFound), "{login}");
        }
        let boris = cast.viewer("boris").await;
        let phone = cast.id("boris").to_string();
        let wrong = AttemptForm { generation: 1, phone, by: String::new() };
        let act = cast.act("boris", "wrong");
        let wrong = actions::place(&act, &boris, grant.lead, &wrong).await.expect_err("no number");
        assert!(matches!(wrong, Error::Invalid(_)));
        let (phone, by) = (String::new(), String::new());
        let form = AttemptForm { generation: grant.generation, phone, by };
        let act = cast.act("boris", "once");
        let one = actions::place(&act, &boris, grant.lead, &form).await.expect("is placed");
        let two = actions::place(&act, &boris, grant.lead, &form).await.expect("the same answer");
        assert_eq!(one, two);
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "attempt-under-way");
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = actions::list_of_lead(&mut tx, cast.org, grant.lead).await.expect("reads");
        assert_eq!(all.len(), 1);
    }

    async fn without_a_phone_or_a_trunk_nothing_is_placed(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "phone-not-here");
        let mut exchange = rig::connect(cast, Played::default(), &["boris"]).await;
        exchange.note(News::Trunk(false));
        exchange.step().await.expect("a step");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "trunk-down");
        exchange.note(News::Trunk(true));
        exchange.note(News::Phone(cast.id("boris"), false));
        exchange.step().await.expect("a step");
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "phone-not-here");
        exchange.note(News::Phone(cast.id("boris"), true));
        exchange.step().await.expect("a step");
        cast.clock.advance_ms(accounts::SILENCE_MS + 1);
        assert_eq!(refused(rig::place(cast, "boris", grant).await), "phone-not-here");
    }

    async fn what_was_no_attempt_frees_the_lease(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        keep(&floor, &rig::ended(cast, id, failed())).await;
        assert!(!floor.lead(grant.lead).await.awaits_result);
        let again = rig::place(cast, "boris", grant).await.expect("is placed again");
        assert_ne!(again, id);
        keep(&floor, &rig::ended(cast, again, busy())).await;
        assert!(floor.lead(grant.lead).await.awaits_result, "somebody says how it went");
    }

    async fn a_caller_hangs_up_before_and_after_it_was_taken(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let boris = cast.viewer("boris").await;
        let first = rig::place(cast, "boris", grant).await.expect("is placed");
        let bella = cast.viewer("bella").await;
        let strange = actions::hang_up(&cast.act("bella", "x"), &bella, first).await;
        assert!(matches!(strange.expect_err("is not hers"), Error::NotFound));
        actions::hang_up(&cast.act("boris", "x1"), &boris, first).await.expect("hangs up");
        exchange.step().await.expect("a step");
        assert!(exchange.line.heard.lock().expect("a line").orders.is_empty(), "nobody was called");
        assert_eq!(attempt(&floor, first).await.end.map(|e| e.cause), Some(EndCause::Cancelled));
        let over = actions::hang_up(&cast.act("boris", "x2"), &boris, first).await;
        assert_eq!(refused(over), "attempt-over-already");
        let second = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        actions::hang_up(&cast.act("boris", "x3"), &boris, second).await.expect("hangs up");
        exchange.step().await.expect("a step");
        assert_eq!(exchange.line.heard.lock().expect("a line").hung_up, [second]);
    }

    async fn results_are_filed_for_what_was_measured_and_otherwise_attested(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 2).await;
        let cast = &floor.cast;
        let held = (grant.lead, grant.generation);
        let filed = Filed {
            call: CallId::fresh(MONDAY),
            grant: held,
            company: grant.company,
            campaign: floor.campaign,
            caller: cast.id("boris"),
            phone: None,
        };
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        let act = cast.act("boris", "file");
        let mut tx = act.db.begin().await.expect("begins");
        let all = actions::list_of_lease(&mut tx, cast.org, held).await.expect("reads");
        let is_measured = actions::file_in(&mut tx, &act, &all, filed).await.expect("files");
        assert!(is_measured);
        tx.commit().await.expect("commits");
        let under_way = attempt(&floor, id).await;
        assert_eq!(under_way.call, Some(filed.call));
        assert!(under_way.hang_up_at.is_some(), "what still talks is hung up");
        keep(&floor, &rig::answered(cast, id, "a.wav")).await;
        let mut tx = act.db.begin().await.expect("begins");
        let all = actions::list_of_lease(&mut tx, cast.org, held).await.expect("reads");
        let placed = attempt(&floor, id).await;
        assert_eq!(actions::dialled(&all), Some((placed.caller, placed.phone)));
        actions::unfile_in(&mut tx, &act, filed.call, held).await.expect("is taken back");
        tx.commit().await.expect("commits");
        assert_eq!(attempt(&floor, id).await.call, None);
        assert!(floor.lead(grant.lead).await.awaits_result);
        let bella = floor.lease("bella", "1").await.expect("a company");
        let by_link = Filed {
            call: CallId::fresh(MONDAY),
            grant: (bella.lead, bella.generation),
            company: bella.company,
            caller: cast.id("bella"),
            ..filed
        };
        let act = cast.act("bella", "file");
        let mut tx = act.db.begin().await.expect("begins");
        assert!(!actions::file_in(&mut tx, &act, &[], by_link).await.expect("files"));
        tx.commit().await.expect("commits");
        let mut tx = act.db.read().await.expect("reads");
        let all = actions::list_of_lease(&mut tx, cast.org, by_link.grant).await.expect("reads");
        let [one] = all.as_slice() else { panic!("one attempt: {all:?}") };
        assert_eq!((one.origin, one.attested_at), (Origin::Link, Some(cast.clock.now())));
        assert_eq!((one.measured, one.end), (Measured::default(), None));
    }

    async fn an_old_policy_of_leases_is_untouched_by_calls_by_link(t: TestDb) {
        let policy = CallingPolicy { lease_seconds: 60, ..CallingPolicy::default() };
        let floor = Floor::with_policy(t, 1, policy).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        floor.cast.clock.advance_ms(61_000);
        let next = floor.lease("bella", "1").await.expect("the same company");
        assert_eq!((next.lead, next.generation), (grant.lead, grant.generation + 1));
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        let org = floor.cast.org;
        let grant = (next.lead, next.generation);
        let none = store::list_of_lease(&mut tx, org, grant).await.expect("reads");
        assert!(none.is_empty());
    }
}
