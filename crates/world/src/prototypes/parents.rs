//! What a prototype comes to when its parents are put together with it.

use super::Prototype;
use crate::{Result, World, say, text::escape};

/// Most prototypes that may come together in one, each as often as it is met.
const ANCESTORS: usize = 100;

impl World {
    /// A prototype with all that it has from its parents.
    ///
    /// ```
    /// # use meadow_world::{Prototype, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game");
    /// world.prototype(Prototype::new("monster").attr("hp", 10)).prototype(Prototype::new("goblin").parent("monster"));
    /// # let world = world.load(Default::default(), Default::default()).expect("it loads");
    /// let goblin = world.prototype("goblin").expect("it is registered");
    /// assert_eq!(world.flat_prototype(goblin)?.attrs["hp"], 10);
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// Sentences for whoever made it: there is no such parent, or it has itself among its parents.
    pub fn flat_prototype(&self, prototype: &Prototype) -> Result<Prototype> {
        let mut line = Vec::new();
        let mut met = 0;
        self.flatten(prototype, &mut line, &mut met)
    }

    /// `line` is the way from the first one down to this one's child.
    fn flatten(&self, prototype: &Prototype, line: &mut Vec<String>, met: &mut usize) -> Result<Prototype> {
        *met += 1;
        if *met > ANCESTORS {
            return Err(say(format!("That prototype has more than {ANCESTORS} ancestors.")));
        }
        let key = prototype.prototype_key.clone();
        if !key.is_empty() && line.contains(&key) {
            line.push(key);
            let line = line.join(", ");
            return Err(say(format!("That prototype has itself among its parents: {}.", escape(&line))));
        }
        line.push(key);
        let mut made = Prototype::default();
        for parent in &prototype.prototype_parent {
            let known = self.prototype(parent).ok_or_else(|| {
                say(format!("There is no prototype '{}', which is to be a parent.", escape(parent)))
            })?;
            made = self.flatten(known, line, met)?.over(made);
        }
        line.pop();
        let mut flat = prototype.clone().over(made);
        flat.prototype_parent.clear();
        Ok(flat)
    }
}

impl Prototype {
    /// This one, with what it leaves open taken from another. What a prototype says of itself is not inherited.
    pub(super) fn over(self, base: Prototype) -> Prototype {
        let mut tags = base.tags;
        for tag in self.tags {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        let mut attrs = base.attrs;
        attrs.extend(self.attrs);
        Prototype {
            key: self.key.or(base.key),
            typeclass: self.typeclass.or(base.typeclass),
            aliases: self.aliases.or(base.aliases),
            locks: self.locks.or(base.locks),
            permissions: self.permissions.or(base.permissions),
            location: self.location.or(base.location),
            home: self.home.or(base.home),
            destination: self.destination.or(base.destination),
            tags,
            attrs,
            prototype_key: self.prototype_key,
            prototype_desc: self.prototype_desc,
            prototype_parent: self.prototype_parent,
            prototype_tags: self.prototype_tags,
            prototype_locks: self.prototype_locks,
        }
    }
}
