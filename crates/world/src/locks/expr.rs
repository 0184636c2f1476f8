//! Reading lock expressions: `not`, `and`, `or`, parentheses, functions with arguments.

use super::funcs;

/// Deepest nesting of parentheses and `not` in an expression.
const DEPTH: usize = 32;

/// Why a lock string can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// A part has no access type before a colon.
    #[error("{0:?} has no access type: write it as get:all()")]
    NoKind(String),
    /// Something else was expected at a place.
    #[error("expected {expected}, found {found:?}")]
    Unexpected {
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// A function that there is not.
    #[error("there is no lock function {0}()")]
    UnknownFunction(String),
    /// Parentheses in parentheses in parentheses ...
    #[error("nested deeper than {DEPTH}")]
    TooDeep,
}

/// Whether a lock string can be used.
///
/// # Errors
/// What is wrong with it.
pub fn check(locks: &str) -> Result<(), LockError> {
    for part in parts(locks) {
        let Some((kind, expression)) = part.split_once(':') else {
            return Err(LockError::NoKind(part.to_owned()));
        };
        if kind.trim().is_empty() {
            return Err(LockError::NoKind(part.to_owned()));
        }
        evaluate(expression, &Everyone)?;
    }
    Ok(())
}

/// The expression for an access type; of several the last, as Evennia has it.
pub(super) fn of_kind<'l>(locks: &'l str, kind: &str) -> Option<&'l str> {
    parts(locks)
        .filter_map(|part| part.split_once(':'))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case(kind))
        .map(|(_, expression)| expression)
        .last()
}

fn parts(locks: &str) -> impl Iterator<Item = &str> {
    locks.split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// Answers what the functions of an expression ask.
pub(super) trait Answers {
    /// What a function says; `None` if there is no such function.
    fn call(&self, name: &str, args: &[&str]) -> Option<bool>;
}

struct Everyone;

impl Answers for Everyone {
    fn call(&self, name: &str, _args: &[&str]) -> Option<bool> {
        funcs::exists(name).then_some(true)
    }
}

/// What an expression comes to. All of it is read, so that a mistake shows wherever it stands.
pub(super) fn evaluate(expression: &str, answers: &dyn Answers) -> Result<bool, LockError> {
    let mut reader = Reader { rest: expression, answers };
    let value = reader.or(0)?;
    match reader.rest.trim() {
        "" => Ok(value),
        rest => Err(unexpected("and, or or the end", rest)),
    }
}

struct Reader<'e, 'a> {
    rest: &'e str,
    answers: &'a dyn Answers,
}

impl Reader<'_, '_> {
    fn or(&mut self, depth: usize) -> Result<bool, LockError> {
        let mut value = self.and(depth)?;
        while self.word("or") {
            value |= self.and(depth)?;
        }
        Ok(value)
    }

    fn and(&mut self, depth: usize) -> Result<bool, LockError> {
        let mut value = self.not(depth)?;
        while self.word("and") {
            value &= self.not(depth)?;
        }
        Ok(value)
    }

    fn not(&mut self, depth: usize) -> Result<bool, LockError> {
        if depth > DEPTH {
            return Err(LockError::TooDeep);
        }
        if self.word("not") {
            return Ok(!self.not(depth + 1)?);
        }
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.rest = rest;
            let value = self.or(depth + 1)?;
            let Some(rest) = self.rest.trim_start().strip_prefix(')') else {
                return Err(unexpected(")", self.rest));
            };
            self.rest = rest;
            return Ok(value);
        }
        self.function()
    }

    fn function(&mut self) -> Result<bool, LockError> {
        let name_ends = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at(name_ends);
        let Some(after) = after.trim_start().strip_prefix('(').filter(|_| !name.is_empty()) else {
            return Err(unexpected("a lock function like all()", self.rest));
        };
        let Some((args, rest)) = after.split_once(')') else {
            return Err(unexpected(")", after));
        };
        self.rest = rest;
        let args: Vec<&str> = match args.trim() {
            "" => Vec::new(),
            args => args.split(',').map(str::trim).collect(),
        };
        self.answers.call(&name.to_lowercase(), &args).ok_or_else(|| LockError::UnknownFunction(name.to_owned()))
    }

    /// Takes a word, whatever its case, if it stands here as a word.
    fn word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        let Some(head) = rest.get(..word.len()) else { return false };
        let after = &rest[word.len()..];
        let ends = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if head.eq_ignore_ascii_case(word) && ends {
            self.rest = after;
            return true;
        }
        false
    }
}

fn unexpected(expected: &'static str, found: &str) -> LockError {
    LockError::Unexpected { expected, found: found.chars().take(40).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named;

    impl Answers for Named {
        fn call(&self, name: &str, args: &[&str]) -> Option<bool> {
            match name {
                "t" => Some(args.is_empty() || args == ["a", "b c"]),
                "f" => Some(false),
                _ => None,
            }
        }
    }

    #[test]
    fn not_binds_before_and_before_or() {
        for (expression, value) in [
            ("t()", true),
            ("not t() or t()", true),
            ("t() or t() and f()", true),
            ("(t() or t()) and f()", false),
            ("NOT (f() OR f()) AND t(a, b c)", true),
            ("not not f()", false),
        ] {
            assert_eq!(evaluate(expression, &Named), Ok(value), "{expression}");
        }
    }

    #[test]
    fn mistakes_are_named_wherever_they_stand() {
        assert_eq!(evaluate("t() or nosuch()", &Named), Err(LockError::UnknownFunction("nosuch".into())));
        assert!(evaluate("t() t()", &Named).is_err());
        assert!(evaluate("(t()", &Named).is_err());
        assert!(evaluate("", &Named).is_err());
        assert!(evaluate("t", &Named).is_err());
        assert_eq!(evaluate(&"(".repeat(100_000), &Named), Err(LockError::TooDeep));
        assert_eq!(evaluate(&"not ".repeat(100_000), &Named), Err(LockError::TooDeep));
    }

    #[test]
    fn kinds_are_told_apart() {
        let locks = "get:f();drop: t() ; get:t()";
        assert_eq!(of_kind(locks, "get"), Some("t()"));
        assert_eq!(of_kind(locks, "drop"), Some(" t() "));
        assert_eq!(of_kind(locks, "edit"), None);
        assert!(check("get:all();drop:perm(Builder)").is_ok());
        assert!(check("all()").is_err());
        assert!(check("get:nosuch()").is_err());
    }
}
