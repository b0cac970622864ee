//! Values in and rows out, alike for both databases.

use std::str::FromStr;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};

use crate::values::*;

/// A value bound to a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Val {
    /// Text, or null.
    Text(Option<String>),
    /// A whole number, or null.
    Int(Option<i64>),
    /// A truth value, or null.
    Bool(Option<bool>),
    /// A real number, or null.
    Real(Option<f64>),
    /// Bytes, or null.
    Bytes(Option<Vec<u8>>),
}

macro_rules! val_from {
    ($($from:ty => |$v:ident| $to:expr),+ $(,)?) => {$(
        impl From<$from> for Val { fn from($v: $from) -> Self { $to } }
    )+};
}

val_from! {
    &str => |v| Val::Text(Some(v.to_owned())),
    String => |v| Val::Text(Some(v)),
    &String => |v| Val::Text(Some(v.clone())),
    Option<String> => |v| Val::Text(v),
    &Option<String> => |v| Val::Text(v.clone()),
    Option<&str> => |v| Val::Text(v.map(str::to_owned)),
    i64 => |v| Val::Int(Some(v)),
    Option<i64> => |v| Val::Int(v),
    i32 => |v| Val::Int(Some(i64::from(v))),
    bool => |v| Val::Bool(Some(v)),
    Option<bool> => |v| Val::Bool(v),
    f64 => |v| Val::Real(Some(v)),
    Option<f64> => |v| Val::Real(v),
    Vec<u8> => |v| Val::Bytes(Some(v)),
    &[u8] => |v| Val::Bytes(Some(v.to_vec())),
    Instant => |v| Val::Int(Some(v.ms())),
    Option<Instant> => |v| Val::Int(v.map(Instant::ms)),
    Currency => |v| Val::Text(Some(v.code().to_owned())),
    Lang => |v| Val::Text(Some(v.code().to_owned())),
}

macro_rules! val_from_ids {
    ($($name:ident),+ $(,)?) => {$(
        impl From<$name> for Val {
            fn from(id: $name) -> Self { Val::Text(Some(id.to_string())) }
        }
        impl From<Option<$name>> for Val {
            fn from(id: Option<$name>) -> Self { Val::Text(id.map(|id| id.to_string())) }
        }
    )+};
}

val_from_ids!(
    OrgId,
    UserId,
    TeamId,
    CompanyId,
    ContactId,
    PhoneId,
    ImportId,
    CampaignId,
    ScriptId,
    LeadId,
    CallId,
    CallbackId,
    RestId,
    MeetingId,
    HandoffId,
    OpportunityId,
    ContractId,
    PaymentId,
    LetterId,
    PromiseId,
    ClientId,
    OrderId,
    PrototypeId,
    ImportantDateId,
    TaskId,
    EventId,
    JobId,
    PlanId,
    PeriodId,
    CreditId,
    EntryId,
    DisputeId,
    FileId,
    TokenId,
    SuppressionId,
    VerificationId,
    PairId,
    ScanId,
    MergeId,
    TieId,
    ErasureId,
    AttemptId,
    ExchangeId,
    RecordingId,
    ConnectorId,
    HostedCallId,
    IncomingCallId,
    UnknownCallId,
    AnyId,
);

/// `vals![a, b]` makes the slice of values a statement takes.
#[macro_export]
macro_rules! vals {
    ($($value:expr),* $(,)?) => { &[$($crate::storage::Val::from($value)),*] };
}

/// One row of an answer.
pub enum Row {
    /// From SQLite.
    Lite(SqliteRow),
    /// From PostgreSQL.
    Pg(PgRow),
}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident -> $type:ty) => {
        $(#[$doc])*
        pub fn $name(&self, column: &str) -> Outcome<$type> {
            match self {
                Self::Lite(row) => row.try_get(column),
                Self::Pg(row) => row.try_get(column),
            }
            .map_err(|cause| Error::failure(format!("column {column}: {cause}")))
        }
    };
}

impl Row {
    getter!(
        /// A text column.
        text -> String);
    getter!(
        /// A text column that may be null.
        opt_text -> Option<String>);
    getter!(
        /// A whole-number column.
        int -> i64);
    getter!(
        /// A whole-number column that may be null.
        opt_int -> Option<i64>);
    getter!(
        /// A truth column.
        flag -> bool);
    getter!(
        /// A real column.
        real -> f64);
    getter!(
        /// A bytes column.
        bytes -> Vec<u8>);
    getter!(
        /// A truth column that may be null.
        opt_flag -> Option<bool>);
    getter!(
        /// A real column that may be null.
        opt_real -> Option<f64>);
    getter!(
        /// A bytes column that may be null.
        opt_bytes -> Option<Vec<u8>>);

    /// An instant column.
    pub fn at(&self, column: &str) -> Outcome<Instant> {
        self.int(column).map(Instant)
    }
    /// An instant column that may be null.
    pub fn opt_at(&self, column: &str) -> Outcome<Option<Instant>> {
        Ok(self.opt_int(column)?.map(Instant))
    }
    /// A column with an id, a code or anything else that parses from text.
    pub fn id<T: FromStr>(&self, column: &str) -> Outcome<T> {
        let text = self.text(column)?;
        text.parse().map_err(|_| Error::failure(format!("column {column}: unreadable {text:?}")))
    }
    /// The same where the column may be null.
    pub fn opt_id<T: FromStr>(&self, column: &str) -> Outcome<Option<T>> {
        self.opt_text(column)?
            .map(|text| {
                text.parse()
                    .map_err(|_| Error::failure(format!("column {column}: unreadable {text:?}")))
            })
            .transpose()
    }
    /// A currency column.
    pub fn currency(&self, column: &str) -> Outcome<Currency> {
        let code = self.text(column)?;
        Currency::from_code(&code)
            .ok_or_else(|| Error::failure(format!("column {column}: currency {code:?}")))
    }
    /// Money from a column of minor units and one with the currency.
    pub fn money(&self, minor: &str, currency: &str) -> Outcome<Money> {
        Ok(Money::new(self.int(minor)?, self.currency(currency)?))
    }
    /// Every column as text, for dumps and comparisons; `None` for null.
    pub fn cells(&self) -> Vec<(String, Option<String>)> {
        match self {
            Self::Lite(row) => lite_cells(row),
            Self::Pg(row) => pg_cells(row),
        }
    }
}

fn lite_cells(row: &SqliteRow) -> Vec<(String, Option<String>)> {
    use sqlx::Column as _;
    row.columns()
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let is_null = row.try_get_raw(i).map_or(true, |v| v.is_null());
            let text = (!is_null).then(|| {
                row.try_get_unchecked::<String, _>(i)
                    .or_else(|_| row.try_get_unchecked::<i64, _>(i).map(|n| n.to_string()))
                    .or_else(|_| row.try_get_unchecked::<f64, _>(i).map(|n| n.to_string()))
                    .or_else(|_| row.try_get_unchecked::<Vec<u8>, _>(i).map(hex::encode))
                    .unwrap_or_default()
            });
            (column.name().to_owned(), text)
        })
        .collect()
}

fn pg_cells(row: &PgRow) -> Vec<(String, Option<String>)> {
    use sqlx::Column as _;
    row.columns()
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let is_null = row.try_get_raw(i).map_or(true, |v| v.is_null());
            let text = (!is_null).then(|| {
                row.try_get::<String, _>(i)
                    .or_else(|_| row.try_get::<i64, _>(i).map(|n| n.to_string()))
                    .or_else(|_| row.try_get::<bool, _>(i).map(|b| i64::from(b).to_string()))
                    .or_else(|_| row.try_get::<f64, _>(i).map(|n| n.to_string()))
                    .or_else(|_| row.try_get::<Vec<u8>, _>(i).map(hex::encode))
                    .unwrap_or_default()
            });
            (column.name().to_owned(), text)
        })
        .collect()
}
