//! Debian's chromedriver, spoken to in plain WebDriver, and the browsers it runs.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// What a browser of a test does without.
const FLAGS: [&str; 13] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--window-size=1366,768",
];

/// The name under which WebDriver hands out an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The running driver. It ends with this value.
pub struct Driver {
    child: Child,
    origin: String,
}

impl Driver {
    /// Starts it on a free port.
    pub fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts; ./test installs it");
        let said = BufReader::new(child.stdout.take().expect("it has an output"));
        let port = said.lines().map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("chromedriver says its port");
        Self { child, origin: format!("http://127.0.0.1:{port}") }
    }

    /// A browser of its own, with a folder of its own.
    pub fn browse(&self) -> Browser {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let profile = format!("--user-data-dir={}", folder.path().display());
        let flags: Vec<&str> = FLAGS.into_iter().chain([profile.as_str()]).collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let made = send("POST", &format!("{}/session", self.origin), &wanted)
            .expect("Chromium starts; ./test installs it");
        let id = made["sessionId"].as_str().expect("a session has an id");
        Browser { session: format!("{}/session/{id}", self.origin), _folder: folder }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if self.child.kill().is_ok() && self.child.wait().is_err() {
            eprintln!("chromedriver could not be waited for");
        }
    }
}

/// One browser. It ends with this value, also when a test fails.
pub struct Browser {
    session: String,
    _folder: tempfile::TempDir,
}

/// Something on the page.
pub struct Element(String);

impl Browser {
    /// Leaves the page, with nothing of whoever was here but what the product keeps for good.
    pub fn leave(&self, origin: &str) {
        let left = [
            ("url", json!({ "url": "about:blank" })),
            (
                "goog/cdp/execute",
                cdp("Emulation.setScriptExecutionDisabled", &json!({ "value": false })),
            ),
            (
                "goog/cdp/execute",
                cdp(
                    "Storage.clearDataForOrigin",
                    &json!({ "origin": origin, "storageTypes": "all" }),
                ),
            ),
        ];
        for (path, body) in left {
            if let Err(problem) = send("POST", &format!("{}/{path}", self.session), &body) {
                eprintln!("a browser was not left clean: {problem}");
            }
        }
    }

    /// Goes to an address and waits until it has loaded.
    pub fn go(&self, address: &str) {
        self.post("url", &json!({ "url": address }));
    }

    /// What a script answers; arguments are `arguments[0]` and so on.
    pub fn ask(&self, script: &str, arguments: &Value) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// An element that a script answers; `None` when it answers nothing.
    pub fn find(&self, script: &str, arguments: &Value) -> Option<Element> {
        self.ask(script, arguments)[ELEMENT].as_str().map(|id| Element(id.to_owned()))
    }

    /// Types into an element, key by key; false when it has just gone.
    pub fn type_into(&self, element: &Element, text: &str) -> bool {
        self.touch(element, "value", &json!({ "text": text }))
    }

    /// Empties a field; false when it has just gone.
    pub fn clear(&self, element: &Element) -> bool {
        self.touch(element, "clear", &json!({}))
    }

    /// Clicks in the middle of an element, as a hand would; false when it has just gone.
    pub fn click(&self, element: &Element) -> bool {
        self.touch(element, "click", &json!({}))
    }

    /// Does something to an element; false when it has gone or takes nothing just now, as while a
    /// live page draws itself anew.
    fn touch(&self, element: &Element, what: &str, body: &Value) -> bool {
        let address = format!("{}/element/{}/{what}", self.session, element.0);
        match send("POST", &address, body) {
            Ok(_) => true,
            Err(problem) if problem.contains("does not belong to the document") => false,
            Err(problem) if problem.contains("stale element") => false,
            Err(problem) if problem.contains("element not interactable") => false,
            Err(problem) => panic!("{address} {body}: {problem}"),
        }
    }

    /// The page as a picture, in PNG.
    pub fn picture(&self) -> Vec<u8> {
        let taken = send("GET", &format!("{}/screenshot", self.session), &json!({}));
        base64(taken.expect("a screenshot").as_str().expect("base64"))
    }

    /// A command of Chromium itself, beyond WebDriver.
    pub fn command(&self, command: &str, parameters: &Value) -> Value {
        self.post("goog/cdp/execute", &cdp(command, parameters))
    }

    /// What the console said since it was last asked: level and text.
    pub fn console(&self) -> Vec<String> {
        let said = self.post("se/log", &json!({ "type": "browser" }));
        let lines = said.as_array().into_iter().flatten();
        lines.map(|line| format!("{} {}", line["level"], line["message"])).collect()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        send("POST", &format!("{}/{path}", self.session), body)
            .unwrap_or_else(|problem| panic!("{path} {body}: {problem}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Err(problem) = send("DELETE", &self.session, &json!({})) {
            eprintln!("a browser did not end: {problem}");
        }
    }
}

fn cdp(command: &str, parameters: &Value) -> Value {
    json!({ "cmd": command, "params": parameters })
}

fn send(method: &str, address: &str, body: &Value) -> Result<Value, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(120)))
        .http_status_as_error(false)
        .build()
        .into();
    let sent = match method {
        "GET" => agent.get(address).call(),
        "DELETE" => agent.delete(address).call(),
        _ => agent.post(address).send_json(body),
    };
    let mut reply = sent.map_err(|cause| cause.to_string())?;
    let is_well = reply.status().is_success();
    let mut body: Value = reply
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_json()
        .map_err(|cause| cause.to_string())?;
    let value = body["value"].take();
    if is_well { Ok(value) } else { Err(value["message"].to_string()) }
}

/// Bytes of a base64 text.
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes() {
        let Some(value) = LETTERS.iter().position(|known| *known == letter) else { continue };
        bits = (bits << 6) | u32::try_from(value).expect("below 64");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).expect("a byte"));
        }
    }
    bytes
}

#[test]
fn base64_is_read() {
    assert_eq!(base64("0KLRgNC+0LnQutCw"), "Тройка".as_bytes());
    assert_eq!(base64("YWI="), b"ab");
}
