//! Help entries: topics that are no commands. The game registers some, staff writes others (`sethelp`); the command `help`
//! shows them all, with the commands.
//!
//! # Adding one
//!
//! One `world.help_entry(HelpTopic { key: "brook", text: "It is cold.", .. })` line in the game's setup.

use meadow_link::Time;
use serde::{Deserialize, Serialize};

use crate::{Record, Result, World, locks::Accessor, say};

/// Entries that staff can write.
pub(crate) const ENTRIES: usize = 2000;
/// Characters of the longest topic, alias and category.
pub(crate) const TOPIC_LENGTH: usize = 60;
/// Aliases of an entry.
pub(crate) const TOPIC_ALIASES: usize = 20;
/// Characters of the longest text.
pub(crate) const TEXT_LENGTH: usize = 20_000;

/// A topic of the game's own (Evennia's file-based help).
///
/// A line `# subtopics` ends the text proper; what follows is cut at lines such as `## fish`, and is read with `help
/// brook/fish`. `### trout` below it is `help brook/fish/trout`.
///
/// ```
/// use meadow_world::{HelpTopic, WorldBuilder};
///
/// let mut world = WorldBuilder::new("A Game");
/// world.help_entry(HelpTopic {
///     key: "brook",
///     aliases: &["water"],
///     category: "Places",
///     text: "It is cold.\n\n# subtopics\n\n## fish\n\nThere are some.",
///     ..HelpTopic::default()
/// });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct HelpTopic {
    /// What is asked for.
    pub key: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// Under which heading it is listed.
    pub category: &'static str,
    /// Who may see it listed (`view`) and read it (`read`); all, where this says nothing.
    pub locks: &'static str,
    /// What is shown: markup.
    pub text: &'static str,
}

impl Default for HelpTopic {
    fn default() -> HelpTopic {
        HelpTopic { key: "", aliases: &[], category: "General", locks: "", text: "" }
    }
}

/// Number of a help entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HelpEntryId(pub u64);

impl From<u64> for HelpEntryId {
    fn from(id: u64) -> HelpEntryId {
        HelpEntryId(id)
    }
}

impl From<HelpEntryId> for u64 {
    fn from(id: HelpEntryId) -> u64 {
        id.0
    }
}

/// A topic that staff has written. Its text is of the same form as that of a [`HelpTopic`].
///
/// ```
/// # use meadow_world::{HelpEntry, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let entry = HelpEntry {
///     key: "brook".into(),
///     aliases: vec!["water".into()],
///     category: "Places".into(),
///     locks: "read:perm(Helper)".into(),
///     text: "It is cold.".into(),
///     created: world.now(),
/// };
/// let id = world.create_help_entry(entry)?;
/// assert_eq!(world.help_entry_named("Water"), Some(id));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HelpEntry {
    /// What is asked for.
    pub key: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Under which heading it is listed.
    pub category: String,
    /// Who may see it listed (`view`) and read it (`read`).
    #[serde(default)]
    pub locks: String,
    /// What is shown: markup.
    pub text: String,
    /// When it was written.
    pub created: Time,
}

impl Record for HelpEntry {
    type Id = HelpEntryId;
    const KIND: &'static str = "help";

    fn key(&self) -> &str {
        &self.key
    }
}

impl HelpEntry {
    /// Whether it is what somebody asks for, whatever the case.
    pub fn answers_to(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.key.to_lowercase() == name || self.aliases.iter().any(|alias| alias.to_lowercase() == name)
    }
}

/// What staff has written for `help`.
impl World {
    /// The entry that staff has written on a topic.
    pub fn help_entry_named(&self, name: &str) -> Option<HelpEntryId> {
        self.records::<HelpEntry>().find(|(_, entry)| entry.answers_to(name)).map(|(id, _)| id)
    }

    /// Adds a topic.
    ///
    /// # Errors
    /// There is one of that name, or there are too many; told to the player.
    pub fn create_help_entry(&mut self, entry: HelpEntry) -> Result<HelpEntryId> {
        if self.help_entry_named(&entry.key).is_some() {
            return Err(say("There is a help entry on that already."));
        }
        if self.records::<HelpEntry>().count() >= ENTRIES {
            return Err(say(format!("There are {ENTRIES} help entries, and no room for more.")));
        }
        Ok(self.add_record(entry))
    }

    /// Whether somebody may see a topic listed.
    pub(crate) fn may_view_help(&self, locks: &str, who: Accessor) -> bool {
        locks.is_empty() || self.passes(locks, who, "view", None, true)
    }

    /// Whether somebody may read a topic: by `read`, and where the locks do not speak of that, by `view`.
    pub(crate) fn may_read_help(&self, locks: &str, who: Accessor) -> bool {
        locks.is_empty() || self.passes(locks, who, "read", None, self.may_view_help(locks, who))
    }
}
