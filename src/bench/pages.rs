//! How long pages take, each asked as the person who lives on it, over records that differ from
//! one request to the next. The clock stands where the history stops.

use std::net::SocketAddr;
use std::time::Instant as Watch;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use serde::Serialize;
use tower::ServiceExt as _;

use super::asked::{self, Asked};
use super::store;
use crate::leads;
use crate::people::{actions, session};
use crate::storage::Db;
use crate::values::*;
use crate::web::hosts::Hosts;
use crate::web::{App, Settings};

/// Requests before those that count.
pub(super) const WARM: usize = 3;

/// The times of one page.
#[derive(Debug, Clone, Serialize)]
pub struct Times {
    /// What was asked for.
    pub what: &'static str,
    /// Login of who asked.
    pub login: &'static str,
    /// The worst status among the answers.
    pub status: u16,
    /// Bytes of the largest answer.
    pub bytes: usize,
    /// The very first answer, with nothing warm, in milliseconds.
    pub first_ms: f64,
    /// Half of the answers were faster, in milliseconds.
    pub p50_ms: f64,
    /// 95 of 100 answers were faster, in milliseconds.
    pub p95_ms: f64,
    /// The slowest that counts, in milliseconds.
    pub max_ms: f64,
}

/// The product behind its door, with somebody signed in.
pub(super) struct Door {
    pub app: App,
    router: Router,
    pub org: OrgId,
}

/// Who asks.
pub(super) struct Signed {
    pub id: UserId,
    cookie: String,
    csrf: String,
}

/// An answer, and how long it took.
pub(super) struct Reply {
    status: u16,
    bytes: usize,
    ms: f64,
}

/// The machine's clock; only differences mean anything.
#[expect(clippy::disallowed_methods, reason = "a figure is measured against the machine's clock")]
pub(super) fn watch() -> Watch {
    Watch::now()
}

/// Asks each page `runs` times after a few that do not count.
pub async fn measure(db: &Db, runs: usize) -> Outcome<Vec<Times>> {
    let door = Door::open(db).await?;
    let pages = asked::pages(&mut db.read().await?, door.org, door.app.now()).await?;
    let mut all = Vec::new();
    for page in &pages {
        all.push(door.time(page, runs).await?);
    }
    all.push(door.time_next(runs).await?);
    Ok(all)
}

impl Door {
    /// The product over a loaded firm, a minute after its history stops.
    pub async fn open(db: &Db) -> Outcome<Self> {
        let org = actions::first_firm(db).await?.ok_or(Error::NotFound)?;
        let mut tx = db.read().await?;
        let now = store::find_last_moment(&mut tx, org).await?.plus_minutes(1);
        drop(tx);
        let origin = "http://localhost".to_owned();
        let hosts = Hosts::of(&origin, SocketAddr::from(([127, 0, 0, 1], 80)));
        let settings =
            Settings { origin, hosts, proxies: Vec::new(), is_secure: false, is_demo: false };
        let app = App::new(db.clone(), Clock::standing(now), settings);
        Ok(Self { router: crate::app::router(app.clone()), app, org })
    }

    pub async fn time(&self, page: &Asked, runs: usize) -> Outcome<Times> {
        let who = self.sign_in(page.login).await?;
        let mut replies = Vec::new();
        for path in page.paths.iter().cycle().take(runs + WARM) {
            let request = Request::builder().uri(path).header(header::COOKIE, &who.cookie);
            let request = request.body(Body::empty()).map_err(Error::failure)?;
            replies.push(self.ask(request).await?);
        }
        Ok(summed((page.what, page.login), &replies))
    }

    /// The result key of the cockpit: the call is recorded, the next company is leased and drawn
    /// in the same answer.
    async fn time_next(&self, runs: usize) -> Outcome<Times> {
        let login = "caller1";
        let who = self.sign_in(login).await?;
        let mut tx = self.app.db.read().await?;
        let campaign = store::find_campaign_of(&mut tx, self.org, who.id).await?;
        drop(tx);
        let campaign = campaign.ok_or_else(|| Error::failure("nobody calls"))?;
        let lease = format!("/campaigns/{campaign}/lease");
        let fresh = || AnyId::fresh(self.app.now()).to_string();
        self.ask(self.form(&who, &lease, &[("_key", fresh().as_str())])?).await?;
        let mut replies = Vec::new();
        for run in 0..=runs + WARM {
            let mut tx = self.app.db.read().await?;
            let held = leads::actions::find_held(&mut tx, self.org, who.id).await?;
            drop(tx);
            let held = held.ok_or_else(|| Error::failure("there is nobody left to call"))?;
            let path = format!("/leads/{}/calls", held.id);
            let (key, generation) = (fresh(), held.generation.to_string());
            let mut fields = vec![
                ("_key", key.as_str()),
                ("generation", &generation),
                ("outcome", "not_reached"),
            ];
            // The last company is given back, and its answer does not count.
            if run == runs + WARM {
                fields.push(("then", "pause"));
            }
            replies.push(self.ask(self.form(&who, &path, &fields)?).await?);
        }
        replies.pop();
        Ok(summed(("next company after a result key", login), &replies))
    }

    pub async fn sign_in(&self, login: &str) -> Outcome<Signed> {
        let mut tx = self.app.db.read().await?;
        let users = actions::list_users(&mut tx, self.org).await?;
        drop(tx);
        let user = users.iter().find(|user| user.login == login).ok_or(Error::NotFound)?;
        let secret = actions::open_session(&self.app.db, self.org, user.id, self.app.now()).await?;
        Ok(Signed {
            id: user.id,
            cookie: format!("{}={}", session::COOKIE, secret.0),
            csrf: session::csrf(&secret.0),
        })
    }

    pub fn form(
        &self,
        who: &Signed,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Outcome<Request<Body>> {
        let mut pairs = vec![("_csrf", who.csrf.as_str())];
        pairs.extend_from_slice(fields);
        let body = serde_urlencoded::to_string(&pairs).map_err(Error::failure)?;
        Request::builder()
            .method("POST")
            .uri(path)
            .header(header::COOKIE, &who.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-fragment", "1")
            .body(Body::from(body))
            .map_err(Error::failure)
    }

    pub async fn ask(&self, request: Request<Body>) -> Outcome<Reply> {
        let begun = watch();
        let response = self.router.clone().oneshot(request).await.map_err(Error::failure)?;
        let status = response.status().as_u16();
        let body =
            axum::body::to_bytes(response.into_body(), 64 << 20).await.map_err(Error::failure)?;
        let ms = begun.elapsed().as_secs_f64() * 1_000.0;
        Ok(Reply { status, bytes: body.len(), ms })
    }
}

pub(super) fn summed((what, login): (&'static str, &'static str), replies: &[Reply]) -> Times {
    let mut times: Vec<f64> = replies.iter().skip(WARM).map(|reply| reply.ms).collect();
    times.sort_by(f64::total_cmp);
    Times {
        what,
        login,
        status: replies.iter().map(|reply| reply.status).max().unwrap_or(0),
        bytes: replies.iter().map(|reply| reply.bytes).max().unwrap_or(0),
        first_ms: replies.first().map_or(0.0, |reply| reply.ms),
        p50_ms: quantile(&times, 0.5),
        p95_ms: quantile(&times, 0.95),
        max_ms: times.last().copied().unwrap_or(0.0),
    }
}

/// The value below which a share of sorted values lies; nought for none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let at = (last as f64 * share).ceil() as usize;
    sorted.get(at.min(last)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::load;
    use crate::both;

    both! {
        async fn every_page_that_is_timed_answers(t: TestDb) {
            let size = load::Size { companies: 500, events: 9_000, seed: 2 };
            load::fill(&t.db, size, t.clock.now()).await.expect("filled");
            let all = measure(&t.db, 2).await.expect("measured");
            let wrong: Vec<&Times> = all.iter().filter(|page| page.status != 200).collect();
            assert!(wrong.is_empty(), "{wrong:?}");
            assert!(all.iter().all(|page| page.p95_ms > 0.0 && page.bytes > 1_000), "{all:?}");
        }
    }

    #[test]
    fn a_quantile_is_a_value_that_was_measured() {
        let times: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!((quantile(&times, 0.5) - 51.0).abs() < 1e-9);
        assert!((quantile(&times, 0.95) - 96.0).abs() < 1e-9);
        assert!(quantile(&[], 0.5).abs() < 1e-9);
    }
}
