//! `Client.*`: what a client is to do: install a package, load a map, play a sound (Mudlet).

use serde::Serialize;

use super::Package;

/// `Client.GUI`: a package of the client's, to be installed from this address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClientGui {
    /// Its version; the client fetches it again when this changes.
    pub version: String,
    /// Where it is.
    pub url: String,
}

impl Package for ClientGui {
    const NAME: &'static str = "client_gui";
}

/// `Client.Map`: where a map of the world can be fetched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClientMap {
    /// Where it is.
    pub url: String,
}

impl Package for ClientMap {
    const NAME: &'static str = "client_map";
}

/// `Client.Media.Default`: where media are found whose messages name no place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClientMediaDefault {
    /// A folder, with its last slash.
    pub url: String,
}

impl Package for ClientMediaDefault {
    const NAME: &'static str = "client_media_default";
}

/// `Client.Media.Load`: a file that will be played soon.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ClientMediaLoad {
    /// Name of the file.
    pub name: String,
    /// The folder that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Package for ClientMediaLoad {
    const NAME: &'static str = "client_media_load";
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaType {
    /// A short one; several may sound at once.
    Sound,
    /// A long one; one at a time.
    Music,
    /// One to be seen.
    Video,
}

/// `Client.Media.Play`: a file to be played. What is `None` is as the client has it by default.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ClientMediaPlay {
    /// Name of the file; with `*` or `?`, one of those that match.
    pub name: String,
    /// The folder that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is; a sound by default.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// A kind of files, to be stopped together: `combat`, `weather` ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// How loud, from 1 to 100; 50 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<u8>,
    /// How long it grows louder, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fadein: Option<u32>,
    /// How long it grows quieter at its end, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fadeout: Option<u32>,
    /// Where in the file to begin, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    /// Where in the file to end, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish: Option<u32>,
    /// How often; 1 by default, -1 for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loops: Option<i32>,
    /// From 1 to 100: what is playing with a lower one is stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// Whether music that plays already goes on (by default) or starts again.
    #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
    pub continues: Option<bool>,
    /// A name for what is played: another file of the same key takes its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What is heard, for those who cannot hear it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

impl Package for ClientMediaPlay {
    const NAME: &'static str = "client_media_play";
}

/// `Client.Media.Stop`: what is to be silent: everything that each given field fits; without any, all.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ClientMediaStop {
    /// Name of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// Its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// This priority and lower ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether it grows quieter first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fadeaway: Option<bool>,
    /// How long it does, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fadeout: Option<u32>,
}

impl Package for ClientMediaStop {
    const NAME: &'static str = "client_media_stop";
}
