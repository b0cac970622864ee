//! The only place that asks which database it is talking to.
//!
//! Statements and migrations are one text. Where the databases differ, the text carries a marker
//! that this file rewrites: `/*for update*/` and `/*skip locked*/` lock rows on PostgreSQL and are
//! nothing on SQLite, whose single writer needs no locks; in migrations the plain types are spelt
//! for SQLite's strict tables, and text compares by code point on both.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::{Row, Tx, Val};
use crate::values::{Error, Outcome};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Embedded SQLite.
    Lite,
    /// PostgreSQL.
    Pg,
}

/// Has SQLite sample a thousand rows of each index, which takes a tenth of a second at any size. A
/// sample knows no group larger than itself, but the first column of most indexes is the firm,
/// and all rows are the firm's: that number is put right, or the planner would take a whole
/// table for a thousand rows.
pub const ANALYZE_LITE: &str = "pragma analysis_limit = 1000; analyze; \
    update sqlite_stat1 set stat = substr(stat, 1, instr(stat, ' ')) \
    || substr(stat, 1, instr(stat, ' ')) || substr(stat, instr(stat, ' ') + 6) \
    where substr(stat, instr(stat, ' ') + 1, 5) = '1001 '; analyze sqlite_master";

/// Has SQLite write its log into the file and empty it, where nobody else is at it: who waited for
/// their readers would hold up their writers.
pub const FOLD_LITE: &str = "pragma busy_timeout = 0; pragma wal_checkpoint(truncate)";

/// Asks SQLite how many pages of its file hold nothing: those are written before the file grows.
pub const EMPTY_PAGES_LITE: &str = "pragma freelist_count";
/// Asks SQLite how many bytes a page of its file has.
pub const PAGE_BYTES_LITE: &str = "pragma page_size";

/// The text of a statement as this database takes it.
pub fn statement(kind: Kind, text: &'static str) -> Cow<'static, str> {
    if kind == Kind::Lite || !text.contains("/*") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.replace("/*for update*/", "for update")
            .replace("/*for no key update*/", "for no key update")
            .replace("/*for key share*/", "for key share")
            .replace("/*skip locked*/", "for update skip locked"),
    )
}

/// What the databases call a change that they let go since another held what it needed. PostgreSQL:
/// a deadlock, and what cannot be put in one order. SQLite: another program – an import typed by an
/// operator, a tool – wrote for longer than one waits; within the program there is one writer.
const CROSSED: [&str; 4] = ["40P01", "40001", "5", "517"];

/// What they call it when there is no room. PostgreSQL: `disk_full`. SQLite: `SQLITE_FULL`, and
/// what a full disk looks like where the index of its log cannot grow. A write or flush that fails
/// for another cause is a broken disk, and no room made for it would help.
const FULL: [&str; 5] = ["53100", "13", "1546", "4874", "5386"];

/// Why a statement did not work.
pub fn failed(cause: sqlx::Error) -> Error {
    let code = cause.as_database_error().and_then(|told| told.code().map(Cow::into_owned));
    named(code.as_deref().unwrap_or_default(), cause.to_string())
}

/// The error that a database calls by this code.
fn named(code: &str, cause: String) -> Error {
    match code {
        code if CROSSED.contains(&code) => Error::Crossed(cause),
        code if FULL.contains(&code) => Error::Full(cause),
        _ => Error::Failure(cause),
    }
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
    if !is_table && !statement.contains(" add column ") {
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
            if is_table { format!("{typed} strict") } else { typed }
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

/// Undoes [`freeze`]; only the erasure of a demo firm and a migration that puts a table right do,
/// and they freeze it again.
pub fn unfreeze(kind: Kind, table: &str) -> Vec<String> {
    match kind {
        Kind::Lite => ["update", "delete"]
            .iter()
            .map(|verb| format!("drop trigger {table}_no_{verb}"))
            .collect(),
        Kind::Pg => vec![format!("drop trigger {table}_no_change on {table}")],
    }
}

/// Has statements planned for their values to the end of the transaction, where that is not so of
/// itself: SQLite plans before it knows any, and never by them.
pub fn planning(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Lite => None,
        Kind::Pg => Some("set local plan_cache_mode = force_custom_plan"),
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

/// Lists the tables in the order they were made: what is referred to before what refers.
pub fn tables_by_age(kind: Kind) -> &'static str {
    match kind {
        Kind::Lite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \
             order by rowid"
        }
        Kind::Pg => {
            "select relname::text as name from pg_class where relkind = 'r' \
             and relnamespace = current_schema()::regnamespace order by oid"
        }
    }
}

/// A column as backups see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Int,
    Bool,
    Real,
    Bytes,
}

#[cfg(test)]
impl Column {
    /// True for a column of texts.
    pub fn is_text(&self) -> bool {
        matches!(self.shape, Shape::Text)
    }
}

/// The columns of a table in their order.
pub async fn columns(tx: &mut Tx, table: &str) -> Outcome<Vec<Column>> {
    let text = match tx.kind() {
        Kind::Lite => "select name, lower(type) as type from pragma_table_info($1) order by cid",
        Kind::Pg => {
            "select column_name::text as name, data_type::text as type \
             from information_schema.columns \
             where table_schema = current_schema() and table_name = $1 order by ordinal_position"
        }
    };
    tx.all(text, crate::vals![table])
        .await?
        .iter()
        .map(|row| {
            let shape = match row.text("type")?.as_str() {
                "text" => Shape::Text,
                "bigint" | "integer" => Shape::Int,
                "boolean" => Shape::Bool,
                "real" | "double precision" => Shape::Real,
                "blob" | "bytea" => Shape::Bytes,
                other => return Err(Error::failure(format!("{table}: column type {other}"))),
            };
            Ok(Column { name: row.text("name")?, shape })
        })
        .collect()
}

/// The columns of a table's primary key.
pub async fn primary_key(tx: &mut Tx, table: &str) -> Outcome<Vec<String>> {
    let text = match tx.kind() {
        Kind::Lite => "select name from pragma_table_info($1) where pk > 0 order by pk",
        Kind::Pg => {
            "select k.column_name::text as name from information_schema.table_constraints c \
             join information_schema.key_column_usage k \
             on k.constraint_name = c.constraint_name and k.table_schema = c.table_schema \
             where c.constraint_type = 'PRIMARY KEY' and c.table_schema = current_schema() \
             and c.table_name = $1 order by k.ordinal_position"
        }
    };
    tx.all(text, crate::vals![table]).await?.iter().map(|row| row.text("name")).collect()
}

/// Lets references be checked at the commit, where the database can.
pub async fn defer_references(tx: &mut Tx) -> Outcome<()> {
    if tx.kind() == Kind::Lite {
        tx.run("pragma defer_foreign_keys = on", &[]).await?;
    }
    Ok(())
}

/// Lays the triggers of every table aside until the same transaction runs what this answers: a
/// backup holds closed months together with the lines they no longer take.
pub async fn lay_triggers_aside(tx: &mut Tx) -> Outcome<Vec<String>> {
    let listing = match tx.kind() {
        Kind::Lite => "select name, sql as made from sqlite_master where type = 'trigger'",
        Kind::Pg => {
            "select distinct c.relname::text as name, c.relname::text as made from pg_trigger t \
             join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace \
             where not t.tgisinternal and n.nspname = current_schema()"
        }
    };
    let found = tx.all(listing, &[]).await?;
    // References put off to the commit are checked first; a table they wait on cannot be altered.
    let mut back = match tx.kind() {
        Kind::Lite => Vec::new(),
        Kind::Pg => vec!["set constraints all immediate".to_owned()],
    };
    for row in &found {
        let (name, made) = (row.text("name")?, row.text("made")?);
        let aside = match tx.kind() {
            Kind::Lite => format!("drop trigger {name}"),
            Kind::Pg => format!("alter table {name} disable trigger user"),
        };
        tx.run_text(Cow::Owned(aside), &[]).await?;
        back.push(match tx.kind() {
            Kind::Lite => made,
            Kind::Pg => format!("alter table {name} enable trigger user"),
        });
    }
    Ok(back)
}

impl Column {
    /// The value of this column as JSON.
    pub fn read(&self, row: &Row) -> Outcome<Value> {
        let name = self.name.as_str();
        Ok(match self.shape {
            Shape::Text => json!(row.opt_text(name)?),
            Shape::Int => json!(row.opt_int(name)?),
            Shape::Bool => json!(row.opt_flag(name)?.map(i64::from)),
            Shape::Real => json!(row.opt_real(name)?),
            Shape::Bytes => json!(row.opt_bytes(name)?.map(|b| json!({ "hex": hex::encode(b) }))),
        })
    }

    /// A JSON value as this column takes it.
    pub fn bind(&self, value: &Value) -> Outcome<Val> {
        let wrong = || Error::failure(format!("column {}: {value}", self.name));
        if value.is_null() {
            return Ok(match self.shape {
                Shape::Text => Val::Text(None),
                Shape::Int => Val::Int(None),
                Shape::Bool => Val::Bool(None),
                Shape::Real => Val::Real(None),
                Shape::Bytes => Val::Bytes(None),
            });
        }
        Ok(match self.shape {
            Shape::Text => Val::from(value.as_str().ok_or_else(wrong)?),
            Shape::Int => Val::from(value.as_i64().ok_or_else(wrong)?),
            Shape::Bool => Val::from(value.as_i64().ok_or_else(wrong)? != 0),
            Shape::Real => Val::from(value.as_f64().ok_or_else(wrong)?),
            Shape::Bytes => {
                let text = value.get("hex").and_then(Value::as_str).ok_or_else(wrong)?;
                Val::from(hex::decode(text).map_err(|_| wrong())?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_database_calls_a_full_disk_or_a_crossing_is_told_from_what_broke() {
        for (code, is_full, is_crossed) in [
            ("53100", true, false),
            ("13", true, false),
            ("4874", true, false),
            ("40P01", false, true),
            ("5", false, true),
            // A write or read that fails, or a page that is spoilt, is no want of room.
            ("778", false, false),
            ("266", false, false),
            ("11", false, false),
            ("", false, false),
        ] {
            let told = named(code, String::new());
            assert_eq!(matches!(told, Error::Full(_)), is_full, "{code}");
            assert_eq!(matches!(told, Error::Crossed(_)), is_crossed, "{code}");
        }
    }
}
