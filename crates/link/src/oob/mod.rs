//! Out-of-band data with a meaning that clients know: characters, rooms, channels, sounds. A game makes one
//! of these and gives it to `msg()`; each client hears it in its own language.
//!
//! ```
//! use meadow_link::{CommandTuple, oob::{CommChannelText, char_vitals}};
//!
//! let heard: CommandTuple = CommChannelText { channel: "newbie".into(), talker: "Bob".into(), text: "Hi.".into() }.into();
//! assert_eq!(heard.name, "comm_channel_text");
//! let vitals = char_vitals(&serde_json::json!({ "hp": 11, "mp": 20 }));
//! assert_eq!(vitals.kwargs["hp"], 11);
//! ```
//!
//! The packages are those of Iron Realms' GMCP, of mudstandards.org and of Mudlet; the name of each stands with
//! it. Those whose fields every game chooses for itself are functions, the others are types.
//!
//! # Adding one
//!
//! A package of a game's own needs nothing of this: `tuple("mygame_weather").kwargs(&weather)` is
//! `MyGame.Weather` in a game that has that alias. With a type that implements [`Package`] it can be given to
//! `msg()` as it is.

mod character;
pub use character::{
    Affliction, CharAfflictionsAdd, CharDefencesAdd, CharItemsAdd, CharItemsList, CharItemsRemove,
    CharItemsUpdate, CharLoginDefault, CharLoginResult, CharName, CharSkillsInfo, CharSkillsList, Defence,
    Item, PASSWORD_CREDENTIALS, SkillGroup, char_afflictions_list, char_afflictions_remove, char_base,
    char_defences_list, char_defences_remove, char_max_stats, char_skills_groups, char_stats, char_status,
    char_status_vars, char_vitals, char_worth,
};

mod client;
pub use client::{
    ClientGui, ClientMap, ClientMediaDefault, ClientMediaLoad, ClientMediaPlay, ClientMediaStop, MediaType,
};

mod comm;
pub use comm::{Channel, ChannelPlayer, CommChannelText, comm_channel_list, comm_channel_players};

mod external;
pub use external::{ExternalDiscordInfo, ExternalDiscordStatus};

mod msdp;
pub use msdp::{MSDP, MSDP_COMMANDS, MSDP_CONFIGURABLE, msdp};

mod room;
pub use room::{Player, RoomInfo, room_add_player, room_players, room_remove_player, room_wrong_dir};

use serde::Serialize;
use serde_json::Value;

use crate::{CommandTuple, tuple};

/// A type whose fields are the keywords of one kind of tuple.
pub trait Package: Serialize {
    /// Name of the tuple: that of the GMCP package in small letters, with `_` for `.`.
    const NAME: &'static str;
}

impl<T: Package> From<T> for CommandTuple {
    fn from(package: T) -> CommandTuple {
        tuple(T::NAME).kwargs(&package)
    }
}

/// A tuple of one argument that is a list: an array for every client, even with one item or none.
fn list(name: &str, items: &[impl Serialize]) -> CommandTuple {
    let items = items.iter().filter_map(|item| serde_json::to_value(item).ok());
    tuple(name).arg(Value::Array(items.collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_keywords_and_leave_out_what_is_not_said() {
        let info = RoomInfo { num: 7.into(), name: "Meadow".into(), ..RoomInfo::default() };
        let made = CommandTuple::from(info);
        assert_eq!(made.name, "room_info");
        assert_eq!(Value::Object(made.kwargs), json!({"num": 7, "name": "Meadow", "exits": {}}));
    }

    #[test]
    fn lists_are_one_argument() {
        let bob = Player { name: "Bob".into(), fullname: "Bob the Bold".into() };
        assert_eq!(room_players(&[bob]).args, [json!([{"name": "Bob", "fullname": "Bob the Bold"}])]);
        assert_eq!(room_players(&[]).args, [json!([])]);
    }

    #[test]
    fn a_game_has_packages_of_its_own() {
        #[derive(Serialize)]
        struct Weather {
            rain: u8,
        }
        impl Package for Weather {
            const NAME: &'static str = "mygame_weather";
        }
        assert_eq!(CommandTuple::from(Weather { rain: 3 }), tuple("mygame_weather").kw("rain", 3));
    }
}
