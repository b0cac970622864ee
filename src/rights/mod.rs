//! Who may ask for what: every route of the table × everybody × a record, compared with the
//! committed `rights.out`.
//!
//! Each record belongs to the person its noun names below; for them it is their own, for their
//! colleague and their head the team's, for the sibling team foreign. A request that is refused
//! must leave the database as it was, but for the record that a rule forbade a call. A route that
//! answers anything new is a visible diff: `UPDATE=1 cargo test rights` writes the file anew, a
//! person reads it.

mod askers;
mod attacks;
mod bodies;
pub(crate) mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use futures_util::stream::{self, StreamExt as _};

use crate::cast::{Cast, Reply, Roster};
use crate::events::Kind;
use crate::routes::{self, Listed};
use crate::storage::dump_digest;
use crate::storage::testing::{Engine, PutAside, fresh};

use askers::Asker;
use bodies::Bodies;

/// A firm put aside, with everybody who asks and the records asked for.
struct Stage {
    roster: Roster,
    aside: PutAside,
    askers: Vec<Asker>,
    records: BTreeMap<&'static str, String>,
    bodies: Bodies,
    /// What the firm is before anybody asks.
    untouched: String,
    /// The same without what happened, and how many times something did.
    besides: (String, usize),
}

impl Stage {
    async fn set(engine: Engine) -> Self {
        let mut cast = Cast::gather(fresh(engine).await).await;
        askers::hire_siblings(&mut cast).await;
        let records = records::make(&cast).await;
        let askers = askers::all(&cast).await;
        let people = cast.people.iter().map(|(login, id)| (*login, id.to_string()));
        let teams = cast.teams.iter().map(|(name, id)| (*name, id.to_string()));
        let bodies = Bodies::read(&people.chain(teams).chain(records.clone()).collect());
        let (untouched, besides) = (digest(&cast).await, besides_events(&cast).await);
        let besides = (besides, kinds(&cast).await.len());
        let (roster, aside) = cast.put_aside().await;
        Self { roster, aside, askers, records, bodies, untouched, besides }
    }

    /// True when all that was written is that a person was not allowed to call.
    async fn has_denial_alone(&self, copy: &Cast) -> bool {
        let (kinds, (besides, count)) = (kinds(copy).await, &self.besides);
        let denied = kinds.iter().filter(|kind| *kind == Kind::CallDenied.code()).count();
        denied == 1 && kinds.len() == count + 1 && besides_events(copy).await == *besides
    }

    /// True when a copy is no longer what it was.
    async fn is_touched(&self, copy: &Cast) -> bool {
        copy.may_have_changed().await && digest(copy).await != self.untouched
    }

    async fn copy(&self) -> Cast {
        Cast::over(self.roster.clone(), self.aside.copy().await)
    }
}

/// Copies that were read from and not written to, for whoever reads next.
#[derive(Default)]
struct Spares(Mutex<Vec<Arc<Cast>>>);

impl Spares {
    async fn lend(&self, stage: &Stage, route: &Listed) -> Arc<Cast> {
        let spare = || self.0.lock().expect("nobody panicked").pop();
        match (route.method == Method::GET).then(spare).flatten() {
            Some(cast) => cast,
            None => Arc::new(stage.copy().await),
        }
    }

    fn give_back(&self, cast: Arc<Cast>) {
        self.0.lock().expect("nobody panicked").push(cast);
    }
}

/// What everybody is answered at one route: names by answer.
type Answers = BTreeMap<String, Vec<&'static str>>;

/// Asks for a route as everybody. What is only read is looked at once, when all have asked.
async fn ask(stage: &Stage, spares: &Spares, route: &Listed) -> Answers {
    if route.method == Method::GET {
        let cast = spares.lend(stage, route).await;
        let answers = ask_over(stage, route, cast.clone(), false).await;
        if let Some(answers) = answers
            && !stage.is_touched(&cast).await
        {
            spares.give_back(cast);
            return answers;
        }
    }
    let answers = ask_over(stage, route, Arc::new(stage.copy().await), true).await;
    answers.expect("a copy has counters of its own")
}

/// Asks as everybody, where it is looked at each time over the firm as it was; `None` where
/// somebody asked too often.
async fn ask_over(
    stage: &Stage,
    route: &Listed,
    mut cast: Arc<Cast>,
    is_looked_at: bool,
) -> Option<Answers> {
    let path = records::fill(route.path, &stage.records);
    let mut answers = Answers::new();
    for asker in stage.askers.iter().filter(|asker| asker.asks(route)) {
        let (mut reply, _) = bodies::send(&cast, asker, route, (&path, &stage.bodies)).await;
        if reply.status == StatusCode::TOO_MANY_REQUESTS {
            if !is_looked_at {
                return None;
            }
            cast = Arc::new(stage.copy().await);
            (reply, _) = bodies::send(&cast, asker, route, (&path, &stage.bodies)).await;
        }
        let answer = word(&reply);
        let place = format!("{} {path} as {}", route.method, asker.name);
        assert!(!reply.status.is_server_error(), "{place}: {}", reply.body);
        assert!(!reply.body.contains('⟦'), "{place}: a word is missing: {}", reply.body);
        if is_looked_at && stage.is_touched(&cast).await {
            let is_kept =
                reply.status == StatusCode::CONFLICT && stage.has_denial_alone(&cast).await;
            let is_still = !is_refusal(&reply) || is_kept;
            assert!(is_still, "{place}: {answer}, and yet something was written");
            cast = Arc::new(stage.copy().await);
        }
        answers.entry(answer).or_default().push(asker.name);
    }
    Some(answers)
}

/// A refused call keeps what was typed as a draft of its author's own; nothing else may change.
async fn digest(cast: &Cast) -> String {
    dump_digest(&cast.app.db, &["sessions", "drafts"]).await.expect("the database is read")
}

async fn besides_events(cast: &Cast) -> String {
    let without = ["sessions", "drafts", "events", "receipts"];
    dump_digest(&cast.app.db, &without).await.expect("the database is read")
}

/// What happened, by its kinds.
async fn kinds(cast: &Cast) -> Vec<String> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = tx.all("select kind from events", &[]).await.expect("reads");
    all.iter().map(|row| row.text("kind").expect("a kind")).collect()
}

fn is_refusal(reply: &Reply) -> bool {
    reply.status.is_client_error() || word(reply) == "sign-in"
}

/// The answer in a word.
fn word(reply: &Reply) -> String {
    let is_asked_to_sign_in = reply.status == StatusCode::SEE_OTHER
        && reply.location.as_deref().is_some_and(|to| to.starts_with("/sign-in?next="));
    if is_asked_to_sign_in { "sign-in".to_owned() } else { reply.status.as_u16().to_string() }
}

fn render(rows: &[(String, Answers)]) -> String {
    let mut text = String::from(
        "# Every route, and what everybody is answered. Who they are: src/rights/askers.rs;\n\
         # whose record it is: src/rights/records.rs. 404 is what one may not know of.\n",
    );
    for (route, answers) in rows {
        writeln!(text, "\n{route}").expect("memory takes text");
        for (answer, names) in answers {
            writeln!(text, "  {answer:8}{}", names.join(" ")).expect("memory takes text");
        }
    }
    text
}

async fn matrix(engine: Engine, is_asked: impl Fn(&Listed) -> bool) -> Vec<(String, Answers)> {
    let stage = Arc::new(Stage::set(engine).await);
    let spares = Arc::new(Spares::default());
    let asked = routes::table().listed.into_iter().filter(is_asked);
    let rows = stream::iter(asked).map(|route| {
        let (stage, spares) = (stage.clone(), spares.clone());
        // Each route is a task of its own, so that all cores ask.
        tokio::spawn(async move {
            (format!("{} {}", route.method, route.path), ask(&stage, &spares, &route).await)
        })
    });
    rows.buffered(4).map(|row| row.expect("a route was asked for")).collect().await
}

fn committed() -> (std::path::PathBuf, String) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rights/rights.out");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    (path, text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_is_answered_as_the_committed_table_says() {
    let now = render(&matrix(Engine::Sqlite, |_| true).await);
    let (path, before) = committed();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, now).expect("the table is written");
        return;
    }
    for (line, (is, was)) in now.lines().zip(before.lines()).enumerate() {
        assert_eq!(is, was, "rights.out line {}: look at it, then UPDATE=1", line + 1);
    }
    assert_eq!(now.lines().count(), before.lines().count(), "rights.out: UPDATE=1 after a look");
}

/// Nouns whose routes are asked on PostgreSQL too; the statements behind them bear the scopes.
const ON_BOTH: [&str; 6] = ["people", "leads", "opportunities", "handoffs", "clients", "live"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_answers_as_sqlite_does() {
    let is_asked = |route: &Listed| {
        route.policy.is_public
            || ON_BOTH.contains(&route.policy.noun) && route.method == Method::GET
    };
    let now = render(&matrix(Engine::Postgres, is_asked).await);
    let before = committed().1;
    let paragraphs: BTreeSet<&str> = before.split("\n\n").map(str::trim).collect();
    for paragraph in now.split("\n\n").skip(1).map(str::trim) {
        assert!(paragraphs.contains(paragraph), "PostgreSQL answers otherwise:\n{paragraph}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_parameter_has_a_record_to_ask_for() {
    let stage = Stage::set(Engine::Sqlite).await;
    let made: BTreeSet<&str> = stage.records.keys().copied().collect();
    let mut lacking = BTreeSet::new();
    for route in routes::table().listed {
        lacking.extend(records::parameters(route.path).filter(|noun| !made.contains(noun)));
    }
    assert!(lacking.is_empty(), "make a record for {lacking:?} in src/rights/records.rs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_stands_exactly_where_its_page_opens() {
    let stage = Stage::set(Engine::Sqlite).await;
    let cast = stage.copy().await;
    let (mut open, mut shut) = (0, 0);
    let is_page = |route: &Listed| {
        let of_record = records::parameters(route.path).count() == 1 && route.path.ends_with('}');
        route.method == Method::GET && of_record && !route.policy.is_public
    };
    let pages = routes::table().listed.into_iter().filter(is_page);
    for page in pages.filter(|page| !page.path.starts_with("/api/")) {
        let path = records::fill(page.path, &stage.records);
        for login in askers::PEOPLE {
            let viewer = cast.viewer(login).await;
            let is_linked = routes::opens(&cast.app, &viewer, &path).await.expect("reads");
            let answer = cast.client(login).await.get(&path).await.status;
            assert_eq!(is_linked, answer != StatusCode::NOT_FOUND, "{} as {login}", page.path);
            *(if is_linked { &mut open } else { &mut shut }) += 1;
        }
    }
    assert!(open > 50 && shut > 50, "{open} open, {shut} do not");
}

/// Routes that nobody passes, each with its reason.
const NOBODY_PASSES: [(&str, &str); 13] = [
    ("POST /sign-in", "everybody types a wrong password"),
    ("GET /demo/removal", "the firm is no demo"),
    ("POST /demo/removal", "the firm is no demo"),
    ("GET /pay/periods/{period}/payroll.csv", "the period is open"),
    ("GET /pay/periods/{period}/payroll.xlsx", "the period is open"),
    ("GET /api/v1/pay-periods/{period}/payroll", "the period is open"),
    ("GET /pay/invoices/{period}/{user}", "the period is open"),
    ("GET /pay/invoices/{period}/{user}/invoice.csv", "the period is open"),
    ("GET /api/v1/pay-periods/{period}/invoices/{user}", "the period is open"),
    ("POST /practice/{exercise}/calls", "no result is chosen"),
    ("POST /api/v1/practice/{exercise}/calls", "no result is chosen"),
    ("GET /hooks/telephony/{*connector}", "nobody asks for an echo"),
    ("POST /hooks/telephony/{*connector}", "nobody knows its secret"),
];

#[test]
fn somebody_passes_at_every_route() {
    let text = committed().1;
    let mut stuck = BTreeSet::new();
    for paragraph in text.split("\n\n").skip(1) {
        let (route, answers) = paragraph.split_once('\n').expect("a route and its answers");
        let passes = ["200", "201", "303", "409"];
        let is_passed = answers.lines().any(|line| passes.contains(&&line[2..5]));
        if !is_passed {
            stuck.insert(route);
        }
    }
    let known: BTreeSet<&str> = NOBODY_PASSES.iter().map(|(route, _)| *route).collect();
    assert_eq!(stuck, known, "write what they want into src/rights/bodies.txt");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_body_is_of_a_route() {
    let stage = Stage::set(Engine::Sqlite).await;
    let listed = routes::table().listed;
    let changed = listed.iter().filter(|route| route.method == Method::POST);
    let known: BTreeSet<&str> = changed.map(|route| route.path).collect();
    let strange: Vec<&str> = stage.bodies.paths().filter(|path| !known.contains(path)).collect();
    assert!(strange.is_empty(), "src/rights/bodies.txt knows routes that are gone: {strange:?}");
}
