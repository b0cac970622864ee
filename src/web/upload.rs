//! A form that carries a file (`multipart/form-data`), read whole within a limit.
//!
//! The file's name and type are what the browser claims: the name is only ever shown or offered
//! for a download, the type is not trusted at all.

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::errors::Failed;
use super::forms::{FORM_BYTES_MAX, NO_TEXT, check_token};
use crate::storage::Key;
use crate::values::{Error, Fields, Outcome, is_unseen};

/// The largest file a form may carry.
pub const FILE_BYTES_MAX: usize = 32 << 20;
/// The longest file name kept.
const NAME_CHARS_MAX: usize = 200;

/// A file that came with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// Its name without folders, as the browser claims.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl SentFile {
    /// SHA-256 of the content.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }
}

/// A form's fields as `T`, its file if one was chosen, and the request's idempotency key.
pub struct Uploaded<T> {
    /// The fields.
    pub fields: T,
    /// The file; `None` where none was chosen.
    pub file: Option<SentFile>,
    /// The request's key.
    pub key: Option<Key>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Uploaded<T> {
    type Rejection = Failed;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failed> {
        let (parts, body) = request.into_parts();
        let most = FILE_BYTES_MAX + FORM_BYTES_MAX;
        let bytes = axum::body::to_bytes(body, most)
            .await
            .map_err(|_| Failed(Fields::one("file", "file-too-large")))?;
        let mut copy = Request::new(Body::from(bytes));
        *copy.headers_mut() = parts.headers.clone();
        DefaultBodyLimit::disable().apply(&mut copy);
        let form = Multipart::from_request(copy, state)
            .await
            .map_err(|_| Failed(Fields::one("form", "form-not-understood")))?;
        Ok(sort(&parts, read(form).await?)?)
    }
}

struct Read {
    pairs: Vec<(String, String)>,
    file: Option<SentFile>,
}

async fn read(mut form: Multipart) -> Outcome<Read> {
    let broken = |_| Fields::one("form", "form-not-understood");
    let mut read = Read { pairs: Vec::new(), file: None };
    let mut text_bytes = 0;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(own_name);
        let bytes = field.bytes().await.map_err(broken)?;
        match file_name {
            // A file field left empty comes with an empty name and no bytes.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(_) if read.file.is_some() => return Err(Fields::one("file", "file-only-one")),
            Some(_) if bytes.is_empty() => return Err(Fields::one("file", "file-empty")),
            Some(_) if bytes.len() > FILE_BYTES_MAX => {
                return Err(Fields::one("file", "file-too-large"));
            }
            Some(name) => read.file = Some(SentFile { name, bytes: bytes.to_vec() }),
            None => {
                text_bytes += bytes.len();
                if text_bytes > FORM_BYTES_MAX {
                    return Err(Fields::one("form", "form-too-large"));
                }
                let text = String::from_utf8(bytes.to_vec())
                    .ok()
                    .filter(|text| !text.contains(NO_TEXT))
                    .ok_or_else(|| Fields::one("form", "form-not-understood"))?;
                read.pairs.push((name, text));
            }
        }
    }
    Ok(read)
}

fn sort<T: DeserializeOwned>(parts: &Parts, read: Read) -> Outcome<Uploaded<T>> {
    let find = |name: &str| read.pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    check_token(parts, find("_csrf").as_deref())?;
    let key = find("_key").map(|text| key(parts, text, &read)).transpose()?;
    let kept: Vec<(String, String)> =
        read.pairs.into_iter().filter(|(name, _)| name != "_csrf" && name != "_key").collect();
    let text = serde_urlencoded::to_string(&kept).map_err(Error::failure)?;
    let fields = serde_urlencoded::from_str(&text).map_err(|cause| {
        let mut fields = Fields::default();
        fields.note_with("form", "form-field", vec![("problem", cause.to_string())]);
        Error::Invalid(fields)
    })?;
    Ok(Uploaded { fields, file: read.file, key })
}

fn key(parts: &Parts, text: String, read: &Read) -> Outcome<Key> {
    if text.is_empty() || text.len() > 100 {
        return Err(Fields::one("_key", "key-length"));
    }
    let kept: Vec<&(String, String)> =
        read.pairs.iter().filter(|(name, _)| name != "_csrf" && name != "_key").collect();
    let body = serde_urlencoded::to_string(kept).map_err(Error::failure)?;
    let digest = read.file.as_ref().map(SentFile::digest).unwrap_or_default();
    let path = parts.uri.path().as_bytes();
    let method = parts.method.as_str().as_bytes();
    Ok(Key::new(text, &[method, path, body.as_bytes(), digest.as_bytes()]))
}

/// The name without folders and without what no file name may hold.
fn own_name(claimed: &str) -> String {
    let last = claimed.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !is_unseen(*c)).take(NAME_CHARS_MAX).collect()
}

/// The headers of a download: never shown in the browser, whatever it holds.
pub fn as_download(name: &str) -> [(axum::http::HeaderName, String); 2] {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' })
        .collect();
    let mut spelt = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            spelt.push(char::from(byte));
        } else {
            spelt.push_str(&format!("%{byte:02X}"));
        }
    }
    [
        (axum::http::header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (
            axum::http::header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{spelt}"),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_name_loses_its_folders() {
        for (claimed, expected) in [
            ("mockup.pdf", "mockup.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\макет №1.png", "макет №1.png"),
            ("a\r\nb.txt", "ab.txt"),
            ("", ""),
        ] {
            assert_eq!(own_name(claimed), expected, "{claimed:?}");
        }
        assert_eq!(own_name(&"я".repeat(300)).chars().count(), 200);
    }

    #[test]
    fn a_download_cannot_break_out_of_its_header() {
        let [(_, kind), (_, place)] = as_download("a\"; filename=evil.html\r\nX: 1");
        assert_eq!(kind, "application/octet-stream");
        assert!(!place.contains('\r') && place.starts_with("attachment; filename=\"a___filename"));
        let [_, (_, place)] = as_download("макет.pdf");
        assert!(place.ends_with("filename*=UTF-8''%D0%BC%D0%B0%D0%BA%D0%B5%D1%82.pdf"), "{place}");
    }
}
