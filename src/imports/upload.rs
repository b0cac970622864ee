//! A file as it comes in: as a form with its token and key.

use axum::body::{BodyDataStream, HttpBody};
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::header;
use futures_util::StreamExt as _;

use super::ImportRefusal;
use super::actions::NewFile;
use super::spool::Content;
use super::text::FILE_BYTES_MAX;
use super::{BasisKind, Origin};
use crate::storage::Key;
use crate::values::{Error, Fields, Outcome};
use crate::web::{Failed, forms};

/// What the form around a file may take besides it.
const FRAME_BYTES_MAX: usize = 64 << 10;
/// A body that is too large is still read to its end, so that the browser hears why; up to this.
const DRAINED_BYTES_MAX: usize = 1 << 30;

/// A file with the key of its request.
pub struct Upload {
    /// The file.
    pub file: NewFile,
    /// The request's key.
    pub key: Option<Key>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failed;
    async fn from_request(mut request: Request, state: &S) -> Result<Self, Failed> {
        if declared_length(&request) > FILE_BYTES_MAX + FRAME_BYTES_MAX {
            drain(request.into_body().into_data_stream()).await;
            return Err(Failed(ImportRefusal::FileTooLarge.into()));
        }
        DefaultBodyLimit::max(FILE_BYTES_MAX + FRAME_BYTES_MAX).apply(&mut request);
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts.clone(), body);
        let Ok(form) = Multipart::from_request(request, state).await else {
            return Err(Failed(Fields::one("form", "form-not-understood")));
        };
        let read = read(form).await?;
        forms::check_token(&parts, Some(&read.token))?;
        Ok(Self { key: read.key(parts.uri.path()), file: read.file })
    }
}

struct Read {
    token: String,
    key: String,
    file: NewFile,
}

impl Read {
    /// The request's key, for this file from this place on this ground and no other.
    fn key(&self, path: &str) -> Option<Key> {
        let Origin { source, basis_kind, basis_source } = &self.file.origin;
        let parts = [
            b"POST",
            path.as_bytes(),
            self.file.content.sha256().as_bytes(),
            self.file.name.as_bytes(),
            source.as_bytes(),
            basis_kind.map_or("", BasisKind::code).as_bytes(),
            basis_source.as_bytes(),
        ];
        (1..=100).contains(&self.key.len()).then(|| Key::new(&self.key, &parts))
    }
}

async fn read(mut form: Multipart) -> Outcome<Read> {
    let (mut token, mut key) = (String::new(), String::new());
    let (mut source, mut kind, mut basis_source) = (String::new(), String::new(), String::new());
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(|cause| broken(&cause))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let called = field.file_name().unwrap_or_default().to_owned();
            let parts = field.map(|part| part.map_err(|cause| broken(&cause)));
            let content = Content::of_stream(parts, FILE_BYTES_MAX + FRAME_BYTES_MAX).await?;
            file = Some((called, content.ok_or(ImportRefusal::FileTooLarge)?));
            continue;
        }
        let text = field.text().await.map_err(|cause| broken(&cause))?;
        match name.as_str() {
            "_csrf" => token = text,
            "_key" => key = text,
            "source" => source = text,
            "basis_kind" => kind = text,
            "basis_source" => basis_source = text,
            _ => return Err(Fields::one("form", "form-not-understood")),
        }
    }
    let (name, content) = file.ok_or_else(|| Fields::one("file", "required"))?;
    let origin = origin(&source, &kind, &basis_source)?;
    Ok(Read { token, key, file: NewFile { name, content, origin } })
}

/// Where the companies come from, as it was typed.
pub(super) fn origin(source: &str, kind: &str, basis_source: &str) -> Outcome<Origin> {
    let basis_kind: Option<BasisKind> = match kind {
        "" => None,
        code => Some(code.parse().map_err(|()| Fields::one("basis_kind", "unknown-choice"))?),
    };
    let (source, basis_source) = (source.trim().to_owned(), basis_source.trim().to_owned());
    if source.contains('\0') || basis_source.contains('\0') {
        return Err(Fields::one("form", "form-not-understood"));
    }
    Ok(Origin { source, basis_kind, basis_source })
}

fn broken(cause: &axum::extract::multipart::MultipartError) -> Error {
    if cause.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        ImportRefusal::FileTooLarge.into()
    } else {
        Fields::one("form", "form-not-understood")
    }
}

fn declared_length(request: &Request) -> usize {
    request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .or_else(|| usize::try_from(request.body().size_hint().exact()?).ok())
        .unwrap_or(0)
}

/// Reads a body to its end and forgets it.
pub(super) async fn drain(mut stream: BodyDataStream) {
    let mut count = 0;
    while let Some(Ok(chunk)) = stream.next().await {
        count += chunk.len();
        if count > DRAINED_BYTES_MAX {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::spool::Content;

    #[test]
    fn a_key_is_of_one_file_and_of_where_it_comes_from() {
        let read = |name: &str, bytes: &[u8], (source, kind, ground): (&str, &str, &str)| Read {
            token: String::new(),
            key: "k".to_owned(),
            file: NewFile {
                name: name.to_owned(),
                content: Content::of(bytes).expect("kept"),
                origin: origin(source, kind, ground).expect("an origin"),
            },
        };
        let first = read("a.csv", b"Name", ("fair", "consent", "letter")).key("/imports");
        for (other, is_same) in [
            (read("a.csv", b"Name", ("fair", "consent", "letter")), true),
            (read("b.csv", b"Name", ("fair", "consent", "letter")), false),
            (read("a.csv", b"Names", ("fair", "consent", "letter")), false),
            (read("a.csv", b"Name", ("list", "consent", "letter")), false),
            (read("a.csv", b"Name", ("fair", "contract", "letter")), false),
            (read("a.csv", b"Name", ("fair", "consent", "call")), false),
        ] {
            assert_eq!(other.key("/imports") == first, is_same, "{:?}", other.file);
        }
    }
}
