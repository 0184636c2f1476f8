//! Tells every target its corpus, so that what was found once is found again without the fuzzer.

use std::{fs, path::Path};

use meadow_fuzz::TARGETS;

#[test]
fn every_target_passes_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in TARGETS {
        target(&[]);
        let mut files: Vec<_> = fs::read_dir(corpus.join(name))
            .unwrap_or_else(|error| panic!("corpus/{name}: {error}"))
            .collect();
        assert!(files.len() >= 3, "corpus/{name} has hardly anything");
        files.sort_by_key(|file| file.as_ref().map(fs::DirEntry::path).ok());
        for file in files {
            let path = file.expect("it can be listed").path();
            let data = fs::read(&path).expect("it can be read");
            println!("{}", path.display());
            target(&data);
            // What is cut off in the middle is ordinary, too.
            target(&data[..data.len() / 2]);
        }
    }
}

#[test]
fn every_target_is_one_that_the_fuzzer_knows() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = fs::read_dir(here.join("fuzz_targets"))
        .expect("there are targets")
        .map(|file| file.expect("it can be listed").path().file_stem().expect("a name").to_owned())
        .collect();
    files.sort();
    assert_eq!(files, TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}
