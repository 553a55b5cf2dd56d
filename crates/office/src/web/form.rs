//! What comes with a form: the word that only our own pages know, fields, and files.

use axum::body::Bytes;
use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::request::Parts;

use super::Problem;

/// What was sent as `multipart/form-data`: fields and files, each by its name.
#[derive(Debug, Clone, Default)]
pub struct Upload(Vec<(String, Bytes)>);

/// The field of each form that holds the word of the session.
const WORD: &str = "word";

// === impl Upload ===

impl Upload {
    /// A file as it was sent. Empty where none was chosen.
    pub fn file(&self, name: &str) -> Bytes {
        self.0.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.clone()).unwrap_or_default()
    }

    /// A field as text. Empty where there is none, or it is no text.
    pub fn field(&self, name: &str) -> String {
        String::from_utf8(self.file(name).into()).unwrap_or_default()
    }

    /// All fields that begin so, with the rest of their names.
    pub fn fields<'a>(&'a self, start: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, bytes)| Some((name.strip_prefix(start)?, str::from_utf8(bytes).ok()?)))
    }

    pub(super) async fn read(headers: &HeaderMap, body: Bytes) -> Option<Self> {
        let boundary = multer::parse_boundary(headers.get(CONTENT_TYPE)?.to_str().ok()?).ok()?;
        let whole = futures_util::stream::once(async move { Ok::<_, std::convert::Infallible>(body) });
        let mut parts = multer::Multipart::new(whole, boundary);
        let mut all = Vec::new();
        while let Some(part) = parts.next_field().await.ok()? {
            let name = part.name().map(str::to_owned)?;
            all.push((name, part.bytes().await.ok()?));
        }
        Some(Self(all))
    }

    pub(super) fn word(&self) -> String {
        self.field(WORD)
    }
}

impl<S: Sync> FromRequestParts<S> for Upload {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or(Problem::NotReadable)
    }
}

/// The word in a form that was sent as the address of a page is written.
pub(super) fn word_of(body: &[u8]) -> String {
    form_urlencoded::parse(body).find(|(name, _)| name == WORD).map(|(_, word)| word.into_owned()).unwrap_or_default()
}

/// A path of our own to which somebody is sent on, or the first page: never another host.
pub fn own_path(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    if own && path.bytes().all(|byte| byte.is_ascii_graphic()) { path } else { "/" }
}
