//! `Room.*`: what mappers need. The game sends them to the sessions of who is in the room.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{Package, list};
use crate::{CommandTuple, tuple};

/// `Room.Info`: where the character is.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RoomInfo {
    /// Its number, or another key that no other room has.
    pub num: Value,
    /// Its name.
    pub name: String,
    /// The part of the world that it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// What kind of place it is: `Forest`, `Road` ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Where it lies: a text "area,x,y,z", or an object of the game's choice.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub coords: Value,
    /// Where a map is, and a place on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<String>,
    /// What is special: `shop`, `bank` ...
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// The ways out, and the `num` of where each leads.
    pub exits: BTreeMap<String, Value>,
}

impl Package for RoomInfo {
    const NAME: &'static str = "room_info";
}

/// `Room.WrongDir`: there is no way in this direction.
pub fn room_wrong_dir(direction: &str) -> CommandTuple {
    tuple("room_wrongdir").arg(direction)
}

/// Somebody in the room.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Player {
    /// The name.
    pub name: String,
    /// The name with titles.
    pub fullname: String,
}

/// `Room.Players`: who is there.
pub fn room_players(players: &[Player]) -> CommandTuple {
    list("room_players", players)
}

/// `Room.AddPlayer`: somebody came.
pub fn room_add_player(player: &Player) -> CommandTuple {
    tuple("room_addplayer").kwargs(player)
}

/// `Room.RemovePlayer`: somebody of this name left.
pub fn room_remove_player(name: &str) -> CommandTuple {
    tuple("room_removeplayer").arg(name)
}
