//! Upper, lower and title case as Python's `str` has them: Evennia's rules for package names are made of them.

/// Python's `str.capitalize`: the first character in title case, the others in lower case.
pub(super) fn capitalize(word: &str) -> String {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut made = title(first);
    // Taken from the whole word: a final sigma depends on what is before it.
    let lower = word.to_lowercase();
    let head = first.to_lowercase().map(char::len_utf8).sum();
    made.push_str(lower.get(head..).unwrap_or_default());
    made
}

/// Python's `str.isupper`: capitals, and no letter that is none.
pub(super) fn is_upper(word: &str) -> bool {
    let small = |ch: char| ch.is_lowercase() || is_title(ch);
    word.chars().any(char::is_uppercase) && !word.chars().any(small)
}

/// Python's `str.istitle`: every run of letters begins with a capital and has no other.
pub(super) fn is_titlecased(word: &str) -> bool {
    let (mut within, mut any) = (false, false);
    for ch in word.chars() {
        let capital = ch.is_uppercase() || is_title(ch);
        if capital && within || ch.is_lowercase() && !within {
            return false;
        }
        within = capital || ch.is_lowercase();
        any |= within;
    }
    any
}

/// The four letters of two parts, of which only the first is a capital, and the Greek capitals with iota.
fn is_title(ch: char) -> bool {
    matches!(ch, 'ǅ' | 'ǈ' | 'ǋ' | 'ǲ' | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}'
        | '\u{1fa8}'..='\u{1faf}' | 'ᾼ' | 'ῌ' | 'ῼ')
}

/// A character in title case (Unicode's `Titlecase_Mapping`), which differs from upper case in few.
fn title(ch: char) -> String {
    let single = match ch {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        // Georgian has capitals, but no titles.
        'ა'..='ჿ' => ch,
        _ if is_title(ch) => ch,
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            char::from_u32(u32::from(ch) + 8).unwrap_or(ch)
        }
        'ᾳ' => 'ᾼ',
        'ῃ' => 'ῌ',
        'ῳ' => 'ῼ',
        // The apostrophe is no capital.
        'ŉ' => return ch.to_uppercase().collect(),
        _ => {
            // Of several letters only the first is a capital, and an iota that belongs to it stays small below.
            let mut upper = ch.to_uppercase();
            let first: String = upper.next().into_iter().collect();
            let small = upper.flat_map(char::to_lowercase);
            return first + &small.map(|ch| if ch == 'ι' { '\u{345}' } else { ch }).collect::<String>();
        }
    };
    single.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_has_it() {
        for (word, made) in [
            ("", ""),
            ("vITALS", "Vitals"),
            ("1a", "1a"),
            ("éÉ", "Éé"),
            ("ß", "Ss"),
            ("ǆ", "ǅ"),
            ("ﬁN", "Fin"),
            ("ΑΣ", "Ας"),
            ("აბ", "აბ"),
            ("ᾳ", "ᾼ"),
            ("ŉ", "ʼN"),
            ("ᾲ", "\u{1fba}\u{345}"),
        ] {
            assert_eq!(capitalize(word), made, "{word}");
        }
    }

    #[test]
    fn upper_and_title() {
        assert!(is_upper("HP") && is_upper("A1") && !is_upper("1") && !is_upper("Hp") && !is_upper("ǅ"));
        assert!(
            is_titlecased("Ping") && is_titlecased("Foo-Bar") && is_titlecased("1A") && is_titlecased("ǅ")
        );
        assert!(!is_titlecased("1a") && !is_titlecased("PInG") && !is_titlecased("1") && !is_titlecased(""));
    }
}
