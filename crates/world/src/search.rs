//! Finding objects by the names that players type.

use crate::{ObjectId, Result, World, say, text};

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What the seeker carries, then what is where it is, then the place itself.
    Around,
    /// What is where the seeker is.
    Location,
    /// What the seeker carries.
    Carried,
}

impl World {
    /// The object that a player means by a name, as Evennia's `search` finds it: `me` and `here`; `#12` for
    /// those who build; else key or alias; else the beginning of a word of the key. `flower-2` is the second
    /// of several.
    ///
    /// # Errors
    /// Sentences for the player: none was found, or several were.
    pub fn search(&self, seeker: ObjectId, name: &str, scope: Scope) -> Result<ObjectId> {
        let name = name.trim();
        match name.to_lowercase().as_str() {
            "me" | "self" if scope == Scope::Around => return Ok(seeker),
            "here" if scope == Scope::Around => {
                return self[seeker].location().ok_or_else(|| say("You are nowhere."));
            }
            _ => {}
        }
        if let Some(id) = self.by_number(seeker, name) {
            return Ok(id);
        }
        let candidates = self.candidates(seeker, scope);
        let found = self.matching(&candidates, name);
        match (found.as_slice(), numbered(name)) {
            ([one], _) => Ok(*one),
            ([], None) => Err(not_found(name, scope)),
            ([], Some((stem, nth))) => {
                self.matching(&candidates, stem).get(nth - 1).copied().ok_or_else(|| not_found(name, scope))
            }
            // Several that look the same are as good as each other: any will do.
            (several, _) if several.iter().all(|id| self[*id].key() == self[several[0]].key()) => {
                Ok(several[0])
            }
            (several, _) => Err(say(self.several(seeker, name, several))),
        }
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
        if let (Some(room), true) = (location, scope != Scope::Carried) {
            ids.extend_from_slice(self[room].contents());
            if scope == Scope::Around {
                ids.push(room);
            }
        }
        ids.retain(|id| self.access(*id, seeker, "view", true) && self.access(*id, seeker, "search", true));
        ids
    }

    fn matching(&self, candidates: &[ObjectId], name: &str) -> Vec<ObjectId> {
        let bare = text::without_article(name);
        let exact: Vec<ObjectId> = candidates
            .iter()
            .copied()
            .filter(|id| self[*id].answers_to(name) || self[*id].answers_to(bare))
            .collect();
        if !exact.is_empty() || bare.is_empty() {
            return exact;
        }
        let bare = bare.to_lowercase();
        let begins = |id: &ObjectId| {
            let key = self[*id].key().to_lowercase();
            key.starts_with(&bare) || key.split_whitespace().any(|word| word.starts_with(&bare))
        };
        candidates.iter().copied().filter(begins).collect()
    }

    fn several(&self, seeker: ObjectId, name: &str, several: &[ObjectId]) -> String {
        let mut told = format!("More than one match for '{}' (please narrow target):", text::escape(name));
        for (at, id) in several.iter().enumerate() {
            let shown = self.display_name(*id, seeker);
            told.push_str(&format!("\n {}-{} ({shown})", text::escape(name), at + 1));
        }
        told
    }
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
        Scope::Around | Scope::Location => say(format!("Could not find '{name}'.")),
    }
}
