//! Packs the files of the browser client and of the site into the Portal, so that nobody needs Node to play or to run a
//! game. What is not for browsers (tests, what Node reads) stays out. `listen/files.rs` serves them.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};

/// Folders of the repository, each served under its name.
const FOLDERS: [&str; 2] = ["webclient", "website"];

/// What browsers are given. Everything else in the folders is for those who work on them.
const ENDINGS: [&str; 9] = ["css", "html", "ico", "js", "json", "png", "svg", "txt", "webmanifest"];

/// In the folders, but not for browsers.
const ABSENT: [&str; 6] =
    ["node_modules", "tests", "package.json", "package-lock.json", "tsconfig.json", "README.md"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table = String::from("[\n");
    for folder in FOLDERS {
        let mut files = Vec::new();
        collect(&root.join(folder), &mut files)?;
        files.sort();
        for file in files {
            let name = file.strip_prefix(&root)?.to_str().ok_or("a name that is not UTF-8")?.to_owned();
            let mut content = fs::read(&file)?;
            if file.extension().is_some_and(|ending| ending == "js" || ending == "css") {
                content = without_comments(&String::from_utf8(content)?).into_bytes();
            }
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&content)?;
            let packed = out.join(name.replace('/', "+") + ".gz");
            fs::write(&packed, encoder.finish()?)?;
            writeln!(table, "    ({name:?}, include_bytes!({packed:?})),")?;
        }
    }
    table.push_str("]\n");
    fs::write(out.join("files.rs"), table)?;
    Ok(())
}

/// All files below a folder. Cargo looks at the folders again when something in them changes.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a name that is not UTF-8")?;
        if ABSENT.contains(&name) || name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|one| ending == *one)) {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}

/// A script or sheet without the comments that fill whole lines, which are a third of it, and without what its lines are
/// indented by. The lines stay where they are, so that what a browser says of one is found. Lines of a template literal
/// are text.
fn without_comments(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let (mut in_comment, mut in_template) = (false, false);
    for line in source.lines() {
        let text = line.trim_start();
        let code = if in_comment || (!in_template && text.starts_with("/*")) {
            let end = text.split_once("*/");
            in_comment = end.is_none();
            end.map_or("", |(_, code)| code)
        } else if !in_template && text.starts_with("//") {
            ""
        } else {
            line
        };
        kept.push_str(if in_template { code } else { code.trim_start() });
        kept.push('\n');
        in_template ^= code.replace("\\`", "").matches('`').count() % 2 == 1;
    }
    kept
}
