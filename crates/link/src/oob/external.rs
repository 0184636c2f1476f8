//! `External.Discord.*`: what a player's profile in Discord shows of the game. The Portal answers clients that
//! ask; a game may send a status of its own at any time.

use serde::Serialize;

use super::Package;

/// `External.Discord.Info`: where players of the game meet.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ExternalDiscordInfo {
    /// Address of an invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inviteurl: Option<String>,
    /// The game's own application at Discord; without one, the client's is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applicationid: Option<String>,
}

impl Package for ExternalDiscordInfo {
    const NAME: &'static str = "external_discord_info";
}

/// `External.Discord.Status`: what the profile shows now.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ExternalDiscordStatus {
    /// Name of the game.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub game: Option<String>,
    /// What the player does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
    /// Names of small pictures; the first that exists is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub smallimage: Vec<String>,
    /// What the small picture says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smallimagetext: Option<String>,
    /// Names of large pictures; the first that exists is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub largeimage: Vec<String>,
    /// What the large picture says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub largeimagetext: Option<String>,
    /// How many are together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partysize: Option<u32>,
    /// How many could be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partymax: Option<u32>,
    /// Since when, in seconds of the Unix clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starttime: Option<u64>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endtime: Option<u64>,
}

impl Package for ExternalDiscordStatus {
    const NAME: &'static str = "external_discord_status";
}
