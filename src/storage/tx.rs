//! A transaction, and the four ways to speak to the database inside it.

use std::borrow::Cow;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Postgres, SqlSafeStr as _, SqlStr, Sqlite};

use super::db::Db;
use super::dialect::{self, Kind};
use super::group::Turn;
use super::{Row, Val};
use crate::values::{Error, Outcome};

pub(super) enum Inner {
    LiteWrite(Turn),
    LiteRead(sqlx::Transaction<'static, Sqlite>),
    Pg(sqlx::Transaction<'static, Postgres>),
}

/// An open transaction. Dropped without [`Tx::commit`] it leaves no trace.
///
/// Statements are string literals; what a person typed can only be bound, never spliced.
pub struct Tx {
    inner: Inner,
    db: Db,
    announcements: Vec<String>,
    pub(super) receipt: Option<super::act::Receipt>,
}

impl Tx {
    pub(super) fn new(inner: Inner, db: Db) -> Self {
        Self { inner, db, announcements: Vec::new(), receipt: None }
    }

    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, text: &'static str, values: &[Val]) -> Outcome<u64> {
        self.run_text(Cow::Borrowed(text), values).await
    }

    /// Every row of an answer.
    pub async fn all(&mut self, text: &'static str, values: &[Val]) -> Outcome<Vec<Row>> {
        self.all_text(Cow::Borrowed(text), values).await
    }

    /// The row of an answer, if there is one.
    pub async fn maybe(&mut self, text: &'static str, values: &[Val]) -> Outcome<Option<Row>> {
        Ok(self.all(text, values).await?.into_iter().next())
    }

    /// The only row of an answer; its absence is a failure.
    pub async fn one(&mut self, text: &'static str, values: &[Val]) -> Outcome<Row> {
        self.maybe(text, values).await?.ok_or_else(|| Error::failure("a row was expected"))
    }

    /// Has the statements from here on planned for the values they are asked with. For those that
    /// leave out most of their conditions each time: planned once for all values, as PostgreSQL
    /// comes to do, they read everything.
    pub async fn plan_for_values(&mut self) -> Outcome<()> {
        if let Some(text) = dialect::planning(self.kind()) {
            self.run_text(Cow::Borrowed(text), &[]).await?;
        }
        Ok(())
    }

    /// Tells live screens of a topic once this transaction is committed.
    pub fn announce(&mut self, topic: impl Into<String>) {
        self.announcements.push(topic.into());
    }

    /// Keeps what was done; returns once it would survive a crash. It comes to its end, and live
    /// screens are told, though whoever asked has gone.
    pub async fn commit(self) -> Outcome<()> {
        tokio::spawn(self.commit_whole()).await.map_err(Error::failure)?
    }

    async fn commit_whole(mut self) -> Outcome<()> {
        if matches!(self.inner, Inner::Pg(_)) {
            for topic in std::mem::take(&mut self.announcements) {
                self.run("select pg_notify('troika', $1)", crate::vals![topic]).await?;
            }
        }
        match self.inner {
            Inner::LiteWrite(turn) => turn.commit().await?,
            Inner::LiteRead(tx) => tx.commit().await.map_err(Error::failure)?,
            Inner::Pg(tx) => tx.commit().await.map_err(dialect::failed)?,
        }
        self.db.announce_here(self.announcements);
        Ok(())
    }

    pub(super) fn kind(&self) -> Kind {
        match self.inner {
            Inner::Pg(_) => Kind::Pg,
            Inner::LiteWrite(_) | Inner::LiteRead(_) => Kind::Lite,
        }
    }

    /// For `storage` itself, whose migrations and dumps are not literals.
    pub(super) async fn run_text(
        &mut self,
        text: Cow<'static, str>,
        values: &[Val],
    ) -> Outcome<u64> {
        let text = self.spelt(text);
        match &mut self.inner {
            Inner::LiteWrite(turn) => lite(text, values)
                .execute(turn.connection()?)
                .await
                .map(|done| done.rows_affected()),
            Inner::LiteRead(tx) => {
                lite(text, values).execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            Inner::Pg(tx) => {
                pg(text, values).execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
        .map_err(dialect::failed)
    }

    /// For `storage` itself, whose dumps are not literals.
    pub(super) async fn all_text(
        &mut self,
        text: Cow<'static, str>,
        values: &[Val],
    ) -> Outcome<Vec<Row>> {
        let text = self.spelt(text);
        match &mut self.inner {
            Inner::LiteWrite(turn) => {
                lite(text, values).fetch_all(turn.connection()?).await.map(lite_rows)
            }
            Inner::LiteRead(tx) => lite(text, values).fetch_all(&mut **tx).await.map(lite_rows),
            Inner::Pg(tx) => pg(text, values).fetch_all(&mut **tx).await.map(pg_rows),
        }
        .map_err(dialect::failed)
    }

    fn spelt(&self, text: Cow<'static, str>) -> SqlStr {
        #[cfg(test)]
        if let Cow::Borrowed(text) = text {
            super::testing::note(self.kind(), text);
        }
        match text {
            Cow::Borrowed(text) => match dialect::statement(self.kind(), text) {
                Cow::Borrowed(text) => text.into_sql_str(),
                Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
            },
            Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
        }
    }
}

fn lite_rows(rows: Vec<SqliteRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Lite).collect()
}

fn pg_rows(rows: Vec<PgRow>) -> Vec<Row> {
    rows.into_iter().map(Row::Pg).collect()
}

fn lite<'q>(text: SqlStr, values: &[Val]) -> Query<'q, Sqlite, SqliteArguments> {
    values.iter().fold(sqlx::query(text), |query, value| match value.clone() {
        Val::Text(v) => query.bind(v),
        Val::Int(v) => query.bind(v),
        Val::Bool(v) => query.bind(v),
        Val::Real(v) => query.bind(v),
        Val::Bytes(v) => query.bind(v),
    })
}

fn pg<'q>(text: SqlStr, values: &[Val]) -> Query<'q, Postgres, PgArguments> {
    values.iter().fold(sqlx::query(text), |query, value| match value.clone() {
        Val::Text(v) => query.bind(v),
        Val::Int(v) => query.bind(v),
        Val::Bool(v) => query.bind(v),
        Val::Real(v) => query.bind(v),
        Val::Bytes(v) => query.bind(v),
    })
}
