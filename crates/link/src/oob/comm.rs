//! `Comm.Channel.*`: channels, for clients that show them in windows of their own.

use serde::Serialize;

use super::{Package, list};
use crate::CommandTuple;

/// `Comm.Channel.Text`: somebody said something. It is sent beside the text, not instead of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CommChannelText {
    /// Name of the channel.
    pub channel: String,
    /// Who said it.
    pub talker: String,
    /// What the player reads, markup already stripped.
    pub text: String,
}

impl Package for CommChannelText {
    const NAME: &'static str = "comm_channel_text";
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// What it is called for people.
    pub caption: String,
    /// The command that talks on it.
    pub command: String,
}

/// `Comm.Channel.List`: the channels that the player has.
pub fn comm_channel_list(channels: &[Channel]) -> CommandTuple {
    list("comm_channel_list", channels)
}

/// Somebody who hears channels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelPlayer {
    /// The name.
    pub name: String,
    /// The channels that both hear.
    pub channels: Vec<String>,
}

/// `Comm.Channel.Players`: who else hears the player's channels.
pub fn comm_channel_players(players: &[ChannelPlayer]) -> CommandTuple {
    list("comm_channel_players", players)
}
