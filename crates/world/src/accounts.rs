//! Making accounts and characters: names, passwords, the throttle of new accounts, superusers.

use std::time::Duration;

use meadow_link::{Kwargs, ToPortal};
use serde_json::{Value, json};

use crate::{
    Account, AccountId, Attributes, Event, Job, JobResult, NewObject, ObjectId, Result, Secret,
    ServerSession, World, bug, common_passwords, locks::Accessor, say, text, throttle::origin,
    web_logins::WebLoginEnd,
};

/// How often an address is told that a name is taken which it wants for an account, within a span of time.
pub(crate) const TAKEN_NAMES: usize = 20;
pub(crate) const TAKEN_NAMES_SPAN: Duration = Duration::from_secs(10 * 60);
/// How long the shortest and the longest name of an account is, in characters (as in Evennia).
const NAME_LENGTH: std::ops::RangeInclusive<usize> = 3..=30;
/// Names that mean something else where a name is expected.
const RESERVED: [&str; 8] = ["self", "here", "all", "everyone", "nobody", "guest", "admin", "system"];

/// Accounts and characters: their names, making them, ending them.
impl World {
    /// Whether a name can be that of a new account.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn check_new_name(&self, name: &str) -> Result {
        check_form(name)?;
        if let Some(told) = self.name_ban(name) {
            return Err(say(told));
        }
        let taken = self.account_named(name).is_some()
            || self.objects_named(name).iter().any(|id| self.is_character(*id));
        if taken {
            return Err(say(format!("The name {name} is taken. Please choose another.")));
        }
        Ok(())
    }

    /// Whether an account can have a new character of this name: as [`World::check_new_name`], and it may be the
    /// account's own.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn check_character_name(&self, account: AccountId, name: &str) -> Result {
        check_form(name)?;
        let taken = self.account_named(name).is_some_and(|other| other != account)
            || self.objects_named(name).iter().any(|id| self.is_character(*id));
        if taken { Err(say(format!("The name {name} is taken. Please choose another."))) } else { Ok(()) }
    }

    /// Whether an account may have one more character.
    ///
    /// # Errors
    /// A sentence that says how many it may have.
    pub fn check_character_count(&self, account: AccountId) -> Result {
        let most = self.game.rules.max_characters;
        let has = self[account].characters.len();
        let accessing = Accessor { account: Some(account), object: None };
        if most == 0 || has < most || self.passes("cmd:pperm(Developer)", accessing, "cmd", None, false) {
            return Ok(());
        }
        let noun = if most == 1 { "character" } else { "characters" };
        Err(say(format!("You can't have more than {most} {noun}.")))
    }

    /// Whether a password is good enough.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// assert!(world.check_password("Anna", "a garden wall").is_ok());
    /// assert_eq!(
    ///     world.check_password("Anna", "rose").unwrap_err().to_string(),
    ///     "That password is too short: it needs at least 8 characters.",
    /// );
    /// ```
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn check_password(&self, name: &str, password: &str) -> Result {
        let least = self.game.rules.min_password_length;
        if password.chars().count() < least {
            return Err(say(format!("That password is too short: it needs at least {least} characters.")));
        }
        if password.chars().count() > 128 {
            return Err(say("That password is too long: 128 characters are the most."));
        }
        if password.to_lowercase() == name.to_lowercase() {
            return Err(say("The password can't be the name itself."));
        }
        if common_passwords::is_common(password) {
            return Err(say("That password is one of the first that others try. Please choose another."));
        }
        if password.chars().all(|c| c.is_ascii_digit()) {
            return Err(say("A password can't be made of digits only."));
        }
        Ok(())
    }

    /// Makes an account, and its first character if the rules want that.
    ///
    /// ```
    /// # use meadow_link::SessionId;
    /// # use meadow_world::{Job, JobResult, Result, Secret, Stop, World, logged};
    /// /// What `create` does: the password is hashed elsewhere, and only then there is an account.
    /// fn create(world: &mut World, session: SessionId, name: String, password: Secret) -> Result {
    ///     world.check_new_name(&name)?;
    ///     world.job_of(session, Job::HashPassword { password }, move |world, result| {
    ///         let JobResult::Hashed(hash) = result else { return };
    ///         // The name may have been taken meanwhile.
    ///         match world.create_account(&name, &hash) {
    ///             Ok(account) => world.login(session, account),
    ///             Err(Stop::Say(why)) => world.msg(session, why),
    ///             Err(bug) => drop(logged::<(), _>("an account is made", Err(bug))),
    ///         }
    ///     });
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// The name can't be had (told to the player), or the character's typeclass is unknown (a bug).
    pub fn create_account(&mut self, name: &str, password_hash: &str) -> Result<AccountId> {
        self.check_new_name(name)?;
        self.create_account_unchecked(name, password_hash)
    }

    /// As [`World::create_account`], whatever the name: for test accounts and superusers.
    ///
    /// # Errors
    /// There is an account of that name (told to the player), or the character's typeclass is unknown (a bug).
    pub fn create_account_unchecked(&mut self, name: &str, password_hash: &str) -> Result<AccountId> {
        if self.account_named(name).is_some() {
            return Err(say(format!("There is an account {name} already.")));
        }
        let id = self.insert_account(name, password_hash, "Player");
        if self.game.rules.auto_create_character {
            self.create_character(id, name)?;
        }
        self.emit(Event::AccountCreate { account: id });
        let kind = self.account_class(id);
        kind.at_account_creation(self, id);
        Ok(id)
    }

    /// Keeps an account of a name that is free, without any character.
    pub(crate) fn insert_account(&mut self, name: &str, password_hash: &str, permission: &str) -> AccountId {
        let id = self.next_account_id();
        let account = Account {
            id,
            name: name.into(),
            password: password_hash.into(),
            is_superuser: false,
            permissions: vec![permission.into()],
            characters: Vec::new(),
            last_puppet: None,
            created: self.now,
            last_login: None,
            db: Attributes::default(),
            sessions: Vec::new(),
            unread: None,
            dirty: true,
        };
        self.changes.accounts.push(id);
        self.account_names.insert(name.to_lowercase().into(), id);
        self.accounts.insert(id, account);
        self.join_default_channels(id);
        id
    }

    /// Destroys an account with all its characters; its sessions are disconnected. What the game kept for it goes with
    /// it: pages, scripts, subscriptions and bans of channels. A ban of its name stays: the name is free again, and a
    /// ban is what keeps others from coming back under it.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let anna = world.create_account_unchecked("Anna", "a PHC string")?;
    /// world.delete_account(anna)?;
    /// assert!(world.account(anna).is_none());
    /// assert!(world.objects_named("Anna").is_empty());
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// A character's `at_object_delete` said something against it; nothing is destroyed then but the characters that
    /// came before it.
    pub fn delete_account(&mut self, id: AccountId) -> Result {
        for session in self.account(id).map(|account| account.sessions.clone()).unwrap_or_default() {
            self.disconnect(session, "Your account has been deleted. Disconnecting.");
        }
        for body in self.account(id).map(|account| account.characters.clone()).unwrap_or_default() {
            if self.exists(body) {
                self.destroy(body)?;
            }
        }
        self.end_scripts_of(id.into());
        if let Some(account) = self.accounts.remove(&id) {
            self.account_names.remove(account.name.to_lowercase().as_str());
            self.guests.remove(&id);
            self.changes.deleted_accounts.push(id);
        }
        self.forget_scripts_of(id.into());
        self.forget_subscriber(id.into());
        self.forget_pages(id);
        self.revoke_web_logins(id, None, WebLoginEnd::Ended);
        Ok(())
    }

    /// Gives an account another name, by which it logs in from then on.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let anna = world.create_account_unchecked("Anna", "a PHC string")?;
    /// world.rename_account(anna, "Annabel")?;
    /// assert_eq!(world.account_named("annabel"), Some(anna));
    /// assert_eq!(world.objects_named("Anna").len(), 1, "her character keeps its name");
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// The name can't be had (told to the player).
    pub fn rename_account(&mut self, id: AccountId, name: &str) -> Result {
        let before = self[id].name.to_lowercase();
        let characters = &self[id].characters;
        // Its own characters may bear the name that it is to have.
        let own = self.objects_named(name).iter().any(|named| characters.contains(named));
        if before != name.to_lowercase() && !(own && self.account_named(name).is_none()) {
            self.check_new_name(name)?;
        }
        self.account_names.remove(before.as_str());
        self.account_names.insert(name.to_lowercase().into(), id);
        let before: String = std::mem::replace(&mut self[id].name, name.into()).into();
        for session in self[id].sessions.clone() {
            self.sync_session(session);
        }
        if before != name {
            self.emit(Event::AccountRename { account: id, before });
        }
        Ok(())
    }

    /// Makes a character of an account, stowed away until it is puppeted.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let account = world.create_account_unchecked("Anna", "a PHC string")?;
    /// let body = world.objects_named("Anna")[0];
    /// assert!(world.is_character(body));
    /// assert_eq!(world[body].account, Some(account));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// The character's typeclass is unknown.
    pub fn create_character(&mut self, account: AccountId, name: &str) -> Result<ObjectId> {
        let typeclass = self.game.character_typeclass;
        let home = self.start_location();
        let body = self.create(NewObject {
            key: name,
            typeclass,
            home,
            desc: "This is a character.",
            account: Some(account),
            ..NewObject::default()
        })?;
        self[account].characters.push(body);
        Ok(body)
    }

    fn next_account_id(&mut self) -> AccountId {
        let stored = self.config("next_account").and_then(|next| next.parse().ok()).unwrap_or(1u64);
        // A counter that is lost or behind must not lead to somebody else's number.
        let next = self.accounts.last_key_value().map_or(stored, |(last, _)| stored.max(last.0 + 1));
        self.set_config("next_account", (next + 1).to_string());
        AccountId(next)
    }

    /// Whether an address may make another account now; counts it.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn may_create_account(&mut self, address: &str) -> Result {
        self.may_want_account(address)?;
        self.count_creation(address)
    }

    /// Whether an address may say what account it wants to make: before it is told anything of names.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub(crate) fn may_want_account(&mut self, address: &str) -> Result {
        if !self.game.rules.registration {
            return Err(say("New accounts can't be made here: ask the staff of this game."));
        }
        self.may_still_create(address)?;
        let wait = self.taken_names.wait(&origin(address), self.now);
        wait.map_or(Ok(()), |wait| {
            let wait = text::span(wait.max(Duration::from_secs(1)));
            Err(say(format!("You have asked for too many names that are taken. Please try again in {wait}.")))
        })
    }

    /// As [`World::check_new_name`], for somebody at this address. How often one is told that a name is taken is counted:
    /// nobody is to find out by it who plays here.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub(crate) fn check_wanted_name(&mut self, address: &str, name: &str) -> Result {
        check_form(name)?;
        self.check_new_name(name).inspect_err(|_| self.taken_names.count(&origin(address), self.now))
    }

    /// Whether an address may make one more account or guest; counts it.
    ///
    /// # Errors
    /// It is banned, or has made too many.
    pub(crate) fn count_creation(&mut self, address: &str) -> Result {
        self.may_still_create(address)?;
        self.creations.count(&origin(address), self.now);
        Ok(())
    }

    fn may_still_create(&mut self, address: &str) -> Result {
        if let Some(told) = self.address_ban(address) {
            return Err(say(told));
        }
        let (now, address) = (self.now, &*origin(address));
        if let Some(wait) = self.creations.wait(address, now) {
            return Err(say(format!(
                "Too many accounts were made from your address. Please try again in {}.",
                text::span(wait.max(Duration::from_secs(1)))
            )));
        }
        Ok(())
    }

    /// The launcher asks something.
    pub(crate) fn control(&mut self, id: u64, request: Kwargs) {
        let field = |name: &str| request.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        match field("op").as_str() {
            "superuser" => self.control_superuser(id, field("name"), field("password")),
            "status" => {
                let status = json!({
                    "objects": self.objects().count(),
                    "accounts": self.accounts.len(),
                    "sessions": self.sessions.len(),
                });
                self.reply(id, Ok(status));
            }
            "reload_failed" => self.reload_failed(&field("error")),
            other => self.reply(id, Err(format!("the Server does not know the request {other:?}"))),
        }
    }

    /// The Server that was to follow this one did not start, so this one goes on: whoever may ask for a reload
    /// is told why.
    fn reload_failed(&mut self, error: &str) {
        let told = format!("|rThe reload failed; the game goes on as it was.|n {}", text::escape(error));
        for id in self.sessions().iter().map(ServerSession::id).collect::<Vec<_>>() {
            let account = self.session(id).and_then(ServerSession::account);
            let accessing = Accessor { account, object: None };
            if self.passes("cmd:perm(Developer)", accessing, "cmd", None, false) {
                self.msg(id, told.clone());
            }
        }
    }

    fn control_superuser(&mut self, id: u64, name: String, password: String) {
        if let Err(stop) = self.check_superuser(&name, &password) {
            return self.reply(id, Err(stop.to_string()));
        }
        self.job(Job::HashPassword { password: Secret(password) }, move |world, result| {
            let made = match result {
                JobResult::Hashed(hash) => world.make_superuser(&name, &hash),
                other => Err(bug(format!("the password could not be hashed: {other:?}"))),
            };
            let made = made.map(|made| json!({ "created": made })).map_err(|stop| stop.to_string());
            world.reply(id, made);
        });
    }

    /// Whether a superuser of this name and password can be made.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub fn check_superuser(&self, name: &str, password: &str) -> Result {
        if self.account_named(name).is_none() {
            self.check_new_name(name)?;
        }
        self.check_password(name, password)
    }

    /// Makes a superuser, or makes one of the account that has the name (which gets the password). Says whether
    /// the account is new.
    ///
    /// # Errors
    /// The name can't be had.
    pub fn make_superuser(&mut self, name: &str, password_hash: &str) -> Result<bool> {
        let (account, new) = match self.account_named(name) {
            Some(account) => (account, false),
            None => (self.create_account(name, password_hash)?, true),
        };
        self[account].password = password_hash.into();
        self.revoke_web_logins(account, None, WebLoginEnd::Password);
        self[account].is_superuser = true;
        self.join_mudinfo(account);
        Ok(new)
    }

    fn reply(&mut self, id: u64, answer: std::result::Result<Value, String>) {
        let mut reply = Kwargs::new();
        reply.insert("ok".into(), answer.is_ok().into());
        match answer {
            Ok(Value::Object(fields)) => reply.extend(fields),
            Ok(value) => drop(reply.insert("value".into(), value)),
            Err(error) => drop(reply.insert("error".into(), error.into())),
        }
        self.out.push(ToPortal::ControlReply { id, reply });
    }
}

/// Whether a name is made as names are.
fn check_form(name: &str) -> Result {
    if !NAME_LENGTH.contains(&name.chars().count()) {
        return Err(say(format!("A name has {} to {} characters.", NAME_LENGTH.start(), NAME_LENGTH.end())));
    }
    let letters = |c: char| c.is_ascii_alphanumeric() || " -_'.".contains(c);
    if !name.chars().all(letters) || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(say(
            "A name begins with a letter, and is made of letters, digits, spaces and - _ ' . only.",
        ));
    }
    if RESERVED.contains(&name.to_lowercase().as_str()) {
        return Err(say(format!("The name {name} is reserved. Please choose another.")));
    }
    Ok(())
}
