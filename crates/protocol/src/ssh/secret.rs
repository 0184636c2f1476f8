//! Which part of a line nobody else is to see. [`super::Terminal`] asks before it shows the line.

/// Commands with a password in them that are typed before somebody has logged in (`connect`, `create` and their
/// aliases, in Evennia and here).
const LOGIN: [&str; 7] = ["connect", "conn", "con", "co", "create", "cre", "cr"];
/// The command that changes the password.
const PASSWORD: &str = "password";

/// Who types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typist {
    /// Nobody has logged in.
    Stranger,
    /// Somebody has.
    Player,
}

/// At which character the secret of a line begins, if it has one: after the name, or after `password`.
pub(super) fn secret_start(line: &[char], typist: Typist) -> Option<usize> {
    let start = skip(line, 0, char::is_whitespace);
    let end = skip(line, start, |char| !char.is_whitespace());
    let word: String = line[start..end].iter().flat_map(|char| char.to_lowercase()).collect();
    let after = skip(line, end, char::is_whitespace);
    if after == line.len() {
        return None;
    }
    match typist {
        _ if word == PASSWORD => Some(after),
        Typist::Stranger if LOGIN.contains(&word.as_str()) => {
            let name = name_end(line, after);
            let secret = skip(line, name, char::is_whitespace);
            (secret > name && secret < line.len()).then_some(secret)
        }
        _ => None,
    }
}

/// The end of a name, which is in quotes if it has spaces.
fn name_end(line: &[char], start: usize) -> usize {
    match line[start] {
        '"' => skip(line, start + 1, |char| char != '"').saturating_add(1).min(line.len()),
        _ => skip(line, start, |char| !char.is_whitespace()),
    }
}

fn skip(line: &[char], from: usize, is: impl Fn(char) -> bool) -> usize {
    from + line[from..].iter().take_while(|char| is(**char)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, typist: Typist) -> String {
        let chars: Vec<char> = line.chars().collect();
        let start = secret_start(&chars, typist).unwrap_or(chars.len());
        chars.iter().enumerate().map(|(at, char)| if at < start { *char } else { '*' }).collect()
    }

    #[test]
    fn passwords_are_secret_and_nothing_else() {
        for (line, stranger) in [
            ("connect anna secret", "connect anna ******"),
            ("  CON anna se cret", "  CON anna *******"),
            ("create \"Anna Lee\"  x y", "create \"Anna Lee\"  ***"),
            ("create \"Anna Lee", "create \"Anna Lee"),
            ("co anna ", "co anna "),
            ("connect", "connect"),
            ("connect ", "connect "),
            ("password old = new", "password *********"),
            ("look at me", "look at me"),
            ("connected with you", "connected with you"),
            ("", ""),
        ] {
            assert_eq!(shown(line, Typist::Stranger), stranger);
        }
        assert_eq!(shown("create a ladder", Typist::Player), "create a ladder");
        assert_eq!(shown("password a = b", Typist::Player), "password *****");
        assert_eq!(shown("passwords are bad", Typist::Player), "passwords are bad");
    }
}
