//! An acknowledged write is never lost to a crash, and none is half there (promise P1).
//!
//! The program is killed at a seeded random moment, fifty times on each database, while callers
//! lease companies and record calls, a seller takes what is offered, wins it and enters payments,
//! an account manager takes the clients, a head adds companies and notes, and others change their
//! settings by a form. What it acknowledged is journalled outside of it. After each new start what
//! was cut off is asked for again under its key, as a browser would; then calls, events, hand-offs,
//! contracts, payments, companies, notes and receipts must be those of the journal, each once. In
//! the end every job has come to its end, and what follows from a deed stands, once.
//! `TROIKA_CRASH_KILLS` asks for more kills.

mod compare;
mod firm;
mod journal;
mod work;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use troika::schedule;
use troika::values::Clock;

use self::compare::{compare, follow};
use self::firm::{Firm, prepare};
use self::journal::{Deed, Journal};
use self::work::{Door, Next};
use super::server::{Home, Server, run};

const KILLS: usize = 50;
const SEED: u64 = 20_261_102;
/// How long the program works before it is killed.
const LIFE_MS: std::ops::Range<u64> = 15..400;
/// How long a job of a program that was killed is held; then another takes it.
const HELD_MINUTES: i64 = 3;
/// How long somebody waits for whom there is nothing to do.
const PAUSE: Duration = Duration::from_millis(20);

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
    let firm = prepare(&db).await;
    let mut journal = Journal::new(firm.workers.len());
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let kills = std::env::var("TROIKA_CRASH_KILLS").map_or(KILLS, |n| n.parse().expect("a number"));
    let (mut cut, mut killed) = (0, 0);
    // A slow machine does less in a life; it has more of them until all sorts of work were done.
    while killed < kills || killed < 3 * kills && !lacking(&journal, cut, kills).is_empty() {
        let round = killed;
        killed += 1;
        let server = Server::start(&home.database);
        cut += ask_again(&server, &firm, &mut journal);
        compare(&db, &firm, &journal).await;
        let life = Duration::from_millis(chance.random_range(LIFE_MS));
        load(server, &firm, &mut journal, (round, life));
        if round % 10 == 9 {
            check(&home);
        }
    }
    let server = Server::start(&home.database);
    cut += ask_again(&server, &firm, &mut journal);
    compare(&db, &firm, &journal).await;
    server.kill();
    let later = Clock::standing(Clock::system().now().plus_minutes(HELD_MINUTES));
    schedule::run_due(&db, &later).await.expect("jobs come to their end");
    compare(&db, &firm, &journal).await;
    follow(&db, &firm, &journal).await;
    check(&home);
    let told = journal.told();
    println!("{killed} kills, {cut} writes cut off and asked for again, 0 lost: {told}");
    let lacking = lacking(&journal, cut, kills);
    assert!(lacking.is_empty(), "too few to mean anything: {lacking:?}");
    db.close().await;
}

/// How often each sort of work is done at least, for every three kills that are asked for.
const ENOUGH: [(usize, &str, fn(&Deed) -> bool); 4] = [
    (4, "calls", |deed| matches!(deed, Deed::Call { .. })),
    (1, "offers taken", |deed| matches!(deed, Deed::Accept { .. })),
    (1, "payments", |deed| matches!(deed, Deed::Pay { .. })),
    (2, "companies and notes", |deed| matches!(deed, Deed::Add | Deed::Note { .. })),
];

/// What was done too seldom for so many kills, and how often.
fn lacking(journal: &Journal, cut: usize, kills: usize) -> Vec<(&'static str, usize)> {
    let done = ENOUGH.map(|(least, what, is)| {
        let count = journal.done.iter().filter(|(wish, _)| is(&wish.deed)).count();
        (count * 3 < least * kills).then_some((what, count))
    });
    let is_cut = (cut <= kills).then_some(("writes cut off", cut));
    done.into_iter().chain([is_cut]).flatten().collect()
}

/// Everybody works until the program is killed.
fn load(server: Server, firm: &Firm, journal: &mut Journal, (round, life): (usize, Duration)) {
    let (journal, is_over) = (Mutex::new(journal), AtomicBool::new(false));
    let origin = server.origin.clone();
    std::thread::scope(|threads| {
        for who in 0..firm.workers.len() {
            let (origin, journal, is_over) = (&origin, &journal, &is_over);
            threads.spawn(move || work(&Door::of(origin, firm), journal, is_over, (who, round)));
        }
        std::thread::sleep(life);
        server.kill();
        is_over.store(true, Ordering::SeqCst);
    });
}

fn work(
    door: &Door<'_>,
    journal: &Mutex<&mut Journal>,
    is_over: &AtomicBool,
    (who, round): (usize, usize),
) {
    for count in 0.. {
        if is_over.load(Ordering::SeqCst) {
            return;
        }
        let hands = journal.lock().expect("the journal").hands[who].clone();
        let wish = match door.next(who, (round, count), &hands) {
            Next::Wish(wish) => wish,
            Next::Gone => return,
            Next::Nothing => {
                std::thread::sleep(PAUSE);
                continue;
            }
        };
        let answer = door.send(&wish);
        let mut journal = journal.lock().expect("the journal");
        match answer {
            Some(answer) => journal.note(wish, answer),
            None => return journal.open.push(wish),
        }
    }
}

/// Sends again what had no answer; each must be done now. Says how many there were.
fn ask_again(server: &Server, firm: &Firm, journal: &mut Journal) -> usize {
    let open = std::mem::take(&mut journal.open);
    let (door, count) = (Door::of(&server.origin, firm), open.len());
    for wish in open {
        let answer = door.send(&wish).unwrap_or_else(|| panic!("{wish:?} has no answer"));
        journal.note(wish, answer);
    }
    count
}

fn check(home: &Home) {
    let (is_well, said) = run(&["check", "--database", &home.database]);
    assert!(is_well, "troika check: {said}");
}
