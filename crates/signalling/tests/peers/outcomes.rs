//! Calls that are not answered, answered too late, or by too many.

use signalling::cause::{Mechanism, Retry};
use signalling::events::{By, Kind, Leg};
use signalling::fold::Call;

use super::rig::{Rig, settings, trunk, wish};
use super::sipp::{
    ACK, Far, TAKE, cancelled, describe, goodbye, hear, pause, pick_up, say, told_goodbye,
};

const HOME: &str = "127.0.0.1";

/// Starts a far end for every name, and an engine with a phone and a trunk to each.
async fn rig_with(scenarios: &[(&str, Vec<String>)]) -> (Rig, Vec<Far>, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut fars = Vec::new();
    for (name, steps) in scenarios {
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        fars.push(Far::start(folder.path(), name, &steps).await);
    }
    let named = scenarios.iter().zip(&fars);
    let trunks = named.map(|((name, _), far)| trunk(name, far.port)).collect();
    let rig = Rig::with_phone(settings(trunks)).await;
    (rig, fars, folder)
}

async fn all_are_content(fars: Vec<Far>) {
    for far in fars {
        far.content().await;
    }
}

/// How a call ended, and by whom.
fn end(call: &Call) -> (By, Mechanism) {
    let (by, cause) = call.ended.expect("it ended");
    (by, cause.mechanism)
}

fn steps(all: &[&str]) -> Vec<String> {
    all.iter().map(|step| (*step).to_owned()).collect()
}

#[tokio::test]
async fn every_refusal_is_what_the_table_says() {
    let reason = "Reason: Q.850;cause=17;text=\"User busy\"\n";
    let table = [
        ("486 Busy Here", Mechanism::Busy, Retry::Soon, true),
        ("603 Decline", Mechanism::Rejected, Retry::OnceTomorrow, true),
        ("480 Temporarily Unavailable", Mechanism::NoAnswer, Retry::OtherTime, true),
        ("404 Not Found", Mechanism::InvalidNumber, Retry::NumberInDoubt, true),
        ("484 Address Incomplete", Mechanism::InvalidNumber, Retry::NumberInDoubt, true),
        ("403 Forbidden", Mechanism::Forbidden, Retry::AfterSettings, false),
        ("488 Not Acceptable Here", Mechanism::MediaMismatch, Retry::AfterSettings, false),
        ("503 Service Unavailable", Mechanism::TrunkFailure, Retry::AfterTrunk, false),
        ("607 Unwanted", Mechanism::Unwanted, Retry::Never, true),
        ("608 Rejected", Mechanism::Blocked, Retry::OtherCallerId, false),
        ("407 Proxy Authentication Required", Mechanism::Account, Retry::AfterAccount, false),
    ];
    let scenarios: Vec<(&str, Vec<String>)> = table
        .iter()
        .map(|(status, ..)| (&status[..3], steps(&[TAKE, &say(status, reason), ACK])))
        .collect();
    let (mut rig, fars, _folder) = rig_with(&scenarios).await;
    for (status, mechanism, retry, counts) in table {
        let name = &status[..3];
        rig.dial(name, 10_000).await;
        let call = rig.end_of(name).await;
        let (by, cause) = call.ended.expect("it ended");
        assert_eq!((by, cause.mechanism, cause.retry()), (By::Far, mechanism, retry), "{status}");
        assert_eq!((cause.counts(), cause.q850), (counts, Some(17)), "{status}");
        assert_eq!(cause.status, name.parse().ok());
    }
    all_are_content(fars).await;
}

#[tokio::test]
async fn nobody_answers_in_time_and_the_call_is_taken_back() {
    let taken_back = say("487 Request Terminated", "");
    let ringing =
        [TAKE, &say("180 Ringing", ""), &cancelled(), &taken_back, ACK].map(str::to_owned);
    let by_user = ringing.clone();
    let scenarios = [("limit", ringing.to_vec()), ("user", by_user.to_vec())];
    let (mut rig, fars, _folder) = rig_with(&scenarios).await;
    rig.dial("limit", 400).await;
    let call = rig.end_of("limit").await;
    let (by, cause) = call.ended.expect("it ended");
    assert_eq!((by, cause.mechanism, cause.status), (By::Limit, Mechanism::NoAnswer, Some(487)));
    assert!(cause.rang && call.times.is_some_and(|(talk, ring)| talk == 0 && ring >= 400));
    rig.dial("user", 10_000).await;
    rig.call("user", |kind| matches!(kind, Kind::LegRinging { .. })).await;
    rig.engine.hang_up("user").await.expect("it is taken back");
    let call = rig.end_of("user").await;
    assert_eq!(end(&call), (By::User, Mechanism::Cancelled));
    all_are_content(fars).await;
}

#[tokio::test]
async fn whoever_blocks_a_number_of_ours_says_whom_to_ask() {
    let contact = "<https://example.net/why>;purpose=jwt";
    let blocked = steps(&[TAKE, &say("608 Rejected", &format!("Call-Info: {contact}\n")), ACK]);
    let (mut rig, fars, _folder) = rig_with(&[("blocked", blocked)]).await;
    rig.dial("blocked", 10_000).await;
    let call = rig.end_of("blocked").await;
    assert_eq!(end(&call), (By::Far, Mechanism::Blocked));
    let told = rig.call("blocked", |kind| matches!(kind, Kind::BlockedBy { .. })).await;
    assert_eq!(told, Kind::BlockedBy { contact: contact.to_owned() });
    all_are_content(fars).await;
}

#[tokio::test]
async fn an_answer_to_a_call_that_was_taken_back_is_told_goodbye() {
    let late = [TAKE, &say("180 Ringing", ""), &cancelled(), &pick_up("far", 8, HOME), ACK];
    let mut late = steps(&late);
    late.push(told_goodbye());
    let (mut rig, fars, _folder) = rig_with(&[("late", late)]).await;
    rig.dial("late", 300).await;
    let call = rig.end_of("late").await;
    assert_eq!(end(&call), (By::Limit, Mechanism::NoAnswer));
    assert_eq!(call.answered_at, None);
    all_are_content(fars).await;
}

#[tokio::test]
async fn a_far_end_that_never_says_487_is_ended_by_our_own_deadline() {
    let mute = steps(&[TAKE, &say("180 Ringing", ""), &cancelled()]);
    let next = steps(&[TAKE, &say("486 Busy Here", ""), ACK]);
    let (mut rig, fars, _folder) = rig_with(&[("mute", mute), ("next", next)]).await;
    rig.dial("mute", 300).await;
    // The agent is free as soon as the call is taken back.
    rig.call("mute", |kind| matches!(kind, Kind::MediaStats(_))).await;
    rig.dial("next", 10_000).await;
    rig.call("next", |kind| matches!(kind, Kind::CallEnded { .. })).await;
    assert_eq!(rig.times("mute", |kind| matches!(kind, Kind::CallEnded { .. })), 0);
    let call = rig.end_of("mute").await;
    assert_eq!(end(&call), (By::Limit, Mechanism::NoAnswer));
    assert!(call.times.is_some_and(|(_, ring)| (1_800..4_000).contains(&ring)), "{call:?}");
    all_are_content(fars).await;
}

#[tokio::test]
async fn a_trunk_that_says_nothing_at_all_is_the_trunks_failure() {
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let mut rig = Rig::with_phone(settings(vec![trunk("silent", port)])).await;
    rig.dial("silent", 300).await;
    let call = rig.end_of("silent").await;
    let (by, cause) = call.ended.expect("it ended");
    assert_eq!((by, cause.mechanism), (By::Limit, Mechanism::TrunkFailure));
    assert!(!cause.counts());
}

#[tokio::test]
async fn a_late_answer_is_an_answer_and_early_sound_is_told_of() {
    let early = describe("183 Session Progress", "far", 8, HOME);
    let late = [TAKE, &early, &pause(600), &pick_up("far", 8, HOME), ACK].map(str::to_owned);
    let mut late = late.to_vec();
    late.push(told_goodbye());
    let (mut rig, fars, _folder) = rig_with(&[("late", late)]).await;
    rig.dial("late", 10_000).await;
    let ringing = rig.call("late", |kind| matches!(kind, Kind::LegRinging { .. })).await;
    assert_eq!(ringing, Kind::LegRinging { leg: Leg::Far, early_media: true });
    rig.call("late", |kind| *kind == Kind::Bridged).await;
    rig.engine.hang_up("late").await.expect("it is hung up");
    let call = rig.end_of("late").await;
    assert!(call.times.is_some_and(|(_, ring)| ring >= 600), "{call:?}");
    all_are_content(fars).await;
}

#[tokio::test]
async fn of_two_phones_that_answer_the_second_is_told_goodbye() {
    let mut fork = steps(&[TAKE, &pick_up("one", 8, HOME), ACK, &pick_up("two", 8, HOME), ACK]);
    // The second is turned away at once; the first talks until it is hung up.
    fork.extend([told_goodbye(), told_goodbye()]);
    let (mut rig, fars, _folder) = rig_with(&[("fork", fork)]).await;
    rig.dial("fork", 10_000).await;
    rig.call("fork", |kind| *kind == Kind::Bridged).await;
    // Of the second phone nothing is told; it is given time to be heard and turned away.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    rig.engine.hang_up("fork").await.expect("the first is still there");
    rig.end_of("fork").await;
    assert_eq!(rig.times("fork", |kind| matches!(kind, Kind::LegAnswered(_))), 1);
    all_are_content(fars).await;
}

#[tokio::test]
async fn both_say_goodbye_at_once_and_the_call_ends_once() {
    let mut race = steps(&[TAKE, &pick_up("far", 8, HOME), ACK, r#"<recv request="BYE"/>"#]);
    race.extend([goodbye("[next_url]", "far"), hear(200)]);
    let (mut rig, fars, _folder) = rig_with(&[("race", race)]).await;
    rig.dial("race", 10_000).await;
    rig.call("race", |kind| *kind == Kind::Bridged).await;
    rig.engine.hang_up("race").await.expect("it is hung up");
    let call = rig.end_of("race").await;
    assert_eq!(end(&call), (By::User, Mechanism::Answered));
    all_are_content(fars).await;
    assert_eq!(rig.times("race", |kind| matches!(kind, Kind::LegEnded { .. })), 1);
}

#[tokio::test]
async fn sound_that_does_not_fit_or_points_elsewhere_ends_the_call() {
    let with = |kind, ip| {
        let mut all = steps(&[TAKE, &pick_up("far", kind, ip), ACK]);
        all.push(told_goodbye());
        all
    };
    let scenarios = [("law", with(18, HOME)), ("elsewhere", with(8, "127.0.0.9"))];
    let (mut rig, fars, _folder) = rig_with(&scenarios).await;
    for name in ["law", "elsewhere"] {
        rig.dial(name, 10_000).await;
        let call = rig.end_of(name).await;
        assert_eq!(end(&call), (By::Limit, Mechanism::MediaMismatch), "{name}");
        let bridges = |kind: &Kind| matches!(kind, Kind::Bridged | Kind::Unbridged);
        assert_eq!(rig.times(name, bridges), 0, "{name}");
    }
    assert_eq!(rig.times("elsewhere", |kind| matches!(kind, Kind::Error(_))), 1);
    all_are_content(fars).await;
}

#[tokio::test]
async fn a_call_is_dialled_once_for_its_id() {
    let once = steps(&[TAKE, &say("486 Busy Here", ""), ACK]);
    let (mut rig, fars, _folder) = rig_with(&[("once", once)]).await;
    for _ in 0..3 {
        rig.dial("once", 10_000).await;
    }
    rig.end_of("once").await;
    rig.engine.dial(wish("once", 10_000, None)).await.expect("also when it is over");
    assert_eq!(rig.times("once", |kind| *kind == Kind::Accepted), 1);
    all_are_content(fars).await;
    let progress = rig.engine.progress("once").await.expect("it answers");
    assert_eq!(progress, signalling::Progress::Over);
    let unknown = rig.engine.progress("other").await.expect("it answers");
    assert_eq!(unknown, signalling::Progress::Unknown);
}
