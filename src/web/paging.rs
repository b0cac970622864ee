//! Pages of a list by cursor: the key of the last row seen, so that a list of a million rows pages
//! as fast at its end as at its start.

use serde::{Deserialize, Serialize};

use crate::values::*;

/// Rows of a page of HTML or JSON.
pub const LIMIT: i64 = 100;

/// Where a page starts and how long it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Cursor {
    /// Key of the last row of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to [`LIMIT`].
    pub limit: Option<i64>,
}

impl Cursor {
    /// Rows wanted, within bounds.
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, LIMIT)
    }
    /// The key to start behind; empty for the start.
    pub fn after(&self) -> &str {
        self.after.as_deref().unwrap_or("")
    }
    /// The same where the newest come first and a key is `milliseconds.id`: the row to start
    /// behind, later than any for the start.
    ///
    /// # Errors
    /// A key that is not of that shape.
    pub fn before(&self) -> Outcome<(Instant, &str)> {
        if self.after().is_empty() {
            return Ok((Instant(i64::MAX), ""));
        }
        let wrong = || Fields::one("query", "query-not-understood");
        let (at, id) = self.after().split_once('.').ok_or_else(wrong)?;
        Ok((Instant(at.parse().map_err(|_| wrong())?), id))
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Slice<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Key to ask for the next page with; `None` at the end.
    pub next: Option<String>,
}

impl<T> Slice<T> {
    /// A page out of `limit + 1` rows asked for; `key` names a row.
    pub fn cut(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = if has_more { rows.last().map(key) } else { None };
        Self { rows, next }
    }
}
