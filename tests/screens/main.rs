//! Takes the pictures of `docs/screens`: the demo firm, served on loopback and looked at with a
//! headless Chromium. `cargo test --test screens` takes them anew; nothing else runs it.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]
#![expect(clippy::disallowed_methods, reason = "a rig starts programs, sleeps and measures")]

#[expect(dead_code, reason = "the tests of the screens use the rest")]
#[path = "../system/browser/driver.rs"]
mod driver;
#[expect(dead_code, reason = "the other rigs use the rest")]
#[path = "../system/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use driver::{Browser, Driver};
use serde_json::{Value, json};
use server::{Server, run};
use troika::storage::{Address, Db, Durability};

/// How long a page may take to become what is wanted.
const PATIENCE: Duration = Duration::from_secs(20);

/// A picture: its name, who looks, from which page, and what they press on the way.
const PICTURES: [(&str, &str, &str, &[&str]); 7] = [
    ("cockpit", "caller", "/desk", &["main button.primary"]),
    // Whoever of them has something to answer.
    ("handoffs", "seller|service|head of sales", "/handoffs", &[]),
    ("pipeline", "head of sales", "/pipeline", &[]),
    ("client", "service", "/clients", &["main tbody tr:last-child a[data-open]"]),
    ("story", "service", "/clients", &["main tbody tr:last-child a[data-open]", "[data-key=KeyS]"]),
    ("statement", "caller", "/pay/me", &["main tbody tr:nth-child(2) a"]),
    ("funnel", "owner", "/reports", &[]),
];

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/screens");
    std::fs::create_dir_all(&folder).expect("a folder for pictures");
    let driver = Driver::start();
    for (lang, theme) in [("en", "light"), ("ru", "dark")] {
        let home = tempfile::tempdir().expect("a temporary folder");
        let doors = fill(home.path(), lang);
        let database = format!("sqlite:{}", home.path().join("demo.db").display());
        tokio::runtime::Runtime::new().expect("a runtime").block_on(open_all_hours(&database));
        let server = Server::start(&database);
        for (name, door, page, presses) in PICTURES {
            let browser = visit(&driver, &server, &doors, (door, page));
            for press in presses {
                follow(&browser, press);
            }
            dress(&browser, theme);
            let path = folder.join(format!("{name}-{lang}-{theme}.png"));
            let bytes = browser.picture();
            println!("{} {} KiB", path.display(), bytes.len() / 1_024);
            std::fs::write(path, bytes).expect("a picture is kept");
        }
    }
}

/// A demo firm in a folder; the path that signs each of its people in.
fn fill(folder: &Path, lang: &str) -> BTreeMap<String, String> {
    let folder = folder.display().to_string();
    let demo = ["demo", "--only-fill", "--lang", lang, "--dir", &folder, "--listen", "127.0.0.1:0"];
    let (is_made, said) = run(&demo);
    assert!(is_made, "the demo is not made: {said}");
    let links = said.lines().filter_map(|line| {
        let (who, link) = line.split_once("http://")?;
        Some((who.trim().to_owned(), link[link.find('/')?..].trim().to_owned()))
    });
    links.collect()
}

/// Lets the demo call at any hour: pictures are taken on evenings and Sundays too.
async fn open_all_hours(database: &str) {
    let address: Address = database.parse().expect("an address");
    let db = Db::open(&address, Durability::Full).await.expect("the demo opens");
    let mut tx = db.begin().await.expect("begins");
    for change in [
        "update campaigns set open_days = 127, open_from = 0, open_to = 1440, holidays_off = false",
        "update leads set next_at = 0 where state = 'queued' and attempts = 0",
    ] {
        tx.run(change, &[]).await.expect("is changed");
    }
    tx.commit().await.expect("is kept");
    db.close().await;
}

/// The page as the first person sees it for whom something is there; the last one's in any case.
fn visit(
    driver: &Driver,
    server: &Server,
    doors: &BTreeMap<String, String>,
    (people, page): (&str, &str),
) -> Browser {
    let mut people = people.split('|').peekable();
    loop {
        let person = people.next().expect("somebody looks");
        let browser = sign_in(driver, server, &doors[person]);
        browser.go(&format!("{}{page}", server.origin));
        let is_empty = "return document.querySelector('main .empty') !== null";
        if people.peek().is_none() || browser.ask(is_empty, &json!([])) == Value::Bool(false) {
            return browser;
        }
    }
}

fn sign_in(driver: &Driver, server: &Server, link: &str) -> Browser {
    let browser = driver.browse();
    let screen = json!({ "width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": false });
    browser.command("Emulation.setDeviceMetricsOverride", &screen);
    browser.go(&format!("{}{link}", server.origin));
    follow(&browser, "main button.primary");
    browser
}

/// Presses something and waits until the page it leads to is there.
fn follow(browser: &Browser, what: &str) {
    let here = browser.ask("return location.pathname", &json!([]));
    let pressed = browser.ask(
        "const it = document.querySelector(arguments[0]); it?.click(); return it !== null",
        &json!([what]),
    );
    assert_eq!(pressed, Value::Bool(true), "{what} is not on {here}");
    let began = Instant::now();
    let is_there =
        "return location.pathname !== arguments[0] && document.readyState === 'complete'";
    while browser.ask(is_there, &json!([here])) != Value::Bool(true) {
        assert!(began.elapsed() < PATIENCE, "{what} on {here} leads nowhere");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Puts the theme on, and hides what a hand without a mouse would be shown.
fn dress(browser: &Browser, theme: &str) {
    browser.ask(
        "document.documentElement.dataset.theme = arguments[0];
        document.querySelectorAll('.card > .move').forEach((form) => { form.hidden = true; });
        document.activeElement?.blur(); scrollTo(0, 0);",
        &json!([theme]),
    );
    std::thread::sleep(Duration::from_millis(300));
}
