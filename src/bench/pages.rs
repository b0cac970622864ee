//! How long pages take, each asked as the person who lives on it.

use std::time::Instant as Watch;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use tower::ServiceExt as _;

use crate::people::{actions, session};
use crate::storage::Db;
use crate::values::*;
use crate::web::{App, Settings};

/// The times of one page.
#[derive(Debug, Clone)]
pub struct Times {
    /// Who asked for what.
    pub what: String,
    /// Status of the last answer.
    pub status: u16,
    /// Bytes of the last answer.
    pub bytes: usize,
    /// Half of the answers were faster, in milliseconds.
    pub p50_ms: f64,
    /// 95 of 100 answers were faster, in milliseconds.
    pub p95_ms: f64,
}

/// A page and who asks for it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Login of who asks.
    pub login: String,
    /// The path with its query.
    pub path: String,
}

/// The machine's clock; only differences mean anything.
#[expect(clippy::disallowed_methods, reason = "a figure is measured against the machine's clock")]
fn watch() -> Watch {
    Watch::now()
}

/// Asks each page `runs` times after three that do not count.
pub async fn measure(db: &Db, asked: &[Asked], runs: usize) -> Outcome<Vec<Times>> {
    let origin = "http://localhost".to_owned();
    let settings = Settings { origin, is_secure: false, is_demo: false };
    let app = App::new(db.clone(), Clock::system(), settings);
    let router = crate::app::router(app.clone());
    let mut all = Vec::new();
    for one in asked {
        let cookie = cookie_of(&app, &one.login).await?;
        let mut times = Vec::new();
        let (mut status, mut bytes) = (0, 0);
        for run in 0..runs + 3 {
            let begun = watch();
            (status, bytes) = ask(&router, &cookie, &one.path).await?;
            if run >= 3 {
                times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            }
        }
        times.sort_by(f64::total_cmp);
        let what = format!("{} {}", one.login, one.path);
        let (p50_ms, p95_ms) = (quantile(&times, 0.5), quantile(&times, 0.95));
        all.push(Times { what, status, bytes, p50_ms, p95_ms });
    }
    Ok(all)
}

/// The value below which a share of sorted values lies; nought for none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let at = (last as f64 * share).ceil() as usize;
    sorted.get(at.min(last)).copied().unwrap_or(0.0)
}

async fn cookie_of(app: &App, login: &str) -> Outcome<String> {
    let org = actions::first_firm(&app.db).await?.ok_or(Error::NotFound)?;
    let mut tx = app.db.read().await?;
    let users = actions::list_users(&mut tx, org).await?;
    drop(tx);
    let user = users.iter().find(|user| user.login == login).ok_or(Error::NotFound)?;
    let secret = actions::open_session(&app.db, org, user.id, app.now()).await?;
    Ok(format!("{}={}", session::COOKIE, secret.0))
}

async fn ask(router: &Router, cookie: &str, path: &str) -> Outcome<(u16, usize)> {
    let request = Request::builder()
        .uri(path)
        .header(header::COOKIE, cookie)
        .body(Body::empty())
        .map_err(Error::failure)?;
    let response = router.clone().oneshot(request).await.map_err(Error::failure)?;
    let status = response.status().as_u16();
    let body =
        axum::body::to_bytes(response.into_body(), 64 << 20).await.map_err(Error::failure)?;
    Ok((status, body.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_value_that_was_measured() {
        let times: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!((quantile(&times, 0.5) - 51.0).abs() < 1e-9);
        assert!((quantile(&times, 0.95) - 96.0).abs() < 1e-9);
        assert!(quantile(&[], 0.5).abs() < 1e-9);
    }
}
