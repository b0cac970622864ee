//! How a route is declared: method, path, who may ask, handler. There is no other way in.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::people::{Role, Roles, Viewer};
use crate::values::Error;
use crate::web::{App, Failed};

/// Who may ask for a route. Which records they then see is their [`crate::people::Scope`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Roles that may; empty with `is_public`.
    pub roles: Roles,
    /// Reachable without a session.
    pub is_public: bool,
    /// Reachable without a session, for what is sent there is signed.
    pub is_hook: bool,
    /// The noun whose token scope the API asks for.
    pub noun: &'static str,
}

impl Policy {
    /// These roles may.
    pub const fn roles(noun: &'static str, roles: &[Role]) -> Self {
        Self { roles: Roles::of(roles), is_public: false, is_hook: false, noun }
    }
    /// Anybody signed in may.
    pub const fn signed_in(noun: &'static str) -> Self {
        Self { roles: Roles::of(&Role::ALL), is_public: false, is_hook: false, noun }
    }
    /// Anybody may, signed in or not.
    pub const fn public() -> Self {
        Self { roles: Roles::of(&[]), is_public: true, is_hook: false, noun: "" }
    }
    /// Anybody may ask whose signature fits; the handler checks it before anything else.
    pub const fn hook() -> Self {
        Self { is_hook: true, ..Self::public() }
    }

    fn check(self, viewer: Option<&Viewer>, method: &Method) -> Result<(), Error> {
        if self.is_public {
            return Ok(());
        }
        let viewer = viewer.ok_or(Error::NotSignedIn)?;
        let verb = if *method == Method::GET { "read" } else { "write" };
        let has_scope = viewer.token_scopes.as_ref().is_none_or(|scopes| {
            scopes.split(' ').any(|scope| {
                scope
                    .split_once(':')
                    .is_some_and(|(noun, v)| v == verb && (noun == "*" || noun == self.noun))
            })
        });
        if self.roles.meets(viewer.user.roles) && has_scope { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// One declared route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `GET`, `POST` …
    pub method: Method,
    /// The path with its parameters, each named by its noun.
    pub path: &'static str,
    /// Who may.
    pub policy: Policy,
}

type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler whose type is forgotten. The router is compiled once for all of them: for each type
/// of its own, the compiler proves again and again that everything held on the way may be sent to
/// another thread.
#[derive(Clone)]
struct Erased(Arc<dyn Fn(Request, App) -> Answering + Send + Sync>);

impl Erased {
    fn new<H, T>(handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        Self(Arc::new(move |request, app| Box::pin(handler.clone().call(request, app))))
    }
}

impl Handler<(), App> for Erased {
    type Future = Answering;

    fn call(self, request: Request, app: App) -> Answering {
        (self.0)(request, app)
    }
}

/// The routes declared so far.
#[derive(Default)]
pub struct Table {
    router: Router<App>,
    /// What was declared, in order.
    pub listed: Vec<Listed>,
}

impl Table {
    /// A page or a question that changes nothing.
    pub fn get<H, T>(self, path: &'static str, policy: Policy, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::GET, path, policy, on(MethodFilter::GET, Erased::new(handler)))
    }
    /// A change.
    pub fn post<H, T>(self, path: &'static str, policy: Policy, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add(Method::POST, path, policy, on(MethodFilter::POST, Erased::new(handler)))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        policy: Policy,
        route: MethodRouter<App, Infallible>,
    ) -> Self {
        self.listed.push(Listed { method, path, policy });
        let route = route.layer(from_fn(move |request: Request, next: Next| async move {
            let checked = policy.check(request.extensions().get::<Viewer>(), request.method());
            match checked {
                Ok(()) => next.run(request).await,
                Err(error) => Failed(error).into_response() as Response,
            }
        }));
        self.router = self.router.route(path, route);
        self
    }

    /// The router of everything declared.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}
