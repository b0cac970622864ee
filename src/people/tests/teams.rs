//! Who belonged to which team, and who headed it.

use super::super::teams::{EVER, Membership, Span, TeamHistory};
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

both! {
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
