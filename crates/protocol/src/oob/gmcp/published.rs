//! The packages that clients know, with the spelling that they are case-sensitive about: those of Iron Realms'
//! GMCP, of mudstandards.org and of Mudlet.
//!
//! # Adding one
//!
//! One line. Its tuple is called the same in small letters, with `_` for `.`; a package that only one game
//! has is better given to that game's [`Names`](super::Names).

/// What the body of a package always is, whatever the number of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// Whatever the tuple has.
    Any,
    /// An array, even of one: a client must not see the shape change with the length.
    List,
}

/// Every package whose spelling Evennia's rules do not make, and every one whose body is an array.
pub(super) const PACKAGES: &[(&str, Body)] = &[
    ("Char.Afflictions.List", Body::List),
    ("Char.Afflictions.Remove", Body::List),
    ("Char.Defences.List", Body::List),
    ("Char.Defences.Remove", Body::List),
    ("Char.Items", Body::List),
    ("Char.MaxStats", Body::Any),
    ("Char.Skills.Groups", Body::List),
    ("Char.StatusVars", Body::Any),
    ("Client.GUI", Body::Any),
    ("Comm.Channel.List", Body::List),
    ("Comm.Channel.Players", Body::List),
    ("Core.KeepAlive", Body::Any),
    ("Core.Supports.Add", Body::List),
    ("Core.Supports.Remove", Body::List),
    ("Core.Supports.Set", Body::List),
    ("IRE", Body::Any),
    ("IRE.CombatMessage", Body::Any),
    ("IRE.FileStore", Body::Any),
    ("Room.AddPlayer", Body::Any),
    ("Room.Players", Body::List),
    ("Room.RemovePlayer", Body::Any),
    ("Room.WrongDir", Body::Any),
];

/// The published package that this is, or that this lies in, whatever the case; the longest.
pub(super) fn longest(package: &str) -> Option<&'static str> {
    let within = |known: &&str| {
        package.get(..known.len()).is_some_and(|head| head.eq_ignore_ascii_case(known))
            && matches!(package.as_bytes().get(known.len()), None | Some(b'.'))
    };
    PACKAGES.iter().map(|(known, _)| *known).filter(within).max_by_key(|known| known.len())
}

/// What the body of a package is.
pub(super) fn body(package: &str) -> Body {
    PACKAGES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(package))
        .map_or(Body::Any, |(_, body)| *body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_whatever_the_case_and_only_as_a_whole() {
        assert_eq!(longest("Room.Wrongdir"), Some("Room.WrongDir"));
        assert_eq!(longest("Ire.Rift.List"), Some("IRE"));
        assert_eq!(longest("IRE.FILESTORE.X"), Some("IRE.FileStore"));
        assert_eq!(longest("Iref.Rift"), None);
        assert_eq!(longest("Irß"), None);
        assert_eq!((body("room.players"), body("Room.Info")), (Body::List, Body::Any));
    }

    #[test]
    fn none_stands_there_for_nothing() {
        for (name, body) in PACKAGES {
            let made: Vec<_> = name.split('.').map(super::super::case::capitalize).collect();
            assert!(*body == Body::List || made.join(".") != *name, "{name} needs no row");
        }
    }
}
