//! What may follow a command's name; compiled once when the command is registered, asked by the parser.

use regex::{Regex, RegexBuilder};

use super::is_space;

/// The pattern of a command that does not say otherwise (Evennia's `COMMAND_DEFAULT_ARG_REGEX`): a space, a `/` (for
/// switches), or the end of the line. So `lookout` does not start `look`.
pub const DEFAULT_ARG_REGEX: &str = r"^[ /]|\n|$";

/// Pattern that the text right behind a command's name must match at its start (Evennia's `Command.arg_regex`).
///
/// The default is [`DEFAULT_ARG_REGEX`].
///
/// ```
/// use meadow_world::cmdparser::ArgRegex;
///
/// // `'hello` and `' hello`, but not `'7`.
/// let rest = ArgRegex::new(r"^\s*[a-z]")?;
/// assert!(rest.allows("hello") && rest.allows(" hello") && !rest.allows("7"));
/// # Ok::<(), meadow_world::cmdparser::ArgRegexError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ArgRegex(Rule);

/// A pattern that cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[error("arg_regex `{pattern}`: {source}")]
pub struct ArgRegexError {
    /// The pattern as it was given.
    pub pattern: String,
    /// What the regex engine has against it.
    pub source: regex::Error,
}

/// The patterns that nearly all commands use are decided without the regex engine.
#[derive(Debug, Clone, Default)]
enum Rule {
    #[default]
    Usual,
    End,
    SpaceOrEnd,
    Pattern(Regex),
}

impl ArgRegex {
    /// Compiles a pattern in Python's syntax and meaning: anchored at the start, letter case ignored, `$` also true
    /// before a final newline.
    ///
    /// # Errors
    /// [`ArgRegexError`] for a pattern that is not one, or that needs look-around or back-references, which a
    /// linear-time engine does not have.
    pub fn new(pattern: &str) -> Result<Self, ArgRegexError> {
        let rule = match pattern {
            DEFAULT_ARG_REGEX => Rule::Usual,
            "$" => Rule::End,
            r"\s|$" | r"\s.*|$" | r"\s.*?|$" | r"\s+|$" => Rule::SpaceOrEnd,
            _ => Rule::Pattern(
                RegexBuilder::new(&format!(r"\A(?:{})", from_python(pattern)))
                    .case_insensitive(true)
                    .build()
                    .map_err(|source| ArgRegexError { pattern: pattern.to_owned(), source })?,
            ),
        };
        Ok(Self(rule))
    }

    /// Whether a command may match when `rest` follows its name.
    pub fn allows(&self, rest: &str) -> bool {
        match &self.0 {
            Rule::Usual => rest.is_empty() || rest.starts_with([' ', '/', '\n']),
            Rule::End => rest.is_empty() || rest == "\n",
            Rule::SpaceOrEnd => rest.is_empty() || rest.starts_with(is_space),
            Rule::Pattern(pattern) => pattern.is_match(rest),
        }
    }
}

/// Rewrites the three spellings that mean less to the `regex` crate than to Python: `$`, `\Z` and `\s`.
fn from_python(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut in_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('s') if in_class => out.push_str(r"\s\x1c-\x1f"),
                Some('s') => out.push_str(r"[\s\x1c-\x1f]"),
                Some('S') if !in_class => out.push_str(r"[^\s\x1c-\x1f]"),
                Some('Z') => out.push_str(r"\z"),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '$' if !in_class => out.push_str(r"(?:\n?\z)"),
            '[' => {
                in_class = true;
                out.push(c);
            }
            ']' => {
                in_class = false;
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_short_cut_decides_as_its_pattern() {
        let rests =
            ["", " ", "x", " x", "/x", "\n", "\nx", "\t", "-", "-2", "\u{a0}y", "\x1c", " \n", "$", "é"];
        for pattern in [DEFAULT_ARG_REGEX, "$", r"\s|$", r"\s.*|$", r"\s.*?|$", r"\s+|$"] {
            let short = ArgRegex::new(pattern).unwrap();
            assert!(!matches!(short.0, Rule::Pattern(_)), "{pattern}");
            let long = ArgRegex::new(&format!("(?:{pattern})")).unwrap();
            assert!(matches!(long.0, Rule::Pattern(_)), "{pattern}");
            for rest in rests {
                assert_eq!(short.allows(rest), long.allows(rest), "{pattern} on {rest:?}");
            }
        }
    }

    #[test]
    fn patterns_are_anchored_and_ignore_case() {
        let regex = ArgRegex::new("[a-c$]+x").unwrap();
        assert!(regex.allows("AB$X!"));
        assert!(!regex.allows(" abx"));
    }

    #[test]
    fn space_and_end_mean_what_python_means() {
        let regex = ArgRegex::new(r"\s.+|$").unwrap();
        for (rest, allowed) in
            [("", true), ("\n", true), (" ", false), (" x", true), ("\x1fx", true), ("x", false)]
        {
            assert_eq!(regex.allows(rest), allowed, "{rest:?}");
        }
        assert!(ArgRegex::new(r"[\s-]y").unwrap().allows("\x1dy"));
        assert!(ArgRegex::new(r"\$").unwrap().allows("$"));
    }

    #[test]
    fn a_pattern_that_is_none_is_an_error() {
        let error = ArgRegex::new("(").unwrap_err();
        assert!(error.to_string().starts_with("arg_regex `(`: "));
        assert!(ArgRegex::new("(?=x)").is_err());
    }
}
