//! The files of the browser client and of the site, which are part of the program (`build.rs` packs them), and what a
//! game puts over them: a file of the same name in the folder `web` of the game. The web listener answers with them;
//! the site takes its templates from here.

mod own;
mod ranges;

use std::{
    borrow::Cow,
    hash::{DefaultHasher, Hash, Hasher},
    io::Read as _,
    path::Path,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, read::GzDecoder, read::GzEncoder};

use own::{Found, LongFile, OwnFiles};

/// In pages and in the manifest of the app, this is replaced with the game's name.
const NAME_PLACEHOLDER: &str = "{GAME_NAME}";

/// In pages of the browser client, this is replaced with links to all modules, so that the browser need not read one
/// to learn of the next.
const MODULES_PLACEHOLDER: &str = "<!-- modules -->";

/// The module that starts the browser client.
const FIRST_MODULE: &str = "webclient/main.js";

/// Every file with its path, packed as gzip.
const FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// All files, ready to be sent.
pub(crate) struct Files {
    game_name: String,
    module_links: String,
    files: Vec<(&'static str, WebFile)>,
    own: OwnFiles,
}

/// One file.
#[derive(Clone)]
pub(crate) struct WebFile {
    kind: &'static str,
    is_shown: bool,
    etag: String,
    content: Content,
}

/// Stands in an answer that no browser shows as a page or runs as a worker: what pages are told is not for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct NeverShown;

#[derive(Clone)]
enum Content {
    /// As gzip: ours, which are sent to everybody.
    Packed(Bytes),
    /// A game's own, which are mostly pictures and sounds.
    Plain(Bytes),
    /// The same, not read yet.
    Long(LongFile),
}

impl Files {
    /// `folder`: where the game has its own; it need not be there.
    pub(crate) fn new(game_name: &str, folder: &Path) -> Files {
        let mut files = Files {
            game_name: game_name.to_owned(),
            module_links: module_links(),
            files: Vec::new(),
            own: OwnFiles::new(folder),
        };
        for &(name, packed) in FILES {
            let content = match kind_of(name) {
                kind @ (HTML | MANIFEST) => pack(&files.named(kind, unpack(packed))).into(),
                _ => Bytes::from_static(packed),
            };
            files.files.push((name, WebFile::new(name, Content::Packed(content))));
        }
        files
    }

    /// The file of this path, `webclient/index.html` say: the game's own before ours.
    pub(crate) fn file(&self, path: &str) -> Option<Cow<'_, WebFile>> {
        self.own_file(path).or_else(|| self.our_file(path).map(Cow::Borrowed))
    }

    /// The same, but ours, whatever the game has.
    pub(crate) fn our_file(&self, path: &str) -> Option<&WebFile> {
        self.files.iter().find(|(known, _)| *known == path).map(|(_, file)| file)
    }

    fn own_file(&self, path: &str) -> Option<Cow<'_, WebFile>> {
        let content = match kind_of(path) {
            kind @ (HTML | MANIFEST) => Content::Plain(self.named(kind, self.own(path)?).into()),
            _ => match self.own.share(path)? {
                Found::Short(content) => Content::Plain(content),
                Found::Long(file) => Content::Long(file),
            },
        };
        Some(Cow::Owned(WebFile::new(path, content)))
    }

    /// Where the game has its own.
    pub(crate) fn folder(&self) -> &Path {
        self.own.folder()
    }

    /// What a file of the game's own holds, if it has this one. Nothing outside of its folder is ever read.
    pub(crate) fn own(&self, path: &str) -> Option<Vec<u8>> {
        self.own.read(path)
    }

    /// A file with the game's name in it, if it is of a kind that has it, and links to the modules.
    fn named(&self, kind: &str, content: Vec<u8>) -> Vec<u8> {
        let (name, links) = match kind {
            HTML => (escape(&self.game_name), self.module_links.as_str()),
            MANIFEST => (json_escape(&self.game_name), ""),
            _ => return content,
        };
        match String::from_utf8(content) {
            Ok(text) => {
                text.replace(NAME_PLACEHOLDER, &name).replace(MODULES_PLACEHOLDER, links).into_bytes()
            }
            Err(binary) => binary.into_bytes(),
        }
    }
}

/// What one of our files holds.
pub(crate) fn ours(path: &str) -> Option<Vec<u8>> {
    FILES.iter().find(|(known, _)| *known == path).map(|(_, packed)| unpack(packed))
}

/// Links to the modules of the browser client (HTML standard, `modulepreload`).
fn module_links() -> String {
    let mut links = String::new();
    for path in modules(FIRST_MODULE) {
        let path = path.strip_prefix("webclient/").unwrap_or(&path);
        links.push_str(&format!("<link rel=\"modulepreload\" href=\"{path}\">\n  "));
    }
    links.trim_end().to_owned()
}

/// The modules that a module of ours needs, itself first.
fn modules(first: &str) -> Vec<String> {
    let mut found = vec![first.to_owned()];
    let mut read = 0;
    while let Some(path) = found.get(read).cloned() {
        read += 1;
        let Some((_, packed)) = FILES.iter().find(|(name, _)| *name == path) else { continue };
        for import in imports(&path, &String::from_utf8_lossy(&unpack(packed))) {
            if !found.contains(&import) {
                found.push(import);
            }
        }
    }
    found
}

/// What a module imports, as it is written: `from "./beside.js"`.
fn imports(path: &str, source: &str) -> Vec<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named = source.split("from \".").skip(1).filter_map(|rest| rest.split_once('"'));
    named
        .map(|(import, _)| {
            let import = format!(".{import}");
            let mut parts: Vec<&str> = folder.split('/').collect();
            for part in import.split('/') {
                match part {
                    "." => {}
                    ".." => _ = parts.pop(),
                    part => parts.push(part),
                }
            }
            parts.join("/")
        })
        .collect()
}

impl WebFile {
    fn new(path: &str, content: Content) -> WebFile {
        // Not a secret and not for security: it only has to differ when the content does.
        let mut hasher = DefaultHasher::new();
        match &content {
            Content::Packed(bytes) | Content::Plain(bytes) => bytes.hash(&mut hasher),
            Content::Long(file) => file.hash(&mut hasher),
        }
        let etag = format!("\"{:016x}\"", hasher.finish());
        WebFile { kind: kind_of(path), is_shown: is_shown(path), etag, content }
    }

    /// The file, or that the browser's copy is still good (RFC 9110, section 13.1.2).
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let mut response = self.content(request);
        if !self.is_shown {
            response.extensions_mut().insert(NeverShown);
        }
        response
    }

    fn content(&self, request: &HeaderMap) -> Response {
        let caching = [(header::ETAG, self.etag.as_str()), (header::CACHE_CONTROL, "no-cache")];
        let packings = [(header::VARY, "accept-encoding")];
        let known = request.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let is_ours = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == self.etag;
        if known.is_some_and(|tags| tags.split(',').map(str::trim).any(is_ours)) {
            return match &self.content {
                Content::Packed(_) => (StatusCode::NOT_MODIFIED, caching, packings).into_response(),
                _ => (StatusCode::NOT_MODIFIED, caching).into_response(),
            };
        }
        let kind = [(header::CONTENT_TYPE, self.kind)];
        match &self.content {
            Content::Plain(content) => {
                ranges::answer(request, &self.etag, self.kind, content.len(), || Some(content.clone()))
            }
            Content::Long(file) => {
                ranges::answer(request, &self.etag, self.kind, file.length(), || file.load())
            }
            Content::Packed(packed) if takes_gzip(request) => {
                let packing = [(header::CONTENT_ENCODING, "gzip")];
                (caching, packings, kind, packing, Body::from(packed.clone())).into_response()
            }
            Content::Packed(packed) => (caching, packings, kind, Body::from(unpack(packed))).into_response(),
        }
    }
}

/// Whether a client unpacks gzip (RFC 9110, section 12.5.3).
fn takes_gzip(request: &HeaderMap) -> bool {
    let values = request.get_all(header::ACCEPT_ENCODING);
    values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|one| {
        let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
        let refused = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
        coding.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

fn pack(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    GzEncoder::new(content, Compression::fast())
        .read_to_end(&mut packed)
        .expect("memory does not fail to be read");
    packed
}

/// What we have packed ourselves.
fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut content).expect("we have packed it ourselves");
    content
}

const HTML: &str = "text/html; charset=utf-8";
/// What the browser client is called as an app (W3C, Web Application Manifest).
const MANIFEST: &str = "application/manifest+json";

fn kind_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => HTML,
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => MANIFEST,
        Some("txt") => "text/plain; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("mp3") => "audio/mpeg",
        Some("ogg") => "audio/ogg",
        Some("wav") => "audio/wav",
        Some("mp4") => "video/mp4",
        Some("webm") => "video/webm",
        _ => "application/octet-stream",
    }
}

/// Whether a browser may show a file as a page, in which scripts run (SVG has them), or run it as a worker, for which
/// what is said with it holds, and not what its page was told (CSP 3, section 4.2.1). Workers are known by their names.
fn is_shown(path: &str) -> bool {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => path.ends_with("worker.js") || path.ends_with("/sw.js"),
        Some("css" | "json" | "webmanifest" | "txt") => false,
        Some("png" | "jpg" | "jpeg" | "gif" | "webp" | "ico" | "woff2") => false,
        Some("mp3" | "ogg" | "wav" | "mp4" | "webm") => false,
        // What is not known may be anything.
        _ => true,
    }
}

/// Text as it stands in HTML, in a quoted attribute as well.
pub(crate) fn escape(text: &str) -> String {
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

/// As it stands between the quotation marks of JSON.
fn json_escape(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Without any of a game's own.
    fn files() -> Files {
        Files::new("A <Meadow>", Path::new("/nonexistent"))
    }

    fn bytes(files: &Files, path: &str) -> Vec<u8> {
        match &files.file(path).expect("a file").content {
            Content::Packed(packed) => unpack(packed),
            Content::Plain(content) => content.to_vec(),
            Content::Long(file) => file.load().expect("it can be read").to_vec(),
        }
    }

    fn text(files: &Files, path: &str) -> String {
        String::from_utf8(bytes(files, path)).expect("text")
    }

    #[test]
    fn a_name_cannot_become_markup() {
        assert_eq!(
            escape("<b>\"Meadow\" & 'Hill'</b>"),
            "&lt;b&gt;&quot;Meadow&quot; &amp; &#39;Hill&#39;&lt;/b&gt;"
        );
        assert!(text(&files(), "webclient/index.html").contains("<title>A &lt;Meadow&gt;"));
        let files = Files::new("A \"Meadow\" \\ 1", Path::new("/nonexistent"));
        let manifest: serde_json::Value =
            serde_json::from_slice(&bytes(&files, "webclient/manifest.webmanifest")).expect("JSON");
        assert_eq!(manifest["name"], "A \"Meadow\" \\ 1");
    }

    #[test]
    fn every_module_that_is_imported_is_there() {
        let files = files();
        for (name, _) in files.files.iter().filter(|(name, _)| name.ends_with(".js")) {
            for path in imports(name, &text(&files, name)) {
                assert!(files.file(&path).is_some(), "{name} imports {path}");
            }
        }
    }

    #[test]
    fn the_page_names_its_modules() {
        let page = text(&files(), "webclient/index.html");
        for path in ["main.js", "hub.js", "net/link.js", "output/html.js"] {
            let link = format!("<link rel=\"modulepreload\" href=\"{path}\">");
            assert_eq!(page.matches(&link).count(), 1, "{path}: {page}");
        }
        assert!(!page.contains(MODULES_PLACEHOLDER) && !page.contains("href=\"tests"));
    }

    #[test]
    fn what_browsers_show_or_run_on_its_own_is_known() {
        for path in
            ["webclient/index.html", "webclient/sw.js", "webclient/player/clock-worker.js", "a.svg", "a"]
        {
            assert!(is_shown(path), "{path}");
        }
        for path in ["webclient/main.js", "webclient/style.css", "webclient/icons/icon-192.png", "a.woff2"] {
            assert!(!is_shown(path), "{path}");
        }
        // Nothing else of ours is run as a worker.
        let files = files();
        let scripts = files.files.iter().filter(|(name, _)| name.ends_with(".js"));
        let mut workers = 0;
        for (name, _) in scripts {
            let source = text(&files, name);
            for start in ["new Worker(", "new SharedWorker(", "serviceWorker.register("] {
                for (_, rest) in source.match_indices(start).map(|(at, _)| source.split_at(at + start.len()))
                {
                    let named = rest.split('"').nth(1).expect("a name");
                    assert!(is_shown(&format!("webclient/{named}")), "{name} runs {named} as a worker");
                    workers += 1;
                }
            }
        }
        assert_eq!(workers, 2, "the clock and the service worker");
    }

    #[test]
    fn what_is_for_those_who_work_on_it_is_not_served() {
        let files = files();
        assert!(files.file("webclient/main.js").is_some());
        for path in
            ["webclient/package.json", "webclient/tests/client.test.js", "webclient/", "webclient", ""]
        {
            assert!(files.file(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_games_own_file_comes_before_ours_and_nothing_comes_from_outside_of_its_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let web = dir.path().join("web");
        fs::create_dir_all(web.join("webclient/pictures")).expect("folders");
        fs::write(dir.path().join("secret.txt"), "secret").expect("a file");
        fs::write(web.join(".hidden"), "secret").expect("a file");
        fs::write(web.join("webclient/index.html"), "<p>{GAME_NAME}</p>").expect("a file");
        fs::write(web.join("webclient/pictures/oak.png"), [0x89, b'P', 0xff]).expect("a file");
        let files = Files::new("Oak & Ash", &web);
        assert_eq!(text(&files, "webclient/index.html"), "<p>Oak &amp; Ash</p>");
        assert_eq!(bytes(&files, "webclient/pictures/oak.png"), [0x89, b'P', 0xff]);
        for path in ["../secret.txt", "webclient/../../secret.txt", "/etc/passwd", ".hidden", "webclient\\x"]
        {
            assert!(files.file(path).is_none(), "{path}");
        }
    }

    #[test]
    fn a_copy_that_is_still_good_is_not_sent_again() {
        let files = files();
        let page = files.file("webclient/index.html").expect("the page");
        let answer = |tags: &str| {
            let mut request = HeaderMap::new();
            request.insert(header::IF_NONE_MATCH, tags.parse().expect("a value"));
            page.answer(&request).status()
        };
        assert_eq!(answer(&page.etag), StatusCode::NOT_MODIFIED);
        assert_eq!(answer(&format!("\"other\", W/{}", page.etag)), StatusCode::NOT_MODIFIED);
        assert_eq!(answer("\"other\""), StatusCode::OK);
        assert_eq!(page.answer(&HeaderMap::new()).headers()[header::CONTENT_TYPE], HTML);
    }

    #[test]
    fn a_long_file_is_read_only_if_something_of_it_is_sent() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("song.ogg");
        fs::write(&path, vec![7; 100_000]).expect("a file");
        let files = Files::new("A", dir.path());
        let song = files.file("song.ogg").expect("a file");
        let answer = |name, value: &str| {
            song.answer(&HeaderMap::from_iter([(name, value.parse().expect("a value"))])).status()
        };
        assert_eq!(answer(header::RANGE, "bytes=0-0"), StatusCode::PARTIAL_CONTENT);
        fs::remove_file(&path).expect("it was there");
        assert_eq!(answer(header::IF_NONE_MATCH, &song.etag), StatusCode::NOT_MODIFIED);
        assert_eq!(answer(header::RANGE, "bytes=100000-"), StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(answer(header::RANGE, "bytes=0-0"), StatusCode::SERVICE_UNAVAILABLE);
        fs::write(&path, vec![8; 100_001]).expect("a file");
        assert_ne!(files.file("song.ogg").expect("a file").etag, song.etag);
    }

    #[test]
    fn it_is_packed_for_those_who_unpack() {
        let asks = |value: &str| {
            let mut request = HeaderMap::new();
            request.insert(header::ACCEPT_ENCODING, value.parse().expect("a value"));
            takes_gzip(&request)
        };
        assert!(asks("gzip") && asks("br, GZIP;q=0.5") && !asks("gzip;q=0, br") && !asks("br"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
