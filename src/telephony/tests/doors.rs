//! Who may do what: recordings, phones, pages, programs.

use super::*;

/// A folder, and a file of sound in it.
fn file_of_sound() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.wav");
    std::fs::write(&file, b"RIFF").expect("is written");
    (folder, file)
}

both! {
    async fn a_recording_of_which_is_told_after_an_erasure_goes_at_once(t: TestDb) {
        let (folder, file) = file_of_sound();
        let (floor, mut exchange, grant) = recording(t, 1, folder.path()).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        let company = attempt(&floor, id).await.company;
        let act = rig::act(cast);
        let mut tx = act.db.begin().await.expect("begins");
        let ended = recordings::end_in(&mut tx, &act, &[company]).await.expect("is ended");
        assert_eq!(ended, 0, "there is none yet");
        tx.commit().await.expect("commits");
        keep(&floor, &rig::answered(cast, id, &file.display().to_string())).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let now = cast.clock.now();
        let all = sound::list_recordings(&mut tx, cast.org, grant.lead, now).await.expect("reads");
        assert!(all.is_empty(), "nobody hears it: {all:?}");
        drop(tx);
        cast.clock.advance_ms(6_000);
        exchange.step().await.expect("a step");
        assert!(!file.exists());
    }

    async fn a_recording_is_heard_by_whom_it_concerns_and_ends(t: TestDb) {
        let (folder, file) = file_of_sound();
        let (floor, mut exchange, grant) = recording(t, 1, folder.path()).await;
        let cast = &floor.cast;
        let id = rig::place(cast, "boris", grant).await.expect("is placed");
        exchange.step().await.expect("a step");
        assert!(attempt(&floor, id).await.is_recorded);
        let events = rig::answered(cast, id, &file.display().to_string());
        keep(&floor, &events).await;
        keep(&floor, &events).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let all = sound::list_recordings(&mut tx, cast.org, grant.lead, cast.clock.now()).await;
        let all = all.expect("reads");
        let [one] = all.as_slice() else { panic!("one recording: {all:?}") };
        drop(tx);
        let path = format!("/recordings/{}", one.id);
        let mut heard = 0;
        for (login, may) in [
            ("boris", true),
            ("anna", true),
            ("olga", true),
            ("bella", false),
            ("gleb", false),
            ("sonya", false),
            ("alla", false),
            ("pavel", false),
        ] {
            let reply = cast.client(login).await.get(&path).await;
            assert_eq!(reply.status == 200, may, "{login}: {}", reply.status);
            heard += usize::from(may);
            if may {
                assert_eq!(reply.body, "RIFF");
                assert_eq!(reply.headers["content-type"], "audio/wav");
            }
        }
        assert_eq!(floor.events(Kind::RecordingHeard).await.len(), heard);
        let lead = cast.client("anna").await.get(&format!("/leads/{}", grant.lead)).await;
        assert!(!lead.body.contains(&path), "it is shown with its result");
        cast.clock.advance_ms(31 * DAY_MS);
        exchange.step().await.expect("a step");
        assert!(!file.exists(), "its time is over");
        assert_eq!(floor.events(Kind::RecordingRemoved).await.len(), 1);
        let gone = cast.client("boris").await.get(&path).await;
        assert_eq!(gone.status, 404);
        let again = recordings::remove_due(&rig::act(cast), folder.path()).await;
        assert_eq!(again.expect("nothing is due"), 0);
        // What a run that broke off has left goes, too; what is nobody's attempt stays.
        let long_ago = uuid::Timestamp::from_unix(uuid::NoContext, 1_793_602_800, 0);
        let stray = folder.path().join(format!("{}.wav", uuid::Uuid::new_v7(long_ago)));
        let other = folder.path().join("music.wav");
        std::fs::write(&stray, b"RIFF").expect("is written");
        std::fs::write(&other, b"RIFF").expect("is written");
        cast.clock.advance_ms(2 * DAY_MS);
        exchange.step().await.expect("a step");
        assert!(!stray.exists() && other.exists());
    }

    async fn phones_are_admitted_while_their_people_work_here(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let mut exchange = rig::connect(cast, Played::default(), &["boris", "bella"]).await;
        let names = |exchange: &exchange::Exchange<Played>| -> Vec<UserId> {
            let heard = exchange.line.heard.lock().expect("a line");
            heard.accounts.iter().map(|account| account.user).collect()
        };
        assert_eq!(names(&exchange).len(), 2);
        let repeat = cast.act("alla", "once more");
        let boris = cast.id("boris");
        let one = accounts::make(&repeat, boris).await.expect("is made").expect("shown once");
        assert!(accounts::make(&repeat, boris).await.expect("a repeat").is_none());
        let mut tx = cast.app.db.read().await.expect("reads");
        let now = cast.clock.now();
        let phone = accounts::find(&mut tx, cast.org, boris, now).await.expect("reads");
        let name = phone.name.clone().expect("a name");
        let all = lines::list_accounts(&mut tx, cast.org).await.expect("reads");
        let proof = drivers::proof_of(&name, &one.0);
        assert!(all.iter().any(|account| account.user == boris && account.proof == proof));
        assert!(phone.is_on() && phone.is_here() && phone.is_trunk_up());
        drop(tx);
        let out = cast.act("alla", "out");
        crate::people::actions::disable_user(&out, cast.id("bella")).await.expect("is out");
        exchange.step().await.expect("a step");
        assert_eq!(names(&exchange), [boris]);
        accounts::remove(&cast.act("alla", "away"), boris).await.expect("is taken away");
        exchange.step().await.expect("a step");
        assert!(names(&exchange).is_empty());
        let none = accounts::remove(&cast.act("alla", "away twice"), boris).await;
        assert!(matches!(none.expect_err("there is none"), Error::NotFound));
        assert_eq!(floor.events(Kind::PhoneAccountRemoved).await.len(), 1);
    }

    async fn the_cockpit_calls_and_shows_what_happens(t: TestDb) {
        let (folder, _) = file_of_sound();
        let (floor, mut exchange, grant) = recording(t, 2, folder.path()).await;
        let cast = &floor.cast;
        let boris = cast.client("boris").await;
        let cockpit = format!("/leads/{}", grant.lead);
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("phone connected") && page.contains("/attempts\""), "{page}");
        assert!(!page.contains("href=\"tel:"), "{page}");
        let generation = grant.generation.to_string();
        let fields = [("generation", generation.as_str())];
        let path = format!("{cockpit}/attempts");
        let placed = boris.post(&path, &fields).await;
        assert_eq!(placed.location.as_deref(), Some(cockpit.as_str()));
        exchange.step().await.expect("a step");
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("your phone rings") && page.contains("/hang-up\""), "{page}");
        let twice = boris.post(&path, &fields).await;
        assert_eq!(twice.status, 409);
        assert!(twice.body.contains("a call under way"), "{}", twice.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let held = (grant.lead, grant.generation);
        let all = actions::list_of_lease(&mut tx, cast.org, held).await.expect("reads");
        drop(tx);
        let id = all[0].id;
        let events = rig::answered(cast, id, "gone.wav");
        keep(&floor, &events[..4]).await;
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("talking") && page.contains("data-since="), "{page}");
        let over = format!("/attempts/{id}/hang-up");
        assert_eq!(boris.post(&over, &[]).await.location.as_deref(), Some(cockpit.as_str()));
        keep(&floor, &events[4..]).await;
        assert_eq!(boris.post(&over, &[]).await.status, 409);
        let page = boris.get(&cockpit).await.body;
        assert!(page.contains("talked 1:05") && page.contains("Say how the call went"), "{page}");
        assert_eq!(boris.get("/desk").await.location.as_deref(), Some(cockpit.as_str()));
        let calls = format!("{cockpit}/calls");
        let result = [("generation", generation.as_str()), ("outcome", "callback"),
            ("callback", "завтра 12")];
        let next = boris.post(&calls, &result).await.location.expect("the next company");
        assert!(next != cockpit && next.starts_with("/leads/"), "{next}");
        let anna = cast.client("anna").await;
        let story = anna.get(&cockpit).await.body;
        assert!(story.contains("talked 1:05") && story.contains("/recordings/"), "{story}");
        let recorded = floor.events(Kind::CallRecorded).await;
        assert_eq!(recorded[0].detail["attested"], json!(false));
    }

    async fn programs_call_as_people_do(t: TestDb) {
        let (floor, mut exchange, grant) = at_work(t, 1).await;
        let cast = &floor.cast;
        let api = cast.api("boris").await;
        let phone = api.get("/api/v1/phone").await.json();
        assert_eq!(phone["data"]["is_here"], json!(true));
        assert_eq!(phone["data"]["server"], json!("127.0.0.1:5060"));
        let path = format!("/api/v1/leads/{}/attempts", grant.lead);
        let stale = api.post(&path, &json!({ "generation": 7 })).await;
        assert_eq!(stale.json()["error"]["code"], json!("lead-stale-lease"));
        let made = api.post(&path, &json!({ "generation": grant.generation })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = made.json()["data"]["id"].as_str().expect("an id").to_owned();
        exchange.step().await.expect("a step");
        let attempt = format!("/api/v1/attempts/{id}");
        assert_eq!(api.get(&attempt).await.json()["data"]["state"], json!("taken"));
        let over = api.post(&format!("{attempt}/hang-up"), &json!({})).await;
        assert_eq!(over.status, 200, "{}", over.body);
        keep(&floor, &rig::ended(cast, id.parse().expect("an id"), busy())).await;
        let shown = api.get(&attempt).await.json();
        assert_eq!(shown["data"]["end"]["cause"], json!("busy"));
        assert_eq!(shown["data"]["end"]["retry"], json!("soon"));
        assert_eq!(shown["data"]["end"]["counts"], json!(true));
        assert_eq!(cast.api("bella").await.get(&attempt).await.status, 404);
        let alla = cast.api("alla").await;
        let account = format!("/api/v1/people/{}/phone", cast.id("bella"));
        assert_eq!(alla.get(&account).await.json()["data"]["name"], json!(null));
        let made = alla.post(&account, &json!({})).await.json();
        assert!(made["data"]["password"].as_str().is_some_and(|word| word.len() == 24), "{made}");
        let gone = alla.post(&format!("{account}/removal"), &json!({})).await.json();
        assert_eq!(gone["data"]["name"], json!(null));
        cast.clock.advance_ms(11 * HOUR_MS);
    }

    async fn a_denied_program_is_told_the_rule_and_until_when(t: TestDb) {
        let (floor, _exchange, grant) = at_work(t, 1).await;
        floor.cast.clock.advance_ms(11 * HOUR_MS);
        let _again = rig::connect(&floor.cast, Played::default(), &["boris"]).await;
        let path = format!("/api/v1/leads/{}/attempts", grant.lead);
        let api = floor.cast.api("boris").await;
        let denied = api.post(&path, &json!({ "generation": grant.generation })).await;
        assert_eq!(denied.status, 409);
        let error = &denied.json()["error"];
        assert_eq!(error["code"], json!("call-denied"));
        assert_eq!(error["details"]["rule"], json!("hours"));
        assert_eq!(error["details"]["until_at"], json!("2026-11-03T06:00:00Z"));
        let message = error["message"].as_str().expect("a sentence");
        assert!(message.contains("outside calling hours") && message.contains("03.11.2026 09:00"),
            "{message}");
    }

    async fn an_administrator_makes_a_phone_on_its_page(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let cast = &floor.cast;
        let alla = cast.client("alla").await;
        let path = format!("/people/{}/phone", cast.id("boris"));
        assert!(alla.get(&path).await.body.contains("not switched on"));
        let made = alla.post(&path, &[]).await;
        assert!(made.body.contains("shown only this once"), "{}", made.body);
        let gone = alla.post(&format!("{path}/removal"), &[]).await;
        assert_eq!(gone.location.as_deref(), Some(path.as_str()));
        for login in ["boris", "anna"] {
            assert_eq!(cast.client(login).await.get(&path).await.status, 404);
        }
        assert!(!cast.viewer("alla").await.is(Role::Owner));
    }
}
