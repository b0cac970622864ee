//! The pool of PostgreSQL, and in words what to do where it cannot be had.

use std::io::ErrorKind;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Postgres, Transaction};

use crate::values::{Error, Outcome};

/// How long a database that does not answer is waited for: it may start together with this.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Begins a consistent view for reading.
pub(super) const READ: &str = "begin isolation level repeatable read read only";

/// What PostgreSQL answers where a database is not there.
const NO_SUCH_DATABASE: &str = "3D000";

/// A pool of connections; where there is none to be had, why.
pub(super) async fn open(url: &str, patience: Duration) -> Outcome<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(Error::failure)?
        // «relation already exists, skipping» is no news at each start.
        .options([("client_min_messages", "warning")])
        .log_statements(tracing::log::LevelFilter::Off);
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(patience)
        .connect_with(options.clone())
        .await;
    match pool {
        Ok(pool) => Ok(pool),
        // The pool waited and does not say for what.
        Err(sqlx::Error::PoolTimedOut) => Err(Error::failure(ask(&options).await)),
        Err(error) => Err(Error::failure(told(&options, &error))),
    }
}

/// Begins a transaction in a task of its own: given up half-way, as when a browser hangs up, it
/// would go back to the pool begun, and the next to have the connection would stand in it.
pub(super) async fn begin(
    pool: &PgPool,
    statement: Option<&'static str>,
) -> Outcome<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move {
        match statement {
            Some(statement) => pool.begin_with(statement).await,
            None => pool.begin().await,
        }
    });
    begun.await.map_err(Error::failure)?.map_err(Error::failure)
}

/// Asks once more, for the reason alone.
async fn ask(options: &PgConnectOptions) -> String {
    match tokio::time::timeout(PATIENCE, options.connect()).await {
        Ok(Err(error)) => told(options, &error),
        Ok(Ok(connection)) => {
            // It answered, which is all that was asked; it ends with the program anyway.
            let _ = connection.close().await;
            format!("PostgreSQL at {} answers too slowly", place(options))
        }
        Err(_) => format!("PostgreSQL at {} does not answer", place(options)),
    }
}

/// What stands in the way, and what to do.
fn told(options: &PgConnectOptions, error: &sqlx::Error) -> String {
    let (host, port, user) = (options.get_host(), options.get_port(), options.get_username());
    match error {
        sqlx::Error::Io(cause) if cause.kind() == ErrorKind::ConnectionRefused => format!(
            "connection refused: no PostgreSQL listens at {}; start it, or correct --database",
            place(options)
        ),
        sqlx::Error::Io(cause) => {
            format!("PostgreSQL at {} cannot be reached: {cause}", place(options))
        }
        sqlx::Error::Database(cause) if cause.code().as_deref() == Some(NO_SUCH_DATABASE) => {
            let name = options.get_database().unwrap_or(user);
            format!(
                "PostgreSQL has no database {name:?}; make it first: \
                 createdb -h {host} -p {port} -U {user} {name}"
            )
        }
        sqlx::Error::Database(cause) => cause.message().to_owned(),
        other => other.to_string(),
    }
}

fn place(options: &PgConnectOptions) -> String {
    format!("{}:{}", options.get_host(), options.get_port())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn refused(url: &str) -> String {
        open(url, Duration::from_millis(100)).await.expect_err("is not opened").to_string()
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_told_as_such() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let told = refused(&format!("postgres://anna:secret@127.0.0.1:{port}/crm")).await;
        let expected = format!("connection refused: no PostgreSQL listens at 127.0.0.1:{port}");
        assert!(told.contains(&expected) && told.contains("start it"), "{told}");
        assert!(!told.contains("secret"), "{told}");
    }

    #[tokio::test]
    async fn a_database_that_is_not_there_is_to_be_made() {
        let base = crate::storage::testing::server();
        let (server, _) = base.rsplit_once('/').expect("postgres://host/name");
        let told = refused(&format!("{server}/troika_nowhere")).await;
        assert!(told.contains("no database \"troika_nowhere\"; make it first: createdb"), "{told}");
        assert!(told.ends_with(" troika_nowhere") && !told.contains("at line"), "{told}");
    }
}
