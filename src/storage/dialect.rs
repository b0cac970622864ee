//! The only place that asks which database it is talking to.
//!
//! Statements and migrations are one text. Where the databases differ, the text carries a marker
//! that this file rewrites: `/*for update*/` and `/*skip locked*/` lock rows on PostgreSQL and are
//! nothing on SQLite, whose single writer needs no locks; in migrations the plain types are spelt
//! for SQLite's strict tables, and text compares by code point on both.

use std::borrow::Cow;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Embedded SQLite.
    Lite,
    /// PostgreSQL.
    Pg,
}

/// The text of a statement as this database takes it.
pub fn statement(kind: Kind, text: &'static str) -> Cow<'static, str> {
    if kind == Kind::Lite || !text.contains("/*") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.replace("/*for update*/", "for update")
            .replace("/*skip locked*/", "for update skip locked"),
    )
}

/// The statements of a migration as this database takes them, split at lines that end in `;`.
///
/// `-- only lite` or `-- only pg` as the first line of a statement keeps it for one database.
pub fn migration(kind: Kind, text: &str) -> Vec<String> {
    text.split_inclusive(";\n")
        .map(str::trim)
        .filter(|statement| statement.lines().any(|l| !l.trim().is_empty() && !l.starts_with("--")))
        .filter(|statement| {
            !statement.contains(match kind {
                Kind::Lite => "-- only pg",
                Kind::Pg => "-- only lite",
            })
        })
        .map(|statement| spelt(kind, statement))
        .collect()
}

fn spelt(kind: Kind, statement: &str) -> String {
    let is_table = statement.contains("create table");
    let body = statement.trim_end_matches(';');
    if !is_table {
        return body.to_owned();
    }
    match kind {
        Kind::Pg => body.replace(" text", " text collate \"C\""),
        Kind::Lite => {
            let typed = body
                .replace(" bigint", " integer")
                .replace(" boolean", " integer")
                .replace(" double precision", " real")
                .replace(" bytea", " blob");
            format!("{typed} strict")
        }
    }
}

/// Freezes a table: the database itself refuses to change or delete its rows.
pub fn freeze(kind: Kind, table: &str) -> Vec<String> {
    match kind {
        Kind::Lite => ["update", "delete"]
            .iter()
            .map(|verb| {
                format!(
                    "create trigger {table}_no_{verb} before {verb} on {table} \
                     begin select raise(abort, '{table} is append-only'); end"
                )
            })
            .collect(),
        Kind::Pg => vec![
            format!(
                "create or replace function {table}_frozen() returns trigger language plpgsql as \
                 $$ begin raise exception '{table} is append-only'; end $$"
            ),
            format!(
                "create trigger {table}_no_change before update or delete on {table} \
                 for each row execute function {table}_frozen()"
            ),
        ],
    }
}

/// Lists the tables of the product.
pub fn tables(kind: Kind) -> &'static str {
    match kind {
        Kind::Lite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \
             order by name"
        }
        Kind::Pg => {
            "select tablename::text as name from pg_tables where schemaname = current_schema() \
             order by tablename"
        }
    }
}
