//! How scripts come into being, are found, and end.

use meadow_link::RestartMode;

use super::{NewScript, Script, ScriptId, ScriptOwner, ScriptState, ScriptTypeclass};
use crate::{Result, World, bug, logged, setup::WorldBuilder, timing::Timer};

impl WorldBuilder {
    /// Registers a typeclass of scripts.
    ///
    /// # Panics
    /// Another one has its path: a mistake that shows at the first start.
    pub fn script(&mut self, kind: &'static dyn ScriptTypeclass) -> &mut Self {
        let before = self.game.timing.scripts.insert(kind.path(), kind);
        assert!(before.is_none(), "two typeclasses of scripts are called {}", kind.path());
        self
    }

    /// Says that there is always to be a global script of this key (Evennia's GLOBAL_SCRIPTS). It is made and started
    /// when a Server starts and there is none; one of another typeclass is replaced, and one that is there gets what
    /// this says. Whether it is stopped or paused stays as it was.
    ///
    /// # Panics
    /// It has no key, or an owner: a mistake that shows at the first start.
    pub fn global_script(&mut self, new: NewScript<'static>) -> &mut Self {
        assert!(!new.key.is_empty(), "a global script is known by its key");
        assert!(new.owner == ScriptOwner::Global, "the global script {} can't have an owner", new.key);
        self.game.timing.global_scripts.push(new);
        self
    }
}

/// Scripts: finding them, making them, ending them.
impl World {
    /// A script, if there is one of this number.
    pub fn script(&self, id: ScriptId) -> Option<&Script> {
        self.record(id)
    }

    /// As [`World::script`], and it will be stored.
    pub fn script_mut(&mut self, id: ScriptId) -> Option<&mut Script> {
        self.record_mut(id)
    }

    /// All scripts, by number.
    pub fn scripts(&self) -> impl Iterator<Item = (ScriptId, &Script)> {
        self.records()
    }

    /// The scripts of an object or an account, or the global ones, oldest first.
    pub fn scripts_of(&self, owner: impl Into<ScriptOwner>) -> &[ScriptId] {
        self.timing.scripts_of.get(&owner.into()).map_or(&[], Vec::as_slice)
    }

    /// The script of this key that an object or account has, or that is global: the oldest, if there are several.
    pub fn script_named(&self, owner: impl Into<ScriptOwner>, key: &str) -> Option<ScriptId> {
        let ids = self.scripts_of(owner).iter().copied();
        ids.into_iter().find(|id| self.script(*id).is_some_and(|script| &*script.key == key))
    }

    /// Makes a script and starts it.
    ///
    /// # Errors
    /// There is no typeclass of that name, or no owner of that number.
    pub fn start_script(&mut self, new: NewScript<'_>) -> Result<ScriptId> {
        let id = self.create_script(new)?;
        self.restart_script(id);
        Ok(id)
    }

    /// Makes a script that does not run yet.
    ///
    /// # Errors
    /// There is no typeclass of that name, or no owner of that number.
    pub fn create_script(&mut self, new: NewScript<'_>) -> Result<ScriptId> {
        let path = if new.typeclass.is_empty() { "default.Script" } else { new.typeclass };
        let kind = self.game.timing.scripts.get(path).copied();
        let kind = kind.ok_or_else(|| bug(format!("there is no typeclass {path} of scripts")))?;
        let there = match new.owner {
            ScriptOwner::Global => true,
            ScriptOwner::Object(id) => self.exists(id),
            ScriptOwner::Account(id) => self.account(id).is_some(),
        };
        if !there {
            return Err(bug(format!("there is no {:?} for a script {path} to belong to", new.owner)));
        }
        let id = self.add_record(Script {
            key: path.rsplit('.').next().unwrap_or(path).into(),
            typeclass: path.into(),
            owner: new.owner,
            desc: "".into(),
            interval: Default::default(),
            start_delay: false,
            repeats: 0,
            persistent: true,
            created: self.now,
            db: Default::default(),
            state: ScriptState::Stopped,
            done: 0,
            due: None,
            left: None,
        });
        self.timing.scripts_of.entry(new.owner).or_default().push(id);
        kind.at_script_creation(self, id);
        if let Some(script) = self.script_mut(id) {
            script.take_over(&new)?;
        }
        Ok(id)
    }

    /// Gives a script another name.
    pub fn rename_script(&mut self, id: ScriptId, key: &str) {
        if let Some(script) = self.script_mut(id) {
            script.key = key.into();
        }
    }

    /// Stops a script and deletes it. Says whether it is gone: its `at_script_delete` may have kept it.
    pub fn delete_script(&mut self, id: ScriptId) -> bool {
        let Some(kind) = self.script_kind(id) else {
            self.forget_script(id);
            return true;
        };
        let kept = self.guarded("at_script_delete", |world| kind.at_script_delete(world, id));
        if let Some(Err(why)) = kept {
            tracing::info!("the script {} is kept: {why}", self.script_name(id));
            return false;
        }
        self.end_script(id);
        true
    }

    /// What a script does; nothing, if this game does not know its typeclass.
    pub(crate) fn script_kind(&self, id: ScriptId) -> Option<&'static dyn ScriptTypeclass> {
        self.game.timing.scripts.get(&*self.script(id)?.typeclass).copied()
    }

    /// What a script is called in the log.
    pub(crate) fn script_name(&self, id: ScriptId) -> String {
        match self.script(id) {
            Some(script) => format!("{} ({id}, {})", script.key, script.typeclass),
            None => format!("({id})"),
        }
    }

    /// Takes a script out of the world, whatever it says.
    fn end_script(&mut self, id: ScriptId) {
        // A script whose `at_stop` deletes it comes here again, and is stopped by then.
        self.stop_script(id);
        self.forget_script(id);
    }

    fn forget_script(&mut self, id: ScriptId) {
        let Some(script) = self.remove_record::<Script>(id) else { return };
        if let Some(due) = script.due {
            self.timing.remove(due, Timer::Script(id));
        }
        self.timing.script_failures.remove(&id);
        if let Some(ids) = self.timing.scripts_of.get_mut(&script.owner) {
            ids.retain(|known| *known != id);
            if ids.is_empty() {
                self.timing.scripts_of.remove(&script.owner);
            }
        }
    }

    /// The scripts of something that is about to be no more go with it.
    pub(crate) fn end_scripts_of(&mut self, owner: ScriptOwner) {
        for id in self.scripts_of(owner).to_vec() {
            if let Some(kind) = self.script_kind(id) {
                let what = format!("at_script_delete of {}", self.script_name(id));
                let ended = self.guarded(&what, |world| kind.at_script_delete(world, id));
                logged(&what, ended.unwrap_or(Ok(())));
            }
            self.end_script(id);
        }
    }

    /// Something is no more: so are scripts that a hook has given it at its end.
    pub(crate) fn forget_scripts_of(&mut self, owner: ScriptOwner) {
        for id in self.scripts_of(owner).to_vec() {
            self.forget_script(id);
        }
    }

    /// The world was loaded: indexes its scripts, and makes the global ones that are missing. After a cold start,
    /// those that are not to outlive that are no more.
    pub(crate) fn load_scripts(&mut self) {
        let cold = self.timing.reloaded_at.is_none();
        let ids: Vec<ScriptId> = self.scripts().map(|(id, _)| id).collect();
        for id in ids {
            let Some(script) = self.script(id) else { continue };
            let (owner, due, persistent) = (script.owner, script.due, script.persistent);
            let there = match owner {
                ScriptOwner::Global => true,
                ScriptOwner::Object(id) => self.exists(id),
                ScriptOwner::Account(id) => self.account(id).is_some(),
            };
            if !there {
                tracing::warn!("{owner:?} of the script {} is no more: it goes, too", self.script_name(id));
                self.remove_record::<Script>(id);
                continue;
            }
            if cold && !persistent {
                self.remove_record::<Script>(id);
                continue;
            }
            self.timing.scripts_of.entry(owner).or_default().push(id);
            if self.script_kind(id).is_none() {
                tracing::warn!(
                    "the script {} has a typeclass that this game does not have: it is kept, and does not run",
                    self.script_name(id)
                );
            } else if let Some(due) = due {
                self.timing.add(due, Timer::Script(id));
            }
        }
        let game = self.game.clone();
        for new in &game.timing.global_scripts {
            logged("a global script", self.ensure_global(new));
        }
    }

    fn ensure_global(&mut self, new: &NewScript<'static>) -> Result {
        let path = if new.typeclass.is_empty() { "default.Script" } else { new.typeclass };
        if let Some(id) = self.script_named(ScriptOwner::Global, new.key)
            && let Some(script) = self.script(id)
        {
            if &*script.typeclass == path {
                let mut as_said = script.clone();
                as_said.take_over(&NewScript { attributes: &[], ..new.clone() })?;
                if as_said != *script {
                    let other_timer = as_said.interval != script.interval;
                    self.script_mut(id).into_iter().for_each(|script| *script = as_said.clone());
                    if other_timer && as_said.due.is_some() {
                        self.restart_script(id);
                    }
                }
                return Ok(());
            }
            self.end_script(id);
        }
        self.start_script(new.clone()).map(drop)
    }

    /// Tells every script that the Server has loaded the world.
    pub(crate) fn scripts_at_server_start(&mut self) {
        self.each_script("at_server_start", |kind, world, id| kind.at_server_start(world, id));
    }

    /// Tells every script that the Server ends.
    pub(crate) fn scripts_at_server_stop(&mut self, mode: RestartMode) {
        match mode {
            RestartMode::Reload => {
                self.each_script("at_server_reload", |kind, world, id| kind.at_server_reload(world, id));
            }
            RestartMode::Shutdown | RestartMode::Reset | RestartMode::Crash => {
                self.each_script("at_server_shutdown", |kind, world, id| kind.at_server_shutdown(world, id));
            }
        }
    }

    fn each_script(
        &mut self,
        hook: &str,
        call: impl Fn(&'static dyn ScriptTypeclass, &mut World, ScriptId) + Copy,
    ) {
        let ids: Vec<ScriptId> = self.scripts().map(|(id, _)| id).collect();
        for id in ids {
            if let Some(kind) = self.script_kind(id) {
                self.guarded(hook, |world| call(kind, world, id));
            }
        }
    }
}

impl Script {
    /// Takes over what somebody has said of it.
    fn take_over(&mut self, new: &NewScript<'_>) -> Result {
        if !new.key.is_empty() {
            self.key = new.key.into();
        }
        if !new.desc.is_empty() {
            self.desc = new.desc.into();
        }
        self.interval = new.interval.unwrap_or(self.interval);
        self.start_delay = new.start_delay.unwrap_or(self.start_delay);
        self.repeats = new.repeats.unwrap_or(self.repeats);
        self.persistent = new.persistent.unwrap_or(self.persistent);
        for (name, value) in new.attributes {
            self.db.set(name, value)?;
        }
        Ok(())
    }
}
