//! Names with articles and numbers: "a flower", "two flowers".

/// Numbers that are told as words.
const WORDS: [&str; 13] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// "a flower", "an egg", "two flowers", "11 eggs". A name that begins with an article or a capital is
/// left alone when it stands for one.
///
/// ```
/// use meadow_world::text::numbered;
/// assert_eq!([numbered("flower", 1), numbered("egg", 1)], ["a flower", "an egg"]);
/// assert_eq!([numbered("a flower", 2), numbered("wolf", 13)], ["two flowers", "13 wolves"]);
/// assert_eq!(numbered("Excalibur", 1), "Excalibur");
/// ```
pub fn numbered(name: &str, count: usize) -> String {
    if count != 1 {
        let many = plural(without_article(name));
        return match WORDS.get(count) {
            Some(word) => format!("{word} {many}"),
            None => format!("{count} {many}"),
        };
    }
    with_article(name)
}

/// "a flower", "an egg": a name that begins with an article or a capital is left alone. Colours may stand before it.
pub(super) fn with_article(name: &str) -> String {
    let bare = super::plain(name);
    let common = bare.chars().next().is_some_and(char::is_lowercase);
    if !common || without_article(&bare).len() != bare.len() {
        return name.to_owned();
    }
    format!("{} {name}", if begins_with_vowel(&bare) { "an" } else { "a" })
}

/// Whether a word sounds as if it began with a vowel.
fn begins_with_vowel(word: &str) -> bool {
    const LIKE_YOU: [&str; 9] = ["uni", "use", "usu", "uti", "eu", "ewe", "ubiq", "one ", "one-"];
    const SILENT_H: [&str; 4] = ["hour", "honest", "honour", "heir"];
    // "unimportant" is no "unicorn".
    const NOT_LIKE_YOU: [&str; 5] = ["unin", "unim", "unid", "uniss", "unil"];
    let begins = |list: &[&str]| list.iter().any(|start| word.starts_with(start));
    let exception = (begins(&LIKE_YOU) && !begins(&NOT_LIKE_YOU)) || matches!(word, "one" | "u");
    (word.starts_with(['a', 'e', 'i', 'o', 'u']) && !exception)
        || begins(&SILENT_H)
        || word.starts_with("honor")
}

/// "no", "one" to "twelve", and digits from 13 on. Evennia's `int2str`.
pub(super) fn number_word(count: i64) -> String {
    let word = usize::try_from(count).ok().and_then(|count| WORDS.get(count));
    word.map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A name without "a", "an", "the" or "some" before it.
///
/// ```
/// use meadow_world::text::without_article;
/// assert_eq!(without_article("The red rose"), "red rose");
/// ```
pub fn without_article(name: &str) -> &str {
    for article in ["a ", "an ", "the ", "some "] {
        if let Some(head) = name.get(..article.len())
            && head.eq_ignore_ascii_case(article)
        {
            return name[article.len()..].trim_start();
        }
    }
    name
}

/// Nouns with a plural of their own, as far as they are common. Words may stand before them.
const PLURALS: [(&str, &str); 38] = [
    ("man", "men"),
    ("woman", "women"),
    ("child", "children"),
    ("person", "people"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("louse", "lice"),
    ("ox", "oxen"),
    ("die", "dice"),
    ("knife", "knives"),
    ("wife", "wives"),
    ("life", "lives"),
    ("wolf", "wolves"),
    ("leaf", "leaves"),
    ("loaf", "loaves"),
    ("thief", "thieves"),
    ("shelf", "shelves"),
    ("half", "halves"),
    ("calf", "calves"),
    ("elf", "elves"),
    ("scarf", "scarves"),
    ("hoof", "hooves"),
    ("dwarf", "dwarves"),
    ("staff", "staves"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("hero", "heroes"),
    ("torpedo", "torpedoes"),
    ("echo", "echoes"),
    ("stomach", "stomachs"),
    ("sheep", "sheep"),
    ("fish", "fish"),
    ("deer", "deer"),
    ("moose", "moose"),
    ("series", "series"),
    ("species", "species"),
];

/// The plural of a noun.
pub(super) fn plural(name: &str) -> String {
    // "pairs of gloves".
    if let Some((head, rest)) = name.split_once(" of ") {
        return format!("{} of {rest}", plural(head));
    }
    let last = name.rsplit([' ', '-']).next().unwrap_or(name);
    for (one, many) in PLURALS {
        // "swordsman", but no "human" and no "German".
        let compound =
            one == "man" && ["sman", "dman", "tman", "kman", "hman"].iter().any(|end| last.ends_with(end));
        if last == one || compound {
            return format!("{}{many}", &name[..name.len() - one.len()]);
        }
    }
    for ending in ["s", "x", "ch", "sh"] {
        if name.ends_with(ending) {
            return format!("{name}es");
        }
    }
    if let Some(stem) = name.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    format!("{name}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted() {
        assert_eq!(numbered("flower", 1), "a flower");
        assert_eq!(numbered("egg", 1), "an egg");
        assert_eq!(numbered("a flower", 1), "a flower");
        assert_eq!(numbered("a flower", 2), "two flowers");
        assert_eq!(numbered("Excalibur", 1), "Excalibur");
        assert_eq!(numbered("berry", 3), "three berries");
        assert_eq!(numbered("box", 13), "13 boxes");
        assert_eq!(numbered("|Rred|n rose", 1), "a |Rred|n rose");
        assert_eq!(numbered("grey wolf", 2), "two grey wolves");
        assert_eq!(numbered("swordsman", 3), "three swordsmen");
        assert_eq!(numbered("human", 0), "no humans");
        assert_eq!(numbered("sheep", 20), "20 sheep");
        assert_eq!(numbered("a pair of gloves", 2), "two pairs of gloves");
    }

    #[test]
    fn articles_follow_the_sound() {
        for (word, with) in [
            ("unicorn", "a unicorn"),
            ("unimportant letter", "an unimportant letter"),
            ("one-eyed cat", "a one-eyed cat"),
            ("onerous task", "an onerous task"),
            ("hour", "an hour"),
            ("house", "a house"),
            ("the king", "the king"),
            ("Anna", "Anna"),
            ("", ""),
        ] {
            assert_eq!(with_article(word), with);
        }
    }
}
