//! What an operator can set of the world's rules. The launcher makes them of the settings.

use std::time::Duration;

/// How many sessions an account may have, and how they share bodies (Evennia's MULTISESSION_MODE).
///
/// ```
/// use meadow_world::MultisessionMode;
/// assert_eq!(MultisessionMode::from_number(2), Some(MultisessionMode::Separate));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MultisessionMode {
    /// 0: one session; a new one takes the place of the one before.
    #[default]
    Single,
    /// 1: several sessions, and all that are in character share one body.
    Shared,
    /// 2: several sessions, each with a body of its own.
    Separate,
    /// 3: several sessions, and several of them may share a body.
    Mixed,
}

impl MultisessionMode {
    /// The mode of this number, as settings have it.
    pub fn from_number(number: u64) -> Option<MultisessionMode> {
        Some(match number {
            0 => MultisessionMode::Single,
            1 => MultisessionMode::Shared,
            2 => MultisessionMode::Separate,
            3 => MultisessionMode::Mixed,
            _ => return None,
        })
    }

    /// Whether several sessions may drive one body.
    pub(crate) fn shares(self) -> bool {
        matches!(self, MultisessionMode::Shared | MultisessionMode::Mixed)
    }
}

/// What an operator can set of the world's rules.
///
/// An operator's settings decide in a game that runs; a test may say otherwise:
///
/// ```
/// use meadow_world::{MultisessionMode, Rules, WorldBuilder};
///
/// let mut world = WorldBuilder::new("A Game");
/// world.rules(Rules { multisession: MultisessionMode::Separate, max_characters: 3, ..Rules::default() });
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Whether strangers may make accounts.
    pub registration: bool,
    /// Failed logins that an address may have within [`Rules::login_span`]; 0 for no limit.
    pub logins_per_address: usize,
    /// See [`Rules::logins_per_address`].
    pub login_span: Duration,
    /// Accounts that an address may make within [`Rules::creation_span`]; 0 for no limit.
    pub creations_per_address: usize,
    /// See [`Rules::creations_per_address`].
    pub creation_span: Duration,
    /// Characters of the shortest password.
    pub min_password_length: usize,
    /// What takes longer than this at a stretch is logged, for everybody waits meanwhile.
    pub command_budget: Duration,
    /// How many sessions an account may have.
    pub multisession: MultisessionMode,
    /// Characters that an account may have (Evennia's MAX_NR_CHARACTERS); 0 for no limit.
    pub max_characters: usize,
    /// Bodies that an account may have at a time, in the modes where it may have several (Evennia's
    /// MAX_NR_SIMULTANEOUS_PUPPETS); 0 for no limit.
    pub max_simultaneous_puppets: usize,
    /// Whether a new account begins with a character of its name.
    pub auto_create_character: bool,
    /// Whether who logs in is in character at once.
    pub auto_puppet: bool,
    /// How long a body stays in its place whose player has lost their link; nothing for not at all.
    pub linkdead: Duration,
    /// How many guests may be here at a time; 0 for none.
    pub guests: usize,
    /// Who says nothing for so long is disconnected; nothing for never.
    pub idle: Duration,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            registration: true,
            logins_per_address: 5,
            login_span: Duration::from_secs(300),
            creations_per_address: 20,
            creation_span: Duration::from_secs(600),
            min_password_length: 8,
            command_budget: Duration::from_millis(50),
            multisession: MultisessionMode::Single,
            max_characters: 1,
            max_simultaneous_puppets: 1,
            auto_create_character: true,
            auto_puppet: true,
            linkdead: Duration::from_secs(60),
            guests: 0,
            idle: Duration::ZERO,
        }
    }
}
