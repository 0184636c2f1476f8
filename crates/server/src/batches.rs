//! Reads batches for the world: files of the folder `batch` in the game's folder. The job pool calls it.

use std::{fs::File, io::Read, path::Path};

use meadow_world::{BATCH_FILE_LIMIT, JobResult};

/// What stands in `NAME.ev`. A name is letters, digits, `-` and `_`, so that it can't lead out of the folder.
pub(crate) fn read(folder: &Path, name: &str) -> JobResult {
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if name.is_empty() || !letters {
        return JobResult::Failed(format!("{name:?} can't be the name of a batch"));
    }
    match text(&folder.join(format!("{name}.ev"))) {
        Ok(text) => JobResult::Batch(text),
        Err(why) => JobResult::Failed(format!("the file batch/{name}.ev {why}")),
    }
}

fn text(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "is not there".to_owned(),
        _ => format!("can't be read: {error}"),
    };
    // A pipe would keep the thread for ever.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err("is no file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(BATCH_FILE_LIMIT + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > BATCH_FILE_LIMIT {
        return Err(format!("is larger than {BATCH_FILE_LIMIT} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "is no UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(result: JobResult) -> String {
        match result {
            JobResult::Failed(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn files_of_the_folder_are_read_and_no_others() {
        let game = tempfile::tempdir().unwrap();
        let folder = game.path().join("batch");
        std::fs::create_dir(&folder).unwrap();
        std::fs::create_dir(folder.join("dir.ev")).unwrap();
        std::fs::write(folder.join("meadow.ev"), "look\n").unwrap();
        std::fs::write(folder.join("odd.ev"), b"\xff").unwrap();
        std::fs::write(game.path().join("secret.ev"), "look\n").unwrap();
        assert_eq!(read(&folder, "meadow"), JobResult::Batch("look\n".into()));
        for name in ["../secret", "/etc/passwd", "..", "", "meadow.ev", "a/b"] {
            assert!(why(read(&folder, name)).ends_with("can't be the name of a batch"), "{name}");
        }
        assert_eq!(why(read(&folder, "none")), "the file batch/none.ev is not there");
        assert_eq!(why(read(&folder, "dir")), "the file batch/dir.ev is no file");
        assert_eq!(why(read(&folder, "odd")), "the file batch/odd.ev is no UTF-8");
    }

    #[test]
    fn a_file_at_the_limit_and_one_past() {
        let folder = tempfile::tempdir().unwrap();
        let size = usize::try_from(BATCH_FILE_LIMIT).unwrap();
        std::fs::write(folder.path().join("full.ev"), "x".repeat(size)).unwrap();
        std::fs::write(folder.path().join("over.ev"), "x".repeat(size + 1)).unwrap();
        assert!(matches!(read(folder.path(), "full"), JobResult::Batch(_)));
        assert!(why(read(folder.path(), "over")).contains("is larger than 1048576 bytes"));
    }
}
