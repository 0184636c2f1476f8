//! Plays the transcripts beside this file: what a player types, and what they are to see of it. Their form is
//! described at [`meadow::transcript`].

/// One test for each file.
macro_rules! transcripts {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                let script = include_str!(concat!("transcripts/", stringify!($name), ".txt"));
                meadow::transcript(my_game::setup, script);
            }
        )*
    };
}

transcripts! {
    look
    ring
}

/// Every file is played.
#[test]
fn no_transcript_is_forgotten() {
    let here = include_str!("transcripts.rs");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(here.lines().any(|line| line.trim() == name), "{name}.txt is not in the list");
    }
}
