//! Three kinds of "no", told apart by type: a refusal (the business says no), an invalid input
//! (fields to fix) and a failure (something broke). The first two are for people.

use std::collections::BTreeMap;
use std::{fmt, io};

/// The business says no. Each noun has one small enum of these in its `mod.rs`.
pub trait Refusal: fmt::Debug + Send + Sync + 'static {
    /// Stable code, also the key of the sentence: `refusal-{code}` in `locales/`.
    fn code(&self) -> &'static str;
    /// Arguments of the sentence.
    fn args(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// Problems by field name; each value is a key of a sentence in `locales/` and its arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(pub BTreeMap<&'static str, Problem>);

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Key of the sentence: `invalid-{code}` in `locales/`.
    pub code: &'static str,
    /// Arguments of the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl Fields {
    /// Notes that a field is wrong; the first note about a field stays.
    pub fn note(&mut self, field: &'static str, code: &'static str) {
        self.note_with(field, code, Vec::new());
    }
    /// Notes that a field is wrong, with arguments for the sentence.
    pub fn note_with(
        &mut self,
        field: &'static str,
        code: &'static str,
        args: Vec<(&'static str, String)>,
    ) {
        self.0.entry(field).or_insert(Problem { code, args });
    }
    /// `Err` when anything was noted.
    pub fn into_result(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self)) }
    }
    /// One wrong field as an error.
    pub fn one(field: &'static str, code: &'static str) -> Error {
        let mut fields = Self::default();
        fields.note(field, code);
        Error::Invalid(fields)
    }
}

/// Everything that can go wrong in an action.
#[derive(Debug)]
pub enum Error {
    /// The business says no; 409 at the web edge.
    Refused(Box<dyn Refusal>),
    /// Fields to fix; 422 at the web edge, with the typed text kept.
    Invalid(Fields),
    /// It does not exist, or the viewer may not know of it; 404 at the web edge.
    NotFound,
    /// Nobody is signed in; 401 or the sign-in page.
    NotSignedIn,
    /// Too many tries; 429 with the seconds to wait.
    TooMany(i64),
    /// The same idempotency key came with a different request; 422.
    KeyReused,
    /// Two changes held what the other needed, and the database let this one go: nothing of it was
    /// kept, and the same once more may do. 503 where it does not; the text is for the log only.
    Crossed(String),
    /// The disk of the database, or of the temporary folder, has no room: nothing of the change was
    /// kept, and what stood before stands. 507 at the web edge; the text is for the log only.
    Full(String),
    /// Something broke. The text is for the log only.
    Failure(String),
}

/// How [`Error::Full`] begins as a text, whatever the database or the system says and in whichever
/// language: kept with a job, it is told by this from other troubles.
pub const NO_ROOM: &str = "no room on the disk";

/// What an action answers.
pub type Outcome<T> = Result<T, Error>;

impl Error {
    /// A failure with its cause for the log.
    pub fn failure(cause: impl fmt::Display) -> Self {
        Self::Failure(cause.to_string())
    }

    /// What a file could not be written or read for: no room where it lies, or a failure.
    pub fn file(cause: io::Error) -> Self {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        match cause.kind() {
            StorageFull | QuotaExceeded => Self::Full(cause.to_string()),
            _ => Self::failure(cause),
        }
    }
}

impl<R: Refusal> From<R> for Error {
    fn from(refusal: R) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {}", refusal.code()),
            Self::Invalid(fields) => write!(f, "invalid: {:?}", fields.0),
            Self::NotFound => f.write_str("not found"),
            Self::NotSignedIn => f.write_str("not signed in"),
            Self::TooMany(seconds) => write!(f, "too many tries; wait {seconds} s"),
            Self::KeyReused => f.write_str("idempotency key reused for another request"),
            Self::Crossed(cause) => write!(f, "crossed another change: {cause}"),
            Self::Full(cause) => write!(f, "{NO_ROOM}: {cause}"),
            Self::Failure(cause) => write!(f, "failure: {cause}"),
        }
    }
}
