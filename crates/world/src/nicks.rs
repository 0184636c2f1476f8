//! Nicks: what a player would rather type. A template such as `build $1 $2` stands for another line, or for the name of
//! an object or of an account. The command handler, `World::search` and whatever looks for accounts ask here.
//!
//! They are an attribute of an account or object, a list that nobody who has none pays for. A nick is never made of
//! another: what came out is not looked at again.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::{Account, AccountId, Attributes, Result, Subscriber, World, locks::Accessor, say, text};

/// Nicks that one account or object has.
pub(crate) const NICKS: usize = 100;
/// Characters of the longest template, and of the longest replacement.
pub(crate) const NICK_LENGTH: usize = 500;
/// Characters of all nicks that one account or object has, templates and replacements together.
pub(crate) const NICKS_LENGTH: usize = 10_000;
/// Characters that are compared before a text counts as one that no nick fits: a wildcard in front of a long template is
/// looked for at every place of a line, and everybody waits meanwhile.
const COMPARISONS: usize = 200_000;
/// Characters of the longest line that comes of one; a longer one stays as it was typed.
const NICKED_LINE: usize = 6000;
/// Names that are told of those that half a name may mean.
const SEVERAL: usize = 20;
/// Attribute that they are.
const ATTRIBUTE: &str = "_nicks";

/// What a nick stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum NickKind {
    /// A line that is typed.
    Inputline,
    /// The name of an object.
    Object,
    /// The name of an account.
    Account,
}

impl fmt::Display for NickKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NickKind::Inputline => "Inputline",
            NickKind::Object => "Object",
            NickKind::Account => "Account",
        })
    }
}

/// One nick: kind, template, replacement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Nick<'n>(pub(crate) NickKind, pub(crate) Cow<'n, str>, pub(crate) Cow<'n, str>);

impl World {
    /// All nicks of one, in the order in which they were made.
    pub(crate) fn nicks(&self, who: Subscriber) -> Vec<Nick<'static>> {
        self.attributes_of(who).and_then(|db| db.get(ATTRIBUTE)).unwrap_or_default()
    }

    /// Sets the nicks of one.
    pub(crate) fn set_nicks(&mut self, who: Subscriber, nicks: &[Nick<'_>]) -> Result {
        let db = match who {
            Subscriber::Account(id) => self.account_mut(id).map(|account| &mut account.db),
            Subscriber::Object(id) => self.object_mut(id).map(|object| &mut object.db),
        };
        match db {
            Some(db) if nicks.is_empty() => drop(db.remove(ATTRIBUTE)),
            Some(db) => db.set(ATTRIBUTE, nicks)?,
            None => {}
        }
        Ok(())
    }

    /// What somebody means by a text: by the first nick of these kinds that fits it as a whole, their body's before
    /// their account's; the text itself where none does.
    pub(crate) fn nick_replace<'t>(&self, who: Accessor, kinds: &[NickKind], text: &'t str) -> Cow<'t, str> {
        let mut patience = COMPARISONS;
        let mut letters: Vec<char> = Vec::new();
        for who in [who.object.map(Subscriber::from), who.account.map(Subscriber::from)].into_iter().flatten()
        {
            let Some(db) = self.attributes_of(who).filter(|db| db.has(ATTRIBUTE)) else { continue };
            // Borrowed from the attribute: nothing is copied of those that do not fit.
            let Ok(nicks) = Vec::<Borrowed<'_>>::deserialize(&db[ATTRIBUTE]) else { continue };
            for Borrowed(kind, template, replacement) in nicks {
                if !kinds.contains(&kind) {
                    continue;
                }
                if letters.is_empty() {
                    letters.extend(text.chars());
                }
                if let Some(found) = matching(template, &letters, &mut patience) {
                    let line = fill(replacement, &found);
                    return if line.chars().count() > NICKED_LINE {
                        Cow::Borrowed(text)
                    } else {
                        Cow::Owned(line)
                    };
                }
            }
        }
        Cow::Borrowed(text)
    }

    /// The account that somebody means by a name: by an account nick, `*name` or `name`.
    ///
    /// # Errors
    /// A sentence for the player: there is none.
    pub(crate) fn search_account(&self, who: Accessor, name: &str) -> Result<AccountId> {
        let meant = self.nick_replace(who, &[NickKind::Account], name.trim());
        let meant = meant.strip_prefix('*').unwrap_or(&meant);
        self.account_named(meant)
            .ok_or_else(|| say(format!("There is no account '{}'.", text::escape(name.trim()))))
    }

    /// As [`World::search_account`]; of those who are on, the beginning of a name will do. None if nobody is meant.
    ///
    /// # Errors
    /// A sentence for the player: it may be one of several.
    pub(crate) fn search_online(&self, who: Accessor, name: &str) -> Result<Option<AccountId>> {
        if let Ok(account) = self.search_account(who, name) {
            return Ok(Some(account));
        }
        let begun = name.trim().trim_start_matches('*').to_lowercase();
        if begun.is_empty() {
            return Ok(None);
        }
        let fits = |account: &&Account| {
            !account.sessions().is_empty() && account.name().to_lowercase().starts_with(&begun)
        };
        let found: Vec<&Account> = self.accounts().filter(fits).collect();
        match found.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.id())),
            several => {
                let mut names: Vec<_> = several.iter().map(|account| text::escape(account.name())).collect();
                names.sort_unstable();
                let more = names.len().saturating_sub(SEVERAL);
                names.truncate(SEVERAL);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let name = text::escape(name.trim());
                Err(say(format!("'{name}' may be one of several: {}{more}.", names.join(", "))))
            }
        }
    }

    fn attributes_of(&self, who: Subscriber) -> Option<&Attributes> {
        match who {
            Subscriber::Account(id) => self.account(id).map(|account| &account.db),
            Subscriber::Object(id) => self.object(id).map(|object| &object.db),
        }
    }
}

#[derive(Deserialize)]
struct Borrowed<'n>(NickKind, &'n str, &'n str);

/// What is wrong with a template and its replacement, if anything is.
pub(crate) fn check(template: &str, replacement: &str) -> Result {
    if [template, replacement].iter().any(|text| text.chars().count() > NICK_LENGTH) {
        return Err(say(format!("A nick has up to {NICK_LENGTH} characters on either side.")));
    }
    let (mut given, mut used) = (markers(template), markers(replacement));
    let all = given.len();
    for list in [&mut given, &mut used] {
        list.sort_unstable();
        list.dedup();
    }
    if given.len() != all {
        return Err(say("Each $-marker may stand in the nick only once."));
    }
    if given != used {
        return Err(say("You must use the same $-markers both in the nick and in the replacement."));
    }
    Ok(())
}

fn markers(text: &str) -> Vec<usize> {
    text.match_indices('$').filter_map(|(at, _)| marker(&text[at..])).map(|(number, _)| number).collect()
}

/// `$1` to `$99` at the beginning of a text: its number and length.
fn marker(text: &str) -> Option<(usize, usize)> {
    let digits = text.strip_prefix('$')?;
    let count = digits.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let number = digits.get(..count)?.parse().ok().filter(|_| !digits.starts_with('0'))?;
    Some((number, 1 + count))
}

/// A part of a template.
enum Piece {
    /// `*`, or `$1`, which is at least one character and is kept.
    Wild(Option<usize>),
    /// What has to stand there, character by character.
    Fixed(Vec<One>),
}

enum One {
    /// This letter, whatever the case.
    Char(char),
    /// White space, as much as there is.
    Space,
    /// `?`
    Any,
    /// `[a-z]`, `[!xyz]`
    Of { ranges: Vec<(char, char)>, inside: Inside },
}

impl One {
    /// How many characters it is compared with.
    fn cost(&self) -> usize {
        match self {
            One::Of { ranges, .. } => 1 + ranges.len(),
            _ => 1,
        }
    }
}

/// Whether a character has to be one of a set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Yes,
    No,
}

fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = template;
    while let Some(first) = rest.chars().next() {
        if let Some((number, length)) = marker(rest) {
            pieces.push(Piece::Wild(Some(number)));
            rest = &rest[length..];
            continue;
        }
        let mut length = first.len_utf8();
        let one = match first {
            '*' => {
                pieces.push(Piece::Wild(None));
                rest = &rest[length..];
                continue;
            }
            '?' => One::Any,
            '[' => match set(rest) {
                Some((one, long)) => {
                    length = long;
                    one
                }
                None => One::Char(first),
            },
            space if space.is_whitespace() => {
                length = rest.len() - rest.trim_start().len();
                One::Space
            }
            letter => One::Char(letter),
        };
        rest = &rest[length..];
        match pieces.last_mut() {
            Some(Piece::Fixed(ones)) => ones.push(one),
            _ => pieces.push(Piece::Fixed(vec![one])),
        }
    }
    pieces
}

/// `[abc]`, `[a-z]`, `[!abc]`, and its length. As in the shell, a `]` that stands first is a letter.
fn set(text: &str) -> Option<(One, usize)> {
    let body = text.strip_prefix('[')?;
    let (inside, body) = body.strip_prefix('!').map_or((Inside::Yes, body), |body| (Inside::No, body));
    let first = body.chars().next()?.len_utf8();
    let end = first + body[first..].find(']')?;
    let letters: Vec<char> = body[..end].chars().flat_map(char::to_lowercase).collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(from) = letters.get(at) {
        match letters.get(at + 1..at + 3) {
            Some(['-', to]) => {
                ranges.push((*from, *to));
                at += 3;
            }
            _ => {
                ranges.push((*from, *from));
                at += 1;
            }
        }
    }
    Some((One::Of { ranges, inside }, text.len() - body.len() + end + 1))
}

/// What the markers of a template stand for in a text, if it fits as a whole. Wildcards take as little as they can, and
/// each part is looked for once: a template costs its length times that of the text at the most, and no more than what is
/// left of `patience`.
fn matching(template: &str, text: &[char], patience: &mut usize) -> Option<Vec<(usize, String)>> {
    let pieces = pieces(template);
    let mut found = Vec::new();
    let mut at = 0;
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        let number = match piece {
            Piece::Fixed(ones) => {
                at = fixed(ones, text, at, patience)?;
                continue;
            }
            Piece::Wild(number) => *number,
        };
        let least = at + usize::from(number.is_some());
        let end = match pieces.peek() {
            None => text.len(),
            Some(Piece::Wild(_)) => least,
            Some(Piece::Fixed(ones)) => {
                pieces.next();
                let last = pieces.peek().is_none();
                let mut fits =
                    |from| fixed(ones, text, from, patience).filter(|end| !last || *end == text.len());
                let (from, end) = (least..=text.len()).find_map(|from| Some((from, fits(from)?)))?;
                found.extend(number.map(|number| (number, text[at..from].iter().collect())));
                at = end;
                continue;
            }
        };
        found.extend(number.map(|number| (number, text.get(at..end).unwrap_or_default().iter().collect())));
        if end < least || end > text.len() {
            return None;
        }
        at = end;
    }
    (at == text.len()).then_some(found)
}

/// Where these characters end that have to stand at a place.
fn fixed(ones: &[One], text: &[char], mut at: usize, patience: &mut usize) -> Option<usize> {
    for one in ones {
        *patience = patience.checked_sub(one.cost())?;
        let here = *text.get(at)?;
        let mut lower = here.to_lowercase();
        let fits = match one {
            One::Any => true,
            One::Space => here.is_whitespace(),
            One::Char(letter) => lower.eq(letter.to_lowercase()),
            One::Of { ranges, inside } => {
                let lower = lower.next().unwrap_or(here);
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&lower)) == (*inside == Inside::Yes)
            }
        };
        if !fits {
            return None;
        }
        at += 1;
        if matches!(one, One::Space) {
            at += text[at..].iter().take_while(|c| c.is_whitespace()).count();
        }
    }
    Some(at)
}

fn fill(replacement: &str, found: &[(usize, String)]) -> String {
    let mut line = String::with_capacity(replacement.len());
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        line.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = marker(rest).and_then(|(number, length)| {
            found.iter().find(|(known, _)| *known == number).map(|(_, text)| (text, length))
        });
        match known {
            Some((text, length)) => {
                line.push_str(text);
                rest = &rest[length..];
            }
            None => {
                line.push('$');
                rest = &rest[1..];
            }
        }
    }
    line.push_str(rest);
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nick(template: &str, replacement: &str, typed: &str) -> Option<String> {
        let typed: Vec<char> = typed.chars().collect();
        matching(template, &typed, &mut COMPARISONS.clone()).map(|found| fill(replacement, &found))
    }

    #[test]
    fn a_template_fits_a_whole_line() {
        assert_eq!(nick("hi", "say Hello", "hi").as_deref(), Some("say Hello"));
        assert_eq!(nick("hi", "say Hello", "HI").as_deref(), Some("say Hello"));
        assert_eq!(nick("hi", "say Hello", "hi there"), None);
        assert_eq!(nick("hi", "say Hello", "h"), None);
        assert_eq!(
            nick("tell $1 $2", "page $1 = $2", "tell Bob how are you").as_deref(),
            Some("page Bob = how are you")
        );
        assert_eq!(nick("tell $1 $2", "page $1 = $2", "tell Bob"), None);
        assert_eq!(nick("build $1  $2", "@create $2;$1", "build  a   b").as_deref(), Some("@create b;a"));
        assert_eq!(nick("$1!", "shout $1", "hey! you!").as_deref(), Some("shout hey! you"));
        assert_eq!(nick("x$1$2", "$2$1", "xabc").as_deref(), Some("bca"));
        assert_eq!(nick("x$1$2", "$2$1", "xa"), None);
        assert_eq!(nick("$1", "say $1", ""), None);
        assert_eq!(nick("a $12 b", "$12$1", "a q b").as_deref(), Some("q$1"));
    }

    #[test]
    fn wildcards_are_those_of_the_shell() {
        assert_eq!(nick("l*k", "look", "lk").as_deref(), Some("look"));
        assert_eq!(nick("l*k", "look", "look at the kook").as_deref(), Some("look"));
        assert_eq!(nick("l*k", "look", "looks"), None);
        assert_eq!(nick("gr?y", "grey", "gray").as_deref(), Some("grey"));
        assert_eq!(nick("gr[ae]y", "grey", "GREY").as_deref(), Some("grey"));
        assert_eq!(nick("gr[!a-d]y", "grey", "gray"), None);
        assert_eq!(nick("box[1", "b", "box[1").as_deref(), Some("b"));
        assert_eq!(nick("[]x]", "b", "]").as_deref(), Some("b"));
        assert_eq!(nick("**", "b", "").as_deref(), Some("b"));
        assert_eq!(nick("?", "b", "é").as_deref(), Some("b"));
    }

    #[test]
    fn patience_ends_and_then_nothing_fits() {
        let text: Vec<char> = "aaab".chars().collect();
        let fits = |mut patience| matching("*ab", &text, &mut patience).is_some();
        // a-a, a-a, a-a, and then a-b at the third place.
        assert!(fits(6) && !fits(5));
    }

    #[test]
    fn markers_stand_on_both_sides_and_lengths_have_a_limit() {
        assert!(check("a $1", "b $1 $1").is_ok() && check("a", "b").is_ok());
        assert!(check("a $1", "b").is_err() && check("a", "b $1").is_err() && check("$1 $1", "$1").is_err());
        let long = "x".repeat(NICK_LENGTH);
        assert!(check(&long, &long).is_ok());
        assert!(check(&format!("{long}x"), "y").is_err() && check("y", &format!("{long}x")).is_err());
    }

    proptest::proptest! {
        #[test]
        fn noise_does_not_panic(template in "[ab$1-3*?\\[\\]! é-]{0,12}", text in "[abé ]{0,12}") {
            let text: Vec<char> = text.chars().collect();
            if let Some(found) = matching(&template, &text, &mut COMPARISONS.clone()) {
                fill("$1 $2 $3 $", &found);
            }
        }
    }
}
