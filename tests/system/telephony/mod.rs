//! Real calls through the product: baresip as the caller's phone, sipp as the one who is called.

mod floor;
#[path = "../../../crates/signalling/tests/peers/phone.rs"]
mod phone;
#[path = "../../../crates/signalling/tests/peers/ports.rs"]
mod ports;
#[expect(dead_code, reason = "the engine's own tests have more scenarios")]
#[path = "../../../crates/signalling/tests/peers/sipp.rs"]
mod sipp;
#[expect(dead_code, reason = "the engine's own tests look for more tones")]
#[path = "../../../crates/signalling/tests/peers/tone.rs"]
mod tone;

use serde_json::json;

use crate::server::run;
use floor::{Floor, cause};
use sipp::{ACK, Far, TAKE, call, cancelled, customer, hear, pause, pick_up, say, told_goodbye};

/// The far end answers, and waits to be told goodbye.
fn answers() -> [String; 5] {
    [
        TAKE.to_owned(),
        say("180 Ringing", "") + &pause(300),
        pick_up("far", 8, "127.0.0.1"),
        ACK.to_owned(),
        told_goodbye(),
    ]
}

async fn far(floor: &Floor, name: &str, steps: &[String]) -> Far {
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    Far::at(floor.folder(), name, floor.trunk, &steps).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_calls_from_the_cockpit_and_says_how_it_went() {
    let mut floor = Floor::open().await;
    floor.pick_up_phone().await;

    let (lead, generation) = floor.lease();
    let answering = far(&floor, "answers", &answers()).await;
    let id = floor.call(&lead, generation);
    let talking = floor.until(&id, |attempt| attempt["state"] == "answered").await;
    assert!(talking["measured"]["rang_at"].is_string(), "{talking}");
    let (status, refused) = floor.try_call(&lead, generation);
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("attempt-under-way")));
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    floor.hang_up(&id);
    answering.content().await;
    let over = floor.until(&id, |attempt| !attempt["recordings"][0].is_null()).await;
    assert_eq!((cause(&over), over["end"]["by"].as_str()), ("answered", Some("caller")), "{over}");
    let talked = over["measured"]["talk_ms"].as_i64().expect("it was measured");
    assert!((1_200..6_000).contains(&talked), "{over}");
    assert!(over["attested_at"].is_null() && over["call"].is_null(), "{over}");
    let sound = floor.sound(over["recordings"][0]["id"].as_str().expect("an id"));
    let file = floor.folder().join("heard.wav");
    std::fs::write(&file, &sound).expect("is written");
    let (agent, _) = tone::channels(&file);
    assert!(tone::share(&agent[4_000..8_000], phone::TONE) > 0.9, "the caller is heard");

    // Until it is said how the call went, there is no other company and no other call.
    let (same, _) = floor.lease();
    assert_eq!(same, lead);
    let (status, refused) = floor.try_call(&lead, generation);
    assert_eq!((status, &refused["error"]["code"]), (409, &json!("lead-awaits-result")));
    let next = floor.file(&lead, generation, "refusal");
    let filed = floor.until(&id, |attempt| !attempt["call"].is_null()).await;
    assert_eq!(cause(&filed), "answered", "two results, and neither became the other: {filed}");

    let busy = [TAKE.to_owned(), say("486 Busy Here", "Reason: Q.850;cause=17\n"), ACK.to_owned()];
    let engaged = far(&floor, "busy", &busy).await;
    let id = floor.call(&next.0, next.1);
    let over = floor.until(&id, |attempt| attempt["state"] == "ended").await;
    engaged.content().await;
    assert_eq!((cause(&over), over["end"]["q850"].as_i64()), ("busy", Some(17)), "{over}");
    assert_eq!((&over["end"]["retry"], &over["end"]["counts"]), (&json!("soon"), &json!(true)));
    let next = floor.file(&next.0, next.1, "not_reached");

    let rings = [
        TAKE.to_owned(),
        say("180 Ringing", ""),
        cancelled(),
        say("487 Request Terminated", ""),
        ACK.to_owned(),
    ];
    let silent = far(&floor, "silent", &rings).await;
    let id = floor.call(&next.0, next.1);
    let over = floor.until(&id, |attempt| attempt["state"] == "ended").await;
    silent.content().await;
    assert_eq!((cause(&over), over["end"]["by"].as_str()), ("no_answer", Some("engine")), "{over}");
    floor.file(&next.0, next.1, "not_reached");
    let database = floor.home.database.clone();
    floor.server.take().expect("it runs").terminate();
    let (is_well, said) = run(&["check", "--database", &database]);
    assert!(is_well, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_mid_call_settles_it_once_and_dials_nothing_again() {
    let mut floor = Floor::open().await;
    floor.pick_up_phone().await;
    let (lead, generation) = floor.lease();
    let steps = answers();
    let talking = far(&floor, "talking", &steps).await;
    let id = floor.call(&lead, generation);
    floor.until(&id, |attempt| attempt["state"] == "answered").await;
    floor.server.take().expect("it runs").kill();
    drop(talking);
    floor.phone = None;
    // Whoever is called again now is an error: nobody listens at the trunk, so nothing answers.
    floor.start();
    let over = floor.until(&id, |attempt| attempt["state"] == "ended").await;
    assert_eq!(cause(&over), "interrupted", "{over}");
    assert!(over["measured"]["answered_at"].is_string(), "what was measured stays: {over}");
    assert!(over["measured"]["talk_ms"].is_null(), "what was not is not made up: {over}");
    let (same, _) = floor.lease();
    assert_eq!(same, lead, "it is said how the call went, also after a restart");
    let next = floor.file(&lead, generation, "refusal");
    floor.pick_up_phone().await;
    let answering = far(&floor, "again", &answers()).await;
    let second = floor.call(&next.0, next.1);
    floor.until(&second, |attempt| attempt["state"] == "answered").await;
    floor.hang_up(&second);
    answering.content().await;
    floor.until(&second, |attempt| attempt["state"] == "ended").await;
    floor.server.take().expect("it runs").terminate();
    let told = floor.told("attempt.ended", &id).await;
    assert_eq!(told, 1, "settled once");
    assert_eq!(floor.told("attempt.begun", &id).await, 1);
    let (is_well, said) = run(&["check", "--database", &floor.home.database]);
    assert!(is_well, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_calls_back_is_taken_by_who_has_them_in_hand() {
    let mut floor = Floor::open().await;
    floor.pick_up_phone().await;
    let (lead, _) = floor.lease();
    let from = floor.number_of(&lead);
    let (ack, bye, heard) = (customer("ACK", 1), customer("BYE", 2), hear(200));
    let talk = pause(2_000);
    // Their phone rings first, and answers by itself.
    let answered = "<recv response=\"100\"/><recv response=\"180\" optional=\"true\"/>\
                    <recv response=\"200\" rrs=\"true\"/>";
    let begins = call(&from);
    let steps = [begins.as_str(), answered, &ack, &talk, &bye, &heard];
    let engine = format!("127.0.0.1:{}", floor.sip).parse().expect("an address");
    let calling = Far::calls(floor.folder(), ports::free_port(), engine, &steps).await;
    let id = floor.came_in().await;
    floor.until(&id, |attempt| attempt["state"] == "answered").await;
    calling.content().await;
    let over = floor.until(&id, |attempt| !attempt["recordings"][0].is_null()).await;
    assert_eq!((cause(&over), over["end"]["by"].as_str()), ("answered", Some("far")), "{over}");
    assert_eq!((&over["origin"], &over["end"]["counts"]), (&json!("in"), &json!(false)), "{over}");
    let talked = over["measured"]["talk_ms"].as_i64().expect("it was measured");
    assert!((1_700..6_000).contains(&talked), "{over}");
    let sound = floor.sound(over["recordings"][0]["id"].as_str().expect("an id"));
    let file = floor.folder().join("came-in.wav");
    std::fs::write(&file, &sound).expect("is written");
    let (agent, _) = tone::channels(&file);
    assert!(tone::share(&agent[4_000..8_000], phone::TONE) > 0.9, "who took it is heard");
    floor.server.take().expect("it runs").terminate();
    let (is_well, said) = run(&["check", "--database", &floor.home.database]);
    assert!(is_well, "{said}");
}
