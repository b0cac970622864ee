//! A firm with a caller, a company to call, and the program with its engine.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use troika::people::actions::{Secret, make_token};
use troika::people::session;
use troika::storage::{Act, Db};
use troika::vals;
use troika::values::{CampaignId, Clock, OrgId};

use super::phone::Phone;
use super::ports::{PATIENCE, free_port};
use crate::campaign::{begin, person};
use crate::server::{Home, Person, Server, found};

/// Companies to call.
const COMPANIES: usize = 6;
/// How long a phone's registration lasts at a time.
const REGISTERED_SECONDS: u32 = 60;

/// See the module.
pub struct Floor {
    pub home: Home,
    pub server: Option<Server>,
    pub phone: Option<Phone>,
    /// Where the trunk is.
    pub trunk: u16,
    pub sip: u16,
    caller: String,
    administrator: String,
    user: String,
    campaign: CampaignId,
    org: OrgId,
}

impl Floor {
    pub async fn open() -> Self {
        let home = Home::sqlite();
        let db = home.open().await;
        let (org, people) = found(&db).await;
        let campaign = begin(&db, org, &people, COMPANIES).await;
        let caller = person(&people, "caller");
        let tokens = [caller, person(&people, "administrator")];
        let mut made = Vec::new();
        for person in tokens {
            made.push(token(&db, org, person).await);
        }
        db.close().await;
        let [caller_token, administrator] = <[String; 2]>::try_from(made).expect("two");
        let mut floor = Self {
            home,
            server: None,
            phone: None,
            trunk: free_port(),
            sip: free_port(),
            caller: caller_token,
            administrator,
            user: caller.id.to_string(),
            campaign,
            org,
        };
        floor.start();
        floor
    }

    pub fn folder(&self) -> &Path {
        self.home.folder()
    }

    /// Starts the program with its engine.
    pub fn start(&mut self) {
        let recordings = self.folder().join("sound");
        std::fs::create_dir_all(&recordings).expect("a folder");
        let (listen, trunk) =
            (format!("127.0.0.1:{}", self.sip), format!("127.0.0.1:{}", self.trunk));
        let flags = [
            "--sip-listen",
            &listen,
            "--sip-trunk",
            &trunk,
            "--sip-trunk-ping",
            "0",
            "--sip-caller-id",
            "+74950000000",
            "--sip-prefixes",
            "7",
            "--sip-numbers",
            "74950000000",
            "--sip-ring",
            "2",
            "--recordings",
            &recordings.display().to_string(),
            "--recording-consent",
        ];
        self.server = Some(Server::start_with(&self.home.database, &flags));
    }

    /// The caller's phone gets a password and registers.
    pub async fn pick_up_phone(&mut self) {
        let path = format!("/api/v1/people/{}/phone", self.user);
        let made = self.ask(&self.administrator, "POST", &path, json!({})).1;
        let password = made["data"]["password"].as_str().expect("shown once").to_owned();
        assert_eq!(made["data"]["name"], "1001", "{made}");
        let place = format!("127.0.0.1:{}", self.sip).parse().expect("an address");
        // The password reaches the engine before the phone does, or it tries again.
        tokio::time::sleep(Duration::from_millis(700)).await;
        self.phone = Some(Phone::start(self.folder(), place, &password, REGISTERED_SECONDS));
        let began = Instant::now();
        loop {
            let phone = self.ask(&self.caller, "GET", "/api/v1/phone", json!(null)).1;
            if phone["data"]["is_here"] == true && phone["data"]["is_trunk_up"] == true {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the phone does not register: {phone}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn ask(&self, token: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
        let (status, bytes) = self.bytes(token, (method, path), body);
        (status, serde_json::from_slice(&bytes).expect("an answer in JSON"))
    }

    fn bytes(&self, token: &str, (method, path): (&str, &str), body: Value) -> (u16, Vec<u8>) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build()
            .into();
        let url = format!("{}{path}", self.server.as_ref().expect("it runs").origin);
        let bearer = format!("Bearer {token}");
        let key = session::fresh_secret().expect("chance");
        let answer = match method {
            "GET" => agent.get(&url).header("Authorization", &bearer).call(),
            _ => agent
                .post(&url)
                .header("Authorization", &bearer)
                .header("Idempotency-Key", &key)
                .header("Content-Type", "application/json")
                .send(body.to_string()),
        };
        let mut answer = answer.expect("the program answers");
        let bytes = answer.body_mut().read_to_vec().expect("a body");
        (answer.status().as_u16(), bytes)
    }

    /// The company in the caller's hands, or the next.
    pub fn lease(&self) -> (String, i64) {
        let path = format!("/api/v1/campaigns/{}/lease", self.campaign);
        let (_, leased) = self.ask(&self.caller, "POST", &path, json!({}));
        lease_of(&leased["data"])
    }

    pub fn try_call(&self, lead: &str, generation: i64) -> (u16, Value) {
        let path = format!("/api/v1/leads/{lead}/attempts");
        self.ask(&self.caller, "POST", &path, json!({ "generation": generation }))
    }

    pub fn call(&self, lead: &str, generation: i64) -> String {
        let (status, placed) = self.try_call(lead, generation);
        assert_eq!(status, 201, "{placed}");
        placed["data"]["id"].as_str().expect("an id").to_owned()
    }

    /// The first number of a company in hand.
    pub fn number_of(&self, lead: &str) -> String {
        let (_, shown) =
            self.ask(&self.caller, "GET", &format!("/api/v1/leads/{lead}"), json!(null));
        shown["data"]["phones"][0]["e164"].as_str().expect("a number").to_owned()
    }

    /// The attempt that a call of the company in hand was, once it came in.
    pub async fn came_in(&self) -> String {
        let began = Instant::now();
        loop {
            let (_, all) = self.ask(&self.caller, "GET", "/api/v1/incoming-calls", json!(null));
            if let Some(id) = all["data"][0]["attempt"].as_str() {
                return id.to_owned();
            }
            let log = self.server.as_ref().expect("it runs").log();
            assert!(began.elapsed() < PATIENCE, "no call comes in: {all}\n{log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub fn hang_up(&self, id: &str) {
        let path = format!("/api/v1/attempts/{id}/hang-up");
        let (status, answer) = self.ask(&self.caller, "POST", &path, json!({}));
        assert_eq!(status, 200, "{answer}");
    }

    /// Says how the call went; gives the next company.
    pub fn file(&self, lead: &str, generation: i64, outcome: &str) -> (String, i64) {
        let path = format!("/api/v1/leads/{lead}/calls");
        let body =
            json!({ "generation": generation, "outcome": outcome, "reason": "too_expensive" });
        let (status, filed) = self.ask(&self.caller, "POST", &path, body);
        assert_eq!(status, 201, "{filed}");
        lease_of(&filed["data"]["next"])
    }

    /// Waits until an attempt is as wanted.
    pub async fn until(&self, id: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let path = format!("/api/v1/attempts/{id}");
            let (_, shown) = self.ask(&self.caller, "GET", &path, json!(null));
            if is_so(&shown["data"]) {
                return shown["data"].clone();
            }
            let log = self.server.as_ref().expect("it runs").log();
            assert!(began.elapsed() < PATIENCE, "it does not come to it: {shown}\n{log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub fn sound(&self, recording: &str) -> Vec<u8> {
        let path = format!("/api/v1/recordings/{recording}");
        let (status, bytes) = self.bytes(&self.caller, ("GET", &path), json!(null));
        assert_eq!(status, 200);
        bytes
    }

    /// How many events of a kind tell of something.
    pub async fn told(&self, kind: &str, subject: &str) -> i64 {
        let db = self.home.open().await;
        let mut tx = db.read().await.expect("reads");
        let text = "select count(*) as n from events where org_id = $1 and kind = $2 \
                    and subject_id = $3";
        let row = tx.one(text, vals![self.org, kind, subject]).await.expect("reads");
        row.int("n").expect("a count")
    }
}

/// How an attempt ended.
pub fn cause(attempt: &Value) -> &str {
    attempt["end"]["cause"].as_str().unwrap_or("nothing")
}

fn lease_of(value: &Value) -> (String, i64) {
    let lead = value["lead"].as_str().unwrap_or_else(|| panic!("no company: {value}"));
    (lead.to_owned(), value["generation"].as_i64().expect("a generation"))
}

async fn token(db: &Db, org: OrgId, person: &Person) -> String {
    let secret = session::fresh_secret().expect("chance");
    let now = Clock::system().now();
    let act = Act { db: db.clone(), org, actor: Some(person.id), now, key: None };
    let kept = Secret(secret.clone());
    make_token(&act, person.id, "calls", "*:read *:write", &kept).await.expect("a token");
    secret
}
