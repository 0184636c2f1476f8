//! What an operator and a game can set about out-of-band data. The Portal's configuration makes it; every
//! connection shares it.

use meadow_link::oob::{ExternalDiscordInfo, ExternalDiscordStatus};

use super::gmcp::Names;

/// What all connections have in common.
#[derive(Debug, Clone, Default)]
pub struct OobSettings {
    /// What a client hears that agreed to both languages.
    pub preference: Preference,
    /// How tuples and GMCP packages are called.
    pub names: Names,
    /// Whether clients may send commands as data.
    pub text_commands: TextCommands,
    /// What clients are told that show the game in Discord. Without it, such questions go to the game.
    pub discord: Option<Box<Discord>>,
}

/// A language for clients that speak several. They never hear a thing twice (in Evennia they do).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// GMCP, if it is agreed.
    #[default]
    Gmcp,
    /// MSDP, if it is agreed.
    Msdp,
    /// Whichever the client used last.
    Recent,
}

/// What is done with a package or variable called `text`, which in Evennia is a line that the player typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextCommands {
    /// It is obeyed, within the limits of typed lines.
    #[default]
    Obeyed,
    /// It is ignored.
    Ignored,
}

/// Answers to the packages of `External.Discord`.
#[derive(Debug, Clone, Default)]
pub struct Discord {
    /// Where players meet.
    pub info: ExternalDiscordInfo,
    /// What a player's profile shows, until the game sends an `external_discord_status` of its own.
    pub status: ExternalDiscordStatus,
}
