mod doors;

use super::lists::{Card, Filter, Mark, Range, Who};
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::contracts;
use crate::people::Reach;
use crate::storage::testing::MONDAY;
use crate::web::Cursor;

/// An opportunity led by a person of the cast, in the first stage; the company bears the name.
pub async fn opened(cast: &Cast, login: &str, name: &str) -> OpportunityId {
    let act = cast.act(login, &format!("open {name}"));
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewCompany { name: name.to_owned(), ..NewCompany::default() };
    let company = companies::actions::add_in(&mut tx, &act, new).await.expect("adds");
    let owner = cast.viewer(login).await.user;
    let new = NewOpportunity {
        company,
        campaign: None,
        handoff: None,
        owner: owner.id,
        team: owner.team,
        is_upsell: false,
        need: String::new(),
        passport: serde_json::json!({ "budget": "100 000", "who": "director", "colour": "red" }),
        next: None,
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

fn wrong<T: std::fmt::Debug>(outcome: Outcome<T>) -> Vec<(&'static str, &'static str)> {
    match outcome {
        Err(Error::Invalid(fields)) => fields.0.iter().map(|(f, p)| (*f, p.code)).collect(),
        other => panic!("wrong fields were expected, not {other:?}"),
    }
}

fn roubles(major: i64) -> Money {
    Money::new(major * 100, Currency::Rub)
}

fn details() -> Details {
    Details {
        need: "10 signs".to_owned(),
        amount: Some(roubles(120_000)),
        next_step: "send the offer".to_owned(),
        next_step_at: Some(MONDAY.plus_days(1)),
        expected_close_on: Some(MONDAY.plus_days(20)),
    }
}

fn terms() -> actions::Win {
    actions::Win { value: roubles(100_000), term_from: MONDAY, term_to: MONDAY.plus_days(365) }
}

fn fresh() -> Opportunity {
    Opportunity {
        id: OpportunityId::fresh(MONDAY),
        number: 1,
        company: CompanyId::fresh(MONDAY),
        campaign: None,
        handoff: None,
        owner: UserId::fresh(MONDAY),
        team: None,
        is_upsell: false,
        passport: Value::Null,
        need: String::new(),
        amount: None,
        next_step: String::new(),
        next_step_at: None,
        expected_close_on: None,
        stage: "new".to_owned(),
        stage_since: MONDAY,
        stuck_at: MONDAY.plus_days(3),
        state: State::Open,
        loss_reason: None,
        loss_note: None,
        closed_at: None,
        contract: None,
        opened_at: MONDAY,
        version: 1,
    }
}

#[test]
fn a_stage_is_left_forward_when_everything_on_the_way_is_known() {
    let stages = stages::defaults();
    let known = fresh().set(1, details()).expect("details are right");
    let at = |o: &Opportunity, stage: &str| Opportunity { stage: stage.to_owned(), ..o.clone() };
    let nothing: &[&str] = &[];
    for (o, to, missing) in [
        (fresh(), "meeting", &["next_step"][..]),
        (fresh(), "need", &["need", "next_step"]),
        (fresh(), "contract", &["amount", "expected_close_on", "need", "next_step"]),
        (known.clone(), "contract", nothing),
        (at(&fresh(), "negotiation"), "contract", &["amount", "expected_close_on"]),
        (at(&fresh(), "negotiation"), "new", nothing),
        (Opportunity { next_step: "call".to_owned(), ..fresh() }, "meeting", &["next_step_at"]),
    ] {
        let moved = o.advance(o.version, to, &stages, MONDAY);
        match missing {
            [] => assert_eq!(moved.expect("moves").stage, to),
            _ => {
                let fields: Vec<&str> = wrong(moved).into_iter().map(|(field, _)| field).collect();
                assert_eq!(fields, missing, "{} → {to}", o.stage);
            }
        }
    }
}

#[test]
fn a_move_is_refused_where_it_makes_no_sense() {
    let stages = stages::defaults();
    let o = fresh().set(1, details()).expect("details are right");
    let lost = o.lose(2, LossReason::Price, "too dear", MONDAY).expect("loses");
    let won = o.win(2, ContractId::fresh(MONDAY), roubles(1), MONDAY).expect("wins");
    for (o, seen, to, expected) in [
        (&o, 1, "need", "opportunity-stale"),
        (&o, 2, "new", "opportunity-already-there"),
        (&lost, 3, "need", "opportunity-already-lost"),
        (&won, 3, "need", "opportunity-already-won"),
    ] {
        assert_eq!(refusal(o.advance(seen, to, &stages, MONDAY)), expected);
    }
    assert_eq!(wrong(o.advance(2, "won", &stages, MONDAY)), [("stage", "unknown-choice")]);
    assert_eq!(refusal(o.reopen(2, &stages, MONDAY)), "opportunity-not-lost");
    assert_eq!(refusal(won.reopen(3, &stages, MONDAY)), "opportunity-not-lost");
    let back = lost.reopen(3, &stages, MONDAY.plus_days(9)).expect("reopens");
    assert_eq!(
        (back.state, back.loss_reason, back.stuck_at),
        (State::Open, None, MONDAY.plus_days(12),)
    );
}

#[test]
fn only_one_s_own_fresh_move_is_taken_back() {
    let stages = stages::defaults();
    let by = Some(UserId::fresh(MONDAY));
    let before = fresh().set(1, details()).expect("details are right");
    let later = MONDAY.plus_days(2);
    let moved = before.advance(2, "need", &stages, later).expect("moves");
    let made = Move {
        from: "new".to_owned(),
        to: "need".to_owned(),
        since_before: MONDAY,
        version: 3,
        is_reversal: false,
        at: later,
        by,
    };
    let back = moved.undo(&made, by, &stages, later.plus_ms(UNDO_MS)).expect("undone");
    assert_eq!(
        (back.stage.as_str(), back.stage_since, back.stuck_at),
        ("new", MONDAY, MONDAY.plus_days(3),)
    );
    let too_late = moved.undo(&made, by, &stages, later.plus_ms(UNDO_MS + 1));
    assert_eq!(refusal(too_late), "move-too-late-to-undo");
    assert_eq!(refusal(moved.undo(&made, None, &stages, later)), "move-too-late-to-undo");
    let twice = Move { is_reversal: true, ..made.clone() };
    assert_eq!(refusal(moved.undo(&twice, by, &stages, later)), "move-too-late-to-undo");
    let changed = moved.set(3, details()).expect("details are right");
    assert_eq!(refusal(changed.undo(&made, by, &stages, later)), "opportunity-stale");
}

#[test]
fn details_and_losses_are_checked() {
    let long = "щ".repeat(10_000);
    for (details, expected) in [
        (Details { need: long.clone(), ..Details::default() }, vec![("need", "too-long")]),
        (
            Details { next_step: "call".to_owned(), ..Details::default() },
            vec![("next_step_at", "required")],
        ),
        (
            Details { next_step_at: Some(MONDAY), ..Details::default() },
            vec![("next_step", "required")],
        ),
        (
            Details { amount: Some(roubles(0)), ..Details::default() },
            vec![("amount", "sum-nought")],
        ),
        (
            Details { amount: Some(roubles(i64::MAX / 100)), ..Details::default() },
            vec![("amount", "money-too-large")],
        ),
    ] {
        assert_eq!(wrong(fresh().set(1, details)), expected);
    }
    let lost = |note: &str| fresh().lose(1, LossReason::Other, note, MONDAY);
    assert_eq!(wrong(lost(" ")), [("note", "required")]);
    assert_eq!(wrong(lost(&long)), [("note", "too-long")]);
}

#[test]
fn a_range_is_never_wider_than_its_reader_s_scope() {
    let org = OrgId::fresh(MONDAY);
    let user = UserId::fresh(MONDAY);
    let team = TeamId::fresh(MONDAY);
    let scope = |reach, team| crate::people::Scope { org, user, team, reach };
    for (reach, has_team, asked, expected) in [
        (Reach::Own, true, "all", Range::Own(user)),
        (Reach::Own, true, "team", Range::Own(user)),
        (Reach::Team, true, "", Range::Team(team)),
        (Reach::Team, true, "all", Range::Team(team)),
        (Reach::Team, true, "mine", Range::Own(user)),
        (Reach::Team, false, "team", Range::Own(user)),
        (Reach::All, false, "", Range::Firm(org)),
        (Reach::All, false, "team", Range::Firm(org)),
        (Reach::All, true, "team", Range::Team(team)),
        (Reach::All, true, "nonsense", Range::Firm(org)),
    ] {
        let scope = scope(reach, has_team.then_some(team));
        let found = Range::of(&scope, Who::asked(asked, &scope));
        assert_eq!(found, expected, "{reach:?} {asked}");
    }
}

both! {
    async fn an_opportunity_is_kept_moved_won_and_signed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let sonya = cast.viewer("sonya").await;
        let id = opened(&cast, "sonya", "Лён").await;
        let act = cast.act("sonya", "k");
        let kept = actions::keep_details(&act, &sonya, id, 1, details()).await;
        assert_eq!(kept.expect("kept"), 2);
        let moved = actions::advance(&cast.act("sonya", "m"), &sonya, id, 2, "offer").await;
        assert_eq!(moved.expect("moved"), 3);
        let stale = actions::advance(&cast.act("sonya", "m2"), &sonya, id, 2, "contract").await;
        assert_eq!(refusal(stale), "opportunity-stale");
        let undone = actions::undo_move(&cast.act("sonya", "u"), &sonya, id).await;
        assert_eq!(undone.expect("undone"), 4);
        let back = seen(&cast, "sonya", id).await.expect("seen");
        assert_eq!((back.stage.as_str(), back.stage_since), ("new", MONDAY));
        let act = cast.act("sonya", "w");
        let contract = actions::win(&act, &sonya, id, 4, terms()).await.expect("won");
        let again = actions::win(&act, &sonya, id, 4, terms()).await.expect("the same answer");
        assert_eq!(contract, again);
        let won = seen(&cast, "sonya", id).await.expect("seen");
        assert_eq!((won.state, won.contract), (State::Won, Some(contract)));
        let mut tx = cast.app.db.read().await.expect("reads");
        let signed = contracts::actions::find(&mut tx, &sonya.scope(), contract).await;
        let signed = signed.expect("finds").expect("there");
        assert_eq!((signed.value.minor, signed.paid.minor), (10_000_000, 0));
    }

    async fn a_lost_one_tells_why_and_may_be_taken_up_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let sonya = cast.viewer("sonya").await;
        let id = opened(&cast, "sonya", "Лён").await;
        let reason = (LossReason::Competitor, "took the cheaper one");
        let act = cast.act("sonya", "l");
        assert_eq!(actions::lose(&act, &sonya, id, 1, reason).await.expect("lost"), 2);
        let lost = seen(&cast, "sonya", id).await.expect("seen");
        assert_eq!(lost.loss_reason, Some(LossReason::Competitor));
        assert_eq!(lost.loss_note.as_deref(), Some("took the cheaper one"));
        let won = actions::win(&cast.act("sonya", "w"), &sonya, id, 2, terms()).await;
        assert_eq!(refusal(won), "opportunity-already-lost");
        let act = cast.act("sonya", "r");
        assert_eq!(actions::reopen(&act, &sonya, id, 2).await.expect("reopened"), 3);
        assert_eq!(seen(&cast, "sonya", id).await.expect("seen").state, State::Open);
    }

    async fn of_two_who_move_at_once_one_is_told_so(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён").await;
        let sonya = cast.viewer("sonya").await;
        let act = cast.act("sonya", "k");
        actions::keep_details(&act, &sonya, id, 1, details()).await.expect("kept");
        let head = cast.viewer("sergei").await;
        let (one, other) = (cast.act("sonya", "m"), cast.act("sergei", "m"));
        let (one, other) = tokio::join!(
            actions::advance(&one, &sonya, id, 2, "need"),
            actions::advance(&other, &head, id, 2, "offer"),
        );
        let (kept, told) = if one.is_ok() { (one, other) } else { (other, one) };
        assert_eq!(kept.expect("one is kept"), 3);
        assert_eq!(refusal(told), "opportunity-stale");
    }

    async fn a_win_with_wrong_terms_changes_nothing(t: TestDb) {
        let cast = Cast::gather(t).await;
        let id = opened(&cast, "sonya", "Лён").await;
        let sonya = cast.viewer("sonya").await;
        let backwards = actions::Win { term_to: MONDAY.plus_days(-1), ..terms() };
        let refused = actions::win(&cast.act("sonya", "w"), &sonya, id, 1, backwards).await;
        assert_eq!(wrong(refused), [("term_to", "term-backwards")]);
        let endless = actions::Win { term_to: MONDAY.plus_days(4_000), ..terms() };
        let refused = actions::win(&cast.act("sonya", "w2"), &sonya, id, 1, endless).await;
        assert_eq!(wrong(refused), [("term_to", "term-too-long")]);
        let free = actions::Win { value: roubles(0), ..terms() };
        let refused = actions::win(&cast.act("sonya", "w3"), &sonya, id, 1, free).await;
        assert_eq!(wrong(refused), [("value", "sum-nought")]);
        assert_eq!(seen(&cast, "sonya", id).await.expect("seen").version, 1);
    }

    async fn a_handoff_opens_one_opportunity(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("sonya", "open");
        let served = opened(&cast, "sonya", "Цех").await;
        let new = NewOpportunity {
            company: seen(&cast, "sonya", served).await.expect("seen").company,
            campaign: None,
            handoff: Some(HandoffId::fresh(act.now)),
            owner: cast.id("sonya"),
            team: None,
            is_upsell: true,
            need: "щ".repeat(10_000),
            passport: serde_json::json!({}),
            next: None,
        };
        let mut tx = act.db.begin().await.expect("begins");
        let id = actions::open_in(&mut tx, &act, new.clone()).await.expect("opens");
        let twice = actions::open_in(&mut tx, &act, new).await;
        assert_eq!(refusal(twice), "opportunity-already-opened");
        tx.commit().await.expect("commits");
        assert_eq!(seen(&cast, "sonya", id).await.expect("seen").need.chars().count(), TEXT_MAX);
    }

    async fn the_board_and_the_table_show_what_is_in_range(t: TestDb) {
        let cast = Cast::gather(t).await;
        let sonya = cast.viewer("sonya").await;
        let first = opened(&cast, "sonya", "Лён").await;
        let second = opened(&cast, "sonya", "Мёд").await;
        opened(&cast, "semyon", "Воск").await;
        let act = cast.act("sonya", "k");
        actions::keep_details(&act, &sonya, first, 1, details()).await.expect("kept");
        let now = MONDAY.plus_days(4);
        let mut tx = cast.app.db.read().await.expect("reads");
        let led = actions::count_open(&mut tx, cast.org, sonya.id()).await.expect("counts");
        assert_eq!(led, 2);
        let own = Range::Own(sonya.id());
        let columns = actions::board(&mut tx, cast.org, &own).await.expect("a board");
        let names: Vec<&str> =
            columns[0].cards.iter().map(|card| card.company_name.as_str()).collect();
        // What has no next step wants something first.
        assert_eq!((columns.len(), names), (6, vec!["Мёд", "Лён"]));
        assert_eq!((columns[0].count, &columns[0].sums), (2, &vec![roubles(120_000)]));
        assert_eq!(columns[0].cards[0].marks(now), [Mark::NoStep, Mark::Stuck]);
        assert_eq!(columns[0].cards[1].marks(now), [Mark::Late, Mark::Stuck]);
        assert_eq!(columns[0].cards[1].days_in_stage(now), 4);
        for (range, expected) in [
            (own, 2),
            (Range::Team(sonya.user.team.expect("a team")), 3),
            (Range::Firm(cast.org), 3),
        ] {
            let columns = actions::board(&mut tx, cast.org, &range).await.expect("a board");
            assert_eq!(columns[0].count, expected, "{range:?}");
            let filter =
                Filter { range, state: State::Open, stage: String::new(), mark: None };
            let slice = actions::list(&mut tx, cast.org, &filter, &Cursor::default(), now).await;
            assert_eq!(slice.expect("a table").rows.len() as i64, expected, "{range:?}");
        }
        let table = async |tx: &mut crate::storage::Tx, stage: &str, mark, cursor: Cursor| {
            let stage = stage.to_owned();
            let filter = Filter { range: own, state: State::Open, stage, mark };
            actions::list(tx, cast.org, &filter, &cursor, now).await.expect("a table")
        };
        let ids = |rows: &[Card]| rows.iter().map(|card| card.id).collect::<Vec<_>>();
        for (stage, mark, expected) in [
            ("", None, vec![second, first]),
            ("new", Some(Mark::Stuck), vec![second, first]),
            ("", Some(Mark::NoStep), vec![second]),
            ("", Some(Mark::Late), vec![first]),
            ("offer", None, vec![]),
        ] {
            let slice = table(&mut tx, stage, mark, Cursor::default()).await;
            assert_eq!(ids(&slice.rows), expected, "{stage} {mark:?}");
        }
        let page = table(&mut tx, "", None, Cursor { after: None, limit: Some(1) }).await;
        assert_eq!(ids(&page.rows), [second]);
        let page = table(&mut tx, "", None, Cursor { after: page.next, limit: Some(1) }).await;
        assert_eq!((ids(&page.rows), page.next), (vec![first], None));
    }
}
