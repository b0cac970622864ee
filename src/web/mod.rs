//! The web edge: words and formats, forms, errors, assets, paging, live notices.
//!
//! Invariants:
//! - knows no business word and no policy; those come from above through `App` and `Ui`;
//! - every form carries the session's CSRF token and an idempotency key; both are checked before
//!   any handler runs, and neither reaches the handler's fields;
//! - every page is served with a strict content security policy: no inline script, no inline style;
//! - an error is mapped to a status here and nowhere else.
//!
//! Neighbours: uses `values`, `storage`; used by every `pages.rs` and `api.rs`.

pub mod again;
mod app;
pub mod assets;
pub mod connections;
mod doors;
pub mod drafts;
pub mod errors;
pub mod format;
pub mod forms;
mod frame;
pub mod headers;
pub mod hosts;
pub mod json;
mod kept;
pub mod limits;
pub mod live;
pub mod once;
pub mod paging;
pub mod proxies;
mod ui;
pub mod upload;
pub mod words;

pub use app::{App, Settings, Stop};
pub use doors::Doors;
pub use errors::{Answer, Failed};
pub use forms::{Fragment, Query, Submitted};
pub use paging::{Cursor, Slice};
pub use ui::{Caller, Late, NavLink, Person, Ui};
pub use upload::{SentFile, Uploaded};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect};

use crate::values::Error;

/// A page as a response.
pub fn page(template: &impl Template) -> Answer {
    Ok(Html(template.render().map_err(Error::failure)?).into_response())
}

/// A page that shows the same form again with what is wrong; 422.
pub fn page_again(template: &impl Template) -> Answer {
    page_as(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A page with the status of what stood in the way.
pub fn page_as(status: StatusCode, template: &impl Template) -> Answer {
    let html = template.render().map_err(Error::failure)?;
    Ok((status, Html(html)).into_response())
}

/// The path if it is one of our own, else the other: never another site. A control character or a
/// backslash is none of ours: browsers drop the one and turn the other, and `/\t/evil` is `//evil`.
pub fn own_path<'a>(path: &'a str, otherwise: &'a str) -> &'a str {
    let is_odd = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    let is_own = path.starts_with('/') && !path.starts_with("//") && !path.contains(is_odd);
    if is_own { path } else { otherwise }
}

/// After a change: the browser goes to `path` (and a script that asked for a fragment follows).
pub fn go(path: impl AsRef<str>) -> Answer {
    Ok(Redirect::to(path.as_ref()).into_response())
}
