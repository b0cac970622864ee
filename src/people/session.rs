//! Sessions and tokens: how a request becomes a [`Viewer`].

use std::sync::{Arc, LazyLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::Extension;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use super::{Viewer, store};
use crate::storage::{Act, Key, Tx};
use crate::values::*;
use crate::web::forms::CsrfToken;
use crate::web::{App, Failed};

/// Name of the session cookie.
pub const COOKIE: &str = "troika_session";
/// How long a session lasts.
pub const SESSION_MS: i64 = 12 * HOUR_MS;

/// A random secret of 256 bits as hex.
pub fn fresh_secret() -> Outcome<String> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(Error::failure)?;
    Ok(hex::encode(bytes))
}

/// What is stored of a secret.
pub fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// The CSRF token of a session's secret.
pub fn csrf(secret: &str) -> String {
    digest(&format!("csrf:{secret}"))
}

/// The way to work that is dear: a few threads of its own do it, some of it may wait for its turn,
/// and whoever comes beyond is told to come again.
struct Turns {
    room: Arc<Semaphore>,
    threads: std::io::Result<Runtime>,
}

/// Passwords are dear on purpose, 19 MB and a core each, and a thread keeps some of the memory it
/// once used: without turns, strangers who guess together would take all there is.
static PASSWORDS: LazyLock<Turns> = LazyLock::new(|| Turns::new(2, 62));
/// What who finds no room is told to wait.
const FULL_SECONDS: i64 = 5;

impl Turns {
    fn new(at_once: usize, waiting: usize) -> Self {
        let mut threads = Builder::new_current_thread();
        let threads = threads.max_blocking_threads(at_once).thread_name("dear").build();
        Self { room: Arc::new(Semaphore::new(at_once + waiting)), threads }
    }

    /// Does the work in its turn. Work that waits is done even where nobody waits for it any more,
    /// so it is the work that holds the room and not whoever asked: they may hang up at once.
    async fn pass<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let room = self.room.clone().try_acquire_owned();
        let room = room.map_err(|_| Error::TooMany(FULL_SECONDS))?;
        let threads = self.threads.as_ref().map_err(Error::failure)?;
        let work = move || {
            let _room = room;
            work()
        };
        threads.spawn_blocking(work).await.map_err(Error::failure)?
    }
}

/// Hashes a password by argon2id.
pub async fn hash_password(password: String) -> Outcome<String> {
    let hash = move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(Error::failure)
    };
    PASSWORDS.pass(hash).await
}

/// Checks a password; takes as long when there is no such login.
pub async fn is_password(password: String, stored: Option<String>) -> Outcome<bool> {
    let compare = move || {
        let Some(stored) = stored else {
            // The same work for an unknown login, so that timing tells nothing.
            return Argon2::default()
                .hash_password(password.as_bytes())
                .map(|_| false)
                .map_err(Error::failure);
        };
        let parsed = PasswordHash::new(&stored).map_err(Error::failure)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    };
    PASSWORDS.pass(compare).await
}

/// The `Set-Cookie` text for a session's secret; an empty secret ends it.
pub fn cookie(app: &App, secret: &str) -> String {
    let secure = if app.settings.is_secure { "; Secure" } else { "" };
    let age = if secret.is_empty() { 0 } else { SESSION_MS / 1_000 };
    format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")
}

/// The session's secret out of a request's cookies.
pub fn secret_of(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value.to_owned())
        .filter(|value| value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Finds out who asks. The API listens to bearer tokens only, pages to cookies only.
pub async fn load(Extension(app): Extension<App>, mut request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let found = if is_api {
        by_token(&app, request.headers()).await
    } else {
        by_cookie(&app, request.headers()).await
    };
    match found {
        Ok(Some((viewer, csrf))) => {
            if let Some(csrf) = csrf {
                request.extensions_mut().insert(CsrfToken(csrf));
            }
            request.extensions_mut().insert(viewer);
        }
        Ok(None) => {}
        Err(error) => return Failed(error).into_response(),
    }
    next.run(request).await
}

/// Whose session a browser holds, if it is still good.
pub async fn holder(app: &App, headers: &HeaderMap) -> Outcome<Option<Viewer>> {
    Ok(by_cookie(app, headers).await?.map(|(viewer, _)| viewer))
}

async fn by_cookie(app: &App, headers: &HeaderMap) -> Outcome<Option<(Viewer, Option<String>)>> {
    let Some(secret) = secret_of(headers) else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let found = store::find_session(&mut tx, &digest(&secret), app.now()).await?;
    let Some((org, user)) = found else { return Ok(None) };
    let viewer = viewer(&mut tx, org, user, None).await?;
    Ok(viewer.map(|viewer| (viewer, Some(csrf(&secret)))))
}

async fn by_token(app: &App, headers: &HeaderMap) -> Outcome<Option<(Viewer, Option<String>)>> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "));
    let Some(token) = token else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let found = store::find_api_token(&mut tx, &digest(token), app.now()).await?;
    let Some((org, user, scopes)) = found else { return Ok(None) };
    Ok(viewer(&mut tx, org, user, Some(scopes)).await?.map(|viewer| (viewer, None)))
}

/// The viewer that a person is, unless they are shut out.
pub async fn viewer(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    token_scopes: Option<String>,
) -> Outcome<Option<Viewer>> {
    let Some(firm) = store::find_org(tx, org).await? else { return Ok(None) };
    let Some(user) = store::find_user(tx, org, user).await? else { return Ok(None) };
    if user.disabled_at.is_some() {
        return Ok(None);
    }
    Ok(Some(Viewer {
        org,
        user,
        zone: firm.zone,
        currency: firm.currency,
        country: firm.country,
        is_demo: firm.is_demo,
        token_scopes,
    }))
}

impl Viewer {
    /// Something this person does now.
    pub fn act(&self, app: &App, key: Option<Key>) -> Act {
        let actor = Some(self.user.id);
        Act { db: app.db.clone(), org: self.org, actor, now: app.now(), key }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = Failed;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failed> {
        parts.extensions.get::<Viewer>().cloned().ok_or(Failed(Error::NotSignedIn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::time::timeout;

    static FEW: LazyLock<Turns> = LazyLock::new(|| Turns::new(2, 3));
    static TWO: LazyLock<Turns> = LazyLock::new(|| Turns::new(1, 1));

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn dear_work_is_done_a_few_at_once_and_the_crowd_is_told_to_wait() {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (open, opened) = std::sync::mpsc::channel::<()>();
        let opened = Arc::new(std::sync::Mutex::new(opened));
        let crowd: Vec<_> = (0..12)
            .map(|_| {
                let (now, most) = (now.clone(), most.clone());
                let opened = opened.clone();
                tokio::spawn(async move {
                    let work = move || {
                        let count = now.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(count, Ordering::SeqCst);
                        let told = opened.lock().expect("the word").recv();
                        now.fetch_sub(1, Ordering::SeqCst);
                        told.map_err(Error::failure)
                    };
                    FEW.pass(work).await
                })
            })
            .collect();
        let refused = || crowd.iter().filter(|one| one.is_finished()).count();
        while refused() < 7 || now.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        for _ in 0..5 {
            open.send(()).expect("somebody works");
        }
        let (mut done, mut refused) = (0, 0);
        for one in crowd {
            match one.await.expect("no panic") {
                Ok(()) => done += 1,
                Err(Error::TooMany(FULL_SECONDS)) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((done, refused), (5, 7));
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert!(FEW.pass(|| Ok(())).await.is_ok(), "there is room again");
    }

    #[tokio::test]
    async fn who_hangs_up_leaves_no_room_before_the_work_is_done() {
        let (open, opened) = std::sync::mpsc::channel::<()>();
        let opened = Arc::new(std::sync::Mutex::new(opened));
        for _ in 0..2 {
            let opened = opened.clone();
            let work = move || opened.lock().expect("the word").recv().map_err(Error::failure);
            assert!(timeout(Duration::ZERO, TWO.pass(work)).await.is_err(), "it waits in vain");
        }
        for _ in 0..3 {
            let next = timeout(Duration::ZERO, TWO.pass(|| Ok(()))).await;
            assert!(matches!(next, Ok(Err(Error::TooMany(FULL_SECONDS)))), "{next:?}");
        }
        for _ in 0..2 {
            open.send(()).expect("somebody works");
        }
        while TWO.pass(|| Ok(())).await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}
