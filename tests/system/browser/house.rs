//! The program over a fresh firm, a browser driver beside it, and a clock that can be put forward.

use std::cell::{Cell, RefCell};
use std::net::TcpListener;
use std::rc::Rc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use jiff::civil::Weekday;
use troika::values::{Clock, Instant, Month, Zone};

use super::driver::{Browser, Driver};
use crate::server::{Home, Place, Server, found, run_ahead};

/// The program over a fresh firm with one person of each role, and a browser driver.
pub struct House {
    /// Its database.
    pub home: Home,
    // Before the driver, which they need to end.
    browsers: RefCell<Vec<Rc<Browser>>>,
    driver: Driver,
    server: RefCell<Option<Server>>,
    port: u16,
    ahead: Cell<Duration>,
}

impl House {
    /// A firm with nothing but its people, on SQLite.
    pub fn open() -> Self {
        Self::open_ahead(Duration::ZERO)
    }

    /// The same on a server whose clock runs ahead.
    pub fn open_ahead(ahead: Duration) -> Self {
        let home = Home::sqlite();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let db = home.open().await;
            found(&db).await;
            db.close().await;
        });
        Self::over(home, ahead)
    }

    /// A firm that is there already, on a server whose clock runs ahead.
    pub fn over(home: Home, ahead: Duration) -> Self {
        let (server, port, ahead) = (RefCell::new(None), free_port(), Cell::new(ahead));
        let (browsers, driver) = (RefCell::default(), Driver::start());
        let house = Self { home, browsers, driver, server, port, ahead };
        house.start(Duration::ZERO);
        house
    }

    /// Ends the program as an operator does; pages stay open in front of people.
    pub fn stop(&self) {
        let server = self.server.take().expect("it runs");
        assert!(server.terminate().success(), "the program ends well");
    }

    /// Starts it again at its old address, so much later.
    pub fn start(&self, later: Duration) {
        self.ahead.set(self.ahead.get() + later);
        let listen = format!("127.0.0.1:{}", self.port);
        let place = Place { listen: &listen, ahead: self.ahead.get() };
        self.server.replace(Some(Server::start_in(&self.home.database, place, &[])));
        let wanted = Clock::system().now().plus_ms(milliseconds(self.ahead.get()));
        let off = (self.now().ms() - wanted.ms()).abs();
        assert!(off < 60_000, "the clock stands {off} ms off: ./test installs libfaketime");
    }

    /// What time the program thinks it is.
    fn now(&self) -> Instant {
        let mut reply = ureq::get(self.address("/sign-in")).call().expect("the program answers");
        let page = reply.body_mut().read_to_string().expect("a page");
        let said = page.split_once("data-now=\"").and_then(|(_, rest)| rest.split_once('"'));
        Instant(said.expect("a page says its time").0.parse().expect("milliseconds"))
    }

    /// A browser in which nobody is signed in: one that was left, or else a new one.
    pub(super) fn browser(&self) -> Rc<Browser> {
        let mut all = self.browsers.borrow_mut();
        if let Some(left) = all.iter().find(|browser| Rc::strong_count(browser) == 1) {
            return Rc::clone(left);
        }
        all.push(Rc::new(self.driver.browse()));
        Rc::clone(all.last().expect("it was just added"))
    }

    /// Nobody is given this browser any more; it ends with whoever has it.
    pub(super) fn give_up(&self, browser: &Rc<Browser>) {
        self.browsers.borrow_mut().retain(|one| !Rc::ptr_eq(one, browser));
    }

    /// The path of a fresh sign-in link, as an administrator would hand it out.
    pub fn link(&self, login: &str) -> String {
        let origin = self.address("");
        let words = ["user", "link", login, "--database", &self.home.database, "--origin", &origin];
        let (is_made, said) = run_ahead(self.ahead.get(), &words);
        assert!(is_made, "no link for {login}: {said}");
        let path = said.lines().find_map(|line| line.find("/sign-in/").map(|i| &line[i..]));
        path.expect("the command prints a path").trim().to_owned()
    }

    /// A page address.
    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What the program has complained of so far.
    pub fn log(&self) -> String {
        self.server.borrow().as_ref().map(Server::log).unwrap_or_default()
    }
}

/// A port below those that systems give out by themselves: while the program is away from it nobody
/// else is given it.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 9_000).expect("below 9 000");
    loop {
        let port = 10_000 + own + NEXT.fetch_add(1, Ordering::Relaxed) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn milliseconds(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).expect("some months")
}

/// How far off ten in the morning is on the third Wednesday of the next month in Moscow: a working
/// day with weeks of its month before and after it, whenever a test runs.
pub fn until_mid_month() -> Duration {
    let (zone, now) = (Zone::named("Europe/Moscow"), Clock::system().now());
    let mut day = Month::of(now, &zone).next().first_day();
    for _ in 0..14 {
        day = day.tomorrow().expect("days go on");
    }
    while day.weekday() != Weekday::Wednesday {
        day = day.tomorrow().expect("days go on");
    }
    let morning = Instant::from_local(day.at(10, 0, 0, 0), &zone);
    Duration::from_millis(u64::try_from(morning.ms() - now.ms()).expect("it is to come"))
}
