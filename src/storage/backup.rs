//! A backup: every row of every table in one file, the same for both databases.
//!
//! Lines of JSON under gzip: a head with the version, then a line per row, then a foot with the
//! count and a SHA-256 of all before it. It is read in one consistent view while the product
//! works. A restore reads the whole file and checks the foot before the first row is written, and
//! writes into an empty database in one transaction: a damaged backup is never half restored. A
//! backup of SQLite restores into PostgreSQL and the other way round, and one of an earlier version
//! is restored as it was and then brought to this one.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use flate2::Compression;
use flate2::bufread;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::migrations::Migrated;
use super::{Db, Tx, Val, dialect, migrations};
use crate::values::{Clock, Error, Outcome};

/// Rows written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// Tables with rows.
    pub tables: u64,
    /// Rows.
    pub rows: u64,
}

/// How a packed file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Rows fetched at a time.
const BATCH: i64 = 5_000;

/// Writes everything.
pub async fn write(db: &Db, out: impl Write) -> Outcome<Amounts> {
    let mut writer = Digesting::new(GzEncoder::new(BufWriter::new(out), Compression::fast()));
    let mut tx = db.read().await?;
    let row = tx.one("select max(number) as number from migrations", &[]).await?;
    let head = json!({ "troika": 1, "version": row.int("number")? });
    writer.line(&head)?;
    let mut amounts = Amounts { tables: 0, rows: 0 };
    for table in tables(&mut tx).await? {
        let rows = write_table(&mut tx, &table, &mut writer).await?;
        amounts.tables += u64::from(rows > 0);
        amounts.rows += rows;
    }
    writer.foot(amounts.rows)?;
    Ok(amounts)
}

async fn write_table<W: Write>(
    tx: &mut Tx,
    table: &str,
    writer: &mut Digesting<W>,
) -> Outcome<u64> {
    let columns = dialect::columns(tx, table).await?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let order = dialect::primary_key(tx, table).await?.join(", ");
    let listed = names.join(", ");
    let mut count = 0;
    loop {
        let text = format!("select {listed} from {table} order by {order} limit $1 offset $2");
        let rows = tx.all_text(Cow::Owned(text), crate::vals![BATCH, count]).await?;
        for row in &rows {
            let values =
                columns.iter().map(|column| column.read(row)).collect::<Outcome<Vec<Value>>>()?;
            writer.line(&json!({ "t": table, "r": values }))?;
        }
        count += rows.len() as i64;
        if (rows.len() as i64) < BATCH {
            return Ok(count.unsigned_abs());
        }
    }
}

/// Fills an empty database and brings it to this version. The reader is read twice: once to check,
/// once to write. Only a database without any tables takes a backup of an earlier version.
pub async fn restore(
    db: &Db,
    clock: &Clock,
    read: impl Fn() -> Outcome<Box<dyn Read + Send>>,
) -> Outcome<Amounts> {
    let told = verify(read()?)?;
    if told.version > migrations::version() {
        return Err(Error::failure(format!(
            "the backup is of version {}, this program knows up to {}; nothing was changed",
            told.version,
            migrations::version()
        )));
    }
    refuse_rows(&mut db.read().await?).await?;
    let Migrated { to, .. } = migrations::migrate_to(db, clock, told.version).await?;
    if to > told.version {
        return Err(Error::failure(format!(
            "the backup is of version {}, the database is at {to} already; nothing was changed; \
             restore into a new database, it is brought to this version then",
            told.version
        )));
    }
    let amounts = fill(db, read).await?;
    migrations::migrate(db, clock).await?;
    Ok(amounts)
}

/// An error unless every table is empty, as in a database that is to be filled.
async fn refuse_rows(tx: &mut Tx) -> Outcome<()> {
    for table in tables(tx).await? {
        let text = format!("select 1 as one from {table} limit 1");
        if !tx.all_text(Cow::Owned(text), &[]).await?.is_empty() {
            return Err(Error::failure(format!(
                "the database is not empty ({table} has rows); nothing was changed; \
                 restore into a new one"
            )));
        }
    }
    Ok(())
}

async fn fill(db: &Db, read: impl Fn() -> Outcome<Box<dyn Read + Send>>) -> Outcome<Amounts> {
    let mut tx = db.begin().await?;
    // Somebody may have come in between.
    refuse_rows(&mut tx).await?;
    dialect::defer_references(&mut tx).await?;
    let triggers = dialect::lay_triggers_aside(&mut tx).await?;
    let mut amounts = Amounts { tables: 0, rows: 0 };
    let mut table = Target::default();
    for line in BufReader::new(GzDecoder::new(read()?)).lines() {
        let value: Value = serde_json::from_str(&line.map_err(damaged)?).map_err(damaged)?;
        let Some(name) = value.get("t").and_then(Value::as_str) else { continue };
        if table.name != name {
            table = Target::of(&mut tx, name).await?;
            amounts.tables += 1;
        }
        table.insert(&mut tx, &value).await?;
        amounts.rows += 1;
    }
    for statement in triggers {
        tx.run_text(Cow::Owned(statement), &[]).await?;
    }
    tx.commit().await?;
    Ok(amounts)
}

#[derive(Default)]
struct Target {
    name: String,
    columns: Vec<dialect::Column>,
    statement: String,
}

impl Target {
    async fn of(tx: &mut Tx, name: &str) -> Outcome<Self> {
        if !tables(tx).await?.iter().any(|known| known == name) {
            return Err(Error::failure(format!("the backup names an unknown table {name:?}")));
        }
        let columns = dialect::columns(tx, name).await?;
        let names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        let places: Vec<String> = (1..=columns.len()).map(|i| format!("${i}")).collect();
        let statement =
            format!("insert into {name} ({}) values ({})", names.join(", "), places.join(", "));
        Ok(Self { name: name.to_owned(), columns, statement })
    }

    async fn insert(&self, tx: &mut Tx, line: &Value) -> Outcome<()> {
        let values = line.get("r").and_then(Value::as_array).ok_or_else(|| damaged("no row"))?;
        if values.len() != self.columns.len() {
            return Err(damaged("a row has another number of columns"));
        }
        let bound = self
            .columns
            .iter()
            .zip(values)
            .map(|(column, value)| column.bind(value))
            .collect::<Outcome<Vec<Val>>>()?;
        tx.run_text(Cow::Owned(self.statement.clone()), &bound).await?;
        Ok(())
    }
}

/// What a sound backup says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Version of the product that wrote it.
    pub version: i64,
    /// Rows in it.
    pub rows: u64,
}

/// Reads a backup to its end and compares it with its foot.
pub fn verify(read: impl Read) -> Outcome<Told> {
    let mut digest = Sha256::new();
    let mut version = None;
    let mut rows = 0;
    let mut foot = None;
    let mut packed = BufReader::new(read);
    if !packed.fill_buf().map_err(damaged)?.starts_with(&GZIP) {
        return Err(foreign());
    }
    for line in BufReader::new(bufread::GzDecoder::new(&mut packed)).lines() {
        let line = line.map_err(damaged)?;
        if foot.is_some() {
            return Err(damaged("something stands behind its end"));
        }
        if version.is_none() && !line.contains("\"troika\":") {
            return Err(foreign());
        }
        let value: Value = serde_json::from_str(&line).map_err(damaged)?;
        if let Some(expected) = value.get("sha256").and_then(Value::as_str) {
            foot = Some((expected.to_owned(), value.get("rows").and_then(Value::as_u64)));
            continue;
        }
        digest.update(line.as_bytes());
        digest.update(b"\n");
        match value.get("version").and_then(Value::as_i64) {
            Some(found) if version.is_none() => version = Some(found),
            _ => rows += 1,
        }
    }
    if !packed.fill_buf().map_err(damaged)?.is_empty() {
        return Err(damaged("something stands behind its end"));
    }
    let found = (hex::encode(digest.finalize()), Some(rows));
    let version = version.ok_or_else(foreign)?;
    match foot {
        Some(foot) if foot == found => Ok(Told { version, rows }),
        Some(_) => Err(damaged("its digest differs")),
        None => Err(damaged("it ends too early")),
    }
}

/// The refusal of a file that is something else.
fn foreign() -> Error {
    Error::failure(
        "this is not a backup of Troika; nothing was changed; name the file that `troika backup` \
         wrote",
    )
}

fn damaged(cause: impl std::fmt::Display) -> Error {
    Error::failure(format!("the backup is damaged ({cause}); nothing was changed; use another one"))
}

async fn tables(tx: &mut Tx) -> Outcome<Vec<String>> {
    let listing = dialect::tables_by_age(tx.kind());
    let all: Outcome<Vec<String>> =
        tx.all(listing, &[]).await?.iter().map(|row| row.text("name")).collect();
    Ok(all?.into_iter().filter(|name| name != "migrations").collect())
}

struct Digesting<W: Write> {
    out: GzEncoder<W>,
    digest: Sha256,
}

impl<W: Write> Digesting<W> {
    fn new(out: GzEncoder<W>) -> Self {
        Self { out, digest: Sha256::new() }
    }
    fn line(&mut self, value: &Value) -> Outcome<()> {
        let text = format!("{value}\n");
        self.digest.update(text.as_bytes());
        self.out.write_all(text.as_bytes()).map_err(Error::failure)
    }
    fn foot(mut self, rows: u64) -> Outcome<()> {
        let foot = json!({ "sha256": hex::encode(self.digest.finalize()), "rows": rows });
        self.out.write_all(format!("{foot}\n").as_bytes()).map_err(Error::failure)?;
        self.out.finish().map_err(Error::failure)?.flush().map_err(Error::failure)
    }
}
