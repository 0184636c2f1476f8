//! Destroying objects, with all that goes with one. Commands, hooks and the game's own code call [`World::destroy`].

use crate::{Object, ObjectId, Result, World};

/// How many exits end each other within each other; a longer row of them would take all of the stack.
const EXITS_DEEP: usize = 20;

/// Destroying objects.
impl World {
    /// Destroys an object. What is in it goes to its home, or where new characters begin; exits in it and exits
    /// that lead to it go with it; sessions that puppet it are left without a body.
    ///
    /// ```
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let ice = world.create(NewObject { key: "ice", ..NewObject::default() })?;
    /// world.destroy(ice)?;
    /// assert!(!world.exists(ice));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// What its `at_object_delete` said against it. An exit that refuses to go with it is left behind nowhere,
    /// leading nowhere.
    pub fn destroy(&mut self, id: ObjectId) -> Result {
        let mut later = Vec::new();
        let ended = self.destroy_within(id, 0, &mut later);
        while let Some(exit) = later.pop() {
            if self.exists(exit) {
                self.destroy_exit(exit, 0, &mut later);
            }
        }
        ended
    }

    /// `depth` is how many exits have brought this about, each of which led to the next or was in it; those that are too
    /// deep are left for `later`.
    fn destroy_within(&mut self, id: ObjectId, depth: usize, later: &mut Vec<ObjectId>) -> Result {
        let kind = self[id].typeclass;
        kind.at_object_delete(self, id)?;
        // Hooks are the game's: this one, and those below, may have destroyed this or that already.
        for session in self.object(id).map(|object| object.sessions.clone()).unwrap_or_default() {
            self.unpuppet(session);
        }
        if !self.exists(id) {
            return Ok(());
        }
        // First, so that exits that lead to each other or to themselves end each other once.
        self.set_destination(id, None);
        for inside in self[id].contents.clone() {
            if self.object(inside).is_some_and(Object::is_exit) {
                self.destroy_exit(inside, depth + 1, later);
            } else if self.exists(inside) {
                self.send_home(inside, id);
            }
        }
        for exit in self.object(id).map(|object| object.entrances.clone()).unwrap_or_default() {
            if self.exists(exit) {
                self.destroy_exit(exit, depth + 1, later);
            }
        }
        // Exits that went with it may have sent home to it what was in them.
        for inside in self.object(id).map(|object| object.contents.clone()).unwrap_or_default() {
            if self.exists(inside) {
                self.send_home(inside, id);
            }
        }
        self.end_scripts_of(id.into());
        if self.exists(id) {
            self.forget(id);
        }
        self.forget_scripts_of(id.into());
        self.ticker_clear(id);
        self.forget_monitors(id);
        Ok(())
    }

    fn destroy_exit(&mut self, exit: ObjectId, depth: usize, later: &mut Vec<ObjectId>) {
        if depth > EXITS_DEEP {
            later.push(exit);
        } else {
            let Err(why) = self.destroy_within(exit, depth, later) else { return };
            tracing::warn!("exit {exit} stays behind, leading nowhere: {why}");
        }
        self.set_destination(exit, None);
        self.place(exit, None);
    }

    /// Puts something out of a place that is about to be no more.
    fn send_home(&mut self, inside: ObjectId, lost: ObjectId) {
        let fits = |home: &ObjectId| *home != lost && self.may_contain(*home, inside).is_ok();
        let home = self[inside].home.filter(fits).or_else(|| self.start_location().filter(fits));
        self.place(inside, home);
        if self[inside].sessions.is_empty() {
            return;
        }
        let told = match home {
            Some(home) => format!(
                "Your current location has ceased to exist, moving you to {}.",
                self.display_name(home, inside)
            ),
            None => {
                "Your current location has ceased to exist, and you have no home: you are nowhere.".to_owned()
            }
        };
        self.msg(inside, told);
        let kind = self[inside].typeclass;
        kind.announce_move_to(self, inside, None);
        kind.at_post_move(self, inside, None);
    }

    /// Takes an object out of the table and of all indexes.
    fn forget(&mut self, id: ObjectId) {
        self.place(id, None);
        for tag in std::mem::take(&mut self[id].tags) {
            self.untag(id, &tag);
        }
        self.forget_name(id);
        self.linkdead.forget(id);
        if let Some(account) = self[id].account
            && self.account(account).is_some()
        {
            let account = &mut self[account];
            account.characters.retain(|character| *character != id);
            account.last_puppet = account.last_puppet.filter(|last| *last != id);
        }
        self.forget_subscriber(id.into());
        self.objects[usize::try_from(id.0).expect("it was there")] = None;
        self.changes.deleted_objects.push(id);
    }
}
