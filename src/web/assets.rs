//! Embedded files, served under a hash of their content so that browsers keep them for ever.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// The generated lists of embedded files.
pub mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut digest = Sha256::new();
    for (path, bytes) in embedded::ASSETS {
        digest.update(path.as_bytes());
        digest.update(bytes);
    }
    hex::encode(digest.finalize())[..12].to_owned()
});

/// The address of an embedded file.
pub fn href(path: &str) -> String {
    format!("/assets/{}/{path}", *VERSION)
}

/// `GET /assets/{version}/{*path}`
pub async fn show(Path((_, path)): Path<(String, String)>) -> Response {
    let Some((_, bytes)) = embedded::ASSETS.iter().find(|(name, _)| *name == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, *bytes).into_response()
}
