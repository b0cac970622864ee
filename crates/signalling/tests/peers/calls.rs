//! Calls that are answered.

use signalling::cause::Mechanism;
use signalling::events::{By, Kind, Leg};
use signalling::fold::Phase;
use signalling::media::Law;

use super::hand::Hand;
use super::phone::{Phone, TONE};
use super::rig::{Rig, settings, trunk};
use super::sipp::{ACK, Far, TAKE, goodbye, hear, pause, pick_up, say, speak, told_goodbye};
use super::tone;

/// The shortest registration; baresip renews it shortly before it is over.
const BRIEF: u32 = 10;

/// The tone that the far end says.
const FAR_TONE: f64 = 620.0;

#[tokio::test]
async fn an_answered_call_is_recorded_with_each_end_in_its_channel() {
    let folder = tempfile::tempdir().expect("a folder");
    let says = folder.path().join("says.alaw");
    tone::write_law(&says, Law::Pcma, &tone::samples(FAR_TONE, 1));
    let far = Far::start(
        folder.path(),
        "answered",
        &[
            TAKE,
            &say("180 Ringing", ""),
            &pause(50),
            &pick_up("far", 8, "127.0.0.1"),
            ACK,
            &speak(&says, 8),
            &told_goodbye(),
        ],
    )
    .await;
    let mut rig = Rig::with_phone(settings(vec![trunk("answered", far.port)])).await;
    let file = rig.folder.path().join("call.wav");
    rig.dial_recorded("answered", 10_000, Some(&file)).await;
    rig.call("answered", |kind| *kind == Kind::Bridged).await;
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    rig.engine.hang_up("answered").await.expect("it is hung up");
    let call = rig.end_of("answered").await;
    rig.call("answered", |kind| matches!(kind, Kind::RecordingAvailable { .. })).await;
    far.content().await;
    assert_eq!(call.phase, Phase::Ended);
    let (by, cause) = call.ended.expect("it ended");
    assert_eq!((by, cause.mechanism, cause.rang), (By::User, Mechanism::Answered, true));
    let (talk, ring) = call.times.expect("it has times");
    assert!((2_400..4_000).contains(&talk) && (40..1_500).contains(&ring), "{talk} {ring}");
    let counted = call.statistics.expect("statistics");
    assert!(counted.sent > 100 && counted.received > 100 && counted.lost < 5, "{counted:?}");
    let recorded = rig.folded("answered").recordings;
    let [recorded] = recorded.as_slice() else { panic!("one recording: {recorded:?}") };
    assert!(recorded.ms.abs_diff(talk) < 100, "{} of {talk}", recorded.ms);
    let (left, right) = tone::channels(&recorded.path);
    let middle = 8_000..left.len() - 4_000;
    let (left, right) = (&left[middle.clone()], &right[middle]);
    let shares = [
        tone::share(left, TONE),
        tone::share(right, FAR_TONE),
        tone::share(left, FAR_TONE),
        tone::share(right, TONE),
    ];
    assert!(shares[0] > 0.9 && shares[1] > 0.9, "{shares:?}");
    assert!(shares[2] < 0.01 && shares[3] < 0.01, "{shares:?}");
}

#[tokio::test]
async fn a_far_end_that_hangs_up_leaves_the_agent_leg_for_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let by_far = |uri| {
        [TAKE, &pick_up("far", 8, "127.0.0.1"), ACK, &goodbye(uri, "far"), &hear(200)]
            .map(str::to_owned)
    };
    let names = ["whole", "hostless"];
    let mut fars = Vec::new();
    for (name, uri) in names.into_iter().zip(["[next_url]", "sip:"]) {
        let steps = by_far(uri);
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        fars.push(Far::start(folder.path(), name, &steps).await);
    }
    let trunks = names.iter().zip(&fars).map(|(name, far)| trunk(name, far.port)).collect();
    let mut rig = Rig::with_phone(settings(trunks)).await;
    for name in names {
        rig.dial(name, 10_000).await;
        let call = rig.end_of(name).await;
        let (by, cause) = call.ended.expect("it ended");
        assert_eq!((by, cause.mechanism, cause.q850), (By::Far, Mechanism::Answered, Some(16)));
    }
    for far in fars {
        far.content().await;
    }
    rig.engine.close_agent("s").await.expect("it closes");
    let ended = |kind: &Kind| matches!(kind, Kind::LegEnded { leg: Leg::Agent, .. });
    rig.until(|event| ended(&event.kind)).await;
}

#[tokio::test]
async fn ends_that_speak_different_laws_understand_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let says = folder.path().join("says.ulaw");
    tone::write_law(&says, Law::Pcmu, &tone::samples(FAR_TONE, 1));
    let steps = [TAKE, &pick_up("far", 0, "127.0.0.1"), ACK, &speak(&says, 0), &told_goodbye()];
    let far = Far::start(folder.path(), "laws", &steps).await;
    let mut rig = Rig::bare(settings(vec![trunk("laws", far.port)])).await;
    // An agent played by hand, whose phone speaks A-law alone.
    let mut agent = Hand::at("127.0.0.1", rig.engine.place()).await;
    assert_eq!(agent.register("secret").await, 200);
    rig.engine.open_agent("s", "1001").await.expect("it opens");
    agent.pick_up().await;
    rig.until(|event| event.kind == Kind::LegAnswered(Leg::Agent)).await;
    rig.dial("laws", 10_000).await;
    rig.call("laws", |kind| *kind == Kind::Bridged).await;
    let octets = agent.listen_long(8_000).await;
    rig.engine.hang_up("laws").await.expect("it is hung up");
    rig.end_of("laws").await;
    far.content().await;
    let heard: Vec<i16> = octets.into_iter().map(|octet| Law::Pcma.sample(octet)).collect();
    assert!(tone::share(&heard, FAR_TONE) > 0.9, "{}", tone::share(&heard, FAR_TONE));
}

#[tokio::test]
async fn a_phone_that_renews_its_registration_stays() {
    let mut rig = Rig::bare(settings(Vec::new())).await;
    rig.phone = Some(Phone::start(rig.folder.path(), rig.engine.place(), "secret", BRIEF));
    rig.until(|event| event.kind == Kind::AgentRegistered).await;
    let told = rig.within(std::time::Duration::from_secs(u64::from(BRIEF) + 2)).await;
    assert!(!told.iter().any(|event| event.kind == Kind::AgentLost), "{told:#?}");
}
