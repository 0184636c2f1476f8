//! The browser client's files, which are part of the program. The web listener answers with them.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

/// In the page, this is replaced with the game's name.
const NAME_PLACEHOLDER: &str = "{GAME_NAME}";

const PAGE: &str = include_str!("../../../../webclient/index.html");

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../../webclient/", $name)).as_slice())),*]
    };
}

/// Every file under `/webclient/`. A new one is one name here.
const FILES: [(&str, &[u8]); 8] = embedded![
    "colors.js",
    "connection.js",
    "entry.js",
    "html.js",
    "log.js",
    "main.js",
    "resume.js",
    "style.css"
];

/// The page and its files, ready to be sent.
pub(crate) struct Files {
    page: WebFile,
    files: Vec<(&'static str, WebFile)>,
}

/// One file.
pub(crate) struct WebFile {
    kind: &'static str,
    etag: String,
    content: Bytes,
}

impl Files {
    pub(crate) fn new(game_name: &str) -> Files {
        let page = PAGE.replace(NAME_PLACEHOLDER, &escape(game_name));
        let file = |(name, content): (&'static str, &'static [u8])| {
            (name, WebFile::new(kind_of(name), Bytes::from_static(content)))
        };
        Files {
            page: WebFile::new("text/html; charset=utf-8", Bytes::from(page)),
            files: FILES.into_iter().map(file).collect(),
        }
    }

    /// The page at `/`.
    pub(crate) fn page(&self) -> &WebFile {
        &self.page
    }

    /// The file of this name under `/webclient/`.
    pub(crate) fn file(&self, name: &str) -> Option<&WebFile> {
        self.files.iter().find(|(known, _)| *known == name).map(|(_, file)| file)
    }
}

impl WebFile {
    fn new(kind: &'static str, content: Bytes) -> WebFile {
        // Not a secret and not for security: it only has to differ when the content does.
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        WebFile { kind, etag: format!("\"{:016x}\"", hasher.finish()), content }
    }

    /// The file, or that the browser's copy is still good (RFC 9110, section 13.1.2).
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let caching = [(header::ETAG, self.etag.as_str()), (header::CACHE_CONTROL, "no-cache")];
        let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let is_ours = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag;
        if known.is_some_and(|tags| tags.split(',').map(str::trim).any(is_ours)) {
            return (StatusCode::NOT_MODIFIED, caching).into_response();
        }
        (caching, [(header::CONTENT_TYPE, self.kind)], Body::from(self.content.clone())).into_response()
    }
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_markup() {
        assert_eq!(
            escape("<b>\"Meadow\" & 'Hill'</b>"),
            "&lt;b&gt;&quot;Meadow&quot; &amp; &#39;Hill&#39;&lt;/b&gt;"
        );
    }

    #[test]
    fn every_file_that_the_page_names_is_there() {
        let files = Files::new("A Meadow");
        let page = std::str::from_utf8(&files.page.content).expect("text");
        let mut named = 0;
        for part in page.split("\"webclient/").skip(1) {
            let name = part.split('"').next().expect("an end");
            assert!(files.file(name).is_some(), "{name}");
            named += 1;
        }
        assert!(named >= 2, "a style and a script at least");
        for (name, file) in &files.files {
            let content = std::str::from_utf8(&file.content).expect("text");
            for import in content.split("from \"./").skip(1) {
                let import = import.split('"').next().expect("an end");
                assert!(files.file(import).is_some(), "{name} imports {import}");
            }
        }
    }

    #[test]
    fn a_copy_that_is_still_good_is_not_sent_again() {
        let files = Files::new("A Meadow");
        let page = files.page();
        let answer = |tags: &str| {
            let mut request = HeaderMap::new();
            request.insert(header::IF_NONE_MATCH, tags.parse().expect("a value"));
            page.answer(&request).status()
        };
        assert_eq!(answer(&page.etag), StatusCode::NOT_MODIFIED);
        assert_eq!(answer(&format!("\"other\", W/{}", page.etag)), StatusCode::NOT_MODIFIED);
        assert_eq!(answer("\"other\""), StatusCode::OK);
        assert_eq!(
            page.answer(&HeaderMap::new()).headers()[header::CONTENT_TYPE],
            "text/html; charset=utf-8"
        );
    }
}
