//! The firm of the story, and its people at their screens.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use jiff::civil::DateTime;

use super::screens::{self, Page};
use crate::cast::{Cast, Client};
use crate::people::session;
use crate::storage::testing::TestDb;
use crate::values::*;
use crate::{check, people, schedule};

/// The firm with its clock.
pub struct Firm {
    cast: Cast,
    zone: Zone,
}

/// Somebody at work.
pub struct Person<'f> {
    pub firm: &'f Firm,
    client: Client<'f>,
}

impl Firm {
    /// The cast on the morning of Monday 2 November 2026, ten o'clock in Moscow.
    pub async fn opens(t: TestDb) -> Self {
        Self { cast: Cast::gather(t).await, zone: Zone::named("Europe/Moscow") }
    }
    /// A person who signs in by a link that Alla, who administers, makes for them; for an owner and
    /// for who prepares the pay Olga makes it, who owns the firm.
    pub async fn signs_in(&self, login: &str) -> Person<'_> {
        let user = self.cast.viewer(login).await.user;
        let maker = if user.roles.meets(people::GUARDED) { "olga" } else { "alla" };
        let maker = Person { firm: self, client: self.cast.client(maker).await };
        let page = format!("/people/{}", self.id(login));
        let made = maker.fills(&page, &format!("{page}/link"), &[]).await;
        let link = made.field("link");
        let path = link.strip_prefix("http://localhost").expect("the link is of this firm");
        let stranger = self.cast.anonymous();
        let shown = stranger.get(path).await.body;
        assert!(shown.contains(&format!("action=\"{path}\"")), "a button to press: {shown}");
        let reply = stranger.post(path, &[]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}: {}", reply.body);
        let cookies = reply.headers.get_all(header::SET_COOKIE).iter();
        let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
        let secret = cookies.find_map(|cookie| {
            let (name, value) = cookie.split(';').next()?.split_once('=')?;
            (name == session::COOKIE).then(|| value.to_owned())
        });
        Person { firm: self, client: self.cast.holder_of(secret.expect("a session")) }
    }
    /// Somebody from outside, with nothing but an address.
    pub fn stranger(&self) -> Person<'_> {
        Person { firm: self, client: self.cast.anonymous() }
    }
    /// The id of a person, as forms send it.
    pub fn id(&self, login: &str) -> String {
        self.cast.id(login).to_string()
    }
    /// The clock of the firm shows that; what became due by itself is done.
    pub async fn it_is(&self, at: &str) {
        let at: DateTime = at.parse().expect("a day and a time");
        let at = Instant::from_local(at, &self.zone);
        assert!(at >= self.cast.clock.now(), "time does not run back");
        self.cast.clock.set(at);
        self.settles().await;
    }
    /// Minutes pass.
    pub async fn minutes_pass(&self, minutes: i64) {
        self.cast.clock.advance_ms(minutes * MINUTE_MS);
        self.settles().await;
    }
    /// What follows from what happened, follows.
    pub async fn settles(&self) {
        schedule::sweep(&self.cast.app.db, &self.cast.clock).await.expect("sweeps");
        self.cast.settle().await;
    }
    /// What the clock of the firm shows.
    pub fn now(&self) -> Instant {
        self.cast.clock.now()
    }
    /// Something comes in from outside, without a session.
    pub async fn is_told(&self, request: Request<Body>) -> StatusCode {
        self.cast.send(request).await.status
    }
    /// `troika check` finds nothing.
    pub async fn is_sound(&self) {
        let broken = check::everything(&self.cast.app.db).await.expect("checked");
        assert_eq!(broken, []);
    }
}

impl Person<'_> {
    /// Looks at an address, whatever it answers.
    pub async fn looks_at(&self, path: &str) -> Page {
        screens::look(&self.client, path).await
    }
    /// Opens a page that must be there.
    pub async fn opens(&self, path: &str) -> Page {
        screens::open(&self.client, path).await
    }
    /// Sends a form of an open page and goes where it leads.
    pub async fn sends(&self, page: &Page, action: &str, typed: &[(&str, &str)]) -> Page {
        let sent = screens::send(&self.client, page, action, typed).await;
        self.firm.settles().await;
        sent
    }
    /// Opens a page, fills in its form with that action and sends it; it must be taken.
    pub async fn fills(&self, path: &str, action: &str, typed: &[(&str, &str)]) -> Page {
        let page = self.opens(path).await;
        let sent = self.sends(&page, action, typed).await;
        assert_eq!(sent.status, StatusCode::OK, "{action} {typed:?}: {}", sent.text());
        sent
    }
    /// Sends a form of an open page with a file; it must be taken.
    pub async fn attaches(
        &self,
        page: &Page,
        action: &str,
        typed: &[(&str, &str)],
        file: (&str, &[u8]),
    ) -> Page {
        let sent = screens::send_file(&self.client, page, action, typed, file).await;
        assert_eq!(sent.status, StatusCode::OK, "{action}: {}", sent.text());
        self.firm.settles().await;
        sent
    }
    /// An address opens for nobody like this.
    pub async fn may_not_see(&self, path: &str) {
        assert_eq!(self.looks_at(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
