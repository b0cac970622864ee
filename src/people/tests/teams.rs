//! Who belonged to which team, and who headed it.

use std::collections::BTreeSet;

use super::super::teams::{EVER, Headship, Membership, Span, TeamHistory};
use super::*;

fn at(ms: i64) -> Instant {
    Instant(ms)
}

#[test]
fn a_person_is_headed_by_whoever_heads_their_team_at_the_time() {
    let id = || UserId::fresh(at(0));
    let (anna, gleb, boris, olga) = (id(), id(), id(), id());
    let (a, b) = (TeamId::fresh(at(0)), TeamId::fresh(at(0)));
    let row = |person, role, team, has_left, since| Membership {
        person,
        team,
        tier: Some(1),
        roles: Roles::of(&[role]),
        has_left,
        starts_at: at(since),
    };
    let history = TeamHistory::of(vec![
        row(anna, Role::Head, Some(a), false, 5),
        row(anna, Role::Head, Some(b), false, 40),
        row(anna, Role::Head, Some(b), true, 90),
        row(gleb, Role::Caller, Some(a), false, 1),
        row(gleb, Role::Head, Some(a), false, 40),
        row(boris, Role::Caller, Some(a), false, 10),
        row(boris, Role::Caller, Some(b), false, 60),
        row(boris, Role::Caller, Some(b), true, 95),
        row(olga, Role::Owner, None, false, 1),
    ]);
    let mut told: Vec<(UserId, UserId, Span)> =
        history.headships().iter().map(|one| (one.person, one.head, one.span)).collect();
    told.sort_by_key(|(_, _, span)| *span);
    // Nobody is headed before there is a head; who heads and who left the firm heads nobody.
    let mut expected = [
        (boris, anna, (at(5), at(40))),
        (gleb, anna, (at(5), at(40))),
        (boris, gleb, (at(40), at(60))),
        (boris, anna, (at(60), at(90))),
    ];
    expected.sort_by_key(|(_, _, span)| *span);
    told[..2].sort();
    expected[..2].sort();
    assert_eq!(told, expected);
    assert_eq!(history.times_in(boris, a), [(EVER.0, at(60))]);
    assert_eq!(history.times_in(boris, b), [(at(60), EVER.1)], "who left stays with the team");
    assert_eq!(history.times_in(gleb, a), [EVER], "a role is no other team");
    assert!(history.times_in(olga, a).is_empty());
}

#[test]
fn a_long_history_is_looked_up_person_by_person() {
    let people: [UserId; 3] = std::array::from_fn(|_| UserId::fresh(at(0)));
    let teams = [TeamId::fresh(at(0)), TeamId::fresh(at(0))];
    let row = |person, place: usize| Membership {
        person,
        team: Some(teams[place % 2]),
        tier: Some(1),
        roles: Roles::of(&[Role::Caller]),
        has_left: false,
        starts_at: at(place as i64),
    };
    let mut rows = Vec::new();
    for person in people {
        rows.extend((0..400).map(|place| row(person, place)));
    }
    let history = TeamHistory::of(rows);
    for person in people {
        for (place, team) in teams.into_iter().enumerate() {
            let times = history.times_in(person, team);
            assert_eq!(times.len(), 200);
            let first = if place == 0 { EVER.0 } else { at(1) };
            assert_eq!(times[0], (first, at(place as i64 + 1)));
            let last = if place == 0 { at(399) } else { EVER.1 };
            assert_eq!(times[199].1, last);
        }
    }
    assert!(history.times_in(UserId::fresh(at(0)), teams[0]).is_empty(), "a stranger");
}

both! {
    async fn what_is_asked_of_some_is_what_the_whole_history_says_of_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (a, b) = (cast.teams["calls-a"], cast.teams["calls-b"]);
        let (anna, boris, bella) = (cast.id("anna"), cast.id("boris"), cast.id("bella"));
        cast.clock.advance_ms(DAY_MS);
        let change = actions::UserChange {
            name: "boris of the cast".to_owned(),
            alias: "B".to_owned(),
            roles: Roles::of(&[Role::Caller]),
            tier: Some(1),
            team: Some(b),
        };
        actions::change_user(&cast.act("alla", "moved"), boris, change).await.expect("moved");
        let mut tx = cast.app.db.read().await.expect("reads");
        let whole = actions::team_history(&mut tx, cast.org).await.expect("reads");
        let whose = BTreeSet::from([boris, bella]);
        let some = actions::team_history_of(&mut tx, cast.org, &whose).await.expect("reads");
        for (person, team) in [(boris, a), (boris, b), (bella, a), (bella, b)] {
            assert_eq!(some.times_in(person, team), whole.times_in(person, team));
        }
        assert_eq!(whole.times_in(anna, a), [EVER]);
        assert!(some.times_in(anna, a).is_empty(), "nobody asked about her");
        // Whoever was led, and whoever led.
        let all = actions::list_headships(&mut tx, cast.org).await.expect("reads");
        for person in [boris, bella, anna] {
            let whose = BTreeSet::from([person]);
            let found = actions::list_headships_of(&mut tx, cast.org, &whose).await;
            let is_theirs = |one: &&Headship| one.person == person || one.head == person;
            let expected: Vec<Headship> = all.iter().filter(is_theirs).copied().collect();
            assert!(!expected.is_empty(), "there is something to find");
            assert_eq!(found.expect("reads"), expected);
        }
        let nobody = actions::list_headships_of(&mut tx, cast.org, &BTreeSet::new()).await;
        assert_eq!(nobody.expect("reads"), []);
    }

    async fn every_move_of_a_person_is_kept_with_its_day_and_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (a, b) = (cast.teams["calls-a"], cast.teams["calls-b"]);
        let (anna, boris, bella) = (cast.id("anna"), cast.id("boris"), cast.id("bella"));
        let change = |alias: &str, team| actions::UserChange {
            name: "boris of the cast".to_owned(),
            alias: alias.to_owned(),
            roles: Roles::of(&[Role::Caller]),
            tier: Some(1),
            team: Some(team),
        };
        cast.clock.advance_ms(DAY_MS);
        let renamed = cast.act("alla", "renamed");
        actions::change_user(&renamed, boris, change("B", a)).await.expect("renamed");
        cast.clock.advance_ms(DAY_MS);
        let moved = cast.clock.now();
        let act = cast.act("alla", "moved");
        actions::change_user(&act, boris, change("B", b)).await.expect("moved");
        cast.clock.advance_ms(DAY_MS);
        let gone = cast.clock.now();
        actions::disable_user(&cast.act("alla", "out"), anna).await.expect("out");
        let mut tx = cast.app.db.read().await.expect("reads");
        let history = actions::team_history(&mut tx, cast.org).await.expect("reads");
        assert_eq!(history.times_in(boris, a), [(EVER.0, moved)]);
        assert_eq!(history.times_in(boris, b), [(moved, EVER.1)]);
        assert_eq!(history.times_in(bella, a), [EVER]);
        let heads = actions::list_headships(&mut tx, cast.org).await.expect("reads");
        let until = |person: UserId| -> Vec<Instant> {
            let own = heads.iter().filter(|one| (one.person, one.head) == (person, anna));
            own.map(|one| one.span.1).collect()
        };
        assert_eq!((until(boris), until(bella)), (vec![moved], vec![gone]));
        let count = "select count(*) as n from team_history where user_id = $1";
        let rows = tx.one(count, crate::vals![boris]).await.expect("reads").int("n");
        assert_eq!(rows.expect("a count"), 2, "a name is no move");
        let told = events::list_for_subject(&mut tx, cast.org, &boris.to_string()).await;
        let told = told.expect("reads");
        let last = told.iter().max_by_key(|event| event.at).expect("the move");
        assert_eq!(last.detail["team_before"], json!(a.to_string()));
        assert_eq!(last.detail["team"], json!(b.to_string()));
        assert_eq!(last.detail["works_in"], json!(1));
        drop(tx);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let forged = tx.run("update team_history set starts_at = 0", &[]).await;
        assert!(forged.is_err(), "what was is not changed");
    }
}
