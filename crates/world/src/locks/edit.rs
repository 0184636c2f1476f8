//! Changing lock strings part by part: what `@lock` and prototypes do.

use super::{LockError, check};

/// The parts of a lock string: access type and expression.
///
/// ```
/// use meadow_world::locks;
/// let kinds: Vec<&str> = locks::parts("get:all();drop:false()").map(|(kind, _)| kind).collect();
/// assert_eq!(kinds, ["get", "drop"]);
/// ```
pub fn parts(locks: &str) -> impl Iterator<Item = (&str, &str)> {
    locks.split(';').filter_map(|part| part.split_once(':')).map(|(kind, expr)| (kind.trim(), expr.trim()))
}

/// A lock string with the parts of another in it, in place of those of the same access types (Evennia's `locks.add`).
///
/// ```
/// use meadow_world::locks;
/// assert_eq!(locks::add("get:all();drop:all()", "get:false()").unwrap(), "get:false();drop:all()");
/// ```
///
/// # Errors
/// What is wrong with the first part of `added` that can't be used, and that part.
pub fn add(locks: &str, added: &str) -> Result<String, (String, LockError)> {
    for part in added.split(';') {
        check(part).map_err(|error| (part.trim().to_owned(), error))?;
    }
    let mut made: Vec<(&str, &str)> = parts(locks).collect();
    for (kind, expression) in parts(added) {
        match made.iter_mut().find(|(known, _)| *known == kind) {
            Some(part) => part.1 = expression,
            None => made.push((kind, expression)),
        }
    }
    Ok(joined(&made))
}

/// A lock string without its part of an access type; `None` if it has none.
///
/// ```
/// use meadow_world::locks;
/// assert_eq!(locks::remove("get:all();drop:false()", "get").as_deref(), Some("drop:false()"));
/// assert_eq!(locks::remove("get:all()", "call"), None);
/// ```
pub fn remove(locks: &str, kind: &str) -> Option<String> {
    let left: Vec<(&str, &str)> = parts(locks).filter(|(known, _)| *known != kind).collect();
    (left.len() < parts(locks).count()).then(|| joined(&left))
}

fn joined(parts: &[(&str, &str)]) -> String {
    parts.iter().map(|(kind, expression)| format!("{kind}:{expression}")).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_in_place_of_those_of_their_type() {
        assert_eq!(add("", "get:all()").as_deref(), Ok("get:all()"));
        assert_eq!(
            add("get:false(); drop:all()", "get:perm(Builder);view:all()").as_deref(),
            Ok("get:perm(Builder);drop:all();view:all()")
        );
        let (part, error) = add("get:all()", "drop:all(); get:nosuch()").expect_err("there is no nosuch()");
        assert_eq!((part.as_str(), error), ("get:nosuch()", LockError::UnknownFunction("nosuch".into())));
    }

    #[test]
    fn parts_are_taken_out() {
        assert_eq!(remove("get:false();drop:all()", "get").as_deref(), Some("drop:all()"));
        assert_eq!(remove("get:false()", "get").as_deref(), Some(""));
        assert_eq!(remove("get:false()", "Get"), None);
    }
}
