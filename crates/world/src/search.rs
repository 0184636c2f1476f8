//! Finding objects by the names that players type.

use crate::{Object, ObjectId, Result, World, nicks::NickKind, say, text};

/// Where to look.
///
/// ```
/// # use meadow_world::{NewObject, Scope, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// # let room = world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
/// # let here = |key, typeclass, place| NewObject { key, typeclass, location: Some(place), ..NewObject::default() };
/// # let anna = world.create(here("Anna", "default.Character", room))?;
/// # let rose = world.create(here("red rose", "", room))?;
/// assert_eq!(world.search(anna, "rose", Scope::Around)?, rose);
/// assert_eq!(world.search(anna, "here", Scope::Around)?, room);
///
/// let why = world.search(anna, "rose", Scope::Carried).unwrap_err();
/// assert_eq!(why.to_string(), "You aren't carrying rose.");
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What the seeker carries, then what is where it is, then the place itself.
    Around,
    /// What is where the seeker is.
    Location,
    /// What the seeker carries.
    Carried,
    /// Around, and if nothing is found there, everywhere; `*name` is the character that an account plays or played
    /// last.
    Anywhere,
}

impl Scope {
    /// Whether `me`, `here` and numbers are meant in it.
    fn is_wide(self) -> bool {
        matches!(self, Scope::Around | Scope::Anywhere)
    }
}

/// Most objects that are told apart where a name means several.
const LISTED: usize = 50;

/// Finding objects by the names that players type.
impl World {
    /// The object that a player means by a name, as Evennia's `search` finds it: `me` and `here`; `#12`, wherever
    /// it is, for those who build, unless the scope is narrower than `Around`; else key or alias, with or
    /// without an article; else the beginnings of words of the key, and if no key has them, of an alias.
    /// `flower-2` is the second of several. What the seeker has a nick for is what that stands for.
    ///
    /// # Errors
    /// Sentences for the player: none was found, or several were.
    pub fn search(&self, seeker: ObjectId, name: &str, scope: Scope) -> Result<ObjectId> {
        let name =
            self.nick_replace(self.accessor(seeker), &[NickKind::Object, NickKind::Account], name.trim());
        let name = name.trim();
        match name.to_lowercase().as_str() {
            "me" | "self" if scope.is_wide() => return Ok(seeker),
            "here" if scope.is_wide() => {
                return self[seeker].location().ok_or_else(|| say("You are nowhere."));
            }
            _ => {}
        }
        if let Some(account) = name.strip_prefix('*').filter(|_| scope == Scope::Anywhere) {
            return self.body_of(account);
        }
        let candidates = self.candidates(seeker, scope);
        if let Some(id) = self.by_number(seeker, name)
            && (scope.is_wide() || candidates.contains(&id))
        {
            return Ok(id);
        }
        let found = self.matching(&candidates, name);
        match (found.as_slice(), numbered(name)) {
            ([one], _) => Ok(*one),
            ([], _) if scope == Scope::Anywhere => self.search_everywhere(seeker, &candidates, name),
            ([], None) => Err(not_found(name, scope)),
            ([], Some((stem, nth))) => {
                self.matching(&candidates, stem).get(nth - 1).copied().ok_or_else(|| not_found(name, scope))
            }
            // Several that look the same are as good as each other: any will do.
            (several, _)
                if scope != Scope::Anywhere
                    && several.iter().all(|id| self[*id].key() == self[several[0]].key()) =>
            {
                Ok(several[0])
            }
            (several, _) => Err(say(self.several(seeker, name, several))),
        }
    }

    /// Up to so many things that are called the same, in the singular or the plural: `2 roses` without the number.
    ///
    /// # Errors
    /// As for [`World::search`].
    pub(crate) fn search_several(
        &self,
        seeker: ObjectId,
        name: &str,
        scope: Scope,
        most: usize,
    ) -> Result<Vec<ObjectId>> {
        let candidates = self.candidates(seeker, scope);
        let mut found = self.matching(&candidates, name);
        if found.is_empty() {
            let wanted = name.to_lowercase();
            found = candidates;
            found.retain(|id| begins(&text::numbered(self[*id].key(), 2), &wanted));
        }
        match found.first().map(|first| self[*first].key()) {
            None => Err(not_found(name, scope)),
            Some(key) if found.iter().all(|id| self[*id].key() == key) => {
                found.truncate(most);
                Ok(found)
            }
            Some(_) => Err(say(self.several(seeker, name, &found))),
        }
    }

    /// All that somebody carries; or all that they see where they are, could take away, and is nobody.
    pub(crate) fn all_things(&self, seeker: ObjectId, scope: Scope) -> Vec<ObjectId> {
        let mut ids = self.candidates(seeker, scope);
        if let (Scope::Location, Some(place)) = (scope, self[seeker].location()) {
            let kind = self[place].typeclass();
            // Who passes every lock does not mean what is locked to everybody else.
            let who = Some(self.accessor(seeker)).filter(|who| !self.bypasses(*who)).unwrap_or_default();
            ids.retain(|id| {
                !self.is_character(*id)
                    && !self[*id].is_exit()
                    && kind.shows(self, place, *id, seeker)
                    && self.passes(&self[*id].locks, who, "get", Some(*id), true)
            });
        }
        ids
    }

    /// What is called so, wherever it is; among several, what is near was looked at before.
    fn search_everywhere(&self, seeker: ObjectId, near: &[ObjectId], name: &str) -> Result<ObjectId> {
        let named = |name: &str| -> Vec<ObjectId> {
            let mut found: Vec<ObjectId> = self.objects_named(name).to_vec();
            found.retain(|id| self.access(*id, seeker, "search", true));
            found
        };
        let (found, nth) = match (named(name), numbered(name)) {
            (found, Some((stem, nth))) if found.is_empty() => {
                let near = self.matching(near, stem);
                (if near.is_empty() { named(stem) } else { near }, Some(nth))
            }
            (found, _) => (found, None),
        };
        match (found.as_slice(), nth) {
            (found, Some(nth)) => found.get(nth - 1).copied().ok_or_else(|| not_found(name, Scope::Anywhere)),
            ([], None) => Err(not_found(name, Scope::Anywhere)),
            ([one], None) => Ok(*one),
            (several, None) => Err(say(self.several(seeker, name, several))),
        }
    }

    /// The body of an account: the one that it has, or had last.
    fn body_of(&self, name: &str) -> Result<ObjectId> {
        let shown = text::escape(name);
        let account =
            self.account_named(name).ok_or_else(|| say(format!("There is no account '{shown}'.")))?;
        let account = &self[account];
        let now = account.sessions().iter().find_map(|session| self.session(*session)?.puppet());
        let body = now.or(account.last_puppet).or(account.characters.first().copied());
        body.filter(|body| self.exists(*body)).ok_or_else(|| say(format!("'{shown}' has no character.")))
    }

    fn by_number(&self, seeker: ObjectId, name: &str) -> Option<ObjectId> {
        let id = ObjectId(name.strip_prefix('#')?.parse().ok()?);
        (self.exists(id) && self.has_permission(seeker, "Builder")).then_some(id)
    }

    fn candidates(&self, seeker: ObjectId, scope: Scope) -> Vec<ObjectId> {
        let mut ids = Vec::new();
        let location = self[seeker].location();
        if scope != Scope::Location {
            ids.extend_from_slice(self[seeker].contents());
        }
        match location {
            Some(room) if scope != Scope::Carried => {
                ids.extend_from_slice(self[room].contents());
                if scope.is_wide() {
                    ids.push(room);
                }
            }
            None if scope.is_wide() => ids.push(seeker),
            _ => {}
        }
        ids.retain(|id| self.access(*id, seeker, "view", true) && self.access(*id, seeker, "search", true));
        ids
    }

    fn matching(&self, candidates: &[ObjectId], name: &str) -> Vec<ObjectId> {
        let name = name.to_lowercase();
        let bare = text::without_article(&name);
        if bare.is_empty() {
            return Vec::new();
        }
        let among = |fits: &dyn Fn(&Object) -> bool| -> Vec<ObjectId> {
            candidates.iter().copied().filter(|id| fits(&self[*id])).collect()
        };
        let is = |known: &str| {
            let known = known.to_lowercase();
            known == name || text::without_article(&known) == bare
        };
        let exact = among(&|object| is(object.key()) || object.aliases().iter().any(|alias| is(alias)));
        if !exact.is_empty() {
            return exact;
        }
        let by_key = among(&|object| begins(object.key(), bare));
        if !by_key.is_empty() {
            return by_key;
        }
        among(&|object| object.aliases().iter().any(|alias| begins(alias, bare)))
    }

    fn several(&self, seeker: ObjectId, name: &str, several: &[ObjectId]) -> String {
        let mut told = format!("More than one match for '{}' (please narrow target):", text::escape(name));
        for (at, id) in several.iter().take(LISTED).enumerate() {
            let (shown, which) = (self.display_name(*id, seeker), self.which(*id, seeker));
            told.push_str(&format!("\n {}-{} ({shown}{which})", text::escape(name), at + 1));
        }
        if several.len() > LISTED {
            told.push_str(&format!("\n ... and {} more", several.len() - LISTED));
        }
        told
    }

    /// What tells one of several that are called the same from the others: whether the seeker carries it, and for those
    /// who build its number and the place, if that is another.
    fn which(&self, id: ObjectId, seeker: ObjectId) -> String {
        let builds = self.has_permission(seeker, "Builder");
        let number = if builds { format!("({id})") } else { String::new() };
        let near = self[seeker].location();
        match self[id].location() {
            Some(carrier) if carrier == seeker => format!("{number}, carried"),
            Some(place) if builds && id != seeker && Some(place) != near => {
                format!("{number}, in {}({place})", text::escape(self[place].key()))
            }
            _ => number,
        }
    }
}

/// Whether each typed word begins a word of the name, in the same order: "big ro" is the big red rose.
fn begins(name: &str, typed: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split_whitespace();
    typed.split_whitespace().all(|typed| words.any(|word| word.starts_with(typed)))
}

/// `flower-2` as `("flower", 2)`.
fn numbered(name: &str) -> Option<(&str, usize)> {
    let (stem, number) = name.rsplit_once('-')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    (!stem.is_empty()).then_some((stem, number))
}

fn not_found(name: &str, scope: Scope) -> crate::Stop {
    let name = text::escape(name);
    match scope {
        Scope::Carried => say(format!("You aren't carrying {name}.")),
        Scope::Around | Scope::Location | Scope::Anywhere => say(format!("Could not find '{name}'.")),
    }
}
