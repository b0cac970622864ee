//! The rules as tables: no database, time given.

use crate::campaigns::hours::CallingHours;
use crate::handoffs::assignment::{Candidate, choose};
use crate::handoffs::{clock, *};
use crate::people::Firm;
use crate::values::*;

struct Sides {
    giver: UserId,
    receiver: UserId,
    stranger: UserId,
    calls: TeamId,
    sales: TeamId,
    other: TeamId,
}

fn sides() -> Sides {
    let (user, team) = (|| UserId::fresh(Instant(0)), || TeamId::fresh(Instant(0)));
    Sides {
        giver: user(),
        receiver: user(),
        stranger: user(),
        calls: team(),
        sales: team(),
        other: team(),
    }
}

fn offered(sides: &Sides, state: HandoffState) -> Handoff {
    let came_back = Answered {
        by: Some(sides.receiver),
        at: Instant(50),
        delay_minutes: 0,
        reason: Some(RejectionReason::NoNeed),
        comment: String::new(),
    };
    Handoff {
        id: HandoffId::fresh(Instant(0)),
        number: 1,
        offered: Offered::Lead(LeadId::fresh(Instant(0))),
        company: CompanyId::fresh(Instant(0)),
        campaign: None,
        meeting: None,
        again_of: None,
        giver: sides.giver,
        giver_team: Some(sides.calls),
        receiver: Side { user: Some(sides.receiver), team: Some(sides.sales) },
        passport: Passport::new(),
        counts_for_giver: true,
        state,
        offered_at: Instant(0),
        due_at: Instant(100),
        answered: (state != HandoffState::Offered).then_some(came_back),
        opened: None,
        dispute: None,
        version: 1,
    }
}

fn by(user: UserId, team: Option<TeamId>) -> Answerer {
    Answerer { user, team, delay_minutes: 7 }
}

#[test]
fn an_offer_is_answered_once_in_time_and_by_its_receiver() {
    use HandoffRefusal::*;
    use HandoffState::*;
    let s = sides();
    for (state, user, team, now, expected) in [
        (Offered, s.receiver, Some(s.sales), 100, Ok(())),
        (Offered, s.receiver, None, 100, Ok(())),
        (Offered, s.receiver, Some(s.sales), 101, Err(PastDue)),
        (Offered, s.stranger, Some(s.sales), 10, Err(NotYours)),
        (Offered, s.giver, Some(s.calls), 10, Err(NotYours)),
        (Accepted, s.receiver, Some(s.sales), 10, Err(AlreadyAccepted)),
        (Rejected, s.receiver, Some(s.sales), 10, Err(AlreadyRejected)),
        (Expired, s.receiver, Some(s.sales), 10, Err(PastDue)),
    ] {
        let handoff = offered(&s, state);
        let accepted = handoff.accept(by(user, team), Instant(now));
        assert_eq!(accepted.as_ref().map(|_| ()).map_err(|e| *e), expected, "{state:?} {now}");
        let rejected = handoff.reject(by(user, team), RejectionReason::NoNeed, "", Instant(now));
        assert_eq!(rejected.is_ok(), expected.is_ok(), "{state:?} {now}");
        if let Ok(accepted) = accepted {
            let answered = accepted.answered.expect("an answer");
            assert_eq!((answered.by, answered.delay_minutes), (Some(user), 7));
        }
    }
}

#[test]
fn what_is_open_to_a_team_is_taken_by_any_of_it() {
    let s = sides();
    let handoff = Handoff {
        receiver: Side { user: None, team: Some(s.sales) },
        ..offered(&s, HandoffState::Offered)
    };
    for (team, expected) in [(Some(s.sales), true), (Some(s.other), false), (None, false)] {
        let accepted = handoff.accept(by(s.stranger, team), Instant(1));
        assert_eq!(accepted.is_ok(), expected, "{team:?}");
        let taker = accepted.ok().and_then(|a| a.receiver.user);
        assert_eq!(taker, expected.then_some(s.stranger));
    }
}

#[test]
fn a_rejection_needs_a_reason_and_other_needs_words() {
    use RejectionReason::*;
    let s = sides();
    for (reason, comment, wrong) in [
        (NoNeed, "".to_owned(), None),
        (Other, "They moved abroad".to_owned(), None),
        (Other, "  ".to_owned(), Some("rejection-why")),
        (Duplicate, "x".repeat(1_000), None),
        (Duplicate, "x".repeat(1_001), Some("too-long")),
    ] {
        let handoff = offered(&s, HandoffState::Offered);
        let rejected = handoff.reject(by(s.receiver, None), reason, &comment, Instant(1));
        let problem = match rejected {
            Err(Error::Invalid(fields)) => fields.0.get("comment").map(|p| p.code),
            _ => None,
        };
        assert_eq!(problem, wrong, "{reason:?}");
    }
}

#[test]
fn a_clock_runs_out_only_when_it_has() {
    use HandoffState::*;
    let s = sides();
    for (state, now, expected) in [
        (Offered, 101, Ok(Expired)),
        (Offered, 100, Err(HandoffRefusal::NotDueYet)),
        (Accepted, 101, Err(HandoffRefusal::AlreadyAccepted)),
        (Rejected, 101, Err(HandoffRefusal::AlreadyRejected)),
        (Expired, 101, Err(HandoffRefusal::PastDue)),
    ] {
        let expired = offered(&s, state).expire(240, Instant(now)).map(|h| h.state);
        assert_eq!(expired, expected, "{state:?} {now}");
    }
}

#[test]
fn a_rejection_is_contested_once_by_its_giver_in_time_with_words() {
    use HandoffRefusal::*;
    use HandoffState::*;
    let s = sides();
    let late = 51 + CONTEST_DAYS * DAY_MS;
    for (state, user, now, expected) in [
        (Rejected, s.giver, 60, Ok(())),
        (Rejected, s.giver, late, Err(TooLateToContest)),
        (Rejected, s.receiver, 60, Err(NotYoursToContest)),
        (Accepted, s.giver, 60, Err(NotRejected)),
        (Expired, s.giver, 60, Err(NotRejected)),
        (Offered, s.giver, 60, Err(NotRejected)),
    ] {
        let handoff = offered(&s, state);
        assert_eq!(handoff.check_contest(user, Instant(now)), expected, "{state:?} {now}");
        if expected.is_ok() {
            assert!(handoff.contest(user, " ", Instant(now)).is_err(), "words are missing");
            let contested = handoff.contest(user, "They asked for you", Instant(now));
            let again = contested.expect("contested").check_contest(user, Instant(now));
            assert_eq!(again, Err(AlreadyContested));
        }
    }
}

#[test]
fn a_third_person_who_heads_a_side_decides() {
    use HandoffRefusal::*;
    let s = sides();
    let rejected = offered(&s, HandoffState::Rejected);
    let contested =
        rejected.contest(s.giver, "They asked for you", Instant(60)).expect("contested");
    let judge = |user, heads, is_above| Judge { user, heads, is_above };
    for (who, judge, expected) in [
        ("head of the giver's team", judge(s.stranger, Some(s.calls), false), Ok(())),
        ("head of the receiver's team", judge(s.stranger, Some(s.sales), false), Ok(())),
        ("the owner", judge(s.stranger, None, true), Ok(())),
        ("head of a third team", judge(s.stranger, Some(s.other), false), Err(NotTheHead)),
        ("no head", judge(s.stranger, None, false), Err(NotTheHead)),
        ("the giver as a head", judge(s.giver, Some(s.calls), false), Err(NotAThirdPerson)),
        ("the receiver as owner", judge(s.receiver, None, true), Err(NotAThirdPerson)),
    ] {
        assert_eq!(contested.check_decision(judge), expected, "{who}");
        assert_eq!(rejected.check_decision(judge), Err(NothingToDecide), "{who}, no contest");
        if expected.is_ok() {
            let decide = |d: &Handoff, words| d.decide(judge, Decision::Upheld, words, Instant(70));
            assert!(decide(&contested, "").is_err(), "words are missing");
            let decided = decide(&contested, "Read the passport").expect("decided");
            assert!(!decided.is_contested());
            assert_eq!(decided.check_decision(judge), Err(NothingToDecide), "{who}, twice");
        }
    }
}

#[test]
fn an_offer_goes_to_the_least_loaded_and_in_turn() {
    let s = sides();
    let (a, b, c) = (s.giver, s.receiver, s.stranger);
    let of = |user, open_load, offered_at: Option<i64>| Candidate {
        user,
        team: None,
        is_busy: false,
        open_load,
        offered_at: offered_at.map(Instant),
    };
    for (situation, candidates, unwilling, expected) in [
        ("least load", vec![of(a, 3, None), of(b, 2, None)], None, Some(b)),
        ("tie: never offered", vec![of(a, 2, Some(5)), of(b, 2, None)], None, Some(b)),
        ("tie: longest ago", vec![of(a, 2, Some(5)), of(b, 2, Some(4))], None, Some(b)),
        (
            "busy then",
            vec![Candidate { is_busy: true, ..of(a, 0, None) }, of(b, 9, None)],
            None,
            Some(b),
        ),
        ("sent it back", vec![of(a, 0, None), of(c, 9, None)], Some(a), Some(c)),
        ("nobody else", vec![of(a, 0, None)], Some(a), Some(a)),
        ("no members", vec![], None, None),
    ] {
        assert_eq!(choose(&candidates, unwilling).map(|c| c.user), expected, "{situation}");
    }
}

#[test]
fn the_clock_counts_working_minutes_of_the_firm() {
    let zone = Zone::named("Europe/Moscow");
    let at = |day, hour, minute| {
        let local = jiff::civil::date(2026, 11, day).at(hour, minute, 0, 0);
        Instant::from_local(local, &zone)
    };
    let firm = Firm {
        name: "Three Steps".to_owned(),
        zone: zone.clone(),
        currency: Currency::Rub,
        lang: Lang::Ru,
        country: Country::RU,
        is_demo: false,
    };
    // The 4th of November is a holiday; the 6th is a Friday.
    for (from, to, minutes) in [
        (at(2, 10, 0), at(2, 14, 0), 240),
        (at(2, 16, 0), at(3, 11, 0), 240),
        (at(3, 16, 0), at(5, 11, 0), 240),
        (at(6, 17, 0), at(9, 12, 0), 240),
        (at(7, 12, 0), at(9, 13, 0), 240),
        (at(2, 8, 0), at(2, 9, 0), 0),
    ] {
        let hours = CallingHours::default();
        assert_eq!(clock::working_minutes(hours, from, to, &zone), minutes, "{from:?}");
        if minutes > 0 {
            assert_eq!(clock::due_at(None, &firm, from), to, "{from:?}");
        }
    }
    // In Britain the 4th of November is none.
    let british = Firm { country: Country::GB, ..firm };
    assert_eq!(clock::due_at(None, &british, at(3, 16, 0)), at(4, 11, 0));
}

#[test]
fn rates_add_up_and_leave_shares_to_whoever_asks() {
    use rates::{Pair, total};
    let s = sides();
    let pair = |receiver, accepted, rejected, overturned| Pair {
        giver: s.giver,
        giver_team: Some(s.calls),
        receiver: Some(receiver),
        receiver_team: Some(s.sales),
        offered: accepted + rejected + 1,
        accepted,
        rejected,
        expired: 0,
        contested: overturned,
        overturned,
        delay_minutes: 60 * (accepted + rejected),
    };
    let pairs = [pair(s.receiver, 3, 1, 1), pair(s.stranger, 1, 1, 0)];
    let given = total(&pairs, |pair| pair.giver == s.giver);
    assert_eq!((given.offered, given.ended(), given.rejected_rightly()), (8, 6, 1));
    assert_eq!(given.delay_minutes_mean(), Some(60));
    let none = total(&pairs, |pair| pair.giver == s.stranger);
    assert_eq!(none.delay_minutes_mean(), None);
}
