//! An acknowledged write is never lost to a crash, and none is half there (promise P1).
//!
//! The program serves writes of several threads and is killed at a seeded random moment, fifty
//! times on each database. What it acknowledged is noted outside of it. After each new start all
//! that was noted must be there; what was cut off is asked for again under its key, as a browser
//! would, and must then be there once. `TROIKA_CRASH_KILLS` asks for more kills.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use troika::storage::Db;
use troika::vals;
use troika::values::OrgId;

use super::server::{Home, Person, Server, found, run};

const KILLS: usize = 50;
const SEED: u64 = 20_261_102;
/// How long the program works before it is killed.
const LIFE_MS: std::ops::Range<u64> = 15..400;

/// A write that was asked for: who asked, under which key, and what for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Wish {
    person: usize,
    key: String,
    theme: &'static str,
}

/// What is known outside the program.
#[derive(Debug, Default)]
struct Journal {
    /// Answered as done.
    done: BTreeSet<Wish>,
    /// Sent, with no answer.
    open: Vec<Wish>,
    /// What each person was last told is so.
    last: BTreeMap<usize, &'static str>,
}

impl Journal {
    fn note(&mut self, wish: Wish) {
        self.last.insert(wish.person, wish.theme);
        self.done.insert(wish);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_write_is_lost_on_sqlite() {
    crash(Home::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_write_is_lost_on_postgresql() {
    crash(Home::postgres("crash").await).await;
}

async fn crash(home: Home) {
    let db = home.open().await;
    let (org, people) = found(&db).await;
    let people = Arc::new(people);
    let journal = Arc::new(Mutex::new(Journal::default()));
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let kills = std::env::var("TROIKA_CRASH_KILLS").map_or(KILLS, |n| n.parse().expect("a number"));
    let mut cut = 0;
    for round in 0..kills {
        let server = Server::start(&home.database);
        cut += ask_again(&server, &people, &journal);
        compare(&db, org, &people, &journal).await;
        let life = Duration::from_millis(chance.random_range(LIFE_MS));
        load(server, &people, &journal, round, life);
        if round % 10 == 9 {
            check(&home);
        }
    }
    let server = Server::start(&home.database);
    cut += ask_again(&server, &people, &journal);
    compare(&db, org, &people, &journal).await;
    server.kill();
    check(&home);
    let done = journal.lock().expect("the journal").done.len();
    println!(
        "{kills} kills, {done} acknowledged writes, {cut} cut off and asked for again, 0 lost"
    );
    assert!(done > kills * 5, "only {done} writes: too few to mean anything");
    assert!(cut > kills, "only {cut} writes were cut off: the kills came too late");
    db.close().await;
}

/// Everybody writes until the program is killed.
fn load(
    server: Server,
    people: &Arc<Vec<Person>>,
    journal: &Arc<Mutex<Journal>>,
    round: usize,
    life: Duration,
) {
    let is_over = Arc::new(AtomicBool::new(false));
    let threads: Vec<_> = (0..people.len())
        .map(|person| {
            let (people, journal, is_over) = (people.clone(), journal.clone(), is_over.clone());
            let origin = server.origin.clone();
            std::thread::spawn(move || {
                let agent = agent();
                for count in 0.. {
                    if is_over.load(Ordering::SeqCst) {
                        return;
                    }
                    let theme = ["dark", "light", "auto"][count % 3];
                    let wish = Wish { person, key: format!("{round}-{count}"), theme };
                    let is_done = send(&agent, &origin, &people[person], &wish);
                    let mut journal = journal.lock().expect("the journal");
                    if !is_done {
                        journal.open.push(wish);
                        return;
                    }
                    journal.note(wish);
                }
            })
        })
        .collect();
    std::thread::sleep(life);
    server.kill();
    is_over.store(true, Ordering::SeqCst);
    for thread in threads {
        thread.join().expect("a writer ends well");
    }
}

/// Sends again what had no answer; each must be done now. Says how many there were.
fn ask_again(server: &Server, people: &[Person], journal: &Mutex<Journal>) -> usize {
    let mut journal = journal.lock().expect("the journal");
    let open = std::mem::take(&mut journal.open);
    let (agent, count) = (agent(), open.len());
    for wish in open {
        assert!(send(&agent, &server.origin, &people[wish.person], &wish), "{wish:?} is refused");
        journal.note(wish);
    }
    count
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

/// Asks for a write. True when it was acknowledged, false when no answer came.
fn send(agent: &ureq::Agent, origin: &str, person: &Person, wish: &Wish) -> bool {
    let csrf = person.csrf();
    let form = [
        ("lang", "ru"),
        ("theme", wish.theme),
        ("keys", "on"),
        ("_csrf", csrf.as_str()),
        ("_key", wish.key.as_str()),
    ];
    let asked = agent.post(format!("{origin}/settings")).header("cookie", person.cookie());
    match asked.send_form(form) {
        Ok(reply) => {
            assert_eq!(reply.status().as_u16(), 303, "{wish:?}");
            true
        }
        Err(_) => false,
    }
}

/// All that was acknowledged is in the database once, whole, and nothing else is.
async fn compare(db: &Db, org: OrgId, people: &[Person], journal: &Mutex<Journal>) {
    let mut tx = db.read().await.expect("the database is read");
    let receipts = tx
        .all(
            "select actor, request_key, answer from receipts where org_id = $1 and actor <> ''",
            vals![org],
        )
        .await
        .expect("the receipts are read");
    let mut found = BTreeMap::new();
    for row in &receipts {
        let key = (row.text("actor").expect("text"), row.text("request_key").expect("text"));
        found.insert(key, row.text("answer").expect("text"));
    }
    let users = tx
        .all("select id, theme from users where org_id = $1", vals![org])
        .await
        .expect("the users are read");
    let journal = journal.lock().expect("the journal");
    for row in &users {
        let id = row.text("id").expect("text");
        let Some(person) = people.iter().position(|p| p.id.to_string() == id) else { continue };
        let Some(theme) = journal.last.get(&person) else { continue };
        let login = people[person].login;
        assert_eq!(&row.text("theme").expect("text"), theme, "the last write of {login}");
    }
    for wish in &journal.done {
        let key = (people[wish.person].id.to_string(), wish.key.clone());
        let answer =
            found.get(&key).unwrap_or_else(|| panic!("{wish:?} was acknowledged and is lost"));
        assert!(!answer.is_empty(), "{wish:?} is half there");
    }
    assert!(found.values().all(|answer| !answer.is_empty()), "a write is half there");
    let known = journal.done.len() + journal.open.len();
    assert!(found.len() <= known, "{} writes stand where {known} were asked for", found.len());
}

fn check(home: &Home) {
    let (is_well, said) = run(&["check", "--database", &home.database]);
    assert!(is_well, "troika check: {said}");
}
