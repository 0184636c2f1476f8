//! As much English as sentences need that several read: verbs and pronouns. The inline functions ask for it.

mod pronouns;
mod verbs;

pub use pronouns::Gender;
pub(super) use pronouns::{Options, Pronoun};
pub use verbs::{Conjugated, conjugate};

/// A word (no markup) with a capital.
pub(super) fn capitalize_word(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
