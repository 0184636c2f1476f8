//! Reading lock strings: access types, and their functions joined by `not`, `and` and `or`.

use super::funcs;

/// Why a lock string can't be used.
///
/// ```
/// use meadow_world::locks::{LockError, check};
/// assert_eq!(check("get:nosuch()"), Err(LockError::UnknownFunction("nosuch".into())));
/// ```
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
}

/// Whether a lock string can be used. What Evennia refuses is refused, and so is what it reads as something
/// else than what stands there: a `!`, say, which it overlooks.
///
/// ```
/// use meadow_world::locks;
/// assert!(locks::check("get:perm(Builder) or holds()").is_ok());
/// assert!(locks::check("get:prem(Builder)").is_err());
/// ```
///
/// # Errors
/// What is wrong with it.
pub fn check(locks: &str) -> Result<(), LockError> {
    for part in locks.split(';') {
        let Some((kind, expression)) = part.split_once(':').filter(|(kind, _)| !kind.trim().is_empty())
        else {
            return Err(LockError::NoKind(part.to_owned()));
        };
        evaluate(expression, &Everyone).map_err(|error| match error {
            // Of an empty expression there is nothing to show but the kind that has none.
            LockError::Unexpected { expected, found } if found.is_empty() => {
                LockError::Unexpected { expected, found: format!("the end of {}", kind.trim()) }
            }
            error => error,
        })?;
    }
    Ok(())
}

/// The expression for an access type; of several the last. Evennia tells types apart by their case too.
pub(super) fn of_kind<'l>(locks: &'l str, kind: &str) -> Option<&'l str> {
    let mut parts = locks.rsplit(';').filter_map(|part| part.split_once(':'));
    parts.find(|(name, _)| name.trim() == kind).map(|(_, expression)| expression)
}

/// What a lock function was given: `(strength, 5, compare=gt)`.
#[derive(Debug, Default)]
pub(super) struct Args<'e> {
    list: Vec<&'e str>,
    compare: Option<&'e str>,
}

impl<'e> Args<'e> {
    /// Reads what stands between the parentheses. Named arguments that no function knows are left out.
    fn read(text: &'e str) -> Args<'e> {
        let mut args = Args::default();
        for arg in text.split(',').filter(|arg| !arg.is_empty()) {
            match arg.split_once('=') {
                None => args.list.push(arg.trim()),
                Some((name, value)) if name.trim() == "compare" => args.compare = Some(value.trim()),
                Some(_) => {}
            }
        }
        args
    }

    /// The first argument.
    pub(super) fn first(&self) -> Option<&'e str> {
        self.list.first().copied()
    }

    /// The second one.
    pub(super) fn second(&self) -> Option<&'e str> {
        self.list.get(1).copied()
    }

    /// The one named `compare`.
    pub(super) fn compare(&self) -> Option<&'e str> {
        self.compare
    }
}

/// Answers what the functions of an expression ask.
pub(super) trait Answers {
    /// What a function says; `None` if there is no such function.
    fn call(&self, name: &str, args: &Args<'_>) -> Option<bool>;
}

struct Everyone;

impl Answers for Everyone {
    fn call(&self, name: &str, _args: &Args<'_>) -> Option<bool> {
        funcs::exists(name).then_some(true)
    }
}

/// What an expression comes to: `not` binds before `and`, `and` before `or`. All of it is read, so that a
/// mistake shows wherever it stands.
pub(super) fn evaluate(expression: &str, answers: &dyn Answers) -> Result<bool, LockError> {
    let mut reader = Reader { rest: expression, open: 0, answers };
    let mut any = false;
    loop {
        let mut all = reader.operand()?;
        while reader.word("and", "AND") {
            all &= reader.operand()?;
        }
        any |= all;
        if !reader.word("or", "OR") {
            break;
        }
    }
    match reader.rest.trim_start() {
        "" if reader.open == 0 => Ok(any),
        "" => Err(unexpected(")", "")),
        rest => Err(unexpected("and, or or the end", rest)),
    }
}

/// Goes through an expression. Parentheses are counted only, see the head of this module's parent; so there is
/// no recursion that a long string could drive too deep.
struct Reader<'e, 'a> {
    rest: &'e str,
    open: usize,
    answers: &'a dyn Answers,
}

impl Reader<'_, '_> {
    /// A function with what negates it and the parentheses around it.
    fn operand(&mut self) -> Result<bool, LockError> {
        let mut wanted = true;
        loop {
            if self.word("not", "NOT") {
                wanted = !wanted;
            } else if self.sign('(') {
                self.open += 1;
            } else {
                break;
            }
        }
        let value = self.function()? == wanted;
        while self.open > 0 && self.sign(')') {
            self.open -= 1;
        }
        Ok(value)
    }

    fn function(&mut self) -> Result<bool, LockError> {
        let ends = self.rest.find(|c: char| !is_word(c)).unwrap_or(self.rest.len());
        let (name, after) = self.rest.split_at(ends);
        let call = after.strip_prefix('(').filter(|_| !name.is_empty()).and_then(|args| args.split_once(')'));
        let Some((args, rest)) = call else {
            return Err(unexpected("a lock function like all()", self.rest));
        };
        let value = self.answers.call(name, &Args::read(args));
        self.rest = rest;
        value.ok_or_else(|| LockError::UnknownFunction(name.to_owned()))
    }

    /// Takes a word in either of its spellings. Before a parenthesis it would be the name of a function.
    fn word(&mut self, lower: &str, upper: &str) -> bool {
        let rest = self.rest.trim_start();
        let after = rest.strip_prefix(lower).or_else(|| rest.strip_prefix(upper));
        match after.filter(|after| !after.starts_with(|c: char| is_word(c) || c == '(')) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn sign(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn unexpected(expected: &'static str, found: &str) -> LockError {
    LockError::Unexpected { expected, found: found.chars().take(40).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named;

    impl Answers for Named {
        fn call(&self, name: &str, args: &Args<'_>) -> Option<bool> {
            match name {
                "t" => Some(args.list.is_empty() || args.list == ["a", "b c"]),
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
            ("t() AND f() OR NOT f()", true),
            ("NOT f() AND t(a, b c)", true),
            ("t()and t(,a,b c)or f()", true),
            ("not not f()", false),
        ] {
            assert_eq!(evaluate(expression, &Named), Ok(value), "{expression}");
        }
    }

    #[test]
    fn parentheses_group_nothing() {
        assert_eq!(evaluate("(t() or t()) and f()", &Named), Ok(true));
        assert_eq!(evaluate("not (f() or t())", &Named), Ok(true));
        assert_eq!(evaluate(&format!("{}t(){}", "(".repeat(100_000), ")".repeat(100_000)), &Named), Ok(true));
    }

    #[test]
    fn mistakes_are_named_wherever_they_stand() {
        assert_eq!(evaluate("t() or nosuch()", &Named), Err(LockError::UnknownFunction("nosuch".into())));
        assert_eq!(evaluate("not(t())", &Named), Err(LockError::UnknownFunction("not".into())));
        for wrong in [
            "",
            " ",
            "t",
            "T()",
            "t ()",
            "t() t()",
            "(t()",
            "t())",
            "(t() or) t()",
            "t() And t()",
            "t() nor t()",
            "t() or",
            "and t()",
            "t() not t()",
            "t() and(t())",
            "!t()",
            "t(",
            "t(a(b))",
            "()",
            "t(),",
        ] {
            assert!(evaluate(wrong, &Named).is_err(), "{wrong}");
        }
        assert!(evaluate(&"(".repeat(100_000), &Named).is_err());
        assert!(evaluate(&"not ".repeat(100_000), &Named).is_err());
    }

    #[test]
    fn kinds_are_told_apart() {
        let locks = "get:f();drop: t() ; get :t();Get:f()";
        assert_eq!(of_kind(locks, "get"), Some("t()"));
        assert_eq!(of_kind(locks, "drop"), Some(" t() "));
        assert_eq!(of_kind(locks, "edit"), None);
        assert_eq!(of_kind("", "edit"), None);
    }

    #[test]
    fn every_part_is_checked() {
        assert_eq!(check("get:all();drop:perm(Builder)"), Ok(()));
        for wrong in
            ["", "all()", ":all()", " :all()", "get:", "get:all();", "get:all();;drop:all()", "get:nosuch()"]
        {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn comparisons_are_named() {
        let args = Args::read("strength, 5, compare = gt, other=1");
        assert_eq!((args.first(), args.second(), args.compare()), (Some("strength"), Some("5"), Some("gt")));
        let empty = Args::read("");
        assert_eq!((empty.first(), empty.second(), empty.compare()), (None, None, None));
    }
}
